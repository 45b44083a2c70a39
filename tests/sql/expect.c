#include "expect.h"

#include <stdlib.h>
#include <string.h>

typedef struct {
  const ColumnsProgram *program;
  const SqlColumn *columns;
  size_t n;
  const Rows *rows;
  GString *problem;
  size_t compared;
} Expect;

static bool
is_at (const guint8 *mask, size_t i)
{
  return mask && mask[i];
}

static char *
value_text (const Expect *e, size_t answer, const ColumnsAnswer *a, size_t i)
{
  size_t n;
  const FeelValue *values = columns_program_values (e->program, answer, &n);
  if (is_at (a->none, i) || is_at (a->unknown, i))
    return NULL;
  if (!a->numbers)
    return g_strdup (a->truths[i] ? "1" : "0");
  if (!values)
    return g_strdup_printf ("%" G_GINT64_FORMAT, a->numbers[i]);
  const FeelValue *value = &values[a->numbers[i]];
  GString *text = g_string_new (NULL);
  if (value->kind == FEEL_STRING)
    g_string_append_len (text, value->string.bytes, (gssize)value->string.len);
  else
    feel_write (text, *value);
  return g_string_free (text, FALSE);
}

static char *
bits_text (const ColumnsReasons *r, const guint8 *const *planes, size_t rule, size_t i)
{
  gint64 bits = 0;
  for (size_t b = 0; b < r->n_bytes; b++) {
    const guint8 *plane = planes[rule * r->n_bytes + b];
    bits |= plane ? (gint64)plane[i] << (8 * b) : 0;
  }
  return g_strdup_printf ("%" G_GINT64_FORMAT, bits);
}

static char *
expected_text (const Expect *e, const ColumnsChunk *chunk, const SqlColumn *column, size_t i)
{
  const ColumnsAnswer *a = &chunk->answers[column->item];
  const ColumnsReasons *r = &chunk->reasons[column->item];
  switch (column->kind) {
  case SQL_ROW: return g_strdup_printf ("%zu", chunk->first + i);
  case SQL_SHOWN: return NULL;
  case SQL_STATE: return g_strdup (is_at (a->unknown, i) ? "unknown" : is_at (a->none, i) ? "none" : "value");
  case SQL_VALUE: return value_text (e, column->item, a, i);
  case SQL_RULE: return r->rule[i] == 0xff ? NULL : g_strdup_printf ("%d", r->rule[i] + 1);
  case SQL_FAILED: return bits_text (r, r->failed, column->rule, i);
  case SQL_OPEN: return bits_text (r, r->open, column->rule, i);
  case SQL_REFUSED: return g_strdup (is_at (r->refused, i) ? "1" : "0");
  }
  return NULL;
}

static void
take (gpointer host, const ColumnsChunk *chunk)
{
  Expect *e = host;
  for (size_t i = 0; i < chunk->n && !e->problem->len; i++)
    for (size_t c = 0; c < e->n && !e->problem->len; c++) {
      const SqlColumn *column = &e->columns[c];
      if (column->kind == SQL_SHOWN)
        continue;
      g_autofree char *expected = expected_text (e, chunk, column, i);
      const char *got = e->rows->cells[(chunk->first + i) * e->n + c];
      e->compared++;
      if (g_strcmp0 (expected, got) != 0)
        g_string_printf (e->problem, "row %zu, %s: columns say %s, SQL %s", chunk->first + i, column->name,
                         expected ? expected : "NULL", got ? got : "NULL");
    }
}

static int
compare_rows (const void *a, const void *b)
{
  return atoi (**(char *const *const *)a) - atoi (**(char *const *const *)b);
}

/* By their first cell. */
static void
sort_rows (const Rows *rows)
{
  g_autofree char ***order = g_new0 (char **, rows->n + 1);
  g_autofree char **cells = g_memdup2 (rows->cells, rows->n * rows->n_columns * sizeof (char *));
  for (size_t r = 0; r < rows->n; r++)
    order[r] = &cells[r * rows->n_columns];
  qsort (order, rows->n, sizeof *order, compare_rows);
  for (size_t r = 0; r < rows->n; r++)
    memcpy (&rows->cells[r * rows->n_columns], order[r], rows->n_columns * sizeof (char *));
}

char *
expect_rows (const ColumnsProgram *program, const SqlQueries *queries, const Rows *rows, size_t *compared)
{
  Expect e = { .program = program, .rows = rows, .problem = g_string_new (NULL) };
  e.columns = sql_columns (queries, &e.n);
  size_t n = columns_program_table (program)->n_rows;
  if (rows->n != n || (n && rows->n_columns != e.n)) {
    g_string_free (e.problem, TRUE);
    return g_strdup_printf ("%zu rows of %zu columns in place of %zu of %zu", rows->n, rows->n_columns, n,
                            e.n);
  }
  sort_rows (rows);
  columns_run (program, 1, take, &e);
  if (compared)
    *compared += e.compared;
  return g_string_free (e.problem, !e.problem->len);
}
