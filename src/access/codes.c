/* Second factors: codes by time, and recovery codes for a lost telephone. */
#include "access_private.h"

enum { RECOVERY_CODES = 10, RECOVERY_BYTES = 10 }; /* 80 random bits each */

/* What people type: "abcd-efgh …" as well as "123 456". */
static char *
plain_code (Arena *arena, const char *typed)
{
  char *code = arena_text (arena, text_of (typed));
  size_t n = 0;
  for (const char *p = typed; *p; p++)
    if (g_ascii_isalnum (*p))
      code[n++] = g_ascii_toupper (*p);
  code[n] = '\0';
  return code;
}

static bool
use_step (StoreConnection *db, const char *name, gint64 step, GError **error)
{
  StoreStatement *s = store_statement (db, "UPDATE access_account SET step = ?2 WHERE name = ?1", error);
  if (!s)
    return false;
  store_bind_text (s, 1, name);
  store_bind_integer (s, 2, step);
  return store_run (s, error);
}

static bool
use_recovery (StoreConnection *db, const char *name, const char *code, bool *right, GError **error)
{
  unsigned char hash[HASH_BYTES];
  hash_token (code, hash);
  StoreStatement *s
      = store_statement (db, "DELETE FROM access_recovery WHERE account = ?1 AND hash = ?2", error);
  if (!s)
    return false;
  store_bind_text (s, 1, name);
  store_bind_blob (s, 2, hash, sizeof hash);
  if (!store_run (s, error))
    return false;
  *right = store_changes (db) == 1;
  return true;
}

typedef struct {
  Access *access;
  Arena *arena;
  const char *token, *code;
  const AccessOrigin *origin;
  AccessLogin *login;
} CodeAttempt;

/* Whether the code is right; then it is used up. */
static bool
use_code (const CodeAttempt *a, StoreConnection *db, const AccountRecord *record, const char **how,
          bool *right, GError **error)
{
  const char *code = plain_code (a->arena, a->code);
  gint64 step = totp_match ((const unsigned char *)record->secret.bytes, record->secret.len,
                            access_now (a->access), record->step, code);
  *how = step ? "code" : "recovery code";
  *right = step != 0;
  return step ? use_step (db, record->account.name, step, error)
              : use_recovery (db, record->account.name, code, right, error);
}

/* All in one work, so that of two who send the same code one gets in. */
static bool
try_code (StoreConnection *db, gpointer data, GError **error)
{
  CodeAttempt *a = data;
  SessionRecord session;
  FailureKey keys[2];
  size_t n_keys;
  bool found, right;
  gint64 until;
  const char *how;
  if (!session_find (a->access, db, a->arena, a->token, &session, &found, error))
    return false;
  if (!found || session.stage != ACCESS_ASKED_CODE)
    return true;
  const AccessAccount *account = &session.record.account;
  if (!attempt_keys (a->access, db, a->origin, account->name, FAILED_CODE, keys, &n_keys, error)
      || !failures_count (db, keys, n_keys, access_now (a->access), &until, error))
    return false;
  if (until) {
    *a->login = (AccessLogin){ .verdict = ACCESS_LOCKED, .until = until };
    return true;
  }
  if (!use_code (a, db, &session.record, &how, &right, error))
    return false;
  if (!right)
    return log_deed (db, account, AUDIT_LOGIN_REFUSED, 0,
                     (const char *const[]){ "why", "code", "address", a->origin->address, NULL }, error);
  return failures_forget (db, keys, n_keys, error) && session_delete (db, session.hash, error)
         && session_begin (a->access, db, a->arena, account, ACCESS_IN, a->origin, a->login, error)
         && log_deed (db, account, AUDIT_LOGIN, 0,
                      (const char *const[]){ "address", a->origin->address, "by", how, NULL }, error);
}

bool
access_login_code (Access *access, Arena *arena, const char *token, const char *code,
                   const AccessOrigin *origin, AccessLogin *login, GError **error)
{
  CodeAttempt attempt = { access, arena, token, code, origin, login };
  *login = (AccessLogin){ .verdict = ACCESS_WRONG };
  return store_write (access->store, try_code, &attempt, error);
}

/* ---- setting up -------------------------------------------------------- */

typedef struct {
  Access *access;
  Arena *arena;
  const char *token, *code;
  const AccessOrigin *origin;
  AccessLogin *login;
  AccessSecret *secret;
} Enrolment;

static bool
session_gone (GError **error)
{
  g_set_error (error, FAULT, FAULT_DENIED, "the session has ended; log in again");
  return false;
}

static bool
may_enrol (const SessionRecord *session)
{
  return session->stage == ACCESS_ENROLLING || session->stage == ACCESS_IN;
}

/* "otpauth://totp/…": Key Uri Format, as authenticator apps read it. */
static void
describe_secret (Arena *arena, const char *name, Text secret, AccessSecret *out)
{
  out->secret = totp_base32 (arena, (const unsigned char *)secret.bytes, secret.len);
  out->uri = arena_printf (
      arena, "otpauth://totp/liudong:%s?secret=%s&issuer=liudong&algorithm=SHA1&digits=%d&period=%d", name,
      out->secret, TOTP_DIGITS, TOTP_SECONDS);
}

static bool
make_secret (StoreConnection *db, gpointer data, GError **error)
{
  Enrolment *e = data;
  SessionRecord session;
  bool found;
  if (!session_find (e->access, db, e->arena, e->token, &session, &found, error))
    return false;
  if (!found || !may_enrol (&session))
    return session_gone (error);
  if (!session.secret.len) {
    unsigned char *random = arena_alloc (e->arena, TOTP_SECRET_BYTES);
    randombytes_buf (random, TOTP_SECRET_BYTES);
    session.secret = (Text){ (const char *)random, TOTP_SECRET_BYTES };
    StoreStatement *s = store_statement (db, "UPDATE access_session SET secret = ?2 WHERE hash = ?1", error);
    if (!s)
      return false;
    store_bind_blob (s, 1, session.hash, HASH_BYTES);
    store_bind_blob (s, 2, session.secret.bytes, session.secret.len);
    if (!store_run (s, error))
      return false;
  }
  describe_secret (e->arena, session.record.account.name, session.secret, e->secret);
  return true;
}

bool
access_enrol_secret (Access *access, Arena *arena, const char *token, AccessSecret *secret, GError **error)
{
  Enrolment e = { .access = access, .arena = arena, .token = token, .secret = secret };
  return store_write (access->store, make_secret, &e, error);
}

static bool
store_secret (StoreConnection *db, const char *name, Text secret, gint64 step, GError **error)
{
  StoreStatement *s
      = store_statement (db, "UPDATE access_account SET secret = ?2, step = ?3 WHERE name = ?1", error);
  if (!s)
    return false;
  store_bind_text (s, 1, name);
  store_bind_blob (s, 2, secret.bytes, secret.len);
  store_bind_integer (s, 3, step);
  return store_run (s, error);
}

static bool
store_recovery (StoreConnection *db, const char *name, const char *code, GError **error)
{
  unsigned char hash[HASH_BYTES];
  hash_token (code, hash);
  StoreStatement *s
      = store_statement (db, "INSERT INTO access_recovery (account, hash) VALUES (?1, ?2)", error);
  if (!s)
    return false;
  store_bind_text (s, 1, name);
  store_bind_blob (s, 2, hash, sizeof hash);
  return store_run (s, error);
}

/* New recovery codes in place of the old, in groups of four. */
static bool
make_recovery (StoreConnection *db, Arena *arena, const char *name, const char *const **codes, GError **error)
{
  StoreStatement *s = store_statement (db, "DELETE FROM access_recovery WHERE account = ?1", error);
  if (!s)
    return false;
  store_bind_text (s, 1, name);
  if (!store_run (s, error))
    return false;
  const char **list = arena_new0 (arena, const char *, RECOVERY_CODES + 1);
  for (int i = 0; i < RECOVERY_CODES; i++) {
    unsigned char random[RECOVERY_BYTES];
    randombytes_buf (random, sizeof random);
    const char *code = totp_base32 (arena, random, sizeof random);
    if (!store_recovery (db, name, code, error))
      return false;
    list[i] = arena_printf (arena, "%.4s-%.4s-%.4s-%.4s", code, code + 4, code + 8, code + 12);
  }
  *codes = list;
  return true;
}

static bool
enrol (StoreConnection *db, gpointer data, GError **error)
{
  Enrolment *e = data;
  SessionRecord session;
  bool found;
  if (!session_find (e->access, db, e->arena, e->token, &session, &found, error))
    return false;
  if (!found || !may_enrol (&session) || !session.secret.len)
    return session_gone (error);
  const AccessAccount *account = &session.record.account;
  gint64 step = totp_match ((const unsigned char *)session.secret.bytes, session.secret.len,
                            access_now (e->access), 0, plain_code (e->arena, e->code));
  if (!step)
    return true;
  return store_secret (db, account->name, session.secret, step, error)
         && make_recovery (db, e->arena, account->name, &e->login->recovery, error)
         && sessions_delete (db, account->name, NULL, error)
         && session_begin (e->access, db, e->arena, account, ACCESS_IN, e->origin, e->login, error)
         && log_deed (db, account, AUDIT_ADMIN, account->subject,
                      (const char *const[]){ "did", "set-up-code", "account", account->name, NULL }, error)
         && (session.stage == ACCESS_IN
             || log_deed (db, account, AUDIT_LOGIN, 0,
                          (const char *const[]){ "address", e->origin->address, "by", "code", NULL }, error));
}

bool
access_enrol (Access *access, Arena *arena, const char *token, const char *code, const AccessOrigin *origin,
              AccessLogin *login, GError **error)
{
  Enrolment e
      = { .access = access, .arena = arena, .token = token, .code = code, .origin = origin, .login = login };
  *login = (AccessLogin){ .verdict = ACCESS_WRONG };
  return store_write (access->store, enrol, &e, error);
}

const char *
access_demo_code (Access *access, Arena *arena, const char *token)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (StoreReader) reader = store_reader (access->store, &error);
  SessionRecord session;
  bool found;
  if (!reader || !session_find (access, store_reader_db (reader), arena, token, &session, &found, &error)
      || !found || !session.record.account.demo || session.stage != ACCESS_ASKED_CODE)
    return NULL;
  /* The next one where the present one has been used; the one after that is not taken yet. */
  gint64 step = MAX (totp_step (access_now (access)), session.record.step + 1);
  if (step > totp_step (access_now (access)) + 1)
    return NULL;
  char *code = arena_alloc (arena, TOTP_DIGITS + 1);
  totp_code ((const unsigned char *)session.record.secret.bytes, session.record.secret.len, step, TOTP_DIGITS,
             code);
  return code;
}
