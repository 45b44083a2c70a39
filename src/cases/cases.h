/* cases — from an application to a decision that can be understood and appealed.
 *
 * What it is for: somebody applies for a matter of the package (PolicyMatter); the
 * office that answers for it accepts, asks for what is missing, decides within the
 * limits of the law, and delivers; the applicant may withdraw, and appeal.
 *
 *     cases_submit ──> case ──cases_act──> case ──…──> decided ──> delivered ──> archived
 *                        │                   │
 *                     proposal             step: who, when, why (append-only)
 *
 * The machine is one table of {action, who, from which states, to which}
 * (machine.c, docs/services.md); nothing else changes a state.
 *
 * What it promises
 *   - A deed commits whole or not at all: state, step, entry in the log, notice, key.
 *   - What is sent twice with one key is done once and answered alike.
 *   - Of two who act on the same version of a case, one does; the other is told who
 *     was first, and nothing is overwritten.
 *   - Steps are only added, and none is earlier than the one before, also when the
 *     machine's clock is set back.
 *   - A proposal is kept with the package's hash, the evaluation date and the moment
 *     of the facts, so that it comes out the same for ever; a fact corrected since
 *     flags the case.
 *   - The limit promised and that of the law are two readings of the same steps
 *     (clocks.h); a calendar that is not published leaves them open, by name of the year.
 *
 * What it refuses: to decide.  The engine proposes, a person decides; who departs from
 * the proposal says why (个人信息保护法 第24条, 行政许可法 第38条).
 *
 * How a call goes
 *
 *     CasesOptions options = { .package = p, .registry = r, .access = a, .notices = n };
 *     g_autoptr (Cases) cases = cases_open (&options, &error);
 *     CaseApplication ask = { .matter = policy_matter (p, "23/main"), .applicant = who->subject };
 *     gint64 id = cases_submit (cases, who, &ask, key, &error);
 *     const Case *c = cases_case (cases, arena, clerk, id, &error);
 *     CaseDeed accept = { .action = CASE_ACCEPT, .version = c->version };
 *     cases_act (cases, clerk, id, &accept, key, &error);
 */
#pragma once

#include "access/access.h"
#include "agents/agents.h"
#include "base/base.h"
#include "clocks/clocks.h"
#include "notices/notices.h"
#include "policy/policy.h"
#include "questions/questions.h"
#include "registry/registry.h"

enum {
  CASES_TEXT_MAX = 2000,              /* code points of a reason */
  CASES_UPLOAD_MAX = 10 * 1024 * 1024 /* bytes of one file */
};

/* Everything pointed to must outlive it. */
typedef struct {
  const PolicyPackage *package;
  Registry *registry;
  Access *access;
  Agents *agents;                  /* NULL: nobody acts for another */
  Notices *notices;                /* NULL: nobody is told */
  gint64 (*clock) (gpointer data); /* UTC seconds; NULL: the machine's */
  gpointer clock_data;
} CasesOptions;

typedef struct Cases Cases;
/* Brings the tables up to date.  NULL with FAULT_SYSTEM. */
Cases *cases_open (const CasesOptions *options, GError **error);
void cases_free (Cases *cases);

/* ---- the machine --------------------------------------------------------- */

/* Those up to CASE_APPEALED are open: somebody has to do something. */
typedef enum {
  CASE_SUBMITTED,  /* waits to be accepted */
  CASE_CORRECTING, /* waits for the applicant */
  CASE_ACCEPTED,   /* in review */
  CASE_PUBLISHED,  /* in review, and shown to the public for objections */
  CASE_SUSPENDED,  /* in review, standing still: an inspection, a hearing */
  CASE_APPEALED,   /* a review of the decision was asked for */
  CASE_DECIDED,
  CASE_DELIVERED,
  CASE_ARCHIVED,
  CASE_DECLINED, /* not accepted */
  CASE_WITHDRAWN,
} CaseState;
enum { CASE_STATES = CASE_WITHDRAWN + 1, CASE_OPEN_STATES = CASE_APPEALED + 1 };
const char *case_state_id (CaseState state); /* "submitted" … */
PolicyText case_state_name (CaseState state);
bool case_state_parse (const char *id, CaseState *state);

typedef enum {
  CASE_SUBMIT,
  CASE_ASK_CORRECTION, /* names all that is missing, at once (行政许可法 第32条) */
  CASE_CORRECT,
  CASE_ACCEPT,
  CASE_DECLINE,
  CASE_SUSPEND,
  CASE_RESUME,
  CASE_PUBLISH,
  CASE_OBJECT, /* an objection to the public notice is put on record */
  CASE_DECIDE,
  CASE_DELIVER,
  CASE_ARCHIVE,
  CASE_WITHDRAW,
  CASE_APPEAL,
  CASE_SETTLE_APPEAL, /* the decision stands or is changed */
  CASE_REOPEN,
  CASE_TRANSFER,       /* to another office, city or province */
  CASE_VISIT,          /* the applicant came in person */
  CASE_NOTE,           /* what another office said, or a word for the file */
  CASE_CHECK_MATERIAL, /* one paper that was handed in will do, or will not */
} CaseAction;
enum { CASE_ACTIONS = CASE_CHECK_MATERIAL + 1 };
const char *case_action_id (CaseAction action); /* "submit", "ask_correction" … */
PolicyText case_action_name (CaseAction action);
bool case_action_parse (const char *id, CaseAction *action);

/* Who does it: the applicant or who acts for them; the office; its head, for what nobody decides twice
 * alone (settling an appeal, reopening). */
typedef enum { CASE_APPLICANT, CASE_OFFICE, CASE_HEAD } CaseParty;
enum { CASE_PARTIES = CASE_HEAD + 1 };
const char *case_party_id (CaseParty party); /* "applicant", "office", "head" */
/* Whether PARTY may do ACTION to a case in STATE. */
bool case_may (CaseState state, CaseAction action, CaseParty party);
/* Whether a case in STATE waits for its office or its applicant: it is open, or decided and to be delivered.
 */
bool case_waits (CaseState state);
/* Whether ACTION needs a reason in words. */
bool case_needs_reason (CaseAction action);

/* ---- applying -------------------------------------------------------------- */

/* What the applicant says where the registry holds nothing. */
typedef PolicyStatement CaseStatement;

typedef struct {
  const char *material; /* its id in the matter */
  const char *name;     /* of the file */
  Text content;         /* a PDF, PNG or JPEG, known by its first bytes; CASES_UPLOAD_MAX */
} CaseUpload;

typedef struct {
  const PolicyMatter *matter;
  Subject applicant; /* who asks; 0: WHO's own subject */
  Subject subject;   /* whom it is about; 0: the applicant, or whom the provision's reference leads to */
  size_t n_statements;
  const CaseStatement *statements;
  size_t n_uploads;
  const CaseUpload *uploads;
  const char *contact; /* telephone or e-mail for this case; may be NULL */
  const char *office;  /* handed in at another office (通办); NULL: the matter's own */
  gint64 offer;        /* the office's offer that it answers (due.h), for the file; 0: none */
} CaseApplication;

/* Apply.  A bundle opens a case for each of its parts, under one clock.  KEY makes the call safe to repeat.
 * The case's id; 0 with FAULT_DENIED (WHO may not apply, or not for APPLICANT), FAULT_INPUT (no such
 * matter, a material or fact that it does not know, a file of another kind or too large, a text too long;
 * another application with a key used before), FAULT_CONFLICT (the same matter is open for this subject),
 * FAULT_NOT_FOUND (whom the provision is about is not on record) or FAULT_SYSTEM.  Staff who handle cases may
 * open one on behalf of the office's duty (主动服务): it says so.  Who has a mandate to act in the matter
 * applies for APPLICANT as themselves do (agents.h). */
gint64 cases_submit (Cases *cases, const AccessAccount *who, const CaseApplication *application,
                     const char *key, GError **error);

/* What is still to ask WHO before they apply in MATTER for APPLICANT (0: themselves), STATEMENTS being said
 * already. NULL with FAULT_NOT_FOUND, FAULT_DENIED, FAULT_INPUT (a statement that does not fit) or
 * FAULT_SYSTEM. */
const Questions *cases_questions (Cases *cases, Arena *arena, const AccessAccount *who,
                                  const PolicyMatter *matter, Subject applicant,
                                  const CaseStatement *statements, size_t n, GError **error);

/* ---- acting ------------------------------------------------------------------ */

typedef struct {
  CaseAction action;
  gint64 version;     /* of the case as the actor saw it; 0: whatever it is */
  const char *reason; /* where case_needs_reason, and to depart from a proposal */
  bool grant;         /* DECIDE, SETTLE_APPEAL */
  bool has_amount;    /* a sum other than the one proposed */
  gint64 amount_fen;
  size_t n_missing;
  const char *const *missing; /* ASK_CORRECTION: ids of materials, or paths of facts; all that are missing
                                 beside the papers that were refused, which are named with their reasons */
  const char *material;       /* CHECK_MATERIAL: whose newest file was looked at … */
  bool accepted;              /* … and whether it will do; where not, REASON says why */
  size_t n_statements;        /* CORRECT */
  const CaseStatement *statements;
  size_t n_uploads;
  const CaseUpload *uploads;
  const char *office;    /* TRANSFER: to whom */
  const char *reference; /* TRANSFER, NOTE: its number there; may be NULL */
} CaseDeed;

/* Do DEED to case ID.  FAULT_NOT_FOUND; FAULT_DENIED (not the party that may); FAULT_INPUT (a reason
 * missing, nothing named as missing, a second request for a correction without a reason, a key used
 * otherwise); FAULT_CONFLICT (the case is in another state, or somebody acted since VERSION: who and
 * when); FAULT_SYSTEM. */
bool cases_act (Cases *cases, const AccessAccount *who, gint64 id, const CaseDeed *deed, const char *key,
                GError **error);

/* ---- deciding many ------------------------------------------------------------- */

/* A run decides up to CASES_RUN_MAX cases alike, in small works; each case is checked and written as by
 * cases_act, and decided at most once.  A run never departs from a proposal, nor decides on a fact that
 * was corrected since: such a case is skipped, with the reason, for a person to look at. */
enum { CASES_RUN_MAX = 10000 };

typedef struct {
  bool grant;
  const char *reason; /* in every decision; a refusal needs one */
  size_t n;           /* these cases … */
  const gint64 *ids;
  const char *matter; /* … or those of this matter that the office has in review and whose proposal says
                         the same, the most urgent first */
} CaseMany;

typedef struct {
  gint64 id;
  const char *actor, *department;
  bool grant;
  const char *reason;
  gint64 at;                      /* UTC seconds */
  gint64 total, decided, skipped; /* the others are still to be decided */
  gint64 amount_fen;              /* granted in it */
} CaseRun;

/* Choose the cases; nothing is decided yet.  The run's number, for the same KEY the same; 0 with
 * FAULT_DENIED, FAULT_INPUT (neither cases nor a matter, too many, a refusal without a reason), FAULT_SYSTEM.
 */
gint64 cases_run_begin (Cases *cases, const AccessAccount *who, const CaseMany *many, const char *key,
                        GError **error);
/* Decide what is left of RUN, by who began it; also after the program was killed.  FAULT_NOT_FOUND,
 * FAULT_DENIED, FAULT_SYSTEM: what was decided before stays, call again. */
bool cases_run_go_on (Cases *cases, const AccessAccount *who, gint64 run, GError **error);
/* How far it got, for its office. */
const CaseRun *cases_run (Cases *cases, Arena *arena, const AccessAccount *who, gint64 run, GError **error);

typedef struct {
  gint64 id; /* of the case */
  const char *why;
} CaseSkipped;
/* In the run's order.  NULL with an error; N may be 0. */
const CaseSkipped *cases_run_skipped (Cases *cases, Arena *arena, const AccessAccount *who, gint64 run,
                                      size_t *n, GError **error);

/* ---- reading ------------------------------------------------------------------ */

typedef enum { CASE_UNDECIDED, CASE_GRANTED, CASE_REFUSED } CaseOutcome;
const char *case_outcome_id (CaseOutcome outcome); /* "undecided", "granted", "refused" */

typedef struct {
  gint64 id;
  const char *number;         /* for people: "2026-000012" */
  const PolicyMatter *matter; /* NULL when the package of today has no such matter */
  const char *matter_key;
  CaseState state;
  Subject applicant, subject;
  const char *filed_by; /* the account */
  bool by_office;       /* opened by the office's own motion */
  const char *contact;
  const char *office;                 /* that has it now */
  const char *elsewhere;              /* its number at another office, or NULL */
  gint64 parent;                      /* the bundle's case; 0 */
  const char *township;               /* code, where whom it is about lives or is; "": none on record */
  int priority;                       /* 0: served first by law; 1 */
  gint64 opened_at, accepted_at;      /* UTC seconds; 0: not */
  gint64 due, warn_at;                /* civil minutes, of what is to be done now; 0: nothing, or not known */
  gint64 due_statutory, due_promised; /* to decide; likewise */
  int open_year;                      /* whose calendar is missing for a limit; 0 */
  PolicyOutcome proposed;
  gint64 proposed_fen; /* 0 where there is no amount */
  CaseOutcome outcome;
  gint64 amount_fen;
  const char *decided_by, *reason;
  gint64 decided_at;
  const char *package_hash;
  Day as_of;
  RegistryMoment at;
  bool flagged;   /* a fact that the proposal rests on was corrected since */
  bool escalated; /* was told to the head as late */
  int visits;
  gint64 version;
} Case;

/* Who may open it: the applicant and who acts for them today, the offices that have or had it, and heads. The
 * entry is in the log before it is returned, unless it is one's own.  NULL with FAULT_NOT_FOUND,
 * FAULT_DENIED. */
const Case *cases_case (Cases *cases, Arena *arena, const AccessAccount *who, gint64 id, GError **error);
/* As what WHO has to do with C; false when nothing.  Who acts for the applicant is CASE_APPLICANT until the
 * mandate ends. */
bool cases_party (Cases *cases, const AccessAccount *who, const Case *c, CaseParty *party);

typedef struct {
  gint64 number; /* 1, 2, 3 … */
  gint64 at;     /* UTC seconds */
  CaseAction action;
  CaseState from, to;
  const char *actor, *role, *department;
  const char *reason;
  const char *detail; /* a JSON object: missing, office, amount; may be NULL */
} CaseStep;
/* In order.  NULL with FAULT_SYSTEM. */
const CaseStep *cases_steps (Cases *cases, Arena *arena, const Case *c, size_t *n, GError **error);

/* The applicant's name as it was on record when the proposal was made, for the papers of C, which WHO may
 * open; a dash where there is none or the matter's clause does not read it.  So it is the same for whoever
 * asks.  NULL with an error of policy_permit or access_read. */
const char *cases_applicant_name (Cases *cases, Arena *arena, const AccessAccount *who, const Case *c,
                                  GError **error);

typedef enum { CASE_HELD /* by the registry */, CASE_HANDED_IN, CASE_NEEDED, CASE_OPTIONAL } CasePaper;
typedef enum { CASE_PAPER_UNSEEN, CASE_PAPER_ACCEPTED, CASE_PAPER_REFUSED } CaseVerdict;
const char *case_verdict_id (CaseVerdict verdict); /* "unseen", "accepted", "refused" */
typedef struct {
  const PolicyMaterial *material;
  CasePaper state;
  gint64 file; /* the newest; 0 */
  const char *file_name, *file_type;
  gint64 file_bytes, file_at;
  bool asked_for;      /* in the last request for a correction */
  CaseVerdict verdict; /* on the newest file */
  const char *why;     /* it was refused */
} CaseMaterial;
/* Every material of the matter and how it stands for WHO, who may open C. */
const CaseMaterial *cases_materials (Cases *cases, Arena *arena, const AccessAccount *who, const Case *c,
                                     size_t *n, GError **error);
/* A file's bytes; logged as a read.  FAULT_NOT_FOUND when it is not of C. */
bool cases_file (Cases *cases, Arena *arena, const AccessAccount *who, const Case *c, gint64 file,
                 Text *content, const char **type, const char **name, GError **error);
const CaseStatement *cases_statements (Cases *cases, Arena *arena, const Case *c, size_t *n, GError **error);

/* What the rules say today, or (AGAIN) said when the proposal was made, from the facts of that moment.
 * FAULT_DENIED to who acts for the applicant: to act is not to see. */
const PolicyDetermination *cases_proposal (Cases *cases, Arena *arena, const AccessAccount *who,
                                           const Case *c, bool again, GError **error);

/* ---- clocks --------------------------------------------------------------------- */

typedef struct {
  PolicyLimitKind kind;
  ClockLimit limit;
  size_t n_events;
  const ClockEvent *events;
  ClockReading reading;
} CaseClock;
/* Those that have begun, in PolicyLimitKind's order, read now. */
const CaseClock *cases_clocks (Cases *cases, Arena *arena, const Case *c, size_t *n, GError **error);
/* What time brings: dates anew where another calendar was published, a notice to the office of what is due
 * soon (once for each date), one to its heads of what is late (once; to the office where it has no head), and
 * a flag on cases that rest on facts corrected since: only who was touched since the last look is looked at,
 * which the store remembers.  FAULT_SYSTEM. */
bool cases_look (Cases *cases, GError **error);
/* A thread that looks every ten minutes.  What fails is told on standard error and tried again.  NULL with
 * FAULT_SYSTEM. */
typedef struct CasesKeeper CasesKeeper;
CasesKeeper *cases_keep (Cases *cases, GError **error);
void cases_keep_stop (CasesKeeper *keeper); /* NULL is ignored */

/* ---- queues ----------------------------------------------------------------------- */

typedef struct {
  const char *office;     /* NULL: every one that WHO may see */
  Subject applicant;      /* 0: any */
  const char *matter;     /* its key; NULL: any */
  const char *township;   /* its code; NULL: any */
  const CaseState *state; /* NULL: all that wait (case_waits) */
  bool closed;            /* those that do not, the newest first */
  gint64 parent;          /* 0: any */
  bool late;              /* due before now */
  struct {
    bool to_deliver; /* it was decided */
    int priority;
    gint64 due, id;
  } after; /* the last one's of the page before; id 0: from the start */
  size_t limit;
} CaseFilter;

/* What waits for the office: those to be decided and behind them those to be delivered; within each those
 * served first by law first, then by the date due.  For an applicant, their
 * own, and those of FILTER's applicant in which they act for them.  Names of people are not in it.  NULL with
 * FAULT_DENIED, FAULT_SYSTEM; N may be 0. */
const Case *cases_queue (Cases *cases, Arena *arena, const AccessAccount *who, const CaseFilter *filter,
                         size_t *n, GError **error);

/* Counts of an office by matter and state, and of those late or to be warned of.  WAITING: only of those that
 * wait (case_waits), whose cost does not grow with what is closed.  Where counting takes more than an eye's
 * blink, a few seconds old. */
typedef struct {
  const char *matter;
  gint64 states[CASE_STATES];
  gint64 late, soon, granted, refused;
} CaseCount;
const CaseCount *cases_counts (Cases *cases, Arena *arena, const AccessAccount *who, const char *office,
                               bool waiting, size_t *n, GError **error);

/* How long decisions took, from acceptance to the decision without the time that the clock stood still: of a
 * matter (TOWNSHIP NULL) and of each of its townships. */
typedef struct {
  const char *matter;
  const char *township; /* code; "": none on record; NULL: all */
  ClockUnit unit;       /* of the limit promised, or else the law's: CLOCK_DAYS, CLOCK_WORKING_DAYS or
                           CLOCK_WORKING_HOURS */
  gint64 decided;       /* cases; of them … */
  gint64 measured;      /* … had a limit that ran by a published calendar: what follows is of these */
  gint64 mean, within;  /* hundredths of the unit; 90 of 100 were decided WITHIN so many */
  gint64 late_promised, late_statutory;
} CaseFigure;
/* Of the cases that OFFICE decided from day FROM to day TO, both included: each matter, then its townships by
 * code.  Nobody's facts are read.  NULL with FAULT_DENIED, FAULT_SYSTEM; N may be 0. */
const CaseFigure *cases_figures (Cases *cases, Arena *arena, const AccessAccount *who, const char *office,
                                 Day from, Day to, size_t *n, GError **error);

/* By which provision C is served first, so that it can be said in words; NULL: it is not. */
const PolicyProvision *case_first_by (const Case *c);

/* ---- for those above: who pays, who finds whom is due ------------------------------- */

typedef struct {
  gint64 id;
  const char *number;
  Subject subject, applicant;
  bool granted; /* now: a decision may have been changed or taken up again */
  gint64 amount_fen, decided_at;
} CaseGrant;
/* Cases of MATTER that were decided, with ids above AFTER, in order; no facts of people.  The log is the
 * caller's. NULL with FAULT_SYSTEM. */
const CaseGrant *cases_granted (StoreConnection *db, Arena *arena, const char *matter, gint64 after,
                                size_t limit, size_t *n, GError **error);
/* Whether a case of MATTER about SUBJECT is open or granted. */
bool cases_served (StoreConnection *db, const char *matter, Subject subject, bool *served, GError **error);
/* All of whom that is true, appended to SUBJECTS (of Subject) in order. */
bool cases_served_all (StoreConnection *db, const char *matter, GArray *subjects, GError **error);
/* The newest case of MATTER about SUBJECT that was opened at SINCE (UTC seconds) or later: *ID 0 where there
 * is none; *APPLICANT who asked. */
bool cases_opened_since (StoreConnection *db, Arena *arena, const char *matter, Subject subject, gint64 since,
                         gint64 *id, const char **number, Subject *applicant, GError **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Cases, cases_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (CasesKeeper, cases_keep_stop)
