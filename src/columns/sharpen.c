/* Open tables looked at by cases, row by row: what dmn/sharpen.c does for one.
 *
 * A row whose table is open falls into cases by its unknown inputs; what the known ones
 * leave of the rules is the same in all.  If every combination of cases gives the same
 * answer, that is the row's.  With constant outputs the answer hangs on which inputs are
 * unknown and on which rules are left alone, and few such pairs occur: they are
 * remembered. */
#include "columns_private.h"

#include <string.h>

typedef struct {
  const Sharpen *s;
  const Thread *thread;
  size_t row;
} Row;

static bool
bit (const Row *row, int mask)
{
  return mask == ALL_OF || (mask != NONE_OF && ((const guint8 *)thread_plane (row->thread, mask))[row->row]);
}

/* ---- two candidates ------------------------------------------------------------------ */

static bool
is_undetermined (const Row *row, guint8 candidate)
{
  const Sharpen *s = row->s;
  return s->constant ? s->undetermined >> candidate & 1 : bit (row, s->unknown[candidate]);
}

static bool
is_same (const Row *row, guint8 a, guint8 b)
{
  const Sharpen *s = row->s;
  if (a == b || s->constant)
    return a == b;
  bool x = bit (row, s->none[a]), y = bit (row, s->none[b]);
  if (x || y)
    return x && y;
  if (s->planes[a] <= ALL_OF || s->planes[b] <= ALL_OF || s->widths == 1)
    return bit (row, s->planes[a]) == bit (row, s->planes[b]);
  return ((const gint64 *)thread_plane (row->thread, s->planes[a]))[row->row]
         == ((const gint64 *)thread_plane (row->thread, s->planes[b]))[row->row];
}

/* ---- one combination --------------------------------------------------------------------- */

static guint8
answer_any (const Row *row, guint64 met)
{
  const Sharpen *s = row->s;
  guint8 answer = s->candidates[__builtin_ctzll (met)];
  bool same = true, undetermined = false;
  for (; met; met &= met - 1) {
    guint8 candidate = s->candidates[__builtin_ctzll (met)];
    undetermined |= is_undetermined (row, candidate);
    same &= is_same (row, answer, candidate);
  }
  return undetermined ? SHARPEN_OPEN : same ? answer : s->candidates[s->n_rules + 1];
}

/* What the table answers when the rules MET are. */
static guint8
answer_of (const Row *row, guint64 met)
{
  const Sharpen *s = row->s;
  if (s->sets)
    return s->sets[met];
  if (!met)
    return is_undetermined (row, s->candidates[s->n_rules]) ? SHARPEN_OPEN : s->candidates[s->n_rules];
  if (s->policy == DMN_ANY)
    return answer_any (row, met);
  if (s->policy == DMN_UNIQUE && (met & (met - 1)))
    return s->candidates[s->n_rules + 1];
  size_t k = 0;
  while (!(met >> s->order[k] & 1))
    k++;
  guint8 candidate = s->candidates[s->order[k]];
  return is_undetermined (row, candidate) ? SHARPEN_OPEN : candidate;
}

guint8
sharpen_answer (const Sharpen *s, guint64 met)
{
  Row row = { .s = s };
  return answer_of (&row, met);
}

/* ---- all combinations ---------------------------------------------------------------------- */

/* OPEN: which inputs are unknown.  FIXED: the rules that the others leave. */
static guint8
try_all (const Row *row, guint64 open, guint64 fixed)
{
  const Sharpen *s = row->s;
  size_t n = 1, at[SHARPEN_INPUTS] = { 0 };
  for (size_t i = 0; i < s->n_inputs; i++)
    if (open >> i & 1) {
      if (!s->inputs[i].has_atoms || s->inputs[i].atoms.n > s->most / n)
        return SHARPEN_OPEN;
      n *= s->inputs[i].atoms.n;
    }
  guint8 answer = SHARPEN_OPEN;
  for (size_t combination = 0; combination < n; combination++) {
    guint64 met = fixed;
    for (size_t i = 0; i < s->n_inputs; i++)
      if (open >> i & 1)
        met &= s->inputs[i].atoms.sets[at[i]];
    guint8 one = answer_of (row, met);
    if (one == SHARPEN_OPEN || (combination && !is_same (row, one, answer)))
      return SHARPEN_OPEN;
    answer = one;
    for (size_t i = 0; i < s->n_inputs; i++)
      if (open >> i & 1) {
        if (++at[i] < s->inputs[i].atoms.n)
          break;
        at[i] = 0;
      }
  }
  return answer;
}

/* ---- memory -------------------------------------------------------------------------------- */

/* With few rules and inputs their bits together are a place; otherwise they are hashed, and
 * what comes later takes the place. */
typedef struct {
  guint64 left;
  guint16 waiting;
  guint8 answer, used;
} Remembered;
enum { REMEMBERED = 1 << 15, NOT_TRIED = 0xfe };

static bool
is_small (const Sharpen *s)
{
  return s->constant && s->n_rules > 0 && s->n_rules <= 8 && s->n_inputs <= 8;
}

static void *
memory_new (const Sharpen *s)
{
  if (!is_small (s))
    return g_new0 (Remembered, REMEMBERED);
  size_t n = (size_t)1 << (s->n_rules + s->n_inputs);
  guint8 *places = g_malloc (n);
  memset (places, NOT_TRIED, n);
  return places;
}

static guint8
recall_hashed (const Row *row, guint64 waiting, guint64 left, Remembered *memory)
{
  guint64 hash = (left ^ waiting << 48) * 0x9E3779B97F4A7C15u;
  Remembered *m = &memory[hash >> 49];
  if (!m->used || m->left != left || m->waiting != waiting)
    *m = (Remembered){ left, (guint16)waiting, try_all (row, waiting, left), 1 };
  return m->answer;
}

/* ---- rows ------------------------------------------------------------------------------------ */

typedef struct {
  const guint8 *planes[8];
  size_t n;
} Bits;

static Bits
bits_of (const Thread *thread, const int *planes, size_t n)
{
  Bits bits = { .n = bytes_of_bits (n) };
  for (size_t i = 0; i < bits.n; i++)
    bits.planes[i] = thread_plane (thread, planes[i]);
  return bits;
}

static guint64
bits_at (const Bits *bits, size_t row)
{
  guint64 word = 0;
  for (size_t i = 0; i < bits->n; i++)
    word |= (guint64)bits->planes[i][row] << (8 * i);
  return word;
}

/* The rows to look at, one after the other; eight that are settled are passed over at once. */
static size_t
list_rows (const guint8 *unknown, size_t n, guint32 *rows)
{
  size_t count = 0;
  for (size_t first = 0; first < n; first += 8) {
    guint64 eight = 1;
    if (first + 8 <= n)
      memcpy (&eight, unknown + first, sizeof eight);
    for (size_t i = first; eight && i < MIN (first + 8, n); i++) {
      rows[count] = (guint32)i;
      count += unknown[i] & 1;
    }
  }
  return count;
}

typedef struct {
  const Sharpen *s;
  const Thread *thread;
  size_t first;        /* row */
  const guint32 *rows; /* from it */
  size_t n;
} Rows;

/* What few rules and inputs leave is looked up. */
static void
settle_small (const Rows *part, guint8 *memory, guint8 *out)
{
  const Sharpen *s = part->s;
  const guint8 *left = thread_plane (part->thread, s->left[0]),
               *waiting = thread_plane (part->thread, s->waiting[0]);
  for (size_t k = 0; k < part->n; k++) {
    Row row = { s, part->thread, part->first + part->rows[k] };
    guint8 *place = &memory[left[row.row] << s->n_inputs | waiting[row.row]];
    if (*place == NOT_TRIED)
      *place = waiting[row.row] ? try_all (&row, waiting[row.row], left[row.row]) : SHARPEN_OPEN;
    out[row.row] = bit (&row, s->never) ? SHARPEN_OPEN : *place;
  }
}

static void
settle (const Rows *part, void *memory, guint8 *out)
{
  const Sharpen *s = part->s;
  Bits left = bits_of (part->thread, s->left, s->n_rules),
       waiting = bits_of (part->thread, s->waiting, s->n_inputs);
  for (size_t k = 0; k < part->n; k++) {
    Row row = { s, part->thread, part->first + part->rows[k] };
    guint64 open = bits_at (&waiting, row.row), fixed = bits_at (&left, row.row);
    out[row.row] = !open || bit (&row, s->never) ? SHARPEN_OPEN
                   : s->constant                 ? recall_hashed (&row, open, fixed, memory)
                                                 : try_all (&row, open, fixed);
  }
}

void
sharpen_rows (const Sharpen *s, const Thread *thread, const guint8 *answers, const guint8 *unknown,
              guint8 *out, size_t n, void **memory)
{
  if (s->constant && !*memory)
    *memory = memory_new (s);
  memcpy (out, answers, n);
  guint32 rows[COLUMNS_CHUNK];
  for (size_t first = 0; first < n; first += COLUMNS_CHUNK) {
    size_t n_rows = MIN (n - first, (size_t)COLUMNS_CHUNK);
    Rows part = { s, thread, first, rows, list_rows (unknown + first, n_rows, rows) };
    if (is_small (s))
      settle_small (&part, *memory, out);
    else
      settle (&part, *memory, out);
  }
}
