/* One state of the registry on a day.  The current tables are of one day; what a view of
 * another needs is a row folded from the log wherever a record begins or ends in between. */
#include "registry/registry_private.h"

/* Everyone of whom a record begins or ends after VALID_AT and by DAY: the current row says
 * nothing about that, so the log is read through once. */
static bool
find_moved (RegistryView *view, GError **error)
{
  g_autoptr (GHashTable) moved = g_hash_table_new_full (g_int64_hash, g_int64_equal, g_free, NULL);
  StoreStatement *s
      = store_statement (view->db,
                         "SELECT subject FROM record WHERE (valid_from > ?1 AND valid_from <= ?2)"
                         " OR (valid_to >= ?1 AND valid_to < ?2)",
                         error);
  if (!s)
    return false;
  store_bind_integer (s, 1, view->valid_at);
  store_bind_integer (s, 2, view->day);
  StoreStep step;
  while ((step = store_step (s, error)) == STORE_ROW) {
    Subject root = merge_root (view->merges, store_integer (s, 0));
    g_hash_table_add (moved, g_memdup2 (&root, sizeof root));
  }
  if (step == STORE_DONE)
    view->moved = g_steal_pointer (&moved);
  return step == STORE_DONE;
}

static bool
begin (RegistryView *view, GError **error)
{
  view->reader = store_reader (view->registry->store, error);
  if (!view->reader)
    return false;
  view->db = store_reader_db (view->reader);
  view->merges = merge_view (view->registry, view->db, G_MAXINT64, error);
  if (!view->merges || !store_query (view->db, "SELECT day FROM registry_day", 0, &view->day, error))
    return false;
  if (view->valid_at == REGISTRY_FOREVER)
    view->valid_at = view->day;
  return true;
}

RegistryView *
registry_view_new (Registry *registry, Day valid_at, GError **error)
{
  RegistryView *view = g_new0 (RegistryView, 1);
  view->registry = registry;
  view->valid_at = valid_at;
  view->loads = g_new0 (RegistryBatchId *, registry->schema->n);
  if (begin (view, error))
    return view;
  registry_view_free (view);
  return NULL;
}

void
registry_view_free (RegistryView *view)
{
  if (!view)
    return;
  for (size_t i = 0; i < view->registry->schema->n; i++)
    g_free (view->loads[i]);
  g_free (view->loads);
  g_clear_pointer (&view->moved, g_hash_table_unref);
  merge_view_unref (view->merges);
  if (view->reader)
    store_reader_release (view->reader);
  g_free (view);
}

bool
registry_view_highest (RegistryView *view, const RegistryEntity *entity, gint64 *number, GError **error)
{
  return store_query (view->db, view->registry->tables[entity->index].last, 0, number, error);
}

bool
registry_view_count (RegistryView *view, const RegistryEntity *entity, gint64 *n, GError **error)
{
  return store_query (view->db, view->registry->tables[entity->index].count, 0, n, error);
}

bool
view_prepare (RegistryView *view, gint64 n, GError **error)
{
  return view->valid_at >= view->day || view->moved || n <= REGISTRY_PART || find_moved (view, error);
}

bool
view_is_elsewhere (const RegistryView *view, Subject subject, Day until)
{
  if (view->valid_at >= view->day)
    return until <= view->valid_at;
  return !view->moved || g_hash_table_contains (view->moved, &subject);
}

/* ---- absence ------------------------------------------------------------- */

const RegistryBatchId *
view_loads (RegistryView *view, const RegistryEntity *entity, GError **error)
{
  RegistryBatchId **loads = &view->loads[entity->index];
  if (*loads)
    return *loads;
  *loads = g_new0 (RegistryBatchId, entity->n);
  if (registry_complete_loads (view->db, view->registry, entity, G_MAXINT64, *loads, error))
    return *loads;
  g_clear_pointer (loads, g_free);
  return NULL;
}

bool
registry_view_absence (RegistryView *view, const RegistryAttribute *a, RegistryFact *fact, GError **error)
{
  *fact = (RegistryFact){ .attribute = a };
  if (a->kind == REGISTRY_COLLECTION) {
    RegistryBatchId load = 0;
    bool ok = registry_complete_load (view->db, a->target, a->source, G_MAXINT64, &load, error);
    fact->state = load ? REGISTRY_VALUE : REGISTRY_UNSTATED;
    return ok;
  }
  const RegistryBatchId *loads = view_loads (view, a->entity, error);
  if (!loads || a->absence == REGISTRY_ABSENT_UNKNOWN || !loads[a->index])
    return loads != NULL;
  fact->state = REGISTRY_NONE;
  return a->absence == REGISTRY_ABSENT_NONE
         || registry_fact_parse (view->registry->schema, a, text_of (a->absence_text), fact, error);
}
