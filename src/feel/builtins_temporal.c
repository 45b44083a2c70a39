#include "feel_private.h"

/* Dates and times, 10.3.4.7 and 10.3.4.8. */

static FeelValue
call_now (Call *call, const FeelValue *a)
{
  const FeelValue *now = call->frame->run->now;
  return now ? *now : builtin_fail (call, "no clock was given to this evaluation");
}

static FeelValue
call_today (Call *call, const FeelValue *a)
{
  const FeelValue *now = call->frame->run->now;
  return now ? feel_date (now->moment->date) : builtin_fail (call, "no clock was given to this evaluation");
}

static Day
day_of (FeelValue v)
{
  return v.kind == FEEL_DATE ? v.date : v.moment->date;
}

static FeelValue
call_day_of_week (Call *call, const FeelValue *a)
{
  static const char *const names[]
      = { "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday" };
  return feel_string (text_of (names[civil_weekday (day_of (a[0])) - 1]));
}

static FeelValue
call_day_of_year (Call *call, const FeelValue *a)
{
  gint64 year;
  int month, day;
  civil_from_day (day_of (a[0]), &year, &month, &day);
  return feel_int (day_of (a[0]) - civil_to_day (year, 1, 1) + 1);
}

/* ISO 8601: the week of a day is the week of its Thursday. */
static FeelValue
call_week_of_year (Call *call, const FeelValue *a)
{
  gint64 year;
  int month, day;
  Day thursday = day_of (a[0]) - civil_weekday (day_of (a[0])) + 4;
  civil_from_day (thursday, &year, &month, &day);
  return feel_int ((thursday - civil_to_day (year, 1, 1)) / 7 + 1);
}

static FeelValue
call_month_of_year (Call *call, const FeelValue *a)
{
  static const char *const names[]
      = { "January", "February", "March",     "April",   "May",      "June",
          "July",    "August",   "September", "October", "November", "December" };
  gint64 year;
  int month, day;
  civil_from_day (day_of (a[0]), &year, &month, &day);
  return feel_string (text_of (names[month - 1]));
}

#define DATE                                                                                                 \
  {                                                                                                          \
    "date", K_DATE | K_DATE_TIME                                                                             \
  }

const Builtin builtins_temporal[] = {
  { "now", call_now, &feel_type_date_time, { { 0 } }, 0, .impure = true },
  { "today", call_today, &feel_type_date, { { 0 } }, 0, .impure = true },
  { "day of week", call_day_of_week, &feel_type_string, { DATE }, 1 },
  { "day of year", call_day_of_year, &feel_type_number, { DATE }, 1 },
  { "week of year", call_week_of_year, &feel_type_number, { DATE }, 1 },
  { "month of year", call_month_of_year, &feel_type_string, { DATE }, 1 },
  { 0 },
};
