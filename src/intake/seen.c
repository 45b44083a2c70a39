/* Which official numbers a file has had: 24 bytes a row, by a keyed 128-bit hash
 * (BLAKE2b), so that nobody can make two numbers look like one. */
#include "intake/intake_private.h"

#include <sodium.h>

typedef struct {
  guint64 hash[2];
  gint64 row; /* 0: free */
} Slot;

struct Seen {
  Slot *slots;
  size_t size, n; /* a power of two; at most two thirds full */
  unsigned char key[crypto_generichash_KEYBYTES];
};

enum { FIRST_SIZE = 4096 };

Seen *
seen_new (void)
{
  Seen *seen = g_new0 (Seen, 1);
  seen->size = FIRST_SIZE;
  seen->slots = g_new0 (Slot, seen->size);
  randombytes_buf (seen->key, sizeof seen->key);
  return seen;
}

void
seen_free (Seen *seen)
{
  if (!seen)
    return;
  g_free (seen->slots);
  g_free (seen);
}

static Slot *
slot_of (const Seen *seen, const guint64 hash[2])
{
  size_t i = hash[0] & (seen->size - 1);
  while (seen->slots[i].row && memcmp (seen->slots[i].hash, hash, sizeof seen->slots[i].hash) != 0)
    i = (i + 1) & (seen->size - 1);
  return &seen->slots[i];
}

static void
grow (Seen *seen)
{
  Slot *old = seen->slots;
  size_t n = seen->size;
  seen->size *= 2;
  seen->slots = g_new0 (Slot, seen->size);
  for (size_t i = 0; i < n; i++)
    if (old[i].row)
      *slot_of (seen, old[i].hash) = old[i];
  g_free (old);
}

gint64
seen_add (Seen *seen, Text key, gint64 row)
{
  guint64 hash[2];
  crypto_generichash ((unsigned char *)hash, sizeof hash, (const unsigned char *)key.bytes, key.len,
                      seen->key, sizeof seen->key);
  Slot *slot = slot_of (seen, hash);
  if (slot->row)
    return slot->row;
  *slot = (Slot){ { hash[0], hash[1] }, row };
  if (++seen->n * 3 > seen->size * 2)
    grow (seen);
  return 0;
}
