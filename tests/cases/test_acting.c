/* Acting for another: an application by who has a mandate, and by nobody else; no fact beyond the case; a
 * mandate that ended stops what comes after it. */
#include "audit/audit.h"
#include "cases/cases.h"
#include "town.h"

#include <string.h>

static PolicyPackage *package;
static Town town;
static Agents *agents;
static Cases *cases;

static const AccessAccount worker
    = { .name = "worker", .role = ACCESS_CASE_WORKER, .department = "县民政局" };

static AccessAccount
resident (const char *name, gint64 number)
{
  const RegistryEntity *entity = registry_schema_entity (policy_schema (package), "resident");
  return (AccessAccount){
    .name = name, .role = ACCESS_RESIDENT, .zh = name, .subject = subject_make (entity, number)
  };
}

static const char *
next_key (void)
{
  static char key[20];
  static int n;
  g_snprintf (key, sizeof key, "key-%d", n++);
  return key;
}

static gint64
give (const AccessAccount *who, const AccessAccount *agent, const char *matter)
{
  GError *error = NULL;
  AgentMandate mandate = { .agent = agent->subject,
                           .agent_name = agent->name,
                           .matter = matter,
                           .from = civil_today (),
                           .to = civil_today () + 30 };
  gint64 id = agents_give (agents, who, &mandate, &error);
  g_assert_no_error (error);
  return id;
}

static gint64
apply (const AccessAccount *who, const char *matter, Subject applicant, GError **error)
{
  CaseApplication ask = { .matter = policy_matter (package, matter), .applicant = applicant };
  return cases_submit (cases, who, &ask, next_key (), error);
}

/* A resident whose household is on record and has no case. */
static gint64
somebody (AccessAccount *who, const AccessAccount *agent, gint64 *mandate)
{
  static gint64 number = 1;
  for (;; number++) {
    g_autoptr (GError) error = NULL;
    *who = resident ("principal", number);
    *mandate = give (who, agent, "23/main");
    gint64 id = apply (agent, "23/main", who->subject, &error);
    if (id) {
      number++;
      return id;
    }
    g_assert_true (g_error_matches (error, FAULT, FAULT_NOT_FOUND)
                   || g_error_matches (error, FAULT, FAULT_CONFLICT));
  }
}

static bool
act (const AccessAccount *who, gint64 id, CaseAction action, GError **error)
{
  CaseDeed deed = { .action = action, .reason = "no longer needed" };
  return cases_act (cases, who, id, &deed, next_key (), error);
}

/* What the agent does stands in the case as theirs, and is the applicant's. */
static void
test_applies (void)
{
  g_autoptr (Arena) arena = arena_new ();
  GError *error = NULL;
  AccessAccount agent = resident ("agent", 190), principal;
  gint64 mandate, id = somebody (&principal, &agent, &mandate);
  const Case *c = cases_case (cases, arena, &agent, id, &error);
  g_assert_no_error (error);
  g_assert_cmpint (c->applicant, ==, principal.subject);
  g_assert_cmpstr (c->filed_by, ==, "agent");
  g_assert_false (c->by_office);
  size_t n;
  const CaseStep *steps = cases_steps (cases, arena, c, &n, NULL);
  g_assert_cmpuint (n, ==, 1);
  g_assert_cmpstr (steps[0].actor, ==, "agent");
  g_assert_nonnull (strstr (steps[0].detail, "by_agent"));
  size_t n_entries; /* that the agent looked is in the applicant's log */
  const AuditRecord *records = audit_entries_about (registry_store (town.registry), arena, principal.subject,
                                                    0, 1, &n_entries, NULL);
  g_assert_cmpuint (n_entries, ==, 1);
  g_assert_cmpstr (records[0].entry.actor, ==, "agent");
  g_assert_cmpint (records[0].entry.act, ==, AUDIT_READ);
  const char *name
      = cases_applicant_name (cases, arena, &agent, c, &error); /* the paper is the same for all */
  g_assert_no_error (error);
  g_assert_cmpstr (name, !=, "—");
  g_assert_cmpstr (name, ==, cases_applicant_name (cases, arena, &principal, c, NULL));
  g_assert_cmpstr (name, ==, cases_applicant_name (cases, arena, &worker, c, NULL));
  g_assert_nonnull (cases_materials (cases, arena, &agent, c, &n, NULL));
  g_assert_true (act (&agent, id, CASE_WITHDRAW, &error));
  g_assert_no_error (error);
  c = cases_case (cases, arena, &principal, id, &error); /* the applicant sees it as their own */
  g_assert_cmpint (c->state, ==, CASE_WITHDRAWN);
}

/* To act is not to see: neither the facts nor what the rules made of them. */
static void
test_sees_no_facts (void)
{
  g_autoptr (Arena) arena = arena_new ();
  GError *error = NULL;
  AccessAccount agent = resident ("agent", 191), principal;
  gint64 mandate, id = somebody (&principal, &agent, &mandate);
  const Case *c = cases_case (cases, arena, &agent, id, NULL);
  g_assert_null (cases_proposal (cases, arena, &agent, c, false, &error));
  g_assert_error (error, FAULT, FAULT_DENIED);
  g_clear_error (&error);
  g_assert_nonnull (cases_proposal (cases, arena, &principal, c, false, NULL));
  g_assert_null (
      policy_permit (town.access, arena, &agent, policy_clause (package, 23), principal.subject, &error));
  g_assert_error (error, FAULT, FAULT_DENIED);
  g_clear_error (&error);
}

/* No mandate, one of somebody else, one for another matter: no application, no case to look at. */
static void
test_nobody_else (void)
{
  g_autoptr (Arena) arena = arena_new ();
  AccessAccount agent = resident ("agent", 192), stranger = resident ("stranger", 193), principal;
  gint64 mandate, id = somebody (&principal, &agent, &mandate);
  const AccessAccount *const others[] = { &stranger, &agent };
  const char *const matters[] = { "23/main", "16/move" };
  for (size_t i = 0; i < G_N_ELEMENTS (others); i++) {
    g_autoptr (GError) error = NULL;
    g_assert_cmpint (apply (others[i], matters[i], principal.subject, &error), ==, 0);
    g_assert_error (error, FAULT, FAULT_DENIED);
  }
  const struct {
    const AccessAccount *who;
    size_t n;
  } lists[] = { { &principal, 1 }, { &agent, 1 }, { &stranger, 0 } };
  for (size_t i = 0; i < G_N_ELEMENTS (lists); i++) {
    size_t n;
    CaseFilter filter = { .applicant = principal.subject, .limit = 10 };
    g_assert_nonnull (cases_queue (cases, arena, lists[i].who, &filter, &n, NULL));
    g_assert_cmpuint (n, ==, lists[i].n);
  }
  g_autoptr (GError) error = NULL, denied = NULL;
  g_assert_null (cases_case (cases, arena, &stranger, id, &error));
  g_assert_error (error, FAULT, FAULT_DENIED);
  g_assert_false (act (&stranger, id, CASE_WITHDRAW, &denied));
  g_assert_error (denied, FAULT, FAULT_DENIED);
}

static void
test_ended (void)
{
  for (int by_agent = 0; by_agent < 2; by_agent++) {
    g_autoptr (Arena) arena = arena_new ();
    g_autoptr (GError) opened = NULL, acted = NULL, applied = NULL, own = NULL;
    AccessAccount agent = resident ("agent", 194 + by_agent), principal;
    gint64 mandate, id = somebody (&principal, &agent, &mandate);
    g_assert_true (agents_end (agents, by_agent ? &agent : &principal, mandate, NULL));
    g_assert_null (cases_case (cases, arena, &agent, id, &opened));
    g_assert_error (opened, FAULT, FAULT_DENIED);
    g_assert_false (act (&agent, id, CASE_WITHDRAW, &acted));
    g_assert_error (acted, FAULT, FAULT_DENIED);
    g_assert_cmpint (apply (&agent, "23/main", principal.subject, &applied), ==, 0);
    g_assert_error (applied, FAULT, FAULT_DENIED);
    g_assert_true (act (&principal, id, CASE_WITHDRAW, &own)); /* the case goes on without them */
    g_assert_no_error (own);
  }
}

/* A mandate for a bundle is one for its parts: to open, to act in, until it ends. */
static void
test_bundle (void)
{
  g_autoptr (Arena) arena = arena_new ();
  GError *error = NULL;
  const PolicyMatter *bundle = policy_matter (package, "9/open");
  AccessAccount principal = resident ("principal", 180), agent = resident ("agent", 197),
                narrow = resident ("narrow", 198), stranger = resident ("stranger", 199);
  gint64 mandate = give (&principal, &agent, bundle->key);
  give (&principal, &narrow, bundle->parts[0]->key); /* for one part alone */
  gint64 id = apply (&agent, bundle->key, principal.subject, &error);
  g_assert_no_error (error);
  size_t n;
  const Case *parts
      = cases_queue (cases, arena, &agent, &(CaseFilter){ .parent = id, .limit = 50 }, &n, NULL);
  g_assert_cmpuint (n, ==, bundle->n_parts);
  g_assert_cmpuint (n, >, 1);
  CaseParty party;
  for (size_t i = 0; i < n; i++) {
    g_assert_nonnull (cases_case (cases, arena, &agent, parts[i].id, NULL));
    g_assert_true (cases_party (cases, &agent, &parts[i], &party));
    g_assert_cmpint (party, ==, CASE_APPLICANT);
    g_assert_false (cases_party (cases, &stranger, &parts[i], &party));
    g_assert_cmpint (cases_party (cases, &narrow, &parts[i], &party), ==,
                     g_str_equal (parts[i].matter_key, bundle->parts[0]->key));
  }
  g_assert_true (act (&agent, parts[0].id, CASE_WITHDRAW, &error));
  g_assert_no_error (error);
  g_assert_true (agents_end (agents, &principal, mandate, NULL));
  for (size_t i = 0; i < n; i++) {
    g_autoptr (GError) opened = NULL, acted = NULL;
    g_assert_null (cases_case (cases, arena, &agent, parts[i].id, &opened));
    g_assert_error (opened, FAULT, FAULT_DENIED);
    g_assert_false (act (&agent, parts[i].id, CASE_WITHDRAW, &acted));
    g_assert_error (acted, FAULT, FAULT_DENIED);
  }
}

/* What is only the office's to do stays the office's. */
static void
test_applicants_part (void)
{
  AccessAccount agent = resident ("agent", 196), principal;
  gint64 mandate, id = somebody (&principal, &agent, &mandate);
  static const CaseAction actions[] = { CASE_ACCEPT, CASE_DECIDE, CASE_DELIVER, CASE_TRANSFER };
  for (size_t i = 0; i < G_N_ELEMENTS (actions); i++) {
    g_autoptr (GError) error = NULL;
    g_assert_false (act (&agent, id, actions[i], &error));
    g_assert_error (error, FAULT, FAULT_DENIED);
  }
  g_autoptr (GError) error = NULL;
  g_assert_true (act (&worker, id, CASE_ACCEPT, &error));
  g_assert_no_error (error);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  GError *error = NULL;
  package = town_package ();
  town_open_demo (&town, package, 200, 7);
  agents = agents_open (package, town.registry, &error);
  g_assert_no_error (error);
  CasesOptions options
      = { .package = package, .registry = town.registry, .access = town.access, .agents = agents };
  cases = cases_open (&options, &error);
  g_assert_no_error (error);
  g_test_add_func ("/acting/applies", test_applies);
  g_test_add_func ("/acting/sees no facts", test_sees_no_facts);
  g_test_add_func ("/acting/nobody else", test_nobody_else);
  g_test_add_func ("/acting/ended", test_ended);
  g_test_add_func ("/acting/bundle", test_bundle);
  g_test_add_func ("/acting/the applicant's part", test_applicants_part);
  int status = g_test_run ();
  cases_free (cases);
  agents_free (agents);
  town_close (&town);
  policy_free (package);
  return status;
}
