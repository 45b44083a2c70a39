/* What was granted, for who pays it; and who need not be offered it. */
#include "cases/cases_private.h"

const CaseGrant *
cases_granted (StoreConnection *db, Arena *arena, const char *matter, gint64 after, size_t limit, size_t *n,
               GError **error)
{
  g_autoptr (GArray) grants = g_array_new (FALSE, FALSE, sizeof (CaseGrant));
  StoreStatement *s
      = store_statement (db,
                         "SELECT id, opened_at, subject, applicant, outcome, amount_fen, decided_at"
                         " FROM cases_case WHERE matter = ?1 AND id > ?2 AND decided_at > 0"
                         " ORDER BY id LIMIT ?3",
                         error);
  if (!s)
    return NULL;
  store_bind_text (s, 1, matter);
  store_bind_integer (s, 2, after);
  store_bind_integer (s, 3, (gint64)limit);
  StoreStep step;
  while ((step = store_step (s, error)) == STORE_ROW) {
    CaseGrant grant = { .id = store_integer (s, 0),
                        .number = case_number (arena, store_integer (s, 0), store_integer (s, 1)),
                        .subject = store_integer (s, 2),
                        .applicant = store_integer (s, 3),
                        .granted = store_integer (s, 4) == CASE_GRANTED,
                        .amount_fen = store_integer (s, 5),
                        .decided_at = store_integer (s, 6) };
    g_array_append_val (grants, grant);
  }
  *n = grants->len;
  return step == STORE_DONE ? arena_copy (arena, grants->data, grants->len * sizeof (CaseGrant)) : NULL;
}

bool
cases_served (StoreConnection *db, const char *matter, Subject subject, bool *served, GError **error)
{
  StoreStatement *s = store_statement (db,
                                       "SELECT count (*) FROM cases_case WHERE subject = ?1 AND matter = ?2 "
                                       "AND (is_open <> 0 OR outcome = ?3)",
                                       error);
  if (!s)
    return false;
  store_bind_integer (s, 1, subject);
  store_bind_text (s, 2, matter);
  store_bind_integer (s, 3, CASE_GRANTED);
  if (store_step (s, error) != STORE_ROW)
    return false;
  *served = store_integer (s, 0) > 0;
  store_reset (s);
  return true;
}

bool
cases_served_all (StoreConnection *db, const char *matter, GArray *subjects, GError **error)
{
  StoreStatement *s = store_statement (
      db,
      "SELECT DISTINCT subject FROM cases_case WHERE matter = ?1 AND (is_open <> 0 OR outcome = ?2)"
      " ORDER BY subject",
      error);
  if (!s)
    return false;
  store_bind_text (s, 1, matter);
  store_bind_integer (s, 2, CASE_GRANTED);
  StoreStep step;
  while ((step = store_step (s, error)) == STORE_ROW) {
    Subject subject = store_integer (s, 0);
    g_array_append_val (subjects, subject);
  }
  return step == STORE_DONE;
}

bool
cases_opened_since (StoreConnection *db, Arena *arena, const char *matter, Subject subject, gint64 since,
                    gint64 *id, const char **number, Subject *applicant, GError **error)
{
  StoreStatement *s = store_statement (db,
                                       "SELECT id, opened_at, applicant FROM cases_case WHERE subject = ?1"
                                       " AND matter = ?2 AND opened_at >= ?3 ORDER BY id DESC LIMIT 1",
                                       error);
  *id = 0;
  if (!s)
    return false;
  store_bind_integer (s, 1, subject);
  store_bind_text (s, 2, matter);
  store_bind_integer (s, 3, since);
  StoreStep step = store_step (s, error);
  if (step == STORE_ROW) {
    *id = store_integer (s, 0);
    *number = case_number (arena, *id, store_integer (s, 1));
    *applicant = store_integer (s, 2);
    store_reset (s);
  }
  return step != STORE_FAILED;
}
