/* The mechanism over a book: who proposes where, who is kept, who moves up.
 *
 * Applicants propose down their lists; a place keeps the best of those who propose (Gale and Shapley 1962).
 * Where all places order applicants alike this is serial dictatorship, with one list a ranking, without keys
 * a lottery.  Equals that no lot parts are kept or let go together. */
#include "draws/draws_private.h"

#include <string.h>

static int
compare_keys (const PolicyAllocation *allocation, const DrawsChoice *x, const DrawsChoice *y)
{
  for (size_t i = 0; i < allocation->n_priorities; i++)
    if (x->keys[i] != y->keys[i])
      return (x->keys[i] > y->keys[i]) == allocation->priorities[i].ascending ? 1 : -1;
  return 0;
}

int
run_compare (const PolicyAllocation *allocation, const DrawsChoice *x, const BookRow *a, const DrawsChoice *y,
             const BookRow *b, bool lots)
{
  int order = compare_keys (allocation, x, y);
  if (!order && lots)
    order = memcmp (a->ticket.bytes, b->ticket.bytes, LOTTERY_BYTES);
  return order || !lots ? order : strcmp (a->a.number, b->a.number);
}

/* ---- deferred acceptance ------------------------------------------------------------- */

typedef struct {
  BookRow *row;
  const DrawsChoice *choice;
} Kept;

typedef struct {
  GArray *heap;               /* of Kept, the last in order on top */
  const DrawsChoice *refused; /* the best that was let go with all its equals: no such one is kept again */
} Unit;

typedef struct {
  Book *book;
  bool lots;
  Unit *units;
  guint32 *next; /* per row: the choice it proposes next */
  GArray *free_; /* indexes of rows */
} Run;

static bool
is_after (const Run *r, const Kept *a, const Kept *b)
{
  return run_compare (r->book->allocation, a->choice, a->row, b->choice, b->row, r->lots) > 0;
}

#define AT(heap, i) g_array_index (heap, Kept, i)

static void
push (const Run *r, GArray *heap, Kept kept)
{
  guint i = heap->len;
  g_array_append_val (heap, kept);
  for (guint up; i && is_after (r, &AT (heap, i), &AT (heap, up = (i - 1) / 2)); i = up) {
    Kept swap = AT (heap, i);
    AT (heap, i) = AT (heap, up);
    AT (heap, up) = swap;
  }
}

static Kept
pop (const Run *r, GArray *heap)
{
  Kept top = AT (heap, 0), last = AT (heap, heap->len - 1);
  g_array_set_size (heap, heap->len - 1);
  guint i = 0, n = heap->len;
  if (n)
    AT (heap, 0) = last;
  for (guint down; (down = 2 * i + 1) < n; i = down) {
    if (down + 1 < n && is_after (r, &AT (heap, down + 1), &AT (heap, down)))
      down++;
    if (!is_after (r, &AT (heap, down), &AT (heap, i)))
      break;
    Kept swap = AT (heap, i);
    AT (heap, i) = AT (heap, down);
    AT (heap, down) = swap;
  }
  return top;
}

static void
let_go (Run *r, const Kept *kept)
{
  guint32 index = (guint32)(kept->row - r->book->rows);
  kept->row->a.seat = -1;
  kept->row->a.how = DRAWS_NO_SEAT;
  g_array_append_val (r->free_, index);
}

/* Those equal to the last one, off the heap. */
static GArray *
pop_equals (const Run *r, GArray *heap)
{
  GArray *equals = g_array_new (FALSE, FALSE, sizeof (Kept));
  Kept first = pop (r, heap);
  g_array_append_val (equals, first);
  while (heap->len && !is_after (r, &first, &AT (heap, 0)) && !is_after (r, &AT (heap, 0), &first)) {
    Kept one = pop (r, heap);
    g_array_append_val (equals, one);
  }
  return equals;
}

/* Too many are kept: the last go.  Without lots all equals go, or, where they are admitted, only if the
 * others fill the unit. */
static void
trim (Run *r, Unit *unit, gint64 capacity)
{
  while ((gint64)unit->heap->len > capacity) {
    g_autoptr (GArray) equals = pop_equals (r, unit->heap);
    bool kept = !r->lots && r->book->allocation->ties == POLICY_TIES_ADMIT_ALL
                && (gint64)unit->heap->len < capacity;
    for (guint i = 0; i < equals->len; i++)
      if (kept)
        push (r, unit->heap, AT (equals, i));
      else
        let_go (r, &AT (equals, i));
    if (kept)
      return;
    if (!r->lots)
      unit->refused = AT (equals, 0).choice;
  }
}

static void
propose (Run *r, guint32 index)
{
  BookRow *row = &r->book->rows[index];
  while (r->next[index] < row->a.n_choices) {
    const DrawsChoice *choice = &row->a.choices[r->next[index]++];
    Unit *unit = &r->units[choice->unit];
    if (!book_counts (row, choice)
        || (unit->refused && compare_keys (r->book->allocation, choice, unit->refused) >= 0))
      continue;
    row->a.seat = (gint32)choice->unit;
    row->a.how = DRAWS_BY_RUN;
    push (r, unit->heap, (Kept){ row, choice });
    trim (r, unit, r->book->units[choice->unit].capacity);
    return;
  }
}

void
run_book (Book *book)
{
  Run r = { .book = book, .lots = draws_needs_lot (book->allocation) };
  r.units = g_new0 (Unit, book->n_units);
  r.next = g_new0 (guint32, book->n);
  r.free_ = g_array_new (FALSE, FALSE, sizeof (guint32));
  for (size_t u = 0; u < book->n_units; u++)
    r.units[u].heap = g_array_new (FALSE, FALSE, sizeof (Kept));
  for (size_t i = book->n; i--;) {
    guint32 index = (guint32)i;
    book->rows[i].a.seat = -1;
    book->rows[i].a.how = DRAWS_NO_SEAT;
    g_array_append_val (r.free_, index);
  }
  while (r.free_->len) {
    guint32 index = g_array_index (r.free_, guint32, r.free_->len - 1);
    g_array_set_size (r.free_, r.free_->len - 1);
    propose (&r, index);
  }
  for (size_t u = 0; u < book->n_units; u++)
    g_array_unref (r.units[u].heap);
  g_array_unref (r.free_);
  g_free (r.units);
  g_free (r.next);
}

/* ---- vacancies ---------------------------------------------------------------------------- */

/* Whether ROW would rather have UNIT than what it has. */
static const DrawsChoice *
would_rather (const BookRow *row, guint32 unit)
{
  for (size_t i = 0; i < row->a.n_choices && (gint32)row->a.choices[i].unit != row->a.seat; i++)
    if (row->a.choices[i].unit == unit)
      return book_counts (row, &row->a.choices[i]) ? &row->a.choices[i] : NULL;
  return NULL;
}

/* The first of UNIT's waiting list. */
static BookRow *
first_waiting (const Book *book, guint32 unit)
{
  BookRow *best = NULL;
  const DrawsChoice *best_choice = NULL;
  bool lots = draws_needs_lot (book->allocation);
  for (size_t i = 0; i < book->n; i++) {
    const DrawsChoice *choice = would_rather (&book->rows[i], unit);
    if (choice
        && (!best || run_compare (book->allocation, choice, &book->rows[i], best_choice, best, lots) < 0)) {
      best = &book->rows[i];
      best_choice = choice;
    }
  }
  return best;
}

void
run_move_up (Book *book, GPtrArray *moved)
{
  g_autofree gint64 *taken = g_new0 (gint64, book->n_units);
  g_autoptr (GArray) vacant = g_array_new (FALSE, FALSE, sizeof (guint32));
  for (size_t i = 0; i < book->n; i++)
    if (book->rows[i].a.seat >= 0)
      taken[book->rows[i].a.seat]++;
  for (guint32 u = 0; u < book->n_units; u++)
    if (taken[u] < book->units[u].capacity)
      g_array_append_val (vacant, u);
  while (vacant->len) {
    guint32 unit = g_array_index (vacant, guint32, vacant->len - 1);
    BookRow *row = taken[unit] < book->units[unit].capacity ? first_waiting (book, unit) : NULL;
    if (!row) {
      g_array_set_size (vacant, vacant->len - 1);
      continue;
    }
    gint32 left = row->a.seat;
    row->a.seat = (gint32)unit;
    row->a.how = DRAWS_MOVED_UP;
    taken[unit]++;
    if (!g_ptr_array_find (moved, row, NULL))
      g_ptr_array_add (moved, row);
    if (left >= 0) {
      guint32 also = (guint32)left;
      taken[also]--;
      g_array_append_val (vacant, also);
    }
  }
}
