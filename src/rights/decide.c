/* Deciding: the new fact or the erasure, the decision and its audit entry commit
 * together or not at all. */
#include "rights/rights_private.h"

typedef struct {
  Rights *rights;
  Arena *arena;
  const AccessAccount *who;
  const RightsDecision *decision;
  gint64 id;
  StoreOnce once;
  gint64 now;
  RightsRequest request;
} Deciding;

bool
rights_may_decide (const AccessAccount *who, const char *department)
{
  if (!access_may (who, ACCESS_DECIDE_CORRECTIONS))
    return false;
  return who->role == ACCESS_STEWARD || g_strcmp0 (who->department, department) == 0;
}

static bool
check_open (const Deciding *d, GError **error)
{
  char when[CIVIL_TEXT_MAX];
  const RightsRequest *r = &d->request;
  if (!rights_may_decide (d->who, r->department))
    g_set_error (error, FAULT, FAULT_DENIED, "request %" G_GINT64_FORMAT " is decided by %s", r->id,
                 r->department);
  else if (r->status != RIGHTS_OPEN)
    g_set_error (error, FAULT, FAULT_CONFLICT,
                 "request %" G_GINT64_FORMAT " was %s by %s at %s: look at it again", r->id,
                 rights_status_id (r->status), r->decided_by, instant_format (r->decided_at, when));
  else
    return true;
  return false;
}

/* ---- carrying out -------------------------------------------------------- */

/* The right value holds for the time that the wrong one was said to, or from the day asked. */
static bool
append_fact (Deciding *d, RegistryWriter *writer, GError **error)
{
  RightsRequest *r = &d->request;
  RegistryFact fact = { .attribute = r->attribute, .state = REGISTRY_NONE };
  const RegistryProvenance *now = rights_fact (d->rights, d->arena, r->subject, r->attribute, error);
  if (!now
      || (r->wanted
          && !registry_fact_parse (registry_schema (d->rights->registry), r->attribute, text_of (r->wanted),
                                   &fact, error)))
    return false;
  bool stated = now->batch && !now->assumed;
  Day from = r->since != REGISTRY_EVER || !stated ? r->since : now->valid_from;
  Day to = stated && now->valid_to >= from ? now->valid_to : REGISTRY_FOREVER;
  RegistryBatch batch = { .source = r->department,
                          .actor = d->who->name,
                          .evidence = arena_printf (d->arena, "correction request %" G_GINT64_FORMAT, r->id),
                          .recorded_at = d->now };
  r->batch = registry_writer_batch (writer, &batch, error);
  return r->batch && registry_writer_append (writer, r->batch, r->subject, from, to, &fact, 1, error);
}

/* Out of the log, and out of what was asked about the fact before. */
static bool
erase_fact (const Deciding *d, RegistryWriter *writer, StoreConnection *db, GError **error)
{
  const RightsRequest *r = &d->request;
  if (!registry_writer_erase (writer, r->subject, r->attribute, error))
    return false;
  StoreStatement *s = store_statement (
      db, "UPDATE rights_request SET said = NULL, wanted = NULL WHERE subject = ?1 AND attribute = ?2",
      error);
  if (!s)
    return false;
  store_bind_integer (s, 1, r->subject);
  store_bind_text (s, 2, arena_printf (d->arena, "%s.%s", r->attribute->entity->id, r->attribute->id));
  return store_run (s, error);
}

static bool
carry_out (Deciding *d, StoreConnection *db, GError **error)
{
  if (!d->decision->accept)
    return true;
  g_autoptr (RegistryWriter) writer = registry_writer_join (d->rights->registry, db, error);
  return writer
         && (d->request.kind == RIGHTS_CORRECT ? append_fact (d, writer, error)
                                               : erase_fact (d, writer, db, error))
         && registry_writer_commit (writer, error);
}

/* ---- writing ------------------------------------------------------------- */

static bool
update_request (StoreConnection *db, const Deciding *d, GError **error)
{
  StoreStatement *s
      = store_statement (db,
                         "UPDATE rights_request SET status = ?2, decided_by = ?3, decided_at = ?4,"
                         " answer = ?5, batch = ?6 WHERE id = ?1",
                         error);
  if (!s)
    return false;
  store_bind_integer (s, 1, d->id);
  store_bind_integer (s, 2, d->decision->accept ? RIGHTS_ACCEPTED : RIGHTS_REFUSED);
  store_bind_text (s, 3, d->who->name);
  store_bind_integer (s, 4, d->now);
  store_bind_text (s, 5, d->decision->answer && *d->decision->answer ? d->decision->answer : NULL);
  if (d->request.batch)
    store_bind_integer (s, 6, d->request.batch);
  return store_run (s, error);
}

static bool
log_decision (StoreConnection *db, const Deciding *d, GError **error)
{
  const RightsRequest *r = &d->request;
  const char *detail = arena_printf (
      d->arena,
      "{\"request\":%" G_GINT64_FORMAT ",\"kind\":\"%s\",\"decision\":\"%s\",\"batch\":%" G_GINT64_FORMAT
      ",\"attributes\":[\"%s.%s\"]}",
      r->id, rights_kind_id (r->kind), d->decision->accept ? "accepted" : "refused", r->batch,
      r->attribute->entity->id, r->attribute->id);
  AuditEntry entry = log_of (d->who, AUDIT_WRITE, r->person, detail);
  return audit_append (db, &entry, error);
}

static bool
write_decision (StoreConnection *db, gpointer data, GError **error)
{
  Deciding *d = data;
  gint64 done;
  if (!store_once_look (db, &d->once, &done, error))
    return false;
  if (done)
    return true;
  return request_find (d->rights, db, d->arena, d->id, &d->request, error) && check_open (d, error)
         && carry_out (d, db, error) && update_request (db, d, error) && log_decision (db, d, error)
         && store_once_remember (db, &d->once, d->id, d->now, error);
}

bool
rights_decide (Rights *rights, const AccessAccount *who, gint64 id, const RightsDecision *decision,
               const char *key, GError **error)
{
  g_autoptr (Arena) arena = arena_new ();
  if (!access_may (who, ACCESS_DECIDE_CORRECTIONS)) {
    g_set_error (error, FAULT, FAULT_DENIED, "requests are decided by the department's own people");
    return false;
  }
  if (!rights_check_text (decision->answer, "the reason", !decision->accept, error))
    return false;
  g_autofree char *sent
      = g_strdup_printf ("%d|%s", decision->accept, decision->answer ? decision->answer : "");
  g_autofree char *body = g_compute_checksum_for_string (G_CHECKSUM_SHA256, sent, -1);
  Deciding d = { .rights = rights,
                 .arena = arena,
                 .who = who,
                 .decision = decision,
                 .id = id,
                 .once = { who->name, arena_printf (arena, "decide/%" G_GINT64_FORMAT, id), key, body },
                 .now = rights_now () };
  return store_write (registry_store (rights->registry), write_decision, &d, error);
}
