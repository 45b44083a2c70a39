/* Any bytes as the body of a clause file: reading and linking end, and a page
 * that links without a fault can be asked for every decision, with nothing known. */
#include "dmn/dmn.h"

int LLVMFuzzerTestOneInput (const uint8_t *data, size_t size);

static FeelValue
nothing (void *host, const DmnUnit *unit, const DmnVariable *variable, Arena *arena)
{
  return feel_unknown (arena, (FeelNeed){ .name = text_of (variable->name) });
}

int
LLVMFuzzerTestOneInput (const uint8_t *data, size_t size)
{
  static const DmnVariable variables[] = { { "输入", &feel_type_any } };
  Text body = { (const char *)data, size };
  if (!text_is_utf8 (body, NULL))
    return 0;
  g_autoptr (DmnModel) model = dmn_model_new ();
  g_autoptr (DmnFaults) faults = dmn_faults_new ();
  g_autoptr (Arena) arena = arena_new ();
  DmnClauseSource source = {
    .id = "页", .origin = "page.md", .body = body, .first_line = 1, .variables = variables, .n_variables = 1
  };
  const DmnUnit *unit = dmn_model_read_clause (model, &source, faults);
  bool linked = dmn_model_link (model, faults);
  size_t n;
  const DmnFault *list = dmn_faults_list (faults, &n);
  for (size_t i = 0; i < n; i++)
    g_assert_true (list[i].message[0] && list[i].line >= 1);
  if (!linked || !unit || dmn_faults_count (faults, DMN_ERROR))
    return 0;
  DmnRun *run = dmn_run_new (model, arena, nothing, NULL, DMN_TRACE);
  for (size_t i = 0; i < unit->n_decisions; i++)
    dmn_run_decision (run, unit->decisions[i]);
  return 0;
}
