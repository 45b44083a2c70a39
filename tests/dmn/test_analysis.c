/* What is found in the tables below analysis/ (see README.md), and random tables
 * over small domains against looking at every point. */
#include "support.h"

#include <locale.h>
#include "dmn/dmn.h"

/* ---- the facts of the tables ------------------------------------------- */

static const FeelType list_type = { .kind = FEEL_TYPE_LIST, .element = &feel_type_any };

enum { TRUTH, NUMBER, WHOLE, SHARE, TEXT, GRADE, DATE, MONTHS, SPAN, TIME, ANYTHING, LIST, CERTAIN, N_FACTS };
static const FeelMember facts[N_FACTS] = {
  [TRUTH] = { TEXT_LITERAL ("是非"), &feel_type_boolean },
  [NUMBER] = { TEXT_LITERAL ("数"), &feel_type_number },
  [WHOLE] = { TEXT_LITERAL ("整数"), &feel_type_number }, /* 0 … 60 */
  [SHARE] = { TEXT_LITERAL ("比例"), &feel_type_number }, /* 0.00 … 1.00, never null */
  [TEXT] = { TEXT_LITERAL ("文"), &feel_type_string },
  [GRADE] = { TEXT_LITERAL ("级别"), &feel_type_string }, /* 甲, 乙, 丙 */
  [DATE] = { TEXT_LITERAL ("日"), &feel_type_date },
  [MONTHS] = { TEXT_LITERAL ("月数"), &feel_type_months_duration },
  [SPAN] = { TEXT_LITERAL ("时长"), &feel_type_days_duration },
  [TIME] = { TEXT_LITERAL ("时"), &feel_type_time },
  [ANYTHING] = { TEXT_LITERAL ("物"), &feel_type_any },
  [LIST] = { TEXT_LITERAL ("表"), &list_type },
  [CERTAIN] = { TEXT_LITERAL ("确知"), &feel_type_number }, /* never null */
};
static const FeelMember limits[] = { { TEXT_LITERAL ("上限"), &feel_type_number },
                                     { TEXT_LITERAL ("下限"), &feel_type_number },
                                     { TEXT_LITERAL ("名"), &feel_type_string } };
static const FeelType facts_type
    = { .kind = FEEL_TYPE_CONTEXT, .n = G_N_ELEMENTS (facts), .members = facts, .closed = true },
    limits_type
    = { .kind = FEEL_TYPE_CONTEXT, .n = G_N_ELEMENTS (limits), .members = limits, .closed = true };
static const DmnVariable variables[] = { { "人", &facts_type }, { "参数", &limits_type } };

static void
domain_of (void *host, const DmnUnit *unit, const FeelPath *path, DmnDomain *domain)
{
  static const FeelValue grades[] = { { FEEL_STRING, .string = TEXT_LITERAL ("甲") },
                                      { FEEL_STRING, .string = TEXT_LITERAL ("乙") },
                                      { FEEL_STRING, .string = TEXT_LITERAL ("丙") } };
  domain->null = path->slot == 0;
  if (path->slot != 0 || path->n == 0)
    return;
  Text name = path->members[0];
  domain->null = !text_equal (name, facts[SHARE].name) && !text_equal (name, facts[CERTAIN].name);
  if (text_equal (name, facts[WHOLE].name) || text_equal (name, facts[SHARE].name)) {
    bool whole = text_equal (name, facts[WHOLE].name);
    domain->scale = whole ? 0 : 2;
    domain->min = feel_int (0);
    domain->max = feel_int (whole ? 60 : 1);
  } else if (text_equal (name, facts[GRADE].name)) {
    domain->values = grades;
    domain->n_values = G_N_ELEMENTS (grades);
  }
}

/* ---- tables with what is found in them --------------------------------- */

typedef struct {
  const DmnModel *model;
  const DmnDecision *decision;
  char *expected; /* lines "severity code rule: message"; NULL: no block */
} Case;

/* "head" or the rule's label for a line of the table. */
static char *
place_of (const DmnTable *table, unsigned line)
{
  for (size_t r = 0; r < table->n_rules; r++)
    if (table->rules[r].line == line)
      return g_strndup (table->rules[r].label.bytes, table->rules[r].label.len);
  return line == table->inputs[0].line ? g_strdup ("head") : g_strdup_printf ("line %u", line);
}

static void
test_case (gconstpointer data)
{
  const Case *c = data;
  g_autoptr (DmnFaults) faults = dmn_faults_new ();
  g_autoptr (GString) found = g_string_new (NULL);
  g_autofree char *prefix = g_strdup_printf ("%.*s: ", (int)c->decision->name.len, c->decision->name.bytes);
  size_t n;
  dmn_table_check (c->model, c->decision, domain_of, NULL, faults);
  const DmnFault *list = dmn_faults_list (faults, &n);
  for (size_t i = 0; i < n; i++) {
    g_autofree char *place = place_of (c->decision->table, list[i].line);
    g_assert_true (g_str_has_prefix (list[i].message, prefix));
    g_string_append_printf (found, "%s %s %s: %s\n", list[i].severity == DMN_ERROR ? "error" : "warning",
                            list[i].code, place, list[i].message + strlen (prefix));
  }
  g_assert_cmpstr (found->str, ==, c->expected);
}

/* The block marked `findings` below the heading on LINE (from 1), before the next. */
static char *
expected_below (const char *text, unsigned line)
{
  const char *at = text;
  for (unsigned i = 1; i < line; i++)
    at = strchr (at, '\n') + 1;
  const char *end = strstr (at + 1, "\n## "), *block = strstr (at, "\n```findings\n");
  if (!block || (end && block > end))
    return NULL;
  block += strlen ("\n```findings\n");
  return g_strndup (block, (size_t)(strstr (block, "```") - block));
}

static void
free_case (gpointer data)
{
  Case *c = data;
  g_free (c->expected);
  g_free (c);
}

static void
check_faults (gconstpointer data)
{
  size_t n;
  const DmnFault *faults = dmn_faults_list ((DmnFaults *)data, &n);
  for (size_t i = 0; i < n; i++)
    g_test_message ("%s:%u:%u: %s", faults[i].origin, faults[i].line, faults[i].column, faults[i].message);
  g_assert_cmpuint (n, ==, 0);
}

static const DmnUnit *
read_unit (DmnModel *model, const char *name, const char *text, DmnFaults *faults)
{
  DmnClauseSource source = { .id = name,
                             .origin = name,
                             .body = text_of (text),
                             .first_line = 1,
                             .variables = variables,
                             .n_variables = G_N_ELEMENTS (variables) };
  return dmn_model_read_clause (model, &source, faults);
}

static void
read_cases (DmnModel *model, const char *name, DmnFaults *faults, GPtrArray *cases)
{
  g_autofree char *relative = g_build_filename ("tests/dmn/analysis", name, NULL);
  g_autofree char *path = support_source (relative);
  gsize len;
  g_autofree char *text = support_read (path, &len);
  const DmnUnit *unit = read_unit (model, name, text, faults);
  g_assert_nonnull (unit);
  for (size_t i = 0; i < unit->n_decisions; i++) {
    Case *c = g_new0 (Case, 1);
    *c = (Case){ model, unit->decisions[i], expected_below (text, unit->decisions[i]->line) };
    if (!c->expected) {
      free_case (c);
      continue;
    }
    g_ptr_array_add (cases, c);
  }
}

static void
add_case (gpointer data, gpointer unused)
{
  const DmnDecision *d = ((Case *)data)->decision;
  g_autofree char *name
      = g_strdup_printf ("/dmn/analysis/%s/%.*s", d->unit->id, (int)d->name.len, d->name.bytes);
  g_test_add_data_func (name, data, test_case);
}

/* ---- random tables ----------------------------------------------------- */

enum { TABLES = 600, RULES_MAX = 7, INPUTS_MAX = 3, POINTS_MAX = 9 };

/* A column: its fact, tests to draw from, and every value worth looking at. */
static const struct {
  const char *head;
  bool null;
  const char *tests[14], *points[POINTS_MAX];
} columns[] = {
  { "人.是非",
    true,
    { "-", "true", "false", "not(true)", "not(false)", "null" },
    { "true", "false", "null" } },
  { "人.文",
    true,
    { "-", "\"a\"", "\"b\"", "\"a\", \"b\"", "not(\"a\")", "not(\"a\", \"b\")", "null", "not(null)",
      "not(\"a\", null)" },
    { "\"a\"", "\"b\"", "\"\"", "\"aa\"", "\"c\"", "null" } },
  { "人.整数",
    true,
    { "-", "< 1", "<= 1", "> 1", ">= 2", "[1..2]", "(0..2)", "[0..2)", "not(1)", "3, null", "not([1..2])",
      "> 59", "60" },
    { "0", "1", "2", "3", "59", "60", "null" } },
  { "人.确知",
    false,
    { "-", "< 1", "<= 1", "> 1", ">= 2", "[1..2]", "(1..2)", "[1..2)", "not(1)", "1, 2" },
    { "0", "1", "1.5", "2", "3" } },
  { "人.日",
    true,
    { "-", "< @\"2021-01-02\"", "<= @\"2021-01-01\"", "> @\"2021-01-01\"",
      "[@\"2021-01-01\"..@\"2021-01-02\"]", "not(@\"2021-01-01\")", "null" },
    { "@\"2020-12-31\"", "@\"2021-01-01\"", "@\"2021-01-02\"", "@\"2021-01-03\"", "null" } },
};

typedef struct {
  size_t n_inputs, n_rules, column[INPUTS_MAX];
  const DmnTable *table;
  size_t n_points[INPUTS_MAX];
  FeelValue points[INPUTS_MAX][POINTS_MAX];
  Arena *arena;
} Sample;

static const char *
random_test (GRand *rand, size_t column)
{
  int n = 0;
  while (n < (int)G_N_ELEMENTS (columns[column].tests) && columns[column].tests[n])
    n++;
  return columns[column].tests[g_rand_int_range (rand, 0, n)];
}

static char *
random_page (GRand *rand, Sample *s, const char *policy)
{
  GString *page = g_string_new ("## 答: 数\n\n");
  g_string_append_printf (page, "| %s |", policy);
  for (size_t i = 0; i < s->n_inputs; i++) {
    s->column[i] = (size_t)g_rand_int_range (rand, 0, G_N_ELEMENTS (columns));
    g_string_append_printf (page, " %s |", columns[s->column[i]].head);
  }
  g_string_append (page, " → 答 |\n|---|");
  for (size_t i = 0; i <= s->n_inputs; i++)
    g_string_append (page, "---|");
  g_string_append (page, "\n");
  for (size_t r = 1; r <= s->n_rules; r++) {
    g_string_append_printf (page, "| %zu |", r);
    for (size_t i = 0; i < s->n_inputs; i++)
      g_string_append_printf (page, " %s |", random_test (rand, s->column[i]));
    g_string_append_printf (page, " %d |\n", g_rand_int_range (rand, 0, 3));
  }
  return g_string_free (page, FALSE);
}

static FeelValue
value_of (Arena *arena, const char *text)
{
  GError *error = NULL;
  FeelRun run = { .arena = arena };
  const FeelExpression *e = feel_compile (arena, text_of (text), feel_scope_new (arena, NULL), NULL, &error);
  g_assert_no_error (error);
  return feel_evaluate (e, &run);
}

static void
read_points (Sample *s)
{
  for (size_t i = 0; i < s->n_inputs; i++)
    for (size_t p = 0; p < POINTS_MAX && columns[s->column[i]].points[p]; p++)
      s->points[i][s->n_points[i]++] = value_of (s->arena, columns[s->column[i]].points[p]);
}

/* The next point of the grid; false after the last. */
static bool
next_point (const Sample *s, size_t *at)
{
  for (size_t i = 0; i < s->n_inputs; i++) {
    if (++at[i] < s->n_points[i])
      return true;
    at[i] = 0;
  }
  return false;
}

static bool
passes (const Sample *s, const FeelExpression *test, size_t input, size_t point)
{
  FeelRun run = { .arena = s->arena };
  return feel_is_true (feel_evaluate_test (test, s->points[input][point], &run));
}

static bool
matches (const Sample *s, size_t rule, const size_t *at)
{
  for (size_t i = 0; i < s->n_inputs; i++)
    if (!passes (s, s->table->rules[rule].tests[i].expression, i, at[i]))
      return false;
  return true;
}

/* A finding's region, compiled from the text that people are shown. */
static const FeelExpression **
compile_region (const Sample *s, const DmnFinding *f)
{
  const FeelExpression **tests = arena_new0 (s->arena, const FeelExpression *, s->n_inputs);
  for (size_t i = 0; i < s->n_inputs; i++) {
    GError *error = NULL;
    tests[i] = feel_compile_test (s->arena, f->tests[i], feel_scope_new (s->arena, NULL),
                                  feel_expression_type (s->table->inputs[i].expression), NULL, &error);
    g_assert_no_error (error);
  }
  return tests;
}

static bool
covers (const Sample *s, const FeelExpression *const *region, const size_t *at)
{
  for (size_t i = 0; i < s->n_inputs; i++)
    if (!passes (s, region[i], i, at[i]))
      return false;
  return true;
}

/* Regions of one kind (of two rules, for overlaps), compiled. */
typedef struct {
  const DmnRule *rule, *other;
  const FeelExpression **tests;
} Region;

static bool
some_covers (const Sample *s, GArray *regions, const DmnRule *rule, const DmnRule *other, const size_t *at)
{
  bool found = false;
  for (guint i = 0; i < regions->len && !found; i++) {
    const Region *r = &g_array_index (regions, Region, i);
    found = r->rule == rule && r->other == other && covers (s, r->tests, at);
  }
  return found;
}

static bool
is_duplicate (const DmnFinding *findings, size_t n, const DmnRule *rule)
{
  for (size_t i = 0; i < n; i++)
    if (findings[i].kind == DMN_DUPLICATE && findings[i].rule == rule)
      return true;
  return false;
}

static bool
same_output (const DmnTable *table, size_t r, size_t s)
{
  return text_equal (table->rules[r].outputs[0].text, table->rules[s].outputs[0].text);
}

/* At one point: a gap where no rule matches, an overlap for every two that must not. */
static void
check_point (const Sample *s, const DmnFinding *findings, size_t n, GArray *regions, const size_t *at)
{
  bool any = false, met[RULES_MAX];
  for (size_t r = 0; r < s->n_rules; r++)
    any |= met[r] = matches (s, r, at);
  bool single = s->table->policy != DMN_COLLECT;
  g_assert_cmpint (some_covers (s, regions, NULL, NULL, at), ==, single && !any);
  for (size_t b = 1; b < s->n_rules; b++)
    for (size_t a = 0; a < b; a++) {
      const DmnRule *rule = &s->table->rules[b], *other = &s->table->rules[a];
      bool refused = (s->table->policy == DMN_UNIQUE)
                     || (s->table->policy == DMN_ANY && !same_output (s->table, a, b));
      if (is_duplicate (findings, n, rule) && same_output (s->table, a, b))
        continue;
      g_assert_cmpint (some_covers (s, regions, rule, other, at), ==, refused && met[a] && met[b]);
    }
}

/* In a FIRST table, a rule is called unused exactly when no point is its. */
static void
check_first (const Sample *s, const DmnFinding *findings, size_t n)
{
  bool used[RULES_MAX] = { 0 }, called[RULES_MAX] = { 0 };
  size_t at[INPUTS_MAX] = { 0 };
  do
    for (size_t r = 0; r < s->n_rules; r++)
      if (matches (s, r, at)) {
        used[r] = true;
        break;
      }
  while (next_point (s, at));
  for (size_t i = 0; i < n; i++)
    if (findings[i].kind == DMN_UNREACHABLE || findings[i].kind == DMN_DUPLICATE)
      called[findings[i].rule - s->table->rules] = true;
  for (size_t r = 0; r < s->n_rules; r++)
    g_assert_cmpint (used[r], ==, !called[r]);
}

static void
check_sample (const Sample *s, const DmnModel *model, const DmnDecision *decision)
{
  size_t n, at[INPUTS_MAX] = { 0 };
  const DmnFinding *findings = dmn_table_findings (model, decision, s->arena, domain_of, NULL, 100000, &n);
  g_autoptr (GArray) regions = g_array_new (FALSE, FALSE, sizeof (Region));
  for (size_t i = 0; i < n; i++) {
    const DmnFinding *f = &findings[i];
    g_assert_cmpint (f->kind, !=, DMN_TOO_LARGE);
    if (f->kind != DMN_GAP && f->kind != DMN_OVERLAP)
      continue;
    Region region = { f->rule, f->other, compile_region (s, f) };
    g_array_append_val (regions, region);
  }
  do
    check_point (s, findings, n, regions, at);
  while (next_point (s, at));
  if (s->table->policy == DMN_FIRST)
    check_first (s, findings, n);
}

static void
test_random (void)
{
  static const char *const policies[] = { "U", "U", "A", "F", "P", "C" };
  g_autoptr (GRand) rand = g_rand_new_with_seed (20210930);
  for (int t = 0; t < TABLES; t++) {
    g_autoptr (Arena) arena = arena_new ();
    g_autoptr (DmnModel) model = dmn_model_new ();
    g_autoptr (DmnFaults) faults = dmn_faults_new ();
    Sample s = { .arena = arena,
                 .n_inputs = (size_t)g_rand_int_range (rand, 1, INPUTS_MAX + 1),
                 .n_rules = (size_t)g_rand_int_range (rand, 1, RULES_MAX + 1) };
    g_autofree char *page = random_page (rand, &s, policies[t % (int)G_N_ELEMENTS (policies)]);
    const DmnUnit *unit = read_unit (model, "表", page, faults);
    g_assert_true (dmn_model_link (model, faults));
    s.table = unit->decisions[0]->table;
    read_points (&s);
    check_sample (&s, model, unit->decisions[0]);
    if (g_test_failed ()) {
      g_test_message ("%s", page);
      return;
    }
  }
}

/* ---- size -------------------------------------------------------------- */

/* 1,000 rules, six columns: every combination of ten ages, ten dates' years and ten
 * amounts, and three columns more, of which the last rule's is missing. */
static char *
large_page (size_t n_rules)
{
  GString *page
      = g_string_new ("## 答: 数\n\n| U | 人.数 | 人.日 | 人.确知 | 人.文 | 人.是非 | 人.级别 | → 答 |\n"
                      "|---|---|---|---|---|---|---|---|\n");
  for (size_t r = 0; r < n_rules; r++) {
    size_t x = r % 10, y = r / 10 % 10, z = r / 100;
    g_string_append_printf (page, "| %zu | [%zu..%zu) | ", r + 1, x * 10, x * 10 + 10);
    g_string_append_printf (page, "[@\"20%zu0-01-01\"..@\"20%zu9-12-31\"] | [%zu..%zu) | ", y, y, z, z + 1);
    g_string_append_printf (page, "\"x%zu\", \"y%zu\" | %s | not(\"甲\") | %zu |\n", r % 50, r % 50,
                            r % 2 ? "true" : "not(true)", r);
  }
  return g_string_free (page, FALSE);
}

static void
test_large (void)
{
  g_autoptr (DmnModel) model = dmn_model_new ();
  g_autoptr (DmnFaults) faults = dmn_faults_new ();
  g_autofree char *page = large_page (1000);
  const DmnUnit *unit = read_unit (model, "表", page, faults);
  g_assert_true (dmn_model_link (model, faults));
  gint64 begun = g_get_monotonic_time ();
  dmn_table_check (model, unit->decisions[0], domain_of, NULL, faults);
  g_test_message ("%" G_GINT64_FORMAT " ms", (g_get_monotonic_time () - begun) / 1000);
  size_t n;
  const DmnFault *list = dmn_faults_list (faults, &n);
  for (size_t i = 0; i < n; i++)
    g_test_message ("%s", list[i].message);
  g_assert_cmpuint (n, ==, 4); /* gaps, and nothing that is not there */
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  setlocale (LC_CTYPE, "C.UTF-8");
  g_test_set_nonfatal_assertions ();
  g_autoptr (DmnModel) model = dmn_model_new ();
  g_autoptr (DmnFaults) faults = dmn_faults_new ();
  g_autoptr (GPtrArray) cases = g_ptr_array_new_with_free_func (free_case);
  g_autofree char *folder = support_source ("tests/dmn/analysis");
  g_autoptr (GDir) dir = g_dir_open (folder, 0, NULL);
  for (const char *name; (name = g_dir_read_name (dir));)
    if (g_str_has_suffix (name, ".md"))
      read_cases (model, name, faults, cases);
  if (dmn_model_link (model, faults))
    g_ptr_array_foreach (cases, add_case, NULL);
  g_test_add_data_func ("/dmn/analysis/no-faults", faults, check_faults);
  g_test_add_func ("/dmn/analysis/random", test_random);
  g_test_add_func ("/dmn/analysis/large", test_large);
  return g_test_run ();
}
