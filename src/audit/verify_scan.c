/* Everything computed anew: leaves from details, roots of 256 leaves.  The work
 * is cut at every 65,536 entries; rows are read in their order, and what is kept of
 * an entry is nothing. */
#include "audit/verify_private.h"

enum { THREADS = 2, UNIT = 1 << 16, FINDINGS_MAX = 1000 };

/* One thread's. */
typedef struct {
  Verification *v;
  StoreConnection *db;
  MerkleHasher *hasher;
  StoreStatement *leaves, *details, *nodes;
  gint64 leaf_at, detail_at, node_at; /* the current rows' numbers, G_MAXINT64 at the end */
  GString *data;
} Scan;

void
verify_find (Verification *v, AuditFault fault, gint64 number, const char *format, ...)
{
  va_list arguments;
  va_start (arguments, format);
  AuditFinding finding = { fault, number, g_strdup_vprintf (format, arguments) };
  va_end (arguments);
  pthread_mutex_lock (&v->lock);
  if (v->findings->len < FINDINGS_MAX)
    g_array_append_val (v->findings, finding);
  else
    g_free ((char *)finding.message);
  pthread_mutex_unlock (&v->lock);
}

static void
keep (Verification *v, GArray *list, gconstpointer item)
{
  pthread_mutex_lock (&v->lock);
  g_array_append_vals (list, item, 1);
  pthread_mutex_unlock (&v->lock);
}

/* ---- rows -------------------------------------------------------------- */

static bool
advance (StoreStatement *s, int column, gint64 *at, GError **error)
{
  StoreStep step = store_step (s, error);
  *at = step == STORE_ROW ? store_integer (s, column) : G_MAXINT64;
  return step != STORE_FAILED;
}

static StoreStatement *
begin_rows (Scan *scan, const char *sql, gint64 from, gint64 to, gint64 *at, GError **error)
{
  StoreStatement *s = store_statement (scan->db, sql, error);
  if (!s)
    return NULL;
  store_bind_integer (s, 1, from);
  store_bind_integer (s, 2, to);
  return advance (s, 0, at, error) ? s : NULL;
}

/* The rows of entries FROM + 1 … TO, and the roots of their groups. */
static bool
begin_unit (Scan *scan, gint64 from, gint64 to, GError **error)
{
  scan->leaves = begin_rows (
      scan, "SELECT number, hash FROM audit_leaf WHERE number > ?1 AND number <= ?2 ORDER BY number", from,
      to, &scan->leaf_at, error);
  scan->details = !scan->leaves ? NULL
                                : begin_rows (scan,
                                              "SELECT " AUDIT_DETAIL_COLUMNS " FROM audit_detail"
                                              " WHERE number > ?1 AND number <= ?2 ORDER BY number",
                                              from, to, &scan->detail_at, error);
  scan->nodes = !scan->details
                    ? NULL
                    : begin_rows (scan,
                                  "SELECT number, hash FROM audit_node WHERE level = 8 AND number >= ?1"
                                  " AND number < ?2 ORDER BY number",
                                  from / AUDIT_GROUP, to / AUDIT_GROUP, &scan->node_at, error);
  return scan->nodes != NULL;
}

static bool
take_hash (StoreStatement *s, int column, MerkleHash *hash)
{
  Text bytes = store_blob (s, column);
  bool ok = bytes.len == MERKLE_BYTES;
  if (ok)
    memcpy (hash->bytes, bytes.bytes, MERKLE_BYTES);
  else
    memset (hash, 0, sizeof *hash);
  return ok;
}

/* ---- details ----------------------------------------------------------- */

/* Texts stay the row's. */
static AuditEntry
borrow_entry (StoreStatement *s)
{
  return (AuditEntry){ .at = store_integer (s, DETAIL_AT),
                       .act = (AuditAct)CLAMP (store_integer (s, DETAIL_ACT), 0, AUDIT_N_ACTS - 1),
                       .actor = store_text (s, DETAIL_ACTOR).bytes,
                       .role = store_text (s, DETAIL_ROLE).bytes,
                       .department = store_text (s, DETAIL_DEPARTMENT).bytes,
                       .subject = store_integer (s, DETAIL_SUBJECT),
                       .purpose = store_text (s, DETAIL_PURPOSE).bytes,
                       .detail = store_text (s, DETAIL_DETAIL).bytes };
}

/* What an entry that erased another says. */
static void
note_erasure (Scan *scan, const AuditEntry *entry)
{
  g_autoptr (Arena) arena = arena_new ();
  const JsonValue *json = json_parse (arena, text_of (entry->detail), "detail", NULL);
  const JsonValue *number = json_get (json, "entry");
  if (!number || number->kind != JSON_NUMBER)
    return;
  gint64 erased = g_ascii_strtoll (arena_text (arena, number->text), NULL, 10);
  keep (scan->v, scan->v->erased, &erased);
}

/* The stored set is what the entry is committed to. */
static bool
check_members (Scan *scan, gint64 number, const AuditCommitment *commitment, GError **error)
{
  Text salt = store_blob (scan->details, DETAIL_MEMBERS_SALT);
  g_autoptr (AuditSet) set = audit_set_read (scan->db, number, error);
  if (!set)
    return false;
  AuditCommitment computed = { 0 };
  if (salt.len == AUDIT_SET_SALT_BYTES)
    audit_set_commit (scan->hasher, set, (const guint8 *)salt.bytes, &computed);
  if (computed.n != commitment->n || !merkle_equal (&computed.root, &commitment->root))
    verify_find (scan->v, AUDIT_MEMBERS_CHANGED, number,
                 "entry %" G_GINT64_FORMAT ": its list of subjects was changed: %" G_GINT64_FORMAT
                 " are stored, it was made for %" G_GINT64_FORMAT,
                 number, audit_set_size (set), commitment->n);
  return true;
}

/* The leaf that the current details give; COMPUTED is zero when they are damaged. */
static bool
hash_details (Scan *scan, MerkleHash *computed, GError **error)
{
  StoreStatement *s = scan->details;
  AuditEntry entry = borrow_entry (s);
  AuditCommitment commitment = { .n = store_integer (s, DETAIL_MEMBERS) };
  Text salt = store_blob (s, DETAIL_SALT);
  memset (computed, 0, sizeof *computed);
  if (salt.len != AUDIT_SALT_BYTES || (commitment.n && !take_hash (s, DETAIL_MEMBERS_ROOT, &commitment.root)))
    return true;
  audit_encode (scan->data, (const guint8 *)salt.bytes, &entry, &commitment);
  merkle_leaf (scan->hasher, scan->data->str, scan->data->len, computed);
  if (entry.act == AUDIT_ERASE)
    note_erasure (scan, &entry);
  return !commitment.n || check_members (scan, scan->detail_at, &commitment, error);
}

/* ---- entries ----------------------------------------------------------- */

/* Entry NUMBER has no leaf. */
static void
note_missing (Scan *scan, gint64 number, bool has_details, const MerkleHash *computed, MerkleHash *leaf)
{
  Verification *v = scan->v;
  verify_find (v, AUDIT_ENTRY_MISSING, number,
               has_details ? "entry %" G_GINT64_FORMAT ": its leaf was deleted; its details are there"
                           : "entry %" G_GINT64_FORMAT " was deleted",
               number);
  VerifyLeaf missing = { (guint64)number - 1, { { 0 } } };
  if (has_details)
    missing.leaf = *computed;
  *leaf = missing.leaf;
  pthread_mutex_lock (&v->lock);
  g_array_append_val (v->missing, missing);
  v->holes |= !has_details;
  pthread_mutex_unlock (&v->lock);
}

static bool
scan_entry (Scan *scan, gint64 number, MerkleHash *leaf, GError **error)
{
  bool has_leaf = scan->leaf_at == number, has_details = scan->detail_at == number;
  MerkleHash computed;
  if (has_details && !hash_details (scan, &computed, error))
    return false;
  if (!has_leaf)
    note_missing (scan, number, has_details, &computed, leaf);
  else
    take_hash (scan->leaves, 1, leaf);
  if (has_leaf && has_details && !merkle_equal (leaf, &computed)) {
    VerifySuspect suspect = { number, *leaf, computed };
    keep (scan->v, scan->v->suspects, &suspect);
  }
  if (has_leaf && !has_details)
    keep (scan->v, scan->v->gone, &number);
  return (!has_leaf || advance (scan->leaves, 0, &scan->leaf_at, error))
         && (!has_details || advance (scan->details, 0, &scan->detail_at, error));
}

/* The heads that end within the group that begins behind START. */
static void
keep_peaks (Scan *scan, gint64 start, const MerkleHash *leaves, size_t n)
{
  Verification *v = scan->v;
  size_t low = 0, high = v->n_heads;
  while (low < high) {
    size_t middle = (low + high) / 2;
    if (v->heads[middle].size <= start)
      low = middle + 1;
    else
      high = middle;
  }
  MerkleFrontier frontier = { 0 };
  for (; low < v->n_heads && v->heads[low].size < start + AUDIT_GROUP; low++) {
    VerifyHead *head = &v->heads[low];
    for (size_t wanted = (size_t)(head->size - start); frontier.size < wanted && frontier.size < n;)
      merkle_append (scan->hasher, &frontier, 0, &leaves[frontier.size]);
    memcpy (head->peaks, frontier.peaks, sizeof head->peaks);
  }
}

static bool
check_node (Scan *scan, guint64 group, const MerkleHash *root, GError **error)
{
  Verification *v = scan->v;
  MerkleHash stored = { { 0 } };
  bool there = scan->node_at == (gint64)group;
  if (there)
    take_hash (scan->nodes, 1, &stored);
  if ((gint64)(group + 1) * AUDIT_GROUP <= v->covered && !merkle_equal (&stored, root))
    keep (v, v->wrong_nodes, &group);
  return !there || advance (scan->nodes, 0, &scan->node_at, error);
}

static bool
scan_group (Scan *scan, gint64 start, gint64 end, GError **error)
{
  MerkleHash leaves[AUDIT_GROUP];
  size_t n = (size_t)(end - start);
  for (size_t i = 0; i < n; i++)
    if (!scan_entry (scan, start + (gint64)i + 1, &leaves[i], error))
      return false;
  keep_peaks (scan, start, leaves, n);
  if (n < AUDIT_GROUP)
    return true;
  guint64 group = (guint64)start / AUDIT_GROUP;
  merkle_complete (scan->hasher, leaves, AUDIT_NODE_STEP, &scan->v->groups[group]);
  return check_node (scan, group, &scan->v->groups[group], error);
}

static bool
scan_unit (Scan *scan, gint64 from, gint64 to, GError **error)
{
  bool ok = begin_unit (scan, from, to, error);
  for (gint64 start = from; ok && start < to; start += AUDIT_GROUP)
    ok = scan_group (scan, start, MIN (start + AUDIT_GROUP, to), error);
  StoreStatement *const statements[] = { scan->leaves, scan->details, scan->nodes };
  for (size_t i = 0; i < G_N_ELEMENTS (statements); i++)
    if (statements[i])
      store_reset (statements[i]);
  return ok;
}

/* ---- threads ----------------------------------------------------------- */

/* The next piece of work; false when there is none, or another thread has failed. */
static bool
take_unit (Verification *v, gint64 done, gint64 *from)
{
  pthread_mutex_lock (&v->lock);
  v->done += done;
  bool more = !v->error && v->next < v->n;
  *from = v->next;
  v->next += more ? UNIT : 0;
  pthread_cond_signal (&v->wake);
  pthread_mutex_unlock (&v->lock);
  return more;
}

static void
end_thread (Verification *v, GError *error)
{
  pthread_mutex_lock (&v->lock);
  v->running--;
  if (error && !v->error)
    v->error = error;
  else
    g_clear_error (&error);
  pthread_cond_signal (&v->wake);
  pthread_mutex_unlock (&v->lock);
}

static gpointer
scan_main (gpointer data)
{
  Verification *v = data;
  GError *error = NULL;
  StoreReader *reader = store_reader (v->store, &error);
  Scan scan = { .v = v };
  if (reader) {
    scan.db = store_reader_db (reader);
    scan.hasher = merkle_hasher_new (v->log.algorithm);
    scan.data = g_string_sized_new (512);
    gint64 from, done = 0;
    while (!error && take_unit (v, done, &from)) {
      gint64 to = MIN (from + UNIT, v->n);
      scan_unit (&scan, from, to, &error);
      done = to - from;
    }
    g_string_free (scan.data, TRUE);
    merkle_hasher_free (scan.hasher);
    store_reader_release (reader);
  }
  end_thread (v, error);
  return NULL;
}

/* Tell the progress from the caller's thread, ten times a second. */
static void
watch (Verification *v, const AuditVerifying *what)
{
  pthread_mutex_lock (&v->lock);
  while (v->running) {
    struct timespec until;
    clock_gettime (CLOCK_REALTIME, &until);
    until.tv_nsec += 100000000L;
    if (until.tv_nsec >= 1000000000L) {
      until.tv_sec++;
      until.tv_nsec -= 1000000000L;
    }
    pthread_cond_timedwait (&v->wake, &v->lock, &until);
    gint64 done = v->done;
    pthread_mutex_unlock (&v->lock);
    if (what->progress)
      what->progress (done, v->n, what->progress_data);
    pthread_mutex_lock (&v->lock);
  }
  pthread_mutex_unlock (&v->lock);
}

bool
verify_scan (Verification *v, const AuditVerifying *what, GError **error)
{
  pthread_t threads[THREADS];
  int started = 0;
  v->running = THREADS;
  for (; started < THREADS; started++) {
    int result = pthread_create (&threads[started], NULL, scan_main, v);
    if (result == 0)
      continue;
    for (int i = started; i < THREADS; i++)
      end_thread (v, g_error_new (FAULT, FAULT_SYSTEM, "cannot start a thread: %s", g_strerror (result)));
    break;
  }
  watch (v, what);
  for (int i = 0; i < started; i++)
    pthread_join (threads[i], NULL);
  if (!v->error)
    return true;
  g_propagate_error (error, g_steal_pointer (&v->error));
  return false;
}
