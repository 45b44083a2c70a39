/* The sharing catalogue: which facts a clause's departments read, from whom, and
 * which of its decisions uses them.  Computed from the decisions themselves.
 *
 * Source: 政务数据共享条例 (in force 2025-08-01), which has shared data listed with
 * provider and conditions of use; Personal Information Protection Law, articles 6 and 35. */
#include "policy_private.h"
#include "purpose.h"

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

/* Whether one of PATHS, which DECISION reads, follows ATTRIBUTE, from whatever subject it starts. */
static bool
paths_follow (const PolicyPackage *package, Arena *arena, const DmnDecision *decision, const FeelPath *paths,
              size_t n, const RegistryAttribute *attribute)
{
  for (size_t i = 0; i < n; i++) {
    const FeelPath *path = &paths[i];
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

/* A decision with all that it may read. */
typedef struct {
  const DmnDecision *decision;
  size_t n;
  const FeelPath *closure;
} Reader;

static const Reader *
reader_of (const Reader *readers, guint n, const DmnDecision *decision)
{
  for (guint i = 0; i < n; i++)
    if (readers[i].decision == decision)
      return &readers[i];
  return NULL;
}

static bool
closure_follows (const PolicyPackage *package, Arena *arena, const Reader *reader,
                 const RegistryAttribute *attribute)
{
  return paths_follow (package, arena, reader->decision, reader->closure, reader->n, attribute);
}

/* Whether a decision itself reads ATTRIBUTE: in its own words, or in what another
 * decision hands on without looking at it. */
static bool
decision_reads (const PolicyPackage *package, Arena *arena, const Reader *readers, guint n,
                const Reader *reader, const RegistryAttribute *attribute)
{
  const DmnDecision *d = reader->decision;
  if (paths_follow (package, arena, d, d->paths, d->n_paths, attribute))
    return true;
  if (!closure_follows (package, arena, reader, attribute))
    return false;
  for (size_t i = 0; i < d->n_requires; i++)
    if (closure_follows (package, arena, reader_of (readers, n, d->requires_[i]), attribute))
      return false;
  return true;
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
use_of (const PolicyPackage *package, Arena *arena, const PolicyClause *clause, const Reader *readers,
        guint n_readers, const RegistryAttribute *attribute)
{
  const DmnDecision **decisions = arena_new0 (arena, const DmnDecision *, n_readers);
  PolicyUse use = { .clause = clause, .attribute = attribute, .decisions = decisions };
  for (guint d = 0; d < n_readers; d++)
    if (decision_reads (package, arena, readers, n_readers, &readers[d], attribute))
      decisions[use.n_decisions++] = readers[d].decision;
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
  g_autoptr (GArray) asks = purpose_asks (clause);
  for (guint i = 0; i < asks->len; i++)
    add_decisions (g_array_index (asks, PurposeAsk, i).decision, decisions);
  Reader *readers = arena_new0 (arena, Reader, decisions->len);
  for (guint i = 0; i < decisions->len; i++) {
    readers[i].decision = decisions->pdata[i];
    readers[i].closure = dmn_decision_closure (package->model, arena, readers[i].decision, &readers[i].n);
  }
  PolicyUse *uses = arena_new0 (arena, PolicyUse, attributes->len);
  for (guint i = 0; i < attributes->len; i++)
    uses[i] = use_of (package, arena, clause, readers, decisions->len, attributes->pdata[i]);
  *n = attributes->len;
  return uses;
}

bool
policy_clause_is_answered_by (const PolicyClause *clause, const char *department)
{
  return g_str_equal (clause->lead, department)
         || (clause->supporting && g_strv_contains (clause->supporting, department));
}
