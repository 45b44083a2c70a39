#include "web/guard.h"

#include <pthread.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>

enum { WATCH_INTERVAL_MS = 100 };

struct GuardedConnection {
  GuardedConnection *next, *previous;
  int fd;
  gint64 deadline; /* monotonic ms */
};

struct Guard {
  WebLimits limits;
  pthread_t thread;
  pthread_mutex_t lock;
  pthread_cond_t wake;
  bool stopping;
  GuardedConnection *connections;
};

static gint64
now_ms (void)
{
  struct timespec t;
  clock_gettime (CLOCK_MONOTONIC, &t);
  return (gint64)t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

/* ---- deadlines --------------------------------------------------------- */

static void
shut_overdue (Guard *guard, gint64 now)
{
  for (GuardedConnection *c = guard->connections; c; c = c->next)
    if (c->deadline <= now) {
      shutdown (c->fd, SHUT_RDWR);
      c->deadline = G_MAXINT64;
    }
}

static void *
watch (void *data)
{
  Guard *guard = data;
  pthread_mutex_lock (&guard->lock);
  while (!guard->stopping) {
    gint64 next = now_ms () + WATCH_INTERVAL_MS;
    struct timespec until = { .tv_sec = next / 1000, .tv_nsec = next % 1000 * 1000000 };
    if (guard->connections)
      pthread_cond_timedwait (&guard->wake, &guard->lock, &until);
    else
      pthread_cond_wait (&guard->wake, &guard->lock);
    shut_overdue (guard, now_ms ());
  }
  pthread_mutex_unlock (&guard->lock);
  return NULL;
}

Guard *
guard_new (const WebLimits *limits)
{
  Guard *guard = g_new0 (Guard, 1);
  guard->limits = *limits;
  pthread_condattr_t attributes;
  pthread_condattr_init (&attributes);
  pthread_condattr_setclock (&attributes, CLOCK_MONOTONIC);
  pthread_cond_init (&guard->wake, &attributes);
  pthread_condattr_destroy (&attributes);
  pthread_mutex_init (&guard->lock, NULL);
  if (pthread_create (&guard->thread, NULL, watch, guard) != 0)
    g_error ("cannot start a thread");
  return guard;
}

void
guard_free (Guard *guard)
{
  pthread_mutex_lock (&guard->lock);
  g_assert (!guard->connections);
  guard->stopping = true;
  pthread_cond_signal (&guard->wake);
  pthread_mutex_unlock (&guard->lock);
  pthread_join (guard->thread, NULL);
  pthread_cond_destroy (&guard->wake);
  pthread_mutex_destroy (&guard->lock);
  g_free (guard);
}

GuardedConnection *
guard_connect (Guard *guard, int fd)
{
  GuardedConnection *connection = g_new0 (GuardedConnection, 1);
  connection->fd = fd;
  connection->deadline = now_ms () + guard->limits.header_ms;
  pthread_mutex_lock (&guard->lock);
  connection->next = guard->connections;
  if (connection->next)
    connection->next->previous = connection;
  guard->connections = connection;
  pthread_cond_signal (&guard->wake);
  pthread_mutex_unlock (&guard->lock);
  return connection;
}

void
guard_disconnect (Guard *guard, GuardedConnection *connection)
{
  pthread_mutex_lock (&guard->lock);
  if (connection->previous)
    connection->previous->next = connection->next;
  else
    guard->connections = connection->next;
  if (connection->next)
    connection->next->previous = connection->previous;
  pthread_mutex_unlock (&guard->lock);
  g_free (connection);
}

void
guard_enter (Guard *guard, GuardedConnection *connection, GuardPhase phase)
{
  unsigned ms = phase == GUARD_HEADER ? guard->limits.header_ms
                : phase == GUARD_BODY ? guard->limits.body_ms
                                      : guard->limits.answer_ms;
  pthread_mutex_lock (&guard->lock);
  connection->deadline = now_ms () + ms;
  pthread_mutex_unlock (&guard->lock);
}

/* ---- headers ----------------------------------------------------------- */

typedef struct {
  unsigned hosts, lengths, encodings;
  const char *host, *length;
} Framing;

static enum MHD_Result
count_header (void *data, enum MHD_ValueKind kind, const char *name, const char *value)
{
  Framing *framing = data;
  if (g_ascii_strcasecmp (name, MHD_HTTP_HEADER_HOST) == 0) {
    framing->hosts++;
    framing->host = value;
  } else if (g_ascii_strcasecmp (name, MHD_HTTP_HEADER_CONTENT_LENGTH) == 0) {
    framing->lengths++;
    framing->length = value;
  } else if (g_ascii_strcasecmp (name, MHD_HTTP_HEADER_TRANSFER_ENCODING) == 0) {
    framing->encodings++;
  }
  return MHD_YES;
}

static bool
is_loopback_host (const char *host)
{
  static const char *const names[] = { "127.0.0.1", "localhost", "[::1]" };
  for (size_t i = 0; i < G_N_ELEMENTS (names); i++) {
    size_t len = strlen (names[i]);
    if (g_ascii_strncasecmp (host, names[i], len) == 0
        && (!host[len]
            || (host[len] == ':' && strspn (host + len + 1, "0123456789") == strlen (host + len + 1))))
      return true;
  }
  return false;
}

unsigned
guard_check_header (struct MHD_Connection *connection, const WebLimits *limits, const char **reason)
{
  Framing framing = { 0 };
  MHD_get_connection_values (connection, MHD_HEADER_KIND, count_header, &framing);
  *reason = NULL;
  if (framing.hosts != 1)
    *reason = "exactly one Host header is needed";
  else if (framing.lengths > 1 || framing.encodings > 1 || (framing.lengths && framing.encodings))
    *reason = "the body's length is given more than once";
  else if (framing.length
           && (!*framing.length || strspn (framing.length, "0123456789") != strlen (framing.length)))
    *reason = "Content-Length is no number";
  if (*reason)
    return MHD_HTTP_BAD_REQUEST;
  if (framing.length && g_ascii_strtoull (framing.length, NULL, 10) > limits->body_bytes) {
    *reason = "the body is too large";
    return MHD_HTTP_CONTENT_TOO_LARGE;
  }
  if (!is_loopback_host (framing.host)) {
    *reason = "this server answers for 127.0.0.1 and localhost only";
    return MHD_HTTP_MISDIRECTED_REQUEST;
  }
  return 0;
}
