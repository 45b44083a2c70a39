/* Asking while writing: which subjects there are, what a source says of one. */
#include "registry/registry_private.h"

static bool
collect (StoreStatement *statement, const RegistryEntity *entity, Subject *found, size_t room, size_t *n,
         GError **error)
{
  StoreStep result;
  while ((result = store_step (statement, error)) == STORE_ROW)
    if (*n < room)
      found[(*n)++] = subject_make (entity, store_integer (statement, 0));
  return result == STORE_DONE;
}

bool
registry_writer_find (RegistryWriter *w, const RegistryAttribute *by, Text text, Subject *found, size_t room,
                      size_t *n, GError **error)
{
  const RegistryEntity *entity = by->entity;
  const EntityTables *tables = &writer_registry (w)->tables[entity->index];
  g_assert (by == entity->number || by == entity->label);
  *n = 0;
  StoreConnection *db = writer_flushed (w, error);
  StoreStatement *statement
      = db ? store_statement (db, by == entity->number ? tables->with_number : tables->with_label, error)
           : NULL;
  if (!statement)
    return false;
  store_bind_slice (statement, 1, text);
  store_bind_integer (statement, 2, (gint64)room);
  return collect (statement, entity, found, room, n, error);
}

bool
registry_writer_alike (RegistryWriter *w, Subject subject, Subject *found, size_t room, size_t *n,
                       GError **error)
{
  const Registry *registry = writer_registry (w);
  const RegistryEntity *entity = registry_subject_entity (registry->schema, subject);
  *n = 0;
  if (!entity->n_likeness)
    return true;
  StoreConnection *db = writer_flushed (w, error);
  StoreStatement *statement = db ? store_statement (db, registry->tables[entity->index].twins, error) : NULL;
  if (!statement)
    return false;
  store_bind_integer (statement, 1, subject_number (merge_root (writer_merges (w), subject)));
  store_bind_integer (statement, 2, (gint64)room);
  return collect (statement, entity, found, room, n, error);
}

bool
registry_writer_knows (RegistryWriter *w, Subject subject, bool *known, GError **error)
{
  const Registry *registry = writer_registry (w);
  const RegistryEntity *entity = registry_subject_entity (registry->schema, subject);
  *known = false;
  if (!entity)
    return true;
  StoreConnection *db = writer_flushed (w, error);
  StoreStatement *statement = db ? store_statement (db, registry->tables[entity->index].known, error) : NULL;
  if (!statement)
    return false;
  store_bind_integer (statement, 1, subject_number (merge_root (writer_merges (w), subject)));
  StoreStep result = store_step (statement, error);
  *known = result == STORE_ROW;
  store_reset (statement);
  return result != STORE_FAILED;
}

bool
registry_writer_stated (RegistryWriter *w, Subject subject, const char *source, Day day, RegistryFact *facts,
                        GError **error)
{
  const RegistryEntity *entity = registry_subject_entity (writer_registry (w)->schema, subject);
  const RegistryBatchId *loads = writer_loads (w, entity, error);
  Fold *fold = writer_asking (w);
  if (!loads)
    return false;
  fold_start (fold, entity, day, loads);
  if (!fold_subject (fold, writer_connection (w), merge_root (writer_merges (w), subject), G_MAXINT64, source,
                     error))
    return false;
  for (size_t i = 0; i < entity->n; i++) {
    const Cell *cell = &fold->cells[i];
    facts[i] = (RegistryFact){ .attribute = &entity->attributes[i], .state = cell->state };
    if (entity->attributes[i].kind != REGISTRY_TEXT)
      facts[i].integer = cell->integer;
    else if (cell->state == REGISTRY_VALUE)
      facts[i].text = fold_text (fold, cell);
  }
  return true;
}
