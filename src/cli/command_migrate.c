/* liudong migrate: bring a database in line with the package's registry.yaml, or
 * only say what that would change, or make a new one. */
#include "access/access.h"
#include "changes.h"
#include "cli.h"
#include "intake/intake.h"

#include <stdio.h>

static void
print_history (Registry *registry, Arena *arena)
{
  size_t n;
  g_autoptr (GError) error = NULL;
  const RegistryVersion *history = registry_history (registry, arena, &n, &error);
  for (size_t i = 0; history && i < n; i++) {
    char at[CIVIL_TEXT_MAX];
    printf ("%" G_GINT64_FORMAT " %s %.12s\n", history[i].version,
            instant_format (history[i].recorded_at, at), history[i].hash);
    g_auto (GStrv) lines = g_strsplit (history[i].changes ? history[i].changes : "", "\n", -1);
    for (char **line = lines; *line; line++)
      if (**line)
        printf ("    %s\n", *line);
  }
}

/* ---- a new one ---------------------------------------------------------- */

static bool
fill_empty (const char *path, gpointer schema, GError **error)
{
  g_autoptr (Registry) registry = registry_open (path, STORE_CREATE, schema, error);
  g_autoptr (Access) access = registry ? access_open (registry, error) : NULL;
  return access && intake_migrate (registry_store (registry), error)
         && store_checkpoint (registry_store (registry), error);
}

static int
create (const char *db, const PolicyPackage *package)
{
  GError *error = NULL;
  if (!store_make (db, fill_empty, (gpointer)policy_schema (package), &error))
    return cli_fail ("migrate", error);
  printf ("made %s: the tables of %s, without any fact\n", db, policy_folder (package));
  return CLI_DONE;
}

static int
migrate (const char *db, const PolicyPackage *package, bool dry, bool history)
{
  GError *error = NULL;
  g_autoptr (Arena) arena = arena_new ();
  bool refused = false;
  if (!changes_print (stdout, db, policy_schema (package), &refused, &error))
    return cli_fail ("migrate", error);
  if (dry)
    return refused ? CLI_NO : CLI_DONE;
  g_autoptr (Registry) registry = registry_open (db, 0, policy_schema (package), &error);
  if (!registry)
    return cli_fail ("migrate", error);
  if (history)
    print_history (registry, arena);
  return CLI_DONE;
}

int
command_migrate (int argc, char **argv)
{
  g_autofree char *db = NULL, *policy = NULL;
  gboolean dry = false, history = false, new = false;
  const GOptionEntry entries[] = {
    { "db", 0, 0, G_OPTION_ARG_FILENAME, &db, "the county's database (default: var/county.db)", "FILE" },
    { "policy", 0, 0, G_OPTION_ARG_FILENAME, &policy, "the policy package (default: policy/minhou-2021-81)",
      "DIR" },
    { "dry-run", 0, 0, G_OPTION_ARG_NONE, &dry, "only say what would change; exit 1 when it is refused",
      NULL },
    { "create", 0, 0, G_OPTION_ARG_NONE, &new, "make a new database, empty", NULL },
    { "history", 0, 0, G_OPTION_ARG_NONE, &history, "list the schemas the database has had", NULL },
    G_OPTION_ENTRY_NULL,
  };
  int status;
  if (!cli_options (&argc, &argv, "",
                    "Bring a database in line with the package's registry.yaml. What changes is listed;\n"
                    "what would lose facts or change their meaning is refused, and nothing is done.",
                    entries, &status))
    return status;
  g_autoptr (PolicyPackage) package = cli_load_package ("migrate", policy, &status);
  if (package && new)
    return create (db ? db : "var/county.db", package);
  return package ? migrate (db ? db : "var/county.db", package, dry, history) : status;
}
