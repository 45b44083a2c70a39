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
  const RegistryEntity *entity = registry_subject_entity (schema, *subject);
  if (access_may (request->account, ACCESS_SEE_SUBJECTS)) /* one who was merged leads to the other */
    return registry_resolve (request->web->registry, *subject, G_MAXINT64, subject, error) ? entity : NULL;
  return access_permit (request->web->access, request->arena, request->account, ACCESS_SELF, *subject, error)
             ? entity
             : NULL;
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

const PolicyClause *const *
web_clauses_about (const WebRequest *request, const RegistryEntity *entity, bool others, size_t *n)
{
  size_t n_clauses;
  const PolicyClause *const *clauses = policy_pages (request->web->package, &n_clauses);
  const PolicyClause **found = arena_new0 (request->arena, const PolicyClause *, n_clauses);
  *n = 0;
  for (size_t i = 0; i < n_clauses; i++)
    if (policy_clause_concerns (clauses[i], entity)
        && access_may_name (request->account, clauses[i]->purpose) != others)
      found[(*n)++] = clauses[i];
  return found;
}

const PolicyDetermination *
web_shown (const WebRequest *request, const PolicyDetermination *determination, GError **error)
{
  if (access_may (request->account, ACCESS_SEE_SUBJECTS))
    return determination;
  size_t n;
  const Subject *mandated
      = access_mandated (request->web->access, request->arena, request->account,
                         determination->provision->clause->purpose->id, request->today, &n, error);
  return mandated ? policy_hide_others (request->web->package, request->arena, determination,
                                        request->account->subject, mandated, n)
                  : NULL;
}

static bool
ask_clause (const WebRequest *request, const AccessPermit *permit, const PolicyClause *clause, Day as_of,
            GArray *answers, GError **error)
{
  size_t n;
  RegistryMoment now = { .valid_at = as_of, .known_at = G_MAXINT64 };
  const PolicyAnswer *found
      = policy_answers (request->web->package, permit, request->arena, clause, as_of, now, &n, error);
  for (size_t i = 0; found && i < n; i++) {
    PolicyAnswer answer = found[i];
    bool own = !access_may (request->account, ACCESS_SEE_SUBJECTS);
    if (own && answer.determination->provision->audience == POLICY_FOR_COUNTY)
      continue;
    if (!(answer.determination = web_shown (request, answer.determination, error)))
      return false;
    g_array_append_val (answers, answer);
  }
  return found;
}

static const PolicyAnswer *
keep_answers (const WebRequest *request, const GArray *answers, size_t *n)
{
  *n = answers->len;
  return arena_copy (request->arena, answers->data, answers->len * sizeof (PolicyAnswer));
}

const PolicyAnswer *
web_determine_clause (const WebRequest *request, const AccessPermit *permit, const PolicyClause *clause,
                      Day as_of, size_t *n, GError **error)
{
  g_autoptr (GArray) answers = g_array_new (FALSE, FALSE, sizeof (PolicyAnswer));
  return ask_clause (request, permit, clause, as_of, answers, error) ? keep_answers (request, answers, n)
                                                                     : NULL;
}

const PolicyAnswer *
web_determine_all (const WebRequest *request, Subject subject, Day as_of, size_t *n, GError **error)
{
  const RegistryEntity *entity = registry_subject_entity (registry_schema (request->web->registry), subject);
  size_t n_clauses;
  const PolicyClause *const *clauses = web_clauses_about (request, entity, false, &n_clauses);
  g_autoptr (GArray) answers = g_array_new (FALSE, FALSE, sizeof (PolicyAnswer));
  for (size_t i = 0; i < n_clauses; i++) {
    const AccessPermit *permit
        = policy_permit (request->web->access, request->arena, request->account, clauses[i], subject, error);
    if (!permit || !ask_clause (request, permit, clauses[i], as_of, answers, error))
      return NULL;
  }
  return keep_answers (request, answers, n);
}
