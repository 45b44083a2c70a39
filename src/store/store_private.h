/* What the parts of store share.
 *
 *   store.c            opening, versions, migrations, readers      (either engine)
 *   writer.c           the writing thread and its groups           (either engine)
 *   connection.c       kept statements, and the public calls on them (either engine)
 *   make.c             new databases, and copies: whole or not at all (either engine)
 *   definitions.c      the statements that made the tables         (either engine)
 *   store_sqlite.c     the engine that is a file
 *   store_postgres.c   the engine that is a server: connections and transactions
 *   postgres_server.c  … how it is reached, what it holds, what its errors mean
 *   postgres_wire.c    … commands and their answers
 *   postgres_statement.c … statements and their rows
 *   dialect.c          our SQL as PostgreSQL reads it
 */
#pragma once

#include <pthread.h>
#include <semaphore.h>
#include "store/store.h"

typedef struct StoreEngine StoreEngine;

/* What an engine does with statements. */
typedef struct {
  gint64 (*changes) (StoreConnection *db);
  /* KEPT: it will be used again. */
  StoreStatement *(*prepare) (StoreConnection *db, const char *sql, bool kept, GError **error);
  void (*finalize) (StoreStatement *statement);
  void (*clear) (StoreStatement *statement); /* all parameters NULL */
  void (*bind_integer) (StoreStatement *statement, int parameter, gint64 value);
  void (*bind_text) (StoreStatement *statement, int parameter, Text text);
  void (*bind_blob) (StoreStatement *statement, int parameter, Text bytes);
  void (*bind_null) (StoreStatement *statement, int parameter);
  StoreStep (*step) (StoreStatement *statement, GError **error);
  void (*reset) (StoreStatement *statement);
  bool (*run) (StoreStatement *statement, GError **error);
  int (*columns) (StoreStatement *statement);
  const char *(*column_name) (StoreStatement *statement, int column);
  StoreKind (*kind) (StoreStatement *statement, int column);
  gint64 (*integer) (StoreStatement *statement, int column);
  Text (*text) (StoreStatement *statement, int column);
  Text (*blob) (StoreStatement *statement, int column);
} StoreStatementCalls;

/* A connection is one thread's at a time.  An engine's own type begins with this. */
struct StoreConnection {
  const StoreEngine *engine;
  const Store *store;
  bool writes;            /* the writer's; the others read */
  GHashTable *statements; /* SQL's address → StoreStatement */
};

/* Likewise. */
struct StoreStatement {
  StoreConnection *connection;
  const StoreStatementCalls *calls; /* the engine's */
};

/* What is found in a database. */
typedef struct {
  bool fresh; /* nothing yet */
  bool ours;  /* made by this program */
  gint64 state;
} StoreIdentity;

/* States of a database of ours.  A first load cannot survive a crash: what is LOADING is refused. */
enum { STATE_WHOLE = 0, STATE_LOADING = 1 };

/* Errors are FAULT_SYSTEM unless said otherwise; DOING is for their messages: "writing". */
struct StoreEngine {
  const char *thing; /* what holds a database, for messages: "file" */
  /* PLACE as messages may show it: without a password.  Caller frees. */
  char *(*show_place) (const char *place);

  /* ---- the database ---- */
  /* Whether something stands at STORE's place already. */
  bool (*exists) (const Store *store, bool *exists, GError **error);
  /* store_make, the place being checked. */
  bool (*make) (const Store *store, StoreFill fill, gpointer data, GError **error);
  /* Whether PLACE may be connected to at all.  FAULT_NOT_FOUND, FAULT_INPUT. */
  bool (*check_place) (const Store *store, GError **error);
  StoreConnection *(*connect) (const Store *store, bool writes, GError **error);
  void (*disconnect) (StoreConnection *db); /* its statements are finalized already */
  bool (*identify) (StoreConnection *db, StoreIdentity *identity, GError **error);
  /* Set the writer up; while LOADING nothing waits for the disk. */
  bool (*configure) (StoreConnection *db, bool loading, GError **error);
  /* What is fresh becomes ours, durably. */
  bool (*initialise) (StoreConnection *db, gint64 state, GError **error);
  /* What was loaded is on disk, and the state is WHOLE. */
  bool (*finish_load) (StoreConnection *db, GError **error);
  /* What DB sees, as a new file at TO; NULL where a database is no file. */
  bool (*copy) (StoreConnection *db, const char *to, GError **error);

  /* ---- transactions ---- */
  bool (*begin) (StoreConnection *db, GError **error);
  /* Whether one is open.  An engine may end it by itself: disk full, connection lost. */
  bool (*in_transaction) (const StoreConnection *db);
  /* Around one work of a transaction: what follows MARK is accepted by KEEP, when
   * that is true, or undone.  UNDO may put in *ERROR why the work really failed. */
  bool (*mark) (StoreConnection *db, GError **error);
  bool (*keep) (StoreConnection *db, GError **error);
  void (*undo) (StoreConnection *db, GError **error);
  bool (*commit) (StoreConnection *db, GError **error); /* ends the transaction either way */
  void (*rollback) (StoreConnection *db);
  /* End reading, leaving rows that are left; false when the connection is of no more use. */
  bool (*release) (StoreConnection *db);

  bool (*execute) (StoreConnection *db, const char *sql, const char *doing, GError **error);

  const StoreStatementCalls *statements;
};

extern const StoreEngine sqlite_engine, postgres_engine;

/* make.c: STORE's file is made beside its name and renamed. */
bool make_file (const Store *store, StoreFill fill, gpointer data, GError **error);

/* One work waiting for its commit; lives on the stack of the thread that waits. */
typedef struct StoreJob {
  struct StoreJob *next;
  StoreWork work;
  gpointer data;
  GError *error;
  bool ok;
  sem_t done; /* each waiter is woken by itself: no crowd runs for one lock */
} StoreJob;

struct StoreReader {
  StoreReader *next;
  Store *store;
  StoreConnection *db;
};

struct Store {
  const StoreEngine *engine;
  char *place; /* as store_open got it: may hold a password */
  char *path;  /* the same for messages */
  StoreFlags flags;
  StoreConnection *db; /* the writer's connection; a read-only store's is for checking at the start */
  bool loading;        /* STORE_BULK, before store_checkpoint */
  bool fresh;          /* it was empty when it was opened */
  bool kept;           /* a copy was made before the first change of its tables */

  pthread_t thread;
  bool has_thread;
  pthread_mutex_t lock; /* guards all below */
  pthread_cond_t wake;  /* work has come, or the writer's connection is free */
  StoreJob *first, **last;
  bool busy; /* the connection is in use: by a group or by store_begin */
  bool stop;
  StoreReader *readers; /* idle ones */
  unsigned n_readers;
};

/* connection.c */
StoreConnection *connection_open (const Store *store, bool writes, GError **error);
void connection_close (StoreConnection *db);
bool connection_execute (StoreConnection *db, const char *sql, const char *doing, GError **error);

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
