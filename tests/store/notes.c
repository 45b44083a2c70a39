#include "notes.h"

const StoreMigration notes_migrations[] = {
  { "notes", 1, "CREATE TABLE note (id INTEGER PRIMARY KEY, text TEXT NOT NULL) STRICT" },
  { "notes", 2, "ALTER TABLE note ADD COLUMN author TEXT; CREATE INDEX note_author ON note (author)" },
};

void
notes_set_up (Notes *f, gconstpointer unused)
{
  f->folder = support_folder ();
  f->path = support_store (f->folder, "notes.db");
}

void
notes_tear_down (Notes *f, gconstpointer unused)
{
  support_remove (f->folder);
  g_free (f->folder);
  g_free (f->path);
}

Store *
notes_open (const Notes *f, StoreFlags flags, size_t n)
{
  GError *error = NULL;
  Store *store = store_open (f->path, flags, notes_migrations, n, &error);
  g_assert_no_error (error);
  g_assert_nonnull (store);
  return store;
}

void
notes_assert_refused (const Notes *f, StoreFlags flags, size_t n, FaultCode code, const char *words)
{
  g_autoptr (GError) error = NULL;
  Store *store = store_open (f->path, flags, notes_migrations, n, &error);
  g_assert_null (store);
  g_assert_error (error, FAULT, (int)code);
  g_assert_nonnull (strstr (error->message, f->path));
  if (!strstr (error->message, words))
    g_error ("\"%s\" does not say \"%s\"", error->message, words);
}

gint64
notes_query (Store *store, const char *sql)
{
  GError *error = NULL;
  g_autoptr (StoreReader) reader = store_reader (store, &error);
  g_assert_no_error (error);
  StoreStatement *statement = store_statement (store_reader_db (reader), sql, &error);
  g_assert_no_error (error);
  g_assert_cmpint (store_step (statement, NULL), ==, STORE_ROW);
  return store_integer (statement, 0);
}

bool
notes_insert (StoreConnection *db, gpointer text, GError **error)
{
  StoreStatement *statement = store_statement (db, "INSERT INTO note (text) VALUES (?1)", error);
  if (!statement)
    return false;
  store_bind_text (statement, 1, text);
  return store_run (statement, error);
}

bool
notes_insert_much (StoreConnection *db, gpointer unused, GError **error)
{
  g_autofree char *text = g_strnfill (100000, 'x');
  return notes_insert (db, text, error);
}

void
notes_write (Store *store, const char *text)
{
  GError *error = NULL;
  g_assert_true (store_write (store, notes_insert, (gpointer)text, &error));
  g_assert_no_error (error);
}
