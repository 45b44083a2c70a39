/* backup — a whole store in one encrypted file, made while it is in use.
 *
 * What it is for: keeping a county safe, and moving it: a backup of an SQLite
 * file restores into PostgreSQL and the other way round, because it is logical:
 * the statements that made the tables, then the rows (docs/backup-format.md).
 *
 * What it promises
 *   - A backup is one state of the store, that of the moment it began; writers
 *     do not wait for it, nor it for them.
 *   - It appears under its name whole and on disk, readable by its owner only,
 *     or not at all.
 *   - Nobody without the key reads or changes anything in it: XChaCha20-Poly1305
 *     (libsodium's secretstream).  Truncation is noticed.
 *   - A file that is damaged, cut short, sealed with another key or written by a
 *     newer program is refused before the target is touched.
 *   - What was restored is read back and compared, table by table, before it
 *     gets its name.
 *
 * What it refuses: to overwrite anything; to keep a schedule or throw old backups
 * away, which is the operator's (docs/operations.md).
 *
 * How a call goes
 *
 *     g_autoptr (BackupKey) key = backup_key_load ("/etc/liudong/backup.key", &error);
 *     BackupSummary summary;
 *     backup_write (store, "county.backup", key, NULL, NULL, &summary, &error);
 *     backup_restore ("county.backup", "postgresql:///county", key, NULL, NULL, &summary, &error);
 */
#pragma once

#include "base/base.h"
#include "store/store.h"

/* ---- keys -------------------------------------------------------------- */

/* 256 random bits from a file, or a passphrase. */
typedef struct BackupKey BackupKey;

/* Make a key file at PATH, for its owner only.  FAULT_CONFLICT when PATH is there already. */
bool backup_key_make (const char *path, GError **error);
/* FAULT_NOT_FOUND; FAULT_INPUT when the file holds no key. */
BackupKey *backup_key_load (const char *path, GError **error);
/* PASSPHRASE is copied.  FAULT_INPUT under 12 characters. */
BackupKey *backup_key_from_passphrase (const char *passphrase, GError **error);
void backup_key_free (BackupKey *key);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (BackupKey, backup_key_free)

/* ---- backing up and restoring ------------------------------------------ */

typedef struct {
  gint64 taken_at; /* of the state it holds, UTC microseconds */
  gint64 tables, rows;
  gint64 content_bytes; /* before compression */
  gint64 file_bytes;
} BackupSummary;

/* DONE of TOTAL rows; may be NULL. */
typedef void (*BackupProgress) (gint64 done, gint64 total, gpointer data);

/* Write STORE to PATH, which must not be there (FAULT_CONFLICT).  FAULT_SYSTEM
 * when the disk is full or a read fails; then nothing is left behind. */
bool backup_write (Store *store, const char *path, const BackupKey *key, BackupProgress progress,
                   gpointer data, BackupSummary *summary, GError **error);
/* Read all of PATH and check it, without restoring.  FAULT_NOT_FOUND; FAULT_DENIED
 * for a wrong key; FAULT_INPUT when it is no backup, damaged, cut short or of a newer format. */
bool backup_verify (const char *path, const BackupKey *key, BackupProgress progress, gpointer data,
                    BackupSummary *summary, GError **error);
/* Verify PATH, then load it into TARGET (a file or a URL), which must not hold a
 * store yet (FAULT_CONFLICT).  TARGET is as before unless the result is true. */
bool backup_restore (const char *path, const char *target, const BackupKey *key, BackupProgress progress,
                     gpointer data, BackupSummary *summary, GError **error);
