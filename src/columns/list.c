/* Collections: the members of every row in a space of their own, and what is made of them
 * for the row.  A list that is unknown or none has no members there. */
#include "columns_private.h"

static int
members_of (Compiler *c, const Value *entity, const ColumnsColumn *column, int absent)
{
  GArray *spaces = c->program->spaces;
  for (guint s = 1; s < spaces->len; s++) {
    const Space *space = &g_array_index (spaces, Space, s);
    const OpKey *key = &g_array_index (c->program->ops, Op, space->members).key;
    if (space->parent == entity->space && key->column == column && key->a == entity->plane
        && key->b == absent)
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

const Value *
list_open (Compiler *c, const Value *entity, const ColumnsColumn *column)
{
  if (entity->space > 0 && column->most > 1 << 16)
    return outside (c, "a list of lists");
  Value *list = value_new (c, VALUE_LIST, entity->space);
  OpKey key = { .kind = entity->plane < 0 ? OP_COLUMN : OP_GATHER,
                .width = 1,
                .space = entity->space,
                .a = MAX (0, entity->plane),
                .column = column,
                .table = entity->table };
  int none = NONE_OF, unknown = NONE_OF;
  if (column->has_none) {
    key.part = PART_NONE;
    none = plane_emit (c, key);
  }
  if (column->has_unknown) {
    key.part = PART_UNKNOWN;
    unknown = plane_emit (c, key);
  }
  list->none = mask_or (c, entity->none, mask_and_not (c, none, entity->unknown));
  list->unknown = mask_or (c, entity->unknown, mask_and_not (c, unknown, entity->none));
  list->needs = needs_fact (c, entity, column, unknown);
  int absent = mask_or (c, list->none, list->unknown);
  if (absent == ALL_OF)
    absent = mask_real (c, entity->space, absent);
  list->inner = members_of (c, entity, column, absent);
  list->keep = ALL_OF;
  list->most = (gint64)column->most;
  Value *member = value_new (c, VALUE_ENTITY, list->inner);
  member->table = column->target;
  member->path = path_to (c, entity, column);
  member->plane = g_array_index (c->program->spaces, Space, list->inner).members;
  list->of = member;
  return list;
}

/* Rows with a member in MASK (of the inner space). */
static int
any_of (Compiler *c, const Value *list, int mask)
{
  if (mask == NONE_OF || list->inner < 0)
    return NONE_OF;
  int real = mask_real (c, list->inner, mask);
  return plane_emit (c, (OpKey){ .kind = OP_ANY, .width = 1, .space = list->space, .a = real });
}

static int
any_kept (Compiler *c, const Value *list, int mask)
{
  return any_of (c, list, mask_and (c, list->keep, plane_spread (c, mask, list->inner)));
}

/* What members that are kept wait for. */
static Needs
needs_kept (Compiler *c, const Value *list, Needs each)
{
  Need *items = arena_new0 (c->arena, Need, each.n);
  size_t n = 0;
  for (size_t i = 0; i < each.n; i++) {
    items[n] = (Need){ each.items[i].name, any_kept (c, list, each.items[i].mask) };
    n += items[n].mask != NONE_OF;
  }
  return (Needs){ n, items };
}

/* A filter takes what is no list for a list of it: of none, a list that holds none.  ABSENT is
 * the condition for that one; unless it fails the list is beyond this module. */
static bool
filter_none (Compiler *c, const Value *list, const Value *absent, int *unknown, Needs *needs)
{
  *unknown = list->unknown;
  *needs = list->needs;
  if (list->none == NONE_OF)
    return true;
  int space = list->space;
  if (!absent || mask_and (c, list->none, value_true (c, absent, space)) != NONE_OF)
    return false;
  *unknown = mask_or (c, *unknown, mask_and (c, list->none, value_unknown (c, absent, space)));
  *needs = needs_join (c, *needs, needs_within (c, needs_of (c, absent, space), list->none));
  return true;
}

const Value *
list_filter (Compiler *c, const Value *list, const Value *condition, const Value *absent)
{
  int open;
  Needs needs;
  if (!filter_none (c, list, absent, &open, &needs))
    return outside (c, "a filter of a list that may be none");
  if (list->n_extra || list->inner < 0)
    return outside (c, "a filter of a list made of values");
  const Value *truth = value_as (c, condition, VALUE_TRUTH, list->inner);
  if (c->why)
    return value_null (c);
  Value *kept = value_new (c, VALUE_LIST, list->space);
  *kept = *list;
  kept->none = NONE_OF;
  kept->unknown = mask_or (c, open, any_kept (c, list, truth->unknown));
  kept->needs = needs_join (c, needs, needs_kept (c, list, truth->needs));
  kept->keep = mask_and (c, list->keep, truth->plane);
  return kept;
}

/* The first member that is in LIST; none where there is none. */
const Value *
list_first (Compiler *c, const Value *list)
{
  if (list->kind != VALUE_LIST || list->inner < 0 || list->n_extra || list->of->kind != VALUE_ENTITY
      || list->of->none != NONE_OF || list->of->unknown != NONE_OF)
    return outside (c, "an item by its place in a list");
  Value *first = value_new (c, VALUE_ENTITY, list->space);
  int keep = mask_real (c, list->inner, list->keep);
  first->table = list->of->table;
  first->path = list->of->path;
  first->unknown = list->unknown;
  first->needs = list->needs;
  first->none
      = mask_and_not (c, mask_or (c, list->none, mask_not (c, any_of (c, list, keep))), list->unknown);
  first->plane = plane_emit (
      c, (OpKey){ .kind = OP_FIRST_OF, .width = 4, .space = list->space, .a = keep, .b = list->of->plane });
  return first;
}

const Value *
list_count (Compiler *c, const Value *list)
{
  Value *v = value_new (c, VALUE_NUMBER, list->space);
  v->none = list->none;
  v->unknown = list->unknown;
  v->needs = list->needs;
  v->max = list->most + (gint64)list->n_extra;
  if (list->inner < 0 || list->n_extra)
    return outside (c, "a count of a list made of values");
  int keep = mask_real (c, list->inner, list->keep);
  v->plane = plane_emit (c, (OpKey){ .kind = OP_COUNT, .width = 8, .space = list->space, .a = keep });
  return v;
}

/* ---- sums and extremes ---------------------------------------------------------------------- */

static Value *
fold_members (Compiler *c, OpKind kind, const Value *list, ValueKind of)
{
  const Value *each = value_as (c, list->of, of, list->inner);
  Value *v = value_new (c, of, list->space);
  v->unknown = mask_or (c, list->unknown, any_kept (c, list, each->unknown));
  v->none = mask_or (c, list->none, any_kept (c, list, each->none));
  v->needs = needs_join (c, list->needs, needs_kept (c, list, each->needs));
  v->scale = each->scale;
  gint64 most = kind == OP_SUM ? list->most : 1;
  if (__builtin_mul_overflow (each->min, most, &v->min) || __builtin_mul_overflow (each->max, most, &v->max))
    outside (c, "numbers whose bounds do not fit into 64 bits");
  v->min = MIN (v->min, 0); /* no members */
  v->max = MAX (v->max, 0);
  v->plane = plane_emit (c, (OpKey){ .kind = kind,
                                     .width = 8,
                                     .space = list->space,
                                     .a = mask_real (c, list->inner, list->keep),
                                     .b = plane_wide (c, each->plane) });
  return v;
}

/* FIRST and V, as KIND folds them; FIRST counts where HAS only. */
static const Value *
fold_one (Compiler *c, OpKind kind, const Value *first, int has, const Value *v)
{
  Value *total = value_new (c, first->kind, first->space);
  unsigned scale = MAX (first->scale, v->scale);
  first = number_rescale (c, first, scale);
  v = number_rescale (c, v, scale);
  if (c->why)
    return value_null (c);
  *total = *first;
  total->unknown = mask_or (c, first->unknown, v->unknown);
  total->none = mask_or (c, first->none, v->none);
  total->needs = needs_join (c, first->needs, v->needs);
  total->min = MIN (first->min, v->min);
  total->max = MAX (first->max, v->max);
  int a = plane_wide (c, first->plane), b = plane_wide (c, v->plane);
  if (kind == OP_SUM) {
    if (__builtin_add_overflow (first->min, v->min, &total->min)
        || __builtin_add_overflow (first->max, v->max, &total->max))
      return outside (c, "numbers whose bounds do not fit into 64 bits");
    total->plane = plane_binary (c, OP_ADD, 8, a, b);
  } else {
    int both = plane_binary (c, kind == OP_LEAST_OF ? OP_LEAST : OP_MOST, 8, a, b);
    total->plane = plane_blend (c, total->space, has, both, b);
  }
  return total;
}

static ValueKind
kind_of_items (Compiler *c, const Value *list)
{
  ValueKind kind = list->inner >= 0 ? value_kind (c, list->of) : VALUE_CONSTANT;
  for (size_t i = 0; i < list->n_extra; i++) {
    ValueKind one = value_kind (c, list->extra[i]);
    if (one != VALUE_CONSTANT && kind != VALUE_CONSTANT && kind != one)
      outside (c, "a list of values of several kinds");
    kind = one == VALUE_CONSTANT ? kind : one;
  }
  return kind;
}

/* An item appended: where there is no list to append to, nobody asks for it. */
static const Value *
extra_value (Compiler *c, const Value *list, const Value *item, ValueKind of)
{
  Value *v = value_new (c, of, list->space);
  int absent = mask_or (c, list->none, list->unknown);
  *v = *value_as (c, item, of, list->space);
  v->unknown = mask_and_not (c, v->unknown, absent);
  v->needs = needs_outside (c, v->needs, absent);
  return v;
}

const Value *
list_fold (Compiler *c, OpKind kind, const Value *list)
{
  if (list->kind != VALUE_LIST || c->why)
    return outside (c, "a sum or extreme of what is no list of values");
  ValueKind of = kind_of_items (c, list);
  bool fits = of == VALUE_NUMBER || (kind != OP_SUM && of == VALUE_DATE);
  if (!fits || c->why)
    return outside (c, "a sum or extreme of what are no numbers");
  const Value *total = NULL;
  int has = ALL_OF;
  if (list->inner >= 0) {
    total = fold_members (c, kind, list, of);
    has = any_of (c, list, list->keep);
  }
  for (size_t i = 0; i < list->n_extra && !c->why; i++) {
    const Value *v = extra_value (c, list, list->extra[i], of);
    total = total ? fold_one (c, kind, total, has, v) : v;
    has = ALL_OF;
  }
  if (c->why || !total)
    return outside (c, "a sum or extreme of nothing");
  Value *v = value_new (c, of, list->space);
  *v = *total;
  v->unknown = mask_or (c, total->unknown, list->unknown);
  v->none
      = mask_and_not (c, mask_or (c, mask_or (c, total->none, list->none), mask_not (c, has)), v->unknown);
  return v;
}

/* ---- some, every ------------------------------------------------------------------------------ */

const Value *
list_quantify (Compiler *c, const Value *list, bool every)
{
  const Value *verdict = value_constant (c, feel_boolean (every));
  if (list->inner >= 0) {
    const Value *each = value_as (c, list->of, VALUE_TRUTH, list->inner);
    if (c->why)
      return value_null (c);
    int f = mask_not (c, mask_or (c, each->plane, mask_or (c, each->none, each->unknown)));
    int absent = mask_or (c, list->none, list->unknown);
    int decided = mask_and_not (c, any_kept (c, list, every ? f : each->plane), absent);
    int unknown = mask_and_not (c, mask_or (c, list->unknown, any_kept (c, list, each->unknown)), decided);
    int none = mask_or (c, list->none, any_kept (c, list, each->none));
    none = mask_and_not (c, none, mask_or (c, decided, unknown));
    int t = every ? mask_not (c, mask_or (c, decided, mask_or (c, unknown, none))) : decided;
    Needs needs = needs_join (c, list->needs, needs_kept (c, list, each->needs));
    verdict = value_truth (c, list->space, t, none, unknown, needs_outside (c, needs, decided));
  }
  for (size_t i = 0; i < list->n_extra; i++)
    verdict = every ? operate_and (c, verdict, list->extra[i]) : operate_or (c, verdict, list->extra[i]);
  return verdict;
}
