/* Whose facts an explanation may show: the viewer's own, and those of what is
 * no person (the household, the park).  What other members said or earn is
 * theirs; a value computed from it would give it away as well.
 *
 * Source: Personal Information Protection Law, articles 6 and 23. */
#include "policy_private.h"

typedef struct {
  const PolicyPackage *package;
  Subject viewer;
  const RegistryEntity *person;
  GPtrArray *decisions; /* DmnDecision * already found to rest on others' facts */
} Eyes;

static bool
is_others (const Eyes *eyes, const RegistryProvenance *const *facts, size_t n)
{
  for (size_t i = 0; i < n; i++)
    if (facts[i]->subject != eyes->viewer
        && registry_subject_entity (policy_schema (eyes->package), facts[i]->subject) == eyes->person)
      return true;
  return false;
}

static bool
rests_on_hidden (const Eyes *eyes, const DmnDecision *d)
{
  for (size_t i = 0; i < d->n_requires; i++)
    if (g_ptr_array_find (eyes->decisions, d->requires_[i], NULL))
      return true;
  return false;
}

/* Whether the condition's input is, or is computed from, a hidden decision. */
static bool
reads_hidden (const Eyes *eyes, const PolicyReason *reason, const PolicyCondition *c)
{
  size_t n;
  const FeelPath *paths = feel_expression_paths (c->input->expression, &n);
  bool only_facts = true;
  for (size_t i = 0; i < n; i++)
    only_facts &= (size_t)paths[i].slot < reason->decision->unit->n_variables;
  return is_others (eyes, c->facts, c->n_facts) || (!only_facts && rests_on_hidden (eyes, reason->decision));
}

static PolicyCondition
hide_condition (const Eyes *eyes, const PolicyReason *reason, const PolicyCondition *c)
{
  PolicyCondition copy = *c;
  copy.hidden = reads_hidden (eyes, reason, c);
  if (copy.hidden) {
    copy.value = copy.wanted = feel_null ();
    copy.n_facts = 0;
  }
  return copy;
}

static const PolicyRuleTrace *
hide_rules (const Eyes *eyes, Arena *arena, const PolicyReason *reason)
{
  PolicyRuleTrace *rules = arena_new0 (arena, PolicyRuleTrace, reason->n_rules);
  for (size_t r = 0; r < reason->n_rules; r++) {
    rules[r] = reason->rules[r];
    PolicyCondition *conditions = arena_new0 (arena, PolicyCondition, rules[r].n_conditions);
    for (size_t i = 0; i < rules[r].n_conditions; i++)
      conditions[i] = hide_condition (eyes, reason, &rules[r].conditions[i]);
    rules[r].conditions = conditions;
  }
  return rules;
}

/* What the clause answers stays visible: that is what the viewer came for. */
static PolicyReason
hide_reason (const Eyes *eyes, Arena *arena, const PolicyClause *clause, const PolicyReason *reason)
{
  PolicyReason copy = *reason;
  bool theirs = is_others (eyes, reason->facts, reason->n_facts) || rests_on_hidden (eyes, reason->decision);
  copy.rules = hide_rules (eyes, arena, reason);
  if (theirs) {
    g_ptr_array_add (eyes->decisions, (gpointer)reason->decision);
    copy.n_facts = 0;
    copy.hidden = reason->decision != clause->eligible && reason->decision != clause->amount;
  }
  if (copy.hidden)
    copy.value = feel_null ();
  return copy;
}

const PolicyDetermination *
policy_hide_others (const PolicyPackage *package, Arena *arena, const PolicyDetermination *d, Subject viewer)
{
  g_autoptr (GPtrArray) decisions = g_ptr_array_new ();
  Eyes eyes = { package, viewer, registry_subject_entity (policy_schema (package), viewer), decisions };
  PolicyReason *reasons = arena_new0 (arena, PolicyReason, d->n_reasons);
  for (size_t i = 0; i < d->n_reasons; i++) /* what a decision requires stands before it */
    reasons[i] = hide_reason (&eyes, arena, d->clause, &d->reasons[i]);
  PolicyDetermination *copy = arena_new0 (arena, PolicyDetermination, 1);
  *copy = *d;
  copy->reasons = reasons;
  return copy;
}
