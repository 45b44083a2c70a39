#include "feel_private.h"

#include <string.h>
#include <unicode/ucal.h>

/* IANA zones, by ICU's rules. */

enum { ZONE_TEXT_MAX = 64 };

static bool
widen (Text zone, UChar *wide)
{
  if (zone.len == 0 || zone.len >= ZONE_TEXT_MAX)
    return false;
  for (size_t i = 0; i < zone.len; i++) {
    char c = zone.bytes[i];
    if (!g_ascii_isalnum (c) && !strchr ("/_-+", c))
      return false;
    wide[i] = (UChar)c;
  }
  wide[zone.len] = 0;
  return true;
}

bool
zone_exists (Text zone)
{
  UChar wide[ZONE_TEXT_MAX], canonical[ZONE_TEXT_MAX];
  UErrorCode status = U_ZERO_ERROR;
  UBool is_system = false;
  if (!widen (zone, wide))
    return false;
  ucal_getCanonicalTimeZoneID (wide, -1, canonical, ZONE_TEXT_MAX, &is_system, &status);
  return U_SUCCESS (status) && is_system;
}

/* Milliseconds since 1970; years far from ours are mapped to one with the same
 * calendar, because doubles and rules end. */
static UDate
milliseconds (Day date, int seconds)
{
  const Day cycle = 146097; /* 400 years */
  if (date > 400 * 365 || date < -400 * 365)
    date = (date % cycle + cycle) % cycle + (date > 0 ? 0 : -cycle);
  return ((double)date * 86400 + seconds) * 1000;
}

static int
offset_of (Text zone, UDate at, bool local)
{
  UChar wide[ZONE_TEXT_MAX];
  UErrorCode status = U_ZERO_ERROR;
  if (!widen (zone, wide))
    return 0;
  UCalendar *calendar = ucal_open (wide, -1, "en", UCAL_GREGORIAN, &status);
  int32_t raw = 0, saving = 0;
  ucal_setMillis (calendar, at, &status);
  if (local) {
    ucal_getTimeZoneOffsetFromLocal (calendar, UCAL_TZ_LOCAL_FORMER, UCAL_TZ_LOCAL_FORMER, &raw, &saving,
                                     &status);
  } else {
    raw = ucal_get (calendar, UCAL_ZONE_OFFSET, &status);
    saving = ucal_get (calendar, UCAL_DST_OFFSET, &status);
  }
  ucal_close (calendar);
  return U_SUCCESS (status) ? (raw + saving) / 1000 : 0;
}

int
zone_offset_of_local (Text zone, Day date, int seconds)
{
  return offset_of (zone, milliseconds (date, seconds), true);
}

int
zone_offset_of_instant (Text zone, Day date, int seconds)
{
  return offset_of (zone, milliseconds (date, seconds), false);
}
