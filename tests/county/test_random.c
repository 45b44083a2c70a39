/* Random registries: batches, complete loads, validity, merges, erasures, and references to
 * those of whom nothing is recorded.  Every row reads as registry_read has it, on any day,
 * with any number of threads, whether it was built or kept, also where what was kept is stale
 * or damaged.  Seeds are fixed. */
#include "rows.h"
#include "world.h"

#include <locale.h>

enum { STEPS = 60, SEEDS = 8 };

static size_t
compare (World *w, Day as_of, CountyLoad *all)
{
  g_autoptr (Arena) arena = arena_new ();
  CountyOptions options = world_options (w, as_of, arena);
  GError *error = NULL;
  g_autoptr (County) county = county_open (&options, &error);
  g_assert_no_error (error);
  rows_check (county, w->schema);
  CountyLoad load = county_load (county);
  all->cached += load.cached;
  all->stale += load.stale;
  all->damaged += load.damaged;
  all->built += load.built;
  size_t absent = 0;
  for (size_t e = 0; e < registry_schema_size (w->schema); e++) {
    const RegistryEntity *entity = registry_schema_entity_at (w->schema, e);
    size_t n;
    if (!county_table (county, entity))
      continue;
    const FeelPath *paths = rows_paths (county, entity, 2, arena, &n);
    absent += rows_compare (county, w->registry, as_of, entity, paths, n);
  }
  return absent;
}

/* ---- damage ------------------------------------------------------------------------------------ */

/* One byte of one chunk becomes another, or the chunk is cut short, or is gone. */
static bool
damage_chunk (StoreConnection *db, gpointer data, GError **error)
{
  World *w = data;
  StoreStatement *read
      = store_statement (db, "SELECT id, bytes FROM kept WHERE id >= ?1 ORDER BY id LIMIT 1", error);
  store_bind_integer (read, 1, (gint64)world_pick (w, 4) << 48);
  bool found = store_step (read, error) == STORE_ROW;
  gint64 id = found ? store_integer (read, 0) : 0;
  Text bytes = found ? store_blob (read, 1) : (Text){ 0 };
  g_autofree char *copy = g_memdup2 (bytes.bytes, bytes.len);
  store_reset (read);
  if (!bytes.len)
    return true;
  size_t at = (size_t)world_pick (w, (int)bytes.len);
  copy[at] = (char)(copy[at] + 1 + world_pick (w, 255));
  StoreStatement *write = store_statement (db, "UPDATE kept SET bytes = ?2 WHERE id = ?1", error);
  if (world_pick (w, 5) == 0)
    write = store_statement (db, "DELETE FROM kept WHERE id = ?1", error);
  else
    store_bind_blob (write, 2, copy, world_pick (w, 3) ? bytes.len : at);
  store_bind_integer (write, 1, id);
  return store_run (write, error);
}

static void
damage (World *w)
{
  GError *error = NULL;
  store_write (registry_store (w->registry), damage_chunk, w, &error);
  g_assert_no_error (error);
}

static void
test_days (void)
{
  CountyLoad all = { 0 };
  for (guint32 seed = 1; seed <= SEEDS; seed++) {
    World *w = world_new (seed);
    compare (w, FIRST_DAY, &all);
    for (int i = 0; i < STEPS; i++) {
      world_step (w);
      if (i % 10 != 9)
        continue;
      Day today = w->clock / 86400;
      size_t absent
          = compare (w, today, &all) + compare (w, today + 15, &all) + compare (w, today - 15, &all);
      g_assert_cmpuint (absent, >, 100);
    }
    g_assert_cmpuint (w->merges->len, >, 0);
    world_free (w);
  }
}

/* One day, so that what was kept is used. */
static void
test_kept (void)
{
  CountyLoad all = { 0 };
  for (guint32 seed = 101; seed <= 100 + SEEDS; seed++) {
    World *w = world_new (seed);
    for (int i = 0; i < STEPS; i++) {
      if (world_pick (w, 3))
        world_step (w);
      if (world_pick (w, 4) == 0)
        damage (w);
      compare (w, FIRST_DAY + 20, &all);
    }
    world_free (w);
  }
  g_test_message ("%zu chunks read, %zu stale, %zu damaged, %zu built", all.cached, all.stale, all.damaged,
                  all.built);
  g_assert_cmpuint (all.cached, >, 1000);
  g_assert_cmpuint (all.stale, >, 100);
  g_assert_cmpuint (all.damaged, >, 20);
  g_assert_cmpuint (all.built, >, 20);
}

int
main (int argc, char **argv)
{
  setlocale (LC_ALL, "C.UTF-8");
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/county/days", test_days);
  g_test_add_func ("/county/kept", test_kept);
  return g_test_run ();
}
