/* Any text as an expression and as unary tests: compiling and evaluating end,
 * within their limits, what the strict dialect takes the lenient one takes, and a
 * constant test holds exactly within its intervals. */
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

static bool
is_within (const FeelInterval *interval, FeelValue v)
{
  int low = 1, high = -1;
  if (interval->kind != v.kind || (interval->low.kind != FEEL_NULL && !feel_order (v, interval->low, &low))
      || (interval->high.kind != FEEL_NULL && !feel_order (v, interval->high, &high)))
    return false;
  return low >= !interval->low_closed && high <= -!interval->high_closed;
}

static void
check_input (Arena *arena, const FeelExpression *test, const FeelIntervals *intervals, FeelValue input)
{
  FeelRun run = { .arena = arena, .steps = 10000000 };
  bool holds = feel_is_true (feel_evaluate_test (test, input, &run));
  bool within = input.kind == FEEL_NULL ? intervals->null : intervals->all;
  for (size_t i = 0; i < intervals->n && !within; i++)
    within = is_within (&intervals->intervals[i], input);
  g_assert_true (run.steps < 0 || holds == within);
}

static void
check_intervals (Arena *arena, const FeelExpression *test)
{
  FeelIntervals intervals;
  if (!feel_test_intervals (test, arena, &intervals))
    return;
  check_input (arena, test, &intervals, feel_null ());
  check_input (arena, test, &intervals, feel_int (5));
  check_input (arena, test, &intervals, feel_boolean (true));
  for (size_t i = 0; i < MIN (intervals.n, 8); i++) {
    check_input (arena, test, &intervals, intervals.intervals[i].low);
    check_input (arena, test, &intervals, intervals.intervals[i].high);
  }
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
  if (test) {
    check_value (arena, feel_evaluate_test (test, feel_int (5), &run));
    check_intervals (arena, test);
  }
  return 0;
}
