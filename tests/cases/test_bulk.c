/* Many decided at once: exactly those that may be, each once, whoever goes on and however often. */
#include "cases/cases.h"
#include "town.h"

#include <locale.h>
#include <pthread.h>
#include <string.h>

enum { RESIDENTS = 260, CASES = 60 /* more than one work of a run */ };

#define MATTER "17/settle"

static PolicyPackage *package;
static Town town;
static Notices *notices;
static Cases *cases;

static const AccessAccount worker
    = { .name = "worker", .role = ACCESS_CASE_WORKER, .department = "县公安局" },
    colleague = { .name = "colleague", .role = ACCESS_CASE_WORKER, .department = "县公安局" },
    clerk = { .name = "clerk", .role = ACCESS_COUNTER_CLERK, .department = "县公安局" },
    other = { .name = "other", .role = ACCESS_CASE_WORKER, .department = "县林业局" };

static gint64
clock_now (gpointer data)
{
  return (town.as_of + 10) * 86400;
}

/* ---- cases to decide -------------------------------------------------------------------- */

/* What waits after make_cases, by what the rules propose. */
typedef struct {
  GArray *ids; /* gint64 */
  gint64 yes, no, fen;
} Waiting;

static const Case *
look (Arena *arena, gint64 id)
{
  GError *error = NULL;
  const Case *c = cases_case (cases, arena, &worker, id, &error);
  g_assert_no_error (error);
  return c;
}

static void
act (gint64 id, CaseDeed deed)
{
  GError *error = NULL;
  g_autofree char *key = g_uuid_string_random ();
  cases_act (cases, &worker, id, &deed, key, &error);
  g_assert_no_error (error);
}

/* The office opens cases for the next so many residents, and accepts them. */
static Waiting
make_cases (void)
{
  Waiting w = { .ids = g_array_new (FALSE, FALSE, sizeof (gint64)) };
  const RegistryEntity *resident = registry_schema_entity (policy_schema (package), "resident");
  static gint64 next = 1;
  for (int i = 0; i < CASES; i++) {
    g_autoptr (Arena) arena = arena_new ();
    g_autofree char *key = g_uuid_string_random ();
    CaseApplication ask
        = { .matter = policy_matter (package, MATTER), .applicant = subject_make (resident, next++) };
    gint64 id = cases_submit (cases, &worker, &ask, key, NULL);
    act (id, (CaseDeed){ .action = CASE_ACCEPT });
    const Case *c = look (arena, id);
    w.yes += c->proposed == POLICY_YES;
    w.no += c->proposed == POLICY_NO;
    w.fen += c->proposed == POLICY_YES ? c->proposed_fen : 0;
    g_array_append_val (w.ids, id);
  }
  g_assert_cmpint (w.yes, >, 0);
  g_assert_cmpint (w.no, >, 0);
  return w;
}

static const gint64 *
ids_of (const Waiting *w)
{
  return (const gint64 *)(gpointer)w->ids->data;
}

/* ---- calls ----------------------------------------------------------------------------------- */

static gint64
begin (const CaseMany *many, const char *key)
{
  GError *error = NULL;
  gint64 run = cases_run_begin (cases, &worker, many, key, &error);
  g_assert_no_error (error);
  return run;
}

static void
begin_fails (const AccessAccount *who, const CaseMany *many, const char *key, int code, const char *words)
{
  g_autoptr (GError) error = NULL;
  g_assert_cmpint (cases_run_begin (cases, who, many, key, &error), ==, 0);
  g_assert_error (error, FAULT, code);
  g_assert_nonnull (strstr (error->message, words));
}

static void
go_on (gint64 run)
{
  GError *error = NULL;
  cases_run_go_on (cases, &worker, run, &error);
  g_assert_no_error (error);
}

static void
assert_run (gint64 run, gint64 total, gint64 decided, gint64 skipped, gint64 fen)
{
  g_autoptr (Arena) arena = arena_new ();
  size_t n;
  const CaseRun *r = cases_run (cases, arena, &clerk, run, NULL);
  g_assert_cmpint (r->total, ==, total);
  g_assert_cmpint (r->decided, ==, decided);
  g_assert_cmpint (r->skipped, ==, skipped);
  g_assert_cmpint (r->amount_fen, ==, fen);
  cases_run_skipped (cases, arena, &worker, run, &n, NULL);
  g_assert_cmpuint (n, ==, (size_t)skipped);
}

/* Each of W is decided once if it is what the rules propose for the run, and untouched otherwise. */
static void
assert_decided_once (const Waiting *w, bool grant)
{
  for (guint i = 0; i < w->ids->len; i++) {
    g_autoptr (Arena) arena = arena_new ();
    const Case *c = look (arena, ids_of (w)[i]);
    size_t n, decisions = 0;
    const CaseStep *steps = cases_steps (cases, arena, c, &n, NULL);
    for (size_t k = 0; k < n; k++)
      decisions += steps[k].action == CASE_DECIDE;
    bool is_meant = c->proposed == (grant ? POLICY_YES : POLICY_NO);
    g_assert_cmpuint (decisions, ==, is_meant);
    g_assert_true (c->state == (is_meant ? CASE_DECIDED : CASE_ACCEPTED));
    g_assert_cmpstr (is_meant ? c->decided_by : "worker", ==, "worker");
    g_assert_cmpint (c->amount_fen, ==, grant && is_meant ? c->proposed_fen : 0);
  }
}

/* ---- tests ------------------------------------------------------------------------------------ */

static void
test_chosen (void)
{
  Waiting w = make_cases ();
  CaseMany many = { .grant = true, .n = w.ids->len, .ids = ids_of (&w) };
  gint64 run = begin (&many, "chosen");
  assert_run (run, w.ids->len, 0, 0, 0);
  g_assert_cmpint (begin (&many, "chosen"), ==, run);
  go_on (run);
  assert_run (run, w.ids->len, w.yes, w.ids->len - w.yes, w.fen);
  assert_decided_once (&w, true);
  go_on (run);
  assert_decided_once (&w, true);
  g_autoptr (Arena) arena = arena_new ();
  size_t n;
  const CaseSkipped *skipped = cases_run_skipped (cases, arena, &worker, run, &n, NULL);
  for (size_t i = 0; i < n; i++)
    g_assert_cmpstr (skipped[i].why, ==, "the rules propose something else: decide this one by itself");
  g_array_free (w.ids, TRUE);
}

/* Of a matter: only those that the run fits are in it.  No other test has cases waiting yet. */
static void
test_matter (void)
{
  Waiting w = make_cases ();
  gint64 run = begin (&(CaseMany){ .matter = MATTER, .reason = "不符合条件" }, "matter");
  go_on (run);
  assert_run (run, w.no, w.no, 0, 0);
  assert_decided_once (&w, false);
  g_array_free (w.ids, TRUE);
}

/* What changed between choosing and deciding is seen. */
static void
test_changed (void)
{
  Waiting w = make_cases ();
  gint64 ids[4] = { 0, ids_of (&w)[0], ids_of (&w)[0], 999999 };
  for (guint i = 0; i < w.ids->len && !ids[0]; i++) {
    g_autoptr (Arena) arena = arena_new ();
    ids[0] = look (arena, ids_of (&w)[i])->proposed == POLICY_YES ? ids_of (&w)[i] : 0;
  }
  ids[1] = ids[2] = ids[0];
  gint64 run = begin (&(CaseMany){ .grant = true, .n = 4, .ids = ids }, "changed");
  act (ids[0], (CaseDeed){ .action = CASE_DECIDE, .grant = false, .reason = "本人死亡" });
  go_on (run);
  assert_run (run, 4, 0, 4, 0);
  g_autoptr (Arena) arena = arena_new ();
  size_t n;
  const CaseSkipped *skipped = cases_run_skipped (cases, arena, &worker, run, &n, NULL);
  g_assert_nonnull (strstr (skipped[0].why, "is \"decided\""));
  g_assert_cmpstr (skipped[3].why, ==, "there is no case 999999");
  g_array_free (w.ids, TRUE);
}

static void *
go_on_in_thread (void *data)
{
  go_on (*(gint64 *)data);
  return NULL;
}

/* Two that go on with one run share it. */
static void
test_together (void)
{
  Waiting w = make_cases ();
  gint64 run = begin (&(CaseMany){ .grant = true, .n = w.ids->len, .ids = ids_of (&w) }, "together");
  pthread_t threads[3];
  for (size_t i = 0; i < G_N_ELEMENTS (threads); i++)
    g_assert_cmpint (pthread_create (&threads[i], NULL, go_on_in_thread, &run), ==, 0);
  for (size_t i = 0; i < G_N_ELEMENTS (threads); i++)
    pthread_join (threads[i], NULL);
  assert_run (run, w.ids->len, w.yes, w.ids->len - w.yes, w.fen);
  assert_decided_once (&w, true);
  g_array_free (w.ids, TRUE);
}

static void
test_refused (void)
{
  gint64 one = 1;
  CaseMany many = { .grant = true, .n = 1, .ids = &one }, both = many, none = { .grant = true }, large = many,
           mute = { .n = 1, .ids = &one };
  both.matter = MATTER;
  large.n = CASES_RUN_MAX + 1;
  begin_fails (NULL, &many, "r", FAULT_DENIED, "case workers");
  begin_fails (&clerk, &many, "r", FAULT_DENIED, "case workers");
  begin_fails (&worker, &both, "r", FAULT_INPUT, "either the cases or their matter");
  begin_fails (&worker, &none, "r", FAULT_INPUT, "either the cases or their matter");
  begin_fails (&worker, &large, "r", FAULT_INPUT, "at most 10000");
  begin_fails (&worker, &mute, "r", FAULT_INPUT, "the reason is missing");
  begin_fails (&worker, &many, "", FAULT_INPUT, "no key");
  gint64 run = begin (&many, "r");
  begin_fails (&worker, &(CaseMany){ .n = 1, .ids = &one, .reason = "x" }, "r", FAULT_INPUT,
               "something else");
  g_autoptr (GError) error = NULL;
  g_assert_false (cases_run_go_on (cases, &colleague, run, &error));
  g_assert_error (error, FAULT, FAULT_DENIED);
  g_clear_error (&error);
  g_assert_false (cases_run_go_on (cases, &other, run, &error));
  g_assert_error (error, FAULT, FAULT_DENIED);
  g_clear_error (&error);
  g_assert_false (cases_run_go_on (cases, &worker, 12345, &error));
  g_assert_error (error, FAULT, FAULT_NOT_FOUND);
}

int
main (int argc, char **argv)
{
  setlocale (LC_ALL, "C.UTF-8");
  g_test_init (&argc, &argv, NULL);
  GError *error = NULL;
  package = town_package ();
  town_open_demo (&town, package, RESIDENTS, 1);
  notices = notices_open (registry_store (town.registry), &error);
  CasesOptions options = { .package = package,
                           .registry = town.registry,
                           .access = town.access,
                           .notices = notices,
                           .clock = clock_now };
  cases = cases_open (&options, &error);
  g_assert_no_error (error);
  g_test_add_func ("/cases/bulk/matter", test_matter);
  g_test_add_func ("/cases/bulk/chosen", test_chosen);
  g_test_add_func ("/cases/bulk/changed", test_changed);
  g_test_add_func ("/cases/bulk/together", test_together);
  g_test_add_func ("/cases/bulk/refused", test_refused);
  int status = g_test_run ();
  cases_free (cases);
  notices_free (notices);
  town_close (&town);
  policy_free (package);
  return status;
}
