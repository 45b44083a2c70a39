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
#include "bench.h"
#include "cases/cases_private.h"
#include "demo/demo.h"

#include <glib/gstdio.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

enum { CORRECTED = 1000, OPEN_CASES = 200000, OFFICES = 10, SECONDS = 10, PAGE = 50, STACK = 512 * 1024 };

#define MATTER "17/settle"
#define OFFICE "县公安局"

typedef enum { APPLY, OPEN, QUEUE } Task;
enum { TASKS = QUEUE + 1 };
static const char *const names[] = { "apply", "open", "queue page" };

static Cases *cases;
static PolicyPackage *package;
static const AccessAccount clerk = { .name = "clerk", .role = ACCESS_COUNTER_CLERK, .department = OFFICE },
                           worker = { .name = "worker", .role = ACCESS_CASE_WORKER, .department = OFFICE };

/* ---- a county with cases ---------------------------------------------------------------- */

static Subject
resident (gint64 number)
{
  return subject_make (registry_schema_entity (policy_schema (package), "resident"), number);
}

static gint64
apply (const AccessAccount *who, const char *key)
{
  GError *error = NULL;
  CaseApplication ask = { .matter = policy_matter (package, MATTER) };
  gint64 id = cases_submit (cases, who, &ask, key, &error);
  bench_check (id > 0, error);
  return id;
}

/* Case ID rests on facts of SUBJECT like those on which the case LIKE does. */
static void
rest_alike (StoreConnection *db, gint64 id, gint64 like, Subject subject)
{
  GError *error = NULL;
  StoreStatement *s
      = store_statement (db,
                         "INSERT INTO cases_rests_on (batch, subject, attribute, case_id)"
                         " SELECT batch, ?1, attribute, ?2 FROM cases_rests_on WHERE case_id = ?3",
                         &error);
  bench_check (s != NULL, error);
  store_bind_integer (s, 1, subject);
  store_bind_integer (s, 2, id);
  store_bind_integer (s, 3, like);
  bench_check (store_run (s, &error), error);
}

/* Like the first one, which came the usual way; of people beyond the county, so that they are in nobody's
 * way. */
static void
fill (Registry *registry, gint64 residents)
{
  static const char *const offices[OFFICES]
      = { OFFICE,     "县人社局",     "县民政局", "县住建局", "县教育局",
          "县卫健局", "县农业农村局", "县林业局", "县科技局", "县财政局" };
  GError *error = NULL;
  g_autoptr (Arena) arena = arena_new ();
  AccessAccount first = { .name = "resident-1", .role = ACCESS_RESIDENT, .subject = resident (1) };
  gint64 id = apply (&first, "first");
  StoreConnection *db = store_begin (registry_store (registry), &error);
  bench_check (db != NULL, error);
  CaseRow row;
  size_t n;
  bench_check (row_find (cases, db, arena, id, &row, &error), error);
  const CaseStep *steps = steps_read (db, arena, id, &n, &error);
  g_autoptr (GRand) random = g_rand_new_with_seed (1);
  gint64 due = row.c.due ? row.c.due : civil_minutes (cases_now (cases));
  for (int i = 1; i < OPEN_CASES; i++) {
    row.c.id = id + i;
    row.c.applicant = row.c.subject = resident (residents + i);
    row.c.office = offices[i % OFFICES];
    row.c.state = CASE_ACCEPTED;
    row.c.proposed = i % 2 ? POLICY_NO : POLICY_YES;
    row.c.priority = g_rand_int_range (random, 0, 10) > 0;
    row.c.due = due + g_rand_int_range (random, 0, 30 * 1440);
    bench_check (row_insert (db, &row, &error) && step_insert (db, &row, &steps[0], &error), error);
    rest_alike (db, row.c.id, id, resident (1 + i % residents));
  }
  bench_check (store_commit (registry_store (registry), &error), error);
}

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
  const Case *c = cases_case (cases, arena, &clerk, id, &error);
  bench_check (c && cases_steps (cases, arena, c, &n, &error), error);
}

static void
look_at_queue (void)
{
  GError *error = NULL;
  g_autoptr (Arena) arena = arena_new ();
  size_t n;
  CaseFilter filter = { .limit = PAGE };
  const Case *page = cases_queue (cases, arena, &clerk, &filter, &n, &error);
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
      AccessAccount who = { .name = key, .role = ACCESS_RESIDENT, .subject = resident (number) };
      apply (&who, key);
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

static gint
compare_times (gconstpointer a, gconstpointer b)
{
  gint64 x = *(const gint64 *)a, y = *(const gint64 *)b;
  return (x > y) - (x < y);
}

static double
percentile (const GArray *times, double part)
{
  return times->len ? (double)g_array_index (times, gint64, (guint)(part * (times->len - 1))) / 1000 : 0;
}

static void
print_times (const User *users, int n, Task task)
{
  g_autoptr (GArray) all = g_array_new (FALSE, FALSE, sizeof (gint64));
  for (int i = 0; i < n; i++)
    g_array_append_vals (all, users[i].times[task]->data, users[i].times[task]->len);
  g_array_sort (all, compare_times);
  printf ("%-11s %8.0f a second  median %7.2f ms  99%% %7.2f ms  longest %7.2f ms\n", names[task],
          (double)all->len / SECONDS, percentile (all, 0.5), percentile (all, 0.99), percentile (all, 1));
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
  gint64 run
      = cases_run_begin (cases, &worker, &(CaseMany){ .grant = true, .matter = MATTER }, "many", &error);
  bench_check (run && cases_run_go_on (cases, &worker, run, &error), error);
  double seconds = (double)(g_get_monotonic_time () - start) / G_USEC_PER_SEC;
  const CaseRun *r = cases_run (cases, arena, &worker, run, &error);
  bench_check (r != NULL, error);
  g_assert_cmpint (r->decided + r->skipped, ==, r->total);
  printf ("decide many %8d decided, %d skipped, in %.2f s (%.2f s of one processor)\n", (int)r->decided,
          (int)r->skipped, seconds, (double)(clock () - processor) / CLOCKS_PER_SEC);
}

/* ---- what was corrected ------------------------------------------------------------------- */

static void
correct (Registry *registry)
{
  GError *error = NULL;
  const RegistryEntity *entity = registry_schema_entity (policy_schema (package), "resident");
  RegistryFact fact
      = { .attribute = registry_entity_attribute (entity, "hukou_place"), .state = REGISTRY_NONE };
  RegistryBatch about
      = { .source = fact.attribute->source, .actor = "bench", .recorded_at = cases_now (cases) };
  g_autoptr (RegistryWriter) writer = registry_writer_new (registry, &error);
  RegistryBatchId batch = registry_writer_batch (writer, &about, &error);
  for (int i = 1; i <= CORRECTED; i++)
    bench_check (registry_writer_append (writer, batch, resident (i), REGISTRY_EVER, REGISTRY_FOREVER, &fact,
                                         1, &error),
                 error);
  bench_check (registry_writer_commit (writer, &error), error);
}

static void
look (const char *name)
{
  GError *error = NULL;
  gint64 start = g_get_monotonic_time ();
  bench_check (cases_look (cases, &error), error);
  printf ("%-11s %8.3f s\n", name, (double)(g_get_monotonic_time () - start) / G_USEC_PER_SEC);
}

static void
check_flagged (Registry *registry)
{
  GError *error = NULL;
  gint64 n = 0;
  g_autoptr (StoreReader) reader = store_reader (registry_store (registry), &error);
  bench_check (reader
                   && store_query (store_reader_db (reader),
                                   "SELECT count(*) FROM cases_case WHERE flagged = 1", 0, &n, &error),
               error);
  g_assert_cmpint (n, >=, CORRECTED);
}

/* Nobody is corrected, then some. */
static void
run_look (Registry *registry)
{
  look ("first look");
  look ("look again");
  correct (registry);
  look ("corrected");
  check_flagged (registry);
  look ("and again");
}

/* ---- the bench -------------------------------------------------------------------------------- */

static Registry *
make_county (const char *place, gint64 residents)
{
  GError *error = NULL;
  DemoOptions size = { .residents = residents, .seed = 1 };
  bench_check (demo_make_file (place, policy_schema (package), BENCH_SOURCE "/data/demo/minhou.yaml", &size,
                               NULL, &error),
               error);
  Registry *registry = registry_open (place, 0, policy_schema (package), &error);
  bench_check (registry != NULL, error);
  return registry;
}

int
main (int argc, char **argv)
{
  gint64 residents = argc > 1 ? atoll (argv[1]) : 1000000;
  int users = argc > 2 ? atoi (argv[2]) : 1000;
  gint64 think = (argc > 3 ? atoll (argv[3]) : 2000) * 1000;
  g_autofree char *file = g_build_filename (g_get_tmp_dir (), "liudong-bench-cases.db", NULL);
  const char *place = argc > 4 ? argv[4] : file;
  GError *error = NULL;
  g_autoptr (DmnFaults) faults = dmn_faults_new ();
  package = policy_load (BENCH_SOURCE "/policy/minhou-2021-81", faults, &error);
  bench_check (package != NULL, error);
  g_unlink (file);
  Registry *registry = make_county (place, residents);
  Access *access = access_open (registry, &error);
  bench_check (access != NULL, error);
  policy_hand_purposes (package, access);
  Notices *notices = notices_open (registry_store (registry), &error);
  bench_check (notices != NULL, error);
  CasesOptions options = { .package = package, .registry = registry, .access = access, .notices = notices };
  cases = cases_open (&options, &error);
  bench_check (cases != NULL, error);
  fill (registry, residents);
  printf ("%d residents, %d open cases, %d users\n", (int)residents, OPEN_CASES, users);
  run_users (users, think, residents);
  run_many ();
  run_look (registry);
  cases_free (cases);
  notices_free (notices);
  access_free (access);
  registry_close (registry);
  policy_free (package);
  g_unlink (file);
  return 0;
}
