/* Many threads write and read at once; also run under ThreadSanitizer. */
#include <pthread.h>
#include "store/store.h"
#include "support.h"

enum { WRITERS = 8, READERS = 4, WRITES = 60 };

static const StoreMigration migrations[] = {
  { "bank", 1,
    "CREATE TABLE account (id INTEGER PRIMARY KEY, balance INTEGER NOT NULL) STRICT;"
    "INSERT INTO account VALUES (1, 1000), (2, 1000);"
    "CREATE TABLE entry (id INTEGER PRIMARY KEY, writer INTEGER NOT NULL, n INTEGER NOT NULL) STRICT" },
};

typedef struct {
  Store *store;
  gint64 writer, n;
} Move;

static bool
run_sql (StoreConnection *db, const char *sql, gint64 a, gint64 b, GError **error)
{
  StoreStatement *statement = store_statement (db, sql, error);
  if (!statement)
    return false;
  store_bind_integer (statement, 1, a);
  if (strstr (sql, "?2"))
    store_bind_integer (statement, 2, b);
  return store_run (statement, error);
}

/* Every third move fails after it has written. */
static bool
move_money (StoreConnection *db, gpointer data, GError **error)
{
  const Move *m = data;
  if (!run_sql (db, "UPDATE account SET balance = balance - ?1 WHERE id = 1", m->n, 0, error))
    return false;
  if (m->n % 3 == 0) {
    g_set_error (error, FAULT, FAULT_CONFLICT, "not this time");
    return false;
  }
  return run_sql (db, "UPDATE account SET balance = balance + ?1 WHERE id = 2", m->n, 0, error)
         && run_sql (db, "INSERT INTO entry (writer, n) VALUES (?1, ?2)", m->writer, m->n, error);
}

static gpointer
write_all (gpointer data)
{
  Move move = *(Move *)data;
  for (move.n = 1; move.n <= WRITES; move.n++) {
    g_autoptr (GError) error = NULL;
    bool ok = store_write (move.store, move_money, &move, &error);
    g_assert_true (ok == (move.n % 3 != 0));
    g_assert_true (ok || g_error_matches (error, FAULT, FAULT_CONFLICT));
  }
  return NULL;
}

static gint64
query (StoreConnection *db, const char *sql)
{
  StoreStatement *statement = store_statement (db, sql, NULL);
  g_assert_cmpint (store_step (statement, NULL), ==, STORE_ROW);
  return store_integer (statement, 0);
}

/* Money is never seen half moved, and the entries agree with the balances. */
static gpointer
read_all (gpointer data)
{
  Store *store = data;
  for (int i = 0; i < 200; i++) {
    GError *error = NULL;
    StoreReader *reader = store_reader (store, &error);
    g_assert_no_error (error);
    StoreConnection *db = store_reader_db (reader);
    g_assert_cmpint (query (db, "SELECT CAST (sum (balance) AS INTEGER) FROM account"), ==, 2000);
    gint64 moved = query (db, "SELECT CAST (coalesce (sum (n), 0) AS INTEGER) FROM entry");
    g_assert_cmpint (query (db, "SELECT balance FROM account WHERE id = 2"), ==, 1000 + moved);
    store_reader_release (reader);
  }
  return NULL;
}

/* Long transactions among them: one entry each, by writer 100. */
static gpointer
write_long (gpointer data)
{
  Store *store = data;
  for (int i = 0; i < 20; i++) {
    GError *error = NULL;
    StoreConnection *db = store_begin (store, &error);
    g_assert_no_error (error);
    g_assert_true (run_sql (db, "INSERT INTO entry (writer, n) VALUES (100, ?1)", 0, 0, &error));
    if (i % 2)
      store_rollback (store);
    else
      g_assert_true (store_commit (store, &error));
  }
  return NULL;
}

static void
test_concurrent (void)
{
  g_autofree char *folder = support_folder (), *path = support_store (folder, "bank.db");
  GError *error = NULL;
  Store *store = store_open (path, STORE_CREATE, migrations, 1, &error);
  g_assert_no_error (error);
  pthread_t threads[WRITERS + READERS + 1];
  Move moves[WRITERS];
  for (int i = 0; i < WRITERS; i++) {
    moves[i] = (Move){ .store = store, .writer = i };
    g_assert_cmpint (pthread_create (&threads[i], NULL, write_all, &moves[i]), ==, 0);
  }
  for (int i = 0; i < READERS; i++)
    g_assert_cmpint (pthread_create (&threads[WRITERS + i], NULL, read_all, store), ==, 0);
  g_assert_cmpint (pthread_create (&threads[WRITERS + READERS], NULL, write_long, store), ==, 0);
  for (int i = 0; i < WRITERS + READERS + 1; i++)
    pthread_join (threads[i], NULL);

  StoreReader *reader = store_reader (store, &error);
  StoreConnection *db = store_reader_db (reader);
  g_assert_cmpint (query (db, "SELECT count(*) FROM entry WHERE writer < 100"), ==,
                   WRITERS * (WRITES - WRITES / 3));
  g_assert_cmpint (query (db, "SELECT count(*) FROM entry WHERE writer = 100"), ==, 10);
  /* Each writer's entries stand in its own order. */
  g_assert_cmpint (query (db,
                          "SELECT count(*) FROM entry a JOIN entry b ON a.writer = b.writer AND a.id < b.id"
                          " AND a.n > b.n"),
                   ==, 0);
  store_reader_release (reader);
  store_close (store);
  support_remove (folder);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/store/threads/writers and readers", test_concurrent);
  return g_test_run ();
}
