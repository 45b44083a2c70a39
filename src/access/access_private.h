/* What the parts of access share. */
#pragma once

#include "access.h"

struct Access {
  Registry *registry;
  Store *store; /* the registry's */
  const AccessPurpose *purposes;
  size_t n_purposes;
  char decoy[128]; /* a password hash nobody has the password of */
};

/* Columns name, role, zh, en, subject, department, demo of the current row. */
AccessAccount *access_read_account (StoreStatement *statement, Arena *arena);
/* FAULT_DENIED unless the account exists, the password fits, and a demo account is asked for on loopback. */
bool access_check_password (Access *access, const char *name, const char *password, bool loopback,
                            GError **error);

/* ---- log.c ---- */

/* ENTRY with WHO as the actor. */
AuditEntry log_by (const AccessAccount *who, const AuditEntry *entry);
/* Returns when it is on disk. */
bool log_entry (Access *access, const AccessAccount *who, const char *purpose, const AuditEntry *entry,
                GError **error);
/* Log AUDIT_REFUSED, and set FAULT_DENIED with WHY, or what kept it from being logged. */
void log_refusal (Access *access, const AccessAccount *who, const char *purpose, Subject subject,
                  const char *why, GError **error);
bool log_read (Access *access, const AccessAccount *who, const char *purpose, Subject subject,
               const AuditSet *subjects, const GPtrArray *attributes, GError **error);
