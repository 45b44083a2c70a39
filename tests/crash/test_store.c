/* A store with sixteen writers and a backup being made, killed with -9 at random
 * moments: whatever a writer was told is on disk must be there afterwards, and a
 * backup is whole or not there. */
#include <fcntl.h>
#include <glib/gstdio.h>
#include <pthread.h>
#include "backup/backup.h"
#include "crash.h"

enum { WRITERS = 16, ROUNDS = 15 };

static const StoreMigration migrations[]
    = { { "log", 1,
          "CREATE TABLE entry (n INTEGER PRIMARY KEY, twin INTEGER NOT NULL, text TEXT NOT NULL) STRICT" } };

typedef struct {
  char *folder, *path, *backup, *restored;
  BackupKey *key;
  GRand *random;
  GArray *acknowledged; /* of all rounds */
} Fixture;

static Store *
open_log (const char *path)
{
  GError *error = NULL;
  Store *store = store_open (path, STORE_CREATE, migrations, 1, &error);
  g_assert_no_error (error);
  return store;
}

/* ---- the children ------------------------------------------------------ */

typedef struct {
  Store *store;
  int pipe;
  gint64 from;
} Writer;

static bool
insert_entry (StoreConnection *db, gpointer data, GError **error)
{
  StoreStatement *statement
      = store_statement (db, "INSERT INTO entry (n, twin, text) VALUES (?1, ?1, ?2)", error);
  if (!statement)
    return false;
  store_bind_integer (statement, 1, *(gint64 *)data);
  store_bind_text (statement, 2, "劳动力和人才社会性流动");
  return store_run (statement, error);
}

/* Numbers of one residue, each reported once store_write has returned. */
static gpointer
write_entries (gpointer data)
{
  const Writer *w = data;
  for (gint64 n = w->from;; n += WRITERS)
    if (!store_write (w->store, insert_entry, &n, NULL) || write (w->pipe, &n, sizeof n) != sizeof n)
      _exit (1);
  return NULL;
}

static void
run_writers (const char *path, int pipe, gint64 from)
{
  Store *store = open_log (path);
  pthread_t threads[WRITERS];
  Writer writers[WRITERS];
  for (int i = 0; i < WRITERS; i++) {
    writers[i] = (Writer){ store, pipe, from + i };
    pthread_create (&threads[i], NULL, write_entries, &writers[i]);
  }
  pthread_join (threads[0], NULL);
  _exit (1);
}

static pid_t
start_writers (const Fixture *f, gint64 from, int *pipe_end)
{
  int fds[2];
  g_assert_cmpint (pipe (fds), ==, 0);
  pid_t child = fork ();
  if (child == 0) {
    close (fds[0]);
    run_writers (f->path, fds[1], from);
  }
  close (fds[1]);
  g_assert_cmpint (fcntl (fds[0], F_SETFL, O_NONBLOCK), ==, 0);
  *pipe_end = fds[0];
  return child;
}

static pid_t
start_backup (const Fixture *f)
{
  pid_t child = fork ();
  if (child != 0)
    return child;
  BackupSummary summary;
  g_autoptr (GError) error = NULL;
  Store *store = store_open (f->path, STORE_READ_ONLY, NULL, 0, &error);
  bool ok = store && backup_write (store, f->backup, f->key, NULL, NULL, &summary, &error);
  /* The store may not be there yet. */
  _exit (ok || g_error_matches (error, FAULT, FAULT_NOT_FOUND) || g_error_matches (error, FAULT, FAULT_INPUT)
             ? 0
             : 1);
}

/* ---- afterwards -------------------------------------------------------- */

static gint64
query (Store *store, const char *sql)
{
  GError *error = NULL;
  gint64 value = 0;
  g_autoptr (StoreReader) reader = store_reader (store, &error);
  g_assert_true (store_query (store_reader_db (reader), sql, 0, &value, &error));
  return value;
}

static void
assert_holds (Store *store, const GArray *numbers, guint n)
{
  GError *error = NULL;
  g_autoptr (StoreReader) reader = store_reader (store, &error);
  for (guint i = 0; i < n; i++) {
    StoreStatement *find
        = store_statement (store_reader_db (reader), "SELECT twin FROM entry WHERE n = ?1", &error);
    store_bind_integer (find, 1, g_array_index (numbers, gint64, i));
    g_assert_cmpint (store_step (find, &error), ==, STORE_ROW);
    g_assert_cmpint (store_integer (find, 0), ==, g_array_index (numbers, gint64, i));
    store_reset (find);
  }
  g_assert_no_error (error);
}

/* A backup that is there is whole, and holds what was acknowledged before it began. */
static bool
check_backup (Fixture *f, guint n_before)
{
  if (!g_file_test (f->backup, G_FILE_TEST_EXISTS))
    return false;
  GError *error = NULL;
  BackupSummary summary;
  g_assert_true (backup_restore (f->backup, f->restored, f->key, NULL, NULL, &summary, &error));
  g_assert_no_error (error);
  Store *copy = store_open (f->restored, 0, NULL, 0, &error);
  g_assert_no_error (error);
  if (n_before)
    assert_holds (copy, f->acknowledged, n_before);
  store_close (copy);
  g_unlink (f->backup);
  g_unlink (f->restored);
  return true;
}

static bool
run_round (Fixture *f, gint64 from)
{
  int pipe_end;
  pid_t writers = start_writers (f, from, &pipe_end);
  /* A third of the rounds strike while the store is being opened and recovered. */
  g_usleep ((gulong)g_rand_int_range (f->random, 500, g_rand_int_range (f->random, 0, 3) ? 40000 : 6000));
  crash_read_numbers (pipe_end, f->acknowledged);
  guint before = f->acknowledged->len;
  pid_t backup = start_backup (f);
  g_usleep ((gulong)g_rand_int_range (f->random, 500, 40000));
  bool spare = g_rand_boolean (f->random);
  if (!spare)
    crash_kill (backup);
  g_assert_true (crash_kill (writers));
  if (spare) {
    int status;
    g_assert_cmpint (waitpid (backup, &status, 0), ==, backup);
    g_assert_cmpint (status, ==, 0);
  }
  crash_read_numbers (pipe_end, f->acknowledged);
  close (pipe_end);
  return check_backup (f, before);
}

static void
test_kill (void)
{
  GError *error = NULL;
  Fixture f = { .folder = support_folder (),
                .random = crash_random (),
                .acknowledged = g_array_new (FALSE, FALSE, sizeof (gint64)) };
  f.path = support_store (f.folder, "log.db");
  f.backup = g_build_filename (f.folder, "backup", NULL);
  f.restored = g_build_filename (f.folder, "restored.db", NULL);
  g_autofree char *key = g_build_filename (f.folder, "key", NULL);
  g_assert_true (backup_key_make (key, &error));
  f.key = backup_key_load (key, &error);
  gint64 from = 1;
  int rounds = crash_rounds (ROUNDS), backups = 0;
  for (int round = 0; round < rounds; round++) {
    backups += run_round (&f, from);
    Store *store = open_log (f.path);
    assert_holds (store, f.acknowledged, f.acknowledged->len);
    g_assert_cmpint (query (store, "SELECT count(*) FROM entry WHERE twin <> n"), ==, 0);
    if (!support_on_postgres ())
      g_assert_cmpint (
          query (store, "SELECT count(*) FROM pragma_integrity_check WHERE integrity_check <> 'ok'"), ==, 0);
    from = query (store, "SELECT coalesce(max(n), 0) FROM entry") / WRITERS * WRITERS + WRITERS + 1;
    store_close (store);
  }
  g_test_message ("%u acknowledged writes survived %d kills; %d backups among them were whole",
                  f.acknowledged->len, rounds, backups);
  g_assert_cmpuint (f.acknowledged->len, >, 20);
  g_assert_cmpint (backups, >, 0);
  g_array_free (f.acknowledged, TRUE);
  g_rand_free (f.random);
  backup_key_free (f.key);
  support_remove (f.folder);
  g_free (f.folder);
  g_free (f.path);
  g_free (f.backup);
  g_free (f.restored);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/crash/store", test_kill);
  return g_test_run ();
}
