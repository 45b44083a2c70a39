/* concepts — what texts mean by the county's words of work, as src/jobs takes them from advertisements and
 * profiles: a name as it stands, else what is mentioned, else (of what somebody types) what is suggested. */
#pragma once

#include "vocabulary/vocabulary.h"

typedef struct {
  const guint32 *list; /* indexes into all of the vocabulary, each once */
  size_t n;
} Concepts;

/* What TEXT mentions. */
Concepts concepts_mentioned (const Vocabulary *words, Arena *arena, const char *text);
/* The one that is called NAME; else what it mentions. */
Concepts concepts_named (const Vocabulary *words, Arena *arena, const char *name);
/* What TYPED mentions, and where that is no occupation the one that is suggested for all of it, or for the
 * first of its words that has one. */
Concepts concepts_typed (const Vocabulary *words, Arena *arena, const char *typed);

/* Those of A, then those of B that A lacks. */
Concepts concepts_join (Arena *arena, Concepts a, Concepts b);
bool concepts_has (Concepts concepts, guint32 concept);
/* Those of KIND, by their place among them, into OUT (room for all); how many. */
size_t concepts_of_kind (const Vocabulary *words, Concepts concepts, VocabularyKind kind, guint32 *out);
