/* Whose facts an explanation may show: the viewer's own, and those of what is
 * no person (the household, the park).  What other members said or earn is
 * theirs; a value computed from it would give it away as well.
 *
 * Source: Personal Information Protection Law, articles 6 and 23. */
#include "policy_private.h"

typedef struct {
  const PolicyPackage *package;
  Subject viewer;
  const Subject *mandated; /* who let the viewer see theirs */
  size_t n_mandated;
  const RegistryEntity *person;
  GPtrArray *decisions; /* DmnDecision * already found to rest on others' facts */
} Eyes;

static bool
is_mandated (const Eyes *eyes, Subject subject)
{
  for (size_t i = 0; i < eyes->n_mandated; i++)
    if (eyes->mandated[i] == subject)
      return true;
  return false;
}

static bool
is_others (const Eyes *eyes, const RegistryProvenance *const *facts, size_t n)
{
  for (size_t i = 0; i < n; i++)
    if (facts[i]->subject != eyes->viewer
        && registry_subject_entity (policy_schema (eyes->package), facts[i]->subject) == eyes->person
        && !is_mandated (eyes, facts[i]->subject))
      return true;
  return false;
}

static bool
has_hidden (const Eyes *eyes, const DmnDecision *const *decisions, size_t n)
{
  for (size_t i = 0; i < n; i++)
    if (g_ptr_array_find (eyes->decisions, decisions[i], NULL))
      return true;
  return false;
}

/* Those of FACTS that the viewer may see. */
static const RegistryProvenance *const *
visible_facts (const Eyes *eyes, Arena *arena, const RegistryProvenance *const *facts, size_t *n)
{
  const RegistryProvenance **visible = arena_new0 (arena, const RegistryProvenance *, *n);
  size_t kept = 0;
  for (size_t i = 0; i < *n; i++)
    if (!is_others (eyes, &facts[i], 1))
      visible[kept++] = facts[i];
  *n = kept;
  return visible;
}

/* The input and the test alike: `>= 户平均收入` gives away what it compares with. */
static PolicyCondition
hide_condition (const Eyes *eyes, Arena *arena, const PolicyCondition *c)
{
  PolicyCondition copy = *c;
  copy.hidden = is_others (eyes, c->facts, c->n_facts) || has_hidden (eyes, c->decisions, c->n_decisions);
  if (copy.hidden) {
    copy.value = copy.wanted = feel_null ();
    copy.facts = visible_facts (eyes, arena, c->facts, &copy.n_facts);
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
      conditions[i] = hide_condition (eyes, arena, &rules[r].conditions[i]);
    rules[r].conditions = conditions;
  }
  return rules;
}

/* What the provision answers stays visible: that is what the viewer came for. */
static PolicyReason
hide_reason (const Eyes *eyes, Arena *arena, const PolicyProvision *provision, const PolicyReason *reason)
{
  PolicyReason copy = *reason;
  const DmnDecision *d = reason->decision;
  bool theirs
      = is_others (eyes, reason->facts, reason->n_facts) || has_hidden (eyes, d->requires_, d->n_requires);
  copy.rules = hide_rules (eyes, arena, reason);
  if (theirs) {
    g_ptr_array_add (eyes->decisions, (gpointer)d);
    copy.facts = visible_facts (eyes, arena, reason->facts, &copy.n_facts);
    copy.hidden = d != provision->eligible && d != provision->amount;
  }
  if (copy.hidden)
    copy.value = feel_null ();
  return copy;
}

/* That others have to state something is needed; who and what is theirs to know. */
static void
hide_needs (const Eyes *eyes, Arena *arena, PolicyDetermination *d)
{
  PolicyNeed *needs = arena_new0 (arena, PolicyNeed, d->n_needs);
  size_t n = 0;
  bool told = false;
  for (size_t i = 0; i < d->n_needs; i++) {
    const PolicyNeed *need = &d->needs[i];
    if (!need->fact || !is_others (eyes, &need->fact, 1))
      needs[n++] = *need;
    else if (!told) {
      needs[n++] = (PolicyNeed){ .name = eyes->person->zh, .hidden = true };
      told = true;
    }
  }
  d->needs = needs;
  d->n_needs = n;
}

const PolicyDetermination *
policy_hide_others (const PolicyPackage *package, Arena *arena, const PolicyDetermination *d, Subject viewer,
                    const Subject *mandated, size_t n_mandated)
{
  g_autoptr (GPtrArray) decisions = g_ptr_array_new ();
  Eyes eyes
      = { package,  viewer, mandated, n_mandated, registry_subject_entity (policy_schema (package), viewer),
          decisions };
  PolicyReason *reasons = arena_new0 (arena, PolicyReason, d->n_reasons);
  for (size_t i = 0; i < d->n_reasons; i++) /* what a decision requires stands before it */
    reasons[i] = hide_reason (&eyes, arena, d->provision, &d->reasons[i]);
  PolicyDetermination *copy = arena_new0 (arena, PolicyDetermination, 1);
  *copy = *d;
  copy->reasons = reasons;
  hide_needs (&eyes, arena, copy);
  if (decisions->len)
    copy->diagnostics = NULL; /* their words may quote a value */
  return copy;
}
