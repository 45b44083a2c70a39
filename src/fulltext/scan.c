#include "fulltext_private.h"

#include <pthread.h>

void
scan_start (Scan *scan, Text text)
{
  scan->text = text;
  scan->at = scan->n = scan->i = scan->from = 0;
  scan->joined = false;
}

/* The next folded character, without taking it; 0 at the end. */
static gunichar
peek (Scan *scan)
{
  while (scan->i == scan->n) {
    const char *p = scan->text.bytes + scan->at;
    if (scan->at == scan->text.len)
      return 0;
    gunichar c
        = *p & 0x80 ? g_utf8_get_char_validated (p, (gssize)(scan->text.len - scan->at)) : (gunichar)*p;
    if (c >= 0xfffffffe)
      return 0;
    scan->from = scan->at;
    scan->at += c < 0x80 ? 1 : (size_t)g_unichar_to_utf8 (c, NULL);
    scan->n = spelling_fold_one (c, scan->folded);
    scan->i = 0;
  }
  return scan->folded[scan->i];
}

static void
scan_word (Scan *scan, Unit *unit)
{
  size_t len = 0;
  for (gunichar c; (c = peek (scan)) && c != ' ' && !spelling_is_character (c); scan->i++) {
    unit->to = scan->at;
    if (len + 6 <= UNIT_BYTES)
      len += (size_t)g_unichar_to_utf8 (c, scan->letters + len);
  }
  unit->letters = (Text){ scan->letters, len };
}

bool
scan_next (Scan *scan, Unit *unit)
{
  gunichar c;
  while ((c = peek (scan)) == ' ') {
    scan->i++;
    scan->joined = false;
  }
  if (!c)
    return false;
  *unit = (Unit){ .joined = scan->joined, .from = scan->from, .to = scan->at };
  scan->joined = true;
  if (spelling_is_character (c)) {
    unit->character = c;
    scan->i++;
  } else
    scan_word (scan, unit);
  return true;
}

/* SplitMix64's last step: every bit of the input reaches every bit of the result. */
static guint64
mix (guint64 x)
{
  x = (x ^ x >> 30) * 0xbf58476d1ce4e5b9;
  x = (x ^ x >> 27) * 0x94d049bb133111eb;
  return x ^ x >> 31;
}

static guint64 secret;

static void
choose_secret (void)
{
  secret = (guint64)g_random_int () << 32 | g_random_int ();
}

Key
key_word (Text letters)
{
  static pthread_once_t once = PTHREAD_ONCE_INIT;
  pthread_once (&once, choose_secret);
  guint64 hash = secret ^ letters.len;
  for (size_t i = 0; i < letters.len; i += 8) {
    guint64 piece = 0;
    memcpy (&piece, letters.bytes + i, MIN (8, letters.len - i));
    hash = mix (hash + piece) + secret;
  }
  return key_make (KEY_WORD, mix (hash));
}
