/* The tables in the store: those that are always there, and those made from the
 * schema.  A store remembers the schema it was made with in `catalogue`, where
 * every attribute has a number of its own that never changes: records name
 * attributes by it, so registry.yaml may be put in another order.
 *
 * What may change and what may not: change.c. */
#include "registry/registry_private.h"

const StoreMigration registry_migrations[] = {
  { "registry", 1,
    "CREATE TABLE registry_schema (version INTEGER PRIMARY KEY, hash TEXT NOT NULL) STRICT;"
    "CREATE TABLE registry_day (one INTEGER PRIMARY KEY CHECK (one = 1), day INTEGER NOT NULL) STRICT;"
    "CREATE TABLE catalogue_entity (entity INTEGER PRIMARY KEY, id TEXT NOT NULL) STRICT;"
    "CREATE TABLE catalogue (entity INTEGER NOT NULL, number INTEGER NOT NULL, id TEXT NOT NULL,"
    " kind INTEGER NOT NULL, scale INTEGER NOT NULL, target TEXT, PRIMARY KEY (entity, number)) STRICT, "
    "WITHOUT ROWID;"
    "CREATE TABLE word (code INTEGER PRIMARY KEY, text TEXT NOT NULL UNIQUE) STRICT;"
    "CREATE TABLE batch (id INTEGER PRIMARY KEY, recorded_at INTEGER NOT NULL, source TEXT NOT NULL,"
    " actor TEXT NOT NULL, evidence TEXT, complete_of INTEGER) STRICT;"
    "CREATE INDEX batch_complete ON batch (complete_of, source, id) WHERE complete_of IS NOT NULL;"
    /* valid_from NULL: ever; valid_to NULL: open. */
    "CREATE TABLE record (subject INTEGER NOT NULL, batch INTEGER NOT NULL, sequence INTEGER NOT NULL,"
    " valid_from INTEGER, valid_to INTEGER, facts BLOB NOT NULL,"
    " PRIMARY KEY (subject, batch, sequence)) STRICT, WITHOUT ROWID;"
    /* Who once referred to whom, by references that collections follow, and no
     * longer does: reading the past must find them. */
    "CREATE TABLE former_reference (entity INTEGER NOT NULL, attribute INTEGER NOT NULL, target INTEGER NOT "
    "NULL,"
    " subject INTEGER NOT NULL, PRIMARY KEY (entity, attribute, target, subject)) STRICT, WITHOUT ROWID;" },
  { "registry", 2,
    "ALTER TABLE registry_schema ADD COLUMN recorded_at INTEGER;"
    "ALTER TABLE registry_schema ADD COLUMN source TEXT;"  /* registry.yaml as it was */
    "ALTER TABLE registry_schema ADD COLUMN changes TEXT;" /* against the one before, a line each */
    "ALTER TABLE batch ADD COLUMN settles INTEGER NOT NULL DEFAULT 0;"
    "CREATE TABLE entity_count (entity INTEGER PRIMARY KEY, n INTEGER NOT NULL) STRICT;"
    /* Which attributes sources state differently on the day of the current tables. */
    "CREATE TABLE conflict (subject INTEGER NOT NULL, attribute INTEGER NOT NULL, batch INTEGER NOT NULL,"
    " PRIMARY KEY (subject, attribute)) STRICT, WITHOUT ROWID;" },
  { "registry", 3, "ALTER TABLE batch ADD COLUMN complete_since INTEGER;" },
  { "registry", 4,
    /* What search's tables call a township, and what their keys are made of (search_index.c). */
    "CREATE TABLE catalogue_township (number INTEGER PRIMARY KEY, township TEXT NOT NULL UNIQUE) STRICT;"
    "CREATE TABLE catalogue_search (entity INTEGER PRIMARY KEY, keys TEXT NOT NULL) STRICT;" },
  { "registry", 5,
    /* Events: GONE is KEPT, or (UNDOES) is not after all. */
    "CREATE TABLE merging (id INTEGER PRIMARY KEY, kept INTEGER NOT NULL, gone INTEGER NOT NULL,"
    " recorded_at INTEGER NOT NULL, actor TEXT NOT NULL, reason TEXT NOT NULL, undoes INTEGER) STRICT;" },
  { "registry", 6,
    /* From whom something was erased, and what is made of many subjects' facts (kept.c). */
    "CREATE TABLE erasure (id INTEGER PRIMARY KEY, subject INTEGER NOT NULL) STRICT;"
    "CREATE TABLE kept (id INTEGER PRIMARY KEY, made_for TEXT NOT NULL, at_batch INTEGER NOT NULL,"
    " at_merge INTEGER NOT NULL, at_erasure INTEGER NOT NULL, bytes BLOB NOT NULL) STRICT;" },
  { "registry", 7,
    /* Records of batches after this one are indexed by batch (tables_index). */
    "CREATE TABLE record_watch (one INTEGER PRIMARY KEY CHECK (one = 1), batch INTEGER NOT NULL) STRICT;" },
};
const size_t registry_n_migrations = G_N_ELEMENTS (registry_migrations);

/* Step through rows; false at the end, with *OK telling a fault from it. */
static bool
next_row (StoreStatement *statement, bool *ok, GError **error)
{
  StoreStep result = statement ? store_step (statement, error) : STORE_FAILED;
  *ok = result != STORE_FAILED;
  return result == STORE_ROW;
}

bool
tables_check (StoreConnection *db, const Registry *registry, bool *same, GError **error)
{
  StoreStatement *statement
      = store_statement (db, "SELECT hash, source FROM registry_schema ORDER BY version DESC LIMIT 1", error);
  bool ok = false;
  *same = next_row (statement, &ok, error) && !store_is_null (statement, 1)
          && g_str_equal (store_text (statement, 0).bytes, registry->schema->hash);
  if (ok)
    store_reset (statement);
  return ok;
}

/* ---- making and altering ----------------------------------------------- */

static const char *
column_type (const RegistryAttribute *a)
{
  return a->kind == REGISTRY_TEXT ? "TEXT" : "INTEGER";
}

static bool
add_entity (StoreConnection *db, const RegistryEntity *entity, GError **error)
{
  StoreStatement *statement = store_statement (
      db, "INSERT INTO catalogue_entity (entity, id) VALUES (?1, ?2) ON CONFLICT (entity) DO NOTHING", error);
  if (!statement)
    return false;
  store_bind_integer (statement, 1, entity->index);
  store_bind_text (statement, 2, entity->id);
  if (!store_run (statement, error))
    return false;
  /* NULL: not stated.  none_<k> has a bit for each attribute stated as none.
   * The row holds until the day before `until` (NULL: no change is due). */
  g_autofree char *sql = g_strdup_printf ("CREATE TABLE IF NOT EXISTS current_%s (id INTEGER PRIMARY KEY,"
                                          " until INTEGER, none_0 INTEGER NOT NULL DEFAULT 0) STRICT;"
                                          "INSERT INTO entity_count (entity, n) SELECT %d, count(*)"
                                          " FROM current_%s WHERE 1 = 1 ON CONFLICT (entity) DO NOTHING",
                                          entity->id, entity->index, entity->id);
  return store_execute (db, sql, error);
}

/* The attribute's number in the catalogue, -1 when it is not there. */
static bool
number_of (StoreConnection *db, const RegistryAttribute *a, gint64 *number, GError **error)
{
  StoreStatement *statement
      = store_statement (db, "SELECT number FROM catalogue WHERE entity = ?1 AND id = ?2", error);
  if (!statement)
    return false;
  store_bind_integer (statement, 1, a->entity->index);
  store_bind_text (statement, 2, a->id);
  bool ok = false;
  *number = next_row (statement, &ok, error) ? store_integer (statement, 0) : -1;
  if (ok)
    store_reset (statement);
  return ok;
}

static bool
catalogue_attribute (StoreConnection *db, const RegistryAttribute *a, gint64 number, GError **error)
{
  StoreStatement *statement = store_statement (
      db, "INSERT INTO catalogue (entity, number, id, kind, scale, target) VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
      error);
  if (!statement)
    return false;
  store_bind_integer (statement, 1, a->entity->index);
  store_bind_integer (statement, 2, number);
  store_bind_text (statement, 3, a->id);
  store_bind_integer (statement, 4, a->kind);
  store_bind_integer (statement, 5, a->scale);
  if (a->target)
    store_bind_text (statement, 6, a->target->id);
  return store_run (statement, error);
}

static bool
next_number (StoreConnection *db, const RegistryEntity *entity, gint64 *number, GError **error)
{
  StoreStatement *statement = store_statement (db, "SELECT count(*) FROM catalogue WHERE entity = ?1", error);
  if (!statement)
    return false;
  store_bind_integer (statement, 1, entity->index);
  bool ok = false;
  if (next_row (statement, &ok, error))
    *number = store_integer (statement, 0);
  store_reset (statement);
  return ok;
}

static bool
add_attribute (StoreConnection *db, const RegistryAttribute *a, GError **error)
{
  gint64 number = -1;
  if (a->kind == REGISTRY_COLLECTION)
    return true;
  if (!number_of (db, a, &number, error))
    return false;
  if (number >= 0)
    return true;
  if (!next_number (db, a->entity, &number, error) || !catalogue_attribute (db, a, number, error))
    return false;
  g_autoptr (GString) sql = g_string_new (NULL);
  if (number > 0 && number % NONE_BITS == 0)
    g_string_append_printf (sql, "ALTER TABLE current_%s ADD COLUMN none_%d INTEGER NOT NULL DEFAULT 0;",
                            a->entity->id, (int)number / NONE_BITS);
  g_string_append_printf (sql, "ALTER TABLE current_%s ADD COLUMN \"%s\" %s;", a->entity->id, a->id,
                          column_type (a));
  return store_execute (db, sql->str, error);
}

static bool
add_words (StoreConnection *db, const RegistryAttribute *a, GError **error)
{
  for (size_t i = 0; i < a->n_values; i++) {
    StoreStatement *statement
        = store_statement (db, "INSERT INTO word (text) VALUES (?1) ON CONFLICT (text) DO NOTHING", error);
    if (!statement)
      return false;
    store_bind_text (statement, 1, a->values[i]);
    if (!store_run (statement, error))
      return false;
  }
  return true;
}

static bool
refuse_changes (const Registry *registry, const GArray *changes, GError **error)
{
  for (guint i = 0; i < changes->len; i++) {
    const RegistryChange *change = &g_array_index (changes, RegistryChange, i);
    if (change->kind == REGISTRY_CHANGE_REFUSED) {
      g_set_error (error, FAULT, FAULT_INPUT, "%s: does not fit the data in %s: %s", registry->schema->path,
                   store_path (registry->store), change->text);
      return false;
    }
  }
  return true;
}

bool
tables_sync (StoreConnection *db, gpointer data, GError **error)
{
  Registry *registry = data;
  g_autoptr (GArray) changes = NULL;
  if (!change_plan (db, registry->schema, registry->arena, &changes, &registry->refold, error)
      || !refuse_changes (registry, changes, error) || !store_keep_first (registry->store, error))
    return false;
  for (size_t i = 0; i < registry->schema->n; i++) {
    const RegistryEntity *entity = &registry->schema->entities[i];
    if (!add_entity (db, entity, error))
      return false;
    for (size_t j = 0; j < entity->n; j++)
      if (!add_attribute (db, &entity->attributes[j], error)
          || !add_words (db, &entity->attributes[j], error))
        return false;
  }
  return change_remember (db, registry->schema, changes, error);
}

/* ---- indexes ----------------------------------------------------------- */

/* Named by the entity's place: ids may hold "_", and current_a_b could be two things. */
static bool
index_column (StoreConnection *db, const RegistryEntity *entity, const char *column, GError **error)
{
  g_autofree char *sql = g_strdup_printf (
      "CREATE INDEX IF NOT EXISTS find_%d_%s ON current_%s (\"%s\") WHERE \"%s\" IS NOT NULL", entity->index,
      column, entity->id, column, column);
  return store_execute (db, sql, error);
}

/* Equal names come before the rest of the likeness, so this finds by name as well. */
static bool
index_likeness (StoreConnection *db, const RegistryEntity *entity, GError **error)
{
  if (!entity->n_likeness)
    return true;
  g_autoptr (GString) columns = g_string_new (NULL);
  for (size_t i = 0; i < entity->n_likeness; i++)
    g_string_append_printf (columns, "%s\"%s\"", i ? ", " : "", entity->likeness[i]->id);
  g_autofree char *sql
      = g_strdup_printf ("CREATE INDEX IF NOT EXISTS alike_%d ON current_%s (%s) WHERE \"%s\" IS NOT NULL",
                         entity->index, entity->id, columns->str, entity->likeness[0]->id);
  return store_execute (db, sql, error);
}

/* What writers look subjects up by (lookup.c), and what collections follow. */
static bool
is_indexed (const Registry *registry, const RegistryAttribute *a)
{
  if (a->entity->n_likeness && a == a->entity->likeness[0])
    return false;
  return a == a->entity->label || a == a->entity->number
         || registry->tables[a->entity->index].followed[a->index];
}

/* touched.c asks for the records of late batches.  The first load of a county is older than
 * anything that could have been made of it, and by far the largest: it is left out. */
static bool
index_records (StoreConnection *db, GError **error)
{
  gint64 batch;
  if (!store_execute (db,
                      "INSERT INTO record_watch (one, batch) SELECT 1, coalesce(max(id), 0) FROM batch"
                      " WHERE 1 = 1 ON CONFLICT (one) DO NOTHING",
                      error)
      || !store_query (db, "SELECT batch FROM record_watch", 0, &batch, error))
    return false;
  g_autofree char *sql = g_strdup_printf ("CREATE INDEX IF NOT EXISTS record_late ON record (batch)"
                                          " WHERE batch > %" G_GINT64_FORMAT,
                                          batch);
  return store_execute (db, sql, error);
}

bool
tables_watch (StoreConnection *db, Registry *registry, GError **error)
{
  if (!store_query (db, "SELECT batch FROM record_watch", -1, &registry->watched, error))
    return false;
  if (registry->watched >= 0) /* in the words of the index, so that it is used */
    registry->late = arena_printf (
        registry->arena, "SELECT subject, batch FROM record WHERE batch > ?1 AND batch > %" G_GINT64_FORMAT,
        registry->watched);
  return true;
}

bool
tables_index (StoreConnection *db, gpointer data, GError **error)
{
  Registry *registry = data;
  for (size_t i = 0; i < registry->schema->n; i++) {
    const RegistryEntity *entity = &registry->schema->entities[i];
    if (!index_column (db, entity, "until", error) || !index_likeness (db, entity, error))
      return false;
    for (size_t j = 0; j < entity->n; j++)
      if (is_indexed (registry, &entity->attributes[j])
          && !index_column (db, entity, entity->attributes[j].id, error))
        return false;
  }
  return index_records (db, error) && search_index_build (db, registry, registry->bulk, error);
}

/* ---- loading ----------------------------------------------------------- */

static bool
load_words (StoreConnection *db, Registry *registry, GError **error)
{
  gint64 last = 0;
  if (!store_query (db, "SELECT coalesce(max(code), 0) FROM word", 0, &last, error))
    return false;
  registry->n_words = (size_t)last + 1;
  registry->words = arena_new0 (registry->arena, const char *, registry->n_words);
  bool ok = false;
  StoreStatement *statement = store_statement (db, "SELECT code, text FROM word", error);
  while (next_row (statement, &ok, error))
    registry->words[store_integer (statement, 0)] = store_string (statement, 1, registry->arena);
  return ok;
}

static void
load_codes (Registry *registry, GHashTable *by_text, const RegistryAttribute *a)
{
  guint32 *codes = arena_new0 (registry->arena, guint32, a->n_values);
  for (size_t i = 0; i < a->n_values; i++)
    codes[i] = (guint32)((const char **)g_hash_table_lookup (by_text, a->values[i]) - registry->words);
  registry->tables[a->entity->index].codes[a->index] = codes;
}

/* Whether absence of A and B means something while the same load is current. */
static bool
is_alike (const RegistryAttribute *a, const RegistryAttribute *b)
{
  return (a->absence == REGISTRY_ABSENT_UNKNOWN) == (b->absence == REGISTRY_ABSENT_UNKNOWN)
         && g_str_equal (a->source, b->source);
}

static guint32 *
find_alike (Registry *registry, const RegistryEntity *entity)
{
  guint32 *alike = arena_new0 (registry->arena, guint32, entity->n);
  for (guint32 i = 0; i < entity->n; i++)
    while (alike[i] < i && !is_alike (&entity->attributes[alike[i]], &entity->attributes[i]))
      alike[i]++;
  return alike;
}

static bool
load_numbers (StoreConnection *db, Registry *registry, const RegistryEntity *entity, GError **error)
{
  EntityTables *t = &registry->tables[entity->index];
  t->numbers = arena_new0 (registry->arena, guint32, entity->n);
  t->codes = arena_new0 (registry->arena, guint32 *, entity->n);
  t->by_number = arena_new0 (registry->arena, const RegistryAttribute *, entity->n);
  t->followed = arena_new0 (registry->arena, bool, entity->n);
  t->alike = find_alike (registry, entity);
  t->referrers = arena_new0 (registry->arena, char *, entity->n);
  for (size_t i = 0; i < entity->n; i++) {
    gint64 number = -1;
    if (!number_of (db, &entity->attributes[i], &number, error))
      return false;
    if (number < 0)
      continue;
    t->numbers[i] = (guint32)number;
    t->by_number[number] = &entity->attributes[i];
    t->n_numbers++;
  }
  t->n_none = MAX (1, (t->n_numbers + NONE_BITS - 1) / NONE_BITS);
  return true;
}

static char *
in_arena (Registry *registry, GString *text)
{
  char *copy = arena_text (registry->arena, (Text){ text->str, text->len });
  g_string_free (text, TRUE);
  return copy;
}

static char *
insert_statement (Registry *registry, const RegistryEntity *entity)
{
  const EntityTables *t = &registry->tables[entity->index];
  GString *sql = g_string_new (NULL);
  g_string_append_printf (sql, "INSERT INTO current_%s (id, until", entity->id);
  for (guint32 i = 0; i < t->n_none; i++)
    g_string_append_printf (sql, ", none_%u", i);
  for (guint32 i = 0; i < t->n_numbers; i++)
    g_string_append_printf (sql, ", \"%s\"", t->by_number[i]->id);
  g_string_append (sql, ") VALUES (?1, ?2");
  for (guint32 i = 0; i < t->n_none + t->n_numbers; i++)
    g_string_append_printf (sql, ", ?%u", INSERT_NONE + i);
  g_string_append (sql, ") ON CONFLICT (id) DO UPDATE SET until = excluded.until");
  for (guint32 i = 0; i < t->n_none; i++)
    g_string_append_printf (sql, ", none_%u = excluded.none_%u", i, i);
  for (guint32 i = 0; i < t->n_numbers; i++)
    g_string_append_printf (sql, ", \"%s\" = excluded.\"%s\"", t->by_number[i]->id, t->by_number[i]->id);
  return in_arena (registry, sql);
}

/* Who refers to ?1, or once did, in id order. */
static char *
referrers_statement (Registry *registry, const RegistryAttribute *a)
{
  const char *id = a->entity->id;
  return arena_printf (
      registry->arena,
      "SELECT id FROM current_%s WHERE \"%s\" = ?1 UNION SELECT subject FROM former_reference"
      " WHERE entity = %d AND attribute = %u AND target = ?1 ORDER BY 1",
      id, a->id, a->entity->index, registry->tables[a->entity->index].numbers[a->index]);
}

/* Those that agree with ?1 in all of the likeness, at most ?2. */
static char *
twins_statement (Registry *registry, const RegistryEntity *entity)
{
  GString *sql = g_string_new (NULL);
  g_string_append_printf (sql, "SELECT o.id FROM current_%s s JOIN current_%s o ON o.id <> s.id", entity->id,
                          entity->id);
  for (size_t i = 0; i < entity->n_likeness; i++)
    g_string_append_printf (sql, " AND o.\"%s\" = s.\"%s\"", entity->likeness[i]->id,
                            entity->likeness[i]->id);
  g_string_append (sql, " WHERE s.id = ?1 ORDER BY o.id LIMIT ?2");
  return in_arena (registry, sql);
}

/* FIRST, then none_0 … and the attributes by number, of the current rows that are TAIL. */
static char *
select_statement (Registry *registry, const RegistryEntity *entity, const char *first, const char *tail)
{
  const EntityTables *t = &registry->tables[entity->index];
  GString *sql = g_string_new ("SELECT ");
  g_string_append (sql, first);
  for (guint32 i = 0; i < t->n_none; i++)
    g_string_append_printf (sql, ", none_%u", i);
  for (guint32 i = 0; i < t->n_numbers; i++)
    g_string_append_printf (sql, ", \"%s\"", t->by_number[i]->id);
  g_string_append_printf (sql, " FROM current_%s %s", entity->id, tail);
  return in_arena (registry, sql);
}

static char *
with_statement (Registry *registry, const RegistryAttribute *a)
{
  return a ? arena_printf (registry->arena,
                           "SELECT id FROM current_%s WHERE \"%s\" = ?1 ORDER BY id LIMIT ?2", a->entity->id,
                           a->id)
           : NULL;
}

static void
make_asking (Registry *registry, const RegistryEntity *entity)
{
  EntityTables *t = &registry->tables[entity->index];
  t->with_label = with_statement (registry, entity->label);
  t->with_number = with_statement (registry, entity->number);
  t->twins = entity->n_likeness ? twins_statement (registry, entity) : NULL;
  t->known = arena_printf (registry->arena, "SELECT 1 FROM current_%s WHERE id = ?1", entity->id);
  t->scan = select_statement (registry, entity, "id, until", "WHERE id BETWEEN ?1 AND ?2 ORDER BY id");
  t->drop = arena_printf (registry->arena, "DELETE FROM current_%s WHERE id = ?1", entity->id);
  t->referring = arena_new0 (registry->arena, char *, entity->n);
  for (size_t i = 0; i < entity->n; i++)
    if (entity->attributes[i].kind == REGISTRY_REFERENCE)
      t->referring[i] = arena_printf (registry->arena, "SELECT id FROM current_%s WHERE \"%s\" = ?1",
                                      entity->id, entity->attributes[i].id);
  t->row = select_statement (registry, entity, "until", "WHERE id = ?1");
}

static void
make_statements (Registry *registry, const RegistryEntity *entity)
{
  EntityTables *t = &registry->tables[entity->index];
  Arena *arena = registry->arena;
  t->insert = insert_statement (registry, entity);
  t->count = arena_printf (arena, "SELECT n FROM entity_count WHERE entity = %d", entity->index);
  t->last = arena_printf (arena, "SELECT coalesce(max(id), 0) FROM current_%s", entity->id);
  t->after = arena_printf (arena, "SELECT id FROM current_%s WHERE id > ?1 ORDER BY id LIMIT 1", entity->id);
  t->due = arena_printf (arena, "SELECT id FROM current_%s WHERE until <= ?1 LIMIT 1", entity->id);
  make_asking (registry, entity);
  search_prepare_statements (registry, entity);
  for (size_t i = 0; i < entity->n; i++)
    if (entity->attributes[i].kind == REGISTRY_COLLECTION) {
      const RegistryAttribute *via = entity->attributes[i].via;
      EntityTables *target = &registry->tables[via->entity->index];
      target->followed[via->index] = true;
      target->referrers[via->index] = referrers_statement (registry, via);
    }
}

bool
tables_load (StoreConnection *db, Registry *registry, GError **error)
{
  const RegistrySchema *schema = registry->schema;
  registry->tables = arena_new0 (registry->arena, EntityTables, schema->n);
  if (!load_words (db, registry, error))
    return false;
  g_autoptr (GHashTable) by_text = g_hash_table_new (g_str_hash, g_str_equal);
  for (size_t i = 1; i < registry->n_words; i++)
    if (registry->words[i])
      g_hash_table_insert (by_text, (gpointer)registry->words[i], &registry->words[i]);
  for (size_t i = 0; i < schema->n; i++) {
    if (!load_numbers (db, registry, &schema->entities[i], error))
      return false;
    for (size_t j = 0; j < schema->entities[i].n; j++)
      load_codes (registry, by_text, &schema->entities[i].attributes[j]);
  }
  for (size_t i = 0; i < schema->n; i++)
    make_statements (registry, &schema->entities[i]);
  return true;
}
