/* Mandates to act: giving, ending, asking. */
#include "agents/agents.h"
#include "audit/audit.h"

static const StoreMigration migrations[] = {
  { "agents", 1,
    "CREATE TABLE agents_mandate (id INTEGER PRIMARY KEY, principal INTEGER NOT NULL, agent INTEGER NOT NULL,"
    " principal_name TEXT NOT NULL, agent_name TEXT NOT NULL, matter TEXT NOT NULL, valid_from INTEGER NOT "
    "NULL,"
    " valid_to INTEGER NOT NULL, given_at INTEGER NOT NULL, ended_at INTEGER NOT NULL,"
    " ended_by_agent INTEGER NOT NULL) STRICT;"
    "CREATE INDEX agents_mandate_principal ON agents_mandate (principal, id);"
    "CREATE INDEX agents_mandate_agent ON agents_mandate (agent, principal, id);" },
};

struct Agents {
  const PolicyPackage *package;
  Registry *registry;
  Store *store;
};

Agents *
agents_open (const PolicyPackage *package, Registry *registry, GError **error)
{
  Store *store = registry_store (registry);
  if (!audit_migrate (store, error) || !store_migrate (store, migrations, G_N_ELEMENTS (migrations), error))
    return NULL;
  Agents *agents = g_new0 (Agents, 1);
  *agents = (Agents){ package, registry, store };
  return agents;
}

void
agents_free (Agents *agents)
{
  g_free (agents);
}

/* ---- checks ------------------------------------------------------------------ */

static bool
refuse (GError **error, FaultCode code, const char *what)
{
  g_set_error_literal (error, FAULT, code, what);
  return false;
}

static bool
check_who (const AccessAccount *who, GError **error)
{
  return (who && who->subject && access_may (who, ACCESS_CHANGE_SELF))
         || refuse (error, FAULT_DENIED,
                    "people and bodies with a record of their own give and end mandates");
}

/* An agent is a person or a body that somebody can act for: what an account may stand for. */
static bool
check_agent (Agents *agents, const AccessAccount *who, const AgentMandate *m, GError **error)
{
  const RegistrySchema *schema = registry_schema (agents->registry);
  const RegistryEntity *entity = registry_subject_entity (schema, m->agent);
  bool stands = entity
                && (entity == registry_schema_entity (schema, "resident")
                    || entity == registry_schema_entity (schema, "organisation"));
  Subject root;
  if (!stands)
    return refuse (error, FAULT_INPUT, "an agent is a person or an organisation");
  if (!registry_resolve (agents->registry, m->agent, G_MAXINT64, &root, error))
    return false;
  return root != who->subject || refuse (error, FAULT_INPUT, "nobody is their own agent");
}

static bool
check_matter (Agents *agents, const char *key, GError **error)
{
  const PolicyMatter *matter = key ? policy_matter (agents->package, key) : NULL;
  if (!key)
    return true;
  if (!matter)
    return refuse (error, FAULT_NOT_FOUND, "the policy package has no such matter");
  return matter->delegable || refuse (error, FAULT_INPUT, "this matter must be done in person");
}

static bool
check_name (const char *name, GError **error)
{
  const char *given = name ? name : "";
  bool ok = g_utf8_validate (given, -1, NULL) && text_trim (text_of (given)).len
            && g_utf8_strlen (given, -1) <= AGENTS_NAME_MAX;
  return ok || refuse (error, FAULT_INPUT, "say the agent's name, in at most 100 characters");
}

static bool
check_days (const AgentMandate *m, Day today, GError **error)
{
  if (m->from > m->to || m->to < today)
    return refuse (error, FAULT_INPUT, "a mandate ends after it begins, and not in the past");
  return m->to - MAX (m->from, today) <= AGENTS_DAYS_MAX
         || refuse (error, FAULT_INPUT, "a mandate is for five years at most: give it again then");
}

/* ---- giving ------------------------------------------------------------------- */

typedef struct {
  Agents *agents;
  const AccessAccount *who;
  AgentMandate mandate;
  const char *matter; /* "" for every one */
} Giving;

static bool
log_deed (StoreConnection *db, const AccessAccount *who, const char *did, const AgentMandate *m,
          const char *matter, GError **error)
{
  g_autofree char *detail
      = g_strdup_printf ("{\"did\":\"%s\",\"mandate\":%" G_GINT64_FORMAT ",\"matter\":\"%s\"}", did, m->id,
                         *matter ? matter : "*");
  AuditEntry entry = { .act = AUDIT_GRANT,
                       .actor = who->name,
                       .role = access_role_name (who->role)->id,
                       .subject = m->principal,
                       .purpose = ACCESS_SELF,
                       .detail = detail };
  return audit_append (db, &entry, error) != 0;
}

/* The same mandate that has not ended, into its id. */
static bool
find_same (StoreConnection *db, Giving *g, GError **error)
{
  StoreStatement *s = store_statement (
      db,
      "SELECT id FROM agents_mandate WHERE principal = ?1 AND agent = ?2 AND matter = ?3 AND valid_from = ?4"
      " AND valid_to = ?5 AND agent_name = ?6 AND ended_at = 0 ORDER BY id DESC LIMIT 1",
      error);
  if (!s)
    return false;
  store_bind_integer (s, 1, g->mandate.principal);
  store_bind_integer (s, 2, g->mandate.agent);
  store_bind_text (s, 3, g->matter);
  store_bind_integer (s, 4, g->mandate.from);
  store_bind_integer (s, 5, g->mandate.to);
  store_bind_text (s, 6, g->mandate.agent_name);
  StoreStep step = store_step (s, error);
  g->mandate.id = step == STORE_ROW ? store_integer (s, 0) : 0;
  if (step == STORE_ROW)
    store_reset (s);
  return step != STORE_FAILED;
}

static bool
check_room (StoreConnection *db, const Giving *g, GError **error)
{
  StoreStatement *s = store_statement (
      db, "SELECT count (*) FROM agents_mandate WHERE principal = ?1 AND ended_at = 0 AND valid_to >= ?2",
      error);
  if (!s)
    return false;
  store_bind_integer (s, 1, g->mandate.principal);
  store_bind_integer (s, 2, civil_day_of (g->mandate.given_at));
  if (store_step (s, error) != STORE_ROW)
    return false;
  gint64 n = store_integer (s, 0);
  store_reset (s);
  return n < AGENTS_OPEN_MAX || refuse (error, FAULT_CONFLICT, "fifty mandates are open: end one first");
}

static bool
insert_mandate (StoreConnection *db, const Giving *g, GError **error)
{
  StoreStatement *s = store_statement (
      db,
      "INSERT INTO agents_mandate (id, principal, agent, principal_name, agent_name, matter, valid_from, "
      "valid_to,"
      " given_at, ended_at, ended_by_agent) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, 0, 0)",
      error);
  if (!s)
    return false;
  const AgentMandate *m = &g->mandate;
  store_bind_integer (s, 1, m->id);
  store_bind_integer (s, 2, m->principal);
  store_bind_integer (s, 3, m->agent);
  store_bind_text (s, 4, m->principal_name);
  store_bind_text (s, 5, m->agent_name);
  store_bind_text (s, 6, g->matter);
  store_bind_integer (s, 7, m->from);
  store_bind_integer (s, 8, m->to);
  store_bind_integer (s, 9, m->given_at);
  return store_run (s, error);
}

static bool
check_known (StoreConnection *db, const Giving *g, GError **error)
{
  bool known = false;
  g_autoptr (RegistryWriter) writer = registry_writer_join (g->agents->registry, db, error);
  bool ok = writer && registry_writer_knows (writer, g->mandate.agent, &known, error);
  return ok && (known || refuse (error, FAULT_NOT_FOUND, "there is nobody with this number"));
}

static bool
write_mandate (StoreConnection *db, gpointer data, GError **error)
{
  Giving *g = data;
  if (!find_same (db, g, error) || g->mandate.id)
    return g->mandate.id != 0;
  return check_known (db, g, error) && check_room (db, g, error)
         && store_query (db, "SELECT coalesce (max (id), 0) + 1 FROM agents_mandate", 1, &g->mandate.id,
                         error)
         && insert_mandate (db, g, error)
         && log_deed (db, g->who, "give_agent", &g->mandate, g->matter, error);
}

gint64
agents_give (Agents *agents, const AccessAccount *who, const AgentMandate *mandate, GError **error)
{
  gint64 now = g_get_real_time () / G_USEC_PER_SEC;
  if (!check_who (who, error) || !check_agent (agents, who, mandate, error)
      || !check_matter (agents, mandate->matter, error) || !check_name (mandate->agent_name, error)
      || !check_days (mandate, civil_day_of (now), error))
    return 0;
  Giving giving = {
    .agents = agents, .who = who, .mandate = *mandate, .matter = mandate->matter ? mandate->matter : ""
  };
  giving.mandate.principal = who->subject;
  giving.mandate.principal_name = who->zh ? who->zh : who->name;
  giving.mandate.given_at = now;
  return store_write (agents->store, write_mandate, &giving, error) ? giving.mandate.id : 0;
}

/* ---- reading ------------------------------------------------------------------- */

#define COLUMNS                                                                                              \
  "id, principal, agent, principal_name, agent_name, matter, valid_from, valid_to, given_at, ended_at,"      \
  " ended_by_agent"

static AgentMandate
read_mandate (StoreStatement *s, Arena *arena)
{
  const char *matter = store_string (s, 5, arena);
  return (AgentMandate){ .id = store_integer (s, 0),
                         .principal = store_integer (s, 1),
                         .agent = store_integer (s, 2),
                         .principal_name = store_string (s, 3, arena),
                         .agent_name = store_string (s, 4, arena),
                         .matter = *matter ? matter : NULL,
                         .from = store_integer (s, 6),
                         .to = store_integer (s, 7),
                         .given_at = store_integer (s, 8),
                         .ended_at = store_integer (s, 9),
                         .ended_by_agent = store_integer (s, 10) != 0 };
}

const AgentMandate *
agents_mandates (Agents *agents, Arena *arena, Subject subject, bool to_them, size_t *n, GError **error)
{
  static const char given[]
      = "SELECT " COLUMNS " FROM agents_mandate WHERE principal = ?1 ORDER BY id DESC LIMIT 200",
      received[] = "SELECT " COLUMNS " FROM agents_mandate WHERE agent = ?1 ORDER BY id DESC LIMIT 200";
  g_autoptr (GArray) list = g_array_new (FALSE, FALSE, sizeof (AgentMandate));
  g_autoptr (StoreReader) reader = store_reader (agents->store, error);
  StoreStatement *s
      = reader ? store_statement (store_reader_db (reader), to_them ? received : given, error) : NULL;
  StoreStep step = STORE_FAILED;
  *n = 0;
  if (s)
    store_bind_integer (s, 1, subject);
  while (s && (step = store_step (s, error)) == STORE_ROW) {
    AgentMandate mandate = read_mandate (s, arena);
    g_array_append_val (list, mandate);
  }
  if (step == STORE_FAILED)
    return NULL;
  *n = list->len;
  return arena_copy (arena, list->data, list->len * sizeof (AgentMandate));
}

static bool
find_in (StoreConnection *db, Subject agent, Subject principal, const char *matter, Day day, gint64 *id,
         GError **error)
{
  StoreStatement *s
      = store_statement (db,
                         "SELECT id FROM agents_mandate WHERE agent = ?1 AND principal = ?2 AND ended_at = 0 "
                         "AND valid_from <= ?3"
                         " AND valid_to >= ?3 AND (matter = ?4 OR matter = '') ORDER BY id LIMIT 1",
                         error);
  if (!s)
    return false;
  store_bind_integer (s, 1, agent);
  store_bind_integer (s, 2, principal);
  store_bind_integer (s, 3, day);
  store_bind_text (s, 4, matter);
  StoreStep step = store_step (s, error);
  if (step == STORE_ROW) {
    *id = store_integer (s, 0);
    store_reset (s);
  }
  return step != STORE_FAILED;
}

bool
agents_find (Agents *agents, StoreConnection *db, const AccessAccount *who, Subject principal,
             const char *matter, Day day, gint64 *id, GError **error)
{
  const PolicyMatter *known = policy_matter (agents->package, matter);
  *id = 0;
  if (!who || !who->subject || who->subject == principal || !access_may (who, ACCESS_SEE_SELF) || !known
      || !known->delegable)
    return true;
  if (db)
    return find_in (db, who->subject, principal, matter, day, id, error);
  g_autoptr (StoreReader) reader = store_reader (agents->store, error);
  return reader && find_in (store_reader_db (reader), who->subject, principal, matter, day, id, error);
}

/* ---- ending -------------------------------------------------------------------- */

typedef struct {
  const AccessAccount *who;
  gint64 id;
} Ending;

static bool
find_own (StoreConnection *db, const Ending *e, Arena *arena, AgentMandate *mandate, GError **error)
{
  StoreStatement *s = store_statement (
      db, "SELECT " COLUMNS " FROM agents_mandate WHERE id = ?1 AND (principal = ?2 OR agent = ?2)", error);
  if (!s)
    return false;
  store_bind_integer (s, 1, e->id);
  store_bind_integer (s, 2, e->who->subject);
  StoreStep step = store_step (s, error);
  if (step == STORE_DONE)
    refuse (error, FAULT_NOT_FOUND, "there is no such mandate of yours");
  if (step != STORE_ROW)
    return false;
  *mandate = read_mandate (s, arena);
  store_reset (s);
  return true;
}

static bool
write_end (StoreConnection *db, gpointer data, GError **error)
{
  const Ending *e = data;
  g_autoptr (Arena) arena = arena_new ();
  AgentMandate m;
  if (!find_own (db, e, arena, &m, error))
    return false;
  if (m.ended_at)
    return true;
  StoreStatement *s = store_statement (
      db, "UPDATE agents_mandate SET ended_at = ?2, ended_by_agent = ?3 WHERE id = ?1", error);
  if (!s)
    return false;
  store_bind_integer (s, 1, m.id);
  store_bind_integer (s, 2, MAX (g_get_real_time () / G_USEC_PER_SEC, m.given_at));
  store_bind_integer (s, 3, e->who->subject == m.agent);
  return store_run (s, error) && log_deed (db, e->who, "end_agent", &m, m.matter ? m.matter : "", error);
}

bool
agents_end (Agents *agents, const AccessAccount *who, gint64 id, GError **error)
{
  Ending ending = { who, id };
  return check_who (who, error) && store_write (agents->store, write_end, &ending, error);
}
