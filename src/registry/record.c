/* The log itself: every record of one subject with its batch, and who refers to it.
 * For the copy of all data that a person may have, and for what is erased. */
#include "registry/registry_private.h"

char *
registry_fact_format (Arena *arena, const RegistrySchema *schema, const RegistryFact *fact)
{
  char buffer[DECIMAL_TEXT_MAX];
  if (fact->state != REGISTRY_VALUE)
    return NULL;
  switch (fact->attribute->kind) {
  case REGISTRY_BOOLEAN: return arena_text (arena, text_of (fact->integer ? "true" : "false"));
  case REGISTRY_NUMBER:
  case REGISTRY_MONEY:
    decimal_format (decimal_from_scaled (fact->integer, fact->attribute->scale), buffer);
    return arena_text (arena, text_of (buffer));
  case REGISTRY_DATE: return arena_text (arena, text_of (civil_format (fact->integer, buffer)));
  case REGISTRY_TEXT: return arena_text (arena, fact->text);
  case REGISTRY_REFERENCE: return registry_subject_format (arena, schema, fact->integer);
  case REGISTRY_COLLECTION: break;
  }
  g_assert_not_reached ();
}

/* ---- records ----------------------------------------------------------- */

static bool
fact_of_packed (const Registry *registry, const RegistryEntity *entity, const PackedFact *packed,
                RegistryFact *fact)
{
  const RegistryAttribute *a = registry_attribute_of_number (registry, entity, packed->number);
  bool word = packed->form == PACKED_WORD;
  if (!a || (word && (guint64)packed->integer >= registry->n_words))
    return false;
  *fact = (RegistryFact){ .attribute = a,
                          .state = packed->form == PACKED_NONE ? REGISTRY_NONE : REGISTRY_VALUE,
                          .integer = packed->integer,
                          .text = word ? text_of (registry->words[packed->integer]) : packed->text };
  if (a->kind == REGISTRY_REFERENCE && fact->state == REGISTRY_VALUE)
    fact->integer = subject_make (a->target, packed->integer);
  return true;
}

/* The facts packed in BYTES, which ARENA holds already. */
static bool
unpack (const Registry *registry, Arena *arena, const RegistryEntity *entity, Text bytes,
        RegistryRecord *record, GError **error)
{
  const guint8 *at = (const guint8 *)bytes.bytes, *end = at + bytes.len;
  RegistryFact *facts = arena_new0 (arena, RegistryFact, entity->n);
  record->facts = facts;
  while (at < end) {
    PackedFact packed;
    if (record->n == entity->n || !packed_next (&at, end, &packed)
        || !fact_of_packed (registry, entity, &packed, &facts[record->n++])) {
      g_set_error (error, FAULT, FAULT_SYSTEM, "%s: a record of %s cannot be read: restore a backup",
                   store_path (registry->store), entity->id);
      return false;
    }
  }
  return true;
}

static RegistryRecord
read_record (StoreStatement *s, Arena *arena)
{
  return (RegistryRecord){ .batch = store_integer (s, 0),
                           .recorded_at = store_integer (s, 1),
                           .source = store_string (s, 2, arena),
                           .actor = store_string (s, 3, arena),
                           .evidence = store_string (s, 4, arena),
                           .valid_from = store_is_null (s, 5) ? REGISTRY_EVER : store_integer (s, 5),
                           .valid_to = store_is_null (s, 6) ? REGISTRY_FOREVER : store_integer (s, 6) };
}

static bool
read_log (Registry *registry, StoreConnection *db, Arena *arena, Subject subject, GArray *records,
          GError **error)
{
  const RegistryEntity *entity = registry_subject_entity (registry->schema, subject);
  StoreStatement *s = store_statement (
      db,
      "SELECT r.batch, b.recorded_at, b.source, b.actor, b.evidence, r.valid_from, r.valid_to, r.facts"
      " FROM record r JOIN batch b ON b.id = r.batch WHERE r.subject = ?1"
      " ORDER BY r.batch, r.sequence",
      error);
  if (!s)
    return false;
  store_bind_integer (s, 1, subject);
  StoreStep step;
  while ((step = store_step (s, error)) == STORE_ROW) {
    RegistryRecord record = read_record (s, arena);
    Text packed = store_blob (s, 7);
    Text bytes = { arena_copy (arena, packed.bytes, packed.len), packed.len };
    if (!unpack (registry, arena, entity, bytes, &record, error)) {
      store_reset (s);
      return false;
    }
    g_array_append_val (records, record);
  }
  return step == STORE_DONE;
}

static int
by_batch (gconstpointer a, gconstpointer b)
{
  RegistryBatchId x = ((const RegistryRecord *)a)->batch, y = ((const RegistryRecord *)b)->batch;
  return (x > y) - (x < y);
}

/* Those of everyone who turned out to be SUBJECT, too. */
const RegistryRecord *
registry_records (Registry *registry, Arena *arena, Subject subject, size_t *n, GError **error)
{
  g_autoptr (GArray) records = g_array_new (FALSE, FALSE, sizeof (RegistryRecord));
  g_autoptr (StoreReader) reader = store_reader (registry->store, error);
  StoreConnection *db = reader ? store_reader_db (reader) : NULL;
  MergeView *merges = db ? merge_view (registry, db, G_MAXINT64, error) : NULL;
  bool ok = merges != NULL;
  Subject member;
  *n = 0;
  for (size_t i = 0; ok && (i = merge_members (merges, merge_root (merges, subject), i, &member));)
    ok = read_log (registry, db, arena, member, records, error);
  merge_view_unref (merges);
  if (!ok)
    return NULL;
  g_array_sort (records, by_batch); /* stable, as g_array_sort promises */
  *n = records->len;
  return arena_copy (arena, records->data, records->len * sizeof (RegistryRecord));
}

static int
by_number (gconstpointer a, gconstpointer b)
{
  Subject x = *(const Subject *)a, y = *(const Subject *)b;
  return (x > y) - (x < y);
}

static bool
find_referrers (Registry *registry, StoreConnection *db, const MergeView *merges, Subject subject,
                const RegistryAttribute *via, GArray *found, GError **error)
{
  StoreStatement *s = store_statement (db, registry->tables[via->entity->index].referrers[via->index], error);
  if (!s)
    return false;
  store_bind_integer (s, 1, subject_number (subject));
  StoreStep step;
  while ((step = store_step (s, error)) == STORE_ROW) {
    Subject referrer = merge_root (merges, subject_make (via->entity, store_integer (s, 0)));
    g_array_append_val (found, referrer);
  }
  return step == STORE_DONE;
}

const Subject *
registry_referrers (Registry *registry, Arena *arena, Subject subject, const RegistryAttribute *collection,
                    size_t *n, GError **error)
{
  g_autoptr (GArray) found = g_array_new (FALSE, FALSE, sizeof (Subject));
  g_autoptr (StoreReader) reader = store_reader (registry->store, error);
  StoreConnection *db = reader ? store_reader_db (reader) : NULL;
  MergeView *merges = db ? merge_view (registry, db, G_MAXINT64, error) : NULL;
  bool ok = merges != NULL;
  Subject member;
  *n = 0;
  for (size_t i = 0; ok && (i = merge_members (merges, merge_root (merges, subject), i, &member));)
    ok = find_referrers (registry, db, merges, member, collection->via, found, error);
  merge_view_unref (merges);
  if (!ok)
    return NULL;
  g_array_sort (found, by_number);
  Subject *subjects = arena_copy (arena, found->data, found->len * sizeof (Subject));
  for (guint i = 0; i < found->len; i++)
    if (i == 0 || g_array_index (found, Subject, i) != subjects[*n - 1])
      subjects[(*n)++] = g_array_index (found, Subject, i);
  return subjects;
}
