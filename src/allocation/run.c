/* Deferred acceptance over runs of slots.  A unit is a chain of runs: who asks goes to the first, and who is
 * pushed out of one goes on to the next, and off the end to their next wish.
 *
 * Which asks are made does not depend on their order, so those with the best claims ask first: then a run
 * fills in the order of its claims and stays a sorted list, and becomes a heap only where reserves mix the
 * order. */
#include "allocation/matched.h"
#include "allocation/rank.h"
#include "allocation/regions.h"

#define NOT_A_MEMBER ((guint64)1 << 63) /* comes after every member */

typedef struct {
  guint64 key;
  guint32 applicant;
} Claim;

typedef struct {
  const AllocationSlots *slots;
  GArray *held;  /* of Claim */
  bool is_heap;  /* the greatest key, the least claim, comes first; else it comes last, and all are sorted */
  guint64 limit; /* keys from here on are refused: it only falls, so that what is asked only rises */
  guint32 at_last;  /* how many have the top's key; 0: not counted yet */
  Matched *matched; /* of ALLOCATION_MATCHED: who holds it, listed in `held` at the end */
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

/* ---- who holds a run --------------------------------------------------- */

enum { MOVED_AT_MOST = 32 }; /* claims of a sorted run, before it becomes a heap */

static Claim *
claims (Run *run)
{
  return (Claim *)(void *)run->held->data;
}

static Claim
least (Run *run)
{
  return claims (run)[run->is_heap ? 0 : run->held->len - 1];
}

static void
push (Run *run, Claim claim)
{
  g_array_append_val (run->held, claim);
  Claim *heap = claims (run);
  guint at = run->held->len - 1;
  for (; at && heap[(at - 1) / 2].key < claim.key; at = (at - 1) / 2)
    heap[at] = heap[(at - 1) / 2];
  heap[at] = claim;
}

/* The other way round the list is a heap. */
static void
make_heap (Run *run)
{
  Claim *all = claims (run);
  for (guint i = 0, j = run->held->len; i + 1 < j; i++) {
    Claim kept = all[i];
    all[i] = all[--j];
    all[j] = kept;
  }
  run->is_heap = true;
}

static void
add (Run *run, Claim claim)
{
  guint n = run->held->len, at = n;
  while (!run->is_heap && at && claims (run)[at - 1].key > claim.key && n - at < MOVED_AT_MOST)
    at--;
  if (!run->is_heap && at && claims (run)[at - 1].key > claim.key)
    make_heap (run);
  if (run->is_heap)
    push (run, claim);
  else
    g_array_insert_val (run->held, at, claim);
}

static Claim
take_least (Run *run)
{
  Claim *heap = claims (run), top = least (run), last = heap[run->held->len - 1];
  guint n = run->held->len - 1, at = 0;
  g_array_set_size (run->held, n);
  if (!run->is_heap)
    return top;
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

/* How many have the least claim's key: in a heap they hang together from the top. */
static guint32
count_last (Run *run)
{
  Claim *all = claims (run);
  guint64 key = least (run).key;
  guint32 n = 0;
  if (!run->is_heap) {
    while (n < run->held->len && all[run->held->len - 1 - n].key == key)
      n++;
    return n;
  }
  g_autoptr (GArray) open = g_array_new (FALSE, FALSE, sizeof (guint));
  guint at = 0;
  g_array_append_val (open, at);
  while (open->len) {
    at = g_array_index (open, guint, open->len - 1);
    g_array_set_size (open, open->len - 1);
    n++;
    for (guint child = 2 * at + 1; child <= 2 * at + 2 && child < run->held->len; child++)
      if (all[child].key == key)
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
  while (run->held->len > n) {
    if (admit_all && !run->at_last)
      run->at_last = count_last (run);
    if (admit_all && run->held->len - run->at_last < n)
      return;
    run->limit = least (run).key;
    run->at_last = 0;
    while (run->held->len && least (run).key == run->limit) {
      Claim claim = take_least (run);
      g_array_append_val (out, claim.applicant);
    }
  }
}

/* APPLICANT asks RUN: who then has to go on is put into OUT, perhaps they themselves. */
static void
ask_run (const Running *r, Run *run, guint32 applicant, GArray *out)
{
  guint64 key = key_in (r, run, applicant);
  bool full = run->held->len >= run->slots->n;
  if ((run->slots->kind == ALLOCATION_HARD && key & NOT_A_MEMBER) || key >= run->limit || !run->slots->n
      || (full && key > least (run).key)) {
    if (full && run->slots->n && !(run->slots->kind == ALLOCATION_HARD && key & NOT_A_MEMBER))
      run->limit = MIN (run->limit, key);
    g_array_append_val (out, applicant);
    return;
  }
  if (run->at_last && key == least (run).key)
    run->at_last++;
  add (run, (Claim){ key, applicant });
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

static guint32
ask_matched (const Running *r, Run *run, guint32 applicant)
{
  guint64 traits = r->problem->traits ? r->problem->traits[applicant] : 0;
  return matched_ask (run->matched, allocation_rank_of (&r->ranks, applicant, r->next[applicant]),
                      matched_mask (run->slots, traits), applicant);
}

/* The same where no claims are equal: one goes in, and at most one goes on. */
static void
ask_alone (Running *r, guint32 applicant)
{
  const AllocationUnit *unit = &r->problem->units[r->problem->choices[r->next[applicant]]];
  for (guint32 s = unit->first; s < unit->first + unit->n_slots; s++) {
    Run *run = &r->runs[s];
    if (run->matched) {
      applicant = ask_matched (r, run, applicant);
      if (applicant == ALLOCATION_NOWHERE)
        return;
      continue;
    }
    Claim claim = { key_in (r, run, applicant), applicant };
    bool shut = !run->slots->n || (run->slots->kind == ALLOCATION_HARD && claim.key & NOT_A_MEMBER);
    if (!shut && run->held->len < run->slots->n) {
      add (run, claim);
      return;
    }
    if (shut || claim.key > least (run).key)
      continue;
    applicant = take_least (run).applicant;
    add (run, claim);
  }
  if (++r->next[applicant] < r->problem->starts[applicant + 1])
    r->queue[r->queued++] = applicant;
}

static void
propose (Running *r)
{
  const AllocationProblem *p = r->problem;
  g_autoptr (GArray) asking = g_array_new (FALSE, FALSE, sizeof (guint32));
  g_autoptr (GArray) out = g_array_new (FALSE, FALSE, sizeof (guint32));
  for (guint32 i = 0; i < p->n; i++) {
    if ((r->next[i] = p->starts[i]) < p->starts[i + 1])
      r->queue[r->queued++] = i;
    while (r->queued) {
      guint32 applicant = r->queue[--r->queued];
      if (p->ties == ALLOCATION_TIES_LOTTERY)
        ask_alone (r, applicant);
      else
        ask (r, applicant, asking, out);
    }
  }
}

/* APPLICANT is added to the unit of a region, beyond its places: what it keeps is settled after the round. */
static void
ask_region (Running *r, guint32 applicant)
{
  Run *run = &r->runs[r->problem->units[r->problem->choices[r->next[applicant]]].first];
  add (run, (Claim){ key_in (r, run, applicant), applicant });
}

/* After a round, whom the regions do not keep go on to their next wish. */
static void
settle_regions (Running *r, guint32 *asked, guint32 *kept)
{
  const AllocationProblem *p = r->problem;
  for (size_t u = 0; u < p->n_units; u++)
    asked[u] = p->units[u].n_slots ? r->runs[p->units[u].first].held->len : 0;
  allocation_regions_share (p, asked, kept);
  for (size_t u = 0; u < p->n_units; u++) {
    if (p->units[u].region == ALLOCATION_NOWHERE)
      continue;
    for (guint32 n = asked[u]; n > kept[u]; n--) {
      guint32 refused = take_least (&r->runs[p->units[u].first]).applicant;
      if (++r->next[refused] < p->starts[refused + 1])
        r->queue[r->queued++] = refused;
    }
  }
}

/* With regions: everybody who has no place asks, then the regions choose, until nobody asks. */
static void
propose_by_rounds (Running *r)
{
  const AllocationProblem *p = r->problem;
  g_autofree guint32 *asked = g_new0 (guint32, MAX (p->n_units, 1)),
                     *kept = g_new0 (guint32, MAX (p->n_units, 1));
  for (guint32 i = (guint32)p->n; i-- > 0;)
    if ((r->next[i] = p->starts[i]) < p->starts[i + 1])
      r->queue[r->queued++] = i;
  while (r->queued) {
    while (r->queued) {
      guint32 applicant = r->queue[--r->queued];
      const AllocationUnit *unit = &p->units[p->choices[r->next[applicant]]];
      if (unit->region != ALLOCATION_NOWHERE && unit->n_slots)
        ask_region (r, applicant);
      else
        ask_alone (r, applicant);
    }
    settle_regions (r, asked, kept);
  }
}

/* ---- what came of it --------------------------------------------------- */

/* Who holds a matched run, as its `held`: those without a trait's seat after the others. */
static void
list_matched (Run *run)
{
  g_autoptr (GArray) all = g_array_new (FALSE, FALSE, sizeof (MatchedClaim));
  guint32 seated = matched_holders (run->matched, all);
  for (guint i = 0; i < all->len; i++) {
    const MatchedClaim *claim = &g_array_index (all, MatchedClaim, i);
    add (run, (Claim){ i < seated ? claim->key : claim->key | NOT_A_MEMBER, claim->applicant });
  }
}

static void
collect_places (Running *r, Arena *arena, Arena *scratch, AllocationResult *result)
{
  const AllocationProblem *p = r->problem;
  guint32 *unit_of = arena_new0 (scratch, guint32, p->n), *slots_of = arena_new0 (scratch, guint32, p->n);
  guint32 *filled = arena_new0 (arena, guint32, p->n_slots), *last = arena_new0 (arena, guint32, p->n_slots);
  for (size_t i = 0; i < p->n; i++)
    unit_of[i] = slots_of[i] = ALLOCATION_NOWHERE;
  for (guint32 u = 0; u < p->n_units; u++)
    for (guint32 s = 0; s < p->units[u].n_slots; s++) {
      Run *run = &r->runs[p->units[u].first + s];
      guint32 at = p->units[u].first + s;
      filled[at] = run->held->len;
      last[at] = run->held->len ? least (run).applicant : ALLOCATION_NOWHERE;
      for (guint i = 0; i < run->held->len; i++) {
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
    guint32 c = allocation_choice_of (p, waiting[w], unit);
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
  for (guint32 i = 0; i < p->n; i++) /* they come sorted, unless claims differ by choice */
    for (guint32 c = p->starts[i]; c < r->next[i]; c++)
      waiting[at[p->choices[c]]++] = i;
  for (guint32 u = 0; u < p->n_units && r->ranks.upper; u++)
    sort_waiting (r, u, waiting + starts[u], starts[u + 1] - starts[u]);
  result->waiting_starts = starts;
  result->waiting = waiting;
}

static bool
check_matched (const AllocationProblem *p, GError **error)
{
  for (size_t s = 0; s < p->n_slots; s++) {
    const AllocationSlots *slots = &p->slots[s];
    guint64 seats = 0;
    for (guint8 i = 0; i < slots->n_seats; i++)
      seats += slots->seats[i].n;
    if (slots->kind != ALLOCATION_MATCHED)
      continue;
    if (p->ties != ALLOCATION_TIES_LOTTERY)
      g_set_error (error, FAULT, FAULT_INPUT,
                   "%s: where several traits are matched, the lot must decide between equal claims",
                   slots->name);
    else if (slots->n_seats > ALLOCATION_MATCHED_MAX || seats != slots->n)
      g_set_error (error, FAULT, FAULT_INPUT,
                   "%s: at most %d traits are matched, and their seats are its slots", slots->name,
                   ALLOCATION_MATCHED_MAX);
    else
      continue;
    return false;
  }
  return true;
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
    return check_matched (p, error) && (!p->n_regions || allocation_regions_check (p, error));
  return false;
}

/* ---- in the order of claims --------------------------------------------- */

/* PROBLEM and its RANKS with the application of rank a as number a. */
typedef struct {
  AllocationProblem problem;
  AllocationRanks ranks;
  guint32 *starts, *choices;
  guint64 *traits;
} Sorted;

static void
sort_wishes (Sorted *s, const AllocationProblem *p, const AllocationRanks *ranks)
{
  s->starts = g_new (guint32, p->n + 1);
  s->choices = g_new (guint32, MAX (p->starts[p->n], 1));
  s->ranks.upper = ranks->upper ? g_new (guint32, MAX (p->starts[p->n], 1)) : NULL;
  s->starts[0] = 0;
  for (size_t a = 0; a < p->n; a++) {
    guint32 i = ranks->order[a], from = p->starts[i], n = p->starts[i + 1] - from, to = s->starts[a];
    s->starts[a + 1] = to + n;
    for (guint32 c = 0; c < n; c++)
      s->choices[to + c] = p->choices[from + c];
    for (guint32 c = 0; ranks->upper && c < n; c++)
      s->ranks.upper[to + c] = ranks->upper[from + c];
  }
}

static Sorted
sort_problem (const AllocationProblem *p, const AllocationRanks *ranks)
{
  Sorted s = { .problem = *p };
  sort_wishes (&s, p, ranks);
  s.ranks.lower = g_new (guint32, MAX (p->n, 1));
  s.traits = p->traits ? g_new (guint64, MAX (p->n, 1)) : NULL;
  for (size_t a = 0; a < p->n; a++) {
    s.ranks.lower[a] = ranks->lower[ranks->order[a]];
    if (p->traits)
      s.traits[a] = p->traits[ranks->order[a]];
  }
  s.problem.starts = s.starts;
  s.problem.choices = s.choices;
  s.problem.traits = s.traits;
  return s;
}

static void
free_sorted (Sorted *s)
{
  allocation_ranks_clear (&s->ranks);
  g_free (s->starts);
  g_free (s->choices);
  g_free (s->traits);
}

/* RESULT, whose applications are numbered by ORDER, in the caller's numbers. */
static AllocationResult *
number_back (const AllocationResult *result, const AllocationProblem *p, const guint32 *order, Arena *arena)
{
  guint32 *unit_of = arena_new0 (arena, guint32, p->n), *slots_of = arena_new0 (arena, guint32, p->n);
  guint32 *last = (guint32 *)result->last, *waiting = (guint32 *)result->waiting;
  for (size_t a = 0; a < p->n; a++) {
    unit_of[order[a]] = result->unit_of[a];
    slots_of[order[a]] = result->slots_of[a];
  }
  for (size_t s = 0; s < p->n_slots; s++)
    last[s] = last[s] == ALLOCATION_NOWHERE ? ALLOCATION_NOWHERE : order[last[s]];
  for (guint32 w = 0; w < result->waiting_starts[p->n_units]; w++)
    waiting[w] = order[waiting[w]];
  AllocationResult *back = arena_new0 (arena, AllocationResult, 1);
  *back = *result;
  back->unit_of = unit_of;
  back->slots_of = slots_of;
  return back;
}

/* R's problem is in the order of claims; what its collecting needs for a while is in SCRATCH. */
static AllocationResult
run_sorted (Running *r, Arena *arena, Arena *scratch)
{
  const AllocationProblem *p = r->problem;
  AllocationResult result = { 0 };
  r->next = g_new0 (guint32, MAX (p->n, 1));
  r->queue = g_new (guint32, MAX (p->n, 1)); /* an application is in it once */
  r->runs = g_new0 (Run, MAX (p->n_slots, 1));
  for (size_t s = 0; s < p->n_slots; s++)
    r->runs[s]
        = (Run){ .slots = &p->slots[s],
                 .held = g_array_new (FALSE, FALSE, sizeof (Claim)),
                 .limit = G_MAXUINT64,
                 .matched = p->slots[s].kind == ALLOCATION_MATCHED ? matched_new (&p->slots[s]) : NULL };
  if (p->n_regions)
    propose_by_rounds (r);
  else
    propose (r);
  for (size_t s = 0; s < p->n_slots; s++)
    if (r->runs[s].matched)
      list_matched (&r->runs[s]);
  collect_places (r, arena, scratch, &result);
  collect_waiting (r, arena, &result);
  for (size_t s = 0; s < p->n_slots; s++) {
    matched_free (r->runs[s].matched);
    g_array_unref (r->runs[s].held);
  }
  g_free (r->runs);
  g_free (r->queue);
  g_free (r->next);
  return result;
}

const AllocationResult *
allocation_run (const AllocationProblem *p, Arena *arena, GError **error)
{
  if (!check_problem (p, error))
    return NULL;
  g_autoptr (Arena) scratch = arena_new ();
  AllocationRanks ranks = allocation_rank (p);
  Sorted sorted = sort_problem (p, &ranks);
  Running r = { .problem = &sorted.problem, .ranks = sorted.ranks };
  AllocationResult result = run_sorted (&r, arena, scratch);
  const AllocationResult *back = number_back (&result, p, ranks.order, arena);
  free_sorted (&sorted);
  allocation_ranks_clear (&ranks);
  return back;
}
