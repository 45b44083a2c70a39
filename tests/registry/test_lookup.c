/* Asking while writing, and walking through an entity. */
#include "harness.h"

static Subject
person (const County *county, int number)
{
  return subject_make (registry_schema_entity (county->schema, "person"), number);
}

static void
state_person (County *county, RegistryWriter *w, RegistryBatchId batch, int number, const char *name,
              const char *code, const char *born)
{
  g_autofree char *subject = g_strdup_printf ("person-%d", number);
  county_state (county, w, batch, subject, "name", name);
  county_state (county, w, batch, subject, "code", code);
  county_state (county, w, batch, subject, "born", born);
  county_state (county, w, batch, subject, "township", "350121101");
}

static size_t
count_found (RegistryWriter *w, const RegistryAttribute *by, const char *text, Subject *found)
{
  size_t n;
  g_assert_true (registry_writer_find (w, by, text_of (text), found, 2, &n, NULL));
  return n;
}

/* What was appended a moment ago counts, committed or not. */
static void
test_find (County *county, gconstpointer unused)
{
  RegistryWriter *w = county_writer (county);
  RegistryBatchId batch = county_batch (w, "公安局", "2021-10-01", NULL);
  const RegistryAttribute *code = county_attribute (county, "person", "code"),
                          *name = county_attribute (county, "person", "name");
  Subject found[2];
  g_assert_cmpuint (count_found (w, code, "A1", found), ==, 0);
  state_person (county, w, batch, 1, "王小明", "A1", "1990-01-01");
  g_assert_cmpuint (count_found (w, code, "A1", found), ==, 1);
  g_assert_cmpint (found[0], ==, person (county, 1));
  state_person (county, w, batch, 2, "王小明", "A2", "1990-01-01");
  state_person (county, w, batch, 3, "王小明", "A3", "1990-01-01");
  g_assert_cmpuint (count_found (w, name, "王小明", found), ==, 2); /* as many as there is room for */
  g_assert_cmpint (found[1], ==, person (county, 2));
  county_state (county, w, batch, "person-1", "code", "B1");
  g_assert_cmpuint (count_found (w, code, "A1", found), ==, 0);
  g_assert_cmpuint (count_found (w, code, "B1", found), ==, 1);
  bool known;
  g_assert_true (registry_writer_knows (w, person (county, 3), &known, NULL) && known);
  g_assert_true (registry_writer_knows (w, person (county, 4), &known, NULL) && !known);
  registry_writer_free (w);
}

static void
test_alike (County *county, gconstpointer unused)
{
  RegistryWriter *w = county_writer (county);
  RegistryBatchId batch = county_batch (w, "公安局", "2021-10-01", NULL);
  Subject found[4];
  size_t n;
  state_person (county, w, batch, 1, "王小明", "A1", "1990-01-01");
  state_person (county, w, batch, 2, "王小明", "A2", "1990-01-01");
  state_person (county, w, batch, 3, "王小明", "A3", "1990-01-02");
  county_state (county, w, batch, "person-4", "name", "王小明"); /* of whom too little is known */
  county_state (county, w, batch, "home-1", "area", "80");
  g_assert_true (registry_writer_alike (w, person (county, 2), found, 4, &n, NULL));
  g_assert_cmpuint (n, ==, 1);
  g_assert_cmpint (found[0], ==, person (county, 1));
  g_assert_true (registry_writer_alike (w, person (county, 3), found, 4, &n, NULL) && n == 0);
  g_assert_true (registry_writer_alike (w, person (county, 4), found, 4, &n, NULL) && n == 0);
  g_assert_true (registry_writer_alike (w, county_subject (county, "home-1"), found, 4, &n, NULL) && n == 0);
  registry_writer_free (w);
}

static char *
say_stated (County *county, RegistryWriter *w, const char *source, const char *day)
{
  RegistryFact facts[32];
  GString *out = g_string_new (NULL);
  GError *error = NULL;
  g_assert_true (registry_writer_stated (w, person (county, 1), source, county_day (day), facts, &error));
  g_assert_no_error (error);
  for (size_t i = 0; i < registry_schema_entity (county->schema, "person")->n; i++)
    if (facts[i].state != REGISTRY_UNSTATED)
      g_string_append_printf (out, "%s=%s%.*s%" G_GINT64_FORMAT " ", facts[i].attribute->id,
                              facts[i].state == REGISTRY_NONE ? "none" : "", (int)facts[i].text.len,
                              facts[i].text.len ? facts[i].text.bytes : "", facts[i].integer);
  return g_string_free (out, FALSE);
}

static void
check_stated (County *county, RegistryWriter *w, const char *source, const char *day, const char *expected)
{
  g_autofree char *said = say_stated (county, w, source, day);
  g_assert_cmpstr (said, ==, expected);
}

static void
test_stated (County *county, gconstpointer unused)
{
  RegistryWriter *w = county_writer (county);
  RegistryBatchId police = county_batch (w, "公安局", "2021-10-01", NULL),
                  health = county_batch (w, "卫健局", "2021-10-02", NULL);
  county_state (county, w, police, "person-1", "name", "王小明");
  county_state (county, w, health, "person-1", "name", "王晓明");
  county_state (county, w, health, "person-1", "illness", "流感");
  county_state (county, w, health, "person-1", "degree", "~");
  check_stated (county, w, "公安局", "2021-10-05", "name=王小明0 ");
  check_stated (county, w, "卫健局", "2021-10-05", "name=王晓明0 degree=none0 illness=流感0 ");
  check_stated (county, w, "教育局", "2021-10-05", "");
  /* After a complete load the source has not said what it did not say again. */
  county_batch (w, "卫健局", "2021-10-06", "person");
  check_stated (county, w, "卫健局", "2021-10-07", "name=王晓明0 degree=none0 ");
  county_commit (w);
}

/* A load in three batches: nothing is absent by it before the last. */
static void
test_complete_in_parts (County *county, gconstpointer unused)
{
  RegistryWriter *w = county_writer (county);
  RegistryBatchId before = county_batch (w, "卫健局", "2021-10-01", NULL),
                  first = county_batch (w, "卫健局", "2021-10-02", NULL);
  county_state (county, w, before, "person-1", "illness", "流感");
  county_state (county, w, before, "person-2", "illness", "流感");
  county_state (county, w, first, "person-1", "illness", "流感");
  county_commit (w);
  Day day = county_day ("2021-10-05");
  g_autofree char *sources = NULL, *later = NULL, *also = NULL;
  bool assumed;
  g_autofree char *half = county_read (county, "person-2", "重病", day, G_MAXINT64, &sources, &assumed);
  g_assert_cmpstr (half, ==, "流感");
  GError *error = NULL;
  w = county_writer (county);
  RegistryBatch last = { .source = "卫健局",
                         .actor = "test",
                         .recorded_at = county_instant ("2021-10-03"),
                         .complete_of = "person",
                         .complete_since = first };
  g_assert_cmpint (registry_writer_batch (w, &last, &error), >, 0);
  g_assert_no_error (error);
  county_commit (w);
  g_autofree char *whole = county_read (county, "person-2", "重病", day, G_MAXINT64, &later, &assumed);
  g_assert_cmpstr (whole, ==, "none");
  g_assert_true (assumed);
  g_autofree char *kept = county_read (county, "person-1", "重病", day, G_MAXINT64, &also, &assumed);
  g_assert_cmpstr (kept, ==, "流感");
  w = county_writer (county);
  last.complete_since = 99;
  g_assert_cmpint (registry_writer_batch (w, &last, &error), ==, 0);
  g_assert_error (error, FAULT, FAULT_INPUT);
  g_clear_error (&error);
  registry_writer_free (w);
}

static void
test_scan (County *county, gconstpointer unused)
{
  RegistryWriter *w = county_writer (county);
  RegistryBatchId batch = county_batch (w, "公安局", "2021-10-01", NULL);
  state_person (county, w, batch, 3, "王小明", "A3", "1990-01-02");
  state_person (county, w, batch, 1, "李四", "A1", "1990-01-01");
  county_state (county, w, batch, "person-1", "illness", "~");
  county_state (county, w, batch, "person-1", "home", "home-7");
  county_commit (w);
  const RegistryEntity *entity = registry_schema_entity (county->schema, "person");
  GError *error = NULL;
  g_autoptr (RegistryScan) scan = registry_scan_new (county->registry, entity, &error);
  Subject subject;
  for (int pass = 0; pass < 2; pass++) {
    g_assert_true (registry_scan_next (scan, &subject, &error));
    g_assert_cmpint (subject, ==, person (county, 1));
    RegistryFact name = registry_scan_fact (scan, county_attribute (county, "person", "name"));
    g_assert_true (name.state == REGISTRY_VALUE && text_equal (name.text, text_of ("李四")));
    RegistryFact home = registry_scan_fact (scan, county_attribute (county, "person", "home"));
    g_assert_cmpint (home.integer, ==, county_subject (county, "home-7"));
    g_assert_cmpint (registry_scan_fact (scan, county_attribute (county, "person", "illness")).state, ==,
                     REGISTRY_NONE);
    g_assert_cmpint (registry_scan_fact (scan, county_attribute (county, "person", "income")).state, ==,
                     REGISTRY_UNSTATED);
    g_assert_cmpint (registry_scan_fact (scan, county_attribute (county, "person", "history")).state, ==,
                     REGISTRY_UNSTATED);
    g_assert_true (registry_scan_next (scan, &subject, &error));
    g_assert_cmpint (subject, ==, person (county, 3));
    if (pass == 0)
      registry_scan_rewind (scan);
  }
  g_assert_false (registry_scan_next (scan, &subject, &error));
  g_assert_no_error (error);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
#define ADD(name, function) g_test_add (name, County, NULL, county_open, function, county_close)
  ADD ("/lookup/find", test_find);
  ADD ("/lookup/alike", test_alike);
  ADD ("/lookup/stated", test_stated);
  ADD ("/lookup/complete-in-parts", test_complete_in_parts);
  ADD ("/lookup/scan", test_scan);
  return g_test_run ();
}
