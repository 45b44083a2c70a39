/* Where a program can come out otherwise as one column's values go up.
 *
 * An operation is *pure* when it is made of that column and of constants alone.  The others see
 * of the column what the pure operations at their border hand them; so two values that
 * agree in every border plane give the same answers, whatever the other facts are.  The pure
 * operations make a program of their own, which is run over all values from the lowest to the
 * highest, and a case begins wherever a border plane changes.
 *
 * That is exact where border planes are truths, codes and numbers of few values (years of
 * age).  Where the column meets a fact of few values (the age of retirement hangs on sex), that
 * fact is a *companion*: the pure operations are made of it as well, and run for each of its
 * values.  Where the column meets another fact of many (`起 <= 止`), every value may be a case
 * of its own: then the cases found are not all. */
#include "columns_private.h"

#include <string.h>

/* Beyond so many values only every n-th is tried; of companions with more codes, or in more
 * combinations, none is made. */
enum { TRIED_MAX = 1 << 22, CODES_MAX = 8, COMBINATIONS_MAX = 64 };

/* A fact of few values beside the column: its codes, none and unknown. */
typedef struct {
  const ColumnsOperation *key; /* one that reads it */
  size_t n_codes, n_states;
} Companion;

typedef struct {
  const ColumnsProgram *program;
  const ColumnsColumn *column;
  bool *pure, *varied, *border; /* by operation; PURE: made of constants as well, VARIED: of the column */
  bool *few, *searched;         /* made of facts of few values alone; gone through for companions */
  GArray *companions;           /* Companion */
  size_t n_combinations;        /* of their states, */
  size_t room;                  /* and how many there may be */
  int *copies;                  /* by operation that is pure: its number in the other program */
  ColumnsProgram *over;         /* the pure operations, over all values */
  GArray *planes;               /* int: the border's, there */
} Cases;

static const Op *
op_at (const Cases *c, guint i)
{
  return &g_array_index (c->program->ops, Op, i);
}

/* ---- what is pure ------------------------------------------------------------------- */

/* Operations that give each row a result of its own operands alone. */
static bool
is_plain (OpKind kind)
{
  return (kind >= OP_AND && kind <= OP_MONTHS_BETWEEN) || kind == OP_SPREAD;
}

static bool
is_reading (const ColumnsOperation *key)
{
  return key->kind == OP_COLUMN || key->kind == OP_GATHER;
}

static bool
is_column (const Cases *c, const OpKey *key)
{
  return is_reading (key) && key->column == c->column && key->part == PART_VALUES;
}

/* The companion that KEY reads; the number of them where it reads none.  The same column of other rows is
 * another fact. */
static guint
companion_of (const Cases *c, const ColumnsOperation *key)
{
  guint i = 0;
  for (; is_reading (key) && i < c->companions->len; i++) {
    const ColumnsOperation *other = g_array_index (c->companions, Companion, i).key;
    if (other->column == key->column && other->kind == key->kind && other->a == key->a
        && other->space == key->space)
      return i;
  }
  return c->companions->len;
}

static bool
is_companion (const Cases *c, const ColumnsOperation *key)
{
  return companion_of (c, key) < c->companions->len;
}

static void
find_pure (Cases *c, guint i)
{
  const OpKey *key = &op_at (c, i)->key;
  const int operands[] = { key->a, key->b, key->c };
  bool ours = is_column (c, key), pure = is_plain (key->kind), varied = false;
  for (size_t k = 0; k < G_N_ELEMENTS (operands) && !ours; k++)
    if (operands[k] > ALL_OF) {
      pure &= c->pure[operands[k]];
      varied |= c->varied[operands[k]];
    }
  c->pure[i] = ours || pure || key->kind == OP_FILL || is_companion (c, key);
  c->varied[i] = ours || (pure && varied);
}

static void
note_border (ColumnsProgram *p, int plane, int reader, void *data)
{
  Cases *c = data;
  if (plane > ALL_OF && plane != reader && c->varied[plane] && !c->varied[reader])
    c->border[plane] = true;
}

static void
find_border (Cases *c)
{
  memset (c->border, 0, c->program->ops->len * sizeof *c->border);
  for (guint i = ALL_OF + 1; i < c->program->ops->len; i++)
    if (op_at (c, i)->last >= 0) {
      find_pure (c, i);
      plane_visit_reads ((ColumnsProgram *)c->program, (int)i, note_border, c);
      c->border[i] = c->varied[i] && op_at (c, i)->last == G_MAXINT;
    }
}

/* ---- companions ------------------------------------------------------------------------ */

static size_t
codes_of (const ColumnsColumn *column)
{
  return column->kind == COLUMNS_BOOLEAN ? 2 : column->kind == COLUMNS_TEXT ? column->n_texts : G_MAXSIZE;
}

static void
find_few (Cases *c)
{
  c->few[NONE_OF] = c->few[ALL_OF] = true;
  for (guint i = ALL_OF + 1; i < c->program->ops->len; i++) {
    const ColumnsOperation *key = &op_at (c, i)->key;
    c->few[i] = is_reading (key) ? !is_column (c, key) && codes_of (key->column) <= CODES_MAX
                                 : key->kind == OP_FILL
                                       || (is_plain (key->kind) && c->few[MAX (key->a, 0)]
                                           && c->few[MAX (key->b, 0)] && c->few[MAX (key->c, 0)]);
  }
}

/* The facts that operation I, which is of few, is made of become companions, as far as there is room. */
static void
add_companions (Cases *c, int i)
{
  if (i <= ALL_OF || c->searched[i])
    return;
  c->searched[i] = true;
  const ColumnsOperation *key = &op_at (c, (guint)i)->key;
  if (!is_reading (key)) {
    add_companions (c, key->a);
    add_companions (c, key->b);
    add_companions (c, key->c);
    return;
  }
  size_t n_codes = codes_of (key->column),
         n_states = n_codes + key->column->has_none + key->column->has_unknown;
  if (is_companion (c, key) || c->n_combinations * n_states > c->room)
    return;
  Companion companion = { key, n_codes, n_states };
  g_array_append_val (c->companions, companion);
  c->n_combinations *= n_states;
}

/* Where a number made of the column meets what is of few. */
static void
find_companions (Cases *c, guint i)
{
  const Op *op = op_at (c, i);
  const int operands[] = { op->key.a, op->key.b, op->key.c };
  bool meets = false;
  if (op->last < 0 || c->pure[i] || !is_plain (op->key.kind))
    return;
  for (size_t k = 0; k < G_N_ELEMENTS (operands); k++)
    meets |= operands[k] > ALL_OF && c->varied[operands[k]] && op_at (c, (guint)operands[k])->key.width > 1;
  for (size_t k = 0; meets && k < G_N_ELEMENTS (operands); k++)
    if (operands[k] > ALL_OF && !c->pure[operands[k]] && c->few[operands[k]])
      add_companions (c, operands[k]);
}

/* As long as there are more: what is pure grows with them. */
static void
find_all (Cases *c)
{
  guint before;
  find_few (c);
  do {
    before = c->companions->len;
    find_border (c);
    for (guint i = ALL_OF + 1; i < c->program->ops->len; i++)
      find_companions (c, i);
  } while (c->companions->len > before);
}

/* ---- the pure operations over all values ------------------------------------------------ */

static int
copied (const Cases *c, int operand)
{
  return operand > ALL_OF ? c->copies[operand] : operand;
}

static int
copy_op (Cases *c, OpKey key)
{
  if (key.kind == OP_SPREAD)
    return copied (c, key.a);
  if (is_reading (&key)) { /* the column stands first in the table, then its companions */
    size_t place = is_column (c, &key) ? 0 : 1 + companion_of (c, &key);
    key.kind = OP_COLUMN;
    key.a = 0;
    key.column = &c->over->table->columns[place];
  }
  key.a = copied (c, key.a);
  key.b = copied (c, key.b);
  key.c = copied (c, key.c);
  key.space = 0;
  Op op = { .key = key, .slot = -1, .last = -1 };
  g_array_append_val (c->over->ops, op);
  return (int)c->over->ops->len - 1;
}

static void
copy_border (Cases *c, int plane)
{
  int width = g_array_index (c->over->ops, Op, plane).key.width;
  if (width != 1 && width != 8) {
    Op wide = { .key = { .kind = OP_WIDEN, .width = 8, .a = plane }, .slot = -1, .last = -1 };
    g_array_append_val (c->over->ops, wide);
    plane = (int)c->over->ops->len - 1;
  }
  g_array_index (c->over->ops, Op, plane).last = G_MAXINT;
  g_array_append_val (c->planes, plane);
}

static void
copy_pure (Cases *c, const ColumnsTable *values)
{
  c->over = program_new (values, 0);
  for (guint i = ALL_OF + 1; i < c->program->ops->len; i++)
    if (c->pure[i]) {
      c->copies[i] = copy_op (c, op_at (c, i)->key);
      if (c->border[i])
        copy_border (c, c->copies[i]);
    }
  c->over->n_answers = c->planes->len;
  c->over->answers = arena_new0 (c->over->arena, Answer, c->planes->len);
  for (guint i = 0; i < c->planes->len; i++) {
    int plane = g_array_index (c->planes, int, i);
    bool narrow = g_array_index (c->over->ops, Op, plane).key.width == 1;
    c->over->answers[i] = (Answer){
      .numbers = narrow ? -1 : plane, .truths = narrow ? plane : -1, .none = -1, .unknown = -1
    };
  }
  plane_drop (c->over);
  plane_place (c->over);
}

/* ---- changes --------------------------------------------------------------------------------- */

typedef struct {
  size_t most, n_values; /* rows: all values for each combination of the companions */
  size_t *changes;       /* by border plane */
  gint64 *last;          /* its value at the row before */
  size_t **rows; /* by border plane: the places of the first MOST values that differ from those before */
} Changes;

static void
take_plane (Changes *changes, const ColumnsChunk *chunk, size_t plane)
{
  const ColumnsAnswer *answer = &chunk->answers[plane];
  for (size_t i = 0; i < chunk->n; i++) {
    gint64 value = answer->numbers ? answer->numbers[i] : answer->truths[i];
    size_t place = (chunk->first + i) % changes->n_values;
    if (place && value != changes->last[plane]) {
      if (changes->changes[plane] < changes->most)
        changes->rows[plane][changes->changes[plane]] = place;
      changes->changes[plane]++;
    }
    changes->last[plane] = value;
  }
}

static void
take (void *host, const ColumnsChunk *chunk)
{
  for (size_t i = 0; i < chunk->n_answers; i++)
    take_plane (host, chunk, i);
}

/* Whether a case begins at each of N values. */
static guint8 *
find_changes (const Cases *c, size_t n, size_t most, bool *all)
{
  size_t n_planes = c->planes->len;
  guint8 *begins = g_new0 (guint8, n);
  most *= c->n_combinations;
  Changes changes = { most, n, g_new0 (size_t, n_planes + 1), g_new0 (gint64, n_planes + 1),
                      g_new0 (size_t *, n_planes + 1) };
  for (size_t i = 0; i < n_planes; i++)
    changes.rows[i] = g_new (size_t, most);
  columns_run (c->over, 1, take, &changes); /* one thread: chunk by chunk in their order */
  begins[0] = 1;
  for (size_t i = 0; i < n_planes; i++) {
    *all &= changes.changes[i] <= most;
    for (size_t k = 0; changes.changes[i] <= most && k < changes.changes[i]; k++)
      begins[changes.rows[i][k]] = 1;
    g_free (changes.rows[i]);
  }
  g_free (changes.changes);
  g_free (changes.last);
  g_free (changes.rows);
  return begins;
}

/* ---- all together ------------------------------------------------------------------------------- */

static void
put (guint8 *values, size_t row, unsigned width, gint64 v)
{
  memcpy (values + row * width, &v, width); /* little-endian: the low bytes */
}

/* The column's values from LOW on, again for each combination. */
static ColumnsColumn
values_column (Arena *arena, const Cases *c, gint64 low, gint64 step, size_t n)
{
  ColumnsColumn column = *c->column;
  guint8 *values = arena_alloc (arena, n * c->n_combinations * column.width);
  for (size_t row = 0; row < n * c->n_combinations; row++)
    put (values, row, column.width, low + (gint64)(row % n) * step);
  column.values = values;
  return column;
}

/* COMPANION's states; each lasts for EVERY combinations of those before it. */
static ColumnsColumn
companion_column (Arena *arena, const Cases *c, const Companion *companion, size_t every, size_t n)
{
  size_t n_rows = n * c->n_combinations;
  ColumnsColumn column = *companion->key->column;
  guint8 *values = arena_alloc (arena, n_rows * column.width), *none = arena_alloc (arena, n_rows),
         *unknown = arena_alloc (arena, n_rows);
  for (size_t row = 0; row < n_rows; row++) {
    size_t state = row / n / every % companion->n_states;
    bool known = state < companion->n_codes;
    put (values, row, column.width, known ? (gint64)state : 0);
    none[row] = !known && column.has_none && state == companion->n_codes ? 0xff : 0;
    unknown[row] = !known && !none[row] ? 0xff : 0;
  }
  column.values = values;
  column.none = none;
  column.unknown = unknown;
  return column;
}

static ColumnsTable
tried_table (Arena *arena, const Cases *c, gint64 low, gint64 step, size_t n)
{
  ColumnsColumn *columns = arena_new0 (arena, ColumnsColumn, 1 + c->companions->len);
  columns[0] = values_column (arena, c, low, step, n);
  size_t every = 1;
  for (guint i = 0; i < c->companions->len; i++) {
    const Companion *companion = &g_array_index (c->companions, Companion, i);
    columns[1 + i] = companion_column (arena, c, companion, every, n);
    every *= companion->n_states;
  }
  return (ColumnsTable){ c->column->name, n * c->n_combinations, 1 + c->companions->len, columns };
}

const gint64 *
columns_program_cases (const ColumnsProgram *program, const ColumnsColumn *column, gint64 low, gint64 high,
                       size_t most, Arena *arena, size_t *n, bool *all)
{
  guint n_ops = program->ops->len;
  gint64 step = (high - low) / TRIED_MAX + 1;
  size_t n_tried = (size_t)((high - low) / step + 1);
  g_autofree bool *pure = g_new0 (bool, n_ops), *varied = g_new0 (bool, n_ops),
                  *border = g_new0 (bool, n_ops), *few = g_new0 (bool, n_ops),
                  *searched = g_new0 (bool, n_ops);
  g_autofree int *copies = g_new0 (int, n_ops);
  g_autoptr (GArray) planes = g_array_new (FALSE, FALSE, sizeof (int)),
                     companions = g_array_new (FALSE, FALSE, sizeof (Companion));
  g_autoptr (Arena) own = arena_new ();
  Cases c = { .program = program,
              .column = column,
              .pure = pure,
              .varied = varied,
              .border = border,
              .few = few,
              .searched = searched,
              .companions = companions,
              .n_combinations = 1,
              .room = CLAMP (TRIED_MAX / n_tried, 1, COMBINATIONS_MAX),
              .copies = copies,
              .planes = planes };
  *all = step == 1;
  find_all (&c);
  ColumnsTable table = tried_table (own, &c, low, step, n_tried);
  copy_pure (&c, &table);
  g_autofree guint8 *begins = find_changes (&c, n_tried, most, all);
  columns_program_free (c.over);
  gint64 *cases = arena_new0 (arena, gint64, n_tried);
  *n = 0;
  for (size_t i = 0; i < n_tried; i++)
    if (begins[i])
      cases[(*n)++] = low + (gint64)i * step;
  return cases;
}
