/* Verifying finds what does not follow from the log, and nothing else. */
#include "harness.h"

typedef struct {
  const char *sql;   /* done behind the registry's back; NULL: nothing */
  const char *words; /* of the difference; NULL: none */
} Harm;

static const Harm harms[] = {
  { NULL, NULL },
  { "UPDATE current_person SET income = income + 1 WHERE id = 1",
    "person-1: income (月收入) is not what its records say" },
  { "UPDATE current_person SET income = NULL WHERE id = 1", "person-1: income" },
  { "UPDATE current_person SET name = '甲甲' WHERE id = 1", "person-1: name" },
  { "UPDATE current_person SET home = 2 WHERE id = 1", "person-1: home" },
  { "UPDATE current_person SET none_0 = 0 WHERE id = 2", "person-2: income" },
  { "UPDATE current_person SET none_0 = none_0 + 1 WHERE id = 1", "person-1: " },
  { "UPDATE current_person SET until = 30000 WHERE id = 1", "person-1: the day until which" },
  { "DELETE FROM current_person WHERE id = 2", "person: 1 subjects, and the count says 2" },
  { "DELETE FROM current_person WHERE id = 2; UPDATE entity_count SET n = 1 WHERE n = 2",
    "records speak of 3 subjects, and 2 have a current row" },
  { "INSERT INTO current_home (id) VALUES (9)", "home-9: no record speaks of it" },
  { "DELETE FROM record WHERE subject IN (SELECT max(subject) FROM record)", "" },
  { "DELETE FROM batch WHERE id = 2", "1 records belong to no batch" },
};

static bool
execute (StoreConnection *db, gpointer sql, GError **error)
{
  return store_execute (db, sql, error);
}

static void
fill (County *county)
{
  RegistryWriter *w = county_writer (county);
  RegistryBatchId b = county_batch (w, "公安局", "2021-10-01", NULL);
  county_state (county, w, b, "person-1", "name", "甲");
  county_state (county, w, b, "person-1", "income", "12.34");
  county_state (county, w, b, "person-1", "degree", "本科");
  county_state (county, w, b, "person-1", "home", "home-1");
  county_state (county, w, b, "person-2", "income", "~");
  county_state (county, w, b, "home-1", "area", "7");
  b = county_batch (w, "民政局", "2021-10-02", NULL);
  county_state (county, w, b, "person-1", "income", "15.00");
  county_commit (w);
}

static void
count_progress (gint64 done, gint64 total, gpointer data)
{
  g_assert_cmpint (done, <=, total);
}

static void
test_harm (County *county, gconstpointer data)
{
  const Harm *harm = data;
  GError *error = NULL;
  fill (county);
  if (harm->sql) {
    store_write (registry_store (county->registry), execute, (gpointer)harm->sql, &error);
    g_assert_no_error (error);
  }
  RegistryVerification found;
  g_assert_true (registry_verify (county->registry, count_progress, NULL, &found, &error));
  g_assert_no_error (error);
  if (!harm->words) {
    g_assert_null (found.difference);
    g_assert_cmpint (found.subjects, ==, 3);
    g_assert_cmpint (found.records, ==, 7);
  } else if (!found.difference || !strstr (found.difference, harm->words))
    g_error ("\"%s\" does not say \"%s\"", found.difference ? found.difference : "nothing", harm->words);
  g_free (found.difference);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  for (size_t i = 0; i < G_N_ELEMENTS (harms); i++) {
    g_autofree char *title = g_strdup_printf ("/registry/verify/%zu", i);
    g_test_add (title, County, &harms[i], county_open, test_harm, county_close);
  }
  return g_test_run ();
}
