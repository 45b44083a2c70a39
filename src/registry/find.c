/* Pages of subjects, from the current tables. */
#include "registry/registry_private.h"

static StoreStatement *
begin_find (StoreConnection *db, const EntityTables *tables, Subject after, const char *township,
            const char *exact, size_t limit, GError **error)
{
  StoreStatement *statement = store_statement (db, tables->find[township != NULL][exact != NULL], error);
  if (!statement)
    return NULL;
  store_bind_integer (statement, 1, subject_number (after));
  store_bind_integer (statement, 2, (gint64)limit);
  if (township)
    store_bind_text (statement, 3, township);
  if (exact)
    store_bind_text (statement, 4, exact);
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
  StoreConnection *db = reader ? store_reader_db (reader) : NULL;
  StoreStatement *statement = db ? begin_find (db, tables, after, township, exact, limit, error) : NULL;
  if (!statement)
    return NULL;
  RegistryHit *hits = arena_new0 (arena, RegistryHit, limit);
  StoreStep result;
  while ((result = store_step (statement, error)) == STORE_ROW)
    hits[(*n)++] = (RegistryHit){ subject_make (entity, store_integer (statement, 0)),
                                  store_string (statement, 1, arena), store_string (statement, 2, arena) };
  return result == STORE_DONE ? hits : NULL;
}

bool
registry_count (Registry *registry, const RegistryEntity *entity, gint64 *n, GError **error)
{
  g_autoptr (StoreReader) reader = store_reader (registry->store, error);
  return reader && store_query (store_reader_db (reader), registry->tables[entity->index].count, 0, n, error);
}
