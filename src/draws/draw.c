/* The public value, the run, the transcript. */
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
  const char *seed, *transcript, *result;
} Drawing;

static bool
refuse (GError **error, int code, const char *why)
{
  g_set_error_literal (error, FAULT, code, why);
  return false;
}

/* ---- the transcript ---------------------------------------------------------------- */

static void
write_lottery (JsonWriter *w, const DrawsRound *r, const char *secret, const char *seed)
{
  const struct {
    const char *key;
    Day day;
  } days[] = { { "source_day", r->source.day },
               { "fallback_day", r->fallback.name && *r->fallback.name ? r->fallback.day : 0 },
               { "used_day", r->used_day } };
  char day[16];
  json_member_object (w, "lottery");
  json_member_str (w, "commitment", r->commitment);
  json_member_str (w, "source", r->source.name);
  json_member_str (w, "fallback", r->fallback.name);
  json_member_str (w, "used", r->used);
  for (size_t i = 0; i < G_N_ELEMENTS (days); i++)
    json_member_str (w, days[i].key, days[i].day ? civil_format (days[i].day, day) : NULL);
  json_member_str (w, "value", r->value);
  json_member_str (w, "secret", secret);
  json_member_str (w, "seed", seed);
  json_end_object (w);
}

static void
write_choices (JsonWriter *w, const BookRow *row, size_t n_keys)
{
  json_member_array (w, "choices");
  for (size_t c = 0; c < row->a.n_choices; c++) {
    if (!row->a.choices[c].eligible)
      continue;
    json_begin_object (w);
    json_member_int (w, "unit", row->a.choices[c].unit + 1);
    json_member_array (w, "keys");
    for (size_t k = 0; k < n_keys; k++)
      json_int (w, row->a.choices[c].keys[k]);
    json_end_array (w);
    json_end_object (w);
  }
  json_end_array (w);
}

static void
write_rules (JsonWriter *w, const DrawRow *row, const Book *book)
{
  json_member_str (w, "pool", row->round.allocation_key);
  json_member_str (w, "method", policy_method_id (book->allocation->method));
  json_member_str (w, "ties", policy_ties_id (book->allocation->ties));
  json_member_array (w, "ascending");
  for (size_t i = 0; i < book->allocation->n_priorities; i++)
    json_bool (w, book->allocation->priorities[i].ascending);
  json_end_array (w);
  json_member_array (w, "capacities");
  for (size_t u = 0; u < book->n_units; u++)
    json_int (w, book->units[u].capacity);
  json_end_array (w);
}

const char *
transcript_text (Arena *arena, const DrawRow *row, const Book *book, const char *seed)
{
  g_autoptr (GString) out = g_string_new (NULL);
  JsonWriter *w = json_writer_new (out, 1);
  json_begin_object (w);
  json_member_str (w, "format", "liudong-round-1");
  json_member_int (w, "round", row->round.id);
  write_rules (w, row, book);
  json_member_str (w, "list", row->round.list);
  json_member_str (w, "rules", row->round.rules);
  if (draws_needs_lot (book->allocation))
    write_lottery (w, &row->round, row->secret, seed);
  json_member_array (w, "applications");
  for (size_t i = 0; i < book->n; i++) {
    const BookRow *one = &book->rows[i];
    if (one->a.standing != DRAWS_STANDING)
      continue;
    json_begin_object (w);
    json_member_str (w, "id", one->a.number);
    json_member_str (w, "ticket", one->a.ticket);
    json_key (w, "seat");
    if (one->a.seat >= 0)
      json_int (w, one->a.seat + 1);
    else
      json_null (w);
    write_choices (w, one, book->allocation->n_priorities);
    json_end_object (w);
  }
  json_end_array (w);
  json_end_object (w);
  json_writer_free (w);
  return arena_text (arena, (Text){ out->str, out->len });
}

/* ---- tickets ------------------------------------------------------------------------- */

static bool
check_value (const Drawing *d, GError **error)
{
  const DrawsValue *value = d->value;
  if (!value || !value->value || !*value->value || !value->source.name)
    return refuse (error, FAULT_INPUT, "enter the public value, and where it was published on which day");
  if (value->source.day > civil_day_of (d->now))
    return refuse (error, FAULT_INPUT, "the public value's day has not come");
  return true;
}

static const char *
hex (Arena *arena, const LotteryHash *hash)
{
  char text[LOTTERY_HEX];
  return arena_text (arena, text_of (lottery_hex (hash, text)));
}

static bool
give_tickets (Drawing *d, GError **error)
{
  LotteryAnnouncement announcement;
  LotteryReveal reveal = { .source = d->value->source, .value = d->value->value };
  LotteryHash seed;
  size_t n;
  if (!row_announcement (&d->row, &announcement, error))
    return false;
  if (!d->row.secret || !lottery_from_hex (text_of (d->row.secret), &reveal.secret))
    return refuse (error, FAULT_SYSTEM, "the operator's secret is not readable");
  if (!lottery_seed (&announcement, &reveal, &seed, error))
    return false;
  const char **ids = book_ids (d->arena, &d->book, &n);
  guint8 (*tickets)[LOTTERY_BYTES] = arena_alloc (d->arena, n * LOTTERY_BYTES);
  lottery_tickets (&seed, announcement.pool, ids, n, 2, tickets);
  for (size_t i = 0, t = 0; i < d->book.n; i++) {
    BookRow *row = &d->book.rows[i];
    if (row->a.standing != DRAWS_STANDING)
      continue;
    memcpy (row->ticket.bytes, tickets[t++], LOTTERY_BYTES);
    row->a.ticket = hex (d->arena, &row->ticket);
  }
  d->seed = hex (d->arena, &seed);
  d->row.round.used = d->value->source.name;
  d->row.round.used_day = d->value->source.day;
  d->row.round.value = d->value->value;
  return true;
}

/* What was closed is what is there. */
static bool
check_unchanged (Drawing *d, GError **error)
{
  size_t n;
  LotteryHash list, rules;
  const char **ids = book_ids (d->arena, &d->book, &n);
  const char *text = rules_text (d->arena, &d->row, &d->book);
  if (!lottery_list (ids, n, &list, error))
    return false;
  rules = lottery_digest (text, strlen (text));
  return (g_str_equal (hex (d->arena, &list), d->row.round.list)
          && g_str_equal (hex (d->arena, &rules), d->row.round.rules))
         || refuse (error, FAULT_CONFLICT, "the list was changed after closing: its hash differs");
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
  store_bind_text (s, 4, d->row.round.value);
  store_bind_text (s, 5, d->row.round.used);
  store_bind_integer (s, 6, d->row.round.used_day);
  store_bind_text (s, 7, d->seed);
  store_bind_text (s, 8, d->transcript);
  store_bind_text (s, 9, d->result);
  return store_run (s, error);
}

static bool
check_drawing (Drawing *d, GError **error)
{
  if (!check_office (d->who, d->row.round.allocation, error))
    return false;
  if (d->row.round.state != DRAWS_CLOSED)
    return refuse (error, FAULT_CONFLICT, "drawn is what is closed");
  if (g_strcmp0 (d->row.round.closed_by, d->who->name) == 0)
    return refuse (error, FAULT_DENIED, "who closed the list does not draw: four eyes");
  return !draws_needs_lot (d->row.round.allocation) || check_value (d, error);
}

static bool
write_drawing (StoreConnection *db, gpointer data, GError **error)
{
  Drawing *d = data;
  if (!row_find (db, d->draws, d->arena, d->id, &d->row, error))
    return false;
  if (d->row.round.drawn_at && g_strcmp0 (d->row.round.drawn_by, d->who->name) == 0)
    return true;
  if (!check_drawing (d, error) || !book_read (db, d->arena, &d->row, &d->book, error)
      || !check_unchanged (d, error) || (draws_needs_lot (d->book.allocation) && !give_tickets (d, error)))
    return false;
  run_book (&d->book);
  for (size_t i = 0; i < d->book.n; i++)
    if (d->book.rows[i].a.standing == DRAWS_STANDING && !book_write_seat (db, &d->book.rows[i], error))
      return false;
  d->transcript = transcript_text (d->arena, &d->row, &d->book, d->seed);
  LotteryHash result = lottery_digest (d->transcript, strlen (d->transcript));
  d->result = hex (d->arena, &result);
  return write_round (db, d, error) && note_deed (db, d->who, "draw", d->id, 0, error);
}

bool
draws_draw (Draws *draws, const AccessAccount *who, gint64 round, const DrawsValue *value, GError **error)
{
  g_autoptr (Arena) arena = arena_new ();
  Drawing d
      = { .draws = draws, .who = who, .arena = arena, .id = round, .now = draws_now (draws), .value = value };
  return store_write (draws->store, write_drawing, &d, error);
}
