/* What stands against an advertisement: sentences that must be found, or must not, with the place in the
 * text; fields; numbers; what is very long. */
#include "town.h"

#include <locale.h>
#include <string.h>
#include "jobs/jobs.h"
#include "support.h"

static Jobs *jobs;
static const gint64 now = (gint64)20605 * 86400; /* 2026-06-01 */

static gint64
clock_ (gpointer data)
{
  return now;
}

static const char *const skills[] = { "数控车床", "识图", NULL };

static JobsAdvertisement
good (void)
{
  return (JobsAdvertisement){ .employer = 1,
                              .title = "数控车工",
                              .text = "操作数控车床，加工铝合金零件。\n每周五天，每天八小时，缴纳五险。",
                              .occupation = "数控车工",
                              .skills = skills,
                              .place = "350121001",
                              .pay_from = 500000,
                              .pay_to = 800000,
                              .posts = 3,
                              .kind = "企业岗位",
                              .until = civil_day_of (now) + 30 };
}

/* ---- words ------------------------------------------------------------------------------- */

/* What a sentence in the text of an advertisement is: a rule and its weight, or nothing. */
static const struct {
  const char *text, *rule; /* NULL: in order */
  JobsWeight weight;
  const char *quote;
  const char *kind; /* NULL: 企业岗位 */
} sentences[] = {
  { "仅限男性，能吃苦。", "sex", JOBS_HOLD, "仅限男性", NULL },
  { "男性优先", "sex", JOBS_REFUSE, "男性优先", NULL },
  { "优先录用女生", "sex", JOBS_REFUSE, NULL, NULL },
  { "性别：男", "sex", JOBS_HOLD, NULL, NULL },
  { "性别要求：女", "sex", JOBS_HOLD, NULL, NULL },
  { "不招女工", "sex", JOBS_HOLD, NULL, NULL },
  { "Male only", "sex", JOBS_HOLD, "Male only", NULL },
  { "男女不限", NULL, JOBS_HOLD, NULL, NULL },
  { "性别不限，年龄不限。", NULL, JOBS_HOLD, NULL, NULL },
  { "性别：男女不限", NULL, JOBS_HOLD, NULL, NULL },
  { "销售男装和女鞋，只招女装导购熟手以外的也可以", NULL, JOBS_HOLD, NULL, NULL },
  { "已婚已育优先", "family", JOBS_REFUSE, NULL, NULL },
  { "三年内不得结婚", "family", JOBS_REFUSE, NULL, NULL },
  { "请注明婚姻状况", "family", JOBS_REFUSE, NULL, NULL },
  { "入职体检包括孕检", "family", JOBS_REFUSE, "孕检", NULL },
  { "未婚、已婚均可", NULL, JOBS_HOLD, NULL, NULL },
  { "面试不问婚育情况", NULL, JOBS_HOLD, NULL, NULL },
  { "限本地户口", "hukou", JOBS_REFUSE, "限本地户口", NULL },
  { "本县户籍优先", "hukou", JOBS_REFUSE, NULL, NULL },
  { "本县户籍优先", "hukou", JOBS_HOLD, NULL, "事业单位岗位" },
  { "外地人勿扰", "hukou", JOBS_REFUSE, NULL, NULL },
  { "河南人勿扰", "hukou", JOBS_REFUSE, NULL, NULL },
  { "户籍不限，外地人也欢迎", NULL, JOBS_HOLD, NULL, NULL },
  { "35岁以下", "age", JOBS_HOLD, "35岁以下", NULL },
  { "年龄18-35周岁", "age", JOBS_HOLD, NULL, NULL },
  { "年龄不超过４０周岁", "age", JOBS_HOLD, "不超过４０周岁", NULL },
  { "95后优先", "age", JOBS_HOLD, NULL, NULL },
  { "年满18周岁以上", NULL, JOBS_HOLD, NULL, NULL },
  { "年满16周岁及以上", NULL, JOBS_HOLD, NULL, NULL },
  { "汉族优先", "ethnicity", JOBS_REFUSE, NULL, NULL },
  { "不招少数民族", "ethnicity", JOBS_REFUSE, NULL, NULL },
  { "同等条件下少数民族优先", NULL, JOBS_HOLD, NULL, NULL },
  { "体检查乙肝两对半", "health", JOBS_REFUSE, NULL, NULL },
  { "入职不查乙肝", NULL, JOBS_HOLD, NULL, NULL },
  { "持有健康证", NULL, JOBS_HOLD, NULL, NULL },
  { "要求无宗教信仰", "religion", JOBS_REFUSE, "无宗教信仰", NULL },
  { "身体无残疾", "disability", JOBS_REFUSE, NULL, NULL },
  { "四肢健全", "disability", JOBS_HOLD, NULL, NULL },
  { "残疾人、退役军人优先", NULL, JOBS_HOLD, NULL, NULL },
  { "入职前需交押金500元", "fees", JOBS_REFUSE, NULL, NULL },
  { "上岗统一保管身份证", "fees", JOBS_REFUSE, NULL, NULL },
  { "负责登记房客的押金", "fees", JOBS_HOLD, "押金", NULL },
  { "不收取任何费用，免押金", NULL, JOBS_HOLD, NULL, NULL },
  { "在家刷单，日赚千元", "fraud", JOBS_HOLD, NULL, NULL },
  { "电话13800000000联系", "contact", JOBS_HOLD, "13800000000", NULL },
  { "电话１３８００００００００联系", "contact", JOBS_HOLD, "１３８００００００００", NULL },
  { "加微信号：abc_12345", "contact", JOBS_HOLD, NULL, NULL },
  { "邮箱 hr@example.org", "contact", JOBS_HOLD, NULL, NULL },
  { "证号 11010519491231002X 的人不用来", "id-number", JOBS_REFUSE, "11010519491231002X", NULL },
  { "订单号 11010519491331002X", NULL, JOBS_HOLD, NULL, NULL },
  { "见 https://example.org/a", "link", JOBS_HOLD, NULL, NULL },
  { "<b>高薪</b>", "html", JOBS_REFUSE, "<b>", NULL },
  { "a &lt; b", "html", JOBS_REFUSE, "&lt;", NULL },
  { "压力 < 5 且 > 3，工资<5000也可以谈", NULL, JOBS_HOLD, NULL, NULL },
  { "高薪\xe2\x80\x8b工作", "control", JOBS_REFUSE, "U+200B", NULL },
  { "高薪\x07工作", "control", JOBS_REFUSE, "U+0007", NULL },
  { "司机司机司机司机司机司机", "stuffed", JOBS_HOLD, NULL, NULL },
  { "司机，货运，司机，货运，司机，货运，司机，货运，司机，货运，司机，货运，司机，货运，司机，货运",
    "stuffed", JOBS_HOLD, "司机", NULL },
};

static const JobsFinding *
find (const JobsFinding *findings, size_t n, const char *rule)
{
  for (size_t i = 0; i < n; i++)
    if (g_str_equal (findings[i].rule->id, rule))
      return &findings[i];
  return NULL;
}

static void
test_sentences (void)
{
  for (size_t i = 0; i < G_N_ELEMENTS (sentences); i++) {
    g_autoptr (Arena) arena = arena_new ();
    JobsAdvertisement says = good ();
    size_t n;
    says.text = sentences[i].text;
    if (sentences[i].kind)
      says.kind = sentences[i].kind;
    const JobsFinding *findings = jobs_check (jobs, arena, &says, &n);
    const JobsFinding *found = sentences[i].rule ? find (findings, n, sentences[i].rule) : NULL;
    g_test_message ("%s: %zu findings, first %s", says.text, n, n ? findings[0].rule->id : "-");
    if (!sentences[i].rule) {
      g_assert_cmpuint (n, ==, 0);
      continue;
    }
    g_assert_nonnull (found);
    g_assert_cmpint (found->weight, ==, sentences[i].weight);
    g_assert_cmpstr (found->field, ==, "text");
    g_assert_nonnull (found->quote);
    if (sentences[i].quote)
      g_assert_cmpstr (found->quote, ==, sentences[i].quote);
    if (!g_str_has_prefix (found->quote, "U+")) {
      g_autofree char *there = g_utf8_substring (says.text, (glong)found->from, (glong)found->to);
      g_assert_cmpstr (there, ==, found->quote);
    }
  }
}

/* ---- fields ------------------------------------------------------------------------------- */

typedef enum { TITLE, TEXT, WORD, PLACE, KIND, EDUCATION } TextField;

static const struct {
  TextField field;
  const char *text, *rule; /* NULL: in order */
} texts[] = {
  { TITLE, "", "missing" },          { TITLE, NULL, "missing" },   { TITLE, "\xff\xfe", "encoding" },
  { TITLE, "仅限男性司机", "sex" },  { TEXT, " \n ", "missing" },  { WORD, "", "missing" },
  { WORD, "铣工 <i>", "html" },      { PLACE, "350121001", NULL }, { PLACE, "350121999", "choice" },
  { PLACE, "闽侯", "choice" },       { PLACE, NULL, "missing" },   { KIND, "自由职业", "choice" },
  { KIND, "公益性岗位", "welfare" }, { EDUCATION, "本科", NULL },  { EDUCATION, "很高", "choice" },
};

static void
test_texts (void)
{
  for (size_t i = 0; i < G_N_ELEMENTS (texts); i++) {
    g_autoptr (Arena) arena = arena_new ();
    JobsAdvertisement says = good ();
    const char **const fields[]
        = { &says.title, &says.text, &says.occupation, &says.place, &says.kind, &says.education };
    size_t n;
    *fields[texts[i].field] = texts[i].text;
    const JobsFinding *findings = jobs_check (jobs, arena, &says, &n);
    g_test_message ("%zu: %s", i, n ? findings[0].rule->id : "-");
    g_assert_cmpuint (n, ==, texts[i].rule ? 1 : 0);
    if (texts[i].rule)
      g_assert_cmpstr (findings[0].rule->id, ==, texts[i].rule);
  }
}

static const struct {
  gint64 from, to, posts, days;
  const char *kind, *rule;
} numbers[] = {
  { 0, 0, 1, 1, "企业岗位", NULL },
  { 219500, 219500, 1, 0, "企业岗位", NULL },
  { 219499, 300000, 1, 1, "企业岗位", "wage" },
  { 180000, 200000, 1, 1, "见习岗位", NULL },
  { 500000, 400000, 1, 1, "企业岗位", "wage-range" },
  { -5, 400000, 1, 1, "企业岗位", "wage-range" },
  { 500000, G_MAXINT64, 1, 1, "企业岗位", "wage-range" },
  { 500000, 600000, 0, 1, "企业岗位", "number" },
  { 500000, 600000, 10001, 1, "企业岗位", "number" },
  { 500000, 600000, 201, 1, "企业岗位", "large" },
  { 500000, 600000, 1, -1, "企业岗位", "until" },
  { 500000, 600000, 1, 180, "企业岗位", NULL },
  { 500000, 600000, 1, 181, "企业岗位", "until" },
};

static void
test_numbers (void)
{
  for (size_t i = 0; i < G_N_ELEMENTS (numbers); i++) {
    g_autoptr (Arena) arena = arena_new ();
    JobsAdvertisement says = good ();
    size_t n;
    says.pay_from = numbers[i].from;
    says.pay_to = numbers[i].to;
    says.posts = numbers[i].posts;
    says.until = civil_day_of (now) + numbers[i].days;
    says.kind = numbers[i].kind;
    const JobsFinding *findings = jobs_check (jobs, arena, &says, &n);
    g_assert_cmpuint (n, ==, numbers[i].rule ? 1 : 0);
    if (numbers[i].rule)
      g_assert_cmpstr (findings[0].rule->id, ==, numbers[i].rule);
  }
}

/* A megabyte is refused before it is looked through; twenty thousand characters are looked through in time.
 */
static void
test_large (void)
{
  static const struct {
    size_t times;
    const char *rule; /* that must be among those found */
  } cases[] = { { 350000, "long" }, { 6667, "long" }, { 6666, "stuffed" } };
  for (size_t i = 0; i < G_N_ELEMENTS (cases); i++) {
    g_autoptr (Arena) arena = arena_new ();
    g_autoptr (GString) text = g_string_new (NULL);
    JobsAdvertisement says = good ();
    size_t n;
    for (size_t t = 0; t < cases[i].times; t++)
      g_string_append (text, "招工，");
    says.text = text->str;
    const JobsFinding *findings = jobs_check (jobs, arena, &says, &n);
    g_assert_nonnull (find (findings, n, cases[i].rule));
    g_assert_cmpuint (n, <=, JOBS_FINDINGS_MAX);
  }
}

static void
test_lists (void)
{
  g_autoptr (Arena) arena = arena_new ();
  const char *many[JOBS_WORDS_MAX + 2] = { NULL };
  JobsAdvertisement says = good ();
  size_t n;
  for (size_t i = 0; i <= JOBS_WORDS_MAX; i++)
    many[i] = arena_printf (arena, "技能%zu", i);
  says.skills = many;
  const JobsFinding *findings = jobs_check (jobs, arena, &says, &n);
  g_assert_cmpuint (n, ==, 1);
  g_assert_cmpstr (findings[0].rule->id, ==, "list");
  g_assert_cmpstr (findings[0].field, ==, "skills");
}

int
main (int argc, char **argv)
{
  setlocale (LC_ALL, "C.UTF-8");
  g_test_init (&argc, &argv, NULL);
  PolicyPackage *package = town_package ();
  Town town;
  town_open (&town, package);
  GError *error = NULL;
  g_autoptr (Agents) agents = agents_open (package, town.registry, &error);
  g_assert_no_error (error);
  JobsOptions options = {
    .package = package, .registry = town.registry, .access = town.access, .agents = agents, .clock = clock_
  };
  jobs = jobs_open (&options, &error);
  g_assert_no_error (error);
  g_test_add_func ("/jobs/sentences", test_sentences);
  g_test_add_func ("/jobs/texts", test_texts);
  g_test_add_func ("/jobs/numbers", test_numbers);
  g_test_add_func ("/jobs/large", test_large);
  g_test_add_func ("/jobs/lists", test_lists);
  int failed = g_test_run ();
  jobs_free (jobs);
  g_clear_pointer (&agents, agents_free);
  town_close (&town);
  policy_free (package);
  return failed;
}
