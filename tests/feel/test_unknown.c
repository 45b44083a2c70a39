/* Unknown facts: what stays open, what does not, and what it waits for.
 *
 * The property: if a result is determined, no completion of the unknown facts
 * changes it.  Random expressions over small domains are evaluated with some
 * facts unknown and again with every completion of those. */
#include "feel/feel.h"
#include "support.h"

#include <string.h>

enum { TRUTH, NUMBER, WORD, LIST, N_FACTS = 6, N_EXPRESSIONS = 12000, VALUES_MAX = 4 };

typedef struct {
  const char *name;
  int sort;
  FeelValue domain[VALUES_MAX];
  int n;
} Fact;

static Fact facts[N_FACTS];
static GRand *dice;

static int
roll (int n)
{
  return g_rand_int_range (dice, 0, n);
}

static const char *
any_of (const char *const *words, int n)
{
  return words[roll (n)];
}

/* ---- expressions ---- */

static void write_expression (GString *out, int sort, int depth);

static void
write_pattern (GString *out, const char *pattern, int depth)
{
  static const char letters[] = "TNWL";
  for (const char *c = pattern; *c; c++) {
    const char *sort = *c == '$' ? strchr (letters, c[1]) : NULL;
    if (sort) {
      write_expression (out, (int)(sort - letters), depth - 1);
      c++;
    } else {
      g_string_append_c (out, *c);
    }
  }
}

static void
write_fact (GString *out, int sort)
{
  for (int at = roll (N_FACTS), i = 0; i < N_FACTS; i++)
    if (facts[(at + i) % N_FACTS].sort == sort) {
      g_string_append (out, facts[(at + i) % N_FACTS].name);
      return;
    }
}

static void
write_expression (GString *out, int sort, int depth)
{
  static const char *const constants[][4] = {
    [TRUTH] = { "true", "false", "null", "true" },
    [NUMBER] = { "0", "1", "2", "null" },
    [WORD] = { "\"a\"", "\"b\"", "\"ab\"", "null" },
    [LIST] = { "[]", "[1]", "[1, 2]", "[0, null]" },
  };
  static const char *const truths[] = {
    "($T and $T)",
    "($T or $T)",
    "not($T)",
    "($N < $N)",
    "($N = $N)",
    "($W = $W)",
    "($N in [$N..$N])",
    "($N in ($N, > $N))",
    "($N between $N and $N)",
    "(some i in $L satisfies i > $N)",
    "(every i in $L satisfies (i = $N or $T))",
    "list contains($L, $N)",
    "($L = $L)",
    "({a: $N, b: $T} = {a: $N, b: $T})",
    "all([$T, $T])",
    "any([$T, $T])",
    "contains($W, $W)",
    "($N instance of number)",
    "($T = $T)",
    "(if $T then $T else $T)",
    "($N in $L)",
    "is($N, $N)",
    "(function(x) x and $T)($T)",
    "($N in (< $N, $L, [$N..$N)))",
    "($N in (? > $N, $T))",
    "($W in ($W, not($T)))",
    "($N in ((> $N), !=$N))",
    "($T in ($T, $T))",
    "(before($N, $N))",
    "($L[item > $N] = $L)",
    "(matches($W, $W))",
  };
  static const char *const numbers[] = {
    "($N + $N)",
    "($N - $N)",
    "($N * $N)",
    "(if $T then $N else $N)",
    "count($L)",
    "sum($L)",
    "min($L)",
    "$L[1]",
    "$L[$N]",
    "{a: $N, b: a}.b",
    "string length($W)",
    "count([$N, $N])",
    "(function(x, y) x)($N, $N)",
    "abs($N)",
    "count(append($L, $N))",
    "[{a: $N}, {a: $N}][1].a",
    "get value({a: $N}, \"a\")",
  };
  static const char *const words[]
      = { "($W + $W)", "(if $T then $W else $W)", "upper case($W)", "substring($W, 1)", "string($N)" };
  static const char *const lists[] = {
    "[$N, $N]",
    "(for i in $L return i + $N)",
    "$L[item > $N]",
    "concatenate($L, $L)",
    "reverse($L)",
    "distinct values($L)",
    "(if $T then $L else $L)",
    "append($L, $N)",
    "sort($L, function(x, y) x < y)",
    "index of($L, $N)",
    "remove($L, 1)",
    "(for i in 1..$N return i)",
    "[{a: $N}, {a: $N}].a",
    "flatten([$L, $N])",
    "(for i in $L, j in $L return i)",
    "insert before($L, 1, $N)",
    "union($L, $L)",
  };
  if (depth <= 0 || roll (5) == 0) {
    if (roll (3) > 0)
      write_fact (out, sort);
    else
      g_string_append (out, any_of (constants[sort], 4));
    return;
  }
  const char *pattern = sort == TRUTH    ? any_of (truths, G_N_ELEMENTS (truths))
                        : sort == NUMBER ? any_of (numbers, G_N_ELEMENTS (numbers))
                        : sort == WORD   ? any_of (words, G_N_ELEMENTS (words))
                                         : any_of (lists, G_N_ELEMENTS (lists));
  write_pattern (out, pattern, depth);
}

/* ---- the facts ---- */

static void
make_facts (Arena *arena)
{
  FeelValue one = feel_int (1), two[] = { feel_int (2), feel_int (1) };
  FeelValue truths[] = { feel_boolean (true), feel_boolean (false), feel_null () };
  FeelValue numbers[] = { feel_int (0), feel_int (1), feel_int (2), feel_null () };
  FeelValue words[] = { feel_string (text_of ("a")), feel_string (text_of ("ab")), feel_null () };
  FeelValue lists[]
      = { feel_list (arena, NULL, 0), feel_list (arena, &one, 1), feel_list (arena, two, 2), feel_null () };
  static const struct {
    const char *name;
    int sort;
  } names[N_FACTS]
      = { { "p", TRUTH }, { "q", TRUTH }, { "m", NUMBER }, { "n", NUMBER }, { "w", WORD }, { "l", LIST } };
  const FeelValue *domains[] = { truths, numbers, words, lists };
  static const int sizes[]
      = { G_N_ELEMENTS (truths), G_N_ELEMENTS (numbers), G_N_ELEMENTS (words), G_N_ELEMENTS (lists) };
  for (int i = 0; i < N_FACTS; i++) {
    facts[i] = (Fact){ .name = names[i].name, .sort = names[i].sort, .n = sizes[names[i].sort] };
    memcpy (facts[i].domain, domains[names[i].sort], (size_t)facts[i].n * sizeof (FeelValue));
  }
}

/* Whether FULL is what OPEN leaves room for. */
static bool
agrees (Arena *arena, FeelValue open, FeelValue full)
{
  if (open.kind == FEEL_UNKNOWN)
    return true;
  if (open.kind != full.kind)
    return false;
  if (open.kind == FEEL_LIST) {
    bool good = open.list->n == full.list->n;
    for (size_t i = 0; good && i < open.list->n; i++)
      good = agrees (arena, open.list->items[i], full.list->items[i]);
    return good;
  }
  return open.kind == FEEL_NULL || feel_is_true (feel_equal (arena, open, full));
}

/* The next completion; false after the last. */
static bool
next_completion (FeelValue *slots, int *chosen, unsigned unknown)
{
  for (int i = 0; i < N_FACTS; i++) {
    if (!(unknown & 1u << i))
      continue;
    chosen[i] = (chosen[i] + 1) % facts[i].n;
    slots[i] = facts[i].domain[chosen[i]];
    if (chosen[i])
      return true;
  }
  return false;
}

static char *
written (FeelValue v)
{
  GString *out = g_string_new (NULL);
  feel_write (out, v);
  return g_string_free (out, FALSE);
}

static void
check_completions (Arena *arena, const FeelExpression *e, const FeelValue *known, unsigned unknown,
                   FeelValue result)
{
  FeelValue slots[N_FACTS];
  int chosen[N_FACTS] = { 0 };
  memcpy (slots, known, sizeof slots);
  for (int i = 0; i < N_FACTS; i++)
    if (unknown & 1u << i)
      slots[i] = facts[i].domain[0];
  do {
    FeelRun run = { .arena = arena, .slots = slots };
    FeelValue full = feel_evaluate (e, &run);
    if (!agrees (arena, result, full)) {
      Text source = feel_expression_source (e);
      g_error ("%.*s\n  was %s and became %s", (int)source.len, source.bytes, written (result),
               written (full));
    }
  } while (next_completion (slots, chosen, unknown));
}

static void
check_needs (FeelValue v, unsigned unknown)
{
  for (size_t i = 0; v.kind == FEEL_UNKNOWN && i < v.unknown->n; i++) {
    bool asked = false;
    for (int j = 0; j < N_FACTS; j++)
      asked |= unknown & 1u << j && text_equal (v.unknown->needs[i]->name, text_of (facts[j].name));
    g_assert_true (asked);
  }
}

static void
test_soundness (void)
{
  dice = g_rand_new_with_seed (20210929);
  int determined = 0, open = 0;
  for (int round = 0; round < N_EXPRESSIONS; round++) {
    g_autoptr (Arena) arena = arena_new ();
    make_facts (arena);
    FeelScope *scope = feel_scope_new (arena, NULL);
    FeelValue slots[N_FACTS];
    unsigned unknown = 0;
    for (int i = 0; i < N_FACTS; i++) {
      feel_scope_add (scope, text_of (facts[i].name), NULL);
      slots[i] = facts[i].domain[roll (facts[i].n)];
      if (roll (5) < 2) {
        unknown |= 1u << i;
        slots[i] = feel_unknown (arena, (FeelNeed){ text_of (facts[i].name), NULL });
      }
    }
    g_autoptr (GString) source = g_string_new (NULL);
    write_expression (source, roll (4), 3);
    GError *error = NULL;
    const FeelExpression *e = feel_compile (arena, text_of (source->str), scope, NULL, &error);
    if (!e)
      g_error ("%s\n  in %s", error->message, source->str);
    FeelRun run = { .arena = arena, .slots = slots };
    FeelValue result = feel_evaluate (e, &run);
    check_needs (result, unknown);
    check_completions (arena, e, slots, unknown, result);
    determined += result.kind != FEEL_UNKNOWN && unknown;
    open += result.kind == FEEL_UNKNOWN;
  }
  g_test_message ("%d determined with facts unknown, %d open", determined, open);
  g_assert_cmpint (determined, >, N_EXPRESSIONS / 4);
  g_assert_cmpint (open, >, N_EXPRESSIONS / 10);
  g_rand_free (dice);
}

/* ---- single cases ---- */

static const struct {
  const char *source, *result;
} cases[] = {
  { "false and u", "false" },
  { "true and u", "unknown(u)" },
  { "null and u", "unknown(u)" },
  { "true or u", "true" },
  { "u or v", "unknown(u, v)" },
  { "not(u)", "unknown(u)" },
  { "u + v + u", "unknown(u, v)" },
  { "if u then 1 else 1", "1" },
  { "if u then 1 else 2", "unknown(u)" },
  { "if u then v else 2", "unknown(u, v)" },
  { "if u then null else null", "null" },
  { "count([u, 1])", "2" },
  { "sum([u, 1])", "unknown(u)" },
  { "[u, 1][2]", "1" },
  { "[1, 2][item > u]", "unknown(u)" },
  { "[u, 1] = [v, 2]", "false" },
  { "[u, 1] = [1]", "false" },
  { "[u, 1] = [1, 1]", "unknown(u)" },
  { "{a: u, b: 1} = {a: 1, b: 2}", "false" },
  { "{a: u, b: 1}.b", "1" },
  { "{a: u}.a", "unknown(u)" },
  { "u.a.b", "unknown(u)" },
  { "some x in [u, 3] satisfies x > 2", "true" },
  { "every x in [u, 3] satisfies x > 4", "false" },
  { "some x in u satisfies true", "unknown(u)" },
  { "5 between u and 3", "false" },
  { "5 in (u, 5)", "true" },
  { "5 in [u..3]", "false" },
  { "list contains([u, 1], 1)", "true" },
  { "for x in [u, 1] return x", "[unknown(u), 1]" },
  { "substring(u, 1)", "unknown(u)" },
  { "u instance of number", "unknown(u)" },
  { "concatenate([u], [1])", "[unknown(u), 1]" },
  { "(function(x) 1)(u)", "1" },
};

static void
test_case (gconstpointer data)
{
  size_t i = GPOINTER_TO_SIZE (data);
  g_autoptr (Arena) arena = arena_new ();
  FeelScope *scope = feel_scope_new (arena, NULL);
  feel_scope_add (scope, text_of ("u"), NULL);
  feel_scope_add (scope, text_of ("v"), NULL);
  FeelValue slots[] = { feel_unknown (arena, (FeelNeed){ text_of ("u"), NULL }),
                        feel_unknown (arena, (FeelNeed){ text_of ("v"), NULL }) };
  GError *error = NULL;
  const FeelExpression *e = feel_compile (arena, text_of (cases[i].source), scope, NULL, &error);
  g_assert_no_error (error);
  FeelRun run = { .arena = arena, .slots = slots };
  g_autofree char *result = written (feel_evaluate (e, &run));
  g_assert_cmpstr (result, ==, cases[i].result);
}

static void
test_tests (void)
{
  static const struct {
    const char *tests, *result;
  } table[] = {
    { "-", "true" },
    { "5", "unknown(u)" },
    { "< 5, >= 5", "unknown(u)" },
    { "not(5)", "unknown(u)" },
    { "[1..3]", "unknown(u)" },
    { "? = 1 or true", "true" },
  };
  g_autoptr (Arena) arena = arena_new ();
  FeelValue u = feel_unknown (arena, (FeelNeed){ text_of ("u"), NULL });
  for (size_t i = 0; i < G_N_ELEMENTS (table); i++) {
    GError *error = NULL;
    const FeelExpression *e = feel_compile_test (arena, text_of (table[i].tests), NULL, NULL, NULL, &error);
    g_assert_no_error (error);
    FeelRun run = { .arena = arena };
    g_autofree char *result = written (feel_evaluate_test (e, u, &run));
    g_assert_cmpstr (result, ==, table[i].result);
  }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/feel/unknown/soundness", test_soundness);
  g_test_add_func ("/feel/unknown/tests", test_tests);
  for (size_t i = 0; i < G_N_ELEMENTS (cases); i++) {
    g_autofree char *path = g_strdup_printf ("/feel/unknown/%zu", i + 1);
    g_test_add_data_func (path, GSIZE_TO_POINTER (i), test_case);
  }
  return g_test_run ();
}
