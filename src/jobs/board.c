/* A market's runs, put together from the rows of both sides for one question each: the asker's own. */
#include "jobs/board_private.h"

#include <string.h>

/* The posts as a market takes them, opened: lent to those who look, and kept until the last is done. */
struct Base {
  gatomicrefcount references;
  BoardRun *run; /* without seekers */
  guint32 grown; /* concepts of the spaces that grow, when it was made */
};

void
base_release (Base *base)
{
  if (base && g_atomic_ref_count_dec (&base->references)) {
    board_run_free (base->run);
    g_free (base);
  }
}

/* ---- opening ---------------------------------------------------------------------------------- */

static bool
find_sayings (Board *board, GError **error)
{
  for (int side = 0; side < 2; side++) {
    const MarketSideType *type = &board->market->sides[side];
    board->said[side] = arena_new0 (board->arena, int, type->n);
    for (size_t c = 0; c < type->n; c++) {
      int said = 0;
      while (said < SAYINGS && !g_str_equal (said_id (said), type->columns[c].id))
        said++;
      if (said == SAYINGS) {
        g_set_error (
            error, FAULT, FAULT_INPUT,
            "markets/jobs.yaml: nothing fills the column %s: advertisements and profiles do not say it",
            type->columns[c].id);
        return false;
      }
      board->said[side][c] = said;
    }
  }
  return true;
}

bool
board_open (Jobs *jobs, Board **out, GError **error)
{
  const char *folder = policy_folder (jobs->options.package);
  g_autofree char *path = g_build_filename (folder, "markets", "jobs.yaml", NULL),
                  *words = g_build_filename (folder, "vocabulary", NULL);
  *out = NULL;
  if (!g_file_test (path, G_FILE_TEST_EXISTS))
    return true;
  Board *board = g_new0 (Board, 1);
  board->arena = arena_new ();
  g_mutex_init (&board->lock);
  for (int side = 0; side < 2; side++)
    board->sides[side].rows = g_ptr_array_new_with_free_func (g_free);
  board->market = market_read (board->arena, path, policy_schema (jobs->options.package), error);
  if (board->market && find_sayings (board, error) && (board->meaning = meaning_new (words, error))) {
    *out = board;
    return true;
  }
  board_free (board);
  return false;
}

void
board_free (Board *board)
{
  if (!board)
    return;
  for (int side = 0; side < 2; side++)
    g_ptr_array_unref (board->sides[side].rows);
  base_release (board->base);
  meaning_free (board->meaning);
  g_mutex_clear (&board->lock);
  arena_free (board->arena);
  g_free (board);
}

const Market *
board_market (const Board *board)
{
  return board->market;
}

/* ---- a run ----------------------------------------------------------------------------------------- */

static BoardRun *
board_run_new (const Jobs *jobs)
{
  BoardRun *run = g_new0 (BoardRun, 1);
  run->arena = arena_new ();
  run->input.as_of = jobs_today (jobs);
  run->input.n_spaces = SPACES;
  return run;
}

static MarketValues
column_of (Arena *arena, Row *const *rows, size_t n, size_t c)
{
  gint64 *values = arena_new0 (arena, gint64, MAX (n, 1));
  guint32 *starts = arena_new0 (arena, guint32, n + 1);
  for (size_t i = 0; i < n; i++) {
    values[i] = rows[i]->values[c];
    starts[i + 1] = starts[i] + rows[i]->starts[c + 1] - rows[i]->starts[c];
  }
  guint32 *concepts = arena_new0 (arena, guint32, MAX (starts[n], 1));
  for (size_t i = 0; i < n; i++)
    if (starts[i + 1] > starts[i])
      memcpy (concepts + starts[i], rows[i]->concepts + rows[i]->starts[c],
              (starts[i + 1] - starts[i]) * sizeof (guint32));
  return (MarketValues){ .values = values, .starts = starts, .concepts = concepts };
}

static void
add_side (BoardRun *run, Jobs *jobs, MarketSide side, Row *const *rows, size_t n)
{
  const MarketSideType *type = &jobs->board->market->sides[side];
  MarketValues *values = arena_new0 (run->arena, MarketValues, type->n);
  run->ids[side] = arena_new0 (run->arena, gint64, MAX (n, 1));
  gint64 *versions = arena_new0 (run->arena, gint64, MAX (n, 1));
  bool *alerts = arena_new0 (run->arena, bool, MAX (n, 1));
  for (size_t i = 0; i < n; i++) {
    run->ids[side][i] = rows[i]->id;
    versions[i] = rows[i]->version;
    alerts[i] = rows[i]->alerts;
  }
  if (side == MARKET_OFFERS)
    run->versions = versions;
  else
    run->alerts = alerts;
  for (size_t c = 0; c < type->n; c++) {
    values[c] = column_of (run->arena, rows, n, c);
    if (type->columns[c].kind == MARKET_WORD)
      values[c].words = registry_entity_attribute (jobs->post, "kind")->values;
  }
  run->input.n[side] = n;
  run->input.values[side] = values;
}

/* The seeker as they are, and as they would be with every certificate. */
enum { AS_THEY_ARE, CERTIFIED, LOOKING };

static void
make_looking (const Board *board, const Jobs *jobs, const BoardAsk *ask, Row *rows[LOOKING])
{
  for (int i = 0; i < LOOKING; i++) {
    Said said;
    said_open (&said);
    meaning_of_seeker (board->meaning, jobs, ask->profile, ask->record, &said);
    if (i == CERTIFIED)
      meaning_every_certificate (board->meaning, &said);
    rows[i] = row_make (board, MARKET_SEEKERS, &said, ask->profile->id, 0);
    said_close (&said);
  }
}

/* Those whom employers may see, or EVERYBODY. */
static void
add_people (BoardRun *run, Jobs *jobs, bool everybody)
{
  const GPtrArray *all = jobs->board->sides[MARKET_SEEKERS].rows;
  g_autoptr (GPtrArray) people = g_ptr_array_new ();
  for (guint i = 0; i < all->len; i++)
    if (everybody || ((const Row *)all->pdata[i])->shown)
      g_ptr_array_add (people, all->pdata[i]);
  add_side (run, jobs, MARKET_SEEKERS, (Row *const *)people->pdata, people->len);
}

/* Under the lock. */
static void
take_sides (BoardRun *run, Jobs *jobs, const BoardAsk *ask)
{
  Board *board = jobs->board;
  Row *looking[LOOKING] = { NULL };
  g_autofree Row *post = ask->post ? row_of_post (board, jobs, ask->post, 0) : NULL;
  const GPtrArray *posts = board->sides[MARKET_OFFERS].rows;
  if (ask->profile) {
    make_looking (board, jobs, ask, looking);
    add_side (run, jobs, MARKET_SEEKERS, looking, LOOKING);
  } else
    add_people (run, jobs, ask->everybody);
  if (post)
    add_side (run, jobs, MARKET_OFFERS, &post, 1);
  else
    add_side (run, jobs, MARKET_OFFERS, (Row *const *)posts->pdata, posts->len);
  for (int i = 0; i < LOOKING; i++)
    g_free (looking[i]);
  run->input.spaces = meaning_spaces (board->meaning, run->arena);
}

/* The posts, opened, and lent; made anew where they or the spaces have changed.  Under the lock. */
static Base *
lend_base (Jobs *jobs, GError **error)
{
  Board *board = jobs->board;
  if (board->base && board->base->grown != meaning_grown (board->meaning))
    g_clear_pointer (&board->base, base_release);
  if (!board->base) {
    const GPtrArray *posts = board->sides[MARKET_OFFERS].rows;
    g_autoptr (BoardRun) run = board_run_new (jobs);
    add_side (run, jobs, MARKET_SEEKERS, NULL, 0);
    add_side (run, jobs, MARKET_OFFERS, (Row *const *)posts->pdata, posts->len);
    run->input.spaces = meaning_spaces (board->meaning, run->arena);
    if (!(run->run = market_open (board->market, &run->input, error)))
      return NULL;
    board->base = g_new0 (Base, 1);
    g_atomic_ref_count_init (&board->base->references);
    board->base->run = g_steal_pointer (&run);
    board->base->grown = meaning_grown (board->meaning);
  }
  g_atomic_ref_count_inc (&board->base->references);
  return board->base;
}

/* One who looks at all posts: what they say is put beside what is there. */
static BoardRun *
run_beside (Jobs *jobs, StoreConnection *db, const BoardAsk *ask, GError **error)
{
  g_autoptr (BoardRun) run = board_run_new (jobs);
  Row *looking[LOOKING] = { NULL };
  g_mutex_lock (&jobs->board->lock);
  bool ready = sides_catch_up (db, jobs, MARKET_OFFERS, error);
  if (ready) {
    make_looking (jobs->board, jobs, ask, looking);
    add_side (run, jobs, MARKET_SEEKERS, looking, LOOKING);
    run->base = lend_base (jobs, error);
  }
  g_mutex_unlock (&jobs->board->lock);
  for (int i = 0; i < LOOKING; i++)
    g_free (looking[i]);
  if (!run->base)
    return NULL;
  const BoardRun *posts = ((Base *)run->base)->run;
  run->input.n[MARKET_OFFERS] = posts->input.n[MARKET_OFFERS];
  run->input.values[MARKET_OFFERS] = posts->input.values[MARKET_OFFERS];
  run->input.spaces = posts->input.spaces;
  run->ids[MARKET_OFFERS] = posts->ids[MARKET_OFFERS];
  run->versions = posts->versions;
  run->run = market_open_beside (posts->run, LOOKING, run->input.values[MARKET_SEEKERS], error);
  return run->run ? g_steal_pointer (&run) : NULL;
}

BoardRun *
board_run (Jobs *jobs, StoreConnection *db, const BoardAsk *ask, GError **error)
{
  if (ask->profile && !ask->post)
    return run_beside (jobs, db, ask, error);
  g_autoptr (BoardRun) run = board_run_new (jobs);
  g_mutex_lock (&jobs->board->lock);
  bool ready = (ask->profile || sides_catch_up (db, jobs, MARKET_SEEKERS, error))
               && (ask->post || sides_catch_up (db, jobs, MARKET_OFFERS, error));
  if (ready)
    take_sides (run, jobs, ask);
  g_mutex_unlock (&jobs->board->lock);
  if (!ready || !(run->run = market_open (jobs->board->market, &run->input, error)))
    return NULL;
  return g_steal_pointer (&run);
}

void
board_run_free (BoardRun *run)
{
  if (!run)
    return;
  if (run->run)
    market_free (run->run);
  base_release (run->base);
  arena_free (run->arena);
  g_free (run);
}

const Meaning *
board_meaning (const Board *board)
{
  return board->meaning;
}
