/* Facts that were corrected after a proposal was made.  Only who was touched since is looked at: the store
 * keeps how far the registry had come at the last look and at the one before, and a look begins at the
 * latter, so that a case which was being written during a look is not passed over.  What is flagged is not
 * flagged again. */
#include "cases/cases_private.h"

#include <string.h>

/* ---- how far it was looked -------------------------------------------------------------- */

typedef struct {
  RegistryPlace last, before; /* erasures correct nothing */
} Looked;

static bool
read_looked (Cases *cases, Looked *looked, bool *found, GError **error)
{
  g_autoptr (StoreReader) reader = store_reader (cases->store, error);
  StoreStatement *s = reader ? store_statement (store_reader_db (reader),
                                                "SELECT batch, merging, batch_before, merging_before"
                                                " FROM cases_looked",
                                                error)
                             : NULL;
  if (!s)
    return false;
  StoreStep step = store_step (s, error);
  *found = step == STORE_ROW;
  if (*found) {
    looked->last = (RegistryPlace){ store_integer (s, 0), store_integer (s, 1), .erasure = G_MAXINT64 };
    looked->before = (RegistryPlace){ store_integer (s, 2), store_integer (s, 3), .erasure = G_MAXINT64 };
    store_reset (s);
  }
  return step != STORE_FAILED;
}

static bool
write_looked (StoreConnection *db, gpointer data, GError **error)
{
  const Looked *looked = data;
  StoreStatement *s = store_statement (
      db,
      "INSERT INTO cases_looked (one, batch, merging, batch_before, merging_before) VALUES (1, ?1, ?2, ?3, "
      "?4)"
      " ON CONFLICT (one) DO UPDATE SET batch = excluded.batch, merging = excluded.merging,"
      " batch_before = excluded.batch_before, merging_before = excluded.merging_before",
      error);
  if (!s)
    return false;
  store_bind_integer (s, 1, looked->last.batch);
  store_bind_integer (s, 2, looked->last.merge);
  store_bind_integer (s, 3, looked->before.batch);
  store_bind_integer (s, 4, looked->before.merge);
  return store_run (s, error);
}

bool
flag_begin (Cases *cases, GError **error)
{
  Looked looked;
  bool found;
  if (!read_looked (cases, &looked, &found, error))
    return false;
  if (found)
    return true;
  RegistryView *view = registry_view_new (cases->options.registry, REGISTRY_FOREVER, error);
  bool told = view && registry_view_place (view, &looked.last, error);
  registry_view_free (view); /* before the writing: a store that is being loaded has one or the other */
  if (!told)
    return false;
  looked.before = looked.last;
  return store_write (cases->store, write_looked, &looked, error);
}

/* Whom the registry was told of since SINCE; how far it has come into NOW. */
static const RegistryTouch *
read_touches (Cases *cases, Arena *arena, const RegistryPlace *since, RegistryPlace *now, size_t *n,
              GError **error)
{
  g_autoptr (RegistryView) view = registry_view_new (cases->options.registry, REGISTRY_FOREVER, error);
  return view && registry_view_place (view, now, error) ? registry_view_touched (view, arena, since, n, error)
                                                        : NULL;
}

/* ---- which cases ----------------------------------------------------------------------------- */

typedef struct {
  gint64 case_id, batch;
  const char *attribute;
} Rest;

/* What cases, not flagged and not closed for good, rest on of SUBJECT. */
static bool
read_rests (StoreConnection *db, Arena *arena, Subject subject, GArray *rests, GError **error)
{
  StoreStatement *s = store_statement (db,
                                       "SELECT c.id, r.batch, r.attribute FROM cases_rests_on r"
                                       " JOIN cases_case c ON c.id = r.case_id WHERE r.subject = ?1"
                                       " AND c.flagged = 0 AND c.state NOT IN (?2, ?3, ?4)",
                                       error);
  if (!s)
    return false;
  store_bind_integer (s, 1, subject);
  store_bind_integer (s, 2, CASE_ARCHIVED);
  store_bind_integer (s, 3, CASE_DECLINED);
  store_bind_integer (s, 4, CASE_WITHDRAWN);
  StoreStep next;
  while ((next = store_step (s, error)) == STORE_ROW) {
    Rest rest = { store_integer (s, 0), store_integer (s, 1), store_string (s, 2, arena) };
    g_array_append_val (rests, rest);
  }
  return next != STORE_FAILED;
}

/* Whether a record that came after REST's names its attribute. */
static bool
was_corrected (const Rest *rest, const RegistryRecord *records, size_t n)
{
  for (size_t i = n; i-- > 0 && records[i].batch > rest->batch;)
    for (size_t k = 0; k < records[i].n; k++)
      if (strcmp (records[i].facts[k].attribute->id, rest->attribute) == 0)
        return true;
  return false;
}

typedef struct {
  Cases *cases;
  const gint64 *ids;
  size_t n;
} Flagging;

static bool
write_flags (StoreConnection *db, gpointer data, GError **error)
{
  const Flagging *f = data;
  for (size_t i = 0; i < f->n; i++) {
    g_autoptr (Arena) arena = arena_new ();
    CaseRow row;
    if (!row_find (f->cases, db, arena, f->ids[i], &row, error))
      return false;
    if (row.c.flagged)
      continue;
    row.c.flagged = true;
    if (!row_update (db, &row, error) || !tell_flagged (f->cases, db, &row, error))
      return false;
  }
  return true;
}

/* The cases that rest on a fact of SUBJECT that was corrected since, into IDS, each once. */
static bool
find_cases (Cases *cases, StoreConnection *db, Subject subject, GHashTable *ids, GError **error)
{
  g_autoptr (Arena) arena = arena_new ();
  g_autoptr (GArray) rests = g_array_new (FALSE, FALSE, sizeof (Rest));
  size_t n = 0;
  if (!read_rests (db, arena, subject, rests, error))
    return false;
  const RegistryRecord *records
      = rests->len ? registry_records (cases->options.registry, arena, subject, &n, error) : NULL;
  for (guint i = 0; records && i < rests->len; i++) {
    const Rest *rest = &g_array_index (rests, Rest, i);
    if (was_corrected (rest, records, n))
      g_hash_table_add (ids, g_memdup2 (&rest->case_id, sizeof rest->case_id));
  }
  return records || !rests->len;
}

static bool
flag_some (Cases *cases, const RegistryTouch *touches, size_t n, GError **error)
{
  g_autoptr (GHashTable) seen = g_hash_table_new_full (g_int64_hash, g_int64_equal, g_free, NULL);
  {
    g_autoptr (StoreReader) reader = store_reader (cases->store, error);
    for (size_t i = 0; i < n; i++)
      if (!reader || !find_cases (cases, store_reader_db (reader), touches[i].subject, seen, error))
        return false;
  }
  g_autoptr (GArray) ids = g_array_new (FALSE, FALSE, sizeof (gint64));
  GHashTableIter all;
  gpointer id;
  g_hash_table_iter_init (&all, seen);
  while (g_hash_table_iter_next (&all, &id, NULL))
    g_array_append_val (ids, *(gint64 *)id);
  Flagging f = { cases, (const gint64 *)(gpointer)ids->data, ids->len };
  return !ids->len || store_write (cases->store, write_flags, &f, error);
}

bool
flag_corrected (Cases *cases, GError **error)
{
  enum { AT_ONCE = 1000 };
  g_autoptr (Arena) arena = arena_new ();
  Looked looked;
  RegistryPlace now;
  bool found;
  size_t n;
  if (!read_looked (cases, &looked, &found, error))
    return false;
  const RegistryTouch *touches = read_touches (cases, arena, &looked.before, &now, &n, error);
  for (size_t i = 0; touches && i < n; i += AT_ONCE)
    if (!flag_some (cases, touches + i, MIN (n - i, AT_ONCE), error))
      return false;
  bool moved = touches && (now.batch != looked.before.batch || now.merge != looked.before.merge);
  Looked then = { now, looked.last };
  return touches && (!moved || store_write (cases->store, write_looked, &then, error));
}
