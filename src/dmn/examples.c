/* Examples: rows of a 样例 table as tests of the unit they stand in.
 *
 * A row states facts by path.  What it does not state is unknown, except the
 * host's own variables (parameters, the date), which come from the host unless
 * a column overrides them. */
#include "dmn_private.h"

/* ---- completing -------------------------------------------------------- */

static FeelValue
unknown_named (Arena *arena, Text name)
{
  return feel_unknown (arena, (FeelNeed){ .name = name });
}

static Text
extend (Arena *arena, Text path, Text member)
{
  return text_of (
      arena_printf (arena, "%.*s.%.*s", (int)path.len, path.bytes, (int)member.len, member.bytes));
}

/* An unknown that was written without a name gets the path's. */
static bool
is_nameless (FeelValue v)
{
  return v.kind == FEEL_UNKNOWN && v.unknown->n == 1 && v.unknown->needs[0]->name.len == 0;
}

static FeelValue complete_path (Arena *arena, FeelValue value, Text name, const Text *members, size_t n);

static FeelValue
complete_context (Arena *arena, FeelValue value, Text name, const Text *members, size_t n)
{
  const FeelContext *context = value.context;
  FeelEntry *entries = arena_new0 (arena, FeelEntry, context->n + 1);
  size_t at = context->n;
  for (size_t i = 0; i < context->n; i++) {
    entries[i] = context->entries[i];
    if (text_equal (entries[i].name, members[0]))
      at = i;
  }
  Text inner = extend (arena, name, members[0]);
  FeelValue old = at < context->n ? entries[at].value : unknown_named (arena, inner);
  entries[at] = (FeelEntry){ members[0], complete_path (arena, old, inner, members + 1, n - 1) };
  return feel_context (arena, entries, MAX (context->n, at + 1));
}

static FeelValue
complete_path (Arena *arena, FeelValue value, Text name, const Text *members, size_t n)
{
  if (is_nameless (value))
    return unknown_named (arena, name);
  if (value.kind == FEEL_LIST) {
    FeelValue *items = arena_new0 (arena, FeelValue, value.list->n);
    for (size_t i = 0; i < value.list->n; i++)
      items[i] = complete_path (arena, value.list->items[i], name, members, n);
    return feel_list (arena, items, value.list->n);
  }
  return n && value.kind == FEEL_CONTEXT ? complete_context (arena, value, name, members, n) : value;
}

FeelValue
dmn_complete (Arena *arena, const char *variable, FeelValue value, const FeelPath *paths,
              const char *const *path_variables, size_t n)
{
  for (size_t i = 0; i < n; i++)
    if (strcmp (path_variables[i], variable) == 0)
      value = complete_path (arena, value, text_of (variable), paths[i].members, paths[i].n);
  return value;
}

/* ---- stating facts by path --------------------------------------------- */

/* VALUE with LEAF put at the path; contexts on the way are made. */
static FeelValue
put (Arena *arena, FeelValue value, const Text *members, size_t n, FeelValue leaf)
{
  if (n == 0)
    return leaf;
  size_t before = value.kind == FEEL_CONTEXT ? value.context->n : 0, at = before;
  FeelEntry *entries = arena_new0 (arena, FeelEntry, before + 1);
  for (size_t i = 0; i < before; i++) {
    entries[i] = value.context->entries[i];
    if (text_equal (entries[i].name, members[0]))
      at = i;
  }
  FeelValue old = at < before ? entries[at].value : feel_null ();
  entries[at] = (FeelEntry){ members[0], put (arena, old, members + 1, n - 1, leaf) };
  return feel_context (arena, entries, MAX (before, at + 1));
}

typedef struct {
  const DmnModel *model;
  const Unit *unit;
  const DmnExample *example;
  Arena *arena;          /* of this row alone */
  Arena *kept;           /* of what is told about it */
  const FeelPath *paths; /* all that the unit's decisions may read */
  size_t n_paths;
  DmnExampleBase base;
  void *host;
  const char *fault; /* set when a cell cannot be read */
} Row;

enum { CIVIL_DATE_LEN = 10 };

/* Whether "2026-01-31" stands in TEXT outside of a string: FEEL would subtract. */
static bool
has_bare_date (Text text)
{
  bool string = false;
  for (size_t i = 0; i < text.len; i++) {
    if (text.bytes[i] == '"' && (!i || text.bytes[i - 1] != '\\'))
      string = !string;
    bool starts = !string && g_ascii_isdigit (text.bytes[i]) && (!i || !g_ascii_isalnum (text.bytes[i - 1]));
    Day day;
    if (starts && i + CIVIL_DATE_LEN <= text.len
        && civil_parse ((Text){ text.bytes + i, CIVIL_DATE_LEN }, &day))
      return true;
  }
  return false;
}

/* A cell: 未知 or empty (unknown), an ISO date, or a FEEL expression in which 未知 may stand. */
static FeelValue
read_cell (Row *row, const DmnCell *cell)
{
  Arena *arena = row->arena;
  FeelValue unknown = unknown_named (arena, TEXT_LITERAL (""));
  Day day;
  if (cell->text.len == 0 || text_equal (cell->text, text_of ("未知")))
    return unknown;
  if (civil_parse (cell->text, &day))
    return feel_date (day);
  if (has_bare_date (cell->text)) {
    row->fault = arena_printf (arena,
                               "%s:%u:%u: inside an expression a date is written date(\"2026-01-31\"); "
                               "2026-01-31 alone would be a subtraction",
                               row->unit->public.origin, cell->line, cell->column);
    return feel_null ();
  }
  FeelScope *scope = feel_scope_new (arena, NULL);
  feel_scope_add (scope, text_of ("未知"), NULL);
  FeelOptions options
      = { .origin = row->unit->public.origin, .line = cell->line, .column = cell->column, .strict = true };
  GError *error = NULL;
  const FeelExpression *e = feel_compile (arena, cell->text, scope, &options, &error);
  if (!e) {
    row->fault = arena_text (arena, text_of (error->message));
    g_error_free (error);
    return feel_null ();
  }
  FeelRun run = { .arena = arena, .slots = &unknown };
  return feel_evaluate (e, &run);
}

/* "园区.经县申报" → the path's members; the variable's index, −1 when it is none. */
static int
read_label (Row *row, Text label, Text **members, size_t *n)
{
  GError *error = NULL;
  const FeelExpression *e = feel_compile (row->arena, label, row->unit->scope, NULL, &error);
  g_clear_error (&error);
  size_t n_paths = 0;
  const FeelPath *paths = e ? feel_expression_paths (e, &n_paths) : NULL;
  if (n_paths != 1 || (size_t)paths[0].slot >= row->unit->public.n_variables)
    return -1;
  *members = (Text *)paths[0].members;
  *n = paths[0].n;
  return paths[0].slot;
}

/* The evaluation date a row states: its column of the host's date variable. */
static Text
stated_date (const Row *row)
{
  for (size_t i = 0; i < row->example->n_inputs; i++) {
    char *name = arena_text (row->arena, row->example->input_heads[i].text);
    int slot = dmn_unit_variable (row->unit, name);
    if (slot >= 0 && row->unit->public.variables[slot].type->kind == FEEL_TYPE_DATE)
      return row->example->inputs[i].text;
  }
  return TEXT_LITERAL ("");
}

/* Bind one variable: the host's base, then the row's columns over it, then
 * every path that could be read completed with unknowns. */
static FeelValue
bind_example (void *data, const DmnUnit *unit, const DmnVariable *variable, Arena *arena)
{
  Row *row = data;
  FeelValue value = row->base (row->host, unit, variable, stated_date (row), arena);
  int slot = dmn_unit_variable (row->unit, variable->name);
  for (size_t i = 0; i < row->example->n_inputs; i++) {
    Text *members = NULL;
    size_t n = 0;
    int at = read_label (row, row->example->input_heads[i].text, &members, &n);
    if (at == slot && slot >= 0)
      value = put (arena, value, members, n, read_cell (row, &row->example->inputs[i]));
  }
  if (value.kind == FEEL_NULL)
    value = feel_context (arena, NULL, 0);
  for (size_t p = 0; p < row->n_paths; p++)
    if (row->paths[p].slot == slot)
      value = complete_path (arena, value, text_of (variable->name), row->paths[p].members, row->paths[p].n);
  return value;
}

/* ---- comparing --------------------------------------------------------- */

/* "待定" or "待定: a, b": the names, or NULL when TEXT is no such thing. */
static char **
read_open (Text text)
{
  if (!text_starts_with (text, "待定"))
    return NULL;
  size_t skip = strlen ("待定");
  Text rest = text_trim ((Text){ text.bytes + skip, text.len - skip });
  if (rest.len && rest.bytes[0] == ':')
    rest = text_trim ((Text){ rest.bytes + 1, rest.len - 1 });
  g_autofree char *list = g_strndup (rest.bytes, rest.len);
  char **names = g_strsplit (list, ",", -1);
  for (char **name = names; *name; name++)
    g_strstrip (*name);
  return names;
}

static bool
needs_are (const FeelUnknown *unknown, char **names)
{
  size_t n = g_strv_length (names);
  if (n == 0)
    return true; /* plain 待定: whatever is missing */
  if (n != unknown->n)
    return false;
  for (size_t i = 0; i < n; i++) {
    char *name = g_strndup (unknown->needs[i]->name.bytes, unknown->needs[i]->name.len);
    bool listed = g_strv_contains ((const char *const *)names, name);
    g_free (name);
    if (!listed)
      return false;
  }
  return true;
}

static const char *
describe (Arena *arena, FeelValue v)
{
  g_autoptr (GString) out = g_string_new (NULL);
  if (v.kind == FEEL_UNKNOWN) {
    g_string_append (out, "待定:");
    for (size_t i = 0; i < v.unknown->n; i++)
      g_string_append_printf (out, "%s %.*s", i ? "," : "", (int)v.unknown->needs[i]->name.len,
                              v.unknown->needs[i]->name.bytes);
  } else
    feel_write (out, v);
  return arena_text (arena, text_of (out->str));
}

static bool
matches (Row *row, const DmnCell *cell, FeelValue actual)
{
  g_auto (GStrv) names = read_open (cell->text);
  if (names)
    return actual.kind == FEEL_UNKNOWN && needs_are (actual.unknown, names);
  FeelValue expected = read_cell (row, cell);
  if (row->fault || actual.kind == FEEL_UNKNOWN || expected.kind == FEEL_UNKNOWN)
    return false;
  if (expected.kind == FEEL_NULL || actual.kind == FEEL_NULL)
    return expected.kind == actual.kind;
  return feel_is_true (feel_equal (row->arena, expected, actual));
}

/* UNDER: the decision in whose table the row stands, where a head names none. */
static DmnExampleResult
result_of (Row *row, DmnRun *run, size_t i, const DmnDecision *under)
{
  const DmnExample *example = row->example;
  const Decision *d = dmn_unit_decision (row->unit, example->expected_heads[i].text);
  FeelValue actual = d ? dmn_run_decision (run, &d->public) : feel_null ();
  const DmnCell *cell = example->expected ? &example->expected[i] : NULL;
  bool passed = d && cell && matches (row, cell, actual);
  return (DmnExampleResult){ d ? &d->public : under, example, passed && !row->fault,
                             cell ? arena_text (row->kept, cell->text) : "",
                             row->fault ? arena_text (row->kept, text_of (row->fault))
                                        : describe (row->kept, actual) };
}

static void
run_row (Row *row, const DmnDecision *under, DmnCoverage *coverage, GArray *results)
{
  DmnRun *run = dmn_run_new (row->model, row->arena, bind_example, row, coverage ? DMN_TRACE : DMN_PLAIN);
  if (coverage)
    coverage_watch (coverage, run);
  for (size_t i = 0; i < row->example->n_expected; i++) {
    DmnExampleResult result = result_of (row, run, i, under);
    g_array_append_val (results, result);
  }
  if (coverage)
    coverage_note (coverage, dmn_run_trace (run));
}

/* "3 户 成员": what tells a path from others. */
static char *
path_key (const FeelPath *path)
{
  GString *key = g_string_new (NULL);
  g_string_append_printf (key, "%d", path->slot);
  for (size_t i = 0; i < path->n; i++)
    g_string_append_printf (key, " %.*s", (int)path->members[i].len, path->members[i].bytes);
  return g_string_free (key, FALSE);
}

/* What UNIT's decisions may read, each path once, in the order of the decisions. */
static const FeelPath *
unit_paths (const DmnModel *model, const Unit *unit, Arena *arena, size_t *n)
{
  g_autoptr (GArray) all = g_array_new (FALSE, FALSE, sizeof (FeelPath));
  g_autoptr (GHashTable) seen = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  for (guint i = 0; i < unit->decisions->len; i++) {
    const Decision *d = unit->decisions->pdata[i];
    size_t n_paths;
    const FeelPath *paths = dmn_decision_closure (model, arena, &d->public, &n_paths);
    for (size_t p = 0; p < n_paths; p++)
      if (g_hash_table_add (seen, path_key (&paths[p])))
        g_array_append_val (all, paths[p]);
  }
  *n = all->len;
  return dmn_keep (arena, all->data, all->len * sizeof (FeelPath));
}

const DmnExampleResult *
dmn_example_run (const DmnModel *model, const DmnUnit *public, const DmnExample *example, Arena *arena,
                 DmnExampleBase base, void *host, const DmnTrace **trace)
{
  Row row = { .model = model,
              .unit = dmn_model_find_unit (model, public->id),
              .example = example,
              .arena = arena,
              .kept = arena,
              .base = base,
              .host = host };
  row.paths = unit_paths (model, row.unit, arena, &row.n_paths);
  DmnRun *run = dmn_run_new (model, arena, bind_example, &row, DMN_TRACE);
  DmnExampleResult *results = arena_new0 (arena, DmnExampleResult, example->n_expected);
  for (size_t i = 0; i < example->n_expected; i++)
    results[i] = result_of (&row, run, i, NULL);
  if (trace)
    *trace = row.fault ? NULL : dmn_run_trace (run);
  return results;
}

const DmnExampleResult *
dmn_unit_test (const DmnModel *model, const DmnUnit *public, Arena *arena, DmnExampleBase base, void *host,
               DmnCoverage *coverage, size_t *n)
{
  const Unit *unit = dmn_model_find_unit (model, public->id);
  g_autoptr (GArray) results = g_array_new (FALSE, FALSE, sizeof (DmnExampleResult));
  g_autoptr (Arena) once = arena_new ();
  g_autoptr (Arena) each = arena_new ();
  size_t n_paths;
  const FeelPath *paths = unit_paths (model, unit, once, &n_paths);
  for (guint i = 0; i < unit->decisions->len; i++) {
    const Decision *d = unit->decisions->pdata[i];
    for (size_t e = 0; e < d->public.n_examples; e++) {
      Row row = { .model = model,
                  .unit = unit,
                  .example = &d->public.examples[e],
                  .arena = each,
                  .kept = arena,
                  .paths = paths,
                  .n_paths = n_paths,
                  .base = base,
                  .host = host };
      run_row (&row, &d->public, coverage, results);
      arena_reset (each);
    }
  }
  *n = results->len;
  DmnExampleResult *copy = arena_new0 (arena, DmnExampleResult, results->len);
  if (results->len)
    memcpy (copy, results->data, results->len * sizeof *copy);
  return copy;
}
