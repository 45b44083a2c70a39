/* store — one database, opened, migrated and written by one thread.
 *
 * What it is for: SQLite (a file: WAL, synchronous=FULL, STRICT tables) or
 * PostgreSQL (a URL) behind one small interface: a pool of readers and one writer
 * that commits in groups.  Other modules bring their tables as numbered
 * migrations; store knows none.
 *
 * What it promises, on either
 *   - What store_write acknowledged is on disk: it survives kill -9 and power loss.
 *   - A database written by a newer program, or by another one, is refused, untouched.
 *   - A full disk, a broken file, a server that is away: one clear FAULT_SYSTEM;
 *     nothing half-written; when the server is back, so is the store.
 *
 * What it refuses: to build a distributed engine, to hide SQL from the module
 * that owns the tables.
 *
 * The dialect.  Columns are INTEGER (64 bits), TEXT (UTF-8, compared by bytes) or
 * BLOB; parameters are ?1, ?2 …; conflicts are ON CONFLICT (columns) DO NOTHING or
 * DO UPDATE SET c = excluded.c; truth is "x <> 0"; a sum is written
 * CAST (sum (x) AS INTEGER).  Tables are CREATE TABLE … STRICT[, WITHOUT ROWID].
 * What is not in it, and how the engines differ: docs/stores.md.
 *
 * How a call goes
 *
 *     g_autoptr (Store) store = store_open ("county.db" or "postgresql://…", STORE_CREATE, migrations, n,
 *                                           &error);
 *     store_write (store, insert_resident, &resident, &error);   // waits for the commit
 *
 *     g_autoptr (StoreReader) reader = store_reader (store, &error);   // one thread's own
 *     StoreConnection *db = store_reader_db (reader);
 *     StoreStatement *s = store_statement (db, "SELECT id FROM t WHERE name = ?1", &error);
 *     store_bind_text (s, 1, name);
 *     while (store_step (s, &error) == STORE_ROW)
 *       … store_integer (s, 0) …
 */
#pragma once

#include "base/base.h"

typedef struct Store Store;
typedef struct StoreReader StoreReader;
typedef struct StoreConnection StoreConnection; /* a reader's, or the writer's inside a work */
typedef struct StoreStatement StoreStatement;

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

/* Whether PATH names a server's database: "postgresql://…" or "postgres://…", as libpq reads it. */
bool store_is_server (const char *path);
/* NULL with FAULT_SYSTEM (cannot open, disk full, locked by another process) or
 * FAULT_INPUT (not a database, a folder; written by a newer program). */
Store *store_open (const char *path, StoreFlags flags, const StoreMigration *migrations, size_t n,
                   GError **error);
/* Bring a further module's tables up to date on an open store (store_open does
 * it for its own MIGRATIONS).  Faults as there. */
bool store_migrate (Store *store, const StoreMigration *migrations, size_t n, GError **error);
void store_close (Store *store);
/* Whether something stands at PATH: a file, or tables in the server's database.
 * FAULT_NOT_FOUND when the server has no such database; FAULT_SYSTEM. */
bool store_exists (const char *path, bool *exists, GError **error);
/* Make a new database at PATH whole or not at all: FILL makes it under another
 * name, which it is given, and closes it; then it is renamed.  (A server's database
 * must be there, empty; what has two names is the schema in it.)  FAULT_CONFLICT
 * when PATH is there already, or another is being made in its place. */
typedef bool (*StoreFill) (const char *path, gpointer data, GError **error);
bool store_make (const char *path, StoreFill fill, gpointer data, GError **error);
/* A copy of a file's state in a new file at TO, whole or not at all, for its owner
 * only.  FAULT_USAGE when STORE is a server's. */
bool store_copy (Store *store, const char *to, GError **error);

/* Tables that may hold data change only after KEEP has made a copy of STORE: it is
 * called within the work that is about to change them, once for an open store, and
 * not for one that was empty when it was opened.  A module's first tables change
 * nothing.  When it fails nothing changes.  Set by the program at its start; without
 * it no copies are made. */
typedef bool (*StoreKeep) (Store *store, gpointer data, GError **error);
void store_set_keep (StoreKeep keep, gpointer data);
/* For a StoreWork that changes tables by itself, before it does; store_migrate has it built in. */
bool store_keep_first (Store *store, GError **error);

/* PATH as messages may show it: a URL without its password.  Caller frees. */
char *store_shown (const char *path);
/* That of an open store. */
const char *store_path (const Store *store);

/* WORK runs inside a transaction on the writer thread, possibly together with
 * others' in one commit; returning false with an error undoes this work only.
 * Blocks until committed.  Callable from any thread but from within a WORK. */
typedef bool (*StoreWork) (StoreConnection *db, gpointer data, GError **error);
bool store_write (Store *store, StoreWork work, gpointer data, GError **error);
/* A long transaction of the calling thread, for loads that do not fit one
 * StoreWork.  Waits for the writer, and every store_write waits until
 * store_commit or store_rollback, which the same thread owes.  NULL with FAULT_SYSTEM. */
StoreConnection *store_begin (Store *store, GError **error);
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
StoreConnection *store_reader_db (StoreReader *reader);

/* ---- statements -------------------------------------------------------- */

/* Prepare once per connection and keep: the statement is reset and its bindings
 * cleared, so it is one user's at a time.  SQL must be a string that stays as
 * long as the store (a literal): its address is the key.  NULL with FAULT_SYSTEM. */
StoreStatement *store_statement (StoreConnection *db, const char *sql, GError **error);

/* Parameters count from 1; what is not bound is NULL.  Texts and blobs are not
 * copied: they stay as they are until the statement has been run or reset. */
void store_bind_integer (StoreStatement *statement, int parameter, gint64 value);
void store_bind_text (StoreStatement *statement, int parameter, const char *text); /* NULL: NULL */
void store_bind_slice (StoreStatement *statement, int parameter, Text text);       /* bytes NULL: NULL */
void store_bind_blob (StoreStatement *statement, int parameter, const void *bytes, size_t len);
void store_bind_null (StoreStatement *statement, int parameter);

typedef enum { STORE_FAILED, STORE_ROW, STORE_DONE } StoreStep;

/* The next row.  With STORE_DONE and STORE_FAILED (FAULT_SYSTEM) the statement is reset. */
StoreStep store_step (StoreStatement *statement, GError **error);
/* Leave the rows that are left. */
void store_reset (StoreStatement *statement);
/* Run a statement that returns no row, and reset it, keeping its bindings.  A
 * server's answer is not waited for: a failure may come at the next step, or at the
 * end of the work, which then fails with it. */
bool store_run (StoreStatement *statement, GError **error);
/* Rows that the connection's last store_run inserted, updated or deleted. */
gint64 store_changes (StoreConnection *db);

/* Columns of the current row, from 0.  Slices are good until the next step or
 * reset; behind a text's bytes stands a NUL. */
int store_columns (StoreStatement *statement);
const char *store_column_name (StoreStatement *statement, int column);
typedef enum { STORE_NULL, STORE_INTEGER, STORE_TEXT, STORE_BLOB } StoreKind;
StoreKind store_kind (StoreStatement *statement, int column);
bool store_is_null (StoreStatement *statement, int column);
gint64 store_integer (StoreStatement *statement, int column); /* 0 for NULL */
Text store_text (StoreStatement *statement, int column);      /* bytes NULL for NULL */
Text store_blob (StoreStatement *statement, int column);      /* likewise */
/* A copy in ARENA; NULL for NULL. */
const char *store_string (StoreStatement *statement, int column, Arena *arena);

/* Statements without parameters or rows, separated by semicolons.  What defines
 * tables and indexes is remembered (store_definitions); renaming is refused. */
bool store_execute (StoreConnection *db, const char *sql, GError **error);
/* The first column of the first row of a query without parameters; OTHERWISE when there is none. */
bool store_query (StoreConnection *db, const char *sql, gint64 otherwise, gint64 *value, GError **error);

/* A statement that made or altered a table, or made an index, as it was written. */
typedef struct {
  const char *name, *table; /* the same but for an index */
  bool index;
  const char *sql;
} StoreDefinition;

/* What would make the store's tables again, in the order in which it was done. */
const StoreDefinition *store_definitions (StoreConnection *db, Arena *arena, size_t *n, GError **error);

/* ---- once ---------------------------------------------------------------- */

/* Who sends what twice has it done once (design, "Idempotency"): a key belongs to an actor
 * and a route and is remembered in the transaction of the write. */
enum { STORE_ONCE_DAYS = 7 };
typedef struct {
  const char *actor, *route;
  const char *key;  /* of the form, or the header Idempotency-Key */
  const char *body; /* a digest of what was sent: tells a repetition from something else */
} StoreOnce;
bool store_once_migrate (Store *store, GError **error);
/* *ANSWER is 0 for a new key, else what the same body was answered with.  FAULT_INPUT: there is no key, it is
 * longer than 100 bytes, or something else was sent with it. */
bool store_once_look (StoreConnection *db, const StoreOnce *once, gint64 *answer, GError **error);
/* NOW: UTC seconds.  Keys older than STORE_ONCE_DAYS are forgotten. */
bool store_once_remember (StoreConnection *db, const StoreOnce *once, gint64 answer, gint64 now, GError **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Store, store_close)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (StoreReader, store_reader_release)
