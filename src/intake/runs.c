/* The tables: runs and what they did, problems, candidates. */
#include "intake/intake_private.h"

static const StoreMigration migrations[] = {
  { "intake", 1,
    "CREATE TABLE intake_run (id INTEGER PRIMARY KEY, hash TEXT NOT NULL, name TEXT NOT NULL, reading TEXT "
    "NOT "
    "NULL,"
    " entity TEXT NOT NULL, source TEXT NOT NULL, actor TEXT NOT NULL, complete INTEGER NOT NULL,"
    " valid_from INTEGER NOT NULL, asked INTEGER NOT NULL, started_at INTEGER NOT NULL, finished_at INTEGER,"
    " first_batch INTEGER NOT NULL, last_row INTEGER NOT NULL, n_rows INTEGER NOT NULL, added INTEGER NOT "
    "NULL,"
    " changed INTEGER NOT NULL, unchanged INTEGER NOT NULL, refused INTEGER NOT NULL, problems INTEGER NOT "
    "NULL,"
    " candidates INTEGER NOT NULL, completed INTEGER NOT NULL, dry INTEGER NOT NULL) STRICT;"
    "CREATE INDEX intake_run_hash ON intake_run (hash);"
    /* kind, number, attribute: what problems.c makes words of. */
    "CREATE TABLE intake_problem (run INTEGER NOT NULL, at INTEGER NOT NULL, file_row INTEGER NOT NULL,"
    " kind INTEGER NOT NULL, heading TEXT NOT NULL, attribute TEXT, number INTEGER NOT NULL, value TEXT NOT "
    "NULL,"
    " PRIMARY KEY (run, at)) STRICT, WITHOUT ROWID;"
    "CREATE TABLE intake_candidate (id INTEGER PRIMARY KEY, a INTEGER NOT NULL, b INTEGER NOT NULL,"
    " run INTEGER NOT NULL, found_at INTEGER NOT NULL, UNIQUE (a, b)) STRICT;"
    /* The last decision of a candidate holds; MERGING is the registry's. */
    "CREATE TABLE intake_decision (id INTEGER PRIMARY KEY, candidate INTEGER NOT NULL, decision INTEGER NOT "
    "NULL,"
    " decided_at INTEGER NOT NULL, actor TEXT NOT NULL, reason TEXT NOT NULL, merging INTEGER) STRICT;"
    "CREATE INDEX intake_decision_candidate ON intake_decision (candidate, id);" },
};

bool
intake_migrate (Store *store, GError **error)
{
  return store_migrate (store, migrations, G_N_ELEMENTS (migrations), error);
}

#define RUN_COLUMNS                                                                                          \
  "id, hash, name, reading, entity, source, actor, complete, valid_from, asked, started_at, finished_at,"    \
  " first_batch, last_row, n_rows, added, changed, unchanged, refused, problems, candidates, completed, dry"

static void
read_run (StoreStatement *s, Arena *arena, Run *run)
{
  *run = (Run){ .shown = { .id = store_integer (s, 0),
                           .hash = store_string (s, 1, arena),
                           .name = store_string (s, 2, arena),
                           .entity = store_string (s, 4, arena),
                           .source = store_string (s, 5, arena),
                           .actor = store_string (s, 6, arena),
                           .complete = store_integer (s, 7) != 0,
                           .valid_from = store_integer (s, 8),
                           .started_at = store_integer (s, 10),
                           .finished_at = store_integer (s, 11),
                           .row = store_integer (s, 13),
                           .rows = store_integer (s, 14),
                           .added = store_integer (s, 15),
                           .changed = store_integer (s, 16),
                           .unchanged = store_integer (s, 17),
                           .refused = store_integer (s, 18),
                           .problems = store_integer (s, 19),
                           .candidates = store_integer (s, 20),
                           .completed = store_integer (s, 21) != 0,
                           .dry = store_integer (s, 22) != 0 },
                .reading = store_string (s, 3, arena),
                .asked_valid_from = store_integer (s, 9) != 0,
                .first_batch = store_integer (s, 12) };
}

bool
runs_find (StoreConnection *db, const Run *wanted, Arena *arena, Run *found, GError **error)
{
  StoreStatement *s = store_statement (
      db,
      "SELECT " RUN_COLUMNS " FROM intake_run WHERE hash = ?1 AND entity = ?2 AND source = ?3"
      " AND complete = ?4 AND dry = 0 AND reading = ?5 AND asked = ?6 AND (asked = 0 OR valid_from = ?7)"
      " ORDER BY id DESC LIMIT 1",
      error);
  *found = (Run){ .first_batch = 0 };
  if (!s)
    return false;
  store_bind_text (s, 1, wanted->shown.hash);
  store_bind_text (s, 2, wanted->entity->id);
  store_bind_text (s, 3, wanted->shown.source);
  store_bind_integer (s, 4, wanted->shown.complete);
  store_bind_text (s, 5, wanted->reading);
  store_bind_integer (s, 6, wanted->asked_valid_from);
  store_bind_integer (s, 7, wanted->shown.valid_from);
  StoreStep step = store_step (s, error);
  if (step == STORE_ROW)
    read_run (s, arena, found);
  store_reset (s);
  found->entity = wanted->entity;
  return step != STORE_FAILED;
}

static void
bind_state (StoreStatement *s, int first, const Run *run)
{
  const IntakeRun *r = &run->shown;
  if (r->finished_at)
    store_bind_integer (s, first, r->finished_at);
  const gint64 values[] = { run->first_batch, r->row,     r->rows,     r->added,      r->changed,
                            r->unchanged,     r->refused, r->problems, r->candidates, r->completed };
  for (size_t i = 0; i < G_N_ELEMENTS (values); i++)
    store_bind_integer (s, first + 1 + (int)i, values[i]);
}

bool
runs_insert (StoreConnection *db, Run *run, GError **error)
{
  IntakeRun *r = &run->shown;
  if (!store_query (db, "SELECT coalesce(max(id), 0) + 1 FROM intake_run", 1, &r->id, error))
    return false;
  StoreStatement *s = store_statement (db,
                                       "INSERT INTO intake_run (" RUN_COLUMNS
                                       ") VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13,"
                                       " ?14, ?15, ?16, ?17, ?18, ?19, ?20, ?21, ?22, ?23)",
                                       error);
  if (!s)
    return false;
  store_bind_integer (s, 1, r->id);
  store_bind_text (s, 2, r->hash);
  store_bind_text (s, 3, r->name);
  store_bind_text (s, 4, run->reading);
  store_bind_text (s, 5, r->entity);
  store_bind_text (s, 6, r->source);
  store_bind_text (s, 7, r->actor);
  store_bind_integer (s, 8, r->complete);
  store_bind_integer (s, 9, r->valid_from);
  store_bind_integer (s, 10, run->asked_valid_from);
  store_bind_integer (s, 11, r->started_at);
  bind_state (s, 12, run);
  store_bind_integer (s, 23, r->dry);
  return store_run (s, error);
}

bool
runs_update (StoreConnection *db, const Run *run, gint64 before, GError **error)
{
  StoreStatement *s = store_statement (
      db,
      "UPDATE intake_run SET finished_at = ?1, first_batch = ?2, last_row = ?3, n_rows = ?4,"
      " added = ?5, changed = ?6, unchanged = ?7, refused = ?8, problems = ?9, candidates = ?10,"
      " completed = ?11 WHERE id = ?12 AND last_row = ?13 AND finished_at IS NULL",
      error);
  if (!s)
    return false;
  bind_state (s, 1, run);
  store_bind_integer (s, 12, run->shown.id);
  store_bind_integer (s, 13, before);
  if (!store_run (s, error))
    return false;
  if (store_changes (db) == 1)
    return true;
  g_set_error (error, FAULT, FAULT_CONFLICT,
               "run %" G_GINT64_FORMAT " (%s): another import of the same file is under way", run->shown.id,
               run->shown.name);
  return false;
}

bool
runs_add_problem (StoreConnection *db, const Run *run, gint64 row, const Problem *p,
                  const IntakeColumn *column, gint64 at, GError **error)
{
  StoreStatement *s = store_statement (
      db,
      "INSERT INTO intake_problem (run, at, file_row, kind, heading, attribute, number, value)"
      " VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)",
      error);
  if (!s)
    return false;
  store_bind_integer (s, 1, run->shown.id);
  store_bind_integer (s, 2, at);
  store_bind_integer (s, 3, row);
  store_bind_integer (s, 4, p->kind);
  store_bind_text (s, 5, column ? column->heading : "");
  if (column && column->attribute)
    store_bind_text (s, 6, column->attribute->id);
  store_bind_integer (s, 7, p->number);
  Text value = p->value.bytes ? p->value : (Text){ "", 0 };
  enum { KEPT = 400 }; /* more of a value helps nobody */
  while (value.len > KEPT
         || (value.len && value.len < p->value.len && (value.bytes[value.len] & 0xC0) == 0x80))
    value.len = value.len > KEPT ? KEPT : value.len - 1;
  store_bind_slice (s, 8, value);
  return store_run (s, error);
}

GArray *
runs_refused (StoreConnection *db, gint64 run, GError **error)
{
  g_autoptr (GArray) rows = g_array_new (FALSE, FALSE, sizeof (gint64));
  StoreStatement *s
      = store_statement (db, "SELECT file_row FROM intake_problem WHERE run = ?1 ORDER BY at", error);
  if (!s)
    return NULL;
  store_bind_integer (s, 1, run);
  StoreStep step;
  while ((step = store_step (s, error)) == STORE_ROW) {
    gint64 row = store_integer (s, 0);
    if (!rows->len || g_array_index (rows, gint64, rows->len - 1) != row)
      g_array_append_val (rows, row);
  }
  return step == STORE_DONE ? g_steal_pointer (&rows) : NULL;
}

/* ---- for people -------------------------------------------------------- */

const IntakeRun *
intake_runs (Store *store, Arena *arena, gint64 before, size_t limit, size_t *n, GError **error)
{
  g_autoptr (StoreReader) reader = store_reader (store, error);
  StoreStatement *s = reader ? store_statement (store_reader_db (reader),
                                                "SELECT " RUN_COLUMNS
                                                " FROM intake_run WHERE id < ?1 ORDER BY id DESC LIMIT ?2",
                                                error)
                             : NULL;
  *n = 0;
  if (!s)
    return NULL;
  IntakeRun *runs = arena_new0 (arena, IntakeRun, limit);
  store_bind_integer (s, 1, before ? before : G_MAXINT64);
  store_bind_integer (s, 2, (gint64)limit);
  StoreStep step;
  while ((step = store_step (s, error)) == STORE_ROW) {
    Run run;
    read_run (s, arena, &run);
    runs[(*n)++] = run.shown;
  }
  return step == STORE_DONE ? runs : NULL;
}

bool
intake_run (Store *store, Arena *arena, gint64 id, IntakeRun *run, GError **error)
{
  size_t n;
  const IntakeRun *runs = id > 0 && id < G_MAXINT64 ? intake_runs (store, arena, id + 1, 1, &n, error) : NULL;
  if (runs && n && runs[0].id == id) {
    *run = runs[0];
    return true;
  }
  if (runs || id <= 0 || id == G_MAXINT64)
    g_set_error (error, FAULT, FAULT_NOT_FOUND, "there is no import %" G_GINT64_FORMAT, id);
  return false;
}

static const RegistryEntity *
entity_of_run (Registry *registry, Arena *arena, gint64 id, GError **error)
{
  IntakeRun run;
  if (!intake_run (registry_store (registry), arena, id, &run, error))
    return NULL;
  const RegistryEntity *entity = registry_schema_entity (registry_schema (registry), run.entity);
  if (!entity)
    g_set_error (error, FAULT, FAULT_NOT_FOUND, "the schema has no entity \"%s\" any more", run.entity);
  return entity;
}

static void
read_problem (StoreStatement *s, const RegistryEntity *entity, Arena *arena, IntakeProblem *said)
{
  Text attribute = store_text (s, 3);
  Problem p = { (ProblemKind)store_integer (s, 1), 0, store_text (s, 5), store_integer (s, 4) };
  said->row = store_integer (s, 0);
  said->column = store_string (s, 2, arena);
  problem_say (&p, attribute.bytes ? registry_entity_attribute (entity, attribute.bytes) : NULL, entity,
               arena, said);
}

static StoreStatement *
begin_problems (StoreConnection *db, gint64 run, gint64 after, size_t limit, GError **error)
{
  StoreStatement *s = store_statement (db,
                                       "SELECT file_row, kind, heading, attribute, number, value, at FROM"
                                       " intake_problem WHERE run = ?1 AND at > ?2 ORDER BY at LIMIT ?3",
                                       error);
  if (!s)
    return NULL;
  store_bind_integer (s, 1, run);
  store_bind_integer (s, 2, after);
  store_bind_integer (s, 3, (gint64)limit);
  return s;
}

const IntakeProblem *
intake_problems (Registry *registry, Arena *arena, gint64 run, gint64 after, size_t limit, gint64 *next,
                 size_t *n, GError **error)
{
  const RegistryEntity *entity = entity_of_run (registry, arena, run, error);
  g_autoptr (StoreReader) reader = entity ? store_reader (registry_store (registry), error) : NULL;
  StoreStatement *s = reader ? begin_problems (store_reader_db (reader), run, after, limit, error) : NULL;
  *n = 0;
  *next = after;
  if (!s)
    return NULL;
  IntakeProblem *problems = arena_new0 (arena, IntakeProblem, limit);
  StoreStep step;
  while ((step = store_step (s, error)) == STORE_ROW) {
    read_problem (s, entity, arena, &problems[(*n)++]);
    *next = store_integer (s, 6);
  }
  return step == STORE_DONE ? problems : NULL;
}

bool
intake_write_report (Registry *registry, gint64 run, SheetWriter *out, GError **error)
{
  static const char *const headings[]
      = { "行 Row", "列 Column", "值 Value", "问题", "处理办法", "What is wrong", "How to mend it" };
  static const double widths[] = { 8, 20, 30, 40, 40, 40, 40 };
  g_autoptr (Arena) arena = arena_new ();
  const RegistryEntity *entity = entity_of_run (registry, arena, run, error);
  g_autoptr (StoreReader) reader = entity ? store_reader (registry_store (registry), error) : NULL;
  StoreStatement *s = reader ? begin_problems (store_reader_db (reader), run, 0, G_MAXINT64, error) : NULL;
  if (!s)
    return false;
  sheet_writer_heading (out, headings, widths, G_N_ELEMENTS (headings));
  StoreStep step;
  bool ok = true;
  while (ok && (step = store_step (s, error)) == STORE_ROW) {
    IntakeProblem p;
    char number[24];
    arena_reset (arena);
    read_problem (s, entity, arena, &p);
    g_snprintf (number, sizeof number, "%" G_GINT64_FORMAT, p.row);
    sheet_writer_number (out, text_of (number));
    const char *const cells[] = { p.column, p.value, p.wrong_zh, p.mend_zh, p.wrong_en, p.mend_en };
    for (size_t i = 0; i < G_N_ELEMENTS (cells); i++)
      sheet_writer_text (out, text_of (cells[i]));
    ok = sheet_writer_end_row (out, error);
  }
  store_reset (s);
  return ok && step == STORE_DONE;
}

void
intake_write_run (JsonWriter *w, const IntakeRun *run)
{
  char buffer[CIVIL_TEXT_MAX];
  json_begin_object (w);
  json_member_int (w, "id", run->id);
  json_member_str (w, "file", run->name);
  json_member_str (w, "hash", run->hash);
  json_member_str (w, "entity", run->entity);
  json_member_str (w, "source", run->source);
  json_member_str (w, "actor", run->actor);
  json_member_str (w, "valid_from", civil_format (run->valid_from, buffer));
  json_member_bool (w, "complete", run->complete);
  json_member_bool (w, "completed", run->completed);
  json_member_bool (w, "dry_run", run->dry);
  json_member_str (w, "started_at", instant_format (run->started_at, buffer));
  json_member_str (w, "finished_at", run->finished_at ? instant_format (run->finished_at, buffer) : NULL);
  json_member_int (w, "last_row", run->row);
  json_member_int (w, "rows", run->rows);
  json_member_int (w, "added", run->added);
  json_member_int (w, "changed", run->changed);
  json_member_int (w, "unchanged", run->unchanged);
  json_member_int (w, "refused", run->refused);
  json_member_int (w, "problems", run->problems);
  json_member_int (w, "candidates", run->candidates);
  json_member_bool (w, "already_done", run->already);
  json_member_bool (w, "resumed", run->resumed);
  json_end_object (w);
}
