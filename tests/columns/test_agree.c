/* Random pages over random facts: for every row the program and dmn_run give the same
 * answer, and every condition of every table the same state.
 *
 *     COLUMNS_SEED=42 build/tests/columns/test_columns_agree     one page again
 *     COLUMNS_SECONDS=600 …                                      for as long
 */
#include "compare.h"
#include "generate.h"
#include "support.h"

#include <locale.h>
#include <stdlib.h>
#include <string.h>

enum { PAGES = 400, SECONDS = 15 };

/* ---- both ways ----------------------------------------------------------------------------- */

typedef struct {
  const World *world;
  Model model;
  const ColumnsProgram *program;
  const FeelPath **paths;
  size_t *n_paths;
  bool *asks;
  size_t row, decision;
  GString *problem;
  size_t compared, outside;
  CompareNeeds needs;
} Bench;

static FeelValue
bind (void *host, const DmnUnit *unit, const DmnVariable *variable, Arena *arena)
{
  Bench *b = host;
  for (size_t i = 0; i < G_N_ELEMENTS (b->model.constants); i++)
    if (text_equal (b->model.constants[i].name, text_of (variable->name)))
      return b->model.constants[i].value;
  return columns_row_value (&b->world->residents, b->row, "居民", b->paths[b->decision],
                            b->n_paths[b->decision], arena);
}

/* What each decision reads of the resident. */
static void
find_paths (Bench *b)
{
  Model *m = &b->model;
  b->paths = arena_new0 (m->arena, const FeelPath *, m->n_decisions);
  b->n_paths = arena_new0 (m->arena, size_t, m->n_decisions);
  b->asks = arena_new0 (m->arena, bool, m->n_decisions);
  for (size_t i = 0; i < m->n_decisions; i++) {
    size_t n;
    const FeelPath *all = dmn_decision_closure (m->model, m->arena, m->decisions[i], &n);
    FeelPath *paths = arena_new0 (m->arena, FeelPath, n);
    for (size_t k = 0; k < n; k++)
      if (strcmp (dmn_path_variable (m->decisions[i], &all[k]), "居民") == 0)
        paths[b->n_paths[i]++] = all[k];
    b->paths[i] = paths;
    b->asks[i] = (i + m->n_decisions) % 4 != 3;
  }
}

static void
note (Bench *b, FeelValue expected, const char *what)
{
  if (b->problem->len)
    return;
  const DmnDecision *d = b->model.decisions[b->decision];
  FeelValue facts = columns_row_value (&b->world->residents, b->row, "居民", b->paths[b->decision],
                                       b->n_paths[b->decision], b->model.arena);
  g_string_append_printf (b->problem, "%.*s, row %zu: %s; dmn says ", (int)d->name.len, d->name.bytes, b->row,
                          what);
  feel_write (b->problem, expected);
  g_string_append (b->problem, "; facts ");
  feel_write (b->problem, facts);
  g_string_append_c (b->problem, '\n');
}

static void
compare_trace (Bench *b, const ColumnsChunk *chunk, const DmnTrace *trace, size_t i)
{
  for (; trace; trace = trace->next)
    for (size_t k = 0; k < chunk->n_reasons; k++) {
      const ColumnsReasons *r = &chunk->reasons[k];
      if (r->table != trace->table)
        continue;
      for (size_t rule = 0; rule < trace->n_rules; rule++)
        for (size_t c = 0; c < trace->table->n_inputs; c++)
          if (compare_status (r, rule, c, i) != trace->rules[rule].conditions[c].status) {
            g_autofree char *what = g_strdup_printf (
                "%.*s, rule %zu, input %zu is %s here and %s there", (int)trace->decision->name.len,
                trace->decision->name.bytes, rule + 1, c + 1, dmn_status_id (compare_status (r, rule, c, i)),
                dmn_status_id (trace->rules[rule].conditions[c].status));
            note (b, trace->rules[rule].conditions[c].value, what);
          }
      if (r->rule[i] != 0xff && (r->rule[i] >= trace->n_rules || trace->rules[r->rule[i]].status != DMN_MET))
        note (b, feel_null (), "the rule is not met");
    }
}

static void
take (void *host, const ColumnsChunk *chunk)
{
  Bench *b = host;
  g_autoptr (Arena) arena = arena_new ();
  for (size_t i = 0; i < chunk->n && !b->problem->len; i++)
    for (b->decision = 0; b->decision < b->model.n_decisions; b->decision++) {
      if (columns_program_why (b->program, b->decision))
        continue;
      arena_reset (arena);
      b->row = chunk->first + i;
      DmnRun *run = dmn_run_new (b->model.model, arena, bind, b, DMN_TRACE);
      FeelValue expected = dmn_run_decision (run, b->model.decisions[b->decision]);
      FeelValue got = compare_answer (b->program, b->decision, &chunk->answers[b->decision], i, arena);
      g_autoptr (GString) text = g_string_new ("columns say ");
      feel_write (text, got);
      if (!compare_same (arena, expected, got))
        note (b, expected, text->str);
      const char *needs = !b->asks[b->decision]
                              ? NULL
                              : compare_needs (b->program, b->decision, &chunk->answers[b->decision], i,
                                               expected, arena, &b->needs);
      if (needs)
        note (b, expected, needs);
      compare_trace (b, chunk, dmn_run_trace (run), i);
      b->compared++;
    }
}

typedef struct {
  size_t compared, outside;
  CompareNeeds needs;
} Sum;

/* What differs on the page, NULL when nothing does (or it is no page). */
static char *
page_problem (const World *world, const Page *p, Sum *sum, bool *valid)
{
  Bench b = { .world = world, .problem = g_string_new (NULL) };
  g_autofree char *text = page_text (p);
  *valid = model_read (&b.model, world, text);
  if (*valid) {
    find_paths (&b);
    ColumnsWorld columns = { "居民", &world->residents, b.model.constants, 2 };
    g_autoptr (ColumnsProgram) program
        = columns_compile (&columns, b.model.decisions, b.asks, b.model.n_decisions);
    b.program = program;
    columns_run (program, 1, take, &b);
    for (size_t i = 0; i < b.model.n_decisions; i++) {
      b.outside += columns_program_why (program, i) != NULL;
      if (g_getenv ("COLUMNS_WHY") && columns_program_why (program, i))
        g_test_message ("%s", columns_program_why (program, i));
    }
  }
  sum->compared += b.compared;
  sum->outside += b.outside;
  sum->needs.same += b.needs.same;
  sum->needs.all += b.needs.all;
  model_free (&b.model);
  char *problem = b.problem->len ? g_strdup (b.problem->str) : NULL;
  g_string_free (b.problem, TRUE);
  return problem;
}

/* Rules taken away one by one, as long as something still differs. */
static void
shrink (const World *world, Page *p)
{
  Sum ignored = { 0 };
  bool valid;
  for (guint i = 0; i < p->sections->len; i++) {
    Section *s = p->sections->pdata[i];
    for (guint r = s->rules->len; r-- > 0 && s->rules->len > 1;) {
      char *rule = g_strdup (s->rules->pdata[r]);
      g_ptr_array_remove_index (s->rules, r);
      g_autofree char *problem = page_problem (world, p, &ignored, &valid);
      if (problem)
        g_free (rule);
      else
        g_ptr_array_insert (s->rules, (int)r, rule);
    }
  }
  while (p->sections->len > 1) { /* the last decisions, when the difference is earlier */
    g_ptr_array_set_free_func (p->sections, NULL);
    Section *last = g_ptr_array_remove_index (p->sections, p->sections->len - 1);
    g_autofree char *problem = page_problem (world, p, &ignored, &valid);
    g_ptr_array_set_free_func (p->sections, section_free);
    if (problem) {
      section_free (last);
      continue;
    }
    g_ptr_array_add (p->sections, last);
    break;
  }
}

static void
test_agree (void)
{
  const char *one = g_getenv ("COLUMNS_SEED"), *seconds = g_getenv ("COLUMNS_SECONDS");
  gint64 end = g_get_monotonic_time () + (seconds ? atoi (seconds) : SECONDS) * G_USEC_PER_SEC;
  size_t pages = 0, invalid = 0;
  Sum sum = { 0 };
  guint32 first = one ? (guint32)strtoul (one, NULL, 10) : 1, n = one ? 1 : seconds ? 1000000 : PAGES;
  for (guint32 seed = first; seed < first + n && g_get_monotonic_time () < end; seed++, pages++) {
    g_autoptr (GRand) rand = g_rand_new_with_seed (seed);
    World *world = world_new (rand);
    GError *error = NULL;
    g_assert_true (columns_table_check (&world->residents, &error));
    Page *p = page_new (seed);
    bool valid;
    g_autofree char *problem = page_problem (world, p, &sum, &valid);
    invalid += !valid;
    if (problem) {
      shrink (world, p);
      Sum ignored = { 0 };
      g_autofree char *shrunk = page_problem (world, p, &ignored, &valid), *text = page_text (p);
      g_test_message ("COLUMNS_SEED=%u\n%s\n%s", seed, text, shrunk ? shrunk : problem);
      g_test_fail ();
      end = 0;
    }
    page_free (p);
    g_free (world);
  }
  g_test_message ("%zu pages (%zu that do not compile), %zu answers compared, %zu decisions outside; what is "
                  "missing: the same list as dmn's for %zu of %zu answers",
                  pages, invalid, sum.compared, sum.outside, sum.needs.same, sum.needs.all);
  if (!one)
    g_assert_cmpuint (sum.compared, >, 1000);
}

int
main (int argc, char **argv)
{
  setlocale (LC_ALL, "C.UTF-8");
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/columns/agree", test_agree);
  return g_test_run ();
}
