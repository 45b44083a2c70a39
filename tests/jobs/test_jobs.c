/* Advertisements in a town of two employers: what is refused, held and open, with the rule and the place in
 * the text; changes, closing, the office; and the post that the registry has of it. */
#include "town.h"

#include <locale.h>
#include <string.h>
#include "allocation/allocation.h"
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
                     hard = { .name = "second", .role = ACCESS_RESIDENT },
                     child = { .name = "child", .role = ACCESS_RESIDENT },
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

typedef struct {
  const char *attribute, *text; /* NULL: none */
} Said;

static Subject
settle (RegistryWriter *writer, const char *entity_id, const Said *said, size_t n)
{
  GError *error = NULL;
  const RegistrySchema *schema = policy_schema (package);
  const RegistryEntity *entity = registry_schema_entity (schema, entity_id);
  Subject subject = registry_writer_subject (writer, entity);
  for (size_t i = 0; i < n; i++) {
    RegistryFact fact
        = { .attribute = registry_entity_attribute (entity, said[i].attribute), .state = REGISTRY_NONE };
    if (said[i].text)
      registry_fact_parse (schema, fact.attribute, text_of (said[i].text), &fact, &error);
    g_assert_no_error (error);
    RegistryBatch about = { .source = fact.attribute->source, .actor = "test", .recorded_at = now };
    RegistryBatchId batch = registry_writer_batch (writer, &about, &error);
    registry_writer_append (writer, batch, subject, REGISTRY_EVER, REGISTRY_FOREVER, &fact, 1, &error);
    g_assert_no_error (error);
  }
  return subject;
}

/* A complete load, so that what nobody has is known to be none. */
static void
settle_none (RegistryWriter *writer, const char *entity, const char *source)
{
  RegistryBatch about = { .source = source, .actor = "test", .recorded_at = now, .complete_of = entity };
  g_assert_cmpint (registry_writer_batch (writer, &about, NULL), >, 0);
}

static Subject
settle_person (RegistryWriter *writer, const char *name, const char *born, const char *recognised)
{
  const Said said[] = { { "name", name },
                        { "birth_date", born },
                        { "sex", "女" },
                        { "education", "大专" },
                        { "skill_level", "中级工" },
                        { "occupation", "车工" },
                        { "veteran", "false" },
                        { "hard_to_employ", recognised },
                        { "retires_as_cadre", "false" },
                        { "welfare_post_since", NULL },
                        { "welfare_placements", "0" },
                        { "special_hardship", "false" },
                        { "graduation_date", NULL } };
  return settle (writer, "resident", said, G_N_ELEMENTS (said));
}

static void
settle_history (RegistryWriter *writer, Subject whom)
{
  g_autofree char *resident = g_strdup_printf ("resident-%" G_GINT64_FORMAT, subject_number (whom));
  const Said certificate[]
      = { { "resident", resident }, { "name", "电工证" }, { "valid_until", NULL }, { "revoked_on", NULL } },
      past[] = { { "resident", resident },
                 { "name", "焊工证" },
                 { "valid_until", "2020-01-01" },
                 { "revoked_on", NULL } },
      spell[] = { { "resident", resident },
                  { "occupation", "铣工" },
                  { "started_on", "2018-03-01" },
                  { "ended_on", "2022-05-31" } };
  settle_none (writer, "certificate", "县人社局");
  settle_none (writer, "work_spell", "县人社局");
  settle (writer, "certificate", certificate, G_N_ELEMENTS (certificate));
  settle (writer, "certificate", past, G_N_ELEMENTS (past));
  settle (writer, "work_spell", spell, G_N_ELEMENTS (spell));
}

static void
settle_town (void)
{
  RegistryWriter *writer = registry_writer_new (town.registry, NULL);
  const Said of_works = { "name", "样例机械有限公司" }, of_shop = { "name", "样例商店" };
  works.subject = settle (writer, "organisation", &of_works, 1);
  shop.subject = settle (writer, "organisation", &of_shop, 1);
  person.subject = settle_person (writer, "陈样例", "1990-04-01", "false");
  hard.subject = settle_person (writer, "林样例", "1992-04-01", "true");
  child.subject = settle_person (writer, "王样例", "2011-04-01", "false");
  settle_history (writer, person.subject);
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

/* What the registry has of an attribute of SUBJECT, as text; NULL: none. */
static char *
recorded_of (Subject subject, const char *attribute)
{
  g_autoptr (Arena) arena = arena_new ();
  const RegistryEntity *entity = registry_subject_entity (policy_schema (package), subject);
  Text member = text_of (registry_entity_attribute (entity, attribute)->zh);
  FeelPath path = { .n = 1, .members = &member };
  RegistryMoment at = { civil_day_of (now), G_MAXINT64 };
  const RegistryReading *reading = registry_read (town.registry, arena, subject, &path, 1, at, NULL);
  g_assert_nonnull (reading);
  size_t n;
  const RegistryProvenance *const *facts = registry_reading_facts (reading, &n);
  g_assert_cmpuint (n, ==, 1);
  return facts[0]->state == REGISTRY_VALUE ? g_strdup (feel_display (arena, facts[0]->value)) : NULL;
}

/* The same of ID's post. */
static char *
recorded (gint64 id, const char *attribute)
{
  g_autoptr (Arena) arena = arena_new ();
  const JobsPost *post = jobs_post (jobs, arena, &clerk, id, NULL);
  return recorded_of (post->record, attribute);
}

static void
assert_recorded (gint64 id, const char *attribute, const char *wanted)
{
  g_autofree char *is = recorded (id, attribute);
  g_assert_cmpstr (is, ==, wanted);
}

static void
assert_known (Subject subject, const char *attribute, const char *wanted)
{
  g_autofree char *is = recorded_of (subject, attribute);
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

static const struct {
  JobsSearch search;
  size_t total;
} searches[] = {
  { { .text = "" }, 201 },
  { { .text = "理货员" }, 197 },
  { { .text = "理货员７号" }, 1 },
  { { .text = "车床 理货员7号" }, 1 },
  { { .text = "样例商店 收银员" }, 3 },
  { { .text = "lihuoyuan" }, 197 },
  { { .text = "lhy" }, 197 },
  { { .text = "理活员" }, 197 }, /* a wrong character */
  { { .text = "汽车维修" }, 0 },
  { { .kind = "见习岗位" }, 0 },
  { { .place = "350121001" }, 201 },
  { { .place = "350121100" }, 0 },
  { { .pay_from = 800000 }, 201 },
  { { .pay_from = 800001 }, 0 },
};

static void
test_search (void)
{
  for (size_t i = 0; i < G_N_ELEMENTS (searches); i++) {
    g_autoptr (Arena) arena = arena_new ();
    JobsSearch search = searches[i].search;
    search.limit = 20;
    const JobsFound *found = jobs_search (jobs, arena, &search, NULL);
    g_test_message ("%zu: %zu", i, found->total);
    g_assert_cmpuint (found->total, ==, searches[i].total);
    g_assert_cmpuint (found->n, ==, MIN (20, searches[i].total));
    if (search.place || search.kind || !found->total)
      continue;
    g_assert_cmpuint (found->kinds[0].n, ==, found->total);
    g_assert_cmpstr (found->places[0].value, ==, "350121001");
  }
  g_autoptr (Arena) arena = arena_new ();
  JobsSearch title = { .text = "数控", .limit = 1 }, paged = { .from = 200, .limit = 20 };
  g_assert_cmpstr (jobs_search (jobs, arena, &title, NULL)->posts[0].says.title, ==, "数控车工");
  g_assert_cmpuint (jobs_search (jobs, arena, &paged, NULL)->n, ==, 1);
  g_autofree char *endless = g_strnfill (300, 'x');
  JobsSearch too_long = { .text = endless };
  REFUSED (jobs_search (jobs, arena, &too_long, &refused) != NULL, FAULT_INPUT);
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

/* ---- profiles -------------------------------------------------------------------------------- */

static const char *const wished[] = { "数控车工", "铣工", NULL };
static const char *const near[] = { "350121001", NULL };
static const char *const kinds[] = { "企业岗位", "公益性岗位", NULL };
static const char *const consented[] = { "education", "certificates", "work_history", NULL };

static JobsProfile
wishes (void)
{
  return (JobsProfile){ .occupations = wished,
                        .places = near,
                        .kinds = kinds,
                        .pay_from = 600000,
                        .skills = skills,
                        .about = "做过四年铣床。",
                        .consented = consented };
}

static const JobsFact *
fact_of (const JobsFact *facts, size_t n, const char *id)
{
  for (size_t i = 0; i < n; i++)
    if (g_str_equal (facts[i].id, id))
      return &facts[i];
  return NULL;
}

static void
test_profile (void)
{
  g_autoptr (Arena) arena = arena_new ();
  JobsProfile profile = wishes ();
  const char *key = fresh ();
  size_t n;
  REFUSED (jobs_profile (jobs, arena, &person, &refused) != NULL, FAULT_NOT_FOUND);
  REFUSED (jobs_save_profile (jobs, &works, &profile, key, &refused), FAULT_DENIED);
  REFUSED (jobs_save_profile (jobs, &clerk, &profile, key, &refused), FAULT_DENIED);
  const JobsFact *facts = jobs_own_facts (jobs, arena, &person, &n, NULL);
  g_assert_cmpstr (fact_of (facts, n, "education")->value, ==, "大专");
  g_assert_cmpstr (fact_of (facts, n, "education")->value_en, ==, "Junior college");
  g_assert_cmpstr (fact_of (facts, n, "certificates")->value, ==, "电工证");
  g_assert_cmpstr (fact_of (facts, n, "work_history")->value, ==, "铣工 2018-03-01—2022-05-31");
  g_assert_null (fact_of (facts, n, "veteran"));
  g_assert_cmpuint (n, ==, 5); /* not the certificate that has run out */
  GOES (jobs_save_profile (jobs, &person, &profile, key, &why));
  GOES (jobs_save_profile (jobs, &person, &profile, key, &why));
  const JobsProfile *saved = jobs_profile (jobs, arena, &person, NULL);
  g_assert_cmpuint (saved->n_facts, ==, 3); /* what they consented to */
  g_assert_false (saved->shown);
  g_assert_cmpstr (saved->occupations[1], ==, "铣工");
  g_assert_cmpstr (saved->name, ==, "陈样例");
  assert_known (person.subject, "seeking_work", "true");
  assert_known (person.subject, "wanted_occupation", "数控车工");
  assert_known (person.subject, "wanted_wage", "6000");
  jobs_seekers (jobs, arena, &works, works.subject, 0, 20, &n, NULL);
  g_assert_cmpuint (n, ==, 0); /* hidden by default */
  profile.shown = true;
  GOES (jobs_save_profile (jobs, &person, &profile, fresh (), &why));
  const JobsProfile *found = jobs_seekers (jobs, arena, &works, works.subject, 0, 20, &n, NULL);
  g_assert_cmpuint (n, ==, 1);
  g_assert_cmpstr (found[0].name, ==, "陈＊＊");
  g_assert_cmpint (found[0].id, ==, saved->id);
  g_assert_cmpuint (found[0].n_facts, ==, 3);
  REFUSED (jobs_seekers (jobs, arena, &shop, works.subject, 0, 20, &n, &refused) != NULL, FAULT_DENIED);
  REFUSED (jobs_seekers (jobs, arena, &person, works.subject, 0, 20, &n, &refused) != NULL, FAULT_DENIED);
}

static const struct {
  const char *occupation, *place, *kind, *about;
  gint64 pay;
} bad_wishes[] = {
  { "<b>车工</b>", "350121001", "企业岗位", "", 0 },
  { "", "350121001", "企业岗位", "", 0 },
  { "车工\n铣工", "350121001", "企业岗位", "", 0 },
  { "车工", "上街", "企业岗位", "", 0 },
  { "车工", "350121001", "随便", "", 0 },
  { "车工", "350121001", "企业岗位", "我的证号 11010519491231002X", 0 },
  { "车工", "350121001", "企业岗位", "", -1 },
};

static void
test_bad_wishes (void)
{
  for (size_t i = 0; i < G_N_ELEMENTS (bad_wishes); i++) {
    JobsProfile profile = wishes ();
    const char *occupations[] = { bad_wishes[i].occupation, NULL }, *places[] = { bad_wishes[i].place, NULL },
               *of_kind[] = { bad_wishes[i].kind, NULL };
    profile.occupations = occupations;
    profile.places = places;
    profile.kinds = of_kind;
    profile.about = bad_wishes[i].about;
    profile.pay_from = bad_wishes[i].pay;
    REFUSED (jobs_save_profile (jobs, &hard, &profile, fresh (), &refused), FAULT_INPUT);
  }
}

/* ---- applications ------------------------------------------------------------------------------ */

static JobsStage
stage_of (const AccessAccount *who, gint64 id)
{
  g_autoptr (Arena) arena = arena_new ();
  const JobsApplication *a = jobs_application (jobs, arena, who, id, NULL);
  g_assert_nonnull (a);
  return a->stage;
}

static gint64
apply (const AccessAccount *who, gint64 post)
{
  GError *error = NULL;
  JobsApplying applying = { .letter = "您好", .contact = "13800000000" };
  gint64 id = jobs_apply (jobs, who, post, &applying, fresh (), &error);
  g_assert_no_error (error);
  return id;
}

static bool
act (const AccessAccount *who, gint64 id, JobsAct which, GError **error)
{
  JobsSlot slots[] = { { now + 86400, "三楼会议室" }, { now + 90000, "三楼会议室" } };
  JobsDeed deed = { .act = which, .words = which == JOBS_REJECT ? "已有合适的人" : NULL };
  if (which == JOBS_PROPOSE) {
    deed.slots = slots;
    deed.n_slots = 2;
  }
  deed.picked = 1;
  deed.first_day = civil_day_of (now) + 3;
  return jobs_act (jobs, who, id, &deed, fresh (), error);
}

static void
test_refused_applications (void)
{
  JobsAdvertisement says = good ();
  JobsApplying nothing = { 0 }, marked = { .letter = "<script>alert(1)</script>" };
  JobsProfile profile = wishes ();
  says.title = "车工二";
  gint64 post = advertise (&works, &says), closed;
  REFUSED (jobs_apply (jobs, &hard, post, &nothing, fresh (), &refused), FAULT_CONFLICT); /* no profile */
  REFUSED (jobs_apply (jobs, &works, post, &nothing, fresh (), &refused), FAULT_DENIED);
  REFUSED (jobs_apply (jobs, &person, 999999, &nothing, fresh (), &refused), FAULT_NOT_FOUND);
  REFUSED (jobs_apply (jobs, &person, post, &marked, fresh (), &refused), FAULT_INPUT);
  REFUSED (jobs_apply (jobs, &person, post, &nothing, NULL, &refused), FAULT_INPUT);
  GOES (jobs_save_profile (jobs, &child, &profile, fresh (), &why));
  REFUSED (jobs_apply (jobs, &child, post, &nothing, fresh (), &refused), FAULT_CONFLICT);
  says.title = "车工三";
  closed = advertise (&works, &says);
  GOES (jobs_close (jobs, &works, closed, JOBS_WITHDRAWN, NULL, &why));
  REFUSED (jobs_apply (jobs, &person, closed, &nothing, fresh (), &refused), FAULT_NOT_FOUND);
  const char *key = fresh ();
  gint64 first = jobs_apply (jobs, &person, post, &nothing, key, NULL);
  g_assert_cmpint (first, >, 0);
  g_assert_cmpint (jobs_apply (jobs, &person, post, &nothing, key, NULL), ==, first);
  REFUSED (jobs_apply (jobs, &person, post, &nothing, fresh (), &refused), FAULT_CONFLICT);
  GOES (act (&person, first, JOBS_DECLINE, &why));
  g_assert_true (was_told (&works, "job-declined"));
  g_assert_cmpint (apply (&person, post), ==, first); /* anew */
  GOES (jobs_close (jobs, &works, post, JOBS_WITHDRAWN, NULL, &why));
  g_assert_cmpint (stage_of (&person, first), ==, JOBS_LAPSED);
  g_assert_true (was_told (&person, "job-lapsed"));
}

/* From the invitation to the first day, and every step that is the other side's or too early on the way. */
static void
test_hired (void)
{
  g_autoptr (Arena) arena = arena_new ();
  JobsAdvertisement says = good ();
  size_t n;
  says.title = "车工四";
  says.posts = 1;
  gint64 post = advertise (&works, &says);
  const JobsProfile *found = jobs_seekers (jobs, arena, &works, works.subject, 0, 20, &n, NULL);
  gint64 id = jobs_invite (jobs, &works, post, found[0].id, "请来看看", fresh (), NULL);
  g_assert_cmpint (id, >, 0);
  REFUSED (jobs_invite (jobs, &works, post, found[0].id, NULL, fresh (), &refused), FAULT_CONFLICT);
  REFUSED (jobs_invite (jobs, &works, post, 999, NULL, fresh (), &refused), FAULT_NOT_FOUND);
  REFUSED (jobs_invite (jobs, &shop, post, found[0].id, NULL, fresh (), &refused), FAULT_DENIED);
  g_assert_true (was_told (&person, "job-invited"));
  const JobsApplication *a = jobs_application (jobs, arena, &works, id, NULL);
  g_assert_cmpstr (a->name, ==, "陈＊＊");
  g_assert_cmpstr (a->profile->name, ==, "陈＊＊");
  REFUSED (jobs_application (jobs, arena, &shop, id, &refused) != NULL, FAULT_NOT_FOUND);
  REFUSED (jobs_application (jobs, arena, &hard, id, &refused) != NULL, FAULT_NOT_FOUND);
  REFUSED (act (&works, id, JOBS_OFFER, &refused), FAULT_CONFLICT);
  g_assert_cmpint (apply (&person, post), ==, id);
  a = jobs_application (jobs, arena, &works, id, NULL);
  g_assert_cmpstr (a->name, ==, "陈样例");
  g_assert_cmpstr (a->contact, ==, "13800000000");
  g_assert_cmpuint (a->profile->n_facts, ==, 3);
  REFUSED (act (&person, id, JOBS_OFFER, &refused), FAULT_DENIED);
  REFUSED (act (&works, id, JOBS_PICK, &refused), FAULT_DENIED);
  REFUSED (act (&person, id, JOBS_PICK, &refused), FAULT_CONFLICT);
  REFUSED (act (&works, id, JOBS_HIRE, &refused), FAULT_CONFLICT);
  GOES (act (&works, id, JOBS_PROPOSE, &why));
  JobsDeed third = { .act = JOBS_PICK, .picked = 2 };
  REFUSED (jobs_act (jobs, &person, id, &third, fresh (), &refused), FAULT_INPUT);
  GOES (act (&person, id, JOBS_PICK, &why));
  a = jobs_application (jobs, arena, &person, id, NULL);
  g_assert_cmpint (a->picked, ==, 1);
  g_assert_cmpint (a->slots[1].starts_at, ==, now + 90000);
  GOES (act (&works, id, JOBS_OFFER, &why));
  GOES (act (&person, id, JOBS_ACCEPT, &why));
  JobsDeed late = { .act = JOBS_HIRE, .first_day = civil_day_of (now) + 400 };
  REFUSED (jobs_act (jobs, &works, id, &late, fresh (), &refused), FAULT_INPUT);
  GOES (act (&works, id, JOBS_HIRE, &why));
  g_assert_cmpint (stage_of (&person, id), ==, JOBS_HIRED);
  REFUSED (act (&person, id, JOBS_DECLINE, &refused), FAULT_CONFLICT);
  g_assert_cmpint (state_of (post), ==, JOBS_CLOSED); /* its one place is taken */
  now += 3 * 86400;
  assert_known (person.subject, "employment_status", "在职");
  assert_known (person.subject, "employment_form", "单位就业");
  assert_known (person.subject, "seeking_work", "false");
  const JobsFact *facts = jobs_own_facts (jobs, arena, &person, &n, NULL);
  char today[16];
  g_autofree char *spell = g_strdup_printf ("数控车工 %s—", civil_format (civil_day_of (now), today));
  g_assert_cmpstr (facts[n - 1].value, ==, spell);
  jobs_seekers (jobs, arena, &works, works.subject, 0, 20, &n, NULL);
  g_assert_cmpuint (n, ==, 0); /* shown to nobody any more */
  a = jobs_application (jobs, arena, &person, id, NULL);
  g_assert_cmpuint (a->n_steps, ==, 7);
  g_assert_cmpint (a->steps[0].act, ==, JOBS_INVITE);
  g_assert_cmpint (a->steps[6].act, ==, JOBS_HIRE);
}

/* Public-welfare posts: held for a clerk, for those recognised alone, and counted. */
static void
test_welfare (void)
{
  JobsAdvertisement says = good ();
  JobsProfile profile = wishes ();
  JobsApplying nothing = { 0 };
  says.title = "社区保洁";
  says.kind = "公益性岗位";
  gint64 post = advertise (&works, &says);
  g_assert_cmpint (state_of (post), ==, JOBS_HELD);
  GOES (jobs_review (jobs, &clerk, post, true, NULL, &why));
  assert_recorded (post, "dedicated_to", "就业困难人员");
  GOES (jobs_save_profile (jobs, &person, &profile, fresh (), &why));
  REFUSED (jobs_apply (jobs, &person, post, &nothing, fresh (), &refused), FAULT_CONFLICT);
  GOES (jobs_save_profile (jobs, &hard, &profile, fresh (), &why));
  gint64 id = apply (&hard, post);
  GOES (act (&works, id, JOBS_OFFER, &why));
  GOES (act (&hard, id, JOBS_ACCEPT, &why));
  GOES (act (&works, id, JOBS_HIRE, &why));
  now += 3 * 86400;
  assert_known (hard.subject, "employment_form", "公益性岗位");
  assert_known (hard.subject, "welfare_placements", "1");
  char first[16];
  civil_format (civil_day_of (now), first);
  assert_known (hard.subject, "welfare_post_since", first);
  GOES (jobs_save_profile (jobs, &hard, &profile, fresh (), &why));
  says.title = "社区绿化";
  gint64 second = advertise (&works, &says);
  GOES (jobs_review (jobs, &clerk, second, true, NULL, &why));
  REFUSED (jobs_apply (jobs, &hard, second, &nothing, fresh (), &refused), FAULT_CONFLICT);
}

static void
test_erase (void)
{
  g_autoptr (Arena) arena = arena_new ();
  JobsAdvertisement says = good ();
  size_t n;
  says.title = "车工五";
  gint64 post = advertise (&works, &says), id = apply (&person, post);
  GOES (jobs_erase_profile (jobs, &person, &why));
  GOES (jobs_erase_profile (jobs, &person, &why));
  REFUSED (jobs_profile (jobs, arena, &person, &refused) != NULL, FAULT_NOT_FOUND);
  g_assert_cmpint (stage_of (&person, id), ==, JOBS_DECLINED);
  assert_known (person.subject, "seeking_work", "false");
  const JobsApplication *a = jobs_application (jobs, arena, &works, id, NULL);
  g_assert_null (a->profile);
  const JobsApplication *all = jobs_applications (jobs, arena, &works, post, 0, 20, &n, NULL);
  g_assert_cmpuint (n, ==, 1);
  g_assert_cmpint (all[0].id, ==, id);
  jobs_applications (jobs, arena, &person, 0, 0, 20, &n, NULL);
  g_assert_cmpuint (n, ==, 3);
  REFUSED (jobs_applications (jobs, arena, &shop, post, 0, 20, &n, &refused) != NULL, FAULT_DENIED);
}

/* ---- fairs ------------------------------------------------------------------------------------- */

static AccessAccount guests[6];

static gint64
profile_of (const AccessAccount *who)
{
  g_autoptr (Arena) arena = arena_new ();
  const JobsProfile *profile = jobs_profile (jobs, arena, who, NULL);
  g_assert_nonnull (profile);
  return profile->id;
}

static void
settle_guests (void)
{
  static char names[G_N_ELEMENTS (guests)][16];
  JobsProfile profile = wishes ();
  RegistryWriter *writer = registry_writer_new (town.registry, NULL);
  for (size_t i = 0; i < G_N_ELEMENTS (guests); i++) {
    g_snprintf (names[i], sizeof names[i], "guest-%zu", i);
    guests[i] = (AccessAccount){ .name = names[i], .role = ACCESS_RESIDENT };
    guests[i].subject = settle_person (writer, "赵样例", "1991-01-01", "false");
  }
  g_assert_true (registry_writer_commit (writer, NULL));
  registry_writer_free (writer);
  for (size_t i = 0; i < G_N_ELEMENTS (guests); i++)
    GOES (jobs_save_profile (jobs, &guests[i], &profile, fresh (), &why));
}

static JobsFair
fair_plan (void)
{
  return (JobsFair){ .name = "样例春季招聘会",
                     .place = "样例体育馆",
                     .day = civil_day_of (now) + 10,
                     .from = 9 * 60,
                     .to = 9 * 60 + 45,
                     .minutes = 15 };
}

static void
test_fair_refusals (gint64 fair, gint64 mill, gint64 till)
{
  g_autoptr (Arena) arena = arena_new ();
  JobsFair bad = fair_plan ();
  const gint64 both[] = { mill, till }, twice[] = { mill, mill }, none[] = { 999999 };
  REFUSED (jobs_plan_fair (jobs, &works, &bad, fresh (), &refused), FAULT_DENIED);
  bad.day = civil_day_of (now) - 1;
  REFUSED (jobs_plan_fair (jobs, &clerk, &bad, fresh (), &refused), FAULT_INPUT);
  bad = fair_plan ();
  bad.minutes = 0;
  REFUSED (jobs_plan_fair (jobs, &clerk, &bad, fresh (), &refused), FAULT_INPUT);
  REFUSED (jobs_join_fair (jobs, &shop, fair, mill, 1, &refused), FAULT_DENIED);
  REFUSED (jobs_join_fair (jobs, &works, fair, mill, 21, &refused), FAULT_INPUT);
  REFUSED (jobs_join_fair (jobs, &works, 999, mill, 1, &refused), FAULT_NOT_FOUND);
  REFUSED (jobs_wish_fair (jobs, &guests[0], fair, twice, 2, &refused), FAULT_INPUT);
  REFUSED (jobs_wish_fair (jobs, &guests[0], fair, none, 1, &refused), FAULT_INPUT);
  REFUSED (jobs_wish_fair (jobs, &person, fair, both, 2, &refused), FAULT_CONFLICT); /* no profile */
  REFUSED (jobs_arrange_fair (jobs, &clerk, fair, &refused), FAULT_CONFLICT);        /* nobody yet */
  REFUSED (jobs_arrange_fair (jobs, &works, fair, &refused), FAULT_DENIED);
  REFUSED (jobs_fair_transcript (jobs, arena, fair, 0, &refused) != NULL, FAULT_NOT_FOUND);
}

/* Six people and two posts, one of them with two interviewers, in three times of a quarter of an hour. */
static void
test_fair (void)
{
  g_autoptr (Arena) arena = arena_new ();
  JobsAdvertisement says = good ();
  JobsFair plan = fair_plan ();
  size_t n;
  settle_guests ();
  says.title = "磨工";
  gint64 mill = advertise (&works, &says);
  says.title = "导购员";
  says.employer = shop.subject;
  gint64 till = advertise (&shop, &says);
  if (state_of (till) == JOBS_HELD)
    GOES (jobs_review (jobs, &clerk, till, true, NULL, &why));
  const char *key = fresh ();
  gint64 fair = jobs_plan_fair (jobs, &clerk, &plan, key, NULL);
  g_assert_cmpint (fair, >, 0);
  g_assert_cmpint (jobs_plan_fair (jobs, &clerk, &plan, key, NULL), ==, fair);
  test_fair_refusals (fair, mill, till);
  assert_known (jobs_fair (jobs, arena, fair, NULL)->event, "kind", "招聘会");
  GOES (jobs_join_fair (jobs, &works, fair, mill, 1, &why));
  GOES (jobs_join_fair (jobs, &shop, fair, till, 2, &why));
  const gint64 mill_first[] = { mill, till }, till_only[] = { till };
  for (size_t i = 0; i < 5; i++)
    GOES (jobs_wish_fair (jobs, &guests[i], fair, mill_first, 2, &why));
  GOES (jobs_wish_fair (jobs, &guests[5], fair, till_only, 1, &why));
  GOES (jobs_wish_fair (jobs, &guests[5], fair, till_only, 1, &why));
  const gint64 ranked[] = { profile_of (&guests[3]), profile_of (&guests[1]) },
               wrong[] = { profile_of (&guests[5]) };
  REFUSED (jobs_rank_fair (jobs, &works, fair, mill, wrong, 1, &refused), FAULT_INPUT);
  REFUSED (jobs_rank_fair (jobs, &shop, fair, mill, ranked, 2, &refused), FAULT_DENIED);
  GOES (jobs_rank_fair (jobs, &works, fair, mill, ranked, 2, &why));
  const JobsProfile *people = jobs_fair_people (jobs, arena, &works, fair, mill, &n, NULL);
  g_assert_cmpuint (n, ==, 5);
  g_assert_cmpint (people[0].id, ==, ranked[0]);
  g_assert_cmpstr (people[0].name, ==, "赵＊＊");
  const JobsStand *stands = jobs_fair_stands (jobs, arena, &guests[5], fair, &n, NULL);
  g_assert_cmpuint (n, ==, 2);
  g_assert_cmpint (stands[0].named, ==, 5);
  g_assert_cmpint (stands[0].wish, ==, 0);
  g_assert_cmpint (stands[1].wish, ==, 1);
  GOES (jobs_arrange_fair (jobs, &clerk, fair, &why));
  GOES (jobs_arrange_fair (jobs, &clerk, fair, &why));
  REFUSED (jobs_wish_fair (jobs, &guests[5], fair, till_only, 1, &refused), FAULT_CONFLICT);
  g_assert_true (was_told (&guests[0], "fair-arranged"));
  g_assert_true (was_told (&shop, "fair-arranged"));
  gint64 first = (plan.day * 24 + 1) * 3600; /* nine in Shanghai */
  const JobsMeeting *met = jobs_fair_meetings (jobs, arena, &works, fair, &n, NULL);
  g_assert_cmpuint (n, ==, 3); /* one interviewer, three times: the ranked first, then who named it first */
  g_assert_cmpint (met[0].profile, ==, ranked[0]);
  g_assert_cmpint (met[1].profile, ==, ranked[1]);
  g_assert_cmpint (met[2].profile, ==, profile_of (&guests[0]));
  g_assert_cmpint (met[0].starts_at, ==, first);
  g_assert_cmpint (met[2].starts_at, ==, first + 2 * 15 * 60);
  met = jobs_fair_meetings (jobs, arena, &shop, fair, &n, NULL);
  g_assert_cmpuint (n, ==, 6); /* two interviewers, three times */
  met = jobs_fair_meetings (jobs, arena, &guests[3], fair, &n, NULL);
  g_assert_cmpint (met[0].post, ==, mill);
  g_assert_null (met[0].name);
  for (size_t i = 1; i < n; i++)
    g_assert_cmpint (met[i].starts_at, >, met[i - 1].starts_at);
  for (int t = 0; t < 3; t++) {
    const char *text = jobs_fair_transcript (jobs, arena, fair, t, NULL);
    size_t checks;
    g_assert_nonnull (text);
    g_assert_null (strstr (text, "样例"));
    const AllocationCheck *check = allocation_verify (arena, text_of (text), "fair", NULL, &checks);
    g_assert_cmpuint (checks, >, 0);
    for (size_t i = 0; i < checks; i++)
      g_assert_null (check[i].fault);
  }
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
  g_test_add_func ("/jobs/open", test_open);
  g_test_add_func ("/jobs/change", test_change);
  g_test_add_func ("/jobs/review", test_review);
  g_test_add_func ("/jobs/spam", test_spam);
  g_test_add_func ("/jobs/search", test_search);
  g_test_add_func ("/jobs/posts", test_lists_of_posts);
  g_test_add_func ("/jobs/profile", test_profile);
  g_test_add_func ("/jobs/bad-wishes", test_bad_wishes);
  g_test_add_func ("/jobs/refused", test_refused_applications);
  g_test_add_func ("/jobs/hired", test_hired);
  g_test_add_func ("/jobs/welfare", test_welfare);
  g_test_add_func ("/jobs/erase", test_erase);
  g_test_add_func ("/jobs/fair", test_fair);
  int failed = g_test_run ();
  jobs_free (jobs);
  notices_free (notices);
  agents_free (agents);
  town_close (&town);
  policy_free (package);
  return failed;
}
