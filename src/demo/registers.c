/* The county's own registers: events, matters, funds, documents under review, offers,
 * flows, agreements and results. */
#include "county.h"
#include "demo/demo.h"
#include "streams.h"

/* One entry of a register: begun, numbered, with draws of its own. */
typedef struct {
  DemoCounty *c;
  DemoPen *pen;
  const DemoData *data;
  gint64 number; /* from 0 within the register */
  Subject subject;
  DemoRandom r;
} Entry;

typedef void (*Write) (Entry *e);

static const DemoOrganisation *
firm (Entry *e)
{
  return demo_employer (e->c->organisations, e->data, demo_township_pick (e->data, &e->r), &e->r);
}

static const DemoOrganisation *
body (Entry *e, DemoOrganisationKind kind)
{
  return demo_organisation_near (e->c->organisations, kind, demo_township_pick (e->data, &e->r), &e->r);
}

static void
put_number (Entry *e, int field, const char *prefix)
{
  char text[48];
  g_snprintf (text, sizeof text, "%s%06d", prefix, (int)subject_number (e->subject));
  demo_pen_copy (e->pen, field, text);
}

static void
put_title (Entry *e, int field, Text what)
{
  char text[96];
  g_snprintf (text, sizeof text, "样例%.*s%d", (int)MIN (what.len, 60), what.bytes, (int)e->number + 1);
  demo_pen_copy (e->pen, field, text);
}

static Day
days_ago (Entry *e, gint64 from, gint64 to)
{
  return e->data->as_of - demo_random_between (&e->r, from, to);
}

static gint64
year_now (const Entry *e)
{
  gint64 year;
  int month, day;
  civil_from_day (e->data->as_of, &year, &month, &day);
  return year;
}

static bool
has (Entry *e, const char *what)
{
  return demo_happens (demo_row (e->data->register_has, what), &e->r);
}

static bool
write_entries (DemoCounty *c, int entity, gint64 n, Write write, GError **error)
{
  bool ok = true;
  for (gint64 i = 0; ok && i < n; i++) {
    Entry e = {
      .c = c, .pen = &c->pen, .data = c->data, .number = i, .subject = demo_pen_subject (&c->pen, entity)
    };
    e.r = demo_random_at (c->seed, DEMO_STREAM_REGISTERS, (guint64)e.subject);
    demo_pen_begin (&c->pen, e.subject, demo_random_at (c->seed, DEMO_STREAM_UNKNOWN, (guint64)e.subject));
    write (&e);
    ok = demo_pen_end (&c->pen, error);
  }
  return ok;
}

/* ---- events ------------------------------------------------------------ */

static void
write_event (Entry *e)
{
  static const struct {
    const char *kind, *activity;
    int days; /* from the date of the county */
    int places;
  } events[DEMO_EVENT_KINDS] = {
    [DEMO_EVENT_YOUTH] = { "两岸青年活动", "学习交流", 40, 60 },
    [DEMO_EVENT_START_UP] = { "创业大赛", "", 60, 40 },
    [DEMO_EVENT_SKILLS] = { "技能竞赛", "", 75, 300 },
    [DEMO_EVENT_FAIR] = { "招聘会", "", 20, 2000 },
  };
  e->c->events[e->number] = e->subject;
  put_title (e, DEMO_EVENT_NAME, text_of (events[e->number].kind));
  demo_pen_string (e->pen, DEMO_EVENT_KIND, events[e->number].kind);
  demo_pen_string (e->pen, DEMO_EVENT_ACTIVITY, events[e->number].activity);
  demo_pen_string (e->pen, DEMO_EVENT_ORGANISER, "样例主办单位");
  demo_pen_day (e->pen, DEMO_EVENT_STARTS_ON, e->data->as_of + events[e->number].days);
  demo_pen_day (e->pen, DEMO_EVENT_ENDS_ON, e->data->as_of + events[e->number].days + 1);
  demo_pen_number (e->pen, DEMO_EVENT_PLACES, events[e->number].places);
}

bool
demo_write_events (DemoCounty *c, GError **error)
{
  return write_entries (c, DEMO_EVENT, DEMO_EVENT_KINDS, write_event, error);
}

/* ---- services, money, documents ----------------------------------------- */

static void
write_matter (Entry *e)
{
  Text kind = demo_pick_text (e->data->matter_kind->rows, &e->r);
  gint64 statutory = demo_pick_number (e->data->matter_days->rows, &e->r);
  gint64 promised = MAX (1, statutory * demo_pick_number (e->data->matter_promised->rows, &e->r) / 100);
  bool online = has (e, "online");
  put_title (e, DEMO_MATTER_NAME, kind);
  put_number (e, DEMO_MATTER_CODE, "YXSX-");
  demo_pen_text (e->pen, DEMO_MATTER_DEPARTMENT, demo_pick_text (e->data->matter_department->rows, &e->r));
  demo_pen_text (e->pen, DEMO_MATTER_KIND, kind);
  demo_pen_scaled (e->pen, DEMO_MATTER_STATUTORY, statutory * 10);
  demo_pen_scaled (e->pen, DEMO_MATTER_PROMISED, promised * 10);
  demo_pen_number (e->pen, DEMO_MATTER_VISITS, online ? 0 : 1);
  demo_pen_number (e->pen, DEMO_MATTER_HELD,
                   has (e, "asks_held_papers") ? 1 + demo_random_below (&e->r, 2) : 0);
  demo_pen_boolean (e->pen, DEMO_MATTER_FREQUENT, has (e, "frequent"));
  demo_pen_boolean (e->pen, DEMO_MATTER_NEARBY, has (e, "nearby"));
  demo_pen_boolean (e->pen, DEMO_MATTER_DELEGATED, has (e, "delegated"));
  demo_pen_boolean (e->pen, DEMO_MATTER_CITY_WIDE, has (e, "city_wide"));
  demo_pen_boolean (e->pen, DEMO_MATTER_CROSS_PROVINCE, has (e, "cross_province"));
  demo_pen_boolean (e->pen, DEMO_MATTER_HALL, online);
}

/* One a clause and year: this year's, partly spent, and the two before. */
static void
write_fund (Entry *e)
{
  gint64 clause = e->number % 24 + 1, before = e->number / 24;
  gint64 budgeted = 10000 * demo_pick_number (e->data->fund_budget->rows, &e->r);
  gint64 percent = before ? demo_random_between (&e->r, 80, 100) : demo_random_between (&e->r, 20, 60);
  put_title (e, DEMO_FUND_PURPOSE, text_of ("资金"));
  demo_pen_number (e->pen, DEMO_FUND_CLAUSE, clause);
  demo_pen_text (e->pen, DEMO_FUND_DEPARTMENT, demo_pick_text (e->data->matter_department->rows, &e->r));
  demo_pen_text (e->pen, DEMO_FUND_MONEY_FROM, demo_pick_text (e->data->fund_from->rows, &e->r));
  demo_pen_number (e->pen, DEMO_FUND_YEAR, year_now (e) - before);
  demo_pen_number (e->pen, DEMO_FUND_BUDGETED, budgeted);
  demo_pen_number (e->pen, DEMO_FUND_SPENT, budgeted * percent / 100);
  demo_pen_number (e->pen, DEMO_FUND_BEFORE, budgeted * demo_random_between (&e->r, 80, 115) / 100);
}

static void
write_rule (Entry *e)
{
  bool hinders = has (e, "hinders");
  put_title (e, DEMO_RULE_TITLE, text_of ("人员管理办法"));
  put_number (e, DEMO_RULE_NUMBER, "样例规");
  demo_pen_string (e->pen, DEMO_RULE_ISSUER, "样例制定机关");
  demo_pen_day (e->pen, DEMO_RULE_ISSUED_ON, days_ago (e, 600, 7000));
  demo_pen_string (e->pen, DEMO_RULE_KIND, demo_random_below (&e->r, 3) ? "规范性文件" : "其他文件");
  demo_pen_boolean (e->pen, DEMO_RULE_HINDERS, hinders);
  if (!hinders)
    return;
  demo_pen_text (e->pen, DEMO_RULE_BARRIER, demo_pick_text (e->data->barrier->rows, &e->r));
  if (!has (e, "decided"))
    return;
  demo_pen_string (e->pen, DEMO_RULE_OUTCOME, demo_random_below (&e->r, 2) ? "废止" : "修改");
  demo_pen_day (e->pen, DEMO_RULE_DECIDED_ON, days_ago (e, 10, 500));
}

/* ---- between firms, institutes and places -------------------------------- */

static void
put_finance (Entry *e, bool offers)
{
  demo_pen_text (e->pen, DEMO_OFFER_FINANCE, demo_pick_text (e->data->finance->rows, &e->r));
  demo_pen_number (e->pen, DEMO_OFFER_MONTHS, 6 * demo_random_between (&e->r, 1, 10));
  if (offers)
    demo_pen_scaled (e->pen, DEMO_OFFER_RATE, demo_random_between (&e->r, 300, 650));
}

static void
write_offer (Entry *e)
{
  const DemoOrganisation *by = firm (e);
  Text side = demo_pick_text (e->data->offer_side->rows, &e->r);
  bool lends = text_equal (side, text_of ("融资产品")), borrows = text_equal (side, text_of ("融资需求"));
  Day published = days_ago (e, 1, 200);
  put_title (e, DEMO_OFFER_NAME, side);
  demo_pen_reference (e->pen, DEMO_OFFER_AT, by->subject);
  demo_pen_text (e->pen, DEMO_OFFER_SIDE, side);
  demo_pen_text (e->pen, DEMO_OFFER_TRADE, by->trade);
  demo_pen_text (e->pen, DEMO_OFFER_CATEGORY,
                 demo_pick_text (demo_row_text (e->data->trade_words, by->trade), &e->r));
  demo_pen_number (e->pen, DEMO_OFFER_AMOUNT, 10000 * demo_random_between (&e->r, 2, 400));
  if (lends || borrows)
    put_finance (e, lends);
  demo_pen_day (e->pen, DEMO_OFFER_PUBLISHED_ON, published);
  if (has (e, "closes"))
    demo_pen_day (e->pen, DEMO_OFFER_CLOSES_ON, published + demo_random_between (&e->r, 60, 400));
}

/* Between a township and another. */
static void
write_flow (Entry *e)
{
  bool land = demo_random_below (&e->r, 3) == 0;
  size_t from = demo_township_pick (e->data, &e->r), to = demo_township_pick (e->data, &e->r);
  demo_pen_string (e->pen, DEMO_FLOW_KIND, land ? "土地" : "资金");
  demo_pen_reference (e->pen, DEMO_FLOW_FROM, e->c->townships[from]);
  demo_pen_reference (e->pen, DEMO_FLOW_TO, e->c->townships[to]);
  demo_pen_number (e->pen, DEMO_FLOW_YEAR, year_now (e) - demo_random_below (&e->r, 3));
  if (land)
    demo_pen_scaled (e->pen, DEMO_FLOW_AREA, 100 * demo_random_between (&e->r, 2, 300));
  demo_pen_number (e->pen, DEMO_FLOW_AMOUNT, 10000 * demo_random_between (&e->r, 5, 900));
}

static void
write_agreement (Entry *e)
{
  Day signed_on = days_ago (e, 20, 1500);
  Text kind = demo_pick_text (e->data->agreement_kind->rows, &e->r);
  put_title (e, DEMO_AGREEMENT_NAME, kind);
  demo_pen_text (e->pen, DEMO_AGREEMENT_KIND, kind);
  demo_pen_reference (e->pen, DEMO_AGREEMENT_FIRST, body (e, DEMO_VOCATIONAL)->subject);
  demo_pen_reference (e->pen, DEMO_AGREEMENT_SECOND, firm (e)->subject);
  demo_pen_day (e->pen, DEMO_AGREEMENT_SIGNED_ON, signed_on);
  demo_pen_day (e->pen, DEMO_AGREEMENT_ENDS_ON,
                civil_add_months (signed_on, 36 + 12 * demo_random_below (&e->r, 3)));
}

static void
write_result (Entry *e)
{
  bool transferred = has (e, "transferred");
  put_title (e, DEMO_RESULT_NAME, text_of ("成果"));
  put_number (e, DEMO_RESULT_CODE, "YXCG-");
  demo_pen_reference (e->pen, DEMO_RESULT_OWNER, body (e, DEMO_VOCATIONAL)->subject);
  demo_pen_text (e->pen, DEMO_RESULT_RESEARCH_KIND, demo_pick_text (e->data->research_kind->rows, &e->r));
  demo_pen_boolean (e->pen, DEMO_RESULT_LED_HERE, has (e, "led_here"));
  demo_pen_boolean (e->pen, DEMO_RESULT_INDUSTRIALISED, transferred && has (e, "industrialised"));
  demo_pen_boolean (e->pen, DEMO_RESULT_MANUFACTURING, has (e, "serves_manufacturing"));
  if (!transferred)
    return;
  demo_pen_reference (e->pen, DEMO_RESULT_ADOPTER, firm (e)->subject);
  demo_pen_string (e->pen, DEMO_RESULT_MODE, demo_random_below (&e->r, 2) ? "转让" : "许可");
  demo_pen_day (e->pen, DEMO_RESULT_TRANSFERRED_ON, days_ago (e, 30, 1200));
  demo_pen_number (e->pen, DEMO_RESULT_INCOME, 10000 * demo_random_between (&e->r, 5, 300));
}

static gint64
number_of (const DemoCounty *c, const char *what, const DemoOptions *options)
{
  return MAX (3, demo_row (c->data->registers, what)->rate * options->residents / 100000);
}

enum { MATTERS = 120, FUNDS = 3 * 24, RULES = 60 /* a county has so many, whatever its size */ };

bool
demo_write_registers (DemoCounty *c, const DemoOptions *options, GError **error)
{
  return write_entries (c, DEMO_MATTER, MATTERS, write_matter, error)
         && write_entries (c, DEMO_FUND, FUNDS, write_fund, error)
         && write_entries (c, DEMO_RULE, RULES, write_rule, error)
         && write_entries (c, DEMO_OFFER, number_of (c, "offers", options), write_offer, error)
         && write_entries (c, DEMO_FLOW, number_of (c, "flows", options), write_flow, error)
         && write_entries (c, DEMO_AGREEMENT, number_of (c, "agreements", options), write_agreement, error)
         && write_entries (c, DEMO_RESULT, number_of (c, "results", options), write_result, error);
}
