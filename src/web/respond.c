/* From a request to its answer: the table of routes, and what goes wrong. */
#include "web/handlers.h"
#include "web/pages.h"
#include "web/server.h"

#include <string.h>

const WebRoute web_routes[] = {
  { "GET", "/", handle_front },
  { "GET", "/circular", handle_circular },
  { "GET", "/circular/tasks", handle_tasks },
  { "GET", "/circular/tasks.csv", handle_tasks_csv },
  { "GET", "/circular/tasks.xlsx", handle_tasks_xlsx },
  { "GET", "/clauses", handle_clauses },
  { "GET", "/clauses/{}", handle_clause },
  { "GET", "/me", handle_me },
  { "GET", "/residents", handle_residents },
  { "GET", "/households", handle_households },
  { "GET", "/organisations", handle_organisations },
  { "GET", "/parks", handle_parks },
  { "GET", "/subjects/{}", handle_subject },
  { "GET", "/login", handle_login_form },
  { "POST", "/login", handle_login },
  { "POST", "/logout", handle_logout },
  { "GET", "/assets/{}", handle_asset },
  { "GET", "/favicon.ico", handle_favicon },
  { "GET", "/api/v1/health", handle_api_health },
  { "GET", "/api/v1/circular", handle_api_circular },
  { "GET", "/api/v1/tasks", handle_api_tasks },
  { "GET", "/api/v1/clauses", handle_api_clauses },
  { "GET", "/api/v1/clauses/{}", handle_api_clause },
  { "GET", "/api/v1/subjects/{}/determinations", handle_api_determinations },
};
const size_t web_routes_n = G_N_ELEMENTS (web_routes);

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
  return (Page){ .arena = request->arena,
                 .package = request->web->package,
                 .language = request->language,
                 .title = title,
                 .path = request->path,
                 .other_language = web_address (request, request->language == LANGUAGE_ZH ? "en" : "zh"),
                 .account = request->account,
                 .form_token = request->account ? access_form_token (request->arena, request->session) : NULL,
                 .active = active };
}

/* ---- what goes wrong --------------------------------------------------- */

static const struct Trouble {
  unsigned status;
  const char *name;
  Message title, text;
} troubles[] = {
  { 400, "Bad Request", MESSAGE_error_400, MESSAGE_error_400_text },
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
  page_error (response->body, &page, status,
              message_text (request->arena, request->language, trouble->text, NULL, 0), detail);
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
    if (!route->handler (request, response, &error))
      respond_fault (request, response, route, error);
    break;
  }
  return route ? route->pattern : NULL;
}
