/* The queries: a row per subject, and sums over these rows. */
#include "sql_private.h"

#include <string.h>

enum { TEXTS_MAX = 400 };

/* ---- columns --------------------------------------------------------------------- */

/* NAME, with a number behind where that is taken. */
static const char *
free_name (SqlQueries *q, const char *name)
{
  const char *made = arena_text (q->arena, text_of (name));
  for (int i = 2; g_hash_table_contains (q->taken, made); i++)
    made = arena_printf (q->arena, "%s %d", name, i);
  g_hash_table_add (q->taken, (gpointer)made);
  return made;
}

static void
add_column (SqlQueries *q, SqlColumnKind kind, size_t item, size_t rule, const char *name, int node)
{
  SqlColumn column = { .kind = kind, .name = name, .item = item, .rule = rule };
  g_array_append_val (q->columns, column);
  g_array_append_val (q->outputs, node);
}

static const char *
why_of (const SqlQueries *q, int node)
{
  return node < 0 ? NULL : node_at (q, node)->why;
}

/* A mask that may be absent. */
static int
optional_mask (SqlQueries *q, int plane)
{
  return plane < 0 ? node_truth (q, false) : mask_node (q, plane);
}

/* 0 a value, 1 none, 2 unknown. */
static int
state_node (SqlQueries *q, const ColumnsAnswerPlanes *a)
{
  int none = optional_mask (q, a->none), unknown = optional_mask (q, a->unknown);
  int known = node_choose (q, none, node_number (q, 1, 1), node_number (q, 0, 1));
  return node_choose (q, unknown, node_number (q, 2, 1), known);
}

static const char *
answer_name (SqlQueries *q, const DmnDecision *d)
{
  g_autofree char *name = short_name (d->name);
  return free_name (q, name);
}

static void
add_answer (SqlQueries *q, size_t i)
{
  ColumnsAnswerPlanes a = columns_program_answer (q->program, i);
  q->decision = a.decision;
  int state = state_node (q, &a),
      value = a.truths >= 0 ? mask_node (q, a.truths) : number_node (q, a.numbers);
  const char *why = why_of (q, state) ? why_of (q, state) : why_of (q, value);
  size_t n_values;
  if (!why && columns_program_values (q->program, i, &n_values) && n_values > TEXTS_MAX)
    why = "an answer that is one of too many texts";
  if (why) {
    q->whys[i] = arena_printf (q->arena, "%.*s: %s", (int)a.decision->name.len, a.decision->name.bytes, why);
    return;
  }
  const char *name = answer_name (q, a.decision);
  add_column (q, SQL_STATE, i, 0, free_name (q, arena_printf (q->arena, "%s_state", name)), state);
  add_column (q, SQL_VALUE, i, 0, name, value);
}

/* ---- reasons ------------------------------------------------------------------------ */

/* Rule RULE's bits as one number. */
static int
bits_node (SqlQueries *q, const int *planes, size_t n_bytes, size_t rule)
{
  int sum = node_number (q, 0, 1);
  for (size_t b = 0; b < n_bytes; b++) {
    int plane = planes[rule * n_bytes + b];
    if (plane <= ALL_OF)
      continue;
    int byte = number_node (q, plane);
    if (b)
      byte = NODE (q, TYPE_NUMBER, BINDS_MULTIPLY, "\1a6 * \1b7", byte,
                   node_number (q, (gint64)1 << (8 * b), 8));
    sum = node_add (q, sum, byte);
  }
  return sum;
}

static bool
is_sayable (SqlQueries *q, const ColumnsReasonPlanes *r)
{
  bool fits = !why_of (q, number_node (q, r->rule)) && !why_of (q, optional_mask (q, r->refused));
  for (size_t k = 0; k < r->table->n_rules; k++)
    fits = fits && !why_of (q, bits_node (q, r->failed, r->n_bytes, k))
           && !why_of (q, bits_node (q, r->open, r->n_bytes, k));
  return fits;
}

static void
add_reason (SqlQueries *q, size_t i)
{
  ColumnsReasonPlanes r = columns_program_reason (q->program, i);
  q->decision = r.decision;
  if (!is_sayable (q, &r))
    return;
  g_autofree char *decision = short_name (r.decision->name);
  const char *name = free_name (q, arena_printf (q->arena, "%s_rule", decision));
  char *stem = arena_text (q->arena, text_of (name));
  char *rule = strstr (stem, "_rule");
  const char *behind = arena_text (q->arena, text_of (rule + strlen ("_rule")));
  *rule = '\0';
  add_column (q, SQL_RULE, i, 0, name, number_node (q, r.rule));
  for (size_t k = 0; k < r.table->n_rules; k++) {
    int failed = bits_node (q, r.failed, r.n_bytes, k), open = bits_node (q, r.open, r.n_bytes, k);
    add_column (q, SQL_FAILED, i, k, arena_printf (q->arena, "%s_failed_%zu%s", stem, k + 1, behind), failed);
    add_column (q, SQL_OPEN, i, k, arena_printf (q->arena, "%s_open_%zu%s", stem, k + 1, behind), open);
  }
  add_column (q, SQL_REFUSED, i, 0, arena_printf (q->arena, "%s_refused%s", stem, behind),
              optional_mask (q, r.refused));
}

static void
add_shown (SqlQueries *q, size_t i)
{
  const ColumnsTable *table = columns_program_table (q->program);
  const ColumnsColumn *column = q->options->shown[i];
  g_autofree char *name = short_name (name_of (q->options, table, column));
  int node = node_source (
      q,
      (Node){ .kind = NODE_COLUMN, .type = TYPE_TEXT, .part = PART_RAW, .column = column, .table = table });
  add_column (q, SQL_SHOWN, i, 0, free_name (q, name), node);
}

SqlQueries *
sql_compile (const ColumnsProgram *program, const SqlOptions *options)
{
  SqlQueries *q = g_new0 (SqlQueries, 1);
  q->arena = arena_new ();
  q->program = program;
  q->options = options;
  q->dialect = options->dialect;
  q->nodes = g_array_new (FALSE, TRUE, sizeof (Node));
  q->aliases = g_ptr_array_new ();
  q->shared = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  q->taken = g_hash_table_new (g_str_hash, g_str_equal);
  q->columns = g_array_new (FALSE, FALSE, sizeof (SqlColumn));
  q->outputs = g_array_new (FALSE, FALSE, sizeof (int));
  node_truth (q, false); /* so that none is made while a query is written */
  node_truth (q, true);
  translate (q);
  size_t n = columns_program_answers (program);
  q->whys = arena_new0 (q->arena, const char *, n);
  add_column (q, SQL_ROW, 0, 0, free_name (q, "row"), -1);
  for (size_t i = 0; i < options->n_shown; i++)
    add_shown (q, i);
  for (size_t i = 0; i < n; i++) {
    q->whys[i] = columns_program_why (program, i);
    if (!q->whys[i])
      add_answer (q, i);
  }
  for (size_t i = 0; i < columns_program_reasons (program); i++)
    add_reason (q, i);
  return q;
}

void
sql_queries_free (SqlQueries *q)
{
  g_array_unref (q->nodes);
  g_array_unref (q->columns);
  g_array_unref (q->outputs);
  g_ptr_array_unref (q->aliases);
  g_hash_table_unref (q->shared);
  g_hash_table_unref (q->taken);
  arena_free (q->arena);
  g_free (q);
}

const char *
sql_why (const SqlQueries *q, size_t i)
{
  return q->whys[i];
}

const SqlColumn *
sql_columns (const SqlQueries *q, size_t *n)
{
  *n = q->columns->len;
  return (const SqlColumn *)(gconstpointer)q->columns->data;
}

/* ---- the rows ---------------------------------------------------------------------------- */

/* Texts of an answer by their places, as far as they are texts. */
static void
write_texts (const SqlQueries *q, const FeelValue *values, size_t n, const char *number, GString *out)
{
  g_string_append_printf (out, "CASE %s", number);
  for (size_t k = 0; k < n; k++) {
    if (values[k].kind <= FEEL_UNKNOWN)
      continue;
    g_autoptr (GString) text = g_string_new (NULL);
    if (values[k].kind == FEEL_STRING)
      g_string_append_len (text, values[k].string.bytes, (gssize)values[k].string.len);
    else
      feel_write (text, values[k]);
    g_string_append_printf (out, " WHEN %zu THEN ", k);
    write_text (q->dialect, out, (Text){ text->str, text->len });
  }
  g_string_append (out, " ELSE '' END");
}

/* What answer I's values are, or, where there is none, would be: other counties have some. */
FeelKind
answer_kind (const SqlQueries *q, size_t i)
{
  unsigned scale;
  FeelKind kind = columns_program_kind (q->program, i, &scale);
  const FeelType *type = columns_program_answer (q->program, i).decision->type;
  if (kind != FEEL_NULL || !type)
    return kind;
  return type->kind == FEEL_TYPE_NUMBER ? FEEL_NUMBER : FEEL_BOOLEAN;
}

/* NULL, of that type. */
static void
write_nothing (const SqlQueries *q, size_t answer, GString *out)
{
  size_t n;
  bool truth = answer_kind (q, answer) == FEEL_BOOLEAN,
       text = columns_program_values (q->program, answer, &n);
  if (q->dialect == SQL_SQLITE)
    g_string_append (out, "NULL");
  else if (q->dialect == SQL_POSTGRESQL)
    g_string_append_printf (out, "NULL::%s", text ? "text" : truth ? "boolean" : "bigint");
  else
    g_string_append_printf (out, "CAST(NULL AS Nullable(%s))", text ? "String" : truth ? "UInt8" : "Int64");
}

/* A line that says how the number is to be read. */
static void
write_scale (const SqlQueries *q, const SqlColumn *column, GString *out)
{
  unsigned scale;
  if (column->kind == SQL_VALUE && columns_program_kind (q->program, column->item, &scale) == FEEL_NUMBER
      && scale)
    g_string_append_printf (out, "-- %s: times 10^%u\n  ", column->name, scale);
}

static void
write_value (SqlQueries *q, const SqlColumn *column, int node, int state, GString *out)
{
  g_autoptr (GString) value = g_string_new (NULL);
  size_t n;
  unsigned scale;
  gint64 x;
  bool never = columns_program_kind (q->program, column->item, &scale) == FEEL_NULL;
  if (never || (node_is_constant (q, state, &x) && x)) {
    write_nothing (q, column->item, out);
    return;
  }
  const FeelValue *values = columns_program_values (q->program, column->item, &n);
  write_result (q, value, node);
  g_string_append (out, "CASE WHEN ");
  write_result (q, out, state);
  g_string_append (out, " = 0 THEN ");
  if (values)
    write_texts (q, values, n, value->str, out);
  else
    g_string_append (out, value->str);
  g_string_append (out, " END");
}

static void
write_answer_column (SqlQueries *q, size_t i, GString *out)
{
  const SqlColumn *column = &g_array_index (q->columns, SqlColumn, i);
  const int *nodes = (const int *)(gpointer)q->outputs->data;
  g_autoptr (GString) text = g_string_new (NULL);
  if (column->kind == SQL_ROW) {
    g_string_append (out, "\"row\"");
    return;
  }
  gint64 state;
  write_result (q, text, nodes[i]);
  if (column->kind == SQL_STATE && node_is_constant (q, nodes[i], &state))
    g_string_append (out, state == 0 ? "'value'" : state == 1 ? "'none'" : "'unknown'");
  else if (column->kind == SQL_STATE)
    g_string_append_printf (out, "CASE %s WHEN 0 THEN 'value' WHEN 1 THEN 'none' ELSE 'unknown' END",
                            text->str);
  else if (column->kind == SQL_VALUE)
    write_value (q, column, nodes[i], nodes[i - 1], out);
  else if (column->kind == SQL_RULE)
    g_string_append_printf (out, "CASE WHEN %s >= 0 THEN %s + 1 END", text->str, text->str);
  else
    g_string_append (out, text->str);
  g_string_append (out, " AS ");
  write_name (q->options, out, column->name);
}

void
sql_write_answers (const SqlQueries *queries, GString *out)
{
  SqlQueries *q = (SqlQueries *)queries;
  g_autoptr (GString) withs = g_string_new (NULL), reference = g_string_new (NULL);
  g_autoptr (GArray) wanted = g_array_new (FALSE, FALSE, sizeof (int));
  for (guint i = 0; i < q->outputs->len; i++) {
    int node = g_array_index (q->outputs, int, i);
    if (node >= 0 && node_at (q, node)->space >= 0)
      g_array_append_val (wanted, node);
  }
  relation_write (q, 0, (const int *)(gpointer)wanted->data, wanted->len, withs, reference);
  g_string_append (out, withs->str);
  g_string_append (out, withs->len ? "\nSELECT " : "SELECT ");
  for (guint i = 0; i < q->columns->len; i++) {
    g_string_append (out, i ? ",\n  " : "");
    write_scale (q, &g_array_index (q->columns, SqlColumn, i), out);
    write_answer_column (q, i, out);
  }
  g_string_append_printf (out, "\nFROM %s\n", reference->str);
  if (q->options->numbered) {
    g_string_append (out, "WHERE ");
    write_result (q, out, g_array_index (q->outputs, int, 1));
    g_string_append (out, " <> 0\n");
  }
}
