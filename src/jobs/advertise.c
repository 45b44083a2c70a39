/* Posting and changing. */
#include "jobs/jobs_private.h"

typedef struct {
  Jobs *jobs;
  Arena *arena;
  const AccessAccount *who;
  const JobsAdvertisement *says;
  const char *employer, *wording; /* its name; a digest of title and text */
  GArray *findings;
  StoreOnce once;
  gint64 id, now;
  bool anew; /* ID is there already */
} Advertising;

/* ---- what depends on other advertisements ------------------------------------------- */

static bool
count (StoreConnection *db, const char *sql, Advertising *a, gint64 *n, GError **error)
{
  StoreStatement *s = store_statement (db, sql, error);
  if (!s)
    return false;
  store_bind_integer (s, 1, a->id);
  store_bind_integer (s, 2, JOBS_OPEN);
  store_bind_integer (s, 3, civil_day_of (a->now));
  store_bind_integer (s, 4, a->says->employer);
  store_bind_text (s, 5, a->wording);
  bool found = store_step (s, error) == STORE_ROW;
  *n = found ? store_integer (s, 0) : 0;
  if (found)
    store_reset (s);
  return found;
}

static void
hold_above (Advertising *a, gint64 n, const char *parameter, const char *rule, const char *field)
{
  gint64 most;
  JobsFinding finding = { .rule = rules_find (&a->jobs->rules, rule), .weight = JOBS_HOLD, .field = field };
  if (jobs_parameter (a->jobs, parameter, 0, &most) && n >= most)
    g_array_append_val (a->findings, finding);
}

static bool
find_among_others (StoreConnection *db, Advertising *a, GError **error)
{
  gint64 open, same;
  if (!count (
          db,
          "SELECT count(*) FROM jobs_post WHERE id <> ?1 AND +state = ?2 AND last_day >= ?3" /* by employer */
          " AND employer = ?4 AND ?5 <> ''",
          a, &open, error)
      || !count (db,
                 "SELECT count(*) FROM jobs_post WHERE id <> ?1 AND state = ?2 AND last_day >= ?3"
                 " AND ?4 > 0 AND wording = ?5",
                 a, &same, error))
    return false;
  hold_above (a, open, "open_advertisements", "many", "employer");
  hold_above (a, same, "same_advertisements", "repeated", "text");
  return true;
}

/* ---- rows ------------------------------------------------------------------------------ */

static bool
insert_findings (StoreConnection *db, const Advertising *a, GError **error)
{
  StoreStatement *s = store_statement (db, "DELETE FROM jobs_finding WHERE post = ?1", error);
  if (!s)
    return false;
  store_bind_integer (s, 1, a->id);
  if (!store_run (s, error))
    return false;
  for (guint i = 0; i < a->findings->len; i++) {
    const JobsFinding *f = &g_array_index (a->findings, JobsFinding, i);
    s = store_statement (db,
                         "INSERT INTO jobs_finding (post, position, rule, weight, field, first, past, quote)"
                         " VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)",
                         error);
    if (!s)
      return false;
    store_bind_integer (s, 1, a->id);
    store_bind_integer (s, 2, i);
    store_bind_text (s, 3, f->rule->id);
    store_bind_integer (s, 4, f->weight);
    store_bind_text (s, 5, f->field);
    store_bind_integer (s, 6, (gint64)f->from);
    store_bind_integer (s, 7, (gint64)f->to);
    store_bind_text (s, 8, f->quote);
    if (!store_run (s, error))
      return false;
  }
  return true;
}

static void
bind_says (StoreStatement *s, const Advertising *a)
{
  const JobsAdvertisement *says = a->says;
  store_bind_integer (s, 1, a->id);
  store_bind_text (s, 2, says->title);
  store_bind_text (s, 3, says->text);
  store_bind_text (s, 4, says->occupation);
  store_bind_text (s, 5, words_join (a->arena, says->skills));
  store_bind_text (s, 6, words_join (a->arena, says->certificates));
  store_bind_text (s, 7, says->place);
  store_bind_integer (s, 8, says->pay_from);
  store_bind_integer (s, 9, says->pay_to);
  store_bind_integer (s, 10, says->posts);
  store_bind_text (s, 11, says->kind);
  store_bind_text (s, 12, says->education && *says->education ? says->education : NULL);
  store_bind_integer (s, 13, says->until);
  store_bind_text (s, 14, a->wording);
  store_bind_integer (s, 15, a->now);
}

static bool
write_row (StoreConnection *db, Advertising *a, const JobsPost *post, GError **error)
{
  StoreStatement *s
      = a->anew
            ? store_statement (
                db,
                "UPDATE jobs_post SET title = ?2, text = ?3, occupation = ?4, skills = ?5, certificates = ?6,"
                " place = ?7, pay_from = ?8, pay_to = ?9, posts = ?10, kind = ?11, education = ?12,"
                " last_day = ?13, wording = ?14, changed_at = ?15, state = ?16, record = ?17,"
                " published_at = ?18, reason = NULL,"
                " version = (SELECT n FROM jobs_change WHERE id = 1) WHERE id = ?1",
                error)
            : store_statement (
                db,
                "INSERT INTO jobs_post (id, title, text, occupation, skills, certificates, place, pay_from,"
                " pay_to, posts, kind, education, last_day, wording, posted_at, state, record, published_at,"
                " employer, employer_name, posted_by, changed_at, closed_at, ending, version)"
                " VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17, ?18,"
                " ?19, ?20, ?21, ?15, 0, 0, (SELECT n FROM jobs_change WHERE id = 1))",
                error);
  if (!s)
    return false;
  bind_says (s, a);
  store_bind_integer (s, 16, post->state);
  store_bind_integer (s, 17, post->record);
  store_bind_integer (s, 18, post->published_at);
  if (!a->anew) {
    store_bind_integer (s, 19, a->says->employer);
    store_bind_text (s, 20, a->employer);
    store_bind_text (s, 21, a->who->name);
  }
  return store_run (s, error);
}

/* One notice a day, whatever the number that is held. */
static bool
tell_office (StoreConnection *db, const Advertising *a, GError **error)
{
  char day[16];
  g_autofree char *key = g_strdup_printf ("jobs-held-%s", civil_format (civil_day_of (a->now), day));
  NoticeWord word = { "title", a->says->title, NULL };
  Notice notice = { .department = a->jobs->clause->lead,
                    .kind = "job-to-review",
                    .words = &word,
                    .n_words = 1,
                    .link = "/jobs/review",
                    .key = key,
                    .at = a->now };
  return notices_put (db, &notice, error);
}

static bool
tell_held (StoreConnection *db, const Advertising *a, GError **error)
{
  const JobsFinding *first = a->findings->len ? &g_array_index (a->findings, JobsFinding, 0) : NULL;
  g_autofree char *link = g_strdup_printf ("/jobs/%" G_GINT64_FORMAT, a->id);
  NoticeWord words[]
      = { { "title", a->says->title, NULL },
          { "reason", first ? first->rule->says.zh : NULL, first ? first->rule->says.en : NULL } };
  Notice notice = { .subject = a->says->employer,
                    .kind = "job-held",
                    .words = words,
                    .n_words = first ? 2 : 1,
                    .link = link,
                    .at = a->now };
  return notices_put (db, &notice, error) && tell_office (db, a, error);
}

/* Open and on record, or held and, where it was open, on record no more. */
static bool
settle (StoreConnection *db, Advertising *a, JobsPost *post, bool returned, GError **error)
{
  bool was_open = a->anew && post->state == JOBS_OPEN;
  post->id = a->id;
  post->number = arena_printf (a->arena, "J%06" G_GINT64_FORMAT, a->id);
  post->says = *a->says;
  post->state = a->findings->len || returned ? JOBS_HELD : JOBS_OPEN;
  if (post->state == JOBS_HELD)
    return (!was_open || record_end (db, a->jobs, a->who, post, JOBS_WITHDRAWN, error))
           && tell_held (db, a, error);
  if (!post->published_at)
    post->published_at = a->now;
  return record_post (db, a->jobs, a->who, post, &post->record, error);
}

static bool
write_advertisement (StoreConnection *db, gpointer data, GError **error)
{
  Advertising *a = data;
  gint64 before;
  JobsPost post = { 0 };
  if (!store_once_look (db, &a->once, &before, error))
    return false;
  if (before) {
    a->id = before;
    return true;
  }
  if (a->anew ? !post_find (db, a->jobs, a->arena, a->id, &post, error)
              : !store_query (db, "SELECT coalesce (max (id), 0) + 1 FROM jobs_post", 1, &a->id, error))
    return false;
  if (a->anew && post.state == JOBS_CLOSED)
    return jobs_refuse (error, FAULT_CONFLICT, "this advertisement is closed: post a new one");
  return find_among_others (db, a, error)
         && settle (db, a, &post, a->anew && post.state == JOBS_RETURNED, error)
         && write_row (db, a, &post, error) && insert_findings (db, a, error)
         && jobs_note (db, a->who, a->anew ? "change" : "advertise", a->id, a->says->employer, error)
         && store_once_remember (db, &a->once, a->id, a->now, error);
}

/* ---- from outside ------------------------------------------------------------------------ */

static const char *
digest_of (Arena *arena, const JobsAdvertisement *says, gint64 id)
{
  Digest *digest = digest_new ();
  const char *const texts[] = { says->title,
                                says->text,
                                says->occupation,
                                words_join (arena, says->skills),
                                words_join (arena, says->certificates),
                                says->place,
                                says->kind,
                                says->education };
  const gint64 numbers[] = { id, says->employer, says->pay_from, says->pay_to, says->posts, says->until };
  for (size_t i = 0; i < G_N_ELEMENTS (texts); i++)
    digest_text (digest, texts[i]);
  for (size_t i = 0; i < G_N_ELEMENTS (numbers); i++)
    digest_integer (digest, numbers[i]);
  return digest_end (digest, arena);
}

static const char *
wording_of (Arena *arena, const JobsAdvertisement *says)
{
  Digest *digest = digest_new ();
  digest_text (digest, says->title);
  digest_text (digest, says->text);
  return digest_end (digest, arena);
}

/* The first finding that refuses, in words. */
static bool
check_findings (const Advertising *a, GError **error)
{
  for (guint i = 0; i < a->findings->len; i++) {
    const JobsFinding *f = &g_array_index (a->findings, JobsFinding, i);
    if (f->weight != JOBS_REFUSE)
      continue;
    g_set_error (error, FAULT, FAULT_INPUT, "%s: %s%s%s%s (%s). %s", f->field, f->rule->says.en,
                 f->quote ? ": \"" : "", f->quote ? f->quote : "", f->quote ? "\"" : "", f->rule->law.en,
                 f->rule->remedy.en);
    return false;
  }
  return true;
}

static bool
advertise (Advertising *a, const char *route, const char *key, GError **error)
{
  size_t n;
  if (!jobs_check_employer (a->jobs, a->who, a->says->employer, error)
      || !(a->employer = employer_name (a->jobs, a->arena, a->who, a->says->employer, error)))
    return false;
  const JobsFinding *findings = jobs_check (a->jobs, a->arena, a->says, &n);
  g_array_append_vals (a->findings, findings, (guint)n);
  if (!check_findings (a, error))
    return false;
  a->now = jobs_now (a->jobs);
  a->wording = wording_of (a->arena, a->says);
  a->once = (StoreOnce){ a->who->name, route, key, digest_of (a->arena, a->says, a->id) };
  return store_write (a->jobs->store, write_advertisement, a, error);
}

gint64
jobs_advertise (Jobs *jobs, const AccessAccount *who, const JobsAdvertisement *advertisement, const char *key,
                GError **error)
{
  g_autoptr (Arena) arena = arena_new ();
  g_autoptr (GArray) findings = g_array_new (FALSE, FALSE, sizeof (JobsFinding));
  Advertising a = { .jobs = jobs, .arena = arena, .who = who, .says = advertisement, .findings = findings };
  return advertise (&a, "jobs-advertise", key, error) ? a.id : 0;
}

bool
jobs_change (Jobs *jobs, const AccessAccount *who, gint64 id, const JobsAdvertisement *advertisement,
             const char *key, GError **error)
{
  g_autoptr (Arena) arena = arena_new ();
  g_autoptr (GArray) findings = g_array_new (FALSE, FALSE, sizeof (JobsFinding));
  const JobsPost *post = jobs_post (jobs, arena, who, id, error);
  if (!post)
    return false;
  JobsAdvertisement says = *advertisement;
  says.employer = post->says.employer;
  Advertising a = {
    .jobs = jobs, .arena = arena, .who = who, .says = &says, .findings = findings, .id = id, .anew = true
  };
  return advertise (&a, "jobs-change", key, error);
}
