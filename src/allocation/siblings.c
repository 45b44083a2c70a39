/* Passes of the same draw, in which places of siblings become tiers of each other's claims. */
#include "allocation/allocation.h"

typedef guint8 Ticket[ALLOCATION_TICKET_BYTES];

typedef struct {
  const AllocationProblem *given;
  const guint32 *family_of;
  guint32 *starts, *members; /* of family f: starts[f] … starts[f + 1] */
  guint32 *at_unit;          /* per unit: members of the family that is looked at; else 0 */
  AllocationProblem problem; /* given, with `tier` in front */
  gint64 *tier, *kept_tier;  /* per choice */
  guint32 *units;            /* per pass n of them: who got what */
  AllocationSiblings *out;
} Passes;

/* Members by family, in the order of their numbers. */
static bool
gather_families (Passes *p, GError **error)
{
  size_t n = p->given->n;
  p->starts = g_new0 (guint32, n + 2);
  p->members = g_new (guint32, MAX (n, 1));
  for (size_t i = 0; i < n; i++) {
    guint32 family = p->family_of[i];
    if (family == ALLOCATION_NOWHERE)
      continue;
    if (family >= n) {
      g_set_error (error, FAULT, FAULT_INPUT, "the family %u of application %zu is not below %zu", family, i,
                   n);
      return false;
    }
    p->starts[family + 2]++;
  }
  for (size_t f = 0; f < n; f++) {
    p->out->n_families += p->starts[f + 2] > 1;
    p->starts[f + 2] += p->starts[f + 1];
  }
  for (guint32 i = 0; i < n; i++)
    if (p->family_of[i] != ALLOCATION_NOWHERE)
      p->members[p->starts[p->family_of[i] + 1]++] = i;
  return true;
}

/* Every member with the smallest ticket of the family; between them their numbers decide. */
static const Ticket *
shared_tickets (const Passes *p, Arena *arena)
{
  if (!p->given->tickets)
    return NULL;
  Ticket *shared = arena_copy (arena, p->given->tickets, p->given->n * sizeof *shared);
  for (size_t f = 0; f < p->given->n; f++) {
    const guint8 *best = NULL;
    for (guint32 m = p->starts[f]; m < p->starts[f + 1]; m++) {
      const guint8 *ticket = p->given->tickets[p->members[m]];
      if (!best || memcmp (ticket, best, sizeof (Ticket)) < 0)
        best = ticket;
    }
    for (guint32 m = p->starts[f]; m < p->starts[f + 1]; m++)
      memcpy (shared[p->members[m]], best, sizeof (Ticket));
  }
  return (const Ticket *)shared;
}

/* Counts how many of the family F each unit holds; BY −1 takes them away again. */
static void
count_family (Passes *p, const guint32 *unit_of, size_t f, guint32 by)
{
  for (guint32 m = p->starts[f]; m < p->starts[f + 1]; m++)
    if (unit_of[p->members[m]] != ALLOCATION_NOWHERE)
      p->at_unit[unit_of[p->members[m]]] += by;
}

static AllocationTogether
count_together (Passes *p, const guint32 *unit_of)
{
  AllocationTogether together = { 0 };
  for (size_t f = 0; f < p->given->n; f++) {
    guint32 size = p->starts[f + 1] - p->starts[f], with_sibling = 0, whole = 0;
    if (size < 2)
      continue;
    count_family (p, unit_of, f, 1);
    for (guint32 m = p->starts[f]; m < p->starts[f + 1]; m++) {
      guint32 unit = unit_of[p->members[m]];
      guint32 there = unit == ALLOCATION_NOWHERE ? 0 : p->at_unit[unit];
      with_sibling += there > 1;
      whole += there == size;
    }
    count_family (p, unit_of, f, (guint32)-1);
    together.siblings += with_sibling;
    together.families += whole == size;
  }
  return together;
}

/* 1 for each choice of a unit that holds a sibling by UNIT_OF. */
static void
set_tier (Passes *p, const guint32 *unit_of)
{
  const AllocationProblem *given = p->given;
  memset (p->tier, 0, given->starts[given->n] * sizeof *p->tier);
  for (size_t f = 0; f < given->n; f++) {
    count_family (p, unit_of, f, 1);
    for (guint32 m = p->starts[f]; m < p->starts[f + 1]; m++) {
      guint32 i = p->members[m];
      for (guint32 c = given->starts[i]; c < given->starts[i + 1]; c++)
        p->tier[c] = p->at_unit[given->choices[c]] > (unit_of[i] == given->choices[c]);
    }
    count_family (p, unit_of, f, (guint32)-1);
  }
}

/* Who gets what as the problem stands now, into UNITS. */
static bool
run_once (Passes *p, guint32 *units, GError **error)
{
  g_autoptr (Arena) scratch = arena_new ();
  const AllocationResult *result = allocation_run (&p->problem, scratch, error);
  if (result && p->given->n)
    memcpy (units, result->unit_of, p->given->n * sizeof *units);
  return result != NULL;
}

static bool
is_repeated (const Passes *p, guint32 pass)
{
  size_t n = p->given->n;
  for (guint32 before = 0; before < pass; before++)
    if (memcmp (p->units + before * n, p->units + pass * n, n * sizeof *p->units) == 0)
      return true;
  return false;
}

static void
keep (Passes *p, guint32 pass, AllocationTogether together)
{
  p->out->kept = pass;
  p->out->after = together;
  memcpy (p->kept_tier, p->tier, p->given->starts[p->given->n] * sizeof *p->tier);
}

/* The passes; the tiers of the best one are kept. */
static bool
run_passes (Passes *p, Arena *arena, GError **error)
{
  size_t n = p->given->n;
  if (!run_once (p, p->units, error))
    return false;
  p->out->before = count_together (p, p->units);
  p->problem.tickets = shared_tickets (p, arena);
  for (guint32 pass = 0; pass <= ALLOCATION_SIBLING_PASSES; pass++) {
    guint32 *units = p->units + pass * n;
    if (pass)
      set_tier (p, units - n);
    if (!run_once (p, units, error))
      return false;
    p->out->passes = pass;
    AllocationTogether together = count_together (p, units);
    if (pass == 0 || together.siblings > p->out->after.siblings)
      keep (p, pass, together);
    if (is_repeated (p, pass))
      break;
  }
  if (p->out->before.siblings > p->out->after.siblings) {
    memset (p->tier, 0, p->given->starts[n] * sizeof *p->tier);
    keep (p, ALLOCATION_NOWHERE, p->out->before);
    p->problem.tickets = p->given->tickets;
  }
  return true;
}

static void
put_tier_in_front (Passes *p, Arena *arena)
{
  const AllocationProblem *given = p->given;
  AllocationKey *keys = arena_new0 (arena, AllocationKey, given->n_keys + 1);
  keys[0].of_choice = p->tier;
  if (given->n_keys)
    memcpy (keys + 1, given->keys, given->n_keys * sizeof *keys);
  p->problem = *given;
  p->problem.keys = keys;
  p->problem.n_keys++;
}

const AllocationSiblings *
allocation_siblings (const AllocationProblem *problem, const guint32 *family_of, Arena *arena, GError **error)
{
  if (problem->mechanism == ALLOCATION_SERIAL) {
    g_set_error_literal (error, FAULT, FAULT_INPUT,
                         "one ranking for all units can have no tier for where a sibling is");
    return NULL;
  }
  size_t n_choices = problem->starts[problem->n];
  AllocationSiblings *out = arena_new0 (arena, AllocationSiblings, 1);
  g_autofree gint64 *tier = g_new0 (gint64, MAX (n_choices, 1));
  g_autofree guint32 *at_unit = g_new0 (guint32, MAX (problem->n_units, 1));
  g_autofree guint32 *units = g_new (guint32, MAX (problem->n, 1) * (ALLOCATION_SIBLING_PASSES + 1));
  Passes p = {
    .given = problem, .family_of = family_of, .at_unit = at_unit, .tier = tier, .units = units, .out = out
  };
  p.kept_tier = arena_new0 (arena, gint64, MAX (n_choices, 1));
  put_tier_in_front (&p, arena);
  bool ok = gather_families (&p, error) && run_passes (&p, arena, error);
  g_free (p.starts);
  g_free (p.members);
  if (!ok)
    return NULL;
  ((AllocationKey *)p.problem.keys)[0].of_choice = p.kept_tier;
  out->problem = p.problem;
  out->result = allocation_run (&out->problem, arena, error);
  return out->result ? out : NULL;
}

const AllocationResult *
allocation_spec_run (const AllocationSpec *spec, AllocationProblem *problem,
                     const AllocationSiblings **siblings, Arena *arena, GError **error)
{
  *siblings = NULL;
  if (!spec->family_of)
    return allocation_run (problem, arena, error);
  AllocationProblem *given = arena_copy (arena, problem, sizeof *problem);
  *siblings = allocation_siblings (given, spec->family_of, arena, error);
  if (!*siblings)
    return NULL;
  *problem = (*siblings)->problem;
  return (*siblings)->result;
}
