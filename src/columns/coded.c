/* What depends on one coded text or truth alone, computed by FEEL itself while compiling. */
#include "columns_private.h"

enum {
  PARTS_MAX = 32,
  CLASSES_MAX = 256, /* as many different results are still few */
};

/* ---- results that are few ------------------------------------------------------------------ */

/* The results of many codes, told apart while they are made. */
typedef struct {
  size_t n;       /* distinct ones */
  FeelValue *all; /* by class; when they are too many, by code */
  guint16 *class_of;
  guint16 places[4 * CLASSES_MAX]; /* open addressing: class + 1 */
} Classes;

/* Whether two such values are one value if their bytes are: what prints otherwise is another. */
static bool
is_plain (FeelValue v)
{
  return v.kind == FEEL_NULL || v.kind == FEEL_BOOLEAN || v.kind == FEEL_NUMBER || v.kind == FEEL_STRING;
}

static bool
is_same_plain (FeelValue a, FeelValue b)
{
  if (a.kind != b.kind)
    return false;
  switch (a.kind) {
  case FEEL_NULL: return true;
  case FEEL_BOOLEAN: return a.boolean == b.boolean;
  case FEEL_NUMBER: return a.number.w[0] == b.number.w[0] && a.number.w[1] == b.number.w[1];
  default: return text_equal (a.string, b.string);
  }
}

static guint
plain_hash (FeelValue v)
{
  guint64 hash = (guint64)v.kind;
  if (v.kind == FEEL_BOOLEAN)
    hash += v.boolean;
  else if (v.kind == FEEL_NUMBER)
    hash ^= v.number.w[0] * 0x9E3779B97F4A7C15u + v.number.w[1];
  else if (v.kind == FEEL_STRING)
    for (size_t i = 0; i < v.string.len; i++)
      hash = hash * 31 + (guchar)v.string.bytes[i];
  return (guint)((hash * 0x9E3779B97F4A7C15u) >> 40);
}

/* The class of V, a new one where it is the first; -1: one too many. */
static int
class_of_value (Classes *classes, FeelValue v)
{
  guint at = plain_hash (v) % G_N_ELEMENTS (classes->places);
  if (is_plain (v))
    for (; classes->places[at]; at = (at + 1) % G_N_ELEMENTS (classes->places))
      if (is_same_plain (classes->all[classes->places[at] - 1], v))
        return classes->places[at] - 1;
  if (classes->n == CLASSES_MAX)
    return -1;
  classes->all[classes->n++] = v;
  if (is_plain (v))
    classes->places[at] = (guint16)classes->n;
  return (int)classes->n - 1;
}

/* ---- by FEEL itself, code by code -------------------------------------------------------------- */

/* The one coded operand that all others that are not constant share; NULL: some are otherwise. */
static bool
common_code (const Value *const *parts, size_t n, const Value **coded)
{
  *coded = NULL;
  for (size_t i = 0; i < n; i++) {
    if (!parts[i] || parts[i]->kind == VALUE_CONSTANT)
      continue;
    const Value *v = parts[i];
    if (v->kind != VALUE_CODED)
      return false;
    if (*coded
        && ((*coded)->plane != v->plane || (*coded)->none != v->none || (*coded)->unknown != v->unknown))
      return false;
    *coded = v;
  }
  return true;
}

/* The classes that all of PARTS that are coded share; NULL: they have none, or not the same. */
static const guint16 *
common_classes (const Value *const *parts, size_t n)
{
  const guint16 *classes = NULL;
  for (size_t i = 0; i < n; i++)
    if (parts[i] && parts[i]->kind == VALUE_CODED) {
      if (!parts[i]->classes || (classes && parts[i]->classes != classes))
        return NULL;
      classes = parts[i]->classes;
    }
  return classes;
}

typedef struct {
  Compiler *c;
  const Value *const *parts;
  size_t n;
  CodedApply apply;
  const void *data;
} Application;

/* Of code CODE; or, BY_CLASS, of that class, which all parts share. */
static FeelValue
apply_at (const Application *a, size_t code, bool by_class)
{
  FeelValue values[PARTS_MAX];
  for (size_t i = 0; i < a->n; i++)
    values[i] = !a->parts[i]                          ? feel_null ()
                : a->parts[i]->kind == VALUE_CONSTANT ? a->parts[i]->constant
                : by_class                            ? a->parts[i]->results[code]
                                                      : value_result (a->parts[i], code);
  return a->apply (a->c, a->data, values);
}

/* All results, from FROM on; those before are KEPT's. */
static void
apply_codes (const Application *a, size_t from, size_t n, const Classes *kept, Value *into)
{
  FeelValue *results = arena_new0 (a->c->arena, FeelValue, n);
  for (size_t r = 0; r < from; r++)
    results[r] = kept->all[kept->class_of[r]];
  for (size_t r = from; r < n; r++)
    results[r] = apply_at (a, r, false);
  into->results = results;
}

/* The same, noting which are equal as long as they are few: what is then made of them is made once for
 * each.  A million firms' numbers have 31 different digits at any place. */
static void
apply_codes_by_class (const Application *a, size_t n, Value *into)
{
  Classes classes = { .all = arena_new0 (a->c->arena, FeelValue, MIN (n, (size_t)CLASSES_MAX)),
                      .class_of = arena_new0 (a->c->arena, guint16, n) };
  for (size_t r = 0; r < n; r++) {
    FeelValue v = apply_at (a, r, false);
    int class = class_of_value (&classes, v);
    if (class < 0) {
      apply_codes (a, r, n, &classes, into);
      return;
    }
    classes.class_of[r] = (guint16) class;
  }
  into->results = classes.all;
  into->classes = classes.class_of;
  into->n_classes = classes.n;
}

static void
apply_all (const Application *a, const Value *coded, Value *into)
{
  const guint16 *classes = common_classes (a->parts, a->n);
  if (!classes) {
    apply_codes_by_class (a, coded->n + 2, into);
    return;
  }
  FeelValue *results = arena_new0 (a->c->arena, FeelValue, coded->n_classes);
  for (size_t k = 0; k < coded->n_classes; k++)
    results[k] = apply_at (a, k, true);
  into->results = results;
  into->classes = classes;
  into->n_classes = coded->n_classes;
}

const Value *
coded_apply (Compiler *c, const Value *const *parts, size_t n, CodedApply apply, const void *data)
{
  Application a = { c, parts, n, apply, data };
  const Value *coded;
  if (n > PARTS_MAX || !common_code (parts, n, &coded))
    return NULL;
  Value from = { .space = coded ? coded->space : -1 };
  for (size_t i = 0; i < n; i++)
    if (parts[i] && parts[i]->needs.n)
      from.space = space_join (c, from.space, parts[i]->space);
  for (size_t i = 0; i < n; i++)
    if (parts[i])
      from.needs = needs_join (c, from.needs, needs_inside (c, parts[i], from.space));
  if (!coded)
    return value_inside (c, apply_at (&a, 0, false), &from);
  Value made = { 0 };
  apply_all (&a, coded, &made);
  coded = value_lift (c, coded, from.space);
  Value *v = (Value *)value_coded (c, coded->space, coded->plane, coded->none, coded->unknown, coded->n,
                                   made.results, from.needs);
  v->classes = made.classes;
  v->n_classes = made.n_classes;
  return v;
}

typedef struct {
  const FeelExpression *e;
  const FeelNode *node;
} Operation;

static FeelValue
apply_node (Compiler *c, const void *data, const FeelValue *values)
{
  const Operation *operation = data;
  FeelRun run = { .arena = c->arena };
  return feel_node_apply (operation->e, operation->node, values, &run);
}

const Value *
operate_coded (Compiler *c, const FeelExpression *e, const FeelNode *node, const Value *const *parts,
               size_t n)
{
  Operation operation = { e, node };
  return coded_apply (c, parts, n, apply_node, &operation);
}

static FeelValue
apply_list (Compiler *c, const void *data, const FeelValue *values)
{
  return feel_list (c->arena, values, *(const size_t *)data);
}

const Value *
operate_list (Compiler *c, const Value *const *items, size_t n)
{
  return coded_apply (c, items, n, apply_list, &n);
}

static FeelValue
apply_member (Compiler *c, const void *data, const FeelValue *v)
{
  const FeelValue *member
      = v[0].kind == FEEL_CONTEXT ? feel_context_get (v[0].context, *(const Text *)data) : NULL;
  return v[0].kind == FEEL_UNKNOWN ? v[0] : member ? *member : v[1];
}

const Value *
operate_member (Compiler *c, const Value *item, Text name, const Value *elsewhere)
{
  return coded_apply (c, (const Value *[]){ item, elsewhere }, 2, apply_member, &name);
}

/* As FEEL's filter by a number; a condition that is none keeps nothing. */
static FeelValue
apply_item (Compiler *c, const void *data, const FeelValue *v)
{
  gint64 place;
  bool is_list = v[0].kind == FEEL_LIST;
  const FeelValue *items = is_list ? v[0].list->items : v;
  gint64 n = is_list ? (gint64)v[0].list->n : 1;
  if (v[0].kind == FEEL_UNKNOWN)
    return v[0];
  if (n == 0)
    return feel_null ();
  if (v[1].kind == FEEL_UNKNOWN)
    return v[1];
  if (v[1].kind != FEEL_NUMBER)
    return feel_list (c->arena, NULL, 0);
  if (!decimal_to_int64 (v[1].number, &place) || place == 0)
    return feel_null ();
  place += place < 0 ? n : -1;
  return place >= 0 && place < n ? items[place] : feel_null ();
}

const Value *
operate_item (Compiler *c, const Value *list, const Value *place)
{
  return coded_apply (c, (const Value *[]){ list, place }, 2, apply_item, NULL);
}
