/* What more is known of one resident and of one household. */
#include "standing.h"
#include "streams.h"

#include <string.h>

enum { YEAR = 12, ADULT = 16, PENSION_ASKED = 45 /* women, whose pension age depends on their standing */ };

typedef struct {
  const DemoCounty *county;
  DemoPen *pen;
  const DemoData *data;
  const DemoFamily *family;
  int i; /* of the members */
  const DemoPerson *person;
  const DemoLife *life;
  guint64 seed;
  DemoRandom r;
} Standing;

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
works (const DemoLife *l)
{
  return is (l->work, "在职") || is (l->work, "灵活就业");
}

static bool
from_here (const DemoLife *l)
{
  return is (l->hukou_from, "本县");
}

static bool
on_list (Standing *s, const char *list)
{
  return demo_happens (demo_row (s->data->standing, list), &s->r);
}

/* A day FROM … TO, which never comes before FROM. */
static Day
day_between (Standing *s, Day from, Day to)
{
  return to <= from ? from : demo_random_between (&s->r, from, to);
}

/* ---- where they belong ------------------------------------------------- */

static Text
hukou_code (Standing *s)
{
  const DemoHousehold *h = &s->family->household;
  if (!from_here (s->life))
    return demo_pick_text (demo_row_text (s->data->hukou_code, s->life->hukou_from), &s->r);
  /* a household moves as one: its own stream decides, not the member's */
  DemoRandom whole = demo_random_at (s->seed, DEMO_STREAM_MOVES, (guint64)h->index);
  bool moved = demo_happens (demo_row (s->data->moved_within, h->rural ? "rural" : "urban"), &whole);
  return s->data->townships[moved ? demo_township_pick (s->data, &whole) : h->township].code;
}

static void
put_origin (Standing *s)
{
  const DemoLife *l = s->life;
  Day as_of = s->data->as_of;
  if (!l->taiwan)
    demo_pen_text (s->pen, DEMO_RESIDENT_HUKOU_CODE, hukou_code (s));
  if (!from_here (l)) {
    gint64 days = demo_pick_number (s->data->here_days->rows, &s->r);
    Day since = l->permit ? MIN (as_of - days, l->permit_since - 183) : as_of - days;
    demo_pen_day (s->pen, DEMO_RESIDENT_SINCE, MAX (since, s->person->birth));
  }
  bool endorsed
      = l->permit && as_of - l->permit_since > 366 && demo_happens (s->data->permit_endorsed->rows, &s->r);
  demo_pen_day (s->pen, DEMO_RESIDENT_PERMIT_ENDORSED,
                endorsed ? as_of - demo_random_below (&s->r, 330) : DEMO_NO_DAY);
  demo_pen_boolean (s->pen, DEMO_RESIDENT_AWAY, l->away);
}

/* ---- work -------------------------------------------------------------- */

static void
put_unemployment (Standing *s)
{
  if (!is (s->life->work, "失业"))
    return;
  Day since = s->data->as_of - demo_pick_number (s->data->unemployed_days->rows, &s->r);
  demo_pen_day (s->pen, DEMO_RESIDENT_UNEMPLOYED_SINCE,
                MAX (since, civil_add_months (s->person->birth, ADULT * YEAR)));
  if (on_list (s, "refuses"))
    demo_pen_number (s->pen, DEMO_RESIDENT_REFUSALS, 1 + demo_random_below (&s->r, 3));
}

const char *
demo_establishment (const DemoLife *l)
{
  if (!l->employer || l->employer->private)
    return "";
  switch (l->employer->kind) {
  case DEMO_PUBLIC_BODY: return "public_body";
  case DEMO_HOSPITAL:
  case DEMO_HEALTH_CENTRE: return "health";
  default: return demo_organisation_is_school (l->employer) ? "school" : "";
  }
}

/* Whether it happens to one who may be on LIST, whatever else is drawn about them. */
static bool
is_chosen (const DemoCounty *c, const DemoFamily *f, int i, const char *list)
{
  DemoRandom r = demo_random_at (c->seed, DEMO_STREAM_CHOSEN, (guint64)f->members[i]);
  return demo_happens (demo_row (c->data->standing, list), &r);
}

bool
demo_is_researcher (const DemoCounty *c, const DemoFamily *f, int i)
{
  const DemoLife *l = &f->lives[i];
  bool degree = is (l->education, "硕士") || is (l->education, "博士");
  return degree && *demo_establishment (l) && !f->home.complete && is_chosen (c, f, i, "researcher");
}

bool
demo_is_village_head (const DemoCounty *c, const DemoFamily *f, int i)
{
  const DemoLife *l = &f->lives[i];
  int age = f->household.members[i].age;
  return f->household.rural && from_here (l) && age >= 28 && age < 60 && !l->employer && !l->away
         && !f->home.complete && is_chosen (c, f, i, "village_head");
}

/* How firms pay those with a skill. */
static void
put_pay (Standing *s)
{
  const DemoLife *l = s->life;
  if (!l->skill.len || !l->employer || l->employer->kind != DEMO_FIRM)
    return;
  Text form = demo_pick_text (s->data->pay_form->rows, &s->r);
  demo_pen_text (s->pen, DEMO_RESIDENT_PAY_FORM, form);
  demo_pen_boolean (s->pen, DEMO_RESIDENT_EQUITY, on_list (s, "equity"));
  demo_pen_boolean (s->pen, DEMO_RESIDENT_TERM, on_list (s, "term"));
  if (on_list (s, "points"))
    demo_pen_number (s->pen, DEMO_RESIDENT_SKILL_POINTS, 5 * demo_random_between (&s->r, 2, 60));
}

static void
put_post (Standing *s)
{
  const DemoLife *l = s->life;
  const char *kind = demo_establishment (l);
  bool grown = s->person->age >= 20;
  bool established
      = *kind && grown && (l->teacher || demo_happens (demo_row (s->data->on_establishment, kind), &s->r));
  bool township
      = grown && l->employer && l->employer->kind == DEMO_PUBLIC_BODY && on_list (s, "township_staff");
  bool college = is (l->education, "大专") || is_degree (l->education);
  bool professional
      = l->medical || l->teacher || l->title.len
        || demo_happens (demo_row (s->data->professional, college ? "college" : "others"), &s->r);
  demo_pen_boolean (s->pen, DEMO_RESIDENT_ON_ESTABLISHMENT, established);
  demo_pen_boolean (s->pen, DEMO_RESIDENT_TOWNSHIP_STAFF, township);
  demo_pen_boolean (s->pen, DEMO_RESIDENT_FRONT_LINE, l->employer && on_list (s, "front_line"));
  demo_pen_boolean (s->pen, DEMO_RESIDENT_RESEARCHER, demo_is_researcher (s->county, s->family, s->i));
  if (established) {
    demo_pen_text (
        s->pen, DEMO_RESIDENT_POST_GRADE,
        demo_pick_text (demo_row (s->data->post_grade, professional ? "professional" : "others"), &s->r));
    demo_pen_day (s->pen, DEMO_RESIDENT_POST_GRADE_SINCE,
                  MAX (s->data->as_of - demo_random_between (&s->r, 100, 4500),
                       civil_add_months (s->person->birth, 20 * YEAR)));
  }
  bool founder = l->employer && demo_heads (l->employer, s->person->index) && on_list (s, "founder");
  demo_pen_boolean (s->pen, DEMO_RESIDENT_FOUNDER, founder);
  if (founder)
    demo_pen_boolean (s->pen, DEMO_RESIDENT_OTHER_LOANS, on_list (s, "other_loans"));
  if (works (l))
    demo_pen_boolean (s->pen, DEMO_RESIDENT_PROFESSIONAL, professional);
}

static void
put_work (Standing *s)
{
  const DemoLife *l = s->life;
  const DemoPerson *p = s->person;
  demo_pen_text (s->pen, DEMO_RESIDENT_FORM,
                 demo_pick_text (demo_row_text (s->data->work_form, l->work), &s->r));
  put_unemployment (s);
  put_post (s);
  put_pay (s);
  if (is (l->work, "灵活就业") && l->insured > 0)
    demo_pen_number (s->pen, DEMO_RESIDENT_FLEXIBLE,
                     demo_pick_number (s->data->flexible_contribution->rows, &s->r) / 10 * 10);
  if (p->age < ADULT)
    return;
  const char *capacity = is (l->disability_level, "一级") || is (l->disability_level, "二级") ? "severe"
                         : l->disability.len || l->illness.len                                ? "limited"
                         : p->age >= 75                                                       ? "old"
                                                                                              : "others";
  if (l->employer)
    capacity = "others"; /* who is employed can work */
  demo_pen_text (s->pen, DEMO_RESIDENT_CAPACITY,
                 demo_pick_text (demo_row (s->data->capacity, capacity), &s->r));
}

/* ---- insurance --------------------------------------------------------- */

/* Where: with the employer; the others where they are registered, or here. */
static Text
insured_place (Standing *s)
{
  const DemoLife *l = s->life;
  bool here = from_here (l) || l->taiwan || l->employer
              || !demo_happens (
                  demo_row (s->data->insured_away, s->person->age < ADULT ? "children" : "adults"), &s->r);
  return here ? text_of ("本县") : l->hukou_from;
}

static void
put_insurance (Standing *s)
{
  const DemoLife *l = s->life;
  const DemoPerson *p = s->person;
  bool staff = l->pension_scheme.len && !is (l->pension_scheme, "城乡居民");
  bool insured = l->employer || demo_happens (s->data->medically_insured->rows, &s->r);
  demo_pen_string (s->pen, DEMO_RESIDENT_MEDICAL_SCHEME, !insured ? "" : staff ? "职工" : "城乡居民");
  if (insured)
    demo_pen_text (s->pen, DEMO_RESIDENT_INSURED_PLACE, insured_place (s));
  demo_pen_string (s->pen, DEMO_RESIDENT_REMOTE_CARE,
                   insured && on_list (s, l->away ? "remote_care_away" : "remote_care") ? "长期" : "");
  if (is (l->pension_scheme, "城乡居民") && p->age < 60)
    demo_pen_number (s->pen, DEMO_RESIDENT_PENSION_TIER,
                     demo_pick_number (s->data->pension_tier->rows, &s->r));
  if (p->age >= ADULT && (l->insured > 0 || l->skill.len)) {
    gint64 percent = staff ? demo_pick_number (s->data->unemployment_percent->rows, &s->r) : 0;
    demo_pen_number (s->pen, DEMO_RESIDENT_UNEMPLOYMENT_INSURED, l->insured * percent / 100);
  }
  if (!p->male && p->age >= PENSION_ASKED)
    demo_pen_boolean (s->pen, DEMO_RESIDENT_CADRE,
                      demo_happens (demo_row_text (s->data->cadre, l->pension_scheme), &s->r));
}

/* ---- lists they stand on ----------------------------------------------- */

enum { SERVICE_FROM = 22, SERVICE_TO = 30, SERVICE_YEARS = 2, GRADUATES_TO = 35 };

static int
graduation_age (Text education)
{
  return is (education, "大专") ? 21 : is (education, "本科") ? 22 : is (education, "硕士") ? 25 : 28;
}

/* In the summer of the year in which they were of the age, at the latest last summer. */
static Day
graduated_on (const Standing *s)
{
  gint64 year;
  int month, day;
  civil_from_day (s->person->birth, &year, &month, &day);
  Day on = civil_to_day (year + graduation_age (s->life->education), 6, 30);
  return on < s->data->as_of ? on : civil_add_months (on, -YEAR);
}

static void
put_service (Standing *s)
{
  const DemoLife *l = s->life;
  int age = s->person->age;
  bool college = is (l->education, "大专") || is_degree (l->education);
  if (is (l->education, "中专") && l->skill.len && age < GRADUATES_TO && on_list (s, "technical"))
    demo_pen_text (s->pen, DEMO_RESIDENT_TECHNICAL_CLASS,
                   demo_pick_text (s->data->technical_class->rows, &s->r));
  if (!college || l->stage.len || age > GRADUATES_TO || age < graduation_age (l->education) + 1)
    return;
  Day graduated = graduated_on (s);
  demo_pen_day (s->pen, DEMO_RESIDENT_GRADUATED, graduated);
  if (!from_here (l) || !is_degree (l->education) || age < SERVICE_FROM || age > SERVICE_TO
      || !on_list (s, "service"))
    return;
  Day started = graduated + 60, ended = civil_add_months (started, SERVICE_YEARS * YEAR) - 1;
  demo_pen_text (s->pen, DEMO_RESIDENT_SERVICE, demo_pick_text (s->data->service_programme->rows, &s->r));
  demo_pen_day (s->pen, DEMO_RESIDENT_SERVICE_STARTED, started);
  demo_pen_day (s->pen, DEMO_RESIDENT_SERVICE_COMPLETED, ended <= s->data->as_of ? ended : DEMO_NO_DAY);
}

static void
put_past (Standing *s)
{
  const DemoLife *l = s->life;
  const DemoPerson *p = s->person;
  if (l->veteran) /* two to eight years from eighteen on, all of them over */
    demo_pen_day (
        s->pen, DEMO_RESIDENT_DISCHARGED,
        MIN (civil_add_months (p->birth, demo_random_between (&s->r, 20, 26) * YEAR), s->data->as_of - 30));
  if (l->returnee)
    demo_pen_day (s->pen, DEMO_RESIDENT_RETURNED,
                  day_between (s, civil_add_months (p->birth, 22 * YEAR), s->data->as_of - 30));
}

static void
put_village (Standing *s)
{
  const DemoLife *l = s->life;
  const DemoPerson *p = s->person;
  bool rural = s->family->household.rural, adult = p->age >= 18 && from_here (l);
  bool head = demo_is_village_head (s->county, s->family, s->i);
  demo_pen_boolean (s->pen, DEMO_RESIDENT_VILLAGE_HEAD, head);
  if (head)
    demo_pen_day (s->pen, DEMO_RESIDENT_VILLAGE_HEAD_SINCE,
                  s->data->as_of - demo_random_between (&s->r, 200, 4000));
  bool settled = !rural && adult && !l->hukou_rural && on_list (s, "settled"); /* and kept the membership */
  demo_pen_boolean (s->pen, DEMO_RESIDENT_COLLECTIVE,
                    from_here (l) && (l->hukou_rural || settled) && on_list (s, "collective"));
  demo_pen_boolean (s->pen, DEMO_RESIDENT_LAND_TAKEN, adult && l->hukou_rural && on_list (s, "land_taken"));
  demo_pen_boolean (s->pen, DEMO_RESIDENT_ONE_CHILD,
                    adult && l->hukou_rural && p->spouse != DEMO_NOBODY && on_list (s, "one_child"));
  demo_pen_boolean (s->pen, DEMO_RESIDENT_SETTLED, settled);
}

/* The eldest of those who look after a child whose parents are away. */
static Subject
carer_of (const DemoFamily *f, int child)
{
  const DemoHousehold *h = &f->household;
  int eldest = DEMO_NOBODY;
  for (int i = 0; i < h->n; i++)
    if (i != child && !f->lives[i].away && h->members[i].age >= 40
        && (eldest == DEMO_NOBODY || h->members[i].age > h->members[eldest].age))
      eldest = i;
  return eldest == DEMO_NOBODY ? 0 : f->members[eldest];
}

static Standing
begin (DemoCounty *c, const DemoFamily *f, int i)
{
  return (Standing){ .county = c,
                     .pen = &c->pen,
                     .data = c->data,
                     .family = f,
                     .i = i,
                     .person = &f->household.members[i],
                     .life = &f->lives[i],
                     .seed = c->seed,
                     .r = demo_random_at (c->seed, DEMO_STREAM_STANDING, (guint64)f->members[i]) };
}

void
demo_put_standing (DemoCounty *c, const DemoFamily *f, int i)
{
  Standing s = begin (c, f, i);
  put_origin (&s);
  put_work (&s);
  put_insurance (&s);
  put_service (&s);
  put_past (&s);
  put_village (&s);
  demo_pen_boolean (s.pen, DEMO_RESIDENT_EXCELLENT,
                    s.life->stage.len && f->household.members[i].age >= 15 && on_list (&s, "excellent"));
  demo_pen_boolean (s.pen, DEMO_RESIDENT_NEEDY, s.life->stage.len && f->home.poor && on_list (&s, "needy"));
  if (s.life->left_behind_child)
    demo_pen_reference (s.pen, DEMO_RESIDENT_CARER, on_list (&s, "carer") ? carer_of (f, i) : 0);
}

/* ---- households -------------------------------------------------------- */

static void
put_lease (DemoCounty *c, const DemoHome *home, DemoRandom *r)
{
  if (!home->lease_registered)
    return;
  Day since = c->data->as_of - demo_pick_number (c->data->lease_days->rows, r);
  demo_pen_day (&c->pen, DEMO_HOUSEHOLD_LEASE_STARTED, since);
  demo_pen_day (&c->pen, DEMO_HOUSEHOLD_LEASE_ENDS,
                civil_add_months (since, YEAR * (1 + demo_random_below (r, 3))) - 1);
}

/* What was looked at when the household's assets were checked. */
static void
put_check (DemoCounty *c, const DemoFamily *f, DemoRandom *r)
{
  const DemoHome *home = &f->home;
  DemoPen *pen = &c->pen;
  bool ill = false;
  for (int i = 0; i < f->household.n; i++)
    ill |= f->lives[i].illness.len > 0;
  Day checked = c->data->as_of - demo_random_between (r, 20, 340);
  gint64 spent = demo_pick_number (demo_row (c->data->rigid_expenditure, ill ? "ill" : "others"), r);
  gint64 months = demo_random_between (r, 1, 60);
  if (home->assets_within == 1)
    demo_pen_number (pen, DEMO_HOUSEHOLD_RIGID, spent / 10 * 10);
  if (home->assets_within != DEMO_UNSTATED)
    demo_pen_day (pen, DEMO_HOUSEHOLD_CHECKED, checked);
  if (home->dibao)
    demo_pen_day (pen, DEMO_HOUSEHOLD_DIBAO_SINCE, civil_add_months (c->data->as_of + 1, -months));
}

void
demo_put_holding (DemoCounty *c, const DemoFamily *f)
{
  DemoRandom r = demo_random_at (c->seed, DEMO_STREAM_HOLDING, (guint64)f->household.index);
  bool owned = is (f->home.dwelling, "自有");
  gint64 homes = demo_pick_number (demo_row (c->data->homes_owned, owned ? "owned" : "others"), &r);
  gint64 each = demo_pick_number (demo_row (c->data->housing_area, owned ? "owned" : "others"), &r);
  if (f->home.poor || f->home.assets_within == 1) /* a second home is beyond the limits */
    homes = MIN (homes, 1);
  demo_pen_number (&c->pen, DEMO_HOUSEHOLD_HOMES_OWNED, homes);
  demo_pen_scaled (&c->pen, DEMO_HOUSEHOLD_AREA, (each * f->household.n + demo_random_below (&r, 20)) * 100);
  put_lease (c, &f->home, &r);
  put_check (c, f, &r);
}
