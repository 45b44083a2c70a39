/* A table in which one fact is another for everybody: the columns along the path are copied,
 * the last one is exchanged, and all other arrays are the county's own. */
#include "barriers_private.h"

#include <string.h>

static gint64
value_at (const ColumnsColumn *column, size_t row)
{
  switch (column->width) {
  case 1: return ((const gint8 *)column->values)[row];
  case 2: return ((const gint16 *)column->values)[row];
  case 4: return ((const gint32 *)column->values)[row];
  default: return ((const gint64 *)column->values)[row];
  }
}

static void
put_at (ColumnsColumn *column, size_t row, gint64 value)
{
  void *values = (void *)column->values;
  switch (column->width) {
  case 1: ((gint8 *)values)[row] = (gint8)value; break;
  case 4: ((gint32 *)values)[row] = (gint32)value; break;
  default: ((gint64 *)values)[row] = value;
  }
}

static bool
is_there (const ColumnsColumn *column, size_t row)
{
  return !(column->none && column->none[row]) && !(column->unknown && column->unknown[row]);
}

static size_t
find_column (const ColumnsTable *table, Text name)
{
  size_t i = 0;
  while (i < table->n_columns && !text_equal (table->columns[i].name, name))
    i++;
  return i;
}

const ColumnsColumn *
vary_own (const ColumnsTable *table, const FeelPath *path)
{
  const ColumnsColumn *column = NULL;
  for (size_t i = 0; i < path->n && table; i++) {
    size_t c = find_column (table, path->members[i]);
    column = c < table->n_columns ? &table->columns[c] : NULL;
    table = column ? column->target : NULL;
  }
  return column;
}

/* ---- what a column is given ------------------------------------------------- */

/* VALUE as COLUMN keeps it; false where it is a text that is not in its dictionary. */
static bool
code_of (const ColumnsColumn *column, FeelValue value, gint64 *code)
{
  switch (value.kind) {
  case FEEL_BOOLEAN: *code = value.boolean; return true;
  case FEEL_DATE: *code = value.date; return true;
  case FEEL_NUMBER: return decimal_to_scaled (value.number, (int)column->scale, code);
  default: break;
  }
  for (size_t i = 0; value.kind == FEEL_STRING && i < column->n_texts; i++)
    if (text_equal (column->texts[i], value.string)) {
      *code = (gint64)i;
      return true;
    }
  return false;
}

/* COLUMN takes in VALUE: a longer dictionary, wider bounds. */
static void
describe (Arena *arena, ColumnsColumn *column, FeelValue value)
{
  gint64 code;
  bool known = code_of (column, value, &code);
  if (!known && value.kind == FEEL_STRING) {
    Text *texts = arena_new0 (arena, Text, column->n_texts + 1);
    if (column->n_texts)
      memcpy (texts, column->texts, column->n_texts * sizeof *texts);
    texts[column->n_texts++] = value.string;
    column->texts = texts;
  } else if (known && (column->kind == COLUMNS_DATE || column->kind == COLUMNS_NUMBER)) {
    column->min = MIN (column->min, code);
    column->max = MAX (column->max, code);
  }
}

static void
make_room (ColumnsColumn *column, size_t n_rows)
{
  column->width = column->kind == COLUMNS_BOOLEAN ? 1 : column->kind == COLUMNS_NUMBER ? 8 : 4;
  column->values = g_malloc0 ((n_rows + 1) * column->width);
}

/* The fact itself: one value, never none or unknown. */
static void
make_constant (Variation *v, ColumnsColumn *column, const FeelValue *tried, size_t n_tried)
{
  column->has_none = column->has_unknown = false;
  column->none = column->unknown = NULL;
  for (size_t i = 0; i < n_tried; i++)
    describe (v->arena, column, tried[i]);
  make_room (column, v->n_rows);
  v->column = column;
}

/* What follows from it: as it is where the fact is not another. */
static void
make_follower (Variation *v, VaryFollower *follower, const FeelValue *tried, size_t n_tried)
{
  ColumnsColumn *column = follower->column;
  for (size_t i = 0; i < n_tried; i++)
    describe (v->arena, column, registry_recomputed_value (v->arena, follower->recomputed, tried[i]));
  make_room (column, v->n_rows);
  follower->none = column->has_none ? g_malloc0 (v->n_rows + 1) : NULL;
  follower->unknown = column->has_unknown ? g_malloc0 (v->n_rows + 1) : NULL;
  column->none = follower->none;
  column->unknown = follower->unknown;
}

/* ---- the table ---------------------------------------------------------------- */

/* The copy of TABLE in which the rest of PATH is varied; NULL where TABLE has not got it. */
static ColumnsTable *
vary_table (Variation *v, const ColumnsTable *table, const FeelPath *path, size_t depth,
            const FeelValue *tried, size_t n_tried)
{
  const RegistryBarrier *barrier = v->attribute->barrier;
  ColumnsTable *copy = arena_copy (v->arena, table, sizeof *table);
  ColumnsColumn *columns = arena_copy (v->arena, table->columns, table->n_columns * sizeof *columns);
  size_t c = find_column (table, path->members[depth]);
  copy->columns = columns;
  if (depth + 1 < path->n) {
    if (c == table->n_columns || !columns[c].target)
      return NULL;
    columns[c].target = vary_table (v, columns[c].target, path, depth + 1, tried, n_tried);
    return columns[c].target ? copy : NULL;
  }
  v->n_rows = table->n_rows;
  v->own = c < table->n_columns ? &table->columns[c] : v->own;
  if (c < table->n_columns)
    make_constant (v, &columns[c], tried, n_tried);
  v->followers = arena_new0 (v->arena, VaryFollower, barrier->n_recomputed);
  for (size_t i = 0; i < barrier->n_recomputed; i++) {
    size_t f = find_column (table, text_of (barrier->recomputed[i].attribute->zh));
    if (f == table->n_columns)
      continue;
    VaryFollower *follower = &v->followers[v->n_followers++];
    *follower = (VaryFollower){ &barrier->recomputed[i], &table->columns[f], &columns[f] };
    make_follower (v, follower, tried, n_tried);
  }
  return v->own ? copy : NULL;
}

Variation *
vary_new (Arena *arena, const ColumnsTable *table, const FeelPath *path, const RegistryAttribute *attribute,
          const ColumnsColumn *own, const FeelValue *tried, size_t n_tried)
{
  Variation *v = arena_new0 (arena, Variation, 1);
  *v = (Variation){ .arena = arena, .attribute = attribute, .own = own };
  v->table = vary_table (v, table, path, 0, tried, n_tried);
  return v->table ? v : NULL;
}

void
vary_free (Variation *v)
{
  if (v->column)
    g_free ((gpointer)v->column->values);
  for (size_t i = 0; i < v->n_followers; i++) {
    ColumnsColumn *column = v->followers[i].column;
    g_free ((gpointer)column->values);
    g_free (v->followers[i].none);
    g_free (v->followers[i].unknown);
  }
  g_free (v->everywhere);
}

/* ---- values --------------------------------------------------------------------- */

void
vary_to_unknown (Variation *v)
{
  if (!v->everywhere) {
    v->everywhere = g_malloc (v->n_rows + 1);
    memset (v->everywhere, 0xff, v->n_rows + 1);
  }
  if (v->column)
    v->column->unknown = v->everywhere;
  for (size_t i = 0; i < v->n_followers; i++) {
    v->followers[i].column->unknown = v->everywhere;
    v->followers[i].column->none = NULL;
  }
}

static void
fill_constant (ColumnsColumn *column, size_t n_rows, gint64 code)
{
  for (size_t i = 0; i < n_rows; i++)
    put_at (column, i, code);
}

/* Rows whose own fact is VALUE keep what they have. */
static void
fill_follower (const Variation *v, VaryFollower *f, FeelValue value)
{
  gint64 own_code = 0, code = 0;
  bool on_record = code_of (v->own, value, &own_code);
  code_of (f->column, registry_recomputed_value (v->arena, f->recomputed, value), &code);
  for (size_t i = 0; i < v->n_rows; i++) {
    bool same = on_record && is_there (v->own, i) && value_at (v->own, i) == own_code;
    put_at (f->column, i, same ? value_at (f->own, i) : code);
    if (f->none)
      f->none[i] = same && f->own->none ? f->own->none[i] : 0;
    if (f->unknown)
      f->unknown[i] = same && f->own->unknown ? f->own->unknown[i] : 0;
  }
  f->column->none = f->none;
  f->column->unknown = f->unknown;
}

void
vary_to (Variation *v, FeelValue value)
{
  gint64 code = 0;
  if (v->column) {
    code_of (v->column, value, &code);
    fill_constant (v->column, v->n_rows, code);
    v->column->unknown = NULL;
  }
  for (size_t i = 0; i < v->n_followers; i++)
    fill_follower (v, &v->followers[i], value);
}
