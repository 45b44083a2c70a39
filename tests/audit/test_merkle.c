/* Tree hashing, growing and proofs against published vectors and against the
 * RFC's recursive definitions, written here as they stand there. */
#include "audit/merkle.h"
#include "support.h"

#include <sodium.h>

enum { SIZES = 130 };

typedef struct {
  MerkleHasher *hasher;
  MerkleHash leaves[SIZES];
} Fixture;

static void
from_hex (const char *hex, GString *bytes)
{
  gsize len = strlen (hex) / 2, got;
  g_string_set_size (bytes, len);
  g_assert_cmpint (sodium_hex2bin ((guint8 *)bytes->str, len, hex, strlen (hex), NULL, &got, NULL), ==, 0);
  g_assert_cmpuint (got, ==, len);
}

static void
assert_hash (const MerkleHash *hash, const char *hex)
{
  char shown[2 * MERKLE_BYTES + 1];
  sodium_bin2hex (shown, sizeof shown, hash->bytes, MERKLE_BYTES);
  g_assert_cmpstr (shown, ==, hex);
}

/* ---- published vectors ------------------------------------------------- */

/* The Certificate Transparency project's reference tree of eight leaves. */
static const char *const reference_leaves[]
    = { "", "00", "10", "2021", "3031", "40414243", "5051525354555657", "606162636465666768696a6b6c6d6e6f" };
static const char *const reference_roots[] = {
  "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
  "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
  "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
  "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
  "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
  "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
  "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
  "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
  "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
};

static void
check_roots (const char *const *leaves, size_t n, const char *const *roots)
{
  g_autoptr (MerkleHasher) hasher = merkle_hasher_new (AUDIT_SHA256);
  g_autoptr (GString) bytes = g_string_new (NULL);
  MerkleFrontier frontier = { 0 };
  for (size_t i = 0; i <= n; i++) {
    MerkleHash root, leaf;
    merkle_root (hasher, &frontier, &root);
    assert_hash (&root, roots[i]);
    if (i == n)
      break;
    from_hex (leaves[i], bytes);
    merkle_leaf (hasher, bytes->str, bytes->len, &leaf);
    merkle_append (hasher, &frontier, 0, &leaf);
  }
}

static void
test_reference (void)
{
  check_roots (reference_leaves, G_N_ELEMENTS (reference_leaves), reference_roots);
}

static const char **
strings_of (Arena *arena, const JsonValue *array, size_t *n)
{
  g_assert_true (array && array->kind == JSON_ARRAY);
  const char **strings = arena_new0 (arena, const char *, array->n);
  for (*n = 0; *n < array->n; ++*n)
    strings[*n] = json_string (array->elements[*n]);
  return strings;
}

/* The same as the acceptance material gives it: the JSON block under ORC-27. */
static void
test_shared (void)
{
  g_autofree char *path = support_shared ("oracles/allocation.md");
  if (!path)
    return;
  g_autofree char *page = support_read (path, NULL);
  const char *start = strstr (page, "## ORC-27");
  g_assert_nonnull (start);
  start = strstr (start, "```json\n");
  const char *end = start ? strstr (start, "\n```\n") : NULL;
  g_assert_nonnull (end);
  start += strlen ("```json\n");
  g_autoptr (Arena) arena = arena_new ();
  GError *error = NULL;
  const JsonValue *oracle = json_parse (arena, (Text){ start, (size_t)(end - start) }, path, &error);
  g_assert_no_error (error);
  size_t n, n_roots;
  const char **leaves = strings_of (arena, json_get (json_get (oracle, "input"), "leaves_hex"), &n);
  const char **roots
      = strings_of (arena, json_get (json_get (oracle, "expected"), "root_for_first_n_leaves"), &n_roots);
  g_assert_cmpuint (n_roots, ==, n + 1);
  g_assert_cmpuint (n, >=, 8);
  check_roots (leaves, n, roots);
}

/* GB/T 32905-2016, appendix A: "abc", and "abcd" sixteen times. */
static void
test_sm3 (void)
{
  g_autoptr (MerkleHasher) hasher = merkle_hasher_new (AUDIT_SM3);
  MerkleHash hash;
  merkle_digest (hasher, text_of ("abc"), text_of (""), &hash);
  assert_hash (&hash, "66c7f0f462eeedd9d1f2d46bdc10e4e24167c4875cf2f7a2297da02b8f4ba8e0");
  g_autoptr (GString) long_one = g_string_new (NULL);
  for (int i = 0; i < 16; i++)
    g_string_append (long_one, "abcd");
  merkle_digest (hasher, text_of (long_one->str), (Text){ NULL, 0 }, &hash);
  assert_hash (&hash, "debe9ff92275b8a138604889c18e5a4d6fdb70e5387e5765293dcba39c0c5732");
}

/* ---- the definitions --------------------------------------------------- */

static size_t
largest_power_below (size_t n)
{
  size_t k = 1;
  while (k * 2 < n)
    k *= 2;
  return k;
}

static MerkleHash
naive_root (const Fixture *f, size_t start, size_t n)
{
  MerkleHash root, left, right;
  if (n == 0) {
    merkle_empty (f->hasher, &root);
    return root;
  }
  if (n == 1)
    return f->leaves[start];
  size_t k = largest_power_below (n);
  left = naive_root (f, start, k);
  right = naive_root (f, start + k, n - k);
  merkle_node (f->hasher, &left, &right, &root);
  return root;
}

static void
naive_path (const Fixture *f, size_t m, size_t start, size_t n, MerklePath *path)
{
  if (n == 1)
    return;
  size_t k = largest_power_below (n);
  if (m < k)
    naive_path (f, m, start, k, path);
  else
    naive_path (f, m - k, start + k, n - k, path);
  path->hashes[path->n++] = m < k ? naive_root (f, start + k, n - k) : naive_root (f, start, k);
}

static void
naive_subproof (const Fixture *f, size_t m, size_t start, size_t n, bool known, MerklePath *path)
{
  if (m == n) {
    if (!known)
      path->hashes[path->n++] = naive_root (f, start, n);
    return;
  }
  size_t k = largest_power_below (n);
  if (m <= k) {
    naive_subproof (f, m, start, k, known, path);
    path->hashes[path->n++] = naive_root (f, start + k, n - k);
  } else {
    naive_subproof (f, m - k, start + k, n - k, false, path);
    path->hashes[path->n++] = naive_root (f, start, k);
  }
}

static bool
read_complete (gpointer data, unsigned level, guint64 number, MerkleHash *root, GError **error)
{
  const Fixture *f = data;
  size_t n = (size_t)1 << level;
  *root = naive_root (f, number * n, n);
  return true;
}

static bool
paths_equal (const MerklePath *a, const MerklePath *b)
{
  return a->n == b->n && memcmp (a->hashes, b->hashes, a->n * sizeof *a->hashes) == 0;
}

static void
fixture_open (Fixture *f, gconstpointer algorithm)
{
  f->hasher = merkle_hasher_new ((AuditAlgorithm)GPOINTER_TO_INT (algorithm));
  for (guint32 i = 0; i < SIZES; i++)
    merkle_leaf (f->hasher, &i, sizeof i, &f->leaves[i]);
}

static void
fixture_close (Fixture *f, gconstpointer unused)
{
  merkle_hasher_free (f->hasher);
}

typedef struct {
  Fixture *fixture;
  size_t completed;
} Completed;

/* Every subtree is told when its last leaf comes, and rightly. */
static void
check_completed (gpointer data, unsigned level, guint64 number, const MerkleHash *root)
{
  Completed *c = data;
  MerkleHash wanted = naive_root (c->fixture, (size_t)number << level, (size_t)1 << level);
  g_assert_true (merkle_equal (root, &wanted));
  c->completed++;
}

static void
test_growing (Fixture *f, gconstpointer unused)
{
  Completed completed = { f, 0 };
  MerkleFrontier frontier = { .complete = check_completed, .data = &completed };
  for (size_t n = 0; n < SIZES; n++) {
    MerkleHash root, wanted = naive_root (f, 0, n);
    merkle_root (f->hasher, &frontier, &root);
    g_assert_true (merkle_equal (&root, &wanted));
    merkle_append (f->hasher, &frontier, 0, &f->leaves[n]);
  }
  g_assert_cmpuint (completed.completed, ==, 65 + 32 + 16 + 8 + 4 + 2 + 1); /* of 130 leaves */
}

/* Appending whole subtrees is appending their leaves. */
static void
test_subtrees (Fixture *f, gconstpointer unused)
{
  for (unsigned level = 0; level < 6; level++) {
    MerkleFrontier frontier = { 0 };
    size_t step = (size_t)1 << level, n = 0;
    for (; n + step <= SIZES; n += step) {
      MerkleHash complete, leaves[64];
      memcpy (leaves, &f->leaves[n], step * sizeof *leaves);
      merkle_complete (f->hasher, leaves, level, &complete);
      merkle_append (f->hasher, &frontier, level, &complete);
    }
    MerkleHash root, wanted = naive_root (f, 0, n);
    merkle_root (f->hasher, &frontier, &root);
    g_assert_true (merkle_equal (&root, &wanted));
  }
}

/* A proof is refused after any single change of what it is made of. */
static void
refuse_changed_inclusion (const Fixture *f, const MerklePath *path, size_t index, size_t n,
                          const MerkleHash *root)
{
  MerklePath changed = *path;
  MerkleHash other = f->leaves[index];
  other.bytes[index % MERKLE_BYTES] ^= 1;
  g_assert_false (merkle_verify_inclusion (f->hasher, &other, index, n, path, root));
  other = *root;
  other.bytes[n % MERKLE_BYTES] ^= 0x80;
  g_assert_false (merkle_verify_inclusion (f->hasher, &f->leaves[index], index, n, path, &other));
  for (size_t i = 0; i < path->n; i++) {
    changed.hashes[i].bytes[i % MERKLE_BYTES] ^= 4;
    g_assert_false (merkle_verify_inclusion (f->hasher, &f->leaves[index], index, n, &changed, root));
    changed = *path;
  }
  if (path->n) {
    changed.n--;
    g_assert_false (merkle_verify_inclusion (f->hasher, &f->leaves[index], index, n, &changed, root));
    g_assert_false (merkle_verify_inclusion (f->hasher, &f->leaves[index], index ^ 1, n, path, root));
  }
  changed = *path;
  changed.hashes[changed.n++] = *root;
  g_assert_false (merkle_verify_inclusion (f->hasher, &f->leaves[index], index, n, &changed, root));
  g_assert_false (merkle_verify_inclusion (f->hasher, &f->leaves[index], index + n, n, path, root));
}

static void
test_inclusion (Fixture *f, gconstpointer unused)
{
  MerkleSource source = { read_complete, f };
  for (size_t n = 1; n < SIZES; n++) {
    MerkleHash root = naive_root (f, 0, n);
    for (size_t index = 0; index < n; index++) {
      MerklePath path, wanted = { 0 };
      g_assert_true (merkle_inclusion (f->hasher, &source, index, n, &path, NULL));
      naive_path (f, index, 0, n, &wanted);
      g_assert_true (paths_equal (&path, &wanted));
      g_assert_true (merkle_verify_inclusion (f->hasher, &f->leaves[index], index, n, &path, &root));
      if (n % 7 == 0 || n < 20)
        refuse_changed_inclusion (f, &path, index, n, &root);
    }
  }
}

static void
refuse_changed_consistency (const Fixture *f, const MerklePath *path, size_t m, size_t n,
                            const MerkleHash *first, const MerkleHash *second)
{
  MerklePath changed = *path;
  MerkleHash other = *first;
  other.bytes[m % MERKLE_BYTES] ^= 1;
  g_assert_false (merkle_verify_consistency (f->hasher, m, n, path, &other, second));
  other = *second;
  other.bytes[n % MERKLE_BYTES] ^= 1;
  if (m) /* everything continues the empty tree */
    g_assert_false (merkle_verify_consistency (f->hasher, m, n, path, first, &other));
  for (size_t i = 0; i < path->n; i++) {
    changed.hashes[i].bytes[i % MERKLE_BYTES] ^= 16;
    g_assert_false (merkle_verify_consistency (f->hasher, m, n, &changed, first, second));
    changed = *path;
  }
  if (path->n) {
    changed.n--;
    g_assert_false (merkle_verify_consistency (f->hasher, m, n, &changed, first, second));
  }
  changed = *path;
  changed.hashes[changed.n++] = *first;
  g_assert_false (merkle_verify_consistency (f->hasher, m, n, &changed, first, second));
  if (m != n)
    g_assert_false (merkle_verify_consistency (f->hasher, n, m, path, second, first));
}

static void
test_consistency (Fixture *f, gconstpointer unused)
{
  MerkleSource source = { read_complete, f };
  for (size_t n = 0; n < SIZES; n++) {
    MerkleHash second = naive_root (f, 0, n);
    for (size_t m = 0; m <= n; m++) {
      MerkleHash first = naive_root (f, 0, m);
      MerklePath path, wanted = { 0 };
      g_assert_true (merkle_consistency (f->hasher, &source, m, n, &path, NULL));
      if (m)
        naive_subproof (f, m, 0, n, true, &wanted);
      g_assert_true (paths_equal (&path, &wanted));
      g_assert_true (merkle_verify_consistency (f->hasher, m, n, &path, &first, &second));
      if (n % 7 == 0 || n < 20)
        refuse_changed_consistency (f, &path, m, n, &first, &second);
    }
  }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/audit/merkle/reference", test_reference);
  g_test_add_func ("/audit/merkle/shared", test_shared);
  g_test_add_func ("/audit/merkle/sm3", test_sm3);
  static const struct {
    const char *name;
    void (*run) (Fixture *, gconstpointer);
  } properties[] = { { "growing", test_growing },
                     { "subtrees", test_subtrees },
                     { "inclusion", test_inclusion },
                     { "consistency", test_consistency } };
  for (size_t i = 0; i < G_N_ELEMENTS (properties); i++) {
    g_autofree char *sha = g_strdup_printf ("/audit/merkle/%s/sha-256", properties[i].name);
    g_autofree char *sm3 = g_strdup_printf ("/audit/merkle/%s/sm3", properties[i].name);
    g_test_add (sha, Fixture, GINT_TO_POINTER (AUDIT_SHA256), fixture_open, properties[i].run, fixture_close);
    g_test_add (sm3, Fixture, GINT_TO_POINTER (AUDIT_SM3), fixture_open, properties[i].run, fixture_close);
  }
  return g_test_run ();
}
