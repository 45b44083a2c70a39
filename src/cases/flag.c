/* Facts that were corrected after a proposal was made. */
#include "cases/cases_private.h"

#include <string.h>

typedef struct {
  gint64 case_id, batch;
  Subject subject;
  const char *attribute;
} Rest;

/* What the cases with numbers above AFTER, not flagged and not closed for good, rest on. */
static bool
read_rests (Cases *cases, Arena *arena, gint64 after, size_t limit, GArray *rests, GError **error)
{
  g_autoptr (StoreReader) reader = store_reader (cases->store, error);
  StoreStatement *s = reader ? store_statement (
                          store_reader_db (reader),
                          "SELECT c.id, r.batch, r.subject, r.attribute FROM cases_case c"
                          " JOIN cases_rests_on r ON r.case_id = c.id WHERE c.id > ?1 AND c.id <= ?1 + ?2"
                          " AND c.flagged = 0 AND c.state NOT IN (?3, ?4, ?5) ORDER BY r.subject, c.id",
                          error)
                             : NULL;
  if (!s)
    return false;
  store_bind_integer (s, 1, after);
  store_bind_integer (s, 2, (gint64)limit);
  store_bind_integer (s, 3, CASE_ARCHIVED);
  store_bind_integer (s, 4, CASE_DECLINED);
  store_bind_integer (s, 5, CASE_WITHDRAWN);
  StoreStep next;
  while ((next = store_step (s, error)) == STORE_ROW) {
    Rest rest
        = { store_integer (s, 0), store_integer (s, 1), store_integer (s, 2), store_string (s, 3, arena) };
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
  GArray *ids; /* gint64 */
} Flagging;

static bool
write_flags (StoreConnection *db, gpointer data, GError **error)
{
  Flagging *f = data;
  for (guint i = 0; i < f->ids->len; i++) {
    g_autoptr (Arena) arena = arena_new ();
    CaseRow row;
    if (!row_find (f->cases, db, arena, g_array_index (f->ids, gint64, i), &row, error))
      return false;
    row.c.flagged = true;
    if (!row_update (db, &row, error) || !tell_flagged (f->cases, db, &row, error))
      return false;
  }
  return true;
}

static bool
flag_some (Cases *cases, gint64 after, size_t limit, GError **error)
{
  g_autoptr (Arena) arena = arena_new ();
  g_autoptr (GArray) rests = g_array_new (FALSE, FALSE, sizeof (Rest)),
                     ids = g_array_new (FALSE, FALSE, sizeof (gint64));
  g_autoptr (GHashTable) seen = g_hash_table_new (g_int64_hash, g_int64_equal);
  if (!read_rests (cases, arena, after, limit, rests, error))
    return false;
  const RegistryRecord *records = NULL;
  size_t n_records = 0;
  for (guint i = 0; i < rests->len; i++) {
    const Rest *rest = &g_array_index (rests, Rest, i);
    if (!records || rest->subject != (rest - 1)->subject)
      records = registry_records (cases->options.registry, arena, rest->subject, &n_records, error);
    if (!records)
      return false;
    if (was_corrected (rest, records, n_records) && g_hash_table_add (seen, (gpointer)&rest->case_id))
      g_array_append_val (ids, rest->case_id);
  }
  Flagging f = { cases, ids };
  return !ids->len || store_write (cases->store, write_flags, &f, error);
}

bool
flag_corrected (Cases *cases, GError **error)
{
  enum { AT_ONCE = 1000 };
  gint64 last = 0;
  {
    g_autoptr (StoreReader) reader = store_reader (cases->store, error);
    if (!reader
        || !store_query (store_reader_db (reader), "SELECT coalesce(max(id), 0) FROM cases_case", 0, &last,
                         error))
      return false;
  }
  for (gint64 after = 0; after < last; after += AT_ONCE)
    if (!flag_some (cases, after, AT_ONCE, error))
      return false;
  return true;
}
