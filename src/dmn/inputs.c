/* Values from outside, as the model's types want them. */
#include "dmn_private.h"

FeelValue
dmn_read_temporal (Arena *arena, Text text)
{
  for (size_t i = 0; i < text.len; i++)
    if (text.bytes[i] == '"' || text.bytes[i] == '\\' || g_ascii_iscntrl (text.bytes[i]))
      return feel_null ();
  char *literal = arena_printf (arena, "@\"%.*s\"", (int)text.len, text.bytes);
  const FeelExpression *e = feel_compile (arena, text_of (literal), NULL, NULL, NULL);
  FeelRun run = { .arena = arena };
  return e ? feel_evaluate (e, &run) : feel_null ();
}

FeelValue
dmn_clock (Arena *arena)
{
  g_autoptr (GDateTime) now = g_date_time_new_now_local ();
  g_autofree char *text = g_date_time_format (now, "%Y-%m-%dT%H:%M:%S%:z");
  return dmn_read_temporal (arena, text_of (text));
}

enum { INPUT_DEPTH_MAX = 500 };

static FeelValue read_typed (Arena *arena, const FeelType *type, FeelValue value, unsigned depth);

static FeelValue
read_string (Arena *arena, const FeelType *type, FeelValue value)
{
  static const FeelKind kinds[] = {
    [FEEL_TYPE_DATE] = FEEL_DATE,
    [FEEL_TYPE_TIME] = FEEL_TIME,
    [FEEL_TYPE_DATE_TIME] = FEEL_DATE_TIME,
    [FEEL_TYPE_DAYS_DURATION] = FEEL_DAYS_DURATION,
    [FEEL_TYPE_MONTHS_DURATION] = FEEL_MONTHS_DURATION,
  };
  if (type->kind >= G_N_ELEMENTS (kinds) || kinds[type->kind] == FEEL_NULL)
    return value;
  FeelValue read = dmn_read_temporal (arena, value.string);
  return read.kind == kinds[type->kind] ? read : value;
}

static FeelValue
read_list (Arena *arena, const FeelType *type, FeelValue value, unsigned depth)
{
  const FeelType *element = type->kind == FEEL_TYPE_LIST ? type->element : type;
  FeelValue *items = arena_new0 (arena, FeelValue, value.list->n);
  for (size_t i = 0; i < value.list->n; i++)
    items[i] = read_typed (arena, element, value.list->items[i], depth + 1);
  return feel_list (arena, items, value.list->n);
}

static FeelValue
read_context (Arena *arena, const FeelType *type, FeelValue value, unsigned depth)
{
  FeelEntry *entries = arena_new0 (arena, FeelEntry, value.context->n);
  for (size_t i = 0; i < value.context->n; i++) {
    entries[i] = value.context->entries[i];
    for (size_t m = 0; m < type->n; m++)
      if (text_equal (type->members[m].name, entries[i].name))
        entries[i].value = read_typed (arena, type->members[m].type, entries[i].value, depth + 1);
  }
  return feel_context (arena, entries, value.context->n);
}

static FeelValue
read_typed (Arena *arena, const FeelType *type, FeelValue value, unsigned depth)
{
  if (type->kind == FEEL_TYPE_ANY || depth > INPUT_DEPTH_MAX)
    return value;
  if (value.kind == FEEL_LIST)
    return read_list (arena, type, value, depth);
  if (type->kind == FEEL_TYPE_LIST)
    return read_typed (arena, type->element, value, depth + 1);
  if (value.kind == FEEL_CONTEXT && type->kind == FEEL_TYPE_CONTEXT)
    return read_context (arena, type, value, depth);
  return value.kind == FEEL_STRING ? read_string (arena, type, value) : value;
}

FeelValue
dmn_read_typed (Arena *arena, const FeelType *type, FeelValue value)
{
  return read_typed (arena, type, value, 0);
}
