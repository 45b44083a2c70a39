/* FEEL's values as planes.
 *
 * A value of many rows is a plane of what it is with two masks, of the rows where it is
 * none and where it is unknown; nowhere both.  A truth's mask is set where it is true,
 * and only there.  What hangs on one dictionary's code stays *coded*: a list of FEEL's own
 * results, one per code, one for none, one for unknown; FEEL computes them, so nothing of
 * its texts is written twice. */
#include "columns_private.h"

#include <stdarg.h>

const Value *
outside (Compiler *c, const char *format, ...)
{
  if (!c->why) {
    va_list args;
    va_start (args, format);
    g_autofree char *why = g_strdup_vprintf (format, args);
    va_end (args);
    const DmnDecision *at = c->open->len ? c->open->pdata[c->open->len - 1] : NULL;
    c->why = at ? arena_printf (c->arena, "%.*s: %s", (int)at->name.len, at->name.bytes, why)
                : arena_text (c->arena, text_of (why));
  }
  return value_null (c);
}

Value *
value_new (Compiler *c, ValueKind kind, int space)
{
  Value *v = arena_new0 (c->arena, Value, 1);
  v->kind = kind;
  v->space = kind >= VALUE_CODED && kind <= VALUE_QUOTIENT ? MAX (space, 0) : space; /* planes have a place */
  v->plane = v->none = v->unknown = NONE_OF;
  return v;
}

const Value *
value_constant (Compiler *c, FeelValue constant)
{
  Value *v = value_new (c, VALUE_CONSTANT, -1);
  v->constant = constant;
  return v;
}

const Value *
value_null (Compiler *c)
{
  return value_constant (c, feel_null ());
}

const Value *
value_inside (Compiler *c, FeelValue constant, const Value *from)
{
  bool plain = constant.kind != FEEL_UNKNOWN && constant.kind < FEEL_RANGE;
  Value *v = value_new (c, VALUE_CONSTANT, plain || !from->needs.n ? -1 : from->space);
  v->constant = constant;
  if (!plain)
    v->needs = from->needs;
  return v;
}

const Value *
value_truth (Compiler *c, int space, int t, int none, int unknown, Needs needs)
{
  if (none == NONE_OF && unknown == NONE_OF && t <= ALL_OF)
    return value_constant (c, feel_boolean (t == ALL_OF));
  if (none == ALL_OF)
    return value_null (c);
  if (unknown == ALL_OF)
    return needs_unknown (c, space, needs);
  Value *v = value_new (c, VALUE_TRUTH, space);
  v->plane = t;
  v->none = none;
  v->unknown = unknown;
  v->needs = needs;
  return v;
}

const Value *
value_absent (Compiler *c, int space, int unknown, Needs needs)
{
  const Value *v = value_truth (c, space, NONE_OF, mask_not (c, unknown), unknown, needs);
  if (v->kind == VALUE_TRUTH)
    ((Value *)v)->never = true;
  return v;
}

const Value *
value_mask (Compiler *c, int space, int mask)
{
  return value_truth (c, space, mask, NONE_OF, NONE_OF, (Needs){ 0 });
}

const Value *
value_coded (Compiler *c, int space, int plane, int none, int unknown, size_t n, const FeelValue *results,
             Needs needs)
{
  Value *v = value_new (c, VALUE_CODED, space);
  v->plane = plane;
  v->none = none;
  v->unknown = unknown;
  v->n = n;
  v->results = results;
  v->needs = needs;
  return v;
}

bool
value_is_null (const Value *v)
{
  return v->kind == VALUE_CONSTANT && v->constant.kind == FEEL_NULL;
}

bool
value_is_truth (const Value *v, bool truth)
{
  return v->kind == VALUE_CONSTANT && v->constant.kind == FEEL_BOOLEAN && v->constant.boolean == truth;
}

gint64
power_of_ten (unsigned n)
{
  gint64 power = 1;
  while (n--)
    power *= 10;
  return power;
}

gint64
text_number (Compiler *c, Text text)
{
  gpointer found = g_hash_table_lookup (c->texts, &text);
  if (found)
    return GPOINTER_TO_INT (found) - 1;
  Text *kept = arena_copy (c->program->arena, &text, sizeof text);
  g_ptr_array_add (c->text_list, kept);
  g_hash_table_insert (c->texts, kept, GINT_TO_POINTER (c->text_list->len));
  return (gint64)c->text_list->len - 1;
}

/* ---- kinds ------------------------------------------------------------------------- */

static ValueKind
kind_of (FeelValue v)
{
  switch (v.kind) {
  case FEEL_BOOLEAN: return VALUE_TRUTH;
  case FEEL_NUMBER: return VALUE_NUMBER;
  case FEEL_STRING: return VALUE_TEXT;
  case FEEL_DATE: return VALUE_DATE;
  case FEEL_DAYS_DURATION: return VALUE_DAYS;
  case FEEL_MONTHS_DURATION: return VALUE_MONTHS;
  case FEEL_LIST: return VALUE_LIST;
  default: return VALUE_CONTEXT;
  }
}

static ValueKind
kind_of_results (Compiler *c, const Value *v)
{
  ValueKind kind = VALUE_CONSTANT;
  for (size_t i = 0; i < v->n + 2; i++) {
    bool used = i < v->n || (i == v->n ? v->none : v->unknown) != NONE_OF;
    if (!used || value_result (v, i).kind <= FEEL_UNKNOWN)
      continue;
    ValueKind one = kind_of (value_result (v, i));
    if (kind != VALUE_CONSTANT && kind != one)
      outside (c, "a value that is of one kind here and of another there");
    kind = one;
  }
  return kind;
}

ValueKind
value_kind (Compiler *c, const Value *v)
{
  if (v->kind == VALUE_CONSTANT)
    return v->constant.kind <= FEEL_UNKNOWN ? VALUE_CONSTANT : kind_of (v->constant);
  if (v->never)
    return VALUE_CONSTANT;
  return v->kind == VALUE_CODED ? kind_of_results (c, v) : v->kind;
}

/* ---- results to planes ---------------------------------------------------------------- */

enum { RUNS_MAX = 4 };

/* Rows whose code is HELD. */
static int
codes_mask (Compiler *c, const Value *v, const guint8 *held)
{
  size_t runs = 0, n_held = 0;
  for (size_t i = 0; i < v->n; i++) {
    runs += held[i] && (i == 0 || !held[i - 1]);
    n_held += held[i];
  }
  if (n_held == v->n || n_held == 0)
    return n_held ? ALL_OF : NONE_OF;
  if (runs > RUNS_MAX) {
    g_autofree guint8 *table = g_new0 (guint8, v->n);
    for (size_t i = 0; i < v->n; i++)
      table[i] = held[i] ? 0xff : 0;
    return plane_look_up (c, v->plane, 1, table, v->n);
  }
  int mask = NONE_OF;
  for (size_t i = 0; i < v->n; i++) {
    size_t from = i;
    while (i < v->n && held[i])
      i++;
    if (i > from)
      mask = mask_or (c, mask,
                      plane_range (c, v->plane, (gint64)from, i == v->n ? G_MAXINT64 : (gint64)i - 1));
  }
  return mask;
}

static bool
is_true (FeelValue v, const void *data)
{
  return feel_is_true (v);
}

static bool
is_null (FeelValue v, const void *data)
{
  return v.kind == FEEL_NULL;
}

static bool
is_open (FeelValue v, const void *data)
{
  return v.kind == FEEL_UNKNOWN;
}

int
results_mask (Compiler *c, const Value *v, Holds holds, const void *data)
{
  g_autofree guint8 *held = g_new0 (guint8, v->n + 1);
  for (size_t i = 0; i < v->n; i++)
    held[i] = holds (value_result (v, i), data);
  int mask = mask_and_not (c, codes_mask (c, v, held), mask_or (c, v->none, v->unknown));
  if (holds (value_result (v, v->n), data))
    mask = mask_or (c, mask, v->none);
  return holds (value_result (v, v->n + 1), data) ? mask_or (c, mask, v->unknown) : mask;
}

/* ---- numbers of values ------------------------------------------------------------------ */

/* The least scale at which D is whole; false when there is none within reach. */
static bool
scale_of (Decimal d, unsigned *scale)
{
  gint64 whole;
  for (*scale = 0; *scale <= 9; (*scale)++)
    if (decimal_to_scaled (d, (int)*scale, &whole))
      return true;
  return false;
}

/* V's number as a plane of KIND has it. */
static bool
number_of (Compiler *c, FeelValue v, unsigned scale, gint64 *number)
{
  enum { DAY_SECONDS = 86400 };
  *number = 0;
  switch (v.kind) {
  case FEEL_NUMBER: return decimal_to_scaled (v.number, (int)scale, number);
  case FEEL_STRING: *number = text_number (c, v.string); return true;
  case FEEL_DATE: *number = v.date; return ABS (v.date) < 300000000;
  case FEEL_MONTHS_DURATION: *number = v.months; return ABS (v.months) < G_MAXINT32;
  case FEEL_DAYS_DURATION:
    *number = v.span.seconds / DAY_SECONDS;
    return v.span.seconds % DAY_SECONDS == 0 && v.span.nanoseconds == 0 && ABS (*number) < G_MAXINT32;
  default: return true; /* none and unknown: masked */
  }
}

static unsigned
scale_of_results (Compiler *c, const Value *v)
{
  unsigned scale = 0, one;
  for (size_t i = 0; i < v->n + 2; i++)
    if (value_result (v, i).kind == FEEL_NUMBER) {
      if (!scale_of (value_result (v, i).number, &one))
        outside (c, "a number with more than nine digits after the point");
      scale = MAX (scale, MIN (one, 9));
    }
  return scale;
}

static const Value *
constant_as (Compiler *c, const Value *v, ValueKind kind, int space)
{
  FeelValue constant = v->constant;
  Value *planes = value_new (c, kind, space);
  planes->none = constant.kind == FEEL_NULL ? ALL_OF : NONE_OF;
  planes->unknown = constant.kind == FEEL_UNKNOWN ? ALL_OF : NONE_OF;
  planes->needs = needs_of (c, v, space);
  if (kind == VALUE_TRUTH) {
    planes->plane = feel_is_true (constant) ? ALL_OF : NONE_OF;
    return planes;
  }
  gint64 number;
  if (constant.kind == FEEL_NUMBER && !scale_of (constant.number, &planes->scale))
    return outside (c, "a number with more than nine digits after the point");
  if (!number_of (c, constant, planes->scale, &number))
    return outside (c, "a constant too large");
  planes->plane = plane_fill (c, space, 8, number);
  planes->min = planes->max = number;
  return planes;
}

/* What is never a value. */
static const Value *
absent_as (Compiler *c, const Value *v, ValueKind kind)
{
  Value *planes = value_new (c, kind, v->space);
  *planes = *v;
  planes->kind = kind;
  planes->never = false;
  if (kind != VALUE_TRUTH)
    planes->plane = plane_fill (c, v->space, 8, 0);
  return planes;
}

static const Value *
coded_as (Compiler *c, const Value *v, ValueKind kind)
{
  Value *planes = value_new (c, kind, v->space);
  planes->none = results_mask (c, v, is_null, NULL);
  planes->unknown = results_mask (c, v, is_open, NULL);
  planes->needs = needs_of (c, v, v->space);
  if (kind == VALUE_TRUTH) {
    planes->plane = results_mask (c, v, is_true, NULL);
    return planes;
  }
  if (kind == VALUE_NUMBER)
    planes->scale = scale_of_results (c, v);
  g_autofree gint64 *whole = g_new0 (gint64, v->n + 2);
  planes->min = G_MAXINT64;
  planes->max = G_MININT64;
  for (size_t i = 0; i < v->n + 2; i++) {
    if (!number_of (c, value_result (v, i), planes->scale, &whole[i]))
      outside (c, "a constant too large");
    planes->min = MIN (planes->min, whole[i]);
    planes->max = MAX (planes->max, whole[i]);
  }
  planes->min = MIN (planes->min, 0); /* the table's other entries */
  planes->max = MAX (planes->max, 0);
  planes->plane = plane_look_up (c, v->plane, 8, whole, v->n);
  for (size_t i = 0; i < 2; i++)
    if (value_result (v, v->n + i).kind > FEEL_UNKNOWN)
      planes->plane = plane_blend (c, v->space, i == 0 ? v->none : v->unknown,
                                   plane_fill (c, v->space, 8, whole[v->n + i]), planes->plane);
  return planes;
}

const Value *
value_lift (Compiler *c, const Value *v, int space)
{
  if (v->space < 0 || v->space == space || c->why)
    return v;
  Value *lifted = value_new (c, v->kind, space);
  *lifted = *v;
  lifted->space = space;
  lifted->plane = plane_spread (c, v->plane, space);
  lifted->none = plane_spread (c, v->none, space);
  lifted->unknown = plane_spread (c, v->unknown, space);
  lifted->needs = needs_spread (c, v->needs, space);
  return lifted;
}

const Value *
value_as (Compiler *c, const Value *v, ValueKind kind, int space)
{
  ValueKind own = value_kind (c, v);
  if (own != VALUE_CONSTANT && own != kind)
    return constant_as (c, outside (c, "a value of another kind than its place takes"), kind, space);
  if (kind > VALUE_TEXT || kind <= VALUE_CODED)
    return constant_as (c, outside (c, "a value that is no text, number, date or truth"), VALUE_TRUTH, space);
  if (v->kind == VALUE_CONSTANT)
    return constant_as (c, v, kind, MAX (space, 0));
  const Value *planes = v->kind == VALUE_CODED ? coded_as (c, v, kind)
                        : v->never             ? absent_as (c, v, kind)
                                               : v;
  return value_lift (c, planes, space);
}

static const Value *
as_truth (Compiler *c, const Value *v, int space)
{
  return value_as (c, v, VALUE_TRUTH, space);
}

int
value_true (Compiler *c, const Value *v, int space)
{
  return as_truth (c, v, space)->plane;
}

static int
state_mask (Compiler *c, const Value *v, int space, FeelKind kind)
{
  if (v->kind == VALUE_CONSTANT)
    return v->constant.kind == kind ? ALL_OF : NONE_OF;
  int mask = v->kind == VALUE_CODED     ? results_mask (c, v, kind == FEEL_NULL ? is_null : is_open, NULL)
             : v->kind >= VALUE_CONTEXT ? NONE_OF
             : kind == FEEL_NULL        ? v->none
                                        : v->unknown;
  return plane_spread (c, mask, space);
}

int
value_unknown (Compiler *c, const Value *v, int space)
{
  return state_mask (c, v, space, FEEL_UNKNOWN);
}

int
value_none (Compiler *c, const Value *v, int space)
{
  return state_mask (c, v, space, FEEL_NULL);
}

/* ---- columns ------------------------------------------------------------------------------ */

static int
column_part (Compiler *c, const Value *entity, const ColumnsColumn *column, int part)
{
  OpKey key = { .kind = entity->plane < 0 ? OP_COLUMN : OP_GATHER,
                .width = part == PART_VALUES ? (int)column->width : 1,
                .space = entity->space,
                .part = part,
                .a = MAX (entity->plane, 0),
                .column = column,
                .table = entity->table };
  return plane_emit (c, key);
}

static Value *
read_column (Compiler *c, const Value *entity, const ColumnsColumn *column, ValueKind kind)
{
  Value *v = value_new (c, kind, entity->space);
  int none = column->has_none ? column_part (c, entity, column, PART_NONE) : NONE_OF;
  int unknown = column->has_unknown ? column_part (c, entity, column, PART_UNKNOWN) : NONE_OF;
  v->none = mask_or (c, entity->none, mask_and_not (c, none, entity->unknown));
  v->unknown = mask_or (c, entity->unknown, mask_and_not (c, unknown, entity->none));
  v->needs = needs_fact (c, entity, column, unknown);
  if (column->kind != COLUMNS_LIST)
    v->plane = column_part (c, entity, column, PART_VALUES);
  v->min = MIN (column->min, 0); /* what a gather from nothing gives */
  v->max = MAX (column->max, 0);
  v->scale = column->kind == COLUMNS_NUMBER ? column->scale : 0;
  return v;
}

/* What the codes of COLUMN mean. */
static const FeelValue *
code_results (Compiler *c, const ColumnsColumn *column, size_t *n)
{
  *n = column->kind == COLUMNS_BOOLEAN ? 2 : column->n_texts;
  FeelValue *results = arena_new0 (c->arena, FeelValue, *n + 2);
  for (size_t i = 0; i < *n; i++)
    results[i] = column->kind == COLUMNS_BOOLEAN ? feel_boolean (i) : feel_string (column->texts[i]);
  results[*n] = feel_null ();
  results[*n + 1] = feel_unknown (c->arena, (FeelNeed){ 0 });
  return results;
}

const Value *
value_column (Compiler *c, const Value *entity, const ColumnsColumn *column)
{
  Value *v;
  switch (column->kind) {
  case COLUMNS_BOOLEAN:
  case COLUMNS_TEXT:
    v = read_column (c, entity, column, VALUE_CODED);
    v->results = code_results (c, column, &v->n);
    return v;
  case COLUMNS_NUMBER: return read_column (c, entity, column, VALUE_NUMBER);
  case COLUMNS_DATE:
    if (MAX (ABS (column->min), ABS (column->max)) >= 300000000)
      return outside (c, "dates without bounds");
    return read_column (c, entity, column, VALUE_DATE);
  case COLUMNS_REFERENCE:
    v = read_column (c, entity, column, VALUE_ENTITY);
    v->table = column->target;
    v->path = path_to (c, entity, column);
    return v;
  case COLUMNS_LIST: break;
  }
  return list_open (c, entity, column);
}
