/* The sharing catalogue: page, CSV, JSON. */
#include "web/determine.h"
#include "web/download.h"
#include "web/handlers.h"
#include "web/models.h"
#include "web/pages.h"

#include <string.h>

/* ---- choosing ---------------------------------------------------------- */

static void
add_name (GPtrArray *names, const char *name)
{
  if (!g_ptr_array_find_with_equal_func (names, name, g_str_equal, NULL))
    g_ptr_array_add (names, (gpointer)(gsize)name);
}

static void
add_readers (GPtrArray *names, const PolicyClause *clause)
{
  add_name (names, clause->lead);
  for (size_t i = 0; clause->supporting && clause->supporting[i]; i++)
    add_name (names, clause->supporting[i]);
}

/* The uses of CLAUSE that the filter of M lets through. */
static SharingClause
choose_uses (const WebRequest *request, const SharingModel *m, const PolicyClause *clause,
             const PolicyUse *uses, size_t n)
{
  PolicyUse *chosen = arena_new0 (request->arena, PolicyUse, n);
  SharingClause group = { .clause = clause, .uses = chosen };
  if ((m->clause && m->clause != clause)
      || (m->department && !policy_clause_is_answered_by (clause, m->department)))
    return group;
  for (size_t i = 0; i < n; i++)
    if (!m->source || g_str_equal (uses[i].attribute->source, m->source))
      chosen[group.n++] = uses[i];
  return group;
}

static const char *
chosen_path (Arena *arena, const char *path, const SharingModel *m)
{
  g_autoptr (GString) address = g_string_new (path);
  char separator = '?';
  const struct {
    const char *name, *value;
  } fields[] = { { "department", m->department }, { "source", m->source } };
  if (m->clause) {
    g_string_append_printf (address, "?clause=%d", m->clause->number);
    separator = '&';
  }
  for (size_t i = 0; i < G_N_ELEMENTS (fields); i++) {
    if (!fields[i].value)
      continue;
    g_string_append_printf (address, "%c%s=", separator, fields[i].name);
    html_write (address, html_value_string (fields[i].value), HTML_URL_PART);
    separator = '&';
  }
  return arena_text (arena, (Text){ address->str, address->len });
}

static const char *
filled_field (const WebRequest *request, const char *name)
{
  const char *value = web_field (&request->query, name);
  return value && *value ? value : NULL;
}

static bool
choose (const WebRequest *request, SharingModel *m, GError **error)
{
  size_t n_clauses;
  const PolicyClause *const *clauses = policy_pages (request->web->package, &n_clauses);
  const PolicyClause **reading = arena_new0 (request->arena, const PolicyClause *, n_clauses);
  SharingClause *groups = arena_new0 (request->arena, SharingClause, n_clauses);
  g_autoptr (GPtrArray) departments = g_ptr_array_new (), sources = g_ptr_array_new ();
  const char *clause = filled_field (request, "clause");
  *m = (SharingModel){ .department = filled_field (request, "department"),
                       .source = filled_field (request, "source"),
                       .clauses = reading,
                       .groups = groups };
  if (clause && !(m->clause = web_find_clause (request, clause, error)))
    return false;
  for (size_t i = 0; i < n_clauses; i++) {
    size_t n;
    const PolicyUse *uses = policy_clause_uses (request->web->package, request->arena, clauses[i], &n);
    if (!n)
      continue;
    reading[m->n_clauses++] = clauses[i];
    add_readers (departments, clauses[i]);
    for (size_t k = 0; k < n; k++)
      add_name (sources, uses[k].attribute->source);
    groups[m->n_groups] = choose_uses (request, m, clauses[i], uses, n);
    m->n_facts += groups[m->n_groups].n;
    m->n_groups += groups[m->n_groups].n > 0;
  }
  m->departments = arena_copy (request->arena, departments->pdata, departments->len * sizeof (gpointer));
  m->n_departments = departments->len;
  m->sources = arena_copy (request->arena, sources->pdata, sources->len * sizeof (gpointer));
  m->n_sources = sources->len;
  m->csv = chosen_path (request->arena, "/sharing.csv", m);
  m->json = chosen_path (request->arena, "/api/v1/sharing", m);
  return true;
}

bool
handle_sharing (WebRequest *request, WebResponse *response, GError **error)
{
  SharingModel m;
  if (!choose (request, &m, error))
    return false;
  Page page = web_page (
      request, message_text (request->arena, request->language, MESSAGE_sharing_title, NULL, 0), NAV_SHARING);
  page_sharing (response->body, &page, &m);
  return true;
}

/* ---- for programs ------------------------------------------------------ */

enum { SHARING_COLUMNS = 8 };

static void
write_heading (const Page *page, SheetWriter *table)
{
  static const Message messages[SHARING_COLUMNS]
      = { MESSAGE_clauses_clause,      MESSAGE_tasks_clause_title, MESSAGE_tasks_lead_unit,
          MESSAGE_tasks_supporting,    MESSAGE_sharing_fact,       MESSAGE_sharing_source,
          MESSAGE_sharing_sensitivity, MESSAGE_sharing_why };
  const char *cells[SHARING_COLUMNS];
  for (size_t i = 0; i < SHARING_COLUMNS; i++)
    cells[i] = message_text (page->arena, page->language, messages[i], NULL, 0);
  sheet_writer_heading (table, cells, NULL, SHARING_COLUMNS);
}

static bool
write_uses (const Page *page, const SharingModel *m, SheetWriter *table, GError **error)
{
  for (size_t g = 0; g < m->n_groups; g++)
    for (size_t i = 0; i < m->groups[g].n; i++) {
      const PolicyUse *use = &m->groups[g].uses[i];
      const char *cells[SHARING_COLUMNS] = { view_clause_label (page, use->clause),
                                             page_text (page, use->clause->title),
                                             use->clause->lead,
                                             view_list (page, use->clause->supporting),
                                             view_attribute_name (page, use->attribute),
                                             use->attribute->source,
                                             view_sensitivity (page, use->attribute->sensitivity),
                                             view_use (page, use) };
      if (!sheet_writer_row (table, cells, SHARING_COLUMNS, error))
        return false;
    }
  return true;
}

bool
handle_sharing_csv (WebRequest *request, WebResponse *response, GError **error)
{
  SharingModel m;
  if (!choose (request, &m, error))
    return false;
  Page page = web_page (request, "", NAV_NONE);
  g_autoptr (SheetWriter) table = sheet_writer_new (SHEET_CSV, sheet_sink_string, response->body, error);
  if (!table)
    return false;
  write_heading (&page, table);
  return write_uses (&page, &m, table, error)
         && download_table (request, response, table, SHEET_CSV, "sharing", error);
}

static void
write_use (JsonWriter *w, const PolicyUse *use)
{
  json_begin_object (w);
  json_member_int (w, "clause", use->clause->number);
  json_member_str (w, "lead", use->clause->lead);
  json_key (w, "supporting");
  json_begin_array (w);
  for (size_t i = 0; use->clause->supporting && use->clause->supporting[i]; i++)
    json_str (w, use->clause->supporting[i]);
  json_end_array (w);
  json_member_str (w, "entity", use->attribute->entity->id);
  json_member_str (w, "attribute", use->attribute->id);
  json_key (w, "name");
  json_begin_object (w);
  json_member_str (w, "zh", use->attribute->zh);
  json_member_str (w, "en", use->attribute->en);
  json_end_object (w);
  json_member_str (w, "source", use->attribute->source);
  json_member_str (w, "sensitivity", view_sensitivity_id (use->attribute->sensitivity));
  json_key (w, "decisions");
  json_begin_array (w);
  for (size_t i = 0; i < use->n_decisions; i++)
    json_text (w, use->decisions[i]->name);
  json_end_array (w);
  json_key (w, "declared");
  json_begin_array (w);
  for (int d = POLICY_IDENTITY; d <= POLICY_MATERIAL; d++)
    if (use->declared[d])
      json_str (w, policy_field_use_id ((PolicyFieldUse)d));
  json_end_array (w);
  json_end_object (w);
}

bool
handle_api_sharing (WebRequest *request, WebResponse *response, GError **error)
{
  SharingModel m;
  if (!choose (request, &m, error))
    return false;
  response->content_type = "application/json";
  g_autoptr (JsonWriter) w = json_writer_new (response->body, 2);
  json_begin_object (w);
  json_member_str (w, "package", policy_hash (request->web->package));
  json_member_int (w, "count", (gint64)m.n_facts);
  json_key (w, "facts");
  json_begin_array (w);
  for (size_t g = 0; g < m.n_groups; g++)
    for (size_t i = 0; i < m.groups[g].n; i++)
      write_use (w, &m.groups[g].uses[i]);
  json_end_array (w);
  json_end_object (w);
  return true;
}
