/* Whom a looking row could be brought together with: it reaches others by the lists of concepts that the
 * parts that find have.  What each other row has comes together in one word of memory per row, a lane for
 * each part, which is empty again when it has been read. */
#include "market/market_private.h"

#include <string.h>

enum { SCALE_BITS = 40 };

/* ---- adding up ------------------------------------------------------------------------- */

/* The rows ROWS[0] … ROWS[N - 1] have WEIGHT more by the part F; of NEAREST the greatest counts. */
static void
add (Search *search, const guint32 *rows, guint32 n, size_t f, bool nearest, guint32 weight)
{
  size_t touched = search->n_touched;
  for (guint32 i = 0; i < n; i++) {
    Found *found = &search->found[rows[i]];
    search->touched[touched] = rows[i];
    touched += !found->any; /* without a branch: nobody can foretell it */
    found->lanes[f] = (guint16)(nearest ? MAX (found->lanes[f], weight) : found->lanes[f] + weight);
  }
  search->n_touched = touched;
}

static void
add_all (Search *search, const Postings *postings, guint32 concept, size_t f, bool nearest, guint32 weight)
{
  add (search, postings->rows + postings->starts[concept],
       postings->starts[concept + 1] - postings->starts[concept], f, nearest, weight);
}

/* ROW has what others ask: each concept that its own reach, by the best of them. */
static void
find_asking (const MarketRun *run, Search *search, size_t f, const MarketPart *part, guint32 row)
{
  const MarketSpace *space = run->near_of[part->from_side][part->from]->space;
  const Postings *postings = &run->postings[part->to_side][part->to];
  const guint32 *own;
  guint32 n = counted_of (run, part->from_side, part->from, row, &own);
  for (guint32 i = 0; i < n; i++)
    for (guint32 at = space->starts[own[i]]; at < space->starts[own[i] + 1]; at++)
      search->best[space->near[at].concept]
          = MAX (search->best[space->near[at].concept], space->near[at].weight);
  for (guint32 i = 0; i < n; i++)
    for (guint32 at = space->starts[own[i]]; at < space->starts[own[i] + 1]; at++) {
      guint32 c = space->near[at].concept, weight = search->best[c];
      search->best[c] = 0; /* each concept once */
      if (weight)
        add_all (search, postings, c, f, part->kind == MARKET_NEAREST, weight);
    }
}

/* ROW has alternatives, and each other its own: the nearest two. */
static void
find_nearest (const MarketRun *run, Search *search, size_t f, const MarketPart *part, guint32 row)
{
  const Nearness *nearness = run->near_of[part->to_side][part->to];
  const guint32 *own;
  guint32 n = counted_of (run, part->to_side, part->to, row, &own);
  for (guint32 i = 0; i < n; i++)
    for (guint32 at = nearness->back_starts[own[i]]; at < nearness->back_starts[own[i] + 1]; at++)
      add_all (search, &run->postings[part->from_side][part->from], nearness->back[at].concept, f, true,
               nearness->back[at].weight);
}

/* Those that have what is near to the concept ASKED, by the best that each has. */
static void
find_one_asked (const MarketRun *run, Search *search, size_t f, const MarketPart *part, guint32 asked)
{
  const Nearness *nearness = run->near_of[part->to_side][part->to];
  const Postings *postings = &run->postings[part->from_side][part->from];
  const MarketNear *near = nearness->back + nearness->back_starts[asked];
  guint32 n = nearness->back_starts[asked + 1] - nearness->back_starts[asked];
  for (guint32 i = 0; i < n; i++)
    for (guint32 p = postings->starts[near[i].concept]; p < postings->starts[near[i].concept + 1]; p++) {
      guint32 row = postings->rows[p], had = search->had[row];
      if (near[i].weight <= had)
        continue;
      add (search, &row, 1, f, false, near[i].weight - had);
      search->had[row] = near[i].weight;
    }
  for (guint32 i = 0; i < n; i++)
    for (guint32 p = postings->starts[near[i].concept]; p < postings->starts[near[i].concept + 1]; p++)
      search->had[postings->rows[p]] = 0;
}

/* ROW asks what others have. */
static void
find_having (const MarketRun *run, Search *search, size_t f, const MarketPart *part, guint32 row)
{
  const guint32 *asked;
  guint32 n = counted_of (run, part->to_side, part->to, row, &asked);
  for (guint32 i = 0; i < n; i++)
    find_one_asked (run, search, f, part, asked[i]);
}

/* ---- in points ------------------------------------------------------------------------- */

/* How many concepts rows ask by the part that finds as number F. */
static void
count_asked (MarketRun *run, size_t f)
{
  const MarketPart *part = &run->market->parts[run->finds[f]];
  const guint32 *asked;
  run->asked[f] = g_new (guint8, MAX (run->input.n[part->to_side], 1));
  for (guint32 row = 0; row < run->input.n[part->to_side]; row++)
    run->asked[f][row] = (guint8)counted_of (run, part->to_side, part->to, row, &asked);
}

/* Points for one hundredth of one of N concepts, N from 1 on, in 2^-40, rounded up: a sum of hundredths is
 * below 2^15, so that the error stays below 2^-25, and the next whole number is at least 2^-15 away. */
void
find_scales (MarketRun *run)
{
  for (size_t f = 0; f < run->n_finds; f++) {
    guint64 points = (guint64)run->market->parts[run->finds[f]].points;
    run->scales[f] = g_new0 (guint64, LIST_MOST + 1);
    for (guint64 n = 1; n <= LIST_MOST; n++)
      run->scales[f][n] = ((points << SCALE_BITS) + 100 * n - 1) / (100 * n);
    const MarketPart *part = &run->market->parts[run->finds[f]];
    if (part->kind == MARKET_OVERLAP && (part->to_side == MARKET_SEEKERS || !run->borrows))
      count_asked (run, f);
  }
}

static Scale
scale_of (const MarketRun *run, size_t f, MarketSide side, guint32 row)
{
  const MarketPart *part = &run->market->parts[run->finds[f]];
  if (part->kind == MARKET_NEAREST)
    return (Scale){ .own = run->scales[f][1] };
  if (part->to_side == side)
    return (Scale){ .own = run->scales[f][run->asked[f][row]] };
  return (Scale){ .by_asked = run->scales[f], .asked = run->asked[f] };
}

static guint32
in_points (const Scale *scale, guint32 lane, guint32 other)
{
  return (guint32)(lane * (scale->by_asked ? scale->by_asked[scale->asked[other]] : scale->own)
                   >> SCALE_BITS);
}

/* What was found of touched rows out of `found`, which is empty afterwards. */
static void
weigh (const MarketRun *run, Search *search, MarketSide side, guint32 row)
{
  for (size_t f = 0; f < run->n_finds; f++)
    search->scales[f] = scale_of (run, f, side, row);
  memset (search->counts, 0, (search->finds_most + 1) * sizeof *search->counts);
  for (size_t i = 0; i < search->n_touched; i++) {
    guint32 other = search->touched[i], points = 0;
    Found found = search->lanes[i] = search->found[other];
    search->found[other].any = 0;
    for (size_t f = 0; f < run->n_finds; f++)
      points += in_points (&search->scales[f], found.lanes[f], other);
    search->partial[i] = (guint16)points;
    search->counts[points]++;
  }
}

void
find_points (const MarketRun *run, const Search *search, size_t i, guint16 *points)
{
  for (size_t f = 0; f < run->n_finds; f++)
    points[run->finds[f]]
        = (guint16)in_points (&search->scales[f], search->lanes[i].lanes[f], search->touched[i]);
}

void
find (const MarketRun *run, Search *search, MarketSide side, guint32 row)
{
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
  weigh (run, search, side, row);
}
