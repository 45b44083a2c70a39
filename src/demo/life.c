#include "life.h"
#include "streams.h"

#include <string.h>

/* What the draws of one household need at hand. */
typedef struct {
  const DemoData *data;
  const DemoOrganisations *organisations;
  const DemoHousehold *household;
  Text hukou_from;
  bool hukou_rural, poor;
  bool husband_away, wife_away; /* of the couple at the head */
} Context;

enum { QUALIFIED = 23 /* a health professional or a teacher from this age */ };

static bool
is (Text text, const char *word)
{
  return text_equal (text, text_of (word));
}

static bool
is_degree (Text education)
{
  return is (education, "本科") || is (education, "硕士") || is (education, "博士");
}

static bool
is_college (Text education)
{
  return is (education, "大专") || is_degree (education);
}

/* A whole household moves together: one draw for all. */
static void
draw_origin (Context *c, DemoRandom *r)
{
  const DemoHousehold *h = c->household;
  const char *row = h->kind == DEMO_DORMITORY ? "dormitory" : h->rural ? "rural" : "urban";
  if (h->kind == DEMO_GRANDPARENTS || h->kind == DEMO_HUSBAND_AWAY)
    row = "stayed";
  c->hukou_from = demo_pick_text (demo_row (c->data->hukou_from, row), r);
  c->hukou_rural = demo_happens (demo_row (c->data->hukou_rural, h->rural ? "rural" : "urban"), r);
}

static void
draw_belonging (DemoLife *l, const Context *c, const DemoPerson *p, DemoRandom *r)
{
  l->hukou_from = c->hukou_from;
  l->hukou_rural = c->hukou_rural;
  if (c->household->kind == DEMO_DORMITORY) { /* mates come from different places */
    l->hukou_from = demo_pick_text (demo_row (c->data->hukou_from, "dormitory"), r);
    l->hukou_rural = demo_happens (demo_row (c->data->hukou_rural, "dormitory"), r);
  }
  l->taiwan = p->age >= 18 && demo_happens (c->data->taiwan->rows, r);
  if (l->taiwan) {
    l->hukou_from = TEXT_LITERAL ("台湾");
    l->hukou_rural = false;
  }
  bool from_elsewhere = !is (l->hukou_from, "本县");
  l->permit = from_elsewhere && !l->taiwan && demo_happens (demo_row_at (c->data->permit, p->age), r);
  gint64 days = demo_pick_number (c->data->permit_days->rows, r);
  l->permit_since = MAX (c->data->as_of - days, p->birth + 183); /* half a year of residence comes first */
  l->permit = l->permit && l->permit_since <= c->data->as_of;
}

/* From the villages of the county some fathers work elsewhere, and some couples whose own parents
 * live with the children. */
static void
draw_away (Context *c, DemoRandom *r)
{
  const DemoHousehold *h = c->household;
  const DemoRow *row = demo_row (c->data->away, demo_kind_ids[h->kind]);
  if (!row || !h->rural || !c->hukou_rural || !is (c->hukou_from, "本县") || h->members[0].age >= 60)
    return;
  Text who = demo_pick_text (row, r);
  c->wife_away = is (who, "双方");
  c->husband_away = c->wife_away || is (who, "丈夫");
}

static bool
is_away (const Context *c, const DemoPerson *p)
{
  return p->spouse != DEMO_NOBODY && (p->role == DEMO_HEAD || p->role == DEMO_SPOUSE)
         && (p->male ? c->husband_away : c->wife_away);
}

static Text
stage_at (const Context *c, int age, DemoRandom *r)
{
  if (age < 15)
    return text_of (age < 6 ? "幼儿园" : age < 12 ? "小学" : "初中");
  return demo_pick_text (demo_row_at (c->data->stage, age), r);
}

/* Colleges are not the county's schools. */
static bool
school_kind (Text stage, DemoOrganisationKind *kind)
{
  static const struct {
    const char *stage;
    DemoOrganisationKind kind;
  } kinds[] = { { "幼儿园", DEMO_KINDERGARTEN },
                { "小学", DEMO_PRIMARY },
                { "初中", DEMO_JUNIOR },
                { "高中", DEMO_SENIOR },
                { "中职", DEMO_VOCATIONAL } };
  for (size_t i = 0; i < G_N_ELEMENTS (kinds); i++)
    if (is (stage, kinds[i].stage)) {
      *kind = kinds[i].kind;
      return true;
    }
  return false;
}

static void
draw_schooling (DemoLife *l, const Context *c, const DemoPerson *p, DemoRandom *r)
{
  const DemoRow *row = demo_row_at (c->data->education, p->age);
  DemoOrganisationKind kind;
  l->education = demo_pick_text (row, r);
  if (!demo_happens (demo_row_at (c->data->at_school, p->age), r) || l->away)
    return;
  l->stage = stage_at (c, p->age, r);
  if (p->age >= 18)
    l->education = text_of (is (l->stage, "研究生") ? "本科" : "高中");
  if (school_kind (l->stage, &kind))
    l->school = demo_organisation_near (c->organisations, kind, c->household->township, r);
}

static void
draw_work (DemoLife *l, const Context *c, const DemoPerson *p, DemoRandom *r)
{
  const DemoRow *row = demo_row_at (p->male ? c->data->work_men : c->data->work_women, p->age);
  if (!row)
    return;
  l->work = l->stage.len ? TEXT_LITERAL ("在学") : demo_pick_text (row, r);
  if (l->away || (is (l->work, "务农") && !c->household->rural))
    l->work = TEXT_LITERAL ("灵活就业");
  if (!is (l->work, "在职"))
    return;
  Text sector = demo_pick_text (demo_row (c->data->sector, c->household->rural ? "rural" : "urban"), r);
  DemoOrganisationKind kind = DEMO_FIRM;
  while (kind < DEMO_ORGANISATION_KINDS && !is (sector, demo_organisation_kind_ids[kind]))
    kind++;
  l->employer = kind == DEMO_FIRM
                    ? demo_employer (c->organisations, c->data, c->household->township, r)
                    : demo_organisation_near (c->organisations, kind, c->household->township, r);
  l->teacher = demo_organisation_is_school (l->employer) && !l->employer->private && p->age >= QUALIFIED;
  bool health = kind == DEMO_HOSPITAL || kind == DEMO_HEALTH_CENTRE || kind == DEMO_CLINIC;
  l->medical = health && p->age >= QUALIFIED;
  if (l->medical || l->teacher)
    l->education = demo_pick_text (demo_row (c->data->profession, l->medical ? "medical" : "teacher"), r);
}

static void
draw_standing (DemoLife *l, const Context *c, const DemoPerson *p, DemoRandom *r)
{
  bool works = is (l->work, "在职") || is (l->work, "灵活就业");
  const DemoRow *income = c->poor && p->age >= 16 ? demo_row (c->data->income, "poor")
                                                  : demo_row_text (c->data->income, l->work);
  l->income = demo_pick_number (income, r) / 10 * 10;
  const DemoRow *scheme = demo_row_text (c->data->pension_scheme, l->work);
  l->pension_scheme = demo_pick_text (scheme, r);
  if (works || is (l->work, "失业") || is (l->work, "退休")) {
    gint64 possible = MAX (0, MIN (p->age, 60) - 20) * 12;
    l->insured = possible * demo_pick_number (demo_row_text (c->data->insured_percent, l->work), r) / 100;
  }
  if (works && !l->medical)
    l->skill = demo_pick_text (demo_row_at (c->data->skill, p->age), r);
  if (l->medical || (works && is_college (l->education)))
    l->title = demo_pick_text (demo_row_at (l->medical ? c->data->medical_title : c->data->title, p->age), r);
  if (is (l->skill, "无"))
    l->skill = text_of ("");
  if (is (l->title, "无"))
    l->title = text_of ("");
}

/* The I-th of the stretches that fill a career, STEP days apart.  Each draw is a
 * statement of its own: C does not order those inside one expression. */
static DemoSpell
draw_spell (const DemoLife *l, const Context *c, Day from, Day step, bool last, DemoRandom *r)
{
  DemoSpell s = { .from = from, .to = DEMO_NO_DAY, .rural = l->employer->rural, .employer = l->employer };
  s.from += demo_random_below (r, (guint64)step / 8 + 1);
  Day gap = demo_random_below (r, (guint64)step / 4 + 1);
  bool rural = demo_happens (c->data->medical_rural->rows, r);
  if (last)
    return s;
  s.to = from + step - 1 - gap;
  s.rural = rural;
  s.employer = demo_organisation_near (c->organisations, rural ? DEMO_HEALTH_CENTRE : DEMO_HOSPITAL,
                                       c->household->township, r);
  return s;
}

/* A career from the first post to today, in one piece or with years in town in
 * between: some pass 25 rural years together, some in one stretch, some not. */
static void
draw_spells (DemoLife *l, const Context *c, const DemoPerson *p, DemoRandom *r)
{
  if (!l->medical || l->employer->kind == DEMO_HOSPITAL)
    return;
  gint64 start = 12 * demo_pick_number (c->data->medical_start->rows, r);
  Day from = civil_add_months (p->birth, start + demo_random_below (r, 12));
  from = MIN (from, c->data->as_of - 60);
  int n = (int)demo_pick_number (c->data->medical_spells->rows, r);
  Day step = (c->data->as_of - from) / n;
  for (int i = 0; i < n; i++)
    l->spells[l->n_spells++] = draw_spell (l, c, from + i * step, step, i == n - 1, r);
}

static Text
draw_marriage (const Context *c, const DemoPerson *p, DemoRandom *r)
{
  DemoKind kind = c->household->kind;
  if (p->spouse != DEMO_NOBODY || (kind == DEMO_HUSBAND_AWAY && p->role == DEMO_HEAD))
    return text_of ("已婚");
  if (kind == DEMO_ONE_PARENT && p->role == DEMO_HEAD)
    return text_of ("离异");
  const DemoRow *row = demo_row_at (c->data->marital_status, p->age);
  return demo_pick_text (row, r);
}

static void
draw_needs (DemoLife *l, const Context *c, const DemoPerson *p, DemoRandom *r)
{
  const DemoData *d = c->data;
  if (demo_happens (demo_row_at (d->disability, p->age), r)) {
    l->disability = demo_pick_text (d->disability_kind->rows, r);
    l->disability_level = demo_pick_text (d->disability_level->rows, r);
  }
  if (demo_happens (demo_row_at (d->illness, p->age), r))
    l->illness = demo_pick_text (d->illness_kind->rows, r);
  l->veteran = demo_happens (demo_row_at (p->male ? d->veteran_men : d->veteran_women, p->age), r);
  l->returnee
      = is_degree (l->education) && p->age >= 22 && p->age < 60 && demo_happens (d->returnee->rows, r);
  bool stays = is (l->hukou_from, "本县"), child = p->age < 16;
  l->migrant_child = !stays && !l->taiwan && p->age >= 3 && child && c->household->kind != DEMO_DORMITORY;
  l->left_behind_child
      = stays && child && c->household->rural && l->hukou_rural
        && (c->household->kind == DEMO_GRANDPARENTS || (p->role == DEMO_CHILD && c->wife_away));
  l->left_behind_woman
      = stays && c->household->rural && p->role == DEMO_HEAD && c->household->kind == DEMO_HUSBAND_AWAY;
  bool left = p->role <= DEMO_SPOUSE && !p->male && c->husband_away && !c->wife_away;
  if (left && demo_happens (d->woman_listed->rows, r))
    l->left_behind_woman = true;
  if (p->role == DEMO_GRANDCHILD && p->age < 18 && demo_happens (d->orphan->rows, r)) {
    l->orphan = true;
    l->left_behind_child = false;
  }
}

static void
draw_home (DemoHome *home, Context *c, DemoRandom *r)
{
  draw_origin (c, r);
  const DemoHousehold *h = c->household;
  bool elderly = h->members[0].age >= 60;
  c->poor = demo_happens (demo_row (c->data->poor, elderly ? "elderly" : h->rural ? "rural" : "urban"), r);
  *home = (DemoHome){ .hukou_here = is (c->hukou_from, "本县"), .poor = c->poor };
  home->dwelling = demo_pick_text (demo_row (c->data->dwelling, h->kind == DEMO_DORMITORY ? "dormitory"
                                                                : h->rural                ? "rural"
                                                                                          : "urban"),
                                   r);
  home->lease_registered
      = is (home->dwelling, "市场租赁") && demo_happens (c->data->lease_registered->rows, r);
  home->assets_within = demo_happens (demo_row (c->data->assets_within, c->poor ? "poor" : "others"), r);
  home->dibao = c->poor && home->hukou_here && home->assets_within && demo_happens (c->data->dibao->rows, r);
}

void
demo_lives_make (DemoHome *home, DemoLife *lives, const DemoHousehold *household, const DemoData *data,
                 const DemoOrganisations *organisations, guint64 seed)
{
  Context c = { .data = data, .organisations = organisations, .household = household };
  DemoRandom whole = demo_random_at (seed, DEMO_STREAM_HOUSEHOLD_FACTS, (guint64)household->index);
  draw_home (home, &c, &whole);
  draw_away (&c, &whole);
  memset (lives, 0, sizeof *lives * (size_t)household->n);
  for (int i = 0; i < household->n; i++) {
    const DemoPerson *p = &household->members[i];
    DemoRandom r = demo_random_at (seed, DEMO_STREAM_PERSON, (guint64)p->index);
    lives[i].away = is_away (&c, p);
    draw_belonging (&lives[i], &c, p, &r);
    draw_schooling (&lives[i], &c, p, &r);
    draw_work (&lives[i], &c, p, &r);
    draw_standing (&lives[i], &c, p, &r);
    draw_spells (&lives[i], &c, p, &r);
    draw_needs (&lives[i], &c, p, &r);
    lives[i].marital_status = draw_marriage (&c, p, &r);
  }
}
