/* liudong serve and demo, as processes: what they print, how they end, what is
 * kept when they are killed. */
#include "server.h"

#include <signal.h>
#include <string.h>

#define HEALTH "GET /api/v1/health HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"
#define SERVE "serve --db county.db --listen 127.0.0.1:0"

static void
test_addresses (void)
{
  Server server = server_start (SERVE);
  g_assert_cmpuint (server.port, >, 0);
  g_autofree char *me = g_strdup_printf ("http://127.0.0.1:%u/me", server.port);
  const char *const words[] = { me, "/circular", "resident3", "clerk", "liudong" };
  for (size_t i = 0; i < G_N_ELEMENTS (words); i++)
    g_assert_nonnull (strstr (server.printed->str, words[i]));
  g_autofree char *answer = server_ask (&server, HEALTH), *err = NULL;
  g_assert_nonnull (strstr (answer, "200 OK"));
  g_assert_cmpint (server_end (&server, SIGTERM, &err), ==, 0);
  g_assert_cmpstr (err, ==, "");
}

/* At any moment after the addresses are printed, and with both signals. */
static void
test_signals (void)
{
  static const int signals[] = { SIGTERM, SIGINT };
  for (int i = 0; i < 10; i++) {
    Server server = server_start (SERVE);
    g_assert_cmpuint (server.port, >, 0);
    g_assert_cmpint (server_end (&server, signals[i % 2], NULL), ==, 0);
  }
}

static void
test_port_in_use (void)
{
  Server first = server_start (SERVE);
  g_autofree char *serve = g_strdup_printf ("serve --db county.db --listen 127.0.0.1:%u", first.port),
                  *demo = g_strdup_printf ("demo --db late.db --listen 127.0.0.1:%u", first.port),
                  *next = g_strdup_printf ("try --listen 127.0.0.1:%u\n", first.port + 1);
  const char *const commands[] = { serve, demo };
  for (size_t i = 0; i < G_N_ELEMENTS (commands); i++) {
    g_autofree char *err = NULL;
    Server second = server_start (commands[i]);
    g_assert_cmpuint (second.port, ==, 0);
    g_assert_cmpint (server_end (&second, 0, &err), ==, 3);
    g_assert_nonnull (strstr (err, "in use by another program"));
    g_assert_true (first.port == 65535 || g_str_has_suffix (err, next));
    g_assert_true (strchr (err, '\n') == err + strlen (err) - 1);
  }
  g_assert_false (g_file_test ("late.db", G_FILE_TEST_EXISTS)); /* refused before the work */
  g_autofree char *answer = server_ask (&first, HEALTH);
  g_assert_nonnull (strstr (answer, "200 OK"));
  g_assert_cmpint (server_end (&first, SIGTERM, NULL), ==, 0);
}

static void
test_kill_keeps_sessions (void)
{
  Server server = server_start (SERVE);
  g_assert_null (server_login (&server, "resident", "wrong"));
  g_autofree char *session = server_login (&server, "resident", "liudong");
  g_assert_nonnull (session);
  g_assert_true (server_knows (&server, session));
  g_assert_cmpint (server_end (&server, SIGKILL, NULL), ==, -SIGKILL);
  server = server_start (SERVE);
  g_assert_true (server_knows (&server, session));
  g_assert_false (server_knows (&server, "0123456789abcdef"));
  g_assert_cmpint (server_end (&server, SIGTERM, NULL), ==, 0);
}

/* `make run` again: the county is kept and served at once, measured until the
 * first answer (0.1 s on an idle core; the limit allows for a sanitizer's build
 * on a busy one, and is still far from the time of making it anew). */
static void
test_second_start (void)
{
  gint64 started = g_get_monotonic_time ();
  Server server = server_start ("demo --db county.db --listen 127.0.0.1:0");
  g_autofree char *answer = server_ask (&server, HEALTH), *err = NULL;
  double seconds = (double)(g_get_monotonic_time () - started) / G_USEC_PER_SEC;
  g_test_message ("second start: %.3f s", seconds);
  g_assert_cmpfloat (seconds, <, 5);
  g_assert_nonnull (strstr (answer, "200 OK"));
  g_assert_cmpint (server_end (&server, SIGTERM, &err), ==, 0);
  g_assert_nonnull (strstr (err, "county.db is there already and is kept"));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  char *folder = scratch_enter ();
  g_assert_cmpint (scratch_shell ("liudong demo --db county.db --listen none", NULL, NULL), ==, 0);
  g_test_add_func ("/serve/addresses", test_addresses);
  g_test_add_func ("/serve/signals", test_signals);
  g_test_add_func ("/serve/port-in-use", test_port_in_use);
  g_test_add_func ("/serve/kill-keeps-sessions", test_kill_keeps_sessions);
  g_test_add_func ("/serve/second-start", test_second_start);
  int status = g_test_run ();
  scratch_leave (folder);
  return status;
}
