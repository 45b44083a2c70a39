/* The wire to a PostgreSQL server: libpq's pipeline ("Pipeline Mode" in its
 * manual), so that a load of many rows waits for the server once in a while and
 * not at every row.  Rows come one at a time, so that a long select needs no
 * memory; when another statement wants the wire meanwhile, the rest is taken off
 * it and held. */
#include "store/dialect.h"
#include "store/postgres.h"

/* Commands sent before their answers are looked at.  The answers of a few
 * windows fit the socket's buffer, so neither side waits for the other for ever. */
enum { WINDOW = 250 };

/* ---- answers ----------------------------------------------------------- */

static const char *
doing_of (const PostgresConnection *c)
{
  return c->base.writes ? "writing" : "reading";
}

void
wire_note_failure (PostgresConnection *c, const PGresult *result)
{
  if (!c->failure)
    c->failure = postgres_fault (c->base.store, c->pg, result, doing_of (c));
}

static void
note_answer (PostgresConnection *c, const PGresult *result)
{
  switch (PQresultStatus (result)) {
  case PGRES_COMMAND_OK:
  case PGRES_TUPLES_OK: {
    const char *rows = PQcmdTuples ((PGresult *)result), *tag = PQcmdStatus ((PGresult *)result);
    if (*rows && !g_str_has_prefix (tag, "SELECT"))
      c->changes = g_ascii_strtoll (rows, NULL, 10);
    if (*tag)
      g_strlcpy (c->last_tag, tag, sizeof c->last_tag);
    return;
  }
  case PGRES_SINGLE_TUPLE:
  case PGRES_PIPELINE_SYNC:
  case PGRES_PIPELINE_ABORTED: return; /* the error that did it was noted before */
  default: wire_note_failure (c, result);
  }
}

void
wire_read_answers (PostgresConnection *c, unsigned n)
{
  while (n > 0 && postgres_is_alive (c)) {
    PGresult *result = PQgetResult (c->pg);
    if (result)
      note_answer (c, result);
    else {
      n--;
      c->pending--;
    }
    PQclear (result);
  }
}

/* The last answer that says something is the caller's to clear. */
static PGresult *
read_to_sync (PostgresConnection *c)
{
  PGresult *last = NULL, *result;
  for (;;) {
    result = PQgetResult (c->pg); /* NULL stands between the answers of two commands */
    if (!result && postgres_is_alive (c))
      continue;
    if (!result || PQresultStatus (result) == PGRES_PIPELINE_SYNC)
      break;
    note_answer (c, result);
    PQclear (last);
    last = result;
  }
  if (!result)
    wire_note_failure (c, NULL);
  PQclear (result);
  c->pending = c->unflushed = 0;
  return last;
}

void
wire_read_to_sync (PostgresConnection *c)
{
  PQclear (read_to_sync (c));
}

bool
wire_fail (const PostgresConnection *c, GError **error)
{
  g_propagate_error (error, g_error_copy (c->failure));
  return false;
}

PGresult *
wire_take_row (PostgresConnection *c)
{
  PGresult *result = PQgetResult (c->pg);
  if (result && PQresultStatus (result) == PGRES_SINGLE_TUPLE)
    return result;
  if (result)
    note_answer (c, result);
  PQclear (result);
  wire_read_to_sync (c);
  c->rows = NULL;
  return NULL;
}

static void
hold_row (PostgresStatement *s, const PGresult *row)
{
  for (int i = 0; i < s->n_columns; i++) {
    int len = PQgetisnull (row, 0, i) ? -1 : PQgetlength (row, 0, i);
    g_byte_array_append (s->held, (const guint8 *)&len, sizeof len);
    if (len >= 0) /* with the NUL behind it */
      g_byte_array_append (s->held, (const guint8 *)PQgetvalue (row, 0, i), (guint)len + 1);
  }
}

/* Take the rows that are left off the wire: another statement wants it. */
static void
free_wire (PostgresConnection *c)
{
  PostgresStatement *s = c->rows;
  if (!s)
    return;
  s->held = g_byte_array_new ();
  s->at = 0;
  for (PGresult *row = wire_take_row (c); row; row = wire_take_row (c)) {
    hold_row (s, row);
    PQclear (row);
  }
}

bool
wire_is_ready (PostgresConnection *c, GError **error)
{
  if (!c->failure && !postgres_is_alive (c))
    wire_note_failure (c, NULL);
  if (!c->failure)
    free_wire (c);
  return c->failure ? wire_fail (c, error) : true;
}

/* What was sent is answered.  The last answer is the caller's when LAST is given. */
bool
wire_sync (PostgresConnection *c, PGresult **last, GError **error)
{
  free_wire (c);
  PGresult *result = NULL;
  if (!postgres_is_alive (c) || !PQpipelineSync (c->pg))
    wire_note_failure (c, NULL);
  else
    result = read_to_sync (c);
  if (last)
    *last = result;
  else
    PQclear (result);
  return c->failure ? wire_fail (c, error) : true;
}

/* ---- commands ---------------------------------------------------------- */

/* After a send: SENT is what libpq said.  From time to time look at answers. */
bool
wire_note_sent (PostgresConnection *c, int sent, GError **error)
{
  if (!sent) {
    wire_note_failure (c, NULL);
    return wire_fail (c, error);
  }
  c->pending++;
  if (++c->unflushed < WINDOW)
    return true;
  c->unflushed = 0;
  PQsendFlushRequest (c->pg);
  if (c->pending > 2 * WINDOW)
    wire_read_answers (c, WINDOW);
  return true;
}

/* Send a command without parameters whose answer may come later. */
bool
wire_send (PostgresConnection *c, const char *sql, GError **error)
{
  return wire_is_ready (c, error)
         && wire_note_sent (c, PQsendQueryParams (c->pg, sql, 0, NULL, NULL, NULL, NULL, 0), error);
}

PGresult *
postgres_ask (PostgresConnection *c, const char *sql, GError **error)
{
  PGresult *result = NULL;
  if (wire_send (c, sql, error) && wire_sync (c, &result, error))
    return result;
  PQclear (result);
  return NULL;
}

/* Several statements at once need the simple protocol, which has no pipeline. */
bool
postgres_execute (StoreConnection *db, const char *sql, const char *doing, GError **error)
{
  PostgresConnection *c = postgres_of (db);
  if (!wire_is_ready (c, error) || !wire_sync (c, NULL, error))
    return false;
  g_autofree char *translated = dialect_for_postgres (sql, NULL);
  PQexitPipelineMode (c->pg);
  PGresult *result = PQexec (c->pg, translated);
  ExecStatusType status = PQresultStatus (result);
  if (status != PGRES_COMMAND_OK && status != PGRES_TUPLES_OK && !c->failure)
    c->failure = postgres_fault (db->store, c->pg, result, doing);
  else
    note_answer (c, result);
  PQclear (result);
  if (postgres_is_alive (c))
    PQenterPipelineMode (c->pg);
  return c->failure ? wire_fail (c, error) : true;
}
