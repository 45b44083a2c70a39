/* Connections: how one is set up, its kept statements, and what its errors mean. */
#include "store/store_private.h"

#include <errno.h>
#include <unistd.h>

static pthread_once_t configured = PTHREAD_ONCE_INIT;

/* Memory statistics take a global lock on every allocation, which makes
 * parallel readers wait for one another. */
static void
configure_library (void)
{
  sqlite3_config (SQLITE_CONFIG_MEMSTATUS, 0);
  sqlite3_config (SQLITE_CONFIG_MULTITHREAD);
}

static void
finalize_statement (gpointer data)
{
  StoreStatement *statement = data;
  sqlite3_finalize (statement->sqlite);
  g_free (statement);
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

StoreConnection *
connection_open (const char *path, int flags, GError **error)
{
  pthread_once (&configured, configure_library);
  sqlite3 *sqlite = NULL;
  if (sqlite3_open_v2 (path, &sqlite, flags | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_EXRESCODE, NULL)
      != SQLITE_OK) {
    g_set_error (error, FAULT, FAULT_SYSTEM, "%s: cannot open the database: %s", path,
                 why_not_open (sqlite, path));
    sqlite3_close_v2 (sqlite);
    return NULL;
  }
  sqlite3_busy_timeout (sqlite, 5000);
  StoreConnection *db = g_new0 (StoreConnection, 1);
  db->sqlite = sqlite;
  db->statements = g_hash_table_new_full (g_direct_hash, g_direct_equal, NULL, finalize_statement);
  return db;
}

void
connection_close (StoreConnection *db)
{
  if (!db)
    return;
  g_hash_table_destroy (db->statements);
  int result = sqlite3_close (db->sqlite);
  g_assert (result == SQLITE_OK);
  g_free (db);
}

bool
connection_in_transaction (const StoreConnection *db)
{
  return !sqlite3_get_autocommit (db->sqlite);
}

void
connection_reset_all (StoreConnection *db)
{
  for (sqlite3_stmt *s = sqlite3_next_stmt (db->sqlite, NULL); s; s = sqlite3_next_stmt (db->sqlite, s))
    sqlite3_reset (s);
}

bool
connection_execute (StoreConnection *db, const char *sql, const char *doing, GError **error)
{
  if (sqlite3_exec (db->sqlite, sql, NULL, NULL, NULL) == SQLITE_OK)
    return true;
  connection_set_error (db, doing, error);
  return false;
}

/* ---- statements -------------------------------------------------------- */

static StoreStatement *
prepare (StoreConnection *db, const char *sql, unsigned flags, GError **error)
{
  sqlite3_stmt *sqlite = NULL;
  if (sqlite3_prepare_v3 (db->sqlite, sql, -1, flags, &sqlite, NULL) != SQLITE_OK) {
    connection_set_error (db, "preparing a query", error);
    return NULL;
  }
  StoreStatement *statement = g_new (StoreStatement, 1);
  *statement = (StoreStatement){ db, sqlite };
  return statement;
}

StoreStatement *
store_statement (StoreConnection *db, const char *sql, GError **error)
{
  StoreStatement *statement = g_hash_table_lookup (db->statements, sql);
  if (statement) {
    sqlite3_reset (statement->sqlite);
    sqlite3_clear_bindings (statement->sqlite);
    return statement;
  }
  statement = prepare (db, sql, SQLITE_PREPARE_PERSISTENT, error);
  if (statement)
    g_hash_table_insert (db->statements, (gpointer)sql, statement);
  return statement;
}

void
store_bind_integer (StoreStatement *statement, int parameter, gint64 value)
{
  sqlite3_bind_int64 (statement->sqlite, parameter, value);
}

void
store_bind_text (StoreStatement *statement, int parameter, const char *text)
{
  sqlite3_bind_text (statement->sqlite, parameter, text, -1, SQLITE_STATIC);
}

void
store_bind_slice (StoreStatement *statement, int parameter, Text text)
{
  sqlite3_bind_text64 (statement->sqlite, parameter, text.bytes, text.len, SQLITE_STATIC, SQLITE_UTF8);
}

void
store_bind_blob (StoreStatement *statement, int parameter, const void *bytes, size_t len)
{
  /* SQLite takes a NULL pointer for NULL; no bytes are a value, too. */
  sqlite3_bind_blob64 (statement->sqlite, parameter, len ? bytes : "", len, SQLITE_STATIC);
}

void
store_bind_null (StoreStatement *statement, int parameter)
{
  sqlite3_bind_null (statement->sqlite, parameter);
}

static StoreStep
step (StoreStatement *statement, const char *doing, GError **error)
{
  int result = sqlite3_step (statement->sqlite);
  if (result == SQLITE_ROW)
    return STORE_ROW;
  if (result != SQLITE_DONE)
    connection_set_error (statement->connection, doing, error);
  sqlite3_reset (statement->sqlite);
  return result == SQLITE_DONE ? STORE_DONE : STORE_FAILED;
}

StoreStep
store_step (StoreStatement *statement, GError **error)
{
  return step (statement, "reading", error);
}

void
store_reset (StoreStatement *statement)
{
  sqlite3_reset (statement->sqlite);
}

bool
store_run (StoreStatement *statement, GError **error)
{
  StoreStep result = step (statement, "writing", error);
  g_assert (result != STORE_ROW);
  return result == STORE_DONE;
}

gint64
store_changes (StoreConnection *db)
{
  return sqlite3_changes64 (db->sqlite);
}

int
store_columns (StoreStatement *statement)
{
  return sqlite3_column_count (statement->sqlite);
}

const char *
store_column_name (StoreStatement *statement, int column)
{
  return sqlite3_column_name (statement->sqlite, column);
}

StoreKind
store_kind (StoreStatement *statement, int column)
{
  switch (sqlite3_column_type (statement->sqlite, column)) {
  case SQLITE_NULL: return STORE_NULL;
  case SQLITE_INTEGER: return STORE_INTEGER;
  case SQLITE_BLOB: return STORE_BLOB;
  default: return STORE_TEXT;
  }
}

bool
store_is_null (StoreStatement *statement, int column)
{
  return store_kind (statement, column) == STORE_NULL;
}

gint64
store_integer (StoreStatement *statement, int column)
{
  return sqlite3_column_int64 (statement->sqlite, column);
}

Text
store_text (StoreStatement *statement, int column)
{
  const char *bytes = (const char *)sqlite3_column_text (statement->sqlite, column);
  return (Text){ bytes, (size_t)sqlite3_column_bytes (statement->sqlite, column) };
}

Text
store_blob (StoreStatement *statement, int column)
{
  if (store_is_null (statement, column))
    return (Text){ 0 };
  /* SQLite gives NULL for no bytes, which are a value. */
  const char *bytes = sqlite3_column_blob (statement->sqlite, column);
  return (Text){ bytes ? bytes : "", (size_t)sqlite3_column_bytes (statement->sqlite, column) };
}

const char *
store_string (StoreStatement *statement, int column, Arena *arena)
{
  Text text = store_text (statement, column);
  return text.bytes ? arena_text (arena, text) : NULL;
}

bool
store_query (StoreConnection *db, const char *sql, gint64 otherwise, gint64 *value, GError **error)
{
  StoreStatement *statement = prepare (db, sql, 0, error);
  if (!statement)
    return false;
  StoreStep result = store_step (statement, error);
  if (result != STORE_FAILED)
    *value = result == STORE_ROW ? store_integer (statement, 0) : otherwise;
  finalize_statement (statement);
  return result != STORE_FAILED;
}

/* ---- faults ------------------------------------------------------------ */

void
connection_set_error (StoreConnection *connection, const char *doing, GError **error)
{
  sqlite3 *db = connection->sqlite;
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
