#include "feel_private.h"

#include <string.h>

/* Values as text.  Contexts of a host may have cycles and lists may share parts
 * many times over: depth and size are limited, and what is cut ends in "…". */

typedef enum { AS_FEEL, AS_STRING, FOR_PEOPLE } Manner;

typedef struct {
  GString *out;
  Manner manner;
  int depth;
  size_t limit;
  bool full;
} Writer;

enum { WRITE_DEPTH_MAX = 100 };

static void write_value (Writer *w, FeelValue v);

static void
append (Writer *w, Text t)
{
  g_string_append_len (w->out, t.bytes, (gssize)t.len);
}

static void
write_quoted (Writer *w, Text t)
{
  static const char from[] = "\"\\\n\r\t", to[] = "\"\\nrt";
  g_string_append_c (w->out, '"');
  for (size_t i = 0; i < t.len; i++) {
    const char *special = memchr (from, t.bytes[i], sizeof from - 1);
    if (special) {
      g_string_append_c (w->out, '\\');
      g_string_append_c (w->out, to[special - from]);
    } else {
      g_string_append_c (w->out, t.bytes[i]);
    }
  }
  g_string_append_c (w->out, '"');
}

static void
write_temporal (Writer *w, FeelValue v)
{
  static const char *const functions[] = {
    [FEEL_DATE] = "date",
    [FEEL_TIME] = "time",
    [FEEL_DATE_TIME] = "date and time",
    [FEEL_DAYS_DURATION] = "duration",
    [FEEL_MONTHS_DURATION] = "duration",
  };
  if (w->manner == AS_FEEL)
    g_string_append_printf (w->out, "%s(\"", functions[v.kind]);
  temporal_write (w->out, v);
  if (w->manner == AS_FEEL)
    g_string_append (w->out, "\")");
}

static void
write_range (Writer *w, const FeelRange *range)
{
  static const char *const signs[] = { "=", "!=", "<", "<=", ">", ">=" };
  if (range->sign) {
    g_string_append_printf (w->out, "(%s ", signs[range->sign - 1]);
    write_value (w, range_bound (range));
    g_string_append_c (w->out, ')');
    return;
  }
  g_string_append_c (w->out, range->low_closed ? '[' : '(');
  write_value (w, range->low);
  g_string_append (w->out, "..");
  write_value (w, range->high);
  g_string_append_c (w->out, range->high_closed ? ']' : ')');
}

/* The first to find it full leaves the mark. */
static bool
is_full (Writer *w)
{
  if (w->full || w->out->len < w->limit)
    return w->full;
  w->full = true;
  g_string_append (w->out, "…");
  return true;
}

static void
write_list (Writer *w, const FeelList *list)
{
  g_string_append_c (w->out, '[');
  for (size_t i = 0; i < list->n && !is_full (w); i++) {
    if (i)
      g_string_append (w->out, ", ");
    write_value (w, list->items[i]);
  }
  g_string_append_c (w->out, ']');
}

/* A name that the grammar reads back without quotes. */
static bool
is_plain_name (Text name)
{
  for (unsigned i = 0, length; i < name.len; i += length) {
    gunichar c = lexer_peek (name, i, &length);
    if (!lexer_is_name_part (c) && c != ' ')
      return false;
  }
  return name.len > 0 && !g_ascii_isdigit (name.bytes[0]);
}

static void
write_context (Writer *w, const FeelContext *context)
{
  g_string_append_c (w->out, '{');
  for (size_t i = 0; i < context->n && !is_full (w); i++) {
    Text name = context->entries[i].name;
    if (i)
      g_string_append (w->out, ", ");
    if (is_plain_name (name))
      append (w, name);
    else
      write_quoted (w, name);
    g_string_append (w->out, ": ");
    write_value (w, context->entries[i].value);
  }
  g_string_append_c (w->out, '}');
}

static void
write_unknown (Writer *w, const FeelUnknown *unknown)
{
  g_string_append (w->out, "unknown(");
  for (size_t i = 0; i < unknown->n; i++) {
    if (i)
      g_string_append (w->out, ", ");
    append (w, unknown->needs[i]->name);
  }
  g_string_append_c (w->out, ')');
}

static void
write_function (Writer *w, const FeelFunction *function)
{
  g_string_append (w->out, "function(");
  for (size_t i = 0; i < function->n; i++) {
    if (i)
      g_string_append (w->out, ", ");
    append (w, function->parameters[i]);
  }
  g_string_append_c (w->out, ')');
}

static void
write_value (Writer *w, FeelValue v)
{
  char buffer[DECIMAL_TEXT_MAX];
  if (is_full (w))
    return;
  if (w->depth > WRITE_DEPTH_MAX) {
    g_string_append (w->out, "…");
    return;
  }
  w->depth++;
  switch (v.kind) {
  case FEEL_NULL: g_string_append (w->out, "null"); break;
  case FEEL_UNKNOWN: write_unknown (w, v.unknown); break;
  case FEEL_BOOLEAN: g_string_append (w->out, v.boolean ? "true" : "false"); break;
  case FEEL_NUMBER: g_string_append (w->out, decimal_format_short (v.number, buffer)); break;
  case FEEL_STRING:
    if (w->manner == AS_FEEL || (w->manner == AS_STRING && w->depth > 1))
      write_quoted (w, v.string);
    else
      append (w, v.string);
    break;
  case FEEL_DATE:
  case FEEL_TIME:
  case FEEL_DATE_TIME:
  case FEEL_DAYS_DURATION:
  case FEEL_MONTHS_DURATION: write_temporal (w, v); break;
  case FEEL_RANGE: write_range (w, v.range); break;
  case FEEL_LIST: write_list (w, v.list); break;
  case FEEL_CONTEXT: write_context (w, v.context); break;
  case FEEL_FUNCTION: write_function (w, v.function); break;
  }
  w->depth--;
}

void
feel_write (GString *out, FeelValue v)
{
  Writer w = { .out = out, .manner = AS_FEEL, .limit = out->len + FEEL_WRITE_MAX };
  write_value (&w, v);
}

void
write_string (GString *out, FeelValue v)
{
  Writer w = { .out = out, .manner = AS_STRING, .limit = out->len + FEEL_WRITE_MAX };
  write_value (&w, v);
}

char *
feel_display (Arena *arena, FeelValue v)
{
  g_autoptr (GString) out = g_string_new (NULL);
  Writer w = { .out = out, .manner = FOR_PEOPLE, .limit = FEEL_WRITE_MAX };
  write_value (&w, v);
  return arena_text (arena, (Text){ out->str, out->len });
}

/* ---- JSON ---- */

typedef struct {
  JsonWriter *out;
  int depth;
  gint64 budget; /* values still written */
} JsonState;

enum { JSON_VALUES_MAX = 5000000 };

static void write_json (JsonState *w, FeelValue v);

static void
write_json_text (JsonWriter *out, FeelValue v)
{
  g_autoptr (GString) text = g_string_new (NULL);
  write_string (text, v);
  json_text (out, (Text){ text->str, text->len });
}

static void
write_json_context (JsonState *w, const FeelContext *context)
{
  json_begin_object (w->out);
  for (size_t i = 0; i < context->n; i++) {
    g_autofree char *key = g_strndup (context->entries[i].name.bytes, context->entries[i].name.len);
    json_key (w->out, key);
    write_json (w, context->entries[i].value);
  }
  json_end_object (w->out);
}

static void
write_json_list (JsonState *w, const FeelList *list)
{
  json_begin_array (w->out);
  for (size_t i = 0; i < list->n && w->budget > 0; i++)
    write_json (w, list->items[i]);
  json_end_array (w->out);
}

static void
write_json_unknown (JsonWriter *out, const FeelUnknown *unknown)
{
  json_begin_object (out);
  json_key (out, "unknown");
  json_begin_array (out);
  for (size_t i = 0; i < unknown->n; i++)
    json_text (out, unknown->needs[i]->name);
  json_end_array (out);
  json_end_object (out);
}

static void
write_json (JsonState *w, FeelValue v)
{
  if (w->depth > WRITE_DEPTH_MAX || --w->budget < 0) {
    json_str (w->out, "…");
    return;
  }
  w->depth++;
  switch (v.kind) {
  case FEEL_NULL: json_null (w->out); break;
  case FEEL_BOOLEAN: json_bool (w->out, v.boolean); break;
  case FEEL_NUMBER: json_decimal (w->out, v.number); break;
  case FEEL_STRING: json_text (w->out, v.string); break;
  case FEEL_UNKNOWN: write_json_unknown (w->out, v.unknown); break;
  case FEEL_CONTEXT: write_json_context (w, v.context); break;
  case FEEL_LIST: write_json_list (w, v.list); break;
  default: write_json_text (w->out, v);
  }
  w->depth--;
}

void
feel_write_json (JsonWriter *w, FeelValue v)
{
  JsonState state = { w, 0, JSON_VALUES_MAX };
  write_json (&state, v);
}

void
feel_write_diagnostics (JsonWriter *w, const FeelDiagnostic *first)
{
  json_begin_array (w);
  for (const FeelDiagnostic *d = first; d; d = d->next) {
    json_begin_object (w);
    json_member_str (w, "origin", d->origin);
    json_member_int (w, "line", d->line);
    json_member_int (w, "column", d->column);
    json_member_str (w, "message", d->message);
    json_end_object (w);
  }
  json_end_array (w);
}
