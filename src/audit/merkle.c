#include "audit/merkle.h"

#include <openssl/evp.h>

struct MerkleHasher {
  const char *name;
  EVP_MD *digest;
  EVP_MD_CTX *context;
};

/* A digest that cannot be had, or that fails on bytes in memory, is a broken
 * library: nothing that this program could go on with. */
static void
must (bool done)
{
  if (!done)
    g_error ("OpenSSL cannot compute the audit log's hash");
}

MerkleHasher *
merkle_hasher_new (AuditAlgorithm algorithm)
{
  MerkleHasher *hasher = g_new0 (MerkleHasher, 1);
  hasher->name = algorithm == AUDIT_SM3 ? "SM3" : "SHA256";
  hasher->digest = EVP_MD_fetch (NULL, hasher->name, NULL);
  hasher->context = EVP_MD_CTX_new ();
  must (hasher->digest && hasher->context);
  must (EVP_DigestInit_ex2 (hasher->context, hasher->digest, NULL) == 1);
  return hasher;
}

void
merkle_hasher_free (MerkleHasher *hasher)
{
  if (!hasher)
    return;
  EVP_MD_CTX_free (hasher->context);
  EVP_MD_free (hasher->digest);
  g_free (hasher);
}

const char *
merkle_hash_name (const MerkleHasher *hasher)
{
  return hasher->name;
}

void
merkle_digest (MerkleHasher *hasher, Text a, Text b, MerkleHash *out)
{
  must (EVP_DigestInit_ex2 (hasher->context, NULL, NULL) == 1);
  must (EVP_DigestUpdate (hasher->context, a.bytes, a.len) == 1);
  must (EVP_DigestUpdate (hasher->context, b.bytes, b.len) == 1);
  must (EVP_DigestFinal_ex (hasher->context, out->bytes, NULL) == 1);
}

void
merkle_empty (MerkleHasher *hasher, MerkleHash *root)
{
  merkle_digest (hasher, (Text){ NULL, 0 }, (Text){ NULL, 0 }, root);
}

void
merkle_leaf (MerkleHasher *hasher, const void *data, size_t len, MerkleHash *leaf)
{
  merkle_digest (hasher, (Text){ "\0", 1 }, (Text){ data, len }, leaf);
}

void
merkle_node (MerkleHasher *hasher, const MerkleHash *left, const MerkleHash *right, MerkleHash *out)
{
  char block[1 + 2 * MERKLE_BYTES] = { 1 };
  memcpy (block + 1, left, MERKLE_BYTES);
  memcpy (block + 1 + MERKLE_BYTES, right, MERKLE_BYTES);
  merkle_digest (hasher, (Text){ block, sizeof block }, (Text){ NULL, 0 }, out);
}

void
merkle_complete (MerkleHasher *hasher, MerkleHash *leaves, unsigned level, MerkleHash *root)
{
  for (size_t n = (size_t)1 << level; n > 1; n /= 2)
    for (size_t i = 0; i < n / 2; i++)
      merkle_node (hasher, &leaves[2 * i], &leaves[2 * i + 1], &leaves[i]);
  *root = leaves[0];
}

/* ---- growing ----------------------------------------------------------- */

void
merkle_append (MerkleHasher *hasher, MerkleFrontier *frontier, unsigned level, const MerkleHash *root)
{
  g_assert (frontier->size % ((guint64)1 << level) == 0);
  MerkleHash carried = *root;
  unsigned at = level;
  for (; frontier->size >> at & 1; at++) {
    merkle_node (hasher, &frontier->peaks[at], &carried, &carried);
    if (frontier->complete)
      frontier->complete (frontier->data, at + 1, frontier->size >> (at + 1), &carried);
  }
  frontier->peaks[at] = carried;
  frontier->size += (guint64)1 << level;
}

void
merkle_root (MerkleHasher *hasher, const MerkleFrontier *frontier, MerkleHash *root)
{
  bool begun = false;
  for (unsigned level = 0; level < MERKLE_LEVELS; level++) {
    if (!(frontier->size >> level & 1))
      continue;
    if (begun)
      merkle_node (hasher, &frontier->peaks[level], root, root);
    else
      *root = frontier->peaks[level];
    begun = true;
  }
  if (!begun)
    merkle_empty (hasher, root);
}

/* ---- making proofs ----------------------------------------------------- */

/* A proof being made: the definitions of the RFC, over leaves START to END. */
typedef struct {
  MerkleHasher *hasher;
  const MerkleSource *source;
  MerklePath *path;
  GError **error;
} Proving;

/* The largest power of two below N; N > 1. */
static guint64
split_of (guint64 n)
{
  return (guint64)1 << (63 - __builtin_clzll (n - 1));
}

/* In every split of a tree the left part is complete and the right part begins
 * at a multiple of the left part's size, so a range is complete when its size
 * is a power of two. */
static bool
root_of_range (const Proving *p, guint64 start, guint64 end, MerkleHash *root)
{
  guint64 n = end - start;
  if ((n & (n - 1)) == 0) {
    unsigned level = (unsigned)__builtin_ctzll (n);
    return p->source->read (p->source->data, level, start >> level, root, p->error);
  }
  guint64 middle = start + split_of (n);
  MerkleHash left, right;
  if (!root_of_range (p, start, middle, &left) || !root_of_range (p, middle, end, &right))
    return false;
  merkle_node (p->hasher, &left, &right, root);
  return true;
}

static bool
add_range (const Proving *p, guint64 start, guint64 end)
{
  g_assert (p->path->n < MERKLE_PATH_MAX);
  return root_of_range (p, start, end, &p->path->hashes[p->path->n++]);
}

/* PATH (m, D[start:end]) of RFC 9162, 2.1.3.1. */
static bool
prove_inclusion (const Proving *p, guint64 index, guint64 start, guint64 end)
{
  if (end - start == 1)
    return true;
  guint64 middle = start + split_of (end - start);
  if (index < middle)
    return prove_inclusion (p, index, start, middle) && add_range (p, middle, end);
  return prove_inclusion (p, index, middle, end) && add_range (p, start, middle);
}

/* SUBPROOF (m, D[start:end], known) of RFC 9162, 2.1.4.1; M counts from the
 * tree's beginning. */
static bool
prove_consistency (const Proving *p, guint64 m, guint64 start, guint64 end, bool known)
{
  if (m == end)
    return known || add_range (p, start, end);
  guint64 middle = start + split_of (end - start);
  if (m <= middle)
    return prove_consistency (p, m, start, middle, known) && add_range (p, middle, end);
  return prove_consistency (p, m, middle, end, false) && add_range (p, start, middle);
}

bool
merkle_inclusion (MerkleHasher *hasher, const MerkleSource *source, guint64 index, guint64 size,
                  MerklePath *path, GError **error)
{
  g_assert (index < size);
  Proving proving = { hasher, source, path, error };
  path->n = 0;
  return prove_inclusion (&proving, index, 0, size);
}

bool
merkle_consistency (MerkleHasher *hasher, const MerkleSource *source, guint64 first, guint64 second,
                    MerklePath *path, GError **error)
{
  g_assert (first <= second);
  Proving proving = { hasher, source, path, error };
  path->n = 0;
  return first == 0 || prove_consistency (&proving, first, 0, second, true);
}

bool
merkle_root_of (MerkleHasher *hasher, const MerkleSource *source, guint64 size, MerkleHash *root,
                GError **error)
{
  Proving proving = { hasher, source, NULL, error };
  if (size)
    return root_of_range (&proving, 0, size, root);
  merkle_empty (hasher, root);
  return true;
}

/* ---- checking proofs --------------------------------------------------- */

bool
merkle_verify_inclusion (MerkleHasher *hasher, const MerkleHash *leaf, guint64 index, guint64 size,
                         const MerklePath *path, const MerkleHash *root)
{
  if (index >= size)
    return false;
  guint64 fn = index, sn = size - 1; /* the RFC's names */
  MerkleHash r = *leaf;
  for (size_t i = 0; i < path->n; i++) {
    if (sn == 0)
      return false;
    if ((fn & 1) || fn == sn) {
      merkle_node (hasher, &path->hashes[i], &r, &r);
      for (; !(fn & 1) && fn; fn >>= 1)
        sn >>= 1;
    } else
      merkle_node (hasher, &r, &path->hashes[i], &r);
    fn >>= 1;
    sn >>= 1;
  }
  return sn == 0 && merkle_equal (&r, root);
}

/* Of a tree whose size is a power of two the proof leaves out the root itself. */
static bool
verify_growth (MerkleHasher *hasher, guint64 first, guint64 second, const MerkleHash *hashes, size_t n,
               const MerkleHash *first_root, const MerkleHash *second_root)
{
  guint64 fn = first - 1, sn = second - 1;
  for (; fn & 1; fn >>= 1)
    sn >>= 1;
  MerkleHash fr = hashes[0], sr = hashes[0];
  for (size_t i = 1; i < n; i++) {
    if (sn == 0)
      return false;
    if ((fn & 1) || fn == sn) {
      merkle_node (hasher, &hashes[i], &fr, &fr);
      merkle_node (hasher, &hashes[i], &sr, &sr);
      for (; !(fn & 1) && fn; fn >>= 1)
        sn >>= 1;
    } else
      merkle_node (hasher, &sr, &hashes[i], &sr);
    fn >>= 1;
    sn >>= 1;
  }
  return sn == 0 && merkle_equal (&fr, first_root) && merkle_equal (&sr, second_root);
}

bool
merkle_verify_consistency (MerkleHasher *hasher, guint64 first, guint64 second, const MerklePath *path,
                           const MerkleHash *first_root, const MerkleHash *second_root)
{
  if (first > second)
    return false;
  if (first == second)
    return path->n == 0 && merkle_equal (first_root, second_root);
  if (first == 0) { /* every tree continues the empty one */
    MerkleHash empty;
    merkle_empty (hasher, &empty);
    return path->n == 0 && merkle_equal (first_root, &empty);
  }
  if (path->n == 0)
    return false;
  if (first & (first - 1))
    return verify_growth (hasher, first, second, path->hashes, path->n, first_root, second_root);
  MerkleHash hashes[1 + MERKLE_PATH_MAX];
  hashes[0] = *first_root;
  memcpy (hashes + 1, path->hashes, path->n * sizeof *hashes);
  return verify_growth (hasher, first, second, hashes, path->n + 1, first_root, second_root);
}
