/* What departments know of an organisation beside its name: staff then and now,
 * insurance, pay, posts, licences; and what a place or a park offers. */
#include "county.h"
#include "streams.h"

enum { MONTHS = 12, FOUNDING_KNOWN = 2500 /* days: before, nobody measured the hours */ };

typedef struct {
  DemoPen *pen;
  const DemoData *data;
  const DemoOrganisation *of;
  gint64 staff;
  Day founded_on;
  DemoRandom r;
} Workplace;

static bool
is_business (const DemoOrganisation *o)
{
  return o->kind == DEMO_FIRM || o->kind == DEMO_HR_AGENCY;
}

static const char *
sector (const Workplace *w)
{
  return is_business (w->of) ? "firm" : "others";
}

static bool
is_so (Workplace *w, const char *what)
{
  return demo_happens (demo_row (w->data->workplace, what), &w->r);
}

static gint64
percent_of (Workplace *w, const DemoTable *table, gint64 number)
{
  return number * demo_pick_number (table->rows, &w->r) / 100;
}

/* ---- where ------------------------------------------------------------- */

/* A clinic is its village's; others stand somewhere in the township, in a village where they are rural. */
static Subject
place_of (const DemoCounty *c, Workplace *w)
{
  const DemoOrganisation *o = w->of;
  const DemoTownship *t = &c->data->townships[o->township];
  const Subject *places = c->villages[o->township];
  if (o->kind == DEMO_CLINIC) {
    gint64 serial = o->serial;
    for (size_t i = 0; i < o->township; i++)
      serial -= c->data->townships[i].share > 0 ? c->data->townships[i].villages : 0;
    return places[t->communities + serial];
  }
  bool village = t->villages > 0 && (o->rural || t->communities == 0);
  gint64 n = village ? t->villages : t->communities;
  return n ? places[(village ? t->communities : 0) + demo_random_below (&w->r, (guint64)n)] : 0;
}

/* ---- staff, insurance, pay ---------------------------------------------- */

static void
put_staff (Workplace *w)
{
  DemoPen *pen = w->pen;
  gint64 before = MAX (1, percent_of (w, w->data->staff_change, w->staff));
  gint64 insured = MIN (w->staff, MAX (1, percent_of (w, w->data->insured_staff, w->staff)));
  gint64 layoff = demo_pick_number (w->data->layoff->rows, &w->r);
  gint64 hires = percent_of (w, w->data->eligible_hires, w->staff);
  gint64 base = demo_pick_number (demo_row (w->data->average_pay, sector (w)), &w->r) / 100 * 100;
  if (w->staff > before) /* who grew has laid off few */
    layoff = MIN (layoff, 200);
  demo_pen_number (pen, DEMO_ORGANISATION_STAFF_LAST_YEAR, before);
  demo_pen_number (pen, DEMO_ORGANISATION_INSURED_STAFF, insured);
  demo_pen_number (pen, DEMO_ORGANISATION_AVERAGE_PAY, base);
  demo_pen_number (pen, DEMO_ORGANISATION_PAY_BEFORE, percent_of (w, w->data->pay_change, base) / 100 * 100);
  demo_pen_number (pen, DEMO_ORGANISATION_PREMIUM, insured * base / 100); /* half a per cent from each side */
  demo_pen_boolean (pen, DEMO_ORGANISATION_IN_FULL, is_so (w, "premium_in_full"));
  demo_pen_scaled (pen, DEMO_ORGANISATION_LAYOFF, layoff);
  demo_pen_number (pen, DEMO_ORGANISATION_ELIGIBLE_HIRES, hires);
  demo_pen_number (pen, DEMO_ORGANISATION_FAVOURED, hires * base / 10); /* their own part, about a tenth */
}

static void
put_pay_system (Workplace *w)
{
  static const struct {
    int field;
    const char *row;
    bool system; /* of firms with some size only */
  } facts[] = {
    { DEMO_ORGANISATION_BY_POST, "pay_by_post", false },
    { DEMO_ORGANISATION_BY_SKILL, "pay_by_skill", false },
    { DEMO_ORGANISATION_BY_PERFORMANCE, "pay_by_performance", false },
    { DEMO_ORGANISATION_BY_INNOVATION, "pay_by_innovation", false },
    { DEMO_ORGANISATION_CHIEFS, "chief_system", true },
    { DEMO_ORGANISATION_GOLD, "gold_system", true },
    { DEMO_ORGANISATION_MENTORS, "mentor_system", true },
    { DEMO_ORGANISATION_POINTS, "points_system", true },
    { DEMO_ORGANISATION_TERMS, "term_system", true },
  };
  bool sized = w->of->kind == DEMO_FIRM && w->of->size >= DEMO_SIZES - 2;
  for (size_t i = 0; i < G_N_ELEMENTS (facts); i++)
    if (!facts[i].system || sized)
      demo_pen_boolean (w->pen, facts[i].field, is_so (w, facts[i].row));
}

/* Posts by grade: of public institutions, within what their staff calls for. */
static void
put_posts (Workplace *w)
{
  if (is_business (w->of) || w->of->kind == DEMO_CLINIC || w->of->private)
    return;
  gint64 professional = w->staff * demo_random_between (&w->r, 60, 90) / 100;
  gint64 senior = professional * demo_random_between (&w->r, 3, 14) / 100;
  gint64 middle = professional * demo_random_between (&w->r, 25, 42) / 100;
  demo_pen_number (w->pen, DEMO_ORGANISATION_POST_TOTAL, w->staff + demo_random_below (&w->r, 5));
  demo_pen_number (w->pen, DEMO_ORGANISATION_PROFESSIONAL_POSTS, professional);
  demo_pen_number (w->pen, DEMO_ORGANISATION_SENIOR_POSTS, senior);
  demo_pen_number (w->pen, DEMO_ORGANISATION_MIDDLE_POSTS, middle);
  demo_pen_boolean (w->pen, DEMO_ORGANISATION_TWO_LINES, is_so (w, "two_lines"));
}

/* ---- what it does for people -------------------------------------------- */

static void
put_agency (Workplace *w)
{
  char licence[32];
  if (w->of->kind != DEMO_HR_AGENCY)
    return;
  gint64 served = demo_pick_number (w->data->people_served->rows, &w->r);
  Text services = demo_pick_text (w->data->hr_services->rows, &w->r);
  g_snprintf (licence, sizeof licence, "YXRL%08d", (int)subject_number (w->of->subject));
  demo_pen_text (w->pen, DEMO_ORGANISATION_HR_SERVICES, services);
  if (is_so (w, "hr_licence"))
    demo_pen_copy (w->pen, DEMO_ORGANISATION_HR_LICENCE, licence);
  demo_pen_boolean (w->pen, DEMO_ORGANISATION_HR_FILED, is_so (w, "hr_filed"));
  demo_pen_number (w->pen, DEMO_ORGANISATION_SERVED, served);
  demo_pen_number (w->pen, DEMO_ORGANISATION_SERVED_BEFORE, percent_of (w, w->data->served_change, served));
}

static void
put_training (Workplace *w)
{
  bool large = w->of->kind == DEMO_FIRM && w->of->size == DEMO_SIZES - 1;
  const char *kind = w->of->kind == DEMO_VOCATIONAL                         ? "职业院校"
                     : large && is_so (w, "training_centre")                ? "企业培训中心"
                     : w->of->kind == DEMO_HR_AGENCY && is_so (w, "trains") ? "社会培训机构"
                                                                            : "";
  bool conditions = is_so (w, *kind || large ? "assessor_if_training" : "assessor_conditions");
  demo_pen_string (w->pen, DEMO_ORGANISATION_TRAINING_KIND, kind);
  demo_pen_boolean (w->pen, DEMO_ORGANISATION_CONDITIONS, conditions);
  demo_pen_boolean (w->pen, DEMO_ORGANISATION_ASSESSOR, conditions && is_so (w, "assessor"));
}

static void
put_grass_roots (Workplace *w)
{
  bool health = w->of->kind == DEMO_HEALTH_CENTRE || w->of->kind == DEMO_CLINIC;
  bool school = demo_organisation_is_school (w->of) && w->of->rural && !w->of->private;
  bool body = w->of->kind == DEMO_PUBLIC_BODY && is_so (w, "grass_roots");
  demo_pen_boolean (w->pen, DEMO_ORGANISATION_GRASS_ROOTS, health || school || body);
  demo_pen_boolean (w->pen, DEMO_ORGANISATION_COMMUNITY, health || w->of->kind == DEMO_HOSPITAL);
}

void
demo_put_workplace (DemoCounty *c, const DemoOrganisation *o, gint64 staff, Day founded_on)
{
  Workplace w = { .pen = &c->pen,
                  .data = c->data,
                  .of = o,
                  .staff = staff,
                  .founded_on = founded_on,
                  .r = demo_random_at (c->seed, DEMO_STREAM_WORKPLACE, (guint64)o->index) };
  demo_pen_reference (w.pen, DEMO_ORGANISATION_OF_PLACE, place_of (c, &w));
  if (o->head)
    demo_pen_reference (w.pen, DEMO_ORGANISATION_REPRESENTATIVE, o->head);
  put_grass_roots (&w);
  put_staff (&w);
  put_pay_system (&w);
  put_posts (&w);
  put_agency (&w);
  put_training (&w);
  if (is_business (o) && c->data->as_of - founded_on < FOUNDING_KNOWN)
    demo_pen_scaled (w.pen, DEMO_ORGANISATION_FOUNDING_HOURS,
                     demo_pick_number (c->data->founding_hours->rows, &w.r));
}

/* ---- places and parks --------------------------------------------------- */

typedef struct {
  int field;
  const char *row;
} Offer;

static void
put_offers (DemoCounty *c, const DemoTable *table, const Offer *offers, size_t n, guint64 index)
{
  DemoRandom r = demo_random_at (c->seed, DEMO_STREAM_PLACE, index);
  for (size_t i = 0; i < n; i++)
    demo_pen_boolean (&c->pen, offers[i].field, demo_happens (demo_row (table, offers[i].row), &r));
}

void
demo_put_place (DemoCounty *c, Subject place, bool rural, bool township)
{
  static const Offer offers[] = {
    { DEMO_PLACE_EMPLOYMENT_POINT, "employment_point" },
    { DEMO_PLACE_VETERANS_WINDOW, "veterans_window" },
    { DEMO_PLACE_COUNTER, "service_counter" },
    { DEMO_PLACE_MINORS_STATION, "minors_station" },
    { DEMO_PLACE_TRANSIT, "transit" },
    { DEMO_PLACE_BROADBAND, "broadband" },
    { DEMO_PLACE_HEALTH_POINT, "health_point" },
  };
  size_t n = G_N_ELEMENTS (offers);
  const DemoTable *table = township ? c->data->township_has
                           : rural  ? c->data->village_has
                                    : c->data->community_has;
  put_offers (c, table, offers, n, (guint64)place);
}

void
demo_put_park (DemoCounty *c, Subject park)
{
  static const Offer offers[] = {
    { DEMO_PARK_BRANCH, "service_branch" },
    { DEMO_PARK_SELF_SERVICE, "self_service" },
    { DEMO_PARK_TALENT_OFFICE, "talent_office" },
    { DEMO_PARK_TRAINING_CENTRE, "training_centre" },
    { DEMO_PARK_TAIWAN_STARTUP, "taiwan_startup_centre" },
  };
  put_offers (c, c->data->park_has, offers, G_N_ELEMENTS (offers), (guint64)park);
  demo_pen_number (&c->pen, DEMO_PARK_TAIWAN_CENTRES, 0);
  demo_pen_boolean (&c->pen, DEMO_PARK_UPPER_PAID, false); /* none of them is recognised */
}
