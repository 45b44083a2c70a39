/* Any text as an expression and as unary tests: compiling and evaluating end,
 * within their limits, and what the strict dialect takes the lenient one takes. */
#include "feel/feel.h"

int LLVMFuzzerTestOneInput (const uint8_t *data, size_t size);

static FeelScope *
make_scope (Arena *arena, FeelValue *slots)
{
  FeelEntry member[] = { { TEXT_LITERAL ("姓名"), feel_string (TEXT_LITERAL ("甲")) },
                         { TEXT_LITERAL ("monthly income"), feel_int (1200) } };
  FeelValue people[]
      = { feel_context (arena, member, 2), feel_unknown (arena, (FeelNeed){ text_of ("乙"), NULL }) };
  FeelScope *scope = feel_scope_new (arena, NULL);
  slots[feel_scope_add (scope, text_of ("年龄"), &feel_type_number)] = feel_int (30);
  slots[feel_scope_add (scope, text_of ("a-b"), NULL)] = feel_null ();
  slots[feel_scope_add (scope, text_of ("people"), NULL)] = feel_list (arena, people, 2);
  slots[feel_scope_add (scope, text_of ("u"), NULL)]
      = feel_unknown (arena, (FeelNeed){ text_of ("u"), NULL });
  return scope;
}

static void
check_value (Arena *arena, FeelValue v)
{
  g_autoptr (GString) json = g_string_new (NULL), out = g_string_new (NULL);
  JsonWriter *w = json_writer_new (json, 0);
  feel_write_json (w, v);
  json_writer_free (w);
  feel_write (out, v);
  feel_equal (arena, v, v);
}

int
LLVMFuzzerTestOneInput (const uint8_t *data, size_t size)
{
  g_autoptr (Arena) arena = arena_new ();
  FeelValue slots[8];
  FeelScope *scope = make_scope (arena, slots);
  Text source = { (const char *)data, size };
  FeelOptions strict = { .origin = "fuzz", .strict = true };
  const FeelExpression *lenient = feel_compile (arena, source, scope, NULL, NULL);
  const FeelExpression *test = feel_compile_test (arena, source, scope, NULL, NULL, NULL);
  if (feel_compile (arena, source, scope, &strict, NULL))
    g_assert_nonnull (lenient);
  size_t n;
  FeelRun run = { .arena = arena, .slots = slots, .steps = 100000 };
  if (lenient) {
    feel_expression_paths (lenient, &n);
    check_value (arena, feel_evaluate (lenient, &run));
  }
  run.steps = 100000;
  if (test)
    check_value (arena, feel_evaluate_test (test, feel_int (5), &run));
  return 0;
}
