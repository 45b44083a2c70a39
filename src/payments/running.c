/* Entitlements as they stand, and how they came to it. */
#include "payments/payments_private.h"

/* With the term that was made last: what holds from its month on. */
#define ENTITLEMENT_COLUMNS                                                                                  \
  "SELECT e.id, e.matter, e.number, e.case_id, e.subject, e.payee, e.monthly, e.amount, e.first_month,"      \
  " t.turn, t.first_month, t.amount FROM pay_entitlement e LEFT JOIN pay_term t ON t.id ="                   \
  " (SELECT max (u.id) FROM pay_term u WHERE u.entitlement = e.id) "

static void
read_entitlement (const Payments *payments, StoreStatement *s, Arena *arena, PaymentsEntitlement *e)
{
  *e = (PaymentsEntitlement){ .id = store_integer (s, 0),
                              .matter_key = store_string (s, 1, arena),
                              .number = store_string (s, 2, arena),
                              .case_id = store_integer (s, 3),
                              .subject = store_integer (s, 4),
                              .payee = store_integer (s, 5),
                              .monthly = store_integer (s, 6) != 0,
                              .granted_fen = store_integer (s, 7),
                              .from = store_integer (s, 8),
                              .amount_fen = store_integer (s, 7),
                              .since = store_integer (s, 8) };
  e->matter = policy_matter (payments->options.package, e->matter_key);
  if (store_is_null (s, 9))
    return;
  PaymentsTurn turn = (PaymentsTurn)store_integer (s, 9);
  e->ended = turn == PAYMENTS_END;
  e->suspended = turn == PAYMENTS_SUSPEND;
  e->since = store_integer (s, 10);
  e->amount_fen = store_integer (s, 11);
}

/* ---- many ----------------------------------------------------------------------------- */

/* Those of MATTER above AFTER; with a NUMBER, the one that it gave. */
static bool
read_all (const Payments *payments, Arena *arena, const PolicyMatter *matter, const char *number,
          gint64 after, size_t limit, GArray *to, GError **error)
{
  g_autoptr (StoreReader) reader = store_reader (payments->store, error);
  StoreStatement *s
      = reader ? store_statement (store_reader_db (reader),
                                  ENTITLEMENT_COLUMNS
                                  "WHERE e.matter = ?1 AND e.id > ?2 AND e.number = coalesce (?3, e.number)"
                                  " ORDER BY e.id LIMIT ?4",
                                  error)
               : NULL;
  if (!s)
    return false;
  store_bind_text (s, 1, matter->key);
  store_bind_integer (s, 2, after);
  store_bind_text (s, 3, number);
  store_bind_integer (s, 4, (gint64)MIN (limit, PAY_PAGE_MOST));
  StoreStep step;
  while ((step = store_step (s, error)) == STORE_ROW) {
    PaymentsEntitlement one;
    read_entitlement (payments, s, arena, &one);
    g_array_append_val (to, one);
  }
  return step == STORE_DONE;
}

static bool
log_all (const Payments *payments, const AccessAccount *who, const PaymentsEntitlement *all, size_t n,
         GError **error)
{
  g_autoptr (AuditSet) payees = audit_set_new ();
  for (size_t i = 0; i < n; i++)
    audit_set_add (payees, all[i].payee);
  return !n || pay_log_read (payments, who, "{\"entitlements\":true}", payees, error);
}

const PaymentsEntitlement *
payments_entitlements (Payments *payments, Arena *arena, const AccessAccount *who, const PolicyMatter *matter,
                       const char *number, gint64 after, size_t limit, size_t *n, GError **error)
{
  g_autoptr (GArray) all = g_array_new (FALSE, FALSE, sizeof (PaymentsEntitlement));
  *n = 0;
  if (!pay_check (who, matter, ACCESS_PAY, error)
      || !read_all (payments, arena, matter, number, after, limit, all, error))
    return NULL;
  *n = all->len;
  const PaymentsEntitlement *kept = arena_copy (arena, all->data, all->len * sizeof (PaymentsEntitlement));
  return log_all (payments, who, kept, *n, error) ? kept : NULL;
}

/* ---- one ------------------------------------------------------------------------------- */

static bool
find (const Payments *payments, Arena *arena, gint64 id, PaymentsEntitlement *e, GError **error)
{
  g_autoptr (StoreReader) reader = store_reader (payments->store, error);
  StoreStatement *s
      = reader ? store_statement (store_reader_db (reader), ENTITLEMENT_COLUMNS "WHERE e.id = ?1", error)
               : NULL;
  if (!s)
    return false;
  store_bind_integer (s, 1, id);
  StoreStep step = store_step (s, error);
  if (step == STORE_DONE)
    g_set_error (error, FAULT, FAULT_NOT_FOUND, "there is no entitlement %" G_GINT64_FORMAT, id);
  if (step != STORE_ROW)
    return false;
  read_entitlement (payments, s, arena, e);
  store_reset (s);
  return pay_last_month (store_reader_db (reader), id, &e->last_listed, error);
}

const PaymentsEntitlement *
payments_entitlement (Payments *payments, Arena *arena, const AccessAccount *who, gint64 id, GError **error)
{
  PaymentsEntitlement *e = arena_new0 (arena, PaymentsEntitlement, 1);
  return find (payments, arena, id, e, error) && pay_check (who, e->matter, ACCESS_PAY, error)
                 && log_all (payments, who, e, 1, error)
             ? e
             : NULL;
}

const PaymentsTurned *
payments_history (Payments *payments, Arena *arena, const AccessAccount *who, const PaymentsEntitlement *of,
                  size_t *n, GError **error)
{
  g_autoptr (GArray) all = g_array_new (FALSE, FALSE, sizeof (PaymentsTurned));
  if (!pay_check (who, of->matter, ACCESS_PAY, error))
    return NULL;
  g_autoptr (StoreReader) reader = store_reader (payments->store, error);
  StoreStatement *s = reader ? store_statement (store_reader_db (reader),
                                                "SELECT turn, first_month, amount, reason, decision, made_at,"
                                                " made_by FROM pay_term WHERE entitlement = ?1 ORDER BY id",
                                                error)
                             : NULL;
  if (!s)
    return NULL;
  store_bind_integer (s, 1, of->id);
  StoreStep step;
  while ((step = store_step (s, error)) == STORE_ROW) {
    PaymentsTurned one = { .term = { .turn = (PaymentsTurn)store_integer (s, 0),
                                     .from = store_integer (s, 1),
                                     .amount_fen = store_integer (s, 2),
                                     .reason = store_string (s, 3, arena),
                                     .decision = store_string (s, 4, arena) },
                           .made_at = store_integer (s, 5),
                           .made_by = store_string (s, 6, arena) };
    g_array_append_val (all, one);
  }
  *n = all->len;
  return step == STORE_DONE ? arena_copy (arena, all->data, all->len * sizeof (PaymentsTurned)) : NULL;
}
