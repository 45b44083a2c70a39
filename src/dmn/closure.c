/* What a decision may read, through all it requires.
 *
 * A clause's decision may hand on what it read: 当前离岗 is 居民.兼任派驻[…], and who
 * reads 当前离岗[1].已盈利 reads 居民.兼任派驻.已盈利.  So reading goes along demands:
 * "of the value of this decision, these members".  The expressions say where a value
 * comes from (feel_expression_origins), and what a function is given. */
#include "dmn_private.h"

/* Members of a decision's value that someone reads; none: the value itself. */
typedef struct {
  const Decision *decision;
  size_t n;
  const Text *members;
} Demand;

/* Members of parameter POSITION that FUNCTION reads, or hands on and someone reads. */
typedef struct {
  const Decision *function;
  size_t position, n;
  const Text *members;
} Asked;

/* What BY gives FUNCTION for parameter POSITION, or in it under MEMBERS. */
typedef struct {
  const Decision *function, *by;
  size_t position;
  FeelPath argument;
  size_t n;
  const Text *members;
} Handed;

typedef struct {
  Arena *arena;
  const Decision *root;
  GHashTable *visited; /* Decision *: its own reading is in */
  GArray *paths, *demands, *asked, *handed;
  guint next; /* the first demand not yet met */
} Closure;

static bool
same_members (const Text *a, size_t n_a, const Text *b, size_t n_b)
{
  for (size_t i = 0; n_a == n_b && i < n_a; i++)
    if (!text_equal (a[i], b[i]))
      return false;
  return n_a == n_b;
}

/* PATH with N more MEMBERS. */
static FeelPath
longer (Arena *arena, FeelPath path, const Text *members, size_t n)
{
  Text *all = arena_new0 (arena, Text, path.n + n);
  if (path.n)
    memcpy (all, path.members, path.n * sizeof *all);
  if (n)
    memcpy (all + path.n, members, n * sizeof *all);
  return (FeelPath){ path.slot, path.n + n, all };
}

/* Whether a value of TYPE can have MEMBERS.  In a filter over a list whose type is not known a
 * name may be a member of its items or stand for itself: what cannot be there is not read. */
static bool
can_have (const FeelType *type, const Text *members, size_t n)
{
  for (size_t i = 0; i < n; i++) {
    while (type && type->kind == FEEL_TYPE_LIST)
      type = type->element;
    if (!type || type->kind != FEEL_TYPE_CONTEXT || !type->closed)
      return true;
    size_t m = 0;
    while (m < type->n && !text_equal (type->members[m].name, members[i]))
      m++;
    if (m == type->n)
      return false;
    type = type->members[m].type;
  }
  return true;
}

static void
add_path (Closure *c, const Decision *d, FeelPath path)
{
  if (path.slot >= 0 && (size_t)path.slot < d->public.unit->n_variables
      && !can_have (d->public.unit->variables[path.slot].type, path.members, path.n))
    return;
  path.slot = dmn_unit_variable (c->root->unit, dmn_path_variable (&d->public, &path));
  for (guint i = 0; i < c->paths->len; i++) {
    const FeelPath *there = &g_array_index (c->paths, FeelPath, i);
    if (there->slot == path.slot && same_members (there->members, there->n, path.members, path.n))
      return;
  }
  if (path.slot >= 0) /* else an imported file's own */
    g_array_append_val (c->paths, path);
}

static void
demand (Closure *c, const Decision *d, const Text *members, size_t n)
{
  for (guint i = 0; i < c->demands->len; i++) {
    const Demand *there = &g_array_index (c->demands, Demand, i);
    if (there->decision == d && same_members (there->members, there->n, members, n))
      return;
  }
  Demand demand = { d, n, members };
  g_array_append_val (c->demands, demand);
}

/* ---- functions --------------------------------------------------------- */

/* The parameter of D that SLOT holds; −1 when it is none. */
static int
parameter_at (const Decision *d, int slot)
{
  const DmnExpression *logic = d->public.logic;
  bool is = logic && logic->kind == DMN_FUNCTION && slot >= logic->slot
            && slot < logic->slot + (int)logic->n_names;
  return is ? slot - logic->slot : -1;
}

static void read_path (Closure *c, const Decision *d, FeelPath path);

/* What is asked of the parameter is read where it comes from. */
static void
follow (Closure *c, const Handed *handed, const Asked *asked)
{
  if (handed->n <= asked->n && same_members (handed->members, handed->n, asked->members, handed->n))
    read_path (c, handed->by,
               longer (c->arena, handed->argument, asked->members + handed->n, asked->n - handed->n));
}

static void
ask (Closure *c, const Decision *function, size_t position, const Text *members, size_t n)
{
  for (guint i = 0; i < c->asked->len; i++) {
    const Asked *there = &g_array_index (c->asked, Asked, i);
    if (there->function == function && there->position == position
        && same_members (there->members, there->n, members, n))
      return;
  }
  Asked asked = { function, position, n, members };
  g_array_append_val (c->asked, asked);
  for (guint i = 0; i < c->handed->len; i++) {
    Handed handed = g_array_index (c->handed, Handed, i);
    if (handed.function == function && handed.position == position)
      follow (c, &handed, &asked);
  }
}

static void
hand (Closure *c, Handed handed)
{
  g_array_append_val (c->handed, handed);
  for (guint i = 0; i < c->asked->len; i++) {
    Asked asked = g_array_index (c->asked, Asked, i);
    if (asked.function == handed.function && asked.position == handed.position)
      follow (c, &handed, &asked);
  }
}

static size_t
position_of (const Decision *function, const FeelArgument *argument)
{
  const DmnExpression *logic = function->public.logic;
  for (size_t i = 0; argument->name.len && logic && i < logic->n_names; i++)
    if (text_equal (logic->names[i].name, argument->name))
      return i;
  return argument->position;
}

/* ---- reading ----------------------------------------------------------- */

/* A function that hands a member of its parameter to itself would ask for ever. */
enum { MEMBERS_MAX = 16 };

/* D reads PATH: of a variable, of its own parameter, or of another decision. */
static void
read_path (Closure *c, const Decision *d, FeelPath path)
{
  int parameter = parameter_at (d, path.slot);
  if (path.n > MEMBERS_MAX)
    return;
  if ((size_t)path.slot < d->unit->public.n_variables) {
    add_path (c, d, path);
    return;
  }
  if (parameter >= 0) {
    ask (c, d, (size_t)parameter, path.members, path.n);
    return;
  }
  const DmnDecision *other = dmn_path_decision (&d->public, &path);
  bool own = other && other->unit == d->public.unit;
  if (other) /* the first member of a used unit's path is the decision's name */
    demand (c, (const Decision *)other, path.members + !own, path.n - !own);
}

/* All that evaluating D reads, whoever asks. */
static void
visit (Closure *c, const Decision *d)
{
  for (size_t i = 0; i < d->n_expressions; i++) {
    size_t n;
    const FeelPath *paths = feel_expression_paths (d->expressions[i], &n);
    for (size_t p = 0; p < n; p++)
      read_path (c, d, paths[p]);
    const FeelArgument *arguments = feel_expression_arguments (d->expressions[i], &n);
    for (size_t a = 0; a < n; a++) {
      const Decision *function = (const Decision *)dmn_path_decision (&d->public, &arguments[a].function);
      if (function)
        hand (c, (Handed){ function, d, position_of (function, &arguments[a]), arguments[a].argument,
                           arguments[a].n, arguments[a].members });
    }
  }
}

/* MEMBERS of what E gives under PREFIX (N_PREFIX 0 or 1). */
static void
read_origins (Closure *c, const Demand *demand, const FeelExpression *e, const Text *prefix)
{
  size_t n, skip = prefix != NULL;
  const FeelOrigin *origins = e ? feel_expression_origins (e, &n) : NULL;
  if (!origins || (skip && (!demand->n || !text_equal (demand->members[0], *prefix))))
    return;
  const Text *members = demand->members + skip;
  size_t n_members = demand->n - skip;
  for (size_t i = 0; i < n; i++)
    if (origins[i].n <= n_members && same_members (origins[i].members, origins[i].n, members, origins[i].n))
      read_path (c, demand->decision,
                 longer (c->arena, origins[i].path, members + origins[i].n, n_members - origins[i].n));
}

static void
read_table (Closure *c, const Demand *demand, const DmnTable *table)
{
  for (size_t o = 0; o < table->n_outputs; o++) {
    const Text *prefix = table->n_outputs > 1 ? &table->outputs[o].label : NULL;
    read_origins (c, demand, table->outputs[o].standard.expression, prefix);
    for (size_t r = 0; r < table->n_rules; r++)
      read_origins (c, demand, table->rules[r].outputs[o].expression, prefix);
  }
}

/* The members asked for, of whatever D's value is made from. */
static void
meet (Closure *c, Demand demand)
{
  const DmnExpression *logic = demand.decision->public.logic;
  if (logic && logic->kind == DMN_FUNCTION && logic->n_parts)
    logic = logic->parts[0];
  if (!logic || !demand.n)
    return;
  if (logic->kind == DMN_LITERAL)
    read_origins (c, &demand, logic->cell.expression, NULL);
  else if (logic->table)
    read_table (c, &demand, logic->table);
}

/* Of a DMN file: inputs are given whole. */
static void
visit_file (Closure *c, const Decision *d)
{
  for (size_t i = 0; i < d->public.n_paths; i++)
    add_path (c, d, d->public.paths[i]);
  for (size_t i = 0; i < d->public.n_requires; i++)
    demand (c, (const Decision *)d->public.requires_[i], NULL, 0);
}

const FeelPath *
dmn_decision_closure (const DmnModel *model, Arena *arena, const DmnDecision *decision, size_t *n)
{
  g_assert (model->linked);
  g_autoptr (GHashTable) visited = g_hash_table_new (NULL, NULL);
  g_autoptr (GArray) paths = g_array_new (FALSE, FALSE, sizeof (FeelPath));
  g_autoptr (GArray) demands = g_array_new (FALSE, FALSE, sizeof (Demand));
  g_autoptr (GArray) asked = g_array_new (FALSE, FALSE, sizeof (Asked));
  g_autoptr (GArray) handed = g_array_new (FALSE, FALSE, sizeof (Handed));
  Closure c = { arena, (const Decision *)decision, visited, paths, demands, asked, handed, 0 };
  demand (&c, c.root, NULL, 0);
  while (c.next < demands->len) {
    Demand next = g_array_index (demands, Demand, c.next++);
    bool file = next.decision->unit->public.is_xml;
    if (g_hash_table_add (visited, (gpointer)next.decision))
      (file ? visit_file : visit) (&c, next.decision);
    if (!file)
      meet (&c, next);
  }
  *n = paths->len;
  return dmn_keep (arena, paths->data, paths->len * sizeof (FeelPath));
}
