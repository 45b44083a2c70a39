/* Keys: what is sent twice is done once.  A key belongs to an actor and a route, and is
 * kept with the hash of what was sent and what it was answered with, in the transaction
 * of the write itself. */
#include "store/store.h"

static const StoreMigration migrations[] = {
  { "once", 1,
    "CREATE TABLE store_once (actor TEXT NOT NULL, route TEXT NOT NULL, key TEXT NOT NULL, body TEXT NOT "
    "NULL,"
    " answer INTEGER NOT NULL, at INTEGER NOT NULL, PRIMARY KEY (actor, route, key)) STRICT, WITHOUT ROWID;"
    "CREATE INDEX store_once_at ON store_once (at);" },
};

bool
store_once_migrate (Store *store, GError **error)
{
  return store_migrate (store, migrations, G_N_ELEMENTS (migrations), error);
}

bool
store_once_look (StoreConnection *db, const StoreOnce *once, gint64 *answer, GError **error)
{
  *answer = 0;
  if (!once->key || !*once->key || strlen (once->key) > 100) {
    g_set_error (error, FAULT, FAULT_INPUT, "the form has no key of its own: load the page again");
    return false;
  }
  StoreStatement *s = store_statement (
      db, "SELECT body, answer FROM store_once WHERE actor = ?1 AND route = ?2 AND key = ?3", error);
  if (!s)
    return false;
  store_bind_text (s, 1, once->actor);
  store_bind_text (s, 2, once->route);
  store_bind_text (s, 3, once->key);
  StoreStep step = store_step (s, error);
  if (step != STORE_ROW)
    return step == STORE_DONE;
  bool same = text_equal (store_text (s, 0), text_of (once->body));
  *answer = store_integer (s, 1);
  store_reset (s);
  if (!same)
    g_set_error (error, FAULT, FAULT_INPUT,
                 "something else was sent from this form before (it became number %" G_GINT64_FORMAT
                 "): load the page again",
                 *answer);
  return same;
}

static bool
forget_old (StoreConnection *db, gint64 now, GError **error)
{
  StoreStatement *s = store_statement (db, "DELETE FROM store_once WHERE at < ?1", error);
  if (!s)
    return false;
  store_bind_integer (s, 1, now - (gint64)STORE_ONCE_DAYS * 24 * 3600);
  return store_run (s, error);
}

bool
store_once_remember (StoreConnection *db, const StoreOnce *once, gint64 answer, gint64 now, GError **error)
{
  StoreStatement *s = store_statement (
      db, "INSERT INTO store_once (actor, route, key, body, answer, at) VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
      error);
  if (!s)
    return false;
  store_bind_text (s, 1, once->actor);
  store_bind_text (s, 2, once->route);
  store_bind_text (s, 3, once->key);
  store_bind_text (s, 4, once->body);
  store_bind_integer (s, 5, answer);
  store_bind_integer (s, 6, now);
  return store_run (s, error) && forget_old (db, now, error);
}
