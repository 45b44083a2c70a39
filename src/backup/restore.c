/* Reading a backup: once to check it, once more to load it. */
#include "backup/contents.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gstdio.h>
#include <unistd.h>

enum { COLUMNS_MAX = 2000 }; /* SQLite's own bound; PostgreSQL's is 1600 */

typedef struct {
  const char *path;
  int fd;
  const BackupKey *key;
  BackupProgress progress;
  gpointer progress_data;
  BackupSummary *summary;
  gint64 total;       /* rows in the file */
  int passes, passed; /* over the file */

  SealReader *reader;
  Values values; /* the item at hand */
  ItemTag tag;

  StoreConnection *db; /* to load into; NULL while checking */
  Arena *arena;
  GPtrArray *indexes; /* statements that wait for the rows */
  /* The table at hand. */
  StoreStatement *insert;
  const char *table;
  int n_columns;
  gint64 rows;
  guint64 digest;
} Job;

/* ---- items ------------------------------------------------------------- */

static bool
next_item (Job *job, GError **error)
{
  bool ok = item_read (job->reader, &job->tag, &job->values, error);
  job->summary->content_bytes += ok ? (gint64)job->values.len : 0;
  return ok;
}

/* The values of the item at hand, which are KINDS: "I" integer, "T" text. */
static bool
take_values (Job *job, const char *kinds, Value *values, GError **error)
{
  const guint8 *at = job->values.bytes, *end = at + job->values.len;
  for (; *kinds; kinds++, values++)
    if (!value_next (&at, end, values) || values->kind != (*kinds == 'I' ? STORE_INTEGER : STORE_TEXT))
      return seal_reader_refuse (job->reader, error);
  return at == end || seal_reader_refuse (job->reader, error);
}

static bool
read_head (Job *job, GError **error)
{
  Value head[3];
  if (!next_item (job, error) || (job->tag != ITEM_HEAD && !seal_reader_refuse (job->reader, error))
      || !take_values (job, "ITI", head, error))
    return false;
  job->summary->taken_at = head[0].integer;
  job->total = head[2].integer;
  return true;
}

/* Tables are made at once, indexes when the rows are there. */
static bool
read_definition (Job *job, GError **error)
{
  Value d[4];
  if (!take_values (job, "TTIT", d, error))
    return false;
  if (!job->db)
    return true;
  char *sql = arena_text (job->arena, d[3].text);
  if (d[2].integer == 0)
    return store_execute (job->db, sql, error);
  g_ptr_array_add (job->indexes, sql);
  return true;
}

/* ---- tables ------------------------------------------------------------ */

static bool
prepare_insert (Job *job, const Value *columns, GError **error)
{
  g_autoptr (GString) sql = g_string_new (NULL);
  g_string_append_printf (sql, "INSERT INTO \"%s\" (", job->table);
  for (int i = 0; i < job->n_columns; i++)
    g_string_append_printf (sql, "%s\"%.*s\"", i ? ", " : "", (int)columns[i].text.len,
                            columns[i].text.bytes);
  g_string_append (sql, ") VALUES (");
  for (int i = 0; i < job->n_columns; i++)
    g_string_append_printf (sql, "%s?%d", i ? ", " : "", i + 1);
  g_string_append_c (sql, ')');
  /* The statement is kept by its text's address, which must stay. */
  job->insert = store_statement (job->db, g_intern_string (sql->str), error);
  return job->insert != NULL;
}

static bool
read_table (Job *job, GError **error)
{
  Value name, columns[COLUMNS_MAX];
  const guint8 *at = job->values.bytes, *end = at + job->values.len;
  bool ok = value_next (&at, end, &name) && name.kind == STORE_TEXT;
  for (job->n_columns = 0; ok && at < end; job->n_columns++)
    ok = job->n_columns < COLUMNS_MAX && value_next (&at, end, &columns[job->n_columns])
         && columns[job->n_columns].kind == STORE_TEXT;
  if (!ok)
    return seal_reader_refuse (job->reader, error);
  job->table = arena_text (job->arena, name.text);
  job->rows = 0;
  job->digest = 0;
  return !job->db || prepare_insert (job, columns, error);
}

static void
bind_value (StoreStatement *insert, int parameter, const Value *value)
{
  switch (value->kind) {
  case STORE_NULL: store_bind_null (insert, parameter); break;
  case STORE_INTEGER: store_bind_integer (insert, parameter, value->integer); break;
  case STORE_TEXT: store_bind_slice (insert, parameter, value->text); break;
  case STORE_BLOB: store_bind_blob (insert, parameter, value->text.bytes, value->text.len); break;
  }
}

static bool
read_row (Job *job, GError **error)
{
  const guint8 *at = job->values.bytes, *end = at + job->values.len;
  int n = 0;
  Value value;
  for (; n < job->n_columns && value_next (&at, end, &value); n++)
    if (job->db)
      bind_value (job->insert, n + 1, &value);
  if (!job->table || n < job->n_columns || at != end)
    return seal_reader_refuse (job->reader, error);
  job->digest += values_digest (&job->values);
  job->rows++;
  job->summary->rows++;
  if (job->progress && job->summary->rows % 1000 == 0)
    job->progress (job->passed * job->total + job->summary->rows, job->passes * job->total,
                   job->progress_data);
  return !job->db || store_run (job->insert, error);
}

/* Read back what was loaded. */
static bool
compare_table (Job *job, GError **error)
{
  g_autofree char *sql = backup_select (job->table);
  StoreStatement *select = store_statement (job->db, g_intern_string (sql), error);
  guint64 digest = 0;
  gint64 rows = 0;
  StoreStep step = select ? STORE_ROW : STORE_FAILED;
  while (step == STORE_ROW && (step = store_step (select, error)) == STORE_ROW) {
    job->values.len = 0;
    values_put_row (&job->values, select);
    digest += values_digest (&job->values);
    rows++;
  }
  if (step == STORE_FAILED)
    return false;
  if (rows == job->rows && digest == job->digest)
    return true;
  g_set_error (error, FAULT, FAULT_SYSTEM,
               "%s: table %s did not come back as it was (%" G_GINT64_FORMAT " rows of %" G_GINT64_FORMAT
               "): nothing was restored",
               job->path, job->table, rows, job->rows);
  return false;
}

static bool
read_table_end (Job *job, GError **error)
{
  Value end[2];
  if (!take_values (job, "II", end, error))
    return false;
  if (!job->table || end[0].integer != job->rows || (guint64)end[1].integer != job->digest)
    return seal_reader_refuse (job->reader, error);
  job->summary->tables++;
  bool ok = !job->db || compare_table (job, error);
  job->table = NULL;
  return ok;
}

/* ---- the whole --------------------------------------------------------- */

static bool
read_end (Job *job, GError **error)
{
  Value end[2];
  if (!take_values (job, "II", end, error))
    return false;
  if (job->table || end[0].integer != job->summary->tables || end[1].integer != job->summary->rows)
    return seal_reader_refuse (job->reader, error);
  return seal_reader_finish (job->reader, error);
}

static bool
read_items (Job *job, GError **error)
{
  if (!read_head (job, error))
    return false;
  while (next_item (job, error)) {
    bool ok = false;
    switch (job->tag) {
    case ITEM_DEFINITION: ok = read_definition (job, error); break;
    case ITEM_TABLE: ok = read_table (job, error); break;
    case ITEM_ROW: ok = read_row (job, error); break;
    case ITEM_TABLE_END: ok = read_table_end (job, error); break;
    case ITEM_END: return read_end (job, error);
    default: seal_reader_refuse (job->reader, error);
    }
    if (!ok)
      return false;
  }
  return false;
}

/* One pass over the file, from its beginning. */
static bool
read_file (Job *job, StoreConnection *db, GError **error)
{
  *job->summary = (BackupSummary){ 0 };
  if (lseek (job->fd, 0, SEEK_SET) < 0) {
    g_set_error (error, FAULT, FAULT_SYSTEM, "%s cannot be read: %s", job->path, g_strerror (errno));
    return false;
  }
  g_autoptr (SealReader) reader = seal_reader_new (job->fd, job->path, job->key, error);
  if (!reader)
    return false;
  job->reader = reader;
  job->db = db;
  job->table = NULL;
  job->arena = arena_new ();
  job->indexes = g_ptr_array_new ();
  bool ok = read_items (job, error);
  for (guint i = 0; ok && i < job->indexes->len; i++)
    ok = store_execute (db, job->indexes->pdata[i], error);
  job->passed++;
  job->summary->file_bytes = seal_reader_size (reader);
  g_ptr_array_unref (job->indexes);
  arena_free (job->arena);
  return ok;
}

/* ---- loading ----------------------------------------------------------- */

/* A store that already knows a module's tables is somebody's. */
static bool
check_empty (Store *store, StoreConnection *db, GError **error)
{
  gint64 modules = 0;
  if (!store_query (db, "SELECT count(*) FROM " BACKUP_VERSIONS, 0, &modules, error))
    return false;
  if (modules == 0)
    return true;
  g_set_error (error, FAULT, FAULT_CONFLICT, "%s holds data already: restore into a new database",
               store_path (store));
  return false;
}

/* Everything in one transaction: the rows, and the indexes over them. */
static bool
fill_store (const char *path, gpointer data, GError **error)
{
  Job *job = data;
  g_autoptr (Store) store = store_open (path, STORE_CREATE | STORE_BULK, NULL, 0, error);
  StoreConnection *db = store ? store_begin (store, error) : NULL;
  if (!db)
    return false;
  if (check_empty (store, db, error) && read_file (job, db, error))
    return store_commit (store, error) && store_checkpoint (store, error);
  store_rollback (store);
  return false;
}

static bool
open_backup (Job *job, GError **error)
{
  job->fd = g_open (job->path, O_RDONLY | O_CLOEXEC, 0);
  if (job->fd >= 0)
    return true;
  g_set_error (error, FAULT, errno == ENOENT ? FAULT_NOT_FOUND : FAULT_SYSTEM, "%s cannot be read: %s",
               job->path, g_strerror (errno));
  return false;
}

/* Check all of the file; then load it into TARGET unless that is NULL. */
static bool
read_backup (const char *target, Job *job, GError **error)
{
  if (!open_backup (job, error))
    return false;
  job->passes = target ? 2 : 1;
  bool ok = read_file (job, NULL, error) && (!target || store_make (target, fill_store, job, error));
  values_clear (&job->values);
  close (job->fd);
  return ok;
}

bool
backup_verify (const char *path, const BackupKey *key, BackupProgress progress, gpointer data,
               BackupSummary *summary, GError **error)
{
  Job job = { .path = path, .key = key, .progress = progress, .progress_data = data, .summary = summary };
  return read_backup (NULL, &job, error);
}

bool
backup_restore (const char *path, const char *target, const BackupKey *key, BackupProgress progress,
                gpointer data, BackupSummary *summary, GError **error)
{
  Job job = { .path = path, .key = key, .progress = progress, .progress_data = data, .summary = summary };
  return read_backup (target, &job, error);
}
