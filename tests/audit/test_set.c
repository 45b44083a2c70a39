/* Sets of subjects: what is stored, what is committed to, what a member can prove. */
#include "audit/audit_private.h"
#include "support.h"

#include <sodium.h>

static const guint8 salt[AUDIT_SET_SALT_BYTES] = "a set's salt";

static AuditSet *
set_of (const gint64 *subjects, size_t n)
{
  AuditSet *set = audit_set_new ();
  for (size_t i = 0; i < n; i++)
    audit_set_add (set, subjects[i]);
  return set;
}

static void
test_commitment (void)
{
  static const gint64 rising[] = { 1, 2, 4095, 4096, 70000, ((gint64)7 << 56) + 5 };
  static const gint64 mixed[] = { 70000, 2, 2, ((gint64)7 << 56) + 5, 4096, 1, 4095, 1 };
  g_autoptr (AuditSet) a = set_of (rising, G_N_ELEMENTS (rising));
  g_autoptr (AuditSet) b = set_of (mixed, G_N_ELEMENTS (mixed));
  g_autoptr (MerkleHasher) hasher = merkle_hasher_new (AUDIT_SHA256);
  AuditCommitment of_a, of_b, salted;
  audit_set_commit (hasher, a, salt, &of_a);
  audit_set_commit (hasher, b, salt, &of_b);
  g_assert_cmpint (of_a.n, ==, 6);
  g_assert_cmpint (of_b.n, ==, 6);
  g_assert_true (merkle_equal (&of_a.root, &of_b.root));
  static const guint8 other[AUDIT_SET_SALT_BYTES] = "another salt";
  audit_set_commit (hasher, a, other, &salted);
  g_assert_false (merkle_equal (&of_a.root, &salted.root));
  audit_set_add (b, 3);
  audit_set_commit (hasher, b, salt, &of_b);
  g_assert_false (merkle_equal (&of_a.root, &of_b.root));
}

/* A set is hashed once for entries that follow each other, and anew when it has changed. */
static void
test_seal (void)
{
  static const gint64 members[] = { 5, 9 };
  g_autoptr (AuditSet) set = set_of (members, G_N_ELEMENTS (members));
  g_autoptr (MerkleHasher) hasher = merkle_hasher_new (AUDIT_SM3);
  AuditCommitment expected;
  AuditSeal first = *audit_set_seal (set, AUDIT_SM3), again = *audit_set_seal (set, AUDIT_SM3);
  audit_set_commit (hasher, set, first.salt, &expected);
  g_assert_true (merkle_equal (&first.commitment.root, &expected.root));
  g_assert_true (merkle_equal (&first.commitment.root, &again.commitment.root));
  g_assert_cmpint (audit_set_seal (set, AUDIT_SHA256)->algorithm, ==, AUDIT_SHA256);
  audit_set_add (set, 6);
  const AuditSeal *changed = audit_set_seal (set, AUDIT_SM3);
  g_assert_cmpint (changed->commitment.n, ==, 3);
  g_assert_true (memcmp (changed->salt, first.salt, sizeof first.salt) != 0);
}

/* The commitment from its description alone (docs/audit-format.md), with other code. */
static void
test_format (void)
{
  static const gint64 members[] = { 5, 9 };
  guint8 leaves[2][32], root[32];
  for (size_t i = 0; i < 2; i++) {
    guint8 subject[8] = { 0, 0, 0, 0, 0, 0, 0, (guint8)members[i] }, mac[32], data[1 + 16 + 8] = { 0 };
    crypto_auth_hmacsha256 (mac, subject, sizeof subject, salt);
    memcpy (data + 1, mac, 16);
    memcpy (data + 17, subject, 8);
    crypto_hash_sha256 (leaves[i], data, sizeof data);
  }
  size_t first = memcmp (leaves[0], leaves[1], 32) < 0 ? 0 : 1;
  guint8 node[65] = { 1 };
  memcpy (node + 1, leaves[first], 32);
  memcpy (node + 33, leaves[1 - first], 32);
  crypto_hash_sha256 (root, node, sizeof node);
  g_autoptr (AuditSet) set = set_of (members, 2);
  g_autoptr (MerkleHasher) hasher = merkle_hasher_new (AUDIT_SHA256);
  AuditCommitment commitment;
  audit_set_commit (hasher, set, salt, &commitment);
  g_assert_cmpmem (root, 32, commitment.root.bytes, 32);
}

/* Every member of sets of many sizes can prove it; nobody else can. */
static void
test_membership (void)
{
  static const size_t sizes[] = { 1, 2, 3, 7, 8, 100, 1000, 20000 };
  for (size_t s = 0; s < G_N_ELEMENTS (sizes); s++) {
    AuditAlgorithm algorithm = s % 2 ? AUDIT_SM3 : AUDIT_SHA256;
    g_autoptr (MerkleHasher) hasher = merkle_hasher_new (algorithm);
    g_autoptr (AuditSet) set = audit_set_new ();
    for (size_t i = 1; i <= sizes[s]; i++)
      audit_set_add (set, (gint64)(i * 37));
    AuditCommitment commitment;
    audit_set_commit (hasher, set, salt, &commitment);
    for (size_t i = 1; i <= sizes[s]; i += 1 + i / 5) {
      gint64 subject = (gint64)(i * 37);
      AuditMembership m;
      g_assert_true (audit_set_prove (hasher, set, salt, subject, &m));
      g_assert_true (audit_set_check (hasher, subject, &m, &commitment));
      g_assert_false (audit_set_check (hasher, subject + 37, &m, &commitment));
      AuditMembership changed = m;
      changed.salt[3] ^= 1;
      g_assert_false (audit_set_check (hasher, subject, &changed, &commitment));
      changed = m;
      changed.size++;
      g_assert_false (audit_set_check (hasher, subject, &changed, &commitment));
      g_assert_false (audit_set_prove (hasher, set, salt, subject + 1, &m));
    }
  }
}

static void
test_packing (void)
{
  static const int counts[] = { 1, 2, 255, 256, 257, 4095, 4096 };
  for (size_t c = 0; c < G_N_ELEMENTS (counts); c++) {
    AuditBlock block = { .number = 3 }, back;
    g_autoptr (AuditSet) set = audit_set_new ();
    for (int i = 0; i < counts[c]; i++)
      audit_set_add (set, (3 << AUDIT_BLOCK_BITS) + i * (AUDIT_BLOCK_SIZE / counts[c]));
    size_t n;
    block = audit_set_blocks (set, &n)[0];
    g_assert_cmpuint (n, ==, 1);
    guint8 bytes[AUDIT_BLOCK_BYTES];
    size_t len = audit_block_pack (&block, bytes);
    g_assert_cmpuint (len, ==, MIN (2 * counts[c], AUDIT_BLOCK_BYTES));
    Text packed = { (const char *)bytes, len };
    g_assert_true (audit_block_unpack (&back, 3, packed));
    g_assert_cmpmem (&block, sizeof block, &back, sizeof back);
    g_assert_true (audit_block_holds (packed, 3 << AUDIT_BLOCK_BITS));
    int step = AUDIT_BLOCK_SIZE / counts[c];
    g_assert_true (audit_block_holds (packed, (3 << AUDIT_BLOCK_BITS) + 1) == (step == 1));
  }
  AuditBlock block;
  static const struct {
    const char *bytes;
    size_t len;
  } bad[] = { { "\x10\x00", 2 }, { "\x00", 1 }, { "\x00\x01\x00", 3 } };
  for (size_t i = 0; i < G_N_ELEMENTS (bad); i++)
    g_assert_false (audit_block_unpack (&block, 0, (Text){ bad[i].bytes, bad[i].len }));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/audit/set/commitment", test_commitment);
  g_test_add_func ("/audit/set/seal", test_seal);
  g_test_add_func ("/audit/set/format", test_format);
  g_test_add_func ("/audit/set/membership", test_membership);
  g_test_add_func ("/audit/set/packing", test_packing);
  return g_test_run ();
}
