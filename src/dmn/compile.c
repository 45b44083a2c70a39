/* Compiling: every expression of a decision, each in its scope.
 *
 * A boxed expression brings names of its own: they stand in child scopes, whose
 * slots follow their parent's, so that one flat array of values serves a whole
 * evaluation.  Invocation, conditional, filter and the iterations mean what
 * FEEL's own mean, so they are compiled *as* FEEL over names for their parts'
 * values; a body that is evaluated more than once is a function:
 *
 *     <for iteratorVariable="x"> in: [1, 2]; return: a decision table
 *       for x in _part_0_ return _part_1_(x, partial)
 */
#include "dmn_private.h"

typedef struct {
  DmnModel *model;
  Decision *decision;
  DmnFaults *faults;
  GPtrArray *compiled;    /* every FeelExpression of the decision */
  const FeelScope *scope; /* where the next one is compiled */
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

void
compile_failed (DmnCell *cell, Arena *arena, const char *origin, GError *error, DmnFaults *faults)
{
  dmn_faults_add_error (faults, fault_code (error), origin, cell->line, error);
  cell->fault = arena_text (arena, text_of (error->message));
  g_error_free (error);
}

static void
compiled (Compiler *c, DmnCell *cell, const FeelExpression *e, GError *error)
{
  cell->expression = e;
  if (e)
    g_ptr_array_add (c->compiled, (gpointer)e);
  else
    compile_failed (cell, c->model->arena, c->decision->unit->public.origin, error, c->faults);
}

/* Clauses are held to the strict dialect; DMN files are the standard's. */
static FeelOptions
options_at (const Compiler *c, const DmnCell *cell)
{
  const Unit *unit = c->decision->unit;
  return (FeelOptions){
    .origin = unit->public.origin, .line = cell->line, .column = cell->column, .strict = !unit->public.is_xml
  };
}

static void
compile_cell (Compiler *c, DmnCell *cell)
{
  FeelOptions options = options_at (c, cell);
  GError *error = NULL;
  if (cell->fault)
    return;
  const FeelExpression *e = feel_compile (c->model->arena, cell->text, c->scope, &options, &error);
  compiled (c, cell, e, error);
}

static void
compile_test (Compiler *c, DmnCell *cell, const FeelType *input_type)
{
  FeelOptions options = options_at (c, cell);
  GError *error = NULL;
  Text text = cell->text.len                     ? cell->text
              : c->decision->unit->public.is_xml ? TEXT_LITERAL ("-")
                                                 : cell->text;
  const FeelExpression *e = feel_compile_test (c->model->arena, text, c->scope, input_type, &options, &error);
  compiled (c, cell, e, error);
}

static bool
is_blank (const DmnCell *cell)
{
  return cell->text.len == 0 || text_equal (cell->text, TEXT_LITERAL ("-"));
}

static DmnCell
bracketed (Compiler *c, const DmnCell *cell)
{
  char *list = arena_printf (c->model->arena, "[%.*s]", (int)cell->text.len, cell->text.bytes);
  return (
      DmnCell){ .text = text_of (list), .line = cell->line, .column = cell->column ? cell->column - 1 : 0 };
}

/* The 允许 row of an output is a list of values in order of priority. */
static void
compile_allowed_values (Compiler *c, DmnCell *cell)
{
  if (is_blank (cell))
    return;
  DmnCell list = bracketed (c, cell);
  compile_cell (c, &list);
  cell->expression = list.expression;
}

/* A DMN file's output values are unary tests; where they are values, their order
 * is the priority.  Without them those of the output's type count (DMN 1.5, 8.3.2). */
static void
compile_output_values (Compiler *c, DmnColumn *output)
{
  if (is_blank (&output->allowed) && output->item)
    output->allowed = output->item->allowed;
  if (is_blank (&output->allowed))
    return;
  compile_test (c, &output->allowed, output->item ? output->item->type : NULL);
  output->allowed_test = output->allowed.expression;
  DmnCell list = bracketed (c, &output->allowed);
  output->allowed.expression = feel_compile (c->model->arena, list.text, c->scope, NULL, NULL);
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
  bool clause = !c->decision->unit->public.is_xml;
  for (size_t o = 0; o < table->n_outputs; o++) {
    if (clause || cells[o].text.len)
      compile_cell (c, &cells[o]);
    if (clause && table->n_outputs == 1 && answers_single (table->policy))
      check_type (c, &cells[o], c->decision->public.type);
    if (clause)
      check_allowed (c, &table->outputs[o], &cells[o]);
  }
}

static const FeelType *
compile_input (Compiler *c, DmnColumn *input)
{
  DmnCell head = { .text = input->label, .line = input->line, .column = input->column };
  compile_cell (c, &head);
  input->expression = head.expression;
  input->fault = head.fault;
  const FeelType *type = input->item       ? input->item->type
                         : head.expression ? feel_expression_type (head.expression)
                                           : NULL;
  if (c->decision->unit->public.is_xml ? !is_blank (&input->allowed) : input->allowed.text.len > 0)
    compile_test (c, &input->allowed, type);
  input->type = type;
  return type;
}

static void
compile_output (Compiler *c, const DmnTable *table, DmnColumn *output)
{
  output->type = output->item                                                 ? output->item->type
                 : !c->decision->unit->public.is_xml && table->n_outputs == 1 ? c->decision->public.type
                                                                              : &feel_type_any;
  if (c->decision->unit->public.is_xml)
    compile_output_values (c, output);
  else
    compile_allowed_values (c, &output->allowed);
  if (output->standard.text.len)
    compile_cell (c, &output->standard);
}

static FeelType *
new_type (Compiler *c, FeelType type)
{
  FeelType *made = arena_new0 (c->model->arena, FeelType, 1);
  *made = type;
  return made;
}

static const FeelType *
list_type (Compiler *c, const FeelType *element)
{
  return new_type (c, (FeelType){ .kind = FEEL_TYPE_LIST, .element = element });
}

static const FeelType *
table_type (Compiler *c, const DmnTable *table)
{
  if (table->policy >= DMN_SUM)
    return &feel_type_any;
  const FeelType *row = table->outputs[0].type;
  if (table->n_outputs > 1) {
    FeelMember *members = arena_new0 (c->model->arena, FeelMember, table->n_outputs);
    for (size_t o = 0; o < table->n_outputs; o++)
      members[o] = (FeelMember){ table->outputs[o].label, table->outputs[o].type };
    row = new_type (c, (FeelType){ .kind = FEEL_TYPE_CONTEXT, .n = table->n_outputs, .members = members });
  }
  return answers_single (table->policy) ? row : list_type (c, row);
}

static const FeelType *
compile_table (Compiler *c, const DmnTable *table)
{
  /* The reader made these; until linking ends they are the model's to fill. */
  DmnColumn *inputs = (DmnColumn *)table->inputs, *outputs = (DmnColumn *)table->outputs;
  const FeelType **types = arena_new0 (c->model->arena, const FeelType *, table->n_inputs);
  for (size_t i = 0; i < table->n_inputs; i++)
    types[i] = compile_input (c, &inputs[i]);
  for (size_t o = 0; o < table->n_outputs; o++)
    compile_output (c, table, &outputs[o]);
  for (size_t r = 0; r < table->n_rules; r++) {
    for (size_t i = 0; i < table->n_inputs; i++)
      compile_test (c, (DmnCell *)&table->rules[r].tests[i], types[i]);
    compile_outputs (c, table, (DmnCell *)table->rules[r].outputs);
  }
  ((DmnTable *)table)->index = index_build (table, c->model->arena);
  return table_type (c, table);
}

/* ---- boxed expressions ------------------------------------------------- */

static void compile_expression (Compiler *c, DmnExpression *x, const FeelScope *scope);

static FeelScope *
child_scope (Compiler *c, const FeelScope *scope)
{
  return feel_scope_new (c->model->arena, scope);
}

static int
add_slot (Compiler *c, FeelScope *scope, Text name, const FeelType *type)
{
  int slot = feel_scope_add (scope, name, type);
  c->decision->n_slots = MAX (c->decision->n_slots, slot + 1);
  return slot;
}

static const FeelType *
context_type (Compiler *c, const DmnName *names, DmnExpression *const *parts, size_t n)
{
  FeelMember *members = arena_new0 (c->model->arena, FeelMember, n);
  for (size_t i = 0; i < n; i++)
    members[i] = (FeelMember){ names[i].name, names[i].item ? names[i].type
                                              : parts       ? parts[i]->type
                                                            : &feel_type_any };
  return new_type (c, (FeelType){ .kind = FEEL_TYPE_CONTEXT, .n = n, .members = members });
}

/* Every entry sees those before it. */
static const FeelType *
compile_context (Compiler *c, DmnExpression *x, const FeelScope *scope)
{
  FeelScope *inner = child_scope (c, scope);
  x->slot = feel_scope_size (scope);
  for (size_t i = 0; i < x->n_parts; i++) {
    compile_expression (c, x->parts[i], inner);
    if (i < x->n_names)
      add_slot (c, inner, x->names[i].name, x->names[i].item ? x->names[i].type : x->parts[i]->type);
  }
  return x->n_parts > x->n_names ? x->parts[x->n_parts - 1]->type
                                 : context_type (c, x->names, x->parts, x->n_names);
}

static const FeelType *
compile_function (Compiler *c, DmnExpression *x, const FeelScope *scope)
{
  FeelScope *inner = child_scope (c, scope);
  x->slot = feel_scope_size (scope);
  FeelMember *members = arena_new0 (c->model->arena, FeelMember, x->n_names);
  for (size_t i = 0; i < x->n_names; i++) {
    members[i] = (FeelMember){ x->names[i].name, x->names[i].type };
    add_slot (c, inner, x->names[i].name, x->names[i].type);
  }
  if (x->n_parts && x->language.len == 0)
    compile_expression (c, x->parts[0], inner);
  else if (x->language.len)
    dmn_faults_add (c->faults, DMN_WARNING, "language", c->decision->unit->public.origin, x->line, 0,
                    "a function in %.*s is not run here; calling it gives null", (int)x->language.len,
                    x->language.bytes);
  const FeelType *body = x->n_parts ? x->parts[0]->type : NULL;
  const FeelType *result = x->item ? x->item->type : body ? body : &feel_type_any;
  return new_type (
      c, (FeelType){ .kind = FEEL_TYPE_FUNCTION, .element = result, .n = x->n_names, .members = members });
}

/* The type that all parts share, any when they differ. */
static const FeelType *
common_type (DmnExpression *const *parts, size_t n)
{
  for (size_t i = 1; i < n; i++)
    if (parts[i]->type != parts[0]->type)
      return &feel_type_any;
  return n ? parts[0]->type : &feel_type_any;
}

static const FeelType *
compile_parts (Compiler *c, DmnExpression *x, const FeelScope *scope)
{
  for (size_t i = 0; i < x->n_parts; i++)
    compile_expression (c, x->parts[i], scope);
  if (x->kind == DMN_RELATION)
    return list_type (c, context_type (c, x->names, x->n_parts ? x->parts : NULL, x->n_names));
  if (x->kind == DMN_LIST)
    return list_type (c, common_type (x->parts, x->n_parts));
  return common_type (x->parts + 1, 2); /* conditional */
}

/* ---- written as FEEL --------------------------------------------------- */

typedef struct {
  Compiler *c;
  DmnExpression *x;
  FeelScope *scope; /* the parts' values */
  GString *text;
} Writer;

static void
write_slot (Writer *w, size_t part)
{
  g_autofree char *name = g_strdup_printf ("_part_%zu_", part);
  w->x->slots[part] = add_slot (w->c, w->scope, text_of (arena_text (w->c->model->arena, text_of (name))),
                                w->x->parts[part]->type);
  g_string_append (w->text, name);
}

static void
write_text (Writer *w, Text text)
{
  g_string_append_len (w->text, text.bytes, (gssize)text.len);
}

/* What an iteration runs over: a value, or an iteration range, which is no
 * expression by itself (1..10). */
static const FeelType *
write_domain (Writer *w, const FeelScope *scope)
{
  DmnExpression *domain = w->x->parts[0];
  Text text = domain->cell.text;
  bool is_range = domain->kind == DMN_LITERAL && text_find (text, "..", 0) > 0
                  && !feel_compile (w->c->model->arena, text, scope, NULL, NULL);
  if (is_range && w->x->kind != DMN_FILTER) {
    write_text (w, text);
    domain->type = &feel_type_any;
    return &feel_type_any;
  }
  compile_expression (w->c, domain, scope);
  write_slot (w, 0);
  bool many = domain->type->kind == FEEL_TYPE_LIST || domain->type->kind == FEEL_TYPE_RANGE;
  return many ? domain->type->element : domain->type;
}

/* The body of an iteration as a function of NAMES, called with what they hold. */
static void
write_body (Writer *w, DmnName *names, size_t n, const FeelScope *scope)
{
  DmnExpression *function = arena_new0 (w->c->model->arena, DmnExpression, 1);
  *function = (DmnExpression){ .kind = DMN_FUNCTION,
                               .line = w->x->parts[1]->line,
                               .n_names = n,
                               .names = names,
                               .n_parts = 1,
                               .parts = dmn_keep (w->c->model->arena, &w->x->parts[1], sizeof (gpointer)) };
  w->x->parts[1] = function;
  compile_expression (w->c, function, scope);
  write_slot (w, 1);
}

/* Some and every are loops as well: running folds their truths. */
static void
write_iteration (Writer *w, const FeelScope *scope)
{
  Text iterator = w->x->names[0].name;
  bool is_for = w->x->kind == DMN_FOR;
  g_string_append_printf (w->text, "for %.*s in ", (int)iterator.len, iterator.bytes);
  const FeelType *element = write_domain (w, scope);
  DmnName *names = arena_new0 (w->c->model->arena, DmnName, 2);
  names[0] = (DmnName){ .name = iterator, .type = element, .line = w->x->line };
  names[1] = (DmnName){ .name = TEXT_LITERAL ("partial"), .type = &feel_type_any, .line = w->x->line };
  g_string_append (w->text, " return ");
  write_body (w, names, is_for ? 2 : 1, scope);
  g_string_append_printf (w->text, "(%.*s%s)", (int)iterator.len, iterator.bytes, is_for ? ", partial" : "");
}

/* The condition, which sees the item and its members. */
static void
write_match (Writer *w, const FeelType *element, const FeelScope *scope)
{
  const DmnExpression *match = w->x->parts[1];
  if (match->kind == DMN_LITERAL && match->cell.text.len) {
    write_text (w, match->cell.text);
    g_string_append_c (w->text, '\n'); /* it may end in a comment */
    return;
  }
  size_t n = element->kind == FEEL_TYPE_CONTEXT ? element->n : 0;
  DmnName *names = arena_new0 (w->c->model->arena, DmnName, n + 1);
  names[0] = (DmnName){ .name = TEXT_LITERAL ("item"), .type = element, .line = match->line };
  for (size_t i = 0; i < n; i++)
    names[i + 1] = (DmnName){ .name = element->members[i].name, .type = element->members[i].type };
  write_body (w, names, n + 1, scope);
  g_string_append (w->text, "(item");
  for (size_t i = 0; i < n; i++)
    g_string_append_printf (w->text, ", item.%.*s", (int)names[i + 1].name.len, names[i + 1].name.bytes);
  g_string_append_c (w->text, ')');
}

/* A boxed filter wants truths: the function _truth_ sees each of them (boxed.c). */
static void
write_filter (Writer *w, const FeelScope *scope)
{
  w->x->slot = add_slot (w->c, w->scope, TEXT_LITERAL ("_truth_"), NULL);
  const FeelType *element = write_domain (w, scope);
  g_string_append (w->text, "[_truth_(");
  write_match (w, element, scope);
  g_string_append (w->text, ")]");
}

static void
write_invocation (Writer *w, const FeelScope *scope)
{
  DmnExpression *function = w->x->parts[0];
  if (function->kind == DMN_LITERAL)
    write_text (w, function->cell.text);
  else {
    compile_expression (w->c, function, scope);
    write_slot (w, 0);
  }
  g_string_append_c (w->text, '(');
  for (size_t i = 1; i < w->x->n_parts; i++) {
    Text name = w->x->names[i - 1].name;
    compile_expression (w->c, w->x->parts[i], scope);
    g_string_append_printf (w->text, "%s%.*s: ", i > 1 ? ", " : "", (int)name.len, name.bytes);
    write_slot (w, i);
  }
  g_string_append_c (w->text, ')');
}

static const FeelType *
compile_as_feel (Compiler *c, DmnExpression *x, const FeelScope *scope)
{
  g_autoptr (GString) text = g_string_new (NULL);
  Writer w = { c, x, child_scope (c, scope), text };
  x->slots = arena_new0 (c->model->arena, int, x->n_parts);
  for (size_t i = 0; i < x->n_parts; i++)
    x->slots[i] = -1;
  if (x->kind == DMN_INVOCATION)
    write_invocation (&w, scope);
  else if (x->kind == DMN_FILTER)
    write_filter (&w, scope);
  else
    write_iteration (&w, scope);
  x->cell = (DmnCell){ .text = arena_text_copy (c->model->arena, (Text){ text->str, text->len }),
                       .line = x->line,
                       .column = 1 };
  c->scope = w.scope;
  compile_cell (c, &x->cell);
  if (x->kind == DMN_SOME || x->kind == DMN_EVERY)
    return &feel_type_boolean;
  return x->cell.expression ? feel_expression_type (x->cell.expression) : &feel_type_any;
}

/* ---- any of them ------------------------------------------------------- */

static const FeelType *
compile_literal (Compiler *c, DmnExpression *x)
{
  if (x->cell.text.len == 0 && c->decision->unit->public.is_xml)
    x->cell.fault = "no expression is written here";
  compile_cell (c, &x->cell);
  return x->cell.expression ? feel_expression_type (x->cell.expression) : &feel_type_any;
}

static const FeelType *
compile_kind (Compiler *c, DmnExpression *x, const FeelScope *scope)
{
  switch (x->kind) {
  case DMN_LITERAL: return compile_literal (c, x);
  case DMN_TABLE: return compile_table (c, x->table);
  case DMN_CONTEXT: return compile_context (c, x, scope);
  case DMN_FUNCTION: return compile_function (c, x, scope);
  case DMN_RELATION:
  case DMN_LIST:
  case DMN_CONDITIONAL: return compile_parts (c, x, scope);
  case DMN_INVOCATION:
  case DMN_FOR:
  case DMN_SOME:
  case DMN_EVERY:
  case DMN_FILTER: return compile_as_feel (c, x, scope);
  }
  g_assert_not_reached ();
}

static void
compile_expression (Compiler *c, DmnExpression *x, const FeelScope *scope)
{
  const FeelScope *outer = c->scope;
  c->scope = scope;
  const FeelType *type = compile_kind (c, x, scope);
  x->type = x->item && x->kind != DMN_FUNCTION ? x->item->type : type;
  c->scope = outer;
}

/* ---- decisions --------------------------------------------------------- */

/* A clause's expression must fit the type in its heading. */
static void
check_clause (Compiler *c, const DmnExpression *x)
{
  if (x->kind == DMN_FUNCTION && x->n_parts)
    x = x->parts[0];
  if (x->kind == DMN_LITERAL)
    check_type (c, &x->cell, c->decision->public.type);
}

void
compile_decision (DmnModel *model, Decision *d, DmnFaults *faults)
{
  g_autoptr (GPtrArray) expressions = g_ptr_array_new ();
  Compiler c = { model, d, faults, expressions, d->scope };
  DmnExpression *logic = (DmnExpression *)d->public.logic;
  d->n_slots = feel_scope_size (d->scope);
  if (logic)
    compile_expression (&c, logic, d->scope);
  d->unit->n_slots = MAX (d->unit->n_slots, d->n_slots);
  if (logic && !d->unit->public.is_xml)
    check_clause (&c, logic);
  else if (logic && !d->public.item) {
    bool function = d->public.role == DMN_KNOWLEDGE;
    d->public.type = function ? logic->type->element : logic->type;
  }
  bindings_gather (model, d, expressions);
}
