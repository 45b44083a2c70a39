/* Reasons: what speaks for or against an answer, as a tree.  A condition that
 * rests on another decision has that decision's conditions right under it, down
 * to facts and parameters; what is only computed (sums, days, lists) has the
 * facts and parameters it was computed from.  Each decision unfolds once; while
 * the answer is open, what is settled stays folded. */
#include "policy/policy.h"

#include <string.h>

typedef struct {
  Arena *arena;
  const PolicyDetermination *determination;
  GPtrArray *unfolded;           /* DmnDecision */
  GPtrArray *facts, *parameters; /* already named in this answer */
} Growing;

static bool
add_once (GPtrArray *list, gconstpointer item)
{
  bool known = g_ptr_array_find (list, item, NULL);
  if (!known)
    g_ptr_array_add (list, (gpointer)(gsize)item);
  return !known;
}

static void *
keep (Arena *arena, const GPtrArray *list, size_t *n)
{
  *n = list->len;
  return arena_copy (arena, list->pdata, list->len * sizeof (gpointer));
}

/* ---- sources ----------------------------------------------------------- */

/* What DECISION was computed from, as far as this answer has not named it yet. */
static void
collect (Growing *g, const DmnDecision *decision, GPtrArray *facts, GPtrArray *parameters)
{
  const PolicyReason *reason = policy_reason_of (g->determination, decision);
  for (size_t i = 0; reason && i < reason->n_facts; i++)
    if (add_once (g->facts, reason->facts[i]))
      g_ptr_array_add (facts, (gpointer)(gsize)reason->facts[i]);
  for (size_t i = 0; reason && i < reason->n_parameters; i++)
    if (add_once (g->parameters, reason->parameters[i]))
      g_ptr_array_add (parameters, (gpointer)(gsize)reason->parameters[i]);
  for (size_t i = 0; reason && i < decision->n_requires; i++)
    collect (g, decision->requires_[i], facts, parameters);
}

static bool
answers_in_words (const DmnDecision *decision)
{
  return decision->table && decision->type
         && (decision->type->kind == FEEL_TYPE_BOOLEAN || decision->type->kind == FEEL_TYPE_STRING);
}

/* ---- growing ----------------------------------------------------------- */

static void grow (Growing *g, const PolicyReason *reason, PolicyReasonTree *tree);

/* The step to show below NODE instead of its bare sources: the first decision that
 * has conditions of its own and has not been shown. */
static bool
unfold (Growing *g, PolicyReasonNode *node, const DmnDecision *decision)
{
  const PolicyReason *step = policy_reason_of (g->determination, decision);
  if (node->below || !step || step->hidden || !answers_in_words (decision))
    return false;
  if (add_once (g->unfolded, decision)) {
    PolicyReasonTree *below = arena_new0 (g->arena, PolicyReasonTree, 1);
    grow (g, step, below);
    node->below = below;
  }
  return true;
}

static PolicyReasonNode
grow_node (Growing *g, const PolicyReason *reason, const PolicyCondition *condition)
{
  PolicyReasonNode node = { .condition = condition, .against = policy_speaks_against (reason, condition) };
  g_autoptr (GPtrArray) facts = g_ptr_array_new (), parameters = g_ptr_array_new ();
  for (size_t i = 0; i < condition->n_facts; i++) {
    add_once (g->facts, condition->facts[i]);
    g_ptr_array_add (facts, (gpointer)(gsize)condition->facts[i]);
  }
  for (size_t i = 0; i < condition->n_parameters; i++) {
    add_once (g->parameters, condition->parameters[i]);
    g_ptr_array_add (parameters, (gpointer)(gsize)condition->parameters[i]);
  }
  bool settled = reason->value.kind == FEEL_UNKNOWN && condition->status == DMN_MET;
  for (size_t i = 0; !settled && !condition->hidden && i < condition->n_decisions; i++)
    if (!unfold (g, &node, condition->decisions[i]))
      collect (g, condition->decisions[i], facts, parameters);
  node.sources.facts = keep (g->arena, facts, &node.sources.n_facts);
  node.sources.parameters = keep (g->arena, parameters, &node.sources.n_parameters);
  return node;
}

static void
grow (Growing *g, const PolicyReason *reason, PolicyReasonTree *tree)
{
  size_t n;
  const PolicyCondition *const *conditions = policy_conditions (g->arena, reason, &n);
  PolicyReasonNode *nodes = arena_new0 (g->arena, PolicyReasonNode, n);
  for (size_t i = 0; i < n; i++)
    nodes[i] = grow_node (g, reason, conditions[i]);
  g_autoptr (GPtrArray) facts = g_ptr_array_new (), parameters = g_ptr_array_new ();
  if (!reason->hidden && (n == 0 || reason->value.kind == FEEL_NUMBER))
    collect (g, reason->decision, facts, parameters);
  *tree = (PolicyReasonTree){ .reason = reason, .n = n, .nodes = nodes };
  tree->sources.facts = keep (g->arena, facts, &tree->sources.n_facts);
  tree->sources.parameters = keep (g->arena, parameters, &tree->sources.n_parameters);
}

/* REASON with its own conditions and what they read directly. */
static void
lay_flat (Arena *arena, const PolicyReason *reason, PolicyReasonTree *tree)
{
  size_t n;
  const PolicyCondition *const *conditions = policy_conditions (arena, reason, &n);
  PolicyReasonNode *nodes = arena_new0 (arena, PolicyReasonNode, n);
  for (size_t i = 0; i < n; i++)
    nodes[i] = (PolicyReasonNode){ .condition = conditions[i],
                                   .against = policy_speaks_against (reason, conditions[i]),
                                   .sources = { conditions[i]->facts, conditions[i]->n_facts,
                                                conditions[i]->parameters, conditions[i]->n_parameters } };
  *tree = (PolicyReasonTree){ .reason = reason, .n = n, .nodes = nodes };
  if (!n)
    tree->sources
        = (PolicySources){ reason->facts, reason->n_facts, reason->parameters, reason->n_parameters };
}

static const PolicyReasonTree *
remaining_steps (const Growing *g, size_t *n)
{
  const PolicyDetermination *d = g->determination;
  PolicyReasonTree *steps = arena_new0 (g->arena, PolicyReasonTree, d->n_reasons);
  *n = 0;
  for (size_t i = d->n_reasons; i-- > 0;)
    if (!g_ptr_array_find (g->unfolded, d->reasons[i].decision, NULL))
      lay_flat (g->arena, &d->reasons[i], &steps[(*n)++]);
  return steps;
}

PolicyReasons
policy_reasons (Arena *arena, const PolicyDetermination *d)
{
  PolicyReasons reasons = { 0 };
  g_autoptr (GPtrArray) unfolded = g_ptr_array_new (), facts = g_ptr_array_new (),
                        parameters = g_ptr_array_new ();
  Growing g = { arena, d, unfolded, facts, parameters };
  const DmnDecision *const roots[]
      = { d->provision->eligible, d->outcome == POLICY_YES ? d->provision->amount : NULL };
  for (size_t i = 0; i < G_N_ELEMENTS (roots); i++) {
    const PolicyReason *reason = roots[i] ? policy_reason_of (d, roots[i]) : NULL;
    if (reason && add_once (unfolded, roots[i]))
      grow (&g, reason, &reasons.trees[reasons.n_trees++]);
  }
  reasons.steps = remaining_steps (&g, &reasons.n_steps);
  return reasons;
}
