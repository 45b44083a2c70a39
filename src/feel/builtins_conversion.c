#include "feel_private.h"

#include <string.h>

/* Conversion (10.3.4.1), boolean (10.3.4.2), and `is`. */

static FeelValue
call_date (Call *call, const FeelValue *a)
{
  Day d;
  if (a[0].kind == FEEL_DATE)
    return a[0];
  if (a[0].kind == FEEL_DATE_TIME)
    return feel_date (a[0].moment->date);
  if (temporal_parse_date (a[0].string, &d))
    return feel_date (d);
  return builtin_fail (call, "\"%.*s\" is no date; write it as 2021-09-30", (int)a[0].string.len,
                       a[0].string.bytes);
}

static FeelValue
call_date_parts (Call *call, const FeelValue *a)
{
  gint64 year, month, day;
  if (decimal_to_int64 (a[0].number, &year) && decimal_to_int64 (a[1].number, &month)
      && decimal_to_int64 (a[2].number, &day) && ABS (year) <= 999999999 && month >= 1 && month <= 12
      && day >= 1 && day <= 31 && civil_is_valid (year, (int)month, (int)day))
    return feel_date (civil_to_day (year, (int)month, (int)day));
  return builtin_fail (call, "there is no such day");
}

static FeelValue
call_date_and_time (Call *call, const FeelValue *a)
{
  FeelValue v;
  Day d;
  if (a[0].kind == FEEL_DATE_TIME)
    return a[0];
  if (temporal_parse_date_time (call->arena, a[0].string, &v))
    return v;
  if (temporal_parse_date (a[0].string, &d))
    return temporal_moment (call->arena, FEEL_DATE_TIME, (FeelMoment){ .date = d });
  return builtin_fail (call, "\"%.*s\" is no date and time; write it as 2021-09-30T08:30:00",
                       (int)a[0].string.len, a[0].string.bytes);
}

static FeelValue
call_date_and_time_parts (Call *call, const FeelValue *a)
{
  Day d = a[0].kind == FEEL_DATE ? a[0].date : a[0].moment->date;
  return temporal_date_time (call->arena, d, a[1].moment);
}

static FeelValue
call_time (Call *call, const FeelValue *a)
{
  FeelValue v;
  if (a[0].kind == FEEL_TIME)
    return a[0];
  if (a[0].kind == FEEL_DATE)
    return temporal_moment (call->arena, FEEL_TIME, temporal_midnight (0));
  if (a[0].kind == FEEL_DATE_TIME) {
    FeelMoment m = *a[0].moment;
    m.date = 0;
    return temporal_moment (call->arena, FEEL_TIME, m);
  }
  if (temporal_parse_time (call->arena, a[0].string, &v))
    return v;
  return builtin_fail (call, "\"%.*s\" is no time; write it as 08:30:00", (int)a[0].string.len,
                       a[0].string.bytes);
}

static FeelValue
call_time_parts (Call *call, const FeelValue *a)
{
  gint64 hour, minute, nanoseconds;
  if (!decimal_to_int64 (a[0].number, &hour) || !decimal_to_int64 (a[1].number, &minute)
      || !decimal_to_scaled (decimal_round (a[2].number, 9, DECIMAL_ROUND_DOWN), 9, &nanoseconds) || hour < 0
      || hour > 23 || minute < 0 || minute > 59 || nanoseconds < 0 || nanoseconds / 1000000000 > 59)
    return builtin_fail (call, "there is no such time");
  FeelMoment m = { .seconds = (int)(hour * 3600 + minute * 60 + nanoseconds / 1000000000),
                   .nanoseconds = (int)(nanoseconds % 1000000000) };
  if (a[3].kind == FEEL_DAYS_DURATION) {
    if (ABS (a[3].span.seconds / 2) > 9 * 3600)
      return builtin_fail (call, "an offset is at most 18 hours");
    m.zone = ZONE_OFFSET;
    m.offset = (int)a[3].span.seconds;
  }
  return temporal_moment (call->arena, FEEL_TIME, m);
}

static FeelValue
call_duration (Call *call, const FeelValue *a)
{
  FeelValue v;
  if (temporal_parse_duration (a[0].string, &v))
    return v;
  return builtin_fail (call, "\"%.*s\" is no duration; write it as P1Y6M or P2DT3H", (int)a[0].string.len,
                       a[0].string.bytes);
}

static FeelValue
call_years_and_months (Call *call, const FeelValue *a)
{
  Day from = a[0].kind == FEEL_DATE ? a[0].date : a[0].moment->date;
  Day to = a[1].kind == FEEL_DATE ? a[1].date : a[1].moment->date;
  return feel_months (civil_months_between (from, to));
}

static FeelValue
call_string (Call *call, const FeelValue *a)
{
  if (a[0].kind == FEEL_NULL || a[0].kind == FEEL_STRING)
    return a[0];
  g_autoptr (GString) out = g_string_new (NULL);
  write_string (out, a[0]);
  evaluate_charge (call->frame->run, call->frame->expression, (gint64)(out->len / 16));
  return feel_string (arena_text_copy (call->arena, (Text){ out->str, out->len }));
}

static bool
is_separator (FeelValue v, const char *allowed)
{
  return v.kind == FEEL_NULL || (v.string.len == 1 && strchr (allowed, v.string.bytes[0]));
}

/* A numeric literal of the grammar (rule 37): no plus sign, digits after a point. */
static bool
is_numeric_literal (const char *text)
{
  const char *p = text + (*text == '-');
  size_t whole = strspn (p, "0123456789"), digits = whole;
  p += whole;
  if (*p == '.') {
    digits = strspn (p + 1, "0123456789");
    p += 1 + digits;
  }
  return digits > 0 && (*p == 0 || *p == 'e' || *p == 'E');
}

static FeelValue
call_number (Call *call, const FeelValue *a)
{
  if (!is_separator (a[1], " ,.") || !is_separator (a[2], ",.")
      || (a[1].kind != FEEL_NULL && a[2].kind != FEEL_NULL && text_equal (a[1].string, a[2].string)))
    return builtin_fail (call, "separators are a blank, a comma or a point, and differ");
  if (a[0].kind == FEEL_NUMBER)
    return a[0];
  char grouping = a[1].kind == FEEL_NULL ? 0 : a[1].string.bytes[0];
  char point = a[2].kind == FEEL_NULL ? '.' : a[2].string.bytes[0];
  g_autoptr (GString) plain = g_string_new (NULL);
  for (size_t i = 0; i < a[0].string.len; i++) {
    char c = a[0].string.bytes[i];
    if (grouping && c == grouping)
      continue;
    g_string_append_c (plain, c == point ? '.' : c == '.' ? '?' : c);
  }
  Decimal number;
  if (is_numeric_literal (plain->str) && decimal_parse ((Text){ plain->str, plain->len }, &number))
    return feel_number (number);
  return builtin_fail (call, "\"%.*s\" is no number", (int)a[0].string.len, a[0].string.bytes);
}

static FeelValue
call_not (Call *call, const FeelValue *a)
{
  return operator_not (a[0]);
}

/* Same value in the same form: zones and lengths count, as `=` does not. */
static FeelValue
call_is (Call *call, const FeelValue *a)
{
  return feel_boolean (operator_identical (call->frame->run, a[0], a[1]));
}

#define DAY_KINDS (K_DATE | K_DATE_TIME)

const Builtin builtins_conversion[] = {
  { "date", call_date, &feel_type_date, { { "from", K_STRING | DAY_KINDS } }, 1 },
  { "date",
    call_date_parts,
    &feel_type_date,
    { { "year", K_NUMBER }, { "month", K_NUMBER }, { "day", K_NUMBER } },
    3 },
  { "date and time", call_date_and_time, &feel_type_date_time, { { "from", K_STRING | K_DATE_TIME } }, 1 },
  { "date and time",
    call_date_and_time_parts,
    &feel_type_date_time,
    { { "date", DAY_KINDS }, { "time", K_TIME } },
    2 },
  { "time", call_time, &feel_type_time, { { "from", K_STRING | K_TIME | DAY_KINDS } }, 1 },
  { "time",
    call_time_parts,
    &feel_type_time,
    { { "hour", K_NUMBER }, { "minute", K_NUMBER }, { "second", K_NUMBER }, { "offset", K_DAYS | K_NULL } },
    3 },
  { "duration", call_duration, &feel_type_any, { { "from", K_STRING } }, 1 },
  { "years and months duration",
    call_years_and_months,
    &feel_type_months_duration,
    { { "from", DAY_KINDS }, { "to", DAY_KINDS } },
    2 },
  { "string", call_string, &feel_type_string, { { "from", K_ANY } }, 1 },
  { "number",
    call_number,
    &feel_type_number,
    { { "from", K_STRING | K_NUMBER },
      { "grouping separator", K_STRING | K_NULL },
      { "decimal separator", K_STRING | K_NULL } },
    1 },
  { "not", call_not, &feel_type_boolean, { { "negand", K_ANY } }, 1 },
  { "is", call_is, &feel_type_boolean, { { "value1", K_ANY }, { "value2", K_ANY } }, 0 },
  { 0 },
};
