/* Holders of traits' seats lie in heaps by their masks, the least claim first.  A set of traits is full when
 * those who have none but these fill its seats.  Who asks and has a trait outside every full set sits down.
 * Otherwise the least full set around their mask (full sets that meet, meet in a full one) holds those whom
 * they could replace: the circuit of the matroid. */
#include "allocation/matched.h"

enum { NOBODY = -1 };

struct Matched {
  const AllocationSlots *slots;
  guint32 masks;    /* how many there are */
  guint32 *seats;   /* per set of traits: its seats */
  guint32 *within;  /* per set of traits: holders who have none but these */
  GArray **holders; /* per mask: a heap of MatchedClaim, or NULL */
  GArray *others;   /* a heap */
  guint32 n;        /* holders of traits' seats */
};

/* ---- heaps, the least claim first --------------------------------------- */

static MatchedClaim *
heap_claims (const GArray *heap)
{
  return (MatchedClaim *)(void *)heap->data;
}

static void
heap_add (GArray *heap, MatchedClaim claim)
{
  g_array_append_val (heap, claim);
  MatchedClaim *all = heap_claims (heap);
  guint at = heap->len - 1;
  for (; at && all[(at - 1) / 2].key < claim.key; at = (at - 1) / 2)
    all[at] = all[(at - 1) / 2];
  all[at] = claim;
}

static MatchedClaim
heap_take (GArray *heap)
{
  MatchedClaim *all = heap_claims (heap), top = all[0], last = all[heap->len - 1];
  guint n = heap->len - 1, at = 0;
  g_array_set_size (heap, n);
  while (2 * at + 1 < n) {
    guint child = 2 * at + 1;
    child += child + 1 < n && all[child + 1].key > all[child].key;
    if (all[child].key <= last.key)
      break;
    all[at] = all[child];
    at = child;
  }
  if (n)
    all[at] = last;
  return top;
}

/* ---- a run --------------------------------------------------------------- */

Matched *
matched_new (const AllocationSlots *slots)
{
  g_assert (slots->n_seats <= ALLOCATION_MATCHED_MAX);
  Matched *m = g_new0 (Matched, 1);
  m->slots = slots;
  m->masks = 1u << slots->n_seats;
  m->seats = g_new0 (guint32, m->masks);
  m->within = g_new0 (guint32, m->masks);
  m->holders = g_new0 (GArray *, m->masks);
  m->others = g_array_new (FALSE, FALSE, sizeof (MatchedClaim));
  for (guint32 set = 1; set < m->masks; set++)
    m->seats[set] = m->seats[set & (set - 1)] + slots->seats[__builtin_ctz (set)].n;
  return m;
}

void
matched_free (Matched *m)
{
  if (!m)
    return;
  for (guint32 mask = 0; mask < m->masks; mask++)
    if (m->holders[mask])
      g_array_unref (m->holders[mask]);
  g_array_unref (m->others);
  g_free (m->holders);
  g_free (m->within);
  g_free (m->seats);
  g_free (m);
}

guint8
matched_mask (const AllocationSlots *slots, guint64 traits)
{
  guint8 mask = 0;
  for (guint8 s = 0; s < slots->n_seats; s++)
    mask |= (guint8)((traits >> slots->seats[s].trait & 1) << s);
  return mask;
}

/* The least full set of traits around MASK, or all of them; *FULL: whether it is full. */
static guint32
least_around (const Matched *m, guint8 mask, bool *full)
{
  guint32 all = m->masks - 1, least = all;
  *full = false;
  for (guint32 set = mask;; set = (set + 1) | mask) {
    if (m->within[set] == m->seats[set]) {
      least &= set;
      *full = true;
    }
    if (set == all)
      return least;
  }
}

/* Of those who have no trait outside SET, the mask of the least claim; or NOBODY. */
static gint32
least_within (const Matched *m, guint32 set)
{
  gint32 least = NOBODY;
  for (guint32 mask = set; mask; mask = (mask - 1) & set)
    if (m->holders[mask] && m->holders[mask]->len
        && (least == NOBODY
            || heap_claims (m->holders[mask])[0].key > heap_claims (m->holders[least])[0].key))
      least = (gint32)mask;
  return least;
}

/* A holder with MASK more, or less. */
static void
count_within (Matched *m, guint8 mask, gint32 one)
{
  for (guint32 set = mask;; set = (set + 1) | mask) {
    m->within[set] += (guint32)one;
    if (set == m->masks - 1)
      return;
  }
}

static void
sit (Matched *m, MatchedClaim claim)
{
  if (!m->holders[claim.mask])
    m->holders[claim.mask] = g_array_new (FALSE, FALSE, sizeof (MatchedClaim));
  heap_add (m->holders[claim.mask], claim);
  count_within (m, claim.mask, 1);
  m->n++;
}

/* CLAIM asks for a trait's seat.  False: *OUT has none, the asker or who made room. */
static bool
ask_seats (Matched *m, MatchedClaim claim, MatchedClaim *out)
{
  bool full;
  guint32 set = least_around (m, claim.mask, &full);
  *out = claim;
  if (!claim.mask)
    return false;
  if (!full) {
    sit (m, claim);
    return true;
  }
  gint32 least = least_within (m, set);
  if (least == NOBODY || heap_claims (m->holders[least])[0].key < claim.key)
    return false;
  *out = heap_take (m->holders[least]);
  count_within (m, out->mask, -1);
  m->n--;
  sit (m, claim);
  return false;
}

guint32
matched_ask (Matched *m, guint64 key, guint8 mask, guint32 applicant)
{
  MatchedClaim out;
  if (!ask_seats (m, (MatchedClaim){ key, applicant, mask }, &out))
    heap_add (m->others, out);
  return m->n + m->others->len > m->slots->n ? heap_take (m->others).applicant : ALLOCATION_NOWHERE;
}

guint32
matched_holders (const Matched *m, GArray *out)
{
  for (guint32 mask = 0; mask < m->masks; mask++)
    if (m->holders[mask])
      g_array_append_vals (out, m->holders[mask]->data, m->holders[mask]->len);
  g_array_append_vals (out, m->others->data, m->others->len);
  return m->n;
}

const MatchedClaim *
matched_in_the_way (const Matched *m, guint8 mask)
{
  bool full;
  guint32 set = least_around (m, mask, &full);
  gint32 least = full && mask ? least_within (m, set) : NOBODY;
  const MatchedClaim *seated = least == NOBODY ? NULL : heap_claims (m->holders[least]);
  const MatchedClaim *other = m->others->len ? heap_claims (m->others) : NULL;
  return !seated || (other && other->key > seated->key) ? other : seated;
}

/* ---- by chains of seats --------------------------------------------------- */

/* How many with each mask sit on seats of each trait. */
typedef struct {
  const AllocationSlots *slots;
  guint32 (*on)[ALLOCATION_MATCHED_MAX]; /* per mask */
  guint32 taken[ALLOCATION_MATCHED_MAX];
} Chairs;

/* A mask of which somebody sits on FROM and could sit on TO; or NOBODY. */
static gint32
who_can_move (const Chairs *c, guint8 from, guint8 to)
{
  for (guint32 mask = 0; mask < 1u << c->slots->n_seats; mask++)
    if (c->on[mask][from] && mask >> to & 1)
      return (gint32)mask;
  return NOBODY;
}

/* Whether somebody with MASK can sit, others moving where need be; they then do (augmenting path). */
static bool
sit_by_chain (Chairs *c, guint8 mask)
{
  guint8 queue[ALLOCATION_MATCHED_MAX], n = 0, at = 0;
  gint8 before[ALLOCATION_MATCHED_MAX]; /* the trait from which the mover comes; NOBODY: the asker */
  guint32 reached = mask;
  for (guint8 t = 0; t < c->slots->n_seats; t++)
    if (mask >> t & 1) {
      before[t] = NOBODY;
      queue[n++] = t;
    }
  while (at < n && c->taken[queue[at]] == c->slots->seats[queue[at]].n) {
    guint8 from = queue[at++];
    for (guint8 to = 0; to < c->slots->n_seats; to++)
      if (!(reached >> to & 1) && who_can_move (c, from, to) != NOBODY) {
        reached |= 1u << to;
        before[to] = (gint8)from;
        queue[n++] = to;
      }
  }
  if (at == n)
    return false;
  gint8 to = (gint8)queue[at];
  c->taken[to]++;
  for (; before[to] != NOBODY; to = before[to]) {
    gint32 mover = who_can_move (c, (guint8)before[to], (guint8)to);
    c->on[mover][before[to]]--;
    c->on[mover][to]++;
  }
  c->on[mask][to]++;
  return true;
}

void
matched_choose (const AllocationSlots *slots, const guint8 *masks, guint32 n, bool *chosen)
{
  g_autofree guint32 (*on)[ALLOCATION_MATCHED_MAX] = g_malloc0_n (1u << slots->n_seats, sizeof *on);
  Chairs chairs = { .slots = slots, .on = on };
  g_autofree bool *shut
      = g_new0 (bool, 1u << slots->n_seats); /* where one could not sit, nobody after them can */
  guint32 left = slots->n;
  for (guint32 i = 0; i < n && left; i++)
    if (masks[i] && !shut[masks[i]] && (chosen[i] = sit_by_chain (&chairs, masks[i])))
      left--;
    else
      shut[masks[i]] = true;
  for (guint32 i = 0; i < n && left; i++)
    if (!chosen[i]) {
      chosen[i] = true;
      left--;
    }
}
