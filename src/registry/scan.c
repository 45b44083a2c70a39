/* Every subject of an entity, from its current table, a row at a time. */
#include "registry/registry_private.h"

struct RegistryScan {
  const Registry *registry;
  const RegistryEntity *entity;
  const EntityTables *tables;
  StoreReader *reader;
  StoreStatement *statement;
  gint64 *none; /* of the current row: most cells of a wide table are empty, and ask for them */
};

RegistryScan *
registry_scan_new (Registry *registry, const RegistryEntity *entity, GError **error)
{
  RegistryScan *scan = g_new0 (RegistryScan, 1);
  *scan
      = (RegistryScan){ .registry = registry, .entity = entity, .tables = &registry->tables[entity->index] };
  scan->none = g_new0 (gint64, scan->tables->n_none);
  scan->reader = store_reader (registry->store, error);
  if (scan->reader)
    scan->statement = store_statement (store_reader_db (scan->reader), scan->tables->scan, error);
  if (scan->statement)
    return scan;
  registry_scan_free (scan);
  return NULL;
}

void
registry_scan_free (RegistryScan *scan)
{
  if (!scan)
    return;
  if (scan->statement)
    store_reset (scan->statement);
  if (scan->reader)
    store_reader_release (scan->reader);
  g_free (scan->none);
  g_free (scan);
}

void
registry_scan_rewind (RegistryScan *scan)
{
  store_reset (scan->statement);
}

bool
registry_scan_next (RegistryScan *scan, Subject *subject, GError **error)
{
  if (store_step (scan->statement, error) != STORE_ROW)
    return false;
  *subject = subject_make (scan->entity, store_integer (scan->statement, 0));
  for (guint32 i = 0; i < scan->tables->n_none; i++)
    scan->none[i] = store_integer (scan->statement, 1 + (int)i);
  return true;
}

/* Columns of the statement: id, none_0 …, the attributes by number. */
RegistryFact
registry_scan_fact (const RegistryScan *scan, const RegistryAttribute *a)
{
  RegistryFact fact = { .attribute = a, .state = REGISTRY_VALUE };
  guint32 number = scan->tables->numbers[a->index];
  int column = 1 + (int)(scan->tables->n_none + number);
  if (a->kind == REGISTRY_COLLECTION)
    fact.state = REGISTRY_UNSTATED;
  else if (store_is_null (scan->statement, column)) {
    gint64 none = scan->none[number / NONE_BITS];
    fact.state = none >> (number % NONE_BITS) & 1 ? REGISTRY_NONE : REGISTRY_UNSTATED;
  } else if (a->kind == REGISTRY_TEXT)
    fact.text = store_text (scan->statement, column);
  else {
    fact.integer = store_integer (scan->statement, column);
    if (a->kind == REGISTRY_REFERENCE)
      fact.integer = subject_make (a->target, fact.integer);
  }
  return fact;
}
