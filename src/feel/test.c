#include "feel_private.h"

/* Above the low bound and below the high one, which is null wherever one of them
 * is (table 55). */
static FeelValue
test_between (FeelRun *run, const FeelValue *input, const FeelValue *low, bool low_closed,
              const FeelValue *high, bool high_closed)
{
  FeelValue above = operator_compare_quick (run, low_closed ? OP_GREATER_EQUAL : OP_GREATER, input, low);
  if (feel_is_false (above))
    return above;
  FeelValue below = operator_compare_quick (run, high_closed ? OP_LESS_EQUAL : OP_LESS, input, high);
  return feel_is_true (above) ? below : operator_and (run->arena, above, below);
}

FeelValue
test_in_range (FeelRun *run, FeelValue input, const FeelRange *range)
{
  if (range->sign)
    return operator_compare (run, (CompareOp)(range->sign - 1), input, range_bound (range));
  return test_between (run, &input, &range->low, range->low_closed, &range->high, range->high_closed);
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
test_range_node (const Node *node, const FeelValue *input, Frame *frame)
{
  FeelValue room[2];
  const FeelValue *low = &node->bounds.low, *high = &node->bounds.high;
  if (!node->bounds.constant) {
    low = evaluate_operand (node->a, frame, &room[0]);
    high = evaluate_operand (node->b, frame, &room[1]);
  }
  return test_between (frame->run, input, low, node->low_closed, high, node->high_closed);
}

/* A value the input must equal or be in.  A boolean result stands for itself
 * when the input is none: `contains(名称, "园")` asks about something else. */
static FeelValue
test_value_node (const Node *node, const FeelValue *input, Frame *frame)
{
  FeelValue room;
  const FeelValue *v = evaluate_operand (node->a, frame, &room);
  if (v->kind == input->kind && v->kind < FEEL_RANGE)
    return operator_compare_quick (frame->run, OP_EQUAL, input, v);
  if (v->kind == FEEL_BOOLEAN && input->kind > FEEL_UNKNOWN && input->kind != FEEL_LIST
      && node->a->kind != NODE_CONSTANT)
    return *v;
  return test_matches (frame->run, *input, *v);
}

static FeelValue
test_one_of (const Node *node, Frame *frame)
{
  FeelValue result = feel_boolean (false);
  for (size_t i = 0; i < node->n; i++) {
    FeelValue one = evaluate_test_node (node->nodes[i], frame);
    if (feel_is_true (one))
      return one;
    if (!feel_is_false (one))
      result = operator_or (frame->run->arena, result, one);
  }
  return result;
}

FeelValue
evaluate_test_node (const Node *node, Frame *frame)
{
  FeelValue v, room;
  switch (node->kind) {
  case NODE_TEST_ANY: return feel_boolean (true);
  case NODE_TEST_ONE_OF: return test_one_of (node, frame);
  case NODE_TEST_NOT: return operator_not (evaluate_test_node (node->nodes[0], frame));
  case NODE_TEST_TRUTH:
    v = evaluate_node (node->a, frame);
    return v.kind == FEEL_BOOLEAN || is_unknown (v) ? v : feel_null ();
  default: break;
  }
  const FeelValue *input = &frame->locals[node->local];
  if (node->kind == NODE_TEST_COMPARE)
    return operator_compare_quick (frame->run, (CompareOp)node->op, input,
                                   evaluate_operand (node->a, frame, &room));
  if (node->kind == NODE_TEST_RANGE)
    return test_range_node (node, input, frame);
  return test_value_node (node, input, frame);
}
