/* Merging: two subjects turn out to be one.  Nothing in the log is touched: an
 * event says that GONE is KEPT from then on, another may take it back.  A *view*
 * is what the events up to a moment come to: whom each subject that is gone leads
 * to (its root, where merges follow one another), and who leads to a root.  So a
 * reading of the past sees the subjects as they were known then.
 *
 * The current tables hold a row per root; references there are to roots. */
#include "registry/registry_private.h"

typedef struct {
  Subject gone, root;
} Lead;

struct MergeView {
  gint references;
  gint64 version; /* the last event's id */
  size_t n;
  Lead *by_gone, *by_root;
};

/* ---- views ------------------------------------------------------------- */

static int
compare_gone (const void *a, const void *b)
{
  Subject x = ((const Lead *)a)->gone, y = ((const Lead *)b)->gone;
  return (x > y) - (x < y);
}

static int
compare_root (const void *a, const void *b)
{
  Subject x = ((const Lead *)a)->root, y = ((const Lead *)b)->root;
  return x != y ? (x > y) - (x < y) : compare_gone (a, b);
}

Subject
merge_root (const MergeView *view, Subject subject)
{
  Lead wanted = { .gone = subject };
  const Lead *found
      = view && view->n ? bsearch (&wanted, view->by_gone, view->n, sizeof (Lead), compare_gone) : NULL;
  return found ? found->root : subject;
}

size_t
merge_members (const MergeView *view, Subject root, size_t i, Subject *member)
{
  size_t low = 0, high = view ? view->n : 0;
  while (low < high) {
    size_t middle = (low + high) / 2;
    if (view->by_root[middle].root < root)
      low = middle + 1;
    else
      high = middle;
  }
  if (i == 0)
    *member = root;
  else if (!view || low + i - 1 >= view->n || view->by_root[low + i - 1].root != root)
    return 0;
  else
    *member = view->by_root[low + i - 1].gone;
  return i + 1;
}

/* The direct leads, replayed: a merge puts one in, its undoing takes it out. */
static bool
read_leads (StoreConnection *db, gint64 known_at, GHashTable *leads, gint64 *version, GError **error)
{
  StoreStatement *s = store_statement (db,
                                       "SELECT m.id, m.kept, m.gone, m.undoes FROM merging m"
                                       " WHERE m.recorded_at <= ?1 ORDER BY m.id",
                                       error);
  if (!s)
    return false;
  store_bind_integer (s, 1, known_at);
  StoreStep step;
  while ((step = store_step (s, error)) == STORE_ROW) {
    *version = store_integer (s, 0);
    gint64 kept = store_integer (s, 1), gone = store_integer (s, 2);
    if (store_is_null (s, 3))
      g_hash_table_insert (leads, g_memdup2 (&gone, sizeof gone), g_memdup2 (&kept, sizeof kept));
    else
      g_hash_table_remove (leads, &gone);
  }
  return step == STORE_DONE;
}

static Subject
follow_leads (GHashTable *leads, Subject subject)
{
  const Subject *next;
  while ((next = g_hash_table_lookup (leads, &subject)))
    subject = *next;
  return subject;
}

static MergeView *
make_view (GHashTable *leads, gint64 version)
{
  MergeView *view = g_new0 (MergeView, 1);
  GHashTableIter iter;
  gpointer key;
  view->references = 1;
  view->version = version;
  view->by_gone = g_new (Lead, g_hash_table_size (leads));
  g_hash_table_iter_init (&iter, leads);
  while (g_hash_table_iter_next (&iter, &key, NULL)) {
    Subject gone = *(Subject *)key;
    view->by_gone[view->n++] = (Lead){ gone, follow_leads (leads, gone) };
  }
  view->by_root = g_memdup2 (view->by_gone, view->n * sizeof (Lead));
  if (view->n) {
    qsort (view->by_gone, view->n, sizeof (Lead), compare_gone);
    qsort (view->by_root, view->n, sizeof (Lead), compare_root);
  }
  return view;
}

static MergeView *
read_view (StoreConnection *db, gint64 known_at, GError **error)
{
  g_autoptr (GHashTable) leads = g_hash_table_new_full (g_int64_hash, g_int64_equal, g_free, g_free);
  gint64 version = 0;
  return read_leads (db, known_at, leads, &version, error) ? make_view (leads, version) : NULL;
}

MergeView *
merge_view_fresh (StoreConnection *db, GError **error)
{
  return read_view (db, G_MAXINT64, error);
}

void
merge_view_unref (MergeView *view)
{
  if (!view || !g_atomic_int_dec_and_test (&view->references))
    return;
  g_free (view->by_gone);
  g_free (view->by_root);
  g_free (view);
}

/* The id of the last event, by a statement that is kept: every reading asks. */
static bool
read_version (StoreConnection *db, gint64 *version, GError **error)
{
  StoreStatement *statement = store_statement (db, "SELECT coalesce(max(id), 0) FROM merging", error);
  if (!statement || store_step (statement, error) != STORE_ROW)
    return false;
  *version = store_integer (statement, 0);
  store_reset (statement);
  return true;
}

/* That of now is kept from reading to reading; the last event's id tells whether it still holds. */
MergeView *
merge_view (Registry *registry, StoreConnection *db, gint64 known_at, GError **error)
{
  gint64 version;
  MergeView *view = NULL;
  if (known_at != G_MAXINT64)
    return read_view (db, known_at, error);
  if (!read_version (db, &version, error))
    return NULL;
  pthread_mutex_lock (&registry->merges_mutex);
  if (registry->merges && registry->merges->version == version) {
    view = registry->merges;
    g_atomic_int_inc (&view->references);
  }
  pthread_mutex_unlock (&registry->merges_mutex);
  if (view || !(view = read_view (db, known_at, error)))
    return view;
  pthread_mutex_lock (&registry->merges_mutex);
  if (!registry->merges || registry->merges->version < view->version) {
    g_clear_pointer (&registry->merges, merge_view_unref);
    registry->merges = view;
    g_atomic_int_inc (&view->references);
  }
  pthread_mutex_unlock (&registry->merges_mutex);
  return view;
}

size_t
merge_size (const MergeView *view)
{
  return view->n;
}

gint64
merge_highest (const MergeView *view, const RegistryEntity *entity)
{
  gint64 highest = 0;
  for (size_t i = 0; i < view->n; i++)
    if (view->by_gone[i].gone >> 56 == entity->index)
      highest = MAX (highest, subject_number (view->by_gone[i].gone));
  return highest;
}

/* ---- events ------------------------------------------------------------ */

static bool
record_event (StoreConnection *db, RegistryMerge *event, gint64 undoes, GError **error)
{
  gint64 last = 0;
  if (!store_query (db, "SELECT coalesce(max(id), 0) + 1 FROM merging", 1, &event->id, error)
      || !store_query (db,
                       "SELECT max(t) FROM (SELECT coalesce(max(recorded_at), 0) AS t FROM merging UNION ALL"
                       " SELECT coalesce(max(recorded_at), 0) AS t FROM batch) AS u",
                       0, &last, error))
    return false;
  if (event->recorded_at < last) {
    g_set_error (error, FAULT, FAULT_INPUT,
                 "a merge cannot be recorded before what is on record: what was known then would change; "
                 "check the clock");
    return false;
  }
  StoreStatement *s = store_statement (db,
                                       "INSERT INTO merging (id, kept, gone, recorded_at, actor, reason, "
                                       "undoes) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)",
                                       error);
  if (!s)
    return false;
  store_bind_integer (s, 1, event->id);
  store_bind_integer (s, 2, event->kept);
  store_bind_integer (s, 3, event->gone);
  store_bind_integer (s, 4, event->recorded_at);
  store_bind_text (s, 5, event->actor);
  store_bind_text (s, 6, event->reason);
  if (undoes)
    store_bind_integer (s, 7, undoes);
  return store_run (s, error);
}

static bool
audit_event (StoreConnection *db, const RegistryMerge *event, const RegistrySchema *schema, gint64 undoes,
             GError **error)
{
  g_autoptr (Arena) arena = arena_new ();
  g_autoptr (GString) detail = g_string_new (NULL);
  JsonWriter *w = json_writer_new (detail, 0);
  AuditSet *subjects = audit_set_new ();
  json_begin_object (w);
  json_member_int (w, undoes ? "unmerge" : "merge", undoes ? undoes : event->id);
  json_member_str (w, "kept", registry_subject_format (arena, schema, event->kept));
  json_member_str (w, "gone", registry_subject_format (arena, schema, event->gone));
  json_member_str (w, "reason", event->reason);
  json_end_object (w);
  json_writer_free (w);
  audit_set_add (subjects, event->kept);
  audit_set_add (subjects, event->gone);
  AuditEntry entry = { .act = AUDIT_WRITE,
                       .actor = event->actor,
                       .subjects = subjects,
                       .purpose = "duplicates",
                       .detail = detail->str };
  bool ok = audit_append (db, &entry, error) != 0;
  audit_set_free (subjects);
  return ok;
}

static bool
check_words (const char *actor, const char *reason, GError **error)
{
  if (actor && *actor && reason && *reason)
    return true;
  g_set_error (error, FAULT, FAULT_INPUT, "a merge needs who decides it, and the reason");
  return false;
}

static bool
check_subject (RegistryWriter *w, Subject subject, GError **error)
{
  g_autoptr (Arena) arena = arena_new ();
  const RegistrySchema *schema = writer_registry (w)->schema;
  Subject root = merge_root (writer_merges (w), subject);
  bool known;
  if (!registry_writer_knows (w, subject, &known, error))
    return false;
  if (!known)
    g_set_error (error, FAULT, FAULT_NOT_FOUND, "%s: no such subject",
                 registry_subject_entity (schema, subject) ? registry_subject_format (arena, schema, subject)
                                                           : "?");
  else if (root != subject)
    g_set_error (error, FAULT, FAULT_CONFLICT, "%s was merged into %s already",
                 registry_subject_format (arena, schema, subject),
                 registry_subject_format (arena, schema, root));
  else
    return true;
  return false;
}

gint64
registry_writer_merge (RegistryWriter *w, Subject kept, Subject gone, const char *actor, const char *reason,
                       gint64 recorded_at, GError **error)
{
  RegistryMerge event
      = { .kept = kept, .gone = gone, .recorded_at = recorded_at, .actor = actor, .reason = reason };
  if (!check_words (actor, reason, error) || !check_subject (w, kept, error)
      || !check_subject (w, gone, error))
    return 0;
  if (kept == gone || kept >> 56 != gone >> 56) {
    g_set_error (error, FAULT, FAULT_INPUT, "only two different subjects of one kind can be merged");
    return 0;
  }
  StoreConnection *db = writer_flushed (w, error);
  bool ok = db && record_event (db, &event, 0, error)
            && audit_event (db, &event, writer_registry (w)->schema, 0, error)
            && writer_apply_merge (w, kept, gone, true, civil_day_of (recorded_at), error);
  return ok ? event.id : 0;
}

/* The merge ID, that still stands. */
static bool
find_merge (StoreConnection *db, gint64 id, RegistryMerge *event, GError **error)
{
  StoreStatement *s = store_statement (
      db,
      "SELECT kept, gone, (SELECT count(*) FROM merging u WHERE u.undoes = m.id) FROM merging m"
      " WHERE m.id = ?1 AND m.undoes IS NULL",
      error);
  if (!s)
    return false;
  store_bind_integer (s, 1, id);
  StoreStep step = store_step (s, error);
  bool undone = step == STORE_ROW && store_integer (s, 2) > 0;
  if (step == STORE_ROW) {
    event->kept = store_integer (s, 0);
    event->gone = store_integer (s, 1);
  }
  store_reset (s);
  if (step == STORE_DONE)
    g_set_error (error, FAULT, FAULT_NOT_FOUND, "there is no merge %" G_GINT64_FORMAT, id);
  else if (undone)
    g_set_error (error, FAULT, FAULT_CONFLICT, "merge %" G_GINT64_FORMAT " was undone already", id);
  return step == STORE_ROW && !undone;
}

/* Of all who are one with ROOT, while they are. */
static bool
empty_kept (StoreConnection *db, const MergeView *view, Subject root, GError **error)
{
  Subject member;
  bool ok = true;
  for (size_t i = 0; ok && (i = merge_members (view, root, i, &member));)
    ok = kept_empty (db, member, error);
  return ok;
}

bool
registry_writer_unmerge (RegistryWriter *w, gint64 id, const char *actor, const char *reason,
                         gint64 recorded_at, GError **error)
{
  RegistryMerge event = { .recorded_at = recorded_at, .actor = actor, .reason = reason };
  StoreConnection *db = check_words (actor, reason, error) ? writer_flushed (w, error) : NULL;
  if (!db || !find_merge (db, id, &event, error))
    return false;
  Subject root = merge_root (writer_merges (w), event.gone);
  return empty_kept (db, writer_merges (w), root, error) && record_event (db, &event, id, error)
         && audit_event (db, &event, writer_registry (w)->schema, id, error)
         && writer_apply_merge (w, root, event.gone, false, civil_day_of (recorded_at), error);
}

/* ---- asking ------------------------------------------------------------ */

bool
registry_resolve (Registry *registry, Subject subject, gint64 known_at, Subject *kept, GError **error)
{
  g_autoptr (StoreReader) reader = store_reader (registry->store, error);
  MergeView *view = reader ? merge_view (registry, store_reader_db (reader), known_at, error) : NULL;
  if (!view)
    return false;
  *kept = merge_root (view, subject);
  merge_view_unref (view);
  return true;
}

const RegistryMerge *
registry_merges (Registry *registry, Arena *arena, gint64 before, size_t limit, size_t *n, GError **error)
{
  g_autoptr (StoreReader) reader = store_reader (registry->store, error);
  StoreStatement *s
      = reader ? store_statement (
            store_reader_db (reader),
            "SELECT m.id, m.kept, m.gone, m.recorded_at, m.actor, m.reason,"
            " u.recorded_at, u.actor, u.reason FROM merging m LEFT JOIN merging u ON u.undoes = m.id"
            " WHERE m.undoes IS NULL AND m.id < ?1 ORDER BY m.id DESC LIMIT ?2",
            error)
               : NULL;
  *n = 0;
  if (!s)
    return NULL;
  RegistryMerge *merges = arena_new0 (arena, RegistryMerge, limit);
  store_bind_integer (s, 1, before ? before : G_MAXINT64);
  store_bind_integer (s, 2, (gint64)limit);
  StoreStep step;
  while ((step = store_step (s, error)) == STORE_ROW)
    merges[(*n)++] = (RegistryMerge){ .id = store_integer (s, 0),
                                      .kept = store_integer (s, 1),
                                      .gone = store_integer (s, 2),
                                      .recorded_at = store_integer (s, 3),
                                      .actor = store_string (s, 4, arena),
                                      .reason = store_string (s, 5, arena),
                                      .undone_at = store_integer (s, 6),
                                      .undone_by = store_string (s, 7, arena),
                                      .undone_reason = store_string (s, 8, arena) };
  return step == STORE_DONE ? merges : NULL;
}
