#include "audit_files.h"

#include "store/store.h"

#include <glib/gstdio.h>

/* A server's database has no folder: then it is var/ and the database's name. */
static char *
beside (const char *db, const char *suffix)
{
  if (!store_is_server (db))
    return g_strconcat (db, suffix, NULL);
  g_autofree char *place = g_strndup (db, strcspn (db, "?")), *name = g_path_get_basename (place);
  return g_strconcat ("var/", name, suffix, NULL);
}

void
audit_files_complete (AuditFiles *files, const char *db)
{
  if (store_is_server (db) && (!files->key || !files->heads))
    g_mkdir_with_parents ("var", 0755); /* when it cannot be made, making the key says so */
  if (!files->key)
    files->key = beside (db, ".audit-key");
  if (!files->heads)
    files->heads = beside (db, ".heads");
}

void
audit_files_clear (AuditFiles *files)
{
  g_free (files->key);
  g_free (files->heads);
}

void
audit_files_retire (const char *db)
{
  g_autofree char *heads = beside (db, ".heads");
  g_autofree char *old = g_strconcat (heads, ".old", NULL);
  if (g_file_test (heads, G_FILE_TEST_IS_REGULAR))
    (void)g_rename (heads, old);
}
