/* Our SQL as PostgreSQL gets it. */
#include "store/dialect.h"
#include "support.h"

static void
test_translation (void)
{
  static const struct {
    const char *ours, *postgres;
    int n_parameters;
  } cases[] = {
    { "", "" },
    { "SELECT a FROM t WHERE b = ?1 AND c > ?12", "SELECT a FROM t WHERE b = $1 AND c > $12", 12 },
    { "SELECT '?1 INTEGER ''?2'' BLOB', ?1", "SELECT '?1 INTEGER ''?2'' BLOB', $1", 1 },
    { "SELECT \"a?1\", \"TEXT\" FROM t -- why ?1 TEXT\n WHERE a = ?1",
      "SELECT \"a?1\", \"TEXT\" FROM t -- why ?1 TEXT\n WHERE a = $1", 1 },
    { "SELECT /* ?1 STRICT */ ?1", "SELECT /* ?1 STRICT */ $1", 1 },
    { "SELECT 'not ended ?1", "SELECT 'not ended ?1" },
    { "SELECT 1 -- not ended ?1", "SELECT 1 -- not ended ?1" },
    { "SELECT 1 /* not ended ?1", "SELECT 1 /* not ended ?1" },
    { "CAST (sum (x) AS INTEGER)", "CAST (sum (x) AS BIGINT)" },
    { "CAST (x AS TEXT)", "CAST (x AS TEXT)" },
    { "SELECT x'0F', X'', xy, ?1", "SELECT CAST ('\\x0F' AS BYTEA), CAST ('\\x' AS BYTEA), xy, $1", 1 },
    { "CAST (x AS BLOB)", "CAST (x AS BYTEA)" },
    { "CREATE TABLE t (a INTEGER NOT NULL, b TEXT, c BLOB NOT NULL, PRIMARY KEY (a, b)) STRICT, WITHOUT "
      "ROWID",
      "CREATE TABLE t (a BIGINT NOT NULL, b TEXT COLLATE \"C\", c BYTEA NOT NULL, PRIMARY KEY (a, b)) " },
    { "CREATE TABLE t (a TEXT PRIMARY KEY) WITHOUT ROWID, STRICT; SELECT 1",
      "CREATE TABLE t (a TEXT COLLATE \"C\" PRIMARY KEY) ; SELECT 1" },
    { "CREATE TABLE note (id INTEGER PRIMARY KEY, text TEXT) STRICT",
      "CREATE TABLE note (id BIGINT PRIMARY KEY DEFAULT store_next ('note', 'id'), text TEXT COLLATE "
      "\"C\") " },
    { "CREATE TABLE IF NOT EXISTS \"Odd\" (\"my id\" INTEGER PRIMARY  KEY)",
      "CREATE TABLE IF NOT EXISTS \"Odd\" (\"my id\" BIGINT PRIMARY KEY DEFAULT store_next ('Odd', 'my "
      "id'))" },
    { "CREATE TABLE a (x INTEGER PRIMARY KEY) STRICT; CREATE TABLE b (y INTEGER PRIMARY KEY) STRICT",
      "CREATE TABLE a (x BIGINT PRIMARY KEY DEFAULT store_next ('a', 'x')) ; "
      "CREATE TABLE b (y BIGINT PRIMARY KEY DEFAULT store_next ('b', 'y')) " },
    { "ALTER TABLE t ADD COLUMN \"x\" TEXT;", "ALTER TABLE t ADD COLUMN \"x\" TEXT COLLATE \"C\";" },
    { "ALTER TABLE t ADD COLUMN none_1 INTEGER NOT NULL DEFAULT 0",
      "ALTER TABLE t ADD COLUMN none_1 BIGINT NOT NULL DEFAULT 0" },
    { "SELECT INTEGERS, TEXTS, 文TEXT FROM STRICTLY", "SELECT INTEGERS, TEXTS, 文TEXT FROM STRICTLY" },
    { "INSERT INTO t VALUES ('林', ?1) ON CONFLICT (a) DO UPDATE SET b = excluded.b",
      "INSERT INTO t VALUES ('林', $1) ON CONFLICT (a) DO UPDATE SET b = excluded.b", 1 },
  };
  for (size_t i = 0; i < G_N_ELEMENTS (cases); i++) {
    int n = -1;
    g_autofree char *translated = dialect_for_postgres (cases[i].ours, &n);
    g_assert_cmpstr (translated, ==, cases[i].postgres);
    g_assert_cmpint (n, ==, cases[i].n_parameters);
  }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/store/dialect/translation", test_translation);
  return g_test_run ();
}
