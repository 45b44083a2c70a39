/* liudong backup: a database in one encrypted file, while it is in use. */
#include "backup_options.h"

#include "progress.h"

#include <stdio.h>

typedef struct {
  char *db, *out, *new_key;
  BackupKeyOptions key;
} Options;

static bool
write_backup (const Options *o, BackupSummary *summary, GError **error)
{
  g_autoptr (BackupKey) key = backup_key_from_options (&o->key, true, error);
  g_autoptr (Store) store
      = key ? store_open (o->db ? o->db : "var/county.db", STORE_READ_ONLY, NULL, 0, error) : NULL;
  if (!store)
    return false;
  CliProgress bar;
  cli_progress_start (&bar, "backing up");
  bool ok = backup_write (store, o->out, key, cli_progress_step, &bar, summary, error);
  cli_progress_end (&bar);
  return ok;
}

static int
run (const Options *o)
{
  GError *error = NULL;
  BackupSummary summary;
  gint64 started = g_get_monotonic_time ();
  if (o->new_key) {
    if (!backup_key_make (o->new_key, &error))
      return cli_fail ("backup", error);
    fprintf (stderr, "made %s; keep a copy elsewhere: without it no backup can be read\n", o->new_key);
    return CLI_DONE;
  }
  if (!o->out)
    g_set_error (&error, FAULT, FAULT_USAGE, "--out says where the backup goes; see liudong backup --help");
  if (error || !write_backup (o, &summary, &error))
    return cli_fail ("backup", error);
  backup_print_summary (o->out, &summary, started);
  return CLI_DONE;
}

int
command_backup (int argc, char **argv)
{
  Options o = { 0 };
  const GOptionEntry entries[] = {
    { "db", 0, 0, G_OPTION_ARG_FILENAME, &o.db, "the database (default: var/county.db)", "FILE|URL" },
    { "out", 0, 0, G_OPTION_ARG_FILENAME, &o.out, "the new file", "FILE" },
    { "key-file", 0, 0, G_OPTION_ARG_FILENAME, &o.key.key_file, "the key to encrypt it with", "FILE" },
    { "passphrase-stdin", 0, 0, G_OPTION_ARG_NONE, &o.key.from_stdin,
      "or a passphrase, the first line of standard input", NULL },
    { "new-key", 0, 0, G_OPTION_ARG_FILENAME, &o.new_key, "make a key and do nothing else", "FILE" },
    G_OPTION_ENTRY_NULL,
  };
  int status;
  if (cli_options (
          &argc, &argv, "",
          "Copy a database into one encrypted file, while it is in use.  Without a key a passphrase\n"
          "is asked for.",
          entries, &status))
    status = run (&o);
  g_free (o.db);
  g_free (o.out);
  g_free (o.new_key);
  backup_key_options_clear (&o.key);
  return status;
}
