/* A copy before tables change, and copies of files. */
#include <glib/gstdio.h>
#include <sys/stat.h>
#include "store/store.h"
#include "support.h"

static const StoreMigration migrations[] = {
  { "notes", 1, "CREATE TABLE note (id INTEGER PRIMARY KEY, text TEXT NOT NULL) STRICT" },
  { "notes", 2, "ALTER TABLE note ADD COLUMN author TEXT" },
};
static const StoreMigration tags[] = {
  { "tags", 1, "CREATE TABLE tag (id INTEGER PRIMARY KEY) STRICT" },
  { "tags", 2, "ALTER TABLE tag ADD COLUMN note INTEGER" },
};

typedef struct {
  char *folder, *path, *copy;
  int calls;
  bool fails;
} Fixture;

static gint64
query (Store *store, const char *sql)
{
  GError *error = NULL;
  gint64 value = -1;
  g_autoptr (StoreReader) reader = store_reader (store, &error);
  g_assert_true (store_query (store_reader_db (reader), sql, -1, &value, &error));
  return value;
}

/* What is kept has the tables as they were, with all that was acknowledged. */
static bool
keep (Store *store, gpointer data, GError **error)
{
  Fixture *f = data;
  f->calls++;
  g_assert_cmpint (query (store, "SELECT count(*) FROM note WHERE text = 'kept'"), ==, 1);
  if (f->fails)
    g_set_error (error, FAULT, FAULT_SYSTEM, "no room");
  return !f->fails;
}

static void
set_up (Fixture *f, gconstpointer unused)
{
  f->folder = support_folder ();
  f->path = support_store (f->folder, "notes.db");
  f->copy = g_build_filename (f->folder, "copy.db", NULL);
  store_set_keep (keep, f);
}

static void
tear_down (Fixture *f, gconstpointer unused)
{
  store_set_keep (NULL, NULL);
  support_remove (f->folder);
  g_free (f->folder);
  g_free (f->path);
  g_free (f->copy);
}

static bool
insert_note (StoreConnection *db, gpointer unused, GError **error)
{
  return store_execute (db, "INSERT INTO note (text) VALUES ('kept')", error);
}

static Store *
open_notes (const Fixture *f, size_t n)
{
  GError *error = NULL;
  Store *store = store_open (f->path, STORE_CREATE, migrations, n, &error);
  g_assert_no_error (error);
  return store;
}

/* A store with a note, of the first version. */
static void
make_notes (const Fixture *f)
{
  g_autoptr (Store) store = open_notes (f, 1);
  g_assert_true (store_write (store, insert_note, NULL, NULL));
}

static void
test_new_store (Fixture *f, gconstpointer unused)
{
  g_autoptr (Store) store = open_notes (f, 2);
  g_assert_true (store_write (store, insert_note, NULL, NULL));
  g_assert_true (store_migrate (store, tags, 2, NULL));
  g_assert_cmpint (f->calls, ==, 0);
}

static void
test_once (Fixture *f, gconstpointer unused)
{
  make_notes (f);
  store_close (open_notes (f, 1));
  g_assert_cmpint (f->calls, ==, 0); /* nothing changes */
  g_autoptr (Store) store = open_notes (f, 2);
  g_assert_cmpint (f->calls, ==, 1);
  g_assert_true (store_migrate (store, tags, 1, NULL));
  g_assert_true (store_migrate (store, tags, 2, NULL));
  g_assert_cmpint (f->calls, ==, 1);
  g_assert_cmpint (query (store, "SELECT count(*) FROM note WHERE author IS NULL"), ==, 1);
}

/* Another module's first tables change nothing; what it brings later may. */
static void
test_new_module (Fixture *f, gconstpointer unused)
{
  make_notes (f);
  Store *store = open_notes (f, 1);
  g_assert_true (store_migrate (store, tags, 1, NULL));
  store_close (store);
  g_assert_cmpint (f->calls, ==, 0);
  store = open_notes (f, 1);
  g_assert_true (store_migrate (store, tags, 2, NULL));
  g_assert_cmpint (f->calls, ==, 1);
  store_close (store);
}

/* A module that comes with several versions at once brings tables that nobody has written to. */
static void
test_new_module_at_once (Fixture *f, gconstpointer unused)
{
  make_notes (f);
  g_autoptr (Store) store = open_notes (f, 1);
  g_assert_true (store_migrate (store, tags, 2, NULL));
  g_assert_cmpint (f->calls, ==, 0);
}

static void
test_failing (Fixture *f, gconstpointer unused)
{
  make_notes (f);
  g_autoptr (GError) error = NULL;
  f->fails = true;
  g_assert_null (store_open (f->path, STORE_CREATE, migrations, 2, &error));
  g_assert_error (error, FAULT, FAULT_SYSTEM);
  g_assert_cmpstr (error->message, ==, "no room");
  g_autoptr (Store) store = open_notes (f, 1); /* neither migrated nor locked */
  g_assert_true (store_write (store, insert_note, NULL, NULL));
}

/* A server's database is no file. */
static void
test_no_file (Fixture *f, gconstpointer unused)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (Store) store = open_notes (f, 1);
  g_assert_false (store_copy (store, f->copy, &error));
  g_assert_error (error, FAULT, FAULT_USAGE);
}

static void
test_copy (Fixture *f, gconstpointer unused)
{
  make_notes (f);
  GError *error = NULL;
  g_autoptr (Store) store = open_notes (f, 1);
  g_assert_nonnull (store_begin (store, &error));
  g_assert_true (store_copy (store, f->copy, &error)); /* the writer's work is nobody's yet */
  g_assert_no_error (error);
  g_assert_true (store_commit (store, &error));
  struct stat file;
  g_assert_cmpint (stat (f->copy, &file), ==, 0);
  g_assert_cmpint (file.st_mode & 0777, ==, 0600);
  g_assert_true (store_write (store, insert_note, NULL, &error));

  g_autoptr (Store) copy = store_open (f->copy, 0, migrations, 1, &error);
  g_assert_no_error (error);
  g_assert_cmpint (query (copy, "SELECT count(*) FROM note"), ==, 1);
  g_assert_cmpint (query (copy, "SELECT count(*) FROM pragma_integrity_check WHERE integrity_check <> 'ok'"),
                   ==, 0);
  g_autoptr (GError) again = NULL;
  g_assert_false (store_copy (store, f->copy, &again));
  g_assert_error (again, FAULT, FAULT_CONFLICT);
  g_assert_cmpint (query (copy, "SELECT count(*) FROM note"), ==, 1);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
#define CASE(name, test) g_test_add ("/store/keep/" name, Fixture, NULL, set_up, test, tear_down)
  CASE ("nothing is kept of a new store", test_new_store);
  CASE ("once for an open store", test_once);
  CASE ("before a module's later tables", test_new_module);
  CASE ("nothing is kept for a module that comes whole", test_new_module_at_once);
  CASE ("failing changes nothing", test_failing);
  CASE ("a copy of a file", support_on_postgres () ? test_no_file : test_copy);
  return g_test_run ();
}
