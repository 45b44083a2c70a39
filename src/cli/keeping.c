#include "keeping.h"

#include "backup/backup.h"

#include <stdio.h>
#include <time.h>

/* Eight digits that tell structures apart: of the statements that made the tables. */
static char *
hash_structure (Store *store, GError **error)
{
  g_autoptr (Arena) arena = arena_new ();
  g_autoptr (StoreReader) reader = store_reader (store, error);
  size_t n = 0;
  const StoreDefinition *definitions
      = reader ? store_definitions (store_reader_db (reader), arena, &n, error) : NULL;
  if (!definitions)
    return NULL;
  g_autoptr (GChecksum) sum = g_checksum_new (G_CHECKSUM_SHA256);
  for (size_t i = 0; i < n; i++)
    g_checksum_update (sum, (const guchar *)definitions[i].sql, (gssize)strlen (definitions[i].sql) + 1);
  return g_strndup (g_checksum_get_string (sum), 8);
}

/* "county.db" of either kind of place. */
static char *
name_of (const char *path)
{
  g_autofree char *place = g_strndup (path, strcspn (path, "?"));
  return g_path_get_basename (store_is_server (path) ? place : path);
}

/* DIR/county.db.before-20261122T140000Z-1a2b3c4d */
static char *
name_copy (Store *store, const char *dir, GError **error)
{
  const char *path = store_path (store);
  g_autofree char *structure = hash_structure (store, error);
  if (!structure)
    return NULL;
  char instant[sizeof "20261122T140000Z"];
  time_t now = time (NULL);
  struct tm utc;
  strftime (instant, sizeof instant, "%Y%m%dT%H%M%SZ", gmtime_r (&now, &utc));
  g_autofree char *name = name_of (path), *place = dir ? g_build_filename (dir, name, NULL) : g_strdup (path);
  return g_strdup_printf ("%s.before-%s-%s", place, instant, structure);
}

static bool
write_encrypted (Store *store, const char *key_file, const char *to, GError **error)
{
  BackupSummary summary;
  g_autoptr (BackupKey) key = backup_key_load (key_file, error);
  return key && backup_write (store, to, key, NULL, NULL, &summary, error);
}

static bool
keep_copy (Store *store, gpointer unused, GError **error)
{
  const char *key = g_getenv ("LIUDONG_BACKUP_KEY"), *dir = g_getenv ("LIUDONG_BACKUP_DIR");
  bool server = store_is_server (store_path (store));
  if (server && (!key || !dir)) {
    g_set_error (error, FAULT, FAULT_USAGE,
                 "%s: its tables have to change, and a backup comes first: set LIUDONG_BACKUP_KEY to a key "
                 "file (liudong backup --new-key makes one) and LIUDONG_BACKUP_DIR to a folder, then start "
                 "again",
                 store_path (store));
    return false;
  }
  g_autofree char *to = name_copy (store, key ? dir : NULL, error);
  bool kept = to && (key ? write_encrypted (store, key, to, error) : store_copy (store, to, error));
  if (kept)
    (void)fprintf (stderr, "%s: its tables change; as they were they are kept in %s\n", store_path (store),
                   to);
  else
    g_prefix_error (error,
                    "%s: its tables have to change, but no copy could be made first: ", store_path (store));
  return kept;
}

void
keeping_start (void)
{
  store_set_keep (keep_copy, NULL);
}
