/* How long people wait for cases/ on a busy day: USERS at once, each thinking up to THINK milliseconds, then
 * applying (one in ten), opening a case (five) or looking at a page of an office's queue (four), for some
 * seconds; then ten thousand decided at once; then the look for cases whose facts were corrected.  The county
 * has 200,000 open cases before it begins.  Prints the median, the 99th percentile and the longest of each;
 * asserts that nothing failed.
 *
 *     build-bench/bench/cases [RESIDENTS [USERS [THINK [PLACE]]]]    default 1000000 1000 2000, a file in
 * $TMPDIR
 *
 * The figures to hold, 99th percentile: applying 20 ms (durable), opening 10 ms, a queue's page 15 ms; ten
 * thousand decided in 5 s.
 */
#include "cases_county.h"

#include <glib/gstdio.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

enum { CORRECTED = 1000, SECONDS = 10, PAGE = 50, STACK = 512 * 1024 };

typedef enum { APPLY, OPEN, QUEUE } Task;
enum { TASKS = QUEUE + 1 };
static const char *const names[] = { "apply", "open", "queue page" };

static BusyCounty county;
static const AccessAccount clerk = { .name = "clerk", .role = ACCESS_COUNTER_CLERK, .department = OFFICE },
                           worker = { .name = "worker", .role = ACCESS_CASE_WORKER, .department = OFFICE };

/* ---- people -------------------------------------------------------------------------------- */

typedef struct {
  int number;
  gint64 residents, think, until; /* microseconds */
  GArray *times[TASKS];           /* microseconds, of gint64 */
} User;

static void
open_one (GRand *random)
{
  GError *error = NULL;
  g_autoptr (Arena) arena = arena_new ();
  size_t n;
  gint64 id = 1 + (gint64)g_rand_int_range (random, 0, OPEN_CASES / OFFICES) * OFFICES;
  const Case *c = cases_case (county.cases, arena, &clerk, id, &error);
  bench_check (c && cases_steps (county.cases, arena, c, &n, &error), error);
}

static void
look_at_queue (void)
{
  GError *error = NULL;
  g_autoptr (Arena) arena = arena_new ();
  size_t n;
  CaseFilter filter = { .limit = PAGE };
  const Case *page = cases_queue (county.cases, arena, &clerk, &filter, &n, &error);
  bench_check (page && n == PAGE, error);
}

static gpointer
come (gpointer data)
{
  User *u = data;
  g_autoptr (GRand) random = g_rand_new_with_seed ((guint32)u->number);
  g_usleep ((gulong)(g_rand_double (random) * (double)u->think));
  for (int turn = 0; g_get_monotonic_time () < u->until; turn++) {
    int dice = g_rand_int_range (random, 0, 10);
    Task task = dice == 0 ? APPLY : dice < 6 ? OPEN : QUEUE;
    gint64 start = g_get_monotonic_time ();
    if (task == APPLY) {
      g_autofree char *key = g_strdup_printf ("%d-%d", u->number, turn);
      static int next = 2; /* everybody applies once */
      int number = g_atomic_int_add (&next, 1);
      bench_check (number <= u->residents, NULL);
      AccessAccount who
          = { .name = key, .role = ACCESS_RESIDENT, .subject = busy_county_resident (&county, number) };
      busy_county_apply (&county, &who, key);
    } else if (task == OPEN)
      open_one (random);
    else
      look_at_queue ();
    gint64 took = g_get_monotonic_time () - start;
    g_array_append_val (u->times[task], took);
    g_usleep ((gulong)(g_rand_double (random) * (double)u->think));
  }
  return NULL;
}

static void
print_times (const User *users, int n, Task task)
{
  g_autoptr (GArray) all = g_array_new (FALSE, FALSE, sizeof (gint64));
  for (int i = 0; i < n; i++)
    g_array_append_vals (all, users[i].times[task]->data, users[i].times[task]->len);
  busy_county_print (names[task], all, SECONDS);
}

static void
run_users (int n, gint64 think, gint64 residents)
{
  g_autofree User *users = g_new0 (User, n);
  g_autofree pthread_t *threads = g_new0 (pthread_t, n);
  pthread_attr_t attributes;
  pthread_attr_init (&attributes);
  pthread_attr_setstacksize (&attributes, STACK);
  gint64 until = g_get_monotonic_time () + SECONDS * G_USEC_PER_SEC;
  for (int i = 0; i < n; i++) {
    users[i] = (User){ .number = i, .residents = residents, .think = think, .until = until };
    for (int t = 0; t < TASKS; t++)
      users[i].times[t] = g_array_new (FALSE, FALSE, sizeof (gint64));
    g_assert_cmpint (pthread_create (&threads[i], &attributes, come, &users[i]), ==, 0);
  }
  for (int i = 0; i < n; i++)
    pthread_join (threads[i], NULL);
  pthread_attr_destroy (&attributes);
  for (int t = 0; t < TASKS; t++)
    print_times (users, n, (Task)t);
  for (int i = 0; i < n; i++)
    for (int t = 0; t < TASKS; t++)
      g_array_free (users[i].times[t], TRUE);
}

/* ---- many at once ----------------------------------------------------------------------------- */

static void
run_many (void)
{
  GError *error = NULL;
  g_autoptr (Arena) arena = arena_new ();
  clock_t processor = clock ();
  gint64 start = g_get_monotonic_time ();
  gint64 run = cases_run_begin (county.cases, &worker, &(CaseMany){ .grant = true, .matter = MATTER }, "many",
                                &error);
  bench_check (run && cases_run_go_on (county.cases, &worker, run, &error), error);
  double seconds = (double)(g_get_monotonic_time () - start) / G_USEC_PER_SEC;
  const CaseRun *r = cases_run (county.cases, arena, &worker, run, &error);
  bench_check (r != NULL, error);
  g_assert_cmpint (r->decided + r->skipped, ==, r->total);
  printf ("decide many %8d decided, %d skipped, in %.2f s (%.2f s of one processor)\n", (int)r->decided,
          (int)r->skipped, seconds, (double)(clock () - processor) / CLOCKS_PER_SEC);
}

/* ---- what was corrected ------------------------------------------------------------------- */

static void
correct (gint64 residents)
{
  GError *error = NULL;
  const RegistryEntity *entity = registry_schema_entity (policy_schema (county.package), "resident");
  RegistryFact fact
      = { .attribute = registry_entity_attribute (entity, "hukou_place"), .state = REGISTRY_NONE };
  RegistryBatch about = { .source = fact.attribute->source,
                          .actor = "bench",
                          .recorded_at = g_get_real_time () / G_USEC_PER_SEC };
  g_autoptr (RegistryWriter) writer = registry_writer_new (county.registry, &error);
  RegistryBatchId batch = registry_writer_batch (writer, &about, &error);
  for (int i = 1; i <= CORRECTED; i++)
    bench_check (registry_writer_append (writer, batch, busy_county_resident (&county, residents - i),
                                         REGISTRY_EVER, REGISTRY_FOREVER, &fact, 1, &error),
                 error);
  bench_check (registry_writer_commit (writer, &error), error);
}

static void
look (const char *name)
{
  GError *error = NULL;
  gint64 start = g_get_monotonic_time ();
  bench_check (cases_look (county.cases, &error), error);
  printf ("%-11s %8.3f s\n", name, (double)(g_get_monotonic_time () - start) / G_USEC_PER_SEC);
}

static void
check_flagged (void)
{
  GError *error = NULL;
  gint64 n = 0;
  g_autoptr (StoreReader) reader = store_reader (registry_store (county.registry), &error);
  bench_check (reader
                   && store_query (store_reader_db (reader),
                                   "SELECT count(*) FROM cases_case WHERE flagged = 1", 0, &n, &error),
               error);
  g_assert_cmpint (n, >=, CORRECTED);
}

/* Nobody is corrected, then some. */
static void
run_look (gint64 residents)
{
  look ("first look");
  look ("look again");
  correct (residents);
  look ("corrected");
  check_flagged ();
  look ("and again");
}

/* ---- the bench -------------------------------------------------------------------------------- */

int
main (int argc, char **argv)
{
  gint64 residents = argc > 1 ? atoll (argv[1]) : 1000000;
  int users = argc > 2 ? atoi (argv[2]) : 1000;
  gint64 think = (argc > 3 ? atoll (argv[3]) : 2000) * 1000;
  g_autofree char *file = g_build_filename (g_get_tmp_dir (), "liudong-bench-cases.db", NULL);
  const char *place = argc > 4 ? argv[4] : file;
  g_unlink (file);
  county = busy_county_make (place, residents);
  printf ("%d residents, %d open cases, %d users\n", (int)residents, OPEN_CASES, users);
  run_users (users, think, residents);
  run_many ();
  run_look (residents);
  busy_county_close (&county);
  g_unlink (file);
  return 0;
}
