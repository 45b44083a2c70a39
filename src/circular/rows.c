#include "reading.h"

const char *const task_headings[TASK_COLUMNS]
    = { "部分", "条款", "条款标题", "任务", "力度", "牵头单位", "配合单位", "数字" };

const char *
task_cell (Arena *arena, const TaskRow *row, int column)
{
  enum { SUPPORTING = 6 };
  if (column == SUPPORTING && *row->inherited)
    return arena_printf (arena, "%s%s%s", row->supporting, *row->supporting ? "、" : "", row->inherited);
  const char *const cells[TASK_COLUMNS] = { row->section,  row->clause, row->title,      row->action,
                                            row->strength, row->lead,   row->supporting, row->figures };
  return cells[column];
}

const char *
task_figure (Arena *arena, const CircularFigure *figure)
{
  static const struct {
    const char *relation, *sign;
  } signs[] = { { "=", "" }, { "up to", "至多可" } };
  const char *sign = figure->relation;
  for (size_t k = 0; k < G_N_ELEMENTS (signs); k++)
    if (strcmp (figure->relation, signs[k].relation) == 0)
      sign = signs[k].sign;
  char value[DECIMAL_TEXT_MAX];
  if (!figure->has_value)
    return figure->text;
  decimal_format_short (figure->value, value);
  return arena_printf (arena, "%s%s%s%s", sign, *sign ? " " : "", value, figure->unit);
}

static const char *
strength_label (CircularStrength strength)
{
  static const char *const labels[] = { "应当", "可以", "试点", "鼓励", "配合" };
  return labels[strength];
}

/* "应当（试点、鼓励）": what governs, then what parts of the sentence add. */
static const char *
strength_cell (Arena *arena, const CircularAction *action)
{
  g_autoptr (GString) more = g_string_new (NULL);
  bool seen[5] = { false };
  seen[action->strength] = true;
  for (size_t i = 0; i < action->n_parts; i++)
    if (!seen[action->parts[i].strength]) {
      seen[action->parts[i].strength] = true;
      g_string_append_printf (more, "%s%s", more->len ? "、" : "",
                              strength_label (action->parts[i].strength));
    }
  const char *label = strength_label (action->strength);
  return more->len ? arena_printf (arena, "%s（%s）", label, more->str) : label;
}

static void
append_name (GString *out, const char *name, const char *mark)
{
  g_string_append_printf (out, "%s%s%s", out->len ? "、" : "", name, mark);
}

static bool
has_unit (const CircularClause *clause, const char *name)
{
  for (size_t i = 0; i < clause->n_units; i++)
    if (strcmp (clause->units[i].name, name) == 0)
      return true;
  return false;
}

static void
set_unit_cells (Arena *arena, const CircularClause *clause, unsigned part, TaskRow *row)
{
  g_autoptr (GString) lead = g_string_new (NULL), supporting = g_string_new (NULL),
                      inherited = g_string_new (NULL);
  for (size_t i = 0; i < clause->n_units; i++)
    if (clause->units[i].part == part)
      append_name (clause->units[i].lead ? lead : supporting, clause->units[i].name, "");
  for (size_t i = 0; i < clause->n_inherited_units; i++)
    if (!has_unit (clause, clause->inherited_units[i]))
      append_name (inherited, clause->inherited_units[i], "（沿用）");
  row->lead = arena_text (arena, text_of (lead->str));
  row->supporting = arena_text (arena, text_of (supporting->str));
  row->inherited = arena_text (arena, text_of (inherited->str));
}

static void
add_rows (Arena *arena, GArray *rows, const char *section, const CircularClause *clause)
{
  unsigned last = 0;
  TaskRow row = { .section = section, .clause = clause->label, .title = clause->title ? clause->title : "" };
  for (size_t i = 0; i < clause->n_actions; i++) {
    const CircularAction *action = &clause->actions[i];
    if (action->part != last)
      set_unit_cells (arena, clause, action->part, &row);
    last = action->part;
    g_autoptr (GString) figures = g_string_new (NULL);
    for (size_t k = 0; k < action->n_figures; k++)
      g_string_append_printf (figures, "%s%s", k ? "；" : "", task_figure (arena, &action->figures[k]));
    row.action = action->text;
    row.strength = strength_cell (arena, action);
    row.figures = arena_text (arena, text_of (figures->str));
    g_array_append_val (rows, row);
  }
}

GArray *
task_rows (Arena *arena, const Circular *circular)
{
  GArray *rows = g_array_new (FALSE, FALSE, sizeof (TaskRow));
  for (size_t i = 0; i < circular->n_sections; i++) {
    const CircularSection *section = &circular->sections[i];
    const char *name
        = *section->label ? arena_printf (arena, "%s、%s", section->label, section->title) : section->title;
    if (section->body)
      add_rows (arena, rows, name, section->body);
    for (size_t k = 0; k < section->n_clauses; k++)
      add_rows (arena, rows, name, &section->clauses[k]);
  }
  if (circular->closing)
    add_rows (arena, rows, "结尾", circular->closing);
  return rows;
}
