/* Running: decisions on demand, each once, with a trace when asked for. */
#include "dmn_private.h"

typedef struct {
  FeelValue *slots; /* one per name of the unit's scope; NULL until touched */
} UnitMemory;

typedef struct {
  bool done;
  FeelValue value;
} DecisionMemory;

struct DmnRun {
  const DmnModel *model;
  Arena *arena;
  DmnBind bind;
  void *host;
  DmnRunFlags flags;
  UnitMemory *units;         /* by unit index */
  DecisionMemory *decisions; /* by decision index */
  FeelRun feel;              /* slots are set per decision */
  DmnTrace *trace, **trace_end;
};

DmnRun *
dmn_run_new (const DmnModel *model, Arena *arena, DmnBind bind, void *host, DmnRunFlags flags)
{
  g_assert (model->linked);
  DmnRun *run = arena_new0 (arena, DmnRun, 1);
  *run = (DmnRun){ .model = model,
                   .arena = arena,
                   .bind = bind,
                   .host = host,
                   .flags = flags,
                   .units = arena_new0 (arena, UnitMemory, model->units->len),
                   .decisions = arena_new0 (arena, DecisionMemory, model->n_decisions),
                   .feel = { .arena = arena } };
  run->trace_end = &run->trace;
  return run;
}

const DmnTrace *
dmn_run_trace (const DmnRun *run)
{
  return run->trace;
}

const FeelDiagnostic *
dmn_run_diagnostics (const DmnRun *run)
{
  return run->feel.diagnostics;
}

static FeelValue *
unit_slots (DmnRun *run, const Unit *unit)
{
  UnitMemory *memory = &run->units[unit->index];
  if (memory->slots)
    return memory->slots;
  memory->slots = arena_new0 (run->arena, FeelValue, feel_scope_size (unit->scope));
  for (size_t i = 0; i < unit->public.n_variables; i++)
    memory->slots[i] = run->bind (run->host, &unit->public, &unit->public.variables[i], run->arena);
  return memory->slots;
}

/* ---- tables ------------------------------------------------------------ */

static DmnStatus
status_of (FeelValue met)
{
  return feel_is_true (met) ? DMN_MET : met.kind == FEEL_UNKNOWN ? DMN_UNDECIDED : DMN_NOT_MET;
}

/* A rule is the Kleene conjunction of its conditions.  Without a trace the
 * first failed one ends it. */
static RuleStatus
match_rule (DmnRun *run, const DmnTable *table, const DmnRule *rule, const FeelValue *inputs,
            DmnTraceCondition *conditions)
{
  RuleStatus rule_status = { DMN_MET, feel_null () };
  for (size_t i = 0; i < table->n_inputs; i++) {
    const FeelExpression *test = rule->tests[i].expression;
    FeelValue met
        = feel_test_is_any (test) ? feel_boolean (true) : feel_evaluate_test (test, inputs[i], &run->feel);
    DmnStatus status = status_of (met);
    if (conditions)
      conditions[i] = (DmnTraceCondition){ &table->inputs[i], &rule->tests[i], status, inputs[i] };
    if (status == DMN_NOT_MET)
      rule_status.status = DMN_NOT_MET;
    else if (status == DMN_UNDECIDED && rule_status.status != DMN_NOT_MET) {
      rule_status.status = DMN_UNDECIDED;
      rule_status.doubt = feel_unknown_merge (run->arena, rule_status.doubt, met);
    }
    if (rule_status.status == DMN_NOT_MET && !conditions)
      break;
  }
  return rule_status;
}

/* An input outside its 允许 row is an error in the data: the answer is null. */
static bool
inputs_allowed (DmnRun *run, const DmnTable *table, const FeelValue *inputs)
{
  for (size_t i = 0; i < table->n_inputs; i++)
    if (table->inputs[i].allowed.expression && inputs[i].kind != FEEL_NULL
        && feel_is_false (feel_evaluate_test (table->inputs[i].allowed.expression, inputs[i], &run->feel))) {
      feel_fail (&run->feel, table->inputs[i].expression, "%s is not among the allowed values",
                 feel_display (run->arena, inputs[i]));
      return false;
    }
  return true;
}

static FeelValue
run_table (DmnRun *run, const DmnTable *table, DmnTraceRule *trace)
{
  FeelValue *inputs = arena_new0 (run->arena, FeelValue, table->n_inputs);
  for (size_t i = 0; i < table->n_inputs; i++)
    inputs[i] = feel_evaluate (table->inputs[i].expression, &run->feel);
  if (!inputs_allowed (run, table, inputs))
    return feel_null ();
  RuleStatus *rules = arena_new0 (run->arena, RuleStatus, table->n_rules);
  for (size_t r = 0; r < table->n_rules; r++) {
    DmnTraceCondition *conditions
        = trace ? arena_new0 (run->arena, DmnTraceCondition, table->n_inputs) : NULL;
    rules[r] = match_rule (run, table, &table->rules[r], inputs, conditions);
    if (trace)
      trace[r] = (DmnTraceRule){ &table->rules[r], rules[r].status, conditions };
  }
  FeelValue answer = dmn_table_answer (table, rules, &run->feel);
  return answer.kind == FEEL_UNKNOWN ? dmn_table_sharpen (table, inputs, answer, &run->feel) : answer;
}

/* ---- decisions --------------------------------------------------------- */

static FeelValue
run_logic (DmnRun *run, const Decision *d, DmnTraceRule *trace)
{
  return d->public.table ? run_table (run, d->public.table, trace)
                         : feel_evaluate (d->public.body.expression, &run->feel);
}

typedef struct {
  DmnRun *run;
  const Decision *decision;
} FunctionHost;

/* A call of a function decision: its parameters stand behind the unit's slots. */
static FeelValue
call_function (void *data, const FeelValue *arguments, size_t n, FeelRun *caller)
{
  const FunctionHost *host = data;
  const Decision *d = host->decision;
  DmnRun *run = host->run;
  size_t outer = (size_t)feel_scope_size (d->unit->scope);
  FeelValue *slots = arena_new0 (run->arena, FeelValue, feel_scope_size (d->scope));
  memcpy (slots, unit_slots (run, d->unit), outer * sizeof *slots);
  if (n)
    memcpy (slots + outer, arguments, n * sizeof *slots);
  const FeelValue *before = run->feel.slots;
  run->feel.slots = slots;
  FeelValue value = run_logic (run, d, NULL);
  run->feel.slots = before;
  return value;
}

static FeelValue
make_function (DmnRun *run, const Decision *d)
{
  FunctionHost *host = arena_new0 (run->arena, FunctionHost, 1);
  *host = (FunctionHost){ run, d };
  Text *names = arena_new0 (run->arena, Text, d->public.n_parameters);
  for (size_t i = 0; i < d->public.n_parameters; i++)
    names[i] = d->public.parameters[i].name;
  return feel_native (run->arena, names, d->public.n_parameters, call_function, host);
}

/* Put the values of what D requires where its expressions look for them. */
static void
bind_required (DmnRun *run, const Decision *d, FeelValue *slots)
{
  const Unit *unit = d->unit;
  for (size_t i = 0; i < d->public.n_requires; i++) {
    const Decision *required = (const Decision *)d->public.requires_[i];
    FeelValue value = dmn_run_decision (run, &required->public);
    if (required->unit == unit)
      slots[required->slot] = value;
  }
  for (size_t u = 0; unit->uses && unit->uses[u]; u++) {
    FeelEntry *entries = arena_new0 (run->arena, FeelEntry, d->public.n_requires);
    size_t n = 0;
    for (size_t i = 0; i < d->public.n_requires; i++) {
      const Decision *required = (const Decision *)d->public.requires_[i];
      if (strcmp (required->unit->public.id, unit->uses[u]) == 0)
        entries[n++] = (FeelEntry){ required->public.name, run->decisions[required->index].value };
    }
    slots[unit->first_use + (int)u] = feel_context (run->arena, entries, n);
  }
}

static void
record (DmnRun *run, const Decision *d, FeelValue value, const DmnTraceRule *rules)
{
  DmnTrace *entry = arena_new0 (run->arena, DmnTrace, 1);
  *entry = (DmnTrace){
    .decision = &d->public, .value = value, .n_rules = rules ? d->public.table->n_rules : 0, .rules = rules
  };
  *run->trace_end = entry;
  run->trace_end = &entry->next;
}

FeelValue
dmn_run_decision (DmnRun *run, const DmnDecision *decision)
{
  const Decision *d = (const Decision *)decision;
  DecisionMemory *memory = &run->decisions[d->index];
  if (memory->done)
    return memory->value;
  FeelValue *slots = unit_slots (run, d->unit);
  bind_required (run, d, slots);
  const FeelValue *before = run->feel.slots;
  run->feel.slots = slots;
  FeelValue value;
  if (decision->logic == DMN_FUNCTION)
    value = make_function (run, d);
  else {
    bool traced = run->flags & DMN_TRACE;
    DmnTraceRule *rules
        = traced && decision->table ? arena_new0 (run->arena, DmnTraceRule, decision->table->n_rules) : NULL;
    value = run_logic (run, d, rules);
    if (traced)
      record (run, d, value, rules);
  }
  run->feel.slots = before;
  *memory = (DecisionMemory){ true, value };
  return value;
}
