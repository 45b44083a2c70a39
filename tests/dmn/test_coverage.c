/* What examples leave untried: a page of two decisions, and rows of examples that
 * cover more and more of it. */
#include "dmn/dmn.h"
#include "support.h"

#include <locale.h>

static const char page[] = "# 试验\n\n"
                           "## 可领: 是否\n\n"
                           "| A | x.年龄 | x.户籍 | → 可领 |\n"
                           "|---|--------|--------|--------|\n"
                           "| 1 | >= 60  | true   | true   |\n"
                           "| 2 | < 60   | -      | false  |\n"
                           "| 3 | -      | false  | false  |\n\n"
                           "## 金额: 金额\n\n"
                           "```feel\n"
                           "if 可领 and (x.年龄 >= 80\n"
                           "  or x.户籍 = null) then 2 else 1\n"
                           "```\n\n";
#define HEAD_ELIGIBLE "| 样例 | x.年龄 | x.户籍 | → 可领 |\n|---|---|---|---|\n"
#define HEAD_AMOUNT "| 样例 | x.年龄 | x.户籍 | → 金额 |\n|---|---|---|---|\n"

/* FINDINGS: "code line" of each, in order. */
static const struct {
  const char *name, *eligible, *amount, *findings;
  size_t rules_met, decisive;
} rows[] = {
  { "nothing", "", "",
    "untested-rule 7, untested-condition 7, untested-condition 7, untested-rule 8, untested-condition 8, "
    "untested-rule 9, untested-condition 9, untested-condition 14, untested-condition 14, untested-condition "
    "15",
    0, 0 },
  { "one rule met", HEAD_ELIGIBLE "| a | 60 | true | true |\n", "",
    "untested-condition 7, untested-condition 7, untested-rule 8, untested-rule 9, "
    "untested-condition 14, untested-condition 14, untested-condition 15",
    1, 2 },
  { "both fail together", HEAD_ELIGIBLE "| a | 60 | true | true |\n| b | 59 | false | false |\n", "",
    "untested-condition 7, untested-condition 7, untested-condition 14, untested-condition 14, "
    "untested-condition 15",
    3, 2 },
  { "each alone",
    HEAD_ELIGIBLE "| a | 60 | true | true |\n| b | 59 | true | false |\n| c | 60 | false | false |\n", "",
    "untested-condition 14, untested-condition 14, untested-condition 15", 3, 4 },
  { "what is unknown covers nothing",
    HEAD_ELIGIBLE "| a | 60 | true | true |\n| b | 59 | true | false |\n| c | 未知 | 未知 | 待定 |\n", "",
    "untested-condition 7, untested-rule 9, untested-condition 14, untested-condition 14, untested-condition "
    "15",
    2, 3 },
  { "the left of and both ways", "", HEAD_AMOUNT "| a | 80 | true | 2 |\n| b | 59 | true | 1 |\n",
    "untested-condition 7, untested-rule 9, untested-condition 14, untested-condition 15", 2, 4 },
  { "everything",
    HEAD_ELIGIBLE "| a | 60 | true | true |\n| b | 59 | true | false |\n| c | 60 | false | false |\n",
    HEAD_AMOUNT "| d | 80 | true | 2 |\n| e | 60 | true | 1 |\n| f | 59 | true | 1 |\n",
    "untested-condition 15", 3, 6 },
};

static FeelValue
nothing_stated (void *host, const DmnUnit *unit, const DmnVariable *variable, Text date, Arena *arena)
{
  return feel_null ();
}

static char *
list_findings (DmnFaults *faults)
{
  size_t n;
  const DmnFault *list = dmn_faults_list (faults, &n);
  GString *out = g_string_new (NULL);
  for (size_t i = 0; i < n; i++)
    g_string_append_printf (out, "%s%s %u", i ? ", " : "", list[i].code, list[i].line);
  return g_string_free (out, FALSE);
}

/* What the examples of BODY leave untried. */
static char *
cover (const char *body, DmnCoverageCount *count)
{
  static const FeelMember members[]
      = { { TEXT_LITERAL ("年龄"), &feel_type_number }, { TEXT_LITERAL ("户籍"), &feel_type_boolean } };
  static const FeelType type = { .kind = FEEL_TYPE_CONTEXT, .n = 2, .members = members };
  static const DmnVariable variable = { "x", &type };
  g_autoptr (DmnModel) model = dmn_model_new ();
  g_autoptr (DmnFaults) faults = dmn_faults_new ();
  g_autoptr (DmnCoverage) coverage = dmn_coverage_new ();
  g_autoptr (Arena) arena = arena_new ();
  DmnClauseSource source = { .id = "试验",
                             .origin = "page",
                             .body = text_of (body),
                             .first_line = 1,
                             .variables = &variable,
                             .n_variables = 1 };
  const DmnUnit *unit = dmn_model_read_clause (model, &source, faults);
  g_assert_true (dmn_model_link (model, faults));
  size_t n;
  const DmnExampleResult *results = dmn_unit_test (model, unit, arena, nothing_stated, NULL, coverage, &n);
  for (size_t k = 0; k < n; k++)
    g_assert_true (results[k].passed);
  dmn_coverage_report (coverage, unit, faults, count);
  return list_findings (faults);
}

static void
test_row (gconstpointer data)
{
  size_t i = GPOINTER_TO_SIZE (data);
  DmnCoverageCount count = { 0 };
  /* Examples name the decision they are about, so all may stand at the end. */
  g_autofree char *body = g_strconcat (page, rows[i].eligible, "\n", rows[i].amount, NULL);
  g_autofree char *found = cover (body, &count);
  g_assert_cmpstr (found, ==, rows[i].findings);
  g_assert_cmpuint (count.rules, ==, 3);
  g_assert_cmpuint (count.conditions, ==, 7);
  g_assert_cmpuint (count.rules_met, ==, rows[i].rules_met);
  g_assert_cmpuint (count.conditions_decisive, ==, rows[i].decisive);
}

/* The table of a function is tried by whoever calls it. */
static void
test_function (void)
{
  static const char of_function[] = "# 试验\n\n"
                                    "## 大(甲: 数): 是否\n\n"
                                    "| U | 甲    | → 大  |\n"
                                    "|---|-------|-------|\n"
                                    "| 1 | >= 60 | true  |\n"
                                    "| 2 | < 60  | false |\n\n"
                                    "## 可领: 是否\n\n"
                                    "```feel\n大(x.年龄)\n```\n\n" HEAD_ELIGIBLE;
  DmnCoverageCount count = { 0 }, all = { 0 };
  g_autofree char *some = g_strconcat (of_function, "| a | 60 | true | true |\n", NULL),
                  *both = g_strconcat (some, "| b | 59 | true | false |\n", NULL);
  g_autofree char *left = cover (some, &count), *none = cover (both, &all);
  g_assert_cmpstr (left, ==, "untested-condition 7, untested-rule 8");
  g_assert_cmpstr (none, ==, "");
  g_assert_cmpuint (all.rules_met, ==, 2);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  setlocale (LC_CTYPE, "C.UTF-8");
  for (size_t i = 0; i < G_N_ELEMENTS (rows); i++) {
    g_autofree char *path = g_strdup_printf ("/dmn/coverage/%s", rows[i].name);
    g_test_add_data_func (path, GSIZE_TO_POINTER (i), test_row);
  }
  g_test_add_func ("/dmn/coverage/function", test_function);
  return g_test_run ();
}
