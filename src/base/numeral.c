/* Chinese numerals.
 *
 *     number  = number-below-億 "亿" rest | number-below-亿
 *     section = digit "千" digit "百" digit "十" digit, parts left out, 零 where a place is skipped
 *
 * A bare digit after 百, 千, 万 or 亿 ("一百五") is colloquial and ambiguous, so it
 * is no numeral here; neither is anything that leaves a place open ("二十零"). */
#include "text.h"

typedef struct {
  const char *p, *end;
} Cursor;

static gunichar
peek (const Cursor *c)
{
  return c->p < c->end ? g_utf8_get_char (c->p) : 0;
}

static bool
accept (Cursor *c, gunichar wanted)
{
  if (peek (c) != wanted)
    return false;
  c->p = g_utf8_next_char (c->p);
  return true;
}

/* 0–9, or -1. */
static int
digit_value (gunichar c)
{
  static const gunichar digits[]
      = { 0x96f6 /* 零 */, 0x4e00, 0x4e8c, 0x4e09, 0x56db, 0x4e94, 0x516d, 0x4e03, 0x516b, 0x4e5d };
  for (int i = 0; i < 10; i++)
    if (digits[i] == c)
      return i;
  return c == 0x3007 /* 〇 */ ? 0 : -1;
}

static int
unit_value (gunichar c)
{
  switch (c) {
  case 0x5341 /* 十 */: return 10;
  case 0x767e /* 百 */: return 100;
  case 0x5343 /* 千 */: return 1000;
  default: return 0;
  }
}

/* 1 to 9999, or -1.  BELOW is the unit that the section must stay under; AFTER
 * says that something higher stands before, so that skipped places need 零. */
static gint64
read_section (Cursor *c, bool after)
{
  gint64 value = 0;
  int place = 10000; /* of the last unit read */
  bool zero = false; /* 零 stands before what comes */
  while (c->p < c->end) {
    gunichar next = peek (c);
    int unit = unit_value (next), digit = digit_value (next);
    if (digit == 0) {
      if (zero || (value == 0 && !after))
        return -1;
      zero = true;
      accept (c, next);
      continue;
    }
    if (unit == 10 && place > 10) /* 十五 is 一十五 */
      digit = 1;
    else if (digit > 0 || next == 0x4e24 /* 两 */) {
      accept (c, next);
      digit = digit > 0 ? digit : 2;
      unit = unit_value (peek (c));
      if (next == 0x4e24 && unit < 100)
        return -1;
    } else
      break;
    if (unit == 0) {
      bool next_place = place == 10 || (place == 10000 && !after);
      return next_place || zero ? value + digit : -1;
    }
    if (unit >= place)
      return -1;
    accept (c, peek (c));
    value += digit * unit;
    place = unit;
    zero = false;
  }
  return zero || value == 0 ? -1 : value;
}

/* section [万 section], below 10^8; or -1. */
static gint64
read_below_yi (Cursor *c, bool after)
{
  gint64 value = read_section (c, after);
  if (value < 0 || !accept (c, 0x4e07 /* 万 */))
    return value;
  value *= 10000;
  if (c->p == c->end || peek (c) == 0x4ebf /* 亿 */)
    return value;
  gint64 rest = read_section (c, true);
  return rest < 0 ? -1 : value + rest;
}

static gint64
read_number (Text text)
{
  Cursor c = { text.bytes, text.bytes + text.len };
  gint64 value = read_below_yi (&c, false);
  if (value > 0 && accept (&c, 0x4ebf /* 亿 */)) {
    gint64 rest = c.p == c.end ? 0 : read_below_yi (&c, true);
    value = rest < 0 ? -1 : value * 100000000 + rest;
  }
  return c.p == c.end ? value : -1;
}

/* 二〇二一: digits only, as years and document numbers are written. */
static gint64
read_positional (Text text)
{
  if (text.len == 0 || text.len > 3 * 18)
    return -1;
  gint64 value = 0;
  for (const char *p = text.bytes, *end = p + text.len; p < end; p = g_utf8_next_char (p)) {
    int digit = digit_value (g_utf8_get_char (p));
    if (digit < 0)
      return -1;
    value = value * 10 + digit;
  }
  return value;
}

gint64
text_chinese_number (Text text)
{
  if (text_equal (text, TEXT_LITERAL ("两")))
    return 2;
  gint64 value = read_positional (text);
  return value >= 0 ? value : read_number (text);
}
