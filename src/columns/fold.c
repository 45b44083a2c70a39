/* What is made of a list for the row: counts, sums, extremes, some and every. */
#include "columns_private.h"

/* ---- from members to the row ------------------------------------------------------------ */

static int
parent_of (const Compiler *c, int space)
{
  return g_array_index (c->program->spaces, Space, space).parent;
}

/* A list in a list has members of members: one space after the other. */
int
part_any (Compiler *c, const Value *list, const ListPart *part, int mask)
{
  if (part->inner == ITEM)
    return mask;
  for (int space = part->inner; space != list->space && mask != NONE_OF; space = parent_of (c, space)) {
    int real = mask_real (c, space, plane_spread (c, mask, space));
    mask = plane_emit (c, (OpKey){ .kind = OP_ANY, .width = 1, .space = parent_of (c, space), .a = real });
  }
  return mask;
}

int
list_any (Compiler *c, const Value *list, int (*mask_of) (Compiler *c, const Value *v, int space))
{
  int any = NONE_OF;
  for (size_t i = 0; i < list->n_parts; i++) {
    const ListPart *part = &list->parts[i];
    int mask = mask_and (c, part->keep, mask_of (c, part->of, part_space (list, part)));
    any = mask_or (c, any, part_any (c, list, part, mask));
  }
  return any;
}

/* NEEDS of PART's values, where they are kept, as the list's. */
Needs
needs_up (Compiler *c, const Value *list, const ListPart *part, Needs needs)
{
  Need *items = arena_new0 (c->arena, Need, needs.n);
  size_t n = 0;
  for (size_t i = 0; i < needs.n; i++) {
    int mask = mask_and (c, part->keep, plane_spread (c, needs.items[i].mask, part_space (list, part)));
    items[n] = (Need){ needs.items[i].name, part_any (c, list, part, mask) };
    n += items[n].mask != NONE_OF;
  }
  return (Needs){ n, items };
}

Needs
list_needs (Compiler *c, const Value *list)
{
  Needs needs = { 0 };
  for (size_t i = 0; i < list->n_parts; i++) {
    const ListPart *part = &list->parts[i];
    needs = needs_join (c, needs, needs_up (c, list, part, needs_of (c, part->of, part_space (list, part))));
  }
  return needs;
}

/* ---- counts -------------------------------------------------------------------------------- */

static int
count_part (Compiler *c, const Value *list, const ListPart *part)
{
  if (part->inner == ITEM)
    return plane_blend (c, list->space, part->keep, plane_fill (c, list->space, 8, 1),
                        plane_fill (c, list->space, 8, 0));
  int space = part->inner, keep = mask_real (c, space, part->keep), n = NONE_OF;
  for (; space != list->space; space = parent_of (c, space)) {
    OpKey key = { .kind = n == NONE_OF ? OP_COUNT : OP_SUM, .width = 8, .space = parent_of (c, space) };
    key.a = n == NONE_OF ? keep : mask_real (c, space, ALL_OF);
    key.b = n;
    n = plane_emit (c, key);
  }
  return n;
}

const Value *
list_count (Compiler *c, const Value *list)
{
  list = list_of (c, list);
  Value *v = value_new (c, VALUE_NUMBER, list->space);
  v->none = list->none;
  v->unknown = list->unknown;
  v->needs = list->needs;
  v->plane = plane_fill (c, v->space, 8, 0);
  for (size_t i = 0; i < list->n_parts && !c->why; i++) {
    int n = count_part (c, list, &list->parts[i]);
    v->plane = i ? plane_binary (c, OP_ADD, 8, v->plane, n) : n;
    v->max += list->parts[i].most;
  }
  return v;
}

/* ---- sums and extremes ---------------------------------------------------------------------- */

/* PART's values folded to one, *HAS where there is any. */
static Value *
fold_part (Compiler *c, OpKind kind, const Value *list, const ListPart *part, ValueKind of, int *has)
{
  int space = part_space (list, part);
  const Value *each = value_as (c, part->of, of, space);
  Value *v = value_new (c, of, list->space);
  v->unknown = part_any (c, list, part, mask_and (c, part->keep, each->unknown));
  v->none = part_any (c, list, part, mask_and (c, part->keep, each->none));
  v->needs = needs_up (c, list, part, each->needs);
  v->scale = each->scale;
  gint64 most = kind == OP_SUM ? part->most : 1;
  if (__builtin_mul_overflow (each->min, most, &v->min) || __builtin_mul_overflow (each->max, most, &v->max))
    outside (c, "numbers whose bounds do not fit into 64 bits");
  *has = part->keep;
  v->plane = plane_wide (c, each->plane);
  if (part->inner != ITEM || part->keep != ALL_OF) { /* nothing is 0 */
    v->min = MIN (v->min, 0);
    v->max = MAX (v->max, 0);
  }
  if (part->inner == ITEM) {
    if (kind == OP_SUM)
      v->plane = plane_blend (c, v->space, part->keep, v->plane, plane_fill (c, v->space, 8, 0));
    return v;
  }
  for (; space != list->space; space = parent_of (c, space)) {
    int keep = mask_real (c, space, *has), around = parent_of (c, space);
    v->plane = plane_emit (
        c,
        (OpKey){
            .kind = kind, .width = 8, .space = around, .a = keep, .b = plane_spread (c, v->plane, space) });
    *has = plane_emit (c, (OpKey){ .kind = OP_ANY, .width = 1, .space = around, .a = keep });
  }
  return v;
}

/* FIRST and V, as KIND folds them, each where it HAS something. */
static Value *
fold_two (Compiler *c, OpKind kind, const Value *first, int has, const Value *v, int v_has)
{
  Value *total = value_new (c, first->kind, first->space);
  unsigned scale = MAX (first->scale, v->scale);
  first = number_rescale (c, first, scale);
  v = number_rescale (c, v, scale);
  *total = *first;
  if (c->why)
    return total;
  total->unknown = mask_or (c, first->unknown, v->unknown);
  total->none = mask_or (c, first->none, v->none);
  total->needs = needs_join (c, first->needs, v->needs);
  total->min = MIN (first->min, v->min);
  total->max = MAX (first->max, v->max);
  int a = plane_wide (c, first->plane), b = plane_wide (c, v->plane);
  if (kind == OP_SUM) {
    if (__builtin_add_overflow (first->min, v->min, &total->min)
        || __builtin_add_overflow (first->max, v->max, &total->max))
      outside (c, "numbers whose bounds do not fit into 64 bits");
    total->plane = plane_binary (c, OP_ADD, 8, a, b);
  } else {
    int both = plane_binary (c, kind == OP_LEAST_OF ? OP_LEAST : OP_MOST, 8, a, b);
    total->plane = plane_blend (c, total->space, has, plane_blend (c, total->space, v_has, both, a), b);
  }
  return total;
}

static ValueKind
kind_of_items (Compiler *c, const Value *list)
{
  ValueKind kind = VALUE_CONSTANT;
  for (size_t i = 0; i < list->n_parts; i++) {
    ValueKind one = value_kind (c, list->parts[i].of);
    if (one != VALUE_CONSTANT && kind != VALUE_CONSTANT && kind != one)
      outside (c, "a list of values of several kinds");
    kind = one == VALUE_CONSTANT ? kind : one;
  }
  return kind;
}

/* Of nothing it is none; so it is where an item is none, unless one is unknown. */
const Value *
list_fold (Compiler *c, OpKind kind, const Value *list)
{
  list = list_of (c, list);
  if (!list->n_parts)
    return value_absent (c, list->space, list->unknown, list->needs);
  ValueKind of = c->why ? VALUE_CONSTANT : kind_of_items (c, list);
  if (of == VALUE_CONSTANT) /* never a value, so the sum is none as well */
    of = VALUE_NUMBER;
  bool fits = of == VALUE_NUMBER || (kind != OP_SUM && of == VALUE_DATE);
  if (!fits || c->why)
    return outside (c, "a sum or extreme of what are no numbers");
  Value *total = NULL;
  int has = NONE_OF, absent = mask_or (c, list->none, list->unknown);
  for (size_t i = 0; i < list->n_parts && !c->why; i++) {
    int v_has;
    Value *v = fold_part (c, kind, list, &list->parts[i], of, &v_has);
    total = total ? fold_two (c, kind, total, has, v, v_has) : v;
    has = mask_or (c, has, v_has);
  }
  if (c->why)
    return value_null (c);
  total->unknown = mask_or (c, list->unknown, mask_and_not (c, total->unknown, absent));
  total->needs = needs_join (c, list->needs, needs_outside (c, total->needs, absent));
  total->none = mask_and_not (c, mask_or (c, mask_or (c, total->none, list->none), mask_not (c, has)),
                              total->unknown);
  return total;
}

/* ---- some, every ------------------------------------------------------------------------------ */

static int
is_false (Compiler *c, const Value *v, int space)
{
  return value_true (c, operate_not (c, v), space);
}

const Value *
list_quantify (Compiler *c, const Value *list, bool every)
{
  int absent = mask_or (c, list->none, list->unknown);
  int decided = mask_and_not (c, list_any (c, list, every ? is_false : value_true), absent);
  int unknown = mask_or (c, list->unknown, list_any (c, list, value_unknown));
  unknown = mask_and_not (c, unknown, decided);
  int none = mask_or (c, list->none, list_any (c, list, value_none));
  none = mask_and_not (c, none, mask_or (c, decided, unknown));
  int t = every ? mask_not (c, mask_or (c, decided, mask_or (c, unknown, none))) : decided;
  Needs needs = needs_join (c, list->needs, list_needs (c, list));
  return c->why ? value_null (c)
                : value_truth (c, list->space, t, none, unknown, needs_outside (c, needs, decided));
}

const Value *
list_contains (Compiler *c, const Value *list, const Value *x)
{
  list = list_of (c, list);
  const Value **same = arena_new0 (c->arena, const Value *, list->n_parts);
  for (size_t i = 0; i < list->n_parts && !c->why; i++)
    same[i] = operate_compare (c, '=', list->parts[i].of, x);
  return c->why ? value_null (c) : list_quantify (c, list_map (c, list, same), false);
}

/* ---- the first ---------------------------------------------------------------------------------- */

static const Value *
first_of_part (Compiler *c, const Value *list, const ListPart *part)
{
  if (part->inner == ITEM)
    return part->of;
  bool plain = part->of->kind == VALUE_ENTITY && part->of->none == NONE_OF && part->of->unknown == NONE_OF;
  if (!plain || parent_of (c, part->inner) != list->space)
    return outside (c, "an item by its place in a list");
  Value *first = value_new (c, VALUE_ENTITY, list->space);
  *first = *part->of;
  first->space = list->space;
  first->plane = plane_emit (c, (OpKey){ .kind = OP_FIRST_OF,
                                         .width = 4,
                                         .space = list->space,
                                         .a = mask_real (c, part->inner, part->keep),
                                         .b = part->of->plane });
  return first;
}

/* The first item; none where there is none. */
const Value *
list_first (Compiler *c, const Value *list)
{
  if (list->n_parts == 1 && list->parts[0].inner != ITEM) {
    const ListPart *part = &list->parts[0];
    Value *first = (Value *)first_of_part (c, list, part);
    if (c->why)
      return value_null (c);
    first->unknown = list->unknown;
    first->needs = list->needs;
    int any = part_any (c, list, part, part->keep);
    first->none = mask_and_not (c, mask_or (c, list->none, mask_not (c, any)), list->unknown);
    return first;
  }
  const Value *first = value_null (c);
  for (size_t i = list->n_parts; i-- > 0 && !c->why;) {
    const ListPart *part = &list->parts[i];
    const Value *there = value_mask (c, list->space, part_any (c, list, part, part->keep));
    first = operate_if (c, there, first_of_part (c, list, part), first);
  }
  first = operate_if (c, value_mask (c, list->space, list->none), value_null (c), first);
  return operate_if (c, value_mask (c, list->space, list->unknown),
                     needs_unknown (c, list->space, list->needs), first);
}
