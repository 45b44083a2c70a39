/* Connections of either engine: their kept statements, and the public calls on them. */
#include "store/store_private.h"

static void
finalize_statement (gpointer data)
{
  StoreStatement *statement = data;
  statement->calls->finalize (statement);
}

StoreConnection *
connection_open (const Store *store, bool writes, GError **error)
{
  StoreConnection *db = store->engine->connect (store, writes, error);
  if (!db)
    return NULL;
  db->engine = store->engine;
  db->store = store;
  db->writes = writes;
  db->statements = g_hash_table_new_full (g_direct_hash, g_direct_equal, NULL, finalize_statement);
  return db;
}

void
connection_close (StoreConnection *db)
{
  if (!db)
    return;
  g_hash_table_destroy (db->statements);
  db->engine->disconnect (db);
}

bool
connection_execute (StoreConnection *db, const char *sql, const char *doing, GError **error)
{
  return db->engine->execute (db, sql, doing, error);
}

gint64
store_changes (StoreConnection *db)
{
  return db->engine->statements->changes (db);
}

/* ---- statements -------------------------------------------------------- */

static StoreStatement *
prepare (StoreConnection *db, const char *sql, bool kept, GError **error)
{
  StoreStatement *statement = db->engine->statements->prepare (db, sql, kept, error);
  if (statement) {
    statement->connection = db;
    statement->calls = db->engine->statements;
  }
  return statement;
}

StoreStatement *
store_statement (StoreConnection *db, const char *sql, GError **error)
{
  StoreStatement *statement = g_hash_table_lookup (db->statements, sql);
  if (statement) {
    statement->calls->reset (statement);
    statement->calls->clear (statement);
    return statement;
  }
  statement = prepare (db, sql, true, error);
  if (statement)
    g_hash_table_insert (db->statements, (gpointer)sql, statement);
  return statement;
}

void
store_bind_integer (StoreStatement *statement, int parameter, gint64 value)
{
  statement->calls->bind_integer (statement, parameter, value);
}

void
store_bind_text (StoreStatement *statement, int parameter, const char *text)
{
  store_bind_slice (statement, parameter, (Text){ text, text ? strlen (text) : 0 });
}

void
store_bind_slice (StoreStatement *statement, int parameter, Text text)
{
  if (text.bytes)
    statement->calls->bind_text (statement, parameter, text);
  else
    store_bind_null (statement, parameter);
}

void
store_bind_blob (StoreStatement *statement, int parameter, const void *bytes, size_t len)
{
  /* No bytes are a value, too. */
  statement->calls->bind_blob (statement, parameter, (Text){ len ? bytes : "", len });
}

void
store_bind_null (StoreStatement *statement, int parameter)
{
  statement->calls->bind_null (statement, parameter);
}

StoreStep
store_step (StoreStatement *statement, GError **error)
{
  return statement->calls->step (statement, error);
}

void
store_reset (StoreStatement *statement)
{
  statement->calls->reset (statement);
}

bool
store_run (StoreStatement *statement, GError **error)
{
  return statement->calls->run (statement, error);
}

int
store_columns (StoreStatement *statement)
{
  return statement->calls->columns (statement);
}

const char *
store_column_name (StoreStatement *statement, int column)
{
  return statement->calls->column_name (statement, column);
}

StoreKind
store_kind (StoreStatement *statement, int column)
{
  return statement->calls->kind (statement, column);
}

bool
store_is_null (StoreStatement *statement, int column)
{
  return store_kind (statement, column) == STORE_NULL;
}

gint64
store_integer (StoreStatement *statement, int column)
{
  return statement->calls->integer (statement, column);
}

Text
store_text (StoreStatement *statement, int column)
{
  return statement->calls->text (statement, column);
}

Text
store_blob (StoreStatement *statement, int column)
{
  return statement->calls->blob (statement, column);
}

const char *
store_string (StoreStatement *statement, int column, Arena *arena)
{
  Text text = store_text (statement, column);
  return text.bytes ? arena_text (arena, text) : NULL;
}

bool
store_query (StoreConnection *db, const char *sql, gint64 otherwise, gint64 *value, GError **error)
{
  StoreStatement *statement = prepare (db, sql, false, error);
  if (!statement)
    return false;
  StoreStep result = store_step (statement, error);
  if (result != STORE_FAILED)
    *value = result == STORE_ROW ? store_integer (statement, 0) : otherwise;
  finalize_statement (statement);
  return result != STORE_FAILED;
}
