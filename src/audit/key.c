/* The signer's key file: one line, readable by its owner alone. */
#include "audit/audit_private.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gstdio.h>
#include <sodium.h>
#include <sys/stat.h>
#include <unistd.h>

#define PRIVATE_HEAD "liudong-audit-private-key "

static bool
fail (GError **error, const char *file, const char *doing)
{
  g_set_error (error, FAULT, FAULT_SYSTEM, "%s: the audit log's key cannot be %s: %s", file, doing,
               g_strerror (errno));
  return false;
}

static bool
write_new (const char *file, const char *line, GError **error)
{
  int fd = g_open (file, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
  if (fd < 0)
    return fail (error, file, "made");
  size_t len = strlen (line);
  bool ok = write (fd, line, len) == (ssize_t)len && fsync (fd) == 0;
  if (!ok)
    fail (error, file, "written");
  close (fd);
  return ok;
}

static bool
make_key (const char *file, GError **error)
{
  guint8 seed[AUDIT_SEED_BYTES];
  char base64[sodium_base64_ENCODED_LEN (sizeof seed, sodium_base64_VARIANT_ORIGINAL)];
  randombytes_buf (seed, sizeof seed);
  sodium_bin2base64 (base64, sizeof base64, seed, sizeof seed, sodium_base64_VARIANT_ORIGINAL);
  g_autofree char *line = g_strconcat (PRIVATE_HEAD, base64, "\n", NULL);
  bool ok = write_new (file, line, error);
  sodium_memzero (line, strlen (line));
  sodium_memzero (base64, sizeof base64);
  sodium_memzero (seed, sizeof seed);
  return ok;
}

static bool
read_key (const char *file, guint8 *seed, GError **error)
{
  struct stat about;
  g_autofree char *line = NULL;
  gsize len;
  if (stat (file, &about) != 0 || !g_file_get_contents (file, &line, &len, NULL))
    return fail (error, file, "read");
  if (about.st_mode & 077) {
    g_set_error (error, FAULT, FAULT_INPUT, "%s: others can read the audit log's key: chmod 600 it", file);
    return false;
  }
  size_t got = 0;
  g_strchomp (line);
  bool ok = g_str_has_prefix (line, PRIVATE_HEAD)
            && sodium_base642bin (seed, AUDIT_SEED_BYTES, line + strlen (PRIVATE_HEAD),
                                  strlen (line) - strlen (PRIVATE_HEAD), NULL, &got, NULL,
                                  sodium_base64_VARIANT_ORIGINAL)
                   == 0
            && got == AUDIT_SEED_BYTES;
  sodium_memzero (line, len);
  if (!ok)
    g_set_error (error, FAULT, FAULT_INPUT, "%s: not an audit log's key: name another file, or a new one",
                 file);
  return ok;
}

/* FILE.pub has a line for every log that the key signs. */
static bool
publish (const char *file, const char *log, const guint8 *public_key, GError **error)
{
  g_autofree char *path = g_strconcat (file, ".pub", NULL);
  g_autofree char *line = audit_key_format (log, public_key);
  g_autofree char *there = NULL;
  if (g_file_get_contents (path, &there, NULL, NULL) && strstr (there, line))
    return true;
  g_autofree char *text = g_strconcat (there ? there : "", line, "\n", NULL);
  return g_file_set_contents (path, text, -1, NULL) || fail (error, path, "published");
}

bool
audit_key_open (const char *file, const char *log, guint8 *secret, GError **error)
{
  guint8 seed[AUDIT_SEED_BYTES], public_key[AUDIT_PUBLIC_BYTES];
  bool there = g_file_test (file, G_FILE_TEST_EXISTS);
  if ((!there && !make_key (file, error)) || !read_key (file, seed, error))
    return false;
  crypto_sign_seed_keypair (public_key, secret, seed);
  sodium_memzero (seed, sizeof seed);
  return publish (file, log, public_key, error);
}
