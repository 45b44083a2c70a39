/* Which unknown inputs an open table waits for, row by row: what dmn/sharpen.c tells for one.
 *
 * An input matters when its value alone, the others held, can change what the table answers.  As
 * with SHARPEN that hangs on which inputs are unknown and on which rules the others leave, and
 * is remembered. */
#include "columns_private.h"

#include <string.h>

enum { COMBINATIONS_MAX = 4096, REMEMBERED = 1 << 10 };

typedef struct {
  guint64 left;
  guint32 waiting, bits; /* BITS 0: nothing remembered, for TRIED is set in what is */
} Remembered;

typedef struct {
  size_t n; /* combinations */
  guint64 met[COMBINATIONS_MAX];
  guint8 answers[COMBINATIONS_MAX];
} Tries;

/* Whether two combinations give one answer: the same rules do, also where their outputs are unknown. */
static bool
is_same (const Sharpen *s, const Tries *tries, size_t a, size_t b)
{
  guint64 x = tries->met[a], y = tries->met[b];
  bool rules = s->policy == DMN_FIRST ? (x & -x) == (y & -y) : x == y;
  return rules || (tries->answers[a] != SHARPEN_OPEN && tries->answers[a] == tries->answers[b]);
}

/* False when there are too many. */
static bool
try_all (const Sharpen *s, guint64 waiting, guint64 left, Tries *tries)
{
  tries->n = 1;
  tries->met[0] = left;
  for (size_t i = 0; i < s->n_inputs; i++) {
    if (!(waiting >> i & 1))
      continue;
    const DmnAtoms *atoms = &s->inputs[i].atoms;
    if (!s->inputs[i].has_atoms || atoms->n > MIN (s->most, COMBINATIONS_MAX) / tries->n)
      return false;
    for (size_t atom = atoms->n; atom-- > 0;)
      for (size_t k = 0; k < tries->n; k++)
        tries->met[atom * tries->n + k] = tries->met[k] & atoms->sets[atom];
    tries->n *= atoms->n;
  }
  for (size_t k = 0; k < tries->n; k++)
    tries->answers[k] = sharpen_answer (s, tries->met[k]);
  return true;
}

static guint32
bits_of (const Sharpen *s, guint64 waiting, guint64 left)
{
  Tries tries;
  guint32 bits = 1u << MATTERS_LOOKED;
  size_t stride = 1;
  if (!waiting || !try_all (s, waiting, left, &tries))
    return bits;
  bits |= 1u << MATTERS_TRIED;
  for (size_t i = 0; i < s->n_inputs; i++) {
    if (!(waiting >> i & 1))
      continue;
    size_t n = s->inputs[i].atoms.n;
    for (size_t k = stride; k < tries.n && !(bits >> i & 1); k++)
      if (k / stride % n && !is_same (s, &tries, k, k - stride))
        bits |= 1u << i;
    stride *= n;
  }
  return bits;
}

static guint64
word_at (const Thread *thread, const int *planes, size_t n, size_t row)
{
  guint64 word = 0;
  for (size_t i = 0; i < bytes_of_bits (n); i++)
    word |= (guint64)((const guint8 *)thread_plane (thread, planes[i]))[row] << (8 * i);
  return word;
}

void
matters_rows (const Sharpen *s, const Thread *thread, const guint8 *unknown, gint32 *out, size_t n,
              void **memory)
{
  if (!*memory)
    *memory = g_new0 (Remembered, REMEMBERED);
  const guint8 *never = s->never > ALL_OF ? thread_plane (thread, s->never) : NULL;
  memset (out, 0, n * sizeof *out);
  for (size_t i = 0; i < n; i++) {
    if (!unknown[i] || s->never == ALL_OF || (never && never[i]))
      continue;
    guint64 left = word_at (thread, s->left, s->n_rules, i);
    guint32 waiting = (guint32)word_at (thread, s->waiting, s->n_inputs, i);
    Remembered *m = (Remembered *)*memory + ((left ^ (guint64)waiting << 48) * 0x9E3779B97F4A7C15u >> 54);
    if (!m->bits || m->left != left || m->waiting != waiting)
      *m = (Remembered){ left, waiting, bits_of (s, waiting, left) };
    out[i] = (gint32)m->bits;
  }
}
