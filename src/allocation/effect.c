/* The same draw with its reserves and with every slot open. */
#include "allocation/allocation.h"

static void
count_effect (AllocationGroupEffect *group, bool placed, bool placed_without, int order)
{
  group->n++;
  group->placed += placed;
  group->placed_without += placed_without;
  group->gain += order < 0;
  group->lose += order > 0;
}

const AllocationEffect *
allocation_effect (const AllocationProblem *p, const AllocationResult *result, Arena *arena, GError **error)
{
  g_autofree AllocationSlots *open = g_memdup2 (p->slots, p->n_slots * sizeof *open);
  for (size_t s = 0; s < p->n_slots; s++)
    open[s].kind = ALLOCATION_OPEN;
  AllocationProblem without = *p;
  without.slots = open;
  AllocationEffect *effect = arena_new0 (arena, AllocationEffect, 1);
  effect->without = allocation_run (&without, arena, error);
  if (!effect->without)
    return NULL;
  for (guint32 i = 0; i < p->n; i++) {
    guint32 had = result->unit_of[i], has = effect->without->unit_of[i];
    guint32 with = allocation_choice_of (p, i, had), alone = allocation_choice_of (p, i, has);
    bool placed = had != ALLOCATION_NOWHERE, placed_without = has != ALLOCATION_NOWHERE;
    int order = (with > alone) - (with < alone);
    count_effect (&effect->everybody, placed, placed_without, order);
    for (guint64 traits = p->traits ? p->traits[i] : 0; traits; traits &= traits - 1)
      count_effect (&effect->of[__builtin_ctzll (traits)], placed, placed_without, order);
  }
  return effect;
}

static void
write_group (JsonWriter *w, const char *trait, const AllocationGroupEffect *group)
{
  json_begin_object (w);
  json_member_str (w, "trait", trait);
  json_member_int (w, "applicants", group->n);
  json_member_int (w, "placed", group->placed);
  json_member_int (w, "placed_without", group->placed_without);
  json_member_int (w, "gain", group->gain);
  json_member_int (w, "lose", group->lose);
  json_end_object (w);
}

static const char *
unit_name (const AllocationSpec *spec, guint32 unit)
{
  return unit == ALLOCATION_NOWHERE ? NULL : spec->units[unit].id;
}

void
allocation_write_effect (JsonWriter *w, const AllocationSpec *spec, const AllocationProblem *p,
                         const AllocationResult *result, const AllocationEffect *effect)
{
  json_begin_object (w);
  json_member_str (w, "pool", spec->pool);
  json_member_array (w, "groups");
  write_group (w, NULL, &effect->everybody);
  for (size_t t = 0; t < spec->n_traits; t++)
    write_group (w, spec->traits[t], &effect->of[t]);
  json_end_array (w);
  json_member_array (w, "moved");
  for (guint32 i = 0; i < p->n; i++) {
    guint32 had = result->unit_of[i], has = effect->without->unit_of[i];
    if (had == has)
      continue;
    json_begin_object (w);
    json_member_str (w, "applicant", spec->ids[i]);
    json_member_str (w, "unit", unit_name (spec, had));
    json_member_str (w, "unit_without", unit_name (spec, has));
    json_end_object (w);
  }
  json_end_array (w);
  json_end_object (w);
}
