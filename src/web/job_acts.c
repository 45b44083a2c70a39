/* What is done in online employment, from a form's fields. */
#include "web/forms.h"
#include "web/jobs_parts.h"

static bool
wrong (GError **error, const char *why)
{
  g_set_error_literal (error, FAULT, FAULT_INPUT, why);
  return false;
}

static const char *
field (const WebRequest *request, const char *name)
{
  const char *text = web_field (&request->form, name);
  return text ? arena_text (request->arena, text_trim (text_of (text))) : "";
}

static bool
read_number (const WebRequest *request, const char *name, gint64 *number, GError **error)
{
  guint64 value;
  if (g_ascii_string_to_unsigned (field (request, name), 10, 0, G_MAXINT64, &value, NULL)) {
    *number = (gint64)value;
    return true;
  }
  g_set_error (error, FAULT, FAULT_INPUT, "%s=%s is no number", name, field (request, name));
  return false;
}

static bool
read_day (const WebRequest *request, const char *name, Day *day, GError **error)
{
  if (civil_parse (text_of (field (request, name)), day))
    return true;
  g_set_error (error, FAULT, FAULT_INPUT, "%s=%s is no day, as 2026-09-01", name, field (request, name));
  return false;
}

bool
job_yuan (const char *text, gint64 *fen)
{
  Decimal amount;
  g_auto (GStrv) parts = g_strsplit (text, ",", -1);
  g_autofree char *digits = g_strjoinv ("", parts);
  *fen = 0;
  return !*digits || (decimal_parse (text_of (digits), &amount) && decimal_to_scaled (amount, 2, fen));
}

static bool
read_yuan (const WebRequest *request, const char *name, gint64 *fen, GError **error)
{
  if (job_yuan (field (request, name), fen))
    return true;
  g_set_error (error, FAULT, FAULT_INPUT, "%s=%s is no amount in yuan", name, field (request, name));
  return false;
}

/* A line each. */
static const char *const *
read_lines (const WebRequest *request, const char *name)
{
  g_auto (GStrv) lines = g_strsplit_set (field (request, name), "\r\n", -1);
  const char **words = arena_new0 (request->arena, const char *, g_strv_length (lines) + 1);
  size_t n = 0;
  for (char **line = lines; *line; line++)
    if (*g_strstrip (*line))
      words[n++] = arena_text (request->arena, text_of (*line));
  return words;
}

/* Every field of that name. */
static const char *const *
read_all (const WebRequest *request, const char *name)
{
  const char **words = arena_new0 (request->arena, const char *, request->form.n + 1);
  size_t n = 0;
  for (size_t i = 0; i < request->form.n; i++)
    if (g_str_equal (request->form.items[i].name, name) && *request->form.items[i].value)
      words[n++] = request->form.items[i].value;
  return words;
}

/* ---- advertisements ------------------------------------------------------------------- */

bool
job_read (const WebRequest *request, JobsAdvertisement *says, GError **error)
{
  *says = (JobsAdvertisement){ .employer = request->account->subject,
                               .title = field (request, "title"),
                               .text = field (request, "text"),
                               .occupation = field (request, "occupation"),
                               .skills = read_lines (request, "skills"),
                               .certificates = read_lines (request, "certificates"),
                               .place = field (request, "place"),
                               .kind = field (request, "kind"),
                               .education = field (request, "education") };
  if (*field (request, "employer")
      && !registry_subject_parse (policy_schema (request->web->package),
                                  text_of (field (request, "employer")), &says->employer))
    return wrong (error, "employer=organisation-12: there is no such");
  if (!read_yuan (request, "pay_from", &says->pay_from, error)
      || !read_yuan (request, "pay_to", &says->pay_to, error)
      || !read_number (request, "posts", &says->posts, error)
      || !read_day (request, "until", &says->until, error))
    return false;
  if (!says->pay_to)
    says->pay_to = says->pay_from;
  return true;
}

static bool
apply (const WebRequest *request, gint64 id, gint64 *done, GError **error)
{
  JobsApplying applying = { .letter = field (request, "letter"), .contact = field (request, "contact") };
  *done = jobs_apply (request->jobs, request->account, id, &applying, web_case_key (request), error);
  return *done;
}

static bool
invite (const WebRequest *request, gint64 id, gint64 *done, GError **error)
{
  gint64 profile;
  *done = read_number (request, "profile", &profile, error)
              ? jobs_invite (request->jobs, request->account, id, profile, field (request, "words"),
                             web_case_key (request), error)
              : 0;
  return *done;
}

bool
job_act (const WebRequest *request, gint64 id, gint64 *done, GError **error)
{
  const char *deed = field (request, "deed"), *reason = field (request, "reason");
  *done = 0;
  if (g_str_equal (deed, "apply"))
    return apply (request, id, done, error);
  if (g_str_equal (deed, "invite"))
    return invite (request, id, done, error);
  if (g_str_equal (deed, "filled"))
    return jobs_close (request->jobs, request->account, id, JOBS_FILLED, NULL, error);
  if (g_str_equal (deed, "withdraw"))
    return jobs_close (request->jobs, request->account, id, JOBS_WITHDRAWN, NULL, error);
  if (g_str_equal (deed, "remove"))
    return jobs_close (request->jobs, request->account, id, JOBS_REMOVED, reason, error);
  if (g_str_equal (deed, "stands"))
    return jobs_review (request->jobs, request->account, id, true, NULL, error);
  if (g_str_equal (deed, "return"))
    return jobs_review (request->jobs, request->account, id, false, reason, error);
  return wrong (error, "deed is apply, invite, filled, withdraw, remove, stands or return");
}

/* ---- people ---------------------------------------------------------------------------- */

bool
job_profile_read (const WebRequest *request, JobsProfile *profile, GError **error)
{
  *profile = (JobsProfile){ .occupations = read_lines (request, "occupations"),
                            .places = read_all (request, "places"),
                            .kinds = read_all (request, "kinds"),
                            .skills = read_lines (request, "skills"),
                            .about = field (request, "about"),
                            .shown = *field (request, "shown") != '\0',
                            .alerts = *field (request, "alerts") != '\0',
                            .consented = read_all (request, "consented") };
  return read_yuan (request, "pay_from", &profile->pay_from, error);
}

/* "2026-09-01T09:30" in Shanghai, a line each. */
static bool
read_times (const WebRequest *request, JobsDeed *deed, GError **error)
{
  const char *const *lines = read_lines (request, "times");
  JobsSlot *slots = arena_new0 (request->arena, JobsSlot, g_strv_length ((char **)(gsize)lines) + 1);
  deed->slots = slots;
  for (; *lines; lines++) {
    g_autofree char *text = g_strdelimit (g_strdup (*lines), " T", 'T'),
                    *full = g_strconcat (text, ":00+08:00", NULL);
    g_autoptr (GDateTime) time = g_date_time_new_from_iso8601 (full, NULL);
    if (!time) {
      g_set_error (error, FAULT, FAULT_INPUT, "times: \"%s\" is none, as 2026-09-01 09:30", *lines);
      return false;
    }
    slots[deed->n_slots++] = (JobsSlot){ g_date_time_to_unix (time), field (request, "place") };
  }
  return true;
}

bool
job_application_act (const WebRequest *request, gint64 id, GError **error)
{
  JobsDeed deed = { .act = JOBS_INVITE, .words = field (request, "words") };
  gint64 picked = 0;
  for (int act = JOBS_PROPOSE; act < JOBS_ACTS; act++)
    if (g_str_equal (field (request, "deed"), jobs_act_id ((JobsAct)act)))
      deed.act = (JobsAct)act;
  if (deed.act == JOBS_INVITE)
    return wrong (error, "deed is propose, pick, offer, accept, hire, reject or decline");
  if ((deed.act == JOBS_PROPOSE && !read_times (request, &deed, error))
      || (deed.act == JOBS_PICK && !read_number (request, "picked", &picked, error))
      || (deed.act == JOBS_HIRE && !read_day (request, "first_day", &deed.first_day, error)))
    return false;
  deed.picked = (size_t)picked;
  return jobs_act (request->jobs, request->account, id, &deed, web_case_key (request), error);
}

/* ---- fairs ------------------------------------------------------------------------------ */

static bool
read_clock (const WebRequest *request, const char *name, int *minutes, GError **error)
{
  int hour, minute;
  if (sscanf (field (request, name), "%2d:%2d", &hour, &minute) == 2 && hour >= 0 && minute >= 0
      && minute < 60) {
    *minutes = hour * 60 + minute;
    return true;
  }
  g_set_error (error, FAULT, FAULT_INPUT, "%s=%s is no time, as 09:30", name, field (request, name));
  return false;
}

bool
job_fair_plan (const WebRequest *request, gint64 *id, GError **error)
{
  JobsFair fair = { .name = field (request, "name"), .place = field (request, "place") };
  gint64 minutes;
  if (!read_day (request, "day", &fair.day, error) || !read_clock (request, "from", &fair.from, error)
      || !read_clock (request, "to", &fair.to, error) || !read_number (request, "minutes", &minutes, error))
    return false;
  fair.minutes = (int)MIN (minutes, 24 * 60);
  *id = jobs_plan_fair (request->jobs, request->account, &fair, web_case_key (request), error);
  return *id;
}

/* "12, 15 18", as numbers. */
static bool
read_numbers (const WebRequest *request, const char *name, const gint64 **numbers, size_t *n, GError **error)
{
  g_auto (GStrv) words = g_strsplit_set (field (request, name), " ,，\r\n", -1);
  gint64 *list = arena_new0 (request->arena, gint64, g_strv_length (words) + 1);
  *numbers = list;
  *n = 0;
  for (char **word = words; *word; word++) {
    guint64 value;
    if (!**word)
      continue;
    if (!g_ascii_string_to_unsigned (*word, 10, 1, G_MAXINT64, &value, NULL)) {
      g_set_error (error, FAULT, FAULT_INPUT, "%s: \"%s\" is no number", name, *word);
      return false;
    }
    list[(*n)++] = (gint64)value;
  }
  return true;
}

bool
job_fair_act (const WebRequest *request, gint64 id, GError **error)
{
  const char *deed = field (request, "deed");
  const gint64 *list;
  gint64 post = 0, interviewers = 0;
  size_t n;
  if (g_str_equal (deed, "arrange"))
    return jobs_arrange_fair (request->jobs, request->account, id, error);
  if (g_str_equal (deed, "name"))
    return read_numbers (request, "posts", &list, &n, error)
           && jobs_wish_fair (request->jobs, request->account, id, list, n, error);
  if (g_str_equal (deed, "bring"))
    return read_number (request, "post", &post, error)
           && read_number (request, "interviewers", &interviewers, error)
           && jobs_join_fair (request->jobs, request->account, id, post, (int)MIN (interviewers, 1000),
                              error);
  if (g_str_equal (deed, "rank"))
    return read_number (request, "post", &post, error) && read_numbers (request, "people", &list, &n, error)
           && jobs_rank_fair (request->jobs, request->account, id, post, list, n, error);
  return wrong (error, "deed is name, bring, rank or arrange");
}
