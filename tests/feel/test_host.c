/* What a host works with: native functions, types by name, diagnostics, writing, reading JSON. */
#include "feel/feel.h"
#include "support.h"

#include <pthread.h>

static const FeelExpression *
compile (Arena *arena, const char *source, const FeelScope *scope)
{
  GError *error = NULL;
  FeelOptions options = { .origin = "page.md", .line = 10, .column = 5 };
  const FeelExpression *e = feel_compile (arena, text_of (source), scope, &options, &error);
  g_assert_no_error (error);
  return e;
}

static void
expect_written (FeelValue v, const char *text)
{
  g_autoptr (GString) out = g_string_new (NULL);
  feel_write (out, v);
  g_assert_cmpstr (out->str, ==, text);
}

static FeelValue
subtract (void *host, const FeelValue *arguments, size_t n, FeelRun *run)
{
  g_assert_cmpint (n, ==, 2);
  ++*(int *)host;
  if (arguments[0].kind != FEEL_NUMBER || arguments[1].kind != FEEL_NUMBER)
    return feel_fail (run, NULL, "two numbers are needed");
  return feel_number (decimal_sub (arguments[0].number, arguments[1].number));
}

static void
test_native (void)
{
  g_autoptr (Arena) arena = arena_new ();
  FeelScope *scope = feel_scope_new (arena, NULL);
  Text parameters[] = { TEXT_LITERAL ("from"), TEXT_LITERAL ("take  off") };
  int calls = 0;
  FeelValue slots[] = { feel_native (arena, parameters, 2, subtract, &calls) };
  feel_scope_add (scope, text_of ("minus"), NULL);
  FeelRun run = { .arena = arena, .slots = slots };
  expect_written (feel_evaluate (compile (arena, "minus(5, 3)", scope), &run), "2");
  expect_written (feel_evaluate (compile (arena, "minus(take off: 5, from: 3)", scope), &run), "-2");
  expect_written (feel_evaluate (compile (arena, "for i in [1, 2] return minus(i, 1)", scope), &run),
                  "[0, 1]");
  g_assert_null (run.diagnostics);
  expect_written (feel_evaluate (compile (arena, "minus(5, \"a\")", scope), &run), "null");
  g_assert_cmpstr (run.diagnostics->message, ==, "two numbers are needed");
  expect_written (feel_evaluate (compile (arena, "minus(1)", scope), &run), "null");
  g_assert_cmpint (calls, ==, 5);
  expect_written (feel_call (slots[0], (FeelValue[]){ feel_int (9), feel_int (4) }, 2, &run), "5");
}

/* A function keeps what it saw, after the evaluation that made it. */
static void
test_closure (void)
{
  g_autoptr (Arena) arena = arena_new ();
  FeelScope *scope = feel_scope_new (arena, NULL);
  feel_scope_add (scope, text_of ("rate"), &feel_type_number);
  FeelValue function;
  {
    FeelValue slots[] = { feel_int (3) };
    FeelRun run = { .arena = arena, .slots = slots };
    function = feel_evaluate (compile (arena, "{k: 10, f: function(x) x * rate + k}.f", scope), &run);
    slots[0] = feel_null ();
  }
  FeelRun other = { .arena = arena };
  expect_written (feel_call (function, (FeelValue[]){ feel_int (2) }, 1, &other), "16");
}

static void
test_types (void)
{
  g_autoptr (Arena) arena = arena_new ();
  static const FeelType numbers = { .kind = FEEL_TYPE_LIST, .element = &feel_type_number };
  FeelScope *scope = feel_scope_new (arena, NULL);
  feel_scope_add_type (scope, text_of ("收入 列表"), &numbers);
  FeelRun run = { .arena = arena };
  expect_written (feel_evaluate (compile (arena, "[1, 2] instance of 收入 列表", scope), &run), "true");
  expect_written (feel_evaluate (compile (arena, "[\"a\"] instance of 收入 列表", scope), &run), "false");
  expect_written (feel_evaluate (compile (arena, "[[1]] instance of list<收入 列表>", scope), &run), "true");
  expect_written (feel_evaluate (compile (arena, "(function(x: 收入 列表) count(x))(4)", scope), &run), "1");
  static const struct {
    const char *source, *type;
  } table[] = {
    { "1 + 2", "number" },
    { "[\"a\"]", "list<string>" },
    { "{a: 1, b: [true]}", "context<a: number, b: list<boolean>>" },
    { "function(x: number) \"a\"", "function<number>->string" },
    { "[1..2]", "range<number>" },
    { "if true then @\"2021-01-01\" else null", "date" },
    { "@\"2021-01-01\" - @\"2020-01-01\"", "days and time duration" },
    { "[{a: 1}].a", "list<number>" },
  };
  for (size_t i = 0; i < G_N_ELEMENTS (table); i++) {
    const FeelType *type = feel_expression_type (compile (arena, table[i].source, scope));
    g_assert_cmpstr (feel_type_describe (arena, type), ==, table[i].type);
  }
}

static void
test_diagnostics (void)
{
  g_autoptr (Arena) arena = arena_new ();
  FeelRun run = { .arena = arena };
  expect_written (feel_evaluate (compile (arena, "[\"一二\",\n  1 / 0]", NULL), &run), "[\"一二\", null]");
  g_assert_nonnull (run.diagnostics);
  g_assert_null (run.diagnostics->next);
  g_assert_cmpstr (run.diagnostics->origin, ==, "page.md");
  g_assert_cmpint (run.diagnostics->line, ==, 11);
  g_assert_cmpint (run.diagnostics->column, ==, 5);
  GError *error = NULL;
  FeelOptions options = { .origin = "page.md", .line = 10, .column = 5 };
  g_assert_null (feel_compile (arena, text_of ("\"年\" + )"), NULL, &options, &error));
  g_assert_cmpstr (error->message, ==, "page.md:10:11: expected a value, found )");
  g_error_free (error);
}

static void
test_clock (void)
{
  g_autoptr (Arena) arena = arena_new ();
  FeelRun run = { .arena = arena };
  FeelValue now = feel_evaluate (compile (arena, "@\"2021-09-30T08:00:00+08:00\"", NULL), &run);
  run.now = &now;
  expect_written (feel_evaluate (compile (arena, "today()", NULL), &run), "date(\"2021-09-30\")");
  expect_written (feel_evaluate (compile (arena, "now().hour", NULL), &run), "8");
}

/* What is written is read back as the same value. */
static void
test_written_reads_back (void)
{
  static const char *const sources[] = {
    "\"a\\\"b\\\\c\\nd\"",
    "-1.50",
    "1e30",
    "[1, [true, null]]",
    "{a: 1, \"b-c\": {d: []}}",
    "@\"-2021-09-30\"",
    "@\"08:00:00.5@Asia/Shanghai\"",
    "@\"2021-09-30T23:59:59-05:30\"",
    "@\"-P1DT2.25S\"",
    "@\"P14M\"",
    "[1..3)",
    "(< 5)",
    "(>= @\"2021-01-01\")",
    "(!= 4)",
    "(= 4)",
    "@\"PT0S\"",
  };
  for (size_t i = 0; i < G_N_ELEMENTS (sources); i++) {
    g_autoptr (Arena) arena = arena_new ();
    FeelRun run = { .arena = arena };
    FeelValue v = feel_evaluate (compile (arena, sources[i], NULL), &run);
    g_autoptr (GString) out = g_string_new (NULL);
    feel_write (out, v);
    g_assert_true (
        feel_is_true (feel_equal (arena, v, feel_evaluate (compile (arena, out->str, NULL), &run))));
  }
}

static void
test_json (void)
{
  g_autoptr (Arena) arena = arena_new ();
  GError *error = NULL;
  const JsonValue *json
      = json_parse (arena, text_of ("{\"a\": [1.50, \"x\", true, null], \"b\": {\"c\": -3}}"), "in", &error);
  g_assert_no_error (error);
  FeelValue v = feel_from_json (arena, json);
  expect_written (v, "{a: [1.5, \"x\", true, null], b: {c: -3}}");
  FeelRun run = { .arena = arena };
  FeelValue needs[] = { feel_unknown (arena, (FeelNeed){ text_of ("居民.月收入"), NULL }),
                        feel_evaluate (compile (arena, "@\"P1Y\"", NULL), &run), v };
  g_autoptr (GString) out = g_string_new (NULL);
  JsonWriter *w = json_writer_new (out, 0);
  feel_write_json (w, feel_list (arena, needs, 3));
  json_writer_free (w);
  g_assert_cmpstr (
      out->str, ==,
      "[{\"unknown\":[\"居民.月收入\"]},\"P1Y\",{\"a\":[1.50,\"x\",true,null],\"b\":{\"c\":-3}}]");
  g_assert_cmpstr (feel_display (arena, needs[1]), ==, "P1Y");
  g_assert_cmpstr (feel_display (arena, feel_string (text_of ("市级"))), ==, "市级");
  g_assert_cmpstr (feel_display (arena, feel_date (civil_to_day (2021, 9, 30))), ==, "2021-09-30");
}

/* A host's context may lead back to itself. */
static void
test_cycle (void)
{
  g_autoptr (Arena) arena = arena_new ();
  FeelEntry *entries = arena_new0 (arena, FeelEntry, 2);
  FeelContext *context = arena_new0 (arena, FeelContext, 1);
  *context = (FeelContext){ 2, entries };
  FeelValue self = { .kind = FEEL_CONTEXT, .context = context };
  entries[0] = (FeelEntry){ TEXT_LITERAL ("户"), self };
  entries[1] = (FeelEntry){ TEXT_LITERAL ("收入"), feel_int (5) };
  FeelScope *scope = feel_scope_new (arena, NULL);
  feel_scope_add (scope, text_of ("居民"), NULL);
  FeelRun run = { .arena = arena, .slots = &self };
  expect_written (feel_evaluate (compile (arena, "居民.户.户.收入", scope), &run), "5");
  g_assert_cmpint (feel_equal (arena, self, self).kind, !=, FEEL_UNKNOWN);
  g_autoptr (GString) out = g_string_new (NULL);
  JsonWriter *w = json_writer_new (out, 0);
  feel_write_json (w, self);
  json_writer_free (w);
  g_assert_cmpuint (out->len, <, 10000);
  g_string_truncate (out, 0);
  feel_write (out, self);
  g_assert_cmpuint (out->len, <, 10000);
}

/* One compiled expression, evaluated by threads at once; each has its arena. */
enum { THREADS = 4, ROUNDS = 300 };

static void *
evaluate_often (void *data)
{
  const FeelExpression *e = data;
  g_autoptr (Arena) arena = arena_new ();
  gintptr right = 0;
  for (int i = 0; i < ROUNDS; i++, arena_reset (arena)) {
    FeelValue slot = feel_int (i);
    FeelRun run = { .arena = arena, .slots = &slot };
    right += feel_is_true (feel_evaluate (e, &run));
  }
  return GINT_TO_POINTER (right);
}

static void
test_threads (void)
{
  g_autoptr (Arena) arena = arena_new ();
  FeelScope *scope = feel_scope_new (arena, NULL);
  feel_scope_add (scope, text_of ("n"), NULL);
  const FeelExpression *e = compile (
      arena, "matches(string(n), \"^[0-9]+$\") and split(string(n) + \";\", \";\")[2] = \"\"", scope);
  pthread_t threads[THREADS];
  for (int i = 0; i < THREADS; i++)
    g_assert_cmpint (pthread_create (&threads[i], NULL, evaluate_often, (void *)e), ==, 0);
  for (int i = 0; i < THREADS; i++) {
    void *right;
    pthread_join (threads[i], &right);
    g_assert_cmpint (GPOINTER_TO_INT (right), ==, ROUNDS);
  }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/feel/host/native", test_native);
  g_test_add_func ("/feel/host/closure", test_closure);
  g_test_add_func ("/feel/host/types", test_types);
  g_test_add_func ("/feel/host/diagnostics", test_diagnostics);
  g_test_add_func ("/feel/host/clock", test_clock);
  g_test_add_func ("/feel/host/written-reads-back", test_written_reads_back);
  g_test_add_func ("/feel/host/json", test_json);
  g_test_add_func ("/feel/host/cycle", test_cycle);
  g_test_add_func ("/feel/host/threads", test_threads);
  return g_test_run ();
}
