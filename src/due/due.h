/* due — who is entitled and does not get it.
 *
 * What it is for: nobody falls through the net because they did not know, or did not
 * dare, to apply (clause 23: 应保尽保; 社会救助暂行办法).  A department looks for those
 * whom its clause would give something and who do not have it, tells them, or takes the
 * matter up on its own initiative.
 *
 *     county as columns ──due_find──> list: subject, township, amount
 *                                       │ due_offer_all            │ due_lines, masked
 *                                       v                          v
 *                                     offer ──due_answer──> applies | declines, with the date
 *
 * What it promises
 *   - Found are exactly those for whom the provision's decision says yes and who have no
 *     case of its matter open or granted; where the provision names a decision that tells
 *     who lacks it (`unserved`), those alone.
 *     How many nobody can say of is told as well, and for want of which parameters.
 *   - One entry in the log for the whole run, with a commitment to everybody looked at,
 *     before the first fact is seen; one for every page of masked names; one for a file.
 *   - A list is there as a whole or not at all; the newest of a provision replaces the
 *     one before: what was found for one purpose is not kept for another.
 *   - Offers are sent in steps of DUE_STEP, each one transaction with its entry in the
 *     log and the count so far: what was interrupted goes on where it stopped, what is
 *     sent twice with one key happens once, and the counts are exact.
 *   - Who declined is not asked again before the time that a parameter of the package
 *     sets; without one, never.
 *
 * What it refuses: to grant.  An offer says that there may be a right and how to ask for
 * it; nothing is decided by a program alone (个人信息保护法 第24条).
 *
 * How a call goes
 *
 *     DueOptions options = { .package = p, .registry = r, .access = a };
 *     g_autoptr (Due) due = due_open (&options, &error);
 *     const DueList *list = due_find (due, arena, head, provision, &(DueRun){ .as_of = today }, &error);
 *     const DueLine *lines = due_lines (due, arena, head, list, &filter, &n, &error);
 *     due_offer_all (due, head, list->id, NULL, key, &report, &error);
 */
#pragma once

#include "access/access.h"
#include "base/base.h"
#include "cases/cases.h"
#include "county/county.h"
#include "policy/policy.h"
#include "registry/registry.h"

/* Everything pointed to must outlive it. */
typedef struct {
  const PolicyPackage *package;
  Registry *registry;
  Access *access;
  Cases *cases;                    /* who has one open or granted is served; NULL: none are known */
  gint64 (*clock) (gpointer data); /* UTC seconds; NULL: the machine's */
  gpointer clock_data;
} DueOptions;

typedef struct Due Due;
/* Brings the tables up to date.  NULL with FAULT_SYSTEM. */
Due *due_open (const DueOptions *options, GError **error);
void due_free (Due *due);

/* Whether WHO may look for and offer what CLAUSE gives: the right ACCESS_FIND_DUE, and a department that
 * answers for the clause. */
bool due_may (const AccessAccount *who, const PolicyClause *clause);

/* ---- finding ----------------------------------------------------------------- */

typedef struct {
  Day as_of;
  const County *county; /* of AS_OF with population_attributes; NULL: read for this */
  unsigned threads;     /* 0: 2 */
} DueRun;

typedef struct {
  gint64 id;
  const PolicyProvision *provision; /* NULL when the package of today has no such provision */
  const char *key;                  /* "23/main" */
  Day as_of;
  gint64 made_at; /* UTC seconds */
  const char *made_by, *package_hash;
  gint64 looked_at, found, undetermined; /* subjects */
  const char *missing;                   /* parameters without a value that keep the answer open; "" */
  double seconds;                        /* that the columns took; 0 once it was read back */
} DueList;

/* Look for everybody, and keep the list in place of the provision's last one.  FAULT_DENIED, FAULT_USAGE
 * (not in force on that day), FAULT_SYSTEM. */
const DueList *due_find (Due *due, Arena *arena, const AccessAccount *who, const PolicyProvision *provision,
                         const DueRun *run, GError **error);
/* The provision's list.  NULL with FAULT_NOT_FOUND when nobody has looked yet, FAULT_DENIED. */
const DueList *due_list (Due *due, Arena *arena, const AccessAccount *who, const PolicyProvision *provision,
                         GError **error);

/* ---- the list ------------------------------------------------------------------ */

typedef enum {
  DUE_NEW,      /* nothing was offered, or it may be again */
  DUE_OFFERED,  /* and not answered */
  DUE_ACCEPTED, /* applied by the offer */
  DUE_DECLINED,
} DueState;
enum { DUE_STATES = DUE_DECLINED + 1 };
const char *due_state_id (DueState state); /* "new", "offered", "accepted", "declined" */

typedef struct {
  Subject subject;
  const char *township; /* its code; "" where none is on record */
  const char *label;    /* masked; "" where the clause may not read it */
  bool has_amount;
  gint64 amount_fen; /* in the provision's unit */
  DueState state;
  gint64 offer;      /* its number; 0 */
  gint64 offered_at; /* UTC seconds; 0 */
  Day not_before;    /* DECLINED: when it may be offered again; 0: never */
} DueLine;

typedef struct {
  const char *township;  /* code; NULL: everywhere */
  const DueState *state; /* NULL: any */
  Subject after;         /* the last one's of the page before; 0: from the start */
  size_t limit;
} DueFilter;

/* By subject, names masked; an entry in the log names those whose masked names are in it.  NULL with
 * FAULT_DENIED, FAULT_SYSTEM; N may be 0. */
const DueLine *due_lines (Due *due, Arena *arena, const AccessAccount *who, const DueList *list,
                          const DueFilter *filter, size_t *n, GError **error);

typedef struct {
  const char *township; /* code; "": none on record */
  gint64 n, amount_fen, offered;
} DueTownship;
/* How many there are where, by code: the list by township. */
const DueTownship *due_townships (Due *due, Arena *arena, const AccessAccount *who, const DueList *list,
                                  size_t *n, GError **error);

/* All of the list as rows, without names: subject, township, amount in yuan, state, date.  Logged
 * as AUDIT_EXPORT with the set before the first row is handed out. */
enum { DUE_COLUMNS = 5 };
extern const char *const due_columns[DUE_COLUMNS];
const char *const *const *due_rows (Due *due, Arena *arena, const AccessAccount *who, const DueList *list,
                                    size_t *n, GError **error);

/* ---- offers ---------------------------------------------------------------------- */

enum { DUE_STEP = 500 };

/* The sum of the others is SEEN. */
typedef struct {
  gint64 seen, offered; /* or opened */
  gint64 already;       /* served by a case since; offered before, not answered, or accepted */
  gint64 declined;      /* and not to be asked again yet */
  gint64 nobody;        /* nobody on record whom a notice could reach */
  bool done;
} DueReport;

/* Offer to all of LIST in TOWNSHIP (NULL: everywhere) whom nothing is offered now: a notice to the person, or
 * to all who may ask for the household.  STEPS: at most so many transactions (0: to the end).  Again with the
 * same KEY goes on or tells what came of it.  FAULT_DENIED, FAULT_INPUT (no key, one used for another
 * list), FAULT_NOT_FOUND, FAULT_SYSTEM: REPORT has what is committed. */
bool due_offer_all (Due *due, const AccessAccount *who, const DueList *list, const char *township,
                    size_t steps, const char *key, DueReport *report, GError **error);

/* The same, but a case is opened for each on the office's own initiative, whatever was offered; the report
 * counts them as offered.  WHO may open cases for the matter (cases_submit), else FAULT_DENIED;
 * FAULT_USAGE when the provision has no matter. */
bool due_open_all (Due *due, const AccessAccount *who, const DueList *list, const char *township,
                   size_t steps, const char *key, DueReport *report, GError **error);

typedef struct {
  gint64 id;
  const PolicyProvision *provision;
  const PolicyMatter *matter; /* by which it is applied for; NULL: nobody applies for it */
  Subject subject;
  gint64 offered_at; /* UTC seconds */
  DueState state;
  gint64 answered_at;      /* 0: not yet */
  gint64 answer;           /* the case that answers it, whoever applied since it was made; 0: none */
  const char *answer_case; /* its number for people */
  bool answer_own;         /* WHO asked for it */
} DueOffer;
/* Those to WHO, or to a household that they may ask for; the newest first.  One's own: not logged. */
const DueOffer *due_offers (Due *due, Arena *arena, const AccessAccount *who, size_t *n, GError **error);
/* WHO answers offer ID: ACCEPT means that they go on to apply.  The same answer again is
 * nothing.  FAULT_NOT_FOUND (not to them), FAULT_CONFLICT (answered otherwise before). */
bool due_answer (Due *due, const AccessAccount *who, gint64 id, bool accept, GError **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Due, due_free)
