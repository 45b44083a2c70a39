/* One run used again and again: as if each had been the first. */
#include "support.h"

#include "dmn/dmn.h"

enum { ASKED = 40 };

/* A function in the midst of a decision, both reading the used unit, each its own part. */
static const char used_page[] = "## 基数: 数字\n\n```feel\n输入.甲 * 2\n```\n\n"
                                "## 倍数: 数字\n\n```feel\n输入.甲 + 1\n```\n";
static const char page[]
    = "## 加(x): 数字\n\n```feel\nx + 别页.倍数 + 底\n```\n\n"
      "## 底: 数字\n\n```feel\n别页.倍数 + 输入.甲\n```\n\n"
      "## 答: 数字\n\n```feel\n别页.基数 + 加(1) + 加(加(2)) + 别页.基数\n```\n\n"
      "## 级: 文字\n\n| U | 答 | → 级 |\n| - | - | - |\n| 1 | < 100 | \"低\" |\n| 2 | >= 100 | \"高\" |\n";

static const char file[]
    = "<definitions xmlns=\"https://www.omg.org/spec/DMN/20191111/MODEL/\" name=\"m\" namespace=\"m\">"
      "<inputData id=\"i\" name=\"n\"><variable name=\"n\"/></inputData>"
      "<businessKnowledgeModel id=\"f\" name=\"fac\"><encapsulatedLogic><formalParameter name=\"k\"/>"
      "<context><contextEntry><variable name=\"rest\"/><literalExpression><text>if k &lt; 2 then 1 else "
      "fac(k - 1)"
      "</text></literalExpression></contextEntry><contextEntry><literalExpression><text>k * rest</text>"
      "</literalExpression></contextEntry></context></encapsulatedLogic></businessKnowledgeModel>"
      "<decision id=\"a\" name=\"a\"><variable name=\"a\"/><informationRequirement><requiredInput "
      "href=\"#i\"/>"
      "</informationRequirement><literalExpression><text>n + 1</text></literalExpression></decision>"
      "<decisionService id=\"s\" name=\"s\"><outputDecision href=\"#a\"/><inputData "
      "href=\"#i\"/></decisionService>"
      "<decision id=\"d\" name=\"d\"><variable name=\"d\"/>"
      "<informationRequirement><requiredInput href=\"#i\"/></informationRequirement>"
      "<informationRequirement><requiredDecision href=\"#a\"/></informationRequirement>"
      "<knowledgeRequirement><requiredKnowledge href=\"#f\"/></knowledgeRequirement>"
      "<knowledgeRequirement><requiredKnowledge href=\"#s\"/></knowledgeRequirement>"
      "<literalExpression><text>fac(n) + a + s(n * 10) + s(n * 20)</text></literalExpression></decision>"
      "</definitions>";

static FeelValue
bind (void *host, const DmnUnit *unit, const DmnVariable *variable, Arena *arena)
{
  FeelEntry entry = { TEXT_LITERAL ("甲"), *(const FeelValue *)host };
  return feel_context (arena, &entry, 1);
}

/* What is asked with: numbers, and at times nothing. */
static FeelValue
asked (Arena *arena, int i)
{
  return i % 7 == 3   ? feel_unknown (arena, (FeelNeed){ .name = TEXT_LITERAL ("甲") })
         : i % 7 == 5 ? feel_null ()
                      : feel_int (i);
}

static char *
told (DmnRun *run, const DmnDecision *d)
{
  GString *text = g_string_new (NULL);
  feel_write (text, dmn_run_decision (run, d));
  for (const DmnTrace *trace = dmn_run_trace (run); trace; trace = trace->next) {
    g_string_append_printf (text, " %.*s ", (int)trace->decision->name.len, trace->decision->name.bytes);
    feel_write (text, trace->value);
  }
  for (const FeelDiagnostic *told = dmn_run_diagnostics (run); told; told = told->next)
    g_string_append_printf (text, " %s", told->message);
  return g_string_free (text, FALSE);
}

static void
read_pages (DmnModel *model)
{
  static FeelMember member[] = { { TEXT_LITERAL ("甲"), &feel_type_number } };
  static const FeelType type = { .kind = FEEL_TYPE_CONTEXT, .n = 1, .members = member, .closed = true };
  static const DmnVariable input = { "输入", &type };
  static const char *const uses[] = { "别页", NULL };
  g_autoptr (DmnFaults) faults = dmn_faults_new ();
  DmnClauseSource source
      = { .id = "别页", .body = text_of (used_page), .first_line = 1, .variables = &input, .n_variables = 1 };
  g_assert_nonnull (dmn_model_read_clause (model, &source, faults));
  source.id = "页";
  source.body = text_of (page);
  source.uses = uses;
  g_assert_nonnull (dmn_model_read_clause (model, &source, faults));
  g_assert_true (dmn_model_link (model, faults));
}

static void
test_clause (void)
{
  g_autoptr (DmnModel) model = dmn_model_new ();
  read_pages (model);
  const DmnDecision *d = dmn_model_find (model, "页", "级");
  g_autoptr (Arena) home = arena_new (), values = arena_new ();
  FeelValue input;
  DmnRun *run = dmn_run_new (model, home, bind, &input, DMN_TRACE);
  for (int i = 0; i < ASKED; i++) {
    g_autoptr (Arena) arena = arena_new ();
    input = asked (arena, i);
    arena_reset (values);
    dmn_run_reset (run, values, NULL);
    g_autofree char *again = told (run, d),
                    *first = told (dmn_run_new (model, arena, bind, &input, DMN_TRACE), d);
    g_assert_cmpstr (again, ==, first);
    /* 倍数 + 底 thrice, 基数 twice, and 3 */
    g_autofree char *answer = g_strdup_printf (" 答 %d", 3 * ((i + 1) + (i + 1 + i)) + 2 * 2 * i + 3);
    g_assert_true (i % 7 == 3 || i % 7 == 5 || strstr (again, answer));
  }
}

static FeelValue
file_inputs (Arena *arena, FeelValue n)
{
  FeelEntry entry = { TEXT_LITERAL ("n"), n };
  return feel_context (arena, &entry, 1);
}

static void
test_file (void)
{
  g_autoptr (DmnModel) model = dmn_model_new ();
  g_autoptr (DmnFaults) faults = dmn_faults_new ();
  DmnXmlSource source = { .path = "m.dmn", .text = text_of (file) };
  const DmnUnit *unit = dmn_model_read_xml (model, &source, faults);
  g_assert_true (dmn_model_link (model, faults));
  const DmnDecision *d = dmn_unit_find (unit, TEXT_LITERAL ("d"));
  g_autoptr (Arena) home = arena_new (), values = arena_new ();
  DmnInputs inputs = { .values = feel_null () };
  DmnRun *run = dmn_run_new_inputs (model, home, &inputs, DMN_TRACE);
  gint64 factorial = 1;
  for (int i = 1; i < 15; i++) {
    g_autoptr (Arena) arena = arena_new ();
    factorial *= i;
    inputs.values = file_inputs (arena, asked (arena, i));
    arena_reset (values);
    dmn_run_reset (run, values, &inputs);
    FeelValue value = dmn_run_decision (run, d);
    g_autofree char *again = told (run, d),
                    *first = told (dmn_run_new_inputs (model, arena, &inputs, DMN_TRACE), d);
    g_assert_cmpstr (again, ==, first);
    if (i % 7 != 3 && i % 7 != 5)
      g_assert_true (feel_is_true (feel_equal (arena, value, feel_int (factorial + 31 * i + 3))));
  }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/dmn/reset/clause", test_clause);
  g_test_add_func ("/dmn/reset/file", test_file);
  return g_test_run ();
}
