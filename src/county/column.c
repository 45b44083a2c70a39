/* One column's arrays: room, masks, single values; and its description, which grows when a
 * value does not fit it. */
#include "county/county_private.h"

/* ---- room -------------------------------------------------------------------------- */

enum { SPARE = 64 };

size_t
table_room (size_t rows)
{
  return rows + rows / 32 + SPARE;
}

void
table_reserve (Table *table, size_t rows)
{
  if (rows <= table->capacity)
    return;
  table->capacity = table_room (rows);
  table->numbers = g_renew (gint64, table->numbers, table->capacity);
  for (size_t i = 0; i < table->table.n_columns; i++) {
    Held *held = &table->held[i];
    ColumnsColumn *column = &table->columns[i];
    if (column->kind != COLUMNS_LIST)
      column->values = held->values = g_realloc_n (held->values, table->capacity, column->width);
    if (held->none)
      column->none = held->none = g_realloc (held->none, table->capacity);
    if (held->unknown)
      column->unknown = held->unknown = g_realloc (held->unknown, table->capacity);
  }
}

guint8 *
held_mask (Table *table, size_t i, RowState state)
{
  Held *held = &table->held[i];
  ColumnsColumn *column = &table->columns[i];
  guint8 **mask = state == ROW_NONE ? &held->none : &held->unknown;
  if (!*mask)
    *mask = g_malloc0 (table->capacity);
  column->none = held->none;
  column->unknown = held->unknown;
  *(state == ROW_NONE ? &column->has_none : &column->has_unknown) = true;
  return *mask;
}

/* ---- values --------------------------------------------------------------------------- */

static gint64
value_at (const guint8 *values, unsigned width, size_t row)
{
  switch (width) {
  case 1: return ((const gint8 *)values)[row];
  case 2: return ((const gint16 *)(const void *)values)[row];
  case 4: return ((const gint32 *)(const void *)values)[row];
  default: return ((const gint64 *)(const void *)values)[row];
  }
}

static void
write_value (guint8 *values, unsigned width, size_t row, gint64 value)
{
  switch (width) {
  case 1: ((gint8 *)values)[row] = (gint8)value; return;
  case 2: ((gint16 *)(void *)values)[row] = (gint16)value; return;
  case 4: ((gint32 *)(void *)values)[row] = (gint32)value; return;
  default: ((gint64 *)(void *)values)[row] = value;
  }
}

RowState
held_get (const Table *table, size_t i, size_t row, gint64 *value)
{
  const Held *held = &table->held[i];
  *value = value_at (held->values, table->columns[i].width, row);
  return held->none && held->none[row]         ? ROW_NONE
         : held->unknown && held->unknown[row] ? ROW_UNKNOWN
                                               : ROW_VALUE;
}

void
held_set (Table *table, size_t i, size_t row, RowState state, gint64 value)
{
  Held *held = &table->held[i];
  const ColumnsColumn *column = &table->columns[i];
  bool counts = column->kind == COLUMNS_NUMBER || column->kind == COLUMNS_DATE;
  if (state != ROW_VALUE) {
    held_mask (table, i, state);
    value = counts ? column->min : 0;
  }
  write_value (held->values, column->width, row, value);
  if (held->none)
    held->none[row] = state == ROW_NONE ? 0xff : 0;
  if (held->unknown)
    held->unknown[row] = state == ROW_UNKNOWN ? 0xff : 0;
}

void
held_set_absent (Table *table, size_t i, size_t row)
{
  const RegistryFact *absent = &table->held[i].absent;
  Dictionary *texts = table->held[i].texts;
  if (absent->state == REGISTRY_VALUE)
    held_set (table, i, row, ROW_VALUE, texts ? dictionary_code (texts, absent->text) : absent->integer);
  else
    held_set (table, i, row, absent->state == REGISTRY_NONE ? ROW_NONE : ROW_UNKNOWN, 0);
}

/* ---- descriptions ------------------------------------------------------------------------ */

static unsigned
width_of (gint64 min, gint64 max)
{
  return min >= G_MININT8 && max <= G_MAXINT8     ? 1
         : min >= G_MININT16 && max <= G_MAXINT16 ? 2
         : min >= G_MININT32 && max <= G_MAXINT32 ? 4
                                                  : 8;
}

gint64
rounded_up (gint64 value)
{
  gint64 bound = 0;
  while (bound < value)
    bound = bound * 2 + 1;
  return bound;
}

/* What is there already is written in the new width. */
static void
set_width (Table *table, size_t i, unsigned width)
{
  Held *held = &table->held[i];
  ColumnsColumn *column = &table->columns[i];
  if (held->values && width != column->width) {
    guint8 *wider = g_malloc_n (table->capacity, width);
    for (size_t r = 0; r < table->table.n_rows; r++)
      write_value (wider, width, r, value_at (held->values, column->width, r));
    g_free (held->values);
    column->values = held->values = wider;
  }
  column->width = width;
}

/* The schema's bounds where the values need as many bytes, else the next powers of two: a
 * new value shall seldom change what programs were compiled for. */
void
held_settle (Table *table, size_t i, gint64 min, gint64 max)
{
  ColumnsColumn *column = &table->columns[i];
  const RegistryAttribute *a = table->held[i].attribute;
  const RegistryFact *absent = &table->held[i].absent;
  if (absent->state == REGISTRY_VALUE) {
    min = MIN (min, absent->integer);
    max = MAX (max, absent->integer);
  }
  gint64 low = a->has_min ? MIN (min, a->min) : min < 0 ? -rounded_up (-(min + 1)) - 1 : 0;
  gint64 high = a->has_max ? MAX (max, a->max) : max > 0 ? rounded_up (max) : 0;
  unsigned width = width_of (min, max);
  set_width (table, i, width);
  column->min = width_of (low, max) == width ? low : min;
  column->max = width_of (min, high) == width ? high : max;
}

void
held_widen (Table *table, size_t i, gint64 min, gint64 max)
{
  const ColumnsColumn *column = &table->columns[i];
  if (min < column->min || max > column->max)
    held_settle (table, i, MIN (min, column->min), MAX (max, column->max));
}

void
held_settle_texts (Table *table, size_t i)
{
  Held *held = &table->held[i];
  ColumnsColumn *column = &table->columns[i];
  if (held->absent.state == REGISTRY_VALUE || held->texts->n == 0)
    dictionary_code (held->texts, held->absent.text);
  column->texts = held->texts->texts;
  column->n_texts = held->texts->n;
  set_width (table, i, width_of (0, (gint64)column->n_texts - 1));
}
