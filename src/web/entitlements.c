/* Entitlements that run: found by matter and decision, their history, changed or stopped from a month on. */
#include "web/handlers.h"
#include "web/models.h"
#include "web/pages.h"
#include "web/payment_parts.h"

enum { PER_PAGE = 100, LINES_SHOWN = 60 };

static const char *
number_of (const WebRequest *request, Subject subject)
{
  return registry_subject_format (request->arena, policy_schema (request->web->package), subject);
}

/* ---- many -------------------------------------------------------------------------- */

/* The matters that who asks pays for every month. */
static void
collect_matters (const WebRequest *request, EntitlementsModel *m)
{
  size_t n;
  const PolicyMatter *const *all = policy_matters (request->web->package, &n);
  const PolicyMatter **matters = arena_new0 (request->arena, const PolicyMatter *, n);
  for (size_t i = 0; i < n; i++)
    if (all[i]->payment == POLICY_PAID_MONTHLY && payments_may (request->account, all[i]))
      matters[m->n_matters++] = all[i];
  m->matters = matters;
}

/* The address of the page behind the last row. */
static const char *
next_page (const WebRequest *request, const EntitlementsModel *m)
{
  if (m->n < PER_PAGE)
    return NULL;
  return arena_printf (request->arena, "/entitlements?matter=%s&after=%" G_GINT64_FORMAT, m->matter->key,
                       m->all[m->n - 1].id);
}

static bool
read_many (const WebRequest *request, EntitlementsModel *m, GError **error)
{
  const char *key = web_field (&request->query, "matter"), *number = web_field (&request->query, "number");
  collect_matters (request, m);
  m->matter = key ? policy_matter (request->web->package, key) : m->n_matters ? m->matters[0] : NULL;
  m->number = number && *number ? number : NULL;
  if (!m->matter && !key)
    return true;
  if (!m->matter) {
    g_set_error (error, FAULT, FAULT_NOT_FOUND, "there is no matter %s", key);
    return false;
  }
  m->all = payments_entitlements (request->payments, request->arena, request->account, m->matter, m->number,
                                  web_field_number (&request->query, "after"), PER_PAGE, &m->n, error);
  m->payees = arena_new0 (request->arena, const char *, m->n);
  for (size_t i = 0; m->all && i < m->n; i++)
    m->payees[i] = number_of (request, m->all[i].payee);
  m->next = m->all ? next_page (request, m) : NULL;
  return m->all != NULL;
}

bool
handle_entitlements (WebRequest *request, WebResponse *response, GError **error)
{
  EntitlementsModel m = { 0 };
  if (!read_many (request, &m, error))
    return false;
  Page page = web_page (
      request, message_text (request->arena, request->language, MESSAGE_entitlements_title, NULL, 0), NAV_ME);
  page_entitlements (response->body, &page, &m);
  return true;
}

/* ---- one --------------------------------------------------------------------------- */

static bool
read_one (const WebRequest *request, EntitlementModel *m, GError **error)
{
  gint64 id;
  if (!web_path_number (request, &id, error)
      || !(m->one = payments_entitlement (request->payments, request->arena, request->account, id, error))
      || !(m->history = payments_history (request->payments, request->arena, request->account, m->one,
                                          &m->n_history, error))
      || !(m->lines = payments_paid (request->payments, request->arena, request->account, m->one, LINES_SHOWN,
                                     &m->n_lines, error)))
    return false;
  m->payee = number_of (request, m->one->payee);
  m->may_turn = access_may (request->account, ACCESS_APPROVE_PAYMENTS) && m->one->monthly && !m->one->ended;
  m->month = payments_month_text (
      request->arena, MAX (MAX (m->one->last_listed + 1, m->one->from), payments_month (request->today)));
  return true;
}

static bool
write_one (WebRequest *request, WebResponse *response, const char *problem, GError **error)
{
  EntitlementModel m
      = { .problem = problem, .done = web_field (&request->query, "done"), .form = &request->form };
  if (!read_one (request, &m, error))
    return false;
  response->status = problem ? 422 : 0;
  Page page = web_page (request, NULL, NAV_ME);
  page.title = arena_printf (
      request->arena, "%s · %s",
      message_text (request->arena, request->language, MESSAGE_entitlements_one, NULL, 0), m.one->number);
  page_entitlement (response->body, &page, &m);
  return true;
}

bool
handle_entitlement (WebRequest *request, WebResponse *response, GError **error)
{
  return write_one (request, response, NULL, error);
}

static bool
read_term (const WebRequest *request, PaymentsTerm *term, GError **error)
{
  const char *turn = web_field (&request->form, "turn"), *amount = web_field (&request->form, "amount");
  int known = 0;
  while (known < PAYMENTS_TURNS && g_strcmp0 (turn, payments_turn_id ((PaymentsTurn)known)) != 0)
    known++;
  *term = (PaymentsTerm){ .turn = (PaymentsTurn)known,
                          .reason = web_field (&request->form, "reason"),
                          .decision = web_field (&request->form, "decision") };
  if (known == PAYMENTS_TURNS)
    g_set_error (error, FAULT, FAULT_INPUT, "turn=%s: use change, suspend, resume or end", turn ? turn : "");
  else if (!payments_month_parse (web_field (&request->form, "from"), &term->from))
    g_set_error (error, FAULT, FAULT_INPUT, "from is a month: 2026-01");
  else if (term->turn == PAYMENTS_CHANGE && !payments_yuan_parse (amount, &term->amount_fen))
    g_set_error (error, FAULT, FAULT_INPUT, "amount is in yuan: 500 or 500.50");
  else
    return true;
  return false;
}

static bool
turn (const WebRequest *request, GError **error)
{
  PaymentsTerm term;
  gint64 id;
  return web_path_number (request, &id, error) && read_term (request, &term, error)
         && payments_turn (request->payments, request->account, id, &term, error);
}

bool
handle_entitlement_turn (WebRequest *request, WebResponse *response, GError **error)
{
  g_autoptr (GError) fault = NULL;
  if (turn (request, &fault)) {
    web_redirect (response, arena_printf (request->arena, "/entitlements/%s?done=1", request->captures[0]));
    return true;
  }
  if (g_error_matches (fault, FAULT, FAULT_INPUT) || g_error_matches (fault, FAULT, FAULT_CONFLICT))
    return write_one (request, response, arena_text (request->arena, text_of (fault->message)), error);
  g_propagate_error (error, g_steal_pointer (&fault));
  return false;
}

/* ---- for programs ------------------------------------------------------------------------ */

static void
write_members (JsonWriter *w, const WebRequest *request, const PaymentsEntitlement *e)
{
  json_member_int (w, "id", e->id);
  json_member_str (w, "matter", e->matter_key);
  json_member_str (w, "decision", e->number);
  json_member_str (w, "payee", number_of (request, e->payee));
  json_member_bool (w, "monthly", e->monthly);
  json_member_int (w, "granted_fen", e->granted_fen);
  json_member_str (w, "from", payments_month_text (request->arena, e->from));
  json_member_int (w, "amount_fen", e->amount_fen);
  json_member_str (w, "since", payments_month_text (request->arena, e->since));
  json_member_bool (w, "suspended", e->suspended);
  json_member_bool (w, "ended", e->ended);
}

bool
handle_api_entitlements (WebRequest *request, WebResponse *response, GError **error)
{
  EntitlementsModel m = { 0 };
  if (!read_many (request, &m, error))
    return false;
  response->content_type = "application/json";
  g_autoptr (JsonWriter) w = json_writer_new (response->body, 2);
  json_begin_object (w);
  json_member_array (w, "entitlements");
  for (size_t i = 0; i < m.n; i++) {
    json_begin_object (w);
    write_members (w, request, &m.all[i]);
    json_end_object (w);
  }
  json_end_array (w);
  json_end_object (w);
  return true;
}

static void
write_turned (JsonWriter *w, const WebRequest *request, const PaymentsTurned *t)
{
  char buffer[CIVIL_TEXT_MAX];
  json_begin_object (w);
  json_member_str (w, "turn", payments_turn_id (t->term.turn));
  json_member_str (w, "from", payments_month_text (request->arena, t->term.from));
  json_member_int (w, "amount_fen", t->term.amount_fen);
  json_member_str (w, "reason", t->term.reason);
  json_member_str (w, "decision", t->term.decision);
  json_member_str (w, "made_at", instant_format (t->made_at, buffer));
  json_member_str (w, "made_by", t->made_by);
  json_end_object (w);
}

bool
handle_api_entitlement (WebRequest *request, WebResponse *response, GError **error)
{
  EntitlementModel m = { 0 };
  if (!read_one (request, &m, error))
    return false;
  response->content_type = "application/json";
  g_autoptr (JsonWriter) w = json_writer_new (response->body, 2);
  json_begin_object (w);
  write_members (w, request, m.one);
  json_member_array (w, "history");
  for (size_t i = 0; i < m.n_history; i++)
    write_turned (w, request, &m.history[i]);
  json_end_array (w);
  web_write_lines (w, request, "lines", m.lines, m.n_lines);
  json_end_object (w);
  return true;
}

bool
handle_api_entitlement_turn (WebRequest *request, WebResponse *response, GError **error)
{
  return turn (request, error) && handle_api_entitlement (request, response, error);
}
