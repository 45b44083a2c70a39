/* liudong sql: the county and its clauses for a database of its own. */
#include "cli.h"

#include "warehouse/warehouse.h"

#include <stdio.h>

typedef struct {
  char *db, *policy, *as_of, *dialect, *out, *purpose;
  int clause, threads;
  gboolean totals;
} Options;

static bool
check_options (const Options *o, Day *as_of, SqlDialect *dialect, GError **error)
{
  *as_of = civil_today ();
  if (!o->db)
    g_set_error (error, FAULT, FAULT_USAGE, "--db DB is needed: the county's database");
  else if (!o->dialect || !sql_dialect_parse (o->dialect, dialect))
    g_set_error (error, FAULT, FAULT_USAGE, "--dialect is sqlite, postgresql or clickhouse%s%s%s",
                 o->dialect ? ", not \"" : "", o->dialect ? o->dialect : "", o->dialect ? "\"" : "");
  else if (o->as_of && !civil_parse (text_of (o->as_of), as_of))
    g_set_error (error, FAULT, FAULT_USAGE, "--as-of \"%s\" is no date; write 2026-01-31", o->as_of);
  else if (o->threads < 0 || o->threads > 16)
    g_set_error (error, FAULT, FAULT_USAGE, "--threads is 1 to 16, not %d", o->threads);
  else
    return true;
  return false;
}

/* What was written, and what was not. */
static void
tell (const WarehouseReport *r)
{
  for (size_t i = 0; i < r->n_outside; i++)
    fprintf (stderr, "no SQL: %s\n", r->outside[i]);
  fprintf (stderr, "%zu tables, %zu rows, %zu tables of answers; %zu of %zu decisions have no SQL\n",
           r->tables, r->rows, r->answers, r->n_outside, r->decisions);
}

static bool
write_out (const PolicyPackage *package, const Options *o, Day as_of, SqlDialect dialect, GError **error)
{
  g_autoptr (Arena) arena = arena_new ();
  g_autoptr (GString) out = g_string_new (NULL);
  size_t n;
  const PolicyClause **clauses = cli_choose_clauses (package, o->clause, arena, &n, error);
  if (!clauses)
    return false;
  g_autoptr (Registry) registry = registry_open (o->db, 0, policy_schema (package), error);
  g_autoptr (Access) access = registry ? access_open (registry, error) : NULL;
  if (!access)
    return false;
  policy_hand_purposes (package, access);
  WarehouseOptions options = { .package = package,
                               .registry = registry,
                               .access = access,
                               .who = access_operator (arena, o->purpose),
                               .as_of = as_of,
                               .threads = (unsigned)o->threads,
                               .dialect = dialect,
                               .totals = o->totals,
                               .folder = o->out,
                               .out = out };
  WarehouseReport report;
  if (!warehouse_write (&options, clauses, n, arena, &report, error)
      || (!o->out && !cli_write (NULL, out->str, out->len, error)))
    return false;
  tell (&report);
  return true;
}

static int
run (const Options *o)
{
  Day as_of;
  SqlDialect dialect;
  GError *error = NULL;
  if (!check_options (o, &as_of, &dialect, &error))
    return cli_fail ("sql", error);
  int status;
  g_autoptr (PolicyPackage) package = cli_load_package ("sql", o->policy, &status);
  if (!package)
    return status;
  return write_out (package, o, as_of, dialect, &error) ? CLI_DONE : cli_fail ("sql", error);
}

int
command_sql (int argc, char **argv)
{
  Options o = { .clause = CLI_EVERY_CLAUSE };
  const GOptionEntry entries[] = {
    { "db", 0, 0, G_OPTION_ARG_FILENAME, &o.db, "the county's database, a file or a postgresql:// URL",
      "DB" },
    { "dialect", 0, 0, G_OPTION_ARG_STRING, &o.dialect, "sqlite, postgresql or clickhouse", "DIALECT" },
    { "clause", 0, 0, G_OPTION_ARG_INT, &o.clause, "this clause alone (default: all)", "N" },
    { "as-of", 0, 0, G_OPTION_ARG_STRING, &o.as_of, "evaluation date (default: today)", "DATE" },
    { "totals", 0, 0, G_OPTION_ARG_NONE, &o.totals, "also the queries that count and sum", NULL },
    { "out", 0, 0, G_OPTION_ARG_FILENAME, &o.out,
      "a new folder for schema, facts and queries (default: schema and queries on standard output, no facts)",
      "DIR" },
    { "purpose", 0, 0, G_OPTION_ARG_STRING, &o.purpose, "why they are written out, for the log", "TEXT" },
    { "threads", 0, 0, G_OPTION_ARG_INT, &o.threads, "how many work on it (default: 2)", "N" },
    { "policy", 0, 0, G_OPTION_ARG_FILENAME, &o.policy, "the policy package (default: policy/minhou-2021-81)",
      "DIR" },
    G_OPTION_ENTRY_NULL,
  };
  int status;
  if (cli_options (
          &argc, &argv, "",
          "The facts that clauses read and the clauses themselves, for a database of their own: tables, and "
          "per\n"
          "clause and kind of subject a table with everybody's answer, matched rules and failed conditions.\n"
          "The log has one entry per clause and kind of subject, which everybody concerned can see.\n"
          "docs/province.md says how many counties are put together.",
          entries, &status))
    status = run (&o);
  char *texts[] = { o.db, o.policy, o.as_of, o.dialect, o.out, o.purpose };
  for (size_t i = 0; i < G_N_ELEMENTS (texts); i++)
    g_free (texts[i]);
  return status;
}
