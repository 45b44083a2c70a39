/* Clauses over everybody: kind by kind, chunks of subjects shared out to threads. */
#include "population_private.h"

enum { DEFAULT_THREADS = 2, MOST_THREADS = 16 };

typedef struct {
  const PopulationOptions *options;
  Arena *arena;
  GPtrArray *rosters; /* Roster: an entity is gone through once, however many clauses ask */
  gint64 done, total; /* subjects of all clauses */
} Batch;

/* What threads share while one plan runs. */
typedef struct {
  Batch *batch;
  const Roster *roster;
  pthread_mutex_t mutex;
  size_t next;   /* the first row that nobody has taken */
  GError *fault; /* the first one; ends it */
} Work;

static bool
is_stopped (const PopulationOptions *options)
{
  return options->stop && g_atomic_int_get (options->stop);
}

/* The next chunk, if there is one. */
static bool
take_chunk (Work *w, size_t *from, size_t *to)
{
  pthread_mutex_lock (&w->mutex);
  size_t n = w->fault || is_stopped (w->batch->options) ? 0 : w->roster->subjects->len;
  *from = MIN (w->next, n);
  *to = MIN (*from + CHUNK_ROWS, n);
  w->next = MAX (w->next, *to);
  pthread_mutex_unlock (&w->mutex);
  return *from < *to;
}

static void
end_chunk (Work *w, GError *fault)
{
  pthread_mutex_lock (&w->mutex);
  if (fault && w->fault)
    g_error_free (fault);
  else if (fault)
    w->fault = fault;
  pthread_mutex_unlock (&w->mutex);
}

typedef struct {
  Work *work;
  Chunker *chunker;
  bool reports; /* the calling thread */
  pthread_t thread;
  bool started; /* of the calling thread's view alone */
} Worker;

static void *
work (void *data)
{
  Worker *worker = data;
  Work *w = worker->work;
  const PopulationOptions *options = w->batch->options;
  for (size_t from, to; take_chunk (w, &from, &to);) {
    GError *fault = NULL;
    chunk_evaluate (worker->chunker, from, to, &fault);
    end_chunk (w, fault);
    if (worker->reports && options->progress)
      options->progress (w->batch->done + (gint64)to, w->batch->total, options->data);
  }
  return NULL;
}

/* PLAN over its roster: the calling thread works too, and alone where no other can be had. */
static bool
run_plan (Batch *batch, const Plan *plan, const Roster *roster, const AccessRun *people, Figures **figures,
          GError **error)
{
  unsigned wanted = batch->options->threads ? batch->options->threads : DEFAULT_THREADS;
  unsigned n = MIN (MIN (wanted, MOST_THREADS), 1 + roster->subjects->len / CHUNK_ROWS);
  Work w = { .batch = batch, .roster = roster };
  Worker workers[MOST_THREADS] = { 0 };
  pthread_mutex_init (&w.mutex, NULL);
  for (unsigned i = 0; i < n; i++)
    workers[i] = (Worker){ &w, chunker_new (plan, roster, people), .reports = i == 0 };
  for (unsigned i = 1; i < n; i++)
    workers[i].started = pthread_create (&workers[i].thread, NULL, work, &workers[i]) == 0;
  work (&workers[0]);
  *figures = figures_new (plan, roster);
  for (unsigned i = 0; i < n; i++) {
    if (workers[i].started)
      pthread_join (workers[i].thread, NULL);
    figures_add (*figures, workers[i].chunker->figures);
    chunker_free (workers[i].chunker);
  }
  pthread_mutex_destroy (&w.mutex);
  batch->done += roster->subjects->len;
  if (!w.fault)
    return true;
  g_propagate_error (error, w.fault);
  return false;
}

static Roster *
roster_of (Batch *batch, const RegistryEntity *entity, GError **error)
{
  for (guint i = 0; i < batch->rosters->len; i++) {
    Roster *roster = batch->rosters->pdata[i];
    if (roster->entity == entity)
      return roster;
  }
  Roster *roster = roster_new (batch->options, entity, error);
  if (roster)
    g_ptr_array_add (batch->rosters, roster);
  return roster;
}

/* What the log says beside the set: the date, what groups are made of, and why. */
static char *
detail_of (const Batch *batch, const Roster *roster)
{
  g_autoptr (GString) out = g_string_new (NULL);
  char day[CIVIL_TEXT_MAX];
  JsonWriter *w = json_writer_new (out, 0);
  json_begin_object (w);
  json_member_str (w, "as_of", civil_format (batch->options->as_of, day));
  json_key (w, "grouped_by");
  json_begin_array (w);
  for (size_t i = 0; i < roster->n_dimensions; i++) {
    g_autofree char *name = g_strconcat (roster->entity->id, ".", roster->dimensions[i].attribute->id, NULL);
    json_str (w, name);
  }
  json_end_array (w);
  if (batch->options->who && batch->options->who->reason)
    json_member_str (w, "reason", batch->options->who->reason);
  json_end_object (w);
  json_writer_free (w);
  return arena_text (batch->arena, (Text){ out->str, out->len });
}

static bool
run_entity (Batch *batch, const PolicyClause *clause, const RegistryEntity *entity,
            PopulationProvision *provisions, PopulationTarget *targets, GError **error)
{
  const PopulationOptions *o = batch->options;
  const Plan *plan = plan_new (o, batch->arena, clause, entity);
  Roster *roster = roster_of (batch, entity, error);
  g_autoptr (AccessRun) people
      = roster ? access_run_new (o->access, o->who, clause->purpose->id, entity, plan->paths, plan->n_paths,
                                 roster->set, detail_of (batch, roster), error)
               : NULL;
  g_autoptr (Figures) figures = NULL;
  if (!people || !roster_group (roster, o, error) || !run_plan (batch, plan, roster, people, &figures, error))
    return false;
  figures_tell (figures, batch->arena, provisions, targets);
  return true;
}

static PopulationCount
nobody (void)
{
  Decimal zero = decimal_from_int64 (0);
  return (PopulationCount){ .amount = zero, .least = zero, .greatest = zero };
}

/* Whether provision I is the first of its kind. */
static bool
begins_kind (const PolicyClause *clause, size_t i)
{
  for (size_t k = 0; k < i; k++)
    if (clause->provisions[k].subject == clause->provisions[i].subject)
      return false;
  return true;
}

static bool
run_clause (Batch *batch, const PolicyClause *clause, PopulationClause *result, GError **error)
{
  PopulationProvision *provisions = arena_new0 (batch->arena, PopulationProvision, clause->n_provisions);
  PopulationTarget *targets = arena_new0 (batch->arena, PopulationTarget, clause->n_targets);
  for (size_t i = 0; i < clause->n_provisions; i++)
    provisions[i] = (PopulationProvision){ .provision = &clause->provisions[i], .count = nobody () };
  for (size_t i = 0; i < clause->n_targets; i++)
    targets[i] = (PopulationTarget){ &clause->targets[i], nobody () };
  *result = (PopulationClause){ clause, provisions, targets };
  for (size_t i = 0; i < clause->n_provisions; i++)
    if (begins_kind (clause, i)
        && !run_entity (batch, clause, clause->provisions[i].subject, provisions, targets, error))
      return false;
  return true;
}

/* How many there are to go through, for the progress. */
static bool
measure (Batch *batch, const PolicyClause *const *clauses, size_t n, GError **error)
{
  for (size_t c = 0; c < n; c++)
    for (size_t i = 0; i < clauses[c]->n_provisions; i++) {
      gint64 subjects = 0;
      if (begins_kind (clauses[c], i)
          && !registry_count (batch->options->registry, clauses[c]->provisions[i].subject, &subjects, error))
        return false;
      batch->total += subjects;
    }
  return true;
}

static void
free_roster (gpointer roster)
{
  roster_free (roster);
}

const PopulationClause *
population_run (const PopulationOptions *options, Arena *arena, const PolicyClause *const *clauses, size_t n,
                GError **error)
{
  g_autoptr (GPtrArray) rosters = g_ptr_array_new_with_free_func (free_roster);
  Batch batch = { .options = options, .arena = arena, .rosters = rosters };
  PopulationClause *results = arena_new0 (arena, PopulationClause, n);
  if (options->progress && !measure (&batch, clauses, n, error))
    return NULL;
  for (size_t i = 0; i < n; i++)
    if (!run_clause (&batch, clauses[i], &results[i], error))
      return NULL;
  return results;
}
