/* Advertisements in a town of two employers: what is refused, held and open, with the rule and the place in
 * the text; changes, closing, the office; and the post that the registry has of it. */
#include "employers.h"

#include <string.h>

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

int
main (int argc, char **argv)
{
  employers_open (&argc, &argv);
  g_test_add_func ("/jobs/open", test_open);
  g_test_add_func ("/jobs/change", test_change);
  g_test_add_func ("/jobs/review", test_review);
  g_test_add_func ("/jobs/spam", test_spam);
  g_test_add_func ("/jobs/search", test_search);
  g_test_add_func ("/jobs/posts", test_lists_of_posts);
  int failed = g_test_run ();
  employers_close ();
  return failed;
}
