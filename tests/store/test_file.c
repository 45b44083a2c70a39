/* What only an SQLite file can meet. */
#include "notes.h"

#include <glib/gstdio.h>
#include <sqlite3.h>
#include <sys/wait.h>
#include <unistd.h>

static void
test_settings (Notes *f, gconstpointer unused)
{
  Store *store = notes_open (f, STORE_CREATE, 2);
  g_assert_cmpint (notes_query (store, "PRAGMA application_id"), ==, 0x4c444e47);
  g_autoptr (StoreReader) reader = store_reader (store, NULL);
  StoreStatement *mode = store_statement (store_reader_db (reader), "PRAGMA journal_mode", NULL);
  g_assert_cmpint (store_step (mode, NULL), ==, STORE_ROW);
  g_assert_cmpstr (store_text (mode, 0).bytes, ==, "wal");
  g_clear_pointer (&reader, store_reader_release);
  store_close (store);
}

static void
test_newer (Notes *f, gconstpointer unused)
{
  store_close (notes_open (f, STORE_CREATE, 2));
  gsize before_len, after_len;
  g_autofree char *before = support_read (f->path, &before_len);
  notes_assert_refused (f, STORE_CREATE, 1, FAULT_INPUT, "version 2, this program knows 1");
  g_autofree char *after = support_read (f->path, &after_len);
  g_assert_cmpmem (before, before_len, after, after_len);
}

static void
test_missing (Notes *f, gconstpointer unused)
{
  notes_assert_refused (f, 0, 2, FAULT_NOT_FOUND, "no such database");
  notes_assert_refused (f, STORE_READ_ONLY, 2, FAULT_NOT_FOUND, "no such database");
  g_assert_false (g_file_test (f->path, G_FILE_TEST_EXISTS));
}

static void
test_not_a_database (Notes *f, gconstpointer unused)
{
  g_autofree char *text = g_strnfill (5000, 'x');
  g_assert_true (g_file_set_contents (f->path, text, 5000, NULL));
  notes_assert_refused (f, STORE_CREATE, 2, FAULT_INPUT, "not a database");
  gsize len;
  g_autofree char *after = support_read (f->path, &len);
  g_assert_cmpmem (text, 5000, after, len);
}

static void
test_empty_file (Notes *f, gconstpointer unused)
{
  g_assert_true (g_file_set_contents (f->path, "", 0, NULL));
  notes_assert_refused (f, 0, 2, FAULT_INPUT, "empty file");
  store_close (notes_open (f, STORE_CREATE, 2));
}

static void
test_other_program (Notes *f, gconstpointer unused)
{
  sqlite3 *db;
  g_assert_cmpint (sqlite3_open (f->path, &db), ==, SQLITE_OK);
  g_assert_cmpint (sqlite3_exec (db, "CREATE TABLE t (x)", NULL, NULL, NULL), ==, SQLITE_OK);
  sqlite3_close (db);
  notes_assert_refused (f, STORE_CREATE, 2, FAULT_INPUT, "another program");
}

static void
test_damaged (Notes *f, gconstpointer unused)
{
  Store *store = notes_open (f, STORE_CREATE, 2);
  g_assert_true (store_write (store, notes_insert_much, NULL, NULL));
  store_close (store);
  gsize len;
  g_autofree char *bytes = support_read (f->path, &len);
  g_assert_cmpint (len, >, 3 * 4096);
  memset (bytes + 4096, 0xa5, len - 4096); /* all but the first page */
  g_assert_true (g_file_set_contents (f->path, bytes, (gssize)len, NULL));
  notes_assert_refused (f, 0, 2, FAULT_SYSTEM, "restore it from a backup");
}

static void
test_is_a_folder (Notes *f, gconstpointer unused)
{
  g_assert_cmpint (g_mkdir (f->path, 0700), ==, 0);
  notes_assert_refused (f, STORE_CREATE, 2, FAULT_INPUT, "a folder");
}

/* In a child without privileges, for the superuser may write anywhere. */
static void
test_read_only_folder (Notes *f, gconstpointer unused)
{
  g_assert_cmpint (g_chmod (f->folder, 0555), ==, 0);
  pid_t child = fork ();
  if (child == 0) {
    if (geteuid () == 0 && setuid (65534) != 0)
      _exit (2);
    g_autoptr (GError) error = NULL;
    Store *store = store_open (f->path, STORE_CREATE, notes_migrations, 2, &error);
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

static bool
limit_pages (StoreConnection *db, gpointer unused, GError **error)
{
  return store_execute (db, "PRAGMA max_page_count = 12", NULL);
}

static void
test_disk_full (Notes *f, gconstpointer unused)
{
  Store *store = notes_open (f, STORE_CREATE, 2);
  notes_write (store, "kept");
  g_assert_true (store_write (store, limit_pages, NULL, NULL));
  g_autoptr (GError) error = NULL;
  g_assert_false (store_write (store, notes_insert_much, NULL, &error));
  g_assert_error (error, FAULT, FAULT_SYSTEM);
  g_assert_nonnull (strstr (error->message, "disk full"));
  g_assert_nonnull (strstr (error->message, "nothing was lost"));
  notes_write (store, "small enough");
  store_close (store);
  store = notes_open (f, 0, 2);
  g_assert_cmpint (notes_query (store, "SELECT count(*) FROM note WHERE length (text) < 100"), ==, 2);
  g_assert_cmpint (notes_query (store, "SELECT count(*) FROM note"), ==, 2);
  store_close (store);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
#define CASE(name, test) g_test_add ("/store/file/" name, Notes, NULL, notes_set_up, test, notes_tear_down)
  CASE ("settings", test_settings);
  CASE ("refuse a newer database, untouched", test_newer);
  CASE ("refuse a missing file", test_missing);
  CASE ("refuse what is no database, untouched", test_not_a_database);
  CASE ("refuse an empty file", test_empty_file);
  CASE ("refuse another program's database", test_other_program);
  CASE ("refuse a damaged file", test_damaged);
  CASE ("refuse a folder", test_is_a_folder);
  CASE ("refuse a read-only folder", test_read_only_folder);
  CASE ("disk full", test_disk_full);
  return g_test_run ();
}
