/* How many live where, on two days, in the divisions of the later one. */
#include "web/download.h"
#include "web/handlers.h"
#include "web/models.h"
#include "web/pages.h"

enum { TOWNSHIPS_COLUMNS = 6 };

static bool
read_day (const WebRequest *request, const char *name, Day otherwise, Day *day, GError **error)
{
  const char *text = web_field (&request->query, name);
  *day = otherwise;
  if (!text || !*text || civil_parse (text_of (text), day))
    return true;
  g_set_error (error, FAULT, FAULT_USAGE, "%s=%s is no date; write 2026-01-31", name, text);
  return false;
}

static bool
read_counts (const WebRequest *request, TownshipsModel *m, const RegistryDivisions *divisions, GError **error)
{
  Registry *registry = request->web->registry;
  const RegistryEntity *resident = registry_schema_entity (registry_schema (registry), "resident");
  size_t n_before, n_after;
  if (!resident) {
    g_set_error (error, FAULT, FAULT_NOT_FOUND, "the package's registry.yaml has no entity resident");
    return false;
  }
  const RegistryDivisionCount *before = registry_count_divisions (registry, request->arena, divisions,
                                                                  resident, m->from, m->to, &n_before, error);
  const RegistryDivisionCount *after
      = before ? registry_count_divisions (registry, request->arena, divisions, resident, m->to, m->to,
                                           &n_after, error)
               : NULL;
  if (!after)
    return false;
  /* both have the divisions of the later day first, in the same order, then perhaps those unknown */
  m->n = MAX (n_before, n_after);
  TownshipRow *rows = arena_new0 (request->arena, TownshipRow, m->n);
  for (size_t i = 0; i < m->n; i++) {
    const RegistryDivisionCount *b = i < n_before ? &before[i] : NULL, *a = i < n_after ? &after[i] : NULL;
    rows[i] = (TownshipRow){ .code = a ? a->code : b->code,
                             .name = a ? a->name : b->name,
                             .before = b ? b->n : 0,
                             .estimated = b ? b->estimated : 0,
                             .after = a ? a->n : 0 };
    m->all_before += rows[i].before;
    m->all_after += rows[i].after;
  }
  m->rows = rows;
  return true;
}

static bool
read_model (const WebRequest *request, TownshipsModel *m, GError **error)
{
  const RegistryDivisions *divisions = policy_divisions (request->web->package);
  if (!read_day (request, "to", request->today, &m->to, error)
      || !read_day (request, "from", civil_add_months (m->to, -12), &m->from, error))
    return false;
  if (!divisions) {
    g_set_error (error, FAULT, FAULT_NOT_FOUND,
                 "the package has no divisions.yaml: see docs/divisions-format.md");
    return false;
  }
  char from[CIVIL_TEXT_MAX], to[CIVIL_TEXT_MAX];
  m->csv = arena_printf (request->arena, "/townships.csv?from=%s&to=%s", civil_format (m->from, from),
                         civil_format (m->to, to));
  return read_counts (request, m, divisions, error);
}

bool
handle_townships (WebRequest *request, WebResponse *response, GError **error)
{
  TownshipsModel m = { 0 };
  if (!read_model (request, &m, error))
    return false;
  Page page
      = web_page (request, message_text (request->arena, request->language, MESSAGE_townships_title, NULL, 0),
                  NAV_TOWNSHIPS);
  page_townships (response->body, &page, &m);
  return true;
}

static void
write_heading (const Page *page, const TownshipsModel *m, SheetWriter *table)
{
  const char *cells[TOWNSHIPS_COLUMNS]
      = { message_text (page->arena, page->language, MESSAGE_townships_code, NULL, 0),
          message_text (page->arena, page->language, MESSAGE_townships_name, NULL, 0),
          view_day (page, m->from),
          message_text (page->arena, page->language, MESSAGE_townships_estimated, NULL, 0),
          view_day (page, m->to),
          message_text (page->arena, page->language, MESSAGE_townships_change, NULL, 0) };
  sheet_writer_heading (table, cells, NULL, TOWNSHIPS_COLUMNS);
}

bool
handle_townships_csv (WebRequest *request, WebResponse *response, GError **error)
{
  TownshipsModel m = { 0 };
  if (!read_model (request, &m, error))
    return false;
  Page page = web_page (request, "", NAV_NONE);
  g_autoptr (SheetWriter) table = sheet_writer_new (SHEET_CSV, sheet_sink_string, response->body, error);
  if (!table)
    return false;
  write_heading (&page, &m, table);
  for (size_t i = 0; i < m.n; i++) {
    const TownshipRow *row = &m.rows[i];
    const gint64 numbers[] = { row->before, row->estimated, row->after, row->after - row->before };
    const char *cells[TOWNSHIPS_COLUMNS]
        = { row->code, row->name
                           ? row->name
                           : message_text (page.arena, page.language, MESSAGE_townships_unknown, NULL, 0) };
    for (size_t k = 0; k < G_N_ELEMENTS (numbers); k++)
      cells[2 + k] = arena_printf (request->arena, "%" G_GINT64_FORMAT, numbers[k]);
    if (!sheet_writer_row (table, cells, TOWNSHIPS_COLUMNS, error))
      return false;
  }
  return download_table (request, response, table, SHEET_CSV, "townships", error);
}
