/* What the answer of a decision in one column says of the facts in others.
 *
 * A table that asks for "qualifies" and for the facts behind it meets only some
 * of their combinations: where the answer is yes, a rule for yes must have
 * matched.  The others are boxes that no input is in, and so neither gaps nor
 * overlaps. */
#include "analysis.h"

/* Whether D says of the facts what is looked for here: one constant output a rule. */
static bool
is_plain (const DmnTable *table, Arena *arena, FeelValue *outputs)
{
  if (table->n_outputs != 1 || !dmn_answers_single (table->policy))
    return false;
  for (size_t r = 0; r < table->n_rules; r++)
    if (!analysis_constant (arena, table->rules[r].outputs[0].expression, &outputs[r]))
      return false;
  return true;
}

static ptrdiff_t
find_input (const DmnTable *table, Text label)
{
  for (size_t i = 0; i < table->n_inputs; i++)
    if (text_equal (table->inputs[i].label, label))
      return (ptrdiff_t)i;
  return -1;
}

/* The decision whose answer column C is, when its table is one to learn from. */
static const DmnTable *
table_behind (const DmnDecision *decision, const DmnTable *table, size_t c)
{
  for (size_t i = 0; i < decision->n_requires; i++) {
    const DmnDecision *d = decision->requires_[i];
    if (d->unit == decision->unit && d->role == DMN_DECISION && d->table
        && text_equal (d->name, table->inputs[c].label))
      return d->table;
  }
  return NULL;
}

static bool
all_constant (const DmnTable *table, size_t c, Arena *arena)
{
  FeelIntervals unused;
  for (size_t r = 0; r < table->n_rules; r++) {
    const FeelExpression *test = table->rules[r].tests[c].expression;
    if (!test || !feel_test_intervals (test, arena, &unused))
      return false;
  }
  return true;
}

void
implied_tests (const DmnDecision *decision, size_t c, Arena *arena, GPtrArray *cells)
{
  const DmnTable *table = decision->table;
  if (!all_constant (table, c, arena))
    return; /* further tests would blur what is known of these */
  for (size_t k = 0; k < table->n_inputs; k++) {
    const DmnTable *behind = k == c ? NULL : table_behind (decision, table, k);
    ptrdiff_t shared = behind ? find_input (behind, table->inputs[c].label) : -1;
    if (shared >= 0 && all_constant (behind, (size_t)shared, arena))
      for (size_t r = 0; r < behind->n_rules; r++)
        g_ptr_array_add (cells, (gpointer)&behind->rules[r].tests[shared]);
  }
}

/* Rule R of the table behind column C, as a box here. */
static Bits *
box_of (const Grid *grid, const DmnTable *behind, size_t r, size_t c)
{
  Bits *box = arena_new0 (grid->arena, Bits, grid->table->n_inputs);
  for (size_t k = 0; k < grid->table->n_inputs; k++) {
    const Column *column = &grid->columns[k];
    ptrdiff_t shared = k == c ? -1 : find_input (behind, grid->table->inputs[k].label);
    const Test *test = shared < 0 ? NULL : column_test (column, &behind->rules[r].tests[shared]);
    box[k] = test ? test->may : column->all;
  }
  return box;
}

/* The decision behind a column: per rule its box and the class of its output. */
typedef struct {
  size_t column, n;
  Bits **boxes;
  ptrdiff_t *classes;
} Behind;

static Behind
read_behind (const Grid *grid, const DmnTable *table, const FeelValue *outputs, size_t c)
{
  Behind behind = { .column = c,
                    .n = table->n_rules,
                    .boxes = arena_new0 (grid->arena, Bits *, table->n_rules),
                    .classes = arena_new0 (grid->arena, ptrdiff_t, table->n_rules) };
  for (size_t r = 0; r < table->n_rules; r++) {
    behind.boxes[r] = box_of (grid, table, r, c);
    behind.classes[r] = column_class (&grid->columns[c], outputs[r]);
  }
  return behind;
}

/* Adds what cannot be where the column is of CLASS: all but the boxes of the rules
 * that answer so. */
static void
add_impossible (Grid *grid, const Behind *behind, size_t class_, GPtrArray *impossible)
{
  enum { BOXES_MAX = 1000 };
  size_t n = grid->table->n_inputs, c = behind->column;
  Bits *box = arena_new0 (grid->arena, Bits, n);
  for (size_t k = 0; k < n; k++)
    box[k] = grid->columns[k].all;
  box[c] = bits_new (grid->arena, grid->columns[c].n_classes);
  bits_add (box[c], class_);
  g_autoptr (GPtrArray) answers = g_ptr_array_new ();
  for (size_t r = 0; r < behind->n; r++)
    if (behind->classes[r] == (ptrdiff_t)class_)
      g_ptr_array_add (answers, behind->boxes[r]);
  grid_uncovered (grid, box, (const Bits *const *)answers->pdata, answers->len, BOXES_MAX, impossible);
}

/* Null is also the answer where no rule matches, or two must not; and a 默认 row's
 * where none does. */
void
implied_impossible (Grid *grid, const DmnDecision *decision, GPtrArray *impossible)
{
  for (size_t c = 0; c < grid->table->n_inputs; c++) {
    const DmnTable *table = table_behind (decision, grid->table, c);
    const Column *column = &grid->columns[c];
    FeelValue *outputs = table ? arena_new0 (grid->arena, FeelValue, table->n_rules) : NULL;
    if (!table || !is_plain (table, grid->arena, outputs) || table->outputs[0].standard.text.len
        || column->notation != COLUMN_VALUES)
      continue;
    Behind behind = read_behind (grid, table, outputs, c);
    ptrdiff_t null = column_class (column, feel_null ());
    for (size_t k = 0; k < column->n_classes; k++)
      if ((ptrdiff_t)k != null)
        add_impossible (grid, &behind, k, impossible);
  }
}
