#pragma once

#include "concepts.h"
#include "fulltext/fulltext.h"
#include "rankers.h"

enum { RANKERS_FIELDS = 2 };

struct Rankers {
  const Quality *quality;
  const Vocabulary *words;
  Fulltext *plain, *full;
  const char **bodies; /* per post: its text, and the occupation on the form */
  const char **asked;  /* per search: what was typed, and the occupation that the profile wants */
  Concepts *titles, *texts, *listed; /* per post: of its title, its body and the occupation on the form */
  Concepts *wanted, *skills;         /* per search: what was typed and what the profile wants; its skills */
  Arena *arena;
};

/* What fulltext/ finds for SEARCH, with syllables, typos and concepts. */
const FulltextAnswer *rankers_find (Rankers *rankers, size_t search, size_t limit, Arena *arena);
