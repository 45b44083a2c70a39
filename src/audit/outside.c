/* Heads kept out of this server's reach: a file that is only appended to, or a
 * folder with one for each day. */
#include "audit/audit_private.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gstdio.h>
#include <unistd.h>

enum { TAIL_BYTES = 1 << 16 };

static bool
fail (GError **error, const char *path, const char *doing)
{
  g_set_error (error, FAULT, FAULT_SYSTEM, "%s: the audit log's heads cannot be %s there: %s", path, doing,
               g_strerror (errno));
  return false;
}

/* A name that ends in a slash is a folder to be. */
static bool
is_folder (const char *place)
{
  return g_str_has_suffix (place, "/") || g_file_test (place, G_FILE_TEST_IS_DIR);
}

/* The file of PLACE for heads signed at AT. */
static char *
file_for (const char *place, gint64 at)
{
  if (!is_folder (place))
    return g_strdup (place);
  char instant[CIVIL_TEXT_MAX];
  instant_format (at / G_USEC_PER_SEC, instant);
  g_autofree char *name = g_strdup_printf ("heads-%.10s.txt", instant);
  return g_build_filename (place, name, NULL);
}

static bool
sync_folder_of (const char *path)
{
  g_autofree char *folder = g_path_get_dirname (path);
  int fd = g_open (folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC, 0);
  bool ok = fd >= 0 && fsync (fd) == 0;
  if (fd >= 0)
    close (fd);
  return ok;
}

/* An empty line comes first, which ends whatever a power cut left unfinished. */
bool
audit_outside_append (const char *place, gint64 at, const char *notes, GError **error)
{
  g_autofree char *path = file_for (place, at);
  bool fresh = !g_file_test (path, G_FILE_TEST_EXISTS);
  if (fresh && is_folder (place) && g_mkdir_with_parents (place, 0755) != 0)
    return fail (error, place, "made");
  int fd = g_open (path, O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC, 0644);
  if (fd < 0)
    return fail (error, path, "kept");
  g_autofree char *bytes = g_strconcat ("\n", notes, NULL);
  size_t len = strlen (bytes);
  bool ok = write (fd, bytes, len) == (ssize_t)len && fsync (fd) == 0 && (!fresh || sync_folder_of (path));
  if (!ok)
    fail (error, path, "written");
  close (fd);
  return ok;
}

static int
compare_names (gconstpointer a, gconstpointer b)
{
  return strcmp (*(const char *const *)a, *(const char *const *)b);
}

/* The folder's files in the order of their days. */
static GPtrArray *
list_files (const char *place, GError **error)
{
  GPtrArray *files = g_ptr_array_new_with_free_func (g_free);
  if (!is_folder (place)) {
    g_ptr_array_add (files, g_strdup (place));
    return files;
  }
  GDir *dir = g_dir_open (place, 0, NULL);
  if (!dir) {
    fail (error, place, "found");
    g_ptr_array_unref (files);
    return NULL;
  }
  const char *name;
  while ((name = g_dir_read_name (dir)))
    if (g_str_has_prefix (name, "heads-") && g_str_has_suffix (name, ".txt"))
      g_ptr_array_add (files, g_build_filename (place, name, NULL));
  g_dir_close (dir);
  g_ptr_array_sort (files, compare_names);
  return files;
}

bool
audit_outside_read (Arena *arena, const char *place, Text *text, GError **error)
{
  g_autoptr (GPtrArray) files = list_files (place, error);
  if (!files)
    return false;
  g_autoptr (GString) whole = g_string_new (NULL);
  for (guint i = 0; i < files->len; i++) {
    g_autofree char *bytes = NULL;
    gsize len;
    g_autoptr (GError) cause = NULL;
    if (!g_file_get_contents (files->pdata[i], &bytes, &len, &cause)) {
      g_set_error (error, FAULT, FAULT_INPUT, "%s", cause->message);
      return false;
    }
    g_string_append_len (whole, bytes, (gssize)len);
  }
  *text = arena_text_copy (arena, (Text){ whole->str, whole->len });
  return true;
}

/* The last bytes of a file that may have grown for years. */
static bool
read_tail (const char *path, GString *tail, GError **error)
{
  int fd = g_open (path, O_RDONLY | O_CLOEXEC, 0);
  if (fd < 0)
    return fail (error, path, "read");
  off_t size = lseek (fd, 0, SEEK_END), start = MAX (0, size - TAIL_BYTES);
  g_string_set_size (tail, (gsize)(size - start));
  ssize_t got = pread (fd, tail->str, tail->len, start);
  close (fd);
  if (got < 0)
    return fail (error, path, "read");
  g_string_truncate (tail, (gsize)got);
  return true;
}

bool
audit_outside_newest (Arena *arena, const char *place, const char *log, AuditNote *newest, bool *found,
                      GError **error)
{
  *found = false;
  if (!g_file_test (place, G_FILE_TEST_EXISTS))
    return true;
  g_autoptr (GPtrArray) files = list_files (place, error);
  if (!files)
    return false;
  for (guint i = files->len; i > 0 && !*found; i--) {
    g_autoptr (GString) tail = g_string_new (NULL);
    if (!read_tail (files->pdata[i - 1], tail, error))
      return false;
    size_t n, broken;
    unsigned line;
    const AuditNote *notes = audit_notes_parse (
        arena, arena_text_copy (arena, (Text){ tail->str, tail->len }), &n, &broken, &line);
    for (; n > 0 && !*found; n--)
      if (g_str_equal (notes[n - 1].statement.log, log)) {
        *newest = notes[n - 1];
        *found = true;
      }
  }
  return true;
}
