/* Scanning the registry into chunks, ranges of subjects shared by threads.  Every thread has
 * a view of its own, and all of them stand at one place. */
#include "county/county_private.h"

enum { RANGE = 8 * COLUMNS_CHUNK, RANGES_MAX = 4096, TRIES = 8 };

/* ---- one range -------------------------------------------------------------------- */

static Sheet *
sheet_new (const Table *table)
{
  Sheet *sheet = g_new0 (Sheet, 1);
  sheet->n_columns = table->n_stored;
  sheet->columns = g_new0 (SheetColumn, table->n_stored);
  for (size_t i = 0; i < table->n_stored; i++) {
    sheet->columns[i].attribute = (guint32)table->held[i].attribute->index;
    sheet->columns[i].texts = table->held[i].texts ? dictionary_new () : NULL;
  }
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
sheet_reset (Sheet *sheet)
{
  sheet->n = 0;
  for (size_t i = 0; i < sheet->n_columns; i++)
    if (sheet->columns[i].texts)
      dictionary_clear (sheet->columns[i].texts);
}

/* A thread's own for TABLE: large, and used for range after range. */
static Sheet *
sheet_of (Build *build, const Table *table, unsigned thread)
{
  Sheet **sheet = &build->sheets[thread * build->county->n_tables + (size_t)table->entity->index];
  if (!*sheet)
    *sheet = sheet_new (table);
  sheet_reset (*sheet);
  return *sheet;
}

static void
end_sheet (Sheet *sheet, const Range *range, RegistryPlace place)
{
  if (!sheet->n)
    return;
  Piece piece = { .index = chunk_of_number (sheet->numbers[0]), .place = place, .origin = range->origin };
  GByteArray *bytes = g_byte_array_new ();
  chunk_encode (sheet, bytes);
  piece.bytes = g_byte_array_free_to_bytes (bytes);
  size_t len;
  const guint8 *data = g_bytes_get_data (piece.bytes, &len);
  const Table *table = range->table;
  ChunkFit fit
      = chunk_parse (&piece.chunk, data, len, piece.index, table->stored, table->entity->n, table->n_stored);
  g_assert (fit == CHUNK_FITS);
  g_array_append_val (range->pieces, piece);
  sheet_reset (sheet);
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
scan_range (const Range *range, Build *build, unsigned thread, GError **error)
{
  const Table *table = range->table;
  g_autoptr (RegistryScan) scan
      = registry_view_scan (build->views[thread], table->entity, range->first, range->last, error);
  if (!scan)
    return false;
  GError *fault = NULL;
  Sheet *sheet = sheet_of (build, table, thread);
  for (Subject subject; registry_scan_next (scan, &subject, &fault);) {
    gint64 number = subject_number (subject);
    if (sheet->n && chunk_of_number (number) != chunk_of_number (sheet->numbers[0]))
      end_sheet (sheet, range, build->place);
    size_t row = sheet->n++;
    sheet->numbers[row] = number;
    for (size_t i = 0; i < table->n_stored; i++)
      put (&table->held[i], &sheet->columns[i], row, registry_scan_fact (scan, table->held[i].attribute));
  }
  end_sheet (sheet, range, build->place);
  if (!fault)
    return true;
  g_propagate_error (error, fault);
  return false;
}

typedef struct {
  Build *build;
  GArray *ranges;
  gint64 done, total; /* numbers; DONE is atomic */
} Ranges;

static void
scan_task (gpointer data, size_t task, unsigned thread)
{
  Ranges *r = data;
  Range *range = &g_array_index (r->ranges, Range, task);
  GError *error = NULL;
  if (g_atomic_int_get (&r->build->failed))
    return;
  if (!scan_range (range, r->build, thread, &error))
    build_fail (r->build, error);
  gint64 n = range->last - range->first + 1, done = __atomic_add_fetch (&r->done, n, __ATOMIC_RELAXED);
  const CountyOptions *options = &r->build->county->options;
  if (thread == 0 && options->progress)
    options->progress (done, r->total, options->data);
}

/* ---- ranges ------------------------------------------------------------------------- */

void
build_add_range (GArray *ranges, Table *table, gint64 first, gint64 last, PieceOrigin origin)
{
  Range range = { table, first, last, origin, g_array_new (FALSE, TRUE, sizeof (Piece)) };
  g_array_append_val (ranges, range);
}

bool
build_add_table (Build *build, GArray *ranges, Table *table, GError **error)
{
  gint64 highest;
  if (!registry_view_highest (build->views[0], table->entity, &highest, error))
    return false;
  gint64 span = RANGE * MAX (1, highest / RANGE / RANGES_MAX);
  for (gint64 first = 1; first <= highest; first += span)
    build_add_range (ranges, table, first, MIN (first + span - 1, highest), PIECE_BUILT);
  return true;
}

static void
hand_over (Range *range, bool ok)
{
  for (guint i = 0; !ok && i < range->pieces->len; i++)
    piece_clear (&g_array_index (range->pieces, Piece, i), range->table->n_stored);
  if (ok && range->pieces->len)
    g_array_append_vals (range->table->pieces, range->pieces->data, range->pieces->len);
  g_array_unref (range->pieces);
}

bool
build_ranges (Build *build, GArray *ranges, GError **error)
{
  Ranges r = { .build = build, .ranges = ranges };
  for (guint i = 0; i < ranges->len; i++) {
    const Range *range = &g_array_index (ranges, Range, i);
    r.total += range->last - range->first + 1;
  }
  bool ok = build_share (build, ranges->len, scan_task, &r, error);
  for (guint i = 0; i < ranges->len; i++)
    hand_over (&g_array_index (ranges, Range, i), ok);
  for (size_t t = 0; ok && t < build->county->n_tables; t++)
    if (build->county->tables[t].entity)
      g_array_sort (build->county->tables[t].pieces, piece_compare);
  g_array_set_size (ranges, 0);
  return ok;
}

/* ---- threads and their views ----------------------------------------------------------- */

void
build_fail (Build *build, GError *error)
{
  if (g_atomic_int_compare_and_exchange (&build->failed, 0, 1))
    build->error = error;
  else
    g_error_free (error);
}

bool
build_share (Build *build, size_t n, WorkTask task, gpointer data, GError **error)
{
  work_share (build->n_threads, n, task, data);
  if (!build->failed)
    return true;
  g_propagate_error (error, g_steal_pointer (&build->error));
  return false;
}

static void
close_views (Build *build)
{
  for (unsigned i = 0; i < build->county->n_threads; i++)
    g_clear_pointer (&build->views[i], registry_view_free);
}

static bool
open_views (Build *build, bool *same, GError **error)
{
  const CountyOptions *options = &build->county->options;
  RegistryPlace place;
  *same = true;
  for (unsigned i = 0; i < build->n_threads; i++) {
    build->views[i] = registry_view_new (options->registry, options->as_of, error);
    if (!build->views[i] || !registry_view_place (build->views[i], &place, error))
      return false;
    if (i == 0)
      build->place = place;
    *same &= memcmp (&place, &build->place, sizeof place) == 0;
  }
  return true;
}

/* Somebody who writes all the time may come between the views: then one thread reads. */
bool
build_begin (Build *build, County *county, GError **error)
{
  *build = (Build){ .county = county, .n_threads = county->n_threads };
  build->views = g_new0 (RegistryView *, county->n_threads);
  build->sheets = g_new0 (Sheet *, county->n_threads * county->n_tables);
  bool same = false;
  for (int i = 0; i < TRIES && !same; i++) {
    close_views (build);
    if (!open_views (build, &same, error))
      return false;
  }
  if (!same)
    build->n_threads = 1;
  county->place = build->place;
  return true;
}

void
build_end (Build *build)
{
  close_views (build);
  g_free (build->views);
  for (size_t i = 0; i < build->county->n_threads * build->county->n_tables; i++)
    if (build->sheets[i])
      sheet_free (build->sheets[i]);
  g_free (build->sheets);
}
