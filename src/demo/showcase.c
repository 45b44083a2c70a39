#include "showcase.h"

#include "demo/demo.h"

#include <string.h>

typedef struct {
  DemoRole role;
  bool male;
  int age;
  const char *work, *title;
  gint64 income; /* yuan a month, DEMO_UNSTATED */
  /* medical work: how many months before as_of it began (or DEMO_UNSTATED) and
   * ended (0: it goes on) */
  int n_spells;
  struct {
    gint64 began, ended;
    bool rural;
  } spells[3];
} Member;

typedef struct {
  const char *township; /* code */
  gint64 assets_within;
  int n;
  bool rural, hukou_here;
  Member members[4];
} Household;

enum { YEAR = 12 };

/* Township, assets within the limits, members, in a village, registered here; each
 * member's role, sex, age, work, title, income and spells. */
/* clang-format off */
static const Household households[] = {
  /* 26 years with years in town between, titled */
  { "350121203", 0, 1, true, true, { { DEMO_HEAD, true, 55, "在职", "中级", 6800, 3,
    { { 31 * YEAR, 15 * YEAR, true }, { 15 * YEAR, 10 * YEAR, false }, { 10 * YEAR, 0, true } } } } },
  /* years short */
  { "350121204", 0, 1, true, true, { { DEMO_HEAD, false, 48, "在职", "中级", 6200, 1,
    { { 14 * YEAR, 0, true } } } } },
  /* nobody has stated when the first post began */
  { "350121206", 0, 1, true, true, { { DEMO_HEAD, true, 52, "在职", "初级", 5600, 2,
    { { DEMO_UNSTATED, 12 * YEAR, true }, { 12 * YEAR, 0, true } } } } },
  /* the years without a title; the health centre there has a vacancy */
  { "350121202", 0, 1, true, true, { { DEMO_HEAD, false, 53, "在职", "", 4300, 1, { { 28 * YEAR, 0, true } } } } },
  /* the years without a title; the health centre there has none */
  { "350121201", 0, 1, true, true, { { DEMO_HEAD, true, 54, "在职", "", 4400, 1, { { 29 * YEAR, 0, true } } } } },
  /* poor, assets within the limits */
  { "350121101", 1, 3, true, true, { { DEMO_HEAD, false, 41, "灵活就业", "", 900 },
                                     { DEMO_CHILD, true, 13, "", "" },
                                     { DEMO_CHILD, false, 9, "", "" } } },
  /* two wages */
  { "350121105", 1, 3, false, true, { { DEMO_HEAD, true, 38, "在职", "", 7200 },
                                      { DEMO_SPOUSE, false, 36, "在职", "", 5600 },
                                      { DEMO_CHILD, false, 8, "", "" } } },
  /* nobody has stated the husband's income */
  { "350121104", 1, 2, true, true, { { DEMO_HEAD, true, 58, "务农", "", DEMO_UNSTATED },
                                     { DEMO_SPOUSE, false, 56, "未就业", "", 0 } } },
  /* no income, registered in another county */
  { "350121107", 1, 2, false, false, { { DEMO_HEAD, false, 33, "失业", "", 0 },
                                       { DEMO_CHILD, true, 6, "", "" } } },
  /* poor, assets not checked */
  { "350121200", DEMO_UNSTATED, 1, true, true, { { DEMO_HEAD, false, 71, "未就业", "", 180 } } },
};
/* clang-format on */

static const DemoShowcase showcases[] = {
  { "resident-1", 13, "main", "yes", NULL, "乡村医生，在农村前后累计工作26年，中间有几年在城里，有中级职称",
    "Rural doctor with 26 years in the countryside, some years in town between, holding a title" },
  { "resident-2", 13, "main", "no", NULL, "乡村医生，2012年到农村工作，要到2037年才满25年",
    "Rural doctor since 2012: the 25 years are full in 2037" },
  { "resident-3", 13, "main", "undetermined", NULL, "乡村医生，最早一段经历没有开始日期",
    "Rural doctor whose first post has no recorded start" },
  { "resident-4", 13, "main", "yes", NULL, "乡村医生，年限已满，没有职称，单位有空缺",
    "Rural doctor with the years and no title; the unit has a vacancy" },
  { "resident-5", 13, "main", "no", NULL, "乡村医生，年限已满，没有职称，单位没有空缺",
    "Rural doctor with the years and no title; the unit has no vacancy" },
  { "park-1", 15, "main", "yes", NULL, "由县申报、入选市级的人力资源服务产业园",
    "Park put forward by the county and listed by the city" },
  { "park-2", 15, "main", "no", NULL, "由县申报、没有入选的园区",
    "Park put forward by the county and not listed" },
  { "park-3", 15, "main", "undetermined", NULL, "由县申报、级别还没有核实的园区",
    "Park put forward by the county, its level not yet confirmed" },
  { "park-4", 15, "main", "yes", NULL, "由县申报、入选省级的园区",
    "Park put forward by the county and listed by the province" },
  { "park-5", 15, "main", "yes", NULL, "先入选市级、再入选省级，已发过25万元的园区",
    "Park listed by the city and then by the province, 250,000 yuan paid before" },
  { "park-6", 15, "main", "no", NULL, "自行申报、入选省级的园区",
    "Park listed by the province, not put forward by the county" },
  { "park-7", 15, "main", "undetermined", NULL, "入选市级、由谁申报没有记录的园区",
    "Park listed by the city; who put it forward is not recorded" },
  { "household-6", 23, "main", "undetermined", NULL, "一位母亲带两个孩子，月收入900元",
    "A mother with two children on 900 yuan a month" },
  { "household-7", 23, "main", "undetermined", NULL, "双职工家庭，两人月收入合计12800元",
    "A couple with two wages, 12,800 yuan a month together" },
  { "household-8", 23, "main", "undetermined", NULL, "丈夫的收入还没有核实",
    "A couple; the husband's income is not recorded" },
  { "household-9", 23, "main", "no", NULL, "没有收入，户籍在外县",
    "A household without income, registered in another county" },
  { "household-10", 23, "main", "undetermined", NULL, "独居老人，月收入180元，财产还没有核对",
    "An old woman alone on 180 yuan a month, her assets not yet checked" },
};

const DemoShowcase *
demo_showcase_answers (size_t *n)
{
  *n = G_N_ELEMENTS (showcases);
  return showcases;
}

static const DemoShowcasePark parks[] = {
  { "样例甲人力资源服务产业园", "市级", 1, 0 },
  { "样例乙人力资源服务产业园", "", 1, 0 },
  { "样例丙人力资源服务产业园", NULL, 1, 0 },
  { "样例丁人力资源服务产业园", "省级", 1, 0 },
  { "样例戊人力资源服务产业园", "市级和省级", 1, 250000 },
  { "样例己人力资源服务产业园", "省级", 0, 0 },
  { "样例庚人力资源服务产业园", "市级", DEMO_UNSTATED, 0 },
};

const DemoShowcasePark *
demo_showcase_parks (size_t *n)
{
  *n = G_N_ELEMENTS (parks);
  return parks;
}

gint64
demo_showcase_disputed (void)
{
  return 6; /* two wages */
}

gint64
demo_showcase_households (void)
{
  return G_N_ELEMENTS (households);
}

gint64
demo_showcase_people (void)
{
  gint64 n = 0;
  for (size_t i = 0; i < G_N_ELEMENTS (households); i++)
    n += households[i].n;
  return n;
}

static void
make_person (DemoPerson *p, const Household *from, const DemoData *data, int i, gint64 index)
{
  const Member *m = &from->members[i];
  *p = (DemoPerson){ .index = index, .role = m->role, .male = m->male, .age = m->age };
  p->birth = civil_add_months (data->as_of, -YEAR * (gint64)m->age) - 40 - 7 * i;
  p->surname = data->surname->rows[0].outcomes[index % (gint64)data->surname->rows[0].n].text;
  p->year_name = index;
  p->spouse = p->father = p->mother = DEMO_NOBODY;
  if (m->role == DEMO_SPOUSE)
    p->spouse = 0;
  if (m->role == DEMO_HEAD && from->n > 1 && from->members[1].role == DEMO_SPOUSE)
    p->spouse = 1;
  if (m->role == DEMO_CHILD) {
    bool couple = from->members[1].role == DEMO_SPOUSE;
    p->father = from->members[0].male ? 0 : DEMO_NOBODY;
    p->mother = !from->members[0].male ? 0 : couple ? 1 : DEMO_NOBODY;
  }
}

static void
make_spells (DemoLife *l, const Member *m, const DemoData *data, const DemoOrganisations *organisations,
             size_t township)
{
  l->medical = m->n_spells > 0;
  l->n_spells = m->n_spells;
  for (int i = 0; i < m->n_spells; i++) {
    gint64 began = m->spells[i].began, ended = m->spells[i].ended;
    DemoOrganisationKind kind = m->spells[i].rural ? DEMO_HEALTH_CENTRE : DEMO_HOSPITAL;
    l->spells[i] = (DemoSpell){
      .from = began == DEMO_UNSTATED ? DEMO_UNSTATED : civil_add_months (data->as_of, -began),
      .to = ended ? civil_add_months (data->as_of, -ended) - 1 : DEMO_NO_DAY,
      .rural = m->spells[i].rural,
      .employer = demo_organisation_first (organisations, kind, township),
    };
  }
  if (l->medical)
    l->employer = l->spells[m->n_spells - 1].employer;
  else if (text_equal (l->work, text_of ("在职")))
    l->employer = demo_organisation_first (organisations, DEMO_FIRM, township);
}

static void
make_life (DemoLife *l, const Household *from, const DemoPerson *p, const Member *m)
{
  memset (l, 0, sizeof *l);
  l->hukou_from = text_of (from->hukou_here ? "本县" : "本省外市");
  l->hukou_rural = from->rural;
  l->work = text_of (m->work);
  l->title = text_of (m->title);
  l->income = m->income;
  l->education = text_of (p->age < 12 ? "" : p->age < 15 ? "小学" : m->n_spells ? "大专" : "初中");
  l->stage = text_of (p->age >= 15 || p->age < 6 ? "" : p->age < 12 ? "小学" : "初中");
  l->marital_status = text_of (p->spouse != DEMO_NOBODY ? "已婚"
                               : p->age < 18            ? ""
                               : from->n > 1            ? "离异"
                                                        : "丧偶");
  l->pension_scheme = text_of (p->age < 18                              ? ""
                               : text_equal (l->work, text_of ("在职")) ? "企业职工"
                                                                        : "城乡居民");
  l->insured = p->age > 25 && text_equal (l->work, text_of ("在职")) ? (p->age - 25) * YEAR : 0;
  l->migrant_child = !from->hukou_here && p->age >= 3 && p->age < 16;
}

void
demo_showcase_make (DemoHousehold *h, DemoHome *home, DemoLife *lives, const DemoData *data,
                    const DemoOrganisations *organisations, gint64 index, gint64 first, gint64 room)
{
  const Household *from = &households[index];
  memset (h, 0, offsetof (DemoHousehold, members));
  h->index = index;
  h->rural = from->rural;
  h->township = (size_t)MAX (demo_township_of (data, text_of (from->township)), 0);
  const DemoTownship *t = &data->townships[h->township];
  h->village = from->rural && t->villages > 0 ? t->communities : 0;
  h->kind = from->n == 1 ? DEMO_SINGLE : from->members[1].role == DEMO_SPOUSE ? DEMO_FAMILY : DEMO_ONE_PARENT;
  h->n = (int)MIN (from->n, room);
  *home = (DemoHome){ .hukou_here = from->hukou_here,
                      .dwelling = text_of (from->hukou_here ? "自有" : "市场租赁"),
                      .assets_within = from->assets_within,
                      .complete = true };
  for (int i = 0; i < h->n; i++) {
    make_person (&h->members[i], from, data, i, first + i);
    make_life (&lives[i], from, &h->members[i], &from->members[i]);
    make_spells (&lives[i], &from->members[i], data, organisations, h->township);
  }
}
