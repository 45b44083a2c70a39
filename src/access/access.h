/* access — who is asking, and what may they see.
 *
 * What it is for: accounts with a role, argon2id passwords, sessions by random
 * token, and the access matrix: role × right, as data, deny by default.
 *
 * What it promises
 *   - A session token is 256 random bits; the database keeps its hash only.
 *   - A resident sees their own record; staff see a subject only under a clause
 *     their department answers for.
 *   - Demo accounts log in on loopback only.
 *
 * How a call goes
 *
 *     Access *access = access_open (store, &error);
 *     access_login (access, arena, "resident", "…", true, &token, &error);
 *     const AccessAccount *who = access_session (access, arena, token);   // NULL: nobody
 *     if (!access_may (who, ACCESS_SEE_SUBJECTS)) …
 */
#pragma once

#include "base/base.h"
#include "store/store.h"

typedef enum {
  ACCESS_RESIDENT,
  ACCESS_REPRESENTATIVE, /* of an organisation or park */
  ACCESS_CLERK,
  ACCESS_ANALYST,
} AccessRole;
const char *access_role_id (AccessRole role); /* "resident" … */

typedef enum {
  ACCESS_SEE_SELF,     /* own facts and determinations */
  ACCESS_SEE_SUBJECTS, /* any subject, under a clause */
  ACCESS_SEE_POLICY,   /* checks, tests, parameters: public as well */
} AccessRight;

typedef struct {
  const char *name; /* the login: "resident" */
  AccessRole role;
  const char *zh, *en;    /* shown name, synthetic */
  gint64 subject;         /* Subject of a resident or representative, 0 for staff */
  const char *department; /* 县民政局; NULL for residents */
  bool demo;              /* loopback only */
} AccessAccount;

typedef struct Access Access;

/* Applies access's own migrations to STORE (not owned). */
Access *access_open (Store *store, GError **error);
void access_free (Access *access);

/* Add an account; PASSWORD is hashed with argon2id.  FAULT_CONFLICT when the name is taken. */
bool access_add (Access *access, const AccessAccount *account, const char *password, GError **error);

/* A new session.  TOKEN: 64 hex digits in ARENA.  LOOPBACK: whether the caller
 * is on this machine.  FAULT_DENIED, in the same time and words, for an unknown
 * name, a wrong password, or a demo account from elsewhere. */
bool access_login (Access *access, Arena *arena, const char *name, const char *password, bool loopback,
                   const char **token, GError **error);
/* The account behind a token; NULL when there is none or it has expired (12 hours). */
const AccessAccount *access_session (Access *access, Arena *arena, const char *token);
/* Ends the session; unknown tokens are ignored. */
bool access_logout (Access *access, const char *token, GError **error);
/* A token bound to the session, for forms (CSRF): HMAC of the session token. */
char *access_form_token (Arena *arena, const char *token);

/* Whether WHO (NULL: nobody is logged in) has RIGHT: the matrix. */
bool access_may (const AccessAccount *who, AccessRight right);
/* Whether WHO may see SUBJECT: their own, or any with ACCESS_SEE_SUBJECTS. */
bool access_may_see (const AccessAccount *who, gint64 subject);

/* All accounts marked demo, for the start page: names only, no secrets. */
const AccessAccount *access_demo_accounts (Access *access, Arena *arena, size_t *n, GError **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Access, access_free)
