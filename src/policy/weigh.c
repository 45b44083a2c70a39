/* What an allocation says of one applicant, and of a place: eligibility, keys, groups, capacity. */
#include "policy_private.h"
#include "purpose.h"

typedef struct {
  const PolicyPackage *package;
  const PolicyAllocation *allocation;
  FeelValue applicant, place;
  Day as_of;
} Weighing;

static FeelValue
bind_weighing (void *data, const DmnUnit *unit, const DmnVariable *variable, Arena *arena)
{
  const Weighing *w = data;
  if (strcmp (variable->name, POLICY_PARAMETERS) == 0)
    return policy_parameters_value (w->package, arena, w->as_of);
  if (strcmp (variable->name, POLICY_DATE) == 0)
    return feel_date (w->as_of);
  return strcmp (variable->name, w->allocation->applicant->zh) == 0 ? w->applicant : w->place;
}

/* Facts that are not there are unknown, and everything that needs them. */
static FeelValue
value_of (Arena *arena, const RegistryReading *reading, const RegistryEntity *entity)
{
  if (reading)
    return registry_reading_value (reading);
  return entity ? feel_unknown (arena, (FeelNeed){ .name = text_of (entity->zh) }) : feel_null ();
}

/* FACTS before a jury has given its scores: nobody can say them yet. */
static FeelValue
before_scores (Arena *arena, FeelValue facts, const PolicyScores *scores)
{
  const RegistryAttribute *const open[] = { scores->score, scores->jurors };
  if (facts.kind != FEEL_CONTEXT)
    return facts;
  FeelEntry *entries = arena_copy (arena, facts.context->entries, facts.context->n * sizeof *entries);
  for (size_t i = 0; i < facts.context->n; i++)
    for (size_t s = 0; s < G_N_ELEMENTS (open); s++)
      if (text_equal (entries[i].name, text_of (open[s]->zh)))
        entries[i].value = feel_unknown (arena, (FeelNeed){ .name = entries[i].name });
  return feel_context (arena, entries, facts.context->n);
}

/* Two decisions may have said the same. */
static void
add_once (GPtrArray *notes, const char *note)
{
  if (!g_ptr_array_find_with_equal_func (notes, note, g_str_equal, NULL))
    g_ptr_array_add (notes, (gpointer)note);
}

static void
add_notes (Arena *arena, const DmnTrace *t, GPtrArray *notes)
{
  for (size_t r = 0; t->table && t->table->n_annotations && r < t->n_rules; r++)
    if (dmn_trace_gave (t, r) && t->rules[r].rule->annotations[0].text.len)
      add_once (notes, arena_text (arena, t->rules[r].rule->annotations[0].text));
}

/* The notes of the rules by which DECISION came out as VALUE; of an expression those of the decisions that
 * came out so before it. */
static const char *const *
notes_of (Arena *arena, const DmnTrace *trace, const DmnDecision *decision, FeelValue value)
{
  g_autoptr (GPtrArray) notes = g_ptr_array_new ();
  for (const DmnTrace *t = trace; t; t = t->next)
    if (t->decision == decision)
      add_notes (arena, t, notes);
  for (const DmnTrace *t = notes->len ? NULL : trace; t; t = t->next)
    if (t->value.kind == FEEL_BOOLEAN && value.kind == FEEL_BOOLEAN && t->value.boolean == value.boolean)
      add_notes (arena, t, notes);
  g_ptr_array_add (notes, NULL);
  return arena_copy (arena, notes->pdata, notes->len * sizeof (gpointer));
}

static const char *const *
missing_of (Arena *arena, FeelValue value)
{
  size_t n = value.kind == FEEL_UNKNOWN ? value.unknown->n : 0;
  const char **missing = arena_new0 (arena, const char *, n + 1);
  for (size_t i = 0; i < n; i++)
    missing[i] = arena_text (arena, value.unknown->needs[i]->name);
  return missing;
}

static FeelValue *
evaluate (Arena *arena, DmnRun *run, const DmnDecision *const *decisions, size_t n)
{
  FeelValue *values = arena_new0 (arena, FeelValue, n);
  for (size_t i = 0; i < n; i++)
    values[i] = dmn_run_decision (run, decisions[i]);
  return values;
}

const PolicyWeight *
policy_weigh (const PolicyPackage *package, Arena *arena, const PolicyAllocation *allocation,
              const RegistryReading *applicant, const RegistryReading *place, Day as_of, bool scored)
{
  Weighing w = { .package = package, .allocation = allocation, .as_of = as_of };
  w.applicant = value_of (arena, applicant, allocation->applicant);
  if (allocation->scores && !scored)
    w.applicant = before_scores (arena, w.applicant, allocation->scores);
  w.place = value_of (arena, place, allocation->place);
  DmnRun *run = dmn_run_new (package->model, arena, bind_weighing, &w, DMN_TRACE);
  PolicyWeight *weight = arena_new0 (arena, PolicyWeight, 1);
  FeelValue eligible = dmn_run_decision (run, allocation->eligible);
  weight->outcome = feel_is_true (eligible)    ? POLICY_YES
                    : feel_is_false (eligible) ? POLICY_NO
                                               : POLICY_UNDETERMINED;
  weight->notes = notes_of (arena, dmn_run_trace (run), allocation->eligible, eligible);
  weight->missing = missing_of (arena, eligible);
  const DmnDecision **keys = arena_new0 (arena, const DmnDecision *, allocation->n_priorities);
  for (size_t i = 0; i < allocation->n_priorities; i++)
    keys[i] = allocation->priorities[i].decision;
  weight->keys = evaluate (arena, run, keys, allocation->n_priorities);
  const DmnDecision **members = arena_new0 (arena, const DmnDecision *, allocation->n_reserves);
  for (size_t i = 0; i < allocation->n_reserves; i++)
    members[i] = allocation->reserves[i].members;
  weight->members = evaluate (arena, run, members, allocation->n_reserves);
  return weight;
}

FeelValue
policy_weigh_number (const PolicyPackage *package, Arena *arena, const PolicyAllocation *allocation,
                     const PolicyNumber *number, const RegistryReading *place, Day as_of)
{
  if (number->parameter) {
    const PolicyParameterValue *value = policy_parameter_at (number->parameter, as_of);
    return value ? value->value : feel_null ();
  }
  if (!place)
    return feel_null ();
  if (number->attribute) {
    FeelValue facts = registry_reading_value (place);
    for (size_t i = 0; facts.kind == FEEL_CONTEXT && i < facts.context->n; i++)
      if (text_equal (facts.context->entries[i].name, text_of (number->attribute->zh)))
        return facts.context->entries[i].value;
    return feel_null ();
  }
  Weighing w = { .package = package, .allocation = allocation, .as_of = as_of };
  w.place = registry_reading_value (place);
  w.applicant = value_of (arena, NULL, allocation->applicant);
  DmnRun *run = dmn_run_new (package->model, arena, bind_weighing, &w, DMN_PLAIN);
  return dmn_run_decision (run, number->decision);
}

const FeelPath *
policy_allocation_paths (const PolicyPackage *package, Arena *arena, const PolicyAllocation *allocation,
                         const RegistryEntity *root, size_t *n)
{
  g_autoptr (GArray) asks = g_array_new (FALSE, FALSE, sizeof (PurposeAsk));
  g_autoptr (GArray) paths = g_array_new (FALSE, FALSE, sizeof (FeelPath));
  purpose_allocation_asks (asks, allocation);
  for (guint i = 0; i < asks->len; i++) {
    const PurposeAsk *ask = &g_array_index (asks, PurposeAsk, i);
    size_t more;
    if (ask->root != root)
      continue;
    const FeelPath *closure = policy_decision_paths (package, arena, root, ask->decision, &more);
    g_array_append_vals (paths, closure, (guint)more);
  }
  if (root == allocation->place)
    purpose_number_paths (arena, allocation, paths);
  *n = paths->len;
  return arena_copy (arena, paths->data, paths->len * sizeof (FeelPath));
}
