/* Rows one after the other through dmn/, for what no program answers. */
#include "columns_private.h"

struct ColumnsRows {
  ColumnsWorld world;
  Arena *kept; /* the run's */
  DmnRun *run;
  FeelValue row; /* the one at hand */
};

static FeelValue
bind (void *host, const DmnUnit *unit, const DmnVariable *variable, Arena *arena)
{
  const ColumnsRows *rows = host;
  for (size_t i = 0; i < rows->world.n_constants; i++)
    if (text_equal (rows->world.constants[i].name, text_of (variable->name)))
      return rows->world.constants[i].value;
  return g_str_equal (variable->name, rows->world.subject) ? rows->row : feel_null ();
}

ColumnsRows *
columns_rows_new (const ColumnsWorld *world, const DmnModel *model, DmnRunFlags flags)
{
  ColumnsRows *rows = g_new0 (ColumnsRows, 1);
  rows->world = *world;
  rows->kept = arena_new ();
  rows->run = dmn_run_new (model, rows->kept, bind, rows, flags);
  return rows;
}

void
columns_rows_free (ColumnsRows *rows)
{
  arena_free (rows->kept);
  g_free (rows);
}

DmnRun *
columns_rows_turn (ColumnsRows *rows, size_t row, const FeelPath *paths, size_t n_paths, Arena *arena)
{
  rows->row = columns_row_value (rows->world.table, row, rows->world.subject, paths, n_paths, arena);
  dmn_run_reset (rows->run, arena, NULL);
  return rows->run;
}
