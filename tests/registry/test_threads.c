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

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add ("/registry/threads/readers and a writer", County, NULL, county_open, test_readers,
              county_close);
  return g_test_run ();
}
