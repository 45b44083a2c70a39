/* Both sides taken in: what is near to what, who has which concept, classes. */
#include "market/market_private.h"

#include <string.h>

enum { DENSE_MOST = 4096 }; /* concepts: 16 MB of weights */

/* ---- spaces ---------------------------------------------------------------------- */

static bool
check_space (const MarketSpace *space, GError **error)
{
  for (guint32 c = 0; c < space->n; c++)
    for (guint32 at = space->starts[c]; at < space->starts[c + 1]; at++)
      if (space->near[at].concept >= space->n || space->near[at].weight < 1 || space->near[at].weight > 100) {
        g_set_error (error, FAULT, FAULT_INPUT,
                     "the space %s: what is near to concept %u is not of it, or not by 1 to 100 hundredths",
                     space->id, c);
        return false;
      }
  return true;
}

static void
turn_round (Nearness *nearness)
{
  const MarketSpace *space = nearness->space;
  guint32 total = space->starts[space->n];
  nearness->back_starts = g_new0 (guint32, space->n + 2);
  nearness->back = g_new (MarketNear, MAX (total, 1));
  for (guint32 at = 0; at < total; at++)
    nearness->back_starts[space->near[at].concept + 2]++;
  for (guint32 c = 0; c < space->n; c++)
    nearness->back_starts[c + 2] += nearness->back_starts[c + 1];
  for (guint32 c = 0; c < space->n; c++)
    for (guint32 at = space->starts[c]; at < space->starts[c + 1]; at++)
      nearness->back[nearness->back_starts[space->near[at].concept + 1]++]
          = (MarketNear){ c, space->near[at].weight };
}

static void
weigh_all (Nearness *nearness)
{
  const MarketSpace *space = nearness->space;
  if (space->n > DENSE_MOST)
    return;
  nearness->weights = g_new0 (guint8, MAX ((size_t)space->n * space->n, 1));
  for (guint32 c = 0; c < space->n; c++)
    for (guint32 at = space->starts[c]; at < space->starts[c + 1]; at++) {
      guint8 *weight = &nearness->weights[(size_t)c * space->n + space->near[at].concept];
      *weight = MAX (*weight, space->near[at].weight);
    }
}

/* ---- columns ----------------------------------------------------------------------- */

static bool
find_space (MarketRun *run, MarketSide side, size_t c, GError **error)
{
  const MarketColumn *column = &run->market->sides[side].columns[c];
  const MarketValues *values = &run->input.values[side][c];
  size_t n = run->input.n[side];
  if (column->kind != MARKET_CONCEPTS)
    return true;
  for (size_t s = 0; s < run->input.n_spaces; s++)
    if (g_str_equal (run->input.spaces[s].id, column->space))
      run->near_of[side][c] = &run->nearness[s];
  if (!run->near_of[side][c]) {
    g_set_error (error, FAULT, FAULT_INPUT, "%s: the space %s was not given", column->id, column->space);
    return false;
  }
  for (guint32 at = 0; at < values->starts[n]; at++)
    if (values->concepts[at] >= run->near_of[side][c]->space->n) {
      g_set_error (error, FAULT, FAULT_INPUT, "%s: the space %s has no concept %u", column->id, column->space,
                   values->concepts[at]);
      return false;
    }
  return true;
}

/* Those of SIDE by concept of their column C who meet what is asked of them alone: others are never found. */
static void
post (MarketRun *run, MarketSide side, size_t c)
{
  const MarketValues *values = &run->input.values[side][c];
  Postings *postings = &run->postings[side][c];
  guint32 n = run->near_of[side][c]->space->n;
  if (postings->starts)
    return;
  postings->starts = g_new0 (guint32, n + 2);
  postings->rows = g_new (guint32, MAX (values->starts[run->input.n[side]], 1));
  const bool *stands = run->stands[side];
  const guint32 *concepts;
  for (guint32 row = 0; row < run->input.n[side]; row++)
    for (guint32 i = 0, of = counted_of (run, side, c, row, &concepts); stands[row] && i < of; i++)
      postings->starts[concepts[i] + 2]++;
  for (guint32 concept = 0; concept < n; concept ++)
    postings->starts[concept + 2] += postings->starts[concept + 1];
  for (guint32 row = 0; row < run->input.n[side]; row++)
    for (guint32 i = 0, of = counted_of (run, side, c, row, &concepts); stands[row] && i < of; i++)
      postings->rows[postings->starts[concepts[i] + 1]++] = row;
}

static bool
find_spaces (MarketRun *run, GError **error)
{
  const Market *market = run->market;
  for (int side = 0; side < 2; side++)
    for (size_t c = 0; c < market->sides[side].n; c++)
      if (!find_space (run, (MarketSide)side, c, error))
        return false;
  return true;
}

/* What is worked out before anybody looks; of OFFERS it may be another's. */
static void
prepare (MarketRun *run, bool offers)
{
  Verdicts verdicts;
  verdicts_open (&verdicts);
  stands_make (run, &verdicts, MARKET_SEEKERS);
  if (offers)
    stands_make (run, &verdicts, MARKET_OFFERS);
  verdicts_close (&verdicts);
  for (size_t p = 0; p < run->market->n_parts; p++) {
    const MarketPart *part = &run->market->parts[p];
    if (!part->finds)
      continue;
    run->finds[run->n_finds++] = p;
    post (run, part->from_side, part->from);
    post (run, part->to_side, part->to);
  }
  find_scales (run);
  rest_make (run, MARKET_SEEKERS);
  if (offers)
    rest_make (run, MARKET_OFFERS);
  gives_make (run, MARKET_SEEKERS);
  gives_make (run, MARKET_OFFERS);
}

MarketRun *
market_open (const Market *market, const MarketInput *input, GError **error)
{
  g_autoptr (MarketRun) run = g_new0 (MarketRun, 1);
  run->market = market;
  run->input = *input;
  run->nearness = g_new0 (Nearness, MAX (input->n_spaces, 1));
  run->idle = g_ptr_array_new_with_free_func ((GDestroyNotify)search_free);
  pthread_mutex_init (&run->lock, NULL);
  for (size_t s = 0; s < input->n_spaces; s++) {
    run->nearness[s].space = &input->spaces[s];
    if (!check_space (&input->spaces[s], error))
      return NULL;
    turn_round (&run->nearness[s]);
    weigh_all (&run->nearness[s]);
  }
  if (!find_spaces (run, error))
    return NULL;
  memos_make (run);
  prepare (run, true);
  return g_steal_pointer (&run);
}

MarketRun *
market_open_beside (const MarketRun *base, size_t n, const MarketValues *values, GError **error)
{
  g_autoptr (MarketRun) run = g_new0 (MarketRun, 1);
  run->borrows = true;
  run->market = base->market;
  run->input = base->input;
  run->input.n[MARKET_SEEKERS] = n;
  run->input.values[MARKET_SEEKERS] = values;
  run->nearness = base->nearness;
  run->idle = g_ptr_array_new_with_free_func ((GDestroyNotify)search_free);
  pthread_mutex_init (&run->lock, NULL);
  memcpy (run->near_of[MARKET_OFFERS], base->near_of[MARKET_OFFERS], sizeof run->near_of[MARKET_OFFERS]);
  memcpy (run->postings[MARKET_OFFERS], base->postings[MARKET_OFFERS], sizeof run->postings[MARKET_OFFERS]);
  run->rest[MARKET_OFFERS] = base->rest[MARKET_OFFERS];
  for (size_t c = 0; c < run->market->sides[MARKET_SEEKERS].n; c++)
    if (!find_space (run, MARKET_SEEKERS, c, error))
      return NULL;
  memcpy (run->asked, base->asked, sizeof run->asked);
  run->stands[MARKET_OFFERS] = base->stands[MARKET_OFFERS];
  memos_make_beside (run, base);
  prepare (run, false);
  return g_steal_pointer (&run);
}

void
market_free (MarketRun *run)
{
  if (!run)
    return;
  for (int side = 0; side < (run->borrows ? MARKET_OFFERS : 2); side++)
    for (size_t c = 0; c < COLUMNS_MAX; c++) {
      g_free (run->postings[side][c].starts);
      g_free (run->postings[side][c].rows);
    }
  if (run->memos)
    memos_free (run);
  g_free (run->stands[MARKET_SEEKERS]);
  if (!run->borrows)
    g_free (run->stands[MARKET_OFFERS]);
  gives_free (run);
  for (size_t f = 0; f < FINDS_MAX; f++) {
    g_free (run->scales[f]);
    if (!run->borrows || (run->asked[f] && run->market->parts[run->finds[f]].to_side == MARKET_SEEKERS))
      g_free (run->asked[f]);
  }
  rest_clear (&run->rest[MARKET_SEEKERS]);
  if (!run->borrows)
    rest_clear (&run->rest[MARKET_OFFERS]);
  for (size_t s = 0; s < run->input.n_spaces && !run->borrows; s++) {
    g_free (run->nearness[s].back_starts);
    g_free (run->nearness[s].back);
    g_free (run->nearness[s].weights);
  }
  if (!run->borrows)
    g_free (run->nearness);
  g_ptr_array_unref (run->idle);
  pthread_mutex_destroy (&run->lock);
  g_free (run);
}
