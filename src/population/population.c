/* Clauses over everybody: the county once, then clause by clause and kind by kind. */
#include "population_private.h"

enum { DEFAULT_THREADS = 2, MOST_THREADS = 16 };

typedef struct {
  const PopulationOptions *options;
  Arena *arena;     /* of what is dropped at the end */
  Arena *told;      /* of the results */
  GPtrArray *plans; /* Plan */
  GPtrArray *kinds; /* Kind */
  County *opened;   /* where none was given */
  const County *county;
  gint64 done, total; /* subjects of all plans */
  PopulationEffort *effort;
} Batch;

static bool
is_stopped (const PopulationOptions *options)
{
  return options->stop && g_atomic_int_get (options->stop);
}

static unsigned
n_threads (const PopulationOptions *options)
{
  return MIN (options->threads ? options->threads : DEFAULT_THREADS, MOST_THREADS);
}

/* Adds the time since *SINCE to *TO, and starts again. */
static void
lap (gint64 *since, double *to)
{
  gint64 now = g_get_monotonic_time ();
  *to += (double)(now - *since) / G_USEC_PER_SEC;
  *since = now;
}

/* ---- what is asked ---------------------------------------------------------- */

/* Whether provision I is the first of its kind. */
static bool
begins_kind (const PolicyClause *clause, size_t i)
{
  for (size_t k = 0; k < i; k++)
    if (clause->provisions[k].subject == clause->provisions[i].subject)
      return false;
  return true;
}

static void
make_plans (Batch *batch, const PolicyClause *const *clauses, size_t n)
{
  const PopulationOptions *o = batch->options;
  for (size_t c = 0; c < n; c++)
    for (size_t i = 0; i < clauses[c]->n_provisions; i++)
      if (begins_kind (clauses[c], i))
        g_ptr_array_add (batch->plans, plan_new (o->package, o->as_of, batch->arena, clauses[c],
                                                 clauses[c]->provisions[i].subject));
}

/* ---- the county --------------------------------------------------------------- */

static void
add_grouped_by (const RegistryEntity *entity, GPtrArray *attributes)
{
  PopulationGrouping by[POPULATION_GROUPINGS];
  size_t n = population_grouped_by (entity, by);
  for (size_t i = 0; i < n; i++)
    if (!g_ptr_array_find (attributes, by[i].attribute, NULL))
      g_ptr_array_add (attributes, (gpointer)by[i].attribute);
}

const RegistryAttribute *const *
population_attributes (const PolicyPackage *package, Arena *arena, size_t *n)
{
  size_t n_read;
  const RegistryAttribute *const *read = policy_attributes (package, arena, &n_read);
  g_autoptr (GPtrArray) attributes = g_ptr_array_new ();
  for (size_t i = 0; i < n_read; i++)
    g_ptr_array_add (attributes, (gpointer)read[i]);
  for (size_t i = 0; i < registry_schema_size (policy_schema (package)); i++)
    add_grouped_by (registry_schema_entity_at (policy_schema (package), i), attributes);
  *n = attributes->len;
  return arena_copy (arena, attributes->pdata, attributes->len * sizeof (gpointer));
}

/* What the plans read, and the groups, alone. */
static bool
open_county (Batch *batch, GError **error)
{
  const PopulationOptions *o = batch->options;
  g_autoptr (GPtrArray) attributes = g_ptr_array_new ();
  for (guint i = 0; i < batch->plans->len; i++) {
    const Plan *plan = batch->plans->pdata[i];
    plan_attributes (plan, attributes);
    add_grouped_by (plan->entity, attributes);
  }
  CountyOptions options = { .registry = o->registry,
                            .as_of = o->as_of,
                            .attributes = (const RegistryAttribute *const *)attributes->pdata,
                            .n_attributes = attributes->len,
                            .threads = n_threads (o) };
  batch->opened = o->county ? NULL : county_open (&options, error);
  batch->county = o->county ? o->county : batch->opened;
  return batch->county != NULL;
}

static Kind *
kind_of (Batch *batch, const RegistryEntity *entity)
{
  for (guint i = 0; i < batch->kinds->len; i++) {
    Kind *kind = batch->kinds->pdata[i];
    if (kind->entity == entity)
      return kind;
  }
  Kind *kind = g_new0 (Kind, 1);
  *kind = (Kind){ .entity = entity,
                  .table = county_table (batch->county, entity),
                  .n = county_subjects (batch->county, entity),
                  .set = audit_set_new () };
  for (size_t row = 0; row < kind->n; row++)
    audit_set_add (kind->set, county_subject (batch->county, entity, row));
  g_ptr_array_add (batch->kinds, kind);
  return kind;
}

static void
kind_free (gpointer data)
{
  Kind *kind = data;
  audit_set_free (kind->set);
  g_free (kind);
}

/* ---- the log --------------------------------------------------------------------- */

/* What the log says beside the set: the date, what groups are made of, and why. */
static char *
detail_of (const Batch *batch, const RegistryEntity *entity)
{
  PopulationGrouping by[POPULATION_GROUPINGS];
  size_t n = population_grouped_by (entity, by);
  g_autoptr (GString) out = g_string_new (NULL);
  char day[CIVIL_TEXT_MAX];
  JsonWriter *w = json_writer_new (out, 0);
  json_begin_object (w);
  json_member_str (w, "as_of", civil_format (batch->options->as_of, day));
  json_key (w, "grouped_by");
  json_begin_array (w);
  for (size_t i = 0; i < n; i++)
    json_str (w, arena_printf (batch->arena, "%s.%s", entity->id, by[i].attribute->id));
  json_end_array (w);
  if (batch->options->who && batch->options->who->reason)
    json_member_str (w, "reason", batch->options->who->reason);
  json_end_object (w);
  json_writer_free (w);
  return arena_text (batch->arena, (Text){ out->str, out->len });
}

/* One entry per plan; before this is done no program has seen anybody's facts. */
static bool
log_plans (Batch *batch, GError **error)
{
  const PopulationOptions *o = batch->options;
  for (guint i = 0; i < batch->plans->len; i++) {
    const Plan *plan = batch->plans->pdata[i];
    const Kind *kind = kind_of (batch, plan->entity);
    g_autoptr (AccessRun) people
        = access_run_new (o->access, o->who, plan->clause->purpose->id, plan->entity, plan->paths,
                          plan->n_paths, kind->set, detail_of (batch, plan->entity), error);
    if (!people)
      return false;
    batch->total += (gint64)kind->n;
  }
  return true;
}

/* ---- counting ---------------------------------------------------------------------- */

/* What threads share while one plan runs. */
typedef struct {
  Batch *batch;
  Chunker *chunkers[MOST_THREADS];
  size_t n; /* subjects */
} Work;

static void
take_chunk (void *data, const ColumnsChunk *chunk)
{
  Work *w = data;
  const PopulationOptions *o = w->batch->options;
  if (is_stopped (o))
    return;
  chunker_count (w->chunkers[chunk->thread], chunk->first, chunk->n, chunk);
  if (chunk->thread == 0 && o->progress && chunk->first < w->n)
    o->progress (w->batch->done + (gint64)MIN (chunk->first + chunk->n, w->n), w->batch->total, o->data);
}

static void
run_plan (Batch *batch, Plan *plan, const Kind *kind, Figures *figures)
{
  unsigned n = n_threads (batch->options);
  Work w = { .batch = batch, .n = kind->n };
  for (unsigned i = 0; i < n; i++)
    w.chunkers[i] = chunker_new (plan, kind);
  columns_run (plan->program, n, take_chunk, &w);
  for (unsigned i = 0; i < n; i++) {
    figures_add (figures, chunker_figures (w.chunkers[i]));
    chunker_free (w.chunkers[i]);
  }
  batch->done += (gint64)kind->n;
}

static void
note_effort (PopulationEffort *effort, const Plan *plan, const Kind *kind)
{
  for (size_t i = 0; i < plan->n_provisions; i++) {
    bool by_rows = plan->provisions[i].by_rows;
    effort->provisions++;
    effort->by_rows += by_rows;
    effort->answers += (gint64)kind->n;
    effort->answers_by_rows += by_rows ? (gint64)kind->n : 0;
  }
}

static void
count_plan (Batch *batch, Plan *plan, FeelValue parameters, PopulationClause *result)
{
  const PopulationOptions *o = batch->options;
  Kind *kind = kind_of (batch, plan->entity);
  kind_group (kind, o->package, batch->county, o->as_of, batch->arena);
  g_autoptr (Figures) figures = figures_new (plan, kind);
  if (kind->table) {
    plan_compile (plan, kind->table, parameters, o->engine == POPULATION_BY_ROWS, batch->arena);
    run_plan (batch, plan, kind, figures);
    note_effort (batch->effort, plan, kind);
  }
  figures_tell (figures, batch->told, (PopulationProvision *)result->provisions,
                (PopulationTarget *)result->targets);
}

/* ---- a run -------------------------------------------------------------------------- */

static PopulationCount
nobody (void)
{
  PopulationCount count;
  count_clear (&count, 1);
  return count;
}

static PopulationClause
clause_result (Arena *arena, const PolicyClause *clause)
{
  PopulationProvision *provisions = arena_new0 (arena, PopulationProvision, clause->n_provisions);
  PopulationTarget *targets = arena_new0 (arena, PopulationTarget, clause->n_targets);
  for (size_t i = 0; i < clause->n_provisions; i++)
    provisions[i] = (PopulationProvision){ .provision = &clause->provisions[i], .count = nobody () };
  for (size_t i = 0; i < clause->n_targets; i++)
    targets[i] = (PopulationTarget){ &clause->targets[i], nobody () };
  return (PopulationClause){ clause, provisions, targets };
}

static bool
count_all (Batch *batch, PopulationClause *results, GError **error)
{
  const PopulationOptions *o = batch->options;
  FeelValue parameters = policy_parameters_value (o->package, batch->arena, o->as_of);
  PopulationClause *result = results;
  for (guint i = 0; i < batch->plans->len; i++) {
    Plan *plan = batch->plans->pdata[i];
    while (result->clause != plan->clause)
      result++;
    count_plan (batch, plan, parameters, result);
  }
  if (is_stopped (o))
    g_set_error (error, FAULT, FAULT_CONFLICT, "counting was stopped");
  return !is_stopped (o);
}

static void
free_plan (gpointer plan)
{
  plan_free (plan);
}

const PopulationClause *
population_run (const PopulationOptions *options, Arena *arena, const PolicyClause *const *clauses, size_t n,
                GError **error)
{
  g_autoptr (GPtrArray) plans = g_ptr_array_new_with_free_func (free_plan);
  g_autoptr (GPtrArray) kinds = g_ptr_array_new_with_free_func (kind_free);
  g_autoptr (Arena) scratch = arena_new ();
  PopulationEffort unread, *effort = options->effort ? options->effort : &unread;
  Batch batch = {
    .options = options, .arena = scratch, .told = arena, .plans = plans, .kinds = kinds, .effort = effort
  };
  PopulationClause *results = arena_new0 (arena, PopulationClause, n);
  gint64 since = g_get_monotonic_time ();
  *effort = (PopulationEffort){ 0 };
  for (size_t i = 0; i < n; i++)
    results[i] = clause_result (arena, clauses[i]);
  make_plans (&batch, clauses, n);
  bool done = open_county (&batch, error);
  lap (&since, &effort->load);
  done = done && log_plans (&batch, error);
  lap (&since, &effort->log);
  done = done && count_all (&batch, results, error);
  lap (&since, &effort->compute);
  county_free (batch.opened);
  return done ? results : NULL;
}
