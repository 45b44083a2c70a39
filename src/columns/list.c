/* Collections: what is in a list, stretch by stretch.  The members of every row stand in a
 * space of their own; a list that is unknown or none has none there.  Other items stand one
 * by one, each with the rows where it is in the list. */
#include "columns_private.h"

enum { ITEMS_MAX = 200, PAIRS_MAX = 100 };

static Value *
list_new (Compiler *c, int space, size_t n_parts, ListPart **parts)
{
  Value *list = value_new (c, VALUE_LIST, space);
  *parts = arena_new0 (c->arena, ListPart, n_parts);
  list->parts = *parts;
  list->n_parts = n_parts;
  return list;
}

int
part_space (const Value *list, const ListPart *part)
{
  return part->inner == ITEM ? list->space : part->inner;
}

/* ---- members -------------------------------------------------------------------------- */

static int
members_of (Compiler *c, const Value *entity, const ColumnsColumn *column, int absent)
{
  GArray *spaces = c->program->spaces;
  for (guint s = 1; s < spaces->len; s++) {
    const Space *space = &g_array_index (spaces, Space, s);
    const OpKey *key = &g_array_index (c->program->ops, Op, space->members).key;
    if (space->parent == entity->space && key->kind == OP_MEMBERS && key->column == column
        && key->a == entity->plane && key->b == absent)
      return (int)s;
  }
  int space = space_new (c, entity->space);
  int members = plane_emit (c, (OpKey){ .kind = OP_MEMBERS,
                                        .width = 4,
                                        .space = space,
                                        .a = entity->plane,
                                        .b = absent,
                                        .column = column,
                                        .table = column->target });
  g_array_index (spaces, Space, space).members = members;
  return space;
}

static int
list_mask (Compiler *c, const Value *entity, const ColumnsColumn *column, int part)
{
  return plane_emit (c, (OpKey){ .kind = entity->plane < 0 ? OP_COLUMN : OP_GATHER,
                                 .width = 1,
                                 .space = entity->space,
                                 .part = part,
                                 .a = MAX (0, entity->plane),
                                 .column = column,
                                 .table = entity->table });
}

const Value *
list_open (Compiler *c, const Value *entity, const ColumnsColumn *column)
{
  if (entity->space > 0 && column->most > 1 << 16)
    return outside (c, "a list of lists");
  ListPart *part;
  Value *list = list_new (c, entity->space, 1, &part);
  int none = column->has_none ? list_mask (c, entity, column, PART_NONE) : NONE_OF;
  int unknown = column->has_unknown ? list_mask (c, entity, column, PART_UNKNOWN) : NONE_OF;
  list->none = mask_or (c, entity->none, mask_and_not (c, none, entity->unknown));
  list->unknown = mask_or (c, entity->unknown, mask_and_not (c, unknown, entity->none));
  list->needs = needs_fact (c, entity, column, unknown);
  int absent = mask_or (c, list->none, list->unknown);
  if (absent == ALL_OF)
    absent = mask_real (c, entity->space, absent);
  *part = (ListPart){ members_of (c, entity, column, absent), ALL_OF, (gint64)column->most, NULL };
  Value *member = value_new (c, VALUE_ENTITY, part->inner);
  member->table = column->target;
  member->path = path_to (c, entity, column);
  member->plane = g_array_index (c->program->spaces, Space, part->inner).members;
  part->of = member;
  return list;
}

/* ---- items ------------------------------------------------------------------------------ */

/* LIST for the rows of SPACE, which lies inside its own: members stand there once for each of them. */
static const Value *lifted (Compiler *c, const Value *list, int space);

const Value *
list_of_items (Compiler *c, const Value *const *items, size_t n)
{
  ListPart *parts;
  Value *list = list_new (c, -1, n, &parts);
  for (size_t i = 0; i < n; i++) {
    list->space = space_join (c, list->space, items[i]->space);
    if (items[i]->kind == VALUE_FUNCTION || items[i]->kind == VALUE_UNIT || items[i]->kind == VALUE_QUOTIENT)
      return outside (c, "a list of functions or quotients");
    parts[i] = (ListPart){ ITEM, ALL_OF, 1, items[i] };
  }
  return list;
}

static const Value *
list_of_constant (Compiler *c, const Value *v)
{
  ListPart *parts;
  FeelValue constant = v->constant;
  bool is_list = constant.kind == FEEL_LIST, absent = constant.kind <= FEEL_UNKNOWN;
  size_t n = is_list ? constant.list->n : absent ? 0 : 1;
  if (n > ITEMS_MAX)
    return outside (c, "a long list of constants");
  Value *list = list_new (c, v->space, n, &parts);
  list->none = constant.kind == FEEL_NULL ? ALL_OF : NONE_OF;
  list->unknown = constant.kind == FEEL_UNKNOWN ? ALL_OF : NONE_OF;
  list->needs = needs_of (c, v, v->space);
  for (size_t i = 0; i < n; i++)
    parts[i]
        = (ListPart){ ITEM, ALL_OF, 1, value_inside (c, is_list ? constant.list->items[i] : constant, v) };
  return list;
}

/* By code: each list's items, where the code is its. */
static const Value *
list_of_coded (Compiler *c, const Value *v)
{
  size_t n = 0;
  ValueCases cases;
  if (!value_cases (c, v, v->space, &cases))
    return outside (c, "a list that hangs on too many codes");
  for (size_t i = 0; i < cases.n; i++)
    n += cases.values[i].kind == FEEL_LIST ? cases.values[i].list->n : 0;
  if (n > ITEMS_MAX)
    return outside (c, "a list that hangs on too many codes");
  ListPart *parts;
  Value *list = list_new (c, v->space, n, &parts);
  list->needs = needs_of (c, v, v->space);
  n = 0;
  for (size_t i = 0; i < cases.n; i++) {
    FeelValue one = cases.values[i];
    if (one.kind == FEEL_NULL)
      list->none = mask_or (c, list->none, cases.masks[i]);
    else if (one.kind == FEEL_UNKNOWN)
      list->unknown = mask_or (c, list->unknown, cases.masks[i]);
    else if (one.kind != FEEL_LIST && cases.masks[i] != NONE_OF)
      return outside (c, "a value that is a list here and none there");
    for (size_t k = 0; one.kind == FEEL_LIST && k < one.list->n; k++)
      parts[n++] = (ListPart){ ITEM, cases.masks[i], 1, value_inside (c, one.list->items[k], v) };
  }
  return list;
}

const Value *
list_of (Compiler *c, const Value *v)
{
  if (v->kind == VALUE_LIST || c->why)
    return c->why ? list_of_items (c, NULL, 0) : v;
  if (v->kind == VALUE_CONSTANT)
    return list_of_constant (c, v);
  if (v->kind == VALUE_CODED && value_kind (c, v) == VALUE_LIST)
    return list_of_coded (c, v);
  Value *list = (Value *)list_of_items (c, &v, 1);
  list->none = value_none (c, v, v->space);
  list->unknown = value_unknown (c, v, v->space);
  list->needs = needs_of (c, v, v->space);
  return list;
}

const Value *
list_done (Compiler *c, const Value *list)
{
  const Value **items = arena_new0 (c->arena, const Value *, list->n_parts);
  ListPart *parts;
  Value *done = list_new (c, list->space, 0, &parts);
  *done = *list;
  parts = arena_new0 (c->arena, ListPart, list->n_parts);
  bool whole = list->none == NONE_OF && list->unknown == NONE_OF;
  size_t n = 0;
  for (size_t i = 0; i < list->n_parts; i++)
    if (list->parts[i].keep != NONE_OF) {
      whole &= list->parts[i].inner == ITEM && list->parts[i].keep == ALL_OF;
      items[n] = list->parts[i].of;
      parts[n++] = list->parts[i];
    }
  done->parts = parts;
  done->n_parts = n;
  const Value *coded = whole && !c->why ? operate_list (c, items, n) : NULL;
  return coded ? coded : done;
}

/* ---- several lists ----------------------------------------------------------------------- */

/* LISTS' parts one after the other, in SPACE; their states are left to the caller. */
static Value *
joined (Compiler *c, const Value **lists, size_t n)
{
  int space = -1;
  size_t n_parts = 0;
  for (size_t i = 0; i < n; i++) {
    space = space_join (c, space, lists[i]->space);
    n_parts += lists[i]->n_parts;
  }
  ListPart *parts;
  Value *list = list_new (c, space, n_parts, &parts);
  n_parts = 0;
  for (size_t i = 0; i < n; i++) {
    lists[i] = lifted (c, lists[i], space);
    for (size_t k = 0; k < lists[i]->n_parts; k++)
      parts[n_parts++] = lists[i]->parts[k];
  }
  return list;
}

const Value *
list_concatenate (Compiler *c, const Value *lists)
{
  lists = list_of (c, lists);
  size_t n = lists->n_parts;
  const Value **all = arena_new0 (c->arena, const Value *, n);
  for (size_t i = 0; i < n; i++) {
    all[i] = list_of (c, lists->parts[i].of);
    if (lists->parts[i].inner != ITEM || lists->parts[i].keep != ALL_OF)
      return outside (c, "lists joined that are not written one by one");
  }
  Value *list = joined (c, all, n);
  for (size_t i = 0; i < n; i++) {
    list->unknown = mask_or (c, list->unknown, all[i]->unknown);
    list->none = mask_or (c, list->none, all[i]->none);
    list->needs = needs_join (c, list->needs, all[i]->needs);
  }
  list->none = mask_and_not (c, list->none, list->unknown);
  return list_done (c, list);
}

/* Items may be unknown or none themselves. */
const Value *
list_append (Compiler *c, const Value *list, const Value *items)
{
  const Value *all[] = { list_of (c, list), list_of (c, items) };
  Value *longer = joined (c, all, 2);
  longer->none = all[0]->none;
  longer->unknown = all[0]->unknown;
  longer->needs = all[0]->needs;
  return list_done (c, longer);
}

/* A list of lists: what is in each of them. */
const Value *
list_flatten (Compiler *c, const Value *list)
{
  list = list_of (c, list);
  size_t n = 0;
  const Value **lists = arena_new0 (c->arena, const Value *, list->n_parts);
  for (size_t i = 0; i < list->n_parts; i++) {
    const ListPart *part = &list->parts[i];
    lists[i] = lifted (c, list_of (c, part->of), part_space (list, part));
    n += lists[i]->n_parts;
    if (lists[i]->none != NONE_OF)
      return outside (c, "a list that may be none in a list");
  }
  ListPart *parts;
  Value *flat = list_new (c, list->space, n, &parts);
  flat->none = list->none;
  flat->unknown = list->unknown;
  flat->needs = list->needs;
  n = 0;
  for (size_t i = 0; i < list->n_parts; i++) {
    const ListPart *part = &list->parts[i];
    flat->unknown
        = mask_or (c, flat->unknown, part_any (c, list, part, mask_and (c, part->keep, lists[i]->unknown)));
    for (size_t k = 0; k < lists[i]->n_parts; k++, n++) {
      const ListPart *inner = &lists[i]->parts[k];
      parts[n] = *inner;
      parts[n].inner = inner->inner == ITEM ? part->inner : inner->inner;
      parts[n].most *= part->most;
      parts[n].keep = mask_and (c, inner->keep, plane_spread (c, part->keep, part_space (flat, &parts[n])));
      if (parts[n].most > 1 << 16)
        return outside (c, "a list of lists");
    }
    flat->needs = needs_join (c, flat->needs, needs_up (c, list, part, lists[i]->needs));
  }
  flat->unknown = mask_or (c, flat->unknown, list_any (c, flat, value_unknown));
  flat->needs = needs_join (c, flat->needs, list_needs (c, flat));
  return flat;
}

/* ---- the same list again, inside a loop -------------------------------------------------------- */

/* Members of the rows of SPACE paired with those of INNER that stand in the same row around. */
static int
pairs_of (Compiler *c, int inner, int space)
{
  GArray *spaces = c->program->spaces;
  for (guint s = 1; s < spaces->len; s++) {
    const Space *pairs = &g_array_index (spaces, Space, s);
    const OpKey *key = &g_array_index (c->program->ops, Op, pairs->members).key;
    if (pairs->parent == space && key->kind == OP_PAIRS && key->x == inner)
      return (int)s;
  }
  int pairs = space_new (c, space);
  int members = plane_emit (c, (OpKey){ .kind = OP_PAIRS,
                                        .width = 4,
                                        .space = pairs,
                                        .a = g_array_index (spaces, Space, inner).members,
                                        .b = space ? g_array_index (spaces, Space, space).members : 0,
                                        .x = inner });
  g_array_index (spaces, Space, pairs).members = members;
  return pairs;
}

static int
other_plane (Compiler *c, int plane, int inner, int pairs)
{
  if (plane <= ALL_OF || plane_space (c, plane) != inner)
    return plane;
  return plane_emit (c, (OpKey){ .kind = OP_OTHER,
                                 .width = plane_width (c, plane),
                                 .space = pairs,
                                 .a = plane,
                                 .b = g_array_index (c->program->spaces, Space, pairs).members });
}

/* V of INNER, as the other one of PAIRS has it. */
static const Value *
other_value (Compiler *c, const Value *v, int inner, int pairs)
{
  if (v->kind == VALUE_LIST || v->kind == VALUE_QUOTIENT)
    return outside (c, "a list of lists gone through twice");
  Value *other = value_new (c, v->kind, v->space);
  *other = *v;
  other->space = v->space == inner ? pairs : v->space;
  other->plane = v->plane < 0 ? v->plane : other_plane (c, v->plane, inner, pairs);
  other->none = other_plane (c, v->none, inner, pairs);
  other->unknown = other_plane (c, v->unknown, inner, pairs);
  Need *needs = arena_new0 (c->arena, Need, v->needs.n);
  for (size_t i = 0; i < v->needs.n; i++)
    needs[i] = (Need){ v->needs.items[i].name, other_plane (c, v->needs.items[i].mask, inner, pairs) };
  other->needs.items = needs;
  other->places = NULL;
  const Value **members = arena_new0 (c->arena, const Value *, v->n);
  for (size_t i = 0; v->kind == VALUE_CONTEXT && i < v->n; i++)
    members[i] = other_value (c, v->members[i], inner, pairs);
  other->members = members;
  return other;
}

static const Value *
lifted (Compiler *c, const Value *list, int space)
{
  if (list->space == space || c->why)
    return list;
  ListPart *parts;
  Value *inside = list_new (c, space, list->n_parts, &parts);
  inside->none = plane_spread (c, list->none, space);
  inside->unknown = plane_spread (c, list->unknown, space);
  inside->needs = needs_spread (c, list->needs, space);
  for (size_t i = 0; i < list->n_parts; i++) {
    const ListPart *part = &list->parts[i];
    parts[i] = *part;
    if (part->inner == ITEM) {
      parts[i].keep = plane_spread (c, part->keep, space);
      continue;
    }
    if (part->most > PAIRS_MAX)
      return outside (c, "a long list gone through twice"), list;
    if (g_array_index (c->program->spaces, Space, part->inner).parent != list->space)
      return outside (c, "a list of lists gone through twice"), list;
    parts[i].inner = pairs_of (c, part->inner, space);
    parts[i].keep = other_plane (c, part->keep, part->inner, parts[i].inner);
    parts[i].of = other_value (c, part->of, part->inner, parts[i].inner);
  }
  return inside;
}

static bool
is_inside (const Compiler *c, int space)
{
  for (guint i = 0; i < c->inside->len; i++)
    if (g_array_index (c->inside, int, i) == space)
      return true;
  return false;
}

const Value *
list_enter (Compiler *c, const Value *list)
{
  for (size_t i = 0; i < list->n_parts; i++)
    if (is_inside (c, list->parts[i].inner))
      return lifted (c, list, g_array_index (c->inside, int, c->inside->len - 1));
  return list;
}

/* ---- loops and filters ---------------------------------------------------------------------------- */

/* LIST in the space that its items have by now. */
static const Value *
settled (Compiler *c, Value *list, const Value *const *values)
{
  int space = list->space;
  for (size_t i = 0; i < list->n_parts; i++)
    if (list->parts[i].inner == ITEM)
      space = space_join (c, space, values[i]->space);
  return lifted (c, list, space);
}

const Value *
list_map (Compiler *c, const Value *list, const Value *const *values)
{
  ListPart *parts;
  Value *mapped = list_new (c, list->space, list->n_parts, &parts);
  *mapped = *list;
  mapped->parts = parts;
  for (size_t i = 0; i < list->n_parts; i++) {
    parts[i] = list->parts[i];
    parts[i].of = values[i];
    if (values[i]->kind == VALUE_FUNCTION || values[i]->kind == VALUE_UNIT
        || values[i]->kind == VALUE_QUOTIENT)
      return outside (c, "a list of functions or quotients");
  }
  return settled (c, mapped, values);
}

/* A filter takes what is no list for a list of it: of none, a list that holds none.  ABSENT is
 * the condition for that one; unless it fails the list is beyond this module. */
static bool
filter_none (Compiler *c, Value *kept, const Value *absent)
{
  int none = kept->none;
  if (none == NONE_OF)
    return true;
  kept->none = NONE_OF;
  if (!absent || mask_and (c, none, value_true (c, absent, kept->space)) != NONE_OF)
    return false;
  kept->unknown = mask_or (c, kept->unknown, mask_and (c, none, value_unknown (c, absent, kept->space)));
  kept->needs = needs_join (c, kept->needs, needs_within (c, needs_of (c, absent, kept->space), none));
  return true;
}

const Value *
list_filter (Compiler *c, const Value *list, const Value *const *conditions, const Value *absent)
{
  ListPart *parts;
  list = settled (c, (Value *)list, conditions);
  Value *kept = list_new (c, list->space, list->n_parts, &parts);
  *kept = *list;
  kept->parts = parts;
  if (!filter_none (c, kept, absent))
    return outside (c, "a filter of a list that may be none");
  for (size_t i = 0; i < list->n_parts && !c->why; i++) {
    const ListPart *part = &list->parts[i];
    int space = part_space (list, part);
    const Value *truth = value_as (c, conditions[i], VALUE_TRUTH, space);
    kept->unknown
        = mask_or (c, kept->unknown, part_any (c, list, part, mask_and (c, part->keep, truth->unknown)));
    kept->needs = needs_join (c, kept->needs, needs_up (c, list, part, truth->needs));
    parts[i] = *part;
    parts[i].keep = mask_and (c, part->keep, truth->plane);
  }
  return list_done (c, kept);
}

/* ---- choices ------------------------------------------------------------------------------------------ */

static int
is_there (Compiler *c, const Value *v, int space)
{
  return ALL_OF;
}

/* Rows where A and B are the same list; false when that cannot be told.  Two selections of the same
 * members are the same where they select the same: equal members are selected alike. */
static bool
same_lists (Compiler *c, const Value *a, const Value *b, int *same)
{
  int known = mask_not (c, mask_or (c, mask_or (c, a->none, b->none), mask_or (c, a->unknown, b->unknown)));
  *same = mask_and (c, a->none, b->none);
  const ListPart *x = a->parts, *y = b->parts;
  int differ;
  if (!a->n_parts || !b->n_parts)
    differ = list_any (c, a->n_parts ? a : b, is_there);
  else if (a->n_parts == 1 && b->n_parts == 1 && x->inner != ITEM && x->inner == y->inner
           && x->of->kind == VALUE_ENTITY && x->of->plane == y->of->plane)
    differ = part_any (c, a, x, mask_xor (c, x->keep, y->keep));
  else
    return false;
  *same = mask_or (c, *same, mask_and_not (c, known, differ));
  return true;
}

/* The rows of LIST within MASK. */
static const Value *
where_list (Compiler *c, const Value *list, int mask)
{
  ListPart *parts;
  Value *some = list_new (c, list->space, list->n_parts, &parts);
  for (size_t i = 0; i < list->n_parts; i++) {
    parts[i] = list->parts[i];
    parts[i].keep = mask_and (c, parts[i].keep, plane_spread (c, mask, part_space (list, &parts[i])));
  }
  some->none = mask_and (c, list->none, mask);
  some->unknown = mask_and (c, list->unknown, mask);
  some->needs = needs_within (c, list->needs, mask);
  return some;
}

const Value *
list_choose (Compiler *c, int selected, int open, const Value *condition, const Value *yes, const Value *no)
{
  const Value *both[] = { list_of (c, yes), list_of (c, no) };
  int same = NONE_OF,
      space = space_join (c, condition->space, space_join (c, both[0]->space, both[1]->space));
  for (int i = 0; i < 2; i++)
    both[i] = lifted (c, both[i], space);
  if (c->why || (open != NONE_OF && !same_lists (c, both[0], both[1], &same)))
    return outside (c, "an if between lists whose condition may be unknown");
  open = mask_and_not (c, open, same);
  Needs needs = needs_of (c, condition, space);
  for (int i = 0; i < 2; i++)
    needs = needs_join (c, needs, needs_join (c, both[i]->needs, list_needs (c, both[i])));
  int known = mask_not (c, open);
  const Value *parts[] = { where_list (c, both[0], mask_and (c, known, selected)),
                           where_list (c, both[1], mask_and_not (c, known, selected)) };
  Value *list = joined (c, parts, 2);
  list->space = space;
  list->none = mask_or (c, parts[0]->none, parts[1]->none);
  list->unknown = mask_or (c, open, mask_or (c, parts[0]->unknown, parts[1]->unknown));
  list->needs
      = needs_join (c, needs_within (c, needs, open), needs_join (c, parts[0]->needs, parts[1]->needs));
  return list_done (c, list);
}

/* ---- places -----------------------------------------------------------------------------------------------
 */

static int
rank_plane (Compiler *c, int inner, int keep)
{
  return plane_emit (
      c, (OpKey){ .kind = OP_PLACE, .width = 8, .space = inner, .a = mask_real (c, inner, keep) });
}

/* Whether LIST is the members of its rows and nothing else. */
static bool
is_of_members (const Compiler *c, const Value *list)
{
  return list->n_parts == 1 && list->parts[0].inner != ITEM
         && g_array_index (c->program->spaces, Space, list->parts[0].inner).parent == list->space;
}

const Value *
list_places (Compiler *c, const Value *list)
{
  const Value *own = list;
  list = list_enter (c, list);
  if (!list->n_parts)
    return list;
  if (!is_of_members (c, list))
    return outside (c, "a loop over the places of a list of this kind");
  const ListPart *part = &list->parts[0];
  Value *place = value_new (c, VALUE_NUMBER, part->inner);
  place->plane = rank_plane (c, part->inner, part->keep);
  place->max = part->most;
  place->places = own;
  place->member = part->of;
  return list_map (c, list, (const Value *[]){ place });
}

/* Each value once: where it stands first. */
const Value *
list_distinct (Compiler *c, const Value *list)
{
  list = list_of (c, list);
  if (!is_of_members (c, list) || list->parts[0].most > PAIRS_MAX)
    return outside (c, "the distinct values of a list of this kind");
  const ListPart *part = &list->parts[0];
  int pairs = pairs_of (c, part->inner, part->inner), rank = rank_plane (c, part->inner, ALL_OF);
  const Value *other = other_value (c, part->of, part->inner, pairs);
  const Value *equal = operate_compare (c, '=', value_lift (c, part->of, pairs), other);
  int before = plane_binary (c, OP_LESS, 1, other_plane (c, rank, part->inner, pairs),
                             plane_spread (c, rank, pairs));
  int again = mask_and (c, mask_and (c, before, other_plane (c, part->keep, part->inner, pairs)),
                        value_true (c, equal, pairs));
  ListPart *parts;
  Value *once = list_new (c, list->space, 1, &parts);
  *once = *list;
  once->parts = parts;
  *parts = *part;
  Value inner = { .space = part->inner };
  ListPart pair = { pairs, ALL_OF, part->most, other };
  parts->keep = mask_and_not (c, part->keep, part_any (c, &inner, &pair, again));
  once->unknown = mask_or (c, list->unknown, list_any (c, list, value_unknown));
  once->needs = needs_join (c, list->needs, list_needs (c, list));
  return once;
}
