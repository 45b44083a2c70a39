/* The desk: what waits for an office, the most urgent first, and many decided at once. */
#include "web/case_parts.h"
#include "web/handlers.h"
#include "web/pages.h"

#include <string.h>

enum { ROWS_PER_PAGE = 50 };

#define SAY(request, message) message_text ((request)->arena, (request)->language, (message), NULL, 0)

static const char *
filled (const WebFields *fields, const char *name)
{
  const char *value = web_field (fields, name);
  return value && *value ? value : NULL;
}

/* ---- which ------------------------------------------------------------------- */

/* "0.1.29737600.12": whether it was to be delivered, priority, date due, id of the last row of the page
 * before. */
static bool
read_cursor (const WebRequest *request, CaseFilter *filter, GError **error)
{
  const char *text = filled (&request->query, "after");
  if (!text)
    return true;
  g_auto (GStrv) parts = g_strsplit (text, ".", 5);
  guint64 numbers[4] = { 0 };
  bool ok = g_strv_length (parts) == 4;
  for (size_t i = 0; ok && i < 4; i++)
    ok = g_ascii_string_to_unsigned (parts[i], 10, 0, i < 2 ? 1 : G_MAXINT64, &numbers[i], NULL);
  if (!ok)
    g_set_error (error, FAULT, FAULT_INPUT, "after=%s is no place in the queue", text);
  filter->after.to_deliver = numbers[0] != 0;
  filter->after.priority = (int)numbers[1];
  filter->after.due = (gint64)numbers[2];
  filter->after.id = (gint64)numbers[3];
  return ok;
}

/* The office whose queue it is: one's own. */
static bool
read_filter (const WebRequest *request, CaseFilter *filter, CaseState *state, GError **error)
{
  const char *word = filled (&request->query, "state");
  *filter = (CaseFilter){ .office = request->account->department,
                          .matter = filled (&request->query, "matter"),
                          .township = filled (&request->query, "township"),
                          .late = filled (&request->query, "late") != NULL,
                          .closed = filled (&request->query, "closed") != NULL,
                          .limit = ROWS_PER_PAGE + 1 };
  if (word && !case_state_parse (word, state)) {
    g_set_error (error, FAULT, FAULT_INPUT, "state=%s: there is no such state", word);
    return false;
  }
  filter->state = word ? state : NULL;
  if (filter->office)
    return read_cursor (request, filter, error);
  g_set_error (error, FAULT, FAULT_DENIED, "a queue is an office's, and this account is of none");
  return false;
}

/* ---- rows ---------------------------------------------------------------------- */

/* Monday to Sunday is a week. */
static DeskUrgency
urgency_of (const Case *c, gint64 now)
{
  Day today = (Day)(now / 1440), due = (Day)((c->due - 1) / 1440);
  if (c->state == CASE_DECIDED)
    return DESK_TO_DELIVER;
  if (!c->due)
    return DESK_OPEN_END;
  if (c->due < now)
    return DESK_LATE;
  int weekday = civil_weekday (today); /* 1: Monday */
  return due == today ? DESK_TODAY : due <= today + (7 - weekday) ? DESK_WEEK : DESK_LATER;
}

static void
fill_rows (const WebRequest *request, DeskModel *m, const Case *cases, size_t n)
{
  gint64 now = (g_get_real_time () / G_USEC_PER_SEC + (gint64)8 * 3600) / 60;
  DeskRow *rows = arena_new0 (request->arena, DeskRow, n);
  for (size_t i = 0; i < n; i++) {
    rows[i] = (DeskRow){ .c = &cases[i], .urgency = urgency_of (&cases[i], now) };
    rows[i].first
        = i == 0 || rows[i - 1].urgency != rows[i].urgency || cases[i - 1].priority != cases[i].priority;
  }
  m->rows = rows;
  m->n = n;
}

/* The matters to choose from: the office's own, and those of which it has cases to decide or deliver. */
static void
list_matters (const WebRequest *request, DeskModel *m, const CaseCount *counts, size_t n_counts)
{
  size_t n;
  const PolicyMatter *const *all = policy_matters (request->web->package, &n);
  const PolicyMatter **matters = arena_new0 (request->arena, const PolicyMatter *, n);
  for (size_t i = 0; i < n; i++) {
    bool listed = g_str_equal (all[i]->body, m->office);
    for (size_t k = 0; k < n_counts && !listed; k++)
      listed = g_str_equal (all[i]->key, counts[k].matter);
    if (listed)
      matters[m->n_matters++] = all[i];
  }
  m->matters = matters;
}

static bool
fill_counts (const WebRequest *request, DeskModel *m, GError **error)
{
  size_t n;
  const CaseCount *counts
      = cases_counts (request->web->cases, request->arena, request->account, m->office, true, &n, error);
  for (size_t i = 0; counts && i < n; i++) {
    for (int s = 0; s < CASE_OPEN_STATES; s++)
      m->n_open += counts[i].states[s];
    m->n_to_deliver += counts[i].states[CASE_DECIDED];
    m->n_late += counts[i].late;
    m->n_soon += counts[i].soon;
  }
  if (counts)
    list_matters (request, m, counts, n);
  return counts;
}

/* The townships of today, to choose from; none where the package has no list of them. */
static void
list_townships (const WebRequest *request, DeskModel *m)
{
  const RegistryDivisions *divisions = policy_divisions (request->web->package);
  if (divisions)
    m->townships = registry_divisions_at (divisions, request->arena, request->today, &m->n_townships);
}

/* The next page's address: the same choice, after LAST. */
static const char *
next_page (const WebRequest *request, const DeskModel *m, const Case *last)
{
  gint64 due = m->closed ? 0 : last->due;
  return arena_printf (
      request->arena, "/desk?after=%d.%d.%" G_GINT64_FORMAT ".%" G_GINT64_FORMAT "%s%s%s%s%s%s%s%s",
      last->state == CASE_DECIDED, last->priority, due, last->id, m->matter ? "&matter=" : "",
      m->matter ? m->matter : "", m->township ? "&township=" : "", m->township ? m->township : "",
      m->state < 0 ? "" : "&state=", m->state < 0 ? "" : case_state_id ((CaseState)m->state),
      m->late ? "&late=1" : "", m->closed ? "&closed=1" : "");
}

bool
web_desk_read (const WebRequest *request, DeskModel *m, GError **error)
{
  CaseState state = CASE_SUBMITTED;
  CaseFilter filter;
  size_t n;
  if (!read_filter (request, &filter, &state, error))
    return false;
  const Case *cases = cases_queue (request->web->cases, request->arena, request->account, &filter, &n, error);
  *m = (DeskModel){ .office = filter.office,
                    .matter = filter.matter,
                    .township = filter.township,
                    .state = filter.state ? (int)state : -1,
                    .late = filter.late,
                    .closed = filter.closed,
                    .key = web_fresh_key (request),
                    .may_decide = access_may (request->account, ACCESS_DECIDE_CASES) };
  if (!cases || !fill_counts (request, m, error))
    return false;
  list_townships (request, m);
  fill_rows (request, m, cases, MIN (n, ROWS_PER_PAGE));
  if (n > ROWS_PER_PAGE)
    m->next = next_page (request, m, &cases[ROWS_PER_PAGE - 1]);
  return true;
}

bool
handle_desk (WebRequest *request, WebResponse *response, GError **error)
{
  DeskModel m;
  if (!web_desk_read (request, &m, error))
    return false;
  Page page = web_page (request, SAY (request, MESSAGE_desk_title), NAV_DESK);
  page_desk (response->body, &page, &m);
  return true;
}

/* ---- many at once ------------------------------------------------------------- */

static bool
write_run (WebRequest *request, WebResponse *response, gint64 id, GError **error)
{
  Cases *cases = request->web->cases;
  RunModel m = { .run = cases_run (cases, request->arena, request->account, id, error) };
  if (!m.run)
    return false;
  m.skipped = cases_run_skipped (cases, request->arena, request->account, id, &m.n_skipped, error);
  if (!m.skipped)
    return false;
  Page page = web_page (request, SAY (request, MESSAGE_desk_run), NAV_DESK);
  page_desk_run (response->body, &page, &m);
  return true;
}

static bool
read_run_id (const WebRequest *request, gint64 *id, GError **error)
{
  guint64 number;
  if (g_ascii_string_to_unsigned (request->captures[0], 10, 1, G_MAXINT64, &number, NULL)) {
    *id = (gint64)number;
    return true;
  }
  g_set_error (error, FAULT, FAULT_NOT_FOUND, "there is no run %s", request->captures[0]);
  return false;
}

/* Decide what is left of the run, and look at it. */
static bool
go_on (WebRequest *request, WebResponse *response, gint64 id, GError **error)
{
  if (!cases_run_go_on (request->web->cases, request->account, id, error))
    return false;
  web_redirect (response, arena_printf (request->arena, "/desk/runs/%" G_GINT64_FORMAT, id));
  return true;
}

static bool
read_chosen (const WebRequest *request, CaseMany *many, GError **error)
{
  gint64 *ids = arena_new0 (request->arena, gint64, request->form.n);
  *many = (CaseMany){ .grant = true, .matter = filled (&request->form, "all") };
  for (size_t i = 0; !many->matter && i < request->form.n; i++) {
    guint64 id;
    const WebField *field = &request->form.items[i];
    if (!g_str_equal (field->name, "case"))
      continue;
    if (!g_ascii_string_to_unsigned (field->value, 10, 1, G_MAXINT64, &id, NULL)) {
      g_set_error (error, FAULT, FAULT_INPUT, "case=%s is no number of a case", field->value);
      return false;
    }
    ids[many->n++] = (gint64)id;
  }
  many->ids = ids;
  return true;
}

bool
handle_desk_many (WebRequest *request, WebResponse *response, GError **error)
{
  CaseMany many;
  if (!read_chosen (request, &many, error))
    return false;
  if (!many.n && !many.matter) { /* nothing was chosen: nothing is done */
    web_redirect (response, "/desk");
    return true;
  }
  gint64 id = cases_run_begin (request->web->cases, request->account, &many, web_case_key (request), error);
  return id && go_on (request, response, id, error);
}

bool
handle_desk_run (WebRequest *request, WebResponse *response, GError **error)
{
  gint64 id;
  return read_run_id (request, &id, error) && write_run (request, response, id, error);
}

bool
handle_desk_run_go_on (WebRequest *request, WebResponse *response, GError **error)
{
  gint64 id;
  return read_run_id (request, &id, error) && go_on (request, response, id, error);
}
