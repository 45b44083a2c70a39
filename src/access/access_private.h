/* What the parts of access share. */
#pragma once

#include "access.h"

struct Access {
  Store *store;
  char decoy[128]; /* a password hash nobody has the password of */
};

/* Columns name, role, zh, en, subject, department, demo of the current row. */
AccessAccount *access_read_account (StoreStatement *statement, Arena *arena);
/* FAULT_DENIED unless the account exists, the password fits, and a demo account is asked for on loopback. */
bool access_check_password (Access *access, const char *name, const char *password, bool loopback,
                            GError **error);
