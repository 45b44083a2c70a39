/* What was done: a signed root says only that something before it was changed.
 * Here the changes that a tamperer could have made are tried backwards, and the one
 * under which the root comes out right is the one that was made. */
#include "audit/verify_private.h"

/* Positions among which two are tried as exchanged: every pair costs about 10 µs. */
enum { CANDIDATES_MAX = 600, REMOVED_MAX = 16 };

/* The tree as computed, but for PATCHES (by index). */
typedef struct {
  Verification *v;
  StoreConnection *db;
  MerkleHasher *hasher;
  const VerifyHead *head;
  GHashTable *roots; /* complete subtrees without patches: key → MerkleHash * */
  const VerifyLeaf *patches;
  size_t n_patches;
} Patched;

/* ---- the patched tree -------------------------------------------------- */

static bool
is_patched (const Patched *p, guint64 start, guint64 end)
{
  for (size_t i = 0; i < p->n_patches; i++)
    if (p->patches[i].index >= start && p->patches[i].index < end)
      return true;
  return false;
}

/* A leaf as the scan saw it. */
static bool
read_leaf (Patched *p, guint64 index, MerkleHash *leaf, GError **error)
{
  for (size_t i = 0; i < p->n_patches; i++)
    if (p->patches[i].index == index) {
      *leaf = p->patches[i].leaf;
      return true;
    }
  const GArray *missing = p->v->missing;
  for (guint i = 0; i < missing->len; i++)
    if (g_array_index (missing, VerifyLeaf, i).index == index) {
      *leaf = g_array_index (missing, VerifyLeaf, i).leaf;
      return true;
    }
  StoreStatement *s = store_statement (p->db, "SELECT hash FROM audit_leaf WHERE number = ?1", error);
  if (!s)
    return false;
  store_bind_integer (s, 1, (gint64)index + 1);
  memset (leaf, 0, sizeof *leaf);
  StoreStep step = store_step (s, error);
  Text bytes = step == STORE_ROW ? store_blob (s, 0) : (Text){ NULL, 0 };
  if (bytes.len == MERKLE_BYTES)
    memcpy (leaf->bytes, bytes.bytes, MERKLE_BYTES);
  store_reset (s);
  return step != STORE_FAILED;
}

static bool read_subtree (gpointer data, unsigned level, guint64 number, MerkleHash *root, GError **error);

static bool
compute_subtree (Patched *p, unsigned level, guint64 number, bool patched, MerkleHash *root, GError **error)
{
  if (level == 0)
    return read_leaf (p, number, root, error);
  if (level == AUDIT_NODE_STEP && !patched) {
    *root = p->v->groups[number];
    return true;
  }
  MerkleHash right;
  if (!read_subtree (p, level - 1, 2 * number, root, error)
      || !read_subtree (p, level - 1, 2 * number + 1, &right, error))
    return false;
  merkle_node (p->hasher, root, &right, root);
  return true;
}

static bool
read_subtree (gpointer data, unsigned level, guint64 number, MerkleHash *root, GError **error)
{
  Patched *p = data;
  if (is_patched (p, number << level, (number + 1) << level))
    return compute_subtree (p, level, number, true, root, error);
  gpointer key = GSIZE_TO_POINTER ((gsize)level << 56 | number);
  const MerkleHash *kept = g_hash_table_lookup (p->roots, key);
  if (kept) {
    *root = *kept;
    return true;
  }
  if (!compute_subtree (p, level, number, false, root, error))
    return false;
  g_hash_table_insert (p->roots, key, g_memdup2 (root, sizeof *root));
  return true;
}

/* FITS: whether the head's root comes out with these patches. */
static bool
try_patches (Patched *p, const VerifyLeaf *patches, size_t n, bool *fits, GError **error)
{
  p->patches = patches;
  p->n_patches = n;
  MerkleSource source = { read_subtree, p };
  MerkleHash root;
  if (!merkle_root_of (p->hasher, &source, (guint64)p->head->size, &root, error))
    return false;
  *fits = merkle_equal (&root, &p->head->root);
  return true;
}

/* ---- leaves ------------------------------------------------------------ */

/* Whether the leaves that the details give, of SUSPECTS above GOOD, make the root right. */
static bool
try_suspects (Patched *p, gint64 good, bool *fits, GError **error)
{
  const GArray *suspects = p->v->suspects;
  g_autoptr (GArray) patches = g_array_new (FALSE, FALSE, sizeof (VerifyLeaf));
  for (guint i = 0; i < suspects->len; i++) {
    const VerifySuspect *s = &g_array_index (suspects, VerifySuspect, i);
    VerifyLeaf patch = { (guint64)s->number - 1, s->computed };
    if (s->number > good && s->number <= p->head->size)
      g_array_append_val (patches, patch);
  }
  *fits = false;
  return !patches->len || patches->len > CANDIDATES_MAX
         || try_patches (p, (const VerifyLeaf *)(gpointer)patches->data, patches->len, fits, error);
}

/* ---- order ------------------------------------------------------------- */

/* The stored roots of groups, where they are other than computed, make the head's
 * root right: then only these groups were changed. */
static bool
groups_explain (Patched *p, bool *fits, GError **error)
{
  const GArray *wrong = p->v->wrong_nodes;
  GHashTable *kept = p->roots;
  g_autoptr (GHashTable) stored = g_hash_table_new_full (NULL, NULL, NULL, g_free);
  StoreStatement *s
      = store_statement (p->db, "SELECT hash FROM audit_node WHERE level = 8 AND number = ?1", error);
  if (!s)
    return false;
  for (guint i = 0; i < wrong->len; i++) {
    guint64 group = g_array_index (wrong, guint64, i);
    store_bind_integer (s, 1, (gint64)group);
    StoreStep step = store_step (s, error);
    Text bytes = step == STORE_ROW ? store_blob (s, 0) : (Text){ NULL, 0 };
    if (bytes.len == MERKLE_BYTES)
      g_hash_table_insert (stored, GSIZE_TO_POINTER ((gsize)AUDIT_NODE_STEP << 56 | group),
                           g_memdup2 (bytes.bytes, bytes.len));
    store_reset (s);
    if (step == STORE_FAILED)
      return false;
  }
  p->roots = stored;
  bool ok = try_patches (p, NULL, 0, fits, error);
  p->roots = kept;
  return ok;
}

/* Entries above GOOD and not above the head, of changed groups where these are known.
 * NULL without error when they are too many. */
static GArray *
list_candidates (Patched *p, gint64 good, bool known, GError **error)
{
  g_autoptr (GArray) candidates = g_array_new (FALSE, FALSE, sizeof (VerifyLeaf));
  const GArray *wrong = p->v->wrong_nodes;
  guint n = known ? wrong->len : 1;
  for (guint i = 0; i < n; i++) {
    guint64 start = known ? g_array_index (wrong, guint64, i) * AUDIT_GROUP : (guint64)good;
    guint64 end = known ? start + AUDIT_GROUP : (guint64)p->head->size;
    for (guint64 index = MAX (start, (guint64)good); index < MIN (end, (guint64)p->head->size); index++) {
      VerifyLeaf leaf = { .index = index };
      if (candidates->len == CANDIDATES_MAX || !read_leaf (p, index, &leaf.leaf, error))
        return NULL;
      g_array_append_val (candidates, leaf);
    }
  }
  return g_steal_pointer (&candidates);
}

/* Try every two as exchanged. */
static bool
try_exchanges (Patched *p, const GArray *candidates, gint64 *first, gint64 *second, GError **error)
{
  for (guint i = 0; i < candidates->len; i++)
    for (guint j = i + 1; j < candidates->len; j++) {
      const VerifyLeaf *a = &g_array_index (candidates, VerifyLeaf, i);
      const VerifyLeaf *b = &g_array_index (candidates, VerifyLeaf, j);
      const VerifyLeaf exchanged[] = { { a->index, b->leaf }, { b->index, a->leaf } };
      bool fits;
      if (!try_patches (p, exchanged, 2, &fits, error))
        return false;
      if (fits) {
        *first = (gint64)a->index + 1;
        *second = (gint64)b->index + 1;
        return true;
      }
    }
  return true;
}

/* ---- taken out --------------------------------------------------------- */

/* Whether the group behind the first changed one comes out right when its entries
 * are taken from N places earlier: then N were taken out and the rest moved up. */
static bool
try_removed (Patched *p, guint64 group, int n, bool *fits, GError **error)
{
  MerkleHash leaves[AUDIT_GROUP], root, stored = { { 0 } };
  p->n_patches = 0;
  guint64 start = (group + 1) * AUDIT_GROUP - (guint64)n;
  for (size_t i = 0; i < AUDIT_GROUP; i++)
    if (!read_leaf (p, start + i, &leaves[i], error))
      return false;
  merkle_complete (p->hasher, leaves, AUDIT_NODE_STEP, &root);
  StoreStatement *s
      = store_statement (p->db, "SELECT hash FROM audit_node WHERE level = 8 AND number = ?1", error);
  if (!s)
    return false;
  store_bind_integer (s, 1, (gint64)group + 1);
  StoreStep step = store_step (s, error);
  Text bytes = step == STORE_ROW ? store_blob (s, 0) : (Text){ NULL, 0 };
  if (bytes.len == MERKLE_BYTES)
    memcpy (stored.bytes, bytes.bytes, MERKLE_BYTES);
  store_reset (s);
  *fits = merkle_equal (&root, &stored);
  return step != STORE_FAILED;
}

static bool
find_removed (Patched *p, int *removed, guint64 *group, GError **error)
{
  *removed = 0;
  if (!p->v->wrong_nodes->len)
    return true;
  *group = g_array_index (p->v->wrong_nodes, guint64, 0);
  for (int n = 1; n <= REMOVED_MAX; n++) {
    bool fits;
    if (!try_removed (p, *group, n, &fits, error))
      return false;
    if (fits) {
      *removed = n;
      return true;
    }
  }
  return true;
}

/* ---- blaming ----------------------------------------------------------- */

/* Two entries that were exchanged, seen from HEAD. */
static bool
blame_order (Patched *p, const VerifyHead *head, gint64 good, bool *found, GError **error)
{
  bool known = false;
  p->head = head;
  if (p->v->wrong_nodes->len && !groups_explain (p, &known, error))
    return false;
  GError *local = NULL;
  g_autoptr (GArray) candidates = list_candidates (p, good, known, &local);
  gint64 first = 0, second = 0;
  if (candidates)
    try_exchanges (p, candidates, &first, &second, &local);
  *found = first != 0;
  if (*found)
    verify_find (p->v, AUDIT_REORDERED, first,
                 "entries %" G_GINT64_FORMAT " and %" G_GINT64_FORMAT " were exchanged", first, second);
  if (local)
    g_propagate_error (error, local);
  return !local;
}

static void
blame_range (Patched *p, gint64 good)
{
  gint64 from = good + 1, to = p->head->size;
  g_autofree char *which = from == to ? g_strdup_printf ("entry %" G_GINT64_FORMAT " was", to)
                                      : g_strdup_printf ("one or more of entries %" G_GINT64_FORMAT
                                                         " to %" G_GINT64_FORMAT " were",
                                                         from, to);
  verify_find (p->v, AUDIT_ENTRY_CHANGED, from, "%s changed, leaf and details together: %s has another root",
               which, p->head->place);
}

static bool
blame (Patched *p, gint64 good, GError **error)
{
  bool found = false;
  if (!try_suspects (p, good, &found, error))
    return false;
  if (found) {
    for (guint i = 0; i < p->v->suspects->len; i++) {
      VerifySuspect *s = &g_array_index (p->v->suspects, VerifySuspect, i);
      if (s->number > good && s->number <= p->head->size) {
        verify_find (p->v, AUDIT_LEAF_CHANGED, s->number, "entry %" G_GINT64_FORMAT ": its leaf was changed",
                     s->number);
        s->number = 0; /* told */
      }
    }
    return true;
  }
  int removed = 0;
  guint64 group = 0;
  if (!find_removed (p, &removed, &group, error))
    return false;
  if (removed) {
    gint64 from = MAX ((gint64)group * AUDIT_GROUP, good) + 1;
    verify_find (p->v, AUDIT_ENTRY_MISSING, from,
                 "%d of the entries from %" G_GINT64_FORMAT " to %" G_GINT64_FORMAT
                 " were taken out, and all later ones renumbered",
                 removed, from, (gint64)(group + 1) * AUDIT_GROUP);
    return true;
  }
  /* The second of two that were exchanged may stand behind the first head that is wrong. */
  const VerifyHead *head = p->head, *last = &p->v->heads[p->v->n_heads - 1];
  if (!blame_order (p, head, good, &found, error)
      || (!found && last != head && !blame_order (p, last, good, &found, error)))
    return false;
  p->head = head;
  if (!found)
    blame_range (p, good);
  return true;
}

static gint
compare_groups (gconstpointer a, gconstpointer b)
{
  guint64 x = *(const guint64 *)a, y = *(const guint64 *)b;
  return (x > y) - (x < y);
}

bool
verify_blame (Verification *v, const VerifyHead *head, gint64 good, GError **error)
{
  g_autoptr (StoreReader) reader = store_reader (v->store, error);
  if (!reader)
    return false;
  g_array_sort (v->wrong_nodes, compare_groups);
  g_autoptr (MerkleHasher) hasher = merkle_hasher_new (v->log.algorithm);
  g_autoptr (GHashTable) roots = g_hash_table_new_full (NULL, NULL, NULL, g_free);
  Patched patched
      = { .v = v, .db = store_reader_db (reader), .hasher = hasher, .head = head, .roots = roots };
  return blame (&patched, good, error);
}
