#include "fulltext_private.h"

#include <math.h>

/* BM25's usual constants: how soon repeating a word stops to count, and how much long fields
 * are held against a document (Robertson and Zaragoza 2009, "The Probabilistic Relevance Framework"). */
static const double k1 = 1.2, b = 0.75;

enum { VALUES = 65536 };

/* What is known about the documents of a part while a query is answered. */
typedef struct {
  const Part *part;
  float *sums[FULLTEXT_FIELDS_MAX]; /* a field's score */
  guint8 *n_words;                  /* that were found */
  guint8 *last_word;                /* the last of them, from 1 */
  float *best;                      /* of a word's ways in a field */
  guint16 *touched;                 /* where BEST is set */
  size_t n_touched;
  guint16 *matches; /* keys of a way, where not all are needed */
  double *scores;
  guint16 *found; /* documents of SCORES, while keys are intersected */
} Sheet;

typedef struct {
  const FulltextShape *shape;
  const FulltextQuery *query;
  const State *state;
  Arena *arena;
  Sheet *sheets; /* one per part */
  size_t need;   /* words a document must hold */
} Search;

/* ---- one way in one field --------------------------------------------------------- */

typedef struct {
  size_t n_documents;       /* that hold it and are there */
  double rareness;          /* inverse document frequency */
  const Postings *postings; /* one per part */
} Gram;

static Gram
gram_find (const Search *s, Key key)
{
  Postings *postings = arena_new0 (s->arena, Postings, s->state->n_parts);
  Gram gram = { .postings = postings };
  for (size_t p = 0; p < s->state->n_parts; p++) {
    const Part *part = &s->state->parts[p];
    postings[p] = segment_find (part->segment, key);
    if (!part->dead)
      gram.n_documents += postings[p].n;
    for (size_t i = 0; part->dead && i < postings[p].n; i++)
      gram.n_documents += !bits_has (part->dead, postings[p].documents[i]);
  }
  double n = (double)s->state->n_documents, df = (double)gram.n_documents;
  gram.rareness = log (1 + (n - df + 0.5) / (df + 0.5));
  return gram;
}

/* How long a document's field is makes its norm: START + STEP × length. */
typedef struct {
  double start, step;
  const guint32 *lengths;
} Norm;

static Norm
norm_of (const Search *s, size_t part, size_t field)
{
  double all = (double)s->state->lengths[field];
  double step = all > 0 ? k1 * b * (double)s->state->n_documents / all : 0;
  return (Norm){ k1 * (1 - b), step, s->state->parts[part].segment->lengths[field] };
}

static inline double
score_of (const Norm *norm, const Gram *gram, guint16 document, guint8 count)
{
  return gram->rareness * count * (k1 + 1) / (count + norm->start + norm->step * norm->lengths[document]);
}

static void
deliver (Sheet *sheet, guint16 document, double score)
{
  if (sheet->best[document] == 0)
    sheet->touched[sheet->n_touched++] = document;
  sheet->best[document] = MAX (sheet->best[document], (float)score);
}

/* The place from AT on of the first document that is not before DOCUMENT: in growing steps. */
static size_t
gallop (const Postings *p, size_t at, guint16 document)
{
  size_t step = 1, to = at;
  while (to < p->n && p->documents[to] < document) {
    at = to + 1;
    to += step;
    step *= 2;
  }
  to = MIN (to, p->n);
  while (at < to) {
    size_t middle = (at + to) / 2;
    if (p->documents[middle] < document)
      at = middle + 1;
    else
      to = middle;
  }
  return at;
}

/* Documents that hold all grams; these begin with the rarest. */
static void
intersect (Sheet *sheet, size_t part, const Norm *norm, const Gram *grams, size_t n_grams, double factor)
{
  const Postings *first = &grams[0].postings[part];
  size_t n = 0;
  for (size_t i = 0; i < first->n; i++)
    if (part_alive (sheet->part, first->documents[i])) {
      sheet->found[n] = first->documents[i];
      sheet->scores[n++] = score_of (norm, &grams[0], first->documents[i], first->counts[i]);
    }
  for (size_t g = 1; g < n_grams && n; g++) {
    const Postings *postings = &grams[g].postings[part];
    size_t kept = 0, at = 0;
    for (size_t i = 0; i < n; i++) {
      at = gallop (postings, at, sheet->found[i]);
      if (at == postings->n)
        break;
      if (postings->documents[at] != sheet->found[i])
        continue;
      sheet->scores[kept]
          = sheet->scores[i] + score_of (norm, &grams[g], sheet->found[i], postings->counts[at]);
      sheet->found[kept++] = sheet->found[i];
    }
    n = kept;
  }
  for (size_t i = 0; i < n; i++)
    deliver (sheet, sheet->found[i], factor * sheet->scores[i]);
}

/* Documents that hold at least NEED of the grams. */
static void
count_some (Sheet *sheet, size_t part, const Norm *norm, const Gram *grams, const Way *way)
{
  size_t n_documents = sheet->part->segment->n_documents;
  memset (sheet->matches, 0, n_documents * sizeof *sheet->matches);
  for (size_t g = 0; g < way->n; g++) {
    const Postings *p = &grams[g].postings[part];
    for (size_t i = 0; i < p->n; i++) {
      guint16 document = p->documents[i];
      double score = score_of (norm, &grams[g], document, p->counts[i]);
      sheet->scores[document] = sheet->matches[document]++ ? sheet->scores[document] + score : score;
    }
  }
  for (size_t i = 0; i < n_documents; i++)
    if (sheet->matches[i] >= way->need && part_alive (sheet->part, i))
      deliver (sheet, (guint16)i, way->factor * sheet->scores[i]);
}

static int
rarest_first (const void *x, const void *y)
{
  const Gram *p = x, *q = y;
  return (p->n_documents > q->n_documents) - (p->n_documents < q->n_documents);
}

static void
score_way (Search *s, const Way *way, size_t field)
{
  if ((way->spelled && !s->shape->fields[field].spelled) || way->factor <= 0)
    return;
  Gram *grams = arena_new0 (s->arena, Gram, way->n);
  size_t present = 0;
  for (size_t k = 0; k < way->n; k++) {
    grams[k] = gram_find (s, key_in (way->keys[k], field));
    present += grams[k].n_documents > 0;
    if (present + way->n - k - 1 < way->need)
      return;
  }
  qsort (grams, way->n, sizeof *grams, rarest_first);
  for (size_t p = 0; p < s->state->n_parts; p++) {
    Norm norm = norm_of (s, p, field);
    if (way->need == way->n)
      intersect (&s->sheets[p], p, &norm, grams, way->n, way->factor);
    else
      count_some (&s->sheets[p], p, &norm, grams, way);
  }
}

/* ---- words -------------------------------------------------------------------------- */

static bool
key_exists (void *host, Key key)
{
  const Search *s = host;
  KeyKind kind = (KeyKind)(key >> KEY_KIND);
  bool spelled = kind == KEY_GAP || kind == KEY_SYLLABLE || kind == KEY_SYLLABLES || kind == KEY_INITIALS;
  for (size_t f = 0; f < s->shape->n_fields; f++)
    for (size_t p = 0; p < s->state->n_parts && (!spelled || s->shape->fields[f].spelled); p++)
      if (segment_find (s->state->parts[p].segment, key_in (key, f)).n)
        return true;
  return false;
}

/* Adds the best of the ways to FIELD's sums; returns how many documents there are. */
static size_t
settle_field (Search *s, size_t word, size_t field)
{
  size_t n = 0;
  double weight = s->shape->fields[field].weight / 100.0;
  for (size_t p = 0; p < s->state->n_parts; p++) {
    Sheet *sheet = &s->sheets[p];
    n += sheet->n_touched;
    for (size_t i = 0; i < sheet->n_touched; i++) {
      guint16 document = sheet->touched[i];
      sheet->sums[field][document] += (float)(weight * sheet->best[document]);
      sheet->best[document] = 0;
      if (sheet->last_word[document] != word + 1)
        sheet->n_words[document]++;
      sheet->last_word[document] = (guint8)(word + 1);
    }
    sheet->n_touched = 0;
  }
  return n;
}

/* Whether WORD had to be loosened. */
static bool
search_word (Search *s, size_t word)
{
  for (int step = 0; step < STEPS; step++) {
    size_t n_ways, n = 0;
    const Way *ways = ways_of (&s->query->words[word], step, key_exists, s, s->arena, &n_ways);
    for (size_t f = 0; f < s->shape->n_fields; f++) {
      for (size_t w = 0; w < n_ways; w++)
        score_way (s, &ways[w], f);
      n += settle_field (s, word, f);
    }
    if (n)
      return step > 0;
  }
  return true;
}

/* ---- what was found ---------------------------------------------------------------------- */

typedef struct {
  double score;
  guint64 id;
  guint32 part, document;
} Candidate;

static inline bool
better (const Candidate *x, const Candidate *y)
{
  return x->score != y->score ? x->score > y->score : x->id > y->id;
}

static int
best_first (const void *x, const void *y)
{
  return better (x, y) ? -1 : 1;
}

/* The best ROOM candidates so far; the worst of them on top. */
typedef struct {
  Candidate *heap;
  size_t n, room;
} Best;

static void
sink (Best *best)
{
  for (size_t at = 0, child; (child = 2 * at + 1) < best->n; at = child) {
    if (child + 1 < best->n && better (&best->heap[child], &best->heap[child + 1]))
      child++;
    if (!better (&best->heap[at], &best->heap[child]))
      return;
    Candidate c = best->heap[at];
    best->heap[at] = best->heap[child];
    best->heap[child] = c;
  }
}

static void
offer (Best *best, Candidate candidate)
{
  if (best->n == best->room) {
    if (best->n && better (&candidate, &best->heap[0])) {
      best->heap[0] = candidate;
      sink (best);
    }
    return;
  }
  size_t at = best->n++;
  for (; at && better (&best->heap[(at - 1) / 2], &candidate); at = (at - 1) / 2)
    best->heap[at] = best->heap[(at - 1) / 2];
  best->heap[at] = candidate;
}

typedef struct {
  Best best;
  size_t n_found;
  guint32 **counts;    /* per facet, per value */
  const Bits **values; /* per filter, where it has some */
} Tally;

enum { FAILS_NOT = -1, FAILS_MORE = -2 };

/* The only column whose filters the document does not pass. */
static int
failing (const Search *s, const Tally *t, const Segment *segment, size_t document)
{
  int fails = FAILS_NOT;
  for (size_t i = 0; i < s->query->n_filters; i++) {
    const FulltextFilter *f = &s->query->filters[i];
    guint16 value = segment->columns[f->column][document];
    if (t->values[i] ? bits_has (t->values[i], value) : value >= f->least && value <= f->most)
      continue;
    if (fails != FAILS_NOT && fails != (int)f->column)
      return FAILS_MORE;
    fails = (int)f->column;
  }
  return fails;
}

static void
tally_document (const Search *s, Tally *t, size_t part, size_t document)
{
  const Sheet *sheet = &s->sheets[part];
  const Segment *segment = sheet->part->segment;
  int fails = failing (s, t, segment, document);
  if (fails == FAILS_MORE)
    return;
  for (size_t i = 0; i < s->query->n_facets; i++) {
    unsigned column = s->query->facets[i];
    if (fails == FAILS_NOT || fails == (int)column)
      t->counts[i][segment->columns[column][document]]++;
  }
  if (fails != FAILS_NOT)
    return;
  Candidate c = { 0, segment->ids[document], (guint32)part, (guint32)document };
  for (size_t f = 0; f < s->shape->n_fields && sheet->n_words; f++)
    c.score += sheet->sums[f][document];
  t->n_found++;
  offer (&t->best, c);
}

static void
tally_all (const Search *s, Tally *t)
{
  for (size_t p = 0; p < s->state->n_parts; p++) {
    const Sheet *sheet = &s->sheets[p];
    for (size_t i = 0; i < sheet->part->segment->n_documents; i++)
      if ((!s->need || sheet->n_words[i] >= s->need) && part_alive (sheet->part, i))
        tally_document (s, t, p, i);
  }
  qsort (t->best.heap, t->best.n, sizeof *t->best.heap, best_first);
}

/* ---- the answer ---------------------------------------------------------------------------- */

static int
most_first (const void *x, const void *y)
{
  const FulltextCount *p = x, *q = y;
  return p->count != q->count ? (p->count < q->count) - (p->count > q->count)
                              : (p->value > q->value) - (p->value < q->value);
}

static FulltextFacet
facet_of (const Search *s, const guint32 *counts, unsigned column)
{
  size_t n = 0, at = 0;
  for (size_t v = 0; v < VALUES; v++)
    n += counts[v] > 0;
  FulltextCount *all = arena_new0 (s->arena, FulltextCount, n);
  for (size_t v = 0; v < VALUES; v++)
    if (counts[v])
      all[at++] = (FulltextCount){ (guint16)v, counts[v] };
  qsort (all, n, sizeof *all, most_first);
  return (FulltextFacet){ column, s->query->facet_limit ? MIN (n, s->query->facet_limit) : n, all };
}

static FulltextHit
hit_of (const Search *s, const Candidate *c)
{
  double *parts = arena_new0 (s->arena, double, s->shape->n_fields);
  for (size_t f = 0; f < s->shape->n_fields && s->need; f++)
    parts[f] = s->sheets[c->part].sums[f][c->document];
  return (FulltextHit){ c->id, c->score, parts };
}

static void
tally_start (const Search *s, Tally *t)
{
  const FulltextQuery *q = s->query;
  t->best.room = q->first + q->limit;
  t->best.heap = arena_new0 (s->arena, Candidate, t->best.room);
  t->counts = arena_new0 (s->arena, guint32 *, q->n_facets);
  t->values = arena_new0 (s->arena, const Bits *, q->n_filters);
  for (size_t i = 0; i < q->n_facets; i++)
    t->counts[i] = g_new0 (guint32, VALUES);
  for (size_t i = 0; i < q->n_filters; i++) {
    Bits *bits = q->filters[i].n_values ? arena_new0 (s->arena, Bits, 1) : NULL;
    for (size_t k = 0; k < q->filters[i].n_values; k++)
      bits->bits[q->filters[i].values[k] / 64] |= (guint64)1 << (q->filters[i].values[k] % 64);
    t->values[i] = bits;
  }
}

static void
answer (const Search *s, FulltextAnswer *a)
{
  const FulltextQuery *q = s->query;
  Tally t = { 0 };
  tally_start (s, &t);
  tally_all (s, &t);
  a->n_found = t.n_found;
  a->n_hits = t.best.n > q->first ? t.best.n - q->first : 0;
  FulltextHit *hits = arena_new0 (s->arena, FulltextHit, a->n_hits);
  for (size_t i = 0; i < a->n_hits; i++)
    hits[i] = hit_of (s, &t.best.heap[q->first + i]);
  FulltextFacet *facets = arena_new0 (s->arena, FulltextFacet, q->n_facets);
  for (size_t i = 0; i < q->n_facets; i++) {
    facets[i] = facet_of (s, t.counts[i], q->facets[i]);
    g_free (t.counts[i]);
  }
  a->hits = hits;
  a->facets = facets;
}

/* ---- sheets ------------------------------------------------------------------------------------ */

/* Zeroed memory that is only written where something is found: the system gives it page by page. */
static void
sheets_make (Search *s)
{
  s->sheets = g_new0 (Sheet, s->state->n_parts);
  for (size_t p = 0; p < s->state->n_parts; p++) {
    Sheet *sheet = &s->sheets[p];
    sheet->part = &s->state->parts[p];
    size_t n = sheet->part->segment->n_documents;
    if (!s->need)
      continue;
    for (size_t f = 0; f < s->shape->n_fields; f++)
      sheet->sums[f] = g_new0 (float, n);
    sheet->n_words = g_new0 (guint8, n);
    sheet->last_word = g_new0 (guint8, n);
    sheet->best = g_new0 (float, n);
    sheet->touched = g_new (guint16, n);
    sheet->matches = g_new (guint16, n);
    sheet->scores = g_new (double, n);
    sheet->found = g_new (guint16, n);
  }
}

static void
sheets_free (Search *s)
{
  for (size_t p = 0; p < s->state->n_parts; p++) {
    Sheet *sheet = &s->sheets[p];
    for (size_t f = 0; f < s->shape->n_fields; f++)
      g_free (sheet->sums[f]);
    g_free (sheet->n_words);
    g_free (sheet->last_word);
    g_free (sheet->best);
    g_free (sheet->touched);
    g_free (sheet->matches);
    g_free (sheet->scores);
    g_free (sheet->found);
  }
  g_free (s->sheets);
}

/* ---- checking what is asked -------------------------------------------------------------------- */

static bool
refuse (GError **error, const char *what, size_t most)
{
  g_set_error (error, FAULT, FAULT_USAGE, "%s: at most %zu", what, most);
  return false;
}

static bool
check_words (const FulltextQuery *q, GError **error)
{
  size_t bytes = 0, bad;
  if (q->n_words > FULLTEXT_WORDS_MAX)
    return refuse (error, "words of a search", FULLTEXT_WORDS_MAX);
  for (size_t i = 0; i < q->n_words; i++) {
    bytes += q->words[i].text.len;
    if (bytes > FULLTEXT_QUERY_BYTES)
      return refuse (error, "bytes of a search", FULLTEXT_QUERY_BYTES);
    if (q->words[i].n_meanings > FULLTEXT_MEANINGS_MAX)
      return refuse (error, "meanings of a word", FULLTEXT_MEANINGS_MAX);
    if (text_is_utf8 (q->words[i].text, &bad))
      continue;
    g_set_error (error, FAULT, FAULT_USAGE, "word %zu of the search is not UTF-8", i + 1);
    return false;
  }
  return true;
}

static bool
check (const FulltextShape *shape, const FulltextQuery *q, GError **error)
{
  if (!check_words (q, error))
    return false;
  if (q->first > FULLTEXT_LIMIT_MAX || q->limit > FULLTEXT_LIMIT_MAX - q->first)
    return refuse (error, "hits of a search", FULLTEXT_LIMIT_MAX);
  if (q->n_filters > FULLTEXT_FILTERS_MAX)
    return refuse (error, "filters of a search", FULLTEXT_FILTERS_MAX);
  if (q->n_facets > FULLTEXT_COLUMNS_MAX)
    return refuse (error, "facets of a search", FULLTEXT_COLUMNS_MAX);
  for (size_t i = 0; i < q->n_filters + q->n_facets; i++) {
    unsigned column = i < q->n_filters ? q->filters[i].column : q->facets[i - q->n_filters];
    if (column < shape->n_columns)
      continue;
    g_set_error (error, FAULT, FAULT_USAGE, "there is no column %u: columns are 0 to %zu", column,
                 shape->n_columns - 1);
    return false;
  }
  return true;
}

const FulltextAnswer *
fulltext_search (Fulltext *index, const FulltextQuery *query, Arena *arena, GError **error)
{
  if (!check (index_shape (index), query, error))
    return NULL;
  g_autoptr (State) state = index_state (index);
  FulltextAnswer *a = arena_new0 (arena, FulltextAnswer, 1);
  Search s = { .shape = index_shape (index), .query = query, .state = state, .arena = arena };
  size_t n_words = 0;
  for (size_t i = 0; i < query->n_words; i++)
    n_words += ways_any (&query->words[i]);
  s.need = query->at_least ? MIN (query->at_least, n_words) : n_words;
  sheets_make (&s);
  for (size_t i = 0; i < query->n_words; i++)
    if (ways_any (&query->words[i]) && search_word (&s, i))
      a->loosened |= (guint32)1 << i;
  answer (&s, a);
  sheets_free (&s);
  return a;
}
