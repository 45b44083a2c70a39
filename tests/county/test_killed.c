/* kill -9 while a county's chunks are being kept: whoever opens it next reads what the
 * registry says. */
#include "rows.h"
#include "world.h"

#include <locale.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

enum { ROUNDS = 25, STEPS = 40, DAY = FIRST_DAY + 20 };

static Registry *
open_registry (const World *w, const char *path)
{
  GError *error = NULL;
  Registry *registry = registry_open (path, 0, w->schema, &error);
  g_assert_no_error (error);
  return registry;
}

/* Two days by turns, as only one is kept: everything is written again and again. */
static void
keep_for_ever (const char *path)
{
  g_autofree char *schema = support_source ("tests/registry/county.yaml");
  g_autoptr (Arena) arena = arena_new ();
  World w = { .random = g_rand_new_with_seed (8), .schema = registry_schema_load (schema, NULL) };
  w.registry = open_registry (&w, path);
  printf ("ready\n");
  fflush (stdout);
  for (Day day = DAY;; day = DAY + (day == DAY)) {
    CountyOptions options = world_options (&w, day, arena);
    county_free (county_open (&options, NULL));
  }
}

/* This program again, as a process of its own, killed after a while. */
static void
run_and_kill (World *w, const char *path)
{
  const char *const argv[] = { "/proc/self/exe", "--keep", path, NULL };
  GError *error = NULL;
  GPid child;
  int out;
  g_spawn_async_with_pipes (NULL, (char **)(gsize)argv, NULL, G_SPAWN_DO_NOT_REAP_CHILD, NULL, NULL, &child,
                            NULL, &out, NULL, &error);
  g_assert_no_error (error);
  char ready[8];
  g_assert_cmpint (read (out, ready, sizeof ready), >, 0);
  g_usleep ((gulong)world_pick (w, 60000));
  kill (child, SIGKILL);
  waitpid (child, NULL, 0);
  g_spawn_close_pid (child);
  close (out);
}

static void
compare (World *w, CountyLoad *all)
{
  g_autoptr (Arena) arena = arena_new ();
  CountyOptions options = world_options (w, DAY, arena);
  GError *error = NULL;
  g_autoptr (County) county = county_open (&options, &error);
  g_assert_no_error (error);
  all->cached += county_load (county).cached;
  all->built += county_load (county).built;
  g_assert_cmpuint (county_load (county).damaged, ==, 0);
  for (size_t e = 0; e < registry_schema_size (w->schema); e++) {
    const RegistryEntity *entity = registry_schema_entity_at (w->schema, e);
    size_t n;
    if (!county_table (county, entity))
      continue;
    const FeelPath *paths = rows_paths (county, entity, 1, arena, &n);
    rows_compare (county, w->registry, DAY, entity, paths, n);
  }
}

static void
test_killed (void)
{
  World *w = world_new (7);
  g_autofree char *path = support_store (w->folder, "county.db");
  CountyLoad all = { 0 };
  for (int i = 0; i < STEPS; i++)
    world_step (w);
  for (int i = 0; i < ROUNDS; i++) {
    registry_close (w->registry);
    run_and_kill (w, path);
    w->registry = open_registry (w, path);
    if (world_pick (w, 2))
      world_step (w);
    compare (w, &all);
  }
  g_test_message ("%zu chunks read, %zu built", all.cached, all.built);
  g_assert_cmpuint (all.cached, >, 0);
  g_assert_cmpuint (all.built, >, 0);
  world_free (w);
}

int
main (int argc, char **argv)
{
  setlocale (LC_ALL, "C.UTF-8");
  if (argc == 3 && strcmp (argv[1], "--keep") == 0)
    keep_for_ever (argv[2]);
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/county/killed", test_killed);
  return g_test_run ();
}
