/* Chunks become arrays: first the descriptions, which look at all chunks' heads, then the
 * values, chunk by chunk. */
#include "county/county_private.h"

/* ---- room -------------------------------------------------------------------------- */

enum { SPARE = 64 };

void
table_reserve (Table *table, size_t rows)
{
  if (rows <= table->capacity)
    return;
  table->capacity = rows + rows / 32 + SPARE;
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

static guint8 *
mask_of (const Table *table, guint8 **mask, const guint8 **shown, bool *has)
{
  if (!*mask)
    *shown = *mask = g_malloc0 (table->capacity);
  *has = true;
  return *mask;
}

static void
write_values (const ColumnsColumn *column, guint8 *to, size_t row, size_t n, const gint64 *values)
{
  switch (column->width) {
  case 1:
    for (size_t i = 0; i < n; i++)
      ((gint8 *)to)[row + i] = (gint8)values[i];
    return;
  case 2:
    for (size_t i = 0; i < n; i++)
      ((gint16 *)to)[row + i] = (gint16)values[i];
    return;
  case 4:
    for (size_t i = 0; i < n; i++)
      ((gint32 *)to)[row + i] = (gint32)values[i];
    return;
  default: memcpy ((gint64 *)to + row, values, n * sizeof *values);
  }
}

void
held_set_absent (Table *table, size_t i, size_t row)
{
  Held *held = &table->held[i];
  ColumnsColumn *column = &table->columns[i];
  gint64 value = column->kind == COLUMNS_NUMBER || column->kind == COLUMNS_DATE ? column->min : 0;
  if (held->absent.state == REGISTRY_VALUE)
    value = held->texts ? dictionary_code (held->texts, held->absent.text) : held->absent.integer;
  write_values (column, held->values, row, 1, &value);
  if (held->absent.state == REGISTRY_NONE)
    mask_of (table, &held->none, &column->none, &column->has_none);
  if (held->absent.state == REGISTRY_UNSTATED)
    mask_of (table, &held->unknown, &column->unknown, &column->has_unknown);
  if (held->none)
    held->none[row] = held->absent.state == REGISTRY_NONE ? 0xff : 0;
  if (held->unknown)
    held->unknown[row] = held->absent.state == REGISTRY_UNSTATED ? 0xff : 0;
}

/* ---- descriptions --------------------------------------------------------------------- */

static unsigned
width_of (gint64 min, gint64 max)
{
  return min >= G_MININT8 && max <= G_MAXINT8     ? 1
         : min >= G_MININT16 && max <= G_MAXINT16 ? 2
         : min >= G_MININT32 && max <= G_MAXINT32 ? 4
                                                  : 8;
}

/* The least 2^k - 1 that is not below VALUE. */
static gint64
rounded_up (gint64 value)
{
  gint64 bound = 0;
  while (bound < value)
    bound = bound * 2 + 1;
  return bound;
}

/* The schema's bounds where the values need as many bytes, else the next powers of two: a
 * new value shall seldom change what programs were compiled for. */
static void
settle_bounds (ColumnsColumn *column, const RegistryAttribute *a, gint64 min, gint64 max)
{
  column->width = width_of (min, max);
  gint64 low = a->has_min ? MIN (min, a->min) : min < 0 ? -rounded_up (-(min + 1)) - 1 : 0;
  gint64 high = a->has_max ? MAX (max, a->max) : max > 0 ? rounded_up (max) : 0;
  column->min = width_of (low, max) == column->width ? low : min;
  column->max = width_of (min, high) == column->width ? high : max;
}

static guint32 *
learn_texts (Held *held, const ChunkColumn *part)
{
  guint32 *codes = g_new (guint32, part->n_texts);
  const guint8 *at = part->texts;
  for (guint32 i = 0; i < part->n_texts; i++)
    codes[i] = dictionary_code (held->texts, chunk_text (&at));
  return codes;
}

static void
describe_texts (Table *table, size_t i)
{
  Held *held = &table->held[i];
  ColumnsColumn *column = &table->columns[i];
  if (held->absent.state == REGISTRY_VALUE || held->texts->n == 0)
    dictionary_code (held->texts, held->absent.text);
  column->texts = held->texts->texts;
  column->n_texts = held->texts->n;
  column->width = width_of (0, (gint64)column->n_texts - 1);
}

/* Column I of all pieces of TABLE. */
static void
describe (Table *table, size_t i)
{
  Held *held = &table->held[i];
  ColumnsColumn *column = &table->columns[i];
  gint64 min = G_MAXINT64, max = G_MININT64;
  bool none = false, unknown = false;
  for (guint p = 0; p < table->pieces->len; p++) {
    Piece *piece = &g_array_index (table->pieces, Piece, p);
    const ChunkColumn *part = &piece->chunk.columns[i];
    none |= part->none != MASK_NOWHERE;
    unknown |= part->unknown != MASK_NOWHERE;
    if (held->texts)
      piece->codes[i] = learn_texts (held, part);
    min = part->any ? MIN (min, part->min) : min;
    max = part->any ? MAX (max, part->max) : max;
  }
  if (held->absent.state == REGISTRY_VALUE) {
    min = MIN (min, held->absent.integer);
    max = MAX (max, held->absent.integer);
  }
  if (held->texts)
    describe_texts (table, i);
  else if (column->kind == COLUMNS_NUMBER || column->kind == COLUMNS_DATE)
    settle_bounds (column, held->attribute, min <= max ? min : 0, min <= max ? max : 0);
  column->values = held->values = g_malloc_n (table->capacity, column->width);
  if (none)
    mask_of (table, &held->none, &column->none, &column->has_none);
  if (unknown)
    mask_of (table, &held->unknown, &column->unknown, &column->has_unknown);
}

/* ---- values ------------------------------------------------------------------------------ */

static void
fill_column (Table *table, const Piece *piece, size_t i)
{
  Held *held = &table->held[i];
  const ColumnsColumn *column = &table->columns[i];
  const ChunkColumn *part = &piece->chunk.columns[i];
  gint64 values[COLUMNS_CHUNK];
  if (held->none)
    chunk_mask (&piece->chunk, part->none, part->none_bits, held->none + piece->first);
  if (held->unknown)
    chunk_mask (&piece->chunk, part->unknown, part->unknown_bits, held->unknown + piece->first);
  if (column->kind == COLUMNS_REFERENCE)
    return; /* link.c */
  chunk_values (&piece->chunk, part, column->min, values);
  for (size_t r = 0; held->texts && part->any && r < piece->chunk.n; r++)
    values[r] = piece->codes[i][values[r]];
  write_values (column, held->values, piece->first, piece->chunk.n, values);
}

/* ---- all of them ------------------------------------------------------------------------- */

typedef struct {
  Table *table;
  size_t i; /* column or piece */
} Task;

static void
describe_task (gpointer data, size_t task, unsigned thread)
{
  Task *t = &g_array_index ((GArray *)data, Task, task);
  describe (t->table, t->i);
}

static void
fill_task (gpointer data, size_t task, unsigned thread)
{
  Task *t = &g_array_index ((GArray *)data, Task, task);
  for (size_t i = 0; i < t->table->n_stored; i++)
    fill_column (t->table, &g_array_index (t->table->pieces, Piece, t->i), i);
}

/* Where each piece begins, and whom the rows are about. */
static void
place_rows (Table *table)
{
  size_t n = 0;
  for (guint p = 0; p < table->pieces->len; p++) {
    Piece *piece = &g_array_index (table->pieces, Piece, p);
    piece->codes = g_new0 (guint32 *, table->n_stored);
    piece->first = n;
    n += piece->chunk.n;
  }
  table->table.n_rows = table->n_subjects = n;
  table->capacity = n + n / 32 + SPARE;
  table->numbers = g_new (gint64, table->capacity);
  for (guint p = 0; p < table->pieces->len; p++) {
    const Piece *piece = &g_array_index (table->pieces, Piece, p);
    memcpy (table->numbers + piece->first, piece->chunk.numbers, piece->chunk.n * sizeof (gint64));
  }
  link_index (table);
}

void
piece_clear (Piece *piece, size_t n_columns)
{
  for (size_t i = 0; piece->codes && i < n_columns; i++)
    g_free (piece->codes[i]);
  g_clear_pointer (&piece->codes, g_free);
  chunk_clear (&piece->chunk);
  g_clear_pointer (&piece->bytes, g_bytes_unref);
}

static void
forget_pieces (Table *table)
{
  for (guint p = 0; p < table->pieces->len; p++)
    piece_clear (&g_array_index (table->pieces, Piece, p), table->n_stored);
  g_array_set_size (table->pieces, 0);
}

static void
share (County *county, bool by_piece, WorkTask task)
{
  g_autoptr (GArray) tasks = g_array_new (FALSE, FALSE, sizeof (Task));
  for (size_t t = 0; t < county->n_tables; t++) {
    Table *table = &county->tables[t];
    size_t n = !table->entity ? 0 : by_piece ? table->pieces->len : table->n_stored;
    for (size_t i = 0; i < n; i++)
      g_array_append_val (tasks, ((Task){ table, i }));
  }
  work_share (county->n_threads, tasks->len, task, tasks);
}

void
assemble (County *county)
{
  for (size_t i = 0; i < county->n_tables; i++)
    if (county->tables[i].entity)
      place_rows (&county->tables[i]);
  share (county, false, describe_task);
  share (county, true, fill_task);
  link_references (county);
  for (size_t i = 0; i < county->n_tables; i++)
    if (county->tables[i].entity)
      forget_pieces (&county->tables[i]);
  link_collections (county);
}
