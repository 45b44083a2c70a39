/* Figures while they grow, a set for each thread, and the result made of them. */
#include "population_private.h"

#include <stdlib.h>
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

void
count_clear (PopulationCount *counts, size_t n)
{
  Decimal zero = decimal_from_int64 (0);
  for (size_t i = 0; i < n; i++)
    counts[i] = (PopulationCount){ .amount = zero, .least = zero, .greatest = zero };
}

static PopulationCount *
counts_new (size_t n)
{
  PopulationCount *counts = g_new (PopulationCount, n);
  count_clear (counts, n);
  return counts;
}

Figures *
figures_new (const Plan *plan, const Kind *kind)
{
  Figures *f = g_new0 (Figures, 1);
  *f = (Figures){ .plan = plan, .kind = kind };
  f->provisions = g_new0 (ProvisionFigures, plan->n_provisions);
  f->targets = counts_new (plan->n_targets);
  for (size_t i = 0; i < plan->n_provisions; i++) {
    ProvisionFigures *p = &f->provisions[i];
    count_clear (&p->count, 1);
    p->gave = g_new0 (gint64, plan->provisions[i].n_rules);
    p->failed = g_new0 (gint64, plan->provisions[i].n_conditions);
    p->needs = g_array_new (FALSE, TRUE, sizeof (gint64));
    p->groups = counts_new (kind->n_groups);
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
    g_array_unref (p->needs);
    g_free (p->groups);
  }
  g_free (f->provisions);
  g_free (f->targets);
  g_free (f);
}

void
figures_clear (Figures *f)
{
  count_clear (f->targets, f->plan->n_targets);
  for (size_t i = 0; i < f->plan->n_provisions; i++) {
    ProvisionFigures *p = &f->provisions[i];
    count_clear (&p->count, 1);
    count_clear (p->groups, f->kind->n_groups);
    memset (p->gave, 0, f->plan->provisions[i].n_rules * sizeof (gint64));
    memset (p->failed, 0, f->plan->provisions[i].n_conditions * sizeof (gint64));
    g_array_set_size (p->needs, 0);
  }
}

void
figures_need (ProvisionFigures *figures, size_t number, gint64 n)
{
  if (number >= figures->needs->len)
    g_array_set_size (figures->needs, (guint)number + 1);
  g_array_index (figures->needs, gint64, number) += n;
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
    for (guint k = 0; k < q->needs->len; k++)
      figures_need (p, k, g_array_index (q->needs, gint64, k));
    for (size_t g = 0; g < to->kind->n_groups; g++)
      count_add (&p->groups[g], &q->groups[g]);
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
compare_needs (const void *a, const void *b)
{
  const PopulationNeed *x = a, *y = b;
  return x->n != y->n ? (x->n < y->n) - (x->n > y->n) : strcmp (x->name, y->name);
}

static const PopulationNeed *
tell_needs (const Plan *plan, const GArray *needs, Arena *arena, size_t *n)
{
  PopulationNeed *told = arena_new0 (arena, PopulationNeed, needs->len);
  *n = 0;
  for (guint i = 0; i < needs->len; i++) {
    const char *name = plan->needs->pdata[i];
    gint64 count = g_array_index (needs, gint64, i);
    if (count)
      told[(*n)++] = (PopulationNeed){ .name = arena_text (arena, text_of (name)),
                                       .is_parameter = g_str_has_prefix (name, POLICY_PARAMETERS "."),
                                       .n = count };
  }
  qsort (told, *n, sizeof *told, compare_needs);
  return told;
}

/* Those who qualify without an amount that can be computed yet. */
static PopulationCount
told_count (const PopulationCount *count, const PolicyProvision *provision)
{
  PopulationCount told = *count;
  if (provision->amount)
    told.open_amounts = told.yes - told.amounts;
  return told;
}

static PolicyText
copy_name (const PopulationGroupName *group, Arena *arena, const char *id)
{
  return (PolicyText){ group->name.zh == group->id ? id : arena_text (arena, text_of (group->name.zh)),
                       group->name.en == group->id ? id : arena_text (arena, text_of (group->name.en)) };
}

static PopulationDimension
tell_dimension (const PopulationGrouping *by, const PopulationCount *counts, const PolicyProvision *provision,
                Arena *arena)
{
  PopulationGroup *groups = arena_new0 (arena, PopulationGroup, by->n);
  for (size_t g = 0; g < by->n; g++) {
    const char *id = arena_text (arena, text_of (by->groups[g].id));
    groups[g]
        = (PopulationGroup){ id, copy_name (&by->groups[g], arena, id), told_count (&counts[g], provision) };
  }
  return (PopulationDimension){ .id = by->id, .name = by->name, .n = by->n, .groups = groups };
}

void
figures_tell (const Figures *f, Arena *arena, PopulationProvision *provisions, PopulationTarget *targets)
{
  const Plan *plan = f->plan;
  for (size_t i = 0; i < plan->n_targets; i++)
    targets[plan->targets[i].index].count = told_count (&f->targets[i], plan->targets[i].target->provision);
  for (size_t i = 0; i < plan->n_provisions; i++) {
    const PlanProvision *asked = &plan->provisions[i];
    PopulationProvision *told = &provisions[asked->index];
    const ProvisionFigures *p = &f->provisions[i];
    const PopulationCount *groups = p->groups;
    PopulationDimension *dimensions = arena_new0 (arena, PopulationDimension, f->kind->n_groupings);
    for (size_t d = 0; d < f->kind->n_groupings; groups += f->kind->groupings[d++].n)
      dimensions[d] = tell_dimension (&f->kind->groupings[d], groups, asked->provision, arena);
    told->count = told_count (&p->count, asked->provision);
    told->outside = asked->outside ? arena_text (arena, text_of (asked->outside)) : NULL;
    told->n_tables = asked->n_tables;
    told->tables = tell_tables (asked, p, arena);
    told->needs = tell_needs (plan, p->needs, arena, &told->n_needs);
    told->n_dimensions = f->kind->n_groupings;
    told->dimensions = dimensions;
  }
}
