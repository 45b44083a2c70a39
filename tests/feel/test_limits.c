/* Hostile text and endless work end in an error, soon. */
#include "feel/feel.h"
#include "support.h"

#include <string.h>

static char *
repeated (const char *open, const char *middle, const char *close, size_t n)
{
  GString *out = g_string_new (NULL);
  for (size_t i = 0; i < n; i++)
    g_string_append (out, open);
  g_string_append (out, middle);
  for (size_t i = 0; i < n; i++)
    g_string_append (out, close);
  return g_string_free (out, FALSE);
}

static void
expect_refused (char *source, const char *words)
{
  g_autoptr (Arena) arena = arena_new ();
  g_autoptr (GError) error = NULL;
  g_assert_null (feel_compile (arena, text_of (source), NULL, NULL, &error));
  g_assert_true (error->domain == FEEL_ERROR);
  if (!strstr (error->message, words))
    g_error ("%s", error->message);
  g_free (source);
}

static void
test_nesting (void)
{
  const size_t many = 1000000;
  expect_refused (repeated ("(", "1", ")", many), "nested deeper than 1000");
  expect_refused (repeated ("[", "1", "]", many), "nested deeper than 1000");
  expect_refused (repeated ("{a:", "1", "}", many), "nested deeper than 1000");
  expect_refused (repeated ("- ", "x", "", many), "nested deeper than 1000");
  expect_refused (repeated ("if true then 1 else ", "1", "", many), "nested deeper than 1000");
  expect_refused (repeated ("not(", "x", ")", many), "nested deeper than 1000");
  expect_refused (repeated ("for i in ", "1", " return i", many), "nested deeper than 1000");
  expect_refused (repeated ("", "nothing", " + nothing", many), "nested deeper than 1000");
  expect_refused (repeated ("", "nothing", ".a", many), "nested deeper than 1000");
  expect_refused (repeated ("", "nothing", "[x]", many), "nested deeper than 1000");
  g_autofree char *type = repeated ("list<", "number", ">", many);
  expect_refused (g_strconcat ("1 instance of ", type, NULL), "nested deeper than 1000");
  expect_refused (repeated ("[1..", "2", "[", many), "nested deeper than 1000");
}

static void
test_nesting_allowed (void)
{
  g_autoptr (Arena) arena = arena_new ();
  g_autofree char *source = repeated ("(", "1", ")", 900);
  g_autofree char *lists = repeated ("[", "1", "]", 900);
  GError *error = NULL;
  const FeelExpression *e = feel_compile (arena, text_of (source), NULL, NULL, &error);
  g_assert_no_error (error);
  FeelRun run = { .arena = arena };
  g_assert_true (feel_is_true (feel_equal (arena, feel_evaluate (e, &run), feel_int (1))));
  g_assert_nonnull (feel_compile (arena, text_of (lists), NULL, NULL, &error));
}

/* SOURCE ends in null with a diagnostic that has WORDS. */
static void
expect_stopped (const char *source, gint64 steps, const char *words)
{
  g_autoptr (Arena) arena = arena_new ();
  GError *error = NULL;
  const FeelExpression *e = feel_compile (arena, text_of (source), NULL, NULL, &error);
  g_assert_no_error (error);
  FeelRun run = { .arena = arena, .steps = steps };
  FeelValue v = feel_evaluate (e, &run);
  g_assert_cmpint (v.kind, ==, FEEL_NULL);
  bool said = false;
  for (FeelDiagnostic *d = run.diagnostics; d; d = d->next)
    said |= strstr (d->message, words) != NULL;
  g_assert_true (said);
}

static void
test_steps (void)
{
  const gint64 steps = 2000000;
  const char *words = "too many steps";
  expect_stopped ("for i in 1..1000000000 return i", steps, words);
  expect_stopped ("some i in 1..1000000000 satisfies i < 0", steps, words);
  expect_stopped ("for i in 1..100000, j in 1..100000 return i * j", steps, words);
  expect_stopped ("count((for i in 1..1000000000 return i)[item > 1])", steps, words);
  expect_stopped ("for i in 1..200 return if i = 1 then \"ab\" else partial[-1] + partial[-1]", steps, words);
}

static void
test_long_text (void)
{
  const gint64 steps = 3000000;
  const char *words = "too many steps";
  expect_stopped ("{s: (for i in 1..20 return if i = 1 then \"abcdefgh\" else partial[-1] + partial[-1])[-1],"
                  " x: for i in 1..100000 return contains(s, \"x\")}",
                  steps, words);
  expect_stopped ("context(for i in 1..100000 return {key: string(i), value: i})", steps, words);
}

/* A context of N entries, each of which reads the one before. */
static char *
chained_entries (int n)
{
  GString *source = g_string_new ("{k0: 0");
  for (int i = 1; i < n; i++)
    g_string_append_printf (source, ", k%d: k%d", i, i - 1);
  g_string_append (source, "}.k7");
  return g_string_free (source, FALSE);
}

static void
test_large_source (void)
{
  g_autoptr (Arena) arena = arena_new ();
  g_autofree char *source = chained_entries (1000);
  GError *error = NULL;
  const FeelExpression *e = feel_compile (arena, text_of (source), NULL, NULL, &error);
  g_assert_no_error (error);
  FeelRun run = { .arena = arena };
  g_assert_true (feel_is_true (feel_equal (arena, feel_evaluate (e, &run), feel_int (0))));
  expect_refused (chained_entries (70000), "too many names");
}

static void
test_recursion (void)
{
  expect_stopped ("(function(f) f(f))(function(f) f(f))", 2000000, "nested too deep");
}

static void
test_shared_parts (void) /* a value that unfolds to 2^60 items is compared and written all the same */
{
  g_autoptr (Arena) arena = arena_new ();
  GError *error = NULL;
  const char *source
      = "{l: for i in 1..60 return if i = 1 then [1] else [partial[-1], partial[-1]], x: l[-1] = l[-1],"
        " y: string length(string(l[-1]))}.y > 1000";
  const FeelExpression *e = feel_compile (arena, text_of (source), NULL, NULL, &error);
  g_assert_no_error (error);
  FeelRun run = { .arena = arena, .steps = 30000000 };
  FeelValue v = feel_evaluate (e, &run);
  g_assert_true (v.kind == FEEL_NULL || feel_is_true (v));
}

static void
test_shared_parts_many (void)
{
  const char *shared = "{l: for i in 1..60 return if i = 1 then [1] else [partial[-1], partial[-1]], x: ";
  static const char *const questions[] = { "for i in 1..1000 return l[-1] = l[-1]", "distinct values(l)",
                                           "is(l[-1], l[-1])", "list contains(l, l[-1])", "sum(l[-1])" };
  for (size_t i = 0; i < G_N_ELEMENTS (questions); i++) {
    g_autofree char *source = g_strconcat (shared, questions[i], "}.x", NULL);
    expect_stopped (source, 3000000, "too many steps");
  }
}

/* Compiled with the expression or, where it is put together, at each call. */
static void
test_patterns (void)
{
  static const char *const patterns[] = { "\"^(a+)+$\"", "\"^(a+)\" + (if x = \"\" then \"\" else \"+$\")" };
  for (size_t i = 0; i < G_N_ELEMENTS (patterns); i++) {
    g_autofree char *source = g_strdup_printf (
        "(for x in [\"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa!\"] return matches(x, %s))[1]",
        patterns[i]);
    expect_stopped (source, 0, "takes too long");
  }
}

static void
test_bad_text (void)
{
  expect_refused (g_strdup (""), "the expression is empty");
  expect_refused (g_strdup ("1 + \xff"), "not UTF-8");
  expect_refused (g_strdup ("\"a"), "never closed");
  expect_refused (g_strdup ("/* a"), "never closed");
  expect_refused (g_strdup ("1 2"), "expected the end");
  expect_refused (g_strdup ("a:"), "expected the end");
  expect_refused (g_strdup ("#"), "has no meaning here");
  expect_refused (g_strdup ("1 +\n  *"), "expression:2:3: expected a value, found *");
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/feel/limits/nesting", test_nesting);
  g_test_add_func ("/feel/limits/nesting-allowed", test_nesting_allowed);
  g_test_add_func ("/feel/limits/steps", test_steps);
  g_test_add_func ("/feel/limits/long-text", test_long_text);
  g_test_add_func ("/feel/limits/large-source", test_large_source);
  g_test_add_func ("/feel/limits/recursion", test_recursion);
  g_test_add_func ("/feel/limits/shared-parts", test_shared_parts);
  g_test_add_func ("/feel/limits/shared-parts-many", test_shared_parts_many);
  g_test_add_func ("/feel/limits/patterns", test_patterns);
  g_test_add_func ("/feel/limits/bad-text", test_bad_text);
  return g_test_run ();
}
