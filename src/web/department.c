/* The head of an office: how its matters stand, and what was late. */
#include "web/case_parts.h"
#include "web/download.h"
#include "web/handlers.h"
#include "web/pages.h"

enum { LATE_SHOWN = 50, MONTHS_LOOKED_AT = 12 };

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
  const CaseCount *counts
      = cases_counts (cases, request->arena, request->account, m->office, false, &n, error);
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

/* ---- how long decisions took -------------------------------------------------- */

static bool
read_day (const WebRequest *request, const char *name, Day otherwise, Day *day, GError **error)
{
  const char *text = web_field (&request->query, name);
  *day = otherwise;
  if (!text || !*text || civil_parse (text_of (text), day))
    return true;
  g_set_error (error, FAULT, FAULT_INPUT, "%s=%s is no date; write 2026-01-31", name, text);
  return false;
}

static bool
read_period (const WebRequest *request, DepartmentModel *m, GError **error)
{
  char from[CIVIL_TEXT_MAX], to[CIVIL_TEXT_MAX];
  const char *matter = web_field (&request->query, "matter");
  if (!read_day (request, "to", request->today, &m->to, error)
      || !read_day (request, "from", civil_add_months (m->to, -MONTHS_LOOKED_AT), &m->from, error))
    return false;
  m->matter = matter && *matter ? matter : NULL;
  g_autofree char *office = g_uri_escape_string (m->office, NULL, FALSE);
  m->csv = arena_printf (request->arena, "/desk/department.csv?office=%s&from=%s&to=%s", office,
                         civil_format (m->from, from), civil_format (m->to, to));
  if (m->from <= m->to)
    return true;
  g_set_error (error, FAULT, FAULT_INPUT, "from=%s is after to=%s", from, to);
  return false;
}

/* CODE where the package does not name it; "" where none is on record. */
static const char *
place_of (const WebRequest *request, const DepartmentModel *m, const char *code)
{
  const RegistryDivisions *divisions = policy_divisions (request->web->package);
  const char *name = divisions && code ? registry_division_name (divisions, code, m->to) : NULL;
  return name ? name : code;
}

static bool
read_times (const WebRequest *request, DepartmentModel *m, GError **error)
{
  if (!read_period (request, m, error))
    return false;
  const CaseFigure *figures = cases_figures (request->web->cases, request->arena, request->account, m->office,
                                             m->from, m->to, &m->n_times, error);
  DepartmentTime *times = arena_new0 (request->arena, DepartmentTime, m->n_times);
  for (size_t i = 0; figures && i < m->n_times; i++)
    times[i] = (DepartmentTime){ .figure = &figures[i],
                                 .matter = policy_matter (request->web->package, figures[i].matter),
                                 .place = place_of (request, m, figures[i].township) };
  m->times = times;
  return figures;
}

/* The number of KIND's limit in words of a table: "20"; "" where none is said. */
static const char *
limit_cell (const WebRequest *request, const DepartmentTime *time, PolicyLimitKind kind, Day day)
{
  PolicyTimeUnit unit;
  int n = time->matter ? policy_limit_at (&time->matter->limits[kind], day, &unit) : -1;
  return n < 0 ? "" : arena_printf (request->arena, "%d %s", n, policy_time_unit_id (unit));
}

static const char *
hundredths_cell (const WebRequest *request, const CaseFigure *f, gint64 hundredths)
{
  return f->measured ? arena_printf (request->arena, "%" G_GINT64_FORMAT ".%02d", hundredths / 100,
                                     (int)(hundredths % 100))
                     : "";
}

bool
handle_department_csv (WebRequest *request, WebResponse *response, GError **error)
{
  static const char *const columns[]
      = { "matter", "name",      "township", "place",     "unit",          "decided",       "measured",
          "mean",   "within_90", "promised", "statutory", "late_promised", "late_statutory" };
  DepartmentModel m = { .office = read_office (request, error) };
  if (!m.office || !read_times (request, &m, error))
    return false;
  const char *const **rows = arena_new0 (request->arena, const char *const *, m.n_times);
  for (size_t i = 0; i < m.n_times; i++) {
    const DepartmentTime *time = &m.times[i];
    const CaseFigure *f = time->figure;
    const gint64 counts[] = { f->decided, f->measured, f->late_promised, f->late_statutory };
    const char *numbers[G_N_ELEMENTS (counts)];
    for (size_t k = 0; k < G_N_ELEMENTS (counts); k++)
      numbers[k] = arena_printf (request->arena, "%" G_GINT64_FORMAT, counts[k]);
    const char *cells[] = { f->matter,
                            time->matter ? web_text (request, time->matter->name) : "",
                            f->township ? f->township : "*",
                            time->place ? time->place : "",
                            clock_unit_id (f->unit),
                            numbers[0],
                            numbers[1],
                            hundredths_cell (request, f, f->mean),
                            hundredths_cell (request, f, f->within),
                            limit_cell (request, time, POLICY_LIMIT_PROMISED, m.to),
                            limit_cell (request, time, POLICY_LIMIT_STATUTORY, m.to),
                            numbers[2],
                            numbers[3] };
    rows[i] = arena_copy (request->arena, cells, sizeof cells);
  }
  return download_rows (request, response, columns, G_N_ELEMENTS (columns), rows, m.n_times, "times", error);
}

/* ---- the page ------------------------------------------------------------------ */

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
  if (m.office && (!read_figures (request, &m, error) || !read_times (request, &m, error)))
    return false;
  if (!request->account->department)
    list_offices (request, &m);
  Page page = web_page (request,
                        message_text (request->arena, request->language, MESSAGE_department_title, NULL, 0),
                        NAV_DEPARTMENT);
  page_department (response->body, &page, &m);
  return true;
}

static void
write_limit (JsonWriter *w, const char *key, const DepartmentTime *time, PolicyLimitKind kind, Day day)
{
  PolicyTimeUnit unit;
  int n = time->matter ? policy_limit_at (&time->matter->limits[kind], day, &unit) : -1;
  json_key (w, key);
  if (n < 0) {
    json_null (w);
    return;
  }
  json_begin_object (w);
  json_member_int (w, "number", n);
  json_member_str (w, "unit", policy_time_unit_id (unit));
  json_end_object (w);
}

static void
write_hundredths (JsonWriter *w, const char *key, const CaseFigure *f, gint64 hundredths)
{
  json_key (w, key);
  if (f->measured)
    json_decimal (w, decimal_from_scaled (hundredths, 2));
  else
    json_null (w);
}

static void
write_times (JsonWriter *w, const DepartmentModel *m)
{
  char day[CIVIL_TEXT_MAX];
  json_member_str (w, "from", civil_format (m->from, day));
  json_member_str (w, "to", civil_format (m->to, day));
  json_member_array (w, "times");
  for (size_t i = 0; i < m->n_times; i++) {
    const DepartmentTime *time = &m->times[i];
    const CaseFigure *f = time->figure;
    json_begin_object (w);
    json_member_str (w, "matter", f->matter);
    json_member_str (w, "township", f->township);
    json_member_str (w, "unit", clock_unit_id (f->unit));
    json_member_int (w, "decided", f->decided);
    json_member_int (w, "measured", f->measured);
    write_hundredths (w, "mean", f, f->mean);
    write_hundredths (w, "within_90", f, f->within);
    write_limit (w, "promised", time, POLICY_LIMIT_PROMISED, m->to);
    write_limit (w, "statutory", time, POLICY_LIMIT_STATUTORY, m->to);
    json_member_int (w, "late_promised", f->late_promised);
    json_member_int (w, "late_statutory", f->late_statutory);
    json_end_object (w);
  }
  json_end_array (w);
}

bool
handle_api_department (WebRequest *request, WebResponse *response, GError **error)
{
  DepartmentModel m = { .office = read_office (request, error) };
  if (!m.office || !read_figures (request, &m, error) || !read_times (request, &m, error))
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
  write_times (w, &m);
  json_end_object (w);
  return true;
}
