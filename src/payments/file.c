/* The treasury's file, and its answer as text. */
#include "payments/payments_private.h"

#include <string.h>

enum { COLUMNS = 6 };
static const char *const titles[COLUMNS] = { "支付序号", "收款人", "账号", "金额（元）", "事项", "月份" };

typedef struct {
  Payments *payments;
  Arena *arena;
  const AccessAccount *who;
  gint64 id;
  PaymentsList list;
  AuditSet *payees;
  const char *digest;
} Exporting;

/* ---- the rows ------------------------------------------------------------------------ */

static bool
write_order (SheetWriter *out, const Exporting *x, StoreStatement *s, GError **error)
{
  const PolicyMatter *matter = x->list.matter;
  const char *cells[COLUMNS] = { arena_printf (x->arena, "%" G_GINT64_FORMAT, store_integer (s, 0)),
                                 store_string (s, 2, x->arena),
                                 store_string (s, 3, x->arena),
                                 payments_yuan (x->arena, store_integer (s, 4)),
                                 matter ? matter->name.zh : x->list.matter_key,
                                 payments_month_text (x->arena, x->list.month) };
  audit_set_add (x->payees, store_integer (s, 1));
  return sheet_writer_row (out, cells, COLUMNS, error);
}

/* The orders as they were sent, and the control totals behind them. */
static bool
write_file (const Exporting *x, StoreConnection *db, SheetFormat format, GString *out, GError **error)
{
  g_autoptr (SheetWriter) sheet = sheet_writer_new (format, sheet_sink_string, out, error);
  StoreStatement *s = sheet ? store_statement (db,
                                               "SELECT id, payee, holder, number, amount FROM pay_order"
                                               " WHERE list = ?1 AND amount > 0 ORDER BY id",
                                               error)
                            : NULL;
  if (!s)
    return false;
  gint64 n = 0, total = 0;
  sheet_writer_heading (sheet, titles, NULL, COLUMNS);
  store_bind_integer (s, 1, x->id);
  StoreStep step;
  while ((step = store_step (s, error)) == STORE_ROW) {
    n++;
    total += store_integer (s, 4);
    if (!write_order (sheet, x, s, error)) {
      store_reset (s);
      return false;
    }
  }
  const char *totals[COLUMNS] = { "合计", arena_printf (x->arena, "%" G_GINT64_FORMAT " 笔", n),
                                  "",     payments_yuan (x->arena, total),
                                  "",     "" };
  return step == STORE_DONE && sheet_writer_row (sheet, totals, COLUMNS, error)
         && sheet_writer_finish (sheet, error);
}

/* ---- the first time ------------------------------------------------------------------- */

/* Numbered by its first payment, with the account that holds now. */
bool
pay_orders (StoreConnection *db, gint64 list, GError **error)
{
  return pay_run_on (
      db,
      "INSERT INTO pay_order (id, list, entitlement, payee, holder, number, amount)"
      " SELECT min (CASE WHEN l.reversal IS NULL THEN l.id END), l.list, l.entitlement, e.payee,"
      " a.holder, a.number, CAST (sum (l.amount) AS INTEGER) FROM pay_line l"
      " JOIN pay_entitlement e ON e.id = l.entitlement JOIN pay_account a ON a.payee = e.payee"
      " WHERE l.list = ?1 GROUP BY l.list, l.entitlement, e.payee, a.holder, a.number",
      list, error);
}

static bool
pay_nothing (StoreConnection *db, gint64 list, GError **error)
{
  return pay_run_on (db,
                     "UPDATE pay_line SET state = 1 WHERE list = ?1 AND entitlement IN"
                     " (SELECT entitlement FROM pay_order WHERE list = ?1 AND amount = 0)",
                     list, error);
}

static bool
write_exported (StoreConnection *db, Exporting *x, GError **error)
{
  g_autoptr (GString) csv = g_string_new (NULL);
  if (!pay_nothing (db, x->id, error) || !write_file (x, db, SHEET_CSV, csv, error))
    return false;
  g_autofree char *hex = g_compute_checksum_for_string (G_CHECKSUM_SHA256, csv->str, (gssize)csv->len);
  x->digest = arena_text (x->arena, text_of (hex));
  StoreStatement *s = store_statement (
      db, "UPDATE pay_list SET state = 2, exported_at = ?2, digest = ?3 WHERE id = ?1", error);
  if (!s)
    return false;
  store_bind_integer (s, 1, x->id);
  store_bind_integer (s, 2, payments_now (x->payments));
  store_bind_text (s, 3, x->digest);
  return store_run (s, error) && pay_close (db, x->id, error);
}

/* In the log with the payees, before anything leaves. */
static bool
log_export (StoreConnection *db, const Exporting *x, GError **error)
{
  const char *detail
      = arena_printf (x->arena, "{\"list\":%" G_GINT64_FORMAT ",\"sha256\":\"%s\"}", x->id, x->digest);
  AuditEntry entry = pay_entry (x->who, AUDIT_EXPORT, detail);
  entry.subjects = x->payees;
  return audit_append (db, &entry, error) > 0;
}

static bool
look_again (StoreConnection *db, Exporting *x, GError **error)
{
  g_autoptr (GString) csv = g_string_new (NULL);
  x->digest = x->list.digest;
  return write_file (x, db, SHEET_CSV, csv, error);
}

static bool
write_export (StoreConnection *db, gpointer data, GError **error)
{
  Exporting *x = data;
  if (!pay_list_find (x->payments, db, x->arena, x->id, &x->list, error)
      || !pay_check (x->who, x->list.matter, ACCESS_PAY, error))
    return false;
  bool first = x->list.state == PAYMENTS_APPROVED;
  if (!first && x->list.state != PAYMENTS_EXPORTED && x->list.state != PAYMENTS_CLOSED) {
    g_set_error (error, FAULT, FAULT_CONFLICT,
                 "list %" G_GINT64_FORMAT " is \"%s\": only what is approved leaves", x->id,
                 payments_state_id (x->list.state));
    return false;
  }
  return (first ? write_exported (db, x, error) : look_again (db, x, error)) && log_export (db, x, error)
         && pay_list_verify (db, x->id, error);
}

bool
payments_export (Payments *payments, const AccessAccount *who, Arena *arena, gint64 list, SheetFormat format,
                 GString *out, const char **digest, GError **error)
{
  g_autoptr (AuditSet) payees = audit_set_new ();
  Exporting x = { .payments = payments, .arena = arena, .who = who, .id = list, .payees = payees };
  if (!store_write (payments->store, write_export, &x, error))
    return false;
  *digest = x.digest;
  g_autoptr (StoreReader) reader = store_reader (payments->store, error);
  return reader && write_file (&x, store_reader_db (reader), format, out, error);
}

/* ---- the answer ----------------------------------------------------------------------------- */

enum { ORDER, RESULT, REASON, PARTS };

/* Cells of a line between commas; one in quotes may have commas in it. */
static bool
split (Arena *arena, const char *line, const char *cells[PARTS])
{
  size_t n = 0;
  for (const char *p = line; n < PARTS; n++) {
    bool quoted = *p == '"';
    const char *begin = p + quoted, *stop = quoted ? strchr (begin, '"') : begin + strcspn (begin, ",");
    if (!stop || (quoted && stop[1] && stop[1] != ','))
      return false;
    cells[n] = arena_text (arena, text_trim ((Text){ begin, (size_t)(stop - begin) }));
    p = stop + quoted;
    if (!*p) {
      n++;
      break;
    }
    p++;
  }
  for (size_t i = n; i < PARTS; i++)
    cells[i] = "";
  return n >= 2;
}

static bool
parse_line (Arena *arena, const char *line, PaymentsAnswer *answer)
{
  const char *cells[PARTS];
  char *end;
  if (!split (arena, line, cells))
    return false;
  answer->order = g_ascii_strtoll (cells[ORDER], &end, 10);
  answer->paid = g_str_equal (cells[RESULT], "paid");
  answer->reason = *cells[REASON] ? cells[REASON] : NULL;
  return !*end && answer->order > 0
         && (answer->paid || (g_str_equal (cells[RESULT], "returned") && answer->reason));
}

const PaymentsAnswer *
payments_answers_parse (Arena *arena, Text text, size_t *n, GError **error)
{
  g_autoptr (GArray) answers = g_array_new (FALSE, FALSE, sizeof (PaymentsAnswer));
  const char *all = arena_text (arena, text);
  if (!g_utf8_validate (all, -1, NULL)) {
    g_set_error (error, FAULT, FAULT_INPUT, "the answer is no UTF-8 text");
    return NULL;
  }
  if (g_str_has_prefix (all, "\xEF\xBB\xBF"))
    all += 3;
  g_auto (GStrv) lines = g_strsplit (all, "\n", -1);
  for (size_t i = 0; lines[i]; i++) {
    PaymentsAnswer answer;
    g_strchomp (lines[i]);
    if (!*lines[i] || (i == 0 && g_str_has_prefix (lines[i], "order,")))
      continue;
    if (!parse_line (arena, lines[i], &answer)) {
      g_set_error (error, FAULT, FAULT_INPUT,
                   "row %zu: write order, \"paid\" or \"returned\", and for what came back the reason",
                   i + 1);
      return NULL;
    }
    g_array_append_val (answers, answer);
  }
  *n = answers->len;
  return arena_copy (arena, answers->data, answers->len * sizeof (PaymentsAnswer));
}
