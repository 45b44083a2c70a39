/* Accounts, passwords (argon2id, RFC 9106) and the access matrix. */
#include "access_private.h"

#include <sodium.h>

static const StoreMigration migrations[] = {
  { "access", 1,
    "CREATE TABLE account (name TEXT PRIMARY KEY, role INTEGER NOT NULL, zh TEXT NOT NULL, en TEXT NOT NULL,"
    " subject INTEGER NOT NULL, department TEXT, demo INTEGER NOT NULL, password TEXT NOT NULL) STRICT, "
    "WITHOUT ROWID;"
    "CREATE TABLE session (token_hash BLOB PRIMARY KEY, account TEXT NOT NULL REFERENCES account, expires_at "
    "INTEGER NOT NULL)"
    " STRICT, WITHOUT ROWID;" },
};

Access *
access_open (Store *store, GError **error)
{
  if (sodium_init () < 0) {
    g_set_error (error, FAULT, FAULT_SYSTEM,
                 "the cryptographic library cannot start: no source of randomness");
    return NULL;
  }
  if (!store_migrate (store, migrations, G_N_ELEMENTS (migrations), error))
    return NULL;
  Access *access = g_new0 (Access, 1);
  access->store = store;
  /* Verified against when a name is unknown, so that both refusals take as long. */
  if (crypto_pwhash_str (access->decoy, "decoy", strlen ("decoy"), crypto_pwhash_OPSLIMIT_INTERACTIVE,
                         crypto_pwhash_MEMLIMIT_INTERACTIVE)) {
    g_set_error (error, FAULT, FAULT_SYSTEM, "not enough memory to hash passwords (64 MiB are needed)");
    g_clear_pointer (&access, g_free);
  }
  return access;
}

void
access_free (Access *access)
{
  g_free (access);
}

/* ---- accounts ---------------------------------------------------------- */

typedef struct {
  const AccessAccount *account;
  char hash[crypto_pwhash_STRBYTES];
} NewAccount;

static bool
insert_account (sqlite3 *db, gpointer data, GError **error)
{
  const NewAccount *new = data;
  const AccessAccount *a = new->account;
  sqlite3_stmt *s
      = store_statement (db, "INSERT INTO account VALUES (?,?,?,?,?,?,?,?) ON CONFLICT DO NOTHING", error);
  if (!s)
    return false;
  sqlite3_bind_text (s, 1, a->name, -1, SQLITE_STATIC);
  sqlite3_bind_int (s, 2, (int)a->role);
  sqlite3_bind_text (s, 3, a->zh, -1, SQLITE_STATIC);
  sqlite3_bind_text (s, 4, a->en, -1, SQLITE_STATIC);
  sqlite3_bind_int64 (s, 5, a->subject);
  sqlite3_bind_text (s, 6, a->department, -1, SQLITE_STATIC);
  sqlite3_bind_int (s, 7, a->demo);
  sqlite3_bind_text (s, 8, new->hash, -1, SQLITE_STATIC);
  if (!store_run (db, s, error))
    return false;
  if (sqlite3_changes (db) == 1)
    return true;
  g_set_error (error, FAULT, FAULT_CONFLICT, "there is an account named %s already", a->name);
  return false;
}

bool
access_add (Access *access, const AccessAccount *account, const char *password, GError **error)
{
  NewAccount new = { .account = account };
  if (crypto_pwhash_str (new.hash, password, strlen (password), crypto_pwhash_OPSLIMIT_INTERACTIVE,
                         crypto_pwhash_MEMLIMIT_INTERACTIVE)) {
    g_set_error (error, FAULT, FAULT_SYSTEM, "not enough memory to hash a password (64 MiB are needed)");
    return false;
  }
  return store_write (access->store, insert_account, &new, error);
}

AccessAccount *
access_read_account (sqlite3_stmt *s, Arena *arena)
{
  AccessAccount *a = arena_new0 (arena, AccessAccount, 1);
  a->name = arena_text (arena, text_of ((const char *)sqlite3_column_text (s, 0)));
  a->role = (AccessRole)sqlite3_column_int (s, 1);
  a->zh = arena_text (arena, text_of ((const char *)sqlite3_column_text (s, 2)));
  a->en = arena_text (arena, text_of ((const char *)sqlite3_column_text (s, 3)));
  a->subject = sqlite3_column_int64 (s, 4);
  const char *department = (const char *)sqlite3_column_text (s, 5);
  a->department = department ? arena_text (arena, text_of (department)) : NULL;
  a->demo = sqlite3_column_int (s, 6);
  return a;
}

bool
access_check_password (Access *access, const char *name, const char *password, bool loopback, GError **error)
{
  g_autoptr (StoreReader) reader = store_reader (access->store, error);
  sqlite3_stmt *s = reader ? store_statement (store_reader_db (reader),
                                              "SELECT password, demo FROM account WHERE name = ?", error)
                           : NULL;
  if (!s)
    return false;
  sqlite3_bind_text (s, 1, name, -1, SQLITE_STATIC);
  int result = sqlite3_step (s);
  if (result != SQLITE_ROW && result != SQLITE_DONE) {
    store_set_error (store_reader_db (reader), "reading accounts", error);
    return false;
  }
  bool found = result == SQLITE_ROW;
  g_autofree char *hash = g_strdup (found ? (const char *)sqlite3_column_text (s, 0) : access->decoy);
  bool demo = found && sqlite3_column_int (s, 1);
  sqlite3_reset (s);
  bool right = crypto_pwhash_str_verify (hash, password, strlen (password)) == 0;
  if (found && right && (loopback || !demo))
    return true;
  g_set_error (error, FAULT, FAULT_DENIED, "that name and password do not go together");
  return false;
}

const AccessAccount *
access_demo_accounts (Access *access, Arena *arena, size_t *n, GError **error)
{
  *n = 0;
  g_autoptr (StoreReader) reader = store_reader (access->store, error);
  sqlite3_stmt *s = reader ? store_statement (store_reader_db (reader),
                                              "SELECT name, role, zh, en, subject, department, demo FROM "
                                              "account WHERE demo ORDER BY role, name",
                                              error)
                           : NULL;
  if (!s)
    return NULL;
  g_autoptr (GArray) accounts = g_array_new (FALSE, FALSE, sizeof (AccessAccount));
  int result;
  while ((result = sqlite3_step (s)) == SQLITE_ROW)
    g_array_append_vals (accounts, access_read_account (s, arena), 1);
  if (result != SQLITE_DONE) {
    store_set_error (store_reader_db (reader), "reading accounts", error);
    return NULL;
  }
  sqlite3_reset (s);
  *n = accounts->len;
  return arena_copy (arena, accounts->data, accounts->len * sizeof (AccessAccount));
}

/* ---- the matrix -------------------------------------------------------- */

/* Role × right.  What is not here is refused. */
static const bool matrix[][3] = {
  /*                          SEE_SELF SEE_SUBJECTS SEE_POLICY */
  [ACCESS_RESIDENT] = { true, false, true },
  [ACCESS_REPRESENTATIVE] = { true, false, true },
  [ACCESS_CLERK] = { false, true, true },
  [ACCESS_ANALYST] = { false, false, true },
};

const char *
access_role_id (AccessRole role)
{
  static const char *const ids[] = { "resident", "representative", "clerk", "analyst" };
  return ids[role];
}

bool
access_may (const AccessAccount *who, AccessRight right)
{
  if (!who)
    return right == ACCESS_SEE_POLICY;
  return (size_t)who->role < G_N_ELEMENTS (matrix) && matrix[who->role][right];
}

bool
access_may_see (const AccessAccount *who, gint64 subject)
{
  if (access_may (who, ACCESS_SEE_SUBJECTS))
    return true;
  return access_may (who, ACCESS_SEE_SELF) && subject && who->subject == subject;
}
