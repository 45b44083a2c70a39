/* Small numbers of people, told less exactly.
 *
 * A number below five is not told, and neither is another one of its row (yes, no and
 * undetermined make up the subjects) or of its column (the groups make up the whole) when
 * the sum would tell it: the smallest other is held back.  The usual way of statistical
 * offices (primary and complementary suppression), within one table. */
#include "population_private.h"

#include <string.h>

enum { MEASURES = 4 };

/* The measures of a count; the first is the sum of the others. */
static gint64 *
measure (PopulationCount *count, size_t m)
{
  gint64 *all[MEASURES] = { &count->subjects, &count->yes, &count->no, &count->undetermined };
  return all[m];
}

static gint64
few (gint64 n)
{
  return n > 0 && n < POPULATION_LEAST ? POPULATION_FEW : n;
}

/* Of N numbers whose sum is told, of which exactly one is not: hold back FIRST, if it is one
 * that says anything, or the smallest other. */
static bool
hold_one (gint64 **numbers, size_t n, gint64 *first)
{
  gint64 *smallest = NULL;
  size_t hidden = 0;
  for (size_t i = 0; i < n; i++)
    if (*numbers[i] < 0)
      hidden++;
    else if (*numbers[i] > 0 && (!smallest || *numbers[i] < *smallest))
      smallest = numbers[i];
  if (hidden != 1 || !smallest)
    return false;
  *(first && *first > 0 ? first : smallest) = POPULATION_HELD;
  return true;
}

/* The pages of clauses tell yes and undetermined, and not no.  Where the others of a row are
 * all 0, a hidden one is the subjects themselves. */
static bool
hold_in_row (PopulationCount *count)
{
  gint64 *parts[MEASURES - 1] = { &count->yes, &count->no, &count->undetermined };
  size_t hidden = 0;
  if (count->subjects < 0)
    return false;
  if (hold_one (parts, G_N_ELEMENTS (parts), &count->no))
    return true;
  for (size_t i = 0; i < G_N_ELEMENTS (parts); i++)
    hidden += *parts[i] < 0;
  if (hidden != 1)
    return false;
  count->subjects = POPULATION_HELD;
  return true;
}

static bool
hold_in_column (PopulationCount *whole, PopulationGroup *groups, size_t n, size_t m)
{
  if (*measure (whole, m) < 0)
    return false;
  g_autofree gint64 **numbers = g_new (gint64 *, n);
  for (size_t i = 0; i < n; i++)
    numbers[i] = measure (&groups[i].count, m);
  return hold_one (numbers, n, NULL);
}

static void
hide_count (PopulationCount *count)
{
  Decimal zero = decimal_from_int64 (0);
  for (size_t m = 0; m < MEASURES; m++)
    *measure (count, m) = few (*measure (count, m));
  count->least = count->greatest = zero; /* each is one person's */
  count->sum_alone = true;
  if (count->yes < 0 || (count->amounts > 0 && count->amounts < POPULATION_LEAST)) {
    count->amounts = count->open_amounts = POPULATION_HELD;
    count->amount = zero;
  } else
    count->open_amounts = few (count->open_amounts);
}

static void
hide_dimension (Arena *arena, PopulationCount *whole, PopulationDimension *d)
{
  PopulationGroup *groups = arena_copy (arena, d->groups, d->n * sizeof *groups);
  for (size_t i = 0; i < d->n; i++) {
    hide_count (&groups[i].count);
    groups[i].count.amounts = groups[i].count.open_amounts = POPULATION_HELD;
    groups[i].count.amount = decimal_from_int64 (0);
  }
  for (bool more = true; more;) {
    more = false;
    for (size_t i = 0; i < d->n; i++)
      more |= hold_in_row (&groups[i].count);
    for (size_t m = 0; m < MEASURES; m++)
      more |= hold_in_column (whole, groups, d->n, m);
  }
  d->groups = groups;
}

static const PopulationTable *
hide_tables (Arena *arena, const PopulationProvision *p)
{
  PopulationTable *tables = arena_copy (arena, p->tables, p->n_tables * sizeof *tables);
  for (size_t t = 0; t < p->n_tables; t++) {
    const DmnTable *table = tables[t].decision->table;
    PopulationRule *rules = arena_copy (arena, tables[t].rules, table->n_rules * sizeof *rules);
    for (size_t r = 0; r < table->n_rules; r++) {
      gint64 *failed = arena_copy (arena, rules[r].failed, table->n_inputs * sizeof *failed);
      rules[r].gave = few (rules[r].gave);
      for (size_t i = 0; i < table->n_inputs; i++)
        failed[i] = few (failed[i]);
      rules[r].failed = failed;
    }
    tables[t].rules = rules;
  }
  return tables;
}

const PopulationProvision *
population_hide_few (Arena *arena, const PopulationProvision *provision)
{
  const RegistryAttribute *label = provision->provision->subject->label;
  if (!label || label->sensitivity == REGISTRY_PUBLIC)
    return provision;
  PopulationProvision *p = arena_copy (arena, provision, sizeof *p);
  hide_count (&p->count);
  hold_in_row (&p->count);
  p->tables = hide_tables (arena, p);
  PopulationNeed *needs = arena_copy (arena, p->needs, p->n_needs * sizeof *needs);
  for (size_t i = 0; i < p->n_needs; i++)
    needs[i].n = few (needs[i].n);
  p->needs = needs;
  PopulationDimension *dimensions = arena_copy (arena, p->dimensions, p->n_dimensions * sizeof *dimensions);
  for (size_t d = 0; d < p->n_dimensions; d++)
    hide_dimension (arena, &p->count, &dimensions[d]);
  p->dimensions = dimensions;
  return p;
}

const PopulationClause *
population_hide_clause (Arena *arena, const PopulationClause *clause)
{
  size_t n = clause->clause->n_provisions, n_targets = clause->clause->n_targets;
  PopulationClause *hidden = arena_copy (arena, clause, sizeof *hidden);
  PopulationProvision *provisions = arena_new0 (arena, PopulationProvision, n);
  PopulationTarget *targets = arena_copy (arena, clause->targets, n_targets * sizeof *targets);
  for (size_t i = 0; i < n; i++)
    provisions[i] = *population_hide_few (arena, &clause->provisions[i]);
  for (size_t i = 0; i < n_targets; i++) {
    PopulationProvision alone = { .provision = targets[i].target->provision, .count = targets[i].count };
    targets[i].count = population_hide_few (arena, &alone)->count;
  }
  hidden->provisions = provisions;
  hidden->targets = targets;
  return hidden;
}
