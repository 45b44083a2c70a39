/* Applying: one form in two steps.  First what is known, to be confirmed, and the few questions that
 * the answer still hangs on; then everything once more, with the papers that no register holds.
 * Nothing is kept between the steps but what the form carries. */
#include "web/case_parts.h"
#include "web/determine.h"
#include "web/handlers.h"
#include "web/pages.h"

#include <string.h>

static const PolicyMatter *
find_matter (const WebRequest *request, GError **error)
{
  const char *key = arena_printf (request->arena, "%s/%s", request->captures[0], request->captures[1]);
  const PolicyMatter *matter = policy_matter (request->web->package, key);
  if (!matter)
    g_set_error (error, FAULT, FAULT_NOT_FOUND, "there is no service %s", key);
  return matter;
}

/* ---- what is known ----------------------------------------------------------- */

/* What the rules say so far: of M's matter for who asks; NULL without an error where nobody has stated whom
 * it is about, and FAULT_USAGE where it is about others than them. */
static bool
read_answer (const WebRequest *request, const ApplyModel *m, const PolicyAnswer **answer, GError **error)
{
  size_t n;
  const PolicyMatter *matter = m->matter;
  const AccessPermit *permit = policy_permit (request->web->access, request->arena, request->account,
                                              matter->clause, request->account->subject, error);
  const PolicyAnswer *all
      = permit ? web_determine_clause (request, permit, matter->clause, request->today, &n, error) : NULL;
  *answer = NULL;
  for (size_t i = 0; all && i < n; i++)
    if (all[i].determination->provision == matter->provision)
      *answer = &all[i];
  return all;
}

/* The papers still to come, as they will stand once the case is there. */
static bool
list_papers (const WebRequest *request, ApplyModel *m, Subject subject, GError **error)
{
  Case coming = { .matter = m->matter,
                  .applicant = request->account->subject,
                  .subject = subject,
                  .at = { .valid_at = request->today, .known_at = G_MAXINT64 } };
  m->papers
      = cases_materials (request->web->cases, request->arena, request->account, &coming, &m->n_papers, error);
  for (size_t i = 0; m->papers && i < m->n_papers; i++)
    m->n_open_papers += m->papers[i].state != CASE_HELD;
  return m->papers;
}

/* What is wrong is put right where it is kept, never by the application: each fact about who asks
 * leads to the request for its correction. */
static bool
link_corrections (const WebRequest *request, ApplyModel *m, GError **error)
{
  const char **links = arena_new0 (request->arena, const char *, m->n_facts);
  for (size_t i = 0; i < m->n_facts; i++) {
    const RegistryProvenance *fact = m->facts[i];
    bool about;
    if (!rights_is_about (request->web->rights, fact->subject, request->account->subject, &about, error))
      return false;
    if (about)
      links[i] = arena_printf (
          request->arena, "/me/corrections/new?subject=%s&attribute=%s",
          registry_subject_format (request->arena, registry_schema (request->web->registry), fact->subject),
          fact->attribute->id);
  }
  m->corrections = links;
  return true;
}

/* ---- what is asked ------------------------------------------------------------- */

static bool
is_in_form (const WebRequest *request, const char *path)
{
  return web_field (&request->form, arena_printf (request->arena, "fact.%s", path)) != NULL;
}

/* Those asked before, in their order, then those that the answers bring up.  As long as there are such,
 * the first step is not done; a question left empty is not asked again. */
static bool
ask (const WebRequest *request, ApplyModel *m, GError **error)
{
  const PolicyProvision *provision = m->matter->provision;
  size_t n_said;
  const CaseStatement *said = web_case_statements (request, &n_said);
  g_autoptr (GError) fault = NULL;
  const Questions none = { 0 },
                  *open = cases_questions (request->web->cases, request->arena, request->account, m->matter,
                                           0, said, n_said, &fault);
  if (!open && !(m->trouble = web_case_trouble (request, fault, &m->detail))) {
    g_propagate_error (error, g_steal_pointer (&fault));
    return false;
  }
  m->check &= open != NULL; /* an answer that does not fit is told where it was given */
  open = open ? open : &none;
  CaseQuestion *all = arena_new0 (request->arena, CaseQuestion, request->form.n + open->n);
  for (size_t i = 0; i < request->form.n; i++)
    if (g_str_has_prefix (request->form.items[i].name, "fact."))
      m->n_questions += web_case_question (request, provision, request->form.items[i].name + strlen ("fact."),
                                           &all[m->n_questions]);
  for (size_t i = 0; i < open->n; i++)
    if (!is_in_form (request, open->items[i].path)) {
      m->n_questions += web_case_question (request, provision, open->items[i].path, &all[m->n_questions]);
      m->check = false;
    }
  m->questions = all;
  return true;
}

static bool
fill (const WebRequest *request, ApplyModel *m, GError **error)
{
  const PolicyAnswer *answer = NULL;
  g_autoptr (GError) fault = NULL;
  if (!read_answer (request, m, &answer, &fault) && !g_error_matches (fault, FAULT, FAULT_USAGE)) {
    g_propagate_error (error, g_steal_pointer (&fault));
    return false;
  }
  if (!answer) {
    m->nobody = true;
    return true;
  }
  m->about = answer->about;
  m->facts = web_case_facts (request, answer->determination, &m->n_facts);
  return ask (request, m, error) && link_corrections (request, m, error)
         && list_papers (request, m, answer->determination->subject, error);
}

/* ---- the form ------------------------------------------------------------------ */

static bool
write_form (WebRequest *request, WebResponse *response, bool check, const GError *fault, GError **error)
{
  const char *key = web_field (&request->form, "key");
  ApplyModel m = { .matter = find_matter (request, error),
                   .check = check,
                   .key = key && !fault ? key : web_fresh_key (request),
                   .contact = web_field (&request->form, "contact"),
                   .who = request->language == LANGUAGE_EN && request->account->en ? request->account->en
                                                                                   : request->account->zh };
  if (!m.matter)
    return false;
  m.trouble = fault ? web_case_trouble (request, fault, &m.detail) : NULL;
  Page page = web_page (request, NULL, NAV_CASES);
  page.title = web_text (request, m.matter->name);
  if (!web_case_offer (request, m.matter, &m.offer, error) || !fill (request, &m, error))
    return false;
  page_apply (response->body, &page, &m);
  return true;
}

bool
handle_apply (WebRequest *request, WebResponse *response, GError **error)
{
  return write_form (request, response, false, NULL, error);
}

static gint64
submit (const WebRequest *request, const PolicyMatter *matter, GError **error)
{
  const DueOffer *offer;
  CaseApplication ask = { .matter = matter, .contact = web_field (&request->form, "contact") };
  if (!web_case_offer (request, matter, &offer, error))
    return 0;
  ask.offer = offer ? offer->id : 0;
  ask.statements = web_case_statements (request, &ask.n_statements);
  ask.uploads = web_case_uploads (request, &ask.n_uploads);
  return cases_submit (request->web->cases, request->account, &ask, web_case_key (request), error);
}

bool
handle_apply_send (WebRequest *request, WebResponse *response, GError **error)
{
  g_autoptr (GError) fault = NULL;
  const char *detail, *step = web_field (&request->form, "step");
  if (g_strcmp0 (step, "send") != 0)
    return write_form (request, response, g_strcmp0 (step, "check") == 0, NULL, error);
  const PolicyMatter *matter = find_matter (request, error);
  if (!matter)
    return false;
  gint64 id = submit (request, matter, &fault);
  if (id) {
    web_redirect (response, arena_printf (request->arena, "/cases/%" G_GINT64_FORMAT "?new=1", id));
    return true;
  }
  if (!web_case_trouble (request, fault, &detail)) {
    g_propagate_error (error, g_steal_pointer (&fault));
    return false;
  }
  response->status = fault->code == FAULT_CONFLICT ? 409 : 422;
  return write_form (request, response, true, fault, error);
}
