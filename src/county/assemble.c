/* Chunks become arrays: first the descriptions, which look at all chunks' heads, then the
 * values, chunk by chunk. */
#include "county/county_private.h"

/* ---- descriptions --------------------------------------------------------------------- */

guint32 *
held_learn_texts (Held *held, const ChunkColumn *part)
{
  guint32 *codes = g_new (guint32, part->n_texts);
  const guint8 *at = part->texts;
  for (guint32 i = 0; i < part->n_texts; i++)
    codes[i] = dictionary_code (held->texts, chunk_text (&at));
  return codes;
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
      piece->codes[i] = held_learn_texts (held, part);
    min = part->any ? MIN (min, part->min) : min;
    max = part->any ? MAX (max, part->max) : max;
  }
  if (held->texts)
    held_settle_texts (table, i);
  else if (column->kind == COLUMNS_NUMBER || column->kind == COLUMNS_DATE)
    held_settle (table, i, min <= max ? min : 0, min <= max ? max : 0);
  column->values = held->values = g_malloc_n (table->capacity, column->width);
  if (none)
    held_mask (table, i, ROW_NONE);
  if (unknown)
    held_mask (table, i, ROW_UNKNOWN);
}

/* ---- values ------------------------------------------------------------------------------ */

static void
fill_column (Table *table, const Piece *piece, size_t i)
{
  Held *held = &table->held[i];
  const ColumnsColumn *column = &table->columns[i];
  const ChunkColumn *part = &piece->chunk.columns[i];
  if (held->none)
    chunk_mask (&piece->chunk, part->none, part->none_bits, held->none + piece->first);
  if (held->unknown)
    chunk_mask (&piece->chunk, part->unknown, part->unknown_bits, held->unknown + piece->first);
  if (column->kind == COLUMNS_REFERENCE)
    return; /* link.c */
  guint8 *to = held->values + piece->first * column->width;
  if (held->texts && part->any)
    unpack_codes (part->packed, part->bits, part->min, piece->chunk.n, piece->codes[i], column->width, to);
  else
    chunk_values (&piece->chunk, part, column->min, column->width, to);
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
  table->capacity = table_room (n);
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

int
piece_compare (gconstpointer a, gconstpointer b)
{
  gint64 x = ((const Piece *)a)->index, y = ((const Piece *)b)->index;
  return (x > y) - (x < y);
}

void
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
