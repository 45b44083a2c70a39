/* What the commands share. */
#include "cli.h"

#include <stdio.h>

static int
status_of (const GError *error)
{
  if (error->domain == FAULT && error->code == FAULT_SYSTEM)
    return CLI_SYSTEM;
  if (error->domain == G_FILE_ERROR && error->code != G_FILE_ERROR_NOENT)
    return CLI_SYSTEM;
  return CLI_USAGE;
}

int
cli_fail (const char *command, GError *error)
{
  int status = status_of (error);
  fprintf (stderr, "liudong %s: %s\n", command, error->message);
  g_error_free (error);
  return status;
}

static bool
asks_for_help (int argc, char **argv)
{
  for (int i = 1; i < argc; i++)
    if (g_str_equal (argv[i], "--help") || g_str_equal (argv[i], "-h"))
      return true;
  return false;
}

bool
cli_options (int *argc, char ***argv, const char *argument, const char *summary, const GOptionEntry *entries,
             int *status)
{
  g_autoptr (GOptionContext) context = g_option_context_new (argument);
  g_autofree char *command = g_strdup ((*argv)[0]);
  g_autofree char *program = g_strdup_printf ("liudong %s", command);
  g_set_prgname (program);
  g_option_context_set_summary (context, summary);
  g_option_context_add_main_entries (context, entries, NULL);
  g_option_context_set_help_enabled (context, FALSE);
  if (asks_for_help (*argc, *argv)) {
    g_autofree char *help = g_option_context_get_help (context, TRUE, NULL);
    fputs (help, stdout);
    *status = CLI_DONE;
    return false;
  }
  g_autoptr (GError) error = NULL;
  int most = *argument ? 2 : 1;
  if (!g_option_context_parse (context, argc, argv, &error))
    fprintf (stderr, "liudong %s: %s; see liudong %s --help\n", command, error->message, command);
  else if (*argc > most)
    fprintf (stderr, "liudong %s: \"%s\" is one argument too many; see liudong %s --help\n", command,
             (*argv)[most], command);
  else
    return true;
  *status = CLI_USAGE;
  return false;
}

char *
cli_find (const char *relative)
{
  if (g_file_test (relative, G_FILE_TEST_EXISTS))
    return g_strdup (relative);
  g_autofree char *program = g_file_read_link ("/proc/self/exe", NULL);
  g_autofree char *build = program ? g_path_get_dirname (program) : g_strdup (".");
  g_autofree char *beside = g_build_filename (build, "..", relative, NULL);
  return g_file_test (beside, G_FILE_TEST_EXISTS) ? g_canonicalize_filename (beside, NULL)
                                                  : g_strdup (relative);
}

void
cli_print_faults (FILE *out, DmnFaults *faults)
{
  size_t n;
  const DmnFault *list = dmn_faults_list (faults, &n);
  for (size_t i = 0; i < n; i++) {
    fputs (list[i].origin, out);
    if (list[i].line)
      fprintf (out, ":%u", list[i].line);
    if (list[i].line && list[i].column)
      fprintf (out, ":%u", list[i].column);
    fprintf (out, ": %s: %s [%s]\n", dmn_severity_id (list[i].severity), list[i].message, list[i].code);
  }
}

PolicyPackage *
cli_load_package (const char *command, const char *folder, int *status)
{
  g_autofree char *standard = folder ? g_strdup (folder) : cli_find ("policy/minhou-2021-81");
  g_autoptr (DmnFaults) faults = dmn_faults_new ();
  GError *error = NULL;
  PolicyPackage *package = policy_load (standard, faults, &error);
  if (!package) {
    *status = cli_fail (command, error);
    return NULL;
  }
  size_t n = dmn_faults_count (faults, DMN_ERROR);
  if (n == 0)
    return package;
  cli_print_faults (stderr, faults);
  fprintf (stderr, "liudong %s: %s has %zu fault%s; mend %s and try again\n", command, standard, n,
           n == 1 ? "" : "s", n == 1 ? "it" : "them");
  policy_free (package);
  *status = CLI_USAGE;
  return NULL;
}

const PolicyClause **
cli_choose_clauses (const PolicyPackage *package, int number, Arena *arena, size_t *n, GError **error)
{
  size_t n_pages;
  const PolicyClause *const *pages = policy_pages (package, &n_pages);
  const PolicyClause **chosen = arena_new0 (arena, const PolicyClause *, n_pages);
  const PolicyClause *asked = number == CLI_EVERY_CLAUSE ? NULL : policy_clause (package, number);
  *n = 0;
  for (size_t i = 0; i < n_pages; i++)
    if (pages[i]->purpose && (number == CLI_EVERY_CLAUSE || pages[i] == asked))
      chosen[(*n)++] = pages[i];
  if (*n)
    return chosen;
  if (number != CLI_EVERY_CLAUSE && !asked)
    g_set_error (error, FAULT, FAULT_USAGE,
                 "--clause %d: the circular has no such clause; liudong circular lists them", number);
  else
    g_set_error (error, FAULT, FAULT_USAGE, "nothing here is executable yet: there is no clause file");
  return NULL;
}

char *
cli_package_folder (const char *path)
{
  g_autofree char *absolute = g_canonicalize_filename (path, NULL);
  g_autofree char *folder = g_path_get_dirname (absolute);
  while (strlen (folder) > 1) {
    g_autofree char *circular = g_build_filename (folder, "circular.yaml", NULL);
    if (g_file_test (circular, G_FILE_TEST_EXISTS))
      return g_steal_pointer (&folder);
    char *above = g_path_get_dirname (folder);
    g_free (folder);
    folder = above;
  }
  return NULL;
}

const DmnUnit *
cli_package_unit (const PolicyPackage *package, const char *path)
{
  g_autofree char *wanted = g_canonicalize_filename (path, NULL);
  size_t n;
  const DmnUnit *const *units = dmn_model_units (policy_model (package), &n);
  for (size_t i = 0; i < n; i++) {
    g_autofree char *origin = g_canonicalize_filename (units[i]->origin, NULL);
    if (g_str_equal (origin, wanted))
      return units[i];
  }
  return NULL;
}

bool
cli_write (const char *out, const char *bytes, size_t len, GError **error)
{
  FILE *file = out ? fopen (out, "wb") : stdout;
  bool done = file && fwrite (bytes, 1, len, file) == len && fflush (file) == 0;
  int code = errno;
  if (out && file)
    done = fclose (file) == 0 && done;
  if (!done)
    g_set_error (error, FAULT, FAULT_SYSTEM, "%s cannot be written: %s", out ? out : "standard output",
                 g_strerror (code));
  return done;
}

/* A workbook is a zip that needs a file to be built in. */
