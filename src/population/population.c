/* Clauses over everybody: the county, the log, chunks shared out to threads, the result. */
#include "population_private.h"

#include <string.h>

enum { DEFAULT_THREADS = 2, MOST_THREADS = 16 };

/* One clause about one kind, and what its chunks came to. */
typedef struct {
  Plan *plan;
  Kind *kind;
  bool entered; /* the log has an entry about those in stale chunks, be it that there is nobody */
  size_t n_chunks;
  guint8 *stale;    /* by chunk: it must be counted */
  guint8 **packed;  /* by chunk; NULL where it is not kept */
  size_t *n_packed; /* their bytes */
} Counted;

struct Population {
  PopulationOptions options;
  bool keeps;   /* what chunks came to */
  Arena *arena; /* of plans */
  FeelValue parameters;
  GPtrArray *kinds;   /* Kind */
  GPtrArray *counted; /* Counted */
  gint64 done, total; /* subjects to go through, for the progress */
  PopulationEffort unread, *effort;
};

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

/* Whether provision I is the first of its kind. */
static bool
begins_kind (const PolicyClause *clause, size_t i)
{
  for (size_t k = 0; k < i; k++)
    if (clause->provisions[k].subject == clause->provisions[i].subject)
      return false;
  return true;
}

/* ---- plans and kinds ------------------------------------------------------------ */

static Kind *
kind_of (Population *p, const RegistryEntity *entity)
{
  for (guint i = 0; i < p->kinds->len; i++) {
    Kind *kind = p->kinds->pdata[i];
    if (kind->entity == entity)
      return kind;
  }
  Kind *kind = kind_new (p->options.county, entity);
  g_ptr_array_add (p->kinds, kind);
  return kind;
}

static void
drop_chunks (Counted *c)
{
  for (size_t i = 0; i < c->n_chunks; i++)
    g_free (c->packed[i]);
  g_clear_pointer (&c->packed, g_free);
  g_clear_pointer (&c->n_packed, g_free);
  g_clear_pointer (&c->stale, g_free);
}

/* Every chunk is to be counted. */
static void
begin_chunks (Counted *c)
{
  drop_chunks (c);
  c->n_chunks = kind_chunks (c->kind);
  c->packed = g_new0 (guint8 *, c->n_chunks);
  c->n_packed = g_new0 (size_t, c->n_chunks);
  c->stale = g_malloc (c->n_chunks + 1);
  memset (c->stale, 1, c->n_chunks);
}

static void
counted_free (gpointer data)
{
  Counted *c = data;
  drop_chunks (c);
  plan_free (c->plan);
  g_free (c);
}

static Counted *
counted_of (Population *p, const PolicyClause *clause, const RegistryEntity *entity)
{
  for (guint i = 0; i < p->counted->len; i++) {
    Counted *c = p->counted->pdata[i];
    if (c->plan->clause == clause && c->plan->entity == entity)
      return c;
  }
  Counted *c = g_new0 (Counted, 1);
  c->plan = plan_new (p->options.package, p->options.as_of, p->arena, clause, entity);
  c->kind = kind_of (p, entity);
  begin_chunks (c);
  g_ptr_array_add (p->counted, c);
  return c;
}

static size_t
n_stale (const Counted *c)
{
  size_t n = 0;
  for (size_t i = 0; i < c->n_chunks; i++)
    n += c->stale[i];
  return n;
}

/* ---- the log --------------------------------------------------------------------- */

char *
population_detail (Arena *arena, const RegistryEntity *entity, Day as_of, const AccessAccount *who,
                   const char *mark)
{
  PopulationGrouping by[POPULATION_GROUPINGS];
  size_t n = population_grouped_by (entity, by);
  g_autoptr (GString) out = g_string_new (NULL);
  char day[CIVIL_TEXT_MAX];
  JsonWriter *w = json_writer_new (out, 0);
  json_begin_object (w);
  if (mark)
    json_member_bool (w, mark, true);
  json_member_str (w, "as_of", civil_format (as_of, day));
  json_member_array (w, "grouped_by");
  for (size_t i = 0; i < n; i++)
    json_str (w, arena_printf (arena, "%s.%s", entity->id, by[i].attribute->id));
  json_end_array (w);
  if (who && who->reason)
    json_member_str (w, "reason", who->reason);
  json_end_object (w);
  json_writer_free (w);
  return arena_text (arena, (Text){ out->str, out->len });
}

static AuditSet *
subjects_of (const Population *p, const Kind *kind, const guint8 *chunks)
{
  AuditSet *set = audit_set_new ();
  for (size_t row = 0; row < kind->n; row++)
    if (!chunks || chunks[row / COLUMNS_CHUNK])
      audit_set_add (set, county_subject (p->options.county, kind->entity, row));
  return set;
}

/* One entry with those who are counted now; before it stands, no program sees anybody's facts. */
static bool
log_count (const Population *p, const Counted *c, GError **error)
{
  const PopulationOptions *o = &p->options;
  const Plan *plan = c->plan;
  bool all = n_stale (c) == c->n_chunks;
  g_autoptr (Arena) arena = arena_new ();
  g_autoptr (AuditSet) some = all ? NULL : subjects_of (p, c->kind, c->stale);
  if (all && !c->kind->set)
    c->kind->set = subjects_of (p, c->kind, NULL);
  g_autoptr (AccessRun) people = access_run_new (
      o->access, o->who, plan->clause->purpose->id, plan->entity, plan->paths, plan->n_paths,
      all ? c->kind->set : some, population_detail (arena, plan->entity, o->as_of, o->who, NULL), error);
  return people != NULL;
}

/* ---- counting ---------------------------------------------------------------------- */

/* What threads share while one plan runs. */
typedef struct {
  Population *population;
  Counted *counted;
  Chunker *chunkers[MOST_THREADS];
} Work;

static void
keep_chunk (Counted *c, size_t chunk, Figures *figures)
{
  g_free (c->packed[chunk]);
  c->packed[chunk] = figures_pack (figures, &c->n_packed[chunk]);
  figures_clear (figures);
}

static void
take_chunk (void *data, const ColumnsChunk *chunk)
{
  Work *w = data;
  Population *p = w->population;
  Counted *c = w->counted;
  Chunker *chunker = w->chunkers[chunk->thread];
  if (is_stopped (&p->options) || chunk->first >= c->kind->n)
    return;
  chunker_count (chunker, chunk->first, chunk->n, chunk);
  if (p->keeps)
    keep_chunk (c, chunk->first / COLUMNS_CHUNK, chunker_figures (chunker));
  if (chunk->thread == 0 && p->options.progress)
    p->options.progress (p->done + (gint64)MIN (chunk->first + chunk->n, c->kind->n), p->total,
                         p->options.data);
}

/* The stale chunks, into TOTAL unless they are kept.  The bitmap has no byte for rows that are nobody's. */
static void
count_stale (Population *p, Counted *c, Figures *total)
{
  unsigned n = n_threads (&p->options);
  Work w = { .population = p, .counted = c };
  g_autofree guint8 *wanted = g_malloc0 (c->kind->table->n_rows / COLUMNS_CHUNK + 1);
  memcpy (wanted, c->stale, c->n_chunks);
  for (unsigned i = 0; i < n; i++)
    w.chunkers[i] = chunker_new (c->plan, c->kind);
  columns_run_chunks (c->plan->program, n, wanted, take_chunk, &w);
  for (unsigned i = 0; i < n; i++) {
    if (!p->keeps)
      figures_add (total, chunker_figures (w.chunkers[i]));
    chunker_free (w.chunkers[i]);
  }
}

static void
note_effort (Population *p, const Counted *c)
{
  for (size_t i = 0; i < c->plan->n_provisions; i++) {
    bool by_rows = c->plan->provisions[i].by_rows;
    p->effort->provisions++;
    p->effort->by_rows += by_rows;
    p->effort->answers += (gint64)c->kind->n;
    p->effort->answers_by_rows += by_rows ? (gint64)c->kind->n : 0;
  }
  p->effort->chunks += n_stale (c);
  p->done += (gint64)c->kind->n;
}

static void
compile (Population *p, Counted *c)
{
  if (!c->plan->compiled && c->kind->table)
    plan_compile (c->plan, c->kind->table, p->parameters, p->options.engine == POPULATION_BY_ROWS);
}

/* What is stale, if anything is; all of it into TOTAL. */
static void
count_plan (Population *p, Counted *c, Figures *total)
{
  const PopulationOptions *o = &p->options;
  if (n_stale (c)) {
    compile (p, c);
    count_stale (p, c, total);
    note_effort (p, c);
    if (p->keeps && !is_stopped (o))
      memset (c->stale, 0, c->n_chunks);
  }
  for (size_t i = 0; i < c->n_chunks && p->keeps && !is_stopped (o); i++)
    figures_add_packed (total, i, c->packed[i]);
}

/* Unless what is stale is in the log already. */
static bool
enter (Population *p, Counted *c, GError **error)
{
  gint64 since = g_get_monotonic_time ();
  c->entered = c->entered || log_count (p, c, error);
  lap (&since, &p->effort->log);
  return c->entered;
}

static bool
count_kind (Population *p, Arena *arena, Counted *c, PopulationClause *result, GError **error)
{
  if (!enter (p, c, error))
    return false;
  gint64 since = g_get_monotonic_time ();
  kind_group (c->kind, p->options.package, p->options.county, p->options.as_of);
  g_autoptr (Figures) total = figures_new (c->plan, c->kind);
  count_plan (p, c, total);
  if (!is_stopped (&p->options))
    figures_tell (total, arena, (PopulationProvision *)result->provisions,
                  (PopulationTarget *)result->targets);
  else
    g_set_error (error, FAULT, FAULT_CONFLICT, "counting was stopped");
  lap (&since, &p->effort->compute);
  return !is_stopped (&p->options);
}

/* ---- one clause ------------------------------------------------------------------------ */

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
count_clause (Population *p, Arena *arena, const PolicyClause *clause, PopulationClause *result,
              GError **error)
{
  *result = clause_result (arena, clause);
  for (size_t i = 0; i < clause->n_provisions; i++)
    if (begins_kind (clause, i)
        && !count_kind (p, arena, counted_of (p, clause, clause->provisions[i].subject), result, error))
      return false;
  return true;
}

const PopulationClause *
population_count (Population *p, Arena *arena, const PolicyClause *clause, GError **error)
{
  PopulationClause *result = arena_new0 (arena, PopulationClause, 1);
  return count_clause (p, arena, clause, result, error) ? result : NULL;
}

/* ---- what is kept ------------------------------------------------------------------------ */

static Population *
make (const PopulationOptions *options, bool keeps)
{
  Population *p = g_new0 (Population, 1);
  *p = (Population){ .options = *options, .keeps = keeps, .arena = arena_new () };
  p->parameters = policy_parameters_value (options->package, p->arena, options->as_of);
  p->kinds = g_ptr_array_new_with_free_func ((GDestroyNotify)kind_free);
  p->counted = g_ptr_array_new_with_free_func (counted_free);
  p->effort = options->effort ? options->effort : &p->unread;
  *p->effort = (PopulationEffort){ 0 };
  return p;
}

Population *
population_new (const PopulationOptions *options)
{
  return make (options, true);
}

void
population_free (Population *p)
{
  if (!p)
    return;
  g_ptr_array_unref (p->counted);
  g_ptr_array_unref (p->kinds);
  arena_free (p->arena);
  g_free (p);
}

/* A chunk's figures come from what the clause reads of its subjects, and from their groups. */
static const FeelPath *
paths_counted (const Counted *c, Arena *arena, size_t *n)
{
  PopulationGrouping by[POPULATION_GROUPINGS];
  size_t n_by = population_grouped_by (c->plan->entity, by);
  FeelPath *paths = arena_new0 (arena, FeelPath, c->plan->n_paths + n_by);
  Text *names = arena_new0 (arena, Text, n_by);
  memcpy (paths, c->plan->paths, c->plan->n_paths * sizeof *paths);
  for (size_t i = 0; i < n_by; i++) {
    names[i] = text_of (by[i].attribute->zh);
    paths[c->plan->n_paths + i] = (FeelPath){ .n = 1, .members = &names[i] };
  }
  *n = c->plan->n_paths + n_by;
  return paths;
}

/* As many chunks as its kind has now; those that are new, and the one that
 * got longer or shorter, are stale. */
static void
fit_chunks (Counted *c, size_t n_before)
{
  size_t n = kind_chunks (c->kind), kept = MIN (n, c->n_chunks);
  for (size_t i = n; i < c->n_chunks; i++)
    g_free (c->packed[i]);
  c->packed = g_renew (guint8 *, c->packed, n);
  c->n_packed = g_renew (size_t, c->n_packed, n);
  c->stale = g_realloc (c->stale, n + 1);
  for (size_t i = kept; i < n; i++) {
    c->packed[i] = NULL;
    c->n_packed[i] = 0;
    c->stale[i] = 1;
  }
  c->n_chunks = n;
  size_t edge = MIN (c->kind->n, n_before) / COLUMNS_CHUNK;
  if (c->kind->n != n_before && edge < n)
    c->stale[edge] = 1;
}

static void
change_counted (Population *p, Counted *c, const CountyChanges *changes, size_t n_before, bool other_groups)
{
  g_autoptr (Arena) arena = arena_new ();
  size_t n_paths, n_chunks;
  const FeelPath *paths = paths_counted (c, arena, &n_paths);
  c->plan->compiled = false; /* arrays may have moved */
  if (other_groups || !c->kind->table) {
    begin_chunks (c);
    c->entered = false;
    return;
  }
  fit_chunks (c, n_before);
  const guint8 *reached
      = county_reached (p->options.county, changes, c->plan->entity, paths, n_paths, arena, &n_chunks);
  for (size_t i = 0; i < MIN (n_chunks, c->n_chunks); i++)
    c->stale[i] |= reached[i];
  c->entered = c->entered && !n_stale (c);
}

void
population_change (Population *p, const CountyChanges *changes)
{
  const PopulationOptions *o = &p->options;
  for (guint k = 0; k < p->kinds->len && changes->any; k++) {
    Kind *kind = p->kinds->pdata[k];
    size_t n_before = kind->n;
    bool other_groups = kind_change (kind, o->package, o->county, o->as_of);
    for (guint i = 0; i < p->counted->len; i++) {
      Counted *c = p->counted->pdata[i];
      if (c->kind == kind)
        change_counted (p, c, changes, n_before, other_groups);
    }
  }
}

size_t
population_bytes (const Population *p)
{
  size_t bytes = 0;
  for (guint i = 0; i < p->counted->len; i++) {
    const Counted *c = p->counted->pdata[i];
    for (size_t k = 0; k < c->n_chunks; k++)
      bytes += c->n_packed[k];
  }
  return bytes;
}

/* ---- once ---------------------------------------------------------------------------------- */

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

/* What CLAUSES read, and the groups, alone. */
static County *
open_county (const PopulationOptions *o, const PolicyClause *const *clauses, size_t n, GError **error)
{
  g_autoptr (GPtrArray) attributes = g_ptr_array_new ();
  g_autoptr (Arena) arena = arena_new ();
  for (size_t c = 0; c < n; c++)
    for (size_t i = 0; i < clauses[c]->n_provisions; i++)
      if (begins_kind (clauses[c], i)) {
        const RegistryEntity *entity = clauses[c]->provisions[i].subject;
        g_autoptr (Plan) plan = plan_new (o->package, o->as_of, arena, clauses[c], entity);
        plan_attributes (plan, attributes);
        add_grouped_by (entity, attributes);
      }
  CountyOptions options = { .registry = o->registry,
                            .as_of = o->as_of,
                            .attributes = (const RegistryAttribute *const *)attributes->pdata,
                            .n_attributes = attributes->len,
                            .threads = n_threads (o) };
  return county_open (&options, error);
}

/* An entry for every clause and kind; and how many there are to go through. */
static bool
enter_all (Population *p, const PolicyClause *const *clauses, size_t n, GError **error)
{
  for (size_t c = 0; c < n; c++)
    for (size_t i = 0; i < clauses[c]->n_provisions; i++)
      if (begins_kind (clauses[c], i)) {
        Counted *counted = counted_of (p, clauses[c], clauses[c]->provisions[i].subject);
        if (!enter (p, counted, error))
          return false;
        p->total += (gint64)counted->kind->n;
      }
  return true;
}

typedef struct {
  Population *population;
  gint next; /* the first that nobody has taken */
} Compiling;

static void *
compile_some (void *data)
{
  Compiling *work = data;
  GPtrArray *counted = work->population->counted;
  for (gint i; (i = g_atomic_int_add (&work->next, 1)) < (gint)counted->len;)
    compile (work->population, counted->pdata[i]);
  return NULL;
}

/* Programs are compiled side by side: a rule about a text is tried on every text of its column. */
static void
compile_all (Population *p)
{
  gint64 since = g_get_monotonic_time ();
  Compiling work = { .population = p };
  pthread_t other;
  bool helped = n_threads (&p->options) > 1 && pthread_create (&other, NULL, compile_some, &work) == 0;
  compile_some (&work);
  if (helped)
    pthread_join (other, NULL);
  lap (&since, &p->effort->compute);
}

const PopulationClause *
population_run (const PopulationOptions *options, Arena *arena, const PolicyClause *const *clauses, size_t n,
                GError **error)
{
  PopulationOptions o = *options;
  gint64 since = g_get_monotonic_time ();
  double load = 0;
  g_autoptr (County) opened = o.county ? NULL : open_county (&o, clauses, n, error);
  lap (&since, &load);
  if (!o.county && !opened)
    return NULL;
  o.county = o.county ? o.county : opened;
  g_autoptr (Population) p = make (&o, false);
  p->effort->load = load;
  if (!enter_all (p, clauses, n, error))
    return NULL;
  compile_all (p);
  PopulationClause *results = arena_new0 (arena, PopulationClause, n);
  for (size_t i = 0; i < n; i++)
    if (!count_clause (p, arena, clauses[i], &results[i], error))
      return NULL;
  return results;
}
