#include "totp.h"

#include <sodium.h>
#include <string.h>

gint64
totp_step (gint64 at)
{
  return at / TOTP_SECONDS;
}

/* RFC 4226, section 5.3: dynamic truncation of HMAC-SHA-1 over the step. */
void
totp_code (const unsigned char *secret, size_t len, gint64 step, int digits, char *code)
{
  guint64 counter = GUINT64_TO_BE ((guint64)step);
  unsigned char mac[20];
  gsize mac_len = sizeof mac;
  GHmac *hmac = g_hmac_new (G_CHECKSUM_SHA1, secret, len);
  g_hmac_update (hmac, (const guchar *)&counter, sizeof counter);
  g_hmac_get_digest (hmac, mac, &mac_len);
  g_hmac_unref (hmac);
  const unsigned char *at = mac + (mac[19] & 0xf);
  guint32 number = (guint32)(at[0] & 0x7f) << 24 | (guint32)at[1] << 16 | (guint32)at[2] << 8 | at[3];
  guint32 modulus = 1;
  for (int i = 0; i < digits; i++)
    modulus *= 10;
  g_snprintf (code, (gulong)digits + 1, "%0*u", digits, number % modulus);
}

gint64
totp_match (const unsigned char *secret, size_t len, gint64 at, gint64 last, const char *code)
{
  gint64 found = 0;
  if (strlen (code) != TOTP_DIGITS)
    return 0;
  for (gint64 step = totp_step (at) - 1; step <= totp_step (at) + 1; step++) {
    char expected[TOTP_DIGITS + 1];
    totp_code (secret, len, step, TOTP_DIGITS, expected);
    if (sodium_memcmp (expected, code, TOTP_DIGITS) == 0 && step > last && !found)
      found = step;
  }
  return found;
}

char *
totp_base32 (Arena *arena, const unsigned char *bytes, size_t len)
{
  static const char alphabet[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
  char *text = arena_alloc (arena, len * 8 / 5 + 2);
  size_t n = 0;
  unsigned held = 0, bits = 0;
  for (size_t i = 0; i < len; i++) {
    held = held << 8 | bytes[i];
    for (bits += 8; bits >= 5; bits -= 5)
      text[n++] = alphabet[held >> (bits - 5) & 31];
  }
  if (bits)
    text[n++] = alphabet[held << (5 - bits) & 31];
  text[n] = '\0';
  return text;
}
