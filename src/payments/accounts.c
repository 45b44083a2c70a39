/* Accounts of payees: the one that holds, and every one before it. */
#include "payments/payments_private.h"

#include <string.h>

enum { DIGITS_LEAST = 8, DIGITS_MOST = 30 };

const char *
pay_masked (Arena *arena, Text number)
{
  return number.len < 4 ? "" : arena_printf (arena, "****%.4s", number.bytes + number.len - 4);
}

/* ---- setting ------------------------------------------------------------------------------ */

typedef struct {
  Payments *payments;
  const AccessAccount *who;
  Subject payee;
  const char *holder, *number;
} Setting;

static bool
is_same (StoreConnection *db, const Setting *a, bool *same, GError **error)
{
  StoreStatement *s = store_statement (db, "SELECT holder, number FROM pay_account WHERE payee = ?1", error);
  *same = false;
  if (!s)
    return false;
  store_bind_integer (s, 1, a->payee);
  StoreStep step = store_step (s, error);
  if (step != STORE_ROW)
    return step == STORE_DONE;
  *same = text_equal (store_text (s, 0), text_of (a->holder))
          && text_equal (store_text (s, 1), text_of (a->number));
  store_reset (s);
  return true;
}

static void
bind_account (StoreStatement *s, const Setting *a)
{
  store_bind_integer (s, 1, a->payee);
  store_bind_text (s, 2, a->holder);
  store_bind_text (s, 3, a->number);
  store_bind_integer (s, 4, payments_now (a->payments));
  store_bind_text (s, 5, a->who->name);
}

static bool
put_account (StoreConnection *db, const Setting *a, GError **error)
{
  StoreStatement *s = store_statement (
      db,
      "INSERT INTO pay_account (payee, holder, number, set_at, set_by) VALUES (?1, ?2, ?3, ?4, ?5)"
      " ON CONFLICT (payee) DO UPDATE SET holder = excluded.holder, number = excluded.number,"
      " set_at = excluded.set_at, set_by = excluded.set_by",
      error);
  if (!s)
    return false;
  bind_account (s, a);
  return store_run (s, error);
}

static bool
put_change (StoreConnection *db, const Setting *a, GError **error)
{
  StoreStatement *s;
  gint64 id;
  if (!store_query (db, "SELECT coalesce (max (id), 0) + 1 FROM pay_account_change", 1, &id, error)
      || !(s = store_statement (db,
                                "INSERT INTO pay_account_change (payee, holder, number, set_at, set_by, id)"
                                " VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
                                error)))
    return false;
  bind_account (s, a);
  store_bind_integer (s, 6, id);
  return store_run (s, error);
}

/* The payee hears of each change: who is paid would be the first to know that it was somebody else's. */
static bool
tell_account (StoreConnection *db, const Setting *a, GError **error)
{
  g_autoptr (Arena) arena = arena_new ();
  NoticeWord words[] = { { "number", pay_masked (arena, text_of (a->number)), NULL } };
  Notice notice = { .subject = a->payee,
                    .kind = "payment-account",
                    .words = words,
                    .n_words = G_N_ELEMENTS (words),
                    .link = PAY_OWN_PAGE,
                    .at = payments_now (a->payments) };
  return notices_put (db, &notice, error);
}

static bool
write_account (StoreConnection *db, gpointer data, GError **error)
{
  const Setting *a = data;
  bool same;
  if (!is_same (db, a, &same, error))
    return false;
  AuditEntry entry = pay_entry (a->who, AUDIT_WRITE, "{\"account\":\"set\"}");
  entry.subject = a->payee;
  return same
         || (put_account (db, a, error) && put_change (db, a, error) && tell_account (db, a, error)
             && audit_append (db, &entry, error));
}

static bool
is_account (const char *number)
{
  size_t n = strlen (number);
  return n >= DIGITS_LEAST && n <= DIGITS_MOST && strspn (number, "0123456789") == n;
}

/* People write numbers in groups: spaces and hyphens between digits mean nothing. */
static char *
without_gaps (const char *number)
{
  g_autoptr (GString) digits = g_string_new (NULL);
  for (const char *p = number ? number : ""; *p; p++)
    if (*p != ' ' && *p != '-')
      g_string_append_c (digits, *p);
  return g_string_free (g_steal_pointer (&digits), FALSE);
}

static bool
check_own (const AccessAccount *who, Subject payee, GError **error)
{
  if (who && payee && (who->subject == payee || access_may (who, ACCESS_PAY)))
    return true;
  g_set_error (error, FAULT, FAULT_DENIED, "an account is told by who is paid, or by who handles payments");
  return false;
}

bool
payments_set_account (Payments *payments, const AccessAccount *who, Subject payee, const char *holder,
                      const char *number, GError **error)
{
  g_autofree char *digits = without_gaps (number), *name = g_strstrip (g_strdup (holder ? holder : ""));
  if (!check_own (who, payee, error) || !pay_check_words (name, "the holder's name", error))
    return false;
  if (is_account (digits))
    return store_write (payments->store, write_account, &(Setting){ payments, who, payee, name, digits },
                        error);
  g_set_error (error, FAULT, FAULT_INPUT, "an account number has %d to %d digits, and nothing else",
               DIGITS_LEAST, DIGITS_MOST);
  return false;
}

/* ---- reading -------------------------------------------------------------------------------- */

const PaymentsAccount *
payments_accounts (Payments *payments, Arena *arena, const AccessAccount *who, Subject payee, size_t limit,
                   size_t *n, GError **error)
{
  g_autoptr (GArray) accounts = g_array_new (FALSE, FALSE, sizeof (PaymentsAccount));
  if (!check_own (who, payee, error))
    return NULL;
  g_autoptr (StoreReader) reader = store_reader (payments->store, error);
  StoreStatement *s = reader
                          ? store_statement (store_reader_db (reader),
                                             "SELECT holder, number, set_at, set_by FROM pay_account_change"
                                             " WHERE payee = ?1 ORDER BY id DESC LIMIT ?2",
                                             error)
                          : NULL;
  if (!s)
    return NULL;
  store_bind_integer (s, 1, payee);
  store_bind_integer (s, 2, (gint64)MIN (limit, PAY_PAGE_MOST));
  StoreStep step;
  while ((step = store_step (s, error)) == STORE_ROW) {
    PaymentsAccount one = { store_string (s, 0, arena), pay_masked (arena, store_text (s, 1)),
                            store_integer (s, 2), store_string (s, 3, arena) };
    g_array_append_val (accounts, one);
  }
  *n = accounts->len;
  return step == STORE_DONE ? arena_copy (arena, accounts->data, accounts->len * sizeof (PaymentsAccount))
                            : NULL;
}
