#include "demo/demo.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gstdio.h>
#include <sys/file.h>
#include <unistd.h>

/* ---- into a registry --------------------------------------------------- */

static RegistryBatchId
to_batch (gpointer data, const RegistryBatch *batch, GError **error)
{
  return registry_writer_batch (data, batch, error);
}

static Subject
to_subject (gpointer data, const RegistryEntity *entity)
{
  return registry_writer_subject (data, entity);
}

static bool
to_append (gpointer data, RegistryBatchId batch, Subject subject, Day valid_from, Day valid_to,
           const RegistryFact *facts, size_t n, GError **error)
{
  return registry_writer_append (data, batch, subject, valid_from, valid_to, facts, n, error);
}

bool
demo_make (Registry *registry, const char *distributions, const DemoOptions *options, DemoSummary *summary,
           GError **error)
{
  g_autoptr (RegistryWriter) writer = registry_writer_new (registry, error);
  if (!writer)
    return false;
  DemoSink sink = { to_batch, to_subject, to_append, writer };
  return demo_generate (registry_schema (registry), distributions, options, &sink, summary, error)
         && registry_writer_commit (writer, error);
}

/* ---- as a new file ----------------------------------------------------- */

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
    g_set_error (error, FAULT, FAULT_CONFLICT, "%s: another county is being made in this folder: wait for it",
                 folder);
  else
    g_set_error (error, FAULT, FAULT_SYSTEM, "%s: cannot be used for a new county: %s", folder,
                 g_strerror (errno));
  if (fd >= 0)
    close (fd);
  return -1;
}

static bool
write_database (const char *path, const RegistrySchema *schema, const char *distributions,
                const DemoOptions *options, DemoSummary *summary, GError **error)
{
  g_autoptr (Registry) registry = registry_open (path, STORE_CREATE | STORE_BULK, schema, error);
  return registry && demo_make (registry, distributions, options, summary, error)
         && (!options->complete || options->complete (registry, options->complete_data, error))
         && store_checkpoint (registry_store (registry), error);
}

/* The new name lasts only when its folder is on disk. */
static bool
put_in_place (const char *unfinished, const char *path, int folder, GError **error)
{
  if (g_rename (unfinished, path) == 0 && fsync (folder) == 0)
    return true;
  g_set_error (error, FAULT, FAULT_SYSTEM, "%s: cannot put the finished county there: %s", path,
               g_strerror (errno));
  return false;
}

bool
demo_make_file (const char *path, const RegistrySchema *schema, const char *distributions,
                const DemoOptions *options, DemoSummary *summary, GError **error)
{
  int folder = lock_folder_of (path, error);
  if (folder < 0)
    return false;
  g_autofree char *unfinished = g_strconcat (path, ".new", NULL);
  bool there = g_file_test (path, G_FILE_TEST_EXISTS), ok = false;
  if (there)
    g_set_error (error, FAULT, FAULT_CONFLICT, "%s is there already: remove it, or name another file", path);
  else {
    remove_database (unfinished);
    ok = write_database (unfinished, schema, distributions, options, summary, error)
         && put_in_place (unfinished, path, folder, error);
    if (!ok)
      remove_database (unfinished);
  }
  close (folder);
  return ok;
}
