/* The circular, and its action items as a table: page, CSV, XLSX. */
#include "web/handlers.h"
#include "web/models.h"
#include "web/pages.h"
#include "web/tasks.h"

#include <glib/gstdio.h>
#include <string.h>
#include <unistd.h>
#include <xlsxwriter.h>

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
clause_has_unit (const PolicyClause *clause, const char *unit)
{
  return g_str_equal (clause->lead, unit)
         || (clause->supporting && g_strv_contains (clause->supporting, unit));
}

static int
strength_of (const char *id)
{
  for (int s = POLICY_BINDING; id && s <= POLICY_ASSISTING; s++)
    if (g_str_equal (policy_strength_id ((PolicyStrength)s), id))
      return s;
  return -1;
}

static int
compare_texts (gconstpointer a, gconstpointer b)
{
  return strcmp (*(const char *const *)a, *(const char *const *)b);
}

/* Every unit that some clause names, once, sorted. */
static void
collect_units (Arena *arena, const PolicyClause *const *clauses, size_t n, TasksModel *m)
{
  g_autoptr (GHashTable) seen = g_hash_table_new (g_str_hash, g_str_equal);
  for (size_t i = 0; i < n; i++) {
    g_hash_table_add (seen, (char *)(gsize)clauses[i]->lead);
    for (size_t k = 0; clauses[i]->supporting && clauses[i]->supporting[k]; k++)
      g_hash_table_add (seen, (char *)(gsize)clauses[i]->supporting[k]);
  }
  m->n_units = g_hash_table_size (seen);
  const char **units = arena_new0 (arena, const char *, m->n_units);
  GHashTableIter iter;
  gpointer unit;
  g_hash_table_iter_init (&iter, seen);
  for (size_t i = 0; g_hash_table_iter_next (&iter, &unit, NULL); i++)
    units[i] = unit;
  qsort (units, m->n_units, sizeof *units, compare_texts);
  m->units = units;
}

static void
collect_rows (Arena *arena, const PolicyClause *const *clauses, size_t n, TasksModel *m)
{
  size_t all = 0;
  for (size_t i = 0; i < n; i++)
    all += clauses[i]->n_actions;
  TaskRow *rows = arena_new0 (arena, TaskRow, all);
  for (size_t i = 0; i < n; i++)
    for (size_t k = 0; k < clauses[i]->n_actions; k++) {
      const PolicyAction *action = &clauses[i]->actions[k];
      bool wanted = (m->strength < 0 || (int)action->strength == m->strength)
                    && (!m->unit || clause_has_unit (clauses[i], m->unit));
      if (wanted)
        rows[m->n_rows++] = (TaskRow){ clauses[i], action };
    }
  m->rows = rows;
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
  const PolicyClause *const *clauses = policy_clauses (request->web->package, &n);
  *m = (TasksModel){ .circular = policy_circular (request->web->package),
                     .unit = unit && *unit ? unit : NULL,
                     .strength = strength_of (strength) };
  if (strength && *strength && m->strength < 0) {
    g_set_error (error, FAULT, FAULT_INPUT,
                 "strength=%s: use binding, permitted, pilot, encouraged or assisting", strength);
    return false;
  }
  collect_units (request->arena, clauses, n, m);
  collect_rows (request->arena, clauses, n, m);
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
  cells[1] = view_clause_label (page, row->clause);
  cells[2] = page_text (page, row->clause->title);
  cells[3] = page_text (page, row->action->text);
  cells[4] = view_strength (page, row->action->strength);
  cells[5] = row->clause->lead;
  cells[6] = view_list (page, row->clause->supporting);
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

/* RFC 4180, with a byte-order mark, without which spreadsheets take it for GBK. */
static void
write_csv_row (GString *out, const char *const *cells)
{
  for (size_t i = 0; i < TASK_COLUMNS; i++) {
    if (i)
      g_string_append_c (out, ',');
    if (!strpbrk (cells[i], ",\"\r\n")) {
      g_string_append (out, cells[i]);
      continue;
    }
    g_string_append_c (out, '"');
    for (const char *p = cells[i]; *p; p++)
      g_string_append_printf (out, *p == '"' ? "\"\"" : "%c", *p);
    g_string_append_c (out, '"');
  }
  g_string_append (out, "\r\n");
}

static void
name_download (WebResponse *response, const char *type, const char *disposition)
{
  response->content_type = type;
  web_response_header (response, "Content-Disposition", disposition);
}

bool
handle_tasks_csv (WebRequest *request, WebResponse *response, GError **error)
{
  TasksModel m;
  const char *cells[TASK_COLUMNS];
  if (!tasks_choose (request, &m, error))
    return false;
  Page page = web_page (request, "", NAV_NONE);
  name_download (response, "text/csv; charset=utf-8", "attachment; filename=\"tasks.csv\"");
  g_string_append (response->body, "\xEF\xBB\xBF");
  task_headings (&page, cells);
  write_csv_row (response->body, cells);
  for (size_t i = 0; i < m.n_rows; i++) {
    task_cells (&page, &m.rows[i], cells);
    write_csv_row (response->body, cells);
  }
  return true;
}

static void
write_sheet_row (lxw_worksheet *sheet, lxw_row_t row, const char *const *cells, lxw_format *format)
{
  for (lxw_col_t i = 0; i < TASK_COLUMNS; i++)
    worksheet_write_string (sheet, row, i, cells[i], format);
}

static void
write_sheet (lxw_workbook *book, const Page *page, const TasksModel *m)
{
  static const double widths[TASK_COLUMNS] = { 7, 9, 26, 70, 10, 18, 40, 30 };
  const char *cells[TASK_COLUMNS];
  lxw_worksheet *sheet = workbook_add_worksheet (book, NULL);
  lxw_format *head = workbook_add_format (book), *plain = workbook_add_format (book);
  format_set_bold (head);
  format_set_text_wrap (plain);
  format_set_align (plain, LXW_ALIGN_VERTICAL_TOP);
  for (lxw_col_t i = 0; i < TASK_COLUMNS; i++)
    worksheet_set_column (sheet, i, i, widths[i], NULL);
  worksheet_freeze_panes (sheet, 1, 0);
  task_headings (page, cells);
  write_sheet_row (sheet, 0, cells, head);
  for (size_t i = 0; i < m->n_rows; i++) {
    task_cells (page, &m->rows[i], cells);
    write_sheet_row (sheet, (lxw_row_t)i + 1, cells, plain);
  }
}

static bool
write_book (const char *path, const Page *page, const TasksModel *m, GError **error)
{
  lxw_workbook *book = workbook_new (path);
  write_sheet (book, page, m);
  lxw_error failure = workbook_close (book);
  if (failure == LXW_NO_ERROR)
    return true;
  g_set_error (error, FAULT, FAULT_SYSTEM, "cannot write the table: %s", lxw_strerror (failure));
  return false;
}

bool
handle_tasks_xlsx (WebRequest *request, WebResponse *response, GError **error)
{
  TasksModel m;
  if (!tasks_choose (request, &m, error))
    return false;
  Page page = web_page (request, "", NAV_NONE);
  g_autofree char *path = NULL, *bytes = NULL;
  gsize len;
  int fd = g_file_open_tmp ("liudong-XXXXXX.xlsx", &path, error);
  if (fd < 0)
    return false;
  close (fd);
  bool written = write_book (path, &page, &m, error) && g_file_get_contents (path, &bytes, &len, error);
  g_unlink (path);
  if (!written)
    return false;
  g_string_append_len (response->body, bytes, (gssize)len);
  name_download (response, "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
                 "attachment; filename=\"tasks.xlsx\"");
  return true;
}
