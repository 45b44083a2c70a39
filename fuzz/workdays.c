/* Any holiday table: what is accepted answers every question without a fault of
 * memory, and counting agrees with adding. */
#include "base/base.h"

int LLVMFuzzerTestOneInput (const uint8_t *data, size_t size);

static void
check_calendar (const Workdays *w)
{
  Day first, last;
  g_assert (workdays_range (w, &first, &last) && first <= last);
  for (Day d = first - 2; d <= last + 2; d += 5) {
    Day result;
    int counted;
    Workday worked = workdays_is_worked (w, d);
    g_assert ((worked == WORKDAY_UNPUBLISHED) == (d < first || d > last));
    workdays_name (w, d);
    if (!workdays_add (w, d, 7, &result, NULL))
      continue;
    g_assert (workdays_between (w, d, result, &counted, NULL) && counted == 7);
  }
}

int
LLVMFuzzerTestOneInput (const uint8_t *data, size_t size)
{
  g_autoptr (GError) error = NULL;
  Text csv = { (const char *)data, size };
  g_autoptr (Workdays) w = workdays_parse (csv, "fuzz", &error);
  g_assert ((w == NULL) == (error != NULL));
  if (!w)
    return 0;
  check_calendar (w);
  static const int hours[] = { 480, 720, 870, 1050 };
  gint64 minute, counted;
  Day first, last;
  g_assert (workdays_set_hours (w, hours, 2, NULL) && workdays_range (w, &first, &last));
  if (workdays_add_minutes (w, first * 1440, 1000, &minute, NULL))
    g_assert (workdays_minutes_between (w, first * 1440, minute, &counted, NULL) && counted == 1000);
  return 0;
}
