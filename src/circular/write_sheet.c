/* The task table for spreadsheets, and what is known of the document itself. */
#include "reading.h"

enum { CELL_MAX = 32767 /* a workbook's limit, in UTF-16 units */ };

/* CELL as far as a workbook holds it. */
static Text
fitting (const char *cell)
{
  Text text = text_of (cell);
  size_t n = 0, units = 0;
  while (n < text.len && (units += char_at (text, n) > 0xFFFF ? 2 : 1) <= CELL_MAX)
    n = char_next (text, n);
  return text_slice (text, 0, n);
}

static bool
put_tasks (const Circular *circular, SheetWriter *out, GError **error)
{
  static const double widths[TASK_COLUMNS] = { 24, 8, 28, 64, 14, 20, 40, 24 };
  g_autoptr (Arena) arena = arena_new ();
  g_autoptr (GArray) rows = task_rows (arena, circular);
  sheet_writer_sheet (out, "任务分解表");
  sheet_writer_heading (out, task_headings, widths, TASK_COLUMNS);
  for (guint i = 0; i < rows->len; i++) {
    for (int column = 0; column < TASK_COLUMNS; column++)
      sheet_writer_text (out, fitting (task_cell (arena, &g_array_index (rows, TaskRow, i), column)));
    if (!sheet_writer_end_row (out, error))
      return false;
  }
  return true;
}

static const char *
listed (Arena *arena, const char *const *names, size_t n)
{
  g_autoptr (GString) out = g_string_new (NULL);
  for (size_t i = 0; i < n; i++)
    g_string_append_printf (out, "%s%s", i ? "\n" : "", names[i]);
  return arena_text (arena, text_of (out->str));
}

static bool
put_document (const Circular *circular, SheetWriter *out, GError **error)
{
  g_autoptr (Arena) arena = arena_new ();
  const struct {
    const char *name, *value;
  } lines[] = {
    { "发文字号", circular->document_number },
    { "发文机关", circular->issuer },
    { "标题", circular->title },
    { "成文日期", circular->date },
    { "公开属性", circular->openness },
    { "主送机关", listed (arena, circular->addressees, circular->n_addressees) },
    { "抄送机关", listed (arena, circular->copies_to, circular->n_copies_to) },
    { "附件", listed (arena, circular->annexes, circular->n_annexes) },
    { "印发", circular->print_line },
  };
  sheet_writer_sheet (out, "公文信息");
  sheet_writer_heading (out, (const char *const[]){ "项目", "内容" }, (const double[]){ 14, 80 }, 2);
  for (guint i = 0; i < G_N_ELEMENTS (lines); i++) {
    sheet_writer_text (out, text_of (lines[i].name));
    sheet_writer_text (out, fitting (lines[i].value ? lines[i].value : ""));
    if (!sheet_writer_end_row (out, error))
      return false;
  }
  return true;
}

bool
circular_write_sheet (const Circular *circular, SheetFormat format, GString *out, GError **error)
{
  g_autoptr (SheetWriter) writer = sheet_writer_new (format, sheet_sink_string, out, error);
  return writer && put_tasks (circular, writer, error)
         && (format == SHEET_CSV || put_document (circular, writer, error))
         && sheet_writer_finish (writer, error);
}
