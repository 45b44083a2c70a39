/* Tickets in bulk: HMAC-SHA-256 (RFC 2104) with both pads taken in once.
 *
 * A ticket is two compressions of 64 bytes.  OpenSSL's EVP interface allocates and copies several
 * hundred bytes for each of them; its plain SHA-256 works on a context that is copied like any value,
 * four times as fast, and uses the same processor instructions.  It is marked as old since OpenSSL 3,
 * and stays in this one file. */
#define OPENSSL_SUPPRESS_DEPRECATED
#include "lottery/lottery.h"

#include <openssl/sha.h>

enum { BLOCK = 64, FEW = 4096 /* ids that are not worth a thread */ };

typedef struct {
  SHA256_CTX inner, outer; /* after the pads; `inner` also after the pool and its 0x1F */
} Keyed;

typedef struct {
  const Keyed *keyed;
  const char *const *ids;
  size_t n;
  guint8 (*tickets)[LOTTERY_BYTES];
} Share;

static Keyed
key (const LotteryHash *seed, const char *pool)
{
  guint8 inner[BLOCK], outer[BLOCK];
  for (size_t i = 0; i < BLOCK; i++) {
    guint8 byte = i < LOTTERY_BYTES ? seed->bytes[i] : 0;
    inner[i] = byte ^ 0x36;
    outer[i] = byte ^ 0x5c;
  }
  Keyed keyed;
  SHA256_Init (&keyed.inner);
  SHA256_Update (&keyed.inner, inner, BLOCK);
  SHA256_Update (&keyed.inner, pool, strlen (pool));
  SHA256_Update (&keyed.inner, "\x1f", 1);
  SHA256_Init (&keyed.outer);
  SHA256_Update (&keyed.outer, outer, BLOCK);
  return keyed;
}

static void *
draw (void *data)
{
  const Share *share = data;
  for (size_t i = 0; i < share->n; i++) {
    guint8 middle[LOTTERY_BYTES];
    SHA256_CTX sum = share->keyed->inner;
    SHA256_Update (&sum, share->ids[i], strlen (share->ids[i]));
    SHA256_Final (middle, &sum);
    sum = share->keyed->outer;
    SHA256_Update (&sum, middle, LOTTERY_BYTES);
    SHA256_Final (share->tickets[i], &sum);
  }
  return NULL;
}

void
lottery_tickets (const LotteryHash *seed, const char *pool, const char *const *ids, size_t n,
                 unsigned threads, guint8 (*tickets)[LOTTERY_BYTES])
{
  Keyed keyed = key (seed, pool);
  size_t shares = CLAMP (n / FEW, 1, MAX (threads, 1));
  g_autofree Share *share = g_new (Share, shares);
  g_autofree GThread **thread = g_new (GThread *, shares);
  for (size_t i = 0; i < shares; i++) {
    size_t from = n / shares * i, to = i + 1 == shares ? n : n / shares * (i + 1);
    share[i] = (Share){ .keyed = &keyed, .ids = ids + from, .n = to - from, .tickets = tickets + from };
    if (i)
      thread[i] = g_thread_new ("lottery", draw, &share[i]);
  }
  draw (&share[0]);
  for (size_t i = 1; i < shares; i++)
    g_thread_join (thread[i]);
}

typedef struct {
  const guint8 *ticket;
  const char *id;
  guint32 index;
} Lot;

static int
by_ticket (const void *a, const void *b)
{
  const Lot *x = a, *y = b;
  int order = memcmp (x->ticket, y->ticket, LOTTERY_BYTES);
  return order ? order : strcmp (x->id, y->id);
}

void
lottery_order (const guint8 (*tickets)[LOTTERY_BYTES], const char *const *ids, size_t n, guint32 *order)
{
  g_autofree Lot *lots = g_new (Lot, MAX (n, 1));
  for (size_t i = 0; i < n; i++)
    lots[i] = (Lot){ .ticket = tickets[i], .id = ids[i], .index = (guint32)i };
  qsort (lots, n, sizeof *lots, by_ticket);
  for (size_t i = 0; i < n; i++)
    order[i] = lots[i].index;
}
