#include "feel_private.h"

#include <stdarg.h>
#include <string.h>

/* ---- diagnostics and limits ---- */

FeelValue
feel_fail_in (FeelRun *run, const FeelExpression *where, const Node *node, const char *format, va_list args)
{
  if (run->n_diagnostics >= FEEL_DIAGNOSTICS_MAX)
    return feel_null ();
  run->n_diagnostics++;
  FeelDiagnostic *d = arena_new0 (run->arena, FeelDiagnostic, 1);
  g_autofree char *message = g_strdup_vprintf (format, args);
  d->message = arena_text (run->arena, text_of (message));
  if (where) {
    d->origin = where->origin;
    feel_place (where->source, where->line, where->column, node ? node->at : 0, &d->line, &d->column);
  }
  d->next = run->diagnostics;
  run->diagnostics = d;
  return feel_null ();
}

FeelValue
feel_fail (FeelRun *run, const FeelExpression *where, const char *format, ...)
{
  va_list args;
  va_start (args, format);
  feel_fail_in (run, where, NULL, format, args);
  va_end (args);
  return feel_null ();
}

FeelValue
fail_at (Frame *frame, const Node *node, const char *format, ...)
{
  va_list args;
  va_start (args, format);
  feel_fail_in (frame->run, frame->expression, node, format, args);
  va_end (args);
  return feel_null ();
}

bool
evaluate_charge (FeelRun *run, const FeelExpression *where, gint64 n)
{
  if (run->steps < 0)
    return false;
  run->steps -= n;
  if (run->steps > 0)
    return true;
  run->steps = -1;
  feel_fail (run, where, "the evaluation takes too many steps and was stopped");
  return false;
}

/* ---- operators ---- */

static FeelValue
evaluate_arithmetic (const Node *node, Frame *frame)
{
  FeelValue room[2];
  const FeelValue *a = evaluate_operand (node->a, frame, &room[0]);
  const FeelValue *b = evaluate_operand (node->b, frame, &room[1]);
  const char *why = NULL;
  FeelValue v = operator_arithmetic (frame->run->arena, (ArithmeticOp)node->op, *a, *b, &why);
  if (why)
    return fail_at (frame, node, "%s, with %s and %s", why, kind_with_article (*a), kind_with_article (*b));
  if (v.kind == FEEL_STRING)
    evaluate_charge (frame->run, frame->expression, (gint64)(v.string.len / 4));
  return v;
}

static FeelValue
evaluate_compare (const Node *node, Frame *frame)
{
  FeelValue room[2];
  const FeelValue *a = evaluate_operand (node->a, frame, &room[0]);
  const FeelValue *b = evaluate_operand (node->b, frame, &room[1]);
  FeelValue v = operator_compare_quick (frame->run, (CompareOp)node->op, a, b);
  if (v.kind == FEEL_NULL && a->kind != FEEL_NULL && b->kind != FEEL_NULL)
    return fail_at (frame, node, "%s cannot be compared with %s", kind_with_article (*a),
                    kind_with_article (*b));
  return v;
}

/* The value of a condition, told to whoever asks what examples cover. */
static FeelValue
evaluate_condition (const Node *node, Frame *frame)
{
  FeelValue v = evaluate_node (node, frame);
  if (G_UNLIKELY (frame->run->seen))
    seen_note (frame->run->seen, node, v);
  return v;
}

static FeelValue
evaluate_and (const Node *node, Frame *frame)
{
  FeelValue a = evaluate_condition (node->a, frame);
  if (feel_is_false (a))
    return a;
  FeelValue b = evaluate_condition (node->b, frame);
  return a.kind == FEEL_BOOLEAN && b.kind == FEEL_BOOLEAN ? b : operator_and (frame->run->arena, a, b);
}

static FeelValue
evaluate_or (const Node *node, Frame *frame)
{
  FeelValue a = evaluate_condition (node->a, frame);
  if (feel_is_true (a))
    return a;
  FeelValue b = evaluate_condition (node->b, frame);
  return a.kind == FEEL_BOOLEAN && b.kind == FEEL_BOOLEAN ? b : operator_or (frame->run->arena, a, b);
}

static FeelValue
evaluate_between (const Node *node, Frame *frame)
{
  Arena *arena = frame->run->arena;
  FeelValue room[2];
  const FeelValue *v = evaluate_operand (node->a, frame, &room[0]);
  const FeelValue *bound = evaluate_operand (node->b, frame, &room[1]);
  FeelValue low = operator_compare_quick (frame->run, OP_GREATER_EQUAL, v, bound);
  if (feel_is_false (low))
    return low;
  bound = evaluate_operand (node->c, frame, &room[1]);
  return operator_and (arena, low, operator_compare_quick (frame->run, OP_LESS_EQUAL, v, bound));
}

static FeelValue
evaluate_in (const Node *node, Frame *frame)
{
  frame->locals[node->local] = evaluate_node (node->a, frame);
  return evaluate_test_node (node->b, frame);
}

/* An unknown condition leaves the value open unless both branches agree. */
static FeelValue
evaluate_if (const Node *node, Frame *frame)
{
  FeelValue condition = evaluate_condition (node->a, frame);
  if (!is_unknown (condition))
    return evaluate_node (feel_is_true (condition) ? node->b : node->c, frame);
  FeelValue yes = evaluate_node (node->b, frame), no = evaluate_node (node->c, frame);
  if (operator_identical (frame->run, yes, no))
    return yes;
  operator_find_unknown (frame->run, yes, &condition);
  operator_find_unknown (frame->run, no, &condition);
  return condition;
}

/* ---- members ---- */

static FeelValue
range_property (const FeelRange *range, Text name, bool *found)
{
  *found = true;
  if (text_equal (name, TEXT_LITERAL ("start")))
    return range->low;
  if (text_equal (name, TEXT_LITERAL ("end")))
    return range->high;
  if (text_equal (name, TEXT_LITERAL ("start included")))
    return feel_boolean (range->low_closed);
  if (text_equal (name, TEXT_LITERAL ("end included")))
    return feel_boolean (range->high_closed);
  *found = false;
  return feel_null ();
}

static FeelValue
list_path (const Node *node, const FeelList *list, Text name, Frame *frame)
{
  if (++frame->run->depth > FEEL_DEPTH_MAX
      || !evaluate_charge (frame->run, frame->expression, 8 * (gint64)list->n)) {
    frame->run->depth--;
    return feel_null ();
  }
  FeelValue *items = arena_alloc (frame->run->arena, list->n * sizeof *items);
  for (size_t i = 0; i < list->n; i++)
    items[i] = evaluate_path (node, list->items[i], name, frame);
  frame->run->depth--;
  ListBuilder result = { frame->run->arena, items, list->n, list->n };
  return list_end (&result);
}

/* Members usually stand where the type says. */
static const FeelValue *
context_member (const Node *node, const FeelContext *context, Text name, Frame *frame)
{
  if (node->local < context->n && text_equal (context->entries[node->local].name, name))
    return &context->entries[node->local].value;
  evaluate_charge (frame->run, frame->expression, (gint64)(context->n / 16));
  return feel_context_get (context, name);
}

FeelValue
evaluate_path (const Node *node, FeelValue object, Text name, Frame *frame)
{
  bool found = false;
  FeelValue v = feel_null ();
  switch (object.kind) {
  case FEEL_UNKNOWN:
  case FEEL_NULL: return object;
  case FEEL_LIST: return list_path (node, object.list, name, frame);
  case FEEL_CONTEXT: {
    const FeelValue *member = context_member (node, object.context, name, frame);
    if (member)
      return *member;
    break;
  }
  case FEEL_RANGE: v = range_property (object.range, name, &found); break;
  default: v = temporal_property (frame->run->arena, object, name, &found); break;
  }
  if (found)
    return v;
  return fail_at (frame, node, "%s has no member %.*s", kind_with_article (object), (int)name.len,
                  name.bytes);
}

static FeelValue
evaluate_member_or (const Node *node, Frame *frame)
{
  FeelValue item = frame->locals[node->local];
  if (is_unknown (item))
    return item;
  if (item.kind == FEEL_CONTEXT) {
    const FeelValue *member = feel_context_get (item.context, node->name);
    if (member)
      return *member;
  }
  if (node->a)
    return evaluate_node (node->a, frame);
  return fail_at (frame, node, "no such name %.*s", (int)node->name.len, node->name.bytes);
}

/* ---- structures ---- */

static FeelValue
evaluate_list (const Node *node, Frame *frame)
{
  if (!evaluate_charge (frame->run, frame->expression, (gint64)node->n))
    return feel_null ();
  FeelValue *items = arena_alloc (frame->run->arena, node->n * sizeof *items);
  for (size_t i = 0; i < node->n; i++)
    items[i] = evaluate_node (node->nodes[i], frame);
  ListBuilder list = { frame->run->arena, items, node->n, node->n };
  return list_end (&list);
}

static FeelValue
evaluate_context (const Node *node, Frame *frame)
{
  FeelEntry *entries = arena_new0 (frame->run->arena, FeelEntry, node->n);
  for (size_t i = 0; i < node->n; i++) {
    entries[i].name = node->entries.names[i];
    entries[i].value = frame->locals[node->local + i] = evaluate_node (node->entries.values[i], frame);
  }
  FeelContext *context = arena_new0 (frame->run->arena, FeelContext, 1);
  *context = (FeelContext){ node->n, entries };
  return (FeelValue){ .kind = FEEL_CONTEXT, .context = context };
}

/* The one-sided forms (`< 10`) have no bound on the other side.  A bound that is
 * written as null makes a range that nothing is in; one that turns out null is a
 * fault. */
static FeelValue
evaluate_range (const Node *node, Frame *frame)
{
  FeelValue low = evaluate_node (node->a, frame), high = evaluate_node (node->b, frame);
  if (is_unknown (low) || is_unknown (high))
    return feel_unknown_merge (frame->run->arena, low, high);
  bool low_null = node->a->kind == NODE_CONSTANT && low.kind == FEEL_NULL;
  bool high_null = node->b->kind == NODE_CONSTANT && high.kind == FEEL_NULL;
  int order;
  bool fits = (low_null || low.kind != FEEL_NULL) && (high_null || high.kind != FEEL_NULL)
              && (node->op == 1 + OP_NOT_EQUAL
                  || operator_order (low_null ? high : low, high_null ? low : high, &order));
  if (!fits)
    return fail_at (frame, node, "a range cannot go from %s to %s", kind_with_article (low),
                    kind_with_article (high));
  FeelRange *range = arena_new0 (frame->run->arena, FeelRange, 1);
  *range = (FeelRange){ low, high, node->low_closed, node->high_closed, node->op };
  return (FeelValue){ .kind = FEEL_RANGE, .range = range };
}

/* ---- functions ---- */

/* A function keeps what it saw: the slots and, of the locals, those below its
 * own parameters. */
static FeelValue
evaluate_function (const Node *node, Frame *frame)
{
  Arena *arena = frame->run->arena;
  FeelValue *locals = arena_new0 (arena, FeelValue, node->local);
  if (node->local)
    memcpy (locals, frame->locals, node->local * sizeof *locals);
  size_t n_slots = frame->run->slots ? frame->expression->n_slots : 0;
  FeelValue *slots = arena_new0 (arena, FeelValue, n_slots);
  if (n_slots)
    memcpy (slots, frame->run->slots, n_slots * sizeof *slots);
  FeelFunction *function = arena_new0 (arena, FeelFunction, 1);
  *function = (FeelFunction){ .n = node->n,
                              .parameters = node->function.parameters,
                              .types = node->function.types,
                              .body = node->a,
                              .expression = frame->expression,
                              .slots = slots,
                              .locals = locals,
                              .first_local = node->local };
  return (FeelValue){ .kind = FEEL_FUNCTION, .function = function };
}

static FeelValue
call_literal (const FeelFunction *function, const FeelValue *arguments, FeelRun *run)
{
  unsigned n_locals = function->expression->n_locals;
  if (!evaluate_charge (run, function->expression, n_locals))
    return feel_null ();
  FeelValue *locals = arena_alloc (run->arena, n_locals * sizeof *locals);
  if (function->first_local)
    memcpy (locals, function->locals, function->first_local * sizeof *locals);
  if (function->n)
    memcpy (locals + function->first_local, arguments, function->n * sizeof *locals);
  const FeelValue *slots = run->slots;
  run->slots = function->slots;
  Frame inner = { run, function->expression, locals };
  FeelValue v = evaluate_node (function->body, &inner);
  run->slots = slots;
  return v;
}

FeelValue
feel_coerce (FeelRun *run, const FeelType *type, FeelValue v, bool *fits)
{
  if (run->steps == 0)
    run->steps = FEEL_STEPS_DEFAULT;
  *fits = true;
  if (type->kind == FEEL_TYPE_ANY || v.kind == FEEL_NULL || is_unknown (v))
    return v;
  FeelValue is = type_instance (run, type, v);
  if (feel_is_true (is) || is_unknown (is))
    return v;
  if (v.kind == FEEL_LIST && v.list->n == 1 && feel_is_true (type_instance (run, type, v.list->items[0])))
    return v.list->items[0];
  if (type->kind == FEEL_TYPE_LIST && v.kind != FEEL_LIST
      && feel_is_true (type_instance (run, type->element, v)))
    return feel_list (run->arena, &v, 1);
  if (type->kind == FEEL_TYPE_DATE_TIME && v.kind == FEEL_DATE)
    return temporal_moment (run->arena, FEEL_DATE_TIME, temporal_midnight (v.date));
  *fits = false;
  return feel_null ();
}

FeelValue
function_call (FeelValue f, const FeelValue *arguments, size_t n, const Node *node, Frame *frame)
{
  FeelRun *run = frame->run;
  const FeelFunction *function = f.function;
  if (function->builtin.len) {
    const Builtin *row = NULL;
    for (size_t i = 0; (row = builtin_find (function->builtin, i)); i++)
      if (n >= (size_t)row->required && n <= builtin_parameters (row))
        return builtin_call (row, arguments, (1u << n) - 1, node, frame);
    return fail_at (frame, node, "%.*s does not take %zu arguments", (int)function->builtin.len,
                    function->builtin.bytes, n);
  }
  if (n != function->n)
    return fail_at (frame, node, "the function takes %zu arguments, not %zu", function->n, n);
  if (function->native)
    return function->native (function->host, arguments, n, run);
  FeelValue *fitting = arena_alloc (run->arena, n * sizeof *fitting);
  for (size_t i = 0; i < n; i++) {
    bool fits;
    fitting[i] = feel_coerce (run, function->types[i], arguments[i], &fits);
    if (!fits)
      return fail_at (frame, node, "%.*s cannot be %s", (int)function->parameters[i].len,
                      function->parameters[i].bytes, kind_with_article (arguments[i]));
  }
  return call_literal (function, fitting, run);
}

FeelValue
feel_call (FeelValue function, const FeelValue *arguments, size_t n, FeelRun *run)
{
  static const FeelExpression nowhere = { .line = 1, .column = 1 };
  if (run->steps == 0)
    run->steps = FEEL_STEPS_DEFAULT;
  if (is_unknown (function))
    return function;
  if (function.kind != FEEL_FUNCTION)
    return feel_fail (run, NULL, "%s cannot be called", kind_with_article (function));
  if (run->depth > FEEL_DEPTH_MAX)
    return feel_fail (run, NULL, "calls are nested too deep");
  run->depth++;
  Frame frame = { run, &nowhere, NULL };
  FeelValue v = function_call (function, arguments, n, NULL, &frame);
  run->depth--;
  return v;
}

/* Named arguments in the function's own order; those not named are null
 * (10.3.2.13.5).  False when a name is not the function's or stands twice. */
static bool
order_arguments (const Node *node, const FeelFunction *function, const FeelValue *given, FeelValue *ordered)
{
  size_t found = 0;
  for (size_t i = 0; i < function->n; i++) {
    size_t j = 0;
    while (j < node->n && !text_equal (node->entries.names[j], function->parameters[i]))
      j++;
    ordered[i] = j < node->n ? given[j] : feel_null ();
    found += j < node->n;
  }
  return found == node->n;
}

static FeelValue
evaluate_call_node (const Node *node, Frame *frame)
{
  FeelValue callee = evaluate_node (node->a, frame);
  if (is_unknown (callee))
    return callee;
  if (callee.kind != FEEL_FUNCTION)
    return fail_at (frame, node, "%s cannot be called", kind_with_article (callee));
  FeelValue *arguments = arena_alloc (frame->run->arena, (node->n + callee.function->n) * sizeof *arguments);
  for (size_t i = 0; i < node->n; i++)
    arguments[i] = evaluate_node (node->entries.values[i], frame);
  if (!node->entries.names)
    return function_call (callee, arguments, node->n, node, frame);
  if (!order_arguments (node, callee.function, arguments, arguments + node->n))
    return fail_at (frame, node, "the arguments' names are not the function's");
  return function_call (callee, arguments + node->n, callee.function->n, node, frame);
}

static FeelValue
evaluate_builtin_node (const Node *node, Frame *frame)
{
  FeelValue arguments[8] = { 0 };
  for (size_t i = 0; i < node->n; i++)
    if (node->call.arguments[i])
      arguments[i] = evaluate_node (node->call.arguments[i], frame);
  return builtin_call (node->call.row, arguments, node->call.given, node, frame);
}

/* ---- dispatch ---- */

/* Not inlined: the frames of deep recursion stay small. */
static G_GNUC_NO_INLINE FeelValue
evaluate_inner (const Node *node, Frame *frame)
{
  FeelValue v;
  switch (node->kind) {
  case NODE_MEMBER_OR: return evaluate_member_or (node, frame);
  case NODE_NEGATE:
    v = evaluate_node (node->a, frame);
    if (v.kind > FEEL_UNKNOWN && operator_negate (v).kind == FEEL_NULL)
      return fail_at (frame, node, "- needs a number or a duration, not %s", kind_with_article (v));
    return operator_negate (v);
  case NODE_ARITHMETIC: return evaluate_arithmetic (node, frame);
  case NODE_COMPARE: return evaluate_compare (node, frame);
  case NODE_AND: return evaluate_and (node, frame);
  case NODE_OR: return evaluate_or (node, frame);
  case NODE_BETWEEN: return evaluate_between (node, frame);
  case NODE_IN: return evaluate_in (node, frame);
  case NODE_IF: return evaluate_if (node, frame);
  case NODE_FOR:
  case NODE_SOME:
  case NODE_EVERY: return evaluate_loop (node, frame);
  case NODE_FILTER: return evaluate_filter (node, frame);
  case NODE_PATH: return evaluate_path (node, *evaluate_operand (node->a, frame, &v), node->name, frame);
  case NODE_LIST: return evaluate_list (node, frame);
  case NODE_CONTEXT: return evaluate_context (node, frame);
  case NODE_RANGE: return evaluate_range (node, frame);
  case NODE_FUNCTION: return evaluate_function (node, frame);
  case NODE_CALL: return evaluate_call_node (node, frame);
  case NODE_BUILTIN: return evaluate_builtin_node (node, frame);
  case NODE_INSTANCE: return type_instance (frame->run, node->tested, evaluate_node (node->a, frame));
  case NODE_FAULT: return fail_at (frame, node, "%s", node->message);
  default: g_return_val_if_reached (feel_null ());
  }
}

FeelValue
evaluate_node (const Node *node, Frame *frame)
{
  switch (node->kind) {
  case NODE_CONSTANT: return node->value;
  case NODE_SLOT: return frame->run->slots[node->local];
  case NODE_LOCAL: return frame->locals[node->local];
  default: break;
  }
  FeelRun *run = frame->run;
  if (G_UNLIKELY (--run->steps <= 0)) {
    evaluate_charge (run, frame->expression, 0);
    return feel_null ();
  }
  if (G_UNLIKELY (run->depth >= FEEL_DEPTH_MAX))
    return fail_at (frame, node, "calls are nested too deep");
  run->depth++;
  FeelValue v = evaluate_inner (node, frame);
  run->depth--;
  return v;
}

enum { LOCALS_ON_STACK = 8 };

FeelValue
feel_evaluate (const FeelExpression *e, FeelRun *run)
{
  FeelValue few[LOCALS_ON_STACK];
  if (run->steps == 0)
    run->steps = FEEL_STEPS_DEFAULT;
  Frame frame
      = { run, e, e->n_locals > LOCALS_ON_STACK ? arena_new0 (run->arena, FeelValue, e->n_locals) : few };
  if (e->n_locals <= LOCALS_ON_STACK)
    memset (few, 0, e->n_locals * sizeof *few);
  FeelValue v = evaluate_node (e->root, &frame);
  return run->steps < 0 ? feel_null () : v;
}

FeelValue
feel_evaluate_test (const FeelExpression *test, FeelValue input, FeelRun *run)
{
  FeelValue few[LOCALS_ON_STACK];
  g_return_val_if_fail (test->is_test, feel_null ());
  if (run->steps == 0)
    run->steps = FEEL_STEPS_DEFAULT;
  Frame frame
      = { run, test,
          test->n_locals > LOCALS_ON_STACK ? arena_new0 (run->arena, FeelValue, test->n_locals) : few };
  if (test->n_locals > 1 && test->n_locals <= LOCALS_ON_STACK)
    memset (few, 0, test->n_locals * sizeof *few);
  frame.locals[0] = input;
  FeelValue v = evaluate_test_node (test->root, &frame);
  return run->steps < 0 ? feel_null () : v;
}
