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

/* ---- packing ----------------------------------------------------------- */

enum { UPPER_BITS = 31, DIGIT_BITS = 11, DIGITS = 1 << DIGIT_BITS };

typedef struct {
  guint64 key;
  guint32 item;
} Packed;

static unsigned
bits_of (guint64 range)
{
  unsigned bits = 0;
  for (; range; range >>= 1)
    bits++;
  return bits;
}

static gint64
value_at (const Order *o, const AllocationKey *key, guint32 item)
{
  return key->of_choice ? key->of_choice[item] : key->of_applicant[o->owner ? o->owner[item] : item];
}

/* Puts the keys of N items side by side into ITEMS; how many bits they take, or more than MOST when they do
 * not fit. */
static unsigned
pack_keys (const Order *o, size_t n, unsigned most, Packed *items)
{
  unsigned bits = 0;
  for (size_t k = o->from; k < o->to && n; k++) {
    const AllocationKey *key = &o->problem->keys[k];
    gint64 least = value_at (o, key, 0), greatest = least;
    for (size_t i = 1; i < n; i++) {
      gint64 value = value_at (o, key, (guint32)i);
      least = MIN (least, value);
      greatest = MAX (greatest, value);
    }
    unsigned width = bits_of ((guint64)greatest - (guint64)least);
    bits += width;
    if (bits > most || width == 64)
      return most + 1;
    for (size_t i = 0; i < n; i++) {
      gint64 value = value_at (o, key, (guint32)i);
      guint64 rank = key->ascending ? (guint64)value - (guint64)least : (guint64)greatest - (guint64)value;
      items[i].key = items[i].key << width | rank;
    }
  }
  return bits;
}

/* The ticket's first bits in the room that the keys left. */
static void
pack_tickets (const Order *o, size_t n, unsigned bits, Packed *items)
{
  for (size_t i = 0; i < n && bits < 64; i++) {
    guint64 first;
    memcpy (&first, o->problem->tickets[i], sizeof first);
    items[i].key = (bits ? items[i].key << (64 - bits) : 0) | GUINT64_FROM_BE (first) >> bits;
  }
}

/* By digits from the lowest, each pass keeping the order of the one before. */
static void
sort_packed (Packed **items, Packed **spare, size_t n)
{
  for (unsigned shift = 0; shift < 64; shift += DIGIT_BITS) {
    size_t at[DIGITS] = { 0 }, sum = 0;
    for (size_t i = 0; i < n; i++)
      at[(*items)[i].key >> shift & (DIGITS - 1)]++;
    if (n && at[(*items)[0].key >> shift & (DIGITS - 1)] == n)
      continue; /* all have the same digit */
    for (size_t d = 0; d < DIGITS; d++) {
      size_t count = at[d];
      at[d] = sum;
      sum += count;
    }
    for (size_t i = 0; i < n; i++)
      (*spare)[at[(*items)[i].key >> shift & (DIGITS - 1)]++] = (*items)[i];
    Packed *sorted = *spare;
    *spare = *items;
    *items = sorted;
  }
}

/* ---- ranking ----------------------------------------------------------- */

static void
sort_compared (Order *o, guint32 *order, size_t n)
{
  g_qsort_with_data (order, (gint)n, sizeof *order, by_order, o);
}

/* Sorts ORDER, which has the N items in their own order. */
static void
sort_items (Order *o, guint32 *order, size_t n)
{
  g_autofree Packed *items = g_new0 (Packed, MAX (n, 1)), *spare = g_new (Packed, MAX (n, 1));
  for (size_t i = 0; i < n; i++)
    items[i].item = (guint32)i;
  unsigned bits = pack_keys (o, n, 64, items);
  if (bits > 64) {
    sort_compared (o, order, n);
    return;
  }
  if (o->by_ticket)
    pack_tickets (o, n, bits, items);
  sort_packed (&items, &spare, n);
  for (size_t i = 0; i < n; i++)
    order[i] = items[i].item;
  for (size_t i = 0, end; o->by_ticket && i < n; i = end) {
    for (end = i + 1; end < n && items[end].key == items[i].key;)
      end++;
    if (end - i > 1)
      sort_compared (o, order + i, end - i);
  }
}

/* The dense rank of each of N items; ORDER gets them sorted. */
static guint32 *
dense_rank (Order *o, size_t n, guint32 *order)
{
  guint32 *rank = g_new0 (guint32, MAX (n, 1)), at = 0;
  for (size_t i = 0; i < n; i++)
    order[i] = (guint32)i;
  sort_items (o, order, n);
  for (size_t i = 0; i < n; i++) {
    at += i && (o->by_ticket || compare_items (o, order[i - 1], order[i]) != 0);
    rank[order[i]] = at;
  }
  return rank;
}

/* Of choices: their packed keys themselves, where these fit. */
static guint32 *
upper_rank (const AllocationProblem *p, size_t to)
{
  size_t n = p->starts[p->n];
  g_autofree guint32 *owner = g_new (guint32, MAX (n, 1));
  for (guint32 i = 0; i < p->n; i++)
    for (guint32 c = p->starts[i]; c < p->starts[i + 1]; c++)
      owner[c] = i;
  Order o = { p, owner, 0, to, false };
  g_autofree Packed *items = g_new0 (Packed, MAX (n, 1));
  if (pack_keys (&o, n, UPPER_BITS, items) > UPPER_BITS) {
    g_autofree guint32 *order = g_new (guint32, MAX (n, 1));
    return dense_rank (&o, n, order);
  }
  guint32 *upper = g_new (guint32, MAX (n, 1));
  for (size_t i = 0; i < n; i++)
    upper[i] = (guint32)items[i].key;
  return upper;
}

AllocationRanks
allocation_rank (const AllocationProblem *p)
{
  size_t first = 0;
  for (size_t k = 0; k < p->n_keys; k++)
    if (p->keys[k].of_choice)
      first = k + 1;
  Order rest = { p, NULL, first, p->n_keys, p->ties == ALLOCATION_TIES_LOTTERY };
  AllocationRanks ranks = { .order = g_new (guint32, MAX (p->n, 1)) };
  ranks.lower = dense_rank (&rest, p->n, ranks.order);
  ranks.upper = first ? upper_rank (p, first) : NULL;
  return ranks;
}

void
allocation_ranks_clear (AllocationRanks *ranks)
{
  g_free (ranks->upper);
  g_free (ranks->lower);
  g_free (ranks->order);
}
