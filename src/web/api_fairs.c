/* Job fairs, for programs. */
#include "web/forms.h"
#include "web/handlers.h"
#include "web/jobs_parts.h"

static void
write_clock (JsonWriter *w, const char *key, int minutes)
{
  char text[16];
  g_snprintf (text, sizeof text, "%02d:%02d", minutes / 60, minutes % 60);
  json_member_str (w, key, text);
}

static void
write_fair (JsonWriter *w, const JobsFair *fair)
{
  char day[CIVIL_TEXT_MAX];
  json_member_int (w, "id", fair->id);
  json_member_str (w, "name", fair->name);
  json_member_str (w, "place", fair->place);
  json_member_str (w, "day", civil_format (fair->day, day));
  write_clock (w, "from", fair->from);
  write_clock (w, "to", fair->to);
  json_member_int (w, "minutes", fair->minutes);
  json_member_bool (w, "arranged", fair->arranged);
  json_member_int (w, "posts", fair->n_stands);
  json_member_int (w, "people", fair->n_people);
  json_member_int (w, "times", fair->n_times);
}

bool
handle_api_fairs (WebRequest *request, WebResponse *response, GError **error)
{
  size_t n;
  const JobsFair *fairs
      = jobs_of (request, error) ? jobs_fairs (request->jobs, request->arena, &n, error) : NULL;
  if (!fairs)
    return false;
  g_autoptr (JsonWriter) w = web_json_begin (response);
  json_member_array (w, "fairs");
  for (size_t i = 0; i < n; i++) {
    json_begin_object (w);
    write_fair (w, &fairs[i]);
    json_end_object (w);
  }
  json_end_array (w);
  json_end_object (w);
  return true;
}

static void
write_stands (JsonWriter *w, const JobsStand *stands, size_t n)
{
  json_member_array (w, "stands");
  for (size_t i = 0; i < n; i++) {
    json_begin_object (w);
    json_member_int (w, "post", stands[i].post);
    json_member_str (w, "title", stands[i].title);
    json_member_str (w, "employer", stands[i].employer_name);
    json_member_int (w, "interviewers", stands[i].interviewers);
    json_member_int (w, "named", stands[i].named);
    json_member_int (w, "wish", stands[i].wish);
    json_end_object (w);
  }
  json_end_array (w);
}

static void
write_meetings (JsonWriter *w, const JobsMeeting *meetings, size_t n)
{
  char at[CIVIL_TEXT_MAX];
  json_member_array (w, "interviews");
  for (size_t i = 0; i < n; i++) {
    json_begin_object (w);
    json_member_str (w, "starts_at", instant_format (meetings[i].starts_at, at));
    json_member_int (w, "post", meetings[i].post);
    json_member_str (w, "title", meetings[i].title);
    json_member_str (w, "employer", meetings[i].employer_name);
    json_member_int (w, "profile", meetings[i].profile);
    json_member_str (w, "name", meetings[i].name);
    json_end_object (w);
  }
  json_end_array (w);
}

static bool
write_found (const WebRequest *request, WebResponse *response, gint64 id, GError **error)
{
  const JobsMeeting *meetings = NULL;
  size_t n_stands, n_meetings = 0;
  const JobsFair *fair = jobs_fair (request->jobs, request->arena, id, error);
  const JobsStand *stands
      = fair ? jobs_fair_stands (request->jobs, request->arena, request->account, id, &n_stands, error)
             : NULL;
  if (!stands
      || (request->account
          && !(meetings = jobs_fair_meetings (request->jobs, request->arena, request->account, id,
                                              &n_meetings, error))))
    return false;
  g_autoptr (JsonWriter) w = web_json_begin (response);
  write_fair (w, fair);
  write_stands (w, stands, n_stands);
  write_meetings (w, meetings, n_meetings);
  json_end_object (w);
  return true;
}

bool
handle_api_fair (WebRequest *request, WebResponse *response, GError **error)
{
  gint64 id;
  return job_id (request, 0, &id, error) && write_found (request, response, id, error);
}

bool
handle_api_fair_plan (WebRequest *request, WebResponse *response, GError **error)
{
  gint64 id;
  return jobs_of (request, error) && job_fair_plan (request, &id, error)
         && write_found (request, response, id, error);
}

bool
handle_api_fair_act (WebRequest *request, WebResponse *response, GError **error)
{
  gint64 id;
  return job_id (request, 0, &id, error) && job_fair_act (request, id, error)
         && write_found (request, response, id, error);
}
