/* Random sequences of deeds by several actors, held against a reference that is simple enough to be seen
 * to be right: the table of docs/services.md and a few counters.  Whatever it says is wrong with a deed
 * is what cases_act answers, and otherwise the case is afterwards as the reference has it.
 *
 *     LIUDONG_MODEL_ROUNDS=200 LIUDONG_MODEL_SEED=7 build/tests/cases/test_model     as long as one likes
 */
#include "documented.h"
#include "town.h"

#include <locale.h>
#include <string.h>

enum { STEPS = 120 }; /* of one round */

#define OWN_OFFICE "县公安局"
#define OTHER_OFFICE "县林业局"
#define MATTER "17/settle"

static PolicyPackage *package;
static Town town;
static Cases *cases;
static char *page; /* docs/services.md */
static DocumentedAction table[CASE_ACTIONS];
static gint64 now;

static gint64
clock_now (gpointer data)
{
  return now;
}

/* ---- the table and the picture ------------------------------------------------------- */

static void
test_table (void)
{
  for (int s = 0; s < CASE_STATES; s++)
    for (int a = 0; a < CASE_ACTIONS; a++)
      for (int p = 0; p < CASE_PARTIES; p++)
        if (case_may ((CaseState)s, (CaseAction)a, (CaseParty)p)
            != documented_may (table, (CaseState)s, (CaseAction)a, (CaseParty)p))
          g_error ("docs/services.md and the machine differ: %s by the %s while %s",
                   case_action_id ((CaseAction)a), case_party_id ((CaseParty)p),
                   case_state_id ((CaseState)s));
  for (int a = 0; a < CASE_ACTIONS; a++)
    g_assert_true (case_needs_reason ((CaseAction)a) == table[a].reason);
}

static void
take_edge (GHashTable *edges, int from, int to, CaseAction action)
{
  g_autofree char *edge
      = g_strdup_printf ("%s --> %s : %s", from < 0 ? "[*]" : case_state_id ((CaseState)from),
                         case_state_id ((CaseState)to), case_action_id (action));
  if (!g_hash_table_remove (edges, edge))
    g_error ("the picture in docs/services.md has no line \"%s\"", edge);
}

/* Those from which a case can come to be in STATE. */
static guint
sources_of (int state)
{
  guint from = 0;
  for (int a = 0; a < CASE_ACTIONS; a++)
    from |= table[a].to == state ? table[a].from : 0;
  return from;
}

static void
test_picture (void)
{
  g_autoptr (GHashTable) edges = documented_picture (page);
  take_edge (edges, -1, CASE_SUBMITTED, CASE_SUBMIT);
  for (int a = 0; a < CASE_ACTIONS; a++)
    for (int from = 0; from < CASE_STATES; from++) {
      if (!(table[a].from >> from & 1) || table[a].to == DOCUMENTED_STAYS)
        continue;
      guint to = table[a].to == DOCUMENTED_BACK ? sources_of (from) : 1u << table[a].to;
      for (int state = 0; state < CASE_STATES; state++)
        if (to >> state & 1)
          take_edge (edges, from, state, (CaseAction)a);
    }
  g_assert_cmpuint (g_hash_table_size (edges), ==, 0);
}

/* ---- the reference --------------------------------------------------------------------- */

typedef struct {
  gint64 id;
  CaseState state, before;
  const char *office;
  gint64 version, amount;
  size_t n_steps;
  CaseOutcome outcome;
  int visits;
  bool asked;           /* for a correction, before */
  bool handed, refused; /* the paper, as it was handed in last */
  PolicyOutcome proposed;
  CaseAction last;
  const char *actor;
} Model;

typedef struct {
  AccessAccount account;
  int party; /* of a case at OWN_OFFICE; -1: none */
} Actor;

enum { APPLICANT, STRANGER, CLERK, WORKER, HEAD, ELSEWHERE, AUDITOR, ACTORS };
static Actor actors[ACTORS] = {
  [APPLICANT] = { { .name = "applicant", .role = ACCESS_RESIDENT }, CASE_APPLICANT },
  [STRANGER] = { { .name = "stranger", .role = ACCESS_RESIDENT }, -1 },
  [CLERK] = { { .name = "clerk", .role = ACCESS_COUNTER_CLERK, .department = OWN_OFFICE }, CASE_OFFICE },
  [WORKER] = { { .name = "worker", .role = ACCESS_CASE_WORKER, .department = OWN_OFFICE }, CASE_OFFICE },
  [HEAD] = { { .name = "head", .role = ACCESS_DEPARTMENT_HEAD, .department = OWN_OFFICE }, CASE_HEAD },
  [ELSEWHERE]
  = { { .name = "elsewhere", .role = ACCESS_CASE_WORKER, .department = OTHER_OFFICE }, CASE_OFFICE },
  [AUDITOR] = { { .name = "auditor", .role = ACCESS_AUDITOR }, -1 },
};

/* Of the office that has the case, or of the one that answers for its clause. */
static int
party_in (const Model *m, const Actor *actor)
{
  bool elsewhere = g_strcmp0 (actor->account.department, OTHER_OFFICE) == 0;
  return elsewhere && !g_str_equal (m->office, OTHER_OFFICE) ? -1 : actor->party;
}

static bool
may_ever (CaseAction action, CaseParty party)
{
  for (int s = 0; s < CASE_STATES; s++)
    if (documented_may (table, (CaseState)s, action, party))
      return true;
  return false;
}

static bool
is_blank (const char *text)
{
  return !text || !*text;
}

/* What is wrong with the words of DEED, whatever the state is. */
static bool
is_incomplete (const Model *m, const CaseDeed *d)
{
  bool follows = d->grant && m->proposed == POLICY_YES && !d->has_amount;
  return (table[d->action].reason && is_blank (d->reason))
         || (d->action == CASE_ASK_CORRECTION && !m->refused
             && (!d->n_missing || (m->asked && is_blank (d->reason))))
         || (d->action == CASE_ACCEPT && m->refused)
         || (d->action == CASE_CHECK_MATERIAL && (!m->handed || (!d->accepted && is_blank (d->reason))))
         || (d->action == CASE_TRANSFER && is_blank (d->office))
         || (d->action == CASE_DECIDE
             && ((d->has_amount && d->amount_fen < 0) || (!follows && is_blank (d->reason))));
}

/* The faults that DEED by ACTOR deserves, as bits 1 << FaultCode: cases_act answers one of them, or does
 * it when there are none. */
static guint
faults_of (const Model *m, const Actor *actor, const CaseDeed *d)
{
  int party = party_in (m, actor);
  bool decides = actor->account.role == ACCESS_CASE_WORKER || actor->account.role == ACCESS_DEPARTMENT_HEAD;
  bool denied
      = party < 0 || !may_ever (d->action, (CaseParty)party) || (d->action == CASE_DECIDE && !decides);
  bool conflict = (d->version && d->version != m->version) || party < 0
                  || !documented_may (table, m->state, d->action, (CaseParty)party);
  return (denied ? 1u << FAULT_DENIED : 0) | (!denied && conflict ? 1u << FAULT_CONFLICT : 0)
         | (!denied && (is_incomplete (m, d) || d->action == CASE_SUBMIT) ? 1u << FAULT_INPUT : 0);
}

static void
do_to_model (Model *m, const Actor *actor, const CaseDeed *d)
{
  CaseState from = m->state;
  int to = table[d->action].to;
  m->state = to == DOCUMENTED_STAYS ? from : to == DOCUMENTED_BACK ? m->before : (CaseState)to;
  if (m->state == CASE_CORRECTING || m->state == CASE_SUSPENDED)
    m->before = to == DOCUMENTED_STAYS ? m->before : from;
  m->version++;
  m->n_steps++;
  m->visits += d->action == CASE_VISIT;
  m->asked |= d->action == CASE_ASK_CORRECTION;
  if (d->action == CASE_CORRECT && d->n_uploads) {
    m->handed = true;
    m->refused = false;
  }
  if (d->action == CASE_CHECK_MATERIAL)
    m->refused = !d->accepted;
  m->last = d->action;
  m->actor = actor->account.name;
  if (d->action == CASE_DECIDE || d->action == CASE_SETTLE_APPEAL)
    m->outcome = d->grant ? CASE_GRANTED : CASE_REFUSED;
  if (d->action == CASE_REOPEN)
    m->outcome = CASE_UNDECIDED;
  if (d->action == CASE_TRANSFER)
    m->office = d->office;
}

/* ---- against the program ------------------------------------------------------------------ */

/* The case that the program has is the one that the reference has. */
static void
compare (Model *m)
{
  g_autoptr (Arena) arena = arena_new ();
  GError *error = NULL;
  const Case *c = cases_case (cases, arena, &actors[HEAD].account, m->id, &error);
  g_assert_no_error (error);
  g_assert_cmpstr (case_state_id (c->state), ==, case_state_id (m->state));
  g_assert_cmpint (c->version, ==, m->version);
  g_assert_cmpint (c->visits, ==, m->visits);
  g_assert_cmpstr (c->office, ==, m->office);
  g_assert_cmpstr (case_outcome_id (c->outcome), ==, case_outcome_id (m->outcome));
  size_t n;
  const CaseStep *steps = cases_steps (cases, arena, c, &n, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (n, ==, m->n_steps);
  for (size_t i = 0; i < n; i++) {
    g_assert_cmpint (steps[i].number, ==, (gint64)i + 1);
    g_assert_true (!i || (steps[i].at >= steps[i - 1].at && steps[i].from == steps[i - 1].to));
    g_assert_true (!i || table[steps[i].action].from >> steps[i].from & 1);
  }
  g_assert_true (steps[n - 1].action == m->last && steps[n - 1].to == m->state);
  g_assert_cmpstr (steps[n - 1].actor, ==, m->actor);
  m->proposed = c->proposed; /* reckoned anew after a completion */
}

static Model
apply (const char *key)
{
  GError *error = NULL;
  CaseApplication ask = { .matter = policy_matter (package, MATTER) };
  Model m = { .state = CASE_SUBMITTED,
              .before = CASE_SUBMITTED,
              .office = OWN_OFFICE,
              .version = 1,
              .n_steps = 1,
              .last = CASE_SUBMIT,
              .actor = "applicant" };
  m.id = cases_submit (cases, &actors[APPLICANT].account, &ask, key, &error);
  g_assert_no_error (error);
  compare (&m);
  return m;
}

static bool
is_open (const Model *m)
{
  return m->state <= CASE_APPEALED;
}

static CaseDeed
random_deed (GRand *random, const Model *m)
{
  static const char *const missing[] = { "home" };
  static const CaseUpload paper = { "home", "样例.pdf", { "%PDF-1.7", 8 } };
  static const char *const reasons[] = { "核对后需要这样处理", NULL, "" };
  CaseDeed d = { .action = (CaseAction)g_rand_int_range (random, 0, CASE_ACTIONS),
                 .version = m->version,
                 .grant = g_rand_boolean (random),
                 .office = g_rand_boolean (random) ? OTHER_OFFICE : OWN_OFFICE };
  /* Half of the deeds are ones that the state admits, so that a case gets somewhere. */
  for (int i = 0; i < CASE_ACTIONS && g_rand_boolean (random) && !(table[d.action].from >> m->state & 1); i++)
    d.action = (CaseAction)((d.action + 1) % CASE_ACTIONS);
  if (g_rand_int_range (random, 0, 8) == 0)
    d.version = g_rand_boolean (random) ? 0 : m->version - 1;
  d.reason = reasons[g_rand_int_range (random, 0, 10) < 7 ? 0 : g_rand_int_range (random, 1, 3)];
  d.missing = missing;
  d.material = missing[0];
  d.accepted = g_rand_boolean (random);
  d.uploads = &paper;
  d.n_uploads = d.action == CASE_CORRECT && g_rand_boolean (random);
  d.n_missing = g_rand_int_range (random, 0, 6) > 0;
  if (g_rand_int_range (random, 0, 10) == 0)
    d.office = "";
  if (g_rand_int_range (random, 0, 10) == 0) {
    d.has_amount = true;
    d.amount_fen = g_rand_int_range (random, -100, 100000);
  }
  return d;
}

/* One deed; sometimes it is sent twice, or its key with something else. */
static void
step (GRand *random, Model *m, int number)
{
  Actor *actor = &actors[g_rand_int_range (random, 0, ACTORS)];
  CaseDeed deed = random_deed (random, m), other = deed;
  g_autofree char *key = g_strdup_printf ("%" G_GINT64_FORMAT "/%d", m->id, number);
  guint faults = faults_of (m, actor, &deed);
  now += g_rand_int_range (random, -600, 3600); /* also back */
  g_autoptr (GError) error = NULL;
  bool done = cases_act (cases, &actor->account, m->id, &deed, key, &error);
  if (done != !faults || (!done && !(faults >> error->code & 1)))
    g_error ("%s does \"%s\" to a case that is \"%s\": the reference says %x, the program “%s”",
             actor->account.name, case_action_id (deed.action), case_state_id (m->state), faults,
             error ? error->message : "done");
  if (done)
    do_to_model (m, actor, &deed);
  compare (m);
  if (!done || g_rand_boolean (random))
    return;
  g_assert_true (cases_act (cases, &actor->account, m->id, &deed, key, NULL));
  other.reason = "另一个理由";
  g_assert_false (cases_act (cases, &actor->account, m->id, &other, key, NULL));
  compare (m);
}

/* Somebody else every time. */
static void
settle_actors (int round)
{
  const RegistryEntity *resident = registry_schema_entity (policy_schema (package), "resident");
  actors[APPLICANT].account.subject = subject_make (resident, 2 + round % 50); /* to some the rules say yes */
  actors[STRANGER].account.subject = subject_make (resident, 1);
  g_assert_false (policy_clause_is_answered_by (policy_matter (package, MATTER)->clause, OTHER_OFFICE));
}

static int
number_from (const char *variable, int otherwise)
{
  const char *text = g_getenv (variable);
  return text ? atoi (text) : otherwise;
}

static void
test_sequences (void)
{
  int rounds = number_from ("LIUDONG_MODEL_ROUNDS", 3), seed = number_from ("LIUDONG_MODEL_SEED", 20210930);
  g_autoptr (GRand) random = g_rand_new_with_seed ((guint32)seed);
  for (int round = 0; round < rounds; round++) {
    g_autofree char *key = g_strdup_printf ("apply %d", round), *again = g_strdup_printf ("again %d", round);
    settle_actors (round);
    Model m = apply (key);
    CaseApplication ask = { .matter = policy_matter (package, MATTER) };
    for (int i = 0; i < STEPS; i++)
      step (random, &m, i);
    /* What is open is not opened a second time. */
    if (is_open (&m))
      g_assert_cmpint (cases_submit (cases, &actors[APPLICANT].account, &ask, again, NULL), ==, 0);
    for (int i = 0; is_open (&m) && i < 100 * STEPS; i++)
      step (random, &m, STEPS + i);
    g_assert_false (is_open (&m));
  }
}

int
main (int argc, char **argv)
{
  setlocale (LC_ALL, "C.UTF-8");
  g_test_init (&argc, &argv, NULL);
  GError *error = NULL;
  g_autofree char *path = support_source ("docs/services.md");
  page = support_read (path, NULL);
  documented_table (page, table);
  package = town_package ();
  town_open_demo (&town, package, 200, 1);
  now = (town.as_of + 10) * 86400;
  g_autoptr (Notices) notices = notices_open (registry_store (town.registry), &error);
  CasesOptions options = { .package = package,
                           .registry = town.registry,
                           .access = town.access,
                           .notices = notices,
                           .clock = clock_now };
  cases = cases_open (&options, &error);
  g_assert_no_error (error);
  g_test_add_func ("/cases/model/table", test_table);
  g_test_add_func ("/cases/model/picture", test_picture);
  g_test_add_func ("/cases/model/sequences", test_sequences);
  int status = g_test_run ();
  cases_free (cases);
  g_clear_pointer (&notices, notices_free);
  town_close (&town);
  policy_free (package);
  g_free (page);
  return status;
}
