/* One request from its header to the last byte of its answer. */
#include "web/server.h"
#include "web/upload.h"

#include <zlib.h>

#include <netdb.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

typedef struct {
  Arena *arena;
  GString *body;
  gint64 started_us;
  const char *route; /* for the log */
  unsigned status;
  bool answered, over; /* over: the body passed its cap */
  WebLimits limits;
} Exchange;

/* Plain values come from our own style sheet only; no script runs, but for the pages that have one of our
 * own. */
#define POLICY                                                                                               \
  "default-src 'none'; style-src 'self'; img-src 'self'; form-action 'self'; base-uri 'none'; "              \
  "frame-ancestors 'none'"
static const char content_policy[] = POLICY,
                  content_policy_scripts[] = POLICY "; script-src 'self'; connect-src 'self'";
static const WebField security_headers[] = {
  { "X-Content-Type-Options", "nosniff" },
  { "Referrer-Policy", "same-origin" },
  { "Cross-Origin-Opener-Policy", "same-origin" },
  { "Cross-Origin-Resource-Policy", "same-origin" },
  { "Permissions-Policy", "camera=(), geolocation=(), microphone=()" },
};

size_t
exchange_keep_escapes (void *cls, struct MHD_Connection *connection, char *text)
{
  return strlen (text);
}

static GuardedConnection *
guarded (struct MHD_Connection *connection)
{
  const union MHD_ConnectionInfo *info
      = MHD_get_connection_info (connection, MHD_CONNECTION_INFO_SOCKET_CONTEXT);
  return info->socket_context;
}

void
exchange_connection (void *cls, struct MHD_Connection *connection, void **socket_context,
                     enum MHD_ConnectionNotificationCode what)
{
  WebServer *server = cls;
  if (what == MHD_CONNECTION_NOTIFY_CLOSED) {
    guard_disconnect (server->guard, *socket_context);
    return;
  }
  const union MHD_ConnectionInfo *info
      = MHD_get_connection_info (connection, MHD_CONNECTION_INFO_CONNECTION_FD);
  *socket_context = guard_connect (server->guard, info->connect_fd);
}

void
exchange_completed (void *cls, struct MHD_Connection *connection, void **state,
                    enum MHD_RequestTerminationCode why)
{
  WebServer *server = cls;
  Exchange *exchange = *state;
  if (!exchange)
    return;
  if (server->options.log && exchange->route)
    fprintf (stderr, "%s %u %.1f ms\n", exchange->route, exchange->status,
             (double)(g_get_monotonic_time () - exchange->started_us) / 1000);
  arena_free (exchange->arena);
  g_string_free (exchange->body, TRUE);
  g_free (exchange);
  *state = NULL;
  guard_enter (server->guard, guarded (connection), GUARD_HEADER);
}

/* ---- sending ----------------------------------------------------------- */

enum { COMPRESS_FROM = 1024 /* bytes */, LEVEL = 5, GZIP_WINDOW = 15 + 16 };

/* As gzip (RFC 1952), unless it is small or there is no memory. */
static void
compress_body (WebResponse *response)
{
  z_stream z = { 0 };
  if (response->fixed.bytes || response->body->len < COMPRESS_FROM
      || response->n_headers + 2 > WEB_HEADERS_MAX
      || deflateInit2 (&z, LEVEL, Z_DEFLATED, GZIP_WINDOW, 8, Z_DEFAULT_STRATEGY) != Z_OK)
    return;
  uLong room = deflateBound (&z, (uLong)response->body->len);
  GString *packed = g_string_sized_new (room);
  z.next_in = (Bytef *)response->body->str;
  z.avail_in = (uInt)response->body->len;
  z.next_out = (Bytef *)packed->str;
  z.avail_out = (uInt)room;
  bool done = deflate (&z, Z_FINISH) == Z_STREAM_END;
  packed->len = z.total_out;
  deflateEnd (&z);
  g_string_free (done ? response->body : packed, TRUE);
  if (!done)
    return;
  response->body = packed;
  web_response_header (response, "Content-Encoding", "gzip");
  web_response_header (response, "Vary", "Accept-Encoding");
}

static struct MHD_Response *
make_body (WebResponse *response)
{
  if (response->fixed.bytes)
    return MHD_create_response_from_buffer (response->fixed.len, (void *)(gsize)response->fixed.bytes,
                                            MHD_RESPMEM_PERSISTENT);
  gsize len = response->body->len;
  char *bytes = g_string_free (response->body, FALSE);
  response->body = NULL;
  return MHD_create_response_from_buffer (len, bytes, MHD_RESPMEM_MUST_FREE);
}

static enum MHD_Result
send_response (struct MHD_Connection *connection, Exchange *exchange, WebResponse *response)
{
  struct MHD_Response *answer = make_body (response);
  for (size_t i = 0; i < G_N_ELEMENTS (security_headers); i++)
    MHD_add_response_header (answer, security_headers[i].name, security_headers[i].value);
  MHD_add_response_header (answer, "Content-Security-Policy",
                           response->scripts ? content_policy_scripts : content_policy);
  for (size_t i = 0; i < response->n_headers; i++)
    MHD_add_response_header (answer, response->headers[i].name, response->headers[i].value);
  MHD_add_response_header (answer, MHD_HTTP_HEADER_CONTENT_TYPE,
                           response->content_type ? response->content_type : "text/html; charset=utf-8");
  exchange->status = response->status ? response->status : MHD_HTTP_OK;
  exchange->answered = true;
  enum MHD_Result result = MHD_queue_response (connection, exchange->status, answer);
  MHD_destroy_response (answer);
  return result;
}

/* What is refused unread ends the connection: what follows on it cannot be
 * trusted to begin where we think. */
static enum MHD_Result
refuse (struct MHD_Connection *connection, Exchange *exchange, unsigned status, const char *reason)
{
  WebResponse response = { .body = g_string_new (NULL) };
  respond_refusal (&response, status, reason);
  web_response_header (&response, MHD_HTTP_HEADER_CONNECTION, "close");
  exchange->route = "refused";
  return send_response (connection, exchange, &response);
}

/* ---- reading ----------------------------------------------------------- */

static enum MHD_Result
collect_query (void *data, enum MHD_ValueKind kind, const char *name, const char *value)
{
  g_string_append_printf (data, "%s=%s&", name, value ? value : "");
  return MHD_YES;
}

static const char *
header (struct MHD_Connection *connection, const char *name)
{
  return MHD_lookup_connection_value (connection, MHD_HEADER_KIND, name);
}

/* The language asked for, or remembered, or Chinese. */
static Language
choose_language (WebRequest *request, WebResponse *response)
{
  const char *asked = web_field (&request->query, "lang");
  const char *wanted = asked ? asked : web_cookie (request->arena, request->cookies, "lang");
  Language language = wanted && g_str_equal (wanted, "en") ? LANGUAGE_EN : LANGUAGE_ZH;
  if (asked)
    web_response_header (response, "Set-Cookie",
                         arena_printf (request->arena,
                                       "lang=%s; Path=/; Max-Age=31536000; HttpOnly; SameSite=Lax",
                                       language == LANGUAGE_EN ? "en" : "zh"));
  return language;
}

/* Whether the request comes from a page of ours: browsers name the origin of
 * every form they post (Fetch, 3.1), programs name none. */
static bool
is_same_origin (struct MHD_Connection *connection)
{
  const char *origin = header (connection, "Origin"), *host = header (connection, MHD_HTTP_HEADER_HOST);
  const char *site = header (connection, "Sec-Fetch-Site");
  if (site && !g_str_equal (site, "same-origin") && !g_str_equal (site, "none"))
    return false;
  return !origin || (g_str_has_prefix (origin, "http://") && g_ascii_strcasecmp (origin + 7, host) == 0);
}

static void
name_caller (struct MHD_Connection *connection, WebRequest *request)
{
  char host[NI_MAXHOST];
  const union MHD_ConnectionInfo *info
      = MHD_get_connection_info (connection, MHD_CONNECTION_INFO_CLIENT_ADDRESS);
  socklen_t len
      = info->client_addr->sa_family == AF_INET6 ? sizeof (struct sockaddr_in6) : sizeof (struct sockaddr_in);
  if (getnameinfo (info->client_addr, len, host, sizeof host, NULL, 0, NI_NUMERICHOST) != 0)
    g_strlcpy (host, "unknown", sizeof host);
  request->address = arena_text (request->arena, text_of (host));
  request->loopback = g_str_has_prefix (host, "127.") || g_str_equal (host, "::1");
}

/* Who has given the password and not yet the code is nobody. */
static void
find_account (WebServer *server, WebRequest *request)
{
  const AccessAccount *account
      = request->session && server->options.access
            ? access_session (server->options.access, request->arena, request->session)
            : NULL;
  if (account && account->stage == ACCESS_IN)
    request->account = account;
  else
    request->pending = account;
}

static bool
read_request (WebServer *server, struct MHD_Connection *connection, Exchange *exchange, WebRequest *request,
              WebResponse *response, GError **error)
{
  g_autoptr (GString) query = g_string_new (NULL);
  MHD_get_connection_values (connection, MHD_GET_ARGUMENT_KIND, collect_query, query);
  Text copy = arena_text_copy (exchange->arena, (Text){ query->str, query->len });
  if (!web_fields_parse (exchange->arena, copy, &request->query, error))
    return false;
  request->cookies = header (connection, MHD_HTTP_HEADER_COOKIE);
  request->form_token = header (connection, "X-Form-Token");
  request->if_none_match = header (connection, MHD_HTTP_HEADER_IF_NONE_MATCH);
  request->idempotency_key = header (connection, "Idempotency-Key");
  const char *encodings = header (connection, MHD_HTTP_HEADER_ACCEPT_ENCODING);
  request->accepts_gzip = encodings && strstr (encodings, "gzip");
  request->language = choose_language (request, response);
  request->session = web_cookie (exchange->arena, request->cookies, "session");
  request->device = web_cookie (exchange->arena, request->cookies, "device");
  request->agent = header (connection, MHD_HTTP_HEADER_USER_AGENT);
  name_caller (connection, request);
  find_account (server, request);
  if (!g_str_equal (request->method, "POST"))
    return true;
  const char *type = header (connection, MHD_HTTP_HEADER_CONTENT_TYPE);
  if (is_same_origin (connection) && type && g_str_has_prefix (type, "multipart/form-data"))
    return web_upload_parse (exchange->arena, type, (Text){ exchange->body->str, exchange->body->len },
                             &request->form, &request->upload, error);
  if (is_same_origin (connection) && type && g_str_has_prefix (type, "application/json"))
    return (request->json = json_parse (exchange->arena, (Text){ exchange->body->str, exchange->body->len },
                                        "request body", error));
  if (is_same_origin (connection))
    return web_fields_parse (exchange->arena, (Text){ exchange->body->str, exchange->body->len },
                             &request->form, error);
  g_set_error (error, FAULT, FAULT_DENIED, "the form was sent from a page of another site");
  return false;
}

static enum MHD_Result
handle (WebServer *server, struct MHD_Connection *connection, Exchange *exchange, const char *url,
        const char *method)
{
  Arena *arena = exchange->arena;
  const char *path = web_decode (arena, text_of (url), false);
  WebRequest request = { .arena = arena,
                         .web = &server->options,
                         .county = server->county,
                         .counts = server->counts,
                         .baseline = server->baseline,
                         .barriers = server->barriers,
                         .due = server->due,
                         .payments = server->payments,
                         .draws = server->draws,
                         .pairs = server->pairs,
                         .jobs = server->jobs,
                         .method = method,
                         .path = path ? path : "/",
                         .api = g_str_has_prefix (url, "/api/"),
                         .today = civil_today () };
  WebResponse response = { .body = g_string_new (NULL) };
  g_autoptr (GError) error = NULL;
  if (!path)
    respond_error (&request, &response, MHD_HTTP_BAD_REQUEST, NULL);
  else if (!read_request (server, connection, exchange, &request, &response, &error))
    respond_error (&request, &response, error->code == FAULT_DENIED ? 403 : 400, error->message);
  else
    exchange->route = respond_route (&request, text_of (url), &response);
  respond_cache_rule (&request, &response);
  if (!exchange->route)
    exchange->route = "unknown";
  if (response.compress && request.accepts_gzip)
    compress_body (&response);
  enum MHD_Result result = send_response (connection, exchange, &response);
  if (response.body)
    g_string_free (response.body, TRUE);
  return result;
}

/* The right that sending a file to URL needs; false where none is expected. */
static bool
file_right (const char *url, AccessRight *right)
{
  static const struct {
    const char *prefix;
    AccessRight right;
  } places[] = { { "/imports", ACCESS_IMPORT },
                 { "/apply/", ACCESS_APPLY },
                 { "/cases/", ACCESS_APPLY },
                 { "/api/v1/cases", ACCESS_APPLY } };
  for (size_t i = 0; i < G_N_ELEMENTS (places); i++)
    if (g_str_has_prefix (url, places[i].prefix)) {
      *right = places[i].right;
      return true;
    }
  return false;
}

/* Where a file is expected, of an account that may send one, the body may be larger. */
static bool
expects_file (WebServer *server, struct MHD_Connection *connection, Arena *arena, const char *url,
              const char *method)
{
  AccessRight right;
  if (!g_str_equal (method, "POST") || !server->options.access || !file_right (url, &right))
    return false;
  const char *session = web_cookie (arena, header (connection, MHD_HTTP_HEADER_COOKIE), "session");
  const AccessAccount *account = session ? access_session (server->options.access, arena, session) : NULL;
  return account && access_may (account, right);
}

static enum MHD_Result
begin (WebServer *server, struct MHD_Connection *connection, Exchange *exchange, const char *url,
       const char *method)
{
  const char *reason;
  exchange->limits = server->options.limits;
  bool file = expects_file (server, connection, exchange->arena, url, method);
  if (file)
    exchange->limits.body_bytes = MAX (exchange->limits.body_bytes, WEB_UPLOAD_MAX);
  unsigned status = guard_check_header (connection, &exchange->limits, &reason);
  guard_enter (server->guard, guarded (connection), GUARD_BODY);
  if (status == MHD_HTTP_CONTENT_TOO_LARGE && file)
    reason = g_str_equal (url, "/imports")
                 ? "the file is larger than 16 MiB: import it on the server with \"liudong import\""
                 : "the files are larger than 16 MiB together: scan them with fewer dots";
  return status ? refuse (connection, exchange, status, reason) : MHD_YES;
}

enum MHD_Result
exchange_answer (void *cls, struct MHD_Connection *connection, const char *url, const char *method,
                 const char *version, const char *upload, size_t *upload_size, void **state)
{
  WebServer *server = cls;
  Exchange *exchange = *state;
  if (!exchange) {
    *state = exchange = g_new0 (Exchange, 1);
    exchange->arena = arena_new ();
    exchange->body = g_string_new (NULL);
    exchange->started_us = g_get_monotonic_time ();
    return begin (server, connection, exchange, url, method);
  }
  if (*upload_size) {
    exchange->over |= exchange->body->len + *upload_size > exchange->limits.body_bytes;
    if (!exchange->over)
      g_string_append_len (exchange->body, upload, (gssize)*upload_size);
    *upload_size = 0;
    return MHD_YES;
  }
  if (exchange->answered)
    return MHD_YES;
  guard_enter (server->guard, guarded (connection), GUARD_ANSWER);
  if (exchange->over)
    return refuse (connection, exchange, MHD_HTTP_CONTENT_TOO_LARGE, "the body is too large");
  return handle (server, connection, exchange, url, method);
}
