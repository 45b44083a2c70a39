/* What only a server can meet: it is away, it is killed, it drops a connection. */
#include "notes.h"

#include <libpq-fe.h>
#include <pthread.h>

/* ---- another program's connection -------------------------------------- */

static PGconn *
connect_to (const char *url)
{
  PGconn *pg = PQconnectdb (url);
  if (PQstatus (pg) != CONNECTION_OK)
    g_error ("%s", PQerrorMessage (pg));
  return pg;
}

static void
ask (PGconn *pg, const char *sql)
{
  PGresult *result = PQexec (pg, sql);
  if (PQresultStatus (result) != PGRES_COMMAND_OK && PQresultStatus (result) != PGRES_TUPLES_OK)
    g_error ("%s: %s", sql, PQerrorMessage (pg));
  PQclear (result);
}

static void
tell (const char *url, const char *sql)
{
  PGconn *pg = connect_to (url);
  ask (pg, sql);
  PQfinish (pg);
}

static void
assert_refused_at (const char *url, StoreFlags flags, FaultCode code, const char *words)
{
  g_autoptr (GError) error = NULL;
  g_assert_null (store_open (url, flags, notes_migrations, 2, &error));
  g_assert_error (error, FAULT, (int)code);
  if (!strstr (error->message, words))
    g_error ("\"%s\" does not say \"%s\"", error->message, words);
  g_assert_null (strstr (error->message, "secret"));
}

/* ---- refusals ---------------------------------------------------------- */

static void
test_addresses (Notes *f, gconstpointer unused)
{
  g_auto (GStrv) parts = g_strsplit (f->path, "?", 2);
  g_autofree char *absent = g_strconcat (parts[0], "_absent?", parts[1], NULL),
                  *unknown
                  = g_strdup_printf ("postgresql://nobody:secret@/postgres?%s&password=secret", parts[1]);
  assert_refused_at (absent, STORE_CREATE, FAULT_NOT_FOUND, "no such database");
  assert_refused_at (unknown, STORE_CREATE, FAULT_SYSTEM, "refused the user or the password");
  assert_refused_at ("postgresql://a:secret@127.0.0.1:1/db", 0, FAULT_SYSTEM, "cannot reach the server");
  assert_refused_at ("postgresql:///db?host=/no/such/folder", 0, FAULT_SYSTEM, "cannot reach the server");
  assert_refused_at ("postgresql://a:secret@/db?colour=red", 0, FAULT_USAGE, "write postgresql://USER@HOST");
}

static void
test_shown (Notes *f, gconstpointer unused)
{
  static const struct {
    const char *url, *shown;
  } cases[] = {
    { "postgresql://county:secret@db.example:5432/minhou", "postgresql://county@db.example:5432/minhou" },
    { "postgres://county@db/minhou?password=secret", "postgres://county@db/minhou" },
    { "postgres://db/minhou?password=secret&sslmode=require", "postgres://db/minhou?sslmode=require" },
    { "postgres://db/minhou?sslmode=require&password=secret", "postgres://db/minhou?sslmode=require" },
    { "postgresql:///a:b@c", "postgresql:///a:b@c" },
    { "postgresql://", "postgresql://" },
    { "postgresql://county:secret@db/minhou#liudong_new", "postgresql://county@db/minhou" },
    { "var/a:b@c.db", "var/a:b@c.db" },
  };
  for (size_t i = 0; i < G_N_ELEMENTS (cases); i++) {
    g_autofree char *shown = store_shown (cases[i].url);
    g_assert_cmpstr (shown, ==, cases[i].shown);
  }
}

static void
test_empty (Notes *f, gconstpointer unused)
{
  bool there = true;
  notes_assert_refused (f, 0, 2, FAULT_INPUT, "an empty database");
  notes_assert_refused (f, STORE_READ_ONLY, 2, FAULT_INPUT, "an empty database");
  g_assert_true (store_exists (f->path, &there, NULL));
  g_assert_false (there);
  store_close (notes_open (f, STORE_CREATE, 2));
  g_assert_true (store_exists (f->path, &there, NULL));
  g_assert_true (there);
}

static void
test_other_program (Notes *f, gconstpointer unused)
{
  bool there = false;
  tell (f->path, "CREATE TABLE theirs (x int)");
  notes_assert_refused (f, STORE_CREATE, 2, FAULT_INPUT, "another program");
  g_assert_true (store_exists (f->path, &there, NULL));
  g_assert_true (there);
  tell (f->path, "DROP TABLE theirs; CREATE SCHEMA theirs; CREATE VIEW theirs.v AS SELECT 1");
  notes_assert_refused (f, STORE_CREATE | STORE_BULK, 2, FAULT_INPUT, "another program");
  tell (f->path, "DROP VIEW theirs.v; DROP SCHEMA theirs");
  store_close (notes_open (f, STORE_CREATE, 2));
}

static void
test_encoding (Notes *f, gconstpointer unused)
{
  g_auto (GStrv) parts = g_strsplit (f->path, "?", 2);
  g_autofree char *latin = g_strconcat (parts[0], "_latin?", parts[1], NULL),
                  *name = g_path_get_basename (parts[0]);
  g_autofree char *create = g_strdup_printf ("CREATE DATABASE %s_latin ENCODING 'LATIN1' LOCALE_PROVIDER libc"
                                             " LOCALE 'C' TEMPLATE template0",
                                             name),
                  *drop = g_strdup_printf ("DROP DATABASE %s_latin WITH (FORCE)", name);
  tell (f->path, create);
  assert_refused_at (latin, STORE_CREATE, FAULT_INPUT, "--encoding=UTF8");
  tell (f->path, drop);
}

/* ---- whole or not at all ----------------------------------------------- */

typedef struct {
  bool fail;
  int runs;
} Filling;

static bool
fill (const char *path, gpointer data, GError **error)
{
  Filling *filling = data;
  filling->runs++;
  g_autoptr (Store) store = store_open (path, STORE_CREATE | STORE_BULK, notes_migrations, 2, error);
  g_assert_nonnull (store);
  g_assert_true (store_write (store, notes_insert, (gpointer) "made", error));
  g_assert_true (store_checkpoint (store, error));
  if (filling->fail)
    g_set_error (error, FAULT, FAULT_CONFLICT, "not this time");
  return !filling->fail;
}

static void
test_make (Notes *f, gconstpointer unused)
{
  g_autoptr (GError) error = NULL, again = NULL;
  Filling filling = { .fail = true };
  bool there = true;
  g_assert_false (store_make (f->path, fill, &filling, &error));
  g_assert_error (error, FAULT, FAULT_CONFLICT);
  g_assert_cmpstr (error->message, ==, "not this time");
  g_assert_true (store_exists (f->path, &there, NULL));
  g_assert_false (there);
  /* What a killed maker left is cleared. */
  tell (f->path, "CREATE SCHEMA liudong_new; CREATE TABLE liudong_new.note (x int)");
  filling.fail = false;
  g_assert_true (store_make (f->path, fill, &filling, &again));
  g_assert_no_error (again);
  Store *store = notes_open (f, 0, 2);
  g_assert_cmpint (notes_query (store, "SELECT count(*) FROM note WHERE text = 'made'"), ==, 1);
  notes_write (store, "more");
  store_close (store);
  g_assert_false (store_make (f->path, fill, &filling, &again));
  g_assert_error (again, FAULT, FAULT_CONFLICT);
  g_assert_cmpint (filling.runs, ==, 2);
}

static void
test_made_by_another (Notes *f, gconstpointer unused)
{
  g_autoptr (GError) error = NULL;
  Filling filling = { 0 };
  PGconn *other = connect_to (f->path);
  ask (other, "SELECT pg_advisory_lock (1279544904)");
  g_assert_false (store_make (f->path, fill, &filling, &error));
  g_assert_error (error, FAULT, FAULT_CONFLICT);
  g_assert_nonnull (strstr (error->message, "another process is making it"));
  g_assert_cmpint (filling.runs, ==, 0);
  PQfinish (other);
}

/* ---- connections that end ---------------------------------------------- */

static const char drop_all[] = "SELECT pg_terminate_backend (pid, 5000) FROM pg_stat_activity"
                               " WHERE datname = current_database () AND pid <> pg_backend_pid ()";

static bool
insert_and_lose (StoreConnection *db, gpointer path, GError **error)
{
  g_assert_true (notes_insert (db, (gpointer) "lost", error));
  tell (path, drop_all);
  return notes_insert (db, (gpointer) "lost", error);
}

/* Idle connections come again by themselves; a work whose connection goes is
 * undone and says so; the next one has a new connection. */
static void
test_dropped (Notes *f, gconstpointer unused)
{
  Store *store = notes_open (f, STORE_CREATE, 2);
  notes_write (store, "before");
  g_assert_cmpint (notes_query (store, "SELECT count(*) FROM note"), ==, 1);
  tell (f->path, drop_all);
  g_assert_cmpint (notes_query (store, "SELECT count(*) FROM note"), ==, 1);
  notes_write (store, "after");
  g_autoptr (GError) error = NULL;
  g_assert_false (store_write (store, insert_and_lose, f->path, &error));
  g_assert_error (error, FAULT, FAULT_SYSTEM);
  g_assert_nonnull (strstr (error->message, "nothing of it was kept"));
  notes_write (store, "after");
  g_assert_cmpint (notes_query (store, "SELECT count(*) FROM note WHERE text = 'after'"), ==, 2);
  g_assert_cmpint (notes_query (store, "SELECT count(*) FROM note"), ==, 3);
  store_close (store);
}

static void
test_dropped_reader (Notes *f, gconstpointer unused)
{
  Store *store = notes_open (f, STORE_CREATE, 2);
  notes_write (store, "a");
  g_autoptr (GError) error = NULL;
  StoreReader *reader = store_reader (store, &error);
  StoreStatement *s = store_statement (store_reader_db (reader), "SELECT count(*) FROM note", &error);
  g_assert_cmpint (store_step (s, &error), ==, STORE_ROW);
  tell (f->path, drop_all);
  s = store_statement (store_reader_db (reader), "SELECT count(*) FROM note", &error);
  g_assert_cmpint (store_step (s, &error), ==, STORE_FAILED);
  g_assert_error (error, FAULT, FAULT_SYSTEM);
  store_reader_release (reader);
  g_assert_cmpint (notes_query (store, "SELECT count(*) FROM note"), ==, 1);
  store_close (store);
}

/* A transaction that another process holds, longer than anyone waits. */
static void
test_locked (Notes *f, gconstpointer unused)
{
  Store *store = notes_open (f, STORE_CREATE, 2);
  PGconn *other = connect_to (f->path);
  ask (other, "BEGIN; SELECT pg_advisory_xact_lock (1279544903)");
  g_autoptr (GError) error = NULL;
  g_assert_false (store_write (store, notes_insert, (gpointer) "a", &error));
  g_assert_nonnull (strstr (error->message, "locked by another process"));
  PQfinish (other);
  notes_write (store, "b");
  g_assert_cmpint (notes_query (store, "SELECT count(*) FROM note"), ==, 1);
  store_close (store);
}

static void
test_snapshots_are_read_only (Notes *f, gconstpointer unused)
{
  Store *store = notes_open (f, STORE_CREATE, 2);
  StoreReader *reader = store_reader (store, NULL);
  g_autoptr (GError) error = NULL;
  g_assert_false (store_execute (store_reader_db (reader), "INSERT INTO note (text) VALUES ('x')", &error));
  g_assert_nonnull (strstr (error->message, "read-only"));
  store_reader_release (reader);
  store_close (store);
}

/* ---- the server is killed ---------------------------------------------- */

static char *
run_server (const char *command, const char *folder)
{
  g_autofree char *script = support_source ("tests/support/postgres");
  const char *argv[] = { script, command, folder, NULL };
  char *out = NULL;
  g_assert_cmpint (support_run (argv, &out, NULL), ==, 0);
  return g_strchomp (out);
}

enum { WRITERS = 8, KILLS = 3 };

typedef struct {
  Store *store;
  gint64 next;
  gint *stop;
  GArray *acknowledged; /* numbers store_write said were written */
  GArray *refused;      /* those it said were not */
  guint unanswered;     /* the server could not be reached, or asked */
} Scribe;

static bool
insert_number (StoreConnection *db, gpointer n, GError **error)
{
  StoreStatement *s = store_statement (db, "INSERT INTO note (id, text) VALUES (?1, 'n')", error);
  if (!s)
    return false;
  store_bind_integer (s, 1, *(gint64 *)n);
  return store_run (s, error);
}

static gpointer
scribble (gpointer data)
{
  Scribe *w = data;
  for (; !g_atomic_int_get (w->stop); w->next += WRITERS) {
    g_autoptr (GError) error = NULL;
    bool ok = store_write (w->store, insert_number, &w->next, &error);
    if (ok)
      g_array_append_val (w->acknowledged, w->next);
    else if (strstr (error->message, "nothing of it was kept"))
      g_array_append_val (w->refused, w->next);
    else {
      w->unanswered++;
      g_usleep (10000);
    }
  }
  return NULL;
}

static gint64
is_there (Store *store, gint64 n)
{
  g_autoptr (StoreReader) reader = store_reader (store, NULL);
  StoreStatement *s = store_statement (store_reader_db (reader), "SELECT 1 FROM note WHERE id = ?1", NULL);
  store_bind_integer (s, 1, n);
  StoreStep step = store_step (s, NULL);
  g_assert_cmpint (step, !=, STORE_FAILED);
  return step == STORE_ROW;
}

/* The server is killed and started again while eight threads write through one
 * store, which lives on: whatever was acknowledged is there, whatever was said to
 * be undone is not. */
static void
test_killed (void)
{
  const char *shared = strstr (g_getenv ("LIUDONG_TEST_POSTGRES"), "host=") + strlen ("host=");
  g_autofree char *cluster = g_strconcat (shared, "-killed", NULL), *url = run_server ("start", cluster);
  GError *error = NULL;
  Store *store = store_open (url, STORE_CREATE, notes_migrations, 2, &error);
  g_assert_no_error (error);
  gint stop = 0;
  Scribe scribes[WRITERS];
  pthread_t threads[WRITERS];
  for (int i = 0; i < WRITERS; i++) {
    scribes[i] = (Scribe){ store,
                           i + 1,
                           &stop,
                           g_array_new (FALSE, FALSE, sizeof (gint64)),
                           g_array_new (FALSE, FALSE, sizeof (gint64)),
                           0 };
    g_assert_cmpint (pthread_create (&threads[i], NULL, scribble, &scribes[i]), ==, 0);
  }
  for (int kill = 0; kill < KILLS; kill++) {
    g_usleep (150000);
    g_free (run_server ("kill", cluster));
    g_free (run_server ("start", cluster));
  }
  g_usleep (300000);
  g_atomic_int_set (&stop, 1);
  guint acknowledged = 0, refused = 0, unanswered = 0;
  for (int i = 0; i < WRITERS; i++)
    pthread_join (threads[i], NULL);
  for (int i = 0; i < WRITERS; i++) {
    for (guint k = 0; k < scribes[i].acknowledged->len; k++)
      g_assert_true (is_there (store, g_array_index (scribes[i].acknowledged, gint64, k)));
    for (guint k = 0; k < scribes[i].refused->len; k++)
      g_assert_false (is_there (store, g_array_index (scribes[i].refused, gint64, k)));
    acknowledged += scribes[i].acknowledged->len;
    refused += scribes[i].refused->len;
    unanswered += scribes[i].unanswered;
    g_array_free (scribes[i].acknowledged, TRUE);
    g_array_free (scribes[i].refused, TRUE);
  }
  g_test_message ("%u acknowledged, %u undone, %u unanswered, %d kills", acknowledged, refused, unanswered,
                  KILLS);
  g_assert_cmpint (acknowledged, >, 50);
  g_assert_cmpint (refused + unanswered, >=, KILLS);
  store_close (store);
  g_free (run_server ("stop", cluster));
  support_remove (cluster);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
#define CASE(name, test) g_test_add ("/store/server/" name, Notes, NULL, notes_set_up, test, notes_tear_down)
  CASE ("addresses", test_addresses);
  CASE ("a password is not shown", test_shown);
  CASE ("refuse an empty database", test_empty);
  CASE ("refuse another program's database", test_other_program);
  CASE ("refuse another encoding", test_encoding);
  CASE ("whole or not at all", test_make);
  CASE ("one maker at a time", test_made_by_another);
  CASE ("connections that are dropped", test_dropped);
  CASE ("a reader whose connection is dropped", test_dropped_reader);
  CASE ("locked by another", test_locked);
  CASE ("readers write nothing", test_snapshots_are_read_only);
  g_test_add_func ("/store/server/killed", test_killed);
  return g_test_run ();
}
