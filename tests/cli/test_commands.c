/* Every row of commands.md: a command, its exit status, and what it says. */
#include "scratch.h"

/* "-": nothing; "": anything; else every word, parted by " · ". */
static void
assert_says (const char *what, const char *said, const char *cell)
{
  if (g_str_equal (cell, "-")) {
    g_assert_cmpstr (said, ==, "");
    return;
  }
  g_auto (GStrv) words = g_strsplit (cell, " · ", -1);
  for (char **word = words; *word; word++)
    if (!g_str_equal (*word, "…") && !strstr (said, *word)) {
      g_test_message ("%s lacks \"%s\": %s", what, *word, said);
      g_test_fail ();
    }
}

static bool
is_one_line (const char *text)
{
  const char *end = strchr (text, '\n');
  return g_str_has_prefix (text, "liudong") && end && !end[1];
}

static void
test_row (gconstpointer data)
{
  char *const *row = data;
  g_autofree char *out = NULL, *err = NULL;
  int status = scratch_shell (row[0], &out, &err);
  g_test_message ("commands.md:%s: %s", row[4], row[0]);
  g_assert_cmpint (status, ==, atoi (row[1]));
  assert_says ("standard output", out, row[2]);
  assert_says ("standard error", err, row[3]);
  if (status >= 2 && !g_str_has_suffix (row[3], "…") && !is_one_line (err)) {
    g_test_message ("not one clear line: %s", err);
    g_test_fail ();
  }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  char *folder = scratch_enter ();
  scratch_fill ();
  g_autoptr (GPtrArray) rows = scratch_rows ("tests/cli/commands.md", 4);
  for (guint i = 0; i < rows->len; i++) {
    char **row = rows->pdata[i];
    g_autofree char *path = g_strdup_printf ("/commands/%s", row[4]);
    g_test_add_data_func (path, row, test_row);
  }
  int status = g_test_run ();
  scratch_leave (folder);
  return status;
}
