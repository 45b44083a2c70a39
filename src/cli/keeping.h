/* A copy before tables change: with LIUDONG_BACKUP_KEY an encrypted backup in
 * LIUDONG_BACKUP_DIR (or beside a database file), else a plain copy beside the file. */
#pragma once

/* To be called before a store is opened. */
void keeping_start (void);
