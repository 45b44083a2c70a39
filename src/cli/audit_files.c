#include "audit_files.h"

#include <glib/gstdio.h>

/* A server's address names no file: then it is the usual folder. */
static char *
beside (const char *db, const char *suffix)
{
  return g_strconcat (strstr (db, "://") ? "var/liudong" : db, suffix, NULL);
}

void
audit_files_complete (AuditFiles *files, const char *db)
{
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
