/* Hit policies (DMN 1.5, 8.2.8), lifted to rules that may be undecided.
 *
 * The lift is the same for all: an answer stands only when every way of
 * settling the undecided rules gives it.  For single answers the candidates
 * are compared; for aggregates the bounds decide; for lists one undecided rule
 * leaves the list open.  Soundness before sharpness: where this is too
 * cautious, more is asked than needed, never less. */
#include "dmn_private.h"

typedef struct {
  const DmnTable *table;
  size_t n;
  const Match *matches;
  FeelRun *run;
} Table;

static FeelValue
fail (const Table *t, const char *message)
{
  return feel_fail (t->run, t->table->outputs[0].standard.expression, "%s", message);
}

static bool
has_default (const Table *t)
{
  for (size_t o = 0; o < t->table->n_outputs; o++)
    if (t->table->outputs[o].standard.expression)
      return true;
  return false;
}

static bool
meets_test (const Table *t, const DmnColumn *column, FeelValue value)
{
  FeelValue met = feel_evaluate_test (column->allowed_test, value, t->run);
  return value.kind == FEEL_NULL || feel_is_true (met) || met.kind == FEEL_UNKNOWN;
}

/* An output outside its 允许 row is an error in the rule, not an answer. */
static FeelValue
allowed_or_null (const Table *t, const DmnColumn *column, FeelValue value)
{
  value = items_conform (t->run, column->item, value, column->label);
  if (value.kind == FEEL_UNKNOWN || !(column->allowed.expression || column->allowed_test))
    return value;
  if (column->allowed_test)
    return meets_test (t, column, value) ? value : fail (t, "the output is not among the output values");
  FeelValue allowed = feel_evaluate (column->allowed.expression, t->run);
  for (size_t i = 0; allowed.kind == FEEL_LIST && i < allowed.list->n; i++)
    if (feel_is_true (feel_equal (t->run->arena, allowed.list->items[i], value)))
      return value;
  return fail (t, "the output is not among the allowed values");
}

/* The outputs in CELLS (one per column; NULL expression: null) as one value. */
static FeelValue
compose (const Table *t, const DmnCell *(*cell_of) (const Table *, size_t, size_t), size_t rule)
{
  size_t n = t->table->n_outputs;
  FeelEntry *entries = arena_new0 (t->run->arena, FeelEntry, n);
  for (size_t o = 0; o < n; o++) {
    const DmnCell *cell = cell_of (t, rule, o);
    FeelValue value = boxed_cell (cell, t->run);
    entries[o] = (FeelEntry){ t->table->outputs[o].label, allowed_or_null (t, &t->table->outputs[o], value) };
  }
  return n == 1 ? entries[0].value : feel_context (t->run->arena, entries, n);
}

static const DmnCell *
rule_cell (const Table *t, size_t rule, size_t output)
{
  return &t->table->rules[rule].outputs[output];
}

static const DmnCell *
standard_cell (const Table *t, size_t rule, size_t output)
{
  return &t->table->outputs[output].standard;
}

static FeelValue
value_of (const Table *t, const Match *match)
{
  const FeelValue *constant = t->table->index->outputs[match->rule];
  return constant ? *constant : compose (t, rule_cell, match->rule);
}

static FeelValue
no_match (const Table *t)
{
  if (t->table->index->standard)
    return *t->table->index->standard;
  return has_default (t) ? compose (t, standard_cell, 0) : feel_null ();
}

/* Whether the cells that CELL_OF gives, and what they must be, depend on nothing. */
static bool
is_constant (const Table *t, const DmnCell *(*cell_of) (const Table *, size_t, size_t), size_t rule)
{
  g_autoptr (Arena) scratch = arena_new ();
  FeelIntervals intervals;
  for (size_t o = 0; o < t->table->n_outputs; o++) {
    const DmnColumn *column = &t->table->outputs[o];
    const FeelExpression *cell = cell_of (t, rule, o)->expression, *allowed = column->allowed.expression;
    if (!cell || !feel_expression_constant (cell) || (allowed && !feel_expression_constant (allowed)))
      return false;
    if (column->allowed_test && !feel_test_intervals (column->allowed_test, scratch, &intervals))
      return false;
  }
  return true;
}

bool
hit_constant (const DmnTable *table, ptrdiff_t rule, Arena *arena, FeelValue *value)
{
  FeelRun run = { .arena = arena };
  Table t = { .table = table, .run = &run };
  const DmnCell *(*cell_of) (const Table *, size_t, size_t) = rule < 0 ? standard_cell : rule_cell;
  if (!is_constant (&t, cell_of, (size_t)rule))
    return false;
  *value = compose (&t, cell_of, (size_t)rule);
  return !run.diagnostics;
}

static size_t
count (const Table *t, DmnStatus status)
{
  size_t n = 0;
  for (size_t i = 0; i < t->n; i++)
    n += t->matches[i].status == status;
  return n;
}

/* Everything that the undecided rules are waiting for. */
static FeelValue
doubts (const Table *t)
{
  FeelValue all = feel_null ();
  for (size_t i = 0; i < t->n; i++)
    if (t->matches[i].status == DMN_UNDECIDED)
      all = feel_unknown_merge (t->run->arena, all, t->matches[i].doubt);
  return all;
}

/* Candidates for a single answer, folded: SAME while all are determined and equal. */
typedef struct {
  bool any, same;
  FeelValue value, unknown;
} Candidates;

static void
consider (const Table *t, Candidates *c, FeelValue value)
{
  Arena *arena = t->run->arena;
  if (value.kind == FEEL_UNKNOWN)
    c->unknown = feel_unknown_merge (arena, c->unknown, value);
  if (!c->any)
    *c = (Candidates){ true, value.kind != FEEL_UNKNOWN, value, c->unknown };
  else if (c->same)
    c->same = value.kind != FEEL_UNKNOWN && feel_is_true (feel_equal (arena, c->value, value));
}

/* The common value, or the unknown behind the rules still open. */
static FeelValue
settle (const Table *t, const Candidates *c)
{
  return c->same ? c->value : feel_unknown_merge (t->run->arena, doubts (t), c->unknown);
}

/* ---- single answers ---------------------------------------------------- */

/* UNIQUE: one rule may match.  Where two still can, the answer stays open: both
 * matching would make it null. */
static FeelValue
answer_unique (const Table *t)
{
  size_t met = count (t, DMN_MET), open = count (t, DMN_UNDECIDED);
  if (met > 1)
    return fail (t, "more than one rule of a UNIQUE table matches");
  if (open && met + open > 1)
    return doubts (t);
  Candidates c = { 0 };
  for (size_t i = 0; i < t->n; i++)
    consider (t, &c, value_of (t, &t->matches[i]));
  if (met == 1)
    return c.value;
  consider (t, &c, no_match (t));
  return settle (t, &c);
}

/* ANY: several may match if they agree. */
static FeelValue
answer_any (const Table *t)
{
  Candidates met = { 0 }, all = { 0 };
  for (size_t i = 0; i < t->n; i++) {
    FeelValue value = value_of (t, &t->matches[i]);
    consider (t, &all, value);
    if (t->matches[i].status == DMN_MET)
      consider (t, &met, value);
  }
  if (met.any && !met.same && met.unknown.kind != FEEL_UNKNOWN)
    return fail (t, "rules of an ANY table match with different outputs");
  if (!met.any)
    consider (t, &all, no_match (t));
  return settle (t, &all);
}

/* FIRST: the first match in the order written. */
static FeelValue
answer_first (const Table *t)
{
  Candidates c = { 0 };
  for (size_t i = 0; i < t->n; i++) {
    FeelValue value = value_of (t, &t->matches[i]);
    if (t->matches[i].status == DMN_MET && !c.any)
      return value;
    consider (t, &c, value);
    if (t->matches[i].status == DMN_MET)
      return settle (t, &c);
  }
  consider (t, &c, no_match (t));
  return settle (t, &c);
}

/* ---- priority and order ------------------------------------------------ */

/* Place of VALUE in the column's 允许 list; behind all when it is not there. */
static size_t
rank_in (const Table *t, const DmnColumn *column, FeelValue value)
{
  if (!column->allowed.expression)
    return 0;
  FeelValue allowed = feel_evaluate (column->allowed.expression, t->run);
  size_t n = allowed.kind == FEEL_LIST ? allowed.list->n : 0;
  for (size_t i = 0; i < n; i++)
    if (feel_is_true (feel_equal (t->run->arena, allowed.list->items[i], value)))
      return i;
  return n;
}

/* Negative when A comes before B: columns from left to right (DMN 1.5, 8.2.8). */
static int
compare_priority (const Table *t, FeelValue a, FeelValue b)
{
  for (size_t o = 0; o < t->table->n_outputs; o++) {
    const DmnColumn *column = &t->table->outputs[o];
    FeelValue x = t->table->n_outputs == 1 ? a : a.context->entries[o].value;
    FeelValue y = t->table->n_outputs == 1 ? b : b.context->entries[o].value;
    size_t i = rank_in (t, column, x), j = rank_in (t, column, y);
    if (i != j)
      return i < j ? -1 : 1;
  }
  return 0;
}

static FeelValue
answer_priority (const Table *t)
{
  bool any = false;
  FeelValue best = feel_null ();
  for (size_t i = 0; i < t->n; i++) {
    if (t->matches[i].status != DMN_MET)
      continue;
    FeelValue value = value_of (t, &t->matches[i]);
    if (!any || compare_priority (t, value, best) < 0)
      best = value;
    any = true;
  }
  Candidates c = { 0 };
  consider (t, &c, any ? best : no_match (t));
  for (size_t i = 0; i < t->n; i++) {
    if (t->matches[i].status != DMN_UNDECIDED)
      continue;
    FeelValue value = value_of (t, &t->matches[i]);
    if (!any || value.kind == FEEL_UNKNOWN || compare_priority (t, value, best) < 0)
      consider (t, &c, value);
  }
  return settle (t, &c);
}

static FeelValue
answer_list (const Table *t)
{
  if (count (t, DMN_UNDECIDED))
    return doubts (t);
  FeelValue *values = arena_new0 (t->run->arena, FeelValue, t->n);
  size_t n = 0;
  for (size_t i = 0; i < t->n; i++) {
    if (t->matches[i].status != DMN_MET)
      continue;
    FeelValue value = value_of (t, &t->matches[i]);
    size_t at = n++;
    /* OUTPUT ORDER: insert behind those of the same or a higher priority. */
    for (; t->table->policy == DMN_OUTPUT_ORDER && at && compare_priority (t, value, values[at - 1]) < 0;
         at--)
      values[at] = values[at - 1];
    values[at] = value;
  }
  return n || !has_default (t) ? feel_list (t->run->arena, values, n) : no_match (t);
}

/* ---- aggregates -------------------------------------------------------- */

static FeelValue
answer_count (const Table *t)
{
  return count (t, DMN_UNDECIDED) ? doubts (t) : feel_int ((gint64)count (t, DMN_MET));
}

/* Fold one more number into SO_FAR, as the aggregator says. */
static FeelValue
aggregate (DmnHitPolicy policy, bool first, FeelValue so_far, FeelValue value)
{
  if (first)
    return value;
  if (policy == DMN_SUM)
    return feel_number (decimal_add (so_far.number, value.number));
  bool less = decimal_compare (value.number, so_far.number) < 0;
  return (policy == DMN_MIN) == less ? value : so_far;
}

/* Sum, minimum or maximum.  An undecided rule does not matter when folding its
 * output in would change nothing: it adds 0, or lies inside the extreme. */
static FeelValue
answer_aggregate (const Table *t)
{
  DmnHitPolicy policy = t->table->policy;
  FeelValue total = feel_null (), unknown = feel_null ();
  bool any = false;
  for (size_t i = 0; i < t->n; i++) {
    if (t->matches[i].status != DMN_MET)
      continue;
    FeelValue value = value_of (t, &t->matches[i]);
    if (value.kind == FEEL_UNKNOWN)
      unknown = feel_unknown_merge (t->run->arena, unknown, value);
    else if (value.kind != FEEL_NUMBER)
      return fail (t, "an aggregating table adds up numbers only");
    else
      total = aggregate (policy, !any, total, value);
    any |= value.kind == FEEL_NUMBER;
  }
  for (size_t i = 0; i < t->n; i++) {
    if (t->matches[i].status != DMN_UNDECIDED)
      continue;
    FeelValue value = value_of (t, &t->matches[i]);
    bool harmless = any && value.kind == FEEL_NUMBER
                    && decimal_equal (aggregate (policy, false, total, value).number, total.number);
    if (!harmless)
      unknown = feel_unknown_merge (t->run->arena,
                                    feel_unknown_merge (t->run->arena, unknown, t->matches[i].doubt),
                                    value.kind == FEEL_UNKNOWN ? value : feel_null ());
  }
  if (unknown.kind == FEEL_UNKNOWN)
    return unknown;
  return any ? total : no_match (t);
}

FeelValue
dmn_table_answer (const DmnTable *table, Matches matches, FeelRun *run)
{
  Table t = { table, matches.n, matches.matches, run };
  switch (table->policy) {
  case DMN_UNIQUE: return answer_unique (&t);
  case DMN_ANY: return answer_any (&t);
  case DMN_FIRST: return answer_first (&t);
  case DMN_PRIORITY: return answer_priority (&t);
  case DMN_RULE_ORDER:
  case DMN_OUTPUT_ORDER:
  case DMN_COLLECT: return answer_list (&t);
  case DMN_COUNT: return answer_count (&t);
  case DMN_SUM:
  case DMN_MIN:
  case DMN_MAX: return answer_aggregate (&t);
  }
  g_assert_not_reached ();
}
