/* What is wrong with a decision table whatever the facts are: gaps, overlaps,
 * rules that never decide, rules that add nothing (analysis.h). */
#include "analysis.h"

enum { BOXES_MAX = 4000000, PAIRS_MAX = 50000000 };

typedef struct {
  Grid grid;
  const DmnModel *model;
  const DmnDecision *decision;
  const DmnTable *table;
  Arena *arena;
  DmnDomainOf domain_of;
  void *host;
  size_t limit;
  Bits **may;              /* [rule][column] */
  GPtrArray *impossible;   /* Bits *: boxes that no input is in */
  const FeelValue **fixed; /* [rule][output]: its constant; FEEL_UNKNOWN: none */
  Bits dead, marked;       /* rules that admit nothing; rules with a finding of their own */
  size_t n_of[DMN_TOO_LARGE + 1];
  GArray *findings; /* DmnFinding */
} Analysis;

const char *
dmn_finding_code (DmnFindingKind kind)
{
  static const char *const codes[] = { [DMN_GAP] = "gap",
                                       [DMN_OVERLAP] = "overlap",
                                       [DMN_UNREACHABLE] = "unreachable-rule",
                                       [DMN_SUBSUMED] = "subsumed-rule",
                                       [DMN_DUPLICATE] = "duplicate-rule",
                                       [DMN_TOO_LARGE] = "large-table" };
  return codes[kind];
}

static void
find (Analysis *a, DmnFinding finding)
{
  if (a->n_of[finding.kind]++ < a->limit)
    g_array_append_val (a->findings, finding);
}

/* ---- which inputs can be null ------------------------------------------ */

/* The table is run once with every fact that can be null being null, and all others
 * unknown.  An input that comes out null then can be null; of others nothing is
 * known, and they are taken not to be. */
static void
ask_host (const Analysis *a, const DmnUnit *unit, const FeelPath *path, DmnDomain *domain)
{
  *domain = (DmnDomain){ .null = true, .scale = -1 };
  if (a->domain_of)
    a->domain_of (a->host, unit, path, domain);
}

static FeelValue
null_or_unknown (const Analysis *a, const DmnUnit *unit, const FeelPath *path, Text name, Arena *arena)
{
  DmnDomain domain;
  ask_host (a, unit, path, &domain);
  return domain.null ? feel_null () : feel_unknown (arena, (FeelNeed){ name, NULL });
}

static FeelValue
bind_nulls (void *data, const DmnUnit *unit, const DmnVariable *variable, Arena *arena)
{
  const Analysis *a = data;
  FeelPath path = { .slot = (int)(variable - unit->variables) };
  const FeelType *type = variable->type;
  if (type->kind != FEEL_TYPE_CONTEXT)
    return null_or_unknown (a, unit, &path, text_of (variable->name), arena);
  FeelEntry *entries = arena_new0 (arena, FeelEntry, type->n);
  path.n = 1;
  for (size_t i = 0; i < type->n; i++) {
    Text name = type->members[i].name;
    path.members = &name;
    entries[i] = (FeelEntry){ name, null_or_unknown (a, unit, &path, name, arena) };
  }
  return feel_context (arena, entries, type->n);
}

static const DmnTraceCondition *
probe (Analysis *a)
{
  if (a->decision->role != DMN_DECISION || a->table->n_rules == 0)
    return NULL;
  DmnRun *run = dmn_run_new (a->model, a->arena, bind_nulls, a, DMN_TRACE);
  dmn_run_decision (run, a->decision);
  for (const DmnTrace *t = dmn_run_trace (run); t; t = t->next)
    if (t->table == a->table)
      return t->rules[0].conditions;
  return NULL;
}

/* ---- what else an input can be ----------------------------------------- */

bool
analysis_constant (Arena *arena, const FeelExpression *e, FeelValue *value)
{
  size_t n = 1;
  FeelRun run = { .arena = arena };
  if (e)
    feel_expression_paths (e, &n);
  if (n == 0)
    *value = feel_evaluate (e, &run);
  return n == 0;
}

bool
dmn_answers_single (DmnHitPolicy policy)
{
  return policy == DMN_UNIQUE || policy == DMN_ANY || policy == DMN_PRIORITY || policy == DMN_FIRST;
}

/* The answers of a table all of whose outputs are constant. */
static void
outputs_of (const DmnTable *table, Arena *arena, DmnDomain *domain)
{
  if (table->n_outputs != 1 || !dmn_answers_single (table->policy))
    return;
  FeelValue *values = arena_new0 (arena, FeelValue, table->n_rules + 1);
  size_t n = 0;
  bool null = domain->null;
  for (size_t r = 0; r <= table->n_rules; r++) {
    const DmnCell *cell = r < table->n_rules ? &table->rules[r].outputs[0] : &table->outputs[0].standard;
    if (r == table->n_rules && cell->text.len == 0)
      break;
    if (!analysis_constant (arena, cell->expression, &values[n]))
      return;
    null |= values[n].kind == FEEL_NULL;
    n += values[n].kind != FEEL_NULL;
  }
  *domain = (DmnDomain){ .null = null, .values = values, .n_values = n, .scale = -1 };
}

/* Whether LABEL is just this decision's name: "名" or, of a used unit, "条款15.名". */
static bool
names_decision (const Analysis *a, Text label, const DmnDecision *d)
{
  if (d->unit == a->decision->unit)
    return text_equal (label, d->name);
  size_t unit = strlen (d->unit->id);
  return label.len == unit + 1 + d->name.len && text_starts_with (label, d->unit->id)
         && label.bytes[unit] == '.' && text_ends_with (label, arena_text (a->arena, d->name));
}

/* Whether LABEL is just this path: "园区.认定级别". */
static bool
names_path (const Analysis *a, Text label, const FeelPath *path)
{
  const DmnUnit *unit = a->decision->unit;
  if ((size_t)path->slot >= unit->n_variables)
    return false;
  g_autoptr (GString) name = g_string_new (unit->variables[path->slot].name);
  for (size_t i = 0; i < path->n; i++)
    g_string_append_printf (name, ".%.*s", (int)path->members[i].len, path->members[i].bytes);
  return text_equal (label, (Text){ name->str, name->len });
}

static DmnDomain
domain_of_input (const Analysis *a, const DmnColumn *input, const DmnTraceCondition *seen)
{
  DmnDomain domain = { .null = false, .scale = -1 };
  size_t n = 0;
  const FeelPath *paths = input->expression ? feel_expression_paths (input->expression, &n) : NULL;
  if (n == 1 && names_path (a, input->label, &paths[0]))
    ask_host (a, a->decision->unit, &paths[0], &domain);
  domain.null = seen && seen->value.kind == FEEL_NULL;
  for (size_t i = 0; i < a->decision->n_requires; i++) {
    const DmnDecision *d = a->decision->requires_[i];
    if (d->role == DMN_DECISION && d->table && names_decision (a, input->label, d))
      outputs_of (d->table, a->arena, &domain);
  }
  return domain;
}

/* ---- rules as boxes ---------------------------------------------------- */

static const Test *
test_of (const Analysis *a, size_t rule, size_t column)
{
  return a->grid.columns[column].of_rule[rule];
}

static Text
rule_name (const Analysis *a, const DmnRule *rule)
{
  return rule->label.len ? rule->label
                         : text_of (arena_printf (a->arena, "%zu", (size_t)(rule - a->table->rules) + 1));
}

static void
read_outputs (Analysis *a)
{
  const DmnTable *table = a->table;
  a->fixed = arena_new0 (a->arena, const FeelValue *, table->n_rules);
  for (size_t r = 0; r < table->n_rules; r++) {
    FeelValue *values = arena_new0 (a->arena, FeelValue, table->n_outputs);
    for (size_t o = 0; o < table->n_outputs; o++) {
      if (!analysis_constant (a->arena, table->rules[r].outputs[o].expression, &values[o]))
        values[o] = (FeelValue){ .kind = FEEL_UNKNOWN };
    }
    a->fixed[r] = values;
  }
}

static void
read_grid (Analysis *a)
{
  const DmnTable *table = a->table;
  const DmnTraceCondition *seen = probe (a);
  a->grid = (Grid){ .arena = a->arena,
                    .table = table,
                    .columns = arena_new0 (a->arena, Column, table->n_inputs),
                    .boxes_left = BOXES_MAX };
  for (size_t c = 0; c < table->n_inputs; c++) {
    DmnDomain domain = domain_of_input (a, &table->inputs[c], seen ? &seen[c] : NULL);
    g_autoptr (GPtrArray) more = g_ptr_array_new ();
    implied_tests (a->decision, c, a->arena, more);
    column_read (&a->grid.columns[c], table, c, more, &domain, a->arena);
  }
  implied_impossible (&a->grid, a->decision, a->impossible);
  a->may = arena_new0 (a->arena, Bits *, table->n_rules);
  for (size_t r = 0; r < table->n_rules; r++) {
    a->may[r] = arena_new0 (a->arena, Bits, table->n_inputs);
    for (size_t c = 0; c < table->n_inputs; c++)
      a->may[r][c] = test_of (a, r, c)->may;
  }
}

/* ---- rules that admit nothing ------------------------------------------ */

static void
find_dead_rules (Analysis *a)
{
  for (size_t r = 0; r < a->table->n_rules; r++)
    for (size_t c = 0; c < a->table->n_inputs; c++)
      if (bits_empty (a->may[r][c])) {
        const DmnRule *rule = &a->table->rules[r];
        find (a, (DmnFinding){ DMN_UNREACHABLE, .rule = rule, .cell = &rule->tests[c] });
        bits_add (a->dead, r);
        break;
      }
}

/* ---- gaps -------------------------------------------------------------- */

/* Column C of REGION as wide as it can be without meeting one of BOXES. */
static void
widen (const Analysis *a, Bits *region, size_t c, const GPtrArray *boxes)
{
  const Column *column = &a->grid.columns[c];
  Bits met = bits_new (a->arena, column->n_classes);
  for (guint i = 0; i < boxes->len; i++) {
    const Bits *box = boxes->pdata[i];
    bool meets = true;
    for (size_t k = 0; meets && k < a->table->n_inputs; k++)
      meets = k == c || bits_meet (region[k], box[k]);
    if (meets)
      bits_join (met, box[c]);
  }
  bits_less (region[c], column->all, met);
}

static bool
lies_within (const Analysis *a, const Bits *inner, const Bits *outer)
{
  for (size_t c = 0; c < a->table->n_inputs; c++)
    if (!bits_within (inner[c], outer[c]))
      return false;
  return true;
}

static const Text *
write_row (const Analysis *a, const Bits *region)
{
  Text *row = arena_new0 (a->arena, Text, a->table->n_inputs);
  for (size_t c = 0; c < a->table->n_inputs; c++)
    row[c] = column_write (&a->grid.columns[c], region[c], a->arena);
  return row;
}

/* Tables in which an input that no rule covers is an ordinary case. */
static bool
may_have_gaps (const DmnTable *table)
{
  for (size_t o = 0; o < table->n_outputs; o++)
    if (table->outputs[o].standard.expression)
      return true;
  return !dmn_answers_single (table->policy);
}

static void
add_impossible (const Analysis *a, GPtrArray *boxes)
{
  for (guint i = 0; i < a->impossible->len; i++)
    g_ptr_array_add (boxes, a->impossible->pdata[i]);
}

static void
find_gaps (Analysis *a)
{
  if (may_have_gaps (a->table))
    return;
  Bits *all = arena_new0 (a->arena, Bits, a->table->n_inputs);
  for (size_t c = 0; c < a->table->n_inputs; c++)
    all[c] = a->grid.columns[c].all;
  g_autoptr (GPtrArray) boxes = g_ptr_array_new (), found = g_ptr_array_new (), shown = g_ptr_array_new ();
  for (size_t r = 0; r < a->table->n_rules; r++)
    g_ptr_array_add (boxes, a->may[r]);
  add_impossible (a, boxes);
  grid_uncovered (&a->grid, all, (const Bits *const *)boxes->pdata, boxes->len, a->limit, found);
  for (guint i = 0; i < found->len; i++) {
    Bits *region = found->pdata[i];
    bool new = true;
    for (guint k = 0; k < shown->len && new; k++)
      new = !lies_within (a, region, shown->pdata[k]);
    if (!new)
      continue;
    for (size_t c = 0; c < a->table->n_inputs; c++)
      widen (a, region, c, boxes);
    g_ptr_array_add (shown, region);
    find (a, (DmnFinding){ DMN_GAP, .tests = write_row (a, region) });
  }
}

/* ---- two rules --------------------------------------------------------- */

typedef enum { OUTPUTS_UNSURE, OUTPUTS_SAME, OUTPUTS_DIFFERENT } Outputs;

static Outputs
compare_outputs (const Analysis *a, size_t r, size_t s)
{
  Outputs result = OUTPUTS_SAME;
  for (size_t o = 0; o < a->table->n_outputs; o++) {
    FeelValue x = a->fixed[r][o], y = a->fixed[s][o];
    if (x.kind != FEEL_UNKNOWN && y.kind != FEEL_UNKNOWN) {
      if (!feel_is_true (feel_equal (a->arena, x, y)))
        return OUTPUTS_DIFFERENT;
    } else if (!text_equal (a->table->rules[r].outputs[o].text, a->table->rules[s].outputs[o].text))
      result = OUTPUTS_UNSURE;
  }
  return result;
}

/* Whether all that R may match S must match. */
static bool
contains (const Analysis *a, size_t s, size_t r)
{
  for (size_t c = 0; c < a->table->n_inputs; c++)
    if (test_of (a, r, c) != test_of (a, s, c)
        && !bits_within (test_of (a, r, c)->may, test_of (a, s, c)->must))
      return false;
  return true;
}

/* Whether both are sure to match something. */
static bool
overlap (const Analysis *a, size_t r, size_t s)
{
  for (size_t c = 0; c < a->table->n_inputs; c++)
    if (test_of (a, r, c) != test_of (a, s, c)
        && !bits_meet (test_of (a, r, c)->must, test_of (a, s, c)->must))
      return false;
  return true;
}

static bool
may_overlap (const Analysis *a, size_t r, size_t s)
{
  for (size_t c = 0; c < a->table->n_inputs; c++)
    if (!bits_meet (a->may[r][c], a->may[s][c]))
      return false;
  return true;
}

/* Nothing when no input is where they overlap; some of it when none is in a part. */
static void
find_overlap (Analysis *a, size_t r, size_t s)
{
  if (a->n_of[DMN_OVERLAP] >= a->limit && a->impossible->len == 0) {
    a->n_of[DMN_OVERLAP]++;
    return; /* counted, not described */
  }
  Bits *region = arena_new0 (a->arena, Bits, a->table->n_inputs);
  for (size_t c = 0; c < a->table->n_inputs; c++) {
    const Test *x = test_of (a, r, c), *y = test_of (a, s, c);
    region[c] = bits_new (a->arena, a->grid.columns[c].n_classes);
    bits_both (region[c], x->must, y->must);
    if (bits_empty (region[c]))
      region[c] = x->may;
  }
  if (a->impossible->len) {
    g_autoptr (GPtrArray) found = g_ptr_array_new ();
    grid_uncovered (&a->grid, region, (const Bits *const *)a->impossible->pdata, a->impossible->len, 1,
                    found);
    if (found->len == 0)
      return;
    region = found->pdata[0];
  }
  Text *row = arena_new0 (a->arena, Text, a->table->n_inputs);
  for (size_t c = 0; c < a->table->n_inputs; c++) {
    const Test *x = test_of (a, r, c), *y = test_of (a, s, c);
    row[c] = bits_meet (x->must, y->must) ? column_write (&a->grid.columns[c], region[c], a->arena) : x->text;
  }
  find (a, (DmnFinding){ DMN_OVERLAP, &a->table->rules[s], &a->table->rules[r], .tests = row });
}

static void
find_rule (Analysis *a, DmnFindingKind kind, size_t rule, const DmnRule *other)
{
  if (bits_has (a->marked, rule))
    return;
  bits_add (a->marked, rule);
  find (a, (DmnFinding){ kind, &a->table->rules[rule], other });
}

/* ---- priority ---------------------------------------------------------- */

static size_t
rank_of (const Analysis *a, size_t output, FeelValue value)
{
  const FeelExpression *e = a->table->outputs[output].allowed.expression;
  FeelValue allowed = feel_null ();
  analysis_constant (a->arena, e, &allowed);
  size_t n = allowed.kind == FEEL_LIST ? allowed.list->n : 0;
  for (size_t i = 0; i < n; i++)
    if (feel_is_true (feel_equal (a->arena, allowed.list->items[i], value)))
      return i;
  return n;
}

/* Per rule a number per output, the most important first; −1: not constant. */
static gint64 *
read_ranks (const Analysis *a)
{
  size_t n = a->table->n_outputs;
  gint64 *ranks = arena_new0 (a->arena, gint64, a->table->n_rules * n);
  for (size_t r = 0; r < a->table->n_rules; r++)
    for (size_t o = 0; o < n; o++)
      ranks[r * n + o] = a->fixed[r][o].kind == FEEL_UNKNOWN ? -1 : (gint64)rank_of (a, o, a->fixed[r][o]);
  return ranks;
}

/* Whether R surely comes before S where both match. */
static bool
comes_before (const Analysis *a, const gint64 *ranks, size_t r, size_t s)
{
  if (a->table->policy == DMN_FIRST)
    return r < s;
  size_t n = a->table->n_outputs;
  for (size_t o = 0; o < n; o++) {
    gint64 x = ranks[r * n + o], y = ranks[s * n + o];
    if (x < 0 || y < 0)
      return false;
    if (x != y)
      return x < y;
  }
  return false;
}

/* ---- pairs ------------------------------------------------------------- */

/* In a FIRST table rule R adds nothing when S below says the same of all its
 * cases, and no rule between them says anything else of them. */
static bool
nothing_between (const Analysis *a, size_t r, size_t s)
{
  for (size_t k = r + 1; k < s; k++)
    if (may_overlap (a, k, r) && compare_outputs (a, k, r) != OUTPUTS_SAME)
      return false;
  return true;
}

/* Whether R inside S, with the same outputs, may go. */
static bool
is_superfluous (const Analysis *a, size_t r, size_t s)
{
  switch (a->table->policy) {
  case DMN_ANY:
  case DMN_PRIORITY:
  case DMN_MIN:
  case DMN_MAX: return true;
  case DMN_FIRST: return r < s && nothing_between (a, r, s);
  default: return false;
  }
}

static void
find_in_pair (Analysis *a, const gint64 *ranks, size_t r, size_t s)
{
  DmnHitPolicy policy = a->table->policy;
  bool r_in_s = contains (a, s, r), s_in_r = contains (a, r, s);
  bool sure = (policy == DMN_UNIQUE || policy == DMN_ANY) && overlap (a, r, s);
  if (!r_in_s && !s_in_r && !sure)
    return;
  Outputs outputs = compare_outputs (a, r, s);
  const DmnRule *first = &a->table->rules[r], *second = &a->table->rules[s];
  if (r_in_s && s_in_r && outputs == OUTPUTS_SAME)
    find_rule (a, DMN_DUPLICATE, s, first);
  else if (sure && (policy == DMN_UNIQUE || outputs == OUTPUTS_DIFFERENT))
    find_overlap (a, r, s);
  else if (ranks && s_in_r && comes_before (a, ranks, r, s))
    find_rule (a, DMN_UNREACHABLE, s, first);
  else if (ranks && r_in_s && comes_before (a, ranks, s, r))
    find_rule (a, DMN_UNREACHABLE, r, second);
  else if (outputs == OUTPUTS_SAME && r_in_s && is_superfluous (a, r, s))
    find_rule (a, DMN_SUBSUMED, r, second);
  else if (outputs == OUTPUTS_SAME && s_in_r && is_superfluous (a, s, r))
    find_rule (a, DMN_SUBSUMED, s, first);
}

static void
find_in_pairs (Analysis *a, const gint64 *ranks)
{
  gint64 left = PAIRS_MAX;
  for (size_t s = 1; s < a->table->n_rules; s++) {
    if ((left -= (gint64)s) < 0) {
      a->grid.boxes_left = -1;
      return;
    }
    for (size_t r = 0; r < s; r++)
      if (!bits_has (a->dead, r) && !bits_has (a->dead, s))
        find_in_pair (a, ranks, r, s);
  }
}

/* ---- rules masked by several ------------------------------------------- */

/* The cases that S is sure to take from R: within R's box, where they share a
 * test that part of it is S's whatever it holds for. */
static Bits *
taken_by (const Analysis *a, size_t s, size_t r)
{
  Bits *box = arena_new0 (a->arena, Bits, a->table->n_inputs);
  for (size_t c = 0; c < a->table->n_inputs; c++) {
    box[c] = test_of (a, s, c) == test_of (a, r, c) ? a->may[r][c] : test_of (a, s, c)->must;
    if (!bits_meet (box[c], a->may[r][c]))
      return NULL;
  }
  return box;
}

static void
find_masked (Analysis *a, const gint64 *ranks)
{
  for (size_t r = 0; r < a->table->n_rules && a->grid.boxes_left >= 0; r++) {
    if (bits_has (a->marked, r) || bits_has (a->dead, r))
      continue;
    g_autoptr (GPtrArray) boxes = g_ptr_array_new (), found = g_ptr_array_new ();
    for (size_t s = 0; s < a->table->n_rules; s++) {
      Bits *box = s != r && comes_before (a, ranks, s, r) ? taken_by (a, s, r) : NULL;
      if (box)
        g_ptr_array_add (boxes, box);
    }
    if (boxes->len + MIN (a->impossible->len, 1) < 2 || boxes->len == 0)
      continue;
    add_impossible (a, boxes);
    grid_uncovered (&a->grid, a->may[r], (const Bits *const *)boxes->pdata, boxes->len, 1, found);
    if (found->len == 0 && a->grid.boxes_left >= 0)
      find_rule (a, DMN_UNREACHABLE, r, NULL);
  }
}

/* ---- all of it --------------------------------------------------------- */

static void
analyse (Analysis *a)
{
  DmnHitPolicy policy = a->table->policy;
  read_grid (a);
  read_outputs (a);
  a->dead = bits_new (a->arena, a->table->n_rules);
  a->marked = bits_new (a->arena, a->table->n_rules);
  const gint64 *ranks = policy == DMN_FIRST || policy == DMN_PRIORITY ? read_ranks (a) : NULL;
  find_dead_rules (a);
  find_gaps (a);
  find_in_pairs (a, ranks);
  if (ranks)
    find_masked (a, ranks);
  if (a->grid.boxes_left < 0)
    find (a, (DmnFinding){ .kind = DMN_TOO_LARGE });
}

static Analysis
analysis_new (const DmnModel *model, const DmnDecision *decision, Arena *arena, DmnDomainOf domain_of,
              void *host, size_t limit)
{
  return (Analysis){ .model = model,
                     .decision = decision,
                     .table = decision->table,
                     .arena = arena,
                     .domain_of = domain_of,
                     .host = host,
                     .limit = MIN (limit, G_MAXUINT / 2),
                     .impossible = g_ptr_array_new (),
                     .findings = g_array_new (FALSE, FALSE, sizeof (DmnFinding)) };
}

static void
analysis_clear (Analysis *a)
{
  for (size_t c = 0; a->grid.columns && c < a->table->n_inputs; c++)
    column_clear (&a->grid.columns[c]);
  g_ptr_array_unref (a->impossible);
  g_array_unref (a->findings);
}

const DmnFinding *
dmn_table_findings (const DmnModel *model, const DmnDecision *decision, Arena *arena, DmnDomainOf domain_of,
                    void *host, size_t limit, size_t *n)
{
  Analysis a = analysis_new (model, decision, arena, domain_of, host, limit);
  if (a.table)
    analyse (&a);
  *n = a.findings->len;
  DmnFinding *findings = arena_new0 (arena, DmnFinding, *n);
  if (*n)
    memcpy (findings, a.findings->data, *n * sizeof *findings);
  analysis_clear (&a);
  return findings;
}

/* ---- as faults --------------------------------------------------------- */

enum { COUNTED_MAX = 1000, SHOWN_MAX = 4 };

/* "园区.经县申报: false; 园区.认定级别: not("市级")": the row, with the columns that matter. */
static char *
describe_row (const Analysis *a, const Text *tests)
{
  g_autoptr (GString) out = g_string_new (NULL);
  for (size_t c = 0; c < a->table->n_inputs; c++) {
    Text label = a->table->inputs[c].label;
    if (!text_equal (tests[c], text_of ("-")))
      g_string_append_printf (out, "%s%.*s: %.*s", out->len ? "; " : "", (int)label.len, label.bytes,
                              (int)tests[c].len, tests[c].bytes);
  }
  return arena_text (a->arena, out->len ? (Text){ out->str, out->len } : text_of ("any input"));
}

static char *
describe_unreachable (const Analysis *a, const DmnFinding *f, const char *rule)
{
  if (f->cell)
    return arena_printf (a->arena, "rule %s never matches: no value of %.*s passes %.*s", rule,
                         (int)a->table->inputs[f->cell - f->rule->tests].label.len,
                         a->table->inputs[f->cell - f->rule->tests].label.bytes, (int)f->cell->text.len,
                         f->cell->text.bytes);
  const char *which = a->table->policy == DMN_FIRST ? "above it" : "of higher priority";
  if (!f->other)
    return arena_printf (a->arena, "rule %s is never used: the rules %s together match all that it does",
                         rule, which);
  return arena_printf (a->arena, "rule %s is never used: rule %s %s matches all that it does", rule,
                       arena_text (a->arena, rule_name (a, f->other)), which);
}

static char *
describe (const Analysis *a, const DmnFinding *f)
{
  Arena *arena = a->arena;
  const char *rule = f->rule ? arena_text (arena, rule_name (a, f->rule)) : "",
             *other = f->other ? arena_text (arena, rule_name (a, f->other)) : "";
  switch (f->kind) {
  case DMN_GAP: return arena_printf (arena, "no rule covers %s", describe_row (a, f->tests));
  case DMN_OVERLAP:
    return arena_printf (arena, "rules %s and %s both match %s%s", other, rule, describe_row (a, f->tests),
                         a->table->policy == DMN_ANY ? ", with different outputs" : "");
  case DMN_UNREACHABLE: return describe_unreachable (a, f, rule);
  case DMN_SUBSUMED:
    return arena_printf (
        arena, "rule %s adds nothing: rule %s matches all that it does, with the same outputs", rule, other);
  case DMN_DUPLICATE: return arena_printf (arena, "rule %s repeats rule %s; remove one of them", rule, other);
  case DMN_TOO_LARGE: break;
  }
  return arena_text (arena, text_of ("this table is too large to be analysed fully; split it"));
}

/* Two rules where one must match is wrong for some facts; the rest is for people
 * to judge. */
static DmnSeverity
severity_of (const Analysis *a, DmnFindingKind kind)
{
  bool clash = kind == DMN_OVERLAP || (kind == DMN_DUPLICATE && a->table->policy == DMN_UNIQUE);
  return clash ? DMN_ERROR : DMN_WARNING;
}

void
dmn_table_check (const DmnModel *model, const DmnDecision *decision, DmnDomainOf domain_of, void *host,
                 DmnFaults *faults)
{
  if (!decision->table)
    return;
  g_autoptr (Arena) arena = arena_new ();
  Analysis a = analysis_new (model, decision, arena, domain_of, host, COUNTED_MAX);
  analyse (&a);
  size_t shown[DMN_TOO_LARGE + 1] = { 0 };
  const DmnTable *table = decision->table;
  for (guint i = 0; i < a.findings->len; i++) {
    const DmnFinding *f = &g_array_index (a.findings, DmnFinding, i);
    size_t more = a.n_of[f->kind] > SHOWN_MAX ? a.n_of[f->kind] - SHOWN_MAX : 0;
    if (++shown[f->kind] > SHOWN_MAX)
      continue;
    const char *others = more && shown[f->kind] == SHOWN_MAX
                             ? arena_printf (arena, " (and %zu more of this kind in the table)", more)
                             : "";
    unsigned line = f->rule ? f->rule->line : table->n_inputs ? table->inputs[0].line : decision->line;
    unsigned column = f->cell ? f->cell->column : f->rule || !table->n_inputs ? 1 : table->inputs[0].column;
    dmn_faults_add (faults, severity_of (&a, f->kind), dmn_finding_code (f->kind), decision->unit->origin,
                    line, column, "%.*s: %s%s", (int)decision->name.len, decision->name.bytes,
                    describe (&a, f), others);
  }
  analysis_clear (&a);
}
