/* A new file, or a copy of one, appears whole or not at all: it is made beside
 * its name and renamed. */
#include "store/store_private.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gstdio.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

/* A database and the files SQLite keeps beside it. */
static void
remove_database (const char *path)
{
  static const char *const endings[] = { "", "-wal", "-shm", "-journal" };
  for (size_t i = 0; i < G_N_ELEMENTS (endings); i++) {
    g_autofree char *name = g_strconcat (path, endings[i], NULL);
    g_unlink (name);
  }
}

/* The folder of PATH, locked for one maker at a time: a second one would take
 * the unfinished file away from under the first.  -1 with an error. */
static int
lock_folder_of (const char *path, GError **error)
{
  g_autofree char *folder = g_path_get_dirname (path);
  int fd = open (folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (fd >= 0 && flock (fd, LOCK_EX | LOCK_NB) == 0)
    return fd;
  if (fd >= 0 && errno == EWOULDBLOCK)
    g_set_error (error, FAULT, FAULT_CONFLICT,
                 "%s: another database is being made in this folder: wait for it", folder);
  else
    g_set_error (error, FAULT, FAULT_SYSTEM, "%s: cannot be used for a new database: %s", folder,
                 g_strerror (errno));
  if (fd >= 0)
    close (fd);
  return -1;
}

/* The new name lasts only when its folder is on disk. */
static bool
put_in_place (const char *unfinished, const char *path, int folder, GError **error)
{
  if (g_rename (unfinished, path) == 0 && fsync (folder) == 0)
    return true;
  g_set_error (error, FAULT, FAULT_SYSTEM, "%s: cannot put the finished database there: %s", path,
               g_strerror (errno));
  return false;
}

/* A journal that another database left there would be taken for the new one's. */
static bool
check_no_journal (const char *path, GError **error)
{
  static const char *const endings[] = { "-wal", "-journal" };
  for (size_t i = 0; i < G_N_ELEMENTS (endings); i++) {
    g_autofree char *name = g_strconcat (path, endings[i], NULL);
    struct stat left;
    if (stat (name, &left) != 0 || left.st_size == 0)
      continue;
    g_set_error (error, FAULT, FAULT_CONFLICT,
                 "%s is left of another database: move it to where that one is, or remove it", name);
    return false;
  }
  return true;
}

bool
make_file (const Store *store, StoreFill fill, gpointer data, GError **error)
{
  const char *path = store->path;
  int folder = lock_folder_of (path, error);
  if (folder < 0)
    return false;
  g_autofree char *unfinished = g_strconcat (path, ".new", NULL);
  bool ok = false;
  if (g_file_test (path, G_FILE_TEST_EXISTS))
    g_set_error (error, FAULT, FAULT_CONFLICT, "%s is there already: remove it, or name another file", path);
  else if (check_no_journal (path, error)) {
    remove_database (unfinished);
    ok = fill (unfinished, data, error) && put_in_place (unfinished, path, folder, error);
    if (!ok)
      remove_database (unfinished);
  }
  close (folder);
  return ok;
}

static bool
fill_copy (const char *path, gpointer data, GError **error)
{
  Store *store = data;
  g_autoptr (StoreReader) reader = store_reader (store, error);
  return reader && store->engine->copy (reader->db, path, error);
}

bool
store_copy (Store *store, const char *to, GError **error)
{
  if (store->engine->copy)
    return store_make (to, fill_copy, store, error);
  g_set_error (error, FAULT, FAULT_USAGE, "%s: no file that could be copied: make a backup of it",
               store->path);
  return false;
}
