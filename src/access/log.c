/* Entries of the log about reading, logging in, and accounts. */
#include "access_private.h"

AuditEntry
log_by (const AccessAccount *who, const AuditEntry *entry)
{
  AuditEntry filled = *entry;
  filled.actor = who ? who->name : "nobody";
  filled.role = access_role_name (who ? who->role : ACCESS_NOBODY)->id;
  filled.department = who ? who->department : NULL;
  return filled;
}

bool
log_entry (Access *access, const AccessAccount *who, const char *purpose, const AuditEntry *entry,
           GError **error)
{
  AuditEntry filled = log_by (who, entry);
  filled.purpose = purpose;
  return audit_record (access->store, &filled, error);
}

void
log_refusal (Access *access, const AccessAccount *who, const char *purpose, Subject subject, const char *why,
             GError **error)
{
  g_autoptr (GString) detail = g_string_new (NULL);
  JsonWriter *w = json_writer_new (detail, 0);
  json_begin_object (w);
  json_member_str (w, "why", why);
  json_end_object (w);
  json_writer_free (w);
  AuditEntry entry = { .act = AUDIT_REFUSED, .subject = subject, .detail = detail->str };
  if (log_entry (access, who, purpose, &entry, error))
    g_set_error (error, FAULT, FAULT_DENIED, "this may not be read: %s; the attempt is in the log", why);
}

bool
log_read (Access *access, const AccessAccount *who, const char *purpose, Subject subject,
          const AuditSet *subjects, const GPtrArray *attributes, GError **error)
{
  g_autoptr (GString) detail = g_string_new (NULL);
  JsonWriter *w = json_writer_new (detail, 0);
  json_begin_object (w);
  json_key (w, "read");
  json_begin_array (w);
  for (guint i = 0; i < attributes->len; i++) {
    const RegistryAttribute *a = attributes->pdata[i];
    g_autofree char *name = g_strconcat (a->entity->id, ".", a->id, NULL);
    json_str (w, name);
  }
  json_end_array (w);
  if (who->reason)
    json_member_str (w, "reason", who->reason);
  json_end_object (w);
  json_writer_free (w);
  AuditEntry entry = { .act = AUDIT_READ,
                       .subject = subject,
                       .subjects = audit_set_size (subjects) > 1 ? subjects : NULL,
                       .detail = detail->str };
  return log_entry (access, who, purpose, &entry, error);
}

bool
log_deed (StoreConnection *db, const AccessAccount *who, AuditAct act, Subject subject,
          const char *const *pairs, GError **error)
{
  g_autoptr (GString) detail = g_string_new (NULL);
  JsonWriter *w = json_writer_new (detail, 0);
  json_begin_object (w);
  for (; *pairs; pairs += 2)
    if (pairs[1])
      json_member_str (w, pairs[0], pairs[1]);
  json_end_object (w);
  json_writer_free (w);
  AuditEntry entry = { .act = act, .subject = subject, .detail = detail->str };
  entry = log_by (who, &entry);
  return audit_append (db, &entry, error) > 0;
}
