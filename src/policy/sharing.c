/* The sharing catalogue: which facts a clause's departments read, from whom, and
 * which of its decisions uses them.  Computed from the decisions themselves.
 *
 * Source: 政务数据共享条例 (in force 2025-08-01), which has shared data listed with
 * provider and conditions of use; Personal Information Protection Law, articles 6 and 35. */
#include "policy_private.h"

/* DECISION and all it requires, each once. */
static void
add_decisions (const DmnDecision *decision, GPtrArray *found)
{
  if (!decision || g_ptr_array_find (found, decision, NULL))
    return;
  g_ptr_array_add (found, (gpointer)decision);
  for (size_t i = 0; i < decision->n_requires; i++)
    add_decisions (decision->requires_[i], found);
}

/* Whether DECISION itself follows ATTRIBUTE, from whatever subject it starts. */
static bool
decision_reads (const PolicyPackage *package, Arena *arena, const DmnDecision *decision,
                const RegistryAttribute *attribute)
{
  for (size_t i = 0; i < decision->n_paths; i++) {
    const FeelPath *path = &decision->paths[i];
    const char *variable = dmn_path_variable (decision, path);
    const RegistryEntity *entity = variable ? registry_schema_entity (package->schema, variable) : NULL;
    for (size_t k = 0; k < path->n && entity; k++) {
      const RegistryAttribute *step
          = registry_entity_attribute (entity, arena_text (arena, path->members[k]));
      if (step == attribute)
        return true;
      entity = step ? step->target : NULL;
    }
  }
  return false;
}

/* Everything CLAUSE may read: for its decisions, and for its service. */
static GPtrArray *
list_attributes (const PolicyPackage *package, Arena *arena, const PolicyClause *clause)
{
  size_t n;
  const RegistryAttribute *const *purpose = policy_clause_purpose (package, arena, clause, &n);
  GPtrArray *attributes = g_ptr_array_new ();
  for (size_t i = 0; i < n; i++)
    g_ptr_array_add (attributes, (gpointer)(gsize)purpose[i]);
  for (size_t i = 0; i < clause->n_fields; i++)
    if (!g_ptr_array_find (attributes, clause->fields[i].attribute, NULL))
      g_ptr_array_add (attributes, (gpointer)(gsize)clause->fields[i].attribute);
  return attributes;
}

static PolicyUse
use_of (const PolicyPackage *package, Arena *arena, const PolicyClause *clause, const GPtrArray *decisions,
        const RegistryAttribute *attribute)
{
  const DmnDecision **readers = arena_new0 (arena, const DmnDecision *, decisions->len);
  PolicyUse use = { .clause = clause, .attribute = attribute, .decisions = readers };
  for (guint d = 0; d < decisions->len; d++)
    if (decision_reads (package, arena, decisions->pdata[d], attribute))
      readers[use.n_decisions++] = decisions->pdata[d];
  for (size_t f = 0; f < clause->n_fields; f++)
    if (clause->fields[f].attribute == attribute)
      use.declared[clause->fields[f].use] = true;
  return use;
}

const PolicyUse *
policy_clause_uses (const PolicyPackage *package, Arena *arena, const PolicyClause *clause, size_t *n)
{
  g_autoptr (GPtrArray) decisions = g_ptr_array_new ();
  g_autoptr (GPtrArray) attributes = list_attributes (package, arena, clause);
  for (size_t i = 0; i < clause->n_provisions; i++) {
    add_decisions (clause->provisions[i].eligible, decisions);
    add_decisions (clause->provisions[i].amount, decisions);
  }
  PolicyUse *uses = arena_new0 (arena, PolicyUse, attributes->len);
  for (guint i = 0; i < attributes->len; i++)
    uses[i] = use_of (package, arena, clause, decisions, attributes->pdata[i]);
  *n = attributes->len;
  return uses;
}

bool
policy_clause_is_answered_by (const PolicyClause *clause, const char *department)
{
  return g_str_equal (clause->lead, department)
         || (clause->supporting && g_strv_contains (clause->supporting, department));
}
