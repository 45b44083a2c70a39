/* Mandates to act: who may apply and answer for whom. */
#include "agents/agents.h"
#include "web/case_parts.h"
#include "web/handlers.h"
#include "web/models.h"
#include "web/pages.h"

static bool
read_rows (const WebRequest *request, bool to_me, const AgentRow **rows, size_t *n, GError **error)
{
  const AgentMandate *mandates
      = agents_mandates (request->web->agents, request->arena, request->account->subject, to_me, n, error);
  if (!mandates)
    return false;
  AgentRow *list = arena_new0 (request->arena, AgentRow, *n);
  for (size_t i = 0; i < *n; i++) {
    const AgentMandate *m = &mandates[i];
    Subject other = to_me ? m->principal : m->agent;
    list[i] = (AgentRow){ .mandate = m,
                          .number = registry_subject_format (request->arena,
                                                             policy_schema (request->web->package), other),
                          .matter = m->matter ? policy_matter (request->web->package, m->matter) : NULL,
                          .holds = !m->ended_at && m->from <= request->today && request->today <= m->to };
  }
  *rows = list;
  return true;
}

/* Those that agents may do. */
static void
collect_matters (const WebRequest *request, AgentsModel *m)
{
  size_t n;
  const PolicyMatter *const *matters = policy_matters (request->web->package, &n);
  const PolicyMatter **list = arena_new0 (request->arena, const PolicyMatter *, n);
  for (size_t i = 0; i < n; i++)
    if (matters[i]->delegable)
      list[m->n_matters++] = matters[i];
  m->matters = list;
}

/* The cases in which one acts for others, by principal, each once. */
static bool
read_cases (const WebRequest *request, AgentsModel *m, GError **error)
{
  enum { EACH = 20 };
  g_autoptr (GArray) cases = g_array_new (FALSE, FALSE, sizeof (Case));
  for (size_t i = 0; i < m->n_received; i++) {
    CaseFilter filter = { .applicant = m->received[i].mandate->principal, .limit = EACH };
    bool seen = !m->received[i].holds;
    size_t n;
    for (size_t k = 0; k < i; k++)
      seen |= m->received[k].holds && m->received[k].mandate->principal == filter.applicant;
    if (seen)
      continue;
    const Case *found
        = cases_queue (request->web->cases, request->arena, request->account, &filter, &n, error);
    if (!found)
      return false;
    g_array_append_vals (cases, found, (guint)n);
  }
  m->n_cases = cases->len;
  m->cases = arena_copy (request->arena, cases->data, cases->len * sizeof (Case));
  return true;
}

static bool
write_agents (WebRequest *request, WebResponse *response, const char *problem, GError **error)
{
  AgentsModel m = { .problem = problem,
                    .done = web_field (&request->query, "done"),
                    .today = request->today,
                    .form = &request->form,
                    .own = registry_subject_format (request->arena, policy_schema (request->web->package),
                                                    request->account->subject) };
  if (!read_rows (request, false, &m.given, &m.n_given, error)
      || !read_rows (request, true, &m.received, &m.n_received, error))
    return false;
  collect_matters (request, &m);
  m.key = web_fresh_key (request);
  if (!read_cases (request, &m, error))
    return false;
  response->status = problem ? 422 : 0;
  Page page = web_page (
      request, message_text (request->arena, request->language, MESSAGE_agents_title, NULL, 0), NAV_ME);
  page_agents (response->body, &page, &m);
  return true;
}

bool
handle_agents (WebRequest *request, WebResponse *response, GError **error)
{
  return write_agents (request, response, NULL, error);
}

/* The mandate of the form; its id, or 0 with an error. */
static gint64
give (const WebRequest *request, GError **error)
{
  const char *agent = web_field (&request->form, "agent"), *matter = web_field (&request->form, "matter"),
             *from = web_field (&request->form, "from"), *to = web_field (&request->form, "to");
  AgentMandate mandate = { .agent_name = web_field (&request->form, "name"),
                           .matter = matter && *matter ? matter : NULL,
                           .from = request->today };
  if (!agent
      || !registry_subject_parse (policy_schema (request->web->package), text_trim (text_of (agent)),
                                  &mandate.agent)) {
    g_set_error_literal (error, FAULT, FAULT_INPUT,
                         "the agent's number looks like resident-1 or organisation-1");
    return 0;
  }
  if ((from && *from && !civil_parse (text_of (from), &mandate.from)) || !to
      || !civil_parse (text_of (to), &mandate.to)) {
    g_set_error_literal (error, FAULT, FAULT_INPUT, "days are written as 2026-01-31");
    return 0;
  }
  return agents_give (request->web->agents, request->account, &mandate, error);
}

bool
handle_agents_give (WebRequest *request, WebResponse *response, GError **error)
{
  g_autoptr (GError) local = NULL;
  if (give (request, &local)) {
    web_redirect (response, "/me/agents?done=give");
    return true;
  }
  if (local->domain == FAULT
      && (local->code == FAULT_INPUT || local->code == FAULT_NOT_FOUND || local->code == FAULT_CONFLICT))
    return write_agents (request, response, arena_text (request->arena, text_of (local->message)), error);
  g_propagate_error (error, g_steal_pointer (&local));
  return false;
}

static bool
end (const WebRequest *request, GError **error)
{
  guint64 id;
  if (!g_ascii_string_to_unsigned (request->captures[0], 10, 1, G_MAXINT64, &id, NULL)) {
    g_set_error (error, FAULT, FAULT_NOT_FOUND, "there is no mandate %s", request->captures[0]);
    return false;
  }
  return agents_end (request->web->agents, request->account, (gint64)id, error);
}

bool
handle_agents_end (WebRequest *request, WebResponse *response, GError **error)
{
  if (!end (request, error))
    return false;
  web_redirect (response, "/me/agents?done=end");
  return true;
}

/* ---- applying --------------------------------------------------------------- */

/* The case applied for by mandate ID; 0 with an error. */
static gint64
apply (const WebRequest *request, gint64 id, GError **error)
{
  const AgentRow *rows;
  size_t n;
  const char *matter = web_field (&request->form, "matter");
  if (!read_rows (request, true, &rows, &n, error))
    return 0;
  for (size_t i = 0; i < n; i++) {
    const AgentMandate *m = rows[i].mandate;
    if (m->id != id)
      continue;
    const char *key = m->matter ? m->matter : matter ? matter : "";
    CaseApplication ask = { .matter = policy_matter (request->web->package, key),
                            .applicant = m->principal,
                            .contact = web_field (&request->form, "contact") };
    return cases_submit (request->web->cases, request->account, &ask, web_case_key (request), error);
  }
  g_set_error_literal (error, FAULT, FAULT_NOT_FOUND, "there is no such mandate of yours");
  return 0;
}

bool
handle_agents_apply (WebRequest *request, WebResponse *response, GError **error)
{
  guint64 id = 0;
  g_autoptr (GError) local = NULL;
  g_ascii_string_to_unsigned (request->captures[0], 10, 1, G_MAXINT64, &id, NULL);
  gint64 number = apply (request, (gint64)id, &local);
  if (number) {
    web_redirect (response, arena_printf (request->arena, "/cases/%" G_GINT64_FORMAT, number));
    return true;
  }
  if (local->domain == FAULT && (local->code == FAULT_INPUT || local->code == FAULT_CONFLICT))
    return write_agents (request, response, arena_text (request->arena, text_of (local->message)), error);
  g_propagate_error (error, g_steal_pointer (&local));
  return false;
}

/* ---- for programs ---------------------------------------------------------- */

static void
write_row (JsonWriter *w, const AgentRow *row)
{
  const AgentMandate *m = row->mandate;
  char day[CIVIL_TEXT_MAX];
  json_begin_object (w);
  json_member_int (w, "id", m->id);
  json_member_str (w, "other", row->number);
  json_member_str (w, "principal_name", m->principal_name);
  json_member_str (w, "agent_name", m->agent_name);
  json_member_str (w, "matter", m->matter);
  json_member_str (w, "from", civil_format (m->from, day));
  json_member_str (w, "to", civil_format (m->to, day));
  json_member_bool (w, "holds", row->holds);
  json_member_bool (w, "ended", m->ended_at != 0);
  json_end_object (w);
}

bool
handle_api_agents (WebRequest *request, WebResponse *response, GError **error)
{
  const AgentRow *given, *received;
  size_t n_given, n_received;
  if (!read_rows (request, false, &given, &n_given, error)
      || !read_rows (request, true, &received, &n_received, error))
    return false;
  response->content_type = "application/json";
  g_autoptr (JsonWriter) w = json_writer_new (response->body, 2);
  json_begin_object (w);
  json_member_array (w, "given");
  for (size_t i = 0; i < n_given; i++)
    write_row (w, &given[i]);
  json_end_array (w);
  json_member_array (w, "received");
  for (size_t i = 0; i < n_received; i++)
    write_row (w, &received[i]);
  json_end_array (w);
  json_end_object (w);
  return true;
}

bool
handle_api_agents_give (WebRequest *request, WebResponse *response, GError **error)
{
  return give (request, error) && handle_api_agents (request, response, error);
}

bool
handle_api_agents_end (WebRequest *request, WebResponse *response, GError **error)
{
  return end (request, error) && handle_api_agents (request, response, error);
}
