#include "feel_private.h"

FeelValue
test_in_range (FeelRun *run, FeelValue input, const FeelRange *range)
{
  FeelValue low = feel_boolean (true);
  if (range->sign == 1 + OP_NOT_EQUAL)
    return operator_compare (run, OP_NOT_EQUAL, input, range->low);
  if (range->low.kind != FEEL_NULL)
    low = operator_compare (run, range->low_closed ? OP_GREATER_EQUAL : OP_GREATER, input, range->low);
  if (range->high.kind == FEEL_NULL || feel_is_false (low))
    return low;
  return operator_and (
      run->arena, low,
      operator_compare (run, range->high_closed ? OP_LESS_EQUAL : OP_LESS, input, range->high));
}

/* In a list: equal to an item, or inside a range that is one.  Items that
 * cannot be compared with the input are not it. */
static FeelValue
test_in_list (FeelRun *run, FeelValue input, const FeelList *list)
{
  FeelValue result = feel_boolean (false);
  for (size_t i = 0; i < list->n && !feel_is_true (result); i++) {
    FeelValue item = list->items[i];
    FeelValue one = item.kind == FEEL_RANGE && input.kind != FEEL_RANGE
                        ? test_in_range (run, input, item.range)
                    : item.kind == FEEL_LIST && input.kind != FEEL_LIST ? feel_boolean (false)
                                                                        : operator_equal (run, input, item);
    if (is_unknown (one) || feel_is_true (one))
      result = operator_or (run->arena, result, one);
  }
  return result;
}

FeelValue
test_matches (FeelRun *run, FeelValue input, FeelValue v)
{
  if (is_unknown (v))
    return feel_unknown_merge (run->arena, v, input);
  if (v.kind == FEEL_RANGE && input.kind != FEEL_RANGE)
    return test_in_range (run, input, v.range);
  if (v.kind != FEEL_LIST)
    return operator_equal (run, input, v);
  if (is_unknown (input))
    return input;
  FeelValue within = test_in_list (run, input, v.list);
  if (input.kind != FEEL_LIST)
    return within;
  return operator_or (run->arena, operator_equal (run, input, v), within);
}

static FeelValue
bound_test (FeelRun *run, CompareOp op, FeelValue input, const Node *bound, Frame *frame)
{
  if (bound->kind == NODE_CONSTANT && bound->value.kind == FEEL_NULL)
    return feel_boolean (true);
  return operator_compare (run, op, input, evaluate_node (bound, frame));
}

static FeelValue
test_range_node (const Node *node, FeelValue input, Frame *frame)
{
  FeelRun *run = frame->run;
  CompareOp low_op = node->low_closed ? OP_GREATER_EQUAL : OP_GREATER;
  CompareOp high_op = node->high_closed ? OP_LESS_EQUAL : OP_LESS;
  if (node->bounds.constant) {
    FeelRange range = { node->bounds.low, node->bounds.high, node->low_closed, node->high_closed };
    return test_in_range (run, input, &range);
  }
  FeelValue low = bound_test (run, low_op, input, node->a, frame);
  if (feel_is_false (low))
    return low;
  return operator_and (run->arena, low, bound_test (run, high_op, input, node->b, frame));
}

/* A value the input must equal or be in.  A boolean result stands for itself
 * when the input is none: `contains(名称, "园")` asks about something else. */
static FeelValue
test_value_node (const Node *node, FeelValue input, Frame *frame)
{
  const FeelValue *fixed = &node->a->value;
  if (node->a->kind == NODE_CONSTANT && fixed->kind == input.kind) {
    if (input.kind == FEEL_NUMBER)
      return feel_boolean (decimal_equal (input.number, fixed->number));
    if (input.kind == FEEL_STRING)
      return feel_boolean (text_equal (input.string, fixed->string));
  }
  FeelValue v = evaluate_node (node->a, frame);
  if (v.kind == FEEL_BOOLEAN && input.kind != FEEL_BOOLEAN && input.kind > FEEL_UNKNOWN
      && input.kind != FEEL_LIST && node->a->kind != NODE_CONSTANT)
    return v;
  return test_matches (frame->run, input, v);
}

static FeelValue
test_one_of (const Node *node, Frame *frame)
{
  FeelValue result = feel_boolean (false);
  for (size_t i = 0; i < node->n; i++) {
    FeelValue one = evaluate_test_node (node->nodes[i], frame);
    if (feel_is_true (one))
      return one;
    result = operator_or (frame->run->arena, result, one);
  }
  return result;
}

FeelValue
evaluate_test_node (const Node *node, Frame *frame)
{
  FeelValue v, input;
  switch (node->kind) {
  case NODE_TEST_ANY: return feel_boolean (true);
  case NODE_TEST_ONE_OF: return test_one_of (node, frame);
  case NODE_TEST_NOT: return operator_not (evaluate_test_node (node->nodes[0], frame));
  case NODE_TEST_TRUTH:
    v = evaluate_node (node->a, frame);
    return v.kind == FEEL_BOOLEAN || is_unknown (v) ? v : feel_null ();
  default: break;
  }
  input = frame->locals[node->local];
  if (node->kind == NODE_TEST_COMPARE)
    return operator_compare (frame->run, (CompareOp)node->op, input, evaluate_node (node->a, frame));
  if (node->kind == NODE_TEST_RANGE)
    return test_range_node (node, input, frame);
  return test_value_node (node, input, frame);
}
