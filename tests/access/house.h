/* A house with accounts and a clock of its own, on a fresh database. */
#pragma once

#include "access/access.h"

typedef struct {
  char *folder, *path;
  RegistrySchema *schema;
  Registry *registry;
  Access *access;
  Arena *arena;
  gint64 now; /* what the clock says: UTC seconds */
  const AccessAccount *operator_;
} House;

void house_set_up (House *house, gconstpointer unused);
void house_tear_down (House *house, gconstpointer unused);
/* Close the database and open it again. */
void house_restart (House *house);
/* An account whose password is "correct horse NAME". */
void house_add (House *house, const char *name, AccessRole role, gint64 subject, const char *department);
/* Log in from ADDRESS with DEVICE (may be NULL); the password is right when RIGHT. */
AccessLogin house_login (House *house, const char *name, bool right, const char *address, const char *device);
/* The newest entry of the log, and how many there are. */
const AuditRecord *house_last_entry (House *house, size_t *n);
