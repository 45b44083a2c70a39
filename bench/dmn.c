/* How fast decisions are: linked once, then evaluated again and again with other
 * inputs, every answer checked against the same rule written in C.  Medians of
 * many short rounds, in nanoseconds per evaluation.
 *
 *     build/bench/dmn            a table of what was measured
 *     build/bench/dmn --rule     the rule alone, one number: for bench/peers.mjs
 *
 * The rule is the one the project measures itself by: six guards, then an amount
 * by education, else by skill.  Goals: 0.5 microseconds, 2 with a trace, 5 for a
 * table of 1,000 rules.  Tables and chains come in three sizes, so that what
 * grows faster than its input is seen. */
#include "bench.h"
#include "dmn/dmn.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum { ROUNDS = 41, PEOPLE = 4096, MEMBERS = 7 };

/* ---- memory from elsewhere --------------------------------------------- */

/* Every allocation of the process comes by here (the libraries' too), so that one
 * outside the arena is seen. */
static size_t n_allocations;

void *__libc_malloc (size_t size);
void *__libc_calloc (size_t n, size_t size);
void *__libc_realloc (void *block, size_t size);
void *malloc (size_t size);
void *calloc (size_t n, size_t size);
void *realloc (void *block, size_t size);

void *
malloc (size_t size)
{
  n_allocations++;
  return __libc_malloc (size);
}

void *
calloc (size_t n, size_t size)
{
  n_allocations++;
  return __libc_calloc (n, size);
}

void *
realloc (void *block, size_t size)
{
  n_allocations++;
  return __libc_realloc (block, size);
}

/* ---- the people asked about -------------------------------------------- */

static const char *const names[MEMBERS] = { "年龄", "参保月数", "就业", "已享受", "月收入", "学历", "技能" };

typedef struct {
  gint64 fields[MEMBERS]; /* as in NAMES; income in fen */
} Person;

static bool
is_truth (int member)
{
  return member == 2 || member == 3;
}

static Person
random_person (GRand *rand)
{
  return (Person){ { g_rand_int_range (rand, 15, 50), g_rand_int_range (rand, 8, 40),
                     g_rand_int_range (rand, 0, 8) > 0, g_rand_int_range (rand, 0, 8) == 0,
                     g_rand_int_range (rand, 200000, 1700000), g_rand_int_range (rand, 1, 5),
                     g_rand_int_range (rand, 1, 6) } };
}

static gint64
subsidy (const Person *p)
{
  const gint64 *f = p->fields;
  bool entitled = f[0] >= 18 && f[0] <= 45 && f[1] >= 12 && f[2] && !f[3] && f[4] <= 1500000;
  return !entitled ? 0 : f[5] == 4 ? 30000 : f[5] == 3 ? 20000 : f[6] == 5 ? 15000 : f[6] == 4 ? 10000 : 0;
}

static FeelValue
person_value (Arena *arena, const Person *p)
{
  FeelEntry entries[MEMBERS];
  for (int i = 0; i < MEMBERS; i++)
    entries[i]
        = (FeelEntry){ text_of (names[i]), is_truth (i) ? feel_boolean (p->fields[i])
                                           : i == 4     ? feel_number (decimal_from_scaled (p->fields[i], 2))
                                                        : feel_int (p->fields[i]) };
  return feel_context (arena, entries, MEMBERS);
}

/* ---- models ------------------------------------------------------------ */

enum { RULES = 4 };
static const char *const rules[RULES][MEMBERS + 1] = {
  { "[18..45]", ">= 12", "true", "false", "<= 15000", "4", "-", "30000" },
  { "[18..45]", ">= 12", "true", "false", "<= 15000", "3", "-", "20000" },
  { "[18..45]", ">= 12", "true", "false", "<= 15000", "-", "5", "15000" },
  { "[18..45]", ">= 12", "true", "false", "<= 15000", "-", "4", "10000" },
};

static char *
rule_page (void)
{
  GString *page = g_string_new ("## 补贴: 数字\n\n| F |");
  for (int i = 0; i < MEMBERS; i++)
    g_string_append_printf (page, " 居民.%s |", names[i]);
  g_string_append (page, " → 补贴 |\n| - | - | - | - | - | - | - | - | - |\n| 默认 | | | | | | | | 0 |\n");
  for (int r = 0; r < RULES; r++) {
    g_string_append_printf (page, "| %d |", r + 1);
    for (int i = 0; i <= MEMBERS; i++)
      g_string_append_printf (page, " %s |", rules[r][i]);
    g_string_append_c (page, '\n');
  }
  return g_string_free (page, FALSE);
}

static void
add_entry (GString *file, const char *element, const char *text)
{
  g_autofree char *escaped = g_markup_escape_text (text, -1);
  g_string_append_printf (file, "<%s><text>%s</text></%s>", element, escaped, element);
}

/* The same as a DMN file, with an input data per column. */
static char *
rule_file (void)
{
  GString *file = g_string_new ("<definitions xmlns=\"https://www.omg.org/spec/DMN/20191111/MODEL/\" "
                                "name=\"m\" namespace=\"页\">");
  for (int i = 0; i < MEMBERS; i++)
    g_string_append_printf (file,
                            "<inputData id=\"i%d\" name=\"%s\"><variable name=\"%s\" typeRef=\"%s\"/>"
                            "</inputData>",
                            i, names[i], names[i], is_truth (i) ? "boolean" : "number");
  g_string_append (file, "<decision id=\"d\" name=\"补贴\"><variable name=\"补贴\" typeRef=\"number\"/>");
  for (int i = 0; i < MEMBERS; i++)
    g_string_append_printf (
        file, "<informationRequirement><requiredInput href=\"#i%d\"/></informationRequirement>", i);
  g_string_append (file, "<decisionTable hitPolicy=\"FIRST\">");
  for (int i = 0; i < MEMBERS; i++)
    g_string_append_printf (
        file, "<input><inputExpression typeRef=\"%s\"><text>%s</text></inputExpression></input>",
        is_truth (i) ? "boolean" : "number", names[i]);
  g_string_append (
      file, "<output typeRef=\"number\"><defaultOutputEntry><text>0</text></defaultOutputEntry></output>");
  for (int r = 0; r < RULES; r++) {
    g_string_append (file, "<rule>");
    for (int i = 0; i <= MEMBERS; i++)
      add_entry (file, i < MEMBERS ? "inputEntry" : "outputEntry", rules[r][i]);
    g_string_append (file, "</rule>");
  }
  return g_string_free (g_string_append (file, "</decisionTable></decision></definitions>"), FALSE);
}

/* N rules: an age each, in blocks of one education; income splits every age in two. */
static char *
large_page (int n)
{
  GString *page = g_string_new ("## 补贴: 数字\n\n| U | 居民.年龄 | 居民.就业 | 居民.月收入 | → 补贴 |\n"
                                "| - | - | - | - | - |\n| 默认 | | | | 0 |\n");
  for (int i = 0; i < n; i++)
    g_string_append_printf (page, "| %d | [%d..%d] | true | %s 8000 | %d |\n", i, i / 2 * 3, i / 2 * 3 + 1,
                            i % 2 ? ">" : "<=", i + 1);
  return g_string_free (page, FALSE);
}

static gint64
large_answer (const Person *p, int n)
{
  gint64 block = p->fields[0] / 3;
  bool met = block < n / 2 && p->fields[0] % 3 < 2 && p->fields[2];
  return met ? block * 2 + (p->fields[4] > 800000) + 1 : 0;
}

/* N decisions, each asking the one before. */
static char *
chain_page (int n)
{
  GString *page = g_string_new ("## 级0: 数字\n\n```feel\n居民.年龄\n```\n\n");
  for (int i = 1; i < n; i++)
    g_string_append_printf (page, "## 级%d: 数字\n\n```feel\n级%d + 1\n```\n\n", i, i - 1);
  return g_string_free (page, FALSE);
}

/* MODEL linked, when it could be READ. */
static void
link_model (DmnModel *model, const DmnUnit *read, DmnFaults *faults)
{
  if (read && dmn_model_link (model, faults))
    return;
  size_t n;
  const DmnFault *list = dmn_faults_list (faults, &n);
  fprintf (stderr, "%s:%u: %s\n", list[0].origin, list[0].line, list[0].message);
  exit (3);
}

static DmnModel *
link_file (const char *file)
{
  g_autoptr (DmnFaults) faults = dmn_faults_new ();
  DmnModel *model = dmn_model_new ();
  DmnXmlSource source = { .path = "rule.dmn", .text = text_of (file) };
  link_model (model, dmn_model_read_xml (model, &source, faults), faults);
  return model;
}

static DmnModel *
link_page (const char *page)
{
  static FeelMember members[MEMBERS];
  for (int i = 0; i < MEMBERS; i++)
    members[i] = (FeelMember){ text_of (names[i]), is_truth (i) ? &feel_type_boolean : &feel_type_number };
  static const FeelType person
      = { .kind = FEEL_TYPE_CONTEXT, .n = MEMBERS, .members = members, .closed = true };
  static const DmnVariable resident = { "居民", &person };
  g_autoptr (DmnFaults) faults = dmn_faults_new ();
  DmnModel *model = dmn_model_new ();
  DmnClauseSource source = { .id = "页",
                             .origin = "page.md",
                             .body = text_of (page),
                             .first_line = 1,
                             .variables = &resident,
                             .n_variables = 1 };
  link_model (model, dmn_model_read_clause (model, &source, faults), faults);
  return model;
}

/* ---- measuring --------------------------------------------------------- */

typedef struct {
  Person people[PEOPLE];
  FeelValue values[PEOPLE];
  gint64 answers[PEOPLE];
  const FeelValue *asked; /* who the next evaluation is about */
} World;

static FeelValue
bind (void *host, const DmnUnit *unit, const DmnVariable *variable, Arena *arena)
{
  return *((World *)host)->asked;
}

static void
check (FeelValue value, gint64 expected, const char *decision)
{
  gint64 number;
  if (value.kind == FEEL_NUMBER && decimal_to_int64 (value.number, &number) && number == expected)
    return;
  fprintf (stderr, "%s: a wrong answer, not %" G_GINT64_FORMAT "\n", decision, expected);
  exit (1);
}

/* Nanoseconds per evaluation of DECISION: rounds of N, and all of them checked.  The
 * first round may make the run's memory; after that there is but the arena. */
static double
measure (World *world, const DmnModel *model, const char *decision, DmnRunFlags flags, int n)
{
  const DmnDecision *d = dmn_model_find (model, "页", decision);
  g_autoptr (Arena) home = arena_new (), arena = arena_new ();
  bool file = d->unit->is_xml;
  DmnInputs inputs = { .values = feel_null () };
  DmnRun *run = file ? dmn_run_new_inputs (model, home, &inputs, flags)
                     : dmn_run_new (model, home, bind, world, flags);
  double times[ROUNDS];
  for (int round = 0; round < ROUNDS; round++) {
    double start = bench_seconds (CLOCK_MONOTONIC) * 1e9;
    for (int i = 0; i < n; i++) {
      int who = (round * n + i) % PEOPLE;
      world->asked = &world->values[who];
      arena_reset (arena);
      inputs.values = *world->asked;
      dmn_run_reset (run, arena, file ? &inputs : NULL);
      check (dmn_run_decision (run, d), world->answers[who], decision);
    }
    times[round] = (bench_seconds (CLOCK_MONOTONIC) * 1e9 - start) / n;
    if (round == 0)
      n_allocations = 0;
  }
  if (n_allocations) {
    fprintf (stderr, "%s: %zu allocations outside the arena\n", decision, n_allocations);
    exit (1);
  }
  qsort (times, ROUNDS, sizeof *times, bench_by_size);
  return times[ROUNDS / 2];
}

static void
measure_rule (World *world, bool alone)
{
  g_autofree char *page = rule_page (), *file = rule_file ();
  g_autoptr (DmnModel) clause = link_page (page), model = link_file (file);
  for (int i = 0; i < PEOPLE; i++)
    world->answers[i] = subsidy (&world->people[i]);
  double plain = measure (world, clause, "补贴", DMN_PLAIN, 1000);
  if (alone) {
    printf ("%.1f\n", plain);
    return;
  }
  const char *form = "%-44s %10.0f ns\n";
  printf (form, "the rule as a table", plain);
  printf (form, "the rule as a table, with trace", measure (world, clause, "补贴", DMN_TRACE, 1000));
  printf (form, "the rule in a DMN file", measure (world, model, "补贴", DMN_PLAIN, 1000));
  printf (form, "the rule in a DMN file, with trace", measure (world, model, "补贴", DMN_TRACE, 1000));
}

static void
measure_large (World *world, int n)
{
  g_autofree char *page = large_page (n);
  double start = bench_seconds (CLOCK_MONOTONIC) * 1e9;
  g_autoptr (DmnModel) model = link_page (page);
  double linked = bench_seconds (CLOCK_MONOTONIC) * 1e9 - start;
  for (int i = 0; i < PEOPLE; i++)
    world->answers[i] = large_answer (&world->people[i], n);
  printf ("%-14s %4d rules %24s %10.0f ns   (linking %.1f ms)\n", "a table of", n, "",
          measure (world, model, "补贴", DMN_PLAIN, 100), linked / 1e6);
}

/* Nobody has stated the age: the table looks at what it could be, and asks for it. */
static void
measure_unknown (World *world, int n)
{
  g_autofree char *page = large_page (n);
  g_autoptr (DmnModel) model = link_page (page);
  g_autoptr (Arena) home = arena_new (), arena = arena_new ();
  FeelEntry entries[MEMBERS];
  memcpy (entries, world->values[0].context->entries, sizeof entries);
  entries[0].value = feel_unknown (home, (FeelNeed){ .name = text_of (names[0]) });
  entries[2].value = feel_boolean (true);
  FeelValue person = feel_context (home, entries, MEMBERS);
  world->asked = &person;
  DmnRun *run = dmn_run_new (model, home, bind, world, DMN_PLAIN);
  double times[ROUNDS];
  for (int round = 0; round < ROUNDS; round++) {
    double start = bench_seconds (CLOCK_MONOTONIC) * 1e9;
    arena_reset (arena);
    dmn_run_reset (run, arena, NULL);
    FeelValue value = dmn_run_decision (run, dmn_model_find (model, "页", "补贴"));
    times[round] = bench_seconds (CLOCK_MONOTONIC) * 1e9 - start;
    if (value.kind != FEEL_UNKNOWN || value.unknown->n != 1)
      exit (1);
  }
  qsort (times, ROUNDS, sizeof *times, bench_by_size);
  printf ("%-14s %4d rules, the age unknown %6s %10.0f ns\n", "a table of", n, "", times[ROUNDS / 2]);
}

static void
measure_chain (World *world, int n)
{
  g_autofree char *page = chain_page (n);
  g_autoptr (DmnModel) model = link_page (page);
  g_autofree char *last = g_strdup_printf ("级%d", n - 1);
  for (int i = 0; i < PEOPLE; i++)
    world->answers[i] = world->people[i].fields[0] + n - 1;
  printf ("a chain of %4d decisions, each %13s %10.0f ns\n", n, "",
          measure (world, model, last, DMN_PLAIN, 5) / n);
}

int
main (int argc, char **argv)
{
  g_autoptr (Arena) arena = arena_new ();
  g_autoptr (GRand) rand = g_rand_new_with_seed (18);
  World *world = arena_new0 (arena, World, 1);
  for (int i = 0; i < PEOPLE; i++) {
    world->people[i] = random_person (rand);
    world->values[i] = person_value (arena, &world->people[i]);
  }
  bool alone = argc > 1 && g_str_equal (argv[1], "--rule");
  measure_rule (world, alone);
  if (alone)
    return 0;
  for (int n = 1000; n <= 4000; n *= 2)
    measure_large (world, n);
  for (int n = 500; n <= 2000; n *= 2)
    measure_unknown (world, n);
  for (int n = 500; n <= 2000; n *= 2)
    measure_chain (world, n);
  return 0;
}
