/* A fair: announcing, bringing posts, naming and ranking. */
#include "jobs/jobs_private.h"

enum { MINUTES_A_DAY = 24 * 60, SHORTEST = 5, SHANGHAI = 8 * 3600 };

typedef struct {
  Jobs *jobs;
  Arena *arena;
  const AccessAccount *who;
  const JobsFair *plan;
  gint64 fair, post, now;
  int interviewers;
  const gint64 *list; /* posts named, or profiles ranked */
  size_t n;
  const char *name;
  StoreOnce once;
} Fairing;

/* ---- small statements ---------------------------------------------------------------------- */

bool
number_of (StoreConnection *db, const char *sql, const gint64 *numbers, int n_numbers, gint64 *number,
           GError **error)
{
  StoreStatement *s = store_statement (db, sql, error);
  if (!s)
    return false;
  for (int i = 0; i < n_numbers; i++)
    store_bind_integer (s, i + 1, numbers[i]);
  StoreStep step = store_step (s, error);
  *number = step == STORE_ROW ? store_integer (s, 0) : 0;
  if (step == STORE_ROW)
    store_reset (s);
  return step != STORE_FAILED;
}

bool
run_numbers (StoreConnection *db, const char *sql, const gint64 *numbers, int n, GError **error)
{
  StoreStatement *s = store_statement (db, sql, error);
  if (!s)
    return false;
  for (int i = 0; i < n; i++)
    store_bind_integer (s, i + 1, numbers[i]);
  return store_run (s, error);
}

/* ---- a fair ---------------------------------------------------------------------------------- */

gint64
fair_time (const JobsFair *fair, int index)
{
  return fair->day * 86400 - SHANGHAI + (gint64)(fair->from + index * fair->minutes) * 60;
}

int
fair_times (const JobsFair *fair)
{
  return (fair->to - fair->from) / fair->minutes;
}

bool
fair_find (StoreConnection *db, Arena *arena, gint64 id, JobsFair *fair, GError **error)
{
  StoreStatement *s = store_statement (
      db,
      "SELECT id, event, name, place, day, starts, ends, minutes, arranged,"
      " (SELECT count(*) FROM jobs_stand WHERE fair = ?1), (SELECT count(*) FROM jobs_guest WHERE fair = ?1),"
      " (SELECT count(*) FROM jobs_time WHERE fair = ?1)"
      " FROM jobs_fair WHERE id = ?1",
      error);
  if (!s)
    return false;
  store_bind_integer (s, 1, id);
  StoreStep step = store_step (s, error);
  if (step == STORE_DONE)
    g_set_error (error, FAULT, FAULT_NOT_FOUND, "there is no job fair %" G_GINT64_FORMAT, id);
  if (step != STORE_ROW)
    return false;
  *fair = (JobsFair){ .id = store_integer (s, 0),
                      .event = store_integer (s, 1),
                      .name = store_string (s, 2, arena),
                      .place = store_string (s, 3, arena),
                      .day = (Day)store_integer (s, 4),
                      .from = (int)store_integer (s, 5),
                      .to = (int)store_integer (s, 6),
                      .minutes = (int)store_integer (s, 7),
                      .arranged = store_integer (s, 8) != 0,
                      .n_stands = store_integer (s, 9),
                      .n_people = store_integer (s, 10),
                      .n_times = (int)store_integer (s, 11) };
  store_reset (s);
  return true;
}

static bool
find_open (StoreConnection *db, const Fairing *f, JobsFair *fair, GError **error)
{
  return fair_find (db, f->arena, f->fair, fair, error)
         && (!fair->arranged || jobs_refuse (error, FAULT_CONFLICT, "the interviews are arranged already"));
}

/* ---- announcing ------------------------------------------------------------------------------ */

static bool
check_plan (const Fairing *f, GError **error)
{
  const JobsFair *plan = f->plan;
  if (!jobs_check_words (plan->name, "the fair's name", error)
      || !jobs_check_words (plan->place, "the place", error)
      || !check_plain (f->jobs, f->arena, "name", plan->name, JOBS_TITLE_MAX, error)
      || !check_plain (f->jobs, f->arena, "place", plan->place, JOBS_TITLE_MAX, error))
    return false;
  if (plan->day < jobs_today (f->jobs))
    return jobs_refuse (error, FAULT_INPUT, "the day is past");
  if (plan->from < 0 || plan->to > MINUTES_A_DAY || plan->minutes < SHORTEST
      || plan->to - plan->from < plan->minutes || fair_times (plan) > JOBS_TIMES_MAX)
    return jobs_refuse (error, FAULT_INPUT,
                        "interviews of at least 5 minutes, at most 96 of them between beginning and end");
  return true;
}

static bool
insert_fair (StoreConnection *db, const Fairing *f, Subject event, GError **error)
{
  StoreStatement *s = store_statement (
      db,
      "INSERT INTO jobs_fair (id, event, name, place, day, starts, ends, minutes, arranged)"
      " VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, 0)",
      error);
  if (!s)
    return false;
  store_bind_integer (s, 1, f->fair);
  store_bind_integer (s, 2, event);
  store_bind_text (s, 3, f->plan->name);
  store_bind_text (s, 4, f->plan->place);
  store_bind_integer (s, 5, f->plan->day);
  store_bind_integer (s, 6, f->plan->from);
  store_bind_integer (s, 7, f->plan->to);
  store_bind_integer (s, 8, f->plan->minutes);
  return store_run (s, error);
}

static bool
write_plan (StoreConnection *db, gpointer data, GError **error)
{
  Fairing *f = data;
  gint64 done;
  Subject event = 0;
  if (!store_once_look (db, &f->once, &done, error))
    return false;
  if (done) {
    f->fair = done;
    return true;
  }
  return store_query (db, "SELECT coalesce (max (id), 0) + 1 FROM jobs_fair", 1, &f->fair, error)
         && record_fair (db, f->jobs, f->who, f->plan, &event, error) && insert_fair (db, f, event, error)
         && jobs_note (db, f->who, "plan fair", f->fair, event, error)
         && store_once_remember (db, &f->once, f->fair, f->now, error);
}

gint64
jobs_plan_fair (Jobs *jobs, const AccessAccount *who, const JobsFair *fair, const char *key, GError **error)
{
  g_autoptr (Arena) arena = arena_new ();
  Fairing f = { .jobs = jobs, .arena = arena, .who = who, .plan = fair, .now = jobs_now (jobs) };
  if (!jobs_check_office (jobs, who, error) || !check_plan (&f, error))
    return 0;
  Digest *digest = digest_new ();
  digest_text (digest, fair->name);
  digest_text (digest, fair->place);
  digest_integer (digest, fair->day);
  digest_integer (digest, fair->from);
  digest_integer (digest, fair->to);
  digest_integer (digest, fair->minutes);
  f.once = (StoreOnce){ who->name, "jobs-fair", key, digest_end (digest, arena) };
  return store_write (jobs->store, write_plan, &f, error) ? f.fair : 0;
}

/* ---- bringing posts ------------------------------------------------------------------------- */

/* Who named a post that does not come has named it no more. */
static bool
leave (StoreConnection *db, const Fairing *f, GError **error)
{
  const gint64 of[] = { f->fair, f->post };
  return run_numbers (db, "DELETE FROM jobs_stand WHERE fair = ?1 AND post = ?2", of, 2, error)
         && run_numbers (db, "DELETE FROM jobs_wish WHERE fair = ?1 AND post = ?2", of, 2, error);
}

static bool
write_join (StoreConnection *db, gpointer data, GError **error)
{
  const Fairing *f = data;
  const gint64 row[] = { f->fair, f->post, f->interviewers };
  JobsFair fair;
  JobsPost post;
  if (!find_open (db, f, &fair, error) || !post_find (db, f->jobs, f->arena, f->post, &post, error))
    return false;
  if (f->interviewers && !post.taking)
    return jobs_refuse (error, FAULT_CONFLICT, "this advertisement takes no applications any more");
  if (f->interviewers && fair.n_stands >= JOBS_STANDS_MAX)
    return jobs_refuse (error, FAULT_CONFLICT, "the fair is full");
  return (f->interviewers
              ? run_numbers (db,
                             "INSERT INTO jobs_stand (fair, post, interviewers) VALUES (?1, ?2, ?3)"
                             " ON CONFLICT (fair, post) DO UPDATE SET interviewers = excluded.interviewers",
                             row, 3, error)
              : leave (db, f, error))
         && jobs_note (db, f->who, f->interviewers ? "join fair" : "leave fair", f->post, post.says.employer,
                       error);
}

bool
jobs_join_fair (Jobs *jobs, const AccessAccount *who, gint64 fair, gint64 post, int interviewers,
                GError **error)
{
  g_autoptr (Arena) arena = arena_new ();
  Fairing f = {
    .jobs = jobs, .arena = arena, .who = who, .fair = fair, .post = post, .interviewers = interviewers
  };
  const JobsPost *brought = jobs_post (jobs, arena, who, post, error);
  if (!brought || !jobs_check_employer (jobs, who, brought->says.employer, error))
    return false;
  if (interviewers < 0 || interviewers > JOBS_INTERVIEWERS_MAX)
    return jobs_refuse (error, FAULT_INPUT, "0 to 20 interviewers");
  return store_write (jobs->store, write_join, &f, error);
}

/* ---- naming ---------------------------------------------------------------------------------- */

static bool
check_each_once (const Fairing *f, size_t most, GError **error)
{
  if (f->n > most)
    return jobs_refuse (error, FAULT_INPUT, "too many are named");
  for (size_t i = 0; i < f->n; i++)
    for (size_t k = 0; k < i; k++)
      if (f->list[i] == f->list[k])
        return jobs_refuse (error, FAULT_INPUT, "one is named twice");
  return true;
}

/* The number that WHO has at the fair: by it they stand in the transcript. */
static bool
take_number (StoreConnection *db, const Fairing *f, gint64 *number, GError **error)
{
  const gint64 guest[] = { f->fair, f->who->subject };
  if (!number_of (db, "SELECT number FROM jobs_guest WHERE fair = ?1 AND seeker = ?2", guest, 2, number,
                  error))
    return false;
  if (*number)
    return true;
  if (!number_of (db, "SELECT coalesce (max (number), 0) + 1 FROM jobs_guest WHERE fair = ?1", guest, 1,
                  number, error))
    return false;
  StoreStatement *s = store_statement (
      db, "INSERT INTO jobs_guest (fair, number, seeker, name) VALUES (?1, ?2, ?3, ?4)", error);
  if (!s)
    return false;
  store_bind_integer (s, 1, f->fair);
  store_bind_integer (s, 2, *number);
  store_bind_integer (s, 3, f->who->subject);
  store_bind_text (s, 4, f->name);
  return store_run (s, error);
}

static bool
insert_wish (StoreConnection *db, const Fairing *f, gint64 number, size_t position, GError **error)
{
  gint64 there;
  const gint64 row[] = { f->fair, number, (gint64)position, f->list[position] };
  const gint64 stand[] = { f->fair, f->list[position] };
  if (!number_of (db, "SELECT count(*) FROM jobs_stand WHERE fair = ?1 AND post = ?2", stand, 2, &there,
                  error))
    return false;
  if (!there)
    return jobs_refuse (error, FAULT_INPUT, "a post is named that is not at this fair");
  return run_numbers (db,
                      "INSERT INTO jobs_wish (fair, number, position, post, liked, starts_at)"
                      " VALUES (?1, ?2, ?3, ?4, 0, 0)",
                      row, 4, error);
}

static bool
write_wishes (StoreConnection *db, gpointer data, GError **error)
{
  Fairing *f = data;
  JobsFair fair;
  JobsProfile profile;
  bool known;
  gint64 number;
  if (!find_open (db, f, &fair, error)
      || !profile_find (db, f->jobs, f->arena, f->who->subject, 0, &profile, &known, error))
    return false;
  if (!known)
    return jobs_refuse (error, FAULT_CONFLICT, "fill in your profile first: it is what employers get");
  f->name = profile.name;
  if (!take_number (db, f, &number, error))
    return false;
  const gint64 own[] = { f->fair, number };
  if (!run_numbers (db, "DELETE FROM jobs_wish WHERE fair = ?1 AND number = ?2", own, 2, error))
    return false;
  for (size_t i = 0; i < f->n; i++)
    if (!insert_wish (db, f, number, i, error))
      return false;
  return jobs_note (db, f->who, "name posts at fair", f->fair, f->who->subject, error);
}

bool
jobs_wish_fair (Jobs *jobs, const AccessAccount *who, gint64 fair, const gint64 *posts, size_t n,
                GError **error)
{
  g_autoptr (Arena) arena = arena_new ();
  Fairing f = { .jobs = jobs, .arena = arena, .who = who, .fair = fair, .list = posts, .n = n };
  return seeker_check (jobs, who, error) && check_each_once (&f, JOBS_FAIR_WISHES_MAX, error)
         && store_write (jobs->store, write_wishes, &f, error);
}

/* ---- ranking --------------------------------------------------------------------------------- */

static bool
write_ranks (StoreConnection *db, gpointer data, GError **error)
{
  const Fairing *f = data;
  const gint64 of[] = { f->fair, f->post };
  JobsFair fair;
  if (!find_open (db, f, &fair, error)
      || !run_numbers (db, "UPDATE jobs_wish SET liked = 0 WHERE fair = ?1 AND post = ?2", of, 2, error))
    return false;
  for (size_t i = 0; i < f->n; i++) {
    const gint64 row[] = { f->fair, f->post, (gint64)i + 1, f->list[i] };
    if (!run_numbers (db,
                      "UPDATE jobs_wish SET liked = ?3 WHERE fair = ?1 AND post = ?2 AND number ="
                      " (SELECT g.number FROM jobs_guest g, jobs_profile p WHERE g.fair = ?1"
                      " AND p.id = ?4 AND p.seeker = g.seeker)",
                      row, 4, error))
      return false;
    if (!store_changes (db))
      return jobs_refuse (error, FAULT_INPUT, "somebody is ranked who has not named this post");
  }
  return jobs_note (db, f->who, "rank at fair", f->post, 0, error);
}

bool
jobs_rank_fair (Jobs *jobs, const AccessAccount *who, gint64 fair, gint64 post, const gint64 *profiles,
                size_t n, GError **error)
{
  g_autoptr (Arena) arena = arena_new ();
  Fairing f
      = { .jobs = jobs, .arena = arena, .who = who, .fair = fair, .post = post, .list = profiles, .n = n };
  const JobsPost *ranking = jobs_post (jobs, arena, who, post, error);
  return ranking && jobs_check_employer (jobs, who, ranking->says.employer, error)
         && check_each_once (&f, JOBS_STANDS_MAX, error) && store_write (jobs->store, write_ranks, &f, error);
}
