/* The log's tables, and what is written into them. */
#include "audit/audit_private.h"

#include <sodium.h>

/* Leaves stay for ever; details, and the sets of subjects, can be erased.  A set's
 * blocks are found by subject through their key, by entry through the index. */
static const StoreMigration migrations[] = {
  { "audit", 1,
    "CREATE TABLE audit_log (one INTEGER PRIMARY KEY, name TEXT NOT NULL, algorithm INTEGER NOT NULL) STRICT;"
    "CREATE TABLE audit_leaf (number INTEGER PRIMARY KEY, hash BLOB NOT NULL) STRICT;"
    "CREATE TABLE audit_detail (number INTEGER PRIMARY KEY, salt BLOB NOT NULL, at INTEGER NOT NULL,"
    " act INTEGER NOT NULL, actor TEXT NOT NULL, role TEXT, department TEXT, subject INTEGER, purpose TEXT,"
    " detail TEXT, members INTEGER, members_root BLOB, members_salt BLOB) STRICT;"
    "CREATE INDEX audit_by_subject ON audit_detail (subject, number) WHERE subject IS NOT NULL;"
    "CREATE INDEX audit_by_actor ON audit_detail (actor, number);"
    "CREATE INDEX audit_by_act ON audit_detail (act, number);"
    "CREATE TABLE audit_member (block INTEGER NOT NULL, number INTEGER NOT NULL, bits BLOB NOT NULL,"
    " PRIMARY KEY (block, number)) STRICT, WITHOUT ROWID;"
    "CREATE INDEX audit_member_by_number ON audit_member (number, block);"
    "CREATE TABLE audit_node (level INTEGER NOT NULL, number INTEGER NOT NULL, hash BLOB NOT NULL,"
    " PRIMARY KEY (level, number)) STRICT, WITHOUT ROWID;"
    "CREATE TABLE audit_head (size INTEGER PRIMARY KEY, at INTEGER NOT NULL, note TEXT NOT NULL) STRICT;"
    "CREATE TABLE audit_key (name TEXT PRIMARY KEY, since INTEGER NOT NULL) STRICT, WITHOUT ROWID" },
};

/* ---- opening ----------------------------------------------------------- */

static bool
insert_log (StoreConnection *db, gpointer data, GError **error)
{
  guint8 id[16];
  char hex[2 * sizeof id + 1];
  randombytes_buf (id, sizeof id);
  sodium_bin2hex (hex, sizeof hex, id, sizeof id);
  g_autofree char *name = g_strconcat ("liudong-audit/", hex, NULL);
  StoreStatement *s = store_statement (
      db, "INSERT INTO audit_log (one, name, algorithm) VALUES (1, ?1, ?2) ON CONFLICT (one) DO NOTHING",
      error);
  if (!s)
    return false;
  store_bind_text (s, 1, name);
  store_bind_integer (s, 2, AUDIT_SHA256);
  return store_run (s, error);
}

bool
audit_migrate (Store *store, GError **error)
{
  if (sodium_init () < 0) {
    g_set_error (error, FAULT, FAULT_SYSTEM,
                 "the cryptographic library cannot start: no source of randomness");
    return false;
  }
  if (!store_migrate (store, migrations, G_N_ELEMENTS (migrations), error))
    return false;
  gint64 there = 0;
  g_autoptr (StoreReader) reader = store_reader (store, error);
  if (!reader || !store_query (store_reader_db (reader), "SELECT one FROM audit_log", 0, &there, error))
    return false;
  g_clear_pointer (&reader, store_reader_release);
  return there || store_write (store, insert_log, NULL, error);
}

bool
audit_log_read (StoreConnection *db, AuditLog *log, GError **error)
{
  StoreStatement *s = store_statement (db, "SELECT name, algorithm FROM audit_log", error);
  StoreStep step = s ? store_step (s, error) : STORE_FAILED;
  if (step == STORE_DONE)
    g_set_error (error, FAULT, FAULT_INPUT, "this database has no audit log; open it once with write access");
  if (step != STORE_ROW)
    return false;
  g_strlcpy (log->name, store_text (s, 0).bytes, sizeof log->name);
  log->algorithm = (AuditAlgorithm)store_integer (s, 1);
  store_reset (s);
  return true;
}

bool
audit_log_size (StoreConnection *db, gint64 *size, GError **error)
{
  return store_query (db, "SELECT max(number) FROM audit_leaf", 0, size, error);
}

static bool
set_algorithm (StoreConnection *db, gpointer data, GError **error)
{
  gint64 size = 0;
  if (!audit_log_size (db, &size, error))
    return false;
  if (size) {
    g_set_error (
        error, FAULT, FAULT_CONFLICT,
        "the audit log has %" G_GINT64_FORMAT " entries; its hash can be chosen before the first only", size);
    return false;
  }
  StoreStatement *s = store_statement (db, "UPDATE audit_log SET algorithm = ?1", error);
  if (!s)
    return false;
  store_bind_integer (s, 1, *(const AuditAlgorithm *)data);
  return store_run (s, error);
}

bool
audit_choose_algorithm (Store *store, AuditAlgorithm algorithm, GError **error)
{
  return store_write (store, set_algorithm, &algorithm, error);
}

/* ---- appending --------------------------------------------------------- */

/* What one entry becomes. */
typedef struct {
  gint64 number;
  AuditEntry entry;
  AuditAlgorithm algorithm;
  guint8 salt[AUDIT_SALT_BYTES], set_salt[AUDIT_SET_SALT_BYTES];
  AuditCommitment commitment;
  MerkleHash leaf;
} NewEntry;

/* The next number and the log's hash, in one query; a work that is undone
 * gives its numbers back with its rows. */
static bool
read_next (StoreConnection *db, gint64 *number, AuditAlgorithm *algorithm, GError **error)
{
  StoreStatement *s = store_statement (
      db, "SELECT algorithm, (SELECT coalesce(max(number), 0) + 1 FROM audit_leaf) FROM audit_log", error);
  StoreStep step = s ? store_step (s, error) : STORE_FAILED;
  if (step == STORE_DONE)
    g_set_error (error, FAULT, FAULT_SYSTEM, "the audit log was never made (audit_migrate)");
  if (step != STORE_ROW)
    return false;
  *algorithm = (AuditAlgorithm)store_integer (s, 0);
  *number = store_integer (s, 1);
  store_reset (s);
  return true;
}

static void
hash_entry (NewEntry *new, AuditAlgorithm algorithm)
{
  new->algorithm = algorithm;
  if (!new->entry.at)
    new->entry.at = g_get_real_time ();
  g_autoptr (MerkleHasher) hasher = merkle_hasher_new (algorithm);
  randombytes_buf (new->salt, sizeof new->salt);
  if (audit_set_size (new->entry.subjects)) {
    const AuditSeal *seal = audit_set_seal (new->entry.subjects, algorithm);
    memcpy (new->set_salt, seal->salt, sizeof new->set_salt);
    new->commitment = seal->commitment;
  }
  g_autoptr (GString) data = g_string_sized_new (512);
  audit_encode (data, new->salt, &new->entry, &new->commitment);
  merkle_leaf (hasher, data->str, data->len, &new->leaf);
}

static bool
insert_leaf (StoreConnection *db, const NewEntry *new, GError **error)
{
  StoreStatement *s = store_statement (db, "INSERT INTO audit_leaf (number, hash) VALUES (?1, ?2)", error);
  if (!s)
    return false;
  store_bind_integer (s, 1, new->number);
  store_bind_blob (s, 2, new->leaf.bytes, MERKLE_BYTES);
  return store_run (s, error);
}

static void
bind_present (StoreStatement *s, int column, const char *text)
{
  if (text && *text)
    store_bind_text (s, column + 1, text);
}

static bool
insert_detail (StoreConnection *db, const NewEntry *new, GError **error)
{
  const AuditEntry *e = &new->entry;
  StoreStatement *s = store_statement (db,
                                       "INSERT INTO audit_detail (" AUDIT_DETAIL_COLUMNS ") VALUES"
                                       " (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13)",
                                       error);
  if (!s)
    return false;
  store_bind_integer (s, DETAIL_NUMBER + 1, new->number);
  store_bind_blob (s, DETAIL_SALT + 1, new->salt, sizeof new->salt);
  store_bind_integer (s, DETAIL_AT + 1, e->at);
  store_bind_integer (s, DETAIL_ACT + 1, (gint64)e->act);
  bind_present (s, DETAIL_ACTOR, e->actor);
  bind_present (s, DETAIL_ROLE, e->role);
  bind_present (s, DETAIL_DEPARTMENT, e->department);
  if (e->subject)
    store_bind_integer (s, DETAIL_SUBJECT + 1, e->subject);
  bind_present (s, DETAIL_PURPOSE, e->purpose);
  bind_present (s, DETAIL_DETAIL, e->detail);
  if (new->commitment.n) {
    store_bind_integer (s, DETAIL_MEMBERS + 1, new->commitment.n);
    store_bind_blob (s, DETAIL_MEMBERS_ROOT + 1, new->commitment.root.bytes, MERKLE_BYTES);
    store_bind_blob (s, DETAIL_MEMBERS_SALT + 1, new->set_salt, sizeof new->set_salt);
  }
  return store_run (s, error);
}

static bool
insert_members (StoreConnection *db, const NewEntry *new, GError **error)
{
  if (!new->commitment.n)
    return true;
  StoreStatement *s
      = store_statement (db, "INSERT INTO audit_member (block, number, bits) VALUES (?1, ?2, ?3)", error);
  if (!s)
    return false;
  size_t n;
  const AuditBlock *blocks = audit_set_blocks (new->entry.subjects, &n);
  for (size_t i = 0; i < n; i++) {
    guint8 bytes[AUDIT_BLOCK_BYTES];
    store_bind_integer (s, 1, blocks[i].number);
    store_bind_integer (s, 2, new->number);
    store_bind_blob (s, 3, bytes, audit_block_pack (&blocks[i], bytes));
    if (!store_run (s, error))
      return false;
  }
  return true;
}

static bool
insert_entry (StoreConnection *db, const NewEntry *new, GError **error)
{
  return insert_leaf (db, new, error) && insert_detail (db, new, error) && insert_members (db, new, error);
}

gint64
audit_append (StoreConnection *db, const AuditEntry *entry, GError **error)
{
  NewEntry new = { .entry = *entry };
  AuditAlgorithm algorithm;
  if (!audit_check_entry (entry, error) || !read_next (db, &new.number, &algorithm, error))
    return 0;
  hash_entry (&new, algorithm);
  return insert_entry (db, &new, error) ? new.number : 0;
}

/* The hash of the entry recorded last, by any thread in any log: a guess. */
static _Atomic AuditAlgorithm usual;

static bool
record_work (StoreConnection *db, gpointer data, GError **error)
{
  NewEntry *new = data;
  AuditAlgorithm algorithm;
  if (!read_next (db, &new->number, &algorithm, error))
    return false;
  if (algorithm != new->algorithm)
    hash_entry (new, algorithm);
  usual = algorithm;
  return insert_entry (db, new, error);
}

/* Hashing, which takes long for a million subjects, keeps no other writer waiting. */
bool
audit_record (Store *store, const AuditEntry *entry, GError **error)
{
  NewEntry new = { .entry = *entry };
  if (!audit_check_entry (entry, error))
    return false;
  hash_entry (&new, usual);
  return store_write (store, record_work, &new, error);
}

/* ---- erasing ----------------------------------------------------------- */

typedef struct {
  gint64 number;
  const char *actor, *reason;
} Erasure;

/* The log must say that this was erased, so what it says so by stays. */
static bool
check_erasable (StoreConnection *db, gint64 number, GError **error)
{
  StoreStatement *s = store_statement (db, "SELECT act FROM audit_detail WHERE number = ?1", error);
  if (!s)
    return false;
  store_bind_integer (s, 1, number);
  StoreStep step = store_step (s, error);
  if (step == STORE_FAILED)
    return false;
  gint64 act = step == STORE_ROW ? store_integer (s, 0) : 0;
  store_reset (s);
  if (step == STORE_ROW && act != AUDIT_ERASE)
    return true;
  if (step == STORE_ROW)
    g_set_error (error, FAULT, FAULT_CONFLICT,
                 "entry %" G_GINT64_FORMAT " says that another was erased and has to stay", number);
  else
    g_set_error (error, FAULT, FAULT_NOT_FOUND,
                 "the audit log has no details of entry %" G_GINT64_FORMAT
                 ": no such entry, or erased before",
                 number);
  return false;
}

static bool
delete_by_number (StoreConnection *db, const char *sql, gint64 number, GError **error)
{
  StoreStatement *s = store_statement (db, sql, error);
  if (!s)
    return false;
  store_bind_integer (s, 1, number);
  return store_run (s, error);
}

static char *
erasure_detail (const Erasure *e)
{
  GString *json = g_string_new (NULL);
  g_autoptr (JsonWriter) w = json_writer_new (json, 0);
  json_begin_object (w);
  json_member_int (w, "entry", e->number);
  json_member_str (w, "reason", e->reason);
  json_end_object (w);
  return g_string_free (json, FALSE);
}

static bool
erase_work (StoreConnection *db, gpointer data, GError **error)
{
  const Erasure *e = data;
  if (!check_erasable (db, e->number, error))
    return false;
  g_autofree char *detail = erasure_detail (e);
  AuditEntry entry = { .act = AUDIT_ERASE, .actor = e->actor, .detail = detail };
  return delete_by_number (db, "DELETE FROM audit_detail WHERE number = ?1", e->number, error)
         && delete_by_number (db, "DELETE FROM audit_member WHERE number = ?1", e->number, error)
         && audit_append (db, &entry, error) != 0;
}

bool
audit_erase (Store *store, gint64 number, const char *actor, const char *reason, GError **error)
{
  Erasure erasure = { number, actor, reason };
  return store_write (store, erase_work, &erasure, error);
}
