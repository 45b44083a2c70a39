/* Random pages over random facts: for every row the database gives the same answer, matched rule
 * and conditions as columns_run.
 *
 *     SQL_SEED=42 build/tests/sql/test_sql_agree     one page again, with its query
 *     SQL_SECONDS=600 …                              for as long
 *     LIUDONG_TEST_SQL=clickhouse tests/support/clickhouse with …
 */
#include "expect.h"
#include "generate.h"

#include <locale.h>
#include <stdlib.h>

enum { PAGES = 300, SECONDS = 15 };

typedef struct {
  size_t pages, decisions, outside, unsaid, compared;
} Sum;

static void
count_outside (const ColumnsProgram *program, const SqlQueries *queries, size_t n, Sum *sum)
{
  for (size_t i = 0; i < n; i++) {
    sum->decisions++;
    sum->outside += columns_program_why (program, i) != NULL;
    if (columns_program_why (program, i) || !sql_why (queries, i))
      continue;
    sum->unsaid++;
    if (g_getenv ("SQL_WHY"))
      g_test_message ("%s", sql_why (queries, i));
  }
}

static char *
page_problem (Engine *engine, const World *world, const Page *page, Sum *sum)
{
  Model model;
  g_autofree char *text = page_text (page);
  char *problem = NULL;
  if (model_read (&model, world, text)) {
    SqlOptions options = { .dialect = engine_dialect () };
    ColumnsWorld columns = { "居民", &world->residents, model.constants, 2 };
    g_autoptr (ColumnsProgram) program = columns_compile (&columns, model.decisions, NULL, model.n_decisions);
    g_autoptr (SqlQueries) queries = sql_compile (program, &options);
    g_autoptr (GString) query = g_string_new (NULL);
    count_outside (program, queries, model.n_decisions, sum);
    sql_write_answers (queries, query);
    if (g_getenv ("SQL_SEED"))
      g_print ("%s\n%s\n", text, query->str);
    g_autoptr (Rows) rows = engine_ask (engine, query->str);
    problem = expect_rows (program, queries, rows, &sum->compared);
    if (problem)
      g_test_message ("%s\n%s", text, query->str);
  }
  model_free (&model);
  return problem;
}

static void
test_agree (void)
{
  const char *one = g_getenv ("SQL_SEED"), *seconds = g_getenv ("SQL_SECONDS");
  gint64 end = g_get_monotonic_time () + (seconds ? atoi (seconds) : SECONDS) * G_USEC_PER_SEC;
  guint32 first = one ? (guint32)strtoul (one, NULL, 10) : 1, n = one ? 1 : seconds ? 1000000 : PAGES;
  SqlOptions options = { .dialect = engine_dialect () };
  g_autoptr (Engine) engine = engine_open (0);
  Sum sum = { 0 };
  for (guint32 seed = first; seed < first + n && g_get_monotonic_time () < end; seed++) {
    g_autoptr (GRand) rand = g_rand_new_with_seed (seed);
    World *world = world_new (rand);
    Page *page = page_new (seed);
    engine_clear (engine);
    engine_add (engine, &options, &world->residents);
    g_autofree char *problem = page_problem (engine, world, page, &sum);
    sum.pages++;
    if (problem) {
      g_test_message ("SQL_SEED=%u: %s", seed, problem);
      g_test_fail ();
      end = 0;
    }
    page_free (page);
    g_free (world);
  }
  g_test_message (
      "%s: %zu pages, %zu decisions, %zu outside columns, %zu more without SQL, %zu cells compared",
      sql_dialect_id (engine_dialect ()), sum.pages, sum.decisions, sum.outside, sum.unsaid, sum.compared);
  if (!one)
    g_assert_cmpuint (sum.compared, >, 10000);
}

int
main (int argc, char **argv)
{
  setlocale (LC_ALL, "C.UTF-8");
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/sql/agree", test_agree);
  return g_test_run ();
}
