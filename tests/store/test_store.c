/* Opening, refusing, writing, undoing: one store, one thread. */
#include <glib/gstdio.h>
#include <sqlite3.h>
#include <sys/wait.h>
#include <unistd.h>
#include "store/store.h"
#include "support.h"

static const StoreMigration migrations[] = {
  { "notes", 1, "CREATE TABLE note (id INTEGER PRIMARY KEY, text TEXT NOT NULL) STRICT" },
  { "notes", 2, "ALTER TABLE note ADD COLUMN author TEXT; CREATE INDEX note_author ON note (author)" },
};

typedef struct {
  char *folder, *path;
} Fixture;

static void
set_up (Fixture *f, gconstpointer unused)
{
  f->folder = support_folder ();
  f->path = g_build_filename (f->folder, "notes.db", NULL);
}

static void
tear_down (Fixture *f, gconstpointer unused)
{
  support_remove (f->folder);
  g_free (f->folder);
  g_free (f->path);
}

static Store *
open_notes (const Fixture *f, StoreFlags flags, size_t n)
{
  GError *error = NULL;
  Store *store = store_open (f->path, flags, migrations, n, &error);
  g_assert_no_error (error);
  g_assert_nonnull (store);
  return store;
}

static void
assert_refused (const Fixture *f, StoreFlags flags, size_t n, FaultCode code, const char *words)
{
  g_autoptr (GError) error = NULL;
  Store *store = store_open (f->path, flags, migrations, n, &error);
  g_assert_null (store);
  g_assert_error (error, FAULT, (int)code);
  g_assert_nonnull (strstr (error->message, f->path));
  if (!strstr (error->message, words))
    g_error ("\"%s\" does not say \"%s\"", error->message, words);
}

static gint64
query (Store *store, const char *sql)
{
  GError *error = NULL;
  g_autoptr (StoreReader) reader = store_reader (store, &error);
  g_assert_no_error (error);
  StoreStatement *statement = store_statement (store_reader_db (reader), sql, &error);
  g_assert_no_error (error);
  g_assert_cmpint (store_step (statement, NULL), ==, STORE_ROW);
  return store_integer (statement, 0);
}

static bool
insert_note (StoreConnection *db, gpointer text, GError **error)
{
  StoreStatement *statement = store_statement (db, "INSERT INTO note (text) VALUES (?1)", error);
  if (!statement)
    return false;
  store_bind_text (statement, 1, text);
  return store_run (statement, error);
}

static bool
insert_then_fail (StoreConnection *db, gpointer text, GError **error)
{
  g_assert_true (insert_note (db, text, NULL));
  g_set_error (error, FAULT, FAULT_CONFLICT, "no");
  return false;
}

static bool
insert_much (StoreConnection *db, gpointer unused, GError **error)
{
  g_autofree char *text = g_strnfill (100000, 'x');
  return insert_note (db, text, error);
}

static void
write_note (Store *store, const char *text)
{
  GError *error = NULL;
  g_assert_true (store_write (store, insert_note, (gpointer)text, &error));
  g_assert_no_error (error);
}

/* ---- opening ----------------------------------------------------------- */

static void
test_create (Fixture *f, gconstpointer unused)
{
  Store *store = open_notes (f, STORE_CREATE, 2);
  g_assert_cmpstr (store_path (store), ==, f->path);
  write_note (store, "a");
  store_close (store);
  store = open_notes (f, 0, 2);
  g_assert_cmpint (query (store, "SELECT count(*) FROM note"), ==, 1);
  g_assert_cmpint (query (store, "SELECT version FROM store_version WHERE module = 'notes'"), ==, 2);
  g_assert_cmpint (query (store, "PRAGMA application_id"), ==, 0x4c444e47);
  g_autoptr (StoreReader) reader = store_reader (store, NULL);
  StoreStatement *mode = store_statement (store_reader_db (reader), "PRAGMA journal_mode", NULL);
  g_assert_cmpint (store_step (mode, NULL), ==, STORE_ROW);
  g_assert_cmpstr (store_text (mode, 0).bytes, ==, "wal");
  g_clear_pointer (&reader, store_reader_release);
  store_close (store);
}

static void
test_migrate (Fixture *f, gconstpointer unused)
{
  Store *store = open_notes (f, STORE_CREATE, 1);
  write_note (store, "old");
  store_close (store);
  store = open_notes (f, 0, 2);
  g_assert_cmpint (query (store, "SELECT count(*) FROM note WHERE author IS NULL"), ==, 1);
  store_close (store);
}

/* Another module brings its tables to an open store. */
static void
test_second_module (Fixture *f, gconstpointer unused)
{
  static const StoreMigration more[] = { { "tags", 1, "CREATE TABLE tag (id INTEGER PRIMARY KEY) STRICT" } };
  Store *store = open_notes (f, STORE_CREATE, 2);
  GError *error = NULL;
  for (int i = 0; i < 2; i++)
    g_assert_true (store_migrate (store, more, 1, &error));
  g_assert_cmpint (query (store, "SELECT count(*) FROM tag"), ==, 0);
  g_assert_cmpint (query (store, "SELECT sum(version) FROM store_version"), ==, 3);
  store_close (store);
}

static void
test_broken_migration (Fixture *f, gconstpointer unused)
{
  static const StoreMigration broken[]
      = { { "bad", 1, "CREATE TABLE half (id INTEGER PRIMARY KEY) STRICT; CREATE TABLE half (x)" } };
  Store *store = open_notes (f, STORE_CREATE, 2);
  g_autoptr (GError) error = NULL;
  g_assert_false (store_migrate (store, broken, 1, &error));
  g_assert_error (error, FAULT, FAULT_SYSTEM);
  g_assert_cmpint (query (store, "SELECT count(*) FROM sqlite_schema WHERE name = 'half'"), ==, 0);
  g_assert_cmpint (query (store, "SELECT count(*) FROM store_version WHERE module = 'bad'"), ==, 0);
  store_close (store);
}

static void
test_newer (Fixture *f, gconstpointer unused)
{
  store_close (open_notes (f, STORE_CREATE, 2));
  gsize before_len, after_len;
  g_autofree char *before = support_read (f->path, &before_len);
  assert_refused (f, STORE_CREATE, 1, FAULT_INPUT, "version 2, this program knows 1");
  g_autofree char *after = support_read (f->path, &after_len);
  g_assert_cmpmem (before, before_len, after, after_len);
}

static void
test_missing (Fixture *f, gconstpointer unused)
{
  assert_refused (f, 0, 2, FAULT_NOT_FOUND, "no such database");
  assert_refused (f, STORE_READ_ONLY, 2, FAULT_NOT_FOUND, "no such database");
  g_assert_false (g_file_test (f->path, G_FILE_TEST_EXISTS));
}

static void
test_not_a_database (Fixture *f, gconstpointer unused)
{
  g_autofree char *text = g_strnfill (5000, 'x');
  g_assert_true (g_file_set_contents (f->path, text, 5000, NULL));
  assert_refused (f, STORE_CREATE, 2, FAULT_INPUT, "not a database");
  gsize len;
  g_autofree char *after = support_read (f->path, &len);
  g_assert_cmpmem (text, 5000, after, len);
}

static void
test_empty_file (Fixture *f, gconstpointer unused)
{
  g_assert_true (g_file_set_contents (f->path, "", 0, NULL));
  assert_refused (f, 0, 2, FAULT_INPUT, "empty file");
  store_close (open_notes (f, STORE_CREATE, 2));
}

static void
test_other_program (Fixture *f, gconstpointer unused)
{
  sqlite3 *db;
  g_assert_cmpint (sqlite3_open (f->path, &db), ==, SQLITE_OK);
  g_assert_cmpint (sqlite3_exec (db, "CREATE TABLE t (x)", NULL, NULL, NULL), ==, SQLITE_OK);
  sqlite3_close (db);
  assert_refused (f, STORE_CREATE, 2, FAULT_INPUT, "another program");
}

static void
test_damaged (Fixture *f, gconstpointer unused)
{
  Store *store = open_notes (f, STORE_CREATE, 2);
  g_assert_true (store_write (store, insert_much, NULL, NULL));
  store_close (store);
  gsize len;
  g_autofree char *bytes = support_read (f->path, &len);
  g_assert_cmpint (len, >, 3 * 4096);
  memset (bytes + 4096, 0xa5, len - 4096); /* all but the first page */
  g_assert_true (g_file_set_contents (f->path, bytes, (gssize)len, NULL));
  assert_refused (f, 0, 2, FAULT_SYSTEM, "restore it from a backup");
}

static void
test_is_a_folder (Fixture *f, gconstpointer unused)
{
  g_assert_cmpint (g_mkdir (f->path, 0700), ==, 0);
  assert_refused (f, STORE_CREATE, 2, FAULT_INPUT, "a folder");
}

/* In a child without privileges, for the superuser may write anywhere. */
static void
test_read_only_folder (Fixture *f, gconstpointer unused)
{
  g_assert_cmpint (g_chmod (f->folder, 0555), ==, 0);
  pid_t child = fork ();
  if (child == 0) {
    if (geteuid () == 0 && setuid (65534) != 0)
      _exit (2);
    g_autoptr (GError) error = NULL;
    Store *store = store_open (f->path, STORE_CREATE, migrations, 2, &error);
    _exit (!store && g_error_matches (error, FAULT, FAULT_SYSTEM)
                   && strstr (error->message, "Permission denied")
               ? 0
               : 1);
  }
  int status;
  g_assert_cmpint (waitpid (child, &status, 0), ==, child);
  g_assert_cmpint (g_chmod (f->folder, 0755), ==, 0);
  g_assert_true (WIFEXITED (status));
  g_assert_cmpint (WEXITSTATUS (status), ==, 0);
}

static void
test_read_only (Fixture *f, gconstpointer unused)
{
  Store *store = open_notes (f, STORE_CREATE, 1);
  write_note (store, "a");
  store_close (store);
  assert_refused (f, STORE_READ_ONLY, 2, FAULT_INPUT, "open it once with write access");
  store = open_notes (f, STORE_READ_ONLY, 1);
  g_autoptr (GError) error = NULL;
  g_assert_cmpint (query (store, "SELECT count(*) FROM note"), ==, 1);
  g_assert_false (store_write (store, insert_note, (gpointer) "b", &error));
  g_assert_error (error, FAULT, FAULT_USAGE);
  store_close (store);
}

/* ---- writing ----------------------------------------------------------- */

static void
test_failed_work (Fixture *f, gconstpointer unused)
{
  Store *store = open_notes (f, STORE_CREATE, 2);
  g_autoptr (GError) error = NULL;
  write_note (store, "kept");
  g_assert_false (store_write (store, insert_then_fail, (gpointer) "dropped", &error));
  g_assert_error (error, FAULT, FAULT_CONFLICT);
  write_note (store, "kept too");
  g_assert_cmpint (query (store, "SELECT count(*) FROM note"), ==, 2);
  g_assert_cmpint (query (store, "SELECT count(*) FROM note WHERE text = 'dropped'"), ==, 0);
  store_close (store);
}

static void
test_long_transaction (Fixture *f, gconstpointer unused)
{
  Store *store = open_notes (f, STORE_CREATE, 2);
  GError *error = NULL;
  StoreConnection *db = store_begin (store, &error);
  g_assert_true (insert_note (db, (gpointer) "a", &error));
  g_assert_cmpint (query (store, "SELECT count(*) FROM note"), ==, 0);
  g_assert_true (store_commit (store, &error));
  g_assert_cmpint (query (store, "SELECT count(*) FROM note"), ==, 1);
  db = store_begin (store, &error);
  g_assert_true (insert_note (db, (gpointer) "b", &error));
  store_rollback (store);
  write_note (store, "c");
  g_assert_cmpint (query (store, "SELECT count(*) FROM note WHERE text IN ('a', 'c')"), ==, 2);
  g_assert_cmpint (query (store, "SELECT count(*) FROM note"), ==, 2);
  store_close (store);
}

static bool
limit_pages (StoreConnection *db, gpointer unused, GError **error)
{
  return store_execute (db, "PRAGMA max_page_count = 12", NULL);
}

static void
test_disk_full (Fixture *f, gconstpointer unused)
{
  Store *store = open_notes (f, STORE_CREATE, 2);
  write_note (store, "kept");
  g_assert_true (store_write (store, limit_pages, NULL, NULL));
  g_autoptr (GError) error = NULL;
  g_assert_false (store_write (store, insert_much, NULL, &error));
  g_assert_error (error, FAULT, FAULT_SYSTEM);
  g_assert_nonnull (strstr (error->message, "disk full"));
  g_assert_nonnull (strstr (error->message, "nothing was lost"));
  write_note (store, "small enough");
  store_close (store);
  store = open_notes (f, 0, 2);
  g_assert_cmpint (query (store, "SELECT count(*) FROM note WHERE length (text) < 100"), ==, 2);
  g_assert_cmpint (query (store, "SELECT count(*) FROM note"), ==, 2);
  store_close (store);
}

static void
test_locked (Fixture *f, gconstpointer unused)
{
  Store *store = open_notes (f, STORE_CREATE, 2);
  sqlite3 *other;
  g_assert_cmpint (sqlite3_open (f->path, &other), ==, SQLITE_OK);
  g_assert_cmpint (sqlite3_exec (other, "BEGIN IMMEDIATE", NULL, NULL, NULL), ==, SQLITE_OK);
  g_autoptr (GError) error = NULL;
  g_assert_false (store_write (store, insert_note, (gpointer) "a", &error));
  g_assert_error (error, FAULT, FAULT_SYSTEM);
  g_assert_nonnull (strstr (error->message, "locked by another process"));
  sqlite3_close (other);
  write_note (store, "b");
  g_assert_cmpint (query (store, "SELECT count(*) FROM note"), ==, 1);
  store_close (store);
}

/* ---- bulk loads -------------------------------------------------------- */

static void
test_bulk (Fixture *f, gconstpointer unused)
{
  Store *store = open_notes (f, STORE_CREATE | STORE_BULK, 2);
  write_note (store, "a");
  assert_refused (f, 0, 2, FAULT_INPUT, "its first load was interrupted");
  GError *error = NULL;
  g_assert_true (store_checkpoint (store, &error));
  g_assert_true (store_checkpoint (store, &error));
  write_note (store, "b");
  g_assert_cmpint (query (store, "SELECT count(*) FROM note"), ==, 2);
  store_close (store);
  store = open_notes (f, 0, 2);
  g_assert_cmpint (query (store, "SELECT count(*) FROM note"), ==, 2);
  store_close (store);
}

static void
test_bulk_interrupted (Fixture *f, gconstpointer unused)
{
  Store *store = open_notes (f, STORE_CREATE | STORE_BULK, 2);
  write_note (store, "a");
  store_close (store);
  assert_refused (f, STORE_CREATE, 2, FAULT_INPUT, "delete the file and load again");
}

/* A reader keeps seeing what it saw first. */
static void
test_snapshot (Fixture *f, gconstpointer unused)
{
  Store *store = open_notes (f, STORE_CREATE, 2);
  GError *error = NULL;
  StoreReader *reader = store_reader (store, &error);
  StoreConnection *db = store_reader_db (reader);
  for (int round = 0; round < 2; round++) {
    StoreStatement *count = store_statement (db, "SELECT count(*) FROM note", &error);
    g_assert_cmpint (store_step (count, NULL), ==, STORE_ROW);
    g_assert_cmpint (store_integer (count, 0), ==, 0);
    if (round == 0)
      write_note (store, "later");
  }
  g_assert_false (store_execute (db, "DELETE FROM note", NULL));
  store_reader_release (reader);
  g_assert_cmpint (query (store, "SELECT count(*) FROM note"), ==, 1);
  store_close (store);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
#define CASE(name, test) g_test_add ("/store/" name, Fixture, NULL, set_up, test, tear_down)
  CASE ("create and open again", test_create);
  CASE ("migrate", test_migrate);
  CASE ("a second module", test_second_module);
  CASE ("a broken migration leaves nothing", test_broken_migration);
  CASE ("refuse a newer database, untouched", test_newer);
  CASE ("refuse a missing file", test_missing);
  CASE ("refuse what is no database, untouched", test_not_a_database);
  CASE ("refuse an empty file", test_empty_file);
  CASE ("refuse another program's database", test_other_program);
  CASE ("refuse a damaged file", test_damaged);
  CASE ("refuse a folder", test_is_a_folder);
  CASE ("refuse a read-only folder", test_read_only_folder);
  CASE ("read only", test_read_only);
  CASE ("a failed work undoes itself only", test_failed_work);
  CASE ("a long transaction", test_long_transaction);
  CASE ("disk full", test_disk_full);
  CASE ("locked by another", test_locked);
  CASE ("bulk load", test_bulk);
  CASE ("an interrupted bulk load is refused", test_bulk_interrupted);
  CASE ("a reader sees one state", test_snapshot);
  return g_test_run ();
}
