/* Statements of a PostgreSQL server: prepared when they are first run, with the
 * types of what is bound; parameters and rows in binary. */
#include "store/dialect.h"
#include "store/postgres.h"

#include <endian.h>

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

static PostgresStatement *
statement_of (StoreStatement *statement)
{
  return (PostgresStatement *)statement;
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

/* Whether the statement mentions parameter NUMBER: the server cannot tell the
 * type of one that stands nowhere. */
static bool
is_mentioned (const char *sql, int number)
{
  char name[16];
  size_t len = (size_t)g_snprintf (name, sizeof name, "$%d", number);
  for (const char *at = strstr (sql, name); at; at = strstr (at + len, name))
    if (!g_ascii_isdigit (at[len]))
      return true;
  return false;
}

static StoreStatement *
prepare (StoreConnection *db, const char *sql, bool kept, GError **error)
{
  PostgresStatement *s = g_new0 (PostgresStatement, 1);
  s->kept = kept;
  s->sql = dialect_for_postgres (sql, &s->n);
  s->types = g_new0 (Oid, s->n);
  s->bound = g_new0 (Oid, s->n);
  s->values = g_new0 (const char *, s->n);
  s->lengths = g_new0 (int, s->n);
  s->formats = g_new0 (int, s->n);
  s->integers = g_new0 (gint64, s->n);
  for (int i = 0; i < s->n; i++) {
    s->formats[i] = 1; /* binary */
    s->types[i] = is_mentioned (s->sql, i + 1) ? 0 : TYPE_TEXT;
  }
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
    PQclear (wire_take_row (c));
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
  if (!s->n)
    return; /* no parameters, no arrays of them */
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
  s->columns = g_new0 (PostgresColumn, s->n_columns);
  s->cells = g_new0 (Text, s->n_columns);
  for (int i = 0; i < s->n_columns; i++) {
    s->columns[i]
        = (PostgresColumn){ .type = PQftype (description, i), .name = g_strdup (PQfname (description, i)) };
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
  bool ok = wire_sync (c, NULL, error)
            && wire_note_sent (c, PQsendPrepare (c->pg, s->name, s->sql, s->n, s->types), error)
            && wire_note_sent (c, PQsendDescribePrepared (c->pg, s->name), error)
            && wire_sync (c, &description, error) && take_columns (s, description, error);
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
  return wire_is_ready (c, error) && make_prepared (c, s, error)
         && wire_note_sent (c, send_bound (c, s), error) && (c->in_transaction || wire_sync (c, NULL, error));
}

/* Send the statement and read what was sent before it; its rows come next. */
static bool
start_rows (PostgresConnection *c, PostgresStatement *s, GError **error)
{
  if (!wire_is_ready (c, error) || !make_prepared (c, s, error))
    return false;
  if (!send_bound (c, s) || !PQpipelineSync (c->pg)) {
    wire_note_failure (c, NULL);
    return wire_fail (c, error);
  }
  wire_read_answers (c, c->pending);
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
  PGresult *row = c->rows == s ? wire_take_row (c) : NULL;
  if (row)
    take_cells (s, row);
  if (row || (s->held && take_held_cells (s)))
    return STORE_ROW;
  end_rows (s);
  return c->failure ? (wire_fail (c, error), STORE_FAILED) : STORE_DONE;
}

/* The answers that have not been read may hold the last statement's. */
static gint64
changes (StoreConnection *db)
{
  PostgresConnection *c = postgres_of (db);
  return wire_sync (c, NULL, NULL) ? c->changes : 0;
}

/* ---- columns ----------------------------------------------------------- */

static int
columns (StoreStatement *statement)
{
  PostgresStatement *s = statement_of (statement);
  PostgresConnection *c = postgres_of (statement->connection);
  return is_prepared (s, c) || (wire_is_ready (c, NULL) && make_prepared (c, s, NULL)) ? s->n_columns : 0;
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

/* An integer's digits, too, as SQLite gives them. */
static Text
text (StoreStatement *statement, int column)
{
  PostgresStatement *s = statement_of (statement);
  if (kind (statement, column) != STORE_INTEGER)
    return s->cells[column];
  PostgresColumn *c = &s->columns[column];
  int len = g_snprintf (c->digits, sizeof c->digits, "%" G_GINT64_FORMAT, integer (statement, column));
  return (Text){ c->digits, (size_t)len };
}

static Text
blob (StoreStatement *statement, int column)
{
  return statement_of (statement)->cells[column];
}

const StoreStatementCalls postgres_statements = {
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
