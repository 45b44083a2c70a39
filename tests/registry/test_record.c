/* The log of one subject as its copy shows it, and what erasing takes out of it. */
#include "harness.h"

static void
fill (County *county)
{
  RegistryWriter *writer = county_writer (county);
  RegistryBatchId police = county_batch (writer, "公安局", "2021-10-01", NULL);
  county_state (county, writer, police, "person-1", "name", "张样");
  county_state (county, writer, police, "person-1", "home", "home-1");
  county_state (county, writer, police, "person-1", "veteran", "true");
  county_state (county, writer, police, "person-2", "name", "李样");
  RegistryBatchId civil = county_batch (writer, "民政局", "2021-11-01", NULL);
  county_state (county, writer, civil, "person-1", "income", "2500.00");
  county_state (county, writer, civil, "person-1", "home", "home-2");
  county_state (county, writer, civil, "person-1", "degree", "本科");
  county_state (county, writer, civil, "person-1", "employer", "~");
  county_commit (writer);
}

/* Every record as "batch source attribute=value", a line each. */
static char *
show (County *county, const char *subject)
{
  g_autoptr (Arena) arena = arena_new ();
  g_autoptr (GString) out = g_string_new (NULL);
  GError *error = NULL;
  size_t n;
  const RegistryRecord *records
      = registry_records (county->registry, arena, county_subject (county, subject), &n, &error);
  g_assert_no_error (error);
  g_assert_nonnull (records);
  for (size_t i = 0; i < n; i++)
    for (size_t k = 0; k < records[i].n; k++) {
      const char *value = registry_fact_format (arena, county->schema, &records[i].facts[k]);
      g_string_append_printf (out, "%d %s %s=%s\n", (int)records[i].batch, records[i].source,
                              records[i].facts[k].attribute->id, value ? value : "~");
    }
  return g_string_free (g_steal_pointer (&out), FALSE);
}

static void
test_records (County *county, gconstpointer unused)
{
  fill (county);
  g_autofree char *one = show (county, "person-1"), *none = show (county, "person-9");
  g_assert_cmpstr (
      one, ==,
      "1 公安局 name=张样\n1 公安局 home=home-1\n1 公安局 veteran=true\n"
      "2 民政局 income=2500.00\n2 民政局 home=home-2\n2 民政局 degree=本科\n2 民政局 employer=~\n");
  g_assert_cmpstr (none, ==, "");
}

static size_t
referrers (County *county, const char *home, Subject *first)
{
  g_autoptr (Arena) arena = arena_new ();
  size_t n;
  const Subject *found = registry_referrers (county->registry, arena, county_subject (county, home),
                                             county_attribute (county, "home", "members"), &n, NULL);
  g_assert_nonnull (found);
  *first = n ? found[0] : 0;
  return n;
}

static void
erase (County *county, const char *id)
{
  GError *error = NULL;
  RegistryWriter *writer = county_writer (county);
  registry_writer_erase (writer, county_subject (county, "person-1"), county_attribute (county, "person", id),
                         &error);
  g_assert_no_error (error);
  county_commit (writer);
}

static char *
read_value (County *county, const char *path)
{
  g_autofree char *sources = NULL;
  bool assumed;
  return county_read (county, "person-1", path, county_day ("2021-12-01"), G_MAXINT64, &sources, &assumed);
}

/* What is erased is nowhere: not in the log, not in the current table, not among those who refer. */
static void
test_erase (County *county, gconstpointer unused)
{
  Subject first;
  fill (county);
  g_assert_cmpuint (referrers (county, "home-1", &first), ==, 1);
  g_assert_cmpint (first, ==, county_subject (county, "person-1"));
  erase (county, "home");
  erase (county, "name");
  g_autofree char *left = show (county, "person-1"), *other = show (county, "person-2");
  g_assert_cmpstr (
      left, ==,
      "1 公安局 veteran=true\n2 民政局 income=2500.00\n2 民政局 degree=本科\n2 民政局 employer=~\n");
  g_assert_cmpstr (other, ==, "1 公安局 name=李样\n");
  g_assert_cmpuint (referrers (county, "home-1", &first), ==, 0);
  g_assert_cmpuint (referrers (county, "home-2", &first), ==, 0);
  g_autofree char *home = read_value (county, "户"), *income = read_value (county, "月收入");
  g_assert_cmpstr (home, ==, "unknown: 居民.户");
  g_assert_cmpstr (income, ==, "2500.00");
  g_autoptr (Arena) arena = arena_new ();
  const RegistryHits *hits
      = registry_search (county->registry, arena, registry_schema_entity (county->schema, "person"),
                         &(RegistrySearch){ .text = "张样", .limit = 10 }, NULL);
  g_assert_cmpuint (hits->n, ==, 0);
}

static void
test_erase_refuses (County *county, gconstpointer unused)
{
  static const char *const cases[][3] = { { "person-9", "person", "name" },
                                          { "home-1", "person", "name" },
                                          { "person-1", "person", "history" } };
  fill (county);
  for (size_t i = 0; i < G_N_ELEMENTS (cases); i++) {
    g_autoptr (GError) error = NULL;
    g_autoptr (RegistryWriter) writer = county_writer (county);
    g_assert_false (registry_writer_erase (writer, county_subject (county, cases[i][0]),
                                           county_attribute (county, cases[i][1], cases[i][2]), &error));
    g_assert_error (error, FAULT, FAULT_INPUT);
  }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add ("/registry/record/records", County, NULL, county_open, test_records, county_close);
  g_test_add ("/registry/record/erase", County, NULL, county_open, test_erase, county_close);
  g_test_add ("/registry/record/erase refuses", County, NULL, county_open, test_erase_refuses, county_close);
  return g_test_run ();
}
