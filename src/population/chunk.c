/* A chunk counted: what the program says of its rows, or dmn/ where there is no program. */
#include "population_private.h"

#include <string.h>

struct Chunker {
  Plan *plan;
  const Kind *kind;
  RowReader *rows; /* made when first needed */
  Figures *figures;
  Answers *answers;     /* by provision of the plan */
  size_t **reasons;     /* by provision and table: its place among the program's, + 1 */
  const guint16 *sizes; /* of the chunk's groups */
  size_t first, n;
  guint16 found[COLUMNS_CHUNK];
  gint64 *counted; /* by outcome and group */
};

Chunker *
chunker_new (Plan *plan, const Kind *kind)
{
  Chunker *c = g_new0 (Chunker, 1);
  *c = (Chunker){ .plan = plan, .kind = kind };
  c->figures = figures_new (plan, kind);
  c->answers = g_new0 (Answers, plan->n_provisions);
  c->counted = g_new0 (gint64, 3 * kind->n_groups + 1); /* some kinds have no groups */
  c->reasons = g_new0 (size_t *, plan->n_provisions);
  for (size_t i = 0; i < plan->n_provisions; i++)
    c->reasons[i] = g_new0 (size_t, plan->provisions[i].n_tables);
  return c;
}

void
chunker_free (Chunker *c)
{
  if (!c)
    return;
  figures_free (c->figures);
  row_reader_free (c->rows);
  for (size_t i = 0; i < c->plan->n_provisions; i++)
    g_free (c->reasons[i]);
  g_free (c->reasons);
  g_free (c->answers);
  g_free (c->counted);
  g_free (c);
}

Figures *
chunker_figures (Chunker *c)
{
  return c->figures;
}

static RowReader *
rows_of (Chunker *c)
{
  if (!c->rows)
    c->rows = row_reader_new (c->plan);
  return c->rows;
}

/* ---- amounts --------------------------------------------------------------- */

static Decimal
amount_at (const Answers *a, size_t row)
{
  return a->amounts ? decimal_from_scaled (a->amounts[row], (int)a->scale) : a->exact[row];
}

static void
add_amount (PopulationCount *to, Decimal amount)
{
  PopulationCount one = { .amounts = 1, .amount = amount, .least = amount, .greatest = amount };
  count_add (to, &one);
}

typedef struct {
  gint64 n, sum, least, greatest;
} Money;

static inline void
add_money (Money *m, gint64 amount)
{
  m->least = m->n && m->least < amount ? m->least : amount;
  m->greatest = m->n && m->greatest > amount ? m->greatest : amount;
  m->sum += amount;
  m->n++;
}

static void
take_money (PopulationCount *to, const Money *m, unsigned scale)
{
  PopulationCount all = { .amounts = m->n,
                          .amount = decimal_from_scaled (m->sum, (int)scale),
                          .least = decimal_from_scaled (m->least, (int)scale),
                          .greatest = decimal_from_scaled (m->greatest, (int)scale) };
  if (m->n)
    count_add (to, &all);
}

/* Whether the sum of a chunk's amounts surely stays within int64. */
static bool
adds_up (const Answers *a, const guint16 *rows, size_t n)
{
  const gint64 most = G_MAXINT64 / COLUMNS_CHUNK;
  bool fits = a->amounts != NULL;
  for (size_t i = 0; i < n && fits; i++)
    fits = a->amounts[rows[i]] <= most && a->amounts[rows[i]] >= -most;
  return fits;
}

/* The N amounts of ROWS, a count for all of them, and one for each group of each grouping (may be NULL). */
static void
add_amounts (const Chunker *c, const Answers *a, const guint16 *rows, size_t n, PopulationCount *all,
             PopulationCount *groups)
{
  if (!n)
    return;
  if (!adds_up (a, rows, n)) {
    for (size_t i = 0; i < n; i++) {
      add_amount (all, amount_at (a, rows[i]));
      PopulationCount *first = groups;
      for (size_t g = 0; groups && g < c->kind->n_groupings; first += c->kind->groupings[g++].n)
        add_amount (&first[c->kind->groupings[g].of[c->first + rows[i]]], amount_at (a, rows[i]));
    }
    return;
  }
  Money whole = { 0 };
  for (size_t i = 0; i < n; i++)
    add_money (&whole, a->amounts[rows[i]]);
  take_money (all, &whole, a->scale);
  for (size_t g = 0; groups && g < c->kind->n_groupings; groups += c->kind->groupings[g++].n) {
    const PopulationGrouping *by = &c->kind->groupings[g];
    g_autofree Money *money = g_new0 (Money, by->n);
    for (size_t i = 0; i < n; i++)
      add_money (&money[by->of[c->first + rows[i]]], a->amounts[rows[i]]);
    for (size_t k = 0; k < by->n; k++)
      take_money (&groups[k], &money[k], a->scale);
  }
}

/* ---- groups ------------------------------------------------------------------ */

enum { YES, NO, UNDETERMINED, OUTCOMES };

/* How many of the chunk are in each group, of those of MASK, into COUNTED. */
static void
count_groups (Chunker *c, const guint8 *mask, gint64 *counted)
{
  size_t n = tally_rows (mask, c->n, c->found);
  for (size_t g = 0; g < c->kind->n_groupings; counted += c->kind->groupings[g++].n) {
    const guint32 *of = c->kind->groupings[g].of + c->first;
    for (size_t i = 0; i < n; i++)
      counted[of[c->found[i]]]++;
  }
}

/* Counts the two rarer outcomes; what they leave of every group has the third. */
static void
add_groups (Chunker *c, const Answers *a, const PopulationCount *chunk, PopulationCount *groups)
{
  guint8 undetermined[COLUMNS_CHUNK];
  const guint8 *const masks[OUTCOMES] = { a->yes, a->no, undetermined };
  const gint64 n[OUTCOMES] = { chunk->yes, chunk->no, chunk->undetermined };
  size_t n_groups = c->kind->n_groups;
  gint64 *counted[OUTCOMES] = { c->counted, c->counted + n_groups, c->counted + 2 * n_groups };
  int most = n[YES] > n[NO] ? YES : NO;
  most = n[UNDETERMINED] > n[most] ? UNDETERMINED : most;
  if (most != UNDETERMINED && n[UNDETERMINED])
    for (size_t i = 0; i < c->n; i++)
      undetermined[i] = (guint8) ~(a->yes[i] | a->no[i]);
  memset (c->counted, 0, OUTCOMES * n_groups * sizeof *c->counted);
  for (int k = 0; k < OUTCOMES; k++)
    if (k != most && n[k])
      count_groups (c, masks[k], counted[k]);
  for (size_t g = 0; g < n_groups; g++) {
    counted[most][g] = c->sizes[g] - counted[YES][g] - counted[NO][g] - counted[UNDETERMINED][g];
    groups[g].subjects += c->sizes[g];
    groups[g].yes += counted[YES][g];
    groups[g].no += counted[NO][g];
    groups[g].undetermined += counted[UNDETERMINED][g];
  }
}

/* ---- the program's answers ------------------------------------------------------- */

static void
clear_absent (guint8 *mask, const ColumnsAnswer *answer, size_t n)
{
  if (answer->none)
    tally_without (mask, answer->none, n);
  if (answer->unknown)
    tally_without (mask, answer->unknown, n);
}

/* For which rows a boolean ANSWER is true, or false. */
static void
where (const ColumnsAnswer *answer, bool truth, guint8 *mask, size_t n)
{
  memset (mask, answer->truths ? 0xff : 0, n);
  if (!answer->truths)
    return;
  if (truth)
    tally_within (mask, answer->truths, n);
  else
    tally_without (mask, answer->truths, n);
  clear_absent (mask, answer, n);
}

static void
read_answers (const Chunker *c, const PlanProvision *p, const ColumnsChunk *chunk, Answers *a)
{
  const ColumnsAnswer *eligible = &chunk->answers[p->eligible];
  where (eligible, true, a->yes, c->n);
  where (eligible, false, a->no, c->n);
  memset (a->paid, 0, c->n);
  if (!p->provision->amount)
    return;
  const ColumnsAnswer *amount = &chunk->answers[p->amount];
  if (columns_program_kind (c->plan->program, p->amount, &a->scale) != FEEL_NUMBER)
    return;
  a->amounts = amount->numbers;
  memcpy (a->paid, a->yes, c->n);
  clear_absent (a->paid, amount, c->n);
}

/* ---- reasons ---------------------------------------------------------------------- */

static const ColumnsReasons *
reasons_of (Chunker *c, size_t provision, size_t table, const ColumnsChunk *chunk)
{
  const DmnDecision *decision = c->plan->provisions[provision].tables[table].decision;
  size_t *place = &c->reasons[provision][table];
  for (size_t i = 0; !*place && i < chunk->n_reasons; i++)
    if (chunk->reasons[i].decision == decision && chunk->reasons[i].table == decision->table)
      *place = i + 1;
  g_assert (*place);
  return &chunk->reasons[*place - 1];
}

static void
without_all (guint8 *mask, const guint8 *const *planes, size_t n_planes, size_t n)
{
  for (size_t i = 0; i < n_planes; i++)
    if (planes[i])
      tally_without (mask, planes[i], n);
}

/* How often each rule gave the table's answer; as dmn_trace_gave. */
static void
count_gave (const ColumnsReasons *r, size_t n, gint64 *gave)
{
  guint8 left[COLUMNS_CHUNK], met[COLUMNS_CHUNK];
  memset (left, 0xff, n);
  if (r->unknown)
    tally_without (left, r->unknown, n);
  if (r->refused)
    tally_without (left, r->refused, n);
  for (size_t rule = 0; rule < r->table->n_rules; rule++) {
    const guint8 *const *failed = r->failed + rule * r->n_bytes, *const *open = r->open + rule * r->n_bytes;
    memcpy (met, left, n);
    without_all (met, failed, r->n_bytes, n);
    if (r->table->policy == DMN_FIRST)
      tally_without (left, met, n); /* the next one counts where this one failed */
    without_all (met, open, r->n_bytes, n);
    gave[rule] += (gint64)tally_mask (met, n);
  }
}

/* For how many of those answered NO each condition failed. */
static void
count_failed (const ColumnsReasons *r, const guint8 *no, size_t n, gint64 *failed)
{
  size_t n_inputs = r->table->n_inputs;
  for (size_t rule = 0; rule < r->table->n_rules; rule++)
    for (size_t byte = 0; byte < r->n_bytes; byte++) {
      const guint8 *plane = r->failed[rule * r->n_bytes + byte];
      if (plane)
        tally_bits (plane, (unsigned)MIN (8, n_inputs - 8 * byte), no, n,
                    &failed[rule * n_inputs + 8 * byte]);
    }
}

static void
count_reasons (Chunker *c, size_t provision, const ColumnsChunk *chunk)
{
  const PlanProvision *p = &c->plan->provisions[provision];
  ProvisionFigures *f = &c->figures->provisions[provision];
  const guint8 *no = c->answers[provision].no;
  bool any_no = tally_mask (no, c->n);
  for (size_t t = 0; t < p->n_tables; t++) {
    const ColumnsReasons *r = reasons_of (c, provision, t, chunk);
    guint8 asked[COLUMNS_CHUNK];
    memcpy (asked, no, c->n);
    if (r->refused)
      tally_without (asked, r->refused, c->n);
    count_gave (r, c->n, &f->gave[p->tables[t].first_rule]);
    if (any_no)
      count_failed (r, asked, c->n, &f->failed[p->tables[t].first_condition]);
  }
}

/* For how many of the undetermined each name is missing. */
static void
count_needs (Chunker *c, const PlanProvision *p, const ColumnsAnswer *eligible, ProvisionFigures *f)
{
  for (size_t i = 0; i < p->n_needs; i++)
    if (eligible->missing[i])
      figures_need (f, p->needs[i], (gint64)tally_mask (eligible->missing[i], c->n));
}

/* ---- all of it ----------------------------------------------------------------------- */

static void
count_provision (Chunker *c, size_t provision, const ColumnsChunk *chunk)
{
  const PlanProvision *p = &c->plan->provisions[provision];
  ProvisionFigures *f = &c->figures->provisions[provision];
  Answers *a = &c->answers[provision];
  if (p->by_rows)
    row_reader_answer (rows_of (c), p, c->first, c->n, a, f);
  else {
    read_answers (c, p, chunk, a);
    count_reasons (c, provision, chunk);
    count_needs (c, p, &chunk->answers[p->eligible], f);
  }
  PopulationCount counted = { .subjects = (gint64)c->n,
                              .yes = (gint64)tally_mask (a->yes, c->n),
                              .no = (gint64)tally_mask (a->no, c->n) };
  counted.undetermined = counted.subjects - counted.yes - counted.no;
  add_groups (c, a, &counted, f->groups);
  count_add (&f->count, &counted);
  size_t n_paid = tally_rows (a->paid, c->n, c->found);
  add_amounts (c, a, c->found, n_paid, &f->count, f->groups);
}

static void
count_target (Chunker *c, size_t target, const ColumnsChunk *chunk)
{
  const PlanTarget *t = &c->plan->targets[target];
  const Answers *a = &c->answers[t->provision];
  PopulationCount *count = &c->figures->targets[target];
  guint8 among[COLUMNS_CHUNK], part[COLUMNS_CHUNK];
  memset (among, 0xff, c->n);
  if (t->by_rows)
    row_reader_true (rows_of (c), t->target->among, c->first, c->n, among);
  else if (t->target->among)
    where (&chunk->answers[t->among], true, among, c->n);
  const guint8 *const masks[] = { a->yes, a->no, a->paid };
  size_t n[G_N_ELEMENTS (masks)], all = tally_mask (among, c->n);
  for (size_t i = 0; i < G_N_ELEMENTS (masks); i++) {
    memcpy (part, among, c->n);
    tally_within (part, masks[i], c->n);
    n[i] = tally_rows (part, c->n, c->found);
  }
  PopulationCount counted = { .subjects = (gint64)all, .yes = (gint64)n[0], .no = (gint64)n[1] };
  counted.undetermined = counted.subjects - counted.yes - counted.no;
  count_add (count, &counted);
  add_amounts (c, a, c->found, n[2], count, NULL);
}

void
chunker_count (Chunker *c, size_t first, size_t n, const ColumnsChunk *chunk)
{
  c->first = first;
  c->n = first < c->kind->n ? MIN (n, c->kind->n - first) : 0;
  c->sizes = c->kind->sizes + first / COLUMNS_CHUNK * c->kind->n_groups;
  for (size_t i = 0; c->n && i < c->plan->n_provisions; i++)
    count_provision (c, i, chunk);
  for (size_t i = 0; c->n && i < c->plan->n_targets; i++)
    count_target (c, i, chunk);
}
