/* liudong barriers: whom a single fact keeps out of what a clause gives. */
#include "cli.h"

#include "barriers/barriers.h"
#include "progress.h"
#include "sheet/sheet.h"

typedef struct {
  char *db, *policy, *as_of, *format, *purpose;
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
  else if (o->as_of && !civil_parse (text_of (o->as_of), as_of))
    g_set_error (error, FAULT, FAULT_USAGE, "--as-of \"%s\" is no date; write 2026-01-31", o->as_of);
  else if (o->threads < 0 || o->threads > 16)
    g_set_error (error, FAULT, FAULT_USAGE, "--threads is 1 to 16, not %d", o->threads);
  else
    return true;
  return false;
}

/* Exact: whoever runs this has the database. */
static bool
write_table (GString *out, const BarriersClause *found, size_t n, Arena *arena, GError **error)
{
  g_autoptr (SheetWriter) table = sheet_writer_new (SHEET_CSV, sheet_sink_string, out, error);
  if (!table)
    return false;
  sheet_writer_heading (table, barriers_columns, NULL, BARRIERS_COLUMNS);
  for (size_t i = 0; i < n; i++) {
    size_t n_rows;
    const char *const *const *rows = barriers_rows (arena, &found[i], &n_rows);
    for (size_t r = 0; r < n_rows; r++) {
      for (size_t c = 0; c < BARRIERS_COLUMNS; c++)
        sheet_writer_text (table, text_of (rows[r][c]));
      if (!sheet_writer_end_row (table, error))
        return false;
    }
  }
  return sheet_writer_finish (table, error);
}

static bool
tell (const PolicyPackage *package, const Options *o, const BarriersClause *found, size_t n, Day as_of,
      Arena *arena, GError **error)
{
  g_autoptr (GString) out = g_string_new (NULL);
  if (o->format && g_str_equal (o->format, "csv")) {
    if (!write_table (out, found, n, arena, error))
      return false;
  } else {
    JsonWriter *w = json_writer_new (out, 2);
    barriers_write (w, package, found, n, as_of);
    json_writer_free (w);
    g_string_append_c (out, '\n');
  }
  return cli_write (NULL, out->str, out->len, error);
}

static bool
count (const PolicyPackage *package, const Options *o, Day as_of, GError **error)
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
  BarriersOptions options = { .package = package,
                              .registry = registry,
                              .access = access,
                              .who = access_operator (arena, o->purpose),
                              .as_of = as_of,
                              .threads = (unsigned)o->threads,
                              .progress = cli_progress_step,
                              .data = &bar };
  cli_progress_start (&bar, "trying");
  const BarriersClause *found = barriers_run (&options, arena, clauses, n, error);
  cli_progress_end (&bar);
  return found && tell (package, o, found, n, as_of, arena, error);
}

static int
run (const Options *o)
{
  Day as_of;
  GError *error = NULL;
  if (!check_options (o, &as_of, &error))
    return cli_fail ("barriers", error);
  int status;
  g_autoptr (PolicyPackage) package = cli_load_package ("barriers", o->policy, &status);
  if (!package)
    return status;
  return count (package, o, as_of, &error) ? CLI_DONE : cli_fail ("barriers", error);
}

int
command_barriers (int argc, char **argv)
{
  Options o = { .clause = CLI_EVERY_CLAUSE };
  const GOptionEntry entries[] = {
    { "db", 0, 0, G_OPTION_ARG_FILENAME, &o.db, "the county's database, a file or a postgresql:// URL",
      "DB" },
    { "clause", 0, 0, G_OPTION_ARG_INT, &o.clause, "this clause alone (default: all)", "N" },
    { "as-of", 0, 0, G_OPTION_ARG_STRING, &o.as_of, "evaluation date (default: today)", "DATE" },
    { "format", 0, 0, G_OPTION_ARG_STRING, &o.format, "json (default) or csv", "FORMAT" },
    { "purpose", 0, 0, G_OPTION_ARG_STRING, &o.purpose, "why you count, for the log", "TEXT" },
    { "threads", 0, 0, G_OPTION_ARG_INT, &o.threads, "how many work on it (default: 2)", "N" },
    { "policy", 0, 0, G_OPTION_ARG_FILENAME, &o.policy, "the policy package (default: policy/minhou-2021-81)",
      "DIR" },
    G_OPTION_ENTRY_NULL,
  };
  int status;
  if (cli_options (
          &argc, &argv, "",
          "For each provision and each fact marked as a barrier (registration, origin, employer, sex, age,\n"
          "degree, seniority): how many are refused who would be entitled if that fact alone were another,\n"
          "by value and by township; and whom being from Taiwan keeps from what they would get otherwise.\n"
          "Figures are exact; the log has one entry per clause and kind of subject.",
          entries, &status))
    status = run (&o);
  char *texts[] = { o.db, o.policy, o.as_of, o.format, o.purpose };
  for (size_t i = 0; i < G_N_ELEMENTS (texts); i++)
    g_free (texts[i]);
  return status;
}
