/* What one clause asks about one kind of subject, and the program that answers it. */
#include "population_private.h"

static bool
is_counted (const Plan *plan, const PolicyProvision *provision)
{
  return provision->subject == plan->entity && plan->as_of >= provision->in_force_from
         && plan->as_of <= provision->in_force_to;
}

static void
add_paths (const Plan *plan, Arena *arena, const DmnDecision *decision, GArray *paths)
{
  size_t n = 0;
  const FeelPath *own
      = decision ? policy_decision_paths (plan->package, arena, plan->entity, decision, &n) : NULL;
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
plan_new (const PolicyPackage *package, Day as_of, Arena *arena, const PolicyClause *clause,
          const RegistryEntity *entity)
{
  Plan *plan = g_new0 (Plan, 1);
  *plan = (Plan){ .package = package, .as_of = as_of, .clause = clause, .entity = entity };
  plan->provisions = arena_new0 (arena, PlanProvision, clause->n_provisions);
  plan->targets = arena_new0 (arena, PlanTarget, clause->n_targets);
  plan->needs = g_ptr_array_new_with_free_func (g_free);
  pthread_mutex_init (&plan->mutex, NULL);
  g_autoptr (GArray) paths = g_array_new (FALSE, FALSE, sizeof (FeelPath));
  for (size_t i = 0; i < clause->n_provisions; i++) {
    const PolicyProvision *provision = &clause->provisions[i];
    if (!is_counted (plan, provision))
      continue;
    add_paths (plan, arena, provision->eligible, paths);
    add_paths (plan, arena, provision->amount, paths);
    plan->provisions[plan->n_provisions++] = plan_provision (arena, provision, i);
  }
  for (size_t i = 0; i < clause->n_targets; i++)
    for (size_t k = 0; k < plan->n_provisions; k++)
      if (plan->provisions[k].provision == clause->targets[i].provision) {
        add_paths (plan, arena, clause->targets[i].among, paths);
        plan->targets[plan->n_targets++]
            = (PlanTarget){ .index = i, .target = &clause->targets[i], .provision = k };
      }
  plan->n_paths = paths->len;
  plan->paths = arena_copy (arena, paths->data, paths->len * sizeof (FeelPath));
  return plan;
}

void
plan_free (Plan *plan)
{
  if (!plan)
    return;
  g_clear_pointer (&plan->program, columns_program_free);
  g_clear_pointer (&plan->arena, arena_free);
  g_ptr_array_unref (plan->needs);
  pthread_mutex_destroy (&plan->mutex);
  g_free (plan);
}

void
plan_attributes (const Plan *plan, GPtrArray *attributes)
{
  g_autoptr (Arena) arena = arena_new ();
  for (size_t p = 0; p < plan->n_paths; p++) {
    const RegistryEntity *entity = plan->entity;
    for (size_t i = 0; i < plan->paths[p].n && entity; i++) {
      const RegistryAttribute *a
          = registry_entity_attribute (entity, arena_text (arena, plan->paths[p].members[i]));
      if (a && !g_ptr_array_find (attributes, a, NULL))
        g_ptr_array_add (attributes, (gpointer)a);
      entity = a ? a->target : NULL;
    }
  }
}

size_t
plan_need (Plan *plan, const char *name)
{
  guint i = 0;
  pthread_mutex_lock (&plan->mutex);
  while (i < plan->needs->len && !g_str_equal (plan->needs->pdata[i], name))
    i++;
  if (i == plan->needs->len)
    g_ptr_array_add (plan->needs, g_strdup (name));
  pthread_mutex_unlock (&plan->mutex);
  return i;
}

/* ---- the program ------------------------------------------------------------ */

static size_t
ask (GPtrArray *asked, const DmnDecision *decision)
{
  guint place;
  if (g_ptr_array_find (asked, decision, &place))
    return place;
  g_ptr_array_add (asked, (gpointer)decision);
  return asked->len - 1;
}

/* The tables are asked as well: all their reasons are counted, also those of a table that
 * only a function reads. */
static void
ask_all (const Plan *plan, GPtrArray *asked)
{
  for (size_t i = 0; i < plan->n_provisions; i++) {
    PlanProvision *p = &plan->provisions[i];
    p->eligible = ask (asked, p->provision->eligible);
    if (p->provision->amount)
      p->amount = ask (asked, p->provision->amount);
    for (size_t t = 0; t < p->n_tables; t++)
      ask (asked, p->tables[t].decision);
  }
  for (size_t i = 0; i < plan->n_targets; i++)
    if (plan->targets[i].target->among)
      plan->targets[i].among = ask (asked, plan->targets[i].target->among);
}

/* Why the program has not all of P. */
static const char *
why_not (const Plan *plan, const PlanProvision *p, GPtrArray *asked)
{
  const char *why = columns_program_why (plan->program, p->eligible);
  if (!why && p->provision->amount)
    why = columns_program_why (plan->program, p->amount);
  for (size_t t = 0; t < p->n_tables && !why; t++)
    why = columns_program_why (plan->program, ask (asked, p->tables[t].decision));
  return why;
}

/* What the program may find missing, by the plan's numbers. */
static void
name_needs (Plan *plan, PlanProvision *p)
{
  const ColumnsNeed *needs = columns_program_needs (plan->program, p->eligible, &p->n_needs);
  p->needs = arena_new0 (plan->arena, size_t, p->n_needs);
  for (size_t i = 0; i < p->n_needs; i++)
    p->needs[i] = plan_need (plan, arena_text (plan->arena, needs[i].name));
}

void
plan_compile (Plan *plan, const ColumnsTable *table, FeelValue parameters, bool by_rows)
{
  g_autoptr (GPtrArray) asked = g_ptr_array_new ();
  g_clear_pointer (&plan->program, columns_program_free);
  g_clear_pointer (&plan->arena, arena_free);
  plan->arena = arena_new ();
  plan->compiled = true;
  plan->view = columns_table_view (table, plan->paths, plan->n_paths, plan->arena);
  plan->constants[0] = (FeelEntry){ text_of (POLICY_PARAMETERS), parameters };
  plan->constants[1] = (FeelEntry){ text_of (POLICY_DATE), feel_date (plan->as_of) };
  ColumnsWorld world = { plan->entity->zh, plan->view, plan->constants, G_N_ELEMENTS (plan->constants) };
  ask_all (plan, asked);
  g_autofree bool *asks = g_new0 (bool, asked->len + 1);
  for (size_t i = 0; i < plan->n_provisions; i++)
    asks[plan->provisions[i].eligible] = true;
  plan->program = columns_compile (&world, (const DmnDecision *const *)asked->pdata, asks, asked->len);
  for (size_t i = 0; i < plan->n_provisions; i++) {
    PlanProvision *p = &plan->provisions[i];
    const char *why = why_not (plan, p, asked);
    p->outside = why ? arena_text (plan->arena, text_of (why)) : NULL;
    p->by_rows = by_rows || p->outside;
    name_needs (plan, p);
  }
  for (size_t i = 0; i < plan->n_targets; i++) {
    PlanTarget *t = &plan->targets[i];
    t->by_rows = t->target->among && (by_rows || columns_program_why (plan->program, t->among));
  }
  if (!by_rows)
    return;
  columns_program_free (plan->program);
  plan->program = columns_compile (&world, NULL, NULL, 0);
}
