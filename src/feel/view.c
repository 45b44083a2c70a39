/* The tree of a compiled expression as other compilers see it. */
#include "feel_private.h"

#include <string.h>

_Static_assert((int)FEEL_NODE_TEST_TRUTH == (int)NODE_TEST_TRUTH, "FeelNodeKind follows NodeKind");
_Static_assert((int)FEEL_NODE_BUILTIN == (int)NODE_BUILTIN, "FeelNodeKind follows NodeKind");

const FeelNode *
feel_expression_tree (const FeelExpression *e)
{
  return e->root;
}

unsigned
feel_expression_locals (const FeelExpression *e)
{
  return MAX (1, e->n_locals);
}

static const Node **
few (Arena *arena, const Node *a, const Node *b, const Node *c)
{
  const Node **parts = arena_new0 (arena, const Node *, 3);
  parts[0] = a;
  parts[1] = b;
  parts[2] = c;
  return parts;
}

static void
view_loop (Arena *arena, const Node *node, FeelView *view)
{
  const Node **parts = arena_new0 (arena, const Node *, 2 * node->n + 1);
  unsigned *places = arena_new0 (arena, unsigned, node->n);
  for (size_t i = 0; i < node->n; i++) {
    parts[2 * i] = node->loop.iterators[i].from;
    parts[2 * i + 1] = node->loop.iterators[i].to;
    places[i] = node->loop.iterators[i].local;
  }
  parts[2 * node->n] = node->a;
  view->n = 2 * node->n + 1;
  view->parts = parts;
  view->places = places;
}

static void
view_call (Arena *arena, const Node *node, FeelView *view)
{
  const Node **parts = arena_new0 (arena, const Node *, node->n + 1);
  parts[0] = node->a;
  memcpy (parts + 1, node->entries.values, node->n * sizeof *parts);
  view->n = node->n + 1;
  view->parts = parts;
  view->names = node->entries.names;
}

/* Bounds that are constant stand in the test itself. */
static void
view_bounds (Arena *arena, const Node *node, FeelView *view)
{
  Node *bounds = arena_new0 (arena, Node, 2);
  bounds[0] = (Node){ .kind = NODE_CONSTANT, .type = &feel_type_any, .value = node->bounds.low };
  bounds[1] = (Node){ .kind = NODE_CONSTANT, .type = &feel_type_any, .value = node->bounds.high };
  view->parts = few (arena, &bounds[0], &bounds[1], NULL);
  view->n = 2;
}

static char
sign_of (const Node *node)
{
  if (node->kind == NODE_ARITHMETIC)
    return "+-*/^"[node->op];
  return node->kind == NODE_COMPARE || node->kind == NODE_TEST_COMPARE ? "=!<l>g"[node->op] : 0;
}

/* Where the parts stand that are no fields of their own. */
static void
view_parts (Arena *arena, const Node *node, FeelView *view)
{
  switch (node->kind) {
  case NODE_LIST:
  case NODE_TEST_NOT:
  case NODE_TEST_ONE_OF: view->n = node->n, view->parts = node->nodes; return;
  case NODE_CONTEXT:
    view->n = node->n, view->parts = node->entries.values, view->names = node->entries.names;
    return;
  case NODE_BUILTIN:
    view->n = node->n, view->parts = node->call.arguments;
    view->name = text_of (node->call.row->name);
    return;
  case NODE_FOR:
  case NODE_SOME:
  case NODE_EVERY: view_loop (arena, node, view); return;
  case NODE_CALL: view_call (arena, node, view); return;
  case NODE_TEST_RANGE:
    if (node->bounds.constant) {
      view_bounds (arena, node, view);
      return;
    }
    /* fall through */
  default:
    view->parts = few (arena, node->a, node->b, node->c);
    view->n = node->c ? 3 : node->b ? 2 : node->a ? 1 : 0;
  }
}

FeelView
feel_node_view (Arena *arena, const FeelNode *node)
{
  FeelView view = { .kind = (FeelNodeKind)node->kind,
                    .sign = sign_of (node),
                    .low_closed = node->low_closed,
                    .high_closed = node->high_closed,
                    .place = node->local,
                    .type = node->type };
  view_parts (arena, node, &view);
  if (node->kind == NODE_CONSTANT)
    view.value = node->value;
  if (node->kind == NODE_PATH || node->kind == NODE_MEMBER_OR)
    view.name = node->name;
  return view;
}

/* A stand-in for PART that reads its value from local I.  Constants stay, for some
 * operators ask whether an operand was written as one. */
static const Node *
stand_in (const Node *part, unsigned i, Node *room)
{
  if (!part || part->kind == NODE_CONSTANT)
    return part;
  *room = *part;
  room->kind = NODE_LOCAL;
  room->local = i;
  return room;
}

static bool
is_test (const Node *node)
{
  return node->kind >= NODE_TEST_COMPARE && node->kind <= NODE_TEST_VALUE;
}

FeelValue
feel_node_apply (const FeelExpression *e, const FeelNode *node, const FeelValue *values, FeelRun *run)
{
  if (run->steps == 0)
    run->steps = FEEL_STEPS_DEFAULT;
  if (node->kind == NODE_LIST)
    return feel_list (run->arena, values, node->n);
  unsigned first = is_test (node);
  FeelValue locals[4] = { 0 };
  Node rooms[3], copy = *node;
  if (node->kind != NODE_BUILTIN) {
    size_t n = first + (node->c ? 3 : node->b ? 2 : node->a ? 1 : 0);
    memcpy (locals, values, n * sizeof *locals);
  }
  Frame frame = { run, e, locals };
  if (node->kind == NODE_BUILTIN)
    return builtin_call (node->call.row, values, node->call.given, node, &frame);
  copy.a = stand_in (node->a, first, &rooms[0]);
  copy.b = stand_in (node->b, first + 1, &rooms[1]);
  copy.c = stand_in (node->c, first + 2, &rooms[2]);
  if (!first)
    return evaluate_node (&copy, &frame);
  copy.local = 0;
  return evaluate_test_node (&copy, &frame);
}
