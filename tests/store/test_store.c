/* Opening, refusing, writing, undoing: one store, one thread, either engine. */
#include "notes.h"

/* ---- opening ----------------------------------------------------------- */

static void
test_create (Notes *f, gconstpointer unused)
{
  Store *store = notes_open (f, STORE_CREATE, 2);
  g_assert_cmpstr (store_path (store), ==, f->path);
  notes_write (store, "a");
  store_close (store);
  store = notes_open (f, 0, 2);
  g_assert_cmpint (notes_query (store, "SELECT count(*) FROM note"), ==, 1);
  g_assert_cmpint (notes_query (store, "SELECT version FROM store_version WHERE module = 'notes'"), ==, 2);
  store_close (store);
}

static void
test_migrate (Notes *f, gconstpointer unused)
{
  Store *store = notes_open (f, STORE_CREATE, 1);
  notes_write (store, "old");
  store_close (store);
  store = notes_open (f, 0, 2);
  g_assert_cmpint (notes_query (store, "SELECT count(*) FROM note WHERE author IS NULL"), ==, 1);
  store_close (store);
}

/* Another module brings its tables to an open store. */
static void
test_second_module (Notes *f, gconstpointer unused)
{
  static const StoreMigration more[] = { { "tags", 1, "CREATE TABLE tag (id INTEGER PRIMARY KEY) STRICT" } };
  Store *store = notes_open (f, STORE_CREATE, 2);
  GError *error = NULL;
  for (int i = 0; i < 2; i++)
    g_assert_true (store_migrate (store, more, 1, &error));
  g_assert_cmpint (notes_query (store, "SELECT count(*) FROM tag"), ==, 0);
  g_assert_cmpint (notes_query (store, "SELECT CAST (sum (version) AS INTEGER) FROM store_version"), ==, 3);
  store_close (store);
}

static void
test_broken_migration (Notes *f, gconstpointer unused)
{
  static const StoreMigration broken[]
      = { { "bad", 1,
            "CREATE TABLE half (id INTEGER PRIMARY KEY) STRICT; CREATE TABLE half (x INTEGER) STRICT" } },
      mended[] = { { "bad", 1, "CREATE TABLE half (id INTEGER PRIMARY KEY) STRICT" } };
  Store *store = notes_open (f, STORE_CREATE, 2);
  g_autoptr (GError) error = NULL;
  g_assert_false (store_migrate (store, broken, 1, &error));
  g_assert_error (error, FAULT, FAULT_SYSTEM);
  g_assert_cmpint (notes_query (store, "SELECT count(*) FROM store_version WHERE module = 'bad'"), ==, 0);
  g_assert_true (store_migrate (store, mended, 1, NULL));
  g_assert_cmpint (notes_query (store, "SELECT count(*) FROM half"), ==, 0);
  store_close (store);
}

static void
test_newer (Notes *f, gconstpointer unused)
{
  store_close (notes_open (f, STORE_CREATE, 2));
  notes_assert_refused (f, STORE_CREATE, 1, FAULT_INPUT, "version 2, this program knows 1");
}

static void
test_read_only (Notes *f, gconstpointer unused)
{
  Store *store = notes_open (f, STORE_CREATE, 1);
  notes_write (store, "a");
  store_close (store);
  notes_assert_refused (f, STORE_READ_ONLY, 2, FAULT_INPUT, "open it once with write access");
  store = notes_open (f, STORE_READ_ONLY, 1);
  g_autoptr (GError) error = NULL;
  g_assert_cmpint (notes_query (store, "SELECT count(*) FROM note"), ==, 1);
  g_assert_false (store_write (store, notes_insert, (gpointer) "b", &error));
  g_assert_error (error, FAULT, FAULT_USAGE);
  store_close (store);
}

static bool
insert_then_fail (StoreConnection *db, gpointer text, GError **error)
{
  g_assert_true (notes_insert (db, text, NULL));
  g_set_error (error, FAULT, FAULT_CONFLICT, "no");
  return false;
}

/* ---- writing ----------------------------------------------------------- */

static void
test_failed_work (Notes *f, gconstpointer unused)
{
  Store *store = notes_open (f, STORE_CREATE, 2);
  g_autoptr (GError) error = NULL;
  notes_write (store, "kept");
  g_assert_false (store_write (store, insert_then_fail, (gpointer) "dropped", &error));
  g_assert_error (error, FAULT, FAULT_CONFLICT);
  notes_write (store, "kept too");
  g_assert_cmpint (notes_query (store, "SELECT count(*) FROM note"), ==, 2);
  g_assert_cmpint (notes_query (store, "SELECT count(*) FROM note WHERE text = 'dropped'"), ==, 0);
  store_close (store);
}

static void
test_long_transaction (Notes *f, gconstpointer unused)
{
  Store *store = notes_open (f, STORE_CREATE, 2);
  GError *error = NULL;
  StoreConnection *db = store_begin (store, &error);
  g_assert_true (notes_insert (db, (gpointer) "a", &error));
  g_assert_cmpint (notes_query (store, "SELECT count(*) FROM note"), ==, 0);
  g_assert_true (store_commit (store, &error));
  g_assert_cmpint (notes_query (store, "SELECT count(*) FROM note"), ==, 1);
  db = store_begin (store, &error);
  g_assert_true (notes_insert (db, (gpointer) "b", &error));
  store_rollback (store);
  notes_write (store, "c");
  g_assert_cmpint (notes_query (store, "SELECT count(*) FROM note WHERE text IN ('a', 'c')"), ==, 2);
  g_assert_cmpint (notes_query (store, "SELECT count(*) FROM note"), ==, 2);
  store_close (store);
}

static void
test_locked (Notes *f, gconstpointer unused)
{
  Store *store = notes_open (f, STORE_CREATE, 2), *other = notes_open (f, 0, 2);
  g_assert_nonnull (store_begin (other, NULL));
  g_autoptr (GError) error = NULL;
  g_assert_false (store_write (store, notes_insert, (gpointer) "a", &error));
  g_assert_error (error, FAULT, FAULT_SYSTEM);
  g_assert_nonnull (strstr (error->message, "locked by another process"));
  store_rollback (other);
  notes_write (store, "b");
  notes_write (other, "c");
  store_close (other);
  g_assert_cmpint (notes_query (store, "SELECT count(*) FROM note"), ==, 2);
  store_close (store);
}

/* ---- bulk loads -------------------------------------------------------- */

static void
test_bulk (Notes *f, gconstpointer unused)
{
  Store *store = notes_open (f, STORE_CREATE | STORE_BULK, 2);
  notes_write (store, "a");
  notes_assert_refused (f, 0, 2, FAULT_INPUT, "its first load was interrupted");
  GError *error = NULL;
  g_assert_true (store_checkpoint (store, &error));
  g_assert_true (store_checkpoint (store, &error));
  notes_write (store, "b");
  g_assert_cmpint (notes_query (store, "SELECT count(*) FROM note"), ==, 2);
  store_close (store);
  store = notes_open (f, 0, 2);
  g_assert_cmpint (notes_query (store, "SELECT count(*) FROM note"), ==, 2);
  store_close (store);
}

static void
test_bulk_interrupted (Notes *f, gconstpointer unused)
{
  Store *store = notes_open (f, STORE_CREATE | STORE_BULK, 2);
  notes_write (store, "a");
  store_close (store);
  notes_assert_refused (f, STORE_CREATE, 2, FAULT_INPUT, "and load again");
}

/* A reader keeps seeing what it saw first. */
static void
test_snapshot (Notes *f, gconstpointer unused)
{
  Store *store = notes_open (f, STORE_CREATE, 2);
  GError *error = NULL;
  StoreReader *reader = store_reader (store, &error);
  StoreConnection *db = store_reader_db (reader);
  for (int round = 0; round < 2; round++) {
    StoreStatement *count = store_statement (db, "SELECT count(*) FROM note", &error);
    g_assert_cmpint (store_step (count, NULL), ==, STORE_ROW);
    g_assert_cmpint (store_integer (count, 0), ==, 0);
    if (round == 0)
      notes_write (store, "later");
  }
  g_assert_false (store_execute (db, "DELETE FROM note", NULL));
  store_reader_release (reader);
  g_assert_cmpint (notes_query (store, "SELECT count(*) FROM note"), ==, 1);
  store_close (store);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
#define CASE(name, test) g_test_add ("/store/" name, Notes, NULL, notes_set_up, test, notes_tear_down)
  CASE ("create and open again", test_create);
  CASE ("migrate", test_migrate);
  CASE ("a second module", test_second_module);
  CASE ("a broken migration leaves nothing", test_broken_migration);
  CASE ("refuse a newer database", test_newer);
  CASE ("read only", test_read_only);
  CASE ("a failed work undoes itself only", test_failed_work);
  CASE ("a long transaction", test_long_transaction);
  CASE ("locked by another", test_locked);
  CASE ("bulk load", test_bulk);
  CASE ("an interrupted bulk load is refused", test_bulk_interrupted);
  CASE ("a reader sees one state", test_snapshot);
  return g_test_run ();
}
