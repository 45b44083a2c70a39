/* Running: decisions on demand, each once, with a trace when asked for.
 *
 * A unit that runs is an instance: the values of its variables and of its
 * decisions.  Clauses have one each.  A DMN file has one for every way it is
 * imported by, since what is asked with may differ (`B.model.name` and
 * `C.model.name`), and a fresh one for every call of a decision service, which
 * sees its parameters alone. */
#include "dmn_private.h"

/* A value is stamped with the run's stamp while it is being found, with one more
 * once it is there; any lower stamp is an earlier evaluation's. */
typedef struct {
  guint64 stamp;
  FeelValue value;
} Memory;

/* What a decision's logic starts with, and room for the names it brings. */
typedef struct {
  guint64 stamp; /* of a function's, which are bound when it is first called */
  FeelValue *values;
} Slots;

struct Instance {
  const Unit *unit;
  Arena *home;        /* where it lives, and what it imports */
  guint64 stamp;      /* when it got its inputs */
  FeelValue inputs;   /* a context; null: nothing is given (DMN files) */
  Memory *variables;  /* by index */
  Memory *decisions;  /* by index */
  Slots *slots;       /* by decision index; made when first asked */
  FeelValue *shared;  /* a clause's decisions see one scope: their slots, but for groups */
  Instance **imports; /* by index; made when first asked */
};

static DmnRun *
new_run (const DmnModel *model, Arena *arena, DmnRunFlags flags)
{
  g_assert (model->linked);
  DmnRun *run = arena_new0 (arena, DmnRun, 1);
  *run = (DmnRun){
    .model = model, .home = arena, .flags = flags, .units = arena_new0 (arena, Instance *, model->units->len)
  };
  dmn_run_reset (run, arena, NULL);
  return run;
}

DmnRun *
dmn_run_new (const DmnModel *model, Arena *arena, DmnBind bind, void *host, DmnRunFlags flags)
{
  DmnRun *run = new_run (model, arena, flags);
  run->bind = bind;
  run->host = host;
  return run;
}

DmnRun *
dmn_run_new_inputs (const DmnModel *model, Arena *arena, const DmnInputs *inputs, DmnRunFlags flags)
{
  DmnRun *run = new_run (model, arena, flags);
  dmn_run_reset (run, arena, inputs);
  return run;
}

void
dmn_run_reset (DmnRun *run, Arena *arena, const DmnInputs *inputs)
{
  run->arena = arena;
  run->stamp += 2;
  run->inputs = inputs ? inputs->values : feel_null ();
  run->feel = (FeelRun){ .arena = arena,
                         .now = inputs ? inputs->now : NULL,
                         .steps = inputs && inputs->steps > 0 ? inputs->steps : DMN_STEPS };
  run->trace = NULL;
  run->trace_end = &run->trace;
}

const char *
dmn_status_id (DmnStatus status)
{
  static const char *const ids[] = { "not_met", "met", "undecided" };
  return ids[status];
}

const DmnTrace *
dmn_run_trace (const DmnRun *run)
{
  return run->trace;
}

bool
dmn_trace_gave (const DmnTrace *trace, size_t r)
{
  if (trace->value.kind == FEEL_UNKNOWN || trace->rules[r].status != DMN_MET)
    return false;
  for (size_t before = 0; trace->table->policy == DMN_FIRST && before < r; before++)
    if (trace->rules[before].status != DMN_NOT_MET)
      return false;
  return true;
}

const FeelDiagnostic *
dmn_run_diagnostics (const DmnRun *run)
{
  return run->feel.diagnostics;
}

void
run_record (DmnRun *run, DmnTrace entry)
{
  DmnTrace *copy = arena_new0 (run->arena, DmnTrace, 1);
  *copy = entry;
  *run->trace_end = copy;
  run->trace_end = &copy->next;
}

/* The last step is FEEL's to take: it stops the evaluation and says so. */
void
run_charge (DmnRun *run, size_t n)
{
  if (run->feel.steps > 0)
    run->feel.steps = MAX (1, run->feel.steps - (gint64)n);
}

/* ---- instances --------------------------------------------------------- */

static Instance *
new_instance (DmnRun *run, Arena *home, const Unit *unit)
{
  Instance *instance = arena_new0 (home, Instance, 1);
  *instance = (Instance){ .unit = unit,
                          .home = home,
                          .variables = arena_new0 (home, Memory, unit->public.n_variables),
                          .decisions = arena_new0 (home, Memory, unit->public.n_decisions),
                          .slots = arena_new0 (home, Slots, unit->public.n_decisions),
                          .imports = arena_new0 (home, Instance *, unit->public.n_imports) };
  return instance;
}

/* INSTANCE at work in this evaluation. */
static void
give (DmnRun *run, Instance *instance, FeelValue inputs)
{
  const DmnUnit *unit = &instance->unit->public;
  run_charge (run, CALL_STEPS + 2 * (unit->n_variables + unit->n_decisions));
  instance->inputs = inputs;
  instance->stamp = run->stamp;
}

static Instance *
unit_instance (DmnRun *run, const Unit *unit)
{
  Instance **instance = &run->units[unit->index];
  if (!*instance)
    *instance = new_instance (run, run->home, unit);
  if ((*instance)->stamp != run->stamp)
    give (run, *instance, run->inputs);
  return *instance;
}

static const FeelValue *
given (FeelValue inputs, Text name)
{
  return inputs.kind == FEEL_CONTEXT ? feel_context_get (inputs.context, name) : NULL;
}

/* The same; inputs often come in the order of what asks for them, NAME being the Ith. */
static const FeelValue *
given_at (FeelValue inputs, size_t i, Text name)
{
  bool there = inputs.kind == FEEL_CONTEXT && i < inputs.context->n
               && text_equal (inputs.context->entries[i].name, name);
  return there ? &inputs.context->entries[i].value : given (inputs, name);
}

/* What is given for an import stands under its name; without that, what is
 * given beside it may serve. */
static Instance *
imported_instance (DmnRun *run, Instance *instance, int import)
{
  Instance **imported = &instance->imports[import];
  const DmnImport *from = &instance->unit->public.imports[import];
  if (!*imported)
    *imported = new_instance (run, instance->home, (const Unit *)from->unit);
  if ((*imported)->stamp != run->stamp) {
    const FeelValue *inputs = given (instance->inputs, from->name);
    give (run, *imported, inputs ? *inputs : instance->inputs);
  }
  return *imported;
}

static Instance *
target_instance (DmnRun *run, Instance *instance, const Target *target)
{
  if (target->import >= 0)
    return imported_instance (run, instance, target->import);
  return target->unit == instance->unit ? instance : unit_instance (run, target->unit);
}

static FeelValue
variable_value (DmnRun *run, Instance *instance, size_t index)
{
  Memory *memory = &instance->variables[index];
  if (memory->stamp > run->stamp)
    return memory->value;
  const DmnUnit *unit = &instance->unit->public;
  const DmnVariable *variable = &unit->variables[index];
  const FeelValue *value = run->bind ? NULL : given_at (instance->inputs, index, text_of (variable->name));
  *memory = (Memory){ run->stamp + 1, run->bind ? run->bind (run->host, unit, variable, run->arena)
                                      : value   ? *value
                                                : feel_null () };
  if (unit->is_xml)
    memory->value
        = items_conform (&run->feel, unit->variable_items[index], memory->value, text_of (variable->name));
  return memory->value;
}

/* ---- decisions --------------------------------------------------------- */

static FeelValue decision_value (DmnRun *run, Instance *instance, const Decision *d);

static FeelValue
bound_value (DmnRun *run, Instance *instance, const Binding *binding)
{
  switch (binding->from) {
  case BIND_VARIABLE:
    return variable_value (run, target_instance (run, instance, &binding->target), binding->target.variable);
  case BIND_DECISION:
    return decision_value (run, target_instance (run, instance, &binding->target), binding->target.decision);
  case BIND_GROUP: break;
  }
  FeelEntry *entries = arena_new0 (run->arena, FeelEntry, binding->n);
  for (size_t i = 0; i < binding->n; i++)
    entries[i] = (FeelEntry){ binding->members[i].name, bound_value (run, instance, &binding->members[i]) };
  return feel_context (run->arena, entries, binding->n);
}

/* The decisions of a clause see one scope, so they share its slots; but a group's
 * members differ from one to the other. */
static FeelValue **
slots_of (Instance *instance, const Decision *d)
{
  bool shares = !d->unit->public.is_xml && !d->grouped;
  FeelValue **slots = shares ? &instance->shared : &instance->slots[d->index].values;
  if (!*slots)
    *slots = arena_new0 (instance->home, FeelValue, shares ? d->unit->n_slots : d->n_slots);
  return slots;
}

/* The values that D's logic starts with. */
static FeelValue *
bind_slots (DmnRun *run, Instance *instance, const Decision *d)
{
  FeelValue *slots = *slots_of (instance, d);
  for (size_t i = 0; i < d->n_bindings; i++)
    slots[d->bindings[i].slot] = bound_value (run, instance, &d->bindings[i]);
  return slots;
}

typedef struct {
  DmnRun *run;
  Instance *instance;
  const Decision *decision;
} Callable;

static FeelValue
call_knowledge (void *data, const FeelValue *arguments, size_t n, FeelRun *feel)
{
  const Callable *callable = data;
  const Decision *d = callable->decision;
  DmnRun *run = callable->run;
  Slots *slots = &callable->instance->slots[d->index];
  if (slots->stamp != run->stamp) {
    slots->values = bind_slots (run, callable->instance, d);
    slots->stamp = run->stamp;
  }
  Boxed made = { run, d, slots->values, run->flags & DMN_TRACE };
  FeelValue value = boxed_call (made, d->public.logic, arguments);
  return items_conform (&run->feel, d->public.item, value, d->public.name);
}

/* ---- decision services ------------------------------------------------- */

static const DmnItem *
target_item (const Target *target)
{
  return target->decision ? target->decision->public.item
                          : target->unit->public.variable_items[target->variable];
}

static Text
target_name (const Target *target)
{
  return target->decision ? target->decision->variable
                          : text_of (target->unit->public.variables[target->variable].name);
}

/* A service runs in an instance of its own, in which only its parameters are
 * given (DMN 1.5, 10.4). */
static Instance *
service_instance (DmnRun *run, const Decision *d, const FeelValue *arguments)
{
  Instance *instance = new_instance (run, run->arena, d->unit);
  give (run, instance, feel_null ());
  for (size_t i = 0; i < d->service.n_parameters; i++) {
    const Target *target = &d->service.parameters[i];
    Instance *at = target_instance (run, instance, target);
    Memory *memory
        = target->decision ? &at->decisions[target->decision->index] : &at->variables[target->variable];
    bool fits;
    *memory = (Memory){ run->stamp + 1, items_coerce (&run->feel, target_item (target), arguments[i],
                                                      target_name (target), &fits) };
    if (!fits)
      return NULL;
  }
  return instance;
}

static FeelValue
call_service (void *data, const FeelValue *arguments, size_t n, FeelRun *feel)
{
  const Callable *callable = data;
  const Decision *d = callable->decision;
  DmnRun *run = callable->run;
  Instance *instance = service_instance (run, d, arguments);
  if (!instance)
    return feel_null ();
  FeelEntry *entries = arena_new0 (run->arena, FeelEntry, d->service.n_outputs);
  for (size_t i = 0; i < d->service.n_outputs; i++) {
    const Target *output = &d->service.outputs[i];
    entries[i]
        = (FeelEntry){ target_name (output),
                       decision_value (run, target_instance (run, instance, output), output->decision) };
  }
  FeelValue value = d->service.n_outputs == 1 ? entries[0].value
                                              : feel_context (run->arena, entries, d->service.n_outputs);
  return items_conform (&run->feel, d->public.item, value, d->public.name);
}

/* ---- values ------------------------------------------------------------ */

static size_t
parameter_names (Arena *arena, const Decision *d, Text **names)
{
  bool service = d->public.role == DMN_SERVICE;
  size_t n = service ? d->service.n_parameters : d->public.logic ? d->public.logic->n_names : 0;
  *names = arena_new0 (arena, Text, n);
  for (size_t i = 0; i < n; i++)
    (*names)[i] = service ? target_name (&d->service.parameters[i]) : d->public.logic->names[i].name;
  return n;
}

static FeelValue
make_callable (DmnRun *run, Instance *instance, const Decision *d)
{
  Callable *callable = arena_new0 (run->arena, Callable, 1);
  *callable = (Callable){ run, instance, d };
  Text *names;
  size_t n = parameter_names (run->arena, d, &names);
  return feel_native (run->arena, names, n, d->public.role == DMN_SERVICE ? call_service : call_knowledge,
                      callable);
}

static FeelValue
evaluate (DmnRun *run, Instance *instance, const Decision *d)
{
  const DmnDecision *public = &d->public;
  if (!public->logic)
    return feel_fail (&run->feel, NULL, "%.*s has no logic", (int)public->name.len, public->name.bytes);
  bool traced = run->flags & DMN_TRACE;
  Boxed boxed = { run, d, bind_slots (run, instance, d), traced };
  FeelValue value = boxed_evaluate (&boxed, public->logic);
  value = items_conform (&run->feel, public->item, value, public->name);
  if (traced && public->logic->kind != DMN_TABLE)
    run_record (run, (DmnTrace){ .decision = public, .value = value });
  return value;
}

static void
push (DmnRun *run, Waiting waiting)
{
  if (run->n_waiting == run->waiting_room) {
    size_t room = MAX (16, 2 * run->waiting_room);
    Waiting *stack = arena_new0 (run->home, Waiting, room);
    if (run->n_waiting)
      memcpy (stack, run->waiting, run->n_waiting * sizeof *stack);
    run->waiting = stack;
    run->waiting_room = room;
  }
  run->waiting[run->n_waiting++] = waiting;
}

/* D's value when it needs no evaluating: functions, and what is given instead. */
static void
begin (DmnRun *run, Instance *instance, const Decision *d)
{
  Memory *memory = &instance->decisions[d->index];
  const FeelValue *instead = d->unit->public.is_xml ? given (instance->inputs, d->public.name) : NULL;
  memory->stamp = run->stamp;
  if (d->public.role != DMN_DECISION)
    *memory = (Memory){ run->stamp + 1, make_callable (run, instance, d) };
  else if (instead)
    *memory
        = (Memory){ run->stamp + 1, items_conform (&run->feel, d->public.item, *instead, d->public.name) };
  else
    push (run, (Waiting){ instance, d, 0 });
}

/* Begins what the decision on top needs next; false when it has all. */
static bool
begin_needed (DmnRun *run)
{
  Waiting *top = &run->waiting[run->n_waiting - 1];
  while (top->n_begun < top->decision->n_needs) {
    const Target *need = &top->decision->needs[top->n_begun++];
    Instance *at = target_instance (run, top->instance, need);
    if (at->decisions[need->decision->index].stamp < run->stamp) {
      begin (run, at, need->decision);
      return true;
    }
  }
  return false;
}

/* A decision is evaluated when all that it needs is there: chains of whatever
 * length take no stack. */
static FeelValue
decision_value (DmnRun *run, Instance *instance, const Decision *d)
{
  Memory *memory = &instance->decisions[d->index];
  if (memory->stamp > run->stamp)
    return memory->value;
  if (memory->stamp == run->stamp)
    return feel_fail (&run->feel, NULL, "%.*s needs itself", (int)d->public.name.len, d->public.name.bytes);
  size_t below = run->n_waiting;
  begin (run, instance, d);
  while (run->n_waiting > below) {
    if (begin_needed (run))
      continue;
    Waiting ready = run->waiting[--run->n_waiting];
    ready.instance->decisions[ready.decision->index]
        = (Memory){ run->stamp + 1, evaluate (run, ready.instance, ready.decision) };
  }
  return memory->value;
}

FeelValue
dmn_run_decision (DmnRun *run, const DmnDecision *decision)
{
  const Decision *d = (const Decision *)decision;
  return decision_value (run, unit_instance (run, d->unit), d);
}

FeelValue
dmn_run_call (DmnRun *run, const DmnDecision *callable, FeelValue arguments)
{
  const Decision *d = (const Decision *)callable;
  Text *names;
  size_t n = parameter_names (run->arena, d, &names);
  FeelValue *values = arena_new0 (run->arena, FeelValue, n);
  for (size_t i = 0; i < n; i++) {
    const FeelValue *value = given (arguments, names[i]);
    values[i] = value ? *value : feel_null ();
  }
  return feel_call (dmn_run_decision (run, callable), values, n, &run->feel);
}
