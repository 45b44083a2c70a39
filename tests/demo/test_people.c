/* People hang together: nobody is older than their parents, works at five or
 * bears a number that could be somebody's. */
#include "county.h"

#include <string.h>

static County *shared; /* 20,000 residents, seed 3 */

#define EACH_RESIDENT(r)                                                                                     \
  for (Subject r = county_subject (shared, "resident", 1), r##_end = r + shared->summary.residents;          \
       r < r##_end; r++)

static void
identities_are_synthetic (void)
{
  g_autoptr (GHashTable) seen = g_hash_table_new (g_str_hash, g_str_equal);
  EACH_RESIDENT (r)
  {
    const char *number = county_text (shared, r, "id_number"), *name = county_text (shared, r, "name");
    Day birth;
    bool male;
    g_assert_cmpint (identity_check_citizen (text_of (number), &birth, &male, NULL), ==, IDENTITY_OK);
    g_assert_cmpint (birth, ==, county_integer (shared, r, "birth_date", 0));
    g_assert_true (male == county_is (shared, r, "sex", "男"));
    g_assert_true (g_str_has_prefix (number, "359"));
    g_assert_cmpint (strncmp (number, "3599", 4), ==, 0); /* no such city in Fujian */
    g_assert_true (g_hash_table_add (seen, (gpointer)number));
    g_assert_nonnull (strstr (name, male ? "测" : "样"));
    const char *phone = county_text (shared, r, "phone");
    g_assert_true (!*phone || (strlen (phone) == 11 && g_str_has_prefix (phone, "100")));
  }
}

/* Members of one household are numbered in a row, the head first. */
static void
households_hang_together (void)
{
  Subject household = 0, head = 0;
  gint64 members = 0, couples = 0, children = 0, parents = 0, size = 0;
  EACH_RESIDENT (r)
  {
    const char *role = county_text (shared, r, "household_role");
    int age = county_age (shared, r);
    if (g_str_equal (role, "户主")) {
      g_assert_cmpint (members, ==, size);
      household = county_integer (shared, r, "household", 0);
      head = r;
      members = 0;
      size = county_integer (shared, household, "size", 0);
      g_assert_cmpint (county_integer (shared, household, "head", 0), ==, head);
      g_assert_cmpint (age, >=, 18);
    }
    g_assert_cmpint (county_integer (shared, r, "household", 0), ==, household);
    members++;
    int of_head = county_age (shared, head);
    if (g_str_equal (role, "配偶")) {
      couples++;
      g_assert_true (county_is (shared, r, "sex", "男") != county_is (shared, head, "sex", "男"));
      g_assert_cmpint (age, >=, 20);
      g_assert_cmpint (ABS (age - of_head), <=, 14);
    }
    if (g_str_equal (role, "子女") && ++children)
      g_assert_cmpint (of_head - age, >=, 16);
    if (g_str_equal (role, "父母") && ++parents)
      g_assert_cmpint (age - of_head, >=, 18);
    if (g_str_equal (role, "孙子女"))
      g_assert_cmpint (of_head - age, >=, 34);
  }
  g_assert_cmpint (couples, >, 3000);
  g_assert_cmpint (children, >, 3000);
  g_assert_cmpint (parents, >, 500);
}

static void
work_is_possible (void)
{
  static const char *const low[] = { "未上过学", "小学", "初中", "高中", NULL };
  gint64 employed = 0;
  EACH_RESIDENT (r)
  {
    int age = county_age (shared, r);
    const CountyFact *work = county_fact (shared, r, "employment_status");
    g_assert_true (!work || age >= 16 || g_str_equal (work->text, "在学")
                   || g_str_equal (work->text, "未就业"));
    Subject employer = county_integer (shared, r, "employer", 0);
    if (county_is (shared, r, "employment_status", "在职")) {
      employed++;
      g_assert_cmpint (employer, !=, 0);
    } else if (work)
      g_assert_cmpint (employer, ==, 0);
    g_assert_cmpint (county_integer (shared, r, "insured_months", 0), <=, MAX (0, age - 16) * 12);
    if (age < 16) {
      g_assert_cmpint (county_fact (shared, r, "monthly_income")->state, ==, REGISTRY_NONE);
      g_assert_null (county_fact (shared, r, "skill_level"));
      g_assert_null (county_fact (shared, r, "title_level"));
    }
    if (*county_text (shared, r, "title_level") && *county_text (shared, r, "education"))
      g_assert_false (g_strv_contains (low, county_text (shared, r, "education")));
    if (county_is (shared, r, "education", "本科"))
      g_assert_cmpint (age, >=, 21);
    if (county_is (shared, r, "employment_status", "在学"))
      g_assert_true (*county_text (shared, r, "school_stage"));
    if (county_integer (shared, r, "medical_professional", 0))
      g_assert_cmpint (employer, !=, 0);
  }
  g_assert_cmpint (employed, >, 5000);
}

static void
schooling_is_possible (void)
{
  gint64 pupils = 0;
  EACH_RESIDENT (r)
  {
    int age = county_age (shared, r);
    const char *stage = county_text (shared, r, "school_stage");
    Subject school = county_integer (shared, r, "school", 0);
    g_assert_true (age < 6 || age > 14 || *stage);
    if (!school)
      continue;
    pupils++;
    g_assert_true (county_is (shared, school, "stage", stage));
    g_assert_cmpint (age, <, 18);
  }
  g_assert_cmpint (pupils, >, 2000);
  gint64 enrolled = 0;
  for (gint64 i = 1; i <= county_size (shared, "school"); i++) {
    Subject s = county_subject (shared, "school", i);
    Subject runs = county_integer (shared, s, "organisation", 0);
    g_assert_cmpstr (county_text (shared, s, "name"), ==, county_text (shared, runs, "name"));
    gint64 here = county_integer (shared, s, "pupils", -1);
    enrolled += here;
    g_assert_cmpint (here, >=, county_integer (shared, s, "classes", -1));
    g_assert_cmpint (here, <=, county_integer (shared, s, "places", -1));
  }
  g_assert_cmpint (enrolled, ==, pupils);
}

static void
belonging_is_consistent (void)
{
  gint64 permits = 0, left_behind = 0, women = 0, taiwan = 0, migrant = 0;
  EACH_RESIDENT (r)
  {
    int age = county_age (shared, r);
    bool here = county_is (shared, r, "hukou_place", "本县");
    Subject household = county_integer (shared, r, "household", 0);
    if (county_integer (shared, r, "residence_permit", 0) && ++permits) {
      g_assert_false (here);
      Day issued = county_integer (shared, r, "residence_permit_issued", 0);
      g_assert_cmpint (issued, >, county_integer (shared, r, "birth_date", 0));
      g_assert_cmpint (issued, <=, shared->summary.as_of);
    }
    if (county_integer (shared, r, "left_behind_child", 0) && ++left_behind) {
      g_assert_cmpint (age, <, 16); /* 国发〔2016〕13号 */
      g_assert_true (here && county_is (shared, r, "hukou_kind", "农业"));
    }
    if (county_integer (shared, r, "left_behind_woman", 0) && ++women)
      g_assert_true (
          county_is (shared, r, "sex", "女")
          && (county_is (shared, r, "marital_status", "已婚") || !county_fact (shared, r, "marital_status")));
    if (county_integer (shared, r, "taiwan", 0) && ++taiwan)
      g_assert_cmpstr (county_text (shared, r, "hukou_place"), ==, "台湾");
    if (county_integer (shared, r, "migrant_child", 0) && ++migrant)
      g_assert_true (!here && age < 16);
    if (county_is (shared, household, "kind", "家庭户") && !county_integer (shared, r, "taiwan", 0))
      g_assert_true (here == (county_integer (shared, household, "registered_here", 0) == 1));
    g_assert_cmpstr (county_text (shared, r, "township"), ==, county_text (shared, household, "township"));
  }
  g_assert_cmpint (permits, >, 1000);
  g_assert_cmpint (left_behind, >, 50);
  g_assert_cmpint (women, >, 30);
  g_assert_cmpint (taiwan, >, 3);
  g_assert_cmpint (migrant, >, 100);
}

/* Spells of one person follow one another; somebody has the 25 years with a
 * break, somebody in one piece, somebody nearly. */
static void
spells_follow (void)
{
  gint64 n = county_size (shared, "work_spell"), broken = 0, unbroken = 0, nearly = 0, rural = 0, pieces = 0;
  Subject of = 0;
  Day last_end = 0;
  for (gint64 i = 1; i <= n; i++) {
    Subject s = county_subject (shared, "work_spell", i), who = county_integer (shared, s, "resident", 0);
    Day birth = county_integer (shared, who, "birth_date", 0);
    Day from = county_integer (shared, s, "started_on", birth + 18 * 365);
    Day to = county_integer (shared, s, "ended_on", shared->summary.as_of);
    if (who != of)
      rural = pieces = 0, last_end = G_MININT64;
    of = who;
    g_assert_cmpint (from, <=, to);
    g_assert_cmpint (from, >=, birth + 18 * 365);
    if (county_fact (shared, s, "started_on"))
      g_assert_cmpint (from, >, last_end);
    last_end = to;
    if (county_integer (shared, s, "rural", 0))
      rural += to - from, pieces++;
    if (county_integer (shared, s, "ended_on", 0) == 0) {
      broken += rural >= 9131 && pieces > 1;
      unbroken += rural >= 9131 && pieces == 1;
      nearly += rural >= 8400 && rural < 9131;
    }
  }
  g_assert_cmpint (broken, >, 0);
  g_assert_cmpint (unbroken, >, 0);
  g_assert_cmpint (nearly, >, 0);
}

/* ---- showcases --------------------------------------------------------- */

static void
showcases_are_there (void)
{
  size_t n;
  g_autoptr (Arena) arena = arena_new ();
  const DemoShowcase *all = demo_showcases_list (NULL, arena, &n);
  g_assert_cmpuint (n, >=, 15);
  for (size_t i = 0; i < n; i++) {
    Subject s;
    g_assert_true (registry_subject_parse (shared->schema, text_of (all[i].subject), &s));
    const char *entity = registry_subject_entity (shared->schema, s)->id;
    g_assert_cmpint (subject_number (s), <=, county_size (shared, entity));
    g_assert_true (g_utf8_validate (all[i].zh, -1, NULL) && *all[i].en);
    g_assert_true (i == 0 || all[i].clause >= all[i - 1].clause);
  }
}

static void
park_is (gint64 number, gint64 nominated, const char *level, gint64 paid)
{
  Subject park = county_subject (shared, "park", number);
  const CountyFact *stated = county_fact (shared, park, "recognised_level");
  g_assert_cmpint (county_integer (shared, park, "county_nominated", -1), ==, nominated);
  g_assert_cmpint (stated != NULL, ==, level != NULL);
  g_assert_cmpstr (county_text (shared, park, "recognised_level"), ==, level ? level : "");
  g_assert_cmpint (county_integer (shared, park, "county_award_paid", -1), ==, paid * 100);
}

static void
parks_cover_clause_15 (void)
{
  park_is (1, 1, "市级", 0);
  park_is (2, 1, "", 0);
  park_is (3, 1, NULL, 0);
  park_is (4, 1, "省级", 0);
  park_is (5, 1, "市级和省级", 250000);
  park_is (6, 0, "省级", 0);
  park_is (7, -1, "市级", 0);
  Subject qingkou = county_subject (shared, "park", 8);
  g_assert_cmpstr (county_text (shared, qingkou, "name"), ==, "青口汽车工业园区");
}

/* Rural days of the doctors resident-1 … resident-5, up to as_of; −1 when a
 * start is missing. */
static gint64
rural_days (Subject who)
{
  gint64 days = 0;
  for (gint64 i = 1; i <= county_size (shared, "work_spell"); i++) {
    Subject s = county_subject (shared, "work_spell", i);
    if (county_integer (shared, s, "resident", 0) != who || !county_integer (shared, s, "rural", 0))
      continue;
    if (!county_fact (shared, s, "started_on"))
      return -1;
    gint64 end = county_integer (shared, s, "ended_on", shared->summary.as_of - 1);
    days += end + 1 - county_integer (shared, s, "started_on", 0);
  }
  return days;
}

static void
doctors_cover_clause_13 (void)
{
  gint64 needed = shared->summary.as_of - civil_add_months (shared->summary.as_of, -300);
  Subject doctor[6];
  for (int i = 1; i <= 5; i++) {
    doctor[i] = county_subject (shared, "resident", i);
    g_assert_cmpint (county_integer (shared, doctor[i], "medical_professional", 0), ==, 1);
  }
  g_assert_cmpint (rural_days (doctor[1]), >=, needed);
  g_assert_true (county_is (shared, doctor[1], "title_level", "中级"));
  g_assert_cmpint (rural_days (doctor[2]), <, needed);
  g_assert_cmpint (rural_days (doctor[2]), >, 0);
  g_assert_cmpint (rural_days (doctor[3]), ==, -1);
  for (int i = 4; i <= 5; i++) {
    g_assert_cmpint (rural_days (doctor[i]), >=, needed);
    g_assert_null (county_fact (shared, doctor[i], "title_level")); /* none, by the complete load */
    Subject employer = county_integer (shared, doctor[i], "employer", 0);
    g_assert_cmpint (county_integer (shared, employer, "has_vacancy", -1), ==, i == 4);
  }
}

static void
households_cover_clause_23 (void)
{
  Subject h[11];
  for (int i = 6; i <= 10; i++)
    h[i] = county_subject (shared, "household", i);
  for (int i = 6; i <= 8; i++)
    g_assert_cmpint (county_integer (shared, h[i], "registered_here", -1), ==, 1);
  g_assert_cmpint (county_integer (shared, h[9], "registered_here", -1), ==, 0);
  g_assert_null (county_fact (shared, h[10], "assets_within_limits"));
  g_assert_cmpint (county_integer (shared, h[6], "assets_within_limits", -1), ==, 1);
  Subject husband = county_integer (shared, h[8], "head", 0),
          mother = county_integer (shared, h[6], "head", 0);
  g_assert_null (county_fact (shared, husband, "monthly_income"));
  g_assert_cmpint (county_integer (shared, mother, "monthly_income", 0), ==, 90000);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  shared = county_new (20000, 3);
  g_test_add_func ("/demo/people/identities-are-synthetic", identities_are_synthetic);
  g_test_add_func ("/demo/people/households-hang-together", households_hang_together);
  g_test_add_func ("/demo/people/work-is-possible", work_is_possible);
  g_test_add_func ("/demo/people/schooling-is-possible", schooling_is_possible);
  g_test_add_func ("/demo/people/belonging-is-consistent", belonging_is_consistent);
  g_test_add_func ("/demo/people/spells-follow", spells_follow);
  g_test_add_func ("/demo/people/showcases-are-there", showcases_are_there);
  g_test_add_func ("/demo/people/parks-cover-clause-15", parks_cover_clause_15);
  g_test_add_func ("/demo/people/doctors-cover-clause-13", doctors_cover_clause_13);
  g_test_add_func ("/demo/people/households-cover-clause-23", households_cover_clause_23);
  int result = g_test_run ();
  county_free (shared);
  return result;
}
