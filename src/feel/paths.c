#include "feel_private.h"

#include <string.h>

/* What evaluating could read, by following values from the slots to where they
 * are used.  A flow is the set of places a value can come from. */

typedef struct Place Place;
struct Place { /* a slot, or a member of a place */
  const Place *parent;
  int slot;
  Text name;
};

typedef struct {
  GPtrArray *places;    /* const Place * */
  const Node *function; /* the literal it may be, or NULL */
  const Node *context;  /* the context literal it may be */
} Flow;

typedef struct {
  const Place *place;
  bool passed_through; /* read only to iterate: dropped where a longer path says more */
} Read;

typedef struct {
  Arena *arena;
  Flow *locals;
  GArray *reads;
  GArray *origins, *arguments; /* FeelOrigin, FeelArgument */
  GPtrArray *made;             /* place sets, to free */
  GHashTable *contexts;        /* Node → Flow[n] */
  int depth;
} Tracer;

static Flow flow_of (Tracer *t, const Node *node);

static Flow
flow_new (Tracer *t)
{
  GPtrArray *places = g_ptr_array_new ();
  g_ptr_array_add (t->made, places);
  return (Flow){ .places = places };
}

static bool
same_place (const Place *a, const Place *b)
{
  while (a && b && a != b) {
    if (a->slot != b->slot || !text_equal (a->name, b->name))
      return false;
    a = a->parent;
    b = b->parent;
  }
  return a == b;
}

static void
flow_add (Flow *flow, const Place *place)
{
  for (unsigned i = 0; i < flow->places->len; i++)
    if (same_place (flow->places->pdata[i], place))
      return;
  g_ptr_array_add (flow->places, (gpointer)place);
}

static void
record (Tracer *t, const Place *place, bool passed_through)
{
  for (unsigned i = 0; i < t->reads->len; i++) {
    Read *read = &g_array_index (t->reads, Read, i);
    if (same_place (read->place, place)) {
      read->passed_through &= passed_through;
      return;
    }
  }
  Read read = { place, passed_through };
  g_array_append_val (t->reads, read);
}

static void
read_flow (Tracer *t, Flow flow, bool passed_through)
{
  for (unsigned i = 0; flow.places && i < flow.places->len; i++)
    record (t, flow.places->pdata[i], passed_through);
}

/* A flow follows one context literal.  Of one that it loses sight of, every entry
 * may be read. */
static void
read_entries (Tracer *t, Flow flow)
{
  const Flow *entries = flow.context ? g_hash_table_lookup (t->contexts, flow.context) : NULL;
  for (size_t i = 0; entries && i < flow.context->n; i++) {
    read_flow (t, entries[i], false);
    read_entries (t, entries[i]);
  }
}

/* The whole value goes elsewhere: entries of a context with it. */
static void
use_result (Tracer *t, Flow flow)
{
  read_flow (t, flow, false);
  read_entries (t, flow);
}

static Flow
flow_join (Tracer *t, Flow a, Flow b)
{
  Flow both = flow_new (t);
  if (a.context && b.context && a.context != b.context)
    read_entries (t, b);
  both.function = a.function ? a.function : b.function;
  both.context = a.context ? a.context : b.context;
  for (unsigned i = 0; a.places && i < a.places->len; i++)
    flow_add (&both, a.places->pdata[i]);
  for (unsigned i = 0; b.places && i < b.places->len; i++)
    flow_add (&both, b.places->pdata[i]);
  return both;
}

static void
use (Tracer *t, const Node *node)
{
  if (node)
    use_result (t, flow_of (t, node));
}

/* NAME of whatever OBJECT may be. */
static Flow
member_of (Tracer *t, Flow object, Text name)
{
  Flow result = flow_new (t);
  for (unsigned i = 0; object.places && i < object.places->len; i++) {
    Place *place = arena_new0 (t->arena, Place, 1);
    *place = (Place){ object.places->pdata[i], -1, name };
    flow_add (&result, place);
  }
  const Flow *entries = object.context ? g_hash_table_lookup (t->contexts, object.context) : NULL;
  for (size_t i = 0; entries && i < object.context->n; i++)
    if (text_equal (object.context->entries.names[i], name))
      result = flow_join (t, result, entries[i]);
  return result;
}

static Flow
flow_member (Tracer *t, const Node *node)
{
  return member_of (t, flow_of (t, node->a), node->name);
}

static Flow
flow_member_or (Tracer *t, const Node *node)
{
  Flow member = member_of (t, t->locals[node->local], node->name);
  return node->a ? flow_join (t, member, flow_of (t, node->a)) : member;
}

static Flow
flow_loop (Tracer *t, const Node *node)
{
  for (size_t i = 0; i < node->n; i++) {
    const Iterator *it = &node->loop.iterators[i];
    Flow list = flow_of (t, it->from);
    if (it->to) {
      use_result (t, list);
      use (t, it->to);
      list = flow_new (t);
    }
    read_flow (t, list, true);
    t->locals[it->local] = list;
  }
  if (node->kind != NODE_FOR) {
    use (t, node->a);
    return flow_new (t);
  }
  t->locals[node->loop.partial] = flow_new (t);
  Flow body = flow_of (t, node->a);
  read_entries (t, body); /* the list has a context for each turn */
  body.function = NULL;
  return body;
}

static Flow
flow_filter (Tracer *t, const Node *node)
{
  Flow list = flow_of (t, node->a);
  read_flow (t, list, true);
  t->locals[node->local] = list;
  use (t, node->b);
  return list;
}

static Flow
flow_context (Tracer *t, const Node *node)
{
  Flow *entries = arena_new0 (t->arena, Flow, node->n);
  for (size_t i = 0; i < node->n; i++)
    entries[i] = t->locals[node->local + i] = flow_of (t, node->entries.values[i]);
  g_hash_table_insert (t->contexts, (gpointer)node, entries);
  return (Flow){ .places = flow_new (t).places, .context = node };
}

/* The body of a function literal with what its parameters can be. */
static Flow
flow_body (Tracer *t, const Node *function, const Flow *arguments, size_t n, Flow otherwise)
{
  if (t->depth > 8)
    return flow_new (t);
  t->depth++;
  for (size_t i = 0; i < function->n; i++)
    t->locals[function->local + i] = i < n ? arguments[i] : otherwise;
  Flow result = flow_of (t, function->a);
  t->depth--;
  return result;
}

static FeelPath path_of (Arena *arena, const Place *place);

static const Text *
deeper (Tracer *t, const Text *members, size_t n, Text name)
{
  Text *longer = arena_new0 (t->arena, Text, n + 1);
  if (n)
    memcpy (longer, members, n * sizeof *members);
  longer[n] = name;
  return longer;
}

/* What a function from elsewhere gets, which stands under N MEMBERS of its argument: its own
 * expression says what it reads of it. */
static void
hand_over (Tracer *t, const Node *node, Flow callee, size_t position, Flow argument, const Text *members,
           size_t n)
{
  Text name = node->entries.names ? node->entries.names[position] : TEXT_LITERAL ("");
  for (unsigned f = 0; callee.places && f < callee.places->len; f++)
    for (unsigned i = 0; argument.places && i < argument.places->len; i++) {
      FeelArgument handed = { .function = path_of (t->arena, callee.places->pdata[f]),
                              .argument = path_of (t->arena, argument.places->pdata[i]),
                              .n = n,
                              .members = members,
                              .position = position,
                              .name = name };
      g_array_append_val (t->arguments, handed);
    }
  const Flow *entries = argument.context ? g_hash_table_lookup (t->contexts, argument.context) : NULL;
  for (size_t i = 0; entries && i < argument.context->n; i++)
    hand_over (t, node, callee, position, entries[i],
               deeper (t, members, n, argument.context->entries.names[i]), n + 1);
}

static Flow
flow_call (Tracer *t, const Node *node)
{
  Flow callee = flow_of (t, node->a);
  read_flow (t, callee, false);
  Flow *arguments = arena_new0 (t->arena, Flow, node->n);
  for (size_t i = 0; i < node->n; i++)
    arguments[i] = flow_of (t, node->entries.values[i]);
  if (callee.function && !node->entries.names) {
    for (size_t i = 0; i < node->n; i++)
      read_flow (t, arguments[i], true);
    return flow_body (t, callee.function, arguments, node->n, flow_new (t));
  }
  Flow result = flow_new (t);
  for (size_t i = 0; i < node->n; i++) {
    use_result (t, arguments[i]);
    hand_over (t, node, callee, i, arguments[i], NULL, 0);
    result = flow_join (t, result, arguments[i]);
  }
  /* Members of what it gives are members of the function's own value, where that is known. */
  return callee.places && callee.places->len ? (Flow){ .places = callee.places } : result;
}

/* Built-in functions may hand on what they are given (sort, concatenate), and
 * give it to functions among their arguments. */
static Flow
flow_builtin (Tracer *t, const Node *node)
{
  Flow all = flow_new (t), function = flow_new (t);
  for (size_t i = 0; i < node->n; i++) {
    if (!node->call.arguments[i])
      continue;
    Flow argument = flow_of (t, node->call.arguments[i]);
    if (argument.function)
      function.function = argument.function;
    all = flow_join (t, all, argument);
  }
  read_entries (t, all);
  all.function = NULL;
  all.context = NULL;
  FeelTypeKind kind = node->call.row->result->kind;
  bool hands_on = kind == FEEL_TYPE_ANY || kind == FEEL_TYPE_LIST;
  read_flow (t, all, hands_on);
  if (function.function)
    read_flow (t, flow_body (t, function.function, NULL, 0, all), false);
  return hands_on ? all : flow_new (t);
}

static Flow
flow_parts (Tracer *t, const Node *node)
{
  use (t, node->a);
  use (t, node->b);
  use (t, node->c);
  return flow_new (t);
}

static Flow
flow_function (Tracer *t, const Node *node)
{
  /* what it reads whoever calls it */
  read_flow (t, flow_body (t, node, NULL, 0, flow_new (t)), false);
  return (Flow){ .places = flow_new (t).places, .function = node };
}

static Flow
flow_tests (Tracer *t, const Node *node)
{
  for (size_t i = 0; i < node->n; i++)
    use (t, node->nodes[i]);
  return flow_new (t);
}

static Flow
flow_of (Tracer *t, const Node *node)
{
  Flow flow = flow_new (t);
  switch (node->kind) {
  case NODE_SLOT: {
    Place *place = arena_new0 (t->arena, Place, 1);
    *place = (Place){ NULL, (int)node->local, TEXT_LITERAL ("") };
    flow_add (&flow, place);
    return flow;
  }
  case NODE_LOCAL: return flow_join (t, flow, t->locals[node->local]);
  case NODE_MEMBER_OR: return flow_member_or (t, node);
  case NODE_PATH: return flow_member (t, node);
  case NODE_FILTER: return flow_filter (t, node);
  case NODE_FOR:
  case NODE_SOME:
  case NODE_EVERY: return flow_loop (t, node);
  case NODE_IF: use (t, node->a); return flow_join (t, flow_of (t, node->b), flow_of (t, node->c));
  case NODE_LIST:
    for (size_t i = 0; i < node->n; i++)
      flow = flow_join (t, flow, flow_of (t, node->nodes[i]));
    return flow;
  case NODE_IN:
    t->locals[node->local] = flow_of (t, node->a);
    use_result (t, t->locals[node->local]);
    use (t, node->b);
    return flow;
  case NODE_CONTEXT: return flow_context (t, node);
  case NODE_FUNCTION: return flow_function (t, node);
  case NODE_CALL: return flow_call (t, node);
  case NODE_BUILTIN: return flow_builtin (t, node);
  case NODE_TEST_ONE_OF:
  case NODE_TEST_NOT: return flow_tests (t, node);
  default: return flow_parts (t, node);
  }
}

static bool
is_prefix (const Place *shorter, const Place *longer)
{
  for (longer = longer->parent; longer; longer = longer->parent)
    if (same_place (shorter, longer))
      return true;
  return false;
}

static bool
is_superseded (const GArray *reads, const Read *read)
{
  for (unsigned i = 0; read->passed_through && i < reads->len; i++)
    if (is_prefix (read->place, g_array_index (reads, Read, i).place))
      return true;
  return false;
}

static FeelPath
path_of (Arena *arena, const Place *place)
{
  FeelPath path = { .slot = -1 };
  for (const Place *at = place; at->parent; at = at->parent)
    path.n++;
  Text *members = arena_new0 (arena, Text, path.n);
  size_t i = path.n;
  for (; place->parent; place = place->parent)
    members[--i] = place->name;
  path.slot = place->slot;
  path.members = members;
  return path;
}

/* Where FLOW, which stands under N MEMBERS in the expression's value, comes from. */
static void
add_origins (Tracer *t, Flow flow, const Text *members, size_t n)
{
  for (unsigned i = 0; flow.places && i < flow.places->len; i++) {
    FeelOrigin origin = { n, members, path_of (t->arena, flow.places->pdata[i]) };
    g_array_append_val (t->origins, origin);
  }
  const Flow *entries = flow.context ? g_hash_table_lookup (t->contexts, flow.context) : NULL;
  for (size_t i = 0; entries && i < flow.context->n; i++)
    add_origins (t, entries[i], deeper (t, members, n, flow.context->entries.names[i]), n + 1);
}

void
paths_trace (Arena *arena, FeelExpression *e)
{
  g_autoptr (GPtrArray) made = g_ptr_array_new_with_free_func ((GDestroyNotify)g_ptr_array_unref);
  g_autoptr (GArray) reads = g_array_new (FALSE, FALSE, sizeof (Read));
  g_autoptr (GArray) origins = g_array_new (FALSE, FALSE, sizeof (FeelOrigin));
  g_autoptr (GArray) arguments = g_array_new (FALSE, FALSE, sizeof (FeelArgument));
  g_autoptr (GHashTable) contexts = g_hash_table_new (NULL, NULL);
  Tracer t = { .arena = arena,
               .locals = arena_new0 (arena, Flow, e->n_locals),
               .reads = reads,
               .origins = origins,
               .arguments = arguments,
               .made = made,
               .contexts = contexts };
  Flow result = flow_of (&t, e->root);
  use_result (&t, result);
  add_origins (&t, result, NULL, 0);
  FeelPath *paths = arena_new0 (arena, FeelPath, reads->len);
  for (unsigned i = 0; i < reads->len; i++) {
    const Read *read = &g_array_index (reads, Read, i);
    if (!is_superseded (reads, read))
      paths[e->n_paths++] = path_of (arena, read->place);
  }
  e->paths = paths;
  e->n_origins = origins->len;
  e->origins = arena_copy (arena, origins->data, origins->len * sizeof (FeelOrigin));
  e->n_arguments = arguments->len;
  e->arguments = arena_copy (arena, arguments->data, arguments->len * sizeof (FeelArgument));
}
