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

/* How it stands, as /statistics tells it of the same provision. */
static void
hide_standing (Arena *arena, const PolicyProvision *provision, BarriersStanding *s)
{
  PopulationProvision p = {
    .provision = provision,
    .count = { .subjects = s->subjects, .yes = s->yes, .no = s->no, .undetermined = s->open },
  };
  const PopulationCount *told = &population_hide_few (arena, &p)->count;
  *s = (BarriersStanding){ told->subjects, told->yes, told->no, told->undetermined };
}

/* One of the two numbers of every value.  Where the whole is not told, no value tells it; where it is, it may
 * be their sum: of a truth everybody has one other value. */
static void
hide_parts (gint64 whole, gint64 **numbers, size_t n)
{
  for (size_t i = 0; i < n; i++)
    *numbers[i] = whole < 0 && *numbers[i] > 0 ? POPULATION_HELD : population_few (*numbers[i]);
  population_hold (whole, numbers, n);
}

/* Of free texts those that would help somebody: that one is on record may tell of a single person. */
static void
hide_free_texts (BarriersFinding *f, BarriersValue *values)
{
  size_t n = 0;
  const RegistryAttribute *a = f->barrier->attribute;
  if (a->kind != REGISTRY_TEXT || a->values)
    return;
  for (size_t i = 0; i < f->n_values; i++)
    if (values[i].count.no || values[i].count.open)
      values[n++] = values[i];
  f->n_values = n;
}

static void
hide_values (Arena *arena, BarriersFinding *f)
{
  BarriersValue *values = arena_copy (arena, f->values, f->n_values * sizeof *values);
  hide_free_texts (f, values);
  g_autofree gint64 **no = g_new (gint64 *, f->n_values + 1), **open = g_new (gint64 *, f->n_values + 1);
  for (size_t i = 0; i < f->n_values; i++) {
    no[i] = &values[i].count.no;
    open[i] = &values[i].count.open;
  }
  hide_parts (f->count.no, no, f->n_values);
  hide_parts (f->count.open, open, f->n_values);
  f->values = values;
}

static void
hide_finding (Arena *arena, BarriersFinding *f)
{
  if (!f->counted)
    return;
  const PopulationProvision *told
      = hidden (arena, f->barrier->provision, f->now.subjects, f->count, f->townships, f->n_townships);
  if (!told)
    return;
  BarriersTownship *townships = arena_copy (arena, f->townships, f->n_townships * sizeof *townships);
  hide_standing (arena, f->barrier->provision, &f->now);
  f->now.subjects = MIN (f->now.subjects, told->count.subjects);
  f->count = (BarriersCount){ told->count.yes, told->count.undetermined };
  hide_values (arena, f);
  for (size_t i = 0; i < f->n_townships; i++) {
    const PopulationCount *count = &told->dimensions[0].groups[i].count;
    townships[i].subjects = count->subjects;
    townships[i].count = (BarriersCount){ count->yes, count->undetermined };
  }
  f->townships = townships;
}

static void
hide_parity (Arena *arena, BarriersParity *p)
{
  const PopulationProvision *told = hidden (arena, p->provision, p->now.subjects, p->gap, NULL, 0);
  if (!told)
    return;
  hide_standing (arena, p->provision, &p->now);
  p->now.subjects = MIN (p->now.subjects, told->count.subjects);
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
