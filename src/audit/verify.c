/* Verifying a log: heads first, then every entry, then the two against each other. */
#include "audit/verify_private.h"

#include <stdlib.h>

typedef struct {
  Arena *arena;
  const AuditVerifying *what;
  Verification *v;
  const AuditKey *keys;
  size_t n_keys;
  GHashTable *known; /* notes whose signature fits */
  GArray *heads;     /* VerifyHead, of any size */
  const char *key_place;
} Gathering;

/* ---- heads ------------------------------------------------------------- */

static bool
read_keys (Gathering *g, GError **error)
{
  const char *text;
  g_autofree char *file = NULL;
  if (!g->what->key) {
    text = audit_public_keys (g->v->store, g->arena, error);
    g->key_place = "the database's key";
  } else {
    g_autoptr (GError) cause = NULL;
    if (!g_file_get_contents (g->what->key, &file, NULL, &cause))
      g_set_error (error, FAULT, FAULT_INPUT, "%s", cause->message);
    text = file;
    g->key_place = g->what->key;
  }
  if (!text)
    return false;
  g->keys = audit_keys_parse (g->arena, text_of (text), g->key_place, &g->n_keys, error);
  return g->keys != NULL;
}

/* Keep the head of NOTE, which stands at PLACE; false when its signature does not fit. */
static bool
add_head (Gathering *g, const AuditNote *note, const char *place)
{
  const AuditStatement *s = &note->statement;
  const char *text = arena_text (g->arena, note->note);
  if (!g_hash_table_contains (g->known, text)) {
    if (!g_str_equal (s->log, g->v->log.name)) {
      verify_find (g->v, AUDIT_OTHER_LOG, s->size, "%s is of another log, %s", place, s->log);
      return false;
    }
    if (s->algorithm != g->v->log.algorithm || !audit_note_verify (note, g->keys, g->n_keys)) {
      verify_find (g->v, AUDIT_HEAD_CHANGED, s->size,
                   "%s was changed, or signed with another key: its signature does not fit %s", place,
                   g->key_place);
      return false;
    }
    g_hash_table_add (g->known, (gpointer)text);
  }
  VerifyHead head = { .size = s->size, .root = s->root, .place = place };
  g_array_append_val (g->heads, head);
  return true;
}

static bool
read_stored_heads (Gathering *g, AuditReport *report, GError **error)
{
  g_autoptr (StoreReader) reader = store_reader (g->v->store, error);
  StoreStatement *s = reader ? store_statement (store_reader_db (reader),
                                                "SELECT size, note FROM audit_head ORDER BY size", error)
                             : NULL;
  if (!s)
    return false;
  StoreStep step;
  while ((step = store_step (s, error)) == STORE_ROW) {
    gint64 size = store_integer (s, 0);
    const char *place = arena_printf (g->arena, "the head of %" G_GINT64_FORMAT " entries", size);
    AuditNote note;
    report->heads++;
    if (!audit_note_parse (g->arena, text_of (store_string (s, 1, g->arena)), &note)
        || note.statement.size != size) {
      verify_find (g->v, AUDIT_HEAD_CHANGED, size, "%s was changed: its text is none", place);
      continue;
    }
    if (add_head (g, &note, place))
      g->v->covered = MAX (g->v->covered, size);
  }
  return step == STORE_DONE;
}

static bool
read_outside_heads (Gathering *g, AuditReport *report, GError **error)
{
  Text text;
  size_t n, n_broken;
  unsigned broken_at;
  if (!g->what->head)
    return true;
  if (!audit_outside_read (g->arena, g->what->head, &text, error))
    return false;
  const AuditNote *notes = audit_notes_parse (g->arena, text, &n, &n_broken, &broken_at);
  report->outside_heads = (gint64)n;
  for (size_t i = 0; i < n; i++)
    add_head (g, &notes[i],
              arena_printf (g->arena, "the head of %" G_GINT64_FORMAT " entries at %s:%u",
                            notes[i].statement.size, g->what->head, notes[i].line));
  if (n_broken)
    verify_find (g->v, AUDIT_HEAD_CHANGED, 0,
                 "%s:%u: no head; %" G_GSIZE_FORMAT " piece%s of the file %s none", g->what->head, broken_at,
                 n_broken, n_broken == 1 ? "" : "s", n_broken == 1 ? "is" : "are");
  if (!n && !n_broken)
    verify_find (g->v, AUDIT_OTHER_LOG, 0, "%s: holds no head", g->what->head);
  return true;
}

static int
compare_heads (const void *a, const void *b)
{
  gint64 x = ((const VerifyHead *)a)->size, y = ((const VerifyHead *)b)->size;
  return (x > y) - (x < y);
}

/* Heads above the entries there are tell of a truncation, the others are compared. */
static void
sort_heads (Gathering *g)
{
  Verification *v = g->v;
  g_array_sort (g->heads, compare_heads);
  v->heads = (VerifyHead *)(gpointer)g->heads->data;
  v->n_heads = g->heads->len;
  while (v->n_heads && v->heads[v->n_heads - 1].size > v->n)
    v->n_heads--;
  if (v->n_heads == g->heads->len)
    return;
  const VerifyHead *last = &v->heads[g->heads->len - 1];
  verify_find (v, AUDIT_TRUNCATED, v->n + 1,
               "the log was cut short: %" G_GINT64_FORMAT
               " entries are there, %s was signed over %" G_GINT64_FORMAT,
               v->n, last->place, last->size);
}

/* ---- comparing --------------------------------------------------------- */

typedef struct {
  Verification *v;
  StoreConnection *db;
  GError **error;
  bool failed;
} Nodes;

/* Stored nodes above the groups, as each is completed anew. */
static void
check_upper_node (gpointer data, unsigned level, guint64 number, const MerkleHash *root)
{
  Nodes *nodes = data;
  if (nodes->failed || level % AUDIT_NODE_STEP || level == AUDIT_NODE_STEP
      || (gint64)((number + 1) << level) > nodes->v->covered)
    return;
  StoreStatement *s = store_statement (
      nodes->db, "SELECT hash FROM audit_node WHERE level = ?1 AND number = ?2", nodes->error);
  if (s) {
    store_bind_integer (s, 1, level);
    store_bind_integer (s, 2, (gint64)number);
  }
  StoreStep step = s ? store_step (s, nodes->error) : STORE_FAILED;
  Text bytes = step == STORE_ROW ? store_blob (s, 0) : (Text){ NULL, 0 };
  if (bytes.len != MERKLE_BYTES || memcmp (bytes.bytes, root->bytes, MERKLE_BYTES) != 0)
    verify_find (nodes->v, AUDIT_NODE_CHANGED, (gint64)(number << level) + 1,
                 "the stored root of entries %" G_GINT64_FORMAT " to %" G_GINT64_FORMAT " was changed",
                 (gint64)(number << level) + 1, (gint64)((number + 1) << level));
  if (s)
    store_reset (s);
  nodes->failed = step == STORE_FAILED;
}

/* The root under HEAD: GROUPS up to its last complete one, then its own peaks. */
static void
root_at (MerkleHasher *hasher, const MerkleFrontier *groups, const VerifyHead *head, MerkleHash *root)
{
  MerkleFrontier frontier = *groups;
  g_assert (frontier.size == (guint64)head->size / AUDIT_GROUP * AUDIT_GROUP);
  memcpy (frontier.peaks, head->peaks, sizeof head->peaks);
  frontier.size = (guint64)head->size;
  merkle_root (hasher, &frontier, root);
}

/* BAD: the first head whose root is another, or NULL; GOOD: the last size that is right. */
static bool
compare_roots (Verification *v, const VerifyHead **bad, gint64 *good, GError **error)
{
  g_autoptr (StoreReader) reader = store_reader (v->store, error);
  g_autoptr (MerkleHasher) hasher = merkle_hasher_new (v->log.algorithm);
  if (!reader)
    return false;
  Nodes nodes = { v, store_reader_db (reader), error, false };
  MerkleFrontier frontier = { .complete = check_upper_node, .data = &nodes };
  size_t next = 0;
  *bad = NULL;
  for (size_t group = 0; group <= v->n_groups && !nodes.failed; group++) {
    for (; next < v->n_heads && v->heads[next].size < (gint64)(group + 1) * AUDIT_GROUP; next++) {
      MerkleHash root;
      root_at (hasher, &frontier, &v->heads[next], &root);
      if (merkle_equal (&root, &v->heads[next].root)) {
        if (!*bad)
          *good = v->heads[next].size;
      } else if (!*bad)
        *bad = &v->heads[next];
    }
    if (group < v->n_groups)
      merkle_append (hasher, &frontier, AUDIT_NODE_STEP, &v->groups[group]);
  }
  return !nodes.failed;
}

/* Entries whose details do not give their leaf, beyond what was blamed already. */
static void
tell_suspects (Verification *v, gint64 good)
{
  for (guint i = 0; i < v->suspects->len; i++) {
    const VerifySuspect *s = &g_array_index (v->suspects, VerifySuspect, i);
    if (s->number == 0)
      continue;
    if (s->number <= good)
      verify_find (v, AUDIT_DETAILS_CHANGED, s->number,
                   "entry %" G_GINT64_FORMAT ": its details were changed; its leaf is as it was signed",
                   s->number);
    else
      verify_find (v, AUDIT_ENTRY_CHANGED, s->number,
                   "entry %" G_GINT64_FORMAT ": its leaf or its details were changed; no head tells which",
                   s->number);
  }
}

static int
compare_numbers (const void *a, const void *b)
{
  gint64 x = *(const gint64 *)a, y = *(const gint64 *)b;
  return (x > y) - (x < y);
}

/* Details may be gone only where a later entry says that they were erased. */
static gint64
tell_gone (Verification *v)
{
  g_array_sort (v->erased, compare_numbers);
  gint64 erased = 0;
  for (guint i = 0; i < v->gone->len; i++) {
    gint64 number = g_array_index (v->gone, gint64, i);
    if (bsearch (&number, v->erased->data, v->erased->len, sizeof number, compare_numbers))
      erased++;
    else
      verify_find (v, AUDIT_DETAILS_MISSING, number,
                   "entry %" G_GINT64_FORMAT ": its details were deleted, and no entry says so", number);
  }
  return erased;
}

static void
tell_nodes (Verification *v)
{
  for (guint i = 0; i < v->wrong_nodes->len; i++) {
    gint64 from = (gint64)g_array_index (v->wrong_nodes, guint64, i) * AUDIT_GROUP + 1;
    verify_find (v, AUDIT_NODE_CHANGED, from,
                 "the stored root of entries %" G_GINT64_FORMAT " to %" G_GINT64_FORMAT
                 " was changed; the entries are whole",
                 from, from + AUDIT_GROUP - 1);
  }
}

static bool
compare (Verification *v, AuditReport *report, GError **error)
{
  const VerifyHead *bad = NULL;
  gint64 good = 0;
  if (!compare_roots (v, &bad, &good, error))
    return false;
  report->covered = v->n_heads ? v->heads[v->n_heads - 1].size : 0;
  /* A deleted entry, details and all, is told already; its leaf cannot be had again. */
  if (bad && !v->holes && !verify_blame (v, bad, good, error))
    return false;
  if (!bad)
    tell_nodes (v);
  tell_suspects (v, bad ? good : report->covered);
  report->erased = tell_gone (v);
  return true;
}

/* ---- the whole --------------------------------------------------------- */

static bool
read_log (Verification *v, GError **error)
{
  g_autoptr (StoreReader) reader = store_reader (v->store, error);
  return reader && audit_log_read (store_reader_db (reader), &v->log, error);
}

static bool
read_size (Verification *v, GError **error)
{
  g_autoptr (StoreReader) reader = store_reader (v->store, error);
  gint64 details = 0;
  if (!reader || !audit_log_size (store_reader_db (reader), &v->n, error)
      || !store_query (store_reader_db (reader), "SELECT max(number) FROM audit_detail", 0, &details, error))
    return false;
  v->n = MAX (v->n, details);
  v->n_groups = (size_t)v->n / AUDIT_GROUP;
  return true;
}

static void
begin (Verification *v, Store *store)
{
  *v = (Verification){ .store = store };
  pthread_mutex_init (&v->lock, NULL);
  pthread_cond_init (&v->wake, NULL);
  v->findings = g_array_new (FALSE, FALSE, sizeof (AuditFinding));
  v->suspects = g_array_new (FALSE, FALSE, sizeof (VerifySuspect));
  v->missing = g_array_new (FALSE, FALSE, sizeof (VerifyLeaf));
  v->gone = g_array_new (FALSE, FALSE, sizeof (gint64));
  v->erased = g_array_new (FALSE, FALSE, sizeof (gint64));
  v->wrong_nodes = g_array_new (FALSE, FALSE, sizeof (guint64));
}

static void
end (Verification *v)
{
  for (guint i = 0; i < v->findings->len; i++)
    g_free ((char *)g_array_index (v->findings, AuditFinding, i).message);
  GArray *const lists[] = { v->findings, v->suspects, v->missing, v->gone, v->erased, v->wrong_nodes };
  for (size_t i = 0; i < G_N_ELEMENTS (lists); i++)
    g_array_unref (lists[i]);
  g_free (v->groups);
  pthread_cond_destroy (&v->wake);
  pthread_mutex_destroy (&v->lock);
}

static int
compare_findings (const void *a, const void *b)
{
  const AuditFinding *x = a, *y = b;
  return x->number != y->number ? (x->number > y->number) - (x->number < y->number)
                                : (int)x->fault - (int)y->fault;
}

static void
hand_over (const Verification *v, Arena *arena, AuditReport *report)
{
  g_array_sort (v->findings, compare_findings);
  AuditFinding *findings = arena_new0 (arena, AuditFinding, v->findings->len);
  for (guint i = 0; i < v->findings->len; i++) {
    findings[i] = g_array_index (v->findings, AuditFinding, i);
    findings[i].message = arena_text (arena, text_of (findings[i].message));
  }
  report->n = v->findings->len;
  report->findings = findings;
  report->log = arena_text (arena, text_of (v->log.name));
  report->entries = v->n;
}

/* The log may grow meanwhile: what heads cover is there when it is counted later. */
static bool
verify (Gathering *g, AuditReport *report, GError **error)
{
  Verification *v = g->v;
  if (!read_log (v, error) || !read_keys (g, error) || !read_stored_heads (g, report, error)
      || !read_outside_heads (g, report, error) || !read_size (v, error))
    return false;
  sort_heads (g);
  v->groups = g_new (MerkleHash, v->n_groups);
  return verify_scan (v, g->what, error) && compare (v, report, error);
}

bool
audit_verify (Store *store, Arena *arena, const AuditVerifying *what, AuditReport *report, GError **error)
{
  Verification v;
  begin (&v, store);
  *report = (AuditReport){ 0 };
  g_autoptr (GHashTable) known = g_hash_table_new (g_str_hash, g_str_equal);
  g_autoptr (GArray) heads = g_array_new (FALSE, TRUE, sizeof (VerifyHead));
  Gathering gathering = { .arena = arena, .what = what, .v = &v, .known = known, .heads = heads };
  bool ok = verify (&gathering, report, error);
  if (ok)
    hand_over (&v, arena, report);
  end (&v);
  return ok;
}
