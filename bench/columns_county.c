/* All that the county's pages decide about residents, over a county in a database. */
#include "columns_bench.h"

#include "columns/columns.h"
#include "county/county.h"
#include "policy/policy.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { ROUNDS = 5, SIZES = 3, SAMPLE = 60 };

#define SUBJECT "居民"

typedef struct {
  PolicyPackage *package;
  County *county;
  ColumnsTable residents; /* the first of them */
  FeelEntry constants[2];
  GPtrArray *decisions; /* those that read of residents and constants alone */
  Arena *arena, *row_arena;
  const ColumnsProgram *program;
  size_t stride, row, n_compared;
  const FeelPath *paths; /* of the decision that is compared */
  size_t n_paths;
} All;

static void
fail (const char *message)
{
  fprintf (stderr, "%s\n", message);
  exit (3);
}

/* ---- what is decided --------------------------------------------------------------- */

static bool
is_constant (const char *variable)
{
  return strcmp (variable, "参数") == 0 || strcmp (variable, "基准日") == 0;
}

static const FeelPath *
resident_paths (const All *all, const DmnDecision *decision, Arena *arena, size_t *n)
{
  size_t n_closure;
  const FeelPath *closure = dmn_decision_closure (policy_model (all->package), arena, decision, &n_closure);
  FeelPath *paths = arena_new0 (arena, FeelPath, n_closure);
  *n = 0;
  for (size_t i = 0; i < n_closure; i++) {
    const char *variable = dmn_path_variable (decision, &closure[i]);
    if (strcmp (variable, SUBJECT) == 0)
      paths[(*n)++] = closure[i];
    else if (!is_constant (variable))
      return NULL;
  }
  return *n ? paths : NULL;
}

static void
find_decisions (All *all)
{
  size_t n_pages, n;
  const PolicyClause *const *pages = policy_pages (all->package, &n_pages);
  all->decisions = g_ptr_array_new ();
  for (size_t i = 0; i < n_pages; i++)
    for (size_t d = 0; pages[i]->unit && d < pages[i]->unit->n_decisions; d++) {
      const DmnDecision *decision = pages[i]->unit->decisions[d];
      if (decision->role == DMN_DECISION && resident_paths (all, decision, all->arena, &n))
        g_ptr_array_add (all->decisions, (gpointer)decision);
    }
}

static void
open_county (All *all, const char *file)
{
  GError *error = NULL;
  DmnFaults *faults = dmn_faults_new ();
  all->package = policy_load (BENCH_POLICY, faults, &error);
  Registry *registry = all->package ? registry_open (file, 0, policy_schema (all->package), &error) : NULL;
  if (!registry)
    fail (error->message);
  all->arena = arena_new ();
  all->row_arena = arena_new ();
  Day today = civil_today ();
  CountyOptions options = { .registry = registry, .as_of = today };
  options.attributes = policy_attributes (all->package, all->arena, &options.n_attributes);
  all->county = county_open (&options, &error);
  if (!all->county)
    fail (error->message);
  all->constants[0]
      = (FeelEntry){ TEXT_LITERAL ("参数"), policy_parameters_value (all->package, all->arena, today) };
  all->constants[1] = (FeelEntry){ TEXT_LITERAL ("基准日"), feel_date (today) };
  dmn_faults_free (faults);
}

/* ---- answers against dmn_run's ---------------------------------------------------------- */

static FeelValue
bind (void *host, const DmnUnit *unit, const DmnVariable *variable, Arena *arena)
{
  const All *all = host;
  for (size_t i = 0; i < G_N_ELEMENTS (all->constants); i++)
    if (text_equal (all->constants[i].name, text_of (variable->name)))
      return all->constants[i].value;
  return strcmp (variable->name, SUBJECT) == 0
             ? columns_row_value (&all->residents, all->row, SUBJECT, all->paths, all->n_paths, arena)
             : feel_null ();
}

static FeelValue
answer_value (const All *all, const ColumnsAnswer *a, size_t k, size_t i)
{
  unsigned scale;
  size_t n;
  FeelKind kind = columns_program_kind (all->program, k, &scale);
  const FeelValue *values = columns_program_values (all->program, k, &n);
  if (a->unknown && a->unknown[i])
    return feel_unknown (all->row_arena, (FeelNeed){ 0 });
  if ((a->none && a->none[i]) || kind == FEEL_NULL)
    return feel_null ();
  if (values)
    return values[a->numbers[i]];
  switch (kind) {
  case FEEL_BOOLEAN: return feel_boolean (a->truths[i]);
  case FEEL_DATE: return feel_date (a->numbers[i]);
  case FEEL_MONTHS_DURATION: return feel_months (a->numbers[i]);
  default: return feel_number (decimal_from_scaled (a->numbers[i], (int)scale));
  }
}

static void
compare (All *all, const ColumnsChunk *chunk, size_t k)
{
  size_t i = all->row - chunk->first;
  const DmnDecision *decision = all->decisions->pdata[k];
  arena_reset (all->row_arena);
  all->paths = resident_paths (all, decision, all->row_arena, &all->n_paths);
  DmnRun *run = dmn_run_new (policy_model (all->package), all->row_arena, bind, all, DMN_TRACE);
  FeelValue expected = dmn_run_decision (run, decision), got = answer_value (all, &chunk->answers[k], k, i);
  if (expected.kind != got.kind
      || (expected.kind > FEEL_UNKNOWN && !feel_is_true (feel_equal (all->row_arena, expected, got)))) {
    fprintf (stderr, "%s %.*s, resident %zu: another answer than dmn_run's\n", decision->unit->id,
             (int)decision->name.len, decision->name.bytes, all->row);
    exit (1);
  }
  all->n_compared++;
}

static void
compare_chunk (void *host, const ColumnsChunk *chunk)
{
  All *all = host;
  for (size_t i = 0; i < chunk->n; i++) {
    all->row = chunk->first + i;
    for (size_t k = 0; all->row % all->stride == 0 && k < chunk->n_answers; k++)
      if (!columns_program_why (all->program, k))
        compare (all, chunk, k);
  }
}

/* ---- measuring --------------------------------------------------------------------------- */

/* Reads one row of every answer: what is done with them is the caller's time, not ours. */
static void
glance (void *host, const ColumnsChunk *chunk)
{
  for (size_t k = 0; k < chunk->n_answers; k++)
    if (chunk->answers[k].unknown)
      ((guint64 *)host)[chunk->thread * 8] += chunk->answers[k].unknown[0];
}

static double
run_rounds (const ColumnsProgram *program, unsigned n_threads)
{
  double times[ROUNDS];
  guint64 seen[64] = { 0 };
  for (int i = 0; i < ROUNDS; i++) {
    double start = bench_seconds (CLOCK_MONOTONIC) * 1e9;
    columns_run (program, n_threads, glance, seen);
    times[i] = bench_seconds (CLOCK_MONOTONIC) * 1e9 - start;
  }
  return bench_median (times, ROUNDS);
}

static void
measure (All *all, size_t n, double read_speed)
{
  const RegistryEntity *entity = registry_schema_entity (policy_schema (all->package), SUBJECT);
  all->residents = *county_table (all->county, entity);
  all->residents.n_rows = n;
  ColumnsWorld world = { SUBJECT, &all->residents, all->constants, G_N_ELEMENTS (all->constants) };
  double start = bench_seconds (CLOCK_MONOTONIC) * 1e9;
  g_autoptr (ColumnsProgram) program = columns_compile (
      &world, (const DmnDecision *const *)all->decisions->pdata, NULL, all->decisions->len);
  double compiling = bench_seconds (CLOCK_MONOTONIC) * 1e9 - start;
  size_t n_compiled = 0;
  for (guint i = 0; i < all->decisions->len; i++)
    n_compiled += !columns_program_why (program, i);
  all->program = program;
  all->stride = MAX (1, n / SAMPLE);
  all->n_compared = 0;
  columns_run (program, 1, compare_chunk, all);
  double one = run_rounds (program, 1), two = run_rounds (program, 2),
         bytes = (double)columns_program_bytes (program);
  printf ("%9zu %4zu of %4u %6zu %8.0f ms %8.0f ms %8.0f ms %7.0f ns %7.2f ns %6.0f B %6.1f %% %9zu\n", n,
          n_compiled, all->decisions->len, columns_program_length (program), compiling / 1e6, one / 1e6,
          two / 1e6, one / (double)n, one / (double)n / (double)n_compiled, bytes,
          100 * bytes / (one / (double)n) / read_speed, all->n_compared);
}

void
bench_county (const char *file, double read_speed)
{
  All all = { 0 };
  open_county (&all, file);
  find_decisions (&all);
  const RegistryEntity *entity = registry_schema_entity (policy_schema (all.package), SUBJECT);
  size_t n = county_subjects (all.county, entity);
  printf (
      "\nAll that the pages decide about residents, with reasons\n%9s %12s %6s %11s %11s %11s %10s %10s %8s "
      "%8s %9s\n",
      "residents", "decisions", "chunk", "compiling", "one thread", "two", "resident", "decision", "read",
      "of it", "compared");
  for (int i = SIZES; i-- > 0;)
    measure (&all, n >> i, read_speed);
  g_ptr_array_unref (all.decisions);
  county_free (all.county);
  arena_free (all.row_arena);
  arena_free (all.arena);
  policy_free (all.package);
}
