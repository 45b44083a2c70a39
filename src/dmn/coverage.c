/* What examples try: of a table every rule met and every condition of it decisive
 * (modified condition/decision coverage, RTCA DO-178C, 6.4.4.2: shown to change the
 * outcome while the others hold), of an expression every condition seen both ways. */
#include "dmn_private.h"

enum { RULE_MET = 1, TEST_ALONE_FAILED = 1 };

struct DmnCoverage {
  FeelSeen *seen;
  GHashTable *rules; /* const DmnRule * → RULE_MET */
  GHashTable *tests; /* const DmnCell * → TEST_ALONE_FAILED */
};

DmnCoverage *
dmn_coverage_new (void)
{
  DmnCoverage *coverage = g_new (DmnCoverage, 1);
  coverage->seen = feel_seen_new ();
  coverage->rules = g_hash_table_new (g_direct_hash, g_direct_equal);
  coverage->tests = g_hash_table_new (g_direct_hash, g_direct_equal);
  return coverage;
}

void
dmn_coverage_free (DmnCoverage *coverage)
{
  if (!coverage)
    return;
  feel_seen_free (coverage->seen);
  g_hash_table_unref (coverage->rules);
  g_hash_table_unref (coverage->tests);
  g_free (coverage);
}

/* ---- noting ------------------------------------------------------------ */

void
coverage_watch (DmnCoverage *coverage, DmnRun *run)
{
  run->feel.seen = coverage->seen;
}

static void
note_rule (DmnCoverage *coverage, const DmnTraceRule *trace, size_t n_inputs)
{
  if (trace->status == DMN_MET)
    g_hash_table_insert (coverage->rules, (gpointer)trace->rule, GSIZE_TO_POINTER (RULE_MET));
  const DmnTraceCondition *failed = NULL;
  for (size_t i = 0; i < n_inputs; i++) {
    if (trace->conditions[i].status == DMN_MET)
      continue;
    if (failed || trace->conditions[i].status == DMN_UNDECIDED)
      return;
    failed = &trace->conditions[i];
  }
  if (failed)
    g_hash_table_insert (coverage->tests, (gpointer)failed->test, GSIZE_TO_POINTER (TEST_ALONE_FAILED));
}

void
coverage_note (DmnCoverage *coverage, const DmnTrace *trace)
{
  for (; trace; trace = trace->next)
    for (size_t r = 0; r < trace->n_rules; r++)
      note_rule (coverage, &trace->rules[r], trace->table->n_inputs);
}

/* ---- reporting --------------------------------------------------------- */

typedef struct {
  const DmnCoverage *coverage;
  const DmnDecision *decision;
  DmnFaults *faults;
  DmnCoverageCount *count;
  Arena *arena;
} Report;

static void
warn (const Report *r, const char *code, unsigned line, unsigned column, const char *message)
{
  dmn_faults_add (r->faults, DMN_WARNING, code, r->decision->unit->origin, line, column, "%s", message);
}

static void
report_expression (const Report *r, const FeelExpression *e)
{
  size_t n = 0;
  const FeelCondition *conditions
      = e ? feel_expression_conditions (e, r->coverage->seen, r->arena, &n) : NULL;
  for (size_t i = 0; i < n; i++) {
    bool both = conditions[i].seen_true && conditions[i].seen_false;
    r->count->conditions++;
    r->count->conditions_decisive += both;
    if (!both)
      warn (r, "untested-condition", conditions[i].line, conditions[i].column,
            arena_printf (
                r->arena,
                "no example of %.*s sees this condition %s; add one, or say under \"accepted\" why none can",
                (int)r->decision->name.len, r->decision->name.bytes,
                conditions[i].seen_true    ? "fail"
                : conditions[i].seen_false ? "hold"
                                           : "at all"));
  }
}

static void
report_test (const Report *r, const DmnTable *table, const DmnRule *rule, size_t input)
{
  const DmnCell *test = &rule->tests[input];
  if (!test->expression || feel_test_is_any (test->expression))
    return;
  bool decisive = g_hash_table_contains (r->coverage->tests, test);
  r->count->conditions++;
  r->count->conditions_decisive += decisive;
  if (!decisive)
    warn (r, "untested-condition", rule->line, test->column,
          arena_printf (
              r->arena,
              "no example fails %.*s of rule %.*s while its other conditions hold; add one, or say under "
              "\"accepted\" why none can",
              (int)table->inputs[input].label.len, table->inputs[input].label.bytes, (int)rule->label.len,
              rule->label.bytes));
}

static void
report_rule (const Report *r, const DmnTable *table, const DmnRule *rule)
{
  bool met = g_hash_table_contains (r->coverage->rules, rule);
  r->count->rules++;
  r->count->rules_met += met;
  if (!met)
    warn (r, "untested-rule", rule->line, 1,
          arena_printf (
              r->arena, "no example meets rule %.*s of %.*s; add one, or say under \"accepted\" why none can",
              (int)rule->label.len, rule->label.bytes, (int)r->decision->name.len, r->decision->name.bytes));
  for (size_t i = 0; i < table->n_inputs; i++)
    report_test (r, table, rule, i);
  for (size_t i = 0; i < table->n_outputs; i++)
    report_expression (r, rule->outputs[i].expression);
}

static void
report_logic (const Report *r, const DmnExpression *logic)
{
  if (logic->kind == DMN_LITERAL)
    report_expression (r, logic->cell.expression);
  if (logic->table) {
    for (size_t i = 0; i < logic->table->n_inputs; i++)
      report_expression (r, logic->table->inputs[i].expression);
    for (size_t i = 0; i < logic->table->n_rules; i++)
      report_rule (r, logic->table, &logic->table->rules[i]);
  }
  for (size_t i = 0; i < logic->n_parts; i++)
    if (logic->parts[i])
      report_logic (r, logic->parts[i]);
}

void
dmn_coverage_report (const DmnCoverage *coverage, const DmnUnit *unit, DmnFaults *faults,
                     DmnCoverageCount *count)
{
  g_autoptr (Arena) arena = arena_new ();
  for (size_t i = 0; i < unit->n_decisions; i++) {
    Report r = { coverage, unit->decisions[i], faults, count, arena };
    if (unit->decisions[i]->logic)
      report_logic (&r, unit->decisions[i]->logic);
  }
}
