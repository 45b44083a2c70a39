#include "web/counts.h"
#include "web/server.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <pthread.h>
#include <signal.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

enum { HEADER_BYTES = 32 * 1024 };

typedef union {
  struct sockaddr any;
  struct sockaddr_in v4;
  struct sockaddr_in6 v6;
} Address;

/* ---- the address ------------------------------------------------------- */

/* "127.0.0.1:8080", "localhost:8080" or "[::1]:8080"; loopback only. */
static bool
parse_listen (const char *listen, Address *address, GError **error)
{
  const char *colon = strrchr (listen, ':');
  g_autofree char *host = colon ? g_strndup (listen, (gsize)(colon - listen)) : NULL;
  guint64 port;
  if (!colon || !g_ascii_string_to_unsigned (colon + 1, 10, 0, 65535, &port, NULL)) {
    g_set_error (error, FAULT, FAULT_USAGE, "--listen %s: write it as 127.0.0.1:8080", listen);
    return false;
  }
  *address = (Address){ 0 };
  if (g_str_equal (host, "[::1]")) {
    address->v6 = (struct sockaddr_in6){ .sin6_family = AF_INET6,
                                         .sin6_port = htons ((uint16_t)port),
                                         .sin6_addr = in6addr_loopback };
    return true;
  }
  address->v4 = (struct sockaddr_in){ .sin_family = AF_INET, .sin_port = htons ((uint16_t)port) };
  bool known
      = inet_pton (AF_INET, g_str_equal (host, "localhost") ? "127.0.0.1" : host, &address->v4.sin_addr) == 1;
  if (known && address->v4.sin_addr.s_addr == htonl (INADDR_LOOPBACK))
    return true;
  g_set_error (
      error, FAULT, FAULT_USAGE,
      "--listen %s: only this machine (127.0.0.1 or [::1]) is served; beyond it TLS or a trusted proxy is "
      "needed, which this version does not have",
      listen);
  return false;
}

static void
set_bind_error (const char *listen, int reason, GError **error)
{
  const char *colon = strrchr (listen, ':');
  guint64 port = g_ascii_strtoull (colon + 1, NULL, 10);
  if (reason == EADDRINUSE)
    g_set_error (error, FAULT, FAULT_SYSTEM, "%s is in use by another program; try --listen %.*s:%u", listen,
                 (int)(colon - listen), listen, (unsigned)(port < 65535 ? port + 1 : port - 1));
  else
    g_set_error (error, FAULT, FAULT_SYSTEM, "cannot listen on %s: %s; try --listen 127.0.0.1:8080", listen,
                 g_strerror (reason));
}

/* A listening socket, or −1. */
static int
open_socket (const char *listen_text, Address *address, GError **error)
{
  socklen_t len = address->any.sa_family == AF_INET6 ? sizeof address->v6 : sizeof address->v4;
  int one = 1, fd = socket (address->any.sa_family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
  if (fd >= 0)
    setsockopt (fd, SOL_SOCKET, SO_REUSEADDR, &one, sizeof one);
  if (fd >= 0 && bind (fd, &address->any, len) == 0 && listen (fd, SOMAXCONN) == 0
      && getsockname (fd, &address->any, &len) == 0)
    return fd;
  set_bind_error (listen_text, errno, error);
  if (fd >= 0)
    close (fd);
  return -1;
}

/* ---- starting and stopping --------------------------------------------- */

static void
fill_limits (WebLimits *limits)
{
  static const WebLimits standard = { .header_ms = 10000,
                                      .body_ms = 20000,
                                      .answer_ms = 60000,
                                      .body_bytes = 1 << 20,
                                      .connections = 2000,
                                      .per_address = 200,
                                      .threads = 16 };
#define FILL(member) limits->member = limits->member ? limits->member : standard.member
  FILL (header_ms);
  FILL (body_ms);
  FILL (answer_ms);
  FILL (body_bytes);
  FILL (connections);
  FILL (per_address);
  FILL (threads);
#undef FILL
}

static struct MHD_Daemon *
start_daemon (WebServer *server, int fd)
{
  const WebLimits *limits = &server->options.limits;
  return MHD_start_daemon (MHD_USE_EPOLL_INTERNAL_THREAD | MHD_USE_ITC, 0, NULL, NULL, exchange_answer,
                           server, MHD_OPTION_LISTEN_SOCKET, (MHD_socket)fd, MHD_OPTION_THREAD_POOL_SIZE,
                           limits->threads, MHD_OPTION_CONNECTION_LIMIT, limits->connections,
                           MHD_OPTION_PER_IP_CONNECTION_LIMIT, limits->per_address,
                           MHD_OPTION_CONNECTION_MEMORY_LIMIT, (size_t)HEADER_BYTES,
                           MHD_OPTION_STRICT_FOR_CLIENT, 1, MHD_OPTION_NOTIFY_CONNECTION, exchange_connection,
                           server, MHD_OPTION_NOTIFY_COMPLETED, exchange_completed, server,
                           MHD_OPTION_UNESCAPE_CALLBACK, exchange_keep_escapes, server, MHD_OPTION_END);
}

/* A package may be without online employment. */
static bool
open_jobs (WebServer *server, GError **error)
{
  const WebOptions *o = &server->options;
  g_autoptr (GError) fault = NULL;
  JobsOptions jobs
      = { .package = o->package, .registry = o->registry, .access = o->access, .agents = o->agents };
  server->jobs = o->agents ? jobs_open (&jobs, &fault) : NULL;
  if (server->jobs && !(server->watch = jobs_watch (server->jobs, error)))
    return false;
  if (!fault || g_error_matches (fault, FAULT, FAULT_NOT_FOUND))
    return true;
  g_propagate_error (error, g_steal_pointer (&fault));
  return false;
}

/* What serves the county's staff beside the options. */
static bool
open_duties (WebServer *server, GError **error)
{
  const WebOptions *o = &server->options;
  DueOptions due = { .package = o->package, .registry = o->registry, .access = o->access, .cases = o->cases };
  server->due = due_open (&due, error);
  PaymentsOptions payments = { .package = o->package, .registry = o->registry };
  server->payments = server->due ? payments_open (&payments, error) : NULL;
  DrawsOptions draws = { .package = o->package, .registry = o->registry, .access = o->access };
  server->draws = server->payments ? draws_open (&draws, error) : NULL;
  PairsOptions pairs
      = { .package = o->package, .registry = o->registry, .access = o->access, .agents = o->agents };
  server->pairs = server->draws ? pairs_open (&pairs, error) : NULL;
  return server->pairs && open_jobs (server, error);
}

WebServer *
web_start (const WebOptions *options, GError **error)
{
  Address address;
  if (!parse_listen (options->listen, &address, error))
    return NULL;
  int fd = open_socket (options->listen, &address, error);
  if (fd < 0)
    return NULL;
  bool v6 = address.any.sa_family == AF_INET6;
  WebServer *server = g_new0 (WebServer, 1);
  server->options = *options;
  fill_limits (&server->options.limits);
  if (options->access)
    policy_hand_purposes (options->package, options->access);
  server->url = g_strdup_printf ("http://%s:%u", v6 ? "[::1]" : "127.0.0.1",
                                 ntohs (v6 ? address.v6.sin6_port : address.v4.sin_port));
  if (!server->options.site)
    server->options.site = server->url;
  server->guard = guard_new (&server->options.limits);
  server->county = web_county_new (&server->options);
  server->counts = web_counts_new (&server->options, server->county);
  server->baseline = web_baseline_new (&server->options, server->county);
  server->barriers = web_barriers_new (&server->options, server->county);
  bool open = !options->registry || !options->access || open_duties (server, error);
  server->daemon = open ? start_daemon (server, fd) : NULL;
  if (server->daemon)
    return server;
  if (open)
    g_set_error (error, FAULT, FAULT_SYSTEM, "cannot start the web server's threads: %s", g_strerror (errno));
  close (fd);
  web_stop (server);
  return NULL;
}

bool
web_can_listen (const char *listen, GError **error)
{
  Address address;
  int fd = parse_listen (listen, &address, error) ? open_socket (listen, &address, error) : -1;
  if (fd >= 0)
    close (fd);
  return fd >= 0;
}

const char *
web_server_url (const WebServer *server)
{
  return server->url;
}

void
web_stop (WebServer *server)
{
  if (!server)
    return;
  if (server->daemon)
    MHD_stop_daemon (server->daemon);
  g_clear_pointer (&server->watch, jobs_watch_stop);
  g_clear_pointer (&server->jobs, jobs_free);
  g_clear_pointer (&server->pairs, pairs_free);
  g_clear_pointer (&server->draws, draws_free);
  g_clear_pointer (&server->payments, payments_free);
  g_clear_pointer (&server->due, due_free);
  web_county_stop (server->county);
  web_counts_free (server->counts);
  web_kept_free (server->barriers);
  web_county_free (server->county);
  web_baseline_free (server->baseline);
  guard_free (server->guard);
  g_free (server->url);
  g_free (server);
}

/* ---- waiting ----------------------------------------------------------- */

static sigset_t
stop_signals (void)
{
  sigset_t set;
  sigemptyset (&set);
  sigaddset (&set, SIGINT);
  sigaddset (&set, SIGTERM);
  return set;
}

void
web_hold_signals (void)
{
  sigset_t set = stop_signals ();
  pthread_sigmask (SIG_BLOCK, &set, NULL);
}

void
web_wait (void)
{
  sigset_t set = stop_signals ();
  int taken;
  sigwait (&set, &taken);
  pthread_sigmask (SIG_UNBLOCK, &set, NULL);
}
