/* Tables and their rows. */
#include "sql_private.h"

#include "base/base.h"

#include <string.h>

/* ---- which tables ----------------------------------------------------------------- */

typedef struct {
  const SqlOptions *options;
  Arena *arena;
  GArray *tables; /* SqlTable */
} Collector;

static bool
is_collected (const Collector *c, const ColumnsTable *table)
{
  for (guint i = 0; i < c->tables->len; i++) {
    const SqlTable *known = &g_array_index (c->tables, SqlTable, i);
    if (!known->list && text_equal (known->table->name, table->name))
      return true;
  }
  return false;
}

static char *
list_name (const SqlOptions *options, const ColumnsTable *table, const ColumnsColumn *list)
{
  g_autofree char *first = short_name (name_of (options, table, NULL));
  Text second = name_of (options, table, list);
  g_autofree char *whole = g_strdup_printf ("%s_%.*s", first, (int)second.len, second.bytes);
  return short_name (text_of (whole));
}

static void
collect_one (Collector *c, const ColumnsTable *table)
{
  if (is_collected (c, table))
    return;
  g_autofree char *name = short_name (name_of (c->options, table, NULL));
  SqlTable facts = { table, NULL, arena_text (c->arena, text_of (name)) };
  g_array_append_val (c->tables, facts);
  for (size_t i = 0; i < table->n_columns; i++)
    if (table->columns[i].kind == COLUMNS_LIST) {
      g_autofree char *list = list_name (c->options, table, &table->columns[i]);
      SqlTable members = { table, &table->columns[i], arena_text (c->arena, text_of (list)) };
      g_array_append_val (c->tables, members);
    }
}

const SqlTable *
sql_tables (const SqlOptions *options, const ColumnsTable *const *tables, size_t n_tables, Arena *arena,
            size_t *n)
{
  Collector c = { options, arena, g_array_new (FALSE, FALSE, sizeof (SqlTable)) };
  for (size_t i = 0; i < n_tables; i++)
    collect_one (&c, tables[i]);
  for (guint i = 0; i < c.tables->len; i++) { /* which grows */
    const ColumnsTable *table = g_array_index (c.tables, SqlTable, i).table;
    for (size_t k = 0; k < table->n_columns; k++)
      if (table->columns[k].target)
        collect_one (&c, table->columns[k].target);
  }
  *n = c.tables->len;
  const SqlTable *found = arena_copy (arena, c.tables->data, c.tables->len * sizeof (SqlTable));
  g_array_unref (c.tables);
  return found;
}

void
write_list_table (const SqlOptions *options, GString *out, const ColumnsTable *table,
                  const ColumnsColumn *list)
{
  g_autofree char *name = list_name (options, table, list);
  write_name (options, out, name);
}

/* ---- CREATE TABLE -------------------------------------------------------------------- */

static const char *
type_name (SqlDialect dialect, const ColumnsColumn *column)
{
  static const char *const whole[3][4] = { { "INTEGER", "INTEGER", "INTEGER", "INTEGER" },
                                           { "smallint", "smallint", "integer", "bigint" },
                                           { "Int8", "Int16", "Int32", "Int64" } };
  size_t width = column->width == 1 ? 0 : column->width == 2 ? 1 : column->width == 4 ? 2 : 3;
  switch (column->kind) {
  case COLUMNS_BOOLEAN:
    return dialect == SQL_POSTGRESQL ? "boolean" : dialect == SQL_SQLITE ? "INTEGER" : "UInt8";
  case COLUMNS_TEXT: return dialect == SQL_POSTGRESQL ? "text" : dialect == SQL_SQLITE ? "TEXT" : "String";
  case COLUMNS_DATE: return dialect == SQL_POSTGRESQL ? "date" : dialect == SQL_SQLITE ? "TEXT" : "Int32";
  default: return whole[dialect][width];
  }
}

static const char *
row_type (SqlDialect dialect)
{
  return dialect == SQL_SQLITE ? "INTEGER" : dialect == SQL_POSTGRESQL ? "integer" : "Int32";
}

/* What a reader should know of COLUMN's numbers. */
static void
write_remark (const SqlOptions *options, const ColumnsColumn *column, GString *out)
{
  if (column->kind == COLUMNS_NUMBER && column->scale)
    g_string_append_printf (out, " -- times 10^%u", column->scale);
  else if (column->kind == COLUMNS_REFERENCE)
    g_string_append_printf (out, " -- a row of %.*s", (int)name_of (options, column->target, NULL).len,
                            name_of (options, column->target, NULL).bytes);
  else if (column->kind == COLUMNS_DATE && options->dialect == SQL_CLICKHOUSE)
    g_string_append (out, " -- days since 1970-01-01");
}

/* A remark ends the line, so the comma goes before what follows. */
static void
write_definition (const SqlOptions *options, const ColumnsTable *table, const ColumnsColumn *column,
                  GString *out)
{
  g_string_append (out, "\n  , ");
  if (column->kind != COLUMNS_LIST) {
    write_fact (options, out, table, column);
    bool null = options->dialect == SQL_CLICKHOUSE || has_state (column);
    g_string_append_printf (out, " %s%s", type_name (options->dialect, column), null ? "" : " NOT NULL");
    write_remark (options, column, out);
    g_string_append (out, has_state (column) ? "\n  , " : "");
  }
  if (!has_state (column))
    return;
  write_state (options, out, table, column);
  const char *const types[] = { "INTEGER NOT NULL", "smallint NOT NULL", "UInt8" };
  g_string_append_printf (out, " %s", types[options->dialect]);
}

static void
write_end (SqlDialect dialect, const char *key, GString *out)
{
  if (dialect == SQL_CLICKHOUSE)
    g_string_append_printf (out, "\n) ENGINE = MergeTree() ORDER BY (%s);\n", key);
  else
    g_string_append_printf (out, "\n  , PRIMARY KEY (%s)\n)%s;\n", key,
                            dialect == SQL_SQLITE ? " STRICT" : "");
}

static void
write_table (const SqlOptions *options, const SqlTable *table, GString *out)
{
  const char *row = row_type (options->dialect);
  g_string_append (out, "CREATE TABLE ");
  write_name (options, out, table->name);
  if (table->list) {
    g_string_append_printf (out, " (\n    \"row\" %s\n  , \"place\" %s\n  , \"member\" %s -- a row of %.*s",
                            row, row, row, (int)name_of (options, table->list->target, NULL).len,
                            name_of (options, table->list->target, NULL).bytes);
    write_end (options->dialect, "\"row\", \"place\"", out);
    return;
  }
  g_string_append_printf (out, " (\n    \"row\" %s", row);
  for (size_t i = 0; i < table->table->n_columns; i++)
    if (table->table->columns[i].kind != COLUMNS_LIST || has_state (&table->table->columns[i]))
      write_definition (options, table->table, &table->table->columns[i], out);
  write_end (options->dialect, "\"row\"", out);
}

void
sql_write_schema (const SqlOptions *options, const SqlTable *tables, size_t n, GString *out)
{
  for (size_t i = 0; i < n; i++)
    write_table (options, &tables[i], out);
}

/* ---- rows ------------------------------------------------------------------------------ */

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

/* As COPY and TabSeparated have it. */
static void
write_tabbed (GString *out, Text text)
{
  for (size_t i = 0; i < text.len; i++) {
    const char *at = strchr ("\\\t\n\r", text.bytes[i]);
    if (text.bytes[i] && at) {
      g_string_append_c (out, '\\');
      g_string_append_c (out, "\\tnr"[at - "\\\t\n\r"]);
    } else {
      g_string_append_c (out, text.bytes[i]);
    }
  }
}

static void
write_plain (SqlDialect dialect, GString *out, Text text)
{
  if (dialect == SQL_SQLITE)
    write_text (dialect, out, text);
  else
    write_tabbed (out, text);
}

static void
write_cell (SqlDialect dialect, const ColumnsColumn *column, size_t row, bool absent, GString *out)
{
  if (absent && dialect != SQL_CLICKHOUSE) {
    g_string_append (out, dialect == SQL_SQLITE ? "NULL" : "\\N");
    return;
  }
  gint64 value = absent ? 0 : value_at (column, row);
  char date[16];
  switch (column->kind) {
  case COLUMNS_TEXT:
    if (!absent)
      write_plain (dialect, out, column->texts[value]);
    return;
  case COLUMNS_BOOLEAN:
    g_string_append (out, dialect == SQL_POSTGRESQL ? (value ? "t" : "f") : value ? "1" : "0");
    return;
  case COLUMNS_DATE:
    if (dialect != SQL_CLICKHOUSE) {
      civil_format ((Day)value, date);
      write_plain (dialect, out, text_of (date));
      return;
    }
    break;
  default: break;
  }
  g_string_append_printf (out, "%" G_GINT64_FORMAT, value);
}

static void
write_facts (const SqlOptions *options, const ColumnsTable *table, size_t row, GString *out)
{
  const char *between = options->dialect == SQL_SQLITE ? "," : "\t";
  g_string_append_printf (out, "%zu", row);
  for (size_t i = 0; i < table->n_columns; i++) {
    const ColumnsColumn *column = &table->columns[i];
    bool none = column->none && column->none[row], unknown = column->unknown && column->unknown[row];
    if (column->kind != COLUMNS_LIST) {
      g_string_append (out, between);
      write_cell (options->dialect, column, row, none || unknown, out);
    }
    if (has_state (column))
      g_string_append_printf (out, "%s%d", between, unknown ? 2 : none ? 1 : 0);
  }
}

typedef struct {
  const SqlOptions *options;
  const SqlTable *table;
  SqlTake take;
  gpointer host;
  GString *out;
  size_t n; /* rows of the statement that is open */
} Writer;

enum { STATEMENT_ROWS = 500, HANDED = 1 << 20 };

static void
begin_row (Writer *w)
{
  if (w->options->dialect != SQL_SQLITE)
    return;
  if (w->n == 0) {
    g_string_append (w->out, "INSERT INTO ");
    write_name (w->options, w->out, w->table->name);
    g_string_append (w->out, " VALUES\n(");
  } else {
    g_string_append (w->out, ",\n(");
  }
  w->n++;
}

static bool
hand_over (Writer *w, GError **error)
{
  if (w->n)
    g_string_append (w->out, ";\n");
  w->n = 0;
  bool taken = !w->out->len || w->take (w->host, (Text){ w->out->str, w->out->len }, error);
  g_string_truncate (w->out, 0);
  return taken;
}

static bool
end_row (Writer *w, GError **error)
{
  bool lite = w->options->dialect == SQL_SQLITE;
  g_string_append (w->out, lite ? ")" : "\n");
  if (lite && w->n == STATEMENT_ROWS) {
    g_string_append (w->out, ";\n");
    w->n = 0;
  }
  return w->out->len < HANDED || hand_over (w, error);
}

static bool
write_members (Writer *w, size_t row, GError **error)
{
  const ColumnsColumn *list = w->table->list;
  const char *between = w->options->dialect == SQL_SQLITE ? "," : "\t";
  for (guint32 m = list->offsets[row]; m < list->offsets[row + 1]; m++) {
    begin_row (w);
    g_string_append_printf (w->out, "%zu%s%u%s%" G_GINT64_FORMAT, row, between, m - list->offsets[row],
                            between, value_at (list, m));
    if (!end_row (w, error))
      return false;
  }
  return true;
}

bool
sql_write_rows (const SqlOptions *options, const SqlTable *table, SqlTake take, gpointer host, GError **error)
{
  g_autoptr (GString) out = g_string_new (NULL);
  Writer w = { options, table, take, host, out, 0 };
  for (size_t row = 0; row < table->table->n_rows; row++) {
    if (table->list) {
      if (!write_members (&w, row, error))
        return false;
      continue;
    }
    begin_row (&w);
    write_facts (options, table->table, row, out);
    if (!end_row (&w, error))
      return false;
  }
  return hand_over (&w, error);
}

void
sql_write_load (const SqlOptions *options, const SqlTable *table, GString *out)
{
  if (options->dialect == SQL_SQLITE)
    return;
  g_string_append (out, options->dialect == SQL_POSTGRESQL ? "COPY " : "INSERT INTO ");
  write_name (options, out, table->name);
  g_string_append (out, options->dialect == SQL_POSTGRESQL ? " FROM STDIN" : " FORMAT TabSeparated");
}
