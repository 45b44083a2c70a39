/* One's own account: sessions, password, second factor; and where staff begin. */
#include "web/handlers.h"
#include "web/models.h"
#include "web/pages.h"

#include <string.h>

static bool
write_own (WebRequest *request, WebResponse *response, OwnProblem problem, GError **error)
{
  OwnModel m
      = { .account = request->account, .problem = problem, .done = web_field (&request->query, "done") };
  m.must = access_role_needs_code (request->account->role);
  m.least = access_role_is_staff (request->account->role) ? 10 : 8;
  m.sessions = access_sessions (request->web->access, request->arena, request->session, &m.n_sessions, error);
  if (!m.sessions)
    return false;
  response->status = problem ? 422 : 0;
  Page page = web_page (request, message_text (request->arena, request->language, MESSAGE_own_title, NULL, 0),
                        NAV_NONE);
  page_own (response->body, &page, &m);
  return true;
}

bool
handle_own (WebRequest *request, WebResponse *response, GError **error)
{
  return write_own (request, response, OWN_FINE, error);
}

/* What the person can mend is shown at the form; the rest is an error as any other. */
static bool
write_problem (WebRequest *request, WebResponse *response, GError *local, GError **error)
{
  if (local->domain == FAULT && local->code == FAULT_DENIED)
    return write_own (request, response, OWN_WRONG, error);
  if (local->domain == FAULT && local->code == FAULT_INPUT)
    return write_own (request, response, OWN_WEAK, error);
  g_propagate_error (error, g_error_copy (local));
  return false;
}

bool
handle_own_password (WebRequest *request, WebResponse *response, GError **error)
{
  const char *old = web_field (&request->form, "old"), *new = web_field (&request->form, "new");
  g_autoptr (GError) local = NULL;
  if (!access_change_password (request->web->access, request->account, old ? old : "", new ? new : "",
                               request->session, &local))
    return write_problem (request, response, local, error);
  web_redirect (response, "/account?done=password");
  return true;
}

bool
handle_own_sessions (WebRequest *request, WebResponse *response, GError **error)
{
  const char *id = web_field (&request->form, "id");
  if (!access_end_sessions (request->web->access, request->account, id && *id ? id : NULL, request->session,
                            error))
    return false;
  web_redirect (response, "/account?done=sessions");
  return true;
}

bool
handle_own_code (WebRequest *request, WebResponse *response, GError **error)
{
  const char *password = web_field (&request->form, "old");
  g_autoptr (GError) local = NULL;
  if (!access_drop_code (request->web->access, request->account, password ? password : "", &local))
    return write_problem (request, response, local, error);
  web_redirect (response, "/account?done=code");
  return true;
}

/* ---- where staff begin ------------------------------------------------- */

static const struct {
  AccessRight right;
  const char *path;
  Message title, text;
} places[] = {
  { ACCESS_SEARCH_PEOPLE, "/residents", MESSAGE_home_people, MESSAGE_home_people_text },
  { ACCESS_IMPORT, "/imports", MESSAGE_imports_title, MESSAGE_home_imports_text },
  { ACCESS_DECIDE_CORRECTIONS, "/corrections", MESSAGE_nav_queue, MESSAGE_home_queue_text },
  { ACCESS_FIND_DUE, "/due", MESSAGE_due_title, MESSAGE_home_due_text },
  { ACCESS_ALLOCATE, "/rounds", MESSAGE_rounds_title, MESSAGE_home_rounds_text },
  { ACCESS_PAY, "/payments", MESSAGE_payments_title, MESSAGE_home_payments_text },
  { ACCESS_SEE_STATISTICS, "/statistics", MESSAGE_statistics_title, MESSAGE_home_statistics_text },
  { ACCESS_SEE_STATISTICS, "/reforms", MESSAGE_reforms_title, MESSAGE_home_reforms_text },
  { ACCESS_SEE_STATISTICS, "/barriers", MESSAGE_barriers_title, MESSAGE_home_barriers_text },
  { ACCESS_SEE_AUDIT, "/audit", MESSAGE_audit_title, MESSAGE_home_audit_text },
  { ACCESS_MANAGE_ACCOUNTS, "/accounts", MESSAGE_home_accounts, MESSAGE_home_accounts_text },
  { ACCESS_SEE_MATRIX, "/access", MESSAGE_home_matrix, MESSAGE_home_matrix_text },
  { ACCESS_SEE_SHARING, "/sharing", MESSAGE_home_sharing, MESSAGE_home_sharing_text },
  { ACCESS_SEE_POLICY, "/circular/tasks", MESSAGE_home_tasks, MESSAGE_home_tasks_text },
  { ACCESS_SEE_POLICY, "/clauses", MESSAGE_home_clauses, MESSAGE_home_clauses_text },
  { ACCESS_OWN_ACCOUNT, "/account", MESSAGE_home_own, MESSAGE_home_own_text },
};

void
write_home (WebRequest *request, WebResponse *response)
{
  HomeLink *links = arena_new0 (request->arena, HomeLink, G_N_ELEMENTS (places));
  HomeModel m = { .account = request->account, .links = links };
  for (size_t i = 0; i < G_N_ELEMENTS (places); i++)
    if (access_may (request->account, places[i].right))
      links[m.n_links++]
          = (HomeLink){ places[i].path,
                        message_text (request->arena, request->language, places[i].title, NULL, 0),
                        message_text (request->arena, request->language, places[i].text, NULL, 0) };
  Page page = web_page (
      request, message_text (request->arena, request->language, MESSAGE_home_title, NULL, 0), NAV_ME);
  page_home (response->body, &page, &m);
}
