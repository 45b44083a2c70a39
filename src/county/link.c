/* References as rows, and collections as lists of rows, from the references that make them. */
#include "county/county_private.h"

/* ---- rows by number ------------------------------------------------------------------- */

/* Numbers without gaps need no index; far apart ones are searched for. */
void
link_index (Table *table)
{
  size_t n = table->n_subjects;
  g_clear_pointer (&table->by_number, g_free);
  table->highest = n ? table->numbers[n - 1] : 0;
  if (table->highest == (gint64)n || table->highest > 8 * (gint64)n)
    return;
  table->by_number = g_new0 (gint32, table->highest);
  for (size_t r = 0; r < n; r++)
    table->by_number[table->numbers[r] - 1] = (gint32)r + 1;
}

static gint64
search (const Table *table, size_t from, size_t to, gint64 number)
{
  size_t at = numbers_place (table->numbers, from, to, number);
  return at < to && table->numbers[at] == number ? (gint64)at : -1;
}

gint64
link_row (const Table *table, gint64 number)
{
  gint64 row = -1;
  if (number < 1)
    return -1;
  if (number <= table->highest)
    row = table->highest == (gint64)table->n_subjects ? number - 1
          : table->by_number                          ? table->by_number[number - 1] - 1
                                                      : search (table, 0, table->n_subjects, number);
  return row >= 0 ? row : search (table, table->n_subjects, table->table.n_rows, number);
}

/* ---- references -------------------------------------------------------------------------- */

static void
note_stranger (County *county, Table *target, gint64 number)
{
  pthread_mutex_lock (&county->lock);
  g_array_append_val (target->strangers, number);
  pthread_mutex_unlock (&county->lock);
}

static void
link_column (County *county, Table *table, Piece *piece, size_t i)
{
  Held *held = &table->held[i];
  const ChunkColumn *part = &piece->chunk.columns[i];
  Table *target = table_of (county, held->attribute->target);
  gint64 numbers[COLUMNS_CHUNK];
  gint32 *rows = (gint32 *)held->values + piece->first;
  chunk_values (&piece->chunk, part, 0, sizeof *numbers, numbers);
  if (!part->any) {
    memset (rows, 0, piece->chunk.n * sizeof *rows);
    return;
  }
  for (size_t r = 0; r < piece->chunk.n; r++) {
    gint64 row = link_row (target, numbers[r]);
    if (row < 0) {
      note_stranger (county, target, numbers[r]);
      piece->strangers = true;
    }
    rows[r] = (gint32)MAX (row, 0);
  }
}

static void
link_piece (County *county, Table *table, Piece *piece)
{
  piece->strangers = false;
  for (size_t i = 0; i < table->n_stored; i++)
    if (table->columns[i].kind == COLUMNS_REFERENCE)
      link_column (county, table, piece, i);
}

typedef struct {
  County *county;
  Table *table;
} Links;

static void
link_task (gpointer data, size_t task, unsigned thread)
{
  Links *links = data;
  link_piece (links->county, links->table, &g_array_index (links->table->pieces, Piece, task));
}

/* Rows for those of whom nothing is recorded, in order of numbers behind the subjects. */
static void
add_strangers (Table *table)
{
  GArray *strangers = table->strangers;
  size_t first = table->n_subjects;
  numbers_sort (strangers);
  table_reserve (table, first + strangers->len);
  for (guint i = 0; i < strangers->len; i++)
    table->numbers[first + i] = g_array_index (strangers, gint64, i);
  table->table.n_rows = first + strangers->len;
  for (size_t r = first; r < table->table.n_rows; r++)
    for (size_t i = 0; i < table->n_stored; i++)
      held_set_absent (table, i, r);
  g_array_set_size (strangers, 0);
}

void
link_references (County *county)
{
  for (size_t t = 0; t < county->n_tables; t++)
    if (county->tables[t].entity) {
      Links links = { county, &county->tables[t] };
      work_share (county->n_threads, links.table->pieces->len, link_task, &links);
    }
  for (size_t t = 0; t < county->n_tables; t++)
    if (county->tables[t].entity)
      add_strangers (&county->tables[t]);
  for (size_t t = 0; t < county->n_tables; t++)
    for (guint p = 0; county->tables[t].entity && p < county->tables[t].pieces->len; p++) {
      Piece *piece = &g_array_index (county->tables[t].pieces, Piece, p);
      if (piece->strangers)
        link_piece (county, &county->tables[t], piece);
    }
}

/* ---- collections --------------------------------------------------------------------------- */

/* Counted, then put in place: members of a row come in the order of their own rows. */
static void
link_members (Held *held, ColumnsColumn *column, size_t n_rows, const ColumnsTable *members,
              const ColumnsColumn *reference)
{
  const gint32 *rows = reference->values;
  guint32 *offsets = held->offsets;
  for (size_t r = 0; r < members->n_rows; r++)
    if (column_leads (reference, r))
      offsets[rows[r] + 1]++;
  guint32 most = 0;
  for (size_t r = 0; r < n_rows; r++) {
    most = MAX (most, offsets[r + 1]);
    offsets[r + 1] += offsets[r];
  }
  column->most = MAX (column->most, (size_t)rounded_up (most)); /* once described, it holds */
  held->values = g_malloc_n (MAX (offsets[n_rows], 1), sizeof (gint32));
  g_autofree guint32 *next = g_memdup2 (offsets, n_rows * sizeof *offsets);
  for (size_t r = 0; r < members->n_rows; r++)
    if (column_leads (reference, r))
      ((gint32 *)held->values)[next[rows[r]]++] = (gint32)r;
}

void
link_collection (const County *county, Table *table, size_t i)
{
  Held *held = &table->held[i];
  ColumnsColumn *column = &table->columns[i];
  size_t n = table->table.n_rows;
  g_free (held->values);
  g_free (held->offsets);
  g_clear_pointer (&held->unknown, g_free);
  held->offsets = g_new0 (guint32, n + 1);
  column->has_unknown = held->absent.state == REGISTRY_UNSTATED && n;
  if (held->absent.state == REGISTRY_UNSTATED) {
    held->unknown = g_malloc (MAX (table->capacity, 1));
    memset (held->unknown, 0xff, n);
    held->values = g_malloc0 (sizeof (gint32));
  } else
    link_members (held, column, n, county_table (county, held->attribute->target),
                  county_column (county, held->attribute->via));
  column->unknown = held->unknown;
  column->offsets = held->offsets;
  column->values = held->values;
}

typedef struct {
  const County *county;
  GArray *tables, *columns; /* Table *, size_t: of each collection */
} Collections;

static void
collection_task (gpointer data, size_t task, unsigned thread)
{
  const Collections *c = data;
  link_collection (c->county, g_array_index (c->tables, Table *, task),
                   g_array_index (c->columns, size_t, task));
}

void
link_collections (County *county)
{
  g_autoptr (GArray) tables = g_array_new (FALSE, FALSE, sizeof (Table *));
  g_autoptr (GArray) columns = g_array_new (FALSE, FALSE, sizeof (size_t));
  for (size_t t = 0; t < county->n_tables; t++) {
    Table *table = &county->tables[t];
    for (size_t i = table->n_stored; table->entity && i < table->table.n_columns; i++) {
      g_array_append_val (tables, table);
      g_array_append_val (columns, i);
    }
  }
  work_share (county->n_threads, tables->len, collection_task, &(Collections){ county, tables, columns });
}
