/* The tree as it is stored: all leaves, and the roots of every 256, 65,536 …
 * entries.  Any complete subtree is then at most 256 rows away. */
#include "audit/audit_private.h"

static bool
take_hash (StoreStatement *s, MerkleHash *hash, GError **error)
{
  Text bytes = store_blob (s, 0);
  if (bytes.len == MERKLE_BYTES) {
    memcpy (hash->bytes, bytes.bytes, MERKLE_BYTES);
    return true;
  }
  store_reset (s);
  g_set_error (error, FAULT, FAULT_SYSTEM,
               "the audit log holds a hash of %" G_GSIZE_FORMAT " bytes; liudong audit verify says where",
               bytes.len);
  return false;
}

/* The N hashes that S gives, which has FIRST and the end bound. */
static bool
read_hashes (StoreStatement *s, unsigned level, guint64 first, size_t n, MerkleHash *hashes, GError **error)
{
  size_t seen = 0;
  StoreStep step;
  while ((step = store_step (s, error)) == STORE_ROW && seen < n)
    if (!take_hash (s, &hashes[seen++], error))
      return false;
  if (step == STORE_FAILED)
    return false;
  if (seen == n)
    return true;
  g_set_error (error, FAULT, FAULT_SYSTEM,
               "the audit log lacks one of %" G_GSIZE_FORMAT " hashes of level %u from %" G_GUINT64_FORMAT
               "; liudong audit verify says more",
               n, level, first);
  return false;
}

static bool
read_leaves (AuditTree *tree, guint64 first, size_t n, MerkleHash *hashes, GError **error)
{
  StoreStatement *s = store_statement (
      tree->db, "SELECT hash FROM audit_leaf WHERE number >= ?1 AND number < ?2 ORDER BY number", error);
  if (!s)
    return false;
  store_bind_integer (s, 1, (gint64)first + 1);
  store_bind_integer (s, 2, (gint64)(first + n) + 1);
  return read_hashes (s, 0, first, n, hashes, error);
}

static bool
read_nodes (AuditTree *tree, unsigned level, guint64 first, size_t n, MerkleHash *hashes, GError **error)
{
  StoreStatement *s = store_statement (
      tree->db,
      "SELECT hash FROM audit_node WHERE level = ?1 AND number >= ?2 AND number < ?3 ORDER BY number", error);
  if (!s)
    return false;
  store_bind_integer (s, 1, level);
  store_bind_integer (s, 2, (gint64)first);
  store_bind_integer (s, 3, (gint64)(first + n));
  return read_hashes (s, level, first, n, hashes, error);
}

static bool
read_subtree (gpointer data, unsigned level, guint64 number, MerkleHash *root, GError **error)
{
  AuditTree *tree = data;
  unsigned above = level % AUDIT_NODE_STEP, stored = level - above;
  MerkleHash hashes[AUDIT_GROUP];
  size_t n = (size_t)1 << above;
  guint64 first = number << above;
  bool ok = stored ? read_nodes (tree, stored, first, n, hashes, error)
                   : read_leaves (tree, first, n, hashes, error);
  if (ok)
    merkle_complete (tree->hasher, hashes, above, root);
  return ok;
}

MerkleSource
audit_tree_source (AuditTree *tree)
{
  return (MerkleSource){ read_subtree, tree };
}

bool
audit_tree_frontier (AuditTree *tree, guint64 size, MerkleFrontier *frontier, GError **error)
{
  frontier->size = size;
  for (unsigned level = 0; level < MERKLE_LEVELS; level++)
    if ((size >> level & 1)
        && !read_subtree (tree, level, (size >> level) - 1, &frontier->peaks[level], error))
      return false;
  return true;
}
