/* The model: units gathered, then linked once.
 *
 * Linking goes in three passes.  Every unit gets a scope (variables, its own
 * decisions, the units it uses); every expression is compiled in it; the paths
 * the expressions read tell which decisions require which, and a depth-first
 * walk refuses cycles. */
#include "dmn_private.h"

DmnModel *
dmn_model_new (void)
{
  DmnModel *model = g_new0 (DmnModel, 1);
  model->arena = arena_new ();
  model->units = g_ptr_array_new ();
  return model;
}

void
dmn_model_free (DmnModel *model)
{
  if (!model)
    return;
  for (guint i = 0; i < model->units->len; i++) {
    Unit *unit = model->units->pdata[i];
    g_ptr_array_unref (unit->decisions);
    g_array_unref (unit->prose);
  }
  g_ptr_array_unref (model->units);
  arena_free (model->arena);
  g_free (model);
}

Unit *
dmn_model_find_unit (const DmnModel *model, const char *id)
{
  for (guint i = 0; i < model->units->len; i++) {
    Unit *unit = model->units->pdata[i];
    if (strcmp (unit->public.id, id) == 0)
      return unit;
  }
  return NULL;
}

Decision *
dmn_unit_decision (const Unit *unit, Text name)
{
  for (guint i = 0; i < unit->decisions->len; i++) {
    Decision *d = unit->decisions->pdata[i];
    if (text_equal (d->public.name, name))
      return d;
  }
  return NULL;
}

int
dmn_unit_variable (const Unit *unit, const char *name)
{
  for (size_t i = 0; i < unit->public.n_variables; i++)
    if (strcmp (unit->public.variables[i].name, name) == 0)
      return (int)i;
  return -1;
}

const DmnUnit *
dmn_model_unit (const DmnModel *model, const char *id)
{
  const Unit *unit = dmn_model_find_unit (model, id);
  return unit ? &unit->public : NULL;
}

/* A Unit begins with its DmnUnit, so pointers to one are pointers to the other. */
const DmnUnit *const *
dmn_model_units (const DmnModel *model, size_t *n)
{
  *n = model->units->len;
  return (const DmnUnit *const *)(void *)model->units->pdata;
}

const DmnDecision *
dmn_model_find (const DmnModel *model, const char *unit_id, const char *decision)
{
  const Unit *unit = dmn_model_find_unit (model, unit_id);
  const Decision *d = unit ? dmn_unit_decision (unit, text_of (decision)) : NULL;
  return d ? &d->public : NULL;
}

const char *
dmn_path_variable (const DmnDecision *decision, const FeelPath *path)
{
  g_assert (path->slot >= 0 && (size_t)path->slot < decision->unit->n_variables);
  return decision->unit->variables[path->slot].name;
}

/* ---- scopes ------------------------------------------------------------ */

static const FeelType *
function_type (Arena *arena, const Decision *d)
{
  FeelType *type = arena_new0 (arena, FeelType, 1);
  *type = (FeelType){ .kind = FEEL_TYPE_FUNCTION,
                      .element = d->public.type,
                      .n = d->public.n_parameters,
                      .members = d->public.parameters };
  return type;
}

static const FeelType *
decision_type (Arena *arena, const Decision *d)
{
  return d->public.logic == DMN_FUNCTION ? function_type (arena, d) : d->public.type;
}

/* What `条款15.名` may name: a closed context of the used unit's decisions. */
static const FeelType *
unit_type (Arena *arena, const Unit *used)
{
  FeelMember *members = arena_new0 (arena, FeelMember, used->decisions->len);
  for (guint i = 0; i < used->decisions->len; i++) {
    const Decision *d = used->decisions->pdata[i];
    members[i] = (FeelMember){ d->public.name, decision_type (arena, d) };
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
make_scope (DmnModel *model, Unit *unit, DmnFaults *faults)
{
  Arena *arena = model->arena;
  unit->scope = feel_scope_new (arena, NULL);
  for (size_t i = 0; i < unit->public.n_variables; i++)
    feel_scope_add (unit->scope, text_of (unit->public.variables[i].name), unit->public.variables[i].type);
  for (guint i = 0; i < unit->decisions->len; i++) {
    Decision *d = unit->decisions->pdata[i];
    d->index = model->n_decisions++;
    d->slot = feel_scope_add (unit->scope, d->public.name, decision_type (arena, d));
  }
  unit->first_use = feel_scope_size (unit->scope);
  for (size_t i = 0; unit->uses && unit->uses[i]; i++) {
    const Unit *used = dmn_model_find_unit (model, unit->uses[i]);
    if (!used)
      dmn_faults_add (faults, DMN_ERROR, "unknown-unit", unit->public.origin, unit->uses_line, 1,
                      "uses: there is no unit %s", unit->uses[i]);
    else if (!may_use (unit, used))
      dmn_faults_add (faults, DMN_ERROR, "unknown-unit", unit->public.origin, unit->uses_line, 1,
                      "uses: %s is about another subject, so its decisions cannot be asked here",
                      unit->uses[i]);
    feel_scope_add (unit->scope, text_of (unit->uses[i]), used ? unit_type (arena, used) : NULL);
  }
  for (guint i = 0; i < unit->decisions->len; i++) {
    Decision *d = unit->decisions->pdata[i];
    d->scope = unit->scope;
    if (d->public.logic != DMN_FUNCTION)
      continue;
    FeelScope *inner = feel_scope_new (arena, unit->scope);
    for (size_t p = 0; p < d->public.n_parameters; p++)
      feel_scope_add (inner, d->public.parameters[p].name, d->public.parameters[p].type);
    d->scope = inner;
  }
}

/* ---- compiling --------------------------------------------------------- */

typedef struct {
  DmnModel *model;
  Decision *decision;
  DmnFaults *faults;
  GPtrArray *compiled; /* every FeelExpression of the decision */
} Compiler;

static const char *
fault_code (const GError *error)
{
  static const char *const codes[] = { [FEEL_ERROR_SYNTAX] = "syntax",
                                       [FEEL_ERROR_NAME] = "unknown-name",
                                       [FEEL_ERROR_FULL_WIDTH] = "full-width",
                                       [FEEL_ERROR_CLOCK] = "clock",
                                       [FEEL_ERROR_TYPE] = "type",
                                       [FEEL_ERROR_LIMIT] = "limit" };
  return error->domain == FEEL_ERROR ? codes[error->code] : "syntax";
}

static const FeelExpression *
compiled (Compiler *c, const DmnCell *cell, const FeelExpression *e, GError **error)
{
  if (e)
    g_ptr_array_add (c->compiled, (gpointer)e);
  else {
    dmn_faults_add_error (c->faults, fault_code (*error), c->decision->unit->public.origin, cell->line,
                          *error);
    g_clear_error (error);
  }
  return e;
}

static FeelOptions
options_at (const Compiler *c, const DmnCell *cell)
{
  return (FeelOptions){
    .origin = c->decision->unit->public.origin, .line = cell->line, .column = cell->column, .strict = true
  };
}

static void
compile_cell (Compiler *c, DmnCell *cell)
{
  FeelOptions options = options_at (c, cell);
  GError *error = NULL;
  cell->expression = compiled (
      c, cell, feel_compile (c->model->arena, cell->text, c->decision->scope, &options, &error), &error);
}

static void
compile_test (Compiler *c, DmnCell *cell, const FeelType *input_type)
{
  FeelOptions options = options_at (c, cell);
  GError *error = NULL;
  cell->expression = compiled (
      c, cell,
      feel_compile_test (c->model->arena, cell->text, c->decision->scope, input_type, &options, &error),
      &error);
}

/* The 允许 row of an output is a list of values in order of priority. */
static void
compile_allowed_values (Compiler *c, DmnCell *cell)
{
  if (cell->text.len == 0 || text_equal (cell->text, text_of ("-")))
    return;
  char *list = arena_printf (c->model->arena, "[%.*s]", (int)cell->text.len, cell->text.bytes);
  DmnCell bracketed
      = { .text = text_of (list), .line = cell->line, .column = cell->column ? cell->column - 1 : 0 };
  compile_cell (c, &bracketed);
  cell->expression = bracketed.expression;
}

static FeelValue
constant_value (Arena *arena, const FeelExpression *e)
{
  FeelRun run = { .arena = arena };
  return feel_evaluate (e, &run);
}

static bool
is_constant (const FeelExpression *e)
{
  size_t n;
  feel_expression_paths (e, &n);
  return n == 0;
}

static void
check_type (Compiler *c, const DmnCell *cell, const FeelType *declared)
{
  if (!cell->expression || declared->kind == FEEL_TYPE_ANY)
    return;
  const FeelType *actual = feel_expression_type (cell->expression);
  if (actual->kind == FEEL_TYPE_ANY || actual->kind == FEEL_TYPE_NULL || actual->kind == declared->kind)
    return;
  dmn_faults_add (c->faults, DMN_ERROR, "type", c->decision->unit->public.origin, cell->line, cell->column,
                  "this is %s, but %.*s is declared %.*s", feel_type_describe (c->model->arena, actual),
                  (int)c->decision->public.name.len, c->decision->public.name.bytes,
                  (int)c->decision->public.type_name.len, c->decision->public.type_name.bytes);
}

/* A constant output that its 允许 row does not list. */
static void
check_allowed (Compiler *c, const DmnColumn *output, const DmnCell *cell)
{
  if (!output->allowed.expression || !cell->expression || !is_constant (cell->expression))
    return;
  Arena *arena = c->model->arena;
  FeelValue allowed = constant_value (arena, output->allowed.expression),
            value = constant_value (arena, cell->expression);
  for (size_t i = 0; allowed.kind == FEEL_LIST && i < allowed.list->n; i++)
    if (feel_is_true (feel_equal (arena, allowed.list->items[i], value)))
      return;
  dmn_faults_add (c->faults, DMN_ERROR, "not-allowed", c->decision->unit->public.origin, cell->line,
                  cell->column, "%s is not among the values its 允许 row lists: %.*s",
                  feel_display (arena, value), (int)output->allowed.text.len, output->allowed.text.bytes);
}

/* The policies whose answer is the output itself, not a list or a count. */
static bool
answers_single (DmnHitPolicy policy)
{
  return policy == DMN_UNIQUE || policy == DMN_ANY || policy == DMN_PRIORITY || policy == DMN_FIRST;
}

static void
compile_outputs (Compiler *c, const DmnTable *table, DmnCell *cells)
{
  for (size_t o = 0; o < table->n_outputs; o++) {
    compile_cell (c, &cells[o]);
    if (table->n_outputs == 1 && answers_single (table->policy))
      check_type (c, &cells[o], c->decision->public.type);
    check_allowed (c, &table->outputs[o], &cells[o]);
  }
}

static void
compile_table (Compiler *c, const DmnTable *table)
{
  /* The reader made these; until linking ends they are the model's to fill. */
  DmnColumn *inputs = (DmnColumn *)table->inputs, *outputs = (DmnColumn *)table->outputs;
  for (size_t i = 0; i < table->n_inputs; i++) {
    DmnCell head = { .text = inputs[i].label, .line = inputs[i].line, .column = inputs[i].column };
    compile_cell (c, &head);
    inputs[i].expression = head.expression;
    if (inputs[i].allowed.text.len)
      compile_test (c, &inputs[i].allowed, head.expression ? feel_expression_type (head.expression) : NULL);
  }
  for (size_t o = 0; o < table->n_outputs; o++) {
    outputs[o].type = table->n_outputs == 1 ? c->decision->public.type : &feel_type_any;
    compile_allowed_values (c, &outputs[o].allowed);
    if (outputs[o].standard.text.len)
      compile_cell (c, &outputs[o].standard);
  }
  for (size_t r = 0; r < table->n_rules; r++) {
    for (size_t i = 0; i < table->n_inputs; i++)
      compile_test (c, (DmnCell *)&table->rules[r].tests[i],
                    inputs[i].expression ? feel_expression_type (inputs[i].expression) : NULL);
    compile_outputs (c, table, (DmnCell *)table->rules[r].outputs);
  }
}

/* ---- requirements ------------------------------------------------------ */

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

static void
add_required (GPtrArray *required, Decision *d)
{
  if (d && !g_ptr_array_find (required, d, NULL))
    g_ptr_array_add (required, d);
}

static void
sort_path (Compiler *c, const FeelPath *path, GArray *paths, GPtrArray *required)
{
  Unit *unit = c->decision->unit;
  if ((size_t)path->slot < unit->public.n_variables)
    add_path (paths, *path);
  else if (path->slot < unit->first_use)
    add_required (required, unit->decisions->pdata[(size_t)path->slot - unit->public.n_variables]);
  else if (path->slot < feel_scope_size (unit->scope)) {
    Unit *used = dmn_model_find_unit (c->model, unit->uses[path->slot - unit->first_use]);
    if (path->n)
      add_required (required, dmn_unit_decision (used, path->members[0]));
    else
      for (guint i = 0; used && i < used->decisions->len; i++)
        add_required (required, used->decisions->pdata[i]);
  }
}

static void *
keep (Arena *arena, const void *data, size_t size)
{
  return size ? memcpy (arena_alloc (arena, size), data, size) : NULL;
}

static void
compile_decision (DmnModel *model, Decision *d, DmnFaults *faults)
{
  g_autoptr (GPtrArray) expressions = g_ptr_array_new ();
  Compiler c = { model, d, faults, expressions };
  if (d->public.table)
    compile_table (&c, d->public.table);
  else if (d->public.body.text.len) {
    compile_cell (&c, &d->public.body);
    check_type (&c, &d->public.body, d->public.type);
  }
  g_autoptr (GArray) paths = g_array_new (FALSE, FALSE, sizeof (FeelPath));
  g_autoptr (GPtrArray) required = g_ptr_array_new ();
  for (guint i = 0; i < expressions->len; i++) {
    size_t n;
    const FeelPath *read = feel_expression_paths (expressions->pdata[i], &n);
    for (size_t p = 0; p < n; p++)
      sort_path (&c, &read[p], paths, required);
  }
  d->public.n_paths = paths->len;
  d->public.paths = keep (model->arena, paths->data, paths->len * sizeof (FeelPath));
  d->public.n_requires = required->len;
  d->public.requires_ = keep (model->arena, required->pdata, required->len * sizeof (gpointer));
}

/* Depth first; meeting a decision that is still open closes a cycle. */
static void
order (Decision *d, GPtrArray *open, DmnFaults *faults)
{
  if (d->mark == MARK_DONE)
    return;
  if (d->mark == MARK_OPEN) {
    g_autoptr (GString) chain = g_string_new (NULL);
    guint from = 0;
    g_ptr_array_find (open, d, &from);
    for (guint i = from; i < open->len; i++) {
      Text name = ((Decision *)open->pdata[i])->public.name;
      g_string_append_len (chain, name.bytes, (gssize)name.len);
      g_string_append (chain, " → ");
    }
    g_string_append_len (chain, d->public.name.bytes, (gssize)d->public.name.len);
    dmn_faults_add (faults, DMN_ERROR, "cycle", d->unit->public.origin, d->public.line, 1,
                    "these decisions need each other: %s; break the circle", chain->str);
    return;
  }
  d->mark = MARK_OPEN;
  g_ptr_array_add (open, d);
  for (size_t i = 0; i < d->public.n_requires; i++)
    order ((Decision *)d->public.requires_[i], open, faults);
  g_ptr_array_set_size (open, (int)open->len - 1);
  d->mark = MARK_DONE;
}

/* Examples are checked here so that `check` sees a misspelt column. */
static void
check_example_heads (const DmnModel *model, const Decision *d, const DmnExample *x, DmnFaults *faults)
{
  const char *origin = d->unit->public.origin;
  for (size_t i = 0; i < x->n_expected; i++) {
    const DmnCell *head = &x->expected_heads[i];
    if (!dmn_unit_decision (d->unit, head->text))
      dmn_faults_add (faults, DMN_ERROR, "example-column", origin, head->line, head->column,
                      "these examples expect %.*s, which is no decision of this file", (int)head->text.len,
                      head->text.bytes);
  }
  for (size_t i = 0; i < x->n_inputs; i++) {
    const DmnCell *head = &x->input_heads[i];
    FeelOptions options = { .origin = origin, .line = head->line, .column = head->column, .strict = true };
    GError *error = NULL;
    if (feel_compile (model->arena, head->text, d->unit->scope, &options, &error))
      continue;
    dmn_faults_add_error (faults, "example-column", origin, head->line, error);
    g_error_free (error);
  }
}

static void
check_examples (const DmnModel *model, const Decision *d, DmnFaults *faults)
{
  const DmnExample *x = d->public.examples;
  for (size_t i = 0; i < d->public.n_examples; i++)
    if (i == 0 || x[i].input_heads != x[i - 1].input_heads) /* the first row of a table */
      check_example_heads (model, d, &x[i], faults);
}

bool
dmn_model_link (DmnModel *model, DmnFaults *faults)
{
  g_assert (!model->linked);
  size_t before = dmn_faults_count (faults, DMN_ERROR);
  for (guint u = 0; u < model->units->len; u++)
    make_scope (model, model->units->pdata[u], faults);
  for (guint u = 0; u < model->units->len; u++) {
    Unit *unit = model->units->pdata[u];
    for (guint i = 0; i < unit->decisions->len; i++) {
      compile_decision (model, unit->decisions->pdata[i], faults);
      check_examples (model, unit->decisions->pdata[i], faults);
    }
  }
  g_autoptr (GPtrArray) open = g_ptr_array_new ();
  for (guint u = 0; u < model->units->len; u++) {
    Unit *unit = model->units->pdata[u];
    for (guint i = 0; i < unit->decisions->len; i++)
      order (unit->decisions->pdata[i], open, faults);
  }
  model->linked = true;
  return dmn_faults_count (faults, DMN_ERROR) == before;
}

/* ---- closure ----------------------------------------------------------- */

static void
close_over (const DmnDecision *root, const Decision *d, GPtrArray *seen, GArray *paths)
{
  if (g_ptr_array_find (seen, d, NULL))
    return;
  g_ptr_array_add (seen, (gpointer)d);
  for (size_t i = 0; i < d->public.n_paths; i++) {
    FeelPath path = d->public.paths[i];
    path.slot = dmn_unit_variable (((const Decision *)root)->unit, dmn_path_variable (&d->public, &path));
    g_assert (path.slot >= 0); /* may_use saw to it */
    add_path (paths, path);
  }
  for (size_t i = 0; i < d->public.n_requires; i++)
    close_over (root, (const Decision *)d->public.requires_[i], seen, paths);
}

const FeelPath *
dmn_decision_closure (const DmnModel *model, Arena *arena, const DmnDecision *decision, size_t *n)
{
  g_assert (model->linked);
  g_autoptr (GPtrArray) seen = g_ptr_array_new ();
  g_autoptr (GArray) paths = g_array_new (FALSE, FALSE, sizeof (FeelPath));
  close_over (decision, (const Decision *)decision, seen, paths);
  *n = paths->len;
  return keep (arena, paths->data, paths->len * sizeof (FeelPath));
}
