/* Who comes before whom, and who moves up. */
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
