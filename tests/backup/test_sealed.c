/* Sealed files: what goes in comes out, and what was touched is refused. */
#include <fcntl.h>
#include <glib/gstdio.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>
#include "backup/sealed.h"
#include "support.h"

typedef struct {
  char *folder, *path, *key_path;
  BackupKey *key;
} Fixture;

static void
set_up (Fixture *f, gconstpointer unused)
{
  GError *error = NULL;
  f->folder = support_folder ();
  f->path = g_build_filename (f->folder, "sealed", NULL);
  f->key_path = g_build_filename (f->folder, "key", NULL);
  g_assert_true (backup_key_make (f->key_path, &error));
  f->key = backup_key_load (f->key_path, &error);
  g_assert_no_error (error);
}

static void
tear_down (Fixture *f, gconstpointer unused)
{
  backup_key_free (f->key);
  support_remove (f->folder);
  g_free (f->folder);
  g_free (f->path);
  g_free (f->key_path);
}

static void
seal (const Fixture *f, const BackupKey *key, const guint8 *bytes, size_t len, size_t step)
{
  GError *error = NULL;
  int fd = g_open (f->path, O_WRONLY | O_CREAT | O_TRUNC, 0600);
  SealWriter *writer = seal_writer_new (fd, f->path, key, &error);
  g_assert_no_error (error);
  for (size_t at = 0; at < len; at += step)
    g_assert_true (seal_write (writer, bytes + at, MIN (step, len - at), &error));
  g_assert_true (seal_writer_finish (writer, &error));
  struct stat file;
  g_assert_cmpint (fstat (fd, &file), ==, 0);
  g_assert_cmpint (seal_writer_size (writer), ==, file.st_size);
  seal_writer_free (writer);
  close (fd);
}

/* LEN bytes of the file, and its proper end. */
static bool
unseal (const Fixture *f, const BackupKey *key, guint8 *bytes, size_t len, GError **error)
{
  int fd = g_open (f->path, O_RDONLY, 0);
  SealReader *reader = seal_reader_new (fd, f->path, key, error);
  bool ok = reader && seal_read (reader, bytes, len, error) && seal_reader_finish (reader, error);
  seal_reader_free (reader);
  close (fd);
  return ok;
}

static void
assert_refused (const Fixture *f, const BackupKey *key, size_t len, FaultCode code, const char *words)
{
  g_autofree guint8 *bytes = g_malloc (len + 1);
  g_autoptr (GError) error = NULL;
  g_assert_false (unseal (f, key, bytes, len, &error));
  g_assert_error (error, FAULT, (int)code);
  g_assert_nonnull (strstr (error->message, f->path));
  if (!strstr (error->message, words))
    g_error ("\"%s\" does not say \"%s\"", error->message, words);
}

/* Without the flush of g_file_set_contents, which takes most of the time. */
static void
overwrite (const Fixture *f, const char *bytes, size_t len)
{
  FILE *file = fopen (f->path, "wb");
  g_assert_cmpuint (fwrite (bytes, 1, len, file), ==, len);
  g_assert_cmpint (fclose (file), ==, 0);
}

static guint8 *
make_bytes (size_t len, bool random)
{
  guint8 *bytes = g_malloc (len + 1);
  g_autoptr (GRand) source = g_rand_new_with_seed (81);
  for (size_t i = 0; i < len; i++)
    bytes[i] = random ? (guint8)g_rand_int (source) : (guint8)(i / 1000);
  return bytes;
}

static void
test_round_trip (Fixture *f, gconstpointer unused)
{
  static const size_t lens[] = { 0, 1, 65535, 65536, 65537, 200000, 3000000 };
  for (size_t i = 0; i < G_N_ELEMENTS (lens); i++)
    for (int random = 0; random < 2; random++) {
      g_autofree guint8 *in = make_bytes (lens[i], random), *out = g_malloc (lens[i] + 1);
      seal (f, f->key, in, lens[i], 70001);
      GError *error = NULL;
      g_assert_true (unseal (f, f->key, out, lens[i], &error));
      g_assert_no_error (error);
      g_assert_cmpmem (in, lens[i], out, lens[i]);
      assert_refused (f, f->key, lens[i] + 1, FAULT_INPUT, "is damaged");
      if (lens[i] > 0)
        assert_refused (f, f->key, lens[i] - 1, FAULT_INPUT, "is damaged");
    }
}

/* What repeats is stored once; what is sealed does not show. */
static void
test_small_and_secret (Fixture *f, gconstpointer unused)
{
  g_autofree guint8 *in = make_bytes (1000000, false);
  seal (f, f->key, in, 1000000, 1000000);
  gsize len;
  g_free (support_read (f->path, &len));
  g_assert_cmpuint (len, <, 10000);
  memset (in, 'x', 1000);
  seal (f, f->key, in, 1000, 10);
  g_autofree char *second = support_read (f->path, &len);
  g_assert_null (memmem (second, len, "xxxx", 4));
}

/* Every single byte and every length of a short file, and both ends of a long one. */
static void
test_touched (Fixture *f, gconstpointer data)
{
  size_t n = GPOINTER_TO_SIZE (data);
  g_autofree guint8 *in = make_bytes (n, true), *out = g_malloc (n);
  seal (f, f->key, in, n, n);
  gsize len;
  g_autofree char *file = support_read (f->path, &len);
  for (gsize at = 0; at < len; at += len < 2000 || at < 200 || at > len - 200 ? 1 : 4099) {
    g_autoptr (GError) changed = NULL, cut = NULL;
    file[at] ^= 1;
    overwrite (f, file, len);
    g_assert_false (unseal (f, f->key, out, n, &changed));
    g_assert_true (changed->domain == FAULT && changed->code != FAULT_SYSTEM);
    file[at] ^= 1;
    overwrite (f, file, at);
    g_assert_false (unseal (f, f->key, out, n, &cut));
    g_assert_error (cut, FAULT, FAULT_INPUT);
    g_assert_nonnull (strstr (cut->message, at < 8 ? "not a backup" : "cut short"));
  }
  g_autofree char *longer = g_malloc (len + 1);
  memcpy (longer, file, len);
  longer[len] = 0;
  overwrite (f, longer, len + 1);
  assert_refused (f, f->key, n, FAULT_INPUT, "is damaged");
}

/* Two chunks of one file changed about: each is whole in itself. */
static void
test_reordered (Fixture *f, gconstpointer unused)
{
  enum { CHUNK = 4 + 65536 + 17 };
  g_autofree guint8 *in = make_bytes (300000, true);
  seal (f, f->key, in, 300000, 300000);
  gsize len;
  g_autofree char *file = support_read (f->path, &len), *first = NULL;
  const char *start = memmem (file, len, "\x11\x00\x01\x00", 4); /* a full chunk's length */
  g_assert_nonnull (start);
  size_t at = (size_t)(start - file);
  first = g_memdup2 (file + at, CHUNK);
  memmove (file + at, file + at + CHUNK, CHUNK);
  memcpy (file + at + CHUNK, first, CHUNK);
  overwrite (f, file, len);
  assert_refused (f, f->key, 300000, FAULT_INPUT, "is damaged");
}

static void
test_newer (Fixture *f, gconstpointer unused)
{
  seal (f, f->key, (const guint8 *)"x", 1, 1);
  gsize len;
  g_autofree char *file = support_read (f->path, &len);
  file[8] = SEALED_VERSION + 1;
  overwrite (f, file, len);
  assert_refused (f, f->key, 1, FAULT_INPUT, "written by a newer program (its format is 2");
}

static void
test_keys (Fixture *f, gconstpointer unused)
{
  GError *error = NULL;
  g_autofree char *other_path = g_build_filename (f->folder, "other", NULL);
  g_assert_true (backup_key_make (other_path, &error));
  g_autoptr (BackupKey) other = backup_key_load (other_path, &error);
  g_autoptr (BackupKey) phrase = backup_key_from_passphrase ("龙江之南，方山之北，闽水之滨", &error);
  g_autoptr (BackupKey) wrong = backup_key_from_passphrase ("龙江之南，方山之北，闽水之边", &error);
  g_assert_no_error (error);
  guint8 byte = 7;
  seal (f, f->key, &byte, 1, 1);
  assert_refused (f, other, 1, FAULT_DENIED, "sealed with another key");
  assert_refused (f, phrase, 1, FAULT_DENIED, "sealed with a key file, not with a passphrase");
  seal (f, phrase, &byte, 1, 1);
  byte = 0;
  g_assert_true (unseal (f, phrase, &byte, 1, &error));
  g_assert_cmpint (byte, ==, 7);
  assert_refused (f, wrong, 1, FAULT_DENIED, "sealed with another passphrase");
  assert_refused (f, other, 1, FAULT_DENIED, "sealed with a passphrase, not with a key file");
}

/* A head that asks for more memory than any program writes. */
static void
test_greedy_head (Fixture *f, gconstpointer unused)
{
  g_autoptr (BackupKey) phrase = backup_key_from_passphrase ("twelve characters", NULL);
  seal (f, phrase, (const guint8 *)"x", 1, 1);
  gsize len;
  g_autofree char *file = support_read (f->path, &len);
  file[23] = 0x7f;
  overwrite (f, file, len);
  assert_refused (f, phrase, 1, FAULT_INPUT, "its head is damaged");
}

static void
test_key_files (Fixture *f, gconstpointer unused)
{
  struct stat file;
  g_assert_cmpint (stat (f->key_path, &file), ==, 0);
  g_assert_cmpint (file.st_mode & 0777, ==, 0600);
  g_autoptr (GError) there = NULL, absent = NULL, weak = NULL;
  g_assert_false (backup_key_make (f->key_path, &there));
  g_assert_error (there, FAULT, FAULT_CONFLICT);
  g_assert_null (backup_key_load ("/absent", &absent));
  g_assert_error (absent, FAULT, FAULT_NOT_FOUND);
  g_assert_null (backup_key_from_passphrase ("eleven char", &weak));
  g_assert_error (weak, FAULT, FAULT_INPUT);
  static const char *const bad[] = {
    "",
    "liudong backup key 1\n",
    "liudong backup key 1\n00ff\n",
    "liudong backup key 2\n%s\n",
    "liudong backup key 1\n%s00\n",
    "liudong backup key 1\n%s\nmore",
  };
  for (size_t i = 0; i < G_N_ELEMENTS (bad); i++) {
    g_autoptr (GError) error = NULL;
    g_auto (GStrv) parts = g_strsplit (bad[i], "%s", 2);
    g_autofree char *text
        = g_strjoinv ("0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef", parts);
    overwrite (f, text, strlen (text));
    g_assert_null (backup_key_load (f->path, &error));
    g_assert_error (error, FAULT, FAULT_INPUT);
  }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
#define CASE(name, data, test)                                                                               \
  g_test_add ("/backup/sealed/" name, Fixture, GSIZE_TO_POINTER (data), set_up, test, tear_down)
  CASE ("what goes in comes out", 0, test_round_trip);
  CASE ("small and secret", 0, test_small_and_secret);
  CASE ("touched, short", 40, test_touched);
  CASE ("touched, long", 200000, test_touched);
  CASE ("chunks in another order", 0, test_reordered);
  CASE ("refuse a newer format", 0, test_newer);
  CASE ("only the same key opens", 0, test_keys);
  CASE ("a head that asks too much", 0, test_greedy_head);
  CASE ("key files", 0, test_key_files);
  return g_test_run ();
}
