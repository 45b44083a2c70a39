/* Mandates to act: who may, in what, until when; ended by either, at once. */
#include "agents/agents.h"
#include "audit/audit.h"
#include "town.h"

#include <string.h>

static PolicyPackage *package;
static Town town;
static Agents *agents;
static Day today;

static AccessAccount
resident (gint64 number)
{
  const RegistryEntity *entity = registry_schema_entity (policy_schema (package), "resident");
  return (AccessAccount){
    .name = "somebody", .role = ACCESS_RESIDENT, .zh = "陈某", .subject = subject_make (entity, number)
  };
}

static gint64
give (const AccessAccount *who, const AccessAccount *agent, const char *matter, Day from, Day to)
{
  GError *error = NULL;
  AgentMandate mandate
      = { .agent = agent->subject, .agent_name = "陈女儿", .matter = matter, .from = from, .to = to };
  gint64 id = agents_give (agents, who, &mandate, &error);
  g_assert_no_error (error);
  g_assert_cmpint (id, >, 0);
  return id;
}

static gint64
find (const AccessAccount *who, const AccessAccount *principal, const char *matter, Day day)
{
  gint64 id = -1;
  g_assert_true (agents_find (agents, NULL, who, principal->subject, matter, day, &id, NULL));
  return id;
}

/* One matter from a day to a day; nobody else, nothing else, and not the other way round. */
static void
test_scope (void)
{
  AccessAccount father = resident (1), daughter = resident (2), stranger = resident (3);
  gint64 id = give (&father, &daughter, "23/main", today + 2, today + 10);
  const struct {
    const AccessAccount *who, *principal;
    const char *matter;
    Day day;
    gint64 id;
  } cases[] = {
    { &daughter, &father, "23/main", today + 1, 0 },   { &daughter, &father, "23/main", today + 2, id },
    { &daughter, &father, "23/main", today + 10, id }, { &daughter, &father, "23/main", today + 11, 0 },
    { &daughter, &father, "16/move", today + 5, 0 },   { &daughter, &father, "23/none", today + 5, 0 },
    { &stranger, &father, "23/main", today + 5, 0 },   { &father, &daughter, "23/main", today + 5, 0 },
    { &father, &father, "23/main", today + 5, 0 },
  };
  for (size_t i = 0; i < G_N_ELEMENTS (cases); i++)
    g_assert_cmpint (find (cases[i].who, cases[i].principal, cases[i].matter, cases[i].day), ==, cases[i].id);
  AccessAccount worker = { .name = "worker", .role = ACCESS_CASE_WORKER };
  g_assert_cmpint (find (&worker, &father, "23/main", today + 5), ==, 0);
}

/* All matters are those that agents may do: what must be done in person is never among them. */
static void
test_all_matters (void)
{
  AccessAccount principal = resident (4), agent = resident (5);
  gint64 id = give (&principal, &agent, NULL, today, today + 1);
  size_t n;
  const PolicyMatter *const *matters = policy_matters (package, &n);
  for (size_t i = 0; i < n; i++) {
    GError *error = NULL;
    AgentMandate one = {
      .agent = agent.subject, .agent_name = "x", .matter = matters[i]->key, .from = today, .to = today
    };
    g_assert_cmpint (find (&agent, &principal, matters[i]->key, today), ==, matters[i]->delegable ? id : 0);
    if (matters[i]->delegable)
      continue;
    g_assert_cmpint (agents_give (agents, &principal, &one, &error), ==, 0);
    g_assert_error (error, FAULT, FAULT_INPUT);
    g_clear_error (&error);
  }
}

/* Whoever ends it, from then on there is none; and it can be given anew. */
static void
test_ended (void)
{
  for (int by_agent = 0; by_agent < 2; by_agent++) {
    g_autoptr (Arena) arena = arena_new ();
    AccessAccount principal = resident (6 + 2 * by_agent), agent = resident (7 + 2 * by_agent),
                  stranger = resident (3);
    gint64 id = give (&principal, &agent, "23/main", today, today + 1);
    GError *error = NULL;
    g_assert_false (agents_end (agents, &stranger, id, &error));
    g_assert_error (error, FAULT, FAULT_NOT_FOUND);
    g_clear_error (&error);
    g_assert_cmpint (find (&agent, &principal, "23/main", today), ==, id);
    g_assert_true (agents_end (agents, by_agent ? &agent : &principal, id, NULL));
    g_assert_true (agents_end (agents, by_agent ? &principal : &agent, id, NULL)); /* again is nothing */
    g_assert_cmpint (find (&agent, &principal, "23/main", today), ==, 0);
    size_t n;
    const AgentMandate *list = agents_mandates (agents, arena, agent.subject, true, &n, NULL);
    g_assert_cmpuint (n, ==, 1);
    g_assert_cmpint (list[0].ended_by_agent, ==, by_agent);
    g_assert_cmpint (list[0].ended_at, >=, list[0].given_at);
    g_assert_cmpstr (list[0].principal_name, ==, "陈某");
    gint64 again = give (&principal, &agent, "23/main", today, today + 1);
    g_assert_cmpint (again, >, id);
    g_assert_cmpint (find (&agent, &principal, "23/main", today), ==, again);
  }
}

typedef struct {
  const AccessAccount *agent, *principal;
  gint64 before, after;
} Deed;

static bool
look_within (StoreConnection *db, gpointer data, GError **error)
{
  Deed *deed = data;
  g_assert_true (
      agents_find (agents, db, deed->agent, deed->principal->subject, "23/main", today, &deed->before, NULL));
  StoreStatement *s
      = store_statement (db, "UPDATE agents_mandate SET ended_at = 1 WHERE principal = ?1", error);
  store_bind_integer (s, 1, deed->principal->subject);
  g_assert_true (store_run (s, NULL));
  g_assert_true (
      agents_find (agents, db, deed->agent, deed->principal->subject, "23/main", today, &deed->after, NULL));
  return true;
}

/* Asked within a deed's transaction, what ended before in it has ended. */
static void
test_within_a_deed (void)
{
  AccessAccount principal = resident (11), agent = resident (12);
  gint64 id = give (&principal, &agent, "23/main", today, today);
  Deed deed = { &agent, &principal, 0, 0 };
  g_assert_true (store_write (registry_store (town.registry), look_within, &deed, NULL));
  g_assert_cmpint (deed.before, ==, id);
  g_assert_cmpint (deed.after, ==, 0);
}

/* Given twice is one, with one entry in the log. */
static void
test_once (void)
{
  g_autoptr (Arena) arena = arena_new ();
  AccessAccount principal = resident (13), agent = resident (14);
  gint64 id = give (&principal, &agent, "23/main", today, today + 1);
  g_assert_cmpint (give (&principal, &agent, "23/main", today, today + 1), ==, id);
  g_assert_cmpint (give (&principal, &agent, "23/main", today, today + 2), !=, id);
  g_assert_true (agents_end (agents, &principal, id, NULL));
  size_t n;
  const AuditRecord *records
      = audit_entries_about (registry_store (town.registry), arena, principal.subject, 0, 3, &n, NULL);
  g_assert_cmpuint (n, ==, 3);
  g_assert_nonnull (strstr (records[0].entry.detail, "end_agent"));
  g_assert_nonnull (strstr (records[1].entry.detail, "give_agent"));
  g_assert_nonnull (strstr (records[2].entry.detail, "give_agent"));
  g_assert_nonnull (strstr (records[2].entry.detail, "23/main"));
}

static void
test_refused (void)
{
  AccessAccount who = resident (15), other = resident (16),
                clerk = { .name = "clerk", .role = ACCESS_COUNTER_CLERK };
  g_autofree char *long_name = g_strnfill (AGENTS_NAME_MAX + 1, 'x');
  Subject household = subject_make (registry_schema_entity (policy_schema (package), "household"), 1);
  const struct {
    const AccessAccount *who;
    Subject agent;
    const char *name, *matter;
    int from, to; /* days from today */
    FaultCode code;
  } cases[] = {
    { &clerk, other.subject, "x", NULL, 0, 0, FAULT_DENIED },
    { NULL, other.subject, "x", NULL, 0, 0, FAULT_DENIED },
    { &who, who.subject, "x", NULL, 0, 0, FAULT_INPUT },
    { &who, 0, "x", NULL, 0, 0, FAULT_INPUT },
    { &who, household, "x", NULL, 0, 0, FAULT_INPUT },
    { &who, resident (999999).subject, "x", NULL, 0, 0, FAULT_NOT_FOUND },
    { &who, other.subject, " ", NULL, 0, 0, FAULT_INPUT },
    { &who, other.subject, NULL, NULL, 0, 0, FAULT_INPUT },
    { &who, other.subject, long_name, NULL, 0, 0, FAULT_INPUT },
    { &who, other.subject, "\xff", NULL, 0, 0, FAULT_INPUT },
    { &who, other.subject, "x", "23/none", 0, 0, FAULT_NOT_FOUND },
    { &who, other.subject, "x", NULL, 0, -1, FAULT_INPUT },
    { &who, other.subject, "x", NULL, -9, -1, FAULT_INPUT },
    { &who, other.subject, "x", NULL, 0, AGENTS_DAYS_MAX + 1, FAULT_INPUT },
  };
  for (size_t i = 0; i < G_N_ELEMENTS (cases); i++) {
    g_autoptr (GError) error = NULL;
    AgentMandate mandate = { .agent = cases[i].agent,
                             .agent_name = cases[i].name,
                             .matter = cases[i].matter,
                             .from = today + cases[i].from,
                             .to = today + cases[i].to };
    g_test_message ("row %zu", i);
    g_assert_cmpint (agents_give (agents, cases[i].who, &mandate, &error), ==, 0);
    g_assert_error (error, FAULT, (int)cases[i].code);
  }
}

static void
test_most (void)
{
  AccessAccount who = resident (17), agent = resident (18);
  for (int i = 0; i < AGENTS_OPEN_MAX; i++)
    give (&who, &agent, "23/main", today, today + i);
  GError *error = NULL;
  AgentMandate mandate = { .agent = resident (19).subject, .agent_name = "x", .from = today, .to = today };
  g_assert_cmpint (agents_give (agents, &who, &mandate, &error), ==, 0);
  g_assert_error (error, FAULT, FAULT_CONFLICT);
  g_clear_error (&error);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  GError *error = NULL;
  package = town_package ();
  town_open_demo (&town, package, 60, 7);
  agents = agents_open (package, town.registry, &error);
  g_assert_no_error (error);
  today = civil_today ();
  g_test_add_func ("/agents/scope", test_scope);
  g_test_add_func ("/agents/all matters", test_all_matters);
  g_test_add_func ("/agents/ended", test_ended);
  g_test_add_func ("/agents/within a deed", test_within_a_deed);
  g_test_add_func ("/agents/once", test_once);
  g_test_add_func ("/agents/refused", test_refused);
  g_test_add_func ("/agents/most", test_most);
  int status = g_test_run ();
  agents_free (agents);
  town_close (&town);
  policy_free (package);
  return status;
}
