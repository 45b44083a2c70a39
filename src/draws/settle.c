/* After the run: the rest is placed, places are given up, objections are answered. */
#include "draws/draws_private.h"

typedef struct {
  Draws *draws;
  const AccessAccount *who;
  Arena *arena;
  gint64 round, now;
  const char *number, *text;
  guint32 unit;
  DrawRow row;
  Book book;
} Settling;

static bool
open_book (StoreConnection *db, Settling *s, BookRow **one, GError **error)
{
  return round_row_find (db, s->draws, s->arena, s->round, &s->row, error)
         && book_read (db, s->arena, &s->row, &s->book, error)
         && (*one = book_find (&s->book, s->number, error));
}

static bool
check_own (const AccessAccount *who, const PolicyAllocation *allocation, const BookRow *row, GError **error)
{
  return book_is_own (who, row) || draws_may (who, allocation)
         || draws_refuse (error, FAULT_DENIED, "this application is another's");
}

/* ---- placing the rest ----------------------------------------------------------------- */

static bool
check_placing (const Settling *s, const BookRow *one, GError **error)
{
  DrawsState state = s->row.round.state;
  if (!s->book.allocation->places_rest)
    return draws_refuse (error, FAULT_CONFLICT, "places are given by choices alone here");
  if (state != DRAWS_DRAWN && state != DRAWS_PUBLISHED && state != DRAWS_FINAL)
    return draws_refuse (error, FAULT_CONFLICT, "the rest is placed once the run is over");
  if (one->a.standing != DRAWS_STANDING || one->a.seat >= 0)
    return draws_refuse (error, FAULT_CONFLICT, "this application has a place, or is not on the list");
  if (s->unit >= s->book.n_units)
    return draws_refuse (error, FAULT_CONFLICT, "there is no such unit in this round");
  const Vacant *vacant = book_vacant (s->arena, &s->book);
  return vacant_for (&vacant[s->unit], s->book.allocation->n_reserves, one->traits)
         || draws_refuse (error, FAULT_CONFLICT, "there is no room: choose another one");
}

static bool
write_placing (StoreConnection *db, gpointer data, GError **error)
{
  Settling *s = data;
  BookRow *one;
  if (!open_book (db, s, &one, error))
    return false;
  if (one->a.how == DRAWS_BY_OFFICE && one->a.seat == (gint32)s->unit)
    return true;
  if (!draws_check_office (s->who, s->book.allocation, error) || !check_placing (s, one, error))
    return false;
  one->a.seat = (gint32)s->unit;
  one->a.how = DRAWS_BY_OFFICE;
  return book_write_seat (db, one, error) && draws_note (db, s->who, "place", s->round, one->applicant, error)
         && book_tell (db, s->draws, &s->row, one, "round-placed", error);
}

bool
draws_place (Draws *draws, const AccessAccount *who, gint64 round, const char *number, guint32 unit,
             GError **error)
{
  g_autoptr (Arena) arena = arena_new ();
  Settling s = { .draws = draws, .who = who, .arena = arena, .round = round, .number = number, .unit = unit };
  return store_write (draws->store, write_placing, &s, error);
}

/* ---- giving up -------------------------------------------------------------------------- */

static bool
move_up (StoreConnection *db, Settling *s, GError **error)
{
  Run run;
  if (!spec_run (s->arena, &s->row, &s->book, &run, error))
    return false;
  for (size_t i = 0; i < run.problem.n; i++) {
    BookRow *up = &s->book.rows[run.rows[i]];
    guint32 unit = run.result->unit_of[i];
    if (unit == ALLOCATION_NOWHERE || up->a.seat == (gint32)unit)
      continue;
    up->a.seat = (gint32)unit;
    up->a.how = DRAWS_MOVED_UP;
    if (!book_write_seat (db, up, error)
        || !draws_note (db, s->who, "move-up", s->round, up->applicant, error)
        || !book_tell (db, s->draws, &s->row, up, "round-moved-up", error))
      return false;
  }
  return true;
}

static bool
give_up (StoreConnection *db, Settling *s, BookRow *one, GError **error)
{
  DrawsState state = s->row.round.state;
  bool frees = one->a.seat >= 0;
  if (state != DRAWS_OPEN && state != DRAWS_PUBLISHED && state != DRAWS_FINAL)
    return draws_refuse (error, FAULT_CONFLICT,
                         "the list is closed and sealed: withdraw once the result is published");
  if (state == DRAWS_OPEN && draws_today (s->draws) > s->row.round.deadline)
    return draws_refuse (error, FAULT_CONFLICT,
                         "the last day for applications is past, and so is that for withdrawing");
  one->a.standing = DRAWS_WITHDRAWN;
  one->a.seat = -1;
  one->a.how = DRAWS_NO_SEAT;
  return book_write_seat (db, one, error)
         && draws_note (db, s->who, "withdraw", s->round, one->applicant, error)
         && (!frees || move_up (db, s, error));
}

static bool
write_withdrawal (StoreConnection *db, gpointer data, GError **error)
{
  Settling *s = data;
  BookRow *one;
  if (!open_book (db, s, &one, error) || !check_own (s->who, s->book.allocation, one, error))
    return false;
  return one->a.standing == DRAWS_WITHDRAWN || give_up (db, s, one, error);
}

bool
draws_withdraw (Draws *draws, const AccessAccount *who, gint64 round, const char *number, GError **error)
{
  g_autoptr (Arena) arena = arena_new ();
  Settling s = { .draws = draws, .who = who, .arena = arena, .round = round, .number = number };
  return store_write (draws->store, write_withdrawal, &s, error);
}

/* ---- objections --------------------------------------------------------------------------- */

/* *SAME: it was made already.  One open objection is enough for an answer. */
static bool
look_objections (StoreConnection *db, const Settling *s, gint64 application, bool *same, GError **error)
{
  StoreStatement *q = store_statement (
      db, "SELECT text, answered_at FROM draw_objection WHERE round = ?1 AND application = ?2", error);
  bool open = false;
  *same = false;
  if (!q)
    return false;
  store_bind_integer (q, 1, s->round);
  store_bind_integer (q, 2, application);
  StoreStep step;
  while ((step = store_step (q, error)) == STORE_ROW) {
    *same = *same || text_equal (store_text (q, 0), text_of (s->text));
    open = open || !store_integer (q, 1);
  }
  if (step != STORE_DONE)
    return false;
  return *same || !open || draws_refuse (error, FAULT_CONFLICT, "an objection waits for its answer already");
}

static bool
insert_objection (StoreConnection *db, const Settling *s, gint64 application, GError **error)
{
  gint64 id;
  if (!store_query (db, "SELECT coalesce (max (id), 0) + 1 FROM draw_objection", 1, &id, error))
    return false;
  StoreStatement *q
      = store_statement (db,
                         "INSERT INTO draw_objection (id, round, application, given_by, given_at,"
                         " text, answered_at, upheld) VALUES (?1, ?2, ?3, ?4, ?5, ?6, 0, 0)",
                         error);
  if (!q)
    return false;
  store_bind_integer (q, 1, id);
  store_bind_integer (q, 2, s->round);
  store_bind_integer (q, 3, application);
  store_bind_text (q, 4, s->who->name);
  store_bind_integer (q, 5, s->now);
  store_bind_text (q, 6, s->text);
  return store_run (q, error);
}

static bool
write_objection (StoreConnection *db, gpointer data, GError **error)
{
  Settling *s = data;
  BookRow *one;
  bool same;
  if (!open_book (db, s, &one, error))
    return false;
  if (!book_is_own (s->who, one))
    return draws_refuse (error, FAULT_DENIED, "this application is another's");
  if (!look_objections (db, s, one->a.id, &same, error))
    return false;
  if (same)
    return true;
  if (s->row.round.state != DRAWS_PUBLISHED)
    return draws_refuse (error, FAULT_CONFLICT, "objections are made to what is published");
  if (civil_day_of (s->now) > s->row.round.objections_until)
    return draws_refuse (error, FAULT_CONFLICT, "late: the days for objections are over");
  return insert_objection (db, s, one->a.id, error)
         && draws_note (db, s->who, "object", s->round, one->applicant, error);
}

bool
draws_object (Draws *draws, const AccessAccount *who, gint64 round, const char *number, const char *text,
              GError **error)
{
  g_autoptr (Arena) arena = arena_new ();
  Settling s = { .draws = draws, .who = who, .arena = arena, .round = round, .number = number, .text = text };
  s.now = draws_now (draws);
  return draws_check_text (text, "the objection", error)
         && store_write (draws->store, write_objection, &s, error);
}

typedef struct {
  Settling base;
  gint64 objection;
  bool upheld;
} Answering;

static bool
find_objection (StoreConnection *db, Answering *a, bool *answered, GError **error)
{
  StoreStatement *q = store_statement (
      db, "SELECT round, answered_at, coalesce (answer, '') FROM draw_objection WHERE id = ?1", error);
  if (!q)
    return false;
  store_bind_integer (q, 1, a->objection);
  StoreStep step = store_step (q, error);
  if (step == STORE_DONE)
    g_set_error (error, FAULT, FAULT_NOT_FOUND, "there is no objection %" G_GINT64_FORMAT, a->objection);
  if (step != STORE_ROW)
    return false;
  a->base.round = store_integer (q, 0);
  *answered = store_integer (q, 1) != 0;
  bool same = text_equal (store_text (q, 2), text_of (a->base.text));
  store_reset (q);
  return !*answered || same || draws_refuse (error, FAULT_CONFLICT, "this objection has its answer");
}

/* Who was struck from the list wrongly is on it from now on: the run is over, so the office places them where
 * there is room, or they take part in a second round. */
static bool
put_back (StoreConnection *db, Answering *a, GError **error)
{
  StoreStatement *q = store_statement (db,
                                       "UPDATE draw_application SET standing = 0 WHERE standing = 2"
                                       " AND id = (SELECT application FROM draw_objection WHERE id = ?1)",
                                       error);
  if (!q)
    return false;
  store_bind_integer (q, 1, a->objection);
  return store_run (q, error);
}

static bool
write_answer (StoreConnection *db, gpointer data, GError **error)
{
  Answering *a = data;
  Settling *s = &a->base;
  bool answered;
  if (!find_objection (db, a, &answered, error)
      || !round_row_find (db, s->draws, s->arena, s->round, &s->row, error)
      || !draws_check_office (s->who, s->row.round.allocation, error))
    return false;
  if (answered)
    return true;
  StoreStatement *q = store_statement (
      db,
      "UPDATE draw_objection SET answer = ?2, answered_by = ?3, answered_at = ?4, upheld = ?5 WHERE id = ?1",
      error);
  if (!q)
    return false;
  store_bind_integer (q, 1, a->objection);
  store_bind_text (q, 2, s->text);
  store_bind_text (q, 3, s->who->name);
  store_bind_integer (q, 4, s->now);
  store_bind_integer (q, 5, a->upheld);
  return store_run (q, error) && (!a->upheld || put_back (db, a, error))
         && draws_note (db, s->who, "answer", s->round, 0, error);
}

bool
draws_answer (Draws *draws, const AccessAccount *who, gint64 objection, const char *text, bool upheld,
              GError **error)
{
  g_autoptr (Arena) arena = arena_new ();
  Answering a = { { .draws = draws, .who = who, .arena = arena, .text = text, .now = draws_now (draws) },
                  objection,
                  upheld };
  return draws_check_text (text, "the answer", error) && store_write (draws->store, write_answer, &a, error);
}
