/* Opening, and whose inbox is whose. */
#include "notices/notices_private.h"

/* words: what texts say, as JSON, {"matter": ["…", "…"]}.  A delivery's address is forgotten when it ends. */
static const StoreMigration migrations[] = {
  { "notices", 1,
    "CREATE TABLE notice (id INTEGER PRIMARY KEY, reader TEXT NOT NULL, kind TEXT NOT NULL, words TEXT NOT "
    "NULL,"
    " link TEXT, key TEXT, at INTEGER NOT NULL, read_at INTEGER) STRICT;"
    "CREATE INDEX notice_reader ON notice (reader, id);"
    "CREATE UNIQUE INDEX notice_key ON notice (reader, key);"
    "CREATE INDEX notice_unread ON notice (reader) WHERE read_at IS NULL;"
    "CREATE TABLE notice_delivery (id INTEGER PRIMARY KEY, notice INTEGER NOT NULL, reader TEXT NOT NULL,"
    " way INTEGER NOT NULL, address TEXT, message TEXT NOT NULL, since INTEGER NOT NULL, due INTEGER NOT "
    "NULL,"
    " attempts INTEGER NOT NULL, status INTEGER NOT NULL, trouble TEXT, ended INTEGER) STRICT;"
    "CREATE INDEX notice_delivery_due ON notice_delivery (way, due) WHERE status = 0;"
    "CREATE INDEX notice_delivery_reader ON notice_delivery (reader, way) WHERE status = 0;"
    "CREATE INDEX notice_delivery_notice ON notice_delivery (notice);"
    "CREATE TABLE notice_choice (reader TEXT NOT NULL PRIMARY KEY, email TEXT, sms TEXT,"
    " quiet_from INTEGER NOT NULL, quiet_to INTEGER NOT NULL, english INTEGER NOT NULL) STRICT, WITHOUT "
    "ROWID;" },
};

Notices *
notices_open (Store *store, GError **error)
{
  if (!audit_migrate (store, error) || !store_migrate (store, migrations, G_N_ELEMENTS (migrations), error))
    return NULL;
  Notices *notices = g_new0 (Notices, 1);
  notices->store = store;
  return notices;
}

void
notices_free (Notices *notices)
{
  g_free (notices);
}

void
notices_set_clock (Notices *notices, gint64 (*clock) (gpointer data), gpointer data)
{
  notices->clock = clock;
  notices->clock_data = data;
}

gint64
notices_now (const Notices *notices)
{
  return notices->clock ? notices->clock (notices->clock_data) : g_get_real_time () / G_USEC_PER_SEC;
}

const char *
notices_way_id (NoticesWay way)
{
  static const char *const ids[] = { "email", "sms" };
  return ids[way];
}

bool
notices_next_id (StoreConnection *db, const char *max_sql, gint64 *id, GError **error)
{
  StoreStatement *s = store_statement (db, max_sql, error);
  if (!s || store_step (s, error) != STORE_ROW)
    return false;
  *id = store_integer (s, 0) + 1;
  store_reset (s);
  return true;
}

char *
reader_of_subject (Arena *arena, Subject subject)
{
  return arena_printf (arena, "subject:%" G_GINT64_FORMAT, subject);
}

char *
reader_of_account (Arena *arena, const char *account)
{
  return arena_printf (arena, "account:%s", account);
}

char *
reader_of_department (Arena *arena, const char *department)
{
  return arena_printf (arena, "department:%s", department);
}

size_t
readers_of (Arena *arena, const AccessAccount *who, const char *readers[READERS_MAX])
{
  size_t n = 0;
  if (who->subject)
    readers[n++] = reader_of_subject (arena, who->subject);
  readers[n++] = reader_of_account (arena, who->name);
  if (who->department && access_role_is_staff (who->role))
    readers[n++] = reader_of_department (arena, who->department);
  return n;
}

const char *
reader_own (Arena *arena, const AccessAccount *who)
{
  return who->subject ? reader_of_subject (arena, who->subject) : reader_of_account (arena, who->name);
}
