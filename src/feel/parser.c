#include "parser.h"

#include <stdarg.h>
#include <string.h>

/* ---- faults ---- */

void
feel_place (Text source, unsigned first_line, unsigned first_column, unsigned at, unsigned *line,
            unsigned *column)
{
  *line = first_line;
  *column = first_column;
  for (unsigned i = 0, length; i < at && i < source.len; i += length) {
    gunichar c = lexer_peek (source, i, &length);
    if (c == '\n') {
      ++*line;
      *column = 1;
    } else {
      ++*column;
    }
  }
}

GQuark
feel_error_quark (void)
{
  return g_quark_from_static_string ("feel-error");
}

void
parser_fail_as (Parser *p, FeelErrorCode code, unsigned at, const char *format, ...)
{
  if (p->error)
    return;
  unsigned line, column;
  feel_place (p->source, p->options.line, p->options.column, at, &line, &column);
  va_list args;
  va_start (args, format);
  g_autofree char *message = g_strdup_vprintf (format, args);
  va_end (args);
  p->error = g_error_new (FEEL_ERROR, (int)code, "%s:%u:%u: %s",
                          p->options.origin ? p->options.origin : "expression", line, column, message);
  p->token = (Token){ .kind = TOKEN_END, .start = (unsigned)p->source.len, .end = (unsigned)p->source.len };
}

bool
parser_failed (const Parser *p)
{
  return p->error != NULL;
}

/* ---- moving ---- */

void
parser_seek (Parser *p, unsigned offset)
{
  if (parser_failed (p))
    return;
  p->token = lexer_read (p, offset);
}

void
parser_advance (Parser *p)
{
  p->previous_end = p->token.end;
  parser_seek (p, p->token.end);
}

bool
parser_is (const Parser *p, TokenKind kind)
{
  return p->token.kind == kind;
}

bool
parser_is_word (const Parser *p, const char *word)
{
  return p->token.kind == TOKEN_NAME && text_equal (p->token.text, text_of (word));
}

bool
parser_take (Parser *p, TokenKind kind)
{
  if (p->token.kind != kind)
    return false;
  parser_advance (p);
  return true;
}

bool
parser_take_word (Parser *p, const char *word)
{
  if (!parser_is_word (p, word))
    return false;
  parser_advance (p);
  return true;
}

static const char *
found (Parser *p)
{
  if (parser_is (p, TOKEN_END))
    return "the end";
  unsigned length = p->token.end - p->token.start;
  return arena_printf (p->arena, "%.*s", (int)MIN (length, 40u), p->source.bytes + p->token.start);
}

void
parser_expect (Parser *p, TokenKind kind, const char *what)
{
  if (!parser_take (p, kind))
    parser_fail (p, p->token.start, "expected %s, found %s", what, found (p));
}

void
parser_expect_word (Parser *p, const char *word, const char *what)
{
  if (!parser_take_word (p, word))
    parser_fail (p, p->token.start, "expected %s, found %s", what, found (p));
}

bool
parser_enter (Parser *p)
{
  if (++p->depth > FEEL_NESTING_MAX)
    parser_fail_as (p, FEEL_ERROR_LIMIT, p->token.start, "nested deeper than %d; split the expression",
                    FEEL_NESTING_MAX);
  return !parser_failed (p);
}

void
parser_leave (Parser *p)
{
  p->depth--;
}

unsigned
parser_new_local (Parser *p)
{
  unsigned local = p->n_locals++;
  p->max_locals = MAX (p->max_locals, p->n_locals);
  return local;
}

/* ---- loops and conditions ---- */

static const Node *
parse_if (Parser *p)
{
  unsigned at = p->token.start;
  parser_advance (p);
  const Node *condition = parse_expression (p);
  parser_expect_word (p, "then", "then after the condition of if");
  const Node *yes = parse_expression (p);
  parser_expect_word (p, "else", "else: every if needs one");
  const Node *no = parse_expression (p);
  return build_if (p, at, condition, yes, no);
}

/* The name of an iteration variable or parameter. */
static Text
take_variable (Parser *p)
{
  if (!parser_is (p, TOKEN_NAME)) {
    parser_fail (p, p->token.start, "expected the name of a variable, found %s", found (p));
    return TEXT_LITERAL ("");
  }
  return parser_take_loose_name (p);
}

/* `x in list` or `x in a..b`; the level it opens is written to LEVEL. */
static Iterator
parse_iterator (Parser *p, Level *level)
{
  Text name = take_variable (p);
  parser_expect_word (p, "in", "in after the variable");
  Iterator it = { 0 };
  bool outer = p->in_upper_bound;
  p->in_upper_bound = false;
  it.from = parse_expression (p);
  if (parser_take (p, TOKEN_DOTS))
    it.to = parse_expression (p);
  p->in_upper_bound = outer;
  const FeelType *type = it.to ? it.from->type : build_element_type (it.from->type);
  it.local = parser_new_local (p);
  *level = (Level){ .parent = p->level, .name = name, .local = it.local, .type = type };
  p->level = level;
  return it;
}

static const Node *
parse_loop (Parser *p, NodeKind kind)
{
  const Level *outer = p->level;
  unsigned n_locals = p->n_locals;
  Node *node = build_node (p, kind, p->token.start, &feel_type_any);
  parser_advance (p);
  g_autoptr (GArray) iterators = g_array_new (FALSE, FALSE, sizeof (Iterator));
  do {
    Iterator it = parse_iterator (p, arena_new0 (p->arena, Level, 1));
    g_array_append_val (iterators, it);
  } while (parser_take (p, TOKEN_COMMA));
  if (kind == NODE_FOR) {
    parser_expect_word (p, "return", "return after the lists of for");
    Level *partial = arena_new0 (p->arena, Level, 1);
    node->loop.partial = parser_new_local (p);
    *partial = (Level){ .parent = p->level,
                        .name = TEXT_LITERAL ("partial"),
                        .local = node->loop.partial,
                        .type = &feel_type_any,
                        .used = &node->loop.uses_partial };
    p->level = partial;
  } else {
    parser_expect_word (p, "satisfies", "satisfies after the lists of some or every");
  }
  const Node *body = parse_expression (p);
  p->level = outer;
  p->n_locals = n_locals;
  node->n = iterators->len;
  Iterator *copy = arena_new0 (p->arena, Iterator, iterators->len);
  memcpy (copy, iterators->data, iterators->len * sizeof *copy);
  node->loop.iterators = copy;
  node->a = body;
  node->height = body->height;
  for (size_t i = 0; i < node->n; i++)
    node->height = MAX (node->height, MAX (copy[i].from->height, copy[i].to ? copy[i].to->height : 0));
  node->height++;
  node->type = kind == NODE_FOR ? type_list_of (p->arena, body->type) : &feel_type_boolean;
  return node;
}

/* ---- operators ---- */

static const Node *
parse_literal (Parser *p)
{
  Token token = p->token;
  parser_advance (p);
  FeelValue v = feel_null ();
  if (token.kind == TOKEN_STRING)
    return build_constant (p, token.start, feel_string (token.text));
  if (token.kind == TOKEN_NUMBER) {
    Decimal number;
    if (decimal_parse (token.text, &number) && decimal_is_finite (number))
      return build_constant (p, token.start, feel_number (number));
    return build_fault (p, FEEL_ERROR_SYNTAX, token.start, "%.*s is too large a number", (int)token.text.len,
                        token.text.bytes);
  }
  if (temporal_parse_any (p->arena, token.text, &v))
    return build_constant (p, token.start, v);
  return build_fault (p, FEEL_ERROR_SYNTAX, token.start,
                      "@\"%.*s\" is no date, time or duration; write @\"2021-09-30\", @\"08:30:00\","
                      " @\"2021-09-30T08:30:00\", @\"P1Y6M\" or @\"P2DT3H\"",
                      (int)token.text.len, token.text.bytes);
}

static const Node *
parse_word (Parser *p)
{
  static const struct {
    const char *word;
    NodeKind loop;
  } loops[] = { { "for", NODE_FOR }, { "some", NODE_SOME }, { "every", NODE_EVERY } };
  unsigned length = 0;
  const Node *longer = build_name (p, p->token.start, &length);
  if (longer && length > p->token.text.len)
    return parse_name (p);
  unsigned at = p->token.start;
  if (parser_is_word (p, "if"))
    return parse_if (p);
  for (size_t i = 0; i < G_N_ELEMENTS (loops); i++)
    if (parser_is_word (p, loops[i].word))
      return parse_loop (p, loops[i].loop);
  if (parser_is_word (p, "function"))
    return parse_function (p);
  if (parser_take_word (p, "null"))
    return build_constant (p, at, feel_null ());
  if (parser_take_word (p, "true"))
    return build_constant (p, at, feel_boolean (true));
  if (parser_take_word (p, "false"))
    return build_constant (p, at, feel_boolean (false));
  return parse_name (p);
}

static const Node *
parse_input (Parser *p)
{
  unsigned at = p->token.start;
  parser_advance (p);
  for (const Level *level = p->level; level; level = level->parent)
    if (level->is_input) {
      p->uses_input = true;
      Node *node = build_node (p, NODE_LOCAL, at, level->type);
      node->local = level->local;
      return node;
    }
  return build_fault (p, FEEL_ERROR_SYNTAX, at, "? stands for the input of a unary test; there is none here");
}

static const Node *
parse_primary (Parser *p)
{
  switch (p->token.kind) {
  case TOKEN_STRING:
  case TOKEN_AT:
  case TOKEN_NUMBER: return parse_literal (p);
  case TOKEN_NAME: return parse_word (p);
  case TOKEN_QUESTION: return parse_input (p);
  case TOKEN_LPAREN: return parse_parenthesis (p);
  case TOKEN_LBRACKET:
  case TOKEN_RBRACKET: return parse_bracket (p);
  case TOKEN_LBRACE: return parse_brace (p);
  default:
    parser_fail (p, p->token.start, "expected a value, found %s", found (p));
    return build_constant (p, p->token.start, feel_null ());
  }
}

/* In the upper bound of a range, does the `[` here filter (`[a..b[1]]`) or close
 * the range (`[1..10[`)?  It filters when its `]` follows and something that can
 * end the range follows that. */
static bool
bracket_filters (Parser *p)
{
  unsigned offset = p->token.start;
  int open = 0;
  for (int i = 0; i < 200; i++) {
    Token t = lexer_read (p, offset);
    if (t.kind == TOKEN_END)
      return false;
    open += (t.kind == TOKEN_LBRACKET) - (t.kind == TOKEN_RBRACKET);
    offset = t.end;
    if (open == 0)
      break;
  }
  Token after = lexer_read (p, offset);
  return open == 0 && after.kind != TOKEN_END && after.kind != TOKEN_COMMA && after.kind != TOKEN_NAME;
}

static const Node *
parse_filter (Parser *p, const Node *list)
{
  unsigned at = p->token.start;
  const Level *outer = p->level;
  unsigned n_locals = p->n_locals;
  bool in_bound = p->in_upper_bound;
  p->in_upper_bound = false;
  parser_advance (p);
  Level *level = arena_new0 (p->arena, Level, 1);
  *level = (Level){
    .parent = outer, .local = parser_new_local (p), .type = build_element_type (list->type), .is_filter = true
  };
  p->level = level;
  const Node *predicate = parse_expression (p);
  p->level = outer;
  p->n_locals = n_locals;
  p->in_upper_bound = in_bound;
  parser_expect (p, TOKEN_RBRACKET, "] to close the filter");
  return build_filter (p, at, list, predicate, level->local);
}

/* Members, calls and filters that follow NODE. */
static const Node *
parse_suffixes (Parser *p, const Node *node)
{
  while (!parser_failed (p)) {
    if (parser_is (p, TOKEN_DOT))
      node = parse_member (p, node);
    else if (parser_is (p, TOKEN_LPAREN))
      node = parse_arguments (p, p->token.start, node, TEXT_LITERAL (""));
    else if (parser_is (p, TOKEN_LBRACKET) && (!p->in_upper_bound || bracket_filters (p)))
      node = parse_filter (p, node);
    else
      break;
  }
  return node;
}

static const Node *
parse_instance (Parser *p)
{
  const Node *node = parse_suffixes (p, parse_primary (p));
  while (parser_is_word (p, "instance")) {
    unsigned at = p->token.start;
    parser_advance (p);
    parser_expect_word (p, "of", "of after instance");
    const FeelType *type = parse_type (p);
    node = build_instance (p, at, node, type);
  }
  return node;
}

static const Node *
parse_unary (Parser *p)
{
  if (!parser_is (p, TOKEN_MINUS))
    return parse_instance (p);
  unsigned at = p->token.start;
  if (!parser_enter (p))
    return build_constant (p, at, feel_null ());
  parser_advance (p);
  const Node *node = build_negate (p, at, parse_unary (p));
  parser_leave (p);
  return node;
}

static int
arithmetic_precedence (TokenKind kind, ArithmeticOp *op)
{
  switch (kind) {
  case TOKEN_PLUS: *op = OP_ADD; return 1;
  case TOKEN_MINUS: *op = OP_SUBTRACT; return 1;
  case TOKEN_STAR: *op = OP_MULTIPLY; return 2;
  case TOKEN_SLASH: *op = OP_DIVIDE; return 2;
  case TOKEN_POWER: *op = OP_POWER; return 3;
  default: return 0;
  }
}

/* All arithmetic operators associate to the left, ** included (grammar rule 4). */
static const Node *
parse_arithmetic (Parser *p, int least)
{
  const Node *left = parse_unary (p);
  ArithmeticOp op = OP_ADD;
  for (int level; (level = arithmetic_precedence (p->token.kind, &op)) >= least && level > 0;) {
    ArithmeticOp this = op;
    unsigned at = p->token.start;
    parser_advance (p);
    left = build_arithmetic (p, at, this, left, parse_arithmetic (p, level + 1));
  }
  return left;
}

const Node *
parse_operand (Parser *p)
{
  return parse_arithmetic (p, 1);
}

bool
parser_comparison (const Parser *p, CompareOp *op)
{
  switch (p->token.kind) {
  case TOKEN_EQUAL: *op = OP_EQUAL; return true;
  case TOKEN_NOT_EQUAL: *op = OP_NOT_EQUAL; return true;
  case TOKEN_LESS: *op = OP_LESS; return true;
  case TOKEN_LESS_EQUAL: *op = OP_LESS_EQUAL; return true;
  case TOKEN_GREATER: *op = OP_GREATER; return true;
  case TOKEN_GREATER_EQUAL: *op = OP_GREATER_EQUAL; return true;
  default: return false;
  }
}

/* `x in test` and `x in (test, test)`; the tests look at a local holding x. */
static const Node *
parse_in (Parser *p, const Node *value)
{
  unsigned at = p->token.start;
  parser_advance (p);
  const Level *outer = p->level;
  unsigned n_locals = p->n_locals;
  bool used = p->uses_input;
  Level *level = arena_new0 (p->arena, Level, 1);
  *level = (Level){ .parent = outer, .local = parser_new_local (p), .type = value->type, .is_input = true };
  p->level = level;
  p->uses_input = false;
  const Node *test;
  if (parser_is (p, TOKEN_LPAREN)) {
    unsigned open = p->token.start;
    parser_advance (p);
    g_autoptr (GPtrArray) tests = g_ptr_array_new ();
    do
      g_ptr_array_add (tests, (gpointer)parse_test (p, level->local, value->type));
    while (parser_take (p, TOKEN_COMMA));
    const Node *first = tests->pdata[0];
    if (tests->len == 1 && parser_is (p, TOKEN_DOTS) && first->kind == NODE_TEST_VALUE) {
      test = build_test (p, parse_range_end (p, open, first->a, false), false, level->local, value->type);
    } else {
      parser_expect (p, TOKEN_RPAREN, ") to close the tests of in");
      test = build_test_group (p, open, NODE_TEST_ONE_OF, tests, level->local);
      if (test == first && first->kind == NODE_TEST_VALUE) /* `in (list)[filter]` */
        test = build_test (p, parse_suffixes (p, first->a), false, level->local, value->type);
    }
  } else {
    test = parse_test (p, level->local, value->type);
  }
  p->uses_input = used;
  p->level = outer;
  p->n_locals = n_locals;
  return build_in (p, at, value, test, level->local);
}

static const Node *
parse_comparison (Parser *p)
{
  const Node *left = parse_operand (p);
  CompareOp op;
  while (!parser_failed (p)) {
    unsigned at = p->token.start;
    if (parser_comparison (p, &op)) {
      parser_advance (p);
      left = build_compare (p, at, op, left, parse_operand (p));
    } else if (parser_take_word (p, "between")) {
      const Node *low = parse_operand (p);
      parser_expect_word (p, "and", "and between the two bounds");
      left = build_between (p, at, left, low, parse_operand (p));
    } else if (parser_is_word (p, "in")) {
      left = parse_in (p, left);
    } else {
      break;
    }
  }
  return left;
}

static const Node *
parse_conjunction (Parser *p)
{
  const Node *left = parse_comparison (p);
  while (parser_is_word (p, "and")) {
    unsigned at = p->token.start;
    parser_advance (p);
    left = build_logic (p, at, NODE_AND, left, parse_comparison (p));
  }
  return left;
}

const Node *
parse_expression (Parser *p)
{
  if (!parser_enter (p))
    return build_constant (p, p->token.start, feel_null ());
  const Node *left = parse_conjunction (p);
  while (parser_is_word (p, "or")) {
    unsigned at = p->token.start;
    parser_advance (p);
    left = build_logic (p, at, NODE_OR, left, parse_conjunction (p));
  }
  parser_leave (p);
  return left;
}

/* ---- compiling ---- */

static Parser
parser_start (Arena *arena, Text source, const FeelScope *scope, const FeelOptions *options)
{
  Parser p = { .arena = arena, .source = arena_text_copy (arena, source), .scope = scope };
  if (options)
    p.options = *options;
  p.options.line = MAX (p.options.line, 1);
  p.options.column = MAX (p.options.column, 1);
  p.vocabulary = g_ptr_array_new ();
  p.conditions = g_ptr_array_new ();
  size_t bad = 0;
  if (source.len > G_MAXINT32)
    parser_fail_as (&p, FEEL_ERROR_LIMIT, 0, "the expression is larger than 2 GiB");
  else if (!text_is_utf8 (source, &bad)) {
    p.source.len = bad;
    parser_fail (&p, (unsigned)bad, "here the text is not UTF-8; save it as UTF-8");
  }
  return p;
}

static const FeelExpression *
parser_finish (Parser *p, const Node *root, bool is_test, GError **error)
{
  if (!parser_failed (p) && !parser_is (p, TOKEN_END))
    parser_fail (p, p->token.start, "expected the end of the expression, found %s", found (p));
  g_autoptr (GPtrArray) conditions = p->conditions;
  g_ptr_array_unref (p->vocabulary);
  if (p->error) {
    g_propagate_error (error, p->error);
    return NULL;
  }
  FeelExpression *e = arena_new0 (p->arena, FeelExpression, 1);
  *e = (FeelExpression){ .source = p->source,
                         .origin = p->options.origin,
                         .line = p->options.line,
                         .column = p->options.column,
                         .root = root,
                         .n_locals = p->max_locals,
                         .n_slots = (unsigned)feel_scope_size (p->scope),
                         .is_test = is_test };
  if (e->origin)
    e->origin = arena_text (p->arena, text_of (e->origin));
  paths_trace (p->arena, e);
  if (!is_test) { /* a test is one condition, whatever it is made of */
    e->n_conditions = conditions->len;
    e->conditions = arena_copy (p->arena, conditions->pdata, conditions->len * sizeof (gpointer));
  }
  return e;
}

const FeelExpression *
feel_compile (Arena *arena, Text source, const FeelScope *scope, const FeelOptions *options, GError **error)
{
  Parser p = parser_start (arena, source, scope, options);
  parser_seek (&p, 0);
  if (parser_is (&p, TOKEN_END))
    parser_fail (&p, 0, "the expression is empty");
  const Node *root = parse_expression (&p);
  return parser_finish (&p, root, false, error);
}

const FeelExpression *
feel_compile_test (Arena *arena, Text source, const FeelScope *scope, const FeelType *input_type,
                   const FeelOptions *options, GError **error)
{
  Parser p = parser_start (arena, source, scope, options);
  const FeelType *type = input_type ? input_type : &feel_type_any;
  Level input = { .local = parser_new_local (&p), .type = type, .is_input = true };
  p.level = &input;
  parser_seek (&p, 0);
  if (parser_is (&p, TOKEN_END))
    parser_fail (&p, 0, "the test is empty; write - where any value will do");
  const Node *root = parse_tests (&p, input.local, type);
  return parser_finish (&p, root, true, error);
}

const FeelType *
feel_expression_type (const FeelExpression *e)
{
  return e->root->type;
}

const FeelValue *
feel_expression_constant (const FeelExpression *e)
{
  return e->root->kind == NODE_CONSTANT ? &e->root->value : NULL;
}

bool
feel_test_is_any (const FeelExpression *test)
{
  return test->root->kind == NODE_TEST_ANY;
}

Text
feel_expression_source (const FeelExpression *e)
{
  return e->source;
}

const FeelPath *
feel_expression_paths (const FeelExpression *e, size_t *n)
{
  *n = e->n_paths;
  return e->paths;
}

const FeelOrigin *
feel_expression_origins (const FeelExpression *e, size_t *n)
{
  *n = e->n_origins;
  return e->origins;
}

const FeelArgument *
feel_expression_arguments (const FeelExpression *e, size_t *n)
{
  *n = e->n_arguments;
  return e->arguments;
}
