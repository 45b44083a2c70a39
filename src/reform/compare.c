/* Before and after, counted. */
#include "reform_private.h"

void
standing_clear (Standing *standing)
{
  *standing = (Standing){ .sum = decimal_from_int64 (0) };
}

void
moves_clear (Moves *moves)
{
  Decimal zero = decimal_from_int64 (0);
  *moves = (Moves){ .difference = zero };
  for (int k = 0; k < REFORM_KINDS; k++)
    moves->effects[k] = (ReformEffect){ .sum = zero, .least = zero, .greatest = zero };
}

void
standing_add (Standing *to, const Standing *from)
{
  for (int i = 0; i < ANSWERS; i++)
    to->n[i] += from->n[i];
  to->sum = decimal_add (to->sum, from->sum);
}

static void
effect_add (ReformEffect *to, const ReformEffect *from)
{
  to->n += from->n;
  if (!from->amounts)
    return;
  if (!to->amounts || decimal_compare (from->least, to->least) < 0)
    to->least = from->least;
  if (!to->amounts || decimal_compare (from->greatest, to->greatest) > 0)
    to->greatest = from->greatest;
  to->amounts += from->amounts;
  to->sum = decimal_add (to->sum, from->sum);
}

void
moves_add (Moves *to, const Moves *from)
{
  for (int was = 0; was < ANSWERS; was++)
    for (int is = 0; is < ANSWERS; is++)
      to->moved[was][is] += from->moved[was][is];
  for (int k = 0; k < REFORM_KINDS; k++)
    effect_add (&to->effects[k], &from->effects[k]);
  to->difference = decimal_add (to->difference, from->difference);
}

/* ---- one subject ------------------------------------------------------------- */

/* The amount of row R, who qualifies; 0 where there is none. */
static Decimal
amount_of (const Answers *a, size_t r)
{
  if (a->exact)
    return a->exact[r];
  return a->amounts ? decimal_from_scaled (a->amounts[r], (int)a->scale) : decimal_from_int64 (0);
}

static bool
has_amount (const Answers *a)
{
  return a->exact || a->amounts;
}

/* Whether row R gets as much before as after; both qualify and their amounts are known. */
static bool
same_amount (const Answers *before, const Answers *after, size_t r)
{
  if (before->amounts && after->amounts && before->scale == after->scale)
    return before->amounts[r] == after->amounts[r];
  return decimal_equal (amount_of (before, r), amount_of (after, r));
}

static bool
qualifies (int answer)
{
  return answer_outcome (answer) == POLICY_YES;
}

Move
move_of (const Answers *before, const Answers *after, size_t r)
{
  Decimal zero = decimal_from_int64 (0);
  Move m = { .was = before->codes[r], .is = after->codes[r], .kind = -1 };
  bool known_before = m.was == POLICY_YES && has_amount (before),
       known_after = m.is == POLICY_YES && has_amount (after);
  Decimal was = known_before ? amount_of (before, r) : zero, is = known_after ? amount_of (after, r) : zero;
  m.difference = decimal_sub (is, was);
  if (!qualifies (m.was) && qualifies (m.is))
    m = (Move){ m.was, m.is, REFORM_GAIN, known_after, is, m.difference };
  else if (qualifies (m.was) && !qualifies (m.is))
    m = (Move){ m.was, m.is, REFORM_LOSS, known_before, was, m.difference };
  else if (known_before && known_after)
    m = (Move){ m.was,
                m.is,
                decimal_sign (m.difference) > 0 ? REFORM_RISE : REFORM_FALL,
                true,
                decimal_abs (m.difference),
                m.difference };
  return m;
}

void
moves_count (Moves *moves, const Move *m)
{
  moves->moved[m->was][m->is]++;
  moves->difference = decimal_add (moves->difference, m->difference);
  if (m->kind < 0)
    return;
  ReformEffect one = { 1, m->has_amount, m->amount, m->amount, m->amount };
  effect_add (&moves->effects[m->kind], &one);
}

bool
is_changed (const Answers *before, const Answers *after, size_t r)
{
  if (before->codes[r] != after->codes[r])
    return true;
  bool was = has_amount (before), is = has_amount (after);
  return before->codes[r] == POLICY_YES && (was != is || (was && !same_amount (before, after, r)));
}

/* The usual case at the speed of memory: nobody's answer changes in N rows. */
bool
is_same_chunk (const Answers *before, const Answers *after, size_t n)
{
  if (memcmp (before->codes, after->codes, n) != 0 || before->exact || after->exact)
    return false;
  if (!before->amounts || !after->amounts)
    return before->amounts == after->amounts;
  return before->scale == after->scale && memcmp (before->amounts, after->amounts, n * sizeof (gint64)) == 0;
}

Answers
answers_from (const Answers *all, size_t first)
{
  return (Answers){ all->codes + first, all->amounts ? all->amounts + first : NULL,
                    all->exact ? all->exact + first : NULL, all->scale };
}

void
standing_count (Standing *standing, const Answers *answers, size_t r)
{
  standing->n[answers->codes[r]]++;
  if (answers->codes[r] == POLICY_YES && has_amount (answers))
    standing->sum = decimal_add (standing->sum, amount_of (answers, r));
}

/* ---- all of them ----------------------------------------------------------------- */

static ReformState
state_of (const gint64 *n, Decimal sum, bool has)
{
  ReformState state = { .sum = sum, .amounts = has ? n[POLICY_YES] : 0, .open_amounts = n[ANSWER_OPEN] };
  for (int i = 0; i < ANSWERS; i++)
    state.outcomes[answer_outcome (i)] += n[i];
  return state;
}

ReformCount
count_of (const Standing *standing, const Moves *moves, bool amount_before, bool amount_after)
{
  ReformCount count = { .difference = moves->difference };
  gint64 stay[ANSWERS], after[ANSWERS];
  memcpy (stay, standing->n, sizeof stay);
  memcpy (after, standing->n, sizeof after);
  for (int was = 0; was < ANSWERS; was++)
    for (int is = 0; is < ANSWERS; is++) {
      gint64 n = was == is ? 0 : moves->moved[was][is];
      stay[was] -= n;
      after[was] -= n;
      after[is] += n;
      count.moved[answer_outcome (was)][answer_outcome (is)] += n;
    }
  for (int i = 0; i < ANSWERS; i++) {
    count.subjects += standing->n[i];
    count.moved[answer_outcome (i)][answer_outcome (i)] += stay[i];
  }
  count.before = state_of (standing->n, standing->sum, amount_before);
  count.after = state_of (after, decimal_add (standing->sum, moves->difference), amount_after);
  memcpy (count.effects, moves->effects, sizeof count.effects);
  return count;
}
