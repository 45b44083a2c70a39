#include "web/download.h"

void
download_begin (const WebRequest *request, WebResponse *response, const char *type, const char *name)
{
  response->content_type = type;
  web_response_header (response, "Content-Disposition",
                       arena_printf (request->arena, "attachment; filename=\"%s\"", name));
}

bool
download_table (const WebRequest *request, WebResponse *response, SheetWriter *table, SheetFormat format,
                const char *name, GError **error)
{
  static const struct {
    const char *type, *ending;
  } kinds[] = { { "text/csv; charset=utf-8", "csv" },
                { "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", "xlsx" } };
  if (!sheet_writer_finish (table, error))
    return false;
  download_begin (request, response, kinds[format].type,
                  arena_printf (request->arena, "%s.%s", name, kinds[format].ending));
  return true;
}

bool
download_rows (const WebRequest *request, WebResponse *response, const char *const *columns, size_t n,
               const char *const *const *rows, size_t n_rows, const char *name, GError **error)
{
  g_autoptr (SheetWriter) table = sheet_writer_new (SHEET_CSV, sheet_sink_string, response->body, error);
  if (!table)
    return false;
  sheet_writer_heading (table, columns, NULL, n);
  for (size_t i = 0; i < n_rows; i++)
    if (!sheet_writer_row (table, rows[i], n, error))
      return false;
  return download_table (request, response, table, SHEET_CSV, name, error);
}
