/* A case and its steps, from the store and into it. */
#include "cases/cases_private.h"

void
row_read (Cases *cases, StoreStatement *s, Arena *arena, CaseRow *row)
{
  int i = 0;
  *row = (CaseRow){ 0 };
  Case *c = &row->c;
  c->id = store_integer (s, i++);
  c->matter_key = store_string (s, i++, arena);
  c->matter = policy_matter (cases->options.package, c->matter_key);
  c->state = (CaseState)store_integer (s, i++);
  row->before = (CaseState)store_integer (s, i++);
  c->applicant = store_integer (s, i++);
  c->subject = store_integer (s, i++);
  c->filed_by = store_string (s, i++, arena);
  c->by_office = store_integer (s, i++);
  c->contact = store_string (s, i++, arena);
  c->office = store_string (s, i++, arena);
  c->elsewhere = store_string (s, i++, arena);
  c->parent = store_integer (s, i++);
  c->priority = (int)store_integer (s, i++);
  c->opened_at = store_integer (s, i++);
  c->accepted_at = store_integer (s, i++);
  c->due = store_integer (s, i++);
  c->due = c->due == DUE_NEVER ? 0 : c->due;
  c->warn_at = store_integer (s, i++);
  c->due_statutory = store_integer (s, i++);
  c->due_promised = store_integer (s, i++);
  c->open_year = (int)store_integer (s, i++);
  c->proposed = (PolicyOutcome)store_integer (s, i++);
  c->proposed_fen = store_integer (s, i++);
  c->outcome = (CaseOutcome)store_integer (s, i++);
  c->amount_fen = store_integer (s, i++);
  c->decided_by = store_string (s, i++, arena);
  c->reason = store_string (s, i++, arena);
  c->decided_at = store_integer (s, i++);
  c->package_hash = store_string (s, i++, arena);
  c->as_of = store_integer (s, i++);
  c->at.valid_at = store_integer (s, i++);
  c->at.known_at = store_integer (s, i++);
  c->flagged = store_integer (s, i++);
  c->escalated = store_integer (s, i++);
  c->visits = (int)store_integer (s, i++);
  c->version = store_integer (s, i++);
  row->last_at = store_integer (s, i++);
  c->township = store_string (s, i++, arena);
  c->number = case_number (arena, c->id, c->opened_at);
}

bool
row_find (Cases *cases, StoreConnection *db, Arena *arena, gint64 id, CaseRow *row, GError **error)
{
  StoreStatement *s = store_statement (db, "SELECT " ROW_COLUMNS " FROM cases_case WHERE id = ?1", error);
  if (!s)
    return false;
  store_bind_integer (s, 1, id);
  StoreStep step = store_step (s, error);
  if (step == STORE_DONE)
    g_set_error (error, FAULT, FAULT_NOT_FOUND, "there is no case %" G_GINT64_FORMAT, id);
  if (step != STORE_ROW)
    return false;
  row_read (cases, s, arena, row);
  store_reset (s);
  return true;
}

static void
bind_row (StoreStatement *s, const CaseRow *row)
{
  const Case *c = &row->c;
  int i = 1;
  store_bind_integer (s, i++, c->id);
  store_bind_text (s, i++, c->matter_key);
  store_bind_integer (s, i++, c->state);
  store_bind_integer (s, i++, row->before);
  store_bind_integer (s, i++, c->applicant);
  store_bind_integer (s, i++, c->subject);
  store_bind_text (s, i++, c->filed_by);
  store_bind_integer (s, i++, c->by_office);
  store_bind_text (s, i++, c->contact);
  store_bind_text (s, i++, c->office);
  store_bind_text (s, i++, c->elsewhere);
  store_bind_integer (s, i++, c->parent);
  store_bind_integer (s, i++, c->priority);
  store_bind_integer (s, i++, c->opened_at);
  store_bind_integer (s, i++, c->accepted_at);
  store_bind_integer (s, i++, c->due ? c->due : DUE_NEVER);
  store_bind_integer (s, i++, c->warn_at);
  store_bind_integer (s, i++, c->due_statutory);
  store_bind_integer (s, i++, c->due_promised);
  store_bind_integer (s, i++, c->open_year);
  store_bind_integer (s, i++, c->proposed);
  store_bind_integer (s, i++, c->proposed_fen);
  store_bind_integer (s, i++, c->outcome);
  store_bind_integer (s, i++, c->amount_fen);
  store_bind_text (s, i++, c->decided_by);
  store_bind_text (s, i++, c->reason);
  store_bind_integer (s, i++, c->decided_at);
  store_bind_text (s, i++, c->package_hash);
  store_bind_integer (s, i++, c->as_of);
  store_bind_integer (s, i++, c->at.valid_at);
  store_bind_integer (s, i++, c->at.known_at);
  store_bind_integer (s, i++, c->flagged);
  store_bind_integer (s, i++, c->escalated);
  store_bind_integer (s, i++, c->visits);
  store_bind_integer (s, i++, c->version);
  store_bind_integer (s, i++, row->last_at);
  store_bind_text (s, i++, c->township ? c->township : "");
  store_bind_integer (s, i++, c->state <= CASE_APPEALED);
  store_bind_integer (s, i++, machine_stage (c->state));
}

bool
row_insert (StoreConnection *db, const CaseRow *row, GError **error)
{
  StoreStatement *s = store_statement (
      db,
      "INSERT INTO cases_case (" ROW_COLUMNS ", is_open, stage)"
      " VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, "
      "?17, ?18, ?19, ?20, ?21,"
      " ?22, ?23, ?24, ?25, ?26, ?27, ?28, ?29, ?30, ?31, ?32, ?33, ?34, ?35, ?36, ?37, ?38, ?39)",
      error);
  if (!s)
    return false;
  bind_row (s, row);
  return store_run (s, error);
}

bool
row_update (StoreConnection *db, const CaseRow *row, GError **error)
{
  StoreStatement *s = store_statement (
      db,
      "UPDATE cases_case SET matter = ?2, state = ?3, state_before = ?4, applicant = ?5, subject = ?6,"
      " filed_by = ?7, by_office = ?8, contact = ?9, office = ?10, elsewhere = ?11, parent = ?12, priority = "
      "?13,"
      " opened_at = ?14, accepted_at = ?15, due = ?16, warn_at = ?17, due_statutory = ?18, due_promised = "
      "?19,"
      " open_year = ?20, proposed = ?21, proposed_fen = ?22, outcome = ?23, amount_fen = ?24, decided_by = "
      "?25,"
      " reason = ?26, decided_at = ?27, package = ?28, as_of = ?29, valid_at = ?30, known_at = ?31, flagged "
      "= ?32,"
      " escalated = ?33, visits = ?34, version = ?35, last_at = ?36, township = ?37, is_open = ?38,"
      " stage = ?39 WHERE id = ?1",
      error);
  if (!s)
    return false;
  bind_row (s, row);
  return store_run (s, error);
}

bool
step_insert (StoreConnection *db, const CaseRow *row, const CaseStep *step, GError **error)
{
  StoreStatement *s = store_statement (db,
                                       "INSERT INTO cases_step (case_id, number, at, action, state_from, "
                                       "state_to, actor, role, department, reason,"
                                       " detail) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11)",
                                       error);
  if (!s)
    return false;
  store_bind_integer (s, 1, row->c.id);
  store_bind_integer (s, 2, step->number);
  store_bind_integer (s, 3, step->at);
  store_bind_integer (s, 4, step->action);
  store_bind_integer (s, 5, step->from);
  store_bind_integer (s, 6, step->to);
  store_bind_text (s, 7, step->actor);
  store_bind_text (s, 8, step->role);
  store_bind_text (s, 9, step->department);
  store_bind_text (s, 10, step->reason && *step->reason ? step->reason : NULL);
  store_bind_text (s, 11, step->detail);
  return store_run (s, error);
}

static CaseStep
read_step (StoreStatement *s, Arena *arena)
{
  return (CaseStep){ .number = store_integer (s, 0),
                     .at = store_integer (s, 1),
                     .action = (CaseAction)store_integer (s, 2),
                     .from = (CaseState)store_integer (s, 3),
                     .to = (CaseState)store_integer (s, 4),
                     .actor = store_string (s, 5, arena),
                     .role = store_string (s, 6, arena),
                     .department = store_string (s, 7, arena),
                     .reason = store_string (s, 8, arena),
                     .detail = store_string (s, 9, arena) };
}

const CaseStep *
steps_read (StoreConnection *db, Arena *arena, gint64 id, size_t *n, GError **error)
{
  StoreStatement *s = store_statement (db,
                                       "SELECT number, at, action, state_from, state_to, actor, role, "
                                       "department, reason, detail FROM cases_step"
                                       " WHERE case_id = ?1 ORDER BY number",
                                       error);
  if (!s)
    return NULL;
  store_bind_integer (s, 1, id);
  g_autoptr (GArray) steps = g_array_new (FALSE, FALSE, sizeof (CaseStep));
  StoreStep next;
  while ((next = store_step (s, error)) == STORE_ROW) {
    CaseStep step = read_step (s, arena);
    g_array_append_val (steps, step);
  }
  *n = steps->len;
  return next == STORE_FAILED ? NULL : arena_copy (arena, steps->data, steps->len * sizeof (CaseStep));
}
