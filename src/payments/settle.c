/* Approving and discarding drafts, the treasury's answers, reversals. */
#include "payments/payments_private.h"

typedef struct {
  Payments *payments;
  Arena *arena;
  const AccessAccount *who;
  gint64 id; /* of the list, or the line */
  PaymentsAct act;
  bool recovered;
  const char *reason;
  const PaymentsAnswer *answers;
  size_t n;
  PaymentsList list;
} Settling;

static bool
log_deed (StoreConnection *db, const Settling *s, const char *deed, gint64 number, Subject subject,
          GError **error)
{
  const char *detail = arena_printf (s->arena, "{\"%s\":%" G_GINT64_FORMAT "}", deed, number);
  AuditEntry entry = pay_entry (s->who, AUDIT_WRITE, detail);
  entry.subject = subject;
  return audit_append (db, &entry, error) > 0;
}

bool
pay_run_on (StoreConnection *db, const char *sql, gint64 id, GError **error)
{
  StoreStatement *s = store_statement (db, sql, error);
  if (!s)
    return false;
  store_bind_integer (s, 1, id);
  return store_run (s, error);
}

/* ---- drafts ---------------------------------------------------------------------------- */

static bool
check_draft (const Settling *s, PaymentsState wanted, GError **error)
{
  const PaymentsList *list = &s->list;
  if (!pay_check (s->who, list->matter, ACCESS_APPROVE_PAYMENTS, error))
    return false;
  if (list->state != PAYMENTS_DRAFT && list->state != wanted)
    g_set_error (error, FAULT, FAULT_CONFLICT, "list %" G_GINT64_FORMAT " is \"%s\" and no draft any more",
                 list->id, payments_state_id (list->state));
  else if (s->act == PAYMENTS_APPROVE && g_str_equal (list->made_by, s->who->name))
    g_set_error (error, FAULT, FAULT_DENIED, "who made a list does not approve it: ask a colleague");
  else
    return s->act == PAYMENTS_APPROVE || pay_check_words (s->reason, "the reason", error);
  return false;
}

static bool
write_settled (StoreConnection *db, gpointer data, GError **error)
{
  Settling *s = data;
  PaymentsState wanted = s->act == PAYMENTS_APPROVE ? PAYMENTS_APPROVED : PAYMENTS_DISCARDED;
  if (!pay_list_find (s->payments, db, s->arena, s->id, &s->list, error) || !check_draft (s, wanted, error))
    return false;
  if (s->list.state == wanted)
    return true;
  if (wanted == PAYMENTS_DISCARDED
      && !pay_run_on (db,
                      "UPDATE pay_line SET state = 3, standing_month = NULL, standing_reversal = NULL"
                      " WHERE list = ?1",
                      s->id, error))
    return false;
  if (wanted == PAYMENTS_APPROVED && !pay_orders (db, s->id, error))
    return false;
  StoreStatement *update = store_statement (
      db, "UPDATE pay_list SET state = ?2, approved_by = ?3, approved_at = ?4, reason = ?5 WHERE id = ?1",
      error);
  if (!update)
    return false;
  store_bind_integer (update, 1, s->id);
  store_bind_integer (update, 2, wanted);
  store_bind_text (update, 3, s->who->name);
  store_bind_integer (update, 4, payments_now (s->payments));
  store_bind_text (update, 5, s->reason);
  return store_run (update, error) && pay_list_verify (db, s->id, error)
         && log_deed (db, s, payments_state_id (wanted), s->id, 0, error);
}

bool
payments_settle (Payments *payments, const AccessAccount *who, gint64 list, PaymentsAct act,
                 const char *reason, GError **error)
{
  g_autoptr (Arena) arena = arena_new ();
  Settling s = { .payments = payments, .arena = arena, .who = who, .id = list, .act = act, .reason = reason };
  return store_write (payments->store, write_settled, &s, error);
}

/* ---- notices ------------------------------------------------------------------------------ */

/* Tell PAYEE of AMOUNT of MATTER; why, where it was not simply paid. */
static bool
tell (const Settling *s, StoreConnection *db, const char *kind, Subject payee, gint64 amount_fen,
      const char *reason, const char *key, GError **error)
{
  const PolicyMatter *m = s->list.matter;
  NoticeWord words[] = { { "matter", m ? m->name.zh : s->list.matter_key, m ? m->name.en : NULL },
                         { "amount", payments_yuan (s->arena, amount_fen), NULL },
                         { "reason", reason, NULL } };
  Notice notice = { .subject = payee,
                    .kind = kind,
                    .words = words,
                    .n_words = reason ? 3 : 2,
                    .link = PAY_OWN_PAGE,
                    .key = key,
                    .at = payments_now (s->payments) };
  return amount_fen <= 0 || notices_put (db, &notice, error);
}

/* ---- answers -------------------------------------------------------------------------------- */

bool
pay_close (StoreConnection *db, gint64 id, GError **error)
{
  return pay_run_on (db,
                     "UPDATE pay_list SET state = 3 WHERE id = ?1 AND state = 2 AND NOT EXISTS"
                     " (SELECT 1 FROM pay_line l WHERE l.list = ?1 AND l.state = 0)",
                     id, error);
}

typedef struct {
  gint64 entitlement, amount;
  Subject payee;
  PaymentsLineState state;
} Order;

static bool
find_order (StoreConnection *db, const Settling *s, gint64 id, Order *order, GError **error)
{
  StoreStatement *q = store_statement (
      db,
      "SELECT o.entitlement, o.amount, o.payee, l.state FROM pay_order o JOIN pay_line l ON l.id = o.id"
      " WHERE o.id = ?1 AND o.list = ?2 AND o.amount > 0",
      error);
  if (!q)
    return false;
  store_bind_integer (q, 1, id);
  store_bind_integer (q, 2, s->id);
  StoreStep step = store_step (q, error);
  if (step == STORE_DONE)
    g_set_error (error, FAULT, FAULT_INPUT,
                 "list %" G_GINT64_FORMAT " has no order %" G_GINT64_FORMAT "; nothing was changed", s->id,
                 id);
  if (step != STORE_ROW)
    return false;
  *order = (Order){ store_integer (q, 0), store_integer (q, 1), store_integer (q, 2),
                    (PaymentsLineState)store_integer (q, 3) };
  store_reset (q);
  return true;
}

static bool
write_one (StoreConnection *db, const Settling *s, const PaymentsAnswer *a, GError **error)
{
  Order order;
  PaymentsLineState wanted = a->paid ? PAYMENTS_PAID : PAYMENTS_RETURNED;
  if (!find_order (db, s, a->order, &order, error)
      || (!a->paid && !pay_check_words (a->reason, "the reason why it came back", error)))
    return false;
  if (order.state == wanted)
    return true;
  if (order.state != PAYMENTS_PENDING) {
    g_set_error (error, FAULT, FAULT_CONFLICT,
                 "order %" G_GINT64_FORMAT " was \"%s\" before; nothing was changed", a->order,
                 payments_line_state_id (order.state));
    return false;
  }
  StoreStatement *q = store_statement (
      db,
      a->paid ? "UPDATE pay_line SET state = 1, reason = ?3 WHERE list = ?1 AND entitlement = ?2"
              : "UPDATE pay_line SET state = 2, reason = ?3, standing_month = NULL, standing_reversal = NULL"
                " WHERE list = ?1 AND entitlement = ?2",
      error);
  if (!q)
    return false;
  store_bind_integer (q, 1, s->id);
  store_bind_integer (q, 2, order.entitlement);
  store_bind_text (q, 3, a->paid ? NULL : a->reason);
  const char *key = arena_printf (s->arena, "pay-%" G_GINT64_FORMAT, a->order);
  return store_run (q, error)
         && tell (s, db, a->paid ? "payment-made" : "payment-returned", order.payee, order.amount,
                  a->paid ? NULL : a->reason, key, error);
}

static bool
write_answers (StoreConnection *db, gpointer data, GError **error)
{
  Settling *s = data;
  if (!pay_list_find (s->payments, db, s->arena, s->id, &s->list, error)
      || !pay_check (s->who, s->list.matter, ACCESS_PAY, error))
    return false;
  if (s->list.state != PAYMENTS_EXPORTED && s->list.state != PAYMENTS_CLOSED) {
    g_set_error (error, FAULT, FAULT_CONFLICT, "list %" G_GINT64_FORMAT " has not been sent to the treasury",
                 s->id);
    return false;
  }
  for (size_t i = 0; i < s->n; i++)
    if (!write_one (db, s, &s->answers[i], error))
      return false;
  return pay_close (db, s->id, error) && pay_list_verify (db, s->id, error)
         && log_deed (db, s, "answers", s->id, 0, error);
}

bool
payments_answer (Payments *payments, const AccessAccount *who, gint64 list, const PaymentsAnswer *answers,
                 size_t n, GError **error)
{
  g_autoptr (Arena) arena = arena_new ();
  Settling s = { .payments = payments, .arena = arena, .who = who, .id = list, .answers = answers, .n = n };
  return store_write (payments->store, write_answers, &s, error);
}

/* ---- reversals ---------------------------------------------------------------------------------- */

typedef struct {
  gint64 list, entitlement, amount;
  Subject payee;
  bool paid, reversed, recovered;
} Reversed;

static bool
find_line (StoreConnection *db, gint64 id, Reversed *line, GError **error)
{
  StoreStatement *q = store_statement (
      db,
      "SELECT l.list, l.entitlement, l.amount, l.state, l.reversal, r.id, r.recovered, e.payee FROM pay_line "
      "l"
      " JOIN pay_entitlement e ON e.id = l.entitlement LEFT JOIN pay_reversal r ON r.line = l.id"
      " WHERE l.id = ?1",
      error);
  if (!q)
    return false;
  store_bind_integer (q, 1, id);
  StoreStep step = store_step (q, error);
  if (step == STORE_DONE)
    g_set_error (error, FAULT, FAULT_NOT_FOUND, "there is no line %" G_GINT64_FORMAT, id);
  if (step != STORE_ROW)
    return false;
  *line = (Reversed){ .list = store_integer (q, 0),
                      .entitlement = store_integer (q, 1),
                      .amount = store_integer (q, 2),
                      .paid = store_integer (q, 3) == PAYMENTS_PAID && store_is_null (q, 4),
                      .reversed = !store_is_null (q, 5),
                      .recovered = store_integer (q, 6) != 0,
                      .payee = store_integer (q, 7) };
  store_reset (q);
  return true;
}

static bool
check_reversal (const Settling *s, const Reversed *line, GError **error)
{
  if (!pay_check (s->who, s->list.matter, ACCESS_APPROVE_PAYMENTS, error))
    return false;
  if (g_str_equal (s->list.made_by, s->who->name))
    g_set_error (error, FAULT, FAULT_DENIED,
                 "who made a list does not reverse its payments: ask a colleague");
  else if (line->reversed && line->recovered != s->recovered)
    g_set_error (error, FAULT, FAULT_CONFLICT, "it was reversed the other way before");
  else if (!line->paid)
    g_set_error (error, FAULT, FAULT_CONFLICT, "only what was paid can be reversed");
  else
    return true;
  return false;
}

static bool
insert_reversal (StoreConnection *db, const Settling *s, const Reversed *line, GError **error)
{
  gint64 id;
  StoreStatement *q;
  if (!store_query (db, "SELECT coalesce (max (id), 0) + 1 FROM pay_reversal", 1, &id, error)
      || !(q = store_statement (db,
                                "INSERT INTO pay_reversal (id, line, entitlement, amount, recovered, reason,"
                                " made_at, made_by) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)",
                                error)))
    return false;
  store_bind_integer (q, 1, id);
  store_bind_integer (q, 2, s->id);
  store_bind_integer (q, 3, line->entitlement);
  store_bind_integer (q, 4, line->amount);
  store_bind_integer (q, 5, s->recovered);
  store_bind_text (q, 6, s->reason);
  store_bind_integer (q, 7, payments_now (s->payments));
  store_bind_text (q, 8, s->who->name);
  return store_run (q, error);
}

static bool
write_reversal (StoreConnection *db, gpointer data, GError **error)
{
  Settling *s = data;
  Reversed line;
  if (!find_line (db, s->id, &line, error)
      || !pay_list_find (s->payments, db, s->arena, line.list, &s->list, error)
      || !check_reversal (s, &line, error))
    return false;
  const char *key = arena_printf (s->arena, "pay-reversed-%" G_GINT64_FORMAT, s->id);
  return line.reversed
         || (insert_reversal (db, s, &line, error)
             && tell (s, db, "payment-reversed", line.payee, line.amount, s->reason, key, error)
             && log_deed (db, s, "reversed", s->id, line.payee, error));
}

bool
payments_reverse (Payments *payments, const AccessAccount *who, gint64 line, bool recovered,
                  const char *reason, GError **error)
{
  g_autoptr (Arena) arena = arena_new ();
  Settling s = {
    .payments = payments, .arena = arena, .who = who, .id = line, .recovered = recovered, .reason = reason
  };
  return pay_check_words (reason, "the reason", error)
         && store_write (payments->store, write_reversal, &s, error);
}
