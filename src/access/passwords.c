/* Passwords: argon2id (RFC 9106), a bounded number at a time. */
#include "access_private.h"

/* A slot, or false when too many wait: memory is better refused than run out of. */
static bool
enter (Access *access, GError **error)
{
  pthread_mutex_lock (&access->lock);
  bool may = access->hashing < HASHES_AT_ONCE || access->waiting < HASHES_WAITING;
  if (may) {
    access->waiting++;
    while (access->hashing >= HASHES_AT_ONCE)
      pthread_cond_wait (&access->free_slot, &access->lock);
    access->waiting--;
    access->hashing++;
  }
  pthread_mutex_unlock (&access->lock);
  if (!may)
    g_set_error (error, FAULT, FAULT_SYSTEM,
                 "too many people log in at this moment; try again in a few seconds");
  return may;
}

static void
leave (Access *access)
{
  pthread_mutex_lock (&access->lock);
  access->hashing--;
  pthread_cond_signal (&access->free_slot);
  pthread_mutex_unlock (&access->lock);
}

static bool
hash_into (const char *password, char *hash, GError **error)
{
  if (crypto_pwhash_str (hash, password, strlen (password), crypto_pwhash_OPSLIMIT_INTERACTIVE,
                         crypto_pwhash_MEMLIMIT_INTERACTIVE)
      == 0)
    return true;
  g_set_error (error, FAULT, FAULT_SYSTEM, "not enough memory to hash a password (64 MiB are needed)");
  return false;
}

bool
password_hash (Access *access, const char *password, char *hash, GError **error)
{
  if (!enter (access, error))
    return false;
  bool done = hash_into (password, hash, error);
  leave (access);
  return done;
}

/* Verified against where there is no account, so that both refusals take as long. */
static bool
copy_decoy (Access *access, char *hash, GError **error)
{
  pthread_mutex_lock (&access->lock);
  bool made = *access->decoy || hash_into ("decoy", access->decoy, error);
  memcpy (hash, access->decoy, sizeof access->decoy);
  pthread_mutex_unlock (&access->lock);
  return made;
}

bool
password_verify (Access *access, const char *hash, const char *password, bool *right, GError **error)
{
  char decoy[crypto_pwhash_STRBYTES];
  *right = false;
  if ((!hash && !copy_decoy (access, decoy, error)) || !enter (access, error))
    return false;
  bool fits = crypto_pwhash_str_verify (hash ? hash : decoy, password, strlen (password)) == 0;
  leave (access);
  *right = hash && fits;
  return true;
}

/* Length is what counts, and that it is not the name (NIST SP 800-63B, section 5.1.1.2). */
bool
access_check_new_password (AccessRole role, const char *name, const char *password, GError **error)
{
  size_t least = access_role_is_staff (role) ? 10 : 8;
  Text text = text_of (password);
  if (!text_is_utf8 (text, NULL) || text.len > 256)
    g_set_error (error, FAULT, FAULT_INPUT, "the password is longer than 256 bytes, or no UTF-8");
  else if (text_length (text) < least)
    g_set_error (error, FAULT, FAULT_INPUT, "the password needs at least %zu characters", least);
  else if (g_ascii_strcasecmp (password, name) == 0)
    g_set_error (error, FAULT, FAULT_INPUT, "the password must not be the name of the account");
  else
    return true;
  return false;
}
