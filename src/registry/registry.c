/* Opening and closing; what is asked of the open registry. */
#include "registry/registry_private.h"

static bool
compare_tables (const Registry *registry, bool *same, GError **error)
{
  g_autoptr (StoreReader) reader = store_reader (registry->store, error);
  return reader && tables_check (store_reader_db (reader), registry, same, error);
}

static bool
sync_tables (Registry *registry, StoreFlags flags, GError **error)
{
  bool same = false;
  if (!compare_tables (registry, &same, error))
    return false;
  if (same)
    return true;
  if (!(flags & STORE_READ_ONLY))
    return store_write (registry->store, tables_sync, registry, error);
  g_set_error (error, FAULT, FAULT_INPUT,
               "%s: made with another version of %s: open it once with write access",
               store_path (registry->store), registry->schema->path);
  return false;
}

static bool
load_tables (Registry *registry, GError **error)
{
  g_autoptr (StoreReader) reader = store_reader (registry->store, error);
  StoreConnection *db = reader ? store_reader_db (reader) : NULL;
  return db && tables_load (db, registry, error)
         && search_index_check (db, registry, &registry->search_ready, error);
}

static bool
watch (Registry *registry, GError **error)
{
  g_autoptr (StoreReader) reader = store_reader (registry->store, error);
  return reader && tables_watch (store_reader_db (reader), registry, error);
}

/* A bulk load brings its indexes at the end, when they cost a sort and not a search per row. */
static bool
prepare (Registry *registry, const char *path, StoreFlags flags, GError **error)
{
  registry->store = store_open (path, flags, registry_migrations, registry_n_migrations, error);
  return registry->store && ((flags & STORE_READ_ONLY) || audit_migrate (registry->store, error))
         && sync_tables (registry, flags, error) && load_tables (registry, error)
         && ((flags & (STORE_READ_ONLY | STORE_BULK))
             || (store_write (registry->store, tables_index, registry, error)
                 && (!registry->refold || writer_refold_all (registry, error))))
         && watch (registry, error);
}

Registry *
registry_open (const char *path, StoreFlags flags, const RegistrySchema *schema, GError **error)
{
  Registry *registry = g_new0 (Registry, 1);
  registry->schema = schema;
  registry->bulk = flags & STORE_BULK;
  registry->read_only = flags & STORE_READ_ONLY;
  registry->arena = arena_new ();
  pthread_mutex_init (&registry->merges_mutex, NULL);
  if (prepare (registry, path, flags, error))
    return registry;
  registry_close (registry);
  return NULL;
}

void
registry_close (Registry *registry)
{
  if (!registry)
    return;
  store_close (registry->store);
  merge_view_unref (registry->merges);
  pthread_mutex_destroy (&registry->merges_mutex);
  arena_free (registry->arena);
  g_free (registry);
}

Store *
registry_store (Registry *registry)
{
  return registry->store;
}

const RegistrySchema *
registry_schema (const Registry *registry)
{
  return registry->schema;
}

bool
registry_count (Registry *registry, const RegistryEntity *entity, gint64 *n, GError **error)
{
  g_autoptr (StoreReader) reader = store_reader (registry->store, error);
  return reader && store_query (store_reader_db (reader), registry->tables[entity->index].count, 0, n, error);
}

const RegistryAttribute *
registry_attribute_of_number (const Registry *registry, const RegistryEntity *entity, guint32 number)
{
  const EntityTables *tables = &registry->tables[entity->index];
  return number < tables->n_numbers ? tables->by_number[number] : NULL;
}

bool
registry_complete_load (StoreConnection *db, const RegistryEntity *entity, const char *source,
                        gint64 known_at, RegistryBatchId *batch, GError **error)
{
  StoreStatement *statement = store_statement (
      db,
      "SELECT coalesce(complete_since, id) FROM batch WHERE complete_of = ?1 AND source = ?2"
      " AND recorded_at <= ?3 ORDER BY id DESC LIMIT 1",
      error);
  if (!statement)
    return false;
  store_bind_integer (statement, 1, entity->index);
  store_bind_text (statement, 2, source);
  store_bind_integer (statement, 3, known_at);
  StoreStep result = store_step (statement, error);
  *batch = result == STORE_ROW ? store_integer (statement, 0) : 0;
  store_reset (statement);
  return result != STORE_FAILED;
}

bool
registry_complete_loads (StoreConnection *db, const Registry *registry, const RegistryEntity *entity,
                         gint64 known_at, RegistryBatchId *loads, GError **error)
{
  const guint32 *alike = registry->tables[entity->index].alike;
  for (guint32 i = 0; i < entity->n; i++) {
    const RegistryAttribute *a = &entity->attributes[i];
    if (alike[i] < i)
      loads[i] = loads[alike[i]];
    else if (a->absence != REGISTRY_ABSENT_UNKNOWN
             && !registry_complete_load (db, entity, a->source, known_at, &loads[i], error))
      return false;
  }
  return true;
}
