/* src/jobs through a store on disk: POSTS advertisements of firms of 200 each, one after the other; then
 * people who look for work among them, each saving a profile, asking for their best 20 and searching; what
 * the first of them waits for when the posts have changed; and one employer that advertises 10,000 posts.
 *
 *     build-bench/bench/jobs [POSTS]        default 100000
 *
 * Everything shown is qualified and its points add up.  The 99th percentile of asking is at most 10 ms: the
 * profile, the record, the market, the posts that are shown and the entry in the log are in it, the page is
 * not. */
#include "employers.h"

#include "bench.h"

enum {
  OF_ONE = 200,
  PEOPLE = 200,
  ASKS = 1000,
  K = 20,
  WANTED = 10000,
  CHANGES = 20,
  P99_MOST = 10 /* ms */
};

static const char *const places[] = { "350121001", "350121101", "350121103", "350121105", "350121200" };

static const VocabularyConcept *occupations, *skill_names;
static size_t n_occupations, n_skills;

/* ---- who advertises ------------------------------------------------------------------------ */

static AccessAccount *firms;
static AccessAccount people[PEOPLE];

static void
settle_firms (size_t n)
{
  RegistryWriter *writer = registry_writer_new (town.registry, NULL);
  firms = g_new0 (AccessAccount, n);
  for (size_t i = 0; i < n; i++) {
    g_autofree char *name = g_strdup_printf ("样例企业%zu号", i + 1);
    const Said said = { "name", name };
    firms[i] = (AccessAccount){ .name = g_strdup_printf ("firm-%zu", i + 1),
                                .role = ACCESS_REPRESENTATIVE,
                                .zh = g_strdup (name) };
    firms[i].subject = settle (writer, "organisation", &said, 1);
  }
  for (int i = 0; i < PEOPLE; i++) {
    g_autofree char *name = g_strdup_printf ("样例%d号", i + 1);
    people[i] = (AccessAccount){ .name = g_strdup_printf ("person-%d", i + 1), .role = ACCESS_RESIDENT };
    people[i].subject = settle_person (writer, name, "1990-04-01", i % 5 ? "false" : "true");
  }
  bench_check (registry_writer_commit (writer, NULL), NULL);
  registry_writer_free (writer);
}

/* The occupation number I, not a group. */
static const char *
occupation (size_t i)
{
  while (occupations[i % n_occupations].is_group)
    i++;
  return occupations[i % n_occupations].zh;
}

/* The advertisement number I; its id. */
static gint64
advertise_one (const AccessAccount *firm, size_t i)
{
  g_autofree char *text
      = g_strdup_printf ("第%zu车间招人。每周五天，每天八小时，缴纳五险。带教三个月，包午餐，有班车。", i);
  const char *own_skills[] = { skill_names[i % n_skills].zh, skill_names[(i * 7 + 3) % n_skills].zh, NULL };
  JobsAdvertisement says = good ();
  says.employer = firm->subject;
  says.title = says.occupation = occupation (i * 31);
  says.text = text;
  says.skills = own_skills;
  says.place = places[i % G_N_ELEMENTS (places)];
  says.pay_from = 300000 + (gint64)(i % 40) * 10000;
  says.pay_to = says.pay_from + 200000;
  GError *error = NULL;
  gint64 id = jobs_advertise (jobs, firm, &says, fresh (), &error);
  bench_check (id > 0, error);
  return id;
}

/* ---- who looks ------------------------------------------------------------------------------- */

static void
look_for (int i)
{
  const char *wished[] = { occupation ((size_t)i * 53), occupation ((size_t)i * 53 + 11), NULL },
             *own_skills[] = { skill_names[(size_t)i * 5 % n_skills].zh, NULL },
             *own_places[] = { places[i % (int)G_N_ELEMENTS (places)], NULL };
  JobsProfile profile = wishes ();
  profile.occupations = wished;
  profile.skills = own_skills;
  profile.places = own_places;
  profile.kinds = NULL;
  GError *error = NULL;
  bench_check (jobs_save_profile (jobs, &people[i], &profile, fresh (), &error), error);
}

static size_t
ask (const AccessAccount *who)
{
  g_autoptr (Arena) arena = arena_new ();
  GError *error = NULL;
  const JobsMatches *m = jobs_matches (jobs, arena, who, who->subject, K, &error);
  bench_check (m != NULL, error);
  for (size_t i = 0; i < m->n; i++) {
    unsigned sum = 0;
    for (size_t p = 0; p < m->market->n_parts; p++)
      sum += m->matches[i].reasons->points[p];
    bench_check (m->matches[i].reasons->outcome == MARKET_QUALIFIED && sum == m->matches[i].reasons->score,
                 NULL);
  }
  return m->n;
}

static void
search (const char *text)
{
  g_autoptr (Arena) arena = arena_new ();
  GError *error = NULL;
  JobsSearch wanted = { .text = text, .limit = K };
  const JobsFound *found = jobs_search (jobs, arena, &wanted, &error);
  bench_check (found != NULL && found->n > 0, error);
}

/* ---- figures --------------------------------------------------------------------------------- */

static double
milliseconds (void)
{
  return bench_seconds (CLOCK_MONOTONIC) * 1000;
}

/* The 99th percentile. */
static double
report (const char *what, double *times, size_t n)
{
  double median = bench_median (times, n), p99 = times[n * 99 / 100];
  printf ("%s: median %.2f ms, p99 %.2f ms, longest %.2f ms (%zu)\n", what, median, p99, times[n - 1], n);
  return p99;
}

static void
measure_advertising (size_t posts)
{
  g_autofree double *times = g_new (double, posts);
  for (size_t i = 0; i < posts; i++) {
    double start = milliseconds ();
    advertise_one (&firms[i / OF_ONE], i);
    times[i] = milliseconds () - start;
  }
  report ("an advertisement", times, posts);
}

static void
measure_asking (size_t posts)
{
  static double saved[PEOPLE], asked[ASKS], searched[ASKS], first[CHANGES];
  for (int i = 0; i < PEOPLE; i++) {
    double start = milliseconds ();
    look_for (i);
    saved[i] = milliseconds () - start;
  }
  report ("a profile", saved, PEOPLE);
  double start = milliseconds ();
  ask (&people[0]);
  printf ("the first who asks, the posts being read: %.0f ms\n", milliseconds () - start);
  for (int i = 0; i < ASKS; i++) {
    start = milliseconds ();
    bench_check (ask (&people[i % PEOPLE]) > 0, NULL);
    asked[i] = milliseconds () - start;
  }
  double p99 = report ("the best 20 with reasons", asked, ASKS);
  search (occupation (0));
  for (int i = 0; i < ASKS; i++) {
    start = milliseconds ();
    search (occupation ((size_t)i % posts * 31));
    searched[i] = milliseconds () - start;
  }
  report ("a search", searched, ASKS);
  for (int i = 0; i < CHANGES; i++) {
    advertise_one (&firms[posts / OF_ONE], posts + (size_t)i);
    start = milliseconds ();
    ask (&people[i % PEOPLE]);
    first[i] = milliseconds () - start;
  }
  report ("who asks first after a new advertisement", first, CHANGES);
  bench_check (p99 <= P99_MOST, NULL);
}

/* What is too much waits for a clerk, and takes nobody's time. */
static void
measure_flood (const AccessAccount *firm)
{
  g_autofree double *times = g_new (double, WANTED);
  size_t open = 0;
  for (size_t i = 0; i < WANTED; i++) {
    double start = milliseconds ();
    gint64 id = advertise_one (firm, 10 * WANTED * OF_ONE + i);
    times[i] = milliseconds () - start;
    if (i < OF_ONE + 1 || i == WANTED - 1)
      open += state_of (id) == JOBS_OPEN;
  }
  bench_check (open == OF_ONE, NULL);
  report ("one of 10,000 of one employer, of which 200 are open", times, WANTED);
}

int
main (int argc, char **argv)
{
  size_t posts = argc > 1 ? (size_t)g_ascii_strtoull (argv[1], NULL, 10) : 100000;
  size_t n = posts / OF_ONE + 2;
  g_setenv ("LIUDONG_SOURCE", BENCH_SOURCE, FALSE);
  argc = 1;
  employers_open (&argc, &argv);
  occupations = vocabulary_of_kind (jobs_words (jobs), VOCABULARY_OCCUPATION, &n_occupations);
  skill_names = vocabulary_of_kind (jobs_words (jobs), VOCABULARY_SKILL, &n_skills);
  settle_firms (n);
  printf ("%zu advertisements of %zu employers\n", posts, posts / OF_ONE);
  measure_advertising (posts);
  measure_asking (posts);
  measure_flood (&firms[n - 1]);
  employers_close ();
  return 0;
}
