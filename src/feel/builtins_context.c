#include "feel_private.h"

#include <string.h>

/* Contexts, 10.3.4.6 (get value, get entries, context, context put, context merge). */

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

const Builtin builtins_context[] = {
  { "get value", call_get_value, &feel_type_any, { { "m", K_CONTEXT }, { "key", K_STRING } }, 2 },
  { "get entries", call_get_entries, &feel_type_any, { { "m", K_CONTEXT } }, 1 },
  { 0 },
};
