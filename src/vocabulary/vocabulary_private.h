/* What the parts of vocabulary share.
 *
 *   load.c      the tables
 *   words.c     words folded, and read aloud
 *   near.c      what belongs to what, and how near
 *   trie.c      words in texts
 *   suggest.c   what was typed so far */
#pragma once

#include "vocabulary/vocabulary.h"

/* One name of a concept, folded: what is compared. */
typedef struct {
  const char *folded;
  const char *syllables; /* "chachesiji", or "" */
  const char *readings;  /* of each character all: "hui,kuai|ji|", or "" */
  guint32 concept;
  guint16 len, characters; /* bytes, characters of folded */
  bool is_own;             /* the concept's own name, not another for it */
} Word;

/* A trie of the folded names, character by character.  Characters that no name has are 0; of the others each
 * has a number, the small letters and digits of ASCII the first. */
enum { SYMBOL_NONE, SYMBOL_LETTERS_LAST = 36, SYMBOL_BLANK, SYMBOL_UNKNOWN = G_MAXUINT16 };
typedef struct {
  guint32 first, end; /* children, side by side */
  guint32 concept;    /* whose name ends here, or VOCABULARY_NONE */
  guint16 symbol;
} TrieNode;
typedef struct {
  GHashTable *symbols; /* a folded character beyond ASCII, to its symbol */
  guint16 *fast;       /* of the characters below 0x10000, unfolded; SYMBOL_UNKNOWN: fold it */
  guint32 *roots;      /* by symbol: the node, or 0 */
  TrieNode *nodes;
} Trie;

/* What belongs to a concept. */
enum { TIE_SKILL, TIE_CERTIFICATE, TIE_INCLUDED, TIES };

struct Vocabulary {
  Arena *arena;
  VocabularyConcept *concepts;
  size_t n, firsts[VOCABULARY_KINDS + 1];
  GHashTable *by_code, *by_word; /* to index + 1 */
  Word *words;                   /* by kind, in the tables' order */
  size_t word_firsts[VOCABULARY_KINDS + 1];
  size_t longest; /* bytes of a folded word or its syllables */
  Trie trie;
  guint32 *starts[TIES]; /* per concept */
  VocabularyTie *ties[TIES];
};

/* The trie of V's words; free what is not V's arena's with trie_clear. */
void trie_make (Vocabulary *v);
void trie_clear (Trie *trie);

/* TEXT as words are compared, into OUT (cleared), without blanks around it. */
void vocabulary_fold (Text text, GString *out);
/* How NAME is said, into WORD: the syllables of its characters without tones, and all their readings. */
void word_read_aloud (Arena *arena, const char *name, Word *word);
