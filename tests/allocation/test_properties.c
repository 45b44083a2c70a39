/* What the literature promises of the mechanism, asked of random problems: nobody gains by a false list, by
 * hiding a group, or by fewer points; a reserve against a quota; slots one place later. */
#include "allocation/allocation.h"
#include "support.h"

enum { APPLICANTS = 7, UNITS = 3, RUNS = 2, ROUNDS = 1500 };

/* Each unit has its own order of all applicants, from of_rank; wishes as drawn. */
typedef struct {
  AllocationUnit units[UNITS];
  AllocationSlots slots[RUNS * UNITS];
  guint32 starts[APPLICANTS + 1], choices[APPLICANTS * UNITS];
  gint64 rank[UNITS][APPLICANTS], of_choice[APPLICANTS * UNITS];
  guint64 traits[APPLICANTS];
  guint8 tickets[APPLICANTS][ALLOCATION_TICKET_BYTES];
  AllocationKey key;
  AllocationProblem problem;
} Random;

static void
shuffle (GRand *random, guint32 *items, guint32 n)
{
  for (guint32 i = 0; i < n; i++)
    items[i] = i;
  for (guint32 i = n; i > 1; i--) {
    guint32 j = (guint32)g_rand_int_range (random, 0, (gint32)i), kept = items[i - 1];
    items[i - 1] = items[j];
    items[j] = kept;
  }
}

/* The keys of the choices, from the ranks. */
static void
set_keys (Random *r)
{
  for (guint32 i = 0; i < APPLICANTS; i++)
    for (guint32 c = r->starts[i]; c < r->starts[i + 1]; c++)
      r->of_choice[c] = r->rank[r->choices[c]][i];
}

static void
set_wishes (Random *r, guint32 lists[APPLICANTS][UNITS], const guint32 *lengths)
{
  for (guint32 i = 0; i < APPLICANTS; i++) {
    memcpy (&r->choices[r->starts[i]], lists[i], lengths[i] * sizeof **lists);
    r->starts[i + 1] = r->starts[i] + lengths[i];
  }
  set_keys (r);
}

/* All slots open; `lists` and `lengths` get the wishes. */
static void
make_random (GRand *random, Random *r, guint32 lists[APPLICANTS][UNITS], guint32 *lengths)
{
  memset (r, 0, sizeof *r);
  for (guint32 u = 0; u < UNITS; u++) {
    guint32 order[APPLICANTS];
    shuffle (random, order, APPLICANTS);
    for (guint32 i = 0; i < APPLICANTS; i++)
      r->rank[u][order[i]] = i;
    r->units[u] = (AllocationUnit){ .id = "u", .first = RUNS * u, .n_slots = RUNS };
    for (guint32 s = 0; s < RUNS; s++)
      r->slots[RUNS * u + s]
          = (AllocationSlots){ ALLOCATION_OPEN, 0, (guint32)g_rand_int_range (random, 0, 3), "s" };
  }
  for (guint32 i = 0; i < APPLICANTS; i++) {
    shuffle (random, lists[i], UNITS);
    lengths[i] = (guint32)g_rand_int_range (random, 1, UNITS + 1);
    r->traits[i] = (guint64)g_rand_int_range (random, 0, 2);
    r->tickets[i][0] = (guint8)i;
  }
  r->key = (AllocationKey){ .of_choice = r->of_choice, .ascending = true };
  r->problem = (AllocationProblem){ .n_units = UNITS,
                                    .n_slots = RUNS * UNITS,
                                    .n = APPLICANTS,
                                    .n_keys = 1,
                                    .units = r->units,
                                    .slots = r->slots,
                                    .starts = r->starts,
                                    .choices = r->choices,
                                    .keys = &r->key,
                                    .traits = r->traits,
                                    .tickets = (const guint8 (*)[ALLOCATION_TICKET_BYTES])r->tickets };
  set_wishes (r, lists, lengths);
}

static const guint32 *
run (const Random *r, Arena *arena)
{
  g_autoptr (GError) error = NULL;
  const AllocationResult *result = allocation_run (&r->problem, arena, &error);
  g_assert_no_error (error);
  return result->unit_of;
}

/* Which of the first LENGTH of LIST the unit is; LENGTH when none. */
static guint32
wish_in (const guint32 *list, guint32 length, guint32 unit)
{
  guint32 at = 0;
  while (at < length && list[at] != unit)
    at++;
  return at;
}

/* Reserves in every unit, in an order as drawn. */
static void
reserve (GRand *random, Random *r, AllocationSlotKind kind, bool first)
{
  for (guint32 u = 0; u < UNITS; u++)
    r->slots[RUNS * u + (first || g_rand_boolean (random) ? 0 : 1)].kind = kind;
}

/* Every list of the units that one may hand in: the Nth of 15 that are not empty; its length. */
static guint32
list_number (guint32 n, guint32 list[UNITS])
{
  static const char *const lists[]
      = { "0", "1", "2", "01", "02", "10", "12", "20", "21", "012", "021", "102", "120", "201", "210" };
  if (n >= G_N_ELEMENTS (lists))
    return 0;
  for (guint32 i = 0; lists[n][i]; i++)
    list[i] = (guint32)(lists[n][i] - '0');
  return (guint32)strlen (lists[n]);
}

/* P4: no false list gets anybody a place that they would rather have. */
static void
test_true_wishes (void)
{
  g_autoptr (GRand) random = g_rand_new_with_seed (1982);
  g_autoptr (Arena) arena = arena_new ();
  for (int round = 0; round < ROUNDS / 10; round++) {
    Random r;
    guint32 lists[APPLICANTS][UNITS], lengths[APPLICANTS], list[UNITS], length;
    make_random (random, &r, lists, lengths);
    reserve (random, &r, ALLOCATION_MINIMUM, false);
    set_wishes (&r, lists, lengths);
    arena_reset (arena);
    const guint32 *truly = run (&r, arena);
    for (guint32 i = 0; i < APPLICANTS; i++) {
      guint32 kept[UNITS], kept_length = lengths[i];
      memcpy (kept, lists[i], sizeof kept);
      for (guint32 n = 0; (length = list_number (n, list)); n++) {
        memcpy (lists[i], list, sizeof list);
        lengths[i] = length;
        set_wishes (&r, lists, lengths);
        guint32 had = wish_in (kept, kept_length, truly[i]);
        g_assert_cmpuint (wish_in (kept, kept_length, run (&r, arena)[i]), >=, had);
      }
      memcpy (lists[i], kept, sizeof kept);
      lengths[i] = kept_length;
    }
  }
}

/* P6: with as many slots reserved for members as a quota keeps others from, nobody is worse off than under
 * the quota (Hafalir, Yenmez and Yildirim 2013); somebody is sometimes better off. */
static void
test_reserve_against_quota (void)
{
  g_autoptr (GRand) random = g_rand_new_with_seed (2013);
  g_autoptr (Arena) arena = arena_new ();
  int better = 0;
  for (int round = 0; round < ROUNDS; round++) {
    Random r;
    guint32 lists[APPLICANTS][UNITS], lengths[APPLICANTS];
    make_random (random, &r, lists, lengths);
    reserve (random, &r, ALLOCATION_HARD, true);
    arena_reset (arena);
    const guint32 *quota = run (&r, arena);
    reserve (random, &r, ALLOCATION_MINIMUM, true);
    const guint32 *reserved = run (&r, arena);
    for (guint32 i = 0; i < APPLICANTS; i++) {
      guint32 with_quota = wish_in (lists[i], lengths[i], quota[i]);
      guint32 with_reserve = wish_in (lists[i], lengths[i], reserved[i]);
      g_assert_cmpuint (with_reserve, <=, with_quota);
      better += with_reserve < with_quota;
    }
  }
  g_assert_cmpint (better, >, 0);
}

/* P7: reserved slots filled after open ones bring a unit no fewer members than before them (Dur, Kominers,
 * Pathak and Sönmez 2018); sometimes more. */
static void
test_slots_later (void)
{
  g_autoptr (GRand) random = g_rand_new_with_seed (2018);
  g_autoptr (Arena) arena = arena_new ();
  int more = 0;
  for (int round = 0; round < ROUNDS; round++) {
    Random r;
    guint32 lists[APPLICANTS][UNITS], lengths[APPLICANTS], members[2] = { 0 };
    make_random (random, &r, lists, lengths);
    r.slots[0] = (AllocationSlots){ ALLOCATION_MINIMUM, 0, 1, "reserved" };
    r.slots[1] = (AllocationSlots){ ALLOCATION_OPEN, 0, 1, "open" };
    arena_reset (arena);
    for (int later = 0; later < 2; later++) {
      const guint32 *unit_of = run (&r, arena);
      for (guint32 i = 0; i < APPLICANTS; i++)
        members[later] += unit_of[i] == 0 && r.traits[i];
      AllocationSlots kept = r.slots[0];
      r.slots[0] = r.slots[1];
      r.slots[1] = kept;
    }
    g_assert_cmpuint (members[1], >=, members[0]);
    more += members[1] > members[0];
  }
  g_assert_cmpint (more, >, 0);
}

/* P8, P12: who is ranked higher, or has a trait that helps, is never placed worse. */
static void
test_better_claims (void)
{
  g_autoptr (GRand) random = g_rand_new_with_seed (1999);
  g_autoptr (Arena) arena = arena_new ();
  for (int round = 0; round < ROUNDS; round++) {
    Random r;
    guint32 lists[APPLICANTS][UNITS], lengths[APPLICANTS];
    make_random (random, &r, lists, lengths);
    reserve (random, &r, ALLOCATION_MINIMUM, false);
    guint32 i = (guint32)round % APPLICANTS;
    r.traits[i] = 0;
    arena_reset (arena);
    guint32 hidden = wish_in (lists[i], lengths[i], run (&r, arena)[i]);
    r.traits[i] = 1;
    guint32 shown = wish_in (lists[i], lengths[i], run (&r, arena)[i]);
    g_assert_cmpuint (shown, <=, hidden);
    for (guint32 u = 0; u < UNITS; u++)
      r.rank[u][i] -= 2; /* past some, level with another: then their tickets */
    set_keys (&r);
    g_assert_cmpuint (wish_in (lists[i], lengths[i], run (&r, arena)[i]), <=, shown);
  }
}

/* P3: the same applications under other numbers get the same places. */
static void
test_other_numbers (void)
{
  g_autoptr (GRand) random = g_rand_new_with_seed (1962);
  g_autoptr (Arena) arena = arena_new ();
  for (int round = 0; round < ROUNDS; round++) {
    Random r, other;
    guint32 lists[APPLICANTS][UNITS], lengths[APPLICANTS], order[APPLICANTS];
    guint32 other_lists[APPLICANTS][UNITS], other_lengths[APPLICANTS];
    make_random (random, &r, lists, lengths);
    reserve (random, &r, ALLOCATION_MINIMUM, false);
    other = r;
    other.key.of_choice = other.of_choice;
    other.problem.units = other.units;
    other.problem.slots = other.slots;
    other.problem.starts = other.starts;
    other.problem.choices = other.choices;
    other.problem.keys = &other.key;
    other.problem.traits = other.traits;
    other.problem.tickets = (const guint8 (*)[ALLOCATION_TICKET_BYTES])other.tickets;
    shuffle (random, order, APPLICANTS);
    for (guint32 i = 0; i < APPLICANTS; i++) {
      memcpy (other_lists[order[i]], lists[i], sizeof *lists);
      other_lengths[order[i]] = lengths[i];
      other.traits[order[i]] = r.traits[i];
      memcpy (other.tickets[order[i]], r.tickets[i], sizeof *r.tickets);
      for (guint32 u = 0; u < UNITS; u++)
        other.rank[u][order[i]] = r.rank[u][i];
    }
    set_wishes (&other, other_lists, other_lengths);
    arena_reset (arena);
    const guint32 *places = run (&r, arena), *other_places = run (&other, arena);
    for (guint32 i = 0; i < APPLICANTS; i++)
      g_assert_cmpuint (places[i], ==, other_places[order[i]]);
  }
}

/* P11: what all refused together ask is no less than what all admitted together ask, so nobody is placed
 * better under the former. */
static void
test_equal_claims (void)
{
  g_autoptr (GRand) random = g_rand_new_with_seed (2015);
  g_autoptr (Arena) arena = arena_new ();
  for (int round = 0; round < ROUNDS; round++) {
    Random r;
    guint32 lists[APPLICANTS][UNITS], lengths[APPLICANTS];
    make_random (random, &r, lists, lengths);
    for (guint32 u = 0; u < UNITS; u++)
      for (guint32 i = 0; i < APPLICANTS; i++)
        r.rank[u][i] /= 3;
    set_keys (&r);
    for (guint32 s = 1; s < RUNS * UNITS; s += RUNS)
      r.slots[s].n = 0;
    arena_reset (arena);
    r.problem.ties = ALLOCATION_TIES_REJECT_ALL;
    const guint32 *refused = run (&r, arena);
    r.problem.ties = ALLOCATION_TIES_ADMIT_ALL;
    const guint32 *admitted = run (&r, arena);
    for (guint32 i = 0; i < APPLICANTS; i++)
      g_assert_cmpuint (wish_in (lists[i], lengths[i], admitted[i]), <=,
                        wish_in (lists[i], lengths[i], refused[i]));
  }
}

/* P9: with one ranking everybody chooses in turn what is left. */
static void
test_in_turn (void)
{
  g_autoptr (GRand) random = g_rand_new_with_seed (26);
  g_autoptr (Arena) arena = arena_new ();
  for (int round = 0; round < ROUNDS; round++) {
    Random r;
    guint32 lists[APPLICANTS][UNITS], lengths[APPLICANTS], left[UNITS];
    make_random (random, &r, lists, lengths);
    for (guint32 u = 0; u < UNITS; u++) {
      memcpy (r.rank[u], r.rank[0], sizeof r.rank[0]);
      left[u] = r.slots[RUNS * u].n + r.slots[RUNS * u + 1].n;
    }
    set_keys (&r);
    arena_reset (arena);
    const guint32 *places = run (&r, arena);
    for (gint64 turn = 0; turn < APPLICANTS; turn++)
      for (guint32 i = 0; i < APPLICANTS; i++) {
        if (r.rank[0][i] != turn)
          continue;
        guint32 at = 0;
        while (at < lengths[i] && !left[lists[i][at]])
          at++;
        g_assert_cmpuint (places[i], ==, at < lengths[i] ? lists[i][at] : ALLOCATION_NOWHERE);
        left[at < lengths[i] ? lists[i][at] : 0] -= at < lengths[i];
      }
  }
}

/* What reserves do is what two runs differ in. */
static void
test_effect (void)
{
  g_autoptr (GRand) random = g_rand_new_with_seed (2012);
  g_autoptr (Arena) arena = arena_new ();
  int members_lose = 0;
  for (int round = 0; round < ROUNDS; round++) {
    Random r;
    guint32 lists[APPLICANTS][UNITS], lengths[APPLICANTS];
    g_autoptr (GError) error = NULL;
    AllocationGroupEffect expected[2] = { 0 }; /* everybody, members */
    make_random (random, &r, lists, lengths);
    arena_reset (arena);
    const guint32 *without = run (&r, arena);
    reserve (random, &r, ALLOCATION_MINIMUM, false);
    const AllocationResult *with = allocation_run (&r.problem, arena, &error);
    const AllocationEffect *effect = allocation_effect (&r.problem, with, arena, &error);
    g_assert_no_error (error);
    for (guint32 i = 0; i < APPLICANTS; i++)
      for (guint64 group = 0; group <= r.traits[i]; group++) {
        guint32 a = wish_in (lists[i], lengths[i], with->unit_of[i]);
        guint32 b = wish_in (lists[i], lengths[i], without[i]);
        expected[group].n++;
        expected[group].placed += a < lengths[i];
        expected[group].placed_without += b < lengths[i];
        expected[group].gain += a < b;
        expected[group].lose += a > b;
      }
    g_assert_cmpmem (&effect->everybody, sizeof *expected, &expected[0], sizeof *expected);
    g_assert_cmpmem (&effect->of[0], sizeof *expected, &expected[1], sizeof *expected);
    g_assert_cmpuint (effect->of[1].n, ==, 0);
    members_lose += expected[1].lose > 0;
  }
  g_assert_cmpint (members_lose, >, 0); /* which no reserve promises not to happen */
}

/* ---- other mechanisms ---------------------------------------------------- */

typedef const guint32 *(*Mechanism) (const AllocationProblem *problem, Arena *arena, GError **error);

static const guint32 *
run_immediate (const AllocationProblem *problem, Arena *arena, GError **error)
{
  return allocation_run_parallel (problem, 1, arena, error);
}

/* In how many random problems, all with lists of all units, the first applicant has something better by
 * another order. */
static int
count_gains (Mechanism mechanism, int rounds)
{
  g_autoptr (GRand) random = g_rand_new_with_seed (9);
  int gains = 0;
  for (int k = 0; k < rounds; k++) {
    g_autoptr (Arena) arena = arena_new ();
    Random r;
    guint32 lists[APPLICANTS][UNITS], lengths[APPLICANTS], truth[UNITS], n;
    make_random (random, &r, lists, lengths);
    for (guint32 i = 0; i < APPLICANTS; i++)
      lengths[i] = UNITS;
    set_wishes (&r, lists, lengths);
    memcpy (truth, lists[0], sizeof truth);
    guint32 true_wish = wish_in (truth, UNITS, mechanism (&r.problem, arena, NULL)[0]);
    bool gained = false;
    for (guint32 other = 0; (n = list_number (other, lists[0])); other++) {
      if (n < UNITS)
        continue;
      set_wishes (&r, lists, lengths);
      gained |= wish_in (truth, UNITS, mechanism (&r.problem, arena, NULL)[0]) < true_wish;
    }
    gains += gained;
  }
  return gains;
}

/* P4: nobody gains by another order where cycles are traded; by immediate acceptance some do. */
static void
test_false_wishes (void)
{
  g_assert_cmpint (count_gains (allocation_run_trading, 500), ==, 0);
  g_assert_cmpint (count_gains (run_immediate, 500), >, 20);
}

/* With cycles traded no two would swap, and no place that somebody would rather have is empty. */
static void
test_no_swap (void)
{
  g_autoptr (GRand) random = g_rand_new_with_seed (10);
  for (int k = 0; k < ROUNDS; k++) {
    g_autoptr (Arena) arena = arena_new ();
    Random r;
    guint32 lists[APPLICANTS][UNITS], lengths[APPLICANTS], filled[UNITS] = { 0 };
    make_random (random, &r, lists, lengths);
    const guint32 *unit_of = allocation_run_trading (&r.problem, arena, NULL);
    for (guint32 i = 0; i < APPLICANTS; i++)
      if (unit_of[i] != ALLOCATION_NOWHERE)
        filled[unit_of[i]]++;
    for (guint32 i = 0; i < APPLICANTS; i++) {
      guint32 own = wish_in (lists[i], lengths[i], unit_of[i]);
      for (guint32 w = 0; w < own; w++)
        g_assert_cmpuint (filled[lists[i][w]], ==,
                          r.slots[RUNS * lists[i][w]].n + r.slots[RUNS * lists[i][w] + 1].n);
      for (guint32 j = 0; j < i; j++) {
        guint32 theirs = wish_in (lists[j], lengths[j], unit_of[j]);
        g_assert_false (wish_in (lists[i], lengths[i], unit_of[j]) < own
                        && wish_in (lists[j], lengths[j], unit_of[i]) < theirs);
      }
    }
  }
}

/* P5: all stable results, found by trying all, fill the same places and leave out the same people; of them
 * the run's is the best for everybody. */
static void
test_all_results (void)
{
  enum { RESULTS = 1 << (2 * APPLICANTS), PROBLEMS = 100 };
  static const guint32 first_run[APPLICANTS] = { 0 };
  g_autoptr (GRand) random = g_rand_new_with_seed (11);
  int stable = 0;
  for (int k = 0; k < PROBLEMS; k++) {
    g_autoptr (Arena) arena = arena_new ();
    Random r;
    guint32 lists[APPLICANTS][UNITS], lengths[APPLICANTS], unit_of[APPLICANTS];
    make_random (random, &r, lists, lengths);
    for (guint32 u = 0; u < UNITS; u++)
      r.slots[RUNS * u + 1].n = 0;
    const guint32 *best = run (&r, arena);
    for (guint32 m = 0; m < RESULTS; m++) {
      guint32 filled[UNITS] = { 0 };
      for (guint32 i = 0; i < APPLICANTS; i++)
        unit_of[i] = (m >> (2 * i) & 3) == UNITS ? ALLOCATION_NOWHERE : m >> (2 * i) & 3;
      if (!allocation_certify (&r.problem, unit_of, first_run, NULL, NULL))
        continue;
      stable++;
      for (guint32 i = 0; i < APPLICANTS; i++) {
        g_assert_cmpint (unit_of[i] == ALLOCATION_NOWHERE, ==, best[i] == ALLOCATION_NOWHERE);
        g_assert_cmpuint (wish_in (lists[i], lengths[i], best[i]), <=,
                          wish_in (lists[i], lengths[i], unit_of[i]));
        if (unit_of[i] != ALLOCATION_NOWHERE) {
          filled[unit_of[i]]++;
          filled[best[i]]--;
        }
      }
      for (guint32 u = 0; u < UNITS; u++)
        g_assert_cmpuint (filled[u], ==, 0);
    }
  }
  g_assert_cmpint (stable, >, PROBLEMS); /* of some there is more than one */
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/allocation/properties/true-wishes", test_true_wishes);
  g_test_add_func ("/allocation/properties/reserve-against-quota", test_reserve_against_quota);
  g_test_add_func ("/allocation/properties/slots-later", test_slots_later);
  g_test_add_func ("/allocation/properties/better-claims", test_better_claims);
  g_test_add_func ("/allocation/properties/other-numbers", test_other_numbers);
  g_test_add_func ("/allocation/properties/equal-claims", test_equal_claims);
  g_test_add_func ("/allocation/properties/in-turn", test_in_turn);
  g_test_add_func ("/allocation/properties/effect", test_effect);
  g_test_add_func ("/allocation/properties/false-wishes", test_false_wishes);
  g_test_add_func ("/allocation/properties/no-swap", test_no_swap);
  g_test_add_func ("/allocation/properties/all-results", test_all_results);
  return g_test_run ();
}
