#include "feel_private.h"

/* Numbers, 10.3.4.5. */

static FeelValue
finite_number (Call *call, Decimal d)
{
  return decimal_is_finite (d) ? feel_number (d) : builtin_fail (call, "has no value here");
}

static FeelValue
round_to (Call *call, const FeelValue *a, DecimalRounding mode)
{
  gint64 scale = 0;
  if (a[1].kind == FEEL_NUMBER
      && (!decimal_to_int64 (decimal_round (a[1].number, 0, DECIMAL_ROUND_DOWN), &scale) || scale < -6111
          || scale > 6176))
    return builtin_fail (call, "scale must be from -6111 to 6176");
  return finite_number (call, decimal_round (a[0].number, (int)scale, mode));
}

static FeelValue
call_decimal (Call *call, const FeelValue *a)
{
  return round_to (call, a, DECIMAL_ROUND_HALF_EVEN);
}

static FeelValue
call_floor (Call *call, const FeelValue *a)
{
  return round_to (call, a, DECIMAL_ROUND_FLOOR);
}

static FeelValue
call_ceiling (Call *call, const FeelValue *a)
{
  return round_to (call, a, DECIMAL_ROUND_CEILING);
}

static FeelValue
call_round_up (Call *call, const FeelValue *a)
{
  return round_to (call, a, DECIMAL_ROUND_UP);
}

static FeelValue
call_round_down (Call *call, const FeelValue *a)
{
  return round_to (call, a, DECIMAL_ROUND_DOWN);
}

static FeelValue
call_round_half_up (Call *call, const FeelValue *a)
{
  return round_to (call, a, DECIMAL_ROUND_HALF_UP);
}

static FeelValue
call_round_half_down (Call *call, const FeelValue *a)
{
  return round_to (call, a, DECIMAL_ROUND_HALF_DOWN);
}

static FeelValue
call_abs (Call *call, const FeelValue *a)
{
  if (a[0].kind == FEEL_NUMBER)
    return feel_number (decimal_abs (a[0].number));
  bool negative = a[0].kind == FEEL_MONTHS_DURATION ? a[0].months < 0
                                                    : a[0].span.seconds < 0 || a[0].span.nanoseconds < 0;
  return negative ? operator_negate (a[0]) : a[0];
}

static FeelValue
call_modulo (Call *call, const FeelValue *a)
{
  if (decimal_sign (a[1].number) == 0)
    return builtin_fail (call, "nothing can be divided by zero");
  return finite_number (call, decimal_modulo (a[0].number, a[1].number));
}

static FeelValue
call_sqrt (Call *call, const FeelValue *a)
{
  return finite_number (call, decimal_sqrt (a[0].number));
}

static FeelValue
call_log (Call *call, const FeelValue *a)
{
  return finite_number (call, decimal_log (a[0].number));
}

static FeelValue
call_exp (Call *call, const FeelValue *a)
{
  return finite_number (call, decimal_exp (a[0].number));
}

static FeelValue
is_multiple_of_two (Call *call, Decimal d, bool even)
{
  if (!decimal_is_integer (d))
    return feel_boolean (false);
  return feel_boolean ((decimal_sign (decimal_modulo (d, decimal_from_int64 (2))) == 0) == even);
}

static FeelValue
call_odd (Call *call, const FeelValue *a)
{
  return is_multiple_of_two (call, a[0].number, false);
}

static FeelValue
call_even (Call *call, const FeelValue *a)
{
  return is_multiple_of_two (call, a[0].number, true);
}

#define N                                                                                                    \
  {                                                                                                          \
    "n", K_NUMBER                                                                                            \
  }
#define NUMBER                                                                                               \
  {                                                                                                          \
    "number", K_NUMBER                                                                                       \
  }
#define SCALE                                                                                                \
  {                                                                                                          \
    "scale", K_NUMBER                                                                                        \
  }

const Builtin builtins_number[] = {
  { "decimal", call_decimal, &feel_type_number, { N, SCALE }, 2 },
  { "floor", call_floor, &feel_type_number, { N, SCALE }, 1 },
  { "ceiling", call_ceiling, &feel_type_number, { N, SCALE }, 1 },
  { "round up", call_round_up, &feel_type_number, { N, SCALE }, 2 },
  { "round down", call_round_down, &feel_type_number, { N, SCALE }, 2 },
  { "round half up", call_round_half_up, &feel_type_number, { N, SCALE }, 2 },
  { "round half down", call_round_half_down, &feel_type_number, { N, SCALE }, 2 },
  { "abs", call_abs, &feel_type_any, { { "n", K_NUMBER | K_DAYS | K_MONTHS } }, 1 },
  { "modulo", call_modulo, &feel_type_number, { { "dividend", K_NUMBER }, { "divisor", K_NUMBER } }, 2 },
  { "sqrt", call_sqrt, &feel_type_number, { NUMBER }, 1 },
  { "log", call_log, &feel_type_number, { NUMBER }, 1 },
  { "exp", call_exp, &feel_type_number, { NUMBER }, 1 },
  { "odd", call_odd, &feel_type_boolean, { NUMBER }, 1 },
  { "even", call_even, &feel_type_boolean, { NUMBER }, 1 },
  { 0 },
};
