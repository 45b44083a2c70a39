/* People in a town of two employers: profiles, applications to the first day of work, public-welfare posts.
 */
#include "employers.h"

#include <string.h>

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

int
main (int argc, char **argv)
{
  employers_open (&argc, &argv);
  g_test_add_func ("/jobs/profile", test_profile);
  g_test_add_func ("/jobs/bad-wishes", test_bad_wishes);
  g_test_add_func ("/jobs/refused", test_refused_applications);
  g_test_add_func ("/jobs/hired", test_hired);
  g_test_add_func ("/jobs/welfare", test_welfare);
  g_test_add_func ("/jobs/erase", test_erase);
  int failed = g_test_run ();
  employers_close ();
  return failed;
}
