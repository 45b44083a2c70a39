/* A chunk of subjects, evaluated row by row with dmn/: the one place that knows how. */
#include "population_private.h"

#include <string.h>

static FeelValue
bind (void *data, const DmnUnit *unit, const DmnVariable *variable, Arena *arena)
{
  const Chunker *c = data;
  if (strcmp (variable->name, POLICY_PARAMETERS) == 0)
    return c->parameters;
  if (strcmp (variable->name, POLICY_DATE) == 0)
    return feel_date (c->plan->options->as_of);
  return c->value;
}

Chunker *
chunker_new (const Plan *plan, const Roster *roster, const AccessRun *people)
{
  const PopulationOptions *options = plan->options;
  Chunker *c = g_new0 (Chunker, 1);
  *c = (Chunker){ .plan = plan, .roster = roster, .people = people };
  c->kept = arena_new ();
  c->arena = arena_new ();
  c->parameters = policy_parameters_value (options->package, c->kept, options->as_of);
  c->run = dmn_run_new (policy_model (options->package), c->kept, bind, c, DMN_TRACE);
  c->answers = arena_new0 (c->kept, PopulationCount, plan->n_provisions);
  c->figures = figures_new (plan, roster);
  return c;
}

void
chunker_free (Chunker *c)
{
  if (!c)
    return;
  figures_free (c->figures);
  arena_free (c->kept);
  arena_free (c->arena);
  g_free (c);
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
count_reasons (const Chunker *c, const PlanProvision *p, bool no, ProvisionFigures *figures)
{
  for (const DmnTrace *trace = dmn_run_trace (c->run); trace; trace = trace->next) {
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
static void
without_indices (Text name, GString *out)
{
  g_string_truncate (out, 0);
  for (size_t i = 0; i < name.len; i++)
    if (name.bytes[i] == '[')
      while (i + 1 < name.len && name.bytes[i] != ']')
        i++;
    else
      g_string_append_c (out, name.bytes[i]);
}

/* Each name once for a subject, however many members lack it. */
static void
count_needs (FeelValue open, GHashTable *needs)
{
  g_autoptr (GString) name = g_string_new (NULL);
  g_autoptr (GHashTable) seen = g_hash_table_new (g_direct_hash, g_direct_equal);
  for (size_t i = 0; open.kind == FEEL_UNKNOWN && i < open.unknown->n; i++) {
    without_indices (open.unknown->needs[i]->name, name);
    gint64 *n = g_hash_table_lookup (needs, name->str);
    if (!n) {
      n = g_new0 (gint64, 1);
      g_hash_table_insert (needs, g_strdup (name->str), n);
    }
    *n += g_hash_table_add (seen, n);
  }
}

/* ---- answers ------------------------------------------------------------- */

static void
take_amount (PopulationCount *answer, FeelValue amount)
{
  if (amount.kind != FEEL_NUMBER) {
    answer->open_amounts = 1;
    return;
  }
  answer->amounts = 1;
  answer->amount = answer->least = answer->greatest = amount.number;
}

/* Begins anew for each provision, so that what was asked for another is no reason of this one. */
static PopulationCount
answer_provision (Chunker *c, const PlanProvision *p, ProvisionFigures *figures)
{
  PopulationCount answer = { .subjects = 1, .amount = decimal_from_int64 (0) };
  dmn_run_reset (c->run, c->arena, NULL);
  FeelValue eligible = dmn_run_decision (c->run, p->provision->eligible);
  answer.yes = feel_is_true (eligible);
  answer.no = feel_is_false (eligible);
  answer.undetermined = !answer.yes && !answer.no;
  count_reasons (c, p, answer.no, figures);
  if (answer.undetermined)
    count_needs (eligible, figures->needs);
  if (answer.yes && p->provision->amount)
    take_amount (&answer, dmn_run_decision (c->run, p->provision->amount));
  return answer;
}

static void
count_subject (Chunker *c, size_t row)
{
  const Roster *roster = c->roster;
  for (size_t i = 0; i < c->plan->n_provisions; i++) {
    ProvisionFigures *figures = &c->figures->provisions[i];
    c->answers[i] = answer_provision (c, &c->plan->provisions[i], figures);
    count_add (&figures->count, &c->answers[i]);
    for (size_t d = 0; d < roster->n_dimensions; d++) {
      guint32 code = g_array_index (roster->dimensions[d].of, guint32, row);
      count_add (&figures->groups[d][code], &c->answers[i]);
    }
  }
  for (size_t i = 0; i < c->plan->n_targets; i++) {
    const PlanTarget *target = &c->plan->targets[i];
    const DmnDecision *among = target->target->among;
    if (!among || feel_is_true (dmn_run_decision (c->run, among)))
      count_add (&c->figures->targets[i], &c->answers[target->provision]);
  }
}

bool
chunk_evaluate (Chunker *c, size_t from, size_t to, GError **error)
{
  RegistryMoment now = { .valid_at = c->plan->options->as_of, .known_at = G_MAXINT64 };
  for (size_t row = from; row < to; row++) {
    Subject subject = g_array_index (c->roster->subjects, Subject, row);
    arena_reset (c->arena);
    const RegistryReading *reading = access_run_read (c->people, c->arena, subject, now, error);
    if (!reading)
      return false;
    c->value = registry_reading_value (reading);
    count_subject (c, row);
  }
  return true;
}
