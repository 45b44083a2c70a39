/* Sessions: a random token with the person, its hash with us. */
#include "access_private.h"

enum {
  TOKEN_BYTES = 32,
  LONGEST = 12 * 60 * 60,
  LONGEST_UNFINISHED = 10 * 60,
  IDLE_STAFF = 30 * 60,
  IDLE_OTHERS = 2 * 60 * 60,
  TOUCH_AFTER = 60, /* "last seen" is a minute late, and not a write per request */
  DEVICE_LASTS = 90 * 24 * 60 * 60,
  AGENT_MAX = 120,
};

void
hash_token (const char *token, unsigned char *hash)
{
  crypto_hash_sha256 (hash, (const unsigned char *)token, strlen (token));
}

char *
new_token (Arena *arena)
{
  unsigned char random[TOKEN_BYTES];
  randombytes_buf (random, sizeof random);
  char *hex = arena_alloc (arena, 2 * TOKEN_BYTES + 1);
  return sodium_bin2hex (hex, 2 * TOKEN_BYTES + 1, random, sizeof random);
}

char *
access_form_token (Arena *arena, const char *token)
{
  static const char purpose[] = "form";
  unsigned char key[crypto_auth_hmacsha256_KEYBYTES], mac[crypto_auth_hmacsha256_BYTES];
  hash_token (token, key);
  crypto_auth_hmacsha256 (mac, (const unsigned char *)purpose, sizeof purpose - 1, key);
  char *hex = arena_alloc (arena, 2 * sizeof mac + 1);
  return sodium_bin2hex (hex, 2 * sizeof mac + 1, mac, sizeof mac);
}

/* ---- devices ----------------------------------------------------------- */

bool
device_is_of (StoreConnection *db, const AccessOrigin *origin, const char *name, gint64 now, bool *known,
              GError **error)
{
  unsigned char hash[HASH_BYTES];
  *known = false;
  if (!origin->device || strlen (origin->device) != 2 * TOKEN_BYTES)
    return true;
  hash_token (origin->device, hash);
  StoreStatement *s = store_statement (
      db, "SELECT 1 FROM access_device WHERE hash = ?1 AND account = ?2 AND seen_at >= ?3", error);
  if (!s)
    return false;
  store_bind_blob (s, 1, hash, sizeof hash);
  store_bind_text (s, 2, name);
  store_bind_integer (s, 3, now - DEVICE_LASTS);
  StoreStep step = store_step (s, error);
  *known = step == STORE_ROW;
  store_reset (s);
  return step != STORE_FAILED;
}

bool
attempt_keys (Access *access, StoreConnection *db, const AccessOrigin *origin, const char *name,
              FailureKind kind, FailureKey *keys, size_t *n, GError **error)
{
  bool known;
  if (!device_is_of (db, origin, name, access_now (access), &known, error))
    return false;
  *n = known ? 1 : 2;
  keys[0] = known ? (FailureKey){ FAILED_DEVICE, origin->device } : (FailureKey){ kind, name };
  keys[1] = (FailureKey){ FAILED_ADDRESS, origin->address };
  return true;
}

/* Remember the browser, so that others' failures do not keep its owner out. */
static bool
remember_device (Access *access, StoreConnection *db, Arena *arena, const char *name,
                 const AccessOrigin *origin, AccessLogin *login, GError **error)
{
  unsigned char hash[HASH_BYTES];
  bool known;
  if (!device_is_of (db, origin, name, access_now (access), &known, error))
    return false;
  login->device = known ? origin->device : new_token (arena);
  hash_token (login->device, hash);
  StoreStatement *old = store_statement (db, "DELETE FROM access_device WHERE seen_at < ?1", error);
  if (!old)
    return false;
  store_bind_integer (old, 1, access_now (access) - DEVICE_LASTS);
  if (!store_run (old, error))
    return false;
  StoreStatement *s
      = store_statement (db,
                         "INSERT INTO access_device (hash, account, seen_at) VALUES (?1, ?2, ?3)"
                         " ON CONFLICT (hash) DO UPDATE SET seen_at = excluded.seen_at",
                         error);
  if (!s)
    return false;
  store_bind_blob (s, 1, hash, sizeof hash);
  store_bind_text (s, 2, name);
  store_bind_integer (s, 3, access_now (access));
  return store_run (s, error);
}

/* ---- beginning and ending ---------------------------------------------- */

static bool
sweep (StoreConnection *db, gint64 now, GError **error)
{
  StoreStatement *s = store_statement (db, "DELETE FROM access_session WHERE ends_at < ?1", error);
  if (!s)
    return false;
  store_bind_integer (s, 1, now);
  return store_run (s, error);
}

/* What a browser calls itself, cut and without what is no text. */
static char *
short_agent (Arena *arena, const char *agent)
{
  g_autofree char *valid = agent ? g_utf8_make_valid (agent, -1) : NULL;
  g_autofree char *cut
      = valid && g_utf8_strlen (valid, -1) > AGENT_MAX ? g_utf8_substring (valid, 0, AGENT_MAX) : NULL;
  return valid ? arena_text (arena, text_of (cut ? cut : valid)) : NULL;
}

bool
session_begin (Access *access, StoreConnection *db, Arena *arena, const AccessAccount *account,
               AccessStage stage, const AccessOrigin *origin, AccessLogin *login, GError **error)
{
  unsigned char hash[HASH_BYTES];
  gint64 now = access_now (access);
  login->verdict = ACCESS_OPENED;
  login->stage = stage;
  login->token = new_token (arena);
  hash_token (login->token, hash);
  if (!sweep (db, now, error)
      || (stage == ACCESS_IN && !remember_device (access, db, arena, account->name, origin, login, error)))
    return false;
  StoreStatement *s = store_statement (
      db,
      "INSERT INTO access_session (hash, account, stage, began_at, seen_at, ends_at, address, agent)"
      " VALUES (?1, ?2, ?3, ?4, ?4, ?5, ?6, ?7)",
      error);
  if (!s)
    return false;
  store_bind_blob (s, 1, hash, sizeof hash);
  store_bind_text (s, 2, account->name);
  store_bind_integer (s, 3, stage);
  store_bind_integer (s, 4, now);
  store_bind_integer (s, 5, now + (stage == ACCESS_IN ? LONGEST : LONGEST_UNFINISHED));
  store_bind_text (s, 6, origin->address);
  store_bind_text (s, 7, short_agent (arena, origin->agent));
  return store_run (s, error);
}

bool
session_delete (StoreConnection *db, const unsigned char *hash, GError **error)
{
  StoreStatement *s = store_statement (db, "DELETE FROM access_session WHERE hash = ?1", error);
  if (!s)
    return false;
  store_bind_blob (s, 1, hash, HASH_BYTES);
  return store_run (s, error);
}

bool
sessions_delete (StoreConnection *db, const char *name, const unsigned char *keep, GError **error)
{
  static const unsigned char none[HASH_BYTES];
  StoreStatement *s
      = store_statement (db, "DELETE FROM access_session WHERE account = ?1 AND hash <> ?2", error);
  if (!s)
    return false;
  store_bind_text (s, 1, name);
  store_bind_blob (s, 2, keep ? keep : none, HASH_BYTES);
  return store_run (s, error);
}

static bool
delete_one (StoreConnection *db, gpointer data, GError **error)
{
  return session_delete (db, data, error);
}

bool
access_logout (Access *access, const char *token, GError **error)
{
  unsigned char hash[HASH_BYTES];
  hash_token (token, hash);
  return store_write (access->store, delete_one, hash, error);
}

/* ---- logging in -------------------------------------------------------- */

typedef struct {
  Access *access;
  Arena *arena;
  const char *name, *old;
  const AccessOrigin *origin;
  FailureKey keys[2];
  size_t n_keys;
  bool found, right;
  AccountRecord record;
  AccessLogin *login;
} Attempt;

/* The attempt is counted before anybody knows whether it is right: many at once gain nothing. */
static bool
count_attempt (StoreConnection *db, gpointer data, GError **error)
{
  Attempt *a = data;
  gint64 until;
  if (!attempt_keys (a->access, db, a->origin, a->name, FAILED_ACCOUNT, a->keys, &a->n_keys, error)
      || !failures_count (db, a->keys, a->n_keys, access_now (a->access), &until, error)
      || !account_find (db, a->arena, a->name, &a->record, &a->found, error))
    return false;
  *a->login = (AccessLogin){ .verdict = until ? ACCESS_LOCKED : ACCESS_WRONG, .until = until };
  return true;
}

/* A name that nobody has is not written down: it may be a password in the wrong field. */
static bool
log_wrong (const Attempt *a, StoreConnection *db, GError **error)
{
  const char *const pairs[] = { "why",
                                !a->found                    ? "name"
                                : a->record.account.disabled ? "disabled"
                                                             : "password",
                                "address", a->origin->address, NULL };
  const AccessAccount *who = a->found ? &a->record.account : NULL;
  return log_deed (db, who, AUDIT_LOGIN_REFUSED, 0, pairs, error);
}

static bool
settle_attempt (StoreConnection *db, gpointer data, GError **error)
{
  Attempt *a = data;
  unsigned char old[HASH_BYTES];
  const AccessAccount *account = &a->record.account;
  if (!a->right)
    return log_wrong (a, db, error);
  AccessStage stage = account->has_code                        ? ACCESS_ASKED_CODE
                      : access_role_needs_code (account->role) ? ACCESS_ENROLLING
                                                               : ACCESS_IN;
  if (a->old)
    hash_token (a->old, old);
  const char *const pairs[] = { "address", a->origin->address, NULL };
  return failures_forget (db, a->keys, a->n_keys, error) && (!a->old || session_delete (db, old, error))
         && session_begin (a->access, db, a->arena, account, stage, a->origin, a->login, error)
         && (stage != ACCESS_IN || log_deed (db, account, AUDIT_LOGIN, 0, pairs, error));
}

bool
access_login (Access *access, Arena *arena, const char *name, const char *password,
              const AccessOrigin *origin, const char *old, AccessLogin *login, GError **error)
{
  Attempt a
      = { .access = access, .arena = arena, .name = name, .old = old, .origin = origin, .login = login };
  if (!store_write (access->store, count_attempt, &a, error))
    return false;
  if (login->verdict == ACCESS_LOCKED)
    return true;
  const AccessAccount *account = &a.record.account;
  if (!password_verify (access, a.found ? a.record.password : NULL, password, &a.right, error))
    return false;
  a.right = a.right && !account->disabled && (int)account->role < ACCESS_ACCOUNT_ROLES
            && (origin->loopback || !account->demo);
  return store_write (access->store, settle_attempt, &a, error);
}

/* ---- looking up -------------------------------------------------------- */

bool
session_find (Access *access, StoreConnection *db, Arena *arena, const char *token, SessionRecord *session,
              bool *found, GError **error)
{
  *found = false;
  if (!token || strlen (token) != 2 * TOKEN_BYTES)
    return true;
  hash_token (token, session->hash);
  StoreStatement *s = store_statement (
      db, "SELECT account, stage, seen_at, secret FROM access_session WHERE hash = ?1 AND ends_at >= ?2",
      error);
  if (!s)
    return false;
  store_bind_blob (s, 1, session->hash, HASH_BYTES);
  store_bind_integer (s, 2, access_now (access));
  StoreStep step = store_step (s, error);
  if (step != STORE_ROW)
    return step != STORE_FAILED;
  const char *name = store_string (s, 0, arena);
  Text secret = store_blob (s, 3);
  gint64 idle = access_now (access) - store_integer (s, 2);
  session->stage = (AccessStage)store_integer (s, 1);
  session->secret = (Text){ arena_copy (arena, secret.bytes, secret.len), secret.len };
  store_reset (s);
  bool exists;
  if (!account_find (db, arena, name, &session->record, &exists, error))
    return false;
  AccessAccount *account = &session->record.account;
  account->stage = session->stage;
  *found = exists && !account->disabled
           && idle <= (access_role_is_staff (account->role) ? IDLE_STAFF : IDLE_OTHERS);
  return true;
}

typedef struct {
  const unsigned char *hash;
  gint64 now;
} Touch;

static bool
touch (StoreConnection *db, gpointer data, GError **error)
{
  const Touch *t = data;
  StoreStatement *s = store_statement (
      db, "UPDATE access_session SET seen_at = ?2 WHERE hash = ?1 AND seen_at < ?3", error);
  if (!s)
    return false;
  store_bind_blob (s, 1, t->hash, HASH_BYTES);
  store_bind_integer (s, 2, t->now);
  store_bind_integer (s, 3, t->now - TOUCH_AFTER);
  return store_run (s, error);
}

/* Whether it is time to write down that the session is in use. */
static bool
is_stale (StoreConnection *db, const unsigned char *hash, gint64 now)
{
  g_autoptr (GError) error = NULL;
  StoreStatement *s = store_statement (db, "SELECT seen_at FROM access_session WHERE hash = ?1", &error);
  if (!s)
    return false;
  store_bind_blob (s, 1, hash, HASH_BYTES);
  bool stale = store_step (s, &error) == STORE_ROW && store_integer (s, 0) < now - TOUCH_AFTER;
  store_reset (s);
  return stale;
}

const AccessAccount *
access_session (Access *access, Arena *arena, const char *token)
{
  g_autoptr (GError) error = NULL;
  StoreReader *reader = store_reader (access->store, &error);
  if (!reader)
    return NULL; /* who cannot be looked up is nobody */
  SessionRecord *session = arena_new0 (arena, SessionRecord, 1);
  bool found,
      there = session_find (access, store_reader_db (reader), arena, token, session, &found, &error) && found;
  Touch t = { session->hash, access_now (access) };
  bool stale = there && is_stale (store_reader_db (reader), session->hash, t.now);
  store_reader_release (reader);
  if (stale && !store_write (access->store, touch, &t, &error))
    return NULL;
  return there ? &session->record.account : NULL;
}

/* ---- listing ----------------------------------------------------------- */

enum { ID_DIGITS = 16 };

static char *
id_of (Arena *arena, Text hash)
{
  char *hex = arena_alloc (arena, 2 * HASH_BYTES + 1);
  sodium_bin2hex (hex, 2 * HASH_BYTES + 1, (const unsigned char *)hash.bytes, hash.len);
  hex[ID_DIGITS] = '\0';
  return hex;
}

static const AccessSession *
list_sessions (StoreConnection *db, Arena *arena, const SessionRecord *mine, gint64 now, size_t *n,
               GError **error)
{
  StoreStatement *s
      = store_statement (db,
                         "SELECT hash, began_at, seen_at, address, agent FROM access_session"
                         " WHERE account = ?1 AND stage = 0 AND ends_at >= ?2 ORDER BY seen_at DESC",
                         error);
  if (!s)
    return NULL;
  store_bind_text (s, 1, mine->record.account.name);
  store_bind_integer (s, 2, now);
  g_autoptr (GArray) sessions = g_array_new (FALSE, FALSE, sizeof (AccessSession));
  StoreStep step;
  while ((step = store_step (s, error)) == STORE_ROW) {
    Text hash = store_blob (s, 0);
    AccessSession session = { .id = id_of (arena, hash),
                              .began_at = store_integer (s, 1),
                              .seen_at = store_integer (s, 2),
                              .address = store_string (s, 3, arena),
                              .agent = store_string (s, 4, arena),
                              .current = memcmp (hash.bytes, mine->hash, HASH_BYTES) == 0 };
    g_array_append_val (sessions, session);
  }
  *n = sessions->len;
  return step == STORE_FAILED ? NULL
                              : arena_copy (arena, sessions->data, sessions->len * sizeof (AccessSession));
}

const AccessSession *
access_sessions (Access *access, Arena *arena, const char *token, size_t *n, GError **error)
{
  g_autoptr (StoreReader) reader = store_reader (access->store, error);
  SessionRecord mine;
  bool found;
  *n = 0;
  if (!reader || !session_find (access, store_reader_db (reader), arena, token, &mine, &found, error))
    return NULL;
  if (found)
    return list_sessions (store_reader_db (reader), arena, &mine, access_now (access), n, error);
  g_set_error (error, FAULT, FAULT_DENIED, "the session has ended");
  return NULL;
}

typedef struct {
  const AccessAccount *who;
  const char *id, *token;
} Ending;

static bool
end_sessions (StoreConnection *db, gpointer data, GError **error)
{
  const Ending *e = data;
  g_autoptr (Arena) arena = arena_new ();
  unsigned char hash[HASH_BYTES];
  hash_token (e->token, hash);
  if (!e->id)
    return sessions_delete (db, e->who->name, hash, error);
  StoreStatement *s = store_statement (db, "SELECT hash FROM access_session WHERE account = ?1", error);
  if (!s)
    return false;
  bool found = false;
  store_bind_text (s, 1, e->who->name);
  while (!found && store_step (s, error) == STORE_ROW) {
    Text bytes = store_blob (s, 0);
    found = g_str_equal (id_of (arena, bytes), e->id);
    memcpy (hash, bytes.bytes, HASH_BYTES);
  }
  store_reset (s);
  return !found || session_delete (db, hash, error);
}

bool
access_end_sessions (Access *access, const AccessAccount *who, const char *id, const char *token,
                     GError **error)
{
  Ending ending = { who, id, token };
  return store_write (access->store, end_sessions, &ending, error);
}
