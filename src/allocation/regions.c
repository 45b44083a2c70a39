/* The choice of a region (flexible deferred acceptance: Kamada and Kojima 2015).  Each unit first keeps up to
 * its target; then units take one more in turn, in their written order, until cap or places are reached.
 *
 * Numbers are all that has to be settled between units: claims are in a strict order, so a unit that keeps k
 * keeps its k best. */
#include "allocation/regions.h"

static guint32
places_of (const AllocationProblem *p, guint32 unit)
{
  return p->units[unit].n_slots ? p->slots[p->units[unit].first].n : 0;
}

static bool
check_unit (const AllocationProblem *p, const AllocationUnit *unit, guint64 *targets, GError **error)
{
  if (unit->region >= p->n_regions)
    g_set_error (error, FAULT, FAULT_INPUT, "%s is in a region that there is not", unit->id);
  else if (unit->n_slots > 1 || (unit->n_slots && p->slots[unit->first].kind != ALLOCATION_OPEN))
    g_set_error (error, FAULT, FAULT_INPUT, "%s is in a region: its slots must be one run, open to all",
                 unit->id);
  else if ((targets[unit->region] += unit->target) > p->regions[unit->region].cap)
    g_set_error (error, FAULT, FAULT_INPUT, "%s: the targets of the region %s are more than its cap",
                 unit->id, p->regions[unit->region].name);
  else
    return true;
  return false;
}

bool
allocation_regions_check (const AllocationProblem *p, GError **error)
{
  g_autofree guint64 *targets = g_new0 (guint64, MAX (p->n_regions, 1));
  if (p->ties != ALLOCATION_TIES_LOTTERY || p->mechanism != ALLOCATION_DEFERRED) {
    g_set_error (
        error, FAULT, FAULT_INPUT,
        "with regions the mechanism is deferred acceptance, and the lot decides between equal claims");
    return false;
  }
  for (size_t u = 0; u < p->n_units; u++)
    if (p->units[u].region != ALLOCATION_NOWHERE && !check_unit (p, &p->units[u], targets, error))
      return false;
  return true;
}

/* ---- who takes how many --------------------------------------------------- */

/* What a unit would keep beyond its target. */
typedef struct {
  guint32 region, unit, more;
} Wanting;

static int
by_region (const void *a, const void *b)
{
  const Wanting *x = a, *y = b;
  if (x->region != y->region)
    return x->region < y->region ? -1 : 1;
  if (x->more != y->more)
    return x->more < y->more ? -1 : 1;
  return (x->unit > y->unit) - (x->unit < y->unit);
}

static gint
by_number (gconstpointer a, gconstpointer b)
{
  const guint32 *x = a, *y = b;
  return (*x > *y) - (*x < *y);
}

/* Turns of one each among the N of one region, the least wanting first, until LEFT are given: everybody has
 * `level` of them or all that they want, and the first units one more. */
static void
take_turns (const Wanting *wanting, size_t n, guint32 left, guint32 *kept)
{
  guint32 level = 0;
  size_t at = 0; /* those before it have all that they want */
  for (; at < n && (guint64)(wanting[at].more - level) * (n - at) <= left; at++) {
    left -= (wanting[at].more - level) * (guint32)(n - at);
    level = wanting[at].more;
  }
  guint32 beyond = 0; /* how many have one more than the level */
  if (at < n) {
    level += left / (guint32)(n - at);
    beyond = left % (guint32)(n - at);
  }
  g_autoptr (GArray) first = g_array_new (FALSE, FALSE, sizeof (guint32)); /* who would take one more */
  for (size_t i = 0; i < n; i++) {
    kept[wanting[i].unit] += MIN (wanting[i].more, level);
    if (i >= at)
      g_array_append_val (first, wanting[i].unit);
  }
  g_array_sort (first, by_number);
  for (guint i = 0; i < beyond; i++)
    kept[g_array_index (first, guint32, i)]++;
}

void
allocation_regions_share (const AllocationProblem *p, const guint32 *asked, guint32 *kept)
{
  g_autofree guint32 *left = g_new0 (guint32, MAX (p->n_regions, 1));
  g_autofree Wanting *wanting = g_new (Wanting, MAX (p->n_units, 1));
  size_t n = 0;
  for (size_t g = 0; g < p->n_regions; g++)
    left[g] = p->regions[g].cap;
  for (guint32 u = 0; u < p->n_units; u++) {
    const AllocationUnit *unit = &p->units[u];
    kept[u] = asked[u];
    if (unit->region == ALLOCATION_NOWHERE)
      continue;
    guint32 most = MIN (asked[u], places_of (p, u));
    kept[u] = MIN (most, unit->target);
    left[unit->region] -= kept[u];
    wanting[n++] = (Wanting){ unit->region, u, most - kept[u] };
  }
  qsort (wanting, n, sizeof *wanting, by_region);
  for (size_t from = 0, to; from < n; from = to) {
    for (to = from; to < n && wanting[to].region == wanting[from].region;)
      to++;
    take_turns (wanting + from, to - from, left[wanting[from].region], kept);
  }
}
