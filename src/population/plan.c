/* What one clause asks about one kind of subject. */
#include "population_private.h"

static bool
is_counted (const Plan *plan, const PolicyProvision *provision)
{
  Day as_of = plan->options->as_of;
  return provision->subject == plan->entity && as_of >= provision->in_force_from
         && as_of <= provision->in_force_to;
}

static void
add_paths (const Plan *plan, Arena *arena, const DmnDecision *decision, GArray *paths)
{
  size_t n = 0;
  const FeelPath *own
      = decision ? policy_decision_paths (plan->options->package, arena, plan->entity, decision, &n) : NULL;
  if (n)
    g_array_append_vals (paths, own, (guint)n);
}

/* DECISION's table, and those of all that it asks, each once. */
static void
add_tables (const DmnDecision *decision, GPtrArray *seen, GArray *tables, PlanProvision *p)
{
  if (g_ptr_array_find (seen, decision, NULL))
    return;
  g_ptr_array_add (seen, (gpointer)decision);
  if (decision->table && decision->role == DMN_DECISION) {
    PlanTable table = { decision, p->n_rules, p->n_conditions };
    p->n_rules += decision->table->n_rules;
    p->n_conditions += decision->table->n_rules * decision->table->n_inputs;
    g_array_append_val (tables, table);
  }
  for (size_t i = 0; i < decision->n_requires; i++)
    add_tables (decision->requires_[i], seen, tables, p);
}

static PlanProvision
plan_provision (Arena *arena, const PolicyProvision *provision, size_t index)
{
  g_autoptr (GPtrArray) seen = g_ptr_array_new ();
  g_autoptr (GArray) tables = g_array_new (FALSE, FALSE, sizeof (PlanTable));
  PlanProvision p = { .index = index, .provision = provision };
  add_tables (provision->eligible, seen, tables, &p);
  p.n_tables = tables->len;
  p.tables = arena_copy (arena, tables->data, tables->len * sizeof (PlanTable));
  return p;
}

Plan *
plan_new (const PopulationOptions *options, Arena *arena, const PolicyClause *clause,
          const RegistryEntity *entity)
{
  Plan *plan = arena_new0 (arena, Plan, 1);
  *plan = (Plan){ .options = options, .clause = clause, .entity = entity };
  PlanProvision *provisions = arena_new0 (arena, PlanProvision, clause->n_provisions);
  PlanTarget *targets = arena_new0 (arena, PlanTarget, clause->n_targets);
  g_autoptr (GArray) paths = g_array_new (FALSE, FALSE, sizeof (FeelPath));
  for (size_t i = 0; i < clause->n_provisions; i++) {
    const PolicyProvision *provision = &clause->provisions[i];
    if (!is_counted (plan, provision))
      continue;
    add_paths (plan, arena, provision->eligible, paths);
    add_paths (plan, arena, provision->amount, paths);
    provisions[plan->n_provisions++] = plan_provision (arena, provision, i);
  }
  for (size_t i = 0; i < clause->n_targets; i++)
    for (size_t k = 0; k < plan->n_provisions; k++)
      if (provisions[k].provision == clause->targets[i].provision) {
        add_paths (plan, arena, clause->targets[i].among, paths);
        targets[plan->n_targets++] = (PlanTarget){ i, &clause->targets[i], k };
      }
  plan->provisions = provisions;
  plan->targets = targets;
  plan->n_paths = paths->len;
  plan->paths = arena_copy (arena, paths->data, paths->len * sizeof (FeelPath));
  return plan;
}
