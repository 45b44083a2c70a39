/* Opening, versions, readers. */
#include "store/store_private.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gstdio.h>
#include <sys/stat.h>
#include <unistd.h>

/* "LDNG": tells our files from other programs' SQLite files. */
enum { APPLICATION_ID = 0x4c444e47 };
/* PRAGMA user_version while a bulk load runs, which cannot survive a crash. */
enum { WHOLE = 0, LOADING = 1 };
/* Idle connections kept for the next reader. */
enum { READERS_KEPT = 16 };

/* ---- versions ---------------------------------------------------------- */

static bool
is_new (StoreConnection *db, bool *fresh, GError **error)
{
  gint64 tables = 0;
  if (!store_query (db, "SELECT count(*) FROM sqlite_schema", 0, &tables, error))
    return false;
  *fresh = tables == 0;
  return true;
}

/* Refuse other programs' files and loads that never ended. */
static bool
check_ours (StoreConnection *db, const char *path, GError **error)
{
  gint64 id = 0, state = 0;
  if (!store_query (db, "PRAGMA application_id", 0, &id, error)
      || !store_query (db, "PRAGMA user_version", 0, &state, error))
    return false;
  if (id != APPLICATION_ID) {
    g_set_error (error, FAULT, FAULT_INPUT, "%s: a database of another program: name another file", path);
    return false;
  }
  if (state == LOADING) {
    g_set_error (error, FAULT, FAULT_INPUT,
                 "%s: its first load was interrupted: delete the file and load again", path);
    return false;
  }
  if (state != WHOLE) {
    g_set_error (error, FAULT, FAULT_INPUT,
                 "%s: written by a newer program (its state is %" G_GINT64_FORMAT
                 ", this program knows 0 and 1): use that program, or restore an older backup",
                 path, state);
    return false;
  }
  return true;
}

/* The version MODULE has in the file; 0 when none. */
static bool
version_of (StoreConnection *db, const char *module, int *version, GError **error)
{
  *version = 0;
  StoreStatement *statement
      = store_statement (db, "SELECT version FROM store_version WHERE module = ?1", error);
  if (!statement)
    return false;
  store_bind_text (statement, 1, module);
  StoreStep result = store_step (statement, error);
  if (result == STORE_ROW)
    *version = (int)store_integer (statement, 0);
  store_reset (statement);
  return result != STORE_FAILED;
}

static int
latest_of (const StoreMigration *migrations, size_t n, const char *module)
{
  int latest = 0;
  for (size_t i = 0; i < n; i++)
    if (g_str_equal (migrations[i].module, module))
      latest = MAX (latest, migrations[i].version);
  return latest;
}

/* True when no module of the file is newer than MIGRATIONS; PENDING: some are older. */
static bool
check_versions (StoreConnection *db, const char *path, const StoreMigration *migrations, size_t n,
                bool *pending, GError **error)
{
  *pending = false;
  for (size_t i = 0; i < n; i++) {
    int there = 0, latest = latest_of (migrations, n, migrations[i].module);
    if (!version_of (db, migrations[i].module, &there, error))
      return false;
    if (there > latest) {
      g_set_error (error, FAULT, FAULT_INPUT,
                   "%s: written by a newer program (its %s tables have version %d, this program knows %d): "
                   "use that program, or restore an older backup",
                   path, migrations[i].module, there, latest);
      return false;
    }
    *pending |= there < latest;
  }
  return true;
}

static bool
apply_migration (StoreConnection *db, const StoreMigration *migration, GError **error)
{
  int there = 0;
  if (!version_of (db, migration->module, &there, error))
    return false;
  if (migration->version <= there)
    return true;
  g_assert (migration->version == there + 1);
  if (!definitions_execute (db, migration->sql, "making tables", error))
    return false;
  StoreStatement *statement
      = store_statement (db,
                         "INSERT INTO store_version (module, version) VALUES (?1, ?2)"
                         " ON CONFLICT (module) DO UPDATE SET version = excluded.version",
                         error);
  if (!statement)
    return false;
  store_bind_text (statement, 1, migration->module);
  store_bind_integer (statement, 2, migration->version);
  return store_run (statement, error);
}

typedef struct {
  const StoreMigration *migrations;
  size_t n;
} MigrationList;

static bool
apply_migrations (StoreConnection *db, gpointer data, GError **error)
{
  const MigrationList *list = data;
  for (size_t i = 0; i < list->n; i++)
    if (!apply_migration (db, &list->migrations[i], error))
      return false;
  return true;
}

bool
store_migrate (Store *store, const StoreMigration *migrations, size_t n, GError **error)
{
  g_autoptr (StoreReader) reader = store_reader (store, error);
  bool pending = false;
  if (!reader || !check_versions (reader->db, store->path, migrations, n, &pending, error))
    return false;
  g_clear_pointer (&reader, store_reader_release);
  if (!pending)
    return true;
  if (store->flags & STORE_READ_ONLY) {
    g_set_error (error, FAULT, FAULT_INPUT,
                 "%s: its tables are older than this program: open it once with write access", store->path);
    return false;
  }
  MigrationList list = { migrations, n };
  return store_write (store, apply_migrations, &list, error);
}

/* ---- opening ----------------------------------------------------------- */

/* An empty file becomes ours, in one transaction. */
static bool
initialise (StoreConnection *db, bool loading, GError **error)
{
  g_autofree char *sql = g_strdup_printf (
      "BEGIN IMMEDIATE; PRAGMA application_id = %d; PRAGMA user_version = %d;"
      "CREATE TABLE store_version (module TEXT PRIMARY KEY, version INTEGER NOT NULL) STRICT, WITHOUT ROWID;"
      "%s; COMMIT",
      APPLICATION_ID, loading ? LOADING : WHOLE, definitions_table);
  return connection_execute (db, sql, "making the file", error);
}

/* SQLite keeps another mode where a file system has no shared memory. */
static bool
set_wal (StoreConnection *db, const char *path, GError **error)
{
  StoreStatement *statement = store_statement (db, "PRAGMA journal_mode = WAL", error);
  if (!statement || store_step (statement, error) != STORE_ROW)
    return false;
  bool set = text_equal (store_text (statement, 0), TEXT_LITERAL ("wal"));
  if (!set)
    g_set_error (error, FAULT, FAULT_SYSTEM,
                 "%s: this file system cannot hold the database: use a local disk", path);
  store_reset (statement);
  return set;
}

/* Settings of the writing connection.  While a bulk load runs nothing waits for
 * the disk and the journal is in memory: the file is either loaded whole or
 * refused (check_ours). */
static bool
configure_writer (StoreConnection *db, const char *path, bool loading, GError **error)
{
  if (loading)
    return connection_execute (
        db, "PRAGMA journal_mode = MEMORY; PRAGMA synchronous = OFF; PRAGMA cache_size = -65536", "opening",
        error);
  return connection_execute (db, "PRAGMA synchronous = FULL; PRAGMA cache_size = -16384", "opening", error)
         && set_wal (db, path, error);
}

/* The name of a new file must survive power loss as its content does. */
static bool
sync_folder (const char *path, GError **error)
{
  g_autofree char *folder = g_path_get_dirname (path);
  int fd = g_open (folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC, 0);
  bool ok = fd >= 0 && fsync (fd) == 0;
  if (!ok)
    g_set_error (error, FAULT, FAULT_SYSTEM, "%s: cannot flush the folder: %s", folder, g_strerror (errno));
  if (fd >= 0)
    close (fd);
  return ok;
}

static bool
prepare_file (Store *store, const StoreMigration *migrations, size_t n, GError **error)
{
  int mode = store->flags & STORE_READ_ONLY
                 ? SQLITE_OPEN_READONLY
                 : SQLITE_OPEN_READWRITE | (store->flags & STORE_CREATE ? SQLITE_OPEN_CREATE : 0);
  store->db = connection_open (store->path, mode, error);
  bool fresh = false, pending = false;
  if (!store->db || !is_new (store->db, &fresh, error))
    return false;
  if (fresh && !(store->flags & STORE_CREATE)) {
    g_set_error (error, FAULT, FAULT_INPUT, "%s: an empty file, not a database", store->path);
    return false;
  }
  /* Everything that can be refused is refused before the first write. */
  if (!fresh
      && (!check_ours (store->db, store->path, error)
          || !check_versions (store->db, store->path, migrations, n, &pending, error)))
    return false;
  if (store->flags & STORE_READ_ONLY)
    return true;
  store->loading = fresh && (store->flags & STORE_BULK);
  return configure_writer (store->db, store->path, store->loading, error)
         && (!fresh || (initialise (store->db, store->loading, error) && sync_folder (store->path, error)));
}

static bool
check_exists (const char *path, StoreFlags flags, GError **error)
{
  if (g_file_test (path, G_FILE_TEST_IS_DIR)) {
    g_set_error (error, FAULT, FAULT_INPUT, "%s: a folder, not a database: name a file in it", path);
    return false;
  }
  if ((flags & STORE_CREATE) || g_file_test (path, G_FILE_TEST_EXISTS))
    return true;
  g_set_error (error, FAULT, FAULT_NOT_FOUND, "%s: no such database: check the name, or make one first",
               path);
  return false;
}

Store *
store_open (const char *path, StoreFlags flags, const StoreMigration *migrations, size_t n, GError **error)
{
  g_assert (!(flags & STORE_READ_ONLY) || !(flags & (STORE_CREATE | STORE_BULK)));
  if (!check_exists (path, flags, error))
    return NULL;
  g_autoptr (Store) store = g_new0 (Store, 1);
  store->path = g_strdup (path);
  store->flags = flags;
  pthread_mutex_init (&store->lock, NULL);
  pthread_cond_init (&store->wake, NULL);
  pthread_cond_init (&store->done, NULL);
  if (!prepare_file (store, migrations, n, error)
      || (!(flags & STORE_READ_ONLY) && !writer_start (store, error))
      || !store_migrate (store, migrations, n, error))
    return NULL;
  return g_steal_pointer (&store);
}

void
store_close (Store *store)
{
  if (!store)
    return;
  writer_stop (store);
  while (store->readers) {
    StoreReader *reader = store->readers;
    store->readers = reader->next;
    connection_close (reader->db);
    g_free (reader);
  }
  connection_close (store->db);
  pthread_cond_destroy (&store->done);
  pthread_cond_destroy (&store->wake);
  pthread_mutex_destroy (&store->lock);
  g_free (store->path);
  g_free (store);
}

const char *
store_path (const Store *store)
{
  return store->path;
}

/* Through SQLite's own handle: opening the file anew and closing it would drop
 * this process's POSIX locks on it. */
static bool
sync_file (const StoreConnection *connection, GError **error)
{
  sqlite3 *db = connection->sqlite;
  sqlite3_file *file = NULL;
  if (sqlite3_file_control (db, "main", SQLITE_FCNTL_FILE_POINTER, &file) == SQLITE_OK
      && file->pMethods->xSync (file, SQLITE_SYNC_NORMAL) == SQLITE_OK)
    return true;
  g_set_error (error, FAULT, FAULT_SYSTEM, "%s: cannot flush the file to disk: %s",
               sqlite3_db_filename (db, "main"), g_strerror (sqlite3_system_errno (db)));
  return false;
}

bool
store_checkpoint (Store *store, GError **error)
{
  if (!store->loading)
    return true;
  writer_take (store);
  bool ok = sync_file (store->db, error) && configure_writer (store->db, store->path, false, error)
            && connection_execute (store->db, "PRAGMA user_version = 0", "ending the load", error)
            && connection_execute (store->db, "PRAGMA wal_checkpoint (TRUNCATE)", "ending the load", error);
  store->loading = !ok;
  writer_release (store);
  return ok;
}

/* ---- readers ----------------------------------------------------------- */

static StoreReader *
take_idle_reader (Store *store)
{
  pthread_mutex_lock (&store->lock);
  StoreReader *reader = store->readers;
  if (reader) {
    store->readers = reader->next;
    store->n_readers--;
  }
  pthread_mutex_unlock (&store->lock);
  return reader;
}

StoreReader *
store_reader (Store *store, GError **error)
{
  StoreReader *reader = take_idle_reader (store);
  if (!reader) {
    StoreConnection *db = connection_open (store->path, SQLITE_OPEN_READONLY, error);
    if (!db)
      return NULL;
    reader = g_new0 (StoreReader, 1);
    reader->store = store;
    reader->db = db;
  }
  if (connection_execute (reader->db, "BEGIN", "reading", error))
    return reader;
  connection_close (reader->db);
  g_free (reader);
  return NULL;
}

void
store_reader_release (StoreReader *reader)
{
  if (!reader)
    return;
  connection_reset_all (reader->db);
  bool healthy = connection_execute (reader->db, "COMMIT", "reading", NULL);
  Store *store = reader->store;
  pthread_mutex_lock (&store->lock);
  bool keep = healthy && store->n_readers < READERS_KEPT;
  if (keep) {
    reader->next = store->readers;
    store->readers = reader;
    store->n_readers++;
  }
  pthread_mutex_unlock (&store->lock);
  if (keep)
    return;
  connection_close (reader->db);
  g_free (reader);
}

StoreConnection *
store_reader_db (StoreReader *reader)
{
  return reader->db;
}
