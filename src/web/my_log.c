/* Who read or changed the person's facts, and proofs of it. */
#include "web/download.h"
#include "web/handlers.h"
#include "web/log_words.h"
#include "web/models.h"
#include "web/pages.h"
#include "web/rights_parts.h"

enum { ENTRIES_PER_PAGE = 50 };

static LogRow
row_of (const WebRequest *request, const Page *page, const AuditRecord *record)
{
  const AuditEntry *e = &record->entry;
  LogRow row = { .number = record->number,
                 .when = view_instant (page, e->at / G_USEC_PER_SEC),
                 .who = log_who (request, page, e),
                 .act = log_act (page, e->act),
                 .what = log_what (request, page, e->detail),
                 .others = record->n_subjects > 1 ? record->n_subjects - 1 : 0 };
  row.why = log_why (request, page, e->purpose, &row.link);
  return row;
}

/* ---- pages ------------------------------------------------------------------- */

bool
handle_my_log (WebRequest *request, WebResponse *response, GError **error)
{
  gint64 before;
  size_t n;
  Page page = web_page (request, message_text (request->arena, request->language, MESSAGE_log_title, NULL, 0),
                        NAV_DATA);
  const AuditRecord *records
      = web_before (request, &before, error)
            ? audit_entries_about (registry_store (request->web->registry), request->arena,
                                   request->account->subject, before, ENTRIES_PER_PAGE + 1, &n, error)
            : NULL;
  if (!records)
    return false;
  LogRow *rows = arena_new0 (request->arena, LogRow, n);
  LogModel m = { .rows = rows, .n = MIN (n, ENTRIES_PER_PAGE) };
  for (size_t i = 0; i < m.n; i++)
    rows[i] = row_of (request, &page, &records[i]);
  if (n > ENTRIES_PER_PAGE)
    m.next = arena_printf (request->arena, "/me/log?before=%" G_GINT64_FORMAT, rows[m.n - 1].number);
  page_my_log (response->body, &page, &m);
  return true;
}

bool
handle_proof (WebRequest *request, WebResponse *response, GError **error)
{
  guint64 number;
  if (!g_ascii_string_to_unsigned (request->captures[0], 10, 1, G_MAXINT64 - 1, &number, NULL)) {
    g_set_error (error, FAULT, FAULT_NOT_FOUND, "the log has no entry %s", request->captures[0]);
    return false;
  }
  if (!rights_proof_json (request->web->rights, request->account->subject, (gint64)number, response->body,
                          error))
    return false;
  if (request->api)
    response->content_type = "application/json";
  else
    download_begin (request, response, "application/json",
                    arena_printf (request->arena, "proof-%" G_GUINT64_FORMAT ".json", number));
  return true;
}

bool
handle_api_accesses (WebRequest *request, WebResponse *response, GError **error)
{
  gint64 before, last;
  size_t n;
  if (!web_before (request, &before, error))
    return false;
  response->content_type = "application/json";
  JsonWriter *w = json_writer_new (response->body, 2);
  json_begin_object (w);
  json_key (w, "accesses");
  bool ok = rights_accesses_json (request->web->rights, request->account->subject, before, ENTRIES_PER_PAGE,
                                  w, &n, &last, error);
  json_key (w, "next");
  if (ok && n == ENTRIES_PER_PAGE)
    json_int (w, last);
  else
    json_null (w);
  json_end_object (w);
  json_writer_free (w);
  return ok;
}
