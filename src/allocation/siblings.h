/* Brothers and sisters who apply in the same draw: a heuristic that brings more of them to the same unit.
 *
 * Wishes of couples or families can make it impossible to keep all together and pass nobody by (Correa and
 * others 2022), so nothing is promised but this: a result with at least as many siblings together as the draw
 * without the heuristic has, which is just by the claims that it was run with.  docs/allocation.md says the
 * rule.
 *
 *     const AllocationSiblings *s = allocation_siblings (&problem, family_of, arena, &error);
 *     allocation_certify (&s->problem, s->result->unit_of, s->result->slots_of, NULL, &error);
 */
#pragma once

#include "allocation/spec.h"
#include "base/base.h"

enum { ALLOCATION_SIBLING_PASSES = 10 };

typedef struct {
  guint32 siblings; /* applications that have a place where one of their family has one, too */
  guint32 families; /* of two and more, with every member at one unit */
} AllocationTogether;

typedef struct {
  AllocationProblem
      problem; /* what RESULT is of: with the tier as first key, and the tickets as they counted */
  const AllocationResult *result;
  guint32 n_families;               /* of two and more */
  guint32 passes, kept;             /* runs with a tier; which one was kept: 0 is that with shared tickets
                                       alone, ALLOCATION_NOWHERE that without the heuristic */
  AllocationTogether before, after; /* without the heuristic, and in RESULT */
} AllocationSiblings;

/* FAMILY_OF: per application of PROBLEM a number below its n, the same for one family, or ALLOCATION_NOWHERE.
 * In ARENA; it refers to PROBLEM's arrays.  Up to ALLOCATION_SIBLING_PASSES + 3 runs.  FAULT_INPUT: a serial
 * dictatorship, which can have no tier; a family's number that is too high; and as allocation_run. */
const AllocationSiblings *allocation_siblings (const AllocationProblem *problem, const guint32 *family_of,
                                               Arena *arena, GError **error);

/* The draw of SPEC by its own rules: with *SIBLINGS where it brings them together, and NULL there otherwise.
 * *PROBLEM, allocation_spec_problem's, becomes the one that the result is of.  Faults as both. */
const AllocationResult *allocation_spec_run (const AllocationSpec *spec, AllocationProblem *problem,
                                             const AllocationSiblings **siblings, Arena *arena,
                                             GError **error);
