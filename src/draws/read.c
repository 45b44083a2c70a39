/* Rounds, applications, objections for those who may read them; why not a better place. */
#include "draws/draws_private.h"

/* ---- rounds ------------------------------------------------------------------------ */

static bool
is_shown (const AccessAccount *who, const DrawsRound *round)
{
  return round->allocation && (round->state != DRAWS_PLANNED || draws_may (who, round->allocation));
}

static bool
add_rounds (StoreConnection *db, Draws *draws, Arena *arena, const AccessAccount *who, size_t limit,
            GArray *rounds, GError **error)
{
  g_autoptr (GArray) ids = g_array_new (FALSE, FALSE, sizeof (gint64));
  StoreStatement *s = store_statement (db, "SELECT id FROM draw_round ORDER BY id DESC LIMIT ?1", error);
  if (!s)
    return false;
  store_bind_integer (s, 1, (gint64)limit);
  StoreStep step;
  while ((step = store_step (s, error)) == STORE_ROW) {
    gint64 id = store_integer (s, 0);
    g_array_append_val (ids, id);
  }
  for (guint i = 0; step == STORE_DONE && i < ids->len; i++) {
    DrawRow row;
    if (!round_row_find (db, draws, arena, g_array_index (ids, gint64, i), &row, error))
      return false;
    if (is_shown (who, &row.round))
      g_array_append_val (rounds, row.round);
  }
  return step == STORE_DONE;
}

const DrawsRound *
draws_rounds (Draws *draws, Arena *arena, const AccessAccount *who, size_t limit, size_t *n, GError **error)
{
  g_autoptr (GArray) rounds = g_array_new (FALSE, FALSE, sizeof (DrawsRound));
  g_autoptr (StoreReader) reader = store_reader (draws->store, error);
  *n = 0;
  if (!reader || !add_rounds (store_reader_db (reader), draws, arena, who, limit, rounds, error))
    return NULL;
  *n = rounds->len;
  return draws_keep (arena, rounds);
}

/* The round with its list, for who may see it. */
static bool
open_round (Draws *draws, Arena *arena, const AccessAccount *who, gint64 id, DrawRow *row, Book *book,
            GError **error)
{
  g_autoptr (StoreReader) reader = store_reader (draws->store, error);
  if (!reader || !round_row_find (store_reader_db (reader), draws, arena, id, row, error))
    return false;
  if (!is_shown (who, &row->round)) {
    g_set_error (error, FAULT, FAULT_NOT_FOUND, "there is no round %" G_GINT64_FORMAT, id);
    return false;
  }
  return !book || book_read (store_reader_db (reader), arena, row, book, error);
}

const DrawsRound *
draws_round (Draws *draws, Arena *arena, const AccessAccount *who, gint64 id, GError **error)
{
  DrawRow *row = arena_new0 (arena, DrawRow, 1);
  return open_round (draws, arena, who, id, row, NULL, error) ? &row->round : NULL;
}

/* ---- applications ---------------------------------------------------------------------- */

static bool
is_published (const DrawsRound *round)
{
  return round->state == DRAWS_PUBLISHED || round->state == DRAWS_FINAL;
}

const DrawsApplication *
draws_applications (Draws *draws, Arena *arena, const AccessAccount *who, gint64 round, size_t *n,
                    GError **error)
{
  DrawRow row;
  Book book;
  *n = 0;
  if (!open_round (draws, arena, who, round, &row, &book, error))
    return NULL;
  bool office = draws_may (who, book.allocation);
  if (!office && !is_published (&row.round)) {
    g_set_error (error, FAULT, FAULT_DENIED, "the list is published with the result");
    return NULL;
  }
  DrawsApplication *all = arena_new0 (arena, DrawsApplication, book.n + 1);
  for (size_t i = 0; i < book.n; i++) {
    if (!office && book.rows[i].a.standing != DRAWS_STANDING)
      continue;
    all[*n] = book.rows[i].a;
    if (!office)
      all[*n].reason = NULL;
    ++*n;
  }
  return all;
}

const DrawsApplication *
draws_mine (Draws *draws, Arena *arena, const AccessAccount *who, gint64 round, size_t *n, GError **error)
{
  DrawRow row;
  Book book;
  *n = 0;
  if (!open_round (draws, arena, who, round, &row, &book, error))
    return NULL;
  DrawsApplication *mine = arena_new0 (arena, DrawsApplication, book.n + 1);
  for (size_t i = 0; i < book.n; i++) {
    if (!book_is_own (who, &book.rows[i]))
      continue;
    mine[*n] = book.rows[i].a;
    mine[*n].applicant = book.rows[i].applicant;
    if (!is_published (&row.round)) {
      mine[*n].seat = -1;
      mine[*n].how = DRAWS_NO_SEAT;
      mine[*n].ticket = NULL;
    }
    ++*n;
  }
  return mine;
}

/* ---- why not a better place ---------------------------------------------------------------- */

/* The slots by which I was not let in at their choice C: the last run of the unit that is open to them; NULL
 * when all are others'. */
static const AllocationSlots *
slots_for (const Run *run, guint32 i, guint32 c)
{
  const AllocationProblem *p = &run->problem;
  const AllocationUnit *unit = &p->units[p->choices[c]];
  for (guint32 s = unit->first + unit->n_slots; s-- > unit->first;) {
    const AllocationSlots *slots = &p->slots[s];
    if (slots->n && (slots->kind == ALLOCATION_OPEN || p->traits[i] >> slots->trait & 1))
      return slots;
  }
  return NULL;
}

/* The place of I on UNIT's waiting list, from 1; 0: none. */
static size_t
waiting_place (const AllocationResult *result, guint32 unit, guint32 i)
{
  for (guint32 w = result->waiting_starts[unit]; w < result->waiting_starts[unit + 1]; w++)
    if (result->waiting[w] == i)
      return w - result->waiting_starts[unit] + 1;
  return 0;
}

/* Compares I's claim with that of who was let in last. */
static void
explain_claim (const Book *book, const Run *run, guint32 i, guint32 c, DrawsBetter *better)
{
  const AllocationProblem *p = &run->problem;
  const AllocationSlots *slots = slots_for (run, i, c);
  guint32 s = slots ? (guint32)(slots - p->slots) : 0;
  if (!slots || run->result->filled[s] < slots->n || run->result->last[s] == ALLOCATION_NOWHERE)
    return; /* others' slots; or equal claims that were refused together */
  guint32 last = run->result->last[s], of_last = allocation_choice_of (p, last, better->unit);
  const BookRow *row = &book->rows[run->rows[last]];
  better->last_number = row->a.number;
  better->last_ticket = row->a.ticket;
  allocation_compare (p, i, c, last, of_last, &better->decides);
  if (better->decides < p->n_keys) {
    better->own = p->keys[better->decides].of_choice[c];
    better->last = p->keys[better->decides].of_choice[of_last];
  }
}

static DrawsBetter
explain_choice (const Book *book, const Run *run, const BookRow *row, const DrawsChoice *own)
{
  DrawsBetter better = { .unit = own->unit,
                         .eligible = own->eligible,
                         .note = own->note,
                         .own_ticket = row->a.ticket,
                         .decides = book->allocation->n_priorities };
  guint32 i = spec_application (run, book, row);
  if (own->eligible && i != ALLOCATION_NOWHERE) {
    explain_claim (book, run, i, allocation_choice_of (&run->problem, i, own->unit), &better);
    better.waiting = waiting_place (run->result, own->unit, i);
  }
  return better;
}

const DrawsBetter *
draws_explain (Draws *draws, Arena *arena, const AccessAccount *who, gint64 round, const char *number,
               size_t *n, GError **error)
{
  DrawRow row;
  Book book;
  *n = 0;
  if (!open_round (draws, arena, who, round, &row, &book, error))
    return NULL;
  const BookRow *one = book_find (&book, number, error);
  if (!one)
    return NULL;
  bool office = draws_may (who, book.allocation);
  if (!office && !book_is_own (who, one)) {
    g_set_error (error, FAULT, FAULT_DENIED, "this application is another's");
    return NULL;
  }
  if (!is_published (&row.round) && !(office && row.round.state == DRAWS_DRAWN)) {
    g_set_error (error, FAULT, FAULT_CONFLICT, "the result is not published yet");
    return NULL;
  }
  Run run;
  if (!spec_run (arena, &row, &book, &run, error))
    return NULL;
  DrawsBetter *all = arena_new0 (arena, DrawsBetter, one->a.n_choices + 1);
  for (size_t c = 0; c < one->a.n_choices && (gint32)one->a.choices[c].unit != one->a.seat; c++)
    all[(*n)++] = explain_choice (&book, &run, one, &one->a.choices[c]);
  return all;
}

/* ---- objections ------------------------------------------------------------------------------ */

const DrawsObjection *
draws_objections (Draws *draws, Arena *arena, const AccessAccount *who, gint64 round, size_t *n,
                  GError **error)
{
  DrawRow row;
  g_autoptr (GArray) all = g_array_new (FALSE, FALSE, sizeof (DrawsObjection));
  *n = 0;
  if (!open_round (draws, arena, who, round, &row, NULL, error))
    return NULL;
  bool office = draws_may (who, row.round.allocation);
  g_autoptr (StoreReader) reader = store_reader (draws->store, error);
  StoreStatement *s
      = reader
            ? store_statement (store_reader_db (reader),
                               "SELECT o.id, a.number, o.text, o.answer, o.answered_by, o.upheld, o.given_at,"
                               " o.given_by, a.applicant FROM draw_objection o, draw_application a"
                               " WHERE o.round = ?1 AND a.id = o.application ORDER BY o.id",
                               error)
            : NULL;
  if (!s)
    return NULL;
  store_bind_integer (s, 1, round);
  StoreStep step;
  while ((step = store_step (s, error)) == STORE_ROW) {
    DrawsObjection one = { .id = store_integer (s, 0),
                           .number = store_string (s, 1, arena),
                           .text = store_string (s, 2, arena),
                           .answer = store_string (s, 3, arena),
                           .answered_by = store_string (s, 4, arena),
                           .upheld = store_integer (s, 5) != 0,
                           .given_at = store_integer (s, 6) };
    if (office || (who && text_equal (store_text (s, 7), text_of (who->name)))
        || (who && who->subject && store_integer (s, 8) == who->subject))
      g_array_append_val (all, one);
  }
  *n = all->len;
  return step == STORE_DONE ? draws_keep (arena, all) : NULL;
}

/* ---- the transcript ---------------------------------------------------------------------------- */

const char *
draws_transcript (Draws *draws, Arena *arena, const AccessAccount *who, gint64 round, GError **error)
{
  DrawRow row;
  if (!open_round (draws, arena, who, round, &row, NULL, error))
    return NULL;
  if (row.transcript && (is_published (&row.round) || draws_may (who, row.round.allocation)))
    return row.transcript;
  g_set_error (error, FAULT, FAULT_CONFLICT, "the transcript is published with the result");
  return NULL;
}

const AllocationCheck *
draws_verify (Draws *draws, Arena *arena, const AccessAccount *who, gint64 round, size_t *n, GError **error)
{
  const DrawsRound *r = draws_round (draws, arena, who, round, error);
  const char *text = r ? draws_transcript (draws, arena, who, round, error) : NULL;
  LotteryHash published;
  bool announced = r && r->announcement && lottery_from_hex (text_of (r->announcement), &published);
  *n = 0;
  return text ? allocation_verify (arena, text_of (text), "transcript", announced ? &published : NULL, n)
              : NULL;
}
