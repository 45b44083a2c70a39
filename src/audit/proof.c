/* Proof bundles: made from the database, as JSON (docs/audit-format.md, "Proofs"). */
#include "audit/audit_private.h"

#include <sodium.h>

/* What a proof of an entry is made of. */
typedef struct {
  gint64 number;
  bool erased;
  AuditEntry entry;
  guint8 salt[AUDIT_SALT_BYTES], set_salt[AUDIT_SET_SALT_BYTES];
  AuditCommitment commitment;
  MerkleHash leaf;
} StoredEntry;

/* ---- reading ----------------------------------------------------------- */

static bool
take_bytes (StoreStatement *s, int column, guint8 *bytes, size_t len)
{
  Text blob = store_blob (s, column);
  if (blob.len != len)
    return false;
  memcpy (bytes, blob.bytes, len);
  return true;
}

static bool
read_leaf (StoreConnection *db, StoredEntry *stored, GError **error)
{
  StoreStatement *s = store_statement (db, "SELECT hash FROM audit_leaf WHERE number = ?1", error);
  if (!s)
    return false;
  store_bind_integer (s, 1, stored->number);
  StoreStep step = store_step (s, error);
  bool ok = step == STORE_ROW && take_bytes (s, 0, stored->leaf.bytes, MERKLE_BYTES);
  store_reset (s);
  if (!ok && step != STORE_FAILED)
    g_set_error (error, FAULT, FAULT_NOT_FOUND, "the audit log has no entry %" G_GINT64_FORMAT,
                 stored->number);
  return ok;
}

static bool
take_details (StoreStatement *s, Arena *arena, StoredEntry *stored)
{
  stored->entry = audit_take_entry (s, arena);
  stored->commitment.n = store_integer (s, DETAIL_MEMBERS);
  return take_bytes (s, DETAIL_SALT, stored->salt, AUDIT_SALT_BYTES)
         && (!stored->commitment.n
             || (take_bytes (s, DETAIL_MEMBERS_ROOT, stored->commitment.root.bytes, MERKLE_BYTES)
                 && take_bytes (s, DETAIL_MEMBERS_SALT, stored->set_salt, AUDIT_SET_SALT_BYTES)));
}

static bool
read_details (StoreConnection *db, Arena *arena, StoredEntry *stored, GError **error)
{
  StoreStatement *s
      = store_statement (db, "SELECT " AUDIT_DETAIL_COLUMNS " FROM audit_detail WHERE number = ?1", error);
  if (!s)
    return false;
  store_bind_integer (s, 1, stored->number);
  StoreStep step = store_step (s, error);
  stored->erased = step == STORE_DONE;
  bool ok = step == STORE_DONE || (step == STORE_ROW && take_details (s, arena, stored));
  store_reset (s);
  if (!ok && step == STORE_ROW)
    g_set_error (error, FAULT, FAULT_SYSTEM,
                 "the details of audit entry %" G_GINT64_FORMAT
                 " are damaged; liudong audit verify says more",
                 stored->number);
  return ok;
}

static bool
take_members (StoreStatement *s, AuditSet *set, GError **error)
{
  StoreStep step;
  while ((step = store_step (s, error)) == STORE_ROW) {
    AuditBlock block;
    if (audit_block_unpack (&block, store_integer (s, 0), store_blob (s, 1)))
      audit_set_add_block (set, &block);
  }
  return step == STORE_DONE;
}

AuditSet *
audit_set_read (StoreConnection *db, gint64 number, GError **error)
{
  StoreStatement *s
      = store_statement (db, "SELECT block, bits FROM audit_member WHERE number = ?1 ORDER BY block", error);
  if (!s)
    return NULL;
  store_bind_integer (s, 1, number);
  g_autoptr (AuditSet) set = audit_set_new ();
  return take_members (s, set, error) ? g_steal_pointer (&set) : NULL;
}

/* The note of the head that SQL chooses by ?1; NULL in *NOTE when there is none. */
static bool
read_head (StoreConnection *db, Arena *arena, const char *sql, gint64 size, const char **text,
           AuditNote *note, GError **error)
{
  StoreStatement *s = store_statement (db, sql, error);
  if (!s)
    return false;
  store_bind_integer (s, 1, size);
  StoreStep step = store_step (s, error);
  *text = step == STORE_ROW ? store_string (s, 0, arena) : NULL;
  store_reset (s);
  if (!*text || audit_note_parse (arena, text_of (*text), note))
    return step != STORE_FAILED;
  g_set_error (error, FAULT, FAULT_SYSTEM,
               "a head of the audit log is damaged; liudong audit verify says more");
  return false;
}

static const char earliest_head[] = "SELECT note FROM audit_head WHERE size >= ?1 ORDER BY size LIMIT 1";
static const char latest_head[] = "SELECT note FROM audit_head WHERE size >= ?1 ORDER BY size DESC LIMIT 1";
static const char exact_head[] = "SELECT note FROM audit_head WHERE size = ?1";

/* ---- writing ----------------------------------------------------------- */

static void
write_hex (JsonWriter *w, const char *key, const guint8 *bytes, size_t len)
{
  char hex[2 * MERKLE_BYTES + 1];
  g_assert (len <= MERKLE_BYTES);
  json_member_str (w, key, sodium_bin2hex (hex, sizeof hex, bytes, len));
}

static void
write_path (JsonWriter *w, const MerklePath *path)
{
  json_key (w, "path");
  json_begin_array (w);
  for (size_t i = 0; i < path->n; i++) {
    char hex[2 * MERKLE_BYTES + 1];
    json_str (w, sodium_bin2hex (hex, sizeof hex, path->hashes[i].bytes, MERKLE_BYTES));
  }
  json_end_array (w);
}

/* 64 bits: a number of JSON's usual readers would lose some. */
static void
write_subject (JsonWriter *w, gint64 subject)
{
  g_autofree char *text = g_strdup_printf ("%" G_GINT64_FORMAT, subject);
  json_member_str (w, "subject", text);
}

static void
write_entry (JsonWriter *w, const StoredEntry *stored)
{
  const AuditEntry *e = &stored->entry;
  char time[AUDIT_TIME_MAX];
  json_key (w, "entry");
  json_begin_object (w);
  json_member_str (w, "at", audit_time_format (e->at, time));
  json_member_str (w, "act", audit_act_id (e->act));
  json_member_str (w, "actor", e->actor);
  json_member_str (w, "role", e->role);
  json_member_str (w, "department", e->department);
  write_subject (w, e->subject);
  json_member_str (w, "purpose", e->purpose);
  json_member_str (w, "detail", e->detail);
  json_member_int (w, "subjects", stored->commitment.n);
  if (stored->commitment.n)
    write_hex (w, "subjects_root", stored->commitment.root.bytes, MERKLE_BYTES);
  json_end_object (w);
  write_hex (w, "salt", stored->salt, AUDIT_SALT_BYTES);
}

static void
write_member (JsonWriter *w, gint64 subject, const AuditMembership *membership)
{
  json_key (w, "member");
  json_begin_object (w);
  write_subject (w, subject);
  write_hex (w, "salt", membership->salt, AUDIT_SALT_BYTES);
  json_member_int (w, "index", (gint64)membership->index);
  write_path (w, &membership->path);
  json_end_object (w);
}

/* ---- one entry --------------------------------------------------------- */

/* Everything a bundle holds, read and computed before the first byte is written. */
typedef struct {
  StoredEntry stored;
  const char *head;
  AuditNote note;
  MerklePath path;
  bool has_member;
  AuditMembership membership;
} Bundle;

static bool
find_head (StoreConnection *db, Arena *arena, Bundle *b, bool earliest, GError **error)
{
  gint64 number = b->stored.number;
  if (!read_head (db, arena, earliest ? earliest_head : latest_head, number, &b->head, &b->note, error))
    return false;
  if (!b->head)
    g_set_error (error, FAULT, FAULT_CONFLICT,
                 "no signed head covers entry %" G_GINT64_FORMAT
                 " yet; try again in a second, or run liudong "
                 "audit sign where no server runs",
                 number);
  return b->head != NULL;
}

static bool
prove_member (StoreConnection *db, MerkleHasher *hasher, gint64 subject, Bundle *b, GError **error)
{
  const StoredEntry *stored = &b->stored;
  if (!subject || (!stored->erased && stored->entry.subject == subject))
    return true;
  g_autoptr (AuditSet) set = stored->commitment.n ? audit_set_read (db, stored->number, error) : NULL;
  if (stored->commitment.n && !set)
    return false;
  b->has_member = set && audit_set_prove (hasher, set, stored->set_salt, subject, &b->membership);
  if (!b->has_member)
    g_set_error (error, FAULT, FAULT_NOT_FOUND,
                 "audit entry %" G_GINT64_FORMAT " is not known to be about this subject", stored->number);
  return b->has_member;
}

static bool
read_bundle (StoreConnection *db, Arena *arena, gint64 subject, bool earliest, Bundle *b, GError **error)
{
  AuditLog log;
  if (!audit_log_read (db, &log, error) || !read_leaf (db, &b->stored, error)
      || !read_details (db, arena, &b->stored, error) || !find_head (db, arena, b, earliest, error))
    return false;
  g_autoptr (MerkleHasher) hasher = merkle_hasher_new (log.algorithm);
  AuditTree tree = { db, hasher };
  MerkleSource source = audit_tree_source (&tree);
  return prove_member (db, hasher, subject, b, error)
         && merkle_inclusion (hasher, &source, (guint64)b->stored.number - 1, (guint64)b->note.statement.size,
                              &b->path, error);
}

static void
write_bundle (JsonWriter *w, gint64 subject, const Bundle *b)
{
  json_begin_object (w);
  json_member_str (w, "format", AUDIT_ENTRY_FORMAT);
  json_member_int (w, "number", b->stored.number);
  if (!b->stored.erased)
    write_entry (w, &b->stored);
  if (b->has_member)
    write_member (w, subject, &b->membership);
  write_hex (w, "leaf", b->stored.leaf.bytes, MERKLE_BYTES);
  write_path (w, &b->path);
  json_member_str (w, "head", b->head);
  json_end_object (w);
}

bool
audit_proof_json (Store *store, gint64 number, gint64 subject, bool earliest, GString *out, GError **error)
{
  g_autoptr (StoreReader) reader = store_reader (store, error);
  g_autoptr (Arena) arena = arena_new ();
  Bundle b = { .stored.number = number };
  if (!reader || !read_bundle (store_reader_db (reader), arena, subject, earliest, &b, error))
    return false;
  g_autoptr (JsonWriter) w = json_writer_new (out, 2);
  write_bundle (w, subject, &b);
  return true;
}

/* ---- two heads --------------------------------------------------------- */

static bool
find_exact (StoreConnection *db, Arena *arena, gint64 size, const char **head, AuditNote *note,
            GError **error)
{
  if (!read_head (db, arena, size ? exact_head : latest_head, size, head, note, error))
    return false;
  if (!*head)
    g_set_error (error, FAULT, FAULT_NOT_FOUND,
                 "the audit log has no head of %" G_GINT64_FORMAT " entries; liudong audit heads lists them",
                 size);
  return *head != NULL;
}

static bool
prove_growth (StoreConnection *db, gint64 first, gint64 second, MerklePath *path, GError **error)
{
  AuditLog log;
  if (!audit_log_read (db, &log, error))
    return false;
  g_autoptr (MerkleHasher) hasher = merkle_hasher_new (log.algorithm);
  AuditTree tree = { db, hasher };
  MerkleSource source = audit_tree_source (&tree);
  return merkle_consistency (hasher, &source, (guint64)first, (guint64)second, path, error);
}

bool
audit_consistency_json (Store *store, gint64 first, gint64 second, GString *out, GError **error)
{
  g_autoptr (StoreReader) reader = store_reader (store, error);
  g_autoptr (Arena) arena = arena_new ();
  StoreConnection *db = reader ? store_reader_db (reader) : NULL;
  const char *earlier, *later;
  AuditNote from, to;
  if (!reader || !find_exact (db, arena, first, &earlier, &from, error)
      || !find_exact (db, arena, second, &later, &to, error))
    return false;
  if (from.statement.size > to.statement.size) {
    g_set_error (error, FAULT, FAULT_USAGE,
                 "the first head has more entries than the second: name them in order");
    return false;
  }
  MerklePath path;
  if (!prove_growth (db, from.statement.size, to.statement.size, &path, error))
    return false;
  g_autoptr (JsonWriter) w = json_writer_new (out, 2);
  json_begin_object (w);
  json_member_str (w, "format", AUDIT_GROWTH_FORMAT);
  json_member_str (w, "first", earlier);
  json_member_str (w, "second", later);
  write_path (w, &path);
  json_end_object (w);
  return true;
}
