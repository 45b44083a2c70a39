/* Every day of a clock, and why it counts. */
#include "clocks/clocks_private.h"

static const struct {
  const char *id, *zh, *en;
} kinds[] = {
  [CLOCK_DAY_BEGINS] = { "begins", "开始的当天，不算", "the day on which it begins does not count" },
  [CLOCK_DAY_COUNTS] = { "counts", "算", "counts" },
  [CLOCK_DAY_MADE_UP] = { "made_up", "调休上班，算", "a make-up working day, counts" },
  [CLOCK_DAY_WEEKEND] = { "weekend", "周末，不算", "weekend, does not count" },
  [CLOCK_DAY_HOLIDAY] = { "holiday", "放假，不算", "holiday, does not count" },
  [CLOCK_DAY_PAUSED] = { "paused", "暂停，不算", "stands still, does not count" },
  [CLOCK_DAY_RESUMES] = { "resumes", "恢复的当天，不算", "the day on which it goes on does not count" },
  [CLOCK_DAY_MOVED]
  = { "moved", "到期那天休息，顺延到这个工作日", "the last day was of rest: this working day is the last" },
  [CLOCK_DAY_UNPUBLISHED] = { "unpublished", "这一年的放假安排还没有公布，算不了",
                              "this year's holidays are not published: nobody can say" },
};

const char *
clock_day_kind_id (ClockDayKind kind)
{
  return kinds[kind].id;
}

const char *
clock_day_words (Arena *arena, const ClockDay *day, bool english)
{
  const char *words = english ? kinds[day->kind].en : kinds[day->kind].zh;
  bool named = day->kind == CLOCK_DAY_MADE_UP || day->kind == CLOCK_DAY_HOLIDAY;
  if (!named || !day->name)
    return words;
  return arena_printf (arena, english ? "%s (%s)" : "%s（%s）", words, day->name);
}

typedef struct {
  Clock clock;
  size_t stretch; /* the first whose end is not before the day */
  gint64 before;  /* counted in the stretches before it */
} Walk;

/* Whether the clock ran as DAY began; otherwise whether it goes on during it. */
static bool
runs (Walk *walk, Day day, bool *resumes)
{
  gint64 from, to, n;
  clock_stretch (&walk->clock, walk->stretch, &from, &to);
  while (to != G_MAXINT64 && clock_day_of (to) < day) {
    walk->before += clock_count (&walk->clock, from, to, &n) ? n : 0;
    clock_stretch (&walk->clock, ++walk->stretch, &from, &to);
  }
  *resumes = clock_day_of (from) == day;
  return clock_day_of (from) < day;
}

/* The kind of a day on which the clock runs. */
static ClockDayKind
kind_of_running (const Clock *clock, Day day)
{
  const char *name = workdays_name (clock->calendar, day);
  switch (workdays_is_worked (clock->calendar, day)) {
  case WORKDAY_YES: return name ? CLOCK_DAY_MADE_UP : CLOCK_DAY_COUNTS;
  case WORKDAY_NO: return name ? CLOCK_DAY_HOLIDAY : CLOCK_DAY_WEEKEND;
  default: return CLOCK_DAY_UNPUBLISHED;
  }
}

/* Minutes counted by the end of DAY. */
static gint64
minutes_by (Walk *walk, Day day)
{
  gint64 sum = walk->before, n;
  gint64 midnight = (day + 1) * MINUTES_PER_DAY;
  for (size_t i = walk->stretch; i < clock_n_stretches (&walk->clock); i++) {
    gint64 from, to;
    clock_stretch (&walk->clock, i, &from, &to);
    if (from >= midnight)
      break;
    /* the next day may be of a year that is not published */
    if (clock_count (&walk->clock, from, MIN (to, midnight), &n)
        || clock_count (&walk->clock, from, MIN (to, midnight - 1), &n))
      sum += n;
  }
  return MIN (sum, walk->clock.total);
}

static void
tell_hours (Walk *walk, ClockDay *row, gint64 before)
{
  bool resumes;
  bool runs_as_begins = runs (walk, row->day, &resumes);
  row->kind = kind_of_running (&walk->clock, row->day);
  row->number = row->kind == CLOCK_DAY_UNPUBLISHED ? before : minutes_by (walk, row->day);
  row->counts = row->number > before;
  if (row->counts || row->kind == CLOCK_DAY_UNPUBLISHED)
    return;
  if (resumes)
    row->kind = walk->stretch ? CLOCK_DAY_RESUMES : CLOCK_DAY_BEGINS;
  else if (!runs_as_begins || row->kind == CLOCK_DAY_COUNTS || row->kind == CLOCK_DAY_MADE_UP)
    row->kind = CLOCK_DAY_PAUSED;
}

static void
tell_days (Walk *walk, ClockDay *row, gint64 before)
{
  bool resumes, calendar_time = clock_is_calendar_time (&walk->clock);
  row->number = before;
  if (!runs (walk, row->day, &resumes)) {
    row->kind = !resumes ? CLOCK_DAY_PAUSED : walk->stretch ? CLOCK_DAY_RESUMES : CLOCK_DAY_BEGINS;
    return;
  }
  row->kind = kind_of_running (&walk->clock, row->day);
  if (calendar_time && before < walk->clock.total)
    row->kind = CLOCK_DAY_COUNTS;
  else if (calendar_time && (row->kind == CLOCK_DAY_COUNTS || row->kind == CLOCK_DAY_MADE_UP))
    row->kind = CLOCK_DAY_MOVED;
  row->counts = row->kind == CLOCK_DAY_COUNTS || row->kind == CLOCK_DAY_MADE_UP;
  row->number += row->counts;
}

static bool
find_last (Clock *clock, Day *last)
{
  gint64 at;
  size_t stretch;
  if (!clock_find (clock, clock->total, &at, &stretch))
    return false;
  return clock_last_day (clock, clock_is_hours (clock) ? clock_day_of (at) : at, stretch, last);
}

const ClockDay *
clock_days (const Workdays *calendar, Arena *arena, ClockLimit limit, const ClockEvent *events, size_t n,
            gint64 now, size_t *n_days, GError **error)
{
  Walk walk = { 0 };
  Day last = G_MAXINT64;
  if (!clock_open (&walk.clock, calendar, limit, events, n, now, error))
    return NULL;
  g_autoptr (GArray) rows = g_array_new (FALSE, FALSE, sizeof (ClockDay));
  gint64 number = 0;
  /* without an end, the list stops at the first day that would need a calendar */
  if (!find_last (&walk.clock, &last))
    last = G_MAXINT64;
  for (Day day = clock_day_of (events[0].at); day <= last; day++) {
    ClockDay row = { .day = day, .name = workdays_name (calendar, day) };
    if (rows->len == 2 * CLOCK_LIMIT_MOST) {
      g_set_error (error, FAULT, FAULT_INPUT,
                   "a clock that stood still for more than a century is not told day by day");
      return NULL;
    }
    (clock_is_hours (&walk.clock) ? tell_hours : tell_days) (&walk, &row, number);
    number = row.number;
    g_array_append_val (rows, row);
    if (row.kind == CLOCK_DAY_UNPUBLISHED)
      break;
  }
  *n_days = rows->len;
  return arena_copy (arena, rows->data, rows->len * sizeof (ClockDay));
}
