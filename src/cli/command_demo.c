/* liudong demo: make a synthetic county, then serve it. */
#include "serving.h"

#include "demo/demo.h"
#include "demo_accounts.h"
#include "demo_cases.h"
#include "demo_jobs.h"
#include "demo_pairs.h"
#include "demo_rounds.h"
#include "progress.h"
#include "web/web.h"

#include <glib/gstdio.h>
#include <stdio.h>

typedef struct {
  char *db, *policy, *listen, *seed;
  gint64 residents;
  gboolean showcases;
  AuditFiles audit;
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

typedef struct {
  const PolicyPackage *package;
  const DemoShowcases *showcases;
} Completing;

static bool
add_accounts_and_cases (Registry *registry, gpointer data, GError **error)
{
  const Completing *c = data;
  return demo_accounts_add (registry, error) && demo_cases_add (registry, c->package, c->showcases, error)
         && demo_rounds_add (registry, c->package, error) && demo_jobs_add (registry, c->package, error)
         && demo_pairs_add (registry, c->package, error);
}

/* What the county is made of beside the package. */
typedef struct {
  char *distributions, *showcase_files, *catalogues[3];
  DemoShowcases *showcases;
} Material;

static bool
material_find (Material *m, const PolicyPackage *package, GError **error)
{
  *m = (Material){ .distributions = cli_find ("data/demo/minhou.yaml"),
                   .showcase_files = cli_find ("data/demo/showcases"),
                   .catalogues = { g_build_filename (policy_folder (package), "catalogues", NULL),
                                   cli_find ("data/demo/catalogues") } };
  m->showcases = demo_showcases_load (m->showcase_files, policy_schema (package), error);
  return m->showcases
         && demo_showcases_number (m->showcases, policy_schema (package), m->distributions,
                                   (const char *const *)m->catalogues, error);
}

static void
material_clear (Material *m)
{
  g_free (m->distributions);
  g_free (m->showcase_files);
  g_free (m->catalogues[0]);
  g_free (m->catalogues[1]);
  demo_showcases_free (m->showcases);
}

static bool
make_county (const Options *o, const char *path, const PolicyPackage *package, const Material *material,
             GError **error)
{
  CliProgress bar;
  Completing completing = { package, material->showcases };
  DemoOptions options = { .residents = o->residents,
                          .seed = 1,
                          .progress = cli_progress_step,
                          .progress_data = &bar,
                          .catalogues = (const char *const *)material->catalogues,
                          .showcases = material->showcases,
                          .complete = add_accounts_and_cases,
                          .complete_data = &completing };
  if (o->seed && !g_ascii_string_to_unsigned (o->seed, 10, 0, G_MAXUINT64, &options.seed, NULL)) {
    g_set_error (error, FAULT, FAULT_USAGE, "--seed \"%s\" is no whole number; write 0, 1, 2 …", o->seed);
    return false;
  }
  if (!store_is_server (path) && !make_folder_of (path, error))
    return false;
  gint64 started = g_get_monotonic_time ();
  DemoSummary summary;
  cli_progress_start (&bar, "making the county");
  bool made
      = demo_make_file (path, policy_schema (package), material->distributions, &options, &summary, error);
  cli_progress_end (&bar);
  if (!made)
    return false;
  audit_files_retire (path);
  g_autofree char *shown = store_shown (path);
  fprintf (stderr,
           "made %s: %" G_GINT64_FORMAT " residents, %" G_GINT64_FORMAT " households, %" G_GINT64_FORMAT
           " organisations, %" G_GINT64_FORMAT " records in %.1f s\n",
           shown, summary.residents, summary.households, summary.organisations, summary.records,
           (double)(g_get_monotonic_time () - started) / G_USEC_PER_SEC);
  return true;
}

/* A database that is there is kept, when it is a county. */
static bool
keep_county (const char *path, const PolicyPackage *package, GError **error)
{
  g_autoptr (Registry) registry = registry_open (path, 0, policy_schema (package), error);
  if (registry)
    fprintf (stderr, "%s is there already and is kept; remove it to make another county\n",
             store_path (registry_store (registry)));
  return registry != NULL;
}

/* For the pages: whom to open first. */
static const WebShowcase *
showcases_of (Arena *arena, const Material *material, size_t *n)
{
  const DemoShowcase *list = demo_showcases_list (material->showcases, arena, n);
  WebShowcase *shown = arena_new0 (arena, WebShowcase, *n);
  for (size_t i = 0; i < *n; i++)
    shown[i] = (WebShowcase){ .subject = list[i].subject,
                              .clause = list[i].clause,
                              .provision = list[i].provision,
                              .outcome = list[i].outcome,
                              .about = { list[i].zh, list[i].en } };
  return shown;
}

static int
make_and_serve (Options *o, const PolicyPackage *package, const Material *material)
{
  const char *path = o->db ? o->db : "var/county.db", *listen = o->listen ? o->listen : "127.0.0.1:8080";
  GError *error = NULL;
  bool quiet = g_str_equal (listen, "none");
  if (!quiet && !web_can_listen (listen, &error))
    return cli_fail ("demo", error);
  bool there = false;
  if (!store_exists (path, &there, &error)
      || !(there ? keep_county (path, package, &error) : make_county (o, path, package, material, &error)))
    return cli_fail ("demo", error);
  if (quiet)
    return CLI_DONE;
  g_autoptr (Arena) arena = arena_new ();
  ServingOptions serving = { .db = path, .listen = listen, .audit = o->audit };
  serving.showcases = showcases_of (arena, material, &serving.n_showcases);
  serving.showcases_from = demo_showcases_residents (material->showcases);
  o->audit = (AuditFiles){ 0 };
  int status = serving_run ("demo", package, &serving);
  audit_files_clear (&serving.audit);
  return status;
}

static void
print_showcases (const Material *material)
{
  size_t n;
  g_autoptr (Arena) arena = arena_new ();
  const DemoShowcase *list = demo_showcases_list (material->showcases, arena, &n);
  for (size_t i = 0; i < n; i++)
    printf ("%d\t%s\t%s\t%s\t%s\t%s\n", list[i].clause, list[i].provision, list[i].outcome, list[i].subject,
            list[i].zh, list[i].en);
}

static int
run (Options *o)
{
  int status;
  g_autoptr (PolicyPackage) package = cli_load_package ("demo", o->policy, &status);
  if (!package)
    return status;
  GError *error = NULL;
  Material material;
  if (!material_find (&material, package, &error))
    status = cli_fail ("demo", error);
  else if (o->showcases)
    print_showcases (&material);
  else
    status = make_and_serve (o, package, &material);
  material_clear (&material);
  return status;
}

int
command_demo (int argc, char **argv)
{
  Options o = { .residents = DEMO_RESIDENTS_DEFAULT };
  const GOptionEntry entries[] = {
    { "residents", 0, 0, G_OPTION_ARG_INT64, &o.residents, "how many (default: 20000)", "N" },
    { "seed", 0, 0, G_OPTION_ARG_STRING, &o.seed, "the same seed makes the same county (default: 1)", "S" },
    { "db", 0, 0, G_OPTION_ARG_FILENAME, &o.db,
      "where (default: var/county.db): a file or a postgresql:// URL; what is there is kept", "DB" },
    { "listen", 0, 0, G_OPTION_ARG_STRING, &o.listen, "address and port, or none (default: 127.0.0.1:8080)",
      "ADDRESS" },
    { "showcases", 0, 0, G_OPTION_ARG_NONE, &o.showcases,
      "list whom to open: clause, provision, answer, subject, who; make nothing", NULL },
    SERVING_AUDIT_ENTRIES (o.audit),
    { "policy", 0, 0, G_OPTION_ARG_FILENAME, &o.policy, "the policy package (default: policy/minhou-2021-81)",
      "DIR" },
    G_OPTION_ENTRY_NULL,
  };
  int status;
  if (cli_options (&argc, &argv, "", "Make a synthetic county and serve it.  Nobody in it is real.", entries,
                   &status))
    status = run (&o);
  g_free (o.db);
  g_free (o.policy);
  g_free (o.listen);
  g_free (o.seed);
  audit_files_clear (&o.audit);
  return status;
}
