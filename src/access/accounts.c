/* Accounts: what there is of them, and what administrators do to them. */
#include "access_private.h"

static const StoreMigration migrations[] = {
  { "access", 1,
    "CREATE TABLE account (name TEXT PRIMARY KEY, role INTEGER NOT NULL, zh TEXT NOT NULL, en TEXT NOT NULL,"
    " subject INTEGER NOT NULL, department TEXT, demo INTEGER NOT NULL, password TEXT NOT NULL) STRICT, "
    "WITHOUT ROWID;"
    "CREATE TABLE session (token_hash BLOB PRIMARY KEY, account TEXT NOT NULL REFERENCES account, expires_at "
    "INTEGER NOT NULL)"
    " STRICT, WITHOUT ROWID;" },
  /* Roles by name, second factors, sessions that can be listed, failures, mandates.  Whoever
   * was logged in logs in again. */
  { "access", 2,
    "CREATE TABLE access_account (name TEXT PRIMARY KEY, role TEXT NOT NULL, zh TEXT NOT NULL, en TEXT NOT "
    "NULL,"
    " subject INTEGER NOT NULL, department TEXT, demo INTEGER NOT NULL, disabled INTEGER NOT NULL,"
    " password TEXT NOT NULL, secret BLOB, step INTEGER NOT NULL) STRICT, WITHOUT ROWID;"
    "INSERT INTO access_account (name, role, zh, en, subject, department, demo, disabled, password, step)"
    " SELECT name, CASE role WHEN 0 THEN 'resident' WHEN 1 THEN 'representative' WHEN 2 THEN 'counter_clerk'"
    " WHEN 3 THEN 'case_worker' WHEN 4 THEN 'department_head' WHEN 5 THEN 'county_office' WHEN 6 THEN "
    "'analyst'"
    " WHEN 7 THEN 'steward' WHEN 8 THEN 'auditor' ELSE 'administrator' END,"
    " zh, en, subject, department, demo, 0, password, 0 FROM account;"
    "DROP TABLE session;"
    "DROP TABLE account;"
    "CREATE TABLE access_recovery (account TEXT NOT NULL REFERENCES access_account, hash BLOB NOT NULL,"
    " PRIMARY KEY (account, hash)) STRICT, WITHOUT ROWID;"
    "CREATE TABLE access_session (hash BLOB PRIMARY KEY, account TEXT NOT NULL REFERENCES access_account,"
    " stage INTEGER NOT NULL, began_at INTEGER NOT NULL, seen_at INTEGER NOT NULL, ends_at INTEGER NOT NULL,"
    " address TEXT, agent TEXT, secret BLOB) STRICT, WITHOUT ROWID;"
    "CREATE TABLE access_device (hash BLOB PRIMARY KEY, account TEXT NOT NULL REFERENCES access_account,"
    " seen_at INTEGER NOT NULL) STRICT, WITHOUT ROWID;"
    "CREATE TABLE access_failure (key BLOB PRIMARY KEY, n INTEGER NOT NULL, last_at INTEGER NOT NULL,"
    " until INTEGER NOT NULL) STRICT, WITHOUT ROWID;"
    "CREATE TABLE access_mandate (id INTEGER PRIMARY KEY, giver INTEGER NOT NULL, viewer INTEGER NOT NULL,"
    " purpose TEXT, valid_from INTEGER NOT NULL, valid_to INTEGER NOT NULL, given_at INTEGER NOT NULL,"
    " withdrawn_at INTEGER NOT NULL) STRICT;"
    "CREATE INDEX access_mandate_viewer ON access_mandate (viewer);"
    "CREATE INDEX access_mandate_giver ON access_mandate (giver);"
    "CREATE INDEX access_session_account ON access_session (account);" },
  { "access", 3, "CREATE INDEX access_account_department ON access_account (department, role);" },
};

static gint64
real_clock (gpointer data)
{
  return g_get_real_time () / G_USEC_PER_SEC;
}

gint64
access_now (const Access *access)
{
  return access->clock (access->clock_data);
}

void
access_set_clock (Access *access, gint64 (*clock) (gpointer data), gpointer data)
{
  access->clock = clock;
  access->clock_data = data;
}

Access *
access_open (Registry *registry, GError **error)
{
  if (sodium_init () < 0) {
    g_set_error (error, FAULT, FAULT_SYSTEM,
                 "the cryptographic library cannot start: no source of randomness");
    return NULL;
  }
  Store *store = registry_store (registry);
  if (!audit_migrate (store, error) || !store_migrate (store, migrations, G_N_ELEMENTS (migrations), error))
    return NULL;
  Access *access = g_new0 (Access, 1);
  access->registry = registry;
  access->store = store;
  access->clock = real_clock;
  pthread_mutex_init (&access->lock, NULL);
  pthread_cond_init (&access->free_slot, NULL);
  return access;
}

void
access_free (Access *access)
{
  if (!access)
    return;
  pthread_cond_destroy (&access->free_slot);
  pthread_mutex_destroy (&access->lock);
  g_free (access);
}

/* ---- reading ----------------------------------------------------------- */

#define COLUMNS "name, role, zh, en, subject, department, demo, disabled, secret, password, step"

static AccountRecord
read_record (StoreStatement *s, Arena *arena)
{
  Text secret = store_blob (s, 8);
  AccountRecord r = { .password = store_string (s, 9, arena), .step = store_integer (s, 10) };
  r.secret = (Text){ arena_copy (arena, secret.bytes, secret.len), secret.len };
  r.account = (AccessAccount){ .name = store_string (s, 0, arena),
                               .role = ACCESS_NOBODY, /* unless the name is one */
                               .zh = store_string (s, 2, arena),
                               .en = store_string (s, 3, arena),
                               .subject = store_integer (s, 4),
                               .department = store_string (s, 5, arena),
                               .demo = store_integer (s, 6),
                               .disabled = store_integer (s, 7),
                               .has_code = secret.len > 0 };
  access_role_parse (store_string (s, 1, arena), &r.account.role);
  return r;
}

bool
account_find (StoreConnection *db, Arena *arena, const char *name, AccountRecord *record, bool *found,
              GError **error)
{
  *found = false;
  StoreStatement *s = store_statement (db, "SELECT " COLUMNS " FROM access_account WHERE name = ?1", error);
  if (!s)
    return false;
  store_bind_text (s, 1, name);
  StoreStep step = store_step (s, error);
  if (step == STORE_ROW) {
    *record = read_record (s, arena);
    *found = true;
  }
  store_reset (s);
  return step != STORE_FAILED;
}

static const AccessAccount *
read_all (Access *access, Arena *arena, const char *sql, size_t *n, GError **error)
{
  g_autoptr (StoreReader) reader = store_reader (access->store, error);
  StoreStatement *s = reader ? store_statement (store_reader_db (reader), sql, error) : NULL;
  *n = 0;
  if (!s)
    return NULL;
  g_autoptr (GArray) accounts = g_array_new (FALSE, FALSE, sizeof (AccessAccount));
  StoreStep step;
  while ((step = store_step (s, error)) == STORE_ROW) {
    AccountRecord record = read_record (s, arena);
    g_array_append_val (accounts, record.account);
  }
  if (step == STORE_FAILED)
    return NULL;
  *n = accounts->len;
  return arena_copy (arena, accounts->data, accounts->len * sizeof (AccessAccount));
}

static int
compare_roles (gconstpointer a, gconstpointer b)
{
  const AccessAccount *one = a, *two = b;
  return one->role != two->role ? (int)one->role - (int)two->role : strcmp (one->name, two->name);
}

const AccessAccount *
access_demo_accounts (Access *access, Arena *arena, size_t *n, GError **error)
{
  const AccessAccount *accounts
      = read_all (access, arena,
                  "SELECT " COLUMNS " FROM access_account WHERE demo <> 0 AND disabled = 0"
                  " ORDER BY name",
                  n, error);
  if (accounts)
    qsort ((AccessAccount *)(gsize)accounts, *n, sizeof *accounts, compare_roles);
  return accounts;
}

const AccessAccount *
access_accounts (Access *access, Arena *arena, size_t *n, GError **error)
{
  return read_all (access, arena, "SELECT " COLUMNS " FROM access_account ORDER BY name", n, error);
}

const char *const *
access_heads (StoreConnection *db, Arena *arena, const char *department, size_t *n, GError **error)
{
  g_autoptr (GPtrArray) names = g_ptr_array_new ();
  StoreStatement *s = store_statement (db,
                                       "SELECT name FROM access_account WHERE department = ?1 AND role = ?2"
                                       " AND disabled = 0 ORDER BY name",
                                       error);
  *n = 0;
  if (!s)
    return NULL;
  store_bind_text (s, 1, department);
  store_bind_text (s, 2, access_role_name (ACCESS_DEPARTMENT_HEAD)->id);
  StoreStep step;
  while ((step = store_step (s, error)) == STORE_ROW)
    g_ptr_array_add (names, (gpointer)store_string (s, 0, arena));
  if (step == STORE_FAILED)
    return NULL;
  *n = names->len;
  return arena_copy (arena, names->pdata, names->len * sizeof (char *));
}

const AccessAccount *
access_account (Access *access, Arena *arena, const char *name, GError **error)
{
  g_autoptr (StoreReader) reader = store_reader (access->store, error);
  AccountRecord *record = arena_new0 (arena, AccountRecord, 1);
  bool found;
  if (!reader || !account_find (store_reader_db (reader), arena, name, record, &found, error))
    return NULL;
  if (found)
    return &record->account;
  g_set_error (error, FAULT, FAULT_NOT_FOUND, "there is no account %s; `liudong account list` names them",
               name);
  return NULL;
}

/* ---- adding ------------------------------------------------------------ */

typedef struct {
  const AccessAccount *by, *account;
  const char *hash;
  unsigned char secret[TOTP_SECRET_BYTES];
  bool has_secret;
} NewAccount;

static bool
insert_account (StoreConnection *db, gpointer data, GError **error)
{
  const NewAccount *new = data;
  const AccessAccount *a = new->account;
  StoreStatement *s
      = store_statement (db,
                         "INSERT INTO access_account (name, role, zh, en, subject, department, demo, "
                         "disabled, password, secret, step)"
                         " VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, 0, ?8, ?9, 0) ON CONFLICT (name) DO NOTHING",
                         error);
  if (!s)
    return false;
  store_bind_text (s, 1, a->name);
  store_bind_text (s, 2, access_role_name (a->role)->id);
  store_bind_text (s, 3, a->zh);
  store_bind_text (s, 4, a->en);
  store_bind_integer (s, 5, a->subject);
  store_bind_text (s, 6, a->department);
  store_bind_integer (s, 7, a->demo);
  store_bind_text (s, 8, new->hash);
  if (new->has_secret)
    store_bind_blob (s, 9, new->secret, sizeof new->secret);
  if (!store_run (s, error))
    return false;
  const char *const pairs[]
      = { "did",        "add",         "account", a->name, "role", access_role_name (a->role)->id,
          "department", a->department, NULL };
  if (store_changes (db) == 1)
    return log_deed (db, new->by, AUDIT_ADMIN, a->subject, pairs, error);
  g_set_error (error, FAULT, FAULT_CONFLICT, "there is an account named %s already", a->name);
  return false;
}

static bool
check_name (const char *name, GError **error)
{
  size_t len = strlen (name);
  if (len >= 1 && len <= 32 && strspn (name, "abcdefghijklmnopqrstuvwxyz0123456789._-") == len)
    return true;
  g_set_error (error, FAULT, FAULT_INPUT, "\"%s\" is no name for an account: 1 to 32 of a–z 0–9 . _ -", name);
  return false;
}

/* A resident or representative stands for a subject, staff for a department or the county. */
static bool
check_place (AccessRole role, gint64 subject, const char *department, GError **error)
{
  if ((int)role >= ACCESS_ACCOUNT_ROLES)
    g_set_error (error, FAULT, FAULT_INPUT, "the role %s is not given to accounts",
                 access_role_name (role)->id);
  else if (!access_role_is_staff (role) && !subject)
    g_set_error (error, FAULT, FAULT_INPUT, "a %s needs the subject they are or stand for, e.g. resident-1",
                 access_role_name (role)->id);
  else if (!access_role_is_staff (role) && department)
    g_set_error (error, FAULT, FAULT_INPUT, "a %s belongs to no department", access_role_name (role)->id);
  else if (access_role_is_staff (role) && subject)
    g_set_error (error, FAULT, FAULT_INPUT,
                 "staff stand for no subject; they get a second account for themselves");
  else
    return true;
  return false;
}

static bool
may_manage (const AccessAccount *by, GError **error)
{
  if (access_may (by, ACCESS_MANAGE_ACCOUNTS))
    return true;
  g_set_error (error, FAULT, FAULT_DENIED, "accounts are the administrator's");
  return false;
}

bool
access_add (Access *access, const AccessAccount *by, const AccessAccount *account, const char *password,
            GError **error)
{
  char hash[crypto_pwhash_STRBYTES];
  NewAccount new = { .by = by, .account = account, .hash = hash };
  if (!may_manage (by, error) || !check_name (account->name, error)
      || !check_place (account->role, account->subject, account->department, error)
      || !(account->demo || access_check_new_password (account->role, account->name, password, error))
      || !password_hash (access, password, hash, error))
    return false;
  new.has_secret = account->demo &&access_role_needs_code (account->role);
  if (new.has_secret)
    randombytes_buf (new.secret, sizeof new.secret);
  return store_write (access->store, insert_account, &new, error);
}

/* ---- changing ---------------------------------------------------------- */

/* One change of one account: the statement takes the name as ?1. */
typedef struct {
  const AccessAccount *by;
  const char *name, *did;
  const char *const *pairs; /* more for the log */
  bool (*run) (StoreConnection *db, gpointer data, GError **error);
  gpointer data;
} Change;

static bool
change_account (StoreConnection *db, gpointer data, GError **error)
{
  const Change *change = data;
  g_autoptr (Arena) arena = arena_new ();
  AccountRecord record;
  bool found;
  if (!account_find (db, arena, change->name, &record, &found, error))
    return false;
  if (!found) {
    g_set_error (error, FAULT, FAULT_NOT_FOUND, "there is no account %s", change->name);
    return false;
  }
  const char *pairs[12] = { "did", change->did, "account", change->name };
  for (size_t n = 4; change->pairs && change->pairs[n - 4]; n++)
    pairs[n] = change->pairs[n - 4];
  return change->run (db, change->data, error) && sessions_delete (db, change->name, NULL, error)
         && log_deed (db, change->by, AUDIT_ADMIN, record.account.subject, pairs, error);
}

/* Nobody changes their own standing: neither up, nor so that nobody is left to undo it. */
static bool
change (Access *access, const Change *what, GError **error)
{
  if (!may_manage (what->by, error))
    return false;
  if (g_str_equal (what->by->name, what->name)) {
    g_set_error (error, FAULT, FAULT_DENIED, "nobody changes their own account; ask another administrator");
    return false;
  }
  return store_write (access->store, change_account, (gpointer)(gsize)what, error);
}

typedef struct {
  const char *name, *role, *department, *hash;
  bool disabled;
} NewValues;

static bool
update_role (StoreConnection *db, gpointer data, GError **error)
{
  const NewValues *v = data;
  StoreStatement *s
      = store_statement (db, "UPDATE access_account SET role = ?2, department = ?3 WHERE name = ?1", error);
  if (!s)
    return false;
  store_bind_text (s, 1, v->name);
  store_bind_text (s, 2, v->role);
  store_bind_text (s, 3, v->department);
  return store_run (s, error);
}

bool
access_set_role (Access *access, const AccessAccount *by, const char *name, AccessRole role,
                 const char *department, GError **error)
{
  g_autoptr (Arena) arena = arena_new ();
  if (department && !*department)
    department = NULL;
  if (!may_manage (by, error))
    return false;
  const AccessAccount *account = access_account (access, arena, name, error);
  if (!account || !check_place (role, account->subject, department, error))
    return false;
  NewValues values = { .name = name, .role = access_role_name (role)->id, .department = department };
  const char *const pairs[] = { "role", values.role, "department", department, NULL };
  return change (access, &(Change){ by, name, "role", pairs, update_role, &values }, error);
}

static bool
update_disabled (StoreConnection *db, gpointer data, GError **error)
{
  const NewValues *v = data;
  StoreStatement *s = store_statement (db, "UPDATE access_account SET disabled = ?2 WHERE name = ?1", error);
  if (!s)
    return false;
  store_bind_text (s, 1, v->name);
  store_bind_integer (s, 2, v->disabled);
  return store_run (s, error);
}

bool
access_disable (Access *access, const AccessAccount *by, const char *name, bool disabled, GError **error)
{
  NewValues values = { .name = name, .disabled = disabled };
  return change (
      access, &(Change){ by, name, disabled ? "disable" : "enable", NULL, update_disabled, &values }, error);
}

static bool
forget_code (StoreConnection *db, gpointer data, GError **error)
{
  const NewValues *v = data;
  StoreStatement *s
      = store_statement (db, "UPDATE access_account SET secret = NULL, step = 0 WHERE name = ?1", error);
  if (!s)
    return false;
  store_bind_text (s, 1, v->name);
  if (!store_run (s, error))
    return false;
  s = store_statement (db, "DELETE FROM access_recovery WHERE account = ?1", error);
  if (!s)
    return false;
  store_bind_text (s, 1, v->name);
  return store_run (s, error);
}

bool
access_reset_code (Access *access, const AccessAccount *by, const char *name, GError **error)
{
  NewValues values = { .name = name };
  return change (access, &(Change){ by, name, "reset-code", NULL, forget_code, &values }, error);
}

static bool
forget_failures (StoreConnection *db, gpointer data, GError **error)
{
  const NewValues *v = data;
  const FailureKey keys[]
      = { { FAILED_ACCOUNT, v->name }, { FAILED_CODE, v->name }, { FAILED_OWN, v->name } };
  return failures_forget (db, keys, G_N_ELEMENTS (keys), error);
}

bool
access_unlock (Access *access, const AccessAccount *by, const char *name, GError **error)
{
  NewValues values = { .name = name };
  return change (access, &(Change){ by, name, "unlock", NULL, forget_failures, &values }, error);
}

static bool
update_password (StoreConnection *db, gpointer data, GError **error)
{
  const NewValues *v = data;
  StoreStatement *s = store_statement (db, "UPDATE access_account SET password = ?2 WHERE name = ?1", error);
  if (!s)
    return false;
  store_bind_text (s, 1, v->name);
  store_bind_text (s, 2, v->hash);
  return store_run (s, error);
}

bool
access_reset_password (Access *access, const AccessAccount *by, const char *name, const char *password,
                       GError **error)
{
  g_autoptr (Arena) arena = arena_new ();
  char hash[crypto_pwhash_STRBYTES];
  if (!may_manage (by, error))
    return false;
  const AccessAccount *account = access_account (access, arena, name, error);
  NewValues values = { .name = name, .hash = hash };
  return account && access_check_new_password (account->role, name, password, error)
         && password_hash (access, password, hash, error)
         && change (access, &(Change){ by, name, "reset-password", NULL, update_password, &values }, error);
}

/* ---- one's own --------------------------------------------------------- */

typedef struct {
  Access *access;
  const AccessAccount *who;
  const char *hash; /* the new one; NULL: the second factor goes */
  const char *token;
  gint64 until;
} OwnChange;

static bool
count_own (StoreConnection *db, gpointer data, GError **error)
{
  OwnChange *own = data;
  FailureKey key = { FAILED_OWN, own->who->name };
  return failures_count (db, &key, 1, access_now (own->access), &own->until, error);
}

/* That PASSWORD is WHO's, each wrong one counted. */
static bool
check_own_password (Access *access, const AccessAccount *who, const char *password, OwnChange *own,
                    GError **error)
{
  g_autoptr (Arena) arena = arena_new ();
  *own = (OwnChange){ .access = access, .who = who };
  if (!store_write (access->store, count_own, own, error))
    return false;
  if (own->until) {
    g_set_error (error, FAULT, FAULT_DENIED, "too many wrong passwords; wait %" G_GINT64_FORMAT " minutes",
                 (own->until - access_now (access) + 59) / 60);
    return false;
  }
  g_autoptr (StoreReader) reader = store_reader (access->store, error);
  AccountRecord record;
  bool found, right;
  if (!reader || !account_find (store_reader_db (reader), arena, who->name, &record, &found, error)
      || !password_verify (access, found ? record.password : NULL, password, &right, error))
    return false;
  if (!right)
    g_set_error (error, FAULT, FAULT_DENIED, "that is not your present password");
  return right;
}

static bool
change_own (StoreConnection *db, gpointer data, GError **error)
{
  const OwnChange *own = data;
  unsigned char keep[HASH_BYTES];
  FailureKey key = { FAILED_OWN, own->who->name };
  NewValues values = { .name = own->who->name, .hash = own->hash };
  const char *const pairs[]
      = { "did", own->hash ? "password" : "drop-code", "account", own->who->name, NULL };
  if (own->token)
    hash_token (own->token, keep);
  return failures_forget (db, &key, 1, error)
         && (own->hash ? update_password (db, &values, error) : forget_code (db, &values, error))
         && (!own->hash || sessions_delete (db, own->who->name, own->token ? keep : NULL, error))
         && log_deed (db, own->who, AUDIT_ADMIN, own->who->subject, pairs, error);
}

bool
access_change_password (Access *access, const AccessAccount *who, const char *old, const char *new,
                        const char *token, GError **error)
{
  char hash[crypto_pwhash_STRBYTES];
  OwnChange own;
  if (!access_check_new_password (who->role, who->name, new, error)
      || !check_own_password (access, who, old, &own, error) || !password_hash (access, new, hash, error))
    return false;
  own.hash = hash;
  own.token = token;
  return store_write (access->store, change_own, &own, error);
}

bool
access_drop_code (Access *access, const AccessAccount *who, const char *password, GError **error)
{
  OwnChange own;
  if (!access_role_needs_code (who->role))
    return check_own_password (access, who, password, &own, error)
           && store_write (access->store, change_own, &own, error);
  g_set_error (error, FAULT, FAULT_DENIED, "the role %s must log in with a second factor",
               access_role_name (who->role)->id);
  return false;
}
