/* How fast a county becomes columns: built from the registry, and read from the chunks kept in
 * the store, for a quarter, a half and all of RESIDENTS; bytes per resident.  Medians; every
 * county is held against the first one, column by column.
 *
 *     build/bench/county [RESIDENTS [FOLDER]]      default 1000000 in $TMPDIR; files there are used again
 *
 * Goals for a million residents: read in 0.5 s on two threads, 400 bytes per resident. */
#include "county/county.h"
#include "demo/demo.h"
#include "policy/policy.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum { ROUNDS = 5, SIZES = 3 };

static PolicyPackage *package;

static void
check (bool ok, GError *error)
{
  if (ok)
    return;
  fprintf (stderr, "%s\n", error->message);
  exit (3);
}

static double
now (void)
{
  struct timespec t;
  clock_gettime (CLOCK_MONOTONIC, &t);
  return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

static int
by_size (const void *a, const void *b)
{
  double x = *(const double *)a, y = *(const double *)b;
  return (x > y) - (x < y);
}

static Registry *
county_file (const char *folder, gint64 residents, Day *as_of)
{
  g_autofree char *path = g_strdup_printf ("%s/county-%" G_GINT64_FORMAT ".db", folder, residents);
  DemoOptions options = { .residents = residents, .seed = 1 };
  GError *error = NULL;
  if (!g_file_test (path, G_FILE_TEST_EXISTS))
    check (demo_make_file (path, policy_schema (package), BENCH_SOURCE "/data/demo/minhou.yaml", &options,
                           NULL, &error),
           error);
  Registry *registry = registry_open (path, 0, policy_schema (package), &error);
  check (registry != NULL, error);
  *as_of = civil_today ();
  return registry;
}

static County *
timed_open (const CountyOptions *options, double *seconds)
{
  GError *error = NULL;
  double start = now ();
  County *county = county_open (options, &error);
  check (county != NULL, error);
  *seconds = now () - start;
  return county;
}

/* The chunks of one day are kept: of today and tomorrow, one has to be built. */
static County *
timed_build (CountyOptions *options, double *seconds)
{
  County *county = timed_open (options, seconds);
  if (county_load (county).built)
    return county;
  county_free (county);
  options->as_of++;
  return timed_open (options, seconds);
}

static bool
same_bytes (const void *a, const void *b, size_t n)
{
  return !a == !b && (!a || n == 0 || memcmp (a, b, n) == 0);
}

/* Column by column, to the byte; dictionaries come in any order. */
static void
assert_same (const County *a, const County *b)
{
  for (size_t e = 0; e < registry_schema_size (policy_schema (package)); e++) {
    const RegistryEntity *entity = registry_schema_entity_at (policy_schema (package), e);
    const ColumnsTable *x = county_table (a, entity), *y = county_table (b, entity);
    for (size_t i = 0; x && i < x->n_columns; i++) {
      const ColumnsColumn *p = &x->columns[i], *q = &y->columns[i];
      size_t n = p->offsets ? p->offsets[x->n_rows] : x->n_rows;
      g_assert (x->n_rows == y->n_rows && p->width == q->width && same_bytes (p->none, q->none, x->n_rows)
                && same_bytes (p->unknown, q->unknown, x->n_rows));
      g_assert (p->kind == COLUMNS_TEXT || same_bytes (p->values, q->values, n * p->width));
    }
  }
}

static void
measure (const char *folder, gint64 residents)
{
  g_autoptr (Arena) arena = arena_new ();
  CountyOptions options = { 0 };
  options.registry = county_file (folder, residents, &options.as_of);
  options.attributes = policy_attributes (package, arena, &options.n_attributes);
  double built, times[ROUNDS];
  size_t read = 0;
  g_autoptr (County) first = timed_build (&options, &built);
  for (int i = 0; i < ROUNDS; i++) {
    g_autoptr (County) again = timed_open (&options, &times[i]);
    g_assert (county_load (again).cached && !county_load (again).built && !county_load (again).stale);
    read = county_load (again).bytes;
    assert_same (first, again);
  }
  qsort (times, ROUNDS, sizeof *times, by_size);
  printf ("%9" G_GINT64_FORMAT
          " residents  built %6.2f s  read %6.3f s, %4.0f MB  in memory %5.0f bytes a resident\n",
          residents, built, times[ROUNDS / 2], (double)read / 1e6,
          (double)county_bytes (first) / (double)residents);
  registry_close (options.registry);
}

int
main (int argc, char **argv)
{
  gint64 residents = argc > 1 ? atoll (argv[1]) : 1000000;
  const char *folder = argc > 2 ? argv[2] : g_get_tmp_dir ();
  GError *error = NULL;
  DmnFaults *faults = dmn_faults_new ();
  package = policy_load (BENCH_SOURCE "/policy/minhou-2021-81", faults, &error);
  check (package != NULL, error);
  for (int i = SIZES - 1; i >= 0; i--)
    measure (folder, residents >> i);
  policy_free (package);
  dmn_faults_free (faults);
  return 0;
}
