#include "feel_private.h"

#include <string.h>

/* What a constant test holds for, as intervals.
 *
 * An interval lies between two cuts, each just before or just after a value, so
 * that open and closed ends need no cases: two intervals meet exactly when the
 * cut that ends one is the cut that begins the other.  A test has two sets, the
 * inputs that make it true and those that make it false (the rest make it null);
 * `not` swaps them, `or` joins the first and intersects the second (table 50). */

typedef struct {
  int infinite; /* −1 before every value, 1 after every value */
  bool after;   /* just after VALUE, not just before it */
  FeelValue value;
} Cut;

typedef struct {
  FeelKind kind;
  Cut low, high;
} Piece;

typedef struct {
  bool null;
  size_t n;
  Piece *pieces; /* apart, ascending */
} Set;

typedef struct {
  Set yes, no;
} Truth;

static const Cut before_all = { .infinite = -1 }, after_all = { .infinite = 1 };
static const FeelKind kinds_first = FEEL_BOOLEAN, kinds_last = FEEL_MONTHS_DURATION;
enum { PIECES_OF_ALL = 9 };

bool
feel_order (FeelValue a, FeelValue b, int *order)
{
  if (a.kind != FEEL_BOOLEAN || b.kind != FEEL_BOOLEAN)
    return operator_order (a, b, order);
  *order = a.boolean - b.boolean;
  return true;
}

/* ---- cuts and sets ---- */

/* Days follow one another: after one is before the next. */
static Cut
cut (FeelValue value, bool after)
{
  if (value.kind == FEEL_DATE && after)
    return (Cut){ .value = feel_date (value.date + 1) };
  return (Cut){ .value = value, .after = after };
}

static int
cut_order (const Cut *a, const Cut *b)
{
  if (a->infinite || b->infinite)
    return a->infinite - b->infinite;
  int order = 0;
  feel_order (a->value, b->value, &order);
  return order ? order : a->after - b->after;
}

static int
piece_order (const Piece *a, const Piece *b) /* by where they begin */
{
  return a->kind != b->kind ? (int)a->kind - (int)b->kind : cut_order (&a->low, &b->low);
}

/* Adds what lies between the cuts, joined to the last piece where it touches it. */
static void
set_add (Set *set, Piece piece)
{
  if (cut_order (&piece.low, &piece.high) >= 0)
    return;
  Piece *last = set->n ? &set->pieces[set->n - 1] : NULL;
  if (!last || last->kind != piece.kind || cut_order (&last->high, &piece.low) < 0
      || piece.kind == FEEL_BOOLEAN)
    set->pieces[set->n++] = piece;
  else if (cut_order (&last->high, &piece.high) < 0)
    last->high = piece.high;
}

static Set
set_join (Arena *arena, Set a, Set b)
{
  Set all = { a.null || b.null, 0, arena_new0 (arena, Piece, a.n + b.n) };
  for (size_t i = 0, j = 0; i < a.n || j < b.n;) {
    int order = i == a.n ? 1 : j == b.n ? -1 : piece_order (&a.pieces[i], &b.pieces[j]);
    bool same_truth = order == 0 && a.pieces[i].kind == FEEL_BOOLEAN;
    set_add (&all, order <= 0 ? a.pieces[i] : b.pieces[j]);
    i += order <= 0;
    j += order > 0 || same_truth;
  }
  return all;
}

static Set
set_meet (Arena *arena, Set a, Set b)
{
  Set both = { a.null && b.null, 0, arena_new0 (arena, Piece, a.n + b.n) };
  for (size_t i = 0, j = 0; i < a.n && j < b.n;) {
    const Piece *x = &a.pieces[i], *y = &b.pieces[j];
    int order = (int)x->kind - (int)y->kind;
    if (order == 0) {
      order = cut_order (&x->high, &y->high);
      set_add (&both, (Piece){ x->kind, cut_order (&x->low, &y->low) > 0 ? x->low : y->low,
                               order < 0 ? x->high : y->high });
    }
    i += order <= 0;
    j += order > 0;
  }
  return both;
}

static Set
set_between (Arena *arena, FeelKind kind, Cut low, Cut high)
{
  Set set = { false, 0, arena_new0 (arena, Piece, 1) };
  set_add (&set, (Piece){ kind, low, high });
  return set;
}

static Set
set_point (Arena *arena, FeelValue v)
{
  return set_between (arena, v.kind, cut (v, false), cut (v, true));
}

/* Every value, null included; none of kind EXCEPT. */
static Set
set_everything (Arena *arena, FeelKind except)
{
  Set set = { true, 0, arena_new0 (arena, Piece, PIECES_OF_ALL) };
  for (FeelKind kind = kinds_first; kind <= kinds_last; kind++) {
    if (kind == except)
      continue;
    if (kind != FEEL_BOOLEAN) {
      set_add (&set, (Piece){ kind, before_all, after_all });
      continue;
    }
    for (int truth = 0; truth < 2; truth++)
      set_add (&set, set_point (arena, feel_boolean (truth)).pieces[0]);
  }
  return set;
}

/* ---- truths ---- */

static Truth
truth_not (Truth t)
{
  return (Truth){ t.no, t.yes };
}

static Truth
truth_or (Arena *arena, Truth a, Truth b)
{
  return (Truth){ set_join (arena, a.yes, b.yes), set_meet (arena, a.no, b.no) };
}

static Truth
truth_and (Arena *arena, Truth a, Truth b)
{
  return (Truth){ set_meet (arena, a.yes, b.yes), set_join (arena, a.no, b.no) };
}

/* Equality of moments is no order (fractions and zones), so they are no points;
 * nor do local and zoned moments have one order among them all. */
static bool
truth_equal (Arena *arena, FeelValue v, Truth *truth)
{
  switch (v.kind) {
  case FEEL_NULL:
    *truth = (Truth){ { .null = true }, set_everything (arena, FEEL_NULL) };
    truth->no.null = false;
    return true;
  case FEEL_BOOLEAN:
    *truth = (Truth){ set_point (arena, v), set_point (arena, feel_boolean (!v.boolean)) };
    break;
  case FEEL_NUMBER:
  case FEEL_STRING:
  case FEEL_DATE:
  case FEEL_DAYS_DURATION:
  case FEEL_MONTHS_DURATION:
    *truth = (Truth){ set_point (arena, v),
                      set_join (arena, set_between (arena, v.kind, before_all, cut (v, false)),
                                set_between (arena, v.kind, cut (v, true), after_all)) };
    break;
  default: return false;
  }
  truth->no.null = true;
  return true;
}

static bool
truth_compare (Arena *arena, CompareOp op, FeelValue bound, Truth *truth)
{
  if (op <= OP_NOT_EQUAL) {
    bool ok = truth_equal (arena, bound, truth);
    if (ok && op == OP_NOT_EQUAL)
      *truth = truth_not (*truth);
    return ok;
  }
  *truth = (Truth){ 0 };
  if (bound.kind == FEEL_NULL || bound.kind == FEEL_BOOLEAN)
    return true; /* those have no order: null, always */
  bool moment = bound.kind == FEEL_TIME || bound.kind == FEEL_DATE_TIME;
  if (bound.kind < FEEL_NUMBER || bound.kind > kinds_last || (moment && bound.moment->zone != ZONE_NONE))
    return false;
  Cut at = cut (bound, op == OP_LESS_EQUAL || op == OP_GREATER);
  Truth less
      = { set_between (arena, bound.kind, before_all, at), set_between (arena, bound.kind, at, after_all) };
  *truth = op == OP_LESS || op == OP_LESS_EQUAL ? less : truth_not (less);
  return true;
}

static Truth
truth_always (Arena *arena)
{
  return (Truth){ .yes = set_everything (arena, FEEL_NULL) };
}

static bool
truth_within (Arena *arena, const FeelRange *range, Truth *truth)
{
  Truth high;
  if (range->sign)
    return truth_compare (arena, (CompareOp)(range->sign - 1), range_bound (range), truth);
  if (!truth_compare (arena, range->low_closed ? OP_GREATER_EQUAL : OP_GREATER, range->low, truth)
      || !truth_compare (arena, range->high_closed ? OP_LESS_EQUAL : OP_LESS, range->high, &high))
    return false;
  *truth = truth_and (arena, *truth, high);
  return true;
}

/* One of N items; an item the input cannot be compared with is not it.  Halved,
 * so that long lists take time in proportion. */
static bool
truth_one_of (Arena *arena, const FeelValue *items, size_t n, Truth *truth)
{
  Truth rest;
  if (n == 0) {
    *truth = truth_not (truth_always (arena));
    return true;
  }
  if (n > 1) {
    if (!truth_one_of (arena, items, n / 2, truth) || !truth_one_of (arena, items + n / 2, n - n / 2, &rest))
      return false;
    *truth = truth_or (arena, *truth, rest);
    return true;
  }
  const FeelRange *range = items->kind == FEEL_RANGE ? items->range : NULL;
  if (range ? !truth_within (arena, range, truth) : !truth_equal (arena, *items, truth))
    return false;
  FeelKind kind = range ? range_bound (range).kind : items->kind;
  Set others = set_everything (arena, kind);
  others.null = !truth->yes.null;
  truth->no = kind == FEEL_NULL ? truth->no : set_join (arena, truth->no, others);
  return true;
}

static bool
truth_value (Arena *arena, FeelValue v, Truth *truth)
{
  if (v.kind == FEEL_LIST)
    return truth_one_of (arena, v.list->items, v.list->n, truth);
  return v.kind == FEEL_RANGE ? truth_within (arena, v.range, truth) : truth_equal (arena, v, truth);
}

/* ---- nodes ---- */

static bool truth_of (Arena *arena, const Node *node, unsigned input, Truth *truth);

static bool
truth_any_of (Arena *arena, const Node *const *tests, size_t n, Truth *truth)
{
  Truth rest;
  if (n == 1)
    return truth_of (arena, tests[0], tests[0]->local, truth);
  if (!truth_any_of (arena, tests, n / 2, truth) || !truth_any_of (arena, tests + n / 2, n - n / 2, &rest))
    return false;
  *truth = truth_or (arena, *truth, rest);
  return true;
}

static bool
is_input (const Node *node, unsigned input)
{
  return node->kind == NODE_LOCAL && node->local == input;
}

static bool
is_constant (const Node *node)
{
  return node->kind == NODE_CONSTANT;
}

/* `? < 5`, `5 > ?` */
static bool
truth_of_compare (Arena *arena, const Node *node, unsigned input, Truth *truth)
{
  static const CompareOp mirrored[] = { [OP_EQUAL] = OP_EQUAL,  [OP_NOT_EQUAL] = OP_NOT_EQUAL,
                                        [OP_LESS] = OP_GREATER, [OP_LESS_EQUAL] = OP_GREATER_EQUAL,
                                        [OP_GREATER] = OP_LESS, [OP_GREATER_EQUAL] = OP_LESS_EQUAL };
  if (is_input (node->a, input) && is_constant (node->b))
    return truth_compare (arena, (CompareOp)node->op, node->b->value, truth);
  return is_constant (node->a) && is_input (node->b, input)
         && truth_compare (arena, mirrored[node->op], node->a->value, truth);
}

static bool
truth_of_between (Arena *arena, const Node *node, unsigned input, Truth *truth)
{
  Truth high;
  if (!is_input (node->a, input) || !is_constant (node->b) || !is_constant (node->c)
      || !truth_compare (arena, OP_GREATER_EQUAL, node->b->value, truth)
      || !truth_compare (arena, OP_LESS_EQUAL, node->c->value, &high))
    return false;
  *truth = truth_and (arena, *truth, high);
  return true;
}

static bool
truth_of_logic (Arena *arena, const Node *node, unsigned input, Truth *truth)
{
  Truth right;
  if (!truth_of (arena, node->a, input, truth) || !truth_of (arena, node->b, input, &right))
    return false;
  *truth = (node->kind == NODE_AND ? truth_and : truth_or) (arena, *truth, right);
  return true;
}

static bool
truth_of_not (Arena *arena, const Node *negated, unsigned input, Truth *truth)
{
  bool ok = truth_of (arena, negated, input, truth);
  if (ok)
    *truth = truth_not (*truth);
  return ok;
}

static bool
truth_of_constant (Arena *arena, FeelValue v, Truth *truth)
{
  *truth = (Truth){ 0 };
  if (v.kind == FEEL_BOOLEAN)
    *truth = v.boolean ? truth_always (arena) : truth_not (truth_always (arena));
  return true;
}

/* Of a test, or of an expression about the local INPUT. */
static bool
truth_of (Arena *arena, const Node *node, unsigned input, Truth *truth)
{
  FeelRange range = { .low_closed = node->low_closed, .high_closed = node->high_closed };
  switch (node->kind) {
  case NODE_TEST_ANY: *truth = truth_always (arena); return true;
  case NODE_TEST_NOT: return truth_of_not (arena, node->nodes[0], input, truth);
  case NODE_TEST_ONE_OF: return truth_any_of (arena, node->nodes, node->n, truth);
  case NODE_TEST_COMPARE:
    return is_constant (node->a) && truth_compare (arena, (CompareOp)node->op, node->a->value, truth);
  case NODE_TEST_RANGE:
    range.low = node->bounds.low;
    range.high = node->bounds.high;
    return node->bounds.constant && truth_within (arena, &range, truth);
  case NODE_TEST_VALUE: return is_constant (node->a) && truth_value (arena, node->a->value, truth);
  case NODE_TEST_TRUTH: return truth_of (arena, node->a, input, truth);
  case NODE_CONSTANT: return truth_of_constant (arena, node->value, truth);
  case NODE_LOCAL:
    *truth = (Truth){ set_point (arena, feel_boolean (true)), set_point (arena, feel_boolean (false)) };
    return is_input (node, input);
  case NODE_COMPARE: return truth_of_compare (arena, node, input, truth);
  case NODE_BETWEEN: return truth_of_between (arena, node, input, truth);
  case NODE_AND:
  case NODE_OR: return truth_of_logic (arena, node, input, truth);
  case NODE_IN: return is_input (node->a, input) && truth_of (arena, node->b, node->local, truth);
  case NODE_BUILTIN:
    return g_str_equal (node->call.row->name, "not") && node->n == 1
           && truth_of_not (arena, node->call.arguments[0], input, truth);
  default: return false;
  }
}

/* ---- the answer ---- */

static bool
is_everything (Set set)
{
  bool all = set.n == PIECES_OF_ALL;
  for (size_t i = 0; all && i < set.n; i++)
    all = set.pieces[i].kind == FEEL_BOOLEAN || (set.pieces[i].low.infinite && set.pieces[i].high.infinite);
  return all;
}

bool
feel_test_intervals (const FeelExpression *test, Arena *arena, FeelIntervals *out)
{
  Truth truth;
  g_return_val_if_fail (test->is_test, false);
  if (!truth_of (arena, test->root, 0, &truth))
    return false;
  Set yes = truth.yes;
  *out = (FeelIntervals){ .null = yes.null, .all = is_everything (yes) };
  if (out->all)
    return true;
  FeelInterval *intervals = arena_new0 (arena, FeelInterval, yes.n);
  for (size_t i = 0; i < yes.n; i++) {
    const Piece *piece = &yes.pieces[i];
    intervals[i] = (FeelInterval){ .kind = piece->kind,
                                   .low = piece->low.value,
                                   .high = piece->high.value,
                                   .low_closed = !piece->low.infinite && !piece->low.after,
                                   .high_closed = !piece->high.infinite && piece->high.after };
  }
  out->n = yes.n;
  out->intervals = intervals;
  return true;
}
