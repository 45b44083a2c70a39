/* liudong verify: whether a database's current tables are what its log says. */
#include "cli.h"

#include "progress.h"

#include <stdio.h>

static void
print_report (const RegistryVerification *found, gint64 started)
{
  g_autoptr (GString) out = g_string_new (NULL);
  g_autoptr (JsonWriter) w = json_writer_new (out, 2);
  json_begin_object (w);
  json_member_int (w, "subjects", found->subjects);
  json_member_int (w, "records", found->records);
  json_member_str (w, "difference", found->difference);
  json_member_int (w, "milliseconds", (g_get_monotonic_time () - started) / 1000);
  json_end_object (w);
  puts (out->str);
}

static int
verify (const char *db, const PolicyPackage *package)
{
  GError *error = NULL;
  gint64 started = g_get_monotonic_time ();
  RegistryVerification found;
  CliProgress bar;
  g_autoptr (Registry) registry = registry_open (db, STORE_READ_ONLY, policy_schema (package), &error);
  if (!registry)
    return cli_fail ("verify", error);
  cli_progress_start (&bar, "verifying");
  bool ok = registry_verify (registry, cli_progress_step, &bar, &found, &error);
  cli_progress_end (&bar);
  if (!ok)
    return cli_fail ("verify", error);
  print_report (&found, started);
  bool whole = !found.difference;
  g_free (found.difference);
  return whole ? CLI_DONE : CLI_NO;
}

int
command_verify (int argc, char **argv)
{
  g_autofree char *db = NULL, *policy = NULL;
  const GOptionEntry entries[] = {
    { "db", 0, 0, G_OPTION_ARG_FILENAME, &db, "the county's database (default: var/county.db)", "FILE|URL" },
    { "policy", 0, 0, G_OPTION_ARG_FILENAME, &policy, "the policy package (default: policy/minhou-2021-81)",
      "DIR" },
    G_OPTION_ENTRY_NULL,
  };
  int status;
  if (!cli_options (&argc, &argv, "",
                    "Check that what a database says of everybody now is what its records fold to.\n"
                    "Exit status 1 when it is not; the first difference is named.",
                    entries, &status))
    return status;
  g_autoptr (PolicyPackage) package = cli_load_package ("verify", policy, &status);
  return package ? verify (db ? db : "var/county.db", package) : status;
}
