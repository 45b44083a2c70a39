/* Whose facts may have changed since a place: by records of later batches, by later merges
 * and undone ones, by later erasures, by later complete loads.  What begins or ends to be
 * valid is none of this: a view is of one day. */
#include "registry/registry_private.h"

bool
registry_view_place (RegistryView *view, RegistryPlace *place, GError **error)
{
  return store_query (view->db, "SELECT coalesce(max(id), 0) FROM batch", 0, &place->batch, error)
         && store_query (view->db, "SELECT coalesce(max(id), 0) FROM merging", 0, &place->merge, error)
         && store_query (view->db, "SELECT coalesce(max(id), 0) FROM erasure", 0, &place->erasure, error);
}

/* By subject; the array is sorted in the end. */
typedef struct {
  GHashTable *places; /* Subject → place in TOUCHES + 1 */
  GArray *touches;
} Touches;

static RegistryTouch *
touch (Touches *t, Subject subject)
{
  gsize at = (gsize)g_hash_table_lookup (t->places, &subject);
  if (!at) {
    g_array_append_val (t->touches, ((RegistryTouch){ .subject = subject }));
    at = t->touches->len;
    g_hash_table_insert (t->places, g_memdup2 (&subject, sizeof subject), (gpointer)at);
  }
  return &g_array_index (t->touches, RegistryTouch, at - 1);
}

static void
touch_batch (Touches *t, Subject subject, gint64 batch)
{
  RegistryTouch *touched = touch (t, subject);
  touched->at.batch = MAX (touched->at.batch, batch);
}

/* ---- records, loads, erasures --------------------------------------------------- */

static void
take_record (const RegistryView *view, Touches *t, StoreStatement *s)
{
  Subject root = merge_root (view->merges, store_integer (s, 0)), member;
  for (size_t i = 0; (i = merge_members (view->merges, root, i, &member));)
    touch_batch (t, member, store_integer (s, 1));
}

static void
take_load (const RegistryView *view, Touches *t, StoreStatement *s)
{
  touch_batch (t, store_integer (s, 0) << 56, store_integer (s, 1));
}

static void
take_erasure (const RegistryView *view, Touches *t, StoreStatement *s)
{
  RegistryTouch *touched = touch (t, merge_root (view->merges, store_integer (s, 0)));
  touched->at.erasure = MAX (touched->at.erasure, store_integer (s, 1));
}

static bool
take_rows (const RegistryView *view, const char *sql, gint64 since,
           void (*take) (const RegistryView *view, Touches *t, StoreStatement *s), Touches *t, GError **error)
{
  StoreStatement *s = store_statement (view->db, sql, error);
  if (!s)
    return false;
  store_bind_integer (s, 1, since);
  StoreStep step;
  while ((step = store_step (s, error)) == STORE_ROW)
    take (view, t, s);
  return step == STORE_DONE;
}

/* ---- merges ------------------------------------------------------------------------ */

/* Subjects that were ever merged, each group with its last event: whoever is in the group of
 * a later event may stand for others now. */
typedef struct {
  Subject subject;
  guint leader; /* towards the group's leader, which is its own */
  gint64 last;
} Member;

static guint
leader_of (GArray *members, guint i)
{
  Member *all = (Member *)(void *)members->data;
  while (all[i].leader != i)
    i = all[i].leader = all[all[i].leader].leader;
  return i;
}

static guint
member_of (GHashTable *places, GArray *members, Subject subject)
{
  gsize at = (gsize)g_hash_table_lookup (places, &subject);
  if (!at) {
    g_array_append_val (members, ((Member){ .subject = subject, .leader = members->len }));
    at = members->len;
    g_hash_table_insert (places, g_memdup2 (&subject, sizeof subject), (gpointer)at);
  }
  return (guint)at - 1;
}

static bool
read_groups (const RegistryView *view, GHashTable *places, GArray *members, GError **error)
{
  StoreStatement *s = store_statement (view->db, "SELECT id, kept, gone FROM merging ORDER BY id", error);
  StoreStep step = STORE_FAILED;
  while (s && (step = store_step (s, error)) == STORE_ROW) {
    guint kept = leader_of (members, member_of (places, members, store_integer (s, 1)));
    guint gone = leader_of (members, member_of (places, members, store_integer (s, 2)));
    g_array_index (members, Member, gone).leader = kept;
    g_array_index (members, Member, kept).last = store_integer (s, 0);
  }
  return step == STORE_DONE;
}

static bool
touch_merged (const RegistryView *view, gint64 since, Touches *t, GError **error)
{
  g_autoptr (GHashTable) places = g_hash_table_new_full (g_int64_hash, g_int64_equal, g_free, NULL);
  g_autoptr (GArray) members = g_array_new (FALSE, FALSE, sizeof (Member));
  if (!read_groups (view, places, members, error))
    return false;
  for (guint i = 0; i < members->len; i++) {
    gint64 last = g_array_index (members, Member, leader_of (members, i)).last;
    if (last <= since)
      continue;
    RegistryTouch *touched = touch (t, g_array_index (members, Member, i).subject);
    touched->at.merge = last;
    touched->merged = true;
  }
  return true;
}

/* ---- all of them --------------------------------------------------------------------- */

static int
compare_touches (gconstpointer a, gconstpointer b)
{
  Subject x = ((const RegistryTouch *)a)->subject, y = ((const RegistryTouch *)b)->subject;
  return (x > y) - (x < y);
}

const RegistryTouch *
registry_view_touched (RegistryView *view, Arena *arena, const RegistryPlace *since, size_t *n,
                       GError **error)
{
  static const char records[] = "SELECT subject, batch FROM record WHERE batch > ?1",
                    loads[]
                    = "SELECT complete_of, max(id) FROM batch WHERE id > ?1 AND complete_of IS NOT NULL"
                      " GROUP BY complete_of",
                    erasures[] = "SELECT subject, max(id) FROM erasure WHERE id > ?1 GROUP BY subject";
  g_autoptr (GHashTable) places = g_hash_table_new_full (g_int64_hash, g_int64_equal, g_free, NULL);
  g_autoptr (GArray) touches = g_array_new (FALSE, FALSE, sizeof (RegistryTouch));
  Touches t = { places, touches };
  *n = 0;
  const Registry *registry = view->registry;
  bool indexed = registry->late && since->batch >= registry->watched;
  if (!take_rows (view, indexed ? registry->late : records, since->batch, take_record, &t, error)
      || !take_rows (view, loads, since->batch, take_load, &t, error)
      || !take_rows (view, erasures, since->erasure, take_erasure, &t, error)
      || !touch_merged (view, since->merge, &t, error))
    return NULL;
  g_array_sort (touches, compare_touches);
  *n = touches->len;
  return arena_copy (arena, touches->data, touches->len * sizeof (RegistryTouch));
}
