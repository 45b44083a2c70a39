/* What a matter owes: entitlements and their terms, month by month, without the months that stand on a list.
 */
#include "payments/payments_private.h"

typedef struct {
  gint64 entitlement, first, amount;
} Term;

/* Rows of three statements that go along the entitlements together. */
typedef struct {
  StoreStatement *statement;
  bool ended;
  gint64 entitlement; /* of the row at hand */
} Walk;

static bool
step (Walk *w, GError **error)
{
  StoreStep next = store_step (w->statement, error);
  w->ended = next != STORE_ROW;
  w->entitlement = w->ended ? G_MAXINT64 : store_integer (w->statement, 0);
  return next != STORE_FAILED;
}

static bool
begin (Walk *w, StoreConnection *db, const char *sql, const char *matter, GError **error)
{
  w->statement = store_statement (db, sql, error);
  if (!w->statement)
    return false;
  store_bind_text (w->statement, 1, matter);
  return step (w, error);
}

/* The last term that reaches MONTH holds. */
static gint64
amount_in (const GArray *terms, gint64 month)
{
  for (guint i = terms->len; i-- > 0;) {
    const Term *term = &g_array_index (terms, Term, i);
    if (term->first <= month)
      return term->amount;
  }
  return 0;
}

/* All terms of ENTITLEMENT, the grant first. */
static bool
take_terms (Walk *terms, gint64 entitlement, GArray *to, GError **error)
{
  while (terms->entitlement < entitlement)
    if (!step (terms, error))
      return false;
  while (terms->entitlement == entitlement) {
    Term term = { entitlement, store_integer (terms->statement, 1), store_integer (terms->statement, 2) };
    g_array_append_val (to, term);
    if (!step (terms, error))
      return false;
  }
  return true;
}

/* Whether a line of ENTITLEMENT stands for MONTH; months come in order. */
static bool
stands (Walk *lines, gint64 entitlement, gint64 month, bool *found, GError **error)
{
  while (lines->entitlement < entitlement
         || (lines->entitlement == entitlement && store_integer (lines->statement, 1) < month))
    if (!step (lines, error))
      return false;
  *found = lines->entitlement == entitlement && store_integer (lines->statement, 1) == month;
  return true;
}

static bool
take_months (const Walk *all, Walk *lines, const GArray *terms, gint64 until, PayOwedAll *to, GError **error)
{
  StoreStatement *s = all->statement;
  gint64 first = store_integer (s, 1), last = store_integer (s, 2) ? until : MIN (first, until);
  PayOwed owed = { .entitlement = all->entitlement,
                   .payee = store_integer (s, 4),
                   .has_account = !store_is_null (s, 5) };
  for (owed.month = first; owed.month <= last; owed.month++) {
    bool found;
    owed.amount_fen = amount_in (terms, owed.month);
    to->granted += owed.amount_fen;
    if (!stands (lines, owed.entitlement, owed.month, &found, error))
      return false;
    if (owed.amount_fen > 0 && !found)
      g_array_append_val (to->owed, owed);
  }
  return true;
}

static void
end (Walk *walk)
{
  if (walk->statement && !walk->ended)
    store_reset (walk->statement);
}

bool
pay_owed (StoreConnection *db, const char *matter, gint64 month, PayOwedAll *to, GError **error)
{
  Walk all = { 0 }, terms = { 0 }, lines = { 0 };
  g_autoptr (GArray) own = g_array_new (FALSE, FALSE, sizeof (Term));
  bool good
      = begin (&all, db,
               "SELECT e.id, e.first_month, e.monthly, e.amount, e.payee, a.payee FROM pay_entitlement e"
               " LEFT JOIN pay_account a ON a.payee = e.payee WHERE e.matter = ?1 ORDER BY e.id",
               matter, error)
        && begin (&terms, db,
                  "SELECT t.entitlement, t.first_month, t.amount FROM pay_term t JOIN pay_entitlement e"
                  " ON e.id = t.entitlement WHERE e.matter = ?1 ORDER BY t.entitlement, t.id",
                  matter, error)
        && begin (&lines, db,
                  "SELECT l.entitlement, l.standing_month FROM pay_line l JOIN pay_entitlement e"
                  " ON e.id = l.entitlement WHERE e.matter = ?1 AND l.standing_month IS NOT NULL"
                  " ORDER BY l.entitlement, l.standing_month",
                  matter, error);
  while (good && !all.ended) {
    Term grant = { all.entitlement, store_integer (all.statement, 1), store_integer (all.statement, 3) };
    g_array_set_size (own, 0);
    g_array_append_val (own, grant);
    good = take_terms (&terms, all.entitlement, own, error)
           && take_months (&all, &lines, own, month, to, error) && step (&all, error);
  }
  end (&all);
  end (&terms);
  end (&lines);
  return good;
}

bool
pay_waiting (StoreConnection *db, const char *matter, GArray *waiting, GError **error)
{
  StoreStatement *s = store_statement (
      db,
      "SELECT r.id, r.entitlement, r.amount FROM pay_reversal r JOIN pay_entitlement e ON e.id = "
      "r.entitlement"
      " WHERE e.matter = ?1 AND r.recovered = 0 AND NOT EXISTS"
      " (SELECT 1 FROM pay_line l WHERE l.standing_reversal = r.id) ORDER BY r.entitlement, r.id",
      error);
  if (!s)
    return false;
  store_bind_text (s, 1, matter);
  StoreStep next;
  while ((next = store_step (s, error)) == STORE_ROW) {
    PayWaiting one = { store_integer (s, 0), store_integer (s, 1), store_integer (s, 2) };
    g_array_append_val (waiting, one);
  }
  return next == STORE_DONE;
}
