/* What reforms tell of few people: random comparisons, and an attacker who knows linear algebra.  Whoever has
 * all numbers that are told, and that they are sums of each other, must not be able to compute one that
 * stands for 1 to 4 people. */
#include "support.h"

#include <locale.h>
#include <string.h>
#include "reform/reform.h"

enum {
  TRIALS = 6000,
  GROUPS_MAX = 6,
  MOVES = 9,         /* among yes, no and undetermined */
  ATOMS = MOVES + 2, /* of one group; those who stay yes are three: as much, more, less */
  RISE = MOVES,
  FALL = MOVES + 1,
  UNKNOWNS = GROUPS_MAX * ATOMS,
};

static const guint64 PRIME = 2305843009213693951u; /* 2^61 − 1: arithmetic is exact in its field */

static const PolicyProvision *about_people;

/* ---- a comparison ------------------------------------------------------------- */

/* One group's people by what happens to them, which nobody is told. */
typedef struct {
  gint64 atoms[ATOMS];
  gint64 open_gain, open_stay; /* of those who gain, and who stay: whose amount cannot be computed */
} People;

static gint64
some_people (GRand *rand)
{
  switch (g_rand_int_range (rand, 0, 6)) {
  case 0: return g_rand_int_range (rand, 1, POPULATION_LEAST);
  case 1: return g_rand_int_range (rand, 5, 12);
  case 2: return g_rand_int_range (rand, 20, 400);
  default: return 0;
  }
}

static void
count_people (ReformCount *c, const People *people)
{
  for (int i = 0; i < ATOMS; i++) {
    int from = i < MOVES ? i / 3 : POLICY_YES, to = i < MOVES ? i % 3 : POLICY_YES;
    gint64 n = people->atoms[i];
    c->subjects += n;
    c->before.outcomes[from] += n;
    c->after.outcomes[to] += n;
    c->moved[from][to] += n;
    c->effects[REFORM_GAIN].n += from != POLICY_YES && to == POLICY_YES ? n : 0;
    c->effects[REFORM_LOSS].n += from == POLICY_YES && to != POLICY_YES ? n : 0;
    c->effects[REFORM_RISE].n += i == RISE ? n : 0;
    c->effects[REFORM_FALL].n += i == FALL ? n : 0;
  }
  c->before.open_amounts += people->open_stay;
  c->after.open_amounts += people->open_stay + people->open_gain;
  for (int k = 0; k < REFORM_KINDS; k++)
    c->effects[k].amounts = c->effects[k].n;
  c->effects[REFORM_GAIN].amounts -= c->after.open_amounts - c->before.open_amounts;
  c->before.amounts = c->before.outcomes[POLICY_YES] - c->before.open_amounts;
  c->after.amounts = c->after.outcomes[POLICY_YES] - c->after.open_amounts;
}

/* ---- the attacker ---------------------------------------------------------------- */

/* Coefficients of the atoms, and behind them nothing: whether a number follows does not hang on its value. */
typedef struct {
  guint64 of[UNKNOWNS];
} Sum;

static guint64
times (guint64 a, guint64 b)
{
  return (guint64)((unsigned __int128)a * b % PRIME);
}

static guint64
inverse (guint64 a)
{
  guint64 result = 1;
  for (guint64 power = PRIME - 2; power; power >>= 1, a = times (a, a))
    if (power & 1)
      result = times (result, a);
  return result;
}

/* SUM less what the rows of BASIS make of it; the first coefficient left, or −1. */
static int
reduce (Sum *sum, const Sum *basis, const bool *there)
{
  for (int i = 0; i < UNKNOWNS; i++) {
    guint64 factor = sum->of[i];
    if (!factor)
      continue;
    if (!there[i])
      return i;
    for (int k = i; k < UNKNOWNS; k++)
      sum->of[k] = (sum->of[k] + PRIME - times (factor, basis[i].of[k])) % PRIME;
  }
  return -1;
}

static void
learn (Sum sum, Sum *basis, bool *there)
{
  int first = reduce (&sum, basis, there);
  if (first < 0)
    return;
  guint64 scale = inverse (sum.of[first]);
  for (int k = 0; k < UNKNOWNS; k++)
    basis[first].of[k] = times (sum.of[k], scale);
  there[first] = true;
}

typedef struct {
  gint64 told, real;
  Sum sum;
} Number;

/* Every number of COUNT as a sum of the atoms of groups FROM to TO. */
static void
add_numbers (GArray *numbers, const ReformCount *told, const ReformCount *real, int from, int to)
{
  const gint64 *a[64], *b[64];
  int n = 0, first_effect;
  People one[64] = { 0 };
  a[n] = &told->subjects, b[n] = &real->subjects;
  for (int i = 0; i < ATOMS; i++)
    one[n].atoms[i] = 1;
  n++;
  for (int o = 0; o < 3; o++) {
    a[n] = &told->before.outcomes[o], b[n] = &real->before.outcomes[o];
    a[n + 1] = &told->after.outcomes[o], b[n + 1] = &real->after.outcomes[o];
    for (int i = 0; i < ATOMS; i++) {
      one[n].atoms[i] = (i < MOVES ? i / 3 : 0) == o;
      one[n + 1].atoms[i] = (i < MOVES ? i % 3 : 0) == o;
    }
    n += 2;
  }
  for (int m = 0; m < MOVES; m++, n++) {
    a[n] = &told->moved[m / 3][m % 3], b[n] = &real->moved[m / 3][m % 3];
    for (int i = 0; i < ATOMS; i++)
      one[n].atoms[i] = i == m || (m == 0 && i >= MOVES);
  }
  first_effect = n;
  for (int k = 0; k < REFORM_KINDS; k++, n++)
    a[n] = &told->effects[k].n, b[n] = &real->effects[k].n;
  one[first_effect + REFORM_GAIN].atoms[3] = one[first_effect + REFORM_GAIN].atoms[6] = 1;
  one[first_effect + REFORM_LOSS].atoms[1] = one[first_effect + REFORM_LOSS].atoms[2] = 1;
  one[first_effect + REFORM_RISE].atoms[RISE] = one[first_effect + REFORM_FALL].atoms[FALL] = 1;
  for (int i = 0; i < n; i++) {
    Number number = { *a[i], *b[i], { { 0 } } };
    for (int g = from; g < to; g++)
      for (int k = 0; k < ATOMS; k++)
        number.sum.of[g * ATOMS + k] = (guint64)one[i].atoms[k];
    g_array_append_val (numbers, number);
  }
}

/* How many numbers of 1 to 4 people follow from those told. */
static size_t
attack (GArray *numbers)
{
  g_autofree Sum *basis = g_new0 (Sum, UNKNOWNS);
  bool there[UNKNOWNS] = { false };
  size_t learnt = 0;
  for (guint i = 0; i < numbers->len; i++) {
    const Number *number = &g_array_index (numbers, Number, i);
    if (number->told >= 0)
      learn (number->sum, basis, there);
  }
  for (guint i = 0; i < numbers->len; i++) {
    const Number *number = &g_array_index (numbers, Number, i);
    Sum sum = number->sum;
    g_assert_true (number->told < 0 || number->told == number->real);
    g_assert_false (number->told > 0 && number->told < POPULATION_LEAST);
    if (number->real > 0 && number->real < POPULATION_LEAST)
      learnt += reduce (&sum, basis, there) < 0;
  }
  return learnt;
}

/* ---- trials -------------------------------------------------------------------------- */

static bool
is_few (gint64 n)
{
  return n > 0 && n < POPULATION_LEAST;
}

/* Who has an amount and who has none make up those who qualify: neither tells the other where they are few.
 */
static void
check_state (const ReformState *told, const ReformState *real)
{
  bool small = is_few (real->amounts) || is_few (real->open_amounts);
  bool follows = told->amounts >= 0 && (told->outcomes[POLICY_YES] >= 0 || told->open_amounts >= 0);
  g_assert_false (small && (follows || told->open_amounts > 0));
  g_assert_false (told->outcomes[POLICY_YES] < 0 && told->amounts >= 0);
}

/* Sums are told of nobody alone. */
static void
check_sums (const ReformCount *told, const ReformCount *real, bool is_group)
{
  g_assert_true (told->details_held);
  gint64 payers = 0;
  check_state (&told->before, &real->before);
  check_state (&told->after, &real->after);
  for (int k = 0; k < REFORM_KINDS; k++) {
    gint64 n = real->effects[k].amounts;
    if (is_few (n) || is_few (real->effects[k].n - n))
      g_assert_cmpint (told->effects[k].amounts, <, 0);
    g_assert_true (told->sums_held || (!is_few (n) && told->effects[k].n >= 0));
    payers += n;
  }
  g_assert_true (told->sums_held || payers == 0 || payers >= POPULATION_LEAST);
  g_assert_true (!is_group || told->before.amounts < 0);
}

static size_t
try_once (GRand *rand)
{
  g_autoptr (Arena) arena = arena_new ();
  g_autoptr (GArray) numbers = g_array_new (FALSE, FALSE, sizeof (Number));
  int n = g_rand_int_range (rand, 1, GROUPS_MAX + 1);
  int most = g_rand_int_range (rand, 0, 3) * 4; /* most people stay as they are: which of them? */
  ReformGroup groups[GROUPS_MAX] = { 0 };
  ReformProvision p = { .before = about_people, .after = about_people, .shown = about_people };
  for (int g = 0; g < n; g++) {
    People people = { 0 };
    for (int i = 0; i < ATOMS; i++)
      people.atoms[i] = i == most ? g_rand_int_range (rand, 0, 900) : some_people (rand);
    people.open_gain = g_rand_int_range (rand, 0, (gint32)MIN (people.atoms[3] + people.atoms[6], 8) + 1);
    people.open_stay = g_rand_int_range (rand, 0, (gint32)MIN (people.atoms[0], 8) + 1);
    groups[g].id = "";
    count_people (&groups[g].count, &people);
    count_people (&p.count, &people);
  }
  ReformDimension dimension = { "township", { "", "" }, (size_t)n, groups };
  p.n_dimensions = 1;
  p.dimensions = &dimension;
  ReformResult result = { .n = 1, .provisions = &p };
  const ReformProvision *told = reform_hide_few (arena, &result)->provisions;
  add_numbers (numbers, &told->count, &p.count, 0, n);
  check_sums (&told->count, &p.count, false);
  for (int g = 0; g < n; g++) {
    add_numbers (numbers, &told->dimensions[0].groups[g].count, &groups[g].count, g, g + 1);
    check_sums (&told->dimensions[0].groups[g].count, &groups[g].count, true);
  }
  return attack (numbers);
}

static void
test_attack (void)
{
  size_t learnt = 0;
  for (guint32 seed = 0; seed < TRIALS; seed++) {
    g_autoptr (GRand) rand = g_rand_new_with_seed (seed);
    size_t n = try_once (rand);
    if (n)
      g_test_message ("seed %u: %zu", seed, n);
    learnt += n;
  }
  g_assert_cmpuint (learnt, ==, 0);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  setlocale (LC_CTYPE, "C.UTF-8");
  static const RegistryAttribute name = { .sensitivity = REGISTRY_PERSONAL };
  static const RegistryEntity resident = { .id = "resident", .label = &name };
  static const PolicyProvision provision = { .subject = &resident };
  about_people = &provision;
  g_test_add_func ("/reform/attack", test_attack);
  return g_test_run ();
}
