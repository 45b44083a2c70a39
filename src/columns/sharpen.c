/* Open tables looked at by cases, row by row: what dmn/sharpen.c does for one.
 *
 * A row whose table is open falls into cases by its unknown inputs; what the known ones
 * leave of the rules is the same in all.  If every combination of cases gives the same
 * answer, that is the row's.  With constant outputs the answer hangs on which inputs are
 * unknown and on which rules are left alone, and few such pairs occur: they are
 * remembered for the chunk. */
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

/* False when a known input's test is open: then nothing is tried. */
static bool
settle_known (const Row *row, guint64 open, guint64 *fixed)
{
  const Sharpen *s = row->s;
  *fixed = s->n_rules == 64 ? G_MAXUINT64 : ((guint64)1 << s->n_rules) - 1;
  for (size_t i = 0; i < s->n_inputs; i++)
    for (size_t r = 0; !(open >> i & 1) && r < s->n_rules; r++) {
      size_t condition = r * s->n_inputs + i;
      if (bit (row, s->open[condition]))
        return false;
      if (!bit (row, s->met[condition]))
        *fixed &= ~((guint64)1 << r);
    }
  return true;
}

typedef struct {
  guint64 fixed;
  guint16 open;
  guint8 answer, used;
} Remembered;
enum { REMEMBERED = 256 };

static guint8
sharpen_row (const Row *row, Remembered *memory)
{
  const Sharpen *s = row->s;
  guint64 open = 0, fixed;
  for (size_t i = 0; i < s->n_inputs; i++)
    if (bit (row, s->inputs[i].unknown))
      open |= (guint64)1 << i;
  if (!open || !settle_known (row, open, &fixed))
    return SHARPEN_OPEN;
  if (!s->constant)
    return try_all (row, open, fixed);
  Remembered *m = &memory[((fixed * 0x9E3779B97F4A7C15u) >> 56 ^ open * 37) % REMEMBERED];
  if (!m->used || m->fixed != fixed || m->open != open)
    *m = (Remembered){ fixed, (guint16)open, try_all (row, open, fixed), 1 };
  return m->answer;
}

void
sharpen_rows (const Sharpen *s, const Thread *thread, const guint8 *answers, const guint8 *unknown,
              guint8 *out, size_t n)
{
  Remembered memory[REMEMBERED];
  memset (memory, 0, sizeof memory);
  for (size_t i = 0; i < n; i++) {
    Row row = { s, thread, i };
    out[i] = unknown[i] ? sharpen_row (&row, memory) : answers[i];
  }
}
