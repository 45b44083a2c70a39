#include "fixture.h"

void
log_open (Log *log, gconstpointer algorithm)
{
  GError *error = NULL;
  log->folder = support_folder ();
  log->path = support_store (log->folder, "county.db");
  log->key = g_build_filename (log->folder, "key", NULL);
  log->heads = g_build_filename (log->folder, "heads", NULL);
  log->store = store_open (log->path, STORE_CREATE, NULL, 0, &error);
  g_assert_no_error (error);
  g_assert_true (audit_migrate (log->store, &error));
  g_assert_true (audit_choose_algorithm (log->store, (AuditAlgorithm)GPOINTER_TO_INT (algorithm), &error));
  g_assert_no_error (error);
}

void
log_close (Log *log, gconstpointer unused)
{
  store_close (log->store);
  support_remove (log->folder);
  g_free (log->folder);
  g_free (log->path);
  g_free (log->key);
  g_free (log->heads);
}

void
log_record (Log *log, AuditAct act, const char *actor, gint64 subject, const AuditSet *set)
{
  GError *error = NULL;
  AuditEntry entry
      = { .act = act, .actor = actor, .subject = subject, .subjects = set, .purpose = "clause-15" };
  audit_record (log->store, &entry, &error);
  g_assert_no_error (error);
}

void
log_sign (Log *log)
{
  GError *error = NULL;
  AuditOptions options = { .key_file = log->key, .heads = log->heads };
  audit_sign (log->store, &options, &error);
  g_assert_no_error (error);
}

gint64
log_query (Log *log, const char *sql)
{
  GError *error = NULL;
  gint64 value = -1;
  g_autoptr (StoreReader) reader = store_reader (log->store, &error);
  store_query (store_reader_db (reader), sql, -1, &value, &error);
  g_assert_no_error (error);
  return value;
}

static bool
execute (StoreConnection *db, gpointer sql, GError **error)
{
  return store_execute (db, sql, error);
}

void
log_tamper (Log *log, const char *sql)
{
  GError *error = NULL;
  store_write (log->store, execute, (gpointer)sql, &error);
  g_assert_no_error (error);
}
