#include "employers.h"

#include "support.h"

#include <locale.h>

PolicyPackage *package;
Town town;
Jobs *jobs;
Notices *notices;
gint64 now;
static Agents *agents;

AccessAccount works = { .name = "works", .role = ACCESS_REPRESENTATIVE, .zh = "样例机械" },
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

const char *
fresh (void)
{
  static char key[32];
  static unsigned number;
  g_snprintf (key, sizeof key, "key-%u", ++number);
  return key;
}

/* ---- the town -------------------------------------------------------------------------- */

Subject
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
void
settle_none (RegistryWriter *writer, const char *entity, const char *source)
{
  RegistryBatch about = { .source = source, .actor = "test", .recorded_at = now, .complete_of = entity };
  g_assert_cmpint (registry_writer_batch (writer, &about, NULL), >, 0);
}

Subject
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

const char *const skills[] = { "数控车床", "识图", NULL };

JobsAdvertisement
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

gint64
advertise (const AccessAccount *who, const JobsAdvertisement *says)
{
  GError *error = NULL;
  gint64 id = jobs_advertise (jobs, who, says, fresh (), &error);
  g_assert_no_error (error);
  g_assert_cmpint (id, >, 0);
  return id;
}

JobsState
state_of (gint64 id)
{
  g_autoptr (Arena) arena = arena_new ();
  const JobsPost *post = jobs_post (jobs, arena, &clerk, id, NULL);
  g_assert_nonnull (post);
  return post->state;
}

/* What the registry has of an attribute of SUBJECT, as text; NULL: none. */
char *
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
char *
recorded (gint64 id, const char *attribute)
{
  g_autoptr (Arena) arena = arena_new ();
  const JobsPost *post = jobs_post (jobs, arena, &clerk, id, NULL);
  return recorded_of (post->record, attribute);
}

void
assert_recorded (gint64 id, const char *attribute, const char *wanted)
{
  g_autofree char *is = recorded (id, attribute);
  g_assert_cmpstr (is, ==, wanted);
}

void
assert_known (Subject subject, const char *attribute, const char *wanted)
{
  g_autofree char *is = recorded_of (subject, attribute);
  g_assert_cmpstr (is, ==, wanted);
}

bool
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

static const char *const wished[] = { "数控车工", "铣工", NULL };
static const char *const near[] = { "350121001", NULL };
static const char *const kinds[] = { "企业岗位", "公益性岗位", NULL };
static const char *const consented[] = { "education", "certificates", "work_history", NULL };

JobsProfile
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

JobsStage
stage_of (const AccessAccount *who, gint64 id)
{
  g_autoptr (Arena) arena = arena_new ();
  const JobsApplication *a = jobs_application (jobs, arena, who, id, NULL);
  g_assert_nonnull (a);
  return a->stage;
}

gint64
apply (const AccessAccount *who, gint64 post)
{
  GError *error = NULL;
  JobsApplying applying = { .letter = "您好", .contact = "13800000000" };
  gint64 id = jobs_apply (jobs, who, post, &applying, fresh (), &error);
  g_assert_no_error (error);
  return id;
}

bool
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

gint64
profile_of (const AccessAccount *who)
{
  g_autoptr (Arena) arena = arena_new ();
  const JobsProfile *profile = jobs_profile (jobs, arena, who, NULL);
  g_assert_nonnull (profile);
  return profile->id;
}

/* ---- opening -------------------------------------------------------------------------------- */

void
employers_open (int *argc, char ***argv)
{
  GError *error = NULL;
  setlocale (LC_ALL, "C.UTF-8");
  g_test_init (argc, argv, NULL);
  package = town_package ();
  town_open (&town, package);
  now = civil_to_day (2026, 6, 1) * 86400 + 4 * 3600;
  settle_town ();
  agents = agents_open (package, town.registry, &error);
  g_assert_no_error (error);
  notices = notices_open (registry_store (town.registry), &error);
  g_assert_no_error (error);
  JobsOptions options = {
    .package = package, .registry = town.registry, .access = town.access, .agents = agents, .clock = clock_
  };
  jobs = jobs_open (&options, &error);
  g_assert_no_error (error);
}

void
employers_close (void)
{
  jobs_free (jobs);
  notices_free (notices);
  agents_free (agents);
  town_close (&town);
  policy_free (package);
}
