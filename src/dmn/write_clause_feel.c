/* Boxed expressions as FEEL text (DMN 1.5, 10.2.2 says what each means in FEEL),
 * and what else both writers ask of logic. */
#include "write_private.h"

const DmnExpression *
write_body (const DmnDecision *d)
{
  const DmnExpression *x = d->logic;
  if (x && d->role == DMN_KNOWLEDGE)
    x = x->n_parts ? x->parts[0] : NULL;
  return x;
}

/* ---- types ------------------------------------------------------------- */

static const char *const feel_types[] = {
  "number",
  "string",
  "boolean",
  "date",
  "time",
  "date and time",
  "days and time duration",
  "years and months duration",
  "Any",
};

Text
write_type_name (Text type_name)
{
  ptrdiff_t colon = text_find (type_name, ":", 0); /* feel:string, as older files write it */
  Text local = { type_name.bytes + colon + 1, type_name.len - (size_t)(colon + 1) };
  static const char *const older[][2] = {
    { "dateTime", "date and time" },
    { "dayTimeDuration", "days and time duration" },
    { "yearMonthDuration", "years and months duration" },
  };
  for (size_t i = 0; i < G_N_ELEMENTS (older); i++)
    if (text_equal (local, text_of (older[i][0])))
      return text_of (older[i][1]);
  for (size_t i = 0; i < G_N_ELEMENTS (feel_types); i++)
    if (text_equal (local, text_of (feel_types[i])))
      return text_of (feel_types[i]);
  return TEXT_LITERAL ("");
}

const char *
write_type_ref (const FeelType *type)
{
  switch (type->kind) {
  case FEEL_TYPE_NUMBER: return "number";
  case FEEL_TYPE_STRING: return "string";
  case FEEL_TYPE_BOOLEAN: return "boolean";
  case FEEL_TYPE_DATE: return "date";
  case FEEL_TYPE_TIME: return "time";
  case FEEL_TYPE_DATE_TIME: return "date and time";
  case FEEL_TYPE_DAYS_DURATION: return "days and time duration";
  case FEEL_TYPE_MONTHS_DURATION: return "years and months duration";
  default: return "Any";
  }
}

/* ---- text -------------------------------------------------------------- */

static void
append_text (GString *out, Text text)
{
  g_string_append_len (out, text.bytes, (gssize)text.len);
}

/* A key is a name as it stands, or a string where it would not read as one. */
static void
append_key (GString *out, Text name)
{
  bool plain = name.len > 0 && !g_ascii_isdigit (name.bytes[0]);
  for (size_t i = 0; i < name.len; i++)
    plain &= g_ascii_isalnum (name.bytes[i]) || strchr ("_ ", name.bytes[i]) || (name.bytes[i] & 0x80);
  if (plain)
    append_text (out, name);
  else
    feel_write (out, feel_string (name));
}

/* "OPEN part CLOSE" */
static bool
append_part (GString *out, const char *open, const DmnExpression *part, const char *close)
{
  g_string_append (out, open);
  bool written = write_feel (out, part);
  g_string_append (out, close);
  return written;
}

static bool
append_context (GString *out, const DmnExpression *x)
{
  bool result = x->n_names < x->n_parts, written = true;
  for (size_t i = 0; result && i < x->n_names; i++)
    written &= !text_equal (x->names[i].name, TEXT_LITERAL ("result")); /* it would hide the result */
  g_string_append_c (out, '{');
  for (size_t i = 0; i < x->n_names; i++) {
    g_string_append (out, i ? ", " : "");
    append_key (out, x->names[i].name);
    written &= append_part (out, ": ", x->parts[i], "");
  }
  if (result)
    written &= append_part (out, x->n_names ? ", result: " : "result: ", x->parts[x->n_names], "");
  g_string_append (out, result ? "}.result" : "}");
  return written;
}

static bool
append_invocation (GString *out, const DmnExpression *x)
{
  if (x->n_parts == 0 || x->parts[0]->kind != DMN_LITERAL)
    return false;
  append_text (out, x->parts[0]->cell.text);
  g_string_append_c (out, '(');
  bool written = x->parts[0]->cell.text.len > 0;
  for (size_t i = 0; i < x->n_names; i++) {
    g_string_append (out, i ? ", " : "");
    append_text (out, x->names[i].name);
    written &= append_part (out, ": ", x->parts[i + 1], "");
  }
  g_string_append_c (out, ')');
  return written;
}

static bool
append_function (GString *out, const DmnExpression *x)
{
  if (x->language.len || x->n_parts == 0)
    return false;
  g_string_append (out, "function(");
  for (size_t i = 0; i < x->n_names; i++) {
    Text type = write_type_name (x->names[i].type_name);
    g_string_append (out, i ? ", " : "");
    append_text (out, x->names[i].name);
    if (type.len)
      g_string_append_printf (out, ": %.*s", (int)type.len, type.bytes);
  }
  return append_part (out, ") ", x->parts[0], "");
}

static bool
append_relation (GString *out, const DmnExpression *x)
{
  bool written = true;
  g_string_append_c (out, '[');
  for (size_t i = 0; x->n_names && i < x->n_parts; i++) {
    size_t column = i % x->n_names;
    g_string_append (out, column ? ", " : i ? ", {" : "{");
    append_key (out, x->names[column].name);
    written &= append_part (out, ": ", x->parts[i], column + 1 == x->n_names ? "}" : "");
  }
  g_string_append_c (out, ']');
  return written;
}

static bool
append_list (GString *out, const DmnExpression *x)
{
  bool written = true;
  g_string_append_c (out, '[');
  for (size_t i = 0; i < x->n_parts; i++)
    written &= append_part (out, i ? ", " : "", x->parts[i], "");
  g_string_append_c (out, ']');
  return written;
}

static bool
append_iteration (GString *out, const DmnExpression *x, const char *word, const char *then)
{
  g_string_append_printf (out, "%s %.*s", word, (int)x->names[0].name.len, x->names[0].name.bytes);
  bool list = append_part (out, " in (", x->parts[0], ") ");
  g_string_append (out, then);
  return append_part (out, " (", x->parts[1], ")") && list;
}

bool
write_feel (GString *out, const DmnExpression *x)
{
  switch (x->kind) {
  case DMN_LITERAL: append_text (out, x->cell.text.len ? x->cell.text : TEXT_LITERAL ("null")); return true;
  case DMN_TABLE: return false;
  case DMN_CONTEXT: return append_context (out, x);
  case DMN_INVOCATION: return append_invocation (out, x);
  case DMN_FUNCTION: return append_function (out, x);
  case DMN_RELATION: return append_relation (out, x);
  case DMN_LIST: return append_list (out, x);
  case DMN_CONDITIONAL:
    return append_part (out, "if ", x->parts[0], " ") && append_part (out, "then ", x->parts[1], " ")
           && append_part (out, "else ", x->parts[2], "");
  case DMN_FOR: return append_iteration (out, x, "for", "return");
  case DMN_SOME: return append_iteration (out, x, "some", "satisfies");
  case DMN_EVERY: return append_iteration (out, x, "every", "satisfies");
  case DMN_FILTER:
    return append_part (out, "(", x->parts[0], ")") && append_part (out, "[", x->parts[1], "]");
  }
  g_assert_not_reached ();
}

bool
write_can_hold (const DmnDecision *d, const char **why)
{
  const DmnExpression *body = write_body (d);
  g_autoptr (GString) feel = g_string_new (NULL);
  if (d->role == DMN_SERVICE)
    *why = "a page has no decision services; it is left out";
  else if (d->role == DMN_KNOWLEDGE && d->logic && d->logic->language.len)
    *why = "its logic is not FEEL; it is left out";
  else if (!body || (body->kind == DMN_LITERAL && body->cell.text.len == 0))
    *why = "it has no logic; it is left out";
  else if (body->kind != DMN_TABLE && !write_feel (feel, body))
    *why = "its logic is no single table and cannot be written as one FEEL expression; it is left out";
  else
    return true;
  return false;
}
