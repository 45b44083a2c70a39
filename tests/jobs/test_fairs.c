/* A job fair in a town of two employers, from its announcement to the interviews. */
#include "employers.h"

#include "allocation/allocation.h"

#include <string.h>

static AccessAccount guests[6];

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
  employers_open (&argc, &argv);
  g_test_add_func ("/jobs/fair", test_fair);
  int failed = g_test_run ();
  employers_close ();
  return failed;
}
