/* fulltext — finding short documents by what they say.
 *
 * What it is for: advertisements, offers, projects: some hundred thousand texts of a few
 * hundred characters with a title, a body and the name of who wrote them, searched by people
 * who type a few characters on a telephone.  The index lies in memory and is made anew from
 * the store when the program starts; it keeps no text, only where what is said.
 *
 *     documents ──put──> segments that never change ──search──> ids, scores by field, counts by column
 *
 * How things are found.  Text is folded as base/spelling.h folds names: capitals, full-width
 * letters, accents and traditional characters make no difference.
 *   - Chinese has no blanks, so every two characters that stand side by side are a *gram*; a word
 *     of more characters is found in a field that holds all of its grams.  One character alone
 *     is looked for in the fields that are `spelled`; elsewhere where it stands alone.
 *   - Letters and digits are words.
 *   - The caller may hand over *concepts*, numbers of what its own dictionary found in the text, and
 *     may ask for them beside a word: "水電工" then finds who wrote 电工.
 *   - Fields that are `spelled`, titles, are found by Mandarin syllables as well (diangong) and by
 *     their first letters (dg, diang), characters read in two ways by both.
 * Where a word is found nowhere it is looked for less strictly, step by step, until something is
 * found: by first letters; then with one typo (a letter or syllable's letter wrong, missing, too
 * many or exchanged with its neighbour, in words of four letters and more; a character wrong, missing
 * or too many in spelled fields, in words of three); then, for four characters and more, by a quarter of
 * their grams.  The answer says which words were loosened.
 *
 * How it is scored.  BM25 in each field (k1 = 1.2, b = 0.75), times the field's weight; the score is
 * the sum over the fields and each hit says the parts.  A word's score in a field is that of
 * the best way in which it is found there: exactly 1, syllables 0.8, first letters 0.4, typos and
 * parts 0.5, concepts as the caller says.  How rare a gram is, and how long fields are,
 * is counted over the documents that are there now: scores do not depend on what was removed or
 * on the order in which documents came.  Equal scores: the larger id, usually the newer, first.
 *
 * What it promises
 *   - Searches never wait for writers, nor writers for searches.  Segments of up to 65,536
 *     documents never change; a writer makes a new segment, merges small ones (four of a size to one), and
 * exchanges the list of segments.  A search sees all of a put or nothing.
 *   - What is put is found as soon as fulltext_put returns.
 *   - A search looks at every document that holds its words once: its time grows with these, never with their
 * square.
 *   - Hostile texts are limited, not trusted: see the limits and their faults below.
 *
 * What it refuses: phrases and operators (words are all that people type); languages that
 * need stems; to keep texts, to rank by anything but the text (market/ does), to be exact about distance: a
 * word's grams count wherever in the field they stand.
 *
 * How a call goes
 *
 *     static const FulltextField fields[] = { { "title", 300, true }, { "text", 100, false } };
 *     static const char *const columns[] = { "township", "kind" };
 *     FulltextShape shape = { 2, fields, 2, columns };
 *     g_autoptr (Fulltext) index = fulltext_new (&shape);
 *     Text texts[] = { text_of ("电焊工"), text_of ("熟练操作二保焊，包吃住") };
 *     guint16 values[] = { 3, 1 };
 *     FulltextDocument document = { .id = 17, .texts = texts, .columns = values };
 *     fulltext_put (index, &document, 1, &error);
 *
 *     FulltextQuery query = { .limit = 20 };
 *     query.words = fulltext_words (text_of ("電焊 包吃"), arena, &query.n_words, &error);
 *     const FulltextAnswer *answer = fulltext_search (index, &query, arena, &error);
 */
#pragma once

#include "base/base.h"

enum {
  FULLTEXT_FIELDS_MAX = 8,
  FULLTEXT_COLUMNS_MAX = 16,
  FULLTEXT_DOCUMENT_BYTES = 1 << 20, /* of all texts of a document */
  FULLTEXT_CONCEPTS_MAX = 4096,      /* of a document */
  FULLTEXT_QUERY_BYTES = 1024,       /* of all words of a query */
  FULLTEXT_WORDS_MAX = 32,
  FULLTEXT_MEANINGS_MAX = 64, /* of a word */
  FULLTEXT_FILTERS_MAX = 16,
  FULLTEXT_LIMIT_MAX = 1000, /* hits of an answer */
};

/* ---- the index ------------------------------------------------------------- */

typedef struct {
  const char *name; /* for faults */
  unsigned weight;  /* per cent: 100 is a score as it is */
  bool spelled;     /* also found by syllables, first letters and with a wrong character */
} FulltextField;

typedef struct {
  size_t n_fields;
  const FulltextField *fields; /* at least one, at most FULLTEXT_FIELDS_MAX */
  size_t n_columns;
  const char *const *columns; /* their names, for faults; at most FULLTEXT_COLUMNS_MAX */
} FulltextShape;

typedef struct Fulltext Fulltext;

/* An empty index.  SHAPE is copied; more fields or columns than there may be are a
 * programmer's mistake.  May be used by many threads at once. */
Fulltext *fulltext_new (const FulltextShape *shape);
/* No search or write may be under way. */
void fulltext_free (Fulltext *index);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (Fulltext, fulltext_free)

/* What the caller's dictionary found in a field. */
typedef struct {
  guint8 field;
  guint32 concept;
} FulltextConcept;

typedef struct {
  guint64 id;        /* the caller's */
  const Text *texts; /* one per field; UTF-8 */
  size_t n_concepts;
  const FulltextConcept *concepts; /* one as often as it occurs */
  const guint16 *columns;          /* one value per column */
} FulltextDocument;

/* Puts N documents in, each in place of the one with its id, if any; of two with one id the last
 * counts.  All or, with FAULT_INPUT, none: no UTF-8, more than FULLTEXT_DOCUMENT_BYTES or
 * FULLTEXT_CONCEPTS_MAX, a field that there is not.  Copies what it needs.  Writers
 * take turns; now and then one merges, which takes some hundredths of a second at most for short documents.
 */
bool fulltext_put (Fulltext *index, const FulltextDocument *documents, size_t n, GError **error);

/* Takes out the documents with these ids; returns how many there were. */
size_t fulltext_remove (Fulltext *index, const guint64 *ids, size_t n);

size_t fulltext_count (Fulltext *index); /* of documents */
size_t fulltext_bytes (Fulltext *index); /* of memory */

/* ---- searching --------------------------------------------------------------- */

typedef struct {
  guint32 concept;
  unsigned per_cent; /* of what the concept scores: 100 the word's own, less what is near */
} FulltextMeaning;

/* What has to be found: the text, or one of the concepts. */
typedef struct {
  Text text; /* what was typed; empty: the concepts alone */
  size_t n_meanings;
  const FulltextMeaning *meanings;
} FulltextWord;

/* The words of TYPED, cut at blanks and punctuation, in ARENA as long as TYPED lives: a start to which
 * the caller may add meanings.  NULL with FAULT_USAGE: no UTF-8, more than
 * FULLTEXT_QUERY_BYTES or FULLTEXT_WORDS_MAX.  Nothing typed: no words, not NULL. */
FulltextWord *fulltext_words (Text typed, Arena *arena, size_t *n, GError **error);

/* Keeps documents with one of VALUES in COLUMN, or (no values) from LEAST to MOST. */
typedef struct {
  unsigned column;
  size_t n_values;
  const guint16 *values;
  guint16 least, most;
} FulltextFilter;

typedef struct {
  size_t n_words;
  const FulltextWord *words; /* none: every document, score 0 */
  size_t at_least;           /* words that a document must hold; 0: all */
  size_t n_filters;
  const FulltextFilter *filters; /* all of them hold */
  size_t n_facets;
  const unsigned *facets; /* columns to count by */
  size_t facet_limit;     /* values of a facet; 0: all */
  size_t first, limit;    /* hits FIRST to FIRST + LIMIT - 1; a page */
} FulltextQuery;

typedef struct {
  guint64 id;
  double score;
  const double *parts; /* per field; they add up to the score */
} FulltextHit;

typedef struct {
  guint16 value;
  guint32 count;
} FulltextCount;

/* How many of what was found have each value, most first.  Filters of the facet's own column
 * are left out, so that one sees what else could be chosen. */
typedef struct {
  unsigned column;
  size_t n;
  const FulltextCount *counts;
} FulltextFacet;

typedef struct {
  size_t n_found; /* that hold the words and pass the filters */
  size_t n_hits;
  const FulltextHit *hits;
  const FulltextFacet *facets; /* one per query.facets */
  guint32 loosened;            /* bit i: word i was found nowhere as it is */
} FulltextAnswer;

/* What INDEX holds for QUERY, best first, in ARENA.  NULL with FAULT_USAGE: no UTF-8, a
 * limit above is exceeded (FIRST + LIMIT too is FULLTEXT_LIMIT_MAX at most), a column that
 * there is not. */
const FulltextAnswer *fulltext_search (Fulltext *index, const FulltextQuery *query, Arena *arena,
                                       GError **error);

/* ---- showing ------------------------------------------------------------------- */

typedef struct {
  size_t from, to; /* bytes */
} FulltextRange;

typedef struct {
  FulltextRange shown; /* of the text; whole characters */
  size_t n;
  const FulltextRange *marks; /* of the text, within SHOWN, ascending, apart from each other */
} FulltextSnippet;

/* The stretch of TEXT, at most CHARACTERS long, that shows most of WORDS, and what to mark in
 * it: words, failing that their grams, by syllables and first letters too where SPELLED is set.  All
 * of a short text.  What is no UTF-8 ends the text. */
FulltextSnippet fulltext_snippet (Text text, const FulltextWord *words, size_t n_words, bool spelled,
                                  size_t characters, Arena *arena);
