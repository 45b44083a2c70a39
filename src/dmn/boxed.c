/* Boxed expressions evaluated (DMN 1.5, 10.2.2).  The names they bring have
 * slots behind those of their surroundings, in the one array that BOXED carries. */
#include "dmn_private.h"

FeelValue
boxed_cell (const DmnCell *cell, FeelRun *run)
{
  if (cell->expression)
    return feel_evaluate (cell->expression, run);
  return cell->fault ? feel_fail (run, NULL, "%s", cell->fault) : feel_null ();
}

/* ---- tables ------------------------------------------------------------ */

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
evaluate_input (const DmnColumn *input, FeelRun *run)
{
  DmnCell head = { .expression = input->expression, .fault = input->fault };
  return items_conform (run, input->item, boxed_cell (&head, run), input->label);
}

static FeelValue
evaluate_table (Boxed *b, const DmnTable *table)
{
  DmnRun *run = b->run;
  run_charge (run, table->n_rules);
  FeelValue *inputs = arena_new0 (run->arena, FeelValue, table->n_inputs);
  for (size_t i = 0; i < table->n_inputs; i++)
    inputs[i] = evaluate_input (&table->inputs[i], &run->feel);
  DmnTraceRule *trace = b->traced ? arena_new0 (run->arena, DmnTraceRule, table->n_rules) : NULL;
  FeelValue value = feel_null ();
  bool allowed = inputs_allowed (run, table, inputs);
  if (allowed) {
    value = dmn_table_answer (table, match_rules (table, inputs, &run->feel, trace), &run->feel);
    if (value.kind == FEEL_UNKNOWN && !b->decision->unit->public.is_xml)
      value = dmn_table_sharpen (table, inputs, value, &run->feel);
  }
  if (trace)
    run_record (run, (DmnTrace){ .decision = &b->decision->public,
                                 .table = table,
                                 .value = value,
                                 .n_rules = allowed ? table->n_rules : 0,
                                 .rules = trace });
  return value;
}

/* ---- functions --------------------------------------------------------- */

/* A function keeps the slots it saw when it was made. */
typedef struct {
  Boxed made;
  const DmnExpression *function;
} Closure;

/* ARGUMENTS as the parameters take them; false when one does not fit, and then
 * the call is null (DMN 1.5, 10.3.2.9.4). */
static bool
take_arguments (FeelRun *run, const DmnExpression *function, const FeelValue *arguments, FeelValue *slots)
{
  for (size_t i = 0; i < function->n_names; i++) {
    bool fits;
    slots[i] = items_coerce (run, function->names[i].item, arguments[i], function->names[i].name, &fits);
    if (!fits)
      return false;
  }
  return true;
}

/* FUNCTION's body, over slots that have room for all its names. */
static FeelValue
call_over (Boxed inner, const DmnExpression *function, const FeelValue *arguments)
{
  DmnRun *run = inner.run;
  Text name = inner.decision->public.name;
  if (function->language.len)
    return feel_fail (&run->feel, NULL, "a function in %.*s is not run here", (int)function->language.len,
                      function->language.bytes);
  if (!function->n_parts)
    return feel_fail (&run->feel, NULL, "%.*s has no logic", (int)name.len, name.bytes);
  inner.traced &= inner.decision->unit->public.is_xml || run->feel.seen; /* coverage counts every call */
  if (!take_arguments (&run->feel, function, arguments, inner.slots + function->slot))
    return feel_null ();
  return items_conform (&run->feel, function->item, boxed_evaluate (&inner, function->parts[0]), name);
}

/* In place; a function may be calling itself, so what it finds is put back. */
FeelValue
boxed_call (Boxed made, const DmnExpression *function, const FeelValue *arguments)
{
  size_t n = (size_t)(made.decision->n_slots - function->slot);
  run_charge (made.run, CALL_STEPS + 2 * n);
  FeelValue *names = made.slots + function->slot, *before = arena_new0 (made.run->arena, FeelValue, n);
  if (n)
    memcpy (before, names, n * sizeof *before);
  FeelValue value = call_over (made, function, arguments);
  if (n)
    memcpy (names, before, n * sizeof *before);
  return value;
}

static FeelValue
call_closure (void *data, const FeelValue *arguments, size_t n, FeelRun *feel)
{
  const Closure *closure = data;
  Boxed inner = closure->made;
  size_t n_slots = (size_t)inner.decision->n_slots;
  run_charge (inner.run, CALL_STEPS + 2 * n_slots);
  inner.slots = arena_new0 (inner.run->arena, FeelValue, n_slots);
  memcpy (inner.slots, closure->made.slots, (size_t)closure->function->slot * sizeof *inner.slots);
  return call_over (inner, closure->function, arguments);
}

static FeelValue
make_closure (Boxed *b, const DmnExpression *x)
{
  Arena *arena = b->run->arena;
  Closure *closure = arena_new0 (arena, Closure, 1);
  *closure = (Closure){ *b, x };
  closure->made.slots = arena_new0 (arena, FeelValue, x->slot);
  if (x->slot)
    memcpy (closure->made.slots, b->slots, (size_t)x->slot * sizeof (FeelValue));
  Text *names = arena_new0 (arena, Text, x->n_names);
  for (size_t i = 0; i < x->n_names; i++)
    names[i] = x->names[i].name;
  return feel_native (arena, names, x->n_names, call_closure, closure);
}

static bool
is_truth (FeelValue v)
{
  return v.kind == FEEL_BOOLEAN || v.kind == FEEL_NULL || v.kind == FEEL_UNKNOWN;
}

/* ---- the others -------------------------------------------------------- */

static FeelValue
evaluate_context (Boxed *b, const DmnExpression *x)
{
  FeelEntry *entries = arena_new0 (b->run->arena, FeelEntry, x->n_names);
  for (size_t i = 0; i < x->n_names; i++) {
    const DmnName *name = &x->names[i];
    FeelValue value = boxed_evaluate (b, x->parts[i]);
    value = items_conform (&b->run->feel, name->item, value, name->name);
    entries[i] = (FeelEntry){ name->name, value };
    b->slots[x->slot + (int)i] = value;
  }
  return x->n_parts > x->n_names ? boxed_evaluate (b, x->parts[x->n_parts - 1])
                                 : feel_context (b->run->arena, entries, x->n_names);
}

static FeelValue
evaluate_list (Boxed *b, const DmnExpression *x)
{
  FeelValue *items = arena_new0 (b->run->arena, FeelValue, x->n_parts);
  for (size_t i = 0; i < x->n_parts; i++)
    items[i] = boxed_evaluate (b, x->parts[i]);
  return feel_list (b->run->arena, items, x->n_parts);
}

static FeelValue
evaluate_relation (Boxed *b, const DmnExpression *x)
{
  size_t n_rows = x->n_names ? x->n_parts / x->n_names : 0;
  FeelValue *rows = arena_new0 (b->run->arena, FeelValue, n_rows);
  FeelEntry *entries = arena_new0 (b->run->arena, FeelEntry, x->n_names);
  for (size_t r = 0; r < n_rows; r++) {
    for (size_t c = 0; c < x->n_names; c++) {
      FeelValue value = boxed_evaluate (b, x->parts[r * x->n_names + c]);
      value = items_conform (&b->run->feel, x->names[c].item, value, x->names[c].name);
      entries[c] = (FeelEntry){ x->names[c].name, value };
    }
    rows[r] = feel_context (b->run->arena, entries, x->n_names);
  }
  return feel_list (b->run->arena, rows, n_rows);
}

/* Null chooses the else, as in FEEL; what is no truth at all is a fault.  An
 * unknown leaves the value open unless both branches agree. */
static FeelValue
evaluate_conditional (Boxed *b, const DmnExpression *x)
{
  FeelValue condition = boxed_evaluate (b, x->parts[0]);
  if (!is_truth (condition))
    return feel_fail (&b->run->feel, NULL, "the condition on line %u is neither true nor false", x->line);
  if (condition.kind != FEEL_UNKNOWN)
    return boxed_evaluate (b, x->parts[feel_is_true (condition) ? 1 : 2]);
  Arena *arena = b->run->arena;
  FeelValue yes = boxed_evaluate (b, x->parts[1]), no = boxed_evaluate (b, x->parts[2]);
  FeelValue same = feel_equal (arena, yes, no);
  if (feel_is_true (same))
    return yes;
  return same.kind == FEEL_UNKNOWN ? feel_unknown_merge (arena, condition, same) : condition;
}

/* Some and every, from the truth of each element: Kleene's or and and.  Other than
 * FEEL's own, one element that has no truth makes the whole null. */
static FeelValue
fold_truths (Boxed *b, const DmnExpression *x, FeelValue truths)
{
  if (truths.kind != FEEL_LIST)
    return truths;
  bool some = x->kind == DMN_SOME, decided = false;
  FeelValue open = feel_boolean (!some);
  for (size_t i = 0; i < truths.list->n; i++) {
    FeelValue truth = truths.list->items[i];
    if (!is_truth (truth))
      return feel_fail (&b->run->feel, NULL, "the condition on line %u is neither true nor false", x->line);
    decided |= some ? feel_is_true (truth) : feel_is_false (truth);
    if (truth.kind == FEEL_UNKNOWN)
      open = feel_unknown_merge (b->run->arena, open, truth);
    else if (truth.kind == FEEL_NULL && open.kind != FEEL_UNKNOWN)
      open = truth;
  }
  return decided ? feel_boolean (some) : open;
}

/* What a filter's condition came to, item by item. */
static FeelValue
see_truth (void *strange, const FeelValue *arguments, size_t n, FeelRun *feel)
{
  bool fits = is_truth (arguments[0]) || arguments[0].kind == FEEL_NUMBER; /* a position */
  *(bool *)strange |= !fits;
  return fits ? arguments[0] : feel_null ();
}

static FeelValue
evaluate_filter (Boxed *b, const DmnExpression *x)
{
  static const Text parameter[] = { { "value", 5 } };
  bool *strange = arena_new0 (b->run->arena, bool, 1);
  b->slots[x->slot] = feel_native (b->run->arena, parameter, 1, see_truth, strange);
  FeelValue value = boxed_cell (&x->cell, &b->run->feel);
  if (*strange)
    return feel_fail (&b->run->feel, NULL, "the condition on line %u is neither true nor false", x->line);
  return value;
}

/* Compiled as FEEL over the parts' values. */
static FeelValue
evaluate_as_feel (Boxed *b, const DmnExpression *x)
{
  for (size_t i = 0; i < x->n_parts; i++)
    if (x->slots[i] >= 0) {
      FeelValue value = boxed_evaluate (b, x->parts[i]);
      if (x->kind == DMN_INVOCATION && i > 0)
        value = items_conform (&b->run->feel, x->names[i - 1].item, value, x->names[i - 1].name);
      b->slots[x->slots[i]] = value;
    }
  if (x->kind == DMN_FILTER)
    return evaluate_filter (b, x);
  FeelValue value = boxed_cell (&x->cell, &b->run->feel);
  return x->kind == DMN_SOME || x->kind == DMN_EVERY ? fold_truths (b, x, value) : value;
}

static FeelValue
evaluate_kind (Boxed *b, const DmnExpression *x)
{
  switch (x->kind) {
  case DMN_LITERAL: return boxed_cell (&x->cell, &b->run->feel);
  case DMN_TABLE: return evaluate_table (b, x->table);
  case DMN_CONTEXT: return evaluate_context (b, x);
  case DMN_FUNCTION: return make_closure (b, x);
  case DMN_RELATION: return evaluate_relation (b, x);
  case DMN_LIST: return evaluate_list (b, x);
  case DMN_CONDITIONAL: return evaluate_conditional (b, x);
  case DMN_INVOCATION:
  case DMN_FOR:
  case DMN_SOME:
  case DMN_EVERY:
  case DMN_FILTER: return evaluate_as_feel (b, x);
  }
  g_assert_not_reached ();
}

FeelValue
boxed_evaluate (Boxed *b, const DmnExpression *x)
{
  FeelRun *feel = &b->run->feel;
  if (feel->depth >= DMN_DEPTH_MAX)
    return feel_fail (feel, NULL, "calls are nested too deep");
  const FeelValue *before = feel->slots;
  feel->slots = b->slots;
  feel->depth++;
  FeelValue value = evaluate_kind (b, x);
  feel->depth--;
  feel->slots = before;
  return x->kind == DMN_FUNCTION ? value : items_conform (feel, x->item, value, b->decision->public.name);
}
