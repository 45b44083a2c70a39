/* liudong demo: make a synthetic county, then serve it. */
#include "serving.h"

#include "demo/demo.h"
#include "demo_accounts.h"
#include "progress.h"

#include <glib/gstdio.h>
#include <stdio.h>

typedef struct {
  char *db, *policy, *listen, *seed;
  gint64 residents;
} Options;

static bool
make_folder_of (const char *path, GError **error)
{
  g_autofree char *folder = g_path_get_dirname (path);
  if (g_mkdir_with_parents (folder, 0755) == 0)
    return true;
  g_set_error (error, FAULT, FAULT_SYSTEM, "%s: the folder cannot be made: %s", folder, g_strerror (errno));
  return false;
}

/* County and accounts are made beside PATH and renamed at the end: after a
 * crash there is all of it or none. */
static bool
make_whole (const char *path, const PolicyPackage *package, const char *distributions,
            const DemoOptions *options, DemoSummary *summary, GError **error)
{
  g_autofree char *partial = g_strconcat (path, ".partial", NULL);
  g_unlink (partial);
  if (!demo_make_file (partial, policy_schema (package), distributions, options, summary, error)
      || !demo_accounts_add (partial, policy_schema (package), error))
    return false;
  if (g_rename (partial, path) == 0)
    return true;
  g_set_error (error, FAULT, FAULT_SYSTEM, "%s: cannot be renamed to %s: %s", partial, path,
               g_strerror (errno));
  return false;
}

static bool
make_county (const Options *o, const char *path, const PolicyPackage *package, GError **error)
{
  CliProgress bar;
  DemoOptions options
      = { .residents = o->residents, .seed = 1, .progress = cli_progress_step, .progress_data = &bar };
  if (o->seed && !g_ascii_string_to_unsigned (o->seed, 10, 0, G_MAXUINT64, &options.seed, NULL)) {
    g_set_error (error, FAULT, FAULT_USAGE, "--seed \"%s\" is no whole number", o->seed);
    return false;
  }
  if (!make_folder_of (path, error))
    return false;
  g_autofree char *distributions = cli_find ("data/demo/minhou.yaml");
  gint64 started = g_get_monotonic_time ();
  DemoSummary summary;
  cli_progress_start (&bar, "making the county");
  bool made = make_whole (path, package, distributions, &options, &summary, error);
  cli_progress_end (&bar);
  if (!made)
    return false;
  fprintf (stderr,
           "made %s: %" G_GINT64_FORMAT " residents, %" G_GINT64_FORMAT " households, %" G_GINT64_FORMAT
           " organisations, %" G_GINT64_FORMAT " records in %.1f s\n",
           path, summary.residents, summary.households, summary.organisations, summary.records,
           (double)(g_get_monotonic_time () - started) / G_USEC_PER_SEC);
  return true;
}

static int
run (const Options *o)
{
  int status;
  g_autoptr (PolicyPackage) package = cli_load_package ("demo", o->policy, &status);
  if (!package)
    return status;
  const char *path = o->db ? o->db : "var/county.db", *listen = o->listen ? o->listen : "127.0.0.1:8080";
  GError *error = NULL;
  if (g_file_test (path, G_FILE_TEST_EXISTS))
    fprintf (stderr, "%s is there already and is kept; remove it to make another county\n", path);
  else if (!make_county (o, path, package, &error))
    return cli_fail ("demo", error);
  return g_str_equal (listen, "none") ? CLI_DONE : serving_run ("demo", path, package, listen);
}

int
command_demo (int argc, char **argv)
{
  Options o = { .residents = DEMO_RESIDENTS_DEFAULT };
  const GOptionEntry entries[] = {
    { "residents", 0, 0, G_OPTION_ARG_INT64, &o.residents, "how many (default: 20000)", "N" },
    { "seed", 0, 0, G_OPTION_ARG_STRING, &o.seed, "the same seed makes the same county (default: 1)", "S" },
    { "db", 0, 0, G_OPTION_ARG_FILENAME, &o.db, "where (default: var/county.db); an existing file is kept",
      "FILE" },
    { "listen", 0, 0, G_OPTION_ARG_STRING, &o.listen, "address and port, or none (default: 127.0.0.1:8080)",
      "ADDRESS" },
    { "policy", 0, 0, G_OPTION_ARG_FILENAME, &o.policy, "the policy package (default: policy/minhou-2021-81)",
      "DIR" },
    G_OPTION_ENTRY_NULL,
  };
  int status;
  if (cli_options (&argc, &argv, "", "Make a synthetic county and serve it.  Nobody in it is real.", entries,
                   &status))
    status = argc > 1
                 ? cli_fail ("demo", g_error_new (FAULT, FAULT_USAGE, "what is \"%s\"? see --help", argv[1]))
                 : run (&o);
  g_free (o.db);
  g_free (o.policy);
  g_free (o.listen);
  g_free (o.seed);
  return status;
}
