/* Sets of subjects: a bit each, in blocks of neighbouring numbers, so that a
 * county's million is 245 rows of 512 bytes; and their commitment.
 *
 * The tree's leaves stand in the order of their hashes, which is a random order to
 * whoever does not know the set's salt: a member's proof then tells how many
 * members there are and nothing of who.  Positions by number would tell a person
 * whether the next number, often of the same household, is in it. */
#include "audit/audit_private.h"

#include <openssl/core_names.h>
#include <openssl/evp.h>
#include <sodium.h>

struct AuditSet {
  GArray *blocks;    /* AuditBlock */
  GHashTable *index; /* block number → its place in BLOCKS + 1 */
  size_t latest;     /* where the last subject went */
  gint64 n;
  AuditSeal *seal; /* NULL: not committed to since it was last changed */
};

AuditSet *
audit_set_new (void)
{
  AuditSet *set = g_new0 (AuditSet, 1);
  set->blocks = g_array_new (FALSE, TRUE, sizeof (AuditBlock));
  set->index = g_hash_table_new (g_direct_hash, g_direct_equal);
  return set;
}

void
audit_set_free (AuditSet *set)
{
  if (!set)
    return;
  g_array_unref (set->blocks);
  g_hash_table_unref (set->index);
  g_free (set->seal);
  g_free (set);
}

static AuditBlock *
block_at (const AuditSet *set, size_t i)
{
  return &g_array_index (set->blocks, AuditBlock, i);
}

static AuditBlock *
block_of (AuditSet *set, gint64 number)
{
  if (set->blocks->len && block_at (set, set->latest)->number == number)
    return block_at (set, set->latest);
  size_t place = GPOINTER_TO_SIZE (g_hash_table_lookup (set->index, (gpointer)number));
  if (!place) {
    AuditBlock fresh = { .number = number };
    g_array_append_val (set->blocks, fresh);
    place = set->blocks->len;
    g_hash_table_insert (set->index, (gpointer)number, GSIZE_TO_POINTER (place));
  }
  set->latest = place - 1;
  return block_at (set, set->latest);
}

void
audit_set_add (AuditSet *set, gint64 subject)
{
  g_assert (subject > 0);
  g_clear_pointer (&set->seal, g_free);
  AuditBlock *block = block_of (set, subject >> AUDIT_BLOCK_BITS);
  unsigned offset = subject & (AUDIT_BLOCK_SIZE - 1);
  guint8 bit = (guint8)(1u << (offset % 8));
  set->n += !(block->bits[offset / 8] & bit);
  block->bits[offset / 8] |= bit;
}

static int
count_bits (const AuditBlock *block)
{
  int n = 0;
  for (size_t i = 0; i < AUDIT_BLOCK_BYTES; i++)
    n += __builtin_popcount (block->bits[i]);
  return n;
}

void
audit_set_add_block (AuditSet *set, const AuditBlock *block)
{
  g_clear_pointer (&set->seal, g_free);
  AuditBlock *mine = block_of (set, block->number);
  set->n -= count_bits (mine);
  for (size_t i = 0; i < AUDIT_BLOCK_BYTES; i++)
    mine->bits[i] |= block->bits[i];
  set->n += count_bits (mine);
}

gint64
audit_set_size (const AuditSet *set)
{
  return set ? set->n : 0;
}

const AuditBlock *
audit_set_blocks (const AuditSet *set, size_t *n)
{
  *n = set->blocks->len;
  return (const AuditBlock *)(gconstpointer)set->blocks->data;
}

/* ---- as stored --------------------------------------------------------- */

size_t
audit_block_pack (const AuditBlock *block, guint8 *bytes)
{
  int n = count_bits (block);
  if (2 * n >= AUDIT_BLOCK_BYTES) {
    memcpy (bytes, block->bits, AUDIT_BLOCK_BYTES);
    return AUDIT_BLOCK_BYTES;
  }
  size_t len = 0;
  for (unsigned offset = 0; offset < AUDIT_BLOCK_SIZE; offset++)
    if (block->bits[offset / 8] >> (offset % 8) & 1) {
      bytes[len++] = (guint8)(offset >> 8);
      bytes[len++] = (guint8)offset;
    }
  return len;
}

bool
audit_block_unpack (AuditBlock *block, gint64 number, Text bytes)
{
  *block = (AuditBlock){ .number = number };
  if (bytes.len == AUDIT_BLOCK_BYTES) {
    memcpy (block->bits, bytes.bytes, AUDIT_BLOCK_BYTES);
    return true;
  }
  const guint8 *b = (const guint8 *)bytes.bytes;
  for (size_t i = 0; i + 1 < bytes.len; i += 2) {
    unsigned offset = (unsigned)b[i] << 8 | b[i + 1];
    if (offset >= AUDIT_BLOCK_SIZE)
      return false;
    block->bits[offset / 8] |= (guint8)(1u << (offset % 8));
  }
  return bytes.len % 2 == 0 && bytes.len < AUDIT_BLOCK_BYTES;
}

bool
audit_block_holds (Text bytes, gint64 subject)
{
  AuditBlock block;
  unsigned offset = subject & (AUDIT_BLOCK_SIZE - 1);
  return audit_block_unpack (&block, 0, bytes) && (block.bits[offset / 8] >> (offset % 8) & 1);
}

/* ---- committing -------------------------------------------------------- */

static void
must (bool done)
{
  if (!done)
    g_error ("OpenSSL cannot compute an HMAC");
}

/* HMAC (RFC 2104) under the set's salt, with the log's hash. */
static EVP_MAC_CTX *
begin_salting (MerkleHasher *hasher, const guint8 *set_salt)
{
  EVP_MAC *mac = EVP_MAC_fetch (NULL, "HMAC", NULL);
  EVP_MAC_CTX *context = EVP_MAC_CTX_new (mac);
  OSSL_PARAM parameters[]
      = { OSSL_PARAM_construct_utf8_string (OSSL_MAC_PARAM_DIGEST, (char *)merkle_hash_name (hasher), 0),
          OSSL_PARAM_construct_end () };
  must (context && EVP_MAC_init (context, set_salt, AUDIT_SET_SALT_BYTES, parameters) == 1);
  EVP_MAC_free (mac);
  return context;
}

static void
salt_member (EVP_MAC_CTX *salting, gint64 subject, guint8 *salt)
{
  guint64 big_endian = GUINT64_TO_BE ((guint64)subject);
  guint8 code[EVP_MAX_MD_SIZE];
  size_t len;
  must (EVP_MAC_init (salting, NULL, 0, NULL) == 1);
  must (EVP_MAC_update (salting, (const guint8 *)&big_endian, sizeof big_endian) == 1);
  must (EVP_MAC_final (salting, code, &len, sizeof code) == 1);
  memcpy (salt, code, AUDIT_SALT_BYTES);
}

static void
hash_member (MerkleHasher *hasher, gint64 subject, const guint8 *salt, MerkleHash *leaf)
{
  guint8 data[AUDIT_SALT_BYTES + sizeof (gint64)];
  guint64 big_endian = GUINT64_TO_BE ((guint64)subject);
  memcpy (data, salt, AUDIT_SALT_BYTES);
  memcpy (data + AUDIT_SALT_BYTES, &big_endian, sizeof big_endian);
  merkle_leaf (hasher, data, sizeof data, leaf);
}

static int
compare_leaves (const void *a, const void *b)
{
  return memcmp (a, b, sizeof (MerkleHash));
}

/* The leading bits of a hash as a number below 2^BITS. */
static size_t
leading (const MerkleHash *leaf, unsigned bits)
{
  guint32 head;
  memcpy (&head, leaf->bytes, sizeof head);
  return GUINT32_FROM_BE (head) >> (32 - bits);
}

/* Hashes are spread evenly: each is put where its leading bits say, about one to a
 * place, and the few that share one are put in order.  A third of qsort's time. */
static void
sort_leaves (MerkleHash *leaves, size_t n)
{
  enum { BITS_MAX = 24 };
  unsigned bits = 1;
  while (bits < BITS_MAX && (size_t)1 << bits < n)
    bits++;
  size_t places = (size_t)1 << bits;
  g_autofree guint32 *next = g_new0 (guint32, places + 1);
  g_autofree MerkleHash *unsorted = g_memdup2 (leaves, n * sizeof *leaves);
  for (size_t i = 0; i < n; i++)
    next[leading (&leaves[i], bits) + 1]++;
  for (size_t place = 0; place < places; place++)
    next[place + 1] += next[place];
  for (size_t i = 0; i < n; i++)
    leaves[next[leading (&unsorted[i], bits)]++] = unsorted[i];
  for (size_t i = 1; i < n; i++) {
    MerkleHash leaf = leaves[i];
    size_t at = i;
    for (; at > 0 && compare_leaves (&leaves[at - 1], &leaf) > 0; at--)
      leaves[at] = leaves[at - 1];
    leaves[at] = leaf;
  }
}

/* Every member's leaf, in their order.  Caller frees. */
static MerkleHash *
hash_members (MerkleHasher *hasher, const AuditSet *set, const guint8 *set_salt)
{
  MerkleHash *leaves = g_new (MerkleHash, set->n), *next = leaves;
  EVP_MAC_CTX *salting = begin_salting (hasher, set_salt);
  for (size_t i = 0; i < set->blocks->len; i++) {
    const AuditBlock *block = block_at (set, i);
    for (unsigned offset = 0; offset < AUDIT_BLOCK_SIZE; offset++) {
      if (!(block->bits[offset / 8] >> (offset % 8) & 1))
        continue;
      gint64 subject = block->number << AUDIT_BLOCK_BITS | offset;
      guint8 salt[AUDIT_SALT_BYTES];
      salt_member (salting, subject, salt);
      hash_member (hasher, subject, salt, next++);
    }
  }
  EVP_MAC_CTX_free (salting);
  sort_leaves (leaves, (size_t)set->n);
  return leaves;
}

void
audit_set_commit (MerkleHasher *hasher, const AuditSet *set, const guint8 *set_salt,
                  AuditCommitment *commitment)
{
  g_autofree MerkleHash *leaves = hash_members (hasher, set, set_salt);
  MerkleFrontier frontier = { 0 };
  for (gint64 i = 0; i < set->n; i++)
    merkle_append (hasher, &frontier, 0, &leaves[i]);
  commitment->n = set->n;
  merkle_root (hasher, &frontier, &commitment->root);
}

const AuditSeal *
audit_set_seal (const AuditSet *set, AuditAlgorithm algorithm)
{
  AuditSeal *seal = set->seal;
  if (seal && seal->algorithm == algorithm)
    return seal;
  g_autoptr (MerkleHasher) hasher = merkle_hasher_new (algorithm);
  g_free (seal);
  ((AuditSet *)set)->seal = seal = g_new0 (AuditSeal, 1);
  seal->algorithm = algorithm;
  randombytes_buf (seal->salt, sizeof seal->salt);
  audit_set_commit (hasher, set, seal->salt, &seal->commitment);
  return seal;
}

/* ---- a member's proof -------------------------------------------------- */

typedef struct {
  MerkleHasher *hasher;
  const MerkleHash *leaves;
} Leaves;

static bool
read_leaves (gpointer data, unsigned level, guint64 number, MerkleHash *root, GError **error)
{
  const Leaves *l = data;
  size_t n = (size_t)1 << level;
  g_autofree MerkleHash *copy = g_memdup2 (l->leaves + number * n, n * sizeof *copy);
  merkle_complete (l->hasher, copy, level, root);
  return true;
}

bool
audit_set_prove (MerkleHasher *hasher, const AuditSet *set, const guint8 *set_salt, gint64 subject,
                 AuditMembership *membership)
{
  EVP_MAC_CTX *salting = begin_salting (hasher, set_salt);
  salt_member (salting, subject, membership->salt);
  EVP_MAC_CTX_free (salting);
  MerkleHash leaf;
  hash_member (hasher, subject, membership->salt, &leaf);
  g_autofree MerkleHash *leaves = hash_members (hasher, set, set_salt);
  const MerkleHash *mine = bsearch (&leaf, leaves, (size_t)set->n, sizeof leaf, compare_leaves);
  if (!mine)
    return false;
  membership->index = (guint64)(mine - leaves);
  membership->size = (guint64)set->n;
  Leaves data = { hasher, leaves };
  MerkleSource source = { read_leaves, &data };
  return merkle_inclusion (hasher, &source, membership->index, membership->size, &membership->path, NULL);
}

bool
audit_set_check (MerkleHasher *hasher, gint64 subject, const AuditMembership *membership,
                 const AuditCommitment *commitment)
{
  MerkleHash leaf;
  hash_member (hasher, subject, membership->salt, &leaf);
  return membership->size == (guint64)commitment->n
         && merkle_verify_inclusion (hasher, &leaf, membership->index, membership->size, &membership->path,
                                     &commitment->root);
}
