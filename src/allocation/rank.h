/* Claims as numbers, for the run. */
#pragma once

#include "allocation/allocation.h"

/* Per choice a number below 2^63, the lesser the better; of one unit equal ones are equal claims.  g_free. */
guint64 *allocation_rank (const AllocationProblem *problem);
