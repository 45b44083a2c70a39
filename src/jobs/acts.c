/* The acts of an application: by whom, from where to where; names. */
#include "jobs/jobs_private.h"

#define AT(stage) (1u << (stage))
#define WAITING (AT (JOBS_APPLIED) | AT (JOBS_INTERVIEW) | AT (JOBS_AGREED))

static const struct {
  const char *id;
  PolicyText name;
  ActRule rule;
} acts[JOBS_ACTS] = {
  [JOBS_INVITE] = { "invite", { "邀请", "Invite" }, { true, 0, JOBS_INVITED, "job-invited", false } },
  [JOBS_APPLY] = { "apply",
                   { "投递", "Apply" },
                   { false, AT (JOBS_INVITED) | AT (JOBS_DECLINED), JOBS_APPLIED, "job-applied", false } },
  [JOBS_PROPOSE] = { "propose",
                     { "提出面试时间", "Propose times for an interview" },
                     { true, WAITING, JOBS_INTERVIEW, "job-interview", false } },
  [JOBS_PICK]
  = { "pick",
      { "选定面试时间", "Choose a time" },
      { false, AT (JOBS_INTERVIEW) | AT (JOBS_AGREED), JOBS_AGREED, "job-interview-picked", false } },
  [JOBS_OFFER] = { "offer", { "录用意向", "Offer" }, { true, WAITING, JOBS_OFFERED, "job-offered", false } },
  [JOBS_ACCEPT] = { "accept",
                    { "接受录用", "Accept" },
                    { false, AT (JOBS_OFFERED), JOBS_ACCEPTED, "job-accepted", false } },
  [JOBS_HIRE] = { "hire",
                  { "登记上班", "Enter the first day" },
                  { true, AT (JOBS_ACCEPTED), JOBS_HIRED, "job-hired", false } },
  [JOBS_REJECT]
  = { "reject",
      { "不录用", "Turn down" },
      { true, AT (JOBS_INVITED) | WAITING | AT (JOBS_OFFERED), JOBS_REJECTED, "job-rejected", true } },
  [JOBS_DECLINE] = { "decline",
                     { "退出", "Withdraw" },
                     { false, AT (JOBS_INVITED) | WAITING | AT (JOBS_OFFERED) | AT (JOBS_ACCEPTED),
                       JOBS_DECLINED, "job-declined", false } },
};

const ActRule *
act_rule (JobsAct act)
{
  return &acts[act].rule;
}

const char *
jobs_act_id (JobsAct act)
{
  return acts[act].id;
}

PolicyText
jobs_act_name (JobsAct act)
{
  return acts[act].name;
}

bool
jobs_can (JobsStage stage, JobsAct act, bool employer)
{
  return acts[act].rule.by_employer == employer && (acts[act].rule.from & AT (stage));
}

static const struct {
  const char *id;
  PolicyText name;
} stages[JOBS_STAGES] = {
  [JOBS_INVITED] = { "invited", { "已邀请", "Invited" } },
  [JOBS_APPLIED] = { "applied", { "已投递", "Applied" } },
  [JOBS_INTERVIEW] = { "interview", { "选面试时间", "Times for an interview proposed" } },
  [JOBS_AGREED] = { "agreed", { "面试已约定", "Interview agreed" } },
  [JOBS_OFFERED] = { "offered", { "有录用意向", "Offered" } },
  [JOBS_ACCEPTED] = { "accepted", { "已接受录用", "Accepted" } },
  [JOBS_HIRED] = { "hired", { "已上班", "Hired" } },
  [JOBS_REJECTED] = { "rejected", { "未录用", "Not chosen" } },
  [JOBS_DECLINED] = { "declined", { "已退出", "Withdrawn" } },
  [JOBS_LAPSED] = { "lapsed", { "岗位已关闭", "Post closed" } },
};

const char *
jobs_stage_id (JobsStage stage)
{
  return stages[stage].id;
}

PolicyText
jobs_stage_name (JobsStage stage)
{
  return stages[stage].name;
}
