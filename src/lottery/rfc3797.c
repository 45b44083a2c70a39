/* RFC 3797, publicly verifiable nominations committee random selection, section 4: for each place an MD5 of
 * the key between two copies of the place's number, taken as one number of 128 bits, modulo those who remain.
 */
#include "lottery/lottery.h"

#include <openssl/evp.h>

enum { NUMBER_MAX = 65535 /* the place's number has two bytes */ };

bool
lottery_rfc3797_digest (const char *key, guint32 place, guint8 digest[LOTTERY_MD5_BYTES])
{
  guint8 number[2] = { (guint8)(place >> 8), (guint8)place };
  EVP_MD_CTX *sum = EVP_MD_CTX_new ();
  bool done = sum && EVP_DigestInit_ex (sum, EVP_md5 (), NULL) == 1 && EVP_DigestUpdate (sum, number, 2) == 1
              && EVP_DigestUpdate (sum, key, strlen (key)) == 1 && EVP_DigestUpdate (sum, number, 2) == 1
              && EVP_DigestFinal_ex (sum, digest, NULL) == 1;
  EVP_MD_CTX_free (sum);
  return done;
}

static guint32
remainder_of (const guint8 digest[LOTTERY_MD5_BYTES], guint32 divisor)
{
  guint32 rest = 0;
  for (size_t i = 0; i < LOTTERY_MD5_BYTES; i++)
    rest = (rest << 8 | digest[i]) % divisor; /* below 2^24 */
  return rest;
}

bool
lottery_rfc3797 (const char *key, guint32 pool, guint32 select, guint32 *selected, GError **error)
{
  if (select > pool || pool > NUMBER_MAX) {
    g_set_error (error, FAULT, FAULT_INPUT,
                 "%u of %u cannot be selected: at most %d, and not more than there are", select, pool,
                 NUMBER_MAX);
    return false;
  }
  g_autofree guint32 *remaining = g_new (guint32, MAX (pool, 1));
  for (guint32 i = 0; i < pool; i++)
    remaining[i] = i + 1;
  for (guint32 place = 0; place < select; place++) {
    guint8 digest[LOTTERY_MD5_BYTES];
    if (!lottery_rfc3797_digest (key, place, digest)) {
      g_set_error (error, FAULT, FAULT_SYSTEM, "OpenSSL has no MD5, which RFC 3797 needs");
      return false;
    }
    guint32 left = pool - place, at = remainder_of (digest, left);
    selected[place] = remaining[at];
    memmove (&remaining[at], &remaining[at + 1], (left - at - 1) * sizeof *remaining);
  }
  return true;
}
