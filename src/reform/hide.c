/* Small numbers of people in a comparison, told less exactly.
 *
 * What stands today is hidden as population/ does.  Of the county as a whole, everybody's move from one
 * outcome to another is told, with the sums of moves: so numbers of 1 to 4 are withheld, and then others,
 * until no number withheld for that can be computed from those told, whatever is added and subtracted: that
 * is decided by linear algebra, exactly.  Of groups, those who gain and lose are told, and those whose amount
 * rises or falls, each a row of numbers with the county's as its sum and with nothing else in common; there a
 * second one withheld is enough.  How it stands after in a group is what follows from that; where one group
 * alone is left of whom it does not, the county's number is withheld like a small one (GUARDED). */
#include "reform_private.h"

/* ---- the county ---------------------------------------------------------------- */

enum {
  BEFORE = 1,
  AFTER = BEFORE + REFORM_OUTCOMES,
  GAIN = AFTER + REFORM_OUTCOMES,
  LOSS,
  MOVED,
  ATOMS = REFORM_OUTCOMES * REFORM_OUTCOMES, /* from one outcome to another */
  NUMBERS = MOVED + ATOMS,
  RISE = NUMBERS, /* those who get more or less are no sums of moves */
  FALL,
  ALL_NUMBERS
};
static const int effect_places[REFORM_KINDS] = { GAIN, LOSS, RISE, FALL };

/* Number I of COUNT.  Those before AFTER are told elsewhere and cannot be held. */
static gint64 *
number (ReformCount *count, int i)
{
  if (i < BEFORE)
    return &count->subjects;
  if (i < AFTER)
    return &count->before.outcomes[i - BEFORE];
  if (i < GAIN)
    return &count->after.outcomes[i - AFTER];
  if (i < MOVED)
    return &count->effects[i == GAIN ? REFORM_GAIN : REFORM_LOSS].n;
  if (i >= NUMBERS)
    return &count->effects[i == RISE ? REFORM_RISE : REFORM_FALL].n;
  return &count->moved[(i - MOVED) / REFORM_OUTCOMES][(i - MOVED) % REFORM_OUTCOMES];
}

/* Whether number I counts those who move FROM one outcome TO another. */
static bool
counts_move (int i, int from, int to)
{
  if (i < BEFORE)
    return true;
  if (i < AFTER)
    return from == i - BEFORE;
  if (i < GAIN)
    return to == i - AFTER;
  if (i < MOVED)
    return from != to && (i == GAIN ? to : from) == POLICY_YES;
  return (i - MOVED) / REFORM_OUTCOMES == from && (i - MOVED) % REFORM_OUTCOMES == to;
}

/* Arithmetic modulo 2^31 − 1.  Minors of 16 columns of 0 and 1 are below that (Hadamard's bound: 17^8.5 /
 * 2^16), so what is independent there is independent. */
static const gint64 prime = G_MAXINT32;

static gint64
inverse (gint64 a)
{
  gint64 result = 1;
  for (gint64 power = prime - 2; power; power >>= 1, a = a * a % prime)
    if (power & 1)
      result = result * a % prime;
  return result;
}

/* What is known: sums of moves, each with its first coefficient 1, by where that stands. */
typedef struct {
  gint64 rows[ATOMS][ATOMS];
  bool there[ATOMS];
} Known;

/* Takes from SUM what is known; where its first coefficient is left, or −1: it follows. */
static int
reduce (const Known *known, gint64 sum[ATOMS])
{
  for (int i = 0; i < ATOMS; i++) {
    gint64 factor = sum[i];
    if (factor && !known->there[i])
      return i;
    for (int k = i; factor && k < ATOMS; k++)
      sum[k] = (sum[k] + (prime - factor) * known->rows[i][k]) % prime;
  }
  return -1;
}

static void
sum_of (int i, gint64 sum[ATOMS])
{
  for (int a = 0; a < ATOMS; a++)
    sum[a] = counts_move (i, a / REFORM_OUTCOMES, a % REFORM_OUTCOMES);
}

static void
learn (Known *known, int i)
{
  gint64 sum[ATOMS];
  sum_of (i, sum);
  int first = reduce (known, sum);
  if (first < 0)
    return;
  gint64 scale = inverse (sum[first]);
  for (int k = 0; k < ATOMS; k++)
    known->rows[first][k] = sum[k] * scale % prime;
  known->there[first] = true;
}

/* How many numbers of few people follow from those told. */
static int
n_revealed (ReformCount *count)
{
  Known known = { .there = { false } };
  int revealed = 0;
  for (int i = 0; i < NUMBERS; i++)
    if (*number (count, i) >= 0)
      learn (&known, i);
  for (int i = 0; i < NUMBERS; i++) {
    gint64 sum[ATOMS];
    sum_of (i, sum);
    revealed += *number (count, i) == POPULATION_FEW && reduce (&known, sum) < 0;
  }
  return revealed;
}

/* The number, of those that need not be told, without which the fewest are revealed: one that is not 0, or,
 * where that helps more, a 0.  NULL: all are withheld. */
static gint64 *
best_to_hold (ReformCount *count)
{
  gint64 *best = NULL;
  int least = G_MAXINT;
  for (int zeros = 0; zeros < 2 && least; zeros++)
    for (int i = AFTER; i < NUMBERS; i++) {
      gint64 *candidate = number (count, i), value = *candidate;
      if (value < 0 || (value == 0) != zeros)
        continue;
      *candidate = POPULATION_HELD;
      int revealed = n_revealed (count);
      *candidate = value;
      if (revealed < least) {
        least = revealed;
        best = candidate;
      }
    }
  return best;
}

/* GUARDED: numbers of more people that must not follow either, by their place. */
static void
hide_whole (ReformCount *count, const bool guarded[ALL_NUMBERS])
{
  gint64 *held;
  for (int i = AFTER; i < ALL_NUMBERS; i++)
    *number (count, i) = guarded[i] ? POPULATION_FEW : population_few (*number (count, i));
  while (n_revealed (count) && (held = best_to_hold (count)))
    *held = POPULATION_HELD;
  for (int i = AFTER; i < ALL_NUMBERS; i++)
    if (guarded[i])
      *number (count, i) = POPULATION_HELD;
}

/* ---- groups ------------------------------------------------------------------------ */

/* How many make up the difference of the sums; FEW where there are few of any sort, or where a sort's number
 * is withheld: where all get the same, the difference would tell it. */
static gint64
payers (const ReformCount *count)
{
  gint64 all = 0, opened = ABS (count->after.open_amounts - count->before.open_amounts);
  for (int k = 0; k < REFORM_KINDS; k++) {
    if (count->effects[k].n < 0 || population_few (count->effects[k].amounts) < 0)
      return POPULATION_FEW;
    all += count->effects[k].amounts;
  }
  return population_few (opened) < 0 ? POPULATION_FEW : all + opened;
}

/* After the numbers of those who gain, lose, get more or less. */
static void
hide_differences (const ReformCount *whole, ReformGroup *groups, size_t n)
{
  g_autofree gint64 *of = g_new (gint64, n);
  g_autofree gint64 **numbers = g_new (gint64 *, n);
  for (size_t g = 0; g < n; g++) {
    of[g] = population_few (payers (&groups[g].count));
    numbers[g] = &of[g];
  }
  population_hold (whole->sums_held ? POPULATION_HELD : payers (whole), numbers, n);
  for (size_t g = 0; g < n; g++)
    groups[g].count.sums_held = of[g] < 0;
}

/* Few who keep what they have, or go on without, would follow from today's numbers and those who lose, or
 * gain. */
static void
hide_staying (ReformCount *count)
{
  const gint64 *moved = &count->moved[0][0];
  gint64 keep = moved[POLICY_YES * REFORM_OUTCOMES + POLICY_YES], without = 0;
  for (int a = 0; a < ATOMS; a++)
    without += a / REFORM_OUTCOMES != POLICY_YES && a % REFORM_OUTCOMES != POLICY_YES ? moved[a] : 0;
  if (population_few (keep) < 0 && count->effects[REFORM_LOSS].n > 0)
    count->effects[REFORM_LOSS].n = POPULATION_HELD;
  if (population_few (without) < 0 && count->effects[REFORM_GAIN].n > 0)
    count->effects[REFORM_GAIN].n = POPULATION_HELD;
}

/* Where one group alone is concerned by KIND, and its number is held, the county's is that number. */
static bool
is_alone (const ReformGroup *groups, size_t n, int kind)
{
  size_t concerned = 0;
  bool held = false;
  for (size_t g = 0; g < n; g++) {
    concerned += groups[g].count.effects[kind].n != 0;
    held |= groups[g].count.effects[kind].n == POPULATION_HELD;
  }
  return concerned == 1 && held;
}

/* Where few qualify after (STILL: as they did before) in the one group for which this does not follow, the
 * county's number would tell it. */
static bool
is_last (const ReformGroup *groups, size_t n, bool still)
{
  size_t hidden = 0;
  bool small = false;
  for (size_t g = 0; g < n; g++) {
    const ReformCount *c = &groups[g].count;
    gint64 real = still ? c->moved[POLICY_YES][POLICY_YES] : c->after.outcomes[POLICY_YES];
    bool follows = c->before.outcomes[POLICY_YES] >= 0 && population_few (c->effects[REFORM_LOSS].n) >= 0
                   && (still || population_few (c->effects[REFORM_GAIN].n) >= 0);
    hidden += !follows;
    small |= !follows && population_few (real) < 0;
  }
  return hidden == 1 && small;
}

/* What follows from today's number and from those who gain and lose. */
static void
hide_after (ReformCount *count)
{
  gint64 yes = count->before.outcomes[POLICY_YES], gain = count->effects[REFORM_GAIN].n,
         loss = count->effects[REFORM_LOSS].n;
  for (int a = 0; a < ATOMS; a++)
    count->moved[a / REFORM_OUTCOMES][a % REFORM_OUTCOMES] = POPULATION_HELD;
  for (int o = 0; o < REFORM_OUTCOMES; o++)
    count->after.outcomes[o] = POPULATION_HELD;
  if (yes >= 0 && gain >= 0 && loss >= 0)
    count->after.outcomes[POLICY_YES] = population_few (yes + gain - loss);
}

static void
hide_groups (const ReformCount *whole, ReformGroup *groups, size_t n)
{
  g_autofree gint64 **numbers = g_new (gint64 *, n);
  for (int k = 0; k < REFORM_KINDS; k++) {
    for (size_t g = 0; g < n; g++) {
      numbers[g] = &groups[g].count.effects[k].n;
      *numbers[g] = population_few (*numbers[g]);
    }
    population_hold (whole->effects[k].n, numbers, n);
  }
  hide_differences (whole, groups, n);
  for (size_t g = 0; g < n; g++)
    hide_after (&groups[g].count);
}

/* ---- money --------------------------------------------------------------------------- */

/* Those with an amount and those without make up those who qualify: where either are few, neither is told. */
static void
hide_state (ReformState *state, bool is_held)
{
  state->open_amounts = population_few (state->open_amounts);
  if (is_held || state->outcomes[POLICY_YES] < 0 || state->open_amounts < 0
      || population_few (state->amounts) < 0)
    state->amounts = state->open_amounts = POPULATION_HELD;
}

/* After the people: sums stand for enough of them. */
static void
hide_sums (ReformCount *count, bool is_group)
{
  for (int k = 0; k < REFORM_KINDS; k++) {
    ReformEffect *e = &count->effects[k];
    if (is_group || e->n < 0 || population_few (e->amounts) < 0 || population_few (e->n - e->amounts) < 0)
      e->amounts = POPULATION_HELD;
  }
  hide_state (&count->before, is_group);
  hide_state (&count->after, is_group || count->sums_held);
  count->details_held = true;
}

/* ---- a provision ------------------------------------------------------------------------ */

static PopulationCount
as_population (const ReformCount *count)
{
  const gint64 *outcomes = count->before.outcomes;
  return (PopulationCount){ .subjects = count->subjects,
                            .yes = outcomes[POLICY_YES],
                            .no = outcomes[POLICY_NO] + outcomes[POLICY_NOT_IN_FORCE],
                            .undetermined = outcomes[POLICY_UNDETERMINED] };
}

/* What population/ tells of P as it stands today. */
static const PopulationProvision *
hide_today (Arena *arena, const ReformProvision *p)
{
  PopulationProvision today = { .provision = p->shown, .n_dimensions = p->n_dimensions };
  PopulationDimension *dimensions = arena_new0 (arena, PopulationDimension, p->n_dimensions);
  for (size_t d = 0; d < p->n_dimensions; d++) {
    const ReformDimension *from = &p->dimensions[d];
    PopulationGroup *groups = arena_new0 (arena, PopulationGroup, from->n);
    for (size_t g = 0; g < from->n; g++)
      groups[g] = (PopulationGroup){ from->groups[g].id, from->groups[g].name,
                                     as_population (&from->groups[g].count) };
    dimensions[d] = (PopulationDimension){ from->id, from->name, from->n, groups };
  }
  today.count = as_population (&p->count);
  today.dimensions = dimensions;
  return population_hide_few (arena, &today);
}

static void
tell_today (ReformCount *count, const PopulationCount *told)
{
  gint64 *outcomes = count->before.outcomes;
  bool absent = outcomes[POLICY_NOT_IN_FORCE] != 0;
  count->subjects = told->subjects;
  outcomes[POLICY_YES] = told->yes;
  outcomes[absent ? POLICY_NOT_IN_FORCE : POLICY_NO] = told->no;
  outcomes[POLICY_UNDETERMINED] = told->undetermined;
}

static ReformProvision
hide_provision (Arena *arena, const ReformProvision *from)
{
  ReformProvision p = *from;
  bool guarded[ALL_NUMBERS] = { false };
  const PopulationProvision *today = hide_today (arena, from);
  ReformDimension *dimensions = arena_copy (arena, from->dimensions, p.n_dimensions * sizeof *dimensions);
  ReformGroup **groups = arena_new0 (arena, ReformGroup *, p.n_dimensions);
  for (size_t d = 0; d < p.n_dimensions; d++) {
    groups[d] = arena_copy (arena, dimensions[d].groups, dimensions[d].n * sizeof (ReformGroup));
    dimensions[d].groups = groups[d];
    for (size_t g = 0; g < dimensions[d].n; g++) {
      tell_today (&groups[d][g].count, &today->dimensions[d].groups[g].count);
      hide_staying (&groups[d][g].count);
    }
    for (int k = 0; k < REFORM_KINDS; k++)
      guarded[effect_places[k]] |= is_alone (groups[d], dimensions[d].n, k);
    guarded[AFTER + POLICY_YES] |= is_last (groups[d], dimensions[d].n, false);
    guarded[MOVED + POLICY_YES * REFORM_OUTCOMES + POLICY_YES] |= is_last (groups[d], dimensions[d].n, true);
  }
  tell_today (&p.count, &today->count);
  hide_whole (&p.count, guarded);
  p.count.sums_held = population_few (payers (&p.count)) < 0 || p.count.after.outcomes[POLICY_YES] < 0;
  for (size_t d = 0; d < p.n_dimensions; d++) {
    hide_groups (&p.count, groups[d], dimensions[d].n);
    for (size_t g = 0; g < dimensions[d].n; g++)
      hide_sums (&groups[d][g].count, true);
  }
  hide_sums (&p.count, false);
  p.dimensions = dimensions;
  return p;
}

const ReformResult *
reform_hide_few (Arena *arena, const ReformResult *result)
{
  ReformResult *hidden = arena_copy (arena, result, sizeof *hidden);
  ReformProvision *provisions = arena_copy (arena, result->provisions, result->n * sizeof *provisions);
  for (size_t i = 0; i < result->n; i++)
    if (population_of_people (provisions[i].shown->subject))
      provisions[i] = hide_provision (arena, &result->provisions[i]);
  hidden->provisions = provisions;
  return hidden;
}
