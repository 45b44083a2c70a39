/* The audit entries of a writing: one for each batch, with the subjects whose
 * records it brought, in the same transaction. */
#include "registry/registry_private.h"

/* Nearly every batch a person makes is about one subject, which needs no set. */
typedef struct {
  RegistryBatchId id;
  const char *source, *actor, *evidence, *complete_of;
  gint64 records;
  Subject first, latest;
  AuditSet *subjects; /* NULL while there is one */
} TrailBatch;

void
trail_init (Trail *trail, Arena *arena)
{
  trail->arena = arena;
  trail->batches = g_array_new (FALSE, FALSE, sizeof (TrailBatch));
}

void
trail_clear (Trail *trail)
{
  for (guint i = 0; i < trail->batches->len; i++)
    audit_set_free (g_array_index (trail->batches, TrailBatch, i).subjects);
  g_array_unref (trail->batches);
}

static const char *
keep (const Trail *trail, const char *text)
{
  return text ? arena_text (trail->arena, text_of (text)) : NULL;
}

void
trail_batch (Trail *trail, RegistryBatchId id, const RegistryBatch *about)
{
  TrailBatch batch = { .id = id,
                       .source = keep (trail, about->source),
                       .actor = keep (trail, about->actor),
                       .evidence = keep (trail, about->evidence),
                       .complete_of = keep (trail, about->complete_of) };
  g_array_append_val (trail->batches, batch);
}

void
trail_record (Trail *trail, RegistryBatchId id, Subject subject)
{
  RegistryBatchId begun = g_array_index (trail->batches, TrailBatch, 0).id;
  TrailBatch *batch = &g_array_index (trail->batches, TrailBatch, id - begun);
  batch->records++;
  if (batch->latest == subject)
    return;
  batch->latest = subject;
  if (!batch->first) {
    batch->first = subject;
    return;
  }
  if (!batch->subjects) {
    batch->subjects = audit_set_new ();
    audit_set_add (batch->subjects, batch->first);
  }
  audit_set_add (batch->subjects, subject);
}

static char *
detail_of (const TrailBatch *batch)
{
  GString *json = g_string_new (NULL);
  g_autoptr (JsonWriter) w = json_writer_new (json, 0);
  json_begin_object (w);
  json_member_int (w, "batch", batch->id);
  json_member_int (w, "records", batch->records);
  if (batch->complete_of)
    json_member_str (w, "complete_of", batch->complete_of);
  if (batch->evidence)
    json_member_str (w, "evidence", batch->evidence);
  json_end_object (w);
  return g_string_free (json, FALSE);
}

bool
trail_write (const Trail *trail, StoreConnection *db, GError **error)
{
  for (guint i = 0; i < trail->batches->len; i++) {
    const TrailBatch *batch = &g_array_index (trail->batches, TrailBatch, i);
    g_autofree char *detail = detail_of (batch);
    AuditEntry entry = { .act = AUDIT_WRITE,
                         .actor = batch->actor,
                         .department = batch->source,
                         .subject = batch->subjects ? 0 : batch->first,
                         .subjects = batch->subjects,
                         .detail = detail };
    if (!audit_append (db, &entry, error))
      return false;
  }
  return true;
}
