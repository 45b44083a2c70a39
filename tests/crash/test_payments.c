/* Lists made, approved, sent and answered, killed with -9 at random moments: what is sent again is not done
 * again, every month is paid once, all sums reconcile, and the log is whole. */
#include "audit/audit.h"
#include "crash.h"
#include "demo/demo.h"
#include "payments/payments.h"
#include "town.h"

enum { PEOPLE = 200, FEN = 1000, LISTS = 60, ROUNDS = 6 };

static PolicyPackage *package;
static const PolicyMatter *matter;
static char *path; /* of the county */
static gint64 this_month;

static AccessAccount worker = { .name = "worker", .role = ACCESS_CASE_WORKER },
                     head = { .name = "head", .role = ACCESS_DEPARTMENT_HEAD };

/* ---- an office, opened by each process anew ------------------------------------------------ */

typedef struct {
  Registry *registry;
  Notices *notices;
  Payments *payments;
} Office;

static Office
open_office (void)
{
  GError *error = NULL;
  Office o = { .registry = registry_open (path, 0, policy_schema (package), &error) };
  g_assert_no_error (error);
  o.notices = notices_open (registry_store (o.registry), &error);
  g_assert_no_error (error);
  o.payments = payments_open (&(PaymentsOptions){ .package = package, .registry = o.registry }, &error);
  g_assert_no_error (error);
  return o;
}

static void
close_office (Office *o)
{
  payments_free (o->payments);
  notices_free (o->notices);
  registry_close (o->registry);
}

static void
grant_all (void)
{
  Office o = open_office ();
  const RegistryEntity *resident = registry_schema_entity (policy_schema (package), "resident");
  for (int i = 1; i <= PEOPLE; i++) {
    GError *error = NULL;
    gint64 id;
    g_autofree char *number = g_strdup_printf ("样例%d号", i), *account = g_strdup_printf ("6200%08d", i);
    Subject person = subject_make (resident, i);
    PaymentsGrant grant = { matter, number, 0, person, person, FEN, this_month - LISTS };
    payments_entitle (o.payments, &worker, &grant, &id, &error);
    g_assert_no_error (error);
    payments_set_account (o.payments, &worker, person, "样例", account, &error);
    g_assert_no_error (error);
  }
  close_office (&o);
}

/* ---- the process that is killed --------------------------------------------------------------- */

/* Every seventh order comes back, so that the next list takes its month up again. */
static bool
answer_all (Office *o, Arena *arena, gint64 list, bool all_paid, GError **error)
{
  size_t n = 0;
  g_autoptr (GArray) answers = g_array_new (FALSE, FALSE, sizeof (PaymentsAnswer));
  const PaymentsList *l = payments_list (o->payments, arena, &worker, list, error);
  const PaymentsLine *lines = l ? payments_lines (o->payments, arena, &worker, l, 0, 500, &n, error) : NULL;
  for (size_t i = 0; lines && i < n; i++) {
    PaymentsAnswer answer = { lines[i].id, all_paid || lines[i].id % 7, "账号有误" };
    if (!i || lines[i].entitlement != lines[i - 1].entitlement) /* an order is named by its first line */
      g_array_append_val (answers, answer);
  }
  return lines
         && payments_answer (o->payments, &worker, list, (const PaymentsAnswer *)answers->data, answers->len,
                             error);
}

/* List I, for its month, under its key: from the draft to the treasury's answer, from wherever it was. */
static bool
run_list (Office *o, int i, GError **error)
{
  g_autoptr (Arena) arena = arena_new ();
  g_autoptr (GString) file = g_string_new (NULL);
  g_autofree char *key = g_strdup_printf ("list %d", i);
  const char *digest;
  gint64 list = payments_make (o->payments, &worker, matter, this_month - LISTS + i, key, error);
  const PaymentsList *was = list ? payments_list (o->payments, arena, &worker, list, error) : NULL;
  if (!was || was->state == PAYMENTS_CLOSED)
    return was != NULL;
  return (was->state != PAYMENTS_DRAFT
          || payments_settle (o->payments, &head, list, PAYMENTS_APPROVE, NULL, error))
         && payments_export (o->payments, &worker, arena, list, SHEET_CSV, file, &digest, error)
         && answer_all (o, arena, list, i == LISTS, error);
}

static pid_t
start_office (void)
{
  pid_t child = fork ();
  if (child)
    return child;
  Office o = open_office ();
  for (int i = 0; i < LISTS; i++)
    if (!run_list (&o, i, NULL))
      _exit (1);
  for (;;)
    pause (); /* all is done: the kill comes */
}

/* ---- afterwards ------------------------------------------------------------------------------------ */

/* Whether the kill came in the middle: lists are still to be made. */
static bool
check_sums (Office *o)
{
  GError *error = NULL;
  g_autoptr (Arena) arena = arena_new ();
  PaymentsReport r;
  size_t n;
  payments_reconcile (o->payments, &worker, matter, this_month, &r, &error);
  g_assert_no_error (error);
  g_assert_true (r.balances);
  payments_lists (o->payments, arena, &worker, 0, LISTS, &n, &error);
  g_assert_no_error (error);
  return n < LISTS;
}

static void
check_end (Office *o)
{
  GError *error = NULL;
  g_autoptr (Arena) arena = arena_new ();
  PaymentsReport r;
  payments_reconcile (o->payments, &worker, matter, this_month, &r, &error);
  g_assert_no_error (error);
  g_assert_true (r.balances);
  g_assert_cmpint (r.paid, ==, (gint64)PEOPLE * (LISTS + 1) * FEN);
  g_assert_cmpint (r.not_listed, ==, 0);
  AuditReport report;
  g_assert_true (audit_verify (registry_store (o->registry), arena, &(AuditVerifying){ 0 }, &report, &error));
  g_assert_cmpstr (report.n ? report.findings[0].message : "", ==, "");
}

static void
test_killed (void)
{
  GError *error = NULL;
  g_autoptr (GRand) random = crash_random ();
  int in_the_middle = 0;
  for (int round = crash_rounds (ROUNDS); round > 0; round--) {
    pid_t child = start_office ();
    g_usleep ((gulong)g_rand_int_range (random, 30, 150) * 1000);
    g_assert_true (crash_kill (child));
    Office o = open_office ();
    in_the_middle += check_sums (&o);
    close_office (&o);
  }
  g_assert_cmpint (in_the_middle, >, 0);
  Office o = open_office ();
  for (int i = 0; i <= LISTS; i++) {
    run_list (&o, i, &error);
    g_assert_no_error (error);
  }
  check_end (&o);
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
  matter = policy_matter (package, "23/main");
  DemoOptions size = { .residents = PEOPLE, .seed = 1 };
  demo_make_file (path, policy_schema (package), shares, &size, NULL, &error);
  g_assert_no_error (error);
  g_assert_true (matter && matter->payment == POLICY_PAID_MONTHLY);
  worker.department = head.department = matter->body;
  this_month = payments_month (civil_day_of (g_get_real_time () / G_USEC_PER_SEC));
  grant_all ();
  g_test_add_func ("/crash/payments", test_killed);
  int status = g_test_run ();
  policy_free (package);
  support_remove (folder);
  g_free (path);
  return status;
}
