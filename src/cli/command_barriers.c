/* liudong barriers: whom a single fact keeps out of what a clause gives. */
#include "cli.h"

#include "barriers/barriers.h"
#include "inquiry.h"
#include "progress.h"
#include "sheet/sheet.h"

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
    for (size_t r = 0; r < n_rows; r++)
      if (!sheet_writer_row (table, rows[r], BARRIERS_COLUMNS, error))
        return false;
  }
  return sheet_writer_finish (table, error);
}

static bool
tell (const Inquiry *q, const BarriersClause *found, size_t n, Arena *arena, GError **error)
{
  g_autoptr (GString) out = g_string_new (NULL);
  if (g_strcmp0 (q->format, "csv") == 0)
    return write_table (out, found, n, arena, error) && cli_write (NULL, out->str, out->len, error);
  JsonWriter *w = json_writer_new (out, 2);
  barriers_write (w, q->package, found, n, q->day);
  return inquiry_write_json (NULL, w, out, error);
}

static bool
count (Inquiry *q, GError **error)
{
  g_autoptr (Arena) arena = arena_new ();
  size_t n;
  const PolicyClause **clauses = cli_choose_clauses (q->package, q->clause, arena, &n, error);
  if (!clauses || !inquiry_open (q, error))
    return false;
  CliProgress bar;
  BarriersOptions options = { .package = q->package,
                              .registry = q->registry,
                              .access = q->access,
                              .who = access_operator (arena, q->purpose),
                              .as_of = q->day,
                              .threads = (unsigned)q->threads,
                              .progress = cli_progress_step,
                              .data = &bar };
  cli_progress_start (&bar, "trying");
  const BarriersClause *found = barriers_run (&options, arena, clauses, n, error);
  cli_progress_end (&bar);
  return found && tell (q, found, n, arena, error);
}

int
command_barriers (int argc, char **argv)
{
  static const char *const formats[] = { "json", "csv", NULL };
  Inquiry q = { .formats = formats, .clause = CLI_EVERY_CLAUSE };
  const GOptionEntry entries[] = {
    INQUIRY_DB (q),
    INQUIRY_CLAUSE (q),
    INQUIRY_AS_OF (q),
    { "format", 0, 0, G_OPTION_ARG_STRING, &q.format, "json (default) or csv", "FORMAT" },
    { "purpose", 0, 0, G_OPTION_ARG_STRING, &q.purpose, "why you count, for the log", "TEXT" },
    INQUIRY_THREADS (q),
    INQUIRY_POLICY (q),
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
    status = inquiry_run (&q, "barriers", NULL, count);
  inquiry_clear (&q);
  return status;
}
