/* multipart/form-data: parts between lines "--BOUNDARY", each with a head that
 * names it (RFC 7578, section 4; RFC 2046, 5.1.1). */
#include "web/upload.h"

#include <string.h>

enum { PARTS_MAX = 64 };

static bool
refuse (GError **error, const char *why)
{
  g_set_error (error, FAULT, FAULT_USAGE, "the form cannot be read: %s", why);
  return false;
}

static Text
after (Text text, size_t n)
{
  return (Text){ text.bytes + n, text.len - n };
}

static const char *
find (Text text, const char *needle, size_t len)
{
  return text.len >= len ? memmem (text.bytes, text.len, needle, len) : NULL;
}

/* "--" and the boundary that TYPE names; NULL when it names none of 1 to 70 characters. */
static const char *
boundary_of (Arena *arena, const char *type)
{
  const char *p = strstr (type, "boundary=");
  if (!p)
    return NULL;
  p += strlen ("boundary=");
  bool quoted = *p == '"';
  p += quoted;
  size_t n = strcspn (p, quoted ? "\"" : "; \t");
  return n >= 1 && n <= 70 ? arena_printf (arena, "--%.*s", (int)n, p) : NULL;
}

/* The value of PARAMETER (` name="`) in a part's head, "" when it is empty, NULL when
 * it is not there.  Browsers write a quote inside as %22. */
static const char *
parameter (Arena *arena, Text head, const char *name)
{
  const char *start = find (head, name, strlen (name));
  if (!start)
    return NULL;
  start += strlen (name);
  const char *end = memchr (start, '"', (size_t)(head.bytes + head.len - start));
  Text value = { start, end ? (size_t)(end - start) : 0 };
  return end && text_is_utf8 (value, NULL) ? arena_text (arena, value) : NULL;
}

static const char *
base_name (const char *name)
{
  const char *slash = strrchr (name, '/'), *back = strrchr (name, '\\');
  const char *last = slash > back ? slash : back;
  return last ? last + 1 : name;
}

typedef struct {
  Arena *arena;
  WebField *fields;
  size_t n;
  const WebUpload *upload;
} Parts;

static bool
take_part (Parts *parts, Text part, GError **error)
{
  const char *end = find (part, "\r\n\r\n", 4);
  if (!end)
    return refuse (error, "a part has no head");
  Text head = { part.bytes, (size_t)(end - part.bytes) }, body = after (part, head.len + 4);
  const char *name = parameter (parts->arena, head, " name=\"");
  const char *file = parameter (parts->arena, head, " filename=\"");
  if (!name || parts->n == PARTS_MAX)
    return refuse (error, name ? "it has too many parts" : "a part has no name");
  if (file) {
    WebUpload *upload = arena_new0 (parts->arena, WebUpload, 1);
    *upload = (WebUpload){ name, base_name (file), body, parts->upload };
    if (*file || body.len)
      parts->upload = upload;
    return true;
  }
  if (!text_is_utf8 (body, NULL))
    return refuse (error, "a field is no UTF-8");
  parts->fields[parts->n++] = (WebField){ name, arena_text (parts->arena, body) };
  return true;
}

bool
web_upload_parse (Arena *arena, const char *type, Text body, WebFields *form, const WebUpload **upload,
                  GError **error)
{
  const char *boundary = boundary_of (arena, type);
  Parts parts = { arena, arena_new0 (arena, WebField, PARTS_MAX), 0, NULL };
  if (!boundary || !text_starts_with (body, boundary))
    return refuse (error, "its boundary is missing");
  const char *line = arena_printf (arena, "\r\n%s", boundary);
  Text rest = after (body, strlen (boundary));
  while (text_starts_with (rest, "\r\n")) {
    const char *end = find (rest, line, strlen (line));
    if (!end)
      return refuse (error, "it ends inside a part");
    Text part = { rest.bytes + 2, MAX ((size_t)(end - rest.bytes), 2) - 2 };
    if (!take_part (&parts, part, error))
      return false;
    rest = after (rest, (size_t)(end - rest.bytes) + strlen (line));
  }
  if (!text_starts_with (rest, "--"))
    return refuse (error, "it has no end");
  *form = (WebFields){ parts.n, parts.fields };
  *upload = parts.upload;
  return true;
}
