#include "databases.h"

#include <glib/gstdio.h>
#include <sys/wait.h>

static const char *
root (const char *variable, const char *otherwise)
{
  const char *path = g_getenv (variable);
  return path ? path : otherwise;
}

char *
support_source (const char *path)
{
  return g_build_filename (root ("LIUDONG_SOURCE", "."), path, NULL);
}

char *
support_program (void)
{
  return g_build_filename (root ("LIUDONG_BUILD", "build"), "liudong", NULL);
}

char *
support_shared (const char *path)
{
  g_autofree char *full = g_build_filename (root ("LIUDONG_SOURCE", "."), "..", "shared", path, NULL);
  if (g_file_test (full, G_FILE_TEST_EXISTS))
    return g_steal_pointer (&full);
  g_test_skip ("needs ../shared, which is not beside this checkout");
  return NULL;
}

char *
support_folder (void)
{
  GError *error = NULL;
  char *folder = g_dir_make_tmp ("liudong-test-XXXXXX", &error);
  g_assert_no_error (error);
  return folder;
}

static void
remove_files (const char *folder)
{
  g_autoptr (GDir) dir = g_dir_open (folder, 0, NULL);
  const char *name;
  while (dir && (name = g_dir_read_name (dir))) {
    g_autofree char *path = g_build_filename (folder, name, NULL);
    if (g_file_test (path, G_FILE_TEST_IS_DIR) && !g_file_test (path, G_FILE_TEST_IS_SYMLINK))
      remove_files (path);
    else
      g_unlink (path);
  }
  g_rmdir (folder);
}

void
support_remove (const char *folder)
{
  databases_drop (folder);
  remove_files (folder);
}

char *
support_read (const char *path, gsize *len)
{
  char *bytes = NULL;
  GError *error = NULL;
  g_file_get_contents (path, &bytes, len, &error);
  g_assert_no_error (error);
  return bytes;
}

int
support_run (const char *const *argv, char **out, char **err)
{
  g_autofree char *program = support_program ();
  g_autoptr (GPtrArray) args = g_ptr_array_new ();
  for (int i = 0; argv[i]; i++)
    g_ptr_array_add (args, i == 0 && g_str_equal (argv[0], "liudong") ? program : (char *)argv[i]);
  g_ptr_array_add (args, NULL);
  int status = 0;
  GError *error = NULL;
  char *ignored_out = NULL, *ignored_err = NULL;
  g_spawn_sync (NULL, (char **)args->pdata, NULL, G_SPAWN_SEARCH_PATH, NULL, NULL, out ? out : &ignored_out,
                err ? err : &ignored_err, &status, &error);
  g_assert_no_error (error);
  g_free (ignored_out);
  g_free (ignored_err);
  g_assert_true (WIFEXITED (status));
  return WEXITSTATUS (status);
}
