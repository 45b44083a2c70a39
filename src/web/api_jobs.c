/* Online employment for programs. */
#include "web/forms.h"
#include "web/handlers.h"
#include "web/jobs_parts.h"

enum { MINE_SHOWN = 200 };

static const char *
day_text (const WebRequest *request, Day day)
{
  char text[16];
  return day ? arena_text (request->arena, text_of (civil_format (day, text))) : NULL;
}

static void
write_words (JsonWriter *w, const char *key, const char *const *words)
{
  json_member_array (w, key);
  for (; words && *words; words++)
    json_str (w, *words);
  json_end_array (w);
}

static void
write_fen (JsonWriter *w, const char *key, gint64 fen)
{
  json_key (w, key);
  if (fen)
    json_int (w, fen);
  else
    json_null (w);
}

/* ---- advertisements ------------------------------------------------------------------------ */

static void
write_post (JsonWriter *w, const WebRequest *request, const JobsPost *post)
{
  json_member_int (w, "id", post->id);
  json_member_str (w, "number", post->number);
  json_member_str (w, "employer", post->employer_name);
  json_member_str (w, "title", post->says.title);
  json_member_str (w, "text", post->says.text);
  json_member_str (w, "occupation", post->says.occupation);
  write_words (w, "skills", post->says.skills);
  write_words (w, "certificates", post->says.certificates);
  json_member_str (w, "place", post->says.place);
  write_fen (w, "pay_from", post->says.pay_from);
  write_fen (w, "pay_to", post->says.pay_to);
  json_member_int (w, "posts", post->says.posts);
  json_member_str (w, "kind", post->says.kind);
  json_member_str (w, "education", post->says.education);
  json_member_str (w, "until", day_text (request, post->says.until));
  json_member_str (w, "state", jobs_state_id (post->state));
  json_member_bool (w, "taking", post->taking);
  json_member_str (w, "reason", post->reason);
}

static void
write_facets (JsonWriter *w, const char *key, const JobsFacet *facets, size_t n)
{
  json_member_array (w, key);
  for (size_t i = 0; i < n; i++) {
    json_begin_object (w);
    json_member_str (w, "value", facets[i].value);
    json_member_int (w, "n", (gint64)facets[i].n);
    json_end_object (w);
  }
  json_end_array (w);
}

bool
handle_api_jobs (WebRequest *request, WebResponse *response, GError **error)
{
  JobsModel m = { 0 };
  if (!jobs_look (request, &m, error))
    return false;
  g_autoptr (JsonWriter) w = web_json_begin (response);
  json_member_int (w, "total", (gint64)m.found->total);
  json_member_bool (w, "loosened", m.found->loosened);
  json_member_array (w, "posts");
  for (size_t i = 0; i < m.found->n; i++) {
    json_begin_object (w);
    write_post (w, request, &m.found->posts[i]);
    json_end_object (w);
  }
  json_end_array (w);
  write_facets (w, "places", m.found->places, m.found->n_places);
  write_facets (w, "kinds", m.found->kinds, m.found->n_kinds);
  json_end_object (w);
  return true;
}

static void
write_findings (JsonWriter *w, const JobsFinding *findings, size_t n)
{
  json_member_array (w, "findings");
  for (size_t i = 0; i < n; i++) {
    const JobsFinding *f = &findings[i];
    json_begin_object (w);
    json_member_str (w, "rule", f->rule->id);
    json_member_str (w, "weight", jobs_weight_id (f->weight));
    json_member_str (w, "field", f->field);
    json_member_int (w, "from", (gint64)f->from);
    json_member_int (w, "to", (gint64)f->to);
    json_member_str (w, "quote", f->quote);
    policy_write_text (w, "says", f->rule->says);
    policy_write_text (w, "law", f->rule->law);
    policy_write_text (w, "remedy", f->rule->remedy);
    json_member_str (w, "confidence", f->rule->confidence);
    json_end_object (w);
  }
  json_end_array (w);
}

bool
handle_api_job_check (WebRequest *request, WebResponse *response, GError **error)
{
  JobsAdvertisement says;
  size_t n;
  if (!jobs_of (request, error) || !job_read (request, &says, error))
    return false;
  const JobsFinding *findings = jobs_check (request->jobs, request->arena, &says, &n);
  g_autoptr (JsonWriter) w = web_json_begin (response);
  write_findings (w, findings, n);
  json_end_object (w);
  return true;
}

/* APPLICATION: that the deed made; 0: none. */
static bool
write_job (const WebRequest *request, WebResponse *response, gint64 id, gint64 application, GError **error)
{
  size_t n;
  const JobsPost *post = jobs_post (request->jobs, request->arena, request->account, id, error);
  const JobsFinding *findings
      = post ? jobs_post_findings (request->jobs, request->arena, request->account, id, &n, error) : NULL;
  if (!findings)
    return false;
  g_autoptr (JsonWriter) w = web_json_begin (response);
  write_post (w, request, post);
  write_findings (w, findings, n);
  json_key (w, "application");
  if (application)
    json_int (w, application);
  else
    json_null (w);
  json_end_object (w);
  return true;
}

bool
handle_api_job_send (WebRequest *request, WebResponse *response, GError **error)
{
  JobsAdvertisement says;
  gint64 id = jobs_of (request, error) && job_read (request, &says, error)
                  ? jobs_advertise (request->jobs, request->account, &says, web_case_key (request), error)
                  : 0;
  return id && write_job (request, response, id, 0, error);
}

bool
handle_api_job (WebRequest *request, WebResponse *response, GError **error)
{
  gint64 id;
  return job_id (request, 0, &id, error) && write_job (request, response, id, 0, error);
}

static bool
change (const WebRequest *request, gint64 id, GError **error)
{
  JobsAdvertisement says;
  return job_read (request, &says, error)
         && jobs_change (request->jobs, request->account, id, &says, web_case_key (request), error);
}

bool
handle_api_job_act (WebRequest *request, WebResponse *response, GError **error)
{
  gint64 id, application = 0;
  bool changing = g_strcmp0 (web_field (&request->form, "deed"), "change") == 0;
  return job_id (request, 0, &id, error)
         && (changing ? change (request, id, error) : job_act (request, id, &application, error))
         && write_job (request, response, id, application, error);
}

/* ---- people -------------------------------------------------------------------------------- */

static void
write_profile_members (JsonWriter *w, const JobsProfile *profile)
{
  json_member_int (w, "id", profile->id);
  json_member_str (w, "name", profile->name);
  write_words (w, "occupations", profile->occupations);
  write_words (w, "places", profile->places);
  write_words (w, "kinds", profile->kinds);
  write_fen (w, "pay_from", profile->pay_from);
  write_words (w, "skills", profile->skills);
  json_member_str (w, "about", profile->about);
  json_member_bool (w, "shown", profile->shown);
  json_member_bool (w, "alerts", profile->alerts);
  write_words (w, "consented", profile->consented);
  json_member_array (w, "facts");
  for (size_t i = 0; i < profile->n_facts; i++) {
    json_begin_object (w);
    json_member_str (w, "id", profile->facts[i].id);
    json_member_str (w, "value", profile->facts[i].value);
    json_end_object (w);
  }
  json_end_array (w);
}

bool
handle_api_job_profile (WebRequest *request, WebResponse *response, GError **error)
{
  const JobsProfile *profile = jobs_of (request, error)
                                   ? jobs_profile (request->jobs, request->arena, request->account, error)
                                   : NULL;
  if (!profile)
    return false;
  g_autoptr (JsonWriter) w = web_json_begin (response);
  write_profile_members (w, profile);
  json_end_object (w);
  return true;
}

bool
handle_api_job_profile_save (WebRequest *request, WebResponse *response, GError **error)
{
  JobsProfile profile;
  return jobs_of (request, error) && job_profile_read (request, &profile, error)
         && jobs_save_profile (request->jobs, request->account, &profile, web_case_key (request), error)
         && handle_api_job_profile (request, response, error);
}

static void
write_application_members (JsonWriter *w, const WebRequest *request, const JobsApplication *a)
{
  json_member_int (w, "id", a->id);
  json_member_int (w, "post", a->post);
  json_member_str (w, "title", a->title);
  json_member_str (w, "employer", a->employer_name);
  json_member_bool (w, "own", a->own);
  json_member_str (w, "stage", jobs_stage_id (a->stage));
  json_member_str (w, "name", a->name);
  json_member_str (w, "letter", a->letter);
  json_member_str (w, "contact", a->contact);
  json_member_str (w, "first_day", day_text (request, a->first_day));
}

static void
write_slots (JsonWriter *w, const JobsApplication *a)
{
  json_member_array (w, "times");
  for (size_t i = 0; i < a->n_slots; i++) {
    json_begin_object (w);
    json_member_int (w, "starts_at", a->slots[i].starts_at);
    json_member_str (w, "place", a->slots[i].place);
    json_member_bool (w, "picked", (int)i == a->picked);
    json_end_object (w);
  }
  json_end_array (w);
  json_member_array (w, "steps");
  for (size_t i = 0; i < a->n_steps; i++) {
    json_begin_object (w);
    json_member_str (w, "act", jobs_act_id (a->steps[i].act));
    json_member_int (w, "at", a->steps[i].at);
    json_member_str (w, "words", a->steps[i].words);
    json_end_object (w);
  }
  json_end_array (w);
}

bool
handle_api_job_application (WebRequest *request, WebResponse *response, GError **error)
{
  gint64 id;
  const JobsApplication *a
      = job_id (request, 0, &id, error)
            ? jobs_application (request->jobs, request->arena, request->account, id, error)
            : NULL;
  if (!a)
    return false;
  g_autoptr (JsonWriter) w = web_json_begin (response);
  write_application_members (w, request, a);
  write_slots (w, a);
  json_key (w, "profile");
  if (a->profile) {
    json_begin_object (w);
    write_profile_members (w, a->profile);
    json_end_object (w);
  } else
    json_null (w);
  json_end_object (w);
  return true;
}

bool
handle_api_job_application_act (WebRequest *request, WebResponse *response, GError **error)
{
  gint64 id;
  return job_id (request, 0, &id, error) && job_application_act (request, id, error)
         && handle_api_job_application (request, response, error);
}

/* An employer's advertisements, or a person's applications. */
bool
handle_api_jobs_mine (WebRequest *request, WebResponse *response, GError **error)
{
  const JobsPost *posts = NULL;
  const JobsApplication *applications = NULL;
  size_t n = 0;
  if (!jobs_of (request, error))
    return false;
  JobsFilter filter = { .employer = request->account->subject, .limit = MINE_SHOWN };
  if (job_is_employer (request))
    posts = jobs_posts (request->jobs, request->arena, request->account, &filter, &n, error);
  else
    applications
        = jobs_applications (request->jobs, request->arena, request->account, 0, 0, MINE_SHOWN, &n, error);
  if (!posts && !applications)
    return false;
  g_autoptr (JsonWriter) w = web_json_begin (response);
  json_member_array (w, posts ? "posts" : "applications");
  for (size_t i = 0; i < n; i++) {
    json_begin_object (w);
    if (posts)
      write_post (w, request, &posts[i]);
    else
      write_application_members (w, request, &applications[i]);
    json_end_object (w);
  }
  json_end_array (w);
  json_end_object (w);
  return true;
}
