/* Pages of online employment: looking, one advertisement, writing one, what is held. */
#include "web/forms.h"
#include "web/handlers.h"
#include "web/jobs_parts.h"
#include "web/pages.h"

enum { JOBS_SHOWN = 20, MINE_SHOWN = 200 };

#define SAY(request, message) message_text ((request)->arena, (request)->language, (message), NULL, 0)

/* ---- what all of them ask --------------------------------------------------------------- */

bool
jobs_of (const WebRequest *request, GError **error)
{
  if (!request->jobs)
    g_set_error (error, FAULT, FAULT_NOT_FOUND, "this county's package has no online employment");
  return request->jobs;
}

bool
job_id (const WebRequest *request, int index, gint64 *id, GError **error)
{
  return jobs_of (request, error) && web_number (request, index, id, error);
}

bool
job_is_employer (const WebRequest *request)
{
  return request->account && request->account->subject
         && jobs_may_advertise (request->jobs, request->account, request->account->subject, NULL);
}

static bool
is_seeker (const WebRequest *request)
{
  return access_may (request->account, ACCESS_APPLY) && request->account->role == ACCESS_RESIDENT;
}

/* ---- looking ------------------------------------------------------------------------------- */

static const char *
asked (const WebRequest *request, const char *name)
{
  const char *value = web_field (&request->query, name);
  return value ? arena_text (request->arena, text_trim (text_of (value))) : "";
}

static const char *
next_page (const WebRequest *request, const JobsModel *m)
{
  size_t from = m->asked.from + m->found->n;
  if (from >= MIN (m->found->total, JOBS_FOUND_MAX))
    return NULL;
  g_autoptr (GString) address = g_string_new ("/jobs?");
  const char *const names[] = { "q", "place", "kind", "pay" };
  for (size_t i = 0; i < G_N_ELEMENTS (names); i++) {
    g_autofree char *value = g_uri_escape_string (asked (request, names[i]), NULL, FALSE);
    g_string_append_printf (address, "%s=%s&", names[i], value);
  }
  g_string_append_printf (address, "from=%zu", from);
  return arena_text (request->arena, text_of (address->str));
}

bool
jobs_look (const WebRequest *request, JobsModel *m, GError **error)
{
  guint64 from;
  if (!jobs_of (request, error))
    return false;
  m->pay = asked (request, "pay");
  m->asked = (JobsSearch){ .text = asked (request, "q"),
                           .place = asked (request, "place"),
                           .kind = asked (request, "kind"),
                           .limit = JOBS_SHOWN };
  if (!job_yuan (m->pay, &m->asked.pay_from)) {
    g_set_error (error, FAULT, FAULT_INPUT, "pay=%s is no amount in yuan", m->pay);
    return false;
  }
  if (g_ascii_string_to_unsigned (asked (request, "from"), 10, 0, G_MAXINT32, &from, NULL))
    m->asked.from = from;
  m->found = jobs_search (request->jobs, request->arena, &m->asked, error);
  return m->found;
}

bool
handle_jobs (WebRequest *request, WebResponse *response, GError **error)
{
  JobsModel m = { 0 };
  if (!jobs_look (request, &m, error))
    return false;
  m.next = next_page (request, &m);
  m.employer = job_is_employer (request);
  m.office = jobs_may_review (request->jobs, request->account);
  m.seeker = is_seeker (request);
  Page page = web_page (request, SAY (request, MESSAGE_jobs_title), NAV_JOBS);
  page_jobs (response->body, &page, &m);
  return true;
}

/* ---- one advertisement ---------------------------------------------------------------------- */

static bool
read_own (const WebRequest *request, JobModel *m, GError **error)
{
  g_autoptr (GError) fault = NULL;
  size_t n;
  if (!m->seeker)
    return true;
  m->has_profile = jobs_profile (request->jobs, request->arena, request->account, &fault);
  if (fault && !g_error_matches (fault, FAULT, FAULT_NOT_FOUND))
    return web_pass_on (error, g_steal_pointer (&fault));
  if (m->has_profile
      && !(m->match = jobs_match (request->jobs, request->arena, request->account, request->account->subject,
                                  m->post->id, &fault))
      && !g_error_matches (fault, FAULT, FAULT_NOT_FOUND)) /* the package may have no market of jobs */
    return web_pass_on (error, g_steal_pointer (&fault));
  const JobsApplication *all
      = jobs_applications (request->jobs, request->arena, request->account, 0, 0, MINE_SHOWN, &n, error);
  for (size_t i = 0; all && i < n; i++)
    if (all[i].post == m->post->id)
      m->own = &all[i];
  return all;
}

static bool
write_job (WebRequest *request, WebResponse *response, const char *problem, GError **error)
{
  JobModel m
      = { .problem = problem, .done = web_field (&request->query, "done"), .key = web_fresh_key (request) };
  gint64 id;
  if (!job_id (request, 0, &id, error)
      || !(m.post = jobs_post (request->jobs, request->arena, request->account, id, error)))
    return false;
  m.employer
      = request->account && jobs_may_advertise (request->jobs, request->account, m.post->says.employer, NULL);
  m.office = jobs_may_review (request->jobs, request->account);
  m.seeker = is_seeker (request);
  m.findings = jobs_post_findings (request->jobs, request->arena, request->account, id, &m.n_findings, error);
  if (!m.findings || !read_own (request, &m, error))
    return false;
  Page page = web_page (request, m.post->says.title, NAV_JOBS);
  response->status = problem ? 409 : 0;
  page_job (response->body, &page, &m);
  return true;
}

bool
handle_job (WebRequest *request, WebResponse *response, GError **error)
{
  return write_job (request, response, NULL, error);
}

bool
handle_job_act (WebRequest *request, WebResponse *response, GError **error)
{
  g_autoptr (GError) fault = NULL;
  gint64 id, done;
  if (!job_id (request, 0, &id, error))
    return false;
  if (job_act (request, id, &done, &fault)) {
    g_autofree char *to = done ? g_strdup_printf ("/jobs/applications/%" G_GINT64_FORMAT "?done=1", done)
                               : g_strdup_printf ("/jobs/%" G_GINT64_FORMAT "?done=1", id);
    const char *deed = web_field (&request->form, "deed");
    bool away = g_strcmp0 (deed, "return") == 0 || g_strcmp0 (deed, "stands") == 0;
    web_redirect (response, away ? "/jobs/review?done=1" : arena_text (request->arena, text_of (to)));
    return true;
  }
  return web_is_told (fault) ? write_job (request, response, view_problem (request, fault), error)
                             : web_pass_on (error, g_steal_pointer (&fault));
}

/* ---- writing one ------------------------------------------------------------------------------ */

static void
list_choices (const WebRequest *request, JobFormModel *m)
{
  const RegistryEntity *post = registry_schema_entity (policy_schema (request->web->package), "post");
  const RegistryDivisions *divisions = policy_divisions (request->web->package);
  m->kind = registry_entity_attribute (post, "kind");
  m->education = registry_entity_attribute (post, "education");
  if (divisions)
    m->places = registry_divisions_at (divisions, request->arena, request->today, &m->n_places);
}

static bool
write_form (WebRequest *request, WebResponse *response, JobFormModel *m, GError **error)
{
  if (!job_is_employer (request) && !m->post) {
    g_set_error (error, FAULT, FAULT_DENIED, "posts are advertised by an employer's representative");
    return false;
  }
  list_choices (request, m);
  if (jobs_words (request->jobs))
    m->occupations
        = vocabulary_of_kind (jobs_words (request->jobs), VOCABULARY_OCCUPATION, &m->n_occupations);
  m->key = web_fresh_key (request);
  m->form = &request->form;
  m->action
      = m->post ? arena_printf (request->arena, "/jobs/%" G_GINT64_FORMAT "/edit", m->post->id) : "/jobs";
  Page page = web_page (request, SAY (request, m->post ? MESSAGE_jobs_edit : MESSAGE_jobs_new), NAV_JOBS);
  response->status = m->problem ? 422 : 0;
  page_job_form (response->body, &page, m);
  return true;
}

bool
handle_job_form (WebRequest *request, WebResponse *response, GError **error)
{
  JobFormModel m = { 0 };
  return jobs_of (request, error) && write_form (request, response, &m, error);
}

static bool
find_edited (const WebRequest *request, JobFormModel *m, GError **error)
{
  gint64 id;
  if (!job_id (request, 0, &id, error)
      || !(m->post = jobs_post (request->jobs, request->arena, request->account, id, error)))
    return false;
  if (jobs_may_advertise (request->jobs, request->account, m->post->says.employer, NULL))
    return true;
  g_set_error (error, FAULT, FAULT_DENIED, "this is another employer's advertisement");
  return false;
}

bool
handle_job_edit (WebRequest *request, WebResponse *response, GError **error)
{
  JobFormModel m = { 0 };
  return find_edited (request, &m, error) && write_form (request, response, &m, error);
}

/* Look at it, or send it; what stands against it is told on the form. */
static bool
take_form (WebRequest *request, WebResponse *response, JobFormModel *m, GError **error)
{
  g_autoptr (GError) fault = NULL;
  JobsAdvertisement says;
  gint64 id = m->post ? m->post->id : 0;
  const char *key = web_field (&request->form, "key");
  bool read = job_read (request, &says, &fault);
  if (read) {
    m->findings = jobs_check (request->jobs, request->arena, &says, &m->n_findings);
    m->checked = true;
    if (g_strcmp0 (web_field (&request->form, "deed"), "check") == 0)
      return write_form (request, response, m, error);
    bool sent = m->post ? jobs_change (request->jobs, request->account, id, &says, key, &fault)
                        : (id = jobs_advertise (request->jobs, request->account, &says, key, &fault));
    if (sent) {
      web_redirect (response, arena_printf (request->arena, "/jobs/%" G_GINT64_FORMAT "?done=1", id));
      return true;
    }
  }
  if (!web_is_told (fault))
    return web_pass_on (error, g_steal_pointer (&fault));
  m->problem = view_problem (request, fault);
  return write_form (request, response, m, error);
}

bool
handle_job_send (WebRequest *request, WebResponse *response, GError **error)
{
  JobFormModel m = { 0 };
  return jobs_of (request, error) && take_form (request, response, &m, error);
}

bool
handle_job_change (WebRequest *request, WebResponse *response, GError **error)
{
  JobFormModel m = { 0 };
  return find_edited (request, &m, error) && take_form (request, response, &m, error);
}

/* ---- lists -------------------------------------------------------------------------------------- */

static bool
write_mine (WebRequest *request, WebResponse *response, JobsMineModel *m, Message title)
{
  Page page = web_page (request, SAY (request, title), NAV_JOBS);
  page_jobs_mine (response->body, &page, m);
  return true;
}

bool
handle_jobs_mine (WebRequest *request, WebResponse *response, GError **error)
{
  if (!jobs_of (request, error))
    return false;
  JobsMineModel m = { .employer = job_is_employer (request) };
  JobsFilter filter = { .employer = request->account->subject, .limit = MINE_SHOWN };
  if (m.employer)
    m.posts = jobs_posts (request->jobs, request->arena, request->account, &filter, &m.n_posts, error);
  else
    m.applications = jobs_applications (request->jobs, request->arena, request->account, 0, 0, MINE_SHOWN,
                                        &m.n_applications, error);
  return (m.posts || m.applications)
         && write_mine (request, response, &m, m.employer ? MESSAGE_jobs_mine : MESSAGE_jobs_my_applications);
}

bool
handle_jobs_review (WebRequest *request, WebResponse *response, GError **error)
{
  static const JobsState held = JOBS_HELD;
  JobsMineModel m = { .office = true };
  JobsFilter filter = { .state = &held, .limit = MINE_SHOWN };
  if (!jobs_of (request, error))
    return false;
  m.posts = jobs_posts (request->jobs, request->arena, request->account, &filter, &m.n_posts, error);
  return m.posts && write_mine (request, response, &m, MESSAGE_jobs_review);
}

bool
handle_job_applicants (WebRequest *request, WebResponse *response, GError **error)
{
  JobsMineModel m = { 0 };
  gint64 id;
  if (!job_id (request, 0, &id, error)
      || !(m.post = jobs_post (request->jobs, request->arena, request->account, id, error)))
    return false;
  m.applications = jobs_applications (request->jobs, request->arena, request->account, id, 0, MINE_SHOWN,
                                      &m.n_applications, error);
  return m.applications && write_mine (request, response, &m, MESSAGE_jobs_applicants);
}
