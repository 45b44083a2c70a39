/* Accounts for those who manage them, and the access matrix. */
#include "web/handlers.h"
#include "web/models.h"
#include "web/pages.h"

#include <string.h>

/* The units that answer for clauses, sorted by name. */
static void
collect_departments (const WebRequest *request, const char *const **departments, size_t *n)
{
  size_t n_clauses;
  const PolicyClause *const *clauses = policy_clauses (request->web->package, &n_clauses);
  g_autoptr (GTree) names = g_tree_new ((GCompareFunc)strcmp);
  for (size_t i = 0; i < n_clauses; i++) {
    g_tree_replace (names, (gpointer)(gsize)clauses[i]->lead, NULL);
    for (size_t k = 0; clauses[i]->supporting && clauses[i]->supporting[k]; k++)
      g_tree_replace (names, (gpointer)(gsize)clauses[i]->supporting[k], NULL);
  }
  const char **list = arena_new0 (request->arena, const char *, (gsize)g_tree_nnodes (names));
  *n = 0;
  for (GTreeNode *node = g_tree_node_first (names); node; node = g_tree_node_next (node))
    list[(*n)++] = g_tree_node_key (node);
  *departments = list;
}

static const char *
subject_id (const WebRequest *request, Subject subject)
{
  return subject ? registry_subject_format (request->arena, registry_schema (request->web->registry), subject)
                 : NULL;
}

static bool
write_accounts (WebRequest *request, WebResponse *response, const char *problem, GError **error)
{
  AccountsModel m = { .problem = problem, .form = &request->form };
  m.accounts = access_accounts (request->web->access, request->arena, &m.n_accounts, error);
  if (!m.accounts)
    return false;
  const char **subjects = arena_new0 (request->arena, const char *, m.n_accounts);
  for (size_t i = 0; i < m.n_accounts; i++)
    subjects[i] = subject_id (request, m.accounts[i].subject);
  m.subjects = subjects;
  collect_departments (request, &m.departments, &m.n_departments);
  response->status = problem ? 422 : 0;
  Page page = web_page (
      request, message_text (request->arena, request->language, MESSAGE_accounts_title, NULL, 0), NAV_NONE);
  page_accounts (response->body, &page, &m);
  return true;
}

bool
handle_accounts (WebRequest *request, WebResponse *response, GError **error)
{
  return write_accounts (request, response, NULL, error);
}

static const char *
field (const WebRequest *request, const char *name)
{
  const char *value = web_field (&request->form, name);
  return value ? value : "";
}

static bool
read_role (const WebRequest *request, AccessRole *role, GError **error)
{
  if (access_role_parse (field (request, "role"), role))
    return true;
  g_set_error (error, FAULT, FAULT_INPUT, "choose a role");
  return false;
}

static bool
add_account (const WebRequest *request, GError **error)
{
  const char *department = field (request, "department"), *subject = field (request, "subject");
  AccessAccount account = { .name = field (request, "name"),
                            .zh = field (request, "zh"),
                            .en = field (request, "en"),
                            .department = *department ? department : NULL };
  if (!*account.zh || !*account.en)
    account.zh = account.en = *account.zh ? account.zh : *account.en ? account.en : account.name;
  if (*subject
      && !registry_subject_parse (registry_schema (request->web->registry), text_of (subject),
                                  &account.subject)) {
    g_set_error (error, FAULT, FAULT_INPUT, "%s is no subject; ids look like resident-1", subject);
    return false;
  }
  return read_role (request, &account.role, error)
         && access_add (request->web->access, request->account, &account, field (request, "password"), error);
}

/* What the administrator can mend is told at the form. */
static bool
is_mendable (const GError *error)
{
  return error->domain == FAULT && error->code != FAULT_SYSTEM && error->code != FAULT_NOT_FOUND;
}

bool
handle_accounts_add (WebRequest *request, WebResponse *response, GError **error)
{
  g_autoptr (GError) local = NULL;
  if (add_account (request, &local)) {
    web_redirect (response, "/accounts");
    return true;
  }
  if (is_mendable (local))
    return write_accounts (request, response, arena_text (request->arena, text_of (local->message)), error);
  g_propagate_error (error, g_steal_pointer (&local));
  return false;
}

/* ---- one account ------------------------------------------------------- */

static bool
write_account (WebRequest *request, WebResponse *response, const char *problem, GError **error)
{
  AccountModel m = { .problem = problem, .done = web_field (&request->query, "done") };
  m.account = access_account (request->web->access, request->arena, request->captures[0], error);
  if (!m.account)
    return false;
  m.own = g_str_equal (m.account->name, request->account->name);
  m.subject = subject_id (request, m.account->subject);
  collect_departments (request, &m.departments, &m.n_departments);
  response->status = problem ? 422 : 0;
  Page page = web_page (request, m.account->name, NAV_NONE);
  page_account (response->body, &page, &m);
  return true;
}

bool
handle_account (WebRequest *request, WebResponse *response, GError **error)
{
  return write_account (request, response, NULL, error);
}

static bool
change_account (const WebRequest *request, const char *did, GError **error)
{
  Access *access = request->web->access;
  const AccessAccount *by = request->account;
  const char *name = request->captures[0];
  AccessRole role;
  if (g_str_equal (did, "role"))
    return read_role (request, &role, error)
           && access_set_role (access, by, name, role, field (request, "department"), error);
  if (g_str_equal (did, "disable") || g_str_equal (did, "enable"))
    return access_disable (access, by, name, g_str_equal (did, "disable"), error);
  if (g_str_equal (did, "reset-code"))
    return access_reset_code (access, by, name, error);
  if (g_str_equal (did, "unlock"))
    return access_unlock (access, by, name, error);
  if (g_str_equal (did, "reset-password"))
    return access_reset_password (access, by, name, field (request, "password"), error);
  g_set_error (error, FAULT, FAULT_USAGE, "\"%s\" is nothing that is done to an account", did);
  return false;
}

bool
handle_account_change (WebRequest *request, WebResponse *response, GError **error)
{
  const char *did = field (request, "do");
  g_autoptr (GError) local = NULL;
  if (change_account (request, did, &local)) {
    web_redirect (response, arena_printf (request->arena, "/accounts/%s?done=%s", request->captures[0], did));
    return true;
  }
  if (is_mendable (local))
    return write_account (request, response, arena_text (request->arena, text_of (local->message)), error);
  g_propagate_error (error, g_steal_pointer (&local));
  return false;
}

/* ---- the matrix -------------------------------------------------------- */

bool
handle_access (WebRequest *request, WebResponse *response, GError **error)
{
  Page page = web_page (
      request, message_text (request->arena, request->language, MESSAGE_matrix_title, NULL, 0), NAV_NONE);
  page_matrix (response->body, &page);
  return true;
}
