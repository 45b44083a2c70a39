/* The engine that is a file: SQLite with WAL and synchronous=FULL. */
#include "store/store_private.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gstdio.h>
#include <sqlite3.h>
#include <unistd.h>

typedef struct {
  StoreConnection base;
  sqlite3 *sqlite;
} SqliteConnection;

typedef struct {
  StoreStatement base;
  sqlite3_stmt *sqlite;
} SqliteStatement;

/* "LDNG" in PRAGMA application_id tells our files from other programs'; the
 * state stands in PRAGMA user_version. */
enum { APPLICATION_ID = 0x4c444e47 };

static sqlite3 *
sqlite_of (const StoreConnection *db)
{
  return ((const SqliteConnection *)db)->sqlite;
}

static sqlite3_stmt *
statement_of (const StoreStatement *statement)
{
  return ((const SqliteStatement *)statement)->sqlite;
}

/* ---- faults ------------------------------------------------------------ */

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

/* The connection's last error as a fault: what was done, where, what to do. */
static void
set_error (const StoreConnection *connection, const char *doing, GError **error)
{
  sqlite3 *db = sqlite_of (connection);
  const char *path = connection->store->path;
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

/* ---- the database ------------------------------------------------------ */

static pthread_once_t configured = PTHREAD_ONCE_INIT;

/* Memory statistics take a global lock on every allocation, which makes
 * parallel readers wait for one another. */
static void
configure_library (void)
{
  sqlite3_config (SQLITE_CONFIG_MEMSTATUS, 0);
  sqlite3_config (SQLITE_CONFIG_MULTITHREAD);
}

static char *
show_place (const char *place)
{
  return g_strdup (place);
}

static bool
exists (const Store *store, bool *there, GError **error)
{
  *there = g_file_test (store->path, G_FILE_TEST_EXISTS);
  return true;
}

static bool
check_place (const Store *store, GError **error)
{
  const char *path = store->path;
  if (g_file_test (path, G_FILE_TEST_IS_DIR)) {
    g_set_error (error, FAULT, FAULT_INPUT, "%s: a folder, not a database: name a file in it", path);
    return false;
  }
  if ((store->flags & STORE_CREATE) || g_file_test (path, G_FILE_TEST_EXISTS))
    return true;
  g_set_error (error, FAULT, FAULT_NOT_FOUND, "%s: no such database: check the name, or make one with liudong migrate --create",
               path);
  return false;
}

/* A new file for its owner only, as what is in it is about people; SQLite gives
 * the files beside it the same mode.  When it is there, or cannot be made, so be it. */
static void
make_private (const char *path)
{
  int fd = g_open (path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
  if (fd >= 0)
    close (fd);
}

static StoreConnection *
connect_file (const Store *store, bool writes, GError **error)
{
  pthread_once (&configured, configure_library);
  int flags = SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_EXRESCODE;
  if (writes)
    flags |= SQLITE_OPEN_READWRITE | (store->flags & STORE_CREATE ? SQLITE_OPEN_CREATE : 0);
  else
    flags |= SQLITE_OPEN_READONLY;
  if (flags & SQLITE_OPEN_CREATE)
    make_private (store->path);
  sqlite3 *sqlite = NULL;
  if (sqlite3_open_v2 (store->path, &sqlite, flags, NULL) != SQLITE_OK) {
    g_set_error (error, FAULT, FAULT_SYSTEM, "%s: cannot open the database: %s", store->path,
                 why_not_open (sqlite, store->path));
    sqlite3_close_v2 (sqlite);
    return NULL;
  }
  sqlite3_busy_timeout (sqlite, 5000);
  SqliteConnection *connection = g_new0 (SqliteConnection, 1);
  connection->sqlite = sqlite;
  return &connection->base;
}

static void
disconnect (StoreConnection *db)
{
  int result = sqlite3_close (sqlite_of (db));
  g_assert (result == SQLITE_OK);
  g_free (db);
}

static bool
execute (StoreConnection *db, const char *sql, const char *doing, GError **error)
{
  if (sqlite3_exec (sqlite_of (db), sql, NULL, NULL, NULL) == SQLITE_OK)
    return true;
  set_error (db, doing, error);
  return false;
}

static bool
identify (StoreConnection *db, StoreIdentity *identity, GError **error)
{
  gint64 tables = 0, id = 0;
  if (!store_query (db, "SELECT count(*) FROM sqlite_schema", 0, &tables, error)
      || !store_query (db, "PRAGMA application_id", 0, &id, error)
      || !store_query (db, "PRAGMA user_version", 0, &identity->state, error))
    return false;
  identity->fresh = tables == 0;
  identity->ours = id == APPLICATION_ID;
  return true;
}

/* SQLite keeps another mode where a file system has no shared memory. */
static bool
set_wal (StoreConnection *db, GError **error)
{
  StoreStatement *statement = store_statement (db, "PRAGMA journal_mode = WAL", error);
  if (!statement || store_step (statement, error) != STORE_ROW)
    return false;
  bool set = text_equal (store_text (statement, 0), TEXT_LITERAL ("wal"));
  if (!set)
    g_set_error (error, FAULT, FAULT_SYSTEM,
                 "%s: this file system cannot hold the database: use a local disk", db->store->path);
  store_reset (statement);
  return set;
}

/* While a bulk load runs the journal is in memory: the file is either loaded
 * whole or refused. */
static bool
configure (StoreConnection *db, bool loading, GError **error)
{
  if (loading)
    return execute (db, "PRAGMA journal_mode = MEMORY; PRAGMA synchronous = OFF; PRAGMA cache_size = -65536",
                    "opening", error);
  return execute (db, "PRAGMA synchronous = FULL; PRAGMA cache_size = -16384", "opening", error)
         && set_wal (db, error);
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
initialise (StoreConnection *db, gint64 state, GError **error)
{
  g_autofree char *sql = g_strdup_printf (
      "BEGIN IMMEDIATE; PRAGMA application_id = %d; PRAGMA user_version = %d;"
      "CREATE TABLE store_version (module TEXT PRIMARY KEY, version INTEGER NOT NULL) STRICT, WITHOUT ROWID;"
      "%s; COMMIT",
      APPLICATION_ID, (int)state, definitions_table);
  return execute (db, sql, "making the file", error) && sync_folder (db->store->path, error);
}

/* Through SQLite's own handle: opening the file anew and closing it would drop
 * this process's POSIX locks on it. */
static bool
sync_file (const StoreConnection *connection, GError **error)
{
  sqlite3 *db = sqlite_of (connection);
  sqlite3_file *file = NULL;
  if (sqlite3_file_control (db, "main", SQLITE_FCNTL_FILE_POINTER, &file) == SQLITE_OK
      && file->pMethods->xSync (file, SQLITE_SYNC_NORMAL) == SQLITE_OK)
    return true;
  g_set_error (error, FAULT, FAULT_SYSTEM, "%s: cannot flush the file to disk: %s", connection->store->path,
               g_strerror (sqlite3_system_errno (db)));
  return false;
}

static bool
finish_load (StoreConnection *db, GError **error)
{
  return sync_file (db, error) && configure (db, false, error)
         && execute (db, "PRAGMA user_version = 0", "ending the load", error)
         && execute (db, "PRAGMA wal_checkpoint (TRUNCATE)", "ending the load", error);
}

/* Page by page, so that indexes need not be made again.  The copy is flushed by
 * SQLite itself (its synchronous is FULL unless told otherwise). */
static int
copy_pages (sqlite3 *from, sqlite3 *to)
{
  sqlite3_backup *backup = sqlite3_backup_init (to, "main", from, "main");
  if (!backup)
    return sqlite3_errcode (to);
  int stepped = sqlite3_backup_step (backup, -1), finished = sqlite3_backup_finish (backup);
  return stepped == SQLITE_DONE ? finished : stepped;
}

static bool
copy (StoreConnection *db, const char *to, GError **error)
{
  sqlite3 *target = NULL;
  make_private (to);
  int result = sqlite3_open_v2 (to, &target, SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX, NULL);
  if (result == SQLITE_OK)
    result = copy_pages (sqlite_of (db), target);
  if (result != SQLITE_OK)
    g_set_error (error, FAULT, FAULT_SYSTEM, "%s: %s could not be copied there: %s", to, db->store->path,
                 sqlite3_errstr (result));
  sqlite3_close (target);
  return result == SQLITE_OK;
}

/* ---- transactions ------------------------------------------------------ */

static bool
begin (StoreConnection *db, GError **error)
{
  return db->writes ? execute (db, "BEGIN IMMEDIATE", "writing", error)
                    : execute (db, "BEGIN", "reading", error);
}

static bool
in_transaction (const StoreConnection *db)
{
  return !sqlite3_get_autocommit (sqlite_of (db));
}

static bool
mark (StoreConnection *db, GError **error)
{
  return execute (db, "SAVEPOINT work", "writing", error);
}

static bool
keep (StoreConnection *db, GError **error)
{
  return execute (db, "RELEASE work", "writing", error);
}

static void
undo (StoreConnection *db, GError **error)
{
  execute (db, "ROLLBACK TO work; RELEASE work", "undoing", NULL);
}

static void
rollback (StoreConnection *db)
{
  if (in_transaction (db))
    execute (db, "ROLLBACK", "undoing", NULL);
}

static bool
commit (StoreConnection *db, GError **error)
{
  bool ok = execute (db, "COMMIT", "writing", error);
  rollback (db);
  return ok;
}

/* A statement left in the middle of its rows would keep the snapshot open. */
static bool
release (StoreConnection *db)
{
  sqlite3 *sqlite = sqlite_of (db);
  for (sqlite3_stmt *s = sqlite3_next_stmt (sqlite, NULL); s; s = sqlite3_next_stmt (sqlite, s))
    sqlite3_reset (s);
  return execute (db, "COMMIT", "reading", NULL);
}

/* ---- statements -------------------------------------------------------- */

static gint64
changes (StoreConnection *db)
{
  return sqlite3_changes64 (sqlite_of (db));
}

static StoreStatement *
prepare (StoreConnection *db, const char *sql, bool kept, GError **error)
{
  sqlite3_stmt *sqlite = NULL;
  if (sqlite3_prepare_v3 (sqlite_of (db), sql, -1, kept ? SQLITE_PREPARE_PERSISTENT : 0, &sqlite, NULL)
      != SQLITE_OK) {
    set_error (db, "preparing a query", error);
    return NULL;
  }
  SqliteStatement *statement = g_new0 (SqliteStatement, 1);
  statement->sqlite = sqlite;
  return &statement->base;
}

static void
finalize (StoreStatement *statement)
{
  sqlite3_finalize (statement_of (statement));
  g_free (statement);
}

static void
clear (StoreStatement *statement)
{
  sqlite3_clear_bindings (statement_of (statement));
}

static void
bind_integer (StoreStatement *statement, int parameter, gint64 value)
{
  sqlite3_bind_int64 (statement_of (statement), parameter, value);
}

static void
bind_text (StoreStatement *statement, int parameter, Text text)
{
  sqlite3_bind_text64 (statement_of (statement), parameter, text.bytes, text.len, SQLITE_STATIC, SQLITE_UTF8);
}

static void
bind_blob (StoreStatement *statement, int parameter, Text bytes)
{
  sqlite3_bind_blob64 (statement_of (statement), parameter, bytes.bytes, bytes.len, SQLITE_STATIC);
}

static void
bind_null (StoreStatement *statement, int parameter)
{
  sqlite3_bind_null (statement_of (statement), parameter);
}

static StoreStep
step_doing (StoreStatement *statement, const char *doing, GError **error)
{
  int result = sqlite3_step (statement_of (statement));
  if (result == SQLITE_ROW)
    return STORE_ROW;
  if (result != SQLITE_DONE)
    set_error (statement->connection, doing, error);
  sqlite3_reset (statement_of (statement));
  return result == SQLITE_DONE ? STORE_DONE : STORE_FAILED;
}

static StoreStep
step (StoreStatement *statement, GError **error)
{
  return step_doing (statement, "reading", error);
}

static void
reset (StoreStatement *statement)
{
  sqlite3_reset (statement_of (statement));
}

static bool
run (StoreStatement *statement, GError **error)
{
  StoreStep result = step_doing (statement, "writing", error);
  g_assert (result != STORE_ROW);
  return result == STORE_DONE;
}

static int
columns (StoreStatement *statement)
{
  return sqlite3_column_count (statement_of (statement));
}

static const char *
column_name (StoreStatement *statement, int column)
{
  return sqlite3_column_name (statement_of (statement), column);
}

static StoreKind
kind (StoreStatement *statement, int column)
{
  switch (sqlite3_column_type (statement_of (statement), column)) {
  case SQLITE_NULL: return STORE_NULL;
  case SQLITE_INTEGER: return STORE_INTEGER;
  case SQLITE_BLOB: return STORE_BLOB;
  default: return STORE_TEXT;
  }
}

static gint64
integer (StoreStatement *statement, int column)
{
  return sqlite3_column_int64 (statement_of (statement), column);
}

static Text
text (StoreStatement *statement, int column)
{
  const char *bytes = (const char *)sqlite3_column_text (statement_of (statement), column);
  return (Text){ bytes, (size_t)sqlite3_column_bytes (statement_of (statement), column) };
}

/* SQLite gives NULL for no bytes, which are a value. */
static Text
blob (StoreStatement *statement, int column)
{
  if (kind (statement, column) == STORE_NULL)
    return (Text){ 0 };
  const char *bytes = sqlite3_column_blob (statement_of (statement), column);
  return (Text){ bytes ? bytes : "", (size_t)sqlite3_column_bytes (statement_of (statement), column) };
}

static const StoreStatementCalls sqlite_statements = {
  .changes = changes,
  .prepare = prepare,
  .finalize = finalize,
  .clear = clear,
  .bind_integer = bind_integer,
  .bind_text = bind_text,
  .bind_blob = bind_blob,
  .bind_null = bind_null,
  .step = step,
  .reset = reset,
  .run = run,
  .columns = columns,
  .column_name = column_name,
  .kind = kind,
  .integer = integer,
  .text = text,
  .blob = blob,
};

const StoreEngine sqlite_engine = {
  .thing = "file",
  .show_place = show_place,
  .exists = exists,
  .make = make_file,
  .check_place = check_place,
  .connect = connect_file,
  .disconnect = disconnect,
  .identify = identify,
  .configure = configure,
  .initialise = initialise,
  .finish_load = finish_load,
  .copy = copy,
  .begin = begin,
  .in_transaction = in_transaction,
  .mark = mark,
  .keep = keep,
  .undo = undo,
  .commit = commit,
  .rollback = rollback,
  .release = release,
  .execute = execute,
  .statements = &sqlite_statements,
};
