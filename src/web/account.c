/* Logging in and out: name and password, then for some a code. */
#include "web/handlers.h"
#include "web/models.h"
#include "web/pages.h"
#include "web/qr.h"

/* Where to go on after logging in: a path of ours, else the person's own page. */
static const char *
next_path (const char *wanted)
{
  return wanted && html_is_own_path (text_of (wanted)) ? wanted : "/me";
}

static AccessOrigin
origin_of (const WebRequest *request)
{
  return (AccessOrigin){ .address = request->address,
                         .loopback = request->loopback,
                         .device = request->device,
                         .agent = request->agent };
}

static const char *
message (const WebRequest *request, Message key)
{
  return message_text (request->arena, request->language, key, NULL, 0);
}

/* The session's cookie, and what the browser keeps to be known by. */
static void
set_cookies (const WebRequest *request, WebResponse *response, const AccessLogin *login)
{
  web_response_header (
      response, "Set-Cookie",
      arena_printf (request->arena, "session=%s; Path=/; HttpOnly; SameSite=Lax", login->token));
  if (login->device)
    web_response_header (response, "Set-Cookie",
                         arena_printf (request->arena,
                                       "device=%s; Path=/login; Max-Age=7776000; HttpOnly; SameSite=Strict",
                                       login->device));
}

/* "/login/code?next=…" */
static const char *
with_next (const WebRequest *request, const char *path, const char *next)
{
  g_autoptr (GString) address = g_string_new (path);
  g_string_append (address, "?next=");
  html_write (address, html_value_string (next), HTML_URL_PART);
  return arena_text (request->arena, (Text){ address->str, address->len });
}

static void
go_on (const WebRequest *request, WebResponse *response, const AccessLogin *login)
{
  const char *next = next_path (web_field (&request->form, "next"));
  set_cookies (request, response, login);
  if (login->stage == ACCESS_ASKED_CODE)
    web_redirect (response, with_next (request, "/login/code", next));
  else if (login->stage == ACCESS_ENROLLING)
    web_redirect (response, with_next (request, "/login/enrol", next));
  else
    web_redirect (response, next);
}

/* ---- name and password ------------------------------------------------- */

/* How many minutes there are until LOGIN may be tried again, at least one; 0: at once. */
static gint64
minutes_left (const AccessLogin *login)
{
  gint64 seconds = login->until - g_get_real_time () / G_USEC_PER_SEC;
  return login->verdict == ACCESS_LOCKED ? MAX ((seconds + 59) / 60, 1) : 0;
}

static bool
write_login (WebRequest *request, WebResponse *response, const WebFields *fields, const AccessLogin *tried,
             GError **error)
{
  LoginModel m = { .name = web_field (fields, "name"),
                   .next = next_path (web_field (fields, "next")),
                   .failed = tried,
                   .minutes = tried ? minutes_left (tried) : 0 };
  g_autoptr (GError) local = NULL;
  m.demo = access_demo_accounts (request->web->access, request->arena, &m.n_demo, &local);
  if (local) {
    g_propagate_error (error, g_steal_pointer (&local));
    return false;
  }
  response->status = tried ? 422 : 0;
  Page page = web_page (request, message (request, MESSAGE_login_title), NAV_NONE);
  page_login (response->body, &page, &m);
  return true;
}

bool
handle_login_form (WebRequest *request, WebResponse *response, GError **error)
{
  return write_login (request, response, &request->query, NULL, error);
}

bool
handle_login (WebRequest *request, WebResponse *response, GError **error)
{
  const char *name = web_field (&request->form, "name"), *password = web_field (&request->form, "password");
  AccessOrigin origin = origin_of (request);
  AccessLogin login;
  if (!access_login (request->web->access, request->arena, name ? name : "", password ? password : "",
                     &origin, request->session, &login, error))
    return false;
  if (login.verdict != ACCESS_OPENED)
    return write_login (request, response, &request->form, &login, error);
  go_on (request, response, &login);
  return true;
}

bool
handle_logout (WebRequest *request, WebResponse *response, GError **error)
{
  if (request->session && !access_logout (request->web->access, request->session, error))
    return false;
  web_response_header (response, "Set-Cookie", "session=; Path=/; Max-Age=0; HttpOnly; SameSite=Lax");
  web_redirect (response, "/");
  return true;
}

/* ---- the second factor ------------------------------------------------- */

static void
write_code (WebRequest *request, WebResponse *response, const WebFields *fields, const AccessLogin *tried)
{
  CodeModel m = { .next = next_path (web_field (fields, "next")),
                  .failed = tried,
                  .minutes = tried ? minutes_left (tried) : 0 };
  if (request->loopback)
    m.demo = access_demo_code (request->web->access, request->arena, request->session);
  response->status = tried ? 422 : 0;
  Page page = web_page (request, message (request, MESSAGE_code_title), NAV_NONE);
  page_code (response->body, &page, &m);
}

/* Whoever has no session at STAGE begins anew. */
static bool
is_at (const WebRequest *request, AccessStage stage, WebResponse *response)
{
  if (request->pending && request->pending->stage == stage)
    return true;
  web_redirect (response, "/login");
  return false;
}

bool
handle_code_form (WebRequest *request, WebResponse *response, GError **error)
{
  if (is_at (request, ACCESS_ASKED_CODE, response))
    write_code (request, response, &request->query, NULL);
  return true;
}

bool
handle_code (WebRequest *request, WebResponse *response, GError **error)
{
  const char *code = web_field (&request->form, "code");
  AccessOrigin origin = origin_of (request);
  AccessLogin login;
  if (!is_at (request, ACCESS_ASKED_CODE, response))
    return true;
  if (!access_login_code (request->web->access, request->arena, request->session, code ? code : "", &origin,
                          &login, error))
    return false;
  if (login.verdict == ACCESS_OPENED)
    go_on (request, response, &login);
  else
    write_code (request, response, &request->form, &login);
  return true;
}

static bool
write_enrol (WebRequest *request, WebResponse *response, const WebFields *fields, bool failed, GError **error)
{
  EnrolModel m
      = { .next = next_path (web_field (fields, "next")), .failed = failed, .must = request->pending };
  AccessSecret secret;
  if (!access_enrol_secret (request->web->access, request->arena, request->session, &secret, error))
    return false;
  m.secret = secret.secret;
  m.uri = secret.uri;
  m.qr = qr_path (request->arena, secret.uri, &m.qr_size);
  response->status = failed ? 422 : 0;
  Page page = web_page (request, message (request, MESSAGE_enrol_title), NAV_NONE);
  page_enrol (response->body, &page, &m);
  return true;
}

/* For who must, after the password; and for staff who want to. */
static bool
may_enrol (const WebRequest *request, WebResponse *response)
{
  return request->account || is_at (request, ACCESS_ENROLLING, response);
}

bool
handle_enrol_form (WebRequest *request, WebResponse *response, GError **error)
{
  return !may_enrol (request, response) || write_enrol (request, response, &request->query, false, error);
}

bool
handle_enrol (WebRequest *request, WebResponse *response, GError **error)
{
  const char *code = web_field (&request->form, "code");
  AccessOrigin origin = origin_of (request);
  AccessLogin login;
  if (!may_enrol (request, response))
    return true;
  if (!access_enrol (request->web->access, request->arena, request->session, code ? code : "", &origin,
                     &login, error))
    return false;
  if (login.verdict != ACCESS_OPENED)
    return write_enrol (request, response, &request->form, true, error);
  set_cookies (request, response, &login);
  RecoveryModel m = { .codes = login.recovery, .next = next_path (web_field (&request->form, "next")) };
  Page page = web_page (request, message (request, MESSAGE_recovery_title), NAV_NONE);
  page_recovery (response->body, &page, &m);
  return true;
}
