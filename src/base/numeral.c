/* Chinese numerals.
 *
 *     number  = below-亿 "亿" [below-亿] | below-亿
 *     below-亿 = section "万" [section] | section
 *     section = [digit "千"] [digit "百"] [digit "十"] [digit], 零 before a part after a gap
 *
 * A bare digit after 百, 千, 万 or 亿 ("一百五") is colloquial for the next place and
 * literally the last one; so it is no numeral here, and 零 must decide. */
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
  static const gunichar digits[] = { U'零', U'一', U'二', U'三', U'四', U'五', U'六', U'七', U'八', U'九' };
  for (int i = 0; i < 10; i++)
    if (digits[i] == c)
      return i;
  return c == U'〇' ? 0 : -1;
}

/* A digit and the unit of PLACE: 1 to 9; 0 (and nothing consumed) when what
 * follows is not for this place.  十 may stand alone. */
static int
read_part (Cursor *c, int place)
{
  Cursor before = *c;
  gunichar unit = place == 1000 ? U'千' : place == 100 ? U'百' : place == 10 ? U'十' : 0;
  gunichar next = peek (c);
  int digit = next == U'两' && place >= 100 ? 2 : digit_value (next);
  if (digit > 0)
    accept (c, next);
  else if (next == U'十' && place == 10)
    digit = 1;
  if (digit > 0 && (!unit || accept (c, unit)))
    return digit;
  *c = before;
  return 0;
}

/* 1 to 9999, or -1.  AFTER: a higher part stands before it. */
static gint64
read_section (Cursor *c, bool after)
{
  gint64 value = 0;
  int last = after ? 10000 : 0; /* the place before, 0 at the beginning */
  bool zero = false;            /* 零 stands before what comes */
  for (int place = 1000; place >= 1; place /= 10) {
    if (accept (c, U'零') || accept (c, U'〇')) {
      if (zero || last == 0)
        return -1;
      zero = true;
    }
    int digit = read_part (c, place);
    if (!digit)
      continue;
    if (place == 1 && last > 10 && !zero)
      return -1;
    value += digit * place;
    last = place;
    zero = false;
  }
  return zero || value == 0 ? -1 : value;
}

/* Below 10^8, or -1. */
static gint64
read_below_yi (Cursor *c, bool after)
{
  gint64 value = read_section (c, after);
  if (value < 0 || !accept (c, U'万'))
    return value;
  value *= 10000;
  if (c->p == c->end || peek (c) == U'亿')
    return value;
  gint64 rest = read_section (c, true);
  return rest < 0 ? -1 : value + rest;
}

static gint64
read_number (Text text)
{
  Cursor c = { text.bytes, text.bytes + text.len };
  gint64 value = read_below_yi (&c, false);
  if (value > 0 && accept (&c, U'亿')) {
    gint64 rest = c.p == c.end ? 0 : read_below_yi (&c, true);
    value = rest < 0 ? -1 : value * 100000000 + rest;
  }
  return c.p == c.end ? value : -1;
}

/* 二〇二一: digits only, as years and document numbers are written. */
static gint64
read_positional (Text text)
{
  enum { DIGITS_MAX = 18, BYTES_PER_DIGIT = 3 };
  if (text.len == 0 || text.len > DIGITS_MAX * BYTES_PER_DIGIT)
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

char *
text_chinese_numeral (int number)
{
  static const char *const digits[] = { "", "一", "二", "三", "四", "五", "六", "七", "八", "九" };
  if (number < 1 || number > 99)
    return g_strdup_printf ("%d", number);
  return g_strconcat (number >= 20 ? digits[number / 10] : "", number >= 10 ? "十" : "", digits[number % 10],
                      NULL);
}
