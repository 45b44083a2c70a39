/* The other uses of rounds, each from the plan to the last vacancy: a competition ranked by its jury (clause
 * 8), posts for those who finished a service programme (clause 11), posts filled by points (clause 20).  And
 * who lacks a fact: told so, struck, and put back on the list. */
#include "steps.h"

#include <locale.h>

enum { ENTRIES = 5, FINISHERS = 5, WORKERS = 5, POSTS = 2 };

static Subject entries[ENTRIES], competitors[ENTRIES], finishers[FINISHERS], finisher_posts[POSTS],
    skilled[WORKERS], skilled_posts[POSTS];

static AccessAccount officer = { .name = "officer", .role = ACCESS_CASE_WORKER, .department = "县人社局" },
                     chief = { .name = "chief", .role = ACCESS_DEPARTMENT_HEAD, .department = "县人社局" },
                     member = { .name = "member", .role = ACCESS_RESIDENT };

/* ---- who lives there -------------------------------------------------------------- */

static const char *
reference (const char *entity, Subject subject)
{
  static char text[8][40];
  static unsigned at;
  char *to = text[at++ % 8];
  g_snprintf (to, 40, "%s-%" G_GINT64_FORMAT, entity, subject_number (subject));
  return to;
}

static void
settle_competition (RegistryWriter *writer)
{
  const Said of_event[]
      = { { "name", "样例第九届榕城杯" }, { "kind", "创业大赛" }, { "starts_on", "2025-09-01" } };
  Subject event = settle (writer, "event", of_event, G_N_ELEMENTS (of_event));
  for (int i = 0; i < ENTRIES; i++) {
    const Said of_person[] = { { "returnee", "true" } };
    competitors[i] = settle (writer, "resident", of_person, G_N_ELEMENTS (of_person));
    const Said of_entry[] = { { "event", reference ("event", event) },
                              { "resident", reference ("resident", competitors[i]) },
                              { "organisation", NULL },
                              { "enrolled_on", "2025-06-01" } };
    entries[i] = settle (writer, "enrolment", of_entry, G_N_ELEMENTS (of_entry));
  }
}

static const char *const finisher_scores[FINISHERS] = { "71.50", "88.00", "71.50", "64.00", "90.00" };

static void
settle_finishers (RegistryWriter *writer)
{
  static const char *const finished[FINISHERS]
      = { "2024-07-31", "2024-07-31", "2023-07-31", "2024-07-31", NULL };
  const Said of_event[] = { { "name", "样例二〇二五年招聘" }, { "kind", "事业单位招聘" } };
  Subject event = settle (writer, "event", of_event, G_N_ELEMENTS (of_event));
  static const char *const names[POSTS] = { "样例甲岗", "样例乙岗" };
  for (int i = 0; i < POSTS; i++) {
    const Said said[] = { { "name", names[i] },    { "kind", "事业单位岗位" },
                          { "headcount", "1" },    { "dedicated_to", "服务期满人员" },
                          { "education", "大专" }, { "age_to", NULL },
                          { "filled_on", NULL },   { "recruitment", reference ("event", event) } };
    finisher_posts[i] = settle (writer, "post", said, G_N_ELEMENTS (said));
  }
  for (int i = 0; i < FINISHERS; i++) {
    const Said said[] = { { "service_programme", "三支一扶" },
                          { "service_completed_on", finished[i] },
                          { "education", "本科" },
                          { "birth_date", "1998-01-01" } };
    finishers[i] = settle (writer, "resident", said, G_N_ELEMENTS (said));
    const Said scored[] = { { "event", reference ("event", event) },
                            { "resident", reference ("resident", finishers[i]) },
                            { "score", finisher_scores[i] } };
    settle (writer, "enrolment", scored, G_N_ELEMENTS (scored));
  }
}

/* The last one's points are not on record. */
static void
settle_workers (RegistryWriter *writer)
{
  static const char *const points[WORKERS] = { "86", "120", "86", "40", NULL };
  static const char *const levels[WORKERS] = { "高级工", "高级工", "技师", "高级工", "技师" };
  const Said of_firm[]
      = { { "name", "样例铝业" }, { "credit_code", "91350121MA00000AAX" }, { "points_system", "true" } };
  Subject firm = settle (writer, "organisation", of_firm, G_N_ELEMENTS (of_firm));
  static const char *const names[POSTS] = { "样例一线班长", "样例维修班长" };
  for (int i = 0; i < POSTS; i++) {
    const Said said[] = { { "name", names[i] }, { "organisation", reference ("organisation", firm) },
                          { "round", "竞聘" },  { "skill_level", "高级工" },
                          { "headcount", "1" }, { "filled_on", NULL },
                          { "closes_on", NULL } };
    skilled_posts[i] = settle (writer, "post", said, G_N_ELEMENTS (said));
  }
  for (int i = 0; i < WORKERS; i++) {
    const Said said[] = { { "employer", reference ("organisation", firm) },
                          { "skill_level", levels[i] },
                          { "skill_points", points[i] } };
    skilled[i] = settle (writer, "resident", said, i + 1 < WORKERS ? G_N_ELEMENTS (said) : 2);
  }
}

/* ---- steps -------------------------------------------------------------------------- */

static gint64
plan_round (const char *key, const Subject *places, size_t n)
{
  GError *error = NULL;
  DrawsUnit units[POSTS] = { { .capacity = -1 } };
  const PolicyAllocation *allocation = draws_allocation (package, key);
  for (size_t i = 0; i < n; i++)
    units[i] = (DrawsUnit){ .place = places[i], .capacity = -1 };
  DrawsPlan plan = { .allocation = allocation,
                     .title = key,
                     .deadline = civil_day_of (now) + 10,
                     .source = { "样例公开抽奖第1期", civil_day_of (now) + 15 },
                     .units = units,
                     .n_units = MAX (n, 1) };
  gint64 id = draws_plan (draws, &officer, &plan, fresh (), &error);
  g_assert_no_error (error);
  GOES (draws_act (draws, &officer, id, DRAWS_OPEN_IT, NULL, &why));
  return id;
}

static const char *
enter (Arena *arena, gint64 round, Subject who, const guint32 *units, size_t n)
{
  GError *error = NULL;
  DrawsApplying applying = { .applicant = who, .units = units, .n_units = n };
  const char *number = draws_apply (draws, arena, &officer, round, &applying, fresh (), &error);
  g_assert_no_error (error);
  return number;
}

static void
run_to_publication (gint64 round)
{
  GOES (draws_act (draws, &officer, round, DRAWS_CLOSE, NULL, &why));
  now += 6 * 86400;
  g_autoptr (Arena) arena = arena_new ();
  const DrawsRound *r = draws_round (draws, arena, &officer, round, NULL);
  DrawsValue value = { r->source, "03 11 17 22 29 30 + 08" };
  GOES (draws_draw (draws, &chief, round, &value, &why));
  GOES (draws_act (draws, &chief, round, DRAWS_PUBLISH, NULL, &why));
}

static const DrawsApplication *
look_up (Arena *arena, gint64 round, const char *number)
{
  size_t n;
  const DrawsApplication *all = draws_applications (draws, arena, &officer, round, &n, NULL);
  for (size_t i = 0; all && i < n; i++)
    if (g_str_equal (all[i].number, number))
      return &all[i];
  g_assert_not_reached ();
}

static void
check_seats (Arena *arena, gint64 round, const char *const *numbers, const gint32 *seats, size_t n)
{
  for (size_t i = 0; i < n; i++)
    g_assert_cmpint (look_up (arena, round, numbers[i])->seat, ==, seats[i]);
}

/* ---- a jury --------------------------------------------------------------------------- */

/* Five entries, A to E; the county puts forward as many as the parameter says. */
static char *
table_of (const char *const *numbers, const char *rows)
{
  g_autoptr (GString) text = g_string_new ("application,juror,score\r\n");
  g_auto (GStrv) lines = g_strsplit (rows, " ", -1);
  for (char **line = lines; *line; line++)
    g_string_append_printf (text, "%s,%s\n", numbers[**line - 'A'], *line + 2);
  return g_strdup (text->str);
}

static const char good_scores[]
    = "A,甲,90 A,乙,80 A,丙,85.25 B,甲,70 B,乙,99.99 B,丙,90.5 C,甲,85 C,乙,85 C,丙,85.25 "
      "D,甲,60 D,乙,60 D,丙,回避 E,甲,90 E,乙,80.25 E,丙,85";

static void
test_jury (void)
{
  static const struct {
    const char *from, *to, *says;
  } faults[] = {
    { "A,甲,90", "A,甲,100.01", "row 2: \"100.01\" is no score from 0 to 100 with at most 2 decimals" },
    { "A,甲,90", "A,甲,-1", "row 2: \"-1\" is no score" },
    { "A,甲,90", "A,甲,", "row 2: \"\" is no score" },
    { "A,甲,90", "A,甲,90.125", "row 2: \"90.125\" is no score" },
    { "A,甲,90", "A,甲,90,1", "row 2: a row is an application, a juror and a score" },
    { "A,甲,90", "A,,90", "row 2: a juror is a name" },
    { "A,甲,90 ", "A,甲,90 A,甲,91 ", "has two scores of 甲" },
    { "A,甲,90 ", "", "has rows of 2 jurors, and there are 3" },
    { " E,甲,90 E,乙,80.25 E,丙,85", "", "has rows of 0 jurors, and there are 3" },
  };
  g_autoptr (Arena) arena = arena_new ();
  gint64 round = plan_round ("8/competition", NULL, 0);
  const char *numbers[ENTRIES];
  size_t n;
  for (int i = 0; i < ENTRIES; i++)
    numbers[i] = enter (arena, round, entries[i], NULL, 0);
  g_autofree char *good = table_of (numbers, good_scores);
  REFUSED (draws_score (draws, &officer, round, text_of (good), fresh (), &n, &refused), FAULT_CONFLICT);
  now += 11 * 86400;
  for (size_t i = 0; i < G_N_ELEMENTS (faults); i++) {
    g_autoptr (GString) rows = g_string_new (good_scores);
    g_assert_cmpuint (g_string_replace (rows, faults[i].from, faults[i].to, 1), ==, 1);
    g_autofree char *bad = table_of (numbers, rows->str);
    g_autoptr (GError) error = NULL;
    g_assert_false (draws_score (draws, &officer, round, text_of (bad), fresh (), &n, &error));
    g_assert_error (error, FAULT, FAULT_INPUT);
    if (!strstr (error->message, faults[i].says))
      g_error ("\"%s\" is not in: %s", faults[i].says, error->message);
  }
  REFUSED (draws_score (draws, &officer, round, text_of ("9-9999,甲,90\n"), fresh (), &n, &refused),
           FAULT_INPUT);
  REFUSED (draws_score (draws, &member, round, text_of (good), fresh (), &n, &refused), FAULT_DENIED);
  GOES (draws_score (draws, &officer, round, text_of (good), "scores", &n, &why));
  g_assert_cmpuint (n, ==, ENTRIES);
  GOES (draws_score (draws, &officer, round, text_of (good), "scores", &n, &why)); /* the same again */
  g_autofree char *corrected = g_strdup (good);
  memcpy (strstr (corrected, "70\n"), "71", 2);
  GOES (draws_score (draws, &officer, round, text_of (corrected), fresh (), &n, &why));
  GError *error = NULL;
  const DrawsScore *scores = draws_scores (draws, arena, &officer, round, &n, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (n, ==, 3 * ENTRIES);
  g_assert_cmpstr (scores[0].number, ==, numbers[0]);
  REFUSED (draws_scores (draws, arena, &member, round, &n, &refused), FAULT_DENIED);
  run_to_publication (round);
  REFUSED (draws_score (draws, &officer, round, text_of (good), fresh (), &n, &refused), FAULT_CONFLICT);
  /* Means in thousandths, half up to hundredths: 255.25 / 3, 261.49 / 3, … ; D has too few jurors. */
  static const gint64 means[] = { 85080, 87160, 85080, 0, 85080 };
  for (int i = 0; i < ENTRIES; i++) {
    const DrawsApplication *one = look_up (arena, round, numbers[i]);
    g_assert_cmpint (one->standing, ==, i == 3 ? DRAWS_STRUCK : DRAWS_STANDING);
    g_assert_cmpint (one->choices[0].keys[0], ==, means[i]);
    g_assert_cmpint (one->seat, ==, i == 3 ? -1 : 0);
  }
  g_assert_nonnull (strstr (look_up (arena, round, numbers[3])->reason, "打分的评委不够"));
}

/* ---- posts ------------------------------------------------------------------------------- */

/* The best score chooses first; equal ones by the day of finishing; the last has not finished. */
static void
test_finishers (void)
{
  static const guint32 both[] = { 0, 1 };
  g_autoptr (Arena) arena = arena_new ();
  gint64 round = plan_round ("11/finishers", finisher_posts, POSTS);
  const char *numbers[FINISHERS];
  for (int i = 0; i < FINISHERS - 1; i++)
    numbers[i] = enter (arena, round, finishers[i], both, i == 3 ? 1 : 2);
  DrawsApplying unfinished = { .applicant = finishers[4], .units = both, .n_units = 1 };
  REFUSED (draws_apply (draws, arena, &officer, round, &unfinished, fresh (), &refused), FAULT_CONFLICT);
  now += 11 * 86400;
  run_to_publication (round);
  static const gint32 seats[] = { -1, 0, 1, -1 };
  check_seats (arena, round, numbers, seats, 4);
  /* who has the first post gives it up: the waiting list moves up */
  GOES (draws_withdraw (draws, &officer, round, numbers[1], &why));
  static const gint32 after[] = { 1, -1, 0, -1 };
  check_seats (arena, round, numbers, after, 4);
  GOES (draws_withdraw (draws, &officer, round, numbers[2], &why));
  static const gint32 later[] = { 0, -1, -1, -1 };
  check_seats (arena, round, numbers, later, 4);
  now += 8 * 86400;
  GOES (draws_act (draws, &chief, round, DRAWS_FINISH, NULL, &why));
  /* the second post is vacant: a second round, for those without one */
  GError *error = NULL;
  DrawsPlan plan = { .allocation = draws_allocation (package, "11/finishers"),
                     .parent = round,
                     .title = "第二轮",
                     .deadline = civil_day_of (now) + 10,
                     .source = { "样例公开抽奖第3期", civil_day_of (now) + 15 } };
  gint64 second = draws_plan (draws, &officer, &plan, fresh (), &error);
  g_assert_no_error (error);
  g_assert_cmpuint (draws_round (draws, arena, &officer, second, NULL)->n_units, ==, 1);
  GOES (draws_act (draws, &officer, second, DRAWS_OPEN_IT, NULL, &why));
  DrawsApplying again = { .applicant = finishers[0], .units = both, .n_units = 1 };
  REFUSED (draws_apply (draws, arena, &officer, second, &again, fresh (), &refused), FAULT_CONFLICT);
  const char *number = enter (arena, second, finishers[3], both, 1);
  now += 11 * 86400;
  run_to_publication (second);
  g_assert_cmpint (look_up (arena, second, number)->seat, ==, 0);
}

static const char *
newest_notice (Arena *arena, Subject reader)
{
  AccessAccount account = member;
  account.subject = reader;
  size_t n;
  g_autoptr (Notices) notices = notices_open (registry_store (town.registry), NULL);
  const NoticeItem *all = notices_inbox (notices, arena, &account, &(NoticeFilter){ .limit = 1 }, &n, NULL);
  return n ? all[0].kind : NULL;
}

/* One ranking by points, then by level; who lacks a fact is told, objects and is back on the list. */
static void
test_points (void)
{
  static const guint32 both[] = { 0, 1 }, other[] = { 1 };
  g_autoptr (Arena) arena = arena_new ();
  gint64 round = plan_round ("20/promotion", skilled_posts, POSTS);
  const char *numbers[WORKERS];
  GError *error = NULL;
  size_t n;
  for (int i = 0; i < WORKERS; i++)
    numbers[i] = enter (arena, round, skilled[i], i == 3 ? other : both, i == 3 ? 1 : 2);
  const PolicyWeight *weight = draws_look (draws, arena, &officer, round, skilled[4], 0, &error);
  g_assert_no_error (error);
  g_assert_cmpint (weight->outcome, ==, POLICY_UNDETERMINED);
  g_assert_nonnull (strstr (weight->missing[0], "技能积分"));
  now += 11 * 86400;
  GOES (draws_act (draws, &officer, round, DRAWS_CLOSE, NULL, &why));
  g_assert_cmpstr (newest_notice (arena, skilled[4]), ==, "round-struck");
  now += 6 * 86400;
  const DrawsRound *r = draws_round (draws, arena, &officer, round, NULL);
  DrawsValue value = { r->source, "03 11 17 22 29 30 + 08" };
  GOES (draws_draw (draws, &chief, round, &value, &why));
  GOES (draws_act (draws, &chief, round, DRAWS_PUBLISH, NULL, &why));
  static const gint32 seats[] = { -1, 0, 1, -1, -1 };
  check_seats (arena, round, numbers, seats, WORKERS);
  g_assert_cmpint (look_up (arena, round, numbers[4])->standing, ==, DRAWS_STRUCK);
  AccessAccount last = member;
  last.subject = skilled[4];
  GOES (draws_object (draws, &last, round, numbers[4], "积分单位已经报过", &why));
  const DrawsObjection *objections = draws_objections (draws, arena, &officer, round, &n, &error);
  GOES (draws_answer (draws, &officer, objections[0].id, "已补登", true, &why));
  g_assert_cmpint (look_up (arena, round, numbers[4])->standing, ==, DRAWS_STANDING);
  /* who is back on the list has no claim in the run: places move up as before */
  GOES (draws_withdraw (draws, &officer, round, numbers[1], &why));
  static const gint32 after[] = { 1, -1, 0, -1, -1 };
  check_seats (arena, round, numbers, after, WORKERS);
  const AllocationCheck *checks = draws_verify (draws, arena, &officer, round, &n, &error);
  for (size_t i = 0; i < n; i++)
    g_assert_null (checks[i].fault);
}

int
main (int argc, char **argv)
{
  setlocale (LC_ALL, "C.UTF-8");
  g_test_init (&argc, &argv, NULL);
  package = town_package ();
  town_open (&town, package);
  now = noon (2025, 6, 1);
  RegistryWriter *writer = registry_writer_new (town.registry, NULL);
  settle_competition (writer);
  settle_finishers (writer);
  settle_workers (writer);
  RegistryBatch whole = { .source = "县人社局", /* all enrolments are on record */
                          .actor = "test",
                          .recorded_at = now,
                          .complete_of = "enrolment",
                          .complete_since = 1 };
  g_assert_true (registry_writer_batch (writer, &whole, NULL));
  g_assert_true (registry_writer_commit (writer, NULL));
  registry_writer_free (writer);
  GError *error = NULL;
  DrawsOptions options
      = { .package = package, .registry = town.registry, .access = town.access, .clock = clock_ };
  draws = draws_open (&options, &error);
  g_assert_no_error (error);
  g_test_add_func ("/draws/jury", test_jury);
  g_test_add_func ("/draws/finishers", test_finishers);
  g_test_add_func ("/draws/points", test_points);
  int failed = g_test_run ();
  draws_free (draws);
  town_close (&town);
  policy_free (package);
  return failed;
}
