/* Counted by SQL, every clause's table is the same to the last byte as by columns, and so are the least and
 * greatest amounts; what has no SQL is said, and is little. */
#include "town.h"

#include "warehouse/warehouse.h"

#include <locale.h>

#ifdef __SANITIZE_ADDRESS__
enum { RESIDENTS = 300 };
#else
enum { RESIDENTS = 2000 };
#endif
enum { SEED = 11, SHARE_BY_SQL = 20 };

static PolicyPackage *package;

static const PopulationClause *
count_by_columns (const Town *town, const PolicyClause *const *pages, size_t n, Arena *arena)
{
  GError *error = NULL;
  PopulationOptions options = { .package = package,
                                .registry = town->registry,
                                .access = town->access,
                                .who = access_operator (arena, "test"),
                                .as_of = town->as_of };
  const PopulationClause *found = population_run (&options, arena, pages, n, &error);
  g_assert_no_error (error);
  return found;
}

static const PopulationClause *
count_by_sql (const Town *town, const PolicyClause *const *pages, size_t n, Arena *arena,
              WarehouseReport *report)
{
  GError *error = NULL;
  WarehouseOptions options = { .package = package,
                               .registry = town->registry,
                               .access = town->access,
                               .who = access_operator (arena, "test"),
                               .as_of = town->as_of };
  const PopulationClause *found = warehouse_count (&options, pages, n, arena, report, &error);
  g_assert_no_error (error);
  return found;
}

static char *
table_text (const PopulationClause *clause, Arena *arena)
{
  size_t n;
  const char *const *const *rows = population_rows (arena, clause, &n);
  GString *out = g_string_new (NULL);
  for (size_t r = 0; r < n; r++)
    for (int c = 0; c < POPULATION_COLUMNS; c++)
      g_string_append_printf (out, "%s%c", rows[r][c], c + 1 < POPULATION_COLUMNS ? '\t' : '\n');
  return g_string_free (out, FALSE);
}

static void
compare_amounts (const PopulationClause *expected, const PopulationClause *found)
{
  for (size_t i = 0; i < expected->clause->n_provisions; i++) {
    const PopulationCount *a = &expected->provisions[i].count, *b = &found->provisions[i].count;
    if (!a->amounts)
      continue;
    g_assert_true (decimal_equal (a->least, b->least));
    g_assert_true (decimal_equal (a->greatest, b->greatest));
  }
}

static void
test_count (void)
{
  Town town;
  g_autoptr (Arena) arena = arena_new ();
  size_t n;
  const PolicyClause *const *pages = policy_pages (package, &n);
  WarehouseReport report;
  town_open_demo (&town, package, RESIDENTS, SEED);
  const PopulationClause *expected = count_by_columns (&town, pages, n, arena),
                         *found = count_by_sql (&town, pages, n, arena, &report);
  for (size_t i = 0; i < n; i++) {
    g_autofree char *a = table_text (&expected[i], arena), *b = table_text (&found[i], arena);
    g_assert_cmpstr (a, ==, b);
    compare_amounts (&expected[i], &found[i]);
  }
  g_test_message ("%zu provisions by SQL, %zu by columns", report.by_sql, report.by_columns);
  g_assert_cmpuint (report.by_columns * SHARE_BY_SQL, <, report.by_sql);
  town_close (&town);
}

int
main (int argc, char **argv)
{
  setlocale (LC_ALL, "C.UTF-8");
  g_test_init (&argc, &argv, NULL);
  package = town_package ();
  g_test_add_func ("/warehouse/count", test_count);
  int status = g_test_run ();
  policy_free (package);
  return status;
}
