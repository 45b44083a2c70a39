/* Pages of online employment about people: one's profile, who looks for work, an application, fairs. */
#include "web/download.h"
#include "web/forms.h"
#include "web/handlers.h"
#include "web/jobs_parts.h"
#include "web/pages.h"

enum { SEEKERS_SHOWN = 50, POSTS_SHOWN = 100 };

#define SAY(request, message) message_text ((request)->arena, (request)->language, (message), NULL, 0)

/* The fault's message, where the page tells it; else NULL, and it is passed on. */
static const char *
told (const WebRequest *request, GError *fault, GError **error)
{
  g_autoptr (GError) owned = fault;
  if (g_error_matches (owned, FAULT, FAULT_INPUT) || g_error_matches (owned, FAULT, FAULT_CONFLICT))
    return view_problem (request, owned);
  g_propagate_error (error, g_steal_pointer (&owned));
  return NULL;
}

/* ---- one's profile ------------------------------------------------------------------------- */

static bool
write_profile (WebRequest *request, WebResponse *response, const char *problem, GError **error)
{
  g_autoptr (GError) fault = NULL;
  const RegistryDivisions *divisions = policy_divisions (request->web->package);
  JobProfileModel m = { .problem = problem,
                        .done = web_field (&request->query, "done"),
                        .key = web_fresh_key (request),
                        .form = &request->form };
  m.facts = jobs_own_facts (request->jobs, request->arena, request->account, &m.n_facts, error);
  if (!m.facts)
    return false;
  m.profile = jobs_profile (request->jobs, request->arena, request->account, &fault);
  if (fault && !g_error_matches (fault, FAULT, FAULT_NOT_FOUND)) {
    g_propagate_error (error, g_steal_pointer (&fault));
    return false;
  }
  m.kind = registry_entity_attribute (registry_schema_entity (policy_schema (request->web->package), "post"),
                                      "kind");
  if (divisions)
    m.places = registry_divisions_at (divisions, request->arena, request->today, &m.n_places);
  Page page = web_page (request, SAY (request, MESSAGE_jobs_profile), NAV_JOBS);
  response->status = problem ? 422 : 0;
  page_job_profile (response->body, &page, &m);
  return true;
}

bool
handle_job_profile (WebRequest *request, WebResponse *response, GError **error)
{
  return jobs_of (request, error) && write_profile (request, response, NULL, error);
}

bool
handle_job_profile_save (WebRequest *request, WebResponse *response, GError **error)
{
  GError *fault = NULL;
  JobsProfile profile;
  if (!jobs_of (request, error))
    return false;
  bool erase = g_strcmp0 (web_field (&request->form, "deed"), "erase") == 0;
  if (erase ? jobs_erase_profile (request->jobs, request->account, &fault)
            : job_profile_read (request, &profile, &fault)
                  && jobs_save_profile (request->jobs, request->account, &profile,
                                        web_field (&request->form, "key"), &fault)) {
    web_redirect (response, "/jobs/profile?done=1");
    return true;
  }
  const char *problem = told (request, fault, error);
  return problem && write_profile (request, response, problem, error);
}

/* ---- who looks for work ---------------------------------------------------------------------- */

static const JobsPost *
own_posts (const WebRequest *request, size_t *n, GError **error)
{
  static const JobsState open = JOBS_OPEN;
  JobsFilter filter = { .employer = request->account->subject, .state = &open, .limit = POSTS_SHOWN };
  return jobs_posts (request->jobs, request->arena, request->account, &filter, n, error);
}

bool
handle_job_seekers (WebRequest *request, WebResponse *response, GError **error)
{
  JobSeekersModel m = { 0 };
  if (!jobs_of (request, error))
    return false;
  m.profiles = jobs_seekers (request->jobs, request->arena, request->account, request->account->subject, 0,
                             SEEKERS_SHOWN, &m.n, error);
  if (!m.profiles || !(m.posts = own_posts (request, &m.n_posts, error)))
    return false;
  Page page = web_page (request, SAY (request, MESSAGE_jobs_seekers), NAV_JOBS);
  page_job_seekers (response->body, &page, &m);
  return true;
}

/* ---- an application -------------------------------------------------------------------------- */

static bool
write_application (WebRequest *request, WebResponse *response, const char *problem, GError **error)
{
  JobApplicationModel m
      = { .problem = problem, .done = web_field (&request->query, "done"), .key = web_fresh_key (request) };
  gint64 id;
  if (!job_id (request, 0, &id, error)
      || !(m.application = jobs_application (request->jobs, request->arena, request->account, id, error)))
    return false;
  Page page = web_page (request, m.application->title, NAV_JOBS);
  response->status = problem ? 409 : 0;
  page_job_application (response->body, &page, &m);
  return true;
}

bool
handle_job_application (WebRequest *request, WebResponse *response, GError **error)
{
  return write_application (request, response, NULL, error);
}

bool
handle_job_application_act (WebRequest *request, WebResponse *response, GError **error)
{
  GError *fault = NULL;
  gint64 id;
  if (!job_id (request, 0, &id, error))
    return false;
  if (job_application_act (request, id, &fault)) {
    web_redirect (response,
                  arena_printf (request->arena, "/jobs/applications/%" G_GINT64_FORMAT "?done=1", id));
    return true;
  }
  const char *problem = told (request, fault, error);
  return problem && write_application (request, response, problem, error);
}

/* ---- fairs ------------------------------------------------------------------------------------ */

static bool
write_fairs (WebRequest *request, WebResponse *response, const char *problem, GError **error)
{
  JobFairsModel m = { .problem = problem,
                      .key = web_fresh_key (request),
                      .office = jobs_may_review (request->jobs, request->account) };
  if (!(m.fairs = jobs_fairs (request->jobs, request->arena, &m.n, error)))
    return false;
  Page page = web_page (request, SAY (request, MESSAGE_fairs_title), NAV_JOBS);
  response->status = problem ? 422 : 0;
  page_job_fairs (response->body, &page, &m);
  return true;
}

bool
handle_job_fairs (WebRequest *request, WebResponse *response, GError **error)
{
  return jobs_of (request, error) && write_fairs (request, response, NULL, error);
}

bool
handle_job_fair_plan (WebRequest *request, WebResponse *response, GError **error)
{
  GError *fault = NULL;
  gint64 id;
  if (!jobs_of (request, error))
    return false;
  if (job_fair_plan (request, &id, &fault)) {
    web_redirect (response, arena_printf (request->arena, "/jobs/fairs/%" G_GINT64_FORMAT, id));
    return true;
  }
  const char *problem = told (request, fault, error);
  return problem && write_fairs (request, response, problem, error);
}

/* What an employer may bring, has brought, and who named it. */
static bool
read_own_stands (const WebRequest *request, JobFairModel *m, GError **error)
{
  const JobsPost *posts = job_is_employer (request) ? own_posts (request, &m->n_own, error) : NULL;
  JobFairPost *own = arena_new0 (request->arena, JobFairPost, m->n_own);
  m->own = own;
  if (!posts)
    return !job_is_employer (request);
  for (size_t i = 0; i < m->n_own; i++) {
    own[i].post = &posts[i];
    for (size_t k = 0; k < m->n_stands; k++)
      if (m->stands[k].post == posts[i].id)
        own[i].stand = &m->stands[k];
    if (own[i].stand
        && !(own[i].people = jobs_fair_people (request->jobs, request->arena, request->account, m->fair->id,
                                               posts[i].id, &own[i].n_people, error)))
      return false;
  }
  return true;
}

static bool
write_fair (WebRequest *request, WebResponse *response, const char *problem, GError **error)
{
  JobFairModel m = { .problem = problem, .done = web_field (&request->query, "done") };
  gint64 id;
  if (!job_id (request, 0, &id, error) || !(m.fair = jobs_fair (request->jobs, request->arena, id, error)))
    return false;
  m.office = jobs_may_review (request->jobs, request->account);
  m.seeker = access_may (request->account, ACCESS_APPLY) && request->account->role == ACCESS_RESIDENT;
  m.stands = jobs_fair_stands (request->jobs, request->arena, request->account, id, &m.n_stands, error);
  if (!m.stands || !read_own_stands (request, &m, error))
    return false;
  if (request->account
      && !(m.meetings
           = jobs_fair_meetings (request->jobs, request->arena, request->account, id, &m.n_meetings, error)))
    return false;
  Page page = web_page (request, m.fair->name, NAV_JOBS);
  response->status = problem ? 409 : 0;
  page_job_fair (response->body, &page, &m);
  return true;
}

bool
handle_job_fair (WebRequest *request, WebResponse *response, GError **error)
{
  return write_fair (request, response, NULL, error);
}

bool
handle_job_fair_act (WebRequest *request, WebResponse *response, GError **error)
{
  GError *fault = NULL;
  gint64 id;
  if (!job_id (request, 0, &id, error))
    return false;
  if (job_fair_act (request, id, &fault)) {
    web_redirect (response, arena_printf (request->arena, "/jobs/fairs/%" G_GINT64_FORMAT "?done=1", id));
    return true;
  }
  const char *problem = told (request, fault, error);
  return problem && write_fair (request, response, problem, error);
}

bool
handle_job_fair_transcript (WebRequest *request, WebResponse *response, GError **error)
{
  gint64 id, time;
  const char *text
      = job_id (request, 0, &id, error) && job_id (request, 1, &time, error)
            ? jobs_fair_transcript (request->jobs, request->arena, id, (int)MIN (time, G_MAXINT) - 1, error)
            : NULL;
  if (!text)
    return false;
  download_begin (
      request, response, "application/jsonl",
      arena_printf (request->arena, "fair-%" G_GINT64_FORMAT "-%" G_GINT64_FORMAT ".jsonl", id, time));
  g_string_append (response->body, text);
  return true;
}
