/* Lists, lines, the report. */
#include "payments/payments_private.h"

/* ---- lists ------------------------------------------------------------------------------ */

#define LIST_COLUMNS                                                                                         \
  "SELECT p.id, p.matter, p.body, p.month, p.state, p.made_by, p.made_at, p.approved_by, p.approved_at,"     \
  " p.reason, p.exported_at, p.digest, p.n_lines, p.total,"                                                  \
  " CAST (coalesce ((SELECT sum (l.amount) FROM pay_line l WHERE l.list = p.id AND l.state = 1), 0) AS"      \
  " INTEGER),"                                                                                               \
  " CAST (coalesce ((SELECT sum (l.amount) FROM pay_line l WHERE l.list = p.id AND l.state = 2), 0) AS"      \
  " INTEGER),"                                                                                               \
  " CAST (coalesce ((SELECT sum (l.amount) FROM pay_line l WHERE l.list = p.id AND l.state = 0), 0) AS"      \
  " INTEGER) FROM pay_list p "

static void
read_list (const Payments *payments, StoreStatement *s, Arena *arena, PaymentsList *list)
{
  *list = (PaymentsList){ .id = store_integer (s, 0),
                          .matter_key = store_string (s, 1, arena),
                          .body = store_string (s, 2, arena),
                          .month = store_integer (s, 3),
                          .state = (PaymentsState)store_integer (s, 4),
                          .made_by = store_string (s, 5, arena),
                          .made_at = store_integer (s, 6),
                          .approved_by = store_string (s, 7, arena),
                          .approved_at = store_integer (s, 8),
                          .reason = store_string (s, 9, arena),
                          .exported_at = store_integer (s, 10),
                          .digest = store_string (s, 11, arena),
                          .n_lines = store_integer (s, 12),
                          .total_fen = store_integer (s, 13),
                          .paid_fen = store_integer (s, 14),
                          .returned_fen = store_integer (s, 15),
                          .pending_fen = store_integer (s, 16) };
  list->matter = policy_matter (payments->options.package, list->matter_key);
}

bool
pay_list_find (Payments *payments, StoreConnection *db, Arena *arena, gint64 id, PaymentsList *list,
               GError **error)
{
  StoreStatement *s = store_statement (db, LIST_COLUMNS "WHERE p.id = ?1", error);
  if (!s)
    return false;
  store_bind_integer (s, 1, id);
  StoreStep step = store_step (s, error);
  if (step == STORE_DONE)
    g_set_error (error, FAULT, FAULT_NOT_FOUND, "there is no payment list %" G_GINT64_FORMAT, id);
  if (step != STORE_ROW)
    return false;
  read_list (payments, s, arena, list);
  store_reset (s);
  return true;
}

const PaymentsList *
payments_list (Payments *payments, Arena *arena, const AccessAccount *who, gint64 id, GError **error)
{
  PaymentsList *list = arena_new0 (arena, PaymentsList, 1);
  g_autoptr (StoreReader) reader = store_reader (payments->store, error);
  return reader && pay_list_find (payments, store_reader_db (reader), arena, id, list, error)
                 && pay_check (who, list->matter, ACCESS_PAY, error)
             ? list
             : NULL;
}

const PaymentsList *
payments_lists (Payments *payments, Arena *arena, const AccessAccount *who, gint64 after, size_t limit,
                size_t *n, GError **error)
{
  g_autoptr (GArray) lists = g_array_new (FALSE, FALSE, sizeof (PaymentsList));
  if (!access_may (who, ACCESS_PAY)) {
    g_set_error (error, FAULT, FAULT_DENIED, "payment lists are for those who handle payments");
    return NULL;
  }
  g_autoptr (StoreReader) reader = store_reader (payments->store, error);
  StoreStatement *s
      = reader
            ? store_statement (store_reader_db (reader),
                               LIST_COLUMNS "WHERE (?1 = 0 OR p.id < ?1) AND p.body = coalesce (?2, p.body)"
                                            " ORDER BY p.id DESC LIMIT ?3",
                               error)
            : NULL;
  if (!s)
    return NULL;
  store_bind_integer (s, 1, after);
  store_bind_text (s, 2, who->role == ACCESS_OPERATOR ? NULL : who->department ? who->department : "");
  store_bind_integer (s, 3, (gint64)MIN (limit, PAY_PAGE_MOST));
  StoreStep step;
  while ((step = store_step (s, error)) == STORE_ROW) {
    PaymentsList list;
    read_list (payments, s, arena, &list);
    g_array_append_val (lists, list);
  }
  *n = lists->len;
  return step == STORE_DONE ? arena_copy (arena, lists->data, lists->len * sizeof (PaymentsList)) : NULL;
}

bool
pay_list_verify (StoreConnection *db, gint64 id, GError **error)
{
  StoreStatement *s = store_statement (
      db,
      "SELECT p.n_lines, p.total, (SELECT count (*) FROM pay_line l WHERE l.list = p.id),"
      " CAST (coalesce ((SELECT sum (l.amount) FROM pay_line l WHERE l.list = p.id), 0) AS INTEGER)"
      " FROM pay_list p WHERE p.id = ?1",
      error);
  if (!s)
    return false;
  store_bind_integer (s, 1, id);
  StoreStep step = store_step (s, error);
  bool same = step == STORE_ROW && store_integer (s, 0) == store_integer (s, 2)
              && store_integer (s, 1) == store_integer (s, 3);
  if (step == STORE_ROW)
    store_reset (s);
  if (step != STORE_FAILED && !same)
    g_set_error (error, FAULT, FAULT_SYSTEM,
                 "list %" G_GINT64_FORMAT " does not add up to its total: nothing was changed", id);
  return same;
}

/* ---- lines --------------------------------------------------------------------------------- */

/* The account is that of the order, once there is one. */
#define LINE_COLUMNS                                                                                         \
  "SELECT l.id, l.list, l.entitlement, l.month, l.amount, e.number, e.payee, coalesce (o.number, a.number)," \
  " l.state, coalesce (r.reason, l.reason), r.id, e.matter FROM pay_line l"                                  \
  " JOIN pay_entitlement e ON e.id = l.entitlement LEFT JOIN pay_account a ON a.payee = e.payee"             \
  " LEFT JOIN pay_order o ON o.entitlement = l.entitlement AND o.list = l.list"                              \
  " LEFT JOIN pay_reversal r ON r.line = l.id "

static void
read_line (const Payments *payments, StoreStatement *s, Arena *arena, PaymentsLine *line)
{
  *line = (PaymentsLine){ .id = store_integer (s, 0),
                          .list = store_integer (s, 1),
                          .entitlement = store_integer (s, 2),
                          .month = store_integer (s, 3),
                          .amount_fen = store_integer (s, 4),
                          .number = store_string (s, 5, arena),
                          .payee = store_integer (s, 6),
                          .account = store_is_null (s, 7) ? "" : pay_masked (arena, store_text (s, 7)),
                          .state = (PaymentsLineState)store_integer (s, 8),
                          .reason = store_string (s, 9, arena),
                          .reversed = !store_is_null (s, 10),
                          .matter_key = store_string (s, 11, arena) };
  line->matter = policy_matter (payments->options.package, line->matter_key);
}

/* SQL's ?1 is ID, ?2 AFTER and ?3 the number of rows. */
static const PaymentsLine *
read_lines (Payments *payments, Arena *arena, const char *sql, gint64 id, gint64 after, size_t limit,
            size_t *n, GError **error)
{
  g_autoptr (GArray) lines = g_array_new (FALSE, FALSE, sizeof (PaymentsLine));
  g_autoptr (StoreReader) reader = store_reader (payments->store, error);
  StoreStatement *s = reader ? store_statement (store_reader_db (reader), sql, error) : NULL;
  if (!s)
    return NULL;
  store_bind_integer (s, 1, id);
  store_bind_integer (s, 2, after);
  store_bind_integer (s, 3, (gint64)MIN (limit, PAY_PAGE_MOST));
  StoreStep step;
  while ((step = store_step (s, error)) == STORE_ROW) {
    PaymentsLine line;
    read_line (payments, s, arena, &line);
    g_array_append_val (lines, line);
  }
  *n = lines->len;
  return step == STORE_DONE ? arena_copy (arena, lines->data, lines->len * sizeof (PaymentsLine)) : NULL;
}

bool
pay_log_read (const Payments *payments, const AccessAccount *who, const char *detail, AuditSet *payees,
              GError **error)
{
  AuditEntry entry = pay_entry (who, AUDIT_READ, detail);
  entry.subjects = payees;
  return audit_record (payments->store, &entry, error);
}

const PaymentsLine *
payments_lines (Payments *payments, Arena *arena, const AccessAccount *who, const PaymentsList *list,
                gint64 after, size_t limit, size_t *n, GError **error)
{
  const PaymentsLine *lines
      = pay_check (who, list->matter, ACCESS_PAY, error)
            ? read_lines (payments, arena,
                          LINE_COLUMNS "WHERE l.list = ?1 AND l.id > ?2 ORDER BY l.id LIMIT ?3", list->id,
                          after, limit, n, error)
            : NULL;
  if (!lines || !*n)
    return lines;
  g_autoptr (AuditSet) payees = audit_set_new ();
  for (size_t i = 0; i < *n; i++)
    audit_set_add (payees, lines[i].payee);
  const char *detail = arena_printf (arena, "{\"list\":%" G_GINT64_FORMAT "}", list->id);
  return pay_log_read (payments, who, detail, payees, error) ? lines : NULL;
}

const PaymentsLine *
payments_paid (Payments *payments, Arena *arena, const AccessAccount *who, const PaymentsEntitlement *of,
               size_t limit, size_t *n, GError **error)
{
  return pay_check (who, of->matter, ACCESS_PAY, error)
             ? read_lines (payments, arena,
                           LINE_COLUMNS "WHERE l.entitlement = ?1 AND l.id > ?2 ORDER BY l.id DESC LIMIT ?3",
                           of->id, 0, limit, n, error)
             : NULL;
}

const PaymentsLine *
payments_own (Payments *payments, Arena *arena, const AccessAccount *who, gint64 before, size_t limit,
              size_t *n, GError **error)
{
  if (!who || !who->subject) {
    g_set_error (error, FAULT, FAULT_DENIED, "payments of one's own are for people and bodies");
    return NULL;
  }
  return read_lines (payments, arena,
                     LINE_COLUMNS "JOIN pay_list p ON p.id = l.list AND p.state IN (1, 2, 3)"
                                  " WHERE e.payee = ?1 AND (?2 = 0 OR l.id < ?2) ORDER BY l.id DESC LIMIT ?3",
                     who->subject, before, limit, n, error);
}

/* ---- the report --------------------------------------------------------------------------------- */

static bool
sum_of (StoreConnection *db, const char *sql, const char *matter, gint64 *to, GError **error)
{
  StoreStatement *s = store_statement (db, sql, error);
  *to = 0;
  if (!s)
    return false;
  store_bind_text (s, 1, matter);
  if (store_step (s, error) != STORE_ROW)
    return false;
  *to = store_integer (s, 0);
  store_reset (s);
  return true;
}

#define LINES_OF                                                                                             \
  "SELECT CAST (coalesce (sum (l.amount), 0) AS INTEGER) FROM pay_line l JOIN pay_list p ON p.id = l.list"   \
  " WHERE p.matter = ?1 AND p.state <> 4 AND "
#define REVERSALS_OF                                                                                         \
  "SELECT CAST (coalesce (sum (r.amount), 0) AS INTEGER) FROM pay_reversal r JOIN pay_entitlement e"         \
  " ON e.id = r.entitlement WHERE e.matter = ?1"

/* Each on a way of its own: totals from lists, states from lines, what is owed from decisions. */
static bool
read_sums (StoreConnection *db, const char *matter, PaymentsReport *r, gint64 *last_month, GError **error)
{
  const struct {
    const char *sql;
    gint64 *to;
  } sums[] = {
    { "SELECT CAST (coalesce (sum (total), 0) AS INTEGER) FROM pay_list WHERE matter = ?1 AND state <> 4",
      &r->listed },
    { "SELECT coalesce (max (month), 0) FROM pay_list WHERE matter = ?1", last_month },
    { LINES_OF "l.standing_month IS NOT NULL", &r->standing },
    { LINES_OF "l.reversal IS NULL AND l.state = 1", &r->paid },
    { LINES_OF "l.reversal IS NULL AND l.state = 2", &r->returned },
    { LINES_OF "l.reversal IS NULL AND l.state = 0", &r->pending },
    { LINES_OF "l.standing_reversal IS NOT NULL", &r->netted },
    { REVERSALS_OF, &r->reversed },
    { REVERSALS_OF " AND r.recovered <> 0", &r->recovered },
  };
  gint64 all_netted;
  for (size_t i = 0; i < G_N_ELEMENTS (sums); i++)
    if (!sum_of (db, sums[i].sql, matter, sums[i].to, error))
      return false;
  if (!sum_of (db, LINES_OF "l.reversal IS NOT NULL", matter, &all_netted, error))
    return false;
  r->netted = -r->netted;
  r->listed -= all_netted;
  return true;
}

static bool
read_owed (StoreConnection *db, const char *matter, gint64 month, PaymentsReport *r, GError **error)
{
  g_autoptr (GArray) owed = g_array_new (FALSE, FALSE, sizeof (PayOwed));
  g_autoptr (GArray) waiting = g_array_new (FALSE, FALSE, sizeof (PayWaiting));
  PayOwedAll all = { .owed = owed };
  if (!pay_owed (db, matter, month, &all, error) || !pay_waiting (db, matter, waiting, error))
    return false;
  r->granted = all.granted;
  for (guint i = 0; i < owed->len; i++) {
    const PayOwed *one = &g_array_index (owed, PayOwed, i);
    r->not_listed += one->amount_fen;
    r->no_account += one->has_account ? 0 : one->amount_fen;
  }
  for (guint i = 0; i < waiting->len; i++)
    r->to_net += g_array_index (waiting, PayWaiting, i).amount_fen;
  return true;
}

bool
payments_reconcile (Payments *payments, const AccessAccount *who, const PolicyMatter *matter, gint64 month,
                    PaymentsReport *report, GError **error)
{
  gint64 last = 0;
  *report = (PaymentsReport){ 0 };
  if (!pay_check (who, matter, ACCESS_PAY, error))
    return false;
  g_autoptr (StoreReader) reader = store_reader (payments->store, error);
  StoreConnection *db = reader ? store_reader_db (reader) : NULL;
  if (!db || !read_sums (db, matter->key, report, &last, error)
      || !read_owed (db, matter->key, MAX (month, last), report, error))
    return false;
  const PaymentsReport *r = report;
  report->balances = r->granted == r->standing + r->not_listed
                     && r->listed == r->paid + r->returned + r->pending && r->standing == r->paid + r->pending
                     && r->reversed == r->recovered + r->netted + r->to_net;
  return true;
}
