/* Keys: 256 random bits in a file, or a passphrase stretched by argon2id (RFC 9106). */
#include "backup/sealed.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gstdio.h>
#include <unistd.h>

/* The first line of a key file; the key follows as hex on the second. */
#define KEY_TITLE "liudong backup key 1\n"

enum {
  PASSPHRASE_MIN = 12, /* characters */
  /* Bounds on what a file's head may ask for, so that a forged one cannot exhaust the machine. */
  OPERATIONS_MAX = 16,
  MEMORY_MAX_KIB = 1024 * 1024,
};

struct BackupKey {
  KeyKind kind;
  guint8 bytes[crypto_kdf_KEYBYTES]; /* KEY_FILE */
  char *passphrase;                  /* KEY_PASSPHRASE */
};

static bool
start_sodium (GError **error)
{
  if (sodium_init () >= 0)
    return true;
  g_set_error (error, FAULT, FAULT_SYSTEM, "the cryptographic library cannot start: no source of randomness");
  return false;
}

void
backup_key_free (BackupKey *key)
{
  if (!key)
    return;
  sodium_memzero (key->bytes, sizeof key->bytes);
  if (key->passphrase)
    sodium_memzero (key->passphrase, strlen (key->passphrase));
  g_free (key->passphrase);
  g_free (key);
}

/* ---- key files --------------------------------------------------------- */

static bool
write_new_file (const char *path, const char *text, size_t len, GError **error)
{
  int fd = g_open (path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
  if (fd < 0 && errno == EEXIST) {
    g_set_error (error, FAULT, FAULT_CONFLICT,
                 "%s is there already: backups may need that key; name another file", path);
    return false;
  }
  bool ok = fd >= 0 && write (fd, text, len) == (ssize_t)len && fsync (fd) == 0;
  if (!ok)
    backup_set_write_error (path, error);
  if (fd >= 0) {
    close (fd);
    if (!ok)
      g_unlink (path);
  }
  return ok;
}

bool
backup_key_make (const char *path, GError **error)
{
  if (!start_sodium (error))
    return false;
  guint8 bytes[crypto_kdf_KEYBYTES];
  char hex[2 * sizeof bytes + 1], text[sizeof KEY_TITLE + sizeof hex + 1];
  crypto_kdf_keygen (bytes);
  sodium_bin2hex (hex, sizeof hex, bytes, sizeof bytes);
  int len = g_snprintf (text, sizeof text, KEY_TITLE "%s\n", hex);
  bool ok = write_new_file (path, text, (size_t)len, error);
  sodium_memzero (bytes, sizeof bytes);
  sodium_memzero (hex, sizeof hex);
  sodium_memzero (text, sizeof text);
  return ok;
}

static bool
parse_key (const char *text, size_t len, BackupKey *key)
{
  size_t title = strlen (KEY_TITLE), n = 0;
  const char *end = NULL;
  return len > title && memcmp (text, KEY_TITLE, title) == 0
         && sodium_hex2bin (key->bytes, sizeof key->bytes, text + title, len - title, NULL, &n, &end) == 0
         && n == sizeof key->bytes && g_str_equal (end + strspn (end, "\r\n"), "");
}

BackupKey *
backup_key_load (const char *path, GError **error)
{
  char *text = NULL;
  gsize len = 0;
  g_autoptr (GError) cause = NULL;
  if (!start_sodium (error))
    return NULL;
  if (!g_file_get_contents (path, &text, &len, &cause)) {
    if (g_error_matches (cause, G_FILE_ERROR, G_FILE_ERROR_NOENT))
      g_set_error (error, FAULT, FAULT_NOT_FOUND, "%s: no such key file; liudong backup --new-key makes one",
                   path);
    else
      g_set_error (error, FAULT, FAULT_SYSTEM, "the key cannot be read: %s", cause->message);
    return NULL;
  }
  g_autoptr (BackupKey) key = g_new0 (BackupKey, 1);
  key->kind = KEY_FILE;
  bool ok = parse_key (text, len, key);
  sodium_memzero (text, len);
  g_free (text);
  if (ok)
    return g_steal_pointer (&key);
  g_set_error (error, FAULT, FAULT_INPUT, "%s: not a backup key; liudong backup --new-key makes one", path);
  return NULL;
}

BackupKey *
backup_key_from_passphrase (const char *passphrase, GError **error)
{
  if (!start_sodium (error))
    return NULL;
  Text text = text_of (passphrase);
  if (!text_is_utf8 (text, NULL) || text_length (text) < PASSPHRASE_MIN) {
    g_set_error (error, FAULT, FAULT_INPUT, "a passphrase for backups has at least %d characters, in UTF-8",
                 PASSPHRASE_MIN);
    return NULL;
  }
  BackupKey *key = g_new0 (BackupKey, 1);
  key->kind = KEY_PASSPHRASE;
  key->passphrase = g_strdup (passphrase);
  return key;
}

/* ---- deriving ---------------------------------------------------------- */

void
key_recipe (const BackupKey *key, KeyRecipe *recipe)
{
  *recipe = (KeyRecipe){ .kind = key->kind };
  if (key->kind == KEY_FILE)
    return;
  recipe->operations = crypto_pwhash_OPSLIMIT_MODERATE;
  recipe->memory_kib = crypto_pwhash_MEMLIMIT_MODERATE / 1024;
  randombytes_buf (recipe->salt, sizeof recipe->salt);
}

static bool
stretch (const BackupKey *key, const KeyRecipe *recipe, const char *name, guint8 *master, GError **error)
{
  if (recipe->operations > OPERATIONS_MAX || recipe->memory_kib > MEMORY_MAX_KIB) {
    g_set_error (error, FAULT, FAULT_INPUT,
                 "%s: its head is damaged: its key would take %u MiB and %u passes", name,
                 recipe->memory_kib / 1024, recipe->operations);
    return false;
  }
  if (crypto_pwhash (master, crypto_kdf_KEYBYTES, key->passphrase, strlen (key->passphrase), recipe->salt,
                     recipe->operations, (size_t)recipe->memory_kib * 1024, crypto_pwhash_ALG_ARGON2ID13)
      == 0)
    return true;
  g_set_error (error, FAULT, FAULT_SYSTEM, "%s: not enough memory to derive its key (%u MiB are needed)",
               name, recipe->memory_kib / 1024);
  return false;
}

bool
key_derive (const BackupKey *key, const KeyRecipe *recipe, const char *name, SealKeys *keys, GError **error)
{
  guint8 master[crypto_kdf_KEYBYTES];
  if (key->kind != recipe->kind) {
    g_set_error (error, FAULT, FAULT_DENIED, "%s: sealed with a %s, not with a %s", name,
                 recipe->kind == KEY_FILE ? "key file" : "passphrase",
                 key->kind == KEY_FILE ? "key file" : "passphrase");
    return false;
  }
  if (key->kind == KEY_FILE)
    memcpy (master, key->bytes, sizeof master);
  else if (!stretch (key, recipe, name, master, error))
    return false;
  crypto_kdf_derive_from_key (keys->stream, sizeof keys->stream, 1, "ldbackup", master);
  crypto_kdf_derive_from_key (keys->check, sizeof keys->check, 2, "ldbackup", master);
  sodium_memzero (master, sizeof master);
  return true;
}
