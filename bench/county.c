/* How fast a county becomes columns: built from the registry, and read from the chunks kept in
 * the store, for a quarter, a half and all of RESIDENTS; bytes per resident.  Medians; every
 * county is held against the first one, column by column.
 *
 *     build/bench/county [RESIDENTS [FOLDER]]      default 1000000; files in FOLDER are used again,
 *                                                  without it they are made in $TMPDIR and removed
 *
 * Then what a change costs: a resident's income, and a move to another household, each written,
 * taken in (county_refresh), and followed to whom it reaches by all that clauses ask about residents and
 * households (their closures included).
 *
 * Goals for a million residents: read in 0.5 s on two threads, 400 bytes per resident. */
#include "bench.h"
#include "county/county.h"
#include "demo/demo.h"
#include "policy/policy.h"

#include <glib/gstdio.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum { ROUNDS = 5, SIZES = 3 };

static PolicyPackage *package;

static char *
path_of (const char *folder, gint64 residents)
{
  return g_strdup_printf ("%s/bench-county-%" G_GINT64_FORMAT ".db", folder, residents);
}

static Registry *
county_file (const char *folder, gint64 residents, Day *as_of)
{
  g_autofree char *path = path_of (folder, residents);
  DemoOptions options = { .residents = residents, .seed = 1 };
  GError *error = NULL;
  if (!g_file_test (path, G_FILE_TEST_EXISTS))
    bench_check (demo_make_file (path, policy_schema (package), BENCH_SOURCE "/data/demo/minhou.yaml",
                                 &options, NULL, &error),
                 error);
  Registry *registry = registry_open (path, 0, policy_schema (package), &error);
  bench_check (registry != NULL, error);
  *as_of = civil_today ();
  return registry;
}

static County *
timed_open (const CountyOptions *options, double *seconds)
{
  GError *error = NULL;
  double start = bench_seconds (CLOCK_MONOTONIC);
  County *county = county_open (options, &error);
  bench_check (county != NULL, error);
  *seconds = bench_seconds (CLOCK_MONOTONIC) - start;
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

/* ---- changes ------------------------------------------------------------------------ */

/* What all provisions about ENTITY read. */
static GArray *
paths_of (const RegistryEntity *entity, Arena *arena)
{
  GArray *paths = g_array_new (FALSE, FALSE, sizeof (FeelPath));
  size_t n_pages, n;
  const PolicyClause *const *pages = policy_pages (package, &n_pages);
  for (size_t i = 0; i < n_pages; i++)
    for (size_t p = 0; p < pages[i]->n_provisions; p++)
      if (pages[i]->provisions[p].subject == entity) {
        const FeelPath *own
            = policy_decision_paths (package, arena, entity, pages[i]->provisions[p].eligible, &n);
        g_array_append_vals (paths, own, (guint)n);
      }
  return paths;
}

/* Chunks of residents and households that CHANGES reach. */
static size_t
follow (const County *county, const CountyChanges *changes, size_t *n_chunks)
{
  static const char *const kinds[] = { "resident", "household" };
  g_autoptr (Arena) arena = arena_new ();
  size_t reached = 0;
  *n_chunks = 0;
  for (size_t k = 0; k < G_N_ELEMENTS (kinds); k++) {
    const RegistryEntity *entity = registry_schema_entity (policy_schema (package), kinds[k]);
    g_autoptr (GArray) paths = paths_of (entity, arena);
    size_t n;
    const guint8 *chunks = county_reached (county, changes, entity, (const FeelPath *)(void *)paths->data,
                                           paths->len, arena, &n);
    for (size_t c = 0; c < n; c++)
      reached += chunks[c];
    *n_chunks += n;
  }
  return reached;
}

static void
write_fact (Registry *registry, Subject subject, const char *id, gint64 value)
{
  GError *error = NULL;
  RegistryFact fact = { .state = REGISTRY_VALUE, .integer = value };
  fact.attribute
      = registry_entity_attribute (registry_subject_entity (registry_schema (registry), subject), id);
  RegistryBatch about = { fact.attribute->source, "bench", NULL, g_get_real_time () / G_USEC_PER_SEC };
  g_autoptr (RegistryWriter) writer = registry_writer_new (registry, &error);
  bench_check (writer != NULL, error);
  RegistryBatchId batch = registry_writer_batch (writer, &about, &error);
  bench_check (batch != 0, error);
  bench_check (
      registry_writer_append (writer, batch, subject, REGISTRY_EVER, REGISTRY_FOREVER, &fact, 1, &error),
      error);
  bench_check (registry_writer_commit (writer, &error), error);
}

/* The median of writing ID of residents all over the county, with values from FIRST on. */
static void
measure_changes (County *county, Registry *registry, const char *id, gint64 first)
{
  const RegistryEntity *resident = registry_schema_entity (policy_schema (package), "resident");
  double refreshed[ROUNDS], followed[ROUNDS];
  size_t n = county_subjects (county, resident), reached = 0, n_chunks = 0;
  for (int i = 0; i < ROUNDS; i++) {
    GError *error = NULL;
    write_fact (registry, county_subject (county, resident, n / ROUNDS * (size_t)i), id, first + i);
    double start = bench_seconds (CLOCK_MONOTONIC);
    g_autoptr (CountyChanges) changes = county_refresh (county, &error);
    bench_check (changes != NULL, error);
    refreshed[i] = bench_seconds (CLOCK_MONOTONIC) - start;
    g_assert (changes->any);
    start = bench_seconds (CLOCK_MONOTONIC);
    reached += follow (county, changes, &n_chunks);
    followed[i] = bench_seconds (CLOCK_MONOTONIC) - start;
    g_assert (reached > 0);
  }
  qsort (refreshed, ROUNDS, sizeof *refreshed, bench_by_size);
  qsort (followed, ROUNDS, sizeof *followed, bench_by_size);
  printf ("            %-14s taken in %6.1f ms  followed %5.1f ms  reaches %.1f of %zu chunks\n", id,
          refreshed[ROUNDS / 2] * 1e3, followed[ROUNDS / 2] * 1e3, (double)reached / ROUNDS, n_chunks);
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
  qsort (times, ROUNDS, sizeof *times, bench_by_size);
  printf ("%9" G_GINT64_FORMAT
          " residents  built %6.2f s  read %6.3f s, %4.0f MB  in memory %5.0f bytes a resident\n",
          residents, built, times[ROUNDS / 2], (double)read / 1e6,
          (double)county_bytes (first) / (double)residents);
  const RegistryEntity *household = registry_schema_entity (policy_schema (package), "household");
  measure_changes (first, options.registry, "monthly_income", g_random_int_range (0, 1000000));
  measure_changes (first, options.registry, "household",
                   county_subject (first, household, (size_t)g_random_int_range (0, 1000)));
  registry_close (options.registry);
}

int
main (int argc, char **argv)
{
  gint64 residents = argc > 1 ? atoll (argv[1]) : 1000000;
  const char *folder = argc > 2 ? argv[2] : g_get_tmp_dir ();
  bool keep = argc > 2;
  GError *error = NULL;
  DmnFaults *faults = dmn_faults_new ();
  package = policy_load (BENCH_SOURCE "/policy/minhou-2021-81", faults, &error);
  bench_check (package != NULL, error);
  for (int i = SIZES - 1; i >= 0; i--) {
    measure (folder, residents >> i);
    g_autofree char *path = path_of (folder, residents >> i);
    if (!keep)
      g_unlink (path);
  }
  policy_free (package);
  dmn_faults_free (faults);
  return 0;
}
