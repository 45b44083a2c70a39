/* Every decision of the county's pages that compiles, over random facts that fit
 * registry.yaml: the program and dmn_run give the same for every row.  And how many do,
 * with the reasons of those that do not.
 *
 *     COLUMNS_WHY=1 build/tests/columns/test_columns_county    each that does not, by name
 */
#include "support.h"

#include "compare.h"
#include "facts.h"
#include "policy/policy.h"

#include <locale.h>
#include <string.h>

/* ---- one decision both ways -------------------------------------------------------------- */

typedef struct {
  const DmnModel *model;
  const DmnDecision *decision;
  const ColumnsTable *table;
  const char *subject;
  const FeelPath *paths;
  size_t n_paths, row;
  FeelEntry constants[2];
  const ColumnsProgram *program;
  ColumnsRows *rows;
  size_t compared, undetermined, wrong;
  CompareNeeds needs;
} Case;

static bool
conditions_agree (const ColumnsReasons *r, const DmnTrace *trace, size_t i)
{
  bool same = true;
  for (size_t rule = 0; rule < trace->n_rules; rule++)
    for (size_t c = 0; c < trace->table->n_inputs; c++)
      same &= compare_status (r, rule, c, i) == trace->rules[rule].conditions[c].status;
  return same;
}

static void
report (Case *k, FeelValue expected, FeelValue got, const char *what, Arena *arena)
{
  if (k->wrong++)
    return;
  g_autoptr (GString) text = g_string_new (NULL);
  g_string_append_printf (text, "%s %.*s, row %zu: %s; dmn says ", k->decision->unit->id,
                          (int)k->decision->name.len, k->decision->name.bytes, k->row, what);
  feel_write (text, expected);
  g_string_append (text, ", columns ");
  feel_write (text, got);
  g_string_append (text, "; facts ");
  feel_write (text, columns_row_value (k->table, k->row, k->subject, k->paths, k->n_paths, arena));
  g_test_message ("%s", text->str);
}

static void
take (void *host, const ColumnsChunk *chunk)
{
  Case *k = host;
  g_autoptr (Arena) arena = arena_new ();
  for (size_t i = 0; i < chunk->n; i++) {
    arena_reset (arena);
    k->row = chunk->first + i;
    DmnRun *run = columns_rows_turn (k->rows, k->row, k->paths, k->n_paths, arena);
    FeelValue expected = dmn_run_decision (run, k->decision);
    FeelValue got = compare_answer (k->program, 0, &chunk->answers[0], i, arena);
    if (!compare_same (arena, expected, got))
      report (k, expected, got, "the answers differ", arena);
    const char *needs = compare_needs (k->program, 0, &chunk->answers[0], i, expected, arena, &k->needs);
    if (needs)
      report (k, expected, got, needs, arena);
    for (const DmnTrace *trace = dmn_run_trace (run); trace; trace = trace->next)
      for (size_t r = 0; r < chunk->n_reasons; r++)
        if (chunk->reasons[r].table == trace->table && !conditions_agree (&chunk->reasons[r], trace, i))
          report (k, expected, got, "a condition's state differs", arena);
        else if (chunk->reasons[r].table == trace->table
                 && (trace->value.kind == FEEL_UNKNOWN)
                        != (chunk->reasons[r].unknown && chunk->reasons[r].unknown[i]))
          report (k, expected, got, "one table's answer is unknown, the other's not", arena);
    k->compared++;
    k->undetermined += expected.kind == FEEL_UNKNOWN;
  }
}

/* ---- all of them --------------------------------------------------------------------------- */

typedef struct {
  size_t asked, asked_outside;
  size_t n, compiled, compared, undetermined, wrong;
  CompareNeeds needs;
  GHashTable *reasons;         /* text to how often */
} Sum;

static void
count_reason (Sum *sum, const char *why)
{
  const char *what = strstr (why, ": ");
  what = what ? what + 2 : why;
  gpointer n = g_hash_table_lookup (sum->reasons, what);
  g_hash_table_replace (sum->reasons, g_strdup (what), GINT_TO_POINTER (GPOINTER_TO_INT (n) + 1));
}

/* Whether a provision or a target of CLAUSE asks for it. */
static bool
is_asked (const PolicyClause *clause, const DmnDecision *decision)
{
  bool asked = false;
  for (size_t i = 0; i < clause->n_provisions; i++)
    asked |= clause->provisions[i].eligible == decision || clause->provisions[i].amount == decision;
  for (size_t i = 0; i < clause->n_targets; i++)
    asked |= clause->targets[i].among == decision;
  return asked;
}

static void
try_decision (const Facts *facts, const PolicyPackage *package, const PolicyClause *clause,
              const DmnDecision *decision, Sum *sum)
{
  g_autoptr (Arena) arena = arena_new ();
  Case k = { .model = policy_model (package), .decision = decision };
  k.constants[0]
      = (FeelEntry){ TEXT_LITERAL ("参数"), policy_parameters_value (package, arena, FACTS_AS_OF) };
  k.constants[1] = (FeelEntry){ TEXT_LITERAL ("基准日"), feel_date (FACTS_AS_OF) };
  sum->n++;
  if (!facts_subject (k.model, decision, arena, &k.subject, &k.paths, &k.n_paths)) {
    count_reason (sum, "several subjects");
    return;
  }
  k.table = facts_table (facts, registry_schema_entity (facts->schema, k.subject));
  ColumnsWorld world = { k.subject, k.table, k.constants, 2 };
  g_autoptr (ColumnsProgram) program = columns_compile (&world, &decision, (bool[]){ true }, 1);
  const char *why = columns_program_why (program, 0);
  sum->asked += is_asked (clause, decision);
  if (why) {
    sum->asked_outside += is_asked (clause, decision);
    count_reason (sum, why);
    if (g_getenv ("COLUMNS_WHY"))
      g_test_message ("%s %.*s <- %s", decision->unit->id, (int)decision->name.len, decision->name.bytes,
                      why);
    return;
  }
  sum->compiled++;
  g_autoptr (ColumnsRows) rows = columns_rows_new (&world, k.model, DMN_TRACE);
  k.program = program;
  k.rows = rows;
  columns_run (program, 1, take, &k);
  sum->compared += k.compared;
  sum->undetermined += k.undetermined;
  sum->wrong += k.wrong;
  sum->needs.same += k.needs.same;
  sum->needs.all += k.needs.all;
}

static int
more_often (gconstpointer a, gconstpointer b, gpointer reasons)
{
  return GPOINTER_TO_INT (g_hash_table_lookup (reasons, b))
         - GPOINTER_TO_INT (g_hash_table_lookup (reasons, a));
}

static void
tell (const Sum *sum)
{
  g_test_message ("%zu of %zu decisions compile; %zu rows compared, %zu of them undetermined", sum->compiled,
                  sum->n, sum->compared, sum->undetermined);
  g_test_message ("of %zu decisions of provisions and targets %zu do not", sum->asked, sum->asked_outside);
  g_test_message ("what is missing: the same list as dmn's for %zu of %zu rows", sum->needs.same,
                  sum->needs.all);
  GList *list = g_list_sort_with_data (g_hash_table_get_keys (sum->reasons), more_often, sum->reasons);
  for (GList *l = list; l; l = l->next)
    g_test_message ("%4d  %s", GPOINTER_TO_INT (g_hash_table_lookup (sum->reasons, l->data)),
                    (char *)l->data);
  g_list_free (list);
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
  Sum sum = { .reasons = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL) };
  size_t n;
  const PolicyClause *const *pages = policy_pages (package, &n);
  for (size_t i = 0; i < n; i++)
    for (size_t d = 0; pages[i]->unit && d < pages[i]->unit->n_decisions; d++)
      if (pages[i]->unit->decisions[d]->role == DMN_DECISION)
        try_decision (&facts, package, pages[i], pages[i]->unit->decisions[d], &sum);
  tell (&sum);
  g_assert_cmpuint (sum.wrong, ==, 0);
  g_assert_cmpuint (sum.compiled * 10, >, sum.n * 9);
  g_assert_cmpuint (sum.asked_outside, <=, 4); /* those that divide without rounding */
  g_hash_table_destroy (sum.reasons);
  facts_close (&facts);
  policy_free (package);
  dmn_faults_free (faults);
}

int
main (int argc, char **argv)
{
  setlocale (LC_ALL, "C.UTF-8");
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/columns/county", test_county);
  return g_test_run ();
}
