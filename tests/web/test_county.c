/* The county that pages share: it is there on the day that is asked for, a change is told, and after
 * the end nobody is told anything. */
#include "web/county.h"
#include "demo/demo.h"
#include "support.h"

#include <locale.h>

enum { RESIDENTS = 3000, ROUNDS = 12 };

static PolicyPackage *package;
static Registry *registry;
static Day today;

typedef struct {
  gint told;  /* atomic */
  gint ended; /* atomic */
} Listener;

static void
take_change (void *data, const CountyChanges *changes)
{
  Listener *listener = data;
  g_assert_cmpint (g_atomic_int_get (&listener->ended), ==, 0);
  g_atomic_int_inc (&listener->told);
}

static void
test_enter (void)
{
  WebOptions options = { .package = package, .registry = registry };
  Listener listener = { 0 };
  WebCounty *c = web_county_new (&options);
  web_county_listen (c, take_change, &listener);
  const RegistryEntity *resident = registry_schema_entity (registry_schema (registry), "resident");
  for (Day day = today; day < today + 3; day++) {
    const County *county = web_county_enter (c, day, true);
    g_assert_nonnull (county);
    g_assert_cmpuint (county_subjects (county, resident), ==, RESIDENTS);
    web_county_leave (c);
    g_assert_cmpint (g_atomic_int_get (&listener.told), ==, 1 + (int)(day - today));
  }
  g_assert_null (web_county_enter (c, today, false)); /* a day gone by */
  web_county_stop (c);
  g_assert_null (web_county_enter (c, today + 9, true));
  web_county_free (c);
}

static bool
execute (StoreConnection *db, gpointer data, GError **error)
{
  return store_execute (db, data, error);
}

static void
change_store (const char *sql)
{
  GError *error = NULL;
  store_write (registry_store (registry), execute, (gpointer)sql, &error);
  g_assert_no_error (error);
}

/* A store that fails for a moment: who waits gets the county when it does no more. */
static void
test_retry (void)
{
  WebOptions options = { .package = package, .registry = registry };
  WebCounty *c = web_county_new (&options);
  change_store ("DROP TABLE kept");
  web_county_ask (c, today);
  g_usleep (500000);
  g_assert_null (web_county_enter (c, today, false));
  change_store (
      "CREATE TABLE kept (id INTEGER PRIMARY KEY, made_for TEXT NOT NULL, at_batch INTEGER NOT NULL,"
      " at_merge INTEGER NOT NULL, at_erasure INTEGER NOT NULL, bytes BLOB NOT NULL) STRICT");
  g_assert_nonnull (web_county_enter (c, today, true));
  web_county_leave (c);
  web_county_stop (c);
  web_county_free (c);
}

/* While the county is being read, sooner or later. */
static void
test_stop (void)
{
  WebOptions options = { .package = package, .registry = registry };
  for (int i = 0; i < ROUNDS; i++) {
    Listener listener = { 0 };
    WebCounty *c = web_county_new (&options);
    web_county_listen (c, take_change, &listener);
    web_county_ask (c, today + 10 + i);
    g_usleep ((gulong)i * 2000);
    web_county_stop (c);
    g_atomic_int_set (&listener.ended, 1);
    web_county_free (c);
  }
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
  today = summary.as_of;
  registry = registry_open (path, 0, policy_schema (package), &error);
  g_assert_no_error (error);
  g_test_add_func ("/web/county/enter", test_enter);
  g_test_add_func ("/web/county/stop", test_stop);
  g_test_add_func ("/web/county/retry", test_retry);
  int result = g_test_run ();
  registry_close (registry);
  policy_free (package);
  dmn_faults_free (faults);
  support_remove (temporary);
  return result;
}
