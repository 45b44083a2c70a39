/* Writing: records go to the log as they come; the current row of a subject is
 * folded and written once, when the next subject begins.  Facts are encoded
 * straight into the fold's reused buffer, statements are kept, and nothing is
 * allocated per fact. */
#include "registry/registry_private.h"

typedef struct {
  gint64 highest;         /* the highest subject number in the log, 0 when none */
  gint64 next;            /* the next free one */
  RegistryBatchId *loads; /* by attribute: its latest complete load; NULL until asked */
  bool refold;            /* a complete load has superseded facts of subjects written before it */
  gint64 added;           /* subjects that were not there before */
} EntityState;

struct RegistryWriter {
  Registry *registry;
  StoreConnection *db;
  bool joined; /* inside someone else's transaction */
  bool ended;
  bool failed; /* the store refused a write: what was folded may not be in the log */
  EntityState *entities;
  RegistryBatchId first_batch, last_batch;
  gint64 last_recorded;
  Day day; /* the current tables are folded at this day */
  bool day_advanced;
  Subject pending;    /* the subject in FOLD, 0 when none */
  bool pending_known; /* it was there before */
  bool pending_fresh; /* it has no current row yet */
  Arena *arena;
  SearchIndex *search; /* NULL in a bulk load, which builds it at its end */
  BatchCache batches;
  Trail trail;
  Fold fold, asking;
  MergeView *merges;
  StoreStatement *insert_record;
  size_t *value_indexes; /* of the facts of one call */
  guint32 *mentioned;    /* by attribute: the call that last mentioned it */
  guint32 call;
};

/* ---- beginning --------------------------------------------------------- */

static bool
read_last_batch (RegistryWriter *w, GError **error)
{
  StoreStatement *statement
      = store_statement (w->db, "SELECT id, recorded_at FROM batch ORDER BY id DESC LIMIT 1", error);
  StoreStep result = statement ? store_step (statement, error) : STORE_FAILED;
  w->last_recorded = G_MININT64;
  if (result == STORE_ROW) {
    w->last_batch = store_integer (statement, 0);
    w->last_recorded = store_integer (statement, 1);
    store_reset (statement);
  }
  w->first_batch = w->last_batch + 1;
  gint64 merged = G_MININT64;
  if (result == STORE_FAILED
      || !store_query (w->db, "SELECT recorded_at FROM merging ORDER BY id DESC LIMIT 1", merged, &merged,
                       error))
    return false;
  w->last_recorded = MAX (w->last_recorded, merged);
  return true;
}

static bool
read_day (RegistryWriter *w, GError **error)
{
  StoreStatement *statement
      = store_statement (w->db, "SELECT coalesce(max(day), ?1) FROM registry_day", error);
  if (!statement)
    return false;
  store_bind_integer (statement, 1, REGISTRY_EVER);
  bool ok = store_step (statement, error) == STORE_ROW;
  if (ok)
    w->day = store_integer (statement, 0);
  store_reset (statement);
  return ok;
}

static bool
read_highest (RegistryWriter *w, const RegistryEntity *entity, EntityState *state, GError **error)
{
  if (!store_query (w->db, w->registry->tables[entity->index].last, 0, &state->highest, error))
    return false;
  state->highest = MAX (state->highest, merge_highest (w->merges, entity));
  state->next = state->highest + 1;
  return true;
}

static bool
prepare_writer (RegistryWriter *w, GError **error)
{
  const Registry *registry = w->registry;
  size_t most = 0;
  w->entities = g_new0 (EntityState, registry->schema->n);
  w->merges = merge_view (w->registry, w->db, G_MAXINT64, error);
  w->fold.merges = w->asking.merges = w->merges;
  if (!w->merges)
    return false;
  for (size_t i = 0; i < registry->schema->n; i++) {
    most = MAX (most, registry->schema->entities[i].n);
    if (!read_highest (w, &registry->schema->entities[i], &w->entities[i], error))
      return false;
  }
  w->value_indexes = g_new0 (size_t, most);
  w->mentioned = g_new0 (guint32, most);
  w->insert_record = store_statement (w->db,
                                      "INSERT INTO record (subject, batch, sequence, valid_from, valid_to, "
                                      "facts) VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
                                      error);
  return w->insert_record && read_last_batch (w, error) && read_day (w, error);
}

RegistryWriter *
registry_writer_join (Registry *registry, StoreConnection *db, GError **error)
{
  RegistryWriter *w = g_new0 (RegistryWriter, 1);
  w->registry = registry;
  w->db = db;
  w->joined = true;
  w->arena = arena_new ();
  batch_cache_init (&w->batches, db, w->arena);
  trail_init (&w->trail, w->arena);
  fold_init (&w->fold, registry);
  fold_init (&w->asking, registry);
  if (!registry->bulk)
    w->search = search_index_new (registry, db);
  if (prepare_writer (w, error))
    return w;
  registry_writer_free (w);
  return NULL;
}

RegistryWriter *
registry_writer_new (Registry *registry, GError **error)
{
  StoreConnection *db = store_begin (registry->store, error);
  if (!db)
    return NULL;
  RegistryWriter *w = registry_writer_join (registry, db, error);
  if (w)
    w->joined = false;
  else
    store_rollback (registry->store);
  return w;
}

void
registry_writer_free (RegistryWriter *w)
{
  if (!w)
    return;
  if (!w->joined && !w->ended)
    store_rollback (w->registry->store);
  for (size_t i = 0; i < w->registry->schema->n; i++)
    g_free (w->entities[i].loads);
  g_free (w->entities);
  g_free (w->value_indexes);
  g_free (w->mentioned);
  batch_cache_clear (&w->batches);
  trail_clear (&w->trail);
  arena_free (w->arena);
  fold_clear (&w->fold);
  fold_clear (&w->asking);
  search_index_free (w->search);
  merge_view_unref (w->merges);
  g_free (w);
}

/* ---- current rows ------------------------------------------------------ */

static void
bind_cell (const RegistryWriter *w, StoreStatement *insert, int parameter, const RegistryAttribute *a,
           const Cell *cell)
{
  Text text;
  switch (a->kind) {
  case REGISTRY_TEXT:
    text = fold_text (&w->fold, cell);
    store_bind_slice (insert, parameter, text);
    return;
  case REGISTRY_REFERENCE: store_bind_integer (insert, parameter, subject_number (cell->integer)); return;
  default: store_bind_integer (insert, parameter, cell->integer);
  }
}

static bool
write_current (RegistryWriter *w, GError **error)
{
  const EntityTables *tables = &w->registry->tables[w->fold.entity->index];
  StoreStatement *insert = store_statement (w->db, tables->insert, error);
  if (!insert)
    return false;
  store_bind_integer (insert, INSERT_ID, subject_number (w->pending));
  if (w->fold.until != REGISTRY_FOREVER)
    store_bind_integer (insert, INSERT_UNTIL, w->fold.until);
  int first = INSERT_NONE + (int)tables->n_none;
  gint64 none = 0;
  for (guint32 number = 0; number < tables->n_numbers; number++) {
    const RegistryAttribute *a = tables->by_number[number];
    const Cell *cell = &w->fold.cells[a->index];
    if (cell->state == REGISTRY_NONE)
      none |= (gint64)1 << (number % NONE_BITS);
    else if (cell->state == REGISTRY_VALUE)
      bind_cell (w, insert, first + (int)number, a, cell);
    if (number % NONE_BITS == NONE_BITS - 1 || number + 1 == tables->n_numbers) {
      store_bind_integer (insert, INSERT_NONE + (int)(number / NONE_BITS), none);
      none = 0;
    }
  }
  return store_run (insert, error);
}

/* References that collections follow and that are stated, but are not current. */
static bool
write_former_references (RegistryWriter *w, GError **error)
{
  for (size_t i = 0; i < w->fold.n_links; i++) {
    const RegistryAttribute *a = w->fold.links[i].attribute;
    const Cell *cell = &w->fold.cells[a->index];
    if (cell->state == REGISTRY_VALUE && cell->integer == w->fold.links[i].target)
      continue;
    StoreStatement *insert = store_statement (
        w->db,
        "INSERT INTO former_reference (entity, attribute, target, subject) VALUES (?1, ?2, ?3, ?4)"
        " ON CONFLICT (entity, attribute, target, subject) DO NOTHING",
        error);
    if (!insert)
      return false;
    store_bind_integer (insert, 1, a->entity->index);
    store_bind_integer (insert, 2, w->registry->tables[a->entity->index].numbers[a->index]);
    store_bind_integer (insert, 3, subject_number (w->fold.links[i].target));
    store_bind_integer (insert, 4, subject_number (w->pending));
    if (!store_run (insert, error))
      return false;
  }
  return true;
}

static bool
flush (RegistryWriter *w, GError **error)
{
  if (!w->pending)
    return true;
  bool ok
      = (!w->search
         || search_index_update (w->search, &w->fold, subject_number (w->pending), w->pending_fresh, error))
        && write_current (w, error) && write_former_references (w, error)
        && conflict_write (w->db, &w->fold, w->pending, w->pending_known, &w->batches, error);
  w->pending = 0;
  return ok;
}

static bool
load_loads (RegistryWriter *w, const RegistryEntity *entity, GError **error)
{
  EntityState *state = &w->entities[entity->index];
  if (state->loads)
    return true;
  state->loads = g_new0 (RegistryBatchId, entity->n);
  return registry_complete_loads (w->db, w->registry, entity, G_MAXINT64, state->loads, error);
}

/* Make SUBJECT the pending one, with its whole log folded. */
static bool
take_subject (RegistryWriter *w, const RegistryEntity *entity, Subject subject, GError **error)
{
  if (w->pending == subject)
    return true;
  EntityState *state = &w->entities[entity->index];
  if (!flush (w, error) || !load_loads (w, entity, error))
    return false;
  fold_start (&w->fold, entity, w->day, state->loads);
  gint64 number = subject_number (subject);
  if (number <= state->highest && !fold_subject (&w->fold, w->db, subject, G_MAXINT64, NULL, error))
    return false;
  w->pending = subject;
  w->pending_known = w->fold.n_records > 0;
  w->pending_fresh = number > state->highest;
  state->added += !w->pending_known;
  state->highest = MAX (state->highest, number);
  state->next = MAX (state->next, number + 1);
  return true;
}

/* Once the store has refused something the writer is of no use, and SQLite may
 * have ended the transaction by itself. */
static bool
is_usable (const RegistryWriter *w, GError **error)
{
  g_assert (!w->ended);
  if (w->failed)
    g_set_error (error, FAULT, FAULT_SYSTEM,
                 "%s: writing stopped at an earlier failure; nothing of it was kept",
                 store_path (w->registry->store));
  return !w->failed;
}

/* ---- batches ----------------------------------------------------------- */

static bool
check_batch (const RegistryWriter *w, const RegistryBatch *batch, GError **error)
{
  char given[CIVIL_TEXT_MAX], last[CIVIL_TEXT_MAX];
  if (!batch->source || !*batch->source || !batch->actor || !*batch->actor) {
    g_set_error (error, FAULT, FAULT_INPUT, "a batch needs the department it comes from and who records it");
    return false;
  }
  if (batch->recorded_at < w->last_recorded) {
    g_set_error (
        error, FAULT, FAULT_INPUT,
        "a batch cannot be recorded at %s, before the last one (%s): what was known then would change; "
        "check the clock",
        instant_format (batch->recorded_at, given), instant_format (w->last_recorded, last));
    return false;
  }
  if (batch->complete_of && !registry_schema_entity (w->registry->schema, batch->complete_of)) {
    g_set_error (error, FAULT, FAULT_INPUT, "a complete load of \"%s\": there is no such entity",
                 batch->complete_of);
    return false;
  }
  if (batch->complete_since < 0 || batch->complete_since > w->last_batch) {
    g_set_error (error, FAULT, FAULT_INPUT, "a complete load since batch %" G_GINT64_FORMAT ": there is none",
                 batch->complete_since);
    return false;
  }
  return true;
}

static bool
insert_batch (RegistryWriter *w, const RegistryBatch *batch, RegistryBatchId id,
              const RegistryEntity *complete_of, GError **error)
{
  StoreStatement *insert
      = store_statement (w->db,
                         "INSERT INTO batch (id, recorded_at, source, actor, evidence, complete_of, settles,"
                         " complete_since) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)",
                         error);
  if (!insert)
    return false;
  store_bind_integer (insert, 1, id);
  store_bind_integer (insert, 2, batch->recorded_at);
  store_bind_text (insert, 3, batch->source);
  store_bind_text (insert, 4, batch->actor);
  if (batch->evidence)
    store_bind_text (insert, 5, batch->evidence);
  if (complete_of)
    store_bind_integer (insert, 6, complete_of->index);
  store_bind_integer (insert, 7, batch->settles);
  if (complete_of && batch->complete_since)
    store_bind_integer (insert, 8, batch->complete_since);
  return store_run (insert, error);
}

static bool
note_complete_load (RegistryWriter *w, const RegistryEntity *entity, const char *source, RegistryBatchId id,
                    GError **error)
{
  EntityState *state = &w->entities[entity->index];
  if (!load_loads (w, entity, error))
    return false;
  for (size_t i = 0; i < entity->n; i++)
    if (entity->attributes[i].absence != REGISTRY_ABSENT_UNKNOWN
        && g_str_equal (entity->attributes[i].source, source))
      state->loads[i] = id;
  state->refold |= state->highest > 0;
  return true;
}

static void
advance_day (RegistryWriter *w, Day day)
{
  w->day_advanced |= day > w->day;
  w->day = MAX (w->day, day);
}

static bool
begin_batch (RegistryWriter *w, const RegistryBatch *batch, RegistryBatchId id, GError **error)
{
  const RegistryEntity *complete_of
      = batch->complete_of ? registry_schema_entity (w->registry->schema, batch->complete_of) : NULL;
  return flush (w, error)
         && (!complete_of
             || note_complete_load (w, complete_of, batch->source,
                                    batch->complete_since ? batch->complete_since : id, error))
         && insert_batch (w, batch, id, complete_of, error);
}

RegistryBatchId
registry_writer_batch (RegistryWriter *w, const RegistryBatch *batch, GError **error)
{
  if (!is_usable (w, error) || !check_batch (w, batch, error))
    return 0;
  RegistryBatchId id = w->last_batch + 1;
  w->failed = !begin_batch (w, batch, id, error);
  if (w->failed)
    return 0;
  w->last_batch = id;
  trail_batch (&w->trail, id, batch);
  w->last_recorded = batch->recorded_at;
  advance_day (w, civil_day_of (batch->recorded_at));
  return id;
}

Subject
registry_writer_subject (RegistryWriter *w, const RegistryEntity *entity)
{
  return subject_make (entity, w->entities[entity->index].next++);
}

/* ---- records ----------------------------------------------------------- */

static bool
check_record (RegistryWriter *w, RegistryBatchId batch, Subject subject, const RegistryEntity *entity,
              Day valid_from, Day valid_to, GError **error)
{
  if (!entity)
    g_set_error (error, FAULT, FAULT_INPUT, "%" G_GINT64_FORMAT " is no subject of this schema", subject);
  else if (batch < w->first_batch || batch > w->last_batch)
    g_set_error (error, FAULT, FAULT_INPUT, "batch %" G_GINT64_FORMAT " was not begun by this writer", batch);
  else if (valid_from > valid_to)
    g_set_error (error, FAULT, FAULT_INPUT, "%s-%" G_GINT64_FORMAT ": the validity ends before it begins",
                 entity->id, subject_number (subject));
  else
    return true;
  return false;
}

static bool
check_facts (RegistryWriter *w, const RegistryEntity *entity, const RegistryFact *facts, size_t n,
             GError **error)
{
  w->call++;
  for (size_t i = 0; i < n; i++) {
    const RegistryAttribute *a = facts[i].attribute;
    if (a->entity != entity) {
      g_set_error (error, FAULT, FAULT_INPUT, "%s.%s is no attribute of %s", a->entity->id, a->id,
                   entity->id);
      return false;
    }
    if (w->mentioned[a->index] == w->call) {
      g_set_error (error, FAULT, FAULT_INPUT, "%s.%s stands twice in one record", entity->id, a->id);
      return false;
    }
    w->mentioned[a->index] = w->call;
    if (!fact_check (&facts[i], &w->value_indexes[i], error))
      return false;
  }
  return true;
}

/* Encode one fact at the end of the buffer and fold it. */
static void
append_fact (RegistryWriter *w, const EntityTables *tables, const RegistryFact *fact, size_t value_index)
{
  const RegistryAttribute *a = fact->attribute;
  PackedFact packed = { .number = tables->numbers[a->index] };
  Cell cell = { .state = fact->state };
  if (fact->state == REGISTRY_VALUE) {
    bool listed = a->kind == REGISTRY_TEXT && a->values;
    packed.form = listed ? PACKED_WORD : a->kind == REGISTRY_TEXT ? PACKED_TEXT : PACKED_INTEGER;
    if (listed) {
      packed.integer = tables->codes[a->index][value_index];
      cell.word = a->values[value_index];
    } else if (a->kind == REGISTRY_TEXT)
      packed.text = fact->text;
    else {
      cell.integer = fact->integer;
      packed.integer = a->kind == REGISTRY_REFERENCE ? subject_number (fact->integer) : fact->integer;
    }
  }
  packed_append (&w->fold.buffer, &packed);
  cell.len = packed.text.len;
  cell.offset = w->fold.buffer.len - cell.len;
  fold_fact (&w->fold, a, &cell);
}

static int
next_sequence (const RegistryWriter *w, RegistryBatchId batch)
{
  int sequence = 0;
  for (size_t i = 0; i < w->fold.n_records; i++)
    if (w->fold.records[i].batch == batch)
      sequence = MAX (sequence, w->fold.records[i].sequence + 1);
  return sequence;
}

static bool
insert_record (RegistryWriter *w, const LogRecord *record, size_t start, GError **error)
{
  StoreStatement *insert = w->insert_record;
  store_bind_integer (insert, 1, w->pending);
  store_bind_integer (insert, 2, record->batch);
  store_bind_integer (insert, 3, record->sequence);
  if (record->valid_from == REGISTRY_EVER)
    store_bind_null (insert, 4);
  else
    store_bind_integer (insert, 4, record->valid_from);
  if (record->valid_to == REGISTRY_FOREVER)
    store_bind_null (insert, 5);
  else
    store_bind_integer (insert, 5, record->valid_to);
  store_bind_blob (insert, 6, w->fold.buffer.bytes + start, (int)(w->fold.buffer.len - start));
  return store_run (insert, error);
}

static bool
append_record (RegistryWriter *w, const RegistryEntity *entity, Subject subject, LogRecord record,
               const RegistryFact *facts, size_t n, GError **error)
{
  if (!take_subject (w, entity, subject, error))
    return false;
  record.sequence = next_sequence (w, record.batch);
  buffer_reserve (&w->fold.buffer, 1);
  size_t start = w->fold.buffer.len;
  fold_record (&w->fold, &record);
  for (size_t i = 0; i < n; i++)
    append_fact (w, &w->registry->tables[entity->index], &facts[i], w->value_indexes[i]);
  return insert_record (w, &record, start, error);
}

bool
registry_writer_append (RegistryWriter *w, RegistryBatchId batch, Subject subject, Day valid_from,
                        Day valid_to, const RegistryFact *facts, size_t n, GError **error)
{
  const RegistryEntity *entity = registry_subject_entity (w->registry->schema, subject);
  if (!is_usable (w, error) || !check_record (w, batch, subject, entity, valid_from, valid_to, error)
      || !check_facts (w, entity, facts, n, error))
    return false;
  LogRecord record = { .batch = batch, .valid_from = valid_from, .valid_to = valid_to };
  subject = merge_root (w->merges, subject);
  trail_record (&w->trail, batch, subject);
  w->failed = !append_record (w, entity, subject, record, facts, n, error);
  return !w->failed;
}

/* ---- erasing ----------------------------------------------------------- */

/* From the log of everyone who turned out to be SUBJECT. */
static bool
erase_from_all (RegistryWriter *w, const RegistryAttribute *a, Subject subject, GError **error)
{
  Subject member, root = merge_root (w->merges, subject);
  bool ok = flush (w, error);
  for (size_t i = 0; ok && (i = merge_members (w->merges, root, i, &member));)
    ok = log_erase (w->db, w->registry, a, member, error) && kept_forget (w->db, member, error);
  return ok && take_subject (w, a->entity, root, error) && flush (w, error);
}

bool
registry_writer_erase (RegistryWriter *w, Subject subject, const RegistryAttribute *attribute, GError **error)
{
  bool known = false;
  if (!is_usable (w, error) || !registry_writer_knows (w, subject, &known, error))
    return false;
  if (!known || registry_subject_entity (w->registry->schema, subject) != attribute->entity
      || attribute->kind == REGISTRY_COLLECTION) {
    g_set_error (error, FAULT, FAULT_INPUT, "%s.%s is nothing that this subject has on record",
                 attribute->entity->id, attribute->id);
    return false;
  }
  w->failed = !erase_from_all (w, attribute, subject, error);
  return !w->failed;
}

/* ---- merges ------------------------------------------------------------ */

const MergeView *
writer_merges (RegistryWriter *w)
{
  return w->merges;
}

/* Everybody whose reference leads to TARGET now. */
static bool
find_referring (RegistryWriter *w, Subject target, GArray *found, GError **error)
{
  const RegistrySchema *schema = w->registry->schema;
  for (size_t i = 0; i < schema->n; i++)
    for (size_t k = 0; k < schema->entities[i].n; k++) {
      const RegistryAttribute *a = &schema->entities[i].attributes[k];
      if (a->kind != REGISTRY_REFERENCE || a->target->index != target >> 56)
        continue;
      StoreStatement *s = store_statement (w->db, w->registry->tables[i].referring[k], error);
      if (!s)
        return false;
      store_bind_integer (s, 1, subject_number (target));
      StoreStep step;
      while ((step = store_step (s, error)) == STORE_ROW) {
        Subject subject = subject_make (a->entity, store_integer (s, 0));
        g_array_append_val (found, subject);
      }
      if (step == STORE_FAILED)
        return false;
    }
  return true;
}

static bool
renew_row (RegistryWriter *w, Subject subject, GError **error)
{
  return take_subject (w, registry_subject_entity (w->registry->schema, subject), subject, error)
         && flush (w, error);
}

static bool
run_with (StoreConnection *db, const char *sql, gint64 value, GError **error)
{
  StoreStatement *s = store_statement (db, sql, error);
  if (!s)
    return false;
  store_bind_integer (s, 1, value);
  return store_run (s, error);
}

/* Nothing is known of it any more, so nothing finds it. */
static bool
drop_row (RegistryWriter *w, Subject subject, GError **error)
{
  const EntityTables *tables = &w->registry->tables[subject >> 56];
  const RegistryEntity *entity = registry_subject_entity (w->registry->schema, subject);
  return (!w->search || search_index_drop (w->search, entity, subject_number (subject), error))
         && run_with (w->db, tables->drop, subject_number (subject), error)
         && run_with (w->db, "DELETE FROM conflict WHERE subject = ?1", subject, error);
}

static bool
apply_merge (RegistryWriter *w, Subject root, Subject gone, bool merged, GError **error)
{
  g_autoptr (GArray) referring = g_array_new (FALSE, FALSE, sizeof (Subject));
  MergeView *view = NULL;
  if (!flush (w, error) || !find_referring (w, merged ? gone : root, referring, error)
      || !(view = merge_view_fresh (w->db, error)))
    return false;
  merge_view_unref (w->merges);
  w->merges = view;
  w->fold.merges = w->asking.merges = view;
  w->entities[gone >> 56].added += merged ? -1 : 1;
  bool ok = renew_row (w, merge_root (view, root), error)
            && (merged ? drop_row (w, gone, error) : renew_row (w, gone, error));
  for (guint i = 0; ok && i < referring->len; i++)
    ok = renew_row (w, merge_root (view, g_array_index (referring, Subject, i)), error);
  return ok;
}

bool
writer_apply_merge (RegistryWriter *w, Subject root, Subject gone, bool merged, Day day, GError **error)
{
  advance_day (w, day);
  w->failed = !apply_merge (w, root, gone, merged, error);
  return !w->failed;
}

/* ---- asking ------------------------------------------------------------ */

StoreConnection *
writer_flushed (RegistryWriter *w, GError **error)
{
  return is_usable (w, error) && flush (w, error) ? w->db : NULL;
}

StoreConnection *
writer_connection (RegistryWriter *w)
{
  return w->db;
}

Registry *
writer_registry (RegistryWriter *w)
{
  return w->registry;
}

Fold *
writer_asking (RegistryWriter *w)
{
  return &w->asking;
}

const RegistryBatchId *
writer_loads (RegistryWriter *w, const RegistryEntity *entity, GError **error)
{
  return load_loads (w, entity, error) ? w->entities[entity->index].loads : NULL;
}

/* ---- ending ------------------------------------------------------------ */

/* Fold again every subject that STATEMENT finds; it takes ?1 and gives the first
 * id after it, so rows may change under it. */
static bool
refold (RegistryWriter *w, const RegistryEntity *entity, const char *sql, gint64 start, bool advance,
        GError **error)
{
  for (gint64 at = start;;) {
    StoreStatement *statement = store_statement (w->db, sql, error);
    if (!statement)
      return false;
    store_bind_integer (statement, 1, at);
    StoreStep result = store_step (statement, error);
    gint64 number = result == STORE_ROW ? store_integer (statement, 0) : 0;
    store_reset (statement);
    if (result != STORE_ROW)
      return result == STORE_DONE;
    if (!take_subject (w, entity, subject_make (entity, number), error) || !flush (w, error))
      return false;
    if (advance)
      at = number;
  }
}

static bool
refold_entities (RegistryWriter *w, GError **error)
{
  const Registry *registry = w->registry;
  for (size_t i = 0; i < registry->schema->n; i++) {
    const RegistryEntity *entity = &registry->schema->entities[i];
    if (w->entities[i].refold && !refold (w, entity, registry->tables[i].after, 0, true, error))
      return false;
    if (w->day_advanced && !refold (w, entity, registry->tables[i].due, w->day, false, error))
      return false;
  }
  return true;
}

static bool
remember_counts (RegistryWriter *w, GError **error)
{
  for (size_t i = 0; i < w->registry->schema->n; i++) {
    if (!w->entities[i].added)
      continue;
    StoreStatement *insert
        = store_statement (w->db,
                           "INSERT INTO entity_count (entity, n) VALUES (?1, ?2)"
                           " ON CONFLICT (entity) DO UPDATE SET n = entity_count.n + excluded.n",
                           error);
    if (!insert)
      return false;
    store_bind_integer (insert, 1, (gint64)i);
    store_bind_integer (insert, 2, w->entities[i].added);
    if (!store_run (insert, error))
      return false;
  }
  return true;
}

static bool
remember_day (RegistryWriter *w, GError **error)
{
  if (!w->day_advanced)
    return true;
  StoreStatement *insert = store_statement (
      w->db,
      "INSERT INTO registry_day (one, day) VALUES (1, ?1) ON CONFLICT (one) DO UPDATE SET day = excluded.day",
      error);
  if (!insert)
    return false;
  store_bind_integer (insert, 1, w->day);
  return store_run (insert, error);
}

bool
registry_writer_commit (RegistryWriter *w, GError **error)
{
  bool ok = is_usable (w, error) && flush (w, error) && refold_entities (w, error) && remember_day (w, error)
            && (!w->search || search_index_flush (w->search, error)) && remember_counts (w, error)
            && trail_write (&w->trail, w->db, error)
            && (!w->registry->bulk || tables_index (w->db, w->registry, error));
  w->ended = true;
  if (w->joined)
    return ok;
  if (ok)
    return store_commit (w->registry->store, error);
  store_rollback (w->registry->store);
  return false;
}

bool
writer_refold_all (Registry *registry, GError **error)
{
  g_autoptr (RegistryWriter) w = registry_writer_new (registry, error);
  if (!w)
    return false;
  for (size_t i = 0; i < registry->schema->n; i++)
    w->entities[i].refold = true;
  return registry_writer_commit (w, error);
}

bool
registry_refresh (Registry *registry, Day today, GError **error)
{
  g_autoptr (RegistryWriter) w = registry_writer_new (registry, error);
  if (!w)
    return false;
  advance_day (w, today);
  return registry_writer_commit (w, error);
}
