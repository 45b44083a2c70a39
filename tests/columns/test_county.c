/* Every decision of the county's pages that compiles, over random facts that fit
 * registry.yaml: the program and dmn_run give the same for every row.  And how many do,
 * with the reasons of those that do not.
 *
 *     COLUMNS_WHY=1 build/tests/columns/test_columns_county    each that does not, by name
 */
#include "support.h"

#include "compare.h"
#include "policy/policy.h"

#include <locale.h>
#include <string.h>

enum { ROWS = 96, LIST_MAX = 3, NUMBER_MAX = 1000000000, DATE_MIN = 0, DATE_MAX = 30000, AS_OF = 20000 };

/* ---- facts ----------------------------------------------------------------------------- */

typedef struct {
  GRand *rand;
  Arena *arena;
  const RegistrySchema *schema;
  ColumnsTable *tables; /* by entity index in the schema */
} County;

static ColumnsTable *
table_of (County *county, const RegistryEntity *entity)
{
  return &county->tables[entity->index];
}

static guint8 *
random_mask (County *county, const guint8 *other)
{
  guint8 *mask = arena_new0 (county->arena, guint8, ROWS);
  for (int r = ROWS / 3; r < ROWS; r++) /* the first rows are known and there */
    mask[r] = g_rand_int_range (county->rand, 0, 8) == 0 && !(other && other[r]) ? 0xff : 0;
  return mask;
}

static const Text free_texts[] = { TEXT_LITERAL ("本县"),         TEXT_LITERAL ("350121003"),
                                   TEXT_LITERAL ("350121003001"), TEXT_LITERAL ("91350121MA2Y1Q6W0K"),
                                   TEXT_LITERAL ("C3670"),        TEXT_LITERAL ("甲") };

static void
fill_texts (County *county, const RegistryAttribute *attribute, ColumnsColumn *column)
{
  size_t n = attribute->n_values ? attribute->n_values : G_N_ELEMENTS (free_texts);
  Text *texts = arena_new0 (county->arena, Text, n);
  for (size_t i = 0; i < n; i++)
    texts[i] = attribute->n_values ? text_of (attribute->values[i]) : free_texts[i];
  gint16 *values = arena_new0 (county->arena, gint16, ROWS);
  for (int r = 0; r < ROWS; r++)
    values[r] = (gint16)g_rand_int_range (county->rand, 0, (gint32)n);
  column->kind = COLUMNS_TEXT;
  column->width = 2;
  column->texts = texts;
  column->n_texts = n;
  column->values = values;
}

static void
fill_numbers (County *county, const RegistryAttribute *attribute, ColumnsColumn *column)
{
  bool date = attribute->kind == REGISTRY_DATE;
  column->kind = date ? COLUMNS_DATE : COLUMNS_NUMBER;
  column->width = 8;
  column->scale = date ? 0 : (unsigned)attribute->scale;
  column->min = date ? DATE_MIN : attribute->has_min ? attribute->min : -NUMBER_MAX;
  column->max = date ? DATE_MAX : attribute->has_max ? attribute->max : NUMBER_MAX;
  gint64 *values = arena_new0 (county->arena, gint64, ROWS);
  for (int r = 0; r < ROWS; r++) {
    static const int spans[] = { 3, 20, 100, 10000, 1000000, 100000000 };
    gint64 wide = spans[g_rand_int_range (county->rand, 0, G_N_ELEMENTS (spans))];
    gint64 span = MIN (column->max - column->min, wide);
    gint64 low = date ? AS_OF - 4000 : CLAMP (0, column->min, column->max - span);
    values[r] = date ? g_rand_int_range (county->rand, (int)low, AS_OF + 500)
                     : low + g_rand_int_range (county->rand, 0, (gint32)span + 1);
    if (date && g_rand_int_range (county->rand, 0, 3) == 0)
      values[r] = g_rand_int_range (county->rand, DATE_MIN, AS_OF);
  }
  column->values = values;
}

static void
fill_rows (County *county, const RegistryAttribute *attribute, ColumnsColumn *column)
{
  bool list = attribute->kind == REGISTRY_COLLECTION;
  gint32 *values = arena_new0 (county->arena, gint32, ROWS * LIST_MAX);
  guint32 *offsets = arena_new0 (county->arena, guint32, ROWS + 1);
  for (int i = 0; i < ROWS * LIST_MAX; i++)
    values[i] = g_rand_int_range (county->rand, 0, ROWS);
  for (int r = 0; r < ROWS; r++)
    offsets[r + 1]
        = offsets[r] + (column->unknown[r] ? 0 : (guint32)g_rand_int_range (county->rand, 0, LIST_MAX + 1));
  column->kind = list ? COLUMNS_LIST : COLUMNS_REFERENCE;
  column->width = 4;
  column->target = table_of (county, attribute->target);
  column->most = LIST_MAX;
  column->values = values;
  column->offsets = list ? offsets : NULL;
}

static void
fill_column (County *county, const RegistryAttribute *attribute, ColumnsColumn *column)
{
  *column = (ColumnsColumn){ .name = text_of (attribute->zh), .has_unknown = true };
  column->unknown = random_mask (county, NULL);
  column->has_none = attribute->kind != REGISTRY_COLLECTION;
  column->none = column->has_none ? random_mask (county, column->unknown) : NULL;
  guint8 *truths;
  switch (attribute->kind) {
  case REGISTRY_BOOLEAN:
    truths = arena_new0 (county->arena, guint8, ROWS);
    for (int r = 0; r < ROWS; r++)
      truths[r] = (guint8)g_rand_int_range (county->rand, 0, 2);
    column->kind = COLUMNS_BOOLEAN;
    column->width = 1;
    column->values = truths;
    return;
  case REGISTRY_TEXT: fill_texts (county, attribute, column); return;
  case REGISTRY_REFERENCE:
  case REGISTRY_COLLECTION: fill_rows (county, attribute, column); return;
  default: fill_numbers (county, attribute, column);
  }
}

static void
fill_county (County *county)
{
  size_t n = registry_schema_size (county->schema);
  county->tables = arena_new0 (county->arena, ColumnsTable, 64);
  for (size_t e = 0; e < n; e++) {
    const RegistryEntity *entity = registry_schema_entity_at (county->schema, e);
    ColumnsColumn *columns = arena_new0 (county->arena, ColumnsColumn, entity->n);
    *table_of (county, entity) = (ColumnsTable){ text_of (entity->zh), ROWS, entity->n, columns };
    for (size_t a = 0; a < entity->n; a++)
      fill_column (county, &entity->attributes[a], &columns[a]);
  }
}

/* ---- one decision both ways -------------------------------------------------------------- */

typedef struct {
  const DmnModel *model;
  const DmnDecision *decision;
  const ColumnsTable *table;
  const char *subject;
  const FeelPath *paths;
  size_t n_paths, row;
  FeelEntry constants[2];
  const ColumnsProgram *program;
  size_t compared, undetermined, wrong;
  CompareNeeds needs;
} Case;

static bool
is_constant (const char *variable)
{
  return strcmp (variable, "参数") == 0 || strcmp (variable, "基准日") == 0;
}

/* The one subject that the decision reads; false when there are several. */
static bool
find_subject (County *county, Case *k, Arena *arena)
{
  size_t n;
  const FeelPath *all = dmn_decision_closure (k->model, arena, k->decision, &n);
  FeelPath *paths = arena_new0 (arena, FeelPath, n);
  const DmnUnit *unit = k->decision->unit;
  for (size_t i = 0; i < n; i++) {
    const char *variable = dmn_path_variable (k->decision, &all[i]);
    if (is_constant (variable))
      continue;
    if (k->subject && strcmp (k->subject, variable) != 0)
      return false;
    k->subject = variable;
    paths[k->n_paths++] = all[i];
  }
  for (size_t i = 0; !k->subject && i < unit->n_variables; i++)
    if (!is_constant (unit->variables[i].name))
      k->subject = unit->variables[i].name;
  k->table = table_of (county, registry_schema_entity (county->schema, k->subject));
  k->paths = paths;
  return true;
}

static FeelValue
bind (void *host, const DmnUnit *unit, const DmnVariable *variable, Arena *arena)
{
  Case *k = host;
  for (size_t i = 0; i < G_N_ELEMENTS (k->constants); i++)
    if (text_equal (k->constants[i].name, text_of (variable->name)))
      return k->constants[i].value;
  return strcmp (variable->name, k->subject) == 0
             ? columns_row_value (k->table, k->row, k->subject, k->paths, k->n_paths, arena)
             : feel_null ();
}

static bool
conditions_agree (const ColumnsReasons *r, const DmnTrace *trace, size_t i)
{
  bool same = true;
  for (size_t rule = 0; rule < trace->n_rules; rule++)
    for (size_t c = 0; c < trace->table->n_inputs; c++)
      same &= compare_status (r, rule, c, i) == trace->rules[rule].conditions[c].status;
  return same;
}

static void
report (Case *k, FeelValue expected, FeelValue got, const char *what, Arena *arena)
{
  if (k->wrong++)
    return;
  g_autoptr (GString) text = g_string_new (NULL);
  g_string_append_printf (text, "%s %.*s, row %zu: %s; dmn says ", k->decision->unit->id,
                          (int)k->decision->name.len, k->decision->name.bytes, k->row, what);
  feel_write (text, expected);
  g_string_append (text, ", columns ");
  feel_write (text, got);
  g_string_append (text, "; facts ");
  feel_write (text, columns_row_value (k->table, k->row, k->subject, k->paths, k->n_paths, arena));
  g_test_message ("%s", text->str);
}

static void
take (void *host, const ColumnsChunk *chunk)
{
  Case *k = host;
  g_autoptr (Arena) arena = arena_new ();
  for (size_t i = 0; i < chunk->n; i++) {
    arena_reset (arena);
    k->row = chunk->first + i;
    DmnRun *run = dmn_run_new (k->model, arena, bind, k, DMN_TRACE);
    FeelValue expected = dmn_run_decision (run, k->decision);
    FeelValue got = compare_answer (k->program, 0, &chunk->answers[0], i, arena);
    if (!compare_same (arena, expected, got))
      report (k, expected, got, "the answers differ", arena);
    const char *needs = compare_needs (k->program, 0, &chunk->answers[0], i, expected, arena, &k->needs);
    if (needs)
      report (k, expected, got, needs, arena);
    for (const DmnTrace *trace = dmn_run_trace (run); trace; trace = trace->next)
      for (size_t r = 0; r < chunk->n_reasons; r++)
        if (chunk->reasons[r].table == trace->table && !conditions_agree (&chunk->reasons[r], trace, i))
          report (k, expected, got, "a condition's state differs", arena);
        else if (chunk->reasons[r].table == trace->table
                 && (trace->value.kind == FEEL_UNKNOWN)
                        != (chunk->reasons[r].unknown && chunk->reasons[r].unknown[i]))
          report (k, expected, got, "one table's answer is unknown, the other's not", arena);
    k->compared++;
    k->undetermined += expected.kind == FEEL_UNKNOWN;
  }
}

/* ---- all of them --------------------------------------------------------------------------- */

typedef struct {
  size_t n, compiled, compared, undetermined, wrong;
  CompareNeeds needs;
  GHashTable *reasons; /* text to how often */
} Sum;

static void
count_reason (Sum *sum, const char *why)
{
  const char *what = strstr (why, ": ");
  what = what ? what + 2 : why;
  gpointer n = g_hash_table_lookup (sum->reasons, what);
  g_hash_table_replace (sum->reasons, g_strdup (what), GINT_TO_POINTER (GPOINTER_TO_INT (n) + 1));
}

static void
try_decision (County *county, const PolicyPackage *package, const DmnDecision *decision, Sum *sum)
{
  g_autoptr (Arena) arena = arena_new ();
  Case k = { .model = policy_model (package), .decision = decision };
  k.constants[0] = (FeelEntry){ TEXT_LITERAL ("参数"), policy_parameters_value (package, arena, AS_OF) };
  k.constants[1] = (FeelEntry){ TEXT_LITERAL ("基准日"), feel_date (AS_OF) };
  sum->n++;
  if (!find_subject (county, &k, arena)) {
    count_reason (sum, "several subjects");
    return;
  }
  ColumnsWorld world = { k.subject, k.table, k.constants, 2 };
  g_autoptr (ColumnsProgram) program = columns_compile (&world, &decision, (bool[]){ true }, 1);
  const char *why = columns_program_why (program, 0);
  if (why) {
    count_reason (sum, why);
    if (g_getenv ("COLUMNS_WHY"))
      g_test_message ("%s %.*s <- %s", decision->unit->id, (int)decision->name.len, decision->name.bytes,
                      why);
    return;
  }
  sum->compiled++;
  k.program = program;
  columns_run (program, 1, take, &k);
  sum->compared += k.compared;
  sum->undetermined += k.undetermined;
  sum->wrong += k.wrong;
  sum->needs.same += k.needs.same;
  sum->needs.all += k.needs.all;
}

static int
more_often (gconstpointer a, gconstpointer b, gpointer reasons)
{
  return GPOINTER_TO_INT (g_hash_table_lookup (reasons, b))
         - GPOINTER_TO_INT (g_hash_table_lookup (reasons, a));
}

static void
tell (const Sum *sum)
{
  g_test_message ("%zu of %zu decisions compile; %zu rows compared, %zu of them undetermined", sum->compiled,
                  sum->n, sum->compared, sum->undetermined);
  g_test_message ("what is missing: the same list as dmn's for %zu of %zu rows", sum->needs.same,
                  sum->needs.all);
  GList *list = g_list_sort_with_data (g_hash_table_get_keys (sum->reasons), more_often, sum->reasons);
  for (GList *l = list; l; l = l->next)
    g_test_message ("%4d  %s", GPOINTER_TO_INT (g_hash_table_lookup (sum->reasons, l->data)),
                    (char *)l->data);
  g_list_free (list);
}

static void
test_county (void)
{
  g_autofree char *folder = support_source ("policy/minhou-2021-81");
  GError *error = NULL;
  DmnFaults *faults = dmn_faults_new ();
  PolicyPackage *package = policy_load (folder, faults, &error);
  g_assert_no_error (error);
  County county = { g_rand_new_with_seed (81), arena_new (), policy_schema (package), NULL };
  fill_county (&county);
  for (size_t e = 0; e < registry_schema_size (county.schema); e++)
    if (!columns_table_check (table_of (&county, registry_schema_entity_at (county.schema, e)), &error))
      g_error ("%s", error->message);
  Sum sum = { .reasons = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL) };
  size_t n;
  const PolicyClause *const *pages = policy_pages (package, &n);
  for (size_t i = 0; i < n; i++)
    for (size_t d = 0; pages[i]->unit && d < pages[i]->unit->n_decisions; d++)
      if (pages[i]->unit->decisions[d]->role == DMN_DECISION)
        try_decision (&county, package, pages[i]->unit->decisions[d], &sum);
  tell (&sum);
  g_assert_cmpuint (sum.wrong, ==, 0);
  g_assert_cmpuint (sum.compiled * 10, >, sum.n * 5);
  g_hash_table_destroy (sum.reasons);
  g_rand_free (county.rand);
  arena_free (county.arena);
  policy_free (package);
  dmn_faults_free (faults);
}

int
main (int argc, char **argv)
{
  setlocale (LC_ALL, "C.UTF-8");
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/columns/county", test_county);
  return g_test_run ();
}
