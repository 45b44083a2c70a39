/* One change from end to end: what it can reach, today's answers, the others, and what is between them. */
#include "reform_private.h"

typedef struct {
  ReformBaseline *baseline;
  Arena *arena;
  const ReformChange *change;
  const PolicyPackage *after; /* whose rules come into force */
  FeelValue parameters;       /* and with which parameters */
  size_t n;
  const Affected *affected;
  ReformProvision *results;
  GHashTable *logged; /* clauses of a draft and kinds */
} Trial;

/* ---- one kind of subject ------------------------------------------------------- */

/* Those affected provisions about one kind that can be computed. */
typedef struct {
  Trial *trial;
  Kind *kind;
  size_t n;
  const size_t *places;  /* among the trial's */
  Moves *moves;          /* [thread × provision × (1 + groups)] */
  const size_t *asked;   /* of the question's provisions: which of these it is */
  const Answers *absent; /* of a chunk to which a provision does not apply */
} Comparing;

static Moves *
moves_of (const Comparing *c, unsigned thread, size_t i)
{
  return c->moves + (thread * c->n + i) * (1 + c->kind->n_groups);
}

static void
count_move (const Comparing *c, Moves *whole, size_t row, const Move *move)
{
  const Kind *kind = c->kind;
  Moves *group = whole + 1;
  moves_count (whole, move);
  for (size_t g = 0; g < kind->n_groupings; group += kind->groupings[g++].n)
    if (kind->groupings[g].n)
      moves_count (&group[kind->groupings[g].of[row]], move);
}

static void
compare_chunk (const Comparing *c, unsigned thread, size_t i, size_t first, size_t n, const Answers *after)
{
  const PolicyProvision *p = c->trial->affected[c->places[i]].before;
  const Kept *kept = p ? baseline_kept (c->trial->baseline, p) : NULL;
  Answers before = kept ? answers_from (&kept->answers, first) : *c->absent;
  if (is_same_chunk (&before, after, n))
    return;
  Moves *whole = moves_of (c, thread, i);
  for (size_t r = 0; r < n; r++)
    if (is_changed (&before, after, r)) {
      Move move = move_of (&before, after, r);
      count_move (c, whole, first + r, &move);
    }
}

static void
take_after (void *host, unsigned thread, size_t provision, size_t first, size_t n, const Answers *answers)
{
  const Comparing *c = host;
  if (first < c->kind->n)
    compare_chunk (c, thread, c->asked[provision], first, MIN (n, c->kind->n - first), answers);
}

/* Those that end. */
static void
compare_ended (const Comparing *c, size_t i)
{
  for (size_t first = 0; first < c->kind->n; first += COLUMNS_CHUNK)
    compare_chunk (c, 0, i, first, MIN ((size_t)COLUMNS_CHUNK, c->kind->n - first), c->absent);
}

/* Answers of the rules to come, compared with those kept. */
static void
run_comparison (Comparing *c)
{
  Trial *t = c->trial;
  const ReformOptions *o = &t->baseline->options;
  const PolicyProvision **asked = arena_new0 (t->arena, const PolicyProvision *, c->n);
  size_t *places = arena_new0 (t->arena, size_t, c->n);
  size_t n = 0;
  for (size_t i = 0; i < c->n; i++)
    if (t->affected[c->places[i]].after) {
      places[n] = i;
      asked[n++] = t->affected[c->places[i]].after;
    } else
      compare_ended (c, i);
  c->asked = places;
  Question question
      = { t->after, t->parameters, o->as_of, n ? asked[0]->subject->zh : "", c->kind->table, n, asked };
  Evaluation *e = evaluation_new (&question);
  for (size_t i = 0; i < n; i++) {
    const char *why = evaluation_why (e, i);
    t->results[c->places[places[i]]].row_by_row = why ? arena_text (t->arena, text_of (why)) : NULL;
  }
  if (n)
    evaluation_run (e, o->threads, take_after, c);
  evaluation_free (e);
}

/* ---- the result --------------------------------------------------------------------- */

static const char *
kept_text (Arena *arena, const char *text)
{
  return arena_text (arena, text_of (text));
}

/* What groups are called lives as long as the baseline; a result lives longer. */
static ReformDimension
tell_dimension (const PopulationGrouping *g, const ReformCount *counts, Arena *arena)
{
  ReformGroup *groups = arena_new0 (arena, ReformGroup, g->n);
  for (size_t i = 0; i < g->n; i++)
    groups[i]
        = (ReformGroup){ kept_text (arena, g->groups[i].id),
                         { kept_text (arena, g->groups[i].name.zh), kept_text (arena, g->groups[i].name.en) },
                         counts[i] };
  return (ReformDimension){ g->id, g->name, g->n, groups };
}

/* Nobody is there yet for whom a provision comes into force: all stand outside. */
static void
stand_outside (const Kind *kind, Standing *standings)
{
  for (size_t s = 0; s < 1 + kind->n_groups; s++)
    standing_clear (&standings[s]);
  Standing *group = standings + 1;
  standings->n[POLICY_NOT_IN_FORCE] = (gint64)kind->n;
  for (size_t g = 0; g < kind->n_groupings; group += kind->groupings[g++].n)
    for (size_t r = 0; r < kind->n && kind->groupings[g].n; r++)
      group[kind->groupings[g].of[r]].n[POLICY_NOT_IN_FORCE]++;
}

static void
tell_provision (const Comparing *c, size_t i)
{
  Trial *t = c->trial;
  const Kind *kind = c->kind;
  const Affected *a = &t->affected[c->places[i]];
  ReformProvision *result = &t->results[c->places[i]];
  const Kept *kept = a->before ? baseline_kept (t->baseline, a->before) : NULL;
  Moves *moves = moves_of (c, 0, i);
  g_autofree Standing *outside = kept ? NULL : g_new (Standing, 1 + kind->n_groups);
  if (!kept)
    stand_outside (kind, outside);
  const Standing *standings = kept ? kept->standings : outside;
  ReformCount *counts = arena_new0 (t->arena, ReformCount, 1 + kind->n_groups);
  for (size_t s = 0; s < 1 + kind->n_groups; s++) {
    for (unsigned thread = 1; thread < t->baseline->options.threads; thread++)
      moves_add (&moves[s], &moves_of (c, thread, i)[s]);
    counts[s]
        = count_of (&standings[s], &moves[s], a->before && a->before->amount, a->after && a->after->amount);
  }
  result->count = counts[0];
  result->row_by_row = result->row_by_row || !kept || !kept->row_by_row
                           ? result->row_by_row
                           : kept_text (t->arena, kept->row_by_row);
  ReformDimension *dimensions = arena_new0 (t->arena, ReformDimension, kind->n_groupings);
  const ReformCount *group = counts + 1;
  for (size_t g = 0; g < kind->n_groupings; group += kind->groupings[g++].n)
    dimensions[g] = tell_dimension (&kind->groupings[g], group, t->arena);
  result->n_dimensions = kind->n_groupings;
  result->dimensions = dimensions;
}

/* ---- what can be computed -------------------------------------------------------------- */

/* The member of PATH that TABLE and those behind it do not have; NULL: all are there. */
static const char *
absent_fact (const ColumnsTable *table, const FeelPath *path, Arena *arena)
{
  for (size_t i = 0; i < path->n && table; i++) {
    const ColumnsColumn *column = NULL;
    for (size_t c = 0; c < table->n_columns && !column; c++)
      if (text_equal (table->columns[c].name, path->members[i]))
        column = &table->columns[c];
    if (!column)
      return arena_printf (arena, "%.*s.%.*s", (int)table->name.len, table->name.bytes,
                           (int)path->members[i].len, path->members[i].bytes);
    table = column->target;
  }
  return NULL;
}

static const char *
why_not (const Trial *t, const Kind *kind, const PolicyProvision *p)
{
  const DmnDecision *const decisions[] = { p->eligible, p->amount };
  for (size_t d = 0; d < G_N_ELEMENTS (decisions) && kind->table; d++) {
    size_t n = 0;
    const FeelPath *paths
        = decisions[d] ? policy_decision_paths (t->after, t->arena, p->subject, decisions[d], &n) : NULL;
    for (size_t i = 0; i < n; i++) {
      const char *fact = absent_fact (kind->table, &paths[i], t->arena);
      if (fact)
        return arena_printf (t->arena, "it reads %s, which the county's registry does not hold", fact);
    }
  }
  return NULL;
}

/* The registry's own entity that provision I is about; NULL where it has none. */
static const RegistryEntity *
entity_of (const Trial *t, size_t i)
{
  const RegistrySchema *schema = policy_schema (t->baseline->options.package);
  return registry_schema_entity (schema, t->results[i].shown->subject->id);
}

static bool
log_draft (Trial *t, const PolicyProvision *p, Kind *kind, GError **error)
{
  const char *key = arena_printf (t->arena, "%s/%s", p->clause->purpose->id, kind->entity->id);
  if (!t->change->draft || !g_hash_table_add (t->logged, (gpointer)key))
    return true;
  return baseline_log (t->baseline, t->after, t->change->draft_access, p->clause, kind, error);
}

/* Affected provisions about KIND: which can be computed, and today's answers to them. */
static bool
prepare_kind (Comparing *c, size_t *places, GError **error)
{
  Trial *t = c->trial;
  const PolicyProvision **before = arena_new0 (t->arena, const PolicyProvision *, t->n);
  size_t n_before = 0;
  for (size_t i = 0; i < t->n; i++) {
    const Affected *a = &t->affected[i];
    if (entity_of (t, i) != c->kind->entity || t->results[i].why_not)
      continue;
    if (a->before && a->after && strcmp (a->before->subject->id, a->after->subject->id) != 0)
      t->results[i].why_not = "it is about another kind of subject than before";
    else if (a->after && t->change->draft)
      t->results[i].why_not = why_not (t, c->kind, a->after);
    if (t->results[i].why_not)
      continue;
    if (a->after && !log_draft (t, a->after, c->kind, error))
      return false;
    if (a->before)
      before[n_before++] = a->before;
    places[c->n++] = i;
  }
  c->places = places;
  return baseline_keep (t->baseline, c->kind, before, n_before, error);
}

static bool
run_kind (Trial *t, const RegistryEntity *entity, const Answers *absent, GError **error)
{
  Comparing c = { .trial = t, .kind = baseline_kind (t->baseline, entity), .absent = absent };
  if (!prepare_kind (&c, arena_new0 (t->arena, size_t, t->n), error))
    return false;
  size_t n_all = t->baseline->options.threads * c.n * (1 + c.kind->n_groups);
  g_autofree Moves *moves = g_new (Moves, n_all + 1);
  for (size_t i = 0; i < n_all; i++)
    moves_clear (&moves[i]);
  c.moves = moves;
  if (c.kind->table && c.n)
    run_comparison (&c);
  for (size_t i = 0; i < c.n; i++)
    tell_provision (&c, i);
  return true;
}

/* What is known of the affected provisions before anybody is asked. */
static void
begin_results (Trial *t)
{
  Standing nobody;
  Moves none;
  standing_clear (&nobody);
  moves_clear (&none);
  for (size_t i = 0; i < t->n; i++) {
    const Affected *a = &t->affected[i];
    t->results[i] = (ReformProvision){ .before = a->before,
                                       .after = a->after,
                                       .shown = a->before ? a->before : a->after,
                                       .n_decisions = a->n_decisions,
                                       .decisions = a->decisions,
                                       .count = count_of (&nobody, &none, false, false) };
    if (!entity_of (t, i))
      t->results[i].why_not = "it is about a kind of subject that the county's registry does not hold";
  }
}

static bool
run_trial (Trial *t, GError **error)
{
  guint8 codes[COLUMNS_CHUNK];
  memset (codes, POLICY_NOT_IN_FORCE, sizeof codes);
  const Answers absent = { .codes = codes };
  g_autoptr (GHashTable) kinds = g_hash_table_new (NULL, NULL);
  begin_results (t);
  for (size_t i = 0; i < t->n; i++) {
    const RegistryEntity *entity = entity_of (t, i);
    if (entity && g_hash_table_add (kinds, (gpointer)entity) && !run_kind (t, entity, &absent, error))
      return false;
  }
  return true;
}

/* ---- asking -------------------------------------------------------------------------------- */

static bool
check_change (const ReformBaseline *b, const ReformChange *change, int clause, GError **error)
{
  for (size_t i = 0; i < change->n_settings; i++)
    for (size_t k = 0; k < i; k++)
      if (change->settings[i].parameter == change->settings[k].parameter) {
        g_set_error (error, FAULT, FAULT_USAGE, "%s is set twice; set it once",
                     change->settings[i].parameter->name.zh);
        return false;
      }
  const PolicyPackage *package = change->draft ? change->draft : b->options.package;
  if (clause == REFORM_EVERY_CLAUSE || clause == 0 || policy_clause (package, clause)
      || policy_clause (b->options.package, clause))
    return true;
  g_set_error (error, FAULT, FAULT_USAGE, "there is no clause %d; liudong circular lists them", clause);
  return false;
}

const ReformResult *
reform_run (ReformBaseline *b, Arena *arena, const ReformChange *change, int clause, GError **error)
{
  if (!check_change (b, change, clause, error))
    return NULL;
  const ReformOptions *o = &b->options;
  g_autoptr (GHashTable) logged = g_hash_table_new (g_str_hash, g_str_equal);
  Trial t = { .baseline = b, .arena = arena, .change = change, .logged = logged };
  t.after = change->draft ? change->draft : o->package;
  t.parameters = change_parameters (t.after, arena, o->as_of, change->settings, change->n_settings);
  t.affected = change->draft ? affected_by_draft (o->package, t.after, o->as_of, arena, clause, &t.n)
                             : affected_by_settings (b, arena, change, clause, &t.n);
  t.results = arena_new0 (arena, ReformProvision, t.n);
  pthread_mutex_lock (&b->mutex);
  bool done = run_trial (&t, error);
  pthread_mutex_unlock (&b->mutex);
  if (!done)
    return NULL;
  ReformResult *result = arena_new0 (arena, ReformResult, 1);
  *result = (ReformResult){ o->package, *change, o->as_of, t.n, t.results };
  return result;
}
