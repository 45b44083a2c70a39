/* allocation — places that are too few, shared out by rules that everybody can check.
 *
 * What it is for: school places by points, posts with a reserve, flats by lot, prizes by a jury's scores.  A
 * problem says how many places there are and in which order they are filled, who applies where in which order
 * of wishes, and by which keys claims are compared; allocation_run says who has which place.
 *
 * The mechanism is deferred acceptance (Gale and Shapley 1962): everybody asks for their first wish; a unit
 * keeps, until the end, the best claims among all who ever asked; who is not kept asks for their next.  So
 * nobody loses by naming their true wishes, and nobody is refused a place that somebody with a lesser claim
 * holds.  With one ranking for all units this is the same as everybody choosing in turn (serial
 * dictatorship).
 *
 * A unit's places are runs of slots, filled in their order (slot-specific priorities: Kominers and Sönmez
 * 2016). The order is the policy: a minimum filled before the open places is a guarantee, in which members
 * admitted on merit count; filled after them it comes over and above.  A hard run stays empty rather than
 * going to others.  A matched run has minimums for several traits side by side; who has two of them fills the
 * seat of one, and is moved between seats so that as many as possible are filled.
 *
 * What it promises
 *   - The result does not depend on the order of applications, nor on the order in which they are worked
 * through.
 *   - Those with equal claims are treated as the rule says: by their tickets (docs/allocation.md, lottery),
 * all refused together (reject-all), or all admitted, beyond the places if need be (admit-all).  In the
 * latter two a limit, once it has risen, never falls again (Biró and Kiselgof 2015).
 *   - A certificate: allocation_certify looks at a finished result by itself, shares no code with the run,
 * and needs time in proportion to the wishes.
 *
 * What it refuses
 *   - To promise what cannot be: a reserve may leave one of its members worse off, and a reserve per unit and
 * one for all units together cannot both be exact.  It shows the run with and without.
 *   - Claims without an order: where the lot decides, there must be tickets.
 *
 * How a call goes
 *
 *     AllocationSpec *spec = allocation_spec_read (arena, "draw.yaml", &error);
 *     allocation_close (spec, &error);
 *     allocation_draw (spec, arena, 2, &tickets, &error);
 *     AllocationProblem problem = allocation_spec_problem (spec, arena, tickets);
 *     const AllocationResult *result = allocation_run (&problem, arena, &error);
 *     AllocationOutcome outcome = { tickets, result->unit_of, result->slots_of };
 *     allocation_transcript (spec, &outcome, text, &error);
 */
#pragma once

#include "base/base.h"

typedef enum { ALLOCATION_DEFERRED, ALLOCATION_SERIAL } AllocationMechanism;
enum { ALLOCATION_MECHANISMS = ALLOCATION_SERIAL + 1 };
const char *
allocation_mechanism_id (AllocationMechanism mechanism); /* "deferred-acceptance", "serial-dictatorship" */

typedef enum {
  ALLOCATION_TIES_LOTTERY,
  ALLOCATION_TIES_REJECT_ALL,
  ALLOCATION_TIES_ADMIT_ALL
} AllocationTies;

typedef enum {
  ALLOCATION_OPEN,
  ALLOCATION_MINIMUM, /* members first, then anybody */
  ALLOCATION_HARD,    /* members only, else empty */
  ALLOCATION_MATCHED, /* a minimum for each of several traits: one holder fills one seat (matched.h) */
} AllocationSlotKind;

enum { ALLOCATION_MATCHED_MAX = 8 };

typedef struct {
  guint8 trait;
  guint32 n;
} AllocationSeats;

/* A run of equal slots. */
typedef struct {
  AllocationSlotKind kind;
  guint8 trait; /* of ALLOCATION_MINIMUM and ALLOCATION_HARD: whose members come first */
  guint32 n;
  const char *name;
  guint8 n_seats; /* of ALLOCATION_MATCHED, at most ALLOCATION_MATCHED_MAX; n is the sum of theirs */
  const AllocationSeats *seats;
} AllocationSlots;

typedef struct {
  const char *id;
  guint32 first, n_slots; /* its runs, in the order in which they are filled */
  guint32 region;         /* where the problem has regions; ALLOCATION_NOWHERE: in none */
  guint32 target;         /* what it is filled up to before the region's units take in turn */
} AllocationUnit;

/* Units that have so many places together at most; their slots are one run each, open to all. */
typedef struct {
  const char *name;
  guint32 cap;
} AllocationRegion;

/* What claims are compared by: one of the two arrays is there. */
typedef struct {
  const gint64 *of_applicant, *of_choice; /* the latter beside `choices` */
  bool ascending;                         /* the lesser comes first */
} AllocationKey;

enum { ALLOCATION_TICKET_BYTES = 32 };

/* Arrays are the caller's, and in step: applications 0 … n − 1, units, slots. */
typedef struct {
  AllocationMechanism mechanism;
  AllocationTies ties;
  size_t n_units, n_slots, n, n_keys;
  const AllocationUnit *units;
  const AllocationSlots *slots;
  const guint32 *starts,
      *choices;              /* those of i are starts[i] … starts[i + 1], the best first; each unit once */
  const AllocationKey *keys; /* compared in this order */
  const guint64 *traits;     /* bit t: has the trait t */
  const guint8 (*tickets)[ALLOCATION_TICKET_BYTES]; /* NULL unless drawn; equal ones go by number */
  size_t n_regions;                                 /* 0: units' `region` is not looked at */
  const AllocationRegion *regions;
} AllocationProblem;

/* No place; no unit; nobody. */
#define ALLOCATION_NOWHERE G_MAXUINT32

typedef struct {
  const guint32 *unit_of, *slots_of; /* per application: unit, and which of its runs, from 0 */
  const guint32 *filled;             /* per run of slots */
  const guint32 *last;               /* per run: who holds it with the least claim, or ALLOCATION_NOWHERE */
  const guint32 *waiting_starts, *waiting; /* per unit: who would rather have it, the best claim first */
} AllocationResult;

/* In ARENA.  FAULT_INPUT: the lot decides and there are no tickets; serial dictatorship with keys of choices;
 * matched slots where equal claims are not told apart by lot, or whose seats are not what they must be. */
const AllocationResult *allocation_run (const AllocationProblem *problem, Arena *arena, GError **error);

/* Which choice of I's (an index into `choices`) UNIT is; starts[I + 1] when it is none. */
static inline guint32
allocation_choice_of (const AllocationProblem *problem, guint32 i, guint32 unit)
{
  guint32 c = problem->starts[i];
  while (c < problem->starts[i + 1] && problem->choices[c] != unit)
    c++;
  return c;
}

/* How claims of I on their choice CI and of J on CJ (indexes into `choices`, both of one unit) compare: below
 * 0 when I's is better.  DECIDES (may be NULL) gets the key that decides; n_keys: the ticket. */
int allocation_compare (const AllocationProblem *problem, guint32 i, guint32 ci, guint32 j, guint32 cj,
                        size_t *decides);

/* Whether a result is feasible, leaves no place empty that somebody would rather have, and refuses nobody in
 * favour of a lesser claim.  FAULT_INPUT names the first application, by number as UNIT_OF has it, of whom
 * this is not so: *CULPRIT (may be NULL). */
bool allocation_certify (const AllocationProblem *problem, const guint32 *unit_of, const guint32 *slots_of,
                         guint32 *culprit, GError **error);

#include "allocation/spec.h"
#include "allocation/compare.h"
#include "allocation/effect.h"
#include "allocation/siblings.h"
#include "allocation/transcript.h"
