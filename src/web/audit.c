/* The audit log for auditors; heads and keys for everybody. */
#include "web/download.h"
#include "web/handlers.h"
#include "web/log_words.h"
#include "web/models.h"
#include "web/pages.h"
#include "web/rights_parts.h"

enum { ENTRIES_PER_PAGE = 50, HEADS_MAX = 1000 };

/* ---- what is asked for ------------------------------------------------- */

static const char *
chosen (const WebRequest *request, const char *name)
{
  const char *value = web_field (&request->query, name);
  return value && *value ? value : NULL;
}

/* ACT is where the filter's act stands. */
static bool
read_filter (const WebRequest *request, AuditFilter *filter, AuditAct *act, GError **error)
{
  const char *subject = chosen (request, "subject"), *wanted = chosen (request, "act");
  *filter = (AuditFilter){ .actor = chosen (request, "actor"), .limit = ENTRIES_PER_PAGE + 1 };
  if (subject
      && !registry_subject_parse (registry_schema (request->web->registry), text_of (subject),
                                  &filter->subject))
    g_set_error (error, FAULT, FAULT_INPUT, "subject=%s: there is no such subject; write resident-1",
                 subject);
  else if (wanted && !audit_act_parse (wanted, act))
    g_set_error (error, FAULT, FAULT_INPUT, "act=%s: there is no such act", wanted);
  else {
    filter->act = wanted ? act : NULL;
    return web_before (request, &filter->before, error);
  }
  return false;
}

/* Reading the log is told in it: to the person, when it is about one. */
static bool
tell (const WebRequest *request, const AuditFilter *filter, GError **error)
{
  const AccessAccount *who = request->account;
  AuditEntry entry = { .act = filter->subject ? AUDIT_READ : AUDIT_SEARCH,
                       .actor = who->name,
                       .role = access_role_name (who->role)->id,
                       .department = who->department,
                       .subject = filter->subject,
                       .purpose = access_right_name (ACCESS_SEE_AUDIT)->id };
  return audit_record (registry_store (request->web->registry), &entry, error);
}

/* ---- the page ---------------------------------------------------------- */

static const char *
about_words (const WebRequest *request, const Page *page, const AuditRecord *record)
{
  const RegistrySchema *schema = registry_schema (request->web->registry);
  HtmlValue n = html_value_number (record->n_subjects);
  if (record->n_subjects)
    return message_text (page->arena, page->language, MESSAGE_audit_many__n, &n, 1);
  if (!record->entry.subject)
    return NULL;
  return registry_subject_entity (schema, record->entry.subject)
             ? registry_subject_format (page->arena, schema, record->entry.subject)
             : arena_printf (page->arena, "%" G_GINT64_FORMAT, record->entry.subject);
}

static AuditRow
row_of (const WebRequest *request, const Page *page, const AuditRecord *record)
{
  const AuditEntry *e = &record->entry;
  if (record->erased)
    return (AuditRow){ .number = record->number, .erased = true };
  const char *what = log_what (request, page, e->detail);
  AuditRow row = { .number = record->number,
                   .when = view_instant (page, e->at / G_USEC_PER_SEC),
                   .who = log_who (request, page, e),
                   .act = log_act (page, e->act),
                   .about = about_words (request, page, record),
                   .detail = what ? what : e->detail };
  row.why = log_why (request, page, e->purpose, &row.link);
  return row;
}

/* The same choice behind the last row shown. */
static const char *
next_page (const WebRequest *request, gint64 before)
{
  g_autoptr (GString) address = g_string_new (NULL);
  g_string_append_printf (address, "/audit?before=%" G_GINT64_FORMAT, before);
  static const char *const names[] = { "subject", "actor", "act" };
  for (size_t i = 0; i < G_N_ELEMENTS (names); i++) {
    if (!chosen (request, names[i]))
      continue;
    g_string_append_printf (address, "&%s=", names[i]);
    html_write (address, html_value_string (chosen (request, names[i])), HTML_URL_PART);
  }
  return arena_text (request->arena, (Text){ address->str, address->len });
}

static const char *
trouble_of (const WebRequest *request)
{
  g_autofree char *trouble = request->web->audit ? audit_trouble (request->web->audit) : NULL;
  return trouble ? arena_text (request->arena, text_of (trouble)) : NULL;
}

bool
handle_audit (WebRequest *request, WebResponse *response, GError **error)
{
  AuditFilter filter;
  AuditAct act;
  Store *store = registry_store (request->web->registry);
  if (!read_filter (request, &filter, &act, error) || !tell (request, &filter, error))
    return false;
  AuditModel m = { .subject = chosen (request, "subject"),
                   .actor = filter.actor,
                   .act = filter.act ? (int)*filter.act : -1,
                   .trouble = trouble_of (request) };
  const AuditRecord *records = audit_entries (store, request->arena, &filter, &m.n, error);
  m.state = records ? audit_state (store, request->arena, error) : NULL;
  if (!m.state)
    return false;
  Page page = web_page (
      request, message_text (request->arena, request->language, MESSAGE_audit_title, NULL, 0), NAV_AUDIT);
  m.signed_at = m.state->size ? view_instant (&page, m.state->at / G_USEC_PER_SEC) : NULL;
  if (m.n > ENTRIES_PER_PAGE) {
    m.n = ENTRIES_PER_PAGE;
    m.next = next_page (request, records[m.n - 1].number);
  }
  AuditRow *rows = arena_new0 (request->arena, AuditRow, m.n);
  for (size_t i = 0; i < m.n; i++)
    rows[i] = row_of (request, &page, &records[i]);
  m.rows = rows;
  page_audit (response->body, &page, &m);
  return true;
}

bool
handle_audit_proof (WebRequest *request, WebResponse *response, GError **error)
{
  guint64 number;
  if (!g_ascii_string_to_unsigned (request->captures[0], 10, 1, G_MAXINT64 - 1, &number, NULL)) {
    g_set_error (error, FAULT, FAULT_NOT_FOUND, "the log has no entry %s", request->captures[0]);
    return false;
  }
  if (!audit_proof_json (registry_store (request->web->registry), (gint64)number, 0, false, response->body,
                         error))
    return false;
  download_begin (request, response, "application/json",
                  arena_printf (request->arena, "proof-%" G_GUINT64_FORMAT ".json", number));
  return true;
}

/* ---- for everybody ----------------------------------------------------- */

/* The newest head, or as many as the query's "limit" says, the oldest first. */
bool
handle_audit_heads (WebRequest *request, WebResponse *response, GError **error)
{
  const char *limit = chosen (request, "limit");
  guint64 wanted = 1;
  size_t n;
  if (limit && !g_ascii_string_to_unsigned (limit, 10, 1, HEADS_MAX, &wanted, NULL)) {
    g_set_error (error, FAULT, FAULT_USAGE, "limit=%s: a number from 1 to %d", limit, HEADS_MAX);
    return false;
  }
  const AuditHead *heads
      = audit_heads (registry_store (request->web->registry), request->arena, (size_t)wanted, &n, error);
  if (!heads)
    return false;
  response->content_type = "text/plain; charset=utf-8";
  for (size_t i = n; i > 0; i--)
    g_string_append_printf (response->body, "%s\n", heads[i - 1].note);
  return true;
}

bool
handle_audit_key (WebRequest *request, WebResponse *response, GError **error)
{
  const char *keys = audit_public_keys (registry_store (request->web->registry), request->arena, error);
  if (!keys)
    return false;
  response->content_type = "text/plain; charset=utf-8";
  g_string_append (response->body, keys);
  return true;
}
