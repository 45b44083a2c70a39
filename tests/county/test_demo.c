/* A demo county with everything that the clauses read: every subject reads the same in its
 * row as from the registry, by every path of every decision that is asked about it. */
#include "rows.h"
#include "town.h"

#include <locale.h>

enum { RESIDENTS = 1200 };

static PolicyPackage *package;
static Town town;

static void
add_paths (Arena *arena, const RegistryEntity *root, const DmnDecision *decision, GArray *paths)
{
  size_t n = 0;
  const FeelPath *own = decision ? policy_decision_paths (package, arena, root, decision, &n) : NULL;
  if (n)
    g_array_append_vals (paths, own, (guint)n);
}

/* Everything that provisions ask about ROOT. */
static GArray *
paths_of (Arena *arena, const RegistryEntity *root)
{
  GArray *paths = g_array_new (FALSE, FALSE, sizeof (FeelPath));
  size_t n;
  const PolicyClause *const *pages = policy_pages (package, &n);
  for (size_t i = 0; i < n; i++)
    for (size_t p = 0; p < pages[i]->n_provisions; p++)
      if (pages[i]->provisions[p].subject == root) {
        add_paths (arena, root, pages[i]->provisions[p].eligible, paths);
        add_paths (arena, root, pages[i]->provisions[p].amount, paths);
      }
  return paths;
}

static void
test_rows (void)
{
  g_autoptr (Arena) arena = arena_new ();
  CountyOptions options = { .registry = town.registry, .as_of = town.as_of };
  options.attributes = policy_attributes (package, arena, &options.n_attributes);
  GError *error = NULL;
  g_autoptr (County) county = county_open (&options, &error);
  g_assert_no_error (error);
  rows_check (county, policy_schema (package));
  size_t absent = 0, kinds = 0;
  for (size_t e = 0; e < registry_schema_size (policy_schema (package)); e++) {
    const RegistryEntity *root = registry_schema_entity_at (policy_schema (package), e);
    g_autoptr (GArray) paths = paths_of (arena, root);
    if (!paths->len)
      continue;
    kinds++;
    absent += rows_compare (county, town.registry, town.as_of, root, (FeelPath *)paths->data, paths->len);
  }
  g_test_message ("%zu attributes, %zu bytes, %zu facts none or unknown", options.n_attributes,
                  county_bytes (county), absent);
  g_assert_cmpuint (kinds, >, 2);
  g_assert_cmpuint (absent, >, RESIDENTS);
}

int
main (int argc, char **argv)
{
  setlocale (LC_ALL, "C.UTF-8");
  g_test_init (&argc, &argv, NULL);
  package = town_package ();
  town_open_demo (&town, package, RESIDENTS, 7);
  g_test_add_func ("/county/demo", test_rows);
  int result = g_test_run ();
  town_close (&town);
  policy_free (package);
  return result;
}
