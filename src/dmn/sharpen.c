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

enum { COMBINATIONS_MAX = 4096 };

typedef enum { ATOM_NULL, ATOM_OTHER, ATOM_POINT, ATOM_GAP } AtomKind;

typedef struct {
  AtomKind kind;
  FeelKind of;
  FeelValue low, high; /* POINT: low; GAP: open on both sides, null is unbounded */
} Atom;

/* One unknown input: its atoms, and per rule the test as intervals. */
typedef struct {
  size_t input;
  FeelIntervals *tests;
  Atom *atoms;
  size_t n_atoms;
} Axis;

typedef struct {
  const DmnTable *table;
  const FeelValue *inputs;
  FeelRun *run;
  Arena *arena;
  Axis *axes;
  size_t n_axes, n_combinations;
  DmnStatus *fixed;   /* per rule: MET or NOT_MET by the known inputs */
  FeelValue *answers; /* per combination */
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

static void
add_point (GArray *points, FeelValue value)
{
  guint at = 0;
  while (at < points->len && compare (g_array_index (points, FeelValue, at), value) < 0)
    at++;
  if (at == points->len || compare (g_array_index (points, FeelValue, at), value) != 0)
    g_array_insert_val (points, at, value);
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
        add_point (points, i->low);
      if (i->high.kind != FEEL_NULL)
        add_point (points, i->high);
    }
  return points;
}

static void
add_kind (GArray *atoms, const FeelIntervals *tests, size_t n, FeelKind kind)
{
  bool seen;
  g_autoptr (GArray) ends = ends_of (tests, n, kind, &seen);
  if (seen && kind == FEEL_BOOLEAN) { /* two values, nothing between or beyond */
    add_point (ends, feel_boolean (false));
    add_point (ends, feel_boolean (true));
  }
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
    if ((atom->kind != ATOM_OTHER || any_kind) && is_allowed (bounded ? &axis->tests[n] : NULL, atom))
      axis->atoms[axis->n_atoms++] = *atom;
  }
  return true;
}

/* Rules by their known inputs alone; false when a test itself is undecided. */
static bool
settle_known (Cases *c)
{
  for (size_t r = 0; r < c->table->n_rules; r++) {
    c->fixed[r] = DMN_MET;
    for (size_t i = 0; i < c->table->n_inputs; i++) {
      const FeelExpression *test = c->table->rules[r].tests[i].expression;
      if (c->inputs[i].kind == FEEL_UNKNOWN || feel_test_is_any (test))
        continue;
      FeelValue met = feel_evaluate_test (test, c->inputs[i], c->run);
      if (met.kind == FEEL_UNKNOWN)
        return false;
      if (!feel_is_true (met))
        c->fixed[r] = DMN_NOT_MET;
    }
  }
  return true;
}

static bool
make_cases (Cases *c)
{
  c->axes = arena_new0 (c->arena, Axis, c->table->n_inputs);
  c->fixed = arena_new0 (c->arena, DmnStatus, c->table->n_rules);
  c->n_combinations = 1;
  for (size_t i = 0; i < c->table->n_inputs; i++) {
    if (c->inputs[i].kind != FEEL_UNKNOWN)
      continue;
    Axis *axis = &c->axes[c->n_axes++];
    if (!make_axis (c, i, axis) || axis->n_atoms == 0 || axis->n_atoms > COMBINATIONS_MAX / c->n_combinations)
      return false;
    c->n_combinations *= axis->n_atoms;
  }
  return c->n_axes > 0 && settle_known (c);
}

/* ---- trying ------------------------------------------------------------ */

static FeelValue
answer_at (const Cases *c, size_t combination, Match *met)
{
  Matches matches = { 0, met };
  for (size_t r = 0; r < c->table->n_rules; r++) {
    bool meets = c->fixed[r] == DMN_MET;
    size_t rest = combination;
    for (size_t a = 0; a < c->n_axes && meets; a++) {
      const Axis *axis = &c->axes[a];
      meets = holds (&axis->tests[r], &axis->atoms[rest % axis->n_atoms]);
      rest /= axis->n_atoms;
    }
    if (meets)
      met[matches.n++] = (Match){ r, DMN_MET, feel_null () };
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

/* Whether moving along AXIS alone (STRIDE apart) ever changes the answer. */
static bool
matters (const Cases *c, const Axis *axis, size_t stride)
{
  for (size_t i = 0; i < c->n_combinations; i++) {
    size_t at = i / stride % axis->n_atoms;
    if (at && !same_answer (c, c->answers[i], c->answers[i - stride]))
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
    Match *met = arena_new0 (c.arena, Match, table->n_rules);
    for (size_t i = 0; i < c.n_combinations; i++)
      c.answers[i] = answer_at (&c, i, met);
    answer = fold (&c);
  }
  run->diagnostics = before; /* what was only tried did not happen */
  return answer;
}
