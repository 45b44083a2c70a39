/* Opening, and names. */
#include "cases/cases_private.h"

/* A case is a narrow row, so that a queue's page is one short walk along an index: of those that wait
 * for an office, by stage, who is served first, date due and number.  What is long lies beside.  Each index
 * names all columns that its question compares: SQLite chooses by their number and knows nothing of how often
 * a value occurs, so that of two that fit alike it may take the one that walks along all open cases. */
static const StoreMigration migrations[] = {
  { "cases", 1,
    "CREATE TABLE cases_case (id INTEGER PRIMARY KEY, matter TEXT NOT NULL, state INTEGER NOT NULL,"
    " state_before INTEGER NOT NULL, is_open INTEGER NOT NULL, applicant INTEGER NOT NULL, subject INTEGER "
    "NOT NULL,"
    " filed_by TEXT NOT NULL, by_office INTEGER NOT NULL, contact TEXT, office TEXT NOT NULL, elsewhere TEXT,"
    " parent INTEGER NOT NULL, priority INTEGER NOT NULL, opened_at INTEGER NOT NULL, accepted_at INTEGER "
    "NOT NULL,"
    " due INTEGER NOT NULL, warn_at INTEGER NOT NULL, due_statutory INTEGER NOT NULL, due_promised INTEGER "
    "NOT NULL,"
    " open_year INTEGER NOT NULL, proposed INTEGER NOT NULL, proposed_fen INTEGER NOT NULL, outcome INTEGER "
    "NOT NULL,"
    " amount_fen INTEGER NOT NULL, decided_by TEXT, reason TEXT, decided_at INTEGER NOT NULL, package TEXT "
    "NOT NULL,"
    " as_of INTEGER NOT NULL, valid_at INTEGER NOT NULL, known_at INTEGER NOT NULL, flagged INTEGER NOT NULL,"
    " escalated INTEGER NOT NULL, visits INTEGER NOT NULL, version INTEGER NOT NULL, last_at INTEGER NOT "
    "NULL) STRICT;"
    "CREATE INDEX cases_case_queue ON cases_case (office, is_open, priority, due, id);"
    "CREATE INDEX cases_case_office_matter ON cases_case (office, matter, is_open, priority, due, id);"
    "CREATE INDEX cases_case_matter ON cases_case (matter, id);"
    "CREATE INDEX cases_case_applicant ON cases_case (applicant, id);"
    "CREATE INDEX cases_case_subject ON cases_case (subject, matter, is_open);"
    "CREATE INDEX cases_case_parent ON cases_case (parent, is_open, id);"
    "CREATE INDEX cases_case_due ON cases_case (is_open, due);"
    "CREATE TABLE cases_step (case_id INTEGER NOT NULL, number INTEGER NOT NULL, at INTEGER NOT NULL,"
    " action INTEGER NOT NULL, state_from INTEGER NOT NULL, state_to INTEGER NOT NULL, actor TEXT NOT NULL,"
    " role TEXT, department TEXT, reason TEXT, detail TEXT, PRIMARY KEY (case_id, number)) STRICT, WITHOUT "
    "ROWID;"
    "CREATE TABLE cases_statement (case_id INTEGER NOT NULL, path TEXT NOT NULL, value TEXT, at INTEGER NOT "
    "NULL,"
    " PRIMARY KEY (case_id, path)) STRICT, WITHOUT ROWID;"
    "CREATE TABLE cases_file (id INTEGER PRIMARY KEY, case_id INTEGER NOT NULL, material TEXT NOT NULL,"
    " name TEXT NOT NULL, type TEXT NOT NULL, bytes INTEGER NOT NULL, digest TEXT NOT NULL, at INTEGER NOT "
    "NULL,"
    " content BLOB NOT NULL) STRICT;"
    "CREATE INDEX cases_file_case ON cases_file (case_id, material, id);"
    "CREATE TABLE cases_rests_on (batch INTEGER NOT NULL, subject INTEGER NOT NULL, attribute TEXT NOT NULL,"
    " case_id INTEGER NOT NULL, PRIMARY KEY (subject, attribute, case_id)) STRICT, WITHOUT ROWID;"
    "CREATE INDEX cases_rests_on_case ON cases_rests_on (case_id);" },
  { "cases", 2,
    "CREATE TABLE cases_run (id INTEGER PRIMARY KEY, actor TEXT NOT NULL, department TEXT NOT NULL,"
    " grants INTEGER NOT NULL, reason TEXT, at INTEGER NOT NULL, total INTEGER NOT NULL,"
    " decided INTEGER NOT NULL, skipped INTEGER NOT NULL, amount_fen INTEGER NOT NULL) STRICT;"
    "CREATE TABLE cases_run_case (run INTEGER NOT NULL, number INTEGER NOT NULL, case_id INTEGER NOT NULL,"
    " result INTEGER NOT NULL, why TEXT, PRIMARY KEY (run, number)) STRICT, WITHOUT ROWID;" },
  { "cases", 3,
    "CREATE TABLE cases_package (hash TEXT NOT NULL, name TEXT NOT NULL, content BLOB NOT NULL,"
    " PRIMARY KEY (hash, name)) STRICT;" },
  { "cases", 4, "CREATE TABLE cases_calendar (digest TEXT NOT NULL) STRICT;" },
  { "cases", 5,
    "ALTER TABLE cases_case ADD COLUMN stage INTEGER NOT NULL DEFAULT 0;"
    "UPDATE cases_case SET stage = CASE WHEN is_open = 1 THEN 0 WHEN state = 6 THEN 1 ELSE 2 END;"
    "DROP INDEX cases_case_queue;"
    "DROP INDEX cases_case_office_matter;"
    "CREATE INDEX cases_case_queue ON cases_case (office, stage, priority, due, id);"
    "CREATE INDEX cases_case_queue_matter ON cases_case (office, matter, stage, priority, due, id);"
    "CREATE INDEX cases_case_closed ON cases_case (office, stage, id);"
    "CREATE INDEX cases_case_closed_matter ON cases_case (office, matter, stage, id);" },
  { "cases", 6,
    "ALTER TABLE cases_case ADD COLUMN township TEXT NOT NULL DEFAULT '';"
    "CREATE INDEX cases_case_queue_township ON cases_case (office, township, stage, priority, due, id);"
    "CREATE INDEX cases_case_closed_township ON cases_case (office, township, stage, id);"
    "CREATE TABLE cases_took (case_id INTEGER PRIMARY KEY, office TEXT NOT NULL, matter TEXT NOT NULL,"
    " township TEXT NOT NULL, unit INTEGER NOT NULL, took INTEGER NOT NULL, late_promised INTEGER NOT NULL,"
    " late_statutory INTEGER NOT NULL, decided_at INTEGER NOT NULL) STRICT;"
    "CREATE INDEX cases_took_all ON cases_took (office, matter, unit, township, took, late_promised,"
    " late_statutory, decided_at);" },
  { "cases", 7,
    "CREATE TABLE cases_looked (one INTEGER PRIMARY KEY CHECK (one = 1), batch INTEGER NOT NULL,"
    " merging INTEGER NOT NULL, batch_before INTEGER NOT NULL, merging_before INTEGER NOT NULL) STRICT;" },
  { "cases", 8,
    "CREATE INDEX cases_case_counts ON cases_case (office, stage, matter, state, outcome, is_open, due, "
    "warn_at);" },
};

Cases *
cases_open (const CasesOptions *options, GError **error)
{
  Store *store = registry_store (options->registry);
  if (!audit_migrate (store, error) || !store_once_migrate (store, error)
      || !store_migrate (store, migrations, G_N_ELEMENTS (migrations), error))
    return NULL;
  Cases *cases = g_new0 (Cases, 1);
  cases->options = *options;
  cases->store = store;
  versions_init (cases);
  counts_init (cases);
  if (versions_keep (cases, error) && flag_begin (cases, error))
    return cases;
  cases_free (cases);
  return NULL;
}

void
cases_free (Cases *cases)
{
  if (cases) {
    versions_clear (cases);
    counts_clear (cases);
  }
  g_free (cases);
}

gint64
cases_now (const Cases *cases)
{
  return cases->options.clock ? cases->options.clock (cases->options.clock_data)
                              : g_get_real_time () / G_USEC_PER_SEC;
}

gint64
civil_minutes (gint64 seconds)
{
  enum { SHANGHAI = 8 * 60 };
  return seconds / 60 + SHANGHAI;
}

static const struct {
  const char *id;
  PolicyText name;
} states[CASE_STATES] = {
  [CASE_SUBMITTED] = { "submitted", { "已提交，待受理", "Submitted" } },
  [CASE_CORRECTING] = { "correcting", { "待申请人补正", "To be completed by the applicant" } },
  [CASE_ACCEPTED] = { "accepted", { "已受理，审核中", "Accepted, in review" } },
  [CASE_PUBLISHED] = { "published", { "公示中", "Shown for objections" } },
  [CASE_SUSPENDED] = { "suspended", { "中止", "Suspended" } },
  [CASE_APPEALED] = { "appealed", { "复议中", "Under appeal" } },
  [CASE_DECIDED] = { "decided", { "已决定，待送达", "Decided, to be delivered" } },
  [CASE_DELIVERED] = { "delivered", { "已送达", "Delivered" } },
  [CASE_ARCHIVED] = { "archived", { "已归档", "Archived" } },
  [CASE_DECLINED] = { "declined", { "不予受理", "Not accepted" } },
  [CASE_WITHDRAWN] = { "withdrawn", { "已撤回", "Withdrawn" } },
};

const char *
case_state_id (CaseState state)
{
  return states[state].id;
}

PolicyText
case_state_name (CaseState state)
{
  return states[state].name;
}

bool
case_state_parse (const char *id, CaseState *state)
{
  for (int s = 0; s < CASE_STATES; s++)
    if (g_strcmp0 (id, states[s].id) == 0) {
      *state = (CaseState)s;
      return true;
    }
  return false;
}

const char *
case_party_id (CaseParty party)
{
  static const char *const ids[] = { "applicant", "office", "head" };
  return ids[party];
}

const char *
case_outcome_id (CaseOutcome outcome)
{
  static const char *const ids[] = { "undecided", "granted", "refused" };
  return ids[outcome];
}

const char *
case_number (Arena *arena, gint64 id, gint64 opened_at)
{
  gint64 year;
  int month, day;
  civil_from_day (civil_day_of (opened_at), &year, &month, &day);
  return arena_printf (arena, "%d-%06" G_GINT64_FORMAT, (int)year, id);
}

bool
check_words (const char *text, const char *what, bool required, GError **error)
{
  const char *given = text ? text : "";
  if (!g_utf8_validate (given, -1, NULL))
    g_set_error (error, FAULT, FAULT_INPUT, "%s is no valid UTF-8", what);
  else if (required && !text_trim (text_of (given)).len)
    g_set_error (error, FAULT, FAULT_INPUT, "%s is missing: say it in a sentence", what);
  else if (g_utf8_strlen (given, -1) > CASES_TEXT_MAX)
    g_set_error (error, FAULT, FAULT_INPUT, "%s has more than %d characters: shorten it", what,
                 CASES_TEXT_MAX);
  else
    return true;
  return false;
}
