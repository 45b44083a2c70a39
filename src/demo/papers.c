#include "papers.h"
#include "naming.h"
#include "streams.h"

#include <string.h>

enum { YEAR = 12, SKILLED_FROM = 16, FILE_FROM = 18, CONTRIBUTION_PERCENT = 8 };

static const char elsewhere[] = "样例外地公共人才服务中心", here[] = "样例本县公共人才服务中心";

static bool
is (Text text, const char *word)
{
  return text_equal (text, text_of (word));
}

/* A day in the past on which the person was at least AGE. */
static Day
day_since (const DemoCounty *c, const DemoPerson *p, int age, DemoRandom *r)
{
  Day day = c->data->as_of - demo_pick_number (c->data->certificate_days->rows, r);
  return MIN (MAX (day, civil_add_months (p->birth, age * YEAR)), c->data->as_of);
}

DemoPapers
demo_papers_draw (const DemoCounty *c, const DemoPerson *p, const DemoLife *l)
{
  DemoRandom r = demo_random_at (c->seed, DEMO_STREAM_PAPERS, (guint64)p->index);
  DemoPapers papers = { .skill_on = DEMO_NO_DAY, .title_on = DEMO_NO_DAY };
  if (l->skill.len) {
    papers.skill_trade = demo_pick_text (c->data->skill_trade->rows, &r);
    papers.skill_on = day_since (c, p, SKILLED_FROM, &r);
  }
  if (l->title.len)
    papers.title_on = day_since (c, p, SKILLED_FROM, &r);
  if (l->taiwan && demo_happens (c->data->taiwan_certificate->rows, &r))
    papers.taiwan_trade = demo_pick_text (c->data->taiwan_trade->rows, &r);
  papers.hard_to_employ = is (l->work, "失业") && demo_happens (demo_row (c->data->recognised, "失业"), &r);
  return papers;
}

static void
begin (DemoCounty *c, Subject subject)
{
  demo_pen_begin (&c->pen, subject, demo_random_at (c->seed, DEMO_STREAM_UNKNOWN, (guint64)subject));
}

/* ---- certificates ------------------------------------------------------ */

typedef struct {
  const char *kind, *name, *issuer;
  Text trade, level;
  Day on;
} Certificate;

static bool
write_certificate (DemoCounty *c, const Certificate *paper, Subject resident, DemoRandom *r, GError **error)
{
  DemoPen *pen = &c->pen;
  char number[32];
  Subject subject = demo_pen_subject (pen, DEMO_CERTIFICATE);
  bool revoked = !pen->complete && demo_happens (c->data->certificate_revoked->rows, r);
  g_snprintf (number, sizeof number, "YX%09d", (int)subject_number (subject));
  begin (c, subject);
  demo_pen_reference (pen, DEMO_CERTIFICATE_OF_RESIDENT, resident);
  demo_pen_string (pen, DEMO_CERTIFICATE_KIND, paper->kind);
  demo_pen_string (pen, DEMO_CERTIFICATE_NAME, paper->name);
  demo_pen_copy (pen, DEMO_CERTIFICATE_NUMBER, number);
  demo_pen_text (pen, DEMO_CERTIFICATE_TRADE, paper->trade);
  demo_pen_text (pen, DEMO_CERTIFICATE_LEVEL, paper->level);
  demo_pen_string (pen, DEMO_CERTIFICATE_ISSUER, paper->issuer);
  demo_pen_day (pen, DEMO_CERTIFICATE_ISSUED_ON, paper->on);
  demo_pen_day (pen, DEMO_CERTIFICATE_REVOKED_ON, revoked ? c->data->as_of : DEMO_NO_DAY);
  c->summary->certificates++;
  return demo_pen_end (pen, error);
}

static bool
write_certificates (DemoCounty *c, const DemoLife *l, const DemoPapers *papers, Subject resident,
                    DemoRandom *r, GError **error)
{
  const Certificate skill
      = { "职业技能等级证书", "样例职业技能等级证书", "样例技能等级认定机构", papers->skill_trade,
          l->skill,           papers->skill_on };
  const Certificate title
      = { "职称证书", "样例职称证书", "样例职称评审委员会", { 0 }, l->title, papers->title_on };
  const Certificate taiwan
      = { "台湾职业资格证书",  "样例台湾职业资格证书", "样例台湾发证机构", papers->taiwan_trade, { 0 },
          c->data->as_of - 400 };
  return (!l->skill.len || write_certificate (c, &skill, resident, r, error))
         && (!l->title.len || write_certificate (c, &title, resident, r, error))
         && (!papers->taiwan_trade.len || write_certificate (c, &taiwan, resident, r, error));
}

/* ---- recognitions ------------------------------------------------------ */

bool
demo_write_recognition (DemoCounty *c, int field, Subject of, const char *kind, const char *level,
                        GError **error)
{
  DemoPen *pen = &c->pen;
  Subject subject = demo_pen_subject (pen, DEMO_RECOGNITION);
  char name[64], number[48];
  g_snprintf (name, sizeof name, "样例%s", kind);
  g_snprintf (number, sizeof number, "样例〔2024〕%d号", (int)subject_number (subject));
  begin (c, subject);
  demo_pen_reference (pen, field, of);
  demo_pen_string (pen, DEMO_RECOGNITION_KIND, kind);
  demo_pen_string (pen, DEMO_RECOGNITION_LEVEL, level);
  demo_pen_copy (pen, DEMO_RECOGNITION_NAME, name);
  demo_pen_copy (pen, DEMO_RECOGNITION_NUMBER, number);
  demo_pen_string (pen, DEMO_RECOGNITION_ISSUER, "样例认定机构");
  demo_pen_day (pen, DEMO_RECOGNITION_ON, c->data->as_of - 30 - subject_number (subject) % 700);
  c->summary->recognitions++;
  return demo_pen_end (pen, error);
}

static bool
write_recognitions (DemoCounty *c, const DemoLife *l, const DemoPapers *papers, Subject resident,
                    DemoRandom *r, GError **error)
{
  const DemoTable *rates = c->data->recognised;
  bool talent = l->title.len && demo_happens (demo_row_text (rates, l->title), r);
  bool skilled = l->skill.len && demo_happens (demo_row_text (rates, l->skill), r);
  const char *technician = is (l->skill, "高级技师") ? "首席技师" : "金牌技师";
  int of = DEMO_RECOGNITION_OF_RESIDENT;
  return (!papers->hard_to_employ || demo_write_recognition (c, of, resident, "就业困难人员", "县级", error))
         && (!talent || demo_write_recognition (c, of, resident, "紧缺急需人才", "县级", error))
         && (!skilled || demo_write_recognition (c, of, resident, technician, "单位级", error));
}

/* ---- the personnel file ------------------------------------------------ */

static bool
write_transfer (DemoCounty *c, Subject file, Day received, GError **error)
{
  DemoPen *pen = &c->pen;
  begin (c, demo_pen_subject (pen, DEMO_TRANSFER));
  demo_pen_reference (pen, DEMO_TRANSFER_OF_FILE, file);
  demo_pen_string (pen, DEMO_TRANSFER_FROM, elsewhere);
  demo_pen_string (pen, DEMO_TRANSFER_TO, here);
  demo_pen_boolean (pen, DEMO_TRANSFER_CROSS_PLACE, true);
  demo_pen_day (pen, DEMO_TRANSFER_REQUESTED_ON, received - 20);
  demo_pen_day (pen, DEMO_TRANSFER_SENT_ON, received - 6);
  demo_pen_day (pen, DEMO_TRANSFER_RECEIVED_ON, received);
  return demo_pen_end (pen, error);
}

static bool
write_materials (DemoCounty *c, Subject file, bool digitised, GError **error)
{
  static const char *const materials[][2]
      = { { "样例履历表", "履历" }, { "样例毕业生登记表", "学历" }, { "样例年度考核表", "考核鉴定" } };
  DemoPen *pen = &c->pen;
  bool ok = true;
  for (size_t i = 0; ok && i < G_N_ELEMENTS (materials); i++) {
    begin (c, demo_pen_subject (pen, DEMO_MATERIAL));
    demo_pen_reference (pen, DEMO_MATERIAL_OF_FILE, file);
    demo_pen_string (pen, DEMO_MATERIAL_NAME, materials[i][0]);
    demo_pen_string (pen, DEMO_MATERIAL_KIND, materials[i][1]);
    demo_pen_boolean (pen, DEMO_MATERIAL_DIGITISED, digitised);
    ok = demo_pen_end (pen, error);
  }
  return ok;
}

static bool
has_file (const DemoCounty *c, const DemoLife *l, DemoRandom *r)
{
  bool college = is (l->education, "大专") || is (l->education, "本科") || is (l->education, "硕士")
                 || is (l->education, "博士");
  return college && demo_happens (demo_row_text (c->data->file, l->work), r);
}

static Text
keeper_kind (const DemoCounty *c, Subject file)
{
  DemoRandom r = demo_random_at (c->seed, DEMO_STREAM_PAPERS, (guint64)file);
  return demo_pick_text (c->data->keeper_kind->rows, &r);
}

static bool
write_file (DemoCounty *c, const DemoPerson *p, const DemoLife *l, Subject resident, size_t township,
            DemoRandom *r, GError **error)
{
  const DemoTable *rates = c->data->file_is;
  DemoPen *pen = &c->pen;
  bool away = !is (l->hukou_from, "本县") && demo_happens (demo_row (rates, "elsewhere"), r);
  bool digitised = demo_happens (demo_row (rates, "digitised"), r);
  bool complete = demo_happens (demo_row (rates, "complete"), r);
  bool moved = !away && demo_happens (demo_row (rates, "moved"), r);
  bool listed = !away && demo_happens (demo_row (rates, "listed"), r);
  Day received = day_since (c, p, FILE_FROM, r);
  Subject file = demo_pen_subject (pen, DEMO_FILE);
  char number[32];
  g_snprintf (number, sizeof number, "YXDA%09d", (int)subject_number (file));
  begin (c, file);
  demo_pen_copy (pen, DEMO_FILE_NUMBER, number);
  demo_pen_reference (pen, DEMO_FILE_OF_RESIDENT, resident);
  demo_pen_string (pen, DEMO_FILE_KIND,
                   is (l->work, "失业") ? "失业人员"
                   : p->age < 25        ? "毕业生"
                                        : "流动人员");
  demo_pen_reference (pen, DEMO_FILE_KEEPER,
                      away ? 0
                           : demo_organisation_first (c->organisations, DEMO_PUBLIC_BODY, township)->subject);
  demo_pen_string (pen, DEMO_FILE_KEEPER_NAME, away ? elsewhere : "");
  demo_pen_text (pen, DEMO_FILE_KEEPER_PLACE, away ? l->hukou_from : text_of ("本县"));
  demo_pen_text (pen, DEMO_FILE_KEEPER_KIND, away ? text_of ("公共人才服务机构") : keeper_kind (c, file));
  demo_pen_day (pen, DEMO_FILE_RECEIVED_ON, received);
  demo_pen_boolean (pen, DEMO_FILE_DIGITISED, digitised);
  demo_pen_boolean (pen, DEMO_FILE_COMPLETE, complete);
  c->summary->files++;
  return demo_pen_end (pen, error) && (!moved || write_transfer (c, file, received, error))
         && (!listed || write_materials (c, file, digitised, error));
}

/* ---- insurance --------------------------------------------------------- */

static bool
write_period (DemoCounty *c, Subject resident, Text region, Day from, Day to, gint64 months, gint64 base,
              GError **error)
{
  DemoPen *pen = &c->pen;
  begin (c, demo_pen_subject (pen, DEMO_INSURANCE));
  demo_pen_reference (pen, DEMO_INSURANCE_OF_RESIDENT, resident);
  demo_pen_string (pen, DEMO_INSURANCE_SCHEME, "养老保险");
  demo_pen_string (pen, DEMO_INSURANCE_CATEGORY, "企业职工");
  demo_pen_text (pen, DEMO_INSURANCE_REGION, region);
  demo_pen_day (pen, DEMO_INSURANCE_STARTED_ON, from);
  demo_pen_day (pen, DEMO_INSURANCE_ENDED_ON, to);
  demo_pen_number (pen, DEMO_INSURANCE_MONTHS, months);
  demo_pen_number (pen, DEMO_INSURANCE_BASE, base);
  demo_pen_number (pen, DEMO_INSURANCE_ACCOUNT, months * base * CONTRIBUTION_PERCENT / 100);
  demo_pen_string (pen, DEMO_INSURANCE_ACCOUNT_KIND, "一般账户");
  c->summary->insurance++;
  return demo_pen_end (pen, error);
}

/* Paid elsewhere first, then here: together the months on record. */
static bool
write_insurance (DemoCounty *c, const DemoLife *l, Subject resident, DemoRandom *r, GError **error)
{
  bool moved = l->permit && l->insured >= 2 * YEAR && is (l->pension_scheme, "企业职工")
               && demo_happens (c->data->insured_elsewhere->rows, r);
  if (!moved)
    return true;
  gint64 base = demo_pick_number (c->data->insurance_base->rows, r), first = l->insured / 2;
  Day start = civil_add_months (c->data->as_of, -l->insured);
  Day change = civil_add_months (start, first);
  return write_period (c, resident, l->hukou_from, start, change - 1, first, base, error)
         && write_period (c, resident, text_of ("本县"), change, DEMO_NO_DAY, l->insured - first, base,
                          error);
}

bool
demo_write_papers (DemoCounty *c, const DemoPerson *p, const DemoLife *l, const DemoPapers *papers,
                   Subject resident, size_t township, GError **error)
{
  DemoRandom r = demo_random_at (c->seed, DEMO_STREAM_PAPERS, (guint64)p->index + DEMO_PEOPLE_MAX);
  return write_certificates (c, l, papers, resident, &r, error)
         && write_recognitions (c, l, papers, resident, &r, error)
         && (!has_file (c, l, &r) || write_file (c, p, l, resident, township, &r, error))
         && write_insurance (c, l, resident, &r, error);
}
