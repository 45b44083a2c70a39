#include "support.h"

#include <math.h>

static Decimal
number (const char *text)
{
  Decimal value;
  if (!decimal_parse (text_of (text), &value))
    g_error ("not a number: %s", text);
  return value;
}

static Decimal
not_a_number (void)
{
  return decimal_div (decimal_from_int64 (0), decimal_from_int64 (0));
}

#define assert_shows(value, text)                                                                            \
  g_assert_cmpstr (decimal_format ((value), (char[DECIMAL_TEXT_MAX]){ 0 }), ==, (text))

static void
test_parse (void)
{
  static const struct {
    const char *text, *shown, *shortly;
  } cases[] = {
    { "0", "0", "0" },
    { "-0", "0", "0" },
    { "0.000", "0.000", "0" },
    { "007", "7", "7" },
    { "+5", "5", "5" },
    { "2.50", "2.50", "2.5" },
    { "-2.50", "-2.50", "-2.5" },
    { "100", "100", "100" },
    { "1e3", "1000", "1000" },
    { "25E+4", "250000", "250000" },
    { "1.5e-3", "0.0015", "0.0015" },
    { ".5", "0.5", "0.5" },
    { "5.", "5", "5" },
    { "5.e1", "50", "50" },
    { "0.00001", "0.00001", "0.00001" },
    { "1234567890123456789012345678901234", "1234567890123456789012345678901234",
      "1234567890123456789012345678901234" },
    { "1.234567890123456789012345678901234", "1.234567890123456789012345678901234",
      "1.234567890123456789012345678901234" },
    /* the 35th digit and what follows are rounded half-even */
    { "12345678901234567890123456789012345", "12345678901234567890123456789012340",
      "12345678901234567890123456789012340" },
    { "12345678901234567890123456789012355", "12345678901234567890123456789012360",
      "12345678901234567890123456789012360" },
    { "12345678901234567890123456789012345000000000001", "12345678901234567890123456789012350000000000000",
      "12345678901234567890123456789012350000000000000" },
    { "9999999999999999999999999999999999.5", "10000000000000000000000000000000000",
      "10000000000000000000000000000000000" },
    { "0.0000000000000000000000000000000000000000000012345678901234567890123456789012345",
      "1.234567890123456789012345678901234E-45", "1.234567890123456789012345678901234E-45" },
    /* the ends of the range */
    { "9.999999999999999999999999999999999E+6144", "9.999999999999999999999999999999999E+6144",
      "9.999999999999999999999999999999999E+6144" },
    { "1E+6144", "1.000000000000000000000000000000000E+6144", "1E+6144" },
    { "1E-6176", "1E-6176", "1E-6176" },
    { "5E-6177", "0E-6176", "0" },
    { "5.000001E-6177", "1E-6176", "1E-6176" },
    { "1E-99999999999999999999999", "0E-6176", "0" },
    { "0E99999999999999999999999", "0", "0" },
  };
  for (size_t i = 0; i < G_N_ELEMENTS (cases); i++) {
    char buffer[DECIMAL_TEXT_MAX];
    assert_shows (number (cases[i].text), cases[i].shown);
    g_assert_cmpstr (decimal_format_short (number (cases[i].text), buffer), ==, cases[i].shortly);
  }
}

static void
test_parse_refuses (void)
{
  static const char *const cases[] = { "",         "+",
                                       "-",        ".",
                                       "-.",       "e5",
                                       "1e",       "1e+",
                                       "1e1.5",    "--1",
                                       "1.2.3",    "1,000",
                                       " 1",       "1 ",
                                       "0x10",     "NaN",
                                       "Infinity", "inf",
                                       "1_000",    "１",
                                       "1E+6145",  "1e99999999999999999999",
                                       "九" };
  for (size_t i = 0; i < G_N_ELEMENTS (cases); i++) {
    Decimal value = decimal_from_int64 (77);
    if (decimal_parse (text_of (cases[i]), &value))
      g_error ("accepted \"%s\"", cases[i]);
    assert_shows (value, "77");
  }
  Decimal value;
  g_assert_false (decimal_parse ((Text){ "1\0", 2 }, &value));
  g_assert_true (decimal_parse ((Text){ "123456", 3 }, &value)); /* the slice, not the C string */
  assert_shows (value, "123");
}

static Decimal
apply (const char *operation, Decimal a, const char *b)
{
  static const struct {
    const char *name;
    Decimal (*binary) (Decimal, Decimal);
    Decimal (*unary) (Decimal);
  } operations[]
      = { { "add", decimal_add },         { "sub", decimal_sub },       { "mul", decimal_mul },
          { "div", decimal_div },         { "modulo", decimal_modulo }, { "pow", decimal_pow },
          { "sqrt", NULL, decimal_sqrt }, { "log", NULL, decimal_log }, { "exp", NULL, decimal_exp } };
  if (g_str_equal (operation, "compare"))
    return decimal_from_int64 (decimal_compare (a, number (b)));
  if (g_str_has_prefix (operation, "round"))
    return decimal_round (a, atoi (b), (DecimalRounding)(operation[5] - '0'));
  for (size_t i = 0; i < G_N_ELEMENTS (operations); i++)
    if (g_str_equal (operations[i].name, operation))
      return operations[i].unary ? operations[i].unary (a) : operations[i].binary (a, number (b));
  g_error ("no operation %s", operation);
}

/* The library promises exp and log to one unit of the last digit only. */
static bool
is_close (Decimal result, Decimal expected)
{
  Decimal difference = decimal_abs (decimal_sub (result, expected));
  Decimal unit = decimal_mul (decimal_abs (expected), number ("1E-33"));
  return decimal_compare (difference, unit) <= 0;
}

/* Another implementation's results, to the last digit (see decimal_vectors.py). */
static void
test_against_oracle (void)
{
  g_autofree char *path = support_source ("tests/base/data/decimal.tsv");
  g_autofree char *table = support_read (path, NULL);
  g_auto (GStrv) lines = g_strsplit (table, "\n", -1);
  int n = 0;
  for (int i = 0; lines[i] && *lines[i]; i++, n++) {
    g_auto (GStrv) f = g_strsplit (lines[i], "\t", -1);
    Decimal result = apply (f[0], number (f[1]), f[2]);
    bool inexact = g_str_equal (f[0], "exp") || g_str_equal (f[0], "log");
    bool same;
    if (g_str_equal (f[3], "NaN"))
      same = !decimal_is_finite (result);
    else
      same = (inexact ? is_close : decimal_equal) (result, number (f[3]));
    if (!same)
      g_error ("%s:%d: %s %s %s gave %s, not %s", path, i + 1, f[0], f[1], f[2],
               decimal_format (result, (char[DECIMAL_TEXT_MAX]){ 0 }), f[3]);
  }
  g_assert_cmpint (n, >, 1000);
}

/* Every operation is total, and NaN goes through all of them. */
static void
test_not_a_number (void)
{
  Decimal nan = not_a_number (), one = decimal_from_int64 (1), zero = decimal_from_int64 (0);
  Decimal huge = number ("9E6144"), minus = decimal_from_int64 (-1);
  Decimal results[] = {
    decimal_div (one, zero),
    decimal_div (zero, zero),
    decimal_mul (huge, huge),
    decimal_add (huge, huge),
    decimal_sqrt (minus),
    decimal_log (zero),
    decimal_log (minus),
    decimal_exp (number ("99999")),
    decimal_modulo (one, zero),
    decimal_pow (zero, minus),
    decimal_pow (minus, number ("0.5")),
    decimal_pow (number ("-8"), number ("0.25")),
    decimal_pow (decimal_from_int64 (10), decimal_from_int64 (7000)),
    decimal_pow (decimal_from_int64 (10), number ("1E+30")),
    decimal_from_scaled (1, -7000),
    decimal_round (one, -7000, DECIMAL_ROUND_UP),
    decimal_add (nan, one),
    decimal_sub (one, nan),
    decimal_mul (nan, nan),
    decimal_div (one, nan),
    decimal_neg (nan),
    decimal_abs (nan),
    decimal_pow (nan, zero),
    decimal_pow (one, nan),
    decimal_sqrt (nan),
    decimal_exp (nan),
    decimal_log (nan),
    decimal_modulo (nan, one),
    decimal_modulo (one, nan),
    decimal_round (nan, 2, DECIMAL_ROUND_HALF_UP),
  };
  gint64 untouched = 5;
  for (size_t i = 0; i < G_N_ELEMENTS (results); i++) {
    if (decimal_is_finite (results[i]))
      g_error ("result %zu is finite", i);
    g_assert_false (decimal_equal (results[i], results[i]));
    g_assert_false (decimal_is_integer (results[i]));
    g_assert_cmpint (decimal_sign (results[i]), ==, 0);
    g_assert_cmpuint (decimal_hash (results[i]), ==, decimal_hash (nan));
    g_assert_false (decimal_to_int64 (results[i], &untouched));
    g_assert_true (isnan (decimal_to_double (results[i])));
    assert_shows (results[i], "NaN");
  }
  g_assert_cmpint (untouched, ==, 5);
}

static void
test_exact (void)
{
  assert_shows (decimal_add (number ("0.1"), number ("0.2")), "0.3");
  assert_shows (decimal_add (number ("1.30"), number ("1.20")), "2.50");
  assert_shows (decimal_mul (number ("2195"), number ("0.42")), "921.90");
  assert_shows (decimal_div (number ("1"), number ("3")), "0.3333333333333333333333333333333333");
  assert_shows (decimal_mul (number ("-1"), number ("0")), "0");
  assert_shows (decimal_neg (number ("0.00")), "0.00");
  assert_shows (decimal_neg (number ("-3")), "3");
  assert_shows (decimal_abs (number ("-3.50")), "3.50");
  assert_shows (decimal_pow (number ("2"), number ("-2")), "0.25");
  assert_shows (decimal_pow (number ("0"), number ("0")), "1");
  assert_shows (decimal_pow (number ("4"), number ("0.50")), "2");
  assert_shows (decimal_pow (number ("10"), number ("-7000")), "0");
  assert_shows (decimal_pow (number ("-1"), number ("999999999")), "-1");
  assert_shows (decimal_pow (number ("2"), number ("1.5")), "2.828427124746190097603377448419396");
}

static void
test_round (void)
{
  assert_shows (decimal_round (number ("2.5"), 2, DECIMAL_ROUND_HALF_EVEN), "2.50");
  assert_shows (decimal_round (number ("12355"), -1, DECIMAL_ROUND_HALF_EVEN), "12360");
  assert_shows (decimal_round (number ("12345"), -6, DECIMAL_ROUND_UP), "1000000");
  assert_shows (decimal_round (number ("12345"), -6, DECIMAL_ROUND_HALF_UP), "0");
  assert_shows (decimal_round (number ("-0.4"), 0, DECIMAL_ROUND_HALF_UP), "0");
  assert_shows (decimal_round (number ("-0.4"), 0, DECIMAL_ROUND_FLOOR), "-1");
  assert_shows (decimal_round (number ("1E-40"), 0, DECIMAL_ROUND_CEILING), "1");
  assert_shows (decimal_round (number ("5E-35"), 0, DECIMAL_ROUND_HALF_UP), "0");
  /* zeros that do not fit are not an error */
  assert_shows (decimal_round (number ("1234567890123456789012345678901234"), 2, DECIMAL_ROUND_HALF_UP),
                "1234567890123456789012345678901234");
  assert_shows (decimal_round (number ("7"), G_MAXINT, DECIMAL_ROUND_UP), "7");
  assert_shows (decimal_round (number ("7"), G_MININT, DECIMAL_ROUND_DOWN), "0");
  assert_shows (decimal_round (number ("0"), 3, DECIMAL_ROUND_UP), "0.000");
}

static void
test_integers (void)
{
  static const struct {
    const char *text;
    int scale;
    bool fits;
    gint64 value;
  } cases[] = {
    { "123.45", 2, true, 12345 },
    { "123.450", 2, true, 12345 },
    { "123.456", 2, false, 0 },
    { "-0.01", 2, true, -1 },
    { "250000", 2, true, 25000000 },
    { "2.5E+5", 0, true, 250000 },
    { "1200", -2, true, 12 },
    { "1250", -2, false, 0 },
    { "9223372036854775807", 0, true, G_MAXINT64 },
    { "9223372036854775808", 0, false, 0 },
    { "-9223372036854775808", 0, true, G_MININT64 },
    { "-9223372036854775809", 0, false, 0 },
    { "92233720368547758.08", 2, false, 0 },
    { "1E+18", 0, true, 1000000000000000000 },
    { "1E+19", 0, false, 0 },
    { "1E+6144", 0, false, 0 },
    { "1E-6176", 0, false, 0 },
    { "0E-6176", 0, true, 0 },
    { "0", G_MAXINT, true, 0 },
    { "1", G_MAXINT, false, 0 },
    { "1", G_MININT, false, 0 },
  };
  for (size_t i = 0; i < G_N_ELEMENTS (cases); i++) {
    gint64 value = 77;
    g_assert_cmpint (decimal_to_scaled (number (cases[i].text), cases[i].scale, &value), ==, cases[i].fits);
    g_assert_cmpint (value, ==, cases[i].fits ? cases[i].value : 77);
  }
  assert_shows (decimal_from_int64 (G_MININT64), "-9223372036854775808");
  assert_shows (decimal_from_int64 (0), "0");
  assert_shows (decimal_from_scaled (12345, 2), "123.45");
  assert_shows (decimal_from_scaled (-5, 3), "-0.005");
  assert_shows (decimal_from_scaled (12, -2), "1200");
  assert_shows (decimal_from_scaled (1000, 6178), "1.0E-6175"); /* zeros give way to the range */
  g_assert_false (decimal_is_finite (decimal_from_scaled (1001, 6178)));
  g_assert_true (decimal_is_integer (number ("3.00")));
  g_assert_true (decimal_is_integer (number ("1E+6144")));
  g_assert_false (decimal_is_integer (number ("3.01")));
  g_assert_false (decimal_is_integer (number ("1E-6176")));
}

static void
test_order (void)
{
  static const char *const ascending[]
      = { "-9E6144", "-10", "-2.51", "-2.5", "-1E-6176", "0",   "1E-6176", "0.1",
          "0.11",    "2.5", "9.99",  "10",   "11",       "1E3", "9E6144" };
  for (int i = 0; i < (int)G_N_ELEMENTS (ascending); i++)
    for (int j = 0; j < (int)G_N_ELEMENTS (ascending); j++)
      g_assert_cmpint (decimal_compare (number (ascending[i]), number (ascending[j])), ==, (i > j) - (i < j));
  static const char *const equals[][2] = { { "2.5", "2.50000" },
                                           { "0", "0.000" },
                                           { "1E3", "1000" },
                                           { "-7.0", "-7" },
                                           { "1000000000000000000000000000000000", "1E+33" },
                                           { "0E-6176", "0E+6111" } };
  for (size_t i = 0; i < G_N_ELEMENTS (equals); i++) {
    g_assert_true (decimal_equal (number (equals[i][0]), number (equals[i][1])));
    g_assert_cmpuint (decimal_hash (number (equals[i][0])), ==, decimal_hash (number (equals[i][1])));
  }
  g_assert_false (decimal_equal (number ("2.5"), number ("-2.5")));
  g_assert_cmpuint (decimal_hash (number ("2.5")), !=, decimal_hash (number ("-2.5")));
  g_assert_cmpint (decimal_sign (number ("-0.001")), ==, -1);
  g_assert_cmpint (decimal_sign (number ("0.00")), ==, 0);
  g_assert_cmpfloat (decimal_to_double (number ("0.1")), ==, 0.1);
}

/* Printed and read again, a number is the same value with the same digits. */
static void
test_round_trip (void)
{
  g_autoptr (GRand) rand = g_rand_new_with_seed (81);
  for (int i = 0; i < 20000; i++) {
    char text[64], shown[DECIMAL_TEXT_MAX], again[DECIMAL_TEXT_MAX], shortly[DECIMAL_TEXT_MAX];
    int n = g_rand_int_range (rand, 1, 35), spread = i % 2 ? 6100 : 45, k = 0;
    text[k++] = g_rand_boolean (rand) ? '-' : '+';
    for (int j = 0; j < n; j++)
      text[k++] = (char)('0' + g_rand_int_range (rand, 0, 10));
    g_snprintf (text + k, sizeof text - (size_t)k, "E%d", g_rand_int_range (rand, -spread, spread));
    Decimal value = number (text);
    decimal_format (value, shown);
    g_assert_true (decimal_equal (number (shown), value));
    g_assert_cmpstr (decimal_format (number (shown), again), ==, shown);
    g_assert_true (decimal_equal (number (decimal_format_short (value, shortly)), value));
    g_assert_cmpuint (decimal_hash (number (shortly)), ==, decimal_hash (value));
  }
}

/* Laws that hold exactly on amounts of money. */
static void
test_laws (void)
{
  g_autoptr (GRand) rand = g_rand_new_with_seed (15);
  for (int i = 0; i < 20000; i++) {
    gint64 x = g_rand_int (rand), y = g_rand_int_range (rand, -1000000, 1000000), value;
    Decimal a = decimal_from_scaled (x, 2), b = decimal_from_scaled (y, 2);
    g_assert_true (decimal_to_scaled (decimal_add (a, b), 2, &value));
    g_assert_cmpint (value, ==, x + y);
    g_assert_true (decimal_to_scaled (decimal_mul (a, b), 4, &value));
    g_assert_cmpint (value, ==, x * y);
    g_assert_true (decimal_equal (decimal_sub (decimal_add (a, b), b), a));
    g_assert_cmpint (decimal_compare (a, b), ==, (x > y) - (x < y));
    Decimal whole = decimal_from_int64 (y); /* of another scale */
    g_assert_true (decimal_to_scaled (decimal_add (whole, a), 2, &value));
    g_assert_cmpint (value, ==, x + 100 * y);
    g_assert_cmpint (decimal_compare (whole, a), ==, (100 * y > x) - (100 * y < x));
    if (y == 0)
      continue;
    Decimal rest = decimal_modulo (a, b);
    g_assert_true (decimal_sign (rest) == 0 || decimal_sign (rest) == decimal_sign (b));
    g_assert_true (decimal_is_integer (decimal_div (decimal_sub (a, rest), b)));
  }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/decimal/parse", test_parse);
  g_test_add_func ("/decimal/parse refuses", test_parse_refuses);
  g_test_add_func ("/decimal/against another implementation", test_against_oracle);
  g_test_add_func ("/decimal/not a number", test_not_a_number);
  g_test_add_func ("/decimal/exact", test_exact);
  g_test_add_func ("/decimal/round", test_round);
  g_test_add_func ("/decimal/integers", test_integers);
  g_test_add_func ("/decimal/order", test_order);
  g_test_add_func ("/decimal/round trip", test_round_trip);
  g_test_add_func ("/decimal/laws", test_laws);
  return g_test_run ();
}
