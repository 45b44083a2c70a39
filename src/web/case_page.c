/* The page of one case: for its applicant, and for the office that has it. */
#include "web/case_parts.h"
#include "web/determine.h"
#include "web/handlers.h"
#include "web/log_words.h"
#include "web/pages.h"
#include "web/words.h"

#include <string.h>

enum { LOG_LOOKED_AT = 300 };

#define SAY(request, message) message_text ((request)->arena, (request)->language, (message), NULL, 0)

/* ---- parts ------------------------------------------------------------------- */

static bool
read_limits (const WebRequest *request, CaseModel *m, GError **error)
{
  size_t n;
  const CaseClock *clocks = cases_clocks (request->web->cases, request->arena, m->c, &n, error);
  if (!clocks)
    return false;
  CaseLimitShown *shown = arena_new0 (request->arena, CaseLimitShown, n);
  gint64 now = (g_get_real_time () / G_USEC_PER_SEC + (gint64)8 * 3600) / 60; /* civil, in Shanghai */
  for (size_t i = 0; i < n; i++) {
    CaseLimitShown *limit = &shown[m->n_limits++];
    limit->clock = &clocks[i];
    limit->days = clock_days (policy_workdays (request->web->package), request->arena, clocks[i].limit,
                              clocks[i].events, clocks[i].n_events, now, &limit->n_days, error);
    if (!limit->days)
      return false;
  }
  m->limits = shown;
  return true;
}

/* What the proposal still waits for and the person asking may state. */
static void
list_asked (const WebRequest *request, CaseModel *m)
{
  const PolicyDetermination *d = m->proposal;
  CaseQuestion *asked = arena_new0 (request->arena, CaseQuestion, d->n_needs);
  for (size_t i = 0; i < d->n_needs; i++)
    if (!d->needs[i].is_parameter && !d->needs[i].hidden)
      m->n_asked += web_case_question (request, d->provision, d->needs[i].name, &asked[m->n_asked]);
  m->asked = asked;
}

/* What the rules say; that they cannot be asked any more is no reason to hide the case. */
static bool
read_proposal (const WebRequest *request, const Page *page, CaseModel *m, GError **error)
{
  g_autoptr (GError) local = NULL;
  const PolicyDetermination *d
      = cases_proposal (request->web->cases, request->arena, request->account, m->c, false, &local);
  if (!d && (local->domain != FAULT || local->code == FAULT_SYSTEM)) {
    g_propagate_error (error, g_steal_pointer (&local));
    return false;
  }
  if (!d)
    return true;
  m->proposal = web_shown (request, d, error);
  if (!m->proposal)
    return false;
  m->reasons = policy_reasons (request->arena, m->proposal);
  m->facts = web_case_facts (request, m->proposal, &m->n_facts);
  list_asked (request, m);
  return true;
}

/* Whether RECORD is about case C: reads and writes for the sake of its clause since it was opened, by others.
 */
static bool
is_of_case (const WebRequest *request, const Case *c, const AuditEntry *e)
{
  return c->matter && e->purpose && e->at / G_USEC_PER_SEC >= c->opened_at
         && g_strcmp0 (e->purpose, c->matter->clause->purpose->id) == 0
         && g_strcmp0 (e->actor, request->account->name) != 0;
}

static bool
read_log (const WebRequest *request, const Page *page, CaseModel *m, GError **error)
{
  size_t n;
  const AuditRecord *records = audit_entries_about (registry_store (request->web->registry), request->arena,
                                                    m->c->applicant, 0, LOG_LOOKED_AT, &n, error);
  if (!records)
    return false;
  LogRow *rows = arena_new0 (request->arena, LogRow, n);
  for (size_t i = 0; i < n; i++) {
    const AuditEntry *e = &records[i].entry;
    if (records[i].erased || !is_of_case (request, m->c, e))
      continue;
    rows[m->n_log++] = (LogRow){ .number = records[i].number,
                                 .when = view_instant (page, e->at / G_USEC_PER_SEC),
                                 .who = log_who (request, page, e),
                                 .act = log_act (page, e->act),
                                 .what = log_what (request, page, e->detail) };
  }
  m->log = rows;
  return true;
}

static bool
read_parts (const WebRequest *request, CaseModel *m, GError **error)
{
  if (!m->c->matter || !m->c->matter->n_parts)
    return true;
  CaseFilter filter = { .parent = m->c->id, .limit = m->c->matter->n_parts };
  m->parts = cases_queue (request->web->cases, request->arena, request->account, &filter, &m->n_parts, error);
  return m->parts;
}

static bool
read_materials (const WebRequest *request, CaseModel *m, GError **error)
{
  m->materials
      = cases_materials (request->web->cases, request->arena, request->account, m->c, &m->n_materials, error);
  for (size_t i = 0; m->materials && i < m->n_materials; i++) {
    m->n_missing += m->materials[i].state == CASE_NEEDED;
    m->n_refused += m->materials[i].verdict == CASE_PAPER_REFUSED;
  }
  return m->materials;
}

/* ---- the page ------------------------------------------------------------------- */

static bool
fill (const WebRequest *request, const Page *page, CaseModel *m, GError **error)
{
  Cases *cases = request->web->cases;
  const RegistrySchema *schema = registry_schema (request->web->registry);
  m->steps = cases_steps (cases, request->arena, m->c, &m->n_steps, error);
  m->statements = m->steps ? cases_statements (cases, request->arena, m->c, &m->n_statements, error) : NULL;
  m->applicant = registry_subject_format (request->arena, schema, m->c->applicant);
  m->subject = registry_subject_format (request->arena, schema, m->c->subject);
  return m->statements && (!m->c->matter || read_materials (request, m, error))
         && read_limits (request, m, error) && read_parts (request, m, error)
         && (!m->c->matter || read_proposal (request, page, m, error))
         && (m->party != CASE_APPLICANT || read_log (request, page, m, error));
}

bool
web_case_page (WebRequest *request, WebResponse *response, const Case *c, const GError *fault, GError **error)
{
  CaseModel m = { .c = c, .key = web_fresh_key (request), .reason = web_field (&request->form, "reason") };
  if (!cases_party (request->web->cases, request->account, c, &m.party)) {
    g_set_error (error, FAULT, FAULT_DENIED, "case %s is for its applicant and its office", c->number);
    return false;
  }
  bool own = m.party == CASE_APPLICANT;
  m.is_new = own && web_field (&request->query, "new");
  m.back = own ? "/me/cases" : "/desk";
  m.action = arena_printf (request->arena, "%s/%" G_GINT64_FORMAT, own ? "/cases" : "/desk/cases", c->id);
  m.trouble = fault ? web_case_trouble (request, fault, &m.detail) : NULL;
  Page page = web_page (request, NULL, own ? NAV_CASES : NAV_DESK);
  page.title = arena_printf (request->arena, "%s · %s", view_matter_name (&page, c), c->number);
  if (!fill (request, &page, &m, error))
    return false;
  page_case (response->body, &page, &m);
  return true;
}

static bool
open_case (WebRequest *request, WebResponse *response, GError **error)
{
  const Case *c = web_case (request, error);
  return c && web_case_page (request, response, c, NULL, error);
}

/* A deed, and back to the case; what a form can mend is shown on the page. */
static bool
act_on_case (WebRequest *request, WebResponse *response, const char *place, GError **error)
{
  g_autoptr (GError) fault = NULL;
  const char *detail;
  const Case *c = web_case (request, error);
  if (!c)
    return false;
  if (web_case_act (request, c->id, web_field (&request->form, "action"), &fault)) {
    web_redirect (response, arena_printf (request->arena, "%s/%" G_GINT64_FORMAT, place, c->id));
    return true;
  }
  if (!web_case_trouble (request, fault, &detail)) {
    g_propagate_error (error, g_steal_pointer (&fault));
    return false;
  }
  response->status = fault->code == FAULT_CONFLICT ? 409 : 422;
  c = web_case (request, error); /* as it is now */
  return c && web_case_page (request, response, c, fault, error);
}

bool
handle_case (WebRequest *request, WebResponse *response, GError **error)
{
  return open_case (request, response, error);
}

bool
handle_case_act (WebRequest *request, WebResponse *response, GError **error)
{
  return act_on_case (request, response, "/cases", error);
}

bool
handle_desk_case (WebRequest *request, WebResponse *response, GError **error)
{
  return open_case (request, response, error);
}

bool
handle_desk_case_act (WebRequest *request, WebResponse *response, GError **error)
{
  return act_on_case (request, response, "/desk/cases", error);
}

/* A file of the case, for who may open the case. */
bool
handle_case_file (WebRequest *request, WebResponse *response, GError **error)
{
  guint64 file;
  Text content;
  const char *type, *name;
  const Case *c = web_case (request, error);
  if (!c)
    return false;
  if (!g_ascii_string_to_unsigned (request->captures[1], 10, 1, G_MAXINT64, &file, NULL)) {
    g_set_error (error, FAULT, FAULT_NOT_FOUND, "case %s has no file %s", c->number, request->captures[1]);
    return false;
  }
  if (!cases_file (request->web->cases, request->arena, request->account, c, (gint64)file, &content, &type,
                   &name, error))
    return false;
  response->content_type = type;
  g_string_append_len (response->body, content.bytes, (gssize)content.len);
  web_response_header (response, "Content-Disposition", "attachment");
  return true;
}
