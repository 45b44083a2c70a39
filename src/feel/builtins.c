#include "feel_private.h"

#include <stdarg.h>
#include <string.h>

/* The table of built-in functions (10.3.4) and how a row is called. */

static const Builtin *const parts[]
    = { builtins_conversion, builtins_string, builtins_list,    builtins_number,
        builtins_temporal,   builtins_range,  builtins_context, builtins_regex };

size_t
builtin_parameters (const Builtin *row)
{
  size_t n = 0;
  while (n < G_N_ELEMENTS (row->parameters) && row->parameters[n].name)
    n++;
  return n;
}

const Builtin *
builtin_find (Text name, size_t i)
{
  for (size_t part = 0; part < G_N_ELEMENTS (parts); part++)
    for (const Builtin *row = parts[part]; row->name; row++)
      if (text_equal (name, text_of (row->name)) && i-- == 0)
        return row;
  return NULL;
}

unsigned
builtin_match (Text source, unsigned offset, Text *name)
{
  unsigned best = 0;
  for (size_t part = 0; part < G_N_ELEMENTS (parts); part++)
    for (const Builtin *row = parts[part]; row->name; row++) {
      unsigned length
          = row->name[0] == source.bytes[offset] ? lexer_match_name (source, offset, text_of (row->name)) : 0;
      if (length > best) {
        best = length;
        *name = text_of (row->name);
      }
    }
  return best;
}

void
builtin_each (void (*visit) (const char *name, void *data), void *data)
{
  for (size_t part = 0; part < G_N_ELEMENTS (parts); part++)
    for (const Builtin *row = parts[part]; row->name; row++)
      visit (row->name, data);
}

FeelValue
builtin_fail (Call *call, const char *format, ...)
{
  g_autofree char *full = g_strdup_printf ("%s: %s", call->row->name, format);
  va_list args;
  va_start (args, format);
  feel_fail_in (call->frame->run, call->frame->expression, call->node, full, args);
  va_end (args);
  return feel_null ();
}

static bool
takes (const Parameter *parameter, FeelValue v)
{
  return parameter->kinds & KIND (v.kind) || (parameter->holds && is_unknown (v));
}

/* Implicit conversions of 10.3.2.9.4. */
static bool
convert (Call *call, const Parameter *parameter, FeelValue *v)
{
  if (takes (parameter, *v))
    return true;
  if (v->kind == FEEL_LIST && v->list->n == 1 && takes (parameter, v->list->items[0])) {
    *v = v->list->items[0];
    return true;
  }
  if (parameter->kinds & K_LIST && v->kind != FEEL_NULL) {
    *v = feel_list (call->arena, v, 1);
    return true;
  }
  if (parameter->kinds & K_DATE_TIME && v->kind == FEEL_DATE) {
    *v = temporal_moment (call->arena, FEEL_DATE_TIME, temporal_midnight (v->date));
    return true;
  }
  return false;
}

static const char *
kinds_text (Call *call, unsigned kinds)
{
  g_autoptr (GString) out = g_string_new (NULL);
  for (int k = FEEL_BOOLEAN; k <= FEEL_FUNCTION; k++)
    if (kinds & KIND (k))
      g_string_append_printf (out, "%s%s", out->len ? " or " : "",
                              kind_with_article ((FeelValue){ .kind = (FeelKind)k }));
  return arena_text (call->arena, (Text){ out->str, out->len });
}

FeelValue
builtin_call (const Builtin *row, const FeelValue *arguments, unsigned given, const Node *node, Frame *frame)
{
  Call call = { frame, node, row, given, frame->run->arena };
  FeelValue ready[G_N_ELEMENTS (row->parameters)], unknown = feel_null ();
  size_t n = builtin_parameters (row);
  for (size_t i = 0; i < n; i++) {
    ready[i] = given & 1u << i ? arguments[i] : feel_null ();
    if (!(given & 1u << i))
      continue;
    if (ready[i].kind == FEEL_STRING)
      evaluate_charge (frame->run, frame->expression, (gint64)(ready[i].string.len / 32));
    if (!row->parameters[i].holds && operator_find_unknown (frame->run, ready[i], &unknown))
      continue;
    if (!convert (&call, &row->parameters[i], &ready[i]) && !is_unknown (unknown))
      return builtin_fail (&call, "%s must be %s, not %s", row->parameters[i].name,
                           kinds_text (&call, row->parameters[i].kinds), kind_with_article (ready[i]));
  }
  if (is_unknown (unknown))
    return unknown;
  if (frame->run->steps < 0)
    return feel_null ();
  return row->call (&call, ready);
}
