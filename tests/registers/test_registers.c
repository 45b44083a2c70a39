/* Registers: what staff enter reaches the registry with who, when and why; places are kept exactly, against a
 * simple list of our own over random enrolments, and with many at once. */
#include "demo/demo.h"
#include "policy/policy.h"
#include "registers/registers.h"
#include "support.h"

#include <locale.h>
#include <pthread.h>
#include <string.h>

enum { PEOPLE = 12, PLACES = 3, STEPS = 120, THREADS = 8 };

static const PolicyPackage *package;
static Registry *registry;
static const RegistrySchema *schema;
static Registers *registers;
static Notices *notices;
static gint64 ahead; /* of the machine's clock */

static gint64
test_clock (gpointer unused)
{
  return g_get_real_time () / G_USEC_PER_SEC + ahead;
}

static const AccessAccount civil
    = { .name = "civil", .role = ACCESS_CASE_WORKER, .department = "县民政局" },
    labour = { .name = "labour", .role = ACCESS_CASE_WORKER, .department = "县人社局" },
    forester = { .name = "forester", .role = ACCESS_CASE_WORKER, .department = "县林业局" };

static Subject
subject (const char *entity, gint64 number)
{
  return subject_make (registry_schema_entity (schema, entity), number);
}

static AccessAccount
resident (int number)
{
  static char names[200][16];
  g_snprintf (names[number], sizeof names[number], "person%d", number);
  return (AccessAccount){ .name = names[number],
                          .role = ACCESS_RESIDENT,
                          .subject = subject ("resident", number) };
}

/* A new event with PLACES places, which begins in 30 days. */
static Subject
new_event (int places)
{
  const RegistryEntity *event = registry_schema_entity (schema, "event");
  GError *error = NULL;
  g_autoptr (Arena) arena = arena_new ();
  char day[CIVIL_TEXT_MAX];
  const struct {
    const char *id, *text;
  } said[] = { { "name", "样例讲座" },
               { "kind", "学术交流" },
               { "starts_on", civil_format (civil_today () + 30, day) },
               { "places", arena_printf (arena, "%d", places) } };
  RegistryFact facts[G_N_ELEMENTS (said)];
  for (size_t i = 0; i < G_N_ELEMENTS (said); i++)
    g_assert_true (registry_fact_parse (schema, registry_entity_attribute (event, said[i].id),
                                        text_of (arena_text (arena, text_of (said[i].text))), &facts[i],
                                        NULL));
  RegistryWriter *writer = registry_writer_new (registry, &error);
  g_assert_no_error (error);
  RegistryBatch batch = { .source = "县人社局", .actor = "test", .recorded_at = test_clock (NULL) };
  RegistryBatchId id = registry_writer_batch (writer, &batch, &error);
  Subject made = registry_writer_subject (writer, event);
  registry_writer_append (writer, id, made, REGISTRY_EVER, REGISTRY_FOREVER, facts, G_N_ELEMENTS (facts),
                          &error);
  registry_writer_commit (writer, &error);
  registry_writer_free (writer);
  g_assert_no_error (error);
  return made;
}

static const RegisterEvent *
look (Arena *arena, const AccessAccount *who, Subject event)
{
  GError *error = NULL;
  const RegisterEvent *e = registers_event (registers, arena, who, event, &error);
  g_assert_no_error (error);
  return e;
}

/* How many records lead to EVENT today, by the registry. */
static size_t
on_record (Subject event)
{
  g_autoptr (Arena) arena = arena_new ();
  const RegistryEntity *enrolment = registry_schema_entity (schema, "enrolment");
  const RegistryAttribute *into = registry_entity_attribute (enrolment, "event"),
                          *person = registry_entity_attribute (enrolment, "resident");
  RegistryScan *scan = registry_scan_new (registry, enrolment, NULL);
  Subject s;
  size_t n = 0;
  while (registry_scan_next (scan, &s, NULL)) {
    RegistryFact fact = registry_scan_fact (scan, into);
    if (fact.state == REGISTRY_VALUE && fact.integer == event) {
      g_assert_cmpint (registry_scan_fact (scan, person).state, ==, REGISTRY_VALUE);
      n++;
    }
  }
  registry_scan_free (scan);
  return n;
}

static bool
deed (const AccessAccount *who, Subject event, RegisterDeed what, const char *key, GError **error)
{
  return registers_enrol (registers, who, event, what, key, error);
}

/* ---- places, against a list ------------------------------------------------------- */

static int list[PEOPLE], n_list; /* in the order of asking: the first PLACES have a place */

static int
index_of (int person)
{
  for (int i = 0; i < n_list; i++)
    if (list[i] == person)
      return i;
  return -1;
}

static void
check_person (Subject event, int person)
{
  g_autoptr (Arena) arena = arena_new ();
  AccessAccount who = resident (person);
  const RegisterEvent *e = look (arena, &who, event);
  int at = index_of (person);
  g_assert_cmpint (e->taken, ==, MIN (n_list, PLACES));
  g_assert_cmpint (e->waiting, ==, MAX (0, n_list - PLACES));
  if (at < 0)
    g_assert_true (e->state == REGISTER_NONE || e->state == REGISTER_WITHDRAWN);
  else if (at < PLACES)
    g_assert_cmpint (e->state, ==, REGISTER_ENROLLED);
  else
    g_assert_cmpint (e->position, ==, at - PLACES + 1);
}

static void
test_places (void)
{
  Subject event = new_event (PLACES);
  for (int step = 0; step < STEPS; step++) {
    int person = 1 + g_test_rand_int_range (0, PEOPLE), at = index_of (person);
    AccessAccount who = resident (person);
    RegisterDeed what = g_test_rand_int_range (0, 100) < 60 ? REGISTER_ENROL : REGISTER_WITHDRAW;
    g_autofree char *key = g_strdup_printf ("places-%d", step);
    g_autoptr (GError) error = NULL;
    bool fits = what == REGISTER_ENROL ? at < 0 : at >= 0, done = deed (&who, event, what, key, &error);
    g_assert_cmpint (done, ==, fits);
    if (!done)
      g_assert_error (error, FAULT, FAULT_CONFLICT);
    else if (what == REGISTER_ENROL)
      list[n_list++] = person;
    else
      memmove (&list[at], &list[at + 1], sizeof *list * (size_t)(--n_list - at));
    if (done && step % 3 == 0)
      g_assert_true (deed (&who, event, what, key, NULL)); /* sent twice, done once */
    check_person (event, person);
    if (n_list)
      check_person (event, list[g_test_rand_int_range (0, n_list)]);
  }
  for (int person = 1; person <= PEOPLE; person++)
    check_person (event, person);
  g_assert_cmpuint (on_record (event), ==, MIN (n_list, PLACES));
}

typedef struct {
  Subject event;
  int person;
} Runner;

static void *
run_enrol (void *data)
{
  const Runner *r = data;
  AccessAccount who = resident (r->person);
  GError *error = NULL;
  deed (&who, r->event, REGISTER_ENROL, "race", &error);
  g_assert_no_error (error);
  return NULL;
}

static void
test_race (void)
{
  g_autoptr (Arena) arena = arena_new ();
  Subject event = new_event (PLACES);
  pthread_t threads[THREADS];
  Runner runners[THREADS];
  for (int i = 0; i < THREADS; i++) {
    runners[i] = (Runner){ event, 20 + i };
    resident (20 + i);
    g_assert_cmpint (pthread_create (&threads[i], NULL, run_enrol, &runners[i]), ==, 0);
  }
  for (int i = 0; i < THREADS; i++)
    pthread_join (threads[i], NULL);
  const RegisterEvent *e = look (arena, NULL, event);
  g_assert_cmpint (e->taken, ==, PLACES);
  g_assert_cmpint (e->waiting, ==, THREADS - PLACES);
  g_assert_cmpuint (on_record (event), ==, PLACES);
}

/* Told at each turn; nothing goes on after the closing day; staff and strangers do not enrol. */
static void
test_around (void)
{
  g_autoptr (Arena) arena = arena_new ();
  g_autoptr (GError) error = NULL, closed = NULL, other = NULL, nowhere = NULL;
  Subject event = new_event (1);
  AccessAccount one = resident (40), two = resident (41);
  g_assert_true (deed (&one, event, REGISTER_ENROL, "a", NULL));
  g_assert_true (deed (&two, event, REGISTER_ENROL, "a", NULL));
  g_assert_false (deed (&two, event, REGISTER_WITHDRAW, "a", &other)); /* another deed with that key */
  g_assert_error (other, FAULT, FAULT_INPUT);
  g_assert_true (deed (&one, event, REGISTER_WITHDRAW, "b", NULL));
  size_t n;
  const NoticeItem *items = notices_inbox (notices, arena, &two, &(NoticeFilter){ .limit = 9 }, &n, NULL);
  g_assert_cmpuint (n, ==, 2);
  g_assert_cmpstr (items[0].kind, ==, "event-moved-up");
  g_assert_cmpstr (items[1].body, ==, "“样例讲座”名额已满，您在候补名单第 1 位。");
  g_assert_false (deed (&labour, event, REGISTER_ENROL, "c", &error));
  g_assert_error (error, FAULT, FAULT_DENIED);
  g_assert_false (deed (&one, subject ("resident", 1), REGISTER_ENROL, "d", &nowhere));
  g_assert_error (nowhere, FAULT, FAULT_NOT_FOUND);
  ahead = 30 * 86400;
  g_assert_false (look (arena, NULL, event)->open);
  g_assert_false (deed (&two, event, REGISTER_WITHDRAW, "e", &closed));
  g_assert_error (closed, FAULT, FAULT_CONFLICT);
  ahead = 0;
  const RegisterEvent *events = registers_events (registers, arena, &two, &n, NULL);
  g_assert_nonnull (events);
  g_assert_cmpuint (n, >, 3);
}

/* ---- records by staff ----------------------------------------------------------------- */

typedef struct {
  const char *attribute, *text;
} Said;

static Subject
enter (const AccessAccount *who, const char *id, Subject record, const Said *said, size_t n,
       const char *reason, const char *key, GError **error)
{
  const Register *reg = registers_find (registers, id);
  g_autoptr (GArray) fields = g_array_new (FALSE, FALSE, sizeof (RegisterField));
  for (size_t i = 0; i < n && said[i].attribute; i++) {
    RegisterField field = { registry_entity_attribute (reg->entity, said[i].attribute), said[i].text };
    g_array_append_val (fields, field);
  }
  RegisterEntry entry = { reg, record, fields->len, (const RegisterField *)fields->data, reason };
  return registers_enter (registers, who, &entry, key, error);
}

static void
test_enter (void)
{
  static const struct {
    const AccessAccount *who;
    Said said[3];
    FaultCode code;
    const char *words;
  } cases[] = {
    { &forester, { { "resident", "resident-5" }, { "visited_on", "2026-01-05" } }, FAULT_DENIED, "县民政局" },
    { &civil, { { "visited_on", "2026-01-05" } }, FAULT_INPUT, "resident" },
    { &civil, { { "resident", "resident-5" } }, FAULT_INPUT, "visited_on" },
    { &civil, { { "resident", "resident-5" }, { "visited_on", "2099-01-05" } }, FAULT_INPUT, "future" },
    { &civil, { { "resident", "resident-5" }, { "visited_on", "yesterday" } }, FAULT_INPUT, "visited_on" },
    { &civil, { { "resident", "household-5" }, { "visited_on", "2026-01-05" } }, FAULT_INPUT, "resident" },
    { &civil, { { NULL, NULL } }, FAULT_INPUT, "nothing" },
  };
  g_autoptr (Arena) arena = arena_new ();
  for (size_t i = 0; i < G_N_ELEMENTS (cases); i++) {
    g_autoptr (GError) error = NULL;
    g_autofree char *key = g_strdup_printf ("bad-%zu", i);
    g_assert_cmpint (enter (cases[i].who, "visit", 0, cases[i].said, 3, NULL, key, &error), ==, 0);
    g_assert_error (error, FAULT, (int)cases[i].code);
    if (!strstr (error->message, cases[i].words))
      g_error ("“%s” does not say “%s”", error->message, cases[i].words);
  }
  const Said good[] = { { "resident", "resident-5" }, { "visited_on", "2026-01-05" }, { "found", "都好" } };
  GError *error = NULL;
  Subject visit = enter (&civil, "visit", 0, good, 3, "定期走访", "good", &error);
  g_assert_no_error (error);
  g_assert_cmpint (enter (&civil, "visit", 0, good, 3, "定期走访", "good", NULL), ==, visit);
  size_t n;
  const RegistryRecord *records = registry_records (registry, arena, visit, &n, NULL);
  g_assert_cmpuint (n, ==, 1);
  g_assert_cmpstr (records[0].actor, ==, "civil");
  g_assert_cmpstr (records[0].source, ==, "县民政局");
  g_assert_cmpstr (records[0].evidence, ==, "register visit: 定期走访");
  const RegisterRow *rows = registers_rows (registers, arena, &civil, registers_find (registers, "visit"),
                                            &(RegisterFilter){ .limit = 5 }, &n, NULL);
  g_assert_cmpint (rows[0].record, ==, visit);
  g_assert_cmpint (rows[0].about, ==, subject ("resident", 5));
  const AuditRecord *log
      = audit_entries_about (registry_store (registry), arena, subject ("resident", 5), 0, 5, &n, NULL);
  g_assert_cmpint (log[0].entry.act, ==, AUDIT_READ); /* the list, with whom it is about */
  g_assert_cmpint (log[1].entry.act, ==, AUDIT_WRITE);
  g_autoptr (GError) denied = NULL;
  g_assert_null (registers_rows (registers, arena, &forester, registers_find (registers, "visit"),
                                 &(RegisterFilter){ .limit = 5 }, &n, &denied));
  g_assert_error (denied, FAULT, FAULT_DENIED);
}

/* A file asked for, sent, received: in that order, each with its day, and open until the last. */
static void
test_steps (void)
{
  const Said asked[]
      = { { "file", "file-1" }, { "requested_on", "2026-01-05" }, { "from_keeper", "外地人才中心" } },
      sent[] = { { "sent_on", "2026-01-09" } }, early[] = { { "received_on", "2026-01-08" } },
      skipped[] = { { "received_on", "2026-01-12" } }, before[] = { { "sent_on", "2026-01-04" } },
      other[] = { { "file", "file-2" } };
  g_autoptr (Arena) arena = arena_new ();
  GError *error = NULL;
  Subject transfer = enter (&labour, "file_transfer", 0, asked, 3, NULL, "asked", &error);
  g_assert_no_error (error);
  const struct {
    const Said *said;
    const char *reason;
    bool good;
  } steps[] = { { skipped, "收到", false }, { before, "寄出", false }, { sent, "", false },
                { other, "改", false },     { sent, "寄出", true },    { early, "收到", false },
                { skipped, "收到", true } };
  for (size_t i = 0; i < G_N_ELEMENTS (steps); i++) {
    size_t n;
    g_autoptr (GError) fault = NULL;
    g_autofree char *key = g_strdup_printf ("step-%zu", i);
    const RegisterRow *row
        = registers_rows (registers, arena, &labour, registers_find (registers, "file_transfer"),
                          &(RegisterFilter){ .record = transfer, .limit = 1 }, &n, NULL);
    g_assert_true (row && n == 1 && row[0].open);
    bool done = enter (&labour, "file_transfer", transfer, steps[i].said, 1, steps[i].reason, key, &fault);
    g_test_message ("%zu: %s", i, fault ? fault->message : "done");
    g_assert_cmpint (done, ==, steps[i].good);
    if (!done)
      g_assert_error (fault, FAULT, FAULT_INPUT);
  }
  size_t n;
  const RegisterRow *row
      = registers_rows (registers, arena, &labour, registers_find (registers, "file_transfer"),
                        &(RegisterFilter){ .record = transfer, .limit = 1 }, &n, NULL);
  g_assert_false (row[0].open);
}

/* A master and an apprentice: both told and both in the log, meetings as entries, an end with its outcome. */
static void
test_pair (void)
{
  static const struct {
    const char *reg;
    Said said[3];
    const char *words; /* NULL: it is entered */
  } begun[] = {
    { "mentoring", { { "apprentice", "resident-31" }, { "started_on", "2026-01-05" } }, "mentor" },
    { "mentoring",
      { { "apprentice", "resident-31" }, { "mentor", "resident-31" }, { "started_on", "2026-01-05" } },
      "two people" },
    { "mentoring",
      { { "apprentice", "resident-31" }, { "mentor", "resident-9999" }, { "started_on", "2026-01-05" } },
      "nobody" },
    { "tutoring",
      { { "founder", "resident-31" }, { "mentor", "resident-32" }, { "started_on", "2026-01-05" } },
      NULL },
    { "mentoring",
      { { "apprentice", "resident-31" }, { "mentor", "resident-32" }, { "started_on", "2026-01-05" } },
      NULL },
  };
  static const struct {
    Said said[2];
    bool good, open;
  } entries[] = {
    { { { "met_on", "2026-01-04" }, { "met_about", "开始以前" } }, false, true },
    { { { "met_on", "2099-01-04" }, { "met_about", "将来" } }, false, true },
    { { { "met_on", "2026-02-01" }, { "met_about", "看图纸" } }, true, true },
    { { { "met_on", "2026-03-01" }, { "met_about", "上机床" } }, true, true },
    { { { "mentor", "resident-9" }, { NULL, NULL } }, false, true },
    { { { "ended_on", "2026-06-30" }, { "outcome", "出师" } }, true, false },
  };
  g_autoptr (Arena) arena = arena_new ();
  Subject pair = 0;
  size_t n;
  for (size_t i = 0; i < G_N_ELEMENTS (begun); i++) {
    g_autoptr (GError) error = NULL;
    g_autofree char *key = g_strdup_printf ("pair-%zu", i);
    pair = enter (&labour, begun[i].reg, 0, begun[i].said, 3, NULL, key, &error);
    g_assert_cmpint (pair != 0, ==, begun[i].words == NULL);
    if (error && !strstr (error->message, begun[i].words))
      g_error ("“%s” does not say “%s”", error->message, begun[i].words);
  }
  const RegisterRow *row = NULL;
  for (size_t i = 0; i < G_N_ELEMENTS (entries); i++) {
    g_autofree char *key = g_strdup_printf ("met-%zu", i);
    g_assert_cmpint (enter (&labour, "mentoring", pair, entries[i].said, 2, "结对记录", key, NULL) != 0, ==,
                     entries[i].good);
    row = registers_rows (registers, arena, &labour, registers_find (registers, "mentoring"),
                          &(RegisterFilter){ .record = pair, .limit = 1 }, &n, NULL);
    g_assert_cmpint (row[0].open, ==, entries[i].open);
  }
  g_assert_cmpint (row[0].with, ==, subject ("resident", 32));
  const RegistryRecord *kept = registers_entries (registers, arena, row, &n, NULL);
  g_assert_nonnull (kept);
  g_assert_cmpuint (n, ==, 4);
  for (int person = 31; person <= 32; person++) {
    AccessAccount who = resident (person);
    const NoticeItem *told = notices_inbox (notices, arena, &who, &(NoticeFilter){ .limit = 20 }, &n, NULL);
    g_assert_cmpuint (n, ==, 5);
    g_assert_cmpstr (told[0].kind, ==, "register-entry");
    const AuditRecord *log = audit_entries_about (registry_store (registry), arena,
                                                  subject ("resident", person), 0, 2, &n, NULL);
    g_assert_cmpint (log[0].entry.act, ==, AUDIT_READ);
    g_assert_cmpint (log[1].entry.act, ==, AUDIT_WRITE);
    const RegistryAttribute *collection = registry_entity_attribute (
        registry_schema_entity (schema, "resident"), person == 31 ? "masters" : "pupils");
    const Subject *pairs = registry_referrers (registry, arena, who.subject, collection, &n, NULL);
    g_assert_cmpuint (n, ==, 1);
    g_assert_cmpint (pairs[0], ==, pair);
  }
}

int
main (int argc, char **argv)
{
  setlocale (LC_ALL, "C.UTF-8");
  g_test_init (&argc, &argv, NULL);
  GError *error = NULL;
  g_autofree char *folder = support_folder (), *db = support_store (folder, "county.db"),
                  *policy = support_source ("policy/minhou-2021-81"),
                  *shares = support_source ("data/demo/minhou.yaml");
  g_autoptr (DmnFaults) faults = dmn_faults_new ();
  g_autoptr (PolicyPackage) loaded = policy_load (policy, faults, &error);
  g_assert_no_error (error);
  package = loaded;
  schema = policy_schema (package);
  DemoOptions size = { .residents = 200, .seed = 1 };
  demo_make_file (db, schema, shares, &size, NULL, &error);
  g_assert_no_error (error);
  registry = registry_open (db, 0, schema, &error);
  g_assert_no_error (error);
  Access *access = access_open (registry, &error);
  g_assert_no_error (error);
  policy_hand_purposes (package, access);
  notices = notices_open (registry_store (registry), &error);
  g_assert_no_error (error);
  RegistersOptions options
      = { .package = package, .registry = registry, .access = access, .clock = test_clock };
  registers = registers_open (&options, &error);
  g_assert_no_error (error);
  g_test_add_func ("/registers/places", test_places);
  g_test_add_func ("/registers/race", test_race);
  g_test_add_func ("/registers/around", test_around);
  g_test_add_func ("/registers/enter", test_enter);
  g_test_add_func ("/registers/steps", test_steps);
  g_test_add_func ("/registers/pair", test_pair);
  int status = g_test_run ();
  registers_free (registers);
  notices_free (notices);
  access_free (access);
  registry_close (registry);
  support_remove (folder);
  return status;
}
