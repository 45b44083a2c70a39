/* Two subjects that may be one: kept, shown, and decided by a person. */
#include "intake/intake_private.h"

#include "audit/audit.h"

bool
candidates_add (StoreConnection *db, Subject a, Subject b, gint64 run, gint64 at, bool *fresh, GError **error)
{
  StoreStatement *s = store_statement (
      db,
      "INSERT INTO intake_candidate (id, a, b, run, found_at) SELECT coalesce(max(id), 0) + 1, ?1, ?2, ?3, ?4"
      " FROM intake_candidate WHERE 1 = 1 ON CONFLICT (a, b) DO NOTHING",
      error);
  if (!s)
    return false;
  store_bind_integer (s, 1, MIN (a, b));
  store_bind_integer (s, 2, MAX (a, b));
  store_bind_integer (s, 3, run);
  store_bind_integer (s, 4, at);
  if (!store_run (s, error))
    return false;
  *fresh = store_changes (db) > 0;
  return true;
}

/* ---- reading ----------------------------------------------------------- */

#define CANDIDATES                                                                                           \
  "SELECT c.id, c.a, c.b, c.run, c.found_at, d.decision, d.actor, d.reason, d.decided_at, d.merging"         \
  " FROM intake_candidate c LEFT JOIN intake_decision d ON d.id ="                                           \
  " (SELECT max(l.id) FROM intake_decision l WHERE l.candidate = c.id)"

static IntakeCandidate
read_candidate (StoreStatement *s, Arena *arena)
{
  return (IntakeCandidate){ .id = store_integer (s, 0),
                            .a = store_integer (s, 1),
                            .b = store_integer (s, 2),
                            .run = store_integer (s, 3),
                            .found_at = store_integer (s, 4),
                            .decision = (IntakeDecision)store_integer (s, 5),
                            .actor = store_string (s, 6, arena),
                            .reason = store_string (s, 7, arena),
                            .decided_at = store_integer (s, 8),
                            .merge = store_integer (s, 9) };
}

const IntakeCandidate *
intake_candidates (Store *store, Arena *arena, IntakeDecision decision, gint64 after, size_t limit, size_t *n,
                   GError **error)
{
  g_autoptr (StoreReader) reader = store_reader (store, error);
  StoreStatement *s = reader ? store_statement (store_reader_db (reader),
                                                CANDIDATES " WHERE c.id > ?1 AND coalesce(d.decision, 0) = ?2"
                                                           " ORDER BY c.id LIMIT ?3",
                                                error)
                             : NULL;
  *n = 0;
  if (!s)
    return NULL;
  store_bind_integer (s, 1, after);
  store_bind_integer (s, 2, decision);
  store_bind_integer (s, 3, (gint64)limit);
  IntakeCandidate *found = arena_new0 (arena, IntakeCandidate, limit);
  StoreStep step;
  while ((step = store_step (s, error)) == STORE_ROW)
    found[(*n)++] = read_candidate (s, arena);
  return step == STORE_DONE ? found : NULL;
}

static bool
find_candidate (StoreConnection *db, Arena *arena, gint64 id, IntakeCandidate *candidate, GError **error)
{
  StoreStatement *s = store_statement (db, CANDIDATES " WHERE c.id = ?1", error);
  if (!s)
    return false;
  store_bind_integer (s, 1, id);
  StoreStep step = store_step (s, error);
  if (step == STORE_ROW)
    *candidate = read_candidate (s, arena);
  store_reset (s);
  if (step == STORE_DONE)
    g_set_error (error, FAULT, FAULT_NOT_FOUND, "there is no pair %" G_GINT64_FORMAT, id);
  return step == STORE_ROW;
}

bool
intake_candidate (Store *store, Arena *arena, gint64 id, IntakeCandidate *candidate, GError **error)
{
  g_autoptr (StoreReader) reader = store_reader (store, error);
  return reader && find_candidate (store_reader_db (reader), arena, id, candidate, error);
}

/* ---- deciding ---------------------------------------------------------- */

typedef struct {
  Registry *registry;
  gint64 id;
  IntakeDecision decision;
  Subject keep;
  const char *actor, *reason;
} Deciding;

static bool
insert_decision (StoreConnection *db, const Deciding *d, gint64 at, gint64 merge, GError **error)
{
  StoreStatement *s = store_statement (
      db,
      "INSERT INTO intake_decision (id, candidate, decision, decided_at, actor, reason, merging)"
      " SELECT coalesce(max(id), 0) + 1, ?1, ?2, ?3, ?4, ?5, ?6 FROM intake_decision",
      error);
  if (!s)
    return false;
  store_bind_integer (s, 1, d->id);
  store_bind_integer (s, 2, d->decision);
  store_bind_integer (s, 3, at);
  store_bind_text (s, 4, d->actor);
  store_bind_text (s, 5, d->reason);
  if (merge)
    store_bind_integer (s, 6, merge);
  return store_run (s, error);
}

/* A merge has its own entry; the other decisions are about the same two. */
static bool
audit_decision (StoreConnection *db, const Deciding *d, const IntakeCandidate *c, GError **error)
{
  AuditSet *subjects = audit_set_new ();
  g_autoptr (GString) detail = g_string_new (NULL);
  JsonWriter *w = json_writer_new (detail, 0);
  json_begin_object (w);
  json_member_int (w, "pair", c->id);
  json_member_str (w, "decision", d->decision == INTAKE_DIFFERENT ? "different" : "taken back");
  json_member_str (w, "reason", d->reason);
  json_end_object (w);
  json_writer_free (w);
  audit_set_add (subjects, c->a);
  audit_set_add (subjects, c->b);
  AuditEntry entry = { .act = AUDIT_WRITE,
                       .actor = d->actor,
                       .subjects = subjects,
                       .purpose = "duplicates",
                       .detail = detail->str };
  bool ok = audit_append (db, &entry, error) != 0;
  audit_set_free (subjects);
  return ok;
}

static bool
check_decision (const Deciding *d, const IntakeCandidate *c, GError **error)
{
  bool taking_back = d->decision == INTAKE_OPEN, decided = c->decision != INTAKE_OPEN;
  if (!d->reason || !*d->reason)
    g_set_error (error, FAULT, FAULT_INPUT, "a decision needs its reason");
  else if (taking_back != decided)
    g_set_error (error, FAULT, FAULT_CONFLICT, "pair %" G_GINT64_FORMAT " %s", c->id,
                 decided ? "is decided already; take that back first" : "is not decided");
  else if (d->decision == INTAKE_SAME && d->keep != c->a && d->keep != c->b)
    g_set_error (error, FAULT, FAULT_INPUT, "one of the two is kept");
  else
    return true;
  return false;
}

static bool
write_decision (StoreConnection *db, gpointer data, GError **error)
{
  const Deciding *d = data;
  g_autoptr (Arena) arena = arena_new ();
  IntakeCandidate c;
  gint64 at = g_get_real_time () / G_USEC_PER_SEC, merge = 0;
  if (!find_candidate (db, arena, d->id, &c, error) || !check_decision (d, &c, error))
    return false;
  if (d->decision != INTAKE_SAME && c.decision != INTAKE_SAME)
    return audit_decision (db, d, &c, error) && insert_decision (db, d, at, 0, error);
  g_autoptr (RegistryWriter) writer = registry_writer_join (d->registry, db, error);
  bool ok = writer != NULL;
  if (ok && d->decision == INTAKE_SAME) {
    merge
        = registry_writer_merge (writer, d->keep, d->keep == c.a ? c.b : c.a, d->actor, d->reason, at, error);
    ok = merge != 0;
  } else if (ok)
    ok = registry_writer_unmerge (writer, c.merge, d->actor, d->reason, at, error);
  return ok && registry_writer_commit (writer, error) && insert_decision (db, d, at, merge, error);
}

bool
intake_decide (Registry *registry, gint64 id, IntakeDecision decision, Subject keep, const char *actor,
               const char *reason, GError **error)
{
  Deciding deciding = { registry, id, decision, keep, actor, reason };
  return intake_migrate (registry_store (registry), error)
         && store_write (registry_store (registry), write_decision, &deciding, error);
}
