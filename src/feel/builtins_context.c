#include "feel_private.h"

#include <string.h>

/* Contexts, 10.3.4.10. */

static FeelValue
call_get_value (Call *call, const FeelValue *a)
{
  const FeelValue *v = feel_context_get (a[0].context, a[1].string);
  return v ? *v : feel_null ();
}

static FeelValue
call_get_entries (Call *call, const FeelValue *a)
{
  ListBuilder result = { .arena = call->arena };
  for (size_t i = 0; i < a[0].context->n; i++) {
    FeelEntry pair[] = { { TEXT_LITERAL ("key"), feel_string (a[0].context->entries[i].name) },
                         { TEXT_LITERAL ("value"), a[0].context->entries[i].value } };
    list_add (&result, feel_context (call->arena, pair, 2));
  }
  return list_end (&result);
}

static FeelValue
call_context (Call *call, const FeelValue *a)
{
  const FeelList *list = a[0].list;
  FeelEntry *entries = arena_new0 (call->arena, FeelEntry, list->n);
  FeelContext so_far = { 0, entries };
  for (size_t i = 0; i < list->n; i++) {
    FeelValue pair = list->items[i];
    const FeelValue *key
        = pair.kind == FEEL_CONTEXT ? feel_context_get (pair.context, TEXT_LITERAL ("key")) : NULL;
    const FeelValue *value = key ? feel_context_get (pair.context, TEXT_LITERAL ("value")) : NULL;
    if (!evaluate_charge (call->frame->run, call->frame->expression, 8 + (gint64)so_far.n / 8))
      return feel_null ();
    if (key && is_unknown (*key))
      return *key;
    if (!value || key->kind != FEEL_STRING)
      return builtin_fail (call, "every entry must be a context with a key, which is a string, and a value");
    if (feel_context_get (&so_far, key->string))
      return builtin_fail (call, "the key %.*s stands twice", (int)key->string.len, key->string.bytes);
    entries[so_far.n++] = (FeelEntry){ key->string, *value };
  }
  return feel_context (call->arena, entries, list->n);
}

/* CONTEXT with NAME set, in its place or at the end. */
static FeelValue
put (Call *call, const FeelContext *context, Text name, FeelValue value)
{
  FeelEntry *entries = arena_new0 (call->arena, FeelEntry, context->n + 1);
  if (context->n)
    memcpy (entries, context->entries, context->n * sizeof *entries);
  size_t i = 0;
  while (i < context->n && !text_equal (entries[i].name, name))
    i++;
  entries[i] = (FeelEntry){ name, value };
  return feel_context (call->arena, entries, MAX (context->n, i + 1));
}

static FeelValue
put_path (Call *call, FeelValue context, const FeelValue *keys, size_t n, FeelValue value)
{
  if (context.kind != FEEL_CONTEXT || keys[0].kind != FEEL_STRING)
    return is_unknown (context) ? context
                                : builtin_fail (call, "the keys do not lead from context to context");
  if (n == 1)
    return put (call, context.context, keys[0].string, value);
  const FeelValue *inner = feel_context_get (context.context, keys[0].string);
  FeelValue changed = put_path (call, inner ? *inner : feel_null (), keys + 1, n - 1, value);
  return changed.kind == FEEL_CONTEXT ? put (call, context.context, keys[0].string, changed) : changed;
}

static FeelValue
call_context_put (Call *call, const FeelValue *a)
{
  if (is_unknown (a[0]))
    return a[0];
  if (a[1].kind == FEEL_STRING)
    return put (call, a[0].context, a[1].string, a[2]);
  if (a[1].list->n == 0 || a[1].list->n > 500)
    return builtin_fail (call, "there must be at least one key");
  return put_path (call, a[0], a[1].list->items, a[1].list->n, a[2]);
}

static FeelValue
call_context_merge (Call *call, const FeelValue *a)
{
  FeelValue merged = feel_context (call->arena, NULL, 0);
  for (size_t i = 0; i < a[0].list->n; i++) {
    FeelValue next = a[0].list->items[i];
    if (next.kind != FEEL_CONTEXT)
      return builtin_fail (call, "every item must be a context, not %s", kind_with_article (next));
    for (size_t j = 0; j < next.context->n; j++) {
      if (!evaluate_charge (call->frame->run, call->frame->expression, (gint64)merged.context->n + 1))
        return feel_null ();
      merged = put (call, merged.context, next.context->entries[j].name, next.context->entries[j].value);
    }
  }
  return merged;
}

static const FeelType context_type = { .kind = FEEL_TYPE_CONTEXT };
static const FeelType entries_type = { .kind = FEEL_TYPE_LIST, .element = &context_type };

const Builtin builtins_context[] = {
  { "get value", call_get_value, &feel_type_any, { { "m", K_CONTEXT }, { "key", K_STRING } }, 2 },
  { "get entries", call_get_entries, &entries_type, { { "m", K_CONTEXT } }, 1 },
  { "context", call_context, &context_type, { { "entries", K_LIST } }, 1 },
  { "context put",
    call_context_put,
    &context_type,
    { { "context", K_CONTEXT }, { "key", K_STRING | K_LIST }, { "value", K_ANY, true } },
    3 },
  { "context put",
    call_context_put,
    &context_type,
    { { "context", K_CONTEXT }, { "keys", K_STRING | K_LIST }, { "value", K_ANY, true } },
    3 },
  { "context merge", call_context_merge, &context_type, { { "contexts", K_LIST } }, 1 },
  { 0 },
};
