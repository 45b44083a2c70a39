/* Every subject of an entity, from its current table, a row at a time; where that row is
 * not the day's, from the log. */
#include "registry/registry_private.h"

struct RegistryScan {
  RegistryView *view, *own; /* OWN: the view is the scan's */
  const RegistryEntity *entity;
  const EntityTables *tables;
  const RegistryBatchId *loads; /* asked for with the first row that is folded */
  StoreStatement *statement;
  gint64 first, last;
  gint64 *none; /* of the current row: most cells of a wide table are empty, and ask for them */
  bool folded;  /* the facts are FOLD's */
  Fold fold;
};

static void
begin (RegistryScan *scan)
{
  store_bind_integer (scan->statement, 1, scan->first);
  store_bind_integer (scan->statement, 2, scan->last);
}

RegistryScan *
registry_view_scan (RegistryView *view, const RegistryEntity *entity, gint64 first, gint64 last,
                    GError **error)
{
  const EntityTables *tables = &view->registry->tables[entity->index];
  StoreStatement *statement
      = view_prepare (view, last - first, error) ? store_statement (view->db, tables->scan, error) : NULL;
  if (!statement)
    return NULL;
  RegistryScan *scan = g_new0 (RegistryScan, 1);
  *scan = (RegistryScan){ .view = view,
                          .entity = entity,
                          .tables = tables,
                          .statement = statement,
                          .first = first,
                          .last = last,
                          .none = g_new0 (gint64, tables->n_none) };
  fold_init (&scan->fold, view->registry);
  scan->fold.merges = view->merges;
  begin (scan);
  return scan;
}

RegistryScan *
registry_scan_new (Registry *registry, const RegistryEntity *entity, GError **error)
{
  RegistryView *view = registry_view_new (registry, REGISTRY_FOREVER, error);
  RegistryScan *scan = view ? registry_view_scan (view, entity, 1, G_MAXINT64, error) : NULL;
  if (scan)
    scan->own = view;
  else
    registry_view_free (view);
  return scan;
}

void
registry_scan_free (RegistryScan *scan)
{
  if (!scan)
    return;
  store_reset (scan->statement);
  registry_view_free (scan->own);
  fold_clear (&scan->fold);
  g_free (scan->none);
  g_free (scan);
}

void
registry_scan_rewind (RegistryScan *scan)
{
  store_reset (scan->statement);
  begin (scan);
}

static bool
fold_elsewhere (RegistryScan *scan, Subject subject, GError **error)
{
  scan->folded = true;
  scan->loads = scan->loads ? scan->loads : view_loads (scan->view, scan->entity, error);
  if (!scan->loads)
    return false;
  fold_start (&scan->fold, scan->entity, scan->view->valid_at, scan->loads);
  return fold_subject (&scan->fold, scan->view->db, subject, G_MAXINT64, NULL, error);
}

bool
registry_scan_next (RegistryScan *scan, Subject *subject, GError **error)
{
  if (store_step (scan->statement, error) != STORE_ROW)
    return false;
  *subject = subject_make (scan->entity, store_integer (scan->statement, 0));
  Day until = store_is_null (scan->statement, 1) ? REGISTRY_FOREVER : store_integer (scan->statement, 1);
  scan->folded = false;
  if (view_is_elsewhere (scan->view, *subject, until))
    return fold_elsewhere (scan, *subject, error);
  for (guint32 i = 0; i < scan->tables->n_none; i++)
    scan->none[i] = store_integer (scan->statement, 2 + (int)i);
  return true;
}

static RegistryFact
folded_fact (const RegistryScan *scan, const RegistryAttribute *a)
{
  const Cell *cell = &scan->fold.cells[a->index];
  RegistryFact fact = { .attribute = a, .state = cell->state };
  if (cell->state == REGISTRY_VALUE && a->kind == REGISTRY_TEXT)
    fact.text = fold_text (&scan->fold, cell);
  else if (cell->state == REGISTRY_VALUE)
    fact.integer = cell->integer;
  return fact;
}

/* Columns of the statement: id, until, none_0 …, the attributes by number. */
RegistryFact
registry_scan_fact (const RegistryScan *scan, const RegistryAttribute *a)
{
  if (scan->folded)
    return folded_fact (scan, a);
  RegistryFact fact = { .attribute = a, .state = REGISTRY_VALUE };
  guint32 number = scan->tables->numbers[a->index];
  int column = 2 + (int)(scan->tables->n_none + number);
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
