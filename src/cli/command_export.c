/* liudong export: current facts as a table, for a stated purpose. */
#include "cli.h"

#include "intake/intake.h"
#include "progress.h"

#include <stdio.h>

typedef struct {
  char *db, *policy, *entity, *columns, *out, *purpose, *language;
  char **where;
} Options;

static bool
check_options (const Options *o, SheetFormat *format, GError **error)
{
  if (!o->entity)
    g_set_error (error, FAULT, FAULT_USAGE, "--entity says what to export: resident, household, post …");
  else if (!o->out || !sheet_format_of_name (o->out, format))
    g_set_error (error, FAULT, FAULT_USAGE, "--out names the file, which ends in .csv or .xlsx");
  else if (o->language && !g_str_equal (o->language, "zh") && !g_str_equal (o->language, "en"))
    g_set_error (error, FAULT, FAULT_USAGE, "--language is zh or en, not \"%s\"", o->language);
  else
    return true;
  return false;
}

static bool
write_table (Registry *registry, const Options *o, SheetFormat format, gint64 *rows, GError **error)
{
  g_autofree char *actor = g_strdup_printf ("os:%s", g_get_user_name ());
  g_auto (GStrv) columns = o->columns ? g_strsplit (o->columns, ",", -1) : NULL;
  CliProgress bar;
  IntakeExport options = { .entity = o->entity,
                           .columns = (const char *const *)columns,
                           .where = (const char *const *)o->where,
                           .english = o->language && g_str_equal (o->language, "en"),
                           .purpose = o->purpose,
                           .actor = actor,
                           .role = "operator",
                           .progress = cli_progress_step,
                           .data = &bar };
  g_autoptr (SheetWriter) out = sheet_writer_create (o->out, format, error);
  if (!out)
    return false;
  cli_progress_start (&bar, "exporting");
  bool ok = intake_export (registry, &options, out, rows, error) && sheet_writer_finish (out, error);
  cli_progress_end (&bar);
  return ok;
}

static int export(const Options *o, const PolicyPackage *package)
{
  GError *error = NULL;
  SheetFormat format;
  gint64 rows = 0;
  if (!check_options (o, &format, &error))
    return cli_fail ("export", error);
  g_autoptr (Registry) registry
      = registry_open (o->db ? o->db : "var/county.db", 0, policy_schema (package), &error);
  if (!registry || !write_table (registry, o, format, &rows, &error))
    return cli_fail ("export", error);
  g_autoptr (GString) out = g_string_new (NULL);
  JsonWriter *w = json_writer_new (out, 2);
  json_begin_object (w);
  json_member_str (w, "file", o->out);
  json_member_str (w, "entity", o->entity);
  json_member_str (w, "purpose", o->purpose);
  json_member_int (w, "rows", rows);
  json_end_object (w);
  json_writer_free (w);
  puts (out->str);
  return CLI_DONE;
}

int
command_export (int argc, char **argv)
{
  Options o = { 0 };
  const GOptionEntry entries[] = {
    { "entity", 'e', 0, G_OPTION_ARG_STRING, &o.entity, "what to export: resident, household …", "ENTITY" },
    { "out", 'o', 0, G_OPTION_ARG_FILENAME, &o.out, "the file", "FILE.csv|xlsx" },
    { "purpose", 0, 0, G_OPTION_ARG_STRING, &o.purpose, "what for; the persons concerned can read it",
      "TEXT" },
    { "columns", 0, 0, G_OPTION_ARG_STRING, &o.columns, "ids or names, with commas (default: all)", "NAMES" },
    { "where", 0, 0, G_OPTION_ARG_STRING_ARRAY, &o.where, "only rows with this value; may be given again",
      "COLUMN=VALUE" },
    { "language", 0, 0, G_OPTION_ARG_STRING, &o.language, "of the heading: zh (default) or en", "LANGUAGE" },
    { "db", 0, 0, G_OPTION_ARG_FILENAME, &o.db, "the database (default: var/county.db)", "FILE|URL" },
    { "policy", 0, 0, G_OPTION_ARG_FILENAME, &o.policy, "the policy package", "FOLDER" },
    G_OPTION_ENTRY_NULL,
  };
  int status;
  if (cli_options (&argc, &argv, "",
                   "Export the facts on record now as a table (CSV or XLSX).  The audit log says who\n"
                   "exported what about whom, and what for, before the file is written.",
                   entries, &status)) {
    PolicyPackage *package = cli_load_package ("export", o.policy, &status);
    if (package) {
      status = export(&o, package);
      policy_free (package);
    }
  }
  char *texts[] = { o.db, o.policy, o.entity, o.columns, o.out, o.purpose, o.language };
  for (size_t i = 0; i < G_N_ELEMENTS (texts); i++)
    g_free (texts[i]);
  g_strfreev (o.where);
  return status;
}
