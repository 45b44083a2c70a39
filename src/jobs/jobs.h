/* jobs — online employment: from an employer's advertisement to a person at work.
 *
 *     employer ──advertise──> check ──> refused, with what to do
 *                               ├─────> open ──────────────┐
 *                               └─────> review ──clerk──> open, or returned
 *                                                          │
 *     person ──profile, hidden unless they show it──> apply ─┴─ invite <── employer
 *                                                       │
 *                             interview ──> offer ──> accepted ──> hired: on record in the registry
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
 *   - What employers see of a person is what that person consented to, copied from the registry under
 *     their own permit; without a name until they apply, and in no list unless they say so.
 *   - A public-welfare post is for whom the clause's decision says so, when they apply and when they
 *     accept; its term is the clause's.
 *   - Who was hired is on record as working from the first day, by the word of both sides.
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
 *
 *     jobs_save_profile (jobs, person, &profile, key, &error);
 *     gint64 a = jobs_apply (jobs, person, id, &applying, key, &error);
 *     jobs_act (jobs, employer, a, &(JobsDeed){ .act = JOBS_OFFER, .words = "…" }, key, &error);
 *     jobs_act (jobs, person, a, &(JobsDeed){ .act = JOBS_ACCEPT }, key, &error);
 *     jobs_act (jobs, employer, a, &(JobsDeed){ .act = JOBS_HIRE, .first_day = day }, key, &error);
 */
#pragma once

#include "access/access.h"
#include "agents/agents.h"
#include "base/base.h"
#include "market/market.h"
#include "policy/policy.h"
#include "registry/registry.h"
#include "vocabulary/vocabulary.h"

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
  JOBS_TITLE_MAX = 60,      /* characters */
  JOBS_TEXT_MAX = 20000,    /* likewise */
  JOBS_WORD_MAX = 40,       /* of an occupation, skill or certificate */
  JOBS_WORDS_MAX = 30,      /* skills, and certificates */
  JOBS_POSTS_MAX = 10000,   /* the registry's bound */
  JOBS_PAY_MAX = 100000000, /* fen a month */
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

/* ---- searching ------------------------------------------------------------------------- */

/* Everything that is set holds of a hit. */
typedef struct {
  const char *text;  /* words, blanks or punctuation between them, as fulltext/ finds them: also by syllables,
                        first letters and with a typo; NULL or "": all */
  const char *place; /* township code; NULL: any, likewise below */
  const char *kind;
  gint64 pay_from;    /* fen a month, to a hundred yuan: that the post may pay so much; 0: whatever it pays */
  size_t from, limit; /* a page of the hits */
} JobsSearch;

enum {
  JOBS_SEARCH_MAX = 100,
  JOBS_FOUND_MAX = 1000,
  JOBS_QUERY_MAX = 200
}; /* hits of a page, and of all pages;
      characters */

/* How many hits there would be with this value instead of what was asked for. */
typedef struct {
  const char *value;
  size_t n;
} JobsFacet;

typedef struct {
  size_t total, n;
  const JobsPost *posts;
  bool loosened; /* some word is found nowhere as it is, but by first letters, with a typo or in part */
  size_t n_places, n_kinds;
  const JobsFacet *places, *kinds; /* the most first */
} JobsFound;
/* Open advertisements: the best first by their words, title and occupation weighing most; without words the
 * newest.  FAULT_INPUT (more than JOBS_QUERY_MAX characters; from JOBS_FOUND_MAX on), FAULT_USAGE (more words
 * than fulltext/ takes), FAULT_SYSTEM. */
const JobsFound *jobs_search (Jobs *jobs, Arena *arena, const JobsSearch *search, GError **error);

/* ---- a seeker's profile ---------------------------------------------------------- */

enum {
  JOBS_WISHES_MAX = 10,  /* occupations, and kinds of post */
  JOBS_PLACES_MAX = 30,  /* townships */
  JOBS_ABOUT_MAX = 2000, /* characters that a person says of themselves */
  JOBS_FACTS_MAX = 60,   /* that a profile shows */
};

/* Something that is on record of the person, in words: "本科", "电工证", "车工 2019-03-01—2022-05-31". */
typedef struct {
  const char *id;   /* of the attribute: "education", "certificates", "work_history" … */
  PolicyText label; /* 学历 */
  const char *value;
  const char *value_en; /* of a value of the schema; NULL: as VALUE */
} JobsFact;

/* What a person wants, and what employers may see of them. */
typedef struct {
  gint64 id; /* what employers know it by; 0 in a new one */
  const char *const
      *occupations;          /* wished for, the dearest first; NULL-terminated; NULL: none, likewise below */
  const char *const *places; /* township codes */
  const char *const *kinds;  /* of post.kind */
  gint64 pay_from;           /* fen a month; 0: not said */
  const char *const *skills; /* in their own words */
  const char *about;         /* likewise; NULL: nothing */
  bool shown;                /* employers may find it, without name, and invite */
  bool alerts;               /* they want to be told of new posts among their best */
  const char *const *consented; /* ids of facts that it shows */
  size_t n_facts;
  const JobsFact *facts; /* as they were when it was saved; ignored in saving */
  const char *name;      /* ＊ in places where the reader may not know it; ignored in saving */
  gint64 saved_at;       /* UTC seconds */
} JobsProfile;

/* What WHO's own record holds that a profile can show, nobody else's: in ARENA.  *N may be 0.  NULL with
 * FAULT_DENIED (WHO is no resident), FAULT_SYSTEM. */
const JobsFact *jobs_own_facts (Jobs *jobs, Arena *arena, const AccessAccount *who, size_t *n,
                                GError **error);
/* WHO's own; NULL with FAULT_NOT_FOUND when there is none, FAULT_SYSTEM. */
const JobsProfile *jobs_profile (Jobs *jobs, Arena *arena, const AccessAccount *who, GError **error);
/* WHO looks for work by PROFILE from now on: its facts are read anew under their own permit and kept as far
 * as they CONSENTED (个人信息保护法, article 13), and they are on record as seeking work with their first
 * wishes. FAULT_DENIED, FAULT_INPUT (too many or unknown wishes, a text that is none or has markup or an ID
 * number; no key), FAULT_SYSTEM. */
bool jobs_save_profile (Jobs *jobs, const AccessAccount *who, const JobsProfile *profile, const char *key,
                        GError **error);
/* WHO looks no more: the profile and its facts are erased, open applications are withdrawn, and they are on
 * record as not seeking work.  Without a profile it is nothing.  FAULT_DENIED, FAULT_SYSTEM. */
bool jobs_erase_profile (Jobs *jobs, const AccessAccount *who, GError **error);
/* Those shown, the last saved first, without names, to WHO who advertises for EMPLOYER: entered in the log.
 * BEFORE: those with smaller ids, 0: the newest.  NULL with FAULT_DENIED, FAULT_SYSTEM. */
const JobsProfile *jobs_seekers (Jobs *jobs, Arena *arena, const AccessAccount *who, Subject employer,
                                 gint64 before, size_t limit, size_t *n, GError **error);

/* ---- applications ------------------------------------------------------------------ */

/* Where an application stands: who was invited has not applied. */
typedef enum {
  JOBS_INVITED,
  JOBS_APPLIED,
  JOBS_INTERVIEW, /* times are proposed */
  JOBS_AGREED,    /* one of them is picked */
  JOBS_OFFERED,
  JOBS_ACCEPTED,
  JOBS_HIRED,
  JOBS_REJECTED, /* by the employer */
  JOBS_DECLINED, /* by the person: turned down or withdrawn */
  JOBS_LAPSED,   /* the post was closed */
} JobsStage;
enum { JOBS_STAGES = JOBS_LAPSED + 1 };
const char *jobs_stage_id (JobsStage stage); /* "invited" … */
PolicyText jobs_stage_name (JobsStage stage);

typedef enum {
  JOBS_INVITE,
  JOBS_APPLY,
  JOBS_PROPOSE, /* the employer: times for an interview, anew each time */
  JOBS_PICK,    /* the person: one of them */
  JOBS_OFFER,   /* the employer */
  JOBS_ACCEPT,  /* the person */
  JOBS_HIRE,    /* the employer: the first day of work */
  JOBS_REJECT,  /* the employer, with a reason */
  JOBS_DECLINE, /* the person: at any stage before the work begins */
} JobsAct;
enum { JOBS_ACTS = JOBS_DECLINE + 1 };
const char *jobs_act_id (JobsAct act); /* "invite" … */
PolicyText jobs_act_name (JobsAct act);

enum {
  JOBS_SLOTS_MAX = 10,          /* times proposed for one interview */
  JOBS_OPEN_APPLICATIONS = 100, /* of one person: our own choice */
  JOBS_INVITATIONS = 200,       /* of one post that are not answered: our own choice */
  JOBS_FIRST_DAY_MAX = 365,     /* days ahead or back that a first day of work may lie */
};

typedef struct {
  const char *letter;  /* to the employer; NULL: none */
  const char *contact; /* how to reach them, shown to this employer alone; NULL: through this site */
} JobsApplying;
/* WHO applies for advertisement POST, with the profile that they have; an invitation is taken up.  What was
 * withdrawn may be made anew.  The application's id; 0 with FAULT_NOT_FOUND, FAULT_DENIED, FAULT_INPUT (texts
 * too long, markup; no key), FAULT_CONFLICT (no profile; applied already; it takes none; too many open ones;
 * not qualified: why), FAULT_SYSTEM. */
gint64 jobs_apply (Jobs *jobs, const AccessAccount *who, gint64 post, const JobsApplying *applying,
                   const char *key, GError **error);
/* WHO, for the employer of POST, invites whose profile is PROFILE, in WORDS.  The application's id; 0 with
 * FAULT_NOT_FOUND (no such profile that is shown), FAULT_DENIED, FAULT_INPUT, FAULT_CONFLICT (it takes none;
 * they were invited or applied already; JOBS_INVITATIONS), FAULT_SYSTEM. */
gint64 jobs_invite (Jobs *jobs, const AccessAccount *who, gint64 post, gint64 profile, const char *words,
                    const char *key, GError **error);

/* A time for an interview. */
typedef struct {
  gint64 starts_at;  /* UTC seconds */
  const char *place; /* an address, or how to take part from afar */
} JobsSlot;

typedef struct {
  JobsAct act;           /* neither INVITE nor APPLY */
  const char *words;     /* to the other side; NULL: none, but not of REJECT */
  const JobsSlot *slots; /* of PROPOSE: to come, the first first */
  size_t n_slots;
  size_t picked; /* of PICK: an index of the slots */
  Day first_day; /* of HIRE */
} JobsDeed;
/* A step of application ID by WHO; the other side is told.  The same again with KEY is nothing.  HIRE writes
 * the employment into the registry, and closes the post when its last place is taken.  FAULT_NOT_FOUND,
 * FAULT_DENIED (the other side's act), FAULT_INPUT (no reason, no or past times, an index that is none, a
 * first day too far; no key), FAULT_CONFLICT (not from this stage; accepting: not qualified any more),
 * FAULT_SYSTEM. */
bool jobs_act (Jobs *jobs, const AccessAccount *who, gint64 id, const JobsDeed *deed, const char *key,
               GError **error);
/* Whether an application at STAGE can be taken on by ACT, by its employer or (else) its person. */
bool jobs_can (JobsStage stage, JobsAct act, bool employer);

typedef struct {
  JobsAct act;
  gint64 at;         /* UTC seconds */
  const char *words; /* NULL: none */
} JobsStep;

typedef struct {
  gint64 id, post;
  const char *title, *employer_name;
  Subject employer;
  bool own; /* the reader is the person */
  JobsStage stage;
  const char *name;             /* to the employer masked while only invited */
  const char *letter, *contact; /* NULL: none */
  Day first_day;                /* 0: not hired */
  gint64 opened_at, changed_at;
  /* Of one application, not in lists: */
  const JobsProfile *profile; /* NULL: erased since, or not shown any more and not applied */
  size_t n_slots, n_steps;
  const JobsSlot *slots;
  int picked;            /* -1: none */
  const JobsStep *steps; /* the first first */
} JobsApplication;

/* One, to its person and its employer; the employer's look is entered in the log.  NULL with FAULT_NOT_FOUND,
 * FAULT_SYSTEM. */
const JobsApplication *jobs_application (Jobs *jobs, Arena *arena, const AccessAccount *who, gint64 id,
                                         GError **error);
/* Of POST, to its employer (entered in the log), or, POST 0, WHO's own; the newest first, those with ids
 * below BEFORE (0: all).  NULL with FAULT_NOT_FOUND, FAULT_DENIED, FAULT_SYSTEM. */
const JobsApplication *jobs_applications (Jobs *jobs, Arena *arena, const AccessAccount *who, gint64 post,
                                          gint64 before, size_t limit, size_t *n, GError **error);

/* The words of work that advertisements and profiles are understood by; NULL where the package has none. */
const Vocabulary *jobs_words (const Jobs *jobs);

/* ---- who suits whom -------------------------------------------------------------------- */

/* By markets/jobs.yaml and the words of vocabulary/: what the law asks for first, then named points that
 * add up (market/).  Seekers are looked at by their own record, as it is today; employers see of them what
 * they consented to, and are shown nobody by anything else. */

/* Something that a post uses or asks for and the seeker does not have. */
typedef struct {
  PolicyText name;
  const char *code;    /* of the vocabulary; NULL: it does not know it */
  bool is_certificate; /* the post may not be held without it; else a skill */
  const char *law;     /* of a certificate; "" where the vocabulary has none */
} JobsGap;

typedef struct {
  const JobsPost *post;       /* to a seeker; else NULL */
  const JobsProfile *profile; /* to an employer, without a name; else NULL */
  const MarketReasons *reasons;
  guint8 words;  /* to a seeker: points beside the score, for words of their wishes that stand in the post */
  bool surfaced; /* to a seeker: nobody would see this post, and it suits nobody better */
  size_t n_gaps;
  const JobsGap *gaps; /* to a seeker */
} JobsMatch;

typedef struct {
  const Market *market; /* what the reasons' parts and conditions are */
  size_t n_looked;      /* rows of the other side */
  size_t n;
  const JobsMatch *matches; /* the best first; all are qualified */
  size_t n_within;
  const JobsMatch *within; /* to a seeker: the best that they could have with the certificates among the gaps;
                              at most JOBS_WITHIN_MAX, their reasons as if */
} JobsMatches;
enum { JOBS_WITHIN_MAX = 5, JOBS_WORDS_POINTS = 8 };

/* The best K (at most MARKET_TOP_MAX) open posts for SEEKER, by their profile: by the market's order, in
 * which up to JOBS_WORDS_POINTS for words count as a part more.  WHO: they, or who may read them for the
 * clause (a clerk, an operator), which is entered in the log.  NULL with FAULT_NOT_FOUND (no profile; the
 * package has no market of jobs), FAULT_DENIED, FAULT_SYSTEM. */
const JobsMatches *jobs_matches (Jobs *jobs, Arena *arena, const AccessAccount *who, Subject seeker, size_t k,
                                 GError **error);
/* How POST suits SEEKER, also where they do not qualify.  Faults as jobs_matches. */
const JobsMatches *jobs_match (Jobs *jobs, Arena *arena, const AccessAccount *who, Subject seeker,
                               gint64 post, GError **error);
/* What the clause gives WHO beside the posts, as it stands today: services for graduates and veterans,
 * training, recognition as hard to employ (which takes in people with a disability) … NULL with FAULT_DENIED
 * (WHO is no resident), FAULT_SYSTEM; N may be 0. */
const PolicyProvision *const *jobs_services (Jobs *jobs, Arena *arena, const AccessAccount *who, size_t *n,
                                             GError **error);
/* The best K people for POST, of those shown, to its employer or the office; entered in the log.  Faults as
 * jobs_matches. */
const JobsMatches *jobs_candidates (Jobs *jobs, Arena *arena, const AccessAccount *who, gint64 post, size_t k,
                                    GError **error);
/* What a look at everybody came to. */
typedef struct {
  size_t people, posts;       /* looked at; 0: nothing had changed */
  size_t told;                /* people who were, once a day at most */
  size_t unseen, brought_out; /* posts that were in nobody's list; of these shown to somebody now */
} JobsAlerts;
/* Tells those who want it of what has been opened since the last look and is among their best, and brings
 * out what nobody would see, in one work.  They are matched by what their profile keeps.  Nothing has
 * changed: nothing.  REPORT may be NULL.  FAULT_SYSTEM. */
bool jobs_alert (Jobs *jobs, JobsAlerts *report, GError **error);
/* The same every minute on a thread of its own, until it is stopped; JOBS must outlive it. */
typedef struct JobsWatch JobsWatch;
JobsWatch *jobs_watch (Jobs *jobs, GError **error);
void jobs_watch_stop (JobsWatch *watch); /* NULL is ignored */

/* As JSON, members of an object that is open: looked_at, matches, within_reach. */
void jobs_write_matches (JsonWriter *w, const JobsMatches *matches);

/* ---- job fairs ----------------------------------------------------------------------- */

/* A day on which employers and people meet for interviews of equal length.  Employers bring posts, people
 * name the posts they want to hear about, employers rank who named them; then the office arranges: time by
 * time, deferred acceptance (allocation/) between the wishes that are left, so that in no time a person and a
 * post would both rather have met each other.  Each time's transcript can be run again by anybody. */
enum {
  JOBS_STANDS_MAX = 500,     /* posts at a fair */
  JOBS_FAIR_WISHES_MAX = 10, /* posts that one person names */
  JOBS_INTERVIEWERS_MAX = 20,
  JOBS_TIMES_MAX = 96, /* interviews one after the other */
};

typedef struct {
  gint64 id;     /* 0 in a new one, likewise below */
  Subject event; /* on record in the registry: an event, 招聘会 */
  const char *name, *place;
  Day day;
  int from, to, minutes; /* civil minutes of the day in Shanghai; how long an interview is */
  bool arranged;
  gint64 n_stands, n_people; /* that take part */
  int n_times;               /* at which somebody meets somebody, from the first on */
} JobsFair;

/* WHO, of the office, announces FAIR.  Its id; 0 with FAULT_DENIED, FAULT_INPUT (no name or place, a day that
 * is past, times that are none or more than JOBS_TIMES_MAX; no key), FAULT_SYSTEM. */
gint64 jobs_plan_fair (Jobs *jobs, const AccessAccount *who, const JobsFair *fair, const char *key,
                       GError **error);
/* WHO brings POST to FAIR with so many INTERVIEWERS; 0: not any more.  The same again is nothing.
 * FAULT_NOT_FOUND, FAULT_DENIED, FAULT_INPUT, FAULT_CONFLICT (arranged; POST takes none; JOBS_STANDS_MAX),
 * FAULT_SYSTEM. */
bool jobs_join_fair (Jobs *jobs, const AccessAccount *who, gint64 fair, gint64 post, int interviewers,
                     GError **error);
/* WHO wants to hear about POSTS, the dearest first, with the profile that they have: these employers see it,
 * without a name.  None: they do not come.  FAULT_NOT_FOUND, FAULT_DENIED, FAULT_INPUT (one twice, one that
 * is not there, too many), FAULT_CONFLICT (arranged; no profile), FAULT_SYSTEM. */
bool jobs_wish_fair (Jobs *jobs, const AccessAccount *who, gint64 fair, const gint64 *posts, size_t n,
                     GError **error);
/* WHO ranks who named POST, by profile, the dearest first; the others come after them in the order in which
 * they named it.  Faults as jobs_wish_fair. */
bool jobs_rank_fair (Jobs *jobs, const AccessAccount *who, gint64 fair, gint64 post, const gint64 *profiles,
                     size_t n, GError **error);
/* WHO, of the office, arranges the interviews; people and employers are told.  Arranged is arranged: again is
 * nothing.  FAULT_NOT_FOUND, FAULT_DENIED, FAULT_CONFLICT (nobody, or no post), FAULT_SYSTEM. */
bool jobs_arrange_fair (Jobs *jobs, const AccessAccount *who, gint64 fair, GError **error);

/* The next first, then those past.  NULL with FAULT_SYSTEM. */
const JobsFair *jobs_fairs (Jobs *jobs, Arena *arena, size_t *n, GError **error);
/* NULL with FAULT_NOT_FOUND, FAULT_SYSTEM. */
const JobsFair *jobs_fair (Jobs *jobs, Arena *arena, gint64 id, GError **error);

/* A post at a fair. */
typedef struct {
  gint64 post;
  const char *title, *employer_name;
  int interviewers;
  gint64 named; /* by how many people */
  int wish;     /* the reader's, from 1; 0: not theirs */
} JobsStand;
/* By post.  WHO may be NULL. */
const JobsStand *jobs_fair_stands (Jobs *jobs, Arena *arena, const AccessAccount *who, gint64 fair, size_t *n,
                                   GError **error);
/* Who named POST, without names, those ranked first, to its employer; entered in the log. */
const JobsProfile *jobs_fair_people (Jobs *jobs, Arena *arena, const AccessAccount *who, gint64 fair,
                                     gint64 post, size_t *n, GError **error);

typedef struct {
  gint64 starts_at; /* UTC seconds */
  gint64 post;
  const char *title, *employer_name;
  gint64 profile;   /* of whom; 0: the reader's own, or erased since */
  const char *name; /* of whom, to the employer; NULL: the reader's own */
} JobsMeeting;
/* WHO's own interviews, or those of the posts that they brought; by time.  N may be 0.  An employer's look is
 * entered in the log. */
const JobsMeeting *jobs_fair_meetings (Jobs *jobs, Arena *arena, const AccessAccount *who, gint64 fair,
                                       size_t *n, GError **error);
/* What `liudong allocate --verify` takes: the transcript of time INDEX (from 0) of an arranged fair, numbers
 * only; NULL with FAULT_NOT_FOUND when there is none (any more). */
const char *jobs_fair_transcript (Jobs *jobs, Arena *arena, gint64 fair, int index, GError **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Jobs, jobs_free)
