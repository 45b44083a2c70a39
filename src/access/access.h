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
 *     access_login (access, arena, "clerk", "…", &origin, NULL, &login, &error);
 *     const AccessAccount *who = access_session (access, arena, login.token);   // NULL: nobody
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
  ACCESS_APPLY,           /* for a matter, for oneself */
  ACCESS_HANDLE_CASES,    /* of the own office: accept, ask, deliver */
  ACCESS_DECIDE_CASES,    /* grant and refuse */
  ACCESS_SUPERVISE_CASES, /* what is late, appeals, reopening; figures of the office */
  ACCESS_IMPORT,
  ACCESS_EXPORT,
  ACCESS_MERGE_DUPLICATES,
  ACCESS_SEE_STATISTICS,   /* figures without persons */
  ACCESS_PAY,              /* make payment lists, send them, take answers */
  ACCESS_APPROVE_PAYMENTS, /* of others' making; reversals, what stops or changes */
  ACCESS_ALLOCATE,         /* run the rounds in which scarce places are shared out */
  ACCESS_FIND_DUE,         /* who is due what a clause of the department gives and does not have it */
  ACCESS_SEE_AUDIT,        /* everything in the log */
  ACCESS_SEE_MATRIX,       /* this matrix */
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

/* ---- accounts ----------------------------------------------------------- */

/* How far a session has come.  Only ACCESS_IN counts as logged in. */
typedef enum {
  ACCESS_IN,
  ACCESS_ASKED_CODE, /* the password was right, the second factor is still to come */
  ACCESS_ENROLLING,  /* the password was right, and a second factor must be set up first */
} AccessStage;

typedef struct {
  const char *name; /* the login: "resident" */
  AccessRole role;
  const char *zh, *en;    /* shown name, synthetic */
  gint64 subject;         /* Subject of a resident or representative, 0 for staff */
  const char *department; /* 县民政局; NULL for residents */
  bool demo;              /* loopback only */
  bool disabled;
  bool has_code;      /* a second factor is set up */
  AccessStage stage;  /* of the session that it was read with */
  const char *reason; /* of an operator: why, in their words; may be NULL */
} AccessAccount;

typedef struct Access Access;

/* Applies access's own and the log's migrations to the store of REGISTRY (not owned). */
Access *access_open (Registry *registry, GError **error);
void access_free (Access *access);
/* For tests: UTC seconds come from CLOCK (DATA). */
void access_set_clock (Access *access, gint64 (*clock) (gpointer data), gpointer data);

/* What BY does to accounts is checked (ACCESS_MANAGE_ACCOUNTS; nobody changes their own role,
 * department or standing), commits with its entry in the log, and ends the account's
 * sessions.  All of these: FAULT_DENIED, FAULT_INPUT (a name that is none, a password too
 * weak, a department where there can be none), FAULT_NOT_FOUND, FAULT_SYSTEM. */

/* A new account; PASSWORD is hashed with argon2id.  Names are 1 to 32 of a–z 0–9 . _ -;
 * FAULT_CONFLICT when taken.  A demo account whose role needs a code gets a random secret,
 * whose codes access_demo_code tells. */
bool access_add (Access *access, const AccessAccount *by, const AccessAccount *account, const char *password,
                 GError **error);
/* ROLE and DEPARTMENT (NULL: none) of account NAME. */
bool access_set_role (Access *access, const AccessAccount *by, const char *name, AccessRole role,
                      const char *department, GError **error);
bool access_disable (Access *access, const AccessAccount *by, const char *name, bool disabled,
                     GError **error);
/* Forget the second factor and its recovery codes: a lost telephone. */
bool access_reset_code (Access *access, const AccessAccount *by, const char *name, GError **error);
/* Forget failed attempts, so that the owner need not wait. */
bool access_unlock (Access *access, const AccessAccount *by, const char *name, GError **error);
/* A new password for another's account. */
bool access_reset_password (Access *access, const AccessAccount *by, const char *name, const char *password,
                            GError **error);

/* By name, all of them; NULL with an error. */
const AccessAccount *access_accounts (Access *access, Arena *arena, size_t *n, GError **error);
/* The names of the accounts that head DEPARTMENT and are not disabled, in order, as DB says; in ARENA.  NULL
 * with FAULT_SYSTEM; N may be 0. */
const char *const *access_heads (StoreConnection *db, Arena *arena, const char *department, size_t *n,
                                 GError **error);
/* NULL with FAULT_NOT_FOUND. */
const AccessAccount *access_account (Access *access, Arena *arena, const char *name, GError **error);

/* ---- logging in --------------------------------------------------------- */

/* Where a caller comes from.  DEVICE is what an earlier login gave to keep (a cookie). */
typedef struct {
  const char *address; /* "192.0.2.7" */
  bool loopback;       /* it is this machine */
  const char *device;  /* may be NULL */
  const char *agent;   /* what the browser calls itself; may be NULL */
} AccessOrigin;

typedef enum {
  ACCESS_OPENED, /* a session, at STAGE */
  ACCESS_WRONG,  /* unknown name, wrong password or code, disabled, a demo account from elsewhere */
  ACCESS_LOCKED, /* too many failures: not before UNTIL */
} AccessVerdict;

typedef struct {
  AccessVerdict verdict;
  gint64 until; /* UTC seconds */
  AccessStage stage;
  const char *token;           /* 64 hex digits: the session */
  const char *device;          /* to be kept by the browser; NULL until logged in */
  const char *const *recovery; /* access_enrol: NULL-terminated, shown once; else NULL */
} AccessLogin;

/* A new session of NAME.  Refusals take the same time and say the same whatever the
 * reason.  After five failures one has to wait: 30 seconds, twice as long each time, at
 * most 15 minutes; counted per account for browsers that have not logged in to it before,
 * per browser for those that have, and (30 failures) per address, on disk.  So a stranger's
 * attempts do not lock the owner's own browser out.  OLD: a session's token that there was,
 * which ends; may be NULL.  False with FAULT_SYSTEM, also when too many log in at once. */
bool access_login (Access *access, Arena *arena, const char *name, const char *password,
                   const AccessOrigin *origin, const char *old, AccessLogin *login, GError **error);
/* The second factor for the session TOKEN at ACCESS_ASKED_CODE: six digits (RFC 6238, SHA-1, 30
 * seconds, one step either way), or a recovery code; each counts once. */
bool access_login_code (Access *access, Arena *arena, const char *token, const char *code,
                        const AccessOrigin *origin, AccessLogin *login, GError **error);

/* The account behind a token; NULL when there is none, it ended, or was idle for too long: 30
 * minutes for staff, two hours for others, 12 hours at most, 10 minutes unless ACCESS_IN. */
const AccessAccount *access_session (Access *access, Arena *arena, const char *token);
/* Ends the session; unknown tokens are ignored. */
bool access_logout (Access *access, const char *token, GError **error);
/* A token bound to the session, for forms (CSRF): HMAC of the session token. */
char *access_form_token (Arena *arena, const char *token);

/* ---- second factors ----------------------------------------------------- */

/* A secret for the session's account, not in force before access_enrol: in base32, and as the
 * address that authenticator apps read from a QR code. */
typedef struct {
  const char *secret, *uri;
} AccessSecret;
bool access_enrol_secret (Access *access, Arena *arena, const char *token, AccessSecret *secret,
                          GError **error);
/* Put it in force by a CODE made with it.  A new session, and ten recovery codes. */
bool access_enrol (Access *access, Arena *arena, const char *token, const char *code,
                   const AccessOrigin *origin, AccessLogin *login, GError **error);
/* WHO gives up their own second factor; FAULT_DENIED where the role needs one. */
bool access_drop_code (Access *access, const AccessAccount *who, const char *password, GError **error);
/* The code that would be taken now from the demo account at ACCESS_ASKED_CODE behind TOKEN; NULL for others.
 */
const char *access_demo_code (Access *access, Arena *arena, const char *token);

/* ---- one's own account -------------------------------------------------- */

typedef struct {
  const char *id; /* to end it by */
  gint64 began_at, seen_at;
  const char *address, *agent; /* may be NULL */
  bool current;
} AccessSession;
/* Those of the account behind TOKEN, the last seen first. */
const AccessSession *access_sessions (Access *access, Arena *arena, const char *token, size_t *n,
                                      GError **error);
/* End the session ID of WHO, or, NULL, all but the one behind TOKEN. */
bool access_end_sessions (Access *access, const AccessAccount *who, const char *id, const char *token,
                          GError **error);
/* A new password; all other sessions end.  FAULT_DENIED when OLD is wrong (and counted as
 * a failure), FAULT_INPUT when NEW is too weak. */
bool access_change_password (Access *access, const AccessAccount *who, const char *old, const char *new,
                             const char *token, GError **error);
/* At least 10 characters (staff) or 8, at most 256 bytes, not the account's name.  FAULT_INPUT. */
bool access_check_new_password (AccessRole role, const char *name, const char *password, GError **error);

/* ---- mandates ----------------------------------------------------------- */

/* GIVER lets VIEWER see their facts in explanations. */
typedef struct {
  gint64 id;
  Subject giver, viewer;
  const char *purpose;           /* "clause-23"; NULL: every one */
  Day from, to;                  /* inclusive */
  gint64 given_at, withdrawn_at; /* UTC seconds; 0: not withdrawn */
} AccessMandate;

/* WHO gives a mandate to VIEWER, who must share a household (a body that they ask for by a
 * purpose) with them.  FAULT_DENIED, FAULT_INPUT (dates the wrong way round, a purpose that
 * is none, oneself, more than ten years). */
bool access_give_mandate (Access *access, const AccessAccount *who, const AccessMandate *mandate,
                          GError **error);
/* WHO takes back their mandate ID.  FAULT_NOT_FOUND when it is not theirs or is withdrawn. */
bool access_withdraw_mandate (Access *access, const AccessAccount *who, gint64 id, GError **error);
/* Given by (or, TO_THEM, to) SUBJECT, the newest first. */
const AccessMandate *access_mandates (Access *access, Arena *arena, Subject subject, bool to_them, size_t *n,
                                      GError **error);
/* Who lets VIEWER see their facts for PURPOSE on DAY and is still of one household with them. */
const Subject *access_mandated (Access *access, Arena *arena, const AccessAccount *viewer,
                                const char *purpose, Day day, size_t *n, GError **error);
/* Who shares a household with WHO, with names. */
typedef struct {
  Subject subject;
  const char *name;
} AccessMember;
const AccessMember *access_housemates (Access *access, Arena *arena, const AccessAccount *who, Day day,
                                       size_t *n, GError **error);

/* ---- rights ------------------------------------------------------------- */

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

/* A determination over many, without names: PATHS (which must stay; within the purpose) of
 * every one of SUBJECTS, who are of ENTITY.  Checked as a permit, and logged once with a
 * commitment to SUBJECTS before the first is read.  DETAIL: a JSON object or NULL.  Who opens
 * a name from the result asks for a permit.  NULL with FAULT_DENIED, or as audit_record. */
typedef struct AccessRun AccessRun;
AccessRun *access_run_new (Access *access, const AccessAccount *who, const char *purpose,
                           const RegistryEntity *entity, const FeelPath *paths, size_t n_paths,
                           const AuditSet *subjects, const char *detail, GError **error);
void access_run_free (AccessRun *run);
/* One of them; as registry_read. */
const RegistryReading *access_run_read (const AccessRun *run, Arena *arena, Subject subject,
                                        RegistryMoment at, GError **error);

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

/* The first character of NAME, the others hidden; in ARENA. */
const char *access_mask_name (Arena *arena, const char *name);

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

G_DEFINE_AUTOPTR_CLEANUP_FUNC (AccessRun, access_run_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (Access, access_free)
