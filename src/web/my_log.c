/* Who read or changed the person's facts, and proofs of it. */
#include "web/determine.h"
#include "web/download.h"
#include "web/handlers.h"
#include "web/models.h"
#include "web/pages.h"
#include "web/rights_parts.h"

#include <string.h>

enum { ENTRIES_PER_PAGE = 50 };

#define SAY(page, message) message_text ((page)->arena, (page)->language, (message), NULL, 0)

/* ---- one entry in words ------------------------------------------------------ */

static const char *
act_words (const Page *page, AuditAct act)
{
  static const Message messages[AUDIT_N_ACTS] = {
    [AUDIT_READ] = MESSAGE_act_read,     [AUDIT_REFUSED] = MESSAGE_act_refused,
    [AUDIT_SEARCH] = MESSAGE_act_search, [AUDIT_RUN] = MESSAGE_act_run,
    [AUDIT_WRITE] = MESSAGE_act_write,   [AUDIT_EXPORT] = MESSAGE_act_export,
    [AUDIT_LOGIN] = MESSAGE_act_login,   [AUDIT_LOGIN_REFUSED] = MESSAGE_act_login_refused,
    [AUDIT_GRANT] = MESSAGE_act_grant,   [AUDIT_ADMIN] = MESSAGE_act_admin,
    [AUDIT_ERASE] = MESSAGE_act_erase,
  };
  return SAY (page, messages[act]);
}

/* Department, role, and the account's name. */
static const char *
who_words (const WebRequest *request, const Page *page, const AuditEntry *e)
{
  AccessRole role;
  if (request->account && e->actor && g_str_equal (e->actor, request->account->name))
    return SAY (page, MESSAGE_log_self);
  const AccessName *name = e->role && access_role_parse (e->role, &role) ? access_role_name (role) : NULL;
  return arena_printf (page->arena, "%s%s%s%s%s", e->department ? e->department : "",
                       e->department ? " " : "",
                       name      ? page_label (page, name->zh, name->en)
                       : e->role ? e->role
                                 : "",
                       name || e->role ? " · " : "", e->actor ? e->actor : "");
}

/* A clause by its title, a duty by its name, one's own sake; whatever else as it is. */
static const char *
why_words (const WebRequest *request, const Page *page, const char *purpose, const char **link)
{
  if (!purpose)
    return "—";
  if (g_str_has_prefix (purpose, "clause-")) {
    const PolicyClause *clause = web_find_clause (request, purpose + strlen ("clause-"), NULL);
    if (clause) {
      *link = arena_printf (page->arena, "/clauses/%d", clause->number);
      return view_clause_title (page, clause);
    }
  }
  if (g_str_equal (purpose, "self"))
    return SAY (page, MESSAGE_log_self);
  for (int r = 0; r < ACCESS_RIGHTS; r++) {
    const AccessName *name = access_right_name ((AccessRight)r);
    if (g_str_equal (name->id, purpose))
      return page_label (page, name->zh, name->en);
  }
  return purpose;
}

static LogRow
row_of (const WebRequest *request, const Page *page, const AuditRecord *record)
{
  const AuditEntry *e = &record->entry;
  LogRow row = { .number = record->number,
                 .when = view_instant (page, e->at / G_USEC_PER_SEC),
                 .who = who_words (request, page, e),
                 .act = act_words (page, e->act),
                 .what = rights_access_words (request->web->rights, request->arena, e->detail,
                                              page->language == LANGUAGE_EN),
                 .others = record->n_subjects > 1 ? record->n_subjects - 1 : 0 };
  row.why = why_words (request, page, e->purpose, &row.link);
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

/* Public: whoever checks a proof needs the keys, best from elsewhere. */
bool
handle_log_keys (WebRequest *request, WebResponse *response, GError **error)
{
  const char *keys = audit_public_keys (registry_store (request->web->registry), request->arena, error);
  if (!keys)
    return false;
  download_begin (request, response, "text/plain; charset=utf-8", "log-keys.pub");
  g_string_append (response->body, keys);
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
