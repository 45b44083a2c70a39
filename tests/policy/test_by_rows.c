/* What check notes as computed row by row: of the county that alone which divides without rounding or
 * makes texts of facts, each where it stands; a list that others look at is no finding. */
#include "support.h"

#include "policy/policy.h"

#include <locale.h>
#include <string.h>

static const struct {
  const char *file, *decision, *why; /* why NULL: not noted */
} expected[] = {
  { "14-grassroots-incentives.md", "本届占比", "占比: a division" },
  { "14-grassroots-incentives.md", "本届比例", "占比: a division" }, /* through another decision */
  { "21-schools.md", "按学生折算", "按学生折算: a division" },
  { "14-grassroots-incentives.md", "乡镇时段", NULL }, /* a list */
  { "13-grassroots-evaluation.md", "可按本条办理", NULL },
  { "02-public-employment.md", "符合灵活就业补贴", NULL },
};

static void
test_county (void)
{
  g_autofree char *folder = support_source ("policy/minhou-2021-81");
  g_autoptr (DmnFaults) faults = dmn_faults_new ();
  GError *error = NULL;
  PolicyPackage *package = policy_load (folder, faults, &error);
  g_assert_no_error (error);
  policy_check (package, 20779, faults);
  size_t n, notes = 0;
  const DmnFault *list = dmn_faults_list (faults, &n);
  bool found[G_N_ELEMENTS (expected)] = { 0 };
  for (size_t i = 0; i < n; i++) {
    if (strcmp (list[i].code, "row-by-row") != 0)
      continue;
    notes++;
    g_assert_cmpint (list[i].severity, ==, DMN_NOTE);
    g_assert_cmpuint (list[i].line, >, 1);
    for (size_t e = 0; e < G_N_ELEMENTS (expected); e++) {
      g_autofree char *head = g_strdup_printf ("%s is computed", expected[e].decision);
      if (!g_str_has_prefix (list[i].message, head) || !g_str_has_suffix (list[i].origin, expected[e].file))
        continue;
      found[e] = true;
      if (expected[e].why && !strstr (list[i].message, expected[e].why))
        g_error ("%s: %s", expected[e].decision, list[i].message);
    }
  }
  for (size_t e = 0; e < G_N_ELEMENTS (expected); e++)
    if (found[e] != (expected[e].why != NULL))
      g_error ("%s is %snoted", expected[e].decision, found[e] ? "" : "not ");
  g_assert_cmpuint (notes, <=, 12);
  policy_free (package);
}

int
main (int argc, char **argv)
{
  setlocale (LC_ALL, "C.UTF-8");
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/policy/by rows", test_county);
  return g_test_run ();
}
