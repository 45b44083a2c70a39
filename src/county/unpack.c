/* The loops that turn a chunk's packed values and bits into arrays; compiled for speed. */
#include "county/county_private.h"

/* BITS of one byte at a time: a loop of known length, which the compiler unrolls. */
#define UNPACK_BITS(Type, BITS)                                                                              \
  for (size_t r = 0; r < n; r += 8 / BITS)                                                                   \
    for (size_t k = 0; k < MIN (8 / BITS, n - r); k++)                                                       \
      to[r + k] = (Type)((packed[r * BITS / 8] >> k * BITS & ((1 << BITS) - 1)) + base);                     \
  return;

#define UNPACK_BYTES(Type, Packed)                                                                           \
  for (size_t r = 0; r < n; r++) {                                                                           \
    Packed v;                                                                                                \
    memcpy (&v, packed + r * sizeof v, sizeof v);                                                            \
    to[r] = (Type)(v + base);                                                                                \
  }                                                                                                          \
  return;

#define UNPACK(Type)                                                                                         \
  static void unpack_##Type (const guint8 *packed, unsigned bits, guint64 base, size_t n, Type *restrict to) \
  {                                                                                                          \
    switch (bits) {                                                                                          \
    case 1: UNPACK_BITS (Type, 1)                                                                            \
    case 2: UNPACK_BITS (Type, 2)                                                                            \
    case 4: UNPACK_BITS (Type, 4)                                                                            \
    case 8: UNPACK_BYTES (Type, guint8)                                                                      \
    case 16: UNPACK_BYTES (Type, guint16)                                                                    \
    case 32: UNPACK_BYTES (Type, guint32)                                                                    \
    case 64: UNPACK_BYTES (Type, guint64)                                                                    \
    default:                                                                                                 \
      for (size_t r = 0; r < n; r++)                                                                         \
        to[r] = (Type)base;                                                                                  \
    }                                                                                                        \
  }

UNPACK (gint8)
UNPACK (gint16)
UNPACK (gint32)
UNPACK (gint64)

void
unpack_values (const guint8 *packed, unsigned bits, gint64 base, size_t n, unsigned width, void *to)
{
  switch (width) {
  case 1: unpack_gint8 (packed, bits, (guint64)base, n, to); return;
  case 2: unpack_gint16 (packed, bits, (guint64)base, n, to); return;
  case 4: unpack_gint32 (packed, bits, (guint64)base, n, to); return;
  default: unpack_gint64 (packed, bits, (guint64)base, n, to);
  }
}

#define UNPACK_CODES(Type)                                                                                   \
  for (size_t r = 0; r < n; r++)                                                                             \
    ((Type *)to)[r] = (Type)codes[local[r]];                                                                 \
  return;

void
unpack_codes (const guint8 *packed, unsigned bits, gint64 base, size_t n, const guint32 *codes,
              unsigned width, void *to)
{
  gint32 local[COLUMNS_CHUNK];
  unpack_gint32 (packed, bits, (guint64)base, n, local);
  switch (width) {
  case 1: UNPACK_CODES (gint8)
  case 2: UNPACK_CODES (gint16)
  default: UNPACK_CODES (gint32)
  }
}

/* Bit k of a byte becomes byte k of a word: the byte is spread, each copy keeps its own bit,
 * and what is left of it is carried into the highest. */
void
unpack_mask (const guint8 *bits, size_t n, guint8 *mask)
{
  for (size_t r = 0; r < n; r += 8) {
    guint64 word = bits[r / 8] * 0x0101010101010101u & 0x8040201008040201u;
    word = ((word + 0x7f7f7f7f7f7f7f7fu) >> 7 & 0x0101010101010101u) * 0xff;
    memcpy (mask + r, &word, MIN (sizeof word, n - r));
  }
}
