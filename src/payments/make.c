/* A draft: what is owed, and what is netted against it, whole or not at all. */
#include "payments/payments_private.h"

typedef struct {
  Payments *payments;
  const AccessAccount *who;
  const PolicyMatter *matter;
  gint64 month, now, id;
  StoreOnce once;
  gint64 next_line, n_lines, total;
} Making;

static bool
check_no_draft (StoreConnection *db, const Making *m, GError **error)
{
  StoreStatement *s
      = store_statement (db, "SELECT id FROM pay_list WHERE matter = ?1 AND state = 0 LIMIT 1", error);
  if (!s)
    return false;
  store_bind_text (s, 1, m->matter->key);
  StoreStep step = store_step (s, error);
  if (step != STORE_ROW)
    return step == STORE_DONE;
  g_set_error (error, FAULT, FAULT_CONFLICT,
               "list %" G_GINT64_FORMAT " is a draft: approve or discard it before another is made",
               store_integer (s, 0));
  store_reset (s);
  return false;
}

static bool
insert_line (StoreConnection *db, Making *m, const PayOwed *owed, const PayWaiting *netted, GError **error)
{
  StoreStatement *s = store_statement (db,
                                       "INSERT INTO pay_line (id, list, entitlement, month, amount, reversal,"
                                       " state, standing_month, standing_reversal)"
                                       " VALUES (?1, ?2, ?3, ?4, ?5, ?6, 0, ?7, ?6)",
                                       error);
  if (!s)
    return false;
  gint64 amount = netted ? -netted->amount_fen : owed->amount_fen;
  store_bind_integer (s, 1, m->next_line++);
  store_bind_integer (s, 2, m->id);
  store_bind_integer (s, 3, owed->entitlement);
  store_bind_integer (s, 4, owed->month);
  store_bind_integer (s, 5, amount);
  if (netted) {
    store_bind_integer (s, 6, netted->id);
    store_bind_null (s, 7);
  } else {
    store_bind_null (s, 6);
    store_bind_integer (s, 7, owed->month);
  }
  m->n_lines++;
  m->total += amount;
  return store_run (s, error);
}

/* The months of one entitlement from I on; returns where the next begins, 0 with an error.  What is to be
 * netted is taken as far as the months cover it. */
static guint
add_entitlement (StoreConnection *db, Making *m, const GArray *owed, guint i, const GArray *waiting, guint *w,
                 GError **error)
{
  const PayOwed *first = &g_array_index (owed, PayOwed, i);
  gint64 sum = 0;
  for (; i < owed->len && g_array_index (owed, PayOwed, i).entitlement == first->entitlement; i++) {
    const PayOwed *one = &g_array_index (owed, PayOwed, i);
    if (!one->has_account)
      continue;
    sum += one->amount_fen;
    if (!insert_line (db, m, one, NULL, error))
      return 0;
  }
  while (*w < waiting->len && g_array_index (waiting, PayWaiting, *w).entitlement < first->entitlement)
    ++*w;
  for (; *w < waiting->len && g_array_index (waiting, PayWaiting, *w).entitlement == first->entitlement;
       ++*w) {
    const PayWaiting *one = &g_array_index (waiting, PayWaiting, *w);
    if (one->amount_fen > sum)
      continue;
    sum -= one->amount_fen;
    if (!insert_line (db, m, first, one, error))
      return 0;
  }
  return i;
}

static bool
add_lines (StoreConnection *db, Making *m, GError **error)
{
  g_autoptr (GArray) owed = g_array_new (FALSE, FALSE, sizeof (PayOwed));
  g_autoptr (GArray) waiting = g_array_new (FALSE, FALSE, sizeof (PayWaiting));
  PayOwedAll all = { .owed = owed };
  guint w = 0;
  if (!pay_owed (db, m->matter->key, m->month, &all, error)
      || !pay_waiting (db, m->matter->key, waiting, error)
      || !store_query (db, "SELECT coalesce (max (id), 0) + 1 FROM pay_line", 1, &m->next_line, error))
    return false;
  for (guint i = 0; i < owed->len;)
    if (!(i = add_entitlement (db, m, owed, i, waiting, &w, error)))
      return false;
  if (m->n_lines)
    return true;
  g_set_error (error, FAULT, FAULT_CONFLICT,
               owed->len ? "the accounts of all who are owed something are missing: ask for them first"
                         : "nothing is owed up to that month");
  return false;
}

static bool
insert_list (StoreConnection *db, const Making *m, GError **error)
{
  StoreStatement *s
      = store_statement (db,
                         "INSERT INTO pay_list (id, matter, body, month, state, made_by, made_at,"
                         " approved_at, exported_at, n_lines, total)"
                         " VALUES (?1, ?2, ?3, ?4, 0, ?5, ?6, 0, 0, ?7, ?8)",
                         error);
  if (!s)
    return false;
  store_bind_integer (s, 1, m->id);
  store_bind_text (s, 2, m->matter->key);
  store_bind_text (s, 3, m->matter->body);
  store_bind_integer (s, 4, m->month);
  store_bind_text (s, 5, m->who->name);
  store_bind_integer (s, 6, m->now);
  store_bind_integer (s, 7, m->n_lines);
  store_bind_integer (s, 8, m->total);
  return store_run (s, error);
}

static bool
write_draft (StoreConnection *db, gpointer data, GError **error)
{
  Making *m = data;
  if (!store_once_look (db, &m->once, &m->id, error))
    return false;
  if (m->id)
    return true;
  if (!check_no_draft (db, m, error)
      || !store_query (db, "SELECT coalesce (max (id), 0) + 1 FROM pay_list", 1, &m->id, error)
      || !add_lines (db, m, error) || !insert_list (db, m, error) || !pay_list_verify (db, m->id, error))
    return false;
  g_autofree char *detail = g_strdup_printf ("{\"list\":%" G_GINT64_FORMAT ",\"lines\":%" G_GINT64_FORMAT
                                             ",\"total_fen\":%" G_GINT64_FORMAT "}",
                                             m->id, m->n_lines, m->total);
  AuditEntry entry = pay_entry (m->who, AUDIT_WRITE, detail);
  return audit_append (db, &entry, error) && store_once_remember (db, &m->once, m->id, m->now, error);
}

gint64
payments_make (Payments *payments, const AccessAccount *who, const PolicyMatter *matter, gint64 month,
               const char *key, GError **error)
{
  if (!pay_check (who, matter, ACCESS_PAY, error))
    return 0;
  g_autofree char *body = g_strdup_printf ("%s|%" G_GINT64_FORMAT, matter->key, month);
  Making m = { .payments = payments,
               .who = who,
               .matter = matter,
               .month = month,
               .now = payments_now (payments),
               .once = { who->name, "payments", key, body } };
  if (month > payments_month (civil_day_of (m.now))) {
    g_set_error (error, FAULT, FAULT_INPUT, "that month has not begun: nothing is paid in advance");
    return 0;
  }
  return store_write (payments->store, write_draft, &m, error) ? m.id : 0;
}
