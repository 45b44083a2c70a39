/* liudong restore: a backup into a new database, or only checked. */
#include "backup_options.h"

#include "progress.h"

typedef struct {
  char *db;
  gboolean verify_only;
  BackupKeyOptions key;
} Options;

static bool
read_backup (const Options *o, const char *file, BackupSummary *summary, GError **error)
{
  if (!o->db == !o->verify_only) {
    g_set_error (error, FAULT, FAULT_USAGE, "--db says where to, --verify-only that nothing is restored: %s",
                 o->db ? "one of them" : "give one of them");
    return false;
  }
  g_autoptr (BackupKey) key = backup_key_from_options (&o->key, false, error);
  if (!key)
    return false;
  CliProgress bar;
  cli_progress_start (&bar, o->verify_only ? "checking" : "restoring");
  bool ok = o->verify_only ? backup_verify (file, key, cli_progress_step, &bar, summary, error)
                           : backup_restore (file, o->db, key, cli_progress_step, &bar, summary, error);
  cli_progress_end (&bar);
  return ok;
}

static int
run (const Options *o, const char *file)
{
  GError *error = NULL;
  BackupSummary summary;
  gint64 started = g_get_monotonic_time ();
  if (!file)
    g_set_error (&error, FAULT, FAULT_USAGE, "which backup?  see liudong restore --help");
  if (error || !read_backup (o, file, &summary, &error))
    return cli_fail ("restore", error);
  backup_print_summary (file, &summary, started);
  return CLI_DONE;
}

int
command_restore (int argc, char **argv)
{
  Options o = { 0 };
  const GOptionEntry entries[] = {
    { "db", 0, 0, G_OPTION_ARG_FILENAME, &o.db, "the new database", "FILE|URL" },
    { "verify-only", 0, 0, G_OPTION_ARG_NONE, &o.verify_only, "read and check all of it, restore nothing",
      NULL },
    { "key-file", 0, 0, G_OPTION_ARG_FILENAME, &o.key.key_file, "the key it was encrypted with", "FILE" },
    { "passphrase-stdin", 0, 0, G_OPTION_ARG_NONE, &o.key.from_stdin,
      "or the passphrase, the first line of standard input", NULL },
    G_OPTION_ENTRY_NULL,
  };
  int status;
  if (cli_options (&argc, &argv, "FILE",
                   "Restore a backup into a new database, of either kind: whole, or not at all.", entries,
                   &status))
    status = run (&o, argc > 1 ? argv[1] : NULL);
  g_free (o.db);
  backup_key_options_clear (&o.key);
  return status;
}
