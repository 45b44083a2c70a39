/* Kill a writing process with -9 at random moments: whatever it was told is on
 * disk must be there afterwards. */
#include <pthread.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>
#include "store/store.h"
#include "support.h"

enum { ROUNDS = 25, THREADS = 4 };

static const StoreMigration migrations[]
    = { { "log", 1, "CREATE TABLE entry (n INTEGER PRIMARY KEY, twin INTEGER NOT NULL) STRICT" } };

static Store *
open_log (const char *path)
{
  GError *error = NULL;
  Store *store = store_open (path, STORE_CREATE, migrations, 1, &error);
  g_assert_no_error (error);
  return store;
}

/* ---- the child --------------------------------------------------------- */

typedef struct {
  Store *store;
  int pipe;
  gint64 from;
} Writer;

static bool
insert_entry (StoreConnection *db, gpointer data, GError **error)
{
  StoreStatement *statement = store_statement (db, "INSERT INTO entry (n, twin) VALUES (?1, ?1)", error);
  if (!statement)
    return false;
  store_bind_integer (statement, 1, *(gint64 *)data);
  return store_run (statement, error);
}

/* Numbers of one residue, each reported once store_write has returned. */
static gpointer
write_entries (gpointer data)
{
  const Writer *w = data;
  for (gint64 n = w->from;; n += THREADS)
    if (!store_write (w->store, insert_entry, &n, NULL) || write (w->pipe, &n, sizeof n) != sizeof n)
      _exit (1);
  return NULL;
}

static void
run_child (const char *path, int pipe, gint64 from)
{
  Store *store = open_log (path);
  pthread_t threads[THREADS];
  Writer writers[THREADS];
  for (int i = 0; i < THREADS; i++) {
    writers[i] = (Writer){ store, pipe, from + i };
    pthread_create (&threads[i], NULL, write_entries, &writers[i]);
  }
  pthread_join (threads[0], NULL);
  _exit (1);
}

/* ---- the parent -------------------------------------------------------- */

/* Let a child write for a moment, kill it, collect what it was told. */
static void
run_round (const char *path, GRand *random, gint64 from, GArray *acknowledged)
{
  int fds[2];
  g_assert_cmpint (pipe (fds), ==, 0);
  pid_t child = fork ();
  if (child == 0) {
    close (fds[0]);
    run_child (path, fds[1], from);
  }
  close (fds[1]);
  /* Half of the rounds strike while the file is being opened and recovered. */
  g_usleep ((gulong)g_rand_int_range (random, 500, g_rand_boolean (random) ? 6000 : 60000));
  g_assert_cmpint (kill (child, SIGKILL), ==, 0);
  int status;
  g_assert_cmpint (waitpid (child, &status, 0), ==, child);
  g_assert_true (WIFSIGNALED (status));
  gint64 n;
  while (read (fds[0], &n, sizeof n) == sizeof n)
    g_array_append_val (acknowledged, n);
  close (fds[0]);
}

static gint64
query (Store *store, const char *sql)
{
  g_autoptr (StoreReader) reader = store_reader (store, NULL);
  StoreStatement *statement = store_statement (store_reader_db (reader), sql, NULL);
  g_assert_cmpint (store_step (statement, NULL), ==, STORE_ROW);
  return store_integer (statement, 0);
}

static void
assert_there (Store *store, const GArray *acknowledged)
{
  g_autoptr (StoreReader) reader = store_reader (store, NULL);
  for (guint i = 0; i < acknowledged->len; i++) {
    StoreStatement *find
        = store_statement (store_reader_db (reader), "SELECT twin FROM entry WHERE n = ?1", NULL);
    store_bind_integer (find, 1, g_array_index (acknowledged, gint64, i));
    g_assert_cmpint (store_step (find, NULL), ==, STORE_ROW);
    g_assert_cmpint (store_integer (find, 0), ==, g_array_index (acknowledged, gint64, i));
  }
}

static void
test_kill (void)
{
  g_autofree char *folder = support_folder (), *path = support_store (folder, "log.db");
  g_autoptr (GRand) random = g_rand_new_with_seed (20210930);
  g_autoptr (GArray) acknowledged = g_array_new (FALSE, FALSE, sizeof (gint64));
  gint64 from = 1;
  for (int round = 0; round < ROUNDS; round++) {
    run_round (path, random, from, acknowledged);
    Store *store = open_log (path);
    assert_there (store, acknowledged);
    if (!support_on_postgres ())
      g_assert_cmpint (
          query (store, "SELECT count(*) FROM pragma_integrity_check WHERE integrity_check <> 'ok'"), ==, 0);
    from = query (store, "SELECT coalesce(max(n), 0) FROM entry") / THREADS * THREADS + THREADS + 1;
    store_close (store);
  }
  g_test_message ("%u acknowledged writes survived %d kills", acknowledged->len, ROUNDS);
  g_assert_cmpint (acknowledged->len, >, 20);
  support_remove (folder);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/store/durability/kill -9", test_kill);
  return g_test_run ();
}
