/* Definitions: a store remembers the statements that made its tables, as they
 * were written, so that a backup can make them again on either engine.
 *
 * One row of store_definition for each CREATE or ALTER that still counts; DROP
 * takes away what it made superfluous. */
#include "store/dialect.h"
#include "store/store_private.h"

const char definitions_table[]
    = "CREATE TABLE IF NOT EXISTS store_definition (number INTEGER PRIMARY KEY, name TEXT NOT "
      "NULL, table_name TEXT NOT NULL,"
      " is_index INTEGER NOT NULL, sql TEXT NOT NULL) STRICT";

/* ---- reading statements ------------------------------------------------ */

/* The end of the statement at S: its semicolon, or the end of the text. */
static const char *
end_of_statement (const char *s)
{
  Token token = dialect_token (s);
  while (token.kind != TOKEN_END && *token.start != ';')
    token = dialect_token (token.start + token.len);
  return token.start;
}

/* Whether WORDS stand at *S; then *S is moved behind them. */
static bool
take_words (const char **s, const char *words)
{
  const char *after = dialect_after (*s, words);
  *s = after ? after : *s;
  return after;
}

/* The name at *S, without its quotes; *S is moved behind it.  Caller frees. */
static char *
take_name (const char **s)
{
  Token name = dialect_token (*s);
  bool quoted = *name.start == '"' && name.len >= 2;
  *s = name.start + name.len;
  return g_strndup (name.start + quoted, name.len - (quoted ? 2 : 0));
}

/* ---- remembering ------------------------------------------------------- */

typedef struct {
  char *name, *table, *sql;
  bool index;
} Definition;

static bool
is_remembered (StoreConnection *db, const Definition *d, bool *known, GError **error)
{
  StoreStatement *find = store_statement (
      db, "SELECT 1 FROM store_definition WHERE name = ?1 AND is_index = ?2 LIMIT 1", error);
  if (!find)
    return false;
  store_bind_text (find, 1, d->name);
  store_bind_integer (find, 2, d->index);
  StoreStep step = store_step (find, error);
  *known = step == STORE_ROW;
  store_reset (find);
  return step != STORE_FAILED;
}

static bool
remember (StoreConnection *db, const Definition *d, GError **error)
{
  StoreStatement *insert = store_statement (
      db, "INSERT INTO store_definition (name, table_name, is_index, sql) VALUES (?1, ?2, ?3, ?4)", error);
  if (!insert)
    return false;
  store_bind_text (insert, 1, d->name);
  store_bind_text (insert, 2, d->table);
  store_bind_integer (insert, 3, d->index);
  store_bind_text (insert, 4, d->sql);
  return store_run (insert, error);
}

static bool
forget (StoreConnection *db, const char *sql, const char *name, GError **error)
{
  StoreStatement *statement = store_statement (db, sql, error);
  if (!statement)
    return false;
  store_bind_text (statement, 1, name);
  return store_run (statement, error);
}

/* CREATE behind its first word; "IF NOT EXISTS" may have done nothing. */
static bool
note_create (StoreConnection *db, const char *s, Definition *d, GError **error)
{
  take_words (&s, "UNIQUE");
  d->index = take_words (&s, "INDEX");
  if (!d->index && !take_words (&s, "TABLE"))
    return true; /* a temporary table, a function of the engine's */
  take_words (&s, "IF NOT EXISTS");
  d->name = take_name (&s);
  d->table = d->index && take_words (&s, "ON") ? take_name (&s) : g_strdup (d->name);
  bool known = false;
  return is_remembered (db, d, &known, error) && (known || remember (db, d, error));
}

static bool
note_alter (StoreConnection *db, const char *s, Definition *d, GError **error)
{
  d->name = take_name (&s);
  d->table = g_strdup (d->name);
  if (!take_words (&s, "RENAME"))
    return remember (db, d, error);
  g_set_error (error, FAULT, FAULT_SYSTEM,
               "\"%s\": renaming would part indexes from their table: make a new one and copy", d->sql);
  return false;
}

static bool
note_statement (StoreConnection *db, const char *start, const char *end, GError **error)
{
  Definition d = { .sql = g_strndup (start, (size_t)(end - start)) };
  const char *s = d.sql;
  bool ok = true, index;
  if (take_words (&s, "CREATE"))
    ok = note_create (db, s, &d, error);
  else if (take_words (&s, "ALTER TABLE"))
    ok = note_alter (db, s, &d, error);
  else if ((index = take_words (&s, "DROP INDEX")) || take_words (&s, "DROP TABLE")) {
    take_words (&s, "IF EXISTS");
    d.name = take_name (&s);
    ok = forget (db,
                 index ? "DELETE FROM store_definition WHERE name = ?1 AND is_index <> 0"
                       : "DELETE FROM store_definition WHERE table_name = ?1",
                 d.name, error);
  }
  g_free (d.name);
  g_free (d.table);
  g_free (d.sql);
  return ok;
}

bool
definitions_execute (StoreConnection *db, const char *sql, const char *doing, GError **error)
{
  if (!connection_execute (db, sql, doing, error))
    return false;
  for (const char *s = dialect_token (sql).start, *end; *s; s = dialect_token (end + (*end == ';')).start) {
    end = end_of_statement (s);
    if (!note_statement (db, s, end, error))
      return false;
  }
  return true;
}

bool
store_execute (StoreConnection *db, const char *sql, GError **error)
{
  return definitions_execute (db, sql, "writing", error);
}

/* ---- reading them back ------------------------------------------------- */

const StoreDefinition *
store_definitions (StoreConnection *db, Arena *arena, size_t *n, GError **error)
{
  StoreStatement *list = store_statement (
      db, "SELECT name, table_name, is_index, sql FROM store_definition ORDER BY number", error);
  if (!list)
    return NULL;
  g_autoptr (GArray) found = g_array_new (FALSE, FALSE, sizeof (StoreDefinition));
  StoreStep step;
  while ((step = store_step (list, error)) == STORE_ROW) {
    StoreDefinition d = { store_string (list, 0, arena), store_string (list, 1, arena),
                          store_integer (list, 2) != 0, store_string (list, 3, arena) };
    g_array_append_val (found, d);
  }
  if (step == STORE_FAILED)
    return NULL;
  *n = found->len;
  return arena_copy (arena, found->data, found->len * sizeof (StoreDefinition));
}
