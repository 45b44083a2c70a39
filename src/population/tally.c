/* The loops of counting: eight rows at a time, a byte each. */
#include "population_private.h"

#include <string.h>

/* As in columns/: the machine's own way to count bits is chosen when the program starts. */
#if defined(__x86_64__) && defined(__GNUC__) && !defined(__clang__) && !defined(__SANITIZE_ADDRESS__)        \
    && !defined(__SANITIZE_THREAD__)
#define CLONES __attribute__ ((target_clones ("arch=x86-64-v4", "arch=x86-64-v3", "default")))
#else
#define CLONES
#endif

#define EACH_BYTE 0x0101010101010101u

static inline guint64
eight (const guint8 *bytes)
{
  guint64 word;
  memcpy (&word, bytes, sizeof word);
  return word;
}

CLONES size_t
tally_mask (const guint8 *mask, size_t n)
{
  size_t bits = 0, i = 0;
  for (; i + 8 <= n; i += 8)
    bits += (size_t)__builtin_popcountll (eight (mask + i));
  for (; i < n; i++)
    bits += mask[i] ? 8 : 0;
  return bits / 8;
}

CLONES size_t
tally_bit (const guint8 *plane, unsigned bit, const guint8 *mask, size_t n)
{
  size_t count = 0, i = 0;
  for (; i + 8 <= n; i += 8)
    count += (size_t)__builtin_popcountll (eight (plane + i) >> bit & eight (mask + i) & EACH_BYTE);
  for (; i < n; i++)
    count += plane[i] >> bit & mask[i] & 1;
  return count;
}

CLONES size_t
tally_rows (const guint8 *mask, size_t n, guint16 *rows)
{
  size_t found = 0, i = 0;
  for (; i + 8 <= n; i += 8)
    for (guint64 word = eight (mask + i) & EACH_BYTE; word; word &= word - 1)
      rows[found++] = (guint16)(i + (size_t)__builtin_ctzll (word) / 8);
  for (; i < n; i++)
    if (mask[i])
      rows[found++] = (guint16)i;
  return found;
}

CLONES void
tally_without (guint8 *restrict mask, const guint8 *restrict plane, size_t n)
{
  for (size_t i = 0; i < n; i++)
    mask[i] = plane[i] ? 0 : mask[i];
}

CLONES void
tally_within (guint8 *restrict mask, const guint8 *restrict plane, size_t n)
{
  for (size_t i = 0; i < n; i++)
    mask[i] = plane[i] ? mask[i] : 0;
}
