/* Several threads read while one writes; also run under ThreadSanitizer. */
#include <pthread.h>
#include "harness.h"

enum { READERS = 4, ROUNDS = 40, MEMBERS = 5 };

/* All members' incomes are raised together: a reading sees one state of them. */
static void
raise_incomes (County *county, int income)
{
  RegistryWriter *w = county_writer (county);
  RegistryBatchId b = county_batch (w, "公安局", "2021-10-01", income == 1 ? "person" : NULL);
  g_autofree char *text = g_strdup_printf ("%d", income);
  for (int i = 1; i <= MEMBERS; i++) {
    g_autofree char *id = g_strdup_printf ("person-%d", i);
    county_state (county, w, b, id, "home", "home-1");
    county_state (county, w, b, id, "income", text);
  }
  county_state (county, w, b, "home-1", "area", text);
  county_commit (w);
}

static gpointer
read_incomes (gpointer data)
{
  for (int i = 0; i < ROUNDS * 5; i++) {
    bool assumed;
    g_autofree char *sources = NULL;
    g_autofree char *got = county_read (data, "home-1", "成员.月收入", 19000, G_MAXINT64, &sources, &assumed);
    int incomes[MEMBERS];
    g_assert_cmpint (sscanf (got, "[%d.00, %d.00, %d.00, %d.00, %d.00]", &incomes[0], &incomes[1],
                             &incomes[2], &incomes[3], &incomes[4]),
                     ==, MEMBERS);
    for (int j = 1; j < MEMBERS; j++)
      g_assert_cmpint (incomes[j], ==, incomes[0]);
  }
  return NULL;
}

static void
test_readers (County *county, gconstpointer unused)
{
  pthread_t threads[READERS];
  raise_incomes (county, 1);
  for (int i = 0; i < READERS; i++)
    g_assert_cmpint (pthread_create (&threads[i], NULL, read_incomes, county), ==, 0);
  for (int i = 2; i <= ROUNDS; i++)
    raise_incomes (county, i);
  for (int i = 0; i < READERS; i++)
    pthread_join (threads[i], NULL);
}

/* ---- over midnight ----------------------------------------------------- */

static _Atomic gint64 calendar;

static Day
calendar_today (void)
{
  return calendar;
}

static gint64
current_income (County *county)
{
  gint64 value = -1;
  g_autoptr (StoreReader) reader = store_reader (registry_store (county->registry), NULL);
  g_assert_true (store_query (store_reader_db (reader), "SELECT income FROM current_person WHERE id = 1", -1,
                              &value, NULL));
  return value;
}

/* The current tables follow the day while the program runs. */
static void
test_follow (County *county, gconstpointer unused)
{
  GError *error = NULL;
  RegistryWriter *w = county_writer (county);
  RegistryBatchId b = county_batch (w, "民政局", "2021-10-01", NULL);
  RegistryFact income = { county_attribute (county, "person", "income"), REGISTRY_VALUE, 100 };
  Subject person = county_subject (county, "person-1");
  registry_writer_append (w, b, person, REGISTRY_EVER, county_day ("2021-10-31"), &income, 1, &error);
  income.integer = 200;
  registry_writer_append (w, b, person, county_day ("2021-11-01"), REGISTRY_FOREVER, &income, 1, &error);
  g_assert_no_error (error);
  county_commit (w);
  calendar = county_day ("2021-10-31");
  RegistryFollower *f = registry_follower_start (county->registry, calendar_today, 5, &error);
  g_assert_no_error (error);
  g_usleep (50000);
  g_assert_cmpint (current_income (county), ==, 100);
  calendar = county_day ("2021-11-01");
  for (int i = 0; i < 400 && current_income (county) != 200; i++)
    g_usleep (10000);
  g_assert_cmpint (current_income (county), ==, 200);
  registry_follower_stop (f);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add ("/registry/threads/readers and a writer", County, NULL, county_open, test_readers,
              county_close);
  g_test_add ("/registry/threads/follow the day", County, NULL, county_open, test_follow, county_close);
  return g_test_run ();
}
