/* Civil dates: the proleptic Gregorian calendar (ISO 8601), as days.
 *
 * A Day is the number of days since 1970-01-01, so that comparing and
 * subtracting are plain integer work.  Civil dates are those of Asia/Shanghai;
 * instants are UTC seconds. */
#pragma once

#include <glib.h>
#include <stdbool.h>
#include "text.h"

typedef gint64 Day;

enum { CIVIL_TEXT_MAX = 32 };

/* Years −999,999,999 … 999,999,999 are in range (DMN 1.5, 10.3.2.3.4). */
bool civil_is_valid (gint64 year, int month, int day);
/* Whether D lies in that range: ask after adding what a stranger gave. */
bool civil_day_is_valid (Day d);
Day civil_to_day (gint64 year, int month, int day);
void civil_from_day (Day d, gint64 *year, int *month, int *day);
int civil_days_in_month (gint64 year, int month);
/* 1 Monday … 7 Sunday */
int civil_weekday (Day d);
/* The same day N months later; the end of the month where that day does not
 * exist (2021-01-31 + 1 month = 2021-02-28).  Any N is safe; the result may be
 * out of range, see civil_day_is_valid. */
Day civil_add_months (Day d, gint64 n);
/* Whole months from A to B (negative when B is earlier), as FEEL counts. */
gint64 civil_months_between (Day a, Day b);

/* "2021-09-30", exactly, years 0000–9999; false (and *d untouched) otherwise. */
bool civil_parse (Text text, Day *d);
/* Into BUFFER of CIVIL_TEXT_MAX bytes; returns it.  Years have four digits at
 * least and a "-" before year 0000. */
char *civil_format (Day d, char *buffer);
/* The civil date in Asia/Shanghai (UTC+8, no daylight saving since 1992) of a UTC
 * instant in seconds, and of now. */
Day civil_day_of (gint64 instant);
Day civil_today (void);
/* "2021-09-30T01:02:03Z" of a UTC instant in seconds, and back. */
char *instant_format (gint64 seconds, char *buffer);
bool instant_parse (Text text, gint64 *seconds);
