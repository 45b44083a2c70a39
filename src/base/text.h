/* Text: a slice of UTF-8, not owned, not necessarily NUL-terminated. */
#pragma once

#include <glib.h>
#include <stdbool.h>
#include <stddef.h>
#include <string.h>

typedef struct {
  const char *bytes;
  size_t len; /* in bytes */
} Text;

#define TEXT_LITERAL(s) ((Text){ (s), sizeof (s) - 1 })

static inline Text
text_of (const char *s) /* NULL gives the empty text */
{
  return (Text){ s ? s : "", s ? strlen (s) : 0 };
}

static inline bool
text_equal (Text a, Text b)
{
  return a.len == b.len && (a.len == 0 || memcmp (a.bytes, b.bytes, a.len) == 0);
}

/* Code points in TEXT (which must be valid UTF-8). */
size_t text_length (Text text);
/* Drop blanks at both ends: ASCII white space, NBSP and the full-width blank U+3000. */
Text text_trim (Text text);
bool text_starts_with (Text text, const char *prefix);
bool text_ends_with (Text text, const char *suffix);
/* Byte offset of NEEDLE in TEXT at or after FROM, or -1. */
ptrdiff_t text_find (Text text, const char *needle, size_t from);
guint text_hash (Text text);

/* Whether TEXT is well-formed UTF-8 without NUL; BAD_AT (may be NULL) gets the
 * byte offset of the first fault. */
bool text_is_utf8 (Text text, size_t *bad_at);

/* Full-width ASCII (U+FF01..U+FF5E, U+3000) to half-width; the rest unchanged.
 * Caller owns the result (g_free). */
char *text_half_width (Text text);

/* The value of a Chinese numeral (零〇一二…九十百千万亿, 两, and positional
 * 二〇二一), or -1 when TEXT is none. */
gint64 text_chinese_number (Text text);
/* 1 to 99 as clauses are numbered, 一 … 九十九; other numbers in Arabic digits.
 * Caller owns the result (g_free). */
char *text_chinese_numeral (int number);

/* Bytes of a file or a pipe decoded to UTF-8: UTF-8 (with or without BOM) or
 * GB18030, recognised by content.  ENCODING (may be NULL) gets a static name.
 * NULL with FAULT_INPUT when the bytes are neither (UTF-16, binary), or empty.
 * ORIGIN names the source in messages.  Caller owns the result. */
char *text_decode (const char *bytes, size_t len, const char *origin, const char **encoding, GError **error);
