#include "support.h"

static Day
day (const char *text)
{
  Day d;
  if (!civil_parse (text_of (text), &d))
    g_error ("not a date: %s", text);
  return d;
}

#define assert_day(d, text) g_assert_cmpstr (civil_format ((d), (char[CIVIL_TEXT_MAX]){ 0 }), ==, (text))

static void
test_known_days (void)
{
  static const struct {
    gint64 year;
    int month, day;
    Day d;
    int weekday;
    const char *text;
  } cases[] = {
    { 1970, 1, 1, 0, 4, "1970-01-01" },
    { 1969, 12, 31, -1, 3, "1969-12-31" },
    { 2000, 2, 29, 11016, 2, "2000-02-29" },
    { 2021, 9, 30, 18900, 4, "2021-09-30" },
    { 2024, 2, 9, 19762, 5, "2024-02-09" },
    { 1600, 1, 1, -135140, 6, "1600-01-01" },
    { 1, 1, 1, -719162, 1, "0001-01-01" },
    { 0, 3, 1, -719468, 3, "0000-03-01" },
    { -1, 12, 31, -719529, 5, "-0001-12-31" },
    { 999999999, 12, 31, 365241780471, 5, "999999999-12-31" },
    { -999999999, 1, 1, -365243219162, 1, "-999999999-01-01" },
  };
  for (size_t i = 0; i < G_N_ELEMENTS (cases); i++) {
    gint64 year;
    int month, day_of_month;
    g_assert_true (civil_is_valid (cases[i].year, cases[i].month, cases[i].day));
    g_assert_cmpint (civil_to_day (cases[i].year, cases[i].month, cases[i].day), ==, cases[i].d);
    civil_from_day (cases[i].d, &year, &month, &day_of_month);
    g_assert_cmpint (year, ==, cases[i].year);
    g_assert_cmpint (month, ==, cases[i].month);
    g_assert_cmpint (day_of_month, ==, cases[i].day);
    g_assert_cmpint (civil_weekday (cases[i].d), ==, cases[i].weekday);
    g_assert_true (civil_day_is_valid (cases[i].d));
    assert_day (cases[i].d, cases[i].text);
  }
  g_assert_false (civil_day_is_valid (365241780472));
  g_assert_false (civil_day_is_valid (-365243219163));
}

/* Day after day over a thousand years, against a calendar that only counts. */
static void
test_every_day (void)
{
  gint64 year = 1600;
  int month = 1, of_month = 1, weekday = 6;
  for (Day d = -135140; year < 2600; d++) {
    gint64 y;
    int m, n;
    civil_from_day (d, &y, &m, &n);
    g_assert_true (y == year && m == month && n == of_month);
    g_assert_cmpint (civil_to_day (year, month, of_month), ==, d);
    g_assert_cmpint (civil_weekday (d), ==, weekday);
    weekday = weekday % 7 + 1;
    if (++of_month > civil_days_in_month (year, month)) {
      of_month = 1;
      if (++month > 12) {
        month = 1;
        year++;
      }
    }
  }
}

static void
test_far_days (void)
{
  g_autoptr (GRand) rand = g_rand_new_with_seed (7);
  for (int i = 0; i < 50000; i++) {
    gint64 year = (gint64)g_rand_double_range (rand, -999999999, 999999999), y;
    int month = g_rand_int_range (rand, 1, 13), m, n;
    int of_month = g_rand_int_range (rand, 1, civil_days_in_month (year, month) + 1);
    Day d = civil_to_day (year, month, of_month);
    civil_from_day (d, &y, &m, &n);
    g_assert_true (y == year && m == month && n == of_month);
    g_assert_cmpint (civil_weekday (d + 7), ==, civil_weekday (d));
  }
}

static void
test_leap_years (void)
{
  static const struct {
    gint64 year;
    int days;
  } cases[] = { { 2000, 29 }, { 1900, 28 }, { 2024, 29 }, { 2021, 28 },
                { 0, 29 },    { -4, 29 },   { -100, 28 }, { -400, 29 } };
  for (size_t i = 0; i < G_N_ELEMENTS (cases); i++)
    g_assert_cmpint (civil_days_in_month (cases[i].year, 2), ==, cases[i].days);
  g_assert_false (civil_is_valid (2021, 2, 29));
  g_assert_false (civil_is_valid (2021, 13, 1));
  g_assert_false (civil_is_valid (2021, 0, 1));
  g_assert_false (civil_is_valid (2021, 4, 31));
  g_assert_false (civil_is_valid (2021, 4, 0));
  g_assert_false (civil_is_valid (1000000000, 1, 1));
  g_assert_false (civil_is_valid (-1000000000, 1, 1));
}

static void
test_add_months (void)
{
  static const struct {
    const char *from;
    gint64 n;
    const char *to;
  } cases[] = { { "2021-01-31", 1, "2021-02-28" },   { "2024-01-31", 1, "2024-02-29" },
                { "2024-02-29", 12, "2025-02-28" },  { "2024-02-29", -12, "2023-02-28" },
                { "2021-03-31", -1, "2021-02-28" },  { "2021-12-15", 1, "2022-01-15" },
                { "2021-01-15", -1, "2020-12-15" },  { "2021-05-31", 0, "2021-05-31" },
                { "2021-09-30", 1200, "2121-09-30" } };
  for (size_t i = 0; i < G_N_ELEMENTS (cases); i++)
    assert_day (civil_add_months (day (cases[i].from), cases[i].n), cases[i].to);
  assert_day (civil_add_months (day ("0001-01-31"), -13), "-0001-12-31");
  g_assert_false (civil_day_is_valid (civil_add_months (0, G_MAXINT64)));
  g_assert_false (civil_day_is_valid (civil_add_months (0, G_MININT64)));
}

static void
test_months_between (void)
{
  static const struct {
    const char *from, *to;
    gint64 n;
  } cases[] = { { "2021-01-15", "2021-02-15", 1 },   { "2021-01-15", "2021-02-14", 0 },
                { "2021-02-15", "2021-01-15", -1 },  { "2021-02-14", "2021-01-15", 0 },
                { "2021-01-31", "2021-02-28", 0 },   { "2011-12-22", "2013-08-24", 20 },
                { "2013-08-24", "2011-12-22", -20 }, { "2020-02-29", "2021-02-28", 11 },
                { "2021-09-30", "2021-09-30", 0 } };
  for (size_t i = 0; i < G_N_ELEMENTS (cases); i++)
    g_assert_cmpint (civil_months_between (day (cases[i].from), day (cases[i].to)), ==, cases[i].n);
}

/* Adding months and counting them agree: N months are not past the target, N + 1 are. */
static void
test_month_laws (void)
{
  g_autoptr (GRand) rand = g_rand_new_with_seed (11);
  for (int i = 0; i < 20000; i++) {
    Day a = g_rand_int_range (rand, -200000, 200000), b = a + g_rand_int_range (rand, 0, 100000);
    gint64 n = civil_months_between (a, b);
    g_assert_cmpint (civil_add_months (a, n), <=, b);
    gint64 year, later_year;
    int month, of_month, later_month, later_of_month;
    civil_from_day (a, &year, &month, &of_month);
    civil_from_day (civil_add_months (a, n), &later_year, &later_month, &later_of_month);
    g_assert_cmpint ((later_year - year) * 12 + later_month - month, ==, n);
    g_assert_true (later_of_month == of_month
                   || later_of_month == civil_days_in_month (later_year, later_month));
  }
}

static void
test_parse_refuses (void)
{
  static const char *const cases[]
      = { "",           "2021-9-30",  "2021-09-31",  "2021-02-29",          "2021/09/30",  "20210930",
          "2021-09-3x", "21-09-30",   "-021-09-30",  " 2021-09-30",         "2021-09-30 ", "2021-00-10",
          "2021-10-00", "２021-09-3", "12021-09-30", "2021-09-30T00:00:00Z" };
  for (size_t i = 0; i < G_N_ELEMENTS (cases); i++) {
    Day d = 77;
    if (civil_parse (text_of (cases[i]), &d))
      g_error ("accepted \"%s\"", cases[i]);
    g_assert_cmpint (d, ==, 77);
  }
}

static void
test_instants (void)
{
  static const struct {
    gint64 seconds;
    const char *text;
  } cases[] = { { 0, "1970-01-01T00:00:00Z" },
                { -1, "1969-12-31T23:59:59Z" },
                { 1632963723, "2021-09-30T01:02:03Z" },
                { 951782400, "2000-02-29T00:00:00Z" },
                { 253402300799, "9999-12-31T23:59:59Z" } };
  for (size_t i = 0; i < G_N_ELEMENTS (cases); i++) {
    char buffer[CIVIL_TEXT_MAX];
    gint64 seconds;
    g_assert_cmpstr (instant_format (cases[i].seconds, buffer), ==, cases[i].text);
    g_assert_true (instant_parse (text_of (cases[i].text), &seconds));
    g_assert_cmpint (seconds, ==, cases[i].seconds);
  }
  static const char *const bad[] = { "",
                                     "2021-09-30",
                                     "2021-09-30T24:00:00Z",
                                     "2021-09-30T01:60:00Z",
                                     "2021-09-30T01:02:60Z",
                                     "2021-09-30 01:02:03Z",
                                     "2021-09-30T01:02:03+08:00",
                                     "2021-02-30T01:02:03Z",
                                     "2021-09-30T0a:02:03Z" };
  for (size_t i = 0; i < G_N_ELEMENTS (bad); i++)
    g_assert_false (instant_parse (text_of (bad[i]), &(gint64){ 0 }));
}

/* The civil date is that of Shanghai, wherever the machine stands. */
static void
test_today (void)
{
  g_autoptr (GDateTime) now = g_date_time_new_now_utc ();
  g_autoptr (GDateTime) there = g_date_time_add_hours (now, 8);
  Day d = civil_to_day (g_date_time_get_year (there), g_date_time_get_month (there),
                        g_date_time_get_day_of_month (there));
  g_assert_cmpint (civil_day_of (0), ==, 0); /* 08:00 there */
  g_assert_cmpint (civil_day_of (16 * 3600 - 1), ==, 0);
  g_assert_cmpint (civil_day_of (16 * 3600), ==, 1);
  g_assert_cmpint (civil_day_of (-8 * 3600), ==, 0);
  g_assert_cmpint (civil_day_of (-8 * 3600 - 1), ==, -1);
  g_assert_cmpint (civil_today () - d, >=, 0);
  g_assert_cmpint (civil_today () - d, <=, 1); /* midnight may pass meanwhile */
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/civil/known days", test_known_days);
  g_test_add_func ("/civil/every day", test_every_day);
  g_test_add_func ("/civil/far days", test_far_days);
  g_test_add_func ("/civil/leap years", test_leap_years);
  g_test_add_func ("/civil/add months", test_add_months);
  g_test_add_func ("/civil/months between", test_months_between);
  g_test_add_func ("/civil/month laws", test_month_laws);
  g_test_add_func ("/civil/parse refuses", test_parse_refuses);
  g_test_add_func ("/civil/instants", test_instants);
  g_test_add_func ("/civil/today", test_today);
  return g_test_run ();
}
