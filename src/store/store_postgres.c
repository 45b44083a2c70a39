/* The engine that is a server: connections and transactions. */
#include "store/postgres.h"

#include <poll.h>

/* ---- connections ------------------------------------------------------- */

static bool
reach (PostgresConnection *c, GError **error)
{
  PQfinish (c->pg);
  g_clear_error (&c->failure);
  c->rows = NULL;
  c->pending = c->unflushed = 0;
  c->in_transaction = c->released = false;
  c->pg = postgres_reach (c->base.store, c->base.writes, error);
  c->generation++;
  return c->pg != NULL;
}

static StoreConnection *
connect_server (const Store *store, bool writes, GError **error)
{
  PostgresConnection *c = g_new0 (PostgresConnection, 1);
  c->base.store = store;
  c->base.writes = writes;
  if (reach (c, error))
    return &c->base;
  g_free (c);
  return NULL;
}

static void
disconnect (StoreConnection *db)
{
  PostgresConnection *c = postgres_of (db);
  PQfinish (c->pg);
  g_clear_error (&c->failure);
  g_free (c);
}

/* Whether an idle connection has ended meanwhile: the server was started again. */
static bool
has_gone (PostgresConnection *c)
{
  struct pollfd wire = { .fd = c->pg ? PQsocket (c->pg) : -1, .events = POLLIN };
  while (postgres_is_alive (c) && poll (&wire, 1, 0) > 0)
    if (!PQconsumeInput (c->pg))
      return true;
  return !postgres_is_alive (c);
}

/* ---- transactions ------------------------------------------------------ */

/* What a pipeline sends comes in one packet with the first statement. */
static bool
begin_reading (PostgresConnection *c, GError **error)
{
  if (c->released && postgres_is_alive (c))
    wire_read_to_sync (c);
  c->released = false;
  g_clear_error (&c->failure);
  return (!has_gone (c) || reach (c, error))
         && wire_send (c, "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY", error);
}

/* Processes write in turn, as with a file: the lock is the transaction's. */
static bool
begin_writing (PostgresConnection *c, GError **error)
{
  g_clear_error (&c->failure);
  if ((has_gone (c) && !reach (c, error)) || !wire_send (c, "BEGIN", error))
    return false;
  g_autofree char *lock
      = g_strdup_printf ("SELECT pg_advisory_xact_lock (%d), pg_current_xact_id ()", POSTGRES_LOCK_WRITER);
  PGresult *locked = postgres_ask (c, lock, error);
  c->in_transaction = locked != NULL;
  if (locked)
    g_strlcpy (c->transaction, PQgetvalue (locked, 0, 1), sizeof c->transaction);
  else if (postgres_is_alive (c)) {
    g_clear_error (&c->failure);
    wire_send (c, "ROLLBACK", NULL);
    wire_sync (c, NULL, NULL);
  }
  PQclear (locked);
  return c->in_transaction;
}

static bool
begin (StoreConnection *db, GError **error)
{
  PostgresConnection *c = postgres_of (db);
  return db->writes ? begin_writing (c, error) : begin_reading (c, error);
}

static bool
in_transaction (const StoreConnection *db)
{
  const PostgresConnection *c = (const PostgresConnection *)db;
  return c->in_transaction && postgres_is_alive (c);
}

static bool
mark (StoreConnection *db, GError **error)
{
  return wire_send (postgres_of (db), "SAVEPOINT work", error);
}

static bool
keep (StoreConnection *db, GError **error)
{
  PostgresConnection *c = postgres_of (db);
  return wire_send (c, "RELEASE work", error) && wire_sync (c, NULL, error);
}

/* A statement that was sent and not waited for may be why the work failed. */
static void
undo (StoreConnection *db, GError **error)
{
  PostgresConnection *c = postgres_of (db);
  wire_sync (c, NULL, NULL);
  if (c->failure) {
    g_clear_error (error);
    g_propagate_error (error, g_error_copy (c->failure));
  }
  if (!postgres_is_alive (c))
    return;
  g_clear_error (&c->failure);
  wire_send (c, "ROLLBACK TO work", NULL);
  wire_send (c, "RELEASE work", NULL);
  wire_sync (c, NULL, NULL);
}

static void
rollback (StoreConnection *db)
{
  PostgresConnection *c = postgres_of (db);
  wire_sync (c, NULL, NULL);
  c->in_transaction = false;
  if (!postgres_is_alive (c))
    return;
  g_clear_error (&c->failure);
  wire_send (c, "ROLLBACK", NULL);
  wire_sync (c, NULL, NULL);
}

/* The connection was lost between COMMIT and its answer: the server knows. */
static bool
ask_whether_committed (PostgresConnection *c, GError **error)
{
  enum { ATTEMPTS = 50, PAUSE = 100000 };
  g_autofree char *sql = g_strdup_printf ("SELECT pg_xact_status ('%s')", c->transaction);
  for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
    PGresult *answer = reach (c, NULL) ? postgres_ask (c, sql, NULL) : NULL;
    bool unknown = !answer && postgres_is_alive (c); /* its number did not survive */
    g_autofree char *status = answer ? g_strdup (PQgetvalue (answer, 0, 0)) : NULL;
    PQclear (answer);
    if (g_strcmp0 (status, "committed") == 0)
      return true;
    if (unknown || g_strcmp0 (status, "aborted") == 0) {
      g_set_error (error, FAULT, FAULT_SYSTEM,
                   "%s: the connection was lost while committing; nothing of it was kept: try again",
                   c->base.store->path);
      return false;
    }
    g_usleep (PAUSE); /* not up again, or still about it */
  }
  g_set_error (error, FAULT, FAULT_SYSTEM,
               "%s: the connection was lost while committing, and the server cannot say whether it was kept: "
               "look before trying again",
               c->base.store->path);
  return false;
}

static bool
commit (StoreConnection *db, GError **error)
{
  PostgresConnection *c = postgres_of (db);
  bool sent = wire_send (c, "COMMIT", NULL), done = sent && wire_sync (c, NULL, NULL);
  if (done && g_str_equal (c->last_tag, "COMMIT")) {
    c->in_transaction = false;
    return true;
  }
  if (sent && !postgres_is_alive (c))
    return ask_whether_committed (c, error);
  if (c->failure)
    wire_fail (c, error);
  else
    g_set_error (error, FAULT, FAULT_SYSTEM, "%s: writing failed earlier: nothing of it was kept",
                 db->store->path);
  rollback (db);
  return false;
}

/* The end of a reader's transaction is read when the connection is used again. */
static bool
release (StoreConnection *db)
{
  PostgresConnection *c = postgres_of (db);
  GHashTableIter all;
  gpointer statement;
  g_hash_table_iter_init (&all, db->statements);
  while (g_hash_table_iter_next (&all, NULL, &statement))
    store_reset (statement);
  g_clear_error (&c->failure);
  c->released = wire_send (c, "COMMIT", NULL) && PQpipelineSync (c->pg) && PQflush (c->pg) == 0;
  return c->released;
}

const StoreEngine postgres_engine = {
  .thing = "database",
  .show_place = postgres_show_place,
  .exists = postgres_exists,
  .make = postgres_make,
  .check_place = postgres_check_place,
  .connect = connect_server,
  .disconnect = disconnect,
  .identify = postgres_identify,
  .configure = postgres_configure,
  .initialise = postgres_initialise,
  .finish_load = postgres_finish_load,
  .begin = begin,
  .in_transaction = in_transaction,
  .mark = mark,
  .keep = keep,
  .undo = undo,
  .commit = commit,
  .rollback = rollback,
  .release = release,
  .execute = postgres_execute,
  .statements = &postgres_statements,
};
