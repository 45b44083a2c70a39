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

/* By a mandate of today.  Where that cannot be read, there is none. */
static bool
acts_for (Cases *cases, StoreConnection *db, const AccessAccount *who, Subject applicant, const char *matter)
{
  gint64 mandate = 0;
  return cases->options.agents && access_may (who, ACCESS_APPLY)
         && agents_find (cases->options.agents, db, who, applicant, matter, civil_day_of (cases_now (cases)),
                         &mandate, NULL)
         && mandate;
}

/* The key of C's bundle. */
static const char *
bundle_matter (Cases *cases, StoreConnection *db, Arena *arena, const Case *c)
{
  CaseRow bundle;
  g_autoptr (StoreReader) reader = db ? NULL : store_reader (cases->store, NULL);
  StoreConnection *from = db ? db : reader ? store_reader_db (reader) : NULL;
  return from && row_find (cases, from, arena, c->parent, &bundle, NULL) ? bundle.c.matter_key : NULL;
}

/* Likewise in C: a mandate for a bundle is one for its parts, but those to be done in person. */
static bool
acts_in (Cases *cases, StoreConnection *db, const AccessAccount *who, const Case *c)
{
  if (acts_for (cases, db, who, c->applicant, c->matter_key))
    return true;
  if (!c->parent || !c->matter || !c->matter->delegable || !access_may (who, ACCESS_APPLY))
    return false;
  g_autoptr (Arena) arena = arena_new ();
  const char *matter = bundle_matter (cases, db, arena, c);
  return matter && acts_for (cases, db, who, c->applicant, matter);
}

bool
party_is_agent (const AccessAccount *who, Subject applicant)
{
  return who->subject && who->subject != applicant;
}

const AccessAccount *
party_asker (Arena *arena, const AccessAccount *who, Subject applicant)
{
  if (!party_is_agent (who, applicant))
    return who;
  AccessAccount *asker = arena_copy (arena, who, sizeof *who);
  asker->subject = applicant;
  return asker;
}

bool
party_may_apply (Cases *cases, const AccessAccount *who, const PolicyMatter *matter, Subject applicant,
                 bool *by_office, GError **error)
{
  *by_office = false;
  if (access_may (who, ACCESS_APPLY) && who->subject && who->subject == applicant)
    return true;
  if (acts_for (cases, NULL, who, applicant, matter->key))
    return true;
  *by_office = access_may (who, ACCESS_HANDLE_CASES) && is_of_office (who, NULL, matter);
  if (!*by_office)
    g_set_error (error, FAULT, FAULT_DENIED,
                 "people apply for themselves, or for who gave them a mandate to act; the office that "
                 "answers for the clause may open a case for them");
  return *by_office;
}

bool
party_of (Cases *cases, StoreConnection *db, const AccessAccount *who, const Case *c, CaseParty *party)
{
  bool own = access_may (who, ACCESS_APPLY) && who->subject && who->subject == c->applicant;
  if (own || acts_in (cases, db, who, c)) {
    *party = CASE_APPLICANT;
    return true;
  }
  if (!access_may (who, ACCESS_HANDLE_CASES) || !is_of_office (who, c->office, c->matter))
    return false;
  *party = access_may (who, ACCESS_SUPERVISE_CASES) ? CASE_HEAD : CASE_OFFICE;
  return true;
}

bool
cases_party (Cases *cases, const AccessAccount *who, const Case *c, CaseParty *party)
{
  return party_of (cases, NULL, who, c, party);
}

bool
party_may_act (Cases *cases, StoreConnection *db, const AccessAccount *who, const Case *c, CaseAction action,
               GError **error)
{
  CaseParty party = CASE_APPLICANT;
  if (!party_of (cases, db, who, c, &party)) {
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
