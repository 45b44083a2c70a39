/* Sums over the rows of answers. */
#include "sql_private.h"

enum { COLUMNS_MAX = 1000 };

typedef struct {
  const SqlQueries *q;
  GString *out;
  size_t n; /* columns of this SELECT */
} Totals;

static void write_as (Totals *t, const char *format, ...) G_GNUC_PRINTF (2, 3);

static void
write_as (Totals *t, const char *format, ...)
{
  va_list args;
  va_start (args, format);
  g_autofree char *name = g_strdup_vprintf (format, args);
  va_end (args);
  g_string_append (t->out, " AS ");
  write_name (t->q->options, t->out, name);
  t->n++;
}

/* How many rows CONDITION holds for. */
static void
write_count (Totals *t, const char *condition)
{
  bool click = t->q->dialect == SQL_CLICKHOUSE;
  g_string_append_printf (t->out, click ? ",\n  countIf(%s)" : ",\n  count(*) FILTER (WHERE %s)", condition);
}

static char *
quoted (const Totals *t, const char *name)
{
  GString *out = g_string_new (NULL);
  write_name (t->q->options, out, name);
  return g_string_free (out, FALSE);
}

static void
write_states (Totals *t, const SqlColumn *state, const SqlColumn *value)
{
  static const char *const states[] = { "none", "unknown" };
  g_autofree char *name = quoted (t, state->name);
  for (size_t i = 0; i < G_N_ELEMENTS (states); i++) {
    g_autofree char *condition = g_strdup_printf ("%s = '%s'", name, states[i]);
    write_count (t, condition);
    write_as (t, "%s_%s", value->name, states[i]);
  }
}

/* Sums beyond 64 bits: PostgreSQL's are numeric, SQLite refuses them. */
static void
write_value (Totals *t, const SqlColumn *state, const SqlColumn *column)
{
  FeelKind kind = answer_kind (t->q, column->item);
  g_autofree char *name = quoted (t, column->name), *state_name = quoted (t, state->name);
  if (kind == FEEL_BOOLEAN) {
    bool typed = t->q->dialect == SQL_POSTGRESQL;
    g_autofree char *yes = g_strdup_printf (typed ? "%s" : "%s = 1", name);
    g_autofree char *no = g_strdup_printf (typed ? "NOT %s" : "%s = 0", name);
    write_count (t, yes);
    write_as (t, "%s_yes", column->name);
    write_count (t, no);
    write_as (t, "%s_no", column->name);
    return;
  }
  g_autofree char *held = g_strdup_printf ("%s = 'value'", state_name);
  write_count (t, held);
  write_as (t, "%s_values", column->name);
  if (kind != FEEL_NUMBER)
    return;
  g_string_append_printf (t->out,
                          t->q->dialect == SQL_CLICKHOUSE ? ",\n  sum(toDecimal128(ifNull(%s, 0), 0))"
                                                          : ",\n  coalesce(sum(%s), 0)",
                          name);
  write_as (t, "%s_sum", column->name);
}

static void
write_rules (Totals *t, const SqlColumn *column)
{
  g_autofree char *name = quoted (t, column->name);
  ColumnsReasonPlanes r = columns_program_reason (t->q->program, column->item);
  for (size_t k = 1; k <= r.table->n_rules; k++) {
    g_autofree char *condition = g_strdup_printf ("%s = %zu", name, k);
    write_count (t, condition);
    write_as (t, "%s_%zu", column->name, k);
  }
}

static void
write_conditions (Totals *t, const SqlColumn *column)
{
  g_autofree char *name = quoted (t, column->name);
  ColumnsReasonPlanes r = columns_program_reason (t->q->program, column->item);
  for (size_t c = 0; c < r.table->n_inputs; c++) {
    g_autofree char *condition = g_strdup_printf (
        t->q->dialect == SQL_CLICKHOUSE ? "bitTest(%s, %zu)" : "(%s >> %zu) & 1 = 1", name, c);
    write_count (t, condition);
    write_as (t, "%s_%zu", column->name, c);
  }
}

static const char *
group_name (const SqlQueries *q, const ColumnsColumn *group_by)
{
  for (guint i = 0; group_by && i < q->columns->len; i++) {
    const SqlColumn *column = &g_array_index (q->columns, SqlColumn, i);
    if (column->kind == SQL_SHOWN && q->options->shown[column->item] == group_by)
      return column->name;
  }
  return NULL;
}

static void
write_column (Totals *t, const SqlColumn *column)
{
  g_autofree char *name = quoted (t, column->name);
  switch (column->kind) {
  case SQL_VALUE:
    write_value (t, column - 1, column);
    write_states (t, column - 1, column);
    break;
  case SQL_RULE: write_rules (t, column); break;
  case SQL_FAILED:
  case SQL_OPEN: write_conditions (t, column); break;
  case SQL_REFUSED:
    write_count (t, name);
    write_as (t, "%s", column->name);
    break;
  default: break;
  }
}

static void
begin_select (Totals *t, const char *group)
{
  g_string_append (t->out, "SELECT ");
  if (group)
    g_string_append_printf (t->out, "%s,\n  ", group);
  g_string_append (t->out, "count(*) AS \"subjects\"");
  t->n = 0;
}

static void
end_select (Totals *t, const char *answers, const char *group)
{
  g_string_append (t->out, "\nFROM ");
  write_name (t->q->options, t->out, answers);
  if (group)
    g_string_append_printf (t->out, "\nGROUP BY %s\nORDER BY %s", group, group);
  g_string_append_c (t->out, '\n');
}

void
sql_write_totals (const SqlQueries *q, const char *answers, const ColumnsColumn *group_by, GString *out)
{
  Totals t = { q, out, 0 };
  const char *name = group_name (q, group_by);
  g_autofree char *group = name ? quoted (&t, name) : NULL;
  begin_select (&t, group);
  for (guint i = 0; i < q->columns->len; i++) {
    if (t.n > COLUMNS_MAX) {
      end_select (&t, answers, group);
      g_string_append (out, ";\n");
      begin_select (&t, group);
    }
    write_column (&t, &g_array_index (q->columns, SqlColumn, i));
  }
  end_select (&t, answers, group);
}
