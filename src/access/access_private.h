/* What the parts of access share. */
#pragma once

#include <pthread.h>
#include <sodium.h>
#include "access.h"
#include "totp.h"

enum {
  HASH_BYTES = crypto_hash_sha256_BYTES,
  HASHES_AT_ONCE = 2, /* argon2id takes 64 MiB each */
  HASHES_WAITING = 16,
};

struct Access {
  Registry *registry;
  Store *store; /* the registry's */
  const AccessPurpose *purposes;
  size_t n_purposes;
  gint64 (*clock) (gpointer data);
  gpointer clock_data;
  pthread_mutex_t lock; /* of what follows */
  pthread_cond_t free_slot;
  int hashing, waiting;
  char decoy[crypto_pwhash_STRBYTES]; /* a password hash nobody has the password of */
};

gint64 access_now (const Access *access); /* UTC seconds */

/* ---- accounts.c ---- */

/* An account with its secrets. */
typedef struct {
  AccessAccount account;
  const char *password; /* its hash */
  Text secret;          /* of the second factor; empty: none */
  gint64 step;          /* the last one used */
} AccountRecord;

/* False with an error; FOUND tells whether there is one. */
bool account_find (StoreConnection *db, Arena *arena, const char *name, AccountRecord *record, bool *found,
                   GError **error);

/* ---- passwords.c ---- */

/* Into HASH of crypto_pwhash_STRBYTES.  FAULT_SYSTEM: no memory, or too many at once. */
bool password_hash (Access *access, const char *password, char *hash, GError **error);
/* HASH NULL: takes as long, and is wrong. */
bool password_verify (Access *access, const char *hash, const char *password, bool *right, GError **error);

/* ---- failures.c ---- */

typedef enum { FAILED_ACCOUNT, FAILED_CODE, FAILED_OWN, FAILED_DEVICE, FAILED_ADDRESS } FailureKind;
typedef struct {
  FailureKind kind;
  const char *of;
} FailureKey;

/* Count an attempt under N KEYS before it is known to be wrong; UNTIL gets 0, or until when
 * attempts are refused (then nothing is counted). */
bool failures_count (StoreConnection *db, const FailureKey *keys, size_t n, gint64 now, gint64 *until,
                     GError **error);
/* The attempt was right: forget them, but of an address take back this one alone. */
bool failures_forget (StoreConnection *db, const FailureKey *keys, size_t n, GError **error);

/* ---- sessions.c ---- */

void hash_token (const char *token, unsigned char *hash);
/* 64 hex digits. */
char *new_token (Arena *arena);

typedef struct {
  AccountRecord record;
  unsigned char hash[HASH_BYTES]; /* of its token */
  AccessStage stage;
  Text secret; /* of an enrolment that is under way */
} SessionRecord;

/* The live session behind TOKEN. */
bool session_find (Access *access, StoreConnection *db, Arena *arena, const char *token,
                   SessionRecord *session, bool *found, GError **error);
/* A session of ACCOUNT at STAGE; fills LOGIN.  At ACCESS_IN also a device, unless ORIGIN has one of this
 * account. */
bool session_begin (Access *access, StoreConnection *db, Arena *arena, const AccessAccount *account,
                    AccessStage stage, const AccessOrigin *origin, AccessLogin *login, GError **error);
bool session_delete (StoreConnection *db, const unsigned char *hash, GError **error);
/* All sessions of account NAME but the one with the hash KEEP (NULL: all). */
bool sessions_delete (StoreConnection *db, const char *name, const unsigned char *keep, GError **error);
/* Whether ORIGIN's device is one of account NAME. */
bool device_is_of (StoreConnection *db, const AccessOrigin *origin, const char *name, gint64 now, bool *known,
                   GError **error);
/* Under what failures of account NAME are counted: N keys, at most 2. */
bool attempt_keys (Access *access, StoreConnection *db, const AccessOrigin *origin, const char *name,
                   FailureKind kind, FailureKey *keys, size_t *n, GError **error);

/* ---- door.c ---- */

/* The names at the end of WAY, which leads from WHO's own record to the members of their
 * household; logged.  NULL with an error. */
const RegistryReading *door_read_members (Access *access, Arena *arena, const AccessAccount *who,
                                          const FeelPath *way, RegistryMoment at, GError **error);

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
/* Inside a work: WHO did WHAT, with pairs of names and texts (NULL-terminated, NULL texts are left
 * out) as its detail. */
bool log_deed (StoreConnection *db, const AccessAccount *who, AuditAct act, Subject subject,
               const char *const *pairs, GError **error);
