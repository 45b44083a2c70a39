/* What a payee gets, and the account it goes to. */
#include "web/handlers.h"
#include "web/models.h"
#include "web/pages.h"
#include "web/payment_parts.h"

enum { LINES_PER_PAGE = 30, ACCOUNTS_SHOWN = 10 };

static bool
read_own (const WebRequest *request, MyPaymentsModel *m, GError **error)
{
  m->accounts = payments_accounts (request->payments, request->arena, request->account,
                                   request->account->subject, ACCOUNTS_SHOWN, &m->n_accounts, error);
  m->lines = m->accounts ? payments_own (request->payments, request->arena, request->account,
                                         web_field_number (&request->query, "before"), LINES_PER_PAGE,
                                         &m->n_lines, error)
                         : NULL;
  if (m->lines && m->n_lines == LINES_PER_PAGE)
    m->next
        = arena_printf (request->arena, "/me/payments?before=%" G_GINT64_FORMAT, m->lines[m->n_lines - 1].id);
  return m->lines != NULL;
}

static bool
write_own (WebRequest *request, WebResponse *response, bool failed, GError **error)
{
  MyPaymentsModel m
      = { .failed = failed, .done = web_field (&request->query, "done"), .form = &request->form };
  if (!read_own (request, &m, error))
    return false;
  response->status = failed ? 422 : 0;
  Page page = web_page (
      request, message_text (request->arena, request->language, MESSAGE_own_payments_title, NULL, 0), NAV_ME);
  page_my_payments (response->body, &page, &m);
  return true;
}

bool
handle_my_payments (WebRequest *request, WebResponse *response, GError **error)
{
  return write_own (request, response, false, error);
}

static bool
set_account (const WebRequest *request, GError **error)
{
  return payments_set_account (request->payments, request->account, request->account->subject,
                               web_field (&request->form, "holder"), web_field (&request->form, "number"),
                               error);
}

bool
handle_my_account (WebRequest *request, WebResponse *response, GError **error)
{
  g_autoptr (GError) fault = NULL;
  if (set_account (request, &fault)) {
    web_redirect (response, "/me/payments?done=1");
    return true;
  }
  if (g_error_matches (fault, FAULT, FAULT_INPUT))
    return write_own (request, response, true, error);
  g_propagate_error (error, g_steal_pointer (&fault));
  return false;
}

/* ---- for programs ------------------------------------------------------------------------ */

bool
handle_api_my_payments (WebRequest *request, WebResponse *response, GError **error)
{
  MyPaymentsModel m = { 0 };
  if (!read_own (request, &m, error))
    return false;
  response->content_type = "application/json";
  g_autoptr (JsonWriter) w = json_writer_new (response->body, 2);
  json_begin_object (w);
  json_member_array (w, "accounts");
  for (size_t i = 0; i < m.n_accounts; i++) {
    char buffer[CIVIL_TEXT_MAX];
    json_begin_object (w);
    json_member_str (w, "holder", m.accounts[i].holder);
    json_member_str (w, "account", m.accounts[i].account);
    json_member_str (w, "set_at", instant_format (m.accounts[i].set_at, buffer));
    json_end_object (w);
  }
  json_end_array (w);
  web_write_lines (w, request, "lines", m.lines, m.n_lines);
  json_end_object (w);
  return true;
}

bool
handle_api_my_account (WebRequest *request, WebResponse *response, GError **error)
{
  return set_account (request, error) && handle_api_my_payments (request, response, error);
}
