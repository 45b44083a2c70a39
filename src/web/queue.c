/* The department decides what persons ask about the facts it records. */
#include "web/handlers.h"
#include "web/models.h"
#include "web/pages.h"
#include "web/rights_parts.h"

#include <string.h>

enum { QUEUE_PER_PAGE = 50 };

#define SAY(request, message) message_text ((request)->arena, (request)->language, (message), NULL, 0)

/* A steward sees every department's, others their own. */
static const RightsRequest *
read_queue (const WebRequest *request, size_t limit, size_t *n, GError **error)
{
  const AccessAccount *who = request->account;
  RightsFilter filter = { .department = who->role == ACCESS_STEWARD ? NULL
                                        : who->department           ? who->department
                                                                    : "",
                          .limit = limit };
  return web_before (request, &filter.before, error)
             ? rights_requests (request->web->rights, request->arena, &filter, n, error)
             : NULL;
}

bool
handle_queue (WebRequest *request, WebResponse *response, GError **error)
{
  RequestsModel m
      = { .schema = registry_schema (request->web->registry), .department = request->account->department };
  m.requests = read_queue (request, QUEUE_PER_PAGE + 1, &m.n, error);
  if (!m.requests)
    return false;
  if (m.n > QUEUE_PER_PAGE) {
    m.n = QUEUE_PER_PAGE;
    m.next = arena_printf (request->arena, "/corrections?before=%" G_GINT64_FORMAT, m.requests[m.n - 1].id);
  }
  Page page = web_page (request, SAY (request, MESSAGE_queue_title), NAV_QUEUE);
  page_queue (response->body, &page, &m);
  return true;
}

/* ---- one request ----------------------------------------------------------- */

static bool
read_id (const WebRequest *request, gint64 *id, GError **error)
{
  guint64 number;
  if (g_ascii_string_to_unsigned (request->captures[0], 10, 1, G_MAXINT64, &number, NULL)) {
    *id = (gint64)number;
    return true;
  }
  g_set_error (error, FAULT, FAULT_NOT_FOUND, "there is no request %s", request->captures[0]);
  return false;
}

static bool
write_review (WebRequest *request, WebResponse *response, gint64 id, const char *trouble, GError **error)
{
  g_autofree char *fresh = g_uuid_string_random ();
  RequestModel m = { .answer = web_field (&request->form, "answer"), .key = fresh, .trouble = trouble };
  m.request = rights_review (request->web->rights, request->arena, request->account, id, &m.fact, error);
  if (!m.request)
    return false;
  m.kept = registry_retention (registry_schema (request->web->registry), m.request->attribute);
  m.subject = registry_subject_format (request->arena, registry_schema (request->web->registry),
                                       m.request->subject);
  Page page = web_page (request, NULL, NAV_QUEUE);
  page.title
      = arena_printf (request->arena, "%s · %" G_GINT64_FORMAT, SAY (request, MESSAGE_queue_title), id);
  page_request (response->body, &page, &m);
  return true;
}

bool
handle_review (WebRequest *request, WebResponse *response, GError **error)
{
  gint64 id;
  return read_id (request, &id, error) && write_review (request, response, id, NULL, error);
}

static bool
decide (const WebRequest *request, gint64 id, GError **error)
{
  const char *word = web_field (&request->form, "decision");
  bool accept = g_strcmp0 (word, "accept") == 0;
  if (!accept && g_strcmp0 (word, "refuse") != 0) {
    g_set_error (error, FAULT, FAULT_USAGE, "decision=%s: use accept or refuse", word ? word : "");
    return false;
  }
  RightsDecision decision = { accept, web_field (&request->form, "answer") };
  return rights_decide (request->web->rights, request->account, id, &decision,
                        web_field (&request->form, "key"), error);
}

/* What kept the decision from being made, in the reader's language; NULL: none of the form's. */
static const char *
say_trouble (const WebRequest *request, gint64 id, const GError *fault)
{
  const char *answer = web_field (&request->form, "answer");
  if (fault->domain != FAULT)
    return NULL;
  if (fault->code == FAULT_CONFLICT) {
    const RightsRequest *r = rights_request (request->web->rights, request->arena, id, NULL);
    HtmlValue who = html_value_string (r && r->decided_by ? r->decided_by : "—");
    return message_text (request->arena, request->language, MESSAGE_queue_taken__who, &who, 1);
  }
  if (fault->code != FAULT_INPUT)
    return NULL;
  if (!answer || !text_trim (text_of (answer)).len)
    return SAY (request, MESSAGE_request_trouble_reason);
  if (g_utf8_strlen (answer, -1) > RIGHTS_TEXT_MAX)
    return SAY (request, MESSAGE_request_trouble_long);
  return strstr (fault->message, "form") ? SAY (request, MESSAGE_request_trouble_key)
                                         : SAY (request, MESSAGE_request_trouble_format);
}

bool
handle_decide (WebRequest *request, WebResponse *response, GError **error)
{
  gint64 id;
  g_autoptr (GError) fault = NULL;
  if (!read_id (request, &id, error))
    return false;
  if (decide (request, id, &fault)) {
    web_redirect (response, arena_printf (request->arena, "/corrections/%" G_GINT64_FORMAT, id));
    return true;
  }
  const char *trouble = say_trouble (request, id, fault);
  if (!trouble) {
    g_propagate_error (error, g_steal_pointer (&fault));
    return false;
  }
  response->status = fault->code == FAULT_CONFLICT ? 409 : 422;
  return write_review (request, response, id, trouble, error);
}

/* ---- for programs ----------------------------------------------------------- */

bool
handle_api_queue (WebRequest *request, WebResponse *response, GError **error)
{
  size_t n;
  const RightsRequest *requests = read_queue (request, 100, &n, error);
  if (!requests)
    return false;
  response->content_type = "application/json";
  JsonWriter *w = json_writer_new (response->body, 2);
  json_begin_object (w);
  json_key (w, "requests");
  json_begin_array (w);
  for (size_t i = 0; i < n; i++) {
    json_begin_object (w);
    json_member_int (w, "id", requests[i].id);
    json_member_str (w, "kind", rights_kind_id (requests[i].kind));
    json_member_str (w, "status", rights_status_id (requests[i].status));
    json_member_str (w, "department", requests[i].department);
    json_member_str (w, "attribute", requests[i].attribute->id);
    json_end_object (w);
  }
  json_end_array (w);
  json_end_object (w);
  json_writer_free (w);
  return true;
}

bool
handle_api_decide (WebRequest *request, WebResponse *response, GError **error)
{
  gint64 id;
  return read_id (request, &id, error) && decide (request, id, error)
         && web_write_request (request, response, id, error);
}
