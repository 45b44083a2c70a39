#include "demo_jobs.h"

#include "jobs/jobs.h"

enum { DAY_SECONDS = 86400, FIRST_EMPLOYER = 3, EMPLOYERS = 60, OPEN_DAYS = 60, FAIR_POSTS = 4, GUESTS = 40 };

/* What the synthetic employers look for; pay in yuan. */
static const struct {
  const char *title, *occupation, *text;
  const char *skills[4], *certificates[2];
  int pay_from, pay_to, posts;
  const char *kind, *education;
} templates[] = {
  { "数控车工",
    "数控车工",
    "操作数控车床加工铝合金零件，看得懂图纸，每班自检。\n做五休二，缴纳五险，提供工作餐。",
    { "数控车床", "识图" },
    { NULL },
    5500,
    8000,
    6,
    "企业岗位",
    NULL },
  { "焊工",
    "焊工",
    "汽车零部件二保焊。\n计件加保底，车间通风，配发防护用品。",
    { "二氧化碳气体保护焊" },
    { "焊接与热切割作业证" },
    6000,
    9000,
    4,
    "企业岗位",
    NULL },
  { "电工",
    "电工",
    "厂区供配电设备巡检和维修，两班倒。",
    { "低压电器维修" },
    { "低压电工作业证" },
    5000,
    7000,
    2,
    "企业岗位",
    NULL },
  { "叉车司机",
    "叉车司机",
    "仓库装卸和盘点，服从安全规程。",
    { "叉车驾驶", "盘点" },
    { "特种设备作业人员证（叉车）" },
    4800,
    6500,
    3,
    "企业岗位",
    NULL },
  { "养老护理员",
    "养老护理员",
    "照护失能老人，协助康复训练，按护理计划记录。\n没有经验的可以先培训。",
    { "生活照护", "沟通" },
    { NULL },
    4200,
    6000,
    8,
    "企业岗位",
    NULL },
  { "仓储拣货员",
    "仓库管理员",
    "按订单拣货、打包、复核，使用手持终端。",
    { "手持终端" },
    { NULL },
    4000,
    5500,
    20,
    "企业岗位",
    NULL },
  { "会计",
    "会计",
    "负责往来账和纳税申报，配合年度审计。",
    { "财务软件", "纳税申报" },
    { NULL },
    5000,
    7500,
    1,
    "企业岗位",
    "大专" },
  { "软件测试工程师",
    "软件测试工程师",
    "编写和执行测试用例，维护自动化测试脚本。",
    { "Python", "测试用例设计" },
    { NULL },
    7000,
    12000,
    2,
    "企业岗位",
    "本科" },
  { "水稻种植技术员",
    "农业技术员",
    "指导合作社育秧、植保和农机作业，做田间记录。",
    { "植保", "农机操作" },
    { NULL },
    3800,
    5000,
    2,
    "企业岗位",
    NULL },
  { "幼儿园教师",
    "幼儿园教师",
    "带班，设计游戏活动，和家长沟通。",
    { "活动设计" },
    { "教师资格证" },
    3500,
    5000,
    3,
    "企业岗位",
    "大专" },
  { "货车司机",
    "货运司机",
    "县内配送，早出晚归有加班费，不跑长途。",
    { "货车驾驶" },
    { "B2驾驶证" },
    6000,
    8500,
    4,
    "企业岗位",
    NULL },
  { "见习文员",
    "行政文员",
    "毕业生见习岗位，学习合同和档案管理，指定带教老师，发见习补助。",
    { "文字处理" },
    { NULL },
    2200,
    2200,
    2,
    "见习岗位",
    "大专" },
  { "公共区域保洁员",
    "保洁员",
    "打扫村里的公共场所和步道，每天六小时，提供工具和工作服。",
    { "清洁" },
    { NULL },
    2600,
    2900,
    2,
    "公益性岗位",
    NULL },
};

/* Held for a clerk, each for its own reason. */
static const struct {
  const char *title, *text;
  bool returned;
} held[] = {
  { "保安", "厂区门岗，35岁以下，身体健康。", false },
  { "客服", "接听客户来电，应聘加微信：yangli_kefu01。", false },
  { "搬运工", "仅限男性，能上夜班。", true },
};

typedef struct {
  Jobs *jobs;
  gint64 now, clock; /* UTC seconds: of the machine, of the story */
  AccessAccount head;
  gint64 first; /* advertisement of the employer who has an account */
} Story;

static gint64
story_clock (gpointer data)
{
  return ((const Story *)data)->clock;
}

/* What the county does not have is left out of the story; the rest is an error. */
static bool
passed_over (GError *fault, GError **error)
{
  if (g_error_matches (fault, FAULT, FAULT_SYSTEM)) {
    g_propagate_error (error, fault);
    return false;
  }
  g_error_free (fault);
  return true;
}

static AccessAccount
representative (const PolicyPackage *package, int number)
{
  return (AccessAccount){ .name = "demo-employer",
                          .role = ACCESS_REPRESENTATIVE,
                          .subject = subject_make (
                              registry_schema_entity (policy_schema (package), "organisation"), number) };
}

static const char *
place_of (Arena *arena, const PolicyPackage *package, Day day, int i)
{
  size_t n;
  const RegistryDivision *all = registry_divisions_at (policy_divisions (package), arena, day, &n);
  return all[(size_t)i % n].code;
}

static gint64
post (Story *s, const AccessAccount *who, const JobsAdvertisement *says, const char *key, GError **error)
{
  GError *fault = NULL;
  gint64 id = jobs_advertise (s->jobs, who, says, key, &fault);
  return id || passed_over (fault, error) ? id : -1;
}

static bool
advertise (Story *s, const PolicyPackage *package, int i, GError **error)
{
  g_autoptr (Arena) arena = arena_new ();
  size_t t = (size_t)i % G_N_ELEMENTS (templates);
  AccessAccount who = representative (package, FIRST_EMPLOYER + i);
  s->clock
      = s->now - (gint64)(EMPLOYERS - i) * DAY_SECONDS / 3; /* records come in the order of their times */
  JobsAdvertisement says
      = { .employer = who.subject,
          .title = templates[t].title,
          .text = arena_printf (arena, "%s\n工作地点离公交站步行十分钟，编号%d。", templates[t].text, i),
          .occupation = templates[t].occupation,
          .skills = templates[t].skills,
          .certificates = templates[t].certificates,
          .place = place_of (arena, package, civil_day_of (s->now), i),
          .pay_from = templates[t].pay_from * 100,
          .pay_to = templates[t].pay_to * 100,
          .posts = templates[t].posts,
          .kind = templates[t].kind,
          .education = templates[t].education,
          .until = civil_day_of (s->now) + OPEN_DAYS };
  gint64 id = post (s, &who, &says, arena_printf (arena, "demo-%d", i), error);
  if (i == 0)
    s->first = id;
  GError *fault = NULL;
  bool looked_at = id > 0 && g_str_equal (says.kind, "公益性岗位"); /* by the office, before it is open */
  if (looked_at && !jobs_review (s->jobs, &s->head, id, true, NULL, &fault))
    return passed_over (fault, error);
  return id >= 0;
}

static bool
advertise_held (Story *s, const PolicyPackage *package, int i, GError **error)
{
  g_autoptr (Arena) arena = arena_new ();
  AccessAccount who = representative (package, FIRST_EMPLOYER + i);
  JobsAdvertisement says = { .employer = who.subject,
                             .title = held[i].title,
                             .text = held[i].text,
                             .occupation = held[i].title,
                             .place = place_of (arena, package, civil_day_of (s->now), i),
                             .pay_from = 400000,
                             .pay_to = 500000,
                             .posts = 2,
                             .kind = "企业岗位",
                             .until = civil_day_of (s->now) + OPEN_DAYS };
  s->clock = s->now;
  gint64 id = post (s, &who, &says, arena_printf (arena, "demo-held-%d", i), error);
  GError *fault = NULL;
  return id == 0
         || (id > 0
             && (!held[i].returned
                 || jobs_review (s->jobs, &s->head, id, false,
                                 "请写明国家规定不适合妇女的依据，或者删去性别条件。", &fault)
                 || passed_over (fault, error)));
}

/* What the synthetic people look for; pay in yuan. */
static const struct {
  const char *occupations[3], *skills[3], *about;
  int pay_from;
} wishes[] = {
  { { "数控车工", "焊工" }, { "识图" }, "想在离家近的地方上班。", 5000 },
  { { "叉车司机", "仓库管理员" }, { "盘点" }, "可以上夜班。", 4500 },
  { { "养老护理员" }, { "生活照护" }, "照顾过家里的老人三年。", 4000 },
  { { "会计" }, { "财务软件", "纳税申报" }, "希望双休。", 5000 },
  { { "电工" }, { "低压电器维修" }, "会看电路图。", 5000 },
  { { "客服" }, { "普通话" }, "打字快。", 3800 },
};

/* Somebody whose record there is looks for work, is shown, and applies where the demo has an account. */
static bool
apply (Story *s, const PolicyPackage *package, int i, GError **error)
{
  static const char *const consented[] = { "education", "skill_level", "certificates", "work_history", NULL };
  g_autoptr (Arena) arena = arena_new ();
  g_autofree char *name = g_strdup_printf ("demo-seeker-%d", i);
  GError *fault = NULL;
  AccessAccount who
      = { .name = name,
          .role = ACCESS_RESIDENT,
          .subject = subject_make (registry_schema_entity (policy_schema (package), "resident"), 40 + i) };
  size_t w = (size_t)i % G_N_ELEMENTS (wishes);
  const char *places[] = { place_of (arena, package, civil_day_of (s->now), i),
                           place_of (arena, package, civil_day_of (s->now), i + 1), NULL };
  JobsProfile profile = { .occupations = wishes[w].occupations,
                          .places = places,
                          .pay_from = wishes[w].pay_from * 100,
                          .skills = wishes[w].skills,
                          .about = wishes[w].about,
                          .shown = true,
                          .consented = consented };
  JobsApplying applying = { .letter = "做过三年车床，可以马上到岗。" };
  if (!jobs_save_profile (s->jobs, &who, &profile, name, &fault)
      || (i < 3 && s->first > 0 && !jobs_apply (s->jobs, &who, s->first, &applying, name, &fault)))
    return passed_over (fault, error);
  return true;
}

/* A fair in three weeks to which the first employers come. */
static bool
hold_fair (Story *s, const PolicyPackage *package, GError **error)
{
  GError *fault = NULL;
  JobsFair fair = { .name = "秋季招聘会（演示）",
                    .place = "县人力资源市场一楼（样例）",
                    .day = civil_day_of (s->now) + 21,
                    .from = 9 * 60,
                    .to = 11 * 60,
                    .minutes = 15 };
  gint64 id = jobs_plan_fair (s->jobs, &s->head, &fair, "demo-fair", &fault);
  if (!id)
    return passed_over (fault, error);
  for (int i = 0; i < FAIR_POSTS; i++) {
    AccessAccount who = representative (package, FIRST_EMPLOYER + i);
    if (!jobs_join_fair (s->jobs, &who, id, s->first + i, 1, &fault) && !passed_over (fault, error))
      return false;
    fault = NULL;
  }
  return true;
}

static bool
tell (Story *s, const PolicyPackage *package, GError **error)
{
  for (int i = 0; i < EMPLOYERS; i++)
    if (!advertise (s, package, i, error))
      return false;
  for (int i = 0; i < (int)G_N_ELEMENTS (held); i++)
    if (!advertise_held (s, package, i, error))
      return false;
  for (int i = 0; i < GUESTS; i++)
    if (!apply (s, package, i, error))
      return false;
  return s->first <= 0 || hold_fair (s, package, error);
}

bool
demo_jobs_add (Registry *registry, const PolicyPackage *package, GError **error)
{
  GError *fault = NULL;
  g_autoptr (Access) access = access_open (registry, error);
  g_autoptr (Agents) agents = access ? agents_open (package, registry, error) : NULL;
  if (!agents)
    return false;
  policy_hand_purposes (package, access);
  Story s = { .now = (gint64)(civil_today () - 1) * DAY_SECONDS + 9 * 3600,
              .head = { .name = "head", .role = ACCESS_DEPARTMENT_HEAD, .department = "县人社局" } };
  s.clock = s.now;
  JobsOptions options = { .package = package,
                          .registry = registry,
                          .access = access,
                          .agents = agents,
                          .clock = story_clock,
                          .clock_data = &s };
  s.jobs = jobs_open (&options, &fault);
  if (!s.jobs)
    return passed_over (fault, error);
  bool done = !policy_divisions (package) || tell (&s, package, error);
  jobs_free (s.jobs);
  return done;
}
