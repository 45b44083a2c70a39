/* liudong batch: clauses over the whole county, with reasons and groups. */
#include "cli.h"

#include "population/population.h"
#include "progress.h"
#include "sheet/sheet.h"

#include <stdio.h>

typedef struct {
  char *db, *policy, *as_of, *out, *format, *purpose, *engine;
  int clause, threads;
} Options;

static bool
check_options (const Options *o, Day *as_of, GError **error)
{
  *as_of = civil_today ();
  if (!o->db)
    g_set_error (error, FAULT, FAULT_USAGE, "--db DB is needed: the county's database");
  else if (o->format && !g_str_equal (o->format, "json") && !g_str_equal (o->format, "csv"))
    g_set_error (error, FAULT, FAULT_USAGE, "--format is json or csv, not \"%s\"", o->format);
  else if (o->out && !g_str_has_suffix (o->out, ".csv"))
    g_set_error (error, FAULT, FAULT_USAGE, "--out names the table, which ends in .csv, not \"%s\"", o->out);
  else if (o->as_of && !civil_parse (text_of (o->as_of), as_of))
    g_set_error (error, FAULT, FAULT_USAGE, "--as-of \"%s\" is no date; write 2026-01-31", o->as_of);
  else if (o->engine && !g_str_equal (o->engine, "columns") && !g_str_equal (o->engine, "scalar"))
    g_set_error (error, FAULT, FAULT_USAGE, "--engine is columns or scalar, not \"%s\"", o->engine);
  else if (o->threads < 0 || o->threads > 16)
    g_set_error (error, FAULT, FAULT_USAGE, "--threads is 1 to 16, not %d", o->threads);
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
    for (size_t r = 0; r < n_rows; r++) {
      for (size_t c = 0; c < POPULATION_COLUMNS; c++)
        sheet_writer_text (table, text_of (rows[r][c]));
      if (!sheet_writer_end_row (table, error))
        return false;
    }
  }
  return sheet_writer_finish (table, error);
}

static bool
print_table (const PopulationClause *found, size_t n, Arena *arena, GError **error)
{
  g_autoptr (GString) out = g_string_new (NULL);
  g_autoptr (SheetWriter) table = sheet_writer_new (SHEET_CSV, sheet_sink_string, out, error);
  return table && write_table (table, found, n, arena, error) && cli_write (NULL, out->str, out->len, error);
}

static bool
print_json (const PolicyPackage *package, const PopulationClause *found, size_t n, Day as_of, GError **error)
{
  g_autoptr (GString) out = g_string_new (NULL);
  JsonWriter *w = json_writer_new (out, 2);
  population_write (w, package, found, n, as_of);
  json_writer_free (w);
  g_string_append_c (out, '\n');
  return cli_write (NULL, out->str, out->len, error);
}

static bool
tell (const PolicyPackage *package, const Options *o, const PopulationClause *found, size_t n, Day as_of,
      Arena *arena, GError **error)
{
  if (o->out) {
    g_autoptr (SheetWriter) table = sheet_writer_create (o->out, SHEET_CSV, error);
    if (!table || !write_table (table, found, n, arena, error))
      return false;
  }
  if (o->format && g_str_equal (o->format, "csv"))
    return print_table (found, n, arena, error);
  return print_json (package, found, n, as_of, error);
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

static bool
batch (const PolicyPackage *package, const Options *o, Day as_of, GError **error)
{
  g_autoptr (Arena) arena = arena_new ();
  size_t n;
  const PolicyClause **clauses = cli_choose_clauses (package, o->clause, arena, &n, error);
  if (!clauses)
    return false;
  g_autoptr (Registry) registry = registry_open (o->db, 0, policy_schema (package), error);
  g_autoptr (Access) access = registry ? access_open (registry, error) : NULL;
  if (!access)
    return false;
  policy_hand_purposes (package, access);
  CliProgress bar;
  PopulationEffort effort;
  bool scalar = o->engine && g_str_equal (o->engine, "scalar");
  PopulationOptions options = { .package = package,
                                .registry = registry,
                                .access = access,
                                .who = access_operator (arena, o->purpose),
                                .as_of = as_of,
                                .engine = scalar ? POPULATION_BY_ROWS : POPULATION_BY_COLUMNS,
                                .threads = (unsigned)o->threads,
                                .effort = &effort,
                                .progress = cli_progress_step,
                                .data = &bar };
  cli_progress_start (&bar, "counting");
  const PopulationClause *found = population_run (&options, arena, clauses, n, error);
  cli_progress_end (&bar);
  gint64 since = g_get_monotonic_time ();
  if (!found || !tell (package, o, found, n, as_of, arena, error))
    return false;
  tell_effort (&effort, (double)(g_get_monotonic_time () - since) / G_USEC_PER_SEC);
  return true;
}

static int
run (const Options *o)
{
  Day as_of;
  GError *error = NULL;
  if (!check_options (o, &as_of, &error))
    return cli_fail ("batch", error);
  int status;
  g_autoptr (PolicyPackage) package = cli_load_package ("batch", o->policy, &status);
  if (!package)
    return status;
  return batch (package, o, as_of, &error) ? CLI_DONE : cli_fail ("batch", error);
}

int
command_batch (int argc, char **argv)
{
  Options o = { .clause = CLI_EVERY_CLAUSE };
  const GOptionEntry entries[] = {
    { "db", 0, 0, G_OPTION_ARG_FILENAME, &o.db, "the county's database, a file or a postgresql:// URL",
      "DB" },
    { "clause", 0, 0, G_OPTION_ARG_INT, &o.clause, "this clause alone (default: all)", "N" },
    { "as-of", 0, 0, G_OPTION_ARG_STRING, &o.as_of, "evaluation date (default: today)", "DATE" },
    { "out", 0, 0, G_OPTION_ARG_FILENAME, &o.out, "also a table: a row per provision and group", "FILE.csv" },
    { "format", 0, 0, G_OPTION_ARG_STRING, &o.format, "of standard output: json (default) or csv", "FORMAT" },
    { "engine", 0, 0, G_OPTION_ARG_STRING, &o.engine,
      "columns (default), or scalar: everybody one by one; the figures are the same", "ENGINE" },
    { "purpose", 0, 0, G_OPTION_ARG_STRING, &o.purpose, "why you count, for the log", "TEXT" },
    { "threads", 0, 0, G_OPTION_ARG_INT, &o.threads, "how many work on it (default: 2)", "N" },
    { "policy", 0, 0, G_OPTION_ARG_FILENAME, &o.policy, "the policy package (default: policy/minhou-2021-81)",
      "DIR" },
    G_OPTION_ENTRY_NULL,
  };
  int status;
  if (cli_options (
          &argc, &argv, "",
          "How many each clause reaches, refuses and cannot say of, with reasons, by township, sex,\n"
          "age and place of registration.  Figures are exact; the log has one entry per clause and\n"
          "kind of subject, which everybody counted can see.",
          entries, &status))
    status = run (&o);
  char *texts[] = { o.db, o.policy, o.as_of, o.out, o.format, o.purpose, o.engine };
  for (size_t i = 0; i < G_N_ELEMENTS (texts); i++)
    g_free (texts[i]);
  return status;
}
