/* Accounts and passwords (argon2id, RFC 9106). */
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
insert_account (StoreConnection *db, gpointer data, GError **error)
{
  const NewAccount *new = data;
  const AccessAccount *a = new->account;
  StoreStatement *s = store_statement (db,
                                       "INSERT INTO account VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)"
                                       " ON CONFLICT (name) DO NOTHING",
                                       error);
  if (!s)
    return false;
  store_bind_text (s, 1, a->name);
  store_bind_integer (s, 2, (int)a->role);
  store_bind_text (s, 3, a->zh);
  store_bind_text (s, 4, a->en);
  store_bind_integer (s, 5, a->subject);
  store_bind_text (s, 6, a->department);
  store_bind_integer (s, 7, a->demo);
  store_bind_text (s, 8, new->hash);
  if (!store_run (s, error))
    return false;
  if (store_changes (db) == 1)
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
access_read_account (StoreStatement *s, Arena *arena)
{
  AccessAccount *a = arena_new0 (arena, AccessAccount, 1);
  a->name = store_string (s, 0, arena);
  a->role = (AccessRole)store_integer (s, 1);
  a->zh = store_string (s, 2, arena);
  a->en = store_string (s, 3, arena);
  a->subject = store_integer (s, 4);
  a->department = store_string (s, 5, arena);
  a->demo = store_integer (s, 6);
  return a;
}

bool
access_check_password (Access *access, const char *name, const char *password, bool loopback, GError **error)
{
  g_autoptr (StoreReader) reader = store_reader (access->store, error);
  StoreStatement *s = reader ? store_statement (store_reader_db (reader),
                                                "SELECT password, demo FROM account WHERE name = ?1", error)
                             : NULL;
  if (!s)
    return false;
  store_bind_text (s, 1, name);
  StoreStep result = store_step (s, error);
  if (result == STORE_FAILED)
    return false;
  bool found = result == STORE_ROW;
  g_autofree char *hash = g_strdup (found ? store_text (s, 0).bytes : access->decoy);
  bool demo = found && store_integer (s, 1);
  store_reset (s);
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
  StoreStatement *s = reader ? store_statement (store_reader_db (reader),
                                                "SELECT name, role, zh, en, subject, department, demo FROM "
                                                "account WHERE demo <> 0 ORDER BY role, name",
                                                error)
                             : NULL;
  if (!s)
    return NULL;
  g_autoptr (GArray) accounts = g_array_new (FALSE, FALSE, sizeof (AccessAccount));
  StoreStep result;
  while ((result = store_step (s, error)) == STORE_ROW)
    g_array_append_vals (accounts, access_read_account (s, arena), 1);
  if (result == STORE_FAILED)
    return NULL;
  *n = accounts->len;
  return arena_copy (arena, accounts->data, accounts->len * sizeof (AccessAccount));
}
