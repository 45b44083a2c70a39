/* Scanning the registry into chunks, ranges of subjects shared by threads.  Every thread has
 * a view of its own, and all of them stand at one place. */
#include "county/county_private.h"

enum { RANGE = 8 * COLUMNS_CHUNK, RANGES_MAX = 4096, TRIES = 8 };

typedef struct {
  Table *table;
  gint64 first, last; /* numbers */
  GArray *pieces;     /* Piece */
} Range;

typedef struct {
  County *county;
  RegistryView **views; /* by thread */
  GArray *ranges;
  gint failed;   /* atomic */
  GError *error; /* of the thread that made it so */
  gint64 done, total;
} Build;

/* ---- one range -------------------------------------------------------------------- */

static Sheet *
sheet_new (const Table *table)
{
  Sheet *sheet = g_new0 (Sheet, 1);
  sheet->n_columns = table->n_stored;
  sheet->columns = g_new0 (SheetColumn, table->n_stored);
  for (size_t i = 0; i < table->n_stored; i++)
    if (table->columns[i].kind == COLUMNS_TEXT)
      sheet->columns[i].texts = dictionary_new ();
  return sheet;
}

static void
sheet_free (Sheet *sheet)
{
  for (size_t i = 0; i < sheet->n_columns; i++)
    dictionary_free (sheet->columns[i].texts);
  g_free (sheet->columns);
  g_free (sheet);
}

static void
end_sheet (const Table *table, Sheet *sheet, GArray *pieces)
{
  if (!sheet->n)
    return;
  Piece piece = { .index = chunk_of_number (sheet->numbers[0]), .bytes = g_byte_array_new () };
  chunk_encode (sheet, piece.bytes);
  g_array_append_val (pieces, piece);
  sheet->n = 0;
  for (size_t i = 0; i < sheet->n_columns; i++)
    if (sheet->columns[i].texts)
      dictionary_clear (sheet->columns[i].texts);
}

static void
put (const Held *held, SheetColumn *column, size_t row, RegistryFact fact)
{
  if (fact.state == REGISTRY_UNSTATED)
    fact = held->absent;
  column->states[row] = fact.state == REGISTRY_VALUE  ? ROW_VALUE
                        : fact.state == REGISTRY_NONE ? ROW_NONE
                                                      : ROW_UNKNOWN;
  if (fact.state != REGISTRY_VALUE)
    return;
  if (column->texts)
    column->values[row] = dictionary_code (column->texts, fact.text);
  else
    column->values[row]
        = held->attribute->kind == REGISTRY_REFERENCE ? subject_number (fact.integer) : fact.integer;
}

static bool
scan_range (const Range *range, RegistryView *view, GError **error)
{
  const Table *table = range->table;
  g_autoptr (RegistryScan) scan = registry_view_scan (view, table->entity, range->first, range->last, error);
  if (!scan)
    return false;
  GError *fault = NULL;
  Sheet *sheet = sheet_new (table);
  for (Subject subject; registry_scan_next (scan, &subject, &fault);) {
    gint64 number = subject_number (subject);
    if (sheet->n && chunk_of_number (number) != chunk_of_number (sheet->numbers[0]))
      end_sheet (table, sheet, range->pieces);
    size_t row = sheet->n++;
    sheet->numbers[row] = number;
    for (size_t i = 0; i < table->n_stored; i++)
      put (&table->held[i], &sheet->columns[i], row, registry_scan_fact (scan, table->held[i].attribute));
  }
  end_sheet (table, sheet, range->pieces);
  sheet_free (sheet);
  if (!fault)
    return true;
  g_propagate_error (error, fault);
  return false;
}

static void
build_range (gpointer data, size_t task, unsigned thread)
{
  Build *build = data;
  Range *range = &g_array_index (build->ranges, Range, task);
  GError *error = NULL;
  if (g_atomic_int_get (&build->failed))
    return;
  if (!scan_range (range, build->views[thread], &error)
      && g_atomic_int_compare_and_exchange (&build->failed, 0, 1))
    build->error = error;
  else
    g_clear_error (&error);
  __atomic_fetch_add (&build->done, range->last - range->first + 1, __ATOMIC_RELAXED);
  const CountyOptions *options = &build->county->options;
  if (thread == 0 && options->progress)
    options->progress (__atomic_load_n (&build->done, __ATOMIC_RELAXED), build->total, options->data);
}

/* ---- ranges ------------------------------------------------------------------------- */

static bool
add_ranges (Build *build, Table *table, GError **error)
{
  gint64 highest;
  if (!registry_view_highest (build->views[0], table->entity, &highest, error))
    return false;
  gint64 span = RANGE * MAX (1, highest / RANGE / RANGES_MAX);
  for (gint64 first = 1; first <= highest; first += span) {
    Range range
        = { table, first, MIN (first + span - 1, highest), g_array_new (FALSE, TRUE, sizeof (Piece)) };
    g_array_append_val (build->ranges, range);
  }
  build->total += highest;
  return true;
}

static bool
read_absence (Build *build, Table *table, GError **error)
{
  for (size_t i = 0; i < table->table.n_columns; i++)
    if (!registry_view_absence (build->views[0], table->held[i].attribute, &table->held[i].absent, error))
      return false;
  return true;
}

static bool
build_all (Build *build, GError **error)
{
  County *county = build->county;
  for (size_t i = 0; i < county->n_tables; i++)
    if (county->tables[i].entity
        && (!read_absence (build, &county->tables[i], error)
            || !add_ranges (build, &county->tables[i], error)))
      return false;
  work_share (county->n_threads, build->ranges->len, build_range, build);
  if (build->error)
    g_propagate_error (error, g_steal_pointer (&build->error));
  return !build->failed;
}

/* ---- views ---------------------------------------------------------------------------- */

static void
close_views (Build *build)
{
  for (unsigned i = 0; i < build->county->n_threads; i++)
    g_clear_pointer (&build->views[i], registry_view_free);
}

static bool
open_views (Build *build, unsigned n, bool *same, GError **error)
{
  const CountyOptions *options = &build->county->options;
  RegistryPlace first, place;
  *same = true;
  for (unsigned i = 0; i < n; i++) {
    build->views[i] = registry_view_new (options->registry, options->as_of, error);
    if (!build->views[i] || !registry_view_place (build->views[i], i ? &place : &first, error))
      return false;
    *same &= i == 0 || (place.batch == first.batch && place.merge == first.merge);
  }
  return true;
}

/* Somebody who writes all the time may come between the views: then one thread reads. */
static bool
settle_views (Build *build, GError **error)
{
  bool same = false;
  for (int i = 0; i < TRIES && !same; i++) {
    close_views (build);
    if (!open_views (build, build->county->n_threads, &same, error))
      return false;
  }
  if (!same)
    build->county->n_threads = 1;
  return true;
}

static void
hand_over (Build *build, bool ok)
{
  for (guint i = 0; i < build->ranges->len; i++) {
    Range *range = &g_array_index (build->ranges, Range, i);
    for (guint k = 0; !ok && k < range->pieces->len; k++)
      g_byte_array_unref (g_array_index (range->pieces, Piece, k).bytes);
    if (ok && range->pieces->len)
      g_array_append_vals (range->table->pieces, range->pieces->data, range->pieces->len);
    g_array_unref (range->pieces);
  }
}

bool
build_pieces (County *county, GError **error)
{
  unsigned n_threads = county->n_threads;
  Build build = { .county = county,
                  .views = g_new0 (RegistryView *, n_threads),
                  .ranges = g_array_new (FALSE, FALSE, sizeof (Range)) };
  bool ok = settle_views (&build, error) && build_all (&build, error);
  hand_over (&build, ok);
  county->n_threads = n_threads;
  close_views (&build);
  g_free (build.views);
  g_array_unref (build.ranges);
  return ok;
}
