/* The rows of either side: made once, and anew when what they say has changed, by whoever asks next, this
 * process or another having changed it. */
#include "jobs/board_private.h"

#include <string.h>

/* ---- rows --------------------------------------------------------------------------------------- */

/* What SAID says, by SIDE's columns; freed with g_free. */
Row *
row_make (const Board *board, MarketSide side, const Said *said, gint64 id, gint64 version)
{
  size_t n = board->market->sides[side].n, n_concepts = 0;
  for (size_t c = 0; c < n; c++)
    n_concepts += said->concepts[board->said[side][c]]->len;
  Row *row = g_malloc0 (sizeof *row + n * sizeof (gint64) + (n + 1 + n_concepts) * sizeof (guint32));
  *row = (Row){ .id = id, .version = version, .values = (gint64 *)(row + 1) };
  row->starts = (guint32 *)(row->values + n);
  row->concepts = row->starts + n + 1;
  for (size_t c = 0; c < n; c++) {
    const GArray *list = said->concepts[board->said[side][c]];
    row->values[c] = said->values[board->said[side][c]];
    if (list->len)
      memcpy (row->concepts + row->starts[c], list->data, list->len * sizeof (guint32));
    row->starts[c + 1] = row->starts[c] + list->len;
  }
  return row;
}

Row *
row_of_post (const Board *board, const Jobs *jobs, const JobsPost *post, gint64 version)
{
  Said said;
  said_open (&said);
  meaning_of_post (board->meaning, jobs, post, &said);
  Row *row = row_make (board, MARKET_OFFERS, &said, post->id, version);
  said_close (&said);
  return row;
}

static Row *
row_of_seeker (const Board *board, const Jobs *jobs, const JobsProfile *profile, const SeekerRecord *record,
               gint64 version)
{
  Said said;
  said_open (&said);
  meaning_of_seeker (board->meaning, jobs, profile, record, &said);
  Row *row = row_make (board, MARKET_SEEKERS, &said, profile->id, version);
  said_close (&said);
  return row;
}

/* ---- keeping up ---------------------------------------------------------------------------------- */

static Row *
load_post (StoreConnection *db, Jobs *jobs, gint64 id, gint64 version, GError **error)
{
  g_autoptr (Arena) arena = arena_new ();
  JobsPost post;
  return post_find (db, jobs, arena, id, &post, error) ? row_of_post (jobs->board, jobs, &post, version)
                                                       : NULL;
}

/* By what the profile keeps, and no more: what the person lets be used. */
static Row *
load_seeker (StoreConnection *db, Jobs *jobs, gint64 id, gint64 version, GError **error)
{
  g_autoptr (Arena) arena = arena_new ();
  JobsProfile profile;
  SeekerRecord record;
  bool found;
  if (!profile_find (db, jobs, arena, 0, id, &profile, &found, error)
      || !profile_record (db, &profile, &record, error))
    return NULL;
  return row_of_seeker (jobs->board, jobs, &profile, &record, version);
}

typedef struct {
  gint64 id, version;
  bool shown, alerts;
} There;

static bool
list_there (StoreConnection *db, MarketSide side, Day today, GArray *there, GError **error)
{
  StoreStatement *s
      = side == MARKET_OFFERS ? store_statement (
            db, "SELECT id, version FROM jobs_post WHERE state = 1 AND last_day >= ?1 ORDER BY id", error)
                              : store_statement (db,
                                                 "SELECT id, version, shown, alerts FROM jobs_profile"
                                                 " WHERE shown = 1 OR alerts = 1 ORDER BY id",
                                                 error);
  StoreStep step;
  if (!s)
    return false;
  if (side == MARKET_OFFERS)
    store_bind_integer (s, 1, today);
  while ((step = store_step (s, error)) == STORE_ROW) {
    There one = { .id = store_integer (s, 0), .version = store_integer (s, 1) };
    if (side == MARKET_SEEKERS) {
      one.shown = store_integer (s, 2) != 0;
      one.alerts = store_integer (s, 3) != 0;
    }
    g_array_append_val (there, one);
  }
  return step == STORE_DONE;
}

/* The rows of what is THERE: those that are as they were, and those made anew. */
static bool
renew (StoreConnection *db, Jobs *jobs, MarketSide side, const GArray *there, GError **error)
{
  Side *kept = &jobs->board->sides[side];
  g_autoptr (GPtrArray) rows = g_ptr_array_new_with_free_func (g_free);
  guint at = 0;
  for (guint i = 0; i < there->len; i++) {
    const There *one = &g_array_index (there, There, i);
    Row *row = NULL;
    while (at < kept->rows->len && ((Row *)kept->rows->pdata[at])->id < one->id)
      at++;
    if (at < kept->rows->len && ((Row *)kept->rows->pdata[at])->id == one->id
        && ((Row *)kept->rows->pdata[at])->version == one->version) {
      row = kept->rows->pdata[at];
      kept->rows->pdata[at++] = NULL;
    } else
      row = side == MARKET_OFFERS ? load_post (db, jobs, one->id, one->version, error)
                                  : load_seeker (db, jobs, one->id, one->version, error);
    if (!row)
      return false;
    row->shown = one->shown;
    row->alerts = one->alerts;
    g_ptr_array_add (rows, row);
  }
  g_ptr_array_unref (kept->rows);
  kept->rows = g_steal_pointer (&rows);
  return true;
}

bool
sides_catch_up (StoreConnection *db, Jobs *jobs, MarketSide side, GError **error)
{
  Side *kept = &jobs->board->sides[side];
  Day today = jobs_today (jobs);
  gint64 now;
  const char *sql = side == MARKET_OFFERS ? "SELECT n FROM jobs_change WHERE id = 1"
                                          : "SELECT n FROM jobs_change WHERE id = 2";
  g_autoptr (GArray) there = g_array_new (FALSE, FALSE, sizeof (There));
  if (!store_query (db, sql, 0, &now, error))
    return false;
  if (kept->seen >= now && kept->day == today)
    return true;
  if (!list_there (db, side, today, there, error) || !renew (db, jobs, side, there, error)) {
    g_ptr_array_set_size (kept->rows, 0); /* some were taken over: all are made again next time */
    kept->seen = 0;
    return false;
  }
  kept->seen = now;
  kept->day = today;
  if (side == MARKET_OFFERS)
    g_clear_pointer (&jobs->board->base, base_release);
  return true;
}
