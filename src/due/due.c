/* Opening, tables, and who may look. */
#include "due/due_private.h"

static const StoreMigration migrations[] = {
  { "due", 1,
    /* One complete list of a provision at most; what a killed run left has complete = 0. */
    "CREATE TABLE due_list (id INTEGER PRIMARY KEY, provision TEXT NOT NULL, as_of INTEGER NOT NULL,"
    " made_at INTEGER NOT NULL, made_by TEXT NOT NULL, package TEXT NOT NULL, looked_at INTEGER NOT NULL,"
    " found INTEGER NOT NULL, undetermined INTEGER NOT NULL, missing TEXT NOT NULL,"
    " complete INTEGER NOT NULL) STRICT;"
    "CREATE TABLE due_line (list INTEGER NOT NULL, subject INTEGER NOT NULL, township TEXT NOT NULL,"
    " amount INTEGER, PRIMARY KEY (list, subject)) STRICT, WITHOUT ROWID;"
    "CREATE TABLE due_offer (id INTEGER PRIMARY KEY, provision TEXT NOT NULL, subject INTEGER NOT NULL,"
    " offered_at INTEGER NOT NULL, offered_by TEXT NOT NULL, state INTEGER NOT NULL,"
    " answered_at INTEGER, answered_by TEXT) STRICT;"
    "CREATE INDEX due_offer_subject ON due_offer (subject, provision, id);"
    "CREATE TABLE due_bulk (actor TEXT NOT NULL, key TEXT NOT NULL, list INTEGER NOT NULL,"
    " township TEXT NOT NULL, after INTEGER NOT NULL, seen INTEGER NOT NULL, offered INTEGER NOT NULL,"
    " already INTEGER NOT NULL, declined INTEGER NOT NULL, nobody INTEGER NOT NULL, done INTEGER NOT NULL,"
    " PRIMARY KEY (actor, key)) STRICT, WITHOUT ROWID;" },
};

Due *
due_open (const DueOptions *options, GError **error)
{
  Store *store = registry_store (options->registry);
  if (!audit_migrate (store, error) || !store_migrate (store, migrations, G_N_ELEMENTS (migrations), error))
    return NULL;
  Due *due = g_new0 (Due, 1);
  *due = (Due){ *options, store };
  return due;
}

void
due_free (Due *due)
{
  g_free (due);
}

gint64
due_now (const Due *due)
{
  return due->options.clock ? due->options.clock (due->options.clock_data)
                            : g_get_real_time () / G_USEC_PER_SEC;
}

bool
due_may (const AccessAccount *who, const PolicyClause *clause)
{
  return access_may (who, ACCESS_FIND_DUE) && clause->purpose && access_may_name (who, clause->purpose);
}

bool
due_check (const AccessAccount *who, const PolicyClause *clause, GError **error)
{
  if (due_may (who, clause))
    return true;
  g_set_error (error, FAULT, FAULT_DENIED,
               "who is due and not served is found by the departments that answer for clause %d",
               clause->number);
  return false;
}

const PolicyMatter *
due_matter (const PolicyProvision *p)
{
  for (size_t i = 0; i < p->clause->n_matters; i++)
    if (p->clause->matters[i].provision == p)
      return &p->clause->matters[i];
  return NULL;
}

const char *
due_key (Arena *arena, const PolicyProvision *provision)
{
  return arena_printf (arena, "%d/%s", provision->clause->number, provision->id);
}

const PolicyProvision *
due_provision (const Due *due, const char *key)
{
  char *id;
  gint64 number = g_ascii_strtoll (key, &id, 10);
  const PolicyClause *clause = *id == '/' ? policy_clause (due->options.package, (int)number) : NULL;
  return clause ? policy_provision (clause, id + 1) : NULL;
}

AuditEntry
due_entry (const AccessAccount *who, const PolicyClause *clause, AuditAct act, const AuditSet *set,
           const char *detail)
{
  return (AuditEntry){ .act = act,
                       .actor = who->name,
                       .role = access_role_name (who->role)->id,
                       .department = who->department,
                       .subjects = set,
                       .purpose = clause->purpose->id,
                       .detail = detail };
}

const char *
due_state_id (DueState state)
{
  static const char *const ids[DUE_STATES] = { "new", "offered", "accepted", "declined" };
  return ids[state];
}
