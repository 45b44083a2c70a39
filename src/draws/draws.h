/* draws — rounds in which scarce places are shared out, from the notice to the last vacancy.
 *
 * What it is for: a clause says how school places, posts, flats or prizes are shared out
 * (PolicyAllocation); a round does so once.
 *
 *     planned ─open─> open ─close─> closed ─draw─> drawn ─publish─> published ─finish─> final
 *                     apply,        list and        run    place the   objections,    ─> second round
 *                     withdraw      commitment             rest        answers           (a round of its own)
 *                                                                      give up: the waiting list moves up
 *
 * What it promises
 *   - Before closing nobody knows a ticket; from closing on nobody changes the list.  Its hash,
 *     that of choices and keys, and the commitment to the operator's secret are published at
 *     closing; the public value that decides is named before (src/lottery).
 *   - Who closed a list does not draw (four eyes).
 *   - Who takes part, and every key, comes from the clause's decisions, read as of the last day
 *     for applications when the list is closed, and is kept with the list.
 *   - What is published has application numbers, keys and places, and nothing else about
 *     people (个人信息保护法, article 6); an applicant sees their own explanation.
 *   - The transcript is that of allocation/: draws_verify, `liudong allocate --verify` and a script
 *     in the reader's browser draw it again.
 *   - Where the clause says so (rest: office), a round does not end while somebody eligible is
 *     without a place and a place is free.
 *   - Each write is one work with its entry in the log; the same again is nothing.
 *
 * What it refuses: an application that is late, doubled, or not eligible, with its reason; to
 * draw before the public value's day; to change a list that is closed.
 *
 * How a call goes
 *
 *     g_autoptr (Draws) draws = draws_open (&options, &error);
 *     gint64 round = draws_plan (draws, worker, &plan, key, &error);
 *     draws_act (draws, worker, round, DRAWS_OPEN_IT, NULL, &error);
 *     draws_apply (draws, parent, round, &application, key, &number, &error);
 *     draws_act (draws, worker, round, DRAWS_CLOSE, NULL, &error);       // after the last day
 *     draws_draw (draws, head, round, &value, &error);                   // somebody else
 *     draws_act (draws, head, round, DRAWS_PUBLISH, NULL, &error);
 */
#pragma once

#include "access/access.h"
#include "allocation/allocation.h"
#include "base/base.h"
#include "lottery/lottery.h"
#include "policy/policy.h"
#include "registry/registry.h"

/* Everything pointed to must outlive it. */
typedef struct {
  const PolicyPackage *package;
  Registry *registry;
  Access *access;
  gint64 (*clock) (gpointer data); /* UTC seconds; NULL: the machine's */
  gpointer clock_data;
} DrawsOptions;

typedef struct Draws Draws;
/* Brings the tables up to date.  NULL with FAULT_SYSTEM. */
Draws *draws_open (const DrawsOptions *options, GError **error);
void draws_free (Draws *draws);

typedef enum {
  DRAWS_PLANNED,
  DRAWS_OPEN,
  DRAWS_CLOSED,
  DRAWS_DRAWN,
  DRAWS_PUBLISHED,
  DRAWS_FINAL,
  DRAWS_CANCELLED,
} DrawsState;
enum { DRAWS_STATES = DRAWS_CANCELLED + 1 };
const char *draws_state_id (DrawsState state); /* "planned" … */
PolicyText draws_state_name (DrawsState state);

/* Whether WHO runs rounds of ALLOCATION: the right ACCESS_ALLOCATE, in a department that answers for the
 * clause. */
bool draws_may (const AccessAccount *who, const PolicyAllocation *allocation);
/* "22/primary" in ARENA, and back; NULL when the package has none such. */
const char *draws_allocation_key (Arena *arena, const PolicyAllocation *allocation);
const PolicyAllocation *draws_allocation (const PolicyPackage *package, const char *key);
/* Whether the lot decides between equals, so that a public value is needed. */
bool draws_needs_lot (const PolicyAllocation *allocation);

/* ---- planning ------------------------------------------------------------------ */

enum {
  DRAWS_UNITS_MAX = 2000,
  DRAWS_CHOICES_MAX = 20,
  DRAWS_OBJECTION_DAYS = 7, /* where the clause names no parameter: our own choice */
};

/* What takes in. */
typedef struct {
  Subject place;          /* 0: the one list of an allocation without places */
  gint64 capacity;        /* in a plan -1: as the clause computes it */
  const char *name;       /* in a plan NULL */
  gint64 taken, vacant;   /* not in a plan; vacant: of all places, also those beside the others */
  const gint64 *reserves; /* not in a plan: of the clause's reserves, in their order */
} DrawsUnit;

typedef struct {
  const PolicyAllocation *allocation;
  gint64 parent;         /* the round whose vacant places this one has, for those without one; 0: none.  Its
                            units are then ignored */
  const char *title;     /* 2026年秋季 */
  Day deadline;          /* the last day for applications */
  gint64 objection_days; /* days, where the clause has no parameter; 0: DRAWS_OBJECTION_DAYS */
  LotterySource source, fallback;
  const DrawsUnit *units;
  size_t n_units;
} DrawsPlan;

/* A new round.  KEY makes it safe to repeat.  Its id; 0 with FAULT_DENIED, FAULT_INPUT (no units, one twice
 * or of another kind, no capacity known or given or below 0; a last day that is past; no public value though
 * the lot decides, or one before the last day; no key), FAULT_CONFLICT (the parent is not final, or has no
 * vacant place), FAULT_SYSTEM. */
gint64 draws_plan (Draws *draws, const AccessAccount *who, const DrawsPlan *plan, const char *key,
                   GError **error);

typedef enum { DRAWS_OPEN_IT, DRAWS_CLOSE, DRAWS_PUBLISH, DRAWS_FINISH, DRAWS_CANCEL } DrawsAct;
/* Take ROUND a step on; what is so already is nothing.  REASON: of cancelling.  FAULT_DENIED,
 * FAULT_NOT_FOUND, FAULT_INPUT (no reason), FAULT_CONFLICT: not from this state; to close before the last day
 * is over or without applications; to finish while objections run or are open, or somebody is still to be
 * placed. */
bool draws_act (Draws *draws, const AccessAccount *who, gint64 round, DrawsAct act, const char *reason,
                GError **error);

/* The public value, and the run.  VALUE's source is the announced one or its fallback; ignored where no lot
 * decides.  FAULT_DENIED (also who closed the list), FAULT_INPUT (no value, another source, a day that has
 * not come), FAULT_CONFLICT (the list is not closed; it was changed since). */
typedef struct {
  LotterySource source;
  const char *value;
} DrawsValue;
bool draws_draw (Draws *draws, const AccessAccount *who, gint64 round, const DrawsValue *value,
                 GError **error);

/* ---- applying -------------------------------------------------------------------- */

typedef struct {
  Subject applicant;    /* whom it is for; 0: WHO's own record */
  const guint32 *units; /* indexes, the best first; ignored where there are no places */
  size_t n_units;
} DrawsApplying;

/* What the clause says of APPLICANT at UNIT today, before or without applying; FAULT_DENIED as draws_apply.
 */
const PolicyWeight *draws_look (Draws *draws, Arena *arena, const AccessAccount *who, gint64 round,
                                Subject applicant, guint32 unit, GError **error);
/* For whom WHO may apply in ROUND: themselves, their household, their minor children; N may be 0.  In ARENA.
 */
typedef struct {
  Subject subject;
  const char *name; /* NULL: themselves */
} DrawsFor;
const DrawsFor *draws_whom (Draws *draws, Arena *arena, const AccessAccount *who, gint64 round, size_t *n,
                            GError **error);
/* WHO applies: for themselves, their household, their minor child, or, of the office, for anybody.  Number of
 * the application into ARENA.  NULL with FAULT_NOT_FOUND, FAULT_DENIED, FAULT_INPUT (no choice, one twice, an
 * unknown unit; no key), FAULT_CONFLICT (not open; late; applied already; not eligible: why). */
const char *draws_apply (Draws *draws, Arena *arena, const AccessAccount *who, gint64 round,
                         const DrawsApplying *applying, const char *key, GError **error);
/* Before closing: the application is off the list, and may be made anew.  Afterwards the place is given up,
 * and the waiting list moves up.  The same again is nothing.  FAULT_NOT_FOUND, FAULT_DENIED, FAULT_CONFLICT
 * (between closing and publication). */
bool draws_withdraw (Draws *draws, const AccessAccount *who, gint64 round, const char *number,
                     GError **error);

/* ---- after the run ----------------------------------------------------------------- */

/* The office places who got none of their choices at a unit with room.  FAULT_DENIED, FAULT_NOT_FOUND,
 * FAULT_CONFLICT (no room, has a place, not eligible, not drawn or final, the clause does not place the
 * rest).
 */
bool draws_place (Draws *draws, const AccessAccount *who, gint64 round, const char *number, guint32 unit,
                  GError **error);

/* WHO objects to what became of their application.  Once: the same text again is nothing.  FAULT_NOT_FOUND,
 * FAULT_DENIED, FAULT_INPUT (no text), FAULT_CONFLICT (not published, over, another objection is open). */
bool draws_object (Draws *draws, const AccessAccount *who, gint64 round, const char *number, const char *text,
                   GError **error);
/* The office answers; once. */
bool draws_answer (Draws *draws, const AccessAccount *who, gint64 objection, const char *text, bool upheld,
                   GError **error);

/* ---- reading ------------------------------------------------------------------------ */

typedef struct {
  gint64 id;
  const PolicyAllocation *allocation; /* NULL when the package of today has no such one */
  const char *allocation_key, *title;
  gint64 parent;
  DrawsState state;
  Day deadline, objections_until; /* 0: not published */
  gint64 objection_days;
  LotterySource source, fallback;                /* names "" for none */
  const char *planned_by, *closed_by, *drawn_by; /* NULL: not yet */
  gint64 planned_at, closed_at, drawn_at, published_at, finished_at;
  const char *reason;                    /* of cancelling */
  const char *list, *rules;              /* hex; NULL before closing */
  const char *commitment, *announcement; /* likewise, and where no lot decides */
  const char *secret, *value, *used, *seed,
      *result; /* NULL before drawing: RESULT is the transcript's SHA-256 */
  Day used_day;
  gint64 n_applications; /* that stand */
  size_t n_units;
  const DrawsUnit *units;
} DrawsRound;
/* The newest first, of those that are open to be seen: planned ones are for who runs them (WHO may be NULL).
 */
const DrawsRound *draws_rounds (Draws *draws, Arena *arena, const AccessAccount *who, size_t limit, size_t *n,
                                GError **error);
/* NULL with FAULT_NOT_FOUND. */
const DrawsRound *draws_round (Draws *draws, Arena *arena, const AccessAccount *who, gint64 id,
                               GError **error);

typedef enum { DRAWS_STANDING, DRAWS_WITHDRAWN, DRAWS_STRUCK } DrawsStanding;
typedef enum { DRAWS_NO_SEAT, DRAWS_BY_RUN, DRAWS_BY_OFFICE, DRAWS_MOVED_UP } DrawsHow;
const char *draws_standing_id (DrawsStanding standing); /* "standing", "withdrawn", "struck" */
const char *draws_how_id (DrawsHow how);                /* "none", "run", "office", "waiting-list" */

/* One of an application's choices. */
typedef struct {
  guint32 unit;
  bool eligible;
  const gint64 *keys; /* thousandths, of the clause's priorities; zeros before closing */
  const char *note;   /* why not eligible; NULL */
} DrawsChoice;

typedef struct {
  gint64 id;
  const char *number; /* "3-0001" */
  Subject applicant;  /* 0 where it is not for the reader */
  DrawsStanding standing;
  const char *reason; /* why struck; NULL */
  gint64 given_at;
  gint32 seat; /* a unit; -1: none */
  DrawsHow how;
  const char *ticket; /* hex; NULL: not drawn */
  size_t n_choices;
  const DrawsChoice *choices;
} DrawsApplication;

/* All applications by number: to who runs the round; to everybody, without applicants, once it is published.
 * NULL with FAULT_NOT_FOUND, FAULT_DENIED. */
const DrawsApplication *draws_applications (Draws *draws, Arena *arena, const AccessAccount *who,
                                            gint64 round, size_t *n, GError **error);
/* Those that WHO made or that are about them; before publication without place and ticket. */
const DrawsApplication *draws_mine (Draws *draws, Arena *arena, const AccessAccount *who, gint64 round,
                                    size_t *n, GError **error);

/* Why not a better place: for each choice before the seat. */
typedef struct {
  guint32 unit;
  bool eligible;
  size_t decides;          /* the key that decides; the number of keys: the ticket, or all equal */
  gint64 own, last;        /* thousandths of that key: own, and of who was last let in */
  const char *last_number; /* who that is; NULL: nobody was let in */
  const char *last_ticket, *own_ticket;
  const char *note; /* why not eligible */
  size_t waiting;   /* the place on its waiting list, from 1; 0: none */
} DrawsBetter;
/* The same access as draws_mine, and the office.  FAULT_CONFLICT before the run is published (for the office:
 * drawn). */
const DrawsBetter *draws_explain (Draws *draws, Arena *arena, const AccessAccount *who, gint64 round,
                                  const char *number, size_t *n, GError **error);

typedef struct {
  gint64 id;
  const char *number, *text, *answer, *answered_by; /* answer NULL: open */
  bool upheld;
  gint64 given_at;
} DrawsObjection;
/* All of ROUND, for who runs it; else those of WHO's own applications. */
const DrawsObjection *draws_objections (Draws *draws, Arena *arena, const AccessAccount *who, gint64 round,
                                        size_t *n, GError **error);

/* ---- files -------------------------------------------------------------------------- */

/* Applications in TEXT, rows of a CSV with the columns applicant ("resident-12") and choices (units from 1,
 * separated by ";"): each as by draws_apply, in order.  The first that is refused ends it, and its row is
 * named; the same again with the same KEY goes on from there.  *N: rows that are in. */
bool draws_import (Draws *draws, const AccessAccount *who, gint64 round, Text text, const char *key,
                   size_t *n, GError **error);
/* Jury scores in TEXT, rows of a CSV with the columns application ("3-0001"), juror and score (or 回避: takes
 * no part in this entry), where the clause ranks by them (PolicyScores): each becomes a fact of the entry,
 * valid from the last day for applications.  The whole table each time.  *N: entries that have their score.
 * FAULT_DENIED, FAULT_INPUT (row and reason; an entry without a row of each juror, or with two),
 * FAULT_CONFLICT (before the last day is over, closed, or no jury). */
bool draws_score (Draws *draws, const AccessAccount *who, gint64 round, Text text, const char *key, size_t *n,
                  GError **error);
typedef struct {
  const char *number, *juror;
  bool excused;
  gint64 score; /* at the scale of PolicyScores.score */
} DrawsScore;
/* What was handed in, for who runs the round. */
const DrawsScore *draws_scores (Draws *draws, Arena *arena, const AccessAccount *who, gint64 round, size_t *n,
                                GError **error);
/* Results into OUT as CSV: number, place, how, keys, ticket; who may as draws_applications. */
bool draws_export (Draws *draws, const AccessAccount *who, gint64 round, GString *out, GError **error);
/* Everything to draw again (docs/allocation.md), in ARENA; from publication on (for the office: the run). */
const char *draws_transcript (Draws *draws, Arena *arena, const AccessAccount *who, gint64 round,
                              GError **error);

/* What the reserves did: the run beside the same one with every slot open to all. */
typedef struct {
  const char *reserve; /* its id in the clause; NULL: everybody */
  AllocationGroupEffect counts;
} DrawsEffect;
/* Everybody, then the members of each reserve; *N is 0 where the round has none.  In ARENA.  Counts are
 * exact: who shows them hides the small ones.  Faults as draws_transcript. */
const DrawsEffect *draws_effect (Draws *draws, Arena *arena, const AccessAccount *who, gint64 round,
                                 size_t *n, GError **error);

/* ROUND run again from its transcript, against the announcement published at closing (allocation_verify).
 * Faults as draws_transcript. */
const AllocationCheck *draws_verify (Draws *draws, Arena *arena, const AccessAccount *who, gint64 round,
                                     size_t *n, GError **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Draws, draws_free)
