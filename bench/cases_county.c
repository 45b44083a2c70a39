#include "cases_county.h"
#include "cases/cases_private.h"
#include "demo/demo.h"

Subject
busy_county_resident (const BusyCounty *county, gint64 number)
{
  return subject_make (registry_schema_entity (policy_schema (county->package), "resident"), number);
}

gint64
busy_county_apply (const BusyCounty *county, const AccessAccount *who, const char *key)
{
  GError *error = NULL;
  CaseApplication ask = { .matter = policy_matter (county->package, MATTER) };
  gint64 id = cases_submit (county->cases, who, &ask, key, &error);
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

/* Like the first one, which came the usual way; of the last people of the county, so that they are in
 * nobody's way. */
static void
fill (const BusyCounty *county, gint64 residents)
{
  static const char *const offices[OFFICES]
      = { OFFICE,     "县人社局",     "县民政局", "县住建局", "县教育局",
          "县卫健局", "县农业农村局", "县林业局", "县科技局", "县财政局" };
  GError *error = NULL;
  g_autoptr (Arena) arena = arena_new ();
  g_assert_cmpint (residents, >=, LEAST_RESIDENTS);
  AccessAccount first
      = { .name = "resident-1", .role = ACCESS_RESIDENT, .subject = busy_county_resident (county, 1) };
  gint64 id = busy_county_apply (county, &first, "first");
  Store *store = registry_store (county->registry);
  StoreConnection *db = store_begin (store, &error);
  bench_check (db != NULL, error);
  CaseRow row;
  size_t n;
  bench_check (row_find (county->cases, db, arena, id, &row, &error), error);
  const CaseStep *steps = steps_read (db, arena, id, &n, &error);
  bench_check (steps != NULL, error);
  g_autoptr (GRand) random = g_rand_new_with_seed (1);
  gint64 due = row.c.due ? row.c.due : civil_minutes (cases_now (county->cases));
  for (int i = 1; i < OPEN_CASES; i++) {
    row.c.id = id + i;
    row.c.applicant = row.c.subject = busy_county_resident (county, residents - i);
    row.c.office = offices[i % OFFICES];
    row.c.state = CASE_ACCEPTED;
    row.c.proposed = i % 2 ? POLICY_NO : POLICY_YES;
    row.c.priority = g_rand_int_range (random, 0, 10) > 0;
    row.c.due = due + g_rand_int_range (random, 0, 30 * 1440);
    bench_check (row_insert (db, &row, &error) && step_insert (db, &row, &steps[0], &error), error);
    rest_alike (db, row.c.id, id, row.c.subject);
  }
  bench_check (store_commit (store, &error), error);
}

BusyCounty
busy_county_make (const char *place, gint64 residents)
{
  BusyCounty county = { 0 };
  GError *error = NULL;
  g_autoptr (DmnFaults) faults = dmn_faults_new ();
  county.package = policy_load (BENCH_SOURCE "/policy/minhou-2021-81", faults, &error);
  bench_check (county.package != NULL, error);
  const RegistrySchema *schema = policy_schema (county.package);
  DemoOptions size = { .residents = residents, .seed = 1 };
  bench_check (demo_make_file (place, schema, BENCH_SOURCE "/data/demo/minhou.yaml", &size, NULL, &error),
               error);
  county.registry = registry_open (place, 0, schema, &error);
  bench_check (county.registry != NULL, error);
  county.access = access_open (county.registry, &error);
  bench_check (county.access != NULL, error);
  policy_hand_purposes (county.package, county.access);
  county.notices = notices_open (registry_store (county.registry), &error);
  bench_check (county.notices != NULL, error);
  CasesOptions options = {
    .package = county.package, .registry = county.registry, .access = county.access, .notices = county.notices
  };
  county.cases = cases_open (&options, &error);
  bench_check (county.cases != NULL, error);
  /* A county that serves has its calendar behind it; random dates due are not to be made right again. */
  bench_check (cases_look (county.cases, &error), error);
  fill (&county, residents);
  return county;
}

void
busy_county_close (BusyCounty *county)
{
  cases_free (county->cases);
  notices_free (county->notices);
  access_free (county->access);
  registry_close (county->registry);
  policy_free (county->package);
}

/* ---- figures ------------------------------------------------------------------------------- */

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

void
busy_county_print (const char *name, GArray *times, double seconds)
{
  g_array_sort (times, compare_times);
  printf ("%-11s %8.0f a second  median %7.2f ms  99%% %7.2f ms  longest %7.2f ms\n", name,
          (double)times->len / seconds, percentile (times, 0.5), percentile (times, 0.99),
          percentile (times, 1));
}
