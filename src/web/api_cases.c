/* Cases for programs. */
#include "web/case_parts.h"
#include "web/handlers.h"
#include "web/rights_parts.h"

enum { CASES_PER_ANSWER = 50 };

static void
write_moment (JsonWriter *w, const char *key, gint64 seconds)
{
  char buffer[CIVIL_TEXT_MAX];
  json_member_str (w, key, seconds ? instant_format (seconds, buffer) : NULL);
}

/* Civil minutes of Shanghai as an instant. */
static void
write_minutes (JsonWriter *w, const char *key, gint64 minutes)
{
  write_moment (w, key, minutes ? (minutes - (gint64)8 * 60) * 60 : 0);
}

/* By which provision it is served first; null where it is not. */
static void
write_first_by (JsonWriter *w, const Case *c)
{
  const PolicyProvision *by = case_first_by (c);
  json_key (w, "first_by");
  if (!by) {
    json_null (w);
    return;
  }
  json_begin_object (w);
  json_member_int (w, "clause", by->clause->number);
  json_member_str (w, "provision", by->id);
  policy_write_text (w, "outcome", by->outcome);
  json_end_object (w);
}

static void
write_members (const WebRequest *request, JsonWriter *w, const Case *c)
{
  const RegistrySchema *schema = registry_schema (request->web->registry);
  json_member_int (w, "id", c->id);
  json_member_str (w, "number", c->number);
  json_member_str (w, "matter", c->matter_key);
  json_member_str (w, "state", case_state_id (c->state));
  json_member_str (w, "outcome", case_outcome_id (c->outcome));
  json_member_str (w, "applicant", registry_subject_format (request->arena, schema, c->applicant));
  json_member_str (w, "subject", registry_subject_format (request->arena, schema, c->subject));
  json_member_str (w, "office", c->office);
  json_key (w, "parent");
  if (c->parent)
    json_int (w, c->parent);
  else
    json_null (w);
  json_member_bool (w, "first", c->priority == 0);
  write_first_by (w, c);
  json_member_str (w, "township", c->township);
  write_moment (w, "opened_at", c->opened_at);
  write_minutes (w, "due", c->due);
  write_minutes (w, "due_promised", c->due_promised);
  write_minutes (w, "due_statutory", c->due_statutory);
  json_member_str (w, "proposed", policy_outcome_id (c->proposed));
  json_member_int (w, "amount_fen", c->amount_fen);
  json_member_str (w, "package", c->package_hash);
  json_member_bool (w, "flagged", c->flagged);
  json_member_int (w, "visits", c->visits);
  json_member_int (w, "version", c->version);
}

static void
write_list (const WebRequest *request, WebResponse *response, const Case *cases, size_t n, const char *next)
{
  response->content_type = "application/json";
  g_autoptr (JsonWriter) w = json_writer_new (response->body, 2);
  json_begin_object (w);
  json_member_array (w, "cases");
  for (size_t i = 0; i < n; i++) {
    json_begin_object (w);
    write_members (request, w, &cases[i]);
    json_end_object (w);
  }
  json_end_array (w);
  json_member_str (w, "next", next);
  json_end_object (w);
}

static bool
write_steps (const WebRequest *request, JsonWriter *w, const Case *c, GError **error)
{
  size_t n;
  const CaseStep *steps = cases_steps (request->web->cases, request->arena, c, &n, error);
  json_member_array (w, "steps");
  for (size_t i = 0; steps && i < n; i++) {
    json_begin_object (w);
    write_moment (w, "at", steps[i].at);
    json_member_str (w, "action", case_action_id (steps[i].action));
    json_member_str (w, "from", case_state_id (steps[i].from));
    json_member_str (w, "to", case_state_id (steps[i].to));
    json_member_str (w, "actor", steps[i].actor);
    json_member_str (w, "department", steps[i].department);
    json_member_str (w, "reason", steps[i].reason);
    json_end_object (w);
  }
  json_end_array (w);
  return steps;
}

static bool
write_papers (const WebRequest *request, JsonWriter *w, const Case *c, GError **error)
{
  static const char *const states[] = { "held", "handed_in", "needed", "optional" };
  size_t n;
  const CaseMaterial *papers
      = cases_materials (request->web->cases, request->arena, request->account, c, &n, error);
  json_member_array (w, "materials");
  for (size_t i = 0; papers && i < n; i++) {
    json_begin_object (w);
    json_member_str (w, "id", papers[i].material->id);
    json_member_str (w, "state", states[papers[i].state]);
    json_member_bool (w, "asked_for", papers[i].asked_for);
    json_member_str (w, "verdict", case_verdict_id (papers[i].verdict));
    json_member_str (w, "why", papers[i].why);
    json_end_object (w);
  }
  json_end_array (w);
  return papers;
}

static bool
write_case (const WebRequest *request, WebResponse *response, const Case *c, GError **error)
{
  response->content_type = "application/json";
  g_autoptr (JsonWriter) w = json_writer_new (response->body, 2);
  json_begin_object (w);
  write_members (request, w, c);
  bool ok = write_steps (request, w, c, error) && write_papers (request, w, c, error);
  json_end_object (w);
  return ok;
}

static const Case *
read_back (const WebRequest *request, gint64 id, GError **error)
{
  return cases_case (request->web->cases, request->arena, request->account, id, error);
}

/* ---- reading -------------------------------------------------------------------- */

bool
handle_api_cases (WebRequest *request, WebResponse *response, GError **error)
{
  size_t n;
  CaseFilter filter = { .applicant = request->account->subject, .limit = CASES_PER_ANSWER };
  if (!web_before (request, &filter.after.id, error))
    return false;
  const Case *cases = cases_queue (request->web->cases, request->arena, request->account, &filter, &n, error);
  if (!cases)
    return false;
  write_list (
      request, response, cases, n,
      n < CASES_PER_ANSWER
          ? NULL
          : arena_printf (request->arena, "/api/v1/me/cases?before=%" G_GINT64_FORMAT, cases[n - 1].id));
  return true;
}

bool
handle_api_case (WebRequest *request, WebResponse *response, GError **error)
{
  const Case *c = web_case (request, error);
  return c && write_case (request, response, c, error);
}

bool
handle_api_desk (WebRequest *request, WebResponse *response, GError **error)
{
  DeskModel m;
  if (!web_desk_read (request, &m, error))
    return false;
  Case *cases = arena_new0 (request->arena, Case, m.n);
  for (size_t i = 0; i < m.n; i++)
    cases[i] = *m.rows[i].c;
  write_list (request, response, cases, m.n,
              m.next ? arena_printf (request->arena, "/api/v1%s", m.next) : NULL);
  return true;
}

/* ---- doing ---------------------------------------------------------------------- */

/* Whom the application is for, into APPLICANT; 0: who sends it. */
static bool
read_applicant (const WebRequest *request, Subject *applicant, GError **error)
{
  const char *text = web_field (&request->form, "applicant");
  *applicant = 0;
  if (!text || !*text
      || registry_subject_parse (registry_schema (request->web->registry), text_of (text), applicant))
    return true;
  g_set_error (error, FAULT, FAULT_INPUT, "applicant=%s: a number looks like resident-1 or organisation-1",
               text);
  return false;
}

bool
handle_api_cases_submit (WebRequest *request, WebResponse *response, GError **error)
{
  const char *key = web_field (&request->form, "matter");
  CaseApplication ask = { .matter = key ? policy_matter (request->web->package, key) : NULL,
                          .contact = web_field (&request->form, "contact") };
  const DueOffer *offer = NULL;
  if (!read_applicant (request, &ask.applicant, error)
      || (ask.matter && !web_case_offer (request, ask.matter, &offer, error)))
    return false;
  ask.offer = offer ? offer->id : 0;
  ask.statements = web_case_statements (request, &ask.n_statements);
  ask.uploads = web_case_uploads (request, &ask.n_uploads);
  gint64 id = cases_submit (request->web->cases, request->account, &ask, web_case_key (request), error);
  const Case *c = id ? read_back (request, id, error) : NULL;
  return c && write_case (request, response, c, error);
}

bool
handle_api_case_act (WebRequest *request, WebResponse *response, GError **error)
{
  const Case *c = web_case (request, error);
  if (!c || !web_case_act (request, c->id, request->captures[1], error))
    return false;
  c = read_back (request, c->id, error);
  return c && write_case (request, response, c, error);
}
