#include "web/request.h"

#include <string.h>

const char *
web_field (const WebFields *fields, const char *name)
{
  for (size_t i = 0; i < fields->n; i++)
    if (g_str_equal (fields->items[i].name, name))
      return fields->items[i].value;
  return NULL;
}

const char *
web_decode (Arena *arena, Text encoded, bool plus_is_blank)
{
  char *decoded = arena_alloc (arena, encoded.len + 1);
  size_t n = 0;
  for (size_t i = 0; i < encoded.len; i++) {
    char c = encoded.bytes[i];
    if (c == '%') {
      if (i + 2 >= encoded.len)
        return NULL;
      int upper = g_ascii_xdigit_value (encoded.bytes[i + 1]),
          lower = g_ascii_xdigit_value (encoded.bytes[i + 2]);
      if (upper < 0 || lower < 0)
        return NULL;
      c = (char)(upper << 4 | lower);
      i += 2;
    } else if (c == '+' && plus_is_blank) {
      c = ' ';
    }
    decoded[n++] = c;
  }
  return text_is_utf8 ((Text){ decoded, n }, NULL) ? decoded : NULL;
}

static bool
parse_field (Arena *arena, Text pair, WebField *field, GError **error)
{
  const char *equals = memchr (pair.bytes, '=', pair.len);
  Text name = { pair.bytes, equals ? (size_t)(equals - pair.bytes) : pair.len };
  Text value = equals ? (Text){ equals + 1, pair.len - name.len - 1 } : (Text){ "", 0 };
  field->name = web_decode (arena, name, true);
  field->value = web_decode (arena, value, true);
  if (field->name && field->value)
    return true;
  g_set_error (error, FAULT, FAULT_USAGE,
               "a field of the address or form is not percent-encoded UTF-8; send it again");
  return false;
}

bool
web_fields_parse (Arena *arena, Text encoded, WebFields *fields, GError **error)
{
  size_t n = 1;
  for (size_t i = 0; i < encoded.len; i++)
    n += encoded.bytes[i] == '&';
  WebField *items = arena_new0 (arena, WebField, n);
  *fields = (WebFields){ 0, items };
  for (size_t start = 0; start < encoded.len;) {
    const char *end = memchr (encoded.bytes + start, '&', encoded.len - start);
    size_t len = end ? (size_t)(end - encoded.bytes) - start : encoded.len - start;
    if (len && !parse_field (arena, (Text){ encoded.bytes + start, len }, &items[fields->n++], error))
      return false;
    start += len + 1;
  }
  return true;
}

const char *
web_cookie (Arena *arena, const char *header, const char *name)
{
  size_t len = strlen (name);
  for (const char *p = header; p && *p;) {
    p += strspn (p, " ;");
    size_t pair = strcspn (p, ";");
    if (pair > len && strncmp (p, name, len) == 0 && p[len] == '=')
      return arena_text (arena, text_trim ((Text){ p + len + 1, pair - len - 1 }));
    p += pair;
  }
  return NULL;
}

void
web_response_header (WebResponse *response, const char *name, const char *value)
{
  g_assert (response->n_headers < WEB_HEADERS_MAX);
  response->headers[response->n_headers++] = (WebField){ name, value };
}

void
web_redirect (WebResponse *response, const char *path)
{
  response->status = 303;
  web_response_header (response, "Location", path);
}
