#include "spaces.h"

#include "rankers_private.h"

enum { SPACES = 4 };

/* As src/jobs makes it: what is near by the county's tables. */
static MarketSpace
words_space (const Rankers *r, Arena *arena, VocabularyKind kind)
{
  size_t n;
  const guint32 *starts;
  const VocabularyConcept *concepts = vocabulary_of_kind (r->words, kind, &n);
  const VocabularyTie *ties = vocabulary_neighbours (r->words, arena, kind, &starts);
  const char **names = arena_new0 (arena, const char *, MAX (n, 1));
  MarketNear *near = arena_new0 (arena, MarketNear, MAX (starts[n], 1));
  for (size_t i = 0; i < n; i++)
    names[i] = concepts[i].zh;
  for (guint32 i = 0; i < starts[n]; i++)
    near[i] = (MarketNear){ ties[i].concept, ties[i].weight };
  return (MarketSpace){ vocabulary_kind_id (kind), (guint32)n, names, starts, near };
}

static MarketSpace
own_space (Arena *arena, const char *id, size_t n, unsigned (*near) (guint32 a, guint32 b))
{
  guint32 *starts = arena_new0 (arena, guint32, n + 1), at = 0;
  MarketNear *all = arena_new0 (arena, MarketNear, n * n);
  const char **names = arena_new0 (arena, const char *, n);
  for (guint32 a = 0; a < n; a++) {
    names[a] = arena_printf (arena, "%s %u", id, a);
    all[at++] = (MarketNear){ a, 100 };
    for (guint32 b = 0; b < n; b++)
      if (b != a && near (a, b))
        all[at++] = (MarketNear){ b, (guint8)near (a, b) };
    starts[a + 1] = at;
  }
  return (MarketSpace){ id, (guint32)n, names, starts, all };
}

static unsigned
near_townships (guint32 a, guint32 b)
{
  return a == b ? 100 : quality_beside ((guint16)a, (guint16)b) ? 90 : 0;
}

static unsigned
near_itself (guint32 a, guint32 b)
{
  return a == b ? 100 : 0;
}

const MarketSpace *
rankers_spaces (const Rankers *r, Arena *arena, size_t *n)
{
  size_t known;
  MarketSpace *spaces = arena_new0 (arena, MarketSpace, SPACES);
  vocabulary_of_kind (r->words, VOCABULARY_CERTIFICATE, &known);
  spaces[0] = words_space (r, arena, VOCABULARY_OCCUPATION);
  spaces[1] = words_space (r, arena, VOCABULARY_SKILL);
  spaces[2] = own_space (arena, "certificate", known + QUALITY_CERTIFICATES, near_itself);
  spaces[3] = own_space (arena, "township", QUALITY_TOWNS, near_townships);
  *n = SPACES;
  return spaces;
}
