/* Small numbers of people, told less exactly.
 *
 * A number below five is not told, and neither are as many others as it takes that it follows from no sums
 * and differences of those told, within one table: yes, no and undetermined make up the subjects, the groups
 * make up the whole.  The usual way of statistical offices (primary and complementary suppression). */
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

gint64
population_few (gint64 n)
{
  return n > 0 && n < POPULATION_LEAST ? POPULATION_FEW : n;
}

/* How many of N numbers are withheld; SMALLEST is the smallest of the others that says anything, or NULL. */
static size_t
count_hidden (gint64 **numbers, size_t n, gint64 **smallest)
{
  size_t hidden = 0;
  *smallest = NULL;
  for (size_t i = 0; i < n; i++)
    if (*numbers[i] < 0)
      hidden++;
    else if (*numbers[i] > 0 && (!*smallest || *numbers[i] < **smallest))
      *smallest = numbers[i];
  return hidden;
}

bool
population_hold (gint64 whole, gint64 **numbers, size_t n)
{
  for (bool held = false;; held = true) {
    gint64 *smallest;
    size_t hidden = count_hidden (numbers, n, &smallest);
    bool follows = hidden == 1 || (hidden == 0 && whole < 0);
    if (!follows || !smallest)
      return held;
    *smallest = POPULATION_HELD;
  }
}

/* The pages of clauses tell yes and undetermined, and not no.  Where the others of a row are
 * all 0, a hidden one is the subjects themselves. */
static void
hold_in_row (PopulationCount *count)
{
  gint64 *parts[MEASURES - 1] = { &count->yes, &count->no, &count->undetermined }, *smallest;
  size_t hidden = count_hidden (parts, G_N_ELEMENTS (parts), &smallest);
  if (hidden + (count->subjects < 0) == 1)
    *(count->no > 0 ? &count->no : smallest ? smallest : &count->subjects) = POPULATION_HELD;
}

/* ---- groups -------------------------------------------------------------------- */

/* The numbers of a dimension: a row per group, the whole's last; a column per measure.  Rows and columns add
 * up.  With every number an edge between its row and its column, those withheld can be computed from those
 * told except where they lie on a cycle: on a cycle each may be one more or less, in turn. */
typedef struct {
  size_t n_rows;
  gint64 **numbers; /* [row × MEASURES] */
} Table;

static gint64 *
number_at (const Table *t, size_t row, size_t m)
{
  return t->numbers[row * MEASURES + m];
}

/* What it costs to withhold it: as many people as it tells of.  The whole is told elsewhere. */
static gint64
cost_of (const Table *t, size_t row, size_t m)
{
  gint64 n = *number_at (t, row, m);
  return n < 0 ? 0 : n > 0 && row + 1 < t->n_rows ? n : G_MAXINT64;
}

/* The nearest node that is not DONE: rows first, then columns; N_NODES: none can be reached. */
static size_t
nearest (const gint64 *far, const bool *done, size_t n_nodes)
{
  size_t best = n_nodes;
  for (size_t i = 0; i < n_nodes; i++)
    if (!done[i] && far[i] < G_MAXINT64 && (best == n_nodes || far[i] < far[best]))
      best = i;
  return best;
}

/* Withholds the cheapest cycle through the number in ROW and column M (Dijkstra's way from one to the
 * other). */
static void
hold_cycle (const Table *t, size_t row, size_t m)
{
  size_t n = t->n_rows, n_nodes = n + MEASURES, at;
  g_autofree gint64 *far = g_new (gint64, n_nodes);
  g_autofree size_t *from = g_new0 (size_t, n_nodes);
  g_autofree bool *done = g_new0 (bool, n_nodes);
  for (size_t i = 0; i < n_nodes; i++)
    far[i] = i == row ? 0 : G_MAXINT64;
  while ((at = nearest (far, done, n_nodes)) < n_nodes && at != n + m) {
    done[at] = true;
    for (size_t to = at < n ? n : 0; to < (at < n ? n_nodes : n); to++) {
      gint64 cost = at < n ? cost_of (t, at, to - n) : cost_of (t, to, at - n);
      if ((at == row && to == n + m) || cost == G_MAXINT64 || far[at] + cost >= far[to])
        continue;
      far[to] = far[at] + cost;
      from[to] = at;
    }
  }
  for (; at < n_nodes && at != row; at = from[at]) {
    gint64 *held = at < n ? number_at (t, at, from[at] - n) : number_at (t, from[at], at - n);
    *held = *held > 0 ? POPULATION_HELD : *held;
  }
}

/* ---- money ----------------------------------------------------------------------- */

static void
hold_amounts (PopulationCount *count)
{
  count->amounts = count->open_amounts = POPULATION_HELD;
  count->amount = count->least = count->greatest = decimal_from_int64 (0);
  count->sum_alone = true;
}

/* Those with an amount and those without make up those who qualify.  LEAST and GREATEST are each one
 * person's. */
static void
hide_amounts (PopulationCount *count)
{
  if (count->yes < 0 || population_few (count->open_amounts) < 0 || population_few (count->amounts) < 0)
    hold_amounts (count);
  count->least = count->greatest = decimal_from_int64 (0);
  count->sum_alone = true;
}

/* ---- a provision ------------------------------------------------------------------ */

static void
hide_count (PopulationCount *count)
{
  for (size_t m = 0; m < MEASURES; m++)
    *measure (count, m) = population_few (*measure (count, m));
}

static void
hide_dimension (Arena *arena, PopulationCount *whole, PopulationDimension *d)
{
  PopulationGroup *groups = arena_copy (arena, d->groups, d->n * sizeof *groups);
  for (size_t i = 0; i < d->n; i++) {
    hide_count (&groups[i].count);
    hold_amounts (&groups[i].count);
  }
  g_autofree gint64 **numbers = g_new (gint64 *, (d->n + 1) * MEASURES);
  const Table table = { d->n + 1, numbers };
  for (size_t i = 0; i < table.n_rows; i++)
    for (size_t m = 0; m < MEASURES; m++)
      numbers[i * MEASURES + m] = measure (i < d->n ? &groups[i].count : whole, m);
  for (size_t i = 0; i < table.n_rows; i++)
    for (size_t m = 0; m < MEASURES; m++)
      if (*number_at (&table, i, m) == POPULATION_FEW)
        hold_cycle (&table, i, m);
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
      rules[r].gave = population_few (rules[r].gave);
      for (size_t i = 0; i < table->n_inputs; i++)
        failed[i] = population_few (failed[i]);
      rules[r].failed = failed;
    }
    tables[t].rules = rules;
  }
  return tables;
}

bool
population_of_people (const RegistryEntity *entity)
{
  if (entity->label)
    return entity->label->sensitivity != REGISTRY_PUBLIC;
  for (size_t i = 0; i < entity->n; i++)
    if (entity->attributes[i].sensitivity != REGISTRY_PUBLIC)
      return true;
  return false;
}

const PopulationProvision *
population_hide_few (Arena *arena, const PopulationProvision *provision)
{
  if (!population_of_people (provision->provision->subject))
    return provision;
  PopulationProvision *p = arena_copy (arena, provision, sizeof *p);
  hide_count (&p->count);
  hold_in_row (&p->count);
  hide_amounts (&p->count);
  p->tables = hide_tables (arena, p);
  PopulationNeed *needs = arena_copy (arena, p->needs, p->n_needs * sizeof *needs);
  for (size_t i = 0; i < p->n_needs; i++)
    needs[i].n = population_few (needs[i].n);
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
