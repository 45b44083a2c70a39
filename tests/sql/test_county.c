/* Every decision of the county's pages, over random facts that fit registry.yaml: what the
 * database gives is what columns_run does (which tests/columns hold against dmn_run).
 *
 *     SQL_WHY=1 build/tests/sql/test_sql_county    each that has no SQL, by name
 *
 * All are translated.  The servers take a moment to read such queries, ClickHouse half a second: they are
 * asked some of them, with SQL_ALL all.
 */
#include "expect.h"
#include "facts.h"
#include "support.h"

#include "policy/policy.h"

#include <locale.h>
#include <string.h>

static const size_t steps[] = { [SQL_SQLITE] = 1, [SQL_POSTGRESQL] = 4, [SQL_CLICKHOUSE] = 16 };
/* At most so many have no SQL: ClickHouse 18 has no window functions. */
static const size_t unsaid_percent[] = { [SQL_SQLITE] = 0, [SQL_POSTGRESQL] = 0, [SQL_CLICKHOUSE] = 4 };

typedef struct {
  size_t n, outside, unsaid, said, compared, wrong, longest, columns;
  gint64 asked; /* microseconds */
} Sum;

static void
note_size (Sum *sum, const DmnDecision *decision, size_t len, size_t n_columns)
{
  if (len > sum->longest && g_getenv ("SQL_WHY"))
    g_test_message ("%s %.*s: %zu bytes, %zu columns", decision->unit->id, (int)decision->name.len,
                    decision->name.bytes, len, n_columns);
  sum->longest = MAX (sum->longest, len);
  sum->columns = MAX (sum->columns, n_columns);
}

static void
compare (Engine *engine, const ColumnsProgram *program, const DmnDecision *decision, bool ask, Sum *sum)
{
  SqlOptions options = { .dialect = engine_dialect () };
  g_autoptr (SqlQueries) queries = sql_compile (program, &options);
  g_autoptr (GString) query = g_string_new (NULL);
  size_t n_columns;
  if (sql_why (queries, 0)) {
    sum->unsaid++;
    if (g_getenv ("SQL_WHY"))
      g_test_message ("%s", sql_why (queries, 0));
    return;
  }
  sum->said++;
  if (!ask)
    return;
  sql_write_answers (queries, query);
  sql_columns (queries, &n_columns);
  note_size (sum, decision, query->len, n_columns);
  gint64 start = g_get_monotonic_time ();
  g_autoptr (Rows) rows = engine_ask (engine, query->str);
  sum->asked += g_get_monotonic_time () - start;
  g_autofree char *problem = expect_rows (program, queries, rows, &sum->compared);
  if (problem && !sum->wrong++)
    g_test_message ("%s %.*s: %s\n%s", decision->unit->id, (int)decision->name.len, decision->name.bytes,
                    problem, query->str);
}

static void
try_decision (Engine *engine, const Facts *facts, const PolicyPackage *package, const DmnDecision *decision,
              bool ask, Sum *sum)
{
  g_autoptr (Arena) arena = arena_new ();
  const char *subject;
  const FeelPath *paths;
  size_t n_paths;
  FeelEntry constants[] = { { TEXT_LITERAL ("参数"), policy_parameters_value (package, arena, FACTS_AS_OF) },
                            { TEXT_LITERAL ("基准日"), feel_date (FACTS_AS_OF) } };
  sum->n++;
  if (!facts_subject (policy_model (package), decision, arena, &subject, &paths, &n_paths)) {
    sum->outside++;
    return;
  }
  const ColumnsTable *table = facts_table (facts, registry_schema_entity (facts->schema, subject));
  ColumnsWorld world = { .subject = subject, .table = table, .constants = constants, .n_constants = 2 };
  g_autoptr (ColumnsProgram) program = columns_compile (&world, &decision, NULL, 1);
  if (columns_program_why (program, 0))
    sum->outside++;
  else
    compare (engine, program, decision, ask, sum);
}

static void
fill (Engine *engine, const Facts *facts)
{
  SqlOptions options = { .dialect = engine_dialect () };
  for (size_t e = 0; e < registry_schema_size (facts->schema); e++)
    engine_add (engine, &options, facts_table (facts, registry_schema_entity_at (facts->schema, e)));
}

static void
test_county (void)
{
  g_autofree char *folder = support_source ("policy/minhou-2021-81");
  GError *error = NULL;
  DmnFaults *faults = dmn_faults_new ();
  PolicyPackage *package = policy_load (folder, faults, &error);
  g_assert_no_error (error);
  Facts facts;
  facts_open (&facts, policy_schema (package));
  g_autoptr (Engine) engine = engine_open (0);
  fill (engine, &facts);
  Sum sum = { 0 };
  size_t n, met = 0, step = g_getenv ("SQL_ALL") ? 1 : steps[engine_dialect ()];
  const PolicyClause *const *pages = policy_pages (package, &n);
  for (size_t i = 0; i < n; i++)
    for (size_t d = 0; pages[i]->unit && d < pages[i]->unit->n_decisions; d++)
      if (pages[i]->unit->decisions[d]->role == DMN_DECISION)
        try_decision (engine, &facts, package, pages[i]->unit->decisions[d], met++ % step == 0, &sum);
  g_test_message (
      "%s: %zu decisions, %zu outside columns, %zu more without SQL, %zu wrong; %zu cells compared; "
      "longest query %zu bytes, most columns %zu; %.1f s asked",
      sql_dialect_id (engine_dialect ()), sum.n, sum.outside, sum.unsaid, sum.wrong, sum.compared,
      sum.longest, sum.columns, (double)sum.asked / 1e6);
  g_assert_cmpuint (sum.wrong, ==, 0);
  g_assert_cmpuint (sum.unsaid * 100, <=, sum.said * unsaid_percent[engine_dialect ()]);
  facts_close (&facts);
  policy_free (package);
  dmn_faults_free (faults);
}

int
main (int argc, char **argv)
{
  setlocale (LC_ALL, "C.UTF-8");
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/sql/county", test_county);
  return g_test_run ();
}
