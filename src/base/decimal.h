/* Decimal: IEEE 754 decimal128 numbers, 34 digits, rounded half-even.
 *
 * Values are opaque 16 bytes.  Every operation is total: what has no value
 * (0/0, sqrt of -1, overflow) gives NaN, and the caller asks decimal_is_finite
 * once.  FEEL turns NaN into null with a diagnostic; policy code never sees it.
 *
 * Wraps Intel's decimal library for the arithmetic beyond everyday numbers; the
 * rest is ours and exact.  Printing gives plain digits, no exponent
 * ("0.00001", "250000"), as long as they fit the buffer. */
#pragma once

#include <glib.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include "text.h"

typedef struct {
  uint64_t w[2];
} __attribute__ ((aligned (16))) Decimal;

/* Longest plain rendering fits here only for "reasonable" exponents; beyond
 * them decimal_format switches to scientific notation ("1E+6144"). */
enum { DECIMAL_TEXT_MAX = 80 };

typedef enum {
  DECIMAL_ROUND_HALF_EVEN,
  DECIMAL_ROUND_HALF_UP,   /* half away from zero */
  DECIMAL_ROUND_HALF_DOWN, /* half towards zero */
  DECIMAL_ROUND_UP,        /* away from zero */
  DECIMAL_ROUND_DOWN,      /* towards zero */
  DECIMAL_ROUND_FLOOR,
  DECIMAL_ROUND_CEILING,
} DecimalRounding;

Decimal decimal_from_int64 (gint64 value);
/* VALUE × 10^-scale: decimal_from_scaled (12345, 2) is 123.45; NaN where no decimal
 * is exactly that. */
Decimal decimal_from_scaled (gint64 value, int scale);
/* [+-] digits [. digits] [(e|E) [+-] digits], also ".5" and "5."; nothing else.
 * Digits beyond the 34th are rounded half-even.  False (and *value untouched)
 * when TEXT is not that, or too large for a decimal. */
bool decimal_parse (Text text, Decimal *value);
/* Plain digits, trailing zeros kept only as the value carries them ("2.50").
 * Returns BUFFER (DECIMAL_TEXT_MAX bytes). */
char *decimal_format (Decimal value, char *buffer);
/* As above, without trailing zeros after the point: "2.5". */
char *decimal_format_short (Decimal value, char *buffer);

Decimal decimal_add (Decimal a, Decimal b);
Decimal decimal_sub (Decimal a, Decimal b);
Decimal decimal_mul (Decimal a, Decimal b);
Decimal decimal_div (Decimal a, Decimal b);
Decimal decimal_neg (Decimal a);
Decimal decimal_abs (Decimal a);
/* Integer powers are correct to the last digit, other powers, exp and log to one
 * unit of it; 0 to the power 0 is 1. */
Decimal decimal_pow (Decimal a, Decimal b);
Decimal decimal_sqrt (Decimal a);
Decimal decimal_exp (Decimal a);
Decimal decimal_log (Decimal a);
/* FEEL modulo: a − b × floor(a / b), the sign of b. */
Decimal decimal_modulo (Decimal a, Decimal b);
/* To SCALE digits after the point (negative: tens, hundreds…), exactly: 2.5 to
 * scale 2 is 2.50; unchanged where the zeros do not fit 34 digits. */
Decimal decimal_round (Decimal a, int scale, DecimalRounding mode);

static inline bool
decimal_is_finite (Decimal a)
{
  const uint64_t special = 0x7800000000000000u; /* all set: infinity or NaN */
  return (a.w[1] & special) != special;
}
/* −1, 0, 1; NaN is unordered and must not be passed (asserted). */
int decimal_compare_apart (Decimal a, Decimal b); /* the long way, for decimal_compare */
static inline int
decimal_compare (Decimal a, Decimal b)
{
  if (a.w[1] != b.w[1] || !decimal_is_finite (a))
    return decimal_compare_apart (a, b);
  int order = (a.w[0] > b.w[0]) - (a.w[0] < b.w[0]); /* signs, exponents and upper digits agree */
  return a.w[1] >> 63 ? -order : order;
}
/* 2.50 equals 2.5; NaN equals nothing. */
static inline bool
decimal_equal (Decimal a, Decimal b)
{
  return decimal_is_finite (a) && decimal_is_finite (b) && decimal_compare (a, b) == 0;
}
bool decimal_is_integer (Decimal a);
int decimal_sign (Decimal a);   /* −1, 0, 1 */
guint decimal_hash (Decimal a); /* equal values, equal hash */

/* The exact integer, false when A is no integer or does not fit. */
bool decimal_to_int64 (Decimal a, gint64 *value);
/* A × 10^scale as an exact int64 (yuan to fen: scale 2); false when digits
 * would be lost or it does not fit. */
bool decimal_to_scaled (Decimal a, int scale, gint64 *value);
/* Nearest binary double: for charts and for nothing a person is paid. */
double decimal_to_double (Decimal a);
