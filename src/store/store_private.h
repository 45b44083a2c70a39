/* What the parts of store share. */
#pragma once

#include <pthread.h>
#include <sqlite3.h>
#include "store/store.h"

struct StoreStatement {
  StoreConnection *connection;
  sqlite3_stmt *sqlite;
};

/* A connection is one thread's at a time. */
struct StoreConnection {
  sqlite3 *sqlite;
  GHashTable *statements; /* SQL's address → StoreStatement */
};

/* One work waiting for its commit; lives on the stack of the thread that waits. */
typedef struct StoreJob {
  struct StoreJob *next;
  StoreWork work;
  gpointer data;
  GError *error;
  bool ok, done;
} StoreJob;

struct StoreReader {
  StoreReader *next;
  Store *store;
  StoreConnection *db;
};

struct Store {
  char *path;
  StoreFlags flags;
  StoreConnection *db; /* the writer's connection; NULL when read-only */
  bool loading;        /* STORE_BULK, before store_checkpoint */

  pthread_t thread;
  bool has_thread;
  pthread_mutex_t lock; /* guards all below */
  pthread_cond_t wake;  /* work has come, or the writer's connection is free */
  pthread_cond_t done;  /* a group is committed */
  StoreJob *first, **last;
  bool busy; /* the connection is in use: by a group or by store_begin */
  bool stop;
  StoreReader *readers; /* idle ones */
  unsigned n_readers;
};

/* connection.c */
StoreConnection *connection_open (const char *path, int flags, GError **error);
void connection_close (StoreConnection *db);
bool connection_execute (StoreConnection *db, const char *sql, const char *doing, GError **error);
/* Whether a transaction is open: SQLite may end one by itself (disk full, I/O error). */
bool connection_in_transaction (const StoreConnection *db);
/* Leave every statement that is in the middle of its rows: it would keep the snapshot open. */
void connection_reset_all (StoreConnection *db);
/* The connection's last error as a fault: what was done, where, what to do. */
void connection_set_error (StoreConnection *db, const char *doing, GError **error);

/* definitions.c */
extern const char definitions_table[];
/* connection_execute, remembering what defines tables and indexes. */
bool definitions_execute (StoreConnection *db, const char *sql, const char *doing, GError **error);

/* writer.c */
bool writer_start (Store *store, GError **error);
void writer_stop (Store *store);
/* The writer's connection for the calling thread alone, without a transaction. */
void writer_take (Store *store);
void writer_release (Store *store);
