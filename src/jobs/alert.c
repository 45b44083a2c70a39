/* Who is told of what has been opened, and to whom posts are brought that nobody would see.
 *
 * Everybody on the board is matched with every open post at once; of the result two things are kept: a notice
 * for those among whose best is something new, one a day at most, and the posts brought out. */
#include "jobs/matching_private.h"

#include <stdio.h>

enum { BEST = 20, THREADS = 2, EVERY = 60 * 1000 /* milliseconds */ };

typedef struct {
  Jobs *jobs;
  BoardRun *run;
  gint64 before, now; /* jobs_change.n: the posts after BEFORE are new */
  MarketMatch *best;  /* of each person, BEST places */
  guint16 *n_best;
  JobsAlerts *report;
} Sweep;

/* ---- telling ------------------------------------------------------------------------------------ */

/* Of person ROW: how many new posts, and the best of them. */
static size_t
new_posts (const Sweep *sweep, size_t row, gint64 *first)
{
  size_t n = 0;
  for (size_t i = 0; i < sweep->n_best[row]; i++) {
    guint32 post = sweep->best[row * BEST + i].row;
    if (sweep->run->versions[post] <= sweep->before)
      continue;
    if (!n++)
      *first = sweep->run->ids[MARKET_OFFERS][post];
  }
  return n;
}

static bool
tell (StoreConnection *db, const Sweep *sweep, size_t row, gint64 post_id, GError **error)
{
  g_autoptr (Arena) arena = arena_new ();
  JobsPost post;
  gint64 seeker, profile = sweep->run->ids[MARKET_SEEKERS][row];
  char day[CIVIL_TEXT_MAX];
  if (!number_of (db, "SELECT seeker FROM jobs_profile WHERE id = ?1 AND alerts = 1", &profile, 1, &seeker,
                  error)
      || (seeker && !post_find (db, sweep->jobs, arena, post_id, &post, error)))
    return false;
  if (!seeker) /* they want none any more */
    return true;
  NoticeWord word = { "title", post.says.title, NULL };
  Notice notice
      = { .subject = seeker,
          .kind = "job-matches",
          .words = &word,
          .n_words = 1,
          .link = "/jobs/matches",
          .key = arena_printf (arena, "job-matches-%s", civil_format (jobs_today (sweep->jobs), day)),
          .at = jobs_now (sweep->jobs) };
  sweep->report->told++;
  return notices_put (db, &notice, error);
}

static bool
tell_all (StoreConnection *db, const Sweep *sweep, GError **error)
{
  gint64 first = 0;
  for (size_t row = 0; row < sweep->run->input.n[MARKET_SEEKERS]; row++)
    if (sweep->run->alerts[row] && new_posts (sweep, row, &first) && !tell (db, sweep, row, first, error))
      return false;
  return true;
}

/* ---- bringing out ---------------------------------------------------------------------------------- */

static bool
bring_out (StoreConnection *db, const Sweep *sweep, GError **error)
{
  if (!run_numbers (db, "DELETE FROM jobs_brought", NULL, 0, error))
    return false;
  for (size_t row = 0; row < sweep->run->input.n[MARKET_SEEKERS]; row++)
    for (size_t i = 0; i < sweep->n_best[row]; i++) {
      const MarketMatch *match = &sweep->best[row * BEST + i];
      gint64 numbers[] = { sweep->run->ids[MARKET_SEEKERS][row], sweep->run->ids[MARKET_OFFERS][match->row] };
      if (match->surfaced
          && !run_numbers (db, "INSERT INTO jobs_brought (profile, post) VALUES (?1, ?2)", numbers, 2, error))
        return false;
    }
  return true;
}

/* ---- a sweep ------------------------------------------------------------------------------------------ */

/* Another may have swept meanwhile: what they told is not told again. */
static bool
write_sweep (StoreConnection *db, gpointer data, GError **error)
{
  Sweep *sweep = data;
  gint64 before;
  if (!store_query (db, "SELECT n FROM jobs_change WHERE id = 3", 0, &before, error))
    return false;
  if (before >= sweep->now)
    return true;
  sweep->before = before;
  return tell_all (db, sweep, error) && bring_out (db, sweep, error)
         && run_numbers (db, "UPDATE jobs_change SET n = ?1 WHERE id = 3", &sweep->now, 1, error);
}

/* What has changed of the posts since the last sweep. */
static bool
is_due (Jobs *jobs, StoreConnection *db, Sweep *sweep, GError **error)
{
  return store_query (db, "SELECT n FROM jobs_change WHERE id = 1", 0, &sweep->now, error)
         && store_query (db, "SELECT n FROM jobs_change WHERE id = 3", 0, &sweep->before, error);
}

static bool
match_all (Sweep *sweep)
{
  MarketWish wish = { .k = BEST, .threads = THREADS, .surface = true };
  MarketCounts counts;
  size_t n = sweep->run->input.n[MARKET_SEEKERS];
  sweep->best = arena_new0 (sweep->run->arena, MarketMatch, MAX (n, 1) * BEST);
  sweep->n_best = arena_new0 (sweep->run->arena, guint16, MAX (n, 1));
  market_all (sweep->run->run, &wish, sweep->best, sweep->n_best, &counts);
  sweep->report->people = n;
  sweep->report->posts = sweep->run->input.n[MARKET_OFFERS];
  sweep->report->unseen = counts.unseen;
  sweep->report->brought_out = counts.surfaced;
  return true;
}

bool
jobs_alert (Jobs *jobs, JobsAlerts *report, GError **error)
{
  JobsAlerts unwanted;
  Sweep sweep = { .jobs = jobs, .report = report ? report : &unwanted };
  *sweep.report = (JobsAlerts){ 0 };
  if (!jobs->board)
    return true;
  g_autoptr (StoreReader) reader = store_reader (jobs->store, error);
  if (!reader || !is_due (jobs, store_reader_db (reader), &sweep, error))
    return false;
  if (sweep.before >= sweep.now)
    return true;
  g_autoptr (BoardRun) run
      = board_run (jobs, store_reader_db (reader), &(BoardAsk){ .everybody = true }, error);
  g_clear_pointer (&reader, store_reader_release);
  sweep.run = run;
  return run && match_all (&sweep) && store_write (jobs->store, write_sweep, &sweep, error);
}

/* ---- every so often --------------------------------------------------------------------------------------
 */

struct JobsWatch {
  Jobs *jobs;
  Ticker *ticker;
};

static void
watch (gpointer data)
{
  const JobsWatch *w = data;
  g_autoptr (GError) fault = NULL;
  if (!jobs_alert (w->jobs, NULL, &fault))
    fprintf (stderr, "liudong: nobody was told of new posts this time: %s\n", fault->message);
}

JobsWatch *
jobs_watch (Jobs *jobs, GError **error)
{
  JobsWatch *w = g_new0 (JobsWatch, 1);
  w->jobs = jobs;
  if ((w->ticker = ticker_start (EVERY, watch, w, error)))
    return w;
  g_free (w);
  return NULL;
}

void
jobs_watch_stop (JobsWatch *watch)
{
  if (!watch)
    return;
  ticker_stop (watch->ticker);
  g_free (watch);
}
