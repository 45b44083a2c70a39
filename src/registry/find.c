/* Pages of subjects, from the current tables. */
#include "registry/registry_private.h"

static const char *
column_text (Arena *arena, sqlite3_stmt *statement, int column)
{
  Text text = { (const char *)sqlite3_column_text (statement, column), 0 };
  text.len = (size_t)sqlite3_column_bytes (statement, column);
  return text.bytes ? arena_text (arena, text) : NULL;
}

static sqlite3_stmt *
begin_find (sqlite3 *db, const EntityTables *tables, Subject after, const char *township, const char *exact,
            size_t limit, GError **error)
{
  sqlite3_stmt *statement = store_statement (db, tables->find[township != NULL][exact != NULL], error);
  if (!statement)
    return NULL;
  sqlite3_bind_int64 (statement, 1, subject_number (after));
  sqlite3_bind_int64 (statement, 2, (gint64)limit);
  if (township)
    sqlite3_bind_text (statement, 3, township, -1, SQLITE_STATIC);
  if (exact)
    sqlite3_bind_text (statement, 4, exact, -1, SQLITE_STATIC);
  return statement;
}

const RegistryHit *
registry_find (Registry *registry, Arena *arena, const RegistryEntity *entity, Subject after,
               const char *township, const char *exact, size_t limit, size_t *n, GError **error)
{
  const EntityTables *tables = &registry->tables[entity->index];
  *n = 0;
  if (township && !tables->find[1][0]) {
    g_set_error (error, FAULT, FAULT_INPUT, "%s has no township to search by", entity->zh);
    return NULL;
  }
  g_autoptr (StoreReader) reader = store_reader (registry->store, error);
  sqlite3 *db = reader ? store_reader_db (reader) : NULL;
  sqlite3_stmt *statement = db ? begin_find (db, tables, after, township, exact, limit, error) : NULL;
  if (!statement)
    return NULL;
  RegistryHit *hits = arena_new0 (arena, RegistryHit, limit);
  int result;
  while ((result = sqlite3_step (statement)) == SQLITE_ROW)
    hits[(*n)++] = (RegistryHit){ subject_make (entity, sqlite3_column_int64 (statement, 0)),
                                  column_text (arena, statement, 1), column_text (arena, statement, 2) };
  if (result != SQLITE_DONE)
    store_set_error (db, "searching", error);
  sqlite3_reset (statement);
  return result == SQLITE_DONE ? hits : NULL;
}

bool
registry_count (Registry *registry, const RegistryEntity *entity, gint64 *n, GError **error)
{
  g_autoptr (StoreReader) reader = store_reader (registry->store, error);
  sqlite3 *db = reader ? store_reader_db (reader) : NULL;
  sqlite3_stmt *statement = db ? store_statement (db, registry->tables[entity->index].count, error) : NULL;
  if (!statement)
    return false;
  bool ok = sqlite3_step (statement) == SQLITE_ROW;
  if (ok)
    *n = sqlite3_column_int64 (statement, 0);
  else
    store_set_error (db, "counting", error);
  sqlite3_reset (statement);
  return ok;
}
