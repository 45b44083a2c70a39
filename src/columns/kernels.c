/* The operations' loops: no branches where rows differ, vectors as wide as the machine has.
 *
 * Compiled with -O3, for the loops are written to be vectorised.  Each is compiled for
 * several levels of x86-64 and chosen when the program starts (GCC's target_clones);
 * sanitizers start later than that and get one level. */
#include "columns_private.h"

#include <string.h>

#if defined(__x86_64__) && defined(__GNUC__) && !defined(__clang__) && !defined(__SANITIZE_ADDRESS__)        \
    && !defined(__SANITIZE_THREAD__)
#define CLONES __attribute__ ((target_clones ("arch=x86-64-v4", "arch=x86-64-v3", "default")))
#else
#define CLONES
#endif

static inline guint8
mask_of (bool b)
{
  return (guint8) - (int)b;
}

void
kernel_fill (void *r, int width, gint64 x, size_t n)
{
  if (width == 1)
    memset (r, (int)x, n);
  else
    for (size_t i = 0; i < n; i++)
      ((gint64 *)r)[i] = x;
}

/* A function for each: they are called so often that a question which one it is would be felt. */
#define MASKS(name, Result)                                                                                  \
  CLONES void name (guint8 *restrict r, const guint8 *restrict a, const guint8 *restrict b, size_t n)        \
  {                                                                                                          \
    for (size_t i = 0; i < n; i++)                                                                           \
      r[i] = (guint8)(Result);                                                                               \
  }

MASKS (kernel_and, a[i] & b[i])
MASKS (kernel_or, a[i] | b[i])
MASKS (kernel_and_not, a[i] & ~b[i])
MASKS (kernel_xor, a[i] ^ b[i])

CLONES void
kernel_not (guint8 *restrict r, const guint8 *restrict a, size_t n)
{
  for (size_t i = 0; i < n; i++)
    r[i] = (guint8)~a[i];
}

/* LOW and HIGH are within the width (plane_range sees to it). */
#define RANGE(Type)                                                                                          \
  {                                                                                                          \
    const Type *restrict v = a;                                                                              \
    const Type l = (Type)low, h = (Type)high;                                                                \
    for (size_t i = 0; i < n; i++)                                                                           \
      r[i] = mask_of ((v[i] >= l) & (v[i] <= h));                                                            \
  }

CLONES void
kernel_range (guint8 *restrict r, const void *a, int width, gint64 low, gint64 high, size_t n)
{
  switch (width) {
  case 1: RANGE (gint8); break;
  case 2: RANGE (gint16); break;
  case 4: RANGE (gint32); break;
  default: RANGE (gint64);
  }
}

CLONES void
kernel_compare (OpKind kind, guint8 *restrict r, const gint64 *restrict a, const gint64 *restrict b, size_t n)
{
  if (kind == OP_EQUAL)
    for (size_t i = 0; i < n; i++)
      r[i] = mask_of (a[i] == b[i]);
  else if (kind == OP_LESS)
    for (size_t i = 0; i < n; i++)
      r[i] = mask_of (a[i] < b[i]);
  else
    for (size_t i = 0; i < n; i++)
      r[i] = mask_of (a[i] <= b[i]);
}

#define WIDEN(Type)                                                                                          \
  {                                                                                                          \
    const Type *restrict v = a;                                                                              \
    for (size_t i = 0; i < n; i++)                                                                           \
      r[i] = v[i];                                                                                           \
  }

CLONES void
kernel_widen (gint64 *restrict r, const void *a, int width, size_t n)
{
  switch (width) {
  case 1: WIDEN (gint8); break;
  case 2: WIDEN (gint16); break;
  default: WIDEN (gint32);
  }
}

CLONES void
kernel_arithmetic (OpKind kind, gint64 *restrict r, const gint64 *restrict a, const gint64 *restrict b,
                   size_t n)
{
  switch (kind) {
  case OP_ADD:
    for (size_t i = 0; i < n; i++)
      r[i] = a[i] + b[i];
    break;
  case OP_SUBTRACT:
    for (size_t i = 0; i < n; i++)
      r[i] = a[i] - b[i];
    break;
  case OP_MULTIPLY:
    for (size_t i = 0; i < n; i++)
      r[i] = a[i] * b[i];
    break;
  case OP_LEAST:
    for (size_t i = 0; i < n; i++)
      r[i] = a[i] < b[i] ? a[i] : b[i];
    break;
  default:
    for (size_t i = 0; i < n; i++)
      r[i] = a[i] > b[i] ? a[i] : b[i];
  }
}

CLONES void
kernel_pick (guint8 *restrict r, const guint8 *restrict mask, gint64 x, const guint8 *restrict otherwise,
             size_t n)
{
  const guint8 value = (guint8)x;
  for (size_t i = 0; i < n; i++)
    r[i] = (guint8)((mask[i] & value) | (~mask[i] & otherwise[i]));
}

CLONES void
kernel_blend (gint64 *restrict r, const guint8 *restrict mask, const gint64 *restrict yes,
              const gint64 *restrict no, size_t n)
{
  for (size_t i = 0; i < n; i++)
    r[i] = mask[i] ? yes[i] : no[i];
}

CLONES void
kernel_bit (guint8 *restrict r, const gint32 *restrict a, int bit, size_t n)
{
  for (size_t i = 0; i < n; i++)
    r[i] = mask_of (a[i] >> bit & 1);
}

CLONES void
kernel_bits (guint8 *restrict r, const guint8 *restrict a, const guint8 *restrict mask, gint64 bit, size_t n)
{
  const guint8 value = (guint8)(1u << bit);
  for (size_t i = 0; i < n; i++)
    r[i] = a[i] | (mask[i] & value);
}

#define LOOK_UP(Result, Code)                                                                                \
  {                                                                                                          \
    Result *restrict to = r;                                                                                 \
    const Code *restrict codes = a;                                                                          \
    const Result *restrict from = data;                                                                      \
    for (size_t i = 0; i < n; i++)                                                                           \
      to[i] = from[codes[i]];                                                                                \
  }

#define LOOK_UP_AS(Result)                                                                                   \
  switch (a_width) {                                                                                         \
  case 1: LOOK_UP (Result, guint8); break;                                                                   \
  case 2: LOOK_UP (Result, gint16); break;                                                                   \
  case 4: LOOK_UP (Result, gint32); break;                                                                   \
  default: LOOK_UP (Result, gint64);                                                                         \
  }

CLONES void
kernel_look_up (void *r, int width, const void *a, int a_width, const void *data, size_t n)
{
  if (width == 1)
    LOOK_UP_AS (guint8)
  else
    LOOK_UP_AS (gint64)
}

#define GATHER(Type)                                                                                         \
  {                                                                                                          \
    Type *restrict to = r;                                                                                   \
    const Type *restrict from = values;                                                                      \
    for (size_t i = 0; i < n; i++)                                                                           \
      to[i] = from[rows[i]];                                                                                 \
  }

CLONES void
kernel_gather (void *r, int width, const gint32 *rows, const void *values, size_t n)
{
  switch (width) {
  case 1: GATHER (guint8); break;
  case 2: GATHER (gint16); break;
  case 4: GATHER (gint32); break;
  default: GATHER (gint64);
  }
}

#define SPREAD(Type)                                                                                         \
  {                                                                                                          \
    Type *restrict to = r;                                                                                   \
    const Type *restrict from = a;                                                                           \
    for (size_t i = 0; i < n; i++)                                                                           \
      to[i] = from[owners[i]];                                                                               \
  }

void
kernel_spread (void *r, int width, const void *a, const guint32 *owners, size_t n)
{
  switch (width) {
  case 1: SPREAD (guint8); break;
  case 2: SPREAD (gint16); break;
  case 4: SPREAD (gint32); break;
  default: SPREAD (gint64);
  }
}

/* ---- rounding -------------------------------------------------------------- */

/* When a quotient's magnitude goes up by one (modes are those of base/decimal.h): to the nearest whole
 * number where the rest is more than half, or half and TIE_UP, or half after an odd one and
 * TIE_EVEN; else with any rest, if the result is of that sign. */
typedef struct {
  guint64 nearest, tie_up, tie_even, negative, positive;
} Rounding;

static const Rounding roundings[] = {
  [DECIMAL_ROUND_HALF_EVEN] = { .nearest = 1, .tie_even = 1 },
  [DECIMAL_ROUND_HALF_UP] = { .nearest = 1, .tie_up = 1 },
  [DECIMAL_ROUND_HALF_DOWN] = { .nearest = 1 },
  [DECIMAL_ROUND_UP] = { .negative = 1, .positive = 1 },
  [DECIMAL_ROUND_DOWN] = { 0 },
  [DECIMAL_ROUND_FLOOR] = { .negative = 1 },
  [DECIMAL_ROUND_CEILING] = { .positive = 1 },
};

/* Below 2^52 the quotient of two whole numbers as doubles has the right whole part: the next whole
 * number is further from it than one rounding goes.  And doubles divide in vectors. */
enum { DOUBLE_BITS = 52 };

static inline bool
fit_doubles (const gint64 *a, const gint64 *b, size_t n)
{
  guint64 bits = 0;
  for (size_t i = 0; i < n; i++)
    bits |= (guint64)(a[i] ^ a[i] >> 63) | (guint64)(b[i] ^ b[i] >> 63);
  return bits >> DOUBLE_BITS == 0;
}

/* x / y, of what is not negative. */
#define DIVIDE(Quotient)                                                                                     \
  for (size_t i = 0; i < n; i++) {                                                                           \
    guint64 negative = (guint64)(a[i] ^ b[i]) >> 63;                                                         \
    guint64 x = (guint64)(a[i] < 0 ? -a[i] : a[i]), y = (guint64)(b[i] < 0 ? -b[i] : b[i]);                  \
    y += y == 0; /* the row is none */                                                                       \
    guint64 quotient = (Quotient), rest = x - quotient * y;                                                  \
    guint64 half = how.nearest & (rest + (how.tie_up | (quotient & how.tie_even)) > y - rest);               \
    quotient += half | ((rest > 0) & (negative ? how.negative : how.positive));                              \
    r[i] = negative ? -(gint64)quotient : (gint64)quotient;                                                  \
  }

CLONES void
kernel_divide (gint64 *restrict r, const gint64 *restrict a, const gint64 *restrict b, int mode, size_t n)
{
  const Rounding how = roundings[mode];
  if (fit_doubles (a, b, n))
    DIVIDE ((guint64)(gint64)((double)(gint64)x / (double)(gint64)y))
  else
    DIVIDE (x / y)
}

/* ---- dates ------------------------------------------------------------------ */

/* The proleptic Gregorian calendar in 32 bits, without branches (C. Neri, L. Schneider,
 * "Euclidean affine functions and their application to calendar algorithms", 2022, figures 12
 * and 13).  ERAS of 400 years make all that the compiler lets in positive. */
enum { ERAS = 2500, DAYS_BEFORE = 719468 + 146097 * ERAS, YEARS_BEFORE = 400 * ERAS };

typedef struct {
  guint32 year, month, day; /* the year with YEARS_BEFORE added */
} Civil;

static inline Civil
civil_of (gint64 d)
{
  guint32 n1 = 4 * ((guint32)(gint32)d + DAYS_BEFORE) + 3;
  guint32 century = n1 / 146097, n2 = n1 % 146097 | 3;
  guint64 p2 = (guint64)2939745 * n2;
  guint32 of_year = (guint32)p2 / 2939745 / 4, n3 = 2141 * of_year + 197913;
  guint32 late = of_year >= 306;
  return (Civil){ 100 * century + (guint32)(p2 >> 32) + late, (n3 >> 16) - 12 * late,
                  (n3 & 0xffff) / 2141 + 1 };
}

static inline gint64
day_of (Civil c)
{
  guint32 early = c.month <= 2, year = c.year - early, month = c.month + 12 * early, century = year / 100;
  guint32 days = 1461 * year / 4 - century + century / 4 + (979 * month - 2919) / 32 + c.day - 1;
  return (gint32)(days - DAYS_BEFORE);
}

static inline guint32
days_in (guint32 year, guint32 month)
{
  guint32 leap = (year % 4 == 0) & ((year % 100 != 0) | (year % 400 == 0));
  return month == 2 ? 28 + leap : 30 + ((month + (month >> 3)) & 1);
}

/* As civil_add_months. */
static inline gint64
add_months (gint64 d, gint64 n)
{
  Civil c = civil_of (d);
  guint32 months = 12 * c.year + c.month - 1 + (guint32)(gint32)n;
  c.year = months / 12;
  c.month = months % 12 + 1;
  guint32 last = days_in (c.year, c.month);
  c.day = c.day < last ? c.day : last;
  return day_of (c);
}

/* As civil_months_between: whole months, towards zero. */
static inline gint64
months_between (gint64 from, gint64 to)
{
  Civil a = civil_of (from), b = civil_of (to);
  gint32 months = ((gint32)b.year - (gint32)a.year) * 12 + (gint32)b.month - (gint32)a.month;
  return months - ((months > 0) & (b.day < a.day)) + ((months < 0) & (b.day > a.day));
}

CLONES void
kernel_date (OpKind kind, gint64 *restrict r, const gint64 *restrict a, const gint64 *restrict b, size_t n)
{
  switch (kind) {
  case OP_ADD_MONTHS:
    for (size_t i = 0; i < n; i++)
      r[i] = add_months (a[i], b[i]);
    break;
  case OP_MONTHS_BETWEEN:
    for (size_t i = 0; i < n; i++)
      r[i] = months_between (a[i], b[i]);
    break;
  case OP_YEAR:
    for (size_t i = 0; i < n; i++)
      r[i] = (gint32)(civil_of (a[i]).year - YEARS_BEFORE);
    break;
  case OP_MONTH:
    for (size_t i = 0; i < n; i++)
      r[i] = civil_of (a[i]).month;
    break;
  default:
    for (size_t i = 0; i < n; i++)
      r[i] = civil_of (a[i]).day;
  }
}

/* ---- members ----------------------------------------------------------------- */

/* Most members of most lists are not kept: those of eight are passed over at once. */
static inline bool
none_of_eight (const guint8 *keep)
{
  guint64 eight;
  memcpy (&eight, keep, sizeof eight);
  return eight == 0;
}

#define FOR_KEPT(m, keep, n)                                                                                 \
  for (size_t eight = 0; eight < (n); eight += 8)                                                            \
    if (eight + 8 > (n) || !none_of_eight ((keep) + eight))                                                  \
      for (size_t m = eight; m < MIN (eight + 8, (n)); m++)                                                  \
        if ((keep)[m])

void
kernel_any (guint8 *restrict r, const guint8 *restrict a, const guint32 *owners, size_t n_members, size_t n)
{
  memset (r, 0, n);
  FOR_KEPT (m, a, n_members)
  r[owners[m]] = 0xff;
}

void
kernel_fold (OpKind kind, gint64 *restrict r, const guint8 *restrict keep, const gint64 *restrict values,
             const guint32 *owners, size_t n_members, size_t n)
{
  memset (r, 0, n * sizeof *r);
  switch (kind) {
  case OP_COUNT:
    FOR_KEPT (m, keep, n_members)
    r[owners[m]]++;
    break;
  case OP_SUM:
    FOR_KEPT (m, keep, n_members)
    r[owners[m]] += values[m];
    break;
  default:
    for (size_t m = 0, any = 0; m < n_members; m++) {
      any &= m > 0 && owners[m] == owners[m - 1];
      if (keep[m] && (!any || (kind == OP_LEAST_OF ? values[m] < r[owners[m]] : values[m] > r[owners[m]])))
        r[owners[m]] = values[m];
      any |= keep[m];
    }
  }
}

void
kernel_place (gint64 *restrict r, const guint8 *restrict keep, const guint32 *restrict owners, size_t n)
{
  gint64 place = 0;
  for (size_t i = 0; i < n; i++) {
    place = i && owners[i] != owners[i - 1] ? 0 : place;
    place += keep[i] & 1;
    r[i] = place;
  }
}

void
kernel_first (gint32 *restrict r, const guint8 *restrict keep, const gint32 *restrict rows,
              const guint32 *owners, size_t n_members, size_t n)
{
  memset (r, 0, n * sizeof *r);
  for (size_t m = n_members; m-- > 0;)
    if (keep[m])
      r[owners[m]] = rows[m];
}
