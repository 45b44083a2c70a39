/* rankers — ways to put posts in order for a search; they see what `seen` says, and the dictionary. */
#pragma once

#include "quality.h"

typedef struct Rankers Rankers;
Rankers *rankers_new (const Quality *quality);
void rankers_free (Rankers *rankers);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (Rankers, rankers_free)

/* The best posts for SEARCH into ORDER; how many. */
typedef size_t (*Ranker) (Rankers *rankers, size_t search, guint32 order[QUALITY_KEPT]);

/* BM25 over title and text: of what was typed, the skills of the profile and the name of the township. */
size_t rank_bm25 (Rankers *rankers, size_t search, guint32 order[QUALITY_KEPT]);
/* What JobTech published of its weights: terms that stand in the advertisement 10, concepts
 * found in it 9, headline 5, code of the occupation 2, its group 1, municipality 2, region 1, added up. */
size_t rank_jobtech (Rankers *rankers, size_t search, guint32 order[QUALITY_KEPT]);
