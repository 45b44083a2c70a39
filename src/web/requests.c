/* The person asks: for a correction or an erasure, and sees what became of it. */
#include "web/handlers.h"
#include "web/models.h"
#include "web/pages.h"
#include "web/rights_parts.h"

#include <string.h>

enum { REQUESTS_PER_PAGE = 20 };

#define SAY(request, message) message_text ((request)->arena, (request)->language, (message), NULL, 0)

bool
web_before (const WebRequest *request, gint64 *before, GError **error)
{
  const char *text = web_field (&request->query, "before");
  guint64 number = 0;
  if (text && !g_ascii_string_to_unsigned (text, 10, 1, G_MAXINT64, &number, NULL)) {
    g_set_error (error, FAULT, FAULT_INPUT, "before=%s is no number of an entry", text);
    return false;
  }
  *before = (gint64)number;
  return true;
}

/* ---- the list ------------------------------------------------------------ */

static const RightsRequest *
read_own (const WebRequest *request, size_t limit, size_t *n, GError **error)
{
  RightsFilter filter = { .person = request->account->subject, .limit = limit };
  return web_before (request, &filter.before, error)
             ? rights_requests (request->web->rights, request->arena, &filter, n, error)
             : NULL;
}

bool
handle_requests (WebRequest *request, WebResponse *response, GError **error)
{
  const char *filed = web_field (&request->query, "filed");
  RequestsModel m = { .schema = registry_schema (request->web->registry) };
  m.requests = read_own (request, REQUESTS_PER_PAGE + 1, &m.n, error);
  if (!m.requests)
    return false;
  for (size_t i = 0; filed && i < m.n; i++) /* only a number of their own is said back */
    if (m.requests[i].id == g_ascii_strtoll (filed, NULL, 10))
      m.filed = m.requests[i].id;
  if (m.n > REQUESTS_PER_PAGE) {
    m.n = REQUESTS_PER_PAGE;
    m.next
        = arena_printf (request->arena, "/me/corrections?before=%" G_GINT64_FORMAT, m.requests[m.n - 1].id);
  }
  Page page = web_page (request, SAY (request, MESSAGE_requests_title), NAV_DATA);
  page_requests (response->body, &page, &m);
  return true;
}

/* ---- the form ------------------------------------------------------------ */

static const char *
filled (const WebFields *fields, const char *name)
{
  const char *value = web_field (fields, name);
  return value && text_trim (text_of (value)).len ? value : NULL;
}

/* What FIELDS ask for; FAULT_NOT_FOUND where they name no fact. */
static bool
read_ask (const WebRequest *request, const WebFields *fields, RightsAsk *ask, GError **error)
{
  const RegistrySchema *schema = registry_schema (request->web->registry);
  const char *subject = web_field (fields, "subject"), *attribute = web_field (fields, "attribute"),
             *kind = web_field (fields, "kind"), *since = filled (fields, "since");
  *ask = (RightsAsk){ .since = REGISTRY_EVER };
  if (subject && registry_subject_parse (schema, text_of (subject), &ask->subject) && attribute)
    ask->attribute = registry_entity_attribute (registry_subject_entity (schema, ask->subject), attribute);
  if (!ask->attribute || ask->attribute->kind == REGISTRY_COLLECTION
      || (kind && !rights_kind_parse (kind, &ask->kind))) {
    g_set_error (error, FAULT, FAULT_NOT_FOUND,
                 "name a fact: subject=resident-1&attribute=phone&kind=correct or erase");
    return false;
  }
  ask->wanted = web_field (fields, "none") ? NULL : filled (fields, "wanted");
  ask->reason = web_field (fields, "reason");
  ask->evidence = filled (fields, "evidence");
  if (!since || civil_parse (text_of (since), &ask->since))
    return true;
  g_set_error (error, FAULT, FAULT_INPUT, "since=%s is no date; write it as 2026-01-01", since);
  return false;
}

static bool
write_form (WebRequest *request, WebResponse *response, const WebFields *fields, const RightsAsk *ask,
            const char *trouble, GError **error)
{
  const RegistrySchema *schema = registry_schema (request->web->registry);
  const char *key = web_field (fields, "key");
  g_autofree char *fresh = g_uuid_string_random ();
  RequestFormModel m = { .kind = ask->kind,
                         .attribute = ask->attribute,
                         .subject = registry_subject_format (request->arena, schema, ask->subject),
                         .kept = registry_retention (schema, ask->attribute),
                         .wanted = web_field (fields, "wanted"),
                         .since = web_field (fields, "since"),
                         .reason = ask->reason,
                         .evidence = ask->evidence,
                         .none = web_field (fields, "none"),
                         .key = key && !trouble ? key : fresh,
                         .trouble = trouble };
  m.fact = rights_own_fact (request->web->rights, request->arena, request->account->subject, ask->subject,
                            ask->attribute, error);
  if (!m.fact)
    return false;
  Page page = web_page (request, NULL, NAV_DATA);
  page.title = arena_printf (request->arena, "%s · %s", view_request_kind (&page, ask->kind),
                             page_label (&page, ask->attribute->zh, ask->attribute->en));
  page_request_form (response->body, &page, &m);
  return true;
}

bool
handle_request_form (WebRequest *request, WebResponse *response, GError **error)
{
  RightsAsk ask;
  return read_ask (request, &request->query, &ask, error)
         && write_form (request, response, &request->query, &ask, NULL, error);
}

/* What is wrong with ASK, in the reader's language; NULL where FAULT is none of the form's. */
static const char *
say_trouble (const WebRequest *request, const RightsAsk *ask, const GError *fault)
{
  RegistryFact fact;
  const char *key = web_field (&request->form, "key");
  bool correct = ask->kind == RIGHTS_CORRECT, none = web_field (&request->form, "none");
  if (fault->domain != FAULT || (fault->code != FAULT_INPUT && fault->code != FAULT_CONFLICT))
    return NULL;
  if (fault->code == FAULT_CONFLICT)
    return SAY (request, MESSAGE_request_trouble_open);
  if (!filled (&request->form, "reason"))
    return SAY (request, MESSAGE_request_trouble_reason);
  if (correct && !none && !ask->wanted)
    return SAY (request, MESSAGE_request_trouble_value);
  if (correct && ask->wanted
      && !registry_fact_parse (registry_schema (request->web->registry), ask->attribute,
                               text_of (ask->wanted), &fact, NULL))
    return SAY (request, MESSAGE_request_trouble_format);
  if (g_utf8_strlen (ask->reason, -1) > RIGHTS_TEXT_MAX
      || (ask->evidence && g_utf8_strlen (ask->evidence, -1) > RIGHTS_TEXT_MAX))
    return SAY (request, MESSAGE_request_trouble_long);
  if (!key || strstr (fault->message, "sent from this form"))
    return SAY (request, MESSAGE_request_trouble_key);
  return SAY (request, correct ? MESSAGE_request_trouble_same : MESSAGE_request_trouble_nothing);
}

/* Neither a value nor "none" is no ask for "none". */
static bool
check_value (const WebRequest *request, const RightsAsk *ask, GError **error)
{
  if (ask->kind == RIGHTS_ERASE || ask->wanted || web_field (&request->form, "none"))
    return true;
  g_set_error (error, FAULT, FAULT_INPUT, "say the right value, or none=1");
  return false;
}

static gint64
file_form (const WebRequest *request, const RightsAsk *ask, GError **error)
{
  return check_value (request, ask, error) ? rights_file (request->web->rights, request->account, ask,
                                                          web_field (&request->form, "key"), error)
                                           : 0;
}

bool
handle_file (WebRequest *request, WebResponse *response, GError **error)
{
  RightsAsk ask;
  g_autoptr (GError) fault = NULL;
  bool dated = read_ask (request, &request->form, &ask, &fault);
  if (!ask.attribute) {
    g_propagate_error (error, g_steal_pointer (&fault));
    return false;
  }
  gint64 id = dated ? file_form (request, &ask, &fault) : 0;
  if (id) {
    web_redirect (response, arena_printf (request->arena, "/me/corrections?filed=%" G_GINT64_FORMAT, id));
    return true;
  }
  const char *trouble
      = dated ? say_trouble (request, &ask, fault) : SAY (request, MESSAGE_request_trouble_since);
  if (!trouble) {
    g_propagate_error (error, g_steal_pointer (&fault));
    return false;
  }
  response->status = fault->code == FAULT_CONFLICT ? 409 : 422;
  return write_form (request, response, &request->form, &ask, trouble, error);
}

/* ---- for programs ---------------------------------------------------------- */

static void
write_requests (const WebRequest *request, WebResponse *response, const RightsRequest *requests, size_t n)
{
  response->content_type = "application/json";
  JsonWriter *w = json_writer_new (response->body, 2);
  json_begin_object (w);
  json_key (w, "requests");
  json_begin_array (w);
  for (size_t i = 0; i < n; i++)
    rights_request_json (request->web->rights, &requests[i], w);
  json_end_array (w);
  json_end_object (w);
  json_writer_free (w);
}

bool
web_write_request (const WebRequest *request, WebResponse *response, gint64 id, GError **error)
{
  const RightsRequest *found = rights_request (request->web->rights, request->arena, id, error);
  if (!found)
    return false;
  response->content_type = "application/json";
  JsonWriter *w = json_writer_new (response->body, 2);
  rights_request_json (request->web->rights, found, w);
  json_writer_free (w);
  return true;
}

bool
handle_api_requests (WebRequest *request, WebResponse *response, GError **error)
{
  size_t n;
  const RightsRequest *requests = read_own (request, 100, &n, error);
  if (requests)
    write_requests (request, response, requests, n);
  return requests;
}

bool
handle_api_file (WebRequest *request, WebResponse *response, GError **error)
{
  RightsAsk ask;
  gint64 id = read_ask (request, &request->form, &ask, error) ? file_form (request, &ask, error) : 0;
  return id && web_write_request (request, response, id, error);
}
