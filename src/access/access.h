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

/* What an account is for.  ACCESS_OPERATOR is whoever runs commands on the database's own
 * machine, ACCESS_NOBODY whoever has not logged in; neither is given to an account. */
typedef enum {
  ACCESS_RESIDENT,
  ACCESS_REPRESENTATIVE, /* of an organisation or park */
  ACCESS_COUNTER_CLERK,
  ACCESS_CASE_WORKER,
  ACCESS_DEPARTMENT_HEAD,
  ACCESS_COUNTY_OFFICE,
  ACCESS_ANALYST,
  ACCESS_STEWARD, /* of data: imports, duplicates, conflicts */
  ACCESS_AUDITOR,
  ACCESS_ADMINISTRATOR,
  ACCESS_OPERATOR,
  ACCESS_NOBODY,
} AccessRole;
enum { ACCESS_ROLES = ACCESS_NOBODY + 1, ACCESS_ACCOUNT_ROLES = ACCESS_ADMINISTRATOR + 1 };

typedef enum {
  ACCESS_LOG_IN,        /* the start page, the way in and out */
  ACCESS_SEE_POLICY,    /* circular, clauses, parameters */
  ACCESS_SEE_SHARING,   /* the sharing catalogue */
  ACCESS_OWN_ACCOUNT,   /* one's password, second factor, sessions */
  ACCESS_SEE_SELF,      /* own facts and determinations */
  ACCESS_CHANGE_SELF,   /* mandates, correction requests */
  ACCESS_OPEN_SUBJECT,  /* a subject's page: one's own, or under a clause */
  ACCESS_SEE_SUBJECTS,  /* any subject, under a clause that the department answers for */
  ACCESS_SEARCH_PEOPLE, /* lists and search, masked */
  ACCESS_SEE_CONFLICTS, /* what sources say differently */
  ACCESS_DECIDE_CORRECTIONS,
  ACCESS_IMPORT,
  ACCESS_EXPORT,
  ACCESS_MERGE_DUPLICATES,
  ACCESS_SEE_STATISTICS, /* figures without persons */
  ACCESS_SEE_AUDIT,      /* everything in the log */
  ACCESS_SEE_MATRIX,     /* this matrix */
  ACCESS_MANAGE_ACCOUNTS,
} AccessRight;
enum { ACCESS_RIGHTS = ACCESS_MANAGE_ACCOUNTS + 1 };

/* Ids are stable and ASCII ("resident", "see_self"); names are for people. */
typedef struct {
  const char *id, *zh, *en;
} AccessName;
const AccessName *access_role_name (AccessRole role);
const AccessName *access_right_name (AccessRight right);
/* False when no role has that id. */
bool access_role_parse (const char *id, AccessRole *role);
/* Whether ROLE belongs to a department's or the county's staff. */
bool access_role_is_staff (AccessRole role);
/* Whether ROLE must log in with a second factor. */
bool access_role_needs_code (AccessRole role);
/* One cell of the matrix. */
bool access_role_may (AccessRole role, AccessRight right);

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
