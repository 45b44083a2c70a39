/* Any bytes as a DMN file: reading and linking end, and whatever could be read
 * can be asked for every decision, function and service, faults or none, with
 * nothing given and with everything unknown. */
#include "dmn/dmn.h"

int LLVMFuzzerTestOneInput (const uint8_t *data, size_t size);

static FeelValue
unknowns (Arena *arena, const DmnUnit *unit)
{
  FeelEntry *entries = arena_new0 (arena, FeelEntry, unit->n_variables);
  for (size_t i = 0; i < unit->n_variables; i++) {
    Text name = text_of (unit->variables[i].name);
    entries[i] = (FeelEntry){ name, feel_unknown (arena, (FeelNeed){ .name = name }) };
  }
  return feel_context (arena, entries, unit->n_variables);
}

static void
ask (const DmnModel *model, const DmnUnit *unit, FeelValue values, DmnRunFlags flags)
{
  g_autoptr (Arena) arena = arena_new ();
  FeelValue now = dmn_clock (arena);
  DmnInputs inputs = { .values = values, .now = &now, .steps = 100000 };
  DmnRun *run = dmn_run_new_inputs (model, arena, &inputs, flags);
  for (size_t i = 0; i < unit->n_decisions; i++) {
    const DmnDecision *d = unit->decisions[i];
    FeelValue value = d->role == DMN_DECISION ? dmn_run_decision (run, d) : dmn_run_call (run, d, values);
    feel_display (arena, value);
  }
}

int
LLVMFuzzerTestOneInput (const uint8_t *data, size_t size)
{
  if (size == 0)
    return 0;
  g_autoptr (DmnModel) model = dmn_model_new ();
  g_autoptr (DmnFaults) faults = dmn_faults_new ();
  g_autoptr (Arena) arena = arena_new ();
  DmnXmlSource source = { .path = "input/there-is-none.dmn", .text = { (const char *)data, size } };
  const DmnUnit *unit = dmn_model_read_xml (model, &source, faults);
  dmn_model_link (model, faults);
  size_t n;
  const DmnFault *list = dmn_faults_list (faults, &n);
  for (size_t i = 0; i < n; i++)
    g_assert_true (list[i].message[0] && list[i].line >= 1);
  g_assert_true (unit || n > 0);
  if (!unit)
    return 0;
  ask (model, unit, feel_null (), DMN_PLAIN);
  ask (model, unit, unknowns (arena, unit), DMN_TRACE);
  return 0;
}
