/* Reading a clock: its stretches are counted by differences of ranks, so a reading
 * walks events, never days. */
#include "clocks/clocks_private.h"

static const char *const status_ids[] = { "running", "paused", "met", "late", "open" };

const char *
clock_status_id (ClockStatus status)
{
  return status_ids[status];
}

/* ---- opening ---- */

static bool
refuse (GError **error, const char *what)
{
  g_set_error_literal (error, FAULT, FAULT_INPUT, what);
  return false;
}

static bool
check_events (const ClockEvent *events, size_t n_turns, size_t n, GError **error)
{
  if (n == 0 || events[0].turn != CLOCK_BEGINS)
    return refuse (error, "a clock's first event is that it begins");
  for (size_t i = 1; i < n_turns; i++)
    if (events[i].turn != (i % 2 ? CLOCK_PAUSES : CLOCK_RESUMES))
      return refuse (error,
                     "a clock that has begun stands still and goes on in turn, and ends once, at last");
  for (size_t i = 0; i < n; i++) {
    if (!civil_day_is_valid (clock_day_of (events[i].at)))
      return refuse (error, "an event's moment lies beyond the calendar of people");
    if (i && events[i].at < events[i - 1].at) {
      g_set_error (error, FAULT, FAULT_INPUT,
                   "event %zu of the clock is before event %zu: a clock does not go back", i + 1, i);
      return false;
    }
  }
  return true;
}

/* The limit as days or minutes to count; 0 when it is none. */
static gint64
total_of (const Clock *clock)
{
  static const int most[] = { CLOCK_LIMIT_MOST, CLOCK_LIMIT_MOST, CLOCK_LIMIT_MOST * 24, 1200, 100 };
  int n = clock->limit.n;
  Day begins = clock_day_of (clock->events[0].at);
  if (n < 1 || n > most[clock->limit.unit])
    return 0;
  switch (clock->limit.unit) {
  case CLOCK_WORKING_HOURS: return (gint64)n * 60;
  case CLOCK_MONTHS: return civil_add_months (begins, n) - begins;
  case CLOCK_YEARS: return civil_add_months (begins, 12 * (gint64)n) - begins;
  default: return n;
  }
}

bool
clock_open (Clock *clock, const Workdays *calendar, ClockLimit limit, const ClockEvent *events, size_t n,
            gint64 now, GError **error)
{
  bool ended = n > 1 && events[n - 1].turn == CLOCK_ENDS;
  *clock = (Clock){ calendar, limit, events, n - ended, ended };
  if (!check_events (events, clock->n_turns, n, error))
    return false;
  clock->stop = ended ? events[n - 1].at : MAX (now, events[n - 1].at);
  clock->total = total_of (clock);
  if (!civil_day_is_valid (clock_day_of (clock->stop)))
    return refuse (error, "now lies beyond the calendar of people");
  if (!clock->total)
    return refuse (error, "a limit is a whole number above 0, a century at most");
  if (clock_is_hours (clock) && !workdays_has_hours (calendar))
    return refuse (error, "a limit in working hours needs office hours: set them in the policy package");
  return true;
}

void
clock_stretch (const Clock *clock, size_t i, gint64 *from, gint64 *to)
{
  *from = 2 * i < clock->n_turns ? clock->events[2 * i].at : clock->stop;
  *to = 2 * i + 1 < clock->n_turns ? clock->events[2 * i + 1].at : G_MAXINT64;
}

/* ---- counting ---- */

static int
year_of (Day d)
{
  gint64 year;
  int month, day;
  civil_from_day (d, &year, &month, &day);
  return (int)year;
}

/* The calendar had no answer to a question from DAY on: remember which year it lacks. */
static bool
lacks (Clock *clock, Day day)
{
  Day first, last;
  workdays_range (clock->calendar, &first, &last);
  clock->year = day < first || day > last ? year_of (day) : year_of (last) + 1;
  return false;
}

bool
clock_count (Clock *clock, gint64 from, gint64 to, gint64 *n)
{
  Day a = clock_day_of (from), b = clock_day_of (to), first, last;
  if (clock_is_calendar_time (clock)) {
    *n = b - a;
    return true;
  }
  workdays_range (clock->calendar, &first, &last);
  if (a < first || b > last)
    return lacks (clock, a < first || a > last ? a : b);
  if (clock_is_hours (clock))
    return workdays_minutes_between (clock->calendar, from, to, n, NULL);
  int days = 0;
  workdays_between (clock->calendar, a, b, &days, NULL);
  *n = days;
  return true;
}

/* K units after FROM, were the clock never stopped. */
static bool
locate (Clock *clock, gint64 from, gint64 k, gint64 *at)
{
  Day day = clock_day_of (from);
  if (clock_is_calendar_time (clock)) {
    *at = day + k;
    return true;
  }
  if (clock_is_hours (clock))
    return workdays_add_minutes (clock->calendar, from, k, at, NULL) || lacks (clock, day);
  return workdays_add (clock->calendar, day, (int)k, at, NULL) || lacks (clock, day);
}

bool
clock_find (Clock *clock, gint64 k, gint64 *at, size_t *stretch)
{
  for (size_t i = 0;; i++) {
    gint64 from, to, n;
    clock_stretch (clock, i, &from, &to);
    gint64 end = to == G_MAXINT64 || clock_is_hours (clock) ? to : clock_day_of (to);
    bool located = locate (clock, from, k, at);
    *stretch = i;
    if (located && *at <= end)
      return true;
    if (to == G_MAXINT64 || !clock_count (clock, from, to, &n))
      return false;
    k -= n;
  }
}

bool
clock_last_day (Clock *clock, Day nominal, size_t stretch, Day *last)
{
  *last = nominal;
  if (!clock_is_calendar_time (clock))
    return true;
  if (!workdays_add (clock->calendar, nominal, 0, last, NULL))
    return lacks (clock, nominal);
  for (;; stretch++) {
    gint64 from, to;
    clock_stretch (clock, stretch, &from, &to);
    if (clock_day_of (from) >= *last && *last != nominal
        && !workdays_add (clock->calendar, clock_day_of (from), 1, last, NULL))
      return lacks (clock, clock_day_of (from));
    if (to == G_MAXINT64 || *last <= clock_day_of (to))
      return true;
  }
}

/* ---- the reading ---- */

static gint64
close_of (const Clock *clock, Day day)
{
  int closing = clock->limit.whole_day ? MINUTES_PER_DAY : workdays_closing (clock->calendar);
  return day * MINUTES_PER_DAY + MIN (closing, MINUTES_PER_DAY - 1);
}

static bool
find_due (Clock *clock, Day *last, gint64 *due)
{
  gint64 at;
  size_t stretch;
  if (!clock_find (clock, clock->total, &at, &stretch))
    return false;
  *last = clock_is_hours (clock) ? clock_day_of (at) : at;
  if (!clock_last_day (clock, *last, stretch, last))
    return false;
  *due = clock_is_hours (clock) ? at : close_of (clock, *last);
  return true;
}

/* LAST is known, so all that is asked for here lies before it. */
static gint64
find_warning (Clock *clock, Day last)
{
  gint64 begins = clock->events[0].at, at, day_before;
  size_t stretch;
  gint64 margin = MAX ((clock->total + 4) / 5, clock_is_hours (clock) ? 60 : 1);
  if (clock->total <= margin || !clock_find (clock, clock->total - margin, &at, &stretch))
    return begins;
  if (!clock_is_hours (clock))
    at = close_of (clock, at);
  if (clock_is_calendar_time (clock) && workdays_add (clock->calendar, last, -1, &day_before, NULL))
    at = MIN (at, close_of (clock, day_before));
  return MAX (at, begins);
}

static bool
count_used (Clock *clock, gint64 *used)
{
  *used = 0;
  for (size_t i = 0; 2 * i < clock->n_turns; i++) {
    gint64 from, to, n;
    clock_stretch (clock, i, &from, &to);
    if (!clock_count (clock, from, MIN (to, clock->stop), &n))
      return false;
    *used += n;
  }
  return true;
}

/* Without DUE, that no more than the limit is used shows that an end was in time. */
static ClockStatus
status_of (const Clock *clock, const ClockReading *reading)
{
  bool known = reading->year == 0;
  if (known && clock->stop > reading->due)
    return CLOCK_LATE;
  if (clock->ended)
    return known || (reading->used >= 0 && reading->used <= clock->total) ? CLOCK_MET : CLOCK_OPEN;
  if (clock_is_paused (clock))
    return CLOCK_PAUSED;
  return known ? CLOCK_RUNNING : CLOCK_OPEN;
}

bool
clock_read (const Workdays *calendar, ClockLimit limit, const ClockEvent *events, size_t n, gint64 now,
            ClockReading *reading, GError **error)
{
  Clock clock;
  Day last;
  if (!clock_open (&clock, calendar, limit, events, n, now, error))
    return false;
  *reading = (ClockReading){ .used = -1, .left = -1 };
  if (find_due (&clock, &last, &reading->due))
    reading->warn_at = find_warning (&clock, last);
  else
    reading->year = clock.year;
  bool counted = count_used (&clock, &reading->used);
  if (!counted)
    reading->used = -1;
  reading->status = status_of (&clock, reading);
  if (counted) {
    if (reading->status != CLOCK_LATE) /* days of rest after the limit's last are not used */
      reading->used = MIN (reading->used, clock.total);
    reading->left = clock.total - reading->used;
  }
  return true;
}
