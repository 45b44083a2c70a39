/* Random registries: batches, complete loads, validity, merges, erasures, and references to
 * those of whom nothing is recorded.  Every row reads as registry_read has it, on any day,
 * with any number of threads, whether it was built or kept, also where what was kept is stale
 * or damaged.  Seeds are fixed. */
#include "rows.h"

#include <locale.h>

enum { FIRST_DAY = 18900, DAYS = 60, STEPS = 60, SEEDS = 8 };

typedef struct {
  GRand *random;
  char *folder;
  RegistrySchema *schema;
  Registry *registry;
  gint64 clock; /* instants */
  GArray *merges;
  CountyLoad load; /* of all counties */
} World;

static int
pick (World *w, int n)
{
  return g_rand_int_range (w->random, 0, n);
}

/* Few enough to meet again; some of them in later chunks, far from each other. */
static Subject
random_subject (World *w, const RegistryEntity *entity)
{
  static const gint64 far[] = { 2048, 2049, 5000, 900000, 4000000000 };
  gint64 number = pick (w, 12) ? 1 + pick (w, 24) : far[pick (w, G_N_ELEMENTS (far))];
  return subject_make (entity, number);
}

static const RegistryEntity *
random_entity (World *w)
{
  return registry_schema_entity_at (w->schema, (size_t)pick (w, (int)registry_schema_size (w->schema)));
}

/* ---- writing ------------------------------------------------------------------------------- */

static RegistryFact
random_fact (World *w, const RegistryAttribute *a)
{
  static const char *const words[] = { "甲", "乙", "丙丁", "a longer text than the others", "x" };
  static const gint64 sizes[] = { 2, 100, 3000, 3000000 };
  RegistryFact fact = { .attribute = a, .state = pick (w, 5) ? REGISTRY_VALUE : REGISTRY_NONE };
  if (fact.state == REGISTRY_NONE)
    return fact;
  switch (a->kind) {
  case REGISTRY_BOOLEAN: fact.integer = pick (w, 2); break;
  case REGISTRY_REFERENCE: fact.integer = random_subject (w, a->target); break;
  case REGISTRY_TEXT:
    fact.text
        = text_of (a->values ? a->values[pick (w, (int)a->n_values)] : words[pick (w, G_N_ELEMENTS (words))]);
    break;
  case REGISTRY_DATE: fact.integer = FIRST_DAY + pick (w, 20000); break;
  default:
    fact.integer
        = g_rand_int_range (w->random, 0, (gint32)sizes[pick (w, G_N_ELEMENTS (sizes))]) - pick (w, 50);
    fact.integer = a->has_min ? MAX (fact.integer, a->min) : fact.integer;
    fact.integer = a->has_max ? MIN (fact.integer, a->max) : fact.integer;
  }
  return fact;
}

static void
write_record (World *w, RegistryWriter *writer, RegistryBatchId batch, const RegistryEntity *entity)
{
  RegistryFact facts[32];
  size_t n = 0;
  Day from = pick (w, 3) ? REGISTRY_EVER : FIRST_DAY + pick (w, DAYS);
  Day to = pick (w, 3) ? REGISTRY_FOREVER : MAX (from, FIRST_DAY) + pick (w, 20);
  for (size_t i = 0; i < entity->n; i++)
    if (entity->attributes[i].kind != REGISTRY_COLLECTION && pick (w, 2))
      facts[n++] = random_fact (w, &entity->attributes[i]);
  GError *error = NULL;
  registry_writer_append (writer, batch, random_subject (w, entity), from, to, facts, n, &error);
  g_assert_no_error (error);
}

static void
write_batch (World *w, RegistryWriter *writer)
{
  const RegistryEntity *entity = random_entity (w);
  const char *source = entity->attributes[pick (w, (int)entity->n)].source;
  RegistryBatch about = { .source = source,
                          .actor = "test",
                          .evidence = "a paper",
                          .recorded_at = w->clock,
                          .complete_of = pick (w, 3) ? NULL : entity->id };
  GError *error = NULL;
  RegistryBatchId batch = registry_writer_batch (writer, &about, &error);
  g_assert_no_error (error);
  for (int i = 1 + pick (w, 8); i > 0; i--)
    write_record (w, writer, batch, pick (w, 3) ? entity : random_entity (w));
}

/* Refusals (merged already, nobody there) are part of the game. */
static void
merge_or_not (World *w, RegistryWriter *writer)
{
  const RegistryEntity *entity = random_entity (w);
  if (w->merges->len && pick (w, 3) == 0) {
    gint64 id = g_array_index (w->merges, gint64, pick (w, (int)w->merges->len));
    registry_writer_unmerge (writer, id, "test", "no", w->clock, NULL);
    return;
  }
  gint64 id = registry_writer_merge (writer, random_subject (w, entity), random_subject (w, entity), "test",
                                     "one", w->clock, NULL);
  if (id)
    g_array_append_val (w->merges, id);
}

static void
erase_or_not (World *w, RegistryWriter *writer)
{
  const RegistryEntity *entity = random_entity (w);
  registry_writer_erase (writer, random_subject (w, entity), &entity->attributes[pick (w, (int)entity->n)],
                         NULL);
}

static void
step (World *w)
{
  GError *error = NULL;
  RegistryWriter *writer = registry_writer_new (w->registry, &error);
  g_assert_no_error (error);
  w->clock += pick (w, 2) * 86400;
  for (int i = 1 + pick (w, 3); i > 0; i--)
    switch (pick (w, 8)) {
    case 0: merge_or_not (w, writer); break;
    case 1: erase_or_not (w, writer); break;
    default: write_batch (w, writer);
    }
  registry_writer_commit (writer, &error);
  g_assert_no_error (error);
  registry_writer_free (writer);
}

/* ---- comparing ------------------------------------------------------------------------------ */

static const RegistryAttribute **
all_attributes (const RegistrySchema *schema, Arena *arena, size_t *n)
{
  g_autoptr (GPtrArray) all = g_ptr_array_new ();
  for (size_t e = 0; e < registry_schema_size (schema); e++)
    for (size_t i = 0; i < registry_schema_entity_at (schema, e)->n; i++)
      g_ptr_array_add (all, (gpointer)&registry_schema_entity_at (schema, e)->attributes[i]);
  *n = all->len;
  return arena_copy (arena, all->pdata, all->len * sizeof (gpointer));
}

static size_t
compare (World *w, Day as_of)
{
  g_autoptr (Arena) arena = arena_new ();
  CountyOptions options = { .registry = w->registry, .as_of = as_of, .threads = 1 + (unsigned)pick (w, 3) };
  options.attributes = all_attributes (w->schema, arena, &options.n_attributes);
  GError *error = NULL;
  g_autoptr (County) county = county_open (&options, &error);
  g_assert_no_error (error);
  rows_check (county, w->schema);
  CountyLoad load = county_load (county);
  w->load.cached += load.cached;
  w->load.stale += load.stale;
  w->load.damaged += load.damaged;
  w->load.built += load.built;
  size_t absent = 0;
  for (size_t e = 0; e < registry_schema_size (w->schema); e++) {
    const RegistryEntity *entity = registry_schema_entity_at (w->schema, e);
    size_t n;
    const FeelPath *paths = rows_paths (entity, 2, arena, &n);
    absent += rows_compare (county, w->registry, as_of, entity, paths, n);
  }
  return absent;
}

static World *
world_new (guint32 seed)
{
  World *w = g_new0 (World, 1);
  GError *error = NULL;
  g_autofree char *schema = support_source ("tests/registry/county.yaml");
  w->random = g_rand_new_with_seed (seed);
  w->folder = support_folder ();
  w->clock = FIRST_DAY * (gint64)86400;
  w->merges = g_array_new (FALSE, FALSE, sizeof (gint64));
  w->schema = registry_schema_load (schema, &error);
  g_assert_no_error (error);
  g_autofree char *path = support_store (w->folder, "county.db");
  w->registry = registry_open (path, STORE_CREATE, w->schema, &error);
  g_assert_no_error (error);
  return w;
}

static void
world_free (World *w)
{
  registry_close (w->registry);
  registry_schema_free (w->schema);
  support_remove (w->folder);
  g_array_unref (w->merges);
  g_rand_free (w->random);
  g_free (w->folder);
  g_free (w);
}

/* ---- damage ------------------------------------------------------------------------------------ */

/* One byte of one chunk becomes another, or the chunk is cut short, or is gone. */
static bool
damage_chunk (StoreConnection *db, gpointer data, GError **error)
{
  World *w = data;
  StoreStatement *read
      = store_statement (db, "SELECT id, bytes FROM kept WHERE id >= ?1 ORDER BY id LIMIT 1", error);
  store_bind_integer (read, 1, (gint64)pick (w, 4) << 48);
  bool found = store_step (read, error) == STORE_ROW;
  gint64 id = found ? store_integer (read, 0) : 0;
  Text bytes = found ? store_blob (read, 1) : (Text){ 0 };
  g_autofree char *copy = g_memdup2 (bytes.bytes, bytes.len);
  store_reset (read);
  if (!bytes.len)
    return true;
  size_t at = (size_t)pick (w, (int)bytes.len);
  copy[at] = (char)(copy[at] + 1 + pick (w, 255));
  StoreStatement *write = store_statement (db, "UPDATE kept SET bytes = ?2 WHERE id = ?1", error);
  if (pick (w, 5) == 0)
    write = store_statement (db, "DELETE FROM kept WHERE id = ?1", error);
  else
    store_bind_blob (write, 2, copy, pick (w, 3) ? bytes.len : at);
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
  for (guint32 seed = 1; seed <= SEEDS; seed++) {
    World *w = world_new (seed);
    compare (w, FIRST_DAY);
    for (int i = 0; i < STEPS; i++) {
      step (w);
      if (i % 10 != 9)
        continue;
      Day today = w->clock / 86400;
      size_t absent = compare (w, today) + compare (w, today + 15) + compare (w, today - 15);
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
      if (pick (w, 3))
        step (w);
      if (pick (w, 4) == 0)
        damage (w);
      compare (w, FIRST_DAY + 20);
    }
    all.cached += w->load.cached;
    all.stale += w->load.stale;
    all.damaged += w->load.damaged;
    all.built += w->load.built;
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
