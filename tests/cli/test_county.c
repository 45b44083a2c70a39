/* liudong demo: the same seed makes the same county. */
#include "scratch.h"

#include <sqlite3.h>

/* Accounts and the audit log hold random salts, rounds the secret of their lots and what it drew, the history
 * of schemas says when; everything else is the county. */
static bool
is_random (const char *table)
{
  return g_str_has_prefix (table, "access_") || g_str_equal (table, "registry_schema")
         || g_str_has_prefix (table, "audit_") || g_str_equal (table, "draw_round")
         || g_str_equal (table, "draw_application");
}

static void
add_rows (GChecksum *sum, sqlite3 *db, const char *table)
{
  g_autofree char *sql = g_strdup_printf ("SELECT * FROM \"%s\"", table);
  sqlite3_stmt *s;
  g_assert_cmpint (sqlite3_prepare_v2 (db, sql, -1, &s, NULL), ==, SQLITE_OK);
  while (sqlite3_step (s) == SQLITE_ROW)
    for (int i = 0; i < sqlite3_column_count (s); i++) {
      gint64 kind = sqlite3_column_type (s, i), len = sqlite3_column_bytes (s, i);
      g_checksum_update (sum, (const guchar *)&kind, sizeof kind);
      g_checksum_update (sum, (const guchar *)&len, sizeof len);
      g_checksum_update (sum, sqlite3_column_blob (s, i), len);
    }
  sqlite3_finalize (s);
}

/* A digest of every fact in the county that SEED and RESIDENTS make at PATH. */
static char *
facts_of (const char *path, const char *seed, const char *residents)
{
  const char *argv[] = { "liudong",  "demo", "--db",        path,      "--seed", seed,
                         "--listen", "none", "--residents", residents, NULL };
  g_autofree char *err = NULL;
  int status = support_run (argv, NULL, &err);
  g_test_message ("%s", err);
  g_assert_cmpint (status, ==, 0);
  sqlite3 *db;
  sqlite3_stmt *tables;
  g_autoptr (GChecksum) sum = g_checksum_new (G_CHECKSUM_SHA256);
  g_assert_cmpint (sqlite3_open (path, &db), ==, SQLITE_OK);
  sqlite3_prepare_v2 (db, "SELECT name FROM sqlite_schema WHERE type = 'table' ORDER BY name", -1, &tables,
                      NULL);
  int n = 0;
  for (; sqlite3_step (tables) == SQLITE_ROW; n++)
    if (!is_random ((const char *)sqlite3_column_text (tables, 0)))
      add_rows (sum, db, (const char *)sqlite3_column_text (tables, 0));
  g_assert_cmpint (n, >, 10);
  sqlite3_finalize (tables);
  sqlite3_close (db);
  return g_strdup (g_checksum_get_string (sum));
}

static void
test_seed (void)
{
  g_autofree char *first = facts_of ("first.db", "5", "300"), *second = facts_of ("second.db", "5", "300"),
                  *other = facts_of ("other.db", "6", "300");
  g_assert_cmpstr (first, ==, second);
  g_assert_cmpstr (first, !=, other);
}

/* About two of three cases that were decided are granted, as where people apply who may hope. */
static void
test_decided (void)
{
  static const char sql[] = "SELECT sum (outcome = 1), count (*) FROM cases_case WHERE decided_at > 0";
  g_free (facts_of ("decided.db", "1", "600"));
  sqlite3 *db;
  sqlite3_stmt *s;
  g_assert_cmpint (sqlite3_open ("decided.db", &db), ==, SQLITE_OK);
  g_assert_cmpint (sqlite3_prepare_v2 (db, sql, -1, &s, NULL), ==, SQLITE_OK);
  g_assert_cmpint (sqlite3_step (s), ==, SQLITE_ROW);
  int granted = sqlite3_column_int (s, 0), decided = sqlite3_column_int (s, 1);
  g_test_message ("%d of %d granted", granted, decided);
  g_assert_cmpint (decided, >=, 10);
  g_assert_cmpint (granted * 100, >=, decided * 55);
  g_assert_cmpint (granted * 100, <=, decided * 80);
  sqlite3_finalize (s);
  sqlite3_close (db);
}

static void
test_kept (void)
{
  g_autofree char *made = facts_of ("kept.db", "1", "50"), *again = facts_of ("kept.db", "2", "90");
  g_assert_cmpstr (made, ==, again);
}

/* The folder holds the county and nothing that was needed on the way. */
static void
test_leaves_nothing_else (void)
{
  g_autofree char *out = NULL;
  g_assert_cmpint (
      scratch_shell ("liudong demo --db alone/a.db --residents 30 --listen none 2>&1; ls -A alone", &out,
                     NULL),
      ==, 0);
  g_assert_true (g_str_has_suffix (out, " s\na.db\n"));
}

/* In a child that gives up its privileges, for the superuser may write anywhere. */
static void
test_folder_not_writable (void)
{
  g_autofree char *out = NULL;
  if (scratch_shell ("command -v setpriv", NULL, NULL) != 0) {
    g_test_skip ("needs setpriv");
    return;
  }
  if (scratch_shell (
          "[ $(id -u) != 0 ] || setpriv --reuid 65534 --clear-groups liudong check >/dev/null 2>&1", NULL,
          NULL)
      > 1) {
    g_test_skip ("needs a checkout that other users may read");
    return;
  }
  int status
      = scratch_shell ("mkdir -p locked && chmod 555 locked && chmod 755 . && if [ $(id -u) = 0 ]; then "
                       "setpriv --reuid 65534 --clear-groups liudong demo --db locked/a.db --listen none; "
                       "else liudong demo --db locked/a.db --listen none; fi 2>&1",
                       &out, NULL);
  g_test_message ("%s", out);
  g_assert_cmpint (status, ==, 3);
  g_assert_nonnull (strstr (out, "locked"));
  g_assert_nonnull (strstr (out, "Permission denied"));
  const char *first = strstr (out, "liudong demo:"); /* one line; a coverage build adds its own complaints */
  g_assert_nonnull (first);
  g_assert_null (strstr (first + 1, "liudong demo:"));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  char *folder = scratch_enter ();
  g_test_add_func ("/county/seed", test_seed);
  g_test_add_func ("/county/decided", test_decided);
  g_test_add_func ("/county/kept", test_kept);
  g_test_add_func ("/county/leaves-nothing-else", test_leaves_nothing_else);
  g_test_add_func ("/county/folder-not-writable", test_folder_not_writable);
  int status = g_test_run ();
  scratch_leave (folder);
  return status;
}
