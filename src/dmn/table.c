/* Tables: lines of a Markdown table into rules and examples.
 *
 * cmark-gfm has already said which lines are a table.  Cells are taken from the
 * raw source, because Markdown's inline reading would eat the stars of a*b*c;
 * only `\|` is an escape. */
#include "dmn_private.h"

/* ---- cells ------------------------------------------------------------- */

static bool
is_pipe (Text line, size_t i)
{
  return line.bytes[i] == '|' && (i == 0 || line.bytes[i - 1] != '\\');
}

size_t
table_count_cells (Text line)
{
  line = text_trim (line);
  if (line.len == 0)
    return 0;
  size_t pipes = 0;
  for (size_t i = 0; i < line.len; i++)
    pipes += is_pipe (line, i);
  size_t edges = (size_t)is_pipe (line, 0) + (line.len > 1 && is_pipe (line, line.len - 1));
  return pipes + 1 - edges;
}

bool
table_is_delimiter (Text line)
{
  bool dash = false;
  for (size_t i = 0; i < line.len; i++) {
    if (!strchr ("|-: \t", line.bytes[i]))
      return false;
    dash |= line.bytes[i] == '-';
  }
  return dash;
}

static Text
unescape (Arena *arena, Text cell)
{
  if (text_find (cell, "\\|", 0) < 0)
    return cell;
  char *copy = arena_alloc (arena, cell.len + 1);
  size_t n = 0;
  for (size_t i = 0; i < cell.len; i++)
    if (cell.bytes[i] != '\\' || i + 1 >= cell.len || cell.bytes[i + 1] != '|')
      copy[n++] = cell.bytes[i];
  return (Text){ copy, n };
}

DmnCell *
table_split (const ClauseLines *lines, unsigned i, size_t *n)
{
  Text line = lines->lines[i], body = text_trim (line);
  *n = table_count_cells (line);
  DmnCell *cells = arena_new0 (lines->model->arena, DmnCell, *n);
  size_t at = (size_t)(body.bytes - line.bytes), end = at + body.len;
  if (body.len && is_pipe (line, at))
    at++;
  for (size_t c = 0; c < *n; c++) {
    size_t stop = at;
    while (stop < end && !is_pipe (line, stop))
      stop++;
    Text raw = text_trim ((Text){ line.bytes + at, stop - at });
    size_t before = raw.len ? (size_t)(raw.bytes - line.bytes) : at;
    cells[c] = (DmnCell){ .text = unescape (lines->model->arena, raw),
                          .line = lines->first_line + i,
                          .column = (unsigned)text_length ((Text){ line.bytes, before }) + 1 };
    at = stop + 1;
  }
  return cells;
}

static void
fault_at (const ClauseLines *lines, const DmnCell *cell, const char *code, const char *message)
{
  dmn_faults_add (lines->faults, DMN_ERROR, code, lines->origin, cell->line, cell->column, "%s", message);
}

/* The cells of a body row, NULL (and a fault) when it is ragged. */
static DmnCell *
split_row (const ClauseLines *lines, unsigned i, size_t width)
{
  size_t n;
  DmnCell *cells = table_split (lines, i, &n);
  if (n == width)
    return cells;
  dmn_faults_add (lines->faults, DMN_ERROR, "ragged-row", lines->origin, lines->first_line + i, 1,
                  "this row has %zu cells, the table's head has %zu; write %s", n, width,
                  n < width ? "the missing cells (\"-\" for any)"
                            : "\"\\|\" where a bar belongs to the cell");
  return NULL;
}

/* ---- the head ---------------------------------------------------------- */

static const struct {
  const char *symbol;
  DmnHitPolicy policy;
} hit_policies[] = {
  { "U", DMN_UNIQUE },     { "A", DMN_ANY },          { "P", DMN_PRIORITY }, { "F", DMN_FIRST },
  { "R", DMN_RULE_ORDER }, { "O", DMN_OUTPUT_ORDER }, { "C", DMN_COLLECT },  { "C+", DMN_SUM },
  { "C<", DMN_MIN },       { "C>", DMN_MAX },         { "C#", DMN_COUNT },
};

bool
table_hit_policy (Text corner, DmnHitPolicy *policy)
{
  for (size_t i = 0; i < G_N_ELEMENTS (hit_policies); i++)
    if (text_equal (corner, text_of (hit_policies[i].symbol))) {
      *policy = hit_policies[i].policy;
      return true;
    }
  return false;
}

const char *
dmn_hit_policy_symbol (DmnHitPolicy policy)
{
  for (size_t i = 0; i < G_N_ELEMENTS (hit_policies); i++)
    if (hit_policies[i].policy == policy)
      return hit_policies[i].symbol;
  g_assert_not_reached ();
}

typedef enum { COLUMN_INPUT, COLUMN_OUTPUT, COLUMN_ANNOTATION } ColumnKind;

/* What a head cell is, and its text without the mark. */
static ColumnKind
column_kind (Text head, Text *label)
{
  static const struct {
    const char *mark;
    ColumnKind kind;
  } marks[] = { { "→", COLUMN_OUTPUT }, { "#", COLUMN_ANNOTATION } };
  for (size_t i = 0; i < G_N_ELEMENTS (marks); i++)
    if (text_starts_with (head, marks[i].mark)) {
      size_t skip = strlen (marks[i].mark);
      *label = text_trim ((Text){ head.bytes + skip, head.len - skip });
      return marks[i].kind;
    }
  *label = head;
  return COLUMN_INPUT;
}

/* Sorts the head's columns (without the corner) by kind; KINDS and PLACE say,
 * per column, where its cells go. */
typedef struct {
  size_t width;
  ColumnKind *kinds;
  size_t *place;
  size_t count[3];
  DmnColumn *columns[3];
} Head;

static Head
read_head (const ClauseLines *lines, const DmnCell *cells, size_t width)
{
  Arena *arena = lines->model->arena;
  Head head = { .width = width,
                .kinds = arena_new0 (arena, ColumnKind, width),
                .place = arena_new0 (arena, size_t, width) };
  for (int k = 0; k < 3; k++)
    head.columns[k] = arena_new0 (arena, DmnColumn, width);
  for (size_t i = 1; i < width; i++) {
    Text label;
    ColumnKind kind = column_kind (cells[i].text, &label);
    head.kinds[i] = kind;
    head.place[i] = head.count[kind]++;
    unsigned column = cells[i].column + (unsigned)text_length (cells[i].text) - (unsigned)text_length (label);
    head.columns[kind][head.place[i]]
        = (DmnColumn){ .label = label, .line = cells[i].line, .column = column };
    if (label.len == 0)
      fault_at (lines, &cells[i], "empty-head",
                "this column has no name; write an input expression, \"→ name\" or \"# name\"");
  }
  return head;
}

/* The second of two columns of one name would hide the first. */
static void
refuse_twins (const ClauseLines *lines, const Head *head, ColumnKind kind)
{
  const DmnColumn *columns = head->columns[kind];
  for (size_t i = 1; i < head->count[kind]; i++)
    for (size_t k = 0; k < i; k++)
      if (columns[i].label.len && text_equal (columns[i].label, columns[k].label))
        dmn_faults_add (lines->faults, DMN_ERROR, "duplicate-column", lines->origin, columns[i].line,
                        columns[i].column, "%.*s stands twice in this head; keep one",
                        (int)columns[i].label.len, columns[i].label.bytes);
}

/* A row's cells dealt out to inputs, outputs and annotations. */
static void
deal (const Head *head, DmnCell *cells, Arena *arena, DmnCell *out[3])
{
  for (int k = 0; k < 3; k++)
    out[k] = arena_new0 (arena, DmnCell, head->count[k]);
  for (size_t i = 1; i < head->width; i++)
    out[head->kinds[i]][head->place[i]] = cells[i];
}

/* ---- decision tables --------------------------------------------------- */

static void
set_row (DmnColumn *columns, const DmnCell *cells, size_t n, size_t offset)
{
  for (size_t i = 0; i < n; i++)
    G_STRUCT_MEMBER (DmnCell, &columns[i], offset) = cells[i];
}

/* An empty test or output is a slip more often than a wish: it must be written. */
static void
refuse_empty (const ClauseLines *lines, const Head *head, const DmnCell *cells)
{
  for (size_t i = 1; i < head->width; i++)
    if (cells[i].text.len == 0 && head->kinds[i] != COLUMN_ANNOTATION)
      fault_at (lines, &cells[i], "empty-cell",
                head->kinds[i] == COLUMN_INPUT ? "this condition is empty; write \"-\" when any value will do"
                                               : "this output is empty; write a value, or null for none");
}

const DmnTable *
table_read_rules (const ClauseLines *lines, unsigned from, unsigned to)
{
  Arena *arena = lines->model->arena;
  size_t width;
  DmnCell *cells = table_split (lines, from, &width);
  DmnTable *table = arena_new0 (arena, DmnTable, 1);
  if (!table_hit_policy (cells[0].text, &table->policy)) {
    fault_at (lines, &cells[0], "hit-policy",
              "the corner must name a hit policy (U A P F R O C C+ C< C> C#), or 样例 for examples");
    return NULL;
  }
  Head head = read_head (lines, cells, width);
  if (head.count[COLUMN_OUTPUT] == 0) {
    fault_at (lines, &cells[0], "no-output", "this table has no output; begin a column's head with \"→\"");
    return NULL;
  }
  refuse_twins (lines, &head, COLUMN_OUTPUT);
  DmnRule *rules = arena_new0 (arena, DmnRule, to - from);
  for (unsigned i = from + 2; i <= to; i++) {
    DmnCell *row = split_row (lines, i, width);
    if (!row)
      continue;
    DmnCell *dealt[3];
    deal (&head, row, arena, dealt);
    if (text_equal (row[0].text, text_of ("允许"))) {
      set_row (head.columns[COLUMN_INPUT], dealt[0], head.count[0], offsetof (DmnColumn, allowed));
      set_row (head.columns[COLUMN_OUTPUT], dealt[1], head.count[1], offsetof (DmnColumn, allowed));
    } else if (text_equal (row[0].text, text_of ("默认"))) {
      set_row (head.columns[COLUMN_OUTPUT], dealt[1], head.count[1], offsetof (DmnColumn, standard));
    } else {
      refuse_empty (lines, &head, row);
      rules[table->n_rules++] = (DmnRule){ .line = row[0].line,
                                           .label = row[0].text,
                                           .tests = dealt[0],
                                           .outputs = dealt[1],
                                           .annotations = dealt[2] };
    }
  }
  table->n_inputs = head.count[COLUMN_INPUT];
  table->n_outputs = head.count[COLUMN_OUTPUT];
  table->n_annotations = head.count[COLUMN_ANNOTATION];
  table->inputs = head.columns[COLUMN_INPUT];
  table->outputs = head.columns[COLUMN_OUTPUT];
  table->annotations = head.columns[COLUMN_ANNOTATION];
  table->rules = rules;
  return table;
}

/* ---- examples ---------------------------------------------------------- */

void
table_read_examples (const ClauseLines *lines, unsigned from, unsigned to, Decision *decision)
{
  Arena *arena = lines->model->arena;
  size_t width;
  DmnCell *cells = table_split (lines, from, &width);
  Head head = read_head (lines, cells, width);
  if (head.count[COLUMN_OUTPUT] == 0) {
    fault_at (lines, &cells[0], "no-output",
              "these examples expect nothing; begin a column's head with \"→\" and a decision's name");
    return;
  }
  refuse_twins (lines, &head, COLUMN_INPUT);
  refuse_twins (lines, &head, COLUMN_OUTPUT);
  DmnCell *heads[2];
  for (int k = 0; k < 2; k++) {
    heads[k] = arena_new0 (arena, DmnCell, head.count[k]);
    for (size_t i = 0; i < head.count[k]; i++) {
      const DmnColumn *column = &head.columns[k][i];
      heads[k][i] = (DmnCell){ .text = column->label, .line = column->line, .column = column->column };
    }
  }
  DmnExample *examples = arena_new0 (arena, DmnExample, decision->public.n_examples + to - from);
  if (decision->public.n_examples)
    memcpy (examples, decision->public.examples, decision->public.n_examples * sizeof *examples);
  for (unsigned i = from + 2; i <= to; i++) {
    DmnCell *row = split_row (lines, i, width);
    if (!row)
      continue;
    DmnCell *dealt[3];
    deal (&head, row, arena, dealt);
    examples[decision->public.n_examples++] = (DmnExample){ .name = row[0].text,
                                                            .line = row[0].line,
                                                            .n_inputs = head.count[0],
                                                            .n_expected = head.count[1],
                                                            .input_heads = heads[0],
                                                            .inputs = dealt[0],
                                                            .expected_heads = heads[1],
                                                            .expected = dealt[1] };
  }
  decision->public.examples = examples;
}
