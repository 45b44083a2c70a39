#include "feel_private.h"

#include <string.h>

/* Properties of dates, times and durations (10.3.2.14, tables 60 to 66), and how they are written. */

enum {
  YEAR,
  MONTH,
  DAY,
  WEEKDAY,
  HOUR,
  MINUTE,
  SECOND,
  OFFSET,
  ZONE,
  YEARS,
  MONTHS,
  DAYS,
  HOURS,
  MINUTES,
  SECONDS
};

static const struct {
  const char *name;
  int property;
  unsigned kinds;
} properties[] = {
  { "year", YEAR, K_DATE | K_DATE_TIME },
  { "month", MONTH, K_DATE | K_DATE_TIME },
  { "day", DAY, K_DATE | K_DATE_TIME },
  { "weekday", WEEKDAY, K_DATE | K_DATE_TIME },
  { "hour", HOUR, K_TIME | K_DATE_TIME },
  { "minute", MINUTE, K_TIME | K_DATE_TIME },
  { "second", SECOND, K_TIME | K_DATE_TIME },
  { "time offset", OFFSET, K_TIME | K_DATE_TIME },
  { "timezone", ZONE, K_TIME | K_DATE_TIME },
  { "years", YEARS, K_MONTHS },
  { "months", MONTHS, K_MONTHS },
  { "days", DAYS, K_DAYS },
  { "hours", HOURS, K_DAYS },
  { "minutes", MINUTES, K_DAYS },
  { "seconds", SECONDS, K_DAYS },
};

static int
find_property (unsigned kind, Text name)
{
  for (size_t i = 0; i < G_N_ELEMENTS (properties); i++)
    if (properties[i].kinds & kind && text_equal (name, text_of (properties[i].name)))
      return properties[i].property;
  return -1;
}

static FeelValue
date_property (Day d, int property)
{
  gint64 year;
  int month, day;
  civil_from_day (d, &year, &month, &day);
  gint64 values[] = { [YEAR] = year, [MONTH] = month, [DAY] = day, [WEEKDAY] = civil_weekday (d) };
  return feel_int (values[property]);
}

static FeelValue
moment_property (Arena *arena, FeelKind kind, const FeelMoment *m, int property)
{
  int offset;
  switch (property) {
  case HOUR: return feel_int (m->seconds / 3600);
  case MINUTE: return feel_int (m->seconds / 60 % 60);
  case SECOND: return feel_int (m->seconds % 60);
  case OFFSET: return temporal_offset (kind, m, &offset) ? temporal_span (offset, 0) : feel_null ();
  default: return m->zone == ZONE_NAMED ? feel_string (m->zone_name) : feel_null ();
  }
}

FeelValue
temporal_property (Arena *arena, FeelValue v, Text name, bool *found)
{
  int property = find_property (KIND (v.kind), name);
  *found = property >= 0;
  if (!*found)
    return feel_null ();
  if (property <= WEEKDAY)
    return date_property (v.kind == FEEL_DATE ? v.date : v.moment->date, property);
  gint64 s = v.kind == FEEL_DAYS_DURATION ? v.span.seconds : 0;
  switch (property) {
  case YEARS: return feel_int (v.months / 12);
  case MONTHS: return feel_int (v.months % 12);
  case DAYS: return feel_int (s / 86400);
  case HOURS: return feel_int (s / 3600 % 24);
  case MINUTES: return feel_int (s / 60 % 60);
  case SECONDS:
    return feel_number (
        decimal_add (decimal_from_int64 (s % 60), decimal_from_scaled (v.span.nanoseconds, 9)));
  default: return moment_property (arena, v.kind, v.moment, property);
  }
}

const FeelType *
temporal_property_type (FeelTypeKind kind, Text name)
{
  for (int k = FEEL_DATE; k <= FEEL_MONTHS_DURATION; k++) {
    int property = type_of_kind ((FeelKind)k) == kind ? find_property (KIND (k), name) : -1;
    if (property >= 0)
      return property == OFFSET ? &feel_type_days_duration
             : property == ZONE ? &feel_type_string
                                : &feel_type_number;
  }
  return NULL;
}

/* ---- writing ---- */

static void
write_date (GString *out, Day d)
{
  gint64 year;
  int month, day;
  civil_from_day (d, &year, &month, &day);
  g_string_append_printf (out, "%s%04" G_GINT64_FORMAT "-%02d-%02d", year < 0 ? "-" : "", ABS (year), month,
                          day);
}

static void
write_fraction (GString *out, int nanoseconds)
{
  if (!nanoseconds)
    return;
  g_string_append_printf (out, ".%09d", ABS (nanoseconds));
  while (out->str[out->len - 1] == '0')
    g_string_truncate (out, out->len - 1);
}

static void
write_zone (GString *out, const FeelMoment *m)
{
  if (m->zone == ZONE_NAMED) {
    g_string_append_c (out, '@');
    g_string_append_len (out, m->zone_name.bytes, (gssize)m->zone_name.len);
  } else if (m->zone == ZONE_OFFSET && m->offset == 0) {
    g_string_append_c (out, 'Z');
  } else if (m->zone == ZONE_OFFSET) {
    int offset = ABS (m->offset);
    g_string_append_printf (out, "%c%02d:%02d", m->offset < 0 ? '-' : '+', offset / 3600, offset / 60 % 60);
    if (offset % 60)
      g_string_append_printf (out, ":%02d", offset % 60);
  }
}

static void
write_moment (GString *out, FeelKind kind, const FeelMoment *m)
{
  if (kind == FEEL_DATE_TIME) {
    write_date (out, m->date);
    g_string_append_c (out, 'T');
  }
  g_string_append_printf (out, "%02d:%02d:%02d", m->seconds / 3600, m->seconds / 60 % 60, m->seconds % 60);
  write_fraction (out, m->nanoseconds);
  write_zone (out, m);
}

static void
write_part (GString *out, gint64 value, char unit)
{
  if (value)
    g_string_append_printf (out, "%" G_GINT64_FORMAT "%c", value, unit);
}

static void
write_months (GString *out, gint64 months)
{
  g_string_append (out, months < 0 ? "-P" : "P");
  months = ABS (months);
  write_part (out, months / 12, 'Y');
  write_part (out, months % 12, 'M');
  if (months == 0)
    g_string_append (out, "0M");
}

static void
write_span (GString *out, gint64 seconds, int nanoseconds)
{
  g_string_append (out, seconds < 0 || nanoseconds < 0 ? "-P" : "P");
  seconds = ABS (seconds);
  write_part (out, seconds / 86400, 'D');
  gint64 rest = seconds % 86400;
  if (rest == 0 && nanoseconds == 0) {
    if (seconds == 0)
      g_string_append (out, "T0S");
    return;
  }
  g_string_append_c (out, 'T');
  write_part (out, rest / 3600, 'H');
  write_part (out, rest / 60 % 60, 'M');
  if (rest % 60 || nanoseconds) {
    g_string_append_printf (out, "%" G_GINT64_FORMAT, rest % 60);
    write_fraction (out, nanoseconds);
    g_string_append_c (out, 'S');
  }
}

void
temporal_write (GString *out, FeelValue v)
{
  switch (v.kind) {
  case FEEL_DATE: write_date (out, v.date); break;
  case FEEL_TIME:
  case FEEL_DATE_TIME: write_moment (out, v.kind, v.moment); break;
  case FEEL_DAYS_DURATION: write_span (out, v.span.seconds, v.span.nanoseconds); break;
  case FEEL_MONTHS_DURATION: write_months (out, v.months); break;
  default: g_return_if_reached ();
  }
}
