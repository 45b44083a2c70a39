/* Who has to do with a case. */
#include "cases/cases_private.h"

/* Whether WHO's department has the case, or answers for its clause. */
static bool
is_of_office (const AccessAccount *who, const char *office, const PolicyMatter *matter)
{
  return who->department
         && (g_strcmp0 (who->department, office) == 0
             || (matter && policy_clause_is_answered_by (matter->clause, who->department)));
}

bool
party_may_apply (Cases *cases, const AccessAccount *who, const PolicyMatter *matter, Subject applicant,
                 bool *by_office, GError **error)
{
  *by_office = false;
  if (access_may (who, ACCESS_APPLY) && who->subject && who->subject == applicant)
    return true;
  *by_office = access_may (who, ACCESS_HANDLE_CASES) && is_of_office (who, NULL, matter);
  if (!*by_office)
    g_set_error (
        error, FAULT, FAULT_DENIED,
        "people apply for themselves; the office that answers for the clause may open a case for them");
  return *by_office;
}

bool
cases_party (Cases *cases, const AccessAccount *who, const Case *c, CaseParty *party)
{
  if (access_may (who, ACCESS_APPLY) && who->subject && who->subject == c->applicant) {
    *party = CASE_APPLICANT;
    return true;
  }
  if (!access_may (who, ACCESS_HANDLE_CASES) || !is_of_office (who, c->office, c->matter))
    return false;
  *party = access_may (who, ACCESS_SUPERVISE_CASES) ? CASE_HEAD : CASE_OFFICE;
  return true;
}

bool
party_may_act (Cases *cases, const AccessAccount *who, const Case *c, CaseAction action, GError **error)
{
  CaseParty party = CASE_APPLICANT;
  if (!cases_party (cases, who, c, &party)) {
    g_set_error (error, FAULT, FAULT_DENIED, "case %s is with %s: its applicant and its office act in it",
                 c->number, c->office);
    return false;
  }
  if (action == CASE_DECIDE && !access_may (who, ACCESS_DECIDE_CASES)) {
    g_set_error (error, FAULT, FAULT_DENIED, "cases are decided by the office's case workers");
    return false;
  }
  for (int state = 0; state < CASE_STATES; state++)
    if (case_may ((CaseState)state, action, party))
      return true;
  g_set_error (error, FAULT, FAULT_DENIED, "\"%s\" is not for the %s to do", case_action_id (action),
               case_party_id (party));
  return false;
}
