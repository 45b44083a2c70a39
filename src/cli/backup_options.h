/* What `backup` and `restore` share: where the key comes from, and the report. */
#pragma once

#include "backup/backup.h"
#include "cli.h"

typedef struct {
  char *key_file;
  gboolean from_stdin;
} BackupKeyOptions;

void backup_key_options_clear (BackupKeyOptions *options);
/* The key file, the first line of standard input, or what is typed at the
 * terminal, twice when it is NEW.  FAULT_USAGE when there is none of them. */
BackupKey *backup_key_from_options (const BackupKeyOptions *options, bool new, GError **error);
/* One JSON object on standard output. */
void backup_print_summary (const char *file, const BackupSummary *summary, gint64 started);
