#include "naming.h"

#include <string.h>

enum { ORDERS = 500 /* order numbers 000 … 999, odd for men */, YEAR_NAMES = 60 };

static void
put_digits (char *at, int width, gint64 value)
{
  for (int i = width - 1; i >= 0; i--, value /= 10)
    at[i] = (char)('0' + value % 10);
}

/* GB 11643-1999, with the region and order taken from INDEX so that two people
 * never share both: the numbers differ even for one birthday. */
void
demo_id_number (char out[DEMO_ID_SIZE], gint64 index, Day birth, bool male)
{
  gint64 year;
  int month, day;
  civil_from_day (birth, &year, &month, &day);
  put_digits (out, 6, 359999 - index / ORDERS % 4000);
  put_digits (out + 6, 4, year);
  put_digits (out + 10, 2, month);
  put_digits (out + 12, 2, day);
  put_digits (out + 14, 3, index % ORDERS * 2 + male);
  out[17] = identity_citizen_check (out);
  out[18] = '\0';
}

/* GB 32100-2015: registry and kind, region, organisation code with its GB 11714
 * check, check. */
void
demo_credit_code (char out[DEMO_CREDIT_SIZE], const char *registry_kind, gint64 index)
{
  memcpy (out, registry_kind, 2);
  memcpy (out + 2, "350121YX", 8);
  put_digits (out + 10, 6, index);
  out[16] = identity_organisation_check (out + 8);
  out[17] = identity_credit_check (out);
  out[18] = '\0';
}

void
demo_phone (char out[DEMO_PHONE_SIZE], gint64 index)
{
  memcpy (out, "100", 3);
  put_digits (out + 3, 8, index + 1);
  out[11] = '\0';
}

/* The sexagenary cycle: ten stems and twelve branches side by side. */
static const char *const stems[] = { "甲", "乙", "丙", "丁", "戊", "己", "庚", "辛", "壬", "癸" };
static const char *const branches[]
    = { "子", "丑", "寅", "卯", "辰", "巳", "午", "未", "申", "酉", "戌", "亥" };

enum { HAN = 3 /* bytes of one of these characters in UTF-8 */ };

static char *
put_year_name (char *at, gint64 n)
{
  memcpy (at, stems[n % 10], HAN);
  memcpy (at + HAN, branches[n % 12], HAN);
  return at + 2 * HAN;
}

void
demo_person_name (char out[DEMO_NAME_SIZE], Text surname, bool male, gint64 year_name)
{
  memcpy (out, surname.bytes, surname.len);
  memcpy (out + surname.len, male ? "测" : "样", HAN);
  *put_year_name (out + surname.len + HAN, year_name % YEAR_NAMES) = '\0';
}

void
demo_serial_name (char out[DEMO_NAME_SIZE], gint64 index)
{
  static const char *const digits[] = { "〇", "一", "二", "三", "四", "五", "六", "七", "八", "九" };
  char *at = put_year_name (out, index % YEAR_NAMES);
  char decimal[24];
  if (index >= YEAR_NAMES) {
    g_snprintf (decimal, sizeof decimal, "%" G_GINT64_FORMAT, index / YEAR_NAMES + 1);
    for (const char *d = decimal; *d; d++, at += HAN)
      memcpy (at, digits[*d - '0'], HAN);
  }
  *at = '\0';
}
