/* Keys: design, section 6, "Idempotency".  A key belongs to an actor and a route, and
 * is kept with the hash of what was sent and what it was answered with, in the
 * transaction of the write itself. */
#include "rights/rights_private.h"

bool
once_look (StoreConnection *db, const char *actor, const char *route, const char *key, const char *body,
           gint64 *request, GError **error)
{
  *request = 0;
  if (!key || !*key || strlen (key) > 100) {
    g_set_error (error, FAULT, FAULT_INPUT, "the form has no key of its own: load the page again");
    return false;
  }
  StoreStatement *s = store_statement (
      db, "SELECT body, request FROM rights_key WHERE actor = ?1 AND route = ?2 AND key = ?3", error);
  if (!s)
    return false;
  store_bind_text (s, 1, actor);
  store_bind_text (s, 2, route);
  store_bind_text (s, 3, key);
  StoreStep step = store_step (s, error);
  if (step != STORE_ROW)
    return step == STORE_DONE;
  bool same = text_equal (store_text (s, 0), text_of (body));
  *request = store_integer (s, 1);
  store_reset (s);
  if (!same)
    g_set_error (error, FAULT, FAULT_INPUT,
                 "something else was sent from this form before (request %" G_GINT64_FORMAT
                 "): load the page again",
                 *request);
  return same;
}

static bool
forget_old (StoreConnection *db, gint64 now, GError **error)
{
  StoreStatement *s = store_statement (db, "DELETE FROM rights_key WHERE at < ?1", error);
  if (!s)
    return false;
  store_bind_integer (s, 1, now - (gint64)RIGHTS_KEY_DAYS * 24 * 3600);
  return store_run (s, error);
}

bool
once_remember (StoreConnection *db, const char *actor, const char *route, const char *key, const char *body,
               gint64 request, gint64 now, GError **error)
{
  StoreStatement *s = store_statement (
      db, "INSERT INTO rights_key (actor, route, key, body, request, at) VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
      error);
  if (!s)
    return false;
  store_bind_text (s, 1, actor);
  store_bind_text (s, 2, route);
  store_bind_text (s, 3, key);
  store_bind_text (s, 4, body);
  store_bind_integer (s, 5, request);
  store_bind_integer (s, 6, now);
  return store_run (s, error) && forget_old (db, now, error);
}
