/* A log in a folder of its own. */
#pragma once

#include "audit/audit_private.h"
#include "support.h"

typedef struct {
  char *folder, *path, *key, *heads;
  Store *store;
} Log;

void log_open (Log *log, gconstpointer algorithm);
void log_close (Log *log, gconstpointer unused);
/* Asserted to succeed; ACTOR's purpose is "clause-15". */
void log_record (Log *log, AuditAct act, const char *actor, gint64 subject, const AuditSet *set);
void log_sign (Log *log);
/* One integer. */
gint64 log_query (Log *log, const char *sql);
/* Change the tables behind the log's back. */
void log_tamper (Log *log, const char *sql);
