#include "feel_private.h"

#include <string.h>

/* Lists, 10.3.4.4, and sort, 10.3.4.9. */

static ListBuilder
builder (Call *call)
{
  return (ListBuilder){ .arena = call->arena };
}

static bool
charge (Call *call, size_t n)
{
  return evaluate_charge (call->frame->run, call->frame->expression, 8 * (gint64)n);
}

static bool
contains_equal (const ListBuilder *list, FeelRun *run, FeelValue v, FeelValue *unknown)
{
  for (size_t i = 0; i < list->n; i++) {
    FeelValue same = operator_equal (run, list->items[i], v);
    if (feel_is_true (same))
      return true;
    if (is_unknown (same))
      *unknown = feel_unknown_merge (run->arena, *unknown, same);
  }
  return false;
}

static FeelValue
call_list_contains (Call *call, const FeelValue *a)
{
  FeelValue result = feel_boolean (false);
  if (is_unknown (a[0]))
    return a[0];
  for (size_t i = 0; i < a[0].list->n && !feel_is_true (result); i++) {
    FeelValue same = operator_equal (call->frame->run, a[0].list->items[i], a[1]);
    if (feel_is_true (same) || is_unknown (same))
      result = operator_or (call->arena, result, same);
  }
  return result;
}

static FeelValue
call_count (Call *call, const FeelValue *a)
{
  return is_unknown (a[0]) ? a[0] : feel_int ((gint64)a[0].list->n);
}

/* The item that comes first (DIRECTION −1) or last in order. */
static FeelValue
extreme (Call *call, const FeelList *list, int direction)
{
  if (list->n == 0)
    return feel_null ();
  FeelValue best = list->items[0];
  int order;
  for (size_t i = 0; i < list->n; i++) {
    if (!operator_order (list->items[i], best, &order))
      return builtin_fail (call, "%s and %s have no order", kind_with_article (best),
                           kind_with_article (list->items[i]));
    if (order == direction)
      best = list->items[i];
  }
  return best;
}

static FeelValue
call_min (Call *call, const FeelValue *a)
{
  return extreme (call, a[0].list, -1);
}

static FeelValue
call_max (Call *call, const FeelValue *a)
{
  return extreme (call, a[0].list, 1);
}

static FeelValue
accumulate (Call *call, const FeelList *list, ArithmeticOp op)
{
  if (list->n == 0)
    return feel_null ();
  FeelValue total = list->items[0];
  if (total.kind != FEEL_NUMBER
      && (op != OP_ADD || (total.kind != FEEL_DAYS_DURATION && total.kind != FEEL_MONTHS_DURATION)))
    return builtin_fail (call, "cannot take %s", kind_with_article (total));
  for (size_t i = 1; i < list->n; i++) {
    const char *why = NULL;
    if (list->items[i].kind != total.kind)
      return builtin_fail (call, "cannot take %s and %s together", kind_with_article (total),
                           kind_with_article (list->items[i]));
    total = operator_arithmetic (call->arena, op, total, list->items[i], &why);
    if (why)
      return builtin_fail (call, "%s", why);
  }
  return total;
}

static FeelValue
call_sum (Call *call, const FeelValue *a)
{
  return accumulate (call, a[0].list, OP_ADD);
}

static FeelValue
call_product (Call *call, const FeelValue *a)
{
  return accumulate (call, a[0].list, OP_MULTIPLY);
}

static FeelValue
call_mean (Call *call, const FeelValue *a)
{
  FeelValue sum = accumulate (call, a[0].list, OP_ADD);
  const char *why = NULL;
  if (sum.kind == FEEL_NULL)
    return sum;
  return operator_arithmetic (call->arena, OP_DIVIDE, sum, feel_int ((gint64)a[0].list->n), &why);
}

static FeelValue
kleene_over (Call *call, FeelValue list, bool all)
{
  FeelValue result = feel_boolean (all);
  if (is_unknown (list))
    return list;
  for (size_t i = 0; i < list.list->n; i++)
    result = all ? operator_and (call->arena, result, list.list->items[i])
                 : operator_or (call->arena, result, list.list->items[i]);
  return result;
}

static FeelValue
call_all (Call *call, const FeelValue *a)
{
  return kleene_over (call, a[0], true);
}

static FeelValue
call_any (Call *call, const FeelValue *a)
{
  return kleene_over (call, a[0], false);
}

/* A whole number as a zero-based place in a list of N; negative ones count from
 * the end.  False when it is not there. */
static bool
place_of (FeelValue v, size_t n, size_t *place)
{
  gint64 i;
  if (!decimal_to_int64 (v.number, &i) || i == 0 || ABS (i / 2) > (gint64)n)
    return false;
  i = i > 0 ? i - 1 : i + (gint64)n;
  *place = (size_t)i;
  return i >= 0 && (size_t)i < n;
}

static FeelValue
call_sublist (Call *call, const FeelValue *a)
{
  size_t start, n = a[0].list->n;
  gint64 length;
  if (!place_of (a[1], n, &start))
    return builtin_fail (call, "the list has no such start position");
  length = (gint64)(n - start);
  if (call->given & 4
      && (!decimal_to_int64 (a[2].number, &length) || length < 1 || length > (gint64)(n - start)))
    return builtin_fail (call, "the list has not that many items from there");
  return feel_list (call->arena, a[0].list->items + start, (size_t)length);
}

static FeelValue
concatenate (Call *call, const FeelValue *lists, size_t n)
{
  ListBuilder result = builder (call);
  for (size_t i = 0; i < n; i++) {
    size_t m = lists[i].kind == FEEL_LIST ? lists[i].list->n : 1;
    const FeelValue *items = lists[i].kind == FEEL_LIST ? lists[i].list->items : &lists[i];
    if (lists[i].kind == FEEL_NULL)
      return builtin_fail (call, "null is no list");
    if (!charge (call, m))
      return feel_null ();
    for (size_t j = 0; j < m; j++)
      list_add (&result, items[j]);
  }
  return list_end (&result);
}

/* The first argument that is itself unknown; lists may hold unknowns. */
static bool
unknown_argument (Call *call, const FeelList *list, FeelValue *unknown)
{
  *unknown = feel_null ();
  for (size_t i = 0; i < list->n; i++)
    *unknown = feel_unknown_merge (call->arena, *unknown, list->items[i]);
  for (size_t i = 0; i < list->n; i++)
    if (is_unknown (list->items[i]))
      return true;
  return false;
}

static FeelValue
call_concatenate (Call *call, const FeelValue *a)
{
  FeelValue unknown;
  if (unknown_argument (call, a[0].list, &unknown))
    return unknown;
  return concatenate (call, a[0].list->items, a[0].list->n);
}

static FeelValue
call_append (Call *call, const FeelValue *a)
{
  if (is_unknown (a[0]))
    return a[0];
  return concatenate (call, (FeelValue[]){ a[0], a[1] }, 2);
}

static FeelValue
call_insert_before (Call *call, const FeelValue *a)
{
  size_t place;
  if (is_unknown (a[0]))
    return a[0];
  const FeelList *list = a[0].list;
  if (!place_of (a[1], list->n, &place))
    return builtin_fail (call, "the list has no such position");
  FeelValue before = feel_list (call->arena, list->items, place);
  FeelValue item = feel_list (call->arena, &a[2], 1);
  FeelValue after = feel_list (call->arena, list->items + place, list->n - place);
  return concatenate (call, (FeelValue[]){ before, item, after }, 3);
}

static FeelValue
call_remove (Call *call, const FeelValue *a)
{
  size_t place;
  if (is_unknown (a[0]))
    return a[0];
  const FeelList *list = a[0].list;
  if (!place_of (a[1], list->n, &place))
    return builtin_fail (call, "the list has no such position");
  FeelValue before = feel_list (call->arena, list->items, place);
  FeelValue after = feel_list (call->arena, list->items + place + 1, list->n - place - 1);
  return concatenate (call, (FeelValue[]){ before, after }, 2);
}

/* list replace (list, position, item) and list replace (list, match, item). */
static FeelValue
call_list_replace (Call *call, const FeelValue *a)
{
  const FeelList *list = a[0].list;
  FeelValue *items = arena_alloc (call->arena, list->n * sizeof *items);
  if (list->n)
    memcpy (items, list->items, list->n * sizeof *items);
  size_t place;
  if (a[1].kind == FEEL_NUMBER) {
    if (!place_of (a[1], list->n, &place))
      return builtin_fail (call, "the list has no such position");
    items[place] = a[2];
    return feel_list (call->arena, items, list->n);
  }
  for (size_t i = 0; i < list->n; i++) {
    FeelValue matches
        = function_call (a[1], (FeelValue[]){ list->items[i], a[2] }, 2, call->node, call->frame);
    if (is_unknown (matches))
      return matches;
    if (matches.kind != FEEL_BOOLEAN)
      return builtin_fail (call, "match must give true or false");
    if (matches.boolean)
      items[i] = a[2];
  }
  return feel_list (call->arena, items, list->n);
}

static FeelValue
call_reverse (Call *call, const FeelValue *a)
{
  ListBuilder result = builder (call);
  if (is_unknown (a[0]))
    return a[0];
  for (size_t i = a[0].list->n; i-- > 0;)
    list_add (&result, a[0].list->items[i]);
  return list_end (&result);
}

static FeelValue
call_index_of (Call *call, const FeelValue *a)
{
  ListBuilder result = builder (call);
  FeelValue unknown = feel_null ();
  for (size_t i = 0; i < a[0].list->n; i++) {
    FeelValue same = operator_equal (call->frame->run, a[0].list->items[i], a[1]);
    if (is_unknown (same))
      unknown = feel_unknown_merge (call->arena, unknown, same);
    if (feel_is_true (same))
      list_add (&result, feel_int ((gint64)i + 1));
  }
  return is_unknown (unknown) ? unknown : list_end (&result);
}

static FeelValue
distinct (Call *call, const FeelList *list)
{
  ListBuilder result = builder (call);
  FeelValue unknown = feel_null ();
  for (size_t i = 0; i < list->n; i++) {
    if (!charge (call, result.n / 4 + 1))
      return feel_null ();
    if (!contains_equal (&result, call->frame->run, list->items[i], &unknown))
      list_add (&result, list->items[i]);
  }
  return is_unknown (unknown) ? unknown : list_end (&result);
}

static FeelValue
call_distinct_values (Call *call, const FeelValue *a)
{
  return distinct (call, a[0].list);
}

static FeelValue
call_union (Call *call, const FeelValue *a)
{
  FeelValue all = concatenate (call, a[0].list->items, a[0].list->n);
  return all.kind == FEEL_LIST ? distinct (call, all.list) : all;
}

static bool
flatten (Call *call, ListBuilder *result, const FeelList *list, int depth)
{
  for (size_t i = 0; i < list->n; i++) {
    if (list->items[i].kind != FEEL_LIST) {
      if (!charge (call, 1))
        return false;
      list_add (result, list->items[i]);
    } else if (depth > 500 || !charge (call, 1) || !flatten (call, result, list->items[i].list, depth + 1)) {
      return false;
    }
  }
  return true;
}

static FeelValue
call_flatten (Call *call, const FeelValue *a)
{
  ListBuilder result = builder (call);
  if (!flatten (call, &result, a[0].list, 0))
    return builtin_fail (call, "the list is nested too deep or too large");
  return list_end (&result);
}

/* ---- order ---- */

typedef struct {
  Call *call;
  FeelValue precedes; /* null: by < */
  FeelValue trouble;  /* the first unknown, or true when two items had no order */
} Sorter;

/* Whether B must stand before A. */
static bool
out_of_order (Sorter *s, FeelValue a, FeelValue b)
{
  FeelValue first;
  if (s->precedes.kind == FEEL_FUNCTION)
    first = function_call (s->precedes, (FeelValue[]){ b, a }, 2, s->call->node, s->call->frame);
  else
    first = operator_compare (s->call->frame->run, OP_LESS, b, a);
  if (first.kind != FEEL_BOOLEAN)
    s->trouble
        = is_unknown (first) ? feel_unknown_merge (s->call->arena, s->trouble, first) : feel_boolean (true);
  return feel_is_true (first);
}

/* Stable merge sort. */
static void
merge_sort (Sorter *s, FeelValue *items, FeelValue *room, size_t n)
{
  if (n < 2 || s->trouble.kind == FEEL_BOOLEAN)
    return;
  size_t half = n / 2, i = 0, j = half, k = 0;
  merge_sort (s, items, room, half);
  merge_sort (s, items + half, room, n - half);
  if (!charge (s->call, n))
    return;
  while (i < half && j < n)
    room[k++] = out_of_order (s, items[i], items[j]) ? items[j++] : items[i++];
  while (i < half)
    room[k++] = items[i++];
  while (j < n)
    room[k++] = items[j++];
  memcpy (items, room, n * sizeof *items);
}

static FeelValue
call_sort (Call *call, const FeelValue *a)
{
  size_t n = a[0].list->n;
  FeelValue *items = arena_alloc (call->arena, n * sizeof *items),
            *room = arena_alloc (call->arena, n * sizeof *room);
  if (n)
    memcpy (items, a[0].list->items, n * sizeof *items);
  Sorter s = { call, a[1], feel_null () };
  merge_sort (&s, items, room, n);
  if (is_unknown (s.trouble))
    return s.trouble;
  if (s.trouble.kind == FEEL_BOOLEAN)
    return builtin_fail (call, "two items of the list have no order");
  return feel_list (call->arena, items, n);
}

/* ---- statistics ---- */

static bool
all_numbers (Call *call, const FeelList *list)
{
  for (size_t i = 0; i < list->n; i++)
    if (list->items[i].kind != FEEL_NUMBER) {
      builtin_fail (call, "every item must be a number, not %s", kind_with_article (list->items[i]));
      return false;
    }
  return true;
}

static FeelValue
call_median (Call *call, const FeelValue *a)
{
  const FeelList *list = a[0].list;
  if (list->n == 0 || !all_numbers (call, list))
    return feel_null ();
  FeelValue sorted = call_sort (call, (FeelValue[]){ a[0], feel_null () });
  const FeelValue *items = sorted.list->items;
  size_t middle = list->n / 2;
  if (list->n % 2)
    return items[middle];
  Decimal sum = decimal_add (items[middle - 1].number, items[middle].number);
  return feel_number (decimal_div (sum, decimal_from_int64 (2)));
}

/* Sample standard deviation: the root of the squared differences over n − 1. */
static FeelValue
call_stddev (Call *call, const FeelValue *a)
{
  const FeelList *list = a[0].list;
  if (list->n < 2 || !all_numbers (call, list))
    return builtin_fail (call, "needs two numbers or more");
  Decimal n = decimal_from_int64 ((gint64)list->n), sum = decimal_from_int64 (0), squares = sum;
  for (size_t i = 0; i < list->n; i++)
    sum = decimal_add (sum, list->items[i].number);
  Decimal mean = decimal_div (sum, n);
  for (size_t i = 0; i < list->n; i++) {
    Decimal difference = decimal_sub (list->items[i].number, mean);
    squares = decimal_add (squares, decimal_mul (difference, difference));
  }
  Decimal variance = decimal_div (squares, decimal_sub (n, decimal_from_int64 (1)));
  Decimal root = decimal_sqrt (variance);
  return decimal_is_finite (root) ? feel_number (root) : feel_null ();
}

/* The most frequent numbers, ascending. */
static FeelValue
call_mode (Call *call, const FeelValue *a)
{
  ListBuilder result = builder (call);
  if (!all_numbers (call, a[0].list))
    return feel_null ();
  FeelValue sorted = call_sort (call, (FeelValue[]){ a[0], feel_null () });
  const FeelValue *items = sorted.list->items;
  size_t most = 0;
  for (size_t i = 0, run; i < sorted.list->n; i += run) {
    for (run = 1; i + run < sorted.list->n && decimal_equal (items[i].number, items[i + run].number);)
      run++;
    if (run > most)
      result.n = 0;
    if (run >= most)
      list_add (&result, items[i]);
    most = MAX (most, run);
  }
  return list_end (&result);
}

static const FeelType list_type = { .kind = FEEL_TYPE_LIST, .element = &feel_type_any };

#define LIST                                                                                                 \
  {                                                                                                          \
    "list", K_LIST                                                                                           \
  }
#define HOLDING                                                                                              \
  {                                                                                                          \
    "list", K_LIST, true                                                                                     \
  }

const Builtin builtins_list[] = {
  { "list contains", call_list_contains, &feel_type_boolean, { HOLDING, { "element", K_ANY, true } }, 2 },
  { "count", call_count, &feel_type_number, { HOLDING }, 1, LIST_OR_ITEMS },
  { "min", call_min, &feel_type_any, { LIST }, 1, LIST_OR_ITEMS },
  { "max", call_max, &feel_type_any, { LIST }, 1, LIST_OR_ITEMS },
  { "sum", call_sum, &feel_type_any, { LIST }, 1, LIST_OR_ITEMS },
  { "product", call_product, &feel_type_number, { LIST }, 1, LIST_OR_ITEMS },
  { "mean", call_mean, &feel_type_any, { LIST }, 1, LIST_OR_ITEMS },
  { "median", call_median, &feel_type_number, { LIST }, 1, LIST_OR_ITEMS },
  { "stddev", call_stddev, &feel_type_number, { LIST }, 1, LIST_OR_ITEMS },
  { "mode", call_mode, &list_type, { LIST }, 1, LIST_OR_ITEMS },
  { "all", call_all, &feel_type_boolean, { HOLDING }, 1, LIST_OR_ITEMS },
  { "any", call_any, &feel_type_boolean, { HOLDING }, 1, LIST_OR_ITEMS },
  { "sublist",
    call_sublist,
    &list_type,
    { LIST, { "start position", K_NUMBER }, { "length", K_NUMBER } },
    2 },
  { "append", call_append, &list_type, { HOLDING, { "item", K_LIST, true } }, 2, REST },
  { "concatenate", call_concatenate, &list_type, { HOLDING }, 1, REST },
  { "insert before",
    call_insert_before,
    &list_type,
    { HOLDING, { "position", K_NUMBER }, { "newItem", K_ANY, true } },
    3 },
  { "remove", call_remove, &list_type, { HOLDING, { "position", K_NUMBER } }, 2 },
  { "list replace",
    call_list_replace,
    &list_type,
    { LIST, { "position", K_NUMBER | K_FUNCTION }, { "newItem", K_ANY, true } },
    3 },
  { "list replace",
    call_list_replace,
    &list_type,
    { LIST, { "match", K_NUMBER | K_FUNCTION }, { "newItem", K_ANY, true } },
    3 },
  { "reverse", call_reverse, &list_type, { HOLDING }, 1 },
  { "index of", call_index_of, &list_type, { LIST, { "match", K_ANY } }, 2 },
  { "union", call_union, &list_type, { LIST }, 1, REST },
  { "distinct values", call_distinct_values, &list_type, { LIST }, 1 },
  { "flatten", call_flatten, &list_type, { LIST }, 1 },
  { "sort", call_sort, &list_type, { LIST, { "precedes", K_FUNCTION } }, 1 },
  { 0 },
};
