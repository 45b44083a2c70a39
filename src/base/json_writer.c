/* Writing JSON: each open container remembers its kind and whether it has
 * something already; the asserts keep calls in the order the grammar wants. */
#include "json.h"

enum { DEPTH_MAX = 200 };

typedef struct {
  char close;    /* '}' or ']' */
  bool filled;   /* has an element or a key already */
  bool awaiting; /* a key was written, its value is to come */
} Level;

struct JsonWriter {
  GString *out;
  int indent, depth;
  bool done; /* the one value of the document is begun */
  Level levels[DEPTH_MAX];
};

JsonWriter *
json_writer_new (GString *out, int indent)
{
  JsonWriter *w = g_new0 (JsonWriter, 1);
  w->out = out;
  w->indent = indent;
  return w;
}

void
json_writer_free (JsonWriter *w)
{
  if (!w)
    return;
  g_assert (w->depth == 0);
  g_free (w);
}

static Level *
top (JsonWriter *w)
{
  return w->depth ? &w->levels[w->depth - 1] : NULL;
}

static void
new_line (JsonWriter *w)
{
  if (w->indent)
    g_string_append_printf (w->out, "\n%*s", w->depth * w->indent, "");
}

static void
separate (JsonWriter *w, Level *level)
{
  if (level->filled)
    g_string_append_c (w->out, ',');
  level->filled = true;
  new_line (w);
}

/* Before any value. */
static void
place_value (JsonWriter *w)
{
  Level *level = top (w);
  if (!level) {
    g_assert (!w->done);
    w->done = true;
  } else if (level->close == ']')
    separate (w, level);
  else {
    g_assert (level->awaiting);
    level->awaiting = false;
  }
}

static void
begin (JsonWriter *w, char open, char close)
{
  place_value (w);
  g_assert (w->depth < DEPTH_MAX);
  g_string_append_c (w->out, open);
  w->levels[w->depth++] = (Level){ .close = close };
}

static void
end (JsonWriter *w, char close)
{
  Level *level = top (w);
  g_assert (level && level->close == close && !level->awaiting);
  w->depth--;
  if (level->filled)
    new_line (w);
  g_string_append_c (w->out, close);
}

void
json_begin_object (JsonWriter *w)
{
  begin (w, '{', '}');
}

void
json_end_object (JsonWriter *w)
{
  end (w, '}');
}

void
json_begin_array (JsonWriter *w)
{
  begin (w, '[', ']');
}

void
json_end_array (JsonWriter *w)
{
  end (w, ']');
}

static void
append_escape (GString *out, unsigned char c)
{
  static const char values[] = "\"\\\b\f\n\r\t", names[] = "\"\\bfnrt";
  const char *value = strchr (values, c);
  if (c && value)
    g_string_append_printf (out, "\\%c", names[value - values]);
  else
    g_string_append_printf (out, "\\u%04x", c);
}

static void
append_string (GString *out, Text text)
{
  size_t plain_from = 0;
  g_string_append_c (out, '"');
  for (size_t i = 0; i < text.len; i++) {
    unsigned char c = (unsigned char)text.bytes[i];
    if (c >= 0x20 && c != '"' && c != '\\')
      continue;
    g_string_append_len (out, text.bytes + plain_from, (gssize)(i - plain_from));
    append_escape (out, c);
    plain_from = i + 1;
  }
  g_string_append_len (out, text.bytes + plain_from, (gssize)(text.len - plain_from));
  g_string_append_c (out, '"');
}

void
json_key (JsonWriter *w, const char *key)
{
  Level *level = top (w);
  g_assert (level && level->close == '}' && !level->awaiting);
  separate (w, level);
  level->awaiting = true;
  append_string (w->out, text_of (key));
  g_string_append (w->out, w->indent ? ": " : ":");
}

void
json_text (JsonWriter *w, Text text)
{
  place_value (w);
  append_string (w->out, text);
}

void
json_str (JsonWriter *w, const char *text)
{
  if (text)
    json_text (w, text_of (text));
  else
    json_null (w);
}

static void
append_bare (JsonWriter *w, const char *word)
{
  place_value (w);
  g_string_append (w->out, word);
}

void
json_int (JsonWriter *w, gint64 value)
{
  char buffer[24];
  g_snprintf (buffer, sizeof buffer, "%" G_GINT64_FORMAT, value);
  append_bare (w, buffer);
}

void
json_decimal (JsonWriter *w, Decimal value)
{
  char buffer[DECIMAL_TEXT_MAX];
  g_assert (decimal_is_finite (value));
  append_bare (w, decimal_format (value, buffer));
}

void
json_bool (JsonWriter *w, bool value)
{
  append_bare (w, value ? "true" : "false");
}

void
json_null (JsonWriter *w)
{
  append_bare (w, "null");
}

void
json_member_str (JsonWriter *w, const char *key, const char *value)
{
  json_key (w, key);
  json_str (w, value);
}

void
json_member_int (JsonWriter *w, const char *key, gint64 value)
{
  json_key (w, key);
  json_int (w, value);
}

void
json_member_bool (JsonWriter *w, const char *key, bool value)
{
  json_key (w, key);
  json_bool (w, value);
}

void
json_member_array (JsonWriter *w, const char *key)
{
  json_key (w, key);
  json_begin_array (w);
}

void
json_member_object (JsonWriter *w, const char *key)
{
  json_key (w, key);
  json_begin_object (w);
}
