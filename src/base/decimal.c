/* The encoding is IEEE 754-2019, 3.5.2, binary integer decimal: 1 sign bit, 14
 * exponent bits (bias 6176), 113 coefficient bits.  Values made here are always
 * canonical: coefficient below 10^34, one NaN, no infinity, no negative zero.
 * So reading, printing, rounding and scaling are integer work on the parts, and so
 * are sums, products and comparisons of everyday numbers; what needs rounding or
 * many digits, and the functions of analysis, go to Intel's library. */
#include "decimal.h"

#include <bid_conf.h>
#include <bid_functions.h>
#include <string.h>

typedef unsigned __int128 Wide;

enum { DIGITS = 34, BIAS = 6176, EXPONENT_MIN = -6176, EXPONENT_MAX = 6111 };

/* In the high word. */
static const uint64_t sign_bit = 0x8000000000000000u;
static const uint64_t coefficient_bits = 0x1ffffffffffffu;

static const uint64_t ten19 = 10000000000000000000u;
static const Decimal nan_value = { { 0, 0x7c00000000000000u } };

/* The value (−1)^negative × coefficient × 10^exponent. */
typedef struct {
  Wide coefficient;
  int exponent;
  bool negative;
} Parts;

static Wide
power_of_ten (int n)
{
  /* clang-format off */
  static const uint64_t small[] = {
    1u, 10u, 100u, 1000u, 10000u, 100000u, 1000000u, 10000000u, 100000000u, 1000000000u, 10000000000u,
    100000000000u, 1000000000000u, 10000000000000u, 100000000000000u, 1000000000000000u, 10000000000000000u,
    100000000000000000u, 1000000000000000000u, 10000000000000000000u
  };
  /* clang-format on */
  return n < 20 ? small[n] : (Wide)ten19 * small[n - 19];
}

static Parts
unpack (Decimal a)
{
  return (Parts){ .coefficient = (Wide)(a.w[1] & coefficient_bits) << 64 | a.w[0],
                  .exponent = (int)(a.w[1] >> 49 & 0x3fff) - BIAS,
                  .negative = (a.w[1] & sign_bit) != 0 };
}

/* For an exponent in range. */
static inline Decimal
pack_in_range (bool negative, Wide coefficient, int exponent)
{
  uint64_t high = (negative && coefficient ? sign_bit : 0) | (uint64_t)(exponent + BIAS) << 49;
  return (Decimal){ { (uint64_t)coefficient, high | (uint64_t)(coefficient >> 64) } };
}

/* Takes any exponent, padding or dropping zeros where that brings it into range;
 * NaN where it does not. */
static Decimal
pack (bool negative, Wide coefficient, gint64 exponent)
{
  if (coefficient == 0)
    exponent = CLAMP (exponent, EXPONENT_MIN, EXPONENT_MAX);
  while (exponent > EXPONENT_MAX && coefficient < power_of_ten (DIGITS - 1)) {
    coefficient *= 10;
    exponent--;
  }
  while (exponent < EXPONENT_MIN && coefficient % 10 == 0) {
    coefficient /= 10;
    exponent++;
  }
  if (exponent > EXPONENT_MAX || exponent < EXPONENT_MIN)
    return nan_value;
  return pack_in_range (negative, coefficient, (int)exponent);
}

static BID_UINT128
to_bid (Decimal a)
{
  BID_UINT128 x;
  x.w[0] = a.w[0];
  x.w[1] = a.w[1];
  return x;
}

/* A result of the library made canonical. */
static Decimal
from_bid (BID_UINT128 x)
{
  Decimal a = { { x.w[0], x.w[1] } };
  if (!decimal_is_finite (a))
    return nan_value;
  if (a.w[0] == 0 && (a.w[1] & coefficient_bits) == 0)
    a.w[1] &= ~sign_bit;
  return a;
}

Decimal
decimal_from_int64 (gint64 value)
{
  uint64_t magnitude = value < 0 ? -(uint64_t)value : (uint64_t)value;
  return (Decimal){ { magnitude, (value < 0 ? sign_bit : 0) | (uint64_t)BIAS << 49 } };
}

Decimal
decimal_from_scaled (gint64 value, int scale)
{
  uint64_t magnitude = value < 0 ? -(uint64_t)value : (uint64_t)value;
  return pack (value < 0, magnitude, -(gint64)scale);
}

/* ---- reading ---- */

/* What the grammar found: significant digits lie in TEXT from FIRST on, with at
 * most one point between them. */
typedef struct {
  const char *first; /* first digit that is not zero, NULL when all are */
  gint64 n_digits;   /* from FIRST on */
  gint64 exponent;   /* of the last digit */
  bool negative;
} Numeral;

static bool
read_exponent (const char *p, const char *end, gint64 *exponent)
{
  const gint64 far = G_GINT64_CONSTANT (1) << 48;
  bool negative = p < end && *p == '-';
  if (p < end && (*p == '-' || *p == '+'))
    p++;
  if (p == end)
    return false;
  gint64 value = 0;
  for (; p < end; p++) {
    if (!g_ascii_isdigit (*p))
      return false;
    value = MIN (value * 10 + (*p - '0'), far);
  }
  *exponent += negative ? -value : value;
  return true;
}

static bool
read_numeral (Text text, Numeral *n)
{
  const char *p = text.bytes, *end = p + text.len;
  *n = (Numeral){ .negative = p < end && *p == '-' };
  if (p < end && (*p == '-' || *p == '+'))
    p++;
  bool any = false, point = false;
  for (; p < end && (g_ascii_isdigit (*p) || (*p == '.' && !point)); p++) {
    if (*p == '.') {
      point = true;
      continue;
    }
    any = true;
    n->exponent -= point;
    if (!n->first && *p != '0')
      n->first = p;
    n->n_digits += n->first != NULL;
  }
  if (!any)
    return false;
  if (p == end)
    return true;
  return (*p == 'e' || *p == 'E') && read_exponent (p + 1, end, &n->exponent);
}

/* The first KEEP digits as an integer, rounded half-even by those that follow. */
static Wide
round_numeral (const Numeral *n, gint64 keep)
{
  Wide value = 0;
  int next = 0;
  bool rest = false;
  gint64 i = 0;
  for (const char *p = n->first; i < n->n_digits; p++) {
    if (*p == '.')
      continue;
    int digit = *p - '0';
    if (i < keep)
      value = value * 10 + (unsigned)digit;
    else if (i == keep)
      next = digit;
    else if (digit) {
      rest = true;
      break;
    }
    i++;
  }
  bool up = next > 5 || (next == 5 && (rest || value % 2 == 1));
  return value + up;
}

bool
decimal_parse (Text text, Decimal *value)
{
  Numeral n;
  if (!read_numeral (text, &n))
    return false;
  if (!n.first) {
    *value = pack (false, 0, n.exponent);
    return true;
  }
  gint64 keep = MIN (n.n_digits, DIGITS);
  gint64 exponent = n.exponent + (n.n_digits - keep);
  if (exponent < EXPONENT_MIN) {
    keep -= EXPONENT_MIN - exponent;
    exponent = EXPONENT_MIN;
  }
  Wide coefficient = keep < 0 ? 0 : round_numeral (&n, keep);
  if (coefficient == power_of_ten (DIGITS)) {
    coefficient /= 10;
    exponent++;
  }
  Decimal read = pack (n.negative, coefficient, exponent);
  if (!decimal_is_finite (read))
    return false;
  *value = read;
  return true;
}

/* ---- printing ---- */

/* The digits of COEFFICIENT into OUT (not terminated); returns how many. */
static int
write_digits (Wide coefficient, char *out)
{
  char reversed[40];
  int n = 0;
  while (coefficient >> 64) {
    uint64_t low = (uint64_t)(coefficient % ten19);
    coefficient /= ten19;
    for (int i = 0; i < 19; i++, low /= 10)
      reversed[n++] = (char)('0' + low % 10);
  }
  uint64_t rest = (uint64_t)coefficient;
  do
    reversed[n++] = (char)('0' + rest % 10);
  while ((rest /= 10) != 0);
  for (int i = 0; i < n; i++)
    out[i] = reversed[n - 1 - i];
  return n;
}

static char *
fill (char *p, char c, int n)
{
  memset (p, c, (size_t)n);
  return p + n;
}

static char *
append (char *p, const char *bytes, int n)
{
  memcpy (p, bytes, (size_t)n);
  return p + n;
}

static char *
write_scientific (char *p, const char *digits, int n, int exponent)
{
  *p++ = digits[0];
  if (n > 1) {
    *p++ = '.';
    p = append (p, digits + 1, n - 1);
  }
  return p + g_snprintf (p, 8, "E%+d", exponent + n - 1);
}

static char *
write_plain (char *p, const char *digits, int n, int exponent)
{
  if (exponent >= 0)
    return fill (append (p, digits, n), '0', exponent);
  int before = n + exponent; /* digits before the point */
  if (before > 0) {
    p = append (p, digits, before);
    *p++ = '.';
    return append (p, digits + before, n - before);
  }
  p = append (p, "0.", 2);
  return append (fill (p, '0', -before), digits, n);
}

static char *
format_parts (Parts parts, char *buffer)
{
  enum { ROOM = DECIMAL_TEXT_MAX - 4 }; /* sign, "0.", NUL */
  char digits[40];
  int n = write_digits (parts.coefficient, digits);
  char *p = buffer;
  if (parts.negative)
    *p++ = '-';
  if (parts.coefficient == 0 && parts.exponent > 0)
    parts.exponent = 0;
  if (n + parts.exponent > ROOM || -parts.exponent > ROOM)
    p = write_scientific (p, digits, n, parts.exponent);
  else
    p = write_plain (p, digits, n, parts.exponent);
  *p = '\0';
  return buffer;
}

/* The same value without trailing zeros in the coefficient. */
static Parts
reduce (Parts parts)
{
  if (parts.coefficient == 0)
    return (Parts){ 0, 0, false };
  while (parts.coefficient >> 64 && parts.coefficient % 10 == 0) {
    parts.coefficient /= 10;
    parts.exponent++;
  }
  if (parts.coefficient >> 64)
    return parts;
  uint64_t low = (uint64_t)parts.coefficient;
  for (; low % 10 == 0; low /= 10)
    parts.exponent++;
  parts.coefficient = low;
  return parts;
}

char *
decimal_format (Decimal value, char *buffer)
{
  return decimal_is_finite (value) ? format_parts (unpack (value), buffer) : memcpy (buffer, "NaN", 4);
}

char *
decimal_format_short (Decimal value, char *buffer)
{
  return decimal_is_finite (value) ? format_parts (reduce (unpack (value)), buffer)
                                   : memcpy (buffer, "NaN", 4);
}

/* ---- arithmetic ---- */

#define BINARY(name, function)                                                                               \
  Decimal name (Decimal a, Decimal b)                                                                        \
  {                                                                                                          \
    _IDEC_flags flags = 0;                                                                                   \
    return from_bid (function (to_bid (a), to_bid (b), BID_ROUNDING_TO_NEAREST, &flags));                    \
  }
#define UNARY(name, function)                                                                                \
  Decimal name (Decimal a)                                                                                   \
  {                                                                                                          \
    _IDEC_flags flags = 0;                                                                                   \
    return from_bid (function (to_bid (a), BID_ROUNDING_TO_NEAREST, &flags));                                \
  }

static BINARY (add_any, bid128_add) static BINARY (multiply_any, bid128_mul) BINARY (decimal_div, bid128_div)
    UNARY (decimal_sqrt, bid128_sqrt) UNARY (decimal_exp, bid128_exp) UNARY (decimal_log, bid128_log)

    /* Brings both to the smaller exponent, exactly; false when that could take more
     * than 126 bits. */
    static bool align (Parts *a, Parts *b)
{
  int gap = a->exponent - b->exponent;
  Parts *coarse = gap > 0 ? a : b, *fine = gap > 0 ? b : a;
  gap = ABS (gap);
  if (gap == 0)
    return true;
  if (gap > 18 || coarse->coefficient >> 64)
    return false;
  coarse->coefficient *= power_of_ten (gap);
  coarse->exponent = fine->exponent;
  return true;
}

/* The exponents are those the library gives exact results (5.2 of the standard):
 * the smaller one of a sum, the sum of a product's. */
Decimal
decimal_add (Decimal a, Decimal b)
{
  Parts x = unpack (a), y = unpack (b);
  if (!decimal_is_finite (a) || !decimal_is_finite (b) || !align (&x, &y))
    return add_any (a, b);
  bool swap = x.coefficient < y.coefficient;
  Parts large = swap ? y : x, small = swap ? x : y;
  Wide sum = large.negative == small.negative ? large.coefficient + small.coefficient
                                              : large.coefficient - small.coefficient;
  if (sum >= power_of_ten (DIGITS))
    return add_any (a, b);
  return pack_in_range (large.negative, sum, large.exponent);
}

Decimal
decimal_sub (Decimal a, Decimal b)
{
  return decimal_add (a, decimal_neg (b));
}

Decimal
decimal_mul (Decimal a, Decimal b)
{
  Parts x = unpack (a), y = unpack (b);
  int exponent = x.exponent + y.exponent;
  if (!decimal_is_finite (a) || !decimal_is_finite (b) || x.coefficient >> 64 || y.coefficient >> 64
      || exponent < EXPONENT_MIN || exponent > EXPONENT_MAX)
    return multiply_any (a, b);
  Wide product = x.coefficient * y.coefficient;
  if (product >= power_of_ten (DIGITS))
    return multiply_any (a, b);
  return pack_in_range (x.negative != y.negative, product, exponent);
}

Decimal
decimal_neg (Decimal a)
{
  if (decimal_is_finite (a) && decimal_sign (a) != 0)
    a.w[1] ^= sign_bit;
  return a;
}

Decimal
decimal_abs (Decimal a)
{
  return decimal_sign (a) < 0 ? decimal_neg (a) : a;
}

/* A number of twice the digits: high + low, low below half a unit of high. */
typedef struct {
  Decimal high, low;
} Pair;

static Decimal
multiply_add (Decimal a, Decimal b, Decimal c)
{
  _IDEC_flags flags = 0;
  return from_bid (bid128_fma (to_bid (a), to_bid (b), to_bid (c), BID_ROUNDING_TO_NEAREST, &flags));
}

static Pair
pair_multiply (Pair a, Pair b)
{
  Decimal high = decimal_mul (a.high, b.high);
  Decimal low = multiply_add (a.high, b.high, decimal_neg (high));
  low = decimal_add (low, multiply_add (a.high, b.low, decimal_mul (a.low, b.high)));
  Decimal sum = decimal_add (high, low);
  return (Pair){ sum, decimal_sub (low, decimal_sub (sum, high)) };
}

/* A^N by squaring, carried in double precision so that the last digit is right
 * (and exact powers come out exact). */
static Decimal
integer_power (Decimal a, gint64 n)
{
  Decimal zero = decimal_from_int64 (0), one = decimal_from_int64 (1);
  Pair result = { one, zero }, square = { a, zero };
  for (guint64 left = (guint64)ABS (n); left; left >>= 1) {
    if (left & 1)
      result = pair_multiply (result, square);
    if (left > 1)
      square = pair_multiply (square, square);
  }
  if (n >= 0)
    return result.high;
  if (!decimal_is_finite (result.high)) /* 1 over more than the largest number */
    return zero;
  Decimal quotient = decimal_div (one, result.high);
  Decimal rest = multiply_add (decimal_neg (quotient), result.high, one);
  rest = multiply_add (decimal_neg (quotient), result.low, rest);
  return decimal_add (quotient, decimal_div (rest, result.high));
}

Decimal
decimal_pow (Decimal a, Decimal b)
{
  const gint64 limit = 1000000000;
  gint64 n;
  if (!decimal_is_finite (a) || !decimal_is_finite (b))
    return nan_value;
  if (decimal_to_int64 (b, &n) && n >= -limit && n <= limit)
    return integer_power (a, n);
  if (decimal_equal (b, decimal_from_scaled (5, 1)))
    return decimal_sqrt (a);
  _IDEC_flags flags = 0;
  return from_bid (bid128_pow (to_bid (a), to_bid (b), BID_ROUNDING_TO_NEAREST, &flags));
}

Decimal
decimal_modulo (Decimal a, Decimal b)
{
  _IDEC_flags flags = 0;
  Decimal rest = from_bid (bid128_fmod (to_bid (a), to_bid (b), &flags)); /* exact, sign of A */
  if (decimal_sign (rest) * decimal_sign (b) < 0)
    return decimal_add (rest, b);
  return rest;
}

/* Whether the magnitude goes up by one unit.  HALF: remainder against half a
 * unit, −1, 0, 1; EXACT: there is no remainder. */
static bool
rounds_up (DecimalRounding mode, int half, bool exact, bool odd, bool negative)
{
  if (exact)
    return false;
  switch (mode) {
  case DECIMAL_ROUND_HALF_EVEN: return half > 0 || (half == 0 && odd);
  case DECIMAL_ROUND_HALF_UP: return half >= 0;
  case DECIMAL_ROUND_HALF_DOWN: return half > 0;
  case DECIMAL_ROUND_UP: return true;
  case DECIMAL_ROUND_DOWN: return false;
  case DECIMAL_ROUND_FLOOR: return negative;
  case DECIMAL_ROUND_CEILING: return !negative;
  }
  g_assert_not_reached ();
}

Decimal
decimal_round (Decimal a, int scale, DecimalRounding mode)
{
  if (!decimal_is_finite (a))
    return a;
  Parts parts = unpack (a);
  gint64 drop = -(gint64)scale - parts.exponent;
  if (drop <= 0) { /* nothing to round: pad with zeros where they fit */
    gint64 pad = -drop;
    bool fits
        = parts.coefficient == 0 || (pad < DIGITS && parts.coefficient < power_of_ten (DIGITS - (int)pad));
    if (!fits || scale > -EXPONENT_MIN)
      return a;
    Wide padded = parts.coefficient ? parts.coefficient * power_of_ten ((int)pad) : 0;
    return pack (parts.negative, padded, -(gint64)scale);
  }
  Wide quotient = 0, rest = parts.coefficient;
  int half = -1;
  if (drop <= DIGITS) {
    Wide unit = power_of_ten ((int)drop);
    quotient = parts.coefficient / unit;
    rest = parts.coefficient % unit;
    half = rest * 2 < unit ? -1 : rest * 2 > unit;
  }
  quotient += rounds_up (mode, half, rest == 0, quotient & 1, parts.negative);
  return pack (parts.negative, quotient, -(gint64)scale);
}

/* ---- asking ---- */

int
decimal_sign (Decimal a)
{
  if (!decimal_is_finite (a) || unpack (a).coefficient == 0)
    return 0;
  return a.w[1] & sign_bit ? -1 : 1;
}

int
decimal_compare_apart (Decimal a, Decimal b)
{
  g_assert (decimal_is_finite (a) && decimal_is_finite (b));
  Parts x = unpack (a), y = unpack (b);
  if (x.negative != y.negative)
    return x.negative ? -1 : 1;
  if (align (&x, &y)) {
    int order = (x.coefficient > y.coefficient) - (x.coefficient < y.coefficient);
    return x.negative ? -order : order;
  }
  _IDEC_flags flags = 0;
  if (bid128_quiet_less (to_bid (a), to_bid (b), &flags))
    return -1;
  return bid128_quiet_greater (to_bid (a), to_bid (b), &flags);
}

bool
decimal_is_integer (Decimal a)
{
  if (!decimal_is_finite (a))
    return false;
  Parts parts = unpack (a);
  if (parts.exponent >= 0 || parts.coefficient == 0)
    return true;
  return -parts.exponent < DIGITS && parts.coefficient % power_of_ten (-parts.exponent) == 0;
}

guint
decimal_hash (Decimal a)
{
  if (!decimal_is_finite (a))
    return 0;
  Parts parts = reduce (unpack (a));
  uint64_t mix = (uint64_t)parts.coefficient ^ (uint64_t)(parts.coefficient >> 64) * 0x9e3779b97f4a7c15u;
  mix = (mix ^ (uint64_t)(parts.exponent * 2 + parts.negative)) * 0xff51afd7ed558ccdu;
  return (guint)(mix ^ mix >> 32);
}

bool
decimal_to_scaled (Decimal a, int scale, gint64 *value)
{
  if (!decimal_is_finite (a))
    return false;
  Parts parts = unpack (a);
  gint64 shift = (gint64)parts.exponent + scale;
  Wide magnitude = parts.coefficient;
  if (magnitude && shift > 0) {
    if (shift >= 19 || magnitude >> 63)
      return false;
    magnitude *= power_of_ten ((int)shift);
  } else if (magnitude && shift < 0) {
    if (shift <= -DIGITS || magnitude % power_of_ten ((int)-shift))
      return false;
    magnitude /= power_of_ten ((int)-shift);
  }
  if (magnitude > (Wide)G_MAXINT64 + parts.negative)
    return false;
  *value = parts.negative ? (gint64) - (uint64_t)magnitude : (gint64)magnitude;
  return true;
}

bool
decimal_to_int64 (Decimal a, gint64 *value)
{
  return decimal_to_scaled (a, 0, value);
}

double
decimal_to_double (Decimal a)
{
  _IDEC_flags flags = 0;
  return bid128_to_binary64 (to_bid (a), BID_ROUNDING_TO_NEAREST, &flags);
}
