/* FEEL's operators over planes (DMN 1.5, 10.3.2), with none and unknown as feel/operators.c
 * has them: what is strict is unknown where an operand is, else none where one is none. */
#include "columns_private.h"

#include <string.h>

/* ---- divisions ---------------------------------------------------------------------------- */

/* Divided by a constant that goes into a power of ten a quotient is a number: `/ 25` is `* 0.04`.
 * Others are exact only when they are rounded at once. */
static const Value *
divided (Compiler *c, const Value *v)
{
  if (v->kind != VALUE_QUOTIENT || v->by->min != v->by->max || v->by->min == 0)
    return v;
  const Value *of = v->of, *by = v->by;
  for (unsigned digits = 0; digits <= 9 && digits + by->scale <= 18; digits++) {
    gint64 power = power_of_ten (digits + by->scale);
    if (power % by->min)
      continue;
    Value *number = value_new (c, VALUE_NUMBER, v->space);
    *number = *v;
    number->kind = VALUE_NUMBER;
    number->scale = of->scale + digits;
    gint64 times = power / by->min, low, high;
    if (number->scale > 18 || __builtin_mul_overflow (of->min, times, &low)
        || __builtin_mul_overflow (of->max, times, &high))
      return v;
    number->min = MIN (low, high);
    number->max = MAX (low, high);
    number->plane
        = plane_binary (c, OP_MULTIPLY, 8, plane_wide (c, of->plane), plane_fill (c, v->space, 8, times));
    return number;
  }
  return v;
}

/* ---- comparing ---------------------------------------------------------------------------- */

const Value *
number_rescale (Compiler *c, const Value *v, unsigned scale)
{
  if (v->scale == scale)
    return v;
  gint64 power = power_of_ten (scale - v->scale);
  Value *scaled = value_new (c, v->kind, v->space);
  *scaled = *v;
  scaled->scale = scale;
  if (__builtin_mul_overflow (v->min, power, &scaled->min)
      || __builtin_mul_overflow (v->max, power, &scaled->max))
    return outside (c, "numbers whose bounds do not fit into 64 bits"), v;
  scaled->plane
      = plane_binary (c, OP_MULTIPLY, 8, plane_wide (c, v->plane), plane_fill (c, v->space, 8, power));
  return scaled;
}

/* A < CONSTANT (of FEEL's number) and the like, as a range of A's plane. */
static int
compare_constant (Compiler *c, char sign, const Value *a, Decimal constant)
{
  gint64 k = 0, low = G_MININT64, high = G_MAXINT64;
  bool exact = decimal_to_scaled (constant, (int)a->scale, &k);
  if (!exact) {
    Decimal scaled = decimal_mul (constant, decimal_from_int64 (power_of_ten (a->scale)));
    if (!decimal_to_int64 (decimal_round (scaled, 0, DECIMAL_ROUND_FLOOR), &k))
      k = decimal_sign (constant) < 0 ? G_MININT64 + 1 : G_MAXINT64 - 1;
  }
  switch (sign) {
  case '=':
    if (!exact)
      return NONE_OF;
    low = high = k;
    break;
  case '<': high = exact ? k - 1 : k; break;
  case 'l': high = k; break;
  case '>': low = k + 1; break;
  default: low = exact ? k : k + 1;
  }
  if (low <= a->min && high >= a->max)
    return ALL_OF;
  return high < a->min || low > a->max ? NONE_OF : plane_range (c, a->plane, low, high);
}

static char
mirrored (char sign)
{
  return sign == '<' ? '>' : sign == '>' ? '<' : sign == 'l' ? 'g' : sign == 'g' ? 'l' : sign;
}

/* CONSTANT's number for a comparison with a plane of KIND. */
static bool
comparable (Compiler *c, const Value *v, Decimal *number)
{
  const FeelValue *constant = &v->constant;
  if (v->kind != VALUE_CONSTANT)
    return false;
  switch (constant->kind) {
  case FEEL_NUMBER: *number = constant->number; return true;
  case FEEL_DATE: *number = decimal_from_int64 (constant->date); return true;
  case FEEL_MONTHS_DURATION: *number = decimal_from_int64 (constant->months); return true;
  case FEEL_STRING: *number = decimal_from_int64 (text_number (c, constant->string)); return true;
  default: return false;
  }
}

/* Where both are values: a mask right there. */
static int
compare_planes (Compiler *c, char sign, const Value *a, const Value *b, ValueKind kind, int space)
{
  Decimal constant;
  if (comparable (c, b, &constant))
    return compare_constant (c, sign, value_as (c, a, kind, space), constant);
  if (comparable (c, a, &constant))
    return compare_constant (c, mirrored (sign), value_as (c, b, kind, space), constant);
  a = value_as (c, a, kind, space);
  b = value_as (c, b, kind, space);
  if (kind == VALUE_TRUTH)
    return mask_not (c, mask_xor (c, a->plane, b->plane));
  unsigned scale = MAX (a->scale, b->scale);
  a = number_rescale (c, a, scale);
  b = number_rescale (c, b, scale);
  if (c->why)
    return NONE_OF;
  int x = plane_wide (c, a->plane), y = plane_wide (c, b->plane);
  if (sign == '=')
    return plane_binary (c, OP_EQUAL, 1, MIN (x, y), MAX (x, y));
  if (sign == '<' || sign == 'l')
    return plane_binary (c, sign == '<' ? OP_LESS : OP_LESS_EQUAL, 1, x, y);
  return plane_binary (c, sign == '>' ? OP_LESS : OP_LESS_EQUAL, 1, y, x);
}

static bool
same_kinds (Compiler *c, const Value *a, const Value *b, ValueKind *kind)
{
  ValueKind x = value_kind (c, a), y = value_kind (c, b);
  *kind = x == VALUE_CONSTANT || y == VALUE_QUOTIENT ? y : x;
  return (x == y || x == VALUE_CONSTANT || y == VALUE_CONSTANT) && *kind != VALUE_QUOTIENT;
}

static bool
has_order (ValueKind kind)
{
  return kind == VALUE_NUMBER || kind == VALUE_DATE || kind == VALUE_DAYS || kind == VALUE_MONTHS
         || kind == VALUE_CONSTANT;
}

const Value *
operate_compare (Compiler *c, char sign, const Value *a, const Value *b)
{
  a = divided (c, a);
  b = divided (c, b);
  ValueKind kind;
  if (!same_kinds (c, a, b, &kind))
    return outside (c, kind == VALUE_QUOTIENT
                           ? "a division that is not rounded at once, as round half up(a / b, 2) is"
                           : "values of two kinds compared");
  bool equality = sign == '=' || sign == '!', one_null = value_is_null (a) || value_is_null (b);
  if ((kind > VALUE_TEXT && !(equality && one_null && kind < VALUE_CONTEXT))
      || (!equality && !has_order (kind)))
    return outside (c, "a comparison of lists, contexts or texts by order");
  int space = space_join (c, a->space, b->space);
  int unknown = mask_or (c, value_unknown (c, a, space), value_unknown (c, b, space));
  int x = value_none (c, a, space), y = value_none (c, b, space),
      known = mask_not (c, mask_or (c, unknown, mask_or (c, x, y)));
  int held = one_null || kind == VALUE_CONSTANT || c->why
                 ? NONE_OF
                 : compare_planes (c, sign == '!' ? '=' : sign, a, b, kind, space);
  int t = mask_and (c, held, known);
  Needs needs = needs_both (c, a, b, space);
  if (!equality)
    return value_truth (c, space, t, mask_and_not (c, mask_or (c, x, y), unknown), unknown, needs);
  t = mask_or (c, t, mask_and_not (c, mask_and (c, x, y), unknown));
  return value_truth (c, space, sign == '=' ? t : mask_not (c, mask_or (c, t, unknown)), NONE_OF, unknown,
                      needs);
}

int
operate_same (Compiler *c, const Value *a, const Value *b, int space)
{
  if (a == b)
    return mask_not (c, value_unknown (c, a, space));
  return value_true (c, operate_compare (c, '=', a, b), space);
}

/* ---- logic ------------------------------------------------------------------------------- */

typedef struct {
  int t, f, unknown, none;
} Truth;

static Truth
truth_of (Compiler *c, const Value *v, int space)
{
  v = value_as (c, v, VALUE_TRUTH, space);
  return (Truth){ v->plane, mask_not (c, mask_or (c, v->plane, mask_or (c, v->none, v->unknown))), v->unknown,
                  v->none };
}

const Value *
operate_and (Compiler *c, const Value *a, const Value *b)
{
  int space = space_join (c, a->space, b->space);
  Truth x = truth_of (c, a, space), y = truth_of (c, b, space);
  int t = mask_and (c, x.t, y.t), f = mask_or (c, x.f, y.f);
  int unknown = mask_and_not (c, mask_or (c, x.unknown, y.unknown), f);
  int none = mask_and_not (c, mask_or (c, x.none, y.none), mask_or (c, f, unknown));
  return value_truth (c, space, t, none, unknown, needs_outside (c, needs_both (c, a, b, space), f));
}

const Value *
operate_or (Compiler *c, const Value *a, const Value *b)
{
  int space = space_join (c, a->space, b->space);
  Truth x = truth_of (c, a, space), y = truth_of (c, b, space);
  int t = mask_or (c, x.t, y.t), unknown = mask_and_not (c, mask_or (c, x.unknown, y.unknown), t);
  int none = mask_and_not (c, mask_or (c, x.none, y.none), mask_or (c, t, unknown));
  return value_truth (c, space, t, none, unknown, needs_outside (c, needs_both (c, a, b, space), t));
}

const Value *
operate_not (Compiler *c, const Value *a)
{
  int space = a->space;
  Truth x = truth_of (c, a, space);
  return value_truth (c, space, x.f, x.none, x.unknown, needs_of (c, a, space));
}

/* ---- if ------------------------------------------------------------------------------------- */

static FeelValue
apply_if (Compiler *c, const void *data, const FeelValue *v)
{
  if (v[0].kind != FEEL_UNKNOWN)
    return feel_is_true (v[0]) ? v[1] : v[2];
  bool both = v[1].kind != FEEL_UNKNOWN && v[2].kind != FEEL_UNKNOWN;
  bool same = both && v[1].kind == v[2].kind
              && (v[1].kind == FEEL_NULL || feel_is_true (feel_equal (c->arena, v[1], v[2])));
  return same ? v[1] : feel_unknown_merge (c->arena, v[0], feel_unknown_merge (c->arena, v[1], v[2]));
}

/* The branch taken tells what it waits for; where the condition is OPEN it does, and both. */
static Needs
needs_of_branches (Compiler *c, Needs condition, Needs yes, Needs no, int selected, int open)
{
  no = needs_within (c, no, mask_or (c, mask_not (c, selected), open));
  return needs_join (c, needs_within (c, condition, open),
                     needs_join (c, needs_within (c, yes, selected), no));
}

/* YES where SELECTED, else NO; unknown where OPEN, and waiting for NEEDS. */
static const Value *
choose (Compiler *c, int selected, int open, const Value *yes, const Value *no, ValueKind kind, int space,
        Needs needs)
{
  const Value *a = value_as (c, yes, kind, space), *b = value_as (c, no, kind, space);
  Value *v = value_new (c, kind, space);
  v->needs = needs;
  v->unknown = mask_or (c, mask_choose (c, selected, a->unknown, b->unknown), open);
  v->none = mask_and_not (c, mask_choose (c, selected, a->none, b->none), open);
  if (kind == VALUE_TRUTH) {
    int t = mask_and_not (c, mask_choose (c, selected, a->plane, b->plane), open);
    return value_truth (c, space, t, v->none, v->unknown, needs);
  }
  v->scale = MAX (a->scale, b->scale);
  if (kind == VALUE_NUMBER) {
    a = number_rescale (c, a, v->scale);
    b = number_rescale (c, b, v->scale);
  }
  v->min = MIN (a->min, b->min);
  v->max = MAX (a->max, b->max);
  if (!c->why)
    v->plane = plane_blend (c, space, selected, plane_wide (c, a->plane), plane_wide (c, b->plane));
  return v;
}

bool
value_cases (Compiler *c, const Value *v, int space, ValueCases *cases)
{
  if (v->kind == VALUE_CONSTANT) {
    *cases = (ValueCases){ 1, { v->constant }, { ALL_OF } };
    return true;
  }
  if (v->kind != VALUE_CODED || v->n + 2 > CASES_MAX)
    return false;
  v = value_lift (c, v, space);
  int known = mask_not (c, mask_or (c, v->none, v->unknown));
  cases->n = v->n + 2;
  for (size_t i = 0; i < v->n; i++)
    cases->masks[i] = mask_and (c, known, plane_range (c, v->plane, (gint64)i, (gint64)i));
  cases->masks[v->n] = v->none;
  cases->masks[v->n + 1] = v->unknown;
  for (size_t i = 0; i < v->n + 2; i++)
    cases->values[i] = value_result (v, i);
  return true;
}

static bool
is_identical (Compiler *c, FeelValue a, FeelValue b)
{
  if (a.kind != b.kind || a.kind == FEEL_UNKNOWN)
    return false;
  return a.kind == FEEL_NULL || feel_is_true (feel_equal (c->arena, a, b));
}

/* Results being gathered, equal ones once. */
typedef struct {
  size_t n;
  FeelValue results[2 * CASES_MAX + 2];
} Results;

static size_t
result_of (Compiler *c, Results *r, FeelValue v)
{
  for (size_t i = 0; i < r->n; i++)
    if (is_identical (c, r->results[i], v))
      return i;
  r->results[r->n] = v;
  return r->n++;
}

/* PLANE with the code of CASES' values in their rows, within MASK. */
static int
pick_results (Compiler *c, Results *r, const ValueCases *cases, int mask, int space, int plane)
{
  for (size_t i = 0; i < cases->n; i++)
    if (cases->masks[i] != NONE_OF) {
      gint64 code = (gint64)result_of (c, r, cases->values[i]);
      plane = plane_pick (c, space, mask_and (c, mask, cases->masks[i]), code, plane);
    }
  return plane;
}

/* Whatever the branches are (texts, contexts, lists), when each is one of few constants: by code. */
static const Value *
choose_coded (Compiler *c, const Value *condition, const Value *yes, const Value *no, int space, size_t most)
{
  ValueCases a, b;
  if (!value_cases (c, yes, space, &a) || !value_cases (c, no, space, &b) || a.n + b.n > most)
    return NULL;
  Truth truth = truth_of (c, condition, space);
  Results r = { 0 };
  int selected = mask_or (c, truth.t, truth.unknown), same = NONE_OF;
  int plane = pick_results (c, &r, &b, ALL_OF, space, plane_fill (c, space, 1, 0));
  plane = pick_results (c, &r, &a, selected, space, plane);
  for (size_t i = 0; i < a.n && truth.unknown != NONE_OF; i++)
    for (size_t j = 0; j < b.n; j++)
      if (is_identical (c, a.values[i], b.values[j]))
        same = mask_or (c, same, mask_and (c, a.masks[i], b.masks[j]));
  int open = mask_and_not (c, truth.unknown, same);
  Needs inside = needs_of_branches (c, (Needs){ 0 }, needs_inside (c, yes, space),
                                    needs_inside (c, no, space), selected, open);
  Needs needs = needs_of_branches (c, needs_of (c, condition, space), needs_of (c, yes, space),
                                   needs_of (c, no, space), selected, open);
  FeelValue *results = arena_new0 (c->arena, FeelValue, r.n + 2);
  memcpy (results, r.results, r.n * sizeof *results);
  results[r.n + 1] = feel_unknown (c->arena, (FeelNeed){ 0 });
  return value_coded (c, space, plane, NONE_OF, open, r.n, results, needs_join (c, needs, inside));
}

/* Choices between more texts than this are made between their numbers. */
enum { TEXTS_CODED = 16 };

/* Between planes of KIND; CONSTANT: neither branch is ever a value. */
static const Value *
choose_planes (Compiler *c, const Value *condition, const Value *yes, const Value *no, ValueKind kind,
               int space)
{
  Truth truth = truth_of (c, condition, space);
  int selected = mask_or (c, truth.t, truth.unknown), open = truth.unknown;
  if (open != NONE_OF)
    open = mask_and_not (c, open, operate_same (c, yes, no, space));
  Needs needs = needs_of_branches (c, needs_of (c, condition, space), needs_of (c, yes, space),
                                   needs_of (c, no, space), selected, open);
  if (kind != VALUE_CONSTANT)
    return choose (c, selected, open, yes, no, kind, space, needs);
  int unknown = mask_choose (c, selected, value_unknown (c, yes, space), value_unknown (c, no, space));
  return value_absent (c, space, mask_or (c, unknown, open), needs);
}

const Value *
operate_if (Compiler *c, const Value *condition, const Value *yes, const Value *no)
{
  const Value *coded = coded_apply (c, (const Value *[]){ condition, yes, no }, 3, apply_if, NULL);
  if (coded)
    return coded;
  yes = divided (c, yes);
  no = divided (c, no);
  ValueKind kind;
  int space = space_join (c, condition->space, space_join (c, yes->space, no->space));
  bool alike = same_kinds (c, yes, no, &kind);
  if (!c->why && (!alike || kind >= VALUE_TEXT))
    coded = choose_coded (c, condition, yes, no, space,
                          alike && kind == VALUE_TEXT ? TEXTS_CODED : 2 * CASES_MAX);
  if (coded || c->why)
    return coded ? coded : value_null (c);
  if (alike && kind <= VALUE_TEXT)
    return choose_planes (c, condition, yes, no, kind, space);
  if (kind == VALUE_QUOTIENT)
    return outside (c, "a division that is not rounded at once, as round half up(a / b, 2) is");
  if (!alike || kind != VALUE_LIST)
    return outside (c, "an if whose branches are of two kinds, or contexts of facts");
  Truth truth = truth_of (c, condition, space);
  return list_choose (c, mask_or (c, truth.t, truth.unknown), truth.unknown, condition, yes, no);
}

/* ---- arithmetic ------------------------------------------------------------------------------- */

static Value *
strict (Compiler *c, ValueKind kind, int space, const Value *a, const Value *b)
{
  Value *v = value_new (c, kind, space);
  v->unknown = mask_or (c, a->unknown, b->unknown);
  v->none = mask_and_not (c, mask_or (c, a->none, b->none), v->unknown);
  v->needs = needs_both (c, a, b, space);
  return v;
}

/* The bounds of a sum, difference or product; false when they do not fit. */
static bool
bound (char sign, const Value *a, const Value *b, gint64 *min, gint64 *max)
{
  if (sign == '+')
    return !__builtin_add_overflow (a->min, b->min, min) && !__builtin_add_overflow (a->max, b->max, max);
  if (sign == '-')
    return !__builtin_sub_overflow (a->min, b->max, min) && !__builtin_sub_overflow (a->max, b->min, max);
  const gint64 x[] = { a->min, a->max }, y[] = { b->min, b->max };
  *min = G_MAXINT64;
  *max = G_MININT64;
  for (int i = 0; i < 4; i++) {
    gint64 product;
    if (__builtin_mul_overflow (x[i / 2], y[i % 2], &product))
      return false;
    *min = MIN (*min, product);
    *max = MAX (*max, product);
  }
  return true;
}

static const Value *
whole_arithmetic (Compiler *c, char sign, ValueKind kind, const Value *a, const Value *b, int space)
{
  Value *v = strict (c, kind, space, a, b);
  v->scale = sign == '*' ? a->scale + b->scale : a->scale;
  if (!bound (sign, a, b, &v->min, &v->max) || v->scale > 18)
    return outside (c, "numbers whose bounds do not fit into 64 bits");
  OpKind op = sign == '+' ? OP_ADD : sign == '-' ? OP_SUBTRACT : OP_MULTIPLY;
  v->plane = plane_binary (c, op, 8, plane_wide (c, a->plane), plane_wide (c, b->plane));
  return v;
}

static const Value *
quotient (Compiler *c, const Value *a, const Value *b, int space)
{
  Value *v = strict (c, VALUE_QUOTIENT, space, a, b);
  v->of = a;
  v->by = b;
  return v;
}

static const Value *
number_arithmetic (Compiler *c, char sign, const Value *a, const Value *b, int space)
{
  a = value_as (c, a, VALUE_NUMBER, space);
  b = value_as (c, b, VALUE_NUMBER, space);
  if (sign == '/')
    return quotient (c, a, b, space);
  if (sign == '^')
    return outside (c, "a power");
  if (sign != '*') {
    unsigned scale = MAX (a->scale, b->scale);
    a = number_rescale (c, a, scale);
    b = number_rescale (c, b, scale);
  }
  return c->why ? value_null (c) : whole_arithmetic (c, sign, VALUE_NUMBER, a, b, space);
}

static bool
days_fit (const Value *v)
{
  return ABS (v->min) < 300000000 && ABS (v->max) < 300000000;
}

static const Value *
add_months (Compiler *c, char sign, const Value *a, const Value *b, int space)
{
  enum { MONTHS_MAX = 1200000 }; /* a hundred thousand years */
  if (MAX (ABS (b->min), ABS (b->max)) > MONTHS_MAX)
    return outside (c, "a duration without bounds");
  Value *v = strict (c, VALUE_DATE, space, a, b);
  int months = plane_wide (c, b->plane);
  if (sign == '-')
    months = plane_binary (c, OP_SUBTRACT, 8, plane_fill (c, space, 8, 0), months);
  gint64 least = sign == '-' ? -b->max : b->min, most = sign == '-' ? -b->min : b->max;
  v->min = a->min + least * 31 - 31 * (least > 0 ? least : 0);
  v->max = a->max + (most > 0 ? most * 31 : 0);
  v->plane = plane_binary (c, OP_ADD_MONTHS, 8, plane_wide (c, a->plane), months);
  return days_fit (v) ? v : outside (c, "dates without bounds");
}

static const Value *
date_arithmetic (Compiler *c, char sign, const Value *a, const Value *b, ValueKind x, ValueKind y, int space)
{
  if (x != VALUE_DATE && y == VALUE_DATE && sign == '+')
    return date_arithmetic (c, sign, b, a, y, x, space);
  bool fits = sign == '+' || sign == '-';
  if (!fits || x != VALUE_DATE || (y == VALUE_DATE && sign != '-')
      || (y != VALUE_DATE && y != VALUE_DAYS && y != VALUE_MONTHS))
    return outside (c, "arithmetic of dates and durations of this kind");
  a = value_as (c, a, x, space);
  b = value_as (c, b, y, space);
  if (y == VALUE_MONTHS)
    return add_months (c, sign, a, b, space);
  const Value *v = whole_arithmetic (c, sign, y == VALUE_DATE ? VALUE_DAYS : VALUE_DATE, a, b, space);
  return days_fit (v) || y == VALUE_DATE ? v : outside (c, "dates without bounds");
}

/* A whole number of durations. */
static const Value *
scale_duration (Compiler *c, const Value *number, const Value *duration, ValueKind kind, int space)
{
  number = value_as (c, number, VALUE_NUMBER, space);
  duration = value_as (c, duration, kind, space);
  if (number->scale)
    return outside (c, "a duration times a fraction");
  return whole_arithmetic (c, '*', kind, number, duration, space);
}

const Value *
operate_arithmetic (Compiler *c, char sign, const Value *a, const Value *b)
{
  a = divided (c, a);
  b = divided (c, b);
  ValueKind x = value_kind (c, a), y = value_kind (c, b);
  int space = space_join (c, a->space, b->space);
  if (x == VALUE_CONSTANT || y == VALUE_CONSTANT) { /* none or unknown: so is the outcome */
    int unknown = mask_or (c, value_unknown (c, a, space), value_unknown (c, b, space));
    return value_absent (c, space, unknown, needs_both (c, a, b, space));
  }
  if (c->why)
    return value_null (c);
  if (x == VALUE_QUOTIENT || y == VALUE_QUOTIENT)
    return outside (c, "a division that is not rounded at once, as round half up(a / b, 2) is");
  if (x == VALUE_NUMBER && y == VALUE_NUMBER)
    return number_arithmetic (c, sign, a, b, space);
  bool lengths = (x == VALUE_DAYS || x == VALUE_MONTHS) && x == y && (sign == '+' || sign == '-');
  if (lengths)
    return whole_arithmetic (c, sign, x, value_as (c, a, x, space), value_as (c, b, x, space), space);
  if (sign == '/' && x == y && (x == VALUE_DAYS || x == VALUE_MONTHS))
    return quotient (c, value_as (c, a, x, space), value_as (c, b, x, space), space);
  if (sign == '*' && x == VALUE_NUMBER && (y == VALUE_DAYS || y == VALUE_MONTHS))
    return scale_duration (c, a, b, y, space);
  if (sign == '*' && y == VALUE_NUMBER && (x == VALUE_DAYS || x == VALUE_MONTHS))
    return scale_duration (c, b, a, x, space);
  return date_arithmetic (c, sign, a, b, x, y, space);
}
