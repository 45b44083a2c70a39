/* Day arithmetic in eras of 400 years (146,097 days), years starting in March so
 * that the leap day comes last. */
#include "civil.h"

#include <time.h>

enum {
  DAYS_PER_ERA = 146097,
  DAYS_TO_1970 = 719468,
  YEAR_LIMIT = 999999999,
  SECONDS_PER_DAY = 86400,
  SHANGHAI_OFFSET = 8 * 3600
};

static gint64
floor_divide (gint64 a, gint64 b)
{
  return a / b - (a % b != 0 && (a < 0) != (b < 0));
}

int
civil_days_in_month (gint64 year, int month)
{
  static const int days[] = { 31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31 };
  bool leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
  return days[month - 1] + (month == 2 && leap);
}

bool
civil_is_valid (gint64 year, int month, int day)
{
  return year >= -YEAR_LIMIT && year <= YEAR_LIMIT && month >= 1 && month <= 12 && day >= 1
         && day <= civil_days_in_month (year, month);
}

Day
civil_to_day (gint64 year, int month, int day)
{
  gint64 y = month <= 2 ? year - 1 : year;
  gint64 era = floor_divide (y, 400);
  gint64 year_of_era = y - era * 400;
  gint64 day_of_year = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1;
  gint64 day_of_era = year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;
  return era * DAYS_PER_ERA + day_of_era - DAYS_TO_1970;
}

void
civil_from_day (Day d, gint64 *year, int *month, int *day)
{
  d += DAYS_TO_1970;
  gint64 era = floor_divide (d, DAYS_PER_ERA);
  gint64 day_of_era = d - era * DAYS_PER_ERA;
  gint64 year_of_era = (day_of_era - day_of_era / 1460 + day_of_era / 36524 - day_of_era / 146096) / 365;
  gint64 day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
  int m = (int)((5 * day_of_year + 2) / 153);
  *day = (int)(day_of_year - (153 * m + 2) / 5) + 1;
  *month = m < 10 ? m + 3 : m - 9;
  *year = year_of_era + era * 400 + (*month <= 2);
}

int
civil_weekday (Day d)
{
  gint64 since_monday = d + 3; /* 1970-01-01 was a Thursday */
  return (int)(since_monday - floor_divide (since_monday, 7) * 7) + 1;
}

bool
civil_day_is_valid (Day d)
{
  return d >= civil_to_day (-YEAR_LIMIT, 1, 1) && d <= civil_to_day (YEAR_LIMIT, 12, 31);
}

Day
civil_add_months (Day d, gint64 n)
{
  const gint64 limit = 12 * (2 * (gint64)YEAR_LIMIT + 1);
  gint64 year;
  int month, day;
  civil_from_day (d, &year, &month, &day);
  gint64 months = year * 12 + month - 1 + CLAMP (n, -limit, limit);
  year = floor_divide (months, 12);
  month = (int)(months - year * 12) + 1;
  return civil_to_day (year, month, MIN (day, civil_days_in_month (year, month)));
}

gint64
civil_months_between (Day a, Day b)
{
  gint64 year_a, year_b;
  int month_a, month_b, day_a, day_b;
  civil_from_day (a, &year_a, &month_a, &day_a);
  civil_from_day (b, &year_b, &month_b, &day_b);
  gint64 months = (year_b - year_a) * 12 + month_b - month_a;
  if (months > 0 && day_b < day_a)
    return months - 1;
  if (months < 0 && day_b > day_a)
    return months + 1;
  return months;
}

/* LEN decimal digits at BYTES, or -1. */
static int
digits (const char *bytes, int len)
{
  int value = 0;
  for (int i = 0; i < len; i++) {
    if (!g_ascii_isdigit (bytes[i]))
      return -1;
    value = value * 10 + (bytes[i] - '0');
  }
  return value;
}

bool
civil_parse (Text text, Day *d)
{
  const char *s = text.bytes;
  if (text.len != 10 || s[4] != '-' || s[7] != '-')
    return false;
  int year = digits (s, 4), month = digits (s + 5, 2), day = digits (s + 8, 2);
  if (year < 0 || !civil_is_valid (year, month, day))
    return false;
  *d = civil_to_day (year, month, day);
  return true;
}

char *
civil_format (Day d, char *buffer)
{
  gint64 year;
  int month, day;
  civil_from_day (d, &year, &month, &day);
  g_snprintf (buffer, CIVIL_TEXT_MAX, "%s%04" G_GINT64_FORMAT "-%02d-%02d", year < 0 ? "-" : "", ABS (year),
              month, day);
  return buffer;
}

Day
civil_day_of (gint64 instant)
{
  return floor_divide (instant + SHANGHAI_OFFSET, SECONDS_PER_DAY);
}

Day
civil_today (void)
{
  return civil_day_of (time (NULL));
}

char *
instant_format (gint64 seconds, char *buffer)
{
  Day d = floor_divide (seconds, SECONDS_PER_DAY);
  int second = (int)(seconds - d * SECONDS_PER_DAY);
  char date[CIVIL_TEXT_MAX];
  g_snprintf (buffer, CIVIL_TEXT_MAX, "%sT%02d:%02d:%02dZ", civil_format (d, date), second / 3600,
              second / 60 % 60, second % 60);
  return buffer;
}

bool
instant_parse (Text text, gint64 *seconds)
{
  const char *s = text.bytes;
  Day d;
  if (text.len != 20 || s[10] != 'T' || s[13] != ':' || s[16] != ':' || s[19] != 'Z'
      || !civil_parse ((Text){ s, 10 }, &d))
    return false;
  int hour = digits (s + 11, 2), minute = digits (s + 14, 2), second = digits (s + 17, 2);
  if (hour < 0 || hour > 23 || minute < 0 || minute > 59 || second < 0 || second > 59)
    return false;
  *seconds = d * SECONDS_PER_DAY + hour * 3600 + minute * 60 + second;
  return true;
}
