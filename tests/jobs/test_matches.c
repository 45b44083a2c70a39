/* Who suits whom in a town of two employers: what the law asks for, what is within reach, what an employer
 * may see, and that what is asked next knows of what has changed. */
#include "employers.h"

#include <string.h>

static gint64 turner, driver, driver_too, cleaner, clerk_post;

static gint64
advertise_as (const char *title, const char *occupation, const char *text, const char *kind,
              const char *const *certificates)
{
  JobsAdvertisement says = good ();
  says.title = title;
  says.occupation = occupation;
  says.text = text;
  says.skills = NULL;
  says.kind = kind;
  says.certificates = certificates;
  gint64 id = advertise (&works, &says);
  if (state_of (id) == JOBS_HELD)
    GOES (jobs_review (jobs, &clerk, id, true, NULL, &why));
  return id;
}

static void
settle_posts (void)
{
  static const char *const own_words[] = { "样例厂内上岗证", NULL };
  turner = advertise_as ("招数控车工", "数控车工", "加工铝件，要会识图。", "企业岗位", NULL);
  /* Neither says what the law asks for. */
  driver = advertise_as ("堆高機司機", "堆高機司機", "仓库装卸。", "企业岗位", NULL);
  driver_too = advertise_as ("叉车司机", "叉车司机", "码头装卸。", "企业岗位", own_words);
  cleaner = advertise_as ("保洁员", "保洁员", "打扫公共场所。", "公益性岗位", NULL);
  clerk_post = advertise_as ("会计", "会计", "记账和报税。", "企业岗位", NULL);
}

static void
look_for (const AccessAccount *who, const char *first, const char *second)
{
  const char *occupations[] = { first, second, NULL };
  JobsProfile profile = wishes ();
  profile.occupations = occupations;
  profile.kinds = NULL;
  profile.shown = true;
  GOES (jobs_save_profile (jobs, who, &profile, fresh (), &why));
}

/* The place of POST in LIST; -1: it is not there. */
static int
place_of (const JobsMatch *list, size_t n, gint64 post)
{
  for (size_t i = 0; i < n; i++)
    if (list[i].post->id == post)
      return (int)i;
  return -1;
}

static guint16
points_of (const JobsMatches *m, int place, const char *part)
{
  g_assert_cmpint (place, >=, 0);
  for (size_t p = 0; p < m->market->n_parts; p++)
    if (g_str_equal (m->market->parts[p].id, part))
      return m->matches[place].reasons->points[p];
  g_error ("no part %s", part);
}

static const JobsMatches *
matches_of (Arena *arena, const AccessAccount *who)
{
  GError *error = NULL;
  const JobsMatches *m = jobs_matches (jobs, arena, who, who->subject, 20, &error);
  g_assert_no_error (error);
  for (size_t i = 0; i < m->n; i++) {
    unsigned sum = 0;
    for (size_t p = 0; p < m->market->n_parts; p++)
      sum += m->matches[i].reasons->points[p];
    g_assert_cmpuint (sum, ==, m->matches[i].reasons->score);
    g_assert_cmpint (m->matches[i].reasons->outcome, ==, MARKET_QUALIFIED);
  }
  return m;
}

static void
test_seeker (void)
{
  g_autoptr (Arena) arena = arena_new ();
  look_for (&person, "数控车工", "会计");
  const JobsMatches *m = matches_of (arena, &person);
  g_assert_cmpuint (m->n_looked, ==, 5);
  g_assert_cmpint (place_of (m->matches, m->n, turner), ==, 0);
  g_assert_cmpint (place_of (m->matches, m->n, clerk_post), >, 0);
  g_assert_cmpint (place_of (m->matches, m->n, driver), ==, -1);
  g_assert_cmpuint (m->n_within, ==, 0);
  /* By what the record has: a miller since 2018 is near to a turner. */
  const Market *market = m->market;
  for (size_t p = 0; p < market->n_parts; p++)
    if (g_str_equal (market->parts[p].id, "practised"))
      g_assert_cmpuint (m->matches[0].reasons->points[p], >, 0);
}

/* Under any of its names the work asks for the certificate of the law, and it is said what is missing. */
static void
test_within_reach (void)
{
  g_autoptr (Arena) arena = arena_new ();
  look_for (&person, "chache", NULL);
  const JobsMatches *m = matches_of (arena, &person);
  g_assert_cmpint (place_of (m->matches, m->n, driver), ==, -1);
  g_assert_cmpuint (m->n_within, ==, 2);
  int at = place_of (m->within, m->n_within, driver), too = place_of (m->within, m->n_within, driver_too);
  g_assert_cmpint (at, >=, 0);
  g_assert_cmpint (too, >=, 0);
  const JobsGap *gap = m->within[at].gaps;
  g_assert_true (gap[0].is_certificate);
  g_assert_nonnull (strstr (gap[0].law, "特种设备安全法"));
  /* What an employer asks for under a name of its own is asked for. */
  gap = m->within[too].gaps;
  bool own = false;
  for (size_t i = 0; i < m->within[too].n_gaps; i++)
    own = own || g_str_equal (gap[i].name.zh, "样例厂内上岗证");
  g_assert_true (own);
}

static void
test_one (void)
{
  g_autoptr (Arena) arena = arena_new ();
  GError *error = NULL;
  const JobsMatches *m = jobs_match (jobs, arena, &person, person.subject, driver, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (m->n, ==, 1);
  g_assert_cmpint (m->matches[0].reasons->outcome, ==, MARKET_NOT_QUALIFIED);
  g_assert_null (jobs_match (jobs, arena, &person, person.subject, 99, &error));
  g_assert_error (error, FAULT, FAULT_NOT_FOUND);
  g_clear_error (&error);
}

static void
test_welfare (void)
{
  g_autoptr (Arena) arena = arena_new ();
  look_for (&person, "保洁员", NULL);
  look_for (&hard, "保洁员", NULL);
  const JobsMatches *of_person = matches_of (arena, &person), *of_hard = matches_of (arena, &hard);
  g_assert_cmpint (place_of (of_person->matches, of_person->n, cleaner), ==, -1);
  g_assert_cmpint (place_of (of_hard->matches, of_hard->n, cleaner), >=, 0);
}

/* Posts near home for whom the clause names, and the services that it gives them. */
static void
test_near_home (void)
{
  static const Said said[]
      = { { "name", "郑样例" },       { "birth_date", "1990-04-01" }, { "township", "350121001" },
          { "veteran", "true" },      { "founder", "false" },         { "needy_student", "false" },
          { "hukou_kind", "非农业" }, { "employment_form", NULL } };
  g_autoptr (Arena) arena = arena_new ();
  GError *error = NULL;
  size_t n;
  AccessAccount veteran = { .name = "veteran", .role = ACCESS_RESIDENT };
  RegistryWriter *writer = registry_writer_new (town.registry, NULL);
  veteran.subject = settle (writer, "resident", said, G_N_ELEMENTS (said));
  g_assert_true (registry_writer_commit (writer, NULL));
  registry_writer_free (writer);
  look_for (&veteran, "数控车工", NULL);
  const JobsMatches *m = matches_of (arena, &veteran), *other;
  g_assert_cmpuint (points_of (m, place_of (m->matches, m->n, turner), "near-home"), ==, 8);
  look_for (&person, "数控车工", NULL);
  other = matches_of (arena, &person);
  g_assert_cmpuint (points_of (other, place_of (other->matches, other->n, turner), "near-home"), ==, 0);
  const PolicyProvision *const *services = jobs_services (jobs, arena, &veteran, &n, &error);
  g_assert_no_error (error);
  bool near_home = false;
  for (size_t i = 0; i < n; i++)
    near_home = near_home || g_str_equal (services[i]->id, "near-home");
  g_assert_true (near_home);
  g_assert_null (jobs_services (jobs, arena, &clerk, &n, &error));
  g_assert_error (error, FAULT, FAULT_DENIED);
  g_clear_error (&error);
  GOES (jobs_erase_profile (jobs, &veteran, &why));
}

static void
test_whom (void)
{
  g_autoptr (Arena) arena = arena_new ();
  GError *error = NULL;
  g_assert_null (jobs_matches (jobs, arena, &child, child.subject, 5, &error));
  g_assert_error (error, FAULT, FAULT_NOT_FOUND); /* no profile */
  g_clear_error (&error);
  g_assert_null (jobs_matches (jobs, arena, &hard, person.subject, 5, &error));
  g_assert_error (error, FAULT, FAULT_DENIED);
  g_clear_error (&error);
  g_assert_null (jobs_matches (jobs, arena, &stranger, person.subject, 5, &error));
  g_assert_error (error, FAULT, FAULT_DENIED);
  g_clear_error (&error);
  /* A clerk of the clause's office may, at the counter. */
  g_assert_nonnull (jobs_matches (jobs, arena, &clerk, person.subject, 5, &error));
  g_assert_no_error (error);
  g_assert_null (jobs_candidates (jobs, arena, &shop, turner, 5, &error));
  g_assert_error (error, FAULT, FAULT_DENIED);
  g_clear_error (&error);
}

static size_t
n_candidates (gint64 post)
{
  g_autoptr (Arena) arena = arena_new ();
  GError *error = NULL;
  const JobsMatches *m = jobs_candidates (jobs, arena, &works, post, 20, &error);
  g_assert_no_error (error);
  for (size_t i = 0; i < m->n; i++) {
    g_assert_nonnull (strstr (m->matches[i].profile->name, "＊"));
    g_assert_cmpint (m->matches[i].reasons->outcome, ==, MARKET_QUALIFIED);
  }
  return m->n;
}

/* Shown by their consent alone, and gone as soon as they hide. */
static void
test_candidates (void)
{
  static const char *const nothing[] = { NULL }, *const work[] = { "保洁员", "数控车工", NULL },
                           *const recognised[] = { "hard_to_employ", NULL };
  JobsProfile profile = wishes ();
  look_for (&person, "数控车工", NULL);
  GOES (jobs_erase_profile (jobs, &hard, &why));
  g_assert_cmpuint (n_candidates (turner), ==, 1);
  g_assert_cmpuint (n_candidates (cleaner), ==, 0);
  profile.occupations = work;
  profile.kinds = NULL;
  profile.shown = true;
  profile.consented = nothing; /* not that they are hard to employ */
  GOES (jobs_save_profile (jobs, &hard, &profile, fresh (), &why));
  g_assert_cmpuint (n_candidates (cleaner), ==, 0);
  g_assert_cmpuint (n_candidates (turner), ==, 2);
  profile.consented = recognised;
  GOES (jobs_save_profile (jobs, &hard, &profile, fresh (), &why));
  g_assert_cmpuint (n_candidates (cleaner), ==, 1);
  profile.shown = false;
  GOES (jobs_save_profile (jobs, &hard, &profile, fresh (), &why));
  g_assert_cmpuint (n_candidates (cleaner), ==, 0);
  GOES (jobs_erase_profile (jobs, &person, &why));
  g_assert_cmpuint (n_candidates (turner), ==, 0);
}

/* What is closed, past or changed is not what it was. */
static void
test_changes (void)
{
  g_autoptr (Arena) arena = arena_new ();
  JobsAdvertisement says = good ();
  look_for (&person, "会计", "数控车工");
  const JobsMatches *m = matches_of (arena, &person);
  g_assert_cmpint (place_of (m->matches, m->n, clerk_post), >=, 0);
  says.title = "仓库管理员";
  says.text = "清点货物。";
  says.occupation = "仓库管理员";
  says.skills = NULL;
  GOES (jobs_change (jobs, &works, clerk_post, &says, fresh (), &why));
  m = matches_of (arena, &person);
  g_assert_cmpint (place_of (m->matches, m->n, clerk_post), ==, -1);
  g_assert_cmpint (place_of (m->matches, m->n, turner), ==, 0);
  GOES (jobs_close (jobs, &works, turner, JOBS_FILLED, NULL, &why));
  m = matches_of (arena, &person);
  g_assert_cmpint (place_of (m->matches, m->n, turner), ==, -1);
  g_assert_cmpuint (m->n_looked, ==, 4);
  now += 40 * 86400;
  m = matches_of (arena, &person);
  g_assert_cmpuint (m->n, ==, 0);
  g_assert_cmpuint (m->n_looked, ==, 0);
}

/* A work that no table has is found by its words, among what the law lets one have, and says what the words
 * gave. */
static void
test_words (void)
{
  static const char *const certificate[] = { "样例叮咚证", NULL };
  g_autoptr (Arena) arena = arena_new ();
  gint64 known = advertise_as ("叮咚师", "叮咚师", "敲样例叮咚。", "企业岗位", NULL),
         barred = advertise_as ("高级叮咚师", "叮咚师", "教样例叮咚。", "企业岗位", certificate);
  look_for (&person, "叮咚师", NULL);
  const JobsMatches *m = matches_of (arena, &person);
  int at = place_of (m->matches, m->n, known);
  g_assert_cmpint (at, ==, 0);
  g_assert_cmpuint (m->matches[at].words, >, 0);
  g_assert_cmpuint (m->matches[at].words, <=, JOBS_WORDS_POINTS);
  g_assert_cmpint (place_of (m->matches, m->n, barred), ==, -1);
  look_for (&person, "会计", NULL);
  m = matches_of (arena, &person);
  at = place_of (m->matches, m->n, known);
  g_assert_true (at < 0 || !m->matches[at].words);
}

/* Threads ask while posts come: each has all that were there when it asked. */
typedef struct {
  gint64 least; /* posts that were there */
  bool wrong;
} Asking;

static gpointer
ask_often (gpointer data)
{
  Asking *asking = data;
  for (int i = 0; i < 30; i++) {
    g_autoptr (Arena) arena = arena_new ();
    const JobsMatches *m = jobs_matches (jobs, arena, &person, person.subject, 5, NULL);
    asking->wrong = asking->wrong || !m || (gint64)m->n_looked < asking->least;
  }
  return NULL;
}

static void
test_threads (void)
{
  GThread *threads[3];
  Asking asking[G_N_ELEMENTS (threads)];
  g_autoptr (Arena) arena = arena_new ();
  look_for (&person, "会计", NULL);
  gint64 least = (gint64)matches_of (arena, &person)->n_looked;
  for (size_t i = 0; i < G_N_ELEMENTS (threads); i++) {
    asking[i] = (Asking){ .least = least };
    threads[i] = g_thread_new ("asks", ask_often, &asking[i]);
  }
  for (int i = 0; i < 5; i++) {
    g_autofree char *title = g_strdup_printf ("仓管%d组", i), *text = g_strdup_printf ("第%d组仓管。", i);
    advertise_as (title, "仓库管理员", text, "企业岗位", NULL);
  }
  for (size_t i = 0; i < G_N_ELEMENTS (threads); i++) {
    g_thread_join (threads[i]);
    g_assert_false (asking[i].wrong);
  }
  g_assert_cmpint ((gint64)matches_of (arena, &person)->n_looked, ==, least + 5);
}

/* ---- being told ------------------------------------------------------------------------ */

static size_t
n_told (const AccessAccount *who)
{
  g_autoptr (Arena) arena = arena_new ();
  NoticeFilter filter = { .limit = 50 };
  size_t n, told = 0;
  const NoticeItem *items = notices_inbox (notices, arena, who, &filter, &n, NULL);
  for (size_t i = 0; i < n; i++)
    told += g_str_equal (items[i].kind, "job-matches");
  return told;
}

static JobsAlerts
look (void)
{
  JobsAlerts report;
  GOES (jobs_alert (jobs, &report, &why));
  return report;
}

static void
want_alerts (const AccessAccount *who, const char *occupation, bool alerts)
{
  const char *occupations[] = { occupation, NULL };
  JobsProfile profile = { .occupations = occupations, .alerts = alerts };
  GOES (jobs_save_profile (jobs, who, &profile, fresh (), &why));
}

/* Once a day, of what is new and theirs to have, and not those who do not want it. */
static void
test_alerts (void)
{
  look ();
  want_alerts (&person, "会计", true);
  want_alerts (&hard, "会计", false);
  g_assert_cmpuint (look ().people, ==, 0); /* no post has changed */
  advertise_as ("会计", "会计", "记账。", "企业岗位", NULL);
  JobsAlerts report = look ();
  g_assert_cmpuint (report.people, ==, 1);
  g_assert_cmpuint (report.told, ==, 1);
  g_assert_cmpuint (n_told (&person), ==, 1);
  g_assert_cmpuint (n_told (&hard), ==, 0);
  g_assert_cmpuint (look ().people, ==, 0);
  advertise_as ("出纳会计", "会计", "出纳。", "企业岗位", NULL);
  look ();
  g_assert_cmpuint (n_told (&person), ==, 1); /* the same day */
  now += 86400;
  advertise_as ("叉车司机", "叉车司机", "码头。", "企业岗位", NULL);
  look ();
  g_assert_cmpuint (n_told (&person), ==, 1); /* nothing for them */
  advertise_as ("主管会计", "会计", "报税。", "企业岗位", NULL);
  look ();
  g_assert_cmpuint (n_told (&person), ==, 2);
  want_alerts (&person, "会计", false);
  now += 86400;
  advertise_as ("成本会计", "会计", "成本。", "企业岗位", NULL);
  look ();
  g_assert_cmpuint (n_told (&person), ==, 2);
}

/* More posts of one kind than two lists hold: one that is in neither is brought to somebody. */
static void
test_brought_out (void)
{
  enum { MANY = 24 };
  g_autoptr (Arena) arena = arena_new ();
  GError *error = NULL;
  want_alerts (&person, "保洁员", true);
  want_alerts (&hard, "保洁员", true);
  for (int i = 0; i < MANY; i++) {
    g_autofree char *title = g_strdup_printf ("保洁员%d班", i), *text = g_strdup_printf ("打扫第%d栋。", i);
    advertise_as (title, "保洁员", text, "企业岗位", NULL);
  }
  JobsAlerts report = look ();
  g_assert_cmpuint (report.unseen, >, 0);
  g_assert_cmpuint (report.brought_out, >, 0);
  const AccessAccount *both[] = { &person, &hard };
  size_t brought = 0;
  for (size_t k = 0; k < G_N_ELEMENTS (both); k++) {
    const JobsMatches *m = jobs_matches (jobs, arena, both[k], both[k]->subject, 20, &error);
    g_assert_no_error (error);
    g_assert_cmpuint (m->n, ==, 20);
    for (size_t i = 0; i < m->n; i++) {
      brought += m->matches[i].surfaced;
      g_assert_true (!m->matches[i].surfaced || i == 19); /* below the others */
    }
  }
  g_assert_cmpuint (brought, ==, report.brought_out);
}

/* Who may drive a lorry may drive a delivery van; nobody without a licence may. */
static void
test_included (void)
{
  g_autoptr (Arena) arena = arena_new ();
  GError *error = NULL;
  gint64 van = advertise_as ("送货员", "送货员", "面包车送货。", "企业岗位", NULL);
  look_for (&person, "送货员", NULL);
  const JobsMatches *m = jobs_match (jobs, arena, &person, person.subject, van, &error);
  g_assert_no_error (error);
  g_assert_cmpint (m->matches[0].reasons->outcome, ==, MARKET_NOT_QUALIFIED);
  g_autofree char *resident = g_strdup_printf ("resident-%" G_GINT64_FORMAT, subject_number (person.subject));
  const Said licence[]
      = { { "resident", resident }, { "name", "B2驾照" }, { "valid_until", NULL }, { "revoked_on", NULL } };
  RegistryWriter *writer = registry_writer_new (town.registry, NULL);
  settle (writer, "certificate", licence, G_N_ELEMENTS (licence));
  g_assert_true (registry_writer_commit (writer, NULL));
  registry_writer_free (writer);
  m = jobs_match (jobs, arena, &person, person.subject, van, &error);
  g_assert_no_error (error);
  g_assert_cmpint (m->matches[0].reasons->outcome, ==, MARKET_QUALIFIED);
}

int
main (int argc, char **argv)
{
  employers_open (&argc, &argv);
  settle_posts ();
  g_test_add_func ("/jobs/matches/seeker", test_seeker);
  g_test_add_func ("/jobs/matches/within-reach", test_within_reach);
  g_test_add_func ("/jobs/matches/one", test_one);
  g_test_add_func ("/jobs/matches/welfare", test_welfare);
  g_test_add_func ("/jobs/matches/near-home", test_near_home);
  g_test_add_func ("/jobs/matches/whom", test_whom);
  g_test_add_func ("/jobs/matches/candidates", test_candidates);
  g_test_add_func ("/jobs/matches/changes", test_changes);
  g_test_add_func ("/jobs/matches/words", test_words);
  g_test_add_func ("/jobs/matches/threads", test_threads);
  g_test_add_func ("/jobs/matches/alerts", test_alerts);
  g_test_add_func ("/jobs/matches/brought-out", test_brought_out);
  g_test_add_func ("/jobs/matches/included", test_included);
  int failed = g_test_run ();
  employers_close ();
  return failed;
}
