/* The server over raw sockets: what it refuses, how long it waits, how it ends. */
#include "support.h"
#include "web/web.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

static PolicyPackage *package;

static WebServer *
start (const WebLimits *limits, GError **error)
{
  WebOptions options = { .listen = "127.0.0.1:0", .package = package, .limits = *limits };
  return web_start (&options, error);
}

static int
connect_to (const WebServer *server)
{
  const char *colon = strrchr (web_server_url (server), ':');
  struct sockaddr_in address = { .sin_family = AF_INET,
                                 .sin_port = htons ((uint16_t)atoi (colon + 1)),
                                 .sin_addr.s_addr = htonl (INADDR_LOOPBACK) };
  int fd = socket (AF_INET, SOCK_STREAM, 0);
  g_assert_cmpint (connect (fd, (struct sockaddr *)&address, sizeof address), ==, 0);
  struct timeval patience = { .tv_sec = 20 };
  setsockopt (fd, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
  return fd;
}

/* Everything the server says until it closes or pauses at the end of one answer. */
static char *
read_answer (int fd)
{
  g_autoptr (GString) answer = g_string_new (NULL);
  char buffer[4096];
  for (;;) {
    ssize_t n = recv (fd, buffer, sizeof buffer, 0);
    if (n <= 0)
      break;
    g_string_append_len (answer, buffer, n);
  }
  return g_string_free (g_steal_pointer (&answer), FALSE);
}

static void
say (int fd, const char *words, size_t len)
{
  while (len) {
    ssize_t n = send (fd, words, len, MSG_NOSIGNAL);
    if (n < 0)
      return; /* the server has hung up, which is for the caller to see */
    words += n;
    len -= (size_t)n;
  }
}

static char *
ask (const WebServer *server, const char *request)
{
  int fd = connect_to (server);
  say (fd, request, strlen (request));
  char *answer = read_answer (fd);
  close (fd);
  return answer;
}

/* ---- requests ---------------------------------------------------------- */

#define END "Connection: close\r\n\r\n"
#define HOST "Host: localhost\r\n"

static const struct {
  const char *name, *request;
  unsigned status; /* 0: closed without an answer */
  const char *has; /* in the answer, or NULL */
} cases[] = {
  { "health", "GET /api/v1/health HTTP/1.1\r\n" HOST END, 200, "\"status\": \"ok\"" },
  { "head", "HEAD /clauses HTTP/1.1\r\n" HOST END, 200, NULL },
  { "page", "GET /clauses HTTP/1.1\r\nHost: 127.0.0.1:1\r\n" END, 200,
    "Content-Security-Policy: default-src 'none'" },
  { "ipv6 host", "GET /clauses HTTP/1.1\r\nHost: [::1]:8080\r\n" END, 200, NULL },
  { "no host", "GET / HTTP/1.1\r\n" END, 400, NULL },
  { "no host in 1.0", "GET / HTTP/1.0\r\n\r\n", 400, NULL },
  { "two hosts", "GET / HTTP/1.1\r\n" HOST HOST END, 400, "exactly one Host" },
  { "other host", "GET / HTTP/1.1\r\nHost: example.org\r\n" END, 421, "localhost only" },
  { "host with loopback prefix", "GET / HTTP/1.1\r\nHost: 127.0.0.1.example.org\r\n" END, 421, NULL },
  { "host with a name as port", "GET / HTTP/1.1\r\nHost: localhost:x.example.org\r\n" END, 421, NULL },
  { "length and encoding",
    "POST /login HTTP/1.1\r\n" HOST "Content-Length: 5\r\nTransfer-Encoding: chunked\r\n" END "0\r\n\r\n",
    400, NULL },
  { "two lengths", "POST /login HTTP/1.1\r\n" HOST "Content-Length: 1\r\nContent-Length: 2\r\n" END "ab", 400,
    NULL },
  { "two equal lengths", "POST /login HTTP/1.1\r\n" HOST "Content-Length: 1\r\nContent-Length: 1\r\n" END "a",
    400, NULL },
  { "length no number", "POST /login HTTP/1.1\r\n" HOST "Content-Length: +1\r\n" END "a", 400, NULL },
  { "negative length", "POST /login HTTP/1.1\r\n" HOST "Content-Length: -1\r\n" END "a", 400, NULL },
  { "large length", "POST /login HTTP/1.1\r\n" HOST "Content-Length: 1048577\r\n" END, 413, "too large" },
  { "unknown method", "BREW /clauses HTTP/1.1\r\n" HOST END, 405, "Allow: GET, HEAD" },
  { "wrong method", "DELETE /api/v1/tasks HTTP/1.1\r\n" HOST END, 405, "application/problem+json" },
  { "unknown page", "GET /nowhere HTTP/1.1\r\n" HOST END, 404, "没有这一页" },
  { "unknown page in English", "GET /nowhere?lang=en HTTP/1.1\r\n" HOST END, 404, "There is no such page" },
  { "unknown api", "GET /api/v1/nowhere HTTP/1.1\r\n" HOST END, 404, "\"status\": 404" },
  { "unknown api in Chinese", "GET /api/v1/%e4%ba%ba HTTP/1.1\r\n" HOST END, 404,
    "\"instance\": \"/api/v1/%E4%BA%BA\"" },
  { "unknown clause", "GET /api/v1/clauses/99 HTTP/1.1\r\n" HOST END, 404, "numbered 1 to 24" },
  { "bad escape", "GET /clauses/%FF HTTP/1.1\r\n" HOST END, 400, NULL },
  { "escape of zero", "GET /clauses/%00 HTTP/1.1\r\n" HOST END, 400, NULL },
  { "bad query", "GET /clauses?a=%zz HTTP/1.1\r\n" HOST END, 400, NULL },
  { "script in the address", "GET /<script>?q=\"><script> HTTP/1.1\r\n" HOST END, 404, NULL },
  { "bad strength", "GET /api/v1/tasks?strength=x HTTP/1.1\r\n" HOST END, 422, "use binding" },
  { "other origin",
    "POST /logout HTTP/1.1\r\n" HOST "Origin: http://example.org\r\nContent-Length: 0\r\n" END, 403, NULL },
  { "language remembered", "GET /clauses?lang=en HTTP/1.1\r\n" HOST END, 200, "Set-Cookie: lang=en;" },
  { "language from cookie", "GET /clauses HTTP/1.1\r\n" HOST "Cookie: lang=en\r\n" END, 200,
    "The 24 clauses" },
  { "login first", "GET /me HTTP/1.1\r\n" HOST END, 303, "Location: /login?next=%2Fme\r\n" },
  { "login first, the query kept", "GET /me?as_of=2026-01-01&lang=en HTTP/1.1\r\n" HOST END, 303,
    "Location: /login?next=%2Fme%3Fas_of%3D2026-01-01\r\n" },
  { "refused, and not kept", "GET /me?a=%zz HTTP/1.1\r\n" HOST "Cookie: session=x\r\n" END, 400,
    "Cache-Control: no-" },
  { "csv", "GET /circular/tasks.csv HTTP/1.1\r\n" HOST END, 200, "text/csv" },
};

static void
check_requests (void)
{
  g_autoptr (WebServer) server = start (&(WebLimits){ 0 }, NULL);
  g_assert_nonnull (server);
  for (size_t i = 0; i < G_N_ELEMENTS (cases); i++) {
    g_autofree char *answer = ask (server, cases[i].request);
    g_autofree char *line = g_strdup_printf (" %u ", cases[i].status);
    g_test_message ("%s: %.300s", cases[i].name, answer);
    g_assert_true (g_str_has_prefix (answer, "HTTP/1.") && strncmp (answer + 8, line, 5) == 0);
    g_assert_true (!cases[i].has || strstr (answer, cases[i].has));
    g_assert_null (strstr (answer, "\"><script>"));
  }
}

static void
check_long_address (void)
{
  g_autoptr (WebServer) server = start (&(WebLimits){ 0 }, NULL);
  g_autofree char *path = g_strnfill (100 * 1024, 'a');
  g_autofree char *request = g_strdup_printf ("GET /%s HTTP/1.1\r\n" HOST END, path);
  g_autofree char *answer = ask (server, request);
  g_assert_true (g_str_has_prefix (answer, "HTTP/1.1 414") || g_str_has_prefix (answer, "HTTP/1.1 431"));
}

static void
check_chunked_flood (void)
{
  g_autoptr (WebServer) server = start (&(WebLimits){ .body_bytes = 1000 }, NULL);
  g_autoptr (GString) request
      = g_string_new ("POST /login HTTP/1.1\r\n" HOST "Transfer-Encoding: chunked\r\n" END);
  for (int i = 0; i < 20; i++)
    g_string_append_printf (request, "64\r\n%0100d\r\n", 0);
  g_string_append (request, "0\r\n\r\n");
  g_autofree char *answer = ask (server, request->str);
  g_assert_true (g_str_has_prefix (answer, "HTTP/1.1 413"));
}

/* What follows a refused request on its connection is not read as another. */
static void
check_smuggling (void)
{
  g_autoptr (WebServer) server = start (&(WebLimits){ 0 }, NULL);
  g_autofree char *answer
      = ask (server, "POST /login HTTP/1.1\r\n" HOST "Content-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n"
                     "0\r\n\r\nGET /api/v1/health HTTP/1.1\r\n" HOST END);
  g_assert_true (g_str_has_prefix (answer, "HTTP/1.1 400"));
  g_assert_null (strstr (answer, "\"status\": \"ok\""));
}

/* ---- time -------------------------------------------------------------- */

/* A byte every 50 ms never completes a header: hung up at the deadline. */
static void
check_slow_header (void)
{
  g_autoptr (WebServer) server = start (&(WebLimits){ .header_ms = 500 }, NULL);
  int fd = connect_to (server);
  gint64 begun = g_get_monotonic_time ();
  say (fd, "GET / HTTP/1.1\r\nX: ", 19);
  char byte;
  ssize_t n;
  do {
    say (fd, "a", 1);
    g_usleep (50000);
    n = recv (fd, &byte, 1, MSG_DONTWAIT);
  } while (n < 0 && errno == EAGAIN);
  gint64 took_ms = (g_get_monotonic_time () - begun) / 1000;
  close (fd);
  g_assert_cmpint (took_ms, >=, 400);
  g_assert_cmpint (took_ms, <, 5000);
}

static void
check_slow_body (void)
{
  g_autoptr (WebServer) server = start (&(WebLimits){ .body_ms = 400 }, NULL);
  int fd = connect_to (server);
  const char *head = "POST /login HTTP/1.1\r\n" HOST "Content-Length: 100\r\n\r\nabc";
  gint64 begun = g_get_monotonic_time ();
  say (fd, head, strlen (head));
  g_autofree char *answer = read_answer (fd);
  close (fd);
  g_assert_cmpstr (answer, ==, "");
  g_assert_cmpint ((g_get_monotonic_time () - begun) / 1000, <, 5000);
}

/* An idle connection is kept for the header's time, then closed. */
static void
check_idle (void)
{
  g_autoptr (WebServer) server = start (&(WebLimits){ .header_ms = 400 }, NULL);
  int fd = connect_to (server);
  const char *request = "GET /api/v1/health HTTP/1.1\r\n" HOST "\r\n";
  say (fd, request, strlen (request));
  g_autofree char *answer = read_answer (fd);
  close (fd);
  g_assert_true (g_str_has_prefix (answer, "HTTP/1.1 200"));
}

static void
check_connections (void)
{
  g_autoptr (WebServer) server = start (&(WebLimits){ .per_address = 4, .threads = 1 }, NULL);
  int held[4];
  for (int i = 0; i < 4; i++)
    held[i] = connect_to (server);
  g_usleep (100000);
  g_autofree char *refused = ask (server, "GET /api/v1/health HTTP/1.1\r\n" HOST END);
  g_assert_cmpstr (refused, ==, "");
  for (int i = 0; i < 4; i++)
    close (held[i]);
  g_usleep (200000);
  g_autofree char *answer = ask (server, "GET /api/v1/health HTTP/1.1\r\n" HOST END);
  g_assert_true (g_str_has_prefix (answer, "HTTP/1.1 200"));
}

/* ---- listening --------------------------------------------------------- */

static void
check_listen (void)
{
  static const struct {
    const char *listen;
    FaultCode code;
    const char *says;
  } refused[] = {
    { "0.0.0.0:8080", FAULT_USAGE, "only this machine" },
    { "192.168.1.5:8080", FAULT_USAGE, "only this machine" },
    { "[::]:8080", FAULT_USAGE, "only this machine" },
    { "example.org:8080", FAULT_USAGE, "only this machine" },
    { "8080", FAULT_USAGE, "write it as 127.0.0.1:8080" },
    { "127.0.0.1:99999", FAULT_USAGE, "write it as 127.0.0.1:8080" },
    { "127.0.0.1:", FAULT_USAGE, "write it as 127.0.0.1:8080" },
  };
  for (size_t i = 0; i < G_N_ELEMENTS (refused); i++) {
    g_autoptr (GError) error = NULL;
    WebOptions options = { .listen = refused[i].listen, .package = package };
    g_assert_null (web_start (&options, &error));
    g_assert_error (error, FAULT, (int)refused[i].code);
    g_assert_nonnull (strstr (error->message, refused[i].says));
  }
}

static void
check_port_in_use (void)
{
  g_autoptr (WebServer) server = start (&(WebLimits){ 0 }, NULL);
  g_autoptr (GError) error = NULL;
  const char *address = web_server_url (server) + strlen ("http://");
  WebOptions options = { .listen = address, .package = package };
  g_assert_null (web_start (&options, &error));
  g_assert_error (error, FAULT, FAULT_SYSTEM);
  int port = atoi (strrchr (address, ':') + 1);
  g_autofree char *says = g_strdup_printf ("%s is in use by another program; try --listen 127.0.0.1:%d",
                                           address, port < 65535 ? port + 1 : port - 1);
  g_assert_cmpstr (error->message, ==, says);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_autofree char *folder = support_source ("policy/minhou-2021-81");
  g_autoptr (DmnFaults) faults = dmn_faults_new ();
  g_autoptr (PolicyPackage) loaded = policy_load (folder, faults, NULL);
  g_assert_nonnull (loaded);
  package = loaded;
  g_test_add_func ("/server/requests", check_requests);
  g_test_add_func ("/server/long address", check_long_address);
  g_test_add_func ("/server/chunked flood", check_chunked_flood);
  g_test_add_func ("/server/smuggling", check_smuggling);
  g_test_add_func ("/server/slow header", check_slow_header);
  g_test_add_func ("/server/slow body", check_slow_body);
  g_test_add_func ("/server/idle", check_idle);
  g_test_add_func ("/server/connections", check_connections);
  g_test_add_func ("/server/listen", check_listen);
  g_test_add_func ("/server/port in use", check_port_in_use);
  return g_test_run ();
}
