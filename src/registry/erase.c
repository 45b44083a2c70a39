/* Erasing: the one change of the record log, where the law orders it (Personal
 * Information Protection Law, article 47).  The values go, the records stay. */
#include "registry/registry_private.h"

typedef struct {
  RegistryBatchId batch;
  gint64 sequence;
  GBytes *facts;
} PackedRecord;

static void
packed_record_clear (gpointer data)
{
  g_bytes_unref (((PackedRecord *)data)->facts);
}

/* BYTES without the facts of attribute NUMBER; NULL when there are none. */
static GBytes *
without_attribute (Text bytes, guint32 number)
{
  const guint8 *at = (const guint8 *)bytes.bytes, *end = at + bytes.len;
  Buffer kept = { 0 };
  bool found = false;
  PackedFact fact;
  while (packed_next (&at, end, &fact)) {
    if (fact.number == number)
      found = true;
    else
      packed_append (&kept, &fact);
  }
  if (found)
    return g_bytes_new_take (kept.bytes, kept.len);
  g_free (kept.bytes);
  return NULL;
}

/* The records of SUBJECT that mention attribute NUMBER, already without it. */
static bool
find_erased (StoreConnection *db, Subject subject, guint32 number, GArray *records, GError **error)
{
  StoreStatement *s
      = store_statement (db, "SELECT batch, sequence, facts FROM record WHERE subject = ?1", error);
  if (!s)
    return false;
  store_bind_integer (s, 1, subject);
  StoreStep step;
  while ((step = store_step (s, error)) == STORE_ROW) {
    PackedRecord record = { store_integer (s, 0), store_integer (s, 1), NULL };
    if ((record.facts = without_attribute (store_blob (s, 2), number)))
      g_array_append_val (records, record);
  }
  return step == STORE_DONE;
}

static bool
update_record (StoreConnection *db, Subject subject, const PackedRecord *record, GError **error)
{
  StoreStatement *s = store_statement (
      db, "UPDATE record SET facts = ?4 WHERE subject = ?1 AND batch = ?2 AND sequence = ?3", error);
  if (!s)
    return false;
  gsize len;
  const void *bytes = g_bytes_get_data (record->facts, &len);
  store_bind_integer (s, 1, subject);
  store_bind_integer (s, 2, record->batch);
  store_bind_integer (s, 3, record->sequence);
  store_bind_blob (s, 4, bytes ? bytes : "", len);
  return store_run (s, error);
}

static bool
forget_references (StoreConnection *db, const RegistryAttribute *a, guint32 number, Subject subject,
                   GError **error)
{
  StoreStatement *s = store_statement (
      db, "DELETE FROM former_reference WHERE entity = ?1 AND attribute = ?2 AND subject = ?3", error);
  if (!s)
    return false;
  store_bind_integer (s, 1, a->entity->index);
  store_bind_integer (s, 2, number);
  store_bind_integer (s, 3, subject_number (subject));
  return store_run (s, error);
}

bool
log_erase (StoreConnection *db, const Registry *registry, const RegistryAttribute *a, Subject subject,
           GError **error)
{
  g_autoptr (GArray) records = g_array_new (FALSE, FALSE, sizeof (PackedRecord));
  g_array_set_clear_func (records, packed_record_clear);
  guint32 number = registry->tables[a->entity->index].numbers[a->index];
  bool ok = find_erased (db, subject, number, records, error)
            && forget_references (db, a, number, subject, error);
  for (guint i = 0; ok && i < records->len; i++)
    ok = update_record (db, subject, &g_array_index (records, PackedRecord, i), error);
  return ok;
}
