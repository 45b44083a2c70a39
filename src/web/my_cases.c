/* A person's cases. */
#include "web/case_parts.h"
#include "web/handlers.h"
#include "web/pages.h"
#include "web/rights_parts.h"

enum { CASES_PER_PAGE = 20 };

bool
handle_my_cases (WebRequest *request, WebResponse *response, GError **error)
{
  MyCasesModel m = { 0 };
  CaseFilter filter = { .applicant = request->account->subject, .limit = CASES_PER_PAGE + 1 };
  if (!web_before (request, &filter.after.id, error))
    return false;
  m.cases = cases_queue (request->web->cases, request->arena, request->account, &filter, &m.n, error);
  if (!m.cases)
    return false;
  if (m.n > CASES_PER_PAGE) {
    m.n = CASES_PER_PAGE;
    m.next = arena_printf (request->arena, "/me/cases?before=%" G_GINT64_FORMAT, m.cases[m.n - 1].id);
  }
  Page page = web_page (
      request, message_text (request->arena, request->language, MESSAGE_cases_mine, NULL, 0), NAV_CASES);
  page_my_cases (response->body, &page, &m);
  return true;
}
