/* access — who is asking, what may they see, and for which purpose.
 *
 *     name, password, code ──> session ──> account ── matrix ──> right
 *                                             │
 *              purpose of a clause ──> permit ─┴─> access_read ──> facts, and an entry in the log
 *
 * What it is for: accounts with a role, argon2id passwords, second factors,
 * sessions by random token; the access matrix, role × right, as data; and the
 * one door through which other people's facts are read.  docs/access.md says the
 * same for those who use it.
 *
 * What it promises
 *   - Deny by default: what the matrix does not have is refused.
 *   - A session token is 256 random bits; the database keeps its hash only.
 *   - Staff read a subject under a clause that their department answers for, and
 *     only the paths of that clause's purpose.  What is outside is refused and logged.
 *   - Facts are handed out once the entry about it is on disk.
 *   - Demo accounts log in on loopback only.
 *
 * What it refuses: to know what a clause needs.  Purposes are policy's, which
 * hands them down (access_set_purposes).
 *
 * How a call goes
 *
 *     g_autoptr (Access) access = access_open (registry, &error);
 *     access_set_purposes (access, purposes, n);
 *     access_login (access, arena, "clerk", "…", true, &token, &error);
 *     const AccessAccount *who = access_session (access, arena, token);   // NULL: nobody
 *     if (!access_may (who, ACCESS_SEE_SUBJECTS)) …
 *     const AccessPermit *permit = access_permit (access, arena, who, "clause-15", subject, &error);
 *     const RegistryReading *r = access_read (permit, arena, paths, n, at, &error);
 */
#pragma once

#include "audit/audit.h"
#include "base/base.h"
#include "registry/registry.h"
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
  const char *reason;     /* of an operator: why, in their words; may be NULL */
} AccessAccount;

typedef struct Access Access;

/* Applies access's own and the log's migrations to the store of REGISTRY (not owned). */
Access *access_open (Registry *registry, GError **error);
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
/* All accounts marked demo, for the start page: names only, no secrets. */
const AccessAccount *access_demo_accounts (Access *access, Arena *arena, size_t *n, GError **error);

/* ---- the door ----------------------------------------------------------- */

/* What may be read of subjects of one entity. */
typedef struct {
  const RegistryEntity *entity;
  const FeelPath *paths; /* from the subject on */
  size_t n_paths;
} AccessRoot;

/* Why facts may be read: a clause, with the paths that its decisions and its service need. */
typedef struct {
  const char *id;                 /* "clause-15" */
  const char *const *departments; /* NULL-terminated: who answers for it */
  const AccessRoot *roots;        /* whom it is about, and who may ask for their sake */
  size_t n_roots;
} AccessPurpose;

/* Before the first permit.  Not owned, not copied. */
void access_set_purposes (Access *access, const AccessPurpose *purposes, size_t n);
/* By id; NULL when there is none. */
const AccessPurpose *access_purpose (const Access *access, const char *id);
/* Whether WHO may name PURPOSE: their department answers for it, or it is about themselves. */
bool access_may_name (const AccessAccount *who, const AccessPurpose *purpose);

/* Purposes beside the clauses: what one may read of oneself, and the duties that are
 * rights: "merge_duplicates", "see_conflicts", "decide_corrections", "import", "export". */
#define ACCESS_SELF "self"

/* That WHO may read SUBJECT for PURPOSE.  It lives in the arena and is one thread's. */
typedef struct AccessPermit AccessPermit;
/* NULL with FAULT_DENIED (the entry AUDIT_REFUSED is on disk), FAULT_USAGE (there is no
 * such purpose, or it is about another kind of subject) or FAULT_SYSTEM. */
const AccessPermit *access_permit (Access *access, Arena *arena, const AccessAccount *who,
                                   const char *purpose, Subject subject, GError **error);
Subject access_permit_subject (const AccessPermit *permit);
/* The paths that may be read of its subject; NULL: all that the subject itself holds. */
const FeelPath *access_permit_paths (const AccessPermit *permit, size_t *n);

/* registry_read under PERMIT.  PATHS NULL: all that the permit has.  Returns when the
 * entry AUDIT_READ is on disk, unless all facts are public or the reader's own; it names
 * the attributes and every subject whose facts were read.  FAULT_DENIED (and
 * AUDIT_REFUSED) for a path outside the purpose; else as registry_read and audit_record. */
const RegistryReading *access_read (const AccessPermit *permit, Arena *arena, const FeelPath *paths,
                                    size_t n_paths, RegistryMoment at, GError **error);
/* Whom REFERENCE of the permit's subject leads to, under the same purpose: the
 * household that a resident asks for.  PERMIT NULL in the result: nobody has stated it.
 * NAME gets the target's name where the purpose has it, else NULL. */
bool access_permit_through (const AccessPermit *permit, Arena *arena, const RegistryAttribute *reference,
                            RegistryMoment at, const AccessPermit **through, const char **name,
                            GError **error);

/* A determination over many, without names: checked as a permit, and logged once with a
 * commitment to SUBJECTS.  DETAIL: a JSON object or NULL.  Who opens a name from the
 * result asks for a permit. */
bool access_permit_run (Access *access, const AccessAccount *who, const char *purpose,
                        const AuditSet *subjects, const char *detail, GError **error);

/* Whoever runs this program on the database's machine: "os:NAME".  REASON may be NULL. */
const AccessAccount *access_operator (Arena *arena, const char *reason);

/* ---- searching ---------------------------------------------------------- */

/* A subject found, as lists show it: what is not public is masked.  Opening it
 * is another matter, and another entry in the log. */
typedef struct {
  Subject subject;
  const char *label;    /* 陈＊＊; "" where there is none, likewise below */
  const char *number;   /* 3599****1X */
  const char *phone;    /* 100****34 */
  const char *township; /* its code */
} AccessHit;

typedef struct {
  const AccessHit *hits;
  size_t n;
  bool more;    /* there are others after these */
  size_t total; /* of all pages; REGISTRY_TOTAL_MAX: so many or more */
  RegistryTerm term;
  bool too_short;
  bool too_broad; /* nothing was asked for, neither text nor place, and the names are not public: no hits */
} AccessHits;

/* registry_search on behalf of WHO, whose right is the caller's to check, masked.
 * Before the hits are handed out an entry AUDIT_SEARCH stands in the log: kind of
 * the term, place, number of hits, and a digest of the term with a salt, never
 * the term.  PURPOSE: "search_people", or what the operator states.  Faults as
 * registry_search, and of the log. */
const AccessHits *access_search (Access *access, Arena *arena, const AccessAccount *who,
                                 const RegistryEntity *entity, const RegistrySearch *search,
                                 const char *purpose, GError **error);
/* HITS as one JSON object, the shape of the API and of `liudong search`. */
void access_hits_json (JsonWriter *w, const RegistrySchema *schema, const RegistryEntity *entity,
                       const AccessHits *hits);
/* The place that people call so: a code, a name, or the part of one that only one place has.  FAULT_INPUT
 * names those that are meant by it, if any. */
bool access_find_place (Access *access, Arena *arena, const RegistryEntity *entity, const char *name,
                        Subject *place, GError **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Access, access_free)
