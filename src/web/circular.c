/* The circular, and its action items as a table: page, CSV, XLSX. */
#include "web/download.h"
#include "web/handlers.h"
#include "web/models.h"
#include "web/pages.h"
#include "web/tasks.h"

bool
handle_circular (WebRequest *request, WebResponse *response, GError **error)
{
  const PolicyCircular *circular = policy_circular (request->web->package);
  Page page = web_page (
      request, message_text (request->arena, request->language, MESSAGE_nav_circular, NULL, 0), NAV_CIRCULAR);
  page_circular (response->body, &page, circular);
  return true;
}

/* ---- choosing ---------------------------------------------------------- */

static bool
row_has_unit (const TaskRow *row, const char *unit)
{
  return g_str_equal (row->lead, unit) || (row->supporting && g_strv_contains (row->supporting, unit));
}

static int
strength_of (const char *id)
{
  for (int s = POLICY_BINDING; id && s <= POLICY_ASSISTING; s++)
    if (g_str_equal (policy_strength_id ((PolicyStrength)s), id))
      return s;
  return -1;
}

/* Every action item, clause by clause, the closing paragraph last. */
static TaskRow *
all_rows (const WebRequest *request, size_t *n)
{
  size_t n_clauses, all = 0;
  const PolicyClause *const *clauses = policy_clauses (request->web->package, &n_clauses);
  const PolicyCircular *circular = policy_circular (request->web->package);
  for (size_t i = 0; i < n_clauses; i++)
    all += clauses[i]->n_actions;
  TaskRow *rows = arena_new0 (request->arena, TaskRow, all + circular->n_closing_actions);
  *n = 0;
  for (size_t i = 0; i < n_clauses; i++)
    for (size_t k = 0; k < clauses[i]->n_actions; k++)
      rows[(*n)++]
          = (TaskRow){ clauses[i], &clauses[i]->actions[k], clauses[i]->lead, clauses[i]->supporting };
  const char *const *units = circular->closing_units;
  bool named = units && units[0];
  for (size_t k = 0; k < circular->n_closing_actions; k++)
    rows[(*n)++]
        = (TaskRow){ NULL, &circular->closing_actions[k], named ? units[0] : "—", named ? units + 1 : NULL };
  return rows;
}

static void
add_unit (GPtrArray *units, const char *unit)
{
  if (!g_ptr_array_find_with_equal_func (units, unit, g_str_equal, NULL))
    g_ptr_array_add (units, (gpointer)(gsize)unit);
}

/* Every unit that some row names, once, in the document's order. */
static void
collect_units (Arena *arena, const TaskRow *rows, size_t n, TasksModel *m)
{
  g_autoptr (GPtrArray) units = g_ptr_array_new ();
  for (size_t i = 0; i < n; i++) {
    add_unit (units, rows[i].lead);
    for (size_t k = 0; rows[i].supporting && rows[i].supporting[k]; k++)
      add_unit (units, rows[i].supporting[k]);
  }
  m->units = arena_copy (arena, units->pdata, units->len * sizeof (gpointer));
  m->n_units = units->len;
}

/* Keeps in ROWS what the filter of M lets through. */
static void
filter_rows (TaskRow *rows, size_t n, TasksModel *m)
{
  for (size_t i = 0; i < n; i++)
    if ((m->strength < 0 || (int)rows[i].action->strength == m->strength)
        && (!m->unit || row_has_unit (&rows[i], m->unit)))
      rows[m->n_rows++] = rows[i];
  m->rows = rows;
}

static void
group_rows (Arena *arena, TasksModel *m)
{
  TaskGroup *groups = arena_new0 (arena, TaskGroup, m->n_rows);
  for (size_t i = 0; i < m->n_rows; i++) {
    if (!i || m->rows[i].clause != m->rows[i - 1].clause)
      groups[m->n_groups++].rows = &m->rows[i];
    groups[m->n_groups - 1].n++;
  }
  m->groups = groups;
}

/* PATH with the filter of M. */
static const char *
filtered_path (Arena *arena, const char *path, const TasksModel *m)
{
  g_autoptr (GString) address = g_string_new (path);
  if (m->unit) {
    g_string_append (address, "?unit=");
    html_write (address, html_value_string (m->unit), HTML_URL_PART);
  }
  if (m->strength >= 0)
    g_string_append_printf (address, "%cstrength=%s", m->unit ? '&' : '?',
                            policy_strength_id ((PolicyStrength)m->strength));
  return arena_text (arena, (Text){ address->str, address->len });
}

bool
tasks_choose (const WebRequest *request, TasksModel *m, GError **error)
{
  const char *unit = web_field (&request->query, "unit"), *strength = web_field (&request->query, "strength");
  size_t n;
  TaskRow *rows = all_rows (request, &n);
  *m = (TasksModel){ .circular = policy_circular (request->web->package),
                     .unit = unit && *unit ? unit : NULL,
                     .strength = strength_of (strength) };
  if (strength && *strength && m->strength < 0) {
    g_set_error (error, FAULT, FAULT_INPUT,
                 "strength=%s: use binding, permitted, pilot, encouraged or assisting", strength);
    return false;
  }
  collect_units (request->arena, rows, n, m);
  filter_rows (rows, n, m);
  group_rows (request->arena, m);
  m->csv = filtered_path (request->arena, "/circular/tasks.csv", m);
  m->xlsx = filtered_path (request->arena, "/circular/tasks.xlsx", m);
  m->json = filtered_path (request->arena, "/api/v1/tasks", m);
  return true;
}

bool
handle_tasks (WebRequest *request, WebResponse *response, GError **error)
{
  TasksModel m;
  if (!tasks_choose (request, &m, error))
    return false;
  Page page = web_page (
      request, message_text (request->arena, request->language, MESSAGE_tasks_title, NULL, 0), NAV_TASKS);
  page_tasks (response->body, &page, &m);
  return true;
}

/* ---- downloads --------------------------------------------------------- */

enum { TASK_COLUMNS = 8 };

static void
task_cells (const Page *page, const TaskRow *row, const char *cells[TASK_COLUMNS])
{
  cells[0] = row->action->id;
  cells[1] = row->clause ? view_clause_label (page, row->clause) : "";
  cells[2] = row->clause ? page_text (page, row->clause->title)
                         : message_text (page->arena, page->language, MESSAGE_tasks_closing, NULL, 0);
  cells[3] = page_text (page, row->action->text);
  cells[4] = view_strength (page, row->action->strength);
  cells[5] = row->lead;
  cells[6] = view_list (page, row->supporting);
  cells[7] = view_figures (page, row->clause);
}

static void
task_headings (const Page *page, const char *cells[TASK_COLUMNS])
{
  static const Message messages[TASK_COLUMNS] = { MESSAGE_tasks_number,       MESSAGE_clauses_clause,
                                                  MESSAGE_tasks_clause_title, MESSAGE_tasks_action,
                                                  MESSAGE_tasks_strength,     MESSAGE_tasks_lead_unit,
                                                  MESSAGE_tasks_supporting,   MESSAGE_tasks_figures };
  for (size_t i = 0; i < TASK_COLUMNS; i++)
    cells[i] = message_text (page->arena, page->language, messages[i], NULL, 0);
}

static bool
write_tasks (const Page *page, const TasksModel *m, SheetWriter *table, GError **error)
{
  static const double widths[TASK_COLUMNS] = { 7, 9, 26, 70, 10, 18, 40, 30 };
  const char *cells[TASK_COLUMNS];
  task_headings (page, cells);
  sheet_writer_heading (table, cells, widths, TASK_COLUMNS);
  for (size_t i = 0; i < m->n_rows; i++) {
    task_cells (page, &m->rows[i], cells);
    if (!sheet_writer_row (table, cells, TASK_COLUMNS, error))
      return false;
  }
  return true;
}

static bool
send_tasks (WebRequest *request, WebResponse *response, SheetFormat format, GError **error)
{
  TasksModel m;
  if (!tasks_choose (request, &m, error))
    return false;
  Page page = web_page (request, "", NAV_NONE);
  g_autoptr (SheetWriter) table = sheet_writer_new (format, sheet_sink_string, response->body, error);
  return table && write_tasks (&page, &m, table, error)
         && download_table (request, response, table, format, "tasks", error);
}

bool
handle_tasks_csv (WebRequest *request, WebResponse *response, GError **error)
{
  return send_tasks (request, response, SHEET_CSV, error);
}

bool
handle_tasks_xlsx (WebRequest *request, WebResponse *response, GError **error)
{
  return send_tasks (request, response, SHEET_XLSX, error);
}
