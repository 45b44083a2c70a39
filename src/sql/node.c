/* Expressions under construction: each once, constants folded. */
#include "sql_private.h"

#include <string.h>

Node *
node_at (const SqlQueries *q, int node)
{
  return &g_array_index (q->nodes, Node, node);
}

static int
node_append (SqlQueries *q, Node node)
{
  node.decision = q->decision;
  g_array_append_val (q->nodes, node);
  g_ptr_array_add (q->aliases, NULL);
  return (int)q->nodes->len - 1;
}

/* The innermost space, and what OPERANDS cannot be said of. */
static int
space_of (const SqlQueries *q, const int *operands, int n, const char **why)
{
  int space = -1;
  for (int i = 0; i < n; i++) {
    const Node *operand = node_at (q, operands[i]);
    space = MAX (space, operand->space);
    if (operand->why)
      *why = operand->why;
  }
  return space;
}

int
node_make (SqlQueries *q, NodeType type, unsigned precedence, const char *text, const int *operands, int n)
{
  g_autoptr (GString) key = g_string_new (text);
  for (int i = 0; i < n; i++)
    g_string_append_printf (key, "\2%d", operands[i]);
  gpointer found = g_hash_table_lookup (q->shared, key->str);
  if (found)
    return GPOINTER_TO_INT (found) - 1;
  Node node = { .kind = NODE_EXPRESSION,
                .type = type,
                .precedence = precedence,
                .text = arena_text (q->arena, text_of (text)),
                .n_operands = n,
                .operands = arena_copy (q->arena, operands, (size_t)n * sizeof *operands) };
  node.space = space_of (q, operands, n, &node.why);
  int made = node_append (q, node);
  g_hash_table_insert (q->shared, g_strdup (key->str), GINT_TO_POINTER (made + 1));
  return made;
}

int
node_source (SqlQueries *q, Node source)
{
  const char *why = source.why;
  space_of (q, source.operands, source.n_operands, &why);
  source.why = why;
  source.precedence = BINDS_ATOM;
  return node_append (q, source);
}

/* ---- constants ------------------------------------------------------------------ */

/* A number of 64 bits says so, or ever smaller types would be taken for what is made of it. */
int
node_number (SqlQueries *q, gint64 x, int width)
{
  g_autofree char *text = NULL;
  if (width < 8 || q->dialect == SQL_SQLITE)
    text = g_strdup_printf ("%" G_GINT64_FORMAT, x);
  else if (q->dialect == SQL_CLICKHOUSE)
    text = g_strdup_printf ("toInt64(%" G_GINT64_FORMAT ")", x);
  else
    text = g_strdup_printf (x < 0 ? "(%" G_GINT64_FORMAT ")::bigint" : "%" G_GINT64_FORMAT "::bigint", x);
  int node = node_make (q, TYPE_NUMBER, BINDS_ATOM, text, NULL, 0);
  node_at (q, node)->is_constant = true;
  node_at (q, node)->number = x;
  return node;
}

bool
node_is_constant (const SqlQueries *q, int node, gint64 *x)
{
  *x = node_at (q, node)->number;
  return node_at (q, node)->is_constant;
}

int
node_truth (SqlQueries *q, bool truth)
{
  const char *const words[2][2] = { { "0", "1" }, { "FALSE", "TRUE" } };
  return node_make (q, TYPE_MASK, BINDS_ATOM, words[q->dialect == SQL_POSTGRESQL][truth], NULL, 0);
}

int
node_outside (SqlQueries *q, NodeType type, const char *why)
{
  Node node = { .kind = NODE_EXPRESSION, .type = type, .space = -1, .text = "?", .why = why };
  return node_append (q, node);
}

/* ---- masks ------------------------------------------------------------------------ */

int
node_and (SqlQueries *q, int a, int b)
{
  if (a == node_truth (q, false) || b == node_truth (q, true))
    return a;
  if (b == node_truth (q, false) || a == node_truth (q, true))
    return b;
  return NODE (q, TYPE_MASK, BINDS_AND, "\1a2 AND \1b2", a, b);
}

int
node_or (SqlQueries *q, int a, int b)
{
  if (a == node_truth (q, true) || b == node_truth (q, false))
    return a;
  if (b == node_truth (q, true) || a == node_truth (q, false))
    return b;
  return NODE (q, TYPE_MASK, BINDS_OR, "\1a1 OR \1b1", a, b);
}

int
node_not (SqlQueries *q, int a)
{
  if (a == node_truth (q, true) || a == node_truth (q, false))
    return node_truth (q, a == node_truth (q, false));
  return NODE (q, TYPE_MASK, BINDS_NOT, "NOT \1a9", a);
}

int
node_choose (SqlQueries *q, int mask, int yes, int no)
{
  if (mask == node_truth (q, true) || yes == no)
    return yes;
  if (mask == node_truth (q, false))
    return no;
  return NODE (q, TYPE_NUMBER, BINDS_ATOM, "CASE WHEN \1a0 THEN \1b0 \1cE", mask, yes, no);
}

int
node_weight (SqlQueries *q, int mask, gint64 x)
{
  if (mask == node_truth (q, true) || mask == node_truth (q, false))
    return node_number (q, mask == node_truth (q, true) ? x : 0, 8);
  g_autofree char *text = NULL;
  if (q->dialect == SQL_POSTGRESQL) {
    text = g_strdup_printf ("CASE WHEN \1a0 THEN %" G_GINT64_FORMAT " ELSE 0 END", x);
    return NODE (q, TYPE_NUMBER, BINDS_ATOM, text, mask);
  }
  text = g_strdup_printf ("%" G_GINT64_FORMAT " * \1a9", x);
  return NODE (q, TYPE_NUMBER, BINDS_MULTIPLY, text, mask);
}

/* ---- numbers ----------------------------------------------------------------------- */

int
node_add (SqlQueries *q, int a, int b)
{
  gint64 x;
  if (node_is_constant (q, a, &x) && x == 0)
    return b;
  if (node_is_constant (q, b, &x) && x == 0)
    return a;
  return NODE (q, TYPE_NUMBER, BINDS_ADD, "\1a5 + \1b6", a, b);
}

int
node_divide (SqlQueries *q, int a, int b)
{
  return q->dialect == SQL_CLICKHOUSE ? NODE (q, TYPE_NUMBER, BINDS_ATOM, "intDiv(\1a0, \1b0)", a, b)
                                      : NODE (q, TYPE_NUMBER, BINDS_MULTIPLY, "\1a6 / \1b9", a, b);
}

/* ClickHouse gives a rest the divisor's width and the other's sign: 152 would not fit. */
int
node_remainder (SqlQueries *q, int a, int b)
{
  gint64 x;
  if (q->dialect == SQL_CLICKHOUSE && node_is_constant (q, b, &x))
    b = node_number (q, x, 8);
  return NODE (q, TYPE_NUMBER, BINDS_MULTIPLY, "\1a9 % \1b9", a, b);
}

/* ---- names --------------------------------------------------------------------------- */

static void
alias_source (SqlQueries *q, int node, GString *out)
{
  const Node *n = node_at (q, node);
  static const char *const parts[]
      = { [PART_VALUES] = "", [PART_NONE] = "_none", [PART_UNKNOWN] = "_unknown", [PART_RAW] = "_shown" };
  switch (n->kind) {
  case NODE_COLUMN:
  case NODE_GATHER: {
    Text name = name_of (q->options, n->table, n->column);
    if (n->kind == NODE_GATHER)
      g_string_append_printf (out, "%s_", node_alias (q, n->operands[0]));
    g_string_append_len (out, name.bytes, (gssize)name.len);
    g_string_append (out, parts[n->part]);
    break;
  }
  case NODE_MEMBER: g_string_append (out, "member"); break;
  default:
    if (n->decision)
      g_string_append_len (out, n->decision->name.bytes, (gssize)n->decision->name.len);
    else
      g_string_append (out, "step");
  }
}

/* Facts are called as they are; what is made of them has a number, so that nothing that a
 * SELECT makes is called as what it is made of (ClickHouse would take the one for the other). */
const char *
node_alias (SqlQueries *q, int node)
{
  const Node *n = node_at (q, node);
  if (n->kind == NODE_SPREAD)
    return node_alias (q, n->operands[0]);
  if (q->aliases->pdata[node])
    return q->aliases->pdata[node];
  g_autoptr (GString) source = g_string_new (NULL);
  alias_source (q, node, source);
  bool is_fact = n->kind == NODE_COLUMN || n->kind == NODE_GATHER;
  g_autofree char *first = short_name (text_of (source->str));
  const char *alias = arena_printf (q->arena, is_fact ? "%s" : "%s 1", first);
  for (int i = 2; g_hash_table_contains (q->taken, alias); i++)
    alias = arena_printf (q->arena, "%s %d", first, i);
  g_hash_table_add (q->taken, (gpointer)alias);
  q->aliases->pdata[node] = (gpointer)alias;
  return alias;
}
