/* Advertisements in a town of two employers: what is refused, held and open, with the rule and the place in
 * the text; changes, closing, the office; and the post that the registry has of it. */
#include "town.h"

#include <locale.h>
#include <string.h>
#include "jobs/jobs.h"
#include "notices/notices.h"
#include "support.h"

static PolicyPackage *package;
static Town town;
static Jobs *jobs;
static Agents *agents;
static Notices *notices;
static gint64 now;

static AccessAccount works = { .name = "works", .role = ACCESS_REPRESENTATIVE, .zh = "样例机械" },
                     shop = { .name = "shop", .role = ACCESS_REPRESENTATIVE, .zh = "样例商店" },
                     person = { .name = "person", .role = ACCESS_RESIDENT },
                     clerk = { .name = "clerk", .role = ACCESS_CASE_WORKER, .department = "县人社局" },
                     stranger = { .name = "other", .role = ACCESS_DEPARTMENT_HEAD, .department = "县林业局" };

static gint64
clock_ (gpointer data)
{
  return now;
}

#define REFUSED(call, code)                                                                                  \
  {                                                                                                          \
    GError *refused = NULL;                                                                                  \
    g_assert_false (call);                                                                                   \
    g_assert_error (refused, FAULT, code);                                                                   \
    g_clear_error (&refused);                                                                                \
  }
#define GOES(call)                                                                                           \
  {                                                                                                          \
    GError *why = NULL;                                                                                      \
    bool done = (call);                                                                                      \
    g_assert_no_error (why);                                                                                 \
    g_assert_true (done);                                                                                    \
  }

static const char *
fresh (void)
{
  static char key[32];
  static unsigned number;
  g_snprintf (key, sizeof key, "key-%u", ++number);
  return key;
}

/* ---- the town -------------------------------------------------------------------------- */

static Subject
settle (RegistryWriter *writer, const char *entity_id, const char *name)
{
  GError *error = NULL;
  const RegistryEntity *entity = registry_schema_entity (policy_schema (package), entity_id);
  RegistryFact fact = { .attribute = registry_entity_attribute (entity, "name"),
                        .state = REGISTRY_VALUE,
                        .text = text_of (name) };
  RegistryBatch about = { .source = fact.attribute->source, .actor = "test", .recorded_at = now };
  Subject subject = registry_writer_subject (writer, entity);
  RegistryBatchId batch = registry_writer_batch (writer, &about, &error);
  registry_writer_append (writer, batch, subject, REGISTRY_EVER, REGISTRY_FOREVER, &fact, 1, &error);
  g_assert_no_error (error);
  return subject;
}

static void
settle_town (void)
{
  RegistryWriter *writer = registry_writer_new (town.registry, NULL);
  works.subject = settle (writer, "organisation", "样例机械有限公司");
  shop.subject = settle (writer, "organisation", "样例商店");
  person.subject = settle (writer, "resident", "陈样例");
  g_assert_true (registry_writer_commit (writer, NULL));
  registry_writer_free (writer);
}

static const char *const skills[] = { "数控车床", "识图", NULL };

static JobsAdvertisement
good (void)
{
  return (JobsAdvertisement){ .employer = works.subject,
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

/* ---- the life of an advertisement ------------------------------------------------------------ */

static gint64
advertise (const AccessAccount *who, const JobsAdvertisement *says)
{
  GError *error = NULL;
  gint64 id = jobs_advertise (jobs, who, says, fresh (), &error);
  g_assert_no_error (error);
  g_assert_cmpint (id, >, 0);
  return id;
}

static JobsState
state_of (gint64 id)
{
  g_autoptr (Arena) arena = arena_new ();
  const JobsPost *post = jobs_post (jobs, arena, &clerk, id, NULL);
  g_assert_nonnull (post);
  return post->state;
}

/* What the registry has of an attribute of ID's post, as text; NULL: none. */
static char *
recorded (gint64 id, const char *attribute)
{
  g_autoptr (Arena) arena = arena_new ();
  const JobsPost *post = jobs_post (jobs, arena, &clerk, id, NULL);
  const RegistryEntity *entity = registry_schema_entity (policy_schema (package), "post");
  Text member = text_of (registry_entity_attribute (entity, attribute)->zh);
  FeelPath path = { .n = 1, .members = &member };
  RegistryMoment at = { civil_day_of (now), G_MAXINT64 };
  const RegistryReading *reading = registry_read (town.registry, arena, post->record, &path, 1, at, NULL);
  g_assert_nonnull (reading);
  size_t n;
  const RegistryProvenance *const *facts = registry_reading_facts (reading, &n);
  g_assert_cmpuint (n, ==, 1);
  return facts[0]->state == REGISTRY_VALUE ? g_strdup (feel_display (arena, facts[0]->value)) : NULL;
}

static void
assert_recorded (gint64 id, const char *attribute, const char *wanted)
{
  g_autofree char *is = recorded (id, attribute);
  g_assert_cmpstr (is, ==, wanted);
}

static bool
was_told (const AccessAccount *who, const char *kind)
{
  g_autoptr (Arena) arena = arena_new ();
  NoticeFilter filter = { .limit = 50 };
  size_t n;
  const NoticeItem *items = notices_inbox (notices, arena, who, &filter, &n, NULL);
  for (size_t i = 0; i < n; i++)
    if (g_str_equal (items[i].kind, kind))
      return true;
  return false;
}

static void
test_open (void)
{
  g_autoptr (Arena) arena = arena_new ();
  JobsAdvertisement says = good ();
  const char *key = fresh ();
  GError *error = NULL;
  gint64 id = jobs_advertise (jobs, &works, &says, key, &error);
  g_assert_no_error (error);
  g_assert_cmpint (jobs_advertise (jobs, &works, &says, key, NULL), ==, id); /* again is nothing */
  JobsAdvertisement other = says;
  other.title = "铣工";
  REFUSED (jobs_advertise (jobs, &works, &other, key, &refused), FAULT_INPUT);
  REFUSED (jobs_advertise (jobs, &works, &other, NULL, &refused), FAULT_INPUT);
  REFUSED (jobs_advertise (jobs, &shop, &says, fresh (), &refused), FAULT_DENIED);
  REFUSED (jobs_advertise (jobs, &person, &says, fresh (), &refused), FAULT_DENIED);
  REFUSED (jobs_advertise (jobs, &clerk, &says, fresh (), &refused), FAULT_DENIED);
  const JobsPost *post = jobs_post (jobs, arena, NULL, id, &error);
  g_assert_no_error (error);
  g_assert_cmpint (post->state, ==, JOBS_OPEN);
  g_assert_true (post->taking);
  g_assert_cmpstr (post->employer_name, ==, "样例机械有限公司");
  g_assert_cmpstr (post->says.text, ==, says.text);
  g_assert_cmpstr (post->says.skills[1], ==, "识图");
  g_assert_null (post->says.skills[2]);
  g_assert_null (post->says.certificates[0]);
  assert_recorded (id, "name", "数控车工");
  assert_recorded (id, "code", post->number);
  assert_recorded (id, "headcount", "3");
  assert_recorded (id, "wage_from", "5000");
  assert_recorded (id, "sex", NULL);
  assert_recorded (id, "filled_on", NULL);
}

static void
test_change (void)
{
  g_autoptr (Arena) arena = arena_new ();
  JobsAdvertisement says = good ();
  says.title = "钳工";
  gint64 id = advertise (&works, &says);
  says.pay_to = 900000;
  says.employer = shop.subject; /* stays who it was */
  GOES (jobs_change (jobs, &works, id, &says, fresh (), &why));
  assert_recorded (id, "wage_to", "9000");
  REFUSED (jobs_change (jobs, &shop, id, &says, fresh (), &refused), FAULT_DENIED);
  says.text = "男性优先";
  REFUSED (jobs_change (jobs, &works, id, &says, fresh (), &refused), FAULT_INPUT);
  says.text = "35岁以下，做零件。";
  GOES (jobs_change (jobs, &works, id, &says, fresh (), &why));
  g_assert_cmpint (state_of (id), ==, JOBS_HELD);
  now += 86400;
  says.text = "做零件，年龄不限。";
  GOES (jobs_change (jobs, &works, id, &says, fresh (), &why));
  g_assert_cmpint (state_of (id), ==, JOBS_OPEN);
  GOES (jobs_close (jobs, &works, id, JOBS_FILLED, NULL, &why));
  GOES (jobs_close (jobs, &works, id, JOBS_FILLED, NULL, &why));
  g_autofree char *filled = recorded (id, "filled_on");
  g_assert_nonnull (filled);
  REFUSED (jobs_change (jobs, &works, id, &says, fresh (), &refused), FAULT_CONFLICT);
  REFUSED (jobs_post (jobs, arena, NULL, id, &refused) != NULL, FAULT_NOT_FOUND);
}

static void
test_review (void)
{
  g_autoptr (Arena) arena = arena_new ();
  JobsAdvertisement says = good ();
  size_t n;
  says.title = "井下作业工";
  says.text = "矿山井下作业，仅限男性。";
  gint64 id = advertise (&works, &says);
  g_assert_cmpint (state_of (id), ==, JOBS_HELD);
  g_assert_true (was_told (&works, "job-held"));
  g_assert_true (was_told (&clerk, "job-to-review"));
  REFUSED (jobs_post (jobs, arena, &shop, id, &refused) != NULL, FAULT_NOT_FOUND);
  const JobsFinding *findings = jobs_post_findings (jobs, arena, &works, id, &n, NULL);
  g_assert_cmpuint (n, ==, 1);
  g_assert_cmpstr (findings[0].rule->id, ==, "sex");
  g_assert_cmpstr (findings[0].quote, ==, "仅限男性");
  REFUSED (jobs_review (jobs, &stranger, id, true, NULL, &refused), FAULT_DENIED);
  REFUSED (jobs_review (jobs, &works, id, true, NULL, &refused), FAULT_DENIED);
  REFUSED (jobs_review (jobs, &clerk, id, false, " ", &refused), FAULT_INPUT);
  GOES (jobs_review (jobs, &clerk, id, false, "请写明依据", &why));
  g_assert_true (was_told (&works, "job-returned"));
  REFUSED (jobs_review (jobs, &clerk, id, true, NULL, &refused), FAULT_CONFLICT);
  says.text = "矿山井下作业，依《女职工劳动保护特别规定》附录，仅限男性。";
  GOES (jobs_change (jobs, &works, id, &says, fresh (), &why));
  g_assert_cmpint (state_of (id), ==, JOBS_HELD);
  GOES (jobs_review (jobs, &clerk, id, true, NULL, &why));
  g_assert_cmpint (state_of (id), ==, JOBS_OPEN);
  g_assert_true (was_told (&works, "job-open"));
  assert_recorded (id, "name", "井下作业工");
  REFUSED (jobs_close (jobs, &works, id, JOBS_REMOVED, "不真实", &refused), FAULT_DENIED);
  REFUSED (jobs_close (jobs, &clerk, id, JOBS_REMOVED, NULL, &refused), FAULT_INPUT);
  GOES (jobs_close (jobs, &clerk, id, JOBS_REMOVED, "不真实", &why));
  g_assert_true (was_told (&works, "job-removed"));
}

/* The same words a fourth time, and more than the parameter's number of open ones. */
static void
test_spam (void)
{
  enum { OPEN = 200 };
  g_autoptr (Arena) arena = arena_new ();
  JobsAdvertisement says = good ();
  gint64 last = 0;
  size_t n;
  says.employer = shop.subject;
  says.title = "收银员";
  for (int i = 0; i < 4; i++)
    last = advertise (&shop, &says);
  const JobsFinding *findings = jobs_post_findings (jobs, arena, &shop, last, &n, NULL);
  g_assert_cmpuint (n, ==, 1);
  g_assert_cmpstr (findings[0].rule->id, ==, "repeated");
  for (int i = 3; i <= OPEN; i++) {
    g_autofree char *title = g_strdup_printf ("理货员%d号", i);
    says.title = title;
    last = advertise (&shop, &says);
  }
  findings = jobs_post_findings (jobs, arena, &shop, last, &n, NULL);
  g_assert_cmpuint (n, ==, 1);
  g_assert_cmpstr (findings[0].rule->id, ==, "many");
  g_assert_cmpint (state_of (last - 1), ==, JOBS_OPEN);
}

static void
test_lists_of_posts (void)
{
  g_autoptr (Arena) arena = arena_new ();
  size_t n, mine, held;
  JobsFilter all = { .limit = 200 }, own = { .employer = works.subject };
  JobsState waiting = JOBS_HELD;
  const JobsPost *posts = jobs_posts (jobs, arena, NULL, &all, &n, NULL);
  g_assert_cmpuint (n, >, 0);
  for (size_t i = 0; i < n; i++)
    g_assert_true (posts[i].taking && (!i || posts[i].id < posts[i - 1].id));
  posts = jobs_posts (jobs, arena, &works, &own, &mine, NULL);
  g_assert_cmpuint (mine, ==, 3);
  posts = jobs_posts (jobs, arena, &shop, &own, &n, NULL);
  g_assert_cmpuint (n, ==, 1); /* the one that is open */
  JobsFilter to_review = { .state = &waiting };
  posts = jobs_posts (jobs, arena, &clerk, &to_review, &held, NULL);
  g_assert_cmpuint (held, ==, 2);
  g_assert_cmpint (posts[0].state, ==, JOBS_HELD);
  jobs_posts (jobs, arena, &person, &to_review, &n, NULL);
  g_assert_cmpuint (n, ==, 0);
  now += 40 * 86400; /* the last days are past */
  jobs_posts (jobs, arena, NULL, &all, &n, NULL);
  g_assert_cmpuint (n, ==, 0);
}

int
main (int argc, char **argv)
{
  setlocale (LC_ALL, "C.UTF-8");
  g_test_init (&argc, &argv, NULL);
  package = town_package ();
  town_open (&town, package);
  now = civil_to_day (2026, 6, 1) * 86400 + 4 * 3600;
  settle_town ();
  GError *error = NULL;
  agents = agents_open (package, town.registry, &error);
  g_assert_no_error (error);
  notices = notices_open (registry_store (town.registry), &error);
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
  g_test_add_func ("/jobs/open", test_open);
  g_test_add_func ("/jobs/change", test_change);
  g_test_add_func ("/jobs/review", test_review);
  g_test_add_func ("/jobs/spam", test_spam);
  g_test_add_func ("/jobs/posts", test_lists_of_posts);
  int failed = g_test_run ();
  jobs_free (jobs);
  notices_free (notices);
  agents_free (agents);
  town_close (&town);
  policy_free (package);
  return failed;
}
