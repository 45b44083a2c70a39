/* Closing, and what the office decides. */
#include "jobs/jobs_private.h"

typedef struct {
  Jobs *jobs;
  Arena *arena;
  const AccessAccount *who;
  gint64 id, now;
  const char *reason;
  bool office;
  JobsEnd end; /* of closing */
  bool stands; /* of reviewing */
} Deed;

static bool
update (StoreConnection *db, const JobsPost *post, GError **error)
{
  StoreStatement *s = store_statement (db,
                                       "UPDATE jobs_post SET state = ?2, record = ?3, published_at = ?4,"
                                       " closed_at = ?5, ending = ?6, reason = ?7,"
                                       " version = (SELECT n FROM jobs_change WHERE id = 1) WHERE id = ?1",
                                       error);
  if (!s)
    return false;
  store_bind_integer (s, 1, post->id);
  store_bind_integer (s, 2, post->state);
  store_bind_integer (s, 3, post->record);
  store_bind_integer (s, 4, post->published_at);
  store_bind_integer (s, 5, post->closed_at);
  store_bind_integer (s, 6, post->end);
  store_bind_text (s, 7, post->reason);
  return store_run (s, error);
}

static bool
tell (StoreConnection *db, const Deed *deed, const JobsPost *post, const char *kind, GError **error)
{
  g_autofree char *link = g_strdup_printf ("/jobs/%" G_GINT64_FORMAT, deed->id);
  return jobs_tell (db, deed->jobs, post->says.employer, kind, post->says.title, deed->reason, link, error);
}

/* ---- closing ---------------------------------------------------------------------------- */

bool
post_close (StoreConnection *db, Jobs *jobs, Arena *arena, const AccessAccount *who, JobsPost *post,
            JobsEnd end, const char *reason, GError **error)
{
  bool was_open = post->state == JOBS_OPEN;
  post->state = JOBS_CLOSED;
  post->end = end;
  post->closed_at = jobs_now (jobs);
  post->reason = reason;
  return (!was_open || record_end (db, jobs, who, post, end, error)) && update (db, post, error)
         && applications_lapse (db, jobs, arena, post, error)
         && jobs_note (db, who, "close", post->id, post->says.employer, error);
}

static bool
write_close (StoreConnection *db, gpointer data, GError **error)
{
  Deed *deed = data;
  JobsPost post;
  if (!post_find (db, deed->jobs, deed->arena, deed->id, &post, error))
    return false;
  return post.state == JOBS_CLOSED
         || (post_close (db, deed->jobs, deed->arena, deed->who, &post, deed->end, deed->reason, error)
             && (!deed->office || tell (db, deed, &post, "job-removed", error)));
}

bool
jobs_close (Jobs *jobs, const AccessAccount *who, gint64 id, JobsEnd end, const char *reason, GError **error)
{
  g_autoptr (Arena) arena = arena_new ();
  Deed deed = { .jobs = jobs,
                .arena = arena,
                .who = who,
                .id = id,
                .now = jobs_now (jobs),
                .end = end,
                .office = end == JOBS_REMOVED,
                .reason = end == JOBS_REMOVED ? reason : NULL };
  const JobsPost *post = jobs_post (jobs, arena, who, id, error);
  if (!post)
    return false;
  if (deed.office ? !jobs_check_office (jobs, who, error) || !jobs_check_words (reason, "the reason", error)
                  : !jobs_check_employer (jobs, who, post->says.employer, error))
    return false;
  return store_write (jobs->store, write_close, &deed, error);
}

/* ---- reviewing -------------------------------------------------------------------------- */

static bool
write_review (StoreConnection *db, gpointer data, GError **error)
{
  Deed *deed = data;
  JobsPost post;
  if (!post_find (db, deed->jobs, deed->arena, deed->id, &post, error))
    return false;
  if (post.state != JOBS_HELD)
    return jobs_refuse (error, FAULT_CONFLICT, "this advertisement is not held: it was decided already");
  post.state = deed->stands ? JOBS_OPEN : JOBS_RETURNED;
  post.reason = deed->stands ? NULL : deed->reason;
  if (deed->stands) {
    post.published_at = post.published_at ? post.published_at : deed->now;
    if (!record_post (db, deed->jobs, deed->who, &post, &post.record, error))
      return false;
  }
  return update (db, &post, error)
         && tell (db, deed, &post, deed->stands ? "job-open" : "job-returned", error)
         && jobs_note (db, deed->who, deed->stands ? "let stand" : "return", deed->id, post.says.employer,
                       error);
}

bool
jobs_review (Jobs *jobs, const AccessAccount *who, gint64 id, bool stands, const char *reason, GError **error)
{
  g_autoptr (Arena) arena = arena_new ();
  Deed deed = { .jobs = jobs,
                .arena = arena,
                .who = who,
                .id = id,
                .now = jobs_now (jobs),
                .stands = stands,
                .reason = stands ? NULL : reason };
  return jobs_check_office (jobs, who, error) && (stands || jobs_check_words (reason, "the reason", error))
         && store_write (jobs->store, write_review, &deed, error);
}
