/* Two records that look like one person: kept apart until a person decides. */
#include "town.h"

static const char head[] = "姓名,公民身份号码,出生日期,乡镇,月收入\n";

/* Two with one name, birth date and township, and one who differs. */
static void
fill (Town *town)
{
  g_autofree char *text = g_strdup_printf ("%s王小明,%s,1990-01-01,350121101,1000\n王小明,%s,1990-01-01,"
                                           "350121101,\n王小明,%s,1990-01-01,350121102,\n",
                                           head, town_id_number (town, 1, "1990-01-01", true),
                                           town_id_number (town, 2, "1990-01-01", true),
                                           town_id_number (town, 3, "1990-01-01", true));
  IntakeRun run = town_import (town, text);
  g_assert_cmpint (run.added, ==, 3);
  g_assert_cmpint (run.candidates, ==, 1);
}

static IntakeCandidate
only_candidate (Town *town, IntakeDecision decision)
{
  size_t n;
  const IntakeCandidate *found
      = intake_candidates (registry_store (town->registry), town->arena, decision, 0, 10, &n, NULL);
  g_assert_cmpuint (n, ==, 1);
  return found[0];
}

static void
decide (Town *town, IntakeDecision decision, Subject keep)
{
  GError *error = NULL;
  intake_decide (town->registry, 1, decision, keep, "steward", "见户口本", &error);
  g_assert_no_error (error);
}

static void
check_value (Town *town, const char *subject, const char *name, const char *expected)
{
  g_autofree char *value = town_value (town, subject, name);
  g_assert_cmpstr (value, ==, expected);
}

static void
test_found (Town *town, gconstpointer unused)
{
  fill (town);
  IntakeCandidate c = only_candidate (town, INTAKE_OPEN);
  g_assert_true (c.id == 1 && subject_number (c.a) == 1 && subject_number (c.b) == 2 && !c.reason);
  g_assert_cmpint (town_count (town, "current_resident"), ==, 3); /* nothing was merged */
}

static void
test_same (Town *town, gconstpointer unused)
{
  fill (town);
  IntakeCandidate c = only_candidate (town, INTAKE_OPEN);
  gint64 entries = town_count (town, "audit_leaf");
  decide (town, INTAKE_SAME, c.b);
  g_assert_cmpint (town_count (town, "audit_leaf"), ==, entries + 1);
  g_assert_cmpint (town_count (town, "current_resident"), ==, 2);
  check_value (town, "resident-1", "income", "1000"); /* of the union, by either id */
  check_value (town, "resident-2", "income", "1000");
  IntakeCandidate decided = only_candidate (town, INTAKE_SAME);
  g_assert_cmpstr (decided.reason, ==, "见户口本");
  g_assert_cmpint (decided.merge, ==, 1);
  /* What comes for the old number goes to the one who is kept, and makes no third. */
  g_autofree char *later = g_strdup_printf ("%s王小明,%s,1990-01-01,350121101,3000\n", head,
                                            town_id_number (town, 2, "1990-01-01", true));
  IntakeRun run = town_import (town, later);
  g_assert_cmpint (run.changed, ==, 1);
  check_value (town, "resident-1", "income", "3000");
  decide (town, INTAKE_OPEN, 0);
  g_assert_cmpint (town_count (town, "current_resident"), ==, 3);
  check_value (town, "resident-1", "income", "1000");
  check_value (town, "resident-2", "income", "3000");
  g_assert_cmpint (only_candidate (town, INTAKE_OPEN).id, ==, 1);
}

static void
test_different (Town *town, gconstpointer unused)
{
  fill (town);
  decide (town, INTAKE_DIFFERENT, 0);
  g_assert_cmpint (town_count (town, "current_resident"), ==, 3);
  g_assert_cmpint (only_candidate (town, INTAKE_DIFFERENT).id, ==, 1);
  /* The pair is not asked about again. */
  g_autofree char *again = g_strdup_printf ("%s王小明,%s,1990-01-01,350121103,\n", head,
                                            town_id_number (town, 2, "1990-01-01", true)),
                  *back = g_strdup_printf ("%s王小明,%s,1990-01-01,350121101,\n", head,
                                           town_id_number (town, 2, "1990-01-01", true));
  town_import (town, again);
  IntakeRun run = town_import (town, back);
  g_assert_true (run.changed == 1 && run.candidates == 0);
}

static void
test_refused (Town *town, gconstpointer unused)
{
  fill (town);
  IntakeCandidate c = only_candidate (town, INTAKE_OPEN);
  const struct {
    gint64 id;
    IntakeDecision decision;
    Subject keep;
    const char *reason;
    FaultCode code;
  } cases[] = {
    { 1, INTAKE_SAME, c.a, "", FAULT_INPUT },
    { 1, INTAKE_SAME, c.a + 7, "x", FAULT_INPUT },
    { 9, INTAKE_SAME, c.a, "x", FAULT_NOT_FOUND },
    { 1, INTAKE_OPEN, 0, "x", FAULT_CONFLICT },
  };
  for (size_t i = 0; i < G_N_ELEMENTS (cases); i++) {
    g_autoptr (GError) error = NULL;
    g_assert_false (intake_decide (town->registry, cases[i].id, cases[i].decision, cases[i].keep, "steward",
                                   cases[i].reason, &error));
    g_assert_error (error, FAULT, (int)cases[i].code);
  }
  decide (town, INTAKE_SAME, c.a);
  g_autoptr (GError) error = NULL;
  g_assert_false (intake_decide (town->registry, 1, INTAKE_DIFFERENT, 0, "steward", "x", &error));
  g_assert_error (error, FAULT, FAULT_CONFLICT);
  g_assert_cmpint (town_count (town, "intake_decision"), ==, 1);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
#define ADD(name, function) g_test_add (name, Town, NULL, town_open, function, town_close)
  ADD ("/duplicates/found", test_found);
  ADD ("/duplicates/same", test_same);
  ADD ("/duplicates/different", test_different);
  ADD ("/duplicates/refused", test_refused);
  return g_test_run ();
}
