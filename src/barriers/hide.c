/* Small numbers of people, told less exactly: by population's rule, which keeps those kept out,
 * the others, and townships from telling each other. */
#include "barriers_private.h"

/* COUNT of so many SUBJECTS, and its townships, as population_hide_few wants them: kept out stands for yes.
 */
static PopulationCount
as_population (gint64 subjects, BarriersCount count)
{
  return (PopulationCount){
    .subjects = subjects, .yes = count.no, .no = subjects - count.no - count.open, .undetermined = count.open
  };
}

static const PopulationProvision *
hidden (Arena *arena, const PolicyProvision *provision, gint64 subjects, BarriersCount count,
        const BarriersTownship *townships, size_t n)
{
  PopulationGroup *groups = arena_new0 (arena, PopulationGroup, n);
  PopulationDimension *dimension = arena_new0 (arena, PopulationDimension, 1);
  PopulationProvision *p = arena_new0 (arena, PopulationProvision, 1);
  for (size_t i = 0; i < n; i++)
    groups[i].count = as_population (townships[i].subjects, townships[i].count);
  *dimension = (PopulationDimension){ .n = n, .groups = groups };
  *p = (PopulationProvision){ .provision = provision, .count = as_population (subjects, count) };
  p->n_dimensions = n > 0;
  p->dimensions = dimension;
  const PopulationProvision *told = population_hide_few (arena, p);
  return told == p ? NULL : told;
}

static gint64
few (gint64 n)
{
  return n > 0 && n < POPULATION_LEAST ? POPULATION_FEW : n;
}

/* Where the whole is not told, no value tells it. */
static gint64
part_of (gint64 n, gint64 whole)
{
  return whole < 0 && n > 0 ? POPULATION_HELD : few (n);
}

static void
hide_finding (Arena *arena, BarriersFinding *f)
{
  if (!f->counted)
    return;
  const PopulationProvision *told
      = hidden (arena, f->barrier->provision, f->subjects, f->count, f->townships, f->n_townships);
  if (!told)
    return;
  BarriersValue *values = arena_copy (arena, f->values, f->n_values * sizeof *values);
  BarriersTownship *townships = arena_copy (arena, f->townships, f->n_townships * sizeof *townships);
  f->subjects = told->count.subjects;
  f->yes = few (f->yes);
  f->count = (BarriersCount){ told->count.yes, told->count.undetermined };
  for (size_t i = 0; i < f->n_values; i++) {
    values[i].count.no = part_of (values[i].count.no, f->count.no);
    values[i].count.open = part_of (values[i].count.open, f->count.open);
  }
  for (size_t i = 0; i < f->n_townships; i++) {
    const PopulationCount *count = &told->dimensions[0].groups[i].count;
    townships[i].subjects = count->subjects;
    townships[i].count = (BarriersCount){ count->yes, count->undetermined };
  }
  f->values = values;
  f->townships = townships;
}

static void
hide_parity (Arena *arena, BarriersParity *p)
{
  const PopulationProvision *told = hidden (arena, p->provision, p->subjects, p->gap, NULL, 0);
  if (!told)
    return;
  p->subjects = told->count.subjects;
  p->yes = few (p->yes);
  p->gap = (BarriersCount){ told->count.yes, told->count.undetermined };
}

const BarriersClause *
barriers_hide (Arena *arena, const BarriersClause *clause)
{
  BarriersClause *c = arena_copy (arena, clause, sizeof *c);
  BarriersFinding *findings = arena_copy (arena, c->findings, c->n_findings * sizeof *findings);
  BarriersParity *parity = arena_copy (arena, c->parity, c->n_parity * sizeof *parity);
  for (size_t i = 0; i < c->n_findings; i++)
    hide_finding (arena, &findings[i]);
  for (size_t i = 0; i < c->n_parity; i++)
    hide_parity (arena, &parity[i]);
  c->findings = findings;
  c->parity = parity;
  return c;
}
