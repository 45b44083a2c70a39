/* Tickets of a million applications, on two threads, and the list's hash. */
#include "lottery/lottery.h"

#include "bench.h"

enum { N = 1000000, TURNS = 7 };

int
main (void)
{
  g_autoptr (GPtrArray) ids = g_ptr_array_new_full (N, g_free);
  for (guint i = 0; i < N; i++)
    g_ptr_array_add (ids, g_strdup_printf ("2026-%07u", i));
  g_autofree guint8 (*tickets)[LOTTERY_BYTES] = g_malloc0 ((size_t)N * LOTTERY_BYTES);
  const char *const *id = (const char *const *)ids->pdata;
  LotteryHash seed = lottery_digest ("bench", 5), list;
  double drawing[TURNS], listing[TURNS];
  for (int i = 0; i < TURNS; i++) {
    double start = bench_seconds (CLOCK_MONOTONIC);
    lottery_tickets (&seed, "bench", id, N, 2, tickets);
    double drawn = bench_seconds (CLOCK_MONOTONIC);
    bench_check (lottery_list (id, N, &list, NULL), NULL);
    drawing[i] = drawn - start;
    listing[i] = bench_seconds (CLOCK_MONOTONIC) - drawn;
  }
  printf ("%d tickets on two threads %.3f s, the list's hash %.3f s\n", N, bench_median (drawing, TURNS),
          bench_median (listing, TURNS));
  return 0;
}
