/* Listing entries and heads, the newest first. */
#include "audit/audit_private.h"

#include <sodium.h>

AuditEntry
audit_take_entry (StoreStatement *s, Arena *arena)
{
  return (AuditEntry){ .at = store_integer (s, DETAIL_AT),
                       .act = (AuditAct)CLAMP (store_integer (s, DETAIL_ACT), 0, AUDIT_N_ACTS - 1),
                       .actor = store_string (s, DETAIL_ACTOR, arena),
                       .role = store_string (s, DETAIL_ROLE, arena),
                       .department = store_string (s, DETAIL_DEPARTMENT, arena),
                       .subject = store_integer (s, DETAIL_SUBJECT),
                       .purpose = store_string (s, DETAIL_PURPOSE, arena),
                       .detail = store_string (s, DETAIL_DETAIL, arena) };
}

static AuditRecord
take_record (StoreStatement *s, Arena *arena)
{
  gint64 number = store_integer (s, DETAIL_NUMBER);
  if (store_is_null (s, DETAIL_SALT))
    return (AuditRecord){ .number = number, .erased = true };
  return (AuditRecord){ .number = number,
                        .entry = audit_take_entry (s, arena),
                        .n_subjects = store_integer (s, DETAIL_MEMBERS) };
}

/* ---- by actor, by act, or all ------------------------------------------ */

static const char all_entries[]
    = "SELECT l.number, d.salt, d.at, d.act, d.actor, d.role, d.department, d.subject, d.purpose, d.detail,"
      " d.members FROM audit_leaf l LEFT JOIN audit_detail d ON d.number = l.number"
      " WHERE l.number < ?1 ORDER BY l.number DESC LIMIT ?2";
static const char entries_by_act[] = "SELECT " AUDIT_DETAIL_COLUMNS " FROM audit_detail"
                                     " WHERE number < ?1 AND act = ?3 ORDER BY number DESC LIMIT ?2";
static const char entries_by_actor[] = "SELECT " AUDIT_DETAIL_COLUMNS " FROM audit_detail"
                                       " WHERE number < ?1 AND actor = ?3 ORDER BY number DESC LIMIT ?2";
static const char entries_by_both[]
    = "SELECT " AUDIT_DETAIL_COLUMNS " FROM audit_detail"
      " WHERE number < ?1 AND actor = ?3 AND act = ?4 ORDER BY number DESC LIMIT ?2";

static bool
list_entries (StoreConnection *db, Arena *arena, const AuditFilter *filter, gint64 before, GArray *records,
              GError **error)
{
  StoreStatement *s = filter->actor && filter->act ? store_statement (db, entries_by_both, error)
                      : filter->actor              ? store_statement (db, entries_by_actor, error)
                      : filter->act                ? store_statement (db, entries_by_act, error)
                                                   : store_statement (db, all_entries, error);
  if (!s)
    return false;
  int parameter = 3;
  store_bind_integer (s, 1, before);
  store_bind_integer (s, 2, (gint64)filter->limit);
  if (filter->actor)
    store_bind_text (s, parameter++, filter->actor);
  if (filter->act)
    store_bind_integer (s, parameter, (gint64)*filter->act);
  StoreStep step;
  while ((step = store_step (s, error)) == STORE_ROW) {
    AuditRecord record = take_record (s, arena);
    g_array_append_val (records, record);
  }
  return step == STORE_DONE;
}

/* ---- about a subject --------------------------------------------------- */

/* Two rows of numbers, both falling: entries about the subject alone, and those
 * whose set it is in. */
typedef struct {
  StoreStatement *statement;
  gint64 number; /* 0: no more */
} Falling;

static bool
begin_falling (Falling *f, StoreConnection *db, const char *sql, gint64 key, gint64 before, GError **error)
{
  f->statement = store_statement (db, sql, error);
  if (!f->statement)
    return false;
  store_bind_integer (f->statement, 1, key);
  store_bind_integer (f->statement, 2, before);
  return true;
}

static bool
next_single (Falling *f, GError **error)
{
  StoreStep step = store_step (f->statement, error);
  f->number = step == STORE_ROW ? store_integer (f->statement, 0) : 0;
  return step != STORE_FAILED;
}

static bool
next_set (Falling *f, gint64 subject, GError **error)
{
  StoreStep step;
  while ((step = store_step (f->statement, error)) == STORE_ROW)
    if (audit_block_holds (store_blob (f->statement, 1), subject)) {
      f->number = store_integer (f->statement, 0);
      return true;
    }
  f->number = 0;
  return step != STORE_FAILED;
}

static bool
read_record (StoreConnection *db, Arena *arena, gint64 number, AuditRecord *record, GError **error)
{
  StoreStatement *s
      = store_statement (db, "SELECT " AUDIT_DETAIL_COLUMNS " FROM audit_detail WHERE number = ?1", error);
  if (!s)
    return false;
  store_bind_integer (s, 1, number);
  StoreStep step = store_step (s, error);
  if (step == STORE_FAILED)
    return false;
  *record = step == STORE_ROW ? take_record (s, arena) : (AuditRecord){ .number = number, .erased = true };
  store_reset (s);
  return true;
}

static bool
is_wanted (const AuditRecord *record, const AuditFilter *filter)
{
  return (!filter->actor || g_strcmp0 (record->entry.actor, filter->actor) == 0)
         && (!filter->act || (!record->erased && record->entry.act == *filter->act));
}

static bool
merge_about (StoreConnection *db, Arena *arena, const AuditFilter *filter, Falling *singles, Falling *sets,
             GArray *records, GError **error)
{
  bool ok = next_single (singles, error) && next_set (sets, filter->subject, error);
  while (ok && records->len < filter->limit && (singles->number || sets->number)) {
    AuditRecord record;
    gint64 number = MAX (singles->number, sets->number);
    ok = read_record (db, arena, number, &record, error);
    if (ok && is_wanted (&record, filter))
      g_array_append_val (records, record);
    if (ok && singles->number == number)
      ok = next_single (singles, error);
    if (ok && sets->number == number)
      ok = next_set (sets, filter->subject, error);
  }
  return ok;
}

static bool
list_about (StoreConnection *db, Arena *arena, const AuditFilter *filter, gint64 before, GArray *records,
            GError **error)
{
  Falling singles, sets;
  if (!begin_falling (
          &singles, db,
          "SELECT number FROM audit_detail WHERE subject = ?1 AND number < ?2 ORDER BY number DESC",
          filter->subject, before, error)
      || !begin_falling (
          &sets, db,
          "SELECT number, bits FROM audit_member WHERE block = ?1 AND number < ?2 ORDER BY number DESC",
          filter->subject >> AUDIT_BLOCK_BITS, before, error))
    return false;
  bool ok = merge_about (db, arena, filter, &singles, &sets, records, error);
  store_reset (singles.statement);
  store_reset (sets.statement);
  return ok;
}

const AuditRecord *
audit_entries (Store *store, Arena *arena, const AuditFilter *filter, size_t *n, GError **error)
{
  gint64 before = filter->before ? filter->before : G_MAXINT64;
  g_autoptr (GArray) records = g_array_new (FALSE, FALSE, sizeof (AuditRecord));
  g_autoptr (StoreReader) reader = store_reader (store, error);
  if (!reader)
    return NULL;
  StoreConnection *db = store_reader_db (reader);
  bool ok = filter->subject ? list_about (db, arena, filter, before, records, error)
                            : list_entries (db, arena, filter, before, records, error);
  if (!ok)
    return NULL;
  *n = records->len;
  return arena_copy (arena, records->data, records->len * sizeof (AuditRecord));
}

const AuditRecord *
audit_entries_about (Store *store, Arena *arena, gint64 subject, gint64 before, size_t limit, size_t *n,
                     GError **error)
{
  g_assert (subject > 0);
  AuditFilter filter = { .subject = subject, .before = before, .limit = limit };
  return audit_entries (store, arena, &filter, n, error);
}

/* ---- heads ------------------------------------------------------------- */

const AuditHead *
audit_heads (Store *store, Arena *arena, size_t limit, size_t *n, GError **error)
{
  g_autoptr (StoreReader) reader = store_reader (store, error);
  StoreStatement *s
      = reader ? store_statement (store_reader_db (reader),
                                  "SELECT size, at, note FROM audit_head ORDER BY size DESC LIMIT ?1", error)
               : NULL;
  if (!s)
    return NULL;
  g_autoptr (GArray) heads = g_array_new (FALSE, FALSE, sizeof (AuditHead));
  store_bind_integer (s, 1, (gint64)limit);
  StoreStep step;
  while ((step = store_step (s, error)) == STORE_ROW) {
    AuditHead head = { store_integer (s, 0), store_integer (s, 1), store_string (s, 2, arena) };
    g_array_append_val (heads, head);
  }
  *n = heads->len;
  return step == STORE_DONE ? arena_copy (arena, heads->data, heads->len * sizeof (AuditHead)) : NULL;
}

const char *
audit_public_keys (Store *store, Arena *arena, GError **error)
{
  g_autoptr (StoreReader) reader = store_reader (store, error);
  StoreStatement *s = reader ? store_statement (store_reader_db (reader),
                                                "SELECT name FROM audit_key ORDER BY since DESC, name", error)
                             : NULL;
  if (!s)
    return NULL;
  g_autoptr (GString) keys = g_string_new (NULL);
  StoreStep step;
  while ((step = store_step (s, error)) == STORE_ROW)
    g_string_append_printf (keys, "%s\n", store_text (s, 0).bytes);
  return step == STORE_DONE ? arena_text (arena, (Text){ keys->str, keys->len }) : NULL;
}

/* ---- at a glance ------------------------------------------------------- */

static bool
check_root (StoreConnection *db, const AuditStatement *head, bool *fits, GError **error)
{
  g_autoptr (MerkleHasher) hasher = merkle_hasher_new (head->algorithm);
  AuditTree tree = { db, hasher };
  MerkleSource source = audit_tree_source (&tree);
  MerkleHash root;
  if (!merkle_root_of (hasher, &source, (guint64)head->size, &root, error))
    return false;
  *fits = merkle_equal (&root, &head->root);
  return true;
}

/* A damaged tree is what is looked for, and no failure. */
static void
check_head (Store *store, Arena *arena, const AuditNote *note, AuditState *state)
{
  size_t n;
  const char *text = audit_public_keys (store, arena, NULL);
  const AuditKey *keys = text ? audit_keys_parse (arena, text_of (text), "keys", &n, NULL) : NULL;
  g_autoptr (StoreReader) reader = store_reader (store, NULL);
  state->fits = keys && reader && audit_note_verify (note, keys, n)
                && check_root (store_reader_db (reader), &note->statement, &state->fits, NULL) && state->fits;
}

const AuditState *
audit_state (Store *store, Arena *arena, GError **error)
{
  AuditState *state = arena_new0 (arena, AuditState, 1);
  AuditLog log;
  g_autoptr (StoreReader) reader = store_reader (store, error);
  if (!reader || !audit_log_read (store_reader_db (reader), &log, error)
      || !audit_log_size (store_reader_db (reader), &state->entries, error))
    return NULL;
  g_clear_pointer (&reader, store_reader_release);
  state->log = arena_text (arena, text_of (log.name));
  size_t n;
  AuditNote note;
  const AuditHead *head = audit_heads (store, arena, 1, &n, error);
  if (!head || !n)
    return head ? state : NULL;
  state->size = head->size;
  state->at = head->at;
  if (!audit_note_parse (arena, text_of (head->note), &note) || note.statement.size != head->size)
    return state;
  char hex[2 * MERKLE_BYTES + 1];
  sodium_bin2hex (hex, sizeof hex, note.statement.root.bytes, MERKLE_BYTES);
  state->root = arena_text (arena, text_of (hex));
  state->hash = audit_algorithm_name (note.statement.algorithm);
  check_head (store, arena, &note, state);
  return state;
}
