/* Payment lists: made, approved by somebody else, sent, answered; reversals, accounts, the report. */
#include "payments/payments.h"
#include "web/download.h"
#include "web/handlers.h"
#include "web/models.h"
#include "web/pages.h"
#include "web/payment_parts.h"

enum { LISTS_PER_PAGE = 50, LINES_PER_PAGE = 200 };

bool
web_path_number (const WebRequest *request, gint64 *number, GError **error)
{
  guint64 given;
  if (g_ascii_string_to_unsigned (request->captures[0], 10, 1, G_MAXINT64, &given, NULL)) {
    *number = (gint64)given;
    return true;
  }
  g_set_error (error, FAULT, FAULT_NOT_FOUND, "there is nothing with the number %s", request->captures[0]);
  return false;
}

gint64
web_field_number (const WebFields *fields, const char *name)
{
  guint64 number;
  const char *text = web_field (fields, name);
  return text && g_ascii_string_to_unsigned (text, 10, 1, G_MAXINT64, &number, NULL) ? (gint64)number : 0;
}

/* ---- all lists -------------------------------------------------------------------- */

static bool
read_reports (const WebRequest *request, PaymentsModel *m, GError **error)
{
  size_t n;
  const PolicyMatter *const *matters = policy_matters (request->web->package, &n);
  PaymentsRow *rows = arena_new0 (request->arena, PaymentsRow, n);
  for (size_t i = 0; i < n; i++) {
    if (matters[i]->payment == POLICY_PAID_NOT || !payments_may (request->account, matters[i]))
      continue;
    PaymentsRow *row = &rows[m->n_rows++];
    row->matter = matters[i];
    if (!payments_reconcile (request->payments, request->account, matters[i], payments_month (request->today),
                             &row->report, error))
      return false;
  }
  m->rows = rows;
  return true;
}

static bool
read_lists (const WebRequest *request, PaymentsModel *m, GError **error)
{
  m->lists = payments_lists (request->payments, request->arena, request->account, 0, LISTS_PER_PAGE,
                             &m->n_lists, error);
  return m->lists && read_reports (request, m, error);
}

bool
handle_payments (WebRequest *request, WebResponse *response, GError **error)
{
  g_autofree char *key = g_uuid_string_random ();
  PaymentsModel m = { .done = web_field (&request->query, "done"), .key = key };
  m.month = payments_month_text (request->arena, payments_month (request->today));
  if (!read_lists (request, &m, error))
    return false;
  Page page = web_page (
      request, message_text (request->arena, request->language, MESSAGE_payments_title, NULL, 0), NAV_ME);
  page_payments (response->body, &page, &m);
  return true;
}

/* A payee's account, or a new list, which takes what was granted first; its id, 0 for an account. */
static bool
begin (const WebRequest *request, gint64 *list, GError **error)
{
  const char *payee = web_field (&request->form, "payee"), *key = web_field (&request->form, "matter");
  const PolicyMatter *matter = key ? policy_matter (request->web->package, key) : NULL;
  Subject subject;
  PaymentsTaken taken;
  gint64 month;
  *list = 0;
  if (payee
      && registry_subject_parse (policy_schema (request->web->package), text_trim (text_of (payee)),
                                 &subject))
    return payments_set_account (request->payments, request->account, subject,
                                 web_field (&request->form, "holder"), web_field (&request->form, "number"),
                                 error);
  if (!matter || !payments_month_parse (web_field (&request->form, "month"), &month)) {
    g_set_error (error, FAULT, FAULT_INPUT, "matter=23/main and month=2026-01, or a payee's account");
    return false;
  }
  if (!payments_take (request->payments, request->account, matter, &taken, error))
    return false;
  *list = payments_make (request->payments, request->account, matter, month,
                         web_field (&request->form, "key"), error);
  return *list != 0;
}

bool
handle_payments_begin (WebRequest *request, WebResponse *response, GError **error)
{
  gint64 list;
  if (!begin (request, &list, error))
    return false;
  web_redirect (response, list ? arena_printf (request->arena, "/payments/%" G_GINT64_FORMAT, list)
                               : "/payments?done=account");
  return true;
}

/* ---- one list -------------------------------------------------------------------------- */

static bool
read_one (const WebRequest *request, PaymentsModel *m, GError **error)
{
  gint64 id;
  if (!web_path_number (request, &id, error)
      || !(m->list = payments_list (request->payments, request->arena, request->account, id, error)))
    return false;
  m->lines = payments_lines (request->payments, request->arena, request->account, m->list,
                             web_field_number (&request->query, "after"), LINES_PER_PAGE, &m->n_lines, error);
  m->numbers = arena_new0 (request->arena, const char *, m->lines ? m->n_lines : 0);
  for (size_t i = 0; m->lines && i < m->n_lines; i++)
    m->numbers[i]
        = registry_subject_format (request->arena, policy_schema (request->web->package), m->lines[i].payee);
  if (m->lines && m->n_lines == LINES_PER_PAGE)
    m->next = arena_printf (request->arena, "/payments/%" G_GINT64_FORMAT "?after=%" G_GINT64_FORMAT, id,
                            m->lines[m->n_lines - 1].id);
  m->may_approve = access_may (request->account, ACCESS_APPROVE_PAYMENTS)
                   && g_strcmp0 (request->account->name, m->list->made_by) != 0;
  return m->lines != NULL;
}

bool
handle_payments_list (WebRequest *request, WebResponse *response, GError **error)
{
  PaymentsModel m = { .done = web_field (&request->query, "done") };
  if (!read_one (request, &m, error))
    return false;
  Page page = web_page (request, NULL, NAV_ME);
  page.title = arena_printf (
      request->arena, "%s · %" G_GINT64_FORMAT,
      message_text (request->arena, request->language, MESSAGE_payments_title, NULL, 0), m.list->id);
  page_payments_list (response->body, &page, &m);
  return true;
}

static bool
answer (const WebRequest *request, gint64 id, GError **error)
{
  size_t n;
  const char *text = web_field (&request->form, "answers");
  const PaymentsAnswer *answers
      = payments_answers_parse (request->arena, text_of (text ? text : ""), &n, error);
  return answers && payments_answer (request->payments, request->account, id, answers, n, error);
}

/* From approved to exported; the bytes are for who downloads them. */
static bool
send (const WebRequest *request, gint64 id, GError **error)
{
  const char *digest;
  g_autoptr (GString) unread = g_string_new (NULL);
  return payments_export (request->payments, request->account, request->arena, id, SHEET_CSV, unread, &digest,
                          error);
}

static bool
act (const WebRequest *request, gint64 id, GError **error)
{
  const char *deed = web_field (&request->form, "deed"), *reason = web_field (&request->form, "reason");
  gint64 line = web_field_number (&request->form, "line");
  if (g_strcmp0 (deed, "approve") == 0)
    return payments_settle (request->payments, request->account, id, PAYMENTS_APPROVE, NULL, error);
  if (g_strcmp0 (deed, "discard") == 0)
    return payments_settle (request->payments, request->account, id, PAYMENTS_DISCARD, reason, error);
  if (g_strcmp0 (deed, "export") == 0)
    return send (request, id, error);
  if (g_strcmp0 (deed, "answer") == 0)
    return answer (request, id, error);
  if (g_strcmp0 (deed, "recovered") == 0 || g_strcmp0 (deed, "netted") == 0)
    return payments_reverse (request->payments, request->account, line, g_str_equal (deed, "recovered"),
                             reason, error);
  g_set_error (error, FAULT, FAULT_INPUT,
               "deed=%s: use approve, discard, export, answer, recovered or netted", deed ? deed : "");
  return false;
}

bool
handle_payments_act (WebRequest *request, WebResponse *response, GError **error)
{
  gint64 id;
  if (!web_path_number (request, &id, error) || !act (request, id, error))
    return false;
  web_redirect (response, arena_printf (request->arena, "/payments/%" G_GINT64_FORMAT "?done=1", id));
  return true;
}

/* What was sent, again: a file that is fetched changes nothing. */
static bool
download (WebRequest *request, WebResponse *response, SheetFormat format, GError **error)
{
  gint64 id;
  const char *digest;
  const PaymentsList *list
      = web_path_number (request, &id, error)
            ? payments_list (request->payments, request->arena, request->account, id, error)
            : NULL;
  if (!list)
    return false;
  if (!list->exported_at) {
    g_set_error (error, FAULT, FAULT_CONFLICT, "this list has not been sent to the treasury yet");
    return false;
  }
  const char *name = arena_printf (request->arena, "payments-%" G_GINT64_FORMAT ".%s", id,
                                   format == SHEET_CSV ? "csv" : "xlsx");
  download_begin (request, response,
                  format == SHEET_CSV ? "text/csv; charset=utf-8"
                                      : "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
                  name);
  return payments_export (request->payments, request->account, request->arena, id, format, response->body,
                          &digest, error);
}

bool
handle_payments_csv (WebRequest *request, WebResponse *response, GError **error)
{
  return download (request, response, SHEET_CSV, error);
}

bool
handle_payments_xlsx (WebRequest *request, WebResponse *response, GError **error)
{
  return download (request, response, SHEET_XLSX, error);
}

/* ---- for programs ------------------------------------------------------------------------ */

static void
write_list (JsonWriter *w, const WebRequest *request, const PaymentsList *list)
{
  json_member_int (w, "id", list->id);
  json_member_str (w, "matter", list->matter_key);
  json_member_str (w, "body", list->body);
  json_member_str (w, "month", payments_month_text (request->arena, list->month));
  json_member_str (w, "state", payments_state_id (list->state));
  json_member_str (w, "made_by", list->made_by);
  json_member_str (w, "approved_by", list->approved_by);
  json_member_str (w, "sha256", list->digest);
  json_member_int (w, "lines", list->n_lines);
  json_member_int (w, "total_fen", list->total_fen);
  json_member_int (w, "paid_fen", list->paid_fen);
  json_member_int (w, "returned_fen", list->returned_fen);
  json_member_int (w, "pending_fen", list->pending_fen);
}

static void
write_report (JsonWriter *w, const PaymentsRow *row)
{
  const PaymentsReport *r = &row->report;
  const struct {
    const char *key;
    gint64 fen;
  } members[] = { { "granted_fen", r->granted },     { "listed_fen", r->listed },
                  { "standing_fen", r->standing },   { "not_listed_fen", r->not_listed },
                  { "paid_fen", r->paid },           { "returned_fen", r->returned },
                  { "pending_fen", r->pending },     { "reversed_fen", r->reversed },
                  { "recovered_fen", r->recovered }, { "netted_fen", r->netted },
                  { "to_net_fen", r->to_net },       { "no_account_fen", r->no_account } };
  json_begin_object (w);
  json_member_str (w, "matter", row->matter->key);
  for (size_t i = 0; i < G_N_ELEMENTS (members); i++)
    json_member_int (w, members[i].key, members[i].fen);
  json_member_bool (w, "balances", r->balances);
  json_end_object (w);
}

bool
handle_api_payments (WebRequest *request, WebResponse *response, GError **error)
{
  PaymentsModel m = { 0 };
  if (!read_lists (request, &m, error))
    return false;
  response->content_type = "application/json";
  g_autoptr (JsonWriter) w = json_writer_new (response->body, 2);
  json_begin_object (w);
  json_member_array (w, "lists");
  for (size_t i = 0; i < m.n_lists; i++) {
    json_begin_object (w);
    write_list (w, request, &m.lists[i]);
    json_end_object (w);
  }
  json_end_array (w);
  json_member_array (w, "reports");
  for (size_t i = 0; i < m.n_rows; i++)
    write_report (w, &m.rows[i]);
  json_end_array (w);
  json_end_object (w);
  return true;
}

bool
handle_api_payments_begin (WebRequest *request, WebResponse *response, GError **error)
{
  gint64 list;
  return begin (request, &list, error) && handle_api_payments (request, response, error);
}

static void
write_line (JsonWriter *w, const WebRequest *request, const PaymentsLine *line)
{
  json_begin_object (w);
  json_member_int (w, "id", line->id);
  json_member_int (w, "entitlement", line->entitlement);
  json_member_str (w, "matter", line->matter_key);
  json_member_str (w, "decision", line->number);
  json_member_str (
      w, "payee",
      registry_subject_format (request->arena, policy_schema (request->web->package), line->payee));
  json_member_str (w, "account", line->account);
  json_member_str (w, "month", payments_month_text (request->arena, line->month));
  json_member_int (w, "amount_fen", line->amount_fen);
  json_member_str (w, "state", payments_line_state_id (line->state));
  json_member_str (w, "reason", line->reason);
  json_member_bool (w, "reversed", line->reversed);
  json_end_object (w);
}

void
web_write_lines (JsonWriter *w, const WebRequest *request, const char *key, const PaymentsLine *lines,
                 size_t n)
{
  json_member_array (w, key);
  for (size_t i = 0; i < n; i++)
    write_line (w, request, &lines[i]);
  json_end_array (w);
}

bool
handle_api_payments_list (WebRequest *request, WebResponse *response, GError **error)
{
  PaymentsModel m = { 0 };
  if (!read_one (request, &m, error))
    return false;
  response->content_type = "application/json";
  g_autoptr (JsonWriter) w = json_writer_new (response->body, 2);
  json_begin_object (w);
  write_list (w, request, m.list);
  web_write_lines (w, request, "of_list", m.lines, m.n_lines);
  json_end_object (w);
  return true;
}

bool
handle_api_payments_act (WebRequest *request, WebResponse *response, GError **error)
{
  gint64 id;
  return web_path_number (request, &id, error) && act (request, id, error)
         && handle_api_payments_list (request, response, error);
}
