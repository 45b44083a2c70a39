/* Where the audit log's key and heads lie when nothing else is said: beside the
 * database, as county.db.audit-key and county.db.heads. */
#pragma once

#include "audit/audit.h"

typedef struct {
  char *key, *heads; /* options --audit-key and --heads; NULL: the default */
} AuditFiles;

/* Fills in what is NULL for database DB, a file or a URL. */
void audit_files_complete (AuditFiles *files, const char *db);
void audit_files_clear (AuditFiles *files);
/* A new database begins a new log: heads of one that lay there before step aside. */
void audit_files_retire (const char *db);
