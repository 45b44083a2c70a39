/* A scorer that looks at every document: BM25 written once more, by counting needles in
 * haystacks, to hold the index against. */
#pragma once

#include "fulltext/fulltext.h"

enum { NAIVE_FIELDS = 4, NAIVE_KEYS = 24, NAIVE_WAYS = 4 };

typedef struct {
  guint64 id;
  /* A field's runs of characters between bars, its words between blanks: "|电焊工| cad |"; and what
   * characters are read as, " dian han gong |", and concepts, " #7 ". */
  const char *said[NAIVE_FIELDS];
  double length[NAIVE_FIELDS]; /* units */
  const guint16 *columns;
} NaiveDocument;

/* Needles, of which NEED must stand in a field. */
typedef struct {
  size_t n, need;
  const char *needles[NAIVE_KEYS];
  double factor;
} NaiveWay;

typedef struct {
  size_t n;
  NaiveWay ways[NAIVE_WAYS];
} NaiveWord;

typedef struct {
  guint64 id;
  double score;
  const NaiveDocument *document;
} NaiveHit;

/* Every document that holds all of WORDS, best first; as many as *N (g_free). */
NaiveHit *naive_search (const FulltextShape *shape, const NaiveDocument *documents, size_t n_documents,
                        const NaiveWord *words, size_t n_words, size_t *n);
