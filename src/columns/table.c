/* Columns checked against their descriptions, and rows read as FEEL. */
#include "columns_private.h"

static gint64
value_at (const ColumnsColumn *column, size_t i)
{
  switch (column->width) {
  case 1: return ((const gint8 *)column->values)[i];
  case 2: return ((const gint16 *)column->values)[i];
  case 4: return ((const gint32 *)column->values)[i];
  default: return ((const gint64 *)column->values)[i];
  }
}

/* ---- checking ---------------------------------------------------------------------- */

static void
bounds_of (const ColumnsColumn *column, gint64 *min, gint64 *max)
{
  *min = 0;
  switch (column->kind) {
  case COLUMNS_BOOLEAN: *max = 1; break;
  case COLUMNS_TEXT: *max = (gint64)column->n_texts - 1; break;
  case COLUMNS_REFERENCE:
  case COLUMNS_LIST: *max = (gint64)column->target->n_rows - 1; break;
  default: *min = column->min, *max = column->max;
  }
}

static bool
is_mask (const guint8 *mask, size_t row)
{
  return !mask || mask[row] == 0 || mask[row] == 0xff;
}

static const char *
row_problem (const ColumnsColumn *column, size_t row)
{
  bool none = column->none && column->none[row], unknown = column->unknown && column->unknown[row];
  if (!is_mask (column->none, row) || !is_mask (column->unknown, row) || (none && unknown))
    return "the masks are not 0 or 0xff, or both are set";
  if ((none && !column->has_none) || (unknown && !column->has_unknown))
    return "none or unknown where the description has none";
  if (column->kind != COLUMNS_LIST)
    return NULL;
  if (column->offsets[row] > column->offsets[row + 1])
    return "the offsets go down";
  size_t n = column->offsets[row + 1] - column->offsets[row];
  return n > column->most         ? "more members than described"
         : n && (none || unknown) ? "members of no list"
                                  : NULL;
}

static bool
fail (GError **error, const ColumnsTable *table, const ColumnsColumn *column, size_t row, const char *what)
{
  g_set_error (error, FAULT, FAULT_INPUT, "%.*s.%.*s, row %zu: %s", (int)table->name.len, table->name.bytes,
               (int)column->name.len, column->name.bytes, row, what);
  return false;
}

static bool
column_check (const ColumnsTable *table, const ColumnsColumn *column, GError **error)
{
  bool wide = column->kind == COLUMNS_REFERENCE || column->kind == COLUMNS_LIST;
  bool width = column->width == 1 || column->width == 2 || column->width == 4 || column->width == 8;
  gint64 min, max;
  bounds_of (column, &min, &max);
  if (!width || (wide && column->width != 4) || (column->kind == COLUMNS_BOOLEAN && column->width != 1)
      || column->scale > 9)
    return fail (error, table, column, 0, "there is no such width or scale");
  for (size_t r = 0; r < table->n_rows; r++) {
    const char *problem = row_problem (column, r);
    if (problem)
      return fail (error, table, column, r, problem);
    if (column->kind == COLUMNS_REFERENCE && column->target->n_rows == 0 && (column->none || column->unknown)
        && ((column->none && column->none[r]) || (column->unknown && column->unknown[r])))
      continue; /* a reference into nothing that is not followed */
    size_t from = column->kind == COLUMNS_LIST ? column->offsets[r] : r;
    size_t to = column->kind == COLUMNS_LIST ? column->offsets[r + 1] : r + 1;
    for (size_t i = from; i < to; i++)
      if (value_at (column, i) < min || value_at (column, i) > max)
        return fail (error, table, column, r, "the value is out of the column's bounds");
  }
  return true;
}

bool
columns_table_check (const ColumnsTable *table, GError **error)
{
  for (size_t i = 0; i < table->n_columns; i++)
    if (!column_check (table, &table->columns[i], error))
      return false;
  return true;
}

/* ---- a view --------------------------------------------------------------------------- */

typedef struct {
  Arena *arena;
  GHashTable *views; /* ColumnsTable * to View * */
} Viewer;

typedef struct {
  ColumnsTable table;
  bool *shown; /* by column of the table behind it */
} View;

static View *
view_of (Viewer *viewer, const ColumnsTable *table)
{
  View *view = g_hash_table_lookup (viewer->views, table);
  if (view)
    return view;
  view = arena_new0 (viewer->arena, View, 1);
  view->table = (ColumnsTable){ .name = table->name, .n_rows = table->n_rows };
  view->shown = arena_new0 (viewer->arena, bool, table->n_columns);
  g_hash_table_insert (viewer->views, (gpointer)table, view);
  return view;
}

static void
show_path (Viewer *viewer, const ColumnsTable *table, const FeelPath *path)
{
  for (size_t i = 0; i < path->n && table; i++) {
    View *view = view_of (viewer, table);
    const ColumnsTable *next = NULL;
    for (size_t c = 0; c < table->n_columns; c++)
      if (text_equal (table->columns[c].name, path->members[i])) {
        view->shown[c] = true;
        next = table->columns[c].target;
      }
    if (next)
      view_of (viewer, next);
    table = next;
  }
}

/* Once all that is shown is known. */
static void
fill_view (Viewer *viewer, const ColumnsTable *table, View *view)
{
  ColumnsColumn *columns = arena_new0 (viewer->arena, ColumnsColumn, table->n_columns);
  for (size_t c = 0; c < table->n_columns; c++) {
    if (!view->shown[c])
      continue;
    ColumnsColumn *column = &columns[view->table.n_columns++];
    *column = table->columns[c];
    if (column->target)
      column->target = &view_of (viewer, column->target)->table;
  }
  view->table.columns = columns;
}

const ColumnsTable *
columns_table_view (const ColumnsTable *table, const FeelPath *paths, size_t n_paths, Arena *arena)
{
  g_autoptr (GHashTable) views = g_hash_table_new (NULL, NULL);
  Viewer viewer = { arena, views };
  const ColumnsTable *view = &view_of (&viewer, table)->table;
  for (size_t i = 0; i < n_paths; i++)
    show_path (&viewer, table, &paths[i]);
  GHashTableIter i;
  gpointer behind, shown;
  g_hash_table_iter_init (&i, views);
  while (g_hash_table_iter_next (&i, &behind, &shown))
    fill_view (&viewer, behind, shown);
  return view;
}

/* ---- a row as FEEL -------------------------------------------------------------------- */

typedef struct {
  Arena *arena;
  const FeelPath *paths;
  size_t n;
} Reader;

static FeelValue row_context (const Reader *reader, const ColumnsTable *table, size_t row, const bool *read,
                              size_t depth, const char *name);

static FeelValue
members_value (const Reader *reader, const ColumnsColumn *column, size_t row, const bool *read, size_t depth,
               const char *name)
{
  size_t from = column->offsets[row], n = column->offsets[row + 1] - from;
  FeelValue *items = arena_new0 (reader->arena, FeelValue, n);
  for (size_t i = 0; i < n; i++)
    items[i] = row_context (reader, column->target, (size_t)value_at (column, from + i), read, depth, name);
  return feel_list (reader->arena, items, n);
}

/* READ says which paths lead here, DEPTH how many of their members are behind. */
static FeelValue
column_value (const Reader *reader, const ColumnsColumn *column, size_t row, const bool *read, size_t depth,
              const char *name)
{
  if (column->unknown && column->unknown[row])
    return feel_unknown (reader->arena, (FeelNeed){ text_of (name), NULL });
  if (column->none && column->none[row])
    return feel_null ();
  if (column->kind == COLUMNS_LIST)
    return members_value (reader, column, row, read, depth, name);
  gint64 v = value_at (column, row);
  switch (column->kind) {
  case COLUMNS_BOOLEAN: return feel_boolean (v);
  case COLUMNS_NUMBER: return feel_number (decimal_from_scaled (v, (int)column->scale));
  case COLUMNS_TEXT: return feel_string (column->texts[v]);
  case COLUMNS_DATE: return feel_date (v);
  default: return row_context (reader, column->target, (size_t)v, read, depth, name);
  }
}

static FeelValue
row_context (const Reader *reader, const ColumnsTable *table, size_t row, const bool *read, size_t depth,
             const char *name)
{
  FeelEntry *entries = arena_new0 (reader->arena, FeelEntry, table->n_columns);
  size_t n = 0;
  for (size_t c = 0; c < table->n_columns; c++) {
    const ColumnsColumn *column = &table->columns[c];
    bool *here = arena_new0 (reader->arena, bool, reader->n), any = false;
    for (size_t p = 0; p < reader->n; p++)
      any |= here[p] = read[p] && depth < reader->paths[p].n
                       && text_equal (reader->paths[p].members[depth], column->name);
    if (!any)
      continue;
    const char *path
        = arena_printf (reader->arena, "%s.%.*s", name, (int)column->name.len, column->name.bytes);
    entries[n++] = (FeelEntry){ column->name, column_value (reader, column, row, here, depth + 1, path) };
  }
  return feel_context (reader->arena, entries, n);
}

FeelValue
columns_row_value (const ColumnsTable *table, size_t row, const char *variable, const FeelPath *paths,
                   size_t n_paths, Arena *arena)
{
  Reader reader = { arena, paths, n_paths };
  bool *read = arena_new0 (arena, bool, n_paths);
  for (size_t p = 0; p < n_paths; p++)
    read[p] = true;
  return row_context (&reader, table, row, read, 0, variable);
}
