/* The access matrix: role × right, as data.  What is not here is refused. */
#include "access.h"

typedef enum { CITIZEN, STAFF, STAFF_WITH_CODE } Kind;

static const struct {
  char letter; /* in the matrix */
  AccessName name;
  Kind kind;
} roles[ACCESS_ROLES] = {
  [ACCESS_RESIDENT] = { 'r', { "resident", "居民", "Resident" }, CITIZEN },
  [ACCESS_REPRESENTATIVE]
  = { 'o', { "representative", "单位代表", "Representative of an organisation" }, CITIZEN },
  [ACCESS_COUNTER_CLERK] = { 'c', { "counter_clerk", "窗口人员", "Counter clerk" }, STAFF },
  [ACCESS_CASE_WORKER] = { 'w', { "case_worker", "经办人员", "Case worker" }, STAFF },
  [ACCESS_DEPARTMENT_HEAD] = { 'h', { "department_head", "部门负责人", "Head of department" }, STAFF },
  [ACCESS_COUNTY_OFFICE] = { 'y', { "county_office", "县政府办", "County office" }, STAFF },
  [ACCESS_ANALYST] = { 'a', { "analyst", "政策分析员", "Policy analyst" }, STAFF },
  [ACCESS_STEWARD] = { 's', { "steward", "数据管理员", "Data steward" }, STAFF_WITH_CODE },
  [ACCESS_AUDITOR] = { 'u', { "auditor", "审计员", "Auditor" }, STAFF },
  [ACCESS_ADMINISTRATOR] = { 'm', { "administrator", "账号管理员", "Administrator" }, STAFF_WITH_CODE },
  [ACCESS_OPERATOR] = { 'p', { "operator", "本机操作员", "Operator of the machine" }, STAFF },
  [ACCESS_NOBODY] = { 'n', { "nobody", "未登录", "Not logged in" }, CITIZEN },
};

static const struct {
  AccessName name;
  const char *roles; /* the letters of those who have the right */
} matrix[ACCESS_RIGHTS] = {
  [ACCESS_LOG_IN] = { { "log_in", "打开首页、登录", "Open the start page, log in" }, "rocwhyasumpn" },
  [ACCESS_SEE_POLICY]
  = { { "see_policy", "看文件、条款和参数", "See circular, clauses, parameters" }, "rocwhyasumpn" },
  [ACCESS_SEE_SHARING] = { { "see_sharing", "看数据共享目录", "See the sharing catalogue" }, "rocwhyasumpn" },
  [ACCESS_OWN_ACCOUNT]
  = { { "own_account", "管理自己的账号", "Look after one's own account" }, "rocwhyasum" },
  [ACCESS_SEE_SELF] = { { "see_self", "看自己的资料和结果", "See one's own facts and answers" }, "ro" },
  [ACCESS_CHANGE_SELF]
  = { { "change_self", "授权家人、申请更正", "Give mandates, ask for corrections" }, "ro" },
  [ACCESS_OPEN_SUBJECT]
  = { { "open_subject", "打开一个对象的页面", "Open the page of a subject" }, "rocwhp" },
  [ACCESS_SEE_SUBJECTS]
  = { { "see_subjects", "按条款看他人资料", "See others' facts under a clause" }, "cwhp" },
  [ACCESS_SEARCH_PEOPLE] = { { "search_people", "查找人员（遮蔽）", "Search people (masked)" }, "cwhsp" },
  [ACCESS_SEE_CONFLICTS]
  = { { "see_conflicts", "看来源之间的矛盾", "See conflicts between sources" }, "whsp" },
  [ACCESS_DECIDE_CORRECTIONS]
  = { { "decide_corrections", "决定更正申请", "Decide requests for correction" }, "whsp" },
  [ACCESS_APPLY] = { { "apply", "申请办事", "Apply for a service" }, "ro" },
  [ACCESS_HANDLE_CASES] = { { "handle_cases", "受理和办理申请", "Handle applications" }, "cwh" },
  [ACCESS_DECIDE_CASES] = { { "decide_cases", "对申请作出决定", "Decide applications" }, "wh" },
  [ACCESS_SUPERVISE_CASES]
  = { { "supervise_cases", "督办、复议、重新办理", "Supervise cases, settle appeals" }, "hy" },
  [ACCESS_IMPORT] = { { "import", "导入资料", "Import facts" }, "sp" },
  [ACCESS_EXPORT] = { { "export", "导出资料", "Export facts" }, "sp" },
  [ACCESS_MERGE_DUPLICATES] = { { "merge_duplicates", "合并重复记录", "Merge duplicates" }, "sp" },
  [ACCESS_SEE_STATISTICS] = { { "see_statistics", "看统计数字", "See figures without persons" }, "hyap" },
  [ACCESS_PAY] = { { "pay", "编制和报送发放清单", "Make payment lists" }, "whp" },
  [ACCESS_APPROVE_PAYMENTS] = { { "approve_payments", "审批发放清单", "Approve payment lists" }, "hp" },
  [ACCESS_ALLOCATE] = { { "allocate", "组织公开分配", "Run rounds of scarce places" }, "whp" },
  [ACCESS_FIND_DUE] = { { "find_due", "找出应享未享的人", "Find who is due and not served" }, "whp" },
  [ACCESS_SEE_AUDIT] = { { "see_audit", "看全部查阅记录", "See the whole audit log" }, "up" },
  [ACCESS_SEE_MATRIX] = { { "see_matrix", "看权限表", "See this table" }, "ump" },
  [ACCESS_MANAGE_ACCOUNTS] = { { "manage_accounts", "管理账号", "Manage accounts" }, "mp" },
};

const AccessName *
access_role_name (AccessRole role)
{
  return &roles[role].name;
}

const AccessName *
access_right_name (AccessRight right)
{
  return &matrix[right].name;
}

bool
access_role_parse (const char *id, AccessRole *role)
{
  for (size_t i = 0; i < ACCESS_ROLES; i++)
    if (g_str_equal (roles[i].name.id, id)) {
      *role = (AccessRole)i;
      return true;
    }
  return false;
}

bool
access_role_is_staff (AccessRole role)
{
  return roles[role].kind != CITIZEN;
}

bool
access_role_needs_code (AccessRole role)
{
  return roles[role].kind == STAFF_WITH_CODE;
}

bool
access_role_may (AccessRole role, AccessRight right)
{
  return strchr (matrix[right].roles, roles[role].letter) != NULL;
}

bool
access_may (const AccessAccount *who, AccessRight right)
{
  return access_role_may (who ? who->role : ACCESS_NOBODY, right);
}
