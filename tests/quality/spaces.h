/* spaces — what is near to what, for market/: occupations and skills by the county's words of work, townships
 * as they lie, certificates themselves alone: the tables' own, and behind them one by each number of
 * quality_certificate. */
#pragma once

#include "market/market.h"
#include "rankers.h"

/* N spaces in ARENA. */
const MarketSpace *rankers_spaces (const Rankers *rankers, Arena *arena, size_t *n);
