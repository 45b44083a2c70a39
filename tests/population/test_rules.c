/* The figures of a package small enough to count by hand. */
#include "good_people.h"

#include <locale.h>
#include "population/population.h"

static const PopulationClause *
count_on (GoodPeople *f, Day day)
{
  GError *error = NULL;
  PopulationOptions options
      = { f->package, f->town.registry, f->town.access, access_operator (f->arena, "test"), day };
  const PopulationClause *found = population_run (&options, f->arena, &f->help, 1, &error);
  g_assert_no_error (error);
  return found;
}

static void
check_count (const PopulationCount *c, gint64 subjects, gint64 yes, gint64 no, gint64 undetermined)
{
  g_assert_cmpint (c->subjects, ==, subjects);
  g_assert_cmpint (c->yes, ==, yes);
  g_assert_cmpint (c->no, ==, no);
  g_assert_cmpint (c->undetermined, ==, undetermined);
}

/* The provisions in their order, then the target, which looks at the very old only. */
static void
test_counts (GoodPeople *f, gconstpointer data)
{
  const PopulationClause *found = count_on (f, civil_to_day (2022, 6, 1));
  check_count (&found->provisions[0].count, 6, 3, 1, 2); /* visits: two are old, one lives in the hills */
  check_count (&found->provisions[1].count, 2, 1, 1, 0);
  check_count (&found->targets[0].count, 1, 1, 0, 0);
  gint64 paid;
  g_assert_true (decimal_to_int64 (found->provisions[1].count.amount, &paid));
  g_assert_cmpint (paid, ==, 100);
  g_assert_cmpint (found->provisions[1].count.amounts, ==, 1);
}

/* One has no age on record, one no household. */
static void
test_missing (GoodPeople *f, gconstpointer data)
{
  const PopulationProvision *visit = &count_on (f, civil_to_day (2022, 6, 1))->provisions[0];
  g_assert_cmpuint (visit->n_needs, ==, 2);
  for (size_t i = 0; i < visit->n_needs; i++) {
    g_assert_cmpint (visit->needs[i].n, ==, 1);
    g_assert_false (visit->needs[i].is_parameter);
  }
  g_assert_cmpuint (visit->n_dimensions, ==, 0); /* this registry knows no township, sex or date of birth */
}

/* Before heating aid began it is not counted. */
static void
test_not_in_force (GoodPeople *f, gconstpointer data)
{
  const PopulationClause *found = count_on (f, civil_to_day (2021, 6, 1));
  check_count (&found->provisions[0].count, 6, 3, 1, 2);
  check_count (&found->provisions[1].count, 0, 0, 0, 0);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  setlocale (LC_CTYPE, "C.UTF-8");
#define ADD(name, function)                                                                                  \
  g_test_add ("/population/" name, GoodPeople, NULL, good_people_set_up, function, good_people_tear_down)
  ADD ("counts", test_counts);
  ADD ("missing", test_missing);
  ADD ("not-in-force", test_not_in_force);
  return g_test_run ();
}
