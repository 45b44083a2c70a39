/* Caps on the places of several units together: a worked answer, and what is promised of random problems. */
#include "allocation/regions.h"

enum { APPLICANTS = 10, UNITS = 5, ROUNDS = 1000 };

typedef struct {
  AllocationUnit units[UNITS];
  AllocationSlots slots[UNITS];
  AllocationRegion region;
  guint32 starts[APPLICANTS + 1], choices[APPLICANTS * UNITS];
  guint8 tickets[APPLICANTS][ALLOCATION_TICKET_BYTES];
  AllocationProblem problem;
} Case;

static void
begin (Case *c, guint32 cap)
{
  memset (c, 0, sizeof *c);
  c->region = (AllocationRegion){ "region", cap };
  for (guint32 u = 0; u < UNITS; u++) {
    c->units[u] = (AllocationUnit){ .id = "u", .first = u, .n_slots = 1 };
    c->slots[u] = (AllocationSlots){ .n = 10, .name = "open" };
  }
  c->units[UNITS - 1].region = ALLOCATION_NOWHERE;
  for (guint8 i = 0; i < APPLICANTS; i++)
    c->tickets[i][0] = i;
  c->problem = (AllocationProblem){ .n_units = UNITS,
                                    .n_slots = UNITS,
                                    .n = APPLICANTS,
                                    .units = c->units,
                                    .slots = c->slots,
                                    .starts = c->starts,
                                    .choices = c->choices,
                                    .tickets = (const guint8 (*)[ALLOCATION_TICKET_BYTES])c->tickets,
                                    .n_regions = 1,
                                    .regions = &c->region };
}

static const AllocationResult *
run (const Case *c, Arena *arena)
{
  g_autoptr (GError) error = NULL;
  const AllocationResult *result = allocation_run (&c->problem, arena, &error);
  g_assert_no_error (error);
  allocation_certify (&c->problem, result->unit_of, result->slots_of, NULL, &error);
  g_assert_no_error (error);
  return result;
}

/* Three ask for the first and seven for the second unit, in a cap of 10 (Kamada and Kojima 2015): with
 * targets of 5 all have a place, while places of 5 leave two out.  Then other targets and caps. */
static void
test_two_units (void)
{
  static const struct {
    guint32 cap, places, targets[2], filled[2];
  } rows[] = {
    { 10, 10, { 5, 5 }, { 3, 7 } }, { 10, 5, { 5, 5 }, { 3, 5 } }, { 5, 10, { 0, 0 }, { 3, 2 } },
    { 5, 10, { 0, 4 }, { 1, 4 } },  { 4, 10, { 0, 0 }, { 2, 2 } }, { 0, 10, { 0, 0 }, { 0, 0 } },
  };
  for (size_t k = 0; k < G_N_ELEMENTS (rows); k++) {
    g_autoptr (Arena) arena = arena_new ();
    Case c;
    begin (&c, rows[k].cap);
    for (guint32 i = 0; i < APPLICANTS; i++) {
      c.choices[i] = i >= 3;
      c.starts[i + 1] = i + 1;
    }
    for (guint32 u = 0; u < 2; u++) {
      c.units[u].target = rows[k].targets[u];
      c.slots[u].n = rows[k].places;
    }
    const AllocationResult *result = run (&c, arena);
    for (guint32 u = 0; u < 2; u++)
      g_assert_cmpuint (result->filled[u], ==, rows[k].filled[u]);
  }
}

/* Certified; and the same with the applications the other way round. */
static void
test_random (void)
{
  g_autoptr (GRand) random = g_rand_new_with_seed (23);
  for (guint32 round = 0; round < ROUNDS; round++) {
    g_autoptr (Arena) arena = arena_new ();
    Case c, back;
    begin (&c, (guint32)g_rand_int_range (random, 4, 8));
    for (guint32 u = 0; u < UNITS; u++) {
      c.slots[u].n = (guint32)g_rand_int_range (random, 0, 6);
      c.units[u].target = (guint32)g_rand_int_range (random, 0, 2);
    }
    for (guint32 i = 0; i < APPLICANTS; i++) {
      guint32 first = (guint32)g_rand_int_range (random, 0, UNITS),
              n = (guint32)g_rand_int_range (random, 1, 4);
      guint32 step = (guint32)g_rand_int_range (random, 1, 3);
      for (guint32 w = 0; w < n; w++)
        c.choices[c.starts[i] + w] = (first + step * w) % UNITS;
      c.starts[i + 1] = c.starts[i] + n;
    }
    back = c;
    back.problem.units = back.units;
    back.problem.slots = back.slots;
    back.problem.starts = back.starts;
    back.problem.choices = back.choices;
    back.problem.regions = &back.region;
    back.problem.tickets = (const guint8 (*)[ALLOCATION_TICKET_BYTES])back.tickets;
    for (guint32 i = 0; i < APPLICANTS; i++) {
      guint32 from = APPLICANTS - 1 - i, n = c.starts[from + 1] - c.starts[from];
      memcpy (&back.choices[back.starts[i]], &c.choices[c.starts[from]], n * sizeof *c.choices);
      back.starts[i + 1] = back.starts[i] + n;
      back.tickets[i][0] = c.tickets[from][0];
    }
    const AllocationResult *one = run (&c, arena), *other = run (&back, arena);
    for (guint32 i = 0; i < APPLICANTS; i++)
      g_assert_cmpuint (one->unit_of[i], ==, other->unit_of[APPLICANTS - 1 - i]);
  }
}

/* Turn by turn: each unit up to its target, then one more each in their order. */
static void
share_slowly (const Case *c, const guint32 *asked, guint32 *kept)
{
  guint32 left = c->region.cap;
  for (guint32 u = 0; u + 1 < UNITS; u++) {
    kept[u] = MIN (MIN (asked[u], c->slots[u].n), c->units[u].target);
    left -= kept[u];
  }
  kept[UNITS - 1] = asked[UNITS - 1];
  for (bool more = true; more;) {
    more = false;
    for (guint32 u = 0; u + 1 < UNITS; u++)
      if (left && kept[u] < MIN (asked[u], c->slots[u].n)) {
        kept[u]++;
        left--;
        more = true;
      }
  }
}

static void
test_turns (void)
{
  g_autoptr (GRand) random = g_rand_new_with_seed (24);
  for (guint32 round = 0; round < ROUNDS; round++) {
    Case c;
    guint32 asked[UNITS], kept[UNITS], slowly[UNITS];
    begin (&c, (guint32)g_rand_int_range (random, 16, 40));
    for (guint32 u = 0; u < UNITS; u++) {
      c.slots[u].n = (guint32)g_rand_int_range (random, 0, 12);
      c.units[u].target = (guint32)g_rand_int_range (random, 0, 5);
      asked[u] = (guint32)g_rand_int_range (random, 0, 20);
    }
    allocation_regions_share (&c.problem, asked, kept);
    share_slowly (&c, asked, slowly);
    for (guint32 u = 0; u < UNITS; u++)
      g_assert_cmpuint (kept[u], ==, slowly[u]);
  }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/allocation/regions/two-units", test_two_units);
  g_test_add_func ("/allocation/regions/random", test_random);
  g_test_add_func ("/allocation/regions/turns", test_turns);
  return g_test_run ();
}
