/* The best of the other side for everybody, on several threads; and what nobody would see brought out. */
#include "market/market_private.h"

enum { CHUNK = 64, LOOKS = 10, THREADS_MAX = 64 };

typedef struct {
  const MarketRun *run;
  const MarketWish *wish;
  const guint32 *order; /* of seekers */
  MarketMatch *out;
  guint16 *used;
  guint32 *shown; /* per offer: in how many lists */
  GArray *unseen; /* of Unseen */
  guint64 evaluated;
  guint32 next; /* atomic */
} All;

/* The first concept of ROW's list in the seekers' COLUMN, from 1 on; 0: it is empty. */
static guint32
first_of (const MarketRun *run, size_t column, guint32 row)
{
  const guint32 *own;
  return concepts_of (run, MARKET_SEEKERS, column, row, &own) ? own[0] + 1 : 0;
}

/* The seekers by the first concept of the first column that finds: one after the other finds much the same
 * offers, and what was read of them is still at hand.  To be freed with g_free. */
static guint32 *
order_of (const MarketRun *run)
{
  const MarketPart *part = &run->market->parts[run->finds[0]];
  size_t column = part->from_side == MARKET_SEEKERS ? part->from : part->to, n = run->input.n[MARKET_SEEKERS];
  guint32 firsts = run->near_of[MARKET_SEEKERS][column]->space->n + 1;
  g_autofree guint32 *starts = g_new0 (guint32, firsts + 1);
  guint32 *order = g_new (guint32, MAX (n, 1));
  for (guint32 row = 0; row < n; row++)
    starts[first_of (run, column, row) + 1]++;
  for (guint32 first = 0; first < firsts; first++)
    starts[first + 1] += starts[first];
  for (guint32 row = 0; row < n; row++)
    order[starts[first_of (run, column, row)]++] = row;
  return order;
}

static void *
match_rows (void *data)
{
  All *all = data;
  size_t k = all->wish->k, n = all->run->input.n[MARKET_SEEKERS];
  Search *search = search_new (all->run);
  guint32 from;
  while ((from = __atomic_fetch_add (&all->next, CHUNK, __ATOMIC_RELAXED)) < n)
    for (guint32 at = from; at < MIN (from + CHUNK, n); at++) {
      guint32 row = all->order[at];
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
    if (!all->shown[offer] && all->run->stands[MARKET_OFFERS][offer]) {
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
  g_autofree guint32 *order = order_of (run);
  All all = {
    .run = run, .wish = &own, .order = order, .out = out, .used = used, .shown = shown, .unseen = unseen
  };
  in_threads (&all, match_rows);
  *counts = (MarketCounts){ 0 };
  surface (&all, counts);
  for (size_t row = 0; row < run->input.n[MARKET_SEEKERS]; row++)
    counts->shown += used[row];
  counts->evaluated = all.evaluated;
}
