#include "feel_private.h"

#include <stdarg.h>
#include <string.h>

Node *
build_node (Parser *p, NodeKind kind, unsigned at, const FeelType *type)
{
  Node *node = arena_new0 (p->arena, Node, 1);
  node->kind = kind;
  node->at = at;
  node->type = type;
  node->height = 1;
  return node;
}

const Node *
build_constant (Parser *p, unsigned at, FeelValue value)
{
  Node *node = build_node (p, NODE_CONSTANT, at, type_of_value (value));
  node->value = value;
  return node;
}

const Node *
build_fault (Parser *p, FeelErrorCode code, unsigned at, const char *format, ...)
{
  va_list args;
  va_start (args, format);
  g_autofree char *message = g_strdup_vprintf (format, args);
  va_end (args);
  if (p->options.strict)
    parser_fail_as (p, code, at, "%s", message);
  Node *node = build_node (p, NODE_FAULT, at, &feel_type_any);
  node->message = arena_text (p->arena, text_of (message));
  return node;
}

static void
raise_height (Parser *p, Node *node, const Node *child)
{
  if (!child)
    return;
  node->height = (guint16)MAX (node->height, child->height + 1);
  if (node->height > FEEL_NESTING_MAX)
    parser_fail_as (p, FEEL_ERROR_LIMIT, node->at, "nested deeper than %d; split the expression",
                    FEEL_NESTING_MAX);
}

static Node *
build_parts (Parser *p, NodeKind kind, unsigned at, const FeelType *type, const Node *a, const Node *b,
             const Node *c)
{
  Node *node = build_node (p, kind, at, type);
  node->a = a;
  node->b = b;
  node->c = c;
  raise_height (p, node, a);
  raise_height (p, node, b);
  raise_height (p, node, c);
  return node;
}

const Node *const *
build_nodes (Parser *p, const GPtrArray *nodes)
{
  const Node **copy = arena_new0 (p->arena, const Node *, nodes->len);
  if (nodes->len)
    memcpy (copy, nodes->pdata, nodes->len * sizeof *copy);
  return copy;
}

/* ---- constants ---- */

const Node *
build_fold (Parser *p, Node *node)
{
  if (parser_failed (p))
    return node;
  FeelRun run = { .arena = p->arena, .steps = 20000 };
  FeelExpression here = { .source = p->source, .line = 1, .column = 1 };
  Frame frame = { &run, &here, NULL };
  FeelValue v = evaluate_node (node, &frame);
  if (run.diagnostics)
    return node;
  Node *constant = build_node (p, NODE_CONSTANT, node->at, node->type);
  constant->value = v;
  if (!type_is_known (node->type))
    constant->type = type_of_value (v);
  return constant;
}

static bool
is_constant (const Node *node)
{
  return !node || node->kind == NODE_CONSTANT;
}

static const Node *
fold_parts (Parser *p, Node *node)
{
  return is_constant (node->a) && is_constant (node->b) && is_constant (node->c) ? build_fold (p, node)
                                                                                 : node;
}

static bool
all_constant (const Node *const *nodes, size_t n)
{
  for (size_t i = 0; i < n; i++)
    if (!is_constant (nodes[i]))
      return false;
  return true;
}

/* ---- types ---- */

static const char *
type_text (Parser *p, const FeelType *type)
{
  return feel_type_describe (p->arena, type);
}

const FeelType *
build_element_type (const FeelType *list)
{
  if (list->kind == FEEL_TYPE_LIST || list->kind == FEEL_TYPE_RANGE)
    return list->element;
  return list; /* a single value stands for the list of it */
}

static const struct {
  ArithmeticOp op;
  FeelTypeKind a, b;
  const FeelType *result;
} arithmetic_types[] = {
  { OP_ADD, FEEL_TYPE_NUMBER, FEEL_TYPE_NUMBER, &feel_type_number },
  { OP_ADD, FEEL_TYPE_STRING, FEEL_TYPE_STRING, &feel_type_string },
  { OP_ADD, FEEL_TYPE_DATE, FEEL_TYPE_DAYS_DURATION, &feel_type_date },
  { OP_ADD, FEEL_TYPE_DATE, FEEL_TYPE_MONTHS_DURATION, &feel_type_date },
  { OP_ADD, FEEL_TYPE_DAYS_DURATION, FEEL_TYPE_DATE, &feel_type_date },
  { OP_ADD, FEEL_TYPE_MONTHS_DURATION, FEEL_TYPE_DATE, &feel_type_date },
  { OP_ADD, FEEL_TYPE_DATE_TIME, FEEL_TYPE_DAYS_DURATION, &feel_type_date_time },
  { OP_ADD, FEEL_TYPE_DATE_TIME, FEEL_TYPE_MONTHS_DURATION, &feel_type_date_time },
  { OP_ADD, FEEL_TYPE_DAYS_DURATION, FEEL_TYPE_DATE_TIME, &feel_type_date_time },
  { OP_ADD, FEEL_TYPE_MONTHS_DURATION, FEEL_TYPE_DATE_TIME, &feel_type_date_time },
  { OP_ADD, FEEL_TYPE_TIME, FEEL_TYPE_DAYS_DURATION, &feel_type_time },
  { OP_ADD, FEEL_TYPE_DAYS_DURATION, FEEL_TYPE_TIME, &feel_type_time },
  { OP_ADD, FEEL_TYPE_DAYS_DURATION, FEEL_TYPE_DAYS_DURATION, &feel_type_days_duration },
  { OP_ADD, FEEL_TYPE_MONTHS_DURATION, FEEL_TYPE_MONTHS_DURATION, &feel_type_months_duration },
  { OP_SUBTRACT, FEEL_TYPE_NUMBER, FEEL_TYPE_NUMBER, &feel_type_number },
  { OP_SUBTRACT, FEEL_TYPE_DATE, FEEL_TYPE_DATE, &feel_type_days_duration },
  { OP_SUBTRACT, FEEL_TYPE_DATE, FEEL_TYPE_DATE_TIME, &feel_type_days_duration },
  { OP_SUBTRACT, FEEL_TYPE_DATE_TIME, FEEL_TYPE_DATE, &feel_type_days_duration },
  { OP_SUBTRACT, FEEL_TYPE_DATE_TIME, FEEL_TYPE_DATE_TIME, &feel_type_days_duration },
  { OP_SUBTRACT, FEEL_TYPE_TIME, FEEL_TYPE_TIME, &feel_type_days_duration },
  { OP_SUBTRACT, FEEL_TYPE_DATE, FEEL_TYPE_DAYS_DURATION, &feel_type_date },
  { OP_SUBTRACT, FEEL_TYPE_DATE, FEEL_TYPE_MONTHS_DURATION, &feel_type_date },
  { OP_SUBTRACT, FEEL_TYPE_DATE_TIME, FEEL_TYPE_DAYS_DURATION, &feel_type_date_time },
  { OP_SUBTRACT, FEEL_TYPE_DATE_TIME, FEEL_TYPE_MONTHS_DURATION, &feel_type_date_time },
  { OP_SUBTRACT, FEEL_TYPE_TIME, FEEL_TYPE_DAYS_DURATION, &feel_type_time },
  { OP_SUBTRACT, FEEL_TYPE_DAYS_DURATION, FEEL_TYPE_DAYS_DURATION, &feel_type_days_duration },
  { OP_SUBTRACT, FEEL_TYPE_MONTHS_DURATION, FEEL_TYPE_MONTHS_DURATION, &feel_type_months_duration },
  { OP_MULTIPLY, FEEL_TYPE_NUMBER, FEEL_TYPE_NUMBER, &feel_type_number },
  { OP_MULTIPLY, FEEL_TYPE_NUMBER, FEEL_TYPE_DAYS_DURATION, &feel_type_days_duration },
  { OP_MULTIPLY, FEEL_TYPE_NUMBER, FEEL_TYPE_MONTHS_DURATION, &feel_type_months_duration },
  { OP_MULTIPLY, FEEL_TYPE_DAYS_DURATION, FEEL_TYPE_NUMBER, &feel_type_days_duration },
  { OP_MULTIPLY, FEEL_TYPE_MONTHS_DURATION, FEEL_TYPE_NUMBER, &feel_type_months_duration },
  { OP_DIVIDE, FEEL_TYPE_NUMBER, FEEL_TYPE_NUMBER, &feel_type_number },
  { OP_DIVIDE, FEEL_TYPE_DAYS_DURATION, FEEL_TYPE_NUMBER, &feel_type_days_duration },
  { OP_DIVIDE, FEEL_TYPE_MONTHS_DURATION, FEEL_TYPE_NUMBER, &feel_type_months_duration },
  { OP_DIVIDE, FEEL_TYPE_DAYS_DURATION, FEEL_TYPE_DAYS_DURATION, &feel_type_number },
  { OP_DIVIDE, FEEL_TYPE_MONTHS_DURATION, FEEL_TYPE_MONTHS_DURATION, &feel_type_number },
  { OP_POWER, FEEL_TYPE_NUMBER, FEEL_TYPE_NUMBER, &feel_type_number },
};

/* The result's type; NULL when no two values of these types have one. */
static const FeelType *
arithmetic_type (ArithmeticOp op, const FeelType *a, const FeelType *b)
{
  const FeelType *result = NULL;
  for (size_t i = 0; i < G_N_ELEMENTS (arithmetic_types); i++) {
    if (arithmetic_types[i].op != op || (type_is_known (a) && a->kind != arithmetic_types[i].a)
        || (type_is_known (b) && b->kind != arithmetic_types[i].b))
      continue;
    if (result && result != arithmetic_types[i].result)
      return &feel_type_any;
    result = arithmetic_types[i].result;
  }
  return result;
}

/* ---- operators ---- */

const Node *
build_negate (Parser *p, unsigned at, const Node *a)
{
  FeelTypeKind kind = a->type->kind;
  bool fits = !type_is_known (a->type) || kind == FEEL_TYPE_NUMBER || kind == FEEL_TYPE_DAYS_DURATION
              || kind == FEEL_TYPE_MONTHS_DURATION;
  if (!fits && p->options.strict)
    return build_fault (p, FEEL_ERROR_TYPE, at, "- needs a number or a duration, not a %s",
                        type_text (p, a->type));
  return fold_parts (p, build_parts (p, NODE_NEGATE, at, fits ? a->type : &feel_type_any, a, NULL, NULL));
}

const Node *
build_arithmetic (Parser *p, unsigned at, ArithmeticOp op, const Node *a, const Node *b)
{
  static const char *const signs[] = { "+", "-", "*", "/", "**" };
  const FeelType *type = arithmetic_type (op, a->type, b->type);
  if (!type && p->options.strict)
    return build_fault (p, FEEL_ERROR_TYPE, at, "%s does not go between a %s and a %s", signs[op],
                        type_text (p, a->type), type_text (p, b->type));
  Node *node = build_parts (p, NODE_ARITHMETIC, at, type ? type : &feel_type_any, a, b, NULL);
  node->op = op;
  return fold_parts (p, node);
}

static bool
comparable (CompareOp op, const FeelType *a, const FeelType *b)
{
  if (!type_is_known (a) || !type_is_known (b))
    return true;
  bool ordered = a->kind >= FEEL_TYPE_NUMBER && a->kind <= FEEL_TYPE_MONTHS_DURATION;
  return a->kind == b->kind && (op <= OP_NOT_EQUAL || ordered);
}

static void
check_comparable (Parser *p, unsigned at, CompareOp op, const FeelType *a, const FeelType *b)
{
  if (!comparable (op, a, b) && p->options.strict)
    parser_fail_as (p, FEEL_ERROR_TYPE, at, "a %s cannot be compared with a %s", type_text (p, a),
                    type_text (p, b));
}

const Node *
build_compare (Parser *p, unsigned at, CompareOp op, const Node *a, const Node *b)
{
  check_comparable (p, at, op, a->type, b->type);
  Node *node = build_parts (p, NODE_COMPARE, at, &feel_type_boolean, a, b, NULL);
  node->op = op;
  return fold_parts (p, node);
}

static void
check_boolean (Parser *p, const Node *node, const char *what)
{
  if (p->options.strict && type_is_known (node->type) && node->type->kind != FEEL_TYPE_BOOLEAN)
    parser_fail_as (p, FEEL_ERROR_TYPE, node->at, "%s must be true or false, not a %s", what,
                    type_text (p, node->type));
}

static void
add_condition (Parser *p, const Node *node)
{
  if (node->kind != NODE_AND && node->kind != NODE_OR && node->kind != NODE_CONSTANT)
    g_ptr_array_add (p->conditions, (gpointer)node);
}

const Node *
build_logic (Parser *p, unsigned at, NodeKind kind, const Node *a, const Node *b)
{
  check_boolean (p, a, kind == NODE_AND ? "each side of and" : "each side of or");
  check_boolean (p, b, kind == NODE_AND ? "each side of and" : "each side of or");
  add_condition (p, a);
  add_condition (p, b);
  return fold_parts (p, build_parts (p, kind, at, &feel_type_boolean, a, b, NULL));
}

const Node *
build_between (Parser *p, unsigned at, const Node *a, const Node *low, const Node *high)
{
  check_comparable (p, at, OP_LESS, a->type, low->type);
  check_comparable (p, at, OP_LESS, a->type, high->type);
  return fold_parts (p, build_parts (p, NODE_BETWEEN, at, &feel_type_boolean, a, low, high));
}

const Node *
build_if (Parser *p, unsigned at, const Node *condition, const Node *yes, const Node *no)
{
  check_boolean (p, condition, "the condition of if");
  add_condition (p, condition);
  const FeelType *type = &feel_type_any;
  if (yes->type == no->type || no->type->kind == FEEL_TYPE_NULL)
    type = yes->type;
  else if (yes->type->kind == FEEL_TYPE_NULL)
    type = no->type;
  else if (yes->type->kind == no->type->kind && yes->type->kind < FEEL_TYPE_RANGE)
    type = yes->type;
  return fold_parts (p, build_parts (p, NODE_IF, at, type, condition, yes, no));
}

const Node *
build_instance (Parser *p, unsigned at, const Node *a, const FeelType *type)
{
  if (type_is_bare (type)) /* rule 52 */
    return build_fault (p, FEEL_ERROR_TYPE, at,
                        "a list, range, context or function type says what it holds, such as list<Any>");
  Node *node = build_parts (p, NODE_INSTANCE, at, &feel_type_boolean, a, NULL, NULL);
  node->tested = type;
  return fold_parts (p, node);
}

/* ---- members and filters ---- */

static const FeelType *
range_property_type (const FeelType *range, Text name)
{
  if (text_equal (name, TEXT_LITERAL ("start")) || text_equal (name, TEXT_LITERAL ("end")))
    return range->element;
  if (text_equal (name, TEXT_LITERAL ("start included")) || text_equal (name, TEXT_LITERAL ("end included")))
    return &feel_type_boolean;
  return NULL;
}

/* The type of OBJECT.NAME; NULL when there certainly is no such member. */
static const FeelType *
member_type (const FeelType *object, Text name)
{
  if (!type_is_known (object))
    return &feel_type_any;
  if (object->kind == FEEL_TYPE_RANGE)
    return range_property_type (object, name);
  if (object->kind != FEEL_TYPE_CONTEXT)
    return temporal_property_type (object->kind, name);
  const FeelMember *member = type_member (object, name);
  if (member)
    return member->type;
  return object->closed ? NULL : &feel_type_any;
}

const Node *
build_path (Parser *p, unsigned at, const Node *object, Text name)
{
  bool on_list = object->type->kind == FEEL_TYPE_LIST;
  const FeelType *of = on_list ? object->type->element : object->type;
  const FeelType *type = member_type (of, name);
  if (!type && p->options.strict) {
    unsigned from = MIN (object->at, at), to = at;
    while (to > from && p->source.bytes[to - 1] != '.')
      to--;
    return build_fault (p, FEEL_ERROR_NAME, from, "no such name %.*s%.*s%s", (int)(to - from),
                        p->source.bytes + from, (int)name.len, name.bytes,
                        build_member_suggestion (p, of, name));
  }
  if (!type)
    type = &feel_type_any;
  Node *node = build_parts (p, NODE_PATH, object->at, on_list ? type_list_of (p->arena, type) : type, object,
                            NULL, NULL);
  node->name = name;
  const FeelMember *member = of->kind == FEEL_TYPE_CONTEXT ? type_member (of, name) : NULL;
  node->local = member ? (unsigned)(member - of->members) : 0;
  return fold_parts (p, node);
}

const Node *
build_filter (Parser *p, unsigned at, const Node *list, const Node *predicate, unsigned local)
{
  const FeelType *type = &feel_type_any, *element = build_element_type (list->type);
  FeelTypeKind kind = predicate->type->kind;
  if (kind == FEEL_TYPE_NUMBER)
    type = element;
  else if (kind == FEEL_TYPE_BOOLEAN)
    type = type_list_of (p->arena, element);
  else if (type_is_known (predicate->type) && p->options.strict)
    parser_fail_as (p, FEEL_ERROR_TYPE, predicate->at, "a filter is a position or a condition, not a %s",
                    type_text (p, predicate->type));
  Node *node = build_parts (p, NODE_FILTER, at, type, list, predicate, NULL);
  node->local = local;
  return node;
}

/* ---- lists, contexts, ranges ---- */

enum { VOCABULARY_MAX = 500 };

const Node *
build_list (Parser *p, unsigned at, const GPtrArray *items)
{
  const FeelType *element = items->len ? ((const Node *)items->pdata[0])->type : &feel_type_any;
  for (unsigned i = 1; i < items->len; i++) {
    const FeelType *other = ((const Node *)items->pdata[i])->type;
    if (other != element && !(other->kind == element->kind && other->kind < FEEL_TYPE_RANGE))
      element = &feel_type_any;
  }
  Node *node = build_node (p, NODE_LIST, at, type_list_of (p->arena, element));
  node->n = items->len;
  node->nodes = build_nodes (p, items);
  for (size_t i = 0; i < node->n; i++)
    raise_height (p, node, node->nodes[i]);
  return all_constant (node->nodes, node->n) ? build_fold (p, node) : node;
}

const Node *
build_context (Parser *p, unsigned at, const GArray *names, const GPtrArray *values, unsigned first_local)
{
  FeelType *type = arena_new0 (p->arena, FeelType, 1);
  FeelMember *members = arena_new0 (p->arena, FeelMember, names->len);
  Text *keys = arena_new0 (p->arena, Text, names->len);
  Node *node = build_node (p, NODE_CONTEXT, at, type);
  node->n = MIN (names->len, values->len);
  node->local = first_local;
  for (size_t i = 0; i < node->n; i++) {
    keys[i] = g_array_index (names, Text, i);
    members[i] = (FeelMember){ keys[i], ((const Node *)values->pdata[i])->type };
    if (p->vocabulary->len < VOCABULARY_MAX)
      g_ptr_array_add (p->vocabulary, &keys[i]);
    raise_height (p, node, values->pdata[i]);
  }
  *type = (FeelType){ .kind = FEEL_TYPE_CONTEXT, .n = node->n, .members = members, .closed = true };
  node->entries.values = build_nodes (p, values);
  node->entries.names = keys;
  return node;
}

const Node *
build_range (Parser *p, unsigned at, const Node *low, const Node *high, bool low_closed, bool high_closed)
{
  check_comparable (p, at, OP_LESS, low->type, high->type);
  FeelType *type = arena_new0 (p->arena, FeelType, 1);
  *type
      = (FeelType){ .kind = FEEL_TYPE_RANGE, .element = type_is_known (low->type) ? low->type : high->type };
  Node *node = build_parts (p, NODE_RANGE, at, type, low, high, NULL);
  node->low_closed = low_closed;
  node->high_closed = high_closed;
  return fold_parts (p, node);
}

const Node *
build_one_sided (Parser *p, unsigned at, CompareOp op, const Node *bound)
{
  const Node *none = build_constant (p, at, feel_null ());
  bool upper = op == OP_LESS || op == OP_LESS_EQUAL, lower = op == OP_GREATER || op == OP_GREATER_EQUAL;
  FeelType *type = arena_new0 (p->arena, FeelType, 1);
  *type = (FeelType){ .kind = FEEL_TYPE_RANGE, .element = bound->type };
  Node *node = build_parts (p, NODE_RANGE, at, type, upper ? none : bound, lower ? none : bound, NULL);
  node->low_closed = op == OP_GREATER_EQUAL || op == OP_EQUAL;
  node->high_closed = op == OP_LESS_EQUAL || op == OP_EQUAL;
  node->op = (guint8)(1 + op);
  return fold_parts (p, node);
}

/* ---- tests ---- */

void
build_check_test (Parser *p, unsigned at, const FeelType *input, const FeelType *type)
{
  if (!p->options.strict || !type_is_known (input) || !type_is_known (type))
    return;
  if (type->kind == FEEL_TYPE_LIST || type->kind == FEEL_TYPE_RANGE) {
    if (input->kind != type->kind)
      build_check_test (p, at, input, type->element);
    return;
  }
  if (input->kind != type->kind && type->kind != FEEL_TYPE_BOOLEAN)
    parser_fail_as (p, FEEL_ERROR_TYPE, at, "the input is a %s and is tested against a %s",
                    type_text (p, input), type_text (p, type));
}

const Node *
build_test_compare (Parser *p, unsigned at, CompareOp op, const Node *bound, unsigned local,
                    const FeelType *input)
{
  if (!comparable (op, input, bound->type) && p->options.strict)
    parser_fail_as (p, FEEL_ERROR_TYPE, at, "the input is a %s and is tested against a %s",
                    type_text (p, input), type_text (p, bound->type));
  Node *node = build_parts (p, NODE_TEST_COMPARE, at, &feel_type_boolean, bound, NULL, NULL);
  node->op = op;
  node->local = local;
  return node;
}

static const Node *
build_test_range (Parser *p, const Node *a, unsigned local)
{
  Node *node = build_node (p, NODE_TEST_RANGE, a->at, &feel_type_boolean);
  node->local = local;
  if (a->kind == NODE_RANGE) {
    node->a = a->a;
    node->b = a->b;
    node->low_closed = a->low_closed;
    node->high_closed = a->high_closed;
    node->height = a->height;
    return node;
  }
  const FeelRange *range = a->value.range;
  node->low_closed = range->low_closed;
  node->high_closed = range->high_closed;
  node->bounds.low = range->low;
  node->bounds.high = range->high;
  node->bounds.constant = true;
  return node;
}

const Node *
build_test (Parser *p, const Node *a, bool uses_input, unsigned local, const FeelType *input)
{
  if (uses_input) {
    check_boolean (p, a, "a test with ?");
  } else {
    build_check_test (p, a->at, input, a->type);
    if ((a->kind == NODE_RANGE && !a->op)
        || (a->kind == NODE_CONSTANT && a->value.kind == FEEL_RANGE && !a->value.range->sign))
      return build_test_range (p, a, local);
  }
  NodeKind kind = uses_input ? NODE_TEST_TRUTH : NODE_TEST_VALUE;
  Node *node = build_parts (p, kind, a->at, &feel_type_boolean, a, NULL, NULL);
  node->local = local;
  return node;
}

const Node *
build_test_group (Parser *p, unsigned at, NodeKind kind, const GPtrArray *tests, unsigned local)
{
  if (kind == NODE_TEST_ONE_OF && tests->len == 1)
    return tests->pdata[0];
  Node *node = build_node (p, kind, at, &feel_type_boolean);
  node->local = local;
  node->n = tests->len;
  node->nodes = build_nodes (p, tests);
  for (size_t i = 0; i < node->n; i++)
    raise_height (p, node, node->nodes[i]);
  return node;
}

const Node *
build_in (Parser *p, unsigned at, const Node *a, const Node *test, unsigned local)
{
  Node *node = build_parts (p, NODE_IN, at, &feel_type_boolean, a, test, NULL);
  node->local = local;
  return node;
}
