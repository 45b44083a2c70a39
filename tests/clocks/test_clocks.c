/* Clocks: readings counted by hand, and random ones against a day-by-day counter. */
#include "clocks/clocks.h"
#include "support.h"

enum { DAY = 1440, EVENTS_MAX = 12 };

static Workdays *
published (bool hours)
{
  gsize len;
  GError *error = NULL;
  g_autofree char *path = support_source ("policy/minhou-2021-81/calendar/holidays.csv");
  g_autofree char *csv = support_read (path, &len);
  Workdays *w = workdays_parse ((Text){ csv, len }, "holidays.csv", &error);
  g_assert_no_error (error);
  static const int office[] = { 480, 720, 870, 1050 };
  if (hours)
    g_assert_true (workdays_set_hours (w, office, 2, &error));
  return w;
}

static Day
day (const char *text)
{
  Day d;
  g_assert_true (civil_parse (text_of (text), &d));
  return d;
}

/* "2021-02-05 10:00" */
static gint64
moment (const char *text)
{
  g_autofree char *date = g_strndup (text, 10);
  return day (date) * DAY + atoi (text + 11) * 60 + atoi (text + 14);
}

static char *
show (gint64 at)
{
  char date[CIVIL_TEXT_MAX];
  return at ? g_strdup_printf ("%s %02d:%02d", civil_format (at / DAY, date), (int)(at % DAY / 60),
                               (int)(at % 60))
            : g_strdup ("-");
}

/* ---- the table ---- */

static size_t
read_events (const char *text, ClockEvent *events)
{
  static const char *const turns[] = { "begins", "pauses", "resumes", "ends", NULL };
  size_t n = 0;
  g_auto (GStrv) pieces = g_strsplit (text, "; ", -1);
  for (char **p = pieces; *p && **p; p++) {
    g_auto (GStrv) words = g_strsplit (*p, " ", 2);
    int turn = 0;
    while (turns[turn] && !g_str_equal (turns[turn], words[0]))
      turn++;
    g_assert_nonnull (turns[turn]);
    g_assert_cmpuint (n, <, EVENTS_MAX);
    events[n++] = (ClockEvent){ (ClockTurn)turn, moment (words[1]) };
  }
  return n;
}

static bool
read_limit (const char *text, ClockLimit *limit, GError **error)
{
  g_autofree char *words = g_strdup (text);
  bool whole_day = g_str_has_suffix (words, " to midnight");
  if (whole_day)
    words[strlen (words) - strlen (" to midnight")] = '\0';
  if (!clock_limit_parse (words, limit, error))
    return false;
  limit->whole_day = whole_day;
  return true;
}

static void
check_row (const Workdays *w, char **cell, int n_cells)
{
  ClockEvent events[EVENTS_MAX];
  ClockLimit limit;
  ClockReading r;
  GError *error = NULL;
  size_t n = read_events (cell[3], events);
  if (n_cells == 4 + 2) { /* refused: case, limit, events, message */
    bool read = read_limit (cell[2], &limit, &error)
                && clock_read (w, limit, events, n, moment ("2021-03-01 09:00"), &r, &error);
    if (read || !strstr (error->message, cell[4]))
      g_error ("%s: %s", cell[1], read ? "was read" : error->message);
    g_clear_error (&error);
    return;
  }
  g_assert_true (read_limit (cell[2], &limit, &error));
  g_assert_true (clock_read (w, limit, events, n, moment (cell[4]), &r, &error));
  g_autofree char *due = show (r.due), *warn = show (r.warn_at);
  g_autofree char *used = r.used < 0 ? g_strdup ("-") : g_strdup_printf ("%d", (int)r.used);
  g_autofree char *left = r.used < 0 ? g_strdup ("-") : g_strdup_printf ("%d", (int)r.left);
  g_autofree char *got = g_strdup_printf ("%s | %s | %s | %s | %s | %d", clock_status_id (r.status), due,
                                          warn, used, left, r.year);
  g_autofree char *wanted = g_strjoin (" | ", cell[5], cell[6], cell[7], cell[8], cell[9], cell[10], NULL);
  if (!g_str_equal (got, wanted))
    g_error ("%s:\n   is %s\n  not %s", cell[1], got, wanted);
}

static void
test_table (void)
{
  g_autoptr (Workdays) w = published (true);
  g_autofree char *path = support_source ("tests/clocks/cases.md");
  g_autofree char *text = support_read (path, NULL);
  g_auto (GStrv) lines = g_strsplit (text, "\n", -1);
  int seen = 0;
  for (char **line = lines; *line; line++) {
    g_auto (GStrv) cell = g_strsplit (*line, "|", -1);
    int n = (int)g_strv_length (cell);
    if (n < 6 || g_str_has_prefix (cell[1], " case") || g_str_has_prefix (cell[1], "--"))
      continue;
    for (int i = 0; i < n; i++)
      g_strstrip (cell[i]);
    check_row (w, cell, n);
    seen++;
  }
  g_assert_cmpint (seen, >, 40);
}

/* ---- a counter that goes day by day, and for hours minute by minute ---- */

typedef struct {
  ClockLimit limit;
  ClockEvent events[EVENTS_MAX];
  size_t n;
  gint64 now;
} Question;

static bool
runs_at (const Question *q, gint64 at)
{
  bool runs = false;
  for (size_t i = 0; i < q->n && q->events[i].at < at; i++)
    if (q->events[i].turn != CLOCK_ENDS)
      runs = q->events[i].turn != CLOCK_PAUSES;
  return runs;
}

/* The clock as it would go on: one that stands still goes on at its end, or now. */
static Question
going_on (const Question *q)
{
  Question on = *q;
  bool ended = on.events[on.n - 1].turn == CLOCK_ENDS;
  gint64 stop = ended ? on.events[on.n - 1].at : MAX (on.now, on.events[on.n - 1].at);
  on.n -= ended;
  if (on.events[on.n - 1].turn == CLOCK_PAUSES)
    on.events[on.n++] = (ClockEvent){ CLOCK_RESUMES, stop };
  on.now = stop;
  return on;
}

static gint64
naive_due (const Workdays *w, const Question *q, gint64 *used)
{
  const Question on = going_on (q);
  Day begins = on.events[0].at / DAY;
  gint64 total = on.limit.unit == CLOCK_MONTHS  ? civil_add_months (begins, on.limit.n) - begins
                 : on.limit.unit == CLOCK_YEARS ? civil_add_months (begins, 12 * on.limit.n) - begins
                                                : on.limit.n;
  gint64 count = 0, due = 0;
  *used = 0;
  for (Day d = begins; !due || d <= on.now / DAY; d++) {
    bool worked = workdays_is_worked (w, d) == WORKDAY_YES;
    bool runs = runs_at (&on, d * DAY + 1) && on.events[0].at < d * DAY;
    for (size_t i = 0; i < on.n; i++) /* what happens during the day does not make it run */
      if (on.events[i].at == d * DAY)
        runs = runs_at (&on, d * DAY);
    count += runs && (worked || on.limit.unit != CLOCK_WORKING_DAYS);
    if (!due && runs && worked && count >= total)
      due = d * DAY + 1050;
    if (d == on.now / DAY)
      *used = count;
  }
  return due;
}

static bool
is_office_minute (const Workdays *w, gint64 at)
{
  int m = (int)(at % DAY);
  return workdays_is_worked (w, at / DAY) == WORKDAY_YES && ((m >= 480 && m < 720) || (m >= 870 && m < 1050));
}

static gint64
naive_hours (const Workdays *w, const Question *q, gint64 *used)
{
  const Question on = going_on (q);
  gint64 count = 0, due = 0;
  *used = 0;
  for (gint64 at = on.events[0].at; !due || at < on.now; at++) {
    count += is_office_minute (w, at) && runs_at (&on, at + 1);
    if (!due && count == (gint64)on.limit.n * 60)
      due = at + 1;
    if (at + 1 == on.now)
      *used = count;
  }
  return due;
}

static Question
random_question (GRand *rand)
{
  Question q = { .limit = { (ClockUnit)g_rand_int_range (rand, 0, 5), g_rand_int_range (rand, 1, 40) } };
  bool hours = q.limit.unit == CLOCK_WORKING_HOURS;
  if (q.limit.unit == CLOCK_YEARS || q.limit.unit == CLOCK_MONTHS)
    q.limit.n = g_rand_int_range (rand, 1, q.limit.unit == CLOCK_YEARS ? 2 : 9);
  gint64 at = day ("2021-01-02") * DAY + g_rand_int_range (rand, 0, 1100 * DAY);
  int n_turns = g_rand_int_range (rand, 1, EVENTS_MAX - 2);
  for (int i = 0; i < n_turns; i++) {
    q.events[q.n++] = (ClockEvent){ i % 2 ? CLOCK_PAUSES : i ? CLOCK_RESUMES : CLOCK_BEGINS, at };
    static const int steps[] = { 0, 30, 600, DAY, 3 * DAY, 12 * DAY };
    int step = steps[g_rand_int_range (rand, 0, hours ? 5 : 6)];
    at += step ? g_rand_int_range (rand, 0, step) : 0;
    if (g_rand_int_range (rand, 0, 9) == 0)
      at = (at / DAY + 1) * DAY; /* on the stroke of midnight */
  }
  if (g_rand_boolean (rand))
    q.events[q.n++] = (ClockEvent){ CLOCK_ENDS, at };
  q.now = at + g_rand_int_range (rand, -2 * DAY, 30 * DAY);
  return q;
}

static void
check_days (const Workdays *w, const Question *q, const ClockReading *r)
{
  size_t n;
  g_autoptr (Arena) arena = arena_new ();
  const ClockDay *days = clock_days (w, arena, q->limit, q->events, q->n, q->now, &n, NULL);
  gint64 number = 0;
  g_assert_nonnull (days);
  g_assert_cmpint (days[0].day, ==, q->events[0].at / DAY);
  g_assert_cmpint (days[n - 1].day, ==, r->due / DAY);
  for (size_t i = 0; i < n; i++) {
    g_assert_cmpint (days[i].day, ==, days[0].day + (gint64)i);
    g_assert_cmpint (days[i].counts, ==, days[i].number > number);
    if (q->limit.unit != CLOCK_WORKING_HOURS && days[i].counts)
      g_assert_cmpint (days[i].number, ==, number + 1);
    if (days[i].kind == CLOCK_DAY_WEEKEND || days[i].kind == CLOCK_DAY_HOLIDAY)
      g_assert_cmpint (workdays_is_worked (w, days[i].day), ==, WORKDAY_NO);
    number = days[i].number;
  }
  if (r->status != CLOCK_LATE && r->left >= 0)
    g_assert_cmpint (number, ==, r->used + r->left);
}

static void
check_question (const Workdays *w, const Question *q)
{
  GError *error = NULL;
  ClockReading r;
  gint64 used;
  bool hours = q->limit.unit == CLOCK_WORKING_HOURS;
  g_assert_true (clock_read (w, q->limit, q->events, q->n, q->now, &r, &error));
  gint64 due = hours ? naive_hours (w, q, &used) : naive_due (w, q, &used);
  g_assert_cmpint (r.due, ==, due);
  const Question on = going_on (q);
  bool ended = q->events[q->n - 1].turn == CLOCK_ENDS;
  bool paused = !ended && q->events[q->n - 1].turn == CLOCK_PAUSES;
  ClockStatus status = on.now > due ? CLOCK_LATE : ended ? CLOCK_MET : paused ? CLOCK_PAUSED : CLOCK_RUNNING;
  g_assert_cmpstr (clock_status_id (r.status), ==, clock_status_id (status));
  if (r.left > 0 || r.status == CLOCK_LATE)
    g_assert_cmpint (r.used, ==, used);
  g_assert_cmpint (r.warn_at, >=, q->events[0].at);
  g_assert_cmpint (r.warn_at, <, r.due);
  check_days (w, q, &r);
}

static void
test_random (void)
{
  g_autoptr (Workdays) w = published (true);
  g_autoptr (GRand) rand = g_rand_new_with_seed (20210930);
  int late = 0;
  for (int i = 0; i < 1500; i++) {
    Question q = random_question (rand);
    if (q.limit.unit == CLOCK_WORKING_HOURS && i > 300)
      continue; /* minute by minute takes its time */
    check_question (w, &q);
    ClockReading r;
    clock_read (w, q.limit, q.events, q.n, q.now, &r, NULL);
    late += r.status == CLOCK_LATE;
  }
  g_assert_cmpint (late, >, 50);
}

/* ---- day by day ---- */

static void
test_days (void)
{
  static const struct {
    const char *limit, *events, *days;
  } cases[] = {
    { "6 working days", "begins 2021-02-05 10:00; pauses 2021-02-08 10:00; resumes 2021-02-10 10:00",
      "02-05 begins 0, 02-06 weekend 0, 02-07 made_up 1, 02-08 counts 2, 02-09 paused 2, 02-10 resumes 2, "
      "02-11 holiday 2, 02-12 holiday 2, 02-13 holiday 2, 02-14 holiday 2, 02-15 holiday 2, 02-16 holiday 2, "
      "02-17 holiday 2, 02-18 counts 3, 02-19 counts 4, 02-20 made_up 5, 02-21 weekend 5, 02-22 counts 6, " },
    { "3 days", "begins 2021-04-30 10:00",
      "04-30 begins 0, 05-01 counts 1, 05-02 counts 2, 05-03 counts 3, 05-04 holiday 3, 05-05 holiday 3, "
      "05-06 moved 3, " },
    { "5 working days", "begins 2026-12-29 10:00",
      "12-29 begins 0, 12-30 counts 1, 12-31 counts 2, 01-01 unpublished 2, " },
    { "4 working hours", "begins 2021-03-05 16:30; pauses 2021-03-08 09:00; resumes 2021-03-09 20:00",
      "03-05 counts 60, 03-06 weekend 60, 03-07 weekend 60, 03-08 counts 120, 03-09 resumes 120, "
      "03-10 counts 240, " },
    { "8 working hours", "begins 2026-12-31 16:30", "12-31 counts 60, 01-01 unpublished 60, " },
  };
  g_autoptr (Workdays) w = published (true);
  for (size_t i = 0; i < G_N_ELEMENTS (cases); i++) {
    g_autoptr (Arena) arena = arena_new ();
    g_autoptr (GString) got = g_string_new (NULL);
    ClockEvent events[EVENTS_MAX];
    ClockLimit limit;
    size_t n, n_events = read_events (cases[i].events, events);
    g_assert_true (clock_limit_parse (cases[i].limit, &limit, NULL));
    const ClockDay *days = clock_days (w, arena, limit, events, n_events, 0, &n, NULL);
    for (size_t k = 0; k < n; k++) {
      char date[CIVIL_TEXT_MAX];
      g_string_append_printf (got, "%s %s %d, ", civil_format (days[k].day, date) + 5,
                              clock_day_kind_id (days[k].kind), (int)days[k].number);
    }
    g_assert_cmpstr (got->str, ==, cases[i].days);
  }
}

static void
test_words (void)
{
  g_autoptr (Arena) arena = arena_new ();
  ClockDay made_up = { .kind = CLOCK_DAY_MADE_UP, .name = "春节" }, ordinary = { .kind = CLOCK_DAY_COUNTS };
  g_assert_cmpstr (clock_day_words (arena, &made_up, false), ==, "调休上班，算（春节）");
  g_assert_cmpstr (clock_day_words (arena, &made_up, true), ==, "a make-up working day, counts (春节)");
  g_assert_cmpstr (clock_day_words (arena, &ordinary, false), ==, "算");
}

/* What needs no hours does without; what does says so; a century of standing still is no list. */
static void
test_refusals (void)
{
  g_autoptr (Workdays) w = published (false);
  g_autoptr (Arena) arena = arena_new ();
  ClockEvent events[]
      = { { CLOCK_BEGINS, moment ("2021-03-01 09:00") }, { CLOCK_PAUSES, moment ("2021-03-01 09:00") } };
  ClockReading r;
  GError *error = NULL;
  size_t n;
  g_assert_false (clock_read (w, (ClockLimit){ CLOCK_WORKING_HOURS, 4 }, events, 1, 0, &r, &error));
  g_assert_error (error, FAULT, FAULT_INPUT);
  g_clear_error (&error);
  g_assert_true (clock_read (w, (ClockLimit){ CLOCK_WORKING_DAYS, 1 }, events, 1, 0, &r, NULL));
  g_autofree char *due = show (r.due);
  g_assert_cmpstr (due, ==, "2021-03-02 23:59");
  gint64 far = moment ("2021-03-01 09:00") + (gint64)80000 * DAY;
  g_assert_null (clock_days (w, arena, (ClockLimit){ CLOCK_DAYS, 1 }, events, 2, far, &n, &error));
  g_assert_error (error, FAULT, FAULT_INPUT);
  g_clear_error (&error);
}

/* ---- labour arbitration ---- */

static const ClockArbitration law = { 1, 5, 5, 10, 5, 45, 15 };

static char *
timetable (const Workdays *w, const ClockDispute *dispute, const char *now)
{
  ClockStep steps[CLOCK_N_STEPS];
  GError *error = NULL;
  GString *text = g_string_new (NULL);
  if (!clock_arbitration (w, &law, dispute, day (now) * DAY, steps, &error)) {
    g_assert_error (error, FAULT, FAULT_INPUT);
    g_clear_error (&error);
    g_string_append (text, "refused");
  } else {
    for (int i = 0; i < CLOCK_N_STEPS; i++) {
      g_autofree char *due = show (steps[i].reading.due);
      due[due[1] ? 10 : 1] = '\0';
      g_string_append_printf (text, "%s%s %s %s, ", steps[i].expected ? "~" : "",
                              clock_step_id ((ClockStepKind)i), due,
                              clock_status_id (steps[i].reading.status));
    }
  }
  return g_string_free (text, FALSE);
}

static void
test_arbitration (void)
{
  const Day no = CLOCK_NO_DAY;
  const Day claim[] = { day ("2021-12-01") }, revived[] = { day ("2022-03-02"), day ("2022-06-01") };
  const struct {
    ClockDispute dispute;
    const char *now, *timetable;
  } cases[] = {
    /* nothing done yet: everything at its latest; 2022-03-01 is a Tuesday, 03-06 a Sunday */
    { { day ("2021-03-01"), no, no, no, no, no, no },
      "2022-02-01",
      "apply 2022-03-01 running, ~accept 2022-03-07 running, ~serve 2022-03-14 running, "
      "~answer 2022-03-24 running, ~serve_answer 2022-03-29 running, ~award 2022-04-21 running, " },
    { { day ("2021-03-01"), day ("2022-02-28"), day ("2022-03-04"), day ("2022-03-08"), day ("2022-03-21"),
        no, no },
      "2022-03-28",
      "apply 2022-03-01 met, accept 2022-03-07 met, serve 2022-03-09 met, answer 2022-03-18 late, "
      "serve_answer 2022-03-28 running, award 2022-04-18 running, " },
    { { day ("2021-03-01"), day ("2022-02-28"), day ("2022-03-04"), no, no, no, day ("2022-05-03"), true },
      "2022-05-04",
      "apply 2022-03-01 met, accept 2022-03-07 met, serve 2022-03-09 late, ~answer 2022-03-21 late, "
      "~serve_answer 2022-03-28 late, award 2022-05-05 met, " },
    /* the 45th day is in the National Day holidays, which end with a Saturday that is worked */
    { { day ("2021-12-01"), day ("2022-08-15"), day ("2022-08-18"), no, no, no, no },
      "2022-10-08",
      "apply 2022-12-01 met, accept 2022-08-22 met, serve 2022-08-23 late, ~answer 2022-09-02 late, "
      "~serve_answer 2022-09-07 late, award 2022-10-08 running, " },
    /* the limitation starts anew with a claim; after it ran out, nothing revives it */
    { { day ("2021-03-01"), day ("2022-11-30"), no, no, no, no, no, false, 1, claim },
      "2022-11-30",
      "apply 2022-12-01 met, accept 2022-12-05 running, ~serve 2022-12-12 running, ~answer 2022-12-22 "
      "running, "
      "~serve_answer 2022-12-27 running, ~award 2023-01-19 running, " },
    { { day ("2021-03-01"), day ("2022-06-02"), no, no, no, no, no, false, 2, revived },
      "2022-06-02",
      "apply 2022-03-01 late, accept 2022-06-07 running, ~serve 2022-06-13 running, ~answer 2022-06-23 "
      "running, "
      "~serve_answer 2022-06-28 running, ~award 2022-07-22 running, " },
    { { day ("2026-03-02"), no, no, no, no, no, no },
      "2026-03-03",
      "apply - open, ~accept - open, ~serve - open, ~answer - open, ~serve_answer - open, ~award - open, " },
    { { no, day ("2021-03-01"), no, no, no, no, no }, "2021-03-02", "refused" },
    { { day ("2021-03-01"), no, day ("2021-03-02"), no, no, no, no }, "2021-03-02", "refused" },
    { { day ("2021-03-01"), day ("2021-02-01"), no, no, no, no, no }, "2021-03-02", "refused" },
  };
  g_autoptr (Workdays) w = published (true);
  for (size_t i = 0; i < G_N_ELEMENTS (cases); i++) {
    g_autofree char *got = timetable (w, &cases[i].dispute, cases[i].now);
    g_assert_cmpstr (got, ==, cases[i].timetable);
  }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/clocks/table", test_table);
  g_test_add_func ("/clocks/random against day by day", test_random);
  g_test_add_func ("/clocks/days", test_days);
  g_test_add_func ("/clocks/words", test_words);
  g_test_add_func ("/clocks/refusals", test_refusals);
  g_test_add_func ("/clocks/arbitration", test_arbitration);
  return g_test_run ();
}
