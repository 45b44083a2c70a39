/* Purpose: which facts and parameters a clause may read, computed from its
 * decisions (design: "purpose is computed"). */
#include "policy_private.h"
#include "purpose.h"

static void
add_closure (const PolicyPackage *package, Arena *arena, const DmnDecision *d, const char *variable,
             GArray *paths)
{
  if (!d)
    return;
  size_t n;
  const FeelPath *closure = dmn_decision_closure (package->model, arena, d, &n);
  for (size_t i = 0; i < n; i++)
    if (strcmp (dmn_path_variable (d, &closure[i]), variable) == 0)
      g_array_append_val (paths, closure[i]);
}

const FeelPath *
purpose_paths (const PolicyPackage *package, Arena *arena, const PolicyProvision *provision, size_t *n)
{
  const char *variable = provision->subject->zh;
  g_autoptr (GArray) paths = g_array_new (FALSE, FALSE, sizeof (FeelPath));
  add_closure (package, arena, provision->eligible, variable, paths);
  add_closure (package, arena, provision->amount, variable, paths);
  *n = paths->len;
  return arena_copy (arena, paths->data, paths->len * sizeof (FeelPath));
}

const PolicyParameter *const *
policy_decision_parameters (const PolicyPackage *package, Arena *arena, const DmnDecision *decision,
                            size_t *n)
{
  g_autoptr (GArray) paths = g_array_new (FALSE, FALSE, sizeof (FeelPath));
  add_closure (package, arena, decision, POLICY_PARAMETERS, paths);
  const PolicyParameter **parameters = arena_new0 (arena, const PolicyParameter *, paths->len);
  *n = 0;
  for (guint i = 0; i < paths->len; i++) {
    const FeelPath *path = &g_array_index (paths, FeelPath, i);
    const PolicyParameter *p
        = path->n ? policy_parameter (package, arena_text (arena, path->members[0])) : NULL;
    if (p)
      parameters[(*n)++] = p;
  }
  return parameters;
}

/* The attributes along PATH, each once. */
static void
add_attributes (const RegistryEntity *entity, const FeelPath *path, Arena *arena, GPtrArray *attributes)
{
  for (size_t i = 0; i < path->n && entity; i++) {
    const RegistryAttribute *a = registry_entity_attribute (entity, arena_text (arena, path->members[i]));
    if (!a)
      return;
    if (!g_ptr_array_find (attributes, a, NULL))
      g_ptr_array_add (attributes, (gpointer)a);
    entity = a->target;
  }
}

static void
add_purpose (const PolicyPackage *package, Arena *arena, const PolicyProvision *provision,
             GPtrArray *attributes)
{
  size_t n;
  const FeelPath *paths = purpose_paths (package, arena, provision, &n);
  for (size_t i = 0; i < n; i++)
    add_attributes (provision->subject, &paths[i], arena, attributes);
}

const RegistryAttribute *const *
policy_provision_purpose (const PolicyPackage *package, Arena *arena, const PolicyProvision *provision,
                          size_t *n)
{
  g_autoptr (GPtrArray) attributes = g_ptr_array_new ();
  add_purpose (package, arena, provision, attributes);
  *n = attributes->len;
  return arena_copy (arena, attributes->pdata, attributes->len * sizeof (gpointer));
}

const RegistryAttribute *const *
policy_clause_purpose (const PolicyPackage *package, Arena *arena, const PolicyClause *clause, size_t *n)
{
  g_autoptr (GPtrArray) attributes = g_ptr_array_new ();
  for (size_t i = 0; i < clause->n_provisions; i++)
    add_purpose (package, arena, &clause->provisions[i], attributes);
  *n = attributes->len;
  return arena_copy (arena, attributes->pdata, attributes->len * sizeof (gpointer));
}
