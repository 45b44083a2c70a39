/* FEEL's trees to values: what is constant is computed by FEEL, what hangs on one code by
 * FEEL code by code, the rest becomes operations. */
#include "columns_private.h"

typedef struct {
  Compiler *c;
  const Scope *scope;
  const FeelExpression *e;
  const Value **locals;
} Walk;

static const Value *walk (Walk *w, const FeelNode *node);

/* ---- names ------------------------------------------------------------------------------ */

static const Value *
variable_value (Compiler *c, const char *name)
{
  if (g_str_equal (name, c->world->subject)) {
    Value *subject = value_new (c, VALUE_ENTITY, 0);
    subject->plane = -1;
    subject->table = c->world->table;
    subject->path = text_of (c->world->subject);
    return subject;
  }
  for (size_t i = 0; i < c->world->n_constants; i++)
    if (text_equal (c->world->constants[i].name, text_of (name)))
      return value_constant (c, c->world->constants[i].value);
  return outside (c, "the variable %s", name);
}

static const Value *
slot_value (Walk *w, int slot)
{
  const Scope *scope = w->scope;
  const DmnUnit *unit = scope->reader->unit;
  if (slot >= scope->first && slot < scope->first + scope->n)
    return scope->parameters[slot - scope->first];
  if ((size_t)slot < unit->n_variables)
    return variable_value (w->c, unit->variables[slot].name);
  FeelPath path = { .slot = slot };
  const DmnDecision *decision = dmn_path_decision (scope->reader, &path);
  if (decision)
    return program_decision (w->c, decision);
  Value *used = value_new (w->c, VALUE_UNIT, -1);
  used->slot = slot;
  return used;
}

static const Value *
path_value (Walk *w, const FeelNode *node, const FeelView *view)
{
  Compiler *c = w->c;
  const Value *object = walk (w, view->parts[0]);
  if (object->kind == VALUE_UNIT) {
    FeelPath path = { object->slot, 1, &view->name };
    const DmnDecision *decision = dmn_path_decision (w->scope->reader, &path);
    return decision ? program_decision (c, decision)
                    : outside (c, "the name %.*s", (int)view->name.len, view->name.bytes);
  }
  const Value *coded = operate_coded (c, w->e, node, &object, 1);
  return coded ? coded : function_property (c, object, view->name);
}

static const Value *
member_or_value (Walk *w, const FeelView *view)
{
  const Value *item = w->locals[view->place];
  if (item->kind == VALUE_ENTITY)
    for (size_t i = 0; i < item->table->n_columns; i++)
      if (text_equal (item->table->columns[i].name, view->name))
        return value_column (w->c, item, &item->table->columns[i]);
  const FeelValue *member = item->kind == VALUE_CONSTANT && item->constant.kind == FEEL_CONTEXT
                                ? feel_context_get (item->constant.context, view->name)
                                : NULL;
  if (member)
    return value_inside (w->c, *member, item);
  if (item->kind == VALUE_CONSTANT && item->constant.kind != FEEL_UNKNOWN)
    return view->n ? walk (w, view->parts[0]) : value_null (w->c);
  if (item->kind != VALUE_ENTITY || !view->n)
    return outside (w->c, "the name %.*s", (int)view->name.len, view->name.bytes);
  return walk (w, view->parts[0]);
}

/* ---- structures ---------------------------------------------------------------------------- */

static const Value **
walk_parts (Walk *w, const FeelView *view)
{
  const Value **parts = arena_new0 (w->c->arena, const Value *, view->n + 1);
  for (size_t i = 0; i < view->n; i++)
    parts[i] = view->parts[i] ? walk (w, view->parts[i]) : NULL;
  return parts;
}

static const Value *
list_value (Walk *w, const FeelNode *node, const FeelView *view)
{
  Compiler *c = w->c;
  const Value **parts = walk_parts (w, view);
  const Value *coded = view->n <= 16 ? operate_coded (c, w->e, node, parts, view->n) : NULL;
  if (coded)
    return coded;
  Value *list = value_new (c, VALUE_LIST, -1);
  list->inner = -1;
  list->keep = NONE_OF;
  list->extra = parts;
  list->n_extra = view->n;
  for (size_t i = 0; i < view->n; i++) {
    if (parts[i]->kind >= VALUE_ENTITY)
      return outside (c, "a list of lists or contexts");
    list->space = space_join (c, list->space, parts[i]->space);
  }
  return list;
}

static const Value *
context_value (Walk *w, const FeelView *view)
{
  Compiler *c = w->c;
  Value *context = value_new (c, VALUE_CONTEXT, -1);
  const Value **members = arena_new0 (c->arena, const Value *, view->n);
  FeelEntry *entries = arena_new0 (c->arena, FeelEntry, view->n);
  bool constant = true;
  for (size_t i = 0; i < view->n; i++) {
    members[i] = w->locals[view->place + i] = walk (w, view->parts[i]);
    constant &= members[i]->kind == VALUE_CONSTANT && !members[i]->needs.n;
    entries[i] = (FeelEntry){ view->names[i], members[i]->constant };
  }
  context->names = view->names;
  context->members = members;
  context->n = view->n;
  return constant ? value_constant (c, feel_context (c->arena, entries, view->n)) : context;
}

static const Value *
call_value (Walk *w, const FeelView *view)
{
  Compiler *c = w->c;
  const Value **parts = walk_parts (w, view);
  const Value *callee = parts[0];
  if (callee->kind != VALUE_FUNCTION)
    return outside (c, "a call of what is no decision");
  const DmnExpression *logic = callee->function->logic;
  size_t n = logic ? logic->n_names : 0;
  if (!view->names)
    return n == view->n - 1 ? program_call (c, callee->function, parts + 1, n)
                            : outside (c, "a call with missing arguments");
  const Value **ordered = arena_new0 (c->arena, const Value *, n);
  for (size_t i = 0; i < n; i++) {
    ordered[i] = value_null (c);
    for (size_t k = 0; k + 1 < view->n; k++)
      if (text_equal (view->names[k], logic->names[i].name))
        ordered[i] = parts[k + 1];
  }
  return program_call (c, callee->function, ordered, n);
}

/* ---- loops ------------------------------------------------------------------------------------ */

enum { ITEMS_MAX = 200 };

/* Over a constant list: the body for each item. */
static const Value *
unrolled (Walk *w, const FeelView *view, const Value *over)
{
  Compiler *c = w->c;
  const FeelList *items = over->constant.list;
  if (items->n > ITEMS_MAX)
    return outside (c, "a loop over a long list");
  Value *list = value_new (c, VALUE_LIST, -1);
  const Value **values = arena_new0 (c->arena, const Value *, items->n);
  bool constant = true;
  FeelValue *constants = arena_new0 (c->arena, FeelValue, items->n);
  for (size_t i = 0; i < items->n && !c->why; i++) {
    w->locals[view->places[0]] = value_inside (c, items->items[i], over);
    values[i] = walk (w, view->parts[view->n - 1]);
    constant &= values[i]->kind == VALUE_CONSTANT && !values[i]->needs.n;
    constants[i] = values[i]->constant;
    list->space = space_join (c, list->space, values[i]->space);
  }
  list->inner = -1;
  list->keep = NONE_OF;
  list->extra = values;
  list->n_extra = items->n;
  if (view->kind == FEEL_NODE_FOR) {
    const Value *coded = c->why ? NULL : operate_list (c, values, items->n);
    return constant ? value_constant (c, feel_list (c->arena, constants, items->n)) : coded ? coded : list;
  }
  return c->why ? value_null (c) : list_quantify (c, list, view->kind == FEEL_NODE_EVERY);
}

static bool
whole_constant (const Value *v, gint64 *whole)
{
  return v->kind == VALUE_CONSTANT && v->constant.kind == FEEL_NUMBER
         && decimal_to_int64 (v->constant.number, whole);
}

/* `for i in 1..17`: the whole numbers from bound to bound, either way. */
static const Value *
loop_over_range (Walk *w, const FeelView *view)
{
  Compiler *c = w->c;
  gint64 from, to;
  if (!whole_constant (walk (w, view->parts[0]), &from) || !whole_constant (walk (w, view->parts[1]), &to)
      || MAX (ABS (from), ABS (to)) > ITEMS_MAX)
    return outside (c, "a loop over a range that is not constant");
  gint64 n = ABS (to - from) + 1;
  FeelValue *items = arena_new0 (c->arena, FeelValue, n);
  for (gint64 i = 0; i < n; i++)
    items[i] = feel_int (from <= to ? from + i : from - i);
  return unrolled (w, view, value_constant (c, feel_list (c->arena, items, (size_t)n)));
}

static const Value *
loop_value (Walk *w, const FeelView *view)
{
  Compiler *c = w->c;
  if (view->n != 3)
    return outside (c, "a loop over several lists");
  if (view->parts[1])
    return loop_over_range (w, view);
  const Value *list = walk (w, view->parts[0]);
  if (list->kind == VALUE_CONSTANT && list->constant.kind == FEEL_LIST)
    return unrolled (w, view, list);
  if (list->kind != VALUE_LIST || list->inner < 0 || list->n_extra)
    return outside (c, "a loop over a list of this kind");
  w->locals[view->places[0]] = list->of;
  Value *mapped = value_new (c, VALUE_LIST, list->space);
  *mapped = *list;
  mapped->of = walk (w, view->parts[2]);
  if (view->kind == FEEL_NODE_FOR)
    return mapped;
  return c->why ? value_null (c) : list_quantify (c, mapped, view->kind == FEEL_NODE_EVERY);
}

/* Whether NODE is a number that stands there: a position. */
static bool
is_position (Walk *w, const FeelNode *node)
{
  FeelView view = feel_node_view (w->c->arena, node);
  return view.kind == FEEL_NODE_CONSTANT && view.value.kind == FEEL_NUMBER;
}

/* A constant list, item by item; a condition that is a number is a place. */
static const Value *
filter_constant (Walk *w, const FeelView *view, const Value *list)
{
  Compiler *c = w->c;
  const FeelList *items = list->constant.list;
  FeelValue *kept = arena_new0 (c->arena, FeelValue, items->n);
  size_t n = 0;
  for (size_t i = 0; i < items->n && !c->why; i++) {
    w->locals[view->place] = value_inside (c, items->items[i], list);
    const Value *condition = walk (w, view->parts[1]);
    gint64 place;
    if (condition->kind != VALUE_CONSTANT || condition->constant.kind == FEEL_UNKNOWN)
      return outside (c, "a filter of constants by facts");
    if (i == 0 && whole_constant (condition, &place))
      return value_inside (c,
                           place >= 1 && (guint64)place <= items->n   ? items->items[place - 1]
                           : place < 0 && (guint64)-place <= items->n ? items->items[(gint64)items->n + place]
                                                                      : feel_null (),
                           list);
    if (feel_is_true (condition->constant))
      kept[n++] = items->items[i];
  }
  return value_inside (c, feel_list (c->arena, kept, n), list);
}

static const Value *
filter_value (Walk *w, const FeelNode *node, const FeelView *view)
{
  Compiler *c = w->c;
  const Value *list = walk (w, view->parts[0]);
  if (is_position (w, view->parts[1])) {
    const Value *parts[] = { list, walk (w, view->parts[1]) };
    const Value *coded = operate_coded (c, w->e, node, parts, 2);
    bool first = decimal_equal (parts[1]->constant.number, decimal_from_int64 (1));
    return coded ? coded : first ? list_first (c, list) : outside (c, "an item by its place in a list");
  }
  if (list->kind == VALUE_CONSTANT && list->constant.kind == FEEL_LIST && list->constant.list->n <= ITEMS_MAX)
    return filter_constant (w, view, list);
  if (list->kind != VALUE_LIST || list->inner < 0)
    return outside (c, "a filter of a list of this kind");
  const Value *absent = NULL;
  if (list->none != NONE_OF) {
    w->locals[view->place] = value_null (c);
    absent = walk (w, view->parts[1]);
  }
  w->locals[view->place] = list->of;
  const Value *condition = walk (w, view->parts[1]);
  return c->why ? value_null (c) : list_filter (c, list, condition, absent);
}

/* ---- tests ---------------------------------------------------------------------------------------- */

/* INPUT equal to one of CONSTANT's items. */
static const Value *
test_in_constant (Compiler *c, const Value *input, const FeelList *items)
{
  const Value *any = value_constant (c, feel_boolean (false));
  for (size_t i = 0; i < items->n; i++) {
    if (items->items[i].kind >= FEEL_RANGE)
      return outside (c, "a test by a list of ranges or lists");
    any = operate_or (c, any, operate_compare (c, '=', input, value_constant (c, items->items[i])));
  }
  return any;
}

static const Value *
test_value (Compiler *c, const Value *input, const Value *v)
{
  if (v->kind != VALUE_CONSTANT)
    return v->kind >= VALUE_ENTITY ? outside (c, "a test by a list or context")
                                   : operate_compare (c, '=', input, v);
  if (v->constant.kind == FEEL_LIST)
    return test_in_constant (c, input, v->constant.list);
  if (v->constant.kind > FEEL_MONTHS_DURATION)
    return outside (c, "a test by a range that is a value");
  return operate_compare (c, '=', input, v);
}

static const Value *
test_of_parts (Walk *w, const FeelNode *node, const FeelView *view)
{
  Compiler *c = w->c;
  const Value *parts[4] = { w->locals[view->place] };
  for (size_t i = 0; i < view->n; i++)
    parts[i + 1] = walk (w, view->parts[i]);
  const Value *coded = operate_coded (c, w->e, node, parts, view->n + 1);
  if (coded)
    return coded;
  if (view->kind == FEEL_NODE_TEST_COMPARE)
    return operate_compare (c, view->sign, parts[0], parts[1]);
  if (view->kind == FEEL_NODE_TEST_VALUE)
    return test_value (c, parts[0], parts[1]);
  const Value *above = operate_compare (c, view->low_closed ? 'g' : '>', parts[0], parts[1]);
  return operate_and (c, above, operate_compare (c, view->high_closed ? 'l' : '<', parts[0], parts[2]));
}

static const Value *
test_truth (Walk *w, const FeelView *view)
{
  const Value *v = walk (w, view->parts[0]);
  ValueKind kind = value_kind (w->c, v);
  return kind == VALUE_TRUTH || kind == VALUE_CONSTANT ? v : outside (w->c, "a test that is no truth");
}

static const Value *
test_one_of (Walk *w, const FeelView *view)
{
  const Value *any = value_constant (w->c, feel_boolean (false));
  for (size_t i = 0; i < view->n && !w->c->why; i++)
    any = operate_or (w->c, any, walk (w, view->parts[i]));
  return any;
}

/* ---- the walk --------------------------------------------------------------------------------------- */

static const Value *
logic_value (Walk *w, const FeelView *view)
{
  bool is_and = view->kind == FEEL_NODE_AND;
  const Value *a = walk (w, view->parts[0]);
  if (value_is_truth (a, !is_and))
    return a;
  const Value *b = walk (w, view->parts[1]);
  return is_and ? operate_and (w->c, a, b) : operate_or (w->c, a, b);
}

static const Value *
if_value (Walk *w, const FeelView *view)
{
  const Value *condition = walk (w, view->parts[0]);
  if (condition->kind == VALUE_CONSTANT && condition->constant.kind != FEEL_UNKNOWN)
    return walk (w, view->parts[feel_is_true (condition->constant) ? 1 : 2]);
  const Value *yes = walk (w, view->parts[1]);
  return w->c->why ? yes : operate_if (w->c, condition, yes, walk (w, view->parts[2]));
}

/* What takes the values of all its parts. */
static const Value *
strict_value (Walk *w, const FeelNode *node, const FeelView *view)
{
  Compiler *c = w->c;
  const Value **parts = walk_parts (w, view);
  if (c->why)
    return value_null (c);
  const Value *coded = operate_coded (c, w->e, node, parts, view->n);
  if (coded)
    return coded;
  switch (view->kind) {
  case FEEL_NODE_ARITHMETIC: return operate_arithmetic (c, view->sign, parts[0], parts[1]);
  case FEEL_NODE_COMPARE: return operate_compare (c, view->sign, parts[0], parts[1]);
  case FEEL_NODE_NEGATE: return operate_arithmetic (c, '-', value_constant (c, feel_int (0)), parts[0]);
  case FEEL_NODE_BUILTIN: return function_builtin (c, view->name, parts, view->n);
  case FEEL_NODE_BETWEEN:
    return operate_and (c, operate_compare (c, 'g', parts[0], parts[1]),
                        operate_compare (c, 'l', parts[0], parts[2]));
  default: return outside (c, "a range or `instance of` over facts");
  }
}

static const Value *
walk_kind (Walk *w, const FeelNode *node, const FeelView *view)
{
  Compiler *c = w->c;
  switch (view->kind) {
  case FEEL_NODE_CONSTANT: return value_constant (c, view->value);
  case FEEL_NODE_SLOT: return slot_value (w, (int)view->place);
  case FEEL_NODE_LOCAL: return w->locals[view->place];
  case FEEL_NODE_MEMBER_OR: return member_or_value (w, view);
  case FEEL_NODE_AND:
  case FEEL_NODE_OR: return logic_value (w, view);
  case FEEL_NODE_IF: return if_value (w, view);
  case FEEL_NODE_IN: w->locals[view->place] = walk (w, view->parts[0]); return walk (w, view->parts[1]);
  case FEEL_NODE_FOR:
  case FEEL_NODE_SOME:
  case FEEL_NODE_EVERY: return loop_value (w, view);
  case FEEL_NODE_FILTER: return filter_value (w, node, view);
  case FEEL_NODE_PATH: return path_value (w, node, view);
  case FEEL_NODE_LIST: return list_value (w, node, view);
  case FEEL_NODE_CONTEXT: return context_value (w, view);
  case FEEL_NODE_CALL: return call_value (w, view);
  case FEEL_NODE_FUNCTION:
  case FEEL_NODE_FAULT: return outside (c, "a function made on the spot");
  case FEEL_NODE_TEST_ANY: return value_constant (c, feel_boolean (true));
  case FEEL_NODE_TEST_NOT: return operate_not (c, walk (w, view->parts[0]));
  case FEEL_NODE_TEST_ONE_OF: return test_one_of (w, view);
  case FEEL_NODE_TEST_COMPARE:
  case FEEL_NODE_TEST_RANGE:
  case FEEL_NODE_TEST_VALUE: return test_of_parts (w, node, view);
  case FEEL_NODE_TEST_TRUTH: return test_truth (w, view);
  default: return strict_value (w, node, view);
  }
}

static const Value *
walk (Walk *w, const FeelNode *node)
{
  if (w->c->why)
    return value_null (w->c);
  FeelView view = feel_node_view (w->c->arena, node);
  return walk_kind (w, node, &view);
}

static const Value *
walk_expression (Compiler *c, const Scope *scope, const FeelExpression *e, const Value *input)
{
  Walk w = { c, scope, e, arena_new0 (c->arena, const Value *, feel_expression_locals (e)) };
  w.locals[0] = input;
  return walk (&w, feel_expression_tree (e));
}

const Value *
expression_value (Compiler *c, const Scope *scope, const FeelExpression *e)
{
  return walk_expression (c, scope, e, NULL);
}

const Value *
expression_test (Compiler *c, const Scope *scope, const FeelExpression *test, const Value *input)
{
  return walk_expression (c, scope, test, input);
}
