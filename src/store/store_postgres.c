/* The engine that is a server: transactions and statements over libpq.
 *
 * Everything goes through the pipeline (libpq, "Pipeline Mode"), so that a load
 * of many rows waits for the server once in a while and not at every row.  Rows
 * come one at a time, so that a long select needs no memory; when another
 * statement wants the wire meanwhile, the rest is taken off it and held. */
#include "store/dialect.h"
#include "store/postgres.h"

#include <endian.h>
#include <poll.h>

/* Commands sent before their answers are looked at.  The answers of a few
 * windows fit the socket's buffer, so neither side waits for the other for ever. */
enum { WINDOW = 250 };
/* Numbers of types in the server's catalogue (pg_type.dat), fixed for ever. */
enum {
  TYPE_BOOL = 16,
  TYPE_BYTEA = 17,
  TYPE_NAME = 19,
  TYPE_INT8 = 20,
  TYPE_INT2 = 21,
  TYPE_INT4 = 23,
  TYPE_TEXT = 25,
  TYPE_VARCHAR = 1043
};

typedef struct {
  Oid type;
  char *name;
} Column;

struct PostgresStatement {
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
  Column *columns;
  Text *cells;      /* of the current row */
  PGresult *row;    /* in which they lie, or */
  GByteArray *held; /* rows taken off the wire: lengths and bytes */
  size_t at;
};

static PostgresStatement *
statement_of (StoreStatement *statement)
{
  return (PostgresStatement *)statement;
}

/* ---- answers ----------------------------------------------------------- */

static const char *
doing_of (const PostgresConnection *c)
{
  return c->base.writes ? "writing" : "reading";
}

static void
note_failure (PostgresConnection *c, const PGresult *result)
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
    if (*rows)
      c->changes = g_ascii_strtoll (rows, NULL, 10);
    if (*tag)
      g_strlcpy (c->last_tag, tag, sizeof c->last_tag);
    return;
  }
  case PGRES_SINGLE_TUPLE:
  case PGRES_PIPELINE_SYNC:
  case PGRES_PIPELINE_ABORTED: return; /* the error that did it was noted before */
  default: note_failure (c, result);
  }
}

/* Read what answers the oldest N commands. */
static void
read_answers (PostgresConnection *c, unsigned n)
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

/* Read everything up to the answer of a sync that has been sent; the last one
 * that says something is the caller's to clear. */
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
    note_failure (c, NULL);
  PQclear (result);
  c->pending = c->unflushed = 0;
  return last;
}

static bool
fail (const PostgresConnection *c, GError **error)
{
  g_propagate_error (error, g_error_copy (c->failure));
  return false;
}

/* The next row of C's statement; NULL at the end, when the wire is free again. */
static PGresult *
take_row (PostgresConnection *c)
{
  PGresult *result = PQgetResult (c->pg);
  if (result && PQresultStatus (result) == PGRES_SINGLE_TUPLE)
    return result;
  if (result)
    note_answer (c, result);
  PQclear (result);
  PQclear (read_to_sync (c));
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
  for (PGresult *row = take_row (c); row; row = take_row (c)) {
    hold_row (s, row);
    PQclear (row);
  }
}

/* Whether a command may be sent: it would only fail after another has. */
static bool
is_ready (PostgresConnection *c, GError **error)
{
  if (!c->failure && !postgres_is_alive (c))
    note_failure (c, NULL);
  if (!c->failure)
    free_wire (c);
  return c->failure ? fail (c, error) : true;
}

/* What was sent is answered.  The last answer is the caller's when LAST is given. */
static bool
sync_keeping (PostgresConnection *c, PGresult **last, GError **error)
{
  free_wire (c);
  PGresult *result = NULL;
  if (!postgres_is_alive (c) || !PQpipelineSync (c->pg))
    note_failure (c, NULL);
  else
    result = read_to_sync (c);
  if (last)
    *last = result;
  else
    PQclear (result);
  return c->failure ? fail (c, error) : true;
}

static bool
sync_pipeline (PostgresConnection *c, GError **error)
{
  return sync_keeping (c, NULL, error);
}

/* ---- commands ---------------------------------------------------------- */

/* After a send: SENT is what libpq said.  From time to time look at answers. */
static bool
note_sent (PostgresConnection *c, int sent, GError **error)
{
  if (!sent) {
    note_failure (c, NULL);
    return fail (c, error);
  }
  c->pending++;
  if (++c->unflushed < WINDOW)
    return true;
  c->unflushed = 0;
  PQsendFlushRequest (c->pg);
  if (c->pending > 2 * WINDOW)
    read_answers (c, WINDOW);
  return true;
}

/* Send a command without parameters whose answer may come later. */
static bool
send_command (PostgresConnection *c, const char *sql, GError **error)
{
  return is_ready (c, error)
         && note_sent (c, PQsendQueryParams (c->pg, sql, 0, NULL, NULL, NULL, NULL, 0), error);
}

PGresult *
postgres_ask (PostgresConnection *c, const char *sql, GError **error)
{
  PGresult *result = NULL;
  if (send_command (c, sql, error) && sync_keeping (c, &result, error))
    return result;
  PQclear (result);
  return NULL;
}

/* Several statements at once need the simple protocol, which has no pipeline. */
bool
postgres_execute (StoreConnection *db, const char *sql, const char *doing, GError **error)
{
  PostgresConnection *c = postgres_of (db);
  if (!is_ready (c, error) || !sync_pipeline (c, error))
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
  return c->failure ? fail (c, error) : true;
}

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
    PQclear (read_to_sync (c));
  c->released = false;
  g_clear_error (&c->failure);
  return (!has_gone (c) || reach (c, error))
         && send_command (c, "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY", error);
}

/* Processes write in turn, as with a file: the lock is the transaction's. */
static bool
begin_writing (PostgresConnection *c, GError **error)
{
  g_clear_error (&c->failure);
  if ((has_gone (c) && !reach (c, error)) || !send_command (c, "BEGIN", error))
    return false;
  g_autofree char *lock
      = g_strdup_printf ("SELECT pg_advisory_xact_lock (%d), pg_current_xact_id ()", POSTGRES_LOCK_WRITER);
  PGresult *locked = postgres_ask (c, lock, error);
  c->in_transaction = locked != NULL;
  if (locked)
    g_strlcpy (c->transaction, PQgetvalue (locked, 0, 1), sizeof c->transaction);
  else if (postgres_is_alive (c)) {
    g_clear_error (&c->failure);
    send_command (c, "ROLLBACK", NULL);
    sync_pipeline (c, NULL);
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
  return send_command (postgres_of (db), "SAVEPOINT work", error);
}

static bool
keep (StoreConnection *db, GError **error)
{
  PostgresConnection *c = postgres_of (db);
  return send_command (c, "RELEASE work", error) && sync_pipeline (c, error);
}

/* A statement that was sent and not waited for may be why the work failed. */
static void
undo (StoreConnection *db, GError **error)
{
  PostgresConnection *c = postgres_of (db);
  sync_pipeline (c, NULL);
  if (c->failure) {
    g_clear_error (error);
    g_propagate_error (error, g_error_copy (c->failure));
  }
  if (!postgres_is_alive (c))
    return;
  g_clear_error (&c->failure);
  send_command (c, "ROLLBACK TO work", NULL);
  send_command (c, "RELEASE work", NULL);
  sync_pipeline (c, NULL);
}

static void
rollback (StoreConnection *db)
{
  PostgresConnection *c = postgres_of (db);
  sync_pipeline (c, NULL);
  c->in_transaction = false;
  if (!postgres_is_alive (c))
    return;
  g_clear_error (&c->failure);
  send_command (c, "ROLLBACK", NULL);
  sync_pipeline (c, NULL);
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
  bool sent = send_command (c, "COMMIT", NULL), done = sent && sync_pipeline (c, NULL);
  if (done && g_str_equal (c->last_tag, "COMMIT")) {
    c->in_transaction = false;
    return true;
  }
  if (sent && !postgres_is_alive (c))
    return ask_whether_committed (c, error);
  if (c->failure)
    fail (c, error);
  else
    g_set_error (error, FAULT, FAULT_SYSTEM, "%s: writing failed earlier: nothing of it was kept",
                 db->store->path);
  rollback (db);
  return false;
}

/* ---- statements -------------------------------------------------------- */

static void
clear_columns (PostgresStatement *s)
{
  for (int i = 0; i < s->n_columns; i++)
    g_free (s->columns[i].name);
  g_clear_pointer (&s->columns, g_free);
  g_clear_pointer (&s->cells, g_free);
  s->n_columns = 0;
}

static StoreStatement *
prepare (StoreConnection *db, const char *sql, bool kept, GError **error)
{
  PostgresStatement *s = g_new0 (PostgresStatement, 1);
  s->base.connection = db;
  s->kept = kept;
  s->sql = dialect_for_postgres (sql, &s->n);
  s->types = g_new0 (Oid, s->n);
  s->bound = g_new0 (Oid, s->n);
  s->values = g_new0 (const char *, s->n);
  s->lengths = g_new0 (int, s->n);
  s->formats = g_new0 (int, s->n);
  s->integers = g_new0 (gint64, s->n);
  for (int i = 0; i < s->n; i++)
    s->formats[i] = 1; /* binary */
  return &s->base;
}

static void
leave_row (PostgresStatement *s)
{
  PQclear (s->row);
  s->row = NULL;
}

static void
end_rows (PostgresStatement *s)
{
  leave_row (s);
  g_clear_pointer (&s->held, g_byte_array_unref);
  s->running = false;
}

static void
reset (StoreStatement *statement)
{
  PostgresStatement *s = statement_of (statement);
  PostgresConnection *c = postgres_of (statement->connection);
  while (c->rows == s)
    PQclear (take_row (c));
  end_rows (s);
}

static void
finalize (StoreStatement *statement)
{
  PostgresStatement *s = statement_of (statement);
  reset (statement);
  clear_columns (s);
  g_free (s->sql);
  g_free (s->types);
  g_free (s->bound);
  g_free (s->values);
  g_free (s->lengths);
  g_free (s->formats);
  g_free (s->integers);
  g_free (s);
}

static void
bind (StoreStatement *statement, int parameter, Oid type, const char *bytes, size_t len)
{
  PostgresStatement *s = statement_of (statement);
  g_assert (parameter >= 1 && len <= G_MAXINT);
  if (parameter > s->n)
    return; /* as SQLite does: the statement does not mention it */
  s->bound[parameter - 1] = type;
  s->values[parameter - 1] = bytes;
  s->lengths[parameter - 1] = (int)len;
}

static void
bind_integer (StoreStatement *statement, int parameter, gint64 value)
{
  PostgresStatement *s = statement_of (statement);
  if (parameter < 1 || parameter > s->n)
    return;
  s->integers[parameter - 1] = (gint64)htobe64 ((guint64)value);
  bind (statement, parameter, TYPE_INT8, (const char *)&s->integers[parameter - 1], sizeof value);
}

static void
bind_text (StoreStatement *statement, int parameter, Text text)
{
  bind (statement, parameter, TYPE_TEXT, text.bytes, text.len);
}

static void
bind_blob (StoreStatement *statement, int parameter, Text bytes)
{
  bind (statement, parameter, TYPE_BYTEA, bytes.bytes, bytes.len);
}

static void
bind_null (StoreStatement *statement, int parameter)
{
  bind (statement, parameter, 0, NULL, 0);
}

static void
clear (StoreStatement *statement)
{
  PostgresStatement *s = statement_of (statement);
  memset (s->bound, 0, (size_t)s->n * sizeof *s->bound);
  memset (s->values, 0, (size_t)s->n * sizeof *s->values);
}

/* A type that was left to the server, or is another now, needs preparing anew. */
static bool
is_prepared (const PostgresStatement *s, const PostgresConnection *c)
{
  if (s->generation != c->generation)
    return false;
  for (int i = 0; i < s->n; i++)
    if (s->bound[i] && s->bound[i] != s->types[i])
      return false;
  return true;
}

static StoreKind
kind_of (Oid type)
{
  switch (type) {
  case TYPE_BOOL:
  case TYPE_INT2:
  case TYPE_INT4:
  case TYPE_INT8: return STORE_INTEGER;
  case TYPE_TEXT:
  case TYPE_NAME:
  case TYPE_VARCHAR: return STORE_TEXT;
  case TYPE_BYTEA: return STORE_BLOB;
  default: return STORE_NULL;
  }
}

static bool
take_columns (PostgresStatement *s, const PGresult *description, GError **error)
{
  clear_columns (s);
  s->n_columns = PQnfields (description);
  s->columns = g_new0 (Column, s->n_columns);
  s->cells = g_new0 (Text, s->n_columns);
  for (int i = 0; i < s->n_columns; i++) {
    s->columns[i] = (Column){ PQftype (description, i), g_strdup (PQfname (description, i)) };
    if (kind_of (s->columns[i].type) != STORE_NULL)
      continue;
    g_set_error (error, FAULT, FAULT_SYSTEM, "\"%s\": column %d is no integer, text or blob: CAST it", s->sql,
                 i + 1);
    return false;
  }
  return true;
}

/* The old name stays with the server until the connection ends: types change
 * once or twice in a statement's life, when what was NULL has a value. */
static bool
make_prepared (PostgresConnection *c, PostgresStatement *s, GError **error)
{
  if (is_prepared (s, c))
    return true;
  for (int i = 0; i < s->n; i++)
    s->types[i] = s->bound[i] ? s->bound[i] : s->types[i];
  if (s->kept)
    g_snprintf (s->name, sizeof s->name, "s%u", ++c->n_prepared);
  s->generation = 0;
  PGresult *description = NULL;
  bool ok = sync_pipeline (c, error)
            && note_sent (c, PQsendPrepare (c->pg, s->name, s->sql, s->n, s->types), error)
            && note_sent (c, PQsendDescribePrepared (c->pg, s->name), error)
            && sync_keeping (c, &description, error) && take_columns (s, description, error);
  PQclear (description);
  if (ok)
    s->generation = c->generation;
  return ok;
}

static int
send_bound (PostgresConnection *c, const PostgresStatement *s)
{
  return PQsendQueryPrepared (c->pg, s->name, s->n, s->values, s->lengths, s->formats, 1);
}

static bool
run (StoreStatement *statement, GError **error)
{
  PostgresStatement *s = statement_of (statement);
  PostgresConnection *c = postgres_of (statement->connection);
  reset (statement);
  return is_ready (c, error) && make_prepared (c, s, error) && note_sent (c, send_bound (c, s), error)
         && (c->in_transaction || sync_pipeline (c, error));
}

/* Send the statement and read what was sent before it; its rows come next. */
static bool
start_rows (PostgresConnection *c, PostgresStatement *s, GError **error)
{
  if (!is_ready (c, error) || !make_prepared (c, s, error))
    return false;
  if (!send_bound (c, s) || !PQpipelineSync (c->pg)) {
    note_failure (c, NULL);
    return fail (c, error);
  }
  read_answers (c, c->pending);
  PQsetSingleRowMode (c->pg);
  c->rows = s;
  return true;
}

static void
take_cells (PostgresStatement *s, PGresult *row)
{
  s->row = row;
  for (int i = 0; i < s->n_columns; i++)
    s->cells[i] = PQgetisnull (row, 0, i) ? (Text){ 0 }
                                          : (Text){ PQgetvalue (row, 0, i), (size_t)PQgetlength (row, 0, i) };
}

static bool
take_held_cells (PostgresStatement *s)
{
  if (s->at == s->held->len)
    return false;
  for (int i = 0; i < s->n_columns; i++) {
    int len;
    memcpy (&len, s->held->data + s->at, sizeof len);
    s->at += sizeof len;
    s->cells[i] = len < 0 ? (Text){ 0 } : (Text){ (const char *)s->held->data + s->at, (size_t)len };
    s->at += len < 0 ? 0 : (size_t)len + 1;
  }
  return true;
}

static StoreStep
step (StoreStatement *statement, GError **error)
{
  PostgresStatement *s = statement_of (statement);
  PostgresConnection *c = postgres_of (statement->connection);
  if (!s->running && !start_rows (c, s, error))
    return STORE_FAILED;
  s->running = true;
  leave_row (s);
  PGresult *row = c->rows == s ? take_row (c) : NULL;
  if (row)
    take_cells (s, row);
  if (row || (s->held && take_held_cells (s)))
    return STORE_ROW;
  end_rows (s);
  return c->failure ? (fail (c, error), STORE_FAILED) : STORE_DONE;
}

/* The answers that have not been read may hold the last statement's. */
static gint64
changes (StoreConnection *db)
{
  PostgresConnection *c = postgres_of (db);
  return sync_pipeline (c, NULL) ? c->changes : 0;
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
    reset (statement);
  g_clear_error (&c->failure);
  c->released = send_command (c, "COMMIT", NULL) && PQpipelineSync (c->pg) && PQflush (c->pg) == 0;
  return c->released;
}

/* ---- columns ----------------------------------------------------------- */

static int
columns (StoreStatement *statement)
{
  PostgresStatement *s = statement_of (statement);
  PostgresConnection *c = postgres_of (statement->connection);
  return is_prepared (s, c) || (is_ready (c, NULL) && make_prepared (c, s, NULL)) ? s->n_columns : 0;
}

static const char *
column_name (StoreStatement *statement, int column)
{
  return column < columns (statement) ? statement_of (statement)->columns[column].name : NULL;
}

static StoreKind
kind (StoreStatement *statement, int column)
{
  const PostgresStatement *s = statement_of (statement);
  return s->cells[column].bytes ? kind_of (s->columns[column].type) : STORE_NULL;
}

static gint64
integer (StoreStatement *statement, int column)
{
  const PostgresStatement *s = statement_of (statement);
  const guint8 *bytes = (const guint8 *)s->cells[column].bytes;
  if (!bytes)
    return 0;
  g_assert (kind_of (s->columns[column].type) == STORE_INTEGER);
  size_t len = s->cells[column].len;
  guint64 value = len > 1 && bytes[0] & 0x80 ? G_MAXUINT64 : 0;
  for (size_t i = 0; i < len; i++)
    value = value << 8 | bytes[i];
  return (gint64)value;
}

static Text
text (StoreStatement *statement, int column)
{
  const PostgresStatement *s = statement_of (statement);
  g_assert (!s->cells[column].bytes || kind_of (s->columns[column].type) == STORE_TEXT);
  return s->cells[column];
}

static Text
blob (StoreStatement *statement, int column)
{
  return statement_of (statement)->cells[column];
}

const StoreEngine postgres_engine = {
  .thing = "database",
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
