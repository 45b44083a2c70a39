/* Reading a subject, and what the paths lead to, as FEEL values.
 *
 * The paths make a tree of attributes (the question); each subject on it is
 * folded once from the log, and every fact that the tree asks of it is made
 * once, with its provenance.  Nothing else is read. */
#include "registry/registry_private.h"

/* What is asked of a subject: by attribute, NULL where not asked. */
typedef struct Question {
  const RegistryEntity *entity; /* NULL: a plain value, nothing further */
  struct Question **members;
} Question;

/* One subject's folded log, kept for the reading. */
typedef struct {
  Subject subject;
  const RegistryEntity *entity;
  const Cell *cells;
  const LogRecord *records;
  size_t n_records;
  const char *texts;
  RegistryProvenance **facts; /* by attribute, NULL until asked */
  struct FoldRival *rivals;   /* those in conflict with their attribute's cell */
  size_t n_rivals;
} Loaded;

/* How a subject was reached, for the names of unknown facts. */
typedef struct Where {
  const struct Where *parent;
  const char *name;
  size_t index; /* from 1 within a collection, else 0 */
} Where;

struct RegistryReading {
  Registry *registry;
  Arena *arena;
  StoreConnection *db;
  RegistryMoment at;
  Fold fold;
  Loaded *root;
  Question *question;
  FeelValue value;
  GHashTable *loaded;      /* &Loaded.subject → Loaded */
  RegistryBatchId **loads; /* by entity, then attribute; NULL until asked */
  BatchCache batches;
  MergeView *then, *now;
  GPtrArray *list; /* RegistryProvenance, while reading */
  const RegistryProvenance *const *facts;
  size_t n_facts;
};

/* ---- the question ------------------------------------------------------ */

static Question *
question_new (Arena *arena, const RegistryEntity *entity)
{
  Question *q = arena_new0 (arena, Question, 1);
  q->entity = entity;
  if (entity)
    q->members = arena_new0 (arena, Question *, entity->n);
  return q;
}

static const RegistryAttribute *
attribute_named (const RegistryEntity *entity, Text zh)
{
  for (size_t i = 0; i < entity->n; i++)
    if (text_equal (text_of (entity->attributes[i].zh), zh))
      return &entity->attributes[i];
  return NULL;
}

/* Members beyond a plain value (出生日期.year) are FEEL's, not ours. */
static bool
question_add (Arena *arena, Question *q, const FeelPath *path, GError **error)
{
  for (size_t i = 0; i < path->n && q->entity; i++) {
    const RegistryAttribute *a = attribute_named (q->entity, path->members[i]);
    if (!a) {
      g_set_error (error, FAULT, FAULT_INPUT, "%s has no attribute \"%.*s\": see registry.yaml",
                   q->entity->zh, (int)path->members[i].len, path->members[i].bytes);
      return false;
    }
    if (!q->members[a->index])
      q->members[a->index] = question_new (arena, a->target);
    q = q->members[a->index];
  }
  return true;
}

/* Everything the subject itself holds. */
static void
question_add_own (Arena *arena, Question *q)
{
  for (size_t i = 0; i < q->entity->n; i++)
    if (q->entity->attributes[i].kind != REGISTRY_COLLECTION)
      q->members[i] = question_new (arena, NULL);
}

static bool
asks_further (const Question *q)
{
  for (size_t i = 0; q->entity && i < q->entity->n; i++)
    if (q->members[i])
      return true;
  return false;
}

/* ---- subjects ---------------------------------------------------------- */

static const RegistryBatchId *
loads_of (RegistryReading *r, const RegistryEntity *entity, GError **error)
{
  RegistryBatchId **loads = &r->loads[entity->index];
  if (!*loads) {
    *loads = arena_new0 (r->arena, RegistryBatchId, entity->n);
    if (!registry_complete_loads (r->db, r->registry, entity, r->at.known_at, *loads, error))
      return NULL;
  }
  return *loads;
}

/* The rivals of every attribute, kept before the fold is used for the next subject. */
static bool
keep_rivals (RegistryReading *r, Loaded *loaded, GError **error)
{
  const Fold *fold = &r->fold;
  g_autoptr (GPtrArray) found = g_ptr_array_new ();
  loaded->rivals = arena_new0 (r->arena, struct FoldRival, fold->n_rivals);
  for (size_t i = 0; fold->n_rivals && i < loaded->entity->n; i++) {
    const RegistryAttribute *a = &loaded->entity->attributes[i];
    g_ptr_array_set_size (found, 0);
    if (fold->cells[i].state != REGISTRY_UNSTATED && !conflict_find (fold, a, &r->batches, found, error))
      return false;
    for (guint j = 0; j < found->len; j++)
      loaded->rivals[loaded->n_rivals++] = (struct FoldRival){ a, *(const Cell *)found->pdata[j] };
  }
  return true;
}

static Loaded *
load_subject (RegistryReading *r, Subject subject, GError **error)
{
  Loaded *loaded = g_hash_table_lookup (r->loaded, &subject);
  if (loaded)
    return loaded;
  const RegistryEntity *entity = registry_subject_entity (r->registry->schema, subject);
  const RegistryBatchId *loads = loads_of (r, entity, error);
  if (!loads)
    return NULL;
  fold_start (&r->fold, entity, r->at.valid_at, loads);
  if (!fold_subject (&r->fold, r->db, subject, r->at.known_at, NULL, error))
    return NULL;
  loaded = arena_new0 (r->arena, Loaded, 1);
  *loaded
      = (Loaded){ .subject = subject,
                  .entity = entity,
                  .cells = arena_copy (r->arena, r->fold.cells, entity->n * sizeof (Cell)),
                  .records = arena_copy (r->arena, r->fold.records, r->fold.n_records * sizeof (LogRecord)),
                  .n_records = r->fold.n_records,
                  .texts = arena_copy (r->arena, r->fold.buffer.bytes, r->fold.buffer.len),
                  .facts = arena_new0 (r->arena, RegistryProvenance *, entity->n) };
  if (!keep_rivals (r, loaded, error))
    return NULL;
  g_hash_table_insert (r->loaded, &loaded->subject, loaded);
  return loaded;
}

/* ---- facts ------------------------------------------------------------- */

static void
write_where (GString *out, const Where *where)
{
  if (where->parent) {
    write_where (out, where->parent);
    g_string_append_c (out, '.');
  }
  g_string_append (out, where->name);
  if (where->index)
    g_string_append_printf (out, "[%zu]", where->index);
}

static FeelValue
unknown_of (RegistryReading *r, const Where *where, const RegistryProvenance *fact)
{
  g_autoptr (GString) name = g_string_new (NULL);
  write_where (name, where);
  g_string_append_printf (name, ".%s", fact->attribute->zh);
  Text text = text_of (arena_text (r->arena, (Text){ name->str, name->len }));
  return feel_unknown (r->arena, (FeelNeed){ .name = text, .host = fact });
}

static FeelValue
value_of (RegistryReading *r, const RegistryAttribute *a, gint64 integer, Text text)
{
  switch (a->kind) {
  case REGISTRY_BOOLEAN: return feel_boolean (integer != 0);
  case REGISTRY_NUMBER:
  case REGISTRY_MONEY: return feel_number (decimal_from_scaled (integer, a->scale));
  case REGISTRY_TEXT: return feel_string (text);
  case REGISTRY_DATE: return feel_date (integer);
  case REGISTRY_REFERENCE:
    return feel_string (text_of (registry_subject_format (r->arena, r->registry->schema, integer)));
  case REGISTRY_COLLECTION: break;
  }
  g_assert_not_reached ();
}

static bool
say_batch (RegistryReading *r, RegistryProvenance *fact, RegistryBatchId id, GError **error)
{
  const BatchInfo *known = batch_info (&r->batches, id, error);
  if (!known)
    return false;
  fact->batch = id;
  fact->source = known->source;
  fact->recorded_at = known->recorded_at;
  return true;
}

static FeelValue
value_of_cell (RegistryReading *r, const Loaded *loaded, const RegistryAttribute *a, const Cell *cell)
{
  Text text = cell->word ? text_of (cell->word) : (Text){ loaded->texts + cell->offset, cell->len };
  return cell->state == REGISTRY_NONE ? feel_null () : value_of (r, a, cell->integer, text);
}

static bool
state_rivals (RegistryReading *r, const Loaded *loaded, RegistryProvenance *fact, GError **error)
{
  RegistryRival *rivals = NULL;
  for (size_t i = 0; i < loaded->n_rivals; i++) {
    if (loaded->rivals[i].attribute != fact->attribute)
      continue;
    const Cell *cell = &loaded->rivals[i].cell;
    const LogRecord *record = &loaded->records[cell->record];
    const BatchInfo *batch = batch_info (&r->batches, record->batch, error);
    if (!batch)
      return false;
    if (!rivals)
      rivals = arena_new0 (r->arena, RegistryRival, loaded->n_rivals);
    rivals[fact->n_rivals++]
        = (RegistryRival){ cell->state,        value_of_cell (r, loaded, fact->attribute, cell),
                           record->batch,      batch->source,
                           batch->recorded_at, record->valid_from,
                           record->valid_to };
  }
  fact->rivals = rivals;
  return true;
}

static bool
state_fact (RegistryReading *r, const Loaded *loaded, RegistryProvenance *fact, const Cell *cell,
            GError **error)
{
  const LogRecord *record = &loaded->records[cell->record];
  fact->state = cell->state;
  fact->valid_from = record->valid_from;
  fact->valid_to = record->valid_to;
  fact->value = value_of_cell (r, loaded, fact->attribute, cell);
  if (fact->attribute->kind == REGISTRY_REFERENCE && cell->state == REGISTRY_VALUE)
    fact->target = cell->integer;
  return say_batch (r, fact, record->batch, error) && state_rivals (r, loaded, fact, error);
}

/* Nobody stated it, but a complete load is current: absence has a meaning. */
static bool
assume_fact (RegistryReading *r, RegistryProvenance *fact, RegistryBatchId load, GError **error)
{
  const RegistryAttribute *a = fact->attribute;
  RegistryFact value = { 0 };
  fact->assumed = true;
  fact->value = feel_null ();
  if (a->absence == REGISTRY_ABSENT_VALUE) {
    if (!registry_fact_parse (r->registry->schema, a, text_of (a->absence_text), &value, error))
      return false;
    fact->value = value_of (r, a, value.integer, value.text);
  }
  return say_batch (r, fact, load, error);
}

static RegistryProvenance *
new_fact (RegistryReading *r, Loaded *loaded, const RegistryAttribute *a)
{
  RegistryProvenance *fact = arena_new0 (r->arena, RegistryProvenance, 1);
  *fact = (RegistryProvenance){ .attribute = a,
                                .subject = loaded->subject,
                                .source = a->source,
                                .valid_from = REGISTRY_EVER,
                                .valid_to = REGISTRY_FOREVER };
  loaded->facts[a->index] = fact;
  g_ptr_array_add (r->list, fact);
  return fact;
}

static const RegistryProvenance *
read_fact (RegistryReading *r, Loaded *loaded, const RegistryAttribute *a, const Where *where, GError **error)
{
  if (loaded->facts[a->index])
    return loaded->facts[a->index];
  const RegistryBatchId *loads = loads_of (r, loaded->entity, error);
  if (!loads)
    return NULL;
  RegistryProvenance *fact = new_fact (r, loaded, a);
  const Cell *cell = &loaded->cells[a->index];
  if (cell->state != REGISTRY_UNSTATED)
    return state_fact (r, loaded, fact, cell, error) ? fact : NULL;
  if (a->absence != REGISTRY_ABSENT_UNKNOWN && loads[a->index])
    return assume_fact (r, fact, loads[a->index], error) ? fact : NULL;
  fact->value = unknown_of (r, where, fact);
  return fact;
}

/* ---- contexts ---------------------------------------------------------- */

static bool read_context (RegistryReading *r, const Question *q, Loaded *loaded, const Where *where,
                          FeelValue *value, GError **error);

static bool
read_reference (RegistryReading *r, const Question *q, const RegistryProvenance *fact, const Where *where,
                FeelValue *value, GError **error)
{
  *value = fact->value;
  if (!fact->target)
    return true;
  if (!asks_further (q)) {
    *value = feel_context (r->arena, NULL, 0);
    return true;
  }
  Loaded *target = load_subject (r, fact->target, error);
  Where there = { where, fact->attribute->zh, 0 };
  return target && read_context (r, q, target, &there, value, error);
}

/* SUBJECT, and whoever is one with it now, as they were known then. */
static void
add_candidate (const RegistryReading *r, Subject subject, GArray *found)
{
  Subject member;
  for (size_t i = 0; (i = merge_members (r->now, merge_root (r->now, subject), i, &member));) {
    Subject root = merge_root (r->then, member);
    g_array_append_val (found, root);
  }
}

static int
compare_subjects (gconstpointer a, gconstpointer b)
{
  Subject x = *(const Subject *)a, y = *(const Subject *)b;
  return (x > y) - (x < y);
}

/* Those who refer to TARGET by VIA, or did at some time; some may be there twice. */
static bool
read_candidates (RegistryReading *r, const RegistryAttribute *via, Subject target, GArray *found,
                 GError **error)
{
  Subject member;
  StoreStep result = STORE_DONE;
  for (size_t i = 0; result != STORE_FAILED && (i = merge_members (r->then, target, i, &member));) {
    StoreStatement *statement
        = store_statement (r->db, r->registry->tables[via->entity->index].referrers[via->index], error);
    if (!statement)
      return false;
    store_bind_integer (statement, 1, subject_number (member));
    while ((result = store_step (statement, error)) == STORE_ROW)
      add_candidate (r, subject_make (via->entity, store_integer (statement, 0)), found);
  }
  g_array_sort (found, compare_subjects);
  return result == STORE_DONE;
}

/* The subjects that refer to TARGET at the moment of the reading, in id order. */
static bool
read_referrers (RegistryReading *r, const RegistryAttribute *via, Subject target, GPtrArray *found,
                GError **error)
{
  g_autoptr (GArray) candidates = g_array_new (FALSE, FALSE, sizeof (Subject));
  if (!read_candidates (r, via, target, candidates, error))
    return false;
  for (guint i = 0; i < candidates->len; i++) {
    Subject candidate = g_array_index (candidates, Subject, i);
    if (i > 0 && candidate == g_array_index (candidates, Subject, i - 1))
      continue;
    Loaded *member = load_subject (r, candidate, error);
    if (!member)
      return false;
    const Cell *cell = &member->cells[via->index];
    if (cell->state == REGISTRY_VALUE && cell->integer == target)
      g_ptr_array_add (found, member);
  }
  return true;
}

static FeelValue
list_of_ids (RegistryReading *r, const GPtrArray *members)
{
  FeelValue *ids = arena_new0 (r->arena, FeelValue, members->len);
  for (guint i = 0; i < members->len; i++) {
    const Loaded *member = members->pdata[i];
    ids[i] = feel_string (text_of (registry_subject_format (r->arena, r->registry->schema, member->subject)));
  }
  return feel_list (r->arena, ids, members->len);
}

/* A collection is known while a complete load of its entity from its source is
 * current: otherwise nobody has said that there are no others. */
static const RegistryProvenance *
read_collection_fact (RegistryReading *r, Loaded *loaded, const RegistryAttribute *a, const Where *where,
                      GPtrArray *members, GError **error)
{
  RegistryBatchId load = 0;
  if (!registry_complete_load (r->db, a->target, a->source, r->at.known_at, &load, error)
      || !read_referrers (r, a->via, loaded->subject, members, error))
    return NULL;
  if (loaded->facts[a->index])
    return loaded->facts[a->index];
  RegistryProvenance *fact = new_fact (r, loaded, a);
  if (!load) {
    fact->value = unknown_of (r, where, fact);
    return fact;
  }
  fact->state = REGISTRY_VALUE;
  fact->value = list_of_ids (r, members);
  return say_batch (r, fact, load, error) ? fact : NULL;
}

static bool
read_collection (RegistryReading *r, const Question *q, Loaded *loaded, const RegistryAttribute *a,
                 const Where *where, FeelValue *value, GError **error)
{
  g_autoptr (GPtrArray) members = g_ptr_array_new ();
  const RegistryProvenance *fact = read_collection_fact (r, loaded, a, where, members, error);
  if (!fact)
    return false;
  if (fact->state != REGISTRY_VALUE) {
    *value = fact->value;
    return true;
  }
  FeelValue *items = arena_new0 (r->arena, FeelValue, members->len);
  for (guint i = 0; i < members->len; i++) {
    Where there = { where, a->zh, i + 1 };
    if (!read_context (r, q, members->pdata[i], &there, &items[i], error))
      return false;
  }
  *value = feel_list (r->arena, items, members->len);
  return true;
}

static bool
read_member (RegistryReading *r, const Question *q, Loaded *loaded, const RegistryAttribute *a,
             const Where *where, FeelValue *value, GError **error)
{
  if (a->kind == REGISTRY_COLLECTION)
    return read_collection (r, q, loaded, a, where, value, error);
  const RegistryProvenance *fact = read_fact (r, loaded, a, where, error);
  if (!fact)
    return false;
  if (a->kind == REGISTRY_REFERENCE && q->entity)
    return read_reference (r, q, fact, where, value, error);
  *value = fact->value;
  return true;
}

static bool
read_context (RegistryReading *r, const Question *q, Loaded *loaded, const Where *where, FeelValue *value,
              GError **error)
{
  const RegistryEntity *entity = loaded->entity;
  FeelEntry *entries = arena_new0 (r->arena, FeelEntry, entity->n);
  size_t n = 0;
  for (size_t i = 0; i < entity->n; i++) {
    if (!q->members[i])
      continue;
    const RegistryAttribute *a = &entity->attributes[i];
    entries[n].name = text_of (a->zh);
    if (!read_member (r, q->members[i], loaded, a, where, &entries[n++].value, error))
      return false;
  }
  *value = feel_context (r->arena, entries, n);
  return true;
}

/* ---- the reading ------------------------------------------------------- */

static bool
read_root (RegistryReading *r, Subject subject, GError **error)
{
  r->root = load_subject (r, subject, error);
  if (!r->root)
    return false;
  if (r->root->n_records == 0) {
    g_set_error (error, FAULT, FAULT_NOT_FOUND, "%s: no such subject in the registry%s",
                 registry_subject_format (r->arena, r->registry->schema, subject),
                 r->at.known_at == G_MAXINT64 ? "" : " at that time");
    return false;
  }
  Where where = { NULL, r->root->entity->zh, 0 };
  return read_context (r, r->question, r->root, &where, &r->value, error);
}

/* Whom subjects lead to at the moment of the reading, and in the current tables. */
static bool
begin_merges (RegistryReading *r, GError **error)
{
  r->now = merge_view (r->registry, r->db, G_MAXINT64, error);
  r->then = r->now ? merge_view (r->registry, r->db, r->at.known_at, error) : NULL;
  r->fold.merges = r->then;
  return r->then != NULL;
}

static bool
run_reading (RegistryReading *r, Subject subject, GError **error)
{
  g_autoptr (StoreReader) reader = store_reader (r->registry->store, error);
  if (!reader)
    return false;
  r->db = store_reader_db (reader);
  r->list = g_ptr_array_new ();
  fold_init (&r->fold, r->registry);
  batch_cache_init (&r->batches, r->db, r->arena);
  bool ok = begin_merges (r, error) && read_root (r, merge_root (r->fold.merges, subject), error);
  r->n_facts = r->list->len;
  r->facts = arena_copy (r->arena, r->list->pdata, r->n_facts * sizeof (gpointer));
  fold_clear (&r->fold);
  merge_view_unref (r->then);
  merge_view_unref (r->now);
  batch_cache_clear (&r->batches);
  g_ptr_array_free (g_steal_pointer (&r->list), TRUE);
  r->db = NULL;
  return ok;
}

const RegistryReading *
registry_read (Registry *registry, Arena *arena, Subject subject, const FeelPath *paths, size_t n_paths,
               RegistryMoment at, GError **error)
{
  const RegistryEntity *entity = registry_subject_entity (registry->schema, subject);
  if (!entity) {
    g_set_error (error, FAULT, FAULT_NOT_FOUND, "%" G_GINT64_FORMAT " is no subject of this schema", subject);
    return NULL;
  }
  RegistryReading *r = arena_new0 (arena, RegistryReading, 1);
  *r = (RegistryReading){ .registry = registry, .arena = arena, .at = at };
  r->loads = arena_new0 (arena, RegistryBatchId *, registry->schema->n);
  r->question = question_new (arena, entity);
  if (!paths)
    question_add_own (arena, r->question);
  for (size_t i = 0; paths && i < n_paths; i++)
    if (!question_add (arena, r->question, &paths[i], error))
      return NULL;
  r->loaded = g_hash_table_new (g_int64_hash, g_int64_equal);
  bool ok = run_reading (r, subject, error);
  g_hash_table_destroy (r->loaded);
  return ok ? r : NULL;
}

FeelValue
registry_reading_value (const RegistryReading *reading)
{
  return reading->value;
}

const RegistryProvenance *const *
registry_reading_facts (const RegistryReading *reading, size_t *n)
{
  *n = reading->n_facts;
  return reading->facts;
}

/* ---- the facts behind a path ------------------------------------------- */

static const RegistryProvenance *
fact_read (const RegistryReading *r, Subject subject, const RegistryAttribute *a)
{
  for (size_t i = 0; i < r->n_facts; i++)
    if (r->facts[i]->subject == subject && r->facts[i]->attribute == a)
      return r->facts[i];
  return NULL;
}

/* The subjects that a reference or collection fact leads to. */
static void
follow_fact (const RegistryReading *r, const RegistryProvenance *fact, GArray *subjects)
{
  if (fact->target)
    g_array_append_val (subjects, fact->target);
  if (fact->attribute->kind != REGISTRY_COLLECTION || fact->state != REGISTRY_VALUE)
    return;
  for (size_t i = 0; i < fact->value.list->n; i++) {
    Subject subject;
    if (registry_subject_parse (r->registry->schema, fact->value.list->items[i].string, &subject))
      g_array_append_val (subjects, subject);
  }
}

/* One step of the path: the facts of NAME of all SUBJECTS.  Those that lead on
 * are followed into NEXT; those that do not, or at the path's END, are FOUND. */
static void
step_path (const RegistryReading *r, const GArray *subjects, Text name, bool end, GArray *next,
           GPtrArray *found)
{
  for (guint i = 0; i < subjects->len; i++) {
    Subject subject = g_array_index (subjects, Subject, i);
    const RegistryAttribute *a
        = attribute_named (registry_subject_entity (r->registry->schema, subject), name);
    const RegistryProvenance *fact = a ? fact_read (r, subject, a) : NULL;
    if (!fact)
      continue;
    guint before = next->len;
    if (!end)
      follow_fact (r, fact, next);
    if (next->len == before)
      g_ptr_array_add (found, (gpointer)fact);
  }
}

const RegistryProvenance *const *
registry_reading_path (const RegistryReading *reading, Arena *arena, const FeelPath *path, size_t *n)
{
  g_autoptr (GPtrArray) found = g_ptr_array_new ();
  g_autoptr (GArray) subjects = g_array_new (FALSE, FALSE, sizeof (Subject));
  g_array_append_val (subjects, reading->root->subject);
  for (size_t i = 0; i < path->n && subjects->len; i++) {
    GArray *next = g_array_new (FALSE, FALSE, sizeof (Subject));
    step_path (reading, subjects, path->members[i], i + 1 == path->n, next, found);
    g_array_free (subjects, TRUE);
    subjects = next;
  }
  *n = found->len;
  return found->len ? arena_copy (arena, found->pdata, found->len * sizeof (gpointer)) : NULL;
}
