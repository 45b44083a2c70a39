/* Stores there and back. */
#include <glib/gstdio.h>
#include <pthread.h>
#include <sys/stat.h>
#include <unistd.h>
#include "backup/backup.h"
#include "support.h"

static const StoreMigration migrations[] = {
  { "zoo", 1,
    "CREATE TABLE animal (id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE, legs INTEGER, photo BLOB) "
    "STRICT;"
    "CREATE INDEX animal_legs ON animal (legs) WHERE legs IS NOT NULL;"
    "INSERT INTO animal (name) VALUES ('seed')" },
  { "zoo", 2,
    "CREATE TABLE \"keeper\" (name TEXT PRIMARY KEY, animal INTEGER REFERENCES animal) STRICT, WITHOUT ROWID;"
    "CREATE TABLE gone (id INTEGER PRIMARY KEY) STRICT; CREATE INDEX gone_id ON gone (id); DROP TABLE gone;"
    "ALTER TABLE animal ADD COLUMN note TEXT DEFAULT 'n/a'; CREATE TABLE empty (id INTEGER PRIMARY KEY) "
    "STRICT" },
};

typedef struct {
  char *folder, *source, *target, *file;
  BackupKey *key;
  Store *store;
} Fixture;

static Store *
open_zoo (const char *path, StoreFlags flags)
{
  GError *error = NULL;
  Store *store = store_open (path, flags, migrations, G_N_ELEMENTS (migrations), &error);
  g_assert_no_error (error);
  return store;
}

static bool
execute (StoreConnection *db, gpointer sql, GError **error)
{
  return store_execute (db, sql, error);
}

static void
run (Store *store, const char *sql)
{
  GError *error = NULL;
  store_write (store, execute, (gpointer)sql, &error);
  g_assert_no_error (error);
}

static gint64
query (Store *store, const char *sql)
{
  GError *error = NULL;
  gint64 value = -1;
  g_autoptr (StoreReader) reader = store_reader (store, &error);
  g_assert_true (store_query (store_reader_db (reader), sql, -1, &value, &error));
  return value;
}

static void
set_up (Fixture *f, gconstpointer unused)
{
  GError *error = NULL;
  f->folder = support_folder ();
  f->source = support_store (f->folder, "zoo.db");
  f->target = support_store (f->folder, "copy.db");
  f->file = g_build_filename (f->folder, "zoo.backup", NULL);
  g_autofree char *key_file = g_build_filename (f->folder, "key", NULL);
  g_assert_true (backup_key_make (key_file, &error));
  f->key = backup_key_load (key_file, &error);
  g_unlink (key_file);
  g_assert_no_error (error);
  f->store = open_zoo (f->source, STORE_CREATE);
}

static void
tear_down (Fixture *f, gconstpointer unused)
{
  store_close (f->store);
  backup_key_free (f->key);
  support_remove (f->folder);
  g_free (f->folder);
  g_free (f->source);
  g_free (f->target);
  g_free (f->file);
}

static BackupSummary
back_up (Fixture *f)
{
  GError *error = NULL;
  BackupSummary summary;
  g_assert_true (backup_write (f->store, f->file, f->key, NULL, NULL, &summary, &error));
  g_assert_no_error (error);
  return summary;
}

static BackupSummary
restore (Fixture *f)
{
  GError *error = NULL;
  BackupSummary summary;
  g_assert_true (backup_restore (f->file, f->target, f->key, NULL, NULL, &summary, &error));
  g_assert_no_error (error);
  return summary;
}

static void
assert_not_restored (Fixture *f, FaultCode code, const char *words)
{
  g_autoptr (GError) error = NULL;
  BackupSummary summary;
  g_assert_false (backup_restore (f->file, f->target, f->key, NULL, NULL, &summary, &error));
  g_assert_error (error, FAULT, (int)code);
  if (!strstr (error->message, words))
    g_error ("\"%s\" does not say \"%s\"", error->message, words);
}

static gint
compare_names (gconstpointer a, gconstpointer b)
{
  return strcmp (*(const char *const *)a, *(const char *const *)b);
}

/* Without the names of databases. */
static char *
other_names (const char *names)
{
  g_auto (GStrv) all = g_strsplit (names, " ", -1);
  GString *others = g_string_new (NULL);
  for (char **name = all; *name; name++)
    if (!g_str_has_suffix (*name, ".db"))
      g_string_append_printf (others, "%s%s", others->len ? " " : "", *name);
  return g_string_free (others, FALSE);
}

/* The names in the folder, sorted, parted by blanks; SQLite's -wal and -shm left
 * out.  A server's databases are not in it. */
static void
assert_folder (const Fixture *f, const char *names_expected)
{
  g_autofree char *expected
      = support_on_postgres () ? other_names (names_expected) : g_strdup (names_expected);
  g_autoptr (GDir) dir = g_dir_open (f->folder, 0, NULL);
  g_autoptr (GPtrArray) names = g_ptr_array_new ();
  const char *name;
  while ((name = g_dir_read_name (dir)))
    if (!g_str_has_suffix (name, "-wal") && !g_str_has_suffix (name, "-shm"))
      g_ptr_array_add (names, (gpointer)g_intern_string (name));
  g_ptr_array_sort (names, compare_names);
  g_ptr_array_add (names, NULL);
  g_autofree char *list = g_strjoinv (" ", (char **)names->pdata);
  g_assert_cmpstr (list, ==, expected);
}

/* ---- there and back ---------------------------------------------------- */

static bool
insert_animals (StoreConnection *db, gpointer unused, GError **error)
{
  static const struct {
    gint64 id;
    const char *name;
    gint64 legs;
    Text photo;
  } animals[] = {
    { G_MININT64, "'; DROP TABLE animal; --", G_MAXINT64, { "", 0 } },
    { -1, "\xf0\x9f\xa6\x8a 狐", -1, { "\0\1\0", 3 } },
    { G_MAXINT64, "", 0, { NULL, 0 } },
  };
  for (size_t i = 0; i < G_N_ELEMENTS (animals); i++) {
    StoreStatement *s = store_statement (
        db, "INSERT INTO animal (id, name, legs, photo, note) VALUES (?1, ?2, ?3, ?4, NULL)", error);
    store_bind_integer (s, 1, animals[i].id);
    store_bind_text (s, 2, animals[i].name);
    store_bind_integer (s, 3, animals[i].legs);
    if (animals[i].photo.bytes)
      store_bind_blob (s, 4, animals[i].photo.bytes, animals[i].photo.len);
    if (!store_run (s, error))
      return false;
  }
  return true;
}

/* Every row of every table, a line. */
static char *
dump (Store *store)
{
  static const char *const queries[] = {
    "SELECT module, version FROM store_version ORDER BY module",
    "SELECT id, name, legs, photo, note FROM animal ORDER BY id",
    "SELECT name, animal FROM keeper ORDER BY name",
    "SELECT id FROM empty",
    "SELECT sql FROM store_definition ORDER BY sql",
  };
  GError *error = NULL;
  GString *out = g_string_new (NULL);
  g_autoptr (StoreReader) reader = store_reader (store, &error);
  for (size_t i = 0; i < G_N_ELEMENTS (queries); i++) {
    StoreStatement *s = store_statement (store_reader_db (reader), queries[i], &error);
    g_assert_no_error (error);
    while (store_step (s, &error) == STORE_ROW) {
      for (int c = 0; c < store_columns (s); c++) {
        Text bytes = store_kind (s, c) == STORE_BLOB ? store_blob (s, c) : store_text (s, c);
        g_autofree char *base64 = g_base64_encode ((const guchar *)bytes.bytes, bytes.len);
        g_string_append_printf (out, "%d:%s ", store_kind (s, c), base64);
      }
      g_string_append_c (out, '\n');
    }
  }
  g_assert_no_error (error);
  return g_string_free (out, FALSE);
}

static void
test_round_trip (Fixture *f, gconstpointer unused)
{
  GError *error = NULL;
  g_assert_true (store_write (f->store, insert_animals, NULL, &error));
  run (f->store, "INSERT INTO keeper VALUES ('Lin', -1), ('Chen', 1)");
  BackupSummary written = back_up (f), restored = restore (f), checked;
  g_assert_cmpint (written.tables, ==, 4);
  g_assert_cmpint (written.rows, ==, 1 + 4 + 2);
  g_assert_true (backup_verify (f->file, f->key, NULL, NULL, &checked, &error));
  g_assert_cmpmem (&written, sizeof written, &restored, sizeof restored);
  g_assert_cmpmem (&written, sizeof written, &checked, sizeof checked);
  struct stat file;
  g_assert_cmpint (stat (f->file, &file), ==, 0);
  g_assert_cmpint (file.st_mode & 0777, ==, 0600);
  g_assert_cmpint (file.st_size, ==, written.file_bytes);

  g_autoptr (Store) copy = open_zoo (f->target, 0);
  g_autofree char *before = dump (f->store), *after = dump (copy);
  g_assert_cmpstr (after, ==, before);
  g_assert_cmpint (query (copy, "SELECT count(*) FROM animal WHERE legs IS NOT NULL AND legs < 0"), ==, 1);
  run (copy, "INSERT INTO animal (id, name) VALUES (77, 'next')"); /* the copy lives on */
  g_assert_cmpint (query (copy, "SELECT count(*) FROM animal WHERE note = 'n/a'"), ==, 2);
}

/* Constraints came with the tables, and the index does its work. */
static void
test_structure (Fixture *f, gconstpointer unused)
{
  back_up (f);
  restore (f);
  g_autoptr (Store) copy = open_zoo (f->target, 0);
  g_autoptr (GError) error = NULL;
  g_assert_false (
      store_write (copy, execute, (gpointer) "INSERT INTO animal (name) VALUES ('seed')", &error));
  g_assert_error (error, FAULT, FAULT_SYSTEM);
  bool server = support_on_postgres ();
  g_assert_cmpint (query (copy, server ? "SELECT count(*) FROM pg_class WHERE relname = 'animal_legs'"
                                       : "SELECT count(*) FROM sqlite_schema WHERE name = 'animal_legs'"),
                   ==, 1);
  g_assert_cmpint (query (copy, server ? "SELECT count(*) FROM pg_class WHERE relname LIKE 'gone%'"
                                       : "SELECT count(*) FROM sqlite_schema WHERE name LIKE 'gone%'"),
                   ==, 0);
}

/* A backup of the copy holds the same. */
static void
test_twice (Fixture *f, gconstpointer unused)
{
  g_assert_true (store_write (f->store, insert_animals, NULL, NULL));
  back_up (f);
  restore (f);
  g_autofree char *before = dump (f->store);
  store_close (f->store);
  f->store = open_zoo (f->target, 0);
  g_unlink (f->file);
  g_free (f->target);
  f->target = support_store (f->folder, "again.db");
  back_up (f);
  restore (f);
  g_autoptr (Store) copy = open_zoo (f->target, STORE_READ_ONLY);
  g_autofree char *after = dump (copy);
  g_assert_cmpstr (after, ==, before);
}

/* From a server into a file, and from that file into a server. */
static void
test_across (Fixture *f, gconstpointer unused)
{
  g_assert_true (store_write (f->store, insert_animals, NULL, NULL));
  g_autofree char *before = dump (f->store), *server = g_steal_pointer (&f->target);
  f->target = g_build_filename (f->folder, "file.db", NULL);
  back_up (f);
  restore (f);
  store_close (f->store);
  f->store = open_zoo (f->target, 0);
  g_autofree char *in_file = dump (f->store);
  g_assert_cmpstr (in_file, ==, before);
  g_unlink (f->file);
  g_free (f->target);
  f->target = g_steal_pointer (&server);
  back_up (f);
  restore (f);
  g_autoptr (Store) copy = open_zoo (f->target, 0);
  g_autofree char *after = dump (copy);
  g_assert_cmpstr (after, ==, before);
}

/* ---- while it is in use ------------------------------------------------ */

typedef struct {
  Store *store;
  gint stop; /* atomic */
} Zookeeper;

static bool
insert_pair (StoreConnection *db, gpointer n, GError **error)
{
  g_autofree char *sql = g_strdup_printf (
      "INSERT INTO animal (id, name) VALUES (%d, 'a%d'); INSERT INTO keeper VALUES ('k%d', %d)",
      GPOINTER_TO_INT (n), GPOINTER_TO_INT (n), GPOINTER_TO_INT (n), GPOINTER_TO_INT (n));
  return store_execute (db, sql, error);
}

static gpointer
keep_writing (gpointer data)
{
  Zookeeper *z = data;
  for (int n = 100; !g_atomic_int_get (&z->stop); n++)
    g_assert_true (store_write (z->store, insert_pair, GINT_TO_POINTER (n), NULL));
  return NULL;
}

/* Each backup holds one state: as many keepers as animals. */
static void
test_in_use (Fixture *f, gconstpointer unused)
{
  Zookeeper z = { f->store, 0 };
  pthread_t thread;
  g_assert_cmpint (pthread_create (&thread, NULL, keep_writing, &z), ==, 0);
  gint64 last = 0;
  for (int i = 0; i < 5; i++) {
    g_usleep (20000);
    g_autofree char *name = g_strdup_printf ("copy%d.db", i);
    g_free (f->target);
    f->target = support_store (f->folder, name);
    back_up (f);
    restore (f);
    g_autoptr (Store) copy = open_zoo (f->target, STORE_READ_ONLY);
    gint64 keepers = query (copy, "SELECT count(*) FROM keeper");
    g_assert_cmpint (query (copy, "SELECT count(*) FROM animal"), ==, keepers + 1);
    g_assert_cmpint (keepers, >=, last);
    last = keepers;
    g_unlink (f->file);
  }
  g_assert_cmpint (last, >, 0);
  g_atomic_int_set (&z.stop, 1);
  pthread_join (thread, NULL);
}

/* ---- refusals ---------------------------------------------------------- */

static void
test_overwrite (Fixture *f, gconstpointer unused)
{
  g_autoptr (GError) error = NULL;
  BackupSummary summary;
  back_up (f);
  gsize before_len, after_len;
  g_autofree char *before = support_read (f->file, &before_len);
  g_assert_false (backup_write (f->store, f->file, f->key, NULL, NULL, &summary, &error));
  g_assert_error (error, FAULT, FAULT_CONFLICT);
  g_autofree char *after = support_read (f->file, &after_len);
  g_assert_cmpmem (before, before_len, after, after_len);
  restore (f);
  assert_not_restored (f, FAULT_CONFLICT, "is there already");
  assert_folder (f, "copy.db zoo.backup zoo.db");
}

static void
test_refused_files (Fixture *f, gconstpointer unused)
{
  gsize len;
  back_up (f);
  g_autofree char *bytes = support_read (f->file, &len);
  bytes[len / 2] ^= 4;
  g_assert_true (g_file_set_contents (f->file, bytes, (gssize)len, NULL));
  assert_not_restored (f, FAULT_INPUT, "is damaged");
  bytes[len / 2] ^= 4;
  g_assert_true (g_file_set_contents (f->file, bytes, (gssize)len - 1, NULL));
  assert_not_restored (f, FAULT_INPUT, "is cut short");
  g_assert_true (g_file_set_contents (f->file, "LDBACKUP", 8, NULL));
  assert_not_restored (f, FAULT_INPUT, "is cut short");
  g_assert_true (g_file_set_contents (f->file, "", 0, NULL));
  assert_not_restored (f, FAULT_INPUT, "not a backup");
  g_assert_true (g_file_set_contents (f->file, bytes, (gssize)len, NULL));
  backup_key_free (f->key);
  f->key = backup_key_from_passphrase ("twelve characters", NULL);
  assert_not_restored (f, FAULT_DENIED, "sealed with a key file");
  assert_folder (f, "zoo.backup zoo.db");
  g_unlink (f->file);
  assert_not_restored (f, FAULT_NOT_FOUND, "zoo.backup");
  assert_folder (f, "zoo.db");
}

/* What a killed restore or backup left behind is in nobody's way. */
static void
test_left_over (Fixture *f, gconstpointer unused)
{
  g_autofree char *half = g_strconcat (f->file, ".new", NULL),
                  *loaded = g_strconcat (f->target, ".new", NULL),
                  *journal = g_strconcat (f->target, ".new-journal", NULL);
  g_assert_true (g_file_set_contents (half, "half", -1, NULL));
  if (!support_on_postgres ()) {
    g_assert_true (g_file_set_contents (loaded, "half", -1, NULL));
    g_assert_true (g_file_set_contents (journal, "half", -1, NULL));
  }
  back_up (f);
  restore (f);
  assert_folder (f, "copy.db zoo.backup zoo.db");
}

/* SQLite would take it for the restored database's own. */
static void
test_foreign_journal (Fixture *f, gconstpointer unused)
{
  g_autofree char *journal = g_strconcat (f->target, "-wal", NULL);
  g_assert_true (g_file_set_contents (journal, "half", -1, NULL));
  back_up (f);
  assert_not_restored (f, FAULT_CONFLICT, "copy.db-wal is left of another database");
  assert_folder (f, "zoo.backup zoo.db");
  g_assert_cmpint (truncate (journal, 0), ==, 0); /* what a reader leaves */
  restore (f);
}

static void
test_no_folder (Fixture *f, gconstpointer unused)
{
  g_autoptr (GError) error = NULL;
  BackupSummary summary;
  g_assert_false (backup_write (f->store, "/absent/zoo.backup", f->key, NULL, NULL, &summary, &error));
  g_assert_error (error, FAULT, FAULT_SYSTEM);
  back_up (f);
  g_free (f->target);
  f->target = g_strdup ("/absent/copy.db");
  assert_not_restored (f, FAULT_SYSTEM, "/absent");
}

/* ---- progress ---------------------------------------------------------- */

static void
note_progress (gint64 done, gint64 total, gpointer data)
{
  gint64 *last = data;
  g_assert_cmpint (done, >, *last);
  g_assert_cmpint (done, <=, total);
  *last = done;
}

static void
test_progress (Fixture *f, gconstpointer unused)
{
  run (f->store, "INSERT INTO animal (name) WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n"
                 " WHERE i < 5000) SELECT 'x' || i FROM n");
  GError *error = NULL;
  BackupSummary summary;
  gint64 last = 0;
  g_assert_true (backup_write (f->store, f->file, f->key, note_progress, &last, &summary, &error));
  g_assert_cmpint (last, ==, 5000);
  last = 0;
  g_assert_true (backup_restore (f->file, f->target, f->key, note_progress, &last, &summary, &error));
  g_assert_cmpint (last, >=, 10000);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
#define CASE(name, test) g_test_add ("/backup/" name, Fixture, NULL, set_up, test, tear_down)
  CASE ("there and back", test_round_trip);
  CASE ("tables and indexes", test_structure);
  CASE ("a backup of the copy", test_twice);
  if (support_on_postgres ())
    CASE ("from engine to engine", test_across);
  CASE ("while it is in use", test_in_use);
  CASE ("nothing is overwritten", test_overwrite);
  CASE ("refused files leave nothing", test_refused_files);
  CASE ("what was left over", test_left_over);
  if (!support_on_postgres ())
    CASE ("another database's journal", test_foreign_journal);
  CASE ("folders that are not there", test_no_folder);
  CASE ("progress", test_progress);
  return g_test_run ();
}
