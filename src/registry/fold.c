/* Folding: the records of one subject become one cell per attribute.
 *
 * The rule (registry.h): among the records known and covering the day, the
 * latest batch says what the attribute is, then the latest valid-from, then
 * the later record.  A complete load says of every attribute it answers for
 * "absent, unless stated in this load or later": so older facts do not count. */
#include "registry/registry_private.h"

void
fold_init (Fold *fold, const Registry *registry)
{
  *fold = (Fold){ .registry = registry };
}

void
fold_clear (Fold *fold)
{
  g_free (fold->cells);
  g_free (fold->records);
  g_free (fold->buffer.bytes);
  g_free (fold->links);
  g_free (fold->rivals);
}

void
fold_start (Fold *fold, const RegistryEntity *entity, Day valid_at, const RegistryBatchId *loads)
{
  if (fold->entity != entity)
    fold->cells = g_renew (Cell, fold->cells, entity->n);
  memset (fold->cells, 0, entity->n * sizeof (Cell));
  fold->entity = entity;
  fold->valid_at = valid_at;
  fold->loads = loads;
  fold->n_records = fold->n_links = fold->n_rivals = fold->buffer.len = 0;
  fold->until = REGISTRY_FOREVER;
}

guint32
fold_record (Fold *fold, const LogRecord *record)
{
  if (fold->n_records == fold->size_records) {
    fold->size_records = MAX (fold->size_records * 2, 16);
    fold->records = g_renew (LogRecord, fold->records, fold->size_records);
  }
  fold->records[fold->n_records] = *record;
  if (record->valid_from > fold->valid_at)
    fold->until = MIN (fold->until, record->valid_from);
  else if (record->valid_to >= fold->valid_at && record->valid_to != REGISTRY_FOREVER)
    fold->until = MIN (fold->until, record->valid_to + 1);
  return (guint32)fold->n_records++;
}

static void
remember_link (Fold *fold, const RegistryAttribute *attribute, gint64 target)
{
  if (fold->n_links == fold->size_links) {
    fold->size_links = MAX (fold->size_links * 2, 16);
    fold->links = g_realloc_n (fold->links, fold->size_links, sizeof *fold->links);
  }
  fold->links[fold->n_links++] = (struct FoldLink){ attribute, target };
}

static void
remember_rival (Fold *fold, const RegistryAttribute *attribute, const Cell *cell)
{
  if (fold->n_rivals == fold->size_rivals) {
    fold->size_rivals = MAX (fold->size_rivals * 2, 16);
    fold->rivals = g_realloc_n (fold->rivals, fold->size_rivals, sizeof *fold->rivals);
  }
  fold->rivals[fold->n_rivals++] = (struct FoldRival){ attribute, *cell };
}

bool
fold_is_later (const LogRecord *a, const LogRecord *b)
{
  if (a->batch != b->batch)
    return b->batch > a->batch;
  if (a->valid_from != b->valid_from)
    return b->valid_from > a->valid_from;
  return b->sequence > a->sequence;
}

void
fold_fact (Fold *fold, const RegistryAttribute *attribute, const Cell *fact)
{
  const LogRecord *record = &fold->records[fold->n_records - 1];
  int i = attribute->index;
  if (fold->only && !fold->only[i])
    return;
  if (fact->state == REGISTRY_VALUE && fold->registry->tables[fold->entity->index].followed[i])
    remember_link (fold, attribute, fact->integer);
  if (record->valid_from > fold->valid_at || record->valid_to < fold->valid_at)
    return;
  if (fold->loads && record->batch < fold->loads[i])
    return;
  Cell *cell = &fold->cells[i], stated = *fact;
  stated.record = (guint32)fold->n_records - 1;
  if (attribute->kind == REGISTRY_REFERENCE && fact->state == REGISTRY_VALUE)
    stated.integer = merge_root (fold->merges, fact->integer);
  if (cell->state == REGISTRY_UNSTATED) {
    *cell = stated;
    return;
  }
  const LogRecord *other = &fold->records[cell->record];
  bool later = fold_is_later (other, record);
  if (other->batch != record->batch)
    remember_rival (fold, attribute, later ? cell : &stated);
  if (later)
    *cell = stated;
}

static bool
cell_of_packed (const Fold *fold, const RegistryAttribute *attribute, const PackedFact *fact, Cell *cell)
{
  *cell = (Cell){ .state = fact->form == PACKED_NONE ? REGISTRY_NONE : REGISTRY_VALUE,
                  .integer = fact->integer };
  if (fact->form == PACKED_WORD) {
    if ((guint64)fact->integer >= fold->registry->n_words)
      return false;
    cell->word = fold->registry->words[fact->integer];
  } else if (fact->form == PACKED_TEXT) {
    cell->offset = (size_t)((const guint8 *)fact->text.bytes - fold->buffer.bytes);
    cell->len = fact->text.len;
  } else if (attribute->kind == REGISTRY_REFERENCE && cell->state == REGISTRY_VALUE)
    cell->integer = subject_make (attribute->target, fact->integer);
  return true;
}

bool
fold_packed (Fold *fold, const guint8 *bytes, size_t len, GError **error)
{
  buffer_reserve (&fold->buffer, len);
  size_t start = fold->buffer.len;
  if (len)
    memcpy (fold->buffer.bytes + start, bytes, len);
  fold->buffer.len += len;
  const guint8 *at = fold->buffer.bytes + start, *end = at + len;
  bool ok = true;
  while (ok && at < end) {
    PackedFact fact;
    Cell cell;
    const RegistryAttribute *attribute = NULL;
    ok = packed_next (&at, end, &fact)
         && (attribute = registry_attribute_of_number (fold->registry, fold->entity, fact.number))
         && cell_of_packed (fold, attribute, &fact, &cell);
    if (ok)
      fold_fact (fold, attribute, &cell);
  }
  if (ok)
    return true;
  g_set_error (
      error, FAULT, FAULT_SYSTEM,
      "%s: a record of %s cannot be read: the schema was extended by another process (start this one "
      "again), or the file is damaged (restore it from a backup)",
      store_path (fold->registry->store), fold->entity->id);
  return false;
}

bool
fold_row (Fold *fold, StoreStatement *statement, int first, GError **error)
{
  bool ever = store_is_null (statement, first + 2), forever = store_is_null (statement, first + 3);
  fold_record (fold,
               &(LogRecord){ .batch = store_integer (statement, first),
                             .sequence = (int)store_integer (statement, first + 1),
                             .valid_from = ever ? REGISTRY_EVER : store_integer (statement, first + 2),
                             .valid_to = forever ? REGISTRY_FOREVER : store_integer (statement, first + 3) });
  Text facts = store_blob (statement, first + 4);
  return fold_packed (fold, (const guint8 *)facts.bytes, facts.len, error);
}

static bool
fold_log (Fold *fold, StoreConnection *db, Subject subject, gint64 known_at, const char *source,
          GError **error)
{
  StoreStatement *statement
      = store_statement (db,
                         "SELECT r.batch, r.sequence, r.valid_from, r.valid_to, r.facts FROM record r"
                         " JOIN batch b ON b.id = r.batch WHERE r.subject = ?1 AND b.recorded_at <= ?2"
                         " AND b.source = coalesce(?3, b.source) ORDER BY r.batch, r.sequence",
                         error);
  if (!statement)
    return false;
  store_bind_integer (statement, 1, subject);
  store_bind_integer (statement, 2, known_at);
  store_bind_text (statement, 3, source);
  StoreStep result;
  while ((result = store_step (statement, error)) == STORE_ROW)
    if (!fold_row (fold, statement, 0, error)) {
      store_reset (statement);
      return false;
    }
  return result == STORE_DONE;
}

/* With the logs of those that were merged into it. */
bool
fold_subject (Fold *fold, StoreConnection *db, Subject subject, gint64 known_at, const char *source,
              GError **error)
{
  Subject member;
  for (size_t i = 0; (i = merge_members (fold->merges, subject, i, &member));)
    if (!fold_log (fold, db, member, known_at, source, error))
      return false;
  return true;
}

Text
fold_text (const Fold *fold, const Cell *cell)
{
  return cell->word ? text_of (cell->word)
                    : (Text){ (const char *)fold->buffer.bytes + cell->offset, cell->len };
}
