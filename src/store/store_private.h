/* What store.c, connection.c and writer.c share. */
#pragma once

#include <pthread.h>
#include "store/store.h"

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
  sqlite3 *db;
};

struct Store {
  char *path;
  StoreFlags flags;
  sqlite3 *db;  /* the writer's connection; NULL when read-only */
  bool loading; /* STORE_BULK, before store_checkpoint */

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

/* connection.c: a configured connection whose statements are kept. */
sqlite3 *connection_open (const char *path, int flags, GError **error);
void connection_close (sqlite3 *db);
bool connection_execute (sqlite3 *db, const char *sql, const char *doing, GError **error);
/* One integer, OTHERWISE when the query gives no row. */
bool connection_integer (sqlite3 *db, const char *sql, gint64 otherwise, gint64 *value, GError **error);

/* writer.c */
bool writer_start (Store *store, GError **error);
void writer_stop (Store *store);
/* The writer's connection for the calling thread alone, without a transaction. */
void writer_take (Store *store);
void writer_release (Store *store);
