/* Tables that collect: lists, sums, extremes and counts of the rules that are met.
 *
 * With few rules and constant outputs the answer hangs on the set of rules that are met alone;
 * it is computed for every set while compiling, and looked up.  Open rules are lifted as
 * dmn/hit.c does: a list or count is open with any of them, a sum or extreme unless the
 * rule would change nothing.  Otherwise the outputs are added up row by row, and no rule may
 * be open. */
#include "decide_private.h"

enum { SET_RULES = 8, SETS = 1 << SET_RULES, CLASSES_MAX = 120 }; /* codes are signed bytes */

/* ---- by the set of rules that are met ------------------------------------------------------ */

typedef struct {
  size_t n; /* sets */
  FeelValue outcomes[SETS];
  guint8 classes[SETS];
  size_t n_classes;
  FeelValue results[CLASSES_MAX + 2]; /* by class */
} Sets;

static FeelValue
fold (DmnHitPolicy policy, FeelValue total, FeelValue v)
{
  if (policy == DMN_SUM)
    return feel_number (decimal_add (total.number, v.number));
  bool less = decimal_compare (v.number, total.number) < 0;
  return (policy == DMN_MIN) == less ? v : total;
}

/* What the table answers when exactly the rules in SET are met. */
static FeelValue
outcome_of (Table *t, guint set)
{
  DmnHitPolicy policy = t->table->policy;
  FeelValue items[SET_RULES], total = feel_null ();
  size_t n = 0;
  for (size_t k = 0; k < t->n; k++)
    if (set >> k & 1)
      items[n++] = t->outputs[k]->constant;
  if (policy == DMN_COUNT)
    return feel_int ((gint64)n);
  bool is_list = policy == DMN_COLLECT || policy == DMN_RULE_ORDER;
  if (!n && (!is_list || !value_is_null (t->outputs[t->n])))
    return t->outputs[t->n]->constant;
  if (is_list)
    return feel_list (t->c->arena, items, n);
  for (size_t i = 0; i < n; i++)
    total = i ? fold (policy, total, items[i]) : items[i];
  return total;
}

static bool
sets_fit (Table *t)
{
  bool adds = t->table->policy == DMN_SUM || t->table->policy == DMN_MIN || t->table->policy == DMN_MAX;
  bool fits = t->constant && t->n <= SET_RULES;
  for (size_t k = 0; fits && k < t->n; k++)
    fits = !t->outputs[k]->needs.n && (!adds || t->outputs[k]->constant.kind == FEEL_NUMBER);
  return fits && t->outputs[t->n]->constant.kind != FEEL_UNKNOWN;
}

static guint8
class_of (Table *t, Sets *sets, FeelValue v)
{
  size_t k = 0;
  while (k < sets->n_classes && !table_same (t->c, sets->results[k], v))
    k++;
  if (k == CLASSES_MAX)
    return outside (t->c, "a collecting table with too many outcomes"), 0;
  sets->results[k] = v;
  sets->n_classes = MAX (sets->n_classes, k + 1);
  return (guint8)k;
}

/* Whether rule K, being open, leaves the outcome of SET open. */
static bool
matters (Table *t, const Sets *sets, guint set, size_t k)
{
  DmnHitPolicy policy = t->table->policy;
  if (policy != DMN_SUM && policy != DMN_MIN && policy != DMN_MAX)
    return true;
  FeelValue total = sets->outcomes[set];
  return !set || !decimal_equal (fold (policy, total, t->outputs[k]->constant).number, total.number);
}

/* The rows where each rule is open and matters. */
static int *
open_rules (Table *t, const Sets *sets, int met)
{
  Compiler *c = t->c;
  int *open = arena_new0 (c->arena, int, t->n);
  for (size_t k = 0; k < t->n; k++) {
    guint8 *table = arena_new0 (c->program->arena, guint8, SETS);
    bool always = true;
    for (guint set = 0; set < sets->n; set++) {
      table[set] = matters (t, sets, set, k) ? 0xff : 0;
      always &= table[set] || set >> k & 1;
    }
    int mask = always ? ALL_OF
                      : plane_emit (c, (OpKey){ .kind = OP_LOOK_UP,
                                                .width = 1,
                                                .space = MAX (0, t->space),
                                                .a = met,
                                                .data = table });
    open[k] = mask_and (c, t->open[k], mask);
  }
  return open;
}

static const Value *
collect_sets (Table *t)
{
  Compiler *c = t->c;
  Sets *sets = arena_new0 (c->program->arena, Sets, 1);
  sets->n = (size_t)1 << t->n;
  for (guint set = 0; set < sets->n; set++) {
    sets->outcomes[set] = outcome_of (t, set);
    sets->classes[set] = class_of (t, sets, sets->outcomes[set]);
  }
  guint8 error = class_of (t, sets, feel_null ());
  int met = *table_pack (t, t->met, t->n), unknown = NONE_OF;
  int plane = plane_emit (
      c,
      (OpKey){ .kind = OP_LOOK_UP, .width = 1, .space = MAX (0, t->space), .a = met, .data = sets->classes });
  const int *open = open_rules (t, sets, met);
  for (size_t k = 0; k < t->n; k++)
    unknown = mask_or (c, unknown, mask_and_not (c, open[k], t->refused));
  plane = plane_pick (c, t->space, t->refused, error, plane);
  Needs needs = needs_within (c, needs_of_rules (c, t->waiting, open, t->n, t->n_inputs), unknown);
  Sharpen *s = unknown == NONE_OF ? NULL : table_sharpen (t);
  if (s) {
    s->sets = sets->classes;
    s->constant = true;
    plane = table_sharpened (t, s, plane, unknown);
    unknown = plane_range (c, plane, -1, -1);
    needs = table_needs (t, s, unknown, (Needs){ 0 }, needs);
  }
  return c->why ? value_null (c) : table_coded (t, plane, unknown, sets->n_classes, sets->results, needs);
}

/* ---- row by row ------------------------------------------------------------------------------ */

/* C+, C<, C>, C#, where no rule is open. */
static const Value *
collect_planes (Table *t)
{
  Compiler *c = t->c;
  if (t->any_open != NONE_OF || t->refused != NONE_OF)
    return outside (c, "a collecting table over facts that may be unknown, or with an 允许 row");
  DmnHitPolicy policy = t->table->policy;
  const Value *total = NULL, *zero = value_constant (c, feel_int (0)),
              *one = value_constant (c, feel_int (1));
  int any = NONE_OF;
  for (size_t k = 0; k < t->n && !c->why; k++) {
    const Value *met = value_mask (c, t->space, t->met[k]), *v = t->outputs[k];
    bool extreme = policy == DMN_MIN || policy == DMN_MAX;
    if (value_none (c, v, t->space) != NONE_OF || value_unknown (c, v, t->space) != NONE_OF)
      return outside (c, "a collecting table whose outputs may be none or unknown");
    if (extreme && total) {
      const Value *less = operate_compare (c, policy == DMN_MIN ? '<' : '>', v, total);
      int better = mask_and (c, t->met[k], mask_or (c, mask_not (c, any), value_true (c, less, t->space)));
      total = table_where (t, better, v, total);
    } else if (extreme) {
      total = v;
    } else {
      v = operate_if (c, met, policy == DMN_COUNT ? one : v, zero);
      total = total ? operate_arithmetic (c, '+', total, v) : v;
    }
    any = mask_or (c, any, t->met[k]);
  }
  if (c->why || !total || policy == DMN_COUNT)
    return c->why || total ? total : zero;
  return table_where (t, mask_not (c, any), t->outputs[t->n], total);
}

/* C and R, where no rule is open: the outputs of those that are met. */
static const Value *
collect_list (Table *t)
{
  Compiler *c = t->c;
  if (t->any_open != NONE_OF || t->refused != NONE_OF)
    return outside (c, "a list of rules over facts that may be unknown, or with an 允许 row");
  for (size_t o = 0; o < t->table->n_outputs; o++)
    if (t->table->outputs[o].standard.expression)
      return outside (c, "a list of rules with a 默认 row");
  Value *list = (Value *)list_of_items (c, t->outputs, t->n);
  list->space = space_join (c, list->space, t->space);
  ListPart *parts = arena_copy (c->arena, list->parts, t->n * sizeof *parts);
  for (size_t k = 0; k < t->n; k++)
    parts[k].keep = t->met[k];
  list->parts = parts;
  return list_done (c, list);
}

const Value *
table_collect (Table *t)
{
  if (sets_fit (t))
    return collect_sets (t);
  bool is_list = t->table->policy == DMN_COLLECT || t->table->policy == DMN_RULE_ORDER;
  return is_list ? collect_list (t) : collect_planes (t);
}
