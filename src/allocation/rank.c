/* Claims as numbers: for each choice one of 63 bits, the lesser the better.  Its upper half is the rank of
 * the keys up to the last that differs from choice to choice, the lower that of the rest, and of the ticket.
 */
#include "allocation/rank.h"

typedef struct {
  const AllocationProblem *problem;
  const guint32 *owner; /* of choices; NULL: items are applications */
  size_t from, to;      /* the keys to compare */
  bool by_ticket;
} Order;

static int
by_key (const AllocationKey *key, gint64 a, gint64 b)
{
  int order = (a > b) - (a < b);
  return key->ascending ? order : -order;
}

static int
compare_items (const Order *o, guint32 a, guint32 b)
{
  const AllocationProblem *p = o->problem;
  guint32 i = o->owner ? o->owner[a] : a, j = o->owner ? o->owner[b] : b;
  for (size_t k = o->from; k < o->to; k++) {
    const AllocationKey *key = &p->keys[k];
    int order = key->of_choice ? by_key (key, key->of_choice[a], key->of_choice[b])
                               : by_key (key, key->of_applicant[i], key->of_applicant[j]);
    if (order)
      return order;
  }
  int order = o->by_ticket ? memcmp (p->tickets[i], p->tickets[j], ALLOCATION_TICKET_BYTES) : 0;
  return order || !o->by_ticket ? order : (i > j) - (i < j);
}

static gint
by_order (gconstpointer a, gconstpointer b, gpointer order)
{
  return compare_items (order, *(const guint32 *)a, *(const guint32 *)b);
}

/* The dense rank of each of N items. */
static guint32 *
dense_rank (Order *order, size_t n)
{
  g_autofree guint32 *items = g_new (guint32, MAX (n, 1));
  guint32 *rank = g_new0 (guint32, MAX (n, 1));
  for (size_t i = 0; i < n; i++)
    items[i] = (guint32)i;
  g_qsort_with_data (items, (gint)n, sizeof *items, by_order, order);
  guint32 at = 0;
  for (size_t i = 0; i < n; i++) {
    at += i && compare_items (order, items[i - 1], items[i]) != 0;
    rank[items[i]] = at;
  }
  return rank;
}

guint64 *
allocation_rank (const AllocationProblem *p)
{
  size_t n_choices = p->starts[p->n], first = 0;
  for (size_t k = 0; k < p->n_keys; k++)
    if (p->keys[k].of_choice)
      first = k + 1;
  g_autofree guint32 *owner = g_new (guint32, MAX (n_choices, 1));
  for (guint32 i = 0; i < p->n; i++)
    for (guint32 c = p->starts[i]; c < p->starts[i + 1]; c++)
      owner[c] = i;
  Order rest = { p, NULL, first, p->n_keys, p->ties == ALLOCATION_TIES_LOTTERY };
  Order upper = { p, owner, 0, first, false };
  g_autofree guint32 *low = dense_rank (&rest, p->n), *high = first ? dense_rank (&upper, n_choices) : NULL;
  guint64 *rank = g_new (guint64, MAX (n_choices, 1));
  for (size_t c = 0; c < n_choices; c++)
    rank[c] = (guint64)(high ? high[c] : 0) << 32 | low[owner[c]];
  return rank;
}
