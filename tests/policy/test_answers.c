/* All that a clause says of somebody, and of an example with other facts. */
#include "good_people.h"

#include <locale.h>

static const PolicyAnswer *
ask (GoodPeople *f, Subject subject, Day as_of, size_t *n)
{
  GError *error = NULL;
  RegistryMoment at = { as_of, G_MAXINT64 };
  const AccessPermit *permit = policy_permit (f->town.access, f->arena, access_operator (f->arena, "test"),
                                              f->help, subject, &error);
  g_assert_no_error (error);
  const PolicyAnswer *answers = policy_answers (f->package, permit, f->arena, f->help, as_of, at, n, &error);
  g_assert_no_error (error);
  return answers;
}

/* A resident is answered for themselves and for the household they ask for. */
static void
test_applicant (GoodPeople *f, gconstpointer data)
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
test_subject (GoodPeople *f, gconstpointer data)
{
  size_t n;
  const PolicyAnswer *answers = ask (f, f->households[0], civil_to_day (2022, 6, 1), &n);
  g_assert_cmpuint (n, ==, 1);
  g_assert_cmpint (answers[0].determination->outcome, ==, POLICY_YES);
  g_assert_true (feel_is_true (feel_equal (f->arena, answers[0].determination->amount, feel_int (100))));
}

/* Where nobody has stated the household there is nothing to ask about it. */
static void
test_no_household (GoodPeople *f, gconstpointer data)
{
  size_t n;
  const PolicyAnswer *answers = ask (f, f->residents[3] + 2, civil_to_day (2022, 6, 1), &n);
  g_assert_cmpuint (n, ==, 1);
  g_assert_cmpstr (answers[0].determination->provision->id, ==, "visit");
}

/* An example answers as it says; with another fact, as that fact says; and what cannot be read is said. */
static void
test_try (GoodPeople *f, gconstpointer data)
{
  const DmnDecision *visit = policy_provision (f->help, "visit")->eligible;
  const DmnExample *own = &visit->examples[0]; /* of eighty, not in the hills */
  const DmnTrace *trace;
  const DmnExampleResult *result = policy_try (f->package, f->arena, f->help, own, &trace);
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
    result = policy_try (f->package, f->arena, f->help, &other, &trace);
    g_assert_cmpstr (result->actual, ==, rows[i].answer);
    g_assert_false (result->passed); /* nothing is expected */
  }
  DmnCell broken[2] = { own->inputs[0], own->inputs[1] };
  DmnExample bad = *own;
  broken[0].text = text_of ("80 +");
  bad.inputs = broken;
  result = policy_try (f->package, f->arena, f->help, &bad, &trace);
  g_assert_false (result->passed);
  g_assert_null (trace);
  g_test_message ("%s", result->actual);
  g_assert_cmpstr (result->actual, !=, "");
  broken[0].text = text_of ("[{生日: 2024-01-31}][1]"); /* a date that FEEL would subtract */
  result = policy_try (f->package, f->arena, f->help, &bad, &trace);
  g_assert_null (trace);
  g_assert_nonnull (strstr (result->actual, "date(\"2026-01-31\")"));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  setlocale (LC_CTYPE, "C.UTF-8");
#define ADD(name, function)                                                                                  \
  g_test_add ("/policy/answers/" name, GoodPeople, NULL, good_people_set_up, function, good_people_tear_down)
  ADD ("applicant", test_applicant);
  ADD ("subject", test_subject);
  ADD ("no-household", test_no_household);
  ADD ("try", test_try);
  return g_test_run ();
}
