/* The county that pages share: it is there on the day that is asked for, a change is told, and after
 * the end nobody is told anything. */
#include "web/county.h"
#include "town.h"

#include <locale.h>

enum { RESIDENTS = 3000, ROUNDS = 12 };

static PolicyPackage *package;
static Town town;
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
  WebOptions options = { .package = package, .registry = town.registry };
  Listener listener = { 0 };
  WebCounty *c = web_county_new (&options);
  web_county_listen (c, take_change, &listener);
  const RegistryEntity *resident = registry_schema_entity (registry_schema (town.registry), "resident");
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
  store_write (registry_store (town.registry), execute, (gpointer)sql, &error);
  g_assert_no_error (error);
}

/* A store that fails for a moment: who waits gets the county when it does no more. */
static void
test_retry (void)
{
  WebOptions options = { .package = package, .registry = town.registry };
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
  WebOptions options = { .package = package, .registry = town.registry };
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
  package = town_package ();
  town_open_demo (&town, package, RESIDENTS, 7);
  today = town.as_of;
  g_test_add_func ("/web/county/enter", test_enter);
  g_test_add_func ("/web/county/stop", test_stop);
  g_test_add_func ("/web/county/retry", test_retry);
  int result = g_test_run ();
  town_close (&town);
  policy_free (package);
  return result;
}
