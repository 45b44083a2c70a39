/* The loops of counting, a byte for each row. */
#include "population_private.h"

#include <string.h>

/* As in columns/: as wide as the machine's vectors are, chosen when the program starts. */
#if defined(__x86_64__) && defined(__GNUC__) && !defined(__clang__) && !defined(__SANITIZE_ADDRESS__)        \
    && !defined(__SANITIZE_THREAD__)
#define CLONES __attribute__ ((target_clones ("arch=x86-64-v4", "arch=x86-64-v3", "default")))
#else
#define CLONES
#endif

#define EACH_BYTE 0x0101010101010101u

/* Ones are added up in LANES bytes side by side, which no chunk makes overflow. */
enum { LANES = 64 };
G_STATIC_ASSERT (COLUMNS_CHUNK / LANES < 256);

static inline guint64
eight (const guint8 *bytes)
{
  guint64 word;
  memcpy (&word, bytes, sizeof word);
  return word;
}

static inline size_t
sum_lanes (const guint8 *lanes)
{
  size_t sum = 0;
  for (size_t k = 0; k < LANES; k++)
    sum += lanes[k];
  return sum;
}

CLONES size_t
tally_mask (const guint8 *mask, size_t n)
{
  guint8 lanes[LANES] = { 0 };
  size_t i = 0, count = 0;
  for (; i + LANES <= n; i += LANES)
    for (size_t k = 0; k < LANES; k++)
      lanes[k] += mask[i + k] & 1;
  for (; i < n; i++)
    count += mask[i] & 1;
  return count + sum_lanes (lanes);
}

/* Two bits at a time, so that what is read is used twice. */
CLONES static void
tally_two_bits (const guint8 *plane, unsigned bit, const guint8 *mask, size_t n, gint64 *counts)
{
  guint8 low[LANES] = { 0 }, high[LANES] = { 0 };
  size_t i = 0;
  for (; i + LANES <= n; i += LANES)
    for (size_t k = 0; k < LANES; k++) {
      guint8 bits = (guint8)(plane[i + k] >> bit & mask[i + k]);
      low[k] += bits & 1;
      high[k] += bits >> 1 & 1;
    }
  for (; i < n; i++) {
    counts[0] += plane[i] >> bit & mask[i] & 1;
    counts[1] += plane[i] >> bit >> 1 & mask[i] & 1;
  }
  counts[0] += (gint64)sum_lanes (low);
  counts[1] += (gint64)sum_lanes (high);
}

void
tally_bits (const guint8 *plane, unsigned n_bits, const guint8 *mask, size_t n, gint64 *counts)
{
  for (unsigned bit = 0; bit < n_bits; bit += 2) {
    gint64 two[2] = { 0 };
    tally_two_bits (plane, bit, mask, n, two);
    counts[bit] += two[0];
    if (bit + 1 < n_bits)
      counts[bit + 1] += two[1];
  }
}

CLONES size_t
tally_rows (const guint8 *mask, size_t n, guint16 *rows)
{
  size_t found = 0, i = 0;
  for (; i + 32 <= n; i += 32) {
    if (!(eight (mask + i) | eight (mask + i + 8) | eight (mask + i + 16) | eight (mask + i + 24)))
      continue; /* as most are */
    for (size_t k = i; k < i + 32; k += 8)
      for (guint64 word = eight (mask + k) & EACH_BYTE; word; word &= word - 1)
        rows[found++] = (guint16)(k + (size_t)__builtin_ctzll (word) / 8);
  }
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
