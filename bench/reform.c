/* How long a reform takes once the county is open and today's answers are kept: one parameter set to another
 * value, again and again, for a quarter, a half and all of RESIDENTS.  Medians on two threads; the first
 * answer, for which today's are computed and the log is written, is told beside.  Before and after are
 * checked against population_run under the package and under a copy of it whose file has the other value.
 *
 *     build/bench/reform [RESIDENTS [FOLDER]]      default 1000000 in $TMPDIR; counties there are used again
 *
 * Goal for a million residents: 100 ms. */
#include "bench.h"
#include "county/county.h"
#include "demo/demo.h"
#include "policy/policy.h"
#include "population/population.h"
#include "reform/reform.h"

#include <stdio.h>
#include <stdlib.h>
#include <time.h>

enum { ROUNDS = 9, SIZES = 3 };

/* A parameter, its file, and the values tried in turn; the last is checked. */
static const struct {
  const char *id, *file, *values[2];
} trials[] = {
  { "dibao_ratio", "social-assistance.yaml", { "0.40", "0.45" } },
  { "minimum_wage", "minimum-wage.yaml", { "2300", "2700" } },
  { "resident_medical_share", "basic-services.yaml", { "380", "420" } },
};

static PolicyPackage *package;

/* ---- a county ------------------------------------------------------------------ */

typedef struct {
  const PolicyPackage *package;
  Registry *registry;
  Access *access;
  County *county;
  Day as_of;
} Ground;

static Ground
open_ground (const PolicyPackage *rules, const char *folder, gint64 residents)
{
  g_autofree char *path = g_strdup_printf ("%s/county-%" G_GINT64_FORMAT ".db", folder, residents);
  g_autoptr (Arena) arena = arena_new ();
  DemoOptions demo = { .residents = residents, .seed = 1 };
  Ground g = { .package = rules, .as_of = civil_today () };
  GError *error = NULL;
  if (!g_file_test (path, G_FILE_TEST_EXISTS))
    bench_check (demo_make_file (path, policy_schema (rules), BENCH_SOURCE "/data/demo/minhou.yaml", &demo,
                                 NULL, &error),
                 error);
  g.registry = registry_open (path, 0, policy_schema (rules), &error);
  bench_check (g.registry != NULL, error);
  g.access = access_open (g.registry, &error);
  bench_check (g.access != NULL, error);
  policy_hand_purposes (rules, g.access);
  CountyOptions options = { .registry = g.registry, .as_of = g.as_of };
  options.attributes = reform_attributes (rules, NULL, arena, &options.n_attributes);
  g.county = county_open (&options, &error);
  bench_check (g.county != NULL, error);
  return g;
}

static void
close_ground (Ground *g)
{
  county_free (g->county);
  access_free (g->access);
  registry_close (g->registry);
}

/* ---- checked ---------------------------------------------------------------------- */

/* The package in a folder of its own, with parameter ID of FILE having VALUE at any date. */
static PolicyPackage *
edited_package (const char *id, const char *file, const char *value)
{
  g_autofree char *folder = g_dir_make_tmp ("reform-XXXXXX", NULL),
                  *command = g_strdup_printf ("cp -r %s/policy/minhou-2021-81/. %s", BENCH_SOURCE, folder),
                  *path = g_build_filename (folder, "parameters", file, NULL), *text = NULL,
                  *head = g_strdup_printf ("- id: %s\n", id), *remove = g_strdup_printf ("rm -r %s", folder);
  g_assert_cmpint (system (command), ==, 0);
  g_assert_true (g_file_get_contents (path, &text, NULL, NULL));
  char *values = strstr (strstr (text, head), "  values:\n"), *end = strstr (values, "\n- id:");
  g_autofree char *edited
      = g_strdup_printf ("%.*s  values:\n    - {value: %s, reference: bench, confidence: assumed}%s",
                         (int)(values - text), text, value, end ? end : "\n");
  g_assert_true (g_file_set_contents (path, edited, -1, NULL));
  DmnFaults *faults = dmn_faults_new ();
  GError *error = NULL;
  PolicyPackage *p = policy_load (folder, faults, &error);
  bench_check (p && !dmn_faults_count (faults, DMN_ERROR), error);
  dmn_faults_free (faults);
  g_assert_cmpint (system (remove), ==, 0);
  return p;
}

static void
check_state (const ReformState *state, const PopulationCount *count)
{
  bench_check (state->outcomes[POLICY_YES] == count->yes && state->outcomes[POLICY_NO] == count->no
                   && state->outcomes[POLICY_UNDETERMINED] == count->undetermined
                   && state->amounts == count->amounts && state->open_amounts == count->open_amounts
                   && decimal_equal (state->sum, count->amount),
               NULL);
}

/* RESULT's side, before or after, against a full count under the ground's package. */
static void
check_side (const Ground *g, const ReformResult *result, bool after)
{
  g_autoptr (Arena) arena = arena_new ();
  GError *error = NULL;
  PopulationOptions options = { .package = g->package,
                                .registry = g->registry,
                                .access = g->access,
                                .who = access_operator (arena, "bench"),
                                .as_of = g->as_of,
                                .county = g->county };
  const PopulationClause *found = NULL;
  for (size_t i = 0; i < result->n; i++) {
    const ReformProvision *p = &result->provisions[i];
    const PolicyClause *clause = policy_clause (g->package, p->shown->clause->number);
    if (!found || found->clause != clause)
      found = population_run (&options, arena, &clause, 1, &error);
    bench_check (found != NULL, error);
    for (size_t k = 0; k < clause->n_provisions; k++)
      if (strcmp (clause->provisions[k].id, p->shown->id) == 0)
        check_state (after ? &p->count.after : &p->count.before, &found->provisions[k].count);
  }
}

static void
check_both (const Ground *g, const char *folder, gint64 residents, size_t t, const ReformResult *result)
{
  check_side (g, result, false);
  PolicyPackage *edited = edited_package (trials[t].id, trials[t].file, trials[t].values[1]);
  Ground after = open_ground (edited, folder, residents);
  check_side (&after, result, true);
  close_ground (&after);
  policy_free (edited);
}

/* ---- measured ------------------------------------------------------------------------ */

static const ReformResult *
try_value (const Ground *g, ReformBaseline *baseline, Arena *arena, const char *id, const char *value,
           double *ms)
{
  GError *error = NULL;
  ReformSetting *setting = arena_new0 (arena, ReformSetting, 1);
  const char *text = arena_printf (arena, "%s=%s", id, value);
  bench_check (reform_setting_read (arena, package, g->as_of, text, setting, &error), error);
  ReformChange change = { .n_settings = 1, .settings = setting };
  double start = bench_seconds (CLOCK_MONOTONIC) * 1e3;
  const ReformResult *result = reform_run (baseline, arena, &change, REFORM_EVERY_CLAUSE, &error);
  *ms = bench_seconds (CLOCK_MONOTONIC) * 1e3 - start;
  bench_check (result != NULL, error);
  return result;
}

static void
measure (const Ground *g, const char *folder, gint64 residents, size_t t, bool checked)
{
  g_autoptr (Arena) arena = arena_new ();
  double first, times[ROUNDS];
  ReformOptions options = { package, g->county, g->access, access_operator (arena, "bench"), g->as_of, 2 };
  g_autoptr (ReformBaseline) baseline = reform_baseline_new (&options);
  const char *const *values = trials[t].values;
  const ReformResult *result = try_value (g, baseline, arena, trials[t].id, values[1], &first);
  for (int i = 0; i < ROUNDS; i++)
    result = try_value (g, baseline, arena, trials[t].id, values[i % 2 == 0], &times[i]);
  gint64 changed = 0;
  size_t by_rows = 0;
  for (size_t i = 0; i < result->n; i++) {
    by_rows += result->provisions[i].row_by_row != NULL;
    for (int k = 0; k < REFORM_KINDS; k++)
      changed += result->provisions[i].count.effects[k].n;
  }
  qsort (times, ROUNDS, sizeof *times, bench_by_size);
  printf ("%9" G_GINT64_FORMAT "  %-34s %2zu provisions (%zu by rows) %8" G_GINT64_FORMAT
          " changes  first %7.1f ms  then %6.1f ms  %5.1f MB kept\n",
          residents, trials[t].id, result->n, by_rows, changed, first, times[ROUNDS / 2],
          (double)reform_baseline_bytes (baseline) / 1e6);
  fflush (stdout);
  if (checked)
    check_both (g, folder, residents, t, result);
}

int
main (int argc, char **argv)
{
  gint64 residents = argc > 1 ? atoll (argv[1]) : 1000000;
  const char *folder = argc > 2 ? argv[2] : g_get_tmp_dir ();
  GError *error = NULL;
  DmnFaults *faults = dmn_faults_new ();
  package = policy_load (BENCH_SOURCE "/policy/minhou-2021-81", faults, &error);
  bench_check (package != NULL, error);
  for (int i = SIZES - 1; i >= 0; i--) {
    Ground ground = open_ground (package, folder, residents >> i);
    for (size_t t = 0; t < G_N_ELEMENTS (trials); t++)
      measure (&ground, folder, residents >> i, t, i == SIZES - 1);
    close_ground (&ground);
  }
  policy_free (package);
  dmn_faults_free (faults);
  return 0;
}
