#include "naive.h"

#include <math.h>
#include <stdlib.h>

typedef struct {
  const FulltextShape *shape;
  const NaiveDocument *documents;
  size_t n;
} Corpus;

static double
occurrences (const char *haystack, const char *needle)
{
  double n = 0;
  for (const char *at = haystack; (at = strstr (at, needle)); at++)
    n++;
  return MIN (n, 255);
}

/* What needle adds to each document in FIELD; zero where it does not stand. */
static void
score_needle (const Corpus *c, size_t field, const char *needle, double *scores)
{
  double held = 0, length = 0;
  for (size_t d = 0; d < c->n; d++) {
    scores[d] = occurrences (c->documents[d].said[field], needle);
    held += scores[d] > 0;
    length += c->documents[d].length[field];
  }
  double rareness = log (1 + ((double)c->n - held + 0.5) / (held + 0.5));
  for (size_t d = 0; d < c->n; d++) {
    double mean = length > 0 ? length / (double)c->n : 1;
    double norm = 1.2 * (0.25 + 0.75 * c->documents[d].length[field] / mean);
    scores[d] = scores[d] > 0 ? rareness * scores[d] * 2.2 / (scores[d] + norm) : 0;
  }
}

static void
best_of_way (const Corpus *c, size_t field, const NaiveWay *way, double *best)
{
  g_autofree double *sum = g_new0 (double, c->n), *one = g_new (double, c->n);
  g_autofree size_t *held = g_new0 (size_t, c->n);
  for (size_t k = 0; k < way->n; k++) {
    score_needle (c, field, way->needles[k], one);
    for (size_t d = 0; d < c->n; d++) {
      sum[d] += one[d];
      held[d] += one[d] > 0;
    }
  }
  for (size_t d = 0; d < c->n; d++)
    if (held[d] >= way->need)
      best[d] = MAX (best[d], way->factor * sum[d]);
}

static int
best_first (const void *x, const void *y)
{
  const NaiveHit *a = x, *b = y;
  if (a->score != b->score)
    return a->score > b->score ? -1 : 1;
  return (a->id < b->id) - (a->id > b->id);
}

NaiveHit *
naive_search (const FulltextShape *shape, const NaiveDocument *documents, size_t n_documents,
              const NaiveWord *words, size_t n_words, size_t *n)
{
  Corpus c = { shape, documents, n_documents };
  NaiveHit *hits = g_new (NaiveHit, n_documents + 1);
  g_autofree double *total = g_new0 (double, n_documents);
  g_autofree size_t *held = g_new0 (size_t, n_documents);
  for (size_t w = 0; w < n_words; w++) {
    g_autofree bool *here = g_new0 (bool, n_documents);
    for (size_t f = 0; f < shape->n_fields; f++) {
      g_autofree double *best = g_new0 (double, n_documents);
      for (size_t i = 0; i < words[w].n; i++)
        best_of_way (&c, f, &words[w].ways[i], best);
      for (size_t d = 0; d < n_documents; d++) {
        total[d] += best[d] * shape->fields[f].weight / 100;
        here[d] |= best[d] > 0;
      }
    }
    for (size_t d = 0; d < n_documents; d++)
      held[d] += here[d];
  }
  *n = 0;
  for (size_t d = 0; d < n_documents; d++)
    if (held[d] == n_words)
      hits[(*n)++] = (NaiveHit){ documents[d].id, total[d], &documents[d] };
  qsort (hits, *n, sizeof *hits, best_first);
  return hits;
}
