/* Opening, tables, names, who may. */
#include "payments/payments_private.h"

#include <string.h>

enum { TEXT_MOST = 500 };                    /* code points of a reason */
static const gint64 FEN_MOST = 100000000000; /* 1,000,000,000 yuan: more is a slip of the hand */

/* A line stands until it comes back or is dropped; meanwhile it has its month, or the reversal that it
 * nets, a second time: unique, so that each stands on one line at most. */
static const StoreMigration migrations[] = {
  { "payments", 1,
    "CREATE TABLE pay_entitlement (id INTEGER PRIMARY KEY, matter TEXT NOT NULL, number TEXT NOT NULL,"
    " case_id INTEGER NOT NULL, subject INTEGER NOT NULL, payee INTEGER NOT NULL, monthly INTEGER NOT NULL,"
    " amount INTEGER NOT NULL, first_month INTEGER NOT NULL, case_amount INTEGER NOT NULL, taken_at INTEGER "
    "NOT NULL,"
    " taken_by TEXT NOT NULL) STRICT;"
    "CREATE UNIQUE INDEX pay_entitlement_number ON pay_entitlement (matter, number);"
    "CREATE INDEX pay_entitlement_case ON pay_entitlement (case_id);"
    "CREATE TABLE pay_term (id INTEGER PRIMARY KEY, entitlement INTEGER NOT NULL, turn INTEGER NOT NULL,"
    " first_month INTEGER NOT NULL, amount INTEGER NOT NULL, reason TEXT NOT NULL, decision TEXT NOT NULL,"
    " made_at INTEGER NOT NULL, made_by TEXT NOT NULL) STRICT;"
    "CREATE UNIQUE INDEX pay_term_decision ON pay_term (entitlement, decision);"
    "CREATE TABLE pay_account (payee INTEGER PRIMARY KEY, holder TEXT NOT NULL, number TEXT NOT NULL,"
    " set_at INTEGER NOT NULL, set_by TEXT NOT NULL) STRICT;"
    "CREATE TABLE pay_list (id INTEGER PRIMARY KEY, matter TEXT NOT NULL, body TEXT NOT NULL,"
    " month INTEGER NOT NULL, state INTEGER NOT NULL, made_by TEXT NOT NULL, made_at INTEGER NOT NULL,"
    " approved_by TEXT, approved_at INTEGER NOT NULL, reason TEXT, exported_at INTEGER NOT NULL, digest TEXT,"
    " n_lines INTEGER NOT NULL, total INTEGER NOT NULL) STRICT;"
    "CREATE INDEX pay_list_matter ON pay_list (matter, id);"
    "CREATE TABLE pay_line (id INTEGER PRIMARY KEY, list INTEGER NOT NULL, entitlement INTEGER NOT NULL,"
    " month INTEGER NOT NULL, amount INTEGER NOT NULL, reversal INTEGER, state INTEGER NOT NULL,"
    " standing_month INTEGER, standing_reversal INTEGER, reason TEXT) STRICT;"
    "CREATE UNIQUE INDEX pay_line_once ON pay_line (entitlement, standing_month);"
    "CREATE UNIQUE INDEX pay_line_netted ON pay_line (standing_reversal);"
    "CREATE INDEX pay_line_list ON pay_line (list, entitlement, id);"
    /* What was sent to the treasury, as it was sent. */
    "CREATE TABLE pay_order (id INTEGER PRIMARY KEY, list INTEGER NOT NULL, entitlement INTEGER NOT NULL,"
    " payee INTEGER NOT NULL, holder TEXT NOT NULL, number TEXT NOT NULL, amount INTEGER NOT NULL) STRICT;"
    "CREATE INDEX pay_order_list ON pay_order (list, id);"
    "CREATE TABLE pay_reversal (id INTEGER PRIMARY KEY, line INTEGER NOT NULL, entitlement INTEGER NOT NULL,"
    " amount INTEGER NOT NULL, recovered INTEGER NOT NULL, reason TEXT NOT NULL, made_at INTEGER NOT NULL,"
    " made_by TEXT NOT NULL) STRICT;"
    "CREATE UNIQUE INDEX pay_reversal_line ON pay_reversal (line);"
    "CREATE INDEX pay_reversal_entitlement ON pay_reversal (entitlement, id);" },
  /* Every account that a payee had; orders are written when a list is approved, no longer when it leaves. */
  { "payments", 2,
    "CREATE TABLE pay_account_change (id INTEGER PRIMARY KEY, payee INTEGER NOT NULL, holder TEXT NOT NULL,"
    " number TEXT NOT NULL, set_at INTEGER NOT NULL, set_by TEXT NOT NULL) STRICT;"
    "CREATE INDEX pay_account_change_payee ON pay_account_change (payee, id);"
    "INSERT INTO pay_account_change (id, payee, holder, number, set_at, set_by)"
    " SELECT row_number () OVER (ORDER BY payee), payee, holder, number, set_at, set_by FROM pay_account;"
    "CREATE INDEX pay_order_entitlement ON pay_order (entitlement, list);"
    "CREATE INDEX pay_entitlement_payee ON pay_entitlement (payee, id);"
    "INSERT INTO pay_order (id, list, entitlement, payee, holder, number, amount)"
    " SELECT min (CASE WHEN l.reversal IS NULL THEN l.id END), l.list, l.entitlement, e.payee,"
    " a.holder, a.number, CAST (sum (l.amount) AS INTEGER) FROM pay_line l"
    " JOIN pay_list p ON p.id = l.list JOIN pay_entitlement e ON e.id = l.entitlement"
    " JOIN pay_account a ON a.payee = e.payee WHERE p.state = 1"
    " GROUP BY l.list, l.entitlement, e.payee, a.holder, a.number;" },
};

Payments *
payments_open (const PaymentsOptions *options, GError **error)
{
  Store *store = registry_store (options->registry);
  if (!audit_migrate (store, error) || !store_once_migrate (store, error)
      || !store_migrate (store, migrations, G_N_ELEMENTS (migrations), error))
    return NULL;
  Payments *payments = g_new0 (Payments, 1);
  *payments = (Payments){ *options, store };
  return payments;
}

void
payments_free (Payments *payments)
{
  g_free (payments);
}

gint64
payments_now (const Payments *payments)
{
  return payments->options.clock ? payments->options.clock (payments->options.clock_data)
                                 : g_get_real_time () / G_USEC_PER_SEC;
}

/* ---- months and money ---------------------------------------------------------------- */

gint64
payments_month (Day day)
{
  gint64 year;
  int month, ignored;
  civil_from_day (day, &year, &month, &ignored);
  return year * 12 + month - 1;
}

const char *
payments_month_text (Arena *arena, gint64 month)
{
  return arena_printf (arena, "%04d-%02d", (int)(month / 12), (int)(month % 12) + 1);
}

bool
payments_yuan_parse (const char *text, gint64 *fen)
{
  g_autoptr (GString) plain = g_string_new (NULL);
  Decimal yuan;
  gint64 given;
  for (const char *p = text ? text : ""; *p; p++)
    if (*p != ',' && !g_ascii_isspace (*p))
      g_string_append_c (plain, *p);
  if (!decimal_parse (text_of (plain->str), &yuan) || !decimal_to_scaled (yuan, 2, &given) || given < 0
      || given > FEN_MOST)
    return false;
  *fen = given;
  return true;
}

bool
payments_month_parse (const char *text, gint64 *month)
{
  Day day;
  g_autofree char *first = g_strdup_printf ("%s-01", text ? text : "");
  if (!civil_parse (text_of (first), &day))
    return false;
  *month = payments_month (day);
  return true;
}

const char *
payments_yuan (Arena *arena, gint64 fen)
{
  return arena_printf (arena, "%s%" G_GINT64_FORMAT ".%02d", fen < 0 ? "-" : "", ABS (fen) / 100,
                       (int)(ABS (fen) % 100));
}

/* ---- who may --------------------------------------------------------------------------- */

static bool
has (const AccessAccount *who, const PolicyMatter *matter, AccessRight right)
{
  return access_may (who, right)
         && (who->role == ACCESS_OPERATOR || g_strcmp0 (who->department, matter->body) == 0);
}

bool
payments_may (const AccessAccount *who, const PolicyMatter *matter)
{
  return has (who, matter, ACCESS_PAY);
}

bool
pay_check (const AccessAccount *who, const PolicyMatter *matter, AccessRight right, GError **error)
{
  if (matter && has (who, matter, right))
    return true;
  g_set_error (error, FAULT, FAULT_DENIED, "this is for those of %s with the right \"%s\"",
               matter ? matter->body : "the paying department", access_right_name (right)->id);
  return false;
}

bool
pay_check_words (const char *text, const char *what, GError **error)
{
  const char *given = text ? text : "";
  if (!g_utf8_validate (given, -1, NULL) || g_utf8_strlen (given, -1) > TEXT_MOST)
    g_set_error (error, FAULT, FAULT_INPUT, "%s is no text of at most %d characters", what, TEXT_MOST);
  else if (!text_trim (text_of (given)).len)
    g_set_error (error, FAULT, FAULT_INPUT, "%s is missing", what);
  else
    return true;
  return false;
}

AuditEntry
pay_entry (const AccessAccount *who, AuditAct act, const char *detail)
{
  return (AuditEntry){ .act = act,
                       .actor = who->name,
                       .role = access_role_name (who->role)->id,
                       .department = who->department,
                       .purpose = "payment",
                       .detail = detail };
}

/* ---- names -------------------------------------------------------------------------------- */

static const struct {
  const char *id;
  PolicyText name;
} states[PAYMENTS_STATES] = {
  [PAYMENTS_DRAFT] = { "draft", { "待审批", "Draft" } },
  [PAYMENTS_APPROVED] = { "approved", { "已审批", "Approved" } },
  [PAYMENTS_EXPORTED] = { "exported", { "已送财政", "With the treasury" } },
  [PAYMENTS_CLOSED] = { "closed", { "已办结", "Closed" } },
  [PAYMENTS_DISCARDED] = { "discarded", { "已作废", "Discarded" } },
};

const char *
payments_state_id (PaymentsState state)
{
  return states[state].id;
}

PolicyText
payments_state_name (PaymentsState state)
{
  return states[state].name;
}

const char *
payments_line_state_id (PaymentsLineState state)
{
  static const char *const ids[] = { "pending", "paid", "returned", "dropped" };
  return ids[state];
}

const char *
payments_turn_id (PaymentsTurn turn)
{
  static const char *const ids[PAYMENTS_TURNS] = { "change", "suspend", "resume", "end" };
  return ids[turn];
}
