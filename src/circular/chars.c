#include "reading.h"

gunichar
char_at (Text text, size_t i)
{
  return i < text.len ? g_utf8_get_char (text.bytes + i) : 0;
}

size_t
char_next (Text text, size_t i)
{
  return i < text.len ? MIN (i + (size_t)g_utf8_skip[(guchar)text.bytes[i]], text.len) : text.len;
}

size_t
char_previous (Text text, size_t i)
{
  while (i > 0 && ((guchar)text.bytes[--i] & 0xC0) == 0x80)
    ;
  return i;
}

gunichar
char_last (Text text)
{
  return text.len ? char_at (text, char_previous (text, text.len)) : 0;
}

bool
char_is_wide (gunichar c)
{
  return (c >= 0x2E80 && c <= 0x9FFF) || (c >= 0xF900 && c <= 0xFAFF) || (c >= 0xFE30 && c <= 0xFE4F)
         || (c >= 0xFF00 && c <= 0xFF60) || (c >= 0xFFE0 && c <= 0xFFE6) || (c >= 0x20000 && c <= 0x3FFFD);
}

bool
char_is_numeral (gunichar c)
{
  switch (c) {
  case U'〇':
  case U'零':
  case U'一':
  case U'二':
  case U'三':
  case U'四':
  case U'五':
  case U'六':
  case U'七':
  case U'八':
  case U'九':
  case U'十':
  case U'百':
  case U'千':
  case U'万':
  case U'亿':
  case U'两': return true;
  default: return false;
  }
}

bool
char_ends_sentence (gunichar c)
{
  switch (c) {
  case U'。':
  case U'！':
  case U'？':
  case U'；':
  case U'：':
  case U'!':
  case U'?':
  case U';':
  case U':': return true;
  default: return false;
  }
}

bool
word_at (Text text, size_t i, const char *word)
{
  size_t n = strlen (word);
  return i <= text.len && text.len - i >= n && memcmp (text.bytes + i, word, n) == 0;
}

size_t
words_at (Text text, size_t i, Words words)
{
  size_t best = 0;
  for (size_t k = 0; words[k]; k++)
    if (word_at (text, i, words[k]))
      best = MAX (best, strlen (words[k]));
  return best;
}

bool
word_in (Text text, const char *word)
{
  return text_find (text, word, 0) >= 0;
}

bool
words_in (Text text, Words words)
{
  for (size_t k = 0; words[k]; k++)
    if (word_in (text, words[k]))
      return true;
  return false;
}

bool
words_end (Text text, Words words)
{
  for (size_t k = 0; words[k]; k++)
    if (text_ends_with (text, words[k]))
      return true;
  return false;
}

int
text_columns (Text text)
{
  int columns = 0;
  for (size_t i = 0; i < text.len; i = char_next (text, i)) {
    gunichar c = char_at (text, i);
    columns += g_unichar_iszerowidth (c) ? 0 : char_is_wide (c) ? 2 : 1;
  }
  return columns;
}

/* Digits or Chinese numerals up to the mark 年, 月, 日; -1 when it is something else. */
static gint64
date_field (Text text, size_t *i, const char *mark)
{
  size_t from = *i;
  while (g_unichar_isdigit (char_at (text, *i)) || char_is_numeral (char_at (text, *i)))
    *i = char_next (text, *i);
  Text digits = text_slice (text, from, *i);
  if (digits.len == 0 || digits.len > 24 || !word_at (text, *i, mark))
    return -1;
  *i += strlen (mark);
  if (!g_ascii_isdigit (digits.bytes[0]))
    return text_chinese_number (digits);
  gint64 value = 0;
  for (size_t k = 0; k < digits.len; k++)
    value = value * 10 + (digits.bytes[k] - '0');
  return value < 10000 ? value : -1;
}

size_t
date_at (Text text, size_t i, char *buffer)
{
  size_t from = i;
  gint64 year = date_field (text, &i, "年");
  if (year < 0 && i - from == 4 && word_at (text, i, "月")) { /* 2026月3月26日: a slip seen in print */
    i = from;
    year = date_field (text, &i, "月");
  }
  gint64 month = year > 0 ? date_field (text, &i, "月") : -1;
  gint64 day = month > 0 ? date_field (text, &i, "日") : -1;
  if (day <= 0 || year < 1900 || year > 2999 || !civil_is_valid (year, (int)month, (int)day))
    return 0;
  g_snprintf (buffer, CIRCULAR_DATE, "%04d-%02d-%02d", (int)year, (int)month, (int)day);
  return i - from;
}
