/* Purpose: which facts and parameters a clause may read, computed from its
 * decisions, and what its service declares beside them. */
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

/* ---- for access -------------------------------------------------------- */

typedef struct {
  const RegistryEntity *entity;
  GArray *paths; /* FeelPath */
} Root;

static GArray *
root_paths (GArray *roots, const RegistryEntity *entity)
{
  for (guint i = 0; i < roots->len; i++)
    if (g_array_index (roots, Root, i).entity == entity)
      return g_array_index (roots, Root, i).paths;
  Root root = { entity, g_array_new (FALSE, FALSE, sizeof (FeelPath)) };
  g_array_append_val (roots, root);
  return root.paths;
}

/* What CLAUSE needs of whom: of each provision's subject what its decisions can read, of who
 * may ask the reference that leads to the subject, and what the service declares. */
static void
collect_roots (const PolicyPackage *package, const PolicyClause *clause, GArray *roots)
{
  for (size_t i = 0; i < clause->n_provisions; i++) {
    const PolicyProvision *provision = &clause->provisions[i];
    size_t n;
    if (!provision->subject)
      continue; /* a fault, which is said already */
    const FeelPath *paths = purpose_paths (package, package->arena, provision, &n);
    g_array_append_vals (root_paths (roots, provision->subject), paths, (guint)n);
    if (!provision->applicant)
      continue;
    Text *reference = arena_new0 (package->arena, Text, 1);
    *reference = text_of (provision->applicant->zh);
    FeelPath path = { .n = 1, .members = reference };
    g_array_append_val (root_paths (roots, provision->applicant->entity), path);
  }
  for (size_t i = 0; i < clause->n_fields; i++)
    g_array_append_val (root_paths (roots, clause->fields[i].root), clause->fields[i].path);
}

static const char *const *
departments_of (Arena *arena, const PolicyClause *clause)
{
  guint n = clause->supporting ? g_strv_length ((char **)(gsize)clause->supporting) : 0;
  const char **departments = arena_new0 (arena, const char *, n + 2);
  departments[0] = clause->lead;
  for (guint i = 0; i < n; i++)
    departments[1 + i] = clause->supporting[i];
  return departments;
}

static AccessPurpose
purpose_of (const PolicyPackage *package, const PolicyClause *clause)
{
  Arena *arena = package->arena;
  g_autoptr (GArray) roots = g_array_new (FALSE, FALSE, sizeof (Root));
  collect_roots (package, clause, roots);
  AccessRoot *kept = arena_new0 (arena, AccessRoot, roots->len);
  for (guint i = 0; i < roots->len; i++) {
    const Root *root = &g_array_index (roots, Root, i);
    kept[i] = (AccessRoot){ .entity = root->entity, .n_paths = root->paths->len };
    kept[i].paths = arena_copy (arena, root->paths->data, root->paths->len * sizeof (FeelPath));
    g_array_unref (root->paths);
  }
  return (AccessPurpose){ .id = arena_printf (arena, "clause-%d", clause->number),
                          .departments = departments_of (arena, clause),
                          .roots = kept,
                          .n_roots = roots->len };
}

void
purposes_compute (PolicyPackage *package)
{
  AccessPurpose *purposes = arena_new0 (package->arena, AccessPurpose, package->clauses->len);
  package->purposes = purposes;
  for (guint i = 0; i < package->clauses->len; i++) {
    PolicyClause *clause = package->clauses->pdata[i];
    if (!clause->n_provisions)
      continue;
    purposes[package->n_purposes] = purpose_of (package, clause);
    clause->purpose = &purposes[package->n_purposes++];
  }
}

void
policy_hand_purposes (const PolicyPackage *package, Access *access)
{
  access_set_purposes (access, package->purposes, package->n_purposes);
}

const AccessPermit *
policy_permit (Access *access, Arena *arena, const AccessAccount *who, const PolicyClause *clause,
               Subject subject, GError **error)
{
  if (clause->purpose)
    return access_permit (access, arena, who, clause->purpose->id, subject, error);
  g_set_error (error, FAULT, FAULT_USAGE, "clause %d is not executable yet: it has no clause file",
               clause->number);
  return NULL;
}
