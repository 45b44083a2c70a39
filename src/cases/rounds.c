/* Rounds through all open cases, for what time brings: in works of a few hundred, so that nobody waits
 * long for the writer. */
#include "cases/cases_private.h"

enum { AT_ONCE = 500 };

typedef bool (*Visit) (Cases *cases, StoreConnection *db, CaseRow *row, GError **error);
typedef struct {
  Cases *cases;
  const char *sql; /* ROW_COLUMNS of those after ?1, at most ?2; ?3: now in civil minutes; ?4: the state in
                      which the applicant has to act, whom nobody hurries */
  Visit visit;
  gint64 after;
  size_t n;
} Round;

static bool
read_some (StoreConnection *db, Round *r, Arena *arena, GArray *rows, GError **error)
{
  StoreStatement *s = store_statement (db, r->sql, error);
  if (!s)
    return false;
  store_bind_integer (s, 1, r->after);
  store_bind_integer (s, 2, AT_ONCE);
  store_bind_integer (s, 3, civil_minutes (cases_now (r->cases)));
  store_bind_integer (s, 4, CASE_CORRECTING);
  StoreStep next;
  while ((next = store_step (s, error)) == STORE_ROW) {
    CaseRow row;
    row_read (r->cases, s, arena, &row);
    g_array_append_val (rows, row);
  }
  return next == STORE_DONE;
}

static bool
visit_some (StoreConnection *db, gpointer data, GError **error)
{
  Round *r = data;
  g_autoptr (Arena) arena = arena_new ();
  g_autoptr (GArray) rows = g_array_new (FALSE, FALSE, sizeof (CaseRow));
  if (!read_some (db, r, arena, rows, error))
    return false;
  r->n = rows->len;
  for (guint i = 0; i < rows->len; i++) {
    CaseRow *row = &g_array_index (rows, CaseRow, i);
    if (!r->visit (r->cases, db, row, error))
      return false;
    r->after = row->c.id;
  }
  return true;
}

static bool
visit_all (Cases *cases, const char *sql, Visit visit, GError **error)
{
  Round round = { .cases = cases, .sql = sql, .visit = visit };
  do
    if (!store_write (cases->store, visit_some, &round, error))
      return false;
  while (round.n == AT_ONCE);
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
         || (visit_all (cases,
                        "SELECT " ROW_COLUMNS
                        " FROM cases_case WHERE is_open = 1 AND id > ?1 AND ?3 > 0 AND ?4 >= 0"
                        " ORDER BY id LIMIT ?2",
                        recompute, error)
             && store_write (cases->store, write_followed, (gpointer)digest, error));
}

/* ---- soon, late --------------------------------------------------------------------- */

bool
limits_warn (Cases *cases, GError **error)
{
  return visit_all (cases,
                    "SELECT " ROW_COLUMNS " FROM cases_case WHERE is_open = 1 AND id > ?1 AND due >= ?3"
                    " AND warn_at > 0 AND warn_at <= ?3 AND state <> ?4 AND parent = 0 ORDER BY id LIMIT ?2",
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
  return visit_all (cases,
                    "SELECT " ROW_COLUMNS " FROM cases_case WHERE is_open = 1 AND id > ?1 AND due < ?3"
                    " AND escalated = 0 AND state <> ?4 ORDER BY id LIMIT ?2",
                    escalate, error);
}
