#include "backup_options.h"

#include <stdio.h>
#include <termios.h>
#include <unistd.h>

void
backup_key_options_clear (BackupKeyOptions *options)
{
  g_free (options->key_file);
}

/* ---- passphrases ------------------------------------------------------- */

static void
wipe (char *secret)
{
  if (secret)
    explicit_bzero (secret, strlen (secret));
  g_free (secret);
}

/* One line without its end, or NULL. */
static char *
read_line (FILE *in)
{
  char *line = NULL;
  size_t size = 0;
  ssize_t len = getline (&line, &size, in);
  while (len > 0 && (line[len - 1] == '\n' || line[len - 1] == '\r'))
    line[--len] = '\0';
  char *copy = len > 0 ? g_strdup (line) : NULL;
  if (line)
    explicit_bzero (line, size);
  free (line);
  return copy;
}

/* What is typed at the terminal, unseen. */
static char *
ask (const char *question)
{
  struct termios before, silent;
  bool terminal = tcgetattr (STDIN_FILENO, &before) == 0;
  silent = before;
  silent.c_lflag &= ~(tcflag_t)ECHO;
  (void)fputs (question, stderr);
  if (terminal)
    tcsetattr (STDIN_FILENO, TCSAFLUSH, &silent);
  char *answer = read_line (stdin);
  if (terminal)
    tcsetattr (STDIN_FILENO, TCSAFLUSH, &before);
  (void)fputc ('\n', stderr);
  return answer;
}

static char *
ask_passphrase (bool new, GError **error)
{
  char *first = ask ("Passphrase: ");
  if (!new || !first)
    return first;
  char *second = ask ("The same again: ");
  bool same = g_strcmp0 (first, second) == 0;
  wipe (second);
  if (same)
    return first;
  wipe (first);
  g_set_error (error, FAULT, FAULT_USAGE, "the two passphrases differ");
  return NULL;
}

BackupKey *
backup_key_from_options (const BackupKeyOptions *options, bool new, GError **error)
{
  if (options->key_file && options->from_stdin) {
    g_set_error (error, FAULT, FAULT_USAGE, "--key-file or --passphrase-stdin, not both");
    return NULL;
  }
  if (options->key_file)
    return backup_key_load (options->key_file, error);
  if (!options->from_stdin && !isatty (STDIN_FILENO)) {
    g_set_error (error, FAULT, FAULT_USAGE,
                 "backups are encrypted: give --key-file (liudong backup --new-key FILE makes one) or "
                 "--passphrase-stdin");
    return NULL;
  }
  g_autoptr (GError) cause = NULL;
  char *passphrase = options->from_stdin ? read_line (stdin) : ask_passphrase (new, &cause);
  if (cause) {
    g_propagate_error (error, g_steal_pointer (&cause));
    return NULL;
  }
  BackupKey *key = backup_key_from_passphrase (passphrase, error);
  wipe (passphrase);
  return key;
}

/* ---- the report -------------------------------------------------------- */

void
backup_print_summary (const char *file, const BackupSummary *summary, gint64 started)
{
  g_autoptr (GDateTime) taken_at = g_date_time_new_from_unix_utc (summary->taken_at / G_USEC_PER_SEC);
  g_autofree char *instant = g_date_time_format (taken_at, "%Y-%m-%dT%H:%M:%SZ");
  g_autoptr (GString) out = g_string_new (NULL);
  g_autoptr (JsonWriter) w = json_writer_new (out, 2);
  json_begin_object (w);
  json_member_str (w, "file", file);
  json_member_str (w, "taken_at", instant);
  json_member_int (w, "tables", summary->tables);
  json_member_int (w, "rows", summary->rows);
  json_member_int (w, "content_bytes", summary->content_bytes);
  json_member_int (w, "file_bytes", summary->file_bytes);
  json_member_int (w, "milliseconds", (g_get_monotonic_time () - started) / 1000);
  json_end_object (w);
  puts (out->str);
}
