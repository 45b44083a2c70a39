/* Who is due and not served: lists, offers, cases of the office's own motion; and what people answer. */
#include "due/due.h"
#include "web/case_parts.h"
#include "web/download.h"
#include "web/handlers.h"
#include "web/models.h"
#include "web/pages.h"

enum { LINES_PER_PAGE = 50 };

/* The provision that the address names; what is about bodies that nobody applies for is none. */
static const PolicyProvision *
find_provision (const WebRequest *request, GError **error)
{
  char *end;
  gint64 number = g_ascii_strtoll (request->captures[0], &end, 10);
  const PolicyClause *clause
      = *end || number < 0 || number > 99 ? NULL : policy_clause (request->web->package, (int)number);
  const PolicyProvision *p = clause ? policy_provision (clause, request->captures[1]) : NULL;
  if (p && p->eligible)
    return p;
  g_set_error (error, FAULT, FAULT_NOT_FOUND, "there is no provision %s of clause %s", request->captures[1],
               request->captures[0]);
  return NULL;
}

/* ---- the overview ----------------------------------------------------------------- */

static void
collect_provisions (const WebRequest *request, DueModel *m)
{
  size_t n;
  const PolicyMatter *const *matters = policy_matters (request->web->package, &n);
  m->provisions = arena_new0 (request->arena, const PolicyProvision *, n);
  for (size_t i = 0; i < n; i++)
    if (matters[i]->provision && matters[i]->provision->eligible
        && due_may (request->account, matters[i]->clause))
      m->provisions[m->n_provisions++] = matters[i]->provision;
}

bool
handle_due (WebRequest *request, WebResponse *response, GError **error)
{
  DueModel m = { 0 };
  collect_provisions (request, &m);
  Page page = web_page (request, message_text (request->arena, request->language, MESSAGE_due_title, NULL, 0),
                        NAV_ME);
  page_due (response->body, &page, &m);
  return true;
}

/* ---- one list ------------------------------------------------------------------------ */

/* Without a list the page offers to look. */
static bool
read_list (const WebRequest *request, const PolicyProvision *p, const DueList **list, GError **error)
{
  GError *fault = NULL;
  *list = due_list (request->due, request->arena, request->account, p, &fault);
  if (g_error_matches (fault, FAULT, FAULT_NOT_FOUND))
    g_clear_error (&fault);
  if (fault)
    g_propagate_error (error, fault);
  return !fault;
}

static bool
read_model (const WebRequest *request, DueModel *m, GError **error)
{
  const char *township = web_field (&request->query, "township"),
             *after = web_field (&request->query, "after");
  DueFilter filter = { .township = township && *township ? township : NULL, .limit = LINES_PER_PAGE };
  guint64 number;
  if (after && g_ascii_string_to_unsigned (after, 10, 1, G_MAXINT64, &number, NULL))
    filter.after = (Subject)number;
  m->township = filter.township;
  m->provision = find_provision (request, error);
  if (!m->provision || !read_list (request, m->provision, &m->list, error))
    return false;
  if (!m->list)
    return true;
  m->lines = due_lines (request->due, request->arena, request->account, m->list, &filter, &m->n_lines, error);
  m->townships = m->lines ? due_townships (request->due, request->arena, request->account, m->list,
                                           &m->n_townships, error)
                          : NULL;
  m->numbers = arena_new0 (request->arena, const char *, m->n_lines);
  for (size_t i = 0; m->townships && i < m->n_lines; i++)
    m->numbers[i] = registry_subject_format (request->arena, policy_schema (request->web->package),
                                             m->lines[i].subject);
  if (m->n_lines == LINES_PER_PAGE)
    m->next = arena_printf (request->arena, "?township=%s&after=%" G_GINT64_FORMAT, township ? township : "",
                            m->lines[m->n_lines - 1].subject);
  return m->townships != NULL;
}

bool
handle_due_list (WebRequest *request, WebResponse *response, GError **error)
{
  DueModel m = { .done = web_field (&request->query, "done") };
  g_autofree char *key = g_uuid_string_random ();
  m.key = key;
  if (!read_model (request, &m, error))
    return false;
  m.path = arena_printf (request->arena, "/due/%d/%s", m.provision->clause->number, m.provision->id);
  Page page = web_page (request, NULL, NAV_ME);
  page.title = arena_printf (request->arena, "%s · %s",
                             message_text (request->arena, request->language, MESSAGE_due_title, NULL, 0),
                             web_text (request, m.provision->outcome));
  page_due_list (response->body, &page, &m);
  return true;
}

bool
handle_due_csv (WebRequest *request, WebResponse *response, GError **error)
{
  const PolicyProvision *p = find_provision (request, error);
  const DueList *list = p ? due_list (request->due, request->arena, request->account, p, error) : NULL;
  size_t n;
  const char *const *const *rows
      = list ? due_rows (request->due, request->arena, request->account, list, &n, error) : NULL;
  return rows
         && download_rows (request, response, due_columns, DUE_COLUMNS, rows, n,
                           arena_printf (request->arena, "due-%d-%s", p->clause->number, p->id), error);
}

/* What the form asks for; REPORT of offers and cases. */
static bool
act (const WebRequest *request, const PolicyProvision *p, DueReport *report, GError **error)
{
  const char *deed = web_field (&request->form, "deed"), *key = web_field (&request->form, "key"),
             *township = web_field (&request->form, "township");
  *report = (DueReport){ 0 };
  if (g_strcmp0 (deed, "find") == 0)
    return due_find (request->due, request->arena, request->account, p, &(DueRun){ .as_of = request->today },
                     error)
           != NULL;
  bool open = g_strcmp0 (deed, "open") == 0;
  if (!open && g_strcmp0 (deed, "offer") != 0) {
    g_set_error (error, FAULT, FAULT_INPUT, "deed=%s: use find, offer or open", deed ? deed : "");
    return false;
  }
  const DueList *list = due_list (request->due, request->arena, request->account, p, error);
  return list
         && (open ? due_open_all : due_offer_all) (request->due, request->account, list,
                                                   township && *township ? township : NULL, 0, key, report,
                                                   error);
}

bool
handle_due_act (WebRequest *request, WebResponse *response, GError **error)
{
  const PolicyProvision *p = find_provision (request, error);
  DueReport report;
  if (!p || !act (request, p, &report, error))
    return false;
  const char *deed = web_field (&request->form, "deed");
  web_redirect (response,
                g_str_equal (deed, "find")
                    ? arena_printf (request->arena, "/due/%d/%s?done=find", p->clause->number, p->id)
                    : arena_printf (request->arena, "/due/%d/%s?done=%" G_GINT64_FORMAT, p->clause->number,
                                    p->id, report.offered));
  return true;
}

/* ---- to a person ------------------------------------------------------------------------ */

bool
handle_offers (WebRequest *request, WebResponse *response, GError **error)
{
  DueModel m = { .done = web_field (&request->query, "done") };
  m.offers = due_offers (request->due, request->arena, request->account, &m.n_offers, error);
  if (!m.offers)
    return false;
  Page page = web_page (
      request, message_text (request->arena, request->language, MESSAGE_offers_title, NULL, 0), NAV_ME);
  page_offers (response->body, &page, &m);
  return true;
}

static bool
answer (const WebRequest *request, bool *accept, GError **error)
{
  guint64 id;
  const char *word = web_field (&request->form, "answer");
  *accept = g_strcmp0 (word, "accept") == 0;
  if (!*accept && g_strcmp0 (word, "decline") != 0) {
    g_set_error (error, FAULT, FAULT_INPUT, "answer=%s: use accept or decline", word ? word : "");
    return false;
  }
  if (!g_ascii_string_to_unsigned (request->captures[0], 10, 1, G_MAXINT64, &id, NULL)) {
    g_set_error (error, FAULT, FAULT_NOT_FOUND, "there is no offer %s", request->captures[0]);
    return false;
  }
  return due_answer (request->due, request->account, (gint64)id, *accept, error);
}

static const DueOffer *
find_offer (const WebRequest *request, const char *id, GError **error)
{
  size_t n;
  guint64 number = 0;
  const DueOffer *offers = due_offers (request->due, request->arena, request->account, &n, error);
  g_ascii_string_to_unsigned (id, 10, 1, G_MAXINT64, &number, NULL);
  for (size_t i = 0; offers && i < n; i++)
    if (offers[i].id == (gint64)number)
      return &offers[i];
  if (offers)
    g_set_error (error, FAULT, FAULT_NOT_FOUND, "there is no offer %s", id);
  return NULL;
}

bool
web_case_offer (const WebRequest *request, const PolicyMatter *matter, const DueOffer **offer, GError **error)
{
  const char *typed = web_field (&request->form, "offer"),
             *id = typed ? typed : web_field (&request->query, "offer");
  *offer = id && *id ? find_offer (request, id, error) : NULL;
  if (!id || !*id)
    return true;
  if (*offer && (*offer)->matter != matter) {
    g_set_error (error, FAULT, FAULT_NOT_FOUND, "offer %s is of something else than %s", id, matter->key);
    return false;
  }
  return *offer;
}

/* Who accepts goes on to apply; where nobody applies for it, to the list of services. */
static const char *
place_to_apply (const WebRequest *request)
{
  const DueOffer *offer = find_offer (request, request->captures[0], NULL);
  return offer && offer->matter ? arena_printf (request->arena, "/apply/%s?offer=%" G_GINT64_FORMAT,
                                                offer->matter->key, offer->id)
                                : "/services";
}

bool
handle_offer (WebRequest *request, WebResponse *response, GError **error)
{
  bool accept;
  if (!answer (request, &accept, error))
    return false;
  web_redirect (response, accept ? place_to_apply (request) : "/me/offers?done=decline");
  return true;
}

/* ---- for programs --------------------------------------------------------------------------- */

static void
write_list (JsonWriter *w, const DueModel *m)
{
  char day[CIVIL_TEXT_MAX];
  const DueList *list = m->list;
  json_member_str (w, "provision", list->key);
  json_member_str (w, "as_of", civil_format (list->as_of, day));
  json_member_int (w, "looked_at", list->looked_at);
  json_member_int (w, "found", list->found);
  json_member_int (w, "undetermined", list->undetermined);
  json_member_str (w, "missing", list->missing);
  json_member_array (w, "lines");
  for (size_t i = 0; i < m->n_lines; i++) {
    const DueLine *line = &m->lines[i];
    json_begin_object (w);
    json_member_str (w, "subject", m->numbers[i]);
    json_member_str (w, "label", line->label);
    json_member_str (w, "township", line->township);
    if (line->has_amount)
      json_member_int (w, "amount_fen", line->amount_fen);
    json_member_str (w, "state", due_state_id (line->state));
    json_end_object (w);
  }
  json_end_array (w);
}

bool
handle_api_due (WebRequest *request, WebResponse *response, GError **error)
{
  DueModel m = { 0 };
  if (!read_model (request, &m, error))
    return false;
  if (!m.list) {
    g_set_error (error, FAULT, FAULT_NOT_FOUND, "nobody has looked yet: send deed=find");
    return false;
  }
  response->content_type = "application/json";
  g_autoptr (JsonWriter) w = json_writer_new (response->body, 2);
  json_begin_object (w);
  write_list (w, &m);
  json_end_object (w);
  return true;
}

bool
handle_api_due_act (WebRequest *request, WebResponse *response, GError **error)
{
  const PolicyProvision *p = find_provision (request, error);
  DueReport report;
  if (!p || !act (request, p, &report, error))
    return false;
  response->content_type = "application/json";
  g_autoptr (JsonWriter) w = json_writer_new (response->body, 2);
  json_begin_object (w);
  json_member_int (w, "seen", report.seen);
  json_member_int (w, "offered", report.offered);
  json_member_int (w, "already", report.already);
  json_member_int (w, "declined", report.declined);
  json_member_int (w, "nobody", report.nobody);
  json_end_object (w);
  return true;
}

bool
handle_api_offers (WebRequest *request, WebResponse *response, GError **error)
{
  size_t n;
  char when[CIVIL_TEXT_MAX];
  const DueOffer *offers = due_offers (request->due, request->arena, request->account, &n, error);
  if (!offers)
    return false;
  response->content_type = "application/json";
  g_autoptr (JsonWriter) w = json_writer_new (response->body, 2);
  json_begin_object (w);
  json_member_array (w, "offers");
  for (size_t i = 0; i < n; i++) {
    json_begin_object (w);
    json_member_int (w, "id", offers[i].id);
    policy_write_text (w, "outcome", offers[i].provision->outcome);
    json_member_str (w, "offered_at", instant_format (offers[i].offered_at, when));
    json_member_str (w, "state", due_state_id (offers[i].state));
    json_member_str (w, "matter", offers[i].matter ? offers[i].matter->key : NULL);
    json_member_str (w, "case", offers[i].answer ? offers[i].answer_case : NULL);
    json_end_object (w);
  }
  json_end_array (w);
  json_end_object (w);
  return true;
}

bool
handle_api_offer (WebRequest *request, WebResponse *response, GError **error)
{
  bool accept;
  return answer (request, &accept, error) && handle_api_offers (request, response, error);
}
