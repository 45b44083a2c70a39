/* Sharpening: an undecided table looked at once more, by cases.
 *
 * Kleene logic over rules is sound but may ask too much: of `x < 5 → 1` and
 * `x >= 5 → 1` it says that the answer depends on x.  Where the tests of the
 * unknown inputs are constants, an input matters only by the *atom* it falls
 * into: a point that some test names, a gap between two such points, null, or
 * none of the kinds tested.  So all combinations of atoms are tried.  If every
 * one gives the same answer, that is the answer; if not, the inputs that change
 * it, one at a time and the others held, are what it depends on.
 *
 * Two unknown inputs may rest on one fact and then not every combination can
 * happen: trying all of them errs on the side of asking.  With inputs that are
 * different facts the result is exact. */
#include "dmn_private.h"

enum { COMBINATIONS_MAX = 4096, KINDS = FEEL_MONTHS_DURATION + 1 };

typedef enum { ATOM_NULL, ATOM_OTHER, ATOM_POINT, ATOM_GAP } AtomKind;

typedef struct {
  AtomKind kind;
  FeelKind of;
  FeelValue low, high; /* POINT: low; GAP: open on both sides, null is unbounded */
} Atom;

/* One unknown input: its atoms (null, other, then kind by kind, ascending), per rule
 * the test as intervals, and per atom the rules whose test holds for it. */
typedef struct {
  size_t input;
  FeelIntervals *tests;
  Atom *atoms;
  size_t n_atoms;
  size_t kinds[KINDS + 1]; /* where the atoms of each kind begin */
  RuleWord *sets;
} Axis;

typedef struct {
  const DmnTable *table;
  const FeelValue *inputs;
  FeelRun *run;
  Arena *arena;
  Axis *axes;
  size_t n_axes, n_combinations;
  RuleWord *fixed;    /* the rules that the known inputs leave */
  FeelValue *answers; /* per combination */
  RuleWord *met;      /* per combination: the rules that are */
} Cases;

/* ---- atoms ------------------------------------------------------------- */

static int
compare (FeelValue a, FeelValue b)
{
  int order = 0;
  feel_order (a, b, &order);
  return order;
}

static bool
reaches_down (const FeelInterval *i, const Atom *atom)
{
  if (i->low.kind == FEEL_NULL)
    return true;
  if (atom->low.kind == FEEL_NULL)
    return false;
  int order = compare (i->low, atom->low);
  return order < 0 || (order == 0 && (atom->kind == ATOM_GAP || i->low_closed));
}

static bool
reaches_up (const FeelInterval *i, const Atom *atom)
{
  FeelValue top = atom->kind == ATOM_POINT ? atom->low : atom->high;
  if (i->high.kind == FEEL_NULL)
    return true;
  if (top.kind == FEEL_NULL)
    return false;
  int order = compare (i->high, top);
  return order > 0 || (order == 0 && (atom->kind == ATOM_GAP || i->high_closed));
}

/* Whether every value of ATOM satisfies TEST; no atom is cut by one. */
static bool
holds (const FeelIntervals *test, const Atom *atom)
{
  if (atom->kind == ATOM_NULL)
    return test->null;
  if (test->all)
    return true;
  for (size_t k = 0; atom->kind != ATOM_OTHER && k < test->n; k++)
    if (test->intervals[k].kind == atom->of && reaches_down (&test->intervals[k], atom)
        && reaches_up (&test->intervals[k], atom))
      return true;
  return false;
}

static int
compare_points (const void *a, const void *b)
{
  return compare (*(const FeelValue *)a, *(const FeelValue *)b);
}

/* Ascending, each once. */
static void
sort_points (GArray *points)
{
  guint n = 0;
  g_array_sort (points, compare_points);
  for (guint i = 0; i < points->len; i++) {
    FeelValue point = g_array_index (points, FeelValue, i);
    if (n == 0 || compare (g_array_index (points, FeelValue, n - 1), point) != 0)
      g_array_index (points, FeelValue, n++) = point;
  }
  g_array_set_size (points, n);
}

/* The ends of every interval of KIND, ascending. */
static GArray *
ends_of (const FeelIntervals *tests, size_t n, FeelKind kind, bool *seen)
{
  GArray *points = g_array_new (FALSE, FALSE, sizeof (FeelValue));
  *seen = false;
  for (size_t t = 0; t < n; t++)
    for (size_t k = 0; k < tests[t].n; k++) {
      const FeelInterval *i = &tests[t].intervals[k];
      if (i->kind != kind)
        continue;
      *seen = true;
      if (i->low.kind != FEEL_NULL)
        g_array_append_val (points, i->low);
      if (i->high.kind != FEEL_NULL)
        g_array_append_val (points, i->high);
    }
  return points;
}

static void
add_kind (GArray *atoms, const FeelIntervals *tests, size_t n, FeelKind kind)
{
  bool seen;
  g_autoptr (GArray) ends = ends_of (tests, n, kind, &seen);
  if (seen && kind == FEEL_BOOLEAN) { /* two values, nothing between or beyond */
    const FeelValue both[] = { feel_boolean (false), feel_boolean (true) };
    g_array_append_vals (ends, both, 2);
  }
  sort_points (ends);
  FeelValue below = feel_null ();
  for (guint i = 0; seen && i <= ends->len; i++) {
    FeelValue end = i < ends->len ? g_array_index (ends, FeelValue, i) : feel_null ();
    Atom gap = { ATOM_GAP, kind, below, end }, point = { .kind = ATOM_POINT, .of = kind, .low = end };
    if (kind != FEEL_BOOLEAN)
      g_array_append_val (atoms, gap);
    if (i < ends->len)
      g_array_append_val (atoms, point);
    below = end;
  }
}

/* ---- axes -------------------------------------------------------------- */

static bool
is_allowed (const FeelIntervals *allowed, const Atom *atom)
{
  return !allowed || atom->kind == ATOM_NULL || holds (allowed, atom);
}

/* The first atom from FROM to TO for which SIDE says other than BEFORE. */
static size_t
find_atom (const Axis *axis, size_t from, size_t to, bool (*side) (const FeelInterval *, const Atom *),
           const FeelInterval *interval, bool before)
{
  while (from < to) {
    size_t middle = (from + to) / 2;
    if (side (interval, &axis->atoms[middle]) == before)
      from = middle + 1;
    else
      to = middle;
  }
  return from;
}

static void
add_rule (Axis *axis, size_t rule, size_t from, size_t to, size_t n_words)
{
  for (size_t a = from; a < to; a++)
    axis->sets[a * n_words + rule / RULE_WORD_BITS] |= (RuleWord)1 << (rule % RULE_WORD_BITS);
}

/* As holds (), for every rule and atom; an interval's atoms stand side by side. */
static void
make_sets (Cases *c, Axis *axis)
{
  size_t n_words = c->table->index->n_words;
  axis->sets = arena_new0 (c->arena, RuleWord, axis->n_atoms * n_words);
  for (size_t r = 0; r < c->table->n_rules; r++) {
    const FeelIntervals *test = &axis->tests[r];
    if (test->null)
      add_rule (axis, r, 0, 1, n_words);
    if (test->all)
      add_rule (axis, r, 1, axis->n_atoms, n_words);
    for (size_t k = 0; !test->all && k < test->n; k++) {
      const FeelInterval *interval = &test->intervals[k];
      size_t begin = axis->kinds[interval->kind], end = axis->kinds[interval->kind + 1];
      size_t from = find_atom (axis, begin, end, reaches_down, interval, false);
      add_rule (axis, r, from, find_atom (axis, from, end, reaches_up, interval, true), n_words);
    }
  }
}

/* The atoms of an unknown input; false when a test is not constant. */
static bool
make_axis (Cases *c, size_t input, Axis *axis)
{
  const DmnTable *table = c->table;
  const DmnColumn *column = &table->inputs[input];
  size_t n = table->n_rules;
  *axis = (Axis){ .input = input, .tests = arena_new0 (c->arena, FeelIntervals, n + 1) };
  for (size_t r = 0; r < n; r++)
    if (!feel_test_intervals (table->rules[r].tests[input].expression, c->arena, &axis->tests[r]))
      return false;
  bool bounded = column->allowed.expression != NULL;
  if (bounded && !feel_test_intervals (column->allowed.expression, c->arena, &axis->tests[n]))
    return false;
  Atom null = { .kind = ATOM_NULL }, other = { .kind = ATOM_OTHER };
  g_autoptr (GArray) atoms = g_array_new (FALSE, FALSE, sizeof (Atom));
  g_array_append_val (atoms, null);
  g_array_append_val (atoms, other);
  for (FeelKind kind = FEEL_BOOLEAN; kind <= FEEL_MONTHS_DURATION; kind++)
    add_kind (atoms, axis->tests, n + bounded, kind);
  axis->atoms = arena_new0 (c->arena, Atom, atoms->len);
  const FeelTypeKind type = feel_expression_type (column->expression)->kind;
  bool any_kind
      = atoms->len == 2 || type == FEEL_TYPE_ANY; /* a known type has no "other" kinds once one is tested */
  for (guint i = 0; i < atoms->len; i++) {
    const Atom *atom = &g_array_index (atoms, Atom, i);
    if ((atom->kind != ATOM_OTHER || any_kind) && is_allowed (bounded ? &axis->tests[n] : NULL, atom)) {
      axis->atoms[axis->n_atoms++] = *atom;
      axis->kinds[atom->of + 1] = axis->n_atoms;
    }
  }
  for (size_t kind = 1; kind <= KINDS; kind++)
    axis->kinds[kind] = MAX (axis->kinds[kind], axis->kinds[kind - 1]);
  return true;
}

/* What one known input leaves; false when a test itself is undecided. */
static bool
settle_input (Cases *c, size_t input, RuleWord *scratch)
{
  RuleSets sets = index_look_up (c->table, input, &c->inputs[input], scratch);
  for (size_t w = 0; w < c->table->index->n_words; w++) {
    c->fixed[w] &= sets.kept[w];
    for (RuleWord open = sets.open[w]; open; open &= open - 1) {
      size_t rule = w * RULE_WORD_BITS + (size_t)__builtin_ctzll (open);
      FeelValue met
          = feel_evaluate_test (c->table->rules[rule].tests[input].expression, c->inputs[input], c->run);
      if (met.kind == FEEL_UNKNOWN)
        return false;
      if (!feel_is_true (met))
        c->fixed[w] &= ~(open & -open);
    }
  }
  return true;
}

static bool
settle_known (Cases *c)
{
  size_t n_words = c->table->index->n_words;
  RuleWord *scratch = arena_new0 (c->arena, RuleWord, n_words);
  c->fixed = dmn_keep (c->arena, c->table->index->all, n_words * sizeof *c->fixed);
  for (size_t i = 0; i < c->table->n_inputs; i++)
    if (c->inputs[i].kind != FEEL_UNKNOWN && !settle_input (c, i, scratch))
      return false;
  return true;
}

static bool
make_cases (Cases *c)
{
  c->axes = arena_new0 (c->arena, Axis, c->table->n_inputs);
  c->n_combinations = 1;
  for (size_t i = 0; i < c->table->n_inputs; i++) {
    if (c->inputs[i].kind != FEEL_UNKNOWN)
      continue;
    Axis *axis = &c->axes[c->n_axes++];
    if (!make_axis (c, i, axis) || axis->n_atoms == 0 || axis->n_atoms > COMBINATIONS_MAX / c->n_combinations)
      return false;
    c->n_combinations *= axis->n_atoms;
    make_sets (c, axis);
  }
  return c->n_axes > 0 && settle_known (c);
}

/* ---- trying ------------------------------------------------------------ */

static FeelValue
answer_at (const Cases *c, size_t combination, Match *met)
{
  Matches matches = { 0, met };
  size_t n_words = c->table->index->n_words;
  RuleWord *rules = c->met + combination * n_words;
  for (size_t w = 0; w < n_words; w++) {
    RuleWord kept = c->fixed[w];
    size_t rest = combination;
    for (size_t a = 0; a < c->n_axes && kept; a++) {
      const Axis *axis = &c->axes[a];
      kept &= axis->sets[rest % axis->n_atoms * n_words + w];
      rest /= axis->n_atoms;
    }
    rules[w] = kept;
    for (; kept; kept &= kept - 1)
      met[matches.n++]
          = (Match){ w * RULE_WORD_BITS + (size_t)__builtin_ctzll (kept), DMN_MET, feel_null () };
  }
  return dmn_table_answer (c->table, matches, c->run);
}

static bool
same_answer (const Cases *c, FeelValue a, FeelValue b)
{
  if (a.kind == FEEL_NULL || b.kind == FEEL_NULL)
    return a.kind == b.kind;
  return feel_is_true (feel_equal (c->arena, a, b));
}

/* Whether the same rules answer: then so they do alike, also where they are themselves unknown. */
static bool
same_rules (const Cases *c, size_t a, size_t b)
{
  size_t n_words = c->table->index->n_words, w = 0;
  const RuleWord *x = c->met + a * n_words, *y = c->met + b * n_words;
  if (c->table->policy != DMN_FIRST)
    return memcmp (x, y, n_words * sizeof *x) == 0;
  while (w + 1 < n_words && !(x[w] | y[w]))
    w++;
  return (x[w] & -x[w]) == (y[w] & -y[w]);
}

/* Whether moving along AXIS alone (STRIDE apart) ever changes the answer. */
static bool
matters (const Cases *c, const Axis *axis, size_t stride)
{
  for (size_t i = 0; i < c->n_combinations; i++) {
    size_t at = i / stride % axis->n_atoms;
    if (at && !same_rules (c, i, i - stride) && !same_answer (c, c->answers[i], c->answers[i - stride]))
      return true;
  }
  return false;
}

static FeelValue
fold (const Cases *c)
{
  FeelValue open = feel_null ();
  size_t stride = 1;
  for (size_t a = 0; a < c->n_axes; a++) {
    if (matters (c, &c->axes[a], stride))
      open = feel_unknown_merge (c->arena, open, c->inputs[c->axes[a].input]);
    stride *= c->axes[a].n_atoms;
  }
  for (size_t i = 0; i < c->n_combinations; i++)
    if (c->answers[i].kind == FEEL_UNKNOWN) /* an output that is itself unknown */
      open = feel_unknown_merge (c->arena, open, c->answers[i]);
  return open.kind == FEEL_UNKNOWN ? open : c->answers[0];
}

FeelValue
dmn_table_sharpen (const DmnTable *table, const FeelValue *inputs, FeelValue answer, FeelRun *run)
{
  Cases c = { .table = table, .inputs = inputs, .run = run, .arena = run->arena };
  FeelDiagnostic *before = run->diagnostics;
  if (make_cases (&c)) {
    c.answers = arena_new0 (c.arena, FeelValue, c.n_combinations);
    c.met = arena_new0 (c.arena, RuleWord, c.n_combinations * table->index->n_words);
    Match *met = arena_new0 (c.arena, Match, table->n_rules);
    for (size_t i = 0; i < c.n_combinations; i++)
      c.answers[i] = answer_at (&c, i, met);
    answer = fold (&c);
  }
  run->diagnostics = before; /* what was only tried did not happen */
  return answer;
}

bool
dmn_table_atoms (const DmnTable *table, size_t input, Arena *arena, DmnAtoms *atoms)
{
  Cases c = { .table = table, .arena = arena };
  Axis axis;
  if (!make_axis (&c, input, &axis) || axis.n_atoms == 0)
    return false;
  make_sets (&c, &axis);
  *atoms = (DmnAtoms){ axis.n_atoms, table->index->n_words, axis.sets, COMBINATIONS_MAX };
  return true;
}
