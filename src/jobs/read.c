/* Advertisements for readers. */
#include "jobs/jobs_private.h"

#include <string.h>

enum { POSTS_MOST = 200 };

#define COLUMNS                                                                                              \
  "id, employer, employer_name, title, text, occupation, skills, certificates, place, pay_from, pay_to,"     \
  " posts, kind, education, last_day, state, record, posted_at, published_at, changed_at, closed_at, "       \
  "ending,"                                                                                                  \
  " reason FROM jobs_post"

const char *
employer_name (const Jobs *jobs, Arena *arena, const AccessAccount *who, Subject employer, GError **error)
{
  Text member = text_of (jobs->employer_name->zh);
  FeelPath path = { .n = 1, .members = &member };
  RegistryMoment now = { jobs_today (jobs), G_MAXINT64 };
  AccessAccount asker
      = *who; /* whom the employer lets act for it reads its name, which is public, as itself */
  asker.subject = employer;
  const AccessPermit *permit
      = access_permit (jobs->options.access, arena, &asker, ACCESS_SELF, employer, error);
  const RegistryReading *reading = permit ? access_read (permit, arena, &path, 1, now, error) : NULL;
  if (!reading)
    return NULL;
  FeelValue facts = registry_reading_value (reading);
  if (facts.kind == FEEL_CONTEXT && facts.context->n == 1
      && facts.context->entries[0].value.kind == FEEL_STRING)
    return feel_display (arena, facts.context->entries[0].value);
  return registry_subject_format (arena, policy_schema (jobs->options.package), employer);
}

const char *
words_join (Arena *arena, const char *const *words)
{
  g_autofree char *joined = words ? g_strjoinv ("\n", (char **)(gsize)words) : NULL;
  return arena_text (arena, text_of (joined));
}

const char *const *
words_split (Arena *arena, const char *joined)
{
  g_auto (GStrv) parts = g_strsplit (joined, "\n", -1);
  size_t n = *joined ? g_strv_length (parts) : 0;
  const char **words = arena_new0 (arena, const char *, n + 1);
  for (size_t i = 0; i < n; i++)
    words[i] = arena_text (arena, text_of (parts[i]));
  return words;
}

static JobsAdvertisement
take_says (StoreStatement *s, Arena *arena)
{
  return (JobsAdvertisement){ .employer = store_integer (s, 1),
                              .title = store_string (s, 3, arena),
                              .text = store_string (s, 4, arena),
                              .occupation = store_string (s, 5, arena),
                              .skills = words_split (arena, store_string (s, 6, arena)),
                              .certificates = words_split (arena, store_string (s, 7, arena)),
                              .place = store_string (s, 8, arena),
                              .pay_from = store_integer (s, 9),
                              .pay_to = store_integer (s, 10),
                              .posts = store_integer (s, 11),
                              .kind = store_string (s, 12, arena),
                              .education = store_string (s, 13, arena),
                              .until = (Day)store_integer (s, 14) };
}

static JobsPost
take_post (StoreStatement *s, const Jobs *jobs, Arena *arena)
{
  JobsPost post = { .id = store_integer (s, 0),
                    .number = arena_printf (arena, "J%06" G_GINT64_FORMAT, store_integer (s, 0)),
                    .says = take_says (s, arena),
                    .employer_name = store_string (s, 2, arena),
                    .state = (JobsState)store_integer (s, 15),
                    .record = store_integer (s, 16),
                    .posted_at = store_integer (s, 17),
                    .published_at = store_integer (s, 18),
                    .changed_at = store_integer (s, 19),
                    .closed_at = store_integer (s, 20),
                    .end = (JobsEnd)store_integer (s, 21),
                    .reason = store_string (s, 22, arena) };
  post.taking = post.state == JOBS_OPEN && post.says.until >= jobs_today (jobs);
  return post;
}

bool
post_find (StoreConnection *db, const Jobs *jobs, Arena *arena, gint64 id, JobsPost *post, GError **error)
{
  StoreStatement *s = store_statement (db, "SELECT " COLUMNS " WHERE id = ?1", error);
  if (!s)
    return false;
  store_bind_integer (s, 1, id);
  StoreStep step = store_step (s, error);
  if (step == STORE_ROW) {
    *post = take_post (s, jobs, arena);
    store_reset (s);
    return true;
  }
  if (step == STORE_DONE)
    g_set_error (error, FAULT, FAULT_NOT_FOUND, "there is no advertisement %" G_GINT64_FORMAT, id);
  return false;
}

bool
post_look (StoreConnection *db, const Jobs *jobs, Arena *arena, gint64 id, JobsPost *post, bool *there,
           GError **error)
{
  g_autoptr (GError) fault = NULL;
  *there = post_find (db, jobs, arena, id, post, &fault);
  if (*there || g_error_matches (fault, FAULT, FAULT_NOT_FOUND))
    return true;
  g_propagate_error (error, g_steal_pointer (&fault));
  return false;
}

/* Whether WHO sees POST although it is not open. */
static bool
is_own (Jobs *jobs, const AccessAccount *who, const JobsPost *post)
{
  return who && (jobs_may_review (jobs, who) || jobs_may_advertise (jobs, who, post->says.employer, NULL));
}

const JobsPost *
jobs_post (Jobs *jobs, Arena *arena, const AccessAccount *who, gint64 id, GError **error)
{
  g_autoptr (StoreReader) reader = store_reader (jobs->store, error);
  JobsPost post;
  if (!reader || !post_find (store_reader_db (reader), jobs, arena, id, &post, error))
    return NULL;
  if (post.state == JOBS_OPEN || is_own (jobs, who, &post))
    return arena_copy (arena, &post, sizeof post);
  g_set_error (error, FAULT, FAULT_NOT_FOUND, "there is no advertisement %" G_GINT64_FORMAT, id);
  return NULL;
}

static bool
read_findings (StoreConnection *db, const Jobs *jobs, Arena *arena, gint64 id, GArray *findings,
               GError **error)
{
  StoreStatement *s = store_statement (
      db,
      "SELECT rule, weight, field, first, past, quote FROM jobs_finding WHERE post = ?1 ORDER BY position",
      error);
  StoreStep step;
  if (!s)
    return false;
  store_bind_integer (s, 1, id);
  while ((step = store_step (s, error)) == STORE_ROW) {
    JobsFinding finding = { .rule = rules_find (&jobs->rules, store_string (s, 0, arena)),
                            .weight = (JobsWeight)store_integer (s, 1),
                            .field = store_string (s, 2, arena),
                            .from = (size_t)store_integer (s, 3),
                            .to = (size_t)store_integer (s, 4),
                            .quote = store_string (s, 5, arena) };
    if (finding.rule) /* which the package of today still has */
      g_array_append_val (findings, finding);
  }
  return step == STORE_DONE;
}

const JobsFinding *
jobs_post_findings (Jobs *jobs, Arena *arena, const AccessAccount *who, gint64 id, size_t *n, GError **error)
{
  g_autoptr (GArray) findings = g_array_new (FALSE, FALSE, sizeof (JobsFinding));
  const JobsPost *post = jobs_post (jobs, arena, who, id, error);
  *n = 0;
  if (!post)
    return NULL;
  if (is_own (jobs, who, post)) {
    g_autoptr (StoreReader) reader = store_reader (jobs->store, error);
    if (!reader || !read_findings (store_reader_db (reader), jobs, arena, id, findings, error))
      return NULL;
  }
  *n = findings->len;
  return jobs_keep (arena, findings);
}

/* Which states WHO may ask for: those of their own posts, and for the office all. */
static StoreStatement *
ask_posts (StoreConnection *db, const Jobs *jobs, const JobsFilter *filter, bool all, GError **error)
{
  StoreStatement *s
      = filter->employer
            ? store_statement (db,
                               "SELECT " COLUMNS " WHERE employer = ?1 AND state >= ?2 AND state <= ?3"
                               " AND last_day >= ?4 AND id < ?5 ORDER BY id DESC LIMIT ?6",
                               error)
            : store_statement (db,
                               "SELECT " COLUMNS " WHERE state >= ?2 AND state <= ?3 AND last_day >= ?4"
                               " AND id < ?5 ORDER BY id DESC LIMIT ?6",
                               error);
  if (!s)
    return NULL;
  JobsState only = all ? (filter->state ? *filter->state : JOBS_HELD) : JOBS_OPEN;
  if (filter->employer)
    store_bind_integer (s, 1, filter->employer);
  store_bind_integer (s, 2, only);
  store_bind_integer (s, 3, all && !filter->state ? JOBS_CLOSED : only);
  store_bind_integer (s, 4, all ? 0 : jobs_today (jobs));
  store_bind_integer (s, 5, filter->before ? filter->before : G_MAXINT64);
  store_bind_integer (s, 6, (gint64)MIN (filter->limit ? filter->limit : POSTS_MOST, POSTS_MOST));
  return s;
}

const JobsPost *
jobs_posts (Jobs *jobs, Arena *arena, const AccessAccount *who, const JobsFilter *filter, size_t *n,
            GError **error)
{
  g_autoptr (GArray) posts = g_array_new (FALSE, FALSE, sizeof (JobsPost));
  g_autoptr (StoreReader) reader = NULL;
  bool all = who
             && (jobs_may_review (jobs, who)
                 || (filter->employer && jobs_may_advertise (jobs, who, filter->employer, NULL)));
  *n = 0;
  if (!all && filter->state && *filter->state != JOBS_OPEN)
    return jobs_keep (arena, posts);
  if (!(reader = store_reader (jobs->store, error)))
    return NULL;
  StoreStatement *s = ask_posts (store_reader_db (reader), jobs, filter, all, error);
  StoreStep step = STORE_FAILED;
  while (s && (step = store_step (s, error)) == STORE_ROW) {
    JobsPost post = take_post (s, jobs, arena);
    g_array_append_val (posts, post);
  }
  *n = posts->len;
  return step == STORE_DONE ? jobs_keep (arena, posts) : NULL;
}
