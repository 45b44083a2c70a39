/* Rounds through all open cases, for what time brings: in works of a few milliseconds with as much time for
 * others between them, so that nobody waits long for the writer. */
#include "cases/cases_private.h"

enum { WORK_US = 2000 };

typedef bool (*Visit) (Cases *cases, StoreConnection *db, CaseRow *row, GError **error);
typedef struct {
  Cases *cases;
  const char *ids_sql, *row_sql;
  Visit visit;
  GArray *ids; /* gint64 */
  guint next;
} Round;

/* The two statements of a round among those for which CONDITION holds; ?1: now in civil minutes; ?2: the
 * state in which the applicant has to act, whom nobody hurries. */
#define AMONG(condition)                                                                                     \
  "SELECT id FROM cases_case WHERE " condition " ORDER BY id",                                               \
      "SELECT " ROW_COLUMNS " FROM cases_case WHERE " condition " AND id = ?3"

static void
bind_round (StoreStatement *s, const Round *r)
{
  store_bind_integer (s, 1, civil_minutes (cases_now (r->cases)));
  store_bind_integer (s, 2, CASE_CORRECTING);
}

static bool
read_ids (Round *r, GError **error)
{
  g_autoptr (StoreReader) reader = store_reader (r->cases->store, error);
  StoreStatement *s = reader ? store_statement (store_reader_db (reader), r->ids_sql, error) : NULL;
  if (!s)
    return false;
  bind_round (s, r);
  StoreStep next;
  while ((next = store_step (s, error)) == STORE_ROW) {
    gint64 id = store_integer (s, 0);
    g_array_append_val (r->ids, id);
  }
  return next == STORE_DONE;
}

/* As it is by now: somebody may have acted since its number was read. */
static bool
visit_one (Round *r, StoreConnection *db, gint64 id, GError **error)
{
  g_autoptr (Arena) arena = arena_new ();
  StoreStatement *s = store_statement (db, r->row_sql, error);
  if (!s)
    return false;
  bind_round (s, r);
  store_bind_integer (s, 3, id);
  CaseRow row;
  StoreStep step = store_step (s, error);
  if (step == STORE_ROW)
    row_read (r->cases, s, arena, &row);
  store_reset (s);
  return step != STORE_FAILED && (step == STORE_DONE || r->visit (r->cases, db, &row, error));
}

static bool
visit_some (StoreConnection *db, gpointer data, GError **error)
{
  Round *r = data;
  gint64 until = g_get_monotonic_time () + WORK_US;
  do
    if (!visit_one (r, db, g_array_index (r->ids, gint64, r->next), error))
      return false;
  while (++r->next < r->ids->len && g_get_monotonic_time () < until);
  return true;
}

static bool
visit_all (Cases *cases, const char *ids_sql, const char *row_sql, Visit visit, GError **error)
{
  g_autoptr (GArray) ids = g_array_new (FALSE, FALSE, sizeof (gint64));
  Round round = { .cases = cases, .ids_sql = ids_sql, .row_sql = row_sql, .visit = visit, .ids = ids };
  if (!read_ids (&round, error))
    return false;
  for (guint done = 0; done < ids->len; done = round.next) {
    round.next = done;
    if (!store_write (cases->store, visit_some, &round, error))
      return false;
    g_usleep (WORK_US);
  }
  return true;
}

/* ---- another calendar --------------------------------------------------------------- */

static bool
recompute (Cases *cases, StoreConnection *db, CaseRow *row, GError **error)
{
  Case before = row->c;
  if (!limits_set (cases, db, row, cases_now (cases), error))
    return false;
  bool same = before.due == row->c.due && before.due_statutory == row->c.due_statutory
              && before.due_promised == row->c.due_promised && before.warn_at == row->c.warn_at
              && before.open_year == row->c.open_year;
  return same || row_update (db, row, error);
}

/* What the package's calendar says, as a fingerprint. */
static const char *
calendar_digest (const PolicyPackage *package, Arena *arena)
{
  size_t n;
  const PolicyFile *files = policy_files (package, &n);
  Digest *all = digest_new ();
  for (size_t i = 0; i < n; i++)
    if (g_str_has_prefix (files[i].name, "calendar/"))
      digest_bytes (all, files[i].content.bytes, files[i].content.len);
  return digest_end (all, arena);
}

static bool
is_followed (Cases *cases, const char *digest, bool *followed, GError **error)
{
  g_autoptr (StoreReader) reader = store_reader (cases->store, error);
  StoreStatement *s = reader ? store_statement (store_reader_db (reader),
                                                "SELECT 1 FROM cases_calendar WHERE digest = ?1", error)
                             : NULL;
  if (!s)
    return false;
  store_bind_text (s, 1, digest);
  StoreStep step = store_step (s, error);
  *followed = step == STORE_ROW;
  store_reset (s);
  return step != STORE_FAILED;
}

static bool
write_followed (StoreConnection *db, gpointer data, GError **error)
{
  StoreStatement *s = store_statement (db, "INSERT INTO cases_calendar (digest) VALUES (?1)", error);
  if (!s || !store_execute (db, "DELETE FROM cases_calendar", error))
    return false;
  store_bind_text (s, 1, data);
  return store_run (s, error);
}

bool
limits_follow_calendar (Cases *cases, GError **error)
{
  g_autoptr (Arena) arena = arena_new ();
  const char *digest = calendar_digest (cases->options.package, arena);
  bool followed;
  if (!is_followed (cases, digest, &followed, error))
    return false;
  return followed
         || (visit_all (cases, AMONG ("is_open = 1 AND ?1 > 0 AND ?2 >= 0"), recompute, error)
             && store_write (cases->store, write_followed, (gpointer)digest, error));
}

/* ---- soon, late --------------------------------------------------------------------- */

bool
limits_warn (Cases *cases, GError **error)
{
  return visit_all (
      cases,
      AMONG ("is_open = 1 AND due >= ?1 AND warn_at > 0 AND warn_at <= ?1 AND state <> ?2 AND parent = 0"),
      tell_soon, error);
}

static bool
escalate (Cases *cases, StoreConnection *db, CaseRow *row, GError **error)
{
  row->c.escalated = true;
  return row_update (db, row, error) && tell_late (cases, db, row, error);
}

bool
limits_escalate (Cases *cases, GError **error)
{
  return visit_all (cases, AMONG ("is_open = 1 AND due < ?1 AND escalated = 0 AND state <> ?2"), escalate,
                    error);
}
