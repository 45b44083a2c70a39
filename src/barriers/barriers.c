/* Clause by clause and kind by kind: what is tried, what the log says, and what it came to. */
#include "barriers_private.h"

#include <string.h>

/* One clause about one kind of subject. */
typedef struct {
  size_t clause; /* among those asked for */
  const RegistryEntity *entity;
  size_t n;
  const PolicyProvision **provisions; /* in force, that turn on something */
  const FeelPath *paths;              /* all that they read */
  size_t n_paths;
} Part;

typedef struct {
  const BarriersOptions *options;
  Arena *arena;
  GArray *parts; /* Part */
  BarriersClause *results;
  GPtrArray *attributes; /* RegistryAttribute: what the county must hold */
  gint64 done, total;    /* facts tried */
} Batch;

static bool
is_stopped (const BarriersOptions *options)
{
  return options->stop && g_atomic_int_get (options->stop);
}

/* ---- what is tried ------------------------------------------------------------- */

const RegistryAttribute *
barriers_origin (const RegistryEntity *entity)
{
  for (size_t i = 0; i < entity->n; i++) {
    const RegistryAttribute *a = &entity->attributes[i];
    if (a->barrier && a->barrier->kind == REGISTRY_ORIGIN && a->kind == REGISTRY_BOOLEAN)
      return a;
  }
  return NULL;
}

static bool
is_asked (const BarriersOptions *o, const PolicyProvision *p)
{
  return p->audience == POLICY_FOR_SUBJECT && o->as_of >= p->in_force_from && o->as_of <= p->in_force_to;
}

static bool
reads (const Batch *b, const PolicyProvision *p, const RegistryAttribute *attribute)
{
  size_t n;
  const FeelPath *paths = policy_decision_paths (b->options->package, b->arena, p->subject, p->eligible, &n);
  for (size_t i = 0; i < n; i++)
    if (paths[i].n && text_equal (paths[i].members[0], text_of (attribute->zh)))
      return true;
  return false;
}

/* Whether P reads ORIGIN or what is recomputed from it. */
static bool
turns_on_origin (const Batch *b, const PolicyProvision *p, const RegistryAttribute *origin)
{
  bool does = origin && reads (b, p, origin);
  for (size_t i = 0; origin && !does && i < origin->barrier->n_recomputed; i++)
    does = reads (b, p, origin->barrier->recomputed[i].attribute);
  return does;
}

/* Everything of CLAUSE that is not counted yet. */
static void
list_clause (Batch *b, const PolicyClause *clause, BarriersClause *result)
{
  size_t n;
  const PolicyBarrier *barriers = policy_clause_barriers (b->options->package, b->arena, clause, &n);
  BarriersFinding *findings = arena_new0 (b->arena, BarriersFinding, n);
  BarriersParity *parity = arena_new0 (b->arena, BarriersParity, clause->n_provisions);
  for (size_t i = 0; i < n; i++) {
    findings[i].barrier = &barriers[i];
    findings[i].counted = barriers[i].effect == POLICY_REFUSES && barriers[i].provision
                          && is_asked (b->options, barriers[i].provision);
  }
  *result = (BarriersClause){ clause, n, findings, 0, parity };
  for (size_t i = 0; i < clause->n_provisions; i++) {
    const PolicyProvision *p = &clause->provisions[i];
    const RegistryAttribute *origin = barriers_origin (p->subject);
    if (is_asked (b->options, p) && turns_on_origin (b, p, origin))
      parity[result->n_parity++] = (BarriersParity){ .provision = p, .origin = origin };
  }
}

static bool
is_wanted (const BarriersClause *result, const PolicyProvision *p)
{
  for (size_t i = 0; i < result->n_findings; i++)
    if (result->findings[i].counted && result->findings[i].barrier->provision == p)
      return true;
  for (size_t i = 0; i < result->n_parity; i++)
    if (result->parity[i].provision == p)
      return true;
  return false;
}

static void
want_attribute (Batch *b, const RegistryAttribute *attribute)
{
  if (attribute && !g_ptr_array_find (b->attributes, attribute, NULL))
    g_ptr_array_add (b->attributes, (gpointer)attribute);
}

static void
want_path (Batch *b, const RegistryEntity *entity, const FeelPath *path)
{
  for (size_t i = 0; i < path->n && entity; i++) {
    const RegistryAttribute *a = registry_entity_attribute (entity, arena_text (b->arena, path->members[i]));
    want_attribute (b, a);
    entity = a ? a->target : NULL;
  }
}

/* What of the clause is about ENTITY. */
static void
add_part (Batch *b, size_t i, const PolicyClause *clause, const RegistryEntity *entity)
{
  g_autoptr (GArray) paths = g_array_new (FALSE, FALSE, sizeof (FeelPath));
  Part part = { .clause = i, .entity = entity };
  part.provisions = arena_new0 (b->arena, const PolicyProvision *, clause->n_provisions);
  for (size_t k = 0; k < clause->n_provisions; k++) {
    const PolicyProvision *p = &clause->provisions[k];
    if (p->subject != entity || !is_wanted (&b->results[i], p))
      continue;
    size_t n;
    const FeelPath *own = policy_decision_paths (b->options->package, b->arena, entity, p->eligible, &n);
    g_array_append_vals (paths, own, (guint)n);
    part.provisions[part.n++] = p;
  }
  if (!part.n)
    return;
  part.n_paths = paths->len;
  part.paths = arena_copy (b->arena, paths->data, paths->len * sizeof (FeelPath));
  for (size_t k = 0; k < part.n_paths; k++)
    want_path (b, entity, &part.paths[k]);
  want_attribute (b, entity->township);
  want_attribute (b, barriers_origin (entity));
  g_array_append_val (b->parts, part);
}

static void
add_parts (Batch *b, size_t i, const PolicyClause *clause)
{
  const RegistrySchema *schema = policy_schema (b->options->package);
  list_clause (b, clause, &b->results[i]);
  for (size_t e = 0; e < registry_schema_size (schema); e++)
    add_part (b, i, clause, registry_schema_entity_at (schema, e));
}

/* ---- the log -------------------------------------------------------------------- */

static bool
collect (Registry *registry, const RegistryEntity *entity, AuditSet *set, GError **error)
{
  g_autoptr (RegistryScan) scan = registry_scan_new (registry, entity, error);
  GError *fault = NULL;
  for (Subject subject; scan && registry_scan_next (scan, &subject, &fault);)
    audit_set_add (set, subject);
  if (fault)
    g_propagate_error (error, fault);
  return scan && !fault;
}

/* What the log says beside the set: the date, what was thought otherwise, what groups are made of. */
static char *
detail_of (const Batch *b, const Part *part)
{
  const BarriersClause *result = &b->results[part->clause];
  const RegistryAttribute *groups[] = { part->entity->township, barriers_origin (part->entity) };
  g_autoptr (GString) out = g_string_new (NULL);
  char day[CIVIL_TEXT_MAX];
  JsonWriter *w = json_writer_new (out, 0);
  json_begin_object (w);
  json_member_str (w, "as_of", civil_format (b->options->as_of, day));
  json_member_array (w, "varied");
  for (size_t i = 0; i < result->n_findings; i++)
    if (result->findings[i].counted && result->findings[i].barrier->root == part->entity)
      json_str (w, policy_path_text (b->arena, part->entity, &result->findings[i].barrier->path));
  json_end_array (w);
  json_member_array (w, "grouped_by");
  for (size_t i = 0; i < G_N_ELEMENTS (groups); i++)
    if (groups[i])
      json_str (w, arena_printf (b->arena, "%s.%s", part->entity->id, groups[i]->id));
  json_end_array (w);
  if (b->options->who && b->options->who->reason)
    json_member_str (w, "reason", b->options->who->reason);
  json_end_object (w);
  json_writer_free (w);
  return arena_text (b->arena, (Text){ out->str, out->len });
}

/* One entry per part, all of them on disk before anything is read. */
static bool
log_parts (Batch *b, const PolicyClause *const *clauses, GError **error)
{
  const BarriersOptions *o = b->options;
  const RegistrySchema *schema = policy_schema (o->package);
  for (size_t e = 0; e < registry_schema_size (schema); e++) {
    g_autoptr (AuditSet) set = NULL;
    for (guint i = 0; i < b->parts->len; i++) {
      const Part *part = &g_array_index (b->parts, Part, i);
      if ((size_t)part->entity->index != e)
        continue;
      if (!set) {
        set = audit_set_new ();
        if (!collect (o->registry, part->entity, set, error))
          return false;
      }
      g_autoptr (AccessRun) run
          = access_run_new (o->access, o->who, clauses[part->clause]->purpose->id, part->entity, part->paths,
                            part->n_paths, set, detail_of (b, part), error);
      if (!run)
        return false;
    }
  }
  return true;
}

/* ---- the county ------------------------------------------------------------------- */

static County *
open_county (Batch *b, GError **error)
{
  CountyOptions options = { .registry = b->options->registry,
                            .as_of = b->options->as_of,
                            .attributes = (const RegistryAttribute *const *)b->attributes->pdata,
                            .n_attributes = b->attributes->len,
                            .threads = b->options->threads };
  return county_open (&options, error);
}

static bool
is_ours (const BarriersFinding *finding, const Part *part)
{
  return finding->counted && finding->barrier->root == part->entity;
}

static void
measure (Batch *b)
{
  for (guint i = 0; i < b->parts->len; i++) {
    const Part *part = &g_array_index (b->parts, Part, i);
    const BarriersClause *result = &b->results[part->clause];
    for (size_t k = 0; k < result->n_findings; k++)
      b->total += is_ours (&result->findings[k], part);
  }
}

static bool
is_same_fact (const BarriersFinding *a, const BarriersFinding *b)
{
  const FeelPath *x = &a->barrier->path, *y = &b->barrier->path;
  for (size_t i = 0; x->n == y->n && i < x->n; i++)
    if (!text_equal (x->members[i], y->members[i]))
      return false;
  return x->n == y->n;
}

/* The findings of PART, fact by fact. */
static void
run_findings (Batch *b, const Part *part, const Trial *trial)
{
  BarriersClause *result = &b->results[part->clause];
  BarriersFinding *all = (BarriersFinding *)result->findings;
  g_autofree bool *done = g_new0 (bool, result->n_findings + 1);
  g_autofree BarriersFinding **same = g_new0 (BarriersFinding *, result->n_findings + 1);
  for (size_t i = 0; i < result->n_findings && !is_stopped (b->options); i++) {
    size_t n = 0;
    for (size_t k = i; is_ours (&all[i], part) && k < result->n_findings; k++)
      if (!done[k] && is_ours (&all[k], part) && is_same_fact (&all[k], &all[i])) {
        done[k] = true;
        same[n++] = &all[k];
      }
    if (n)
      trial_findings (trial, same, n);
    b->done += (gint64)n;
    if (n && b->options->progress)
      b->options->progress (b->done, b->total, b->options->data);
  }
}

static void
run_part (Batch *b, const Part *part, const County *county)
{
  BarriersClause *result = &b->results[part->clause];
  g_autofree BarriersParity **parity = g_new0 (BarriersParity *, result->n_parity + 1);
  size_t n = 0;
  g_autoptr (Trial) trial = trial_new (b->options, b->arena, county, part->entity, part->provisions, part->n,
                                       part->paths, part->n_paths);
  run_findings (b, part, trial);
  for (size_t i = 0; i < result->n_parity; i++)
    if (result->parity[i].provision->subject == part->entity)
      parity[n++] = (BarriersParity *)&result->parity[i];
  if (!is_stopped (b->options))
    trial_parity (trial, parity, n);
}

const BarriersClause *
barriers_run (const BarriersOptions *options, Arena *arena, const PolicyClause *const *clauses, size_t n,
              GError **error)
{
  g_autoptr (GArray) parts = g_array_new (FALSE, FALSE, sizeof (Part));
  g_autoptr (GPtrArray) attributes = g_ptr_array_new ();
  Batch b = { .options = options, .arena = arena, .parts = parts, .attributes = attributes };
  b.results = arena_new0 (arena, BarriersClause, n);
  for (size_t i = 0; i < n; i++)
    add_parts (&b, i, clauses[i]);
  if (!log_parts (&b, clauses, error))
    return NULL;
  measure (&b);
  g_autoptr (County) own = parts->len && !options->county ? open_county (&b, error) : NULL;
  const County *county = options->county ? options->county : own;
  if (parts->len && !county)
    return NULL;
  for (guint i = 0; i < parts->len && !is_stopped (options); i++)
    run_part (&b, &g_array_index (parts, Part, i), county);
  if (is_stopped (options)) {
    g_set_error (error, FAULT, FAULT_CONFLICT, "trying was stopped");
    return NULL;
  }
  return b.results;
}
