/* The steps after applying. */
#include "jobs/jobs_private.h"

typedef struct {
  Jobs *jobs;
  Arena *arena;
  const AccessAccount *who;
  gint64 id;
  const JobsDeed *deed;
  gint64 placements; /* of accepting */
  StoreOnce once;
  gint64 now;
} Acting;

/* ---- what an act needs -------------------------------------------------------------------- */

static bool
check_slots (const Acting *acting, GError **error)
{
  const JobsDeed *deed = acting->deed;
  if (!deed->n_slots || deed->n_slots > JOBS_SLOTS_MAX)
    return jobs_refuse (error, FAULT_INPUT, "propose 1 to 10 times");
  for (size_t i = 0; i < deed->n_slots; i++) {
    if (deed->slots[i].starts_at <= acting->now
        || (i && deed->slots[i].starts_at <= deed->slots[i - 1].starts_at))
      return jobs_refuse (error, FAULT_INPUT, "times are to come, each once and in order");
    if (!jobs_check_words (deed->slots[i].place, "the place of the interview", error)
        || !check_plain (acting->jobs, acting->arena, "place", deed->slots[i].place, JOBS_ABOUT_MAX, error))
      return false;
  }
  return true;
}

static bool
check_deed (const Acting *acting, GError **error)
{
  const JobsDeed *deed = acting->deed;
  Day today = jobs_today (acting->jobs);
  if (deed->act < JOBS_PROPOSE || deed->act > JOBS_DECLINE)
    return jobs_refuse (error, FAULT_INPUT, "there is no such step");
  if (act_rule (deed->act)->words_needed && !jobs_check_words (deed->words, "the reason", error))
    return false;
  if (deed->words && *deed->words
      && (!jobs_check_words (deed->words, "the text", error)
          || !check_plain (acting->jobs, acting->arena, "words", deed->words, JOBS_ABOUT_MAX, error)))
    return false;
  if (deed->act == JOBS_HIRE
      && (deed->first_day < today - JOBS_FIRST_DAY_MAX || deed->first_day > today + JOBS_FIRST_DAY_MAX))
    return jobs_refuse (error, FAULT_INPUT, "the first day of work lies within a year from today");
  return deed->act != JOBS_PROPOSE || check_slots (acting, error);
}

/* ---- writing ------------------------------------------------------------------------------- */

static bool
write_slots (StoreConnection *db, const Acting *acting, GError **error)
{
  StoreStatement *s = store_statement (db, "DELETE FROM jobs_slot WHERE application = ?1", error);
  if (!s)
    return false;
  store_bind_integer (s, 1, acting->id);
  if (!store_run (s, error))
    return false;
  for (size_t i = 0; i < acting->deed->n_slots; i++) {
    s = store_statement (
        db, "INSERT INTO jobs_slot (application, position, starts_at, place) VALUES (?1, ?2, ?3, ?4)", error);
    if (!s)
      return false;
    store_bind_integer (s, 1, acting->id);
    store_bind_integer (s, 2, (gint64)i);
    store_bind_integer (s, 3, acting->deed->slots[i].starts_at);
    store_bind_text (s, 4, acting->deed->slots[i].place);
    if (!store_run (s, error))
      return false;
  }
  return true;
}

/* One of the times, and it is to come. */
static bool
pick (StoreConnection *db, const Acting *acting, ApplicationRow *row, GError **error)
{
  gint64 starts_at;
  const gint64 slot[] = { row->id, (gint64)acting->deed->picked };
  if (!number_of (db, "SELECT starts_at FROM jobs_slot WHERE application = ?1 AND position = ?2", slot, 2,
                  &starts_at, error))
    return false;
  if (starts_at <= acting->now)
    return jobs_refuse (error, FAULT_INPUT, "there is no such time, or it is past");
  row->picked = (int)acting->deed->picked;
  return true;
}

/* On record as working, and shown to nobody any more; the post is filled with its last place. */
static bool
hire (StoreConnection *db, const Acting *acting, ApplicationRow *row, JobsPost *post, GError **error)
{
  gint64 hired;
  const gint64 of[] = { post->id, JOBS_HIRED };
  row->first_day = acting->deed->first_day;
  if (!number_of (db, "SELECT count(*) FROM jobs_application WHERE post = ?1 AND stage = ?2", of, 2, &hired,
                  error)
      || !record_work (db, acting->jobs, acting->who, post, row->id, row->seeker, row->first_day,
                       row->placements, error)
      || !run_numbers (db, "UPDATE jobs_profile SET shown = 0 WHERE seeker = ?1", &row->seeker, 1, error))
    return false;
  return hired < post->says.posts || post->state == JOBS_CLOSED
         || post_close (db, acting->jobs, acting->arena, acting->who, post, JOBS_FILLED, NULL, error);
}

/* What the act does beside the stage. */
static bool
carry_out (StoreConnection *db, const Acting *acting, ApplicationRow *row, JobsPost *post, GError **error)
{
  switch (acting->deed->act) {
  case JOBS_PROPOSE: row->picked = -1; return write_slots (db, acting, error);
  case JOBS_PICK: return pick (db, acting, row, error);
  case JOBS_ACCEPT: row->placements = acting->placements; return true;
  case JOBS_HIRE: return hire (db, acting, row, post, error);
  default: return true;
  }
}

static bool
check_stage (const Acting *acting, const ApplicationRow *row, GError **error)
{
  JobsAct act = acting->deed->act;
  if (jobs_can (row->stage, act, act_rule (act)->by_employer))
    return true;
  g_set_error (error, FAULT, FAULT_CONFLICT, "this is not possible now: the application is %s",
               jobs_stage_id (row->stage));
  return false;
}

static bool
write_act (StoreConnection *db, gpointer data, GError **error)
{
  const Acting *acting = data;
  const JobsDeed *deed = acting->deed;
  const char *words = deed->words && *deed->words ? deed->words : NULL;
  ApplicationRow row;
  JobsPost post;
  bool found;
  gint64 done;
  if (!store_once_look (db, &acting->once, &done, error))
    return false;
  if (done)
    return true;
  if (!application_find (db, acting->arena, acting->id, 0, 0, &row, &found, error)
      || !post_find (db, acting->jobs, acting->arena, row.post, &post, error)
      || !check_stage (acting, &row, error))
    return false;
  row.stage = act_rule (deed->act)->to;
  row.changed_at = acting->now;
  /* The stage first: closing the post must not take it for one that waits. */
  return application_write (db, &row, error) && carry_out (db, acting, &row, &post, error)
         && application_write (db, &row, error)
         && application_step (db, row.id, deed->act, acting->now, words, error)
         && application_tell (db, acting->jobs, &row, &post, deed->act, words, error)
         && jobs_note (db, acting->who, jobs_act_id (deed->act), row.post, row.seeker, error)
         && store_once_remember (db, &acting->once, row.id, acting->now, error);
}

static const char *
digest_of (const Acting *acting)
{
  const JobsDeed *deed = acting->deed;
  Digest *digest = digest_new ();
  digest_integer (digest, acting->id);
  digest_integer (digest, deed->act);
  digest_text (digest, deed->words);
  digest_integer (digest, (gint64)deed->picked);
  digest_integer (digest, deed->first_day);
  for (size_t i = 0; i < deed->n_slots; i++) {
    digest_integer (digest, deed->slots[i].starts_at);
    digest_text (digest, deed->slots[i].place);
  }
  return digest_end (digest, acting->arena);
}

/* A public-welfare post is accepted by whom it is for. */
static bool
check_accepting (Acting *acting, const JobsApplication *application, GError **error)
{
  if (acting->deed->act != JOBS_ACCEPT)
    return true;
  g_autoptr (StoreReader) reader = store_reader (acting->jobs->store, error);
  JobsPost post;
  return reader
         && post_find (store_reader_db (reader), acting->jobs, acting->arena, application->post, &post, error)
         && (!g_str_equal (post.says.kind, "公益性岗位")
             || seeker_qualifies (acting->jobs, acting->arena, acting->who, &post, &acting->placements,
                                  error));
}

bool
jobs_act (Jobs *jobs, const AccessAccount *who, gint64 id, const JobsDeed *deed, const char *key,
          GError **error)
{
  g_autoptr (Arena) arena = arena_new ();
  Acting acting
      = { .jobs = jobs, .arena = arena, .who = who, .id = id, .deed = deed, .now = jobs_now (jobs) };
  const JobsApplication *application = jobs_application (jobs, arena, who, id, error);
  if (!application || !check_deed (&acting, error))
    return false;
  if (application->own == act_rule (deed->act)->by_employer)
    return jobs_refuse (error, FAULT_DENIED, "this step is the other side's");
  acting.once = (StoreOnce){ who->name, "jobs-act", key, digest_of (&acting) };
  return check_accepting (&acting, application, error)
         && store_write (jobs->store, write_act, &acting, error);
}

/* ---- what ends with something else ---------------------------------------------------------- */

/* Those of a post, or (POST 0) of a person, that are not ended yet. */
static bool
list_open (StoreConnection *db, gint64 post, Subject seeker, GArray *ids, GError **error)
{
  StoreStatement *s
      = post ? store_statement (
            db, "SELECT id FROM jobs_application WHERE post = ?1 AND stage < ?2 ORDER BY id", error)
             : store_statement (
                 db, "SELECT id FROM jobs_application WHERE seeker = ?1 AND stage < ?2 ORDER BY id", error);
  StoreStep step;
  if (!s)
    return false;
  store_bind_integer (s, 1, post ? post : seeker);
  store_bind_integer (s, 2, post ? JOBS_ACCEPTED : JOBS_HIRED);
  while ((step = store_step (s, error)) == STORE_ROW) {
    gint64 id = store_integer (s, 0);
    g_array_append_val (ids, id);
  }
  return step == STORE_DONE;
}

static bool
tell_lapsed (StoreConnection *db, const Jobs *jobs, const ApplicationRow *row, const JobsPost *post,
             GError **error)
{
  g_autofree char *link = g_strdup_printf ("/jobs/applications/%" G_GINT64_FORMAT, row->id);
  NoticeWord words[] = { { "title", post->says.title, NULL }, { "employer", post->employer_name, NULL } };
  Notice notice = { .subject = row->seeker,
                    .kind = "job-lapsed",
                    .words = words,
                    .n_words = G_N_ELEMENTS (words),
                    .link = link,
                    .at = jobs_now (jobs) };
  return notices_put (db, &notice, error);
}

/* An offer that was accepted stands, whatever becomes of the advertisement. */
bool
applications_lapse (StoreConnection *db, const Jobs *jobs, Arena *arena, const JobsPost *post, GError **error)
{
  g_autoptr (GArray) ids = g_array_new (FALSE, FALSE, sizeof (gint64));
  if (!list_open (db, post->id, 0, ids, error))
    return false;
  for (guint i = 0; i < ids->len; i++) {
    ApplicationRow row;
    bool found;
    if (!application_find (db, arena, g_array_index (ids, gint64, i), 0, 0, &row, &found, error))
      return false;
    row.stage = JOBS_LAPSED;
    row.changed_at = jobs_now (jobs);
    if (!application_write (db, &row, error) || !tell_lapsed (db, jobs, &row, post, error))
      return false;
  }
  return true;
}

bool
applications_end (StoreConnection *db, const Jobs *jobs, const AccessAccount *who, GError **error)
{
  g_autoptr (Arena) arena = arena_new ();
  g_autoptr (GArray) ids = g_array_new (FALSE, FALSE, sizeof (gint64));
  if (!list_open (db, 0, who->subject, ids, error))
    return false;
  for (guint i = 0; i < ids->len; i++) {
    ApplicationRow row;
    JobsPost post;
    bool found;
    if (!application_find (db, arena, g_array_index (ids, gint64, i), 0, 0, &row, &found, error)
        || !post_find (db, jobs, arena, row.post, &post, error))
      return false;
    row.stage = JOBS_DECLINED;
    row.changed_at = jobs_now (jobs);
    if (!application_write (db, &row, error)
        || !application_step (db, row.id, JOBS_DECLINE, row.changed_at, NULL, error)
        || !application_tell (db, jobs, &row, &post, JOBS_DECLINE, NULL, error))
      return false;
  }
  return true;
}
