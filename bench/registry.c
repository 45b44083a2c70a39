/* How fast a county is loaded and read: records a second into an empty file,
 * microseconds for one household's reading.  Prints n, 2n, 4n, so that nothing
 * quadratic hides; asserts what was loaded.
 *
 *     build/bench/registry [RESIDENTS [FOLDER]]      default 250000 in $TMPDIR
 */
#include "bench.h"
#include "registry/registry.h"

#include <glib/gstdio.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>

enum { HOUSEHOLD_SIZE = 3, FACTS_MAX = 40 };

typedef struct {
  RegistryWriter *writer;
  const RegistryEntity *resident, *household, *spell;
  RegistryBatchId police, labour, civil, spells;
  RegistryFact facts[FACTS_MAX];
  size_t n;
  gint64 records;
} Load;

static void
state (Load *load, const RegistryEntity *entity, const char *id, gint64 integer, const char *text)
{
  /* A loader looks its attributes up once; so does this one, by literal. */
  static GHashTable *attributes;
  if (!attributes)
    attributes = g_hash_table_new (g_direct_hash, g_direct_equal);
  const RegistryAttribute *a = g_hash_table_lookup (attributes, id);
  if (!a || a->entity != entity) {
    a = registry_entity_attribute (entity, id);
    g_assert (a);
    g_hash_table_insert (attributes, (gpointer)id, (gpointer)a);
  }
  g_assert (load->n < FACTS_MAX);
  load->facts[load->n++] = (RegistryFact){ a, REGISTRY_VALUE, integer, text_of (text) };
}

static void
append (Load *load, RegistryBatchId batch, Subject subject)
{
  GError *error = NULL;
  bench_check (registry_writer_append (load->writer, batch, subject, REGISTRY_EVER, REGISTRY_FOREVER,
                                       load->facts, load->n, &error),
               error);
  load->n = 0;
  load->records++;
}

static RegistryBatchId
begin (Load *load, const char *source, const char *complete_of)
{
  GError *error = NULL;
  RegistryBatch batch = { source, "bench", NULL, 1700000000, complete_of };
  RegistryBatchId id = registry_writer_batch (load->writer, &batch, &error);
  bench_check (id != 0, error);
  return id;
}

static void
load_resident (Load *load, gint64 i, Subject household)
{
  static const char *const education[] = { "小学", "初中", "高中", "本科" };
  static const char *const townships[] = { "350121001", "350121105", "350121107", "350121206" };
  const RegistryEntity *e = load->resident;
  Subject subject = registry_writer_subject (load->writer, e);
  char number[32], phone[32];
  snprintf (number, sizeof number, "350121%08" G_GINT64_FORMAT "001X", 19500101 + i % 600000);
  snprintf (phone, sizeof phone, "1990000%04" G_GINT64_FORMAT, i % 10000);
  state (load, e, "name", 0, "林测试");
  state (load, e, "id_number", 0, number);
  state (load, e, "sex", 0, i % 2 ? "男" : "女");
  state (load, e, "birth_date", i % 20000, NULL);
  state (load, e, "household", household, NULL);
  state (load, e, "household_role", 0, i % 3 ? "子女" : "户主");
  state (load, e, "township", 0, townships[i / 9 % 4]);
  state (load, e, "hukou_place", 0, "本县");
  state (load, e, "hukou_kind", 0, "农业");
  state (load, e, "resident_since", 10000 + i % 5000, NULL);
  append (load, load->police, subject);
  state (load, e, "phone", 0, phone);
  state (load, e, "employment_status", 0, "在职");
  state (load, e, "employment_form", 0, "单位就业");
  state (load, e, "insured_months", i % 400, NULL);
  state (load, e, "unemployment_insured_months", i % 300, NULL);
  state (load, e, "skill_level", 0, "中级工");
  state (load, e, "education", 0, education[i % 4]);
  state (load, e, "medical_professional", i % 50 == 0, NULL);
  append (load, load->labour, subject);
  state (load, e, "monthly_income", i % 1000 * 1000, NULL);
  append (load, load->civil, subject);
}

static void
load_county (Load *load, gint64 residents)
{
  const RegistryEntity *h = load->household, *s = load->spell;
  for (gint64 i = 0; i < residents; i++) {
    Subject household = subject_make (h, i / HOUSEHOLD_SIZE + 1);
    load_resident (load, i, household);
  }
  for (gint64 i = 0; i * HOUSEHOLD_SIZE < residents; i++) {
    state (load, h, "head", subject_make (load->resident, i * HOUSEHOLD_SIZE + 1), NULL);
    state (load, h, "township", 0, "350121107");
    state (load, h, "registered_here", 1, NULL);
    state (load, h, "assets_within_limits", 1, NULL);
    append (load, load->civil, registry_writer_subject (load->writer, h));
  }
  for (gint64 i = 0; i < residents / 50; i++) {
    state (load, s, "resident", subject_make (load->resident, i * 50 + 1), NULL);
    state (load, s, "rural", 1, NULL);
    state (load, s, "started_on", 8000 + i % 5000, NULL);
    append (load, load->spells, registry_writer_subject (load->writer, s));
  }
}

static void
check_counts (Registry *registry, const Load *load, gint64 residents)
{
  GError *error = NULL;
  gint64 people = 0, households = 0;
  bench_check (registry_count (registry, load->resident, &people, &error), error);
  bench_check (registry_count (registry, load->household, &households, &error), error);
  g_assert_cmpint (people, ==, residents);
  g_assert_cmpint (households, ==, (residents + HOUSEHOLD_SIZE - 1) / HOUSEHOLD_SIZE);
}

/* What clause 23 reads of a household: microseconds each. */
static double
time_readings (Registry *registry, const Load *load, gint64 residents)
{
  enum { READINGS = 2000 };
  Text income[] = { TEXT_LITERAL ("成员"), TEXT_LITERAL ("月收入") },
       here[] = { TEXT_LITERAL ("户籍在本县") };
  FeelPath paths[] = { { 0, 2, income }, { 0, 1, here } };
  g_autoptr (Arena) arena = arena_new ();
  gint64 before = g_get_monotonic_time (), members = 0;
  for (gint64 i = 0; i < READINGS; i++) {
    GError *error = NULL;
    size_t n = 0;
    arena_reset (arena);
    Subject subject = subject_make (load->household, 1 + i * (residents / HOUSEHOLD_SIZE - 1) / READINGS);
    const RegistryReading *reading
        = registry_read (registry, arena, subject, paths, 2, (RegistryMoment){ 19700, G_MAXINT64 }, &error);
    bench_check (reading != NULL, error);
    registry_reading_facts (reading, &n);
    members += (gint64)n - 2;
  }
  g_assert_cmpint (members, ==, READINGS * HOUSEHOLD_SIZE);
  return (double)(g_get_monotonic_time () - before) / READINGS;
}

static void
run (const RegistrySchema *schema, const char *folder, gint64 residents)
{
  g_autofree char *path = g_build_filename (folder, "liudong-bench.db", NULL);
  g_unlink (path);
  GError *error = NULL;
  gint64 start = g_get_monotonic_time ();
  g_autoptr (Registry) registry = registry_open (path, STORE_CREATE | STORE_BULK, schema, &error);
  bench_check (registry != NULL, error);
  g_autoptr (RegistryWriter) writer = registry_writer_new (registry, &error);
  bench_check (writer != NULL, error);
  Load load = { .writer = writer,
                .resident = registry_schema_entity (schema, "resident"),
                .household = registry_schema_entity (schema, "household"),
                .spell = registry_schema_entity (schema, "work_spell") };
  load.police = begin (&load, "县公安局", "resident");
  load.labour = begin (&load, "县人社局", "resident");
  load.civil = begin (&load, "县民政局", "resident");
  load.spells = begin (&load, "县人社局", "work_spell");
  load_county (&load, residents);
  double loaded = (double)(g_get_monotonic_time () - start) / 1e6;
  bench_check (registry_writer_commit (writer, &error), error);
  bench_check (store_checkpoint (registry_store (registry), &error), error);
  double total = (double)(g_get_monotonic_time () - start) / 1e6;
  check_counts (registry, &load, residents);
  double reading = time_readings (registry, &load, residents);
  GStatBuf file;
  g_assert_cmpint (g_stat (path, &file), ==, 0);
  struct rusage usage;
  getrusage (RUSAGE_SELF, &usage);
  printf ("%9" G_GINT64_FORMAT " residents %9" G_GINT64_FORMAT " records  load %6.2f s  with indexes %6.2f s"
          "  %8.0f records/s  file %5.0f MB  memory %4ld MB  reading %5.1f us\n",
          residents, load.records, loaded, total, (double)load.records / total, (double)file.st_size / 1e6,
          usage.ru_maxrss / 1024, reading);
}

int
main (int argc, char **argv)
{
  gint64 residents = argc > 1 ? g_ascii_strtoll (argv[1], NULL, 10) : 250000;
  const char *folder = argc > 2 ? argv[2] : g_get_tmp_dir ();
  GError *error = NULL;
  g_autoptr (RegistrySchema) schema = registry_schema_load (BENCH_POLICY "/registry.yaml", &error);
  bench_check (schema != NULL, error);
  for (int i = 4; i >= 1; i /= 2)
    run (schema, folder, residents / i);
  g_autofree char *path = g_build_filename (folder, "liudong-bench.db", NULL);
  g_unlink (path);
  return 0;
}
