/* What the store remembers of how its tables were made. */
#include "store/store.h"
#include "support.h"

typedef struct {
  char *folder, *path;
  Store *store;
} Fixture;

static const StoreMigration migrations[] = {
  { "notes", 1,
    "CREATE TABLE note (id INTEGER PRIMARY KEY, text TEXT NOT NULL DEFAULT 'a;b') STRICT; -- first; of all\n"
    "INSERT INTO note (text) VALUES ('CREATE TABLE no (x)');"
    " /* and; */ CREATE UNIQUE INDEX note_text ON note (text)" },
  { "notes", 2, "ALTER TABLE note ADD COLUMN author TEXT;" },
};

static void
set_up (Fixture *f, gconstpointer unused)
{
  GError *error = NULL;
  f->folder = support_folder ();
  f->path = support_store (f->folder, "notes.db");
  f->store = store_open (f->path, STORE_CREATE, migrations, G_N_ELEMENTS (migrations), &error);
  g_assert_no_error (error);
}

static void
tear_down (Fixture *f, gconstpointer unused)
{
  store_close (f->store);
  support_remove (f->folder);
  g_free (f->folder);
  g_free (f->path);
}

/* "name/table[*]: sql" of each, a line; * marks an index. */
static void
assert_definitions (Fixture *f, const char *expected)
{
  GError *error = NULL;
  g_autoptr (Arena) arena = arena_new ();
  g_autoptr (StoreReader) reader = store_reader (f->store, &error);
  g_autoptr (GString) text = g_string_new (NULL);
  size_t n = 0;
  const StoreDefinition *list = store_definitions (store_reader_db (reader), arena, &n, &error);
  g_assert_no_error (error);
  for (size_t i = 0; i < n; i++)
    g_string_append_printf (text, "%s/%s%s: %s\n", list[i].name, list[i].table, list[i].index ? "*" : "",
                            list[i].sql);
  g_assert_cmpstr (text->str, ==, expected);
}

#define NOTES                                                                                                \
  "note/note: CREATE TABLE note (id INTEGER PRIMARY KEY, text TEXT NOT NULL DEFAULT 'a;b') STRICT\n"         \
  "note_text/note*: CREATE UNIQUE INDEX note_text ON note (text)\n"                                          \
  "note/note: ALTER TABLE note ADD COLUMN author TEXT\n"

static bool
execute (StoreConnection *db, gpointer sql, GError **error)
{
  return store_execute (db, sql, error);
}

static void
run (Fixture *f, const char *sql)
{
  GError *error = NULL;
  g_assert_true (store_write (f->store, execute, (gpointer)sql, &error));
  g_assert_no_error (error);
}

static void
test_migrations (Fixture *f, gconstpointer unused)
{
  assert_definitions (f, NOTES);
}

/* "IF NOT EXISTS" that does nothing is not remembered, nor what is temporary. */
static void
test_again (Fixture *f, gconstpointer unused)
{
  for (int i = 0; i < 2; i++)
    run (f, "create table if not exists \"tag\" (id INTEGER PRIMARY KEY) STRICT;"
            "CREATE INDEX IF NOT EXISTS tag_id ON \"tag\" (id);"
            "CREATE TEMP TABLE IF NOT EXISTS scratch (x INTEGER)");
  assert_definitions (f, NOTES "tag/tag: create table if not exists \"tag\" (id INTEGER PRIMARY KEY) STRICT\n"
                               "tag_id/tag*: CREATE INDEX IF NOT EXISTS tag_id ON \"tag\" (id)\n");
}

static void
test_dropped (Fixture *f, gconstpointer unused)
{
  run (f, "CREATE TABLE tag (id INTEGER PRIMARY KEY) STRICT; CREATE INDEX tag_id ON tag (id)");
  assert_definitions (f, NOTES "tag/tag: CREATE TABLE tag (id INTEGER PRIMARY KEY) STRICT\n"
                               "tag_id/tag*: CREATE INDEX tag_id ON tag (id)\n");
  run (f, "DROP INDEX tag_id");
  assert_definitions (f, NOTES "tag/tag: CREATE TABLE tag (id INTEGER PRIMARY KEY) STRICT\n");
  run (f, "DROP TABLE IF EXISTS tag");
  assert_definitions (f, NOTES);
  run (f, "DROP TABLE note");
  assert_definitions (f, "");
}

/* Indexes are made after the rows, when a table has its last name. */
static void
test_renamed (Fixture *f, gconstpointer unused)
{
  g_autoptr (GError) error = NULL;
  g_assert_false (store_write (f->store, execute, (gpointer) "ALTER TABLE note RENAME TO memo", &error));
  g_assert_error (error, FAULT, FAULT_SYSTEM);
  g_assert_nonnull (strstr (error->message, "make a new one and copy"));
  assert_definitions (f, NOTES);
  run (f, "DELETE FROM note");
}

/* A work that is undone is not remembered. */
static bool
define_then_fail (StoreConnection *db, gpointer unused, GError **error)
{
  g_assert_true (store_execute (db, "CREATE TABLE tag (id INTEGER PRIMARY KEY) STRICT", NULL));
  g_set_error (error, FAULT, FAULT_CONFLICT, "no");
  return false;
}

static void
test_undone (Fixture *f, gconstpointer unused)
{
  g_assert_false (store_write (f->store, define_then_fail, NULL, NULL));
  assert_definitions (f, NOTES);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
#define CASE(name, test) g_test_add ("/store/definitions/" name, Fixture, NULL, set_up, test, tear_down)
  CASE ("migrations are remembered", test_migrations);
  CASE ("what does nothing is not", test_again);
  CASE ("what is dropped is forgotten", test_dropped);
  CASE ("renaming is refused", test_renamed);
  CASE ("what is undone is not remembered", test_undone);
  return g_test_run ();
}
