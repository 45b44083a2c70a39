/* Operations of a program to expressions, one by one. */
#include "sql_private.h"

#include <string.h>

enum { TEXTS_MAX = 4096 };

/* ---- operands -------------------------------------------------------------------- */

static const ColumnsOperation *
operation_at (const SqlQueries *q, int plane)
{
  return plane > ALL_OF ? columns_program_operation (q->program, plane, NULL) : NULL;
}

/* What is the same everywhere may be a mask, a code or a number: who reads it says which. */
int
mask_node (SqlQueries *q, int plane)
{
  const ColumnsOperation *o = operation_at (q, plane);
  if (!o)
    return node_truth (q, plane == ALL_OF);
  if (o->kind == OP_FILL)
    return node_truth (q, o->x != 0);
  int node = q->of_plane[plane];
  return node_at (q, node)->type == TYPE_MASK ? node
                                              : node_outside (q, TYPE_MASK, "a number taken for a truth");
}

static gint64
filled (const ColumnsOperation *o)
{
  return o->width == 1 ? (gint8)o->x : o->x;
}

int
number_node (SqlQueries *q, int plane)
{
  const ColumnsOperation *o = operation_at (q, plane);
  if (o && o->kind == OP_FILL)
    return node_number (q, filled (o), o->width);
  int node = o ? q->of_plane[plane] : node_truth (q, plane == ALL_OF);
  switch (node_at (q, node)->type) {
  case TYPE_NUMBER: return node;
  case TYPE_MASK: return node_weight (q, node, 1);
  default: return node_outside (q, TYPE_NUMBER, "a text taken for a number");
  }
}

/* ---- codes ------------------------------------------------------------------------- */

/* TEXT as a literal; false when it cannot be one. */
static bool
append_literal (const SqlQueries *q, GString *out, Text text)
{
  write_text (q->dialect, out, text);
  return !memchr (text.bytes, '\1', text.len) && !memchr (text.bytes, '\0', text.len);
}

/* Rows whose code HELD: of a text, those that are called so. */
static int
one_of_texts (SqlQueries *q, int node, const guint8 *held)
{
  const ColumnsColumn *column = node_at (q, node)->column;
  g_autoptr (GString) text = g_string_new ("\1a5 IN (");
  bool fits = true;
  size_t n = 0;
  for (size_t i = 0; i < column->n_texts; i++)
    if (held[i]) {
      g_string_append (text, n++ ? ", " : "");
      fits &= append_literal (q, text, column->texts[i]);
    }
  g_string_append_c (text, ')');
  if (!n || n == column->n_texts)
    return node_truth (q, n);
  if (!fits || n > TEXTS_MAX)
    return node_outside (q, TYPE_MASK, "more texts to choose from than a query should list");
  if (n == 1) { /* reads better */
    g_string_truncate (text, text->len - 1);
    g_string_erase (text, 3, strlen (" IN ("));
    g_string_insert (text, 3, " = ");
  }
  return NODE (q, TYPE_MASK, BINDS_COMPARE, text->str, node);
}

static int
range_of_truths (SqlQueries *q, int node, gint64 low, gint64 high)
{
  bool no = low <= 0 && high >= 0, yes = low <= 1 && high >= 1;
  return no && yes ? node_truth (q, true) : yes ? node : no ? node_not (q, node) : node_truth (q, false);
}

static gint64
greatest (int width)
{
  return width == 8 ? G_MAXINT64 : ((gint64)1 << (8 * width - 1)) - 1;
}

static int
range_of_numbers (SqlQueries *q, int node, int width, gint64 low, gint64 high)
{
  bool open_below = low == -greatest (width) - 1, open_above = high == greatest (width);
  g_autofree char *text = NULL;
  if (open_below && open_above)
    return node_truth (q, true);
  if (low == high)
    text = g_strdup_printf ("\1a5 = %" G_GINT64_FORMAT, low);
  else if (open_below)
    text = g_strdup_printf ("\1a5 <= %" G_GINT64_FORMAT, high);
  else if (open_above)
    text = g_strdup_printf ("\1a5 >= %" G_GINT64_FORMAT, low);
  else
    text = g_strdup_printf ("\1a5 BETWEEN %" G_GINT64_FORMAT " AND %" G_GINT64_FORMAT, low, high);
  return NODE (q, TYPE_MASK, BINDS_COMPARE, text, node);
}

static int
range (SqlQueries *q, const ColumnsOperation *o)
{
  const ColumnsOperation *of = operation_at (q, o->a);
  if (of->kind == OP_FILL)
    return node_truth (q, filled (of) >= o->x && filled (of) <= o->y);
  int node = q->of_plane[o->a];
  const Node *n = node_at (q, node);
  if (n->type == TYPE_MASK)
    return range_of_truths (q, node, o->x, o->y);
  if (n->type == TYPE_NUMBER)
    return range_of_numbers (q, node, of->width, o->x, o->y);
  g_autofree guint8 *held = g_new0 (guint8, n->column->n_texts + 1);
  for (size_t i = 0; i < n->column->n_texts; i++)
    held[i] = (gint64)i >= o->x && (gint64)i <= o->y;
  return one_of_texts (q, node, held);
}

/* ---- tables of results --------------------------------------------------------------- */

static gint64
result_at (const ColumnsOperation *o, size_t i)
{
  return o->width == 1 ? ((const gint8 *)o->data)[i] : ((const gint64 *)o->data)[i];
}

/* Whether results of one byte are masks: 0 or 0xff. */
static bool
are_masks (const ColumnsOperation *o, size_t n)
{
  bool masks = o->width == 1;
  for (size_t i = 0; i < n && masks; i++)
    masks = result_at (o, i) == 0 || result_at (o, i) == -1;
  return masks;
}

/* Code I as it is compared: signed, but for sets of bits. */
static gint64
code_at (const ColumnsOperation *of, size_t i)
{
  return of->kind == OP_BITS ? (gint64)i : (gint8)i;
}

static int
wide (SqlQueries *q, const char *text, int node)
{
  const char *const casts[] = { "%s", "CAST(%s AS bigint)", "toInt64(%s)" };
  g_autofree char *cast = g_strdup_printf (casts[q->dialect], text);
  return NODE (q, TYPE_NUMBER, BINDS_ATOM, cast, node);
}

/* The results of the first N codes, as numbers: 0 where nothing is said. */
static int
numbers_by_code (SqlQueries *q, const ColumnsOperation *o, int node, size_t n)
{
  const ColumnsOperation *of = operation_at (q, o->a);
  const ColumnsColumn *texts = node_at (q, node)->type == TYPE_TEXT ? node_at (q, node)->column : NULL;
  g_autoptr (GString) text = g_string_new ("CASE \1a0");
  bool fits = true;
  size_t n_said = 0;
  for (size_t i = 0; i < n; i++)
    if (result_at (o, i)) {
      g_string_append (text, " WHEN ");
      if (texts)
        fits &= append_literal (q, text, texts->texts[i]);
      else
        g_string_append_printf (text, "%" G_GINT64_FORMAT, code_at (of, i));
      g_string_append_printf (text, " THEN %" G_GINT64_FORMAT, result_at (o, i));
      n_said++;
    }
  if (!n_said)
    return node_number (q, 0, o->width);
  g_string_append (text, " ELSE 0 END");
  return fits && n_said <= TEXTS_MAX
             ? wide (q, text->str, node)
             : node_outside (q, TYPE_NUMBER, "more texts to compute with than a query should list");
}

static int
mask_by_code (SqlQueries *q, const ColumnsOperation *o, int node, size_t n)
{
  const ColumnsOperation *of = operation_at (q, o->a);
  g_autoptr (GString) text = g_string_new ("\1a5 IN (");
  size_t n_held = 0;
  for (size_t i = 0; i < n; i++)
    if (result_at (o, i))
      g_string_append_printf (text, "%s%" G_GINT64_FORMAT, n_held++ ? ", " : "", code_at (of, i));
  g_string_append_c (text, ')');
  return n_held ? NODE (q, TYPE_MASK, BINDS_COMPARE, text->str, node) : node_truth (q, false);
}

static int
look_up (SqlQueries *q, const ColumnsOperation *o)
{
  enum { CODES = 256 };
  const ColumnsOperation *of = operation_at (q, o->a);
  bool same = of->kind == OP_FILL;
  int node = same ? -1 : q->of_plane[o->a];
  NodeType type = same ? TYPE_NUMBER : node_at (q, node)->type;
  size_t n = type == TYPE_TEXT ? node_at (q, node)->column->n_texts : type == TYPE_MASK ? 2 : CODES;
  if (type == TYPE_NUMBER && of->width > 1)
    return node_outside (q, TYPE_NUMBER, "results by codes that are no texts");
  bool masks = are_masks (o, n);
  if (same || type == TYPE_MASK) {
    gint64 no = result_at (o, same ? (guint8)of->x : 0), yes = same ? no : result_at (o, 1);
    if (!masks)
      return node_choose (q, same ? node_truth (q, true) : node, node_number (q, yes, o->width),
                          node_number (q, no, o->width));
    return !yes == !no ? node_truth (q, yes) : yes ? node : node_not (q, node);
  }
  if (!masks)
    return numbers_by_code (q, o, node, n);
  return type == TYPE_NUMBER ? mask_by_code (q, o, node, n) : one_of_texts (q, node, o->data);
}

/* ---- facts ---------------------------------------------------------------------------- */

static NodeType
type_of (const ColumnsOperation *o)
{
  if (o->part != PART_VALUES || o->column->kind == COLUMNS_BOOLEAN)
    return TYPE_MASK;
  return o->column->kind == COLUMNS_TEXT ? TYPE_TEXT : TYPE_NUMBER;
}

static int
fact (SqlQueries *q, const ColumnsOperation *o)
{
  enum { FIRST_DAY = -719528, LAST_DAY = 2932896 }; /* 0000-01-01, 9999-12-31 */
  Node node = { .kind = o->kind == OP_COLUMN ? NODE_COLUMN : NODE_GATHER,
                .type = type_of (o),
                .space = o->space,
                .part = o->part,
                .column = o->column,
                .table = o->kind == OP_COLUMN ? q->spaces[0].subject : o->table };
  if (o->column->kind == COLUMNS_DATE && (o->column->min < FIRST_DAY || o->column->max > LAST_DAY))
    node.why = "dates that no calendar of a database has";
  int key = o->kind == OP_GATHER ? number_node (q, o->a) : -1;
  node.operands = key < 0 ? NULL : arena_copy (q->arena, &key, sizeof key);
  node.n_operands = key >= 0;
  return node_source (q, node);
}

/* The table whose rows PLANE is; -1: the subject's. */
static const ColumnsTable *
table_of_rows (const SqlQueries *q, int plane)
{
  const ColumnsOperation *o = operation_at (q, plane);
  if (!o)
    return q->spaces[0].subject;
  switch (o->kind) {
  case OP_MEMBERS: return o->table;
  case OP_SPREAD:
  case OP_OTHER: return table_of_rows (q, o->a);
  case OP_FIRST_OF: return table_of_rows (q, o->b);
  default: return o->column->target;
  }
}

static int
member (SqlQueries *q, const ColumnsOperation *o)
{
  SqlSpace *space = &q->spaces[o->space];
  space->list = o->column;
  space->of = table_of_rows (q, o->a);
  space->key = o->a > ALL_OF ? number_node (q, o->a) : -1;
  space->absent = o->a > ALL_OF ? mask_node (q, o->b) : node_truth (q, false);
  const char *why = space->key >= 0 && node_at (q, space->key)->why ? node_at (q, space->key)->why
                                                                    : node_at (q, space->absent)->why;
  return node_source (q, (Node){ .kind = NODE_MEMBER, .type = TYPE_NUMBER, .space = o->space, .why = why });
}

/* A of the row around, or of the other of a pair. */
static int
elsewhere (SqlQueries *q, const ColumnsOperation *o)
{
  int around = q->of_plane[o->a];
  Node node = { .kind = o->kind == OP_SPREAD ? NODE_SPREAD : NODE_OTHER,
                .type = node_at (q, around)->type,
                .space = o->space,
                .column = node_at (q, around)->column,
                .n_operands = 1,
                .operands = arena_copy (q->arena, &around, sizeof around) };
  return node_at (q, around)->space < 0 ? around : node_source (q, node);
}

static int
pairs (SqlQueries *q, const ColumnsOperation *o)
{
  q->spaces[o->space].other = (int)o->x;
  q->spaces[o->space].key = -1;
  q->spaces[o->space].absent = node_truth (q, false);
  return node_outside (q, TYPE_NUMBER, "the number of a member taken for itself");
}

/* How many of the members of the same row there are up to here. */
static int
place (SqlQueries *q, const ColumnsOperation *o)
{
  if (q->dialect == SQL_CLICKHOUSE)
    return node_outside (q, TYPE_NUMBER,
                         "a count of the members before, for which there are no window functions");
  g_autoptr (GString) text = g_string_new ("count(*) FILTER (WHERE \1a0) OVER (PARTITION BY ");
  write_identity (q, text, q->spaces[o->space].parent, "r.");
  g_string_append_printf (text, " ORDER BY r.\"place %d\")", o->space);
  int mask = mask_node (q, o->a);
  int node = NODE (q, TYPE_NUMBER, BINDS_ATOM, text->str, mask);
  node_at (q, node)->is_late = true;
  node_at (q, node)->space = o->space;
  return node;
}

/* ---- members ----------------------------------------------------------------------------- */

static const char *
fold_text (const SqlQueries *q, ColumnsOperationKind kind)
{
  bool click = q->dialect == SQL_CLICKHOUSE, typed = q->dialect == SQL_POSTGRESQL;
  switch (kind) {
  case OP_ANY: return typed ? "bool_or(\1a0)" : "max(\1a0)";
  case OP_COUNT: return click ? "toInt64(countIf(\1a0))" : "count(*) FILTER (WHERE \1a0)";
  case OP_SUM:
    return click   ? "sumIf(\1b0, \1a0)"
           : typed ? "CAST(sum(\1b0) FILTER (WHERE \1a0) AS bigint)"
                   : "sum(\1b0) FILTER (WHERE \1a0)";
  case OP_LEAST_OF: return click ? "minIf(\1b0, \1a0)" : "min(\1b0) FILTER (WHERE \1a0)";
  case OP_MOST_OF: return click ? "maxIf(\1b0, \1a0)" : "max(\1b0) FILTER (WHERE \1a0)";
  default:
    return click ? "argMinIf(\1b0, \"%s\", \1a0)"
                 : "min(\"%s\" * 4294967296 + \1b0) FILTER (WHERE \1a0) %% 4294967296";
  }
}

static int
fold (SqlQueries *q, const ColumnsOperation *o)
{
  int operands[2] = { mask_node (q, o->a), -1 }, n = 1, inner = operation_at (q, o->a)->space;
  if (o->kind != OP_ANY && o->kind != OP_COUNT)
    operands[n++] = number_node (q, o->b);
  g_autofree char *place = g_strdup_printf ("place %d", inner);
  const char *text = fold_text (q, o->kind);
  if (o->kind == OP_FIRST_OF)
    text = arena_printf (q->arena, text, place);
  return node_source (q, (Node){ .kind = NODE_AGGREGATE,
                                 .type = o->kind == OP_ANY ? TYPE_MASK : TYPE_NUMBER,
                                 .space = o->space,
                                 .text = text,
                                 .part = inner,
                                 .n_operands = n,
                                 .operands = arena_copy (q->arena, operands, sizeof operands) });
}

/* ---- the rest ------------------------------------------------------------------------------ */

static int
choice (SqlQueries *q, const ColumnsOperation *o)
{
  bool bytes = o->kind == OP_PICK;
  int mask = mask_node (q, o->a), yes = bytes ? node_number (q, (gint8)o->x, 1) : number_node (q, o->b),
      no = number_node (q, bytes ? o->b : o->c);
  return node_choose (q, mask, yes, no);
}

static int
bits (SqlQueries *q, const ColumnsOperation *o)
{
  const ColumnsOperation *of = operation_at (q, o->a);
  int one = node_weight (q, mask_node (q, o->b), (gint64)1 << o->x);
  return of->kind == OP_FILL && !of->x ? one : node_add (q, number_node (q, o->a), one);
}

static int
compare (SqlQueries *q, const ColumnsOperation *o)
{
  const char *text = o->kind == OP_EQUAL  ? "\1a5 = \1b5"
                     : o->kind == OP_LESS ? "\1a5 < \1b5"
                                          : "\1a5 <= \1b5";
  return NODE (q, TYPE_MASK, BINDS_COMPARE, text, number_node (q, o->a), number_node (q, o->b));
}

static int
arithmetic (SqlQueries *q, const ColumnsOperation *o)
{
  int a = number_node (q, o->a), b = number_node (q, o->b);
  bool lite = q->dialect == SQL_SQLITE;
  switch (o->kind) {
  case OP_ADD: return node_add (q, a, b);
  case OP_SUBTRACT: return NODE (q, TYPE_NUMBER, BINDS_ADD, "\1a5 - \1b6", a, b);
  case OP_MULTIPLY: return NODE (q, TYPE_NUMBER, BINDS_MULTIPLY, "\1a6 * \1b7", a, b);
  case OP_LEAST:
    return NODE (q, TYPE_NUMBER, BINDS_ATOM, lite ? "min(\1a0, \1b0)" : "least(\1a0, \1b0)", a, b);
  default: return NODE (q, TYPE_NUMBER, BINDS_ATOM, lite ? "max(\1a0, \1b0)" : "greatest(\1a0, \1b0)", a, b);
  }
}

static int
dates (SqlQueries *q, const ColumnsOperation *o)
{
  int a = number_node (q, o->a);
  switch (o->kind) {
  case OP_YEAR: return calendar_year (q, a);
  case OP_MONTH: return calendar_month (q, a);
  case OP_DAY: return calendar_day (q, a);
  case OP_ADD_MONTHS: return calendar_add_months (q, a, number_node (q, o->b));
  default: return calendar_months_between (q, a, number_node (q, o->b));
  }
}

static int
widen (SqlQueries *q, const ColumnsOperation *o)
{
  int node = number_node (q, o->a);
  return q->dialect == SQL_SQLITE ? node : wide (q, "\1a0", node);
}

static int
translate_one (SqlQueries *q, const ColumnsOperation *o)
{
  switch (o->kind) {
  case OP_FILL: return -1;
  case OP_COLUMN:
  case OP_GATHER: return fact (q, o);
  case OP_AND: return node_and (q, mask_node (q, o->a), mask_node (q, o->b));
  case OP_OR: return node_or (q, mask_node (q, o->a), mask_node (q, o->b));
  case OP_AND_NOT: return node_and (q, mask_node (q, o->a), node_not (q, mask_node (q, o->b)));
  case OP_NOT: return node_not (q, mask_node (q, o->a));
  case OP_XOR:
    return NODE (q, TYPE_MASK, BINDS_COMPARE, "\1a5 <> \1b5", mask_node (q, o->a), mask_node (q, o->b));
  case OP_RANGE: return range (q, o);
  case OP_EQUAL:
  case OP_LESS:
  case OP_LESS_EQUAL: return compare (q, o);
  case OP_WIDEN: return widen (q, o);
  case OP_ADD:
  case OP_SUBTRACT:
  case OP_MULTIPLY:
  case OP_LEAST:
  case OP_MOST: return arithmetic (q, o);
  case OP_PICK:
  case OP_BLEND: return choice (q, o);
  case OP_BITS: return bits (q, o);
  case OP_LOOK_UP: return look_up (q, o);
  case OP_DIVIDE: return rounded_quotient (q, number_node (q, o->a), number_node (q, o->b), (int)o->x);
  case OP_YEAR:
  case OP_MONTH:
  case OP_DAY:
  case OP_ADD_MONTHS:
  case OP_MONTHS_BETWEEN: return dates (q, o);
  case OP_MEMBERS: return member (q, o);
  case OP_SPREAD:
  case OP_OTHER: return elsewhere (q, o);
  case OP_PAIRS: return pairs (q, o);
  case OP_PLACE: return place (q, o);
  case OP_ANY:
  case OP_COUNT:
  case OP_SUM:
  case OP_LEAST_OF:
  case OP_MOST_OF:
  case OP_FIRST_OF: return fold (q, o);
  case OP_SHARPEN: return settle (q, o);
  case OP_BIT:
  case OP_MATTERS: break; /* of programs that are asked what is missing */
  }
  return node_outside (q, TYPE_NUMBER, "an operation that no database has been told");
}

void
translate (SqlQueries *q)
{
  size_t n = columns_program_planes (q->program), n_spaces = columns_program_spaces (q->program);
  q->of_plane = arena_new0 (q->arena, int, n);
  q->spaces = arena_new0 (q->arena, SqlSpace, n_spaces);
  for (size_t s = 0; s < n_spaces; s++) {
    int members;
    q->spaces[s].parent = columns_program_space (q->program, (int)s, &members);
    q->spaces[s].subject = columns_program_table (q->program);
  }
  for (size_t i = ALL_OF + 1; i < n; i++) {
    const ColumnsOperation *o = columns_program_operation (q->program, (int)i, &q->decision);
    q->of_plane[i] = o ? translate_one (q, o) : -1;
  }
}
