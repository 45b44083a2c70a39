/* Opening, tables, names, who may. */
#include "jobs/matching_private.h"

enum { WORDS_MOST = 1000 };

static const StoreMigration migrations[] = {
  { "jobs", 1,
    "CREATE TABLE jobs_post (id INTEGER PRIMARY KEY, employer INTEGER NOT NULL, employer_name TEXT NOT NULL,"
    " title TEXT NOT NULL, text TEXT NOT NULL, occupation TEXT NOT NULL, skills TEXT NOT NULL,"
    " certificates TEXT NOT NULL, place TEXT NOT NULL, pay_from INTEGER NOT NULL, pay_to INTEGER NOT NULL,"
    " posts INTEGER NOT NULL, kind TEXT NOT NULL, education TEXT, last_day INTEGER NOT NULL,"
    " wording TEXT NOT NULL, state INTEGER NOT NULL, record INTEGER NOT NULL, posted_by TEXT NOT NULL,"
    " posted_at INTEGER NOT NULL, published_at INTEGER NOT NULL, changed_at INTEGER NOT NULL,"
    " closed_at INTEGER NOT NULL, ending INTEGER NOT NULL, reason TEXT) STRICT;"
    "CREATE INDEX jobs_post_employer ON jobs_post (employer, id);"
    "CREATE INDEX jobs_post_state ON jobs_post (state, id);"
    "CREATE INDEX jobs_post_wording ON jobs_post (wording, state);"
    "CREATE TABLE jobs_finding (post INTEGER NOT NULL, position INTEGER NOT NULL, rule TEXT NOT NULL,"
    " weight INTEGER NOT NULL, field TEXT NOT NULL, first INTEGER NOT NULL, past INTEGER NOT NULL,"
    " quote TEXT, PRIMARY KEY (post, position)) STRICT, WITHOUT ROWID;" },
  { "jobs", 2,
    "CREATE TABLE jobs_profile (id INTEGER PRIMARY KEY, seeker INTEGER NOT NULL, name TEXT NOT NULL,"
    " occupations TEXT NOT NULL, places TEXT NOT NULL, kinds TEXT NOT NULL, pay_from INTEGER NOT NULL,"
    " skills TEXT NOT NULL, about TEXT, shown INTEGER NOT NULL, consented TEXT NOT NULL,"
    " saved_at INTEGER NOT NULL) STRICT;"
    "CREATE UNIQUE INDEX jobs_profile_seeker ON jobs_profile (seeker);"
    "CREATE INDEX jobs_profile_shown ON jobs_profile (shown, id);"
    "CREATE TABLE jobs_fact (profile INTEGER NOT NULL, position INTEGER NOT NULL, attribute TEXT NOT NULL,"
    " value TEXT NOT NULL, PRIMARY KEY (profile, position)) STRICT, WITHOUT ROWID;" },
  { "jobs", 3,
    "CREATE TABLE jobs_application (id INTEGER PRIMARY KEY, post INTEGER NOT NULL, seeker INTEGER NOT NULL,"
    " account TEXT, stage INTEGER NOT NULL, name TEXT NOT NULL, letter TEXT, contact TEXT, picked INTEGER "
    "NOT "
    "NULL, first_day INTEGER NOT NULL, placements INTEGER NOT NULL, opened_at INTEGER NOT NULL,"
    " changed_at INTEGER NOT NULL) STRICT;"
    "CREATE UNIQUE INDEX jobs_application_once ON jobs_application (post, seeker);"
    "CREATE INDEX jobs_application_seeker ON jobs_application (seeker, id);"
    "CREATE TABLE jobs_slot (application INTEGER NOT NULL, position INTEGER NOT NULL, starts_at INTEGER NOT "
    "NULL, place TEXT NOT NULL, PRIMARY KEY (application, position)) STRICT, WITHOUT ROWID;"
    "CREATE TABLE jobs_step (application INTEGER NOT NULL, position INTEGER NOT NULL, act INTEGER NOT NULL,"
    " at INTEGER NOT NULL, words TEXT, PRIMARY KEY (application, position)) STRICT, WITHOUT ROWID;" },
  { "jobs", 4,
    "CREATE TABLE jobs_fair (id INTEGER PRIMARY KEY, event INTEGER NOT NULL, name TEXT NOT NULL, place TEXT "
    "NOT "
    "NULL, day INTEGER NOT NULL, starts INTEGER NOT NULL, ends INTEGER NOT NULL, minutes INTEGER NOT NULL,"
    " arranged INTEGER NOT NULL) STRICT;"
    "CREATE TABLE jobs_stand (fair INTEGER NOT NULL, post INTEGER NOT NULL, interviewers INTEGER NOT NULL,"
    " PRIMARY KEY (fair, post)) STRICT, WITHOUT ROWID;"
    "CREATE TABLE jobs_guest (fair INTEGER NOT NULL, number INTEGER NOT NULL, seeker INTEGER NOT NULL,"
    " name TEXT NOT NULL, PRIMARY KEY (fair, number)) STRICT, WITHOUT ROWID;"
    "CREATE UNIQUE INDEX jobs_guest_seeker ON jobs_guest (fair, seeker);"
    "CREATE TABLE jobs_wish (fair INTEGER NOT NULL, number INTEGER NOT NULL, position INTEGER NOT NULL,"
    " post INTEGER NOT NULL, liked INTEGER NOT NULL, starts_at INTEGER NOT NULL,"
    " PRIMARY KEY (fair, number, position)) STRICT, WITHOUT ROWID;"
    "CREATE INDEX jobs_wish_post ON jobs_wish (fair, post);"
    "CREATE TABLE jobs_time (fair INTEGER NOT NULL, position INTEGER NOT NULL, transcript TEXT NOT NULL,"
    " PRIMARY KEY (fair, position)) STRICT, WITHOUT ROWID;" },
  { "jobs", 5,
    "CREATE TABLE jobs_change (id INTEGER PRIMARY KEY, n INTEGER NOT NULL) STRICT;"
    "INSERT INTO jobs_change (id, n) VALUES (1, 1);" },
  { "jobs", 6,
    "ALTER TABLE jobs_post ADD COLUMN version INTEGER NOT NULL DEFAULT 1;"
    "CREATE INDEX jobs_post_version ON jobs_post (version, id);" },
  { "jobs", 7,
    "INSERT INTO jobs_change (id, n) VALUES (2, 1);"
    "ALTER TABLE jobs_profile ADD COLUMN version INTEGER NOT NULL DEFAULT 1;"
    "ALTER TABLE jobs_profile ADD COLUMN born INTEGER;"
    "ALTER TABLE jobs_profile ADD COLUMN alerts INTEGER NOT NULL DEFAULT 0;"
    "INSERT INTO jobs_change (id, n) SELECT 3, n FROM jobs_change WHERE id = 1;"
    "CREATE TABLE jobs_brought (profile INTEGER PRIMARY KEY, post INTEGER NOT NULL) STRICT;" },
};

/* The clause that has online employment: of this county's circular, the second. */
static const PolicyClause *
find_clause (const PolicyPackage *package)
{
  size_t n;
  const PolicyClause *const *clauses = policy_pages (package, &n);
  for (size_t i = 0; i < n; i++)
    if (policy_provision (clauses[i], "vacancy") && policy_provision (clauses[i], "seeker"))
      return clauses[i];
  return NULL;
}

static bool
open_tables (Store *store, GError **error)
{
  g_autoptr (Notices) notices = notices_open (store, error); /* its tables, for who is told */
  return notices && audit_migrate (store, error) && store_once_migrate (store, error)
         && store_migrate (store, migrations, G_N_ELEMENTS (migrations), error);
}

Jobs *
jobs_open (const JobsOptions *options, GError **error)
{
  Store *store = registry_store (options->registry);
  const RegistrySchema *schema = policy_schema (options->package);
  const PolicyClause *clause = find_clause (options->package);
  JobsRules rules;
  if (!clause) {
    g_set_error (error, FAULT, FAULT_NOT_FOUND, "the package has no clause with online employment");
    return NULL;
  }
  if (!open_tables (store, error) || !rules_load (&rules, policy_folder (options->package), error))
    return NULL;
  Jobs *jobs = g_new0 (Jobs, 1);
  *jobs = (Jobs){ .options = *options,
                  .store = store,
                  .clause = clause,
                  .resident = registry_schema_entity (schema, "resident"),
                  .post = registry_schema_entity (schema, "post"),
                  .employer_name
                  = registry_entity_attribute (registry_schema_entity (schema, "organisation"), "name"),
                  .rules = rules };
  g_mutex_init (&jobs->lock);
  if (board_open (jobs, &jobs->board, error))
    return jobs;
  jobs_free (jobs);
  return NULL;
}

void
jobs_free (Jobs *jobs)
{
  if (!jobs)
    return;
  index_free (jobs->index);
  board_free (jobs->board);
  g_mutex_clear (&jobs->lock);
  rules_clear (&jobs->rules);
  g_free (jobs);
}

gint64
jobs_now (const Jobs *jobs)
{
  return jobs->options.clock ? jobs->options.clock (jobs->options.clock_data)
                             : g_get_real_time () / G_USEC_PER_SEC;
}

Day
jobs_today (const Jobs *jobs)
{
  return civil_day_of (jobs_now (jobs));
}

void *
jobs_keep (Arena *arena, const GArray *list)
{
  size_t size = g_array_get_element_size ((GArray *)list);
  return list->len ? arena_copy (arena, list->data, list->len * size) : arena_alloc (arena, size);
}

bool
jobs_parameter (const Jobs *jobs, const char *id, int scale, gint64 *number)
{
  const PolicyParameter *parameter = policy_parameter (jobs->options.package, id);
  const PolicyParameterValue *value = parameter ? policy_parameter_at (parameter, jobs_today (jobs)) : NULL;
  return value && value->value.kind == FEEL_NUMBER && decimal_to_scaled (value->value.number, scale, number);
}

/* ---- who may ------------------------------------------------------------------------ */

/* A mandate for every matter takes advertising in; one for a single matter does not. */
static bool
acts_for (const Jobs *jobs, const AccessAccount *who, Subject employer, GError **error)
{
  g_autoptr (Arena) arena = arena_new ();
  Day today = jobs_today (jobs);
  size_t n;
  const AgentMandate *mandates = agents_mandates (jobs->options.agents, arena, who->subject, true, &n, error);
  for (size_t i = 0; mandates && i < n; i++)
    if (mandates[i].principal == employer && !mandates[i].matter && !mandates[i].ended_at
        && mandates[i].from <= today && mandates[i].to >= today)
      return true;
  return false;
}

bool
jobs_may_advertise (Jobs *jobs, const AccessAccount *who, Subject employer, GError **error)
{
  const RegistrySchema *schema = policy_schema (jobs->options.package);
  const RegistryEntity *entity = registry_subject_entity (schema, employer);
  return access_may (who, ACCESS_APPLY) && who->subject && entity
         && entity == registry_schema_entity (schema, "organisation")
         && (who->subject == employer || acts_for (jobs, who, employer, error));
}

bool
jobs_check_employer (Jobs *jobs, const AccessAccount *who, Subject employer, GError **error)
{
  g_autoptr (GError) fault = NULL;
  if (jobs_may_advertise (jobs, who, employer, &fault))
    return true;
  if (fault)
    g_propagate_error (error, g_steal_pointer (&fault));
  else
    jobs_refuse (error, FAULT_DENIED,
                 "posts are advertised by the employer's representative, or whom it let act for it in every "
                 "matter");
  return false;
}

bool
jobs_may_review (const Jobs *jobs, const AccessAccount *who)
{
  return access_may (who, ACCESS_DECIDE_CASES) && who->department
         && policy_clause_is_answered_by (jobs->clause, who->department);
}

bool
jobs_check_office (const Jobs *jobs, const AccessAccount *who, GError **error)
{
  if (jobs_may_review (jobs, who))
    return true;
  g_set_error (error, FAULT, FAULT_DENIED,
               "this is for those with the right \"%s\" in a department that answers for the clause",
               access_right_name (ACCESS_DECIDE_CASES)->id);
  return false;
}

bool
jobs_refuse (GError **error, FaultCode code, const char *why)
{
  g_set_error_literal (error, FAULT, (int)code, why);
  return false;
}

bool
jobs_check_words (const char *text, const char *what, GError **error)
{
  const char *given = text ? text : "";
  if (!g_utf8_validate (given, -1, NULL) || g_utf8_strlen (given, -1) > WORDS_MOST)
    g_set_error (error, FAULT, FAULT_INPUT, "%s is no text of at most %d characters", what, WORDS_MOST);
  else if (!text_trim (text_of (given)).len)
    g_set_error (error, FAULT, FAULT_INPUT, "%s is missing", what);
  else
    return true;
  return false;
}

/* ---- what every deed leaves ------------------------------------------------------------ */

bool
jobs_note (StoreConnection *db, const AccessAccount *who, const char *deed, gint64 id, Subject subject,
           GError **error)
{
  g_autofree char *detail = g_strdup_printf ("{\"post\":%" G_GINT64_FORMAT ",\"deed\":\"%s\"}", id, deed);
  AuditEntry entry = { .act = AUDIT_WRITE,
                       .actor = who->name,
                       .role = access_role_name (who->role)->id,
                       .department = who->department,
                       .subject = subject,
                       .purpose = JOBS_PURPOSE,
                       .detail = detail };
  return audit_append (db, &entry, error) != 0;
}

bool
jobs_tell (StoreConnection *db, const Jobs *jobs, Subject subject, const char *kind, const char *title,
           const char *reason, const char *link, GError **error)
{
  NoticeWord words[] = { { "title", title, NULL }, { "reason", reason, NULL } };
  Notice notice = { .subject = subject,
                    .kind = kind,
                    .words = words,
                    .n_words = reason ? 2 : 1,
                    .link = link,
                    .at = jobs_now (jobs) };
  return notices_put (db, &notice, error);
}

/* ---- names -------------------------------------------------------------------------------- */

const char *
jobs_weight_id (JobsWeight weight)
{
  return weight == JOBS_REFUSE ? "refuse" : "hold";
}

const char *
jobs_state_id (JobsState state)
{
  static const char *const ids[JOBS_STATES] = { "held", "open", "returned", "closed" };
  return ids[state];
}

PolicyText
jobs_state_name (JobsState state)
{
  static const PolicyText names[JOBS_STATES] = {
    { "待核对", "Held for a clerk" }, { "正在招聘", "Open" }, { "已退回", "Returned" }, { "已关闭", "Closed" }
  };
  return names[state];
}
