#pragma once

#include "fulltext/fulltext.h"
#include "rankers.h"

enum { RANKERS_FIELDS = 2 };

typedef struct {
  const QualityMention *mentions;
  size_t n;
} Mentions;

struct Rankers {
  const Quality *quality;
  Fulltext *plain, *full;
  Mentions *titles, *texts; /* per post */
  Arena *arena;
};

/* What fulltext/ finds for SEARCH, with syllables, typos and concepts. */
const FulltextAnswer *rankers_find (Rankers *rankers, size_t search, size_t limit, Arena *arena);
bool mentions_has (const Mentions *mentions, guint16 concept);
