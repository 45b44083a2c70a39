/* The parts that do not find pairs read one value of a row, of which there are few: a level, a township, a
 * pay.  So what a looking row gives is worked out for each value, and a pair costs an addition. */
#include "market/market_private.h"

/* The column of SIDE that PART reads; false: it reads none there, and gives all the same. */
static bool
column_of (const MarketPart *part, MarketSide side, size_t *column)
{
  bool two = part->kind != MARKET_FRESH && part->kind != MARKET_FLAG;
  *column = part->to_side == side ? part->to : part->from;
  return part->to_side == side || (two && part->from_side == side);
}

void
rest_make (MarketRun *run, MarketSide side)
{
  Rest *rest = &run->rest[side];
  for (size_t p = 0; p < run->market->n_parts; p++)
    if (!run->market->parts[p].finds)
      rest->parts[rest->n++] = p;
  rest->codes = g_new0 (guint16, MAX (run->input.n[side] * rest->n, 1));
  for (size_t i = 0; i < rest->n; i++) {
    Classes *classes = &rest->classes[i];
    if (column_of (&run->market->parts[rest->parts[i]], side, &classes->columns[0]))
      classes->n_columns = 1;
    classes_make (run, side, classes);
    rest->pairwise[i] = classes->n > CODES_MOST;
    for (size_t row = 0; row < run->input.n[side] && classes->class_of && !rest->pairwise[i]; row++)
      rest->codes[row * rest->n + i] = (guint16)classes->class_of[row];
    g_clear_pointer (&classes->class_of, g_free);
  }
}

void
rest_clear (Rest *rest)
{
  for (size_t i = 0; i < rest->n; i++)
    g_free (rest->classes[i].example);
  g_free (rest->codes);
}

static guint32
points_of (const MarketRun *run, size_t part, MarketSide side, guint32 row, guint32 other)
{
  return part_points (run, &run->market->parts[part], side == MARKET_OFFERS ? row : other,
                      side == MARKET_OFFERS ? other : row);
}

void
rest_give (const MarketRun *run, Search *search, MarketSide side, guint32 row)
{
  const Rest *rest = &run->rest[!side];
  for (size_t i = 0; i < rest->n && run->input.n[!side]; i++)
    for (guint32 c = 0; c < rest->classes[i].n && !rest->pairwise[i]; c++)
      search->given[i][c] = (guint16)points_of (run, rest->parts[i], !side, row,
                                                rest->classes[i].example ? rest->classes[i].example[c] : 0);
}

guint32
rest_by (const MarketRun *run, const Search *search, size_t i, MarketSide side, guint32 row, guint32 other)
{
  const Rest *rest = &run->rest[!side];
  return rest->pairwise[i] ? points_of (run, rest->parts[i], !side, row, other)
                           : search->given[i][rest->codes[(size_t)other * rest->n + i]];
}

guint32
rest_points (const MarketRun *run, const Search *search, MarketSide side, guint32 row, guint32 other)
{
  guint32 points = 0;
  for (size_t i = 0; i < run->rest[!side].n; i++)
    points += rest_by (run, search, i, side, row, other);
  return points;
}
