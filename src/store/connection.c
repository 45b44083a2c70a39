/* Connections: how one is set up, its kept statements, and what its errors mean. */
#include "store/store_private.h"

#include <errno.h>
#include <unistd.h>

/* Statements kept per connection.  SQLite 3.40 has no place for a host's own
 * data on a connection, so they are found by its address. */
static GHashTable *connections; /* sqlite3 * → GHashTable (SQL address → sqlite3_stmt *) */
static pthread_rwlock_t connections_lock = PTHREAD_RWLOCK_INITIALIZER;
static pthread_once_t configured = PTHREAD_ONCE_INIT;

/* Memory statistics take a global lock on every allocation, which makes
 * parallel readers wait for one another. */
static void
configure_library (void)
{
  sqlite3_config (SQLITE_CONFIG_MEMSTATUS, 0);
  sqlite3_config (SQLITE_CONFIG_MULTITHREAD);
  connections = g_hash_table_new (g_direct_hash, g_direct_equal);
}

static void
finalize_statement (gpointer statement)
{
  sqlite3_finalize (statement);
}

/* SQLite tries several ways to open and reports the errno of the last; the
 * first thing that stands in the way is what helps. */
static const char *
why_not_open (sqlite3 *db, const char *path)
{
  g_autofree char *folder = g_path_get_dirname (path);
  bool exists = access (path, F_OK) == 0;
  if (exists ? access (path, R_OK | W_OK) : access (folder, W_OK | X_OK))
    return g_strerror (errno);
  return g_file_test (path, G_FILE_TEST_IS_DIR) ? g_strerror (EISDIR) : sqlite3_errmsg (db);
}

sqlite3 *
connection_open (const char *path, int flags, GError **error)
{
  pthread_once (&configured, configure_library);
  sqlite3 *db = NULL;
  if (sqlite3_open_v2 (path, &db, flags | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_EXRESCODE, NULL) != SQLITE_OK) {
    g_set_error (error, FAULT, FAULT_SYSTEM, "%s: cannot open the database: %s", path,
                 why_not_open (db, path));
    sqlite3_close_v2 (db);
    return NULL;
  }
  sqlite3_busy_timeout (db, 5000);
  pthread_rwlock_wrlock (&connections_lock);
  g_hash_table_insert (connections, db,
                       g_hash_table_new_full (g_direct_hash, g_direct_equal, NULL, finalize_statement));
  pthread_rwlock_unlock (&connections_lock);
  return db;
}

static GHashTable *
statements_of (sqlite3 *db)
{
  pthread_rwlock_rdlock (&connections_lock);
  GHashTable *statements = g_hash_table_lookup (connections, db);
  pthread_rwlock_unlock (&connections_lock);
  g_assert (statements);
  return statements;
}

void
connection_close (sqlite3 *db)
{
  if (!db)
    return;
  g_hash_table_destroy (statements_of (db));
  pthread_rwlock_wrlock (&connections_lock);
  g_hash_table_remove (connections, db);
  pthread_rwlock_unlock (&connections_lock);
  int result = sqlite3_close (db);
  g_assert (result == SQLITE_OK);
}

sqlite3_stmt *
store_statement (sqlite3 *db, const char *sql, GError **error)
{
  GHashTable *statements = statements_of (db);
  sqlite3_stmt *statement = g_hash_table_lookup (statements, sql);
  if (statement) {
    sqlite3_reset (statement);
    sqlite3_clear_bindings (statement);
    return statement;
  }
  if (sqlite3_prepare_v3 (db, sql, -1, SQLITE_PREPARE_PERSISTENT, &statement, NULL) != SQLITE_OK) {
    store_set_error (db, "preparing a query", error);
    return NULL;
  }
  g_hash_table_insert (statements, (gpointer)sql, statement);
  return statement;
}

bool
store_run (sqlite3 *db, sqlite3_stmt *statement, GError **error)
{
  int result = sqlite3_step (statement);
  if (result != SQLITE_DONE)
    store_set_error (db, "writing", error);
  sqlite3_reset (statement);
  return result == SQLITE_DONE;
}

bool
connection_execute (sqlite3 *db, const char *sql, const char *doing, GError **error)
{
  if (sqlite3_exec (db, sql, NULL, NULL, NULL) == SQLITE_OK)
    return true;
  store_set_error (db, doing, error);
  return false;
}

bool
connection_integer (sqlite3 *db, const char *sql, gint64 otherwise, gint64 *value, GError **error)
{
  sqlite3_stmt *statement = NULL;
  int result = sqlite3_prepare_v2 (db, sql, -1, &statement, NULL);
  if (result == SQLITE_OK)
    result = sqlite3_step (statement);
  if (result == SQLITE_ROW)
    *value = sqlite3_column_int64 (statement, 0);
  else if (result == SQLITE_DONE)
    *value = otherwise;
  else
    store_set_error (db, "opening", error);
  sqlite3_finalize (statement);
  return result == SQLITE_ROW || result == SQLITE_DONE;
}

void
store_set_error (sqlite3 *db, const char *doing, GError **error)
{
  const char *path = sqlite3_db_filename (db, "main");
  if (!path || !*path)
    path = "database";
  int code = sqlite3_errcode (db) & 0xff;
  if (code == SQLITE_IOERR && sqlite3_system_errno (db) == ENOSPC)
    code = SQLITE_FULL; /* the shared-memory file did not fit */
  switch (code) {
  case SQLITE_FULL:
    g_set_error (error, FAULT, FAULT_SYSTEM,
                 "%s: disk full while %s; nothing was lost: free some space and try again", path, doing);
    return;
  case SQLITE_NOTADB:
    g_set_error (error, FAULT, FAULT_INPUT, "%s: not a database: name another file", path);
    return;
  case SQLITE_CORRUPT:
    g_set_error (error, FAULT, FAULT_SYSTEM, "%s: the file is damaged (%s): restore it from a backup", path,
                 sqlite3_errmsg (db));
    return;
  case SQLITE_BUSY:
  case SQLITE_LOCKED:
    g_set_error (error, FAULT, FAULT_SYSTEM,
                 "%s: locked by another process while %s: end that one, or try again", path, doing);
    return;
  case SQLITE_READONLY:
    g_set_error (error, FAULT, FAULT_SYSTEM, "%s: read-only: allow writing to the file and its folder", path);
    return;
  case SQLITE_CANTOPEN:
    g_set_error (error, FAULT, FAULT_SYSTEM, "%s: cannot open the file or write beside it: %s", path,
                 why_not_open (db, path));
    return;
  case SQLITE_IOERR:
    g_set_error (error, FAULT, FAULT_SYSTEM, "%s: the disk failed while %s (%s)", path, doing,
                 sqlite3_system_errno (db) ? g_strerror (sqlite3_system_errno (db)) : sqlite3_errmsg (db));
    return;
  default: g_set_error (error, FAULT, FAULT_SYSTEM, "%s: %s failed: %s", path, doing, sqlite3_errmsg (db));
  }
}
