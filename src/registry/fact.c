/* One value: reading it from text, checking it against the schema. */
#include "registry/registry_private.h"

static bool fail (const RegistryAttribute *a, GError **error, const char *format, ...) G_GNUC_PRINTF (3, 4);

static bool
fail (const RegistryAttribute *a, GError **error, const char *format, ...)
{
  va_list arguments;
  va_start (arguments, format);
  g_autofree char *message = g_strdup_vprintf (format, arguments);
  va_end (arguments);
  g_set_error (error, FAULT, FAULT_INPUT, "%s.%s (%s.%s): %s", a->entity->zh, a->zh, a->entity->id, a->id,
               message);
  return false;
}

/* A scaled number, or a date, as people write it. */
static char *
show_integer (const RegistryAttribute *a, gint64 value, char buffer[DECIMAL_TEXT_MAX])
{
  return a->kind == REGISTRY_DATE ? civil_format (value, buffer)
                                  : decimal_format (decimal_from_scaled (value, a->scale), buffer);
}

static bool
check_integer (const RegistryFact *fact, GError **error)
{
  const RegistryAttribute *a = fact->attribute;
  char value[DECIMAL_TEXT_MAX], bound[DECIMAL_TEXT_MAX];
  if (a->has_min && fact->integer < a->min)
    return fail (a, error, "%s is below the least allowed, %s", show_integer (a, fact->integer, value),
                 show_integer (a, a->min, bound));
  if (a->has_max && fact->integer > a->max)
    return fail (a, error, "%s is above the most allowed, %s", show_integer (a, fact->integer, value),
                 show_integer (a, a->max, bound));
  return true;
}

static bool
check_text (const RegistryFact *fact, size_t *value_index, GError **error)
{
  const RegistryAttribute *a = fact->attribute;
  if (fact->text.len == 0)
    return fail (a, error, "an empty text: state none instead");
  if (!a->values)
    return text_is_utf8 (fact->text, NULL) || fail (a, error, "the text is no valid UTF-8");
  for (size_t i = 0; i < a->n_values; i++)
    if (text_equal (fact->text, text_of (a->values[i]))) {
      *value_index = i;
      return true;
    }
  g_autofree char *all = g_strjoinv ("、", (char **)a->values);
  return fail (a, error, "\"%.*s\" is not allowed: there are %s", (int)MIN (fact->text.len, 60),
               fact->text.bytes, all);
}

bool
fact_check (const RegistryFact *fact, size_t *value_index, GError **error)
{
  const RegistryAttribute *a = fact->attribute;
  if (fact->state == REGISTRY_NONE && a->kind != REGISTRY_COLLECTION)
    return true;
  if (fact->state != REGISTRY_VALUE)
    return fail (a, error, "state a value or none");
  switch (a->kind) {
  case REGISTRY_BOOLEAN:
    return (fact->integer == 0 || fact->integer == 1) || fail (a, error, "a yes-or-no value must be 0 or 1");
  case REGISTRY_NUMBER:
  case REGISTRY_MONEY:
  case REGISTRY_DATE: return check_integer (fact, error);
  case REGISTRY_TEXT: return check_text (fact, value_index, error);
  case REGISTRY_REFERENCE:
    return (fact->integer >> 56 == a->target->index && subject_number (fact->integer) > 0)
           || fail (a, error, "must refer to a subject of %s", a->target->id);
  case REGISTRY_COLLECTION: break;
  }
  return fail (a, error, "is computed from %s.%s and cannot be stated", a->target->id, a->via->id);
}

static bool
parse_number (const RegistryAttribute *a, Text text, gint64 *integer, GError **error)
{
  Decimal number;
  if (!decimal_parse (text, &number))
    return fail (a, error, "\"%.*s\" is no number", (int)MIN (text.len, 60), text.bytes);
  return decimal_to_scaled (number, a->scale, integer)
         || fail (a, error, "%.*s has more than %d digits after the point, or is too large",
                  (int)MIN (text.len, 60), text.bytes, a->scale);
}

static bool
parse_boolean (const RegistryAttribute *a, Text text, gint64 *integer, GError **error)
{
  static const char *const words[][2] = { { "false", "true" }, { "否", "是" }, { "0", "1" } };
  for (size_t i = 0; i < G_N_ELEMENTS (words); i++)
    for (int value = 0; value < 2; value++)
      if (text_equal (text, text_of (words[i][value]))) {
        *integer = value;
        return true;
      }
  return fail (a, error, "\"%.*s\" is neither true nor false (是, 否)", (int)MIN (text.len, 60), text.bytes);
}

static bool
parse_value (const RegistrySchema *schema, Text text, RegistryFact *fact, GError **error)
{
  const RegistryAttribute *a = fact->attribute;
  switch (a->kind) {
  case REGISTRY_BOOLEAN: return parse_boolean (a, text, &fact->integer, error);
  case REGISTRY_NUMBER:
  case REGISTRY_MONEY: return parse_number (a, text, &fact->integer, error);
  case REGISTRY_DATE:
    return civil_parse (text, &fact->integer)
           || fail (a, error, "\"%.*s\" is no date: write 2021-09-30", (int)MIN (text.len, 60), text.bytes);
  case REGISTRY_REFERENCE:
    return registry_subject_parse (schema, text, &fact->integer)
           || fail (a, error, "\"%.*s\" is no subject: write %s-1", (int)MIN (text.len, 60), text.bytes,
                    a->target->id);
  case REGISTRY_TEXT:
  case REGISTRY_COLLECTION: break;
  }
  fact->text = text;
  return true;
}

bool
registry_fact_parse (const RegistrySchema *schema, const RegistryAttribute *attribute, Text text,
                     RegistryFact *fact, GError **error)
{
  size_t ignored;
  *fact = (RegistryFact){ .attribute = attribute, .state = REGISTRY_VALUE };
  return parse_value (schema, text, fact, error) && fact_check (fact, &ignored, error);
}
