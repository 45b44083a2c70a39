/* A book as a draw: its applications, keys and places as allocation/ takes them, and what it says of them. */
#include "draws/draws_private.h"

#include <string.h>

/* Its applications in the order of their ids. */
typedef struct {
  const Book *book;
  guint32 *order; /* rows of the book */
  size_t n, n_choices;
} Listed;

static int
by_number (gconstpointer a, gconstpointer b, gpointer book)
{
  const BookRow *rows = ((const Book *)book)->rows;
  return strcmp (rows[*(const guint32 *)a].a.number, rows[*(const guint32 *)b].a.number);
}

static Listed
list_rows (Arena *arena, const Book *book)
{
  Listed listed = { .book = book, .order = arena_new0 (arena, guint32, book->n) };
  for (guint32 i = 0; i < book->n; i++)
    if (book->rows[i].a.standing == DRAWS_STANDING) {
      listed.order[listed.n++] = i;
      listed.n_choices += book->rows[i].a.n_choices;
    }
  g_qsort_with_data (listed.order, (gint)listed.n, sizeof (guint32), by_number, (gpointer)book);
  return listed;
}

/* ---- places ------------------------------------------------------------------------ */

/* Reserves come first, in the clause's order, so that members admitted on merit count; dedicated places are
 * beside the others. */
static void
add_units (Arena *arena, const Book *book, AllocationSpec *spec)
{
  const PolicyAllocation *a = book->allocation;
  AllocationUnit *units = arena_new0 (arena, AllocationUnit, book->n_units);
  AllocationSlots *slots = arena_new0 (arena, AllocationSlots, book->n_units * (a->n_reserves + 1));
  spec->units = units;
  spec->n_units = book->n_units;
  spec->slots = slots;
  for (size_t u = 0; u < book->n_units; u++) {
    gint64 open = book->units[u].capacity;
    units[u] = (AllocationUnit){ .id = arena_printf (arena, "%zu. %s", u + 1, book->units[u].name),
                                 .first = (guint32)spec->n_slots,
                                 .n_slots = (guint32)a->n_reserves + 1 };
    for (size_t r = 0; r < a->n_reserves; r++) {
      const PolicyReserve *reserve = &a->reserves[r];
      slots[spec->n_slots++]
          = (AllocationSlots){ reserve->kind == POLICY_RESERVE_MINIMUM ? ALLOCATION_MINIMUM : ALLOCATION_HARD,
                               (guint8)r, (guint32)book->units[u].reserves[r], reserve->name.zh };
      open -= reserve->kind == POLICY_RESERVE_DEDICATED ? 0 : book->units[u].reserves[r];
    }
    slots[spec->n_slots++] = (AllocationSlots){ ALLOCATION_OPEN, 0, (guint32)open, "开放" };
  }
}

static void
add_names (Arena *arena, const PolicyAllocation *a, AllocationSpec *spec)
{
  AllocationSpecKey *keys = arena_new0 (arena, AllocationSpecKey, a->n_priorities);
  const char **traits = arena_new0 (arena, const char *, a->n_reserves);
  for (size_t k = 0; k < a->n_priorities; k++)
    keys[k] = (AllocationSpecKey){ arena_text (arena, a->priorities[k].decision->name), true,
                                   a->priorities[k].ascending, SCALE };
  for (size_t r = 0; r < a->n_reserves; r++)
    traits[r] = a->reserves[r].id;
  spec->keys = keys;
  spec->n_keys = a->n_priorities;
  spec->traits = traits;
  spec->n_traits = a->n_reserves;
}

/* ---- applications --------------------------------------------------------------------- */

static void
add_rows (Arena *arena, const Listed *listed, AllocationSpec *spec)
{
  const char **ids = arena_new0 (arena, const char *, listed->n);
  guint32 *starts = arena_new0 (arena, guint32, listed->n + 1),
          *choices = arena_new0 (arena, guint32, listed->n_choices), at = 0;
  guint64 *traits = arena_new0 (arena, guint64, listed->n);
  gint64 **values = arena_new0 (arena, gint64 *, spec->n_keys);
  for (size_t k = 0; k < spec->n_keys; k++)
    values[k] = arena_new0 (arena, gint64, listed->n_choices);
  for (size_t i = 0; i < listed->n; i++) {
    const BookRow *row = &listed->book->rows[listed->order[i]];
    ids[i] = row->a.number;
    traits[i] = row->traits;
    for (size_t c = 0; c < row->a.n_choices; c++) {
      const DrawsChoice *choice = &row->a.choices[c];
      if (!choice->eligible)
        continue;
      for (size_t k = 0; k < spec->n_keys; k++)
        values[k][at] = choice->keys[k];
      choices[at++] = choice->unit;
    }
    starts[i + 1] = at;
  }
  spec->n = listed->n;
  spec->ids = ids;
  spec->starts = starts;
  spec->choices = choices;
  spec->traits_of = traits;
  spec->values = (const gint64 *const *)values;
}

static AllocationSpec *
make_spec (Arena *arena, const DrawRow *row, const Listed *listed)
{
  static const AllocationTies ties[] = { [POLICY_TIES_LOTTERY] = ALLOCATION_TIES_LOTTERY,
                                         [POLICY_TIES_REJECT_ALL] = ALLOCATION_TIES_REJECT_ALL,
                                         [POLICY_TIES_ADMIT_ALL] = ALLOCATION_TIES_ADMIT_ALL };
  const PolicyAllocation *a = listed->book->allocation;
  AllocationSpec *spec = arena_new0 (arena, AllocationSpec, 1);
  spec->pool = arena_printf (arena, "%s/%" G_GINT64_FORMAT, row->round.allocation_key, row->round.id);
  spec->mechanism = ALLOCATION_DEFERRED;
  spec->has_lottery = draws_needs_lot (a);
  spec->ties = spec->has_lottery ? ALLOCATION_TIES_LOTTERY : ties[a->ties];
  add_names (arena, a, spec);
  add_units (arena, listed->book, spec);
  add_rows (arena, listed, spec);
  spec->announcement.pool = spec->pool;
  spec->announcement.source = row->round.source;
  spec->announcement.fallback = row->round.fallback;
  return spec;
}

/* ---- closing and drawing ------------------------------------------------------------------ */

static const char *
hex (Arena *arena, const LotteryHash *hash)
{
  char text[LOTTERY_HEX];
  return arena_text (arena, text_of (lottery_hex (hash, text)));
}

bool
spec_seal (Arena *arena, const DrawRow *row, const Book *book, Sealed *sealed, GError **error)
{
  Listed listed = list_rows (arena, book);
  AllocationSpec *spec = make_spec (arena, row, &listed);
  LotteryHash secret = { 0 }, fingerprint;
  *sealed = (Sealed){ 0 };
  if (spec->has_lottery) {
    if (!lottery_secret (&secret, error))
      return false;
    spec->announcement.commitment = lottery_commitment (&secret);
  }
  if (!allocation_close (spec, error)
      || (spec->has_lottery && !lottery_announce (&spec->announcement, &fingerprint, error)))
    return false;
  sealed->list = hex (arena, &spec->announcement.list);
  sealed->rules = hex (arena, &spec->announcement.rules);
  if (spec->has_lottery) {
    sealed->commitment = hex (arena, &spec->announcement.commitment);
    sealed->secret = hex (arena, &secret);
    sealed->announcement = hex (arena, &fingerprint);
  }
  return true;
}

static bool
changed (GError **error)
{
  return draws_refuse (error, FAULT_CONFLICT, "the list was changed after closing: its hash differs");
}

static bool
reveal (Arena *arena, const DrawRow *row, const DrawsValue *value, AllocationSpec *spec, Drawn *drawn,
        GError **error)
{
  LotteryHash seed;
  if (!lottery_from_hex (text_of (row->round.commitment), &spec->announcement.commitment)
      || !lottery_from_hex (text_of (row->secret), &spec->reveal.secret))
    return changed (error);
  spec->reveal.source = value->source;
  spec->reveal.value = value->value;
  spec->is_drawn = true;
  if (!lottery_seed (&spec->announcement, &spec->reveal, &seed, error))
    return false;
  drawn->seed = hex (arena, &seed);
  return true;
}

/* ---- the run -------------------------------------------------------------------------------- */

static bool
run_listed (Arena *arena, const AllocationSpec *spec, const Listed *listed,
            const guint8 (*tickets)[LOTTERY_BYTES], Run *run, GError **error)
{
  *run = (Run){ .problem = allocation_spec_problem (spec, arena, tickets), .rows = listed->order };
  return (run->result = allocation_run (&run->problem, arena, error));
}

bool
spec_run (Arena *arena, const DrawRow *row, const Book *book, Run *run, GError **error)
{
  Listed listed = list_rows (arena, book);
  AllocationSpec *spec = make_spec (arena, row, &listed);
  guint8 (*tickets)[LOTTERY_BYTES] = NULL;
  if (spec->has_lottery) {
    tickets = (guint8 (*)[LOTTERY_BYTES])arena_alloc (arena, MAX (listed.n, 1) * LOTTERY_BYTES);
    for (size_t i = 0; i < listed.n; i++)
      memcpy (tickets[i], book->rows[listed.order[i]].ticket.bytes, LOTTERY_BYTES);
  }
  return run_listed (arena, spec, &listed, (const guint8 (*)[LOTTERY_BYTES])tickets, run, error);
}

guint32
spec_application (const Run *run, const Book *book, const BookRow *row)
{
  guint32 i = 0;
  while (i < run->problem.n && &book->rows[run->rows[i]] != row)
    i++;
  return i < run->problem.n ? i : ALLOCATION_NOWHERE;
}

static void
take_seats (Arena *arena, const Run *run, Book *book)
{
  for (size_t i = 0; i < run->problem.n; i++) {
    BookRow *one = &book->rows[run->rows[i]];
    bool placed = run->result->unit_of[i] != ALLOCATION_NOWHERE;
    one->a.seat = placed ? (gint32)run->result->unit_of[i] : -1;
    one->a.how = placed ? DRAWS_BY_RUN : DRAWS_NO_SEAT;
    if (run->problem.tickets) {
      memcpy (one->ticket.bytes, run->problem.tickets[i], LOTTERY_BYTES);
      one->a.ticket = hex (arena, &one->ticket);
    }
  }
}

bool
spec_draw (Arena *arena, const DrawRow *row, Book *book, const DrawsValue *value, Drawn *drawn,
           GError **error)
{
  Listed listed = list_rows (arena, book);
  AllocationSpec *spec = make_spec (arena, row, &listed);
  const guint8 (*tickets)[LOTTERY_BYTES] = NULL;
  *drawn = (Drawn){ 0 };
  if (!allocation_close (spec, error))
    return false;
  if (!g_str_equal (hex (arena, &spec->announcement.list), row->round.list)
      || !g_str_equal (hex (arena, &spec->announcement.rules), row->round.rules))
    return changed (error);
  if (spec->has_lottery
      && (!reveal (arena, row, value, spec, drawn, error)
          || !allocation_draw (spec, arena, 2, &tickets, error)))
    return false;
  Run run;
  if (!run_listed (arena, spec, &listed, tickets, &run, error))
    return false;
  g_autoptr (GString) text = g_string_new (NULL);
  AllocationOutcome outcome = { tickets, run.result->unit_of, run.result->slots_of };
  if (!allocation_transcript (spec, &outcome, text, error))
    return false;
  drawn->transcript = arena_text (arena, (Text){ text->str, text->len });
  take_seats (arena, &run, book);
  return true;
}
