/* Entitlements, and what turns them. */
#include "payments/payments_private.h"

typedef struct {
  Payments *payments;
  const AccessAccount *who;
  const PaymentsGrant *grant;
  gint64 id;
} Entitling;

/* ---- entitlements ------------------------------------------------------------------ */

static bool
check_grant (const PaymentsGrant *g, GError **error)
{
  if (!pay_check_words (g->number, "the decision's number", error))
    return false;
  if (g->matter->payment == POLICY_PAID_NOT)
    g_set_error (error, FAULT, FAULT_INPUT, "%s pays nothing", g->matter->name.zh);
  else if (g->amount_fen <= 0)
    g_set_error (error, FAULT, FAULT_INPUT, "an amount above zero is needed");
  else if (!g->payee || !g->subject)
    g_set_error (error, FAULT, FAULT_INPUT, "whom it is about and who gets it are needed");
  else
    return true;
  return false;
}

/* *ID is 0 where the number is new. */
static bool
find_same (StoreConnection *db, const PaymentsGrant *g, gint64 *id, GError **error)
{
  StoreStatement *s = store_statement (
      db,
      "SELECT id, subject, payee, amount, first_month FROM pay_entitlement WHERE matter = ?1 AND number = ?2",
      error);
  *id = 0;
  if (!s)
    return false;
  store_bind_text (s, 1, g->matter->key);
  store_bind_text (s, 2, g->number);
  StoreStep step = store_step (s, error);
  if (step != STORE_ROW)
    return step == STORE_DONE;
  *id = store_integer (s, 0);
  bool same = store_integer (s, 1) == g->subject && store_integer (s, 2) == g->payee
              && store_integer (s, 3) == g->amount_fen && store_integer (s, 4) == g->from;
  store_reset (s);
  if (!same)
    g_set_error (error, FAULT, FAULT_CONFLICT, "decision %s gave something else before", g->number);
  return same;
}

static bool
insert_entitlement (StoreConnection *db, const Payments *payments, const AccessAccount *who,
                    const PaymentsGrant *g, gint64 id, GError **error)
{
  StoreStatement *s
      = store_statement (db,
                         "INSERT INTO pay_entitlement (id, matter, number, case_id, subject, payee,"
                         " monthly, amount, first_month, case_amount, taken_at, taken_by)"
                         " VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?8, ?10, ?11)",
                         error);
  if (!s)
    return false;
  store_bind_integer (s, 1, id);
  store_bind_text (s, 2, g->matter->key);
  store_bind_text (s, 3, g->number);
  store_bind_integer (s, 4, g->case_id);
  store_bind_integer (s, 5, g->subject);
  store_bind_integer (s, 6, g->payee);
  store_bind_integer (s, 7, g->matter->payment == POLICY_PAID_MONTHLY);
  store_bind_integer (s, 8, g->amount_fen);
  store_bind_integer (s, 9, g->from);
  store_bind_integer (s, 10, payments_now (payments));
  store_bind_text (s, 11, who->name);
  return store_run (s, error);
}

bool
pay_entitle (StoreConnection *db, const Payments *payments, const AccessAccount *who,
             const PaymentsGrant *grant, gint64 *id, bool *is_new, GError **error)
{
  *is_new = false;
  if (!find_same (db, grant, id, error))
    return false;
  if (*id)
    return true;
  *is_new = true;
  if (!store_query (db, "SELECT coalesce (max (id), 0) + 1 FROM pay_entitlement", 1, id, error))
    return false;
  g_autofree char *detail = g_strdup_printf (
      "{\"entitlement\":%" G_GINT64_FORMAT ",\"amount_fen\":%" G_GINT64_FORMAT "}", *id, grant->amount_fen);
  AuditEntry entry = pay_entry (who, AUDIT_WRITE, detail);
  entry.subject = grant->subject;
  return insert_entitlement (db, payments, who, grant, *id, error) && audit_append (db, &entry, error);
}

static bool
write_entitlement (StoreConnection *db, gpointer data, GError **error)
{
  Entitling *e = data;
  bool is_new;
  return pay_entitle (db, e->payments, e->who, e->grant, &e->id, &is_new, error);
}

bool
payments_entitle (Payments *payments, const AccessAccount *who, const PaymentsGrant *grant, gint64 *id,
                  GError **error)
{
  Entitling e = { .payments = payments, .who = who, .grant = grant };
  bool done = pay_check (who, grant->matter, ACCESS_PAY, error) && check_grant (grant, error)
              && store_write (payments->store, write_entitlement, &e, error);
  *id = done ? e.id : 0;
  return done;
}

/* ---- terms --------------------------------------------------------------------------- */

typedef struct {
  Payments *payments;
  const AccessAccount *who;
  gint64 entitlement;
  const PaymentsTerm *term;
  /* of the entitlement: */
  const PolicyMatter *matter;
  Subject subject, payee;
  bool monthly, ended, suspended;
  bool otherwise; /* the decision ordered something else before */
  gint64 amount;  /* that holds unless suspended */
} Turning;

static bool
read_entitlement (StoreConnection *db, Turning *t, GError **error)
{
  StoreStatement *s = store_statement (
      db, "SELECT matter, subject, monthly, amount, payee FROM pay_entitlement WHERE id = ?1", error);
  if (!s)
    return false;
  store_bind_integer (s, 1, t->entitlement);
  StoreStep step = store_step (s, error);
  if (step == STORE_DONE)
    g_set_error (error, FAULT, FAULT_NOT_FOUND, "there is no entitlement %" G_GINT64_FORMAT, t->entitlement);
  if (step != STORE_ROW)
    return false;
  g_autofree char *key = g_strndup (store_text (s, 0).bytes, store_text (s, 0).len);
  t->matter = policy_matter (t->payments->options.package, key);
  t->subject = store_integer (s, 1);
  t->monthly = store_integer (s, 2) != 0;
  t->amount = store_integer (s, 3);
  t->payee = store_integer (s, 4);
  store_reset (s);
  return true;
}

/* How it stands after all terms, and whether the decision is among them. */
static bool
read_terms (StoreConnection *db, Turning *t, bool *known, GError **error)
{
  StoreStatement *s = store_statement (
      db, "SELECT turn, amount, decision, first_month FROM pay_term WHERE entitlement = ?1 ORDER BY id",
      error);
  *known = false;
  if (!s)
    return false;
  store_bind_integer (s, 1, t->entitlement);
  StoreStep step;
  while ((step = store_step (s, error)) == STORE_ROW) {
    PaymentsTurn turn = (PaymentsTurn)store_integer (s, 0);
    if (text_equal (store_text (s, 2), text_of (t->term->decision))) {
      *known = true;
      t->otherwise = turn != t->term->turn || store_integer (s, 3) != t->term->from
                     || (turn == PAYMENTS_CHANGE && store_integer (s, 1) != t->term->amount_fen);
    }
    t->ended |= turn == PAYMENTS_END;
    t->suspended = turn == PAYMENTS_SUSPEND || (t->suspended && turn != PAYMENTS_RESUME);
    if (turn == PAYMENTS_CHANGE || turn == PAYMENTS_RESUME)
      t->amount = store_integer (s, 1);
  }
  return step == STORE_DONE;
}

bool
pay_last_month (StoreConnection *db, gint64 entitlement, gint64 *month, GError **error)
{
  StoreStatement *s = store_statement (
      db, "SELECT coalesce (max (standing_month), -1) FROM pay_line WHERE entitlement = ?1", error);
  if (!s)
    return false;
  store_bind_integer (s, 1, entitlement);
  if (store_step (s, error) != STORE_ROW)
    return false;
  *month = store_integer (s, 0);
  store_reset (s);
  return true;
}

static bool
check_turn (StoreConnection *db, const Turning *t, GError **error)
{
  gint64 last;
  if (!pay_last_month (db, t->entitlement, &last, error))
    return false;
  if (!t->monthly)
    g_set_error (error, FAULT, FAULT_INPUT, "it is paid once: reverse the payment instead");
  else if (t->ended)
    g_set_error (error, FAULT, FAULT_CONFLICT, "this entitlement has ended: a new decision gives a new one");
  else if (t->term->turn == PAYMENTS_RESUME && !t->suspended)
    g_set_error (error, FAULT, FAULT_CONFLICT, "it is not suspended");
  else if (t->term->turn == PAYMENTS_CHANGE && t->suspended)
    g_set_error (error, FAULT, FAULT_CONFLICT, "it is suspended: resume it first");
  else if (t->term->turn == PAYMENTS_SUSPEND && t->suspended)
    g_set_error (error, FAULT, FAULT_CONFLICT, "it is suspended already");
  else if (t->term->from <= last)
    g_set_error (
        error, FAULT, FAULT_CONFLICT,
        "a month from then on is on a list already: reverse that payment, or turn from a later month");
  else
    return true;
  return false;
}

/* The amount from the month on. */
static gint64
amount_after (const Turning *t)
{
  switch (t->term->turn) {
  case PAYMENTS_CHANGE: return t->term->amount_fen;
  case PAYMENTS_RESUME: return t->amount;
  default: return 0;
  }
}

bool
pay_term (StoreConnection *db, const Payments *payments, const AccessAccount *who, gint64 entitlement,
          const PaymentsTerm *term, gint64 amount, GError **error)
{
  StoreStatement *s;
  gint64 id;
  if (!store_query (db, "SELECT coalesce (max (id), 0) + 1 FROM pay_term", 1, &id, error)
      || !(s = store_statement (db,
                                "INSERT INTO pay_term (id, entitlement, turn, first_month, amount, reason,"
                                " decision, made_at, made_by) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)",
                                error)))
    return false;
  store_bind_integer (s, 1, id);
  store_bind_integer (s, 2, entitlement);
  store_bind_integer (s, 3, term->turn);
  store_bind_integer (s, 4, term->from);
  store_bind_integer (s, 5, amount);
  store_bind_text (s, 6, term->reason);
  store_bind_text (s, 7, term->decision);
  store_bind_integer (s, 8, payments_now (payments));
  store_bind_text (s, 9, who->name);
  return store_run (s, error);
}

/* The payee hears of it, with the reason and the decision. */
static bool
tell_turn (StoreConnection *db, const Turning *t, GError **error)
{
  g_autoptr (Arena) arena = arena_new ();
  gint64 amount = amount_after (t);
  NoticeWord words[] = { { "matter", t->matter->name.zh, t->matter->name.en },
                         { "from", payments_month_text (arena, t->term->from), NULL },
                         { "reason", t->term->reason, NULL },
                         { "number", t->term->decision, NULL },
                         { "amount", payments_yuan (arena, amount), NULL } };
  Notice notice = { .subject = t->payee,
                    .kind = amount ? "payment-changed" : "payment-stopped",
                    .words = words,
                    .n_words = G_N_ELEMENTS (words),
                    .link = PAY_OWN_PAGE,
                    .at = payments_now (t->payments) };
  return notices_put (db, &notice, error);
}

static bool
write_term (StoreConnection *db, gpointer data, GError **error)
{
  Turning *t = data;
  bool known;
  if (!read_entitlement (db, t, error) || !pay_check (t->who, t->matter, ACCESS_APPROVE_PAYMENTS, error)
      || !read_terms (db, t, &known, error))
    return false;
  if (known && t->otherwise)
    g_set_error (error, FAULT, FAULT_CONFLICT, "decision %s ordered something else before",
                 t->term->decision);
  if (known)
    return !t->otherwise;
  g_autofree char *detail = g_strdup_printf (
      "{\"entitlement\":%" G_GINT64_FORMAT ",\"turn\":\"%s\",\"amount_fen\":%" G_GINT64_FORMAT "}",
      t->entitlement, payments_turn_id (t->term->turn), amount_after (t));
  AuditEntry entry = pay_entry (t->who, AUDIT_WRITE, detail);
  entry.subject = t->subject;
  return check_turn (db, t, error)
         && pay_term (db, t->payments, t->who, t->entitlement, t->term, amount_after (t), error)
         && audit_append (db, &entry, error) && tell_turn (db, t, error);
}

bool
payments_turn (Payments *payments, const AccessAccount *who, gint64 entitlement, const PaymentsTerm *term,
               GError **error)
{
  Turning t = { .payments = payments, .who = who, .entitlement = entitlement, .term = term };
  if (!pay_check_words (term->reason, "the reason", error)
      || !pay_check_words (term->decision, "the decision's number", error))
    return false;
  if (term->turn == PAYMENTS_CHANGE && term->amount_fen <= 0) {
    g_set_error (error, FAULT, FAULT_INPUT, "an amount above zero is needed; to stop it, end it");
    return false;
  }
  return store_write (payments->store, write_term, &t, error);
}
