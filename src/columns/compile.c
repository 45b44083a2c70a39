/* Decisions to programs: each decision once, functions where they are called. */
#include "columns_private.h"

enum { DECISIONS_DEEP = 200 };

static const Value *
logic_value (Compiler *c, const Scope *scope, const DmnExpression *logic, bool reasons)
{
  if (logic && logic->kind == DMN_LITERAL && logic->cell.expression)
    return expression_value (c, scope, logic->cell.expression);
  if (logic && logic->kind == DMN_TABLE)
    return decide_table (c, scope, logic->table, reasons);
  return outside (c, "a boxed expression of a DMN file");
}

/* D's value, compiled once; its reasons join the program's. */
const Value *
program_decision (Compiler *c, const DmnDecision *d)
{
  const Value *known = g_hash_table_lookup (c->decisions, d);
  if (known || c->why)
    return known ? known : value_null (c);
  if (d->unit->is_xml || d->item)
    return outside (c, "a decision of a DMN file");
  if (d->role != DMN_DECISION) {
    Value *function = value_new (c, VALUE_FUNCTION, -1);
    function->function = d;
    return function;
  }
  if (c->open->len >= DECISIONS_DEEP)
    return outside (c, "decisions that build on each other too deep");
  g_ptr_array_add (c->open, (gpointer)d);
  Scope scope = { .reader = d };
  GArray *inside = c->inside; /* it is the same for all that read it, whatever loops they are in */
  c->inside = g_array_new (FALSE, FALSE, sizeof (int));
  const Value *value = logic_value (c, &scope, d->logic, true);
  g_array_unref (c->inside);
  c->inside = inside;
  g_ptr_array_set_size (c->open, (int)c->open->len - 1);
  if (!c->why) {
    g_hash_table_insert (c->decisions, (gpointer)d, (gpointer)value);
    g_ptr_array_add (c->made, (gpointer)d);
  }
  return value;
}

const Value *
program_call (Compiler *c, const DmnDecision *function, const Value *const *arguments, size_t n)
{
  const DmnExpression *logic = function->logic;
  if (!logic || logic->kind != DMN_FUNCTION || !logic->n_parts || logic->n_names != n)
    return outside (c, "a call of what is no function");
  if (c->open->len >= DECISIONS_DEEP)
    return outside (c, "functions that call each other too deep");
  g_ptr_array_add (c->open, (gpointer)function);
  Scope scope = { function, arguments, logic->slot, (int)n };
  const Value *value = logic_value (c, &scope, logic->parts[0], false);
  g_ptr_array_set_size (c->open, (int)c->open->len - 1);
  return value;
}

/* ---- answers ----------------------------------------------------------------------------- */

static void
keep (ColumnsProgram *p, int plane)
{
  if (plane > ALL_OF)
    g_array_index (p->ops, Op, plane).last = G_MAXINT;
}

static int
kept_mask (Compiler *c, int mask)
{
  return mask == ALL_OF ? mask_real (c, 0, mask) : mask;
}

/* V's results as places in a list of distinct values: what is no number is handed out so. */
static void
answer_coded (Compiler *c, Answer *a, const Value *v)
{
  ColumnsProgram *p = c->program;
  a->kind = value_kind (c, v) == VALUE_TEXT ? FEEL_STRING : FEEL_CONTEXT;
  FeelValue *values = arena_new0 (p->arena, FeelValue, v->n + 2),
            *places = arena_new0 (c->arena, FeelValue, v->n + 2);
  for (size_t i = 0; i < v->n + 2; i++) {
    values[i] = value_result (v, i);
    places[i] = values[i].kind <= FEEL_UNKNOWN ? values[i] : feel_int ((gint64)i);
  }
  a->values = values;
  a->n_values = v->n + 2;
  v = value_as (c, value_coded (c, v->space, v->plane, v->none, v->unknown, v->n, places, v->needs),
                VALUE_NUMBER, 0);
  a->numbers = v->plane;
  a->none = kept_mask (c, v->none);
  a->unknown = kept_mask (c, v->unknown);
}

static FeelKind
answer_kind (ValueKind kind)
{
  switch (kind) {
  case VALUE_TRUTH: return FEEL_BOOLEAN;
  case VALUE_NUMBER: return FEEL_NUMBER;
  case VALUE_DATE: return FEEL_DATE;
  case VALUE_DAYS: return FEEL_DAYS_DURATION;
  case VALUE_MONTHS: return FEEL_MONTHS_DURATION;
  case VALUE_TEXT: return FEEL_STRING;
  default: return FEEL_NULL;
  }
}

/* A constant, as if by a code that is always 0. */
static const Value *
constant_coded (Compiler *c, const Value *v)
{
  FeelValue *results = arena_new0 (c->arena, FeelValue, 3);
  results[0] = v->constant;
  return value_coded (c, 0, plane_fill (c, 0, 1, 0), NONE_OF, NONE_OF, 1, results, v->needs);
}

static void
answer_planes (Compiler *c, Answer *a, const Value *v, ValueKind kind)
{
  v = value_as (c, v, kind == VALUE_CONSTANT ? VALUE_TRUTH : kind, 0);
  a->kind = answer_kind (kind);
  a->scale = v->scale;
  if (kind == VALUE_TRUTH || kind == VALUE_CONSTANT)
    a->truths = mask_real (c, 0, v->plane);
  else
    a->numbers = plane_wide (c, v->plane);
  a->none = kept_mask (c, v->none);
  a->unknown = kept_mask (c, v->unknown);
}

/* Texts that are numbers of the compiler's: their values are known when all is compiled. */
static void
answer_texts (Compiler *c, Answer *a)
{
  FeelValue *values = arena_new0 (c->program->arena, FeelValue, c->text_list->len);
  for (guint i = 0; i < c->text_list->len; i++)
    values[i] = feel_string (*(const Text *)c->text_list->pdata[i]);
  a->values = values;
  a->n_values = c->text_list->len;
}

static void
answer_open (Compiler *c, Answer *a, const Value *v, bool asks)
{
  if (v->kind == VALUE_CONSTANT)
    v = constant_coded (c, v);
  ValueKind kind = value_kind (c, v);
  bool coded = v->kind == VALUE_CODED && (kind == VALUE_TEXT || kind > VALUE_TEXT);
  if (v->space > 0 || (!coded && kind > VALUE_TEXT))
    outside (c, "an answer that is a list or a context of facts");
  else if (coded)
    answer_coded (c, a, v);
  else
    answer_planes (c, a, v, kind);
  if (asks && !c->why)
    needs_answer (c, a, v);
}

static void
answer_keep (Compiler *c, Answer *a)
{
  if (a->kind == FEEL_STRING && !a->values)
    answer_texts (c, a);
  keep (c->program, a->numbers);
  keep (c->program, a->truths);
  keep (c->program, a->none);
  keep (c->program, a->unknown);
  for (size_t i = 0; i < a->n_needs; i++)
    keep (c->program, a->missing[i]);
}

static void
reasons_keep (ColumnsProgram *p)
{
  for (guint i = 0; i < p->reasons->len; i++) {
    const Reason *r = &g_array_index (p->reasons, Reason, i);
    keep (p, r->rule);
    keep (p, r->refused);
    keep (p, r->unknown);
    for (size_t k = 0; k < r->n_bytes * r->table->n_rules; k++) {
      keep (p, r->failed[k]);
      keep (p, r->open[k]);
    }
  }
}

/* ---- programs -------------------------------------------------------------------------------- */

ColumnsProgram *
program_new (const ColumnsTable *table, size_t n)
{
  ColumnsProgram *p = g_new0 (ColumnsProgram, 1);
  p->arena = arena_new ();
  p->table = table;
  p->ops = g_array_new (FALSE, TRUE, sizeof (Op));
  p->spaces = g_array_new (FALSE, TRUE, sizeof (Space));
  p->reasons = g_array_new (FALSE, TRUE, sizeof (Reason));
  p->slots = g_array_new (FALSE, TRUE, sizeof (Slot));
  p->steps = g_array_new (FALSE, TRUE, sizeof (Step));
  p->answers = arena_new0 (p->arena, Answer, n);
  p->n_answers = n;
  Op constant = { .slot = -1 };
  g_array_append_val (p->ops, constant); /* NONE_OF and ALL_OF */
  g_array_append_val (p->ops, constant);
  Space rows = { .parent = -1, .members = -1 };
  g_array_append_val (p->spaces, rows);
  return p;
}

static guint
text_key_hash (gconstpointer text)
{
  return text_hash (*(const Text *)text);
}

static gboolean
text_key_equal (gconstpointer a, gconstpointer b)
{
  return text_equal (*(const Text *)a, *(const Text *)b);
}

/* What compiling A's decision left behind when it turned out to be outside. */
static void
forget (Compiler *c, guint n_made, guint n_reasons)
{
  for (guint i = n_made; i < c->made->len; i++)
    g_hash_table_remove (c->decisions, c->made->pdata[i]);
  g_ptr_array_set_size (c->made, (int)n_made);
  g_ptr_array_set_size (c->open, 0);
  g_ptr_array_set_size (c->filled, 0);
  g_array_set_size (c->inside, 0);
  g_array_set_size (c->program->reasons, n_reasons);
}

static void
compile_answer (Compiler *c, Answer *a, const DmnDecision *d, bool asks)
{
  guint n_reasons = c->program->reasons->len, n_made = c->made->len;
  const Answer absent = { .decision = d, .numbers = -1, .truths = -1, .none = -1, .unknown = -1 };
  *a = absent;
  c->why = NULL;
  const Value *v = program_decision (c, d);
  if (!c->why)
    answer_open (c, a, v, asks);
  if (!c->why)
    return;
  *a = absent;
  a->why = c->why;
  forget (c, n_made, n_reasons);
}

ColumnsProgram *
columns_compile (const ColumnsWorld *world, const DmnDecision *const *decisions, const bool *asks, size_t n)
{
  ColumnsProgram *p = program_new (world->table, n);
  Compiler c = { .program = p,
                 .arena = p->arena,
                 .world = world,
                 .decisions = g_hash_table_new (NULL, NULL),
                 .texts = g_hash_table_new (text_key_hash, text_key_equal),
                 .text_list = g_ptr_array_new (),
                 .open = g_ptr_array_new (),
                 .made = g_ptr_array_new (),
                 .inside = g_array_new (FALSE, FALSE, sizeof (int)),
                 .filled = g_ptr_array_new (),
                 .needs = g_hash_table_new (text_key_hash, text_key_equal),
                 .need_list = g_array_new (FALSE, FALSE, sizeof (ColumnsNeed)) };
  for (size_t i = 0; asks && i < n; i++)
    c.asks |= asks[i];
  for (size_t i = 0; i < n; i++)
    compile_answer (&c, &p->answers[i], decisions[i], asks && asks[i]);
  for (size_t i = 0; i < n; i++)
    answer_keep (&c, &p->answers[i]);
  if (world->answers_alone)
    g_array_set_size (p->reasons, 0);
  reasons_keep (p);
  plane_drop (p);
  plane_place (p);
  g_hash_table_destroy (c.decisions);
  g_hash_table_destroy (c.texts);
  g_array_unref (c.inside);
  g_ptr_array_unref (c.filled);
  g_hash_table_destroy (c.needs);
  g_array_unref (c.need_list);
  g_ptr_array_unref (c.text_list);
  g_ptr_array_unref (c.open);
  g_ptr_array_unref (c.made);
  g_clear_pointer (&c.keys, g_hash_table_destroy);
  g_clear_pointer (&c.tables, g_hash_table_destroy);
  return p;
}

void
columns_program_free (ColumnsProgram *p)
{
  g_array_unref (p->ops);
  g_array_unref (p->spaces);
  g_array_unref (p->reasons);
  g_array_unref (p->slots);
  g_array_unref (p->steps);
  arena_free (p->arena);
  g_free (p);
}

const char *
columns_program_why (const ColumnsProgram *p, size_t i)
{
  return p->answers[i].why;
}

FeelKind
columns_program_kind (const ColumnsProgram *p, size_t i, unsigned *scale)
{
  *scale = p->answers[i].scale;
  return p->answers[i].kind;
}

const FeelValue *
columns_program_values (const ColumnsProgram *p, size_t i, size_t *n)
{
  *n = p->answers[i].n_values;
  return p->answers[i].values;
}

const ColumnsNeed *
columns_program_needs (const ColumnsProgram *p, size_t i, size_t *n)
{
  *n = p->answers[i].n_needs;
  return p->answers[i].needs;
}

size_t
columns_program_length (const ColumnsProgram *p)
{
  size_t n = 0;
  for (guint i = ALL_OF + 1; i < p->ops->len; i++)
    n += g_array_index (p->ops, Op, i).last >= 0;
  return n;
}

size_t
columns_program_bytes (const ColumnsProgram *p)
{
  size_t bytes = 0;
  for (guint i = ALL_OF + 1; i < p->ops->len; i++) {
    const OpKey *key = &g_array_index (p->ops, Op, i).key;
    bool there = key->kind == OP_COLUMN && g_array_index (p->ops, Op, i).last >= 0;
    const void *part = !there                     ? NULL
                       : key->part == PART_VALUES ? key->column->values
                       : key->part == PART_NONE   ? (const void *)key->column->none
                                                  : (const void *)key->column->unknown;
    bytes += part ? (size_t)key->width : 0;
  }
  return bytes;
}
