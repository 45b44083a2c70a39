/* Mandates: who of the household lets whom see their facts. */
#include "web/handlers.h"
#include "web/models.h"
#include "web/pages.h"

static const char *
name_of (const MandatesModel *m, Subject subject)
{
  for (size_t i = 0; i < m->n_members; i++)
    if (m->members[i].subject == subject)
      return m->members[i].name;
  return NULL;
}

/* "clause-23" → the clause; NULL for every one. */
static const PolicyClause *
clause_of (const WebRequest *request, const char *purpose)
{
  size_t n;
  const PolicyClause *const *clauses = policy_clauses (request->web->package, &n);
  for (size_t i = 0; purpose && i < n; i++)
    if (clauses[i]->purpose && g_str_equal (clauses[i]->purpose->id, purpose))
      return clauses[i];
  return NULL;
}

static bool
read_rows (const WebRequest *request, MandatesModel *m, bool to_me, const MandateRow **rows, size_t *n,
           GError **error)
{
  const AccessMandate *mandates
      = access_mandates (request->web->access, request->arena, request->account->subject, to_me, n, error);
  if (!mandates)
    return false;
  MandateRow *list = arena_new0 (request->arena, MandateRow, *n);
  for (size_t i = 0; i < *n; i++) {
    Subject other = to_me ? mandates[i].giver : mandates[i].viewer;
    list[i] = (MandateRow){ .mandate = &mandates[i], .clause = clause_of (request, mandates[i].purpose) };
    list[i].name = name_of (m, other);
    if (!list[i].name) /* no longer of the household */
      list[i].name
          = registry_subject_format (request->arena, registry_schema (request->web->registry), other);
    list[i].holds = !mandates[i].withdrawn_at && mandates[i].from <= request->today
                    && request->today <= mandates[i].to && name_of (m, other);
  }
  *rows = list;
  return true;
}

/* Clauses that residents of a household may ask for its sake. */
static void
collect_clauses (const WebRequest *request, MandatesModel *m)
{
  size_t n;
  const PolicyClause *const *clauses = policy_clauses (request->web->package, &n);
  const PolicyClause **list = arena_new0 (request->arena, const PolicyClause *, n);
  const RegistryEntity *entity
      = registry_subject_entity (registry_schema (request->web->registry), request->account->subject);
  for (size_t i = 0; i < n; i++)
    for (size_t k = 0; k < clauses[i]->n_provisions; k++)
      if (clauses[i]->provisions[k].applicant && clauses[i]->provisions[k].applicant->entity == entity) {
        list[m->n_clauses++] = clauses[i];
        break;
      }
  m->clauses = list;
}

static bool
write_mandates (WebRequest *request, WebResponse *response, bool failed, GError **error)
{
  MandatesModel m
      = { .failed = failed, .today = request->today, .done = web_field (&request->query, "done") };
  m.members = access_housemates (request->web->access, request->arena, request->account, request->today,
                                 &m.n_members, error);
  if (!m.members || !read_rows (request, &m, false, &m.given, &m.n_given, error)
      || !read_rows (request, &m, true, &m.received, &m.n_received, error))
    return false;
  collect_clauses (request, &m);
  response->status = failed ? 422 : 0;
  Page page = web_page (
      request, message_text (request->arena, request->language, MESSAGE_mandates_title, NULL, 0), NAV_ME);
  page_mandates (response->body, &page, &m);
  return true;
}

bool
handle_mandates (WebRequest *request, WebResponse *response, GError **error)
{
  return write_mandates (request, response, false, error);
}

static bool
give (const WebRequest *request, GError **error)
{
  const char *viewer = web_field (&request->form, "viewer"), *purpose = web_field (&request->form, "purpose"),
             *from = web_field (&request->form, "from"), *to = web_field (&request->form, "to");
  AccessMandate mandate = { .purpose = purpose && *purpose ? purpose : NULL, .from = request->today };
  if (!viewer
      || !registry_subject_parse (registry_schema (request->web->registry), text_of (viewer), &mandate.viewer)
      || (from && *from && !civil_parse (text_of (from), &mandate.from)) || !to
      || !civil_parse (text_of (to), &mandate.to)) {
    g_set_error (error, FAULT, FAULT_INPUT, "choose a member of the household and until when");
    return false;
  }
  return access_give_mandate (request->web->access, request->account, &mandate, error);
}

bool
handle_mandates_give (WebRequest *request, WebResponse *response, GError **error)
{
  g_autoptr (GError) local = NULL;
  if (give (request, &local)) {
    web_redirect (response, "/mandates?done=give");
    return true;
  }
  if (local->domain == FAULT && (local->code == FAULT_INPUT || local->code == FAULT_DENIED))
    return write_mandates (request, response, true, error);
  g_propagate_error (error, g_steal_pointer (&local));
  return false;
}

bool
handle_mandates_withdraw (WebRequest *request, WebResponse *response, GError **error)
{
  guint64 id;
  if (!g_ascii_string_to_unsigned (request->captures[0], 10, 1, G_MAXINT64, &id, NULL)) {
    g_set_error (error, FAULT, FAULT_NOT_FOUND, "there is no mandate %s", request->captures[0]);
    return false;
  }
  if (!access_withdraw_mandate (request->web->access, request->account, (gint64)id, error))
    return false;
  web_redirect (response, "/mandates?done=withdraw");
  return true;
}
