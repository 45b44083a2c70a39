/* Logging in and out. */
#include "web/handlers.h"
#include "web/models.h"
#include "web/pages.h"

/* Where to go on after logging in: a path of ours, else the person's own page. */
static const char *
next_path (const char *wanted)
{
  return wanted && html_is_own_path (text_of (wanted)) ? wanted : "/me";
}

static bool
write_login (WebRequest *request, WebResponse *response, const WebFields *fields, bool failed, GError **error)
{
  LoginModel m = { .name = web_field (fields, "name"),
                   .next = next_path (web_field (fields, "next")),
                   .failed = failed };
  g_autoptr (GError) local = NULL;
  m.demo = access_demo_accounts (request->web->access, request->arena, &m.n_demo, &local);
  if (local) {
    g_propagate_error (error, g_steal_pointer (&local));
    return false;
  }
  Page page = web_page (
      request, message_text (request->arena, request->language, MESSAGE_login_title, NULL, 0), NAV_NONE);
  page_login (response->body, &page, &m);
  return true;
}

bool
handle_login_form (WebRequest *request, WebResponse *response, GError **error)
{
  return write_login (request, response, &request->query, false, error);
}

bool
handle_login (WebRequest *request, WebResponse *response, GError **error)
{
  const char *name = web_field (&request->form, "name"), *password = web_field (&request->form, "password");
  const char *token;
  g_autoptr (GError) local = NULL;
  /* The guard lets requests to loopback through only, so the caller is here. */
  if (access_login (request->web->access, request->arena, name ? name : "", password ? password : "", true,
                    &token, &local)) {
    web_response_header (response, "Set-Cookie",
                         arena_printf (request->arena, "session=%s; Path=/; HttpOnly; SameSite=Lax", token));
    web_redirect (response, next_path (web_field (&request->form, "next")));
    return true;
  }
  if (local->domain != FAULT || local->code != FAULT_DENIED) {
    g_propagate_error (error, g_steal_pointer (&local));
    return false;
  }
  response->status = 422;
  return write_login (request, response, &request->form, true, error);
}

bool
handle_logout (WebRequest *request, WebResponse *response, GError **error)
{
  if (request->account && !access_logout (request->web->access, request->session, error))
    return false;
  web_response_header (response, "Set-Cookie", "session=; Path=/; Max-Age=0; HttpOnly; SameSite=Lax");
  web_redirect (response, "/");
  return true;
}
