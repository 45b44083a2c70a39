/* Rounds of school places (clause 22) and of flats (clause 17) in a town of a few children: every step with
 * its refusals, who may see what when, vacancies that move up; and random rounds, whose transcripts another
 * algorithm must find right, and every change of a transcript wrong. */
#include "steps.h"

#include <locale.h>

enum { CHILDREN = 14, SCHOOLS = 3 };

static const PolicyAllocation *primary, *flats;
static Subject children[CHILDREN], schools[SCHOOLS], parent_subject, local;

static AccessAccount worker = { .name = "worker", .role = ACCESS_CASE_WORKER, .department = "县教育局" },
                     head = { .name = "head", .role = ACCESS_DEPARTMENT_HEAD, .department = "县教育局" },
                     stranger = { .name = "other", .role = ACCESS_DEPARTMENT_HEAD, .department = "县林业局" },
                     parent = { .name = "parent", .role = ACCESS_RESIDENT },
                     nobody_near = { .name = "passer-by", .role = ACCESS_RESIDENT };

/* The later in the list, the later came the permit: fewer points. */
static Subject
settle_child (RegistryWriter *writer, int i, const char *from, const char *father)
{
  g_autofree char *issued = g_strdup_printf ("20%02d-%02d-01", 22 + i / 4, 1 + i % 4 * 3),
                  *endorsed = g_strdup_printf ("2025-%02d-01", 1 + i % 4 * 3);
  const Said said[] = { { "hukou_place", from },
                        { "birth_date", "2019-03-01" },
                        { "school_stage", NULL },
                        { "education", "未上过学" },
                        { "residence_permit", "true" },
                        { "residence_permit_issued", issued },
                        { "residence_permit_endorsed", endorsed },
                        { "insured_months", NULL },
                        { "school", NULL },
                        { "father", father },
                        { "mother", NULL } };
  return settle (writer, "resident", said, G_N_ELEMENTS (said));
}

static void
settle_town (void)
{
  RegistryWriter *writer = registry_writer_new (town.registry, NULL);
  static const char *const names[SCHOOLS] = { "样例一小", "样例二小", "样例三小" };
  for (int i = 0; i < SCHOOLS; i++) {
    const Said said[] = { { "name", names[i] },
                          { "kind", "公办" },
                          { "stage", "小学" },
                          { "places", "100" },
                          { "pupils", i == 2 ? "98" : "99" } };
    schools[i] = settle (writer, "school", said, G_N_ELEMENTS (said));
  }
  const Said of_parent[] = { { "residence_permit", "false" }, { "insured_months", "7" } };
  parent_subject = settle (writer, "resident", of_parent, G_N_ELEMENTS (of_parent));
  g_autofree char *father = g_strdup_printf ("resident-%" G_GINT64_FORMAT, subject_number (parent_subject));
  for (int i = 0; i < CHILDREN; i++)
    children[i] = settle_child (writer, i, "外省", i == 1 ? father : NULL);
  local = settle_child (writer, 0, "本县", NULL);
  g_assert_true (registry_writer_commit (writer, NULL));
  registry_writer_free (writer);
  parent.subject = parent_subject;
  nobody_near.subject = children[9];
}

/* ---- helpers ------------------------------------------------------------------------- */

static gint64
plan (const char *title, gint64 capacity)
{
  GError *error = NULL;
  DrawsUnit units[SCHOOLS];
  for (int i = 0; i < SCHOOLS; i++)
    units[i] = (DrawsUnit){ .place = schools[i], .capacity = capacity };
  DrawsPlan p = { .allocation = primary,
                  .title = title,
                  .deadline = civil_day_of (now) + 10,
                  .source = { "样例公开抽奖第1期", civil_day_of (now) + 15 },
                  .fallback = { "样例公开抽奖第2期", civil_day_of (now) + 16 },
                  .units = units,
                  .n_units = SCHOOLS };
  gint64 id = draws_plan (draws, &worker, &p, fresh (), &error);
  g_assert_no_error (error);
  g_assert_cmpint (id, >, 0);
  GOES (draws_act (draws, &worker, id, DRAWS_OPEN_IT, NULL, &why));
  return id;
}

static const char *
apply (Arena *arena, const AccessAccount *who, gint64 round, Subject child, const guint32 *units, size_t n)
{
  GError *error = NULL;
  DrawsApplying applying = { .applicant = child, .units = units, .n_units = n };
  const char *number = draws_apply (draws, arena, who, round, &applying, fresh (), &error);
  g_assert_no_error (error);
  return number;
}

static void
draw (gint64 round)
{
  now += 11 * 86400;
  GOES (draws_act (draws, &worker, round, DRAWS_CLOSE, NULL, &why));
  now += 5 * 86400;
  DrawsValue value = { { "样例公开抽奖第1期", civil_day_of (now) - 1 }, "03 11 17 22 29 30 + 08" };
  value.source.day = 0;
  g_autoptr (Arena) arena = arena_new ();
  const DrawsRound *r = draws_round (draws, arena, &worker, round, NULL);
  value.source = r->source;
  REFUSED (draws_draw (draws, &worker, round, &value, &refused), FAULT_DENIED);
  GOES (draws_draw (draws, &head, round, &value, &why));
}

static const DrawsApplication *
one_of (Arena *arena, const AccessAccount *who, gint64 round, const char *number)
{
  GError *error = NULL;
  size_t n;
  const DrawsApplication *all = draws_applications (draws, arena, who, round, &n, &error);
  g_assert_no_error (error);
  for (size_t i = 0; i < n; i++)
    if (g_str_equal (all[i].number, number))
      return &all[i];
  return NULL;
}

/* ---- one life --------------------------------------------------------------------------- */

static void
test_plan (void)
{
  DrawsUnit units[] = { { .place = schools[0], .capacity = -1 }, { .place = schools[0], .capacity = 1 } },
            wrong[] = { { .place = children[0], .capacity = 1 } };
  DrawsPlan good = { .allocation = primary,
                     .title = "计划",
                     .deadline = civil_day_of (now) + 10,
                     .source = { "抽奖", civil_day_of (now) + 15 },
                     .units = units,
                     .n_units = 1 };
  DrawsPlan twice = good, kind = good, past = good, silent = good, early = good, untitled = good;
  twice.n_units = 2;
  kind.units = wrong;
  past.deadline = civil_day_of (now) - 1;
  silent.source.name = NULL;
  early.source.day = good.deadline;
  untitled.title = " ";
  const DrawsPlan *const bad[] = { &twice, &kind, &past, &silent, &early, &untitled };
  for (size_t i = 0; i < G_N_ELEMENTS (bad); i++)
    REFUSED (draws_plan (draws, &worker, bad[i], fresh (), &refused), FAULT_INPUT);
  REFUSED (draws_plan (draws, &stranger, &good, fresh (), &refused), FAULT_DENIED);
  REFUSED (draws_plan (draws, &parent, &good, fresh (), &refused), FAULT_DENIED);
  REFUSED (draws_plan (draws, &worker, &good, NULL, &refused), FAULT_INPUT);
  GError *error = NULL;
  gint64 id = draws_plan (draws, &worker, &good, "same", &error);
  g_assert_no_error (error);
  g_assert_cmpint (draws_plan (draws, &worker, &good, "same", &error), ==, id);
  g_autoptr (Arena) arena = arena_new ();
  REFUSED (draws_round (draws, arena, NULL, id, &refused), FAULT_NOT_FOUND); /* being prepared */
  const DrawsRound *r = draws_round (draws, arena, &worker, id, &error);
  g_assert_cmpint (r->units[0].capacity, ==, 1); /* places less pupils, as the clause computes it */
  g_assert_cmpstr (r->units[0].name, ==, "样例一小");
  REFUSED (draws_act (draws, &worker, id, DRAWS_CANCEL, "", &refused), FAULT_INPUT);
  GOES (draws_act (draws, &worker, id, DRAWS_CANCEL, "不办了", &why));
  REFUSED (draws_act (draws, &worker, id, DRAWS_OPEN_IT, NULL, &refused), FAULT_CONFLICT);
}

static void
test_apply (void)
{
  static const guint32 two[] = { 0, 1 }, twice[] = { 1, 1 }, far[] = { 7 };
  g_autoptr (Arena) arena = arena_new ();
  gint64 round = plan ("报名", 1);
  DrawsApplying good = { .applicant = children[1], .units = two, .n_units = 2 }, bad = good, unknown = good,
                none = good, resident = good;
  bad.units = twice;
  unknown.units = far;
  unknown.n_units = 1;
  none.n_units = 0;
  resident.applicant = local;
  REFUSED (draws_apply (draws, arena, &parent, round, &bad, fresh (), &refused), FAULT_INPUT);
  REFUSED (draws_apply (draws, arena, &parent, round, &unknown, fresh (), &refused), FAULT_INPUT);
  REFUSED (draws_apply (draws, arena, &parent, round, &none, fresh (), &refused), FAULT_INPUT);
  REFUSED (draws_apply (draws, arena, &nobody_near, round, &good, fresh (), &refused), FAULT_DENIED);
  REFUSED (draws_apply (draws, arena, &stranger, round, &good, fresh (), &refused), FAULT_DENIED);
  REFUSED (draws_apply (draws, arena, &worker, round, &resident, fresh (), &refused), FAULT_CONFLICT);
  GError *error = NULL;
  const PolicyWeight *weight = draws_look (draws, arena, &parent, round, children[1], 0, &error);
  g_assert_no_error (error);
  g_assert_cmpint (weight->outcome, ==, POLICY_YES);
  g_assert_nonnull (weight->notes[0]);
  const char *number = draws_apply (draws, arena, &parent, round, &good, "mine", &error);
  g_assert_no_error (error);
  g_assert_cmpstr (draws_apply (draws, arena, &parent, round, &good, "mine", &error), ==, number);
  REFUSED (draws_apply (draws, arena, &parent, round, &good, fresh (), &refused), FAULT_CONFLICT);
  REFUSED (draws_withdraw (draws, &nobody_near, round, number, &refused), FAULT_DENIED);
  GOES (draws_withdraw (draws, &parent, round, number, &why));
  GOES (draws_withdraw (draws, &parent, round, number, &why));
  g_assert_cmpstr (apply (arena, &parent, round, children[1], two + 1, 1), ==, number);
  REFUSED (draws_applications (draws, arena, &parent, round, &(size_t){ 0 }, &refused), FAULT_DENIED);
  size_t n;
  g_assert_nonnull (draws_mine (draws, arena, &parent, round, &n, &error));
  g_assert_cmpuint (n, ==, 1);
  REFUSED (draws_act (draws, &worker, round, DRAWS_CLOSE, NULL, &refused), FAULT_CONFLICT); /* not over */
  now += 11 * 86400;
  good.applicant = children[2];
  REFUSED (draws_apply (draws, arena, &worker, round, &good, fresh (), &refused), FAULT_CONFLICT); /* late */
  REFUSED (draws_withdraw (draws, &parent, round, number, &refused), FAULT_CONFLICT);
}

/* To the parent, who applied for the child. */
static const char *
newest_notice (Arena *arena)
{
  GError *error = NULL;
  size_t n;
  g_autoptr (Notices) notices = notices_open (registry_store (town.registry), &error);
  const NoticeItem *all = notices_inbox (notices, arena, &parent, &(NoticeFilter){ .limit = 1 }, &n, &error);
  g_assert_no_error (error);
  return n ? all[0].kind : NULL;
}

/* Three schools of one place each; five children, the first with most points. */
static void
test_life (void)
{
  static const guint32 all[] = { 0, 1, 2 };
  g_autoptr (Arena) arena = arena_new ();
  gint64 round = plan ("一生", 1);
  const char *numbers[5];
  for (int i = 0; i < 5; i++)
    numbers[i] = apply (arena, i == 1 ? &parent : &worker, round, children[i], all, i == 3 ? 1 : 2);
  draw (round);
  REFUSED (draws_applications (draws, arena, &parent, round, &(size_t){ 0 }, &refused), FAULT_DENIED);
  REFUSED (draws_transcript (draws, arena, NULL, round, &refused), FAULT_CONFLICT);
  REFUSED (draws_act (draws, &stranger, round, DRAWS_PUBLISH, NULL, &refused), FAULT_DENIED);
  GOES (draws_act (draws, &head, round, DRAWS_PUBLISH, NULL, &why));
  static const gint32 seats[] = { 0, 1, -1, -1, -1 };
  for (int i = 0; i < 5; i++)
    g_assert_cmpint (one_of (arena, NULL, round, numbers[i])->seat, ==, seats[i]);
  g_assert_cmpint (one_of (arena, NULL, round, numbers[0])->applicant, ==, 0);
  GError *error = NULL;
  size_t n;
  const DrawsBetter *better = draws_explain (draws, arena, &parent, round, numbers[1], &n, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (n, ==, 1);
  g_assert_cmpuint (better[0].decides, ==, 0);
  g_assert_cmpint (better[0].own, <, better[0].last);
  g_assert_cmpstr (better[0].last_number, ==, numbers[0]);
  g_assert_cmpuint (better[0].waiting, ==, 1);
  REFUSED (draws_explain (draws, arena, &nobody_near, round, numbers[1], &n, &refused), FAULT_DENIED);
  /* objections */
  REFUSED (draws_object (draws, &nobody_near, round, numbers[1], "分数不对", &refused), FAULT_DENIED);
  GOES (draws_object (draws, &parent, round, numbers[1], "分数不对", &why));
  GOES (draws_object (draws, &parent, round, numbers[1], "分数不对", &why));
  REFUSED (draws_object (draws, &parent, round, numbers[1], "又一条", &refused), FAULT_CONFLICT);
  const DrawsObjection *objections = draws_objections (draws, arena, &head, round, &n, &error);
  g_assert_cmpuint (n, ==, 1);
  now += 8 * 86400;
  REFUSED (draws_act (draws, &head, round, DRAWS_FINISH, NULL, &refused), FAULT_CONFLICT); /* no answer yet */
  REFUSED (draws_answer (draws, &stranger, objections[0].id, "已核对", false, &refused), FAULT_DENIED);
  GOES (draws_answer (draws, &worker, objections[0].id, "已核对", false, &why));
  REFUSED (draws_answer (draws, &worker, objections[0].id, "另一个", false, &refused), FAULT_CONFLICT);
  /* one place is free, and nobody asked for it: the rest is placed by the office */
  REFUSED (draws_act (draws, &head, round, DRAWS_FINISH, NULL, &refused), FAULT_CONFLICT);
  REFUSED (draws_place (draws, &worker, round, numbers[2], 0, &refused), FAULT_CONFLICT); /* no room */
  REFUSED (draws_place (draws, &worker, round, numbers[0], 2, &refused), FAULT_CONFLICT); /* has one */
  GOES (draws_place (draws, &worker, round, numbers[2], 2, &why));
  GOES (draws_place (draws, &worker, round, numbers[2], 2, &why));
  GOES (draws_act (draws, &head, round, DRAWS_FINISH, NULL, &why));
  /* the first gives up: the second moves up, and so does who waits for its place */
  GOES (draws_withdraw (draws, &worker, round, numbers[0], &why));
  static const gint32 after[] = { -1, 0, 1, -1, -1 };
  for (int i = 1; i < 5; i++)
    g_assert_cmpint (one_of (arena, NULL, round, numbers[i])->seat, ==, after[i]);
  g_assert_cmpint (one_of (arena, NULL, round, numbers[1])->how, ==, DRAWS_MOVED_UP);
  g_assert_cmpstr (newest_notice (arena), ==, "round-moved-up");
}

/* A second round has the vacant places, for those without one. */
static void
test_second (void)
{
  static const guint32 first[] = { 0 };
  g_autoptr (Arena) arena = arena_new ();
  gint64 round = plan ("第一轮", 1);
  apply (arena, &worker, round, children[0], first, 1);
  draw (round);
  DrawsPlan second = { .allocation = primary,
                       .parent = round,
                       .title = "第二轮",
                       .deadline = civil_day_of (now) + 30,
                       .source = { "抽奖", civil_day_of (now) + 45 } };
  REFUSED (draws_plan (draws, &worker, &second, fresh (), &refused), FAULT_CONFLICT);
  GOES (draws_act (draws, &head, round, DRAWS_PUBLISH, NULL, &why));
  now += 8 * 86400;
  GOES (draws_act (draws, &head, round, DRAWS_FINISH, NULL, &why));
  GError *error = NULL;
  gint64 id = draws_plan (draws, &worker, &second, fresh (), &error);
  g_assert_no_error (error);
  GOES (draws_act (draws, &worker, id, DRAWS_OPEN_IT, NULL, &why));
  const DrawsRound *r = draws_round (draws, arena, NULL, id, &error);
  g_assert_cmpuint (r->n_units, ==, SCHOOLS - 1);
  DrawsApplying has = { .applicant = children[0], .units = first, .n_units = 1 };
  REFUSED (draws_apply (draws, arena, &worker, id, &has, fresh (), &refused), FAULT_CONFLICT);
  apply (arena, &worker, id, children[5], first, 1);
}

/* ---- files --------------------------------------------------------------------------------- */

static void
test_files (void)
{
  g_autoptr (Arena) arena = arena_new ();
  gint64 round = plan ("文件", 1);
  GError *error = NULL;
  size_t n;
  g_autofree char *rows
      = g_strdup_printf ("applicant,choices\r\n%s,1;2\n\n%s,2\n",
                         registry_subject_format (arena, policy_schema (package), children[3]),
                         registry_subject_format (arena, policy_schema (package), children[4])),
      *broken = g_strconcat (rows, "resident-0,x\n", NULL);
  REFUSED (draws_import (draws, &worker, round, text_of (broken), "file", &n, &refused), FAULT_INPUT);
  g_assert_cmpuint (n, ==, 2);
  GOES (
      draws_import (draws, &worker, round, text_of (rows), "file", &n, &error)); /* goes on, nothing twice */
  g_assert_cmpint (draws_round (draws, arena, &worker, round, &error)->n_applications, ==, 2);
  draw (round);
  GOES (draws_act (draws, &head, round, DRAWS_PUBLISH, NULL, &why));
  g_autoptr (GString) out = g_string_new (NULL);
  GOES (draws_export (draws, NULL, round, out, &why));
  g_assert_nonnull (strstr (out->str, "样例一小"));
  g_assert_null (strstr (out->str, "resident"));
}

/* ---- reserves ------------------------------------------------------------------------------ */

/* The county's package, with a place of each school kept for children whose permit was endorsed of late, by a
 * reserve of KIND. */
static PolicyPackage *
package_with_reserve (const char *kind)
{
  static const char wished[] = "    rest: office\n  - id: junior", before[] = "## 申请小学学位: 是否",
                    rules[] = "## 新近签注: 是否\n\n```feel\n居民.居住证最近签注日期 >= "
                              "date(\"2025-06-01\")\n```\n\n"
                              "## 保留学位数: 数\n\n```feel\n学校.学位数 - 99\n```\n\n";
  g_autofree char *from = support_source ("policy/minhou-2021-81"), *to = support_folder (),
                  *copy = g_build_filename (to, "package", NULL),
                  *path = g_build_filename (copy, "clauses", "22-education-in-need.md", NULL);
  const char *const argv[] = { "cp", "-r", from, copy, NULL };
  g_assert_cmpint (support_run (argv, NULL, NULL), ==, 0);
  gsize len;
  g_autofree char *text = support_read (path, &len);
  g_autoptr (GString) changed = g_string_new (text);
  g_autofree char *ruled = g_strconcat (rules, before, NULL),
                  *with = g_strdup_printf (
                      "    reserves:\n      - {id: endorsed, zh: 新近签注, en: Endorsed of late, kind: %s, "
                      "members: 新近签注, number: 保留学位数}\n%s",
                      kind, wished);
  g_assert_cmpuint (g_string_replace (changed, wished, with, 1), ==, 1);
  g_assert_cmpuint (g_string_replace (changed, before, ruled, 1), ==, 1);
  g_assert_true (g_file_set_contents (path, changed->str, -1, NULL));
  GError *error = NULL;
  g_autoptr (DmnFaults) faults = dmn_faults_new ();
  PolicyPackage *changed_package = policy_load (copy, faults, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (dmn_faults_count (faults, DMN_ERROR), ==, 0);
  support_remove (to);
  return changed_package;
}

/* All places are the members': nobody else's claim is held against theirs, and one that is given up goes to
 * nobody else. */
static void
check_reserved (Arena *arena, gint64 round)
{
  size_t n, n_better;
  GError *error = NULL;
  const DrawsApplication *all = draws_applications (draws, arena, &worker, round, &n, &error);
  g_assert_no_error (error);
  const char *given_up = NULL;
  gint32 seat = -1;
  for (size_t i = 0; i < n; i++) {
    const DrawsBetter *better
        = draws_explain (draws, arena, &worker, round, all[i].number, &n_better, &error);
    g_assert_no_error (error);
    bool member = i == 2 || i == 3; /* they applied in this order */
    g_assert_cmpint (all[i].seat >= 0, ==, member);
    for (size_t b = 0; b < n_better; b++)
      g_assert_cmpint (better[b].last_number != NULL, ==, member);
    if (member && all[i].seat == 1) { /* the other one would not rather have it */
      given_up = all[i].number;
      seat = all[i].seat;
    }
  }
  g_assert_nonnull (given_up);
  GOES (draws_withdraw (draws, &worker, round, given_up, &why));
  all = draws_applications (draws, arena, &worker, round, &n, &error);
  for (size_t i = 0; i < n; i++)
    g_assert_cmpint (all[i].seat, !=, seat);
}

static struct {
  PolicyPackage *package;
  const PolicyAllocation *primary;
  Draws *draws;
} usual;

static void
begin_reserves (const char *kind)
{
  GError *error = NULL;
  usual = (typeof (usual)){ package, primary, draws };
  package = package_with_reserve (kind);
  DrawsOptions options
      = { .package = package, .registry = town.registry, .access = town.access, .clock = clock_ };
  draws = draws_open (&options, &error);
  g_assert_no_error (error);
  primary = draws_allocation (package, "22/primary");
}

static void
end_reserves (void)
{
  draws_free (draws);
  policy_free (package);
  draws = usual.draws;
  package = usual.package;
  primary = usual.primary;
}

/* Children 2 and 3 are members; without the reserve 0 and 1 come first. */
static void
test_reserves (void)
{
  static const guint32 two[] = { 0, 1 };
  GError *error = NULL;
  g_autoptr (Arena) arena = arena_new ();
  begin_reserves ("hard");
  gint64 round = plan ("保留", 1);
  for (int i = 0; i < 5; i++)
    apply (arena, &worker, round, children[i], two, 2);
  draw (round);
  size_t n;
  REFUSED (draws_effect (draws, arena, NULL, round, &n, &refused), FAULT_CONFLICT);
  GOES (draws_act (draws, &head, round, DRAWS_PUBLISH, NULL, &why));
  const DrawsEffect *effect = draws_effect (draws, arena, NULL, round, &n, &error);
  g_assert_no_error (error);
  static const AllocationGroupEffect wanted[] = { { 5, 2, 2, 2, 2 }, { 2, 2, 0, 2, 0 } };
  g_assert_cmpuint (n, ==, G_N_ELEMENTS (wanted));
  g_assert_null (effect[0].reserve);
  g_assert_cmpstr (effect[1].reserve, ==, "endorsed");
  for (size_t i = 0; i < n; i++)
    g_assert_cmpmem (&effect[i].counts, sizeof wanted[i], &wanted[i], sizeof wanted[i]);
  check_reserved (arena, round);
  end_reserves ();
}

/* Each school has a place for all and one of the members' own.  Nobody chooses the third: the office gives
 * its open place, but not the members', to who is none; that one is the second round's. */
static void
test_dedicated (void)
{
  static const guint32 two[] = { 0, 1 };
  static const gint32 seats[] = { 0, 1, 0, 1, -1, -1 };
  GError *error = NULL;
  g_autoptr (Arena) arena = arena_new ();
  begin_reserves ("dedicated");
  gint64 round = plan ("专设", 1);
  const char *numbers[G_N_ELEMENTS (seats)];
  for (size_t i = 0; i < G_N_ELEMENTS (seats); i++)
    numbers[i] = apply (arena, &worker, round, children[i], two, 2);
  draw (round);
  GOES (draws_act (draws, &head, round, DRAWS_PUBLISH, NULL, &why));
  for (size_t i = 0; i < G_N_ELEMENTS (seats); i++)
    g_assert_cmpint (one_of (arena, NULL, round, numbers[i])->seat, ==, seats[i]);
  g_assert_cmpint (draws_round (draws, arena, NULL, round, NULL)->units[2].vacant, ==, 2);
  now += 8 * 86400;
  REFUSED (draws_act (draws, &head, round, DRAWS_FINISH, NULL, &refused), FAULT_CONFLICT);
  REFUSED (draws_place (draws, &worker, round, numbers[4], 0, &refused), FAULT_CONFLICT);
  GOES (draws_place (draws, &worker, round, numbers[4], 2, &why));
  REFUSED (draws_place (draws, &worker, round, numbers[5], 2, &refused), FAULT_CONFLICT);
  GOES (
      draws_act (draws, &head, round, DRAWS_FINISH, NULL, &why)); /* what is free is for no one who is left */
  DrawsPlan second = { .allocation = primary,
                       .parent = round,
                       .title = "第二轮",
                       .deadline = civil_day_of (now) + 30,
                       .source = { "抽奖", civil_day_of (now) + 45 } };
  gint64 id = draws_plan (draws, &worker, &second, fresh (), &error);
  g_assert_no_error (error);
  const DrawsRound *r = draws_round (draws, arena, &worker, id, &error);
  g_assert_cmpuint (r->n_units, ==, 1);
  g_assert_cmpint (r->units[0].capacity, ==, 0);
  g_assert_cmpint (r->units[0].reserves[0], ==, 1);
  end_reserves ();
}

/* ---- random rounds ----------------------------------------------------------------------------- */

static void
assert_holds (gint64 round)
{
  g_autoptr (Arena) arena = arena_new ();
  GError *error = NULL;
  size_t n;
  const AllocationCheck *checks = draws_verify (draws, arena, &head, round, &n, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (n, >=, 8);
  for (size_t i = 0; i < n; i++)
    if (checks[i].fault)
      g_error ("%s: %s", checks[i].what, checks[i].fault);
}

/* Places follow from points and wishes: a school that somebody would rather have is full, and nobody there
 * has fewer points. */
static void
assert_fair (gint64 round)
{
  g_autoptr (Arena) arena = arena_new ();
  GError *error = NULL;
  size_t n;
  const DrawsRound *r = draws_round (draws, arena, &head, round, &error);
  const DrawsApplication *all = draws_applications (draws, arena, &head, round, &n, &error);
  for (size_t i = 0; i < n; i++)
    for (size_t c = 0; c < all[i].n_choices && (gint32)all[i].choices[c].unit != all[i].seat; c++) {
      const DrawsChoice *wish = &all[i].choices[c];
      g_assert_cmpint (r->units[wish->unit].taken, ==, r->units[wish->unit].capacity);
      for (size_t k = 0; k < n; k++)
        if (all[k].seat == (gint32)wish->unit)
          g_assert_cmpint (all[k].choices[0].keys[0], >=, wish->keys[0]);
    }
}

static void
test_random (gconstpointer data)
{
  g_autoptr (GRand) random = g_rand_new_with_seed (GPOINTER_TO_UINT (data));
  g_autoptr (Arena) arena = arena_new ();
  gint64 round = plan ("随机", g_rand_int_range (random, 0, 4));
  for (int i = 0; i < CHILDREN; i++) {
    guint32 units[] = { 0, 1, 2 };
    for (int k = 2; k > 0; k--) {
      int other = g_rand_int_range (random, 0, k + 1);
      guint32 swap = units[k];
      units[k] = units[other];
      units[other] = swap;
    }
    apply (arena, &worker, round, children[i], units, (size_t)g_rand_int_range (random, 1, 4));
  }
  draw (round);
  assert_holds (round);
  assert_fair (round);
}

int
main (int argc, char **argv)
{
  setlocale (LC_ALL, "C.UTF-8");
  g_test_init (&argc, &argv, NULL);
  package = town_package ();
  town_open (&town, package);
  primary = draws_allocation (package, "22/primary");
  flats = draws_allocation (package, "17/public-rental-flats");
  g_assert_nonnull (primary);
  g_assert_nonnull (flats);
  now = noon (2025, 6, 1);
  settle_town ();
  GError *error = NULL;
  DrawsOptions options
      = { .package = package, .registry = town.registry, .access = town.access, .clock = clock_ };
  draws = draws_open (&options, &error);
  g_assert_no_error (error);
  g_test_add_func ("/draws/plan", test_plan);
  g_test_add_func ("/draws/apply", test_apply);
  g_test_add_func ("/draws/life", test_life);
  g_test_add_func ("/draws/second", test_second);
  g_test_add_func ("/draws/files", test_files);
  g_test_add_func ("/draws/reserves", test_reserves);
  g_test_add_func ("/draws/dedicated", test_dedicated);
  for (guint seed = 1; seed <= 6; seed++) {
    g_autofree char *name = g_strdup_printf ("/draws/random/%u", seed);
    g_test_add_data_func (name, GUINT_TO_POINTER (seed), test_random);
  }
  int failed = g_test_run ();
  draws_free (draws);
  town_close (&town);
  policy_free (package);
  return failed;
}
