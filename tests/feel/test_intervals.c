/* Constant unary tests as intervals: their form, and that each says exactly what
 * evaluating the test says, at every bound and around it. */
#include "feel/feel.h"
#include "support.h"

static const struct {
  const char *test, *expected; /* NULL: not expressible */
} cases[] = {
  { "-", "all null" },
  { "5", "[5..5]" },
  { "5.0, 5", "[5..5]" },
  { "< 5", "(..5)" },
  { "<= 5", "(..5]" },
  { "> 5", "(5..)" },
  { ">= 5", "[5..)" },
  { "= 5", "[5..5]" },
  { "!= 5", "(..5) (5..) null" },
  { "not(5)", "(..5) (5..) null" },
  { "[1..5]", "[1..5]" },
  { "(1..5)", "(1..5)" },
  { "]1..5[", "(1..5)" },
  { "(1..5]", "(1..5]" },
  { "[5..5]", "[5..5]" },
  { "[5..5)", "" },
  { "not([5..5))", "(..)" },
  { "(< 5)", "(..5)" },
  { "(!= 5)", "(..5) (5..) null" },
  { "< 5, > 10", "(..5) (10..)" },
  { "< 5, >= 5", "(..)" },
  { "< 5, > 5", "(..5) (5..)" },
  { "[1..3], (3..5]", "[1..5]" },
  { "[1..3), (3..5]", "[1..3) (3..5]" },
  { "5, 1, 3, [2..4]", "[1..1] [2..4] [5..5]" },
  { "not(< 5)", "[5..)" },
  { "not([1..5])", "(..1) (5..)" },
  { "not(1, 3)", "(..1) (1..3) (3..) null" },
  { "not(< 3, > 4)", "[3..4]" },
  { "\"a\"", "[\"a\"..\"a\"]" },
  { "\"b\", \"a\"", "[\"a\"..\"a\"] [\"b\"..\"b\"]" },
  { "not(\"a\")", "(..\"a\") (\"a\"..) null" },
  { "not(\"a\", 5)", "null" },
  { "\"a\", 5", "[5..5] [\"a\"..\"a\"]" },
  { ">= \"a\"", "[\"a\"..)" },
  { "true", "[true..true]" },
  { "true, false", "[false..false] [true..true]" },
  { "not(true)", "[false..false] null" },
  { "< true", "" },
  { "null", "null" },
  { "null, 5", "[5..5] null" },
  { "not(null)", "all" },
  { "not(null, 5)", "(..5) (5..)" },
  { "< null", "" },
  { "[\"a\", \"b\"]", "[\"a\"..\"a\"] [\"b\"..\"b\"]" },
  { "not([\"a\", 5])",
    "[false..false] [true..true] (..5) (5..) (..\"a\") (\"a\"..) (..) (..) (..) (..) (..) null" },
  { "not([])", "all null" },
  { "[[1..3], 7, null]", "[1..3] [7..7] null" },
  { "@\"2021-09-30\"", "[date(\"2021-09-30\")..date(\"2021-10-01\"))" },
  { "<= @\"2021-09-30\", >= @\"2021-10-01\"", "(..)" },
  { "< @\"2021-09-30\", > @\"2021-09-30\"", "(..date(\"2021-09-30\")) [date(\"2021-10-01\")..)" },
  { "(@\"2021-09-30\"..@\"2021-10-01\")", "" },
  { "not(@\"2021-09-30\")", "(..date(\"2021-09-30\")) [date(\"2021-10-01\")..) null" },
  { "> @\"P1Y\"", "(duration(\"P1Y\")..)" },
  { "@\"PT1H\"", "[duration(\"PT1H\")..duration(\"PT1H\")]" },
  { ">= @\"2021-09-30T08:00:00\"", "[date and time(\"2021-09-30T08:00:00\")..)" },
  { "< @\"08:00:00\"", "(..time(\"08:00:00\"))" },
  { "@\"08:00:00\"", NULL },
  { "> @\"08:00:00Z\"", NULL },
  { "[null..5]", "" },
  { "not([null..5])", "(5..)" },
  { "1 + 2", "[3..3]" },
  { "< 年龄", NULL },
  { "年龄", NULL },
  { "5, 年龄", NULL },
  { "{a: 1}", NULL },
  { "[[1]]", NULL },
  { "abs(?) > 3", NULL },
  { "? > 3", "(3..)" },
  { "3 < ?", "(3..)" },
  { "? > 3 and ? <= 5", "(3..5]" },
  { "? < 3 or ? = 5", "(..3) [5..5]" },
  { "not(? < 3) and ? != 4", "[3..4) (4..)" },
  { "? between 1 and 5", "[1..5]" },
  { "? in [1..5)", "[1..5)" },
  { "? in (1, > 5) or ? = null", "[1..1] (5..) null" },
  { "not(? in (1, 5))", "(..1) (1..5) (5..) null" },
  { "?", "[true..true]" },
  { "not(?)", "[false..false]" },
  { "? = 5 or true", "all null" },
  { "? = 5 and null", "" },
};

static const char *const probes[] = { "null",
                                      "true",
                                      "false",
                                      "0",
                                      "1",
                                      "1.5",
                                      "2",
                                      "3",
                                      "3.0",
                                      "3.5",
                                      "4",
                                      "5",
                                      "5.00",
                                      "5.01",
                                      "7",
                                      "10",
                                      "11",
                                      "\"\"",
                                      "\"a\"",
                                      "\"aa\"",
                                      "\"b\"",
                                      "@\"2021-09-29\"",
                                      "@\"2021-09-30\"",
                                      "@\"2021-10-01\"",
                                      "@\"08:00:00\"",
                                      "@\"07:59:59.9\"",
                                      "@\"2021-09-30T08:00:00\"",
                                      "@\"2021-09-30T07:59:59\"",
                                      "@\"PT1H\"",
                                      "@\"PT61M\"",
                                      "@\"P1Y\"",
                                      "@\"P13M\"" };

static bool
contains (const FeelInterval *interval, FeelValue v)
{
  int order;
  if (interval->kind != v.kind)
    return false;
  if (interval->low.kind != FEEL_NULL
      && (!feel_order (v, interval->low, &order) || order < !interval->low_closed))
    return false;
  return interval->high.kind == FEEL_NULL
         || (feel_order (v, interval->high, &order) && order <= -!interval->high_closed);
}

static bool
holds (const FeelIntervals *intervals, FeelValue v)
{
  bool in = v.kind == FEEL_NULL ? intervals->null : intervals->all;
  for (size_t i = 0; i < intervals->n; i++)
    in |= contains (&intervals->intervals[i], v);
  return in;
}

static char *
describe (const FeelIntervals *intervals)
{
  GString *out = g_string_new (intervals->all ? "all " : NULL);
  for (size_t i = 0; i < intervals->n; i++) {
    const FeelInterval *one = &intervals->intervals[i];
    g_string_append_c (out, one->low_closed ? '[' : '(');
    if (one->low.kind != FEEL_NULL)
      feel_write (out, one->low);
    g_string_append (out, "..");
    if (one->high.kind != FEEL_NULL)
      feel_write (out, one->high);
    g_string_append (out, one->high_closed ? "] " : ") ");
  }
  g_string_append (out, intervals->null ? "null" : "");
  return g_strstrip (g_string_free (out, FALSE));
}

static void
test_case (gconstpointer data)
{
  size_t i = GPOINTER_TO_SIZE (data);
  g_autoptr (Arena) arena = arena_new ();
  GError *error = NULL;
  FeelScope *scope = feel_scope_new (arena, NULL);
  feel_scope_add (scope, text_of ("年龄"), &feel_type_number);
  const FeelExpression *test = feel_compile_test (arena, text_of (cases[i].test), scope, NULL, NULL, &error);
  g_assert_no_error (error);
  FeelIntervals intervals;
  bool constant = feel_test_intervals (test, arena, &intervals);
  g_assert_cmpint (constant, ==, cases[i].expected != NULL);
  if (!constant)
    return;
  g_autofree char *form = describe (&intervals);
  g_assert_cmpstr (form, ==, cases[i].expected);
  for (size_t k = 0; k < G_N_ELEMENTS (probes); k++) {
    FeelValue slots[] = { feel_null () };
    FeelRun run = { .arena = arena, .slots = slots };
    const FeelExpression *probe = feel_compile (arena, text_of (probes[k]), NULL, NULL, &error);
    g_assert_no_error (error);
    FeelValue v = feel_evaluate (probe, &run);
    if (feel_is_true (feel_evaluate_test (test, v, &run)) != holds (&intervals, v))
      g_test_fail_printf ("%s: %s, %s", cases[i].test, form, probes[k]);
  }
}

/* A cell of many values takes time in proportion. */
static void
test_many (void)
{
  g_autoptr (Arena) arena = arena_new ();
  g_autoptr (GString) source = g_string_new ("0");
  for (int i = 1; i < 20000; i++)
    g_string_append_printf (source, ", %d", (i * 7919) % 20000 * 2);
  GError *error = NULL;
  const FeelExpression *test = feel_compile_test (arena, text_of (source->str), NULL, NULL, NULL, &error);
  g_assert_no_error (error);
  FeelIntervals intervals;
  g_assert_true (feel_test_intervals (test, arena, &intervals));
  g_assert_cmpuint (intervals.n, ==, 20000);
  g_assert_true (decimal_equal (intervals.intervals[19999].low.number, decimal_from_int64 (39998)));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  for (size_t i = 0; i < G_N_ELEMENTS (cases); i++) {
    g_autofree char *path = g_strdup_printf ("/feel/intervals/%zu", i + 1);
    g_test_add_data_func (path, GSIZE_TO_POINTER (i), test_case);
  }
  g_test_add_func ("/feel/intervals/many", test_many);
  return g_test_run ();
}
