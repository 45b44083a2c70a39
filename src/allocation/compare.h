/* Other mechanisms, for comparison only: what they would have done with the same places, applications and
 * tickets.  None of them decides anything here.
 *
 *   - Immediate acceptance: first wishes are final, then what is left goes to second wishes.  Who names their
 *     true first wish may lose by it (Abdulkadiroğlu and Sönmez 2003).
 *   - The parallel mechanism of university admission in China: the same by bands of wishes, of which each is
 *     shared out by deferred acceptance (Chen and Kesten 2017); a band of one wish is immediate acceptance.
 *   - Top trading cycles: the best for applicants that keeps priorities as property, not as claims: somebody
 * may be passed by with the better claim (Shapley and Scarf 1974; Abdulkadiroğlu and Sönmez 2003).
 *
 *     size_t n;
 *     const AllocationOther *others = allocation_compare_mechanisms (&problem, result, 2, arena, &n, &error);
 *     allocation_write_comparison (w, spec, others, n);
 */
#pragma once

#include "allocation/spec.h"
#include "base/base.h"

/* The unit of each application or ALLOCATION_NOWHERE, in ARENA.  Wishes are taken BAND (> 0) at a time.
 * Faults as allocation_run. */
const guint32 *allocation_run_parallel (const AllocationProblem *problem, guint32 band, Arena *arena,
                                        GError **error);
/* Units point only to those who named them, so what is known of cycles holds for whole lists: nobody gains by
 * another order of theirs, but somebody may by naming one more.  FAULT_INPUT: a unit has slots that are not
 * open to all, or equal claims have no tickets. */
const guint32 *allocation_run_trading (const AllocationProblem *problem, Arena *arena, GError **error);

typedef struct {
  const char *mechanism; /* "deferred-acceptance", "immediate-acceptance", "parallel", "top-trading-cycles" */
  guint32 placed, first; /* applications with a place, and with their first wish */
  guint32 better, worse; /* with a better place, a lesser one than by the result */
  gint64 passed_by;      /* refused at a unit of which an open place went to a lesser claim; -1: not known */
  const guint32 *unit_of;
} AllocationOther;

/* RESULT, PROBLEM's own, comes first; then those mechanisms that can be had: top trading cycles only where
 * all places are open to all.  In ARENA; NULL with faults as allocation_run. */
const AllocationOther *allocation_compare_mechanisms (const AllocationProblem *problem,
                                                      const AllocationResult *result, guint32 band,
                                                      Arena *arena, size_t *n, GError **error);
/* As JSON (docs/api/openapi.yaml, AllocationComparison). */
void allocation_write_comparison (JsonWriter *w, const AllocationSpec *spec, const AllocationOther *others,
                                  size_t n);
