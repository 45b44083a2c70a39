#include "support.h"

/* The calendar that the package ships: the notices for 2021 to 2026. */
static Workdays *
published (void)
{
  g_autofree char *path = support_source ("policy/minhou-2021-81/calendar/holidays.csv");
  g_autofree char *csv = support_read (path, NULL);
  GError *error = NULL;
  Workdays *w = workdays_parse (text_of (csv), path, &error);
  g_assert_no_error (error);
  g_autofree char *hours_path = support_source ("policy/minhou-2021-81/calendar/office-hours.csv");
  g_autofree char *hours = support_read (hours_path, NULL);
  g_assert_true (workdays_parse_hours (w, text_of (hours), hours_path, &error));
  g_assert_no_error (error);
  return w;
}

static Day
day (const char *text)
{
  Day d;
  if (!civil_parse (text_of (text), &d))
    g_error ("not a date: %s", text);
  return d;
}

/* "2021-09-30 08:15" as a civil minute. */
static gint64
minute (const char *text)
{
  Day d;
  g_assert_true (civil_parse ((Text){ text, 10 }, &d));
  return d * 1440 + atoi (text + 11) * 60 + atoi (text + 14);
}

static char *
show_minute (gint64 at, char *buffer)
{
  char date[CIVIL_TEXT_MAX];
  int rest = (int)(at - at / 1440 * 1440);
  g_snprintf (buffer, 40, "%s %02d:%02d", civil_format (at / 1440, date), rest / 60, rest % 60);
  return buffer;
}

static void
test_days (void)
{
  static const struct {
    const char *date;
    Workday worked;
    const char *name;
  } cases[] = {
    { "2021-09-30", WORKDAY_YES, NULL }, /* a Thursday */
    { "2021-10-01", WORKDAY_NO, "国庆节" },
    { "2021-10-09", WORKDAY_YES, "国庆节" }, /* a Saturday made up for */
    { "2021-10-16", WORKDAY_NO, NULL },      /* an ordinary Saturday */
    { "2021-02-07", WORKDAY_YES, "春节" },   /* a Sunday made up for */
    { "2022-12-31", WORKDAY_NO, "元旦" },    /* begins in the year before */
    { "2024-02-09", WORKDAY_YES, NULL },     /* New Year's eve was worked in 2024 */
    { "2025-01-28", WORKDAY_NO, "春节" },    /* and not in 2025 */
    { "2026-01-04", WORKDAY_YES, "元旦" },
    { "2021-01-01", WORKDAY_NO, "元旦" },
    { "2026-12-31", WORKDAY_YES, NULL },
    { "2020-12-31", WORKDAY_UNPUBLISHED, NULL },
    { "2027-01-01", WORKDAY_UNPUBLISHED, NULL },
    { "0001-01-01", WORKDAY_UNPUBLISHED, NULL },
    { "9999-12-31", WORKDAY_UNPUBLISHED, NULL },
  };
  g_autoptr (Workdays) w = published ();
  for (size_t i = 0; i < G_N_ELEMENTS (cases); i++) {
    g_assert_cmpint (workdays_is_worked (w, day (cases[i].date)), ==, cases[i].worked);
    const char *name = workdays_name (w, day (cases[i].date));
    g_assert_true (cases[i].name ? name && strstr (name, cases[i].name) : name == NULL);
  }
  Day first, last;
  g_assert_true (workdays_range (w, &first, &last));
  g_assert_cmpint (first, ==, day ("2021-01-01"));
  g_assert_cmpint (last, ==, day ("2026-12-31"));
}

/* The package's table is the one the facts were gathered in. */
static void
test_shipped_table (void)
{
  g_autofree char *path = support_shared ("facts/holidays-2021-2026.csv");
  if (!path)
    return;
  g_autofree char *facts = support_read (path, NULL);
  g_autofree char *shipped_path = support_source ("policy/minhou-2021-81/calendar/holidays.csv");
  g_autofree char *shipped = support_read (shipped_path, NULL);
  g_assert_cmpstr (shipped, ==, facts);
}

/* Working days of whole years, counted by hand: weekdays − days off on weekdays + made up. */
static void
test_years (void)
{
  static const struct {
    const char *from, *to;
    int n;
  } cases[] = { { "2021-01-01", "2021-12-31", 250 }, { "2022-01-01", "2022-12-31", 249 },
                { "2023-01-01", "2023-12-31", 249 }, { "2024-01-01", "2024-12-31", 251 },
                { "2025-01-01", "2025-12-31", 248 }, { "2026-01-01", "2026-12-31", 248 } };
  g_autoptr (Workdays) w = published ();
  for (size_t i = 0; i < G_N_ELEMENTS (cases); i++) {
    int n = 0;
    g_assert_true (workdays_between (w, day (cases[i].from), day (cases[i].to), &n, NULL));
    g_assert_cmpint (n, ==, cases[i].n);
  }
}

static void
test_add (void)
{
  static const struct {
    const char *from;
    int n;
    const char *to;
  } cases[]
      = { { "2021-09-30", 1, "2021-10-08" }, /* over the National Day week */
          { "2021-09-30", 2, "2021-10-09" }, /* the made-up Saturday counts */
          { "2021-09-30", 3, "2021-10-11" },  { "2021-10-03", 1, "2021-10-08" }, /* from within the holiday */
          { "2021-10-03", -1, "2021-09-30" }, { "2021-10-11", -1, "2021-10-09" },
          { "2021-10-11", -3, "2021-09-30" }, { "2021-09-25", 1, "2021-09-26" }, /* the made-up Sunday */
          { "2024-02-08", 1, "2024-02-09" },                                     /* the eve is worked */
          { "2024-02-08", 2, "2024-02-18" }, /* and then eight days and a made-up Sunday */
          { "2022-12-30", 1, "2023-01-03" }, /* over the turn of the year */
          { "2023-01-03", -1, "2022-12-30" }, { "2021-09-30", 0, "2021-09-30" },
          { "2021-10-01", 0, "2021-10-08" },  { "2021-10-16", 0, "2021-10-18" },
          { "2021-09-30", 20, "2021-11-03" }, /* publication within 20 working days */
          { "2021-01-01", 1, "2021-01-04" },  { "2026-12-30", 1, "2026-12-31" },
          { "2021-01-05", -1, "2021-01-04" }, { "2021-01-04", 1494, "2026-12-31" },
          /* the first and the last of 1,495 */ };
  g_autoptr (Workdays) w = published ();
  for (size_t i = 0; i < G_N_ELEMENTS (cases); i++) {
    Day result;
    GError *error = NULL;
    g_assert_true (workdays_add (w, day (cases[i].from), cases[i].n, &result, &error));
    g_assert_no_error (error);
    char shown[CIVIL_TEXT_MAX];
    if (result != day (cases[i].to))
      g_error ("%s %+d is %s, not %s", cases[i].from, cases[i].n, civil_format (result, shown), cases[i].to);
  }
}

static void
test_between (void)
{
  static const struct {
    const char *from, *to;
    int n;
  } cases[] = {
    { "2021-09-30", "2021-09-30", 0 },    { "2021-09-30", "2021-10-08", 1 },
    { "2021-09-30", "2021-10-07", 0 },    { "2021-10-01", "2021-10-08", 1 },
    { "2021-10-08", "2021-09-30", -1 },   { "2021-10-11", "2021-10-03", -2 },
    { "2021-10-16", "2021-10-15", -1 },   { "2022-12-30", "2023-01-03", 1 },
    { "2021-01-01", "2026-12-31", 1495 },
  };
  g_autoptr (Workdays) w = published ();
  for (size_t i = 0; i < G_N_ELEMENTS (cases); i++) {
    int n;
    g_assert_true (workdays_between (w, day (cases[i].from), day (cases[i].to), &n, NULL));
    g_assert_cmpint (n, ==, cases[i].n);
  }
}

static void
test_unpublished (void)
{
  static const struct {
    const char *from;
    int n;
    const char *year;
  } cases[] = {
    { "2026-12-31", 1, "2027" },  { "2026-12-01", 100, "2027" },      { "2021-01-04", -1, "2020" },
    { "2021-01-01", -1, "2020" }, { "2021-06-01", -1000, "2020" },    { "2027-01-04", 1, "2027" },
    { "2027-01-04", -5, "2027" }, { "2020-12-31", 1, "2020" },        { "2020-12-31", 0, "2020" },
    { "2035-01-01", 0, "2035" },  { "2021-06-01", G_MAXINT, "2027" }, { "2021-06-01", G_MININT, "2020" },
  };
  g_autoptr (Workdays) w = published ();
  for (size_t i = 0; i < G_N_ELEMENTS (cases); i++) {
    Day result = 77;
    g_autoptr (GError) error = NULL;
    g_assert_false (workdays_add (w, day (cases[i].from), cases[i].n, &result, &error));
    g_assert_error (error, FAULT, FAULT_UNPUBLISHED);
    g_assert_nonnull (strstr (error->message, cases[i].year));
    g_assert_cmpint (result, ==, 77);
  }
  int n = 77;
  g_autoptr (GError) before = NULL, after = NULL;
  g_assert_false (workdays_between (w, day ("2020-12-31"), day ("2021-01-04"), &n, &before));
  g_assert_error (before, FAULT, FAULT_UNPUBLISHED);
  g_assert_nonnull (strstr (before->message, "2020"));
  g_assert_false (workdays_between (w, day ("2026-12-01"), day ("2027-01-01"), &n, &after));
  g_assert_error (after, FAULT, FAULT_UNPUBLISHED);
  g_assert_nonnull (strstr (after->message, "2027"));
  g_assert_cmpint (n, ==, 77);
}

/* Against walking day by day; and counting undoes adding. */
static void
test_laws (void)
{
  g_autoptr (Workdays) w = published ();
  g_autoptr (GRand) rand = g_rand_new_with_seed (2021);
  Day first = day ("2021-06-01"), last = day ("2026-06-01");
  for (int i = 0; i < 5000; i++) {
    Day from = g_rand_int_range (rand, (gint32)first, (gint32)last), result, walked = from;
    int n = g_rand_int_range (rand, -90, 91), counted, step = n < 0 ? -1 : 1;
    g_assert_true (workdays_add (w, from, n, &result, NULL));
    for (int left = n; left != 0;) {
      walked += step;
      left -= workdays_is_worked (w, walked) == WORKDAY_YES ? step : 0;
    }
    while (n == 0 && workdays_is_worked (w, walked) != WORKDAY_YES)
      walked++;
    g_assert_cmpint (result, ==, walked);
    g_assert_cmpint (workdays_is_worked (w, result), ==, WORKDAY_YES);
    if (n != 0) {
      g_assert_true (workdays_between (w, from, result, &counted, NULL));
      g_assert_cmpint (counted, ==, n);
    }
  }
}

static void
test_add_minutes (void)
{
  static const struct {
    const char *from;
    gint64 minutes;
    const char *to;
  } cases[] = {
    { "2021-09-30 08:00", 240, "2021-09-30 12:00" }, /* half a working day */
    { "2021-09-30 08:00", 241, "2021-09-30 14:31" },
    { "2021-09-30 08:00", 420, "2021-09-30 17:30" }, /* a whole one: seven hours */
    { "2021-09-30 08:00", 421, "2021-10-08 08:01" },
    { "2021-09-30 17:00", 60, "2021-10-08 08:30" },
    { "2021-09-30 20:00", 1, "2021-10-08 08:01" },
    { "2021-09-30 03:00", 1, "2021-09-30 08:01" },
    { "2021-09-30 13:00", 1, "2021-09-30 14:31" },
    { "2021-10-03 10:00", 420, "2021-10-08 17:30" },
    { "2021-09-30 08:00", 420 * 20, "2021-11-02 17:30" },
    { "2021-09-30 12:00", -240, "2021-09-30 08:00" },
    { "2021-09-30 17:30", -180, "2021-09-30 14:30" },
    { "2021-09-30 17:30", -181, "2021-09-30 11:59" },
    { "2021-10-08 08:30", -60, "2021-09-30 17:00" },
    { "2021-10-08 08:00", -1, "2021-09-30 17:29" },
    { "2021-09-30 10:00", 0, "2021-09-30 10:00" },
    { "2021-09-30 12:00", 0, "2021-09-30 14:30" },
    { "2021-09-30 17:30", 0, "2021-10-08 08:00" },
    { "2021-10-02 10:00", 0, "2021-10-08 08:00" },
    { "2026-12-31 17:00", 30, "2026-12-31 17:30" },
    { "2021-01-04 08:01", -1, "2021-01-04 08:00" },
  };
  g_autoptr (Workdays) w = published ();
  for (size_t i = 0; i < G_N_ELEMENTS (cases); i++) {
    gint64 result;
    GError *error = NULL;
    g_assert_true (workdays_add_minutes (w, minute (cases[i].from), cases[i].minutes, &result, &error));
    g_assert_no_error (error);
    g_assert_cmpstr (show_minute (result, (char[40]){ 0 }), ==, cases[i].to);
  }
}

static void
test_minutes_between (void)
{
  static const struct {
    const char *from, *to;
    gint64 minutes;
  } cases[] = {
    { "2021-09-30 08:00", "2021-09-30 12:00", 240 }, { "2021-09-30 12:00", "2021-09-30 14:30", 0 },
    { "2021-09-30 00:00", "2021-09-30 23:59", 420 }, { "2021-09-30 11:00", "2021-09-30 15:00", 90 },
    { "2021-09-30 17:00", "2021-10-08 08:30", 60 },  { "2021-10-08 08:30", "2021-09-30 17:00", -60 },
    { "2021-10-01 08:00", "2021-10-07 17:00", 0 },   { "2021-01-01 00:00", "2026-12-31 23:59", 1495 * 420 },
  };
  g_autoptr (Workdays) w = published ();
  for (size_t i = 0; i < G_N_ELEMENTS (cases); i++) {
    gint64 minutes;
    g_assert_true (
        workdays_minutes_between (w, minute (cases[i].from), minute (cases[i].to), &minutes, NULL));
    g_assert_cmpint (minutes, ==, cases[i].minutes);
  }
}

static void
test_minute_laws (void)
{
  g_autoptr (Workdays) w = published ();
  g_autoptr (GRand) rand = g_rand_new_with_seed (830);
  gint64 first = day ("2021-06-01") * 1440, last = day ("2026-06-01") * 1440;
  for (int i = 0; i < 20000; i++) {
    gint64 from = first + (gint64)(g_rand_double (rand) * (double)(last - first)), result, counted;
    gint64 minutes = g_rand_int_range (rand, -30000, 30000);
    g_assert_true (workdays_add_minutes (w, from, minutes, &result, NULL));
    g_assert_true (workdays_minutes_between (w, from, result, &counted, NULL));
    g_assert_cmpint (counted, ==, minutes);
    if (minutes > 0) { /* and not a minute earlier */
      g_assert_true (workdays_minutes_between (w, from, result - 1, &counted, NULL));
      g_assert_cmpint (counted, ==, minutes - 1);
    } else if (minutes < 0) {
      g_assert_true (workdays_minutes_between (w, from, result + 1, &counted, NULL));
      g_assert_cmpint (counted, ==, minutes + 1);
    }
  }
}

static void
test_minutes_unpublished (void)
{
  static const struct {
    const char *from;
    gint64 minutes;
    const char *year;
  } cases[] = {
    { "2026-12-31 17:00", 31, "2027" },         { "2026-12-31 18:00", 0, "2027" },
    { "2026-12-31 18:00", 1, "2027" },          { "2021-01-04 08:00", -1, "2020" },
    { "2021-01-02 08:00", -1, "2020" },         { "2027-01-01 00:00", -1, "2027" },
    { "2021-06-01 08:00", G_MAXINT64, "2027" }, { "2021-06-01 08:00", G_MININT64, "2020" },
    { "2020-12-31 23:59", 5, "2020" },
  };
  g_autoptr (Workdays) w = published ();
  for (size_t i = 0; i < G_N_ELEMENTS (cases); i++) {
    gint64 result = 77;
    g_autoptr (GError) error = NULL;
    g_assert_false (workdays_add_minutes (w, minute (cases[i].from), cases[i].minutes, &result, &error));
    g_assert_error (error, FAULT, FAULT_UNPUBLISHED);
    g_assert_nonnull (strstr (error->message, cases[i].year));
    g_assert_cmpint (result, ==, 77);
  }
  g_autoptr (GError) error = NULL;
  g_assert_false (workdays_minutes_between (w, minute ("2026-12-31 08:00"), minute ("2027-01-01 08:00"),
                                            &(gint64){ 0 }, &error));
  g_assert_error (error, FAULT, FAULT_UNPUBLISHED);
}

static void
test_hours (void)
{
  static const struct {
    int n_pairs, from_to[10];
  } bad[] = { { 0, { 0 } },
              { 5, { 0, 1, 2, 3, 4, 5, 6, 7, 8, 9 } },
              { 1, { 720, 480 } },
              { 1, { 480, 480 } },
              { 1, { -1, 480 } },
              { 1, { 480, 1441 } },
              { 2, { 480, 720, 720, 900 } },
              { 2, { 870, 1050, 480, 720 } } };
  GError *error = NULL;
  g_autoptr (Workdays) w
      = workdays_parse (text_of ("date,name,kind\n2021-01-01,元旦,off\n"), "h.csv", &error);
  g_assert_no_error (error);
  gint64 minutes;
  g_assert_false (workdays_minutes_between (w, minute ("2021-03-01 00:00"), minute ("2021-03-02 00:00"),
                                            &minutes, &error));
  g_assert_error (error, FAULT, FAULT_INPUT);
  g_clear_error (&error);
  for (size_t i = 0; i < G_N_ELEMENTS (bad); i++) {
    g_assert_false (workdays_set_hours (w, bad[i].from_to, bad[i].n_pairs, &error));
    g_assert_error (error, FAULT, FAULT_INPUT);
    g_clear_error (&error);
  }
  g_assert_true (workdays_set_hours (w, (int[]){ 0, 1440 }, 1, &error));
  g_assert_true (workdays_minutes_between (w, minute ("2021-03-01 00:00"), minute ("2021-03-02 00:00"),
                                           &minutes, &error));
  g_assert_cmpint (minutes, ==, 1440);
}

static void
test_table_accepts (void)
{
  /* a byte-order mark, DOS line ends, blank lines, rows in any order, a December day of the first notice */
  const char *csv
      = "\xef\xbb\xbf"
        "date,name,kind\r\n2021-10-01,国庆节,off\r\n\r\n2021-01-01 , 元旦,off\r\n2020-12-31,元旦,off";
  GError *error = NULL;
  g_autoptr (Workdays) w = workdays_parse (text_of (csv), "h.csv", &error);
  g_assert_no_error (error);
  g_assert_cmpstr (workdays_name (w, day ("2021-01-01")), ==, "元旦");
  g_assert_cmpint (workdays_is_worked (w, day ("2021-10-01")), ==, WORKDAY_NO);
  g_assert_cmpint (workdays_is_worked (w, day ("2020-12-31")), ==, WORKDAY_UNPUBLISHED);
  g_assert_null (workdays_name (w, day ("2020-12-31")));
}

static void
test_table_refuses (void)
{
#define HEAD "date,name,kind\n2021-01-01,元旦,off\n"
  static const struct {
    const char *csv, *message;
  } cases[] = {
    { "", "h.csv:1: the file must be UTF-8 and start with the line date,name,kind" },
    { "day,name,kind\n", "h.csv:1: the file must be" },
    { "date,name\n", "h.csv:1: the file must be" },
    { "date,name,kind,more\n", "h.csv:1: the file must be" },
    { "date,name,kind\n2021-01-01,\xd4\xaa\xb5\xa9,off\n", "the file must be UTF-8" },
    { "date,name,kind\n", "h.csv:1: no year is listed" },
    { HEAD "2021-13-01,国庆节,off\n", "h.csv:3: \"2021-13-01\" is not a date such as 2021-10-01" },
    { HEAD "\n2021/10/1,国庆节,off\n", "h.csv:4: \"2021/10/1\" is not a date" },
    { HEAD "2021-10-01,,off\n", "h.csv:3: the name of the holiday is missing" },
    { HEAD "2021-10-01,国庆节,rest\n", "h.csv:3: kind is off or work, not \"rest\"" },
    { HEAD "2021-10-01,国庆节\n", "h.csv:3: a row has three fields" },
    { HEAD "2021-10-01,国庆节,off,x\n", "h.csv:3: a row has three fields" },
    { HEAD "2021-10-08,国庆节,work\n", "h.csv:3: a make-up working day falls on Saturday or Sunday" },
    { HEAD "2021-10-01,国庆节,off\n2021-10-02,国庆节,off\n2021-10-01,中秋节,off\n",
      "h.csv:5: 2021-10-01 is listed twice, also in line 3" },
    { HEAD "2022-10-01,国庆节,off\n", "h.csv:3: 2022-10-01 is listed, but not 1 January 2022 as off" },
    { HEAD "2022-12-31,元旦,off\n", "h.csv:3: 2022-12-31 is listed, but not 1 January 2022 as off" },
    { HEAD "2023-01-01,元旦,off\n", "h.csv:3: the year 2022 is missing before this one" },
  };
#undef HEAD
  for (size_t i = 0; i < G_N_ELEMENTS (cases); i++) {
    g_autoptr (GError) error = NULL;
    g_assert_null (workdays_parse (text_of (cases[i].csv), "h.csv", &error));
    g_assert_error (error, FAULT, FAULT_INPUT);
    if (!strstr (error->message, cases[i].message))
      g_error ("case %zu says: %s", i, error->message);
  }
}

static void
test_hours_table_refuses (void)
{
#define HEAD "from,to,basis\n"
  static const struct {
    const char *csv, *message;
  } cases[] = {
    { "", "o.csv:1: the file must be UTF-8 and start with the line from,to,basis" },
    { HEAD, "o.csv:1: no office hours are listed" },
    { HEAD "8:00,12:00,assumed\n", "o.csv:2: a row is a time from" },
    { HEAD "08:00,25:00,assumed\n", "o.csv:2: a row is a time from" },
    { HEAD "08:60,12:00,assumed\n", "o.csv:2: a row is a time from" },
    { HEAD "08:00\n", "o.csv:2: a row is a time from" },
    { HEAD "08:00,12:00\n", "o.csv:2: a row is a time from" },
    { HEAD "12:00,08:00,assumed\n", "o.csv:2: a span ends after it begins" },
    { HEAD "08:00,12:00,a\n11:00,13:00,a\n", "o.csv:3: a span ends after it begins" },
    { HEAD "00:00,01:00,a\n02:00,03:00,a\n04:00,05:00,a\n06:00,07:00,a\n08:00,09:00,a\n",
      "o.csv:6: at most 4 spans" },
  };
#undef HEAD
  g_autoptr (Workdays) w = workdays_parse (text_of ("date,name,kind\n2021-01-01,元旦,off\n"), "h.csv", NULL);
  for (size_t i = 0; i < G_N_ELEMENTS (cases); i++) {
    g_autoptr (GError) error = NULL;
    g_assert_false (workdays_parse_hours (w, text_of (cases[i].csv), "o.csv", &error));
    g_assert_error (error, FAULT, FAULT_INPUT);
    if (!strstr (error->message, cases[i].message))
      g_error ("case %zu says: %s", i, error->message);
  }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/workdays/days", test_days);
  g_test_add_func ("/workdays/shipped table", test_shipped_table);
  g_test_add_func ("/workdays/years", test_years);
  g_test_add_func ("/workdays/add", test_add);
  g_test_add_func ("/workdays/between", test_between);
  g_test_add_func ("/workdays/unpublished", test_unpublished);
  g_test_add_func ("/workdays/laws", test_laws);
  g_test_add_func ("/workdays/add minutes", test_add_minutes);
  g_test_add_func ("/workdays/minutes between", test_minutes_between);
  g_test_add_func ("/workdays/minute laws", test_minute_laws);
  g_test_add_func ("/workdays/minutes unpublished", test_minutes_unpublished);
  g_test_add_func ("/workdays/hours", test_hours);
  g_test_add_func ("/workdays/table accepts", test_table_accepts);
  g_test_add_func ("/workdays/table refuses", test_table_refuses);
  g_test_add_func ("/workdays/hours table refuses", test_hours_table_refuses);
  return g_test_run ();
}
