/* Names with blanks, operators and any script; how the scope decides. */
#include "feel/feel.h"
#include "support.h"

static FeelValue
evaluate (Arena *arena, const char *const *names, const char *source)
{
  FeelScope *outer = feel_scope_new (arena, NULL), *scope = feel_scope_new (arena, outer);
  FeelValue slots[16];
  for (int i = 0; names[i]; i++) { /* every second name in the outer scope would split slots: all inner */
    int slot = feel_scope_add (scope, text_of (names[i]), NULL);
    g_assert_cmpint (slot, ==, i);
    slots[slot] = feel_int (i + 1);
  }
  GError *error = NULL;
  const FeelExpression *e = feel_compile (arena, text_of (source), scope, NULL, &error);
  g_assert_no_error (error);
  FeelRun run = { .arena = arena, .slots = slots };
  return feel_evaluate (e, &run);
}

static void
expect (const char *const *names, const char *source, const char *result)
{
  g_autoptr (Arena) arena = arena_new ();
  g_autoptr (GString) out = g_string_new (NULL);
  feel_write (out, evaluate (arena, names, source));
  g_assert_cmpstr (out->str, ==, result);
}

static void
test_longest (void)
{
  const char *const names[] = { "a", "b", "a-b", "a b", "a and b", NULL };
  expect (names, "a-b", "3");
  expect (names, "a - b", "3");
  expect (names, "a  b", "4");
  expect (names, "a +b", "3");
  expect (names, "(a)-b", "-1");
  expect (names, "a and b", "5");
  expect (names, "a\n\tb * 2", "8");
}

static void
test_operators_inside (void)
{
  const char *const names[] = { "profit/loss", "it's", "2021 rate", "C++", "x.y", "rate * 100", "1st", NULL };
  expect (names, "profit/loss + 1", "2");
  expect (names, "profit / loss + 1", "2");
  expect (names, "it's", "2");
  expect (names, "C++ + 1", "5");
  expect (names, "x.y", "5");
  expect (names, "rate*100", "6");
}

static void
test_keywords_inside (void)
{
  const char *const names[]
      = { "if only", "for hire", "not ready", "true story", "in", "date and time zone", NULL };
  expect (names, "if only + 1", "2");
  expect (names, "for hire", "2");
  expect (names, "true story", "4");
  expect (names, "true", "true");
  expect (names, "date and time zone", "6");
  expect (names, "date and time(\"2021-01-01T00:00:00\").year", "2021");
}

static void
test_scripts (void)
{
  const char *const names[] = { "年龄", "户籍 类型", "éclair", "имя", "𠮷野", NULL };
  expect (names, "年龄+1", "2");
  expect (names, "户籍 类型", "2");
  expect (names, "éclair", "3");
  expect (names, "имя", "4");
  expect (names, "𠮷野 * 2", "10");
}

static void
test_shadowing (void)
{
  const char *const names[] = { "x", "count", "item", NULL };
  expect (names, "for x in [5] return x", "[5]");
  expect (names, "{x: 7, y: x}.y", "7");
  expect (names, "[5, 6][item > 5]", "[6]");
  expect (names, "count", "2");
  expect (names, "(function(x) x)(9)", "9");
  expect (names, "[{x: 5}, {x: 6}][x = 6][1].x", "6");
  expect (names, "[{y: 5}][x = 1][1].y", "5");
}

static void
test_scopes (void)
{
  g_autoptr (Arena) arena = arena_new ();
  FeelScope *outer = feel_scope_new (arena, NULL);
  g_assert_cmpint (feel_scope_add (outer, text_of ("  a   b "), NULL), ==, 0);
  FeelScope *inner = feel_scope_new (arena, outer);
  g_assert_cmpint (feel_scope_add (inner, text_of ("c"), &feel_type_number), ==, 1);
  g_assert_cmpint (feel_scope_find (inner, text_of ("a b")), ==, 0);
  g_assert_cmpint (feel_scope_find (inner, text_of (" a  b")), ==, 0);
  g_assert_cmpint (feel_scope_find (inner, text_of ("ab")), ==, -1);
  g_assert_cmpint (feel_scope_find (inner, text_of ("a b c")), ==, -1);
  g_assert_cmpint (feel_scope_find (inner, text_of ("c")), ==, 1);
  g_assert_cmpint (feel_scope_find (outer, text_of ("c")), ==, -1);
  g_assert_cmpint (feel_scope_size (inner), ==, 2);
  g_assert_cmpint (feel_scope_size (NULL), ==, 0);
}

/* Values of unknown type: only evaluating shows what a filter's names are. */
static void
test_dynamic (void)
{
  g_autoptr (Arena) arena = arena_new ();
  FeelScope *scope = feel_scope_new (arena, NULL);
  feel_scope_add (scope, text_of ("people"), NULL);
  feel_scope_add (scope, text_of ("age"), NULL);
  GError *error = NULL;
  g_autoptr (GString) json
      = g_string_new ("[{\"age\": 20, \"full name\": \"A\"}, {\"age\": 10, \"full name\": \"B\"}]");
  const JsonValue *parsed = json_parse (arena, text_of (json->str), "test", &error);
  g_assert_no_error (error);
  FeelValue slots[] = { feel_from_json (arena, parsed), feel_int (1) };
  const FeelExpression *e = feel_compile (arena, text_of ("people[age > 15].full name"), scope, NULL, &error);
  g_assert_no_error (error);
  FeelRun run = { .arena = arena, .slots = slots };
  g_autoptr (GString) out = g_string_new (NULL);
  feel_write (out, feel_evaluate (e, &run));
  g_assert_cmpstr (out->str, ==, "[\"A\"]");
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/feel/names/longest", test_longest);
  g_test_add_func ("/feel/names/operators", test_operators_inside);
  g_test_add_func ("/feel/names/keywords", test_keywords_inside);
  g_test_add_func ("/feel/names/scripts", test_scripts);
  g_test_add_func ("/feel/names/shadowing", test_shadowing);
  g_test_add_func ("/feel/names/scopes", test_scopes);
  g_test_add_func ("/feel/names/dynamic", test_dynamic);
  return g_test_run ();
}
