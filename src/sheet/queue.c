/* Rows parsed and not yet handed out.  Nothing is allocated per cell: the three
 * arrays grow to what one piece of the file needs and stay. */
#include "sheet/sheet_private.h"

void
queue_clear (Queue *queue)
{
  g_free (queue->bytes);
  g_free (queue->cells);
  g_free (queue->rows);
  g_free (queue->texts);
}

static void
reserve_bytes (Queue *queue, size_t more)
{
  if (queue->size - queue->len >= more)
    return;
  queue->size = MAX (queue->size * 2, queue->len + more + 65536);
  queue->bytes = g_realloc (queue->bytes, queue->size);
}

bool
queue_cell (Queue *queue, Text text, const char **why)
{
  if (text.len > SHEET_CELL_MAX)
    *why = "the cell is longer than 1 MiB";
  else if (queue->len - queue->row_bytes + text.len > SHEET_ROW_MAX)
    *why = "the row is longer than 4 MiB";
  else if (queue_row_size (queue) >= SHEET_COLUMNS_MAX)
    *why = "the row has more than 16384 columns";
  else {
    reserve_bytes (queue, text.len + 1);
    if (queue->n_cells == queue->size_cells) {
      queue->size_cells = MAX (queue->size_cells * 2, 1024);
      queue->cells = g_realloc_n (queue->cells, queue->size_cells, sizeof *queue->cells);
    }
    if (text.len)
      memcpy (queue->bytes + queue->len, text.bytes, text.len);
    queue->cells[queue->n_cells++] = (struct QueueCell){ queue->len, text.len };
    queue->len += text.len;
    return true;
  }
  return false;
}

void
queue_end_row (Queue *queue, gint64 number)
{
  if (queue->len == queue->row_bytes) { /* not one letter in it */
    queue->n_cells = queue->row_cells;
    return;
  }
  if (queue->n_rows == queue->size_rows) {
    queue->size_rows = MAX (queue->size_rows * 2, 256);
    queue->rows = g_realloc_n (queue->rows, queue->size_rows, sizeof *queue->rows);
  }
  queue->rows[queue->n_rows++]
      = (struct QueueRow){ number, queue->row_cells, queue->n_cells - queue->row_cells };
  queue->row_cells = queue->n_cells;
  queue->row_bytes = queue->len;
}

/* All whole rows are handed out: the unfinished one moves to the front. */
static void
forget_rows (Queue *queue)
{
  size_t cells = queue->n_cells - queue->row_cells, bytes = queue->len - queue->row_bytes;
  for (size_t i = 0; i < cells; i++) {
    queue->cells[i] = queue->cells[queue->row_cells + i];
    queue->cells[i].offset -= queue->row_bytes;
  }
  if (bytes)
    memmove (queue->bytes, queue->bytes + queue->row_bytes, bytes);
  queue->n_cells = cells;
  queue->len = bytes;
  queue->row_cells = queue->row_bytes = queue->n_rows = queue->next = 0;
}

bool
queue_take (Queue *queue, SheetRow *row)
{
  if (queue->next == queue->n_rows) {
    forget_rows (queue);
    return false;
  }
  const struct QueueRow *found = &queue->rows[queue->next++];
  if (found->n > queue->size_texts) {
    queue->size_texts = MAX (found->n, 64);
    queue->texts = g_renew (Text, queue->texts, queue->size_texts);
  }
  for (size_t i = 0; i < found->n; i++) {
    const struct QueueCell *cell = &queue->cells[found->first + i];
    queue->texts[i] = (Text){ queue->bytes + cell->offset, cell->len };
  }
  *row = (SheetRow){ found->number, found->n, queue->texts };
  return true;
}
