/* Random tables of many rules and values of every kind, with and without trace:
 * each condition must be as FEEL alone finds it, the answer what follows. */
#include "support.h"

#include "dmn/dmn.h"

enum { INPUTS = 3, TABLES = 60, ASKED = 60 };

static const char *const names[INPUTS] = { "甲", "乙", "丙" };
static const char *const tests[] = {
  "-",
  "null",
  "not(null)",
  "true",
  "false",
  "not(true)",
  "%d",
  "%d, %d, \"a\"",
  "not(%d, %d)",
  "< %d",
  "<= %d.0",
  "> %d",
  ">= %d",
  "[%d..1%d]",
  "(%d..1%d)",
  "[%d..1%d], \"b%d\"",
  "not([%d..1%d])",
  "\"a\"",
  "\"b%d\", null",
  "not(\"a\")",
  "> \"b%d\"",
  "date(\"2021-09-0%d\")",
  "< date(\"2021-09-0%d\")",
  "[date(\"2021-09-0%d\")..date(\"2021-09-1%d\")]",
  "not(date(\"2021-09-0%d\"))",
  "duration(\"P%dD\")",
  ">= duration(\"P%dM\")",
  "< time(\"0%d:00:00Z\")",
  "? > %d and ? < 1%d",
  "? != %d",
  "? in [%d..1%d]",
  "string(?) = \"%d\"",
  "? = abs(?)",
  "[%d, 1%d]",
};
static const char *const values[] = {
  "null",
  "true",
  "false",
  "%d",
  "1%d",
  "%d.50",
  "-%d",
  "\"a\"",
  "\"b%d\"",
  "\"\"",
  "date(\"2021-09-0%d\")",
  "date(\"2021-09-1%d\")",
  "duration(\"P%dD\")",
  "duration(\"P%dM\")",
  "time(\"0%d:00:00Z\")",
  "date and time(\"2021-09-0%d\")",
  "[%d]",
  "{a: %d}",
  "[1..%d]",
};

/* TEXT with a digit for every %d. */
static char *
fill (GRand *rand, const char *text)
{
  GString *out = g_string_new (NULL);
  for (const char *at = text; *at; at++)
    if (g_str_has_prefix (at, "%d")) {
      g_string_append_printf (out, "%d", g_rand_int_range (rand, 1, 9));
      at++;
    } else
      g_string_append_c (out, *at);
  return g_string_free (out, FALSE);
}

/* A column keeps to a few kinds of tests, as people's do; some to "-" almost always. */
static char *
random_page (GRand *rand, int n_rules, const char *policy)
{
  GString *page = g_string_new ("## 答: 任意\n\n");
  g_string_append_printf (page, "| %s | 输入.甲 | 输入.乙 | 输入.丙 | → 答 |\n| - | - | - | - | - |\n",
                          policy);
  int kinds[INPUTS][3];
  for (int i = 0; i < INPUTS; i++)
    for (int k = 0; k < 3; k++)
      kinds[i][k] = g_rand_int_range (rand, 0, G_N_ELEMENTS (tests));
  for (int r = 0; r < n_rules; r++) {
    g_string_append_printf (page, "| %d |", r);
    for (int i = 0; i < INPUTS; i++) {
      int kind = g_rand_int_range (rand, 0, 4);
      g_autofree char *test = fill (rand, tests[kind < 3 ? kinds[i][kind] : 0]);
      g_string_append_printf (page, " %s |", test);
    }
    g_string_append_printf (page, " %d |\n", r);
  }
  return g_string_free (page, FALSE);
}

static FeelValue
random_value (GRand *rand, Arena *arena, const char *name)
{
  if (g_rand_int_range (rand, 0, 8) == 0)
    return feel_unknown (arena, (FeelNeed){ .name = text_of (name) });
  g_autofree char *text = fill (rand, values[g_rand_int_range (rand, 0, G_N_ELEMENTS (values))]);
  const FeelExpression *e = feel_compile (arena, text_of (text), NULL, NULL, NULL);
  FeelRun run = { .arena = arena };
  return feel_evaluate (e, &run);
}

static FeelValue
bind (void *host, const DmnUnit *unit, const DmnVariable *variable, Arena *arena)
{
  return *(const FeelValue *)host;
}

static DmnModel *
link_page (const char *page)
{
  static const FeelType type = { .kind = FEEL_TYPE_CONTEXT };
  static const DmnVariable input = { "输入", &type };
  g_autoptr (DmnFaults) faults = dmn_faults_new ();
  DmnModel *model = dmn_model_new ();
  DmnClauseSource source = { .id = "页",
                             .origin = "page.md",
                             .body = text_of (page),
                             .first_line = 1,
                             .variables = &input,
                             .n_variables = 1 };
  bool good = dmn_model_read_clause (model, &source, faults) && dmn_model_link (model, faults);
  size_t n;
  const DmnFault *list = dmn_faults_list (faults, &n);
  if (!good)
    g_error ("%u: %s in\n%s", list[0].line, list[0].message, page);
  return model;
}

static DmnStatus
plain_status (const DmnTraceCondition *condition, Arena *arena)
{
  FeelRun run = { .arena = arena };
  FeelValue met = feel_evaluate_test (condition->test->expression, condition->value, &run);
  return met.kind == FEEL_UNKNOWN ? DMN_UNDECIDED : feel_is_true (met) ? DMN_MET : DMN_NOT_MET;
}

/* Every condition of the trace; the rules met go to MET as the answer shows them. */
static bool
check_trace (const DmnTrace *trace, Arena *arena, const char *page, GString *met)
{
  bool open = false;
  g_string_assign (met, "[");
  for (size_t r = 0; r < trace->n_rules; r++) {
    DmnStatus rule = DMN_MET;
    for (int i = 0; i < INPUTS; i++) {
      const DmnTraceCondition *condition = &trace->rules[r].conditions[i];
      DmnStatus status = plain_status (condition, arena);
      if (condition->status != status)
        g_error ("rule %zu, %s of %s: %d, but FEEL says %d, in\n%s", r, names[i],
                 feel_display (arena, condition->value), condition->status, status, page);
      rule = rule == DMN_NOT_MET || status == DMN_NOT_MET ? DMN_NOT_MET : MAX (rule, status);
    }
    g_assert_cmpint (trace->rules[r].status, ==, rule);
    open |= rule == DMN_UNDECIDED;
    if (rule == DMN_MET)
      g_string_append_printf (met, "%s%zu", met->len > 1 ? ", " : "", r);
  }
  g_string_append_c (met, ']');
  return open;
}

static char *
text_of_answer (const DmnModel *model, Arena *arena, const FeelValue *input, DmnRunFlags flags,
                const DmnTrace **trace)
{
  DmnRun *run = dmn_run_new (model, arena, bind, (void *)input, flags);
  GString *text = g_string_new (NULL);
  feel_write (text, dmn_run_decision (run, dmn_model_find (model, "页", "答")));
  *trace = dmn_run_trace (run);
  return g_string_free (text, FALSE);
}

static void
check_table (GRand *rand, const char *policy, int n_rules, int *decided)
{
  g_autofree char *page = random_page (rand, n_rules, policy);
  g_autoptr (DmnModel) model = link_page (page);
  for (int k = 0; k < ASKED; k++) {
    g_autoptr (Arena) arena = arena_new ();
    FeelEntry entries[INPUTS];
    for (int i = 0; i < INPUTS; i++)
      entries[i] = (FeelEntry){ text_of (names[i]), random_value (rand, arena, names[i]) };
    FeelValue input = feel_context (arena, entries, INPUTS);
    const DmnTrace *trace, *none;
    g_autoptr (GString) met = g_string_new (NULL);
    g_autofree char *traced = text_of_answer (model, arena, &input, DMN_TRACE, &trace);
    g_autofree char *plain = text_of_answer (model, arena, &input, DMN_PLAIN, &none);
    g_assert_cmpstr (traced, ==, plain);
    g_assert_null (none);
    g_assert_cmpuint (trace->n_rules, ==, (size_t)n_rules);
    bool open = check_trace (trace, arena, page, met);
    if (!open && g_str_equal (policy, "R"))
      g_assert_cmpstr (plain, ==, met->str);
    *decided += !open;
  }
}

static void
test_tables (gconstpointer policy)
{
  g_autoptr (GRand) rand = g_rand_new_with_seed (g_str_hash (policy));
  int decided = 0;
  for (int i = 0; i < TABLES; i++)
    check_table (rand, policy, i % 10 ? g_rand_int_range (rand, 1, 20) : g_rand_int_range (rand, 60, 400),
                 &decided);
  g_assert_cmpint (decided, >, TABLES * ASKED / 3);
  g_assert_cmpint (decided, <, TABLES * ASKED);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_data_func ("/dmn/index/rule-order", "R", test_tables);
  g_test_add_data_func ("/dmn/index/first", "F", test_tables);
  g_test_add_data_func ("/dmn/index/unique", "U", test_tables);
  return g_test_run ();
}
