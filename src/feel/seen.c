/* Conditions of expressions, and what they were seen to be. */
#include "feel_private.h"

enum { SEEN_TRUE = 1, SEEN_FALSE = 2 };

struct FeelSeen {
  GHashTable *conditions; /* const Node * → bits */
};

FeelSeen *
feel_seen_new (void)
{
  FeelSeen *seen = g_new (FeelSeen, 1);
  seen->conditions = g_hash_table_new (g_direct_hash, g_direct_equal);
  return seen;
}

void
feel_seen_free (FeelSeen *seen)
{
  if (!seen)
    return;
  g_hash_table_unref (seen->conditions);
  g_free (seen);
}

void
seen_note (FeelSeen *seen, const Node *condition, FeelValue value)
{
  if (value.kind != FEEL_BOOLEAN)
    return;
  gsize bits = GPOINTER_TO_SIZE (g_hash_table_lookup (seen->conditions, condition));
  bits |= value.boolean ? SEEN_TRUE : SEEN_FALSE;
  g_hash_table_insert (seen->conditions, (gpointer)condition, GSIZE_TO_POINTER (bits));
}

/* Where NODE's text begins: an operator's own place is behind its left side. */
static unsigned
start_of (const Node *node)
{
  unsigned at = node->at;
  bool left = node->kind == NODE_COMPARE || node->kind == NODE_BETWEEN || node->kind == NODE_IN
              || node->kind == NODE_ARITHMETIC || node->kind == NODE_PATH || node->kind == NODE_INSTANCE
              || node->kind == NODE_FILTER;
  return left && node->a ? MIN (at, start_of (node->a)) : at;
}

const FeelCondition *
feel_expression_conditions (const FeelExpression *e, const FeelSeen *seen, Arena *arena, size_t *n)
{
  FeelCondition *conditions = arena_new0 (arena, FeelCondition, e->n_conditions);
  *n = e->n_conditions;
  for (size_t i = 0; i < *n; i++) {
    const Node *node = e->conditions[i];
    gsize bits = GPOINTER_TO_SIZE (g_hash_table_lookup (seen->conditions, node));
    conditions[i].seen_true = bits & SEEN_TRUE;
    conditions[i].seen_false = bits & SEEN_FALSE;
    feel_place (e->source, e->line, e->column, start_of (node), &conditions[i].line, &conditions[i].column);
  }
  return conditions;
}
