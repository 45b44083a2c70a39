#include "world.h"

int
world_pick (World *w, int n)
{
  return g_rand_int_range (w->random, 0, n);
}

/* Few enough to meet again; some of them in later chunks, far from each other. */
static Subject
random_subject (World *w, const RegistryEntity *entity)
{
  static const gint64 far[] = { 2048, 2049, 5000, 900000, 4000000000 };
  gint64 number = world_pick (w, 12) ? 1 + world_pick (w, 24) : far[world_pick (w, G_N_ELEMENTS (far))];
  return subject_make (entity, number);
}

static const RegistryEntity *
random_entity (World *w)
{
  return registry_schema_entity_at (w->schema, (size_t)world_pick (w, (int)registry_schema_size (w->schema)));
}

/* ---- writing ------------------------------------------------------------------------------- */

static RegistryFact
random_fact (World *w, const RegistryAttribute *a)
{
  static const char *const words[] = { "甲", "乙", "丙丁", "a longer text than the others", "x" };
  static const gint64 sizes[] = { 2, 100, 3000, 3000000 };
  RegistryFact fact = { .attribute = a, .state = world_pick (w, 5) ? REGISTRY_VALUE : REGISTRY_NONE };
  if (fact.state == REGISTRY_NONE)
    return fact;
  switch (a->kind) {
  case REGISTRY_BOOLEAN: fact.integer = world_pick (w, 2); break;
  case REGISTRY_REFERENCE: fact.integer = random_subject (w, a->target); break;
  case REGISTRY_TEXT:
    fact.text = text_of (a->values ? a->values[world_pick (w, (int)a->n_values)]
                                   : words[world_pick (w, G_N_ELEMENTS (words))]);
    break;
  case REGISTRY_DATE: fact.integer = FIRST_DAY + world_pick (w, 20000); break;
  default:
    fact.integer = g_rand_int_range (w->random, 0, (gint32)sizes[world_pick (w, G_N_ELEMENTS (sizes))])
                   - world_pick (w, 50);
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
  Day from = world_pick (w, 3) ? REGISTRY_EVER : FIRST_DAY + world_pick (w, DAYS);
  Day to = world_pick (w, 3) ? REGISTRY_FOREVER : MAX (from, FIRST_DAY) + world_pick (w, 20);
  for (size_t i = 0; i < entity->n; i++)
    if (entity->attributes[i].kind != REGISTRY_COLLECTION && world_pick (w, 2))
      facts[n++] = random_fact (w, &entity->attributes[i]);
  GError *error = NULL;
  registry_writer_append (writer, batch, random_subject (w, entity), from, to, facts, n, &error);
  g_assert_no_error (error);
}

static void
write_batch (World *w, RegistryWriter *writer)
{
  const RegistryEntity *entity = random_entity (w);
  const char *source = entity->attributes[world_pick (w, (int)entity->n)].source;
  RegistryBatch about = { .source = source,
                          .actor = "test",
                          .evidence = "a paper",
                          .recorded_at = w->clock,
                          .complete_of = world_pick (w, 3) ? NULL : entity->id };
  GError *error = NULL;
  RegistryBatchId batch = registry_writer_batch (writer, &about, &error);
  g_assert_no_error (error);
  for (int i = 1 + world_pick (w, 8); i > 0; i--)
    write_record (w, writer, batch, world_pick (w, 3) ? entity : random_entity (w));
}

/* Refusals (merged already, nobody there) are part of the game. */
static void
merge_or_not (World *w, RegistryWriter *writer)
{
  const RegistryEntity *entity = random_entity (w);
  if (w->merges->len && world_pick (w, 3) == 0) {
    gint64 id = g_array_index (w->merges, gint64, world_pick (w, (int)w->merges->len));
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
  registry_writer_erase (writer, random_subject (w, entity),
                         &entity->attributes[world_pick (w, (int)entity->n)], NULL);
}

void
world_step (World *w)
{
  GError *error = NULL;
  RegistryWriter *writer = registry_writer_new (w->registry, &error);
  g_assert_no_error (error);
  w->clock += world_pick (w, 2) * 86400;
  for (int i = 1 + world_pick (w, 3); i > 0; i--)
    switch (world_pick (w, 8)) {
    case 0: merge_or_not (w, writer); break;
    case 1: erase_or_not (w, writer); break;
    default: write_batch (w, writer);
    }
  registry_writer_commit (writer, &error);
  g_assert_no_error (error);
  registry_writer_free (writer);
}

/* Those that a die of SIDES does not leave out. */
static const RegistryAttribute **
some_attributes (World *w, int sides, Arena *arena, size_t *n)
{
  g_autoptr (GPtrArray) all = g_ptr_array_new ();
  for (size_t e = 0; e < registry_schema_size (w->schema); e++)
    for (size_t i = 0; i < registry_schema_entity_at (w->schema, e)->n; i++)
      if (sides == 1 || world_pick (w, sides))
        g_ptr_array_add (all, (gpointer)&registry_schema_entity_at (w->schema, e)->attributes[i]);
  *n = all->len;
  return arena_copy (arena, all->pdata, all->len * sizeof (gpointer));
}

World *
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

void
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

CountyOptions
world_options (World *w, Day as_of, Arena *arena)
{
  CountyOptions options
      = { .registry = w->registry, .as_of = as_of, .threads = 1 + (unsigned)world_pick (w, 3) };
  options.attributes
      = some_attributes (w, world_pick (w, 4) ? 1 : 2 + world_pick (w, 6), arena, &options.n_attributes);
  return options;
}
