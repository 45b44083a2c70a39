/* How fast decisions over a whole county are: the project's rule and a table of twenty rules
 * of six conditions, with the state of every condition of every rule, over a million people,
 * two and four.  Medians in nanoseconds per person on one thread and on two; answers are
 * checked for every person against the same rules written in C, and for a sample against
 * dmn_run.
 *
 *     build/bench/columns [DB]
 *
 * The peers, for a million people whose facts are known: that C, one fused loop without reasons, and
 * what bench/columns_peers.mjs finds: DuckDB, numpy in the manner of OpenFisca, PostgreSQL.  With DB, a
 * county made by `liudong demo --residents 1000000 --db DB`, all that its pages decide about residents.
 *
 * Goals: 5 ns per person on known facts, 10 with a tenth of the facts unknown, on one
 * thread; sixty million people a second for the twenty rules; all pages in a second on two. */
#include "bench.h"
#include "columns_bench.h"

#include "columns/columns.h"

#include <glib/gstdio.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum { ROUNDS = 15, MEMBERS = 7, RULES = 20, MILLION = 1000000, SIZES = 3, SAMPLE = 3000 };

static const char *const names[MEMBERS] = { "年龄", "参保月数", "就业", "已享受", "月收入", "学历", "技能" };

typedef struct {
  size_t n;
  gint8 *age, *work, *had, *education, *skill;
  gint16 *months;
  gint32 *income;
  guint8 *unknown[MEMBERS];
  ColumnsColumn columns[MEMBERS];
  ColumnsTable table;
} People;

/* ---- people --------------------------------------------------------------------------- */

static void
describe (People *p, bool known)
{
  const ColumnsColumn columns[MEMBERS] = {
    { .kind = COLUMNS_NUMBER, .width = 1, .max = 120, .values = p->age },
    { .kind = COLUMNS_NUMBER, .width = 2, .max = 1000, .values = p->months },
    { .kind = COLUMNS_BOOLEAN, .width = 1, .values = p->work },
    { .kind = COLUMNS_BOOLEAN, .width = 1, .values = p->had },
    { .kind = COLUMNS_NUMBER, .width = 4, .scale = 2, .max = 100000000, .values = p->income },
    { .kind = COLUMNS_NUMBER, .width = 1, .max = 9, .values = p->education },
    { .kind = COLUMNS_NUMBER, .width = 1, .max = 9, .values = p->skill },
  };
  for (int i = 0; i < MEMBERS; i++) {
    p->columns[i] = columns[i];
    p->columns[i].name = text_of (names[i]);
    p->columns[i].has_unknown = !known;
    p->columns[i].unknown = known ? NULL : p->unknown[i];
  }
  p->table = (ColumnsTable){ text_of ("居民"), p->n, MEMBERS, p->columns };
}

/* With a tenth of all facts unknown unless KNOWN. */
static People *
people_new (size_t n, bool known)
{
  g_autoptr (GRand) rand = g_rand_new_with_seed (2021);
  People *p = g_new0 (People, 1);
  *p = (People){ .n = n,
                 .age = g_new (gint8, n),
                 .work = g_new (gint8, n),
                 .had = g_new (gint8, n),
                 .education = g_new (gint8, n),
                 .skill = g_new (gint8, n),
                 .months = g_new (gint16, n),
                 .income = g_new (gint32, n) };
  for (int i = 0; i < MEMBERS; i++)
    p->unknown[i] = g_new0 (guint8, n);
  for (size_t r = 0; r < n; r++) {
    p->age[r] = (gint8)g_rand_int_range (rand, 15, 50);
    p->months[r] = (gint16)g_rand_int_range (rand, 8, 40);
    p->work[r] = g_rand_int_range (rand, 0, 8) > 0;
    p->had[r] = g_rand_int_range (rand, 0, 8) == 0;
    p->income[r] = g_rand_int_range (rand, 200000, 1700000);
    p->education[r] = (gint8)g_rand_int_range (rand, 1, 5);
    p->skill[r] = (gint8)g_rand_int_range (rand, 1, 6);
    for (int i = 0; i < MEMBERS && !known; i++)
      p->unknown[i][r] = g_rand_int_range (rand, 0, 10) == 0 ? 0xff : 0;
  }
  describe (p, known);
  return p;
}

static void
people_free (People *p)
{
  g_free (p->age);
  g_free (p->work);
  g_free (p->had);
  g_free (p->education);
  g_free (p->skill);
  g_free (p->months);
  g_free (p->income);
  for (int i = 0; i < MEMBERS; i++)
    g_free (p->unknown[i]);
  g_free (p);
}

/* ---- the rules in C --------------------------------------------------------------------- */

static gint64
subsidy (const People *p, size_t r)
{
  bool entitled = p->age[r] >= 18 && p->age[r] <= 45 && p->months[r] >= 12 && p->work[r] && !p->had[r]
                  && p->income[r] <= 1500000;
  return !entitled              ? 0
         : p->education[r] == 4 ? 30000
         : p->education[r] == 3 ? 20000
         : p->skill[r] == 5     ? 15000
         : p->skill[r] == 4     ? 10000
                                : 0;
}

static gint64
of_twenty (const People *p, size_t r)
{
  for (int k = 0; k < RULES; k++)
    if (p->age[r] >= 16 + k && p->age[r] <= 60 - k && p->months[r] >= 30 - k
        && p->income[r] <= (18000 - 700 * k) * 100 && p->work[r] && p->education[r] >= 4 - k / 6)
      return k + 1;
  return 0;
}

typedef gint64 (*Rule) (const People *p, size_t row);

/* ---- pages --------------------------------------------------------------------------------- */

static char *
rule_page (void)
{
  GString *page = g_string_new ("## 补贴: 数\n\n| F |");
  for (int i = 0; i < MEMBERS; i++)
    g_string_append_printf (page, " 居民.%s |", names[i]);
  g_string_append (page, " → 补贴 |\n|---|---|---|---|---|---|---|---|---|\n| 默认 | | | | | | | | 0 |\n");
  static const char *const last[] = { "4 | - | 30000", "3 | - | 20000", "- | 5 | 15000", "- | 4 | 10000" };
  for (int r = 0; r < 4; r++)
    g_string_append_printf (page, "| %d | [18..45] | >= 12 | true | false | <= 15000 | %s |\n", r + 1,
                            last[r]);
  return g_string_free (page, FALSE);
}

static char *
twenty_page (void)
{
  GString *page = g_string_new (
      "## 档次: 数\n\n| F | 居民.年龄 | 居民.年龄 | 居民.参保月数 | 居民.月收入 | 居民.就业 | "
      "居民.学历 | → 档次 |\n|---|---|---|---|---|---|---|---|\n| 默认 | | | | | | | 0 |\n");
  for (int k = 0; k < RULES; k++)
    g_string_append_printf (page, "| %d | >= %d | <= %d | >= %d | <= %d | true | >= %d | %d |\n", k + 1,
                            16 + k, 60 - k, 30 - k, 18000 - 700 * k, 4 - k / 6, k + 1);
  return g_string_free (page, FALSE);
}

typedef struct {
  Arena *arena;
  DmnModel *model;
  const DmnDecision *decision;
} Page;

static FeelType *
people_type (Arena *arena)
{
  FeelMember *members = arena_new0 (arena, FeelMember, MEMBERS);
  for (int i = 0; i < MEMBERS; i++)
    members[i]
        = (FeelMember){ text_of (names[i]), i == 2 || i == 3 ? &feel_type_boolean : &feel_type_number };
  FeelType *type = arena_new0 (arena, FeelType, 1);
  *type = (FeelType){ .kind = FEEL_TYPE_CONTEXT, .n = MEMBERS, .members = members, .closed = true };
  return type;
}

static Page
page_open (char *text)
{
  Page page = { arena_new (), dmn_model_new (), NULL };
  DmnVariable *variable = arena_new0 (page.arena, DmnVariable, 1);
  *variable = (DmnVariable){ "居民", people_type (page.arena) };
  DmnFaults *faults = dmn_faults_new ();
  DmnClauseSource source = { .id = "页",
                             .origin = "page.md",
                             .body = text_of (text),
                             .first_line = 1,
                             .variables = variable,
                             .n_variables = 1 };
  const DmnUnit *unit = dmn_model_read_clause (page.model, &source, faults);
  if (!unit || !dmn_model_link (page.model, faults)) {
    size_t n;
    fprintf (stderr, "%s\n", dmn_faults_list (faults, &n)[0].message);
    exit (3);
  }
  page.decision = unit->decisions[0];
  dmn_faults_free (faults);
  g_free (text);
  return page;
}

/* ---- checking -------------------------------------------------------------------------------- */

typedef struct {
  const People *people;
  const Page *page;
  const ColumnsProgram *program;
  Rule rule;
  bool known;
  Arena *arena;
  const FeelPath *paths;
  size_t n_paths, row, sampled;
  guint64 sum[64]; /* by thread, a cache line apart */
} Check;

static FeelValue
bind (void *host, const DmnUnit *unit, const DmnVariable *variable, Arena *arena)
{
  Check *c = host;
  return columns_row_value (&c->people->table, c->row, "居民", c->paths, c->n_paths, arena);
}

static void
wrong (const Check *c, const char *what)
{
  fprintf (stderr, "row %zu: %s\n", c->row, what);
  exit (1);
}

/* The row again by dmn_run, with the state of every condition. */
static void
check_row (Check *c, const ColumnsChunk *chunk, size_t i)
{
  arena_reset (c->arena);
  DmnRun *run = dmn_run_new (c->page->model, c->arena, bind, c, DMN_TRACE);
  FeelValue v = dmn_run_decision (run, c->page->decision);
  const ColumnsAnswer *a = &chunk->answers[0];
  const ColumnsReasons *r = &chunk->reasons[0];
  const DmnTrace *trace = dmn_run_trace (run);
  gint64 whole;
  bool unknown = a->unknown && a->unknown[i];
  if (unknown != (v.kind == FEEL_UNKNOWN)
      || (!unknown && (!decimal_to_int64 (v.number, &whole) || whole != a->numbers[i])))
    wrong (c, "another answer than dmn_run's");
  for (size_t rule = 0; rule < trace->n_rules; rule++)
    for (size_t k = 0; k < trace->table->n_inputs; k++) {
      guint8 bit = (guint8)(1 << k);
      DmnStatus status = r->failed[rule] && r->failed[rule][i] & bit ? DMN_NOT_MET
                         : r->open[rule] && r->open[rule][i] & bit   ? DMN_UNDECIDED
                                                                     : DMN_MET;
      if (status != trace->rules[rule].conditions[k].status)
        wrong (c, "another state of a condition than dmn_run's");
    }
}

static void
check_chunk (void *host, const ColumnsChunk *chunk)
{
  Check *c = host;
  for (size_t i = 0; i < chunk->n; i++) {
    c->row = chunk->first + i;
    if (c->known && chunk->answers[0].numbers[i] != c->rule (c->people, c->row))
      wrong (c, "another answer than the same rule in C");
    if (c->row % (c->people->n / SAMPLE) == 0) {
      check_row (c, chunk, i);
      c->sampled++;
    }
  }
}

/* What a report would do with a chunk: amounts summed, the undecided counted. */
static void
sum_chunk (void *host, const ColumnsChunk *chunk)
{
  Check *c = host;
  const ColumnsAnswer *a = &chunk->answers[0];
  guint64 sum = 0;
  if (a->unknown)
    for (size_t i = 0; i < chunk->n; i++)
      sum += a->unknown[i] ? 1u << 20 : (guint64)a->numbers[i];
  else
    for (size_t i = 0; i < chunk->n; i++)
      sum += (guint64)a->numbers[i];
  c->sum[chunk->thread * 8] += sum;
}

/* ---- measuring --------------------------------------------------------------------------------- */

static double
run_rounds (Check *c, unsigned n_threads, guint64 *sum)
{
  double times[ROUNDS];
  for (int i = 0; i < ROUNDS; i++) {
    memset (c->sum, 0, sizeof c->sum);
    double start = bench_seconds (CLOCK_MONOTONIC) * 1e9;
    columns_run (c->program, n_threads, sum_chunk, c);
    times[i] = (bench_seconds (CLOCK_MONOTONIC) * 1e9 - start) / (double)c->people->n;
    guint64 total = 0;
    for (unsigned t = 0; t < n_threads; t++)
      total += c->sum[t * 8];
    if (i > 0 && total != *sum)
      wrong (c, "another sum than the round before");
    *sum = total;
  }
  return bench_median (times, ROUNDS);
}

/* The peer: the rule in one loop. */
static double
loop_rounds (const Check *c, guint64 *sum)
{
  double times[ROUNDS];
  for (int i = 0; i < ROUNDS; i++) {
    *sum = 0;
    double start = bench_seconds (CLOCK_MONOTONIC) * 1e9;
    for (size_t r = 0; r < c->people->n; r++)
      *sum += (guint64)c->rule (c->people, r);
    times[i] = (bench_seconds (CLOCK_MONOTONIC) * 1e9 - start) / (double)c->people->n;
  }
  return bench_median (times, ROUNDS);
}

/* Bytes per nanosecond that one thread reads. */
static double
bandwidth (void)
{
  const size_t n = (size_t)256 << 20 >> 3;
  guint64 *words = g_new (guint64, n), sum = 0;
  double times[ROUNDS];
  for (size_t i = 0; i < n; i++)
    words[i] = i;
  for (int i = 0; i < ROUNDS; i++) {
    double start = bench_seconds (CLOCK_MONOTONIC) * 1e9;
    for (size_t k = 0; k < n; k++)
      sum += words[k];
    times[i] = bench_seconds (CLOCK_MONOTONIC) * 1e9 - start;
  }
  if (sum != (guint64)ROUNDS * (n * (n - 1) / 2))
    exit (1);
  g_free (words);
  return (double)(n * 8) / bench_median (times, ROUNDS);
}

/* ---- peers -------------------------------------------------------------------------------------- */

static guint64
failed_sum (const ColumnsChunk *chunk)
{
  const ColumnsReasons *reasons = &chunk->reasons[0];
  guint64 sum = 0;
  for (size_t k = 0; k < reasons->table->n_rules * reasons->n_bytes; k++)
    for (size_t i = 0; reasons->failed[k] && i < chunk->n; i++)
      sum += reasons->failed[k][i];
  return sum;
}

static void
sum_failed (void *host, const ColumnsChunk *chunk)
{
  ((Check *)host)->sum[chunk->thread * 8] += failed_sum (chunk);
}

/* For the peers: nanoseconds, amounts and failed conditions (each rule's bits as a number, summed up). */
static void
tell_peers (GString *about, const char *name, Check *c, double one, guint64 amounts)
{
  memset (c->sum, 0, sizeof c->sum);
  columns_run (c->program, 1, sum_failed, c);
  g_string_append_printf (about,
                          "%s\"%s\": {\"ours\": %.3f, \"amounts\": %" G_GUINT64_FORMAT
                          ", \"failed\": %" G_GUINT64_FORMAT "}",
                          about->len ? ", " : "", name, one, amounts, c->sum[0]);
}

static void
write_column (const char *folder, const char *name, const void *values, size_t bytes)
{
  g_autofree char *path = g_strdup_printf ("%s/%s", folder, name);
  GError *error = NULL;
  if (!g_file_set_contents (path, values, (gssize)bytes, &error)) {
    fprintf (stderr, "%s\n", error->message);
    exit (3);
  }
}

/* The people as the peers read them: a file per column, and one for all. */
static void
write_people (const char *folder, const People *p)
{
  const gint8 *bytes[] = { p->age, p->work, p->had, p->education, p->skill };
  static const char *const files[] = { "age", "work", "had", "education", "skill" };
  for (size_t i = 0; i < G_N_ELEMENTS (files); i++)
    write_column (folder, files[i], bytes[i], p->n);
  write_column (folder, "months", p->months, p->n * sizeof *p->months);
  write_column (folder, "income", p->income, p->n * sizeof *p->income);
  g_autoptr (GString) csv = g_string_new ("age,months,work,had,income,education,skill\n");
  for (size_t r = 0; r < p->n; r++)
    g_string_append_printf (csv, "%d,%d,%s,%s,%d,%d,%d\n", p->age[r], p->months[r],
                            p->work[r] ? "true" : "false", p->had[r] ? "true" : "false", p->income[r],
                            p->education[r], p->skill[r]);
  write_column (folder, "people.csv", csv->str, csv->len);
}

static void
remove_folder (const char *folder)
{
  GDir *dir = g_dir_open (folder, 0, NULL);
  const char *name;
  while (dir && (name = g_dir_read_name (dir))) {
    g_autofree char *path = g_strdup_printf ("%s/%s", folder, name);
    g_unlink (path);
  }
  if (dir)
    g_dir_close (dir);
  g_rmdir (folder);
}

static void
run_peers (const char *about)
{
  g_autofree char *folder = g_dir_make_tmp ("columns-XXXXXX", NULL),
                  *facts = g_strdup_printf ("{\"people\": %d, %s}", MILLION, about);
  People *people = people_new (MILLION, true);
  write_people (folder, people);
  people_free (people);
  fflush (stdout);
  const char *const command[] = { "node", BENCH_SOURCE "/bench/columns_peers.mjs", folder, facts, NULL };
  GError *error = NULL;
  int status = 0;
  if (!g_spawn_sync (NULL, (char **)command, NULL, G_SPAWN_SEARCH_PATH | G_SPAWN_CHILD_INHERITS_STDIN, NULL,
                     NULL, NULL, NULL, &status, &error))
    printf ("no peers: %s\n", error->message);
  remove_folder (folder);
  if (!error && !g_spawn_check_wait_status (status, NULL))
    exit (1);
}

/* ---- all together ---------------------------------------------------------------------------------- */

static void
measure (const char *title, const Page *page, Rule rule, size_t n, bool known, double read_speed,
         GString *about)
{
  People *people = people_new (n, known);
  ColumnsWorld world = { "居民", &people->table, NULL, 0 };
  g_autoptr (ColumnsProgram) program = columns_compile (&world, &page->decision, NULL, 1);
  if (columns_program_why (program, 0)) {
    fprintf (stderr, "%s\n", columns_program_why (program, 0));
    exit (1);
  }
  Check check = { .people = people, .page = page, .program = program, .rule = rule, .known = known };
  check.arena = arena_new ();
  check.paths = dmn_decision_closure (page->model, page->arena, page->decision, &check.n_paths);
  columns_run (program, 1, check_chunk, &check);
  guint64 sum_one = 0, sum_two = 0, sum_loop = 0;
  double one = run_rounds (&check, 1, &sum_one), two = run_rounds (&check, 2, &sum_two),
         loop = loop_rounds (&check, &sum_loop);
  if (sum_one != sum_two || (known && sum_one != sum_loop))
    wrong (&check, "the sums differ");
  double bytes = (double)columns_program_bytes (program);
  printf ("%-26s %4zu M %8.2f ns %8.2f ns %7.0f M/s %8.2f ns %4zu ops %5.0f B %5.1f %%\n", title, n / MILLION,
          one, two, 1000 / one, loop, columns_program_length (program), bytes,
          100 * bytes / one / read_speed);
  if (known && n == MILLION)
    tell_peers (about, rule == subsidy ? "rule" : "twenty", &check, one, sum_one);
  arena_free (check.arena);
  people_free (people);
}

int
main (int argc, char **argv)
{
  double read_speed = bandwidth ();
  Page rule = page_open (rule_page ()), twenty = page_open (twenty_page ());
  g_autoptr (GString) about = g_string_new (NULL);
  printf ("one thread reads %.1f GB/s\n\n", read_speed);
  printf ("%-26s %6s %11s %11s %11s %11s %8s %7s %7s\n", "per person, with reasons", "people", "one thread",
          "two", "one", "loop in C", "chunk", "read", "of it");
  for (size_t n = MILLION, i = 0; i < SIZES; i++, n *= 2) {
    measure ("the rule, known", &rule, subsidy, n, true, read_speed, about);
    measure ("the rule, a tenth unknown", &rule, subsidy, n, false, read_speed, about);
    measure ("twenty rules, known", &twenty, of_twenty, n, true, read_speed, about);
    measure ("twenty, a tenth unknown", &twenty, of_twenty, n, false, read_speed, about);
  }
  dmn_model_free (rule.model);
  dmn_model_free (twenty.model);
  arena_free (rule.arena);
  arena_free (twenty.arena);
  run_peers (about->str);
  if (argc > 1)
    bench_county (argv[1], read_speed);
  return 0;
}
