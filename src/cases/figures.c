/* How long decisions took: kept once with each decision, counted for heads without a look at anybody. */
#include "cases/cases_private.h"

enum { SHARE_WITHIN = 90 }; /* of a hundred cases */

/* The index of the table has all its columns, so that all figures are one walk along it. */
bool
figures_keep (StoreConnection *db, const CaseRow *row, GError **error)
{
  StoreStatement *s = store_statement (
      db,
      "INSERT INTO cases_took (case_id, office, matter, township, unit, took, late_promised, late_statutory,"
      " decided_at) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9) ON CONFLICT (case_id) DO UPDATE SET"
      " office = excluded.office, matter = excluded.matter, township = excluded.township, unit = "
      "excluded.unit,"
      " took = excluded.took, late_promised = excluded.late_promised, late_statutory = "
      "excluded.late_statutory,"
      " decided_at = excluded.decided_at",
      error);
  if (!s)
    return false;
  store_bind_integer (s, 1, row->c.id);
  store_bind_text (s, 2, row->c.office);
  store_bind_text (s, 3, row->c.matter_key);
  store_bind_text (s, 4, row->c.township);
  store_bind_integer (s, 5, row->took.unit);
  store_bind_integer (s, 6, row->took.used);
  store_bind_integer (s, 7, row->took.late_promised);
  store_bind_integer (s, 8, row->took.late_statutory);
  store_bind_integer (s, 9, row->c.decided_at);
  return store_run (s, error);
}

/* ---- counting ------------------------------------------------------------------------ */

/* So many took so long. */
typedef struct {
  gint64 took, n;
} Took;

typedef struct {
  CaseFigure figure;
  GArray *spread; /* Took */
  gint64 sum;
} Count;

static Count
count_new (const char *matter, const char *township, ClockUnit unit)
{
  return (Count){ .figure = { .matter = matter, .township = township, .unit = unit },
                  .spread = g_array_new (FALSE, FALSE, sizeof (Took)) };
}

static void
count_add (Count *count, gint64 took, gint64 n, gint64 late_promised, gint64 late_statutory)
{
  CaseFigure *f = &count->figure;
  f->decided += n;
  f->late_promised += late_promised;
  f->late_statutory += late_statutory;
  if (took < 0) /* a calendar is missing, or the matter has no limit that runs */
    return;
  f->measured += n;
  count->sum += took * n;
  Took one = { took, n };
  g_array_append_val (count->spread, one);
}

static int
compare_took (gconstpointer a, gconstpointer b)
{
  const Took *x = a, *y = b;
  return (x->took > y->took) - (x->took < y->took);
}

/* The mean, and the time within which SHARE_WITHIN of a hundred were decided: the smallest that so many did
 * not exceed (nearest rank).  Limits in hours are read in minutes. */
static void
count_end (Count *count, GArray *figures)
{
  CaseFigure *f = &count->figure;
  gint64 per_unit = f->unit == CLOCK_WORKING_HOURS ? 60 : 1;
  gint64 so_far = 0, wanted = (f->measured * SHARE_WITHIN + 99) / 100;
  g_array_sort (count->spread, compare_took);
  for (guint i = 0; i < count->spread->len && so_far < wanted; i++) {
    const Took *one = &g_array_index (count->spread, Took, i);
    so_far += one->n;
    f->within = one->took * 100 / per_unit;
  }
  if (f->measured)
    f->mean = (count->sum * 100 / per_unit + f->measured / 2) / f->measured;
  g_array_append_vals (figures, f, 1);
  g_array_unref (count->spread);
}

typedef struct {
  Arena *arena;
  GArray *figures; /* CaseFigure: of each matter all, then by township */
  GArray *places;  /* Count: the matter's townships so far */
  Count all;
} Counting;

static void
end_matter (Counting *c)
{
  if (!c->all.spread)
    return;
  count_end (&c->all, c->figures);
  for (guint i = 0; i < c->places->len; i++)
    count_end (&g_array_index (c->places, Count, i), c->figures);
  g_array_set_size (c->places, 0);
  c->all = (Count){ 0 };
}

/* Rows come by matter, unit and township. */
static void
take_row (Counting *c, StoreStatement *s)
{
  ClockUnit unit = (ClockUnit)store_integer (s, 1);
  Text matter = store_text (s, 0), township = store_text (s, 2);
  if (!c->all.spread || c->all.figure.unit != unit || !text_equal (matter, text_of (c->all.figure.matter))) {
    end_matter (c);
    c->all = count_new (arena_text (c->arena, matter), NULL, unit);
  }
  Count *last = c->places->len ? &g_array_index (c->places, Count, c->places->len - 1) : NULL;
  if (!last || !text_equal (township, text_of (last->figure.township))) {
    Count next = count_new (c->all.figure.matter, arena_text (c->arena, township), unit);
    g_array_append_val (c->places, next);
    last = &g_array_index (c->places, Count, c->places->len - 1);
  }
  Count *both[] = { &c->all, last };
  for (size_t i = 0; i < G_N_ELEMENTS (both); i++)
    count_add (both[i], store_integer (s, 3), store_integer (s, 4), store_integer (s, 5),
               store_integer (s, 6));
}

/* When DAY begins in Shanghai, UTC seconds. */
static gint64
midnight (Day day)
{
  return ((gint64)day * 24 - 8) * 3600;
}

const CaseFigure *
cases_figures (Cases *cases, Arena *arena, const AccessAccount *who, const char *office, Day from, Day to,
               size_t *n, GError **error)
{
  *n = 0;
  if (!queue_may_list (who, office, error))
    return NULL;
  g_autoptr (StoreReader) reader = store_reader (cases->store, error);
  StoreStatement *s
      = reader ? store_statement (
            store_reader_db (reader),
            "SELECT matter, unit, township, took, count(*),"
            " sum(CASE WHEN late_promised > 0 THEN 1 ELSE 0 END),"
            " sum(CASE WHEN late_statutory > 0 THEN 1 ELSE 0 END) FROM cases_took WHERE office = ?1"
            " AND decided_at >= ?2 AND decided_at < ?3"
            " GROUP BY matter, unit, township, took"
            " ORDER BY matter, unit, township, took",
            error)
               : NULL;
  if (!s)
    return NULL;
  store_bind_text (s, 1, office);
  store_bind_integer (s, 2, midnight (from));
  store_bind_integer (s, 3, midnight (to + 1));
  g_autoptr (GArray) figures = g_array_new (FALSE, FALSE, sizeof (CaseFigure));
  g_autoptr (GArray) places = g_array_new (FALSE, FALSE, sizeof (Count));
  Counting counting = { .arena = arena, .figures = figures, .places = places };
  StoreStep next;
  while ((next = store_step (s, error)) == STORE_ROW)
    take_row (&counting, s);
  end_matter (&counting);
  *n = figures->len;
  return next == STORE_FAILED ? NULL : arena_copy (arena, figures->data, figures->len * sizeof (CaseFigure));
}
