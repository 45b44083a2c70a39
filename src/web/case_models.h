/* Models of the pages about cases, and the words they need.  Everything lives in the
 * request's arena. */
#pragma once

#include "web/models.h"

/* Something to answer. */
typedef struct {
  const Question *question;
  const char *name;  /* of the form's field */
  const char *value; /* as typed, or NULL */
  const char *shown; /* the same in words */
} CaseQuestion;

typedef struct {
  const PolicyMatter *matter;
  bool check;                   /* the second step: check your answers, hand in papers */
  const char *trouble, *detail; /* what was wrong, or NULL; as the system says it */
  const char *key, *contact;
  const DueOffer *offer;   /* that it answers; NULL */
  bool nobody;             /* nobody is on record whom it would be about */
  const char *who, *about; /* ABOUT: a household or body, or NULL: WHO themselves */
  const RegistryProvenance *const *facts;
  size_t n_facts;
  const char *const
      *corrections; /* by fact: where its source is asked to correct it; NULL: not theirs to ask */
  const CaseQuestion *questions;
  size_t n_questions;
  const CaseMaterial *papers;
  size_t n_papers, n_open_papers;
} ApplyModel;

/* One limit: its days, to be unfolded. */
typedef struct {
  const CaseClock *clock;
  const ClockDay *days;
  size_t n_days;
} CaseLimitShown;

typedef struct {
  const Case *c;
  CaseParty party;
  bool is_new;                  /* just applied */
  const char *trouble, *detail; /* as above */
  const char *back;             /* where one comes from: "/me/cases", "/desk" */
  const char *action;           /* where its forms go to */
  const char *key;
  const char *reason; /* as typed */
  const CaseStep *steps;
  size_t n_steps;
  const CaseMaterial *materials;
  size_t n_materials, n_missing, n_refused;
  const CaseStatement *statements;
  size_t n_statements;
  const CaseQuestion *asked; /* for a correction */
  size_t n_asked;
  const CaseLimitShown *limits;
  size_t n_limits;
  const PolicyDetermination *proposal; /* staff: what the rules say; NULL: cannot be said */
  PolicyReasons reasons;
  const RegistryProvenance *const *facts; /* that it rests on */
  size_t n_facts;
  const LogRow *log; /* who looked at the applicant's data for it */
  size_t n_log;
  const Case *parts; /* of a bundle */
  size_t n_parts;
  const char *applicant, *subject; /* ids */
} CaseModel;

typedef struct {
  const Case *cases;
  size_t n;
  const char *next;
} MyCasesModel;

typedef enum { DESK_LATE, DESK_TODAY, DESK_WEEK, DESK_LATER, DESK_OPEN_END, DESK_TO_DELIVER } DeskUrgency;
enum { DESK_GROUPS = DESK_TO_DELIVER + 1 };

typedef struct {
  const Case *c;
  DeskUrgency urgency;
  bool first; /* of its urgency on this page */
} DeskRow;

typedef struct {
  const char *office;            /* whose queue; NULL: all */
  const char *matter, *township; /* the filter, or NULL */
  int state;                     /* a CaseState, or −1 */
  bool late, closed;
  const PolicyMatter *const *matters; /* to choose from */
  size_t n_matters;
  const RegistryDivision *townships; /* likewise */
  size_t n_townships;
  const DeskRow *rows;
  size_t n;
  const char *next;
  gint64 n_open, n_late, n_soon, n_to_deliver;
  const char *key;
  bool may_decide;
} DeskModel;

/* How far a decision on many got. */
typedef struct {
  const CaseRun *run;
  const CaseSkipped *skipped;
  size_t n_skipped;
} RunModel;

typedef struct {
  const PolicyMatter *matter; /* NULL: the package has it no more */
  const char *key;
  const CaseCount *count;
  gint64 open;
} DepartmentRow;

typedef struct {
  const CaseFigure *figure;
  const PolicyMatter *matter; /* as above */
  const char *place;          /* the township's name; NULL: all of the matter */
} DepartmentTime;

typedef struct {
  const char *office; /* NULL: none was chosen yet */
  const char *const *offices;
  size_t n_offices; /* to choose from; 0: there is no choice */
  const DepartmentRow *rows;
  size_t n;
  gint64 open, late, soon;
  Day from, to;       /* of the decisions whose time is counted */
  const char *matter; /* whose townships are shown; NULL: none */
  const char *csv;
  const DepartmentTime *times;
  size_t n_times;
  const Case *escalated;
  size_t n_escalated;
} DepartmentModel;

/* ---- words ------------------------------------------------------------------ */

/* "2026-11-30 17:30" of civil minutes; a dash for 0. */
const char *view_minutes (const Page *page, gint64 minutes);
/* "1,234.50 元". */
const char *view_fen (const Page *page, gint64 fen);
const char *view_case_state (const Page *page, CaseState state);
/* The class of its tag: "yes", "no", "undetermined", "derived". */
const char *view_case_class (const Case *c);
/* What became of it: the state, or once decided whether it was granted. */
const char *view_case_standing (const Page *page, const Case *c);
const char *view_case_action (const Page *page, CaseAction action);
const char *view_matter_name (const Page *page, const Case *c);
/* Why C is served first; NULL where it is not. */
const char *view_first_why (const Page *page, const Case *c);
/* "1.25 个工作日" of hundredths of UNIT. */
const char *view_took (const Page *page, ClockUnit unit, gint64 hundredths);
/* Which limit, and how it stands, in words. */
const char *view_limit_words (const Page *page, const CaseClock *clock);
const char *view_limit_reading (const Page *page, const CaseClock *clock);
/* "用了 1.25 个工作小时" of a clock that ended; NULL while it runs, or where it cannot be counted. */
const char *view_limit_took (const Page *page, const CaseClock *clock);
const char *view_limit_class (const CaseClock *clock);
/* What a step did, besides its reason: an office, the materials asked for. */
const char *view_step_detail (const Page *page, const Case *c, const CaseStep *step);
const char *view_urgency (const Page *page, DeskUrgency urgency);
const char *view_paper_state (const Page *page, CasePaper state);
const char *view_verdict (const Page *page, CaseVerdict verdict);
enum { CASE_STAGES = 4 };
/* How far along C is: 0 applied, 1 accepted and in review, 2 decided, 3 delivered. */
int view_case_progress (const Case *c);
const char *view_progress_name (const Page *page, int stage);
/* A deed as what one is asked to do: 受理. */
const char *view_deed (const Page *page, CaseAction action);
const char *view_reason_hint (const Page *page, CaseAction action);
const char *view_actor (const Page *page, const CaseStep *step);
const char *view_outcome_words (const Page *page, CaseOutcome outcome); /* "批准" */
