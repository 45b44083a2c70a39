/* Writing a backup: definitions and rows of one snapshot. */
#include "backup/contents.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gstdio.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

typedef struct {
  SealWriter *writer;
  StoreConnection *db;
  Values values;
  BackupProgress progress;
  gpointer progress_data;
  BackupSummary *summary;
  gint64 total; /* rows to be written */
} Job;

static bool
put_item (Job *job, ItemTag tag, GError **error)
{
  job->summary->content_bytes += (gint64)job->values.len;
  bool ok = item_write (job->writer, tag, &job->values, error);
  job->values.len = 0;
  return ok;
}

/* ---- tables ------------------------------------------------------------ */

static bool
put_table_head (Job *job, const char *table, StoreStatement *rows, GError **error)
{
  values_put_text (&job->values, text_of (table));
  int n = store_columns (rows);
  for (int i = 0; i < n; i++)
    values_put_text (&job->values, text_of (store_column_name (rows, i)));
  return put_item (job, ITEM_TABLE, error);
}

static bool
put_row (Job *job, StoreStatement *rows, guint64 *digest, GError **error)
{
  values_put_row (&job->values, rows);
  *digest += values_digest (&job->values);
  job->summary->rows++;
  if (job->progress && job->summary->rows % 1000 == 0)
    job->progress (job->summary->rows, job->total, job->progress_data);
  return put_item (job, ITEM_ROW, error);
}

static bool
put_table (Job *job, const char *table, GError **error)
{
  g_autofree char *sql = backup_select (table);
  /* The statement is kept by its text's address, which must stay. */
  StoreStatement *rows = store_statement (job->db, g_intern_string (sql), error);
  if (!rows || !put_table_head (job, table, rows, error))
    return false;
  guint64 digest = 0;
  gint64 before = job->summary->rows;
  StoreStep step;
  while ((step = store_step (rows, error)) == STORE_ROW)
    if (!put_row (job, rows, &digest, error)) {
      store_reset (rows);
      return false;
    }
  if (step == STORE_FAILED)
    return false;
  values_put_integer (&job->values, job->summary->rows - before);
  values_put_integer (&job->values, (gint64)digest);
  job->summary->tables++;
  return put_item (job, ITEM_TABLE_END, error);
}

/* ---- the whole --------------------------------------------------------- */

/* The tables to copy: the store's own list of versions, then every defined one. */
static const char **
list_tables (const StoreDefinition *definitions, size_t n, Arena *arena)
{
  const char **tables = arena_new0 (arena, const char *, n + 2);
  g_autoptr (GHashTable) seen = g_hash_table_new (g_str_hash, g_str_equal);
  size_t n_tables = 0;
  tables[n_tables++] = BACKUP_VERSIONS;
  for (size_t i = 0; i < n; i++)
    if (!definitions[i].index && g_hash_table_add (seen, (gpointer)definitions[i].name))
      tables[n_tables++] = definitions[i].name;
  return tables;
}

static bool
count_rows (Job *job, const char **tables, GError **error)
{
  for (; *tables; tables++) {
    g_autofree char *sql = g_strdup_printf ("SELECT count(*) FROM \"%s\"", *tables);
    gint64 n = 0;
    if (!store_query (job->db, sql, 0, &n, error))
      return false;
    job->total += n;
  }
  return true;
}

static bool
put_head (Job *job, GError **error)
{
  values_put_integer (&job->values, job->summary->taken_at);
  values_put_text (&job->values, TEXT_LITERAL ("liudong " LIUDONG_VERSION));
  values_put_integer (&job->values, job->total);
  return put_item (job, ITEM_HEAD, error);
}

static bool
put_definition (Job *job, const StoreDefinition *d, GError **error)
{
  values_put_text (&job->values, text_of (d->name));
  values_put_text (&job->values, text_of (d->table));
  values_put_integer (&job->values, d->index);
  values_put_text (&job->values, text_of (d->sql));
  return put_item (job, ITEM_DEFINITION, error);
}

static bool
put_contents (Job *job, GError **error)
{
  g_autoptr (Arena) arena = arena_new ();
  size_t n = 0;
  job->summary->taken_at = g_get_real_time ();
  const StoreDefinition *definitions = store_definitions (job->db, arena, &n, error);
  if (!definitions)
    return false;
  const char **tables = list_tables (definitions, n, arena);
  if (!count_rows (job, tables, error) || !put_head (job, error))
    return false;
  for (size_t i = 0; i < n; i++)
    if (!put_definition (job, &definitions[i], error))
      return false;
  for (; *tables; tables++)
    if (!put_table (job, *tables, error))
      return false;
  values_put_integer (&job->values, job->summary->tables);
  values_put_integer (&job->values, job->summary->rows);
  return put_item (job, ITEM_END, error) && seal_writer_finish (job->writer, error);
}

static bool
write_snapshot (Store *store, int fd, const char *path, const BackupKey *key, Job *job, GError **error)
{
  g_autoptr (StoreReader) reader = store_reader (store, error);
  g_autoptr (SealWriter) writer = reader ? seal_writer_new (fd, path, key, error) : NULL;
  if (!writer)
    return false;
  job->db = store_reader_db (reader);
  job->writer = writer;
  bool ok = put_contents (job, error);
  job->summary->file_bytes = seal_writer_size (writer);
  values_clear (&job->values);
  return ok;
}

/* ---- the file ---------------------------------------------------------- */

/* Whether FD is still what PATH names: its last writer may have renamed it meanwhile. */
static bool
is_named (int fd, const char *path)
{
  struct stat opened, named;
  return fstat (fd, &opened) == 0 && stat (path, &named) == 0 && opened.st_ino == named.st_ino
         && opened.st_dev == named.st_dev;
}

/* The unfinished file, ours alone; -1 with an error. */
static int
open_unfinished (const char *unfinished, GError **error)
{
  int fd = g_open (unfinished, O_WRONLY | O_CREAT | O_NOFOLLOW | O_CLOEXEC, 0600);
  bool locked = fd >= 0 && flock (fd, LOCK_EX | LOCK_NB) == 0;
  if (locked && is_named (fd, unfinished) && ftruncate (fd, 0) == 0 && fchmod (fd, 0600) == 0)
    return fd;
  if (locked || (fd >= 0 && errno == EWOULDBLOCK))
    g_set_error (error, FAULT, FAULT_CONFLICT, "%s: another backup is writing this file: wait for it",
                 unfinished);
  else
    backup_set_write_error (unfinished, error);
  if (fd >= 0)
    close (fd);
  return -1;
}

static bool
check_absent (const char *path, GError **error)
{
  if (!g_file_test (path, G_FILE_TEST_EXISTS))
    return true;
  g_set_error (error, FAULT, FAULT_CONFLICT, "%s is there already: name another file", path);
  return false;
}

/* On disk under its name; the name, too. */
static bool
put_in_place (int fd, const char *unfinished, const char *path, GError **error)
{
  g_autofree char *folder = g_path_get_dirname (path);
  bool ok = fsync (fd) == 0 && g_rename (unfinished, path) == 0;
  int folder_fd = ok ? g_open (folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC, 0) : -1;
  ok = folder_fd >= 0 && fsync (folder_fd) == 0;
  if (!ok)
    backup_set_write_error (path, error);
  if (folder_fd >= 0)
    close (folder_fd);
  return ok;
}

bool
backup_write (Store *store, const char *path, const BackupKey *key, BackupProgress progress, gpointer data,
              BackupSummary *summary, GError **error)
{
  *summary = (BackupSummary){ 0 };
  g_autofree char *unfinished = g_strconcat (path, ".new", NULL);
  int fd = open_unfinished (unfinished, error);
  if (fd < 0)
    return false;
  Job job = { .progress = progress, .progress_data = data, .summary = summary };
  bool ok = check_absent (path, error) && write_snapshot (store, fd, path, key, &job, error)
            && put_in_place (fd, unfinished, path, error);
  if (!ok)
    g_unlink (unfinished);
  close (fd);
  return ok;
}
