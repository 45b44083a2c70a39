#include "demo_accounts.h"

#include "access/access.h"

static const struct {
  const char *name, *zh, *en, *subject, *department;
  AccessRole role;
} accounts[] = {
  { "resident", "乡村医生（样例）", "A rural doctor (sample)", "resident-1", NULL, ACCESS_RESIDENT },
  { "resident2", "年限未满的乡村医生（样例）", "A rural doctor short of years (sample)", "resident-2", NULL,
    ACCESS_RESIDENT },
  { "resident3", "履历不全的乡村医生（样例）", "A rural doctor with a gap in the record (sample)",
    "resident-3", NULL, ACCESS_RESIDENT },
  { "husband", "双职工家庭的丈夫（样例）", "The husband of a household with two wages (sample)", "resident-9",
    NULL, ACCESS_RESIDENT },
  { "wife", "双职工家庭的妻子（样例）", "The wife of the same household (sample)", "resident-10", NULL,
    ACCESS_RESIDENT },
  { "park", "人力资源服务产业园代表（样例）", "Representative of an HR-services park (sample)", "park-1",
    NULL, ACCESS_REPRESENTATIVE },
  { "employer", "青口零件厂代表（样例）", "Representative of a parts works (sample)", "organisation-3", NULL,
    ACCESS_REPRESENTATIVE },
  { "clerk", "县人社局经办人（样例）", "Clerk at the county HR bureau (sample)", NULL, "县人社局",
    ACCESS_COUNTER_CLERK },
  { "civil", "县民政局经办人（样例）", "Clerk at the county civil affairs bureau (sample)", NULL, "县民政局",
    ACCESS_COUNTER_CLERK },
  { "caseworker", "县民政局审核人员（样例）", "Case worker at the county civil affairs bureau (sample)", NULL,
    "县民政局", ACCESS_CASE_WORKER },
  { "education", "县教育局审核人员（样例）", "Case worker at the education bureau (sample)", NULL, "县教育局",
    ACCESS_CASE_WORKER },
  { "educationhead", "县教育局负责人（样例）", "Head of the education bureau (sample)", NULL, "县教育局",
    ACCESS_DEPARTMENT_HEAD },
  { "business", "县营商办审核人员（样例）", "Case worker at the business environment office (sample)", NULL,
    "县营商办", ACCESS_CASE_WORKER },
  { "market", "县市场监管局审核人员（样例）", "Case worker at the market regulation bureau (sample)", NULL,
    "县市场监管局", ACCESS_CASE_WORKER },
  { "civilhead", "县民政局负责人（样例）", "Head of the county civil affairs bureau (sample)", NULL,
    "县民政局", ACCESS_DEPARTMENT_HEAD },
  { "head", "县人社局负责人（样例）", "Head of the county HR bureau (sample)", NULL, "县人社局",
    ACCESS_DEPARTMENT_HEAD },
  { "office", "县政府办督办人员（样例）", "County office, follow-up of tasks (sample)", NULL, NULL,
    ACCESS_COUNTY_OFFICE },
  { "analyst", "政策分析员（样例）", "Policy analyst (sample)", NULL, "县人社局", ACCESS_ANALYST },
  { "steward", "数据管理员（样例）", "Data steward (sample)", NULL, NULL, ACCESS_STEWARD },
  { "auditor", "审计员（样例）", "Auditor (sample)", NULL, NULL, ACCESS_AUDITOR },
  { "admin", "账号管理员（样例）", "Administrator of accounts (sample)", NULL, NULL, ACCESS_ADMINISTRATOR },
};

bool
demo_accounts_add (Registry *registry, GError **error)
{
  g_autoptr (Access) access = access_open (registry, error);
  if (!access)
    return false;
  g_autoptr (Arena) arena = arena_new ();
  const AccessAccount *operator_ = access_operator (arena, NULL);
  for (size_t i = 0; i < G_N_ELEMENTS (accounts); i++) {
    AccessAccount account = { .name = accounts[i].name,
                              .role = accounts[i].role,
                              .zh = accounts[i].zh,
                              .en = accounts[i].en,
                              .department = accounts[i].department,
                              .demo = true };
    if (accounts[i].subject)
      registry_subject_parse (registry_schema (registry), text_of (accounts[i].subject), &account.subject);
    if (!access_add (access, operator_, &account, DEMO_PASSWORD, error))
      return false;
  }
  return true;
}
