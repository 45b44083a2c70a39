/* What reading and copying leaves in the log, and what the person may take from it. */
#include "rights/rights_private.h"

AuditEntry
log_of (const AccessAccount *who, AuditAct act, Subject subject, const char *detail)
{
  return (AuditEntry){ .act = act,
                       .actor = who->name,
                       .role = access_role_name (who->role)->id,
                       .department = who->department,
                       .subject = subject,
                       .purpose = who->subject ? "self" : access_right_name (ACCESS_DECIDE_CORRECTIONS)->id,
                       .detail = detail };
}

bool
rights_log_copy (Rights *rights, const AccessAccount *who, const char *form, GError **error)
{
  g_autofree char *detail = g_strdup_printf ("{\"copy\":\"%s\"}", form);
  AuditEntry entry = log_of (who, AUDIT_EXPORT, who->subject, detail);
  return audit_record (registry_store (rights->registry), &entry, error);
}

/* ---- whoever decides ------------------------------------------------------ */

/* May WHO open the request?  Either way it is in the log. */
static bool
log_review (Rights *rights, const AccessAccount *who, const RightsRequest *r, GError **error)
{
  bool may = rights_may_decide (who, r->department);
  g_autofree char *detail = g_strdup_printf ("{\"request\":%" G_GINT64_FORMAT ",\"read\":[\"%s.%s\"]}", r->id,
                                             r->attribute->entity->id, r->attribute->id);
  AuditEntry entry = log_of (who, may ? AUDIT_READ : AUDIT_REFUSED, r->person, detail);
  if (!audit_record (registry_store (rights->registry), &entry, error))
    return false;
  if (!may)
    g_set_error (error, FAULT, FAULT_DENIED,
                 "request %" G_GINT64_FORMAT " is decided by %s; the attempt is in the log", r->id,
                 r->department);
  return may;
}

const RightsRequest *
rights_review (Rights *rights, Arena *arena, const AccessAccount *who, gint64 id,
               const RegistryProvenance **fact, GError **error)
{
  const RightsRequest *r = rights_request (rights, arena, id, error);
  if (!r || !log_review (rights, who, r, error))
    return NULL;
  if (fact && !(*fact = rights_fact (rights, arena, r->subject, r->attribute, error)))
    return NULL;
  return r;
}

/* ---- in words --------------------------------------------------------------- */

enum { ATTRIBUTES_SHOWN = 40 };

/* "resident.phone" by its name; as it is where the schema does not know it. */
static const char *
attribute_words (const RegistrySchema *schema, const char *id, bool english)
{
  g_auto (GStrv) parts = g_strsplit (id, ".", 2);
  const RegistryEntity *entity = parts[0] ? registry_schema_entity (schema, parts[0]) : NULL;
  const RegistryAttribute *a = entity && parts[1] ? registry_entity_attribute (entity, parts[1]) : NULL;
  return !a ? id : english ? a->en : a->zh;
}

const char *
rights_access_words (Rights *rights, Arena *arena, const char *detail, bool english)
{
  const JsonValue *object = detail ? json_parse (arena, text_of (detail), "detail", NULL) : NULL;
  const JsonValue *list
      = json_get (object, "read") ? json_get (object, "read") : json_get (object, "attributes");
  if (!list || list->kind != JSON_ARRAY || !list->n)
    return json_string (json_get (object, "evidence"));
  g_autoptr (GString) words = g_string_new (NULL);
  for (size_t i = 0; i < MIN (list->n, ATTRIBUTES_SHOWN); i++) {
    const char *id = json_string (list->elements[i]);
    g_string_append_printf (words, "%s%s", i ? (english ? ", " : "、") : "",
                            id ? attribute_words (registry_schema (rights->registry), id, english) : "?");
  }
  if (list->n > ATTRIBUTES_SHOWN)
    g_string_append (words, " …");
  return arena_text (arena, (Text){ words->str, words->len });
}

/* ---- the person ------------------------------------------------------------ */

bool
rights_proof_json (Rights *rights, Subject person, gint64 number, GString *out, GError **error)
{
  Store *store = registry_store (rights->registry);
  g_autoptr (Arena) arena = arena_new ();
  size_t n = 0;
  const AuditRecord *records = NULL;
  if (number > 0 && number < G_MAXINT64
      && !(records = audit_entries_about (store, arena, person, number + 1, 1, &n, error)))
    return false;
  if (n && records[0].number == number)
    return audit_proof_json (store, number, person, false, out, error);
  g_set_error (error, FAULT, FAULT_NOT_FOUND, "entry %" G_GINT64_FORMAT " of the log is not about you",
               number);
  return false;
}
