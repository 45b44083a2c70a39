/* Findings that the author of a file has looked at and given a reason for: the
 * front matter's "accepted".  A reason that no longer has a finding is one itself. */
#include "policy_private.h"

void
accepted_read (Reading *r, yaml_node_t *root, const char *origin)
{
  static const char *const known[] = { "finding", "decision", "rule", "reason", NULL };
  yaml_node_item_t *items;
  size_t n = reading_items (r, root, "accepted", &items);
  for (size_t i = 0; i < n; i++) {
    yaml_node_t *node = yaml_file_node (&r->yaml, items[i]);
    if (!reading_mapping (r, node, known, "an accepted finding"))
      continue;
    reading_both (r, node, "reason", true);
    Accepted accepted = { .origin = arena_text (r->package->arena, text_of (origin)),
                          .code = reading_text (r, node, "finding", true),
                          .decision = reading_text (r, node, "decision", true),
                          .rule = reading_text (r, node, "rule", false),
                          .line = (unsigned)node->start_mark.line + 1 };
    g_array_append_val (r->package->accepted, accepted);
  }
}

/* Whether LINE belongs to the decision, or to the rule of it, that ACCEPTED names. */
static bool
covers (const DmnUnit *unit, const Accepted *accepted, unsigned line)
{
  const DmnDecision *decision = dmn_unit_find (unit, text_of (accepted->decision));
  if (!decision || line < decision->line)
    return false;
  for (size_t i = 0; *accepted->rule && decision->table && i < decision->table->n_rules; i++)
    if (text_equal (decision->table->rules[i].label, text_of (accepted->rule)))
      return decision->table->rules[i].line == line;
  for (size_t i = 0; i < unit->n_decisions; i++)
    if (unit->decisions[i]->line > decision->line && unit->decisions[i]->line <= line)
      return false;
  return !*accepted->rule;
}

static const DmnUnit *
unit_of (const PolicyPackage *package, const char *origin)
{
  size_t n;
  const DmnUnit *const *units = dmn_model_units (package->model, &n);
  for (size_t i = 0; i < n; i++)
    if (g_str_equal (units[i]->origin, origin))
      return units[i];
  return NULL;
}

static bool
is_accepted (const PolicyPackage *package, const DmnFault *fault, bool *used)
{
  const DmnUnit *unit = unit_of (package, fault->origin);
  bool found = false;
  for (guint i = 0; unit && i < package->accepted->len; i++) {
    const Accepted *accepted = &g_array_index (package->accepted, Accepted, i);
    if (g_str_equal (accepted->code, fault->code) && g_str_equal (accepted->origin, fault->origin)
        && covers (unit, accepted, fault->line))
      found = used[i] = true;
  }
  return found;
}

static bool
is_of (const char *code, const char *const *codes)
{
  return codes && g_strv_contains (codes, code);
}

void
accepted_filter (const PolicyPackage *package, DmnFaults *found, const char *const *codes, bool among,
                 DmnFaults *faults)
{
  g_autofree bool *used = g_new0 (bool, package->accepted->len + 1);
  size_t n;
  const DmnFault *list = dmn_faults_list (found, &n);
  for (size_t i = 0; i < n; i++)
    if (!is_accepted (package, &list[i], used))
      dmn_faults_add (faults, list[i].severity, list[i].code, list[i].origin, list[i].line, list[i].column,
                      "%s", list[i].message);
  for (guint i = 0; i < package->accepted->len; i++) {
    const Accepted *accepted = &g_array_index (package->accepted, Accepted, i);
    if (!used[i] && is_of (accepted->code, codes) == among)
      dmn_faults_add (faults, DMN_WARNING, "accepted-nothing", accepted->origin, accepted->line, 1,
                      "there is no such finding (%s, %s%s%s) to accept; take this entry out", accepted->code,
                      accepted->decision, *accepted->rule ? ", rule " : "", accepted->rule);
  }
}
