/* All that a clause says of somebody, and of an example with other facts. */
#include "support.h"

#include <locale.h>
#include "policy/policy.h"

static PolicyPackage *package;

typedef struct {
  char *folder;
  Registry *registry;
  Access *access;
  Arena *arena;
  const PolicyClause *help; /* clause 2: visits (of a resident), heating aid (of a household) */
  Subject households[2], residents[4];
} Fixture;

static Subject
add (RegistryWriter *writer, RegistryBatchId batch, const char *entity_id, const char *const *stated)
{
  const RegistryEntity *entity = registry_schema_entity (policy_schema (package), entity_id);
  Subject subject = registry_writer_subject (writer, entity);
  RegistryFact facts[8];
  GError *error = NULL;
  size_t n = 0;
  for (; stated[2 * n]; n++)
    registry_fact_parse (policy_schema (package), registry_entity_attribute (entity, stated[2 * n]),
                         text_of (stated[2 * n + 1]), &facts[n], &error);
  g_assert_no_error (error);
  g_assert_true (registry_writer_append (writer, batch, subject, 0, REGISTRY_FOREVER, facts, n, &error));
  return subject;
}

/* Two households, one in the hills; four people: old, very old, young, and one whose age nobody stated. */
static void
add_people (Fixture *f)
{
  GError *error = NULL;
  g_autoptr (RegistryWriter) writer = registry_writer_new (f->registry, &error);
  RegistryBatch about = { .source = "县民政局", .actor = "test", .recorded_at = 1640995200 };
  RegistryBatchId batch = registry_writer_batch (writer, &about, &error);
  f->households[0] = add (writer, batch, "household", (const char *const[]){ "山区", "true", NULL });
  f->households[1] = add (writer, batch, "household", (const char *const[]){ "山区", "false", NULL });
  const char *hills = registry_subject_format (f->arena, policy_schema (package), f->households[0]),
             *plain = registry_subject_format (f->arena, policy_schema (package), f->households[1]);
  f->residents[0] = add (writer, batch, "resident", (const char *const[]){ "年龄", "85", "户", plain, NULL });
  f->residents[1] = add (writer, batch, "resident", (const char *const[]){ "年龄", "92", "户", plain, NULL });
  f->residents[2] = add (writer, batch, "resident", (const char *const[]){ "年龄", "30", "户", plain, NULL });
  f->residents[3] = add (writer, batch, "resident", (const char *const[]){ "户", plain, NULL });
  add (writer, batch, "resident", (const char *const[]){ "年龄", "20", "户", hills, NULL });
  add (writer, batch, "resident",
       (const char *const[]){ "年龄", "20", NULL }); /* of no household on record */
  g_assert_true (registry_writer_commit (writer, &error));
}

static void
set_up (Fixture *f, gconstpointer data)
{
  GError *error = NULL;
  f->folder = support_folder ();
  f->arena = arena_new ();
  g_autofree char *path = support_store (f->folder, "county.db");
  f->registry = registry_open (path, STORE_CREATE, policy_schema (package), &error);
  g_assert_no_error (error);
  f->access = access_open (f->registry, &error);
  g_assert_no_error (error);
  policy_hand_purposes (package, f->access);
  f->help = policy_clause (package, 2);
  add_people (f);
}

static void
tear_down (Fixture *f, gconstpointer data)
{
  arena_free (f->arena);
  access_free (f->access);
  registry_close (f->registry);
  support_remove (f->folder);
  g_free (f->folder);
}

static const PolicyAnswer *
ask (Fixture *f, Subject subject, Day as_of, size_t *n)
{
  GError *error = NULL;
  RegistryMoment at = { as_of, G_MAXINT64 };
  const AccessPermit *permit
      = policy_permit (f->access, f->arena, access_operator (f->arena, "test"), f->help, subject, &error);
  g_assert_no_error (error);
  const PolicyAnswer *answers = policy_answers (package, permit, f->arena, f->help, as_of, at, n, &error);
  g_assert_no_error (error);
  return answers;
}

/* A resident is answered for themselves and for the household they ask for. */
static void
test_applicant (Fixture *f, gconstpointer data)
{
  size_t n;
  const PolicyAnswer *answers = ask (f, f->residents[0], civil_to_day (2022, 6, 1), &n);
  g_assert_cmpuint (n, ==, 2);
  g_assert_cmpstr (answers[0].determination->provision->id, ==, "visit");
  g_assert_cmpint (answers[0].determination->outcome, ==, POLICY_YES);
  g_assert_null (answers[0].about);
  g_assert_cmpstr (answers[1].determination->provision->id, ==, "fuel");
  g_assert_cmpint (answers[1].determination->subject, ==, f->households[1]);
  g_assert_cmpint (answers[1].determination->outcome, ==, POLICY_NO);
  g_assert_cmpstr (answers[1].about, ==, "户"); /* households have no name here */
}

/* The household alone is not answered about its members. */
static void
test_subject (Fixture *f, gconstpointer data)
{
  size_t n;
  const PolicyAnswer *answers = ask (f, f->households[0], civil_to_day (2022, 6, 1), &n);
  g_assert_cmpuint (n, ==, 1);
  g_assert_cmpint (answers[0].determination->outcome, ==, POLICY_YES);
  g_assert_true (feel_is_true (feel_equal (f->arena, answers[0].determination->amount, feel_int (100))));
}

/* Where nobody has stated the household there is nothing to ask about it. */
static void
test_no_household (Fixture *f, gconstpointer data)
{
  size_t n;
  const PolicyAnswer *answers = ask (f, f->residents[3] + 2, civil_to_day (2022, 6, 1), &n);
  g_assert_cmpuint (n, ==, 1);
  g_assert_cmpstr (answers[0].determination->provision->id, ==, "visit");
}

/* An example answers as it says; with another fact, as that fact says; and what cannot be read is said. */
static void
test_try (Fixture *f, gconstpointer data)
{
  const DmnDecision *visit = policy_provision (f->help, "visit")->eligible;
  const DmnExample *own = &visit->examples[0]; /* of eighty, not in the hills */
  const DmnTrace *trace;
  const DmnExampleResult *result = policy_try (package, f->arena, f->help, own, &trace);
  g_assert_true (result->passed);
  g_assert_nonnull (trace);
  const struct {
    const char *age, *answer;
  } rows[] = { { "79", "false" }, { "80", "true" }, { "未知", "待定: 居民.年龄" } };
  for (size_t i = 0; i < G_N_ELEMENTS (rows); i++) {
    DmnCell cells[2] = { own->inputs[0], own->inputs[1] };
    DmnExample other = *own;
    cells[0].text = text_of (rows[i].age);
    other.inputs = cells;
    other.expected = NULL;
    result = policy_try (package, f->arena, f->help, &other, &trace);
    g_assert_cmpstr (result->actual, ==, rows[i].answer);
    g_assert_false (result->passed); /* nothing is expected */
  }
  DmnCell broken[2] = { own->inputs[0], own->inputs[1] };
  DmnExample bad = *own;
  broken[0].text = text_of ("80 +");
  bad.inputs = broken;
  result = policy_try (package, f->arena, f->help, &bad, &trace);
  g_assert_false (result->passed);
  g_assert_null (trace);
  g_test_message ("%s", result->actual);
  g_assert_cmpstr (result->actual, !=, "");
  broken[0].text = text_of ("[{生日: 2024-01-31}][1]"); /* a date that FEEL would subtract */
  result = policy_try (package, f->arena, f->help, &bad, &trace);
  g_assert_null (trace);
  g_assert_nonnull (strstr (result->actual, "date(\"2026-01-31\")"));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  setlocale (LC_CTYPE, "C.UTF-8");
  g_autofree char *folder = support_source ("tests/policy/good");
  g_autoptr (DmnFaults) faults = dmn_faults_new ();
  package = policy_load (folder, faults, NULL);
#define ADD(name, function) g_test_add ("/policy/answers/" name, Fixture, NULL, set_up, function, tear_down)
  ADD ("applicant", test_applicant);
  ADD ("subject", test_subject);
  ADD ("no-household", test_no_household);
  ADD ("try", test_try);
  int result = g_test_run ();
  policy_free (package);
  return result;
}
