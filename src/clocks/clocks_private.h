/* What reading a clock and telling its days share. */
#pragma once

#include "clocks/clocks.h"

enum { MINUTES_PER_DAY = 1440 };

/* A clock runs in stretches: from beginning or going on until it is stopped.  Turns
 * alternate, so stretch I goes from event 2 I to event 2 I + 1. */
typedef struct {
  const Workdays *calendar;
  ClockLimit limit;
  const ClockEvent *events;
  size_t n_turns; /* without the end */
  bool ended;
  gint64 stop;  /* its end, else now, not before the last event */
  gint64 total; /* the limit in the unit it is counted in: working days, days, minutes */
  int year;     /* the last question that found no calendar */
} Clock;

/* False with FAULT_INPUT when the events or the limit are none. */
bool clock_open (Clock *clock, const Workdays *calendar, ClockLimit limit, const ClockEvent *events, size_t n,
                 gint64 now, GError **error);
static inline bool
clock_is_paused (const Clock *clock)
{
  return clock->n_turns % 2 == 0;
}
/* Of a clock that stands still the last stretch would begin at STOP: it counts for DUE and is not used. */
static inline size_t
clock_n_stretches (const Clock *clock)
{
  return clock->n_turns / 2 + 1;
}
/* Where stretch I begins and ends (G_MAXINT64: it is the last). */
void clock_stretch (const Clock *clock, size_t i, gint64 *from, gint64 *to);
/* Counted units in (FROM, TO]; false, with the clock's YEAR, when the calendar has no answer. */
bool clock_count (Clock *clock, gint64 from, gint64 to, gint64 *n);
/* The day, and of hours the minute, at which K ≥ 1 units are counted, and its stretch; false as above. */
bool clock_find (Clock *clock, gint64 k, gint64 *at, size_t *stretch);
/* The last day, given the day on which the limit is used up: itself, or of calendar time the next
 * that is worked and on which the clock runs.  False as above. */
bool clock_last_day (Clock *clock, Day nominal, size_t stretch, Day *last);

static inline bool
clock_is_hours (const Clock *clock)
{
  return clock->limit.unit == CLOCK_WORKING_HOURS;
}
static inline bool
clock_is_calendar_time (const Clock *clock)
{
  return clock->limit.unit != CLOCK_WORKING_DAYS && clock->limit.unit != CLOCK_WORKING_HOURS;
}
static inline Day
clock_day_of (gint64 at)
{
  return at / MINUTES_PER_DAY - (at % MINUTES_PER_DAY < 0);
}
