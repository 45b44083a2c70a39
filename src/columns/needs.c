/* What unknown values wait for: of every value a list of facts and parameters, each with the
 * rows for which it is missing; FEEL's unknown carries the same for one row.
 *
 * Planes carry their list beside them.  In constants and in results by code FEEL's own
 * unknowns stand: what is a parameter there is named, and what differs from row to row is
 * *unnamed* and stands for the value's list. */
#include "columns_private.h"

#include <string.h>

static Needs
needs_new (const Need *items, size_t n)
{
  return (Needs){ n, items };
}

/* ---- names ------------------------------------------------------------------------ */

static int
number_of (Compiler *c, Text name, bool is_parameter)
{
  gpointer found = g_hash_table_lookup (c->needs, &name);
  if (found)
    return GPOINTER_TO_INT (found) - 1;
  ColumnsNeed need = { arena_text_copy (c->program->arena, name), is_parameter };
  g_array_append_val (c->need_list, need);
  g_hash_table_insert (c->needs, arena_copy (c->arena, &need.name, sizeof need.name),
                       GINT_TO_POINTER (c->need_list->len));
  return (int)c->need_list->len - 1;
}

static Needs
needs_one (Compiler *c, Text name, bool is_parameter, int mask)
{
  if (mask == NONE_OF)
    return needs_new (NULL, 0);
  Need need = { number_of (c, name, is_parameter), mask };
  return needs_new (arena_copy (c->arena, &need, sizeof need), 1);
}

Text
path_to (Compiler *c, const Value *entity, const ColumnsColumn *column)
{
  return text_of (arena_printf (c->arena, "%.*s.%.*s", (int)entity->path.len, entity->path.bytes,
                                (int)column->name.len, column->name.bytes));
}

Needs
needs_fact (Compiler *c, const Value *entity, const ColumnsColumn *column, int mask)
{
  if (!c->asks)
    return needs_new (NULL, 0);
  int own = mask_and_not (c, mask_and_not (c, mask, entity->none), entity->unknown);
  return needs_join (c, entity->needs, needs_one (c, path_to (c, entity, column), false, own));
}

/* ---- lists ------------------------------------------------------------------------- */

Needs
needs_join (Compiler *c, Needs a, Needs b)
{
  if (!a.n || !b.n || a.items == b.items)
    return a.n ? a : b;
  Need *items = arena_new0 (c->arena, Need, a.n + b.n);
  size_t n = 0, i = 0, k = 0;
  while (i < a.n || k < b.n) {
    bool left = k == b.n || (i < a.n && a.items[i].name <= b.items[k].name);
    bool both = i < a.n && k < b.n && a.items[i].name == b.items[k].name;
    items[n] = left ? a.items[i] : b.items[k];
    if (both)
      items[n].mask = mask_or (c, a.items[i].mask, b.items[k].mask);
    i += left;
    k += both || !left;
    n++;
  }
  return needs_new (items, n);
}

typedef int (*Change) (Compiler *c, int mask, int by);

static Needs
needs_change (Compiler *c, Needs needs, Change change, int by)
{
  Need *items = arena_new0 (c->arena, Need, needs.n);
  size_t n = 0;
  for (size_t i = 0; i < needs.n; i++) {
    items[n] = (Need){ needs.items[i].name, change (c, needs.items[i].mask, by) };
    n += items[n].mask != NONE_OF;
  }
  return needs_new (items, n);
}

/* A mask within one that it is part of is itself. */
static int
within (Compiler *c, int mask, int by)
{
  const OpKey *key = &g_array_index (c->program->ops, Op, by).key;
  bool part = by > ALL_OF && key->kind == OP_OR && (key->a == mask || key->b == mask);
  return part ? mask : mask_and (c, mask, by);
}

Needs
needs_within (Compiler *c, Needs needs, int mask)
{
  return mask == ALL_OF || !needs.n ? needs : needs_change (c, needs, within, mask);
}

Needs
needs_outside (Compiler *c, Needs needs, int mask)
{
  return mask == NONE_OF || !needs.n ? needs : needs_change (c, needs, mask_and_not, mask);
}

Needs
needs_spread (Compiler *c, Needs needs, int space)
{
  return space < 0 || !needs.n ? needs : needs_change (c, needs, plane_spread, space);
}

/* ---- of values ------------------------------------------------------------------------ */

/* Whether RESULT waits for the need DATA (a Text), empty: for the unnamed one. */
static bool
waits_for (FeelValue result, const void *data)
{
  const Text *name = data;
  for (size_t i = 0; result.kind == FEEL_UNKNOWN && i < result.unknown->n; i++)
    if (text_equal (result.unknown->needs[i]->name, *name))
      return true;
  return false;
}

static int
waiting_rows (Compiler *c, const Value *v, Text name)
{
  if (v->kind == VALUE_CONSTANT)
    return waits_for (v->constant, &name) ? ALL_OF : NONE_OF;
  return results_mask (c, v, waits_for, &name);
}

/* What the results of V name themselves. */
static Needs
named_needs (Compiler *c, const Value *v)
{
  Needs needs = { 0 };
  size_t n = v->kind == VALUE_CONSTANT ? 1 : v->n + 2;
  for (size_t r = 0; r < n; r++) {
    FeelValue one = v->kind == VALUE_CONSTANT ? v->constant : value_result (v, r);
    for (size_t i = 0; one.kind == FEEL_UNKNOWN && i < one.unknown->n; i++) {
      Text name = one.unknown->needs[i]->name;
      if (!name.len)
        continue;
      int number = number_of (c, name, true);
      bool known = false;
      for (size_t k = 0; k < needs.n; k++)
        known |= needs.items[k].name == number;
      if (!known)
        needs = needs_join (c, needs, needs_one (c, name, true, waiting_rows (c, v, name)));
    }
  }
  return needs;
}

Needs
needs_of (Compiler *c, const Value *v, int space)
{
  if (!c->asks || v->kind >= VALUE_CONTEXT)
    return needs_new (NULL, 0);
  Needs needs = v->needs;
  if (v->kind == VALUE_CONSTANT || v->kind == VALUE_CODED)
    needs = needs_join (c, needs_within (c, needs, waiting_rows (c, v, (Text){ 0 })), named_needs (c, v));
  return needs_spread (c, needs, space);
}

Needs
needs_inside (Compiler *c, const Value *v, int space)
{
  return needs_spread (c, v->needs, space);
}

Needs
needs_both (Compiler *c, const Value *a, const Value *b, int space)
{
  return needs_join (c, needs_of (c, a, space), needs_of (c, b, space));
}

const Value *
needs_unknown (Compiler *c, int space, Needs needs)
{
  Value *v = value_new (c, VALUE_CONSTANT, needs.n ? space : -1);
  v->constant = feel_unknown (c->arena, (FeelNeed){ 0 });
  v->needs = needs;
  return v;
}

/* ---- of rules -------------------------------------------------------------------------- */

/* One need of tests and the rules that wait for it: many tests of a column wait in the same
 * rows, so the rules are joined first. */
typedef struct {
  Need need;
  int open;
} Group;

static void
group_add (Compiler *c, GArray *groups, Need need, int open)
{
  for (guint i = 0; i < groups->len; i++) {
    Group *group = &g_array_index (groups, Group, i);
    if (group->need.name == need.name && group->need.mask == need.mask) {
      group->open = mask_or (c, group->open, open);
      return;
    }
  }
  Group group = { need, open };
  g_array_append_val (groups, group);
}

Needs
needs_of_rules (Compiler *c, const Needs *tests, const int *open, size_t n_rules, size_t n_inputs)
{
  g_autoptr (GArray) groups = g_array_new (FALSE, FALSE, sizeof (Group));
  for (size_t k = 0; k < n_rules * n_inputs; k++)
    for (size_t i = 0; i < tests[k].n && open[k / n_inputs] != NONE_OF; i++)
      group_add (c, groups, tests[k].items[i], open[k / n_inputs]);
  Needs all = { 0 };
  for (guint i = 0; i < groups->len; i++) {
    const Group *group = &g_array_index (groups, Group, i);
    Needs one = needs_new (arena_copy (c->arena, &group->need, sizeof group->need), 1);
    all = needs_join (c, all, needs_within (c, one, group->open));
  }
  return all;
}

/* ---- answers ----------------------------------------------------------------------------- */

void
needs_answer (Compiler *c, Answer *a, const Value *v)
{
  Needs needs = needs_of (c, v, 0);
  Arena *arena = c->program->arena;
  ColumnsNeed *names = arena_new0 (arena, ColumnsNeed, needs.n);
  int *missing = arena_new0 (arena, int, needs.n);
  for (size_t i = 0; i < needs.n; i++) {
    names[i] = g_array_index (c->need_list, ColumnsNeed, needs.items[i].name);
    missing[i] = mask_real (c, 0, needs.items[i].mask);
  }
  a->n_needs = needs.n;
  a->needs = names;
  a->missing = missing;
}
