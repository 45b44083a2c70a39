/* Sessions: a random token with the person, its hash with us. */
#include "access_private.h"

#include <sodium.h>

enum { TOKEN_BYTES = 32, SESSION_SECONDS = 12 * 60 * 60 };

typedef struct {
  const char *account;
  unsigned char hash[crypto_hash_sha256_BYTES];
  gint64 expires_at;
} Session;

static void
hash_token (const char *token, unsigned char *hash)
{
  crypto_hash_sha256 (hash, (const unsigned char *)token, strlen (token));
}

static gint64
now (void)
{
  return g_get_real_time () / G_USEC_PER_SEC;
}

/* Old sessions go when a new one comes. */
static bool
insert_session (StoreConnection *db, gpointer data, GError **error)
{
  const Session *session = data;
  StoreStatement *old = store_statement (db, "DELETE FROM session WHERE expires_at < ?1", error);
  if (!old)
    return false;
  store_bind_integer (old, 1, now ());
  if (!store_run (old, error))
    return false;
  StoreStatement *s = store_statement (db, "INSERT INTO session VALUES (?1, ?2, ?3)", error);
  if (!s)
    return false;
  store_bind_blob (s, 1, session->hash, sizeof session->hash);
  store_bind_text (s, 2, session->account);
  store_bind_integer (s, 3, session->expires_at);
  return store_run (s, error);
}

bool
access_login (Access *access, Arena *arena, const char *name, const char *password, bool loopback,
              const char **token, GError **error)
{
  if (!access_check_password (access, name, password, loopback, error))
    return false;
  unsigned char random[TOKEN_BYTES];
  randombytes_buf (random, sizeof random);
  char *hex = arena_alloc (arena, 2 * TOKEN_BYTES + 1);
  sodium_bin2hex (hex, 2 * TOKEN_BYTES + 1, random, sizeof random);
  Session session = { .account = name, .expires_at = now () + SESSION_SECONDS };
  hash_token (hex, session.hash);
  if (!store_write (access->store, insert_session, &session, error))
    return false;
  *token = hex;
  return true;
}

const AccessAccount *
access_session (Access *access, Arena *arena, const char *token)
{
  if (!token || strlen (token) != 2 * TOKEN_BYTES)
    return NULL;
  g_autoptr (GError) error = NULL;
  g_autoptr (StoreReader) reader = store_reader (access->store, &error);
  StoreStatement *s
      = reader ? store_statement (
            store_reader_db (reader),
            "SELECT a.name, a.role, a.zh, a.en, a.subject, a.department, a.demo FROM session s"
            " JOIN account a ON a.name = s.account WHERE s.token_hash = ?1 AND s.expires_at >= ?2",
            &error)
               : NULL;
  if (!s)
    return NULL; /* who cannot be looked up is nobody */
  unsigned char hash[crypto_hash_sha256_BYTES];
  hash_token (token, hash);
  store_bind_blob (s, 1, hash, sizeof hash);
  store_bind_integer (s, 2, now ());
  const AccessAccount *account = store_step (s, &error) == STORE_ROW ? access_read_account (s, arena) : NULL;
  store_reset (s);
  return account;
}

static bool
delete_session (StoreConnection *db, gpointer data, GError **error)
{
  StoreStatement *s = store_statement (db, "DELETE FROM session WHERE token_hash = ?1", error);
  if (!s)
    return false;
  store_bind_blob (s, 1, data, crypto_hash_sha256_BYTES);
  return store_run (s, error);
}

bool
access_logout (Access *access, const char *token, GError **error)
{
  unsigned char hash[crypto_hash_sha256_BYTES];
  hash_token (token, hash);
  return store_write (access->store, delete_session, hash, error);
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
