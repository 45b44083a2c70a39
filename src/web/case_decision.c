/* The decision of a case on paper. */
#include "decisions/decisions.h"
#include "web/case_parts.h"
#include "web/determine.h"
#include "web/download.h"
#include "web/handlers.h"

static const char *const *
basis_of (const WebRequest *request, const PolicyMatter *matter)
{
  const char **basis = arena_new0 (request->arena, const char *, matter->n_basis + 1);
  for (size_t i = 0; i < matter->n_basis; i++)
    basis[i] = arena_printf (request->arena, "%s%s", matter->basis[i].document, matter->basis[i].article);
  return basis;
}

static Decision
decision_of (const WebRequest *request, const Case *c, const char *name)
{
  PolicyTimeUnit unit;
  const PolicyMatter *matter = c->matter;
  const PolicyLimit *appeal = &matter->limits[POLICY_LIMIT_APPEAL];
  int days = policy_limit_at (appeal, civil_day_of (c->decided_at), &unit);
  return (Decision){ .case_id = c->id,
                     .number = c->number,
                     .matter = matter->name,
                     .person = c->applicant,
                     .applicant = name,
                     .office = c->office,
                     .basis = basis_of (request, matter),
                     .granted = c->outcome == CASE_GRANTED,
                     .has_amount = c->outcome == CASE_GRANTED && c->amount_fen > 0,
                     .amount_fen = c->amount_fen,
                     .amount_unit = matter->provision ? matter->provision->amount_unit : (PolicyText){ 0 },
                     .reason = c->reason,
                     .applied_at = c->opened_at,
                     .decided_at = c->decided_at,
                     .package_hash = c->package_hash,
                     .appeal_days = unit == POLICY_DAYS ? days : 0,
                     .appeal_body = matter->appeal_body };
}

bool
handle_case_decision (WebRequest *request, WebResponse *response, GError **error)
{
  const Case *c = web_case (request, error);
  if (!c)
    return false;
  if (c->outcome == CASE_UNDECIDED || !c->matter) {
    g_set_error (error, FAULT, FAULT_NOT_FOUND, "case %s has not been decided", c->number);
    return false;
  }
  const char *name = cases_applicant_name (request->web->cases, request->arena, request->account, c, error);
  if (!name)
    return false;
  DecisionSeal seal;
  Decision decision = decision_of (request, c, name);
  const PolicyDetermination *d
      = cases_proposal (request->web->cases, request->arena, request->account, c, true, NULL);
  decision.determination = d ? web_shown (request, d, error) : NULL;
  if ((d && !decision.determination)
      || !decisions_issue (request->web->decisions, request->account, &decision, &seal, error)
      || !decisions_pdf (request->web->package, &decision, &seal,
                         arena_printf (request->arena, "%s/verify/", request->web->site),
                         request->language == LANGUAGE_EN, response->body, error))
    return false;
  download_begin (request, response, "application/pdf",
                  arena_printf (request->arena, "decision-%s.pdf", c->number));
  return true;
}
