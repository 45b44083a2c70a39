/* Deciding many at once: a run holds which cases and how far it got, so that it goes on after a fall. */
#include "cases/cases_private.h"

/* So few in one work that somebody who applies meanwhile does not wait for the writer. */
enum { AT_ONCE = 50 };

/* What became of a case of a run. */
typedef enum { RUN_WAITS, RUN_DECIDED, RUN_SKIPPED } RunResult;

/* ---- a run, from the store and into it ----------------------------------------------- */

static const CaseRun *
read_run (StoreConnection *db, Arena *arena, gint64 run, GError **error)
{
  StoreStatement *s
      = store_statement (db,
                         "SELECT actor, department, grants, reason, at, total, decided, skipped,"
                         " amount_fen FROM cases_run WHERE id = ?1",
                         error);
  if (!s)
    return NULL;
  store_bind_integer (s, 1, run);
  StoreStep step = store_step (s, error);
  if (step == STORE_DONE)
    g_set_error (error, FAULT, FAULT_NOT_FOUND, "there is no run %" G_GINT64_FORMAT, run);
  if (step != STORE_ROW)
    return NULL;
  CaseRun *r = arena_new0 (arena, CaseRun, 1);
  *r = (CaseRun){ .id = run,
                  .actor = store_string (s, 0, arena),
                  .department = store_string (s, 1, arena),
                  .grant = store_integer (s, 2),
                  .reason = store_string (s, 3, arena),
                  .at = store_integer (s, 4),
                  .total = store_integer (s, 5),
                  .decided = store_integer (s, 6),
                  .skipped = store_integer (s, 7),
                  .amount_fen = store_integer (s, 8) };
  store_reset (s);
  return r;
}

static bool
insert_run (StoreConnection *db, const CaseRun *run, GError **error)
{
  StoreStatement *s = store_statement (
      db,
      "INSERT INTO cases_run (id, actor, department, grants, reason, at, total, decided, skipped, amount_fen)"
      " VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, 0, 0, 0)",
      error);
  if (!s)
    return false;
  store_bind_integer (s, 1, run->id);
  store_bind_text (s, 2, run->actor);
  store_bind_text (s, 3, run->department);
  store_bind_integer (s, 4, run->grant);
  store_bind_text (s, 5, run->reason);
  store_bind_integer (s, 6, run->at);
  store_bind_integer (s, 7, run->total);
  return store_run (s, error);
}

static bool
insert_cases (StoreConnection *db, gint64 run, const gint64 *ids, size_t n, GError **error)
{
  StoreStatement *s = store_statement (
      db, "INSERT INTO cases_run_case (run, number, case_id, result) VALUES (?1, ?2, ?3, 0)", error);
  for (size_t i = 0; s && i < n; i++) {
    store_bind_integer (s, 1, run);
    store_bind_integer (s, 2, (gint64)i + 1);
    store_bind_integer (s, 3, ids[i]);
    if (!store_run (s, error))
      return false;
  }
  return s;
}

static bool
update_run (StoreConnection *db, const CaseRun *run, GError **error)
{
  StoreStatement *s = store_statement (
      db, "UPDATE cases_run SET decided = ?2, skipped = ?3, amount_fen = ?4 WHERE id = ?1", error);
  if (!s)
    return false;
  store_bind_integer (s, 1, run->id);
  store_bind_integer (s, 2, run->decided);
  store_bind_integer (s, 3, run->skipped);
  store_bind_integer (s, 4, run->amount_fen);
  return store_run (s, error);
}

static bool
update_case (StoreConnection *db, gint64 run, gint64 number, RunResult result, const char *why,
             GError **error)
{
  StoreStatement *s = store_statement (
      db, "UPDATE cases_run_case SET result = ?3, why = ?4 WHERE run = ?1 AND number = ?2", error);
  if (!s)
    return false;
  store_bind_integer (s, 1, run);
  store_bind_integer (s, 2, number);
  store_bind_integer (s, 3, result);
  store_bind_text (s, 4, why);
  return store_run (s, error);
}

/* ---- beginning one -------------------------------------------------------------------- */

typedef struct {
  const AccessAccount *who;
  const CaseMany *many;
  StoreOnce once;
  GArray *ids; /* gint64 */
  gint64 now, run;
} Beginning;

static bool
check_many (const AccessAccount *who, const CaseMany *many, GError **error)
{
  if (!access_may (who, ACCESS_DECIDE_CASES) || !who->department)
    g_set_error (error, FAULT, FAULT_DENIED, "cases are decided by the office's case workers");
  else if (!many->n == !many->matter)
    g_set_error (error, FAULT, FAULT_INPUT, "name either the cases or their matter");
  else if (many->n > CASES_RUN_MAX)
    g_set_error (error, FAULT, FAULT_INPUT, "at most %d cases are decided at once", CASES_RUN_MAX);
  else
    return check_words (many->reason, "the reason", !many->grant, error);
  return false;
}

/* Those of a matter that are in review, whose proposal says so too, the most urgent first. */
static bool
select_ids (StoreConnection *db, const Beginning *b, GError **error)
{
  StoreStatement *s = store_statement (
      db,
      "SELECT id FROM cases_case WHERE office = ?1 AND stage = 0 AND matter = ?2 AND state IN (?3, ?4)"
      " AND proposed = ?5 AND flagged = 0 ORDER BY priority, due, id LIMIT ?6",
      error);
  if (!s)
    return false;
  store_bind_text (s, 1, b->who->department);
  store_bind_text (s, 2, b->many->matter);
  store_bind_integer (s, 3, CASE_ACCEPTED);
  store_bind_integer (s, 4, CASE_PUBLISHED);
  store_bind_integer (s, 5, b->many->grant ? POLICY_YES : POLICY_NO);
  store_bind_integer (s, 6, CASES_RUN_MAX);
  StoreStep next;
  while ((next = store_step (s, error)) == STORE_ROW) {
    gint64 id = store_integer (s, 0);
    g_array_append_val (b->ids, id);
  }
  return next != STORE_FAILED;
}

static bool
write_beginning (StoreConnection *db, gpointer data, GError **error)
{
  Beginning *b = data;
  if (!store_once_look (db, &b->once, &b->run, error))
    return false;
  if (b->run)
    return true;
  g_array_set_size (b->ids, 0);
  g_array_append_vals (b->ids, b->many->ids, (guint)b->many->n);
  if ((b->many->matter && !select_ids (db, b, error))
      || !store_query (db, "SELECT coalesce(max(id), 0) + 1 FROM cases_run", 1, &b->run, error))
    return false;
  const CaseRun run = { .id = b->run,
                        .actor = b->who->name,
                        .department = b->who->department,
                        .grant = b->many->grant,
                        .reason = b->many->reason,
                        .at = b->now,
                        .total = b->ids->len };
  g_autofree char *detail
      = g_strdup_printf ("{\"run\":%" G_GINT64_FORMAT ",\"cases\":%u,\"outcome\":\"%s\"}", b->run,
                         b->ids->len, case_outcome_id (run.grant ? CASE_GRANTED : CASE_REFUSED));
  AuditEntry entry = case_entry (b->who, AUDIT_WRITE, NULL, detail);
  return insert_run (db, &run, error)
         && insert_cases (db, b->run, (const gint64 *)(gpointer)b->ids->data, b->ids->len, error)
         && audit_append (db, &entry, error) && store_once_remember (db, &b->once, b->run, b->now, error);
}

/* What tells a repetition from something else sent with the same key. */
static const char *
digest (Arena *arena, const CaseMany *many)
{
  Digest *all = digest_new ();
  digest_integer (all, many->grant);
  digest_text (all, many->matter);
  digest_text (all, many->reason);
  digest_bytes (all, many->ids, many->n * sizeof *many->ids);
  return digest_end (all, arena);
}

gint64
cases_run_begin (Cases *cases, const AccessAccount *who, const CaseMany *many, const char *key,
                 GError **error)
{
  if (!check_many (who, many, error))
    return 0;
  g_autoptr (Arena) arena = arena_new ();
  const char *body = digest (arena, many);
  g_autoptr (GArray) ids = g_array_new (FALSE, FALSE, sizeof (gint64));
  Beginning b = {
    .who = who, .many = many, .once = { who->name, "run", key, body }, .ids = ids, .now = cases_now (cases)
  };
  return store_write (cases->store, write_beginning, &b, error) ? b.run : 0;
}

/* ---- going on with it ------------------------------------------------------------------- */

typedef struct {
  gint64 number, id;
} RunCase;

typedef struct {
  Cases *cases;
  Arena *arena;
  const AccessAccount *who;
  gint64 id;
  CaseRun run; /* as it stands after the last work */
} Going;

/* The next of the run, AT_ONCE at most: none after the one that was done last is done. */
static bool
read_next (StoreConnection *db, const CaseRun *run, RunCase *next, size_t *n, GError **error)
{
  StoreStatement *s = store_statement (db,
                                       "SELECT number, case_id FROM cases_run_case WHERE run = ?1"
                                       " AND number > ?2 ORDER BY number LIMIT ?3",
                                       error);
  *n = 0;
  if (!s)
    return false;
  store_bind_integer (s, 1, run->id);
  store_bind_integer (s, 2, run->decided + run->skipped);
  store_bind_integer (s, 3, AT_ONCE);
  StoreStep step;
  while ((step = store_step (s, error)) == STORE_ROW)
    next[(*n)++] = (RunCase){ store_integer (s, 0), store_integer (s, 1) };
  return step != STORE_FAILED;
}

static bool
decide_one (Going *g, StoreConnection *db, const RunCase *one, GError **error)
{
  CaseDeed deed = { .action = CASE_DECIDE, .grant = g->run.grant, .reason = g->run.reason };
  g_autoptr (GError) refused = NULL;
  gint64 amount = 0;
  if (!act_in_run (g->cases, db, g->who, one->id, &deed, &amount, &refused, error))
    return false;
  g->run.decided += !refused;
  g->run.skipped += refused != NULL;
  g->run.amount_fen += amount;
  return update_case (db, g->run.id, one->number, refused ? RUN_SKIPPED : RUN_DECIDED,
                      refused ? refused->message : NULL, error);
}

static bool
decide_some (StoreConnection *db, gpointer data, GError **error)
{
  Going *g = data;
  RunCase next[AT_ONCE];
  size_t n;
  const CaseRun *run = read_run (db, g->arena, g->id, error);
  if (!run)
    return false;
  g->run = *run;
  if (!read_next (db, run, next, &n, error))
    return false;
  for (size_t i = 0; i < n; i++)
    if (!decide_one (g, db, &next[i], error))
      return false;
  return !n || update_run (db, &g->run, error);
}

bool
cases_run_go_on (Cases *cases, const AccessAccount *who, gint64 run, GError **error)
{
  g_autoptr (Arena) arena = arena_new ();
  const CaseRun *before = cases_run (cases, arena, who, run, error);
  if (!before)
    return false;
  /* A decision is whose name stands under it: nobody else goes on with it. */
  if (g_strcmp0 (before->actor, who->name) != 0) {
    g_set_error (error, FAULT, FAULT_DENIED, "%s decides in run %" G_GINT64_FORMAT ", and goes on with it",
                 before->actor, run);
    return false;
  }
  bool left = before->decided + before->skipped < before->total;
  while (left) {
    g_autoptr (Arena) scratch = arena_new ();
    Going g = { .cases = cases, .arena = scratch, .who = who, .id = run };
    if (!store_write (cases->store, decide_some, &g, error))
      return false;
    left = g.run.decided + g.run.skipped < g.run.total;
  }
  return true;
}

/* ---- looking at it ------------------------------------------------------------------------ */

const CaseRun *
cases_run (Cases *cases, Arena *arena, const AccessAccount *who, gint64 run, GError **error)
{
  g_autoptr (StoreReader) reader = store_reader (cases->store, error);
  const CaseRun *r = reader ? read_run (store_reader_db (reader), arena, run, error) : NULL;
  if (!r)
    return NULL;
  bool own = access_may (who, ACCESS_HANDLE_CASES) && g_strcmp0 (who->department, r->department) == 0;
  if (!own)
    g_set_error (error, FAULT, FAULT_DENIED, "run %" G_GINT64_FORMAT " is of %s", run, r->department);
  return own ? r : NULL;
}

const CaseSkipped *
cases_run_skipped (Cases *cases, Arena *arena, const AccessAccount *who, gint64 run, size_t *n,
                   GError **error)
{
  *n = 0;
  if (!cases_run (cases, arena, who, run, error))
    return NULL;
  g_autoptr (StoreReader) reader = store_reader (cases->store, error);
  StoreStatement *s = reader ? store_statement (store_reader_db (reader),
                                                "SELECT case_id, why FROM cases_run_case"
                                                " WHERE run = ?1 AND result = 2 ORDER BY number",
                                                error)
                             : NULL;
  if (!s)
    return NULL;
  store_bind_integer (s, 1, run);
  g_autoptr (GArray) all = g_array_new (FALSE, FALSE, sizeof (CaseSkipped));
  StoreStep next;
  while ((next = store_step (s, error)) == STORE_ROW) {
    CaseSkipped one = { store_integer (s, 0), store_string (s, 1, arena) };
    g_array_append_val (all, one);
  }
  *n = all->len;
  return next == STORE_FAILED ? NULL : arena_copy (arena, all->data, all->len * sizeof (CaseSkipped));
}
