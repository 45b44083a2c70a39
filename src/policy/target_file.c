/* Targets: how it is known whether a clause is carried out (front matter "targets"). */
#include "policy_private.h"

static const char *const measures[] = { "count", "share", "amount" };
static const char *const relations[] = { ">=", ">", "<=", "<", "=" };

const char *
policy_measure_id (PolicyMeasure measure)
{
  return measures[measure];
}

static void
read_goal (Reading *r, yaml_node_t *node, PolicyTarget *target)
{
  static const char *const known[] = { "relation", "parameter", NULL };
  yaml_node_t *goal = yaml_get (&r->yaml, node, "goal");
  if (!goal || !reading_mapping (r, goal, known, "a goal"))
    return;
  target->relation = relations[reading_word (r, goal, "relation", relations, G_N_ELEMENTS (relations))];
  const char *name = reading_text (r, goal, "parameter", true);
  target->goal = policy_parameter (r->package, name);
  if (*name && !target->goal)
    reading_fault (r, goal, "parameter: no file of parameters/ has \"%s\"", name);
}

static void
read_target (Reading *r, yaml_node_t *node, const PolicyClause *clause, PolicyTarget *target)
{
  static const char *const known[] = { "id", "zh", "en", "provision", "among", "measure", "goal", NULL };
  if (!reading_mapping (r, node, known, "a target"))
    return;
  target->id = reading_text (r, node, "id", true);
  reading_id (r, node, target->id);
  target->name = (PolicyText){ reading_text (r, node, "zh", true), reading_text (r, node, "en", true) };
  const char *provision = reading_text (r, node, "provision", true);
  target->provision = policy_provision (clause, provision);
  if (*provision && !target->provision)
    reading_fault (r, node, "provision: this clause has none called \"%s\"", provision);
  const char *among = reading_text (r, node, "among", false);
  if (*among && target->provision) {
    PendingName pending = { .clause = clause,
                            .line = (unsigned)node->start_mark.line + 1,
                            .key = "among",
                            .name = among,
                            .decision = &target->among,
                            .type = &feel_type_boolean,
                            .subjects = { target->provision->subject } };
    pending.what = arena_printf (r->package->arena, "target %s", target->id);
    reading_expect (r, &pending);
  }
  target->measure = (PolicyMeasure)reading_word (r, node, "measure", measures, G_N_ELEMENTS (measures));
  read_goal (r, node, target);
}

void
targets_read (Reading *r, yaml_node_t *root, PolicyClause *clause)
{
  yaml_node_item_t *items;
  size_t n = reading_items (r, root, "targets", &items);
  PolicyTarget *targets = arena_new0 (r->package->arena, PolicyTarget, n);
  for (size_t i = 0; i < n; i++) {
    targets[i] = (PolicyTarget){ .id = "", .name = { "", "" } };
    read_target (r, yaml_file_node (&r->yaml, items[i]), clause, &targets[i]);
  }
  clause->targets = targets;
  clause->n_targets = n;
}
