/* The one dialect and the calls on statements: the same on either engine. */
#include "notes.h"

static StoreStatement *
statement (StoreConnection *db, const char *sql)
{
  GError *error = NULL;
  StoreStatement *s = store_statement (db, sql, &error);
  g_assert_no_error (error);
  return s;
}

static StoreStep
step (StoreStatement *s)
{
  GError *error = NULL;
  StoreStep result = store_step (s, &error);
  g_assert_no_error (error);
  return result;
}

static void
run (StoreConnection *db, const char *sql)
{
  GError *error = NULL;
  g_assert_true (store_execute (db, sql, &error));
  g_assert_no_error (error);
}

/* A store with a long transaction open, in which a test does what it likes. */
typedef struct {
  Notes notes;
  Store *store;
  StoreConnection *db;
} Open;

static void
set_up (Open *o, gconstpointer unused)
{
  notes_set_up (&o->notes, NULL);
  o->store = notes_open (&o->notes, STORE_CREATE, 2);
  o->db = store_begin (o->store, NULL);
  g_assert_nonnull (o->db);
}

static void
tear_down (Open *o, gconstpointer unused)
{
  store_rollback (o->store);
  store_close (o->store);
  notes_tear_down (&o->notes, NULL);
}

/* ---- values ------------------------------------------------------------ */

static void
test_values (Open *o, gconstpointer unused)
{
  run (o->db, "CREATE TABLE v (id INTEGER PRIMARY KEY, i INTEGER, t TEXT, b BLOB) STRICT");
  StoreStatement *insert = statement (o->db, "INSERT INTO v (i, t, b) VALUES (?1, ?2, ?3)");
  g_assert_true (store_run (insert, NULL)); /* all NULL */
  store_bind_integer (insert, 1, G_MININT64);
  store_bind_text (insert, 2, "");
  store_bind_blob (insert, 3, NULL, 0);
  g_assert_true (store_run (insert, NULL));
  store_bind_integer (insert, 1, G_MAXINT64);
  store_bind_slice (insert, 2, TEXT_LITERAL ("林'; --"));
  store_bind_blob (insert, 3, "\0\xff", 2);
  g_assert_true (store_run (insert, NULL));
  store_bind_null (insert, 1);
  store_bind_text (insert, 2, NULL);
  g_assert_true (store_run (insert, NULL)); /* what is not bound again stays */

  StoreStatement *s = statement (o->db, "SELECT i, t, b, x'0aFF', 'it''s', 7 FROM v ORDER BY id");
  g_assert_cmpint (step (s), ==, STORE_ROW);
  g_assert_cmpint (store_columns (s), ==, 6);
  g_assert_cmpstr (store_column_name (s, 1), ==, "t");
  for (int i = 0; i < 3; i++)
    g_assert_cmpint (store_kind (s, i), ==, STORE_NULL);
  g_assert_cmpint (store_integer (s, 0), ==, 0);
  g_assert_null (store_text (s, 1).bytes);
  g_assert_null (store_blob (s, 2).bytes);
  g_assert_cmpmem (store_blob (s, 3).bytes, store_blob (s, 3).len, "\x0a\xff", 2);
  g_assert_cmpstr (store_text (s, 4).bytes, ==, "it's");
  g_assert_cmpint (store_integer (s, 5), ==, 7);

  g_assert_cmpint (step (s), ==, STORE_ROW);
  g_assert_cmpint (store_integer (s, 0), ==, G_MININT64);
  g_assert_cmpstr (store_text (s, 0).bytes, ==, "-9223372036854775808");
  g_assert_cmpint (store_kind (s, 1), ==, STORE_TEXT);
  g_assert_cmpstr (store_text (s, 1).bytes, ==, "");
  g_assert_cmpint (store_kind (s, 2), ==, STORE_BLOB);
  g_assert_cmpint (store_blob (s, 2).len, ==, 0);
  g_assert_nonnull (store_blob (s, 2).bytes);

  g_assert_cmpint (step (s), ==, STORE_ROW);
  g_assert_cmpint (store_integer (s, 0), ==, G_MAXINT64);
  g_assert_cmpstr (store_text (s, 1).bytes, ==, "林'; --");
  g_assert_cmpmem (store_blob (s, 2).bytes, store_blob (s, 2).len, "\0\xff", 2);

  g_assert_cmpint (step (s), ==, STORE_ROW);
  g_assert_true (store_is_null (s, 0));
  g_assert_true (store_is_null (s, 1));
  g_assert_cmpint (store_blob (s, 2).len, ==, 2);
  g_assert_cmpint (step (s), ==, STORE_DONE);
}

static void
test_large (Open *o, gconstpointer unused)
{
  enum { SIZE = 5000000 };
  run (o->db, "CREATE TABLE large (id INTEGER PRIMARY KEY, b BLOB) STRICT");
  g_autofree guint8 *bytes = g_malloc (SIZE);
  for (size_t i = 0; i < SIZE; i++)
    bytes[i] = (guint8)(i * 7 + i / 251);
  StoreStatement *insert = statement (o->db, "INSERT INTO large (b) VALUES (?1)");
  store_bind_blob (insert, 1, bytes, SIZE);
  g_assert_true (store_run (insert, NULL));
  StoreStatement *s = statement (o->db, "SELECT b FROM large");
  g_assert_cmpint (step (s), ==, STORE_ROW);
  g_assert_cmpmem (store_blob (s, 0).bytes, store_blob (s, 0).len, bytes, SIZE);
}

/* By bytes, whatever the server's locale thinks. */
static void
test_order (Open *o, gconstpointer unused)
{
  run (o->db, "CREATE TABLE w (t TEXT PRIMARY KEY) STRICT, WITHOUT ROWID;"
              "INSERT INTO w VALUES ('b'), ('林'), ('B'), ('一'), ('a'), ('é'), ('_'), ('Z'), ('')");
  g_autoptr (GString) all = g_string_new (NULL);
  StoreStatement *s = statement (o->db, "SELECT t FROM w ORDER BY t");
  while (step (s) == STORE_ROW)
    g_string_append_printf (all, "%s,", store_text (s, 0).bytes);
  g_assert_cmpstr (all->str, ==, ",B,Z,_,a,b,é,一,林,");
  StoreStatement *below = statement (o->db, "SELECT count(*) FROM w WHERE t < ?1");
  store_bind_text (below, 1, "a");
  g_assert_cmpint (step (below), ==, STORE_ROW);
  g_assert_cmpint (store_integer (below, 0), ==, 4);
}

/* ---- ids, conflicts, changes ------------------------------------------- */

static gint64
note_id (StoreConnection *db, const char *text)
{
  StoreStatement *s = statement (db, "SELECT id FROM note WHERE text = ?1");
  store_bind_text (s, 1, text);
  gint64 id = step (s) == STORE_ROW ? store_integer (s, 0) : -1;
  store_reset (s);
  return id;
}

/* A row without an id gets the highest plus one, also behind ids that were given. */
static void
test_ids (Open *o, gconstpointer unused)
{
  run (o->db, "INSERT INTO note (text) VALUES ('a'), ('b')");
  run (o->db, "INSERT INTO note (id, text) VALUES (40, 'c')");
  run (o->db, "INSERT INTO note (text) VALUES ('d'), ('e')");
  run (o->db, "DELETE FROM note WHERE text = 'e'");
  run (o->db, "INSERT INTO note (text) VALUES ('f')");
  static const struct {
    const char *text;
    gint64 id;
  } expected[] = { { "a", 1 }, { "b", 2 }, { "c", 40 }, { "d", 41 }, { "e", -1 }, { "f", 42 } };
  for (size_t i = 0; i < G_N_ELEMENTS (expected); i++)
    g_assert_cmpint (note_id (o->db, expected[i].text), ==, expected[i].id);
}

static void
test_conflicts (Open *o, gconstpointer unused)
{
  run (o->db, "CREATE TABLE c (k TEXT PRIMARY KEY, n INTEGER NOT NULL) STRICT, WITHOUT ROWID");
  StoreStatement *once = statement (o->db, "INSERT INTO c VALUES (?1, ?2) ON CONFLICT (k) DO NOTHING"),
                 *latest = statement (o->db, "INSERT INTO c VALUES (?1, ?2)"
                                             " ON CONFLICT (k) DO UPDATE SET n = excluded.n"),
                 *all = statement (o->db, "UPDATE c SET n = n + ?1");
  store_bind_text (once, 1, "x");
  store_bind_integer (once, 2, 1);
  g_assert_true (store_run (once, NULL));
  g_assert_cmpint (store_changes (o->db), ==, 1);
  g_assert_true (store_run (once, NULL));
  g_assert_cmpint (store_changes (o->db), ==, 0);
  store_bind_text (latest, 1, "x");
  store_bind_integer (latest, 2, 5);
  g_assert_true (store_run (latest, NULL));
  store_bind_text (latest, 1, "y");
  g_assert_true (store_run (latest, NULL));
  store_bind_integer (all, 1, 10);
  g_assert_true (store_run (all, NULL));
  g_assert_cmpint (store_changes (o->db), ==, 2);
  gint64 sum = 0;
  g_assert_true (store_query (o->db, "SELECT CAST (sum (n) AS INTEGER) FROM c", 0, &sum, NULL));
  g_assert_cmpint (sum, ==, 30);
  g_assert_true (store_query (o->db, "SELECT n FROM c WHERE k = 'z'", -7, &sum, NULL));
  g_assert_cmpint (sum, ==, -7);
}

/* ---- parameters -------------------------------------------------------- */

/* A parameter may be NULL the first time and anything later; a number may be left out. */
static void
test_parameters (Open *o, gconstpointer unused)
{
  run (o->db, "CREATE TABLE p (a INTEGER, b TEXT) STRICT; INSERT INTO p VALUES (1, 'x'), (NULL, 'y')");
  StoreStatement *s = statement (o->db, "SELECT count(*) FROM p WHERE a = ?1 OR b = ?4");
  g_assert_cmpint (step (s), ==, STORE_ROW);
  g_assert_cmpint (store_integer (s, 0), ==, 0);
  static const struct {
    gint64 a;
    const char *b;
    gint64 n;
  } cases[] = { { 1, NULL, 1 }, { 2, "x", 1 }, { 2, "y", 1 }, { 1, "y", 2 }, { 2, NULL, 0 } };
  for (size_t i = 0; i < G_N_ELEMENTS (cases); i++) {
    s = statement (o->db, "SELECT count(*) FROM p WHERE a = ?1 OR b = ?4");
    store_bind_integer (s, 1, cases[i].a);
    store_bind_text (s, 4, cases[i].b);
    g_assert_cmpint (step (s), ==, STORE_ROW);
    g_assert_cmpint (store_integer (s, 0), ==, cases[i].n);
    g_assert_cmpint (step (s), ==, STORE_DONE);
  }
}

/* ---- rows -------------------------------------------------------------- */

enum { ROWS = 3000 };

static void
fill (StoreConnection *db)
{
  run (db, "CREATE TABLE n (n INTEGER PRIMARY KEY, twice INTEGER NOT NULL) STRICT");
  StoreStatement *insert = statement (db, "INSERT INTO n VALUES (?1, ?2)");
  for (int i = 1; i <= ROWS; i++) {
    store_bind_integer (insert, 1, i);
    store_bind_integer (insert, 2, 2 * i);
    g_assert_true (store_run (insert, NULL));
  }
}

/* Other statements run between the rows of one, write what it reads, and may be left midway. */
static void
test_interleaved (Open *o, gconstpointer unused)
{
  fill (o->db);
  StoreStatement *outer = statement (o->db, "SELECT n FROM n ORDER BY n");
  StoreStatement *inner = statement (o->db, "SELECT twice FROM n WHERE n >= ?1 ORDER BY n");
  StoreStatement *update = statement (o->db, "UPDATE n SET twice = twice + 1 WHERE n = ?1");
  gint64 rows = 0;
  while (step (outer) == STORE_ROW) {
    gint64 n = store_integer (outer, 0);
    g_assert_cmpint (n, ==, ++rows);
    if (n % 500 == 0) {
      store_reset (inner);
      store_bind_integer (inner, 1, n);
      g_assert_cmpint (step (inner), ==, STORE_ROW);
      g_assert_cmpint (store_integer (inner, 0), ==, 2 * n);
      g_assert_cmpint (store_integer (outer, 0), ==, n); /* still there */
      store_bind_integer (update, 1, n);
      g_assert_true (store_run (update, NULL));
    }
  }
  g_assert_cmpint (rows, ==, ROWS);
  gint64 sum = 0;
  g_assert_true (store_query (o->db, "SELECT CAST (sum (twice) AS INTEGER) FROM n", 0, &sum, NULL));
  g_assert_cmpint (sum, ==, (gint64)ROWS * (ROWS + 1) + ROWS / 500);
}

static void
test_left (Open *o, gconstpointer unused)
{
  fill (o->db);
  for (int i = 0; i < 20; i++) {
    StoreStatement *s = statement (o->db, "SELECT n FROM n ORDER BY n");
    g_assert_cmpint (step (s), ==, STORE_ROW);
    g_assert_cmpint (store_integer (s, 0), ==, 1);
    if (i % 2)
      store_reset (s);
  }
}

/* ---- failures ---------------------------------------------------------- */

static bool
fail_after_writing (StoreConnection *db, gpointer sql, GError **error)
{
  StoreStatement *s;
  return notes_insert (db, (gpointer) "of a failing work", error) && (s = store_statement (db, sql, error))
         && store_run (s, error) && notes_insert (db, (gpointer) "of a failing work", error);
}

/* Whether a failure shows at once or at the end of the work, nothing of the work
 * stays, the fault says why, and the next work finds all in order. */
static void
test_failures (Notes *f, gconstpointer unused)
{
  static const char *const cases[]
      = { "INSERT INTO note (id, text) VALUES (1, 'twice')", "INSERT INTO note (text) VALUES (NULL)",
          "INSERT INTO nowhere VALUES (1)", "this is no SQL" };
  Store *store = notes_open (f, STORE_CREATE, 2);
  notes_write (store, "kept");
  for (size_t i = 0; i < G_N_ELEMENTS (cases); i++) {
    g_autoptr (GError) error = NULL;
    g_assert_false (store_write (store, fail_after_writing, (gpointer)cases[i], &error));
    g_assert_error (error, FAULT, FAULT_SYSTEM);
    g_assert_nonnull (strstr (error->message, "failed: "));
    g_assert_cmpint (notes_query (store, "SELECT count(*) FROM note"), ==, (gint64)i + 1);
    notes_write (store, "kept");
  }
  store_close (store);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
#define CASE(name, test) g_test_add ("/store/statements/" name, Open, NULL, set_up, test, tear_down)
  CASE ("values", test_values);
  CASE ("large values", test_large);
  CASE ("texts are ordered by bytes", test_order);
  CASE ("ids", test_ids);
  CASE ("conflicts and changes", test_conflicts);
  CASE ("parameters", test_parameters);
  CASE ("statements between the rows of another", test_interleaved);
  CASE ("rows that are left", test_left);
  g_test_add ("/store/statements/failures", Notes, NULL, notes_set_up, test_failures, notes_tear_down);
  return g_test_run ();
}
