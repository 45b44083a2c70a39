/* The best of the other side.  A looking row reaches others by the lists of concepts that the parts that find
 * have; those with most of these parts are looked at first, and the rest is left as soon as it cannot come in
 * any more. */
#include "market/market_private.h"

#include <string.h>

enum { CHUNK = 64, MUTUAL_LOOKS = 3, LOOKS = 10, THREADS_MAX = 64 };

/* ---- a thread's own ------------------------------------------------------------------- */

static guint32
finds_most (const MarketRun *run)
{
  guint32 most = 0;
  for (size_t f = 0; f < run->n_finds; f++)
    most += (guint32)run->market->parts[run->finds[f]].points;
  return most;
}

Search *
search_new (const MarketRun *run)
{
  size_t rows = MAX (run->input.n[0], run->input.n[1]), concepts = 1;
  Search *search = g_new0 (Search, 1);
  for (size_t s = 0; s < run->input.n_spaces; s++)
    concepts = MAX (concepts, run->input.spaces[s].n);
  search->found = g_new0 (Found, MAX (rows, 1));
  search->touched = g_new (guint32, MAX (rows, 1));
  search->partial = g_new (guint16, MAX (rows, 1));
  search->counts = g_new0 (guint32, finds_most (run) + 2);
  search->best = g_new0 (guint8, concepts);
  for (size_t i = 0; i < run->rest[0].n; i++)
    search->given[i]
        = g_new0 (guint16, MIN (MAX (run->rest[0].classes[i].n, run->rest[1].classes[i].n), CODES_MOST) + 1);
  verdicts_open (&search->verdicts);
  return search;
}

void
search_free (Search *search)
{
  if (!search)
    return;
  verdicts_close (&search->verdicts);
  g_free (search->found);
  g_free (search->touched);
  for (size_t p = 0; p < MARKET_PARTS_MAX; p++)
    g_free (search->given[p]);
  g_free (search->partial);
  g_free (search->counts);
  g_free (search->best);
  g_free (search);
}

/* ---- finding ---------------------------------------------------------------------------- */

/* WEIGHT more for ROW by the part F; of NEAREST the greatest counts. */
static void
add (Search *search, guint32 row, size_t f, bool nearest, guint32 weight)
{
  Found *found = &search->found[row];
  if (found->stamp != search->stamp) {
    *found = (Found){ .stamp = search->stamp };
    search->touched[search->n_touched++] = row;
  }
  found->sum[f] = (guint16)(nearest ? MAX (found->sum[f], weight) : found->sum[f] + weight);
}

/* ROW has what others ask: each concept that its own reach, by the best of them. */
static void
find_asking (const MarketRun *run, Search *search, size_t f, const MarketPart *part, guint32 row)
{
  const MarketSpace *space = run->near_of[part->from_side][part->from]->space;
  const Postings *postings = &run->postings[part->to_side][part->to];
  const guint32 *own;
  guint32 n = concepts_of (run, part->from_side, part->from, row, &own);
  for (guint32 i = 0; i < n; i++)
    for (guint32 at = space->starts[own[i]]; at < space->starts[own[i] + 1]; at++)
      search->best[space->near[at].concept]
          = MAX (search->best[space->near[at].concept], space->near[at].weight);
  for (guint32 i = 0; i < n; i++)
    for (guint32 at = space->starts[own[i]]; at < space->starts[own[i] + 1]; at++) {
      guint32 c = space->near[at].concept, weight = search->best[c];
      search->best[c] = 0; /* each concept once */
      for (guint32 p = postings->starts[c]; weight && p < postings->starts[c + 1]; p++)
        add (search, postings->rows[p], f, part->kind == MARKET_NEAREST, weight);
    }
}

/* ROW has alternatives, and each other its own: the nearest two. */
static void
find_nearest (const MarketRun *run, Search *search, size_t f, const MarketPart *part, guint32 row)
{
  const Nearness *nearness = run->near_of[part->to_side][part->to];
  const Postings *postings = &run->postings[part->from_side][part->from];
  const guint32 *own;
  guint32 n = concepts_of (run, part->to_side, part->to, row, &own);
  for (guint32 i = 0; i < n; i++)
    for (guint32 at = nearness->back_starts[own[i]]; at < nearness->back_starts[own[i] + 1]; at++)
      for (guint32 p = postings->starts[nearness->back[at].concept];
           p < postings->starts[nearness->back[at].concept + 1]; p++)
        add (search, postings->rows[p], f, true, nearness->back[at].weight);
}

/* ROW asks what others have: for each concept that it asks, the best that each other has. */
static void
find_having (const MarketRun *run, Search *search, size_t f, const MarketPart *part, guint32 row)
{
  const Nearness *nearness = run->near_of[part->to_side][part->to];
  const Postings *postings = &run->postings[part->from_side][part->from];
  const guint32 *asked;
  guint32 n = concepts_of (run, part->to_side, part->to, row, &asked);
  g_autoptr (GHashTable) best = n > 0 ? g_hash_table_new (NULL, NULL) : NULL;
  for (guint32 i = 0; i < n; i++) {
    g_hash_table_remove_all (best); /* per other row: what it has for this concept, so far */
    for (guint32 at = nearness->back_starts[asked[i]]; at < nearness->back_starts[asked[i] + 1]; at++) {
      guint32 a = nearness->back[at].concept, weight = nearness->back[at].weight;
      for (guint32 p = postings->starts[a]; p < postings->starts[a + 1]; p++) {
        gpointer key = GUINT_TO_POINTER (postings->rows[p] + 1);
        guint32 had = GPOINTER_TO_UINT (g_hash_table_lookup (best, key));
        if (weight <= had)
          continue;
        add (search, postings->rows[p], f, false, weight - had);
        g_hash_table_insert (best, key, GUINT_TO_POINTER (weight));
      }
    }
  }
}

/* Points of the part that finds as number F, for the row OTHER that was touched.  The quotient is at least 1
 * / 100 n away from the next whole number or is one, so that it may be taken in floating point. */
static guint32
found_by (const MarketRun *run, const Search *search, size_t f, MarketSide side, guint32 row, guint32 other)
{
  const MarketPart *part = &run->market->parts[run->finds[f]];
  double share = search->found[other].sum[f] * run->shares[f];
  if (part->kind == MARKET_OVERLAP && share > 0) {
    const guint32 *starts
        = run->input.values[part->to_side][part->to].starts + (part->to_side == side ? row : other);
    share /= starts[1] - starts[0];
  }
  return (guint32)(share + 1e-6);
}

static guint32
found_points (const MarketRun *run, const Search *search, MarketSide side, guint32 row, guint32 other)
{
  guint32 points = 0;
  for (size_t f = 0; f < run->n_finds; f++)
    points += found_by (run, search, f, side, row, other);
  return points;
}

static void
find (const MarketRun *run, Search *search, MarketSide side, guint32 row)
{
  if (++search->stamp == 0) { /* after 2^32 rows */
    memset (search->found, 0, MAX (run->input.n[0], run->input.n[1]) * sizeof *search->found);
    search->stamp = 1;
  }
  search->n_touched = 0;
  for (size_t f = 0; f < run->n_finds; f++) {
    const MarketPart *part = &run->market->parts[run->finds[f]];
    if (part->from_side == side)
      find_asking (run, search, f, part, row);
    else if (part->kind == MARKET_NEAREST)
      find_nearest (run, search, f, part, row);
    else
      find_having (run, search, f, part, row);
  }
}

/* What was found of touched rows into `partial`; returns the points that WANTED of them have, or more. */
static guint32
weigh_found (const MarketRun *run, Search *search, MarketSide side, guint32 row, size_t wanted)
{
  guint32 most = finds_most (run), cut = most;
  memset (search->counts, 0, (most + 2) * sizeof *search->counts);
  for (size_t i = 0; i < search->n_touched; i++) {
    search->partial[i] = (guint16)found_points (run, search, side, row, search->touched[i]);
    search->counts[search->partial[i]]++;
  }
  for (size_t n = search->counts[cut]; cut > 1 && n < wanted; n += search->counts[cut])
    cut--;
  return cut;
}

/* ---- the best ---------------------------------------------------------------------------- */

static bool
comes_before (const MarketMatch *a, const MarketMatch *b)
{
  if (a->rank != b->rank)
    return a->rank > b->rank;
  return a->score != b->score ? a->score > b->score : a->row < b->row;
}

static void
insert (MarketMatch *out, size_t *n, size_t k, MarketMatch match)
{
  size_t at = *n < k ? (*n)++ : k - 1;
  for (; at && comes_before (&match, &out[at - 1]); at--)
    out[at] = out[at - 1];
  out[at] = match;
}

/* The row that was touched as number I comes in where it belongs, if it does. */
static void
look_at (const MarketRun *run, Search *search, MarketSide side, guint32 row, size_t i, size_t k, size_t *n,
         MarketMatch *out)
{
  guint32 other = search->touched[i];
  guint32 seeker = side == MARKET_SEEKERS ? row : other, offer = side == MARKET_SEEKERS ? other : row;
  MarketMatch match = { .row = other };
  match.score = (guint16)(search->partial[i] + rest_points (run, search, side, row, other));
  if ((*n < k || comes_before (&match, &out[k - 1]))
      && market_qualifies (run, &search->verdicts, seeker, offer))
    insert (out, n, k, match);
}

/* Those of whom most was found come first: then few of the others can still come in. */
static size_t
take_best (const MarketRun *run, Search *search, MarketSide side, guint32 row, size_t k, MarketMatch *out)
{
  enum { AHEAD = 4 };
  guint32 rest = market_most (run->market) - finds_most (run),
          cut = weigh_found (run, search, side, row, AHEAD * k);
  size_t n = 0;
  rest_give (run, search, side, row);
  for (size_t i = 0; i < search->n_touched && k; i++)
    if (search->partial[i] >= cut)
      look_at (run, search, side, row, i, k, &n, out);
  for (size_t i = 0; i < search->n_touched && k; i++)
    if (search->partial[i] && search->partial[i] < cut
        && (n < k || search->partial[i] + rest >= out[k - 1].score))
      look_at (run, search, side, row, i, k, &n, out);
  return n;
}

/* Points of each part for OTHER, as it was found. */
static void
points_found (const MarketRun *run, const Search *search, MarketSide side, guint32 row, guint32 other,
              guint16 *points)
{
  const Rest *rest = &run->rest[!side];
  for (size_t f = 0; f < run->n_finds; f++)
    points[run->finds[f]] = (guint16)found_by (run, search, f, side, row, other);
  for (size_t i = 0; i < rest->n; i++)
    points[rest->parts[i]] = (guint16)rest_by (run, search, i, side, row, other);
}

/* The best by score in the order of how well both are served; K of them stay. */
static size_t
rank_mutual (const MarketRun *run, const Search *search, MarketSide side, guint32 row, MarketMatch *best,
             size_t n, size_t k, MarketMatch *out)
{
  size_t kept = 0;
  unsigned most = market_most (run->market);
  for (size_t i = 0; i < n; i++) {
    guint16 points[MARKET_PARTS_MAX];
    points_found (run, search, side, row, best[i].row, points);
    best[i].mutual = (guint8)points_mutual (run->market, points);
    best[i].rank = (guint8)market_rank (best[i].score, most, best[i].mutual);
    if (kept < k || comes_before (&best[i], &out[k - 1]))
      insert (out, &kept, k, best[i]);
  }
  return kept;
}

static size_t
top (const MarketRun *run, Search *search, MarketSide side, guint32 row, size_t k, MarketMatch *out)
{
  MarketMatch best[MARKET_TOP_MAX];
  k = MIN (k, MARKET_TOP_MAX);
  if (!market_stands (run, &search->verdicts, side, row))
    return 0;
  find (run, search, side, row);
  if (!run->market->mutual)
    return take_best (run, search, side, row, k, out);
  size_t n = take_best (run, search, side, row, MIN (MUTUAL_LOOKS * k, MARKET_TOP_MAX), best);
  return rank_mutual (run, search, side, row, best, n, k, out);
}

size_t
market_top (MarketRun *run, MarketSide side, guint32 row, size_t k, MarketMatch *out)
{
  pthread_mutex_lock (&run->lock);
  Search *search = run->idle->len ? g_ptr_array_steal_index_fast (run->idle, run->idle->len - 1) : NULL;
  pthread_mutex_unlock (&run->lock);
  if (!search)
    search = search_new (run);
  size_t n = top (run, search, side, row, k, out);
  pthread_mutex_lock (&run->lock);
  g_ptr_array_add (run->idle, search);
  pthread_mutex_unlock (&run->lock);
  return n;
}

/* ---- everybody ---------------------------------------------------------------------------- */

typedef struct {
  const MarketRun *run;
  const MarketWish *wish;
  MarketMatch *out;
  guint16 *used;
  guint32 *shown; /* per offer: in how many lists */
  GArray *unseen; /* of Unseen */
  guint64 evaluated;
  guint32 next; /* atomic */
} All;

static void *
match_rows (void *data)
{
  All *all = data;
  size_t k = all->wish->k, n = all->run->input.n[MARKET_SEEKERS];
  Search *search = search_new (all->run);
  guint32 from;
  while ((from = __atomic_fetch_add (&all->next, CHUNK, __ATOMIC_RELAXED)) < n)
    for (guint32 row = from; row < MIN (from + CHUNK, n); row++) {
      MarketMatch *out = all->out + row * k;
      all->used[row] = (guint16)top (all->run, search, MARKET_SEEKERS, row, k, out);
      for (size_t i = 0; i < all->used[row]; i++)
        __atomic_fetch_add (&all->shown[out[i].row], 1, __ATOMIC_RELAXED);
    }
  __atomic_fetch_add (&all->evaluated, search->verdicts.evaluated, __ATOMIC_RELAXED);
  search_free (search);
  return NULL;
}

/* OFFER takes the last place of a list where nothing was brought out yet, and whose last one others see, too.
 */
static bool
bring_out (All *all, guint32 offer, const MarketMatch *seekers, size_t n)
{
  size_t k = all->wish->k;
  for (size_t i = 0; i < n; i++) {
    MarketMatch *list = all->out + seekers[i].row * k;
    guint16 *used = &all->used[seekers[i].row];
    bool full = *used == k;
    if (*used && (list[*used - 1].surfaced || (full && all->shown[list[k - 1].row] < 2)))
      continue;
    if (full)
      all->shown[list[k - 1].row]--;
    else
      (*used)++;
    list[*used - 1] = (MarketMatch){
      .row = offer, .score = seekers[i].score, .mutual = seekers[i].mutual, .surfaced = true
    };
    all->shown[offer]++;
    return true;
  }
  return false;
}

/* Whom an offer that nobody would see suits best. */
typedef struct {
  guint32 offer, n;
  MarketMatch seekers[LOOKS];
} Unseen;

static void *
match_unseen (void *data)
{
  All *all = data;
  Search *search = search_new (all->run);
  guint32 at;
  while ((at = __atomic_fetch_add (&all->next, 1, __ATOMIC_RELAXED)) < all->unseen->len) {
    Unseen *one = &g_array_index (all->unseen, Unseen, at);
    one->n = (guint32)top (all->run, search, MARKET_OFFERS, one->offer, LOOKS, one->seekers);
  }
  __atomic_fetch_add (&all->evaluated, search->verdicts.evaluated, __ATOMIC_RELAXED);
  search_free (search);
  return NULL;
}

static void
in_threads (All *all, void *(*work) (void *data))
{
  pthread_t threads[THREADS_MAX];
  unsigned n = 0;
  all->next = 0;
  while (n < all->wish->threads && pthread_create (&threads[n], NULL, work, all) == 0)
    n++;
  if (!n)
    work (all); /* there are no more threads: here, then */
  for (unsigned t = 0; t < n; t++)
    pthread_join (threads[t], NULL);
}

static void
surface (All *all, MarketCounts *counts)
{
  for (guint32 offer = 0; offer < all->run->input.n[MARKET_OFFERS]; offer++)
    if (!all->shown[offer]) {
      Unseen one = { .offer = offer };
      g_array_append_val (all->unseen, one);
    }
  counts->unseen = all->unseen->len;
  if (!all->wish->surface)
    return;
  in_threads (all, match_unseen);
  for (guint at = 0; at < all->unseen->len; at++) {
    const Unseen *one = &g_array_index (all->unseen, Unseen, at);
    counts->surfaced += bring_out (all, one->offer, one->seekers, one->n);
  }
}

void
market_all (MarketRun *run, const MarketWish *wish, MarketMatch *out, guint16 *used, MarketCounts *counts)
{
  MarketWish own = *wish;
  own.k = CLAMP (wish->k, 1, MARKET_TOP_MAX);
  own.threads = CLAMP (wish->threads, 1, THREADS_MAX);
  g_autofree guint32 *shown = g_new0 (guint32, MAX (run->input.n[MARKET_OFFERS], 1));
  g_autoptr (GArray) unseen = g_array_new (FALSE, TRUE, sizeof (Unseen));
  All all = { .run = run, .wish = &own, .out = out, .used = used, .shown = shown, .unseen = unseen };
  in_threads (&all, match_rows);
  *counts = (MarketCounts){ 0 };
  surface (&all, counts);
  for (size_t row = 0; row < run->input.n[MARKET_SEEKERS]; row++)
    counts->shown += used[row];
  counts->evaluated = all.evaluated;
}
