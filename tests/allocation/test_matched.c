/* Matched slots against every subset: of the sets that can sit the largest, and of these the first by claims,
 * then the best of all others; whatever the order in which they ask, and by chains of seats the same. */
#include "allocation/matched.h"

enum { APPLICANTS = 8, TRAITS = 4, TURNS = 400, ORDERS = 4, UNITS = 3, PROBLEMS = 600 };

typedef struct {
  guint32 n;
  AllocationSeats seats[TRAITS];
  AllocationSlots slots;
  guint8 masks[APPLICANTS]; /* the best first: key = index */
} Small;

static void
make (GRand *random, Small *s)
{
  memset (s, 0, sizeof *s);
  s->n = (guint32)g_rand_int_range (random, 0, APPLICANTS + 1);
  s->slots = (AllocationSlots){ .kind = ALLOCATION_MATCHED, .name = "m", .seats = s->seats };
  s->slots.n_seats = (guint8)g_rand_int_range (random, 1, TRAITS + 1);
  for (guint8 t = 0; t < s->slots.n_seats; t++) {
    s->seats[t] = (AllocationSeats){ t, (guint32)g_rand_int_range (random, 0, 3) };
    s->slots.n += s->seats[t].n;
  }
  for (guint32 i = 0; i < MIN (s->n, APPLICANTS); i++) /* as -O3 wants to see */
    s->masks[i] = (guint8)g_rand_int_range (random, 0, 1 << s->slots.n_seats);
}

/* By trying every seat for every member of SET, from I on. */
static bool
can_sit (const Small *s, guint32 set, guint32 i, guint32 *left)
{
  if (i == s->n)
    return true;
  if (!(set >> i & 1))
    return can_sit (s, set, i + 1, left);
  for (guint32 t = 0; t < s->slots.n_seats; t++)
    if (s->masks[i] >> t & 1 && left[t]) {
      left[t]--;
      bool ok = can_sit (s, set, i + 1, left);
      left[t]++;
      if (ok)
        return true;
    }
  return false;
}

/* A before B: in the first that one has and the other not. */
static bool
comes_before (guint32 a, guint32 b)
{
  guint32 differ = a ^ b;
  return differ && a & differ & -differ;
}

/* *SEATED: who has a trait's seat. */
static guint32
best_of_all (const Small *s, guint32 *seated)
{
  guint32 best = 0;
  for (guint32 set = 0; set < 1u << s->n; set++) {
    guint32 left[TRAITS];
    for (guint8 t = 0; t < s->slots.n_seats; t++)
      left[t] = s->seats[t].n;
    int more = __builtin_popcount (set) - __builtin_popcount (best);
    if ((more > 0 || (more == 0 && comes_before (set, best))) && can_sit (s, set, 0, left))
      best = set;
  }
  *seated = best;
  for (guint32 i = 0; i < s->n && (guint32)__builtin_popcount (best) < s->slots.n; i++)
    best |= 1u << i;
  return best;
}

static void
shuffle (GRand *random, guint32 *order, guint32 n)
{
  for (guint32 i = 0; i < n; i++)
    order[i] = i;
  for (guint32 i = n; i > 1; i--) {
    guint32 j = (guint32)g_rand_int_range (random, 0, (gint32)i), kept = order[i - 1];
    order[i - 1] = order[j];
    order[j] = kept;
  }
}

/* What asking in a random order comes to; of those who go on, each does once. */
static guint32
ask_all (GRand *random, const Small *s, guint32 *seated)
{
  guint32 order[APPLICANTS], set = 0, gone = 0;
  Matched *matched = matched_new (&s->slots);
  g_autoptr (GArray) holders = g_array_new (FALSE, FALSE, sizeof (MatchedClaim));
  shuffle (random, order, s->n);
  for (guint32 i = 0; i < s->n; i++) {
    guint32 on = matched_ask (matched, order[i], s->masks[order[i]], order[i]);
    g_assert_false (on != ALLOCATION_NOWHERE && gone >> on & 1);
    gone |= on == ALLOCATION_NOWHERE ? 0 : 1u << on;
  }
  guint32 n = matched_holders (matched, holders);
  *seated = 0;
  for (guint h = 0; h < holders->len; h++) {
    guint32 bit = 1u << g_array_index (holders, MatchedClaim, h).applicant;
    set |= bit;
    *seated |= h < n ? bit : 0;
  }
  g_assert_cmphex (set | gone, ==, (1u << s->n) - 1);
  g_assert_cmphex (set & gone, ==, 0);
  matched_free (matched);
  return set;
}

static void
test_every_subset (void)
{
  g_autoptr (GRand) random = g_rand_new_with_seed (17);
  for (int turn = 0; turn < TURNS; turn++) {
    Small s;
    guint32 seated, sits, by_chains = 0;
    bool chosen[APPLICANTS] = { false };
    make (random, &s);
    guint32 best = best_of_all (&s, &seated);
    for (int order = 0; order < ORDERS; order++) {
      g_assert_cmphex (ask_all (random, &s, &sits), ==, best);
      g_assert_cmphex (sits, ==, seated);
    }
    matched_choose (&s.slots, s.masks, s.n, chosen);
    for (guint32 i = 0; i < s.n; i++)
      by_chains |= chosen[i] ? 1u << i : 0;
    g_assert_cmphex (by_chains, ==, best);
  }
}

/* Of those of S and one more with MASK and KEY, who asks last, goes on. */
static guint32
ask_after (const Small *s, guint64 key, guint8 mask, guint64 *in_the_way)
{
  Matched *matched = matched_new (&s->slots);
  for (guint32 i = 0; i < s->n; i++)
    matched_ask (matched, 10 * i + 5, s->masks[i], i);
  const MatchedClaim *way = matched_in_the_way (matched, mask);
  *in_the_way = way ? way->key : 0;
  guint32 on = matched_ask (matched, key, mask, APPLICANTS);
  matched_free (matched);
  return on;
}

/* Who is refused would have a slot with a claim just before that of who is in the way, and none just after.
 */
static void
test_in_the_way (void)
{
  g_autoptr (GRand) random = g_rand_new_with_seed (18);
  guint refused = 0;
  for (int turn = 0; turn < TURNS; turn++) {
    Small s;
    guint64 way, same;
    make (random, &s);
    guint8 mask = (guint8)g_rand_int_range (random, 0, 1 << s.slots.n_seats);
    if (ask_after (&s, 10 * APPLICANTS, mask, &way) != APPLICANTS)
      continue;
    refused++;
    g_assert_cmpuint (ask_after (&s, way + 1, mask, &same), ==, APPLICANTS); /* 1, if there is nobody */
    if (way)
      g_assert_cmpuint (ask_after (&s, way - 1, mask, &same), !=, APPLICANTS);
  }
  g_assert_cmpuint (refused, >, TURNS / 4);
}

/* ---- in a draw ------------------------------------------------------------ */

typedef struct {
  AllocationUnit units[UNITS];
  AllocationSlots slots[2 * UNITS];
  AllocationSeats seats[UNITS][TRAITS];
  guint32 starts[APPLICANTS + 1], choices[APPLICANTS * UNITS];
  guint64 traits[APPLICANTS];
  gint64 points[APPLICANTS];
  guint8 tickets[APPLICANTS][ALLOCATION_TICKET_BYTES];
  AllocationKey key;
  AllocationProblem problem;
} Draw;

static void
make_draw (GRand *random, Draw *d)
{
  memset (d, 0, sizeof *d);
  for (guint32 u = 0; u < UNITS; u++) {
    guint32 at = 2 * u + (guint32)g_rand_int_range (random, 0, 2); /* in front, or over and above */
    AllocationSlots *matched = &d->slots[at], *open = &d->slots[at ^ 1];
    *matched
        = (AllocationSlots){ .kind = ALLOCATION_MATCHED, .name = "m", .n_seats = 3, .seats = d->seats[u] };
    *open = (AllocationSlots){ .kind = ALLOCATION_OPEN,
                               .name = "o",
                               .n = (guint32)g_rand_int_range (random, 0, 3) };
    for (guint8 t = 0; t < 3; t++) {
      d->seats[u][t] = (AllocationSeats){ t, (guint32)g_rand_int_range (random, 0, 2) };
      matched->n += d->seats[u][t].n;
    }
    d->units[u] = (AllocationUnit){ .id = "u", .first = 2 * u, .n_slots = 2 };
  }
  for (guint32 i = 0; i < APPLICANTS; i++) {
    guint32 wishes[UNITS], n = (guint32)g_rand_int_range (random, 1, UNITS + 1);
    shuffle (random, wishes, UNITS);
    memcpy (&d->choices[d->starts[i]], wishes, n * sizeof *wishes);
    d->starts[i + 1] = d->starts[i] + n;
    d->traits[i] = (guint64)g_rand_int_range (random, 0, 8);
    d->points[i] = g_rand_int_range (random, 0, 4);
    d->tickets[i][0] = (guint8)g_rand_int_range (random, 0, 256);
  }
  d->key = (AllocationKey){ .of_applicant = d->points };
  d->problem = (AllocationProblem){ .n_units = UNITS,
                                    .n_slots = 2 * UNITS,
                                    .n = APPLICANTS,
                                    .n_keys = 1,
                                    .units = d->units,
                                    .slots = d->slots,
                                    .starts = d->starts,
                                    .choices = d->choices,
                                    .keys = &d->key,
                                    .traits = d->traits,
                                    .tickets = (const guint8 (*)[ALLOCATION_TICKET_BYTES])d->tickets };
}

/* Every result is certified; somebody else's place, or slot, is not. */
static void
test_draws (void)
{
  g_autoptr (GRand) random = g_rand_new_with_seed (19);
  guint refused = 0;
  for (int turn = 0; turn < PROBLEMS; turn++) {
    g_autoptr (Arena) arena = arena_new ();
    g_autoptr (GError) error = NULL;
    Draw d;
    make_draw (random, &d);
    const AllocationResult *result = allocation_run (&d.problem, arena, &error);
    g_assert_no_error (error);
    g_assert_true (allocation_certify (&d.problem, result->unit_of, result->slots_of, NULL, &error));
    g_assert_no_error (error);
    guint32 unit_of[APPLICANTS], slots_of[APPLICANTS], i = (guint32)g_rand_int_range (random, 0, APPLICANTS);
    memcpy (unit_of, result->unit_of, sizeof unit_of);
    memcpy (slots_of, result->slots_of, sizeof slots_of);
    if (unit_of[i] == ALLOCATION_NOWHERE)
      continue;
    unit_of[i] = slots_of[i] = ALLOCATION_NOWHERE;
    g_assert_false (allocation_certify (&d.problem, unit_of, slots_of, NULL, NULL));
    refused++;
    for (guint32 j = 0; j < APPLICANTS; j++) /* the place goes to somebody who was refused it */
      if (result->unit_of[j] == ALLOCATION_NOWHERE
          && allocation_choice_of (&d.problem, j, result->unit_of[i]) < d.starts[j + 1]) {
        unit_of[j] = result->unit_of[i];
        slots_of[j] = result->slots_of[i];
        g_assert_false (allocation_certify (&d.problem, unit_of, slots_of, NULL, NULL));
        break;
      }
  }
  g_assert_cmpuint (refused, >, PROBLEMS / 3);
}

static void
test_refused (void)
{
  static const struct {
    AllocationTies ties;
    guint32 more;
    const char *says;
  } rows[] = { { ALLOCATION_TIES_REJECT_ALL, 0, "the lot must decide" },
               { ALLOCATION_TIES_ADMIT_ALL, 0, "the lot must decide" },
               { ALLOCATION_TIES_LOTTERY, 1, "their seats are its slots" } };
  g_autoptr (GRand) random = g_rand_new_with_seed (20);
  for (size_t k = 0; k < G_N_ELEMENTS (rows); k++) {
    g_autoptr (Arena) arena = arena_new ();
    g_autoptr (GError) error = NULL;
    Draw d;
    make_draw (random, &d);
    d.problem.ties = rows[k].ties;
    for (guint32 s = 0; s < 2 * UNITS; s++)
      d.slots[s].n += rows[k].more;
    g_assert_null (allocation_run (&d.problem, arena, &error));
    g_assert_error (error, FAULT, FAULT_INPUT);
    g_assert_nonnull (strstr (error->message, rows[k].says));
  }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/allocation/matched/every-subset", test_every_subset);
  g_test_add_func ("/allocation/matched/in-the-way", test_in_the_way);
  g_test_add_func ("/allocation/matched/draws", test_draws);
  g_test_add_func ("/allocation/matched/refused", test_refused);
  return g_test_run ();
}
