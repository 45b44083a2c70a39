/* Many cases being decided, and people coming in person, killed with -9 at random moments: the run goes
 * on where it was, no case is decided twice, what is sent again is not done again, and the log is whole. */
#include <fcntl.h>
#include <pthread.h>
#include "audit/audit.h"
#include "cases/cases.h"
#include "crash.h"
#include "demo/demo.h"
#include "town.h"

enum { RESIDENTS = 160, CASES = 150, ROUNDS = 6, VISITS_MAX = 100000 };

#define OFFICE "县公安局"
#define MATTER "17/settle"

static PolicyPackage *package;
static char *path; /* of the county */

static const AccessAccount worker = { .name = "worker", .role = ACCESS_CASE_WORKER, .department = OFFICE },
                           clerk = { .name = "clerk", .role = ACCESS_COUNTER_CLERK, .department = OFFICE };

/* ---- a county, opened by each process anew ------------------------------------------------- */

typedef struct {
  Registry *registry;
  Access *access;
  Notices *notices;
  Cases *cases;
} Office;

static Office
open_office (void)
{
  GError *error = NULL;
  Office o = { .registry = registry_open (path, 0, policy_schema (package), &error) };
  g_assert_no_error (error);
  o.access = access_open (o.registry, &error);
  policy_hand_purposes (package, o.access);
  o.notices = notices_open (registry_store (o.registry), &error);
  CasesOptions options
      = { .package = package, .registry = o.registry, .access = o.access, .notices = o.notices };
  o.cases = cases_open (&options, &error);
  g_assert_no_error (error);
  return o;
}

static void
close_office (Office *o)
{
  cases_free (o->cases);
  notices_free (o->notices);
  access_free (o->access);
  registry_close (o->registry);
}

/* One accepted case for each of the first residents: numbers 1 … CASES. */
static void
make_cases (void)
{
  Office o = open_office ();
  const RegistryEntity *resident = registry_schema_entity (policy_schema (package), "resident");
  for (int i = 1; i <= CASES; i++) {
    GError *error = NULL;
    g_autofree char *key = g_strdup_printf ("open %d", i);
    CaseApplication ask
        = { .matter = policy_matter (package, MATTER), .applicant = subject_make (resident, i) };
    gint64 id = cases_submit (o.cases, &worker, &ask, key, &error);
    g_assert_no_error (error);
    g_assert_cmpint (id, ==, i);
    cases_act (o.cases, &worker, id, &(CaseDeed){ .action = CASE_ACCEPT }, key, &error);
    g_assert_no_error (error);
  }
  close_office (&o);
}

/* ---- the process that is killed ---------------------------------------------------------------- */

static const gint64 *
all_cases (void)
{
  static gint64 ids[CASES];
  for (int i = 0; i < CASES; i++)
    ids[i] = i + 1;
  return ids;
}

typedef struct {
  Cases *cases;
  int pipe;
  gint64 from;
} Visitors;

/* Visit N comes under key N, to case 1 + N % CASES; told once it is on record. */
static gpointer
visit (gpointer data)
{
  const Visitors *v = data;
  for (gint64 n = v->from; n < VISITS_MAX; n++) {
    g_autofree char *key = g_strdup_printf ("visit %d", (int)n);
    if (!cases_act (v->cases, &clerk, 1 + n % CASES, &(CaseDeed){ .action = CASE_VISIT }, key, NULL)
        || write (v->pipe, &n, sizeof n) != sizeof n)
      _exit (1);
  }
  return NULL;
}

static void
run_office (int pipe, gint64 from)
{
  Office o = open_office ();
  pthread_t thread;
  Visitors visitors = { o.cases, pipe, from };
  pthread_create (&thread, NULL, visit, &visitors);
  gint64 run = cases_run_begin (o.cases, &worker,
                                &(CaseMany){ .grant = true, .n = CASES, .ids = all_cases () }, "run", NULL);
  if (!run || !cases_run_go_on (o.cases, &worker, run, NULL))
    _exit (1);
  pthread_join (thread, NULL);
  _exit (1);
}

static pid_t
start_office (gint64 from, int *pipe_end)
{
  int fds[2];
  g_assert_cmpint (pipe (fds), ==, 0);
  pid_t child = fork ();
  if (child == 0) {
    close (fds[0]);
    run_office (fds[1], from);
  }
  close (fds[1]);
  *pipe_end = fds[0];
  return child;
}

/* ---- afterwards ------------------------------------------------------------------------------------ */

static void
check_cases (Office *o, gint64 run, gint64 visits)
{
  GError *error = NULL;
  g_autoptr (Arena) arena = arena_new ();
  gint64 decided = 0, came = 0;
  for (int i = 1; i <= CASES; i++) {
    size_t n, decisions = 0, seen = 0;
    const Case *c = cases_case (o->cases, arena, &worker, i, &error);
    const CaseStep *steps = cases_steps (o->cases, arena, c, &n, &error);
    g_assert_no_error (error);
    for (size_t k = 0; k < n; k++) {
      g_assert_cmpint (steps[k].number, ==, (gint64)k + 1);
      decisions += steps[k].action == CASE_DECIDE;
      seen += steps[k].action == CASE_VISIT;
    }
    g_assert_cmpint (c->version, ==, (gint64)n);
    g_assert_cmpint (c->visits, ==, (gint64)seen);
    g_assert_cmpuint (decisions, ==, c->proposed == POLICY_YES);
    g_assert_true (c->state == (decisions ? CASE_DECIDED : CASE_ACCEPTED));
    decided += (gint64)decisions;
    came += (gint64)seen;
  }
  const CaseRun *r = cases_run (o->cases, arena, &worker, run, &error);
  g_assert_cmpint (r->total, ==, CASES);
  g_assert_cmpint (r->decided, ==, decided);
  g_assert_cmpint (r->skipped, ==, CASES - decided);
  g_assert_cmpint (came, ==, visits);
  AuditReport report;
  g_assert_true (audit_verify (registry_store (o->registry), arena, &(AuditVerifying){ 0 }, &report, &error));
  g_assert_cmpstr (report.n ? report.findings[0].message : "", ==, "");
}

static void
test_killed (void)
{
  GError *error = NULL;
  g_autoptr (GRand) random = crash_random ();
  g_autoptr (GArray) told = g_array_new (FALSE, FALSE, sizeof (gint64));
  gint64 next = 0; /* the first visit that nobody knows to be on record */
  for (int round = crash_rounds (ROUNDS); round > 0; round--) {
    int pipe_end;
    pid_t child = start_office (next, &pipe_end);
    g_usleep ((gulong)g_rand_int_range (random, 20, 300) * 1000);
    g_assert_true (crash_kill (child));
    g_array_set_size (told, 0);
    crash_read_numbers (pipe_end, told);
    close (pipe_end);
    next += told->len;
  }
  Office o = open_office ();
  gint64 run = cases_run_begin (o.cases, &worker,
                                &(CaseMany){ .grant = true, .n = CASES, .ids = all_cases () }, "run", &error);
  g_assert_no_error (error);
  cases_run_go_on (o.cases, &worker, run, &error);
  g_assert_no_error (error);
  /* Nobody knows of the one that was under way: it is sent again, and on record once. */
  g_autofree char *key = g_strdup_printf ("visit %d", (int)next);
  cases_act (o.cases, &clerk, 1 + next % CASES, &(CaseDeed){ .action = CASE_VISIT }, key, &error);
  g_assert_no_error (error);
  check_cases (&o, run, next + 1);
  close_office (&o);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  GError *error = NULL;
  g_autofree char *folder = support_folder (), *shares = support_source ("data/demo/minhou.yaml");
  path = support_store (folder, "county.db");
  package = town_package ();
  DemoOptions size = { .residents = RESIDENTS, .seed = 1 };
  demo_make_file (path, policy_schema (package), shares, &size, NULL, &error);
  g_assert_no_error (error);
  make_cases ();
  g_test_add_func ("/crash/cases", test_killed);
  int status = g_test_run ();
  policy_free (package);
  support_remove (folder);
  g_free (path);
  return status;
}
