/* The same seed makes the same county in a file and in a server's database: every
 * answer and every row that goes out is the same. */
#include "scratch.h"

#include <glib/gstdio.h>

static const char *folder;

static char *
answer (const char *format, const char *db)
{
  g_autofree char *line = g_strdup_printf (format, db), *err = NULL;
  char *out = NULL;
  int status = scratch_shell (line, &out, &err);
  if (status != 0)
    g_error ("%s: exit %d: %s", line, status, err);
  return out;
}

static void
assert_same (const char *format, const char *server)
{
  g_autofree char *in_file = answer (format, "county.db"), *in_server = answer (format, server);
  g_assert_cmpstr (in_server, ==, in_file);
  g_assert_cmpuint (strlen (in_file), >, 100);
}

static void
test_same (void)
{
  static const char demo[] = "liudong demo --db '%s' --residents 300 --seed 11 --listen none 2>&1";
  g_autofree char *server = support_store (folder, "county.db"), *file_made = answer (demo, "county.db"),
                  *made = answer (demo, server), *kept = answer (demo, server);
  g_assert_nonnull (strstr (file_made, "300 residents"));
  g_assert_nonnull (strstr (made, "300 residents"));
  g_assert_nonnull (strstr (kept, "is there already and is kept"));
  for (int i = 1; i <= 10; i++) {
    g_autofree char *decide = g_strdup_printf (
        "liudong decide --db '%%s' --subject resident-%d --as-of 2022-03-01 --known-at 2030-01-01T00:00:00Z"
        " --explain",
        i * 26);
    assert_same (decide, server);
  }
  assert_same ("liudong decide --db '%s' --subject household-7 --clause 23 --as-of 2022-03-01"
               " --known-at 2030-01-01T00:00:00Z --explain",
               server);
}

static void
test_refused (void)
{
  g_autofree char *err = NULL, *out = NULL;
  g_assert_cmpint (scratch_shell ("liudong serve --db postgresql://a:secret@127.0.0.1:1/county", &out, &err),
                   ==, 3);
  g_assert_nonnull (strstr (err, "postgresql://a@127.0.0.1:1/county: cannot reach the server"));
  g_assert_null (strstr (err, "secret"));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_autofree char *entered = scratch_enter ();
  folder = entered;
  g_test_add_func ("/engines/the same answers", test_same);
  g_test_add_func ("/engines/a server that is away", test_refused);
  int status = g_test_run ();
  scratch_leave (g_steal_pointer (&entered));
  return status;
}
