/* rankers — ways to put posts in order for a search; they see what `seen` says, and the county's words of
 * work. */
#pragma once

#include "quality.h"
#include "vocabulary/vocabulary.h"

typedef struct Rankers Rankers;
/* Both must outlive it. */
Rankers *rankers_new (const Quality *quality, const Vocabulary *words);
void rankers_free (Rankers *rankers);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (Rankers, rankers_free)

/* The best posts for SEARCH into ORDER; how many. */
typedef size_t (*Ranker) (Rankers *rankers, size_t search, guint32 order[QUALITY_KEPT]);

/* BM25 over title and text with the form's occupation: of what was typed, the profile's occupation and skills
 * and the name of the township. */
size_t rank_bm25 (Rankers *rankers, size_t search, guint32 order[QUALITY_KEPT]);
/* What JobTech published of its weights: terms that stand in the advertisement 10, concepts
 * found in it 9, headline 5, code of the occupation 2, its group 1, municipality 2, region 1, added up. */
size_t rank_jobtech (Rankers *rankers, size_t search, guint32 order[QUALITY_KEPT]);

/* In how many titles, and in how much of what was typed, no word for an occupation is one that the tables
 * have (before anything is suggested): shares of 1. */
typedef struct {
  double titles, typed;
} RankersUnknown;
RankersUnknown rankers_unknown (const Rankers *rankers);
