/* Payments: single steps with their refusals, and random sequences of everything, after each of which all
 * sums must reconcile and a simple ledger beside agrees. */
#include "town.h"

#include <locale.h>
#include <string.h>
#include "payments/payments.h"

static PolicyPackage *package;
static Town town;
static Payments *payments;
static const PolicyMatter *monthly, *once;
static gint64 now, this_month;

static AccessAccount worker = { .name = "worker", .role = ACCESS_CASE_WORKER },
                     head = { .name = "head", .role = ACCESS_DEPARTMENT_HEAD },
                     stranger
                     = { .name = "stranger", .role = ACCESS_DEPARTMENT_HEAD, .department = "县林业局" };

static gint64
clock_ (gpointer data)
{
  return now;
}

static Subject
person (gint64 number)
{
  return subject_make (registry_schema_entity (policy_schema (package), "resident"), number);
}

static const char *
fresh (void)
{
  static char key[32];
  static unsigned number;
  g_snprintf (key, sizeof key, "key-%u", ++number);
  return key;
}

static PaymentsReport
balanced (const PolicyMatter *matter)
{
  GError *error = NULL;
  PaymentsReport r;
  g_assert_true (payments_reconcile (payments, &worker, matter, this_month, &r, &error));
  g_assert_no_error (error);
  if (!r.balances)
    g_test_message ("granted %" G_GINT64_FORMAT " standing %" G_GINT64_FORMAT " not listed %" G_GINT64_FORMAT
                    " listed %" G_GINT64_FORMAT " paid %" G_GINT64_FORMAT " returned %" G_GINT64_FORMAT
                    " pending %" G_GINT64_FORMAT,
                    r.granted, r.standing, r.not_listed, r.listed, r.paid, r.returned, r.pending);
  g_assert_true (r.balances);
  return r;
}

static gint64
entitle (const PolicyMatter *matter, const char *number, gint64 whom, gint64 fen, gint64 from)
{
  GError *error = NULL;
  gint64 id;
  PaymentsGrant grant = { .matter = matter,
                          .number = number,
                          .subject = person (whom),
                          .payee = person (whom),
                          .amount_fen = fen,
                          .from = from };
  g_assert_true (payments_entitle (payments, &worker, &grant, &id, &error));
  g_assert_no_error (error);
  return id;
}

static void
account (gint64 whom)
{
  GError *error = NULL;
  g_autofree char *number = g_strdup_printf ("62000000000%05d", (int)whom);
  g_assert_true (payments_set_account (payments, &worker, person (whom), "样例", number, &error));
  g_assert_no_error (error);
}

/* CALL fails with CODE; it gives its error to &refused. */
#define REFUSED(call, code)                                                                                  \
  {                                                                                                          \
    GError *refused = NULL;                                                                                  \
    g_assert_false (call);                                                                                   \
    g_assert_error (refused, FAULT, code);                                                                   \
    g_clear_error (&refused);                                                                                \
  }

static gint64
make (const PolicyMatter *matter)
{
  GError *error = NULL;
  gint64 id = payments_make (payments, &worker, matter, this_month, fresh (), &error);
  g_assert_no_error (error);
  g_assert_cmpint (id, >, 0);
  return id;
}

static char *export(gint64 list, char **digest)
{
  GError *error = NULL;
  g_autoptr (Arena) arena = arena_new ();
  g_autoptr (GString) out = g_string_new (NULL);
  const char *hex;
  g_assert_true (payments_export (payments, &head, arena, list, SHEET_CSV, out, &hex, &error));
  g_assert_no_error (error);
  g_autofree char *own = g_compute_checksum_for_string (G_CHECKSUM_SHA256, out->str, (gssize)out->len);
  g_assert_cmpstr (own, ==, hex);
  if (digest)
    *digest = g_strdup (hex);
  return g_strndup (out->str, out->len);
}

static void
approve (gint64 list)
{
  GError *error = NULL;
  g_assert_true (payments_settle (payments, &head, list, PAYMENTS_APPROVE, NULL, &error));
  g_assert_no_error (error);
}

static PaymentsLine
line_of (Arena *arena, gint64 list, size_t i, size_t *n)
{
  GError *error = NULL;
  const PaymentsList *l = payments_list (payments, arena, &worker, list, &error);
  const PaymentsLine *lines = payments_lines (payments, arena, &worker, l, 0, 500, n, &error);
  g_assert_no_error (error);
  return i < *n ? lines[i] : (PaymentsLine){ 0 };
}

/* ---- one life ------------------------------------------------------------------------------ */

static void
test_life (void)
{
  g_autoptr (Arena) arena = arena_new ();
  GError *error = NULL;
  size_t n;
  entitle (monthly, "民救〔2026〕1号", 1, 50000, this_month - 1);
  entitle (monthly, "民救〔2026〕2号", 2, 30000, this_month);
  REFUSED (payments_make (payments, &worker, monthly, this_month, "x", &refused),
           FAULT_CONFLICT); /* no accounts */
  account (1);
  gint64 list = payments_make (payments, &worker, monthly, this_month, "life", &error);
  g_assert_no_error (error);
  g_assert_cmpint (payments_make (payments, &worker, monthly, this_month, "life", &error), ==, list);
  PaymentsReport r = balanced (monthly);
  g_assert_cmpint (r.granted, ==, 130000);
  g_assert_cmpint (r.pending, ==, 100000);
  g_assert_cmpint (r.no_account, ==, 30000);
  account (2);
  REFUSED (payments_make (payments, &worker, monthly, this_month, "y", &refused),
           FAULT_CONFLICT); /* a draft is open */
  REFUSED (payments_make (payments, &stranger, monthly, this_month, "z", &refused), FAULT_DENIED);
  REFUSED (payments_settle (payments, &worker, list, PAYMENTS_APPROVE, NULL, &refused), FAULT_DENIED);
  REFUSED (payments_settle (payments, &stranger, list, PAYMENTS_APPROVE, NULL, &refused), FAULT_DENIED);
  approve (list);
  approve (list);
  g_autofree char *first = export(list, NULL), *again = export(list, NULL);
  g_assert_cmpstr (first, ==, again);
  g_assert_nonnull (strstr (first, "6200000000000001"));
  PaymentsLine line = line_of (arena, list, 0, &n);
  g_assert_cmpuint (n, ==, 2);
  g_assert_cmpstr (line.account, ==, "****0001");
  PaymentsAnswer returned = { line.id, false, "账号有误" }, paid = { line.id, true, NULL },
                 unknown[] = { { line.id, true, NULL }, { 999999, true, NULL } };
  REFUSED (payments_answer (payments, &worker, list, unknown, 2, &refused), FAULT_INPUT);
  g_assert_cmpint (balanced (monthly).pending, ==, 100000); /* nothing of that answer was kept */
  g_assert_true (payments_answer (payments, &worker, list, &returned, 1, &error));
  g_assert_true (payments_answer (payments, &worker, list, &returned, 1, &error));
  REFUSED (payments_answer (payments, &worker, list, &paid, 1, &refused), FAULT_CONFLICT);
  r = balanced (monthly);
  g_assert_cmpint (r.returned, ==, 100000);
  g_assert_cmpint (r.not_listed, ==, 130000);
  gint64 second = make (monthly);
  g_assert_cmpint (balanced (monthly).standing, ==, 130000);
  approve (second);
  g_free (export(second, NULL));
  line = line_of (arena, second, 0, &n);
  g_assert_cmpuint (n, ==, 3);
  paid.order = line.id;
  g_assert_true (payments_answer (payments, &worker, second, &paid, 1, &error));
  g_assert_cmpint (balanced (monthly).paid, ==, 100000);
  g_assert_true (payments_reverse (payments, &head, line.id, false, "多发", &error));
  g_assert_true (payments_reverse (payments, &head, line.id, false, "多发", &error));
  REFUSED (payments_reverse (payments, &head, line.id, true, "多发", &refused), FAULT_CONFLICT);
  REFUSED (payments_reverse (payments, &worker, line.id, false, "多发", &refused), FAULT_DENIED);
  g_assert_cmpint (balanced (monthly).to_net, ==, 50000);
}

static void
test_terms (void)
{
  GError *error = NULL;
  gint64 id = entitle (monthly, "民救〔2026〕9号", 9, 1000, this_month + 1);
  PaymentsTerm change = { PAYMENTS_CHANGE, this_month + 1, 2000, "收入变化", "变〔2026〕1号" },
               resume = { PAYMENTS_RESUME, this_month + 1, 0, "恢复", "变〔2026〕2号" },
               ended = { PAYMENTS_END, this_month + 1, 0, "搬离", "变〔2026〕3号" },
               later = { PAYMENTS_CHANGE, this_month + 1, 10, "再变", "变〔2026〕4号" },
               silent = { PAYMENTS_END, this_month + 1, 0, " ", "变〔2026〕5号" };
  g_assert_true (payments_turn (payments, &head, id, &change, &error));
  g_assert_true (payments_turn (payments, &head, id, &change, &error));
  REFUSED (payments_turn (payments, &worker, id, &resume, &refused), FAULT_DENIED);
  REFUSED (payments_turn (payments, &head, id, &resume, &refused), FAULT_CONFLICT);
  REFUSED (payments_turn (payments, &head, id, &silent, &refused), FAULT_INPUT);
  REFUSED (payments_turn (payments, &head, 9999, &ended, &refused), FAULT_NOT_FOUND);
  g_assert_true (payments_turn (payments, &head, id, &ended, &error));
  REFUSED (payments_turn (payments, &head, id, &later, &refused), FAULT_CONFLICT);
  change.amount_fen++;
  REFUSED (payments_turn (payments, &head, id, &change, &refused),
           FAULT_CONFLICT); /* the number, otherwise */
  g_autoptr (Arena) arena = arena_new ();
  size_t n;
  const PaymentsEntitlement *e = payments_entitlement (payments, arena, &worker, id, &error);
  g_assert_no_error (error);
  g_assert_true (e->ended && !e->amount_fen && e->since == this_month + 1 && e->granted_fen == 1000);
  const PaymentsTurned *history = payments_history (payments, arena, &worker, e, &n, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (n, ==, 2);
  g_assert_cmpint (history[0].term.amount_fen, ==, 2000);
  g_assert_cmpstr (history[1].term.reason, ==, "搬离");
  payments_entitlements (payments, arena, &worker, monthly, "民救〔2026〕9号", 0, 10, &n, &error);
  g_assert_cmpuint (n, ==, 1);
  REFUSED (payments_entitlements (payments, arena, &stranger, monthly, NULL, 0, 10, &n, &refused),
           FAULT_DENIED);
  REFUSED (payments_entitlement (payments, arena, &stranger, id, &refused), FAULT_DENIED);
}

/* The file of LIST has account NUMBER in it. */
static bool
goes_to (gint64 list, const char *number)
{
  g_autofree char *file = export(list, NULL);
  return strstr (file, number) != NULL;
}

static void
test_accounts (void)
{
  static const char *const bad[] = { NULL, "", "1234567", "12345678x", "1234567890123456789012345678901" };
  GError *error = NULL;
  g_autoptr (Arena) arena = arena_new ();
  size_t n;
  AccessAccount payee = { .name = "payee", .role = ACCESS_RESIDENT, .subject = person (11) },
                other = { .name = "other", .role = ACCESS_RESIDENT, .subject = person (12) };
  const PolicyMatter *matter = once;
  const char *department = worker.department;
  worker.department = head.department = matter->body;
  for (size_t i = 0; i < G_N_ELEMENTS (bad); i++)
    REFUSED (payments_set_account (payments, &payee, person (11), "样例", bad[i], &refused), FAULT_INPUT);
  REFUSED (payments_set_account (payments, &payee, person (11), " ", "11110000", &refused), FAULT_INPUT);
  REFUSED (payments_set_account (payments, &other, person (11), "样例", "11110000", &refused), FAULT_DENIED);
  g_assert_true (payments_set_account (payments, &payee, person (11), "样例", "1111 0000-0001", &error));
  g_assert_true (payments_set_account (payments, &payee, person (11), "样例", "111100000001", &error));
  entitle (matter, "账号1号", 11, 700, this_month);
  gint64 list = make (matter);
  g_assert_true (payments_set_account (payments, &payee, person (11), "样例", "222200000002", &error));
  approve (list);
  g_assert_true (payments_set_account (payments, &payee, person (11), "样例", "333300000003", &error));
  g_assert_true (goes_to (list, "222200000002") && !goes_to (list, "333300000003"));
  const PaymentsLine *own = payments_own (payments, arena, &payee, 0, 10, &n, &error);
  g_assert_cmpuint (n, ==, 1);
  g_assert_cmpstr (own->account, ==, "****0002");
  PaymentsAnswer returned = { own->id, false, "账号有误" };
  g_assert_true (payments_answer (payments, &worker, list, &returned, 1, &error));
  g_assert_no_error (error);
  gint64 next = make (matter);
  approve (next);
  g_assert_true (goes_to (next, "333300000003"));
  const PaymentsAccount *all = payments_accounts (payments, arena, &payee, person (11), 10, &n, &error);
  g_assert_cmpuint (n, ==, 3);
  g_assert_cmpstr (all[0].account, ==, "****0003");
  REFUSED (payments_accounts (payments, arena, &other, person (11), 10, &n, &refused), FAULT_DENIED);
  g_assert_nonnull (payments_own (payments, arena, &other, 0, 10, &n, &error));
  g_assert_cmpuint (n, ==, 0);
  worker.department = head.department = department;
}

static void
test_yuan (void)
{
  static const struct {
    const char *text;
    gint64 fen; /* -1: none */
  } rows[]
      = { { "0", 0 },      { "12", 1200 }, { "12.5", 1250 },     { "12.05", 1205 }, { " 7.00", 700 },
          { "", -1 },      { NULL, -1 },   { "-1", -1 },         { "1.005", -1 },   { "1,234.5", 123450 },
          { "1.2.3", -1 }, { "1.-5", -1 }, { "99999999999", -1 } };
  for (size_t i = 0; i < G_N_ELEMENTS (rows); i++) {
    gint64 fen = -1;
    g_assert_cmpint (payments_yuan_parse (rows[i].text, &fen), ==, rows[i].fen >= 0);
    g_assert_cmpint (fen, ==, rows[i].fen);
  }
}

static void
test_bad_answers (void)
{
  static const char *const bad[]
      = { "order,result,reason\n12", "12,maybe", "12,returned", "x,paid", "-3,paid",
          "12,returned,\"half",      "\xff,paid" };
  for (size_t i = 0; i < G_N_ELEMENTS (bad); i++) {
    g_autoptr (Arena) arena = arena_new ();
    size_t n;
    REFUSED (payments_answers_parse (arena, text_of (bad[i]), &n, &refused), FAULT_INPUT);
  }
  GError *error = NULL;
  g_autoptr (Arena) arena = arena_new ();
  size_t n;
  const PaymentsAnswer *good = payments_answers_parse (
      arena, text_of ("\xEF\xBB\xBForder,result,reason\r\n1,paid,\r\n2,returned,\"账号, 户名\"\n\n"), &n,
      &error);
  g_assert_no_error (error);
  g_assert_cmpuint (n, ==, 2);
  g_assert_true (good[0].paid && !good[1].paid);
  g_assert_cmpstr (good[1].reason, ==, "账号, 户名");
}

/* ---- random sequences -------------------------------------------------------------------------- */

enum { PEOPLE = 9, DEEDS = 220 };

typedef struct {
  GRand *random;
  GArray *entitlements, *lists; /* gint64 */
  gint64 back;                  /* that came back or was kept: reversals */
} Life;

static gint64
pick (Life *life, const GArray *from)
{
  return from->len ? g_array_index (from, gint64, g_rand_int_range (life->random, 0, (gint32)from->len)) : 0;
}

static void
do_entitle (Life *life, const PolicyMatter *matter)
{
  g_autofree char *number = g_strdup_printf ("随机%u号", g_rand_int (life->random));
  gint64 id = entitle (matter, number, 20 + g_rand_int_range (life->random, 0, PEOPLE),
                       g_rand_int_range (life->random, 1, 90000),
                       this_month - g_rand_int_range (life->random, 0, 4));
  g_array_append_val (life->entitlements, id);
}

static void
do_turn (Life *life)
{
  g_autofree char *decision = g_strdup_printf ("变%u号", g_rand_int (life->random));
  PaymentsTerm term = { (PaymentsTurn)g_rand_int_range (life->random, 0, PAYMENTS_TURNS),
                        this_month + g_rand_int_range (life->random, -2, 3),
                        g_rand_int_range (life->random, 1, 50000), "随机", decision };
  payments_turn (payments, &head, pick (life, life->entitlements), &term, NULL);
}

static void
do_answer (Life *life, gint64 list)
{
  g_autoptr (Arena) arena = arena_new ();
  size_t n = 0;
  line_of (arena, list, 0, &n);
  for (size_t i = 0; i < n; i++) {
    PaymentsLine line = line_of (arena, list, i, &n);
    PaymentsAnswer answer = { line.id, g_rand_boolean (life->random), "退回" };
    if (g_rand_int_range (life->random, 0, 3))
      payments_answer (payments, &worker, list, &answer, 1, NULL);
  }
}

static void
do_reverse (Life *life, gint64 list)
{
  g_autoptr (Arena) arena = arena_new ();
  size_t n = 0;
  PaymentsLine line = line_of (arena, list, 0, &n);
  if (n)
    line = line_of (arena, list, (size_t)g_rand_int_range (life->random, 0, (gint32)n), &n);
  if (payments_reverse (payments, &head, line.id, g_rand_boolean (life->random), "随机", NULL)
      && !line.reversed)
    life->back += line.amount_fen;
}

static void
do_one (Life *life, const PolicyMatter *matter)
{
  gint64 list = pick (life, life->lists), id;
  g_autoptr (Arena) arena = arena_new ();
  g_autoptr (GString) out = g_string_new (NULL);
  const char *digest;
  switch (g_rand_int_range (life->random, 0, list ? 9 : 4)) {
  case 0: do_entitle (life, matter); break;
  case 1: do_turn (life); break;
  case 2: account (20 + g_rand_int_range (life->random, 0, PEOPLE)); break;
  case 3:
    if ((id = payments_make (payments, &worker, matter, this_month - g_rand_int_range (life->random, 0, 2),
                             fresh (), NULL)))
      g_array_append_val (life->lists, id);
    break;
  case 4: payments_settle (payments, &head, list, PAYMENTS_APPROVE, NULL, NULL); break;
  case 5:
    if (!g_rand_int_range (life->random, 0, 3))
      payments_settle (payments, &head, list, PAYMENTS_DISCARD, "随机", NULL);
    break;
  case 6: payments_export (payments, &worker, arena, list, SHEET_CSV, out, &digest, NULL); break;
  case 7: do_answer (life, list); break;
  default: do_reverse (life, list);
  }
}

static void
test_random (gconstpointer data)
{
  guint32 seed = GPOINTER_TO_UINT (data); /* odd ones are paid once */
  const PolicyMatter *matter = seed % 2 ? once : monthly;
  Life life = { g_rand_new_with_seed (seed), g_array_new (FALSE, FALSE, sizeof (gint64)),
                g_array_new (FALSE, FALSE, sizeof (gint64)), 0 };
  worker.department = head.department = matter->body;
  gint64 before = balanced (matter).reversed, lists_paid = 0;
  for (int i = 0; i < DEEDS; i++) {
    do_one (&life, matter);
    PaymentsReport r = balanced (matter);
    g_assert_cmpint (r.reversed, ==, before + life.back);
    lists_paid = MAX (lists_paid, r.paid);
  }
  g_assert_cmpint (lists_paid, >, 0); /* the sequences reach the end of a list's life */
  g_array_unref (life.entitlements);
  g_array_unref (life.lists);
  g_rand_free (life.random);
}

int
main (int argc, char **argv)
{
  setlocale (LC_ALL, "C.UTF-8");
  g_test_init (&argc, &argv, NULL);
  GError *error = NULL;
  package = town_package ();
  town_open (&town, package);
  now = g_get_real_time () / G_USEC_PER_SEC;
  this_month = payments_month (civil_day_of (now));
  size_t n;
  const PolicyMatter *const *matters = policy_matters (package, &n);
  for (size_t i = 0; i < n; i++)
    if (matters[i]->payment == POLICY_PAID_ONCE && !once)
      once = matters[i];
  monthly = policy_matter (package, "23/main");
  g_assert_true (once && monthly && monthly->payment == POLICY_PAID_MONTHLY);
  worker.department = head.department = monthly->body;
  PaymentsOptions options = { .package = package, .registry = town.registry, .clock = clock_ };
  Notices *notices = notices_open (registry_store (town.registry), &error);
  payments = payments_open (&options, &error);
  g_assert_no_error (error);
  g_test_add_func ("/payments/life", test_life);
  g_test_add_func ("/payments/terms", test_terms);
  g_test_add_func ("/payments/accounts", test_accounts);
  g_test_add_func ("/payments/yuan", test_yuan);
  g_test_add_func ("/payments/bad-answers", test_bad_answers);
  g_test_add_data_func ("/payments/random/monthly", GUINT_TO_POINTER (2), test_random);
  g_test_add_data_func ("/payments/random/monthly-2", GUINT_TO_POINTER (4), test_random);
  g_test_add_data_func ("/payments/random/once", GUINT_TO_POINTER (3), test_random);
  int status = g_test_run ();
  payments_free (payments);
  notices_free (notices);
  town_close (&town);
  policy_free (package);
  return status;
}
