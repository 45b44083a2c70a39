/* Sizes at the borders of chunks, numbers at the borders of 64 bits, a store that fails half way,
 * and what an erasure leaves of what was kept. */
#include "rows.h"
#include "world.h"

#include <locale.h>

enum { DAY = FIRST_DAY + 20 };

static County *
open_all (World *w, unsigned threads, GError **error)
{
  static const RegistryAttribute *attributes[64];
  CountyOptions options
      = { .registry = w->registry, .as_of = DAY, .attributes = attributes, .threads = threads };
  for (size_t e = 0; e < registry_schema_size (w->schema); e++)
    for (size_t i = 0; i < registry_schema_entity_at (w->schema, e)->n; i++)
      attributes[options.n_attributes++] = &registry_schema_entity_at (w->schema, e)->attributes[i];
  return county_open (&options, error);
}

/* ---- writing ----------------------------------------------------------------------------- */

static RegistryWriter *
begin (World *w, RegistryBatchId *batch)
{
  RegistryBatch about
      = { .source = "公安局", .actor = "test", .evidence = "a paper", .recorded_at = w->clock };
  GError *error = NULL;
  RegistryWriter *writer = registry_writer_new (w->registry, &error);
  g_assert_no_error (error);
  *batch = registry_writer_batch (writer, &about, &error);
  g_assert_no_error (error);
  return writer;
}

static void
commit (RegistryWriter *writer)
{
  GError *error = NULL;
  registry_writer_commit (writer, &error);
  g_assert_no_error (error);
  registry_writer_free (writer);
}

static void
append (RegistryWriter *writer, RegistryBatchId batch, Subject subject, RegistryFact fact)
{
  GError *error = NULL;
  registry_writer_append (writer, batch, subject, REGISTRY_EVER, REGISTRY_FOREVER, &fact, 1, &error);
  g_assert_no_error (error);
}

static const RegistryAttribute *
attribute_of (const World *w, const char *entity, const char *id)
{
  return registry_entity_attribute (registry_schema_entity (w->schema, entity), id);
}

/* ---- sizes --------------------------------------------------------------------------------- */

/* N people, each at home in a place of their own number, of which nothing is recorded beyond the
 * middle; areas are the least and the greatest that there are. */
static void
write_people (World *w, int n)
{
  static const gint64 areas[] = { G_MININT64, G_MAXINT64, 0, -1, G_MININT64 + 1 };
  const RegistryAttribute *home = attribute_of (w, "person", "home"),
                          *area = attribute_of (w, "home", "area");
  RegistryBatchId batch;
  RegistryWriter *writer = begin (w, &batch);
  for (int i = 1; i <= n; i++) {
    Subject place = subject_make (home->target, i);
    append (writer, batch, subject_make (home->entity, i), (RegistryFact){ home, REGISTRY_VALUE, place });
    if (i <= n / 2)
      append (writer, batch, place,
              (RegistryFact){ area, REGISTRY_VALUE, areas[i % (int)G_N_ELEMENTS (areas)] });
  }
  commit (writer);
}

static void
compare (World *w, unsigned threads, bool kept)
{
  g_autoptr (Arena) arena = arena_new ();
  GError *error = NULL;
  g_autoptr (County) county = open_all (w, threads, &error);
  g_assert_no_error (error);
  g_assert_true (!kept || !county_load (county).built);
  rows_check (county, w->schema);
  for (size_t e = 0; e < registry_schema_size (w->schema); e++) {
    const RegistryEntity *entity = registry_schema_entity_at (w->schema, e);
    size_t n;
    const FeelPath *paths = rows_paths (county, entity, 1, arena, &n);
    rows_compare (county, w->registry, DAY, entity, paths, n);
  }
}

static void
test_sizes (void)
{
  static const int sizes[] = { 0, 1, 2047, 2048, 2049, 4096, 4097 };
  for (size_t i = 0; i < G_N_ELEMENTS (sizes); i++) {
    World *w = world_new (1);
    write_people (w, sizes[i]);
    compare (w, 1 + (unsigned)i % 3, false);
    compare (w, 1 + (unsigned)i % 3, true);
    world_free (w);
  }
}

/* ---- erasing --------------------------------------------------------------------------------- */

/* How many kept chunks hold TEXT. */
static int
chunks_with (World *w, const char *text)
{
  GError *error = NULL;
  StoreReader *reader = store_reader (registry_store (w->registry), &error);
  g_assert_no_error (error);
  StoreStatement *s = store_statement (store_reader_db (reader), "SELECT bytes FROM kept", &error);
  int n = 0;
  while (store_step (s, &error) == STORE_ROW) {
    Text bytes = store_blob (s, 0);
    n += bytes.len && memmem (bytes.bytes, bytes.len, text, strlen (text));
  }
  g_assert_no_error (error);
  store_reader_release (reader);
  return n;
}

/* Two who were one for a while, each in a chunk of its own: what is erased from one of them was in
 * the other's chunk, too. */
static void
test_erased (void)
{
  static const char secret[] = "what nobody shall know any more";
  World *w = world_new (1);
  const RegistryAttribute *illness = attribute_of (w, "person", "illness");
  Subject kept = subject_make (illness->entity, 1), gone = subject_make (illness->entity, 5000);
  GError *error = NULL;
  RegistryBatchId batch;
  RegistryWriter *writer = begin (w, &batch);
  append (writer, batch, kept,
          (RegistryFact){ attribute_of (w, "person", "name"), REGISTRY_VALUE, .text = text_of ("甲") });
  append (writer, batch, gone, (RegistryFact){ illness, REGISTRY_VALUE, .text = text_of (secret) });
  gint64 merge = registry_writer_merge (writer, kept, gone, "test", "one", w->clock, &error);
  g_assert_no_error (error);
  commit (writer);
  county_free (open_all (w, 1, &error));
  g_assert_no_error (error);
  g_assert_cmpint (chunks_with (w, secret), ==, 1);
  writer = begin (w, &batch);
  registry_writer_unmerge (writer, merge, "test", "two", w->clock, &error);
  g_assert_no_error (error);
  commit (writer);
  writer = begin (w, &batch);
  registry_writer_erase (writer, gone, illness, &error);
  g_assert_no_error (error);
  commit (writer);
  g_assert_cmpint (chunks_with (w, secret), ==, 0);
  world_free (w);
}

/* ---- faults ------------------------------------------------------------------------------------ */

static bool
drop_records (StoreConnection *db, gpointer data, GError **error)
{
  return store_execute (db, "DROP TABLE record", error);
}

/* The chunks' heads are read by then, their bytes are not. */
static void
test_fault (void)
{
  World *w = world_new (1);
  GError *error = NULL;
  write_people (w, 10);
  county_free (open_all (w, 2, &error));
  g_assert_no_error (error);
  g_autoptr (County) county = open_all (w, 2, &error);
  g_assert_no_error (error);
  write_people (w, 11);
  store_write (registry_store (w->registry), drop_records, NULL, &error);
  g_assert_no_error (error);
  g_assert_null (open_all (w, 2, &error));
  g_assert_error (error, FAULT, FAULT_SYSTEM);
  g_clear_error (&error);
  g_assert_null (county_refresh (county, &error));
  g_assert_error (error, FAULT, FAULT_SYSTEM);
  g_clear_error (&error);
  g_assert_cmpuint (county_subjects (county, registry_schema_entity (w->schema, "person")), ==, 10);
  world_free (w);
}

int
main (int argc, char **argv)
{
  setlocale (LC_ALL, "C.UTF-8");
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/county/sizes", test_sizes);
  g_test_add_func ("/county/erased", test_erased);
  g_test_add_func ("/county/fault", test_fault);
  return g_test_run ();
}
