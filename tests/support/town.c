#include "town.h"

#include "demo/demo.h"

PolicyPackage *
town_package (void)
{
  GError *error = NULL;
  g_autofree char *folder = support_source ("policy/minhou-2021-81");
  g_autoptr (DmnFaults) faults = dmn_faults_new ();
  PolicyPackage *package = policy_load (folder, faults, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (dmn_faults_count (faults, DMN_ERROR), ==, 0);
  return package;
}

static void
enter (Town *town, const PolicyPackage *package, const char *db, unsigned flags)
{
  GError *error = NULL;
  town->registry = registry_open (db, flags, policy_schema (package), &error);
  g_assert_no_error (error);
  town->access = access_open (town->registry, &error);
  g_assert_no_error (error);
  policy_hand_purposes (package, town->access);
}

void
town_open (Town *town, const PolicyPackage *package)
{
  *town = (Town){ .folder = support_folder () };
  g_autofree char *db = support_store (town->folder, "county.db");
  enter (town, package, db, STORE_CREATE);
}

void
town_open_demo (Town *town, const PolicyPackage *package, gint64 residents, guint64 seed)
{
  town->folder = support_folder ();
  g_autofree char *db = support_store (town->folder, "county.db"),
                  *shares = support_source ("data/demo/minhou.yaml");
  GError *error = NULL;
  DemoSummary summary;
  DemoOptions size = { .residents = residents, .seed = seed };
  demo_make_file (db, policy_schema (package), shares, &size, &summary, &error);
  g_assert_no_error (error);
  town->as_of = summary.as_of;
  enter (town, package, db, 0);
}

void
town_close (Town *town)
{
  access_free (town->access);
  registry_close (town->registry);
  support_remove (town->folder);
  g_free (town->folder);
}
