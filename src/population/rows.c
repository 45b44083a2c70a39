/* Answers row by row with dmn/, for what columns/ does not compile. */
#include "population_private.h"

#include <string.h>

struct RowReader {
  Plan *plan;
  Arena *arena; /* for a row */
  ColumnsRows *rows;
  DmnRun *run; /* about the row at hand */
};

RowReader *
row_reader_new (Plan *plan)
{
  RowReader *reader = g_new0 (RowReader, 1);
  reader->plan = plan;
  reader->arena = arena_new ();
  ColumnsWorld world = { plan->entity->zh, plan->view, plan->constants, G_N_ELEMENTS (plan->constants) };
  reader->rows = columns_rows_new (&world, policy_model (plan->package), DMN_TRACE);
  return reader;
}

void
row_reader_free (RowReader *reader)
{
  if (!reader)
    return;
  columns_rows_free (reader->rows);
  arena_free (reader->arena);
  g_free (reader);
}

static void
turn_to (RowReader *reader, size_t row)
{
  const Plan *plan = reader->plan;
  arena_reset (reader->arena);
  reader->run = columns_rows_turn (reader->rows, row, plan->paths, plan->n_paths, reader->arena);
}

/* ---- reasons ------------------------------------------------------------- */

static const PlanTable *
table_of (const PlanProvision *p, const DmnTrace *trace)
{
  for (size_t i = 0; i < p->n_tables; i++)
    if (p->tables[i].decision == trace->decision && trace->decision->table == trace->table)
      return &p->tables[i];
  return NULL;
}

static void
count_failed (const DmnTraceRule *rule, size_t n_inputs, gint64 *failed)
{
  for (size_t i = 0; i < n_inputs; i++)
    failed[i] += rule->conditions[i].status == DMN_NOT_MET;
}

/* What the tables said on the way to an answer, which is NO or not. */
static void
count_reasons (const RowReader *reader, const PlanProvision *p, bool no, ProvisionFigures *figures)
{
  for (size_t i = 0; i < p->n_tables; i++)
    dmn_run_decision (reader->run, p->tables[i].decision);
  for (const DmnTrace *trace = dmn_run_trace (reader->run); trace; trace = trace->next) {
    const PlanTable *table = table_of (p, trace);
    if (!table)
      continue;
    size_t n_inputs = trace->table->n_inputs;
    for (size_t r = 0; r < trace->n_rules; r++) {
      figures->gave[table->first_rule + r] += dmn_trace_gave (trace, r);
      if (no && trace->rules[r].status == DMN_NOT_MET)
        count_failed (&trace->rules[r], n_inputs, &figures->failed[table->first_condition + r * n_inputs]);
    }
  }
}

/* "户.成员[2].月收入" → "户.成员.月收入". */
static const char *
without_indices (Arena *arena, Text name)
{
  char *out = arena_new0 (arena, char, name.len + 1);
  size_t n = 0;
  for (size_t i = 0; i < name.len; i++)
    if (name.bytes[i] == '[')
      while (i + 1 < name.len && name.bytes[i] != ']')
        i++;
    else
      out[n++] = name.bytes[i];
  return out;
}

/* Each name once for a subject, however many members lack it. */
static void
count_needs (RowReader *reader, FeelValue open, ProvisionFigures *figures)
{
  size_t n = open.kind == FEEL_UNKNOWN ? open.unknown->n : 0;
  const char **names = arena_new0 (reader->arena, const char *, n);
  for (size_t i = 0; i < n; i++) {
    bool seen = false;
    names[i] = without_indices (reader->arena, open.unknown->needs[i]->name);
    for (size_t k = 0; k < i && !seen; k++)
      seen = g_str_equal (names[k], names[i]);
    if (!seen)
      figures_need (figures, plan_need (reader->plan, names[i]), 1);
  }
}

/* ---- answers ------------------------------------------------------------- */

void
row_reader_answer (RowReader *reader, const PlanProvision *p, size_t first, size_t n, Answers *answers,
                   ProvisionFigures *figures)
{
  answers->amounts = NULL;
  for (size_t i = 0; i < n; i++) {
    turn_to (reader, first + i);
    FeelValue eligible = dmn_run_decision (reader->run, p->provision->eligible);
    bool yes = feel_is_true (eligible), no = feel_is_false (eligible);
    FeelValue amount
        = yes && p->provision->amount ? dmn_run_decision (reader->run, p->provision->amount) : feel_null ();
    answers->yes[i] = yes ? 0xff : 0;
    answers->no[i] = no ? 0xff : 0;
    answers->paid[i] = amount.kind == FEEL_NUMBER ? 0xff : 0;
    if (amount.kind == FEEL_NUMBER)
      answers->exact[i] = amount.number;
    count_reasons (reader, p, no, figures);
    count_needs (reader, eligible, figures);
  }
}

void
row_reader_true (RowReader *reader, const DmnDecision *decision, size_t first, size_t n, guint8 *mask)
{
  for (size_t i = 0; i < n; i++) {
    turn_to (reader, first + i);
    mask[i] = feel_is_true (dmn_run_decision (reader->run, decision)) ? 0xff : 0;
  }
}
