/* Reading requests. */
#include "rights/rights_private.h"

#include <string.h>

/* "resident.phone". */
static const RegistryAttribute *
attribute_named (const RegistrySchema *schema, const char *name)
{
  g_auto (GStrv) parts = g_strsplit (name, ".", 2);
  const RegistryEntity *entity = parts[0] ? registry_schema_entity (schema, parts[0]) : NULL;
  return entity && parts[1] ? registry_entity_attribute (entity, parts[1]) : NULL;
}

bool
request_read (const RegistrySchema *schema, StoreStatement *s, Arena *arena, RightsRequest *request,
              GError **error)
{
  const char *attribute = store_string (s, 4, arena);
  *request = (RightsRequest){ .id = store_integer (s, 0),
                              .kind = (RightsKind)store_integer (s, 1),
                              .person = store_integer (s, 2),
                              .subject = store_integer (s, 3),
                              .attribute = attribute_named (schema, attribute),
                              .said = store_string (s, 5, arena),
                              .wanted = store_string (s, 6, arena),
                              .since = store_is_null (s, 7) ? REGISTRY_EVER : store_integer (s, 7),
                              .reason = store_string (s, 8, arena),
                              .evidence = store_string (s, 9, arena),
                              .asked_by = store_string (s, 10, arena),
                              .asked_at = store_integer (s, 11),
                              .department = store_string (s, 12, arena),
                              .due = store_integer (s, 13),
                              .status = (RightsStatus)store_integer (s, 14),
                              .decided_by = store_string (s, 15, arena),
                              .decided_at = store_integer (s, 16),
                              .answer = store_string (s, 17, arena),
                              .batch = store_integer (s, 18) };
  if (!request->attribute)
    g_set_error (error, FAULT, FAULT_SYSTEM,
                 "request %" G_GINT64_FORMAT " is about %s, which registry.yaml no longer has", request->id,
                 attribute);
  return request->attribute;
}

bool
request_find (Rights *rights, StoreConnection *db, Arena *arena, gint64 id, RightsRequest *request,
              GError **error)
{
  StoreStatement *s
      = store_statement (db, "SELECT " REQUEST_COLUMNS " FROM rights_request WHERE id = ?1", error);
  if (!s)
    return false;
  store_bind_integer (s, 1, id);
  StoreStep step = store_step (s, error);
  if (step == STORE_DONE)
    g_set_error (error, FAULT, FAULT_NOT_FOUND, "there is no request %" G_GINT64_FORMAT, id);
  if (step != STORE_ROW)
    return false;
  bool ok = request_read (registry_schema (rights->registry), s, arena, request, error);
  store_reset (s);
  return ok;
}

const RightsRequest *
rights_request (Rights *rights, Arena *arena, gint64 id, GError **error)
{
  RightsRequest *request = arena_new0 (arena, RightsRequest, 1);
  g_autoptr (StoreReader) reader = store_reader (registry_store (rights->registry), error);
  return reader && request_find (rights, store_reader_db (reader), arena, id, request, error) ? request
                                                                                              : NULL;
}

/* Each of the three ways in has its index; what is not asked for lets everything through. */
static StoreStatement *
begin_list (StoreConnection *db, const RightsFilter *filter, GError **error)
{
  static const char by_person[] = "SELECT " REQUEST_COLUMNS " FROM rights_request WHERE person = ?1"
                                  " AND (?3 < 0 OR status = ?3) AND id < ?4 ORDER BY id DESC LIMIT ?5",
                    by_department[] = "SELECT " REQUEST_COLUMNS " FROM rights_request WHERE department = ?2"
                                      " AND (?3 < 0 OR status = ?3) AND id < ?4 ORDER BY id DESC LIMIT ?5",
                    all[] = "SELECT " REQUEST_COLUMNS " FROM rights_request"
                            " WHERE (?3 < 0 OR status = ?3) AND id < ?4 ORDER BY id DESC LIMIT ?5";
  StoreStatement *s = store_statement (db,
                                       filter->person       ? by_person
                                       : filter->department ? by_department
                                                            : all,
                                       error);
  if (!s)
    return NULL;
  if (filter->person)
    store_bind_integer (s, 1, filter->person);
  else if (filter->department)
    store_bind_text (s, 2, filter->department);
  store_bind_integer (s, 3, filter->status ? (gint64)*filter->status : -1);
  store_bind_integer (s, 4, filter->before ? filter->before : G_MAXINT64);
  store_bind_integer (s, 5, (gint64)filter->limit);
  return s;
}

const RightsRequest *
rights_requests (Rights *rights, Arena *arena, const RightsFilter *filter, size_t *n, GError **error)
{
  g_autoptr (GArray) requests = g_array_new (FALSE, FALSE, sizeof (RightsRequest));
  g_autoptr (StoreReader) reader = store_reader (registry_store (rights->registry), error);
  StoreStatement *s = reader ? begin_list (store_reader_db (reader), filter, error) : NULL;
  StoreStep step = STORE_FAILED;
  *n = 0;
  while (s && (step = store_step (s, error)) == STORE_ROW) {
    RightsRequest request;
    if (!request_read (registry_schema (rights->registry), s, arena, &request, error)) {
      store_reset (s);
      return NULL;
    }
    g_array_append_val (requests, request);
  }
  if (step == STORE_FAILED)
    return NULL;
  *n = requests->len;
  return arena_copy (arena, requests->data, requests->len * sizeof (RightsRequest));
}
