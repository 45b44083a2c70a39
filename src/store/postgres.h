/* What store_postgres.c and postgres_server.c share. */
#pragma once

#include <libpq-fe.h>
#include "store/store_private.h"

typedef struct PostgresStatement PostgresStatement;

/* Commands go through libpq's pipeline: what needs no answer is sent and not
 * waited for; its error, if any, comes to light at the next answer that is
 * needed, and stays until the transaction, or the work, is undone. */
typedef struct {
  StoreConnection base;
  PGconn *pg;              /* NULL or broken: reached again at the next begin */
  unsigned generation;     /* counts the times it was reached: what was prepared before is gone */
  unsigned pending;        /* commands sent whose answers have not been read */
  unsigned unflushed;      /* of them, those after the last flush request */
  unsigned n_prepared;     /* names given */
  PostgresStatement *rows; /* the statement whose rows come next on the wire */
  GError *failure;         /* the first since the transaction, or the work, began */
  gint64 changes;          /* by the last command that says so */
  bool in_transaction;     /* a writer's */
  bool released;           /* a reader's end of transaction is on its way */
  char transaction[24];    /* the server's number of the writer's transaction */
  char last_tag[16];       /* what the last command did: "COMMIT" */
} PostgresConnection;

static inline PostgresConnection *
postgres_of (StoreConnection *db)
{
  return (PostgresConnection *)db;
}

/* Whether the connection is of use. */
static inline bool
postgres_is_alive (const PostgresConnection *c)
{
  return c->pg && PQstatus (c->pg) == CONNECTION_OK;
}

/* store_postgres.c: one command whose rows are wanted at once, columns as text.
 * Caller clears the result; NULL with an error. */
PGresult *postgres_ask (PostgresConnection *c, const char *sql, GError **error);
bool postgres_execute (StoreConnection *db, const char *sql, const char *doing, GError **error);

/* ---- postgres_server.c ------------------------------------------------- */

/* The URL without a password in it.  Caller frees. */
char *postgres_place_shown (const char *url);
/* Connected, set up for our use, in pipeline mode; NULL with a fault. */
PGconn *postgres_reach (const Store *store, bool writes, GError **error);
/* Why a command failed, or the connection did: RESULT may be NULL. */
GError *postgres_fault (const Store *store, PGconn *pg, const PGresult *result, const char *doing);

bool postgres_check_place (const Store *store, GError **error);
bool postgres_identify (StoreConnection *db, StoreIdentity *identity, GError **error);
bool postgres_configure (StoreConnection *db, bool loading, GError **error);
bool postgres_initialise (StoreConnection *db, gint64 state, GError **error);
bool postgres_finish_load (StoreConnection *db, GError **error);

/* Advisory locks of a database: the writer's for one transaction, and a first
 * load's until it ends. */
enum { POSTGRES_LOCK_WRITER = 0x4c444e47, POSTGRES_LOCK_LOAD = 0x4c444e48 };
