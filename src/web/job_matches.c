/* Who suits whom: pages and interface. */
#include "web/handlers.h"
#include "web/jobs_parts.h"
#include "web/pages.h"

enum { SHOWN = 20 };

#define SAY(request, message) message_text ((request)->arena, (request)->language, (message), NULL, 0)

/* As many as the query's "top" says. */
static size_t
top_of (const WebRequest *request)
{
  guint64 top;
  const char *given = web_field (&request->query, "top");
  return given && g_ascii_string_to_unsigned (given, 10, 1, MARKET_TOP_MAX, &top, NULL) ? (size_t)top : SHOWN;
}

static const JobsMatches *
own_matches (const WebRequest *request, GError **error)
{
  return jobs_of (request, error) ? jobs_matches (request->jobs, request->arena, request->account,
                                                  request->account->subject, top_of (request), error)
                                  : NULL;
}

/* ---- pages ------------------------------------------------------------------------------------ */

/* Without a profile the page says what to do. */
bool
handle_job_matches (WebRequest *request, WebResponse *response, GError **error)
{
  GError *fault = NULL;
  JobMatchesModel m = { .matches = own_matches (request, &fault) };
  if (fault && !(request->jobs && g_error_matches (fault, FAULT, FAULT_NOT_FOUND))) {
    g_propagate_error (error, fault);
    return false;
  }
  g_clear_error (&fault);
  Page page = web_page (request, SAY (request, MESSAGE_matches_title), NAV_JOBS);
  page_job_matches (response->body, &page, &m);
  return true;
}

static const JobsMatches *
candidates (const WebRequest *request, gint64 *id, GError **error)
{
  return job_id (request, 0, id, error)
             ? jobs_candidates (request->jobs, request->arena, request->account, *id, top_of (request), error)
             : NULL;
}

bool
handle_job_candidates (WebRequest *request, WebResponse *response, GError **error)
{
  JobMatchesModel m = { 0 };
  gint64 id;
  if (!(m.matches = candidates (request, &id, error))
      || !(m.post = jobs_post (request->jobs, request->arena, request->account, id, error)))
    return false;
  m.employer
      = request->account && jobs_may_advertise (request->jobs, request->account, m.post->says.employer, NULL);
  Page page = web_page (request, SAY (request, MESSAGE_matches_candidates), NAV_JOBS);
  page_job_candidates (response->body, &page, &m);
  return true;
}

/* ---- for programs ------------------------------------------------------------------------------- */

static bool
write_matches (WebResponse *response, const JobsMatches *matches)
{
  if (!matches)
    return false;
  response->content_type = "application/json";
  g_autoptr (JsonWriter) w = json_writer_new (response->body, 2);
  json_begin_object (w);
  jobs_write_matches (w, matches);
  json_end_object (w);
  return true;
}

bool
handle_api_job_matches (WebRequest *request, WebResponse *response, GError **error)
{
  return write_matches (response, own_matches (request, error));
}

bool
handle_api_job_candidates (WebRequest *request, WebResponse *response, GError **error)
{
  gint64 id;
  return write_matches (response, candidates (request, &id, error));
}

bool
handle_api_job_match (WebRequest *request, WebResponse *response, GError **error)
{
  gint64 id;
  return job_id (request, 0, &id, error)
         && write_matches (response, jobs_match (request->jobs, request->arena, request->account,
                                                 request->account->subject, id, error));
}
