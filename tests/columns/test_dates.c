/* The calendar of the vector loops against base/civil.h's, over all the days that programs
 * can meet. */
#include "support.h"

#include "columns/columns_private.h"

enum { N = 1 << 14, DAY_MAX = 299000000, MONTHS_MAX = 1200000 };

static gint64 days[N], others[N], found[N];

static void
check_parts (void)
{
  for (int kind = OP_YEAR; kind <= OP_DAY; kind++) {
    kernel_date ((OpKind)kind, found, days, days, N);
    for (int i = 0; i < N; i++) {
      gint64 year;
      int month, day;
      civil_from_day (days[i], &year, &month, &day);
      g_assert_cmpint (found[i], ==, kind == OP_YEAR ? year : kind == OP_MONTH ? month : day);
    }
  }
}

static void
check_months (GRand *rand, int months)
{
  for (int i = 0; i < N; i++)
    others[i] = g_rand_int_range (rand, -months, months + 1);
  kernel_date (OP_ADD_MONTHS, found, days, others, N);
  for (int i = 0; i < N; i++)
    g_assert_cmpint (found[i], ==, civil_add_months (days[i], others[i]));
  for (int i = 0; i < N; i++)
    others[i] = CLAMP (days[i] + 30 * others[i], -DAY_MAX, DAY_MAX);
  kernel_date (OP_MONTHS_BETWEEN, found, days, others, N);
  for (int i = 0; i < N; i++)
    g_assert_cmpint (found[i], ==, civil_months_between (days[i], others[i]));
}

static void
test_dates (void)
{
  g_autoptr (GRand) rand = g_rand_new_with_seed (400);
  for (int round = 0; round < 60; round++) {
    for (int i = 0; i < N; i++) /* every day from year −767 on, then days from everywhere */
      days[i] = round < 30 ? -1000000 + (gint64)round * N + i : g_rand_int_range (rand, -DAY_MAX, DAY_MAX);
    check_parts ();
    check_months (rand, 30);
    check_months (rand, MONTHS_MAX);
  }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/columns/dates", test_dates);
  return g_test_run ();
}
