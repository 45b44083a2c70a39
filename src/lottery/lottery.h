/* lottery — lots that anybody can draw again.
 *
 * Where a law or a circular lets the lot decide (equal points, more applicants than flats), the
 * drawing must be one that neither the office nor an applicant could bend, and that a stranger can
 * repeat at home with nothing but the published papers.  This is a commit-and-reveal drawing:
 *
 *   1. The list is closed: SHA-256 over its applications' ids.
 *   2. The operator draws a secret of 32 bytes and publishes its SHA-256 (the commitment), with the
 *      list's hash, the hash of what else is fixed (rules, choices, keys), and the name and day of a
 *      public value that nobody can foresee and everybody can read afterwards, such as the winning
 *      numbers of a named public draw; and of a second one, should the first not take place.
 *      All of this has one fingerprint, the announcement.
 *   3. The day comes, the value is public, the secret is revealed.  Both together are the seed.
 *   4. An application's ticket is HMAC-SHA-256 of its pool and id under the seed.  Tickets count
 *      upwards: the smallest comes first; equal ones go by id.
 *
 * The bytes
 *   Texts are UTF-8 as published, days are YYYY-MM-DD.  part (x) is the length of x in bytes as 8 bytes,
 *   the highest first, and then x, so that no part runs into the next.
 *
 *     list         = SHA-256 (id LF id LF …), ids sorted by their bytes
 *     commitment   = SHA-256 (secret)
 *     announcement = SHA-256 (part ("liudong lottery 1") part (pool) part (list) part (rules)
 *                             part (commitment) part (source's name) part (source's day)
 *                             part (fallback's name) part (fallback's first day))
 *     seed         = SHA-256 (part (announcement) part (secret) part (name of the source that was used)
 *                             part (its day) part (the public value))
 *     ticket       = HMAC-SHA-256 (key: seed, message: pool 0x1F id)
 *
 *   Hashes go in as their 32 bytes.  A lottery without a fallback has the empty text as its name and day.
 *
 * What it promises
 *   - A ticket depends on the seed, the pool and the id only: who withdraws or is struck off the list
 *     moves nobody else, and the order of a file means nothing.
 *   - No remainder of a division, no table, no state: nothing is drawn from a generator whose turn matters.
 *   - A reveal that does not open its commitment, or a value from elsewhere than announced, gives no seed.
 *
 * What it refuses
 *   - Ids and pools that are empty or hold control characters (a line feed would make two lists one), and
 *     an id that is there twice.
 *   - To judge a public value.  That the named draw took place and gave these numbers is for people to see.
 *
 * How a call goes
 *
 *     lottery_secret (&secret, &error);                     // kept sealed until the day
 *     lottery_list (ids, n, &announcement.list, &error);
 *     announcement.commitment = lottery_commitment (&secret);
 *     lottery_announce (&announcement, &published, &error);
 *     …
 *     lottery_seed (&announcement, &reveal, &seed, &error);
 *     lottery_tickets (&seed, announcement.pool, ids, n, threads, tickets);
 *
 * The manner is RFC 3797's (publicly verifiable selection) with today's hash; RFC 3797 itself is here too,
 * to check others' selections and this code against the memorandum's example.
 */
#pragma once

#include "base/base.h"

enum { LOTTERY_BYTES = 32, LOTTERY_HEX = 2 * LOTTERY_BYTES + 1, LOTTERY_MD5_BYTES = 16 };

typedef struct {
  guint8 bytes[LOTTERY_BYTES];
} LotteryHash;

/* A public value that will be: NAME says where everybody can read it
 * ("中国福利彩票双色球第2026115期开奖号码"). */
typedef struct {
  const char *name; /* NULL or "" for none */
  Day day;          /* the draw's; of a fallback: the first day from which it counts */
} LotterySource;

/* What is published when the list is closed.  Texts are the caller's. */
typedef struct {
  const char *pool;  /* names the draw; no two draws of an office have the same */
  LotteryHash list;  /* lottery_list */
  LotteryHash rules; /* SHA-256 of what else is fixed then, in the caller's own form; zeros for nothing */
  LotteryHash commitment; /* lottery_commitment */
  LotterySource source, fallback;
} LotteryAnnouncement;

/* What is published on the day. */
typedef struct {
  LotteryHash secret;
  LotterySource source; /* the one that was used, with the day on which it gave its value */
  const char *value;    /* as published there */
} LotteryReveal;

/* A fresh secret from the system's generator.  FAULT_SYSTEM when it has none to give. */
bool lottery_secret (LotteryHash *secret, GError **error);
LotteryHash lottery_commitment (const LotteryHash *secret);

/* The hash of N ids in any order.  FAULT_INPUT names an id that is empty, longer than 200 bytes, not UTF-8,
 * holds a control character, or is there twice. */
bool lottery_list (const char *const *ids, size_t n, LotteryHash *list, GError **error);
/* SHA-256 of LEN bytes, as the announcement's `rules` wants it. */
LotteryHash lottery_digest (const void *bytes, size_t len);

/* FAULT_INPUT when the pool or the source's name is missing or no such text. */
bool lottery_announce (const LotteryAnnouncement *announcement, LotteryHash *fingerprint, GError **error);
/* FAULT_INPUT when the secret does not open the commitment, the value is empty, or its source is neither the
 * announced one on its day nor the fallback from its first day on. */
bool lottery_seed (const LotteryAnnouncement *announcement, const LotteryReveal *reveal, LotteryHash *seed,
                   GError **error);

/* The tickets of N ids, each 32 bytes, on up to THREADS threads (0 counts as 1).  The ids and the pool are
 * ones that lottery_list and lottery_announce took. */
void lottery_tickets (const LotteryHash *seed, const char *pool, const char *const *ids, size_t n,
                      unsigned threads, guint8 (*tickets)[LOTTERY_BYTES]);
/* Indexes 0 … N-1 into ORDER, the first ticket first. */
void lottery_order (const guint8 (*tickets)[LOTTERY_BYTES], const char *const *ids, size_t n, guint32 *order);

/* 64 lower-case digits and NUL into TEXT, which is returned. */
char *lottery_hex (const LotteryHash *hash, char text[LOTTERY_HEX]);
/* 64 digits of either case; false when TEXT is none. */
bool lottery_from_hex (Text text, LotteryHash *hash);

/* RFC 3797, section 4: SELECT of POOL members, numbered from 1, drawn by KEY, the string of all random values
 * ("9319./2.5.8.10.12./9.18.26.34.41.45./").  FAULT_INPUT when SELECT is over POOL, or either over 65,535. */
bool lottery_rfc3797 (const char *key, guint32 pool, guint32 select, guint32 *selected, GError **error);
/* The MD5 that decides PLACE, from 0, for those who show their work; false when OpenSSL has no MD5. */
bool lottery_rfc3797_digest (const char *key, guint32 place, guint8 digest[LOTTERY_MD5_BYTES]);
