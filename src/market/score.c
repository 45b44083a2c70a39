/* The parts of a score for one pair, each by itself. */
#include "market/market_private.h"

static guint32
row_of (MarketSide side, guint32 seeker, guint32 offer)
{
  return side == MARKET_SEEKERS ? seeker : offer;
}

/* How near A is to B, in hundredths. */
static guint32
weight_of (const Nearness *nearness, guint32 a, guint32 b)
{
  const MarketSpace *space = nearness->space;
  if (nearness->weights)
    return nearness->weights[(size_t)a * space->n + b];
  guint32 best = 0;
  for (guint32 at = space->starts[a]; at < space->starts[a + 1]; at++)
    if (space->near[at].concept == b)
      best = MAX (best, space->near[at].weight);
  return best;
}

/* Of what TO asks, how much FROM has; or the nearest two. */
static guint32
overlap (const MarketRun *run, const MarketPart *part, guint32 from_row, guint32 to_row)
{
  const Nearness *nearness = run->near_of[part->to_side][part->to];
  const guint32 *from, *to;
  guint32 n_from = counted_of (run, part->from_side, part->from, from_row, &from),
          n_to = counted_of (run, part->to_side, part->to, to_row, &to);
  guint64 sum = 0;
  for (guint32 t = 0; t < n_to; t++) {
    guint32 best = 0;
    for (guint32 f = 0; f < n_from && best < 100; f++)
      best = MAX (best, weight_of (nearness, from[f], to[t]));
    sum = part->kind == MARKET_NEAREST ? MAX (sum, best) : sum + best;
  }
  if (part->kind == MARKET_NEAREST)
    return part_share (part, sum, 100);
  return part_share (part, sum, (guint64)100 * n_to);
}

static gint64
value_of (const MarketRun *run, MarketSide side, size_t column, guint32 seeker, guint32 offer)
{
  return run->input.values[side][column].values[row_of (side, seeker, offer)];
}

static bool
is_there (gint64 value)
{
  return value != MARKET_UNKNOWN && value != MARKET_NONE;
}

/* All of it from what is asked on; nothing at `span` hundredths less. */
static guint32
reach (const MarketPart *part, gint64 has, gint64 asked)
{
  if (!is_there (has) || !is_there (asked))
    return 0;
  if (has >= asked)
    return (guint32)part->points;
  gint64 over = 100 * has - (100 - part->span) * asked;
  return asked > 0 && over > 0 ? part_share (part, (guint64)over, (guint64)part->span * (guint64)asked) : 0;
}

guint32
part_points (const MarketRun *run, const MarketPart *part, guint32 seeker, guint32 offer)
{
  if (part->kind == MARKET_OVERLAP || part->kind == MARKET_NEAREST)
    return overlap (run, part, row_of (part->from_side, seeker, offer),
                    row_of (part->to_side, seeker, offer));
  gint64 to = value_of (run, part->to_side, part->to, seeker, offer);
  gint64 from = part->kind == MARKET_REACH || part->kind == MARKET_SAME
                    ? value_of (run, part->from_side, part->from, seeker, offer)
                    : MARKET_NONE;
  if (!is_there (to))
    return 0;
  switch (part->kind) {
  case MARKET_REACH: return reach (part, from, to);
  case MARKET_SAME: {
    const MarketValues *a = &run->input.values[part->from_side][part->from],
                       *b = &run->input.values[part->to_side][part->to];
    return is_there (from) && g_str_equal (a->words[from], b->words[to]) ? (guint32)part->points : 0;
  }
  case MARKET_FRESH: {
    gint64 age = MAX (run->input.as_of - to, 0);
    return age < part->span ? part_share (part, (guint64)(part->span - age), (guint64)part->span) : 0;
  }
  default: return to == 1 ? (guint32)part->points : 0;
  }
}

/* ---- both sides -------------------------------------------------------------------------- */

unsigned
market_most (const Market *market)
{
  unsigned most = 0;
  for (size_t p = 0; p < market->n_parts; p++)
    most += (unsigned)market->parts[p].points;
  return most;
}

unsigned
market_rank (unsigned score, unsigned most, unsigned mutual)
{
  enum { OF_SCORE = 3, OF_ALL = 4 };
  return (OF_SCORE * 100 * score / MAX (most, 1) + mutual) / OF_ALL;
}

unsigned
market_mutual (unsigned seekers, unsigned seekers_most, unsigned offers, unsigned offers_most)
{
  if (!seekers_most || !offers_most)
    return seekers_most ? 100 * seekers / seekers_most : offers_most ? 100 * offers / offers_most : 0;
  guint64 a = (guint64)seekers * offers_most, b = (guint64)offers * seekers_most,
          all = (guint64)seekers_most * offers_most;
  return a + b ? (unsigned)((2 * 100 * a * b / (a + b) + all / 2) / all) : 0;
}

unsigned
points_mutual (const Market *market, const guint16 *points)
{
  unsigned has[2] = { 0, 0 }, most[2] = { 0, 0 };
  for (size_t p = 0; p < market->n_parts; p++)
    for (int side = 0; side < 2; side++)
      if (market->parts[p].whom != (side == MARKET_SEEKERS ? MARKET_FOR_OFFERS : MARKET_FOR_SEEKERS)) {
        has[side] += points[p];
        most[side] += (unsigned)market->parts[p].points;
      }
  return market_mutual (has[0], most[0], has[1], most[1]);
}
