/* Immediate acceptance, the parallel mechanism and top trading cycles, beside the result. */
#include "allocation/allocation.h"

/* ---- bands of wishes ----------------------------------------------------- */

/* What is left of PROBLEM in one band: fewer places, and of those without one the wishes of the band. */
typedef struct {
  const AllocationProblem *whole;
  AllocationProblem part;
  AllocationSlots *slots;
  guint32 *starts, *choices;
  AllocationKey *keys;
  gint64 **values; /* per key: of choices, or NULL */
} Band;

static void
band_begin (Band *b, const AllocationProblem *p, Arena *arena)
{
  guint32 n_choices = p->starts[p->n];
  b->whole = p;
  b->part = *p;
  b->part.slots = b->slots = arena_new0 (arena, AllocationSlots, p->n_slots);
  memcpy (b->slots, p->slots, p->n_slots * sizeof *b->slots);
  b->part.starts = b->starts = arena_new0 (arena, guint32, p->n + 1);
  b->part.choices = b->choices = arena_new0 (arena, guint32, n_choices);
  b->part.keys = b->keys = arena_new0 (arena, AllocationKey, p->n_keys);
  b->values = arena_new0 (arena, gint64 *, p->n_keys);
  for (size_t k = 0; k < p->n_keys; k++) {
    b->keys[k] = p->keys[k];
    if (p->keys[k].of_choice)
      b->keys[k].of_choice = b->values[k] = arena_new0 (arena, gint64, n_choices);
  }
}

static void
take_wishes (Band *b, const guint32 *unit_of, guint32 from, guint32 to)
{
  const AllocationProblem *p = b->whole;
  guint32 n = 0;
  for (size_t i = 0; i < p->n; i++) {
    guint32 many = p->starts[i + 1] - p->starts[i];
    for (guint32 w = from; w < MIN (to, many) && unit_of[i] == ALLOCATION_NOWHERE; w++, n++) {
      guint32 c = p->starts[i] + w;
      b->choices[n] = p->choices[c];
      for (size_t k = 0; k < p->n_keys; k++)
        if (b->values[k])
          b->values[k][n] = p->keys[k].of_choice[c];
    }
    b->starts[i + 1] = n;
  }
}

const guint32 *
allocation_run_parallel (const AllocationProblem *p, guint32 band, Arena *arena, GError **error)
{
  guint32 longest = 0;
  if (p->n_regions) {
    g_set_error (error, FAULT, FAULT_INPUT, "where units share a cap, no other mechanism is compared");
    return NULL;
  }
  for (size_t s = 0; s < p->n_slots; s++)
    if (p->slots[s].kind == ALLOCATION_MATCHED) {
      g_set_error (error, FAULT, FAULT_INPUT,
                   "%s: where several traits are matched, no other mechanism is compared", p->slots[s].name);
      return NULL;
    }
  guint32 *unit_of = arena_new0 (arena, guint32, p->n);
  for (size_t i = 0; i < p->n; i++) {
    unit_of[i] = ALLOCATION_NOWHERE;
    longest = MAX (longest, p->starts[i + 1] - p->starts[i]);
  }
  Band b;
  band_begin (&b, p, arena);
  for (guint32 from = 0; from < longest; from += MIN (band, longest - from)) {
    g_autoptr (Arena) of_band = arena_new ();
    take_wishes (&b, unit_of, from, from + MIN (band, longest - from));
    const AllocationResult *r = allocation_run (&b.part, of_band, error);
    if (!r)
      return NULL;
    for (size_t i = 0; i < p->n; i++)
      if (r->unit_of[i] != ALLOCATION_NOWHERE)
        unit_of[i] = r->unit_of[i];
    for (size_t s = 0; s < p->n_slots; s++)
      b.slots[s].n -= MIN (b.slots[s].n, r->filled[s]); /* equal claims that are all admitted go beyond it */
  }
  return unit_of;
}

/* ---- top trading cycles -------------------------------------------------- */

typedef struct {
  guint32 applicant, choice;
} Claim;

typedef struct {
  const AllocationProblem *problem;
  guint32 *firsts,
      *heads; /* per unit: its claims from FIRSTS[u] on, the best first; the best that is still there */
  Claim *claims;
  guint32 *left;         /* per unit: places */
  guint32 *next;         /* per application: the wish it points to */
  guint32 *unit_of, *on; /* on: place on the path, from 1; 0: not on it */
  bool *done;
  guint32 *path;
  guint32 n_path;
} Trading;

static gint
by_claim (gconstpointer a, gconstpointer b, gpointer problem)
{
  const Claim *x = a, *y = b;
  size_t decides;
  int order = allocation_compare (problem, x->applicant, x->choice, y->applicant, y->choice, &decides);
  return order ? order : (x->applicant > y->applicant) - (x->applicant < y->applicant);
}

static bool
sort_claims (Trading *t, Arena *arena, GError **error)
{
  const AllocationProblem *p = t->problem;
  t->firsts = arena_new0 (arena, guint32, p->n_units + 2);
  t->claims = arena_new0 (arena, Claim, p->starts[p->n]);
  for (guint32 c = 0; c < p->starts[p->n]; c++)
    t->firsts[p->choices[c] + 2]++;
  for (size_t u = 2; u <= p->n_units; u++)
    t->firsts[u] += t->firsts[u - 1];
  for (guint32 i = 0; i < p->n; i++)
    for (guint32 c = p->starts[i]; c < p->starts[i + 1]; c++)
      t->claims[t->firsts[p->choices[c] + 1]++] = (Claim){ i, c };
  for (size_t u = 0; u < p->n_units; u++) {
    Claim *first = t->claims + t->firsts[u], *end = t->claims + t->firsts[u + 1];
    g_qsort_with_data (first, (gint)(end - first), sizeof *first, by_claim, (gpointer)p);
    for (Claim *x = first; !p->tickets && x + 1 < end; x++)
      if (allocation_compare (p, x[0].applicant, x[0].choice, x[1].applicant, x[1].choice, NULL) == 0) {
        g_set_error (error, FAULT, FAULT_INPUT,
                     "top trading cycles: applications %u and %u have equal claims on \"%s\" and no tickets",
                     x[0].applicant, x[1].applicant, p->units[u].id);
        return false;
      }
  }
  return true;
}

static bool
count_places (Trading *t, Arena *arena, GError **error)
{
  const AllocationProblem *p = t->problem;
  t->left = arena_new0 (arena, guint32, p->n_units);
  if (p->n_regions) {
    g_set_error (error, FAULT, FAULT_INPUT, "top trading cycles: units share a cap");
    return false;
  }
  for (size_t u = 0; u < p->n_units; u++)
    for (guint32 s = 0; s < p->units[u].n_slots; s++) {
      const AllocationSlots *slots = &p->slots[p->units[u].first + s];
      if (slots->kind != ALLOCATION_OPEN && slots->n) {
        g_set_error (error, FAULT, FAULT_INPUT,
                     "top trading cycles: not all places of \"%s\" are open to all", p->units[u].id);
        return false;
      }
      t->left[u] += slots->n;
    }
  return true;
}

/* I leaves, with the unit it points to or without any. */
static void
leave (Trading *t, guint32 i, guint32 unit)
{
  t->unit_of[i] = unit;
  t->done[i] = true;
  t->on[i] = 0;
  if (unit != ALLOCATION_NOWHERE)
    t->left[unit]--;
}

/* From the last of the path one step on: to who has the best claim on its best unit with places; who is on
 * the path already closes a cycle, whose members all get what they point to. */
static void
step (Trading *t)
{
  const AllocationProblem *p = t->problem;
  guint32 i = t->path[t->n_path - 1];
  while (t->next[i] < p->starts[i + 1] && !t->left[p->choices[t->next[i]]])
    t->next[i]++;
  if (t->next[i] == p->starts[i + 1]) {
    leave (t, i, ALLOCATION_NOWHERE);
    t->n_path--;
    return;
  }
  guint32 u = p->choices[t->next[i]];
  while (t->done[t->claims[t->heads[u]].applicant])
    t->heads[u]++;
  guint32 j = t->claims[t->heads[u]].applicant;
  if (!t->on[j]) {
    t->path[t->n_path++] = j;
    t->on[j] = t->n_path;
    return;
  }
  for (guint32 end = t->on[j] - 1; t->n_path > end; t->n_path--) {
    guint32 k = t->path[t->n_path - 1];
    leave (t, k, p->choices[t->next[k]]);
  }
}

const guint32 *
allocation_run_trading (const AllocationProblem *p, Arena *arena, GError **error)
{
  Trading t = { .problem = p };
  if (!count_places (&t, arena, error) || !sort_claims (&t, arena, error))
    return NULL;
  t.heads = arena_new0 (arena, guint32, p->n_units);
  memcpy (t.heads, t.firsts, p->n_units * sizeof *t.heads);
  t.next = arena_new0 (arena, guint32, p->n);
  memcpy (t.next, p->starts, p->n * sizeof *t.next);
  t.unit_of = arena_new0 (arena, guint32, p->n);
  t.on = arena_new0 (arena, guint32, p->n);
  t.done = arena_new0 (arena, bool, p->n);
  t.path = arena_new0 (arena, guint32, p->n);
  for (guint32 i = 0; i < p->n; i++) {
    if (t.done[i])
      continue;
    t.path[0] = i;
    t.n_path = t.on[i] = 1;
    while (t.n_path)
      step (&t);
  }
  return t.unit_of;
}

/* ---- beside each other --------------------------------------------------- */

/* Per unit whose claim is the least of those who have a place by UNIT_OF and, where SLOTS_OF says which, an
 * open one; applicant ALLOCATION_NOWHERE: nobody. */
static Claim *
find_least (const AllocationProblem *p, const guint32 *unit_of, const guint32 *slots_of, Arena *arena)
{
  Claim *least = arena_new0 (arena, Claim, p->n_units);
  for (size_t u = 0; u < p->n_units; u++)
    least[u].applicant = ALLOCATION_NOWHERE;
  for (guint32 i = 0; i < p->n; i++) {
    guint32 u = unit_of[i];
    if (u == ALLOCATION_NOWHERE
        || (slots_of && p->slots[p->units[u].first + slots_of[i]].kind != ALLOCATION_OPEN))
      continue;
    Claim claim = { i, allocation_choice_of (p, i, u) };
    if (least[u].applicant == ALLOCATION_NOWHERE
        || allocation_compare (p, claim.applicant, claim.choice, least[u].applicant, least[u].choice, NULL)
               > 0)
      least[u] = claim;
  }
  return least;
}

static bool
all_open (const AllocationProblem *p)
{
  for (size_t s = 0; s < p->n_slots; s++)
    if (p->slots[s].kind != ALLOCATION_OPEN && p->slots[s].n)
      return false;
  return true;
}

static void
count_other (const AllocationProblem *p, const AllocationResult *result, AllocationOther *o, Arena *arena)
{
  bool own = o->unit_of == result->unit_of;
  /* With reserves, others' slots are not known. */
  const Claim *least
      = own || all_open (p) ? find_least (p, o->unit_of, own ? result->slots_of : NULL, arena) : NULL;
  o->passed_by = least ? 0 : -1;
  for (guint32 i = 0; i < p->n; i++) {
    guint32 at = allocation_choice_of (p, i, o->unit_of[i]),
            had = allocation_choice_of (p, i, result->unit_of[i]);
    o->placed += o->unit_of[i] != ALLOCATION_NOWHERE;
    o->first += at == p->starts[i] && o->unit_of[i] != ALLOCATION_NOWHERE;
    o->better += at < had;
    o->worse += at > had;
    bool passed = false;
    for (guint32 c = p->starts[i]; least && !passed && c < at; c++) {
      const Claim *other = &least[p->choices[c]];
      passed = other->applicant != ALLOCATION_NOWHERE
               && allocation_compare (p, i, c, other->applicant, other->choice, NULL) < 0;
    }
    o->passed_by += passed;
  }
}

const AllocationOther *
allocation_compare_mechanisms (const AllocationProblem *p, const AllocationResult *result, guint32 band,
                               Arena *arena, size_t *n, GError **error)
{
  AllocationOther *all = arena_new0 (arena, AllocationOther, 4);
  *n = 3;
  all[0]
      = (AllocationOther){ .mechanism = allocation_mechanism_id (p->mechanism), .unit_of = result->unit_of };
  all[1] = (AllocationOther){ .mechanism = "immediate-acceptance",
                              .unit_of = allocation_run_parallel (p, 1, arena, error) };
  if (!all[1].unit_of)
    return NULL;
  all[2] = (AllocationOther){ .mechanism = "parallel",
                              .unit_of = allocation_run_parallel (p, band, arena, error) };
  if (!all[2].unit_of)
    return NULL;
  const guint32 *trading = allocation_run_trading (p, arena, NULL);
  if (trading)
    all[(*n)++] = (AllocationOther){ .mechanism = "top-trading-cycles", .unit_of = trading };
  for (size_t m = 0; m < *n; m++)
    count_other (p, result, &all[m], arena);
  return all;
}

/* Who holds another place than by the rules' own mechanism. */
static void
write_moved (JsonWriter *w, const AllocationSpec *spec, const guint32 *unit_of, const guint32 *own)
{
  json_member_array (w, "moved");
  for (size_t i = 0; i < spec->n; i++) {
    if (unit_of[i] == own[i])
      continue;
    json_begin_object (w);
    json_member_str (w, "applicant", spec->ids[i]);
    json_member_str (w, "unit", unit_of[i] == ALLOCATION_NOWHERE ? NULL : spec->units[unit_of[i]].id);
    json_member_str (w, "unit_own", own[i] == ALLOCATION_NOWHERE ? NULL : spec->units[own[i]].id);
    json_end_object (w);
  }
  json_end_array (w);
}

void
allocation_write_comparison (JsonWriter *w, const AllocationSpec *spec, const AllocationOther *others,
                             size_t n)
{
  json_begin_object (w);
  json_member_str (w, "pool", spec->pool);
  json_member_array (w, "mechanisms");
  for (size_t m = 0; m < n; m++) {
    json_begin_object (w);
    json_member_str (w, "mechanism", others[m].mechanism);
    json_member_int (w, "placed", others[m].placed);
    json_member_int (w, "first_wish", others[m].first);
    json_member_int (w, "better", others[m].better);
    json_member_int (w, "worse", others[m].worse);
    json_key (w, "passed_by");
    if (others[m].passed_by < 0)
      json_null (w);
    else
      json_int (w, others[m].passed_by);
    write_moved (w, spec, others[m].unit_of, others[0].unit_of);
    json_end_object (w);
  }
  json_end_array (w);
  json_end_object (w);
}
