/* The best of the other side for one row.  Those of whom most was found are looked at first, and the rest is
 * left as soon as it cannot come in any more. */
#include "market/market_private.h"

enum { MUTUAL_LOOKS = 3 };

/* ---- a thread's own ------------------------------------------------------------------- */

Search *
search_new (const MarketRun *run)
{
  size_t rows = MAX (run->input.n[0], run->input.n[1]), concepts = 1;
  Search *search = g_new0 (Search, 1);
  for (size_t s = 0; s < run->input.n_spaces; s++)
    concepts = MAX (concepts, run->input.spaces[s].n);
  for (size_t f = 0; f < run->n_finds; f++)
    search->finds_most += (guint32)run->market->parts[run->finds[f]].points;
  search->found = g_new0 (Found, MAX (rows, 1));
  search->had = g_new0 (guint8, MAX (rows, 1));
  search->touched = g_new (guint32, rows + 1);
  search->lanes = g_new (Found, MAX (rows, 1));
  search->partial = g_new (guint16, MAX (rows, 1));
  search->counts = g_new0 (guint32, search->finds_most + 1);
  search->best = g_new0 (guint8, concepts);
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
  g_free (search->had);
  g_free (search->touched);
  g_free (search->lanes);
  g_free (search->partial);
  g_free (search->counts);
  g_free (search->best);
  g_free (search);
}

/* ---- the order ---------------------------------------------------------------------------- */

/* A match as one number, the greatest first: rank, score, the earlier row; then how well both are served,
 * which is only kept there. */
typedef guint64 Key;
enum { KEY_RANK = 56, KEY_SCORE = 40, KEY_ROW = 8 };

static Key
key_of (guint32 rank, guint32 score, guint32 row, guint32 mutual)
{
  return (Key)rank << KEY_RANK | (Key)score << KEY_SCORE | (Key)(guint32)~row << KEY_ROW | mutual;
}

static guint32
key_row (Key key)
{
  return ~(guint32)(key >> KEY_ROW);
}

static guint32
key_score (Key key)
{
  return (guint16)(key >> KEY_SCORE);
}

static MarketMatch
match_of (Key key)
{
  return (MarketMatch){ .row = key_row (key),
                        .score = (guint16)key_score (key),
                        .mutual = (guint8)key,
                        .rank = (guint8)(key >> KEY_RANK) };
}

/* The K greatest, falling. */
typedef struct {
  size_t n, k;
  Key keys[MARKET_TOP_MAX];
  guint32 at[MARKET_TOP_MAX]; /* touched as which number */
} Best;

static bool
comes_in (const Best *best, Key key)
{
  return best->n < best->k || key > best->keys[best->k - 1];
}

static void
insert (Best *best, Key key, size_t i)
{
  size_t at = best->n < best->k ? best->n++ : best->k - 1;
  for (; at && key > best->keys[at - 1]; at--) {
    best->keys[at] = best->keys[at - 1];
    best->at[at] = best->at[at - 1];
  }
  best->keys[at] = key;
  best->at[at] = (guint32)i;
}

/* ---- the best by score ---------------------------------------------------------------------- */

/* Rows that were touched, by number, until there are enough to look at: what is read of one comes from far
 * while the others are looked at. */
enum { WAITING_MOST = 16 };
typedef struct {
  size_t n;
  guint32 at[WAITING_MOST];
} Waiting;

static void
look_at (const MarketRun *run, Search *search, MarketSide side, guint32 row, Waiting *waiting, Best *best)
{
  for (size_t w = 0; w < waiting->n; w++) {
    guint32 i = waiting->at[w], other = search->touched[i];
    Key key = key_of (0, search->partial[i] + rest_points (run, search, side, row, other), other, 0);
    if (comes_in (best, key)
        && market_qualifies (run, &search->verdicts, side == MARKET_SEEKERS ? row : other,
                             side == MARKET_SEEKERS ? other : row))
      insert (best, key, i);
  }
  waiting->n = 0;
}

/* The points found that WANTED of those that were touched have, or more. */
static guint32
cut_at (const Search *search, size_t wanted)
{
  guint32 cut = search->finds_most;
  for (size_t n = search->counts[cut]; cut > 1 && n < wanted; n += search->counts[cut])
    cut--;
  return cut;
}

/* Those from FROM to below TO points found that can still come in, with REST points of the other parts. */
static void
take_between (const MarketRun *run, Search *search, MarketSide side, guint32 row, guint32 from, guint32 to,
              guint32 rest, Best *best)
{
  Waiting waiting = { 0 };
  for (size_t i = 0; i < search->n_touched; i++) {
    guint32 points = search->partial[i];
    if (points < from || points >= to
        || (best->n == best->k && points + rest < key_score (best->keys[best->k - 1])))
      continue;
    rest_fetch (run, side, search->touched[i]);
    waiting.at[waiting.n++] = (guint32)i;
    if (waiting.n == WAITING_MOST)
      look_at (run, search, side, row, &waiting, best);
  }
  look_at (run, search, side, row, &waiting, best);
}

static void
take_best (const MarketRun *run, Search *search, MarketSide side, guint32 row, Best *best)
{
  enum { AHEAD = 2 };
  guint32 rest = rest_open (run, search, side, row), cut = cut_at (search, AHEAD * best->k);
  take_between (run, search, side, row, cut, G_MAXUINT32, rest, best);
  take_between (run, search, side, row, 1, cut, rest, best);
}

/* ---- the best for both ---------------------------------------------------------------------- */

/* The best BY SCORE in the order of how well both are served. */
static void
rank_mutual (const MarketRun *run, const Search *search, MarketSide side, guint32 row, const Best *by_score,
             Best *best)
{
  unsigned most = market_most (run->market);
  for (size_t b = 0; b < by_score->n; b++) {
    guint32 other = key_row (by_score->keys[b]), score = key_score (by_score->keys[b]);
    guint16 points[MARKET_PARTS_MAX];
    find_points (run, search, by_score->at[b], points);
    rest_points_each (run, search, side, row, other, points);
    unsigned mutual = points_mutual (run->market, points);
    Key key = key_of (market_rank (score, most, mutual), score, other, mutual);
    if (comes_in (best, key))
      insert (best, key, by_score->at[b]);
  }
}

size_t
top (const MarketRun *run, Search *search, MarketSide side, guint32 row, size_t k, MarketMatch *out)
{
  bool mutual = run->market->mutual;
  Best best = { .k = MIN (k, MARKET_TOP_MAX) },
       by_score = { .k = MIN (MUTUAL_LOOKS * best.k, MARKET_TOP_MAX) };
  if (!run->stands[side][row] || !best.k)
    return 0;
  find (run, search, side, row);
  take_best (run, search, side, row, mutual ? &by_score : &best);
  if (mutual)
    rank_mutual (run, search, side, row, &by_score, &best);
  for (size_t i = 0; i < best.n; i++)
    out[i] = match_of (best.keys[i]);
  return best.n;
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
