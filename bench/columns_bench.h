/* What the parts of the columns' benchmark share. */
#pragma once

#include "bench.h"

/* The decisions of policy/minhou-2021-81 over the county in FILE: n, 2n and 4n residents.
 * READ_SPEED in bytes per nanosecond.  Ends the process when an answer is wrong. */
void bench_county (const char *file, double read_speed);
