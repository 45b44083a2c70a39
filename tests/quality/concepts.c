#include "concepts.h"

bool
concepts_has (Concepts concepts, guint32 concept)
{
  for (size_t i = 0; i < concepts.n; i++)
    if (concepts.list[i] == concept)
      return true;
  return false;
}

Concepts
concepts_mentioned (const Vocabulary *words, Arena *arena, const char *text)
{
  size_t n;
  const VocabularyMention *mentions = vocabulary_find (words, arena, text_of (text), &n);
  guint32 *list = arena_new0 (arena, guint32, n + 1); /* room for one that is suggested */
  Concepts concepts = { list, 0 };
  for (size_t i = 0; i < n; i++)
    if (!concepts_has (concepts, mentions[i].concept))
  list[concepts.n++] = mentions[i].concept;
  return concepts;
}

Concepts
concepts_named (const Vocabulary *words, Arena *arena, const char *name)
{
  guint32 concept = vocabulary_by_name (words, text_of (name));
  if (concept == VOCABULARY_NONE)
    return concepts_mentioned (words, arena, name);
  guint32 *list = arena_new0 (arena, guint32, 1);
  *list = concept;
  return (Concepts){ list, 1 };
}

static guint32
suggested (const Vocabulary *words, Arena *arena, const char *typed)
{
  size_t n;
  const guint32 *best = vocabulary_suggest (words, arena, text_of (typed), VOCABULARY_OCCUPATION, 1, &n);
  return n ? best[0] : VOCABULARY_NONE;
}

Concepts
concepts_typed (const Vocabulary *words, Arena *arena, const char *typed)
{
  Concepts concepts = concepts_mentioned (words, arena, typed);
  guint32 *occupations = arena_new0 (arena, guint32, concepts.n + 1);
  if (concepts_of_kind (words, concepts, VOCABULARY_OCCUPATION, occupations))
    return concepts;
  guint32 best = suggested (words, arena, typed);
  g_auto (GStrv) parts = g_strsplit (typed, " ", -1);
  for (char **part = parts; *part && best == VOCABULARY_NONE; part++)
    best = suggested (words, arena, *part);
  if (best != VOCABULARY_NONE)
    ((guint32 *)concepts.list)[concepts.n++] = best;
  return concepts;
}

Concepts
concepts_join (Arena *arena, Concepts a, Concepts b)
{
  guint32 *list = arena_new0 (arena, guint32, a.n + b.n + 1);
  Concepts both = { list, 0 };
  for (size_t i = 0; i < a.n + b.n; i++) {
    guint32 concept = i < a.n ? a.list[i] : b.list[i - a.n];
    if (!concepts_has (both, concept))
    list[both.n++] = concept;
  }
  return both;
}

size_t
concepts_of_kind (const Vocabulary *words, Concepts concepts, VocabularyKind kind, guint32 *out)
{
  size_t n = 0, n_all, n_kind;
  const VocabularyConcept *all = vocabulary_concepts (words, &n_all),
                          *first = vocabulary_of_kind (words, kind, &n_kind);
  for (size_t i = 0; i < concepts.n; i++)
    if (all[concepts.list[i]].kind == kind)
      out[n++] = concepts.list[i] - (guint32)(first - all);
  return n;
}
