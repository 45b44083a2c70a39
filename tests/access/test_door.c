/* The door: permits, purposes, and what stands in the log afterwards. */
#include "support.h"
#include "access/access.h"

typedef struct {
  char *folder;
  RegistrySchema *schema;
  Registry *registry;
  Access *access;
  Arena *arena;
  AccessPurpose purpose;
  Subject household, person, other, stranger;
  size_t loaded; /* entries that putting them there left */
} Fixture;

static const RegistryMoment now = { 20000, G_MAXINT64 };

/* "户.成员.月收入" as a path in ARENA. */
static FeelPath
path_of (Arena *arena, const char *text)
{
  g_auto (GStrv) parts = g_strsplit (text, ".", -1);
  Text *members = arena_new0 (arena, Text, g_strv_length (parts));
  size_t n = 0;
  for (; parts[n]; n++)
    members[n] = arena_text_copy (arena, text_of (parts[n]));
  return (FeelPath){ .n = n, .members = members };
}

static Subject
add (Fixture *f, RegistryWriter *writer, RegistryBatchId batch, const char *entity, const char *const *stated)
{
  const RegistryEntity *e = registry_schema_entity (f->schema, entity);
  Subject subject = registry_writer_subject (writer, e);
  RegistryFact facts[8];
  size_t n = 0;
  GError *error = NULL;
  for (; stated[2 * n]; n++)
    registry_fact_parse (f->schema, registry_entity_attribute (e, stated[2 * n]), text_of (stated[2 * n + 1]),
                         &facts[n], &error);
  g_assert_no_error (error);
  registry_writer_append (writer, batch, subject, 0, REGISTRY_FOREVER, facts, n, &error);
  g_assert_no_error (error);
  return subject;
}

static void
add_people (Fixture *f)
{
  GError *error = NULL;
  g_autoptr (RegistryWriter) writer = registry_writer_new (f->registry, &error);
  RegistryBatch about
      = { .source = "县公安局", .actor = "test", .recorded_at = 1640995200, .complete_of = "resident" };
  RegistryBatchId batch = registry_writer_batch (writer, &about, &error);
  f->household = add (f, writer, batch, "household",
                      (const char *const[]){ "户名", "甲户", "户籍在本县", "true", NULL });
  const char *id = registry_subject_format (f->arena, f->schema, f->household);
  f->person
      = add (f, writer, batch, "resident",
             (const char *const[]){ "姓名", "甲样", "户", id, "月收入", "300.00", "残疾等级", "二级", NULL });
  f->other = add (f, writer, batch, "resident",
                  (const char *const[]){ "姓名", "乙样", "户", id, "月收入", "400.00", NULL });
  f->stranger = add (f, writer, batch, "resident", (const char *const[]){ "姓名", "丙样", NULL });
  g_assert_true (registry_writer_commit (writer, &error));
}

/* A clause about households that residents ask for. */
static void
set_purpose (Fixture *f)
{
  static const char *const departments[] = { "县民政局", "县财政局", NULL };
  FeelPath *household = arena_new0 (f->arena, FeelPath, 3), *resident = arena_new0 (f->arena, FeelPath, 2);
  household[0] = path_of (f->arena, "成员.月收入");
  household[1] = path_of (f->arena, "户籍在本县");
  household[2] = path_of (f->arena, "户名");
  resident[0] = path_of (f->arena, "户");
  resident[1] = path_of (f->arena, "姓名");
  AccessRoot *roots = arena_new0 (f->arena, AccessRoot, 2);
  roots[0] = (AccessRoot){ registry_schema_entity (f->schema, "household"), household, 3 };
  roots[1] = (AccessRoot){ registry_schema_entity (f->schema, "resident"), resident, 2 };
  f->purpose = (AccessPurpose){ "clause-23", departments, roots, 2 };
  access_set_purposes (f->access, &f->purpose, 1);
}

static void
set_up (Fixture *f, gconstpointer data)
{
  GError *error = NULL;
  f->folder = support_folder ();
  f->arena = arena_new ();
  g_autofree char *path = support_store (f->folder, "door.db");
  g_autofree char *yaml = support_source ("policy/minhou-2021-81/registry.yaml");
  f->schema = registry_schema_load (yaml, &error);
  g_assert_no_error (error);
  f->registry = registry_open (path, STORE_CREATE, f->schema, &error);
  g_assert_no_error (error);
  f->access = access_open (f->registry, &error);
  g_assert_no_error (error);
  add_people (f);
  set_purpose (f);
  AuditFilter all = { .limit = 1000 };
  audit_entries (registry_store (f->registry), f->arena, &all, &f->loaded, &error);
  g_assert_no_error (error);
}

static void
tear_down (Fixture *f, gconstpointer data)
{
  arena_free (f->arena);
  access_free (f->access);
  registry_close (f->registry);
  registry_schema_free (f->schema);
  support_remove (f->folder);
  g_free (f->folder);
}

/* The newest entry of the log, and how many there are since set_up. */
static const AuditRecord *
last_entry (Fixture *f, size_t *n)
{
  GError *error = NULL;
  AuditFilter all = { .limit = 1000 };
  const AuditRecord *records = audit_entries (registry_store (f->registry), f->arena, &all, n, &error);
  g_assert_no_error (error);
  *n -= f->loaded;
  return &records[0];
}

static size_t
entries (Fixture *f)
{
  size_t n;
  last_entry (f, &n);
  return n;
}

static size_t
entries_about (Fixture *f, Subject subject)
{
  size_t n;
  GError *error = NULL;
  static const AuditAct read = AUDIT_READ;
  AuditFilter reads = { .subject = subject, .act = &read, .limit = 9 };
  audit_entries (registry_store (f->registry), f->arena, &reads, &n, &error);
  g_assert_no_error (error);
  return n;
}

static AccessAccount
clerk_of (const char *department)
{
  return (AccessAccount){
    .name = "clerk", .role = ACCESS_COUNTER_CLERK, .zh = "样例", .en = "Sample", .department = department
  };
}

/* Refused, with a code; a denial is in the log. */
static void
refuse (Fixture *f, const AccessAccount *who, const char *purpose, Subject subject, int code)
{
  size_t before = entries (f), after;
  g_autoptr (GError) error = NULL;
  g_assert_null (access_permit (f->access, f->arena, who, purpose, subject, &error));
  g_assert_error (error, FAULT, code);
  const AuditRecord *last = last_entry (f, &after);
  g_assert_cmpuint (after, ==, before + (code == FAULT_DENIED));
  if (code != FAULT_DENIED)
    return;
  g_assert_cmpint (last->entry.act, ==, AUDIT_REFUSED);
  g_assert_cmpint (last->entry.subject, ==, subject);
  g_assert_cmpstr (last->entry.purpose, ==, purpose);
  g_assert_cmpstr (last->entry.actor, ==, who ? who->name : "nobody");
}

static void
test_refusals (Fixture *f, gconstpointer data)
{
  AccessAccount civil = clerk_of ("县民政局"), forest = clerk_of ("县林业局"), none = clerk_of (NULL);
  AccessAccount analyst = { .name = "analyst", .role = ACCESS_ANALYST, .department = "县民政局" };
  AccessAccount resident = { .name = "resident", .role = ACCESS_RESIDENT, .subject = f->person };
  refuse (f, NULL, "clause-23", f->person, FAULT_DENIED);
  refuse (f, &forest, "clause-23", f->person, FAULT_DENIED);
  refuse (f, &none, "clause-23", f->person, FAULT_DENIED);
  refuse (f, &analyst, "clause-23", f->person, FAULT_DENIED);
  refuse (f, &resident, "clause-23", f->other, FAULT_DENIED);
  refuse (f, &resident, ACCESS_SELF, f->other, FAULT_DENIED);
  refuse (f, &resident, "clause-23", f->household, FAULT_DENIED); /* only through their own record */
  refuse (f, &civil, ACCESS_SELF, f->person, FAULT_DENIED);
  refuse (f, &civil, "clause-24", f->person, FAULT_DENIED); /* no such purpose, no such duty */
  refuse (f, &civil, "merge_duplicates", f->person, FAULT_DENIED);
  refuse (f, &civil, "clause-23", subject_make (registry_schema_entity (f->schema, "park"), 1), FAULT_USAGE);
  refuse (f, &civil, "clause-23", -1, FAULT_NOT_FOUND);
}

static const char *
text_at (Fixture *f, const RegistryReading *reading, const char *zh)
{
  size_t n;
  const RegistryProvenance *const *facts = registry_reading_facts (reading, &n);
  for (size_t i = 0; i < n; i++)
    if (g_str_equal (facts[i]->attribute->zh, zh) && facts[i]->value.kind == FEEL_STRING)
      return arena_text (f->arena, facts[i]->value.string);
  return NULL;
}

/* A clerk reads what the clause needs; the entry names it, and everyone whose facts it were. */
static void
test_reading (Fixture *f, gconstpointer data)
{
  AccessAccount civil = clerk_of ("县民政局");
  GError *error = NULL;
  const AccessPermit *permit = access_permit (f->access, f->arena, &civil, "clause-23", f->household, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (entries (f), ==, 0);
  const RegistryReading *reading = access_read (permit, f->arena, NULL, 0, now, &error);
  g_assert_no_error (error);
  g_assert_cmpstr (text_at (f, reading, "户名"), ==, "甲户");
  size_t n;
  const AuditRecord *last = last_entry (f, &n);
  g_assert_cmpuint (n, ==, 1);
  g_assert_cmpint (last->entry.act, ==, AUDIT_READ);
  g_assert_cmpint (last->n_subjects, ==, 3);
  g_assert_nonnull (strstr (last->entry.detail, "resident.monthly_income"));
  g_assert_null (strstr (last->entry.detail, "disability"));
  g_assert_cmpuint (entries_about (f, f->other), ==, 1);
  g_assert_cmpuint (entries_about (f, f->stranger), ==, 0);
  /* The same again under the same permit says nothing new. */
  FeelPath part = path_of (f->arena, "户名");
  g_assert_nonnull (access_read (permit, f->arena, &part, 1, now, &error));
  g_assert_cmpuint (entries (f), ==, 1);
}

static void
test_outside (Fixture *f, gconstpointer data)
{
  static const char *const outside[] = { "月刚性支出", "成员.残疾等级", "成员.姓名", "成员.月收入.甲" };
  AccessAccount civil = clerk_of ("县民政局");
  GError *error = NULL;
  const AccessPermit *permit = access_permit (f->access, f->arena, &civil, "clause-23", f->household, &error);
  g_assert_no_error (error);
  for (size_t i = 0; i < G_N_ELEMENTS (outside); i++) {
    g_autoptr (GError) denied = NULL;
    FeelPath path = path_of (f->arena, outside[i]);
    g_assert_null (access_read (permit, f->arena, &path, 1, now, &denied));
    g_assert_error (denied, FAULT, FAULT_DENIED);
    size_t n;
    const AuditRecord *last = last_entry (f, &n);
    g_assert_cmpuint (n, ==, i + 1);
    g_assert_cmpint (last->entry.act, ==, AUDIT_REFUSED);
    g_assert_nonnull (strstr (last->entry.detail, outside[i]));
  }
}

/* A resident's own record is not logged; their household's answer reads the others' facts, which is. */
static void
test_through (Fixture *f, gconstpointer data)
{
  AccessAccount resident = { .name = "resident", .role = ACCESS_RESIDENT, .subject = f->person };
  const RegistryAttribute *way
      = registry_entity_attribute (registry_schema_entity (f->schema, "resident"), "household");
  GError *error = NULL;
  const AccessPermit *self = access_permit (f->access, f->arena, &resident, ACCESS_SELF, f->person, &error);
  g_assert_no_error (error);
  const RegistryReading *mine = access_read (self, f->arena, NULL, 0, now, &error);
  g_assert_cmpstr (text_at (f, mine, "残疾等级"), ==, "二级");
  const AccessPermit *permit = access_permit (f->access, f->arena, &resident, "clause-23", f->person, &error),
                     *through = NULL;
  const char *name = NULL;
  g_assert_true (access_permit_through (permit, f->arena, way, now, &through, &name, &error));
  g_assert_cmpint (access_permit_subject (through), ==, f->household);
  g_assert_cmpstr (name, ==, "甲户");
  FeelPath house = path_of (f->arena, "户籍在本县"), incomes = path_of (f->arena, "成员.月收入");
  size_t n = entries (f);
  g_assert_nonnull (access_read (through, f->arena, &house, 1, now, &error));
  g_assert_cmpuint (entries (f), ==, n);
  g_assert_nonnull (access_read (through, f->arena, &incomes, 1, now, &error));
  const AuditRecord *last = last_entry (f, &n);
  g_assert_cmpint (last->entry.act, ==, AUDIT_READ);
  g_assert_cmpstr (last->entry.actor, ==, "resident");
  g_assert_cmpuint (entries_about (f, f->other), ==, 1);
  g_assert_cmpuint (entries_about (f, f->person), ==, 0);
}

/* Stewards have duties instead of clauses; the command line has every clause, and says why. */
static void
test_duties (Fixture *f, gconstpointer data)
{
  AccessAccount steward = { .name = "steward", .role = ACCESS_STEWARD };
  GError *error = NULL;
  size_t n;
  const AccessPermit *duty
      = access_permit (f->access, f->arena, &steward, "merge_duplicates", f->person, &error);
  g_assert_no_error (error);
  g_assert_nonnull (access_read (duty, f->arena, NULL, 0, now, &error));
  g_assert_cmpstr (last_entry (f, &n)->entry.purpose, ==, "merge_duplicates");
  refuse (f, &steward, "clause-23", f->person, FAULT_DENIED);
  const AccessAccount *operator_ = access_operator (f->arena, "case 7");
  const AccessPermit *permit = access_permit (f->access, f->arena, operator_, "clause-23", f->person, &error);
  g_assert_no_error (error);
  g_assert_nonnull (access_read (permit, f->arena, NULL, 0, now, &error));
  const AuditRecord *last = last_entry (f, &n);
  g_assert_true (g_str_has_prefix (last->entry.actor, "os:"));
  g_assert_nonnull (strstr (last->entry.detail, "\"reason\":\"case 7\""));
}

static const Subject *
mandated (Fixture *f, const AccessAccount *viewer, Day day, size_t *n)
{
  GError *error = NULL;
  const Subject *givers = access_mandated (f->access, f->arena, viewer, "clause-23", day, n, &error);
  g_assert_no_error (error);
  return givers;
}

/* Given within the household, for a time and a clause, and taken back. */
static void
test_mandates (Fixture *f, gconstpointer data)
{
  AccessAccount person = { .name = "person", .role = ACCESS_RESIDENT, .subject = f->person },
                other = { .name = "other", .role = ACCESS_RESIDENT, .subject = f->other };
  AccessMandate mandate = { .viewer = f->person, .purpose = "clause-23", .from = 20000, .to = 20010 };
  GError *error = NULL;
  size_t n;
  g_assert_true (access_give_mandate (f->access, &other, &mandate, &error));
  const AuditRecord *last = last_entry (f, &n);
  g_assert_cmpint (last->entry.act, ==, AUDIT_GRANT);
  g_assert_cmpint (last->entry.subject, ==, f->other);
  g_assert_cmpint (mandated (f, &person, 20000, &n)[0], ==, f->other);
  g_assert_cmpuint (n, ==, 1);
  mandated (f, &person, 20010, &n);
  g_assert_cmpuint (n, ==, 1);
  mandated (f, &person, 19999, &n); /* not yet */
  g_assert_cmpuint (n, ==, 0);
  mandated (f, &person, 20011, &n); /* over */
  g_assert_cmpuint (n, ==, 0);
  mandated (f, &other, 20000, &n); /* one way only */
  g_assert_cmpuint (n, ==, 0);
  access_mandated (f->access, f->arena, &person, "clause-24", 20000, &n, &error); /* another clause */
  g_assert_cmpuint (n, ==, 0);
  const AccessMandate *given = access_mandates (f->access, f->arena, f->other, false, &n, &error);
  g_assert_cmpuint (n, ==, 1);
  g_autoptr (GError) not_theirs = NULL, again = NULL;
  g_assert_false (access_withdraw_mandate (f->access, &person, given[0].id, &not_theirs));
  g_assert_error (not_theirs, FAULT, FAULT_NOT_FOUND);
  g_assert_true (access_withdraw_mandate (f->access, &other, given[0].id, &error));
  mandated (f, &person, 20000, &n);
  g_assert_cmpuint (n, ==, 0);
  g_assert_false (access_withdraw_mandate (f->access, &other, given[0].id, &again));
  g_assert_error (again, FAULT, FAULT_NOT_FOUND);
}

static void
test_no_mandate (Fixture *f, gconstpointer data)
{
  AccessAccount person = { .name = "person", .role = ACCESS_RESIDENT, .subject = f->person },
                clerk = clerk_of ("县民政局");
  const struct {
    const AccessAccount *who;
    AccessMandate mandate;
    int code;
  } bad[]
      = { { &person, { .viewer = f->stranger, .from = 20000, .to = 20010 }, FAULT_DENIED },
          { &person, { .viewer = f->household, .from = 20000, .to = 20010 }, FAULT_DENIED },
          { &person, { .viewer = f->person, .from = 20000, .to = 20010 }, FAULT_INPUT },
          { &person, { .viewer = f->other, .from = 20010, .to = 20000 }, FAULT_INPUT },
          { &person, { .viewer = f->other, .from = 20000, .to = 90000 }, FAULT_INPUT },
          { &person, { .viewer = f->other, .purpose = "clause-9", .from = 20000, .to = 20010 }, FAULT_INPUT },
          { &clerk, { .viewer = f->other, .from = 20000, .to = 20010 }, FAULT_DENIED } };
  for (size_t i = 0; i < G_N_ELEMENTS (bad); i++) {
    g_autoptr (GError) error = NULL;
    g_assert_false (access_give_mandate (f->access, bad[i].who, &bad[i].mandate, &error));
    g_assert_error (error, FAULT, bad[i].code);
  }
  GError *error = NULL;
  size_t n;
  const AccessMember *members = access_housemates (f->access, f->arena, &person, 20000, &n, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (n, ==, 1);
  g_assert_cmpint (members[0].subject, ==, f->other);
  g_assert_cmpstr (members[0].name, ==, "乙样");
}

static void
test_runs (Fixture *f, gconstpointer data)
{
  AccessAccount analyst = { .name = "analyst", .role = ACCESS_ANALYST };
  AccessAccount civil = clerk_of ("县民政局"),
                head = { .name = "head", .role = ACCESS_DEPARTMENT_HEAD, .department = "县林业局" };
  g_autoptr (AuditSet) set = audit_set_new ();
  audit_set_add (set, f->person);
  audit_set_add (set, f->other);
  GError *error = NULL;
  size_t n;
  const RegistryEntity *household = registry_schema_entity (f->schema, "household");
  const FeelPath within = path_of (f->arena, "户籍在本县"), outside = path_of (f->arena, "住房面积");
  g_autoptr (AccessRun) run
      = access_run_new (f->access, &analyst, "clause-23", household, &within, 1, set, "{\"n\":2}", &error);
  g_assert_no_error (error);
  const AuditRecord *last = last_entry (f, &n);
  g_assert_cmpint (last->entry.act, ==, AUDIT_RUN);
  g_assert_cmpint (last->n_subjects, ==, 2);
  const RegistryReading *reading = access_run_read (run, f->arena, f->household, now, &error);
  g_assert_no_error (error);
  size_t n_facts;
  registry_reading_facts (reading, &n_facts);
  g_assert_cmpuint (n_facts, ==, 1);
  const struct {
    const AccessAccount *who;
    const char *entity;
    const FeelPath *path;
  } refused[] = { { &civil, "household", &within },
                  { &head, "household", &within },
                  { NULL, "household", &within },
                  { &analyst, "household", &outside },
                  { &analyst, "organisation", &within } };
  for (size_t i = 0; i < G_N_ELEMENTS (refused); i++) {
    g_autoptr (GError) denied = NULL;
    g_assert_null (access_run_new (f->access, refused[i].who, "clause-23",
                                   registry_schema_entity (f->schema, refused[i].entity), refused[i].path, 1,
                                   set, NULL, &denied));
    g_assert_error (denied, FAULT, FAULT_DENIED);
  }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
#define ADD(name, function) g_test_add ("/door/" name, Fixture, NULL, set_up, function, tear_down)
  ADD ("refusals", test_refusals);
  ADD ("reading", test_reading);
  ADD ("outside", test_outside);
  ADD ("through", test_through);
  ADD ("duties", test_duties);
  ADD ("mandates", test_mandates);
  ADD ("no-mandate", test_no_mandate);
  ADD ("runs", test_runs);
  return g_test_run ();
}
