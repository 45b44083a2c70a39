/* Opening, versions, readers. */
#include "store/store_private.h"

/* Idle connections kept for the next reader. */
enum { READERS_KEPT = 16 };

/* ---- versions ---------------------------------------------------------- */

/* Refuse other programs' databases and loads that never ended. */
static bool
check_ours (const Store *store, const StoreIdentity *identity, GError **error)
{
  const char *path = store->path, *thing = store->engine->thing;
  if (!identity->ours) {
    g_set_error (error, FAULT, FAULT_INPUT, "%s: a database of another program: name another %s", path,
                 thing);
    return false;
  }
  if (identity->state == STATE_LOADING) {
    g_set_error (error, FAULT, FAULT_INPUT,
                 "%s: its first load was interrupted: delete the %s and load again", path, thing);
    return false;
  }
  if (identity->state != STATE_WHOLE) {
    g_set_error (error, FAULT, FAULT_INPUT,
                 "%s: written by a newer program (its state is %" G_GINT64_FORMAT
                 ", this program knows 0 and 1): use that program, or restore an older backup",
                 path, identity->state);
    return false;
  }
  return true;
}

/* The version MODULE has in the file; 0 when none. */
static bool
version_of (StoreConnection *db, const char *module, int *version, GError **error)
{
  *version = 0;
  StoreStatement *statement
      = store_statement (db, "SELECT version FROM store_version WHERE module = ?1", error);
  if (!statement)
    return false;
  store_bind_text (statement, 1, module);
  StoreStep result = store_step (statement, error);
  if (result == STORE_ROW)
    *version = (int)store_integer (statement, 0);
  store_reset (statement);
  return result != STORE_FAILED;
}

static int
latest_of (const StoreMigration *migrations, size_t n, const char *module)
{
  int latest = 0;
  for (size_t i = 0; i < n; i++)
    if (g_str_equal (migrations[i].module, module))
      latest = MAX (latest, migrations[i].version);
  return latest;
}

/* True when no module of the file is newer than MIGRATIONS; PENDING: some are older. */
static bool
check_versions (StoreConnection *db, const char *path, const StoreMigration *migrations, size_t n,
                bool *pending, GError **error)
{
  *pending = false;
  for (size_t i = 0; i < n; i++) {
    int there = 0, latest = latest_of (migrations, n, migrations[i].module);
    if (!version_of (db, migrations[i].module, &there, error))
      return false;
    if (there > latest) {
      g_set_error (error, FAULT, FAULT_INPUT,
                   "%s: written by a newer program (its %s tables have version %d, this program knows %d): "
                   "use that program, or restore an older backup",
                   path, migrations[i].module, there, latest);
      return false;
    }
    *pending |= there < latest;
  }
  return true;
}

/* A module's first tables change nothing that is there, nor do later ones that come with them (*MADE is the
 * module whose first tables were just made); else they may. */
static bool
apply_migration (Store *store, StoreConnection *db, const StoreMigration *migration, const char **made,
                 GError **error)
{
  int there = 0;
  if (!version_of (db, migration->module, &there, error))
    return false;
  if (migration->version <= there)
    return true;
  g_assert (migration->version == there + 1);
  if (there == 0)
    *made = migration->module;
  if (g_strcmp0 (*made, migration->module) != 0 && !store_keep_first (store, error))
    return false;
  if (!definitions_execute (db, migration->sql, "making tables", error))
    return false;
  StoreStatement *statement
      = store_statement (db,
                         "INSERT INTO store_version (module, version) VALUES (?1, ?2)"
                         " ON CONFLICT (module) DO UPDATE SET version = excluded.version",
                         error);
  if (!statement)
    return false;
  store_bind_text (statement, 1, migration->module);
  store_bind_integer (statement, 2, migration->version);
  return store_run (statement, error);
}

typedef struct {
  Store *store;
  const StoreMigration *migrations;
  size_t n;
} MigrationList;

static bool
apply_migrations (StoreConnection *db, gpointer data, GError **error)
{
  const MigrationList *list = data;
  const char *made = NULL;
  for (size_t i = 0; i < list->n; i++)
    if (!apply_migration (list->store, db, &list->migrations[i], &made, error))
      return false;
  return true;
}

bool
store_migrate (Store *store, const StoreMigration *migrations, size_t n, GError **error)
{
  g_autoptr (StoreReader) reader = store_reader (store, error);
  bool pending = false;
  if (!reader || !check_versions (reader->db, store->path, migrations, n, &pending, error))
    return false;
  g_clear_pointer (&reader, store_reader_release);
  if (!pending)
    return true;
  if (store->flags & STORE_READ_ONLY) {
    g_set_error (error, FAULT, FAULT_INPUT,
                 "%s: its tables are older than this program: open it once with write access", store->path);
    return false;
  }
  MigrationList list = { store, migrations, n };
  return store_write (store, apply_migrations, &list, error);
}

/* ---- copies before a change -------------------------------------------- */

/* Set before any thread is started. */
static StoreKeep keep_function;
static gpointer keep_data;

void
store_set_keep (StoreKeep function, gpointer data)
{
  keep_function = function;
  keep_data = data;
}

bool
store_keep_first (Store *store, GError **error)
{
  if (!store->kept)
    store->kept = !keep_function || store->fresh || keep_function (store, keep_data, error);
  return store->kept;
}

/* ---- opening ----------------------------------------------------------- */

static bool
prepare_database (Store *store, const StoreMigration *migrations, size_t n, GError **error)
{
  bool writes = !(store->flags & STORE_READ_ONLY), pending = false;
  StoreIdentity found = { 0 };
  store->db = connection_open (store, writes, error);
  if (!store->db || !store->engine->identify (store->db, &found, error))
    return false;
  if (found.fresh && !(store->flags & STORE_CREATE)) {
    g_set_error (error, FAULT, FAULT_INPUT, "%s: an empty %s: load a county into it first", store->path,
                 store->engine->thing);
    return false;
  }
  /* Everything that can be refused is refused before the first write. */
  if (!found.fresh
      && (!check_ours (store, &found, error)
          || !check_versions (store->db, store->path, migrations, n, &pending, error)))
    return false;
  store->fresh = found.fresh;
  store->loading = found.fresh && (store->flags & STORE_BULK);
  return !writes
         || (store->engine->configure (store->db, store->loading, error)
             && (!found.fresh
                 || store->engine->initialise (store->db, store->loading ? STATE_LOADING : STATE_WHOLE,
                                               error)));
}

bool
store_is_server (const char *path)
{
  return g_str_has_prefix (path, "postgresql://") || g_str_has_prefix (path, "postgres://");
}

static const StoreEngine *
engine_of (const char *path)
{
  return store_is_server (path) ? &postgres_engine : &sqlite_engine;
}

char *
store_shown (const char *path)
{
  return engine_of (path)->show_place (path);
}

static Store *
store_new (const char *path, StoreFlags flags)
{
  Store *store = g_new0 (Store, 1);
  store->engine = engine_of (path);
  store->place = g_strdup (path);
  store->path = store->engine->show_place (path);
  store->flags = flags;
  pthread_mutex_init (&store->lock, NULL);
  pthread_cond_init (&store->wake, NULL);
  return store;
}

Store *
store_open (const char *path, StoreFlags flags, const StoreMigration *migrations, size_t n, GError **error)
{
  g_assert (!(flags & STORE_READ_ONLY) || !(flags & (STORE_CREATE | STORE_BULK)));
  g_autoptr (Store) store = store_new (path, flags);
  if (!store->engine->check_place (store, error) || !prepare_database (store, migrations, n, error)
      || (!(flags & STORE_READ_ONLY) && !writer_start (store, error))
      || !store_migrate (store, migrations, n, error))
    return NULL;
  return g_steal_pointer (&store);
}

bool
store_exists (const char *path, bool *exists, GError **error)
{
  g_autoptr (Store) store = store_new (path, STORE_CREATE);
  *exists = false;
  return store->engine->check_place (store, error) && store->engine->exists (store, exists, error);
}

bool
store_make (const char *path, StoreFill fill, gpointer data, GError **error)
{
  g_autoptr (Store) store = store_new (path, STORE_CREATE);
  return store->engine->check_place (store, error) && store->engine->make (store, fill, data, error);
}

void
store_close (Store *store)
{
  if (!store)
    return;
  writer_stop (store);
  while (store->readers) {
    StoreReader *reader = store->readers;
    store->readers = reader->next;
    connection_close (reader->db);
    g_free (reader);
  }
  connection_close (store->db);
  pthread_cond_destroy (&store->wake);
  pthread_mutex_destroy (&store->lock);
  g_free (store->place);
  g_free (store->path);
  g_free (store);
}

const char *
store_path (const Store *store)
{
  return store->path;
}

bool
store_checkpoint (Store *store, GError **error)
{
  if (!store->loading)
    return true;
  writer_take (store);
  bool ok = store->engine->finish_load (store->db, error);
  store->loading = !ok;
  writer_release (store);
  return ok;
}

/* ---- readers ----------------------------------------------------------- */

static StoreReader *
take_idle_reader (Store *store)
{
  pthread_mutex_lock (&store->lock);
  StoreReader *reader = store->readers;
  if (reader) {
    store->readers = reader->next;
    store->n_readers--;
  }
  pthread_mutex_unlock (&store->lock);
  return reader;
}

StoreReader *
store_reader (Store *store, GError **error)
{
  StoreReader *reader = take_idle_reader (store);
  if (!reader) {
    StoreConnection *db = connection_open (store, false, error);
    if (!db)
      return NULL;
    reader = g_new0 (StoreReader, 1);
    reader->store = store;
    reader->db = db;
  }
  if (store->engine->begin (reader->db, error))
    return reader;
  connection_close (reader->db);
  g_free (reader);
  return NULL;
}

void
store_reader_release (StoreReader *reader)
{
  if (!reader)
    return;
  Store *store = reader->store;
  bool healthy = store->engine->release (reader->db);
  pthread_mutex_lock (&store->lock);
  bool keep = healthy && store->n_readers < READERS_KEPT;
  if (keep) {
    reader->next = store->readers;
    store->readers = reader;
    store->n_readers++;
  }
  pthread_mutex_unlock (&store->lock);
  if (keep)
    return;
  connection_close (reader->db);
  g_free (reader);
}

StoreConnection *
store_reader_db (StoreReader *reader)
{
  return reader->db;
}
