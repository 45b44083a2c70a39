/* From a request to its answer: who may ask, and what goes wrong. */
#include "web/handlers.h"
#include "web/pages.h"
#include "web/problems.h"
#include "web/server.h"

#include <string.h>

/* ---- pages ------------------------------------------------------------- */

/* Percent-encoded again, whatever way it was sent. */
static void
write_path (GString *out, const char *path)
{
  for (const char *p = path; *p; p++)
    if (*p == '/')
      g_string_append_c (out, '/');
    else
      html_write (out, html_value_text ((Text){ p, 1 }), HTML_URL_PART);
}

const char *
web_address (const WebRequest *request, const char *language)
{
  char separator = '?';
  g_autoptr (GString) address = g_string_new (NULL);
  write_path (address, request->path);
  if (language) {
    g_string_append_printf (address, "?lang=%s", language);
    separator = '&';
  }
  for (size_t i = 0; i < request->query.n; i++) {
    const WebField *field = &request->query.items[i];
    if (g_str_equal (field->name, "lang"))
      continue;
    g_string_append_c (address, separator);
    separator = '&';
    html_write (address, html_value_string (field->name), HTML_URL_PART);
    g_string_append_c (address, '=');
    html_write (address, html_value_string (field->value), HTML_URL_PART);
  }
  return arena_text (request->arena, (Text){ address->str, address->len });
}

Page
web_page (const WebRequest *request, const char *title, NavigationItem active)
{
  size_t unread = 0; /* where it cannot be told, the page says nothing of it */
  if (request->account && request->web->notices)
    notices_unread (request->web->notices, request->account, &unread, NULL);
  return (Page){ .arena = request->arena,
                 .package = request->web->package,
                 .language = request->language,
                 .title = title,
                 .path = request->path,
                 .other_language = web_address (request, request->language == LANGUAGE_ZH ? "en" : "zh"),
                 .account = request->account,
                 .form_token = request->account || request->pending
                                   ? access_form_token (request->arena, request->session)
                                   : NULL,
                 .active = active,
                 .unread = unread };
}

/* ---- what goes wrong --------------------------------------------------- */

static const struct Trouble {
  unsigned status;
  const char *name;
  Message title, text;
} troubles[] = {
  { 400, "Bad Request", MESSAGE_error_400, MESSAGE_error_400_text },
  { 401, "Unauthorized", MESSAGE_error_401, MESSAGE_error_401_text },
  { 403, "Forbidden", MESSAGE_error_403, MESSAGE_error_403_text },
  { 404, "Not Found", MESSAGE_error_404, MESSAGE_error_404_text },
  { 405, "Method Not Allowed", MESSAGE_error_405, MESSAGE_error_405_text },
  { 409, "Conflict", MESSAGE_error_409, MESSAGE_error_409_text },
  { 422, "Unprocessable Content", MESSAGE_error_422, MESSAGE_error_422_text },
  { 500, "Internal Server Error", MESSAGE_error_500, MESSAGE_error_500_text },
  { 503, "Service Unavailable", MESSAGE_error_503, MESSAGE_error_503_text },
};

static const struct Trouble *
trouble_of (unsigned status)
{
  for (size_t i = 0; i < G_N_ELEMENTS (troubles); i++)
    if (troubles[i].status == status)
      return &troubles[i];
  g_assert_not_reached ();
}

/* RFC 9457, section 3. */
static void
write_problem (GString *out, const WebRequest *request, const struct Trouble *trouble, const char *detail)
{
  g_autoptr (JsonWriter) w = json_writer_new (out, 2);
  g_autoptr (GString) instance = g_string_new (NULL); /* a URI reference */
  write_path (instance, request->path);
  json_begin_object (w);
  json_member_str (w, "type", "about:blank");
  json_member_str (w, "title", trouble->name);
  json_member_int (w, "status", trouble->status);
  if (detail)
    json_member_str (w, "detail", detail);
  json_member_str (w, "instance", instance->str);
  json_end_object (w);
}

void
respond_error (WebRequest *request, WebResponse *response, unsigned status, const char *detail)
{
  const struct Trouble *trouble = trouble_of (status);
  response->status = status;
  response->fixed = (Text){ 0 };
  g_string_truncate (response->body, 0);
  if (request->api) {
    response->content_type = "application/problem+json";
    write_problem (response->body, request, trouble, detail);
    return;
  }
  response->content_type = NULL;
  Page page = web_page (request, message_text (request->arena, request->language, trouble->title, NULL, 0),
                        NAV_NONE);
  const char *zh = detail && request->language == LANGUAGE_ZH ? problem_zh (request->arena, detail) : NULL;
  page_error (response->body, &page, status,
              message_text (request->arena, request->language, trouble->text, NULL, 0), zh ? zh : detail,
              language_tags[zh ? LANGUAGE_ZH : LANGUAGE_EN]);
}

void
respond_refusal (WebResponse *response, unsigned status, const char *reason)
{
  response->status = status;
  response->content_type = "text/plain; charset=utf-8";
  g_string_printf (response->body, "%s\n", reason);
}

static unsigned
status_of_fault (const GError *error)
{
  static const unsigned statuses[]
      = { [FAULT_USAGE] = 400,    [FAULT_INPUT] = 422,       [FAULT_NOT_FOUND] = 404, [FAULT_DENIED] = 403,
          [FAULT_CONFLICT] = 409, [FAULT_UNPUBLISHED] = 422, [FAULT_SYSTEM] = 503 };
  if (error->domain != FAULT || (size_t)error->code >= G_N_ELEMENTS (statuses))
    return 500;
  return statuses[error->code];
}

/* What the caller did wrong is told; what failed inside goes to the log only,
 * without the address, which may name a person. */
static void
respond_fault (WebRequest *request, WebResponse *response, const WebRoute *route, const GError *error)
{
  unsigned status = status_of_fault (error);
  if (status >= 500)
    g_printerr ("liudong: %s %s: %s\n", route->method, route->pattern, error->message);
  respond_error (request, response, status, status < 500 ? error->message : NULL);
}

void
respond_cache_rule (const WebRequest *request, WebResponse *response)
{
  for (size_t i = 0; i < response->n_headers; i++)
    if (g_str_equal (response->headers[i].name, "Cache-Control"))
      return;
  web_response_header (response, "Cache-Control",
                       request->account || request->session ? "no-store" : "no-cache");
}

/* ---- who may ask ------------------------------------------------------- */

/* Nobody is logged in: pages ask, and come back; programs are told how (RFC 9110,
 * section 15.5.2; the scheme is that of draft-broyer-http-cookie-auth). */
static void
ask_login (WebRequest *request, WebResponse *response)
{
  if (request->api || !g_str_equal (request->method, "GET")) {
    web_response_header (response, "WWW-Authenticate",
                         "Cookie realm=\"liudong\", form-action=\"/login\", cookie-name=\"session\"");
    respond_error (request, response, 401, "log in first: POST name and password to /login, keep its cookie");
    return;
  }
  g_autoptr (GString) address = g_string_new ("/login?next=");
  html_write (address, html_value_string (web_address (request, NULL)), HTML_URL_PART);
  web_redirect (response, arena_text (request->arena, (Text){ address->str, address->len }));
}

/* The password was right; the next step is the code, and nothing else. */
static void
ask_code (const WebRequest *request, WebResponse *response)
{
  web_redirect (response, request->pending->stage == ACCESS_ENROLLING ? "/login/enrol" : "/login/code");
}

/* A page of another site can send a form with the session's cookie, but not its
 * token (CSRF). */
static bool
is_own_form (const WebRequest *request)
{
  bool known = request->account || request->pending;
  if (!known || !g_str_equal (request->method, "POST"))
    return true;
  const char *field = web_field (&request->form, "token"),
             *token = request->form_token ? request->form_token : field;
  return token && g_str_equal (token, access_form_token (request->arena, request->session));
}

/* Deny by default: the route names the right it needs, the matrix says who has it. */
static bool
admit (const WebRoute *route, WebRequest *request, WebResponse *response)
{
  bool may = access_may (request->account, route->right);
  if (may && is_own_form (request))
    return true;
  if (!may && request->pending && !request->api && g_str_equal (request->method, "GET"))
    ask_code (request, response);
  else if (!may && !request->account)
    ask_login (request, response);
  else
    respond_error (request, response, 403,
                   may ? "the form is not from this session; load the page again"
                       : arena_printf (request->arena, "the role %s has not the right %s",
                                       access_role_name (request->account->role)->id,
                                       access_right_name (route->right)->id));
  return false;
}

const char *
respond_route (WebRequest *request, Text raw_path, WebResponse *response)
{
  const WebRoute *route = NULL;
  const char *allow;
  g_autoptr (GError) error = NULL;
  switch (route_find (web_routes, web_routes_n, raw_path, request->method, request, &route, &allow)) {
  case ROUTE_UNKNOWN: respond_error (request, response, 404, NULL); break;
  case ROUTE_MALFORMED:
    respond_error (request, response, 400, "the address is not percent-encoded UTF-8");
    break;
  case ROUTE_OTHER_METHOD:
    web_response_header (response, "Allow", allow);
    respond_error (request, response, 405, arena_printf (request->arena, "allowed: %s", allow));
    break;
  case ROUTE_FOUND:
    if (admit (route, request, response) && !route->handler (request, response, &error))
      respond_fault (request, response, route, error);
    response->compress = route->compressed;
    break;
  }
  return route ? route->pattern : NULL;
}
