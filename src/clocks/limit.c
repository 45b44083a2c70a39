/* Limits as people write them. */
#include "clocks/clocks.h"

static const struct {
  const char *id, *words;
} units[] = {
  { "working_days", "working day" },
  { "days", "day" },
  { "working_hours", "working hour" },
  { "months", "month" },
  { "years", "year" },
};

const char *
clock_unit_id (ClockUnit unit)
{
  return units[unit].id;
}

bool
clock_limit_parse (const char *text, ClockLimit *limit, GError **error)
{
  char *end;
  gint64 n = g_ascii_isdigit (*text) ? g_ascii_strtoll (text, &end, 10) : 0;
  for (size_t i = 0; n > 0 && n <= G_MAXINT && i < G_N_ELEMENTS (units); i++) {
    const char *words = units[i].words;
    size_t len = strlen (words);
    bool matches = *end == ' ' && strncmp (end + 1, words, len) == 0;
    if (matches && (end[1 + len] == '\0' || g_str_equal (end + 1 + len, "s"))) {
      *limit = (ClockLimit){ (ClockUnit)i, (int)n };
      return true;
    }
  }
  g_set_error (error, FAULT, FAULT_USAGE,
               "\"%s\" is no limit: write a number and working days, days, working hours, months or years, "
               "such as \"20 working days\"",
               text);
  return false;
}
