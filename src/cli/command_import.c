/* liudong import: a table of facts from a department, with a report of what was wrong. */
#include "cli.h"

#include "intake/intake.h"
#include "progress.h"

#include <stdio.h>

typedef struct {
  char *db, *policy, *entity, *source, *valid_from, *report, *encoding, *sheet;
  gboolean complete, dry_run, skip_unknown, again;
} Options;

static bool
step (gint64 done, gint64 size, gpointer bar)
{
  cli_progress_step (done, size, bar);
  return true;
}

static bool
read_options (const Options *o, IntakeOptions *options, GError **error)
{
  *options = (IntakeOptions){ .entity = o->entity,
                              .source = o->source,
                              .sheet = { .encoding = o->encoding, .sheet = o->sheet },
                              .complete = o->complete,
                              .dry_run = o->dry_run,
                              .skip_unknown = o->skip_unknown,
                              .again = o->again,
                              .has_valid_from = o->valid_from != NULL,
                              .progress = step };
  if (!o->entity)
    g_set_error (error, FAULT, FAULT_USAGE, "--entity says what the rows are: resident, household, post …");
  else if (o->valid_from && !civil_parse (text_of (o->valid_from), &options->valid_from))
    g_set_error (error, FAULT, FAULT_USAGE, "--valid-from \"%s\" is no date; write 2026-01-31",
                 o->valid_from);
  else
    return true;
  return false;
}

static bool
write_report (Registry *registry, const char *path, gint64 run, GError **error)
{
  SheetFormat format = SHEET_CSV;
  sheet_format_of_name (path, &format);
  g_autoptr (SheetWriter) out = sheet_writer_create (path, format, error);
  return out && intake_write_report (registry, run, out, error) && sheet_writer_finish (out, error);
}

/* What the run came to, in words for a person who watches. */
static void
print_words (const IntakeRun *run, const Options *o)
{
  if (run->already) {
    fprintf (stderr,
             "%s was imported before (import %" G_GINT64_FORMAT
             "): nothing was done; --again imports it anew\n",
             run->name, run->id);
    return;
  }
  fprintf (stderr,
           "%" G_GINT64_FORMAT " rows: %" G_GINT64_FORMAT " new, %" G_GINT64_FORMAT
           " changed, %" G_GINT64_FORMAT " unchanged, %" G_GINT64_FORMAT " refused%s\n",
           run->rows, run->added, run->changed, run->unchanged, run->refused,
           run->dry ? " (dry run: no fact was recorded)" : "");
  if (run->complete && !run->completed && run->finished_at && !run->dry && run->refused)
    fputs ("the load is not complete, as rows were refused: nothing became absent by it\n", stderr);
  if (run->candidates)
    fprintf (stderr, "%" G_GINT64_FORMAT " pairs look like one person; see liudong duplicates\n",
             run->candidates);
  if (run->refused && !o->report)
    fputs ("--report FILE.csv writes what is wrong and how to mend it\n", stderr);
}

static void
print_json (const IntakeRun *run)
{
  g_autoptr (GString) out = g_string_new (NULL);
  JsonWriter *w = json_writer_new (out, 2);
  intake_write_run (w, run);
  json_writer_free (w);
  puts (out->str);
}

static int
import (const char *path, const Options *o, const PolicyPackage *package)
{
  GError *error = NULL;
  IntakeOptions options;
  IntakeRun run = { 0 };
  CliProgress bar;
  g_autofree char *actor = g_strdup_printf ("os:%s", g_get_user_name ());
  g_autoptr (Arena) arena = arena_new ();
  if (!read_options (o, &options, &error))
    return cli_fail ("import", error);
  g_autoptr (Registry) registry
      = registry_open (o->db ? o->db : "var/county.db", 0, policy_schema (package), &error);
  if (!registry)
    return cli_fail ("import", error);
  options.actor = actor;
  options.data = &bar;
  cli_progress_start (&bar, "importing");
  bool ok = intake_import (registry, path, &options, arena, &run, &error);
  cli_progress_end (&bar);
  if (o->report && run.id && !write_report (registry, o->report, run.id, ok ? &error : NULL))
    ok = false;
  if (!ok)
    return cli_fail ("import", error);
  print_words (&run, o);
  print_json (&run);
  return run.refused ? CLI_NO : CLI_DONE;
}

static int
run (int argc, char **argv, const Options *o)
{
  int status = CLI_USAGE;
  if (argc < 2) {
    fputs ("liudong import: name a file; see liudong import --help\n", stderr);
    return status;
  }
  PolicyPackage *package = cli_load_package ("import", o->policy, &status);
  if (!package)
    return status;
  status = import (argv[1], o, package);
  policy_free (package);
  return status;
}

int
command_import (int argc, char **argv)
{
  Options o = { 0 };
  const GOptionEntry entries[] = {
    { "entity", 'e', 0, G_OPTION_ARG_STRING, &o.entity, "what the rows are: resident, household …",
      "ENTITY" },
    { "db", 0, 0, G_OPTION_ARG_FILENAME, &o.db, "the database (default: var/county.db)", "FILE|URL" },
    { "source", 's', 0, G_OPTION_ARG_STRING, &o.source, "the department that sends it", "DEPARTMENT" },
    { "report", 'r', 0, G_OPTION_ARG_FILENAME, &o.report, "write what is wrong, and how to mend it",
      "FILE.csv|xlsx" },
    { "complete", 0, 0, G_OPTION_ARG_NONE, &o.complete, "the file has everyone the department knows", NULL },
    { "valid-from", 0, 0, G_OPTION_ARG_STRING, &o.valid_from, "since when it holds (default: today)",
      "DATE" },
    { "dry-run", 'n', 0, G_OPTION_ARG_NONE, &o.dry_run, "check everything, record nothing", NULL },
    { "encoding", 0, 0, G_OPTION_ARG_STRING, &o.encoding, "of CSV: utf-8 or gb18030 (default: find out)",
      "NAME" },
    { "sheet", 0, 0, G_OPTION_ARG_STRING, &o.sheet, "of XLSX: the worksheet (default: the first)", "NAME" },
    { "skip-unknown", 0, 0, G_OPTION_ARG_NONE, &o.skip_unknown, "pass over columns that are not known",
      NULL },
    { "again", 0, 0, G_OPTION_ARG_NONE, &o.again, "import a file that is through already", NULL },
    { "policy", 0, 0, G_OPTION_ARG_FILENAME, &o.policy, "the policy package", "FOLDER" },
    G_OPTION_ENTRY_NULL,
  };
  int status;
  if (cli_options (&argc, &argv, "FILE",
                   "Import a table (CSV or XLSX) of facts about subjects.  Good rows land, bad rows are\n"
                   "reported; after an interruption the same command goes on.",
                   entries, &status))
    status = run (argc, argv, &o);
  char *texts[] = { o.db, o.policy, o.entity, o.source, o.valid_from, o.report, o.encoding, o.sheet };
  for (size_t i = 0; i < G_N_ELEMENTS (texts); i++)
    g_free (texts[i]);
  return status;
}
