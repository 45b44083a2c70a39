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

static void
add_ask (GArray *asks, const DmnDecision *decision, const RegistryEntity *root)
{
  PurposeAsk ask = { decision, root };
  if (decision && root)
    g_array_append_val (asks, ask);
}

void
purpose_allocation_asks (GArray *asks, const PolicyAllocation *a)
{
  const RegistryEntity *const both[] = { a->applicant, a->place };
  for (size_t k = 0; k < G_N_ELEMENTS (both); k++) {
    add_ask (asks, a->eligible, both[k]);
    for (size_t i = 0; i < a->n_priorities; i++)
      add_ask (asks, a->priorities[i].decision, both[k]);
    for (size_t i = 0; i < a->n_reserves; i++)
      add_ask (asks, a->reserves[i].members, both[k]);
  }
  add_ask (asks, a->capacity.decision, a->place);
  for (size_t i = 0; i < a->n_reserves; i++)
    add_ask (asks, a->reserves[i].number.decision, a->place);
}

void
purpose_number_paths (Arena *arena, const PolicyAllocation *a, GArray *paths)
{
  for (size_t i = 0; i <= a->n_reserves; i++) {
    const PolicyNumber *number = i ? &a->reserves[i - 1].number : &a->capacity;
    if (!number->attribute)
      continue;
    Text *name = arena_new0 (arena, Text, 1);
    *name = text_of (number->attribute->zh);
    FeelPath path = { .n = 1, .members = name };
    g_array_append_val (paths, path);
  }
}

GArray *
purpose_asks (const PolicyClause *clause)
{
  GArray *asks = g_array_new (FALSE, FALSE, sizeof (PurposeAsk));
  for (size_t i = 0; i < clause->n_provisions; i++) {
    add_ask (asks, clause->provisions[i].eligible, clause->provisions[i].subject);
    add_ask (asks, clause->provisions[i].amount, clause->provisions[i].subject);
    add_ask (asks, clause->provisions[i].unserved, clause->provisions[i].subject);
  }
  for (size_t i = 0; i < clause->n_targets; i++)
    if (clause->targets[i].provision)
      add_ask (asks, clause->targets[i].among, clause->targets[i].provision->subject);
  for (size_t i = 0; i < clause->n_allocations; i++)
    purpose_allocation_asks (asks, &clause->allocations[i]);
  return asks;
}

const FeelPath *
policy_decision_paths (const PolicyPackage *package, Arena *arena, const RegistryEntity *root,
                       const DmnDecision *decision, size_t *n)
{
  g_autoptr (GArray) paths = g_array_new (FALSE, FALSE, sizeof (FeelPath));
  add_closure (package, arena, decision, root->zh, paths);
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

static const RegistryAttribute *const *
attributes_of (const PolicyPackage *package, Arena *arena, const GArray *asks, size_t *n)
{
  g_autoptr (GPtrArray) attributes = g_ptr_array_new ();
  for (guint i = 0; i < asks->len; i++) {
    const PurposeAsk *ask = &g_array_index (asks, PurposeAsk, i);
    size_t n_paths;
    const FeelPath *paths = policy_decision_paths (package, arena, ask->root, ask->decision, &n_paths);
    for (size_t p = 0; p < n_paths; p++)
      add_attributes (ask->root, &paths[p], arena, attributes);
  }
  *n = attributes->len;
  return arena_copy (arena, attributes->pdata, attributes->len * sizeof (gpointer));
}

const RegistryAttribute *const *
policy_provision_purpose (const PolicyPackage *package, Arena *arena, const PolicyProvision *provision,
                          size_t *n)
{
  g_autoptr (GArray) asks = g_array_new (FALSE, FALSE, sizeof (PurposeAsk));
  add_ask (asks, provision->eligible, provision->subject);
  add_ask (asks, provision->amount, provision->subject);
  return attributes_of (package, arena, asks, n);
}

const RegistryAttribute *const *
policy_clause_purpose (const PolicyPackage *package, Arena *arena, const PolicyClause *clause, size_t *n)
{
  g_autoptr (GArray) asks = purpose_asks (clause);
  return attributes_of (package, arena, asks, n);
}

const RegistryAttribute *const *
policy_attributes (const PolicyPackage *package, Arena *arena, size_t *n)
{
  g_autoptr (GArray) all = g_array_new (FALSE, FALSE, sizeof (PurposeAsk));
  for (guint i = 0; i < package->pages->len; i++) {
    g_autoptr (GArray) asks = purpose_asks (package->pages->pdata[i]);
    g_array_append_vals (all, asks->data, asks->len);
  }
  return attributes_of (package, arena, all, n);
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
  g_autoptr (GArray) asks = purpose_asks (clause);
  for (guint i = 0; i < asks->len; i++) {
    const PurposeAsk *ask = &g_array_index (asks, PurposeAsk, i);
    size_t n;
    const FeelPath *paths = policy_decision_paths (package, package->arena, ask->root, ask->decision, &n);
    g_array_append_vals (root_paths (roots, ask->root), paths, (guint)n);
  }
  for (size_t i = 0; i < clause->n_provisions; i++) {
    const PolicyProvision *provision = &clause->provisions[i];
    if (!provision->subject || !provision->applicant)
      continue; /* a fault, which is said already; or nothing to follow */
    Text *reference = arena_new0 (package->arena, Text, 1);
    *reference = text_of (provision->applicant->zh);
    FeelPath path = { .n = 1, .members = reference };
    g_array_append_val (root_paths (roots, provision->applicant->entity), path);
  }
  for (size_t i = 0; i < clause->n_fields; i++)
    g_array_append_val (root_paths (roots, clause->fields[i].root), clause->fields[i].path);
  for (size_t i = 0; i < clause->n_allocations; i++)
    if (clause->allocations[i].place)
      purpose_number_paths (package->arena, &clause->allocations[i],
                            root_paths (roots, clause->allocations[i].place));
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
  AccessPurpose *purposes = arena_new0 (package->arena, AccessPurpose, package->pages->len);
  package->purposes = purposes;
  for (guint i = 0; i < package->pages->len; i++) {
    PolicyClause *clause = package->pages->pdata[i];
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
