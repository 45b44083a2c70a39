#include "feel_private.h"

#include <string.h>

/* Strings, 10.3.4.3: positions and lengths are in code points. */

static FeelValue
text_value (Call *call, const char *bytes, size_t len)
{
  evaluate_charge (call->frame->run, call->frame->expression, (gint64)(len / 4));
  return feel_string (arena_text_copy (call->arena, (Text){ bytes, len }));
}

static FeelValue
call_substring (Call *call, const FeelValue *a)
{
  gint64 start, length, n = (gint64)text_length (a[0].string);
  if (!decimal_to_int64 (decimal_round (a[1].number, 0, DECIMAL_ROUND_DOWN), &start) || start == 0
      || start > n || start < -n)
    return builtin_fail (call, "the string has no such start position");
  start = start > 0 ? start - 1 : start + n;
  length = n - start;
  if (a[2].kind == FEEL_NUMBER
      && (!decimal_to_int64 (decimal_round (a[2].number, 0, DECIMAL_ROUND_DOWN), &length) || length < 1))
    return builtin_fail (call, "length must be 1 or more");
  length = MIN (length, n - start);
  const char *from = g_utf8_offset_to_pointer (a[0].string.bytes, start);
  const char *to = g_utf8_offset_to_pointer (from, length);
  return feel_string ((Text){ from, (size_t)(to - from) });
}

static FeelValue
call_string_length (Call *call, const FeelValue *a)
{
  return feel_int ((gint64)text_length (a[0].string));
}

static FeelValue
call_upper_case (Call *call, const FeelValue *a)
{
  g_autofree char *upper = g_utf8_strup (a[0].string.bytes, (gssize)a[0].string.len);
  return text_value (call, upper, strlen (upper));
}

static FeelValue
call_lower_case (Call *call, const FeelValue *a)
{
  g_autofree char *lower = g_utf8_strdown (a[0].string.bytes, (gssize)a[0].string.len);
  return text_value (call, lower, strlen (lower));
}

static ptrdiff_t
find (Text text, Text needle)
{
  if (needle.len == 0)
    return 0;
  const char *at = text.len < needle.len ? NULL : memmem (text.bytes, text.len, needle.bytes, needle.len);
  return at ? at - text.bytes : -1;
}

static FeelValue
call_substring_before (Call *call, const FeelValue *a)
{
  ptrdiff_t at = find (a[0].string, a[1].string);
  return feel_string ((Text){ a[0].string.bytes, at > 0 ? (size_t)at : 0 });
}

static FeelValue
call_substring_after (Call *call, const FeelValue *a)
{
  ptrdiff_t at = find (a[0].string, a[1].string);
  size_t from = at < 0 ? a[0].string.len : (size_t)at + a[1].string.len;
  return feel_string ((Text){ a[0].string.bytes + from, a[0].string.len - from });
}

static FeelValue
call_contains (Call *call, const FeelValue *a)
{
  return feel_boolean (find (a[0].string, a[1].string) >= 0);
}

static FeelValue
call_starts_with (Call *call, const FeelValue *a)
{
  Text t = a[0].string, part = a[1].string;
  return feel_boolean (t.len >= part.len && memcmp (t.bytes, part.bytes, part.len) == 0);
}

static FeelValue
call_ends_with (Call *call, const FeelValue *a)
{
  Text t = a[0].string, part = a[1].string;
  return feel_boolean (t.len >= part.len && memcmp (t.bytes + t.len - part.len, part.bytes, part.len) == 0);
}

/* Nulls in the list are left out. */
static FeelValue
call_string_join (Call *call, const FeelValue *a)
{
  g_autoptr (GString) out = g_string_new (NULL);
  bool first = true;
  for (size_t i = 0; i < a[0].list->n; i++) {
    FeelValue v = a[0].list->items[i];
    if (v.kind == FEEL_NULL)
      continue;
    if (v.kind != FEEL_STRING)
      return builtin_fail (call, "every item must be a string, not %s", kind_with_article (v));
    if (!first && a[1].kind == FEEL_STRING)
      g_string_append_len (out, a[1].string.bytes, (gssize)a[1].string.len);
    g_string_append_len (out, v.string.bytes, (gssize)v.string.len);
    first = false;
    if (out->len > FEEL_WRITE_MAX)
      return builtin_fail (call, "the string grows too long");
  }
  return text_value (call, out->str, out->len);
}

#define STRING                                                                                               \
  {                                                                                                          \
    "string", K_STRING                                                                                       \
  }

const Builtin builtins_string[] = {
  { "substring",
    call_substring,
    &feel_type_string,
    { STRING, { "start position", K_NUMBER }, { "length", K_NUMBER } },
    2 },
  { "string length", call_string_length, &feel_type_number, { STRING }, 1 },
  { "upper case", call_upper_case, &feel_type_string, { STRING }, 1 },
  { "lower case", call_lower_case, &feel_type_string, { STRING }, 1 },
  { "substring before", call_substring_before, &feel_type_string, { STRING, { "match", K_STRING } }, 2 },
  { "substring after", call_substring_after, &feel_type_string, { STRING, { "match", K_STRING } }, 2 },
  { "contains", call_contains, &feel_type_boolean, { STRING, { "match", K_STRING } }, 2 },
  { "starts with", call_starts_with, &feel_type_boolean, { STRING, { "match", K_STRING } }, 2 },
  { "ends with", call_ends_with, &feel_type_boolean, { STRING, { "match", K_STRING } }, 2 },
  { "string join",
    call_string_join,
    &feel_type_string,
    { { "list", K_LIST }, { "delimiter", K_STRING | K_NULL } },
    1 },
  { 0 },
};
