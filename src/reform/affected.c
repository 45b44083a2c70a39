/* The provisions that a change can reach: by what their decisions read, and how they are written. */
#include "reform_private.h"

/* What one provision reads of the parameters, worked out once per baseline. */
struct ParameterReads {
  const PolicyProvision *provision;
  size_t n;
  const PolicyParameter *const *parameters;
};

bool
is_in_force (const PolicyProvision *p, Day as_of)
{
  return p->clause->purpose && as_of >= p->in_force_from && as_of <= p->in_force_to;
}

/* ---- decisions on the way ---------------------------------------------------- */

typedef bool (*Choose) (const void *data, const DmnDecision *decision);

/* DECISION (NULL: none) and all it requires, as far as CHOOSE wants them, each once. */
static void
add_decisions (const DmnDecision *decision, GHashTable *seen, Choose choose, const void *data,
               GPtrArray *found)
{
  if (!decision || !g_hash_table_add (seen, (gpointer)decision))
    return;
  for (size_t i = 0; i < decision->n_requires; i++)
    add_decisions (decision->requires_[i], seen, choose, data, found);
  if (choose (data, decision))
    g_ptr_array_add (found, (gpointer)decision);
}

static void
choose_decisions (Affected *a, const PolicyProvision *p, Choose choose, const void *data, Arena *arena)
{
  g_autoptr (GHashTable) seen = g_hash_table_new (NULL, NULL);
  g_autoptr (GPtrArray) found = g_ptr_array_new ();
  add_decisions (p->eligible, seen, choose, data, found);
  add_decisions (p->amount, seen, choose, data, found);
  a->n_decisions = found->len;
  a->decisions = arena_copy (arena, found->pdata, found->len * sizeof (gpointer));
}

/* ---- parameters --------------------------------------------------------------- */

static bool
reads_setting (const void *data, const DmnDecision *d)
{
  const ReformChange *change = data;
  for (size_t i = 0; i < d->n_paths; i++) {
    const char *variable = dmn_path_variable (d, &d->paths[i]);
    for (size_t s = 0; variable && strcmp (variable, POLICY_PARAMETERS) == 0 && s < change->n_settings; s++)
      if (!d->paths[i].n
          || text_equal (d->paths[i].members[0], text_of (change->settings[s].parameter->name.zh)))
        return true;
  }
  return false;
}

static void
add_parameters (GPtrArray *to, const PolicyPackage *package, Arena *arena, const DmnDecision *decision)
{
  size_t n = 0;
  const PolicyParameter *const *own
      = decision ? policy_decision_parameters (package, arena, decision, &n) : NULL;
  for (size_t i = 0; i < n; i++)
    g_ptr_array_add (to, (gpointer)own[i]);
}

void
affected_read (ReformBaseline *b)
{
  size_t n_pages;
  const PolicyPackage *package = b->options.package;
  const PolicyClause *const *pages = policy_pages (package, &n_pages);
  g_autoptr (GArray) reads = g_array_new (FALSE, FALSE, sizeof (struct ParameterReads));
  g_autoptr (GPtrArray) parameters = g_ptr_array_new ();
  for (size_t c = 0; c < n_pages; c++)
    for (size_t i = 0; i < pages[c]->n_provisions; i++) {
      const PolicyProvision *p = &pages[c]->provisions[i];
      if (!is_in_force (p, b->options.as_of))
        continue;
      g_ptr_array_set_size (parameters, 0);
      add_parameters (parameters, package, b->arena, p->eligible);
      add_parameters (parameters, package, b->arena, p->amount);
      struct ParameterReads one
          = { p, parameters->len,
              arena_copy (b->arena, parameters->pdata, parameters->len * sizeof (gpointer)) };
      g_array_append_val (reads, one);
    }
  b->n_reads = reads->len;
  b->reads = arena_copy (b->arena, reads->data, reads->len * sizeof (struct ParameterReads));
}

static bool
is_read (const struct ParameterReads *reads, const ReformChange *change)
{
  for (size_t i = 0; i < reads->n; i++)
    for (size_t s = 0; s < change->n_settings; s++)
      if (reads->parameters[i] == change->settings[s].parameter)
        return true;
  return false;
}

const Affected *
affected_by_settings (const ReformBaseline *b, Arena *arena, const ReformChange *change, int clause,
                      size_t *n)
{
  Affected *found = arena_new0 (arena, Affected, b->n_reads);
  *n = 0;
  for (size_t i = 0; i < b->n_reads; i++) {
    const PolicyProvision *p = b->reads[i].provision;
    if ((clause != REFORM_EVERY_CLAUSE && p->clause->number != clause) || !is_read (&b->reads[i], change))
      continue;
    Affected *a = &found[(*n)++];
    a->before = a->after = p;
    choose_decisions (a, p, reads_setting, change, arena);
  }
  return found;
}

/* ---- another package ------------------------------------------------------------ */

typedef struct {
  Rules *before, *after;
  const PolicyPackage *package, *draft;
  Day as_of;
  Arena *arena;
  GArray *found; /* Affected */
} Drafts;

/* Whether the other package's decision of that unit and name says something else. */
static bool
is_written_otherwise (const void *data, const DmnDecision *d)
{
  const Drafts *x = data;
  bool of_draft = dmn_model_unit (policy_model (x->draft), d->unit->id) == d->unit;
  const PolicyPackage *other = of_draft ? x->package : x->draft;
  const DmnUnit *unit = dmn_model_unit (policy_model (other), d->unit->id);
  const DmnDecision *twin = unit ? dmn_unit_find (unit, d->name) : NULL;
  return strcmp (rules_own (of_draft ? x->after : x->before, d),
                 rules_own (of_draft ? x->before : x->after, twin))
         != 0;
}

static void
compare_provisions (Drafts *x, const PolicyProvision *before, const PolicyProvision *after)
{
  before = before && is_in_force (before, x->as_of) ? before : NULL;
  after = after && is_in_force (after, x->as_of) ? after : NULL;
  if (!before && !after)
    return;
  if (before && after && strcmp (before->subject->id, after->subject->id) == 0
      && strcmp (rules_all (x->before, before->eligible), rules_all (x->after, after->eligible)) == 0
      && strcmp (rules_all (x->before, before->amount), rules_all (x->after, after->amount)) == 0)
    return;
  Affected a = { .before = before, .after = after };
  choose_decisions (&a, after ? after : before, is_written_otherwise, x, x->arena);
  g_array_append_val (x->found, a);
}

static void
compare_clauses (Drafts *x, const PolicyClause *before, const PolicyClause *after)
{
  for (size_t i = 0; before && i < before->n_provisions; i++)
    compare_provisions (x, &before->provisions[i],
                        after ? policy_provision (after, before->provisions[i].id) : NULL);
  for (size_t i = 0; after && i < after->n_provisions; i++)
    if (!before || !policy_provision (before, after->provisions[i].id))
      compare_provisions (x, NULL, &after->provisions[i]);
}

static const PolicyClause *
page_of (const PolicyPackage *package, int number)
{
  size_t n;
  const PolicyClause *const *pages = policy_pages (package, &n);
  for (size_t i = 0; i < n; i++)
    if (pages[i]->number == number)
      return pages[i];
  return NULL;
}

const Affected *
affected_by_draft (const PolicyPackage *package, const PolicyPackage *draft, Day as_of, Arena *arena,
                   int clause, size_t *n)
{
  size_t n_pages;
  g_autoptr (GArray) found = g_array_new (FALSE, FALSE, sizeof (Affected));
  Drafts x = { rules_new (package, as_of), rules_new (draft, as_of), package, draft, as_of, arena, found };
  const PolicyClause *const *pages = policy_pages (package, &n_pages);
  for (size_t i = 0; i < n_pages; i++)
    if (clause == REFORM_EVERY_CLAUSE || pages[i]->number == clause)
      compare_clauses (&x, pages[i], page_of (draft, pages[i]->number));
  pages = policy_pages (draft, &n_pages);
  for (size_t i = 0; i < n_pages; i++)
    if ((clause == REFORM_EVERY_CLAUSE || pages[i]->number == clause) && !page_of (package, pages[i]->number))
      compare_clauses (&x, NULL, pages[i]);
  rules_free (x.before);
  rules_free (x.after);
  *n = found->len;
  return arena_copy (arena, found->data, found->len * sizeof (Affected));
}

/* ---- facts ------------------------------------------------------------------------ */

/* The attributes along PATH in SCHEMA, from its entity ROOT on. */
static void
add_path (const RegistryEntity *root, const FeelPath *path, Arena *arena, GHashTable *seen, GPtrArray *to)
{
  for (size_t i = 0; i < path->n && root; i++) {
    const RegistryAttribute *a = registry_entity_attribute (root, arena_text (arena, path->members[i]));
    if (a && g_hash_table_add (seen, (gpointer)a))
      g_ptr_array_add (to, (gpointer)a);
    root = a ? a->target : NULL;
  }
}

/* What the provisions of DRAFT read, as far as SCHEMA has it. */
static void
add_draft (const PolicyPackage *draft, const RegistrySchema *schema, Arena *arena, GHashTable *seen,
           GPtrArray *to)
{
  size_t n_pages, n;
  const PolicyClause *const *pages = policy_pages (draft, &n_pages);
  for (size_t c = 0; c < n_pages; c++)
    for (size_t i = 0; i < pages[c]->n_provisions; i++) {
      const PolicyProvision *p = &pages[c]->provisions[i];
      const RegistryEntity *root = registry_schema_entity (schema, p->subject->id);
      const DmnDecision *const decisions[] = { p->eligible, p->amount };
      for (size_t d = 0; d < G_N_ELEMENTS (decisions); d++) {
        const FeelPath *paths
            = decisions[d] ? policy_decision_paths (draft, arena, p->subject, decisions[d], &n) : NULL;
        for (size_t k = 0; paths && k < n; k++)
          add_path (root, &paths[k], arena, seen, to);
      }
    }
}

const RegistryAttribute *const *
reform_attributes (const PolicyPackage *package, const PolicyPackage *draft, Arena *arena, size_t *n)
{
  g_autoptr (GHashTable) seen = g_hash_table_new (NULL, NULL);
  g_autoptr (GPtrArray) found = g_ptr_array_new ();
  const RegistryAttribute *const *own = population_attributes (package, arena, n);
  for (size_t i = 0; i < *n; i++) {
    g_hash_table_add (seen, (gpointer)own[i]);
    g_ptr_array_add (found, (gpointer)own[i]);
  }
  if (draft)
    add_draft (draft, policy_schema (package), arena, seen, found);
  *n = found->len;
  return arena_copy (arena, found->pdata, found->len * sizeof (gpointer));
}
