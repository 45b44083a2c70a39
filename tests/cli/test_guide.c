/* docs/writing-policy.md as a newcomer would follow it: each file written under its name, each
 * command run, its answer compared. */
#include "scratch.h"

#include <glib/gstdio.h>

typedef struct {
  char **lines;
  unsigned files, commands;
} Guide;

/* "```yaml bus/circular.yaml": the file's name, or NULL. */
static const char *
file_named (const char *line)
{
  const char *blank = strchr (line, ' ');
  return g_str_has_prefix (line, "```") && blank ? blank + 1 : NULL;
}

/* The line that closes the block opened on line I; a block inside it (of a page) is part of it. */
static int
end_of_block (const Guide *g, int i)
{
  bool inner = false;
  for (i++; g->lines[i]; i++) {
    if (!g_str_has_prefix (g->lines[i], "```"))
      continue;
    if (g_str_equal (g->lines[i], "```") && !inner)
      return i;
    inner = !g_str_equal (g->lines[i], "```");
  }
  g_assert_not_reached ();
}

static void
write_file (Guide *g, int from, int to, const char *name)
{
  g_autoptr (GString) text = g_string_new (NULL);
  for (int i = from; i < to; i++)
    g_string_append_printf (text, "%s\n", g->lines[i]);
  g_autofree char *folder = g_path_get_dirname (name);
  g_assert_cmpint (g_mkdir_with_parents (folder, 0755), ==, 0);
  GError *error = NULL;
  g_file_set_contents (name, text->str, (gssize)text->len, &error);
  g_assert_no_error (error);
  g->files++;
}

/* The command on line I, and what it says up to TO; returns the line of the next. */
static int
run_command (Guide *g, int i, int to)
{
  g_autoptr (GString) expected = g_string_new (NULL);
  int next = i + 1;
  for (; next < to && !g_str_has_prefix (g->lines[next], "$ "); next++)
    g_string_append_printf (expected, "%s\n", g->lines[next]);
  g_autofree char *out = NULL, *err = NULL;
  scratch_shell (g->lines[i] + 2, &out, &err);
  g_autofree char *said = g_strconcat (out, err, NULL);
  g_test_message ("docs/writing-policy.md:%d: %s", i + 1, g->lines[i]);
  g_assert_cmpstr (said, ==, expected->str);
  g->commands++;
  return next;
}

static void
follow (void)
{
  g_autofree char *path = support_source ("docs/writing-policy.md"), *text = support_read (path, NULL);
  char *folder = scratch_enter ();
  g_autofree char *source = g_strdup (g_getenv ("LIUDONG_SOURCE"));
  g_setenv ("LIUDONG", source, TRUE);
  Guide g = { .lines = g_strsplit (text, "\n", -1) };
  for (int i = 0; g.lines[i]; i++) {
    if (!g_str_has_prefix (g.lines[i], "```"))
      continue;
    int end = end_of_block (&g, i);
    if (file_named (g.lines[i]))
      write_file (&g, i + 1, end, file_named (g.lines[i]));
    else if (g_str_equal (g.lines[i], "```console"))
      for (int at = i + 1; at < end;)
        at = run_command (&g, at, end);
    i = end;
  }
  g_assert_cmpuint (g.files, ==, 11);
  g_assert_cmpuint (g.commands, ==, 26);
  g_strfreev (g.lines);
  scratch_leave (folder);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/guide/writing-policy", follow);
  return g_test_run ();
}
