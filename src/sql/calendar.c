/* Dates and roundings by whole numbers alone: databases' own dates begin and end in
 * different years, and their divisions of other than whole numbers are not exact.
 *
 * The proleptic Gregorian calendar as in columns/kernels.c (C. Neri, L. Schneider, "Euclidean
 * affine functions and their application to calendar algorithms", 2022): days are counted from
 * a March so many ERAS of 400 years before that of the year 0 that all is positive, months from
 * the January before it. */
#include "sql_private.h"

enum { ERAS = 2500, DAYS_BEFORE = 719468 + 146097 * ERAS, YEARS_BEFORE = 400 * ERAS };

/* ---- whole numbers -------------------------------------------------------------- */

static int
plus (SqlQueries *q, int a, gint64 x)
{
  return node_add (q, a, node_number (q, x, 1));
}

static int
minus (SqlQueries *q, int a, int b)
{
  return NODE (q, TYPE_NUMBER, BINDS_ADD, "\1a5 - \1b6", a, b);
}

static int
times (SqlQueries *q, gint64 x, int a)
{
  return NODE (q, TYPE_NUMBER, BINDS_MULTIPLY, "\1a6 * \1b7", node_number (q, x, 1), a);
}

static int
divided (SqlQueries *q, int a, gint64 x)
{
  return node_divide (q, a, node_number (q, x, 1));
}

static int
rest (SqlQueries *q, int a, gint64 x)
{
  return node_remainder (q, a, node_number (q, x, 1));
}

/* ---- days to months and back ------------------------------------------------------ */

typedef struct {
  int months; /* from the first on */
  int day;    /* of the month, from 1 */
} Civil;

static Civil
civil_of (SqlQueries *q, int day)
{
  int quarters = plus (q, times (q, 4, plus (q, day, DAYS_BEFORE)), 3);
  int century = divided (q, quarters, 146097);
  int of_century = plus (q, times (q, 4, divided (q, rest (q, quarters, 146097), 4)), 3);
  int years = node_add (q, times (q, 100, century), divided (q, of_century, 1461));
  int of_year = plus (q, times (q, 5, divided (q, rest (q, of_century, 1461), 4)), 2);
  return (Civil){ plus (q, node_add (q, times (q, 12, years), divided (q, of_year, 153)), 2),
                  plus (q, divided (q, rest (q, of_year, 153), 5), 1) };
}

/* The day before the first of a month, as days since 1970. */
static int
before_month (SqlQueries *q, int months)
{
  int from_march = plus (q, months, -2), years = divided (q, from_march, 12);
  int leaps
      = node_add (q, minus (q, divided (q, years, 4), divided (q, years, 100)), divided (q, years, 400));
  int of_year = divided (q, plus (q, times (q, 153, rest (q, from_march, 12)), 2), 5);
  return plus (q, node_add (q, node_add (q, times (q, 365, years), leaps), of_year), -DAYS_BEFORE - 1);
}

int
calendar_year (SqlQueries *q, int day)
{
  return plus (q, divided (q, civil_of (q, day).months, 12), -YEARS_BEFORE);
}

int
calendar_month (SqlQueries *q, int day)
{
  return plus (q, rest (q, civil_of (q, day).months, 12), 1);
}

int
calendar_day (SqlQueries *q, int day)
{
  return civil_of (q, day).day;
}

/* The same day of the month so many months on, or its last. */
int
calendar_add_months (SqlQueries *q, int day, int months)
{
  Civil civil = civil_of (q, day);
  int then = node_add (q, civil.months, months);
  int same = node_add (q, before_month (q, then), civil.day), last = before_month (q, plus (q, then, 1));
  return NODE (q, TYPE_NUMBER, BINDS_ATOM, q->dialect == SQL_SQLITE ? "min(\1a0, \1b0)" : "least(\1a0, \1b0)",
               same, last);
}

/* Whole months, towards zero. */
int
calendar_months_between (SqlQueries *q, int from, int to)
{
  Civil a = civil_of (q, from), b = civil_of (q, to);
  return NODE (q, TYPE_NUMBER, BINDS_ATOM,
               "CASE WHEN \1a5 > 0 AND \1b5 < \1c5 THEN \1a5 - 1"
               " WHEN \1a5 < 0 AND \1b5 > \1c5 THEN \1a5 + 1 ELSE \1a0 END",
               minus (q, b.months, a.months), b.day, a.day);
}

/* ---- roundings --------------------------------------------------------------------- */

static int
magnitude (SqlQueries *q, int a)
{
  gint64 x;
  if (node_is_constant (q, a, &x) && x >= 0)
    return a;
  return NODE (q, TYPE_NUMBER, BINDS_ATOM, "CASE WHEN \1a5 < 0 THEN -\1a9 ELSE \1a0 END", a);
}

/* Whether the quotient's magnitude goes up by one: REST is left of DIVISOR. */
static int
goes_up (SqlQueries *q, int mode, int left, int divisor, int quotient, int negative)
{
  int other = minus (q, divisor, left);
  switch (mode) {
  case DECIMAL_ROUND_HALF_EVEN:
    return NODE (q, TYPE_MASK, BINDS_OR, "\1a5 > \1b5 OR \1a5 = \1b5 AND \1c5 = 1", left, other,
                 rest (q, quotient, 2));
  case DECIMAL_ROUND_HALF_UP: return NODE (q, TYPE_MASK, BINDS_COMPARE, "\1a5 >= \1b5", left, other);
  case DECIMAL_ROUND_HALF_DOWN: return NODE (q, TYPE_MASK, BINDS_COMPARE, "\1a5 > \1b5", left, other);
  case DECIMAL_ROUND_UP: return NODE (q, TYPE_MASK, BINDS_COMPARE, "\1a5 > 0", left);
  case DECIMAL_ROUND_DOWN: return node_truth (q, false);
  case DECIMAL_ROUND_FLOOR: return NODE (q, TYPE_MASK, BINDS_AND, "\1a5 > 0 AND \1b2", left, negative);
  default: return NODE (q, TYPE_MASK, BINDS_AND, "\1a5 > 0 AND NOT \1b9", left, negative);
  }
}

/* As kernel_divide: a division by 0 divides by 1, for a row that is none. */
int
rounded_quotient (SqlQueries *q, int a, int b, int mode)
{
  gint64 x;
  bool positive = node_is_constant (q, b, &x) && x > 0;
  int up = magnitude (q, a), down = magnitude (q, b), by = down;
  if (!positive)
    by = NODE (q, TYPE_NUMBER, BINDS_ATOM, "CASE WHEN \1a5 = 0 THEN 1 ELSE \1a0 END", down);
  int negative = positive ? NODE (q, TYPE_MASK, BINDS_COMPARE, "\1a5 < 0", a)
                          : NODE (q, TYPE_MASK, BINDS_COMPARE, "(\1a5 < 0) <> (\1b5 < 0)", a, b);
  int quotient = node_divide (q, up, by);
  int more = node_weight (q, goes_up (q, mode, node_remainder (q, up, by), by, quotient, negative), 1);
  return NODE (q, TYPE_NUMBER, BINDS_ATOM, "CASE WHEN \1a0 THEN -\1b9 ELSE \1b0 END", negative,
               node_add (q, quotient, more));
}
