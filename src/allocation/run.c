/* Deferred acceptance over runs of slots.  A unit is a chain of heaps, the least claim on top: who asks goes
 * to the first run, and who is pushed out of one goes on to the next, and off the end to their next wish. */
#include "allocation/rank.h"

#define NOT_A_MEMBER ((guint64)1 << 63) /* comes after every member */

typedef struct {
  guint64 key;
  guint32 applicant;
} Claim;

typedef struct {
  const AllocationSlots *slots;
  GArray *heap;    /* of Claim; the greatest key, the least claim, on top */
  guint64 limit;   /* keys from here on are refused: it only falls, so that what is asked only rises */
  guint32 at_last; /* how many have the top's key; 0: not counted yet */
} Run;

typedef struct {
  const AllocationProblem *problem;
  AllocationRanks ranks;
  guint32 *next; /* per application: the choice that is asked, or was granted */
  Run *runs;
  guint32 *queue; /* applications without a place, to ask on */
  size_t queued;
} Running;

const char *
allocation_mechanism_id (AllocationMechanism mechanism)
{
  static const char *const ids[] = { "deferred-acceptance", "serial-dictatorship" };
  return ids[mechanism];
}

/* ---- a heap ------------------------------------------------------------ */

static Claim *
claims (Run *run)
{
  return (Claim *)(void *)run->heap->data;
}

static guint64
top_key (Run *run)
{
  return claims (run)[0].key;
}

static void
push (Run *run, Claim claim)
{
  g_array_append_val (run->heap, claim);
  Claim *heap = claims (run);
  guint at = run->heap->len - 1;
  for (; at && heap[(at - 1) / 2].key < claim.key; at = (at - 1) / 2)
    heap[at] = heap[(at - 1) / 2];
  heap[at] = claim;
}

static Claim
pop (Run *run)
{
  Claim *heap = claims (run), top = heap[0], last = heap[run->heap->len - 1];
  guint n = run->heap->len - 1, at = 0;
  g_array_set_size (run->heap, n);
  while (2 * at + 1 < n) {
    guint child = 2 * at + 1;
    child += child + 1 < n && heap[child + 1].key > heap[child].key;
    if (heap[child].key <= last.key)
      break;
    heap[at] = heap[child];
    at = child;
  }
  if (n)
    heap[at] = last;
  return top;
}

/* How many have the top's key: they hang together from the top. */
static guint32
count_last (Run *run)
{
  Claim *heap = claims (run);
  guint64 key = top_key (run);
  guint32 n = 0;
  g_autoptr (GArray) open = g_array_new (FALSE, FALSE, sizeof (guint));
  guint at = 0;
  g_array_append_val (open, at);
  while (open->len) {
    at = g_array_index (open, guint, open->len - 1);
    g_array_set_size (open, open->len - 1);
    n++;
    for (guint child = 2 * at + 1; child <= 2 * at + 2 && child < run->heap->len; child++)
      if (heap[child].key == key)
        g_array_append_val (open, child);
  }
  return n;
}

/* ---- asking ------------------------------------------------------------ */

static guint64
key_in (const Running *r, const Run *run, guint32 applicant)
{
  bool member = r->problem->traits && r->problem->traits[applicant] >> run->slots->trait & 1;
  guint64 key = allocation_rank_of (&r->ranks, applicant, r->next[applicant]);
  return run->slots->kind == ALLOCATION_OPEN || member ? key : key | NOT_A_MEMBER;
}

/* Takes out those whose claim is no longer enough, into OUT. */
static void
push_out (const Running *r, Run *run, GArray *out)
{
  guint32 n = run->slots->n;
  bool admit_all = r->problem->ties == ALLOCATION_TIES_ADMIT_ALL;
  while (run->heap->len > n) {
    if (admit_all && !run->at_last)
      run->at_last = count_last (run);
    if (admit_all && run->heap->len - run->at_last < n)
      return;
    run->limit = top_key (run);
    run->at_last = 0;
    while (run->heap->len && top_key (run) == run->limit) {
      Claim claim = pop (run);
      g_array_append_val (out, claim.applicant);
    }
  }
}

/* APPLICANT asks RUN: who then has to go on is put into OUT, perhaps they themselves. */
static void
ask_run (const Running *r, Run *run, guint32 applicant, GArray *out)
{
  guint64 key = key_in (r, run, applicant);
  bool full = run->heap->len >= run->slots->n;
  if ((run->slots->kind == ALLOCATION_HARD && key & NOT_A_MEMBER) || key >= run->limit || !run->slots->n
      || (full && key > top_key (run))) {
    if (full && run->slots->n && !(run->slots->kind == ALLOCATION_HARD && key & NOT_A_MEMBER))
      run->limit = MIN (run->limit, key);
    g_array_append_val (out, applicant);
    return;
  }
  if (run->at_last && key == top_key (run))
    run->at_last++;
  push (run, (Claim){ key, applicant });
  if (!full)
    run->at_last = 0;
  push_out (r, run, out);
}

/* Asks the unit that APPLICANT wishes for next; who is refused goes back to the queue, with their next wish.
 */
static void
ask (Running *r, guint32 applicant, GArray *asking, GArray *out)
{
  const AllocationUnit *unit = &r->problem->units[r->problem->choices[r->next[applicant]]];
  g_array_set_size (asking, 0);
  g_array_append_val (asking, applicant);
  for (guint32 s = unit->first; s < unit->first + unit->n_slots && asking->len; s++) {
    g_array_set_size (out, 0);
    for (guint i = 0; i < asking->len; i++)
      ask_run (r, &r->runs[s], g_array_index (asking, guint32, i), out);
    g_array_set_size (asking, 0);
    g_array_append_vals (asking, out->data, out->len);
  }
  for (guint i = 0; i < asking->len; i++) {
    guint32 refused = g_array_index (asking, guint32, i);
    if (++r->next[refused] < r->problem->starts[refused + 1])
      r->queue[r->queued++] = refused;
  }
}

static void
propose (Running *r)
{
  const AllocationProblem *p = r->problem;
  g_autoptr (GArray) asking = g_array_new (FALSE, FALSE, sizeof (guint32));
  g_autoptr (GArray) out = g_array_new (FALSE, FALSE, sizeof (guint32));
  for (size_t at = p->n; at-- > 0;) { /* the best first: then few are pushed out again */
    guint32 i = r->ranks.order[at];
    if ((r->next[i] = p->starts[i]) < p->starts[i + 1])
      r->queue[r->queued++] = i;
  }
  while (r->queued) {
    guint32 applicant = r->queue[--r->queued];
    ask (r, applicant, asking, out);
  }
}

/* ---- what came of it --------------------------------------------------- */

static void
collect_places (Running *r, Arena *arena, AllocationResult *result)
{
  const AllocationProblem *p = r->problem;
  guint32 *unit_of = arena_new0 (arena, guint32, p->n), *slots_of = arena_new0 (arena, guint32, p->n);
  guint32 *filled = arena_new0 (arena, guint32, p->n_slots), *last = arena_new0 (arena, guint32, p->n_slots);
  for (size_t i = 0; i < p->n; i++)
    unit_of[i] = slots_of[i] = ALLOCATION_NOWHERE;
  for (guint32 u = 0; u < p->n_units; u++)
    for (guint32 s = 0; s < p->units[u].n_slots; s++) {
      Run *run = &r->runs[p->units[u].first + s];
      guint32 at = p->units[u].first + s;
      filled[at] = run->heap->len;
      last[at] = run->heap->len ? claims (run)[0].applicant : ALLOCATION_NOWHERE;
      for (guint i = 0; i < run->heap->len; i++) {
        unit_of[claims (run)[i].applicant] = u;
        slots_of[claims (run)[i].applicant] = s;
      }
    }
  result->unit_of = unit_of;
  result->slots_of = slots_of;
  result->filled = filled;
  result->last = last;
}

static int
by_claim (const void *a, const void *b)
{
  const Claim *x = a, *y = b;
  return x->key != y->key ? (x->key > y->key ? 1 : -1)
                          : (x->applicant > y->applicant) - (x->applicant < y->applicant);
}

/* One unit's list, the best claim first, where claims differ by choice. */
static void
sort_waiting (const Running *r, guint32 unit, guint32 *waiting, guint32 n)
{
  const AllocationProblem *p = r->problem;
  g_autofree Claim *all = g_new (Claim, MAX (n, 1));
  for (guint32 w = 0; w < n; w++) {
    guint32 c = p->starts[waiting[w]];
    while (p->choices[c] != unit)
      c++;
    all[w] = (Claim){ allocation_rank_of (&r->ranks, waiting[w], c), waiting[w] };
  }
  qsort (all, n, sizeof *all, by_claim);
  for (guint32 w = 0; w < n; w++)
    waiting[w] = all[w].applicant;
}

static void
collect_waiting (Running *r, Arena *arena, AllocationResult *result)
{
  const AllocationProblem *p = r->problem;
  guint32 *starts = arena_new0 (arena, guint32, p->n_units + 1);
  for (size_t i = 0; i < p->n; i++)
    for (guint32 c = p->starts[i]; c < r->next[i]; c++)
      starts[p->choices[c] + 1]++;
  for (size_t u = 0; u < p->n_units; u++)
    starts[u + 1] += starts[u];
  guint32 *waiting = arena_new0 (arena, guint32, starts[p->n_units]);
  g_autofree guint32 *at = g_memdup2 (starts, (p->n_units + 1) * sizeof *starts);
  for (size_t o = 0; o < p->n; o++) { /* in this order they come sorted, unless claims differ by choice */
    guint32 i = r->ranks.order[o];
    for (guint32 c = p->starts[i]; c < r->next[i]; c++)
      waiting[at[p->choices[c]]++] = i;
  }
  for (guint32 u = 0; u < p->n_units && r->ranks.upper; u++)
    sort_waiting (r, u, waiting + starts[u], starts[u + 1] - starts[u]);
  result->waiting_starts = starts;
  result->waiting = waiting;
}

static bool
check_problem (const AllocationProblem *p, GError **error)
{
  bool of_choice = false;
  for (size_t k = 0; k < p->n_keys; k++)
    of_choice |= p->keys[k].of_choice != NULL;
  if (p->ties == ALLOCATION_TIES_LOTTERY && !p->tickets)
    g_set_error (error, FAULT, FAULT_INPUT,
                 "the lot decides between equal claims, and nothing has been drawn");
  else if (p->mechanism == ALLOCATION_SERIAL && of_choice)
    g_set_error (error, FAULT, FAULT_INPUT, "serial dictatorship has one ranking: no key may be of a choice");
  else
    return true;
  return false;
}

const AllocationResult *
allocation_run (const AllocationProblem *p, Arena *arena, GError **error)
{
  if (!check_problem (p, error))
    return NULL;
  Running r = { .problem = p, .ranks = allocation_rank (p) };
  r.next = g_new0 (guint32, MAX (p->n, 1));
  r.queue = g_new (guint32, MAX (p->n, 1)); /* an application is in it once */
  r.runs = g_new0 (Run, MAX (p->n_slots, 1));
  for (size_t s = 0; s < p->n_slots; s++)
    r.runs[s] = (Run){ &p->slots[s], g_array_new (FALSE, FALSE, sizeof (Claim)), G_MAXUINT64, 0 };
  propose (&r);
  AllocationResult *result = arena_new0 (arena, AllocationResult, 1);
  collect_places (&r, arena, result);
  collect_waiting (&r, arena, result);
  for (size_t s = 0; s < p->n_slots; s++)
    g_array_unref (r.runs[s].heap);
  g_free (r.runs);
  g_free (r.queue);
  g_free (r.next);
  allocation_ranks_clear (&r.ranks);
  return result;
}
