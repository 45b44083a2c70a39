/* liudong batch: clauses over the whole county, with reasons and groups. */
#include "cli.h"

#include "inquiry.h"
#include "population/population.h"
#include "progress.h"
#include "sheet/sheet.h"
#include "warehouse/warehouse.h"

#include <stdio.h>

typedef struct {
  Inquiry asked;
  char *out, *engine;
} Options;

static bool
check_options (Inquiry *q, GError **error)
{
  const Options *o = (const Options *)q;
  if (o->out && !g_str_has_suffix (o->out, ".csv"))
    g_set_error (error, FAULT, FAULT_USAGE, "--out names the table, which ends in .csv, not \"%s\"", o->out);
  else if (o->engine && !g_str_equal (o->engine, "columns") && !g_str_equal (o->engine, "scalar")
           && !g_str_equal (o->engine, "sql"))
    g_set_error (error, FAULT, FAULT_USAGE, "--engine is columns, scalar or sql, not \"%s\"", o->engine);
  else if (g_strcmp0 (o->engine, "sql") == 0 && g_strcmp0 (q->format, "csv") != 0)
    g_set_error (error, FAULT, FAULT_USAGE,
                 "--engine sql gives the table alone, without reasons: add --format csv");
  else
    return true;
  return false;
}

/* One row per provision and group value, exact: whoever runs this has the database. */
static bool
write_table (SheetWriter *table, const PopulationClause *found, size_t n, Arena *arena, GError **error)
{
  sheet_writer_heading (table, population_columns, NULL, POPULATION_COLUMNS);
  for (size_t i = 0; i < n; i++) {
    size_t n_rows;
    const char *const *const *rows = population_rows (arena, &found[i], &n_rows);
    for (size_t r = 0; r < n_rows; r++)
      if (!sheet_writer_row (table, rows[r], POPULATION_COLUMNS, error))
        return false;
  }
  return sheet_writer_finish (table, error);
}

static bool
tell (const Options *o, const PopulationClause *found, size_t n, Arena *arena, GError **error)
{
  if (o->out) {
    g_autoptr (SheetWriter) file = sheet_writer_create (o->out, SHEET_CSV, error);
    if (!file || !write_table (file, found, n, arena, error))
      return false;
  }
  g_autoptr (GString) out = g_string_new (NULL);
  if (g_strcmp0 (o->asked.format, "csv") == 0) {
    g_autoptr (SheetWriter) table = sheet_writer_new (SHEET_CSV, sheet_sink_string, out, error);
    return table && write_table (table, found, n, arena, error)
           && cli_write (NULL, out->str, out->len, error);
  }
  JsonWriter *w = json_writer_new (out, 2);
  population_write (w, o->asked.package, found, n, o->asked.day);
  return inquiry_write_json (NULL, w, out, error);
}

/* Where the time went, and what was not for columns. */
static void
tell_effort (const PopulationEffort *e, double writing)
{
  fprintf (stderr, "load %.2f s, log %.2f s, compute %.2f s, write %.2f s\n", e->load, e->log, e->compute,
           writing);
  fprintf (stderr,
           "%zu provisions by columns, %zu row by row (%" G_GINT64_FORMAT " of %" G_GINT64_FORMAT
           " answers)\n",
           e->provisions - e->by_rows, e->by_rows, e->answers_by_rows, e->answers);
}

/* By SQL in a scratch database; the table's figures alone. */
static bool
batch_by_sql (const Options *o, const PolicyClause *const *clauses, size_t n, Arena *arena, GError **error)
{
  const Inquiry *q = &o->asked;
  WarehouseReport report;
  WarehouseOptions options = { .package = q->package,
                               .registry = q->registry,
                               .access = q->access,
                               .who = access_operator (arena, q->purpose),
                               .as_of = q->day,
                               .threads = (unsigned)q->threads };
  gint64 since = g_get_monotonic_time ();
  const PopulationClause *found = warehouse_count (&options, clauses, n, arena, &report, error);
  if (!found || !tell (o, found, n, arena, error))
    return false;
  fprintf (stderr, "%zu tables, %zu rows, %.2f s\n", report.tables, report.rows,
           (double)(g_get_monotonic_time () - since) / G_USEC_PER_SEC);
  for (size_t i = 0; i < report.n_outside; i++)
    fprintf (stderr, "no SQL: %s\n", report.outside[i]);
  fprintf (stderr, "%zu provisions by SQL, %zu by columns\n", report.by_sql, report.by_columns);
  return true;
}

static bool
batch (Inquiry *q, GError **error)
{
  const Options *o = (const Options *)q;
  g_autoptr (Arena) arena = arena_new ();
  size_t n;
  const PolicyClause **clauses = cli_choose_clauses (q->package, q->clause, arena, &n, error);
  if (!clauses || !inquiry_open (q, error))
    return false;
  if (g_strcmp0 (o->engine, "sql") == 0)
    return batch_by_sql (o, clauses, n, arena, error);
  CliProgress bar;
  PopulationEffort effort;
  bool scalar = o->engine && g_str_equal (o->engine, "scalar");
  PopulationOptions options = { .package = q->package,
                                .registry = q->registry,
                                .access = q->access,
                                .who = access_operator (arena, q->purpose),
                                .as_of = q->day,
                                .engine = scalar ? POPULATION_BY_ROWS : POPULATION_BY_COLUMNS,
                                .threads = (unsigned)q->threads,
                                .effort = &effort,
                                .progress = cli_progress_step,
                                .data = &bar };
  cli_progress_start (&bar, "counting");
  const PopulationClause *found = population_run (&options, arena, clauses, n, error);
  cli_progress_end (&bar);
  gint64 since = g_get_monotonic_time ();
  if (!found || !tell (o, found, n, arena, error))
    return false;
  tell_effort (&effort, (double)(g_get_monotonic_time () - since) / G_USEC_PER_SEC);
  return true;
}

int
command_batch (int argc, char **argv)
{
  static const char *const formats[] = { "json", "csv", NULL };
  Options o = { .asked = { .formats = formats, .clause = CLI_EVERY_CLAUSE } };
  const GOptionEntry entries[] = {
    INQUIRY_DB (o.asked),
    INQUIRY_CLAUSE (o.asked),
    INQUIRY_AS_OF (o.asked),
    { "out", 0, 0, G_OPTION_ARG_FILENAME, &o.out, "also a table: a row per provision and group", "FILE.csv" },
    { "format", 0, 0, G_OPTION_ARG_STRING, &o.asked.format, "of standard output: json (default) or csv",
      "FORMAT" },
    { "engine", 0, 0, G_OPTION_ARG_STRING, &o.engine,
      "columns (default); scalar: everybody one by one; sql: SQLite, in a scratch database, for --format "
      "csv; "
      "the figures are the same",
      "ENGINE" },
    { "purpose", 0, 0, G_OPTION_ARG_STRING, &o.asked.purpose, "why you count, for the log", "TEXT" },
    INQUIRY_THREADS (o.asked),
    INQUIRY_POLICY (o.asked),
    G_OPTION_ENTRY_NULL,
  };
  int status;
  if (cli_options (
          &argc, &argv, "",
          "How many each clause reaches, refuses and cannot say of, with reasons, by township, sex,\n"
          "age and place of registration.  Figures are exact; the log has one entry per clause and\n"
          "kind of subject, which everybody counted can see.",
          entries, &status))
    status = inquiry_run (&o.asked, "batch", check_options, batch);
  inquiry_clear (&o.asked);
  g_free (o.out);
  g_free (o.engine);
  return status;
}
