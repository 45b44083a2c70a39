/* Failed attempts to log in: how long one has to wait, kept on disk.
 *
 * Whoever has logged in from a browser before is counted by that browser and not by
 * the account, so that others' attempts cannot keep the owner out.
 *
 * Source: OWASP, Slow Down Online Guessing Attacks with Device Cookies; NIST SP
 * 800-63B, section 5.2.2. */
#include "access_private.h"

enum { FIRST_DELAY = 30, LONGEST_DELAY = 15 * 60, FORGET_AFTER = 24 * 60 * 60 };

static int
free_attempts (FailureKind kind)
{
  return kind == FAILED_ADDRESS ? 30 : 5;
}

static gint64
forget_after (FailureKind kind)
{
  return kind == FAILED_ADDRESS ? 60 * 60 : FORGET_AFTER;
}

/* Seconds to wait after the Nth failure. */
static gint64
delay_of (FailureKind kind, gint64 n)
{
  gint64 over = n - free_attempts (kind);
  if (over < 0)
    return 0;
  return over > 5 ? LONGEST_DELAY : MIN (FIRST_DELAY << over, LONGEST_DELAY);
}

/* What was typed as a name may be a password: the table has hashes. */
static void
hash_key (const FailureKey *key, unsigned char *hash)
{
  g_autofree char *text = g_strdup_printf ("%d %s", key->kind, key->of);
  crypto_hash_sha256 (hash, (const unsigned char *)text, strlen (text));
}

typedef struct {
  gint64 n, last_at, until;
} Failures;

static bool
read_failures (StoreConnection *db, const unsigned char *hash, Failures *failures, GError **error)
{
  *failures = (Failures){ 0 };
  StoreStatement *s
      = store_statement (db, "SELECT n, last_at, until FROM access_failure WHERE key = ?1", error);
  if (!s)
    return false;
  store_bind_blob (s, 1, hash, HASH_BYTES);
  StoreStep step = store_step (s, error);
  if (step == STORE_ROW)
    *failures = (Failures){ store_integer (s, 0), store_integer (s, 1), store_integer (s, 2) };
  store_reset (s);
  return step != STORE_FAILED;
}

static bool
write_failures (StoreConnection *db, const unsigned char *hash, const Failures *failures, GError **error)
{
  StoreStatement *s
      = store_statement (db,
                         "INSERT INTO access_failure (key, n, last_at, until) VALUES (?1, ?2, ?3, ?4)"
                         " ON CONFLICT (key) DO UPDATE SET n = excluded.n, last_at = excluded.last_at,"
                         " until = excluded.until",
                         error);
  if (!s)
    return false;
  store_bind_blob (s, 1, hash, HASH_BYTES);
  store_bind_integer (s, 2, failures->n);
  store_bind_integer (s, 3, failures->last_at);
  store_bind_integer (s, 4, failures->until);
  return store_run (s, error);
}

static bool
delete_failures (StoreConnection *db, const unsigned char *hash, GError **error)
{
  StoreStatement *s = store_statement (db, "DELETE FROM access_failure WHERE key = ?1", error);
  if (!s)
    return false;
  store_bind_blob (s, 1, hash, HASH_BYTES);
  return store_run (s, error);
}

/* Names nobody has fill the table: what is forgotten goes. */
static bool
sweep (StoreConnection *db, gint64 now, GError **error)
{
  StoreStatement *s = store_statement (db, "DELETE FROM access_failure WHERE last_at < ?1", error);
  if (!s)
    return false;
  store_bind_integer (s, 1, now - FORGET_AFTER);
  return store_run (s, error);
}

bool
failures_count (StoreConnection *db, const FailureKey *keys, size_t n, gint64 now, gint64 *until,
                GError **error)
{
  unsigned char hash[HASH_BYTES];
  Failures failures[2];
  g_assert (n <= G_N_ELEMENTS (failures));
  *until = 0;
  for (size_t i = 0; i < n; i++) {
    hash_key (&keys[i], hash);
    if (!read_failures (db, hash, &failures[i], error))
      return false;
    if (failures[i].until > now)
      *until = MAX (*until, failures[i].until);
  }
  for (size_t i = 0; !*until && i < n; i++) {
    if (now - failures[i].last_at > forget_after (keys[i].kind))
      failures[i].n = 0;
    failures[i].n++;
    failures[i].last_at = now;
    failures[i].until = now + delay_of (keys[i].kind, failures[i].n);
    hash_key (&keys[i], hash);
    if (!write_failures (db, hash, &failures[i], error))
      return false;
  }
  return *until || sweep (db, now, error);
}

bool
failures_forget (StoreConnection *db, const FailureKey *keys, size_t n, GError **error)
{
  for (size_t i = 0; i < n; i++) {
    unsigned char hash[HASH_BYTES];
    Failures failures;
    hash_key (&keys[i], hash);
    if (keys[i].kind != FAILED_ADDRESS) {
      if (!delete_failures (db, hash, error))
        return false;
      continue;
    }
    if (!read_failures (db, hash, &failures, error))
      return false;
    failures.n = MAX (failures.n - 1, 0);
    failures.until = 0;
    if (!write_failures (db, hash, &failures, error))
      return false;
  }
  return true;
}
