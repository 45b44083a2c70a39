/* The public value and the run. */
#include "draws/draws_private.h"

#include <string.h>

typedef struct {
  Draws *draws;
  const AccessAccount *who;
  Arena *arena;
  gint64 id, now;
  const DrawsValue *value;
  DrawRow row;
  Book book;
  Drawn drawn;
} Drawing;

/* ---- the value ------------------------------------------------------------------------- */

static bool
check_value (const Drawing *d, GError **error)
{
  const DrawsValue *value = d->value;
  if (!value->value || !*value->value || !value->source.name)
    return draws_refuse (error, FAULT_INPUT,
                         "enter the public value, and where it was published on which day");
  if (value->source.day > civil_day_of (d->now))
    return draws_refuse (error, FAULT_INPUT, "the public value's day has not come");
  return true;
}

/* ---- writing --------------------------------------------------------------------------- */

static bool
write_round (StoreConnection *db, const Drawing *d, GError **error)
{
  StoreStatement *s = store_statement (
      db,
      "UPDATE draw_round SET state = 3, drawn_by = ?2, drawn_at = ?3, value = ?4, used = ?5,"
      " used_day = ?6, seed = ?7, transcript = ?8, result = ?9 WHERE id = ?1",
      error);
  if (!s)
    return false;
  store_bind_integer (s, 1, d->id);
  store_bind_text (s, 2, d->who->name);
  store_bind_integer (s, 3, d->now);
  LotteryHash hash = lottery_digest (d->drawn.transcript, strlen (d->drawn.transcript));
  char result[LOTTERY_HEX];
  store_bind_text (s, 4, d->value->value);
  store_bind_text (s, 5, d->value->source.name);
  store_bind_integer (s, 6, d->value->source.day);
  store_bind_text (s, 7, d->drawn.seed);
  store_bind_text (s, 8, d->drawn.transcript);
  store_bind_text (s, 9, lottery_hex (&hash, result));
  return store_run (s, error);
}

static bool
check_drawing (Drawing *d, GError **error)
{
  if (!draws_check_office (d->who, d->row.round.allocation, error))
    return false;
  if (d->row.round.state != DRAWS_CLOSED)
    return draws_refuse (error, FAULT_CONFLICT, "drawn is what is closed");
  if (g_strcmp0 (d->row.round.closed_by, d->who->name) == 0)
    return draws_refuse (error, FAULT_DENIED, "who closed the list does not draw: four eyes");
  return !draws_needs_lot (d->row.round.allocation) || check_value (d, error);
}

static bool
write_drawing (StoreConnection *db, gpointer data, GError **error)
{
  Drawing *d = data;
  if (!round_row_find (db, d->draws, d->arena, d->id, &d->row, error))
    return false;
  if (d->row.round.drawn_at && g_strcmp0 (d->row.round.drawn_by, d->who->name) == 0)
    return true;
  if (!check_drawing (d, error) || !book_read (db, d->arena, &d->row, &d->book, error)
      || !spec_draw (d->arena, &d->row, &d->book, d->value, &d->drawn, error))
    return false;
  for (size_t i = 0; i < d->book.n; i++)
    if (d->book.rows[i].a.standing == DRAWS_STANDING && !book_write_seat (db, &d->book.rows[i], error))
      return false;
  return write_round (db, d, error) && draws_note (db, d->who, "draw", d->id, 0, error);
}

bool
draws_draw (Draws *draws, const AccessAccount *who, gint64 round, const DrawsValue *value, GError **error)
{
  static const DrawsValue none = { .value = NULL };
  g_autoptr (Arena) arena = arena_new ();
  Drawing d = { .draws = draws, .who = who, .arena = arena, .id = round, .now = draws_now (draws) };
  d.value = value ? value : &none;
  return store_write (draws->store, write_drawing, &d, error);
}
