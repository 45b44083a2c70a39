/* The machine: what may be done to a case, by whom, and where it stands then.  docs/services.md shows
 * the same table; a test holds the two against each other. */
#include "cases/cases_private.h"

#define IN(state) (1u << CASE_##state)

/* In review: accepted and not yet decided. */
#define REVIEW (IN (ACCEPTED) | IN (PUBLISHED))
#define OPEN (IN (SUBMITTED) | IN (CORRECTING) | REVIEW | IN (SUSPENDED))
#define ANY ((1u << CASE_STATES) - 1)

static const CaseRule rules[CASE_ACTIONS] = {
  [CASE_SUBMIT] = { "submit", { "申请", "Applied" }, CASE_APPLICANT, 0, CASE_SUBMITTED, false },
  [CASE_ASK_CORRECTION] = { "ask_correction",
                            { "通知补正", "Asked to complete" },
                            CASE_OFFICE,
                            IN (SUBMITTED) | IN (ACCEPTED),
                            CASE_CORRECTING,
                            false },
  [CASE_CORRECT] = { "correct", { "补正", "Completed" }, CASE_APPLICANT, IN (CORRECTING), BACK, false },
  [CASE_ACCEPT] = { "accept", { "受理", "Accepted" }, CASE_OFFICE, IN (SUBMITTED), CASE_ACCEPTED, false },
  [CASE_DECLINE] = { "decline",
                     { "不予受理", "Not accepted" },
                     CASE_OFFICE,
                     IN (SUBMITTED) | IN (CORRECTING),
                     CASE_DECLINED,
                     true },
  [CASE_SUSPEND] = { "suspend", { "中止", "Suspended" }, CASE_OFFICE, REVIEW, CASE_SUSPENDED, true },
  [CASE_RESUME] = { "resume", { "恢复", "Resumed" }, CASE_OFFICE, IN (SUSPENDED), BACK, false },
  [CASE_PUBLISH] = { "publish", { "公示", "Published" }, CASE_OFFICE, IN (ACCEPTED), CASE_PUBLISHED, false },
  [CASE_OBJECT]
  = { "object", { "记录异议", "Objection recorded" }, CASE_OFFICE, IN (PUBLISHED), STAYS, true },
  [CASE_DECIDE] = { "decide", { "决定", "Decided" }, CASE_OFFICE, REVIEW, CASE_DECIDED, false },
  [CASE_DELIVER] = { "deliver", { "送达", "Delivered" }, CASE_OFFICE, IN (DECIDED), CASE_DELIVERED, false },
  [CASE_ARCHIVE] = { "archive",
                     { "归档", "Archived" },
                     CASE_OFFICE,
                     IN (DELIVERED) | IN (DECLINED) | IN (WITHDRAWN),
                     CASE_ARCHIVED,
                     false },
  [CASE_WITHDRAW] = { "withdraw", { "撤回", "Withdrawn" }, CASE_APPLICANT, OPEN, CASE_WITHDRAWN, false },
  [CASE_APPEAL] = { "appeal",
                    { "申请复议", "Appealed" },
                    CASE_APPLICANT,
                    IN (DECIDED) | IN (DELIVERED) | IN (DECLINED),
                    CASE_APPEALED,
                    true },
  [CASE_SETTLE_APPEAL]
  = { "settle_appeal", { "复议决定", "Appeal decided" }, CASE_HEAD, IN (APPEALED), CASE_DECIDED, true },
  [CASE_REOPEN] = { "reopen",
                    { "重新办理", "Reopened" },
                    CASE_HEAD,
                    IN (DECIDED) | IN (DELIVERED) | IN (ARCHIVED) | IN (DECLINED),
                    CASE_ACCEPTED,
                    true },
  [CASE_TRANSFER]
  = { "transfer", { "转办", "Handed over" }, CASE_OFFICE, IN (SUBMITTED) | REVIEW, STAYS, true },
  [CASE_VISIT] = { "visit", { "到场", "Came in person" }, CASE_OFFICE, ANY & ~IN (ARCHIVED), STAYS, false },
  [CASE_CHECK_MATERIAL] = { "check_material",
                            { "审核材料", "Paper looked at" },
                            CASE_OFFICE,
                            IN (SUBMITTED) | REVIEW | IN (SUSPENDED),
                            STAYS,
                            false },
  [CASE_NOTE] = { "note", { "备注", "Note" }, CASE_OFFICE, ANY, STAYS, true },
};

const CaseRule *
machine_rule (CaseAction action)
{
  return &rules[action];
}

CaseState
machine_next (CaseState state, CaseState before, CaseAction action)
{
  int to = rules[action].to;
  return to == STAYS ? state : to == BACK ? before : (CaseState)to;
}

CaseStage
machine_stage (CaseState state)
{
  return state <= CASE_APPEALED ? STAGE_TO_DECIDE : state == CASE_DECIDED ? STAGE_TO_DELIVER : STAGE_CLOSED;
}

bool
case_waits (CaseState state)
{
  return machine_stage (state) != STAGE_CLOSED;
}

bool
case_may (CaseState state, CaseAction action, CaseParty party)
{
  const CaseRule *rule = &rules[action];
  /* A head may do what the office may; nobody acts for the other side. */
  bool is_party = rule->party == party || (rule->party == CASE_OFFICE && party == CASE_HEAD);
  return is_party && (rule->from >> state & 1);
}

bool
case_needs_reason (CaseAction action)
{
  return rules[action].reason;
}

const char *
case_action_id (CaseAction action)
{
  return rules[action].id;
}

PolicyText
case_action_name (CaseAction action)
{
  return rules[action].name;
}

bool
case_action_parse (const char *id, CaseAction *action)
{
  for (int a = 0; a < CASE_ACTIONS; a++)
    if (g_strcmp0 (id, rules[a].id) == 0) {
      *action = (CaseAction)a;
      return true;
    }
  return false;
}
