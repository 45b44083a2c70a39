/* From an application to a decision: what a deed leaves behind, what is sent twice, who was first, and limits
 * as the steps make them. */
#include "cases/cases.h"
#include "support.h"
#include "town.h"

#include <locale.h>
#include <pthread.h>
#include <string.h>

enum { RESIDENTS = 200, HOUR = 3600, DAY_SECONDS = 24 * HOUR };

static PolicyPackage *package;
static Town town;
static Notices *notices;
static Cases *cases;
static gint64 now; /* UTC seconds */

static const AccessAccount clerk
    = { .name = "clerk", .role = ACCESS_COUNTER_CLERK, .department = "县民政局" },
    worker = { .name = "worker", .role = ACCESS_CASE_WORKER, .department = "县民政局" },
    head = { .name = "head", .role = ACCESS_DEPARTMENT_HEAD, .department = "县民政局" },
    other = { .name = "other", .role = ACCESS_CASE_WORKER, .department = "县林业局" };

static gint64
clock_now (gpointer data)
{
  return now;
}

/* Somebody with a household for whom nobody has applied in another test. */
static AccessAccount
somebody (void)
{
  static gint64 number = 1;
  const RegistryEntity *resident = registry_schema_entity (policy_schema (package), "resident");
  const RegistryAttribute *household = registry_entity_attribute (resident, "household");
  static Subject taken[RESIDENTS];
  for (;; number++) {
    g_autoptr (Arena) arena = arena_new ();
    AccessAccount who
        = { .name = "somebody", .role = ACCESS_RESIDENT, .subject = subject_make (resident, number) };
    const AccessPermit *through
        = NULL,
        *permit = policy_permit (town.access, arena, &who, policy_clause (package, 23), who.subject, NULL);
    const char *name;
    g_assert_nonnull (permit);
    RegistryMoment at = { civil_day_of (now), now };
    g_assert_true (access_permit_through (permit, arena, household, at, &through, &name, NULL));
    bool is_new = through != NULL;
    for (gint64 i = 0; is_new && i < number; i++)
      is_new = taken[i] != access_permit_subject (through);
    if (is_new) {
      taken[number++] = access_permit_subject (through);
      return who;
    }
  }
}

static const AccessAccount *looker = &head; /* who sees that nothing changed */

static const char *
next_key (void)
{
  static char key[20];
  static int n;
  g_snprintf (key, sizeof key, "key-%d", n++);
  return key;
}

static gint64
apply (const AccessAccount *who, const char *matter)
{
  GError *error = NULL;
  CaseApplication ask = { .matter = policy_matter (package, matter), .contact = "person@example.test" };
  gint64 id = cases_submit (cases, who, &ask, next_key (), &error);
  g_assert_no_error (error);
  return id;
}

static const Case *
look (Arena *arena, const AccessAccount *who, gint64 id)
{
  GError *error = NULL;
  const Case *c = cases_case (cases, arena, who, id, &error);
  g_assert_no_error (error);
  return c;
}

static void
act (const AccessAccount *who, gint64 id, CaseDeed deed)
{
  GError *error = NULL;
  bool done = cases_act (cases, who, id, &deed, next_key (), &error);
  g_assert_no_error (error);
  g_assert_true (done);
}

static void
refuse (const AccessAccount *who, gint64 id, CaseDeed deed, int code, const char *words)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (Arena) arena = arena_new ();
  gint64 version = look (arena, looker, id)->version;
  g_assert_false (cases_act (cases, who, id, &deed, next_key (), &error));
  g_assert_error (error, FAULT, code);
  g_assert_nonnull (strstr (error->message, words));
  g_assert_cmpint (look (arena, looker, id)->version, ==, version);
}

/* ---- a life ------------------------------------------------------------------------------ */

static void
test_granted (void)
{
  g_autoptr (Arena) arena = arena_new ();
  AccessAccount who = somebody ();
  gint64 id = apply (&who, "23/main");
  const Case *c = look (arena, &who, id);
  g_assert_cmpint (c->state, ==, CASE_SUBMITTED);
  g_assert_cmpstr (c->office, ==, "县民政局");
  g_assert_cmpstr (c->package_hash, ==, policy_hash (package));
  act (&clerk, id, (CaseDeed){ .action = CASE_ACCEPT, .version = c->version });
  now += 2 * DAY_SECONDS;
  c = look (arena, &worker, id);
  g_assert_cmpint (c->due_statutory, >, 0);
  refuse (&clerk, id, (CaseDeed){ .action = CASE_DECIDE, .grant = true, .reason = "可以" }, FAULT_DENIED,
          "case workers");
  act (&worker, id,
       (CaseDeed){ .action = CASE_DECIDE,
                   .grant = true,
                   .reason = "入户核实",
                   .has_amount = true,
                   .amount_fen = 65000 });
  act (&clerk, id, (CaseDeed){ .action = CASE_DELIVER });
  c = look (arena, &who, id);
  g_assert_cmpint (c->state, ==, CASE_DELIVERED);
  g_assert_cmpint (c->outcome, ==, CASE_GRANTED);
  g_assert_cmpint (c->amount_fen, ==, 65000);
  size_t n;
  const CaseStep *steps = cases_steps (cases, arena, c, &n, NULL);
  g_assert_cmpuint (n, ==, 4);
  g_assert_cmpint (steps[2].action, ==, CASE_DECIDE);
  g_assert_nonnull (strstr (steps[2].detail, "65000"));
  NoticeFilter filter = { .limit = 20 };
  notices_inbox (notices, arena, &who, &filter, &n, NULL);
  g_assert_cmpuint (n, ==, 4);
  act (&who, id, (CaseDeed){ .action = CASE_APPEAL, .reason = "金额不对" });
  refuse (&worker, id, (CaseDeed){ .action = CASE_SETTLE_APPEAL, .grant = true, .reason = "改" },
          FAULT_DENIED, "office");
  act (&head, id,
       (CaseDeed){ .action = CASE_SETTLE_APPEAL,
                   .grant = true,
                   .has_amount = true,
                   .amount_fen = 70000,
                   .reason = "重算" });
  g_assert_cmpint (look (arena, &who, id)->amount_fen, ==, 70000);
}

static void
test_correction (void)
{
  g_autoptr (Arena) arena = arena_new ();
  AccessAccount who = somebody ();
  gint64 id = apply (&who, "23/main");
  const char *missing[] = { "consent" };
  refuse (&clerk, id, (CaseDeed){ .action = CASE_ASK_CORRECTION }, FAULT_INPUT, "at once");
  act (&clerk, id, (CaseDeed){ .action = CASE_ASK_CORRECTION, .missing = missing, .n_missing = 1 });
  size_t n;
  const Case *c = look (arena, &who, id);
  const CaseMaterial *materials = cases_materials (cases, arena, &who, c, &n, NULL);
  bool asked = false;
  for (size_t i = 0; i < n; i++)
    asked |= materials[i].asked_for && g_str_equal (materials[i].material->id, "consent");
  g_assert_true (asked);
  CaseUpload fake = { "consent", "授权书.pdf", text_of ("MZ\x90 a program") };
  refuse (&who, id, (CaseDeed){ .action = CASE_CORRECT, .uploads = &fake, .n_uploads = 1 }, FAULT_INPUT,
          "no PDF");
  CaseUpload paper = { "consent", "授权书.pdf", text_of ("%PDF-1.7 synthetic") };
  act (&who, id, (CaseDeed){ .action = CASE_CORRECT, .uploads = &paper, .n_uploads = 1 });
  c = look (arena, &clerk, id);
  g_assert_cmpint (c->state, ==, CASE_SUBMITTED);
  materials = cases_materials (cases, arena, &clerk, c, &n, NULL);
  Text content;
  const char *type, *name;
  for (size_t i = 0; i < n; i++)
    if (materials[i].file) {
      g_assert_true (cases_file (cases, arena, &clerk, c, materials[i].file, &content, &type, &name, NULL));
      g_assert_cmpstr (type, ==, "application/pdf");
      g_assert_true (text_equal (content, paper.content));
    }
  refuse (&clerk, id, (CaseDeed){ .action = CASE_ASK_CORRECTION, .missing = missing, .n_missing = 1 },
          FAULT_INPUT, "second time");
  act (&who, id, (CaseDeed){ .action = CASE_WITHDRAW });
  refuse (&clerk, id, (CaseDeed){ .action = CASE_ACCEPT }, FAULT_CONFLICT, "withdrawn");
}

/* Who is served first by law is, and by which provision can be said (clause 2: veterans). */
static void
test_first (void)
{
  g_autoptr (Arena) arena = arena_new ();
  const RegistryEntity *resident = registry_schema_entity (policy_schema (package), "resident");
  AccessAccount staff = { .name = "hr", .role = ACCESS_DEPARTMENT_HEAD, .department = "县人社局" };
  size_t n_first = 0, n_other = 0;
  for (gint64 i = 1; i < RESIDENTS && !(n_first && n_other); i++) {
    AccessAccount who
        = { .name = "applicant", .role = ACCESS_RESIDENT, .subject = subject_make (resident, i) };
    const Case *c = look (arena, &staff, apply (&who, "2/flexible"));
    const PolicyProvision *by = case_first_by (c);
    g_assert_cmpint (by != NULL, ==, c->priority == 0);
    if (by) {
      g_assert_cmpstr (by->id, ==, "veteran");
      g_assert_cmpint (by->clause->number, ==, 2);
    }
    n_first += by != NULL;
    n_other += !by;
  }
  g_assert_true (n_first && n_other);
}

/* One paper will do, another will not: who applied is asked for all that is missing at once, with reasons. */
static void
test_papers (void)
{
  g_autoptr (Arena) arena = arena_new ();
  AccessAccount who = somebody ();
  CaseUpload papers[] = { { "income", "工资.pdf", text_of ("%PDF-1.7 synthetic") },
                          { "consent", "授权书.pdf", text_of ("%PDF-1.7 synthetic") } };
  CaseApplication ask = { .matter = policy_matter (package, "23/main"), .uploads = papers, .n_uploads = 2 };
  gint64 id = cases_submit (cases, &who, &ask, next_key (), NULL);
  CaseDeed look_at = { .action = CASE_CHECK_MATERIAL, .material = "consent", .reason = "看不清" };
  CaseDeed fine = { .action = CASE_CHECK_MATERIAL, .material = "income", .accepted = true };
  CaseDeed none = { .action = CASE_CHECK_MATERIAL, .material = "assets", .accepted = true };
  CaseDeed silent = { .action = CASE_CHECK_MATERIAL, .material = "consent" };
  refuse (&clerk, id, none, FAULT_INPUT, "no file");
  refuse (&clerk, id, silent, FAULT_INPUT, "will not do");
  refuse (&who, id, fine, FAULT_DENIED, "not for the applicant");
  act (&clerk, id, look_at);
  act (&clerk, id, fine);
  const char *missing[] = { "assets" };
  act (&clerk, id, (CaseDeed){ .action = CASE_ASK_CORRECTION, .missing = missing, .n_missing = 1 });
  size_t n;
  const Case *c = look (arena, &who, id);
  const CaseStep *steps = cases_steps (cases, arena, c, &n, NULL);
  g_assert_cmpstr (steps[n - 1].detail, ==,
                   "{\"missing\":[\"consent\",\"assets\"],\"reasons\":{\"consent\":\"看不清\"}}");
  const CaseMaterial *materials = cases_materials (cases, arena, &who, c, &n, NULL);
  for (size_t i = 0; i < n; i++) {
    const char *one = materials[i].material->id;
    bool refused = g_str_equal (one, "consent");
    g_assert_cmpstr (materials[i].why, ==, refused ? "看不清" : NULL);
    g_assert_cmpint (materials[i].verdict, ==,
                     refused                       ? CASE_PAPER_REFUSED
                     : g_str_equal (one, "income") ? CASE_PAPER_ACCEPTED
                                                   : CASE_PAPER_UNSEEN);
    g_assert_cmpint (materials[i].asked_for, ==, refused || g_str_equal (one, "assets"));
  }
  /* What comes anew has not been looked at; refused again, it may be asked for again without more words. */
  act (&who, id, (CaseDeed){ .action = CASE_CORRECT, .uploads = &papers[1], .n_uploads = 1 });
  materials = cases_materials (cases, arena, &clerk, look (arena, &clerk, id), &n, NULL);
  for (size_t i = 0; i < n; i++)
    g_assert_cmpint (materials[i].verdict == CASE_PAPER_REFUSED, ==, false);
  refuse (&clerk, id, (CaseDeed){ .action = CASE_ASK_CORRECTION }, FAULT_INPUT, "at once");
  act (&clerk, id, look_at);
  refuse (&clerk, id, (CaseDeed){ .action = CASE_ACCEPT }, FAULT_INPUT, "\"consent\" was refused");
  act (&clerk, id, (CaseDeed){ .action = CASE_ASK_CORRECTION });
  act (&who, id, (CaseDeed){ .action = CASE_WITHDRAW });
}

/* ---- who may, twice, at once ---------------------------------------------------------------- */

static void
test_refusals (void)
{
  g_autoptr (Arena) arena = arena_new ();
  g_autoptr (GError) error = NULL;
  AccessAccount who = somebody (), stranger = somebody ();
  CaseApplication ask = { .matter = policy_matter (package, "23/main") };
  gint64 id = cases_submit (cases, &who, &ask, "same", NULL);
  g_assert_cmpint (id, >, 0);
  g_assert_cmpint (cases_submit (cases, &who, &ask, "same", NULL), ==, id);
  CaseApplication changed = { .matter = ask.matter, .contact = "13800000000" };
  g_assert_cmpint (cases_submit (cases, &who, &changed, "same", &error), ==, 0);
  g_assert_error (error, FAULT, FAULT_INPUT);
  g_clear_error (&error);
  g_assert_cmpint (cases_submit (cases, &who, &ask, "another", &error), ==, 0);
  g_assert_error (error, FAULT, FAULT_CONFLICT);
  g_clear_error (&error);
  ask.applicant = who.subject;
  g_assert_cmpint (cases_submit (cases, &stranger, &ask, "third", &error), ==, 0);
  g_assert_error (error, FAULT, FAULT_DENIED);
  g_clear_error (&error);
  g_assert_null (cases_case (cases, arena, &stranger, id, &error));
  g_assert_error (error, FAULT, FAULT_DENIED);
  g_clear_error (&error);
  g_assert_null (cases_case (cases, arena, &other, id, &error));
  g_assert_error (error, FAULT, FAULT_DENIED);
  refuse (&other, id, (CaseDeed){ .action = CASE_ACCEPT }, FAULT_DENIED, "its office");
  refuse (&who, id, (CaseDeed){ .action = CASE_ACCEPT }, FAULT_DENIED, "applicant");
  act (&clerk, id, (CaseDeed){ .action = CASE_ACCEPT, .version = 1 });
  refuse (&worker, id, (CaseDeed){ .action = CASE_SUSPEND, .version = 1, .reason = "现场核查" },
          FAULT_CONFLICT, "clerk was first");
  refuse (&worker, id, (CaseDeed){ .action = CASE_SUSPEND }, FAULT_INPUT, "reason");
}

typedef struct {
  const AccessAccount *who;
  gint64 id;
  bool grant, done;
  char key[20];
} Decider;

static void *
decide (void *data)
{
  Decider *d = data;
  CaseDeed deed = { .action = CASE_DECIDE, .version = 2, .grant = d->grant, .reason = "核实过" };
  d->done = cases_act (cases, d->who, d->id, &deed, d->key, NULL);
  return NULL;
}

static void
test_two_deciders (void)
{
  AccessAccount who = somebody ();
  g_autoptr (Arena) arena = arena_new ();
  gint64 id = apply (&who, "23/main");
  act (&clerk, id, (CaseDeed){ .action = CASE_ACCEPT });
  Decider deciders[2] = { { &worker, id, true, false, "a" }, { &head, id, false, false, "b" } };
  pthread_t threads[2];
  for (int i = 0; i < 2; i++)
    pthread_create (&threads[i], NULL, decide, &deciders[i]);
  for (int i = 0; i < 2; i++)
    pthread_join (threads[i], NULL);
  g_assert_cmpint (deciders[0].done + deciders[1].done, ==, 1);
  const Case *c = look (arena, &who, id);
  g_assert_cmpint (c->outcome, ==, deciders[0].done ? CASE_GRANTED : CASE_REFUSED);
  g_assert_cmpint (c->version, ==, 3);
}

/* ---- limits ----------------------------------------------------------------------------------- */

static const CaseClock *
clock_of (Arena *arena, gint64 id, PolicyLimitKind kind)
{
  size_t n;
  const CaseClock *clocks = cases_clocks (cases, arena, look (arena, &head, id), &n, NULL);
  for (size_t i = 0; i < n; i++)
    if (clocks[i].kind == kind)
      return &clocks[i];
  return NULL;
}

static void
test_limits (void)
{
  g_autoptr (Arena) arena = arena_new ();
  AccessAccount who = somebody ();
  gint64 id = apply (&who, "23/main");
  act (&clerk, id, (CaseDeed){ .action = CASE_ACCEPT });
  const CaseClock *clock = clock_of (arena, id, POLICY_LIMIT_STATUTORY);
  gint64 due = clock->reading.due;
  Day begun = civil_day_of (now), expected;
  g_assert_true (workdays_add (policy_workdays (package), begun, clock->limit.n, &expected, NULL));
  g_assert_cmpint (due / 1440, ==, expected);
  act (&worker, id, (CaseDeed){ .action = CASE_SUSPEND, .reason = "入户核查" });
  now += 7 * DAY_SECONDS;
  act (&worker, id, (CaseDeed){ .action = CASE_RESUME });
  clock = clock_of (arena, id, POLICY_LIMIT_STATUTORY);
  g_assert_cmpuint (clock->n_events, ==, 3);
  g_assert_cmpint (clock->reading.due, >, due);
  g_assert_cmpint (look (arena, &head, id)->due_statutory, ==, clock->reading.due);
  /* A machine's clock set back writes no step before the last. */
  now -= 30 * DAY_SECONDS;
  act (&worker, id, (CaseDeed){ .action = CASE_NOTE, .reason = "时钟往回走" });
  now += 30 * DAY_SECONDS;
  size_t n;
  const CaseStep *steps = cases_steps (cases, arena, look (arena, &head, id), &n, NULL);
  for (size_t i = 1; i < n; i++)
    g_assert_cmpint (steps[i].at, >=, steps[i - 1].at);
  now += 70 * DAY_SECONDS;
  g_assert_true (cases_look (cases, NULL));
  g_assert_true (look (arena, &head, id)->escalated);
  now -= 70 * DAY_SECONDS;
}

/* The queues of all townships are the queue. */
static void
test_townships (void)
{
  g_autoptr (Arena) arena = arena_new ();
  g_autoptr (GHashTable) townships = g_hash_table_new (g_str_hash, g_str_equal);
  CaseFilter all = { .limit = 1000 };
  size_t n, found = 0;
  const Case *queue = cases_queue (cases, arena, &worker, &all, &n, NULL);
  for (size_t i = 0; i < n; i++)
    g_hash_table_add (townships, (gpointer)queue[i].township);
  g_assert_cmpuint (g_hash_table_size (townships), >, 1);
  GHashTableIter next;
  gpointer township;
  g_hash_table_iter_init (&next, townships);
  while (g_hash_table_iter_next (&next, &township, NULL)) {
    size_t n_here, n_matter;
    CaseFilter here = { .limit = 1000, .township = township }, matter = here;
    matter.matter = "23/main";
    const Case *some = cases_queue (cases, arena, &worker, &here, &n_here, NULL);
    for (size_t i = 0; i < n_here; i++)
      g_assert_cmpstr (some[i].township, ==, township);
    g_assert_nonnull (cases_queue (cases, arena, &worker, &matter, &n_matter, NULL));
    g_assert_cmpuint (n_matter, <=, n_here);
    found += n_here;
  }
  g_assert_cmpuint (found, ==, n);
}

/* ---- how long decisions took ------------------------------------------------------------- */

/* Each is accepted on a Monday and decided so many calendar days later. */
static void
test_figures (void)
{
  static const struct {
    int days, working; /* calendar days to the decision, working days that count by then */
    bool late;
  } table[]
      = { { 0, 0 }, { 1, 1 },   { 1, 1 },        { 2, 2 }, { 3, 3 }, { 4, 4 }, { 5, 4 } /* a Saturday */,
          { 7, 5 }, { 14, 10 }, { 49, 36, true } /* with the Sunday made up */ };
  g_autoptr (Arena) arena = arena_new ();
  gint64 begun = now, sum = 0, all_late = 0;
  now = civil_to_day (2026, 8, 3) * (gint64)DAY_SECONDS + 2 * HOUR; /* a Monday, after the other tests */
  Day from = civil_day_of (now), to = from + 70;
  gint64 started = now;
  for (size_t i = 0; i < G_N_ELEMENTS (table); i++) {
    AccessAccount who = somebody ();
    now = started;
    gint64 id = apply (&who, "23/main");
    act (&clerk, id, (CaseDeed){ .action = CASE_ACCEPT });
    now += table[i].days * (gint64)DAY_SECONDS;
    act (&worker, id, (CaseDeed){ .action = CASE_DECIDE, .reason = "核实（样例）" });
    sum += table[i].working;
    all_late += table[i].late;
  }
  size_t n;
  gint64 decided = 0, late = 0;
  const CaseFigure *figures = cases_figures (cases, arena, &head, "县民政局", from, to, &n, NULL);
  g_assert_cmpuint (n, >, 2);
  g_assert_null (figures[0].township);
  g_assert_cmpint (figures[0].unit, ==, CLOCK_WORKING_DAYS);
  g_assert_cmpint (figures[0].decided, ==, G_N_ELEMENTS (table));
  g_assert_cmpint (figures[0].measured, ==, G_N_ELEMENTS (table));
  g_assert_cmpint (figures[0].mean, ==, (sum * 100 + 5) / (gint64)G_N_ELEMENTS (table));
  g_assert_cmpint (figures[0].within, ==, 1000); /* nine of ten: the tenth took longer */
  g_assert_cmpint (figures[0].late_statutory, ==, all_late);
  for (size_t i = 1; i < n; i++) {
    g_assert_cmpint (strlen (figures[i].township), >, 0);
    decided += figures[i].decided;
    late += figures[i].late_statutory;
  }
  g_assert_cmpint (decided, ==, figures[0].decided);
  g_assert_cmpint (late, ==, all_late);
  g_assert_nonnull (cases_figures (cases, arena, &head, "县民政局", from - 1000, from - 900, &n, NULL));
  g_assert_cmpuint (n, ==, 0);
  g_autoptr (GError) error = NULL;
  g_assert_null (cases_figures (cases, arena, &other, "县民政局", from, to, &n, &error));
  g_assert_error (error, FAULT, FAULT_DENIED);
  now = begun;
}

/* ---- bundles -------------------------------------------------------------------------------------- */

static void
test_bundle (void)
{
  g_autoptr (Arena) arena = arena_new ();
  const PolicyMatter *matter = policy_matter (package, "9/open");
  AccessAccount who = somebody ();
  g_assert_cmpuint (matter->n_parts, >, 0);
  gint64 id = apply (&who, "9/open");
  size_t n;
  const Case *parts = cases_queue (cases, arena, &who, &(CaseFilter){ .parent = id, .limit = 50 }, &n, NULL);
  g_assert_cmpuint (n, ==, matter->n_parts);
  AccessAccount window = { .name = "window", .role = ACCESS_CASE_WORKER, .department = matter->body };
  looker = &window;
  act (&window, id, (CaseDeed){ .action = CASE_ACCEPT });
  refuse (&window, id, (CaseDeed){ .action = CASE_DECIDE, .grant = true, .reason = "齐全" }, FAULT_CONFLICT,
          "part");
  for (size_t i = 0; i < n; i++)
    act (&window, parts[i].id, (CaseDeed){ .action = CASE_DECIDE, .grant = true, .reason = "齐全" });
  act (&window, id, (CaseDeed){ .action = CASE_DECIDE, .grant = true, .reason = "齐全" });
  const Case *c = look (arena, &window, id);
  g_assert_cmpint (c->outcome, ==, CASE_GRANTED);
  g_assert_cmpint (c->state, ==, CASE_DECIDED);
  looker = &head;
}

/* How often WHO is told of KIND and the case numbered NUMBER. */
static size_t
told (Arena *arena, const AccessAccount *who, const char *kind, const char *number)
{
  NoticeFilter filter = { .limit = 200 };
  size_t n, found = 0;
  const NoticeItem *items = notices_inbox (notices, arena, who, &filter, &n, NULL);
  for (size_t i = 0; i < n; i++)
    found += g_str_equal (items[i].kind, kind) && strstr (items[i].body, number);
  return found;
}

/* What is due soon is told once, what is late once, by the thread that does so by itself. */
static void
test_keeper (void)
{
  static const AccessAccount at_desk
      = { .name = "desk", .role = ACCESS_CASE_WORKER, .department = "县民政局" };
  g_autoptr (Arena) arena = arena_new ();
  AccessAccount who = somebody ();
  gint64 id = apply (&who, "23/main"), start = now;
  act (&clerk, id, (CaseDeed){ .action = CASE_ACCEPT });
  const Case *c = look (arena, &head, id);
  size_t found[2];
  for (int step = 0; step < 2; step++) {
    now = ((step ? c->due + 60 : c->warn_at + 1) - 8 * 60) * 60;
    for (int twice = 0; twice < 2; twice++) {
      CasesKeeper *keeper = cases_keep (cases, NULL);
      cases_keep_stop (keeper); /* it looks once before it stops */
    }
    found[step] = told (arena, &at_desk, step ? "case-late" : "case-due", c->number);
  }
  now = start;
  g_assert_cmpuint (found[0], ==, 1);
  g_assert_cmpuint (found[1], ==, 1);
  g_assert_true (look (arena, &head, id)->escalated);
}

/* What is late is told to each head of the office, and to nobody else; without a head to the office. */
static void
test_heads (void)
{
  static const AccessAccount operator_ = { .name = "operator", .role = ACCESS_OPERATOR }, heads[] = {
    { .name = "head-1", .role = ACCESS_DEPARTMENT_HEAD, .department = "县民政局" },
    { .name = "head-2", .role = ACCESS_DEPARTMENT_HEAD, .department = "县民政局" },
    { .name = "head-3", .role = ACCESS_DEPARTMENT_HEAD, .department = "县林业局" },
    { .name = "head-4", .role = ACCESS_DEPARTMENT_HEAD, .department = "县民政局" },
  };
  static const AccessAccount desk = { .name = "desk", .role = ACCESS_CASE_WORKER, .department = "县民政局" };
  static const struct {
    const AccessAccount *who;
    size_t n;
  } readers[] = { { &heads[0], 1 }, { &heads[1], 1 }, { &heads[2], 0 }, { &heads[3], 0 }, { &desk, 0 } };
  g_autoptr (Arena) arena = arena_new ();
  GError *error = NULL;
  gint64 start = now;
  for (size_t i = 0; i < G_N_ELEMENTS (heads); i++) {
    AccessAccount account = heads[i];
    account.zh = account.en = "样例";
    g_assert_true (access_add (town.access, &operator_, &account, "long enough it is", &error));
  }
  g_assert_true (access_disable (town.access, &operator_, "head-4", true, &error));
  AccessAccount who = somebody ();
  gint64 id = apply (&who, "23/main");
  act (&clerk, id, (CaseDeed){ .action = CASE_ACCEPT });
  const Case *c = look (arena, &head, id);
  now = (c->due + 60 - 8 * 60) * 60;
  for (int twice = 0; twice < 2; twice++)
    g_assert_true (cases_look (cases, &error));
  now = start;
  for (size_t i = 0; i < G_N_ELEMENTS (readers); i++)
    g_assert_cmpuint (told (arena, readers[i].who, "case-late", c->number), ==, readers[i].n);
}

/* SUBJECT, a household, has more than the limits allow. */
static void
correct (Subject subject)
{
  GError *error = NULL;
  const RegistryEntity *household = registry_schema_entity (policy_schema (package), "household");
  RegistryFact fact = { .attribute = registry_entity_attribute (household, "assets_within_limits"),
                        .state = REGISTRY_VALUE,
                        .integer = 0 };
  RegistryBatch about = { .source = fact.attribute->source, .actor = "test", .recorded_at = now };
  g_autoptr (RegistryWriter) writer = registry_writer_new (town.registry, NULL);
  RegistryBatchId batch = registry_writer_batch (writer, &about, &error);
  g_assert_true (
      registry_writer_append (writer, batch, subject, REGISTRY_EVER, REGISTRY_FOREVER, &fact, 1, &error));
  g_assert_true (registry_writer_commit (writer, NULL));
}

/* What a program that was started anew finds. */
static void
look_anew (void)
{
  GError *error = NULL;
  CasesOptions options = { .package = package,
                           .registry = town.registry,
                           .access = town.access,
                           .notices = notices,
                           .clock = clock_now };
  g_autoptr (Cases) again = cases_open (&options, &error);
  g_assert_no_error (error);
  g_assert_true (cases_look (again, &error));
}

/* A fact that a case rests on is corrected: found by whichever program looks next, told once. */
static void
test_flag (void)
{
  static const AccessAccount desk = { .name = "desk", .role = ACCESS_CASE_WORKER, .department = "县民政局" };
  g_autoptr (Arena) arena = arena_new ();
  AccessAccount who = somebody (), other_one = somebody ();
  gint64 id = apply (&who, "23/main"), other_id = apply (&other_one, "23/main");
  g_assert_true (cases_look (cases, NULL));
  const Case *c = look (arena, &head, id);
  g_assert_false (c->flagged);
  correct (c->subject);
  for (int times = 0; times < 4; times++) {
    look_anew ();
    g_assert_true (look (arena, &head, id)->flagged);
    g_assert_false (look (arena, &head, other_id)->flagged);
    g_assert_cmpuint (told (arena, &desk, "case-flagged", c->number), ==, 1);
  }
}

/* Whom a case is about turns out to be somebody else, who is corrected then. */
static void
test_flag_merged (void)
{
  g_autoptr (Arena) arena = arena_new ();
  GError *error = NULL;
  AccessAccount who = somebody (), other_one = somebody ();
  gint64 id = apply (&who, "23/main"), other_id = apply (&other_one, "23/main");
  Subject gone = look (arena, &head, id)->subject, kept = look (arena, &head, other_id)->subject;
  g_autoptr (RegistryWriter) writer = registry_writer_new (town.registry, &error);
  g_assert_true (registry_writer_merge (writer, kept, gone, "test", "the same household", now, &error));
  g_assert_true (registry_writer_commit (writer, &error));
  g_clear_pointer (&writer, registry_writer_free);
  correct (kept);
  g_assert_true (cases_look (cases, NULL));
  g_assert_true (look (arena, &head, id)->flagged);
  g_assert_true (look (arena, &head, other_id)->flagged);
}

/* ---- other rules than then ---------------------------------------------------------------------- */

/* The county's package with a figure filled in that it leaves open, and one more day off. */
static PolicyPackage *
changed_package (const char *folder)
{
  static const char from[] = "      reference: 闽侯县现行城乡",
                    to[] = "      value: 0.42\n      reference: 闽侯县现行城乡";
  g_autoptr (DmnFaults) faults = dmn_faults_new ();
  size_t n;
  const PolicyFile *files = policy_files (package, &n);
  for (size_t i = 0; i < n; i++) {
    g_autofree char *path = g_build_filename (folder, files[i].name, NULL),
                    *parent = g_path_get_dirname (path);
    g_autoptr (GString) text = g_string_new_len (files[i].content.bytes, (gssize)files[i].content.len);
    if (strstr (files[i].name, "social-assistance.yaml")) {
      g_assert_cmpuint (g_string_replace (text, from, to, 1), ==, 1);
      g_assert_cmpuint (g_string_replace (text, "confidence: missing", "confidence: assumed", 1), ==, 1);
    }
    if (g_str_equal (files[i].name, "calendar/holidays.csv"))
      g_string_append (text, "2026-07-29,样例假日,off\n");
    g_assert_cmpint (g_mkdir_with_parents (parent, 0700), ==, 0);
    g_assert_true (g_file_set_contents (path, text->str, (gssize)text->len, NULL));
  }
  PolicyPackage *changed = policy_load (folder, faults, NULL);
  g_assert_cmpuint (dmn_faults_count (faults, DMN_ERROR), ==, 0);
  g_assert_cmpstr (policy_hash (changed), !=, policy_hash (package));
  return changed;
}

static bool
waits_for_ratio (const PolicyDetermination *d)
{
  for (size_t i = 0; i < d->n_needs; i++)
    if (g_str_equal (d->needs[i].name, "参数.低保标准占最低工资比例"))
      return true;
  return false;
}

/* A case comes out as it did, also when the rules are others by now. */
static void
test_versions (void)
{
  g_autoptr (Arena) arena = arena_new ();
  GError *error = NULL;
  AccessAccount who = somebody ();
  gint64 id = apply (&who, "23/main");
  act (&clerk, id, (CaseDeed){ .action = CASE_ACCEPT });
  gint64 due = look (arena, &head, id)->due_statutory;
  g_autofree char *folder = support_folder ();
  g_autoptr (PolicyPackage) changed = changed_package (folder);
  g_autoptr (Access) access = access_open (town.registry, NULL);
  policy_hand_purposes (changed, access);
  CasesOptions options
      = { .package = changed, .registry = town.registry, .access = access, .clock = clock_now };
  g_autoptr (Cases) later = cases_open (&options, &error);
  g_assert_no_error (error);
  const Case *c = cases_case (later, arena, &who, id, &error);
  g_assert_no_error (error);
  g_assert_cmpstr (c->package_hash, ==, policy_hash (package));
  g_assert_cmpint (c->proposed, ==, POLICY_UNDETERMINED);
  for (int twice = 0; twice < 2; twice++) {
    const PolicyDetermination *then = cases_proposal (later, arena, &who, c, true, &error);
    g_assert_no_error (error);
    g_assert_cmpint (then->outcome, ==, POLICY_UNDETERMINED);
    g_assert_cmpint (then->as_of, ==, c->as_of);
    g_assert_true (waits_for_ratio (then));
  }
  const PolicyDetermination *today = cases_proposal (later, arena, &who, c, false, &error);
  g_assert_no_error (error);
  g_assert_false (waits_for_ratio (today));
  g_assert_true (cases_look (later, NULL));
  c = cases_case (later, arena, &who, id, NULL);
  g_assert_cmpint (c->due_statutory, ==, due + 1440);
  g_assert_true (cases_look (cases, NULL)); /* and back */
  g_assert_cmpint (look (arena, &head, id)->due_statutory, ==, due);
  support_remove (folder);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  setlocale (LC_CTYPE, "C.UTF-8");
  package = town_package ();
  town_open_demo (&town, package, RESIDENTS, 7);
  now = civil_to_day (2026, 7, 6) * (gint64)DAY_SECONDS + 2 * HOUR; /* a Monday, ten in the morning */
  notices = notices_open (registry_store (town.registry), NULL);
  CasesOptions options = { .package = package,
                           .registry = town.registry,
                           .access = town.access,
                           .notices = notices,
                           .clock = clock_now };
  GError *error = NULL;
  cases = cases_open (&options, &error);
  g_assert_no_error (error);
  g_test_add_func ("/cases/granted", test_granted);
  g_test_add_func ("/cases/correction", test_correction);
  g_test_add_func ("/cases/refusals", test_refusals);
  g_test_add_func ("/cases/two deciders", test_two_deciders);
  g_test_add_func ("/cases/limits", test_limits);
  g_test_add_func ("/cases/bundle", test_bundle);
  g_test_add_func ("/cases/townships", test_townships);
  g_test_add_func ("/cases/flag", test_flag);
  g_test_add_func ("/cases/versions", test_versions);
  g_test_add_func ("/cases/keeper", test_keeper);
  g_test_add_func ("/cases/heads", test_heads);
  g_test_add_func ("/cases/figures", test_figures);
  g_test_add_func ("/cases/papers", test_papers);
  g_test_add_func ("/cases/first", test_first);
  g_test_add_func ("/cases/flag merged", test_flag_merged);
  int status = g_test_run ();
  cases_free (cases);
  notices_free (notices);
  town_close (&town);
  policy_free (package);
  return status;
}
