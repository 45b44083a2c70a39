/* Decision tables over planes: hit policies as dmn/hit.c lifts them, for all rows at once.
 *
 * A rule is met where all its conditions hold, and open where none fails and some is
 * undecided.  A *candidate* is what may answer: a rule's outputs, the 默认 row's, or none
 * after an error.  Where all candidates are constant the answer is a code, the class of
 * equal candidates, and what follows is computed by FEEL class by class; elsewhere it is
 * blended. */
#include "decide_private.h"

#include <string.h>

/* ---- conditions ---------------------------------------------------------------------------- */

static const Value *
cell_value (Table *t, const FeelExpression *e)
{
  return e ? expression_value (t->c, t->scope, e) : outside (t->c, "a cell that does not compile");
}

static void
read_inputs (Table *t)
{
  t->space = -1;
  for (size_t i = 0; i < t->n_inputs; i++) {
    t->inputs[i] = cell_value (t, t->table->inputs[i].expression);
    t->space = space_join (t->c, t->space, t->inputs[i]->space);
  }
}

static void
read_conditions (Table *t, const Value **tests)
{
  for (size_t k = 0; k < t->n * t->n_inputs && !t->c->why; k++) {
    const FeelExpression *test = t->table->rules[k / t->n_inputs].tests[k % t->n_inputs].expression;
    if (!test)
      outside (t->c, "a cell that does not compile");
    else
      tests[k] = expression_test (t->c, t->scope, test, t->inputs[k % t->n_inputs]);
    if (!t->c->why)
      t->space = space_join (t->c, t->space, tests[k]->space);
  }
}

static void
set_conditions (Table *t, const Value *const *tests)
{
  Compiler *c = t->c;
  t->any_open = NONE_OF;
  for (size_t r = 0; r < t->n; r++) {
    int met = ALL_OF, possible = ALL_OF;
    for (size_t i = 0; i < t->n_inputs; i++) {
      size_t k = r * t->n_inputs + i;
      t->met_cell[k] = value_true (c, tests[k], t->space);
      t->open_cell[k] = value_unknown (c, tests[k], t->space);
      met = mask_and (c, met, t->met_cell[k]);
      possible = mask_and (c, possible, mask_or (c, t->met_cell[k], t->open_cell[k]));
    }
    t->met[r] = met;
    t->open[r] = mask_and_not (c, possible, met);
    t->any_open = mask_or (c, t->any_open, t->open[r]);
  }
  t->waiting = arena_new0 (c->arena, Needs, t->n * t->n_inputs);
  for (size_t k = 0; k < t->n * t->n_inputs; k++)
    t->waiting[k] = needs_of (c, tests[k], t->space);
  t->doubts = needs_of_rules (c, t->waiting, t->open, t->n, t->n_inputs);
}

/* Rows where an input is not among its 允许 values. */
static void
read_refused (Table *t)
{
  Compiler *c = t->c;
  t->refused = NONE_OF;
  for (size_t i = 0; i < t->n_inputs && !c->why; i++) {
    const FeelExpression *allowed = t->table->inputs[i].allowed.expression;
    if (!allowed)
      continue;
    const Value *test = expression_test (c, t->scope, allowed, t->inputs[i]);
    int none = value_none (c, t->inputs[i], t->space);
    if (!c->why)
      t->refused
          = mask_or (c, t->refused, mask_and_not (c, value_true (c, operate_not (c, test), t->space), none));
  }
}

/* ---- outputs ---------------------------------------------------------------------------------- */

/* VALUE, or null where the column's 允许 row does not list it. */
static FeelValue
allowed_or_null (Table *t, const DmnColumn *column, FeelValue value)
{
  if (value.kind == FEEL_UNKNOWN || !column->allowed.expression)
    return value;
  const FeelValue *list = feel_expression_constant (column->allowed.expression);
  if (!list)
    return outside (t->c, "an 允许 row that is not constant"), value;
  for (size_t i = 0; list->kind == FEEL_LIST && i < list->list->n; i++)
    if (feel_is_true (feel_equal (t->c->arena, list->list->items[i], value)))
      return value;
  return feel_null ();
}

static const Value *
candidate (Table *t, const DmnCell *const *cells)
{
  Compiler *c = t->c;
  size_t n = t->table->n_outputs;
  FeelEntry *entries = arena_new0 (c->arena, FeelEntry, n);
  const Value *one = NULL;
  Value inside = { .space = -1 };
  for (size_t o = 0; o < n; o++) {
    const DmnColumn *column = &t->table->outputs[o];
    one = cells[o]->expression ? cell_value (t, cells[o]->expression) : value_null (c);
    inside.space = space_join (c, inside.space, one->space);
    inside.needs
        = needs_join (c, needs_spread (c, inside.needs, inside.space), needs_inside (c, one, inside.space));
    if (one->kind == VALUE_CONSTANT)
      entries[o] = (FeelEntry){ column->label, allowed_or_null (t, column, one->constant) };
    else if (n > 1 || column->allowed.expression)
      return outside (c, "several outputs, or outputs with an 允许 row, that are not constant");
    else
      return one;
  }
  return value_inside (c, n == 1 ? entries[0].value : feel_context (c->arena, entries, n), &inside);
}

static void
read_outputs (Table *t)
{
  Compiler *c = t->c;
  const DmnCell **cells = arena_new0 (c->arena, const DmnCell *, t->table->n_outputs);
  bool has_default = false;
  t->constant = true;
  for (size_t k = 0; k < t->n + 2 && !c->why; k++) {
    for (size_t o = 0; o < t->table->n_outputs; o++) {
      cells[o] = k < t->n ? &t->table->rules[k].outputs[o] : &t->table->outputs[o].standard;
      has_default |= k == t->n && cells[o]->expression;
    }
    t->outputs[k] = k < t->n || (k == t->n && has_default) ? candidate (t, cells) : value_null (c);
    t->constant &= t->outputs[k]->kind == VALUE_CONSTANT;
    t->space = space_join (c, t->space, t->outputs[k]->space);
  }
}

bool
table_same (Compiler *c, FeelValue a, FeelValue b)
{
  if (a.kind == FEEL_NULL || b.kind == FEEL_NULL)
    return a.kind == b.kind;
  return feel_is_true (feel_equal (c->arena, a, b));
}

static void
sort_classes (Table *t)
{
  for (size_t k = 0; k < t->n + 2; k++) {
    size_t same = 0;
    while (same < k && !table_same (t->c, t->outputs[same]->constant, t->outputs[k]->constant))
      same++;
    t->classes[k] = same < k ? t->classes[same] : t->n_classes++;
    if (t->outputs[k]->constant.kind == FEEL_UNKNOWN && t->classes[k] < 64)
      t->undetermined |= (guint64)1 << t->classes[k];
  }
}

/* Where OUTPUT stands in the 允许 list; behind all when it does not. */
static size_t
rank_of (Table *t, const FeelValue *list, const Value *output)
{
  size_t i = 0;
  while (i < list->list->n && !table_same (t->c, list->list->items[i], output->constant))
    i++;
  return i;
}

static void
sort_order (Table *t)
{
  for (size_t k = 0; k < t->n; k++)
    t->order[k] = (guint8)k;
  if (t->table->policy != DMN_PRIORITY)
    return;
  const FeelExpression *allowed = t->table->outputs[0].allowed.expression;
  const FeelValue *list = allowed ? feel_expression_constant (allowed) : NULL;
  if (!t->constant || t->undetermined || !list || list->kind != FEEL_LIST || t->table->n_outputs > 1) {
    outside (t->c, "a P table without constant outputs and an 允许 row");
    return;
  }
  for (size_t k = 1; k < t->n; k++) /* stable */
    for (size_t j = k; j > 0; j--) {
      guint8 a = t->order[j - 1], b = t->order[j];
      if (rank_of (t, list, t->outputs[a]) <= rank_of (t, list, t->outputs[b]))
        break;
      t->order[j - 1] = b;
      t->order[j] = a;
    }
}

/* ---- which candidates are in play --------------------------------------------------------------- */

static bool
stops (const Table *t)
{
  return t->table->policy == DMN_FIRST || t->table->policy == DMN_PRIORITY;
}

/* Per candidate the rows where it may answer; the error's are none. */
static int *
acts_of (Table *t)
{
  Compiler *c = t->c;
  int *acts = arena_new0 (c->arena, int, t->n + 2), met = NONE_OF;
  for (size_t i = 0; i < t->n; i++) {
    size_t k = t->order[i];
    int in_play = mask_or (c, t->met[k], t->open[k]);
    acts[k] = stops (t) ? mask_and_not (c, in_play, met) : in_play;
    met = mask_or (c, met, t->met[k]);
  }
  acts[t->n] = mask_not (c, met);
  acts[t->n + 1] = NONE_OF;
  return acts;
}

typedef struct {
  int once, twice;
} Tally;

static void
tally_add (Compiler *c, Tally *tally, int mask)
{
  tally->twice = mask_or (c, tally->twice, mask_and (c, tally->once, mask));
  tally->once = mask_or (c, tally->once, mask);
}

/* Rows where the candidates in ACTS are of more than one class, and (EVEN) where some is unknown. */
static int
several_classes (Table *t, const int *acts, bool even)
{
  Compiler *c = t->c;
  Tally tally = { NONE_OF, NONE_OF };
  int undetermined = NONE_OF;
  for (guint8 k = 0; k < t->n_classes; k++) {
    int present = NONE_OF;
    for (size_t i = 0; i < t->n + 2; i++)
      if (t->classes[i] == k)
        present = mask_or (c, present, acts[i]);
    tally_add (c, &tally, present);
    if (t->undetermined >> k & 1)
      undetermined = mask_or (c, undetermined, present);
  }
  return even ? mask_or (c, tally.twice, undetermined) : mask_and_not (c, tally.twice, undetermined);
}

/* Rows where two rules of MASKS are. */
static int
two_of (Table *t, const int *masks)
{
  Tally tally = { NONE_OF, NONE_OF };
  for (size_t k = 0; k < t->n; k++)
    tally_add (t->c, &tally, masks[k]);
  return tally.twice;
}

/* The met rules alone, as candidates. */
static int *
met_acts (Table *t)
{
  int *acts = arena_new0 (t->c->arena, int, t->n + 2);
  memcpy (acts, t->met, t->n * sizeof *acts);
  return acts;
}

/* Under UNIQUE two rules that can still match leave it open, whatever they give. */
static int
open_pairs (Table *t, const int *acts)
{
  return t->table->policy == DMN_UNIQUE && t->any_open != NONE_OF
             ? mask_and (t->c, t->any_open, two_of (t, acts))
             : NONE_OF;
}

/* Under FIRST, rows where the first rule in play is met: whatever it gives stands. */
static int
is_first_met (Table *t)
{
  Compiler *c = t->c;
  int mask = NONE_OF, before = NONE_OF;
  for (size_t k = 0; t->table->policy == DMN_FIRST && k < t->n; k++) {
    mask = mask_or (c, mask, mask_and_not (c, t->met[k], before));
    before = mask_or (c, before, mask_or (c, t->met[k], t->open[k]));
  }
  return mask;
}

/* What the candidates in ACTS wait for themselves. */
static Needs
needs_of_candidates (Table *t, const int *acts)
{
  Compiler *c = t->c;
  Needs needs = { 0 };
  for (size_t k = 0; k < t->n + 1; k++)
    needs = needs_join (c, needs, needs_within (c, needs_of (c, t->outputs[k], t->space), acts[k]));
  return needs;
}

/* What an answer that is UNKNOWN waits for: the open rules and the candidates. */
static Needs
needs_of_answer (Table *t, const int *acts, int unknown)
{
  Needs doubts = needs_outside (t->c, t->doubts, is_first_met (t));
  return needs_within (t->c, needs_join (t->c, needs_of_candidates (t, acts), doubts), unknown);
}

/* What unnamed needs inside the candidates stand for. */
static Needs
needs_of_insides (Table *t, const int *acts)
{
  Needs needs = { 0 };
  for (size_t k = 0; k < t->n + 1; k++)
    needs = needs_join (t->c, needs,
                        needs_within (t->c, needs_inside (t->c, t->outputs[k], t->space), acts[k]));
  return needs;
}

/* At most one candidate in play wherever no rule is open. */
static bool
is_single (const Table *t)
{
  return t->any_open == NONE_OF && t->table->policy != DMN_ANY;
}

/* ---- sharpening ------------------------------------------------------------------------------------- */

/* Bit i of a row where MASKS[i] is, eight to a plane. */
int *
table_pack (Table *t, const int *masks, size_t n)
{
  Compiler *c = t->c;
  int *planes = arena_new0 (c->program->arena, int, bytes_of_bits (n));
  for (size_t i = 0; i < n; i++) {
    if (i % 8 == 0)
      planes[i / 8] = plane_fill (c, t->space, 1, 0);
    if (masks[i] != NONE_OF)
      planes[i / 8] = plane_emit (c, (OpKey){ .kind = OP_BITS,
                                              .width = 1,
                                              .space = t->space,
                                              .a = planes[i / 8],
                                              .b = mask_real (c, t->space, masks[i]),
                                              .x = (gint64)(i % 8) });
  }
  return planes;
}

/* NULL when no unknown input falls into cases.  The rules that the known inputs leave are
 * those that are met or open: an unknown input fails none. */
Sharpen *
table_sharpen (Table *t)
{
  Compiler *c = t->c;
  Arena *arena = c->program->arena;
  Sharpen *s = arena_new0 (arena, Sharpen, 1);
  SharpenInput *inputs = arena_new0 (arena, SharpenInput, t->n_inputs);
  int *unknown = arena_new0 (arena, int, t->n_inputs), *left = arena_new0 (arena, int, t->n);
  bool any = false;
  *s = (Sharpen){ .table = t->table,
                  .policy = t->table->policy,
                  .n_rules = t->n,
                  .n_inputs = t->n_inputs,
                  .inputs = inputs,
                  .never = NONE_OF,
                  .order = t->order,
                  .constant = t->constant,
                  .undetermined = t->undetermined,
                  .n_candidates = t->n + 2 };
  for (size_t i = 0; i < t->n_inputs; i++) {
    unknown[i] = value_unknown (c, t->inputs[i], t->space);
    inputs[i].has_atoms = unknown[i] != NONE_OF && dmn_table_atoms (t->table, i, arena, &inputs[i].atoms);
    any |= inputs[i].has_atoms;
    s->most = MAX (s->most, inputs[i].atoms.most);
    for (size_t r = 0; r < t->n; r++)
      s->never = mask_or (c, s->never, mask_and_not (c, t->open_cell[r * t->n_inputs + i], unknown[i]));
  }
  if (!any)
    return NULL;
  for (size_t r = 0; r < t->n; r++)
    left[r] = mask_or (c, t->met[r], t->open[r]);
  s->left = table_pack (t, left, t->n);
  s->waiting = table_pack (t, unknown, t->n_inputs);
  return s;
}

int
table_sharpened (Table *t, const Sharpen *s, int answers, int unknown)
{
  return plane_emit (t->c, (OpKey){ .kind = OP_SHARPEN,
                                    .width = 1,
                                    .space = MAX (0, t->space),
                                    .a = answers,
                                    .b = mask_real (t->c, t->space, unknown),
                                    .data = s });
}

static int
bit_plane (Table *t, int bits, int bit)
{
  OpKey key = { .kind = OP_BIT, .width = 1, .space = MAX (0, t->space), .a = bits, .x = bit };
  return plane_emit (t->c, key);
}

Needs
table_needs (Table *t, const Sharpen *s, int unknown, Needs candidates, Needs all)
{
  Compiler *c = t->c;
  if (!c->asks)
    return all;
  int bits = plane_emit (c, (OpKey){ .kind = OP_MATTERS,
                                     .width = 4,
                                     .space = MAX (0, t->space),
                                     .b = mask_real (c, t->space, unknown),
                                     .data = s });
  int tried = bit_plane (t, bits, MATTERS_TRIED);
  Needs needs = needs_join (c, needs_within (c, candidates, tried), needs_outside (c, all, tried));
  for (size_t i = 0; i < t->n_inputs; i++)
    if (s->inputs[i].has_atoms)
      needs = needs_join (
          c, needs, needs_within (c, needs_of (c, t->inputs[i], t->space), bit_plane (t, bits, (int)i)));
  return needs_within (c, needs, unknown);
}

/* ---- answers that are classes ---------------------------------------------------------------------------
 */

const Value *
table_coded (Table *t, int plane, int unknown, size_t n, const FeelValue *classes, Needs needs)
{
  Compiler *c = t->c;
  FeelValue *results = arena_new0 (c->arena, FeelValue, n + 2);
  memcpy (results, classes, n * sizeof *results);
  results[n + 1] = feel_unknown (c->arena, (FeelNeed){ 0 });
  const OpKey *key = &g_array_index (c->program->ops, Op, plane).key;
  if (key->kind == OP_FILL && unknown <= ALL_OF)
    return unknown == ALL_OF ? needs_unknown (c, t->space, needs) : value_constant (c, results[key->x]);
  return value_coded (c, MAX (0, t->space), plane, NONE_OF, unknown, n, results, needs);
}

static const Value *
answer_constant (Table *t)
{
  Compiler *c = t->c;
  size_t error = t->n + 1;
  int *acts = acts_of (t), plane = plane_fill (c, t->space, 1, t->classes[t->n]);
  for (size_t i = t->n; i-- > 0;)
    plane = plane_pick (c, t->space, acts[t->order[i]], t->classes[t->order[i]], plane);
  int unknown = is_single (t) && !t->undetermined ? NONE_OF : several_classes (t, acts, true),
      conflict = t->refused;
  if (t->table->policy == DMN_UNIQUE) {
    conflict = mask_or (c, conflict, two_of (t, t->met));
    unknown = mask_or (c, unknown, open_pairs (t, acts));
  } else if (t->table->policy == DMN_ANY) {
    conflict = mask_or (c, conflict, several_classes (t, met_acts (t), false));
  }
  plane = plane_pick (c, t->space, conflict, t->classes[error], plane);
  unknown = mask_and_not (c, unknown, conflict);
  Needs needs = needs_of_answer (t, acts, unknown);
  Sharpen *s = unknown == NONE_OF || t->any_open == NONE_OF ? NULL : table_sharpen (t);
  if (s) {
    s->candidates = t->classes;
    plane = table_sharpened (t, s, plane, unknown);
    unknown = plane_range (c, plane, -1, -1);
    needs = table_needs (t, s, unknown, needs_of_candidates (t, acts), needs);
  }
  FeelValue *classes = arena_new0 (c->arena, FeelValue, t->n_classes);
  for (size_t k = 0; k < t->n + 2; k++)
    classes[t->classes[k]] = t->outputs[k]->constant;
  return table_coded (t, plane, unknown, t->n_classes, classes,
                      needs_join (c, needs, needs_of_insides (t, acts)));
}

/* ---- answers that are blended
 * ------------------------------------------------------------------------------ */

static const Value *
chosen (Table *t, const int *acts)
{
  Compiler *c = t->c;
  const Value *v = t->outputs[t->n];
  for (size_t i = t->n; i-- > 0 && !c->why;) {
    size_t k = t->order[i];
    if (acts[k] != NONE_OF)
      v = operate_if (c, value_mask (c, t->space, acts[k]), t->outputs[k], v);
  }
  return v;
}

/* Rows where a candidate in ACTS is not what V is. */
static int
disagree (Table *t, const int *acts, const Value *v)
{
  Compiler *c = t->c;
  int mask = NONE_OF;
  for (size_t k = 0; k < t->n + 1 && !c->why; k++)
    if (acts[k] != NONE_OF)
      mask = mask_or (c, mask, mask_and_not (c, acts[k], operate_same (c, v, t->outputs[k], t->space)));
  return mask;
}

static int
any_unknown (Table *t, const int *acts)
{
  int mask = NONE_OF;
  for (size_t k = 0; k < t->n; k++)
    mask = mask_or (t->c, mask, mask_and (t->c, acts[k], value_unknown (t->c, t->outputs[k], t->space)));
  return mask;
}

const Value *
table_where (Table *t, int mask, const Value *yes, const Value *no)
{
  return mask == NONE_OF || t->c->why ? no : operate_if (t->c, value_mask (t->c, t->space, mask), yes, no);
}

/* The candidates as planes of one kind and scale, for SHARPEN. */
static bool
spread_candidates (Table *t, Sharpen *s, ValueKind kind)
{
  Compiler *c = t->c;
  Arena *arena = c->program->arena;
  int *planes = arena_new0 (arena, int, t->n + 2), *none = arena_new0 (arena, int, t->n + 2),
      *unknown = arena_new0 (arena, int, t->n + 2);
  guint8 *candidates = arena_new0 (arena, guint8, t->n + 2);
  unsigned scale = 0;
  const Value **values = arena_new0 (c->arena, const Value *, t->n + 2);
  for (size_t k = 0; k < t->n + 2; k++) {
    values[k] = value_as (c, t->outputs[k], kind, MAX (0, t->space));
    scale = MAX (scale, values[k]->scale);
  }
  for (size_t k = 0; k < t->n + 2 && !c->why; k++) {
    const Value *v = kind == VALUE_NUMBER ? number_rescale (c, values[k], scale) : values[k];
    planes[k] = kind == VALUE_TRUTH ? v->plane : plane_wide (c, v->plane);
    none[k] = v->none;
    unknown[k] = v->unknown;
    candidates[k] = (guint8)k;
  }
  s->planes = planes;
  s->none = none;
  s->unknown = unknown;
  s->candidates = candidates;
  s->widths = kind == VALUE_TRUTH ? 1 : 8;
  return !c->why;
}

static const Value *
sharpen_blended (Table *t, const Value *v, int unknown)
{
  Compiler *c = t->c;
  ValueKind kind = value_kind (c, v);
  Sharpen *s = table_sharpen (t);
  enum { SETTLED = 0x7f };
  if (!s || c->why || kind == VALUE_CONSTANT || !spread_candidates (t, s, kind))
    return v;
  int plane = table_sharpened (t, s, plane_fill (c, t->space, 1, SETTLED), unknown);
  for (size_t k = 0; k < t->n + 2; k++)
    v = table_where (t, plane_range (c, plane, (gint64)k, (gint64)k), t->outputs[k], v);
  return v;
}

static const Value *
answer_blended (Table *t)
{
  Compiler *c = t->c;
  int *acts = acts_of (t), conflict = t->refused, unknown = NONE_OF;
  const Value *v = chosen (t, acts);
  if (c->why)
    return v;
  if (!is_single (t))
    unknown = disagree (t, acts, v);
  if (t->table->policy == DMN_UNIQUE) {
    conflict = mask_or (c, conflict, two_of (t, t->met));
    unknown = mask_or (c, unknown, open_pairs (t, acts));
  } else if (t->table->policy == DMN_ANY) {
    const int *met = met_acts (t);
    int differ = disagree (t, met, chosen (t, met));
    conflict = mask_or (c, conflict, mask_and_not (c, differ, any_unknown (t, met)));
  }
  unknown = mask_and_not (c, unknown, conflict);
  Needs needs = needs_of_answer (t, acts, unknown);
  v = table_where (t, conflict, value_null (c),
                   table_where (t, unknown, needs_unknown (c, t->space, needs), v));
  if (c->why || t->any_open == NONE_OF)
    return v;
  int open = value_unknown (c, v, t->space);
  return open == NONE_OF ? v : sharpen_blended (t, v, open);
}

/* ---- reasons
 * ---------------------------------------------------------------------------------------------------- */

static int
bits_of (Table *t, const int *cells, size_t rule, size_t byte, bool failed)
{
  Compiler *c = t->c;
  int plane = NONE_OF;
  for (size_t i = byte * 8; i < MIN (t->n_inputs, byte * 8 + 8); i++) {
    size_t k = rule * t->n_inputs + i;
    int mask = failed ? mask_not (c, mask_or (c, t->met_cell[k], t->open_cell[k])) : cells[k];
    if (mask == NONE_OF)
      continue;
    mask = mask_real (c, t->space, mask);
    if (plane == NONE_OF)
      plane = plane_fill (c, t->space, 1, 0);
    plane = plane_emit (c, (OpKey){ .kind = OP_BITS,
                                    .width = 1,
                                    .space = MAX (0, t->space),
                                    .a = plane,
                                    .b = mask,
                                    .x = (gint64)(i % 8) });
  }
  return plane;
}

static void
add_reasons (Table *t, const Value *answer)
{
  Compiler *c = t->c;
  Arena *arena = c->program->arena;
  if (t->space > 0)
    return;
  size_t n_bytes = (t->n_inputs + 7) / 8;
  Reason reason = { .decision = t->scope->reader,
                    .table = t->table,
                    .n_bytes = n_bytes,
                    .refused = t->refused,
                    .unknown = value_unknown (c, answer, 0),
                    .failed = arena_new0 (arena, int, t->n *n_bytes),
                    .open = arena_new0 (arena, int, t->n *n_bytes) };
  if (reason.refused == ALL_OF)
    reason.refused = mask_real (c, 0, ALL_OF);
  if (reason.unknown == ALL_OF)
    reason.unknown = mask_real (c, 0, ALL_OF);
  for (size_t k = 0; k < t->n * n_bytes; k++) {
    reason.failed[k] = bits_of (t, t->met_cell, k / n_bytes, k % n_bytes, true);
    reason.open[k] = bits_of (t, t->open_cell, k / n_bytes, k % n_bytes, false);
  }
  reason.rule = plane_fill (c, 0, 1, 0xff);
  for (size_t i = t->n; i-- > 0;)
    reason.rule = plane_pick (c, 0, t->met[t->order[i]], t->order[i], reason.rule);
  g_array_append_val (c->program->reasons, reason);
}

/* ---- tables
 * ---------------------------------------------------------------------------------------------------------
 */

static const Value *
answer (Table *t)
{
  switch (t->table->policy) {
  case DMN_UNIQUE:
  case DMN_ANY:
  case DMN_FIRST:
  case DMN_PRIORITY: return t->constant ? answer_constant (t) : answer_blended (t);
  case DMN_OUTPUT_ORDER: return outside (t->c, "the hit policy O");
  default: return table_collect (t);
  }
}

const Value *
decide_table (Compiler *c, const Scope *scope, const DmnTable *table, bool reasons)
{
  if (table->n_rules > SHARPEN_RULES || table->n_inputs > SHARPEN_INPUTS)
    return outside (c, "a table of more than %d rules or %d inputs", SHARPEN_RULES, SHARPEN_INPUTS);
  Arena *arena = c->program->arena;
  size_t n = table->n_rules, n_cells = n * table->n_inputs;
  Table t = { .c = c,
              .scope = scope,
              .table = table,
              .n = n,
              .n_inputs = table->n_inputs,
              .inputs = arena_new0 (arena, const Value *, table->n_inputs),
              .outputs = arena_new0 (arena, const Value *, n + 2),
              .met_cell = arena_new0 (arena, int, n_cells),
              .open_cell = arena_new0 (arena, int, n_cells),
              .met = arena_new0 (arena, int, n),
              .open = arena_new0 (arena, int, n),
              .order = arena_new0 (arena, guint8, n),
              .classes = arena_new0 (arena, guint8, n + 2) };
  const Value **tests = arena_new0 (arena, const Value *, n_cells);
  read_inputs (&t);
  if (!c->why)
    read_conditions (&t, tests);
  if (!c->why)
    read_outputs (&t);
  if (!c->why)
    set_conditions (&t, tests);
  if (!c->why)
    read_refused (&t);
  if (!c->why && t.constant)
    sort_classes (&t);
  if (!c->why)
    sort_order (&t);
  if (c->why)
    return value_null (c);
  const Value *v = answer (&t);
  if (reasons && !c->why)
    add_reasons (&t, v);
  return v;
}
