/* Heads as notes: what is signed reads back, what was damaged is told, and keys. */
#include "audit/audit_private.h"
#include "support.h"

#include <sodium.h>

static guint8 secret[AUDIT_SECRET_BYTES], public_key[AUDIT_PUBLIC_BYTES];

static char *
note_of (gint64 size)
{
  AuditStatement statement
      = { .log = "liudong-audit/test", .algorithm = AUDIT_SM3, .size = size, .at = 1700000000000001 };
  memset (statement.root.bytes, (int)size, MERKLE_BYTES);
  return audit_note_sign (&statement, secret);
}

/* The note of RFC 8032's first test key, by other programs' reading of the same standards. */
static void
test_text (void)
{
  g_autofree char *note = note_of (7);
  g_assert_true (g_str_has_prefix (note, "liudong-audit/test\n7\n"
                                         "BwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwc=\n"
                                         "hash SM3\ntime 2023-11-14T22:13:20.000001Z\n\n"
                                         "— liudong-audit/test "));
  g_autofree char *key = audit_key_format ("liudong-audit/test", public_key);
  /* SHA-256 ("liudong-audit/test" 0a 01 d75a9801…511a) begins with these four bytes. */
  g_autoptr (GString) hashed = g_string_new ("liudong-audit/test\n\001");
  g_string_append_len (hashed, (const char *)public_key, sizeof public_key);
  g_autofree char *digest
      = g_compute_checksum_for_data (G_CHECKSUM_SHA256, (const guint8 *)hashed->str, hashed->len);
  g_autofree char *wanted
      = g_strdup_printf ("liudong-audit/test+%.8s+AddamAGCsQq31Uv+08lkBzoO4XLz2qYjJa8CGmj3B1Ea", digest);
  g_assert_cmpstr (key, ==, wanted);
}

static void
test_read (void)
{
  g_autoptr (Arena) arena = arena_new ();
  g_autofree char *text = note_of (7), *line = audit_key_format ("liudong-audit/test", public_key);
  AuditNote note;
  g_assert_true (audit_note_parse (arena, text_of (text), &note));
  g_assert_cmpstr (note.statement.log, ==, "liudong-audit/test");
  g_assert_cmpint (note.statement.size, ==, 7);
  g_assert_cmpint (note.statement.at, ==, 1700000000000001);
  g_assert_cmpint (note.statement.algorithm, ==, AUDIT_SM3);
  g_assert_cmpint (note.statement.root.bytes[31], ==, 7);
  size_t n;
  GError *error = NULL;
  g_autofree char *file = g_strdup_printf ("# keys\n\n  %s  \n", line);
  const AuditKey *keys = audit_keys_parse (arena, text_of (file), "keys", &n, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (n, ==, 1);
  g_assert_true (audit_note_verify (&note, keys, n) == keys);
  /* Any byte changed: no note, or one that its key has not signed. */
  for (size_t i = 0; i < strlen (text); i++) {
    g_autofree char *changed = g_strdup (text);
    changed[i] ^= 1;
    g_assert_true (!audit_note_parse (arena, text_of (changed), &note)
                   || !audit_note_verify (&note, keys, n));
  }
}

/* A file that was cut in the middle, and written on, loses only what was cut. */
static void
test_files (void)
{
  g_autofree char *first = note_of (1), *second = note_of (2), *third = note_of (3);
  for (size_t cut = 0; cut + 1 < strlen (second); cut++) {
    g_autoptr (Arena) arena = arena_new ();
    g_autofree char *file = g_strdup_printf ("\n%s\n\n%.*s\n\n%s\n", first, (int)cut, second, third);
    size_t n, broken;
    unsigned line = 0;
    const AuditNote *notes = audit_notes_parse (arena, text_of (file), &n, &broken, &line);
    g_assert_cmpuint (n, ==, 2);
    g_assert_cmpint (notes[0].statement.size, ==, 1);
    g_assert_cmpuint (notes[0].line, ==, 2);
    g_assert_cmpint (notes[1].statement.size, ==, 3);
    g_assert_cmpuint (broken > 0, ==, cut > 0);
    if (broken)
      g_assert_cmpuint (line, ==, 11);
  }
}

static void
test_keys (void)
{
  static const char *const bad[]
      = { "x",
          "liudong-audit/test",
          "+00000000+AddamAGCsQq31Uv+08lkBzoO4XLz2qYjJa8CGmj3B1Ea",
          "liudong-audit/test+00000000+AddamAGCsQq31Uv+08lkBzoO4XLz2qYjJa8CGmj3B1Ea",
          "liudong-audit/test+00000000+AtdamAGCsQq31Uv+08lkBzoO4XLz2qYjJa8CGmj3B1Ea",
          "liudong-audit/test+00000000+Addam" };
  for (size_t i = 0; i < G_N_ELEMENTS (bad); i++) {
    g_autoptr (Arena) arena = arena_new ();
    g_autoptr (GError) error = NULL;
    g_autofree char *file = g_strdup_printf ("# keys\n%s\n", bad[i]);
    size_t n;
    g_assert_null (audit_keys_parse (arena, text_of (file), "keys", &n, &error));
    g_assert_error (error, FAULT, FAULT_INPUT);
    g_assert_true (g_str_has_prefix (error->message, "keys:2: no public key"));
  }
}

static void
test_times (void)
{
  static const struct {
    gint64 at;
    const char *text;
  } cases[] = { { 0, "1970-01-01T00:00:00.000000Z" },
                { 1700000000123456, "2023-11-14T22:13:20.123456Z" },
                { -1, "1969-12-31T23:59:59.999999Z" } };
  for (size_t i = 0; i < G_N_ELEMENTS (cases); i++) {
    char text[AUDIT_TIME_MAX];
    gint64 at = 1;
    g_assert_cmpstr (audit_time_format (cases[i].at, text), ==, cases[i].text);
    g_assert_true (audit_time_parse (text_of (text), &at));
    g_assert_cmpint (at, ==, cases[i].at);
  }
  static const char *const bad[] = { "", "2023-11-14T22:13:20Z", "2023-11-14T22:13:20.12345xZ",
                                     "2023-13-14T22:13:20.123456Z", "2023-11-14T22:13:20.123456+" };
  for (size_t i = 0; i < G_N_ELEMENTS (bad); i++) {
    gint64 at;
    g_assert_false (audit_time_parse (text_of (bad[i]), &at));
  }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  /* RFC 8032, section 7.1, test 1 */
  static const char seed_hex[] = "9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60";
  guint8 seed[AUDIT_SEED_BYTES];
  sodium_hex2bin (seed, sizeof seed, seed_hex, strlen (seed_hex), NULL, NULL, NULL);
  crypto_sign_seed_keypair (public_key, secret, seed);
  g_test_add_func ("/audit/note/text", test_text);
  g_test_add_func ("/audit/note/read", test_read);
  g_test_add_func ("/audit/note/files", test_files);
  g_test_add_func ("/audit/note/keys", test_keys);
  g_test_add_func ("/audit/note/times", test_times);
  return g_test_run ();
}
