/* Two subjects that may be one: kept, shown, and decided by a person. */
#include "intake/intake_private.h"

bool
candidates_add (StoreConnection *db, Subject a, Subject b, gint64 run, gint64 at, bool *fresh, GError **error)
{
  StoreStatement *s = store_statement (
      db,
      "INSERT INTO intake_candidate (id, a, b, run, found_at) SELECT coalesce(max(id), 0) + 1, ?1, ?2, ?3, ?4"
      " FROM intake_candidate WHERE 1 = 1 ON CONFLICT (a, b) DO NOTHING",
      error);
  if (!s)
    return false;
  store_bind_integer (s, 1, MIN (a, b));
  store_bind_integer (s, 2, MAX (a, b));
  store_bind_integer (s, 3, run);
  store_bind_integer (s, 4, at);
  if (!store_run (s, error))
    return false;
  *fresh = store_changes (db) > 0;
  return true;
}
