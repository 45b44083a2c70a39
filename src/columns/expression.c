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

/* OBJECT's member; of a list that of each item. */
static const Value *
member_value (Walk *w, const FeelNode *node, Text name, const Value *object)
{
  Compiler *c = w->c;
  const Value *coded = operate_coded (c, w->e, node, &object, 1);
  if (coded || object->kind != VALUE_LIST)
    return coded ? coded : function_property (c, object, name);
  const Value **members = arena_new0 (c->arena, const Value *, object->n_parts);
  for (size_t i = 0; i < object->n_parts && !c->why; i++)
    members[i] = member_value (w, node, name, object->parts[i].of);
  return c->why ? value_null (c) : list_map (c, object, members);
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
  return member_value (w, node, view->name, object);
}

/* Whether a constant or coded ITEM never is a context with NAME, nor unknown. */
static bool
never_has (const Value *item, Text name)
{
  bool is_constant = item->kind == VALUE_CONSTANT;
  for (size_t i = 0; i < (is_constant ? 1 : item->n + 2); i++) {
    FeelValue one = is_constant ? item->constant : value_result (item, i);
    bool has = one.kind == FEEL_CONTEXT && feel_context_get (one.context, name);
    bool used = is_constant || i <= item->n || item->unknown != NONE_OF;
    if (used && (has || one.kind == FEEL_UNKNOWN))
      return false;
  }
  return true;
}

/* A name in a filter: a member of the item when it has one, else what it means outside. */
static const Value *
member_or_value (Walk *w, const FeelView *view)
{
  Compiler *c = w->c;
  const Value *item = w->locals[view->place];
  for (size_t i = 0; item->kind == VALUE_ENTITY && i < item->table->n_columns; i++)
    if (text_equal (item->table->columns[i].name, view->name))
      return value_column (c, item, &item->table->columns[i]);
  for (size_t i = 0; item->kind == VALUE_CONTEXT && i < item->n; i++)
    if (text_equal (item->names[i], view->name))
      return item->members[i];
  const Value *elsewhere = view->n ? walk (w, view->parts[0]) : value_null (c);
  bool by_code = item->kind <= VALUE_CODED;
  if (c->why || elsewhere == item || item->kind == VALUE_CONTEXT || (by_code && never_has (item, view->name)))
    return elsewhere;
  const Value *coded = operate_member (c, item, view->name, elsewhere);
  if (coded)
    return coded;
  if (!by_code && item->kind < VALUE_LIST && item->unknown == NONE_OF)
    return elsewhere;
  return outside (c, "the name %.*s", (int)view->name.len, view->name.bytes);
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
  return list_of_items (c, parts, view->n);
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
    context->space = space_join (c, context->space, members[i]->space);
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

enum { RANGE_MAX = 200 };

/* NODE with each of LIST's parts in local PLACE. */
static const Value **
for_parts (Walk *w, const Value *list, unsigned place, const FeelNode *node)
{
  Compiler *c = w->c;
  const Value **values = arena_new0 (c->arena, const Value *, list->n_parts);
  for (size_t i = 0; i < list->n_parts && !c->why; i++) {
    const ListPart *part = &list->parts[i];
    w->locals[place] = part->of;
    if (part->inner != ITEM)
      g_array_append_val (c->inside, part->inner);
    values[i] = walk (w, node);
    if (part->inner != ITEM)
      g_array_set_size (c->inside, c->inside->len - 1);
  }
  return values;
}

static bool
whole_constant (const Value *v, gint64 *whole)
{
  return v->kind == VALUE_CONSTANT && v->constant.kind == FEEL_NUMBER
         && decimal_to_int64 (v->constant.number, whole);
}

/* The list that NODE counts, if that is all it does. */
static const Value *
counted_list (Walk *w, const FeelNode *node)
{
  FeelView view = feel_node_view (w->c->arena, node);
  if (view.kind != FEEL_NODE_BUILTIN || view.n != 1 || !text_equal (view.name, text_of ("count")))
    return NULL;
  const Value *list = walk (w, view.parts[0]);
  return w->c->why || list->kind != VALUE_LIST ? NULL : list;
}

/* `for i in 1..count(L)`, where L is not empty: its places. */
static const Value *
places_of (Walk *w, gint64 from, const FeelNode *to)
{
  const Value *list = from == 1 ? counted_list (w, to) : NULL;
  for (guint i = 0; list && i < w->c->filled->len; i++)
    if (w->c->filled->pdata[i] == list)
      return list_places (w->c, list);
  return outside (w->c, "a loop over a range that is not constant");
}

/* `for i in 1..17`: the whole numbers from bound to bound, either way. */
static const Value *
range_list (Walk *w, const FeelView *view)
{
  Compiler *c = w->c;
  gint64 from, to;
  bool constant = whole_constant (walk (w, view->parts[0]), &from);
  const Value *end = c->why ? value_null (c) : walk (w, view->parts[1]);
  if (c->why || !constant || !whole_constant (end, &to))
    return c->why || !constant ? outside (c, "a loop over a range that is not constant")
                               : places_of (w, from, view->parts[1]);
  if (MAX (ABS (from), ABS (to)) > RANGE_MAX)
    return outside (c, "a loop over a long range");
  gint64 n = ABS (to - from) + 1;
  FeelValue *items = arena_new0 (c->arena, FeelValue, n);
  for (gint64 i = 0; i < n; i++)
    items[i] = feel_int (from <= to ? from + i : from - i);
  return value_constant (c, feel_list (c->arena, items, (size_t)n));
}

static const Value *
loop_value (Walk *w, const FeelView *view)
{
  Compiler *c = w->c;
  if (view->n != 3)
    return outside (c, "a loop over several lists");
  const Value *list = list_of (c, view->parts[1] ? range_list (w, view) : walk (w, view->parts[0]));
  list = list_enter (c, list);
  const Value **values = for_parts (w, list, view->places[0], view->parts[2]);
  if (c->why)
    return value_null (c);
  list = list_map (c, list, values);
  return view->kind == FEEL_NODE_FOR ? list_done (c, list)
                                     : list_quantify (c, list, view->kind == FEEL_NODE_EVERY);
}

/* ---- filters ---- */

/* Whether NODE is a number that stands there: a position. */
static bool
is_position (Walk *w, const FeelNode *node)
{
  FeelView view = feel_node_view (w->c->arena, node);
  return view.kind == FEEL_NODE_CONSTANT && view.value.kind == FEEL_NUMBER;
}

static const Value *
item_at (Walk *w, const Value *list, const FeelNode *node)
{
  Compiler *c = w->c;
  const Value *place = walk (w, node), *coded = operate_item (c, list, place);
  if (coded)
    return coded;
  return decimal_equal (place->constant.number, decimal_from_int64 (1))
             ? list_first (c, list_of (c, list))
             : outside (c, "an item by its place in a list");
}

/* Where a name stands for a place: `[i]`.  NULL: it is no place. */
static const Value *
item_by_name (Walk *w, const Value *list, const Value *parts, const FeelView *view)
{
  Compiler *c = w->c;
  FeelNodeKind kind = feel_node_view (c->arena, view->parts[1]).kind;
  if ((kind != FEEL_NODE_LOCAL && kind != FEEL_NODE_MEMBER_OR && kind != FEEL_NODE_BUILTIN
       && kind != FEEL_NODE_ARITHMETIC && kind != FEEL_NODE_SLOT)
      || !parts->n_parts)
    return NULL;
  w->locals[view->place] = parts->parts[0].of;
  const Value *place = walk (w, view->parts[1]);
  if (c->why || value_kind (c, place) != VALUE_NUMBER)
    return NULL;
  if (place->places == list)
    return place->member;
  bool is_number = feel_node_view (c->arena, view->parts[1]).type->kind == FEEL_TYPE_NUMBER;
  bool fits = is_number || list->kind == VALUE_CONSTANT; /* else what an empty list gives is another matter */
  const Value *coded = fits ? operate_item (c, list, place) : NULL;
  return coded ? coded : outside (c, "an item by its place in a list");
}

static const Value *
filter_value (Walk *w, const FeelView *view)
{
  Compiler *c = w->c;
  const Value *list = walk (w, view->parts[0]), *parts = list_of (c, list), *absent = NULL;
  if (c->why)
    return value_null (c);
  if (is_position (w, view->parts[1]))
    return item_at (w, list, view->parts[1]);
  const Value *item = item_by_name (w, list, parts, view);
  if (item || c->why)
    return item ? item : value_null (c);
  if (!parts->n_parts && feel_node_view (c->arena, view->parts[1]).type->kind == FEEL_TYPE_NUMBER)
    return outside (c, "an item of an empty list");
  parts = list_enter (c, parts);
  if (parts->none != NONE_OF) {
    w->locals[view->place] = value_null (c);
    absent = walk (w, view->parts[1]);
  }
  const Value **conditions = for_parts (w, parts, view->place, view->parts[1]);
  return c->why ? value_null (c) : list_filter (c, parts, conditions, absent);
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

/* Where `count(L) = 0` (NODE) does not hold, L is not empty: or is no list, and then loops over it
 * give nothing either. */
static void
note_filled (Walk *w, const FeelNode *node)
{
  FeelView view = feel_node_view (w->c->arena, node);
  gint64 zero;
  if (view.kind != FEEL_NODE_COMPARE || view.sign != '=' || !whole_constant (walk (w, view.parts[1]), &zero)
      || zero)
    return;
  const Value *list = counted_list (w, view.parts[0]);
  if (list)
    g_ptr_array_add (w->c->filled, (gpointer)list);
}

static const Value *
if_value (Walk *w, const FeelView *view)
{
  const Value *condition = walk (w, view->parts[0]);
  if (condition->kind == VALUE_CONSTANT && condition->constant.kind != FEEL_UNKNOWN)
    return walk (w, view->parts[feel_is_true (condition->constant) ? 1 : 2]);
  const Value *yes = walk (w, view->parts[1]);
  if (w->c->why)
    return yes;
  guint n_filled = w->c->filled->len;
  note_filled (w, view->parts[0]);
  const Value *no = walk (w, view->parts[2]);
  g_ptr_array_set_size (w->c->filled, (int)n_filled);
  return operate_if (w->c, condition, yes, no);
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
  case FEEL_NODE_FILTER: return filter_value (w, view);
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
