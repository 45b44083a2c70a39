/* Any bytes as a backup: the sealed file itself (first byte even), or what is
 * inside a properly sealed one (odd).  Reading either ends with true or a fault. */
#include "backup/sealed.h"

#include <sys/mman.h>
#include <unistd.h>

int LLVMFuzzerTestOneInput (const uint8_t *data, size_t size);

static const char key_text[]
    = "liudong backup key 1\n0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef\n";

static BackupKey *
load_key (void)
{
  int fd = memfd_create ("key", 0);
  g_autofree char *path = g_strdup_printf ("/proc/self/fd/%d", fd);
  g_assert (write (fd, key_text, strlen (key_text)) == (ssize_t)strlen (key_text));
  BackupKey *key = backup_key_load (path, NULL);
  close (fd);
  g_assert (key);
  return key;
}

static void
seal (int fd, const BackupKey *key, const uint8_t *data, size_t size)
{
  g_autoptr (SealWriter) writer = seal_writer_new (fd, "fuzz", key, NULL);
  g_assert (seal_write (writer, data, size, NULL) && seal_writer_finish (writer, NULL));
}

int
LLVMFuzzerTestOneInput (const uint8_t *data, size_t size)
{
  static BackupKey *key;
  if (!key)
    key = load_key ();
  if (size == 0)
    return 0;
  int fd = memfd_create ("backup", 0);
  g_autofree char *path = g_strdup_printf ("/proc/self/fd/%d", fd);
  if (data[0] & 1)
    seal (fd, key, data + 1, size - 1);
  else
    g_assert (write (fd, data + 1, size - 1) == (ssize_t)size - 1);
  g_autoptr (GError) error = NULL;
  BackupSummary summary;
  bool ok = backup_verify (path, key, NULL, NULL, &summary, &error);
  g_assert (ok == (error == NULL));
  close (fd);
  return 0;
}
