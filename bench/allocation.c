/* A million applications to a thousand units, twenty wishes each: points with ties that the lot decides, and
 * a guaranteed reserve in each unit.  The run with its waiting lists, and the certificate. */
#include "allocation/allocation.h"

#include "bench.h"

#include <malloc.h>

enum { N = 1000000, UNITS = 1000, WISHES = 20, PLACES = 900, RESERVE = 90, TURNS = 3, SIBLINGS = 100000 };

typedef struct {
  AllocationUnit units[UNITS];
  AllocationSlots slots[2 * UNITS];
  guint32 *starts, *choices;
  gint64 *points;
  guint64 *traits;
  guint8 (*tickets)[LOTTERY_BYTES];
  AllocationKey key;
} County;

static void
make_wishes (GRand *random, County *c)
{
  for (guint32 i = 0; i < N; i++) {
    guint32 first = (guint32)g_rand_int_range (random, 0, UNITS),
            step = (guint32)g_rand_int_range (random, 0, UNITS / 2);
    guint32 *wishes = c->choices + c->starts[i], n = 0;
    for (; n < WISHES && (n == 0 || (first + n * (2 * step + 1)) % UNITS != first); n++)
      wishes[n] = (first + n * (2 * step + 1)) % UNITS;
    c->starts[i + 1] = c->starts[i] + n;
    c->points[i] = g_rand_int_range (random, 0, 200);
    c->traits[i] = g_rand_int_range (random, 0, 20) == 0;
  }
}

static AllocationProblem
make (County *c)
{
  g_autoptr (GRand) random = g_rand_new_with_seed (8);
  g_autoptr (GPtrArray) ids = g_ptr_array_new_full (N, g_free);
  c->starts = g_new0 (guint32, N + 1);
  c->choices = g_new (guint32, (size_t)N * WISHES);
  c->points = g_new (gint64, N);
  c->traits = g_new (guint64, N);
  c->tickets = g_malloc ((size_t)N * LOTTERY_BYTES);
  for (guint32 u = 0; u < UNITS; u++) {
    c->units[u] = (AllocationUnit){ .id = "unit", .first = 2 * u, .n_slots = 2 };
    c->slots[2 * u] = (AllocationSlots){ ALLOCATION_MINIMUM, 0, RESERVE, "reserve" };
    c->slots[2 * u + 1] = (AllocationSlots){ ALLOCATION_OPEN, 0, PLACES - RESERVE, "open" };
  }
  make_wishes (random, c);
  for (guint32 i = 0; i < N; i++)
    g_ptr_array_add (ids, g_strdup_printf ("2026-%07u", i));
  LotteryHash seed = lottery_digest ("bench", 5);
  lottery_tickets (&seed, "bench", (const char *const *)ids->pdata, N, 2, c->tickets);
  c->key = (AllocationKey){ .of_applicant = c->points };
  return (AllocationProblem){ .n_units = UNITS,
                              .n_slots = 2 * UNITS,
                              .n = N,
                              .n_keys = 1,
                              .units = c->units,
                              .slots = c->slots,
                              .starts = c->starts,
                              .choices = c->choices,
                              .keys = &c->key,
                              .traits = c->traits,
                              .tickets = (const guint8 (*)[LOTTERY_BYTES])c->tickets };
}

/* What the process had at most so far, in bytes; after it was forgotten: since then. */
static guint64
peak (void)
{
  g_autofree char *status = NULL;
  g_assert_true (g_file_get_contents ("/proc/self/status", &status, NULL, NULL));
  return g_ascii_strtoull (strstr (status, "VmHWM:") + strlen ("VmHWM:"), NULL, 10) * 1024;
}

/* Beyond what is held now, the bytes that a run needs at most.  The kernel counts pages that were written to.
 */
static guint64
measure_memory (const AllocationProblem *problem)
{
  malloc_trim (0);
  FILE *forget = fopen ("/proc/self/clear_refs", "w");
  bench_check (forget && fputs ("5", forget) >= 0 && fclose (forget) == 0, NULL);
  guint64 before = peak ();
  g_autoptr (Arena) arena = arena_new ();
  bench_check (allocation_run (problem, arena, NULL) != NULL, NULL);
  return peak () - before;
}

/* The passes for siblings: a tenth of the applications and of the places, by lot alone; half of the
 * applications are of families of two, with the same wishes. */
static void
run_siblings (AllocationProblem problem)
{
  g_autoptr (Arena) arena = arena_new ();
  g_autoptr (GError) error = NULL;
  guint32 *family_of = arena_new0 (arena, guint32, SIBLINGS),
          *starts = arena_new0 (arena, guint32, SIBLINGS + 1);
  guint32 *choices = arena_new0 (arena, guint32, (size_t)SIBLINGS * WISHES);
  AllocationSlots *slots = arena_copy (arena, problem.slots, problem.n_slots * sizeof *slots);
  for (size_t s = 0; s < problem.n_slots; s++)
    slots[s].n /= N / SIBLINGS;
  for (guint32 i = 0; i < SIBLINGS; i++) {
    guint32 like = i % 4 == 1 ? i - 1 : i, n = problem.starts[like + 1] - problem.starts[like];
    memcpy (choices + starts[i], problem.choices + problem.starts[like], n * sizeof *choices);
    starts[i + 1] = starts[i] + n;
    family_of[i] = i % 4 < 2 ? i / 4 : ALLOCATION_NOWHERE;
  }
  problem.n = SIBLINGS;
  problem.n_keys = 0;
  problem.slots = slots;
  problem.starts = starts;
  problem.choices = choices;
  double start = bench_seconds (CLOCK_MONOTONIC);
  const AllocationSiblings *s = allocation_siblings (&problem, family_of, arena, &error);
  double seconds = bench_seconds (CLOCK_MONOTONIC) - start;
  bench_check (s != NULL, error);
  bench_check (allocation_certify (&s->problem, s->result->unit_of, s->result->slots_of, NULL, &error),
               error);
  bench_check (s->after.siblings > s->before.siblings, NULL);
  printf ("%d applications with %u families: %u passes, %u -> %u siblings together, %.3f s\n", SIBLINGS,
          s->n_families, s->passes, s->before.siblings, s->after.siblings, seconds);
}

int
main (void)
{
  static County county;
  AllocationProblem problem = make (&county);
  double running[TURNS], certifying[TURNS];
  guint64 placed = 0;
  for (int i = 0; i < TURNS; i++) {
    g_autoptr (Arena) arena = arena_new ();
    g_autoptr (GError) error = NULL;
    double start = bench_seconds (CLOCK_MONOTONIC);
    const AllocationResult *result = allocation_run (&problem, arena, &error);
    double run = bench_seconds (CLOCK_MONOTONIC);
    bench_check (result != NULL, error);
    bench_check (allocation_certify (&problem, result->unit_of, result->slots_of, NULL, &error), error);
    running[i] = run - start;
    certifying[i] = bench_seconds (CLOCK_MONOTONIC) - run;
    placed = 0;
    for (guint32 s = 0; s < problem.n_slots; s++)
      placed += result->filled[s];
  }
  printf (
      "%d applications, %u wishes, %d units, %" G_GUINT64_FORMAT " placed: run %.3f s, certificate %.3f s\n",
      N, county.starts[N], UNITS, placed, bench_median (running, TURNS), bench_median (certifying, TURNS));
  guint64 bytes = measure_memory (&problem);
  printf ("memory beyond the lists: %.0f bytes an application\n", (double)bytes / N);
  run_siblings (problem);
  return 0;
}
