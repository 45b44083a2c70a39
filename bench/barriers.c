/* How long it takes to say whom single facts keep out: all clauses of policy/minhou-2021-81 over the demo
 * county, a half and all of RESIDENTS, with loading, the log's entries and parity; medians on two threads.
 * Checked: how it stands against population_run's own count of each provision; that no more are kept out than
 * are without a yes, and that townships add up to all; and, for the half, that one thread says the same.
 *
 *     build/bench/barriers [RESIDENTS [FOLDER]]      default 20000 in $TMPDIR; counties there are used again
 */
#include "bench.h"
#include "barriers/barriers.h"
#include "demo/demo.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum { ROUNDS = 3, SIZES = 2, RESIDENTS = 20000 };

static PolicyPackage *package;

/* ---- a county ------------------------------------------------------------------ */

typedef struct {
  Registry *registry;
  Access *access;
  Day as_of;
} Ground;

static Ground
open_ground (const char *folder, gint64 residents)
{
  g_autofree char *path = g_strdup_printf ("%s/county-%" G_GINT64_FORMAT ".db", folder, residents);
  DemoOptions demo = { .residents = residents, .seed = 1 };
  Ground g = { .as_of = civil_today () };
  GError *error = NULL;
  if (!g_file_test (path, G_FILE_TEST_EXISTS))
    bench_check (demo_make_file (path, policy_schema (package), BENCH_SOURCE "/data/demo/minhou.yaml", &demo,
                                 NULL, &error),
                 error);
  g.registry = registry_open (path, 0, policy_schema (package), &error);
  bench_check (g.registry != NULL, error);
  g.access = access_open (g.registry, &error);
  bench_check (g.access != NULL, error);
  policy_hand_purposes (package, g.access);
  return g;
}

static const BarriersClause *
run (const Ground *g, Arena *arena, unsigned threads)
{
  GError *error = NULL;
  size_t n;
  const PolicyClause *const *pages = policy_pages (package, &n);
  BarriersOptions options = { .package = package,
                              .registry = g->registry,
                              .access = g->access,
                              .who = access_operator (arena, "bench"),
                              .as_of = g->as_of,
                              .threads = threads };
  const BarriersClause *found = barriers_run (&options, arena, pages, n, &error);
  bench_check (found != NULL, error);
  return found;
}

/* ---- checked ---------------------------------------------------------------------- */

static void
check_finding (const BarriersFinding *f, const PopulationCount *count)
{
  bench_check (f->now.subjects == count->subjects && f->now.yes == count->yes && f->now.no == count->no
                   && f->now.open == count->undetermined && f->count.no <= f->now.no
                   && f->count.open <= f->now.open,
               NULL);
  BarriersCount sum = { 0 };
  for (size_t i = 0; i < f->n_townships; i++) {
    sum.no += f->townships[i].count.no;
    sum.open += f->townships[i].count.open;
  }
  bench_check (!f->n_townships || (sum.no == f->count.no && sum.open == f->count.open), NULL);
  for (size_t i = 0; i < f->n_values; i++)
    bench_check (f->values[i].count.no <= f->count.no && f->values[i].count.open <= f->count.open, NULL);
}

static void
check_standing (const Ground *g, Arena *arena, const BarriersClause *found)
{
  GError *error = NULL;
  size_t n;
  const PolicyClause *const *pages = policy_pages (package, &n);
  PopulationOptions options = { .package = package,
                                .registry = g->registry,
                                .access = g->access,
                                .who = access_operator (arena, "bench"),
                                .as_of = g->as_of };
  const PopulationClause *counted = population_run (&options, arena, pages, n, &error);
  bench_check (counted != NULL, error);
  for (size_t c = 0; c < n; c++)
    for (size_t i = 0; i < found[c].n_findings; i++) {
      const BarriersFinding *f = &found[c].findings[i];
      if (f->counted)
        check_finding (f, &counted[c].provisions[f->barrier->provision - pages[c]->provisions].count);
    }
}

static void
check_same (Arena *arena, const BarriersClause *a, const BarriersClause *b, size_t n)
{
  for (size_t c = 0; c < n; c++) {
    size_t n_a, n_b;
    const char *const *const *x = barriers_rows (arena, &a[c], &n_a), *const *const *y
                                                                      = barriers_rows (arena, &b[c], &n_b);
    bench_check (n_a == n_b, NULL);
    for (size_t r = 0; r < n_a; r++)
      for (size_t k = 0; k < BARRIERS_COLUMNS; k++)
        bench_check (strcmp (x[r][k], y[r][k]) == 0, NULL);
  }
}

/* ---- measured ------------------------------------------------------------------------ */

static void
measure (const Ground *g, gint64 residents, bool both)
{
  g_autoptr (Arena) arena = arena_new ();
  double times[ROUNDS], spent[ROUNDS];
  const BarriersClause *found = NULL;
  size_t n, n_counted = 0;
  gint64 kept_out = 0;
  policy_pages (package, &n);
  for (int i = 0; i < ROUNDS; i++) {
    double start = bench_seconds (CLOCK_MONOTONIC), work = bench_seconds (CLOCK_PROCESS_CPUTIME_ID);
    found = run (g, arena, 2);
    times[i] = bench_seconds (CLOCK_MONOTONIC) - start;
    spent[i] = bench_seconds (CLOCK_PROCESS_CPUTIME_ID) - work;
  }
  check_standing (g, arena, found);
  if (both)
    check_same (arena, found, run (g, arena, 1), n);
  for (size_t c = 0; c < n; c++)
    for (size_t i = 0; i < found[c].n_findings; i++) {
      n_counted += found[c].findings[i].counted;
      kept_out += found[c].findings[i].count.no;
    }
  qsort (times, ROUNDS, sizeof *times, bench_by_size);
  qsort (spent, ROUNDS, sizeof *spent, bench_by_size);
  printf ("%9" G_GINT64_FORMAT " residents  %4zu facts  %8" G_GINT64_FORMAT
          " kept out by one  %6.2f s, %6.2f s of processor time\n",
          residents, n_counted, kept_out, times[ROUNDS / 2], spent[ROUNDS / 2]);
  fflush (stdout);
}

int
main (int argc, char **argv)
{
  gint64 residents = argc > 1 ? atoll (argv[1]) : RESIDENTS;
  const char *folder = argc > 2 ? argv[2] : g_get_tmp_dir ();
  GError *error = NULL;
  DmnFaults *faults = dmn_faults_new ();
  package = policy_load (BENCH_SOURCE "/policy/minhou-2021-81", faults, &error);
  bench_check (package != NULL, error);
  for (int i = SIZES - 1; i >= 0; i--) {
    Ground ground = open_ground (folder, residents >> i);
    measure (&ground, residents >> i, i == SIZES - 1);
    access_free (ground.access);
    registry_close (ground.registry);
  }
  policy_free (package);
  dmn_faults_free (faults);
  return 0;
}
