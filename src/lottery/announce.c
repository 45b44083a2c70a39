/* Closing a list, announcing a draw, and the seed that comes of it. */
#include "lottery/lottery.h"

#include <openssl/evp.h>
#include <openssl/rand.h>

enum { ID_MAX = 200 };

/* A digest that fails on bytes in memory is a broken library: nothing that a draw could go on with. */
static void
must (bool done)
{
  if (!done)
    g_error ("OpenSSL cannot compute SHA-256");
}

LotteryHash
lottery_digest (const void *bytes, size_t len)
{
  LotteryHash hash;
  must (EVP_Digest (bytes, len, hash.bytes, NULL, EVP_sha256 (), NULL) == 1);
  return hash;
}

bool
lottery_secret (LotteryHash *secret, GError **error)
{
  if (RAND_priv_bytes (secret->bytes, LOTTERY_BYTES) == 1)
    return true;
  g_set_error (error, FAULT, FAULT_SYSTEM, "the system has no random bytes to give for a secret");
  return false;
}

LotteryHash
lottery_commitment (const LotteryHash *secret)
{
  return lottery_digest (secret->bytes, LOTTERY_BYTES);
}

/* ---- the list ---- */

static bool
is_plain (Text text)
{
  for (size_t i = 0; i < text.len; i++)
    if ((guint8)text.bytes[i] < 0x20 || text.bytes[i] == 0x7f)
      return false;
  return text.len > 0 && text_is_utf8 (text, NULL);
}

static bool
check_id (const char *id, GError **error)
{
  Text text = text_of (id);
  if (is_plain (text) && text.len <= ID_MAX)
    return true;
  g_autofree char *shown = g_strescape (id ? id : "", NULL);
  g_set_error (error, FAULT, FAULT_INPUT,
               "\"%.60s\" is no application id: 1 to %d bytes of UTF-8 without control characters", shown,
               ID_MAX);
  return false;
}

static int
by_bytes (const void *a, const void *b)
{
  return strcmp (*(const char *const *)a, *(const char *const *)b);
}

bool
lottery_list (const char *const *ids, size_t n, LotteryHash *list, GError **error)
{
  for (size_t i = 0; i < n; i++)
    if (!check_id (ids[i], error))
      return false;
  g_autofree const char **sorted = g_new (const char *, MAX (n, 1));
  if (n)
    memcpy (sorted, ids, n * sizeof *sorted);
  qsort (sorted, n, sizeof *sorted, by_bytes);
  EVP_MD_CTX *sum = EVP_MD_CTX_new ();
  must (sum && EVP_DigestInit_ex (sum, EVP_sha256 (), NULL) == 1);
  const char *twice = NULL;
  for (size_t i = 0; i < n && !twice; i++) {
    if (i && g_str_equal (sorted[i], sorted[i - 1]))
      twice = sorted[i];
    must (EVP_DigestUpdate (sum, sorted[i], strlen (sorted[i])) == 1 && EVP_DigestUpdate (sum, "\n", 1) == 1);
  }
  must (EVP_DigestFinal_ex (sum, list->bytes, NULL) == 1);
  EVP_MD_CTX_free (sum);
  if (twice)
    g_set_error (error, FAULT, FAULT_INPUT, "the application %s is on the list twice", twice);
  return !twice;
}

/* ---- parts, each with its length before it ---- */

static void
add_bytes (GByteArray *parts, const void *bytes, size_t len)
{
  guint64 length = GUINT64_TO_BE ((guint64)len);
  g_byte_array_append (parts, (const guint8 *)&length, sizeof length);
  if (len)
    g_byte_array_append (parts, bytes, (guint)len);
}

static void
add_text (GByteArray *parts, const char *text)
{
  add_bytes (parts, text ? text : "", text ? strlen (text) : 0);
}

static void
add_hash (GByteArray *parts, const LotteryHash *hash)
{
  add_bytes (parts, hash->bytes, LOTTERY_BYTES);
}

static bool
is_named (const LotterySource *source)
{
  return source->name && *source->name;
}

static void
add_source (GByteArray *parts, const LotterySource *source)
{
  char day[CIVIL_TEXT_MAX];
  add_text (parts, source->name);
  add_text (parts, is_named (source) ? civil_format (source->day, day) : "");
}

/* ---- announcement and seed ---- */

static bool
check_text (const char *text, const char *what, GError **error)
{
  if (text && is_plain (text_of (text)))
    return true;
  g_set_error (error, FAULT, FAULT_INPUT, "%s is missing, or no text on one line", what);
  return false;
}

bool
lottery_announce (const LotteryAnnouncement *a, LotteryHash *fingerprint, GError **error)
{
  if (!check_text (a->pool, "the name of the draw (pool)", error)
      || !check_text (a->source.name, "the name of the public value", error)
      || (is_named (&a->fallback) && !check_text (a->fallback.name, "the name of the fallback", error)))
    return false;
  g_autoptr (GByteArray) parts = g_byte_array_new ();
  add_text (parts, "liudong lottery 1");
  add_text (parts, a->pool);
  add_hash (parts, &a->list);
  add_hash (parts, &a->rules);
  add_hash (parts, &a->commitment);
  add_source (parts, &a->source);
  add_source (parts, &a->fallback);
  *fingerprint = lottery_digest (parts->data, parts->len);
  return true;
}

/* Whether the value came from where it was to come from. */
static bool
check_origin (const LotteryAnnouncement *a, const LotterySource *used, GError **error)
{
  if (is_named (used) && g_str_equal (used->name, a->source.name) && used->day == a->source.day)
    return true;
  if (is_named (used) && is_named (&a->fallback) && g_str_equal (used->name, a->fallback.name)
      && used->day >= a->fallback.day)
    return true;
  char day[CIVIL_TEXT_MAX], announced[CIVIL_TEXT_MAX], first[CIVIL_TEXT_MAX];
  g_set_error (
      error, FAULT, FAULT_INPUT, "the public value is of \"%s\" on %s; announced were \"%s\" on %s%s%s%s%s",
      used->name ? used->name : "", civil_format (used->day, day), a->source.name,
      civil_format (a->source.day, announced), is_named (&a->fallback) ? " and, as fallback, \"" : "",
      is_named (&a->fallback) ? a->fallback.name : "", is_named (&a->fallback) ? "\" from " : "",
      is_named (&a->fallback) ? civil_format (a->fallback.day, first) : "");
  return false;
}

bool
lottery_seed (const LotteryAnnouncement *announcement, const LotteryReveal *reveal, LotteryHash *seed,
              GError **error)
{
  LotteryHash fingerprint, opened = lottery_commitment (&reveal->secret);
  if (!lottery_announce (announcement, &fingerprint, error))
    return false;
  if (memcmp (opened.bytes, announcement->commitment.bytes, LOTTERY_BYTES) != 0) {
    g_set_error (error, FAULT, FAULT_INPUT,
                 "the secret does not open the commitment: its SHA-256 is another");
    return false;
  }
  if (!check_text (reveal->value, "the public value", error)
      || !check_origin (announcement, &reveal->source, error))
    return false;
  g_autoptr (GByteArray) parts = g_byte_array_new ();
  add_hash (parts, &fingerprint);
  add_hash (parts, &reveal->secret);
  add_source (parts, &reveal->source);
  add_text (parts, reveal->value);
  *seed = lottery_digest (parts->data, parts->len);
  return true;
}

/* ---- digits ---- */

char *
lottery_hex (const LotteryHash *hash, char text[LOTTERY_HEX])
{
  static const char digits[] = "0123456789abcdef";
  for (size_t i = 0; i < LOTTERY_BYTES; i++) {
    text[2 * i] = digits[hash->bytes[i] >> 4];
    text[2 * i + 1] = digits[hash->bytes[i] & 15];
  }
  text[2 * LOTTERY_BYTES] = '\0';
  return text;
}

bool
lottery_from_hex (Text text, LotteryHash *hash)
{
  if (text.len != 2 * LOTTERY_BYTES)
    return false;
  for (size_t i = 0; i < LOTTERY_BYTES; i++) {
    int high = g_ascii_xdigit_value (text.bytes[2 * i]), low = g_ascii_xdigit_value (text.bytes[2 * i + 1]);
    if (high < 0 || low < 0)
      return false;
    hash->bytes[i] = (guint8)(high << 4 | low);
  }
  return true;
}
