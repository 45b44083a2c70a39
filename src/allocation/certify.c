/* The certificate: a finished result, looked at without running anything.
 *
 * A run of slots chose rightly when nobody who passed it by (who holds a later run of the unit, or would
 * rather have the unit than what they hold) has a claim as good as a holder's, and when there was no room for
 * the best of them.  Of a matched run the choice among all who asked is made again, by chains of seats.
 * Claims are compared key by key as they were handed in, not by the ranks of the run. */
#include "allocation/matched.h"

typedef struct {
  guint32 applicant, choice;
} Claimant;

typedef struct {
  guint32 filled, n_last, n_best;
  Claimant last, best; /* the holder with the least claim; of those who passed by the best */
} Seen;

typedef struct {
  const AllocationProblem *problem;
  const guint32 *unit_of, *slots_of;
  Seen *seen;            /* per run */
  GArray **asked;        /* per run, of ALLOCATION_MATCHED: of Claimant, its holders and who passed it by */
  guint64 *in_region;    /* per region: places held */
  const guint32 *region; /* per run: whose cap it shares, or ALLOCATION_NOWHERE; NULL: there are no regions */
  const guint32 *target; /* per run */
  guint32 *culprit;
  GError **error;
} Certifying;

int
allocation_compare (const AllocationProblem *p, guint32 i, guint32 ci, guint32 j, guint32 cj, size_t *decides)
{
  for (size_t k = 0; k < p->n_keys; k++) {
    const AllocationKey *key = &p->keys[k];
    gint64 a = key->of_choice ? key->of_choice[ci] : key->of_applicant[i];
    gint64 b = key->of_choice ? key->of_choice[cj] : key->of_applicant[j];
    if (decides)
      *decides = k;
    if (a != b)
      return (a < b) == key->ascending ? -1 : 1;
  }
  if (decides)
    *decides = p->n_keys;
  if (p->ties != ALLOCATION_TIES_LOTTERY || i == j)
    return 0;
  int order = memcmp (p->tickets[i], p->tickets[j], ALLOCATION_TICKET_BYTES);
  return order ? order : i < j ? -1 : 1;
}

static bool
is_member (const AllocationProblem *p, const AllocationSlots *slots, guint32 applicant)
{
  return slots->kind == ALLOCATION_OPEN || (p->traits && p->traits[applicant] >> slots->trait & 1);
}

/* Below 0: A's claim on a slot of SLOTS is better. */
static int
compare_in (const AllocationProblem *p, const AllocationSlots *slots, Claimant a, Claimant b)
{
  bool x = is_member (p, slots, a.applicant), y = is_member (p, slots, b.applicant);
  return x != y ? (x ? -1 : 1) : allocation_compare (p, a.applicant, a.choice, b.applicant, b.choice, NULL);
}

static bool
fail (Certifying *c, guint32 applicant, const char *why)
{
  if (c->culprit)
    *c->culprit = applicant;
  g_set_error_literal (c->error, FAULT, FAULT_INPUT, why);
  return false;
}

static void
note_holder (Certifying *c, guint32 run, Claimant who)
{
  Seen *seen = &c->seen[run];
  if (c->asked[run]) {
    g_array_append_val (c->asked[run], who);
    seen->filled++;
    return;
  }
  int order = seen->filled ? compare_in (c->problem, &c->problem->slots[run], who, seen->last) : 1;
  if (order > 0)
    seen->last = who;
  seen->n_last = order > 0 ? 1 : seen->n_last + (order == 0);
  seen->filled++;
}

static void
note_passer (Certifying *c, guint32 run, Claimant who)
{
  Seen *seen = &c->seen[run];
  const AllocationSlots *slots = &c->problem->slots[run];
  if (c->asked[run]) {
    g_array_append_val (c->asked[run], who);
    return;
  }
  if (slots->kind == ALLOCATION_HARD && !is_member (c->problem, slots, who.applicant))
    return;
  int order = seen->n_best ? compare_in (c->problem, slots, who, seen->best) : -1;
  if (order < 0)
    seen->best = who;
  seen->n_best = order < 0 ? 1 : seen->n_best + (order == 0);
}

/* Notes I as holder and passer; false when they hold what they cannot. */
static bool
note_applicant (Certifying *c, guint32 i)
{
  const AllocationProblem *p = c->problem;
  guint32 held = c->unit_of[i], at = p->starts[i];
  for (; at < p->starts[i + 1] && p->choices[at] != held; at++) {
    const AllocationUnit *unit = &p->units[p->choices[at]];
    for (guint32 s = 0; s < unit->n_slots; s++)
      note_passer (c, unit->first + s, (Claimant){ i, at });
  }
  if (held == ALLOCATION_NOWHERE)
    return true;
  if (at == p->starts[i + 1])
    return fail (c, i, "holds a place that is none of their wishes");
  const AllocationUnit *unit = &p->units[held];
  guint32 slots = c->slots_of[i];
  if (slots >= unit->n_slots
      || (p->slots[unit->first + slots].kind == ALLOCATION_HARD
          && !is_member (p, &p->slots[unit->first + slots], i)))
    return fail (c, i, "holds a slot that is not for them");
  for (guint32 s = 0; s < slots; s++)
    note_passer (c, unit->first + s, (Claimant){ i, at });
  note_holder (c, unit->first + slots, (Claimant){ i, at });
  return true;
}

/* Whether the cap of its region keeps the run from one more: not before its target. */
static bool
is_capped (const Certifying *c, guint32 run)
{
  guint32 region = c->region ? c->region[run] : ALLOCATION_NOWHERE;
  return region != ALLOCATION_NOWHERE && c->seen[run].filled >= c->target[run]
         && c->in_region[region] >= c->problem->regions[region].cap;
}

static bool
check_run (Certifying *c, guint32 run)
{
  const Seen *seen = &c->seen[run];
  const AllocationSlots *slots = &c->problem->slots[run];
  bool admit_all = c->problem->ties == ALLOCATION_TIES_ADMIT_ALL;
  if (seen->filled > slots->n && (!admit_all || seen->filled - seen->n_last >= slots->n))
    return fail (c, seen->last.applicant, "holds a place beyond those that there are");
  if (!seen->n_best)
    return true;
  if (seen->filled && compare_in (c->problem, slots, seen->best, seen->last) <= 0)
    return fail (c, seen->best.applicant, "was refused a place that somebody with no better claim holds");
  guint64 with_them = (guint64)seen->filled + (admit_all ? 1 : seen->n_best);
  return with_them > slots->n || is_capped (c, run)
         || fail (c, seen->best.applicant, "was refused a place that is empty");
}

/* Sums the regions up, into REGION and TARGET per run. */
static bool
check_regions (Certifying *c, guint32 *region, guint32 *target)
{
  const AllocationProblem *p = c->problem;
  for (size_t u = 0; u < p->n_units; u++)
    for (guint32 s = p->units[u].first; s < p->units[u].first + p->units[u].n_slots; s++) {
      region[s] = p->units[u].region;
      target[s] = p->units[u].target;
      if (region[s] == ALLOCATION_NOWHERE)
        continue;
      c->in_region[region[s]] += c->seen[s].filled;
      if (c->in_region[region[s]] > p->regions[region[s]].cap)
        return fail (c, c->seen[s].last.applicant, "holds a place beyond the cap of a region");
    }
  c->region = region;
  c->target = target;
  return true;
}

/* ---- matched runs ------------------------------------------------------- */

static gint
by_claim (gconstpointer a, gconstpointer b, gpointer problem)
{
  const Claimant *x = a, *y = b;
  return allocation_compare (problem, x->applicant, x->choice, y->applicant, y->choice, NULL);
}

static bool
holds (const Certifying *c, guint32 run, const Claimant *who)
{
  const AllocationUnit *unit = &c->problem->units[c->problem->choices[who->choice]];
  return c->unit_of[who->applicant] == c->problem->choices[who->choice]
         && unit->first + c->slots_of[who->applicant] == run;
}

static bool
check_matched (Certifying *c, guint32 run)
{
  const AllocationProblem *p = c->problem;
  const AllocationSlots *slots = &p->slots[run];
  guint n = c->asked[run]->len;
  Claimant *asked = (Claimant *)(void *)c->asked[run]->data;
  g_autofree guint8 *masks = g_new0 (guint8, MAX (n, 1));
  g_autofree bool *chosen = g_new0 (bool, MAX (n, 1));
  g_qsort_with_data (asked, (gint)n, sizeof *asked, by_claim, (gpointer)p);
  for (guint i = 0; i < n; i++)
    masks[i] = matched_mask (slots, p->traits ? p->traits[asked[i].applicant] : 0);
  matched_choose (slots, masks, n, chosen);
  for (guint i = 0; i < n; i++)
    if (chosen[i] && !holds (c, run, &asked[i]))
      return fail (c, asked[i].applicant,
                   c->seen[run].filled < slots->n
                       ? "was refused a place that is empty"
                       : "was refused a place that somebody with no better claim holds");
    else if (!chosen[i] && holds (c, run, &asked[i]))
      return fail (c, asked[i].applicant, "holds a place beyond those that there are");
  return true;
}

static void
free_asked (gpointer asked)
{
  if (asked)
    g_array_unref (asked);
}

bool
allocation_certify (const AllocationProblem *p, const guint32 *unit_of, const guint32 *slots_of,
                    guint32 *culprit, GError **error)
{
  g_autofree Seen *seen = g_new0 (Seen, MAX (p->n_slots, 1));
  g_autoptr (GPtrArray) asked = g_ptr_array_new_full ((guint)p->n_slots, free_asked);
  for (guint32 run = 0; run < p->n_slots; run++)
    g_ptr_array_add (asked, p->slots[run].kind == ALLOCATION_MATCHED
                                ? g_array_new (FALSE, FALSE, sizeof (Claimant))
                                : NULL);
  g_autofree guint64 *in_region = g_new0 (guint64, MAX (p->n_regions, 1));
  g_autofree guint32 *region = g_new (guint32, MAX (p->n_slots, 1)),
                     *target = g_new (guint32, MAX (p->n_slots, 1));
  Certifying c = { .problem = p,
                   .unit_of = unit_of,
                   .slots_of = slots_of,
                   .seen = seen,
                   .asked = (GArray **)(void *)asked->pdata,
                   .in_region = in_region,
                   .culprit = culprit,
                   .error = error };
  for (guint32 i = 0; i < p->n; i++)
    if (!note_applicant (&c, i))
      return false;
  if (p->n_regions && !check_regions (&c, region, target))
    return false;
  for (guint32 run = 0; run < p->n_slots; run++)
    if (c.asked[run] ? !check_matched (&c, run) : !check_run (&c, run))
      return false;
  return true;
}
