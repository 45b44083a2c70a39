/* The copy for programs: docs/api/openapi.yaml, Copy. */
#include "rights/rights_private.h"

enum { ACCESSES_AT_ONCE = 500 };

static void
member_instant (JsonWriter *w, const char *key, gint64 seconds)
{
  char buffer[CIVIL_TEXT_MAX];
  json_member_str (w, key, seconds ? instant_format (seconds, buffer) : NULL);
}

static void
member_day (JsonWriter *w, const char *key, Day day)
{
  char buffer[CIVIL_TEXT_MAX];
  json_member_str (w, key,
                   day == REGISTRY_EVER || day == REGISTRY_FOREVER ? NULL : civil_format (day, buffer));
}

static void
member_names (JsonWriter *w, const char *key, const char *zh, const char *en)
{
  json_key (w, key);
  json_begin_object (w);
  json_member_str (w, "zh", zh);
  json_member_str (w, "en", en);
  json_end_object (w);
}

static void
write_retention (JsonWriter *w, const RegistryRetention *rule)
{
  json_key (w, "kept");
  if (!rule) {
    json_null (w);
    return;
  }
  json_begin_object (w);
  json_key (w, "years");
  if (rule->years)
    json_int (w, rule->years);
  else
    json_null (w);
  json_member_bool (w, "at_least", rule->at_least);
  member_names (w, "from", rule->from_zh, rule->from_en);
  member_names (w, "reason", rule->reason_zh, rule->reason_en);
  json_end_object (w);
}

static const char *
state_of (const RegistryProvenance *fact)
{
  return fact->assumed                   ? "by_absence"
         : fact->state == REGISTRY_VALUE ? "value"
         : fact->state == REGISTRY_NONE  ? "none"
                                         : "unknown";
}

static void
write_fact (JsonWriter *w, const RegistrySchema *schema, Arena *scratch, const RegistryProvenance *fact)
{
  json_begin_object (w);
  json_member_str (w, "attribute", fact->attribute->id);
  member_names (w, "name", fact->attribute->zh, fact->attribute->en);
  json_member_str (w, "value", rights_fact_text (scratch, fact));
  json_member_str (w, "state", state_of (fact));
  json_member_str (w, "source", fact->source);
  json_key (w, "batch");
  if (fact->batch)
    json_int (w, fact->batch);
  else
    json_null (w);
  member_instant (w, "recorded_at", fact->batch ? fact->recorded_at : 0);
  member_day (w, "valid_from", fact->valid_from);
  member_day (w, "valid_to", fact->valid_to);
  write_retention (w, registry_retention (schema, fact->attribute));
  json_end_object (w);
}

static void
write_record (JsonWriter *w, const RegistrySchema *schema, Arena *scratch, const RegistryRecord *record)
{
  json_begin_object (w);
  json_member_int (w, "batch", record->batch);
  member_instant (w, "recorded_at", record->recorded_at);
  json_member_str (w, "source", record->source);
  json_member_str (w, "actor", record->actor);
  json_member_str (w, "evidence", record->evidence);
  member_day (w, "valid_from", record->valid_from);
  member_day (w, "valid_to", record->valid_to);
  json_key (w, "facts");
  json_begin_array (w);
  for (size_t i = 0; i < record->n; i++) {
    json_begin_object (w);
    json_member_str (w, "attribute", record->facts[i].attribute->id);
    json_member_str (w, "value", registry_fact_format (scratch, schema, &record->facts[i]));
    json_end_object (w);
  }
  json_end_array (w);
  json_end_object (w);
}

static void
write_part (JsonWriter *w, const RegistrySchema *schema, Arena *scratch, const RightsPart *part)
{
  const RegistryEntity *entity = registry_subject_entity (schema, part->subject);
  json_begin_object (w);
  json_member_str (w, "subject", registry_subject_format (scratch, schema, part->subject));
  member_names (w, "entity", entity->zh, entity->en);
  json_key (w, "facts");
  json_begin_array (w);
  for (size_t i = 0; i < part->n_facts; i++)
    write_fact (w, schema, scratch, part->facts[i]);
  json_end_array (w);
  json_key (w, "history");
  json_begin_array (w);
  for (size_t i = 0; i < part->n_records; i++)
    write_record (w, schema, scratch, &part->records[i]);
  json_end_array (w);
  json_end_object (w);
}

void
rights_request_json (Rights *rights, const RightsRequest *r, JsonWriter *w)
{
  g_autoptr (Arena) scratch = arena_new ();
  json_begin_object (w);
  json_member_int (w, "id", r->id);
  json_member_str (w, "kind", rights_kind_id (r->kind));
  json_member_str (w, "status", rights_status_id (r->status));
  json_member_str (w, "subject",
                   registry_subject_format (scratch, registry_schema (rights->registry), r->subject));
  json_member_str (w, "attribute", r->attribute->id);
  member_names (w, "name", r->attribute->zh, r->attribute->en);
  json_member_str (w, "said", r->said);
  json_member_str (w, "wanted", r->wanted);
  member_day (w, "since", r->since);
  json_member_str (w, "reason", r->reason);
  json_member_str (w, "evidence", r->evidence);
  member_instant (w, "asked_at", r->asked_at);
  json_member_str (w, "department", r->department);
  member_day (w, "due", r->due ? r->due : REGISTRY_FOREVER);
  member_instant (w, "decided_at", r->decided_at);
  json_member_str (w, "answer", r->answer);
  json_key (w, "batch");
  if (r->batch)
    json_int (w, r->batch);
  else
    json_null (w);
  json_end_object (w);
}

static void
write_access (JsonWriter *w, const AuditRecord *record)
{
  const AuditEntry *e = &record->entry;
  json_begin_object (w);
  json_member_int (w, "number", record->number);
  json_member_bool (w, "erased", record->erased);
  member_instant (w, "at", record->erased ? 0 : e->at / G_USEC_PER_SEC);
  json_member_str (w, "act", record->erased ? NULL : audit_act_id (e->act));
  json_member_str (w, "actor", e->actor);
  json_member_str (w, "role", e->role);
  json_member_str (w, "department", e->department);
  json_member_str (w, "purpose", e->purpose);
  json_member_str (w, "detail", e->detail);
  json_member_int (w, "others", record->n_subjects > 1 ? record->n_subjects - 1 : 0);
  json_end_object (w);
}

static void
write_mandate (JsonWriter *w, const RegistrySchema *schema, Arena *scratch, const AccessMandate *m)
{
  json_begin_object (w);
  json_member_int (w, "id", m->id);
  json_member_str (w, "giver", registry_subject_format (scratch, schema, m->giver));
  json_member_str (w, "viewer", registry_subject_format (scratch, schema, m->viewer));
  json_member_str (w, "purpose", m->purpose);
  member_day (w, "from", m->from);
  member_day (w, "to", m->to);
  member_instant (w, "given_at", m->given_at);
  member_instant (w, "withdrawn_at", m->withdrawn_at);
  json_end_object (w);
}

static void
write_account (JsonWriter *w, const RegistrySchema *schema, Arena *scratch, const RightsCopy *copy)
{
  json_key (w, "mandates");
  json_begin_array (w);
  for (size_t i = 0; i < copy->n_given; i++)
    write_mandate (w, schema, scratch, &copy->given[i]);
  for (size_t i = 0; i < copy->n_received; i++)
    write_mandate (w, schema, scratch, &copy->received[i]);
  json_end_array (w);
  json_key (w, "sessions");
  json_begin_array (w);
  for (size_t i = 0; i < copy->n_sessions; i++) {
    json_begin_object (w);
    member_instant (w, "began_at", copy->sessions[i].began_at);
    member_instant (w, "seen_at", copy->sessions[i].seen_at);
    json_member_str (w, "address", copy->sessions[i].address);
    json_member_str (w, "agent", copy->sessions[i].agent);
    json_end_object (w);
  }
  json_end_array (w);
}

static void
write_notices (JsonWriter *w, const RegistrySchema *schema, const RightsCopy *copy)
{
  json_member_object (w, "notices");
  json_member_str (w, "email", copy->choice ? copy->choice->address[NOTICES_EMAIL] : NULL);
  json_member_str (w, "sms", copy->choice ? copy->choice->address[NOTICES_SMS] : NULL);
  write_retention (w, registry_notices_retention (schema));
  json_member_array (w, "messages");
  for (size_t i = 0; i < copy->n_notices; i++) {
    const NoticeItem *item = &copy->notices[i], *english = &copy->notices_en[i];
    json_begin_object (w);
    json_member_int (w, "id", item->id);
    json_member_str (w, "kind", item->kind);
    member_instant (w, "at", item->at);
    member_instant (w, "read_at", item->read_at);
    json_member_bool (w, "erased", item->erased);
    member_names (w, "title", item->title, english->title);
    member_names (w, "body", item->body, english->body);
    json_member_str (w, "link", item->link);
    json_end_object (w);
  }
  json_end_array (w);
  json_end_object (w);
}

static bool
write_page (Rights *rights, Subject person, gint64 before, size_t limit, JsonWriter *w, size_t *n,
            gint64 *last, GError **error)
{
  g_autoptr (Arena) arena = arena_new ();
  const AuditRecord *records
      = audit_entries_about (registry_store (rights->registry), arena, person, before, limit, n, error);
  if (!records)
    return false;
  for (size_t i = 0; i < *n; i++)
    write_access (w, &records[i]);
  *last = *n ? records[*n - 1].number : 0;
  return true;
}

bool
rights_accesses_json (Rights *rights, Subject person, gint64 before, size_t limit, JsonWriter *w, size_t *n,
                      gint64 *last, GError **error)
{
  json_begin_array (w);
  bool ok = write_page (rights, person, before, limit, w, n, last, error);
  json_end_array (w);
  return ok;
}

/* The newest first, in pages, so that a long log needs no more memory than its text. */
static bool
write_accesses (Rights *rights, Subject person, JsonWriter *w, GError **error)
{
  gint64 before = 0;
  size_t n = ACCESSES_AT_ONCE;
  while (n == ACCESSES_AT_ONCE)
    if (!write_page (rights, person, before, ACCESSES_AT_ONCE, w, &n, &before, error))
      return false;
  return true;
}

bool
rights_copy_json (Rights *rights, const RightsCopy *copy, JsonWriter *w, GError **error)
{
  g_autoptr (Arena) scratch = arena_new ();
  const RegistrySchema *schema = registry_schema (rights->registry);
  json_begin_object (w);
  json_member_str (w, "subject", registry_subject_format (scratch, schema, copy->person));
  member_instant (w, "made_at", copy->made_at);
  json_key (w, "parts");
  json_begin_array (w);
  for (size_t i = 0; i < copy->n_parts; i++)
    write_part (w, schema, scratch, &copy->parts[i]);
  json_end_array (w);
  json_key (w, "requests");
  json_begin_array (w);
  for (size_t i = 0; i < copy->n_requests; i++)
    rights_request_json (rights, &copy->requests[i], w);
  json_end_array (w);
  write_account (w, schema, scratch, copy);
  write_notices (w, schema, copy);
  json_key (w, "accesses");
  json_begin_array (w);
  bool ok = write_accesses (rights, copy->person, w, error);
  json_end_array (w);
  json_end_object (w);
  return ok;
}
