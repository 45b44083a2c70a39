#include "web/determine.h"

#include <string.h>

const RegistryEntity *
web_find_subject (const WebRequest *request, const char *text, Subject *subject, GError **error)
{
  const RegistrySchema *schema = registry_schema (request->web->registry);
  if (!registry_subject_parse (schema, text_of (text), subject)) {
    g_set_error (error, FAULT, FAULT_NOT_FOUND, "%s is no subject; ids look like resident-1", text);
    return NULL;
  }
  if (!access_may_see (request->account, *subject)) {
    g_set_error (error, FAULT, FAULT_DENIED, "this account may not see %s", text);
    return NULL;
  }
  return registry_subject_entity (schema, *subject);
}

bool
web_as_of (const WebRequest *request, Day *as_of, GError **error)
{
  const char *text = web_field (&request->query, "as_of");
  *as_of = request->today;
  if (!text || !*text || civil_parse (text_of (text), as_of))
    return true;
  g_set_error (error, FAULT, FAULT_INPUT, "as_of=%s is no date; write it as 2026-01-01", text);
  return false;
}

bool
web_may_ask (const WebRequest *request, const PolicyClause *clause)
{
  const AccessAccount *account = request->account;
  if (!access_may (account, ACCESS_SEE_SUBJECTS))
    return true; /* about their own record, and no other */
  return account->department && policy_clause_is_answered_by (clause, account->department);
}

/* Whether PROVISION is about subjects of ENTITY, or they may ask for another's sake. */
static bool
asked_by (const PolicyProvision *provision, const RegistryEntity *entity)
{
  return provision->subject == entity || (provision->applicant && provision->applicant->entity == entity);
}

const PolicyClause *const *
web_others_clauses (const WebRequest *request, const RegistryEntity *entity, size_t *n)
{
  size_t n_clauses;
  const PolicyClause *const *clauses = policy_clauses (request->web->package, &n_clauses);
  const PolicyClause **found = arena_new0 (request->arena, const PolicyClause *, n_clauses);
  *n = 0;
  for (size_t i = 0; i < n_clauses; i++) {
    bool concerned = false;
    for (size_t k = 0; k < clauses[i]->n_provisions; k++)
      concerned |= asked_by (&clauses[i]->provisions[k], entity);
    if (concerned && !web_may_ask (request, clauses[i]))
      found[(*n)++] = clauses[i];
  }
  return found;
}

/* Whom REFERENCE of SUBJECT leads to, and their name; 0 when nobody has stated it. */
static Subject
follow (const WebRequest *request, Subject subject, const RegistryAttribute *reference, RegistryMoment at,
        const char **name, GError **error)
{
  const RegistryAttribute *label = reference->target->label;
  const Text members[] = { text_of (reference->zh), text_of (label ? label->zh : "") };
  const FeelPath path = { .n = label ? 2 : 1, .members = members };
  const RegistryReading *reading
      = registry_read (request->web->registry, request->arena, subject, &path, 1, at, error);
  size_t n = 0;
  const RegistryProvenance *const *facts = reading ? registry_reading_facts (reading, &n) : NULL;
  Subject target = 0;
  for (size_t i = 0; i < n; i++) {
    if (facts[i]->attribute == reference)
      target = facts[i]->target;
    else if (facts[i]->attribute == label && facts[i]->value.kind == FEEL_STRING)
      *name = feel_display (request->arena, facts[i]->value);
  }
  return target;
}

/* PROVISION asked for SUBJECT: about them, or about what they may ask for.  An
 * answer without a determination means that it does not concern them. */
static bool
ask (const WebRequest *request, Subject subject, const PolicyProvision *provision, Day as_of,
     WebAnswer *answer, GError **error)
{
  const RegistryEntity *entity = registry_subject_entity (registry_schema (request->web->registry), subject);
  RegistryMoment now = { .valid_at = as_of, .known_at = G_MAXINT64 };
  bool applies = provision->subject != entity;
  *answer = (WebAnswer){ 0 };
  Subject about = subject;
  GError *local = NULL;
  if (!asked_by (provision, entity))
    return true;
  if (applies) {
    answer->about = provision->applicant->zh;
    about = follow (request, subject, provision->applicant, now, &answer->about, &local);
  }
  if (about && !local)
    answer->determination = policy_determine (request->web->package, request->web->registry, request->arena,
                                              about, provision, as_of, now, &local);
  if (answer->determination && !access_may (request->account, ACCESS_SEE_SUBJECTS))
    answer->determination = policy_hide_others (request->web->package, request->arena, answer->determination,
                                                request->account->subject);
  if (local)
    g_propagate_error (error, local);
  return !local;
}

const WebAnswer *
web_determine (const WebRequest *request, Subject subject, const PolicyClause *only, Day as_of, size_t *n,
               GError **error)
{
  size_t n_clauses;
  const PolicyClause *const *clauses = policy_clauses (request->web->package, &n_clauses);
  size_t n_provisions = 0;
  for (size_t i = 0; i < n_clauses; i++)
    n_provisions += clauses[i]->n_provisions;
  WebAnswer *found = arena_new0 (request->arena, WebAnswer, n_provisions);
  *n = 0;
  for (size_t i = 0; i < n_clauses; i++) {
    if ((only && clauses[i] != only) || !web_may_ask (request, clauses[i]))
      continue;
    for (size_t k = 0; k < clauses[i]->n_provisions; k++) {
      if (!ask (request, subject, &clauses[i]->provisions[k], as_of, &found[*n], error))
        return NULL;
      *n += found[*n].determination != NULL;
    }
  }
  return found;
}
