#include "server.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <signal.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

static const char last_words[] = "Ctrl-C to stop\n";

/* Read until the last words before serving, or the end. */
static void
read_addresses (Server *server)
{
  char c;
  while (!strstr (server->printed->str, last_words) && read (server->out, &c, 1) == 1)
    g_string_append_c (server->printed, c);
  const char *url = strstr (server->printed->str, "http://127.0.0.1:");
  server->port = url ? (guint)atoi (url + strlen ("http://127.0.0.1:")) : 0;
}

Server
server_start (const char *arguments)
{
  Server server = { .printed = g_string_new (NULL) };
  g_autofree char *line = g_strconcat ("liudong ", arguments, NULL);
  g_auto (GStrv) argv = g_strsplit (line, " ", -1);
  GError *error = NULL;
  g_spawn_async_with_pipes (NULL, argv, NULL, G_SPAWN_SEARCH_PATH | G_SPAWN_DO_NOT_REAP_CHILD, NULL, NULL,
                            &server.pid, NULL, &server.out, &server.err, &error);
  g_assert_no_error (error);
  read_addresses (&server);
  return server;
}

int
server_end (Server *server, int signal, char **err)
{
  g_autoptr (GString) said = g_string_new (NULL);
  char buffer[4096];
  int status;
  if (signal)
    g_assert_cmpint (kill (server->pid, signal), ==, 0);
  for (ssize_t n; (n = read (server->err, buffer, sizeof buffer)) > 0;)
    g_string_append_len (said, buffer, n);
  g_assert_cmpint (waitpid (server->pid, &status, 0), ==, server->pid);
  g_string_free (server->printed, TRUE);
  close (server->out);
  close (server->err);
  if (err)
    *err = g_strdup (said->str);
  return WIFEXITED (status) ? WEXITSTATUS (status) : -WTERMSIG (status);
}

char *
server_try (const Server *server, const char *request)
{
  struct sockaddr_in address = { .sin_family = AF_INET,
                                 .sin_port = htons ((uint16_t)server->port),
                                 .sin_addr.s_addr = htonl (INADDR_LOOPBACK) };
  int fd = socket (AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  g_autoptr (GString) answer = g_string_new (NULL);
  char buffer[4096];
  bool sent = connect (fd, (struct sockaddr *)&address, sizeof address) == 0
              && send (fd, request, strlen (request), MSG_NOSIGNAL) == (gssize)strlen (request);
  for (ssize_t n; sent && (n = recv (fd, buffer, sizeof buffer, 0)) > 0;)
    g_string_append_len (answer, buffer, n);
  close (fd);
  return sent ? g_strdup (answer->str) : NULL;
}

char *
server_ask (const Server *server, const char *request)
{
  char *answer = server_try (server, request);
  g_assert_nonnull (answer);
  return answer;
}

char *
server_login (const Server *server, const char *name, const char *password)
{
  g_autofree char *body = g_strdup_printf ("name=%s&password=%s", name, password);
  g_autofree char *request
      = g_strdup_printf ("POST /login HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n"
                         "Content-Type: application/x-www-form-urlencoded\r\nContent-Length: %zu\r\n\r\n%s",
                         strlen (body), body);
  g_autofree char *answer = server_ask (server, request);
  g_test_message ("%.200s", answer);
  const char *cookie = strstr (answer, "session=");
  return cookie ? g_strndup (cookie + 8, strcspn (cookie + 8, ";\r")) : NULL;
}

bool
server_knows (const Server *server, const char *session)
{
  g_autofree char *request = g_strdup_printf (
      "GET /account HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nCookie: session=%s\r\n\r\n", session);
  g_autofree char *answer = server_ask (server, request);
  return g_str_has_prefix (answer, "HTTP/1.1 200");
}
