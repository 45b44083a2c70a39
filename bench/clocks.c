/* A million readings of clocks with a pause each: what a queue of cases asks for. */
#include "clocks/clocks.h"

#include <stdio.h>

int
main (void)
{
  enum { N = 1000000 };
  gsize len;
  g_autofree char *csv = NULL;
  if (!g_file_get_contents (BENCH_POLICY "/calendar/holidays.csv", &csv, &len, NULL))
    return 1;
  static const int office[] = { 480, 720, 870, 1050 };
  g_autoptr (Workdays) w = workdays_parse ((Text){ csv, len }, "holidays.csv", NULL);
  workdays_set_hours (w, office, 2, NULL);
  for (int unit = CLOCK_WORKING_DAYS; unit <= CLOCK_MONTHS; unit++) {
    gint64 started = g_get_monotonic_time (), late = 0;
    for (int i = 0; i < N; i++) {
      gint64 at = civil_to_day (2021, 1, 4) * 1440 + i;
      ClockLimit limit = { (ClockUnit)unit, unit == CLOCK_MONTHS ? 2 : 1 + i % 40 };
      ClockEvent events[]
          = { { CLOCK_BEGINS, at }, { CLOCK_PAUSES, at + 3000 }, { CLOCK_RESUMES, at + 9000 } };
      ClockReading r;
      if (!clock_read (w, limit, events, 3, at + i % 100000, &r, NULL))
        return 1;
      late += r.status == CLOCK_LATE;
    }
    g_assert (late > 0 && late < N);
    printf ("%-14s %7.1f ms a million readings, %d late\n", clock_unit_id ((ClockUnit)unit),
            (double)(g_get_monotonic_time () - started) / 1000, (int)late);
  }
  return 0;
}
