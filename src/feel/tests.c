#include "parser.h"

/* Unary tests, DMN 1.5 10.3.1.2 rules 7, 14 to 17. */

static const Node *
parse_test_expression (Parser *p, unsigned local, const FeelType *input)
{
  bool outer = p->uses_input;
  p->uses_input = false;
  const Node *node = parse_expression (p);
  bool uses = p->uses_input;
  p->uses_input = outer || uses;
  return build_test (p, node, uses, local, input);
}

const Node *
parse_test (Parser *p, unsigned local, const FeelType *input)
{
  unsigned at = p->token.start;
  CompareOp op;
  if (!parser_comparison (p, &op))
    return parse_test_expression (p, local, input);
  parser_advance (p);
  return build_test_compare (p, at, op, parse_operand (p), local, input);
}

static const Node *
parse_test_list (Parser *p, unsigned local, const FeelType *input)
{
  unsigned at = p->token.start;
  g_autoptr (GPtrArray) tests = g_ptr_array_new ();
  do
    g_ptr_array_add (tests, (gpointer)parse_test (p, local, input));
  while (parser_take (p, TOKEN_COMMA));
  return build_test_group (p, at, NODE_TEST_ONE_OF, tests, local);
}

const Node *
parse_tests (Parser *p, unsigned local, const FeelType *input)
{
  unsigned at = p->token.start;
  if (parser_is (p, TOKEN_MINUS) && lexer_read (p, p->token.end).kind == TOKEN_END) {
    parser_advance (p);
    return build_node (p, NODE_TEST_ANY, at, &feel_type_boolean);
  }
  if (!parser_is_word (p, "not") || lexer_read (p, p->token.end).kind != TOKEN_LPAREN)
    return parse_test_list (p, local, input);
  parser_advance (p);
  parser_advance (p);
  g_autoptr (GPtrArray) inner = g_ptr_array_new ();
  g_ptr_array_add (inner, (gpointer)parse_test_list (p, local, input));
  parser_expect (p, TOKEN_RPAREN, ") to close not");
  if (parser_is (p, TOKEN_END) || parser_failed (p))
    return build_test_group (p, at, NODE_TEST_NOT, inner, local);
  /* `not(a) and b` is an expression after all */
  parser_seek (p, at);
  return parse_test_list (p, local, input);
}
