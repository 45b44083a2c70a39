/* The mechanism: examples of the literature with their answers, and random problems against one that looks at
 * all choices again until nothing changes. */
#include "allocation/allocation.h"
#include "support.h"

/* ---- examples in a few words ------------------------------------------- */

enum { NAMES_MAX = 20 };

/* "s1: c1 c2; s2: c4": names before colons, and after them. */
static GPtrArray *
read_lists (const char *text)
{
  GPtrArray *lists = g_ptr_array_new_with_free_func ((GDestroyNotify)g_strfreev);
  g_auto (GStrv) entries = g_strsplit (text, "; ", -1);
  for (char **entry = entries; *entry; entry++) {
    g_auto (GStrv) sides = g_strsplit (*entry, ": ", 2);
    g_autofree char *joined = g_strconcat (sides[0], " ", sides[1], NULL);
    g_ptr_array_add (lists, g_strsplit (joined, " ", -1));
  }
  return lists;
}

static guint32
find (const GPtrArray *lists, const char *name)
{
  for (guint i = 0; i < lists->len; i++)
    if (g_str_equal (((char **)lists->pdata[i])[0], name))
      return i;
  return ALLOCATION_NOWHERE;
}

typedef struct {
  const char *name, *wishes, *priorities, *slots, *members, *ties, *expected;
} Example;

/* `priorities`: per unit the best first, equal ones joined by "=", or "*: …" for all; `slots`: per unit runs
 * as open2, min1, hard1. */
static const Example examples[] = {
  { "ORC-01 Gale and Shapley", "α: A B C; β: B C A; γ: C A B", "A: β γ α; B: γ α β; C: α β γ",
    "A: open1; B: open1; C: open1", "", "lottery", "α:A β:B γ:C" },
  { "ORC-03 Roth and Sotomayor",
    "s1: c1 c2 c3 c4; s2: c4 c2 c3 c1; s3: c4 c3 c1 c2; s4: c1 c4 c3 c2; s5: c1 c2 c4",
    "c1: s2 s3 s1 s4 s5; c2: s3 s1 s2 s4 s5; c3: s5 s4 s1 s2 s3; c4: s1 s4 s5 s2 s3",
    "c1: open1; c2: open1; c3: open1; c4: open1", "", "lottery", "s1:c1 s2:c2 s3:c3 s4:c4 s5:-" },
  { "ORC-04 Knuth", "s1: c1 c2 c3 c4; s2: c2 c1 c4 c3; s3: c3 c4 c1 c2; s4: c4 c3 c2 c1",
    "c1: s4 s3 s2 s1; c2: s3 s4 s1 s2; c3: s2 s1 s4 s3; c4: s1 s2 s3 s4",
    "c1: open1; c2: open1; c3: open1; c4: open1", "", "lottery", "s1:c1 s2:c2 s3:c3 s4:c4" },
  { "ORC-06 college admissions",
    "s1: c5 c1; s2: c2 c5 c1; s3: c3 c1; s4: c4 c1; s5: c1 c2; s6: c1 c3; s7: c1 c3 c4",
    "c1: s1 s2 s3 s4 s5 s6 s7; c2: s5 s2; c3: s6 s7 s3; c4: s7 s4; c5: s2 s1",
    "c1: open3; c2: open1; c3: open1; c4: open1; c5: open1", "", "lottery",
    "s1:c5 s2:c2 s3:c3 s4:c4 s5:c1 s6:c1 s7:c1" },
  { "ORC-07 Abdulkadiroğlu and Sönmez", "i1: s2 s1 s3; i2: s1 s2 s3; i3: s1 s2 s3",
    "s1: i1 i3 i2; s2: i2 i1 i3; s3: i2 i1 i3", "s1: open1; s2: open1; s3: open1", "", "lottery",
    "i1:s1 i2:s2 i3:s3" },
  { "ORC-10 residents", "A: C; S: C M; D: C M G; J: C G M; L: M C G", "M: D L S J; C: D A S L J; G: D J L",
    "M: open2; C: open2; G: open2", "", "lottery", "A:C D:C J:G L:M S:M" },
  { "ORC-11 a quota harms whom it is meant for", "s1: c1; s2: c1 c2; s3: c2 c1", "*: s1 s2 s3",
    "c1: hard1 open1; c2: open1", "s3", "lottery", "s1:c1 s2:c2 s3:c1" },
  { "ORC-11 a reserve does not", "s1: c1; s2: c1 c2; s3: c2 c1", "*: s1 s2 s3", "c1: min1 open1; c2: open1",
    "s3", "lottery", "s1:c1 s2:c1 s3:c2" },
  { "ORC-14 reserved slots first", "n1: P; n2: P; n3: P; w1: P; w2: P; w3: P", "*: n1 w1 n2 w2 n3 w3",
    "P: min2 open2", "w1 w2 w3", "lottery", "n1:P n2:P n3:- w1:P w2:P w3:-" },
  { "ORC-14 reserved slots last", "n1: P; n2: P; n3: P; w1: P; w2: P; w3: P", "*: n1 w1 n2 w2 n3 w3",
    "P: open2 min2", "w1 w2 w3", "lottery", "n1:P n2:- n3:- w1:P w2:P w3:P" },
  { "ORC-14 in turn, open first", "n1: P; n2: P; n3: P; w1: P; w2: P; w3: P", "*: n1 w1 n2 w2 n3 w3",
    "P: open1 min1 open1 min1", "w1 w2 w3", "lottery", "n1:P n2:P n3:- w1:P w2:P w3:-" },
  { "ORC-14 in turn, reserved first", "n1: P; n2: P; n3: P; w1: P; w2: P; w3: P", "*: n1 w1 n2 w2 n3 w3",
    "P: min1 open1 min1 open1", "w1 w2 w3", "lottery", "n1:P n2:P n3:- w1:P w2:P w3:-" },
  { "ORC-19 all refused", "a: A B; b: A B; c: A B; d: A B; e: A B", "*: a b=c d e", "A: open2; B: open2", "",
    "reject-all", "a:A b:B c:B d:- e:-" },
  { "ORC-19 all admitted", "a: A B; b: A B; c: A B; d: A B; e: A B", "*: a b=c d e", "A: open2; B: open2", "",
    "admit-all", "a:A b:A c:A d:B e:B" },
  { "ORC-19 by lot", "a: A B; b: A B; c: A B; d: A B; e: A B", "*: a b=c d e", "A: open2; B: open2", "",
    "lottery", "a:A b:A c:B d:B e:-" },
  { "ORC-24 a guarantee counts those admitted on merit",
    "a: P; b: P; c: P; d: P; e: P; f: P; g: P; h: P; i: P; j: P; k: P; l: P; m: P",
    "*: a b c d e f g h i j k l m", "P: min3 open7", "d i l m", "lottery",
    "a:P b:P c:P d:P e:P f:P g:P h:P i:P j:- k:- l:P m:-" },
  { "ORC-24 over and above", "a: P; b: P; c: P; d: P; e: P; f: P; g: P; h: P; i: P; j: P; k: P; l: P; m: P",
    "*: a b c d e f g h i j k l m", "P: open7 min3", "d i l m", "lottery",
    "a:P b:P c:P d:P e:P f:P g:P h:- i:P j:- k:- l:P m:P" },
  { "ORC-24 too few members, soft", "a: P; b: P; c: P; d: P; e: P", "*: a b c d e", "P: min2 open2", "d",
    "lottery", "a:P b:P c:P d:P e:-" },
  { "ORC-24 too few members, hard", "a: P; b: P; c: P; d: P; e: P", "*: a b c d e", "P: hard2 open2", "d",
    "lottery", "a:P b:P c:- d:P e:-" },
  { "ORC-26 one ranking", "x: P Q; y: P Q; z: Q P; u: P", "*: z x y u", "P: open1; Q: open2", "", "lottery",
    "u:- x:P y:Q z:Q" },
};

/* A problem in an arena, with the names for reading its result. */
typedef struct {
  GPtrArray *wishes, *slots;
  AllocationProblem problem;
} Built;

static gint64
rank_in (const GPtrArray *priorities, const char *unit, const char *applicant)
{
  guint32 at = find (priorities, "*");
  char **order = priorities->pdata[at == ALLOCATION_NOWHERE ? find (priorities, unit) : at];
  for (gint64 i = 1; order[i]; i++) {
    g_auto (GStrv) equals = g_strsplit (order[i], "=", -1);
    if (g_strv_contains ((const char *const *)equals, applicant))
      return i;
  }
  g_assert_not_reached ();
}

static void
build_units (Arena *arena, Built *b)
{
  AllocationUnit *units = arena_new0 (arena, AllocationUnit, b->slots->len);
  AllocationSlots *slots = arena_new0 (arena, AllocationSlots, NAMES_MAX);
  guint32 n = 0;
  for (guint u = 0; u < b->slots->len; u++) {
    char **runs = b->slots->pdata[u];
    units[u] = (AllocationUnit){ .id = runs[0], .first = n };
    for (guint i = 1; runs[i]; i++) {
      AllocationSlotKind kind = runs[i][0] == 'o'   ? ALLOCATION_OPEN
                                : runs[i][0] == 'm' ? ALLOCATION_MINIMUM
                                                    : ALLOCATION_HARD;
      slots[n++] = (AllocationSlots){ kind, 0, (guint32)atoi (strpbrk (runs[i], "0123456789")), runs[i] };
    }
    units[u].n_slots = n - units[u].first;
  }
  b->problem.n_units = b->slots->len;
  b->problem.units = units;
  b->problem.n_slots = n;
  b->problem.slots = slots;
}

static void
build (Arena *arena, const Example *e, Built *b)
{
  g_autoptr (GPtrArray) priorities = read_lists (e->priorities);
  g_auto (GStrv) members = g_strsplit (e->members, " ", -1);
  b->wishes = read_lists (e->wishes);
  b->slots = read_lists (e->slots);
  build_units (arena, b);
  guint n = b->wishes->len;
  guint32 *starts = arena_new0 (arena, guint32, n + 1), *choices = arena_new0 (arena, guint32, n * NAMES_MAX);
  gint64 *ranks = arena_new0 (arena, gint64, n * NAMES_MAX);
  guint64 *traits = arena_new0 (arena, guint64, n);
  guint8 (*tickets)[ALLOCATION_TICKET_BYTES] = arena_alloc (arena, n * ALLOCATION_TICKET_BYTES);
  memset (tickets, 0, n * ALLOCATION_TICKET_BYTES); /* equal ones go by number */
  for (guint i = 0; i < n; i++) {
    char **wishes = b->wishes->pdata[i];
    starts[i + 1] = starts[i];
    traits[i] = g_strv_contains ((const char *const *)members, wishes[0]);
    for (char **wish = wishes + 1; *wish; wish++) {
      ranks[starts[i + 1]] = rank_in (priorities, *wish, wishes[0]);
      choices[starts[i + 1]++] = find (b->slots, *wish);
    }
  }
  AllocationKey *key = arena_new0 (arena, AllocationKey, 1);
  *key = (AllocationKey){ .of_choice = ranks, .ascending = true };
  b->problem.n = n;
  b->problem.starts = starts;
  b->problem.choices = choices;
  b->problem.n_keys = 1;
  b->problem.keys = key;
  b->problem.traits = traits;
  b->problem.tickets = (const guint8 (*)[ALLOCATION_TICKET_BYTES])tickets;
  b->problem.ties = e->ties[0] == 'l'   ? ALLOCATION_TIES_LOTTERY
                    : e->ties[0] == 'r' ? ALLOCATION_TIES_REJECT_ALL
                                        : ALLOCATION_TIES_ADMIT_ALL;
}

static int
by_text (const void *a, const void *b)
{
  return strcmp (*(char *const *)a, *(char *const *)b);
}

static void
test_example (gconstpointer data)
{
  g_autoptr (Arena) arena = arena_new ();
  g_autoptr (GError) error = NULL;
  Built b = { 0 };
  build (arena, data, &b);
  const AllocationResult *result = allocation_run (&b.problem, arena, &error);
  g_assert_no_error (error);
  g_autoptr (GPtrArray) said = g_ptr_array_new_with_free_func (g_free);
  for (guint i = 0; i < b.wishes->len; i++) {
    guint32 unit = result->unit_of[i];
    g_ptr_array_add (said, g_strdup_printf ("%s:%s", ((char **)b.wishes->pdata[i])[0],
                                            unit == ALLOCATION_NOWHERE ? "-" : b.problem.units[unit].id));
  }
  qsort (said->pdata, said->len, sizeof *said->pdata, by_text);
  g_ptr_array_add (said, NULL);
  g_autofree char *text = g_strjoinv (" ", (char **)said->pdata);
  g_assert_cmpstr (text, ==, ((const Example *)data)->expected);
  g_assert_true (allocation_certify (&b.problem, result->unit_of, result->slots_of, NULL, &error));
  g_ptr_array_unref (b.wishes);
  g_ptr_array_unref (b.slots);
}

/* ---- random problems --------------------------------------------------- */

enum { APPLICANTS = 9, UNITS = 3, KEYS = 2, ROUNDS = 3000 };

typedef struct {
  AllocationUnit units[UNITS];
  AllocationSlots slots[2 * UNITS];
  guint32 starts[APPLICANTS + 1], choices[APPLICANTS * UNITS];
  gint64 of_choice[APPLICANTS * UNITS], of_applicant[APPLICANTS];
  guint64 traits[APPLICANTS];
  guint8 tickets[APPLICANTS][ALLOCATION_TICKET_BYTES];
  AllocationKey keys[KEYS];
  AllocationProblem problem;
} Random;

static void
make_random (GRand *random, AllocationTies ties, Random *r)
{
  memset (r, 0, sizeof *r);
  for (guint32 u = 0; u < UNITS; u++) {
    r->units[u] = (AllocationUnit){ .id = "u", .first = 2 * u, .n_slots = 2 };
    for (guint32 s = 0; s < 2; s++)
      r->slots[2 * u + s] = (AllocationSlots){ (AllocationSlotKind)g_rand_int_range (random, 0, 3),
                                               (guint8)g_rand_int_range (random, 0, 2),
                                               (guint32)g_rand_int_range (random, 0, 3), "s" };
  }
  for (guint32 i = 0; i < APPLICANTS; i++) {
    guint32 first = (guint32)g_rand_int_range (random, 0, UNITS),
            n = (guint32)g_rand_int_range (random, 0, UNITS + 1);
    guint32 step = (guint32)g_rand_int_range (random, 1, UNITS);
    r->starts[i + 1] = r->starts[i];
    for (guint32 c = 0; c < n; c++) {
      r->of_choice[r->starts[i + 1]] = g_rand_int_range (random, 0, 2);
      r->choices[r->starts[i + 1]++] = (first + c * step) % UNITS;
    }
    r->of_applicant[i] = g_rand_int_range (random, 0, 3);
    r->traits[i] = (guint64)g_rand_int_range (random, 0, 4);
    r->tickets[i][0] = (guint8)g_rand_int_range (random, 0, 8);
  }
  r->keys[0] = (AllocationKey){ .of_choice = r->of_choice, .ascending = true };
  r->keys[1] = (AllocationKey){ .of_applicant = r->of_applicant };
  r->problem = (AllocationProblem){ .ties = ties,
                                    .n_units = UNITS,
                                    .n_slots = 2 * UNITS,
                                    .n = APPLICANTS,
                                    .n_keys = KEYS,
                                    .units = r->units,
                                    .slots = r->slots,
                                    .starts = r->starts,
                                    .choices = r->choices,
                                    .keys = r->keys,
                                    .traits = r->traits,
                                    .tickets = (const guint8 (*)[ALLOCATION_TICKET_BYTES])r->tickets };
}

/* Below 0: A is before B on a slot of SLOTS; A and B are applications on their choices. */
static int
before (const Random *r, const AllocationSlots *slots, guint32 a, guint32 ca, guint32 b, guint32 cb)
{
  bool x = slots->kind == ALLOCATION_OPEN || (r->traits[a] >> slots->trait & 1);
  bool y = slots->kind == ALLOCATION_OPEN || (r->traits[b] >> slots->trait & 1);
  gint64 order = (x ? 0 : 1) - (y ? 0 : 1);
  order = order ? order : r->of_choice[ca] - r->of_choice[cb];
  order = order ? order : r->of_applicant[b] - r->of_applicant[a];
  if (r->problem.ties == ALLOCATION_TIES_LOTTERY) {
    order = order ? order : r->tickets[a][0] - r->tickets[b][0];
    order = order ? order : (gint64)a - (gint64)b;
  }
  return (int)order;
}

/* Whom the run S takes of ASKING, as a whole: the reference. */
static void
choose (const Random *r, guint32 s, const guint32 *at, bool *asking, bool *takes)
{
  const AllocationSlots *slots = &r->slots[s];
  memset (takes, 0, APPLICANTS * sizeof *takes);
  for (guint32 i = 0; i < APPLICANTS; i++) {
    guint32 better = 0, as_good = 0;
    if (!asking[i] || (slots->kind == ALLOCATION_HARD && !(r->traits[i] >> slots->trait & 1)))
      continue;
    for (guint32 j = 0; j < APPLICANTS; j++)
      if (asking[j] && !(slots->kind == ALLOCATION_HARD && !(r->traits[j] >> slots->trait & 1))) {
        int order = before (r, slots, j, at[j], i, at[i]);
        better += order < 0;
        as_good += order <= 0;
      }
    takes[i] = r->problem.ties == ALLOCATION_TIES_ADMIT_ALL ? better < slots->n : as_good <= slots->n;
  }
}

/* Everybody who was not refused asks, units choose among all of them afresh, until nobody is refused. */
static void
reference (const Random *r, guint32 *unit_of, guint32 *slots_of)
{
  guint32 at[APPLICANTS];
  memcpy (at, r->starts, sizeof at);
  for (bool refused = true; refused;) {
    refused = false;
    for (guint32 i = 0; i < APPLICANTS; i++)
      unit_of[i] = slots_of[i] = ALLOCATION_NOWHERE;
    for (guint32 u = 0; u < UNITS; u++) {
      bool asking[APPLICANTS], takes[APPLICANTS];
      for (guint32 i = 0; i < APPLICANTS; i++)
        asking[i] = at[i] < r->starts[i + 1] && r->choices[at[i]] == u;
      for (guint32 s = 0; s < 2; s++) {
        choose (r, 2 * u + s, at, asking, takes);
        for (guint32 i = 0; i < APPLICANTS; i++)
          if (takes[i]) {
            unit_of[i] = u;
            slots_of[i] = s;
            asking[i] = false;
          }
      }
      for (guint32 i = 0; i < APPLICANTS; i++)
        if (asking[i]) {
          at[i]++;
          refused = true;
        }
    }
  }
}

/* Waiting lists name exactly those who would rather have the unit, the best claim first. */
static void
check_waiting (const Random *r, const AllocationResult *result)
{
  static const AllocationSlots open = { ALLOCATION_OPEN, 0, 1, "any" };
  guint32 wanted[UNITS] = { 0 };
  for (guint32 i = 0; i < APPLICANTS; i++)
    for (guint32 c = r->starts[i]; c < r->starts[i + 1] && r->choices[c] != result->unit_of[i]; c++)
      wanted[r->choices[c]]++;
  for (guint32 u = 0; u < UNITS; u++) {
    guint32 from = result->waiting_starts[u], to = result->waiting_starts[u + 1], before_them = 0,
            at_them = 0;
    g_assert_cmpuint (to - from, ==, wanted[u]);
    for (guint32 w = from; w < to; w++) {
      guint32 i = result->waiting[w], c = r->starts[i];
      for (; c < r->starts[i + 1] && r->choices[c] != u; c++)
        g_assert_cmpuint (r->choices[c], !=, result->unit_of[i]);
      g_assert_cmpuint (c, <, r->starts[i + 1]);
      g_assert_true (w == from || before (r, &open, before_them, at_them, i, c) < 0);
      before_them = i;
      at_them = c;
    }
  }
}

static void
test_random (void)
{
  g_autoptr (GRand) random = g_rand_new_with_seed (1962);
  g_autoptr (Arena) arena = arena_new ();
  for (int round = 0; round < ROUNDS; round++) {
    Random r;
    guint32 unit_of[APPLICANTS], slots_of[APPLICANTS];
    g_autoptr (GError) error = NULL;
    make_random (random, ALLOCATION_TIES_LOTTERY, &r);
    arena_reset (arena);
    reference (&r, unit_of, slots_of);
    const AllocationResult *result = allocation_run (&r.problem, arena, &error);
    g_assert_no_error (error);
    g_assert_cmpmem (result->unit_of, sizeof unit_of, unit_of, sizeof unit_of);
    g_assert_cmpmem (result->slots_of, sizeof slots_of, slots_of, sizeof slots_of);
    g_assert_true (allocation_certify (&r.problem, result->unit_of, result->slots_of, NULL, &error));
    check_waiting (&r, result);
  }
}

/* With equal claims refused or admitted together the certificate is the measure: it names limits that fell.
 */
static void
test_random_ties (void)
{
  g_autoptr (GRand) random = g_rand_new_with_seed (2015);
  g_autoptr (Arena) arena = arena_new ();
  for (int round = 0; round < ROUNDS; round++) {
    Random r;
    g_autoptr (GError) error = NULL;
    make_random (random, round % 2 ? ALLOCATION_TIES_REJECT_ALL : ALLOCATION_TIES_ADMIT_ALL, &r);
    arena_reset (arena);
    const AllocationResult *result = allocation_run (&r.problem, arena, &error);
    g_assert_no_error (error);
    bool holds = allocation_certify (&r.problem, result->unit_of, result->slots_of, NULL, &error);
    g_assert_no_error (error);
    g_assert_true (holds);
  }
}

/* Of all that one application could hold instead, only their own place is certified, or one that is as
 * stable: then somebody else moved, which one change alone is not. */
static void
test_certificate_refuses (void)
{
  g_autoptr (GRand) random = g_rand_new_with_seed (9162);
  g_autoptr (Arena) arena = arena_new ();
  for (int round = 0; round < ROUNDS / 10; round++) {
    Random r;
    make_random (random, ALLOCATION_TIES_LOTTERY, &r);
    arena_reset (arena);
    const AllocationResult *result = allocation_run (&r.problem, arena, NULL);
    for (guint32 i = 0; i < APPLICANTS; i++)
      for (guint32 other = 0; other <= 2 * UNITS; other++) {
        guint32 unit_of[APPLICANTS], slots_of[APPLICANTS];
        memcpy (unit_of, result->unit_of, sizeof unit_of);
        memcpy (slots_of, result->slots_of, sizeof slots_of);
        unit_of[i] = other == 2 * UNITS ? ALLOCATION_NOWHERE : other / 2;
        slots_of[i] = other == 2 * UNITS ? ALLOCATION_NOWHERE : other % 2;
        bool same = unit_of[i] == result->unit_of[i] && slots_of[i] == result->slots_of[i];
        g_autoptr (GError) error = NULL;
        g_assert_cmpint (allocation_certify (&r.problem, unit_of, slots_of, NULL, &error), ==, same);
        g_assert_cmpint (error != NULL, ==, !same);
      }
  }
}

/* Keys too wide to be packed are compared one by one: values spread over 64 bits keep their order, and so the
 * result. */
static void
test_wide_keys (void)
{
  g_autoptr (GRand) random = g_rand_new_with_seed (3797);
  g_autoptr (Arena) arena = arena_new ();
  for (int round = 0; round < ROUNDS / 10; round++) {
    Random r;
    make_random (random, (AllocationTies)(round % 3), &r);
    arena_reset (arena);
    const AllocationResult *narrow = allocation_run (&r.problem, arena, NULL);
    for (guint32 i = 0; i < APPLICANTS; i++)
      r.of_applicant[i] = r.of_applicant[i] * (G_MAXINT64 / 2) - G_MAXINT64 + r.of_applicant[i];
    for (guint32 c = 0; c < r.starts[APPLICANTS]; c++)
      r.of_choice[c] = r.of_choice[c] * G_MAXINT64 - r.of_choice[c];
    const AllocationResult *wide = allocation_run (&r.problem, arena, NULL);
    g_assert_cmpmem (narrow->unit_of, sizeof r.starts - 4, wide->unit_of, sizeof r.starts - 4);
    g_assert_cmpmem (narrow->waiting_starts, 4 * (UNITS + 1), wide->waiting_starts, 4 * (UNITS + 1));
    g_assert_cmpmem (narrow->waiting, 4 * narrow->waiting_starts[UNITS], wide->waiting,
                     4 * narrow->waiting_starts[UNITS]);
  }
}

static void
test_refused (void)
{
  g_autoptr (GRand) random = g_rand_new_with_seed (1);
  g_autoptr (Arena) arena = arena_new ();
  g_autoptr (GError) error = NULL, other = NULL;
  Random r;
  make_random (random, ALLOCATION_TIES_LOTTERY, &r);
  r.problem.mechanism = ALLOCATION_SERIAL;
  g_assert_null (allocation_run (&r.problem, arena, &error));
  g_assert_error (error, FAULT, FAULT_INPUT);
  r.problem.mechanism = ALLOCATION_DEFERRED;
  r.problem.tickets = NULL;
  g_assert_null (allocation_run (&r.problem, arena, &other));
  g_assert_error (other, FAULT, FAULT_INPUT);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  for (size_t i = 0; i < G_N_ELEMENTS (examples); i++) {
    g_autofree char *path = g_strdup_printf ("/allocation/%s", examples[i].name);
    g_test_add_data_func (path, &examples[i], test_example);
  }
  g_test_add_func ("/allocation/random", test_random);
  g_test_add_func ("/allocation/random-ties", test_random_ties);
  g_test_add_func ("/allocation/certificate-refuses", test_certificate_refuses);
  g_test_add_func ("/allocation/wide-keys", test_wide_keys);
  g_test_add_func ("/allocation/refused", test_refused);
  return g_test_run ();
}
