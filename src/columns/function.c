/* FEEL's functions and members over planes (DMN 1.5, 10.3.4). */
#include "columns_private.h"

/* ---- rounding ------------------------------------------------------------------------ */

static const struct {
  const char *name;
  DecimalRounding mode;
} roundings[] = {
  { "decimal", DECIMAL_ROUND_HALF_EVEN },         { "floor", DECIMAL_ROUND_FLOOR },
  { "ceiling", DECIMAL_ROUND_CEILING },           { "round up", DECIMAL_ROUND_UP },
  { "round down", DECIMAL_ROUND_DOWN },           { "round half up", DECIMAL_ROUND_HALF_UP },
  { "round half down", DECIMAL_ROUND_HALF_DOWN },
};

/* N / D rounded to a whole number: exactly what FEEL gives, which rounds the quotient to 34
 * digits first: a quotient of two int64 that is no tie is further from one than that. */
static const Value *
divide (Compiler *c, const Value *number, const Value *divisor, unsigned scale, DecimalRounding mode)
{
  const gint64 most = G_MAXINT64 / 2;
  if (c->why || number->min < -most || number->max > most || divisor->min < -most || divisor->max > most)
    return outside (c, "numbers whose bounds do not fit into 64 bits");
  Value *v = value_new (c, VALUE_NUMBER, number->space);
  int by = plane_wide (c, divisor->plane);
  int zero = divisor->min <= 0 && divisor->max >= 0 ? plane_range (c, by, 0, 0) : NONE_OF;
  v->unknown = mask_or (c, number->unknown, divisor->unknown);
  v->none = mask_and_not (c, mask_or (c, mask_or (c, number->none, divisor->none), zero), v->unknown);
  v->needs = needs_both (c, number, divisor, number->space);
  v->scale = scale;
  gint64 bound = MAX (ABS (number->min), ABS (number->max)) + 1;
  v->min = number->min >= 0 && divisor->min >= 0 ? 0 : -bound;
  v->max = bound;
  v->plane = plane_emit (c, (OpKey){ .kind = OP_DIVIDE,
                                     .width = 8,
                                     .space = v->space,
                                     .a = plane_wide (c, number->plane),
                                     .b = by,
                                     .x = mode });
  return v;
}

/* V at SCALE's unit times 10^BY, its plane alone. */
static const Value *
shifted (Compiler *c, const Value *v, unsigned by)
{
  return by > 18 ? outside (c, "numbers whose bounds do not fit into 64 bits")
                 : number_rescale (c, v, v->scale + by);
}

static const Value *
round_value (Compiler *c, DecimalRounding mode, const Value *v, unsigned scale)
{
  if (v->kind == VALUE_QUOTIENT) {
    int shift = (int)scale - (int)v->of->scale + (int)v->by->scale;
    const Value *number = shift > 0 ? shifted (c, v->of, (unsigned)shift) : v->of;
    const Value *divisor = shift < 0 ? shifted (c, v->by, (unsigned)-shift) : v->by;
    return divide (c, number, divisor, scale, mode);
  }
  if (value_kind (c, v) != VALUE_NUMBER)
    return outside (c, "a rounding of what is no number");
  v = value_as (c, v, VALUE_NUMBER, v->space);
  if (v->scale <= scale)
    return v;
  Value *divisor = value_new (c, VALUE_NUMBER, v->space);
  divisor->min = divisor->max = power_of_ten (v->scale - scale);
  divisor->plane = plane_fill (c, v->space, 8, divisor->min);
  return divide (c, v, divisor, scale, mode);
}

static const Value *
round_call (Compiler *c, DecimalRounding mode, const Value *const *arguments, size_t n)
{
  gint64 scale = 0;
  bool given = n > 1 && arguments[1];
  if (given
      && (arguments[1]->kind != VALUE_CONSTANT || arguments[1]->constant.kind != FEEL_NUMBER
          || !decimal_to_int64 (arguments[1]->constant.number, &scale) || scale < 0 || scale > 9))
    return outside (c, "a rounding to a scale that is no constant from 0 to 9");
  return round_value (c, mode, arguments[0], (unsigned)scale);
}

/* ---- dates ------------------------------------------------------------------------------ */

static const Value *
months_between (Compiler *c, const Value *from, const Value *to)
{
  int space = space_join (c, from->space, to->space);
  from = value_as (c, from, VALUE_DATE, space);
  to = value_as (c, to, VALUE_DATE, space);
  Value *v = value_new (c, VALUE_MONTHS, space);
  /* A function is called with its arguments one by one: the first that is no value decides. */
  v->unknown = mask_or (c, from->unknown, mask_and_not (c, to->unknown, from->none));
  v->none = mask_or (c, from->none, mask_and_not (c, to->none, from->unknown));
  v->needs
      = needs_join (c, needs_of (c, from, space), needs_outside (c, needs_of (c, to, space), from->none));
  v->min = (to->min - from->max) / 28 - 1;
  v->max = (to->max - from->min) / 28 + 1;
  if (c->why)
    return value_null (c);
  v->plane = plane_binary (c, OP_MONTHS_BETWEEN, 8, plane_wide (c, from->plane), plane_wide (c, to->plane));
  return v;
}

static const Value *
date_part (Compiler *c, const Value *date, OpKind kind)
{
  gint64 year;
  int month, day;
  Value *v = value_new (c, VALUE_NUMBER, date->space);
  v->none = date->none;
  v->unknown = date->unknown;
  v->needs = date->needs;
  v->min = 1;
  v->max = kind == OP_MONTH ? 12 : 31;
  if (kind == OP_YEAR) {
    civil_from_day (date->min, &v->min, &month, &day);
    civil_from_day (date->max, &year, &month, &day);
    v->max = year;
  }
  v->plane = plane_emit (
      c, (OpKey){ .kind = kind, .width = 8, .space = date->space, .a = plane_wide (c, date->plane) });
  return v;
}

/* Whole years of V months, or (REST) the months beside them. */
static const Value *
months_part (Compiler *c, const Value *v, bool rest)
{
  Value *number = value_new (c, VALUE_NUMBER, v->space), *twelve = value_new (c, VALUE_NUMBER, v->space);
  *number = *v;
  number->kind = VALUE_NUMBER;
  twelve->min = twelve->max = 12;
  twelve->plane = plane_fill (c, v->space, 8, 12);
  const Value *years = divide (c, number, twelve, 0, DECIMAL_ROUND_DOWN);
  return rest ? operate_arithmetic (c, '-', number,
                                    operate_arithmetic (c, '*', years, value_constant (c, feel_int (12))))
              : years;
}

static bool
is (Text name, const char *what)
{
  return text_equal (name, text_of (what));
}

static const Value *
temporal_part (Compiler *c, const Value *v, Text name)
{
  if (v->kind == VALUE_DATE && (is (name, "year") || is (name, "month") || is (name, "day")))
    return date_part (c, v, is (name, "year") ? OP_YEAR : is (name, "month") ? OP_MONTH : OP_DAY);
  if (v->kind == VALUE_MONTHS && (is (name, "years") || is (name, "months")))
    return months_part (c, v, is (name, "months"));
  if (v->kind != VALUE_DAYS || !is (name, "days"))
    return NULL;
  Value *days = value_new (c, VALUE_NUMBER, v->space);
  *days = *v;
  days->kind = VALUE_NUMBER;
  return days;
}

static const Value *
member_of (Compiler *c, const Value *v, Text name)
{
  for (size_t i = 0; v->kind == VALUE_CONTEXT && i < v->n; i++)
    if (text_equal (v->names[i], name))
      return v->members[i];
  for (size_t i = 0; v->kind == VALUE_ENTITY && i < v->table->n_columns; i++)
    if (text_equal (v->table->columns[i].name, name))
      return value_column (c, v, &v->table->columns[i]);
  return NULL;
}

const Value *
function_property (Compiler *c, const Value *v, Text name)
{
  if (value_kind (c, v) == VALUE_CONSTANT) /* of what is unknown or none, the same */
    return v;
  const Value *found = member_of (c, v, name);
  if (!found)
    found = temporal_part (c, v, name);
  return found ? found : outside (c, "the member %.*s", (int)name.len, name.bytes);
}

/* ---- lists and numbers -------------------------------------------------------------------- */

/* The arguments as one list. */
static const Value *
as_list (Compiler *c, const Value *const *arguments, size_t n)
{
  return n == 1 ? list_of (c, arguments[0]) : list_of_items (c, arguments, n);
}

static const Value *
absolute (Compiler *c, const Value *v)
{
  if (value_kind (c, v) != VALUE_NUMBER)
    return outside (c, "abs of what is no number");
  const Value *negative = operate_arithmetic (c, '-', value_constant (c, feel_int (0)), v);
  return list_fold (c, OP_MOST_OF, list_of_items (c, (const Value *[]){ v, negative }, 2));
}

const Value *
function_builtin (Compiler *c, Text name, const Value *const *a, size_t n)
{
  for (size_t i = 0; i < G_N_ELEMENTS (roundings); i++)
    if (is (name, roundings[i].name))
      return round_call (c, roundings[i].mode, a, n);
  if (is (name, "not"))
    return operate_not (c, a[0]);
  if (is (name, "abs"))
    return absolute (c, a[0]);
  if (is (name, "min") || is (name, "max") || is (name, "sum"))
    return list_fold (c,
                      is (name, "min")   ? OP_LEAST_OF
                      : is (name, "max") ? OP_MOST_OF
                                         : OP_SUM,
                      as_list (c, a, n));
  if (is (name, "count"))
    return list_count (c, as_list (c, a, n));
  if (is (name, "append"))
    return list_append (c, a[0], a[1]);
  if (is (name, "concatenate"))
    return list_concatenate (c, a[0]);
  if (is (name, "flatten") && n == 1)
    return list_flatten (c, a[0]);
  if (is (name, "distinct values") && n == 1)
    return list_distinct (c, a[0]);
  if (is (name, "list contains"))
    return list_contains (c, a[0], a[1]);
  if (is (name, "years and months duration"))
    return months_between (c, a[0], a[1]);
  return outside (c, "the function %.*s", (int)name.len, name.bytes);
}
