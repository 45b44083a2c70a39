/* What the parts of the PostgreSQL engine share. */
#pragma once

#include <libpq-fe.h>
#include "store/store_private.h"

typedef struct {
  Oid type;
  char *name;
  char digits[24]; /* of an integer that was asked for as text */
} PostgresColumn;

typedef struct {
  StoreStatement base;
  char *sql; /* as the server reads it */
  bool kept;
  bool running; /* stepped, and not to its end */
  char name[16];
  unsigned generation; /* of the connection it was prepared on; 0: not yet */

  int n;              /* parameters */
  Oid *types, *bound; /* as prepared (0: left to the server), and of what is bound (0: NULL) */
  const char **values;
  int *lengths, *formats;
  gint64 *integers; /* big-endian */

  int n_columns;
  PostgresColumn *columns;
  Text *cells;      /* of the current row */
  PGresult *row;    /* in which they lie, or */
  GByteArray *held; /* rows taken off the wire: lengths and bytes */
  size_t at;
} PostgresStatement;

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

/* ---- postgres_wire.c --------------------------------------------------- */

/* Whether a command may be sent: the connection is there, nothing has failed
 * since the transaction began, and no rows are on the wire. */
bool wire_is_ready (PostgresConnection *c, GError **error);
/* Send a command without parameters whose answer may come later. */
bool wire_send (PostgresConnection *c, const char *sql, GError **error);
/* After any other send: SENT is what libpq said. */
bool wire_note_sent (PostgresConnection *c, int sent, GError **error);
/* Wait until what was sent is answered; the last answer is the caller's to clear when LAST is given. */
bool wire_sync (PostgresConnection *c, PGresult **last, GError **error);
/* One command whose rows are wanted at once, columns as text.  Caller clears the
 * result; NULL with an error. */
PGresult *postgres_ask (PostgresConnection *c, const char *sql, GError **error);
bool postgres_execute (StoreConnection *db, const char *sql, const char *doing, GError **error);

/* Read what answers the oldest N commands. */
void wire_read_answers (PostgresConnection *c, unsigned n);
/* Read everything up to the answer of a sync that has been sent. */
void wire_read_to_sync (PostgresConnection *c);
/* The next row of the statement whose rows are on the wire; NULL at the end, when it is free again. */
PGresult *wire_take_row (PostgresConnection *c);
/* Remember the first failure; RESULT NULL: the connection's. */
void wire_note_failure (PostgresConnection *c, const PGresult *result);
/* What was remembered, in *ERROR; false. */
bool wire_fail (const PostgresConnection *c, GError **error);

/* ---- postgres_statement.c ---------------------------------------------- */

extern const StoreStatementCalls postgres_statements;

/* ---- postgres_server.c ------------------------------------------------- */

/* The URL without a password in it.  Caller frees. */
char *postgres_show_place (const char *url);
/* Connected, set up for our use, in pipeline mode; NULL with a fault. */
PGconn *postgres_reach (const Store *store, bool writes, GError **error);
/* Why a command failed, or the connection did: RESULT may be NULL. */
GError *postgres_fault (const Store *store, PGconn *pg, const PGresult *result, const char *doing);

bool postgres_check_place (const Store *store, GError **error);
bool postgres_identify (StoreConnection *db, StoreIdentity *identity, GError **error);
bool postgres_configure (StoreConnection *db, bool loading, GError **error);
bool postgres_initialise (StoreConnection *db, gint64 state, GError **error);
bool postgres_finish_load (StoreConnection *db, GError **error);

bool postgres_exists (const Store *store, bool *exists, GError **error);
bool postgres_make (const Store *store, StoreFill fill, gpointer data, GError **error);

/* Where our tables are, and where they are until all of them are there. */
#define POSTGRES_SCHEMA "liudong"
#define POSTGRES_SCHEMA_NEW "liudong_new"
/* Advisory locks of a database: the writer's for one transaction, and the one of
 * who makes it. */
enum { POSTGRES_LOCK_WRITER = 0x4c444e47, POSTGRES_LOCK_MAKING = 0x4c444e48 };
