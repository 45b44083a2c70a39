/* Fairs for readers. */
#include "jobs/jobs_private.h"

enum { FAIRS_MOST = 100 };

const JobsFair *
jobs_fair (Jobs *jobs, Arena *arena, gint64 id, GError **error)
{
  g_autoptr (StoreReader) reader = store_reader (jobs->store, error);
  JobsFair fair;
  return reader && fair_find (store_reader_db (reader), arena, id, &fair, error)
             ? arena_copy (arena, &fair, sizeof fair)
             : NULL;
}

static bool
list_ids (StoreConnection *db, GArray *ids, GError **error)
{
  StoreStatement *s
      = store_statement (db, "SELECT id FROM jobs_fair ORDER BY day DESC, id DESC LIMIT ?1", error);
  StoreStep step;
  if (!s)
    return false;
  store_bind_integer (s, 1, FAIRS_MOST);
  while ((step = store_step (s, error)) == STORE_ROW) {
    gint64 id = store_integer (s, 0);
    g_array_append_val (ids, id);
  }
  return step == STORE_DONE;
}

static int
next_first (gconstpointer a, gconstpointer b, gpointer today)
{
  const JobsFair *x = a, *y = b;
  Day now = *(const Day *)today;
  bool x_past = x->day < now, y_past = y->day < now;
  if (x_past != y_past)
    return x_past - y_past;
  if (x->day != y->day)
    return (x->day < y->day) == x_past ? 1 : -1;
  return (x->id > y->id) - (x->id < y->id);
}

const JobsFair *
jobs_fairs (Jobs *jobs, Arena *arena, size_t *n, GError **error)
{
  g_autoptr (GArray) ids = g_array_new (FALSE, FALSE, sizeof (gint64)),
                     fairs = g_array_new (FALSE, FALSE, sizeof (JobsFair));
  g_autoptr (StoreReader) reader = store_reader (jobs->store, error);
  Day today = jobs_today (jobs);
  *n = 0;
  if (!reader || !list_ids (store_reader_db (reader), ids, error))
    return NULL;
  for (guint i = 0; i < ids->len; i++) {
    JobsFair fair;
    if (!fair_find (store_reader_db (reader), arena, g_array_index (ids, gint64, i), &fair, error))
      return NULL;
    g_array_append_val (fairs, fair);
  }
  g_array_sort_with_data (fairs, next_first, &today);
  *n = fairs->len;
  return jobs_keep (arena, fairs);
}

/* ---- stands --------------------------------------------------------------------------------------- */

const JobsStand *
jobs_fair_stands (Jobs *jobs, Arena *arena, const AccessAccount *who, gint64 fair, size_t *n, GError **error)
{
  g_autoptr (GArray) stands = g_array_new (FALSE, FALSE, sizeof (JobsStand));
  g_autoptr (StoreReader) reader = store_reader (jobs->store, error);
  StoreStep step = STORE_FAILED;
  *n = 0;
  StoreStatement *s
      = reader ? store_statement (
            store_reader_db (reader),
            "SELECT s.post, p.title, p.employer_name, s.interviewers,"
            " (SELECT count(*) FROM jobs_wish w WHERE w.fair = s.fair AND w.post = s.post),"
            " (SELECT w.position + 1 FROM jobs_wish w, jobs_guest g WHERE w.fair = s.fair"
            " AND w.post = s.post AND g.fair = s.fair AND g.number = w.number AND g.seeker = ?2)"
            " FROM jobs_stand s, jobs_post p WHERE s.fair = ?1 AND p.id = s.post ORDER BY s.post",
            error)
               : NULL;
  if (!s)
    return NULL;
  store_bind_integer (s, 1, fair);
  store_bind_integer (s, 2, who ? who->subject : 0);
  while ((step = store_step (s, error)) == STORE_ROW) {
    JobsStand stand = { .post = store_integer (s, 0),
                        .title = store_string (s, 1, arena),
                        .employer_name = store_string (s, 2, arena),
                        .interviewers = (int)store_integer (s, 3),
                        .named = store_integer (s, 4),
                        .wish = (int)store_integer (s, 5) };
    g_array_append_val (stands, stand);
  }
  *n = stands->len;
  return step == STORE_DONE ? jobs_keep (arena, stands) : NULL;
}

/* ---- people --------------------------------------------------------------------------------------- */

static bool
list_people (StoreConnection *db, gint64 fair, gint64 post, GArray *seekers, AuditSet *seen, GError **error)
{
  StoreStatement *s = store_statement (
      db,
      "SELECT g.seeker FROM jobs_wish w, jobs_guest g WHERE w.fair = ?1 AND w.post = ?2 AND g.fair = ?1"
      " AND g.number = w.number ORDER BY CASE WHEN w.liked = 0 THEN 1 ELSE 0 END, w.liked, w.number",
      error);
  StoreStep step;
  if (!s)
    return false;
  store_bind_integer (s, 1, fair);
  store_bind_integer (s, 2, post);
  while ((step = store_step (s, error)) == STORE_ROW) {
    Subject seeker = store_integer (s, 0);
    g_array_append_val (seekers, seeker);
    audit_set_add (seen, seeker);
  }
  return step == STORE_DONE;
}

const JobsProfile *
jobs_fair_people (Jobs *jobs, Arena *arena, const AccessAccount *who, gint64 fair, gint64 post, size_t *n,
                  GError **error)
{
  g_autoptr (GArray) seekers = g_array_new (FALSE, FALSE, sizeof (Subject)),
                     people = g_array_new (FALSE, FALSE, sizeof (JobsProfile));
  g_autoptr (AuditSet) seen = audit_set_new ();
  const JobsPost *brought = jobs_post (jobs, arena, who, post, error);
  *n = 0;
  if (!brought || !jobs_check_employer (jobs, who, brought->says.employer, error))
    return NULL;
  g_autoptr (StoreReader) reader = store_reader (jobs->store, error);
  if (!reader || !list_people (store_reader_db (reader), fair, post, seekers, seen, error))
    return NULL;
  for (guint i = 0; i < seekers->len; i++) {
    JobsProfile profile;
    bool found;
    if (!profile_find (store_reader_db (reader), jobs, arena, g_array_index (seekers, Subject, i), 0,
                       &profile, &found, error))
      return NULL;
    if (!found)
      continue;
    profile.name = access_mask_name (arena, profile.name);
    g_array_append_val (people, profile);
  }
  if (people->len && !record_read (jobs, who, AUDIT_SEARCH, 0, seen, "look who comes to a fair", error))
    return NULL;
  *n = people->len;
  return jobs_keep (arena, people);
}

/* ---- meetings ------------------------------------------------------------------------------------- */

static JobsMeeting
take_meeting (StoreStatement *s, Arena *arena, bool own)
{
  return (JobsMeeting){ .starts_at = store_integer (s, 0),
                        .post = store_integer (s, 1),
                        .title = store_string (s, 2, arena),
                        .employer_name = store_string (s, 3, arena),
                        .profile = own ? 0 : store_integer (s, 4),
                        .name = own ? NULL : store_string (s, 5, arena) };
}

const JobsMeeting *
jobs_fair_meetings (Jobs *jobs, Arena *arena, const AccessAccount *who, gint64 fair, size_t *n,
                    GError **error)
{
  g_autoptr (GArray) meetings = g_array_new (FALSE, FALSE, sizeof (JobsMeeting));
  g_autoptr (AuditSet) seen = audit_set_new ();
  g_autoptr (StoreReader) reader = store_reader (jobs->store, error);
  bool own = who && seeker_check (jobs, who, NULL);
  StoreStep step = STORE_FAILED;
  *n = 0;
  StoreStatement *s = reader ? store_statement (
                          store_reader_db (reader),
                          "SELECT w.starts_at, w.post, p.title, p.employer_name,"
                          " (SELECT f.id FROM jobs_profile f WHERE f.seeker = g.seeker), g.name, g.seeker"
                          " FROM jobs_wish w, jobs_guest g, jobs_post p WHERE w.fair = ?1 AND w.starts_at > 0"
                          " AND g.fair = ?1 AND g.number = w.number AND p.id = w.post"
                          " AND (g.seeker = ?2 OR p.employer = ?2) ORDER BY w.starts_at, w.post, w.number",
                          error)
                             : NULL;
  if (!s)
    return NULL;
  store_bind_integer (s, 1, fair);
  store_bind_integer (s, 2, who ? who->subject : 0);
  while ((step = store_step (s, error)) == STORE_ROW) {
    JobsMeeting meeting = take_meeting (s, arena, own);
    g_array_append_val (meetings, meeting);
    audit_set_add (seen, store_integer (s, 6));
  }
  if (step != STORE_DONE
      || (!own && meetings->len
          && !record_read (jobs, who, AUDIT_SEARCH, 0, seen, "see who is met at a fair", error)))
    return NULL;
  *n = meetings->len;
  return jobs_keep (arena, meetings);
}

const char *
jobs_fair_transcript (Jobs *jobs, Arena *arena, gint64 fair, int index, GError **error)
{
  g_autoptr (StoreReader) reader = store_reader (jobs->store, error);
  StoreStatement *s
      = reader ? store_statement (store_reader_db (reader),
                                  "SELECT transcript FROM jobs_time WHERE fair = ?1 AND position = ?2", error)
               : NULL;
  if (!s)
    return NULL;
  store_bind_integer (s, 1, fair);
  store_bind_integer (s, 2, index);
  StoreStep step = store_step (s, error);
  const char *text = step == STORE_ROW ? store_string (s, 0, arena) : NULL;
  if (step == STORE_ROW)
    store_reset (s);
  if (step == STORE_DONE)
    jobs_refuse (error, FAULT_NOT_FOUND, "there is no such time at this fair");
  return text;
}
