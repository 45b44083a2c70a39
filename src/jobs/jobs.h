/* jobs — online employment: from an employer's advertisement to a person at work.
 *
 *     employer ──advertise──> check ──> refused, with what to do
 *                               ├─────> open ──────────────┐
 *                               └─────> review ──clerk──> open, or returned
 *
 * What it is for: the county's free place for work (就业促进法, articles 35 and 36): employers
 * advertise posts, people look for them, both come together, and what came of it is on record.
 *
 * What it promises
 *   - Whether an advertisement may stand is said before it is sent, with the place in the text, the
 *     rule of law and what to do about it.  What the law leaves no room for is refused; what it may
 *     leave room for, a clerk of the office that answers for the clause looks at, and the employer is
 *     told so.  Words and rules are data of the package: markets/discrimination.csv, markets/spam.csv,
 *     markets/advertisement-rules.csv.
 *   - An open advertisement is a post (岗位) on record in the registry, so that the clauses' decisions
 *     see it; closing it fills or closes that post.
 *   - Each write is one work with its entry in the log; with the same key it is done once.
 *
 * What it refuses: markup, contact data and ID numbers in texts (people apply here), texts of more
 * than JOBS_TEXT_MAX characters, pay below the minimum wage.
 *
 * How a call goes
 *
 *     g_autoptr (Jobs) jobs = jobs_open (&options, &error);
 *     jobs_check (jobs, arena, &advertisement, &findings, &n, &error);    // as the form is filled in
 *     gint64 id = jobs_advertise (jobs, employer, &advertisement, key, &error);
 *     jobs_review (jobs, clerk, id, true, NULL, &error);                  // where it was held
 *     jobs_close (jobs, employer, id, JOBS_FILLED, NULL, &error);
 */
#pragma once

#include "access/access.h"
#include "agents/agents.h"
#include "base/base.h"
#include "policy/policy.h"
#include "registry/registry.h"

/* Everything pointed to must outlive it. */
typedef struct {
  const PolicyPackage *package;
  Registry *registry;
  Access *access;
  Agents *agents;
  gint64 (*clock) (gpointer data); /* UTC seconds; NULL: the machine's */
  gpointer clock_data;
} JobsOptions;

typedef struct Jobs Jobs;
/* Brings the tables up to date and reads the rules.  NULL with FAULT_NOT_FOUND (no clause of the package
 * has the provisions "vacancy" and "seeker": it has no online employment), FAULT_INPUT (a rule file: file,
 * row and what is wrong), FAULT_SYSTEM. */
Jobs *jobs_open (const JobsOptions *options, GError **error);
void jobs_free (Jobs *jobs);

/* Whether WHO advertises for EMPLOYER, an organisation: its representative, or whom it let act for it in
 * every matter (agents/).  False also with FAULT_SYSTEM in ERROR. */
bool jobs_may_advertise (Jobs *jobs, const AccessAccount *who, Subject employer, GError **error);
/* Whether WHO looks at what was held: who decides cases in a department that answers for the clause. */
bool jobs_may_review (const Jobs *jobs, const AccessAccount *who);

/* ---- advertisements ------------------------------------------------------------ */

enum {
  JOBS_TITLE_MAX = 60,    /* characters */
  JOBS_TEXT_MAX = 20000,  /* likewise */
  JOBS_WORD_MAX = 40,     /* of an occupation, skill or certificate */
  JOBS_WORDS_MAX = 30,    /* skills, and certificates */
  JOBS_POSTS_MAX = 10000, /* the registry's bound */
};

/* What an employer says.  Texts are plain, UTF-8. */
typedef struct {
  Subject employer;
  const char *title, *text;
  const char *occupation;          /* in the employer's words, or of the vocabulary */
  const char *const *skills;       /* NULL-terminated; NULL: none */
  const char *const *certificates; /* that the work may not be done without; likewise */
  const char *place;               /* township code, where the work is */
  gint64 pay_from, pay_to;         /* fen a month, full time; both 0: to be agreed on */
  gint64 posts;                    /* how many people are wanted */
  const char *kind;                /* a value of the registry's post.kind: 企业岗位 */
  const char *education;           /* of post.education: the least; NULL: not asked */
  Day until;                       /* the last day for applications */
} JobsAdvertisement;

/* How heavy a finding is: the advertisement is refused, or a clerk looks at it first. */
typedef enum { JOBS_REFUSE, JOBS_HOLD } JobsWeight;
const char *jobs_weight_id (JobsWeight weight); /* "refuse", "hold" */

/* A rule of markets/advertisement-rules.csv. */
typedef struct {
  const char *id; /* "sex", "wage" … */
  PolicyText says, law, remedy;
  const char *reference, *url, *confidence; /* where the law was read; url may be empty; "cited", "assumed" */
} JobsRule;

typedef struct {
  const JobsRule *rule;
  JobsWeight weight;
  const char *field; /* of the advertisement: "title", "text", "skills" … */
  size_t from, to;   /* characters of that field; both 0: the field as a whole */
  const char *quote; /* what stands there; NULL likewise */
} JobsFinding;

enum { JOBS_FINDINGS_MAX = 50 };
/* What stands against ADVERTISEMENT today, the first JOBS_FINDINGS_MAX, by themselves: what depends on other
 * advertisements (many, repeated) is found when it is sent.  Into ARENA; *N may be 0. */
const JobsFinding *jobs_check (const Jobs *jobs, Arena *arena, const JobsAdvertisement *advertisement,
                               size_t *n);

/* WHO posts ADVERTISEMENT.  Its id; it is open, or held for review (jobs_advertisement says which).  KEY
 * makes it safe to repeat.  0 with FAULT_DENIED (not WHO's employer), FAULT_INPUT (a finding that refuses:
 * the first is in the message; no key), FAULT_NOT_FOUND (no such employer), FAULT_SYSTEM. */
gint64 jobs_advertise (Jobs *jobs, const AccessAccount *who, const JobsAdvertisement *advertisement,
                       const char *key, GError **error);
/* The advertisement ID says this from now on; its employer stays.  Checked anew: it may be held again.  What
 * was returned by a clerk goes back to them.  Faults as jobs_advertise, and FAULT_CONFLICT: it is closed. */
bool jobs_change (Jobs *jobs, const AccessAccount *who, gint64 id, const JobsAdvertisement *advertisement,
                  const char *key, GError **error);

typedef enum { JOBS_FILLED, JOBS_WITHDRAWN, JOBS_REMOVED } JobsEnd;
/* ID takes no more applications: its posts are filled or it is withdrawn (the employer), or the office takes
 * it down for REASON, which the employer is told.  What is closed stays as it is.  FAULT_NOT_FOUND,
 * FAULT_DENIED, FAULT_INPUT (no reason, where the office does), FAULT_SYSTEM. */
bool jobs_close (Jobs *jobs, const AccessAccount *who, gint64 id, JobsEnd end, const char *reason,
                 GError **error);
/* WHO, of the office, lets the held advertisement ID stand, or returns it for REASON; the employer is told.
 * FAULT_NOT_FOUND, FAULT_DENIED, FAULT_INPUT (returned without a reason), FAULT_CONFLICT (not held),
 * FAULT_SYSTEM. */
bool jobs_review (Jobs *jobs, const AccessAccount *who, gint64 id, bool stands, const char *reason,
                  GError **error);

typedef enum { JOBS_HELD, JOBS_OPEN, JOBS_RETURNED, JOBS_CLOSED } JobsState;
enum { JOBS_STATES = JOBS_CLOSED + 1 };
const char *jobs_state_id (JobsState state); /* "held", "open", "returned", "closed" */
PolicyText jobs_state_name (JobsState state);

/* An advertisement on record. */
typedef struct {
  gint64 id;
  const char *number; /* "J000012", of the post in the registry */
  JobsAdvertisement says;
  const char *employer_name;
  JobsState state;
  bool taking;                                           /* open, and its last day is not past */
  Subject record;                                        /* the registry's post; 0: never open */
  gint64 posted_at, published_at, changed_at, closed_at; /* UTC seconds; 0: not */
  const char *reason;                                    /* of the office; NULL */
  JobsEnd end;                                           /* when closed */
} JobsPost;

/* One.  What is not open is there for its employer and the office.  NULL with FAULT_NOT_FOUND, FAULT_SYSTEM.
 */
const JobsPost *jobs_post (Jobs *jobs, Arena *arena, const AccessAccount *who, gint64 id, GError **error);
/* Why ID is held, or what was found and let stand: for its employer and the office; else none. */
const JobsFinding *jobs_post_findings (Jobs *jobs, Arena *arena, const AccessAccount *who, gint64 id,
                                       size_t *n, GError **error);

/* The newest first. */
typedef struct {
  Subject employer;       /* 0: of any; another's: those that take applications */
  const JobsState *state; /* NULL: of any that WHO may see */
  gint64 before;          /* those with smaller ids; 0: the newest */
  size_t limit;
} JobsFilter;
/* NULL with FAULT_SYSTEM; *N may be 0.  In ARENA. */
const JobsPost *jobs_posts (Jobs *jobs, Arena *arena, const AccessAccount *who, const JobsFilter *filter,
                            size_t *n, GError **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Jobs, jobs_free)
