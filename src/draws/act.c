/* The states, step by step. */
#include "draws/draws_private.h"

static const struct {
  DrawsState from, to;
  const char *deed;
} steps[] = {
  [DRAWS_OPEN_IT] = { DRAWS_PLANNED, DRAWS_OPEN, "open" },
  [DRAWS_CLOSE] = { DRAWS_OPEN, DRAWS_CLOSED, "close" },
  [DRAWS_PUBLISH] = { DRAWS_DRAWN, DRAWS_PUBLISHED, "publish" },
  [DRAWS_FINISH] = { DRAWS_PUBLISHED, DRAWS_FINAL, "finish" },
  [DRAWS_CANCEL] = { DRAWS_PLANNED, DRAWS_CANCELLED, "cancel" },
};

typedef struct {
  Draws *draws;
  const AccessAccount *who;
  Arena *arena;
  gint64 id, now;
  DrawsAct act;
  const char *reason;
  bool done;
  DrawRow row;
} Acting;

/* Rounds that have not been drawn may be cancelled. */
static bool
check_state (Acting *a, GError **error)
{
  DrawsState state = a->row.round.state;
  a->done = state == steps[a->act].to;
  if (a->done || state == steps[a->act].from || (a->act == DRAWS_CANCEL && state < DRAWS_DRAWN))
    return true;
  g_set_error (error, FAULT, FAULT_CONFLICT, "to %s is not for a round that is %s", steps[a->act].deed,
               draws_state_id (state));
  return false;
}

/* What is free in all units together. */
static Vacant
add_vacant (Arena *arena, const Book *book)
{
  size_t n_reserves = book->allocation->n_reserves;
  const Vacant *vacant = book_vacant (arena, book);
  Vacant all = { 0, arena_new0 (arena, gint64, n_reserves) };
  for (size_t u = 0; u < book->n_units; u++) {
    all.open += vacant[u].open;
    for (size_t r = 0; r < n_reserves; r++)
      all.reserves[r] += vacant[u].reserves[r];
  }
  return all;
}

/* Somebody eligible without a place while one is free that they may have. */
static bool
check_rest (StoreConnection *db, Acting *a, GError **error)
{
  Book book;
  gint64 rest = 0;
  if (!a->row.round.allocation->places_rest)
    return true;
  if (!book_read (db, a->arena, &a->row, &book, error))
    return false;
  Vacant all = add_vacant (a->arena, &book);
  for (size_t i = 0; i < book.n; i++)
    rest += book.rows[i].a.standing == DRAWS_STANDING && book.rows[i].a.seat < 0
            && vacant_for (&all, book.allocation->n_reserves, book.rows[i].traits);
  if (!rest)
    return true;
  g_set_error (error, FAULT, FAULT_CONFLICT,
               "%" G_GINT64_FORMAT " are still without a place while places that they may have are free:"
               " the clause has everybody placed",
               rest);
  return false;
}

static bool
check_objections (StoreConnection *db, const Acting *a, GError **error)
{
  StoreStatement *s = store_statement (
      db, "SELECT count (*) FROM draw_objection WHERE round = ?1 AND answered_at = 0", error);
  if (!s)
    return false;
  store_bind_integer (s, 1, a->id);
  gint64 open = store_step (s, error) == STORE_ROW ? store_integer (s, 0) : -1;
  if (open < 0)
    return false;
  store_reset (s);
  if (civil_day_of (a->now) <= a->row.round.objections_until)
    return draws_refuse (error, FAULT_CONFLICT, "objections may still be made");
  return !open || draws_refuse (error, FAULT_CONFLICT, "there are objections without an answer");
}

static bool
check_act (StoreConnection *db, Acting *a, GError **error)
{
  switch (a->act) {
  case DRAWS_OPEN_IT:
    return civil_day_of (a->now) <= a->row.round.deadline
           || draws_refuse (error, FAULT_CONFLICT, "the last day for applications is past");
  case DRAWS_FINISH: return check_objections (db, a, error) && check_rest (db, a, error);
  default: return true;
  }
}

static bool
write_state (StoreConnection *db, const Acting *a, GError **error)
{
  StoreStatement *s = store_statement (
      db,
      "UPDATE draw_round SET state = ?2, reason = ?3, published_at = ?4, objections_until = ?5,"
      " finished_at = ?6 WHERE id = ?1",
      error);
  if (!s)
    return false;
  const DrawsRound *r = &a->row.round;
  bool published = a->act == DRAWS_PUBLISH;
  store_bind_integer (s, 1, a->id);
  store_bind_integer (s, 2, steps[a->act].to);
  store_bind_text (s, 3, a->act == DRAWS_CANCEL ? a->reason : NULL);
  store_bind_integer (s, 4, published ? a->now : r->published_at);
  store_bind_integer (s, 5, published ? civil_day_of (a->now) + r->objection_days : r->objections_until);
  store_bind_integer (s, 6, a->act == DRAWS_FINISH ? a->now : 0);
  return store_run (s, error);
}

/* Everybody who applied, once the result is there to be seen. */
static bool
tell_all (StoreConnection *db, Acting *a, GError **error)
{
  Book book;
  if (a->act != DRAWS_PUBLISH)
    return true;
  if (!book_read (db, a->arena, &a->row, &book, error))
    return false;
  for (size_t i = 0; i < book.n; i++)
    if (book.rows[i].a.standing != DRAWS_WITHDRAWN
        && !book_tell (db, a->draws, &a->row, &book.rows[i], "round-published", error))
      return false;
  return true;
}

static bool
write_act (StoreConnection *db, gpointer data, GError **error)
{
  Acting *a = data;
  if (!round_row_find (db, a->draws, a->arena, a->id, &a->row, error) || !check_state (a, error))
    return false;
  return a->done
         || (check_act (db, a, error) && write_state (db, a, error) && tell_all (db, a, error)
             && draws_note (db, a->who, steps[a->act].deed, a->id, 0, error));
}

bool
draws_act (Draws *draws, const AccessAccount *who, gint64 round, DrawsAct act, const char *reason,
           GError **error)
{
  g_autoptr (Arena) arena = arena_new ();
  Acting a = { .draws = draws,
               .who = who,
               .arena = arena,
               .id = round,
               .now = draws_now (draws),
               .act = act,
               .reason = reason };
  g_autoptr (StoreReader) reader = store_reader (draws->store, error);
  if (!reader || !round_row_find (store_reader_db (reader), draws, arena, round, &a.row, error)
      || !draws_check_office (who, a.row.round.allocation, error)
      || (act == DRAWS_CANCEL && !draws_check_text (reason, "the reason", error)) || !check_state (&a, error))
    return false;
  g_clear_pointer (&reader, store_reader_release);
  if (a.done)
    return true;
  if (act != DRAWS_CLOSE)
    return store_write (draws->store, write_act, &a, error);
  if (civil_day_of (a.now) <= a.row.round.deadline)
    return draws_refuse (error, FAULT_CONFLICT, "applications may still be made: the last day is not over");
  return close_round (draws, who, arena, &a.row, error);
}
