/* What cases grant, and what became of it since: a decision changed on appeal, a case taken up again. */
#include "cases/cases.h"
#include "payments/payments_private.h"

enum { CASES_AT_ONCE = 500 };

typedef struct {
  Payments *payments;
  const AccessAccount *who;
  const PolicyMatter *matter;
  gint64 after;
  bool done;
  PaymentsTaken taken;
} Taking;

/* The entitlement that case ID gave; *ENTITLEMENT 0: none. */
static bool
find_given (StoreConnection *db, gint64 id, gint64 *entitlement, gint64 *amount, gint64 *first,
            GError **error)
{
  StoreStatement *s = store_statement (
      db, "SELECT id, case_amount, first_month FROM pay_entitlement WHERE case_id = ?1", error);
  *entitlement = 0;
  if (!s)
    return false;
  store_bind_integer (s, 1, id);
  StoreStep step = store_step (s, error);
  if (step != STORE_ROW)
    return step == STORE_DONE;
  *entitlement = store_integer (s, 0);
  *amount = store_integer (s, 1);
  *first = store_integer (s, 2);
  store_reset (s);
  return true;
}

static bool
remember_amount (StoreConnection *db, gint64 entitlement, gint64 amount, GError **error)
{
  StoreStatement *s
      = store_statement (db, "UPDATE pay_entitlement SET case_amount = ?2 WHERE id = ?1", error);
  if (!s)
    return false;
  store_bind_integer (s, 1, entitlement);
  store_bind_integer (s, 2, amount);
  return store_run (s, error);
}

/* The case gives WANTED now instead of BEFORE. */
static bool
follow (StoreConnection *db, Taking *t, const CaseGrant *c, gint64 entitlement, gint64 before, gint64 wanted,
        gint64 first, GError **error)
{
  gint64 last;
  if (!pay_last_month (db, entitlement, &last, error))
    return false;
  if (t->matter->payment == POLICY_PAID_ONCE && last >= 0) {
    t->taken.to_reverse++;
    return true;
  }
  g_autofree char *decision = g_strdup_printf ("%s@%" G_GINT64_FORMAT "/%" G_GINT64_FORMAT, c->number,
                                               c->decided_at, payments_now (t->payments));
  PaymentsTerm term = { .turn = !wanted   ? PAYMENTS_SUSPEND
                                : !before ? PAYMENTS_RESUME
                                          : PAYMENTS_CHANGE,
                        .from = MAX (last + 1, first),
                        .reason = wanted ? "案件决定已变更" : "案件决定不再有效或者重新办理",
                        .decision = decision };
  t->taken.turned++;
  return pay_term (db, t->payments, t->who, entitlement, &term, wanted, error)
         && remember_amount (db, entitlement, wanted, error);
}

static bool
take_one (StoreConnection *db, Taking *t, const CaseGrant *c, GError **error)
{
  gint64 entitlement, before = 0, first = 0, wanted = c->granted ? c->amount_fen : 0;
  bool is_new = false;
  if (!find_given (db, c->id, &entitlement, &before, &first, error))
    return false;
  if (entitlement)
    return wanted == before || follow (db, t, c, entitlement, before, wanted, first, error);
  if (wanted <= 0)
    return true;
  PaymentsGrant grant = { .matter = t->matter,
                          .number = c->number,
                          .case_id = c->id,
                          .subject = c->subject,
                          .payee = c->applicant,
                          .amount_fen = wanted,
                          .from = payments_month (civil_day_of (c->decided_at))
                                  + (t->matter->payment == POLICY_PAID_MONTHLY) };
  bool done = pay_entitle (db, t->payments, t->who, &grant, &entitlement, &is_new, error);
  t->taken.entitled += is_new;
  return done;
}

static bool
write_taken (StoreConnection *db, gpointer data, GError **error)
{
  Taking *t = data;
  g_autoptr (Arena) arena = arena_new ();
  size_t n;
  const CaseGrant *grants = cases_granted (db, arena, t->matter->key, t->after, CASES_AT_ONCE, &n, error);
  for (size_t i = 0; grants && i < n; i++)
    if (!take_one (db, t, &grants[i], error))
      return false;
  t->done = grants && n < CASES_AT_ONCE;
  t->after = grants && n ? grants[n - 1].id : t->after;
  return grants != NULL;
}

bool
payments_take (Payments *payments, const AccessAccount *who, const PolicyMatter *matter, PaymentsTaken *taken,
               GError **error)
{
  Taking t = { .payments = payments, .who = who, .matter = matter };
  *taken = t.taken;
  if (!pay_check (who, matter, ACCESS_PAY, error))
    return false;
  while (!t.done) {
    if (!store_write (payments->store, write_taken, &t, error))
      return false;
    *taken = t.taken;
  }
  return true;
}
