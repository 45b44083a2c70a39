/* What the names of a decision mean.
 *
 * In a clause file all decisions share one scope: the host's variables, the
 * file's decisions, the units it uses; what a decision requires is what its
 * expressions read.  In a DMN file a decision's scope is made of what it states
 * as required.  Either way the outcome is a list of bindings, slot by slot, and
 * running knows no difference. */
#include "dmn_private.h"

static const FeelType *
function_type (Arena *arena, const Decision *d)
{
  const DmnExpression *logic = d->public.logic;
  FeelMember *members = arena_new0 (arena, FeelMember, logic->n_names);
  for (size_t i = 0; i < logic->n_names; i++)
    members[i] = (FeelMember){ logic->names[i].name, logic->names[i].type };
  FeelType *type = arena_new0 (arena, FeelType, 1);
  *type = (FeelType){
    .kind = FEEL_TYPE_FUNCTION, .element = d->public.type, .n = logic->n_names, .members = members
  };
  return type;
}

static const char *
target_name (const Target *target, const FeelType **type, Arena *arena)
{
  if (target->decision) {
    *type = bindings_decision_type (arena, target->decision);
    return arena_text (arena, target->decision->variable);
  }
  *type = target->unit->public.variables[target->variable].type;
  return target->unit->public.variables[target->variable].name;
}

static const FeelType *
service_type (Arena *arena, const Decision *d)
{
  FeelMember *members = arena_new0 (arena, FeelMember, d->service.n_parameters);
  for (size_t i = 0; i < d->service.n_parameters; i++)
    members[i].name = text_of (target_name (&d->service.parameters[i], &members[i].type, arena));
  FeelType *type = arena_new0 (arena, FeelType, 1);
  *type = (FeelType){
    .kind = FEEL_TYPE_FUNCTION, .element = d->public.type, .n = d->service.n_parameters, .members = members
  };
  return type;
}

const FeelType *
bindings_decision_type (Arena *arena, const Decision *d)
{
  switch (d->public.role) {
  case DMN_DECISION: return d->public.type;
  case DMN_KNOWLEDGE: return d->public.logic ? function_type (arena, d) : &feel_type_any;
  case DMN_SERVICE: return service_type (arena, d);
  }
  g_assert_not_reached ();
}

/* ---- clauses ----------------------------------------------------------- */

/* What `条款15.名` may name: a closed context of the used unit's decisions. */
static const FeelType *
unit_type (Arena *arena, const Unit *used)
{
  FeelMember *members = arena_new0 (arena, FeelMember, used->decisions->len);
  for (guint i = 0; i < used->decisions->len; i++) {
    const Decision *d = used->decisions->pdata[i];
    members[i] = (FeelMember){ d->public.name, bindings_decision_type (arena, d) };
  }
  FeelType *type = arena_new0 (arena, FeelType, 1);
  *type = (FeelType){ .kind = FEEL_TYPE_CONTEXT,
                      .n = used->decisions->len,
                      .members = members,
                      .closed = true,
                      .name = text_of (used->public.id) };
  return type;
}

/* A used unit must not ask for variables that the using unit does not bind. */
static bool
may_use (const Unit *unit, const Unit *used)
{
  for (size_t i = 0; i < used->public.n_variables; i++)
    if (dmn_unit_variable (unit, used->public.variables[i].name) < 0)
      return false;
  return true;
}

static void
add_used (DmnModel *model, Unit *unit, const char *id, DmnFaults *faults)
{
  const Unit *used = dmn_model_find_unit (model, id);
  if (!used || used->public.is_xml)
    dmn_faults_add (faults, DMN_ERROR, "unknown-unit", unit->public.origin, unit->uses_line, 1,
                    "uses: there is no unit %s", id);
  else if (!may_use (unit, used))
    dmn_faults_add (faults, DMN_ERROR, "unknown-unit", unit->public.origin, unit->uses_line, 1,
                    "uses: %s is about another subject, so its decisions cannot be asked here", id);
  feel_scope_add (unit->scope, text_of (id), used ? unit_type (model->arena, used) : NULL);
}

void
bindings_make_scope (DmnModel *model, Unit *unit, DmnFaults *faults)
{
  unit->scope = feel_scope_new (model->arena, NULL);
  for (size_t i = 0; i < unit->public.n_variables; i++)
    feel_scope_add (unit->scope, text_of (unit->public.variables[i].name), unit->public.variables[i].type);
  for (guint i = 0; i < unit->decisions->len; i++) {
    Decision *d = unit->decisions->pdata[i];
    d->slot = feel_scope_add (unit->scope, d->public.name, bindings_decision_type (model->arena, d));
  }
  unit->first_use = feel_scope_size (unit->scope);
  for (size_t i = 0; unit->uses && unit->uses[i]; i++)
    add_used (model, unit, unit->uses[i], faults);
  for (guint i = 0; i < unit->decisions->len; i++)
    ((Decision *)unit->decisions->pdata[i])->scope = unit->scope;
}

/* ---- references of DMN files ------------------------------------------- */

static bool
find_in (const Unit *unit, Text id, Target *target)
{
  const Target *found = g_hash_table_lookup (unit->by_id, &id);
  if (found)
    *target = *found;
  return found != NULL;
}

/* "#id", "namespace#id", or a bare id. */
static bool
resolve (const DmnModel *model, Unit *unit, const Requirement *requirement, Target *target, DmnFaults *faults)
{
  Text href = requirement->href;
  ptrdiff_t hash = text_find (href, "#", 0);
  Text namespace = { href.bytes, hash > 0 ? (size_t)hash : 0 };
  Text id = { href.bytes + hash + 1, href.len - (size_t)(hash + 1) };
  if (namespace.len == 0 || text_equal (namespace, text_of (unit->public.id))) {
    if (find_in (unit, id, target))
      return true;
  } else
    for (guint i = 0; i < unit->imports->len; i++) {
      const DmnImport *import = &g_array_index (unit->imports, DmnImport, i);
      if (import->unit && text_equal (import->namespace_, namespace)
          && find_in ((Unit *)import->unit, id, target)) {
        target->import = (int)i;
        return true;
      }
    }
  dmn_faults_add (faults, DMN_ERROR, "missing-reference", unit->public.origin, requirement->line, 0,
                  "%.*s leads to no decision, input data or knowledge of this file or its imports",
                  (int)href.len, href.bytes);
  return false;
}

static void
resolve_all (const DmnModel *model, Unit *unit, const GArray *requirements, GArray *targets,
             DmnFaults *faults)
{
  for (guint i = 0; i < requirements->len; i++) {
    Target target;
    if (resolve (model, unit, &g_array_index (requirements, Requirement, i), &target, faults))
      g_array_append_val (targets, target);
  }
}

static const Target *
take_targets (DmnModel *model, GArray *targets, size_t *n)
{
  *n = targets->len;
  const Target *copy = dmn_keep (model->arena, targets->data, targets->len * sizeof (Target));
  g_array_set_size (targets, 0);
  return copy;
}

static void
resolve_service (DmnModel *model, Decision *d, GArray *targets, DmnFaults *faults)
{
  resolve_all (model, d->unit, d->service.input_data, targets, faults);
  resolve_all (model, d->unit, d->service.input_decisions, targets, faults);
  d->service.parameters = take_targets (model, targets, &d->service.n_parameters);
  resolve_all (model, d->unit, d->service.output_decisions, targets, faults);
  for (guint i = targets->len; i-- > 0;)
    if (!g_array_index (targets, Target, i).decision)
      g_array_remove_index (targets, i);
  d->service.outputs = take_targets (model, targets, &d->service.n_outputs);
}

static void
set_required (DmnModel *model, Decision *d, const Target *targets, size_t n)
{
  const Decision **required = arena_new0 (model->arena, const Decision *, n);
  size_t count = 0;
  for (size_t i = 0; i < n; i++)
    if (targets[i].decision)
      required[count++] = targets[i].decision;
  d->public.n_requires = count;
  d->public.requires_ = (const DmnDecision *const *)(void *)required;
}

void
bindings_resolve (DmnModel *model, Decision *d, DmnFaults *faults)
{
  g_autoptr (GArray) targets = g_array_new (FALSE, TRUE, sizeof (Target));
  if (d->public.role == DMN_SERVICE) {
    resolve_service (model, d, targets, faults);
    set_required (model, d, d->service.outputs, d->service.n_outputs);
    return;
  }
  resolve_all (model, d->unit, d->requirements, targets, faults);
  d->targets = take_targets (model, targets, &d->n_targets);
  set_required (model, d, d->targets, d->n_targets);
}

/* ---- a decision's own scope -------------------------------------------- */

static Binding
binding_of (Arena *arena, const Target *target, const FeelType **type)
{
  return (Binding){ .from = target->decision ? BIND_DECISION : BIND_VARIABLE,
                    .slot = -1,
                    .name = text_of (target_name (target, type, arena)),
                    .target = *target };
}

/* What is required of the import: its elements as one context under its name. */
static void
add_import (DmnModel *model, Decision *d, int import, FeelScope *scope, GArray *bindings)
{
  Arena *arena = model->arena;
  const DmnImport *from = &g_array_index (d->unit->imports, DmnImport, (guint)import);
  Binding *members = arena_new0 (arena, Binding, d->n_targets);
  FeelMember *types = arena_new0 (arena, FeelMember, d->n_targets);
  size_t n = 0;
  for (size_t i = 0; i < d->n_targets; i++)
    if (d->targets[i].import == import) {
      members[n] = binding_of (arena, &d->targets[i], &types[n].type);
      types[n].name = members[n].name;
      n++;
    }
  if (n == 0)
    return;
  FeelType *type = arena_new0 (arena, FeelType, 1);
  *type = (FeelType){ .kind = FEEL_TYPE_CONTEXT, .n = n, .members = types, .name = from->name };
  Binding group = { .from = BIND_GROUP,
                    .slot = feel_scope_add (scope, from->name, type),
                    .name = from->name,
                    .n = n,
                    .members = members };
  g_array_append_val (bindings, group);
}

static void
add_own (DmnModel *model, const Target *target, FeelScope *scope, GArray *bindings)
{
  const FeelType *type;
  Binding binding = binding_of (model->arena, target, &type);
  binding.slot = feel_scope_add (scope, binding.name, type);
  g_array_append_val (bindings, binding);
}

/* An import without a name gives its elements theirs alone (DMN 1.5, 6.3.3). */
static bool
is_prefixed (const Unit *unit, int import)
{
  return import >= 0 && g_array_index (unit->imports, DmnImport, (guint)import).name.len > 0;
}

/* ---- what a binding needs ---------------------------------------------- */

static void
add_needs (const Decision *d, const Binding *binding, GArray *needs)
{
  if (binding->from == BIND_DECISION && binding->target.decision != d)
    g_array_append_val (needs, binding->target);
  for (size_t i = 0; i < binding->n; i++)
    add_needs (d, &binding->members[i], needs);
}

static void
set_bindings (DmnModel *model, Decision *d, const GArray *bindings)
{
  d->n_bindings = bindings->len;
  d->bindings = dmn_keep (model->arena, bindings->data, bindings->len * sizeof (Binding));
  g_autoptr (GArray) needs = g_array_new (FALSE, FALSE, sizeof (Target));
  for (size_t i = 0; i < d->n_bindings; i++) {
    add_needs (d, &d->bindings[i], needs);
    d->grouped |= d->bindings[i].from == BIND_GROUP;
  }
  d->needs = take_targets (model, needs, &d->n_needs);
}

void
bindings_make_own_scope (DmnModel *model, Decision *d)
{
  FeelScope *scope = feel_scope_new (model->arena, d->unit->scope);
  g_autoptr (GArray) bindings = g_array_new (FALSE, TRUE, sizeof (Binding));
  Target self = { .unit = d->unit, .import = -1, .decision = d };
  if (d->public.role == DMN_KNOWLEDGE)
    add_own (model, &self, scope, bindings); /* a function may call itself */
  for (size_t i = 0; i < d->n_targets; i++)
    if (!is_prefixed (d->unit, d->targets[i].import))
      add_own (model, &d->targets[i], scope, bindings);
  for (guint i = 0; i < d->unit->imports->len; i++)
    if (is_prefixed (d->unit, (int)i))
      add_import (model, d, (int)i, scope, bindings);
  d->scope = scope;
  d->n_slots = feel_scope_size (scope);
  set_bindings (model, d, bindings);
}

/* ---- what is read ------------------------------------------------------ */

static bool
same_path (const FeelPath *a, const FeelPath *b)
{
  if (a->slot != b->slot || a->n != b->n)
    return false;
  for (size_t i = 0; i < a->n; i++)
    if (!text_equal (a->members[i], b->members[i]))
      return false;
  return true;
}

static void
add_path (GArray *paths, FeelPath path)
{
  for (guint i = 0; i < paths->len; i++)
    if (same_path (&g_array_index (paths, FeelPath, i), &path))
      return;
  g_array_append_val (paths, path);
}

typedef struct {
  DmnModel *model;
  Decision *decision;
  GArray *paths;       /* FeelPath */
  GPtrArray *required; /* Decision * */
  GArray *bindings;    /* Binding: of a clause */
} Gatherer;

static void
require (Gatherer *g, Decision *d)
{
  if (d && !g_ptr_array_find (g->required, d, NULL))
    g_ptr_array_add (g->required, d);
}

static Binding *
bound (Gatherer *g, int slot)
{
  for (guint i = 0; i < g->bindings->len; i++) {
    Binding *binding = &g_array_index (g->bindings, Binding, i);
    if (binding->slot == slot)
      return binding;
  }
  return NULL;
}

static void
bind (Gatherer *g, Binding binding)
{
  if (!bound (g, binding.slot))
    g_array_append_val (g->bindings, binding);
}

/* One more decision of the used unit whose group stands at SLOT. */
static void
bind_member (Gatherer *g, int slot, Unit *used, Decision *d)
{
  if (!d)
    return;
  require (g, d);
  bind (g, (Binding){ .from = BIND_GROUP, .slot = slot, .name = text_of (used->public.id) });
  Binding *group = bound (g, slot);
  for (size_t i = 0; i < group->n; i++)
    if (group->members[i].target.decision == d)
      return;
  Binding *members = arena_new0 (g->model->arena, Binding, group->n + 1);
  if (group->n)
    memcpy (members, group->members, group->n * sizeof *members);
  members[group->n++] = (Binding){ .from = BIND_DECISION,
                                   .slot = -1,
                                   .name = d->public.name,
                                   .target = { .unit = used, .import = -1, .decision = d } };
  group->members = members;
}

static void
sort_clause_path (Gatherer *g, const FeelPath *path)
{
  Unit *unit = g->decision->unit;
  size_t slot = (size_t)path->slot;
  if (slot < unit->public.n_variables) {
    add_path (g->paths, *path);
    bind (g, (Binding){ .from = BIND_VARIABLE,
                        .slot = path->slot,
                        .target = { .unit = unit, .import = -1, .variable = slot } });
  } else if (path->slot < unit->first_use) {
    Decision *d = unit->decisions->pdata[slot - unit->public.n_variables];
    require (g, d);
    bind (g, (Binding){ .from = BIND_DECISION,
                        .slot = path->slot,
                        .target = { .unit = unit, .import = -1, .decision = d } });
  } else if (path->slot < feel_scope_size (unit->scope)) {
    Unit *used = dmn_model_find_unit (g->model, unit->uses[path->slot - unit->first_use]);
    if (path->n)
      bind_member (g, path->slot, used, used ? dmn_unit_decision (used, path->members[0]) : NULL);
    else
      for (guint i = 0; used && i < used->decisions->len; i++)
        bind_member (g, path->slot, used, used->decisions->pdata[i]);
  }
}

/* Of a DMN file: a path counts when it starts at an input data of the same file. */
static void
sort_path (Gatherer *g, const FeelPath *path)
{
  const Decision *d = g->decision;
  for (size_t i = 0; i < d->n_bindings; i++) {
    const Binding *binding = &d->bindings[i];
    if (binding->slot == path->slot && binding->from == BIND_VARIABLE && binding->target.import < 0)
      add_path (g->paths, (FeelPath){ (int)binding->target.variable, path->n, path->members });
  }
}

void
bindings_gather (DmnModel *model, Decision *d, const GPtrArray *expressions)
{
  g_autoptr (GArray) paths = g_array_new (FALSE, FALSE, sizeof (FeelPath));
  g_autoptr (GArray) bindings = g_array_new (FALSE, FALSE, sizeof (Binding));
  g_autoptr (GPtrArray) required = g_ptr_array_new ();
  Gatherer g = { model, d, paths, required, bindings };
  for (guint i = 0; i < expressions->len; i++) {
    size_t n;
    const FeelPath *read = feel_expression_paths (expressions->pdata[i], &n);
    for (size_t p = 0; p < n; p++)
      (d->unit->public.is_xml ? sort_path : sort_clause_path) (&g, &read[p]);
  }
  d->n_expressions = expressions->len;
  d->expressions = dmn_keep (model->arena, expressions->pdata, expressions->len * sizeof (gpointer));
  d->public.n_paths = paths->len;
  d->public.paths = dmn_keep (model->arena, paths->data, paths->len * sizeof (FeelPath));
  if (d->unit->public.is_xml)
    return; /* its requirements and bindings are stated */
  set_bindings (model, d, bindings);
  d->public.n_requires = required->len;
  d->public.requires_ = dmn_keep (model->arena, required->pdata, required->len * sizeof (gpointer));
}

const DmnDecision *
dmn_path_decision (const DmnDecision *reader, const FeelPath *path)
{
  const Decision *d = (const Decision *)reader, *found = NULL;
  for (size_t i = 0; i < d->n_bindings; i++) {
    const Binding *binding = &d->bindings[i];
    if (binding->slot != path->slot)
      continue;
    if (binding->from == BIND_DECISION)
      found = binding->target.decision;
    for (size_t m = 0; binding->from == BIND_GROUP && path->n && m < binding->n; m++)
      if (text_equal (binding->members[m].name, path->members[0]))
        found = binding->members[m].target.decision;
  }
  return found ? &found->public : NULL;
}
