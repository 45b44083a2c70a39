/* The parts that do not find pairs read one value of a row, of which there are few: a level, a township, a
 * pay. So what one value gives another is worked out once, and a pair costs an addition for each part. */
#include "market/market_private.h"

enum { TABLE_MOST = 1 << 22 }; /* pairs of values */

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
    rest->too_many[i] = classes->n > G_MAXUINT16 + 1;
    for (size_t row = 0; row < run->input.n[side] && classes->class_of && !rest->too_many[i]; row++)
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
  return part_points (run, &run->market->parts[part], side == MARKET_SEEKERS ? row : other,
                      side == MARKET_SEEKERS ? other : row);
}

static guint32
example_of (const Classes *classes, guint32 of)
{
  return classes->example ? classes->example[of] : 0;
}

/* ---- what each value gives each other ----------------------------------------------------- */

static void
give_all (const MarketRun *run, MarketSide side, size_t i, Gives *gives)
{
  const Classes *own = &run->rest[side].classes[i], *others = &run->rest[!side].classes[i];
  gives->points = g_new (guint16, (size_t)own->n * others->n);
  gives->most = g_new0 (guint16, own->n);
  for (guint32 a = 0; a < own->n; a++)
    for (guint32 b = 0; b < others->n; b++) {
      guint32 points
          = points_of (run, run->rest[side].parts[i], side, example_of (own, a), example_of (others, b));
      gives->points[(size_t)a * others->n + b] = (guint16)points;
      gives->most[a] = (guint16)MAX (gives->most[a], points);
    }
}

void
gives_make (MarketRun *run, MarketSide side)
{
  const Rest *rest = &run->rest[side];
  for (size_t i = 0; i < rest->n && run->input.n[MARKET_SEEKERS] && run->input.n[MARKET_OFFERS]; i++)
    if (!rest->too_many[i] && !run->rest[!side].too_many[i]
        && (guint64)rest->classes[i].n * run->rest[!side].classes[i].n <= TABLE_MOST)
      give_all (run, side, i, &run->gives[side][i]);
}

void
gives_free (MarketRun *run)
{
  for (int side = 0; side < 2; side++)
    for (size_t i = 0; i < MARKET_PARTS_MAX; i++) {
      g_free (run->gives[side][i].points);
      g_free (run->gives[side][i].most);
    }
}

/* ---- for one that looks -------------------------------------------------------------------- */

guint32
rest_open (const MarketRun *run, Search *search, MarketSide side, guint32 row)
{
  const Rest *rest = &run->rest[side];
  guint32 most = 0;
  search->n_given = search->n_single = 0;
  for (size_t i = 0; i < rest->n; i++) {
    const Gives *gives = &run->gives[side][i];
    if (!gives->points) {
      search->single[search->n_single++] = rest->parts[i];
      most += (guint32)run->market->parts[rest->parts[i]].points;
      continue;
    }
    size_t own = rest->codes[(size_t)row * rest->n + i];
    search->given[search->n_given++] = (Given){ gives->points + own * run->rest[!side].classes[i].n, i };
    most += gives->most[own];
  }
  return most;
}

guint32
rest_points (const MarketRun *run, const Search *search, MarketSide side, guint32 row, guint32 other)
{
  const Rest *rest = &run->rest[!side];
  const guint16 *codes = rest->codes + (size_t)other * rest->n;
  guint32 points = 0;
  for (size_t g = 0; g < search->n_given; g++)
    points += search->given[g].points[codes[search->given[g].at]];
  for (size_t s = 0; s < search->n_single; s++)
    points += points_of (run, search->single[s], side, row, other);
  return points;
}

void
rest_points_each (const MarketRun *run, const Search *search, MarketSide side, guint32 row, guint32 other,
                  guint16 *points)
{
  const Rest *rest = &run->rest[!side];
  const guint16 *codes = rest->codes + (size_t)other * rest->n;
  for (size_t g = 0; g < search->n_given; g++)
    points[rest->parts[search->given[g].at]] = search->given[g].points[codes[search->given[g].at]];
  for (size_t s = 0; s < search->n_single; s++)
    points[search->single[s]] = (guint16)points_of (run, search->single[s], side, row, other);
}
