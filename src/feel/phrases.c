#include "parser.h"

#include <string.h>

/* ---- names ---- */

bool
parser_is_reserved (Text word)
{
  static const char *const words[]
      = { "and", "or", "in", "between", "instance", "then", "else", "return", "satisfies" };
  for (size_t i = 0; i < G_N_ELEMENTS (words); i++)
    if (text_equal (word, text_of (words[i])))
      return true;
  return false;
}

Text
parser_take_loose_name (Parser *p)
{
  unsigned from = p->token.start, to = p->token.end;
  parser_advance (p);
  while ((parser_is (p, TOKEN_NAME) && !parser_is_reserved (p->token.text)) || parser_is (p, TOKEN_NUMBER)) {
    to = p->token.end;
    parser_advance (p);
  }
  return lexer_normalise_name (p->arena, (Text){ p->source.bytes + from, to - from });
}

bool
parser_take_label (Parser *p, Text *label)
{
  if (parser_is (p, TOKEN_STRING)) {
    Token string = p->token;
    if (lexer_read (p, string.end).kind != TOKEN_COLON)
      return false;
    *label = string.text;
    parser_seek (p, string.end);
    parser_advance (p);
    return !parser_failed (p);
  }
  if (!parser_is (p, TOKEN_NAME))
    return false;
  Token t = p->token;
  unsigned from = t.start, to = t.end;
  while (t.kind == TOKEN_NAME || t.kind == TOKEN_NUMBER || t.kind == TOKEN_MINUS || t.kind == TOKEN_PLUS
         || t.kind == TOKEN_SLASH || t.kind == TOKEN_STAR || t.kind == TOKEN_APOSTROPHE
         || t.kind == TOKEN_DOT) {
    to = t.end;
    t = lexer_read (p, t.end);
  }
  if (t.kind != TOKEN_COLON)
    return false;
  *label = lexer_normalise_name (p->arena, (Text){ p->source.bytes + from, to - from });
  parser_seek (p, t.end);
  return !parser_failed (p);
}

static const Node *
builtin_value (Parser *p, unsigned at, Text name)
{
  const Builtin *row = builtin_find (name, 0);
  FeelFunction *function = arena_new0 (p->arena, FeelFunction, 1);
  size_t n = builtin_parameters (row);
  Text *parameters = arena_new0 (p->arena, Text, n);
  for (size_t i = 0; i < n; i++)
    parameters[i] = text_of (row->parameters[i].name);
  *function = (FeelFunction){ .n = n, .parameters = parameters, .builtin = name };
  return build_constant (p, at, (FeelValue){ .kind = FEEL_FUNCTION, .function = function });
}

static const Node *
unresolved_name (Parser *p, unsigned at)
{
  if (parser_is_reserved (p->token.text)) {
    parser_fail (p, at, "expected a value, found %.*s", (int)p->token.text.len, p->token.text.bytes);
    return build_constant (p, at, feel_null ());
  }
  Text name = parser_take_loose_name (p);
  for (const Level *level = p->level; level; level = level->parent)
    if (level->is_filter && !type_is_known (level->type)) {
      Node *node = build_node (p, NODE_MEMBER_OR, at, &feel_type_any);
      node->local = level->local;
      node->name = name;
      return node;
    }
  const char *what = parser_is (p, TOKEN_LPAREN) ? "function" : "name";
  return build_fault (p, FEEL_ERROR_NAME, at, "no such %s %.*s%s", what, (int)name.len, name.bytes,
                      build_suggestion (p, name));
}

const Node *
parse_name (Parser *p)
{
  unsigned at = p->token.start, length = 0;
  Text builtin;
  const Node *node = build_name (p, at, &length);
  unsigned builtin_length = builtin_match (p->source, at, &builtin);
  bool called = builtin_length && lexer_read (p, at + builtin_length).kind == TOKEN_LPAREN;
  bool shadowed = node
                  && (length > builtin_length
                      || (length == builtin_length
                          && (node->type->kind == FEEL_TYPE_FUNCTION || node->type->kind == FEEL_TYPE_ANY)));
  if (builtin_length && !shadowed && (called || !node)) {
    parser_seek (p, at + builtin_length);
    if (called)
      return parse_arguments (p, at, NULL, builtin);
    return builtin_value (p, at, builtin);
  }
  if (!node)
    return unresolved_name (p, at);
  p->previous_end = at + length;
  parser_seek (p, at + length);
  return node;
}

/* The longest of the type's members, then of names met so far, spelt here. */
static unsigned
match_member (Parser *p, const FeelType *type, Text *name)
{
  unsigned best = 0, at = p->token.start;
  for (size_t i = 0; type->kind == FEEL_TYPE_CONTEXT && i < type->n; i++) {
    unsigned length = lexer_match_name (p->source, at, type->members[i].name);
    if (length > best) {
      best = length;
      *name = type->members[i].name;
    }
  }
  for (size_t i = 0; !best && i < p->vocabulary->len; i++) {
    const Text *word = p->vocabulary->pdata[i];
    unsigned length = lexer_match_name (p->source, at, *word);
    if (length > best) {
      best = length;
      *name = *word;
    }
  }
  return best;
}

const Node *
parse_member (Parser *p, const Node *object)
{
  parser_advance (p);
  unsigned at = p->token.start;
  if (!parser_is (p, TOKEN_NAME)) {
    parser_fail (p, at, "expected the name of a member after the point");
    return object;
  }
  const FeelType *type = object->type->kind == FEEL_TYPE_LIST ? object->type->element : object->type;
  Text name;
  unsigned length = match_member (p, type, &name);
  if (length) {
    p->previous_end = at + length;
    parser_seek (p, at + length);
  } else {
    name = parser_take_loose_name (p);
  }
  return build_path (p, at, object, name);
}

/* ---- calls ---- */

const Node *
parse_arguments (Parser *p, unsigned at, const Node *callee, Text builtin)
{
  g_autoptr (GPtrArray) arguments = g_ptr_array_new ();
  g_autoptr (GArray) names = g_array_new (FALSE, FALSE, sizeof (Text));
  bool in_bound = p->in_upper_bound;
  p->in_upper_bound = false;
  parser_advance (p);
  while (!parser_is (p, TOKEN_RPAREN) && !parser_failed (p)) {
    Text label;
    if (parser_take_label (p, &label))
      g_array_append_val (names, label);
    else if (names->len)
      parser_fail (p, p->token.start, "named and unnamed arguments are mixed; name all or none");
    if (names->len && names->len != arguments->len + 1)
      parser_fail (p, p->token.start, "named and unnamed arguments are mixed; name all or none");
    g_ptr_array_add (arguments, (gpointer)parse_expression (p));
    if (!parser_take (p, TOKEN_COMMA))
      break;
  }
  p->in_upper_bound = in_bound;
  parser_expect (p, TOKEN_RPAREN, ") to close the arguments");
  if (parser_failed (p))
    return build_constant (p, at, feel_null ());
  if (callee)
    return build_call (p, at, callee, arguments, names);
  return build_builtin (p, at, builtin, arguments, names);
}

static const FeelType *
parse_parameter (Parser *p, Text *name)
{
  if (parser_take_label (p, name))
    return parse_type (p);
  if (parser_is (p, TOKEN_NAME))
    *name = parser_take_loose_name (p);
  else
    parser_fail (p, p->token.start, "expected the name of a parameter");
  return &feel_type_any;
}

const Node *
parse_function (Parser *p)
{
  unsigned at = p->token.start;
  const Level *outer = p->level;
  unsigned n_locals = p->n_locals;
  Node *node = build_node (p, NODE_FUNCTION, at, &feel_type_any);
  node->local = p->n_locals;
  parser_advance (p);
  parser_expect (p, TOKEN_LPAREN, "( after function");
  g_autoptr (GArray) names = g_array_new (FALSE, FALSE, sizeof (Text));
  g_autoptr (GPtrArray) types = g_ptr_array_new ();
  while (!parser_is (p, TOKEN_RPAREN) && !parser_failed (p)) {
    Level *level = arena_new0 (p->arena, Level, 1);
    *level = (Level){ .parent = p->level, .local = parser_new_local (p) };
    level->type = parse_parameter (p, &level->name);
    g_array_append_val (names, level->name);
    g_ptr_array_add (types, (gpointer)level->type);
    p->level = level;
    if (!parser_take (p, TOKEN_COMMA))
      break;
  }
  parser_expect (p, TOKEN_RPAREN, ") to close the parameters");
  bool external = parser_take_word (p, "external");
  const Node *body = parse_expression (p);
  if (external)
    body = build_fault (p, FEEL_ERROR_SYNTAX, at,
                        "external functions are not run here; write the body in FEEL");
  p->level = outer;
  p->n_locals = n_locals;
  node->a = body;
  node->height = body->height + 1;
  node->n = names->len;
  Text *parameters = arena_new0 (p->arena, Text, names->len);
  const FeelType **parameter_types = arena_new0 (p->arena, const FeelType *, names->len);
  FeelMember *members = arena_new0 (p->arena, FeelMember, names->len);
  for (size_t i = 0; i < node->n; i++) {
    parameters[i] = g_array_index (names, Text, i);
    parameter_types[i] = types->pdata[i];
    members[i] = (FeelMember){ parameters[i], parameter_types[i] };
  }
  node->function.parameters = parameters;
  node->function.types = parameter_types;
  FeelType *type = arena_new0 (p->arena, FeelType, 1);
  *type = (FeelType){ .kind = FEEL_TYPE_FUNCTION, .element = body->type, .n = node->n, .members = members };
  node->type = type;
  return node;
}

/* ---- brackets ---- */

const Node *
parse_range_end (Parser *p, unsigned at, const Node *low, bool low_closed)
{
  parser_advance (p);
  bool outer = p->in_upper_bound;
  p->in_upper_bound = true;
  const Node *high = parse_expression (p);
  p->in_upper_bound = outer;
  bool high_closed = parser_is (p, TOKEN_RBRACKET);
  if (!high_closed && !parser_is (p, TOKEN_RPAREN) && !parser_is (p, TOKEN_LBRACKET))
    parser_fail (p, p->token.start, "expected ], ) or [ to close the range");
  parser_advance (p);
  return build_range (p, at, low, high, low_closed, high_closed);
}

/* `(< 10)` (DMN 1.5, rule 66). */
static const Node *
parse_one_sided (Parser *p, unsigned at, CompareOp op)
{
  parser_advance (p);
  const Node *bound = parse_expression (p);
  parser_expect (p, TOKEN_RPAREN, ") to close the range");
  return build_one_sided (p, at, op, bound);
}

const Node *
parse_parenthesis (Parser *p)
{
  unsigned at = p->token.start;
  bool outer = p->in_upper_bound;
  CompareOp op;
  parser_advance (p);
  if (parser_comparison (p, &op))
    return parse_one_sided (p, at, op);
  p->in_upper_bound = false;
  const Node *inner = parse_expression (p);
  p->in_upper_bound = outer;
  if (parser_is (p, TOKEN_DOTS))
    return parse_range_end (p, at, inner, false);
  parser_expect (p, TOKEN_RPAREN, ") to close the bracket");
  return inner;
}

const Node *
parse_bracket (Parser *p)
{
  unsigned at = p->token.start;
  bool closed = parser_is (p, TOKEN_LBRACKET), outer = p->in_upper_bound;
  parser_advance (p);
  g_autoptr (GPtrArray) items = g_ptr_array_new ();
  p->in_upper_bound = false;
  bool is_list = closed && !parser_is (p, TOKEN_RBRACKET);
  if (is_list || !closed) {
    const Node *first = parse_expression (p);
    if (!closed || parser_is (p, TOKEN_DOTS)) {
      p->in_upper_bound = outer;
      if (!parser_is (p, TOKEN_DOTS))
        parser_fail (p, p->token.start, "expected .. in the range opened by ]");
      return parse_range_end (p, at, first, closed);
    }
    g_ptr_array_add (items, (gpointer)first);
    while (parser_take (p, TOKEN_COMMA))
      g_ptr_array_add (items, (gpointer)parse_expression (p));
  }
  p->in_upper_bound = outer;
  parser_expect (p, TOKEN_RBRACKET, "] to close the list");
  return build_list (p, at, items);
}

const Node *
parse_brace (Parser *p)
{
  unsigned at = p->token.start, first_local = p->n_locals;
  const Level *outer = p->level;
  bool in_bound = p->in_upper_bound;
  p->in_upper_bound = false;
  parser_advance (p);
  g_autoptr (GArray) names = g_array_new (FALSE, FALSE, sizeof (Text));
  g_autoptr (GPtrArray) values = g_ptr_array_new ();
  g_autoptr (GHashTable) seen = g_hash_table_new (g_str_hash, g_str_equal);
  while (!parser_is (p, TOKEN_RBRACE) && !parser_failed (p)) {
    Text name;
    if (!parser_take_label (p, &name)) {
      parser_fail (p, p->token.start, "expected the name of an entry and a colon");
      break;
    }
    if (!g_hash_table_add (seen, arena_text (p->arena, name)))
      parser_fail (p, p->previous_end, "the entry %.*s stands twice in this context", (int)name.len,
                   name.bytes);
    /* the local comes first, so that the entries' locals follow one another's inner ones */
    const Node *value = parse_expression (p);
    Level *level = arena_new0 (p->arena, Level, 1);
    *level = (Level){ .parent = p->level, .name = name, .local = parser_new_local (p), .type = value->type };
    p->level = level;
    g_array_append_val (names, name);
    g_ptr_array_add (values, (gpointer)value);
    if (!parser_take (p, TOKEN_COMMA))
      break;
  }
  p->in_upper_bound = in_bound;
  parser_expect (p, TOKEN_RBRACE, "} to close the context");
  p->level = outer;
  p->n_locals = first_local;
  return build_context (p, at, names, values, first_local);
}

/* ---- types (rules 53 and following) ---- */

static bool
match_type (Parser *p, unsigned *length, const FeelType **type)
{
  static const char *const names[] = { "Any",
                                       "Null",
                                       "boolean",
                                       "number",
                                       "string",
                                       "date",
                                       "time",
                                       "date and time",
                                       "dateTime",
                                       "days and time duration",
                                       "dayTimeDuration",
                                       "years and months duration",
                                       "yearMonthDuration",
                                       "list",
                                       "range",
                                       "context",
                                       "function" };
  *length = 0;
  for (size_t i = 0; i < G_N_ELEMENTS (names); i++) {
    unsigned n = lexer_match_name (p->source, p->token.start, text_of (names[i]));
    if (n > *length) {
      *length = n;
      *type = type_by_name (NULL, text_of (names[i]));
    }
  }
  for (const FeelScope *scope = p->scope; scope; scope = scope_parent (scope))
    for (size_t i = 0; i < scope_type_count (scope); i++) {
      unsigned n = lexer_match_name (p->source, p->token.start, scope_type_name (scope, i));
      if (n >= *length && n > 0) {
        *length = n;
        *type = type_by_name (p->scope, scope_type_name (scope, i));
      }
    }
  return *length > 0;
}

static void
parse_type_members (Parser *p, FeelType *type)
{
  g_autoptr (GArray) members = g_array_new (FALSE, FALSE, sizeof (FeelMember));
  while (!parser_is (p, TOKEN_GREATER) && !parser_failed (p)) {
    FeelMember member = { TEXT_LITERAL (""), NULL };
    if (type->kind == FEEL_TYPE_CONTEXT && !parser_take_label (p, &member.name))
      parser_fail (p, p->token.start, "expected the name of a member and a colon");
    member.type = parse_type (p);
    g_array_append_val (members, member);
    if (!parser_take (p, TOKEN_COMMA))
      break;
  }
  FeelMember *copy = arena_new0 (p->arena, FeelMember, members->len);
  if (members->len)
    memcpy (copy, members->data, members->len * sizeof *copy);
  type->n = members->len;
  type->members = copy;
}

const FeelType *
parse_type (Parser *p)
{
  unsigned length;
  const FeelType *base = &feel_type_any;
  if (!parser_enter (p))
    return base;
  if (!parser_is (p, TOKEN_NAME) || !match_type (p, &length, &base)) {
    parser_fail (p, p->token.start,
                 "expected a type, such as number, string, date, list<number> or context<a: string>");
    return base;
  }
  parser_seek (p, p->token.start + length);
  if (base->kind >= FEEL_TYPE_RANGE && !base->name.len && parser_take (p, TOKEN_LESS)) {
    FeelType *type = arena_new0 (p->arena, FeelType, 1);
    *type = *base;
    if (base->kind == FEEL_TYPE_LIST || base->kind == FEEL_TYPE_RANGE)
      type->element = parse_type (p);
    else
      parse_type_members (p, type);
    parser_expect (p, TOKEN_GREATER, "> to close the type");
    if (base->kind == FEEL_TYPE_FUNCTION && parser_take (p, TOKEN_ARROW))
      type->element = parse_type (p);
    base = type;
  }
  parser_leave (p);
  return base;
}
