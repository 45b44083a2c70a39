/* What is written about firms, clinics and the bodies that run schools. */
#include "county.h"
#include "naming.h"
#include "streams.h"

#include <string.h>

/* What a kind of organisation is called and how it is registered. */
static const struct {
  const char *ending, *kind, *credit, *field, *stage;
} forms[DEMO_ORGANISATION_KINDS] = {
  [DEMO_FIRM] = { "有限公司", "企业", "91", NULL, NULL },
  [DEMO_KINDERGARTEN] = { "幼儿园", "事业单位", "12", "教育", "幼儿园" },
  [DEMO_PRIMARY] = { "小学", "事业单位", "12", "教育", "小学" },
  [DEMO_JUNIOR] = { "初级中学", "事业单位", "12", "教育", "初中" },
  [DEMO_SENIOR] = { "中学", "事业单位", "12", "教育", "高中" },
  [DEMO_VOCATIONAL] = { "职业学校", "事业单位", "12", "教育", "中职" },
  [DEMO_HOSPITAL] = { "医院", "事业单位", "12", "医疗", NULL },
  [DEMO_HEALTH_CENTRE] = { "卫生院", "事业单位", "12", "医疗", NULL },
  [DEMO_CLINIC] = { "村卫生室", "社会组织", "52", "医疗", NULL },
  [DEMO_HR_AGENCY] = { "人力资源有限公司", "企业", "91", NULL, NULL },
  [DEMO_PUBLIC_BODY] = { "公共服务中心", "事业单位", "12", "其他", NULL },
  [DEMO_CHILD_WELFARE] = { "儿童福利院", "事业单位", "12", "其他", NULL },
};

/* GB/T 4754-2017: 8xxx education and health by their divisions. */
static const char *const institution_codes[DEMO_ORGANISATION_KINDS] = {
  [DEMO_KINDERGARTEN] = "P83",  [DEMO_PRIMARY] = "P83",       [DEMO_JUNIOR] = "P83",
  [DEMO_SENIOR] = "P83",        [DEMO_VOCATIONAL] = "P83",    [DEMO_HOSPITAL] = "Q84",
  [DEMO_HEALTH_CENTRE] = "Q84", [DEMO_CLINIC] = "Q84",        [DEMO_HR_AGENCY] = "L72",
  [DEMO_PUBLIC_BODY] = "S92",   [DEMO_CHILD_WELFARE] = "Q85",
};

static const char *const size_names[DEMO_SIZES] = { "微型", "小型", "中型", "大型" };

/* "样例甘蔗甲戌装备制造有限公司"; R is the organisation's own, begun afresh. */
static void
put_name (DemoPen *pen, const DemoCounty *c, const DemoOrganisation *o, int field, DemoRandom *r)
{
  char serial[DEMO_NAME_SIZE], name[2 * DEMO_NAME_SIZE + 64];
  Text place = demo_short_name (c->data->townships[o->township].name);
  Text word = o->kind == DEMO_FIRM ? demo_pick_text (demo_row_text (c->data->trade_words, o->trade), r)
                                   : text_of ("");
  demo_serial_name (serial, o->serial);
  g_snprintf (name, sizeof name, "样例%.*s%s%.*s%s", (int)place.len, place.bytes, serial, (int)word.len,
              word.bytes, forms[o->kind].ending);
  demo_pen_copy (pen, field, name);
}

/* The park of a firm: where one in its township gathers its trade. */
static Subject
park_of (const DemoCounty *c, const DemoOrganisation *o)
{
  for (size_t i = 0; i < c->data->n_parks; i++)
    if (text_equal (c->data->parks[i].trade, o->trade)
        && text_equal (c->data->parks[i].township, c->data->townships[o->township].code))
      return c->parks[i];
  return 0;
}

static bool
is_business (const DemoOrganisation *o)
{
  return o->kind == DEMO_FIRM || o->kind == DEMO_HR_AGENCY;
}

/* Its staff. */
static gint64
put_business (DemoPen *pen, const DemoCounty *c, const DemoOrganisation *o, DemoRandom *r)
{
  const DemoRow *chain = demo_row_text (c->data->chain, o->trade);
  const char *size = size_names[o->size];
  demo_pen_text (pen, DEMO_ORGANISATION_OWNERSHIP, demo_pick_text (c->data->ownership->rows, r));
  demo_pen_string (pen, DEMO_ORGANISATION_SCALE, size);
  demo_pen_number (pen, DEMO_ORGANISATION_REVENUE,
                   10000 * demo_pick_number (demo_row (c->data->revenue, size), r));
  gint64 staff = demo_pick_number (demo_row (c->data->staff, size), r);
  demo_pen_number (pen, DEMO_ORGANISATION_STAFF, staff);
  demo_pen_text (pen, DEMO_ORGANISATION_CHAIN, chain ? demo_pick_text (chain, r) : text_of (""));
  demo_pen_reference (pen, DEMO_ORGANISATION_IN_PARK, park_of (c, o));
  return staff;
}

static gint64
put_institution (DemoPen *pen, const DemoCounty *c, const DemoOrganisation *o, DemoRandom *r)
{
  const char *size = o->kind == DEMO_CLINIC ? "微型" : o->kind == DEMO_HOSPITAL ? "中型" : "小型";
  gint64 staff = demo_pick_number (demo_row (c->data->staff, size), r);
  demo_pen_string (pen, DEMO_ORGANISATION_OWNERSHIP, o->private || o->kind == DEMO_CLINIC ? "民营" : "国有");
  if (o->school)
    staff = demo_school_staff (c, o);
  else if (o->kind == DEMO_CLINIC)
    staff = 1 + staff % 3;
  demo_pen_number (pen, DEMO_ORGANISATION_STAFF, staff);
  demo_pen_string (pen, DEMO_ORGANISATION_OF_FIELD, forms[o->kind].field);
  return staff;
}

static const char *
credit_of (const DemoOrganisation *o)
{
  return o->private ? "52" : forms[o->kind].credit;
}

static bool
write_organisation (DemoCounty *c, const DemoOrganisation *o, GError **error)
{
  DemoRandom r = demo_random_at (c->seed, DEMO_STREAM_ORGANISATION_FACTS, (guint64)o->index);
  DemoPen *pen = &c->pen;
  char credit[DEMO_CREDIT_SIZE];
  demo_credit_code (credit, credit_of (o), o->index);
  demo_pen_begin (pen, o->subject, demo_random_at (c->seed, DEMO_STREAM_UNKNOWN, (guint64)o->subject));
  pen->complete = o->kind == DEMO_HEALTH_CENTRE; /* where showcases work */
  put_name (pen, c, o, DEMO_ORGANISATION_NAME, &r);
  demo_pen_copy (pen, DEMO_ORGANISATION_CREDIT_CODE, credit);
  demo_pen_string (pen, DEMO_ORGANISATION_KIND, o->private ? "社会组织" : forms[o->kind].kind);
  Day founded_on = c->data->as_of - demo_pick_number (c->data->founded->rows, &r);
  demo_pen_day (pen, DEMO_ORGANISATION_FOUNDED_ON, founded_on);
  demo_pen_text (pen, DEMO_ORGANISATION_TOWNSHIP, c->data->townships[o->township].code);
  demo_pen_text (pen, DEMO_ORGANISATION_INDUSTRY_CODE,
                 o->kind == DEMO_FIRM ? demo_row_text (c->data->trade_code, o->trade)->outcomes[0].text
                                      : text_of (institution_codes[o->kind]));
  gint64 staff = (is_business (o) ? put_business : put_institution) (pen, c, o, &r);
  demo_pen_boolean (pen, DEMO_ORGANISATION_HAS_VACANCY, o->vacancy);
  demo_pen_boolean (pen, DEMO_ORGANISATION_RURAL, o->rural);
  demo_pen_boolean (pen, DEMO_ORGANISATION_HR_AGENCY, o->kind == DEMO_HR_AGENCY);
  demo_pen_boolean (pen, DEMO_ORGANISATION_CHILD_WELFARE, o->kind == DEMO_CHILD_WELFARE);
  demo_pen_boolean (pen, DEMO_ORGANISATION_LEADING, demo_is_leading (c, o));
  demo_put_workplace (c, o, staff, founded_on);
  c->summary->organisations++;
  bool ok = demo_pen_end (pen, error);
  pen->complete = false;
  return ok;
}

void
demo_put_school_name (DemoCounty *c, const DemoOrganisation *o)
{
  DemoRandom name = demo_random_at (c->seed, DEMO_STREAM_ORGANISATION_FACTS, (guint64)o->index);
  put_name (&c->pen, c, o, DEMO_SCHOOL_NAME, &name);
  demo_pen_string (&c->pen, DEMO_SCHOOL_STAGE, forms[o->kind].stage);
}

void
demo_number_organisations (DemoCounty *c)
{
  size_t n;
  DemoOrganisation *all = demo_organisations (c->organisations, &n);
  for (size_t i = 0; i < n; i++) {
    all[i].subject = demo_pen_subject (&c->pen, DEMO_ORGANISATION);
    if (demo_organisation_is_school (&all[i]))
      all[i].school = demo_pen_subject (&c->pen, DEMO_SCHOOL);
  }
}

bool
demo_write_organisations (DemoCounty *c, GError **error)
{
  size_t n;
  const DemoOrganisation *all = demo_organisations (c->organisations, &n);
  for (size_t i = 0; i < n; i++)
    if (!write_organisation (c, &all[i], error) || (all[i].school && !demo_write_school (c, &all[i], error))
        || !demo_write_posts (c, &all[i], error))
      return false;
  return true;
}
