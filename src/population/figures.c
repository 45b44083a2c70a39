/* Figures while they grow, a set for each thread, and the result made of them. */
#include "population_private.h"

#include <string.h>

void
count_add (PopulationCount *to, const PopulationCount *from)
{
  if (from->amounts) {
    bool first = !to->amounts;
    if (first || decimal_compare (from->least, to->least) < 0)
      to->least = from->least;
    if (first || decimal_compare (from->greatest, to->greatest) > 0)
      to->greatest = from->greatest;
    to->amount = first ? from->amount : decimal_add (to->amount, from->amount);
  }
  to->subjects += from->subjects;
  to->yes += from->yes;
  to->no += from->no;
  to->undetermined += from->undetermined;
  to->amounts += from->amounts;
  to->open_amounts += from->open_amounts;
}

/* Nobody yet. */
static void
clear (PopulationCount *counts, size_t n)
{
  Decimal zero = decimal_from_int64 (0);
  for (size_t i = 0; i < n; i++)
    counts[i] = (PopulationCount){ .amount = zero, .least = zero, .greatest = zero };
}

Figures *
figures_new (const Plan *plan, const Roster *roster)
{
  Figures *f = g_new0 (Figures, 1);
  *f = (Figures){ .plan = plan, .roster = roster };
  f->provisions = g_new0 (ProvisionFigures, plan->n_provisions);
  f->targets = g_new (PopulationCount, plan->n_targets);
  clear (f->targets, plan->n_targets);
  for (size_t i = 0; i < plan->n_provisions; i++) {
    ProvisionFigures *p = &f->provisions[i];
    clear (&p->count, 1);
    p->gave = g_new0 (gint64, plan->provisions[i].n_rules);
    p->failed = g_new0 (gint64, plan->provisions[i].n_conditions);
    p->needs = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
    for (size_t d = 0; d < roster->n_dimensions; d++) {
      p->groups[d] = g_new (PopulationCount, roster->dimensions[d].groups->len);
      clear (p->groups[d], roster->dimensions[d].groups->len);
    }
  }
  return f;
}

void
figures_free (Figures *f)
{
  if (!f)
    return;
  for (size_t i = 0; i < f->plan->n_provisions; i++) {
    ProvisionFigures *p = &f->provisions[i];
    g_free (p->gave);
    g_free (p->failed);
    g_hash_table_unref (p->needs);
    for (size_t d = 0; d < f->roster->n_dimensions; d++)
      g_free (p->groups[d]);
  }
  g_free (f->provisions);
  g_free (f->targets);
  g_free (f);
}

static void
add_needs (GHashTable *to, GHashTable *from)
{
  GHashTableIter i;
  gpointer name, n;
  g_hash_table_iter_init (&i, from);
  while (g_hash_table_iter_next (&i, &name, &n)) {
    gint64 *known = g_hash_table_lookup (to, name);
    if (!known) {
      known = g_new0 (gint64, 1);
      g_hash_table_insert (to, g_strdup (name), known);
    }
    *known += *(const gint64 *)n;
  }
}

void
figures_add (Figures *to, const Figures *from)
{
  const Plan *plan = to->plan;
  for (size_t i = 0; i < plan->n_targets; i++)
    count_add (&to->targets[i], &from->targets[i]);
  for (size_t i = 0; i < plan->n_provisions; i++) {
    ProvisionFigures *p = &to->provisions[i];
    const ProvisionFigures *q = &from->provisions[i];
    count_add (&p->count, &q->count);
    for (size_t r = 0; r < plan->provisions[i].n_rules; r++)
      p->gave[r] += q->gave[r];
    for (size_t k = 0; k < plan->provisions[i].n_conditions; k++)
      p->failed[k] += q->failed[k];
    add_needs (p->needs, q->needs);
    for (size_t d = 0; d < to->roster->n_dimensions; d++)
      for (guint g = 0; g < to->roster->dimensions[d].groups->len; g++)
        count_add (&p->groups[d][g], &q->groups[d][g]);
  }
}

/* ---- the result ---------------------------------------------------------- */

static bool
refuses (const DmnRule *rule, const DmnTable *table)
{
  return table->n_outputs == 1 && text_equal (rule->outputs[0].text, TEXT_LITERAL ("false"));
}

static const PopulationTable *
tell_tables (const PlanProvision *plan, const ProvisionFigures *p, Arena *arena)
{
  PopulationTable *tables = arena_new0 (arena, PopulationTable, plan->n_tables);
  const gint64 *failed = arena_copy (arena, p->failed, plan->n_conditions * sizeof (gint64));
  for (size_t i = 0; i < plan->n_tables; i++) {
    const DmnTable *table = plan->tables[i].decision->table;
    PopulationRule *rules = arena_new0 (arena, PopulationRule, table->n_rules);
    for (size_t r = 0; r < table->n_rules; r++)
      rules[r] = (PopulationRule){ .rule = &table->rules[r],
                                   .refuses = refuses (&table->rules[r], table),
                                   .gave = p->gave[plan->tables[i].first_rule + r],
                                   .failed = failed + plan->tables[i].first_condition + r * table->n_inputs };
    tables[i] = (PopulationTable){ plan->tables[i].decision, rules };
  }
  return tables;
}

static int
compare_needs (gconstpointer a, gconstpointer b)
{
  const PopulationNeed *x = a, *y = b;
  return x->n != y->n ? (x->n < y->n) - (x->n > y->n) : strcmp (x->name, y->name);
}

static const PopulationNeed *
tell_needs (GHashTable *needs, Arena *arena, size_t *n)
{
  g_autoptr (GArray) list = g_array_new (FALSE, FALSE, sizeof (PopulationNeed));
  GHashTableIter i;
  gpointer name, count;
  g_hash_table_iter_init (&i, needs);
  while (g_hash_table_iter_next (&i, &name, &count)) {
    PopulationNeed need = { .name = arena_text (arena, text_of (name)),
                            .is_parameter = g_str_has_prefix (name, POLICY_PARAMETERS "."),
                            .n = *(const gint64 *)count };
    g_array_append_val (list, need);
  }
  g_array_sort (list, compare_needs);
  *n = list->len;
  return arena_copy (arena, list->data, list->len * sizeof (PopulationNeed));
}

/* By id, those without one last. */
static int
compare_groups (gconstpointer a, gconstpointer b)
{
  const char *x = ((const PopulationGroup *)a)->id, *y = ((const PopulationGroup *)b)->id;
  return !*x || !*y ? !*x - !*y : strcmp (x, y);
}

static PopulationDimension
tell_dimension (const RosterDimension *d, const PopulationCount *counts, Arena *arena)
{
  g_autoptr (GArray) groups = g_array_new (FALSE, FALSE, sizeof (PopulationGroup));
  for (guint g = 0; g < d->groups->len; g++) {
    const RosterGroup *group = d->groups->pdata[g];
    bool own = group->name.zh == group->id; /* it lives as long as the roster */
    const char *id = arena_text (arena, text_of (group->id));
    PolicyText name = group->name;
    if (own)
      name.zh = id;
    if (name.en == group->id)
      name.en = id;
    PopulationGroup told = { id, name, counts[g] };
    g_array_append_val (groups, told);
  }
  if (!d->age)
    g_array_sort (groups, compare_groups);
  return (PopulationDimension){
    .id = d->id,
    .name = d->name,
    .n = groups->len,
    .groups = arena_copy (arena, groups->data, groups->len * sizeof (PopulationGroup)),
  };
}

void
figures_tell (const Figures *f, Arena *arena, PopulationProvision *provisions, PopulationTarget *targets)
{
  const Plan *plan = f->plan;
  for (size_t i = 0; i < plan->n_targets; i++)
    targets[plan->targets[i].index].count = f->targets[i];
  for (size_t i = 0; i < plan->n_provisions; i++) {
    PopulationProvision *told = &provisions[plan->provisions[i].index];
    const ProvisionFigures *p = &f->provisions[i];
    PopulationDimension *dimensions = arena_new0 (arena, PopulationDimension, f->roster->n_dimensions);
    for (size_t d = 0; d < f->roster->n_dimensions; d++)
      dimensions[d] = tell_dimension (&f->roster->dimensions[d], p->groups[d], arena);
    told->count = p->count;
    told->n_tables = plan->provisions[i].n_tables;
    told->tables = tell_tables (&plan->provisions[i], p, arena);
    told->needs = tell_needs (p->needs, arena, &told->n_needs);
    told->n_dimensions = f->roster->n_dimensions;
    told->dimensions = dimensions;
  }
}
