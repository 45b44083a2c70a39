/* ours — the order in which this program shows posts: market/ by the county's file, which keeps to what the
 * law lets a person hold, over concepts of the county's words of work; and points for the words that
 * fulltext/ finds, which also tell what somebody means where no table has their word. */
#pragma once

#include "market/market.h"
#include "rankers.h"

typedef struct Ours Ours;
/* WORDS: the most points for words; 0: the market alone, as src/jobs has it.  MARKET must outlive it.  NULL
 * where the file has a column that posts and searches here do not fill. */
Ours *ours_new (Rankers *rankers, const Market *market, unsigned words, GError **error);
void ours_free (Ours *ours);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (Ours, ours_free)

const Market *ours_market (const Ours *ours);

typedef struct {
  guint32 post;
  unsigned score, words; /* WORDS: of SCORE, for what was typed; the rest are the market's parts */
} OursShown;
/* The best for SEARCH, at most QUALITY_KEPT. */
size_t ours_rank (Ours *ours, size_t search, OursShown shown[QUALITY_KEPT]);
/* The same as a list of matches has it, in the market's own order; as many as a page shows. */
enum { OURS_LIST = 20 };
size_t ours_list (Ours *ours, size_t search, OursShown shown[QUALITY_KEPT]);
/* Why, as the person is told. */
const MarketReasons *ours_explain (Ours *ours, Arena *arena, size_t search, guint32 post);
