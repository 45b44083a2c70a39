/* Whom a change reaches: from the changed facts back along the paths, row by row.  A path's
 * steps make a tree of columns; a row is reached when one of its columns has another value
 * there, or leads to a row that is reached. */
#include "county/county_private.h"

/* What is read of the rows of a table; by column, NULL where it is not. */
typedef struct Step {
  const Table *table;
  struct Step **columns;
} Step;

typedef struct {
  const County *county;
  const CountyChanges *changes;
  Arena *arena;
} Reach;

/* ---- the tree -------------------------------------------------------------------------- */

static Step *
step_new (const Reach *reach, const Table *table)
{
  Step *step = arena_new0 (reach->arena, Step, 1);
  step->table = table;
  step->columns = table ? arena_new0 (reach->arena, Step *, table->table.n_columns) : NULL;
  return step;
}

/* Members beyond a plain value are FEEL's. */
static void
step_add (const Reach *reach, Step *step, const FeelPath *path)
{
  for (size_t m = 0; m < path->n && step->table; m++) {
    const Table *table = step->table;
    size_t i = 0;
    while (i < table->table.n_columns && !text_equal (table->columns[i].name, path->members[m]))
      i++;
    if (i == table->table.n_columns)
      return;
    const RegistryEntity *target = table->held[i].attribute->target;
    if (!step->columns[i])
      step->columns[i] = step_new (reach, target ? table_of (reach->county, target) : NULL);
    step = step->columns[i];
  }
}

/* ---- backwards -------------------------------------------------------------------------- */

static guint8 *
rows_of (const Reach *reach, const Table *table, guint8 **rows)
{
  if (!*rows)
    *rows = arena_new0 (reach->arena, guint8, table->table.n_rows);
  return *rows;
}

static void
mark_changed (const Reach *reach, const Table *table, size_t i, guint8 **rows)
{
  const struct CountyTableChanges *changes = &reach->changes->tables[table->entity->index];
  if (changes->all[i] && table->table.n_rows)
    memset (rows_of (reach, table, rows), 1, table->table.n_rows);
  if (table->columns[i].kind == COLUMNS_LIST && table->columns[i].unknown)
    return; /* whoever comes into a list that nobody knows changes nothing */
  for (guint k = 0; k < changes->rows[i]->len; k++)
    rows_of (reach, table, rows)[g_array_index (changes->rows[i], size_t, k)] = 1;
}

static void
mark_referring (const Table *table, size_t i, const guint8 *targets, guint8 *rows)
{
  const ColumnsColumn *column = &table->columns[i];
  const gint32 *leads_to = column->values;
  for (size_t r = 0; r < table->table.n_rows; r++)
    rows[r] |= targets[leads_to[r]] && column_leads (column, r);
}

/* Those whose list has one of MEMBERS: the reference that makes the list says who. */
static void
mark_owners (const Reach *reach, const Table *table, size_t i, const guint8 *members, guint8 *rows)
{
  const ColumnsColumn *reference = county_column (reach->county, table->held[i].attribute->via);
  size_t n = county_table (reach->county, table->held[i].attribute->target)->n_rows;
  if (table->columns[i].unknown)
    return; /* nobody's list is read */
  for (size_t m = 0; m < n; m++)
    if (members[m] && column_leads (reference, m))
      rows[((const gint32 *)reference->values)[m]] = 1;
}

/* The rows of STEP's table that are reached; NULL: none. */
static guint8 *
mark (const Reach *reach, const Step *step)
{
  const Table *table = step->table;
  guint8 *rows = NULL;
  for (size_t i = 0; table && i < table->table.n_columns; i++) {
    if (!step->columns[i])
      continue;
    mark_changed (reach, table, i, &rows);
    const guint8 *further = mark (reach, step->columns[i]);
    if (further && table->columns[i].kind == COLUMNS_LIST)
      mark_owners (reach, table, i, further, rows_of (reach, table, &rows));
    else if (further)
      mark_referring (table, i, further, rows_of (reach, table, &rows));
  }
  return rows;
}

/* ---- asking -------------------------------------------------------------------------------- */

const guint8 *
county_reached_rows (const County *county, const CountyChanges *changes, const RegistryEntity *entity,
                     const FeelPath *paths, size_t n_paths, Arena *arena)
{
  const Table *table = table_of (county, entity);
  Reach reach = { county, changes, arena };
  Step *root = step_new (&reach, table);
  for (size_t i = 0; i < n_paths; i++)
    step_add (&reach, root, &paths[i]);
  guint8 *rows = mark (&reach, root);
  const struct CountyTableChanges *own = &changes->tables[entity->index];
  for (size_t r = own->moved; table && own->displaced && r < table->table.n_rows; r++)
    rows_of (&reach, table, &rows)[r] |= own->displaced[r - own->moved];
  return rows ? rows : arena_new0 (arena, guint8, table ? table->table.n_rows : 1);
}

const guint8 *
county_reached (const County *county, const CountyChanges *changes, const RegistryEntity *entity,
                const FeelPath *paths, size_t n_paths, Arena *arena, size_t *n_chunks)
{
  const Table *table = table_of (county, entity);
  size_t n = table ? table->table.n_rows : 0;
  const guint8 *rows = county_reached_rows (county, changes, entity, paths, n_paths, arena);
  *n_chunks = (n + COLUMNS_CHUNK - 1) / COLUMNS_CHUNK;
  guint8 *chunks = arena_new0 (arena, guint8, *n_chunks + 1);
  for (size_t r = 0; r < n; r++)
    chunks[r / COLUMNS_CHUNK] |= rows[r];
  return chunks;
}
