#include "web/download.h"

#include <string.h>

void
download_begin (const WebRequest *request, WebResponse *response, const char *type, const char *name)
{
  response->content_type = type;
  web_response_header (response, "Content-Disposition",
                       arena_printf (request->arena, "attachment; filename=\"%s\"", name));
}

void
download_begin_csv (const WebRequest *request, WebResponse *response, const char *name)
{
  download_begin (request, response, "text/csv; charset=utf-8", name);
  /* Without the byte-order mark, spreadsheets take it for GBK. */
  g_string_append (response->body, "\xEF\xBB\xBF");
}

static void
write_cell (GString *out, const char *cell)
{
  /* OWASP, CSV injection: these begin a formula. */
  const char *guard = *cell && strchr ("=+-@\t\r", *cell) ? "'" : "";
  if (!strpbrk (cell, ",\"\r\n")) {
    g_string_append_printf (out, "%s%s", guard, cell);
    return;
  }
  g_string_append_printf (out, "\"%s", guard);
  for (const char *p = cell; *p; p++)
    g_string_append_printf (out, *p == '"' ? "\"\"" : "%c", *p);
  g_string_append_c (out, '"');
}

void
download_csv_row (WebResponse *response, const char *const *cells, size_t n)
{
  for (size_t i = 0; i < n; i++) {
    if (i)
      g_string_append_c (response->body, ',');
    write_cell (response->body, cells[i] ? cells[i] : "");
  }
  g_string_append (response->body, "\r\n");
}
