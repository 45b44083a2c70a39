/* A demo county with everything that the clauses read: every subject reads the same in its
 * row as from the registry, by every path of every decision that is asked about it. */
#include "demo/demo.h"
#include "policy/policy.h"
#include "rows.h"

#include <locale.h>

enum { RESIDENTS = 1200 };

static PolicyPackage *package;
static Registry *registry;
static Day as_of;

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
  CountyOptions options = { .registry = registry, .as_of = as_of };
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
    absent += rows_compare (county, registry, as_of, root, (FeelPath *)paths->data, paths->len);
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
  g_autofree char *folder = support_source ("policy/minhou-2021-81"),
                  *shares = support_source ("data/demo/minhou.yaml"), *temporary = support_folder (),
                  *path = support_store (temporary, "county.db");
  GError *error = NULL;
  DmnFaults *faults = dmn_faults_new ();
  package = policy_load (folder, faults, &error);
  g_assert_no_error (error);
  DemoOptions size = { .residents = RESIDENTS, .seed = 7 };
  DemoSummary summary;
  demo_make_file (path, policy_schema (package), shares, &size, &summary, &error);
  g_assert_no_error (error);
  as_of = summary.as_of;
  registry = registry_open (path, 0, policy_schema (package), &error);
  g_assert_no_error (error);
  g_test_add_func ("/county/demo", test_rows);
  int result = g_test_run ();
  registry_close (registry);
  policy_free (package);
  dmn_faults_free (faults);
  support_remove (temporary);
  return result;
}
