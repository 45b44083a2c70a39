/* liudong check: a policy package's faults, each with file, line, what to do. */
#include "cli.h"

#include "market/market.h"
#include "pairs/pairs.h"
#include "registers/registers.h"
#include "vocabulary/vocabulary.h"

#include <stdio.h>
#include <string.h>

static void
write_json (DmnFaults *faults)
{
  g_autoptr (GString) out = g_string_new (NULL);
  JsonWriter *w = json_writer_new (out, 2);
  size_t n;
  const DmnFault *list = dmn_faults_list (faults, &n);
  json_begin_array (w);
  for (size_t i = 0; i < n; i++) {
    json_begin_object (w);
    json_member_str (w, "severity", dmn_severity_id (list[i].severity));
    json_member_str (w, "code", list[i].code);
    json_member_str (w, "file", list[i].origin);
    json_member_int (w, "line", list[i].line);
    json_member_int (w, "column", list[i].column);
    json_member_str (w, "message", list[i].message);
    json_end_object (w);
  }
  json_end_array (w);
  json_writer_free (w);
  puts (out->str);
}

/* The package's markets: each file's first fault. */
static void
check_markets (const char *folder, const PolicyPackage *package, DmnFaults *faults)
{
  g_autoptr (Arena) arena = arena_new ();
  g_autoptr (GPtrArray) wrong = g_ptr_array_new_with_free_func (g_free);
  size_t n;
  const Market *const *markets = market_read_all (arena, folder, policy_schema (package), &n, wrong);
  for (guint i = 0; i < wrong->len; i++) {
    const char *message = wrong->pdata[i], *line = strchr (message, ':');
    g_autofree char *origin = g_strndup (message, line ? (gsize)(line - message) : strlen (message));
    char *rest = NULL;
    guint64 number = line ? g_ascii_strtoull (line + 1, &rest, 10) : 0;
    dmn_faults_add (faults, DMN_ERROR, "market", origin, (unsigned)number, 1, "%s",
                    rest && *rest == ':' ? g_strchug (rest + 1) : message);
  }
  g_autoptr (GError) error = NULL;
  if (!pairs_check_spaces (folder, markets, n, &error))
    dmn_faults_add (faults, DMN_ERROR, "market", folder, 1, 1, "%s", error->message);
}

/* The package's words of work: the first fault of their tables. */
static void
check_vocabulary (const char *folder, DmnFaults *faults)
{
  g_autofree char *words = g_build_filename (folder, "vocabulary", NULL);
  g_autoptr (GError) error = NULL;
  if (!g_file_test (words, G_FILE_TEST_IS_DIR))
    return;
  g_autoptr (Vocabulary) vocabulary = vocabulary_load (words, &error);
  if (!vocabulary)
    dmn_faults_add (faults, DMN_ERROR, "vocabulary", words, 1, 1, "%s", error->message);
}

int
command_check (int argc, char **argv)
{
  g_autofree char *format = NULL;
  const GOptionEntry entries[] = {
    { "format", 0, 0, G_OPTION_ARG_STRING, &format, "text (default) or json", "FORMAT" },
    G_OPTION_ENTRY_NULL,
  };
  int status;
  if (!cli_options (&argc, &argv, "[DIR]",
                    "Check a policy package: syntax, names, types, tables, parameters, links; with notes on\n"
                    "what turns on registration, origin, employer, sex, age, degree or seniority.\n"
                    "Exit status 1 when there are errors; warnings alone give 0.",
                    entries, &status))
    return status;
  if (format && !g_str_equal (format, "text") && !g_str_equal (format, "json"))
    return cli_fail ("check",
                     g_error_new (FAULT, FAULT_USAGE, "--format is text or json, not \"%s\"", format));
  g_autofree char *folder = argc > 1 ? g_strdup (argv[1]) : cli_find ("policy/minhou-2021-81");
  g_autoptr (DmnFaults) faults = dmn_faults_new ();
  GError *error = NULL;
  g_autoptr (PolicyPackage) package = policy_load (folder, faults, &error);
  if (!package)
    return cli_fail ("check", error);
  policy_check (package, civil_today (), faults);
  registers_check (package, faults);
  check_markets (folder, package, faults);
  check_vocabulary (folder, faults);
  size_t errors = dmn_faults_count (faults, DMN_ERROR), warnings = dmn_faults_count (faults, DMN_WARNING),
         notes = dmn_faults_count (faults, DMN_NOTE);
  if (format && g_str_equal (format, "json"))
    write_json (faults);
  else
    cli_print_faults (stdout, faults);
  fprintf (stderr, "%zu error%s, %zu warning%s", errors, errors == 1 ? "" : "s", warnings,
           warnings == 1 ? "" : "s");
  if (notes)
    fprintf (stderr, ", %zu note%s", notes, notes == 1 ? "" : "s");
  fprintf (stderr, " in %s\n", folder);
  return errors ? CLI_NO : CLI_DONE;
}
