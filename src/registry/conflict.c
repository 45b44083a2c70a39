/* Conflicts: what several sources state of one attribute for one day, differently.
 *
 * The value is the latest batch's; a conflict is shown beside it, never instead
 * of it.  It is decided by statements alone, so a reading of the past shows the
 * conflict as it stood then.  What follows from absence is no statement. */
#include "registry/registry_private.h"

/* ---- batches ----------------------------------------------------------- */

void
batch_cache_init (BatchCache *cache, StoreConnection *db, Arena *arena)
{
  *cache = (BatchCache){ db, arena, g_hash_table_new (g_int64_hash, g_int64_equal) };
}

void
batch_cache_clear (BatchCache *cache)
{
  g_clear_pointer (&cache->by_id, g_hash_table_destroy);
}

const BatchInfo *
batch_info (BatchCache *cache, RegistryBatchId id, GError **error)
{
  BatchInfo *info = g_hash_table_lookup (cache->by_id, &id);
  if (info)
    return info;
  StoreStatement *statement
      = store_statement (cache->db, "SELECT source, recorded_at, settles FROM batch WHERE id = ?1", error);
  if (!statement)
    return NULL;
  store_bind_integer (statement, 1, id);
  if (store_step (statement, error) == STORE_ROW) {
    info = arena_new0 (cache->arena, BatchInfo, 1);
    *info = (BatchInfo){ id, store_string (statement, 0, cache->arena), store_integer (statement, 1),
                         store_integer (statement, 2) != 0 };
    g_hash_table_insert (cache->by_id, &info->id, info);
  }
  store_reset (statement);
  return info;
}

/* ---- statements -------------------------------------------------------- */

/* What one batch says of the attribute on the day. */
typedef struct {
  const Cell *cell;
  const LogRecord *record;
  const BatchInfo *batch;
} Statement;

static int
by_time (gconstpointer a, gconstpointer b)
{
  const LogRecord *x = ((const Statement *)a)->record, *y = ((const Statement *)b)->record;
  return x == y ? 0 : fold_is_later (x, y) ? -1 : 1;
}

static bool
add_statement (const Fold *fold, const Cell *cell, BatchCache *batches, GArray *statements, GError **error)
{
  Statement s = { .cell = cell, .record = &fold->records[cell->record] };
  s.batch = batch_info (batches, s.record->batch, error);
  if (s.batch)
    g_array_append_val (statements, s);
  return s.batch != NULL;
}

/* Of each batch the last word, in order of time; the value that holds is the last. */
static GArray *
statements_of (const Fold *fold, const RegistryAttribute *a, BatchCache *batches, GError **error)
{
  g_autoptr (GArray) all = g_array_new (FALSE, FALSE, sizeof (Statement));
  bool ok = add_statement (fold, &fold->cells[a->index], batches, all, error);
  for (size_t i = 0; ok && i < fold->n_rivals; i++)
    if (fold->rivals[i].attribute == a)
      ok = add_statement (fold, &fold->rivals[i].cell, batches, all, error);
  if (!ok)
    return NULL;
  g_array_sort (all, by_time);
  guint n = 0;
  Statement *s = (Statement *)(gpointer)all->data;
  for (guint i = 0; i < all->len; i++)
    if (i + 1 == all->len || s[i].batch != s[i + 1].batch)
      s[n++] = s[i];
  g_array_set_size (all, n);
  return g_steal_pointer (&all);
}

static bool
is_same_source (const Statement *a, const Statement *b)
{
  return a->batch == b->batch || g_str_equal (a->batch->source, b->batch->source);
}

static bool
is_same_value (const Fold *fold, const RegistryAttribute *a, const Cell *x, const Cell *y)
{
  if (x->state != y->state || x->state == REGISTRY_NONE)
    return x->state == y->state;
  return a->kind == REGISTRY_TEXT ? text_equal (fold_text (fold, x), fold_text (fold, y))
                                  : x->integer == y->integer;
}

static bool
contradict (const Fold *fold, const RegistryAttribute *a, const Statement *x, const Statement *y)
{
  return !is_same_source (x, y) && !is_same_value (fold, a, x->cell, y->cell);
}

/* Whether statement I was settled by a later one: by a decision, or by the
 * department that answers for the attribute, which spoke when the contradiction
 * was already on record. */
static bool
is_settled (const Fold *fold, const RegistryAttribute *a, const GArray *statements, guint i)
{
  const Statement *all = (const Statement *)(gconstpointer)statements->data;
  for (guint later = i + 1; later < statements->len; later++) {
    const Statement *s = &all[later];
    if (s->batch->settles)
      return true;
    if (!g_str_equal (s->batch->source, a->source) || is_same_source (s, &all[i]))
      continue;
    for (guint before = 0; before < later; before++)
      if (contradict (fold, a, &all[before], &all[i]))
        return true;
  }
  return false;
}

/* Whether the source of statement I says something after it. */
static bool
is_outdated (const GArray *statements, guint i)
{
  const Statement *all = (const Statement *)(gconstpointer)statements->data;
  for (guint later = i + 1; later < statements->len; later++)
    if (is_same_source (&all[later], &all[i]))
      return true;
  return false;
}

bool
conflict_find (const Fold *fold, const RegistryAttribute *a, BatchCache *batches, GPtrArray *rivals,
               GError **error)
{
  g_autoptr (GArray) statements = statements_of (fold, a, batches, error);
  if (!statements)
    return false;
  const Statement *all = (const Statement *)(gconstpointer)statements->data,
                  *last = &all[statements->len - 1];
  for (guint i = statements->len - 1; i-- > 0;)
    if (contradict (fold, a, &all[i], last) && !is_outdated (statements, i)
        && !is_settled (fold, a, statements, i))
      g_ptr_array_add (rivals, (gpointer)all[i].cell);
  return true;
}

/* ---- the table --------------------------------------------------------- */

static bool
is_first (const Fold *fold, size_t i)
{
  for (size_t j = 0; j < i; j++)
    if (fold->rivals[j].attribute == fold->rivals[i].attribute)
      return false;
  return true;
}

static bool
insert_conflict (StoreConnection *db, const Fold *fold, Subject subject, const RegistryAttribute *a,
                 GError **error)
{
  StoreStatement *insert
      = store_statement (db, "INSERT INTO conflict (subject, attribute, batch) VALUES (?1, ?2, ?3)", error);
  if (!insert)
    return false;
  store_bind_integer (insert, 1, subject);
  store_bind_integer (insert, 2, fold->registry->tables[a->entity->index].numbers[a->index]);
  store_bind_integer (insert, 3, fold->records[fold->cells[a->index].record].batch);
  return store_run (insert, error);
}

bool
conflict_write (StoreConnection *db, const Fold *fold, Subject subject, bool known, BatchCache *batches,
                GError **error)
{
  if (known) {
    StoreStatement *clear = store_statement (db, "DELETE FROM conflict WHERE subject = ?1", error);
    if (!clear)
      return false;
    store_bind_integer (clear, 1, subject);
    if (!store_run (clear, error))
      return false;
  }
  g_autoptr (GPtrArray) rivals = g_ptr_array_new ();
  for (size_t i = 0; i < fold->n_rivals; i++) {
    const RegistryAttribute *a = fold->rivals[i].attribute;
    g_ptr_array_set_size (rivals, 0);
    if (is_first (fold, i)
        && (!conflict_find (fold, a, batches, rivals, error)
            || (rivals->len && !insert_conflict (db, fold, subject, a, error))))
      return false;
  }
  return true;
}

/* ---- listing and settling ---------------------------------------------- */

static bool
is_after (const Registry *registry, const RegistryConflict *after, Subject subject, guint32 number)
{
  const RegistryAttribute *a = after->attribute;
  return subject > after->subject || number > registry->tables[a->entity->index].numbers[a->index];
}

const RegistryConflict *
registry_conflicts (Registry *registry, Arena *arena, const char *department, const RegistryConflict *after,
                    size_t limit, size_t *n, GError **error)
{
  *n = 0;
  g_autoptr (StoreReader) reader = store_reader (registry->store, error);
  StoreStatement *statement
      = reader ? store_statement (store_reader_db (reader),
                                  "SELECT c.subject, c.attribute, c.batch, b.recorded_at FROM conflict c"
                                  " JOIN batch b ON b.id = c.batch WHERE c.subject >= ?1"
                                  " ORDER BY c.subject, c.attribute",
                                  error)
               : NULL;
  if (!statement)
    return NULL;
  store_bind_integer (statement, 1, after ? after->subject : 0);
  RegistryConflict *found = arena_new0 (arena, RegistryConflict, limit);
  StoreStep step = STORE_DONE;
  while (*n < limit && (step = store_step (statement, error)) == STORE_ROW) {
    Subject subject = store_integer (statement, 0);
    guint32 number = (guint32)store_integer (statement, 1);
    const RegistryEntity *entity = registry_subject_entity (registry->schema, subject);
    const RegistryAttribute *a = registry_attribute_of_number (registry, entity, number);
    if ((after && !is_after (registry, after, subject, number))
        || (department && !g_str_equal (a->source, department)))
      continue;
    found[(*n)++]
        = (RegistryConflict){ subject, a, store_integer (statement, 2), store_integer (statement, 3) };
  }
  if (*n == limit)
    store_reset (statement);
  return step != STORE_FAILED ? found : NULL;
}

bool
registry_conflict_count (Registry *registry, gint64 *n, GError **error)
{
  g_autoptr (StoreReader) reader = store_reader (registry->store, error);
  return reader && store_query (store_reader_db (reader), "SELECT count(*) FROM conflict", 0, n, error);
}

/* The fact that VALUE is, of A. */
static RegistryFact
fact_of_value (const Registry *registry, const RegistryAttribute *a, RegistryState state, FeelValue value)
{
  RegistryFact fact = { .attribute = a, .state = state };
  if (state == REGISTRY_VALUE)
    switch (a->kind) {
    case REGISTRY_BOOLEAN: fact.integer = value.boolean; break;
    case REGISTRY_NUMBER:
    case REGISTRY_MONEY: decimal_to_scaled (value.number, a->scale, &fact.integer); break;
    case REGISTRY_TEXT: fact.text = value.string; break;
    case REGISTRY_DATE: fact.integer = value.date; break;
    case REGISTRY_REFERENCE: registry_subject_parse (registry->schema, value.string, &fact.integer); break;
    case REGISTRY_COLLECTION: g_assert_not_reached ();
    }
  return fact;
}

/* What batch CHOSEN states of the attribute today, as a rival of its own. */
static bool
find_chosen (const RegistryProvenance *fact, RegistryBatchId chosen, RegistryRival *found)
{
  *found = (RegistryRival){ fact->state,       fact->value,      fact->batch,   fact->source,
                            fact->recorded_at, fact->valid_from, fact->valid_to };
  if (fact->batch == chosen && fact->state != REGISTRY_UNSTATED)
    return true;
  for (size_t i = 0; i < fact->n_rivals; i++)
    if (fact->rivals[i].batch == chosen) {
      *found = fact->rivals[i];
      return true;
    }
  return false;
}

static bool
write_decision (Registry *registry, Subject subject, const RegistryBatch *about, const RegistryRival *chosen,
                const RegistryFact *fact, GError **error)
{
  g_autoptr (RegistryWriter) w = registry_writer_new (registry, error);
  RegistryBatchId batch = w ? registry_writer_batch (w, about, error) : 0;
  return batch
         && registry_writer_append (w, batch, subject, chosen->valid_from, chosen->valid_to, fact, 1, error)
         && registry_writer_commit (w, error);
}

bool
registry_settle (Registry *registry, Subject subject, const RegistryAttribute *a, RegistryBatchId chosen,
                 const RegistryBatch *about, GError **error)
{
  if (!about->evidence || !*about->evidence) {
    g_set_error (error, FAULT, FAULT_INPUT, "a decision between sources needs its reason");
    return false;
  }
  g_autoptr (Arena) arena = arena_new ();
  Text name = text_of (a->zh);
  FeelPath path = { .members = &name, .n = 1 };
  RegistryMoment now = { civil_day_of (about->recorded_at), G_MAXINT64 };
  const RegistryReading *reading = registry_read (registry, arena, subject, &path, 1, now, error);
  if (!reading)
    return false;
  size_t n;
  const RegistryProvenance *const *facts = registry_reading_facts (reading, &n);
  RegistryRival found;
  if (n != 1 || !find_chosen (facts[0], chosen, &found)) {
    g_set_error (error, FAULT, FAULT_NOT_FOUND,
                 "batch %" G_GINT64_FORMAT " states nothing of %s.%s there today: look at the conflict again",
                 chosen, a->entity->id, a->id);
    return false;
  }
  RegistryBatch decision = *about;
  decision.settles = true;
  RegistryFact fact = fact_of_value (registry, a, found.state, found.value);
  return write_decision (registry, subject, &decision, &found, &fact, error);
}
