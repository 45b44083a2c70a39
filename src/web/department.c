/* The head of an office: how its matters stand, and what was late. */
#include "web/case_parts.h"
#include "web/handlers.h"
#include "web/pages.h"

enum { LATE_SHOWN = 50 };

/* The office asked about: one's own; the county office says which. */
static const char *
read_office (const WebRequest *request, GError **error)
{
  const char *asked = web_field (&request->query, "office");
  const char *office = asked && *asked ? asked : request->account->department;
  if (!office)
    g_set_error (error, FAULT, FAULT_INPUT, "say which office: ?office=县民政局");
  return office;
}

static bool
read_figures (const WebRequest *request, DepartmentModel *m, GError **error)
{
  size_t n;
  Cases *cases = request->web->cases;
  const CaseCount *counts = cases_counts (cases, request->arena, request->account, m->office, &n, error);
  DepartmentRow *rows = arena_new0 (request->arena, DepartmentRow, n);
  for (size_t i = 0; counts && i < n; i++) {
    DepartmentRow *row = &rows[m->n++];
    *row = (DepartmentRow){ .matter = policy_matter (request->web->package, counts[i].matter),
                            .key = counts[i].matter,
                            .count = &counts[i] };
    for (int s = 0; s < CASE_OPEN_STATES; s++)
      row->open += counts[i].states[s];
    m->open += row->open;
    m->late += counts[i].late;
    m->soon += counts[i].soon;
  }
  m->rows = rows;
  CaseFilter late = { .office = m->office, .late = true, .limit = LATE_SHOWN };
  m->escalated
      = counts ? cases_queue (cases, request->arena, request->account, &late, &m->n_escalated, error) : NULL;
  return m->escalated;
}

/* The offices that decide something, each once: for who supervises all of them. */
static void
list_offices (const WebRequest *request, DepartmentModel *m)
{
  size_t n;
  const PolicyMatter *const *matters = policy_matters (request->web->package, &n);
  const char **offices = arena_new0 (request->arena, const char *, n);
  g_autoptr (GHashTable) seen = g_hash_table_new (g_str_hash, g_str_equal);
  for (size_t i = 0; i < n; i++)
    if (g_hash_table_add (seen, (gpointer)matters[i]->body))
      offices[m->n_offices++] = matters[i]->body;
  m->offices = offices;
}

bool
handle_department (WebRequest *request, WebResponse *response, GError **error)
{
  DepartmentModel m = { .office = web_field (&request->query, "office") };
  if (!m.office || !*m.office)
    m.office = request->account->department;
  if (m.office && !read_figures (request, &m, error))
    return false;
  if (!request->account->department)
    list_offices (request, &m);
  Page page = web_page (request,
                        message_text (request->arena, request->language, MESSAGE_department_title, NULL, 0),
                        NAV_DEPARTMENT);
  page_department (response->body, &page, &m);
  return true;
}

bool
handle_api_department (WebRequest *request, WebResponse *response, GError **error)
{
  DepartmentModel m = { .office = read_office (request, error) };
  if (!m.office || !read_figures (request, &m, error))
    return false;
  response->content_type = "application/json";
  g_autoptr (JsonWriter) w = json_writer_new (response->body, 2);
  json_begin_object (w);
  json_member_str (w, "office", m.office);
  json_member_array (w, "matters");
  for (size_t i = 0; i < m.n; i++) {
    const DepartmentRow *row = &m.rows[i];
    json_begin_object (w);
    json_member_str (w, "matter", row->key);
    json_member_int (w, "open", row->open);
    json_member_int (w, "late", row->count->late);
    json_member_int (w, "soon", row->count->soon);
    json_member_int (w, "granted", row->count->granted);
    json_member_int (w, "refused", row->count->refused);
    json_member_int (w, "appealed", row->count->states[CASE_APPEALED]);
    json_end_object (w);
  }
  json_end_array (w);
  json_end_object (w);
  return true;
}
