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
  if (!account->department)
    return true;
  return g_str_equal (clause->lead, account->department)
         || (clause->supporting && g_strv_contains (clause->supporting, account->department));
}

static const PolicyDetermination *
determine (const WebRequest *request, Subject subject, const PolicyClause *clause, Day as_of, GError **error)
{
  RegistryMoment now = { .valid_at = as_of, .known_at = G_MAXINT64 };
  return policy_determine (request->web->package, request->web->registry, request->arena, subject, clause,
                           as_of, now, error);
}

const PolicyDetermination *const *
web_determine (const WebRequest *request, Subject subject, const PolicyClause *only, Day as_of, size_t *n,
               GError **error)
{
  size_t n_clauses;
  const PolicyClause *const *clauses = policy_clauses (request->web->package, &n_clauses);
  const RegistryEntity *entity = registry_subject_entity (registry_schema (request->web->registry), subject);
  const PolicyDetermination **found = arena_new0 (request->arena, const PolicyDetermination *, n_clauses);
  *n = 0;
  for (size_t i = 0; i < n_clauses; i++) {
    bool wanted = (!only || clauses[i] == only) && policy_clause_concerns (clauses[i], entity)
                  && web_may_ask (request, clauses[i]);
    if (wanted && !(found[(*n)++] = determine (request, subject, clauses[i], as_of, error)))
      return NULL;
  }
  return found;
}
