#include "feel_private.h"

#include <string.h>

FeelValue
feel_unknown (Arena *arena, FeelNeed need)
{
  FeelNeed *copy = arena_new0 (arena, FeelNeed, 1);
  *copy = (FeelNeed){ arena_text_copy (arena, need.name), need.host };
  const FeelNeed **needs = arena_new0 (arena, const FeelNeed *, 1);
  needs[0] = copy;
  FeelUnknown *unknown = arena_new0 (arena, FeelUnknown, 1);
  *unknown = (FeelUnknown){ 1, needs };
  return (FeelValue){ .kind = FEEL_UNKNOWN, .unknown = unknown };
}

static bool
same_need (const FeelNeed *a, const FeelNeed *b)
{
  return a == b || (a->host == b->host && text_equal (a->name, b->name));
}

static bool
has_need (const FeelNeed *const *needs, size_t n, const FeelNeed *need)
{
  for (size_t i = 0; i < n; i++)
    if (same_need (needs[i], need))
      return true;
  return false;
}

FeelValue
feel_unknown_merge (Arena *arena, FeelValue a, FeelValue b)
{
  if (!is_unknown (a))
    return b;
  if (!is_unknown (b) || a.unknown == b.unknown)
    return a;
  const FeelUnknown *first = a.unknown, *second = b.unknown;
  size_t fresh = 0;
  for (size_t i = 0; i < second->n; i++)
    fresh += !has_need (first->needs, first->n, second->needs[i]);
  if (!fresh)
    return a;
  const FeelNeed **needs = arena_new0 (arena, const FeelNeed *, first->n + fresh);
  memcpy (needs, first->needs, first->n * sizeof *needs);
  size_t n = first->n;
  for (size_t i = 0; i < second->n; i++)
    if (!has_need (first->needs, first->n, second->needs[i]))
      needs[n++] = second->needs[i];
  FeelUnknown *unknown = arena_new0 (arena, FeelUnknown, 1);
  *unknown = (FeelUnknown){ n, needs };
  return (FeelValue){ .kind = FEEL_UNKNOWN, .unknown = unknown };
}

FeelValue
feel_list (Arena *arena, const FeelValue *items, size_t n)
{
  FeelList *list = arena_new0 (arena, FeelList, 1);
  FeelValue *copy = arena_new0 (arena, FeelValue, n);
  if (n)
    memcpy (copy, items, n * sizeof *copy);
  *list = (FeelList){ n, copy };
  return (FeelValue){ .kind = FEEL_LIST, .list = list };
}

FeelValue
feel_context (Arena *arena, const FeelEntry *entries, size_t n)
{
  FeelContext *context = arena_new0 (arena, FeelContext, 1);
  FeelEntry *copy = arena_new0 (arena, FeelEntry, n);
  if (n)
    memcpy (copy, entries, n * sizeof *copy);
  *context = (FeelContext){ n, copy };
  return (FeelValue){ .kind = FEEL_CONTEXT, .context = context };
}

const FeelValue *
feel_context_get (const FeelContext *context, Text name)
{
  for (size_t i = 0; i < context->n; i++)
    if (text_equal (context->entries[i].name, name))
      return &context->entries[i].value;
  return NULL;
}

void
list_add (ListBuilder *list, FeelValue v)
{
  if (list->n == list->room) {
    size_t room = list->room ? 2 * list->room : 8;
    FeelValue *larger = arena_alloc (list->arena, room * sizeof *larger);
    if (list->n)
      memcpy (larger, list->items, list->n * sizeof *larger);
    list->items = larger;
    list->room = room;
  }
  list->items[list->n++] = v;
}

FeelValue
list_end (const ListBuilder *list)
{
  FeelList *result = arena_new0 (list->arena, FeelList, 1);
  *result = (FeelList){ list->n, list->items };
  return (FeelValue){ .kind = FEEL_LIST, .list = result };
}

const char *
kind_name (FeelKind kind)
{
  static const char *const names[] = {
    [FEEL_NULL] = "null",
    [FEEL_UNKNOWN] = "unknown",
    [FEEL_BOOLEAN] = "boolean",
    [FEEL_NUMBER] = "number",
    [FEEL_STRING] = "string",
    [FEEL_DATE] = "date",
    [FEEL_TIME] = "time",
    [FEEL_DATE_TIME] = "date and time",
    [FEEL_DAYS_DURATION] = "days and time duration",
    [FEEL_MONTHS_DURATION] = "years and months duration",
    [FEEL_RANGE] = "range",
    [FEEL_LIST] = "list",
    [FEEL_CONTEXT] = "context",
    [FEEL_FUNCTION] = "function",
  };
  return names[kind];
}

const char *
kind_with_article (FeelValue v)
{
  static const char *const names[] = {
    [FEEL_NULL] = "null",
    [FEEL_UNKNOWN] = "an unknown value",
    [FEEL_BOOLEAN] = "a boolean",
    [FEEL_NUMBER] = "a number",
    [FEEL_STRING] = "a string",
    [FEEL_DATE] = "a date",
    [FEEL_TIME] = "a time",
    [FEEL_DATE_TIME] = "a date and time",
    [FEEL_DAYS_DURATION] = "a days and time duration",
    [FEEL_MONTHS_DURATION] = "a years and months duration",
    [FEEL_RANGE] = "a range",
    [FEEL_LIST] = "a list",
    [FEEL_CONTEXT] = "a context",
    [FEEL_FUNCTION] = "a function",
  };
  return names[v.kind];
}

/* ---- functions made by a host ---- */

FeelValue
feel_native (Arena *arena, const Text *parameters, size_t n, FeelNative call, void *host)
{
  Text *names = arena_new0 (arena, Text, n);
  for (size_t i = 0; i < n; i++)
    names[i] = lexer_normalise_name (arena, parameters[i]);
  FeelFunction *function = arena_new0 (arena, FeelFunction, 1);
  *function = (FeelFunction){ .n = n, .parameters = names, .native = call, .host = host };
  return (FeelValue){ .kind = FEEL_FUNCTION, .function = function };
}

/* ---- JSON in ---- */

static FeelValue
from_json_array (Arena *arena, const JsonValue *json)
{
  ListBuilder list = { .arena = arena };
  for (size_t i = 0; i < json->n; i++)
    list_add (&list, feel_from_json (arena, json->elements[i]));
  return list_end (&list);
}

static FeelValue
from_json_object (Arena *arena, const JsonValue *json)
{
  FeelEntry *entries = arena_new0 (arena, FeelEntry, json->n);
  for (size_t i = 0; i < json->n; i++)
    entries[i] = (FeelEntry){ arena_text_copy (arena, json->members[i].key),
                              feel_from_json (arena, json->members[i].value) };
  return feel_context (arena, entries, json->n);
}

FeelValue
feel_from_json (Arena *arena, const JsonValue *json)
{
  Decimal number;
  switch (json->kind) {
  case JSON_NULL: return feel_null ();
  case JSON_FALSE: return feel_boolean (false);
  case JSON_TRUE: return feel_boolean (true);
  case JSON_NUMBER:
    if (decimal_parse (json->text, &number) && decimal_is_finite (number))
      return feel_number (number);
    return feel_null ();
  case JSON_STRING: return feel_string (arena_text_copy (arena, json->text));
  case JSON_ARRAY: return from_json_array (arena, json);
  case JSON_OBJECT: return from_json_object (arena, json);
  }
  return feel_null ();
}
