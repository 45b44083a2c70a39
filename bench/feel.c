/* How fast expressions and tests are: compiled once, then evaluated again and
 * again; medians of many short rounds, every answer checked.  The rule is the one
 * the project measures itself by: six guards, then an amount by education, else
 * by skill.  The goal for the six tests together is 0.3 microseconds.
 *
 *     build/bench/feel
 */
#include "bench.h"
#include "feel/feel.h"

#include <stdio.h>
#include <stdlib.h>
#include <time.h>

enum { ROUNDS = 61, SLOTS = 16 };

static const char rule[]
    = "if 年龄 >= 18 and 年龄 <= 45 and 参保月数 >= 12 and 就业 and not(已享受) and 月收入 <= 15000"
      " then (if 学历 = 4 then 30000 else if 学历 = 3 then 20000"
      " else if 技能 = 5 then 15000 else if 技能 = 4 then 10000 else 0) else 0";

static const struct {
  const char *name, *value;
} names[] = {
  { "年龄", "30" },
  { "参保月数", "36" },
  { "就业", "true" },
  { "已享受", "false" },
  { "月收入", "8000.00" },
  { "学历", "3" },
  { "技能", "5" },
  { "级别", "\"市级\"" },
  { "出生日期", "@\"1991-05-04\"" },
  { "居民", "{户: {成员: [{收入: 1200}, {收入: 800}, {收入: 0}], 月收入: 2000}}" },
};

static const struct {
  const char *title, *source, *answer;
} expressions[] = {
  { "the rule as one expression", rule, "20000" },
  { "number and constant", "年龄 >= 18", "true" },
  { "arithmetic", "月收入 * 12 + 500", "96500" },
  { "division", "月收入 / 30", "266.6666666666666666666666666666667" },
  { "string equality", "级别 = \"市级\"", "true" },
  { "one of three strings", "级别 in (\"国家级\", \"省级\", \"市级\")", "true" },
  { "path of two members", "居民.户.月收入", "2000" },
  { "date order", "出生日期 < @\"2000-01-01\"", "true" },
  { "a constant pattern", "matches(级别, \"^[国省市]\")", "true" },
  { "sum over a list", "sum(居民.户.成员.收入)", "2000" },
  { "some over a list", "some m in 居民.户.成员 satisfies m.收入 = 0", "true" },
};

static const struct {
  const char *name, *test;
} tests[] = {
  { "年龄", "[18..45]" }, { "参保月数", ">= 12" },  { "就业", "true" },
  { "已享受", "false" },  { "月收入", "<= 15000" }, { "学历", "3" },
};

typedef struct {
  Arena *arena;
  FeelScope *scope;
  FeelValue slots[SLOTS];
} World;

static const FeelExpression *
compile (World *world, const char *source, bool test)
{
  GError *error = NULL;
  const FeelExpression *e
      = test ? feel_compile_test (world->arena, text_of (source), world->scope, NULL, NULL, &error)
             : feel_compile (world->arena, text_of (source), world->scope, NULL, &error);
  if (!e) {
    fprintf (stderr, "%s\n", error->message);
    exit (3);
  }
  return e;
}

static FeelValue
value_of (World *world, const char *source)
{
  FeelRun run = { .arena = world->arena, .slots = world->slots };
  return feel_evaluate (compile (world, source, false), &run);
}

/* The contexts' member names are known, as a registry's are. */
static World
make_world (void)
{
  static FeelMember member[] = { { TEXT_LITERAL ("收入"), &feel_type_number } };
  static const FeelType person = { .kind = FEEL_TYPE_CONTEXT, .n = 1, .members = member, .closed = true };
  static const FeelType people = { .kind = FEEL_TYPE_LIST, .element = &person };
  static FeelMember of_household[]
      = { { TEXT_LITERAL ("成员"), &people }, { TEXT_LITERAL ("月收入"), &feel_type_number } };
  static const FeelType household
      = { .kind = FEEL_TYPE_CONTEXT, .n = 2, .members = of_household, .closed = true };
  static FeelMember of_resident[] = { { TEXT_LITERAL ("户"), &household } };
  static const FeelType resident
      = { .kind = FEEL_TYPE_CONTEXT, .n = 1, .members = of_resident, .closed = true };
  World world = { .arena = arena_new () };
  FeelScope *scope = feel_scope_new (world.arena, NULL);
  for (size_t i = 0; i < G_N_ELEMENTS (names); i++) {
    FeelValue v = value_of (&world, names[i].value);
    const FeelType *type = v.kind == FEEL_NUMBER    ? &feel_type_number
                           : v.kind == FEEL_BOOLEAN ? &feel_type_boolean
                           : v.kind == FEEL_STRING  ? &feel_type_string
                           : v.kind == FEEL_DATE    ? &feel_type_date
                                                    : &resident;
    world.slots[feel_scope_add (scope, text_of (names[i].name), type)] = v;
  }
  world.scope = scope;
  return world;
}

/* What one round does N times; false when an answer is wrong. */
typedef bool (*Round) (World *world, const void *data, int n);

static void
measure (World *world, const char *title, Round round, const void *data, int n)
{
  double times[ROUNDS];
  for (int i = 0; i < ROUNDS; i++) {
    double start = bench_seconds (CLOCK_MONOTONIC) * 1e9;
    if (!round (world, data, n)) {
      fprintf (stderr, "%s: a wrong answer\n", title);
      exit (1);
    }
    times[i] = (bench_seconds (CLOCK_MONOTONIC) * 1e9 - start) / n;
  }
  qsort (times, ROUNDS, sizeof *times, bench_by_size);
  printf ("%-28s %9.1f ns\n", title, times[ROUNDS / 2]);
}

typedef struct {
  const FeelExpression *e;
  FeelValue answer;
} Evaluation;

static bool
evaluate_round (World *world, const void *data, int n)
{
  const Evaluation *evaluation = data;
  g_autoptr (Arena) arena = arena_new ();
  bool right = true;
  for (int i = 0; i < n; i++) {
    FeelRun run = { .arena = arena, .slots = world->slots };
    FeelValue v = feel_evaluate (evaluation->e, &run);
    right &= feel_is_true (feel_equal (arena, v, evaluation->answer)) && !run.diagnostics;
    if (i % 64 == 63)
      arena_reset (arena);
  }
  return right;
}

typedef struct {
  const FeelExpression *tests[G_N_ELEMENTS (tests)];
  FeelValue inputs[G_N_ELEMENTS (tests)];
} Row;

static bool
tests_round (World *world, const void *data, int n)
{
  const Row *row = data;
  g_autoptr (Arena) arena = arena_new ();
  bool right = true;
  for (int i = 0; i < n; i++) {
    FeelRun run = { .arena = arena, .slots = world->slots };
    for (size_t k = 0; k < G_N_ELEMENTS (tests); k++)
      right &= feel_is_true (feel_evaluate_test (row->tests[k], row->inputs[k], &run));
  }
  return right && arena_used (arena) == 0;
}

static bool
compile_round (World *world, const void *data, int n)
{
  World scratch = *world;
  scratch.arena = arena_new ();
  bool right = true;
  for (int i = 0; i < n; i++) {
    right &= compile (&scratch, data, false) != NULL;
    arena_reset (scratch.arena);
  }
  arena_free (scratch.arena);
  return right;
}

int
main (void)
{
  World world = make_world ();
  Row row;
  for (size_t k = 0; k < G_N_ELEMENTS (tests); k++) {
    row.tests[k] = compile (&world, tests[k].test, true);
    row.inputs[k] = value_of (&world, tests[k].name);
  }
  measure (&world, "six tests of a table's row", tests_round, &row, 2000);
  for (size_t i = 0; i < G_N_ELEMENTS (expressions); i++) {
    Evaluation evaluation
        = { compile (&world, expressions[i].source, false), value_of (&world, expressions[i].answer) };
    measure (&world, expressions[i].title, evaluate_round, &evaluation, 2000);
  }
  measure (&world, "compiling the rule", compile_round, rule, 50);
  arena_free (world.arena);
  return 0;
}
