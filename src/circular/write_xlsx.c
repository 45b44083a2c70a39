#include "reading.h"

#include <errno.h>
#include <stdio.h>

#include <xlsxwriter.h>

/* Cells are always written as strings, which no spreadsheet computes; the
 * apostrophe keeps that true when the sheet is saved as CSV. */

typedef struct {
  lxw_workbook *book;
  lxw_format *heading, *wrapped;
  Arena *arena;
} Book;

enum { CELL_MAX = 32767 /* Excel's limit, in UTF-16 units */ };

static void
put (const Book *b, lxw_worksheet *sheet, guint row, int column, const char *cell, lxw_format *format)
{
  Text text = text_of (task_defused (b->arena, cell));
  size_t n = 0;
  for (size_t units = 0; n < text.len; n = char_next (text, n)) {
    units += char_at (text, n) > 0xFFFF ? 2 : 1;
    if (units > CELL_MAX)
      break;
  }
  worksheet_write_string (sheet, row, (lxw_col_t)column, arena_text (b->arena, text_slice (text, 0, n)),
                          format);
}

static void
put_tasks (const Book *b, const Circular *circular)
{
  static const double widths[TASK_COLUMNS] = { 24, 8, 28, 64, 14, 20, 40, 24 };
  lxw_worksheet *sheet = workbook_add_worksheet (b->book, "任务分解表");
  g_autoptr (GArray) rows = task_rows (b->arena, circular);
  for (int column = 0; column < TASK_COLUMNS; column++) {
    worksheet_set_column (sheet, (lxw_col_t)column, (lxw_col_t)column, widths[column], NULL);
    put (b, sheet, 0, column, task_headings[column], b->heading);
  }
  for (guint i = 0; i < rows->len; i++)
    for (int column = 0; column < TASK_COLUMNS; column++)
      put (b, sheet, i + 1, column, task_cell (b->arena, &g_array_index (rows, TaskRow, i), column),
           b->wrapped);
  worksheet_freeze_panes (sheet, 1, 0);
  worksheet_autofilter (sheet, 0, 0, rows->len, TASK_COLUMNS - 1);
}

static const char *
listed (Arena *arena, const char *const *names, size_t n)
{
  g_autoptr (GString) out = g_string_new (NULL);
  for (size_t i = 0; i < n; i++)
    g_string_append_printf (out, "%s%s", i ? "\n" : "", names[i]);
  return arena_text (arena, text_of (out->str));
}

static void
put_document (const Book *b, const Circular *circular)
{
  const struct {
    const char *name, *value;
  } lines[] = {
    { "发文字号", circular->document_number },
    { "发文机关", circular->issuer },
    { "标题", circular->title },
    { "成文日期", circular->date },
    { "公开属性", circular->openness },
    { "主送机关", listed (b->arena, circular->addressees, circular->n_addressees) },
    { "抄送机关", listed (b->arena, circular->copies_to, circular->n_copies_to) },
    { "附件", listed (b->arena, circular->annexes, circular->n_annexes) },
    { "印发", circular->print_line },
  };
  lxw_worksheet *sheet = workbook_add_worksheet (b->book, "公文信息");
  worksheet_set_column (sheet, 0, 0, 14, NULL);
  worksheet_set_column (sheet, 1, 1, 80, NULL);
  for (guint i = 0; i < G_N_ELEMENTS (lines); i++) {
    put (b, sheet, i, 0, lines[i].name, b->heading);
    put (b, sheet, i, 1, lines[i].value ? lines[i].value : "", b->wrapped);
  }
}

bool
circular_write_xlsx (const Circular *circular, const char *path, GError **error)
{
  FILE *file = fopen (path, "wb"); /* the library would tell a failure on standard error */
  if (!file || fclose (file) != 0) {
    g_set_error (error, FAULT, FAULT_SYSTEM, "%s: %s; choose a folder that can be written", path,
                 g_strerror (errno));
    return false;
  }
  g_autoptr (Arena) arena = arena_new ();
  Book b = { .arena = arena, .book = workbook_new (path) };
  b.heading = workbook_add_format (b.book);
  format_set_bold (b.heading);
  format_set_align (b.heading, LXW_ALIGN_VERTICAL_TOP);
  b.wrapped = workbook_add_format (b.book);
  format_set_text_wrap (b.wrapped);
  format_set_align (b.wrapped, LXW_ALIGN_VERTICAL_TOP);
  put_tasks (&b, circular);
  put_document (&b, circular);
  lxw_error status = workbook_close (b.book);
  if (status != LXW_NO_ERROR)
    g_set_error (error, FAULT, FAULT_SYSTEM,
                 "%s: the workbook cannot be written (%s); check the folder and the space", path,
                 lxw_strerror (status));
  return status == LXW_NO_ERROR;
}
