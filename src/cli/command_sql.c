/* liudong sql: the county and its clauses for a database of its own. */
#include "cli.h"

#include "inquiry.h"
#include "warehouse/warehouse.h"

#include <stdio.h>

typedef struct {
  Inquiry asked;
  char *dialect, *out;
  gboolean totals;
  SqlDialect spoken; /* from check_options */
} Options;

static bool
check_options (Inquiry *q, GError **error)
{
  Options *o = (Options *)q;
  if (o->dialect && sql_dialect_parse (o->dialect, &o->spoken))
    return true;
  g_set_error (error, FAULT, FAULT_USAGE, "--dialect is sqlite, postgresql or clickhouse%s%s%s",
               o->dialect ? ", not \"" : "", o->dialect ? o->dialect : "", o->dialect ? "\"" : "");
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
write_out (Inquiry *q, GError **error)
{
  const Options *o = (const Options *)q;
  g_autoptr (Arena) arena = arena_new ();
  g_autoptr (GString) out = g_string_new (NULL);
  size_t n;
  const PolicyClause **clauses = cli_choose_clauses (q->package, q->clause, arena, &n, error);
  if (!clauses || !inquiry_open (q, error))
    return false;
  WarehouseOptions options = { .package = q->package,
                               .registry = q->registry,
                               .access = q->access,
                               .who = access_operator (arena, q->purpose),
                               .as_of = q->day,
                               .threads = (unsigned)q->threads,
                               .dialect = o->spoken,
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

int
command_sql (int argc, char **argv)
{
  Options o = { .asked.clause = CLI_EVERY_CLAUSE };
  const GOptionEntry entries[] = {
    INQUIRY_DB (o.asked),
    { "dialect", 0, 0, G_OPTION_ARG_STRING, &o.dialect, "sqlite, postgresql or clickhouse", "DIALECT" },
    INQUIRY_CLAUSE (o.asked),
    INQUIRY_AS_OF (o.asked),
    { "totals", 0, 0, G_OPTION_ARG_NONE, &o.totals, "also the queries that count and sum", NULL },
    { "out", 0, 0, G_OPTION_ARG_FILENAME, &o.out,
      "a new folder for schema, facts and queries (default: schema and queries on standard output, no facts)",
      "DIR" },
    { "purpose", 0, 0, G_OPTION_ARG_STRING, &o.asked.purpose, "why they are written out, for the log",
      "TEXT" },
    INQUIRY_THREADS (o.asked),
    INQUIRY_POLICY (o.asked),
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
    status = inquiry_run (&o.asked, "sql", check_options, write_out);
  inquiry_clear (&o.asked);
  g_free (o.dialect);
  g_free (o.out);
  return status;
}
