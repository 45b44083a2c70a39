#include "feel_private.h"

#include <string.h>

/* Dates, times, date-times and durations: DMN 1.5, 10.3.2.3. Moments are kept as
 * written, on the wall clock, with their offset or zone. */

enum { DAY_SECONDS = 86400 };
static const gint64 SPAN_MAX = G_GINT64_CONSTANT (100000000000000000);

FeelValue
temporal_moment (Arena *arena, FeelKind kind, FeelMoment m)
{
  FeelMoment *copy = arena_new0 (arena, FeelMoment, 1);
  *copy = m;
  return (FeelValue){ .kind = kind, .moment = copy };
}

FeelValue
temporal_date_time (Arena *arena, Day date, const FeelMoment *time)
{
  FeelMoment m = *time;
  m.date = date;
  return temporal_moment (arena, FEEL_DATE_TIME, m);
}

FeelMoment
temporal_midnight (Day d)
{
  return (FeelMoment){ .date = d, .zone = ZONE_OFFSET };
}

/* Seconds and nanoseconds brought to one sign; null when too long. */
FeelValue
temporal_span (gint64 seconds, gint64 nanoseconds)
{
  const gint64 second = 1000000000;
  if (ABS (seconds / 2) > SPAN_MAX)
    return feel_null ();
  seconds += nanoseconds / second;
  nanoseconds %= second;
  if (seconds > 0 && nanoseconds < 0) {
    seconds--;
    nanoseconds += second;
  } else if (seconds < 0 && nanoseconds > 0) {
    seconds++;
    nanoseconds -= second;
  }
  return (FeelValue){ .kind = FEEL_DAYS_DURATION, .span = { seconds, (gint32)nanoseconds } };
}

static gint64
floor_divide (gint64 a, gint64 b)
{
  return a / b - (a % b < 0);
}

/* A moment's wall clock moved by seconds and nanoseconds. */
static FeelMoment
shift (FeelMoment m, gint64 seconds, gint64 nanoseconds)
{
  gint64 n = m.nanoseconds + nanoseconds;
  gint64 carry = floor_divide (n, 1000000000);
  gint64 s = m.seconds + seconds + carry;
  m.nanoseconds = (int)(n - carry * 1000000000);
  m.date += floor_divide (s, DAY_SECONDS);
  m.seconds = (int)(s - floor_divide (s, DAY_SECONDS) * DAY_SECONDS);
  return m;
}

static bool
year_in_range (Day d)
{
  gint64 year;
  int month, day;
  if (ABS (d) > G_GINT64_CONSTANT (366000000000))
    return false;
  civil_from_day (d, &year, &month, &day);
  return civil_is_valid (year, month, day);
}

/* ---- offsets and order ---- */

bool
temporal_offset (FeelKind kind, const FeelMoment *m, int *offset)
{
  if (m->zone == ZONE_NONE)
    return false;
  *offset = m->offset;
  if (m->zone == ZONE_NAMED) {
    Day date = kind == FEEL_TIME ? civil_to_day (2000, 1, 1) : m->date;
    *offset = zone_offset_of_local (m->zone_name, date, m->seconds);
  }
  return true;
}

gint64
temporal_instant (FeelKind kind, const FeelMoment *m)
{
  int offset = 0;
  temporal_offset (kind, m, &offset);
  return (kind == FEEL_TIME ? 0 : m->date * DAY_SECONDS) + m->seconds - offset;
}

/* Fractions of a second do not count for equality (the suite's reading of the
 * value function of 10.3.2.3.5); a local moment never equals a zoned one. */
bool
temporal_equal (FeelValue a, FeelValue b)
{
  if ((a.moment->zone == ZONE_NONE) != (b.moment->zone == ZONE_NONE))
    return false;
  return temporal_instant (a.kind, a.moment) == temporal_instant (b.kind, b.moment);
}

/* ---- reading ---- */

typedef struct {
  const char *at, *end;
} Reader;

static bool
take (Reader *r, char c)
{
  if (r->at == r->end || *r->at != c)
    return false;
  r->at++;
  return true;
}

/* MINIMUM to MAXIMUM digits; the number of digits, 0 when there are fewer. */
static int
take_digits (Reader *r, int minimum, int maximum, gint64 *value)
{
  int n = 0;
  *value = 0;
  while (r->at < r->end && *r->at >= '0' && *r->at <= '9' && n < maximum) {
    *value = *value * 10 + (*r->at++ - '0');
    n++;
  }
  return n >= minimum ? n : 0;
}

static bool
take_date (Reader *r, Day *d)
{
  gint64 year, month, day;
  bool before = take (r, '-');
  const char *digits = r->at;
  int n = take_digits (r, 4, 9, &year);
  if (!n || (n > 4 && *digits == '0') || !take (r, '-') || !take_digits (r, 2, 2, &month) || !take (r, '-')
      || !take_digits (r, 2, 2, &day))
    return false;
  year = before ? -year : year;
  if (!civil_is_valid (year, (int)month, (int)day))
    return false;
  *d = civil_to_day (year, (int)month, (int)day);
  return true;
}

static bool
take_fraction (Reader *r, int *nanoseconds)
{
  *nanoseconds = 0;
  if (!take (r, '.'))
    return true;
  int n = 0;
  for (; r->at < r->end && g_ascii_isdigit (*r->at); r->at++, n++)
    if (n < 9)
      *nanoseconds = *nanoseconds * 10 + (*r->at - '0');
  for (int i = n; i < 9; i++)
    *nanoseconds *= 10;
  return n > 0;
}

/* Z, +08:00, −05:30:15 or @Asia/Shanghai, up to the end. */
static bool
take_zone (Arena *arena, Reader *r, FeelMoment *m)
{
  if (r->at == r->end)
    return true;
  if (take (r, '@')) {
    Text name = { r->at, (size_t)(r->end - r->at) };
    if (!zone_exists (name))
      return false;
    m->zone = ZONE_NAMED;
    m->zone_name = arena_text_copy (arena, name);
    r->at = r->end;
    return true;
  }
  m->zone = ZONE_OFFSET;
  if (take (r, 'Z'))
    return true;
  bool west = take (r, '-');
  gint64 hours, minutes, seconds = 0;
  if ((!west && !take (r, '+')) || !take_digits (r, 2, 2, &hours) || !take (r, ':')
      || !take_digits (r, 2, 2, &minutes) || (take (r, ':') && !take_digits (r, 2, 2, &seconds)))
    return false;
  m->offset = (int)(hours * 3600 + minutes * 60 + seconds);
  if (minutes > 59 || seconds > 59 || m->offset > 18 * 3600)
    return false;
  m->offset = west ? -m->offset : m->offset;
  return true;
}

static bool
take_time (Arena *arena, Reader *r, FeelMoment *m)
{
  gint64 hours, minutes, seconds;
  if (!take_digits (r, 2, 2, &hours) || !take (r, ':') || !take_digits (r, 2, 2, &minutes) || !take (r, ':')
      || !take_digits (r, 2, 2, &seconds) || !take_fraction (r, &m->nanoseconds))
    return false;
  bool end_of_day = hours == 24 && minutes == 0 && seconds == 0 && m->nanoseconds == 0;
  if ((hours > 23 && !end_of_day) || minutes > 59 || seconds > 59)
    return false;
  *m = shift (*m, hours * 3600 + minutes * 60 + seconds, 0);
  return take_zone (arena, r, m) && r->at == r->end;
}

bool
temporal_parse_date (Text text, Day *d)
{
  Reader r = { text.bytes, text.bytes + text.len };
  return take_date (&r, d) && r.at == r.end;
}

bool
temporal_parse_time (Arena *arena, Text text, FeelValue *v)
{
  Reader r = { text.bytes, text.bytes + text.len };
  FeelMoment m = { 0 };
  take (&r, 'T');
  if (!take_time (arena, &r, &m))
    return false;
  m.date = 0;
  *v = temporal_moment (arena, FEEL_TIME, m);
  return true;
}

bool
temporal_parse_date_time (Arena *arena, Text text, FeelValue *v)
{
  Reader r = { text.bytes, text.bytes + text.len };
  FeelMoment m = { 0 };
  if (!take_date (&r, &m.date) || !take (&r, 'T') || !take_time (arena, &r, &m) || !year_in_range (m.date))
    return false;
  *v = temporal_moment (arena, FEEL_DATE_TIME, m);
  return true;
}

/* One "12D" of a duration; false when it is not there (and nothing is taken). */
static bool
take_part (Reader *r, char unit, gint64 *value)
{
  Reader before = *r;
  if (take_digits (r, 1, 16, value) && take (r, unit))
    return true;
  *r = before;
  *value = 0;
  return false;
}

static bool
take_seconds (Reader *r, gint64 *seconds, int *nanoseconds)
{
  Reader before = *r;
  if (take_digits (r, 1, 16, seconds) && take_fraction (r, nanoseconds) && take (r, 'S'))
    return true;
  *r = before;
  *seconds = 0;
  *nanoseconds = 0;
  return false;
}

bool
temporal_parse_duration (Text text, FeelValue *v)
{
  Reader r = { text.bytes, text.bytes + text.len };
  int direction = take (&r, '-') ? -1 : 1, nanoseconds = 0;
  gint64 years, months, days, hours = 0, minutes = 0, seconds = 0;
  if (!take (&r, 'P'))
    return false;
  bool has_years = take_part (&r, 'Y', &years), has_months = take_part (&r, 'M', &months);
  if (has_years || has_months) {
    if (r.at != r.end)
      return false;
    *v = feel_months (direction * (years * 12 + months));
    return true;
  }
  bool any = take_part (&r, 'D', &days);
  if (take (&r, 'T')) {
    bool has_hours = take_part (&r, 'H', &hours), has_minutes = take_part (&r, 'M', &minutes);
    if (!take_seconds (&r, &seconds, &nanoseconds) && !has_hours && !has_minutes)
      return false;
    any = true;
  }
  if (!any || r.at != r.end || days > SPAN_MAX / DAY_SECONDS || hours > SPAN_MAX / 3600
      || minutes > SPAN_MAX / 60)
    return false;
  gint64 total = days * DAY_SECONDS + hours * 3600 + minutes * 60 + seconds;
  *v = temporal_span (direction * total, direction * (gint64)nanoseconds);
  return v->kind != FEEL_NULL;
}

bool
temporal_parse_any (Arena *arena, Text text, FeelValue *v)
{
  Day d;
  if (temporal_parse_date (text, &d)) {
    *v = feel_date (d);
    return true;
  }
  return temporal_parse_date_time (arena, text, v) || temporal_parse_time (arena, text, v)
         || temporal_parse_duration (text, v);
}

/* ---- arithmetic ---- */

/* On a named zone the clock may be put forward or back on the way. */
static FeelMoment
shift_in_zone (const FeelMoment *m, gint64 seconds, gint64 nanoseconds)
{
  if (m->zone != ZONE_NAMED)
    return shift (*m, seconds, nanoseconds);
  int before = zone_offset_of_local (m->zone_name, m->date, m->seconds);
  FeelMoment utc = shift (*m, seconds - before, nanoseconds);
  return shift (utc, zone_offset_of_instant (m->zone_name, utc.date, utc.seconds), 0);
}

FeelValue
temporal_add_span (Arena *arena, FeelValue v, FeelValue span, int direction)
{
  gint64 seconds = direction * span.span.seconds, nanoseconds = direction * (gint64)span.span.nanoseconds;
  if (v.kind == FEEL_DATE) {
    FeelMoment m = shift ((FeelMoment){ .date = v.date }, seconds, nanoseconds);
    return year_in_range (m.date) ? feel_date (m.date) : feel_null ();
  }
  if (v.kind == FEEL_TIME) {
    FeelMoment m = shift (*v.moment, seconds % DAY_SECONDS, nanoseconds);
    m.date = 0;
    return temporal_moment (arena, FEEL_TIME, m);
  }
  FeelMoment m = shift_in_zone (v.moment, seconds, nanoseconds);
  return year_in_range (m.date) ? temporal_moment (arena, FEEL_DATE_TIME, m) : feel_null ();
}

FeelValue
temporal_add_months (Arena *arena, FeelValue v, gint64 months)
{
  if (ABS (months) > G_GINT64_CONSTANT (24000000000) || v.kind == FEEL_TIME)
    return feel_null ();
  Day d = civil_add_months (v.kind == FEEL_DATE ? v.date : v.moment->date, months);
  if (!year_in_range (d))
    return feel_null ();
  if (v.kind == FEEL_DATE)
    return feel_date (d);
  FeelMoment m = *v.moment;
  m.date = d;
  return temporal_moment (arena, FEEL_DATE_TIME, m);
}

/* A date is midnight UTC where it meets a date-time (10.3.2.3.6). */
FeelValue
temporal_subtract (FeelValue a, FeelValue b, const char **why)
{
  if (a.kind == FEEL_DATE && b.kind == FEEL_DATE)
    return temporal_span ((a.date - b.date) * DAY_SECONDS, 0);
  if ((a.kind == FEEL_TIME) != (b.kind == FEEL_TIME)) {
    *why = "a time can only be subtracted from a time";
    return feel_null ();
  }
  FeelMoment from = a.kind == FEEL_DATE ? temporal_midnight (a.date) : *a.moment;
  FeelMoment to = b.kind == FEEL_DATE ? temporal_midnight (b.date) : *b.moment;
  if ((from.zone == ZONE_NONE) != (to.zone == ZONE_NONE)) {
    *why = "one of the two has an offset or zone and the other has none";
    return feel_null ();
  }
  FeelKind kind = a.kind == FEEL_TIME ? FEEL_TIME : FEEL_DATE_TIME;
  return temporal_span (temporal_instant (kind, &from) - temporal_instant (kind, &to),
                        from.nanoseconds - to.nanoseconds);
}
