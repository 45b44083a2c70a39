/* Where a program can come out otherwise as one column's values go up.
 *
 * An operation is *pure* when it is made of that column and of constants alone.  The others see
 * of the column what the pure operations at their border hand them; so two values that
 * agree in every border plane give the same answers, whatever the other facts are.  The pure
 * operations make a program of their own, which is run over all values from the lowest to the
 * highest, and a case begins wherever a border plane changes.
 *
 * That is exact where border planes are truths, codes and numbers of few values (years of
 * age).  Where the column itself meets another fact of the row (`起 <= 止`), every value may
 * be a case of its own: then the cases found are not all. */
#include "columns_private.h"

#include <string.h>

enum { TRIED_MAX = 1 << 22 };

typedef struct {
  const ColumnsProgram *program;
  const ColumnsColumn *column;
  bool *pure, *varied, *border; /* by operation; PURE: made of constants as well, VARIED: of the column */
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
is_column (const Cases *c, const OpKey *key)
{
  return (key->kind == OP_COLUMN || key->kind == OP_GATHER) && key->column == c->column
         && key->part == PART_VALUES;
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
  c->pure[i] = ours || pure || key->kind == OP_FILL;
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
  for (guint i = ALL_OF + 1; i < c->program->ops->len; i++)
    if (op_at (c, i)->last >= 0) {
      find_pure (c, i);
      plane_visit_reads ((ColumnsProgram *)c->program, (int)i, note_border, c);
      c->border[i] = c->varied[i] && op_at (c, i)->last == G_MAXINT;
    }
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
  bool ours = is_column (c, &key);
  key.kind = ours ? OP_COLUMN : key.kind;
  key.a = ours ? 0 : copied (c, key.a);
  key.b = copied (c, key.b);
  key.c = copied (c, key.c);
  key.column = ours ? c->over->table->columns : key.column;
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
  size_t most;
  size_t *changes; /* by border plane */
  gint64 *last;    /* its value at the row before */
  size_t **rows;   /* by border plane: the first MOST rows that differ from those before */
} Changes;

static void
take_plane (Changes *changes, const ColumnsChunk *chunk, size_t plane)
{
  const ColumnsAnswer *answer = &chunk->answers[plane];
  for (size_t i = 0; i < chunk->n; i++) {
    gint64 value = answer->numbers ? answer->numbers[i] : answer->truths[i];
    if (chunk->first + i && value != changes->last[plane]) {
      if (changes->changes[plane] < changes->most)
        changes->rows[plane][changes->changes[plane]] = chunk->first + i;
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

/* Whether a case begins at each of N rows. */
static guint8 *
find_changes (const Cases *c, size_t n, size_t most, bool *all)
{
  size_t n_planes = c->planes->len;
  guint8 *begins = g_new0 (guint8, n);
  Changes changes = { most, g_new0 (size_t, n_planes + 1), g_new0 (gint64, n_planes + 1),
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

static void *
values_between (gint64 low, gint64 step, size_t n, unsigned width)
{
  guint8 *values = g_malloc (n * width);
  for (size_t i = 0; i < n; i++) {
    gint64 v = low + (gint64)i * step;
    memcpy (values + i * width, &v, width); /* little-endian: the low bytes */
  }
  return values;
}

const gint64 *
columns_program_cases (const ColumnsProgram *program, const ColumnsColumn *column, gint64 low, gint64 high,
                       size_t most, Arena *arena, size_t *n, bool *all)
{
  guint n_ops = program->ops->len;
  gint64 step = (high - low) / TRIED_MAX + 1;
  size_t n_tried = (size_t)((high - low) / step + 1);
  g_autofree void *values = values_between (low, step, n_tried, column->width);
  g_autofree bool *pure = g_new0 (bool, n_ops), *varied = g_new0 (bool, n_ops),
                  *border = g_new0 (bool, n_ops);
  g_autofree int *copies = g_new0 (int, n_ops);
  g_autoptr (GArray) planes = g_array_new (FALSE, FALSE, sizeof (int));
  ColumnsColumn tried = *column;
  tried.values = values;
  ColumnsTable table = { column->name, n_tried, 1, &tried };
  Cases c = { program, column, pure, varied, border, copies, NULL, planes };
  *all = step == 1;
  find_border (&c);
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
