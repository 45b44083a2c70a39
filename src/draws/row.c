/* Rounds and their lists in the store. */
#include "draws/draws_private.h"

/* ---- a round -------------------------------------------------------------------- */

static void
take_texts (StoreStatement *s, Arena *arena, DrawRow *row)
{
  DrawsRound *r = &row->round;
  r->source.name = store_string (s, 7, arena);
  r->source.day = store_integer (s, 8);
  r->fallback.name = store_string (s, 9, arena);
  r->fallback.day = store_integer (s, 10);
  r->planned_by = store_string (s, 11, arena);
  r->planned_at = store_integer (s, 12);
  r->closed_by = store_string (s, 13, arena);
  r->closed_at = store_integer (s, 14);
  r->drawn_by = store_string (s, 15, arena);
  r->drawn_at = store_integer (s, 16);
  r->published_at = store_integer (s, 17);
  r->finished_at = store_integer (s, 18);
  r->reason = store_string (s, 19, arena);
  r->list = store_string (s, 20, arena);
  r->rules = store_string (s, 21, arena);
  r->commitment = store_string (s, 22, arena);
  row->secret = store_string (s, 23, arena);
  r->value = store_string (s, 24, arena);
  r->used = store_string (s, 25, arena);
  r->used_day = store_integer (s, 26);
  r->seed = store_string (s, 27, arena);
  r->result = store_string (s, 28, arena);
  row->transcript = store_string (s, 29, arena);
  r->announcement = store_string (s, 30, arena);
  if (r->drawn_at)
    r->secret = row->secret;
}

static void
take_round (StoreStatement *s, const Draws *draws, Arena *arena, gint64 id, DrawRow *row)
{
  DrawsRound *r = &row->round;
  r->id = id;
  r->allocation_key = store_string (s, 0, arena);
  r->allocation = draws_allocation (draws->options.package, r->allocation_key);
  r->title = store_string (s, 1, arena);
  r->parent = store_integer (s, 2);
  r->state = (DrawsState)store_integer (s, 3);
  r->deadline = store_integer (s, 4);
  r->objection_days = store_integer (s, 5);
  r->objections_until = store_integer (s, 6);
  take_texts (s, arena, row);
}

/* "86000;3000" */
static const gint64 *
keys_of (Arena *arena, const char *text, size_t n)
{
  gint64 *keys = arena_new0 (arena, gint64, n);
  for (size_t i = 0; i < n && text && *text; i++) {
    char *end;
    keys[i] = g_ascii_strtoll (text, &end, 10);
    text = *end == ';' ? end + 1 : end;
  }
  return keys;
}

static bool
read_units (StoreConnection *db, Arena *arena, DrawsRound *round, GError **error)
{
  g_autoptr (GArray) units = g_array_new (FALSE, FALSE, sizeof (DrawsUnit));
  size_t n_reserves = round->allocation ? round->allocation->n_reserves : 0;
  StoreStatement *s
      = store_statement (db,
                         "SELECT u.place, u.name, u.capacity, u.reserves, (SELECT count (*) FROM "
                         "draw_application a WHERE a.round = u.round"
                         " AND a.seat = u.position) FROM draw_unit u WHERE u.round = ?1 ORDER BY u.position",
                         error);
  if (!s)
    return false;
  store_bind_integer (s, 1, round->id);
  StoreStep step;
  while ((step = store_step (s, error)) == STORE_ROW) {
    DrawsUnit unit = { .place = store_integer (s, 0),
                       .name = store_string (s, 1, arena),
                       .capacity = store_integer (s, 2),
                       .reserves = keys_of (arena, store_string (s, 3, arena), n_reserves),
                       .taken = store_integer (s, 4) };
    unit.vacant = unit.capacity - unit.taken;
    for (size_t r = 0; r < n_reserves; r++)
      unit.vacant += round->allocation->reserves[r].kind == POLICY_RESERVE_DEDICATED ? unit.reserves[r] : 0;
    g_array_append_val (units, unit);
  }
  round->n_units = units->len;
  round->units = arena_copy (arena, units->data, units->len * sizeof (DrawsUnit));
  return step == STORE_DONE;
}

static bool
count_standing (StoreConnection *db, DrawsRound *round, GError **error)
{
  StoreStatement *s = store_statement (
      db, "SELECT count (*) FROM draw_application WHERE round = ?1 AND standing = 0", error);
  if (!s)
    return false;
  store_bind_integer (s, 1, round->id);
  bool found = store_step (s, error) == STORE_ROW;
  round->n_applications = found ? store_integer (s, 0) : 0;
  if (found)
    store_reset (s);
  return found;
}

bool
round_row_find (StoreConnection *db, const Draws *draws, Arena *arena, gint64 id, DrawRow *row,
                GError **error)
{
  *row = (DrawRow){ 0 };
  StoreStatement *s = store_statement (
      db,
      "SELECT allocation, title, parent, state, deadline, objection_days, objections_until, source, "
      "source_day,"
      " fallback, fallback_day, planned_by, planned_at, closed_by, closed_at, drawn_by, drawn_at, "
      "published_at,"
      " finished_at, reason, list, rules, commitment, secret, value, used, used_day, seed, result, "
      "transcript,"
      " announcement"
      " FROM draw_round WHERE id = ?1",
      error);
  if (!s)
    return false;
  store_bind_integer (s, 1, id);
  StoreStep step = store_step (s, error);
  if (step == STORE_ROW) {
    take_round (s, draws, arena, id, row);
    store_reset (s);
    return read_units (db, arena, &row->round, error) && count_standing (db, &row->round, error);
  }
  if (step == STORE_DONE)
    g_set_error (error, FAULT, FAULT_NOT_FOUND, "there is no round %" G_GINT64_FORMAT, id);
  return false;
}

/* ---- its list ---------------------------------------------------------------------- */

static BookRow
take_application (StoreStatement *s, Arena *arena)
{
  BookRow row = { .a = { .id = store_integer (s, 0),
                         .number = store_string (s, 1, arena),
                         .standing = (DrawsStanding)store_integer (s, 4),
                         .given_at = store_integer (s, 5),
                         .reason = store_string (s, 6, arena),
                         .seat = (gint32)store_integer (s, 7),
                         .how = (DrawsHow)store_integer (s, 8),
                         .ticket = store_string (s, 9, arena) },
                  .applicant = store_integer (s, 2),
                  .filed_by = store_string (s, 3, arena) };
  row.traits = (guint64)store_integer (s, 10);
  row.reader = store_integer (s, 11);
  if (row.a.ticket)
    lottery_from_hex (text_of (row.a.ticket), &row.ticket);
  return row;
}

static void
give_choices (Arena *arena, BookRow *row, const GArray *choices)
{
  row->a.n_choices = choices->len;
  row->a.choices = arena_copy (arena, choices->data, choices->len * sizeof (DrawsChoice));
}

static bool
read_choices (StoreConnection *db, Arena *arena, gint64 round, size_t n_keys, Book *book, GError **error)
{
  g_autoptr (GArray) choices = g_array_new (FALSE, FALSE, sizeof (DrawsChoice));
  StoreStatement *s = store_statement (
      db,
      "SELECT c.application, c.unit, c.eligible, c.keys, c.note FROM draw_choice c, draw_application a"
      " WHERE a.round = ?1 AND c.application = a.id ORDER BY c.application, c.position",
      error);
  if (!s)
    return false;
  store_bind_integer (s, 1, round);
  size_t at = 0;
  StoreStep step;
  while ((step = store_step (s, error)) == STORE_ROW) {
    gint64 application = store_integer (s, 0);
    while (at < book->n && book->rows[at].a.id != application) {
      give_choices (arena, &book->rows[at++], choices);
      g_array_set_size (choices, 0);
    }
    DrawsChoice choice = { .unit = (guint32)store_integer (s, 1),
                           .eligible = store_integer (s, 2) != 0,
                           .keys = keys_of (arena, store_string (s, 3, arena), n_keys),
                           .note = store_string (s, 4, arena) };
    g_array_append_val (choices, choice);
  }
  for (; at < book->n; at++) {
    give_choices (arena, &book->rows[at], choices);
    g_array_set_size (choices, 0);
  }
  return step == STORE_DONE;
}

bool
book_read (StoreConnection *db, Arena *arena, const DrawRow *row, Book *book, GError **error)
{
  g_autoptr (GArray) rows = g_array_new (FALSE, FALSE, sizeof (BookRow));
  *book = (Book){ .allocation = row->round.allocation,
                  .n_units = row->round.n_units,
                  .units = row->round.units };
  if (!book->allocation) {
    g_set_error (error, FAULT, FAULT_NOT_FOUND, "the package of today has no allocation %s",
                 row->round.allocation_key);
    return false;
  }
  StoreStatement *s
      = store_statement (db,
                         "SELECT id, number, applicant, filed_by, standing, given_at, reason, seat,"
                         " how, ticket, traits, reader FROM draw_application WHERE round = ?1 ORDER BY id",
                         error);
  if (!s)
    return false;
  store_bind_integer (s, 1, row->round.id);
  StoreStep step;
  while ((step = store_step (s, error)) == STORE_ROW) {
    BookRow one = take_application (s, arena);
    g_array_append_val (rows, one);
  }
  book->n = rows->len;
  book->rows = arena_copy (arena, rows->data, rows->len * sizeof (BookRow));
  return step == STORE_DONE
         && read_choices (db, arena, row->round.id, book->allocation->n_priorities, book, error);
}

BookRow *
book_find (const Book *book, const char *number, GError **error)
{
  for (size_t i = 0; number && i < book->n; i++)
    if (g_str_equal (book->rows[i].a.number, number))
      return &book->rows[i];
  g_set_error (error, FAULT, FAULT_NOT_FOUND, "there is no application %s", number ? number : "");
  return NULL;
}

bool
book_is_own (const AccessAccount *who, const BookRow *row)
{
  return who
         && ((who->subject && who->subject == row->applicant) || g_strcmp0 (who->name, row->filed_by) == 0);
}

bool
book_write_seat (StoreConnection *db, const BookRow *row, GError **error)
{
  StoreStatement *s = store_statement (
      db, "UPDATE draw_application SET seat = ?2, how = ?3, ticket = ?4, standing = ?5 WHERE id = ?1", error);
  if (!s)
    return false;
  store_bind_integer (s, 1, row->a.id);
  store_bind_integer (s, 2, row->a.seat);
  store_bind_integer (s, 3, row->a.how);
  store_bind_text (s, 4, row->a.ticket);
  store_bind_integer (s, 5, row->a.standing);
  return store_run (s, error);
}

bool
book_tell (StoreConnection *db, const Draws *draws, const DrawRow *row, const BookRow *one, const char *kind,
           GError **error)
{
  g_autofree char *link = g_strdup_printf ("/rounds/%" G_GINT64_FORMAT, row->round.id);
  NoticeWord words[] = { { "round", row->round.title, NULL },
                         { "number", one->a.number, NULL },
                         { "reason", one->a.reason ? one->a.reason : "", NULL } };
  Notice notice = { .subject = one->reader,
                    .kind = kind,
                    .words = words,
                    .n_words = G_N_ELEMENTS (words),
                    .link = link,
                    .at = draws_now (draws) };
  return notices_put (db, &notice, error);
}

/* ---- what is free ------------------------------------------------------------------ */

static Vacant
all_places (Arena *arena, const PolicyAllocation *allocation, const DrawsUnit *unit)
{
  Vacant vacant = { unit->capacity, arena_new0 (arena, gint64, allocation->n_reserves) };
  for (size_t r = 0; r < allocation->n_reserves; r++) {
    PolicyReserveKind kind = allocation->reserves[r].kind;
    if (kind == POLICY_RESERVE_MINIMUM)
      continue; /* its places go to others where members are few */
    vacant.reserves[r] = unit->reserves[r];
    vacant.open -= kind == POLICY_RESERVE_HARD ? unit->reserves[r] : 0;
  }
  return vacant;
}

static void
take_place (Vacant *vacant, size_t n_reserves, guint64 traits)
{
  for (size_t r = 0; r < n_reserves; r++)
    if (traits >> r & 1 && vacant->reserves[r] > 0) {
      vacant->reserves[r]--;
      return;
    }
  vacant->open--;
}

/* Who belongs to two reserves may be counted in the other one: no more is free than there is in all. */
static void
settle_place (Vacant *vacant, size_t n_reserves)
{
  for (size_t r = 0; r < n_reserves && vacant->open < 0; r++) {
    gint64 held = MIN (-vacant->open, vacant->reserves[r]);
    vacant->reserves[r] -= held;
    vacant->open += held;
  }
  vacant->open = MAX (vacant->open, 0);
}

const Vacant *
book_vacant (Arena *arena, const Book *book)
{
  size_t n_reserves = book->allocation->n_reserves;
  Vacant *vacant = arena_new0 (arena, Vacant, book->n_units);
  for (size_t u = 0; u < book->n_units; u++)
    vacant[u] = all_places (arena, book->allocation, &book->units[u]);
  for (size_t i = 0; i < book->n; i++)
    if (book->rows[i].a.seat >= 0)
      take_place (&vacant[book->rows[i].a.seat], n_reserves, book->rows[i].traits);
  for (size_t u = 0; u < book->n_units; u++)
    settle_place (&vacant[u], n_reserves);
  return vacant;
}

bool
vacant_for (const Vacant *vacant, size_t n_reserves, guint64 traits)
{
  bool any = vacant->open > 0;
  for (size_t r = 0; r < n_reserves; r++)
    any = any || (traits >> r & 1 && vacant->reserves[r] > 0);
  return any;
}
