/* What departments know beside who somebody is hangs together with it: who works away, is
 * insured, leads a firm, stands on a list; and registers have entries that can be. */
#include "county.h"

#include <string.h>

static County *shared; /* 20,000 residents, seed 3 */

#define EACH(s, entity)                                                                                      \
  for (Subject s = county_subject (shared, entity, 1), s##_end = s + county_size (shared, entity);           \
       s < s##_end; s++)

static bool
is_true (Subject s, const char *attribute)
{
  return county_integer (shared, s, attribute, 0) == 1;
}

/* Some parents work elsewhere; somebody stays with the children. */
static void
nobody_is_left_alone (void)
{
  g_autoptr (GHashTable) away = g_hash_table_new (NULL, NULL), adults = g_hash_table_new (NULL, NULL);
  EACH (r, "resident")
  {
    gpointer household = GSIZE_TO_POINTER (county_integer (shared, r, "household", 0));
    if (is_true (r, "lives_away")) {
      g_hash_table_add (away, household);
      g_assert_cmpint (county_age (shared, r), >=, 18);
      g_assert_true (county_is (shared, r, "hukou_place", "本县"));
      g_assert_cmpint (county_integer (shared, r, "employer", 0), ==, 0);
    } else if (county_age (shared, r) >= 18)
      g_hash_table_add (adults, household);
  }
  g_assert_cmpuint (g_hash_table_size (away), >, 30);
  GHashTableIter iter;
  gpointer household;
  for (g_hash_table_iter_init (&iter, away); g_hash_table_iter_next (&iter, &household, NULL);)
    g_assert_true (g_hash_table_contains (adults, household));
}

static void
left_behind_agrees (void)
{
  gint64 children = 0, visited = 0;
  EACH (r, "resident")
  {
    Subject father = county_integer (shared, r, "father", 0),
            mother = county_integer (shared, r, "mother", 0);
    Subject carer = county_integer (shared, r, "carer", 0);
    bool child = is_true (r, "left_behind_child");
    if (child && father && mother) {
      children++;
      g_assert_true (county_integer (shared, father, "lives_away", 1) == 1);
      g_assert_true (county_integer (shared, mother, "lives_away", 1) == 1);
    }
    g_assert_true (!carer || child);
    if (carer) {
      g_assert_false (is_true (carer, "lives_away"));
      g_assert_cmpint (county_integer (shared, carer, "household", 0), ==,
                       county_integer (shared, r, "household", 0));
    }
  }
  EACH (v, "visit")
  {
    Subject whom = county_integer (shared, v, "resident", 0);
    visited++;
    g_assert_true (is_true (whom, "left_behind_child") || is_true (whom, "left_behind_woman"));
    g_assert_cmpint (county_integer (shared, v, "visited_on", 0), <=, shared->summary.as_of);
  }
  g_assert_cmpint (children, >, 3);
  g_assert_cmpint (visited, >, 50);
}

/* The code says the same as the place in words. */
static void
registration_agrees (void)
{
  EACH (r, "resident")
  {
    const char *place = county_text (shared, r, "hukou_place"), *code = county_text (shared, r, "hukou_code");
    Day since = county_integer (shared, r, "resident_since", G_MININT64);
    g_assert_true (since == G_MININT64 || !g_str_equal (place, "本县"));
    if (is_true (r, "residence_permit"))
      g_assert_cmpint (since, <=, county_integer (shared, r, "residence_permit_issued", 0));
    g_assert_cmpint (county_integer (shared, r, "residence_permit_endorsed", G_MAXINT64), >,
                     county_integer (shared, r, "residence_permit_issued", 0));
    if (!*code)
      continue;
    bool county = g_str_has_prefix (code, "350121"), city = g_str_has_prefix (code, "3501");
    bool province = g_str_has_prefix (code, "35");
    g_assert_cmpuint (strlen (code), ==, county ? 9 : 6);
    g_assert_cmpstr (place, ==, county ? "本县" : city ? "本市外县" : province ? "本省外市" : "外省");
  }
}

static void
insurance_agrees (void)
{
  EACH (r, "resident")
  {
    gint64 months = county_integer (shared, r, "insured_months", G_MAXINT64);
    g_assert_cmpint (county_integer (shared, r, "unemployment_insured_months", 0), <=, months);
    if (county_integer (shared, r, "employer", 0) && *county_text (shared, r, "insured_place"))
      g_assert_cmpstr (county_text (shared, r, "insured_place"), ==, "本县");
    if (county_integer (shared, r, "employer", 0) && *county_text (shared, r, "working_capacity"))
      g_assert_cmpstr (county_text (shared, r, "working_capacity"), !=, "完全丧失");
    Subject household = county_integer (shared, r, "household", 0);
    if (county_is (shared, household, "dibao", "享受"))
      g_assert_cmpint (county_integer (shared, household, "homes_owned", 0), <=, 1);
    g_assert_true (!is_true (r, "on_establishment") || county_age (shared, r) >= 20);
    Day graduated = county_integer (shared, r, "graduation_date", 0);
    Day started = county_integer (shared, r, "service_started_on", graduated);
    g_assert_cmpint (graduated, <=, started);
    g_assert_cmpint (started, <=, county_integer (shared, r, "service_completed_on", started));
    g_assert_true (!is_true (r, "founder") || county_integer (shared, r, "employer", 0));
  }
}

/* A firm is led by one of its people; a clinic stands in its village. */
static void
organisations_agree (void)
{
  gint64 led = 0;
  EACH (o, "organisation")
  {
    Subject head = county_integer (shared, o, "representative", 0),
            at = county_integer (shared, o, "place", 0);
    const char *name = county_text (shared, o, "name");
    if (head) {
      led++;
      g_assert_cmpint (county_integer (shared, head, "employer", 0), ==, o);
      g_assert_cmpint (county_age (shared, head), >=, 25);
    }
    g_assert_true (at != 0);
    g_assert_cmpstr (county_text (shared, at, "township"), ==, county_text (shared, o, "township"));
    if (g_str_has_suffix (name, "村卫生室"))
      g_assert_true (county_is (shared, at, "kind", "村") && is_true (at, "health_point"));
    gint64 staff = county_integer (shared, o, "staff", G_MAXINT64);
    g_assert_cmpint (county_integer (shared, o, "insured_staff", 0), <=, staff);
    gint64 senior = county_integer (shared, o, "senior_posts", 0);
    gint64 middle = county_integer (shared, o, "middle_posts", 0);
    g_assert_cmpint (senior + middle, <=, county_integer (shared, o, "professional_posts", G_MAXINT64));
    g_assert_true (!is_true (o, "skill_assessor")
                   || county_integer (shared, o, "assessor_conditions", 1) == 1);
  }
  g_assert_cmpint (led, >, 300);
}

/* Days of a case in the order of the law. */
static void
cases_follow (void)
{
  static const char *const days[]
      = { "known_on", "applied_on", "acceptance_on", "served_on", "notified_on", "hearing_on", "closed_on" };
  gint64 closed = 0;
  EACH (s, "arbitration")
  {
    Day last = G_MININT64;
    for (size_t i = 0; i < G_N_ELEMENTS (days); i++) {
      Day day = county_integer (shared, s, days[i], last);
      g_assert_cmpint (day, >=, last);
      g_assert_cmpint (day, <=, shared->summary.as_of);
      last = day;
    }
    Subject worker = county_integer (shared, s, "resident", 0);
    g_assert_cmpint (county_integer (shared, worker, "employer", 0), ==,
                     county_integer (shared, s, "organisation", 1));
    closed += *county_text (shared, s, "outcome") != 0;
  }
  g_assert_cmpint (closed, >, 0);
}

static void
dealings_follow (void)
{
  EACH (t, "training")
  {
    Day started = county_integer (shared, t, "started_on", 0);
    Day ended = county_integer (shared, t, "ended_on", G_MAXINT64);
    g_assert_cmpint (started, <, ended);
    g_assert_true (!is_true (t, "completed") || ended <= shared->summary.as_of);
  }
  EACH (e, "enrolment")
  g_assert_cmpint (county_integer (shared, e, "enrolled_on", 0), <=,
                   county_integer (shared, county_integer (shared, e, "event", 0), "starts_on", 0));
  EACH (a, "assignment")
  g_assert_cmpint (county_integer (shared, a, "home_unit", 0), !=,
                   county_integer (shared, a, "other_unit", 1));
}

/* Every register has entries, none of them anybody's. */
static void
registers_are_filled (void)
{
  static const struct {
    const char *entity, *label;
  } registers[] = {
    { "event", "name" },   { "matter", "name" },    { "fund", "purpose" },      { "rule_document", "title" },
    { "offer", "name" },   { "agreement", "name" }, { "result", "name" },       { "arbitration", "name" },
    { "flow", NULL },      { "training", NULL },    { "assignment", NULL },     { "appraisal", NULL },
    { "enrolment", NULL }, { "benefit", NULL },     { "school_check", "item" }, { "visit", NULL },
  };
  for (size_t i = 0; i < G_N_ELEMENTS (registers); i++) {
    g_assert_cmpint (county_size (shared, registers[i].entity), >=, 3);
    if (!registers[i].label || g_str_equal (registers[i].label, "item"))
      continue;
    EACH (s, registers[i].entity)
    g_assert_true (g_str_has_prefix (county_text (shared, s, registers[i].label), "样例"));
  }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  shared = county_new (20000, 3);
  g_test_add_func ("/demo/standing/nobody-is-left-alone", nobody_is_left_alone);
  g_test_add_func ("/demo/standing/left-behind", left_behind_agrees);
  g_test_add_func ("/demo/standing/registration", registration_agrees);
  g_test_add_func ("/demo/standing/insurance", insurance_agrees);
  g_test_add_func ("/demo/standing/organisations", organisations_agree);
  g_test_add_func ("/demo/standing/cases", cases_follow);
  g_test_add_func ("/demo/standing/dealings", dealings_follow);
  g_test_add_func ("/demo/standing/registers", registers_are_filled);
  int status = g_test_run ();
  county_free (shared);
  return status;
}
