/* The index of a table: which rules an input's value leaves in play, as bits.
 *
 * Where the tests of an input are constant, a value matters only by its *rank*
 * among the points that they name: below the first, the first, between it and
 * the second, and so on, kind by kind.  Along the ranks every rule's bit goes on
 * where one of its intervals begins and off behind where it ends; each such
 * change is a *toggle*.  The set at a rank is that of the last checkpoint with
 * the toggles since.  A checkpoint stands after as many toggles as a set has
 * words, so that an index takes memory in proportion to its table, and looking a
 * value up takes a binary search and the time to copy one set.
 *
 * What is not constant stays open, for every value; and for values of a kind
 * that no test names (or lists, contexts, moments, the unknown) all tests do:
 * evaluating them says why they fail, or what they wait for. */
#include "dmn_private.h"

enum { KINDS = FEEL_MONTHS_DURATION + 1 };

/* The points of one kind, ascending; FIRST is the rank below them all. */
typedef struct {
  size_t n, first;
  FeelValue *points;
} Segment;

typedef struct IndexColumn {
  Segment segments[KINDS];
  guint32 *toggles;      /* rules, in order of rank */
  guint32 *n_toggles;    /* per rank: how many stand at it or before */
  RuleWord *checkpoints; /* one per n_words toggles */
  RuleWord *null;        /* for null */
  RuleWord *open;        /* tests that are not constant */
  RuleWord *tested;      /* tests other than "-" */
} Column;

static void
set_add (RuleWord *set, size_t rule)
{
  set[rule / RULE_WORD_BITS] |= (RuleWord)1 << (rule % RULE_WORD_BITS);
}

static void
set_toggle (RuleWord *set, size_t rule)
{
  set[rule / RULE_WORD_BITS] ^= (RuleWord)1 << (rule % RULE_WORD_BITS);
}

/* ---- ranks ------------------------------------------------------------- */

/* Moments are left to FEEL: their order is not their equality. */
static bool
is_ranked (FeelKind kind)
{
  return kind >= FEEL_BOOLEAN && kind <= FEEL_MONTHS_DURATION && kind != FEEL_TIME && kind != FEEL_DATE_TIME;
}

static int
compare (const FeelValue *a, const FeelValue *b)
{
  if (a->kind == FEEL_NUMBER)
    return decimal_compare (a->number, b->number);
  int order = 0;
  feel_order (*a, *b, &order);
  return order;
}

static int
compare_points (const void *a, const void *b)
{
  return compare (a, b);
}

static size_t
rank_of (const Segment *segment, const FeelValue *value)
{
  size_t low = 0, high = segment->n;
  while (low < high) {
    size_t middle = (low + high) / 2;
    int order = compare (value, &segment->points[middle]);
    if (order == 0)
      return segment->first + 2 * middle + 1;
    if (order < 0)
      high = middle;
    else
      low = middle + 1;
  }
  return segment->first + 2 * low;
}

/* ---- looking up -------------------------------------------------------- */

static const RuleWord *
set_at (const struct DmnIndex *index, const Column *column, size_t rank, RuleWord *scratch)
{
  size_t n_words = index->n_words, n = column->n_toggles[rank], from = n / n_words;
  const RuleWord *checkpoint = column->checkpoints + from * n_words;
  if (from * n_words == n)
    return checkpoint;
  memcpy (scratch, checkpoint, n_words * sizeof *scratch);
  for (size_t t = from * n_words; t < n; t++)
    set_toggle (scratch, column->toggles[t]);
  return scratch;
}

RuleSets
index_look_up (const DmnTable *table, size_t i, const FeelValue *value, RuleWord *scratch)
{
  const struct DmnIndex *index = table->index;
  const Column *column = &index->columns[i];
  if (value->kind == FEEL_NULL)
    return (RuleSets){ column->null, column->open };
  if (value->kind > FEEL_MONTHS_DURATION || !column->segments[value->kind].n)
    return (RuleSets){ index->all, column->tested };
  size_t rank = rank_of (&column->segments[value->kind], value);
  return (RuleSets){ set_at (index, column, rank, scratch), column->open };
}

/* ---- building ---------------------------------------------------------- */

typedef struct {
  const DmnTable *table;
  Arena *arena, *scratch;
  size_t input, n_words;
  FeelIntervals *tests; /* per rule */
  bool *constant;       /* per rule */
  size_t n_intervals;   /* of ranked kinds */
  RuleWord *base;       /* before any toggle */
} Builder;

static RuleWord *
new_set (const Builder *b)
{
  return arena_new0 (b->arena, RuleWord, b->n_words);
}

/* Every test as intervals, the sets that need no ranks filled. */
static void
read_tests (Builder *b, Column *column)
{
  for (size_t r = 0; r < b->table->n_rules; r++) {
    const FeelExpression *test = b->table->rules[r].tests[b->input].expression;
    FeelIntervals *holds = &b->tests[r];
    bool any = test && feel_test_is_any (test);
    b->constant[r] = test && feel_test_intervals (test, b->scratch, holds);
    if (!b->constant[r])
      set_add (column->open, r);
    if (!any)
      set_add (column->tested, r);
    if (any || !b->constant[r] || holds->null)
      set_add (column->null, r);
    if (any || !b->constant[r] || holds->all)
      set_add (b->base, r);
    for (size_t k = 0; b->constant[r] && k < holds->n; k++)
      b->n_intervals += is_ranked (holds->intervals[k].kind);
  }
}

static void
gather_points (const Builder *b, GArray *points[KINDS])
{
  for (size_t r = 0; r < b->table->n_rules; r++)
    for (size_t k = 0; b->constant[r] && k < b->tests[r].n; k++) {
      const FeelInterval *interval = &b->tests[r].intervals[k];
      if (!is_ranked (interval->kind))
        continue;
      if (interval->low.kind != FEEL_NULL)
        g_array_append_val (points[interval->kind], interval->low);
      if (interval->high.kind != FEEL_NULL)
        g_array_append_val (points[interval->kind], interval->high);
    }
}

/* Sorted, each once, ranks following those of the kinds before. */
static size_t
make_segment (const Builder *b, GArray *points, size_t first, Segment *segment)
{
  g_array_sort (points, compare_points);
  *segment = (Segment){ 0, first, arena_new0 (b->arena, FeelValue, points->len) };
  for (guint i = 0; i < points->len; i++) {
    const FeelValue *point = &g_array_index (points, FeelValue, i);
    if (!segment->n || compare (&segment->points[segment->n - 1], point) != 0)
      segment->points[segment->n++] = *point;
  }
  return segment->n ? first + 2 * segment->n + 1 : first;
}

static size_t
make_segments (const Builder *b, Column *column)
{
  GArray *points[KINDS];
  for (int kind = 0; kind < KINDS; kind++)
    points[kind] = g_array_new (FALSE, FALSE, sizeof (FeelValue));
  gather_points (b, points);
  size_t n_ranks = 0;
  for (int kind = 0; kind < KINDS; kind++) {
    n_ranks = make_segment (b, points[kind], n_ranks, &column->segments[kind]);
    g_array_unref (points[kind]);
  }
  return n_ranks;
}

/* The first rank of INTERVAL and the first behind it. */
static void
ranks_of (const Column *column, const FeelInterval *interval, size_t *from, size_t *to)
{
  const Segment *segment = &column->segments[interval->kind];
  *from = interval->low.kind == FEEL_NULL ? segment->first
                                          : rank_of (segment, &interval->low) + !interval->low_closed;
  *to = interval->high.kind == FEEL_NULL ? segment->first + 2 * segment->n + 1
                                         : rank_of (segment, &interval->high) + interval->high_closed;
}

typedef struct {
  size_t rank;
  guint32 rule;
} Toggle;

static int
compare_toggles (const void *a, const void *b)
{
  size_t x = ((const Toggle *)a)->rank, y = ((const Toggle *)b)->rank;
  return (x > y) - (x < y);
}

/* An interval without ends speaks of a kind that has no points; then the kind is open. */
static size_t
gather_toggles (const Builder *b, const Column *column, Toggle *toggles)
{
  size_t n = 0;
  for (size_t r = 0; r < b->table->n_rules; r++)
    for (size_t k = 0; b->constant[r] && k < b->tests[r].n; k++) {
      const FeelInterval *interval = &b->tests[r].intervals[k];
      if (!is_ranked (interval->kind) || !column->segments[interval->kind].n)
        continue;
      size_t from, to;
      ranks_of (column, interval, &from, &to);
      toggles[n++] = (Toggle){ from, (guint32)r };
      toggles[n++] = (Toggle){ to, (guint32)r };
    }
  qsort (toggles, n, sizeof *toggles, compare_toggles);
  return n;
}

/* TOGGLES (sorted) as the column keeps them. */
static void
keep_toggles (const Builder *b, Column *column, const Toggle *toggles, size_t n, size_t n_ranks)
{
  column->toggles = arena_new0 (b->arena, guint32, n);
  column->n_toggles = arena_new0 (b->arena, guint32, n_ranks);
  column->checkpoints = arena_new0 (b->arena, RuleWord, (n / b->n_words + 1) * b->n_words);
  for (size_t t = 0, rank = 0; rank < n_ranks; rank++) {
    while (t < n && toggles[t].rank <= rank)
      t++;
    column->n_toggles[rank] = (guint32)t;
  }
  RuleWord *set = b->base;
  for (size_t t = 0; t <= n; t++) {
    if (t % b->n_words == 0)
      memcpy (column->checkpoints + t, set, b->n_words * sizeof *set);
    if (t == n)
      break;
    column->toggles[t] = toggles[t].rule;
    set_toggle (set, toggles[t].rule);
  }
}

static void
build_column (Builder *b, Column *column)
{
  size_t n_rules = b->table->n_rules;
  b->scratch = arena_new ();
  b->tests = arena_new0 (b->scratch, FeelIntervals, n_rules);
  b->constant = arena_new0 (b->scratch, bool, n_rules);
  b->base = arena_new0 (b->scratch, RuleWord, b->n_words);
  b->n_intervals = 0;
  column->null = new_set (b);
  column->open = new_set (b);
  column->tested = new_set (b);
  read_tests (b, column);
  size_t n_ranks = make_segments (b, column);
  Toggle *toggles = arena_new0 (b->scratch, Toggle, 2 * b->n_intervals);
  size_t n = gather_toggles (b, column, toggles);
  keep_toggles (b, column, toggles, n, n_ranks);
  arena_free (b->scratch);
}

static const FeelValue *
keep_constant (const DmnTable *table, ptrdiff_t rule, Arena *arena)
{
  FeelValue value;
  return hit_constant (table, rule, arena, &value) ? dmn_keep (arena, &value, sizeof value) : NULL;
}

const struct DmnIndex *
index_build (const DmnTable *table, Arena *arena)
{
  size_t n_words = MAX (1, (table->n_rules + RULE_WORD_BITS - 1) / RULE_WORD_BITS);
  RuleWord *all = arena_new0 (arena, RuleWord, n_words);
  Column *columns = arena_new0 (arena, Column, table->n_inputs);
  const FeelValue **outputs = arena_new0 (arena, const FeelValue *, table->n_rules);
  for (size_t r = 0; r < table->n_rules; r++) {
    set_add (all, r);
    outputs[r] = keep_constant (table, (ptrdiff_t)r, arena);
  }
  Builder b = { .table = table, .arena = arena, .n_words = n_words };
  for (b.input = 0; b.input < table->n_inputs; b.input++)
    build_column (&b, &columns[b.input]);
  struct DmnIndex *index = arena_new0 (arena, struct DmnIndex, 1);
  *index = (struct DmnIndex){ n_words, all, columns, outputs, keep_constant (table, -1, arena) };
  return index;
}
