#include "feel_private.h"

#include <string.h>

/* ---- logic, 10.3.2.12 table 50, with unknown ---- */

FeelValue
operator_not (FeelValue a)
{
  if (a.kind == FEEL_BOOLEAN)
    return feel_boolean (!a.boolean);
  return is_unknown (a) ? a : feel_null ();
}

/* DECISIVE decides alone; then unknown leaves it open; then what is no truth
 * value makes it null. */
static FeelValue
combine (Arena *arena, FeelValue a, FeelValue b, bool decisive)
{
  if ((a.kind == FEEL_BOOLEAN && a.boolean == decisive) || (b.kind == FEEL_BOOLEAN && b.boolean == decisive))
    return feel_boolean (decisive);
  if (is_unknown (a) || is_unknown (b))
    return feel_unknown_merge (arena, a, b);
  if (a.kind != FEEL_BOOLEAN || b.kind != FEEL_BOOLEAN)
    return feel_null ();
  return feel_boolean (!decisive);
}

FeelValue
operator_and (Arena *arena, FeelValue a, FeelValue b)
{
  return combine (arena, a, b, false);
}

FeelValue
operator_or (Arena *arena, FeelValue a, FeelValue b)
{
  return combine (arena, a, b, true);
}

/* ---- order ---- */

static int
sign (gint64 a, gint64 b)
{
  return (a > b) - (a < b);
}

static int
order_text (Text a, Text b) /* code point order is byte order in UTF-8 */
{
  int c = memcmp (a.bytes, b.bytes, MIN (a.len, b.len));
  return c ? (c > 0) - (c < 0) : sign ((gint64)a.len, (gint64)b.len);
}

/* Where only one of two moments has an offset or zone, the other is taken to have
 * the same (table 54): their clocks decide. */
static int
order_moments (FeelKind kind, const FeelMoment *a, const FeelMoment *b)
{
  bool one_local = (a->zone == ZONE_NONE) != (b->zone == ZONE_NONE);
  FeelMoment x = *a, y = *b;
  if (one_local)
    x.zone = y.zone = ZONE_NONE;
  int order = sign (temporal_instant (kind, &x), temporal_instant (kind, &y));
  return order ? order : sign (a->nanoseconds, b->nanoseconds);
}

bool
operator_order (FeelValue a, FeelValue b, int *order)
{
  if (a.kind != b.kind)
    return false;
  switch (a.kind) {
  case FEEL_NUMBER: *order = decimal_compare (a.number, b.number); return true;
  case FEEL_STRING: *order = order_text (a.string, b.string); return true;
  case FEEL_DATE: *order = sign (a.date, b.date); return true;
  case FEEL_TIME:
  case FEEL_DATE_TIME: *order = order_moments (a.kind, a.moment, b.moment); return true;
  case FEEL_DAYS_DURATION:
    *order = sign (a.span.seconds, b.span.seconds);
    if (*order == 0)
      *order = sign (a.span.nanoseconds, b.span.nanoseconds);
    return true;
  case FEEL_MONTHS_DURATION: *order = sign (a.months, b.months); return true;
  default: return false;
  }
}

/* ---- equality, 10.3.2.13 table 51 ---- */

enum { EQUAL_DEPTH = 500, EQUAL_STEPS = 20000000, SHORT_STRING = 64 };

typedef struct {
  FeelRun *run;
  Arena *arena;
  int depth;
} Equality;

static FeelValue equal_values (Equality *e, FeelValue a, FeelValue b);

/* Of parts, all of which must be equal: false as soon as one differs. */
static FeelValue
equal_part (Equality *e, FeelValue so_far, FeelValue a, FeelValue b)
{
  FeelValue one = equal_values (e, a, b);
  if (one.kind == FEEL_NULL)
    one = feel_boolean (false);
  return operator_and (e->arena, so_far, one);
}

static FeelValue
equal_lists (Equality *e, const FeelList *a, const FeelList *b)
{
  FeelValue result = feel_boolean (a->n == b->n);
  for (size_t i = 0; i < a->n && !feel_is_false (result); i++)
    result = equal_part (e, result, a->items[i], b->items[i]);
  return result;
}

static FeelValue
equal_contexts (Equality *e, const FeelContext *a, const FeelContext *b)
{
  FeelValue result = feel_boolean (a->n == b->n);
  for (size_t i = 0; i < a->n && !feel_is_false (result); i++) {
    const FeelValue *other = feel_context_get (b, a->entries[i].name);
    if (!other)
      return feel_boolean (false);
    result = equal_part (e, result, a->entries[i].value, *other);
  }
  return result;
}

static FeelValue
equal_ranges (Equality *e, const FeelRange *a, const FeelRange *b)
{
  FeelValue result = feel_boolean (a->sign == b->sign && a->low_closed == b->low_closed
                                   && a->high_closed == b->high_closed);
  result = equal_part (e, result, a->low, b->low);
  return equal_part (e, result, a->high, b->high);
}

/* Whether two bodies are the same in meaning is not decided here. */
static FeelValue
equal_functions (const FeelFunction *a, const FeelFunction *b)
{
  if (a->builtin.len || b->builtin.len)
    return feel_boolean (text_equal (a->builtin, b->builtin));
  return a == b ? feel_boolean (true) : feel_null ();
}

static FeelValue
equal_values (Equality *e, FeelValue a, FeelValue b)
{
  if (is_unknown (a) || is_unknown (b))
    return feel_unknown_merge (e->arena, a, b);
  if (a.kind == FEEL_NULL || b.kind == FEEL_NULL)
    return feel_boolean (a.kind == b.kind);
  if (a.kind != b.kind || e->depth > EQUAL_DEPTH)
    return feel_null ();
  int order;
  FeelValue result;
  switch (a.kind) {
  case FEEL_BOOLEAN: return feel_boolean (a.boolean == b.boolean);
  case FEEL_NUMBER: return feel_boolean (decimal_equal (a.number, b.number));
  case FEEL_STRING:
    evaluate_charge (e->run, NULL, (gint64)(MIN (a.string.len, b.string.len) / 32));
    return feel_boolean (text_equal (a.string, b.string));
  case FEEL_TIME:
  case FEEL_DATE_TIME: return feel_boolean (temporal_equal (a, b));
  case FEEL_FUNCTION: return equal_functions (a.function, b.function);
  case FEEL_LIST:
    if (!evaluate_charge (e->run, NULL, 1 + (gint64)a.list->n))
      return feel_null ();
    e->depth++;
    result = equal_lists (e, a.list, b.list);
    e->depth--;
    return result;
  case FEEL_CONTEXT:
    if (!evaluate_charge (e->run, NULL, 1 + (gint64)a.context->n))
      return feel_null ();
    e->depth++;
    result = equal_contexts (e, a.context, b.context);
    e->depth--;
    return result;
  case FEEL_RANGE: return equal_ranges (e, a.range, b.range);
  default: return operator_order (a, b, &order) ? feel_boolean (order == 0) : feel_null ();
  }
}

FeelValue
operator_equal (FeelRun *run, FeelValue a, FeelValue b)
{
  Equality e = { run, run->arena, 0 };
  return equal_values (&e, a, b);
}

FeelValue
feel_equal (Arena *arena, FeelValue a, FeelValue b)
{
  FeelRun run = { .arena = arena, .steps = EQUAL_STEPS };
  return operator_equal (&run, a, b);
}

static FeelValue
from_order (CompareOp op, int order)
{
  /* bit 0: for less, bit 1: for equal, bit 2: for greater */
  static const guint8 holds[] = { [OP_EQUAL] = 2,      [OP_NOT_EQUAL] = 5, [OP_LESS] = 1,
                                  [OP_LESS_EQUAL] = 3, [OP_GREATER] = 4,   [OP_GREATER_EQUAL] = 6 };
  return feel_boolean (holds[op] >> (order + 1) & 1);
}

FeelValue
operator_compare (FeelRun *run, CompareOp op, FeelValue a, FeelValue b)
{
  if (op == OP_EQUAL)
    return operator_equal (run, a, b);
  if (op == OP_NOT_EQUAL)
    return operator_not (operator_equal (run, a, b));
  if (is_unknown (a) || is_unknown (b))
    return feel_unknown_merge (run->arena, a, b);
  int order;
  return operator_order (a, b, &order) ? from_order (op, order) : feel_null ();
}

FeelValue
operator_compare_quick (FeelRun *run, CompareOp op, const FeelValue *a, const FeelValue *b)
{
  if (a->kind == b->kind) {
    if (a->kind == FEEL_NUMBER)
      return from_order (op, decimal_compare (a->number, b->number));
    if (a->kind == FEEL_DATE)
      return from_order (op, sign (a->date, b->date));
    if (a->kind == FEEL_BOOLEAN && op <= OP_NOT_EQUAL)
      return from_order (op, a->boolean != b->boolean);
    if (a->kind == FEEL_STRING && op <= OP_NOT_EQUAL && a->string.len < SHORT_STRING)
      return from_order (op, !text_equal (a->string, b->string));
  }
  return operator_compare (run, op, *a, *b);
}

static bool identical (FeelRun *run, FeelValue a, FeelValue b, int depth);

static bool
identical_lists (FeelRun *run, const FeelList *a, const FeelList *b, int depth)
{
  bool same = a->n == b->n;
  for (size_t i = 0; same && i < a->n; i++)
    same = identical (run, a->items[i], b->items[i], depth);
  return same;
}

static bool
identical_contexts (FeelRun *run, const FeelContext *a, const FeelContext *b, int depth)
{
  bool same = a->n == b->n;
  for (size_t i = 0; same && i < a->n; i++)
    same = text_equal (a->entries[i].name, b->entries[i].name)
           && identical (run, a->entries[i].value, b->entries[i].value, depth);
  return same;
}

static bool
identical_moments (const FeelMoment *a, const FeelMoment *b)
{
  return a->date == b->date && a->seconds == b->seconds && a->nanoseconds == b->nanoseconds
         && a->zone == b->zone && a->offset == b->offset && text_equal (a->zone_name, b->zone_name);
}

static bool
identical (FeelRun *run, FeelValue a, FeelValue b, int depth)
{
  if (a.kind != b.kind || is_unknown (a) || depth > EQUAL_DEPTH || !evaluate_charge (run, NULL, 1))
    return false;
  switch (a.kind) {
  case FEEL_NULL: return true;
  case FEEL_LIST: return identical_lists (run, a.list, b.list, depth + 1);
  case FEEL_CONTEXT: return identical_contexts (run, a.context, b.context, depth + 1);
  case FEEL_TIME:
  case FEEL_DATE_TIME: return identical_moments (a.moment, b.moment);
  default: return feel_is_true (operator_equal (run, a, b));
  }
}

bool
operator_identical (FeelRun *run, FeelValue a, FeelValue b)
{
  return identical (run, a, b, 0);
}

bool
operator_find_unknown (FeelRun *run, FeelValue v, FeelValue *unknown)
{
  if (is_unknown (v)) {
    *unknown = feel_unknown_merge (run->arena, *unknown, v);
    return true;
  }
  bool found = false;
  if (v.kind != FEEL_LIST || run->depth > FEEL_DEPTH_MAX || !evaluate_charge (run, NULL, (gint64)v.list->n))
    return false;
  run->depth++;
  for (size_t i = 0; i < v.list->n; i++)
    if (v.list->items[i].kind == FEEL_UNKNOWN || v.list->items[i].kind == FEEL_LIST)
      found |= operator_find_unknown (run, v.list->items[i], unknown);
  run->depth--;
  return found;
}

/* ---- arithmetic, 10.3.2.12 tables 52 to 55 ---- */

static FeelValue
finite_number (Decimal d, const char *why_not, const char **why)
{
  if (decimal_is_finite (d))
    return feel_number (d);
  *why = why_not;
  return feel_null ();
}

static FeelValue
number_arithmetic (ArithmeticOp op, Decimal a, Decimal b, const char **why)
{
  switch (op) {
  case OP_ADD: return finite_number (decimal_add (a, b), "the sum is too large", why);
  case OP_SUBTRACT: return finite_number (decimal_sub (a, b), "the difference is too large", why);
  case OP_MULTIPLY: return finite_number (decimal_mul (a, b), "the product is too large", why);
  case OP_POWER: return finite_number (decimal_pow (a, b), "the power has no value", why);
  case OP_DIVIDE: break;
  }
  if (decimal_sign (b) == 0) {
    *why = "nothing can be divided by zero";
    return feel_null ();
  }
  return finite_number (decimal_div (a, b), "the quotient is too large", why);
}

static FeelValue
join (Arena *arena, Text a, Text b)
{
  char *bytes = arena_alloc (arena, a.len + b.len + 1);
  memcpy (bytes, a.bytes, a.len);
  memcpy (bytes + a.len, b.bytes, b.len);
  return feel_string ((Text){ bytes, a.len + b.len });
}

/* A duration as its number of months, or of seconds with fraction. */
static Decimal
duration_number (FeelValue v)
{
  if (v.kind == FEEL_MONTHS_DURATION)
    return decimal_from_int64 (v.months);
  return decimal_add (decimal_from_int64 (v.span.seconds), decimal_from_scaled (v.span.nanoseconds, 9));
}

static const gint64 DURATION_MAX = G_GINT64_CONSTANT (50000000000000000);

static FeelValue
duration_from_number (FeelKind kind, Decimal d, const char **why)
{
  Decimal whole = decimal_round (d, 0, DECIMAL_ROUND_DOWN);
  gint64 n, nanoseconds;
  if (decimal_is_finite (d) && decimal_to_int64 (whole, &n) && ABS (n / 2) < DURATION_MAX) {
    if (kind == FEEL_MONTHS_DURATION)
      return feel_months (n);
    Decimal rest = decimal_round (decimal_sub (d, whole), 9, DECIMAL_ROUND_DOWN);
    if (decimal_to_scaled (rest, 9, &nanoseconds))
      return temporal_span (n, nanoseconds);
  }
  *why = "the duration is too long";
  return feel_null ();
}

static bool
is_duration (FeelValue v)
{
  return v.kind == FEEL_DAYS_DURATION || v.kind == FEEL_MONTHS_DURATION;
}

static bool
is_temporal (FeelValue v)
{
  return v.kind == FEEL_DATE || v.kind == FEEL_TIME || v.kind == FEEL_DATE_TIME;
}

static FeelValue
duration_arithmetic (ArithmeticOp op, FeelValue a, FeelValue b, const char **why)
{
  bool a_is = is_duration (a), b_is = is_duration (b);
  Decimal x = a_is ? duration_number (a) : a.number, y = b_is ? duration_number (b) : b.number;
  if (op == OP_DIVIDE && b_is && (!a_is || a.kind != b.kind)) {
    *why = "only a duration of the same kind can be divided by a duration";
    return feel_null ();
  }
  FeelValue result = number_arithmetic (op, x, y, why);
  if (*why || (op == OP_DIVIDE && b_is))
    return result;
  return duration_from_number (a_is ? a.kind : b.kind, result.number, why);
}

static FeelValue
temporal_arithmetic (Arena *arena, ArithmeticOp op, FeelValue a, FeelValue b, const char **why)
{
  if (op == OP_SUBTRACT && is_temporal (a) && is_temporal (b))
    return temporal_subtract (a, b, why);
  if (op == OP_ADD && is_duration (a)) {
    FeelValue swap = a;
    a = b;
    b = swap;
  }
  if (is_temporal (a) && is_duration (b) && op <= OP_SUBTRACT) {
    int direction = op == OP_ADD ? 1 : -1;
    FeelValue v = b.kind == FEEL_DAYS_DURATION ? temporal_add_span (arena, a, b, direction)
                                               : temporal_add_months (arena, a, direction * b.months);
    if (v.kind != FEEL_NULL)
      return v;
  }
  *why = "the operator does not fit its operands";
  return feel_null ();
}

FeelValue
operator_arithmetic (Arena *arena, ArithmeticOp op, FeelValue a, FeelValue b, const char **why)
{
  if (a.kind == FEEL_NUMBER && b.kind == FEEL_NUMBER)
    return number_arithmetic (op, a.number, b.number, why);
  if (is_unknown (a) || is_unknown (b))
    return feel_unknown_merge (arena, a, b);
  if (a.kind == FEEL_NULL || b.kind == FEEL_NULL) {
    *why = "the operator needs two values";
    return feel_null ();
  }
  if (op == OP_ADD && a.kind == FEEL_STRING && b.kind == FEEL_STRING)
    return join (arena, a.string, b.string);
  bool same_durations = is_duration (a) && a.kind == b.kind && op != OP_MULTIPLY && op != OP_POWER;
  bool scaled = (is_duration (a) && b.kind == FEEL_NUMBER && (op == OP_MULTIPLY || op == OP_DIVIDE))
                || (is_duration (b) && a.kind == FEEL_NUMBER && op == OP_MULTIPLY);
  if (same_durations || scaled)
    return duration_arithmetic (op, a, b, why);
  return temporal_arithmetic (arena, op, a, b, why);
}

FeelValue
operator_negate (FeelValue a)
{
  switch (a.kind) {
  case FEEL_UNKNOWN: return a;
  case FEEL_NUMBER: return feel_number (decimal_neg (a.number));
  case FEEL_MONTHS_DURATION: return feel_months (-a.months);
  case FEEL_DAYS_DURATION: return temporal_span (-a.span.seconds, -(gint64)a.span.nanoseconds);
  default: return feel_null ();
  }
}
