/* Texts that need not be kept any longer. */
#include "notices/notices_private.h"

/* The text is null instead of words; who asks for it is told so. */
static const char erasing[]
    = "UPDATE notice SET words = 'null', link = NULL WHERE id IN (SELECT n.id FROM notice AS n WHERE n.at < "
      "?1"
      " AND n.words <> 'null' AND NOT EXISTS (SELECT 1 FROM notice_delivery AS d WHERE d.notice = n.id"
      " AND d.status = 0) ORDER BY n.id LIMIT ?2)";

typedef struct {
  const AccessAccount *who;
  gint64 instant;
  const char *reason;
  size_t n;
} Erasing;

static bool
log_erasing (StoreConnection *db, const Erasing *e, GError **error)
{
  char before[CIVIL_TEXT_MAX];
  g_autoptr (GString) detail = g_string_new (NULL);
  JsonWriter *w = json_writer_new (detail, 0);
  json_begin_object (w);
  json_member_str (w, "did", "erase-notices");
  json_member_str (w, "before", instant_format (e->instant, before));
  json_member_int (w, "n", (gint64)e->n);
  json_member_str (w, "reason", e->reason);
  json_end_object (w);
  json_writer_free (w);
  AuditEntry entry = { .act = AUDIT_ADMIN,
                       .actor = e->who->name,
                       .role = access_role_name (e->who->role)->id,
                       .department = e->who->department,
                       .detail = detail->str };
  return audit_append (db, &entry, error);
}

static bool
erase_texts (StoreConnection *db, gpointer data, GError **error)
{
  Erasing *e = data;
  StoreStatement *s = store_statement (db, erasing, error);
  if (!s)
    return false;
  store_bind_integer (s, 1, e->instant);
  store_bind_integer (s, 2, NOTICES_ERASE_STEP);
  if (!store_run (s, error))
    return false;
  e->n = (size_t)store_changes (db);
  return !e->n || log_erasing (db, e, error);
}

bool
notices_erase_before (Notices *notices, const AccessAccount *who, gint64 instant, const char *reason,
                      size_t *n, GError **error)
{
  Erasing e = { .who = who, .instant = instant, .reason = reason };
  bool done = store_write (notices->store, erase_texts, &e, error);
  *n = done ? e.n : 0;
  return done;
}
