/* A determination: one subject, one clause, one date, with every reason. */
#include "policy_private.h"
#include "purpose.h"
#include "stated.h"

typedef struct {
  const PolicyPackage *package;
  Arena *arena;
  const PolicyProvision *provision;
  const RegistryReading *reading; /* NULL: of nobody */
  FeelValue facts;
  Day as_of;
  const DmnTrace *trace; /* once everything is computed */
} Case;

static FeelValue
bind (void *data, const DmnUnit *unit, const DmnVariable *variable, Arena *arena)
{
  const Case *c = data;
  if (strcmp (variable->name, POLICY_PARAMETERS) == 0)
    return policy_parameters_value (c->package, arena, c->as_of);
  if (strcmp (variable->name, POLICY_DATE) == 0)
    return feel_date (c->as_of);
  g_assert (strcmp (variable->name, c->provision->subject->zh) == 0);
  return c->facts;
}

/* ---- reasons ----------------------------------------------------------- */

/* Sort the paths an expression reads into facts, parameters and other decisions. */
typedef struct {
  GPtrArray *facts, *parameters, *decisions;
} Sources;

static void
add_once (GPtrArray *list, gconstpointer item)
{
  if (item && !g_ptr_array_find (list, item, NULL))
    g_ptr_array_add (list, (gpointer)item);
}

static void
add_path (const Case *c, const DmnDecision *d, const FeelPath *path, Sources *sources)
{
  size_t n_variables = d->unit->n_variables;
  if ((size_t)path->slot >= n_variables) { /* it has a reason of its own */
    add_once (sources->decisions, dmn_path_decision (d, path));
    return;
  }
  const char *variable = dmn_path_variable (d, path);
  if (strcmp (variable, POLICY_PARAMETERS) == 0 && path->n)
    add_once (sources->parameters, policy_parameter (c->package, arena_text (c->arena, path->members[0])));
  else if (c->reading && strcmp (variable, c->provision->subject->zh) == 0) {
    size_t n;
    const RegistryProvenance *const *facts = registry_reading_path (c->reading, c->arena, path, &n);
    for (size_t i = 0; i < n; i++)
      add_once (sources->facts, facts[i]);
  }
}

static void
add_expression (const Case *c, const DmnDecision *d, const FeelExpression *e, Sources *sources)
{
  size_t n;
  const FeelPath *paths = feel_expression_paths (e, &n);
  for (size_t i = 0; i < n; i++)
    add_path (c, d, &paths[i], sources);
}

static void *
keep (Arena *arena, GPtrArray *list, size_t *n)
{
  *n = list->len;
  return arena_copy (arena, list->pdata, list->len * sizeof (gpointer));
}

/* What TEST compares its input with: `>= 所需天数`, `< 参数.低保标准`.  Null where it
 * does not compare with one decision or parameter. */
static FeelValue
wanted_by (const Case *c, Text test)
{
  size_t operator_len = 0;
  while (operator_len < test.len && memchr ("<>=!", test.bytes[operator_len], 4))
    operator_len++;
  Text name = text_trim ((Text){ test.bytes + operator_len, test.len - operator_len });
  if (!operator_len)
    return feel_null ();
  for (const DmnTrace *t = c->trace; t; t = t->next)
    if (text_equal (t->decision->name, name))
      return t->value;
  if (!text_starts_with (name, POLICY_PARAMETERS "."))
    return feel_null ();
  size_t skip = strlen (POLICY_PARAMETERS ".");
  const PolicyParameter *parameter
      = policy_parameter (c->package, arena_text (c->arena, (Text){ name.bytes + skip, name.len - skip }));
  const PolicyParameterValue *value = parameter ? policy_parameter_at (parameter, c->as_of) : NULL;
  return value ? value->value : feel_null ();
}

static PolicyCondition
explain_condition (const Case *c, const DmnDecision *d, const DmnTraceCondition *trace)
{
  g_autoptr (GPtrArray) facts = g_ptr_array_new (), parameters = g_ptr_array_new (),
                        decisions = g_ptr_array_new ();
  Sources sources = { facts, parameters, decisions };
  add_expression (c, d, trace->input->expression, &sources);
  add_expression (c, d, trace->test->expression, &sources);
  PolicyCondition condition
      = { .input = trace->input, .test = trace->test, .status = trace->status, .value = trace->value };
  condition.facts = keep (c->arena, facts, &condition.n_facts);
  condition.parameters = keep (c->arena, parameters, &condition.n_parameters);
  condition.decisions = keep (c->arena, decisions, &condition.n_decisions);
  condition.wanted = wanted_by (c, trace->test->text);
  return condition;
}

static PolicyRuleTrace
explain_rule (const Case *c, const DmnDecision *d, const DmnTraceRule *trace, bool matched)
{
  size_t n_inputs = d->table->n_inputs;
  PolicyCondition *conditions = arena_new0 (c->arena, PolicyCondition, n_inputs);
  PolicyRuleTrace rule
      = { .rule = trace->rule, .status = trace->status, .matched = matched, .conditions = conditions };
  for (size_t i = 0; i < n_inputs; i++)
    if (!feel_test_is_any (trace->rule->tests[i].expression))
      conditions[rule.n_conditions++] = explain_condition (c, d, &trace->conditions[i]);
  return rule;
}

static PolicyReason
explain_decision (const Case *c, const DmnTrace *trace)
{
  g_autoptr (GPtrArray) facts = g_ptr_array_new (), parameters = g_ptr_array_new (),
                        decisions = g_ptr_array_new ();
  Sources sources = { facts, parameters, decisions };
  for (size_t i = 0; i < trace->decision->n_paths; i++)
    add_path (c, trace->decision, &trace->decision->paths[i], &sources);
  PolicyRuleTrace *rules = arena_new0 (c->arena, PolicyRuleTrace, trace->n_rules);
  for (size_t r = 0; r < trace->n_rules; r++)
    rules[r] = explain_rule (c, trace->decision, &trace->rules[r], dmn_trace_gave (trace, r));
  PolicyReason reason
      = { .decision = trace->decision, .value = trace->value, .n_rules = trace->n_rules, .rules = rules };
  reason.facts = keep (c->arena, facts, &reason.n_facts);
  reason.parameters = keep (c->arena, parameters, &reason.n_parameters);
  return reason;
}

static const PolicyReason *
explain (Case *c, const DmnTrace *trace, size_t *n)
{
  c->trace = trace;
  *n = 0;
  for (const DmnTrace *t = trace; t; t = t->next)
    ++*n;
  PolicyReason *reasons = arena_new0 (c->arena, PolicyReason, *n);
  size_t i = 0;
  for (const DmnTrace *t = trace; t; t = t->next)
    reasons[i++] = explain_decision (c, t);
  return reasons;
}

const PolicyReason *
policy_reason_of (const PolicyDetermination *d, const DmnDecision *decision)
{
  for (size_t i = 0; i < d->n_reasons; i++)
    if (d->reasons[i].decision == decision)
      return &d->reasons[i];
  return NULL;
}

/* ---- the answer -------------------------------------------------------- */

static PolicyNeed
need_of (const PolicyPackage *package, Arena *arena, const FeelNeed *need)
{
  PolicyNeed result = { .name = arena_text (arena, need->name) };
  result.is_parameter = text_starts_with (need->name, POLICY_PARAMETERS ".");
  if (result.is_parameter)
    result.parameter = policy_parameter (package, result.name + strlen (POLICY_PARAMETERS "."));
  else
    result.fact = need->host;
  return result;
}

static const PolicyNeed *
needs_of (const Case *c, FeelValue open, size_t *n)
{
  *n = open.kind == FEEL_UNKNOWN ? open.unknown->n : 0;
  PolicyNeed *needs = arena_new0 (c->arena, PolicyNeed, *n);
  for (size_t i = 0; i < *n; i++)
    needs[i] = need_of (c->package, c->arena, open.unknown->needs[i]);
  return needs;
}

static PolicyOutcome
outcome_of (FeelValue eligible)
{
  if (feel_is_true (eligible))
    return POLICY_YES;
  return feel_is_false (eligible) ? POLICY_NO : POLICY_UNDETERMINED;
}

static void
decide (Case *c, PolicyDetermination *d)
{
  DmnRun *run = dmn_run_new (c->package->model, c->arena, bind, c, DMN_TRACE);
  d->eligible = dmn_run_decision (run, c->provision->eligible);
  d->outcome = outcome_of (d->eligible);
  if (d->outcome == POLICY_YES && c->provision->amount)
    d->amount = dmn_run_decision (run, c->provision->amount);
  d->needs = needs_of (c, d->outcome == POLICY_YES ? d->amount : d->eligible, &d->n_needs);
  d->reasons = explain (c, dmn_run_trace (run), &d->n_reasons);
  d->diagnostics = dmn_run_diagnostics (run);
}

const PolicyProvision *
policy_provision (const PolicyClause *clause, const char *id)
{
  for (size_t i = 0; i < clause->n_provisions; i++)
    if (g_str_equal (clause->provisions[i].id, id))
      return &clause->provisions[i];
  return NULL;
}

/* Whether PROVISION is about subjects of ENTITY, or they may ask for another's sake. */
static bool
asked_by (const PolicyProvision *provision, const RegistryEntity *entity)
{
  return provision->subject == entity || (provision->applicant && provision->applicant->entity == entity);
}

bool
policy_clause_concerns (const PolicyClause *clause, const RegistryEntity *entity)
{
  for (size_t i = 0; i < clause->n_provisions; i++)
    if (asked_by (&clause->provisions[i], entity))
      return true;
  return false;
}

static const PolicyDetermination *
determine (const PolicyPackage *package, Arena *arena, const PolicyProvision *provision, Subject subject,
           const RegistryReading *reading, FeelValue facts, Day as_of, RegistryMoment at)
{
  PolicyDetermination *d = arena_new0 (arena, PolicyDetermination, 1);
  *d = (PolicyDetermination){ .provision = provision,
                              .subject = subject,
                              .at = at,
                              .as_of = as_of,
                              .eligible = feel_null (),
                              .amount = feel_null () };
  Case c = { .package = package,
             .arena = arena,
             .provision = provision,
             .reading = reading,
             .facts = facts,
             .as_of = as_of };
  if (as_of < provision->in_force_from || as_of > provision->in_force_to)
    d->outcome = POLICY_NOT_IN_FORCE;
  else
    decide (&c, d);
  return d;
}

/* What PROVISION may read of the subject of PERMIT. */
static const RegistryReading *
read_subject (const PolicyPackage *package, const AccessPermit *permit, Arena *arena,
              const PolicyProvision *provision, RegistryMoment at, GError **error)
{
  size_t n;
  if (registry_subject_entity (package->schema, access_permit_subject (permit)) != provision->subject) {
    g_set_error (error, FAULT, FAULT_USAGE, "clause %d (%s) is about another kind of subject",
                 provision->clause->number, provision->id);
    return NULL;
  }
  const FeelPath *paths = purpose_paths (package, arena, provision, &n);
  return access_read (permit, arena, paths, n, at, error);
}

const PolicyDetermination *
policy_determine (const PolicyPackage *package, const AccessPermit *permit, Arena *arena,
                  const PolicyProvision *provision, Day as_of, RegistryMoment at, GError **error)
{
  const RegistryReading *reading = read_subject (package, permit, arena, provision, at, error);
  return reading ? determine (package, arena, provision, access_permit_subject (permit), reading,
                              registry_reading_value (reading), as_of, at)
                 : NULL;
}

const PolicyDetermination *
policy_determine_stated (const PolicyPackage *package, const AccessPermit *permit, Arena *arena,
                         const PolicyProvision *provision, Day as_of, RegistryMoment at,
                         const PolicyStatement *stated, size_t n, GError **error)
{
  FeelValue known, facts;
  const RegistryReading *reading = NULL;
  if (permit && !(reading = read_subject (package, permit, arena, provision, at, error)))
    return NULL;
  if (reading)
    known = registry_reading_value (reading);
  return stated_facts (package, arena, provision, reading ? &known : NULL, stated, n, &facts, error)
             ? determine (package, arena, provision, permit ? access_permit_subject (permit) : 0, reading,
                          facts, as_of, at)
             : NULL;
}

/* ---- all that a clause says of a subject ------------------------------- */

/* What is read at once: of the asker, or of whom their REFERENCE leads to. */
typedef struct {
  const RegistryAttribute *reference; /* NULL: the asker */
  const AccessPermit *permit;         /* NULL: nobody has stated whom it leads to */
  const char *about;
  const RegistryReading *reading;
} Source;

typedef struct {
  const PolicyPackage *package;
  const PolicyClause *clause;
  Arena *arena;
  const RegistryEntity *entity; /* the asker's */
  RegistryMoment at;
} Asking;

static const RegistryAttribute *
reference_of (const Asking *a, const PolicyProvision *provision)
{
  return provision->subject == a->entity ? NULL : provision->applicant;
}

/* Everything that the clause's provisions about SOURCE need, in one reading. */
static bool
read_source (const Asking *a, Source *source, GError **error)
{
  g_autoptr (GArray) paths = g_array_new (FALSE, FALSE, sizeof (FeelPath));
  for (size_t i = 0; i < a->clause->n_provisions; i++) {
    const PolicyProvision *provision = &a->clause->provisions[i];
    if (!asked_by (provision, a->entity) || reference_of (a, provision) != source->reference)
      continue;
    size_t n;
    const FeelPath *more = purpose_paths (a->package, a->arena, provision, &n);
    g_array_append_vals (paths, more, (guint)n);
  }
  const FeelPath *kept = arena_copy (a->arena, paths->data, paths->len * sizeof (FeelPath));
  source->reading = access_read (source->permit, a->arena, kept, paths->len, a->at, error);
  return source->reading != NULL;
}

static Source *
find_source (const Asking *a, const AccessPermit *permit, GArray *sources, const RegistryAttribute *reference,
             GError **error)
{
  for (guint i = 0; i < sources->len; i++)
    if (g_array_index (sources, Source, i).reference == reference)
      return &g_array_index (sources, Source, i);
  Source source = { .reference = reference, .permit = permit };
  if (reference
      && !access_permit_through (permit, a->arena, reference, a->at, &source.permit, &source.about, error))
    return NULL;
  if (reference && !source.about)
    source.about = reference->zh;
  if (source.permit && !read_source (a, &source, error))
    return NULL;
  g_array_append_val (sources, source);
  return &g_array_index (sources, Source, sources->len - 1);
}

const PolicyAnswer *
policy_answers (const PolicyPackage *package, const AccessPermit *permit, Arena *arena,
                const PolicyClause *clause, Day as_of, RegistryMoment at, size_t *n, GError **error)
{
  Asking a = { package, clause, arena,
               registry_subject_entity (package->schema, access_permit_subject (permit)), at };
  g_autoptr (GArray) sources = g_array_new (FALSE, FALSE, sizeof (Source));
  PolicyAnswer *answers = arena_new0 (arena, PolicyAnswer, clause->n_provisions);
  *n = 0;
  for (size_t i = 0; i < clause->n_provisions; i++) {
    const PolicyProvision *provision = &clause->provisions[i];
    if (!asked_by (provision, a.entity))
      continue;
    const Source *source = find_source (&a, permit, sources, reference_of (&a, provision), error);
    if (!source)
      return NULL;
    if (source->permit)
      answers[(*n)++]
          = (PolicyAnswer){ determine (package, arena, provision, access_permit_subject (source->permit),
                                       source->reading, registry_reading_value (source->reading), as_of, at),
                            source->about };
  }
  return answers;
}
