#include "scratch.h"

#include <glib/gstdio.h>
#include <sqlite3.h>
#include <unistd.h>

char *
scratch_enter (void)
{
  g_autofree char *source = support_source (""), *program = support_program ();
  g_autofree char *root = g_canonicalize_filename (source, NULL),
                  *built = g_canonicalize_filename (program, NULL), *build = g_path_get_dirname (built),
                  *path = g_strconcat (build, ":", g_getenv ("PATH"), NULL);
  g_setenv ("LIUDONG_SOURCE", root, TRUE); /* they may be relative to the folder that is left */
  g_setenv ("LIUDONG_BUILD", build, TRUE);
  g_setenv ("PATH", path, TRUE);
  char *folder = support_folder ();
  g_assert_cmpint (g_chdir (folder), ==, 0);
  return folder;
}

static void
change (const char *path, const char *sql)
{
  sqlite3 *db;
  g_assert_cmpint (sqlite3_open (path, &db), ==, SQLITE_OK);
  g_assert_cmpint (sqlite3_exec (db, sql, NULL, NULL, NULL), ==, SQLITE_OK);
  sqlite3_close (db);
}

void
scratch_fill (void)
{
  g_autofree char *script = support_source ("tests/cli/scratch.sh"), *err = NULL;
  const char *argv[] = { "sh", script, NULL };
  int status = support_run (argv, NULL, &err);
  g_assert_cmpstr (err, ==, "");
  g_assert_cmpint (status, ==, 0);
  g_assert_cmpint (scratch_shell ("cp county.db newer.db && cp county.db harmed.db", NULL, NULL), ==, 0);
  change ("newer.db", "UPDATE store_version SET version = 99 WHERE module = 'registry'");
  change ("harmed.db", "UPDATE current_resident SET name = 'x' WHERE id = 2");
  change ("other.db", "CREATE TABLE theirs (x)");
}

void
scratch_leave (char *folder)
{
  g_assert_cmpint (g_chdir ("/"), ==, 0);
  support_remove (folder);
  g_free (folder);
}

int
scratch_shell (const char *line, char **out, char **err)
{
  const char *argv[] = { "sh", "-c", line, NULL };
  return support_run (argv, out, err);
}

GPtrArray *
scratch_rows (const char *file, guint columns)
{
  g_autofree char *path = support_source (file), *text = support_read (path, NULL);
  g_auto (GStrv) lines = g_strsplit (text, "\n", -1);
  GPtrArray *rows = g_ptr_array_new_with_free_func ((GDestroyNotify)g_strfreev);
  for (int i = 0; lines[i]; i++) {
    if (!g_str_has_prefix (lines[i], "| `"))
      continue;
    char **cells = g_strsplit (lines[i] + 1, "|", -1);
    g_assert_cmpuint (g_strv_length (cells), ==, columns + 1);
    for (guint c = 0; c < columns; c++)
      g_strstrip (cells[c]);
    char *end = strchr (cells[0] + 1, '`');
    g_assert_true (end && !end[1]);
    *end = '\0';
    memmove (cells[0], cells[0] + 1, strlen (cells[0]));
    g_free (cells[columns]); /* what follows the last bar */
    cells[columns] = g_strdup_printf ("%d", i + 1);
    g_ptr_array_add (rows, cells);
  }
  g_assert_cmpuint (rows->len, >, 0);
  return rows;
}
