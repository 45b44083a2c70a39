/* Siblings: small families with their answers, and random draws in which nobody is lost. */
#include "allocation/allocation.h"
#include "support.h"

enum { UNITS = 2, SMALL_MAX = 8, RANDOM_UNITS = 6, RANDOM_MAX = 40 };

/* Unit A and B; per application a letter: wishes ("AB", "BA", "A"), its lot, its family (-: none), its claim
 * on each wish, the higher the better; and where it is placed. */
typedef struct {
  const char *name;
  guint32 places[UNITS];
  const char *wishes[SMALL_MAX + 1];
  const char *lots, *families;
  const gint64 claims[SMALL_MAX][UNITS];
  const char *placed;
  guint32 passes, kept;
} Example;

static const Example examples[] = {
  { "twins take the place of the better ticket",
    { 2, 4 },
    { "AB", "AB", "AB" },
    "129",
    "0-0",
    { { 0 } },
    "ABA",
    1,
    0 },
  { "a family of three",
    { 3, 4 },
    { "AB", "AB", "AB", "AB", "AB" },
    "15923",
    "000--",
    { { 0 } },
    "AAABB",
    1,
    0 },
  { "by the tier the lesser claim of a twin is enough",
    { 2, 4 },
    { "AB", "AB", "AB", "AB" },
    "1234",
    "0--0",
    { { 90, 90 }, { 50, 50 }, { 40, 40 }, { 10, 10 } },
    "ABBA",
    2,
    1 },
  { "twins who change places for ever",
    { 1, 1 },
    { "BA", "AB", "A" },
    "123",
    "00-",
    { { 1, 3 }, { 1, 3 }, { 2, 0 } },
    "AB-",
    2,
    0 },
  { "one alone is no family", { 1, 1 }, { "AB", "AB" }, "12", "0-", { { 0 } }, "AB", 1, 0 },
};

static void
assert_certified (const AllocationSiblings *s)
{
  GError *error = NULL;
  allocation_certify (&s->problem, s->result->unit_of, s->result->slots_of, NULL, &error);
  g_assert_no_error (error);
}

static void
test_example (const void *data)
{
  const Example *e = data;
  g_autoptr (Arena) arena = arena_new ();
  AllocationUnit units[UNITS] = { { "A", 0, 1 }, { "B", 1, 1 } };
  AllocationSlots slots[UNITS]
      = { { ALLOCATION_OPEN, 0, e->places[0], "open" }, { ALLOCATION_OPEN, 0, e->places[1], "open" } };
  guint32 starts[SMALL_MAX + 1] = { 0 }, choices[SMALL_MAX * UNITS], family_of[SMALL_MAX], n = 0;
  gint64 claims[SMALL_MAX * UNITS];
  guint8 tickets[SMALL_MAX][ALLOCATION_TICKET_BYTES] = { { 0 } };
  for (; e->wishes[n]; n++) {
    starts[n + 1] = starts[n];
    for (size_t c = 0; e->wishes[n][c]; c++) {
      claims[starts[n + 1]] = e->claims[n][c];
      choices[starts[n + 1]++] = (guint32)(e->wishes[n][c] - 'A');
    }
    tickets[n][0] = (guint8)e->lots[n];
    family_of[n] = e->families[n] == '-' ? ALLOCATION_NOWHERE : (guint32)(e->families[n] - '0');
  }
  AllocationKey key = { .of_choice = claims };
  AllocationProblem problem = { .n_units = UNITS,
                                .n_slots = UNITS,
                                .n = n,
                                .n_keys = 1,
                                .units = units,
                                .slots = slots,
                                .starts = starts,
                                .choices = choices,
                                .keys = &key,
                                .tickets = (const guint8 (*)[ALLOCATION_TICKET_BYTES])tickets };
  GError *error = NULL;
  const AllocationSiblings *s = allocation_siblings (&problem, family_of, arena, &error);
  g_assert_no_error (error);
  char placed[SMALL_MAX + 1] = { 0 };
  for (guint32 i = 0; i < n; i++)
    placed[i] = s->result->unit_of[i] == ALLOCATION_NOWHERE ? '-' : (char)('A' + s->result->unit_of[i]);
  g_assert_cmpstr (placed, ==, e->placed);
  g_assert_cmpuint (s->passes, ==, e->passes);
  g_assert_cmpuint (s->kept, ==, e->kept);
  assert_certified (s);
}

static void
try_random (GRand *random)
{
  g_autoptr (Arena) arena = arena_new ();
  AllocationUnit units[RANDOM_UNITS];
  AllocationSlots slots[RANDOM_UNITS];
  guint32 starts[RANDOM_MAX + 1] = { 0 }, choices[RANDOM_MAX * RANDOM_UNITS], family_of[RANDOM_MAX];
  gint64 claims[RANDOM_MAX * RANDOM_UNITS];
  guint8 tickets[RANDOM_MAX][ALLOCATION_TICKET_BYTES] = { { 0 } };
  for (guint32 u = 0; u < RANDOM_UNITS; u++) {
    units[u] = (AllocationUnit){ .id = "unit", .first = u, .n_slots = 1 };
    slots[u] = (AllocationSlots){ ALLOCATION_OPEN, 0, (guint32)g_rand_int_range (random, 0, 9), "open" };
  }
  for (guint32 i = 0; i < RANDOM_MAX; i++) {
    guint32 first = (guint32)g_rand_int_range (random, 0, RANDOM_UNITS), n = first % 4 + 1;
    for (guint32 c = 0; c < n; c++) {
      choices[starts[i] + c] = (first + c) % RANDOM_UNITS;
      claims[starts[i] + c] = g_rand_int_range (random, 0, 3);
    }
    starts[i + 1] = starts[i] + n;
    tickets[i][0] = (guint8)g_rand_int_range (random, 0, 256);
    family_of[i] = g_rand_boolean (random) ? (guint32)g_rand_int_range (random, 0, 12) : ALLOCATION_NOWHERE;
  }
  AllocationKey key = { .of_choice = claims };
  AllocationProblem problem = { .n_units = RANDOM_UNITS,
                                .n_slots = RANDOM_UNITS,
                                .n = RANDOM_MAX,
                                .n_keys = 1,
                                .units = units,
                                .slots = slots,
                                .starts = starts,
                                .choices = choices,
                                .keys = &key,
                                .tickets = (const guint8 (*)[ALLOCATION_TICKET_BYTES])tickets };
  GError *error = NULL;
  const AllocationSiblings *s = allocation_siblings (&problem, family_of, arena, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (s->after.siblings, >=, s->before.siblings);
  g_assert_cmpuint (s->passes, <=, ALLOCATION_SIBLING_PASSES);
  guint32 together = 0;
  for (guint32 i = 0; i < RANDOM_MAX; i++) {
    bool found = false;
    for (guint32 j = 0; j < RANDOM_MAX && !found; j++)
      found = i != j && family_of[i] != ALLOCATION_NOWHERE && family_of[i] == family_of[j]
              && s->result->unit_of[i] != ALLOCATION_NOWHERE
              && s->result->unit_of[i] == s->result->unit_of[j];
    together += found;
  }
  g_assert_cmpuint (together, ==, s->after.siblings);
  assert_certified (s);
}

static void
test_random (void)
{
  g_autoptr (GRand) random = g_rand_new_with_seed (20220607);
  for (int round = 0; round < 200; round++)
    try_random (random);
}

/* A row of families: unit k has two places.  Of family k the elder wishes unit k − 1 and then k, the younger
 * unit k alone, and has the least claim there; one more child, who is nobody's, comes between.  When the
 * elder comes to unit k, the younger has a tier there in the next pass, and pushes the elder of family k + 1
 * on.  So each pass brings one family together, until the limit: the last pass is kept. */
static void
test_limit (void)
{
  enum { FAMILIES = ALLOCATION_SIBLING_PASSES + 3, CHILDREN = 3 * FAMILIES };
  g_autoptr (Arena) arena = arena_new ();
  GError *error = NULL;
  AllocationUnit units[FAMILIES];
  AllocationSlots slots[FAMILIES];
  guint32 starts[CHILDREN + 1] = { 0 }, choices[4 * FAMILIES], family_of[CHILDREN], n = 0;
  gint64 claims[4 * FAMILIES];
  guint8 tickets[CHILDREN][ALLOCATION_TICKET_BYTES] = { { 0 } };
  for (guint32 k = 0; k < FAMILIES; k++) {
    units[k] = (AllocationUnit){ .id = "unit", .first = k, .n_slots = 1 };
    slots[k] = (AllocationSlots){ ALLOCATION_OPEN, 0, 2, "open" };
    const struct {
      bool is_there;
      guint32 unit;
      gint64 claim;
    } wishes[] = { { k > 0, k - 1, 3 }, { true, k, 4 }, { true, k, 1 }, { true, k, 2 } };
    for (guint32 w = 0; w < G_N_ELEMENTS (wishes); w++) {
      if (wishes[w].is_there) {
        choices[n] = wishes[w].unit;
        claims[n++] = wishes[w].claim;
      }
      if (w > 0) {
        family_of[3 * k + w - 1] = w == 3 ? ALLOCATION_NOWHERE : k;
        starts[3 * k + w] = n;
      }
    }
  }
  AllocationKey key = { .of_choice = claims };
  AllocationProblem problem = { .n_units = FAMILIES,
                                .n_slots = FAMILIES,
                                .n = CHILDREN,
                                .n_keys = 1,
                                .units = units,
                                .slots = slots,
                                .starts = starts,
                                .choices = choices,
                                .keys = &key,
                                .tickets = (const guint8 (*)[ALLOCATION_TICKET_BYTES])tickets };
  const AllocationSiblings *s = allocation_siblings (&problem, family_of, arena, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (s->passes, ==, ALLOCATION_SIBLING_PASSES);
  g_assert_cmpuint (s->kept, ==, ALLOCATION_SIBLING_PASSES);
  g_assert_cmpuint (s->before.families, ==, 0);
  g_assert_cmpuint (s->after.families, ==, ALLOCATION_SIBLING_PASSES);
  assert_certified (s);
}

static void
test_refused (void)
{
  g_autoptr (Arena) arena = arena_new ();
  const guint32 starts[] = { 0, 0 }, family_of[] = { 1 };
  AllocationProblem problem = { .n = 1, .starts = starts, .ties = ALLOCATION_TIES_REJECT_ALL };
  g_autoptr (GError) number = NULL, serial = NULL;
  g_assert_null (allocation_siblings (&problem, family_of, arena, &number));
  g_assert_error (number, FAULT, FAULT_INPUT);
  problem.mechanism = ALLOCATION_SERIAL;
  g_assert_null (allocation_siblings (&problem, family_of, arena, &serial));
  g_assert_error (serial, FAULT, FAULT_INPUT);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  for (size_t i = 0; i < G_N_ELEMENTS (examples); i++) {
    g_autofree char *path = g_strdup_printf ("/allocation/siblings/%s", examples[i].name);
    g_test_add_data_func (path, &examples[i], test_example);
  }
  g_test_add_func ("/allocation/siblings/random", test_random);
  g_test_add_func ("/allocation/siblings/limit", test_limit);
  g_test_add_func ("/allocation/siblings/refused", test_refused);
  return g_test_run ();
}
