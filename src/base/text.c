#include "text.h"

static bool
is_continuation (char c)
{
  return ((unsigned char)c & 0xc0) == 0x80;
}

size_t
text_length (Text text)
{
  size_t n = 0;
  for (size_t i = 0; i < text.len; i++)
    n += !is_continuation (text.bytes[i]);
  return n;
}

/* Bytes of the blank that starts at P, 0 when none does. */
static size_t
blank_at (const char *p, const char *end)
{
  if (g_ascii_isspace (*p) || *p == '\v')
    return 1;
  if (end - p >= 2 && memcmp (p, "\u00a0", 2) == 0)
    return 2;
  return end - p >= 3 && memcmp (p, "\u3000", 3) == 0 ? 3 : 0;
}

Text
text_trim (Text text)
{
  const char *start = text.bytes, *end = start + text.len;
  size_t n;
  while (start < end && (n = blank_at (start, end)) > 0)
    start += n;
  while (end > start) {
    const char *last = end - 1;
    while (last > start && is_continuation (*last))
      last--;
    if (blank_at (last, end) == 0)
      break;
    end = last;
  }
  return (Text){ start, (size_t)(end - start) };
}

bool
text_starts_with (Text text, const char *prefix)
{
  size_t n = strlen (prefix);
  return text.len >= n && memcmp (text.bytes, prefix, n) == 0;
}

bool
text_ends_with (Text text, const char *suffix)
{
  size_t n = strlen (suffix);
  return text.len >= n && memcmp (text.bytes + text.len - n, suffix, n) == 0;
}

ptrdiff_t
text_find (Text text, const char *needle, size_t from)
{
  if (from >= text.len)
    return -1; /* no needle is empty; an empty text may have no bytes */
  const char *found = memmem (text.bytes + from, text.len - from, needle, strlen (needle));
  return found ? found - text.bytes : -1;
}

/* FNV-1a, Fowler/Noll/Vo, 32 bits. */
guint
text_hash (Text text)
{
  guint hash = 2166136261u;
  for (size_t i = 0; i < text.len; i++)
    hash = (hash ^ (unsigned char)text.bytes[i]) * 16777619u;
  return hash;
}

bool
text_is_utf8 (Text text, size_t *bad_at)
{
  const char *end;
  if (text.len == 0 || g_utf8_validate_len (text.bytes, text.len, &end))
    return true;
  if (bad_at)
    *bad_at = (size_t)(end - text.bytes);
  return false;
}

char *
text_half_width (Text text)
{
  GString *out = g_string_sized_new (text.len + 1);
  const char *end = text.bytes + text.len;
  for (const char *p = text.bytes; p < end; p = g_utf8_next_char (p)) {
    gunichar c = g_utf8_get_char (p);
    if (c == 0x3000)
      c = ' ';
    else if (c >= 0xff01 && c <= 0xff5e)
      c -= 0xff01 - '!';
    g_string_append_unichar (out, c);
  }
  return g_string_free (out, FALSE);
}
