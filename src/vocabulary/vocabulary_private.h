/* What the parts of vocabulary share.
 *
 *   load.c      the tables
 *   near.c      what belongs to what, and how near
 *   find.c      words in texts, and what was typed so far */
#pragma once

#include "vocabulary/vocabulary.h"

/* One name of a concept, folded: what is compared. */
typedef struct {
  const char *folded;
  size_t len;            /* bytes */
  const char *syllables; /* "chachesiji", or "" */
  const char *initials;  /* "ccsj", or "" */
  guint32 concept;
} Word;

struct Vocabulary {
  Arena *arena;
  VocabularyConcept *concepts;
  size_t n, firsts[VOCABULARY_KINDS + 1];
  GHashTable *by_code, *by_word; /* to index + 1 */
  Word *words;
  size_t n_words;
  size_t longest;     /* bytes of a folded word */
  guint8 *begins;     /* whether a word begins with these two bytes: 64 KB of bits */
  guint32 *starts[2]; /* ties: skills, certificates, per concept */
  VocabularyTie *ties[2];
};

/* TEXT as words are compared, into OUT (cleared); AT (may be NULL) gets for each byte of OUT the byte of TEXT
 * that it came from, and one more for the end. */
void vocabulary_fold (Text text, GString *out, GArray *at);
