/* Merkle trees as RFC 6962 (section 2.1) and RFC 9162 (section 2.1) define them,
 * over SHA-256 or SM3 (GB/T 32905-2016).  No database, no entries: hashes only.
 *
 *     MTH ({})     = H ()
 *     MTH ({d})    = H (00 ‖ d)
 *     MTH (D[n])   = H (01 ‖ MTH (D[0:k]) ‖ MTH (D[k:n]))   k: largest power of two below n
 *
 * A tree that only grows is kept as its *frontier*: the roots of the complete
 * subtrees that its size is made of, one for every bit of the size.  Proofs ask
 * for the roots of complete subtrees, wherever these are kept. */
#pragma once

#include "audit/audit.h"

enum { MERKLE_BYTES = 32, MERKLE_LEVELS = 63, MERKLE_PATH_MAX = 2 * MERKLE_LEVELS };

typedef struct {
  guint8 bytes[MERKLE_BYTES];
} MerkleHash;

/* One thread's own. */
typedef struct MerkleHasher MerkleHasher;
MerkleHasher *merkle_hasher_new (AuditAlgorithm algorithm);
void merkle_hasher_free (MerkleHasher *hasher);

/* "SHA256", "SM3", as OpenSSL names them. */
const char *merkle_hash_name (const MerkleHasher *hasher);

/* H (A ‖ B); a part of no length may be NULL. */
void merkle_digest (MerkleHasher *hasher, Text a, Text b, MerkleHash *out);
void merkle_empty (MerkleHasher *hasher, MerkleHash *root);
void merkle_leaf (MerkleHasher *hasher, const void *data, size_t len, MerkleHash *leaf);
/* OUT may be LEFT or RIGHT. */
void merkle_node (MerkleHasher *hasher, const MerkleHash *left, const MerkleHash *right, MerkleHash *out);
/* The root over 2^LEVEL leaves, in place: LEAVES is used up. */
void merkle_complete (MerkleHasher *hasher, MerkleHash *leaves, unsigned level, MerkleHash *root);

static inline bool
merkle_equal (const MerkleHash *a, const MerkleHash *b)
{
  return memcmp (a, b, sizeof *a) == 0;
}

/* ---- growing ----------------------------------------------------------- */

typedef struct {
  guint64 size;
  MerkleHash peaks[MERKLE_LEVELS]; /* by level, where SIZE has that bit */
  /* Told every subtree that an append completes; may be NULL. */
  void (*complete) (gpointer data, unsigned level, guint64 number, const MerkleHash *root);
  gpointer data;
} MerkleFrontier;

/* Append the root of a complete subtree of 2^LEVEL leaves (0: a leaf); the size
 * so far is a multiple of that. */
void merkle_append (MerkleHasher *hasher, MerkleFrontier *frontier, unsigned level, const MerkleHash *root);
void merkle_root (MerkleHasher *hasher, const MerkleFrontier *frontier, MerkleHash *root);

/* ---- proofs ------------------------------------------------------------ */

/* Where complete subtrees come from: the root of leaves NUMBER·2^LEVEL up to
 * (NUMBER + 1)·2^LEVEL. */
typedef struct {
  bool (*read) (gpointer data, unsigned level, guint64 number, MerkleHash *root, GError **error);
  gpointer data;
} MerkleSource;

typedef struct {
  size_t n;
  MerkleHash hashes[MERKLE_PATH_MAX];
} MerklePath;

/* The audit path of leaf INDEX (from 0) in the tree of SIZE leaves; INDEX < SIZE.
 * False with what SOURCE fails with. */
bool merkle_inclusion (MerkleHasher *hasher, const MerkleSource *source, guint64 index, guint64 size,
                       MerklePath *path, GError **error);
/* The proof that the tree of SECOND leaves continues that of FIRST; FIRST ≤ SECOND. */
bool merkle_consistency (MerkleHasher *hasher, const MerkleSource *source, guint64 first, guint64 second,
                         MerklePath *path, GError **error);
/* The root of the first SIZE leaves. */
bool merkle_root_of (MerkleHasher *hasher, const MerkleSource *source, guint64 size, MerkleHash *root,
                     GError **error);

/* Whether PATH proves it (RFC 9162, 2.1.3.2 and 2.1.4.2).  Any input may be hostile. */
bool merkle_verify_inclusion (MerkleHasher *hasher, const MerkleHash *leaf, guint64 index, guint64 size,
                              const MerklePath *path, const MerkleHash *root);
bool merkle_verify_consistency (MerkleHasher *hasher, guint64 first, guint64 second, const MerklePath *path,
                                const MerkleHash *first_root, const MerkleHash *second_root);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (MerkleHasher, merkle_hasher_free)
