/* liudong eval and liudong tck as commands: what they print and how they exit. */
#include "support.h"

#include <string.h>

typedef struct {
  const char *name, *model, *input;
  const char *decision; /* NULL: all */
  int status;
  const char *says; /* on standard output, or on standard error when the status is not 0 */
} Row;

#define MODELS "tests/dmn/models/"

static const Row rows[] = {
  { "decision", MODELS "requirements/requirements.dmn", "{\"x\": 1}", "far", 0, "\"value\": 3" },
  { "override", MODELS "requirements/requirements.dmn", "{\"near\": 10}", "far", 0, "\"value\": 11" },
  { "function", MODELS "requirements/requirements.dmn", "{\"v\": 5}", "recursive", 0, "\"value\": 120" },
  { "service", MODELS "services/services.dmn", "{\"a\": 1, \"b\": 2}", "one", 0, "\"value\": 12" },
  { "import", MODELS "imports/imports.dmn", "{\"b\": {\"person\": {\"name\": \"Li\"}}}", "data", 0,
    "\"value\": \"Li\"" },
  { "diagnostic", MODELS "requirements/requirements.dmn", "{\"x\": \"one\"}", "near", 0,
    "x: one is not number" },
  { "all", MODELS "requirements/requirements.dmn", "{\"x\": 1}", NULL, 0, "\"decision\": \"factorial\"" },
  { "number kept exact", MODELS "tables/tables.dmn", "{\"x\": 1.10}", "money kept exact", 2, "syntax" },
  { "unknown name", MODELS "services/services.dmn", "{\"c\": 1}", NULL, 2,
    "c is neither an input nor a decision" },
  { "unknown decision", MODELS "services/services.dmn", "{}", "none", 2, "no decision of that name" },
  { "no object", MODELS "services/services.dmn", "[1]", NULL, 2, "the inputs are an object" },
  { "no JSON", MODELS "services/services.dmn", "{", NULL, 2, "input.json:1" },
  { "no model", MODELS "services/none.dmn", "{}", NULL, 2, "none.dmn" },
  { "page outside a package", "README.md", "{}", NULL, 2, "a clause page lies in a policy package" },
  { "clause", "policy/minhou-2021-81/clauses/15-hr-services.md",
    "{\"园区\": {\"经县申报\": true, \"认定级别\": \"市级\"}}", "县级配套奖励", 0,
    "\"decision\": \"县级配套奖励\"" },
  { "clause without facts", "policy/minhou-2021-81/clauses/15-hr-services.md", "{}", "符合奖励条件", 0,
    "园区.经县申报" },
};

static void
test_row (gconstpointer data)
{
  const Row *row = data;
  g_autofree char *folder = support_folder ();
  g_autofree char *input = g_build_filename (folder, "input.json", NULL);
  g_autofree char *model = support_source (row->model);
  g_assert_true (g_file_set_contents (input, row->input, -1, NULL));
  const char *argv[] = { "liudong",     "eval", model, "--input", input, row->decision ? "--decision" : NULL,
                         row->decision, NULL };
  g_autofree char *out = NULL, *err = NULL;
  g_assert_cmpint (support_run (argv, &out, &err), ==, row->status);
  const char *said = row->status ? err : out;
  if (!strstr (said, row->says))
    g_error ("it does not say %s:\n%s", row->says, said);
  support_remove (folder);
}

static void
test_explain (void)
{
  g_autofree char *folder = support_folder ();
  g_autofree char *input = g_build_filename (folder, "input.json", NULL);
  g_autofree char *model = support_source (MODELS "thousand-rules/thousand-rules.dmn");
  g_assert_true (g_file_set_contents (input, "{\"x\": 15}", -1, NULL));
  const char *argv[] = { "liudong", "eval", model, "--input", input, "--explain", NULL };
  g_autofree char *out = NULL;
  g_assert_cmpint (support_run (argv, &out, NULL), ==, 0);
  g_autoptr (Arena) arena = arena_new ();
  const JsonValue *json = json_parse (arena, text_of (out), "output", NULL);
  g_assert_nonnull (json);
  const JsonValue *table = json_get (json, "explanation")->elements[0], *rules = json_get (table, "rules");
  g_assert_cmpuint (rules->n, ==, 1000);
  g_assert_cmpstr (json_string (json_get (rules->elements[0], "status")), ==, "not_met");
  g_assert_cmpstr (json_string (json_get (rules->elements[1], "status")), ==, "met");
  const JsonValue *condition = json_get (rules->elements[1], "conditions")->elements[0];
  g_assert_cmpstr (json_string (json_get (condition, "test")), ==, "[10..19]");
  g_assert_cmpstr (json_string (json_get (condition, "input")), ==, "x");
  support_remove (folder);
}

/* A suite in which one of two cases fails. */
static const char suite[] = "<testCases xmlns=\"http://www.omg.org/spec/DMN/20160719/testcase\" "
                            "xmlns:xsi=\"http://www.w3.org/2001/XMLSchema-instance\" "
                            "xmlns:xsd=\"http://www.w3.org/2001/XMLSchema\">"
                            "<modelName>m.dmn</modelName>"
                            "<testCase id=\"good\"><resultNode name=\"d\"><expected><value "
                            "xsi:type=\"xsd:decimal\">1.000000009</value>"
                            "</expected></resultNode></testCase>"
                            "<testCase id=\"bad\"><resultNode name=\"d\"><expected><value "
                            "xsi:type=\"xsd:decimal\">1.00000002</value>"
                            "</expected></resultNode></testCase>"
                            "<testCase id=\"half\"><resultNode name=\"d\"><expected><value "
                            "xsi:type=\"xsd:decimal\">1</value></expected>"
                            "</resultNode><resultNode name=\"none\"><expected><value "
                            "xsi:type=\"xsd:duration\">P1Y</value></expected>"
                            "</resultNode></testCase></testCases>";

static void
test_tck_counts (void)
{
  g_autofree char *folder = support_folder ();
  g_autofree char *model = g_build_filename (folder, "m.dmn", NULL);
  g_autofree char *tests = g_build_filename (folder, "m-test-01.xml", NULL);
  g_autofree char *csv = g_build_filename (folder, "out.csv", NULL);
  g_assert_true (g_file_set_contents (
      model,
      "<definitions xmlns=\"https://www.omg.org/spec/DMN/20230324/MODEL/\" name=\"m\" "
      "namespace=\"urn:m\"><decision "
      "name=\"d\"><literalExpression><text>1</text></literalExpression></decision></definitions>",
      -1, NULL));
  g_assert_true (g_file_set_contents (tests, suite, -1, NULL));
  const char *argv[] = { "liudong", "tck", folder, "--csv", csv, "--verbose", NULL };
  g_autofree char *out = NULL;
  g_assert_cmpint (support_run (argv, &out, NULL), ==, 1);
  g_autofree char *rows_written = support_read (csv, NULL);
  g_assert_cmpstr (rows_written, ==,
                   "\"\",\"m-test-01\",\"good\",\"SUCCESS\",\"\"\n\"\",\"m-test-01\",\"bad\",\"ERROR\",\"\"\n"
                   "\"\",\"m-test-01\",\"half\",\"ERROR\",\"\"\n");
  g_assert_nonnull (strstr (out, "expected 1.00000002"));
  support_remove (folder);
}

static void
test_tck_nothing (void)
{
  g_autofree char *folder = support_folder ();
  const char *argv[] = { "liudong", "tck", folder, NULL };
  g_assert_cmpint (support_run (argv, NULL, NULL), ==, 2);
  support_remove (folder);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  for (size_t i = 0; i < G_N_ELEMENTS (rows); i++) {
    g_autofree char *path = g_strdup_printf ("/cli/eval/%s", rows[i].name);
    g_test_add_data_func (path, &rows[i], test_row);
  }
  g_test_add_func ("/cli/eval/explain", test_explain);
  g_test_add_func ("/cli/tck/counts", test_tck_counts);
  g_test_add_func ("/cli/tck/nothing", test_tck_nothing);
  return g_test_run ();
}
