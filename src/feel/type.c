#include "feel_private.h"

#include <string.h>

const FeelType feel_type_any = { .kind = FEEL_TYPE_ANY };
const FeelType feel_type_boolean = { .kind = FEEL_TYPE_BOOLEAN };
const FeelType feel_type_number = { .kind = FEEL_TYPE_NUMBER };
const FeelType feel_type_string = { .kind = FEEL_TYPE_STRING };
const FeelType feel_type_date = { .kind = FEEL_TYPE_DATE };
const FeelType feel_type_time = { .kind = FEEL_TYPE_TIME };
const FeelType feel_type_date_time = { .kind = FEEL_TYPE_DATE_TIME };
const FeelType feel_type_days_duration = { .kind = FEEL_TYPE_DAYS_DURATION };
const FeelType feel_type_months_duration = { .kind = FEEL_TYPE_MONTHS_DURATION };
static const FeelType type_null = { .kind = FEEL_TYPE_NULL };
static const FeelType type_range = { .kind = FEEL_TYPE_RANGE, .element = &feel_type_any };
static const FeelType type_list = { .kind = FEEL_TYPE_LIST, .element = &feel_type_any };
static const FeelType type_context = { .kind = FEEL_TYPE_CONTEXT };
static const FeelType type_function = { .kind = FEEL_TYPE_FUNCTION, .element = &feel_type_any };

static const struct {
  const char *name;
  const FeelType *type;
} named_types[] = {
  { "Any", &feel_type_any },
  { "Null", &type_null },
  { "boolean", &feel_type_boolean },
  { "number", &feel_type_number },
  { "string", &feel_type_string },
  { "date", &feel_type_date },
  { "time", &feel_type_time },
  { "date and time", &feel_type_date_time },
  { "dateTime", &feel_type_date_time },
  { "days and time duration", &feel_type_days_duration },
  { "dayTimeDuration", &feel_type_days_duration },
  { "years and months duration", &feel_type_months_duration },
  { "yearMonthDuration", &feel_type_months_duration },
  { "list", &type_list },
  { "range", &type_range },
  { "context", &type_context },
  { "function", &type_function },
};

const FeelType *
type_by_name (const FeelScope *scope, Text name)
{
  const FeelType *declared = scope_type (scope, name);
  for (size_t i = 0; !declared && i < G_N_ELEMENTS (named_types); i++)
    if (text_equal (name, text_of (named_types[i].name)))
      declared = named_types[i].type;
  return declared;
}

bool
type_is_known (const FeelType *type)
{
  return type->kind != FEEL_TYPE_ANY && type->kind != FEEL_TYPE_NULL;
}

bool
type_is_bare (const FeelType *type)
{
  return type == &type_list || type == &type_range || type == &type_context || type == &type_function;
}

const FeelMember *
type_member (const FeelType *type, Text name)
{
  if (type->kind != FEEL_TYPE_CONTEXT)
    return NULL;
  for (size_t i = 0; i < type->n; i++)
    if (text_equal (type->members[i].name, name))
      return &type->members[i];
  return NULL;
}

const FeelType *
type_list_of (Arena *arena, const FeelType *element)
{
  if (!element || element == &feel_type_any)
    return &type_list;
  FeelType *type = arena_new0 (arena, FeelType, 1);
  *type = (FeelType){ .kind = FEEL_TYPE_LIST, .element = element };
  return type;
}

FeelTypeKind
type_of_kind (FeelKind kind)
{
  static const FeelTypeKind kinds[] = {
    [FEEL_NULL] = FEEL_TYPE_NULL,
    [FEEL_UNKNOWN] = FEEL_TYPE_ANY,
    [FEEL_BOOLEAN] = FEEL_TYPE_BOOLEAN,
    [FEEL_NUMBER] = FEEL_TYPE_NUMBER,
    [FEEL_STRING] = FEEL_TYPE_STRING,
    [FEEL_DATE] = FEEL_TYPE_DATE,
    [FEEL_TIME] = FEEL_TYPE_TIME,
    [FEEL_DATE_TIME] = FEEL_TYPE_DATE_TIME,
    [FEEL_DAYS_DURATION] = FEEL_TYPE_DAYS_DURATION,
    [FEEL_MONTHS_DURATION] = FEEL_TYPE_MONTHS_DURATION,
    [FEEL_RANGE] = FEEL_TYPE_RANGE,
    [FEEL_LIST] = FEEL_TYPE_LIST,
    [FEEL_CONTEXT] = FEEL_TYPE_CONTEXT,
    [FEEL_FUNCTION] = FEEL_TYPE_FUNCTION,
  };
  return kinds[kind];
}

const FeelType *
type_of_value (FeelValue v)
{
  FeelTypeKind kind = type_of_kind (v.kind);
  for (size_t i = 0; i < G_N_ELEMENTS (named_types); i++)
    if (named_types[i].type->kind == kind)
      return named_types[i].type;
  return &feel_type_any;
}

/* ---- instance of ---- */

static FeelValue
all_instances (FeelRun *run, const FeelType *type, const FeelValue *items, size_t n)
{
  FeelValue result = feel_boolean (true);
  for (size_t i = 0; i < n && !feel_is_false (result); i++) {
    FeelValue one = items[i].kind == FEEL_NULL ? feel_boolean (true) : type_instance (run, type, items[i]);
    result = operator_and (run->arena, result, one);
  }
  return result;
}

static FeelValue
context_instance (FeelRun *run, const FeelType *type, const FeelContext *context)
{
  FeelValue result = feel_boolean (true);
  for (size_t i = 0; i < type->n && !feel_is_false (result); i++) {
    const FeelValue *value = feel_context_get (context, type->members[i].name);
    if (!value)
      return feel_boolean (false);
    result = operator_and (run->arena, result, all_instances (run, type->members[i].type, value, 1));
  }
  return result;
}

static bool conforms (const FeelType *a, const FeelType *b, int depth);

static bool
function_instance (const FeelType *type, const FeelFunction *function)
{
  if (type == &type_function)
    return true;
  if (type->n != function->n)
    return false;
  for (size_t i = 0; i < type->n; i++) {
    const FeelType *given = function->types ? function->types[i] : &feel_type_any;
    if (!conforms (type->members[i].type, given, 0))
      return false;
  }
  return !function->body || conforms (function->body->type, type->element, 0)
         || function->body->type->kind == FEEL_TYPE_ANY;
}

FeelValue
type_instance (FeelRun *run, const FeelType *type, FeelValue v)
{
  if (is_unknown (v) || !evaluate_charge (run, NULL, 1))
    return v;
  if (v.kind == FEEL_NULL)
    return feel_boolean (type->kind == FEEL_TYPE_NULL);
  if (type->kind == FEEL_TYPE_ANY)
    return feel_boolean (true);
  if (type->kind != type_of_kind (v.kind))
    return feel_boolean (false);
  if (v.kind == FEEL_LIST)
    return all_instances (run, type->element, v.list->items, v.list->n);
  if (v.kind == FEEL_CONTEXT)
    return context_instance (run, type, v.context);
  if (v.kind == FEEL_RANGE) {
    FeelValue ends[] = { v.range->low, v.range->high };
    return all_instances (run, type->element, ends, 2);
  }
  if (v.kind == FEEL_FUNCTION)
    return feel_boolean (function_instance (type, v.function));
  return feel_boolean (true);
}

/* Whether every A is a B (10.3.2.9.2). */
static bool
conforms (const FeelType *a, const FeelType *b, int depth)
{
  if (a == b || b->kind == FEEL_TYPE_ANY || a->kind == FEEL_TYPE_NULL || depth > 20)
    return true;
  if (a->kind != b->kind)
    return false;
  if (a->kind == FEEL_TYPE_LIST || a->kind == FEEL_TYPE_RANGE)
    return conforms (a->element, b->element, depth + 1);
  if (a->kind == FEEL_TYPE_FUNCTION) {
    if (a->n != b->n)
      return false;
    for (size_t i = 0; i < a->n; i++)
      if (!conforms (b->members[i].type, a->members[i].type, depth + 1))
        return false;
    return conforms (a->element, b->element, depth + 1);
  }
  for (size_t i = 0; a->kind == FEEL_TYPE_CONTEXT && i < b->n; i++) {
    const FeelMember *member = type_member (a, b->members[i].name);
    if (!member || !conforms (member->type, b->members[i].type, depth + 1))
      return false;
  }
  return true;
}

/* ---- describing ---- */

static void
describe (GString *out, const FeelType *type, int depth)
{
  if (type->name.len) {
    g_string_append_len (out, type->name.bytes, (gssize)type->name.len);
    return;
  }
  const char *name = "Any";
  for (size_t i = 0; i < G_N_ELEMENTS (named_types); i++)
    if (named_types[i].type->kind == type->kind) {
      name = named_types[i].name;
      break;
    }
  g_string_append (out, name);
  bool holds_types = type->kind >= FEEL_TYPE_RANGE;
  if (!holds_types || depth > 5)
    return;
  g_string_append_c (out, '<');
  if (type->kind == FEEL_TYPE_LIST || type->kind == FEEL_TYPE_RANGE)
    describe (out, type->element, depth + 1);
  for (size_t i = 0; i < type->n; i++) {
    if (i)
      g_string_append (out, ", ");
    if (type->kind == FEEL_TYPE_CONTEXT)
      g_string_append_printf (out, "%.*s: ", (int)type->members[i].name.len, type->members[i].name.bytes);
    describe (out, type->members[i].type, depth + 1);
  }
  g_string_append_c (out, '>');
  if (type->kind == FEEL_TYPE_FUNCTION) {
    g_string_append (out, "->");
    describe (out, type->element, depth + 1);
  }
}

char *
feel_type_describe (Arena *arena, const FeelType *type)
{
  g_autoptr (GString) out = g_string_new (NULL);
  describe (out, type, 0);
  return arena_text (arena, (Text){ out->str, out->len });
}
