#include "reading.h"

/* The columns shown on a terminal; the section is a line of its own. */
enum { SHOWN_CLAUSE, SHOWN_ACTION, SHOWN_STRENGTH, SHOWN_UNITS, SHOWN_FIGURES, SHOWN };

typedef struct {
  int width[SHOWN];
  GString *out;
} Grid;

/* What may not open a line (GB/T 15834-2011, 5.1). */
static bool
clings (gunichar c)
{
  static const gunichar marks[]
      = { U'，', U'。', U'、', U'；', U'：', U'）', U'”', U'》', ',', ';', ')', '%' };
  for (size_t i = 0; i < G_N_ELEMENTS (marks); i++)
    if (c == marks[i])
      return true;
  return false;
}

/* The bytes of TEXT that fit WIDTH columns, at least one character. */
static size_t
fitting (Text text, int width)
{
  size_t i = 0;
  int columns = 0;
  while (i < text.len && text.bytes[i] != '\n') {
    size_t next = char_next (text, i);
    columns += text_columns (text_slice (text, i, next));
    if (columns > width && i > 0)
      break;
    i = next;
  }
  size_t before = char_previous (text, i);
  return i < text.len && before > 0 && clings (char_at (text, i)) ? before : i;
}

static void
put_cell (GString *out, Text text, int width)
{
  g_string_append_len (out, text.bytes, (gssize)text.len);
  for (int pad = width - text_columns (text); pad > 0; pad--)
    g_string_append_c (out, ' ');
}

static void
put_row (const Grid *grid, const char *const cells[SHOWN])
{
  Text rest[SHOWN];
  for (int k = 0; k < SHOWN; k++)
    rest[k] = text_of (cells[k]);
  for (bool more = true; more;) {
    more = false;
    for (int k = 0; k < SHOWN; k++) {
      size_t n = fitting (rest[k], grid->width[k]);
      put_cell (grid->out, text_slice (rest[k], 0, n), k + 1 < SHOWN ? grid->width[k] : 0);
      rest[k] = text_slice (rest[k], n + (n < rest[k].len && rest[k].bytes[n] == '\n'), rest[k].len);
      more = more || rest[k].len > 0;
      g_string_append (grid->out, k + 1 < SHOWN ? "  " : "");
    }
    while (grid->out->len && grid->out->str[grid->out->len - 1] == ' ')
      g_string_truncate (grid->out, grid->out->len - 1);
    g_string_append_c (grid->out, '\n');
  }
}

static void
put_rule (const Grid *grid)
{
  for (int k = 0; k < SHOWN; k++) {
    for (int i = 0; i < grid->width[k]; i++)
      g_string_append_c (grid->out, '-');
    g_string_append (grid->out, k + 1 < SHOWN ? "  " : "\n");
  }
}

/* Wide screens give their room to the actions and the units. */
static Grid
grid_of (int columns, GString *out)
{
  Grid grid = { { 12, 0, 12, 0, 14 }, out };
  int free = MAX (columns, 60) - 12 - 12 - 14 - 2 * (SHOWN - 1);
  grid.width[SHOWN_UNITS] = free * 2 / 5;
  grid.width[SHOWN_ACTION] = free - grid.width[SHOWN_UNITS];
  return grid;
}

static void
put_head (const Circular *circular, GString *out)
{
  const struct {
    const char *name, *value;
  } lines[] = { { "标题", circular->title },        { "发文字号", circular->document_number },
                { "发文机关", circular->issuer },   { "成文日期", circular->date },
                { "公开属性", circular->openness }, { "印发", circular->print_line } };
  for (size_t i = 0; i < G_N_ELEMENTS (lines); i++)
    if (lines[i].value && *lines[i].value)
      g_string_append_printf (out, "%s: %s\n", lines[i].name, lines[i].value);
  g_string_append_c (out, '\n');
}

/* Lead, then the others; an office of many units that all inherit is told once,
 * in the first row that has it. */
static const char *
units_cell (Arena *arena, const TaskRow *row, const char *told)
{
  const char *inherited = !*row->inherited                     ? ""
                          : strcmp (row->inherited, told) == 0 ? "（沿用同上）"
                                                               : row->inherited;
  const char *first = *row->lead && *row->supporting ? "；" : "";
  const char *second = (*row->lead || *row->supporting) && *inherited ? "；" : "";
  return arena_printf (arena, "%s%s%s%s%s", row->lead, first, row->supporting, second, inherited);
}

void
circular_write_table (const Circular *circular, int columns, GString *out)
{
  g_autoptr (Arena) arena = arena_new ();
  g_autoptr (GArray) rows = task_rows (arena, circular);
  Grid grid = grid_of (columns, out);
  put_head (circular, out);
  put_row (&grid, (const char *const[SHOWN]){ "条款", "任务", "力度", "责任单位", "数字" });
  put_rule (&grid);
  TaskRow before = { .section = "", .clause = "", .lead = "", .supporting = "", .inherited = "" };
  for (guint i = 0; i < rows->len; i++) {
    const TaskRow *row = &g_array_index (rows, TaskRow, i);
    bool opens = i == 0 || row->clause != before.clause;
    bool same_units = !opens && row->lead == before.lead && row->supporting == before.supporting;
    if (strcmp (row->section, before.section) != 0)
      g_string_append_printf (out, "%s%s\n", i ? "\n" : "", row->section);
    const char *name = *row->clause ? arena_printf (arena, "%s %s", row->clause, row->title) : row->title;
    const char *units = same_units ? "〃" : units_cell (arena, row, before.inherited);
    put_row (&grid, (const char *const[SHOWN]){ opens ? name : "", row->action, row->strength, units,
                                                row->figures });
    before = *row;
  }
}
