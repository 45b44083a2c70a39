/* Claims as numbers, for the run. */
#pragma once

#include "allocation/allocation.h"

/* A claim's number is below 2^63, the lesser the better; of one unit equal numbers are equal claims. */
typedef struct {
  guint32
      *upper; /* per choice, below 2^31: of the keys up to the last that is of choices; NULL: there is none */
  guint32 *lower; /* per application: of the other keys, and of its ticket */
  guint32 *order; /* applications by `lower` */
} AllocationRanks;

AllocationRanks allocation_rank (const AllocationProblem *problem);
void allocation_ranks_clear (AllocationRanks *ranks);

static inline guint64
allocation_rank_of (const AllocationRanks *ranks, guint32 applicant, guint32 choice)
{
  return (guint64)(ranks->upper ? ranks->upper[choice] : 0) << 32 | ranks->lower[applicant];
}
