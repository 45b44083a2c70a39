/* store — one database, opened, migrated and written by one thread.
 *
 * What it is for: an embedded SQLite file (WAL, synchronous=FULL, STRICT
 * tables) with a pool of readers and one writer that commits in groups.  Other
 * modules bring their tables as numbered migrations; store knows none.
 *
 * What it promises
 *   - What store_write acknowledged is on disk: it survives kill -9 and power loss.
 *   - A database written by a newer program is refused, untouched.
 *   - A full disk or a broken file is one clear FAULT_SYSTEM; nothing half-written.
 *
 * What it refuses: to build a distributed engine, to hide SQL from the module
 * that owns the tables.
 *
 * How a call goes
 *
 *     g_autoptr (Store) store = store_open (path, STORE_CREATE, migrations, n, &error);
 *     store_write (store, insert_resident, &resident, &error);   // waits for the commit
 *     StoreReader *r = store_reader (store, &error);              // one thread's own
 *     …
 *     store_reader_release (r);
 */
#pragma once

#include <sqlite3.h>
#include "base/base.h"

typedef struct Store Store;
typedef struct StoreReader StoreReader;

typedef enum {
  STORE_CREATE = 1 << 0, /* make the file when it is not there */
  STORE_READ_ONLY = 1 << 1,
  STORE_BULK = 1 << 2, /* first load of an empty file: no fsync until store_checkpoint, then FULL */
} StoreFlags;

/* One step of a module's schema.  Steps run once, in order, each in a
 * transaction; the number reached is kept per module in `store_version`. */
typedef struct {
  const char *module; /* "registry" */
  int version;        /* 1, 2, 3 … */
  const char *sql;    /* one or more statements */
} StoreMigration;

/* NULL with FAULT_SYSTEM (cannot open, disk full, locked by another process) or
 * FAULT_INPUT (not a database, a folder; written by a newer program). */
Store *store_open (const char *path, StoreFlags flags, const StoreMigration *migrations, size_t n,
                   GError **error);
/* Bring a further module's tables up to date on an open store (store_open does
 * it for its own MIGRATIONS).  Faults as there. */
bool store_migrate (Store *store, const StoreMigration *migrations, size_t n, GError **error);
void store_close (Store *store);
const char *store_path (const Store *store);

/* WORK runs inside a transaction on the writer thread, possibly together with
 * others' in one commit; returning false with an error undoes this work only.
 * Blocks until committed.  Callable from any thread but from within a WORK. */
typedef bool (*StoreWork) (sqlite3 *db, gpointer data, GError **error);
bool store_write (Store *store, StoreWork work, gpointer data, GError **error);
/* A long transaction of the calling thread, for loads that do not fit one
 * StoreWork.  Waits for the writer, and every store_write waits until
 * store_commit or store_rollback, which the same thread owes.  NULL with FAULT_SYSTEM. */
sqlite3 *store_begin (Store *store, GError **error);
/* Durable when true; when false everything since store_begin is undone.  Either way the writer is free. */
bool store_commit (Store *store, GError **error);
void store_rollback (Store *store);
/* End a STORE_BULK load: flush everything to disk, switch to full durability.
 * A file whose load never got here is refused by the next store_open.  When it is
 * true nothing stands in the journal: once closed, the file may be renamed. */
bool store_checkpoint (Store *store, GError **error);

/* A read-only connection from the pool; use from one thread until released.  It
 * sees one state of the database, that of its first statement, until released. */
StoreReader *store_reader (Store *store, GError **error);
void store_reader_release (StoreReader *reader);
sqlite3 *store_reader_db (StoreReader *reader);

/* Prepare once per connection and keep: the statement is reset and its bindings
 * cleared, so it is one user's at a time.  SQL must be a string that stays as
 * long as the store (a literal): its address is the key.  NULL with FAULT_SYSTEM. */
sqlite3_stmt *store_statement (sqlite3 *db, const char *sql, GError **error);
/* Step a statement that returns no row. */
bool store_run (sqlite3 *db, sqlite3_stmt *statement, GError **error);
/* Turn the connection's last error into a FAULT_SYSTEM: what was done, where, what to do. */
void store_set_error (sqlite3 *db, const char *doing, GError **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Store, store_close)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (StoreReader, store_reader_release)
