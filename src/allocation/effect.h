/* What reserves do: the same places, applications and tickets, once with the reserves and once with every
 * slot open to all.  A reserve is not a promise that each of its members is better off (Kojima 2012): who
 * gains and who loses is counted, not supposed.
 *
 *     const AllocationEffect *effect = allocation_effect (&problem, result, arena, &error);
 *     allocation_write_effect (w, spec, &problem, result, effect);
 */
#pragma once

#include "allocation/spec.h"
#include "base/base.h"

typedef struct {
  guint32 n, placed, placed_without; /* applications; with a place, and with one were there no reserves */
  guint32 gain, lose;                /* with a better place by the reserves than without; with a lesser one */
} AllocationGroupEffect;

typedef struct {
  const AllocationResult *without;                            /* every slot open to all */
  AllocationGroupEffect everybody, of[ALLOCATION_TRAITS_MAX]; /* of those with the trait */
} AllocationEffect;

/* RESULT is PROBLEM's.  In ARENA.  Faults as allocation_run. */
const AllocationEffect *allocation_effect (const AllocationProblem *problem, const AllocationResult *result,
                                           Arena *arena, GError **error);
/* As JSON (docs/api/openapi.yaml, AllocationReserveEffect): groups by trait, and who holds another place. */
void allocation_write_effect (JsonWriter *w, const AllocationSpec *spec, const AllocationProblem *problem,
                              const AllocationResult *result, const AllocationEffect *effect);
