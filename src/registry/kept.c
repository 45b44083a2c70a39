/* What others make of many subjects' facts, kept as bytes beside them.  Nothing here says
 * what the bytes are; a part says by its place whether it is still right (touched.c), and
 * holds nothing that was erased. */
#include "registry/registry_private.h"

/* Parts of all entities in one table; numbers have 56 bits, and so parts 45. */
static gint64
id_of (const RegistryEntity *entity, gint64 part)
{
  return ((gint64)entity->index << 48) | part;
}

bool
kept_empty (StoreConnection *db, Subject subject, GError **error)
{
  StoreStatement *s = store_statement (db, "UPDATE kept SET bytes = ?2 WHERE id = ?1", error);
  if (!s)
    return false;
  store_bind_integer (s, 1, (subject >> 56 << 48) | (subject_number (subject) - 1) / REGISTRY_PART);
  store_bind_blob (s, 2, "", 0);
  return store_run (s, error);
}

bool
kept_forget (StoreConnection *db, Subject subject, GError **error)
{
  StoreStatement *note = store_statement (
      db, "INSERT INTO erasure (id, subject) SELECT coalesce(max(id), 0) + 1, ?1 FROM erasure", error);
  if (!note)
    return false;
  store_bind_integer (note, 1, subject);
  return store_run (note, error) && kept_empty (db, subject, error);
}

bool
registry_view_kept (RegistryView *view, const RegistryEntity *entity, const char *key, bool heads,
                    gint64 first, gint64 last, RegistryTakeKept take, gpointer data, GError **error)
{
  static const char with_bytes[] = "SELECT id, at_batch, at_merge, at_erasure, bytes FROM kept"
                                   " WHERE id BETWEEN ?1 AND ?2 AND made_for = ?3 ORDER BY id",
                    without[] = "SELECT id, at_batch, at_merge, at_erasure FROM kept"
                                " WHERE id BETWEEN ?1 AND ?2 AND made_for = ?3 ORDER BY id";
  StoreStatement *s = store_statement (view->db, heads ? without : with_bytes, error);
  if (!s)
    return false;
  store_bind_integer (s, 1, id_of (entity, first));
  store_bind_integer (s, 2, id_of (entity, last));
  store_bind_text (s, 3, key);
  StoreStep step;
  while ((step = store_step (s, error)) == STORE_ROW) {
    RegistryKept kept = { .part = store_integer (s, 0) - id_of (entity, 0),
                          .place = { store_integer (s, 1), store_integer (s, 2), store_integer (s, 3) } };
    if (!heads)
      kept.bytes = store_blob (s, 4);
    take (data, &kept);
  }
  return step == STORE_DONE;
}

/* ---- keeping --------------------------------------------------------------- */

typedef struct {
  const RegistryEntity *entity;
  const char *key;
  const RegistryKept *parts;
  size_t n;
} Keep;

static bool
forget_others (StoreConnection *db, const Keep *keep, GError **error)
{
  StoreStatement *s
      = store_statement (db, "DELETE FROM kept WHERE id BETWEEN ?1 AND ?2 AND made_for <> ?3", error);
  if (!s)
    return false;
  store_bind_integer (s, 1, id_of (keep->entity, 0));
  store_bind_integer (s, 2, id_of (keep->entity, ((gint64)1 << 48) - 1));
  store_bind_text (s, 3, keep->key);
  return store_run (s, error);
}

static bool
forget_part (StoreConnection *db, const Keep *keep, const RegistryKept *part, GError **error)
{
  StoreStatement *s = store_statement (db, "DELETE FROM kept WHERE id = ?1", error);
  if (!s)
    return false;
  store_bind_integer (s, 1, id_of (keep->entity, part->part));
  return store_run (s, error);
}

/* What an erasure has come to since then must not be brought back, nor what those who were taken
 * apart since then had together: such a part is not kept. */
static bool
keep_part (StoreConnection *db, const Keep *keep, const RegistryKept *part, GError **error)
{
  StoreStatement *s = store_statement (
      db,
      "INSERT INTO kept (id, made_for, at_batch, at_merge, at_erasure, bytes) SELECT ?1, ?2, ?3, ?4, ?5, ?6"
      " FROM (SELECT coalesce(max(id), 0) AS last FROM erasure) AS e,"
      " (SELECT coalesce(max(id), 0) AS last FROM merging) AS m WHERE e.last = ?5 AND m.last = ?4"
      " ON CONFLICT (id) DO UPDATE SET made_for = excluded.made_for, at_batch = excluded.at_batch,"
      " at_merge = excluded.at_merge, at_erasure = excluded.at_erasure, bytes = excluded.bytes",
      error);
  if (!s)
    return false;
  store_bind_integer (s, 1, id_of (keep->entity, part->part));
  store_bind_text (s, 2, keep->key);
  store_bind_integer (s, 3, part->place.batch);
  store_bind_integer (s, 4, part->place.merge);
  store_bind_integer (s, 5, part->place.erasure);
  store_bind_blob (s, 6, part->bytes.bytes, part->bytes.len);
  return store_run (s, error);
}

static bool
keep_parts (StoreConnection *db, gpointer data, GError **error)
{
  const Keep *keep = data;
  if (!forget_others (db, keep, error))
    return false;
  for (size_t i = 0; i < keep->n; i++) {
    const RegistryKept *part = &keep->parts[i];
    if (!(part->bytes.len ? keep_part : forget_part) (db, keep, part, error))
      return false;
  }
  return true;
}

bool
registry_keep (Registry *registry, const RegistryEntity *entity, const char *key, const RegistryKept *parts,
               size_t n, GError **error)
{
  Keep keep = { entity, key, parts, n };
  return registry->read_only || store_write (registry->store, keep_parts, &keep, error);
}
