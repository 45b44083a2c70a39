/* Recognising what a file of Chinese text is written in.
 *
 * UTF-8 is nearly impossible to hit by chance, so it is tried first.  Nearly any
 * bytes are some GB18030, so before trusting it, what is recognisably something
 * else is refused: UTF-16, office formats, damaged UTF-8, and a result that is not
 * text. */
#include "fault.h"
#include "text.h"

static bool
starts_with (const char *bytes, size_t len, const char *magic, size_t n)
{
  return len >= n && memcmp (bytes, magic, n) == 0;
}

/* What the bytes are when they cannot be text, or NULL. */
static const char *
foreign_format (const char *bytes, size_t len)
{
  static const struct {
    const char *magic;
    size_t n;
    const char *problem;
  } formats[] = {
    { "\xff\xfe", 2, "is UTF-16: save it as UTF-8" },
    { "\xfe\xff", 2, "is UTF-16: save it as UTF-8" },
    { "%PDF-", 5, "is a PDF: turn it into text first (pdftotext -layout)" },
    { "PK\3\4", 4, "is a ZIP or an office document: save it as plain text in UTF-8" },
    { "\xd0\xcf\x11\xe0", 4, "is an old office document: save it as plain text in UTF-8" },
  };
  for (size_t i = 0; i < G_N_ELEMENTS (formats); i++)
    if (starts_with (bytes, len, formats[i].magic, formats[i].n))
      return formats[i].problem;
  if (memchr (bytes, '\0', len))
    return "holds NUL bytes: it is UTF-16 or not text; save it as UTF-8";
  return NULL;
}

/* Well-formed characters of three bytes, as Chinese has them, against broken ones:
 * text in another encoding breaks at nearly every character, damaged UTF-8 at a few. */
static bool
is_damaged_utf8 (Text text)
{
  size_t good = 0, bad = 0;
  while (text.len > 0) {
    size_t at = text.len;
    bool whole = text_is_utf8 (text, &at);
    for (size_t i = 0; i < at; i++)
      good += (unsigned char)text.bytes[i] >= 0xe0;
    if (whole)
      break;
    bad++;
    for (at++; at < text.len && ((unsigned char)text.bytes[at] & 0xc0) == 0x80;)
      at++;
    text = (Text){ text.bytes + at, text.len - at };
  }
  return good > 8 * bad;
}

/* Text holds no control characters but white space (form feeds part pages), and
 * hardly any private characters, which is what binary data decodes to. */
static bool
is_plausible (const char *utf8)
{
  size_t n = 0, private = 0;
  for (const char *p = utf8; *p; p = g_utf8_next_char (p), n++) {
    gunichar c = g_utf8_get_char (p);
    if ((c < 0x20 && !strchr ("\t\n\v\f\r\x1a", (int)c)) || (c >= 0x7f && c < 0xa0))
      return false;
    private += (c >= 0xe000 && c <= 0xf8ff) || c >= 0xf0000;
  }
  return private * 50 <= n;
}

static size_t
line_of (Text text, size_t offset)
{
  size_t line = 1;
  for (size_t i = 0; i < offset; i++)
    line += text.bytes[i] == '\n';
  return line;
}

static char *
decode_utf8 (Text text, const char *origin, GError **error)
{
  g_autofree char *copy = g_strndup (text.bytes, text.len);
  if (is_plausible (copy))
    return g_steal_pointer (&copy);
  g_set_error (error, FAULT, FAULT_INPUT, "%s: holds control characters: it is not a text file", origin);
  return NULL;
}

static char *
decode_gb18030 (Text text, size_t bad_at, const char *origin, GError **error)
{
  size_t line = line_of (text, bad_at);
  if (is_damaged_utf8 (text)) {
    g_set_error (error, FAULT, FAULT_INPUT,
                 "%s:%zu: is damaged UTF-8 (byte %zu): save the file anew as UTF-8", origin, line,
                 bad_at + 1);
    return NULL;
  }
  g_autofree char *decoded = g_convert (text.bytes, (gssize)text.len, "UTF-8", "GB18030", NULL, NULL, NULL);
  if (decoded && is_plausible (decoded))
    return g_steal_pointer (&decoded);
  g_set_error (error, FAULT, FAULT_INPUT, "%s:%zu: is neither UTF-8 nor GB18030 text: save it as UTF-8",
               origin, line);
  return NULL;
}

char *
text_decode (const char *bytes, size_t len, const char *origin, const char **encoding, GError **error)
{
  bool marked = starts_with (bytes, len, "\xef\xbb\xbf", 3);
  Text text = { bytes + (marked ? 3 : 0), len - (marked ? 3 : 0) };
  if (text.len == 0) {
    g_set_error (error, FAULT, FAULT_INPUT, "%s: is empty", origin);
    return NULL;
  }
  const char *problem = foreign_format (text.bytes, text.len);
  if (problem) {
    g_set_error (error, FAULT, FAULT_INPUT, "%s: %s", origin, problem);
    return NULL;
  }
  size_t bad_at;
  bool utf8 = text_is_utf8 (text, &bad_at);
  if (encoding)
    *encoding = utf8 ? "UTF-8" : "GB18030";
  return utf8 ? decode_utf8 (text, origin, error) : decode_gb18030 (text, bad_at, origin, error);
}
